//! Mistakes under attributes and docs.
use nn_core::prelude::*;

network! {
    /// A network.
    #[scalar(f64)]
    #[frozen]
    struct Net: [1, 8, 8] -> [2] {
        /// The first.
        #[frozen]
        #[init(HeNormal)]
        conv: Conv2d(4, kernel = 9),
        Flatten,
        /// The last.
        #[key("classifier.0")]
        #[frozen]
        fc: Dense(3),
    }
}

fn main() {}
