//! The arithmetic that all convolutions share; a 1-D one is a 2-D one with a single row.
//!
//! `y[o][oy][ox] = b[o] + Σ_g Σ_ky Σ_kx w[o][g][ky][kx] · x[c][iy][ix]` with `iy`, `ix` as [`window`](super::window) says, zero in padding.
//! Output `o` belongs to group `o / (O / groups)` and reads that group's `G` input channels, `c = group · G + g`; `groups = C / G`.

use core::marker::PhantomData;

use super::rows::{columns, flat, flat_mut, lanes, part, part_mut, store};
use super::sums::{sum, totals};
use super::window::{self, Axis};
use crate::init::Fan;
use crate::kernel::{ConvolutionGradient, ConvolutionSizes, Convolve, ConvolveBackward, compact};
use crate::{Scalar, Simd};

/// Samples from which the gradients of a batch are worth being computed with samples in lanes.
const FEW: usize = 4;

/// Calls `Self::$some::<M>(…, first)` for `$count` things from `$first` on: four at a time, then the rest.
macro_rules! in_fours {
    ($count:expr, $first:expr, $some:ident($($argument:expr),*)) => {
        let (first, fours) = ($first, $count - $count % 4);
        if const { $count >= 4 } {
            for at in (first..first + fours).step_by(4) {
                Self::$some::<4>($($argument,)* at);
            }
        }
        if const { $count % 4 == 1 } {
            Self::$some::<1>($($argument,)* first + fours);
        } else if const { $count % 4 == 2 } {
            Self::$some::<2>($($argument,)* first + fours);
        } else if const { $count % 4 == 3 } {
            Self::$some::<3>($($argument,)* first + fours);
        }
    };
}

/// A convolution's sizes; nothing but a name for the functions below.
pub(crate) struct Convolution<
    const C: usize,
    const H: usize,
    const W: usize,
    const O: usize,
    const OH: usize,
    const OW: usize,
    const KH: usize,
    const KW: usize,
    Rows,
    Columns,
    T,
    const G: usize,
>(PhantomData<(Rows, Columns, T)>);

impl<
    const C: usize,
    const H: usize,
    const W: usize,
    const O: usize,
    const OH: usize,
    const OW: usize,
    const KH: usize,
    const KW: usize,
    Rows: Axis,
    Columns: Axis,
    T: Scalar,
    const G: usize,
