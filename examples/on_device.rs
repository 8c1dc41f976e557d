//! What a microcontroller does, on a PC: the same code, the same memory, the same bits.
//!
//! A network learns from a stream of samples, one at a time, where its weights lie; nothing is allocated. Every hour it saves its state to flash
//! that is written page by page, in two places in turn. Then the power fails in the middle of that. When it is back, the network goes on from
//! the other place, and what was lost is learned again.
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

/// Flash with room for two states, and the hour of each; it takes so many pages more, then the power fails.
struct Flash {
    states: [Vec<u8>; 2],
    hours: [Option<u32>; 2],
    pages_left: usize,
}

#[derive(Debug)]
struct PowerLoss;

impl Flash {
    fn erased() -> Self {
        let state = vec![0xff; PAGES * PAGE];
        Self { states: [state.clone(), state], hours: [None; 2], pages_left: usize::MAX }
    }

    /// The place of an hour's state: not that of the hour before, which must stay whole.
    const fn place(hour: u32) -> usize {
        hour as usize % 2
    }

    fn save(&mut self, hour: u32, net: &Digits) -> Result<(), PowerLoss> {
        let place = Self::place(hour);
        let Self { states, hours, pages_left } = self;
        net.save_state_in_pages(&mut [0; PAGE], |offset, page| {
            *pages_left = pages_left.checked_sub(1).ok_or(PowerLoss)?;
            states[place][offset..offset + PAGE].copy_from_slice(page);
            Ok(())
        })?;
        // Last, so that no hour stands beside a state that is older than it.
        hours[place] = Some(hour);
        Ok(())
    }

    fn restore(&self, place: usize, net: &mut Digits) -> Result<(), StateError> {
        let read = |offset: usize, to: &mut [u8]| {
            to.copy_from_slice(&self.states[place][offset..offset + to.len()]);
            Ok(())
        };
        // Where flash is memory, `restore_state(&self.states[place])` does it.
        net.restore_state_from(read).map_err(|error: RestoreError<StateError>| match error {
            RestoreError::State(error) | RestoreError::Storage(error) => error,
            RestoreError::Unstable => StateError::Torn,
        })
    }

    /// Restores the newest state that is whole, and says of each place what is in it; gives the hour of the state.
    fn restore_newest(&self, net: &mut Digits) -> Option<u32> {
        let mut newest = None;
        for (place, hour) in self.hours.into_iter().enumerate() {
            let mut candidate = Digits::zeros();
            match (self.restore(place, &mut candidate), hour) {
                (Ok(()), Some(hour)) => {
                    println!("  place {place}: whole, of hour {hour}");
                    if newest.is_none_or(|newest| hour > newest) {
                        newest = Some(hour);
                        *net = candidate;
                    }
                }
                (Ok(()), None) => println!("  place {place}: whole, but its hour was not noted"),
                (Err(error), _) => println!("  place {place}: {error}"),
            }
        }
        newest
    }
}

type Samples = Dataset<[[[f32; 8]; 8]; 1], Class<10>>;

/// An hour: every sample of the stream once, each learned from as it comes.
fn learn(hour: u32, net: &mut Digits, work: &mut TrainingWorkspace<Digits>, stream: &Samples, test: &Samples) -> Result<(), Error> {
    let mut loss = 0.0;
    for (x, target) in stream.inputs().iter().zip(stream.targets()) {
        loss += net.step_online(x, target, &CrossEntropy, 0.03, work);
    }
    let score = net.evaluate(test, CrossEntropy)?;
    println!("{hour:4} {:12.4} {:12.4} {:9.3}", loss / stream.len() as f32, score.loss, score.metrics.accuracy());
    Ok(())
}

fn bytes(net: &Digits) -> [u8; Digits::STATE_BYTES] {
    let mut bytes = [0; Digits::STATE_BYTES];
    net.save_state(&mut bytes).expect("there is room for it");
    bytes
}

fn main() -> Result<(), Error> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/digits.csv.gz");
    let (stream, test) = &datasets::digits(path)?.shuffled(1).split_at(1437)?;

    // On a microcontroller the first two are statics in a cell; they are constants.
    let mut net = Digits::zeros();
    let mut work = TrainingWorkspace::<Digits>::new();
    let mut flash = Flash::erased();
    println!(
        "bytes of RAM: weights {}; to learn online {ONLINE} with them, by gradients and Adam {ADAM}; the stack on top",
        size_of::<Digits>()
    );
    println!("bytes of flash: {} a state, in {PAGES} pages of {PAGE}, twice\n", Digits::STATE_BYTES);

    println!("start: what is in flash?");
    if flash.restore_newest(&mut net).is_none() {
        println!("  nothing: initial weights");
        net.initialize_from(1);
    }
    println!(
        "\nAn hour brings {} samples, in the same order. Cross-entropy on them while learning, and on {} others:",
        stream.len(),
        test.len()
    );
    println!("hour  stream loss    test loss  accuracy");
    for hour in 0..5 {
        learn(hour, &mut net, &mut work, stream, test)?;
        flash.save(hour, &net).expect("there is power");
    }
    learn(5, &mut net, &mut work, stream, test)?;
    flash.pages_left = PAGES / 2;
    if let Err(PowerLoss) = flash.save(5, &net) {
        println!("the power fails while hour 5 is saved, after {} of {PAGES} pages", PAGES / 2);
    }
    let lost = bytes(&net);

    // RAM forgets; flash does not.
    (net, work, flash.pages_left) = (Digits::zeros(), TrainingWorkspace::new(), usize::MAX);
    println!("\nthe power is back: what is in flash?");
    let hour = flash.restore_newest(&mut net).expect("one of two places is whole");
    println!("  going on from hour {hour}: test loss {:.4}\n", net.evaluate(test, CrossEntropy)?.loss);
    println!("hour  stream loss    test loss  accuracy");
    for hour in hour + 1..8 {
        learn(hour, &mut net, &mut work, stream, test)?;
        flash.save(hour, &net).expect("there is power");
        if hour == 5 {
            println!("      ({} as before the power failed)", if bytes(&net) == lost { "the same bits" } else { "other bits" });
        }
    }
    Ok(())
}
