//! All that a run needs to go on, in one file.
//!
//! Layout: `nn-core checkpoint\n`, the version, the body's length, the body, and its checksum (FNV-1a, 64 bits); numbers are little-endian,
//! those of the network and the optimizer as they lie in memory, the optimizer's in pieces of 4096 parameters.
//! The body begins with the settings in words, line by line, so that a run with others is refused with the line that differs; then follow
//! the network's memory, the optimizer's, where the run stands, and its history.

use core::fmt;
use std::borrow::ToOwned;
use std::format;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::string::{String, ToString};
use std::vec::Vec;

use super::Options;
use super::history::Epoch;
use super::parts::tensors;
use super::state::State;
use crate::data::Data;
use crate::file::atomic;
use crate::loss::Sums;
use crate::metric::{Metrics, Own, Score};
use crate::plain::Aligned;
use crate::{Network, Scalar, Tensor, plain};

const MAGIC: &[u8] = b"nn-core checkpoint\n";
const VERSION: u64 = 3;

/// Why a checkpoint could not be written, read or continued.
#[non_exhaustive]
pub enum CheckpointError {
    /// The system refused.
    Io {
        /// The file.
        path: PathBuf,
        /// `read` or `write`.
        what: &'static str,
        /// Why.
        error: io::Error,
    },
    /// Not a checkpoint at all.
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// Of another version of the format.
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: u64,
    },
    /// Cut off, or changed since it was written.
    Torn {
        /// The file.
        path: PathBuf,
    },
    /// Of a run with another network, other data or other settings.
    Differs {
        /// The file.
        path: PathBuf,
        /// What the checkpoint says.
        there: String,
        /// What this run says.
        here: String,
    },
}

/// As `Display`: `fn main() -> Result<(), …>` prints an error this way.
impl fmt::Debug for CheckpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for CheckpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { path, what, error } => write!(f, "cannot {what} the checkpoint {}: {error}", path.display()),
            Self::Foreign { path } => write!(f, "{} is no checkpoint", path.display()),
            Self::Version { path, version } => write!(
                f,
                "the checkpoint {} has version {version} of the format, and this crate reads version {VERSION}: go on with the crate that wrote it",
                path.display()
            ),
            Self::Torn { path } => write!(f, "the checkpoint {} is cut off or changed: its checksum does not hold", path.display()),
            Self::Differs { path, there, here } => {
                write!(f, "the checkpoint {} is of another run: there `{there}`, here `{here}`", path.display())
            }
        }
    }
}

impl core::error::Error for CheckpointError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Io { error, .. } => Some(error),
            _ => None,
        }
    }
}

/// What must be the same for a run to go on, in words.
pub(super) struct Settings(Vec<String>);

impl Settings {
    pub fn of<N: Network, D: Data>(
        data: &D,
        loss: impl fmt::Debug,
        optimizer: impl fmt::Debug,
        options: &Options<'_, N, D>,
        total_steps: u64,
    ) -> Self {
        let Options {
            validation, batch_size, schedule, rules, seed, in_order, clips, augment, own, freeze, rates, decays, kernels, ..
        } = options;
        let mut lines = std::vec![format!("network: {}, {} bytes, {} -> {}", N::NAME, size_of::<N>(), N::INPUT, N::OUTPUT)];
        let tensors = tensors(N::SPEC);
        lines.extend(tensors.iter().map(|tensor| format!("tensor: {} of {} at {}", tensor.key, tensor.len, tensor.offset)));
        lines.push(format!("kernels: {}", kernels.name()));
        lines.push(format!("byte order: {}", if cfg!(target_endian = "little") { "little" } else { "big" }));
        lines.push(format!("training data: {}", fingerprint::<N, D>(data, options)));
        lines
            .push(format!("validation data: {}", validation.map_or_else(|| "none".to_string(), |data| fingerprint::<N, D>(data, options))));
        lines.push(format!("loss: {loss:?}"));
        lines.push(format!("optimizer: {optimizer:?}"));
        lines.push(format!("batch size: {batch_size}"));
        lines.push(format!("clips: {clips:?}"));
        lines.push(format!("seed: {seed}"));
        lines.push(format!("in order: {in_order}"));
        lines.push(format!("augmented: {}", augment.is_some()));
        lines.push(format!("stopping rules: {rules:?}"));
        lines.push(format!("measures: {:?}", own.iter().map(|(name, _)| name).collect::<Vec<_>>()));
        lines.push(format!("frozen: {freeze:?}"));
        lines.push(format!("rate factors: {rates:?}"));
        lines.push(format!("weight decays: {decays:?}"));
        lines.push(match schedule {
            // A schedule sees the whole length; without one, a run may be made longer.
            Some(schedule) => format!("schedule: {schedule:?} over {total_steps} steps"),
            None => "schedule: none".to_string(),
        });
        Self(lines)
    }
}

