//! The expansion of a small network, written by hand: the contract between generated code and nn-core.
#![allow(missing_docs, clippy::pedantic)]

use nn_core::prelude::*;

/// What the macro gives for
/// `pub struct Tiny: [2, 2] -> [3] { Flatten, fc1: Dense(8), Relu, block: Residual { main: { a: Dense(8), Relu } }, Relu, out: Dense(3) }`.
mod expanded {
    #[repr(C)]
    pub struct Tiny {
        /// `Dense(8)`: `[4] -> [8]`.
        pub fc1: ::nn_core::layer::Dense<4, 8>,
        pub block: TinyBlock,
        pub out: ::nn_core::layer::Dense<8, 3>,
    }

    #[repr(C)]
    pub struct TinyGradient {
        fc1: <::nn_core::layer::Dense<4, 8> as ::nn_core::Layer>::Gradient,
        block: <TinyBlock as ::nn_core::Layer>::Gradient,
        out: <::nn_core::layer::Dense<8, 3> as ::nn_core::Layer>::Gradient,
    }

    /// A block is a network of its own: main's layers are its fields.
    #[repr(C)]
    pub struct TinyBlock {
        pub a: ::nn_core::layer::Dense<8, 8>,
    }

    #[repr(C)]
    pub struct TinyBlockGradient {
        a: <::nn_core::layer::Dense<8, 8> as ::nn_core::Layer>::Gradient,
    }

