//! A dense layer or convolution with the `BatchNorm` behind it folded in: `y = scale[c] · (W x)[c] + shift[c]` for each channel `c`, with
//! `scale = w / √(σ² + ε)` and `shift = (b₀ − μ) scale + b`; `w`, `b`, `μ` and `σ²` are the normalisation's, `b₀` is the layer's bias.
//!
//! Weights stay as they are, so that folding a file while compiling takes work by the channels alone. For use: it does not learn.

use core::mem::offset_of;

use super::BatchNorm;
use crate::init::Initializer;
use crate::network::fold;
use crate::random::Stream;
use crate::spec::{Entry, Fold, Item, Role};
use crate::{Folded as Mark, Layer, Pass, Plain, Real, Scalar, Shape, Simd, Spec, Store, Tensor, plain};

/// The layer `L`, without biases, and a factor and a summand for each of its `C` channels; `P` is one channel, as in [`BatchNorm`].
///
/// `EPSILON` is the normalisation's, in the bits of an `f64`; `BIASES` is how many biases the layer had, `C` or 0.
#[repr(C)]
pub struct Folded<L, P: Tensor, const C: usize, const EPSILON: u64, const BIASES: usize> {
    /// The layer.
    pub layer: L,
    /// `[C]`.
    pub scale: [P::Scalar; C],
    /// `[C]`.
    pub shift: [P::Scalar; C],
}

// SAFETY: `repr(C)`, a plain layer and arrays of numbers, and the assertion shows that nothing lies between them: every bit pattern is valid.
#[allow(unsafe_code, reason = "plain storage of a layer's own arrays")]
unsafe impl<L: Layer<Scalar = P::Scalar>, P: Tensor, const C: usize, const EPSILON: u64, const BIASES: usize> Plain
    for Folded<L, P, C, EPSILON, BIASES>
{
    const PACKED: () = {
        const { L::PACKED };
        assert!(size_of::<Self>() == size_of::<L>() + 2 * size_of::<[P::Scalar; C]>(), "a folded layer's numbers must all be of one size");
    };
}

/// Of a [`Folded`] layer: how it follows from others' tensors.
#[doc(hidden)]
pub trait Folds: Layer {
    const FOLD: &'static Fold;
}

impl<L: Layer<Scalar = P::Scalar, Output = [P; C]>, P: Tensor, const C: usize, const EPSILON: u64, const BIASES: usize> Folds
    for Folded<L, P, C, EPSILON, BIASES>
{
    const FOLD: &'static Fold = &Fold {
        layer: L::SPEC,
        has_bias: BIASES > 0,
        channels: C,
        dtype: <P::Scalar as Scalar>::DTYPE,
        epsilon: f64::from_bits(EPSILON),
        scale: offset_of!(Self, scale),
        shift: offset_of!(Self, shift),
    };
}

