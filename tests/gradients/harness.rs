//! The slope of `forward`, measured, against what `backward` says.
//!
//! With a random `dy` the loss is `ℓ = Σ dy · y`, so that `backward` must give `∂ℓ/∂x` and `∂ℓ/∂w`. Each is measured by moving one number
//! at a time, with the five-point central difference (Abramowitz & Stegun, 25.3.6), whose error is `h⁴/30 · ℓ⁽⁵⁾`. The gap must stay within
//! `TOLERANCE` of `max(|g|, 1e-3 · largest |g|)`, `g` being the measured slope and the largest that of its tensor.
//!
//! # Adding a case
//! A layer, activation or loss lives in a file of nn-core; its table bears that file's name and holds at least [`CASES`] cases, each a
//! function of a seed. `coverage.rs` reads nn-core's folders and fails when a file has no such table.
//! ```ignore
//! tables! {
//!     dense { built_in::<Dense<3, 2, f64>>, built_in::<Dense<1, 1, f64, 0>>, … }       // in layers.rs: sizes are the type's
//!     relu { |seed| activation::<[f64; 7], _>(Relu, &[0.0], seed), … }                  // in activations.rs: shape, value, kinks
//!     mean_squared_error { |seed| loss(&MeanSquaredError, |random| (y, target), seed), … } // in losses.rs: how to draw output and target
//! }
//! ```
//! A new module of tables is also listed in `coverage.rs`. [`built_in`] hands `backward` a spoilt `y`, as a network does that lets the next
//! activation work in place; [`layer`] hands it the true one, for users' layers. [`distinct`] draws numbers that keep a distance from each
//! other and from kinks.

use nn_core::activation::Known;
use nn_core::loss::Loss;
use nn_core::random::Stream;
use nn_core::spec::{Dtype, Role};
use nn_core::{Activation, Heap, Layer, One, Pass, Portable, Scratch, Store, Tensor, plain};

/// The fewest cases of a table.
pub const CASES: usize = 12;
/// How far the gradient may be from the slope, relative to `max(|slope|, 1e-3 · largest |slope|)`.
pub const TOLERANCE: f64 = 1e-6;
/// By how much a number moves; a power of two, so that moving it back gives the number.
const H: f64 = 1.0 / 512.0;
/// How far drawn numbers keep from each other and from kinks: more than the four `H` of two opposite moves by `2 H`.
const GAP: f64 = 6.0 * H;

/// Of a step in place.
const RATE: f64 = 0.3;

/// Nothing, or what is wrong.
pub type Outcome = Result<(), String>;

/// The cases of one file of nn-core.
pub struct Table {
    pub file: &'static str,
    pub cases: &'static [Case],
}

/// One check, with its source text as its name.
pub struct Case {
    pub name: &'static str,
    pub check: fn(u64) -> Outcome,
}

/// Tables, `file { check, check, … }`, and a test of each.
#[macro_export]
macro_rules! tables {
    ($($file:ident { $($check:expr),* $(,)? })*) => {
        pub const TABLES: &[$crate::harness::Table] = &[$($crate::harness::Table {
            file: stringify!($file),
            cases: &[$($crate::harness::Case { name: stringify!($check), check: $check }),*],
        }),*];
        $(
            #[test]
            fn $file() {
                $crate::harness::run(TABLES, stringify!($file));
            }
        )*
    };
}

