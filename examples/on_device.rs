//! What a microcontroller does, on a PC: the same code, the same memory, the same bits.
//!
//! A network learns from a stream of samples, one at a time, where its weights lie; nothing is allocated. From time to time it saves its state to
//! flash that is written page by page, in two places in turn. Then the power fails in the middle of that, and the other place is still good.
use nn_core::device::{RestoreError, StateError};
use nn_core::prelude::*;

network! {
    struct Digits: [1, 8, 8] -> [10] {
        Flatten,
        fc1: Dense(32),
        Relu,
        logits: Dense(10),
    }
}

/// As many bytes as this flash writes at once.
const PAGE: usize = 256;
/// The pages that a state takes.
const PAGES: usize = Digits::STATE_BYTES.div_ceil(PAGE);

/// Known while compiling, so that firmware that does not fit is not built.
const ONLINE: usize = Digits::training_ram(Sgd::new(0.03), Online);
const ADAM: usize = Digits::training_ram(Adam::new(1e-3), Accumulate);

/// Flash with room for two states; it takes so many pages more, then the power fails.
struct Flash {
    bytes: [Vec<u8>; 2],
    pages_left: usize,
}

#[derive(Debug)]
struct PowerLoss;

impl Flash {
    fn save(&mut self, place: usize, net: &Digits) -> Result<(), PowerLoss> {
        let Self { bytes, pages_left } = self;
        net.save_state_in_pages(&mut [0; PAGE], |offset, page| {
            *pages_left = pages_left.checked_sub(1).ok_or(PowerLoss)?;
            bytes[place][offset..offset + PAGE].copy_from_slice(page);
            Ok(())
        })
    }

    fn restore(&self, place: usize, net: &mut Digits) -> Result<(), StateError> {
        let read = |offset: usize, to: &mut [u8]| {
            to.copy_from_slice(&self.bytes[place][offset..offset + to.len()]);
            Ok(())
        };
        // Where flash is memory, `restore_state(&self.bytes[place])` does it.
        net.restore_state_from(read).map_err(|error: RestoreError<StateError>| match error {
            RestoreError::State(error) | RestoreError::Storage(error) => error,
            RestoreError::Unstable => StateError::Torn,
        })
    }
}

fn accuracy(net: &Digits, data: &Dataset<[[[f32; 8]; 8]; 1], Class<10>>) -> f64 {
    let right = data.inputs().iter().zip(data.targets()).filter(|(x, target)| net.classify(x) == **target).count();
    right as f64 / data.inputs().len() as f64
}

fn main() -> Result<(), Error> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/digits.csv.gz");
    let (stream, test) = datasets::digits(path)?.shuffled(1).split_at(1437)?;

    // On a microcontroller both are statics in a cell; they are constants.
    let mut net = Digits::zeros();
    let mut work = TrainingWorkspace::<Digits>::new();
    net.initialize_from(1);
    println!("weights {} bytes; to train online {ONLINE}, by gradients with Adam {ADAM}, and the stack", size_of::<Digits>());

    let mut flash = Flash { bytes: [vec![0xff; PAGES * PAGE], vec![0xff; PAGES * PAGE]], pages_left: usize::MAX };
    println!("an empty place: {}", flash.restore(0, &mut net).expect_err("nothing was saved"));
    for hour in 0..6 {
        let mut loss = 0.0;
        for (x, target) in stream.inputs().iter().zip(stream.targets()) {
            loss += net.step_online(x, target, &CrossEntropy, 0.03, &mut work);
        }
        println!("hour {hour}: mean loss {:.3}, test accuracy {:.3}", loss / stream.inputs().len() as f32, accuracy(&net, &test));
        if hour == 5 {
            flash.pages_left = PAGES / 2;
        }
        if let Err(PowerLoss) = flash.save(hour % 2, &net) {
            println!("hour {hour}: the power failed after {} of {PAGES} pages", PAGES / 2);
        }
    }

    // After the restart: the newest place that is whole.
    let mut restarted = Digits::zeros();
    for place in [1, 0] {
        match flash.restore(place, &mut restarted) {
            Ok(()) => {
                println!("place {place}: restored, test accuracy {:.3}", accuracy(&restarted, &test));
                break;
            }
            Err(error) => println!("place {place}: {error}"),
        }
    }
    Ok(())
}