impl<L: Layer<Scalar = P::Scalar, Output = [P; C]>, P: Tensor, const C: usize, const EPSILON: u64, const BIASES: usize> Layer
    for Folded<L, P, C, EPSILON, BIASES>
{
    type Scalar = P::Scalar;
    type Input = L::Input;
    type Output = [P; C];
    type Kind = Real;
    type Learning = Mark;
    type Gradient = ();
    type Tape<B: Store> = L::Tape<B>;
    type Workspace<B: Store> = L::Workspace<B>;

    const PARAMETERS: usize = L::PARAMETERS + 2 * C;
    const MACS: usize = L::MACS + C * P::LEN;
    const SPEC: &'static Spec = &Spec {
        name: "Folded",
        entries: &[
            Entry { key: "", offset: 0, gradient: None, item: Item::Part(L::SPEC) },
            Entry {
                key: "scale",
                offset: offset_of!(Self, scale),
                gradient: None,
                item: Item::Tensor { shape: Shape::new(&[C]), dtype: <P::Scalar as Scalar>::DTYPE, role: Role::State },
            },
            Entry {
                key: "shift",
                offset: offset_of!(Self, shift),
                gradient: None,
                item: Item::Tensor { shape: Shape::new(&[C]), dtype: <P::Scalar as Scalar>::DTYPE, role: Role::State },
            },
        ],
        rows: &[],
    };

    #[inline]
    fn infer<S: Simd, B: Store>(&self, s: S, x: &[L::Input], y: &mut [[P; C]], workspace: &mut L::Workspace<B>) {
        self.layer.infer::<S, B>(s, x, y, workspace);
        s.vectorize(
            #[inline(always)]
            || {
                for y in y {
                    for (y, (scale, shift)) in y.iter_mut().zip(self.scale.iter().zip(&self.shift)) {
                        for y in y.flat_mut() {
                            *y = *y * *scale + *shift;
                        }
                    }
                }
            },
        );
    }

    #[inline]
    fn forward<S: Simd, B: Store>(&self, s: S, pass: Pass<'_>, x: &[L::Input], y: &mut [[P; C]], tape: &mut L::Tape<B>) {
        self.layer.forward::<S, B>(s, pass, x, y, tape);
        for y in y {
            for (y, (scale, shift)) in y.iter_mut().zip(self.scale.iter().zip(&self.shift)) {
                for y in y.flat_mut() {
                    *y = *y * *scale + *shift;
                }
            }
        }
    }

    /// `dx` alone, as of a frozen layer.
    #[inline]
    fn backward<S: Simd, B: Store>(
        &self,
        s: S,
        pass: Pass<'_>,
        x: &[L::Input],
        y: &[[P; C]],
        dy: &mut [[P; C]],
        dx: Option<&mut [L::Input]>,
        tape: &mut L::Tape<B>,
        _: Option<&mut ()>,
    ) {
        for dy in &mut *dy {
            for (dy, scale) in dy.iter_mut().zip(&self.scale) {
                // forward: y[c] = scale[c] (W x)[c] + shift[c]
                for dy in dy.flat_mut() {
                    *dy *= *scale;
                }
            }
        }
        self.layer.backward::<S, B>(s, pass, x, y, dy, dx, tape, None);
    }

    #[inline]
    fn descend<S: Simd, B: Store>(
        &mut self,
        s: S,
        pass: Pass<'_>,
        x: &[L::Input],
        y: &[[P; C]],
        dy: &mut [[P; C]],
        dx: Option<&mut [L::Input]>,
        tape: &mut L::Tape<B>,
        _: P::Scalar,
    ) {
        self.backward::<S, B>(s, pass, x, y, dy, dx, tape, None);
    }

    fn initialize(&mut self, initializer: &impl Initializer, random: &mut Stream) {
        self.layer.initialize(initializer, random);
        self.scale.fill(P::Scalar::ONE);
        self.shift.fill(P::Scalar::ZERO);
    }
}

impl<L: Layer<Scalar = P::Scalar, Output = [P; C]>, P: Tensor, const C: usize, const EPSILON: u64, const BIASES: usize>
    Folded<L, P, C, EPSILON, BIASES>
{
    /// Takes over a layer and the normalisation behind it. `K` is `L` with `BIASES` biases behind its weights.
    pub fn fold_from<K: Layer<Scalar = P::Scalar>, const MOMENTUM: u64>(&mut self, layer: &K, norm: &BatchNorm<C, P, EPSILON, MOMENTUM>) {
        const { assert!(size_of::<K>() == size_of::<L>() + BIASES * size_of::<P::Scalar>() && (BIASES == 0 || BIASES == C)) };
        let (weights, biases) = plain::bytes(layer).split_at(size_of::<L>());
        plain::bytes_mut(&mut self.layer).copy_from_slice(weights);
        let mut bias = [P::Scalar::ZERO; C];
        for (to, from) in plain::bytes_mut(&mut bias).iter_mut().zip(biases) {
            *to = *from;
        }
        for c in 0..C {
            let [weight, shift, mean, variance, bias] =
                [norm.weight[c], norm.bias[c], norm.running_mean[c], norm.running_var[c], bias[c]].map(P::Scalar::to_f64);
            let (scale, shift) = fold::scale_and_shift(weight, shift, mean, variance, f64::from_bits(EPSILON), bias);
            (self.scale[c], self.shift[c]) = (P::Scalar::from_f64(scale), P::Scalar::from_f64(shift));
        }
    }
}
