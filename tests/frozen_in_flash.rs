//! A body that stays in flash while the head learns: the same numbers as a frozen body by value, without its bytes.
#![cfg(test)]

use nn_core::prelude::*;

network! {
    /// All that behaves otherwise while it learns.
    struct Body: [4] -> [6] {
        fc1: Dense(5),
        norm: BatchNorm,
        Tanh,
        Dropout(0.5),
        fc2: Dense(6),
        Relu,
    }
}

/// Numbers between −1 and 1.
const fn number(i: usize) -> f32 {
    (i * 37 % 41) as f32 / 20.0 - 1.0
}

static BODY: Body = {
    let mut body = Body::zeros();
    let mut i = 0;
    while i < 30 {
        let (row, column) = (i / 5, i % 5);
        if column < 4 && row < 5 {
            body.fc1.weight[row][column] = number(i);
        }
        body.fc2.weight[row][column] = number(i + 7);
        i += 1;
    }
    body.norm.weight = [0.5, -1.0, 2.0, 0.25, 1.0];
    body.norm.bias = [0.1, 0.2, -0.3, 0.4, 0.0];
    body.norm.running_mean = [0.3, -0.1, 0.2, 0.0, -0.5];
    body.norm.running_var = [1.0, 0.5, 2.0, 0.1, 4.0];
    body
};

network! {
    struct ByReference: [3] -> [2] {
        first: Dense(4),
        Tanh,
        body: &Body(BODY) -> [6],
        head: Dense(2),
    }
}

network! {
    struct ByValue: [3] -> [2] {
        first: Dense(4),
        Tanh,
        #[frozen]
        body: Body -> [6],
        head: Dense(2),
    }
}

/// Both with the same numbers.
fn pair() -> (Box<ByReference>, Box<ByValue>) {
    let net = ByReference::new_boxed(3);
    let mut other = ByValue::new_boxed(3);
    other.first.weight = net.first.weight;
    other.first.bias = net.first.bias;
    other.head.weight = net.head.weight;
    other.head.bias = net.head.bias;
    other.body.copy_from(&BODY);
    (net, other)
}

fn assert_equal(net: &ByReference, other: &ByValue) {
    assert_eq!((net.first.weight, net.first.bias), (other.first.weight, other.first.bias));
    assert_eq!((net.head.weight, net.head.bias), (other.head.weight, other.head.bias));
}

const X: [f32; 3] = [0.5, -0.25, 1.0];

#[test]
fn it_is_no_part_of_the_network() {
    assert_eq!(ByReference::PARAMETERS, (3 * 4 + 4) + (6 * 2 + 2));
    assert_eq!(ByReference::FLASH_BYTES, 4 * ByReference::PARAMETERS);
    assert_eq!(ByReference::MACS, ByValue::MACS);
    let mut keys = vec![];
    ByReference::SPEC.visit(|leaf| keys.push(leaf.key.to_string()));
    assert_eq!(keys, ["first.weight", "first.bias", "head.weight", "head.bias"]);
    let summary = ByReference::zeros().to_string();
    assert!(summary.contains("&Body(BODY)") && summary.contains("\n30 parameters, "), "{summary}");
}

#[test]
fn what_is_before_and_behind_it_learns_as_with_a_frozen_one() {
    let (mut net, mut other) = pair();
    assert_eq!(net.predict(&X), other.predict(&X));
    let inputs: Vec<[f32; 3]> = (0..24).map(|i| [number(i), number(i + 1), number(i + 2)]).collect();
    let targets: Vec<[f32; 2]> = inputs.iter().map(|x| [x[0] * x[1], x[2]]).collect();
    let data = Dataset::new(inputs, targets).unwrap();
    let before = net.first.weight;
    net.train(&data).loss(MeanSquaredError).optimizer(Adam::new(1e-2)).epochs(5).batch_size(8).run().unwrap();
    other.train(&data).loss(MeanSquaredError).optimizer(Adam::new(1e-2)).epochs(5).batch_size(8).run().unwrap();
    assert_equal(&net, &other);
    assert_ne!(net.first.weight, before, "what is before it learns through it");
}

#[test]
fn it_learns_on_a_device() {
    let (mut net, mut other) = pair();
    let (mut work, mut other_work) = (TrainingWorkspace::<ByReference>::new(), TrainingWorkspace::<ByValue>::new());
    for i in 0..20 {
        let target = [number(i), 0.5];
        let loss = net.step_online(&X, &target, &MeanSquaredError, 0.05, &mut work);
        assert_eq!(loss, other.step_online(&X, &target, &MeanSquaredError, 0.05, &mut other_work));
    }
    assert_equal(&net, &other);
    let body = size_of::<Body>();
    let training_ram = (ByReference::training_ram(Sgd::new(0.1), Online), ByValue::training_ram(Sgd::new(0.1), Online));
    assert_eq!(training_ram.0 + body, training_ram.1);
}

mod bodies {
    /// In a module of its own, and square.
    pub static SQUARE: super::Square = {
        let mut body = super::Square::zeros();
        body.fc.weight = [[0.5, -1.0], [0.25, 2.0]];
        body
    };
}

network! {
    struct Square: [2] -> [2] { fc: Dense(2), Sigmoid }
}

network! {
    /// In blocks, unnamed, and as all that a network has.
    struct Everywhere: [2] -> [2] {
        block: Residual { main: { &Square(bodies::SQUARE) -> [2], fc: Dense(2) } },
        Concat { a: { &self::Square(bodies::SQUARE) -> [2] }, b: { Identity } },
        fc: Dense(2),
        blocks: Repeat(2) { &Square(bodies::SQUARE) -> [2] },
        Residual { main: { Identity }, skip: { &Square(bodies::SQUARE) -> [2] } },
        last: &Square(bodies::SQUARE) -> [2],
    }
}

