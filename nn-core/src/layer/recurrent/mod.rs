//! Recurrent layers: what [`Rnn`](super::Rnn), [`Gru`](super::Gru) and [`Lstm`](super::Lstm) share. Layers may be stacked, and read both
//! ways; what a unit computes is its [`Cell`]'s.
//!
//! Layer `m + 1` reads what layer `m` gives at each step. The backward direction reads from the last step to the first, and its outputs stand
//! behind the forward direction's at each step. States begin at 0.
//!
//! Backward goes through the steps in reverse, with the gradient of the state carried along; a layer's gates' gradients of all steps take
//! the place of what was kept of them, and its parameters' gradients follow from all steps at once.
//!
//! What is kept lies step by step, and in a step sample by sample: so a batch's step is a product of matrices over rows side by side, and the
//! gradient of the recurrent weights is one product over all steps. Samples' rows would lie a whole series apart otherwise, at distances that
//! are powers of two as often as not, which share a few places of the cache. The weights are transposed once a pass, so that outputs fill
//! registers whatever the batch; without a heap, where there is one sample, nothing is transposed and rows of weights meet it one by one.

mod cell;
mod keys;
mod output;
mod passes;
mod units;
mod weights;

use core::marker::PhantomData;

pub use cell::Cell;
pub use keys::MOST_LAYERS;
pub use output::{EveryStep, LastStep, Steps};
use passes::Direction;
use weights::Transposed;
pub use weights::Weights;

use crate::init::Initializer;
use crate::random::Stream;
use crate::spec::Entry;
use crate::{Buffer, Layer, Learns, Pass, Plain, Real, Scalar, Scratch, Simd, Spec, Store};

/// A recurrent layer with units `C`, which gives `Y` of its states; see [`Rnn`](super::Rnn), [`Gru`](super::Gru) and [`Lstm`](super::Lstm).
///
/// `L` steps of `I` numbers; `H` units; outputs of `O = H · D` numbers; `D` directions; `M` layers behind the first; `G` gates, of which
/// `K` numbers a unit are kept; states of `V` numbers a unit; biases for `B` gates, all or none.
#[repr(C)]
pub struct Recurrent<
    C,
    Y,
    const L: usize,
    const I: usize,
    const H: usize,
    const O: usize,
    const D: usize,
    const M: usize,
    const G: usize,
    const K: usize,
    const V: usize,
    const B: usize,
    T = f32,
> {
    /// The first layer's parameters, for each direction.
    pub first: [Weights<I, H, G, B, T>; D],
    /// Those of the layers behind it.
    pub more: [[Weights<O, H, G, B, T>; D]; M],
    marker: PhantomData<(C, Y)>,
}

// SAFETY: `repr(C)` and arrays of plain values of one scalar, and nothing else: no padding, every bit pattern is valid.
#[allow(unsafe_code, reason = "plain storage of a layer's own arrays")]
unsafe impl<
    C: Cell<K, V>,
    Y: Steps,
    const L: usize,
    const I: usize,
    const H: usize,
    const O: usize,
    const D: usize,
    const M: usize,
    const G: usize,
    const K: usize,
    const V: usize,
    const B: usize,
    T: Scalar,
> Plain for Recurrent<C, Y, L, I, H, O, D, M, G, K, V, B, T>
{
}

/// What one direction of one layer keeps of all steps, step by step.
pub struct Kept<T: Scalar, const L: usize, const H: usize, const K: usize, const V: usize, S: Store> {
    /// What the gradients of the gates' sums are computed from, and then these.
    gates: S::Of<[[[T; H]; K]; L]>,
    /// The state after each step.
    states: S::Of<[[[T; H]; V]; L]>,
}

impl<T: Scalar, const L: usize, const H: usize, const K: usize, const V: usize, S: Store> Scratch for Kept<T, L, H, K, V, S> {
    const NEW: Self = Self { gates: Scratch::NEW, states: Scratch::NEW };
}

/// Memory for one step at a time, and transposed weights.
pub struct Scrap<T: Scalar, const H: usize, const G: usize, const V: usize, S: Store> {
    /// The gates' sums of one sample.
    sums: S::Of<[[T; H]; G]>,
    /// The state; in backward its gradient.
    state: S::Of<[[T; H]; V]>,
    /// The input's weights, with a row an input.
    ih: S::OfBatches<[[T; H]; G]>,
    /// The hidden state's.
    hh: S::OfBatches<[[T; H]; G]>,
}

