//! Equal layers in a row, each with its own parameters: `y = f[N−1](… f[1](f[0](x)))`, shapes `X -> X`. The keys are `0.`, `1.`, …
//!
//! Backward runs them in reverse. It needs each layer's input; gradients alternate between `dy` and one buffer.

use crate::init::Initializer;
use crate::random::Stream;
use crate::spec::{Entry, Item};
use crate::{Buffer, Layer, Pass, Scratch, Simd, Spec, Store};

/// The tape of `[L; N]`.
pub struct RepeatTape<L: Layer, const N: usize, B: Store> {
    /// The output of each layer but the last; the last buffer holds gradients in `backward`.
    y: [B::Of<L::Output>; N],
    tapes: [L::Tape<B>; N],
}

impl<L: Layer, const N: usize, B: Store> Scratch for RepeatTape<L, N, B> {
    const NEW: Self = Self { y: Scratch::NEW, tapes: Scratch::NEW };
}

/// The workspace of `[L; N]`.
pub struct RepeatWorkspace<L: Layer, B: Store> {
    /// Layers write to `y` and to this in turn.
    other: B::Of<L::Output>,
    layer: L::Workspace<B>,
}

impl<L: Layer, B: Store> Scratch for RepeatWorkspace<L, B> {
    const NEW: Self = Self { other: Scratch::NEW, layer: Scratch::NEW };
}

impl<L: Layer<Output = <L as Layer>::Input>, const N: usize> Layer for [L; N] {
    type Scalar = L::Scalar;
    type Input = L::Input;
    type Output = L::Output;
    type Kind = L::Kind;
    type Learning = L::Learning;
    type Gradient = [L::Gradient; N];
    type Tape<B: Store> = RepeatTape<L, N, B>;
    type Workspace<B: Store> = RepeatWorkspace<L, B>;

