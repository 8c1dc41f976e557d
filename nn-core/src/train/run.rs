//! The loop itself.

use core::ops::{ControlFlow, Range};
use std::boxed::Box;
use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

use super::batch::{batches, order, purpose};
use super::called;
use super::checkpoint::{self, Codec, Settings};
use super::evaluate::{Evaluation, add, check_targets, look_up};
use super::history::{Epoch, History};
use super::pace::Pace;
use super::parts::{Parts, all_finite};
use super::passes::{Backward, Forward, replacing};
use super::state::{Losses, State};
use super::{BatchLoss, EVALUATION_BATCH, MetricsOf, NotFinite, Options, RunOptimizer, TrainError, What, stop};
use crate::clock::{self, Instant};
use crate::data::Data;
use crate::dispatch;
use crate::metric::Score;
use crate::observe::{Ending, EpochReport, Observer, RunReport, StepReport};
use crate::optimizer::{PIECE, Update, sum_of_squares_by};
use crate::plain::Aligned;
use crate::random::Stream;
use crate::schedule::Moment;
use crate::{Heap, Layer, Network, Pass, Portable, Scalar, Scratch, Tensor, plain};

/// Buffers of the training step, as large as the largest batch.
struct Buffers<N: Layer> {
    x: Aligned<N::Input>,
    y: Aligned<N::Output>,
    dy: Aligned<N::Output>,
    tape: N::Tape<Heap>,
    /// One.
    gradient: Aligned<N::Gradient>,
}

/// What an update was like.
struct Made {
    loss: f64,
    learning_rate: f64,
    gradient_norm: f64,
}

/// The numbers of a run; `Parts` has checked that they lie there.
pub(super) fn numbers<P: crate::Plain, T: Scalar>(whole: &P, offset: usize, len: usize) -> &[T] {
    plain::part(whole, offset, len).unwrap_or(&[])
}

/// As [`numbers`], to be written.
pub(super) fn numbers_mut<P: crate::Plain, T: Scalar>(whole: &mut P, offset: usize, len: usize) -> &mut [T] {
    plain::part_mut(whole, offset, len).unwrap_or(&mut [])
}

/// A run: what was asked for, and how far it has come.
pub(super) struct Session<'r, 'a, N: Network, D: Data> {
    net: &'r mut N,
    data: &'r D,
    loss: &'r dyn BatchLoss<N::Kind, N::Output, D::Target>,
    optimizer: &'r dyn RunOptimizer<N::Scalar>,
    options: Options<'a, N, D>,
    parts: Parts,
    /// The frozen parts' addresses.
    frozen: Vec<Range<usize>>,
    batches: Vec<Range<usize>>,
    epochs: u64,
    total_steps: u64,
    settings: Settings,
    codec: Codec<MetricsOf<D>>,
    state: State<MetricsOf<D>, N::Scalar>,
    losses: Losses,
    order: Vec<usize>,
    targets: Vec<&'r D::Target>,
    weights: Vec<f32>,
    buffers: Buffers<N>,
    evaluation: Option<Evaluation<N>>,
    pace: Pace,
}

