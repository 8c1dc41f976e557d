//! Channels over time and steps of features: two numbers each, and not the same.
use nn_core::prelude::*;

network! {
    struct StepsOfChannels: [6, 64] -> [8] {
        conv: Conv1d(16, kernel = 3),
        norm: BatchNorm,
        Relu,
        gru: Gru(8, output = Last),
    }
}

network! {
    struct ChannelsOfSteps: [64, 6] -> [4] {
        gru: Gru(8),
        Dropout(0.1),
        conv: Conv1d(4, kernel = 3),
        GlobalAvgPool,
    }
}

network! {
    struct Swapped: [6, 64] -> [8] {
        conv: Conv1d(16, kernel = 3),
        Transpose,
        Transpose,
        lstm: Lstm(8, output = Last),
    }
}

network! {
    struct OneInputReadTwice: [6, 64] -> [16] {
        Concat {
            a: { conv: Conv1d(8, kernel = 3), GlobalAvgPool },
            b: { Identity, rnn: Rnn(8, output = Last) },
        },
    }
}

network! {
    struct Sum: [8, 8] -> [8, 8] {
        block: Residual {
            main: { gru: Gru(8) },
            skip: { Transpose, conv: Conv1d(8, kernel = 1) },
        },
    }
}

network! {
    struct Norm: [10, 4] -> [4] {
        gru: Gru(4),
        norm: BatchNorm,
        Last,
    }
}

network! {
    struct Pool: [10, 4] -> [2, 10] {
        gru: Gru(4),
        MaxPool1d(2),
    }
}

network! {
    struct LastOfChannels: [4, 10] -> [8] {
        conv: Conv1d(8, kernel = 3),
        Last,
    }
}

network! {
    struct Image: [1, 8, 8] -> [4] {
        gru: Gru(4, output = Last),
    }
}

network! {
    struct Vector: [8] -> [4] {
        a: Gru(4, output = All),
        b: Lstm(4, bidirectional = 2),
        c: Rnn(4, layers = 9),
        d: Rnn(4, activation = Sigmoid),
        e: Lstm(4, forget_bias = "1"),
        f: Gru,
        g: Gru(4, units = 3),
    }
}

network! {
    struct Behind: [7, 3] -> [6] {
        a: Gru(6, output = Last),
        Relu,
        b: Gru(6),
    }
}

network! {
    struct EveryState: [7, 3] -> [6] {
        Gru(6),
    }
}

network! {
    struct EveryOther: [7, 3] -> [6] {
        g: Lstm(6, return_sequences = true),
    }
}

network! {
    struct Biased: [7, 3] -> [6] {
        a: Lstm(6, bias = false, forget_bias = 1.0, output = Last),
    }
}

network! {
    struct Large: [7, 3] -> [6] {
        a: Lstm(6, forget_bias = 1e300, output = Last),
    }
}

network! {
    struct Sized: [7, 3] -> [6] {
        a: Gru(hidden_size = 6, output = Last),
    }
}

network! {
    struct Wrapped: [7, 3] -> [7, 12] {
        a: Bidirectional { g: Gru(6) },
    }
}

network! {
    struct AllStates: [7, 3] -> [2] {
        gru: Gru(6),
        Relu,
        fc: Dense(2),
    }
}

network! {
    struct Turned: [8] -> [8] {
        Transpose,
    }
}

fn main() {}
