//! What the macro knows of each activation.

use crate::model::{Known, OutputKind};

pub(crate) struct Activation {
    pub word: &'static str,
    pub argument: Argument,
    pub known: Known,
    pub kind: OutputKind,
    pub learns: bool,
    /// Whether layers before it start from He's initialiser rather than Xavier's.
    pub rectifies: bool,
    /// Whether it takes vectors only.
    pub vector: bool,
}

/// What stands in the parentheses.
pub(crate) enum Argument {
    None,
    /// The name of a number, the number where none is written, and what is allowed.
    Number(&'static str, f64),
    /// A word that selects another activation.
    Word(&'static str, &'static str),
}

const fn plain(word: &'static str) -> Activation {
    Activation {
        word,
        argument: Argument::None,
        known: Known::Output,
        kind: OutputKind::Real,
        learns: true,
        rectifies: false,
        vector: false,
    }
}

pub(crate) static ACTIVATIONS: [Activation; 20] = [
    plain("Identity"),
    Activation { learns: false, ..plain("Step") },
    Activation { rectifies: true, ..plain("Relu") },
    Activation { rectifies: true, ..plain("Relu6") },
    Activation { rectifies: true, argument: Argument::Number("the slope below 0", 0.01), ..plain("LeakyRelu") },
    Activation { rectifies: true, argument: Argument::Number("α", 1.0), ..plain("Elu") },
    plain("HardSigmoid"),
    Activation { kind: OutputKind::Bernoulli, ..plain("Sigmoid") },
    plain("Tanh"),
    Activation { rectifies: true, ..plain("Softplus") },
    Activation { rectifies: true, known: Known::Input, argument: Argument::Word("Tanh", "GeluTanh"), ..plain("Gelu") },
    Activation { rectifies: true, known: Known::Input, ..plain("GeluTanh") },
    Activation { rectifies: true, known: Known::Input, ..plain("Silu") },
    Activation { rectifies: true, known: Known::Input, ..plain("Swish") },
    Activation { rectifies: true, known: Known::Input, ..plain("HardSwish") },
    Activation { rectifies: true, known: Known::Input, ..plain("Mish") },
    plain("Softsign"),
    plain("Selu"),
    Activation { kind: OutputKind::Probabilities, vector: true, ..plain("Softmax") },
    Activation { kind: OutputKind::LogProbabilities, vector: true, ..plain("LogSoftmax") },
];

pub(crate) fn find(word: &str) -> Option<&'static Activation> {
    ACTIVATIONS.iter().find(|activation| activation.word == word)
}
