//! The dense layer's forward product, `Y = X Wᵀ + b`, where both operands lie in memory as they are summed. Four ways:
//!
//! - **Many samples**: a batch is transposed once and lies in lanes, the weights are broadcast from where they lie, the tiles are those of
//!   [`product`](super::product), and their sums are transposed on the way out.
//! - **Many samples, few weights**: the weights are transposed instead, and outputs lie in lanes.
//! - **Dense layers one behind the other**: what lies between them stays in lanes, and nothing is transposed there (see [`Link`]).
//! - **Few samples or few outputs**: dot products side by side, each with a register of partial sums; as many of them as there are lanes are
//!   added up together at the end.
//!
//! # Which is taken
//!
//! One of the two operands has to be turned, and a cost counted in multiply-adds and transposed numbers decides which. A batch is
//! smaller than most matrices of weights. With its samples in lanes, weights are broadcast from where they lie, at any alignment: that
//! reaches 95 % of the multiply-adds that the core can do on 784 × 128 and larger, where dot products reached 70 to 85 %. Where the
//! weights are few and the batch is large (64 × 32 with 256 samples), the weights are turned instead: 96 % instead of 80 %.
//!
//! Few samples or outputs stay dot products, sixteen of which are added up together by a tree, two instructions an output. One sample
//! is a matter of loads. Half registers touch two lines of the cache half as often as whole ones: 1.1 to 1.4 times as fast. Long rows
//! that begin half a register late, as large memory from an allocator does, begin with half a register, so that no load meets two
//! lines.
//!
//! A bias lies in the epilogue, as what the sums start with; its gradient is a sum of rows, 0.5 % of a step.

mod few;
mod many;

use super::scratch::Scratch;
use super::{Dots, Lanes, Link, Product, product, times};

/// Samples below which most lanes would stay empty.
const MANY: usize = 12;

/// See [`Dots`]; `M` outputs by `N` registers of samples is the largest tile.
///
/// # Panics
/// Where a slice is too short for the sizes; the layers pass whole arrays.
#[inline(always)]
pub(crate) fn run<S: Lanes, const M: usize, const N: usize>(s: S, d: &mut Dots<'_>) {
    // What the unsafe blocks of both ways rest on: every row lies inside its slice.
    let [x, w, y] = [times(d.samples, d.inputs), times(d.outputs, d.inputs), times(d.samples, d.outputs)];
    assert!(d.x.len() >= x && d.w.len() >= w && d.y.len() >= y);
    assert!(d.bias.is_empty() || d.bias.len() >= d.outputs);
    if d.samples == 1 {
        return s.apart(
            #[inline(always)]
            || few::one(s.narrow(), d),
        );
    }
    let outputs_fill_lanes = d.outputs >= 16 || d.outputs >= 8 && d.inputs <= 96;
    let in_lanes = d.link.is_in_lanes() && d.samples >= N * S::LANES;
    if !in_lanes && (d.samples < MANY || d.inputs == 0 || !outputs_fill_lanes) {
        return few::run(s, d, 0);
    }
    // Multiply-adds of registers, and what has to be transposed.
    let samples_in_lanes = d.samples.div_ceil(S::LANES) * d.outputs * d.inputs + d.samples * (d.inputs + d.outputs) / Link::TRANSPOSED;
    let registers = d.outputs.div_ceil(S::Narrow::LANES) * S::Narrow::LANES;
    let outputs_in_lanes = d.samples * registers / S::LANES * d.inputs + d.inputs * d.outputs / Link::TRANSPOSED;
    if !in_lanes && d.inputs * d.outputs <= Link::WEIGHTS && outputs_in_lanes < samples_in_lanes {
        s.apart(
            #[inline(always)]
            || transposed::<S, M, N>(s, d),
        );
    } else {
        s.apart(
            #[inline(always)]
            || many::run::<S, M, N>(s, d),
        );
    }
}

impl Link {
    /// Whether anything lies in lanes, where there are samples enough.
    #[inline(always)]
    pub(in crate::kernel) fn is_in_lanes(self) -> bool {
        self.x_in_lanes || self.y_in_lanes
    }

    /// What no output is below.
    #[inline(always)]
    fn floor(self) -> f32 {
        if self.relu { 0.0 } else { f32::NEG_INFINITY }
    }
}

/// `y`, or what it must not be below; NaN stays.
#[inline(always)]
fn floored(floor: f32, y: f32) -> f32 {
    if floor > y { floor } else { y }
}

/// `Y = X V + b` with `V = Wᵀ`.
#[inline(always)]
fn transposed<S: Lanes, const M: usize, const N: usize>(s: S, d: &mut Dots<'_>) {
    let row = d.outputs.next_multiple_of(S::LANES);
    let mut scratch = Scratch::take();
    let ([v, bias], _) = scratch.split([d.inputs * row, row], 0);
    for o in (0..d.outputs).step_by(S::LANES) {
        for i in (0..d.inputs).step_by(S::LANES) {
            let (outputs, inputs) = (S::LANES.min(d.outputs - o), S::LANES.min(d.inputs - i));
            // SAFETY: the weights and as many rows of `row` numbers exist.
            #[allow(unsafe_code, reason = "a block of the weights, inside the slices that `run` has checked")]
            unsafe {
                s.transpose(outputs, inputs, S::LANES, d.w.as_ptr().add(o * d.inputs + i), d.inputs, v.as_mut_ptr().add(i * row + o), row);
            }
        }
    }
    if d.bias.is_empty() {
        bias.fill(0.0);
    } else {
        bias[..d.outputs].copy_from_slice(&d.bias[..d.outputs]);
    }
    let mut product = Product {
        m: d.samples,
        n: d.outputs,
        k: d.inputs,
        a: d.x,
        a_row: d.inputs,
        a_column: 1,
        b: v,
        b_row: row,
        c: d.y,
        c_row: d.outputs,
        accumulate: false,
    };
    product::run_from::<S, M, N>(s, &mut product, bias, d.link.relu);
    scratch.give_back();
}
