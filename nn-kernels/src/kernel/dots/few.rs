//! Dot products side by side: `M` samples by `N` outputs, at most as many as there are lanes.
#![allow(unsafe_code, reason = "raw pointers in the inner loops; `dots::run` has proved that every row lies inside its slice")]

use super::{Dots, Lanes, floored};

/// Outputs whose weights are read side by side: more streams than the processor follows would not be fetched ahead.
const STREAMS: usize = 8;
/// Inputs from which it pays to make one step more for loads that are aligned.
const LONG: usize = 256;
/// The most lanes of any instruction set.
const LANES: usize = 16;

/// The outputs of the samples from `first` on.
#[inline(always)]
pub(super) fn run<S: Lanes>(s: S, d: &mut Dots<'_>, first: usize) {
    // The largest tile that fits; what it leaves over is computed by tiles of the same size that overlap their neighbours.
    macro_rules! shapes {
        ($($m:literal x $n:literal),*) => {
            $(if $m * $n <= S::LANES && $m <= d.samples - first && $n <= d.outputs {
                return s.apart(
                    #[inline(always)]
                    || tiles::<S, $m, $n, false>(s, d, first),
                );
            })*
        };
    }
    s.apart(
        #[inline(always)]
        || {
            shapes!(4 x 4, 8 x 2, 16 x 1, 2 x 8, 1 x 16, 4 x 2, 8 x 1, 2 x 4, 1 x 8, 2 x 2, 4 x 1, 1 x 4, 1 x 1);
        },
    );
}

/// The outputs of one sample.
#[inline(always)]
pub(super) fn one<S: Lanes>(s: S, d: &mut Dots<'_>) {
    if d.outputs >= STREAMS && begins_in_the_middle::<S>(d) {
        side_by_side::<S, STREAMS, true>(s, d);
    } else if S::LANES >= STREAMS && d.outputs >= STREAMS {
        side_by_side::<S, STREAMS, false>(s, d);
    } else if d.outputs >= 4 {
        side_by_side::<S, 4, false>(s, d);
    } else {
        side_by_side::<S, 1, false>(s, d);
    }
}

/// The outputs of one sample, `N` at a time.
#[inline(always)]
fn side_by_side<S: Lanes, const N: usize, const HALF: bool>(s: S, d: &mut Dots<'_>) {
    let y = d.y.as_mut_ptr();
    for o in (0..d.outputs).step_by(N) {
        let o = o.min(d.outputs - N);
        // SAFETY: `N` outputs from `o` exist.
        unsafe { tile::<S, 1, N, HALF>(s, d, y.add(o), 0, o) };
    }
}

/// Whether all rows of weights begin half a register behind where one would: large memory does that comes from an allocator that keeps 16
/// bytes before it. Whoever starts with half a register then reads no register from two lines of the cache, which takes longer. One sample is
/// a matter of loads, and in long rows this gains more than the step more costs; and as the halves' sums are added first, their bits are the
/// same (but for the sign of a sum that is nothing but zeros).
#[inline(always)]
fn begins_in_the_middle<S: Lanes>(d: &Dots<'_>) -> bool {
    S::ADDS_HALVES_FIRST
        && S::LANES == STREAMS
        && d.inputs >= LONG
        && d.inputs.is_multiple_of(S::LANES)
        && d.w.as_ptr().addr() / size_of::<f32>() % S::LANES == S::LANES / 2
}

#[inline(always)]
fn tiles<S: Lanes, const M: usize, const N: usize, const HALF: bool>(s: S, d: &mut Dots<'_>, first: usize) {
    let y = d.y.as_mut_ptr();
    // The smaller operand is gone through again and again.
    let by_output = d.samples - first <= d.outputs;
    let (samples, outputs) = ((first..d.samples).step_by(M), (0..d.outputs).step_by(N));
    let (outer, inner) = if by_output { (outputs, samples) } else { (samples, outputs) };
    for i in outer {
        for j in inner.clone() {
            let (n, o) = if by_output { (j, i) } else { (i, j) };
            let (n, o) = (n.min(d.samples - M), o.min(d.outputs - N));
            // SAFETY: `M` samples from `n` and `N` outputs from `o` exist.
            unsafe { tile::<S, M, N, HALF>(s, d, y.add(n * d.outputs + o), n, o) };
        }
    }
}

