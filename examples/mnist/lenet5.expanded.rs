// What `network!` makes of the declaration in `main.rs`; `tests/README.md` says how to write it anew.

#[allow(unused_imports)]
const _: () = {
    use ::nn_core::activation::Relu as _;
    use ::nn_core::layer::{Conv2d as _, Dense as _, Flatten as _, MaxPool2d as _};
};

/// LeNet-5 for 28 × 28 grey-scale digits.
///
/// Network: `[1, 28, 28] -> [10]`, 44,426 parameters.
///
/// | name | layer | output | parameters |
/// |---|---|---|---|
/// | conv1 | `Conv2d(6, kernel = 5)` | `[6, 24, 24]` | 156 |
/// |  | `Relu` | `[6, 24, 24]` |  |
/// |  | `MaxPool2d(2)` | `[6, 12, 12]` |  |
/// | conv2 | `Conv2d(16, kernel = 5)` | `[16, 8, 8]` | 2,416 |
/// |  | `Relu` | `[16, 8, 8]` |  |
/// |  | `MaxPool2d(2)` | `[16, 4, 4]` |  |
/// |  | `Flatten` | `[256]` |  |
/// | fc1 | `Dense(120)` | `[120]` | 30,840 |
/// |  | `Relu` | `[120]` |  |
/// | fc2 | `Dense(84)` | `[84]` | 10,164 |
/// |  | `Relu` | `[84]` |  |
/// | logits | `Dense(10)` | `[10]` | 850 |
#[repr(C)]
pub struct LeNet5 {
    /// `Conv2d(6, kernel = 5)`: `[1, 28, 28] -> [6, 24, 24]`.
    pub conv1: ::nn_core::layer::Conv2d<1, 28, 28, 6, 24, 24, 5, 5>,
    /// `Conv2d(16, kernel = 5)`: `[6, 12, 12] -> [16, 8, 8]`.
    pub conv2: ::nn_core::layer::Conv2d<6, 12, 12, 16, 8, 8, 5, 5>,
    /// `Dense(120)`: `[256] -> [120]`.
    pub fc1: ::nn_core::layer::Dense<256, 120>,
    /// `Dense(84)`: `[120] -> [84]`.
    pub fc2: ::nn_core::layer::Dense<120, 84>,
    /// `Dense(10)`: `[84] -> [10]`.
    pub logits: ::nn_core::layer::Dense<84, 10>,
}

/// The gradient of every parameter of [`LeNet5`] that is not frozen.
#[repr(C)]
pub struct LeNet5Gradient {
    /// Of `conv1`.
    pub conv1: <::nn_core::layer::Conv2d<1, 28, 28, 6, 24, 24, 5, 5> as ::nn_core::Layer>::Gradient,
    /// Of `conv2`.
    pub conv2: <::nn_core::layer::Conv2d<6, 12, 12, 16, 8, 8, 5, 5> as ::nn_core::Layer>::Gradient,
    /// Of `fc1`.
    pub fc1: <::nn_core::layer::Dense<256, 120> as ::nn_core::Layer>::Gradient,
    /// Of `fc2`.
    pub fc2: <::nn_core::layer::Dense<120, 84> as ::nn_core::Layer>::Gradient,
    /// Of `logits`.
    pub logits: <::nn_core::layer::Dense<84, 10> as ::nn_core::Layer>::Gradient,
}

