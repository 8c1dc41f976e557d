//! The pieces of a training step, for loops of one's own: reinforcement learning, adversarial pairs, sums of several losses.
//!
//! ```
//! # #[cfg(feature = "macros")]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use nn_core::prelude::*;
//! # use nn_core::train::{Gradients, Updates};
//!
//! network! {
//!     struct Line: [1] -> [1] {
//!         line: Dense(1),
//!     }
//! }
//!
//! let (x, t) = ([[0.0], [1.0], [2.0]], [[1.0], [3.0], [5.0]]);
//! let mut net = Line::zeros();
//! Gradients::<Line>::check_targets(&t, &MeanSquaredError)?;
//! let mut gradients = Gradients::new();
//! let mut updates = Updates::new(Adam::new(0.1))?;
//! for _ in 0..400 {
//!     gradients.set(&net, &x, &t, &MeanSquaredError);
//!     updates.apply(&mut net, &gradients);
//! }
//! assert!((net.predict(&[10.0])[0] - 21.0).abs() < 0.1);
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "macros"))]
//! # fn main() {}
//! ```

use std::vec::Vec;

use super::called::{self, clear};
use super::pace::Pace;
use super::parts::{Decays, Parts};
use super::passes::{Backward, Forward, replacing};
use super::run::{numbers, numbers_mut};
use super::{CanLearn, TrainError};
use crate::loss::Loss;
use crate::optimizer::{Clip, Optimizer, Update, sum_of_squares_by};
use crate::plain::Aligned;
use crate::{Buffer, Heap, Layer, Network, Pass, Scalar, Scratch, Tensor, plain};
use crate::{Kernels, Threads, dispatch};

/// The gradient of a network and the memory in which it is computed, on the heap.
pub struct Gradients<N: Layer> {
    /// One.
    gradient: Aligned<N::Gradient>,
    tape: N::Tape<Heap>,
    y: Aligned<N::Output>,
    dy: Aligned<N::Output>,
    dx: Aligned<N::Input>,
    kernels: Kernels,
    pace: Pace,
    seed: u64,
    passes: u64,
    by_inputs: bool,
    samples: usize,
}

impl<N: Network> Default for Gradients<N>
where
    N::Learning: CanLearn,
{
    fn default() -> Self {
        Self::new()
    }
}

