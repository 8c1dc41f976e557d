//! Activations on vectors and images.

use nn_core::activation::Relu;

use crate::harness::activation;

tables! {
    relu {
        |seed| activation::<[f64; 1], _>(Relu, &[0.0], seed),
        |seed| activation::<[f64; 2], _>(Relu, &[0.0], seed),
        |seed| activation::<[f64; 3], _>(Relu, &[0.0], seed),
        |seed| activation::<[f64; 4], _>(Relu, &[0.0], seed),
        |seed| activation::<[f64; 5], _>(Relu, &[0.0], seed),
        |seed| activation::<[f64; 7], _>(Relu, &[0.0], seed),
        |seed| activation::<[f64; 8], _>(Relu, &[0.0], seed),
        |seed| activation::<[f64; 16], _>(Relu, &[0.0], seed),
        |seed| activation::<[f64; 33], _>(Relu, &[0.0], seed),
        |seed| activation::<[[f64; 3]; 2], _>(Relu, &[0.0], seed),
        |seed| activation::<[[[f64; 3]; 4]; 2], _>(Relu, &[0.0], seed),
        |seed| activation::<[[[f64; 5]; 1]; 3], _>(Relu, &[0.0], seed),
    }
}