impl<T: Scalar, const H: usize, const G: usize, const V: usize, S: Store> Scratch for Scrap<T, H, G, V, S> {
    const NEW: Self = Self { sums: Scratch::NEW, state: Scratch::NEW, ih: Scratch::NEW, hh: Scratch::NEW };
}

/// What a pass through all steps works in.
struct Memory<'a, T, const H: usize, const G: usize, const V: usize> {
    sums: &'a mut [[[T; H]; G]],
    state: &'a mut [[[T; H]; V]],
    transposed: Transposed<'a, T, H, G>,
}

impl<T: Scalar, const H: usize, const G: usize, const V: usize, St: Store> Scrap<T, H, G, V, St> {
    /// Before the first of the steps: states are 0.
    fn of<S: Simd, const I: usize, const B: usize>(&mut self, _: S, weights: &Weights<I, H, G, B, T>, n: usize) -> Memory<'_, T, H, G, V> {
        let by_products = Weights::<I, H, G, B, T>::by_products::<S>(n);
        let [inputs, units] = if by_products { [I, H] } else { [0, 0] };
        let state = self.state.batch_mut(n);
        state.fill([[T::ZERO; H]; V]);
        let transposed = Transposed { ih: self.ih.batch_mut(inputs), hh: self.hh.batch_mut(units) };
        let mut memory = Memory { sums: self.sums.batch_mut(usize::from(!by_products)), state, transposed };
        if by_products {
            weights.transpose(&mut memory.transposed);
        }
        memory
    }
}

/// The tape of a [`Recurrent`].
pub struct RecurrentTape<
    T: Scalar,
    const L: usize,
    const H: usize,
    const O: usize,
    const D: usize,
    const M: usize,
    const G: usize,
    const K: usize,
    const V: usize,
    S: Store,
> {
    first: [Kept<T, L, H, K, V, S>; D],
    more: [[Kept<T, L, H, K, V, S>; D]; M],
    /// What each layer but the last gives.
    between: [S::Of<[[T; O]; L]>; M],
    /// The gradients of these.
    d_between: [S::Of<[[T; O]; L]>; M],
    scrap: Scrap<T, H, G, V, S>,
}

impl<
    T: Scalar,
    const L: usize,
    const H: usize,
    const O: usize,
    const D: usize,
    const M: usize,
    const G: usize,
    const K: usize,
    const V: usize,
    S: Store,
> Scratch for RecurrentTape<T, L, H, O, D, M, G, K, V, S>
{
    const NEW: Self = Self { first: Scratch::NEW, more: Scratch::NEW, between: Scratch::NEW, d_between: Scratch::NEW, scrap: Scratch::NEW };
}

/// The workspace of a [`Recurrent`]: one step, and what lies between stacked layers.
pub struct RecurrentWorkspace<
    T: Scalar,
    const L: usize,
    const H: usize,
    const O: usize,
    const M: usize,
    const G: usize,
    const K: usize,
    const V: usize,
    S: Store,
> {
    gates: S::Of<[[T; H]; K]>,
    between: [S::Of<[[T; O]; L]>; M],
    scrap: Scrap<T, H, G, V, S>,
}

impl<T: Scalar, const L: usize, const H: usize, const O: usize, const M: usize, const G: usize, const K: usize, const V: usize, S: Store>
    Scratch for RecurrentWorkspace<T, L, H, O, M, G, K, V, S>
{
    const NEW: Self = Self { gates: Scratch::NEW, between: Scratch::NEW, scrap: Scratch::NEW };
}

impl<
    C: Cell<K, V>,
    Y: Steps,
    const L: usize,
    const I: usize,
    const H: usize,
    const O: usize,
    const D: usize,
    const M: usize,
    const G: usize,
    const K: usize,
    const V: usize,
    const B: usize,
    T: Scalar,