#[test]
fn it_stands_wherever_a_layer_does() {
    let net = Everywhere::new_boxed(1);
    let square = |x: [f32; 2]| bodies::SQUARE.predict(&x);
    let dense =
        |fc: &nn_core::layer::Dense<2, 2>, x: [f32; 2]| [0, 1].map(|o| fc.weight[o][0] * x[0] + fc.weight[o][1] * x[1] + fc.bias[o]);
    let x = [0.75, -0.5];
    let inner = dense(&net.block.fc, square(x));
    let x = [x[0] + inner[0], x[1] + inner[1]];
    let a = square(x);
    let x = [0, 1].map(|o| {
        let w = net.fc.weight[o];
        w[0] * a[0] + w[1] * a[1] + w[2] * x[0] + w[3] * x[1] + net.fc.bias[o]
    });
    let x = square(square(x));
    let skip = square(x);
    let y = square([x[0] + skip[0], x[1] + skip[1]]);
    let given = net.predict(&[0.75, -0.5]);
    assert!(given.iter().zip(y).all(|(given, y)| (given - y).abs() < 1e-6), "{given:?} {y:?}");
}

static FOLDED: BodyFolded = {
    let mut body = BodyFolded::zeros();
    let mut i = 0;
    while i < 30 {
        let (row, column) = (i / 5, i % 5);
        if column < 4 && row < 5 {
            body.fc1.layer.weight[row][column] = number(i);
        }
        body.fc2.weight[row][column] = number(i + 7);
        i += 1;
    }
    body.fc2.bias = [1.0; 6];
    body.fc1.scale = [0.5, -1.0, 2.0, 0.25, 1.0];
    body.fc1.shift = [0.1, 0.2, -0.3, 0.4, 0.0];
    body
};

/// A folded body is what firmware holds: in flash, by value, and behind a layer that learns.
mod folded {
    use super::*;

    network! {
        struct InFlash: [3] -> [2] {
            first: Dense(4),
            Tanh,
            body: &BodyFolded(FOLDED) -> [6],
            head: Dense(2),
        }
    }

    network! {
        struct Owned: [3] -> [2] {
            first: Dense(4),
            Tanh,
            #[frozen]
            body: BodyFolded -> [6],
            head: Dense(2),
        }
    }

    fn both() -> (Box<InFlash>, Box<Owned>) {
        let (mut in_flash, mut owned) = (InFlash::new_boxed(3), Owned::new_boxed(3));
        // The draws between the two differ; the numbers that learn are the same.
        owned.first.weight = in_flash.first.weight;
        owned.head.weight = in_flash.head.weight;
        nn_core::plain::bytes_mut(&mut owned.body).copy_from_slice(nn_core::plain::bytes(&FOLDED));
        in_flash.head.bias = [0.25, -0.5];
        owned.head.bias = [0.25, -0.5];
        (in_flash, owned)
    }

    #[test]
    fn what_is_around_it_learns_online() {
        let (mut in_flash, mut owned) = both();
        let before = in_flash.first.weight;
        let (mut work_a, mut work_b) = (TrainingWorkspace::<InFlash>::new(), TrainingWorkspace::<Owned>::new());
        let (x, target) = ([0.5, -1.0, 0.25], [1.0, -1.0]);
        let mut losses = vec![];
        for _ in 0..50 {
            let a = in_flash.step_online(&x, &target, &MeanSquaredError, 0.02, &mut work_a);
            let b = owned.step_online(&x, &target, &MeanSquaredError, 0.02, &mut work_b);
            assert_eq!(a.to_bits(), b.to_bits());
            losses.push(a);
        }
        assert!(losses[49] < 0.2 * losses[0], "{losses:?}");
        assert_eq!(in_flash.first.weight, owned.first.weight);
        assert!(in_flash.first.weight != before, "the gradient goes through it");
        assert_eq!(nn_core::plain::bytes(&owned.body), nn_core::plain::bytes(&FOLDED));
    }

    #[test]
    fn gradients_and_training_are_those_of_the_body_in_use() -> Result<(), Error> {
        let (mut in_flash, mut owned) = both();
        let (x, targets) = (vec![[0.5, -1.0, 0.25], [0.1, 0.2, 0.3]], vec![[1.0, -1.0], [0.0, 0.5]]);
        let (mut a, mut b) = (<InFlash as Layer>::Gradient::ZEROED, <Owned as Layer>::Gradient::ZEROED);
        in_flash.gradient(&x[0], &targets[0], &MeanSquaredError, &mut a, &mut TrainingWorkspace::new());
        owned.gradient(&x[0], &targets[0], &MeanSquaredError, &mut b, &mut TrainingWorkspace::new());
        assert_eq!((a.first.weight, a.head.weight), (b.first.weight, b.head.weight));
        let data = Dataset::new(x, targets)?;
        for _ in 0..2 {
            in_flash.train(&data).loss(MeanSquaredError).optimizer(Adam::new(1e-2)).epochs(5).run()?;
            owned.train(&data).loss(MeanSquaredError).optimizer(Adam::new(1e-2)).epochs(5).run()?;
        }
        assert_eq!((in_flash.first.weight, in_flash.head.bias), (owned.first.weight, owned.head.bias));
        Ok(())
    }
}
