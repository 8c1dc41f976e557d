//! The arithmetic that all convolutions share; a 1-D one is a 2-D one with a single row.
//!
//! `y[o][oy][ox] = b[o] + Σ_g Σ_ky Σ_kx w[o][g][ky][kx] · x[c][iy][ix]` with `iy`, `ix` as [`window`](super::window) says, zero in padding.
//! Output `o` belongs to group `o / (O / groups)` and reads that group's `G` input channels, `c = group · G + g`; `groups = C / G`.

use core::marker::PhantomData;

use super::window::{self, Axis};
use crate::Scalar;

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

    /// `y = b + w ∗ x`, sample by sample; without biases `bias` is empty.
    #[inline]
    pub fn forward(weight: &[[[[T; KW]; KH]; G]], bias: &[T], x: &[[[[T; W]; H]; C]], y: &mut [[[[T; OW]; OH]; O]]) {
        for (x, y) in x.iter().zip(y) {
            for o in 0..O {
                let first = o / Self::OUTPUTS_PER_GROUP * G;
                for oy in 0..OH {
                    for ox in 0..OW {
                        let mut z = bias.get(o).copied().unwrap_or(T::ZERO);
                        for g in 0..G {
                            for ky in 0..KH {
                                for kx in 0..KW {
                                    let x = x
                                        .get(first + g)
                                        .and_then(|x| x.get(window::input::<Rows>(oy, ky)))
                                        .and_then(|x| x.get(window::input::<Columns>(ox, kx)));
                                    z += weight[o][g][ky][kx] * x.copied().unwrap_or(T::ZERO);
                                }
                            }
                        }
                        y[o][oy][ox] = z;
                    }
                }
            }
        }
    }

    /// `dw += Σ dy · x`, `db += Σ dy`.
    #[inline]
    pub fn gradient(x: &[[[[T; W]; H]; C]], dy: &[[[[T; OW]; OH]; O]], dw: &mut [[[[T; KW]; KH]; G]], db: &mut [T]) {
        for (x, dy) in x.iter().zip(dy) {
            for o in 0..O {
                let first = o / Self::OUTPUTS_PER_GROUP * G;
                for oy in 0..OH {
                    for ox in 0..OW {
                        if let Some(db) = db.get_mut(o) {
                            *db += dy[o][oy][ox];
                        }
                        for g in 0..G {
                            for ky in 0..KH {
                                for kx in 0..KW {
                                    let x = x
                                        .get(first + g)
                                        .and_then(|x| x.get(window::input::<Rows>(oy, ky)))
                                        .and_then(|x| x.get(window::input::<Columns>(ox, kx)));
                                    // forward: y[o][oy][ox] += w[o][g][ky][kx] * x[first + g][iy][ix]
                                    dw[o][g][ky][kx] += dy[o][oy][ox] * x.copied().unwrap_or(T::ZERO);
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// `dx = Σ w · dy`.
    #[inline]
    pub fn input_gradient(weight: &[[[[T; KW]; KH]; G]], dy: &[[[[T; OW]; OH]; O]], dx: &mut [[[[T; W]; H]; C]]) {
        for (dx, dy) in dx.iter_mut().zip(dy) {
            dx.as_flattened_mut().as_flattened_mut().fill(T::ZERO);
            for o in 0..O {
                let first = o / Self::OUTPUTS_PER_GROUP * G;
                for oy in 0..OH {
                    for ox in 0..OW {
                        for g in 0..G {
                            for ky in 0..KH {
                                for kx in 0..KW {
                                    let dx = dx
                                        .get_mut(first + g)
                                        .and_then(|dx| dx.get_mut(window::input::<Rows>(oy, ky)))
                                        .and_then(|dx| dx.get_mut(window::input::<Columns>(ox, kx)));
                                    if let Some(dx) = dx {
                                        // forward: y[o][oy][ox] += w[o][g][ky][kx] * x[first + g][iy][ix]
                                        *dx += weight[o][g][ky][kx] * dy[o][oy][ox];
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