    const _: () = {
        use ::core::mem::offset_of;
        use ::core::option::Option::{self, None, Some};
        use ::core::primitive::{f32, usize};
        use ::nn_core::init::{self, Initializer};
        use ::nn_core::random::Stream;
        use ::nn_core::spec::{Entry, Item, Row};
        use ::nn_core::{
            Activation, Buffer, Layer, Learns, Network, Pass, Plain, Real, Scratch, Simd, Spec, Store, activation, layer, plain,
        };

        #[allow(unsafe_code)]
        // SAFETY: `repr(C)`; all fields are plain numbers of one size; the assertion shows that nothing lies between them.
        unsafe impl Plain for Tiny {}
        #[allow(unsafe_code)]
        // SAFETY: as above.
        unsafe impl Plain for TinyGradient {}
        #[allow(unsafe_code)]
        // SAFETY: as above.
        unsafe impl Plain for TinyBlock {}
        #[allow(unsafe_code)]
        // SAFETY: as above.
        unsafe impl Plain for TinyBlockGradient {}

        /// Values between the layers, kept for `backward`; `d` holds gradients, reused when their layer is done.
        pub struct TinyTape<B: Store> {
            fc1: B::Of<[f32; 8]>, // Relu's output, in place
            block: B::Of<[f32; 8]>,
            block_tape: <TinyBlock as Layer>::Tape<B>,
            d0: B::Of<[f32; 8]>,
            d1: B::Of<[f32; 8]>,
        }

        impl<B: Store> Scratch for TinyTape<B> {
            fn new() -> Self {
                Self { fc1: Scratch::new(), block: Scratch::new(), block_tape: Scratch::new(), d0: Scratch::new(), d1: Scratch::new() }
            }
        }

        pub struct TinyWorkspace<B: Store> {
            a: B::Of<[f32; 8]>,
            b: B::Of<[f32; 8]>,
            block: <TinyBlock as Layer>::Workspace<B>,
        }

        impl<B: Store> Scratch for TinyWorkspace<B> {
            fn new() -> Self {
                Self { a: Scratch::new(), b: Scratch::new(), block: Scratch::new() }
            }
        }

        impl Layer for Tiny {
            type Scalar = f32;
            type Input = [[f32; 2]; 2];
            type Output = [f32; 3];
            type Kind = Real;
            type Learning = Learns;
            type Gradient = TinyGradient;
            type Tape<B: Store> = TinyTape<B>;
            type Workspace<B: Store> = TinyWorkspace<B>;
            const PARAMETERS: usize = 40 + <TinyBlock as Layer>::PARAMETERS + 27;
            const MACS: usize = 32 + <TinyBlock as Layer>::MACS + 24;
            const SPEC: &'static Spec = &Spec {
                name: "Tiny",
                entries: &[
                    Entry {
                        key: "fc1",
                        offset: offset_of!(Tiny, fc1),
                        gradient: Some(offset_of!(TinyGradient, fc1)),
                        item: Item::Part(<layer::Dense<4, 8> as Layer>::SPEC),
                    },
                    Entry {
                        key: "block",
                        offset: offset_of!(Tiny, block),
                        gradient: Some(offset_of!(TinyGradient, block)),
                        item: Item::Part(<TinyBlock as Layer>::SPEC),
                    },
                    Entry {
                        key: "out",
                        offset: offset_of!(Tiny, out),
                        gradient: Some(offset_of!(TinyGradient, out)),
                        item: Item::Part(<layer::Dense<8, 3> as Layer>::SPEC),
                    },
                ],
                rows: &[Row {
                    name: "fc1",
                    layer: "Dense(8)",
                    output: ::nn_core::Shape::new(&[8]),
                    parameters: 40,
                    macs: 32,
                    frozen: false,
                    part: None,
                }],
            };

            fn initialize(&mut self, _: &impl Initializer, random: &mut Stream) {
                self.fc1.initialize(&init::Zeros, random);
                self.block.initialize(&init::Zeros, random);
                self.out.initialize(&init::Zeros, random);
            }
            fn infer<S: Simd, B: Store>(&self, s: S, x: &[Self::Input], y: &mut [Self::Output], workspace: &mut TinyWorkspace<B>) {
                let n = x.len();
                let fc1: &mut [[f32; 8]] = plain::packed_mut(workspace.a.batch_mut(n));
                self.fc1.infer::<S, B>(s, plain::reshape(x), fc1, &mut ());
                Activation::forward_in_place(activation::Relu, s, fc1);
                let block: &mut [[f32; 8]] = plain::packed_mut(workspace.b.batch_mut(n));
                self.block.infer::<S, B>(s, fc1, block, &mut workspace.block);
                Activation::forward_in_place(activation::Relu, s, block);
                self.out.infer::<S, B>(s, block, y, &mut ());
            }

            fn forward<S: Simd, B: Store>(&self, s: S, pass: Pass<'_>, x: &[Self::Input], y: &mut [Self::Output], tape: &mut TinyTape<B>) {
                let n = x.len();
                let fc1 = tape.fc1.batch_mut(n);
                self.fc1.forward::<S, B>(s, pass.at(0, &self.fc1), plain::reshape(x), fc1, &mut ());
                Activation::forward_in_place(activation::Relu, s, fc1);
                let block = tape.block.batch_mut(n);
                self.block.forward::<S, B>(s, pass.at(1, &self.block), fc1, block, &mut tape.block_tape);
                Activation::forward_in_place(activation::Relu, s, block);
                self.out.forward::<S, B>(s, pass.at(2, &self.out), block, y, &mut ());
            }

            fn backward<S: Simd, B: Store>(
                &self,
                s: S,
                pass: Pass<'_>,
                x: &[Self::Input],
                y: &[Self::Output],
                dy: &mut [Self::Output],
                dx: Option<&mut [Self::Input]>,
                tape: &mut TinyTape<B>,
                gradient: Option<&mut TinyGradient>,
            ) {
                let n = x.len();
                let Some(gradient) = gradient else { return };
                let fc1 = tape.fc1.batch(n);
                let block = tape.block.batch(n);
                let d_block: &mut [[f32; 8]] = plain::packed_mut(tape.d0.batch_mut(n));
                self.out.backward::<S, B>(s, pass.at(2, &self.out), block, y, dy, Some(d_block), &mut (), Some(&mut gradient.out));
                Activation::backward(activation::Relu, s, block, d_block);
                let d_fc1: &mut [[f32; 8]] = plain::packed_mut(tape.d1.batch_mut(n));
                self.block.backward::<S, B>(
                    s,
                    pass.at(1, &self.block),
                    fc1,
                    block,
                    d_block,
                    Some(d_fc1),
                    &mut tape.block_tape,
                    Some(&mut gradient.block),
                );
                Activation::backward(activation::Relu, s, fc1, d_fc1);
                self.fc1.backward::<S, B>(
                    s,
                    pass.at(0, &self.fc1),
                    plain::reshape(x),
                    fc1,
                    d_fc1,
                    dx.map(plain::reshape_mut),
                    &mut (),
                    Some(&mut gradient.fc1),
                );
            }
        }

