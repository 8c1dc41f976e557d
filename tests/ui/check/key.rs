//! Keys on disk that are none.
use nn_core::prelude::*;

network! {
    struct Net: [4] -> [2] {
        #[key("a")]
        fc1: Dense(4),
        #[key("a")]
        fc2: Dense(4),
        #[key("fc4")]
        fc3: Dense(4),
        fc4: Dense(4),
        #[key(fc)]
        fc5: Dense(4),
        #[key("")]
        fc6: Dense(4),
        #[key("act")]
        Relu,
        fc7: Dense(2),
    }
}

fn main() {}
