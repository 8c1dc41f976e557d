//! How kernels run: alone, or cut into parts by their outputs, one a thread (see [`threads`](crate::threads)).

#[cfg(feature = "threads")]
use super::ConvolutionSizes;
use super::{Convolve, ConvolveBackward, ConvolvePool, Dots, Kernel, MaxPool, MaxPoolBackward, Product, SumRows};
use crate::Kernels;

/// What a number of a pool's input costs, in multiply-adds.
#[cfg(feature = "threads")]
const POOLED: usize = 8;

/// Runs a kernel that is so many multiply-adds, each part on a thread.
#[cfg(feature = "threads")]
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

#[cfg(feature = "threads")]
impl ConvolutionSizes {
    /// Multiply-adds of a sample; padding counts.
    fn products(&self) -> usize {
        self.groups * self.outputs * self.outputs_along[0] * self.outputs_along[1] * self.inputs * self.kernel[0] * self.kernel[1]
    }
}

impl Product<'_> {
    /// Computes `C`.
    #[cfg_attr(not(feature = "std"), inline(always))]
    pub fn on(mut self, kernels: Kernels) {
        #[cfg(feature = "threads")]
        let work = self.m * self.n * self.k;
        #[cfg(feature = "threads")]
        if kernels.threads().share(work) {
            return share(self, work, kernels);
        }
        alone(&mut self, kernels);
    }
}

impl Dots<'_> {
    /// Computes `y`.
    #[cfg_attr(not(feature = "std"), inline(always))]
    pub fn on(mut self, kernels: Kernels) {
        #[cfg(feature = "threads")]
        let work = self.samples * self.inputs * self.outputs;
        #[cfg(feature = "threads")]
        if kernels.threads().share(work) {
            return share(self, work, kernels);
        }
        alone(&mut self, kernels);
    }
}

impl Convolve<'_> {
    /// Computes `y`.
    #[cfg_attr(not(feature = "std"), inline(always))]
    pub fn on(mut self, kernels: Kernels) {
        #[cfg(feature = "threads")]
        let work = self.samples * self.sizes.products();
        #[cfg(feature = "threads")]
        if kernels.threads().share(work) {
            return share(self, work, kernels);
        }
        alone(&mut self, kernels);
    }
}

impl ConvolvePool<'_> {
    /// Computes `y` and `positions`.
    #[cfg_attr(not(feature = "std"), inline(always))]
    pub fn on(mut self, kernels: Kernels) {
        #[cfg(feature = "threads")]
        let work = self.samples * self.sizes.products();
        #[cfg(feature = "threads")]
        if kernels.threads().share(work) {
            return share(self, work, kernels);
        }
        alone(&mut self, kernels);
    }
}

impl ConvolveBackward<'_> {
    /// Computes `dx`, `dw` and `db`.
    #[cfg_attr(not(feature = "std"), inline(always))]
    pub fn on(mut self, kernels: Kernels) {
        #[cfg(feature = "threads")]
        let work = self.samples * self.sizes.products() * (usize::from(self.dx.is_some()) + usize::from(self.gradient.is_some()));
        #[cfg(feature = "threads")]
        if kernels.threads().share(work) {
            return share(self, work, kernels);
        }
        alone(&mut self, kernels);
    }
}

impl MaxPool<'_> {
    /// Computes `y` and `positions`.
    #[cfg_attr(not(feature = "std"), inline(always))]
    pub fn on(mut self, kernels: Kernels) {
        #[cfg(feature = "threads")]
        let work = self.x.len() * POOLED;
        #[cfg(feature = "threads")]
        if kernels.threads().share(work) {
            return share(self, work, kernels);
        }
        alone(&mut self, kernels);
    }
}

impl MaxPoolBackward<'_> {
    /// Computes `dx`.
    #[cfg_attr(not(feature = "std"), inline(always))]
    pub fn on(mut self, kernels: Kernels) {
        #[cfg(feature = "threads")]
        let work = self.dx.len() * POOLED;
        #[cfg(feature = "threads")]
        if kernels.threads().share(work) {
            return share(self, work, kernels);
        }
        alone(&mut self, kernels);
    }
}

impl SumRows<'_> {
    /// Computes `sums`: on one thread, since it is over too soon.
    #[cfg_attr(not(feature = "std"), inline(always))]
    pub fn on(mut self, kernels: Kernels) {
        kernels.run(&mut self);
    }
}
