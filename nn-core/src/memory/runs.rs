//! Adjacent parameters as runs, found while compiling by walking `SPEC`: what an update without a heap goes through.
//!
//! Most networks have one run; then nothing of `SPEC` is in the binary.

use core::marker::PhantomData;

use crate::spec::{Dtype, Item, Role};
use crate::{Layer, Scalar, Spec, plain};

/// Learned numbers in a row, with their gradients in a row.
#[derive(Clone, Copy)]
pub(crate) struct Run {
    /// In the layer, in bytes.
    offset: usize,
    /// In its gradient, in bytes.
    gradient: usize,
    /// How many numbers.
    pub len: usize,
}

impl Run {
    const NONE: Self = Self { offset: 0, gradient: 0, len: 0 };

    /// The parameters.
    #[inline]
    pub fn parameters_mut<L: Layer>(self, layer: &mut L) -> Option<&mut [L::Scalar]> {
        plain::part_mut(layer, self.offset, self.len)
    }

    /// Their gradients.
    #[inline]
    pub fn gradients<L: Layer>(self, gradient: &L::Gradient) -> Option<&[L::Scalar]> {
        plain::part(gradient, self.gradient, self.len)
    }

    /// As [`Run::gradients`], to be written.
    #[inline]
    pub fn gradients_mut<L: Layer>(self, gradient: &mut L::Gradient) -> Option<&mut [L::Scalar]> {
        plain::part_mut(gradient, self.gradient, self.len)
    }
}

/// Calls `visit` with each run of the layer's parameters that are not frozen, in order.
///
/// One run, as most networks have, is a constant; more are read from a table of constants.
#[inline]
pub(crate) fn for_each_run<L: Layer>(mut visit: impl FnMut(Run)) {
    let table: &[Run] = match const { Found::<L>::COUNT } {
        0 => return,
        1 => return visit(const { Found::<L>::table::<1>()[0] }),
        2..=8 => const { &Found::<L>::table::<8>() },
        9..=64 => const { &Found::<L>::table::<64>() },
        _ => const { &Found::<L>::table::<512>() },
    };
    for run in table {
        if run.len > 0 {
            visit(*run);
        }
    }
}

struct Found<L>(PhantomData<L>);

impl<L: Layer> Found<L> {
    const COUNT: usize = Walk::<512>::of::<L>().count;

    const fn table<const MAX: usize>() -> [Run; MAX] {
        let all = Walk::<512>::of::<L>().runs;
        let mut table = [Run::NONE; MAX];
        let mut i = 0;
        while i < MAX {
            table[i] = all[i];
            i += 1;
        }
        table
    }
}

/// A walk along a `SPEC`.
struct Walk<const MAX: usize> {
    runs: [Run; MAX],
    count: usize,
    /// Of each number.
    size: usize,
    dtype: Dtype,
}

impl<const MAX: usize> Walk<MAX> {
    const fn of<L: Layer>() -> Self {
        let dtype = <L::Scalar as Scalar>::DTYPE;
        let mut walk = Self { runs: [Run::NONE; MAX], count: 0, size: dtype.size(), dtype };
        walk.spec(L::SPEC, 0, 0);
        walk
    }

    const fn spec(&mut self, spec: &Spec, offset: usize, gradient: usize) {
        let mut at = 0;
        while at < spec.entries.len() {
            let entry = &spec.entries[at];
            at += 1;
            // `None`: it is frozen, or state.
            let Some(inner) = entry.gradient else { continue };
            let (offset, gradient) = (offset + entry.offset, gradient + inner);
            match &entry.item {
                Item::Tensor { shape, dtype, role: Role::Parameter } => {
                    assert!(*dtype as u8 == self.dtype as u8, "a learned tensor has another scalar than its network");
                    self.push(Run { offset, gradient, len: shape.len() });
                }
                Item::Tensor { role: Role::State, .. } => {}
                Item::Part(spec) | Item::Folded { spec, .. } => self.spec(spec, offset, gradient),
                Item::Repeat { spec, count, stride, gradient_stride } => {
                    let mut i = 0;
                    while i < *count {
                        self.spec(spec, offset + i * *stride, gradient + i * *gradient_stride);
                        i += 1;
                    }
                }
            }
        }
    }

    const fn push(&mut self, run: Run) {
        if run.len == 0 {
            return;
        }
        if self.count > 0 {
            let last = &mut self.runs[self.count - 1];
            let bytes = last.len * self.size;
            if last.offset + bytes == run.offset && last.gradient + bytes == run.gradient {
                last.len += run.len;
                return;
            }
        }
        assert!(self.count < MAX, "more than 512 runs of parameters with frozen ones in between");
        self.runs[self.count] = run;
        self.count += 1;
    }
}
