//! One direction of one layer through all steps, forward and backward side by side.

use core::iter;

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

    /// The step that is read last, of `steps`.
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
        for (at, t) in direction.order(0..L).enumerate() {
            self.step::<C, S, L, K, V>(s, (x, t, at == 0), Now { gates, state: memory.state }, memory.sums, &memory.transposed);
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
        let gates = kept.gates.batch_mut(n).as_flattened_mut().chunks_exact_mut(n.max(1));
        let states = kept.states.batch_mut(n).as_flattened_mut().chunks_exact_mut(n.max(1));
        let steps = direction.order((0..L).zip(gates.zip(states)));
        for (at, (t, (gates, states))) in steps.enumerate() {
            self.step::<C, S, L, K, V>(s, (x, t, at == 0), Now { gates, state: memory.state }, memory.sums, &memory.transposed);
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
        let gates = kept.gates.batch_mut(n).as_flattened_mut().chunks_exact_mut(n.max(1));
        let states = kept.states.batch(n).as_flattened();
        let of = |t: usize| states.get(t * n..(t + 1) * n).unwrap_or(&[]);
        for (t, gates) in direction.back().order((0..L).zip(gates)) {
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
