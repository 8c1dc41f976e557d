//! The fields of a plain struct, as `#[derive(Plain)]` sees them: a user's layer is described by its fields' names and types.

use crate::spec::{Dtype, Entry, Item, Role};
use crate::{Plain, Shape};

mod sealed {
    /// `#[derive(Plain)]` promises on the strength of [`Field`](super::Field) that nothing lies between fields: nobody else implements it.
    pub trait Sealed {}
    impl<F: Sealed, const N: usize> Sealed for [F; N] {}
}

/// What a field of a struct with `#[derive(Plain)]` can be: a number, or nested arrays of numbers.
///
/// Learned numbers are `f32` (or `f64`); `u32` (or `u64`) counts, and is kept along without learning.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a plain struct",
    label = "neither a number nor an array of numbers",
    note = "fields are `f32` or `f64`, counters `u32` or `u64`, and arrays of them such as `[[f32; 3]; 2]`"
)]
pub trait Field: Plain + sealed::Sealed {
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

/// A field whose numbers are of the size `Unit`, that of the struct's first field: with one size in the whole struct, nothing lies between its
/// fields.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a plain struct beside its first field",
    label = "neither numbers of the size of the first field's, nor an array of them",
    note = "in a struct of `f32` counters are `u32`, in one of `f64` they are `u64`; arrays of them are `[[f32; 3]; 2]`"
)]
pub trait Alike<Unit>: Field {}

macro_rules! field {
    ($($number:ident $unit:ident $dtype:ident;)*) => {$(
        impl sealed::Sealed for $number {}
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

/// The entry of a struct's first field.
#[doc(hidden)]
#[must_use]
pub const fn first_entry<F: Field>(key: &'static str, offset: usize, state: bool) -> Entry {
    described::<F>(key, offset, state)
}

/// The entry of a field beside the first one.
#[doc(hidden)]
#[must_use]
pub const fn entry<F: Alike<First::Unit>, First: Field>(key: &'static str, offset: usize, state: bool) -> Entry {
    described::<F>(key, offset, state)
}

const fn described<F: Field>(key: &'static str, offset: usize, state: bool) -> Entry {
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