const _: () = {
    use ::core::fmt;
    use ::core::mem::{offset_of, size_of};
    use ::core::option::Option::{self, None, Some};
    use ::core::primitive::{bool, f32, str, u8, usize};
    use ::nn_core::init::Initializer;
    use ::nn_core::random::Stream;
    use ::nn_core::spec::{Entry, Row};
    use ::nn_core::{
        Activation, Buffer, Layer, Learns, Network, Pass, Plain, Real, Scratch, Simd, Spec, Store, Summary, activation, init, layer, plain,
    };

    type Conv1 = layer::Conv2d<1, 28, 28, 6, 24, 24, 5, 5>;
    type Pool1 = layer::MaxPool2d<6, 24, 24, 12, 12, 2, 2, layer::Window2d<2, 2>>;
    type Conv2 = layer::Conv2d<6, 12, 12, 16, 8, 8, 5, 5>;
    type Pool2 = layer::MaxPool2d<16, 8, 8, 4, 4, 2, 2, layer::Window2d<2, 2>>;
    type Fc1 = layer::Dense<256, 120>;
    type Fc2 = layer::Dense<120, 84>;
    type Logits = layer::Dense<84, 10>;

    /// SAFETY: `repr(C)`, and every field is plain; the assertion shows that nothing lies between them.
    unsafe impl Plain for LeNet5 {}
    const _: () = ::nn_core::__private::assert_packed::<LeNet5>(&[
        ::nn_core::__private::packed::<Conv1>(),
        ::nn_core::__private::packed::<Conv2>(),
        ::nn_core::__private::packed::<Fc1>(),
        ::nn_core::__private::packed::<Fc2>(),
        ::nn_core::__private::packed::<Logits>(),
    ]);

    /// SAFETY: `repr(C)`, and every field is plain; the assertion shows that nothing lies between them.
    unsafe impl Plain for LeNet5Gradient {}
    const _: () = ::nn_core::__private::assert_packed::<LeNet5Gradient>(&[
        ::nn_core::__private::packed::<<Conv1 as Layer>::Gradient>(),
        ::nn_core::__private::packed::<<Conv2 as Layer>::Gradient>(),
        ::nn_core::__private::packed::<<Fc1 as Layer>::Gradient>(),
        ::nn_core::__private::packed::<<Fc2 as Layer>::Gradient>(),
        ::nn_core::__private::packed::<<Logits as Layer>::Gradient>(),
    ]);

    impl Layer for LeNet5 {
        type Scalar = f32;
        type Input = [[[f32; 28]; 28]; 1];
        type Output = [f32; 10];
        type Kind = Real;
        type Learning = Learns;
        type Gradient = LeNet5Gradient;
        type Tape<B: Store> = LeNet5Tape<B>;
        type Workspace<B: Store> = LeNet5Workspace<B>;
        const PARAMETERS: usize = Conv1::PARAMETERS + Conv2::PARAMETERS + Fc1::PARAMETERS + Fc2::PARAMETERS + Logits::PARAMETERS;
        const MACS: usize = Conv1::MACS + Pool1::MACS + Conv2::MACS + Pool2::MACS + Fc1::MACS + Fc2::MACS + Logits::MACS;
        const REPLACES: bool = true;
        const SPEC: &'static Spec = &Spec {
            name: "LeNet5",
            entries: &[
                Entry::part::<Conv1>("conv1", offset_of!(Self, conv1), Some(offset_of!(LeNet5Gradient, conv1))),
                Entry::part::<Conv2>("conv2", offset_of!(Self, conv2), Some(offset_of!(LeNet5Gradient, conv2))),
                Entry::part::<Fc1>("fc1", offset_of!(Self, fc1), Some(offset_of!(LeNet5Gradient, fc1))),
                Entry::part::<Fc2>("fc2", offset_of!(Self, fc2), Some(offset_of!(LeNet5Gradient, fc2))),
                Entry::part::<Logits>("logits", offset_of!(Self, logits), Some(offset_of!(LeNet5Gradient, logits))),
            ],
            rows: &[
                Row::of::<Conv1>("conv1", "Conv2d(6, kernel = 5)"),
                Row::step("Relu", &[6, 24, 24]),
                Row::of::<Pool1>("", "MaxPool2d(2)"),
                Row::of::<Conv2>("conv2", "Conv2d(16, kernel = 5)"),
                Row::step("Relu", &[16, 8, 8]),
                Row::of::<Pool2>("", "MaxPool2d(2)"),
                Row::step("Flatten", &[256]),
                Row::of::<Fc1>("fc1", "Dense(120)"),
                Row::step("Relu", &[120]),
                Row::of::<Fc2>("fc2", "Dense(84)"),
                Row::step("Relu", &[84]),
                Row::of::<Logits>("logits", "Dense(10)"),
            ],
        };

        #[inline]
        fn infer<S: Simd, B: Store>(&self, s: S, x: &[Self::Input], y: &mut [Self::Output], workspace: &mut LeNet5Workspace<B>) {
            let n = x.len();
            let conv1: &mut [[[[f32; 24]; 24]; 6]] = plain::packed_mut(workspace.a.batch_mut(n));
            self.conv1.infer_packed::<S, B, _>(s, x, conv1, &Pool1::ZEROED);
            let pool1: &mut [[[[f32; 12]; 12]; 6]] = plain::packed_mut(workspace.b.batch_mut(n));
            Pool1::ZEROED.infer_packed::<S, B>(s, conv1, pool1);
            activation::Relu.forward_in_place(s, pool1);
            let conv2: &mut [[[[f32; 8]; 8]; 16]] = plain::packed_mut(workspace.a.batch_mut(n));
            self.conv2.infer_packed::<S, B, _>(s, pool1, conv2, &Pool2::ZEROED);
            let pool2: &mut [[[[f32; 4]; 4]; 16]] = plain::packed_mut(workspace.b.batch_mut(n));
            Pool2::ZEROED.infer_packed::<S, B>(s, conv2, pool2);
            activation::Relu.forward_in_place(s, pool2);
            let fc1: &mut [[f32; 120]] = plain::packed_mut(workspace.a.batch_mut(n));
            self.fc1.infer_chained::<S, B>(s, plain::reshape(pool2), fc1, layer::Chain { sizes: &[256, 120, 84, 10], at: 0, relu: true });
            let fc2: &mut [[f32; 84]] = plain::packed_mut(workspace.b.batch_mut(n));
            self.fc2.infer_chained::<S, B>(s, fc1, fc2, layer::Chain { sizes: &[256, 120, 84, 10], at: 1, relu: true });
            self.logits.infer_chained::<S, B>(s, fc2, y, layer::Chain { sizes: &[256, 120, 84, 10], at: 2, relu: false });
        }

        #[inline]
        fn forward<S: Simd, B: Store>(&self, s: S, pass: Pass<'_>, x: &[Self::Input], y: &mut [Self::Output], tape: &mut LeNet5Tape<B>) {
            let n = x.len();
            let mut places = plain::places(tape.memory.batch_mut(n));
            let conv1: &mut [[[[f32; 24]; 24]; 6]] = places.after(864);
            self.conv1.forward_packed::<S, B, _>(s, pass.at(0, &self.conv1), x, conv1, &Pool1::ZEROED);
            let mut places = plain::places(tape.memory.batch_mut(n));
            let pool1: &mut [[[[f32; 12]; 12]; 6]] = places.after(0);
            let conv1: &[[[[f32; 24]; 24]; 6]] = places.after(0);
            Pool1::ZEROED.forward_packed::<S, B>(s, pass.at(1, &Pool1::ZEROED), conv1, pool1, &mut tape.pool1_tape);
            let mut places = plain::places(tape.memory.batch_mut(n));
            let pool1: &mut [[[[f32; 12]; 12]; 6]] = places.after(0);
            activation::Relu.forward_in_place(s, pool1);
            let mut places = plain::places(tape.memory.batch_mut(n));
            let pool1: &[[[[f32; 12]; 12]; 6]] = places.after(0);
            let conv2: &mut [[[[f32; 8]; 8]; 16]] = places.after(256);
            self.conv2.forward_packed::<S, B, _>(s, pass.at(2, &self.conv2), pool1, conv2, &Pool2::ZEROED);
            let mut places = plain::places(tape.memory.batch_mut(n));
            let pool2: &mut [[[[f32; 4]; 4]; 16]] = places.after(864);
            let conv2: &[[[[f32; 8]; 8]; 16]] = places.after(0);
            Pool2::ZEROED.forward_packed::<S, B>(s, pass.at(3, &Pool2::ZEROED), conv2, pool2, &mut tape.pool2_tape);
            let mut places = plain::places(tape.memory.batch_mut(n));
            let pool2: &mut [[[[f32; 4]; 4]; 16]] = places.after(864);
            activation::Relu.forward_in_place(s, pool2);
            let mut places = plain::places(tape.memory.batch_mut(n));
            let pool2: &[[[[f32; 4]; 4]; 16]] = places.after(864);
            let fc1: &mut [[f32; 120]] = places.after(120);
            self.fc1.infer_chained::<S, B>(s, plain::reshape(pool2), fc1, layer::Chain { sizes: &[256, 120], at: 0, relu: true });
            let mut places = plain::places(tape.memory.batch_mut(n));
            let fc2: &mut [[f32; 84]] = places.after(1120);
            let fc1: &[[f32; 120]] = places.after(36);
            self.fc2.infer_chained::<S, B>(s, fc1, fc2, layer::Chain { sizes: &[120, 84], at: 0, relu: true });
            let mut places = plain::places(tape.memory.batch_mut(n));
            let fc2: &[[f32; 84]] = places.after(1120);
            self.logits.forward::<S, B>(s, pass.at(6, &self.logits), fc2, y, &mut ());
        }

        #[inline]
        fn backward<S: Simd, B: Store>(
            &self,
            s: S,
            pass: Pass<'_>,
            x: &[Self::Input],
            y: &[Self::Output],
            dy: &mut [Self::Output],
            dx: Option<&mut [Self::Input]>,
            tape: &mut LeNet5Tape<B>,
            mut gradient: Option<&mut LeNet5Gradient>,
        ) {
            let n = x.len();
            let mut places = plain::places(tape.memory.batch_mut(n));
            let fc2: &[[f32; 84]] = places.after(1120);
            let d_fc2: &mut [[f32; 84]] = places.after(156);
            self.logits.backward::<S, B>(
                s,
                pass.at(6, &self.logits),
                fc2,
                y,
                dy,
                Some(d_fc2),
                &mut (),
                gradient.as_mut().map(|gradient| &mut gradient.logits),
            );
            let mut places = plain::places(tape.memory.batch_mut(n));
            let fc2: &[[f32; 84]] = places.after(1120);
            let d_fc2: &mut [[f32; 84]] = places.after(156);
            activation::Relu.backward(s, fc2, d_fc2);
            let mut places = plain::places(tape.memory.batch_mut(n));
            let d_fc1: &mut [[f32; 120]] = places.after(1120);
            let fc1: &[[f32; 120]] = places.after(0);
            let d_fc2: &mut [[f32; 84]] = places.after(0);
            self.fc2.backward::<S, B>(
                s,
                pass.at(5, &self.fc2),
                fc1,
                &[],
                d_fc2,
                Some(d_fc1),
                &mut (),
                gradient.as_mut().map(|gradient| &mut gradient.fc2),
            );
            let mut places = plain::places(tape.memory.batch_mut(n));
            let d_fc1: &mut [[f32; 120]] = places.after(1120);
            let fc1: &[[f32; 120]] = places.after(0);
            activation::Relu.backward(s, fc1, d_fc1);
            let mut places = plain::places(tape.memory.batch_mut(n));
            let pool2: &[[[[f32; 4]; 4]; 16]] = places.after(864);
            let d_fc1: &mut [[f32; 120]] = places.after(0);
            let d_pool2: &mut [[[[f32; 4]; 4]; 16]] = places.after(648);
            self.fc1.backward::<S, B>(
                s,
                pass.at(4, &self.fc1),
                plain::reshape(pool2),
                &[],
                d_fc1,
                Some(plain::reshape_mut(d_pool2)),
                &mut (),
                gradient.as_mut().map(|gradient| &mut gradient.fc1),
            );
            let mut places = plain::places(tape.memory.batch_mut(n));
            let pool2: &[[[[f32; 4]; 4]; 16]] = places.after(864);
            let d_pool2: &mut [[[[f32; 4]; 4]; 16]] = places.after(768);
            activation::Relu.backward(s, pool2, d_pool2);
            let mut places = plain::places(tape.memory.batch_mut(n));
            let d_conv2: &mut [[[[f32; 8]; 8]; 16]] = places.after(864);
            let d_pool2: &mut [[[[f32; 4]; 4]; 16]] = places.after(0);
            Pool2::ZEROED.backward_packed::<S, B>(s, pass.at(3, &Pool2::ZEROED), d_pool2, Some(d_conv2), &mut tape.pool2_tape);
            let mut places = plain::places(tape.memory.batch_mut(n));
            let pool1: &[[[[f32; 12]; 12]; 6]] = places.after(0);
            let d_conv2: &mut [[[[f32; 8]; 8]; 16]] = places.after(0);
            let d_pool1: &mut [[[[f32; 12]; 12]; 6]] = places.after(1568);
            self.conv2.backward_packed::<S, B, _>(
                s,
                pass.at(2, &self.conv2),
                pool1,
                d_conv2,
                Some(d_pool1),
                gradient.as_mut().map(|gradient| &mut gradient.conv2),
                &Pool2::ZEROED,
            );
            let mut places = plain::places(tape.memory.batch_mut(n));
            let pool1: &[[[[f32; 12]; 12]; 6]] = places.after(0);
            let d_pool1: &mut [[[[f32; 12]; 12]; 6]] = places.after(2592);
            activation::Relu.backward(s, pool1, d_pool1);
            let mut places = plain::places(tape.memory.batch_mut(n));
            let d_conv1: &mut [[[[f32; 24]; 24]; 6]] = places.after(0);
            let d_pool1: &mut [[[[f32; 12]; 12]; 6]] = places.after(0);
            Pool1::ZEROED.backward_packed::<S, B>(s, pass.at(1, &Pool1::ZEROED), d_pool1, Some(d_conv1), &mut tape.pool1_tape);
            let mut places = plain::places(tape.memory.batch_mut(n));
            let d_conv1: &mut [[[[f32; 24]; 24]; 6]] = places.after(0);
            self.conv1.backward_packed::<S, B, _>(
                s,
                pass.at(0, &self.conv1),
                x,
                d_conv1,
                dx,
                gradient.as_mut().map(|gradient| &mut gradient.conv1),
                &Pool1::ZEROED,
            );
        }

        #[inline]
        fn descend<S: Simd, B: Store>(
            &mut self,
            s: S,
            pass: Pass<'_>,
            x: &[Self::Input],
            y: &[Self::Output],
            dy: &mut [Self::Output],
            dx: Option<&mut [Self::Input]>,
            tape: &mut LeNet5Tape<B>,
            rate: Self::Scalar,
        ) {
            let n = x.len();
            let mut places = plain::places(tape.memory.batch_mut(n));
            let fc2: &[[f32; 84]] = places.after(1120);
            let d_fc2: &mut [[f32; 84]] = places.after(156);
            self.logits.descend::<S, B>(s, pass.at(6, &self.logits), fc2, y, dy, Some(d_fc2), &mut (), rate);
            let mut places = plain::places(tape.memory.batch_mut(n));
            let fc2: &[[f32; 84]] = places.after(1120);
            let d_fc2: &mut [[f32; 84]] = places.after(156);
            activation::Relu.backward(s, fc2, d_fc2);
            let mut places = plain::places(tape.memory.batch_mut(n));
            let d_fc1: &mut [[f32; 120]] = places.after(1120);
            let fc1: &[[f32; 120]] = places.after(0);
            let d_fc2: &mut [[f32; 84]] = places.after(0);
            self.fc2.descend::<S, B>(s, pass.at(5, &self.fc2), fc1, &[], d_fc2, Some(d_fc1), &mut (), rate);
            let mut places = plain::places(tape.memory.batch_mut(n));
            let d_fc1: &mut [[f32; 120]] = places.after(1120);
            let fc1: &[[f32; 120]] = places.after(0);
            activation::Relu.backward(s, fc1, d_fc1);
            let mut places = plain::places(tape.memory.batch_mut(n));
            let pool2: &[[[[f32; 4]; 4]; 16]] = places.after(864);
            let d_fc1: &mut [[f32; 120]] = places.after(0);
            let d_pool2: &mut [[[[f32; 4]; 4]; 16]] = places.after(648);
            self.fc1.descend::<S, B>(
                s,
                pass.at(4, &self.fc1),
                plain::reshape(pool2),
                &[],
                d_fc1,
                Some(plain::reshape_mut(d_pool2)),
                &mut (),
                rate,
            );
            let mut places = plain::places(tape.memory.batch_mut(n));
            let pool2: &[[[[f32; 4]; 4]; 16]] = places.after(864);
            let d_pool2: &mut [[[[f32; 4]; 4]; 16]] = places.after(768);
            activation::Relu.backward(s, pool2, d_pool2);
            let mut places = plain::places(tape.memory.batch_mut(n));
            let d_conv2: &mut [[[[f32; 8]; 8]; 16]] = places.after(864);
            let d_pool2: &mut [[[[f32; 4]; 4]; 16]] = places.after(0);
            Pool2::ZEROED.backward::<S, B>(s, pass.at(3, &Pool2::ZEROED), &[], &[], d_pool2, Some(d_conv2), &mut tape.pool2_tape, None);
            let mut places = plain::places(tape.memory.batch_mut(n));
            let pool1: &[[[[f32; 12]; 12]; 6]] = places.after(0);
            let d_conv2: &mut [[[[f32; 8]; 8]; 16]] = places.after(0);
            let d_pool1: &mut [[[[f32; 12]; 12]; 6]] = places.after(1568);
            self.conv2.descend::<S, B>(s, pass.at(2, &self.conv2), pool1, &[], d_conv2, Some(d_pool1), &mut (), rate);
            let mut places = plain::places(tape.memory.batch_mut(n));
            let pool1: &[[[[f32; 12]; 12]; 6]] = places.after(0);
            let d_pool1: &mut [[[[f32; 12]; 12]; 6]] = places.after(2592);
            activation::Relu.backward(s, pool1, d_pool1);
            let mut places = plain::places(tape.memory.batch_mut(n));
            let d_conv1: &mut [[[[f32; 24]; 24]; 6]] = places.after(0);
            let d_pool1: &mut [[[[f32; 12]; 12]; 6]] = places.after(0);
            Pool1::ZEROED.backward::<S, B>(s, pass.at(1, &Pool1::ZEROED), &[], &[], d_pool1, Some(d_conv1), &mut tape.pool1_tape, None);
            let mut places = plain::places(tape.memory.batch_mut(n));
            let d_conv1: &mut [[[[f32; 24]; 24]; 6]] = places.after(0);
            self.conv1.descend::<S, B>(s, pass.at(0, &self.conv1), x, &[], d_conv1, dx, &mut (), rate);
        }

        fn initialize(&mut self, _: &impl Initializer, random: &mut Stream) {
            self.conv1.initialize(&init::HeUniform, random);
            self.conv2.initialize(&init::HeUniform, random);
            self.fc1.initialize(&init::HeUniform, random);
            self.fc2.initialize(&init::HeUniform, random);
            self.logits.initialize(&init::XavierUniform, random);
        }
    }

    /// What `forward` keeps for `backward` of [`LeNet5`], and where both work.
    pub struct LeNet5Tape<B: Store> {
        memory: B::Of<[f32; 4320]>,
        pool1_tape: <Pool1 as Layer>::Tape<B>,
        pool2_tape: <Pool2 as Layer>::Tape<B>,
    }

    impl<B: Store> Scratch for LeNet5Tape<B> {
        const NEW: Self = Self { memory: Scratch::NEW, pool1_tape: Scratch::NEW, pool2_tape: Scratch::NEW };
    }

    /// What `infer` of [`LeNet5`] works in.
    pub struct LeNet5Workspace<B: Store> {
        a: B::Of<[f32; 3456]>,
        b: B::Of<[f32; 864]>,
    }

    impl<B: Store> Scratch for LeNet5Workspace<B> {
        const NEW: Self = Self { a: Scratch::NEW, b: Scratch::NEW };
    }

    impl Network for LeNet5 {
        type Portable = ::nn_core::Portable;
        const NAME: &'static str = "LeNet5";
        const STEPS: usize = 7;
        #[inline]
        fn infer_step<S: Simd, B: Store>(
            &self,
            s: S,
            step: usize,
            x: &[Self::Input],
            y: &mut [Self::Output],
            workspace: &mut Self::Workspace<B>,
        ) {
            let n = x.len();
            match step {
                0 => {
                    let conv1: &mut [[[[f32; 24]; 24]; 6]] = plain::packed_mut(workspace.a.batch_mut(n));
                    self.conv1.infer_packed::<S, B, _>(s, x, conv1, &Pool1::ZEROED);
                }
                1 => {
                    let conv1: &[[[[f32; 24]; 24]; 6]] = plain::packed(workspace.a.batch(n));
                    let pool1: &mut [[[[f32; 12]; 12]; 6]] = plain::packed_mut(workspace.b.batch_mut(n));
                    Pool1::ZEROED.infer_packed::<S, B>(s, conv1, pool1);
                    activation::Relu.forward_in_place(s, pool1);
                }
                2 => {
                    let pool1: &[[[[f32; 12]; 12]; 6]] = plain::packed(workspace.b.batch(n));
                    let conv2: &mut [[[[f32; 8]; 8]; 16]] = plain::packed_mut(workspace.a.batch_mut(n));
                    self.conv2.infer_packed::<S, B, _>(s, pool1, conv2, &Pool2::ZEROED);
                }
                3 => {
                    let conv2: &[[[[f32; 8]; 8]; 16]] = plain::packed(workspace.a.batch(n));
                    let pool2: &mut [[[[f32; 4]; 4]; 16]] = plain::packed_mut(workspace.b.batch_mut(n));
                    Pool2::ZEROED.infer_packed::<S, B>(s, conv2, pool2);
                    activation::Relu.forward_in_place(s, pool2);
                }
                4 => {
                    let pool2: &[[[[f32; 4]; 4]; 16]] = plain::packed(workspace.b.batch(n));
                    let fc1: &mut [[f32; 120]] = plain::packed_mut(workspace.a.batch_mut(n));
                    self.fc1.infer_chained::<S, B>(
                        s,
                        plain::reshape(pool2),
                        fc1,
                        layer::Chain { sizes: &[256, 120, 84, 10], at: 0, relu: true },
                    );
                }
                5 => {
                    let fc1: &[[f32; 120]] = plain::packed(workspace.a.batch(n));
                    let fc2: &mut [[f32; 84]] = plain::packed_mut(workspace.b.batch_mut(n));
                    self.fc2.infer_chained::<S, B>(s, fc1, fc2, layer::Chain { sizes: &[256, 120, 84, 10], at: 1, relu: true });
                }
                6 => {
                    let fc2: &[[f32; 84]] = plain::packed(workspace.b.batch(n));
                    self.logits.infer_chained::<S, B>(s, fc2, y, layer::Chain { sizes: &[256, 120, 84, 10], at: 2, relu: false });
                }
                _ => {}
            }
        }
    }

    impl LeNet5 {
        /// How many numbers it learns, frozen ones among them.
        pub const PARAMETERS: usize = <Self as Layer>::PARAMETERS;
        /// Multiply-adds of one sample's forward pass.
        pub const MACS: usize = <Self as Layer>::MACS;
        /// Bytes of flash that its weights take as a `static`: its own size.
        ///
        /// Here 177,704.
        pub const FLASH_BYTES: usize = size_of::<Self>();

        /// Bytes of RAM that predicting needs for the values between layers, which share memory by lifetime: the size of its workspace. Input,
        /// output and stack come on top.
        ///
        /// Here 17,280.
        pub const INFERENCE_RAM: usize = size_of::<<Self as Layer>::Workspace<::nn_core::One>>();

        /// Bytes of RAM that training on a device needs: the network, its workspace, and by accumulation the gradient and the
        /// optimizer's state. The stack comes on top.
        #[must_use]
        pub const fn training_ram<
            Optimizer: ::nn_core::optimizer::Optimizer<f32> + ::core::marker::Copy,
            Mode: ::nn_core::device::Mode<Optimizer>,
        >(
            _: Optimizer,
            _: Mode,
        ) -> usize {
            ::nn_core::device::training_ram::<Self, f32, Optimizer, Mode>()
        }

        /// With all parameters zero, to be loaded or copied over.
        #[must_use]
        pub const fn zeros() -> Self {
            Self::ZEROED
        }

        /// With the weights of a safetensors file, for a `static`: they lie in flash and are used where they lie.
        ///
        /// `static NET: … = …::from_safetensors(include_bytes!("net.safetensors"));`
        ///
        /// # Panics
        /// While compiling, where the file does not fit, with all faults in one message. At run time take `load_safetensors_bytes`.
        #[must_use]
        #[track_caller]
        pub const fn from_safetensors(file: &[u8]) -> Self {
            ::nn_core::file::from_safetensors(file)
        }
    }
    ::nn_core::__clone_boxed! {
    [] LeNet5
    }

    impl fmt::Debug for LeNet5 {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            fmt::Display::fmt(&Summary(Self::SPEC), f)
        }
    }

    impl fmt::Display for LeNet5 {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            fmt::Display::fmt(&Summary(Self::SPEC), f)
        }
    }
};
