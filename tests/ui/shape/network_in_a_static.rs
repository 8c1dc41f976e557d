//! A network in a `static` that does not fit where it stands.
use nn_core::prelude::*;

network! {
    struct Body: [4] -> [8] { fc: Dense(8) }
}

network! {
    #[scalar(f64)]
    struct Wide: [8] -> [8] { fc: Dense(8) }
}

static BODY: Body = Body::zeros();
static WIDE: Wide = Wide::zeros();

network! {
    struct Shapes: [5] -> [2] {
        body: &Body(BODY) -> [7],
        fc: Dense(2),
    }
}

network! {
    struct Scalars: [8] -> [2] {
        wide: &Wide(WIDE) -> [8],
        fc: Dense(2),
    }
}

network! {
    struct Stated: [4] -> [2] {
        body: &Body(BODY),
        fc: Dense(2),
    }
}

network! {
    struct Marked: [4] -> [2] {
        #[frozen]
        #[key("other")]
        #[init(HeNormal)]
        body: &Body(BODY) -> [8],
        fc: Dense(2),
    }
}

network! {
    struct Itself: [4] -> [4] {
        body: &Itself(BODY) -> [4],
    }
}

fn main() {
    let _ = (Shapes::zeros(), Scalars::zeros(), Stated::zeros(), Marked::zeros(), Itself::zeros());
}
