//! Loss and metrics over a data set, as in use.

use std::vec::Vec;

use super::{Measure, MetricsOf, TrainError};
use crate::data::Data;
use crate::loss::{Loss, Reduction};
use crate::metric::{Metrics, Score};
use crate::simd::{Task, dispatch};
use crate::{Heap, Kernels, Layer, Network, Scratch, Simd, plain};

/// The memory of an evaluation, kept for the next.
pub(super) struct Evaluation<N: Network> {
    x: Vec<N::Input>,
    y: Vec<N::Output>,
    workspace: N::Workspace<Heap>,
}

struct Infer<'a, N: Layer>(&'a N, &'a [N::Input], &'a mut [N::Output], &'a mut N::Workspace<Heap>);

impl<N: Layer> Task for Infer<'_, N> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        self.0.infer::<S, Heap>(s, self.1, self.2, self.3);
    }
}

impl<N: Network> Evaluation<N> {
    pub fn new(batch: usize) -> Self {
        Self { x: plain::vec(batch.max(1)), y: plain::vec(batch.max(1)), workspace: Scratch::new() }
    }

    /// Over all of `data`, which are the `what` data.
    #[allow(clippy::too_many_arguments, reason = "all different things; a struct would only rename them")]
    pub fn score<D: Data, L: Loss<N::Kind, N::Output, D::Target>>(
        &mut self,
        net: &N,
        data: &D,
        read: impl Fn(&D, usize, &mut N::Input),
        loss: &L,
        own: &[Measure<'_, N::Output, D::Target>],
        kernels: Kernels,
        what: &'static str,
    ) -> Result<Score<MetricsOf<D>>, TrainError> {
        if data.is_empty() {
            return Err(TrainError::NoSamples { what });
        }
        let mut score = Score::new(own.iter().map(|(name, _)| name.clone()));
        let samples: Vec<usize> = (0..data.len()).collect();
        for batch in samples.chunks(self.x.len()) {
            let (x, y) = (&mut self.x[..batch.len()], &mut self.y[..batch.len()]);
            for (index, x) in batch.iter().zip(&mut *x) {
                read(data, *index, x);
            }
            dispatch(kernels, Infer(net, x, y, &mut self.workspace));
            for (index, y) in batch.iter().zip(&*y) {
                let weight = f64::from(data.weight(*index));
                add::<N, D, L>(&mut score, y, data.target(*index), loss.loss(y, data.target(*index)), weight, loss, own);
            }
        }
        Ok(score)
    }
}

/// Takes one sample into the score.
pub(super) fn add<N: Network, D: Data, L: Loss<N::Kind, N::Output, D::Target>>(
    score: &mut Score<MetricsOf<D>>,
    y: &N::Output,
    target: &D::Target,
    of_sample: N::Scalar,
    weight: f64,
    loss: &L,
    own: &[Measure<'_, N::Output, D::Target>],
) {
    use crate::Scalar;
    score.samples += 1;
    score.loss_sum += weight * of_sample.to_f64();
    score.share_sum += weight * loss.share(target).to_f64();
    score.loss = match loss.reduction() {
        Reduction::Mean if score.share_sum == 0.0 => 0.0,
        Reduction::Mean => score.loss_sum / score.share_sum,
        Reduction::Sum => score.loss_sum,
    };
    score.metrics.add::<N::Kind, _>(y, target);
    for (sum, (_, measure)) in score.own.iter_mut().zip(own) {
        sum.sum += measure(y, target);
    }
}
