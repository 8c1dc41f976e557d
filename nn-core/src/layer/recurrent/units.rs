//! A cell's step for all units of a layer: the loops around [`Cell`].

use super::Cell;
use crate::{Kernels, Scalar};

/// Units that are computed together.
const LANES: usize = 16;

/// One step of all units of one sample.
#[inline(always)] // compiled for the caller's instruction set
pub(super) fn step<C: Cell<K, V>, T: Scalar, const H: usize, const K: usize, const V: usize>(
    kept: &mut [[T; H]; K],
    state: &mut [[T; H]; V],
) {
    for u in 0..H {
        let mut unit = [T::ZERO; K];
        for k in 0..K {
            unit[k] = kept[k][u];
        }
        let mut before = [T::ZERO; V];
        for v in 0..V {
            before[v] = state[v][u];
        }
        let after = C::step(&mut unit, before);
        for k in 0..K {
            kept[k][u] = unit[k];
        }
        for v in 0..V {
            state[v][u] = after[v];
        }
    }
}

/// The gradients of that step; `d` is that of the state after it, and then that of the state before it.
#[inline(always)] // compiled for the caller's instruction set
pub(super) fn back<C: Cell<K, V>, T: Scalar, const H: usize, const K: usize, const V: usize>(
    kept: &mut [[T; H]; K],
    before: Option<&[[T; H]; V]>,
    after: &[[T; H]; V],
    d: &mut [[T; H]; V],
) {
    for u in 0..H {
        let mut unit = [T::ZERO; K];
        for k in 0..K {
            unit[k] = kept[k][u];
        }
        let (mut was, mut is, mut of) = ([T::ZERO; V], [T::ZERO; V], [T::ZERO; V]);
        for v in 0..V {
            if let Some(before) = before {
                was[v] = before[v][u];
            }
            (is[v], of[v]) = (after[v][u], d[v][u]);
        }
        let of = C::back(&mut unit, was, is, of);
        for k in 0..K {
            kept[k][u] = unit[k];
        }
        for v in 0..V {
            d[v][u] = of[v];
        }
    }
}

/// As [`step`] for many samples, `[samples][K][h]` and `[samples][V][h]`: compiled in this crate, once for each instruction set.
pub(super) fn steps<C: Cell<K, V>, const K: usize, const V: usize>(kernels: Kernels, h: usize, kept: &mut [f32], state: &mut [f32]) {
    kernels.vectorize(
        #[inline(always)]
        || {
            for (kept, state) in kept.chunks_exact_mut((K * h).max(1)).zip(state.chunks_exact_mut((V * h).max(1))) {
                let mut u = 0;
                while u < h {
                    let mut units = load::<K>(kept, h, u);
                    let mut states = load::<V>(state, h, u);
                    step::<C, f32, LANES, K, V>(&mut units, &mut states);
                    store(&units, kept, h, u);
                    store(&states, state, h, u);
                    u += LANES;
                }
            }
        },
    );
}

/// As [`back`] for many samples; `before` is empty for the first step.
pub(super) fn backs<C: Cell<K, V>, const K: usize, const V: usize>(
    kernels: Kernels,
    h: usize,
    kept: &mut [f32],
    before: &[f32],
    after: &[f32],
    d: &mut [f32],
) {
    let state = (V * h).max(1);
    kernels.vectorize(
        #[inline(always)]
        || {
            let samples = kept.chunks_exact_mut((K * h).max(1)).zip(after.chunks_exact(state)).zip(d.chunks_exact_mut(state));
            for (i, ((kept, after), d)) in samples.enumerate() {
                let before = before.get(i * state..(i + 1) * state);
                let mut u = 0;
                while u < h {
                    let mut units = load::<K>(kept, h, u);
                    let was = before.map(
                        #[inline(always)]
                        |before| load::<V>(before, h, u),
                    );
                    let mut of = load::<V>(d, h, u);
                    back::<C, f32, LANES, K, V>(&mut units, was.as_ref(), &load::<V>(after, h, u), &mut of);
                    store(&units, kept, h, u);
                    store(&of, d, h, u);
                    u += LANES;
                }
            }
        },
    );
}

/// Numbers of the units from `u` on, row by row of `h`; behind the last unit zeros.
#[inline(always)]
fn load<const N: usize>(rows: &[f32], h: usize, u: usize) -> [[f32; LANES]; N] {
    let mut block = [[0.0; LANES]; N];
    for (n, block) in block.iter_mut().enumerate() {
        let from = rows.get(n * h + u..(n + 1) * h).unwrap_or(&[]);
        if let Some(from) = from.first_chunk() {
            *block = *from;
        } else {
            block[..from.len()].copy_from_slice(from);
        }
    }
    block
}

/// The reverse of [`load`].
#[inline(always)]
fn store<const N: usize>(block: &[[f32; LANES]; N], rows: &mut [f32], h: usize, u: usize) {
    for (n, block) in block.iter().enumerate() {
        let to = rows.get_mut(n * h + u..(n + 1) * h).unwrap_or(&mut []);
        if let Some(to) = to.first_chunk_mut() {
            *to = *block;
        } else {
            let len = to.len();
            to.copy_from_slice(&block[..len]);
        }
    }
}
