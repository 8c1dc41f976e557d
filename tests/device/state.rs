//! State that is saved and restored: whole, in pages, damaged, and of others.

use nn_core::device::{RestoreError, StateError};
use nn_core::plain;
use nn_core::prelude::*;
use nn_core::random::Stream;

use crate::{Dots, Everything, draw};

/// A network and its optimizer after some updates.
fn trained(seed: u64) -> (Box<Everything>, OptimizerState<Everything, Adam>) {
    let mut random = Stream::new(&[seed]);
    let (mut net, mut optimizer) = (Everything::new_boxed(seed), OptimizerState::<Everything, _>::new(Adam::new(0.01)));
    let mut work = TrainingWorkspace::new();
    for _ in 0..3 {
        learn(&mut net, &mut optimizer, &mut work, &mut random);
    }
    (net, optimizer)
}

fn learn(
    net: &mut Everything,
    optimizer: &mut OptimizerState<Everything, Adam>,
    work: &mut TrainingWorkspace<Everything>,
    random: &mut Stream,
) {
    let (x, target) = (draw(random), draw::<[f32; 4]>(random));
    let mut gradient = plain::boxed();
    net.gradient(&x, &target, &MeanSquaredError, &mut gradient, work);
    optimizer.update(net, &gradient);
}

const BYTES: usize = OptimizerState::<Everything, Adam>::STATE_BYTES;

#[test]
fn training_goes_on_from_a_restored_state() {
    let (mut net, mut optimizer) = trained(1);
    let mut bytes = vec![0; BYTES];
    optimizer.save_state(&net, &mut bytes).expect("room");
    let (mut restored, mut its_optimizer) = (Everything::new_boxed(2), OptimizerState::<Everything, _>::new(Adam::new(0.01)));
    its_optimizer.restore_state(&mut restored, &bytes).expect("what was saved");
    assert_eq!(its_optimizer.updates(), 3);
    for net in [(&mut net, &mut optimizer), (&mut restored, &mut its_optimizer)] {
        let (mut work, mut random) = (TrainingWorkspace::new(), Stream::new(&[9]));
        for _ in 0..5 {
            learn(net.0, net.1, &mut work, &mut random);
        }
    }
    assert!(plain::bytes(&*net) == plain::bytes(&*restored));
}

/// Written down so that a change of the layout is noticed.
#[test]
fn the_layout_is_as_documented() {
    let net = Dots::new_boxed(1);
    let mut bytes = vec![0; Dots::STATE_BYTES];
    net.save_state(&mut bytes).expect("room");
    assert_eq!(bytes.len(), 24 + size_of::<Dots>());
    assert_eq!(&bytes[..4], b"nnst");
    let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four"));
    assert_eq!((word(4), word(16) as usize), (1, size_of::<Dots>()));
    assert_eq!(&bytes[24..], plain::bytes(&*net));
    let mut crc = flate2::Crc::new(); // another implementation of the same sum
    crc.update(&bytes[..20]);
    crc.update(&bytes[24..]);
    assert_eq!(word(20), crc.sum());
}

/// Flash that is erased and written page by page, and forgets after some pages.
struct Flash {
    bytes: Vec<u8>,
    pages_left: usize,
}

#[derive(Debug, PartialEq)]
struct PowerLoss;

impl Flash {
    fn write(&mut self, offset: usize, page: &[u8]) -> Result<(), PowerLoss> {
        self.pages_left = self.pages_left.checked_sub(1).ok_or(PowerLoss)?;
        self.bytes[offset..offset + page.len()].copy_from_slice(page);
        Ok(())
    }

    fn read(&self, offset: usize, to: &mut [u8]) -> Result<(), PowerLoss> {
        to.copy_from_slice(self.bytes.get(offset..offset + to.len()).ok_or(PowerLoss)?);
        Ok(())
    }
}

