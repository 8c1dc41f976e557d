//! Loss and metrics over a data set, as in use.

use std::vec::Vec;

use super::parts::all_finite;
use super::{BatchLoss, Measure, MetricsOf, NoScore, Spoilt, TrainError};
use crate::data::Data;
use crate::loss::Sums;
use crate::metric::{Metrics, Score};
use crate::network::is_tiny;
use crate::plain::Aligned;
use crate::{Heap, Kernels, Layer, Network, Scratch, Simd, Task, Tensor, dispatch};

/// The memory of an evaluation, kept for the next.
pub(super) struct Evaluation<N: Network> {
    x: Aligned<N::Input>,
    y: Aligned<N::Output>,
    workspace: N::Workspace<Heap>,
}

struct Infer<'a, N: Layer>(&'a N, &'a [N::Input], &'a mut [N::Output], &'a mut N::Workspace<Heap>);

impl<N: Layer> Task for Infer<'_, N> {
    type Output = ();
    const TINY: bool = is_tiny::<N>();
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        self.0.infer::<S, Heap>(s, self.1, self.2, self.3);
    }
}

impl<N: Network> Evaluation<N> {
    pub fn new(batch: usize) -> Self {
        Self { x: Aligned::new(batch.max(1)), y: Aligned::new(batch.max(1)), workspace: Scratch::new() }
    }

    /// Over all of `data`, which are called `what`.
    #[allow(clippy::too_many_arguments, reason = "all different things; a struct would only rename them")]
    pub fn score<D: Data>(
        &mut self,
        net: &N,
        data: &D,
        read: impl Fn(&D, usize, &mut N::Input),
        loss: &dyn BatchLoss<N::Kind, N::Output, D::Target>,
        own: &[Measure<'_, N::Output, D::Target>],
        kernels: Kernels,
        what: &'static str,
    ) -> Result<Score<MetricsOf<D>>, TrainError> {
        if data.is_empty() {
            return Err(TrainError::NoSamples { what });
        }
        let mut score = Score::new(own.iter().map(|(name, _)| name.clone()));
        let samples: Vec<usize> = (0..data.len()).collect();
        let (mut targets, mut weights) = (Vec::new(), Vec::new());
        for batch in samples.chunks(self.x.len()) {
            let (x, y) = (&mut self.x[..batch.len()], &mut self.y[..batch.len()]);
            for (index, x) in batch.iter().zip(&mut *x) {
                read(data, *index, x);
            }
            look_up(data, batch, &mut targets, &mut weights);
            dispatch(kernels, Infer(net, x, y, &mut self.workspace));
            let sums = loss.call(kernels, y, &targets, &weights, None);
            if !sums.loss.is_finite() {
                // Before a mean hides it, and rules and schedules compare it.
                let is_spoilt = |i: usize| !loss.call(kernels, &y[i..=i], &targets[i..=i], &weights[i..=i], None).loss.is_finite();
                if let Some(i) = (0..batch.len()).find(|i| is_spoilt(*i)) {
                    let from = match (all_finite(x[i].flat()), all_finite(y[i].flat())) {
                        (false, _) => Spoilt::Input,
                        (true, false) => Spoilt::Output,
                        (true, true) => Spoilt::Target,
                    };
                    return Err(TrainError::NoScore(NoScore { sample: batch[i], from }));
                }
            }
            add::<N, D>(&mut score, y, &targets, sums, loss, own);
        }
        Ok(score)
    }
}

/// Whether the loss means something for every target, and every weight is one; `data` are called `what`.
pub(super) fn check_targets<K, Y: Tensor, D: Data>(
    loss: &dyn BatchLoss<K, Y, D::Target>,
    data: &D,
    what: &'static str,
) -> Result<(), TrainError> {
    for sample in 0..data.len() {
        loss.check_target_of(data.target(sample)).map_err(|error| TrainError::Target { what, sample, error })?;
        let weight = data.weight(sample);
        if !(weight >= 0.0 && weight.is_finite()) {
            return Err(TrainError::Weight { what, sample, weight });
        }
    }
    Ok(())
}

/// Targets and weights of a batch.
pub(super) fn look_up<'d, D: Data>(data: &'d D, batch: &[usize], targets: &mut Vec<&'d D::Target>, weights: &mut Vec<f32>) {
    targets.clear();
    targets.extend(batch.iter().map(|index| data.target(*index)));
    weights.clear();
    weights.extend(batch.iter().map(|index| data.weight(*index)));
}

/// Takes a batch into the score.
pub(super) fn add<N: Network, D: Data>(
    score: &mut Score<MetricsOf<D>>,
    y: &[N::Output],
    targets: &[&D::Target],
    sums: Sums,
    loss: &dyn BatchLoss<N::Kind, N::Output, D::Target>,
    own: &[Measure<'_, N::Output, D::Target>],
) {
    score.samples += y.len() as u64;
    score.sums += sums;
    score.loss = score.sums.reduce(loss.reduced_by());
    let meaning = loss.meaning_of_targets();
    for (y, target) in y.iter().zip(targets) {
        score.metrics.add_as::<N::Kind, _>(meaning, y, target);
        for (sum, (_, measure)) in score.own.iter_mut().zip(own) {
            sum.sum += measure(y, target);
        }
    }
}
