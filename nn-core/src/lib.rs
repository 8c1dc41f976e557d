//! Neural networks that are declared in source, checked while compiling, and small enough to run anywhere.
//!
//! Begin with [`network!`](network) and the [`prelude`]. Training on a PC is in [`train`](mod@train), on a device in [`device`].
//!
//! # Weights in flash
//!
//! In firmware, trained weights are compiled into a `static`: the compiler reads the safetensors file, checks it whole, and lays down the numbers
//! alone. The network is used where it lies.
//!
//! ```
//! # #[cfg(feature = "macros")] {
//! # macro_rules! include_bytes { ($file:literal) => {
//! #     b"\x40\0\0\0\0\0\0\0{\"fc.weight\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]}}\0\0\0\x40"
//! # } }
//! use nn_core::prelude::*;
//!
//! network! {
//!     #[budget(flash = 1 KiB, ram = 64 B)]            // more does not compile
//!     struct Net: [1] -> [1] { fc: Dense(1, bias = false) }
//! }
//!
//! static NET: Net = Net::from_safetensors(include_bytes!("net.safetensors"));
//!
//! assert_eq!(NET.predict(&[3.0]), [6.0]);
//! assert_eq!((Net::FLASH_BYTES, Net::INFERENCE_RAM), (4, 0));
//! # }
//! ```
//!
//! - What does not fit, does not compile: tensors that are missing, unknown, of another shape or type, cut off; all in one message. Types are exact
//!   (F32, or F64 under `#[scalar(f64)]`); others are converted on the PC.
//! - `FLASH_BYTES` is the size of that `static`, `INFERENCE_RAM` that of the workspace of [`Network::predict_into`], and
//!   [`training_ram`](device::training_ram) what learning takes; `#[budget(…)]` holds a network to the first two.
//! - With a `BatchNorm` behind a dense layer or convolution, `NetFolded` takes the same file, folds, and needs less; `#[budget(…)]` then counts it.
//! - `body: &Body(BODY) -> [32]` uses `static BODY: Body` as a frozen part; the layers around it learn in RAM.
//! - [`load_safetensors_bytes`](file::Safetensors::load_safetensors_bytes) loads a file into a network in RAM, without a heap: all of it, or nothing and
//!   an error with the first faults. There F16 and BF16 are widened.
//! - The compiler limits the work of a constant: files of some hundred tensors need `#![allow(long_running_const_eval)]`.
#![no_std]

#[cfg(feature = "std")]
extern crate std;

extern crate self as nn_core;

pub mod activation;
#[cfg(feature = "std")]
mod clock;
pub mod data;
pub mod device;
mod error;
pub mod file;
pub mod init;
pub mod layer;
pub mod loss;
pub mod math;
mod memory;
#[cfg(feature = "std")]
pub mod metric;
mod network;
#[cfg(feature = "std")]
pub mod observe;
pub mod optimizer;
pub mod prelude;
pub mod random;
mod scalar;
pub mod schedule;
mod setting;
#[cfg(feature = "std")]
pub mod train;

pub use activation::Activation;
pub use data::Class;
pub use error::Error;
pub use layer::{Layer, SampleLayer};
#[cfg(feature = "std")]
pub use memory::store::Heap;
pub use memory::{
    field,
    plain::{self, Plain},
    store::{Buffer, One, Scratch, Store},
    tensor::{Shape, Tensor},
};
pub use network::kind::{
    Bernoulli, Folded, Kind, Learning, Learns, LearnsAlone, LearnsInBatches, LogProbabilities, OnlyPredicts, Probabilities, Real,
};
pub use network::{
    Network, Scores,
    pass::Pass,
    spec::{self, Spec},
    summary::Summary,
};
#[doc(hidden)]
pub use network::{budget, shape};
#[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
pub use nn_kernels::Native;
use nn_kernels::dispatch_with;
#[cfg(feature = "std")]
use nn_kernels::threads::Threads;
pub use nn_kernels::{Compact, Kernels, Portable, Reference, Simd, Task, dispatch, kernel};
#[cfg(feature = "macros")]
pub use nn_macros::Plain;
pub use scalar::Scalar;
pub use setting::SettingError;

/// What generated code refers to; not for use by hand.
#[cfg(feature = "macros")]
#[doc(hidden)]
pub mod __private {
    pub use crate::Summary;
    pub use nn_macros::network;
    #[cfg(feature = "std")]
    pub use std::boxed::Box;

    /// A copy on the heap, from heap to heap.
    #[cfg(feature = "std")]
    #[must_use]
    pub fn boxed_copy<N: crate::Network>(net: &N) -> Box<N> {
        let mut copy = crate::plain::boxed::<N>();
        copy.copy_from(net);
        copy
    }

    /// The largest of some sizes.
    #[must_use]
    pub const fn largest(sizes: &[usize]) -> usize {
        let mut largest = 0;
        let mut i = 0;
        while i < sizes.len() {
            if sizes[i] > largest {
                largest = sizes[i];
            }
            i += 1;
        }
        largest
    }

    /// The size of a field in which nothing lies between the fields of its own.
    #[must_use]
    pub const fn packed<T: crate::Plain>() -> usize {
        const { T::PACKED };
        size_of::<T>()
    }

    /// Shows that fields of these sizes fill `T`, so that nothing lies between them.
    ///
    /// # Panics
    /// While compiling, where they do not: a field's numbers are of another size than the others'.
    #[track_caller]
    pub const fn assert_packed<T>(fields: &[usize]) {
        let mut sum = 0;
        let mut i = 0;
        while i < fields.len() {
            sum += fields[i];
            i += 1;
        }
        assert!(
            sum == size_of::<T>(),
            "a network's layers must all be made of numbers of one size\nhelp: give a layer of your own parameters of the network's type, `f32` or `f64`"
        );
    }
}