> Recurrent<C, Y, L, I, H, O, D, M, G, K, V, B, T>
{
    const SIZES: keys::Sizes =
        keys::Sizes { inputs: I, units: H, rows: G * H, biases: B * H, directions: D, layers: 1 + M, dtype: T::DTYPE };
    const ENTRIES: [Entry; keys::MOST] = {
        assert!(O == D * H && (D == 1 || D == 2), "an output of all units, for one direction or both");
        assert!(M < MOST_LAYERS, "no more layers than there are keys");
        assert!(B == G || B == 0, "biases for all gates, or none");
        keys::entries(&Self::SIZES)
    };

    /// The gradients of all gates of all layers; `dx` of each layer becomes `dy` of the one before it.
    #[inline]
    fn backward_steps<S: Simd, St: Store>(&self, s: S, dy: &[Y::Of<T, L, O>], tape: &mut RecurrentTape<T, L, H, O, D, M, G, K, V, St>) {
        let n = dy.len();
        let RecurrentTape { first, more, d_between, scrap, .. } = tape;
        let mut layers = self.more.iter().zip(more).enumerate().rev();
        if let Some((m, (layer, kept))) = layers.next() {
            for (d, (w, kept)) in layer.iter().zip(kept.iter_mut()).enumerate() {
                w.backward::<C, Y, S, St, L, O, K, V>(s, Direction(d), dy, kept, scrap);
            }
            input_gradients(s, layer, kept, d_between.get_mut(m).map(|dx| dx.batch_mut(n)));
            for (m, (layer, kept)) in layers {
                let Some((to, [from, ..])) = d_between.split_at_mut_checked(m + 1) else { return };
                let dy = from.batch(n);
                for (d, (w, kept)) in layer.iter().zip(kept.iter_mut()).enumerate() {
                    w.backward::<C, EveryStep, S, St, L, O, K, V>(s, Direction(d), dy, kept, scrap);
                }
                input_gradients(s, layer, kept, to.last_mut().map(|dx| dx.batch_mut(n)));
            }
        }
        for (d, (w, kept)) in self.first.iter().zip(first).enumerate() {
            if let Some(dy) = d_between.first() {
                w.backward::<C, EveryStep, S, St, L, O, K, V>(s, Direction(d), dy.batch(n), kept, scrap);
            } else {
                w.backward::<C, Y, S, St, L, O, K, V>(s, Direction(d), dy, kept, scrap);
            }
        }
    }

    /// Adds `factor` times the parameters' gradients.
    #[inline]
    fn add<S: Simd, St: Store>(&mut self, s: S, factor: T, x: &[[[T; I]; L]], tape: &RecurrentTape<T, L, H, O, D, M, G, K, V, St>) {
        let n = x.len();
        for (d, (w, kept)) in self.first.iter_mut().zip(&tape.first).enumerate() {
            w.add(s, factor, x, kept.gates.batch(n).as_flattened(), kept.states.batch(n).as_flattened(), d == 1);
        }
        for ((layer, kept), x) in self.more.iter_mut().zip(&tape.more).zip(&tape.between) {
            for (d, (w, kept)) in layer.iter_mut().zip(kept).enumerate() {
                w.add(s, factor, x.batch(n), kept.gates.batch(n).as_flattened(), kept.states.batch(n).as_flattened(), d == 1);
            }
        }
    }
}

/// The gradient by a layer's input, of all directions together.
#[inline]
fn input_gradients<
    T: Scalar,
    S: Simd,
    St: Store,
    const L: usize,
    const I: usize,
    const H: usize,
    const G: usize,
    const K: usize,
    const V: usize,
    const B: usize,
>(
    s: S,
    layer: &[Weights<I, H, G, B, T>],
    kept: &[Kept<T, L, H, K, V, St>],
    dx: Option<&mut [[[T; I]; L]]>,
) {
    let Some(dx) = dx else { return };
    for (d, (w, kept)) in layer.iter().zip(kept).enumerate() {
        w.input_gradient(s, kept.gates.batch(dx.len()).as_flattened(), dx, d > 0);
    }
}

impl<
    C: Cell<K, V>,
    Y: Steps,
    const L: usize,
    const I: usize,
    const H: usize,
    const O: usize,
    const D: usize,
    const M: usize,
    const G: usize,
    const K: usize,
    const V: usize,
    const B: usize,
    T: Scalar,