impl<'r, 'a, N: Network, D: Data> Session<'r, 'a, N, D> {
    /// A run at its beginning, or where the checkpoint says.
    pub fn new(
        net: &'r mut N,
        data: &'r D,
        loss: &'r dyn BatchLoss<N::Kind, N::Output, D::Target>,
        optimizer: &'r dyn RunOptimizer<N::Scalar>,
        options: Options<'a, N, D>,
    ) -> Result<Self, TrainError> {
        check(&options, data, N::MIN_BATCH)?;
        let pace = Pace::new(options.threads.ok_or(TrainError::NoThreads)?);
        loss.check_settings()?;
        optimizer.check_settings()?;
        check_targets(loss, data, "training data")?;
        if let Some(validation) = options.validation {
            check_targets(loss, validation, "validation data")?;
        }
        let parts = Parts::of::<N>(&options.freeze, &options.rates, &options.decays)?;
        if parts.runs.iter().any(|run| run.decay.is_some()) && !optimizer.knows_weight_decay() {
            return Err(TrainError::NoWeightDecay { optimizer: format!("{optimizer:?}") });
        }
        let batches = batches(data.len(), options.batch_size, N::MIN_BATCH);
        let largest = batches.iter().map(ExactSizeIterator::len).max().unwrap_or(1);
        let epochs = options.epochs.unwrap_or(if options.max_steps.is_some() { u64::MAX } else { 10 });
        let total_steps = epochs.saturating_mul(batches.len() as u64).min(options.max_steps.unwrap_or(u64::MAX));

        let codec = Codec::of::<D::Target>();
        let settings = Settings::of::<N, D>(data, loss, optimizer, &options, total_steps);
        let mut state = State {
            step: 0,
            batch: 0,
            running: score(&options),
            norm_sum: 0.0,
            learning_rate: optimizer.base_rate(),
            epochs: Vec::new(),
            optimizer: parts.runs.iter().map(|run| Aligned::new(run.len * optimizer.slots())).collect(),
            good: plain::bytes(net).to_vec(),
            best: Vec::new(),
        };
        if let Some(path) = &options.resume {
            checkpoint::read(path, &settings, &codec, net, &mut state)?;
        }

        let base = core::ptr::from_ref(net).addr();
        Ok(Self {
            frozen: parts.frozen.iter().map(|part| base + part.start..base + part.end).collect(),
            losses: state.so_far(),
            order: Vec::new(),
            targets: Vec::new(),
            weights: Vec::new(),
            buffers: Buffers {
                x: Aligned::new(largest),
                y: Aligned::new(largest),
                dy: Aligned::new(largest),
                tape: Scratch::new(),
                gradient: Aligned::new(1),
            },
            evaluation: options.validation.map(|data| Evaluation::new(largest.max(EVALUATION_BATCH).min(data.len()))),
            net,
            data,
            loss,
            optimizer,
            options,
            parts,
            batches,
            epochs,
            total_steps,
            settings,
            codec,
            state,
            pace,
        })
    }

    /// All that is left to do.
    pub fn run(mut self) -> Result<History<MetricsOf<D>>, TrainError> {
        let report = RunReport {
            network: N::NAME,
            samples: self.data.len(),
            steps_per_epoch: self.batches.len() as u64,
            total_steps: self.total_steps,
            resumed_at: self.state.step,
        };
        self.options.observers.iter_mut().for_each(|observer| observer.begin(&report));

        // A resumed run may have been at its end.
        let mut ending = self.ending();
        while ending.is_none() {
            let began = clock::now();
            let mut stopped = self.steps()?;
            let whole = self.state.batch == self.batches.len() as u64;
            if !whole {
                // Before the epoch is closed, so that it can go on.
                self.write_checkpoint()?;
            }
            stopped |= self.close_epoch(began)?;
            if whole {
                self.write_checkpoint()?;
            }
            ending = self.ending().or(stopped.then_some(Ending::Observer));
        }

        let ending = ending.unwrap_or(Ending::Epochs);
        let best = stop::best(&self.losses.watched).unwrap_or(0);
        let restored = self.restores_best() && !self.state.best.is_empty();
        if restored {
            plain::bytes_mut(self.net).copy_from_slice(&self.state.best);
        }
        self.options.observers.iter_mut().for_each(|observer| observer.end(ending));
        let rule = (ending == Ending::Rule).then(|| self.rule_that_stops()).flatten();
        Ok(History { network: N::NAME, epochs: self.state.epochs, ending, rule, best, restored })
    }

    /// Why a run that stands between two epochs is at its end.
    fn ending(&self) -> Option<Ending> {
        let state = &self.state;
        if state.batch > 0 {
            None
        } else if self.rule_that_stops().is_some() {
            Some(Ending::Rule)
        } else if state.epochs.len() as u64 >= self.epochs {
            Some(Ending::Epochs)
        } else if state.step >= self.total_steps {
            Some(Ending::MaxSteps)
        } else {
            None
        }
    }

    /// The first rule that wants to stop, as it was written.
    fn rule_that_stops(&self) -> Option<String> {
        let so_far = self.losses.view();
        if self.state.epochs.is_empty() {
            return None;
        }
        self.options.rules.iter().find(|rule| rule.stops(&so_far)).map(|rule| format!("{rule:?}"))
    }

