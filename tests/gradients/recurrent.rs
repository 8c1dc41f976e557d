//! Recurrent layers: one step and many, one unit and more than registers hold, both ways, stacked, with the last state alone, without biases.

use nn_core::activation::Relu;
use nn_core::layer::{EveryStep, Gru, LastStep, Lstm, Rnn};

use crate::harness::built_in;

tables! {
    rnn {
        built_in::<Rnn<2, 1, 1, EveryStep, 1, 1, 0, f64>>,
        built_in::<Rnn<2, 3, 2, EveryStep, 2, 1, 0, f64>>,
        built_in::<Rnn<5, 2, 3, EveryStep, 3, 1, 0, f64>>,
        built_in::<Rnn<5, 2, 3, LastStep, 3, 1, 0, f64>>,
        built_in::<Rnn<4, 3, 2, EveryStep, 4, 2, 0, f64>>, // both ways
        built_in::<Rnn<4, 3, 2, LastStep, 4, 2, 0, f64>>,
        built_in::<Rnn<3, 2, 4, EveryStep, 4, 1, 1, f64>>, // stacked
        built_in::<Rnn<3, 2, 2, EveryStep, 4, 2, 2, f64>>,
        built_in::<Rnn<6, 4, 5, EveryStep, 5, 1, 0, f64, 0>>, // no biases
        built_in::<Rnn<3, 2, 2, LastStep, 4, 2, 1, f64, 0>>,
        built_in::<Rnn<2, 9, 11, LastStep, 11, 1, 0, f64>>,
        built_in::<Rnn<12, 1, 2, EveryStep, 2, 1, 0, f64>>,
        built_in::<Rnn<2, 3, 4, EveryStep, 4, 1, 0, f64, 1, Relu>>,
    }
    gru {
        built_in::<Gru<2, 1, 1, EveryStep, 1, 1, 0, f64>>,
        built_in::<Gru<2, 3, 2, EveryStep, 2, 1, 0, f64>>,
        built_in::<Gru<5, 2, 3, EveryStep, 3, 1, 0, f64>>,
        built_in::<Gru<5, 2, 3, LastStep, 3, 1, 0, f64>>,
        built_in::<Gru<4, 3, 2, EveryStep, 4, 2, 0, f64>>, // both ways
        built_in::<Gru<4, 3, 2, LastStep, 4, 2, 0, f64>>,
        built_in::<Gru<3, 2, 4, EveryStep, 4, 1, 1, f64>>, // stacked
        built_in::<Gru<3, 2, 2, EveryStep, 4, 2, 2, f64>>,
        built_in::<Gru<3, 2, 2, LastStep, 2, 1, 3, f64>>,
        built_in::<Gru<6, 4, 5, EveryStep, 5, 1, 0, f64, 0>>, // no biases
        built_in::<Gru<3, 2, 2, LastStep, 4, 2, 1, f64, 0>>,
        built_in::<Gru<2, 9, 11, LastStep, 11, 1, 0, f64>>,
        built_in::<Gru<12, 1, 2, EveryStep, 2, 1, 0, f64>>,
    }
    lstm {
        built_in::<Lstm<2, 1, 1, EveryStep, 1, 1, 0, f64>>,
        built_in::<Lstm<2, 3, 2, EveryStep, 2, 1, 0, f64>>,
        built_in::<Lstm<5, 2, 3, EveryStep, 3, 1, 0, f64>>,
        built_in::<Lstm<5, 2, 3, LastStep, 3, 1, 0, f64>>,
        built_in::<Lstm<4, 3, 2, EveryStep, 4, 2, 0, f64>>, // both ways
        built_in::<Lstm<4, 3, 2, LastStep, 4, 2, 0, f64>>,
        built_in::<Lstm<3, 2, 4, EveryStep, 4, 1, 1, f64>>, // stacked
        built_in::<Lstm<3, 2, 2, EveryStep, 4, 2, 2, f64>>,
        built_in::<Lstm<3, 2, 2, LastStep, 2, 1, 3, f64>>,
        built_in::<Lstm<6, 4, 5, EveryStep, 5, 1, 0, f64, 0>>, // no biases
        built_in::<Lstm<3, 2, 2, LastStep, 4, 2, 1, f64, 0>>,
        built_in::<Lstm<2, 9, 11, LastStep, 11, 1, 0, f64>>,
        built_in::<Lstm<12, 1, 2, EveryStep, 2, 1, 0, f64>>,
    }
}