#[test]
fn pages_give_what_a_slice_gives() {
    fn check<const PAGE: usize>() {
        let (net, optimizer) = trained(3);
        let mut whole = vec![0; BYTES];
        optimizer.save_state(&net, &mut whole).expect("room");
        let mut flash = Flash { bytes: vec![0; BYTES + PAGE], pages_left: usize::MAX };
        let mut page = plain::boxed::<[u8; PAGE]>();
        optimizer.save_state_in_pages(&net, &mut page, |offset, page| flash.write(offset, page)).expect("power");
        assert_eq!(flash.bytes[..BYTES], whole);
        let end = BYTES.next_multiple_of(PAGE);
        assert!(flash.bytes[BYTES..end].iter().all(|byte| *byte == 0xff));
        assert!(flash.bytes[end..].iter().all(|byte| *byte == 0));
        let (mut restored, mut its_optimizer) = (Everything::new_boxed(4), OptimizerState::<Everything, Adam>::new(Adam::new(0.01)));
        its_optimizer.restore_state_from(&mut restored, |offset, to| flash.read(offset, to)).expect("what was saved");
        let mut again = vec![0; BYTES];
        its_optimizer.save_state(&restored, &mut again).expect("room");
        assert_eq!(again, whole);
    }
    check::<1>();
    check::<7>();
    check::<256>();
    check::<4096>();
    check::<100_000>();
}

#[test]
fn power_that_fails_while_saving_leaves_a_state_that_is_refused() {
    let (before, after) = (Dots::new_boxed(1), Dots::new_boxed(2));
    let pages = Dots::STATE_BYTES.div_ceil(256);
    for written in 0..=pages {
        let mut flash = Flash { bytes: vec![0xff; pages * 256], pages_left: usize::MAX };
        if written % 2 == 0 {
            before.save_state_in_pages(&mut [0; 256], |offset, page| flash.write(offset, page)).expect("power");
        }
        flash.pages_left = written;
        let saved = after.save_state_in_pages(&mut [0; 256], |offset, page| flash.write(offset, page));
        assert_eq!(saved.is_ok(), written == pages);
        let mut net = Dots::new_boxed(3);
        let restored = net.restore_state_from(|offset, to| flash.read(offset, to));
        let expected = if written == pages {
            (Ok(()), &after)
        } else if written > 0 {
            (Err(RestoreError::State(StateError::Torn)), &Dots::new_boxed(3))
        } else {
            (Ok(()), &before) // the old state, as long as no page of the new one is there
        };
        assert_eq!(restored, expected.0, "{written} pages");
        assert!(plain::bytes(&*net) == plain::bytes(&**expected.1));
    }
}