/// The number of samples and a checksum over some of their inputs and weights.
fn fingerprint<N: Network, D: Data>(data: &D, options: &Options<'_, N, D>) -> String {
    const SAMPLES: usize = 64;
    let mut x = plain::vec::<N::Input>(1);
    let mut sum = Checksum::default();
    for index in (0..data.len()).step_by(data.len().div_ceil(SAMPLES).max(1)) {
        if let Some(x) = x.first_mut() {
            (options.read)(data, index, x);
            for x in x.flat() {
                sum.add(&x.to_f64().to_bits().to_le_bytes());
            }
        }
        sum.add(&data.weight(index).to_bits().to_le_bytes());
    }
    format!("{} samples, checksum {:016x}", data.len(), sum.0)
}

/// Fowler, Noll and Vo's FNV-1a with 64 bits.
struct Checksum(u64);

impl Default for Checksum {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Checksum {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn of(bytes: &[u8]) -> u64 {
        let mut sum = Self::default();
        sum.add(bytes);
        sum.0
    }
}

/// Writes the state, whole or not at all.
pub(super) fn write<N: Network, M>(
    path: &Path,
    settings: &Settings,
    codec: &Codec<M>,
    net: &N,
    state: &State<M, N::Scalar>,
) -> Result<(), CheckpointError> {
    let mut body = Vec::new();
    settings.0.save(&mut body);
    plain::bytes(net).to_vec().save(&mut body);
    codec.save_state(state, &mut body);
    let len = (body.len() as u64).to_le_bytes();
    let sum = Checksum::of(&body).to_le_bytes();
    atomic::write(path, &[MAGIC, &VERSION.to_le_bytes(), &len, &body, &sum]).map_err(|error| CheckpointError::Io {
        path: path.to_owned(),
        what: "write",
        error,
    })
}

/// Reads what [`write`] wrote; changes nothing where that does not fit.
pub(super) fn read<N: Network, M>(
    path: &Path,
    settings: &Settings,
    codec: &Codec<M>,
    net: &mut N,
    state: &mut State<M, N::Scalar>,
) -> Result<(), CheckpointError> {
    let file = fs::read(path).map_err(|error| CheckpointError::Io { path: path.to_owned(), what: "read", error })?;
    let Some(rest) = file.strip_prefix(MAGIC) else { return Err(CheckpointError::Foreign { path: path.to_owned() }) };
    let torn = || CheckpointError::Torn { path: path.to_owned() };
    let (version, rest) = rest.split_first_chunk().ok_or_else(torn)?;
    let version = u64::from_le_bytes(*version);
    if version != VERSION {
        return Err(CheckpointError::Version { path: path.to_owned(), version });
    }
    let (len, rest) = rest.split_first_chunk().ok_or_else(torn)?;
    let len = usize::try_from(u64::from_le_bytes(*len)).map_err(|_| torn())?;
    let (mut body, sum) = rest.split_at_checked(len).ok_or_else(torn)?;
    if sum != Checksum::of(body).to_le_bytes() {
        return Err(torn());
    }
    let body = &mut body;
    let there = Vec::<String>::load(body).ok_or_else(torn)?;
    if let Some((there, here)) = difference(&there, &settings.0) {
        return Err(CheckpointError::Differs { path: path.to_owned(), there, here });
    }
    let memory = Vec::<u8>::load(body).ok_or_else(torn)?;
    let loaded = codec.load_state::<N::Scalar>(body).ok_or_else(torn)?;
    let fits = memory.len() == size_of::<N>()
        && loaded.good.len() == size_of::<N>()
        && (loaded.best.is_empty() || loaded.best.len() == size_of::<N>())
        && loaded.optimizer.len() == state.optimizer.len()
        && loaded.optimizer.iter().zip(&state.optimizer).all(|(there, here)| there.len() == here.len())
        && loaded.running.own.len() == state.running.own.len()
        && body.is_empty();
    if !fits {
        return Err(torn());
    }
    plain::bytes_mut(net).copy_from_slice(&memory);
    *state = loaded;
    Ok(())
}

/// The first line that is not the same.
fn difference(there: &[String], here: &[String]) -> Option<(String, String)> {
    let line = |lines: &[String], i: usize| lines.get(i).cloned().unwrap_or_else(|| "nothing".to_string());
    (0..there.len().max(here.len())).map(|i| (line(there, i), line(here, i))).find(|(there, here)| there != here)
}

/// Something with a form in the file.
trait Saved: Sized {
    fn save(&self, to: &mut Vec<u8>);
    /// `None` where the bytes are not what `save` gave.
    fn load(from: &mut &[u8]) -> Option<Self>;
}

impl Saved for u64 {
    fn save(&self, to: &mut Vec<u8>) {
        to.extend(self.to_le_bytes());
    }
    fn load(from: &mut &[u8]) -> Option<Self> {
        from.split_off(..8).and_then(|bytes| Some(Self::from_le_bytes(bytes.try_into().ok()?)))
    }
}

impl Saved for f64 {
    fn save(&self, to: &mut Vec<u8>) {
        self.to_bits().save(to);
    }
    fn load(from: &mut &[u8]) -> Option<Self> {
        u64::load(from).map(Self::from_bits)
    }
}

impl Saved for Vec<u8> {
    fn save(&self, to: &mut Vec<u8>) {
        (self.len() as u64).save(to);
        to.extend(self);
    }
    fn load(from: &mut &[u8]) -> Option<Self> {
        let len = usize::try_from(u64::load(from)?).ok()?;
        from.split_off(..len).map(<[u8]>::to_vec)
    }
}

impl Saved for String {
    fn save(&self, to: &mut Vec<u8>) {
        self.as_bytes().to_vec().save(to);
    }
    fn load(from: &mut &[u8]) -> Option<Self> {
        Self::from_utf8(Vec::load(from)?).ok()
    }
}

fn save_all<S: Saved>(values: &[S], to: &mut Vec<u8>) {
    (values.len() as u64).save(to);
    for value in values {
        value.save(to);
    }
}

fn load_all<S: Saved>(from: &mut &[u8]) -> Option<Vec<S>> {
    // The length is not trusted with memory: each value must be there first.
    (0..u64::load(from)?).map(|_| S::load(from)).collect()
}

macro_rules! saved_lists {
    ($($of:ty),*) => {$(
        impl Saved for Vec<$of> {
            fn save(&self, to: &mut Vec<u8>) {
                save_all(self, to);
            }
            fn load(from: &mut &[u8]) -> Option<Self> {
                load_all(from)
            }
        }
    )*};
}
saved_lists!(String, f64);

/// How metrics are saved, without their targets' type.
pub(super) struct Codec<M> {
    save: fn(&M) -> Vec<f64>,
    load: fn(&[f64]) -> Option<M>,
}

impl<M> Codec<M> {
    pub fn of<T>() -> Self
    where
        M: Metrics<T>,
    {
        Self { save: M::save, load: M::load }
    }

