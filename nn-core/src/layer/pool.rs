//! The arithmetic that all pools share; a 1-D one is a 2-D one with a single row.

use core::marker::PhantomData;

use super::window::{self, Axis};
use crate::Scalar;

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

    /// `y = max x` over each window.
    #[inline]
    pub fn max(x: &[[[[T; W]; H]; C]], y: &mut [[[[T; OW]; OH]; C]]) {
        let () = Self::FITS;
        for (x, y) in x.iter().zip(y) {
            for (x, y) in x.iter().zip(y) {
                for oy in 0..OH {
                    for ox in 0..OW {
                        y[oy][ox] = Self::maximum(x, oy, ox).0;
                    }
                }
            }
        }
    }

    /// The same, and where in the window each maximum is.
    #[inline]
    pub fn max_with_positions(x: &[[[[T; W]; H]; C]], y: &mut [[[[T; OW]; OH]; C]], positions: &mut [[[[u8; OW]; OH]; C]]) {
        let () = Self::FITS;
        let () = Self::POSITION_FITS;
        for ((x, y), positions) in x.iter().zip(y).zip(positions) {
            for ((x, y), positions) in x.iter().zip(y).zip(positions) {
                for oy in 0..OH {
                    for ox in 0..OW {
                        (y[oy][ox], positions[oy][ox]) = Self::maximum(x, oy, ox);
                    }
                }
            }
        }
    }

    #[inline]
    #[allow(clippy::cast_possible_truncation, reason = "POSITION_FITS")]
    #[allow(clippy::eq_op, reason = "only NaN differs from itself")]
    fn maximum(x: &[[T; W]; H], oy: usize, ox: usize) -> (T, u8) {
        let (mut y, mut position) = (T::NEG_INFINITY, None);
        for ky in 0..KH {
            for kx in 0..KW {
                let x = x.get(window::input::<Rows>(oy, ky)).and_then(|x| x.get(window::input::<Columns>(ox, kx)));
                if let Some(&x) = x
                    && (position.is_none() || x > y || x != x)
                {
                    (y, position) = (x, Some((ky * KW + kx) as u8));
                }
            }
        }
        (y, position.unwrap_or(0))
    }

    /// `dx = dy` where the maximum was, else 0; summed where windows overlap.
    #[inline]
    pub fn max_backward(positions: &[[[[u8; OW]; OH]; C]], dy: &[[[[T; OW]; OH]; C]], dx: &mut [[[[T; W]; H]; C]]) {
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