/// Runs the cases of one file, seeded by their place; all that fail are shown.
pub fn run(tables: &[Table], file: &str) {
    let cases = tables.iter().filter(|table| table.file == file).flat_map(|table| table.cases);
    let faults: Vec<String> = cases
        .enumerate()
        .filter_map(|(seed, case)| (case.check)(seed as u64).err().map(|fault| format!("{}: {fault}", case.name)))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Numbers in random order, at least `GAP` from each other and from `kinks`, around zero; up to ±4, or as far as their number needs.
pub fn distinct(random: &mut Stream, kinks: &[f64], values: &mut [f64]) {
    let step = (8.0 / values.len() as f64).clamp(4.0 * GAP, 4.0);
    let mut cell = -0.5 * step * values.len() as f64;
    for value in values.iter_mut() {
        // In the middle half of a cell, so that neighbours keep half a cell apart; a cell at a kink may need many draws, or be left out.
        *value = loop {
            let drawn = (0..8).map(|_| cell + step * (0.25 + 0.5 * random.unit()));
            let clear = drawn.into_iter().find(|value| kinks.iter().all(|kink| (value - kink).abs() >= GAP));
            cell += step;
            if let Some(value) = clear {
                break value;
            }
        };
    }
    for i in (1..values.len()).rev() {
        values.swap(i, random.bits() as usize % (i + 1));
    }
}

/// Numbers in ±1, none near zero.
pub fn uniform(random: &mut Stream, values: &mut [f64]) {
    for value in values {
        let size = 0.1 + 0.9 * random.unit();
        *value = if random.bits().is_multiple_of(2) { size } else { -size };
    }
}

/// The slope of `f` at `value`, by the five-point central difference; `f` gives many numbers, of which `dy` weighs each.
///
/// Differences are taken number by number, so that what does not move adds no rounding.
fn slope(value: f64, dy: &[f64], mut f: impl FnMut(f64) -> Vec<f64>) -> f64 {
    let (near_above, near_below) = (f(value + H), f(value - H));
    let (far_above, far_below) = (f(value + 2.0 * H), f(value - 2.0 * H));
    let mut sum = 0.0;
    for i in 0..dy.len() {
        sum += dy[i] * (8.0 * (near_above[i] - near_below[i]) - (far_above[i] - far_below[i]));
    }
    sum / (12.0 * H)
}

/// Gradients against slopes; each tensor must have one that is not zero.
fn compare(what: &str, gradient: &[f64], slopes: &[f64]) -> Outcome {
    let largest = slopes.iter().fold(0.0, |largest: f64, g| largest.max(g.abs()));
    if largest == 0.0 {
        return Err(format!("{what}: all slopes are zero, so nothing is checked"));
    }
    for (i, (gradient, slope)) in gradient.iter().zip(slopes).enumerate() {
        let gap = (gradient - slope).abs() / slope.abs().max(1e-3 * largest);
        if gap.is_nan() || gap > TOLERANCE {
            return Err(format!("{what}[{i}] is {gradient:e}, but the slope is {slope:e}: a relative gap of {gap:e}"));
        }
    }
    Ok(())
}

/// Equal to the last bit, zeros of either sign alike.
#[allow(clippy::float_cmp, reason = "equal bits are what is asked for")]
fn same(what: &str, a: &[f64], b: &[f64]) -> Outcome {
    match a.iter().zip(b).position(|(a, b)| a != b) {
        None if a.len() == b.len() => Ok(()),
        None => Err(format!("{what}: {} numbers and {}", a.len(), b.len())),
        Some(i) => Err(format!("{what}[{i}]: {:e} and {:e}", a[i], b[i])),
    }
}

/// A layer of nn-core, whose `backward` may not read `y`.
pub fn built_in<L: Layer<Scalar = f64>>(seed: u64) -> Outcome {
    check_layer::<L>(seed, true, true)
}

/// A layer of nn-core whose output for one sample depends on the others of the batch.
pub fn over_the_batch<L: Layer<Scalar = f64>>(seed: u64) -> Outcome {
    check_layer::<L>(seed, true, false)
}

/// A layer of a user's own, whose `backward` may read `y`.
pub fn layer<L: Layer<Scalar = f64>>(seed: u64) -> Outcome {
    check_layer::<L>(seed, false, true)
}

/// A tensor of a layer that is learned.
struct Parameter {
    key: String,
    offset: usize,
    gradient: usize,
    len: usize,
}

fn check_layer<L: Layer<Scalar = f64>>(seed: u64, spoil_y: bool, sample_by_sample: bool) -> Outcome {
    let mut random = Stream::new(&[seed, 1]);
    let n = 5; // one more than a dense layer takes at a time
    let mut layer = plain::boxed::<L>();
    let parameters = draw_parameters(&mut *layer, &mut random);
    let mut case = Run::<L, Heap>::new(n, spoil_y);
    distinct(&mut random, &[0.0], L::Input::flatten_mut(&mut case.x));
    uniform(&mut random, L::Output::flatten_mut(&mut case.dy));
    let dy = L::Output::flatten(&case.dy).to_vec();
    let pass = Pass::new(seed, 1);

    // dx and every parameter's gradient, with `dx` and `gradient` holding something before.
    let mut gradient = plain::boxed::<L::Gradient>();
    let dx = case.step(&layer, pass, true, Some(&mut gradient));
    compare("dx", &dx, &case.input_slopes(&layer, pass, &dy))?;
    for parameter in &parameters {
        let Some(given) = plain::part::<L::Gradient, f64>(&gradient, parameter.gradient, parameter.len) else {
            return Err(format!("{}: its gradient lies outside the gradient", parameter.key));
        };
        let mut slopes = vec![];
        for i in 0..parameter.len {
            let value = part(&mut *layer, parameter)[i];
            slopes.push(slope(value, &dy, |moved| {
                part(&mut *layer, parameter)[i] = moved;
                case.outputs(&layer, pass)
            }));
            part(&mut *layer, parameter)[i] = value;
        }
        compare(&parameter.key, given, &slopes)?;
    }

    // The gradient is added; without `dx`, or without `gradient`, the other is the same.
    let once = numbers::<L>(&gradient, &parameters);
    case.step(&layer, pass, false, Some(&mut gradient));
    for (twice, once) in numbers::<L>(&gradient, &parameters).iter().zip(&once) {
        if (twice - 2.0 * once).abs() > 1e-12 * once.abs().max(1.0) {
            return Err(format!("the gradient is not added: {once:e} became {twice:e}"));
        }
    }
    let mut alone = plain::boxed::<L::Gradient>();
    case.step(&layer, pass, false, Some(&mut alone));
    same("the gradient without dx", &numbers::<L>(&alone, &parameters), &once)?;
    same("dx without a gradient", &case.step(&layer, pass, true, None), &dx)?;

    // Frozen it runs as in use, and dx still flows.
    let frozen = pass.frozen();
    let y = case.infer(&layer);
    same("the frozen output and the one in use", &case.outputs(&layer, frozen), &y)?;
    let frozen_dx = case.step(&layer, frozen, true, None);
    compare("dx of the frozen layer", &frozen_dx, &case.input_slopes(&layer, frozen, &dy))?;

    // One sample at a time gives the same bits as the batch.
    if sample_by_sample {
        same("the output while training and in use", &case.outputs(&layer, pass), &y)?;
        let mut gradient = plain::boxed::<L::Gradient>();
        let (mut single_y, mut single_dx) = (vec![], vec![]);
        let mut one = Run::<L, One>::new(1, spoil_y);
        for i in 0..n {
            L::Input::flatten_mut(&mut one.x).copy_from_slice(case.x[i].flat());
            L::Output::flatten_mut(&mut one.dy).copy_from_slice(case.dy[i].flat());
            single_y.extend(one.infer(&layer));
            single_dx.extend(one.step(&layer, pass, true, Some(&mut gradient)));
        }
        same("the outputs of a batch and of single samples", &y, &single_y)?;
        same("dx of a batch and of single samples", &dx, &single_dx)?;
        same("the gradient of a batch and of single samples", &once, &numbers::<L>(&gradient, &parameters))?;
    }

    check_step_in_place::<L>(&layer, &parameters, &case, pass, spoil_y)
}

/// `descend` changes each parameter by the rate times its gradient and nothing else, and gives the `dx` of `backward`, with `dx` and without.
fn check_step_in_place<L: Layer<Scalar = f64>>(
    layer: &L,
    parameters: &[Parameter],
    case: &Run<L, Heap>,
    pass: Pass<'_>,
    spoil_y: bool,
) -> Outcome {
    let mut one = Run::<L, One>::new(1, spoil_y);
    L::Input::flatten_mut(&mut one.x).copy_from_slice(case.x[2].flat());
    L::Output::flatten_mut(&mut one.dy).copy_from_slice(case.dy[2].flat());
    let mut gradient = plain::boxed::<L::Gradient>();
    let dx = one.step(layer, pass, true, Some(&mut gradient));
    let gradient = numbers::<L>(&gradient, parameters);
    let copy = || {
        let mut copy = plain::boxed::<L>();
        plain::bytes_mut(&mut *copy).copy_from_slice(plain::bytes(layer));
        copy
    };
    let values = |layer: &mut L| -> Vec<f64> { parameters.iter().flat_map(|parameter| part(layer, parameter).to_vec()).collect() };
    let before = values(&mut copy());
    for with_dx in [true, false] {
        let mut stepped = copy();
        let step_dx = one.descend(&mut stepped, pass, with_dx);
        same("dx of a step in place", &step_dx, if with_dx { &dx } else { &[] })?;
        for (i, after) in values(&mut stepped).iter().enumerate() {
            let change = RATE * gradient[i];
            let gap = (before[i] - change - after).abs();
            if gap.is_nan() || gap > 1e-15 * (before[i].abs() + change.abs()) {
                return Err(format!(
                    "a step in place: parameter {i} went from {:e} to {after:e}, but its gradient is {:e}",
                    before[i], gradient[i]
                ));
            }
        }
        for parameter in parameters {
            part(&mut *stepped, parameter).copy_from_slice(part(&mut *copy(), parameter));
        }
        if plain::bytes(&*stepped) != plain::bytes(layer) {
            return Err("a step in place changes what is no parameter".into());
        }
    }
    Ok(())
}

/// Random parameters, and state as statistics have it; returns the parameters.
fn draw_parameters<L: Layer<Scalar = f64>>(layer: &mut L, random: &mut Stream) -> Vec<Parameter> {
    let (mut parameters, mut learned) = (vec![], 0);
    L::SPEC.visit(|leaf| {
        let (len, offset) = (leaf.shape.len(), leaf.offset);
        match (leaf.dtype, leaf.role) {
            (Dtype::F64, Role::Parameter) => {
                let key = leaf.key.to_string();
                uniform(random, plain::part_mut(layer, offset, len).expect("a parameter lies in its layer"));
                learned += len;
                // A frozen part of a network has no gradient.
                parameters.extend(leaf.gradient.map(|gradient| Parameter { key, offset, gradient, len }));
            }
            (Dtype::F64, Role::State) => {
                for value in plain::part_mut::<L, f64>(layer, offset, len).expect("state lies in its layer") {
                    *value = 0.5 + random.unit();
                }
            }
            _ => {}
        }
    });
    assert_eq!(learned, L::PARAMETERS, "PARAMETERS and SPEC differ");
    parameters
}

fn part<'a, L: Layer>(layer: &'a mut L, parameter: &Parameter) -> &'a mut [f64] {
    plain::part_mut(layer, parameter.offset, parameter.len).expect("a parameter lies in its layer")
}