    /// The updates that are left of an epoch; whether an observer stopped them.
    fn steps(&mut self) -> Result<bool, TrainError> {
        let epoch = self.state.epochs.len() as u64;
        order(&mut self.order, self.data.len(), self.options.seed, epoch, self.options.in_order);
        while self.state.step < self.total_steps
            && let Some(batch) = usize::try_from(self.state.batch).ok().and_then(|batch| self.batches.get(batch)).cloned()
        {
            self.options.kernels = self.options.kernels.on(self.pace.begin(batch.len()));
            let clock = self.pace.clock();
            let Made { loss, learning_rate, gradient_norm } = self.step(batch, epoch)?;
            self.pace.stop(clock);
            self.state.step += 1;
            self.state.batch += 1;
            self.state.norm_sum += gradient_norm;
            self.state.learning_rate = learning_rate;
            let report = StepReport {
                step: self.state.step,
                total_steps: self.total_steps,
                epoch: epoch + 1,
                loss,
                learning_rate,
                gradient_norm,
                so_far: &self.state.running,
            };
            let stopped = tell(&mut self.options.observers, |observer| observer.step(&report));
            if self.options.checkpoint_every.is_some_and(|every| self.state.step.is_multiple_of(every.max(1))) {
                self.write_checkpoint()?;
            }
            if stopped {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// One update.
    fn step(&mut self, batch: Range<usize>, epoch: u64) -> Result<Made, TrainError> {
        let Self { net, data, loss, optimizer, options, state, buffers, targets, weights, .. } = self;
        let (batch, kernels) = (&self.order[batch], options.kernels);
        for (index, x) in batch.iter().zip(&mut *buffers.x) {
            (options.read)(data, *index, x);
            if let Some(augment) = &mut options.augment {
                augment(x, &mut Stream::new(&[options.seed, purpose::AUGMENT, epoch, *index as u64]));
            }
        }
        look_up(*data, batch, targets, weights);
        let moment = Moment {
            step: state.step,
            total_steps: self.total_steps,
            steps_per_epoch: self.batches.len() as u64,
            epoch,
            losses: &self.losses.watched,
        };
        let factor = options.schedule.as_ref().map_or(1.0, |schedule| schedule.factor(&moment));
        let learning_rate = optimizer.base_rate() * factor;
        if !(learning_rate >= 0.0 && learning_rate.is_finite()) {
            return Err(TrainError::Rate { rate: learning_rate, step: state.step + 1 });
        }
        let pass = Pass::new(options.seed, state.step).with_frozen_parts(&self.frozen);

        let Buffers { x, y, dy, tape, gradient } = buffers;
        let gradient = &mut gradient[0];
        let (x, y, dy) = (&x[..batch.len()], &mut y[..batch.len()], &mut dy[..batch.len()]);
        dispatch(kernels, Forward { net: &**net, pass, x, y, tape });
        let sums = loss.call(kernels, y, targets, weights, Some(dy));
        add::<N, D>(&mut state.running, y, targets, sums, *loss, &options.own);
        if !sums.loss.is_finite() {
            // Where an output of zeros has no finite loss either, the fault is in what the loss compares it with.
            N::Output::flatten_mut(dy).fill(N::Scalar::ZERO);
            let spoilt = (0..batch.len()).find(|i| {
                let of = |output: &[N::Output]| loss.call(kernels, output, &targets[*i..=*i], &weights[*i..=*i], None).loss;
                all_finite(y[*i].flat()) && !of(&y[*i..=*i]).is_finite() && !of(&dy[*i..=*i]).is_finite()
            });
            if let Some(spoilt) = spoilt {
                let what = What::Target { sample: batch[spoilt] };
                return Err(give_up(*net, state, what, state.step + 1, String::new()));
            }
            let (what, layer) = diagnose(&**net, What::Loss, &self.parts, batch, pass, buffers);
            return Err(give_up(*net, state, what, state.step + 1, layer));
        }

        let replacing = replacing::<N>(pass, gradient);
        dispatch(kernels, Backward { net: &**net, pass: replacing, x, y, dy, dx: None, tape, gradient });
        let runs = &self.parts.runs;
        let squares: f64 = runs.iter().map(|run| sum_of_squares_by::<N::Scalar>(kernels, numbers(&*gradient, run.gradient, run.len))).sum();
        if !squares.is_finite() {
            let (what, layer) = diagnose(&**net, What::Gradient, &self.parts, batch, pass, buffers);
            return Err(give_up(*net, state, what, state.step + 1, layer));
        }
        let gradient_norm = crate::math::f64::sqrt(squares);

        for (run, state_of_run) in runs.iter().zip(&mut state.optimizer) {
            let gradient = numbers_mut(&mut *gradient, run.gradient, run.len);
            for clip in &options.clips {
                let work = gradient.len() * 8;
                kernels.threads().each(work, PIECE, &mut *gradient, |gradient| clip.apply::<N::Scalar>(gradient_norm, gradient));
            }
            let update = Update { learning_rate: learning_rate * run.factor, step: state.step + 1 };
            called::update(*optimizer, kernels, update, run.decay, numbers_mut(*net, run.offset, run.len), gradient, state_of_run);
        }
        net.finish::<Heap>(pass, tape);
        Ok(Made { loss: sums.reduce(loss.reduced_by()), learning_rate, gradient_norm })
    }

    /// Validates, and takes the epoch into the history; whether an observer wants to stop.
    fn close_epoch(&mut self, began: Option<Instant>) -> Result<bool, TrainError> {
        let restores_best = self.restores_best();
        let Self { net, loss, options, state, evaluation, .. } = self;
        if let Some(tensor) = self.parts.tensors.iter().find(|tensor| !tensor.is_finite_in(&**net)) {
            return Err(give_up(*net, state, What::Parameter, state.step, tensor.layer().to_string()));
        }
        let validation = match (options.validation, evaluation) {
            (Some(data), Some(evaluation)) => {
                match evaluation.score(&**net, data, options.read, *loss, &options.own, options.kernels, "validation data") {
                    Err(TrainError::NoScore(at)) => {
                        return Err(give_up(*net, state, What::Validation(at), state.step, String::new()));
                    }
                    score => Some(score?),
                }
            }
            _ => None,
        };
        let epoch = Epoch {
            number: state.epochs.len() as u64 + 1,
            step: state.step,
            learning_rate: state.learning_rate,
            gradient_norm: state.norm_sum / state.batch as f64,
            seconds: began.map(|began| began.elapsed().as_secs_f64()),
            train: core::mem::replace(&mut state.running, score(options)),
            validation,
        };
        state.epochs.push(epoch.clone());
        state.batch = 0;
        state.norm_sum = 0.0;
        self.losses = state.so_far();
        let best = stop::best(&self.losses.watched) == Some(state.epochs.len() - 1);
        state.good.copy_from_slice(plain::bytes(&**net));
        if best && restores_best {
            state.best.clear();
            state.best.extend_from_slice(plain::bytes(&**net));
        }
        let report = EpochReport {
            epoch: epoch.number,
            step: epoch.step,
            loss: epoch.train.loss,
            validation_loss: epoch.validation.as_ref().map(|score| score.loss),
            best,
            seconds: epoch.seconds,
            train: &epoch.train,
            validation: epoch.validation.as_ref().map(|score| score as _),
        };
        Ok(tell(&mut options.observers, |observer| observer.epoch(&report)))
    }

    fn restores_best(&self) -> bool {
        self.options.rules.iter().any(|rule| rule.restores_best())
    }

    fn write_checkpoint(&self) -> Result<(), TrainError> {
        if let Some(path) = &self.options.checkpoint {
            checkpoint::write(path, &self.settings, &self.codec, self.net, &self.state)?;
        }
        Ok(())
    }
}

/// The score of no samples yet.
fn score<N: Network, D: Data>(options: &Options<'_, N, D>) -> Score<MetricsOf<D>> {
    Score::new(options.own.iter().map(|(name, _)| name.clone()))
}

/// Settings and data that a run can start with.
fn check<N: Network, D: Data>(options: &Options<'_, N, D>, data: &D, least: usize) -> Result<(), TrainError> {
    if options.epochs == Some(0) {
        return Err(TrainError::NoEpochs);
    }
    if options.max_steps == Some(0) {
        return Err(TrainError::NoSteps);
    }
    if options.batch_size == 0 {
        return Err(TrainError::EmptyBatch);
    }
    if options.checkpoint_every.is_some_and(|every| every == 0 || options.checkpoint.is_none()) {
        return Err(TrainError::NoCheckpoint);
    }
    if data.is_empty() {
        return Err(TrainError::NoSamples { what: "training data" });
    }
    if options.validation.is_some_and(Data::is_empty) {
        return Err(TrainError::NoSamples { what: "validation data" });
    }
    for clip in &options.clips {
        clip.check()?;
    }
    if let Some(schedule) = &options.schedule {
        schedule.check()?;
    }
    if data.len() < least {
        return Err(TrainError::FewSamples { samples: data.len(), least });
    }
    if options.batch_size < least {
        return Err(TrainError::SmallBatch { batch_size: options.batch_size, least });
    }
    Ok(())
}

/// Tells every observer; whether one of them wants to stop.
fn tell<'a>(observers: &mut [Box<dyn Observer + 'a>], mut report: impl FnMut(&mut (dyn Observer + 'a)) -> ControlFlow<()>) -> bool {
    // All are told, also after one that stops.
    observers.iter_mut().fold(false, |stop, observer| report(&mut **observer).is_break() | stop)
}

/// Gives the network its last good parameters back.
fn give_up<N: Network, M, T>(net: &mut N, state: &State<M, T>, what: What, step: u64, layer: String) -> TrainError {
    plain::bytes_mut(net).copy_from_slice(&state.good);
    TrainError::NotFinite(Box::new(NotFinite { what, epoch: state.epochs.len() as u64 + 1, step, layer }))
}

/// Where it began that a loss or gradient is not finite: an input, a parameter, or the layer in whose output or gradient it shows first.
fn diagnose<N: Network>(net: &N, what: What, parts: &Parts, batch: &[usize], pass: Pass<'_>, buffers: &mut Buffers<N>) -> (What, String) {
    let layer = |tensor: &super::parts::Tensor| tensor.layer().to_string();
    let first = || parts.tensors.first().map_or_else(String::new, layer);
    for (index, x) in batch.iter().zip(&*buffers.x) {
        if !all_finite(x.flat()) {
            return (What::Input { sample: *index }, first());
        }
    }
    if let Some(tensor) = parts.tensors.iter().find(|tensor| !tensor.is_finite_in(net)) {
        return (What::Parameter, layer(tensor));
    }
    let learned: Vec<_> = parts.tensors.iter().filter(|tensor| tensor.gradient.is_some() && tensor.len > 0).collect();
    let last = || learned.last().map_or_else(first, |tensor| layer(tensor));
    let finite = |gradient: &N::Gradient, tensor: &super::parts::Tensor| {
        tensor.gradient.is_none_or(|offset| all_finite::<N::Scalar>(numbers(gradient, offset, tensor.len)))
    };
    if what == What::Gradient {
        // Backward goes from the end to the beginning: the last layer that shows it is where it began.
        let began = learned.iter().rev().find(|tensor| !finite(&buffers.gradient[0], tensor));
        return (what, began.map_or_else(last, |tensor| layer(tensor)));
    }
    // The forward pass overflowed. With `dy = 0`, a layer's gradient is `0 · x`: it is not a number where the layer's input is not finite,
    // so the layer before the first such one gave it.
    let Buffers { x, y, dy, tape, gradient } = buffers;
    let gradient = &mut gradient[0];
    let (x, y, dy) = (&x[..batch.len()], &y[..batch.len()], &mut dy[..batch.len()]);
    N::Output::flatten_mut(dy).fill(N::Scalar::ZERO);
    plain::bytes_mut::<N::Gradient>(gradient).fill(0);
    net.backward::<Portable, Heap>(Portable, pass, x, y, dy, None, tape, Some(gradient));
    match learned.iter().position(|tensor| !finite(gradient, tensor)) {
        // Everything shows it: it came back from the end.
        None | Some(0) => (what, last()),
        Some(shown) => (what, layer(learned[shown - 1])),
    }
}