> Convolution<C, H, W, O, OH, OW, KH, KW, Rows, Columns, T, G>
{
    /// Outputs of a group; checks, while compiling, that the sizes fit each other.
    pub const OUTPUTS_PER_GROUP: usize = {
        assert!(G > 0 && C.is_multiple_of(G), "the input channels divide into groups");
        assert!(O.is_multiple_of(C / G), "the output channels divide into as many groups");
        assert!(OH == window::outputs::<Rows>(H, KH), "the output's height follows from the input's, the kernel and the window");
        assert!(OW == window::outputs::<Columns>(W, KW), "the output's width follows from the input's, the kernel and the window");
        O / (C / G)
    };
    /// Multiply-adds of one sample; padding counts.
    pub const MACS: usize = O * OH * OW * G * KH * KW;

    /// The weights' sizes as initialisers see them.
    pub const FAN: Fan = Fan { fan_in: G * KH * KW, fan_out: O * KH * KW, rows: O };

    /// The sizes as numbers, for the kernels that all convolutions share.
    pub const SIZES: ConvolutionSizes = ConvolutionSizes {
        groups: C / G,
        inputs: G,
        outputs: Self::OUTPUTS_PER_GROUP,
        inputs_along: [H, W],
        outputs_along: [OH, OW],
        kernel: [KH, KW],
        stride: [Rows::STRIDE, Columns::STRIDE],
        dilation: [Rows::DILATION, Columns::DILATION],
        before: [Rows::BEFORE, Columns::BEFORE],
    };

    /// `y = b + w ∗ x`; without biases `bias` is empty.
    #[inline]
    pub fn forward<S: Simd>(s: S, weight: &[Kernel<T, KH, KW, G>], bias: &[T], x: &[[[[T; W]; H]; C]], y: &mut [[[[T; OW]; OH]; O]]) {
        if const { !(S::FAST && T::HAS_KERNELS) } {
            Self::forward_portable(weight, bias, x, y);
        } else if let (Some(w), Some(bias), Some(flat_x)) = (T::f32s(flat(weight)), T::f32s(bias), T::f32s(flat(x)))
            && let Some(y) = T::f32s_mut(flat_mut(y))
        {
            Convolve { sizes: Self::SIZES, samples: x.len(), x: flat_x, w, bias, y }.on(s.kernels());
        }
    }

    /// The gradients: `dw` and `db` are added to, `dx` is overwritten.
    #[inline]
    pub fn backward<S: Simd>(
        s: S,
        weight: &[Kernel<T, KH, KW, G>],
        x: &[[[[T; W]; H]; C]],
        dy: &[[[[T; OW]; OH]; O]],
        mut dx: Option<&mut [[[[T; W]; H]; C]]>,
        mut gradient: Option<(&mut [Kernel<T, KH, KW, G>], &mut [T])>,
    ) {
        if const { S::FAST && T::HAS_KERNELS }
            && (S::COMPACT || dy.len() >= FEW)
            && let (Some(w), Some(x), Some(flat_dy)) = (T::f32s(flat(weight)), T::f32s(flat(x)), T::f32s(flat(dy)))
        {
            let gradient = gradient.take().and_then(|(dw, db)| {
                let (dw, db) = (T::f32s_mut(flat_mut(dw))?, T::f32s_mut(db)?);
                Some(ConvolutionGradient { dw, db })
            });
            // With next to nothing to sum for an input, the loops below are faster.
            let to_lanes = if const { S::COMPACT || G > 1 || Self::OUTPUTS_PER_GROUP > 2 } { dx.take() } else { None };
            let to_lanes = to_lanes.and_then(|dx| T::f32s_mut(flat_mut(dx)));
            let (x_row, dy_row) = (const { C * H * W }, const { O * OH * OW });
            let backward = ConvolveBackward {
                sizes: Self::SIZES,
                samples: dy.len(),
                x,
                x_row,
                w,
                dy: flat_dy,
                dy_row,
                positions: None,
                dx: to_lanes,
                gradient,
            };
            if backward.dx.is_some() || backward.gradient.is_some() {
                backward.on(s.kernels());
            }
        }
        if let Some((dw, db)) = gradient {
            Self::gradient(T::ONE, x, dy, dw, db);
        }
        if let Some(dx) = dx {
            let work = dy.len() * const { C * H * W * 8 + Self::MACS };
            s.kernels().threads().each(work, 1, (dy, dx), |(dy, dx)| Self::input_gradient(weight, dy, dx));
        }
    }

    /// `w −= rate · dw` and `b −= rate · db`, after `dx` from the weights as they were.
    #[inline]
    pub fn descend<S: Simd>(
        _: S,
        weight: &mut [Kernel<T, KH, KW, G>],
        bias: &mut [T],
        x: &[[[[T; W]; H]; C]],
        dy: &[[[[T; OW]; OH]; O]],
        dx: Option<&mut [[[[T; W]; H]; C]]>,
        rate: T,
    ) {
        if S::COMPACT
            && let (Some(x), Some(dy), Some([rate])) = (T::f32s(flat(x)), T::f32s(flat(dy)), T::f32s(&[rate]))
            && let (Some(w), Some(b)) = (T::f32s_mut(flat_mut(weight)), T::f32s_mut(bias))
        {
            let dx = dx.and_then(|dx| T::f32s_mut(flat_mut(dx)));
            return compact::convolve_descend(Self::SIZES, x, dy, w, b, dx, *rate);
        }
        if let Some(dx) = dx {
            Self::input_gradient(weight, dy, dx);
        }
        Self::gradient(-rate, x, dy, weight, bias);
    }

    /// Sample by sample.
    #[inline]
    fn forward_portable(weight: &[Kernel<T, KH, KW, G>], bias: &[T], x: &[[[[T; W]; H]; C]], y: &mut [[[[T; OW]; OH]; O]]) {
        for (x, y) in x.iter().zip(y) {
            for group in 0..C / G {
                let Some(x) = part(x, group * G) else { continue };
                let first = group * Self::OUTPUTS_PER_GROUP;
                in_fours!(Self::OUTPUTS_PER_GROUP, first, forward_some(weight, bias, x, y));
            }
        }
    }

    /// The outputs `o..o + M`, which share a pass over the input.
    #[inline]
    fn forward_some<const M: usize>(
        weight: &[Kernel<T, KH, KW, G>],
        bias: &[T],
        x: &[[[T; W]; H]; G],
        y: &mut [[[T; OW]; OH]; O],
        o: usize,
    ) {
        let (Some(weight), Some(y)) = (part(weight, o), part_mut(y, o)) else { return };
        let mut b = [T::ZERO; M];
        for m in 0..M {
            b[m] = bias.get(o + m).copied().unwrap_or(T::ZERO);
        }
        if const { lanes(M, OW) == 16 } {
            Self::forward_tiles::<M, 16>(weight, &b, x, y);
        } else if const { lanes(M, OW) == 8 } {
            Self::forward_tiles::<M, 8>(weight, &b, x, y);
        } else {
            Self::forward_tiles::<M, OW>(weight, &b, x, y);
        }
    }

    /// Tile by tile: `N` neighbouring columns of `M` outputs at a time, summed in registers. The last tile of a row overlaps the one before.
    #[inline(never)]
    fn forward_tiles<const M: usize, const N: usize>(
        weight: &[Kernel<T, KH, KW, G>; M],
        bias: &[T; M],
        x: &[[[T; W]; H]; G],
        y: &mut [[[T; OW]; OH]; M],
    ) {
        for oy in 0..OH {
            for tile in 0..OW.div_ceil(N) {
                let ox = (tile * N).min(OW.saturating_sub(N));
                let mut z = bias.map(|b| [b; N]);
                for g in 0..G {
                    for ky in 0..KH {
                        let iy = window::input::<Rows>(oy, ky);
                        if iy >= H {
                            continue;
                        }
                        for kx in 0..KW {
                            let x: [T; N] = columns(x, g, iy, window::input::<Columns>(ox, kx), Columns::STRIDE, T::ZERO);
                            for m in 0..M {
                                for n in 0..N {
                                    z[m][n] += weight[m][g][ky][kx] * x[n];
                                }
                            }
                        }
                    }
                }
                for m in 0..M {
                    if let Some(y) = part_mut(&mut y[m][oy], ox) {
                        *y = z[m];
                    }
                }
            }
        }
    }

    /// `dw += scale Σ dy · x`, `db += scale Σ dy`, sample by sample.
    #[inline]
    fn gradient(scale: T, x: &[[[[T; W]; H]; C]], dy: &[[[[T; OW]; OH]; O]], dw: &mut [Kernel<T, KH, KW, G>], db: &mut [T]) {
        for (x, dy) in x.iter().zip(dy) {
            for group in 0..C / G {
                let Some(x) = part(x, group * G) else { continue };
                let first = group * Self::OUTPUTS_PER_GROUP;
                in_fours!(Self::OUTPUTS_PER_GROUP, first, gradient_some(scale, x, dy, dw));
            }
            for (db, dy) in db.iter_mut().zip(dy) {
                // forward: y[o] += b[o]
                *db += scale * sum(dy.as_flattened(), |dy| *dy);
            }
        }
    }

    /// The kernels of the outputs `o..o + M`, which share a pass over the input.
    #[inline]
    fn gradient_some<const M: usize>(scale: T, x: &[[[T; W]; H]; G], dy: &[[[T; OW]; OH]; O], dw: &mut [Kernel<T, KH, KW, G>], o: usize) {
        let (Some(dy), Some(dw)) = (part(dy, o), part_mut(dw, o)) else { return };
        if const { OW >= 8 } {
            Self::gradient_tiles::<M, 8>(scale, x, dy, dw);
        } else {
            Self::gradient_tiles::<M, OW>(scale, x, dy, dw);
        }
    }

    /// Tap by tap: `Σ_oy Σ_ox dy[m][oy][ox] · x[iy][ix]` in `N` lanes (8, or all columns), added up at the end.
    #[inline(never)]
    fn gradient_tiles<const M: usize, const N: usize>(
        scale: T,
        x: &[[[T; W]; H]; G],
        dy: &[[[T; OW]; OH]; M],
        dw: &mut [Kernel<T, KH, KW, G>; M],
    ) {
        for g in 0..G {
            for ky in 0..KH {
                for kx in 0..KW {
                    let mut sums = [[T::ZERO; N]; M];
                    for oy in 0..OH {
                        let iy = window::input::<Rows>(oy, ky);
                        if iy >= H {
                            continue;
                        }
                        for tile in 0..OW.div_ceil(N) {
                            let ox = (tile * N).min(OW.saturating_sub(N));
                            let mut x: [T; N] = columns(x, g, iy, window::input::<Columns>(ox, kx), Columns::STRIDE, T::ZERO);
                            if ox < tile * N {
                                // The last tile overlaps the one before: what that has counted must not count again.
                                let counted = tile * N - ox;
                                for n in 0..N {
                                    x[n] = if n < counted { T::ZERO } else { x[n] };
                                }
                            }
                            for m in 0..M {
                                if let Some(dy) = part::<_, N>(&dy[m][oy], ox) {
                                    for n in 0..N {
                                        // forward: y[m][oy][ox + n] += w[m][g][ky][kx] * x[g][iy][ix + n]
                                        sums[m][n] += dy[n] * x[n];
                                    }
                                }
                            }
                        }
                    }
                    let totals = totals(&sums);
                    for m in 0..M {
                        dw[m][g][ky][kx] += scale * totals[m];
                    }
                }
            }
        }
    }

    /// `dx = Σ w · dy`: each input gathers from the outputs that read it.
    #[inline]
    fn input_gradient(weight: &[Kernel<T, KH, KW, G>], dy: &[[[[T; OW]; OH]; O]], dx: &mut [[[[T; W]; H]; C]]) {
        for (dx, dy) in dx.iter_mut().zip(dy) {
            for group in 0..C / G {
                let (first, end) = (group * Self::OUTPUTS_PER_GROUP, (group + 1) * Self::OUTPUTS_PER_GROUP);
                let (Some(weight), Some(dy)) = (weight.get(first..end), dy.get(first..end)) else { continue };
                let Some(dx) = part_mut(dx, group * G) else { continue };
                in_fours!(G, 0, input_gradient_some(weight, dy, dx));
            }
        }
    }

    /// The input channels `g..g + M`, which share a pass over `dy`.
    #[inline]
    fn input_gradient_some<const M: usize>(weight: &[Kernel<T, KH, KW, G>], dy: &[[[T; OW]; OH]], dx: &mut [[[T; W]; H]; G], g: usize) {
        let Some(dx) = part_mut(dx, g) else { return };
        if const { W.div_ceil(Columns::STRIDE) <= 4 } {
            Self::input_gradient_tiles::<M, 4>(weight, dy, dx, g);
        } else if const { lanes(M, W.div_ceil(Columns::STRIDE)) == 16 } {
            Self::input_gradient_tiles::<M, 16>(weight, dy, dx, g);
        } else {
            Self::input_gradient_tiles::<M, 8>(weight, dy, dx, g);
        }
    }

    /// Tile by tile: `N` columns of `M` channels at a time, summed in registers. The columns of a tile lie one stride apart, so that the same
    /// taps reach them all, and by each tap neighbouring outputs.
    #[inline(never)]
    fn input_gradient_tiles<const M: usize, const N: usize>(
        weight: &[Kernel<T, KH, KW, G>],
        dy: &[[[T; OW]; OH]],
        dx: &mut [[[T; W]; H]; M],
        g: usize,
    ) {
        for iy in 0..H {
            for phase in 0..Columns::STRIDE {
                for tile in 0..W.div_ceil(N * Columns::STRIDE) {
                    let ix = tile * N * Columns::STRIDE + phase;
                    let mut sums = [[T::ZERO; N]; M];
                    for (o, weight) in weight.iter().enumerate() {
                        let Some(weight) = part::<_, M>(weight, g) else { continue };
                        for ky in 0..KH {
                            let Some(oy) = window::output::<Rows>(iy, ky).filter(|oy| *oy < OH) else { continue };
                            for kx in 0..KW {
                                let Some(ox) = window::output::<Columns>(ix, kx) else { continue };
                                let dy: [T; N] = columns(dy, o, oy, ox, 1, T::ZERO);
                                for m in 0..M {
                                    for n in 0..N {
                                        // forward: y[o][oy][ox + n] += w[o][g][ky][kx] * x[g][iy][ix + n * stride]
                                        sums[m][n] += weight[m][ky][kx] * dy[n];
                                    }
                                }
                            }
                        }
                    }
                    for m in 0..M {
                        store(&mut dx[m][iy], ix, Columns::STRIDE, &sums[m]);
                    }
                }
            }
        }
    }
}

/// `[in / groups][KH][KW]`, the weights of one output.
type Kernel<T, const KH: usize, const KW: usize, const G: usize> = [[[T; KW]; KH]; G];
