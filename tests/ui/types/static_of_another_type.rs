//! The static is not there, holds another network, or cannot be read.
use nn_core::prelude::*;

network! {
    struct Body: [4] -> [8] { fc: Dense(8) }
}

network! {
    struct Other: [4] -> [8] { fc1: Dense(3), fc2: Dense(8) }
}

static OTHER: Other = Other::zeros();
static mut CHANGES: Body = Body::zeros();

network! {
    struct Missing: [4] -> [2] { body: &Body(BODY) -> [8], fc: Dense(2) }
}

network! {
    struct Differs: [4] -> [2] { body: &Body(OTHER) -> [8], fc: Dense(2) }
}

network! {
    struct Mutable: [4] -> [2] { body: &Body(CHANGES) -> [8], fc: Dense(2) }
}

fn main() {
    let _ = (Missing::zeros().predict(&[0.0; 4]), Differs::zeros().predict(&[0.0; 4]), Mutable::zeros().predict(&[0.0; 4]));
}
