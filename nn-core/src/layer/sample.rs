//! Layers of users: one sample in, one sample out; nn-core adds batches, training, files and devices.

use crate::field::{Fields, parameters};
use crate::init::Initializer;
use crate::memory::runs::for_each_run;
use crate::random::Stream;
use crate::{Buffer, Kind, Layer, Learns, Pass, Plain, Scratch, Simd, Spec, Store, Tensor};

/// A layer of one's own, sample by sample. Everything else that a [`Layer`] must have follows from it and from `#[derive(Plain)]`, which
/// makes the struct's fields its parameters: they are trained, saved under their names, and counted in the summary.
///
/// ```
/// use nn_core::prelude::*;
///
/// /// `y[i] = w[i] x[i]`: each number has a factor of its own.
/// #[derive(Plain)]
/// #[repr(C)]
/// struct Scale<const N: usize> {
///     weight: [f32; N],
/// }
///
/// impl<const N: usize> SampleLayer for Scale<N> {
///     type Input = [f32; N];
///     type Output = [f32; N];
///     type Kind = Real;
///     type Saved = ();
///
///     fn infer(&self, x: &[f32; N], y: &mut [f32; N]) {
///         for i in 0..N {
///             y[i] = self.weight[i] * x[i];
///         }
///     }
///
///     fn backward(&self, x: &[f32; N], _y: &[f32; N], _saved: &(), dy: &[f32; N], dx: &mut [f32; N], gradient: &mut Self) {
///         for i in 0..N {
///             // forward: y[i] = w[i] * x[i]
///             gradient.weight[i] += dy[i] * x[i];
///             dx[i] = dy[i] * self.weight[i];
///         }
///     }
///
///     fn initialize(&mut self, _random: &mut Stream) {
///         self.weight.fill(1.0);
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a network nor a layer",
    label = "nothing that a network can hold",
    note = "declare it with `network!`, or implement `SampleLayer` for it"
)]
pub trait SampleLayer: Fields {
    /// One sample's input: an array, nested for more dimensions.
    type Input: Tensor;
    /// One sample's output.
    type Output: Tensor<Scalar = <Self::Input as Tensor>::Scalar>;
    /// What the output means: [`Real`](crate::Real), unless it gives probabilities.
    type Kind: Kind;
    /// What `forward` keeps of a sample for `backward`, besides `x` and `y`; `()` where that is nothing.
    type Saved: Plain;

    /// Multiply-adds of one sample's forward pass, for the summary.
    const MACS: usize = 0;

    /// The output. `y` holds zeros at the start, so that `=` and `+=` are both right.
    fn infer(&self, x: &Self::Input, y: &mut Self::Output);

    /// The output while training; may keep something in `saved`, which holds zeros at the start.
    fn forward(&self, x: &Self::Input, y: &mut Self::Output, saved: &mut Self::Saved) {
        let _ = saved;
        self.infer(x, y);
    }

    /// The gradients by the chain rule, from `dy = ∂L/∂y`: by the input to `dx`, which holds zeros at the start; by the parameters *added* to
    /// `gradient`, which collects the whole batch. In a network an activation in place may follow: `y` is this layer's own output nevertheless.
    fn backward(
        &self,
        x: &Self::Input,
        y: &Self::Output,
        saved: &Self::Saved,
        dy: &Self::Output,
        dx: &mut Self::Input,
        gradient: &mut Self,
    );

    /// Draws new parameters, which hold zeros before. ([`Stream::uniform`], [`Stream::normal`].)
    fn initialize(&mut self, random: &mut Stream) {
        let _ = random;
    }
}

/// The tape of a [`SampleLayer`].
pub struct SampleTape<L: SampleLayer, B: Store> {
    saved: B::Of<L::Saved>,
    /// Where `backward` writes what nobody needs.
    dx: B::Of<L::Input>,
    /// That too, and the gradient of a step without a gradient's buffer.
    gradient: B::Of<L>,
}

impl<L: SampleLayer, B: Store> Scratch for SampleTape<L, B> {
    const NEW: Self = Self { saved: Scratch::NEW, dx: Scratch::NEW, gradient: Scratch::NEW };
}

#[diagnostic::do_not_recommend]
impl<L: SampleLayer> Layer for L {
    type Scalar = <L::Input as Tensor>::Scalar;
    type Input = L::Input;
    type Output = L::Output;
    type Kind = L::Kind;
    type Learning = Learns;
    type Gradient = Self;
    type Tape<B: Store> = SampleTape<L, B>;
    type Workspace<B: Store> = ();

    const PARAMETERS: usize = parameters(L::ENTRIES);
    const MACS: usize = <L as SampleLayer>::MACS;
    const REPLACES: bool = true;
    const SPEC: &'static Spec = &Spec { name: L::NAME, entries: L::ENTRIES, rows: &[] };

    #[inline]
    fn infer<S: Simd, B: Store>(&self, s: S, x: &[L::Input], y: &mut [L::Output], (): &mut ()) {
        s.vectorize(
            #[inline(always)]
            || {
                zero(y);
                for (x, y) in x.iter().zip(y) {
                    SampleLayer::infer(self, x, y);
                }
            },
        );
    }