        impl Network for Tiny {
            const NAME: &'static ::core::primitive::str = "Tiny";
        }

        pub struct TinyBlockTape<B: Store> {
            a: B::Of<[f32; 8]>,
            d0: B::Of<[f32; 8]>,
        }
        impl<B: Store> Scratch for TinyBlockTape<B> {
            fn new() -> Self {
                Self { a: Scratch::new(), d0: Scratch::new() }
            }
        }

        impl Layer for TinyBlock {
            type Scalar = f32;
            type Input = [f32; 8];
            type Output = [f32; 8];
            type Kind = Real;
            type Learning = Learns;
            type Gradient = TinyBlockGradient;
            type Tape<B: Store> = TinyBlockTape<B>;
            type Workspace<B: Store> = ();
            const PARAMETERS: usize = 72;
            const MACS: usize = 64;
            const SPEC: &'static Spec = &Spec {
                name: "Residual",
                entries: &[Entry {
                    key: "a",
                    offset: offset_of!(TinyBlock, a),
                    gradient: Some(offset_of!(TinyBlockGradient, a)),
                    item: Item::Part(<layer::Dense<8, 8> as Layer>::SPEC),
                }],
                rows: &[],
            };
            fn initialize(&mut self, _: &impl Initializer, random: &mut Stream) {
                self.a.initialize(&init::Zeros, random);
            }
            fn infer<S: Simd, B: Store>(&self, s: S, x: &[Self::Input], y: &mut [Self::Output], _: &mut ()) {
                self.a.infer::<S, B>(s, x, y, &mut ());
                Activation::forward_in_place(activation::Relu, s, y);
                layer::add(y, x);
            }
            fn forward<S: Simd, B: Store>(
                &self,
                s: S,
                pass: Pass<'_>,
                x: &[Self::Input],
                y: &mut [Self::Output],
                tape: &mut TinyBlockTape<B>,
            ) {
                let n = x.len();
                let a = tape.a.batch_mut(n);
                self.a.forward::<S, B>(s, pass.at(0, &self.a), x, a, &mut ());
                Activation::forward_in_place(activation::Relu, s, a);
                layer::sum(y, a, x);
            }
            fn backward<S: Simd, B: Store>(
                &self,
                s: S,
                pass: Pass<'_>,
                x: &[Self::Input],
                _y: &[Self::Output],
                dy: &mut [Self::Output],
                dx: Option<&mut [Self::Input]>,
                tape: &mut TinyBlockTape<B>,
                gradient: Option<&mut TinyBlockGradient>,
            ) {
                let n = x.len();
                let a = tape.a.batch(n);
                let d_a = tape.d0.batch_mut(n);
                layer::copy(d_a, dy);
                Activation::backward(activation::Relu, s, a, d_a);
                let Some(gradient) = gradient else { return };
                if let Some(dx) = dx {
                    self.a.backward::<S, B>(s, pass.at(0, &self.a), x, a, d_a, Some(dx), &mut (), Some(&mut gradient.a));
                    layer::add(dx, dy);
                }
            }
        }
    };
}

#[test]
fn a_hand_written_expansion_fits_the_contract() {
    let net = expanded::Tiny::new_boxed(1);
    assert_eq!(net.predict(&[[1.0, 2.0], [3.0, 4.0]]), [0.0; 3]);
    let mut keys = vec![];
    expanded::Tiny::SPEC.visit(|leaf| keys.push(leaf.key.to_string()));
    assert_eq!(keys, ["fc1.weight", "fc1.bias", "block.a.weight", "block.a.bias", "out.weight", "out.bias"]);
}