/// All gradients in the order of the parameters.
fn numbers<L: Layer>(gradient: &L::Gradient, parameters: &[Parameter]) -> Vec<f64> {
    let part = |parameter: &Parameter| plain::part::<_, f64>(gradient, parameter.gradient, parameter.len).map(<[f64]>::to_vec);
    parameters.iter().filter_map(part).flatten().collect()
}

/// A batch and what a layer needs to run on it.
struct Run<L: Layer, B: Store> {
    x: Vec<L::Input>,
    dy: Vec<L::Output>,
    tape: L::Tape<B>,
    workspace: L::Workspace<B>,
    spoil_y: bool,
}

impl<L: Layer<Scalar = f64>, B: Store> Run<L, B> {
    fn new(n: usize, spoil_y: bool) -> Self {
        Self { x: plain::vec(n), dy: plain::vec(n), tape: L::Tape::<B>::new(), workspace: L::Workspace::<B>::new(), spoil_y }
    }

    fn nan<X: Tensor<Scalar = f64>>(&self) -> Vec<X> {
        let mut values = plain::vec(self.x.len());
        X::flatten_mut(&mut values).fill(f64::NAN);
        values
    }

    fn outputs(&mut self, layer: &L, pass: Pass<'_>) -> Vec<f64> {
        let mut y = self.nan();
        layer.forward::<_, B>(Portable, pass, &self.x, &mut y, &mut self.tape);
        L::Output::flatten(&y).to_vec()
    }