/// `Clone` for a network on the heap; nothing without a heap. Generated code cannot ask for this crate's features itself.
#[cfg(feature = "std")]
#[doc(hidden)]
#[macro_export]
macro_rules! __clone_boxed {
    ([$($parameters:tt)*] $net:ty) => {
        impl $($parameters)* ::core::clone::Clone for $crate::__private::Box<$net> {
            fn clone(&self) -> Self {
                $crate::__private::boxed_copy(self)
            }
        }
    };
}
/// See the other definition.
#[cfg(not(feature = "std"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __clone_boxed {
    ([$($parameters:tt)*] $net:ty) => {};
}

/// Declares a network: a struct with the layers as its fields, its forward pass and its backward pass, every shape checked while compiling.
///
/// ```
/// use nn_core::prelude::*;
///
/// network! {
///     /// Digits of 8 × 8 pixels.
///     pub struct Digits: [1, 8, 8] -> [10] {
///         conv1: Conv2d(8, kernel = 3),           // layers with parameters are named: the names are the struct's fields
///         Relu,                                   // layers without need no name
///         MaxPool2d(2) -> [8, 3, 3],              // a stated shape is checked
///         Flatten,
///         logits: Dense(10),                      // only the output's size is written: the input's follows
///     }
/// }
///
/// assert_eq!(Digits::PARAMETERS, 80 + 730);
/// let net = Digits::zeros();
/// assert_eq!(net.predict(&[[[0.5; 8]; 8]; 1]), [0.0; 10]);
/// assert_eq!(net.conv1.weight.len(), 8);
/// ```
///
/// # Layers
///
/// Arguments and defaults are PyTorch's; the first stands without a keyword. Sizes are literals, constants, or const expressions.
///
/// | layer | arguments besides the first |
/// |---|---|
/// | `Dense(outputs)` | `bias` |
/// | `Conv1d(outputs)`, `Conv2d(outputs)` | `kernel`, `stride`, `padding` (a number, a pair, `Same`, `Valid`; in 1-D `Causal`), `dilation`, `groups`, `bias`, `remainder` |
/// | `DepthwiseConv2d` | as `Conv2d`, without `groups` |
/// | `MaxPool1d(kernel)`, `MaxPool2d(kernel)`, `AvgPool1d(kernel)`, `AvgPool2d(kernel)` | `stride`, `padding`, `remainder` |
/// | `Rnn(units)`, `Gru(units)`, `Lstm(units)` | `[time, features]`: `output = Last` (the last state alone), `bidirectional`, `layers`, `bias`; `activation` (`Rnn`), `forget_bias` (`Lstm`) |
/// | `GlobalAvgPool`, `Flatten`, `Dropout(rate)` | |
/// | `Last`, `Transpose` | the last of several steps; rows to columns, between `[channels, time]` and `[time, features]` |
/// | `BatchNorm`, `LayerNorm` | `epsilon`; `momentum` |
/// | `Identity`, `Step`, `Relu`, `Relu6`, `LeakyRelu(α)`, `Elu(α)`, `Selu`, `HardSigmoid`, `HardSwish`, `Sigmoid`, `Softsign`, `Tanh`, `Softplus`, `Gelu`, `Silu` (`Swish`), `Mish`, `Softmax`, `LogSoftmax` | |
/// | `name: Residual { main: { … }, skip: { … } }` | `skip` left out is the identity |
/// | `Concat { a: { … }, b: { … } }` | the branches' outputs one after another along the first axis |
/// | `blocks: Repeat(3) { … }` | the same layers three times: `net.blocks[0]` |
/// | `encoder: Encoder -> [32]` | another network, or a [layer of one's own](SampleLayer), by its path and with its shape |
/// | `body: &Body(BODY) -> [32]` | a network in a `static BODY: Body`, used where it lies and frozen: no field, no parameters, no keys |
///
/// # Attributes
///
/// On a layer or block: `#[frozen]` (runs as in use; no gradient is computed or stored), `#[init(HeNormal)]` (how its weights begin; by default
/// as the activation after it asks for), `#[key("features.0")]` (its name on disk; on a branch too, and `#[key("")]` for a block,
/// branch or network whose layers are its parent's on disk). On the network: `#[frozen]`, `#[scalar(f64)]`,
/// `#[budget(flash = 64 KiB, ram = 16 KiB)]` (the build fails, with a table, when its weights or the values of predicting take more; `NetFolded`'s where there is one),
/// `#[optimize(size)]` ([rolled loops](Compact) in firmware, shared by all layers, instead of fast ones, `#[optimize(speed)]`; the same bits), and const
/// parameters, `struct Mlp<const H: usize>: [784] -> [10]`, for sizes that need no arithmetic.
///
/// # What it gives
///
/// The struct, whose arrays have the shapes of PyTorch's `state_dict`; a struct for each named block; `NameGradient`; implementations of [`Layer`],
/// [`Network`], `Debug` and `Display` (the summary), and `Clone` for `Box<Name>`; `PARAMETERS`, `MACS`,
/// `FLASH_BYTES`, `INFERENCE_RAM`, `const fn training_ram` (see [`device`]), `const fn zeros()` and `const fn from_safetensors(&[u8])`. With a `BatchNorm` directly behind a dense layer or
/// convolution also `NameFolded`, for use: the normalisation is a factor and a summand of that layer's channels (`fold_from`, or the same files).
#[cfg(feature = "macros")]
#[macro_export]
macro_rules! network {
    ($($declaration:tt)*) => {
        $crate::__private::network! { [$crate] $($declaration)* }
    };
}

/// The README's programs, which compile as they stand there.
#[cfg(all(doctest, feature = "full"))]
#[doc = include_str!("../../README.md")]
struct Readme;
