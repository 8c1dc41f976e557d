//! What layers of a family say alike to [`Layer`](crate::Layer), said once: a layer's file gives the formula, the sizes and their arithmetic.

/// A convolution: its struct with weights and biases, and the layer. `arithmetic` is a type with the constants and passes of
/// [`Convolution`](super::conv::Convolution); the weights' last sizes are those of the kernel.
///
/// Parameters are sizes; what says stride, padding and dilation; then sizes that have a default. `T` and the number of biases, `B`, come of
/// themselves; `O` is the number of output channels.
macro_rules! convolution {
    (
        $(#[$about:meta])*
        pub struct $name:ident<$($size:ident),+; $window:ident: $slides:path = $plain:ty $(; $more:ident = $default:ident)?> {
            $(#[$about_weight:meta])*
            weight: $weight:ty,
        }
        layer: $input:ty => $output:ty,
        arithmetic: $arithmetic:ty,
    ) => {
        $(#[$about])*
        #[repr(C)]
        pub struct $name<$(const $size: usize,)+ $window = $plain, T = f32, $(const $more: usize = $default,)? const B: usize = O> {
            $(#[$about_weight])*
            pub weight: $weight,
            /// `[out]`; empty with `bias = false`.
            pub bias: [T; B],
            window: ::core::marker::PhantomData<$window>,
        }

        const _: () = {
            use ::core::mem::offset_of;
            use $crate::init::Initializer;
            use $crate::plain::{reshape, reshape_mut};
            use $crate::random::Stream;
            use $crate::spec::Entry;
            use $crate::{Layer, Learns, Pass, Plain, Real, Scalar, Simd, Spec, Store, Tensor};

            // SAFETY: `repr(C)`, arrays of one scalar and a marker without size: no padding, every bit pattern is valid.
            #[allow(unsafe_code, reason = "plain storage of a layer's own arrays")]
            unsafe impl<$(const $size: usize,)+ $window: $slides, T: Scalar, $(const $more: usize,)? const B: usize> Plain
                for $name<$($size,)+ $window, T, $($more,)? B>
            {
            }

            impl<$(const $size: usize,)+ $window: $slides, T: Scalar, $(const $more: usize,)? const B: usize> Layer
                for $name<$($size,)+ $window, T, $($more,)? B>
            {
                type Scalar = T;
                type Input = $input;
                type Output = $output;
                type Kind = Real;
                type Learning = Learns;
                type Gradient = Self;
                type Tape<S: Store> = ();
                type Workspace<S: Store> = ();

                const PARAMETERS: usize = <$weight>::LEN + B;
                const MACS: usize = <$arithmetic>::MACS;
                const REPLACES: bool = true;
                const SPEC: &'static Spec = &Spec {
                    name: stringify!($name),
                    entries: Entry::weight_and_bias(&[
                        Entry::parameter::<T>("weight", offset_of!(Self, weight), <$weight>::SHAPE),
                        Entry::parameter::<T>("bias", offset_of!(Self, bias), <[T; B]>::SHAPE),
                    ]),
                    rows: &[],
                };

                #[inline]
                fn infer<S: Simd, St: Store>(&self, s: S, x: &[Self::Input], y: &mut [Self::Output], (): &mut ()) {
                    const { assert!(B == O || B == 0, "one bias an output, or none") };
                    <$arithmetic>::forward(s, reshape(&self.weight), &self.bias, reshape(x), reshape_mut(y));
                }

                #[inline]
                fn forward<S: Simd, St: Store>(&self, s: S, _: Pass<'_>, x: &[Self::Input], y: &mut [Self::Output], (): &mut ()) {
                    self.infer::<S, St>(s, x, y, &mut ());
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
                    (): &mut (),
                    gradient: Option<&mut Self>,
                ) {
                    let gradient = pass.start(gradient).map(|Self { weight, bias, .. }| (reshape_mut(weight), &mut bias[..]));
                    <$arithmetic>::backward(s, reshape(&self.weight), reshape(x), reshape(dy), dx.map(reshape_mut), gradient);
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
                    (): &mut (),
                    rate: T,
                ) {
                    let (x, dy, dx) = (reshape(x), reshape(dy), dx.map(reshape_mut));
                    <$arithmetic>::descend(s, reshape_mut(&mut self.weight), &mut self.bias, x, dy, dx, rate);
                }

                fn initialize(&mut self, initializer: &impl Initializer, random: &mut Stream) {
                    initializer.fill(self.weight.flat_mut(), <$arithmetic>::FAN, random);
                    self.bias.fill(T::ZERO);
                }
            }
        };
    };
}
pub(crate) use convolution;

/// A pool: its struct without a size, and the layer. `arithmetic` is a type with the passes of [`Pool`](super::pool::Pool). `max` keeps
/// where in its window each maximum was, `average` keeps nothing.
///
/// Parameters are sizes, then what says stride, padding and dilation; `T` comes of itself.
macro_rules! pool {
    (
        $(#[$about:meta])*
        pub struct $name:ident<$($size:ident),+; $window:ident: $slides:path = $plain:ty>;
        layer: $input:ty => $output:ty,
        $kind:ident$(($positions:ty))?: $arithmetic:ty,
    ) => {
        $(#[$about])*
        #[repr(C)]
        pub struct $name<$(const $size: usize,)+ $window = $plain, T = f32>(::core::marker::PhantomData<($window, T)>);

        const _: () = {
            use $crate::plain::{reshape, reshape_mut};
            use $crate::{Layer, Pass, Plain, Scalar, Simd, Store};

            // SAFETY: a marker without size.
            #[allow(unsafe_code, reason = "plain storage of nothing")]
            unsafe impl<$(const $size: usize,)+ $window: $slides, T: Scalar> Plain for $name<$($size,)+ $window, T> {}

            impl<$(const $size: usize,)+ $window: $slides, T: Scalar> Layer for $name<$($size,)+ $window, T> {
                type Scalar = T;
                type Input = $input;
                type Output = $output;

                $crate::layer::frame::no_parameters!($name);
                $crate::layer::frame::pool!(@$kind $($positions)?, $arithmetic);
            }
        };
    };
    (@max $positions:ty, $arithmetic:ty) => {
        type Tape<S: Store> = S::Of<$positions>;

        #[inline]
        fn infer<S: Simd, St: Store>(&self, s: S, x: &[Self::Input], y: &mut [Self::Output], (): &mut ()) {
            <$arithmetic>::max(s, reshape(x), reshape_mut(y));
        }

        #[inline]
        fn forward<S: Simd, St: Store>(&self, s: S, _: Pass<'_>, x: &[Self::Input], y: &mut [Self::Output], tape: &mut Self::Tape<St>) {
            let positions = $crate::Buffer::batch_mut(tape, x.len());
            <$arithmetic>::max_with_positions(s, reshape(x), reshape_mut(y), reshape_mut(positions));
        }

        #[inline]
        fn backward<S: Simd, St: Store>(
            &self,
            s: S,
            _: Pass<'_>,
            _: &[Self::Input],
            _: &[Self::Output],
            dy: &mut [Self::Output],
            dx: Option<&mut [Self::Input]>,
            tape: &mut Self::Tape<St>,
            _: Option<&mut ()>,
        ) {
            if let Some(dx) = dx {
                let positions = $crate::Buffer::batch(tape, dy.len());
                <$arithmetic>::max_backward(s, reshape(positions), reshape(dy), reshape_mut(dx));
            }
        }
    };
    (@average, $arithmetic:ty) => {
        type Tape<S: Store> = ();

        #[inline]
        fn infer<S: Simd, St: Store>(&self, _: S, x: &[Self::Input], y: &mut [Self::Output], (): &mut ()) {
            <$arithmetic>::average(reshape(x), reshape_mut(y));
        }

        #[inline]
        fn forward<S: Simd, St: Store>(&self, s: S, _: Pass<'_>, x: &[Self::Input], y: &mut [Self::Output], (): &mut ()) {
            self.infer::<S, St>(s, x, y, &mut ());
        }

        #[inline]
        fn backward<S: Simd, St: Store>(
            &self,
            _: S,
            _: Pass<'_>,
            _: &[Self::Input],
            _: &[Self::Output],
            dy: &mut [Self::Output],
            dx: Option<&mut [Self::Input]>,
            (): &mut (),
            _: Option<&mut ()>,
        ) {
            if let Some(dx) = dx {
                <$arithmetic>::average_backward(reshape(dy), reshape_mut(dx));
            }
        }
    };
}
pub(crate) use pool;

/// The items of `impl Layer` for a layer without parameters, besides its shapes and passes.
macro_rules! no_parameters {
    ($name:ident) => {
        type Kind = $crate::Real;
        type Learning = $crate::Learns;
        type Gradient = ();
        type Workspace<S: $crate::Store> = ();

        const PARAMETERS: usize = 0;
        const MACS: usize = 0;
        const SPEC: &'static $crate::Spec = &$crate::Spec { name: stringify!($name), entries: &[], rows: &[] };

        #[inline]
        fn descend<S: $crate::Simd, B: $crate::Store>(
            &mut self,
            s: S,
            pass: $crate::Pass<'_>,
            x: &[Self::Input],
            y: &[Self::Output],
            dy: &mut [Self::Output],
            dx: Option<&mut [Self::Input]>,
            tape: &mut Self::Tape<B>,
            _: Self::Scalar,
        ) {
            self.backward::<S, B>(s, pass, x, y, dy, dx, tape, None);
        }

        fn initialize(&mut self, _: &impl $crate::init::Initializer, _: &mut $crate::random::Stream) {}
    };
}
pub(crate) use no_parameters;