/// Samples `n..n + M` and outputs `o..o + N`, the first of which is at `y`.
#[inline(always)]
unsafe fn tile<S: Lanes, const M: usize, const N: usize, const HALF: bool>(s: S, d: &Dots<'_>, y: *mut f32, n: usize, o: usize) {
    // SAFETY: the rows exist, as the caller knows; the last loads read only what is left of a row.
    unsafe {
        let x = d.x.as_ptr().add(n * d.inputs);
        let w = d.w.as_ptr().add(o * d.inputs);
        let mut sums = [[s.splat(0.0); N]; M];
        accumulate::<S, M, N, 0, HALF>(s, d.inputs, x, w, &mut sums);
        if N > STREAMS {
            accumulate::<S, M, N, STREAMS, HALF>(s, d.inputs, x, w, &mut sums);
        }
        let mut flat = [0.0; LANES];
        let all = s.sums(
            #[inline(always)]
            |l| if l < M * N { sums[l / N][l % N] } else { s.splat(0.0) },
        );
        s.store(all, flat.as_mut_ptr());
        let mut bias = [0.0; N];
        if let Some(given) = d.bias.get(o..o + N) {
            bias.copy_from_slice(given);
        }
        let floor = d.link.floor();
        for m in 0..M {
            for j in 0..N {
                *y.add(m * d.outputs + j) = floored(floor, flat[m * N + j] + bias[j]);
            }
        }
    }
}

/// Adds up `inputs` products of `M` samples and of `STREAMS` outputs from `FROM` on; begins with half a register where `HALF` says so.
#[inline(always)]
unsafe fn accumulate<S: Lanes, const M: usize, const N: usize, const FROM: usize, const HALF: bool>(
    s: S,
    inputs: usize,
    x: *const f32,
    w: *const f32,
    sums: &mut [[S::V; N]; M],
) {
    // SAFETY: the rows exist, and the first and last loads read only what there is of them.
    unsafe {
        let mut i = 0;
        if HALF {
            step::<S, M, N, FROM>(
                s,
                inputs,
                x,
                w,
                sums,
                #[inline(always)]
                |at| s.load_upper(at),
            );
            i = S::LANES / 2;
        }
        while i + S::LANES <= inputs {
            step::<S, M, N, FROM>(
                s,
                inputs,
                x.add(i),
                w.add(i),
                sums,
                #[inline(always)]
                |at| s.load(at),
            );
            i += S::LANES;
        }
        if i < inputs {
            step::<S, M, N, FROM>(
                s,
                inputs,
                x.add(i),
                w.add(i),
                sums,
                #[inline(always)]
                |at| s.load_first(inputs - i, at),
            );
        }
    }
}

/// One register of inputs further.
#[inline(always)]
unsafe fn step<S: Lanes, const M: usize, const N: usize, const FROM: usize>(
    s: S,
    row: usize,
    x: *const f32,
    w: *const f32,
    sums: &mut [[S::V; N]; M],
    load: impl Fn(*const f32) -> S::V,
) {
    // SAFETY: the rows exist, and `load` reads only what is left of them.
    unsafe {
        let mut xs = [s.splat(0.0); M];
        for (m, x_m) in xs.iter_mut().enumerate() {
            *x_m = load(x.add(m * row));
        }
        for j in 0..STREAMS {
            if FROM + j < N {
                let w_j = load(w.add((FROM + j) * row));
                for (sums, x_m) in sums.iter_mut().zip(xs) {
                    sums[FROM + j] = s.multiply_add(x_m, w_j, sums[FROM + j]);
                }
            }
        }
    }
}