network! { struct Wider: [64] -> [10] { fc1: Dense(33), Relu, fc2: Dense(10) } }
network! { struct Renamed: [64] -> [10] { fc1: Dense(32), Relu, fc3: Dense(10) } }
network! { #[scalar(f64)] struct Doubled: [64] -> [10] { fc1: Dense(32), Relu, fc2: Dense(10) } }
network! { struct Turned: [64] -> [10] { fc1: Dense(32), Relu, #[frozen] fc2: Dense(10) } }
network! { struct Swapped: [10] -> [64] { fc1: Dense(32), Relu, fc2: Dense(64) } }

fn saved<N: Network>() -> Vec<u8> {
    let mut bytes = vec![0; N::STATE_BYTES];
    N::new_boxed(1).save_state(&mut bytes).expect("room");
    bytes
}

#[test]
fn what_is_not_this_network_s_is_refused_with_a_reason() {
    let reason = |bytes: &[u8]| {
        let mut net = Dots::new_boxed(5);
        let before = plain::bytes(&*net).to_vec();
        let error = net.restore_state(bytes).expect_err("refused");
        assert_eq!(plain::bytes(&*net), before);
        let mut from = Dots::new_boxed(5);
        let padded = [bytes, &vec![0xff; 100_000]].concat();
        let read = |offset: usize, to: &mut [u8]| -> Result<(), ()> {
            to.copy_from_slice(&padded[offset..offset + to.len()]);
            Ok(())
        };
        assert!(matches!(from.restore_state_from(read), Err(RestoreError::State(_))));
        assert_eq!(plain::bytes(&*from), before);
        error
    };
    assert_eq!(reason(&saved::<Wider>()), StateError::Foreign);
    assert_eq!(reason(&saved::<Renamed>()), StateError::Foreign);
    assert_eq!(reason(&saved::<Doubled>()), StateError::Foreign);
    assert_eq!(reason(&saved::<Turned>()), StateError::Foreign);
    assert_eq!(reason(&saved::<Swapped>()), StateError::Foreign);
    let mut whole = saved::<Dots>();
    assert_eq!(reason(&vec![0xff; 20_000]), StateError::Missing);
    assert_eq!(reason(&vec![0; 20_000]), StateError::Missing);
    let needed = Dots::STATE_BYTES;
    assert_eq!(reason(&[]), StateError::Room { given: 0, needed });
    assert_eq!(reason(&whole[..needed - 1]), StateError::Room { given: needed - 1, needed });
    whole[4] = 0;
    assert_eq!(reason(&whole), StateError::Older { version: 0 });
    whole[4] = 2;
    assert_eq!(reason(&whole), StateError::Newer { version: 2 });
    whole[4] = 1;
    whole[5000] ^= 16;
    assert_eq!(reason(&whole), StateError::Torn);
    assert!(StateError::Torn.to_string().contains("checksum"));

    // With an optimizer, and without one, and with another.
    let (mut net, mut adam) = trained(6);
    let mut state = vec![0; BYTES];
    let mut other = OptimizerState::<Everything, AdamW>::new(AdamW::new(0.01));
    net.save_state(&mut state).expect("room");
    assert_eq!(adam.restore_state(&mut net, &state), Err(StateError::Foreign));
    adam.save_state(&net, &mut state).expect("room");
    assert_eq!(net.restore_state(&state), Err(StateError::Foreign));
    assert_eq!(other.restore_state(&mut net, &state), Err(StateError::Foreign));
    assert_eq!(other.updates(), 0);
    assert_eq!(net.save_state(&mut state[..100]), Err(StateError::Room { given: 100, needed: Everything::STATE_BYTES }));
    assert_eq!(adam.save_state(&net, &mut []), Err(StateError::Room { given: 0, needed: BYTES }));
}

#[test]
fn storage_that_fails_or_changes_is_reported() {
    let mut bytes = vec![0; Dots::STATE_BYTES];
    Dots::new_boxed(1).save_state(&mut bytes).expect("room");
    let mut net = Dots::new_boxed(2);
    for fails_at in 0..4 {
        let mut calls = 0;
        let restored = net.restore_state_from(|offset, to| {
            calls += 1;
            to.copy_from_slice(&bytes[offset..offset + to.len()]);
            if calls > fails_at { Err(PowerLoss) } else { Ok(()) }
        });
        assert_eq!(restored, Err(RestoreError::Storage(PowerLoss)));
        assert!(plain::bytes(&*net) == plain::bytes(&*Dots::new_boxed(2)));
    }
    let restored = net.restore_state_from(|offset, to| -> Result<(), PowerLoss> {
        to.copy_from_slice(&bytes[offset..offset + to.len()]);
        to[0] ^= u8::from(to.len() > 64);
        Ok(())
    });
    assert_eq!(restored, Err(RestoreError::Unstable));
}

/// Bits flipped, bytes overwritten, moved and cut off: refused, and nothing is changed; or nothing was changed in the first place.
#[test]
fn ten_thousand_damaged_states() {
    let (net, adam) = trained(7);
    let mut good = vec![0; BYTES];
    adam.save_state(&net, &mut good).expect("room");
    let mut random = Stream::new(&[8]);
    let mut below = |n: usize| random.bits() as usize % n;
    let (mut target, mut optimizer) = trained(10);
    let mut before = vec![0; BYTES];
    optimizer.save_state(&target, &mut before).expect("room");
    let (mut bad, mut now, mut untouched) = (good.clone(), before.clone(), 0);
    for _ in 0..10_000 {
        bad.clone_from(&good);
        for _ in 0..=below(3) {
            let end = if below(2) == 0 { 24.min(bad.len()) } else { bad.len() };
            if end == 0 {
                break;
            }
            let at = below(end);
            match below(5) {
                0 => bad[at] ^= 1 << below(8),
                1 => bad[at] = [0, 0xff, 1, 0x80][below(4)],
                2 => bad.truncate(at),
                3 => {
                    let from = below(bad.len());
                    let len = below(64).min(bad.len() - at.max(from));
                    bad.copy_within(from..from + len, at);
                }
                _ => {
                    let len = below(64).min(bad.len() - at);
                    bad[at..at + len].fill(0xff);
                }
            }
        }
        let restored = optimizer.restore_state(&mut target, &bad);
        optimizer.save_state(&target, &mut now).expect("room");
        if bad == good {
            untouched += 1;
            assert_eq!((restored, &now), (Ok(()), &good));
            optimizer.restore_state(&mut target, &before).expect("what was saved");
        } else {
            assert!(restored.is_err());
            assert!(now == before, "{restored:?} changed something");
        }
    }
    assert!(untouched < 1000, "{untouched}");
}