> Layer for Recurrent<C, Y, L, I, H, O, D, M, G, K, V, B, T>
{
    type Scalar = T;
    type Input = [[T; I]; L];
    type Output = Y::Of<T, L, O>;
    type Kind = Real;
    type Learning = Learns;
    type Gradient = Self;
    type Tape<S: Store> = RecurrentTape<T, L, H, O, D, M, G, K, V, S>;
    type Workspace<S: Store> = RecurrentWorkspace<T, L, H, O, M, G, K, V, S>;

    const PARAMETERS: usize = D * (Weights::<I, H, G, B, T>::PARAMETERS + M * Weights::<O, H, G, B, T>::PARAMETERS);
    const MACS: usize = L * D * (Weights::<I, H, G, B, T>::MACS + M * Weights::<O, H, G, B, T>::MACS);
    const REPLACES: bool = true;
    const SPEC: &'static Spec = &Spec { name: C::NAME, entries: Self::ENTRIES.split_at(keys::count(&Self::SIZES)).0, rows: &[] };

    #[inline]
    fn infer<S: Simd, St: Store>(&self, s: S, x: &[Self::Input], y: &mut [Self::Output], workspace: &mut Self::Workspace<St>) {
        let n = x.len();
        let RecurrentWorkspace { gates, between, scrap } = workspace;
        for (d, w) in self.first.iter().enumerate() {
            if let Some(y) = between.first_mut() {
                w.infer::<C, EveryStep, S, St, L, O, K, V>(s, Direction(d), x, y.batch_mut(n), gates, scrap);
            } else {
                w.infer::<C, Y, S, St, L, O, K, V>(s, Direction(d), x, y, gates, scrap);
            }
        }
        for (m, layer) in self.more.iter().enumerate() {
            let Some((x, after)) = between.split_at_mut_checked(m + 1) else { return };
            let Some(x) = x.last() else { return };
            let x = x.batch(n);
            for (d, w) in layer.iter().enumerate() {
                if let Some(y) = after.first_mut() {
                    w.infer::<C, EveryStep, S, St, L, O, K, V>(s, Direction(d), x, y.batch_mut(n), gates, scrap);
                } else {
                    w.infer::<C, Y, S, St, L, O, K, V>(s, Direction(d), x, y, gates, scrap);
                }
            }
        }
    }

    #[inline]
    fn forward<S: Simd, St: Store>(&self, s: S, _: Pass<'_>, x: &[Self::Input], y: &mut [Self::Output], tape: &mut Self::Tape<St>) {
        let n = x.len();
        let RecurrentTape { first, more, between, scrap, .. } = tape;
        for (d, (w, kept)) in self.first.iter().zip(first).enumerate() {
            if let Some(y) = between.first_mut() {
                w.forward::<C, EveryStep, S, St, L, O, K, V>(s, Direction(d), x, y.batch_mut(n), kept, scrap);
            } else {
                w.forward::<C, Y, S, St, L, O, K, V>(s, Direction(d), x, y, kept, scrap);
            }
        }
        for (m, (layer, kept)) in self.more.iter().zip(more).enumerate() {
            let Some((x, after)) = between.split_at_mut_checked(m + 1) else { return };
            let Some(x) = x.last() else { return };
            let x = x.batch(n);
            for (d, (w, kept)) in layer.iter().zip(kept).enumerate() {
                if let Some(y) = after.first_mut() {
                    w.forward::<C, EveryStep, S, St, L, O, K, V>(s, Direction(d), x, y.batch_mut(n), kept, scrap);
                } else {
                    w.forward::<C, Y, S, St, L, O, K, V>(s, Direction(d), x, y, kept, scrap);
                }
            }
        }
    }

    #[inline]
    fn backward<S: Simd, St: Store>(
        &self,
        s: S,
        pass: Pass<'_>,
        x: &[Self::Input],
        _: &[Self::Output],
        dy: &mut [Self::Output],
        dx: Option<&mut [Self::Input]>,
        tape: &mut Self::Tape<St>,
        gradient: Option<&mut Self>,
    ) {
        self.backward_steps::<S, St>(s, dy, tape);
        if let Some(gradient) = pass.start(gradient) {
            gradient.add::<S, St>(s, T::ONE, x, tape);
        }
        input_gradients(s, &self.first, &tape.first, dx);
    }

    #[inline]
    fn descend<S: Simd, St: Store>(
        &mut self,
        s: S,
        _: Pass<'_>,
        x: &[Self::Input],
        _: &[Self::Output],
        dy: &mut [Self::Output],
        dx: Option<&mut [Self::Input]>,
        tape: &mut Self::Tape<St>,
        rate: T,
    ) {
        self.backward_steps::<S, St>(s, dy, tape);
        input_gradients(s, &self.first, &tape.first, dx);
        self.add::<S, St>(s, -rate, x, tape);
    }

    fn initialize(&mut self, initializer: &impl Initializer, random: &mut Stream) {
        for w in &mut self.first {
            w.initialize::<C, K, V>(initializer, random);
        }
        for w in self.more.as_flattened_mut() {
            w.initialize::<C, K, V>(initializer, random);
        }
    }
}