    fn save_state<T: Scalar>(&self, state: &State<M, T>, to: &mut Vec<u8>) {
        let State { step, batch, running, norm_sum, learning_rate, epochs, optimizer, good, best } = state;
        step.save(to);
        batch.save(to);
        self.save_score(running, to);
        norm_sum.save(to);
        learning_rate.save(to);
        (epochs.len() as u64).save(to);
        for epoch in epochs {
            self.save_epoch(epoch, to);
        }
        (optimizer.len() as u64).save(to);
        for run in optimizer {
            (run.len() as u64).save(to);
            for number in run.iter() {
                to.extend(plain::bytes(number));
            }
        }
        good.save(to);
        best.save(to);
    }

    fn load_state<T: Scalar>(&self, from: &mut &[u8]) -> Option<State<M, T>> {
        let (step, batch) = (u64::load(from)?, u64::load(from)?);
        let running = self.load_score(from)?;
        let (norm_sum, learning_rate) = (f64::load(from)?, f64::load(from)?);
        let epochs = (0..u64::load(from)?).map(|_| self.load_epoch(from)).collect::<Option<_>>()?;
        let runs = u64::load(from)?;
        let optimizer = (0..runs).map(|_| load_numbers(from)).collect::<Option<_>>()?;
        let (good, best) = (Vec::load(from)?, Vec::load(from)?);
        Some(State { step, batch, running, norm_sum, learning_rate, epochs, optimizer, good, best })
    }