    fn infer(&mut self, layer: &L) -> Vec<f64> {
        let mut y = self.nan();
        layer.infer::<_, B>(Portable, &self.x, &mut y, &mut self.workspace);
        L::Output::flatten(&y).to_vec()
    }

    /// Forward and backward; the new `dx`, empty where it was not asked for.
    fn step(&mut self, layer: &L, pass: Pass<'_>, with_dx: bool, gradient: Option<&mut L::Gradient>) -> Vec<f64> {
        let mut y = self.nan();
        layer.forward::<_, B>(Portable, pass, &self.x, &mut y, &mut self.tape);
        if self.spoil_y {
            y = self.nan();
        }
        let mut dy = plain::vec(self.dy.len());
        L::Output::flatten_mut(&mut dy).copy_from_slice(L::Output::flatten(&self.dy));
        let mut dx = self.nan();
        let asked = with_dx.then_some(&mut dx[..]);
        layer.backward::<_, B>(Portable, pass, &self.x, &y, &mut dy, asked, &mut self.tape, gradient);
        if with_dx { L::Input::flatten(&dx).to_vec() } else { vec![] }
    }

    /// Forward and a step in place; the `dx`, empty where it was not asked for.
    fn descend(&mut self, layer: &mut L, pass: Pass<'_>, with_dx: bool) -> Vec<f64> {
        let mut y = self.nan();
        layer.forward::<_, B>(Portable, pass, &self.x, &mut y, &mut self.tape);
        if self.spoil_y {
            y = self.nan();
        }
        let mut dy = plain::vec(self.dy.len());
        L::Output::flatten_mut(&mut dy).copy_from_slice(L::Output::flatten(&self.dy));
        let mut dx = self.nan();
        let asked = with_dx.then_some(&mut dx[..]);
        layer.descend::<_, B>(Portable, pass, &self.x, &y, &mut dy, asked, &mut self.tape, RATE);
        if with_dx { L::Input::flatten(&dx).to_vec() } else { vec![] }
    }

