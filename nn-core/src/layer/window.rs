//! How a kernel or pool slides over its input: stride, padding and dilation, as types, so that loops know them while compiling.
//!
//! Output `o` and tap `k` meet input `o · stride + k · dilation − before`; what lies outside the input is padding. Along one axis
//! `outputs = (inputs + before + after − dilation (taps − 1) − 1) / stride + 1`, rounded down, as PyTorch has it.

/// Sliding along one axis.
pub trait Axis: Send + Sync + 'static {
    /// From one output to the next, in inputs.
    const STRIDE: usize;
    /// Padding before the first input.
    const BEFORE: usize;
    /// Padding after the last input.
    const AFTER: usize;
    /// From one tap of the kernel to the next, in inputs.
    const DILATION: usize;
}

/// Sliding over rows and columns.
pub trait Plane: Send + Sync + 'static {
    /// Downwards, from row to row.
    type Rows: Axis;
    /// To the right, from column to column.
    type Columns: Axis;
}

/// Stride `S`, padding `LEFT` and `RIGHT`, dilation `D` along one axis.
pub struct Window1d<const S: usize = 1, const LEFT: usize = 0, const RIGHT: usize = 0, const D: usize = 1>;

impl<const S: usize, const LEFT: usize, const RIGHT: usize, const D: usize> Axis for Window1d<S, LEFT, RIGHT, D> {
    const STRIDE: usize = S;
    const BEFORE: usize = LEFT;
    const AFTER: usize = RIGHT;
    const DILATION: usize = D;
}

/// Strides `SH`, `SW`, padding on the four sides, dilations `DH`, `DW`, downwards and to the right.
pub struct Window2d<
    const SH: usize = 1,
    const SW: usize = 1,
    const TOP: usize = 0,
    const BOTTOM: usize = 0,
    const LEFT: usize = 0,
    const RIGHT: usize = 0,
    const DH: usize = 1,
    const DW: usize = 1,
>;

impl<
    const SH: usize,
    const SW: usize,
    const TOP: usize,
    const BOTTOM: usize,
    const LEFT: usize,
    const RIGHT: usize,
    const DH: usize,
    const DW: usize,
> Plane for Window2d<SH, SW, TOP, BOTTOM, LEFT, RIGHT, DH, DW>
{
    type Rows = Window1d<SH, TOP, BOTTOM, DH>;
    type Columns = Window1d<SW, LEFT, RIGHT, DW>;
}

/// The outputs along one axis; 0 where the kernel is larger than the padded input.
///
/// # Panics
/// With a stride, a dilation or a kernel of zero, and where input or kernel reach farther than any index; meant for constants.
#[must_use]
pub const fn outputs<A: Axis>(inputs: usize, taps: usize) -> usize {
    assert!(A::STRIDE > 0 && A::DILATION > 0 && taps > 0, "stride, dilation and kernel are at least 1");
    let padded = inputs.saturating_add(A::BEFORE).saturating_add(A::AFTER);
    let extent = A::DILATION.saturating_mul(taps - 1).saturating_add(1);
    assert!(padded < isize::MAX as usize && extent < isize::MAX as usize, "padding and dilation are beyond any index");
    if padded < extent { 0 } else { (padded - extent) / A::STRIDE + 1 }
}

/// The input that output `output` and tap `tap` meet. In padding it is no valid index: the length or more, or wrapped far beyond it.
#[inline]
pub(crate) const fn input<A: Axis>(output: usize, tap: usize) -> usize {
    (output * A::STRIDE + tap * A::DILATION).wrapping_sub(A::BEFORE)
}

/// The output that reads input `input` by tap `tap`, if there is one; it may lie behind the last output, or wrapped before the first.
#[inline]
pub(crate) const fn output<A: Axis>(input: usize, tap: usize) -> Option<usize> {
    // Whole strides are added while dividing, so that nothing is negative.
    let distance = input + A::BEFORE + tap * A::DILATION * (A::STRIDE - 1);
    if distance.is_multiple_of(A::STRIDE) { Some((distance / A::STRIDE).wrapping_sub(tap * A::DILATION)) } else { None }
}
