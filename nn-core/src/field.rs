//! The fields of a plain struct, as `#[derive(Plain)]` sees them: a user's layer is described by its fields' names and types.

use crate::spec::{Dtype, Entry, Item, Role};
use crate::{Plain, Shape};

/// What a field of a struct with `#[derive(Plain)]` can be: a number, or nested arrays of numbers.
///
/// Learned numbers are `f32` (or `f64`); `u32` (or `u64`) counts, and is kept along without learning.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a plain struct",
    label = "neither a number nor an array of numbers",
    note = "fields are `f32` or `f64`, counters `u32` or `u64`, and arrays of them such as `[[f32; 3]; 2]`"
)]
pub trait Field: Plain + Alike<<Self as Field>::Unit> {
    /// [`FourBytes`] or [`EightBytes`].
    type Unit;
    /// Its sizes, outermost first.
    const FIELD_SHAPE: Shape;
    /// Its numbers' type.
    const FIELD_DTYPE: Dtype;
}

/// The numbers of the field take four bytes each.
pub struct FourBytes;
/// The numbers of the field take eight bytes each.
pub struct EightBytes;

/// The numbers of the type take as much room as `Unit` says: with one size in the whole struct, nothing lies between its fields.
#[diagnostic::on_unimplemented(
    message = "a plain struct holds numbers of one size, but `{Self}` and its first field have different ones",
    label = "not of the size of the first field's numbers",
    note = "counters beside `f32` are `u32`, beside `f64` they are `u64`"
)]
pub trait Alike<Unit> {}

macro_rules! field {
    ($($number:ident $unit:ident $dtype:ident;)*) => {$(
        impl Alike<$unit> for $number {}
        impl Field for $number {
            type Unit = $unit;
            const FIELD_SHAPE: Shape = Shape::SCALAR;
            const FIELD_DTYPE: Dtype = Dtype::$dtype;
        }
    )*};
}
field! { f32 FourBytes F32; u32 FourBytes U32; f64 EightBytes F64; u64 EightBytes U64; }

impl<Unit, F: Alike<Unit>, const N: usize> Alike<Unit> for [F; N] {}
impl<F: Field, const N: usize> Field for [F; N] {
    type Unit = F::Unit;
    const FIELD_SHAPE: Shape = F::FIELD_SHAPE.under(N);
    const FIELD_DTYPE: Dtype = F::FIELD_DTYPE;
}

/// The description of a plain struct, which `#[derive(Plain)]` writes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not describe its parameters",
    label = "needs `#[derive(Plain)]`",
    note = "write `#[derive(Plain)] #[repr(C)]` above the struct"
)]
pub trait Fields: Plain {
    /// The struct's name.
    const NAME: &'static str;
    /// Its fields, in order; the keys are their names.
    const ENTRIES: &'static [Entry];
}

/// The entry of a field: the derive's part that is the same for all.
#[doc(hidden)]
#[must_use]
pub const fn entry<F: Field>(key: &'static str, offset: usize, state: bool) -> Entry {
    let learned = !state && matches!(F::FIELD_DTYPE, Dtype::F32 | Dtype::F64);
    Entry {
        key,
        offset,
        gradient: if learned { Some(offset) } else { None },
        item: Item::Tensor { shape: F::FIELD_SHAPE, dtype: F::FIELD_DTYPE, role: if learned { Role::Parameter } else { Role::State } },
    }
}

/// How many numbers are learned.
pub(crate) const fn parameters(entries: &[Entry]) -> usize {
    let mut sum = 0;
    let mut i = 0;
    while i < entries.len() {
        if let Item::Tensor { shape, role: Role::Parameter, .. } = &entries[i].item {
            sum += shape.len();
        }
        i += 1;
    }
    sum
}