impl<N: Network> Gradients<N>
where
    N::Learning: CanLearn,
{
    /// All zeros; dropout draws from seed 0.
    #[must_use]
    pub fn new() -> Self {
        Self {
            gradient: Aligned::new(1),
            tape: Scratch::new(),
            y: Aligned::EMPTY,
            dy: Aligned::EMPTY,
            dx: Aligned::EMPTY,
            kernels: Kernels::detect(),
            pace: Pace::new(Threads::ALL),
            seed: 0,
            passes: 0,
            by_inputs: false,
            samples: 0,
        }
    }

    /// Dropout draws from this seed.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Computes the gradient by the inputs too, for [`Gradients::inputs`].
    #[must_use]
    pub fn with_inputs(mut self) -> Self {
        self.by_inputs = true;
        self
    }

    /// Runs with these kernels instead of the machine's fastest.
    #[must_use]
    pub fn kernels(mut self, kernels: Kernels) -> Self {
        self.kernels = kernels;
        self
    }

    /// Computes on so many threads, and the updates that follow from it; with the feature `threads`. As
    /// [`Training::threads`](super::Training::threads): by default as many as are found to be fastest, the same bits however many there
    /// are.
    ///
    /// # Errors
    /// [`TrainError::NoThreads`] for 0.
    #[cfg(feature = "threads")]
    pub fn threads(mut self, threads: usize) -> Result<Self, TrainError> {
        self.pace = Pace::new(Threads::exactly(threads).ok_or(TrainError::NoThreads)?);
        Ok(self)
    }

    /// The gradient, layer by layer, in the network's own names: `gradients.get().fc1.weight[o][i]`.
    #[must_use]
    pub fn get(&self) -> &N::Gradient {
        &self.gradient[0]
    }

    /// The last batch's gradient by its inputs, `dx = ∂L/∂x`, for a network before this one, or to see which inputs matter; empty without
    /// [`Gradients::with_inputs`].
    #[must_use]
    pub fn inputs(&self) -> &[N::Input] {
        self.dx.get(..self.samples).unwrap_or(&[])
    }

    /// Sets the gradient to zero; that by the inputs is overwritten by every batch.
    pub fn clear(&mut self) {
        clear(self.kernels, plain::bytes_mut::<N::Gradient>(&mut self.gradient[0]));
    }

    /// Whether the loss's settings make sense and it means something for every target, as a run asks before its first update. To be asked
    /// once: [`Gradients::add`] and [`Gradients::set`], which see the same targets again and again, take them as they are.
    ///
    /// # Errors
    /// [`TrainError::Setting`], or [`TrainError::Target`] with the first target that the loss does not take.
    pub fn check_targets<T, L: Loss<N::Kind, N::Output, T>>(targets: &[T], loss: &L) -> Result<(), TrainError> {
        loss.check()?;
        targets
            .iter()
            .enumerate()
            .try_for_each(|(sample, target)| loss.check_target(target).map_err(|error| TrainError::Target { what: "data", sample, error }))
    }

    /// Adds the gradient of the batch's loss; returns the loss. Samples without a target, and targets without a sample, are left out. Targets
    /// are taken as they are: [`Gradients::check_targets`].
    pub fn add<T, L: Loss<N::Kind, N::Output, T>>(&mut self, net: &N, x: &[N::Input], targets: &[T], loss: &L) -> f64 {
        self.add_from(
            net,
            x,
            #[inline(always)]
            |y, dy| of_targets(loss, targets, y, dy),
        )
    }

    /// As [`Gradients::add`], and forgets the gradient before: sooner done than [`Gradients::clear`] and [`Gradients::add`].
    pub fn set<T, L: Loss<N::Kind, N::Output, T>>(&mut self, net: &N, x: &[N::Input], targets: &[T], loss: &L) -> f64 {
        self.set_from(
            net,
            x,
            #[inline(always)]
            |y, dy| of_targets(loss, targets, y, dy),
        )
    }

    /// Adds the gradient that follows from the outputs' own: `output_gradient` sees the batch's outputs `y` and writes `dy = ∂L/∂y`, which is
    /// zero before; returns what it returns. For losses that are not sums over samples.
    pub fn add_from<R>(&mut self, net: &N, x: &[N::Input], output_gradient: impl FnOnce(&[N::Output], &mut [N::Output]) -> R) -> R {
        self.passes(net, x, false, output_gradient)
    }

    /// As [`Gradients::add_from`], and forgets the gradient before.
    pub fn set_from<R>(&mut self, net: &N, x: &[N::Input], output_gradient: impl FnOnce(&[N::Output], &mut [N::Output]) -> R) -> R {
        self.passes(net, x, true, output_gradient)
    }

    /// Both passes; `forget` what the gradient holds.
    #[inline]
    fn passes<R>(&mut self, net: &N, x: &[N::Input], forget: bool, output_gradient: impl FnOnce(&[N::Output], &mut [N::Output]) -> R) -> R {
        let n = x.len();
        self.samples = n;
        self.kernels = self.kernels.on(self.pace.begin(n));
        let clock = self.pace.clock();
        let pass = Pass::new(self.seed, self.passes);
        self.passes += 1;
        let backward = if forget { replacing::<N>(pass, &mut self.gradient[0]) } else { pass };
        let (y, dy) = (self.y.batch_mut(n), self.dy.batch_mut(n));
        dispatch(self.kernels, Forward { net, pass, x, y, tape: &mut self.tape });
        N::Output::flatten_mut(dy).fill(N::Scalar::ZERO);
        let result = self.kernels.vectorize(
            #[inline(always)]
            || output_gradient(y, dy),
        );
        let dx = self.by_inputs.then(|| self.dx.batch_mut(n));
        dispatch(self.kernels, Backward { net, pass: backward, x, y, dy, dx, tape: &mut self.tape, gradient: &mut self.gradient[0] });
        self.pace.stop(clock);
        result
    }
}

/// The loss, and its gradient by the outputs.
#[inline(always)]
fn of_targets<K, Y: Tensor, T, L: Loss<K, Y, T>>(loss: &L, targets: &[T], y: &[Y], dy: &mut [Y]) -> f64 {
    let n = y.len().min(targets.len());
    loss.batch(&y[..n], &targets[..n], None, dy).reduce(loss.reduction())
}

/// An optimizer with its state for one network.
pub struct Updates<N: Layer, O> {
    optimizer: O,
    parts: Parts,
    state: Vec<Aligned<N::Scalar>>,
    step: u64,
}

impl<N: Network, O: Optimizer<N::Scalar>> Updates<N, O> {
    /// Before the first update.
    ///
    /// # Errors
    /// Where a setting of the optimizer makes no sense, or nothing of the network learns.
    pub fn new(optimizer: O) -> Result<Self, TrainError> {
        optimizer.check()?;
        let parts = Parts::of::<N>(&[], &[], &Decays::default())?;
        let state = parts.runs.iter().map(|run| Aligned::new(run.len * O::SLOTS)).collect();
        Ok(Self { optimizer, parts, state, step: 0 })
    }

