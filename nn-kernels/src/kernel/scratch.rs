//! Memory that the kernels work in: one buffer a thread, which grows to what its largest layer needs and stays.

use core::cell::Cell;
use std::vec::Vec;

/// Numbers in a line of the cache.
pub(crate) const LINE: usize = 16;

/// As large as the widest register and aligned to it, so that no load of one touches two lines.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Line([f32; LINE]);

/// What a thread keeps between calls. The contents of both are whatever was left there.
#[derive(Default)]
pub(crate) struct Scratch {
    lines: Vec<Line>,
    places: Vec<usize>,
}

std::thread_local! {
    static SCRATCH: Cell<Scratch> = const { Cell::new(Scratch { lines: Vec::new(), places: Vec::new() }) };
}

impl Scratch {
    /// The thread's, until [`Scratch::give_back`].
    pub(crate) fn take() -> Self {
        SCRATCH.try_with(Cell::take).unwrap_or_default()
    }

    pub(crate) fn give_back(self) {
        // Where the thread is ending, there is nothing to give back to.
        let _ = SCRATCH.try_with(|scratch| scratch.set(self));
    }

    /// One stretch for each length, each at the beginning of a line, and a list of places.
    pub(crate) fn split<const N: usize>(&mut self, lengths: [usize; N], places: usize) -> ([&mut [f32]; N], &mut [usize]) {
        let lines = lengths.iter().map(|length| length.div_ceil(LINE)).sum();
        if self.lines.len() < lines {
            self.lines.resize(lines, Line([0.0; LINE]));
        }
        if self.places.len() < places {
            self.places.resize(places, 0);
        }
        let mut rest = &mut self.lines[..];
        let stretches = lengths.map(|length| {
            let (stretch, behind) = core::mem::take(&mut rest).split_at_mut(length.div_ceil(LINE));
            rest = behind;
            numbers(stretch)
        });
        (stretches, &mut self.places[..places])
    }
}

/// The numbers of lines, one after the other.
#[allow(unsafe_code, reason = "a flat view of nested arrays")]
fn numbers(lines: &mut [Line]) -> &mut [f32] {
    // SAFETY: a line is `LINE` numbers without padding.
    unsafe { core::slice::from_raw_parts_mut(lines.as_mut_ptr().cast(), lines.len() * LINE) }
}