    #[inline]
    fn forward<S: Simd, B: Store>(&self, s: S, _: Pass<'_>, x: &[L::Input], y: &mut [L::Output], tape: &mut SampleTape<L, B>) {
        s.vectorize(
            #[inline(always)]
            || {
                zero(y);
                let saved = tape.saved.batch_mut(x.len());
                crate::plain::clear(saved);
                for ((x, y), saved) in x.iter().zip(y).zip(saved) {
                    SampleLayer::forward(self, x, y, saved);
                }
            },
        );
    }

    #[inline]
    fn backward<S: Simd, B: Store>(
        &self,
        s: S,
        pass: Pass<'_>,
        x: &[L::Input],
        y: &[L::Output],
        dy: &mut [L::Output],
        dx: Option<&mut [L::Input]>,
        tape: &mut SampleTape<L, B>,
        gradient: Option<&mut L>,
    ) {
        let gradient = pass.start(gradient);
        s.vectorize(
            #[inline(always)]
            || {
                let saved = tape.saved.batch(x.len());
                let gradient = match gradient {
                    Some(gradient) => gradient,
                    None => match tape.gradient.batch_mut(1).first_mut() {
                        Some(gradient) => gradient,
                        None => return,
                    },
                };
                let samples = x.iter().zip(y).zip(saved.iter().zip(&*dy));
                if let Some(dx) = dx {
                    zero(dx);
                    for (((x, y), (saved, dy)), dx) in samples.zip(dx) {
                        SampleLayer::backward(self, x, y, saved, dy, dx, gradient);
                    }
                } else {
                    let dx = tape.dx.batch_mut(1);
                    for ((x, y), (saved, dy)) in samples {
                        zero(dx);
                        let Some(dx) = dx.first_mut() else { return };
                        SampleLayer::backward(self, x, y, saved, dy, dx, gradient);
                    }
                }
            },
        );
    }

    #[inline]
    fn descend<S: Simd, B: Store>(
        &mut self,
        s: S,
        pass: Pass<'_>,
        x: &[L::Input],
        y: &[L::Output],
        dy: &mut [L::Output],
        dx: Option<&mut [L::Input]>,
        tape: &mut SampleTape<L, B>,
        rate: Self::Scalar,
    ) {
        crate::plain::clear(tape.gradient.batch_mut(1));
        Layer::backward::<S, B>(self, s, pass, x, y, dy, dx, tape, None);
        let [gradient, ..] = tape.gradient.batch(1) else { return };
        for_each_run::<L>(|run| {
            if let (Some(w), Some(dw)) = (run.parameters_mut(self), run.gradients::<L>(gradient)) {
                for (w, dw) in w.iter_mut().zip(dw) {
                    *w -= rate * *dw;
                }
            }
        });
    }

    fn initialize(&mut self, _: &impl Initializer, random: &mut Stream) {
        self.clear();
        SampleLayer::initialize(self, random);
    }
}

fn zero<X: Tensor>(values: &mut [X]) {
    X::flatten_mut(values).fill(<X::Scalar as crate::Scalar>::ZERO);
}

#[cfg(all(test, feature = "macros"))]
mod tests {
    use std::string::ToString;
    use std::vec::Vec;

    use super::SampleLayer;
    use crate::spec::{Dtype, Role};
    use crate::{Layer, Plain, Real};

    #[derive(Plain)]
    #[repr(C)]
    struct Mixed<const N: usize> {
        weight: [[f32; N]; 2],
        r#type: f32,
        #[plain(state)]
        seen: [f32; 3],
        steps: u32,
    }

    impl<const N: usize> SampleLayer for Mixed<N> {
        type Input = [f32; N];
        type Output = [f32; 2];
        type Kind = Real;
        type Saved = ();
        fn infer(&self, _: &[f32; N], _: &mut [f32; 2]) {}
        fn backward(&self, _: &[f32; N], _: &[f32; 2], (): &(), _: &[f32; 2], _: &mut [f32; N], _: &mut Self) {}
    }

    #[test]
    fn fields_become_tensors() {
        let mut leaves = Vec::new();
        <Mixed<5> as Layer>::SPEC
            .visit(|leaf| leaves.push((leaf.key.to_string(), leaf.offset, leaf.gradient, leaf.shape, leaf.dtype, leaf.role)));
        let shape = crate::Shape::new;
        assert_eq!(
            leaves,
            [
                ("weight".to_string(), 0, Some(0), shape(&[2, 5]), Dtype::F32, Role::Parameter),
                ("type".to_string(), 40, Some(40), shape(&[]), Dtype::F32, Role::Parameter),
                ("seen".to_string(), 44, None, shape(&[3]), Dtype::F32, Role::State),
                ("steps".to_string(), 56, None, shape(&[]), Dtype::U32, Role::State),
            ]
        );
        assert_eq!(<Mixed<5> as Layer>::PARAMETERS, 11);
        assert_eq!(<Mixed<5> as Layer>::SPEC.name, "Mixed");
    }

    /// Generic in the scalar too.
    #[derive(Plain)]
    #[repr(C)]
    struct Scale<T, const N: usize> {
        weight: [T; N],
        bias: T,
    }

    #[test]
    fn a_generic_struct_is_plain_for_every_scalar() {
        assert_eq!(crate::field::parameters(<Scale<f64, 3> as crate::field::Fields>::ENTRIES), 4);
        assert_eq!(crate::field::parameters(<Scale<f32, 3> as crate::field::Fields>::ENTRIES), 4);
        let scale = Scale::<f32, 3>::ZEROED;
        assert_eq!((scale.weight, scale.bias), ([0.0; 3], 0.0));
    }
}