    /// √Σ g² over all parameters.
    #[must_use]
    pub fn norm(&self, gradients: &Gradients<N>) -> f64 {
        let squares = self
            .parts
            .runs
            .iter()
            .map(|run| sum_of_squares_by::<N::Scalar>(gradients.kernels, numbers(&gradients.gradient[0], run.gradient, run.len)));
        crate::math::f64::sqrt(squares.sum())
    }

    /// Limits the gradient, by value or by norm.
    pub fn clip(&self, clip: Clip, gradients: &mut Gradients<N>) {
        let norm = self.norm(gradients);
        for run in &self.parts.runs {
            clip.apply::<N::Scalar>(norm, numbers_mut(&mut gradients.gradient[0], run.gradient, run.len));
        }
    }

    /// One update with the optimizer's own rate; moves running statistics to those of the last batch.
    pub fn apply(&mut self, net: &mut N, gradients: &Gradients<N>) {
        self.apply_at(net, gradients, 1.0);
    }

    /// One update with `factor` times the optimizer's rate, as a schedule gives it.
    pub fn apply_at(&mut self, net: &mut N, gradients: &Gradients<N>, factor: f64) {
        let clock = gradients.pace.clock();
        self.step += 1;
        let update = Update { learning_rate: self.optimizer.learning_rate() * factor, step: self.step };
        for (run, state) in self.parts.runs.iter().zip(&mut self.state) {
            let gradient = numbers(&gradients.gradient[0], run.gradient, run.len);
            let w = numbers_mut(net, run.offset, run.len);
            called::update(&self.optimizer, gradients.kernels, update, None, w, gradient, state);
        }
        if gradients.passes > 0 {
            net.finish::<Heap>(Pass::new(gradients.seed, gradients.passes - 1), &gradients.tape);
        }
        gradients.pace.stop(clock);
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::{CanLearn, Gradients};
    use crate::loss::{Loss, MeanSquaredError};
    use crate::random::Stream;
    use crate::{Kernels, Network, Tensor, network, plain};

    // Every layer of this crate that learns.
    network! {
        struct Every: [2, 6, 6] -> [4] {
            a: Conv2d(4, kernel = 3),
            b: DepthwiseConv2d(kernel = 3),
            bn: BatchNorm,
            Relu,
            Flatten,
            ln: LayerNorm,
            blocks: Repeat(2) {
                Residual { main: { fc: Dense(16) } },
            },
            small: Dense(4),
        }
    }

    network! {
        struct Sequence: [2, 9] -> [3] {
            a: Conv1d(3, kernel = 3),
            Flatten,
            fc: Dense(3, bias = false),
        }
    }

    network! {
        struct Nested: [2, 9] -> [3] {
            body: Sequence -> [3],
            fc: Dense(3),
        }
    }

    fn numbers<X: Tensor<Scalar = f32>>(n: usize, random: &mut Stream) -> Vec<X> {
        let mut all = plain::vec::<X>(n);
        for x in X::flatten_mut(&mut all) {
            #[allow(clippy::cast_possible_truncation)]
            (*x = random.unit() as f32 - 0.5);
        }
        all
    }

    fn forgets<N: Network<Scalar = f32>>()
    where
        N::Learning: CanLearn,
        MeanSquaredError: Loss<N::Kind, N::Output, N::Output>,
    {
        assert!(N::REPLACES);
        let net = N::new_boxed(1);
        let mut random = Stream::new(&[2]);
        for kernels in Kernels::all() {
            let (x, t, other) = (numbers(5, &mut random), numbers(5, &mut random), numbers(7, &mut random));
            let (mut cleared, mut replaced) = (Gradients::<N>::new().kernels(kernels), Gradients::<N>::new().kernels(kernels));
            for gradients in [&mut cleared, &mut replaced] {
                gradients.add(&*net, &other, &numbers::<N::Output>(7, &mut Stream::new(&[3])), &MeanSquaredError);
            }
            assert!(plain::bytes(cleared.get()) == plain::bytes(replaced.get()));
            cleared.clear();
            cleared.add(&*net, &x, &t, &MeanSquaredError);
            replaced.set(&*net, &x, &t, &MeanSquaredError);
            assert!(plain::bytes(cleared.get()) == plain::bytes(replaced.get()), "{} {}", N::NAME, kernels.name());
            // The next batch adds.
            for gradients in [&mut cleared, &mut replaced] {
                gradients.add(&*net, &x, &t, &MeanSquaredError);
            }
            assert!(plain::bytes(cleared.get()) == plain::bytes(replaced.get()), "{} {}", N::NAME, kernels.name());
        }
    }

    #[test]
    fn a_set_gradient_is_a_cleared_one_that_was_added_to() {
        forgets::<Every>();
        forgets::<Sequence>();
        forgets::<Nested>();
    }
}
