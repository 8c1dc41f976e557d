//! How kernels run: alone, or cut into parts by their outputs, one a thread (see [`threads`](crate::threads)).

#[cfg(all(feature = "threads", any(target_arch = "x86_64", target_arch = "aarch64")))]
use super::{ConvolutionSizes, times};
use super::{Convolve, ConvolveBackward, ConvolvePool, Dots, Kernel, MaxPool, MaxPoolBackward, Product, SumRows};
use crate::Kernels;

/// What a number of a pool's input costs, in multiply-adds.
#[cfg(all(feature = "threads", any(target_arch = "x86_64", target_arch = "aarch64")))]
const POOLED: usize = 8;

/// Runs a kernel that is so many multiply-adds, each part on a thread.
#[cfg(all(feature = "threads", any(target_arch = "x86_64", target_arch = "aarch64")))]
fn share<K: Kernel<Output = ()> + super::cut::Parts + Send>(kernel: K, work: usize, kernels: Kernels) {
    let threads = kernels.threads();
    threads.all(work, |count| kernel.parts(count), &|mut part: K| {
        if let Some(values) = part.read_by_others() {
            threads.before_writing(values);
        }
        alone(&mut part, kernels);
    });
}

/// A function of its own, so that each kernel is compiled once for each instruction set.
#[cfg_attr(feature = "threads", inline(never))]
#[cfg_attr(not(feature = "threads"), inline(always))]
fn alone<K: Kernel<Output = ()>>(kernel: &mut K, kernels: Kernels) {
    kernels.run(kernel);
}

#[cfg(all(feature = "threads", any(target_arch = "x86_64", target_arch = "aarch64")))]
impl ConvolutionSizes {
    /// Multiply-adds of a sample; padding counts.
    fn products(&self) -> usize {
        let factors =
            [self.groups, self.outputs, self.outputs_along[0], self.outputs_along[1], self.inputs, self.kernel[0], self.kernel[1]];
        factors.into_iter().fold(1, times)
    }
}

/// Gives a kernel its `on`: alone, or on several threads, by its multiply-adds.
macro_rules! shared {
    ($($(#[$doc:meta])* $kernel:ident: |$of:ident| $work:expr;)*) => {$(
        impl $kernel<'_> {
            $(#[$doc])*
            #[cfg_attr(not(feature = "std"), inline(always))]
            pub fn on(mut self, kernels: Kernels) {
                #[cfg(all(feature = "threads", any(target_arch = "x86_64", target_arch = "aarch64")))]
                {
                    let $of = &self;
                    let work = $work;
                    if kernels.threads().share(work) {
                        return share(self, work, kernels);
                    }
                }
                alone(&mut self, kernels);
            }
        }
    )*};
}

shared! {
    /// Computes `C`.
    Product: |p| times(p.m, times(p.n, p.k));
    /// Computes `y`.
    Dots: |d| times(d.samples, times(d.inputs, d.outputs));
    /// Computes `y`.
    Convolve: |f| times(f.samples, f.sizes.products());
    /// Computes `y` and `positions`.
    ConvolvePool: |f| times(f.samples, f.sizes.products());
    /// Computes `dx`, `dw` and `db`.
    ConvolveBackward: |b| times(times(b.samples, b.sizes.products()), usize::from(b.dx.is_some()) + usize::from(b.gradient.is_some()));
    /// Computes `y` and `positions`.
    MaxPool: |p| p.x.len() * POOLED;
    /// Computes `dx`.
    MaxPoolBackward: |p| p.dx.len() * POOLED;
}

impl SumRows<'_> {
    /// Computes `sums`: on one thread, since it is over too soon.
    #[cfg_attr(not(feature = "std"), inline(always))]
    pub fn on(mut self, kernels: Kernels) {
        kernels.run(&mut self);
    }
}
