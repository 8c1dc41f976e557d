//! Blocks, as `network!` expands them; inside are smooth activations, since what a hidden layer gives cannot keep away from kinks.

use nn_core::network;

use crate::harness::layer;

network! { #[scalar(f64)] struct R1: [1] -> [1] { block: Residual { main: { a: Dense(1), Tanh } } } }
network! { #[scalar(f64)] struct R2: [5] -> [5] { block: Residual { main: { a: Dense(5), Tanh } } } }
network! { #[scalar(f64)] struct R3: [4] -> [3] { block: Residual { main: { a: Dense(3), Tanh }, skip: { b: Dense(3) } } } }
network! { #[scalar(f64)] struct R4: [3] -> [4] { block: Residual { main: { a: Dense(7), Sigmoid, b: Dense(4) }, skip: { c: Dense(4, bias = false) } } } }
network! { #[scalar(f64)] struct R5: [6] -> [2] { a: Dense(4), Tanh, block: Residual { main: { b: Dense(4) } }, Gelu, c: Dense(2) } }
network! { #[scalar(f64)] struct R6: [4] -> [4] { first: Residual { main: { a: Dense(4), Silu } }, second: Residual { main: { a: Dense(4), Tanh } } } }
network! { #[scalar(f64)] struct R7: [3] -> [3] { outer: Residual { main: { inner: Residual { main: { a: Dense(3), Tanh } }, b: Dense(3) } } } }
network! { #[scalar(f64)] struct R8: [2, 5] -> [2, 5] { block: Residual { main: { conv: Conv1d(2, kernel = 3, padding = Same), Tanh } } } }
network! { #[scalar(f64)] struct R9: [2, 4, 5] -> [3, 2, 3] {
    block: Residual {
        main: { a: Conv2d(3, kernel = 3, stride = 2, padding = 1, remainder = Ignore), Tanh, b: Conv2d(3, kernel = 3, padding = Same) },
        skip: { conv: Conv2d(3, kernel = 1, stride = 2, remainder = Ignore) },
    },
} }
network! { #[scalar(f64)] struct R10: [4] -> [4] { blocks: Repeat(3) { block: Residual { main: { a: Dense(4), Tanh } } } } }
network! { #[scalar(f64)] struct R11: [5] -> [5] { Residual { main: { a: Dense(5), Tanh } }, Softplus } }
network! { #[scalar(f64)] struct R12: [6] -> [6] { block: Residual { main: { norm: LayerNorm, a: Dense(9), Gelu, b: Dense(6) } } } }

network! { #[scalar(f64)] struct C1: [1] -> [2] { block: Concat { a: { fc: Dense(1) }, b: { fc: Dense(1) } } } }
network! { #[scalar(f64)] struct C2: [3] -> [7] { block: Concat { a: { fc: Dense(3), Tanh }, b: { fc: Dense(4) } } } }
network! { #[scalar(f64)] struct C3: [2] -> [9] { block: Concat { a: { fc: Dense(3) }, b: { fc: Dense(4), Sigmoid }, c: { fc: Dense(2), Gelu } } } }
network! { #[scalar(f64)] struct C4: [4] -> [3] { a: Dense(5), Tanh, block: Concat { a: { fc: Dense(2) }, b: { fc: Dense(6), Silu } }, out: Dense(3) } }
network! { #[scalar(f64)] struct C5: [5] -> [8] { block: Concat { a: { fc: Dense(6), Tanh, out: Dense(3) }, b: { fc: Dense(5, bias = false) } } } }
network! { #[scalar(f64)] struct C6: [3] -> [8] { first: Concat { a: { fc: Dense(2) }, b: { fc: Dense(2) } }, second: Concat { a: { fc: Dense(4) }, b: { fc: Dense(4) } } } }
network! { #[scalar(f64)] struct C7: [2] -> [6] { outer: Concat { a: { inner: Concat { p: { fc: Dense(1) }, q: { fc: Dense(2) } } }, b: { fc: Dense(3) } } } }
network! { #[scalar(f64)] struct C8: [2, 7] -> [5, 7] { block: Concat { a: { conv: Conv1d(2, kernel = 3, padding = Same) }, b: { conv: Conv1d(3, kernel = 1), Tanh } } } }
network! { #[scalar(f64)] struct C9: [2, 3, 4] -> [3, 3, 4] { block: Concat { a: { conv: Conv2d(1, kernel = 3, padding = Same), Tanh }, b: { conv: Conv2d(2, kernel = 1) } } } }
network! { #[scalar(f64)] struct C10: [1, 4, 4] -> [4, 2, 2] { block: Concat { a: { conv: Conv2d(3, kernel = 2, stride = 2) }, b: { AvgPool2d(2) } } } }
network! { #[scalar(f64)] struct C11: [4] -> [4] { block: Residual { main: { both: Concat { a: { fc: Dense(1) }, b: { fc: Dense(3) } } } } } }
network! { #[scalar(f64)] struct C12: [3] -> [6] { block: Concat { a: { block: Residual { main: { fc: Dense(3), Tanh } } }, b: { fc: Dense(3) } }, Softplus } }

tables! {
    residual {
        layer::<R1>, layer::<R2>, layer::<R3>, layer::<R4>, layer::<R5>, layer::<R6>,
        layer::<R7>, layer::<R8>, layer::<R9>, layer::<R10>, layer::<R11>, layer::<R12>,
    }
    concat {
        layer::<C1>, layer::<C2>, layer::<C3>, layer::<C4>, layer::<C5>, layer::<C6>,
        layer::<C7>, layer::<C8>, layer::<C9>, layer::<C10>, layer::<C11>, layer::<C12>,
    }
}
