//! What the files of instruction sets have alike, said once: how work is compiled for the set, and the signatures of methods that are one
//! expression.

/// `Simd` for a token: with `features`, work becomes a function that may use them; without, whatever is compiled for the target may.
macro_rules! simd {
    ($token:ident, features = $features:literal) => {
        $crate::simd::methods::simd!(@$token, (vectorize, inline, features = $features));
    };
    ($token:ident) => {
        $crate::simd::methods::simd!(@$token, (vectorize, inline(always)));
    };
    (@$token:ident, $vectorize:tt) => {
        impl $crate::simd::Simd for $token {
            const FAST: bool = true;
            const INLINE: bool = true;

            #[inline(always)]
            fn kernels(self) -> $crate::simd::Kernels {
                $crate::simd::Kernels::Native($crate::simd::Native::from(self))
            }

            $crate::simd::methods::compiled!$vectorize;
        }
    };
}
pub(super) use simd;

/// A method that runs work in a function compiled for the set; `inline` says whether that is one of its own.
macro_rules! compiled {
    ($method:ident, $inline:meta, features = $features:literal) => {
        #[inline(always)]
        fn $method<R>(self, work: impl FnOnce() -> R) -> R {
            #[target_feature(enable = $features)]
            #[$inline]
            fn run<R>(work: impl FnOnce() -> R) -> R {
                work()
            }
            // SAFETY: the token proves that the processor has these features.
            unsafe { run(work) }
        }
    };
    ($method:ident, $inline:meta) => {
        #[$inline]
        fn $method<R>(self, work: impl FnOnce() -> R) -> R {
            work()
        }
    };
}
pub(super) use compiled;

/// Methods of `Lanes` for registers `$v`, each an expression of its arguments.
///
/// The token proves that the processor has the instructions; the pointers are valid, as `Lanes` demands of the caller.
macro_rules! methods {
    ($v:ty: $($method:ident($($argument:ident),*) = $value:expr;)*) => {
        $($crate::simd::methods::method!($v, $method($($argument),*) = $value);)*
    };
}
pub(super) use methods;

/// One of them.
macro_rules! method {
    ($v:ty, splat($x:ident) = $value:expr) => {
        #[inline(always)]
        fn splat(self, $x: f32) -> $v {
            unsafe { $value }
        }
    };
    ($v:ty, load($from:ident) = $value:expr) => {
        #[inline(always)]
        unsafe fn load(self, $from: *const f32) -> $v {
            unsafe { $value }
        }
    };
    ($v:ty, load_first($n:ident, $from:ident) = $value:expr) => {
        #[inline(always)]
        unsafe fn load_first(self, $n: usize, $from: *const f32) -> $v {
            unsafe { $value }
        }
    };
    ($v:ty, load_upper($from:ident) = $value:expr) => {
        #[inline(always)]
        unsafe fn load_upper(self, $from: *const f32) -> $v {
            unsafe { $value }
        }
    };
    ($v:ty, store($register:ident, $to:ident) = $value:expr) => {
        #[inline(always)]
        unsafe fn store(self, $register: $v, $to: *mut f32) {
            unsafe { $value }
        }
    };
    ($v:ty, store_first($n:ident, $register:ident, $to:ident) = $value:expr) => {
        #[inline(always)]
        unsafe fn store_first(self, $n: usize, $register: $v, $to: *mut f32) {
            unsafe { $value }
        }
    };
    ($v:ty, sum($register:ident) = $value:expr) => {
        #[inline(always)]
        fn sum(self, $register: $v) -> f32 {
            unsafe { $value }
        }
    };
    // `add`, `at_least`, `multiply_add`, `where_equal`: a register from registers.
    ($v:ty, $method:ident($($register:ident),*) = $value:expr) => {
        #[inline(always)]
        fn $method(self, $($register: $v),*) -> $v {
            unsafe { $value }
        }
    };
}
pub(super) use method;
