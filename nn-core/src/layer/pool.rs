//! The arithmetic that all pools share; a 1-D one is a 2-D one with a single row.

use core::marker::PhantomData;

use super::rows::{columns, flat, flat_mut, part_mut};
use super::window::{self, Axis};
use crate::kernel::{MaxPool, MaxPoolBackward};
use crate::{Scalar, Simd};

/// A pool's sizes; nothing but a name for the functions below.
pub(crate) struct Pool<
    const C: usize,
    const H: usize,
    const W: usize,
    const OH: usize,
    const OW: usize,
    const KH: usize,
    const KW: usize,
    Rows,
    Columns,
    T,
>(PhantomData<(Rows, Columns, T)>);

impl<
    const C: usize,
    const H: usize,
    const W: usize,
    const OH: usize,
    const OW: usize,
    const KH: usize,
    const KW: usize,
    Rows: Axis,
    Columns: Axis,
    T: Scalar,
> Pool<C, H, W, OH, OW, KH, KW, Rows, Columns, T>
{
    /// Checks, while compiling, that the sizes fit each other.
    const FITS: () = {
        assert!(OH == window::outputs::<Rows>(H, KH), "the output's height follows from the input's, the kernel and the window");
        assert!(OW == window::outputs::<Columns>(W, KW), "the output's width follows from the input's, the kernel and the window");
    };
    /// Positions in a window are kept in a byte.
    const POSITION_FITS: () = assert!(KH * KW <= 256, "a max-pool window has at most 256 elements");

    /// Whether there is a kernel for it, and enough windows to fill lanes, where these are filled.
    const fn has_kernel<S: Simd>() -> bool {
        S::FAST && Self::SIDE_BY_SIDE && (S::COMPACT || OW >= 8)
    }

    /// Windows of 2 × 2 side by side.
    pub const SIDE_BY_SIDE: bool = KH == 2
        && KW == 2
        && Rows::STRIDE == 2
        && Columns::STRIDE == 2
        && Rows::DILATION == 1
        && Columns::DILATION == 1
        && Rows::BEFORE + Rows::AFTER + Columns::BEFORE + Columns::AFTER == 0
        && T::HAS_KERNELS;

    /// What so many inputs cost, in multiply-adds.
    #[inline]
    fn work(x: &[[[[T; W]; H]; C]]) -> usize {
        x.len() * const { C * H * W * 8 }
    }

    /// `y = max x` over each window.
    #[inline]
    pub fn max<S: Simd>(s: S, x: &[[[[T; W]; H]; C]], y: &mut [[[[T; OW]; OH]; C]]) {
        let () = Self::FITS;
        if const { Self::has_kernel::<S>() } {
            if let (Some(flat_x), Some(y)) = (T::f32s(flat(x)), T::f32s_mut(flat_mut(y))) {
                MaxPool { planes: x.len() * C, inputs_along: [H, W], x: flat_x, y, positions: None }.on(s.kernels());
            }
            return;
        }
        s.kernels().threads().each(Self::work(x), 1, (x, y), |(x, y)| {
            for (x, y) in x.iter().zip(y) {
                if const { OW >= 8 } {
                    Self::max_tiles::<8>(x, y);
                } else {
                    Self::max_tiles::<OW>(x, y);
                }
            }
        });
    }

    #[inline(never)]
    fn max_tiles<const N: usize>(x: &[[[T; W]; H]; C], y: &mut [[[T; OW]; OH]; C]) {
        for c in 0..C {
            for oy in 0..OH {
                for tile in 0..OW.div_ceil(N) {
                    let ox = (tile * N).min(OW.saturating_sub(N));
                    if let Some(y) = part_mut::<_, N>(&mut y[c][oy], ox) {
                        (*y, _) = Self::maxima(x, c, oy, ox);
                    }
                }
            }
        }
    }

    /// The same, and where in the window each maximum is.
    #[inline]
    pub fn max_with_positions<S: Simd>(s: S, x: &[[[[T; W]; H]; C]], y: &mut [[[[T; OW]; OH]; C]], positions: &mut [[[[u8; OW]; OH]; C]]) {
        let () = Self::FITS;
        let () = Self::POSITION_FITS;
        if const { Self::has_kernel::<S>() } {
            if let (Some(flat_x), Some(y)) = (T::f32s(flat(x)), T::f32s_mut(flat_mut(y))) {
                let positions = Some(flat_mut(positions));
                MaxPool { planes: x.len() * C, inputs_along: [H, W], x: flat_x, y, positions }.on(s.kernels());
            }
            return;
        }
        s.kernels().threads().each(Self::work(x), 1, (x, y, positions), |(x, y, positions)| {
            for ((x, y), positions) in x.iter().zip(y).zip(positions) {
                if const { OW >= 8 } {
                    Self::max_tiles_with_positions::<8>(x, y, positions);
                } else {
                    Self::max_tiles_with_positions::<OW>(x, y, positions);
                }
            }
        });
    }

    #[inline(never)]
    fn max_tiles_with_positions<const N: usize>(x: &[[[T; W]; H]; C], y: &mut [[[T; OW]; OH]; C], positions: &mut [[[u8; OW]; OH]; C]) {
        for c in 0..C {
            for oy in 0..OH {
                for tile in 0..OW.div_ceil(N) {
                    let ox = (tile * N).min(OW.saturating_sub(N));
                    let (largest, at) = Self::maxima::<N>(x, c, oy, ox);
                    if let Some(y) = part_mut(&mut y[c][oy], ox) {
                        *y = largest;
                    }
                    if let Some(positions) = part_mut(&mut positions[c][oy], ox) {
                        *positions = bytes::<T, N>(&at);
                    }
                }
            }
        }
    }

    /// `N` neighbouring outputs at a time, in registers; the last tile of a row overlaps the one before.
    #[inline]
    #[allow(clippy::eq_op, reason = "only NaN differs from itself")]
    #[allow(clippy::needless_bitwise_bool, reason = "a branch at each number would often be mispredicted")]
    fn maxima<const N: usize>(x: &[[[T; W]; H]; C], c: usize, oy: usize, ox: usize) -> ([T; N], [T::Count; N]) {
        let (mut largest, mut at) = ([T::NEG_INFINITY; N], Self::first_positions(oy, ox));
        for ky in 0..KH {
            let iy = window::input::<Rows>(oy, ky);
            if iy >= H {
                continue;
            }
            for kx in 0..KW {
                let position = Self::position(ky, kx);
                let x: [T; N] = columns(x, c, iy, window::input::<Columns>(ox, kx), Columns::STRIDE, T::NEG_INFINITY);
                for n in 0..N {
                    let larger = (x[n] > largest[n]) | (x[n] != x[n]);
                    largest[n] = if larger { x[n] } else { largest[n] };
                    at[n] = if larger { position } else { at[n] };
                }
            }
        }
        (largest, at)
    }

    /// A position in the window, as wide as the scalar, so that both are chosen alike.
    #[inline]
    fn position(ky: usize, kx: usize) -> T::Count {
        T::Count::try_from((ky * KW + kx) as u64).unwrap_or_default()
    }

    /// The first position of each window that is not padding: where the maximum is if all values are −∞.
    #[inline]
    fn first_positions<const N: usize>(oy: usize, ox: usize) -> [T::Count; N] {
        let mut positions = [T::Count::default(); N];
        if Rows::BEFORE + Columns::BEFORE > 0 {
            let ky = (0..KH).find(|ky| window::input::<Rows>(oy, *ky) < H).unwrap_or(0);
            for n in 0..N {
                let kx = (0..KW).find(|kx| window::input::<Columns>(ox + n, *kx) < W).unwrap_or(0);
                positions[n] = Self::position(ky, kx);
            }
        }
        positions
    }

    /// `dx = dy` where the maximum was, else 0; summed where windows overlap.
    #[inline]
    pub fn max_backward<S: Simd>(s: S, positions: &[[[[u8; OW]; OH]; C]], dy: &[[[[T; OW]; OH]; C]], dx: &mut [[[[T; W]; H]; C]]) {
        let planes = dx.len() * C;
        if const { Self::has_kernel::<S>() } {
            if let (Some(dy), Some(dx)) = (T::f32s(flat(dy)), T::f32s_mut(flat_mut(dx))) {
                MaxPoolBackward { planes, inputs_along: [H, W], positions: flat(positions), dy, dx }.on(s.kernels());
            }
            return;
        }
        s.kernels().threads().each(Self::work(dx), 1, (positions, dy, dx), |(positions, dy, dx)| {
            for ((dx, dy), positions) in dx.iter_mut().zip(dy).zip(positions) {
                dx.as_flattened_mut().as_flattened_mut().fill(T::ZERO);
                for ((dx, dy), positions) in dx.iter_mut().zip(dy).zip(positions) {
                    for oy in 0..OH {
                        for ox in 0..OW {
                            let position = usize::from(positions[oy][ox]);
                            let (ky, kx) = (position / KW, position % KW);
                            let dx = dx.get_mut(window::input::<Rows>(oy, ky)).and_then(|dx| dx.get_mut(window::input::<Columns>(ox, kx)));
                            if let Some(dx) = dx {
                                *dx += dy[oy][ox];
                            }
                        }
                    }
                }
            }
        });
    }

    /// `y = Σ x / (KH · KW)` over each window.
    #[inline]
    pub fn average(x: &[[[[T; W]; H]; C]], y: &mut [[[[T; OW]; OH]; C]]) {
        let () = Self::FITS;
        let count = T::from_f64((KH * KW) as f64);
        for (x, y) in x.iter().zip(y) {
            for (x, y) in x.iter().zip(y) {
                for oy in 0..OH {
                    for ox in 0..OW {
                        let mut sum = T::ZERO;
                        for ky in 0..KH {
                            for kx in 0..KW {
                                let x = x.get(window::input::<Rows>(oy, ky)).and_then(|x| x.get(window::input::<Columns>(ox, kx)));
                                sum += x.copied().unwrap_or(T::ZERO);
                            }
                        }
                        y[oy][ox] = sum / count;
                    }
                }
            }
        }
    }

    /// `dx = Σ dy / (KH · KW)` over the windows that hold the input.
    #[inline]
    pub fn average_backward(dy: &[[[[T; OW]; OH]; C]], dx: &mut [[[[T; W]; H]; C]]) {
        let count = T::from_f64((KH * KW) as f64);
        for (dx, dy) in dx.iter_mut().zip(dy) {
            dx.as_flattened_mut().as_flattened_mut().fill(T::ZERO);
            for (dx, dy) in dx.iter_mut().zip(dy) {
                for oy in 0..OH {
                    for ox in 0..OW {
                        for ky in 0..KH {
                            for kx in 0..KW {
                                let dx =
                                    dx.get_mut(window::input::<Rows>(oy, ky)).and_then(|dx| dx.get_mut(window::input::<Columns>(ox, kx)));
                                if let Some(dx) = dx {
                                    // forward: y[oy][ox] += x[iy][ix] / count
                                    *dx += dy[oy][ox] / count;
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Positions as they are kept. A function of its own, so that LLVM sees lanes in its caller and not single bytes.
#[inline(never)]
#[allow(clippy::cast_possible_truncation, reason = "positions lie below 256")]
fn bytes<T: Scalar, const N: usize>(positions: &[T::Count; N]) -> [u8; N] {
    positions.map(|position| position.into() as u8)
}
