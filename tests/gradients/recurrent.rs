//! Recurrent layers: one step and many, one unit and more than registers hold, both ways, stacked, with the last state alone, without biases.

use nn_core::activation::Relu;
use nn_core::layer::{EveryStep, Gru, Last, LastStep, Lstm, MeanOfSteps, Rnn, Transpose};

use crate::harness::built_in;

tables! {
    last {
        built_in::<Last<1, 1, f64>>,
        built_in::<Last<2, 1, f64>>,
        built_in::<Last<1, 3, f64>>,
        built_in::<Last<2, 3, f64>>,
        built_in::<Last<5, 2, f64>>,
        built_in::<Last<3, 4, f64>>,
        built_in::<Last<7, 1, f64>>,
        built_in::<Last<4, 9, f64>>,
        built_in::<Last<9, 4, f64>>,
        built_in::<Last<6, 6, f64>>,
        built_in::<Last<12, 2, f64>>,
        built_in::<Last<2, 17, f64>>,
    }
    mean_of_steps {
        built_in::<MeanOfSteps<1, 1, f64>>,
        built_in::<MeanOfSteps<2, 1, f64>>,
        built_in::<MeanOfSteps<1, 3, f64>>,
        built_in::<MeanOfSteps<2, 3, f64>>,
        built_in::<MeanOfSteps<5, 2, f64>>,
        built_in::<MeanOfSteps<3, 4, f64>>,
        built_in::<MeanOfSteps<7, 1, f64>>,
        built_in::<MeanOfSteps<4, 9, f64>>,
        built_in::<MeanOfSteps<9, 4, f64>>,
        built_in::<MeanOfSteps<6, 6, f64>>,
        built_in::<MeanOfSteps<12, 2, f64>>,
        built_in::<MeanOfSteps<2, 17, f64>>,
    }
    transpose {
        built_in::<Transpose<1, 1, f64>>,
        built_in::<Transpose<2, 1, f64>>,
        built_in::<Transpose<1, 3, f64>>,
        built_in::<Transpose<2, 3, f64>>,
        built_in::<Transpose<5, 2, f64>>,
        built_in::<Transpose<3, 4, f64>>,
        built_in::<Transpose<7, 1, f64>>,
        built_in::<Transpose<4, 9, f64>>,
        built_in::<Transpose<9, 4, f64>>,
        built_in::<Transpose<6, 6, f64>>,
        built_in::<Transpose<12, 2, f64>>,
        built_in::<Transpose<2, 17, f64>>,
    }
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