    fn input_slopes(&mut self, layer: &L, pass: Pass<'_>, dy: &[f64]) -> Vec<f64> {
        let mut slopes = vec![];
        for i in 0..L::Input::flatten(&self.x).len() {
            let value = L::Input::flatten(&self.x)[i];
            slopes.push(slope(value, dy, |moved| {
                L::Input::flatten_mut(&mut self.x)[i] = moved;
                self.outputs(layer, pass)
            }));
            L::Input::flatten_mut(&mut self.x)[i] = value;
        }
        slopes
    }
}

/// An activation on three samples of shape `X`, with inputs that keep away from `kinks`.
pub fn activation<X: Tensor<Scalar = f64>, A: Activation<X>>(a: A, kinks: &[f64], seed: u64) -> Outcome {
    let mut random = Stream::new(&[seed, 2]);
    let (mut z, mut y, mut dy): (Vec<X>, Vec<X>, Vec<X>) = (plain::vec(3), plain::vec(3), plain::vec(3));
    distinct(&mut random, kinks, X::flatten_mut(&mut z));
    uniform(&mut random, X::flatten_mut(&mut dy));
    let weights = X::flatten(&dy).to_vec();
    let copy = |from: &[X]| {
        let mut to = plain::vec::<X>(from.len());
        X::flatten_mut(&mut to).copy_from_slice(X::flatten(from));
        to
    };

    a.forward(Portable, &z, &mut y);
    let mut in_place = copy(&z);
    a.forward_in_place(Portable, &mut in_place);
    same("the output in place", X::flatten(&in_place), X::flatten(&y))?;

    let known = if A::KNOWN == Known::Output { &y } else { &z };
    a.backward(Portable, known, &mut dy);
    let mut slopes = vec![];
    for i in 0..weights.len() {
        let mut moved = copy(&z);
        slopes.push(slope(X::flatten(&z)[i], &weights, |value| {
            X::flatten_mut(&mut moved)[i] = value;
            let mut y = copy(&moved);
            a.forward_in_place(Portable, &mut y);
            X::flatten(&y).to_vec()
        }));
    }
    compare("dz", X::flatten(&dy), &slopes)
}

/// A loss of kind `K` on outputs and targets as `draw` makes them: on one sample, and on a batch of weighted ones.
pub fn loss<K, Y: Tensor<Scalar = f64>, Target>(
    loss: &impl Loss<K, Y, Target>,
    draw: impl Fn(&mut Stream) -> (Y, Target),
    seed: u64,
) -> Outcome {
    let mut random = Stream::new(&[seed, 3]);
    let (mut y, target) = draw(&mut random);
    let mut dy = Y::ZEROED;
    dy.flat_mut().fill(f64::NAN);
    let value = loss.gradient(&y, &target, &mut dy);
    same("the loss from `gradient` and from `loss`", &[value], &[loss.loss(&y, &target)])?;
    let mut slopes = vec![];
    for i in 0..y.flat().len() {
        let value = y.flat()[i];
        slopes.push(slope(value, &[1.0], |moved| {
            y.flat_mut()[i] = moved;
            vec![loss.loss(&y, &target)]
        }));
        y.flat_mut()[i] = value;
    }
    compare("dy", dy.flat(), &slopes)?;

    let (mut y, targets): (Vec<Y>, Vec<Target>) = (0..3).map(|_| draw(&mut random)).unzip();
    for weights in [None, Some(&[0.5, 2.0, 1.25][..])] {
        let mut dy = plain::vec::<Y>(3);
        Y::flatten_mut(&mut dy).fill(f64::NAN);
        let sums = loss.batch(&y, &targets, weights, &mut dy);
        let alone = loss.sums(&y, &targets, weights);
        same("the sums with and without gradients", &[sums.loss, sums.share], &[alone.loss, alone.share])?;
        let mut slopes = vec![];
        for i in 0..Y::flatten(&y).len() {
            let value = Y::flatten(&y)[i];
            slopes.push(slope(value, &[1.0], |moved| {
                Y::flatten_mut(&mut y)[i] = moved;
                vec![loss.sums(&y, &targets, weights).reduce(loss.reduction())]
            }));
            Y::flatten_mut(&mut y)[i] = value;
        }
        compare("dy of a batch", Y::flatten(&dy), &slopes)?;
    }
    Ok(())
}
