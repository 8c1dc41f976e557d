//! The training loop, end to end.
#![allow(missing_docs, reason = "a test")]

use nn_core::metric::Columns;
use nn_core::prelude::*;

/// `struct $name: [$i] -> [$o] { hidden: Dense($h), $act, output: Dense($o) }`, expanded by hand.
macro_rules! mlp {
    ($name:ident, $gradient:ident, $tape:ident, $i:literal, $h:literal, $act:ident, $o:literal, $t:ident) => {
        #[repr(C)]
        pub struct $name {
            pub hidden: nn_core::layer::Dense<$i, $h, $t>,
            pub output: nn_core::layer::Dense<$h, $o, $t>,
        }
        #[repr(C)]
        pub struct $gradient {
            hidden: nn_core::layer::Dense<$i, $h, $t>,
            output: nn_core::layer::Dense<$h, $o, $t>,
        }
        pub struct $tape<B: nn_core::Store> {
            hidden: B::Of<[$t; $h]>,
            d: B::Of<[$t; $h]>,
        }
        impl<B: nn_core::Store> nn_core::Scratch for $tape<B> {
            fn new() -> Self {
                Self { hidden: nn_core::Scratch::new(), d: nn_core::Scratch::new() }
            }
        }
        const _: () = {
            use core::mem::offset_of;
            use nn_core::spec::{Entry, Item};
            use nn_core::{Activation, Buffer, Learns, Pass, Simd, Spec, Store, activation::$act, init, layer::Dense, random::Stream};
            #[allow(unsafe_code)]
            // SAFETY: `repr(C)`, numbers of one size.
            unsafe impl Plain for $name {}
            #[allow(unsafe_code)]
            // SAFETY: as above.
            unsafe impl Plain for $gradient {}
            impl Layer for $name {
                type Scalar = $t;
                type Input = [$t; $i];
                type Output = [$t; $o];
                type Kind = Real;
                type Learning = Learns;
                type Gradient = $gradient;
                type Tape<B: Store> = $tape<B>;
                type Workspace<B: Store> = $tape<B>;
                const PARAMETERS: usize = $i * $h + $h + $h * $o + $o;
                const MACS: usize = $i * $h + $h * $o;
                const SPEC: &'static Spec = &Spec {
                    name: stringify!($name),
                    entries: &[
                        Entry {
                            key: "hidden",
                            offset: offset_of!($name, hidden),
                            gradient: Some(offset_of!($gradient, hidden)),
                            item: Item::Part(<Dense<$i, $h, $t> as Layer>::SPEC),
                        },
                        Entry {
                            key: "output",
                            offset: offset_of!($name, output),
                            gradient: Some(offset_of!($gradient, output)),
                            item: Item::Part(<Dense<$h, $o, $t> as Layer>::SPEC),
                        },
                    ],
                    rows: &[],
                };
                fn infer<S: Simd, B: Store>(&self, s: S, x: &[[$t; $i]], y: &mut [[$t; $o]], w: &mut $tape<B>) {
                    let hidden = w.hidden.batch_mut(x.len());
                    self.hidden.infer::<S, B>(s, x, hidden, &mut ());
                    $act.forward_in_place(s, hidden);
                    self.output.infer::<S, B>(s, hidden, y, &mut ());
                }
                fn forward<S: Simd, B: Store>(&self, s: S, _: Pass<'_>, x: &[[$t; $i]], y: &mut [[$t; $o]], tape: &mut $tape<B>) {
                    self.infer::<S, B>(s, x, y, tape);
                }
                fn backward<S: Simd, B: Store>(
                    &self,
                    s: S,
                    pass: Pass<'_>,
                    x: &[[$t; $i]],
                    y: &[[$t; $o]],
                    dy: &mut [[$t; $o]],
                    dx: Option<&mut [[$t; $i]]>,
                    tape: &mut $tape<B>,
                    gradient: Option<&mut $gradient>,
                ) {
                    let Some(gradient) = gradient else { return };
                    let (hidden, d) = (tape.hidden.batch(x.len()), tape.d.batch_mut(x.len()));
                    self.output.backward::<S, B>(s, pass, hidden, y, dy, Some(&mut *d), &mut (), Some(&mut gradient.output));
                    Activation::<[$t; $h]>::backward($act, s, hidden, d);
                    self.hidden.backward::<S, B>(s, pass, x, hidden, d, dx, &mut (), Some(&mut gradient.hidden));
                }
                fn initialize(&mut self, _: &impl init::Initializer, random: &mut Stream) {
                    self.hidden.initialize(&init::XavierUniform, random);
                    self.output.initialize(&init::XavierUniform, random);
                }
            }
            impl Network for $name {
                const NAME: &'static str = stringify!($name);
            }
        };
    };
}

mlp!(Xor, XorGradient, XorTape, 2, 8, Tanh, 2, f32);

fn xor() -> Dataset<[f32; 2], Class<2>> {
    let class = |i| Class::new(i).unwrap();
    Dataset::new(vec![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], vec![class(0), class(1), class(1), class(0)]).unwrap()
}

#[test]
fn xor_is_learned() {
    let data = xor();
    let mut net = Xor::new_boxed(1);
    let history = net.train(&data).loss(CrossEntropy).optimizer(Adam::new(0.05)).batch_size(4).epochs(200).run().unwrap();
    assert_eq!(history.final_epoch().train.accuracy(), 1.0);
    assert!(history.final_epoch().train.loss < 0.01, "{}", history.final_epoch().train.loss);
    assert_eq!(net.evaluate(&data, CrossEntropy).unwrap().columns()[1], ("accuracy", 1.0));
}
