//! The committed expansion of LeNet-5 is a program that compiles, and computes what the macro's does. That it is current is tested where the
//! macro is: `cargo test -p nn-macros`.

#[path = "expand/lenet5.rs"]
mod declared;
#[path = "expand/lenet5.expanded.rs"]
mod expanded;

use nn_core::prelude::*;

#[test]
fn both_predict_the_same_bits() {
    let (declared, expanded) = (declared::LeNet5::new_boxed(1), expanded::LeNet5::new_boxed(1));
    let x = [[[0.25; 28]; 28]; 1];
    assert_eq!(declared.predict(&x), expanded.predict(&x));
    assert_eq!(declared.to_string(), expanded.to_string());
}
