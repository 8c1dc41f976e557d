//! What nn-core does with `std` where there is no clock, no file system and no second thread: each check is a function that `run.mjs` calls in
//! WebAssembly. Nothing may panic there; what needs files gives an error of its type.
#![allow(unsafe_code, reason = "what JavaScript calls has names of its own")]
#![allow(clippy::missing_panics_doc, clippy::cast_possible_truncation, reason = "a panic is how a check fails; numbers are small")]

mod data;
mod files;
mod predict;
mod rest;
mod training;

use nn_core::prelude::*;

network! {
    pub struct Image: [1, 6, 6] -> [3] {
        conv: Conv2d(4, kernel = 3, padding = Same),
        norm: BatchNorm,
        Relu,
        MaxPool2d(2),
        Flatten,
        Dropout(0.1),
        fc: Dense(3),
    }
}

network! {
    pub struct Plane: [2] -> [1] {
        hidden: Dense(8),
        Tanh,
        out: Dense(1),
    }
}

/// Two numbers and the length of the circle's arc between them, as far as a network cares.
#[must_use]
pub fn points(count: usize) -> Dataset<[f32; 2], [f32; 1]> {
    let mut random = Stream::new(&[1]);
    let inputs: Vec<[f32; 2]> = (0..count).map(|_| core::array::from_fn(|_| random.unit() as f32)).collect();
    let targets = inputs.iter().map(|[a, b]| [a * b]).collect();
    Dataset::new(inputs, targets).unwrap()
}

/// Images of three classes, told apart by which third is bright.
#[must_use]
pub fn images(count: usize) -> Dataset<[[[f32; 6]; 6]; 1], Class<3>> {
    let image = |i: usize| [core::array::from_fn(|row| [if row / 2 == i % 3 { 1.0 } else { 0.0 }; 6])];
    Dataset::new((0..count).map(image).collect(), (0..count).map(|i| Class::new(i % 3).unwrap()).collect()).unwrap()
}

/// Gives the words of a panic to JavaScript, which otherwise sees a trap alone.
pub fn tell_panics() {
    #[cfg(target_family = "wasm")]
    std::panic::set_hook(Box::new(|panic| {
        #[link(wasm_import_module = "host")]
        unsafe extern "C" {
            fn say(words: *const u8, length: usize);
        }
        let words = panic.to_string();
        // SAFETY: `run.mjs` reads so many bytes and keeps nothing.
        unsafe { say(words.as_ptr(), words.len()) }
    }));
}

/// A check that JavaScript calls by this name.
#[macro_export]
macro_rules! check {
    ($(#[$doc:meta])* fn $name:ident() $body:block) => {
        $(#[$doc])*
        #[unsafe(no_mangle)]
        pub extern "C" fn $name() {
            $crate::tell_panics();
            $body
        }
    };
}
