//! Generated code does not depend on what is in scope, and its names do not collide with the user's.
#![no_implicit_prelude]
#![allow(missing_docs, dead_code, non_camel_case_types, reason = "names that are meant to be in the way")]

use ::std::assert_eq;

struct f32;
struct usize;
mod core {}
mod std {}

::nn_core::network! {
    pub struct Net: [4] -> [3] { x: Dense(3), Tanh, y: Dense(3), s: Dense(3), tape: Dense(3) } // these are also the macro's own variables
}

// A layer of the struct's own name, and of the names of what is generated beside it.
::nn_core::network! {
    pub struct Line: [1] -> [1] { line: Dense(1), line_tape: Dense(1), line_gradient: Dense(1), line_workspace: Dense(1) }
}

::nn_core::network! {
    pub struct Encoder: [4] -> [4] { encoder: Dense(4), Relu }
}

mod nested {
    ::nn_core::network! {
        pub struct Dense: [4] -> [4] { dense: Dense(4), tanh: Tanh }
    }
}

// A layer and another network that would have one name.
::nn_core::network! {
    pub struct Auto: [4] -> [4] { encoder: Dense(4), body: Encoder -> [4], nested: nested::Dense -> [4] }
}

#[::core::prelude::v1::test]
fn names_do_not_collide() {
    use ::nn_core::Network;

    assert_eq!(Net::zeros().predict(&[0.0; 4]), [0.0; 3]);
    assert_eq!(Line::zeros().predict(&[0.0]), [0.0]);
    assert_eq!(Auto::zeros().predict(&[0.0; 4]), [0.0; 4]);
}