    const PARAMETERS: usize = N * L::PARAMETERS;
    const MACS: usize = N * L::MACS;
    const MIN_BATCH: usize = L::MIN_BATCH;
    const REPLACES: bool = L::REPLACES;
    const SPEC: &'static Spec = &Spec {
        name: "Repeat",
        entries: &[Entry {
            key: "",
            offset: 0,
            gradient: Some(0),
            item: Item::Repeat { spec: L::SPEC, count: N, stride: size_of::<L>(), gradient_stride: size_of::<L::Gradient>() },
        }],
        rows: L::SPEC.rows,
    };

    #[inline]
    fn infer<S: Simd, B: Store>(&self, s: S, x: &[L::Input], y: &mut [L::Output], workspace: &mut RepeatWorkspace<L, B>) {
        let RepeatWorkspace { other, layer: workspace } = workspace;
        let other = other.batch_mut(x.len());
        let Some((first, rest)) = self.split_first() else { return super::copy(y, x) };
        // The last layer writes to `y`, the one before it to `other`, and so on back to the first.
        let (mut from, mut to) = if N % 2 == 1 { (other, y) } else { (y, other) };
        first.infer::<S, B>(s, x, to, workspace);
        for layer in rest {
            (from, to) = (to, from);
            layer.infer::<S, B>(s, from, to, workspace);
        }
    }

    #[inline]
    fn forward<S: Simd, B: Store>(&self, s: S, pass: Pass<'_>, x: &[L::Input], y: &mut [L::Output], tape: &mut RepeatTape<L, N, B>) {
        let n = x.len();
        let Some((last, before)) = self.split_last() else { return super::copy(y, x) };
        let mut from = x;
        let mut tapes = tape.tapes.iter_mut();
        for (((i, layer), to), tape) in (0..).zip(before).zip(&mut tape.y).zip(&mut tapes) {
            let to = to.batch_mut(n);
            layer.forward::<S, B>(s, pass.at(i, layer), from, to, tape);
            from = to;
        }
        if let Some(tape) = tapes.next() {
            last.forward::<S, B>(s, pass.at(before.len() as u64, last), from, y, tape);
        }
    }

    #[inline]
    fn backward<S: Simd, B: Store>(
        &self,
        s: S,
        pass: Pass<'_>,
        x: &[L::Input],
        y: &[L::Output],
        dy: &mut [L::Output],
        dx: Option<&mut [L::Input]>,
        tape: &mut RepeatTape<L, N, B>,
        gradient: Option<&mut [L::Gradient; N]>,
    ) {
        let n = x.len();
        let Some((first, rest)) = self.split_first() else {
            if let Some(dx) = dx {
                super::copy(dx, dy);
            }
            return;
        };
        let Some((spare, inner)) = tape.y.split_last_mut() else { return };
        let Some((first_tape, rest_tapes)) = tape.tapes.split_first_mut() else { return };
        let mut gradients = gradient.map(|gradient| gradient.iter_mut());
        let (mut d, mut spare) = (dy, spare.batch_mut(n));
        let mut output = y;
        // (layer, its input, its tape), from the last to the second.
        let backwards = rest.iter().rev().zip(inner.iter().rev()).zip(rest_tapes.iter_mut().rev());
        for (i, ((layer, input), tape)) in (1..N as u64).rev().zip(backwards) {
            let gradient = gradients.as_mut().and_then(DoubleEndedIterator::next_back);
            let input = input.batch(n);
            layer.backward::<S, B>(s, pass.at(i, layer), input, output, d, Some(spare), tape, gradient);
            output = input;
            (d, spare) = (spare, d);
        }
        let gradient = gradients.as_mut().and_then(Iterator::next);
        first.backward::<S, B>(s, pass.at(0, first), x, output, d, dx, first_tape, gradient);
    }

    #[inline]
    fn descend<S: Simd, B: Store>(
        &mut self,
        s: S,
        pass: Pass<'_>,
        x: &[L::Input],
        y: &[L::Output],
        dy: &mut [L::Output],
        dx: Option<&mut [L::Input]>,
        tape: &mut RepeatTape<L, N, B>,
        rate: L::Scalar,
    ) {
        let n = x.len();
        let Some((first, rest)) = self.split_first_mut() else {
            if let Some(dx) = dx {
                super::copy(dx, dy);
            }
            return;
        };
        let Some((spare, inner)) = tape.y.split_last_mut() else { return };
        let Some((first_tape, rest_tapes)) = tape.tapes.split_first_mut() else { return };
        let (mut d, mut spare) = (dy, spare.batch_mut(n));
        let mut output = y;
        // As in `backward`: (layer, its input, its tape), from the last to the second.
        let backwards = rest.iter_mut().rev().zip(inner.iter().rev()).zip(rest_tapes.iter_mut().rev());
        for (i, ((layer, input), tape)) in (1..N as u64).rev().zip(backwards) {
            let (input, at) = (input.batch(n), pass.at(i, layer));
            layer.descend::<S, B>(s, at, input, output, d, Some(spare), tape, rate);
            output = input;
            (d, spare) = (spare, d);
        }
        let at = pass.at(0, first);
        first.descend::<S, B>(s, at, x, output, d, dx, first_tape, rate);
    }

    fn finish<B: Store>(&mut self, pass: Pass<'_>, tape: &RepeatTape<L, N, B>) {
        for ((i, layer), tape) in (0..).zip(self).zip(&tape.tapes) {
            layer.finish::<B>(pass.at(i, layer), tape);
        }
    }

    fn initialize(&mut self, initializer: &impl Initializer, random: &mut Stream) {
        for layer in self {
            layer.initialize(initializer, random);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::string::{String, ToString};
    use std::vec::Vec;

    use crate::layer::{BatchNorm, Dense};
    use crate::{Heap, Layer, Pass, Plain, Portable, Scratch, plain};

    #[test]
    fn keys_and_places_are_numbered() {
        type Body = [Dense<2, 2>; 3];
        let mut leaves: Vec<(String, usize, Option<usize>)> = Vec::new();
        <Body as Layer>::SPEC.visit(|leaf| leaves.push((leaf.key.to_string(), leaf.offset, leaf.gradient)));
        let expected = [("0.weight", 0), ("0.bias", 16), ("1.weight", 24), ("1.bias", 40), ("2.weight", 48), ("2.bias", 64)];
        assert_eq!(leaves, expected.map(|(key, offset)| (key.to_string(), offset, Some(offset))));
        assert_eq!(<Body as Layer>::PARAMETERS, 18);
    }

    #[test]
    fn layers_run_in_order() {
        let mut body = <[Dense<1, 1, f64>; 4]>::ZEROED;
        for (layer, (w, b)) in body.iter_mut().zip([(2.0, 1.0), (3.0, 0.0), (-1.0, 5.0), (0.5, 0.0)]) {
            (layer.weight, layer.bias) = ([[w]], [b]);
        }
        // 1 → 3 → 9 → −4 → −2
        let mut y = [[0.0]];
        body.infer::<_, Heap>(Portable, &[[1.0]], &mut y, &mut Scratch::new());
        assert_eq!(y, [[-2.0]]);
        body.forward::<_, Heap>(Portable, Pass::new(0, 1), &[[1.0]], &mut y, &mut Scratch::new());
        assert_eq!(y, [[-2.0]]);
    }

    #[test]
    fn statistics_of_every_layer_move() {
        type Body = [BatchNorm<1, f64>; 2];
        let mut body = plain::boxed::<Body>();
        body.initialize(&crate::init::Zeros, &mut crate::random::Stream::new(&[]));
        let mut tape = <Body as Layer>::Tape::<Heap>::new();
        body.forward::<_, Heap>(Portable, Pass::new(0, 1), &[[1.0], [3.0]], &mut [[0.0]; 2], &mut tape);
        body.finish::<Heap>(Pass::new(0, 1), &tape);
        // Means 2, then 0; unbiased variances 2, then 2 (of ±1).
        let means = [body[0].running_mean[0], body[1].running_mean[0]];
        let variances = [body[0].running_var[0], body[1].running_var[0]];
        assert!((means[0] - 0.2).abs() < 1e-15 && means[1].abs() < 1e-15, "{means:?}");
        assert!(variances.iter().all(|variance| (variance - 1.1).abs() < 1e-5), "{variances:?}");
        assert_eq!([body[0].num_batches_tracked, body[1].num_batches_tracked], [1, 1]);
    }
}
