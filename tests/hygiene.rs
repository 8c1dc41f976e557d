//! Generated code amid what it could trip over: no prelude, the user's own items under well-known names, and every lint turned on.
#![no_implicit_prelude]
#![deny(warnings, missing_docs, clippy::pedantic)]
#![forbid(unsafe_code)]

/// Not the primitive.
#[allow(non_camel_case_types, dead_code)]
pub struct f32;
/// Not the primitive.
#[allow(non_camel_case_types, dead_code)]
pub struct usize;
/// Neither std's nor core's.
#[allow(dead_code)]
pub enum Option {
    /// Not the prelude's.
    Some,
    /// Not the prelude's.
    None,
}
/// Not the crate.
pub mod core {}
/// Not nn-core's.
pub mod layer {}
/// Not nn-core's.
pub mod plain {}
/// Not nn-core's.
#[allow(dead_code)]
pub struct Layer;

::nn_core::network! {
    /// Layers with the names of the macro's own variables.
    pub struct Net: [4] -> [3] {
        x: Dense(4), Tanh, y: Dense(4), Gelu, s: Dense(4), n: Dense(4), pass: Dense(4), tape: Dense(4, bias = false), gradient: LayerNorm, dx: Dense(4),
        workspace: Dense(4), Dropout(0.5), d_x: Dense(4), d0: Dense(4), a: Dense(4), layer: Dense(4), plain: Dense(4), Sigmoid,
        block: Residual { main: { skip_: Dense(4), Tanh } }, random: Dense(3), Softmax,
    }
}

/// Networks named as something that generated code imports.
pub mod named {
    ::nn_core::network! {
        /// A network.
        pub struct Layer: [4] -> [3] { layer: Dense(3), Tanh }
    }
    ::nn_core::network! {
        /// A network.
        pub struct Plain: [4] -> [3] { inner: Layer -> [3], plain: Dense(3), Relu, Residual { main: { store: Dense(3) } } }
    }
    ::nn_core::network! {
        /// A network.
        pub struct Option: [4] -> [3] { some: self::Plain -> [3], block: Residual { main: { none: Dense(3) } } }
    }
    ::nn_core::network! {
        /// A network with the name of one of its layers.
        pub struct Fc: [4] -> [3] { fc: Dense(3), option: layer::Option -> [3] }
    }
    /// A module with the name of one of nn-core's.
    pub mod layer {
        ::nn_core::network! {
            /// A network.
            pub struct Option: [3] -> [3] { plain: Dense(3), activation: Dense(3), Relu }
        }
    }
}

/// A layer of one's own.
pub mod own {
    /// `y = w x`.
    #[derive(::nn_core::Plain)]
    #[repr(C)]
    pub struct Scale {
        /// One factor for all.
        pub weight: [::core::primitive::f32; 1],
    }

    impl ::nn_core::SampleLayer for Scale {
        type Input = [::core::primitive::f32; 3];
        type Output = [::core::primitive::f32; 3];
        type Kind = ::nn_core::Real;
        type Saved = ();

        fn infer(&self, x: &Self::Input, y: &mut Self::Output) {
            for i in 0..3 {
                y[i] = self.weight[0] * x[i];
            }
        }

        fn backward(&self, x: &Self::Input, _: &Self::Output, (): &(), dy: &Self::Output, dx: &mut Self::Input, gradient: &mut Self) {
            for i in 0..3 {
                gradient.weight[0] += dy[i] * x[i];
                dx[i] = dy[i] * self.weight[0];
            }
        }
    }

    ::nn_core::network! {
        /// A network.
        pub struct Scaled: [4] -> [3] { fc: Dense(3), scale: self::Scale -> [3], Relu }
    }
}

/// Const parameters with the names of generated ones, and of types.
pub mod generic {
    /// No size.
    #[allow(dead_code)]
    pub struct H;

    ::nn_core::network! {
        /// A network.
        pub struct Blocks<const H: usize>: [H] -> [3] {
            stack: Repeat(2) { fc: Dense(H), norm: BatchNorm, Relu }, block: Residual { main: { fc: Dense(H) } }, head: Dense(3),
        }
    }
    ::nn_core::network! {
        /// A network.
        pub struct Mlp<const B: usize, const S: usize>: [4] -> [3] { fc1: Dense(B), Tanh, fc2: Dense(S), Relu, fc3: Dense(3) }
    }
}

/// Inside a function, and private.
#[test]
fn local_networks() {
    ::nn_core::network! {
        struct Local: [1, 6, 6] -> [2] { conv: Conv2d(2, kernel = 3), norm: BatchNorm, Relu, MaxPool2d(2), Flatten, fc: Dense(2) }
    }
    let net = <Local as ::nn_core::Network>::new_boxed(1);
    let y = ::nn_core::Network::predict(&*net, &[[[0.5; 6]; 6]; 1]);
    ::std::assert!(y[0].is_finite());
    // Everything on the whole network is used or allowed not to be.
}

/// Under every lint, and used.
#[test]
fn networks_run() {
    let net = <Net as ::nn_core::Network>::new_boxed(1);
    ::std::assert_eq!(::nn_core::Network::predict(&*net, &[0.1, 0.2, 0.3, 0.4]).len(), 3);
    ::std::assert!(::std::format!("{net}").contains("d_x: Dense(4)"));
    let net = <named::Option as ::nn_core::Network>::new_boxed(1);
    ::std::assert_eq!(::nn_core::Network::predict(&*net, &[0.1, 0.2, 0.3, 0.4]).len(), 3);
    let mut keys = ::std::vec::Vec::new();
    <named::Option as ::nn_core::Layer>::SPEC.visit(|leaf| keys.push(::std::format!("{}", leaf.key)));
    ::std::assert_eq!(keys[0], "some.inner.layer.weight");
    ::std::assert_eq!(<named::Option as ::nn_core::Network>::NAME, "Option");
    let net = <generic::Mlp<3, 5> as ::nn_core::Network>::new_boxed(1);
    ::std::assert_eq!(::nn_core::Network::predict(&*net, &[0.1, 0.2, 0.3, 0.4]).len(), 3);
    ::std::assert_eq!(generic::Mlp::<3, 5>::PARAMETERS, 15 + 20 + 18);
    ::std::assert_eq!(generic::Blocks::<4>::PARAMETERS, 2 * 28 + 20 + 15);
    let folded = generic::BlocksFolded::<4>::zeros();
    ::std::assert_eq!(::nn_core::Network::predict(&folded, &[0.1, 0.2, 0.3, 0.4]).len(), 3);
}