    fn save_epoch(&self, epoch: &Epoch<M>, to: &mut Vec<u8>) {
        let Epoch { number, step, learning_rate, gradient_norm, seconds, train, validation } = epoch;
        number.save(to);
        step.save(to);
        learning_rate.save(to);
        gradient_norm.save(to);
        seconds.unwrap_or(f64::NAN).save(to);
        self.save_score(train, to);
        u64::from(validation.is_some()).save(to);
        if let Some(validation) = validation {
            self.save_score(validation, to);
        }
    }

    fn load_epoch(&self, from: &mut &[u8]) -> Option<Epoch<M>> {
        Some(Epoch {
            number: u64::load(from)?,
            step: u64::load(from)?,
            learning_rate: f64::load(from)?,
            gradient_norm: f64::load(from)?,
            seconds: Some(f64::load(from)?).filter(|seconds| !seconds.is_nan()),
            train: self.load_score(from)?,
            validation: match u64::load(from)? {
                0 => None,
                _ => Some(self.load_score(from)?),
            },
        })
    }

    fn save_score(&self, score: &Score<M>, to: &mut Vec<u8>) {
        let Score { loss, metrics, own, samples, sums } = score;
        loss.save(to);
        (self.save)(metrics).save(to);
        (own.len() as u64).save(to);
        for own in own {
            own.name.save(to);
            own.sum.save(to);
        }
        samples.save(to);
        sums.loss.save(to);
        sums.share.save(to);
    }

    fn load_score(&self, from: &mut &[u8]) -> Option<Score<M>> {
        let loss = f64::load(from)?;
        let metrics = (self.load)(&Vec::<f64>::load(from)?)?;
        let own = (0..u64::load(from)?).map(|_| Some(Own { name: String::load(from)?, sum: f64::load(from)? })).collect::<Option<_>>()?;
        Some(Score { loss, metrics, own, samples: u64::load(from)?, sums: Sums { loss: f64::load(from)?, share: f64::load(from)? } })
    }
}

/// Numbers as they lie in memory.
fn load_numbers<T: Scalar>(from: &mut &[u8]) -> Option<Aligned<T>> {
    let len = usize::try_from(u64::load(from)?).ok()?;
    let bytes = from.split_off(..len.checked_mul(size_of::<T>())?)?;
    let mut numbers = Aligned::<T>::new(len);
    for (number, bytes) in numbers.iter_mut().zip(bytes.chunks_exact(size_of::<T>())) {
        plain::bytes_mut(number).copy_from_slice(bytes);
    }
    Some(numbers)
}
