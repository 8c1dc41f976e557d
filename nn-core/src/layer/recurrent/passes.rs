//! One direction of one layer through all steps, forward and backward side by side.

use core::ops::Range;
use core::{iter, mem};

use super::weights::{Now, Weights};
use super::{Cell, Kept, Scrap, Steps};
use crate::{Buffer, Scalar, Simd, Store};

/// From which end the steps are read, and where in each output the states stand.
#[derive(Clone, Copy)]
pub(super) struct Direction(pub usize);

impl Direction {
    const fn is_reverse(self) -> bool {
        self.0 == 1
    }

    /// The step that is read first, of `steps`.
    const fn first(self, steps: usize) -> usize {
        self.back().last(steps)
    }

    /// The step that is read last.
    const fn last(self, steps: usize) -> usize {
        if self.is_reverse() { 0 } else { steps.saturating_sub(1) }
    }

    /// What belongs to the steps, in the order in which they are read.
    fn order<E>(self, mut steps: impl DoubleEndedIterator<Item = E>) -> impl Iterator<Item = E> {
        iter::from_fn(move || if self.is_reverse() { steps.next_back() } else { steps.next() })
    }

    /// The other way.
    const fn back(self) -> Self {
        Self(1 - self.0)
    }
}

impl<const I: usize, const H: usize, const G: usize, const B: usize, T: Scalar> Weights<I, H, G, B, T> {
    /// All steps as in use: nothing is kept of them.
    #[inline]
    pub(super) fn infer<C, Y, S, St, const L: usize, const O: usize, const K: usize, const V: usize>(
        &self,
        s: S,
        direction: Direction,
        x: &[[[T; I]; L]],
        y: &mut [Y::Of<T, L, O>],
        gates: &mut St::Of<[[T; H]; K]>,
        scrap: &mut Scrap<T, H, G, V, St>,
    ) where
        C: Cell<K, V>,
        Y: Steps,
        S: Simd,
        St: Store,
    {
        let n = x.len();
        let (gates, memory) = (gates.batch_mut(n), scrap.of(s, self, n));
        for t in direction.order(0..L) {
            self.step::<C, S, L, K, V>(
                s,
                (x, t, t == direction.first(L)),
                Now { gates, state: memory.state },
                memory.sums,
                &memory.transposed,
            );
            write::<Y, T, L, O, H, V>(y, t, direction, memory.state);
        }
    }

    /// All steps, of which what backward needs is kept.
    #[inline]
    pub(super) fn forward<C, Y, S, St, const L: usize, const O: usize, const K: usize, const V: usize>(
        &self,
        s: S,
        direction: Direction,
        x: &[[[T; I]; L]],
        y: &mut [Y::Of<T, L, O>],
        kept: &mut Kept<T, L, H, K, V, St>,
        scrap: &mut Scrap<T, H, G, V, St>,
    ) where
        C: Cell<K, V>,
        Y: Steps,
        S: Simd,
        St: Store,
    {
        let n = x.len();
        let memory = scrap.of(s, self, n);
        let (a, b) = (kept.gates.batch_mut(n).as_flattened_mut(), kept.states.batch_mut(n).as_flattened_mut());
        for (t, gates, states) in direction.order(ByStep { steps: 0..L, a, b, each: [n, n] }) {
            self.step::<C, S, L, K, V>(
                s,
                (x, t, t == direction.first(L)),
                Now { gates, state: memory.state },
                memory.sums,
                &memory.transposed,
            );
            for (to, state) in states.iter_mut().zip(&*memory.state) {
                *to = *state;
            }
            write::<Y, T, L, O, H, V>(y, t, direction, memory.state);
        }
    }

    /// The gradients of all steps' gates in the place of what `forward` kept of them.
    #[inline]
    pub(super) fn backward<C, Y, S, St, const L: usize, const O: usize, const K: usize, const V: usize>(
        &self,
        s: S,
        direction: Direction,
        dy: &[Y::Of<T, L, O>],
        kept: &mut Kept<T, L, H, K, V, St>,
        scrap: &mut Scrap<T, H, G, V, St>,
    ) where
        C: Cell<K, V>,
        Y: Steps,
        S: Simd,
        St: Store,
    {
        let n = dy.len();
        let d = scrap.state.batch_mut(n);
        d.fill([[T::ZERO; H]; V]);
        let steps = ByStep { steps: 0..L, a: kept.gates.batch_mut(n).as_flattened_mut(), b: &mut [(); 0], each: [n, 0] };
        let states = kept.states.batch(n).as_flattened();
        let of = |t: usize| states.get(t * n..(t + 1) * n).unwrap_or(&[]);
        for (t, gates, _) in direction.back().order(steps) {
            for (d, dy) in d.iter_mut().zip(dy) {
                let dy = Y::at(dy, t, direction.last(L)).and_then(|dy| dy.as_chunks::<H>().0.get(direction.0));
                if let (Some(dh), Some(dy)) = (d.first_mut(), dy) {
                    for (dh, dy) in dh.iter_mut().zip(dy) {
                        *dh += *dy;
                    }
                }
            }
            let before = if direction.is_reverse() { of(t + 1) } else { t.checked_sub(1).map_or(&[][..], of) };
            self.back::<C, S, K, V>(s, gates, before, of(t), d);
        }
    }
}

/// The number of a step, and what belongs to it in two slices, from either end. As `chunks_exact_mut` and `zip`, but without what could panic:
/// a division by 0 samples, and slices of different lengths.
struct ByStep<'a, A, B> {
    steps: Range<usize>,
    a: &'a mut [A],
    b: &'a mut [B],
    /// How many of each belong to a step.
    each: [usize; 2],
}

impl<'a, A, B> Iterator for ByStep<'a, A, B> {
    type Item = (usize, &'a mut [A], &'a mut [B]);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let t = self.steps.next()?;
        let (a, rest_a) = mem::take(&mut self.a).split_at_mut_checked(self.each[0])?;
        let (b, rest_b) = mem::take(&mut self.b).split_at_mut_checked(self.each[1])?;
        (self.a, self.b) = (rest_a, rest_b);
        Some((t, a, b))
    }
}

impl<A, B> DoubleEndedIterator for ByStep<'_, A, B> {
    #[inline]
    fn next_back(&mut self) -> Option<Self::Item> {
        let t = self.steps.next_back()?;
        let at = [self.a.len().checked_sub(self.each[0])?, self.b.len().checked_sub(self.each[1])?];
        let (rest_a, a) = mem::take(&mut self.a).split_at_mut_checked(at[0])?;
        let (rest_b, b) = mem::take(&mut self.b).split_at_mut_checked(at[1])?;
        (self.a, self.b) = (rest_a, rest_b);
        Some((t, a, b))
    }
}

/// The hidden state as the output of step `t`.
#[inline]
fn write<Y: Steps, T: Scalar, const L: usize, const O: usize, const H: usize, const V: usize>(
    y: &mut [Y::Of<T, L, O>],
    t: usize,
    direction: Direction,
    states: &[[[T; H]; V]],
) {
    for (y, state) in y.iter_mut().zip(states) {
        let y = Y::at_mut(y, t, direction.last(L)).and_then(|y| y.as_chunks_mut::<H>().0.get_mut(direction.0));
        if let (Some(y), Some(h)) = (y, state.first()) {
            *y = *h;
        }
    }
}
