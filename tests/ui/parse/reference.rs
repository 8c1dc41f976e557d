//! A network in a `static` is named by its type and, in parentheses, the static.
use nn_core::prelude::*;

network! {
    struct Body: [4] -> [8] { fc: Dense(8) }
}

static BODY: Body = Body::zeros();

network! {
    struct Net: [4] -> [2] {
        a: &Body -> [8],
        b: &mut Body(BODY) -> [8],
        c: &(BODY) -> [8],
        d: &Body() -> [8],
        e: &Body(BODY, BODY) -> [8],
        f: &Body("BODY") -> [8],
        fc: Dense(2),
    }
}

fn main() {}
