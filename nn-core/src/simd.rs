//! Instruction sets as tokens: kernels are generic in [`Simd`], and [`dispatch`] chooses once a call.

/// An instruction set. A value of such a type proves that the processor has it.
pub trait Simd: Copy + Send + Sync + 'static {
    /// As checkpoints and benchmarks name it.
    const NAME: &'static str;
}

/// Plain Rust, one fixed order, separate multiply and add: the reference, and the same bits on every target.
#[derive(Clone, Copy, Debug, Default)]
pub struct Portable;

impl Simd for Portable {
    const NAME: &'static str = "portable";
}

/// Which kernels to run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kernels {
    /// [`Portable`], on every machine.
    #[default]
    Portable,
}

impl Kernels {
    /// The fastest that this machine has.
    #[inline]
    #[must_use]
    pub fn detect() -> Self {
        Self::Portable
    }

    /// As checkpoints and benchmarks name them.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Portable => Portable::NAME,
        }
    }
}

/// Work that runs under one instruction set; mark `run` as `#[inline(always)]`.
pub trait Task {
    /// What the work gives.
    type Output;
    /// The work.
    fn run<S: Simd>(self, s: S) -> Self::Output;
}

/// Runs `task` with the chosen kernels.
#[inline]
pub fn dispatch<T: Task>(kernels: Kernels, task: T) -> T::Output {
    match kernels {
        Kernels::Portable => task.run(Portable),
    }
}
