//! What a run gave, epoch by epoch.

use core::fmt;
use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

use crate::metric::{Columns, Score, short};
use crate::observe::Ending;

/// What a run gave; prints as a table.
#[derive(Clone, Debug)]
pub struct History<M> {
    pub(super) network: &'static str,
    pub(super) epochs: Vec<Epoch<M>>,
    pub(super) ending: Ending,
    /// The rule that ended it, as its `Debug` prints it.
    pub(super) rule: Option<String>,
    pub(super) best: usize,
    pub(super) restored: bool,
}

/// One pass over the training data; the last one is shorter where a maximum of updates or an observer ended the run in its midst.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Epoch<M> {
    /// Its number, counted from 1.
    pub number: u64,
    /// Updates made since the run began.
    pub step: u64,
    /// The learning rate of its last update, after the schedule.
    pub learning_rate: f64,
    /// The mean over its updates of the gradient's length before clipping.
    pub gradient_norm: f64,
    /// What it took, validation included; `None` where the target has no clock, as `wasm32-unknown-unknown`.
    pub seconds: Option<f64>,
    /// Over the training data, each sample seen as it was when its update was made: with dropout, and by the parameters of that moment.
    pub train: Score<M>,
    /// Over the validation data, as in use, by the parameters at the epoch's end.
    pub validation: Option<Score<M>>,
}

impl<M> Epoch<M> {
    /// The validation loss, else the training loss.
    #[must_use]
    pub fn watched_loss(&self) -> f64 {
        self.validation.as_ref().map_or(self.train.loss, |score| score.loss)
    }
}

impl<M> History<M> {
    /// The network's name.
    #[must_use]
    pub fn network(&self) -> &str {
        self.network
    }

    /// The epochs in order; there is at least one.
    #[must_use]
    pub fn epochs(&self) -> &[Epoch<M>] {
        &self.epochs
    }

    /// The last epoch.
    ///
    /// # Panics
    /// Never: a run has at least one epoch.
    #[must_use]
    pub fn final_epoch(&self) -> &Epoch<M> {
        self.epochs.last().expect("a run has at least one epoch")
    }

    /// The epoch with the lowest validation loss, or training loss where there are no validation data.
    #[must_use]
    pub fn best_epoch(&self) -> &Epoch<M> {
        &self.epochs[self.best]
    }

    /// The epoch whose parameters the network has now: the best where a rule such as `Patience` asked for it, else the last.
    #[must_use]
    pub fn kept_epoch(&self) -> &Epoch<M> {
        if self.restored { self.best_epoch() } else { self.final_epoch() }
    }

    /// Why the run ended.
    #[must_use]
    pub fn ending(&self) -> Ending {
        self.ending
    }

    /// The same in words; a stopping rule as it was written, `Patience(3)`.
    #[must_use]
    pub fn ended_by(&self) -> &str {
        match self.ending {
            Ending::Epochs => "its number of epochs",
            Ending::MaxSteps => "its maximum of steps",
            Ending::Rule => self.rule.as_deref().unwrap_or("a stopping rule"),
            Ending::Observer => "an observer",
        }
    }
}

impl<M: Columns> History<M> {
    /// Names of the columns of [`History::rows`]: `epoch`, `step`, `learning_rate`, `gradient_norm`, `seconds`, `train_loss`, … and
    /// `validation_loss`, … where there are validation data.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = ["epoch", "step", "learning_rate", "gradient_norm", "seconds"].map(ToString::to_string).to_vec();
        if let Some(epoch) = self.epochs.first() {
            names.extend(epoch.train.columns().iter().map(|(name, _)| format!("train_{name}")));
            let validation = epoch.validation.iter().flat_map(Columns::columns);
            names.extend(validation.map(|(name, _)| format!("validation_{name}")));
        }
        names
    }

    /// One row of numbers an epoch, in the order of [`History::names`]; NaN for seconds that no clock told.
    #[must_use]
    pub fn rows(&self) -> Vec<Vec<f64>> {
        let row = |epoch: &Epoch<M>| {
            let seconds = epoch.seconds.unwrap_or(f64::NAN);
            let mut row = std::vec![epoch.number as f64, epoch.step as f64, epoch.learning_rate, epoch.gradient_norm, seconds];
            row.extend(epoch.train.columns().iter().map(|(_, value)| *value));
            row.extend(epoch.validation.iter().flat_map(Columns::columns).map(|(_, value)| value));
            row
        };
        self.epochs.iter().map(row).collect()
    }
}

#[cfg(feature = "data")]
impl<M: Columns> History<M> {
    /// [`History::names`] and [`History::rows`] as CSV, with numbers that read back exactly. Feature `data`.
    ///
    /// # Panics
    /// Never: writing to memory does not fail.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut csv = csv::Writer::from_writer(Vec::new());
        let mut write = |record: Vec<String>| csv.write_record(record).expect("memory does not fail");
        write(self.names());
        for row in self.rows() {
            write(row.iter().map(ToString::to_string).collect());
        }
        String::from_utf8(csv.into_inner().expect("memory does not fail")).expect("made of strings")
    }
}

#[cfg(feature = "files")]
impl<M: Columns> History<M> {
    /// The whole as JSON: `{"network", "ended_by", "best_epoch", "kept_epoch", "epochs": [{"epoch", "step", …, "train": {"loss", …},
    /// "validation": {…} or null}, …]}`; what is not a number is `null`. Feature `files`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let json =
            Json { network: self.network, ended_by: self.ended_by(), best: self.best_epoch().number, kept: self.kept_epoch().number };
        let epochs = self.epochs.iter().map(|epoch| {
            let numbers = [epoch.learning_rate, epoch.gradient_norm, epoch.seconds.unwrap_or(f64::NAN)];
            json_of_epoch(
                [epoch.number, epoch.step],
                numbers,
                &epoch.train.columns(),
                epoch.validation.as_ref().map(Columns::columns).as_deref(),
            )
        });
        json.with(&epochs.collect::<Vec<_>>())
    }
}

/// What a history's JSON says besides its epochs.
#[cfg(feature = "files")]
struct Json<'a> {
    network: &'a str,
    ended_by: &'a str,
    best: u64,
    kept: u64,
}

#[cfg(feature = "files")]
impl Json<'_> {
    fn with(&self, epochs: &[String]) -> String {
        use crate::file::Quoted;
        let Self { network, ended_by, best, kept } = self;
        let (network, ended_by, epochs) = (Quoted(network), Quoted(ended_by), epochs.join(",\n"));
        format!(
            "{{\n  \"network\": {network},\n  \"ended_by\": {ended_by},\n  \"best_epoch\": {best},\n  \"kept_epoch\": {kept},\n  \"epochs\": [\n{epochs}\n  ]\n}}"
        )
    }
}

#[cfg(feature = "files")]
fn json_of_epoch([number, step]: [u64; 2], numbers: [f64; 3], train: &[(&str, f64)], validation: Option<&[(&str, f64)]>) -> String {
    use crate::file::Quoted;
    // As Rust writes a number for programs, JSON has it too.
    let number_of = |value: f64| if value.is_finite() { format!("{value:?}") } else { "null".to_string() };
    let score = |columns: &[(&str, f64)]| {
        let columns = columns.iter().map(|(name, value)| format!("{}: {}", Quoted(name), number_of(*value)));
        format!("{{ {} }}", columns.collect::<Vec<_>>().join(", "))
    };
    let [learning_rate, gradient_norm, seconds] = numbers.map(number_of);
    let (train, validation) = (score(train), validation.map_or_else(|| "null".to_string(), score));
    format!(
        "    {{\n      \"epoch\": {number},\n      \"step\": {step},\n      \"learning_rate\": {learning_rate},\n      \"gradient_norm\": {gradient_norm},\n      \"seconds\": {seconds},\n      \"train\": {train},\n      \"validation\": {validation}\n    }}"
    )
}

/// A table with one line an epoch; the best one is marked.
impl<M: Columns> fmt::Display for History<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ending = if self.ending == Ending::Epochs { None } else { Some(self.ended_by()) };
        table(f, &self.names(), &self.rows(), (self.best, self.restored), ending)
    }
}

/// Compiled once for all metrics.
fn table(
    f: &mut fmt::Formatter<'_>,
    names: &[String],
    rows: &[Vec<f64>],
    (best, restored): (usize, bool),
    ending: Option<&str>,
) -> fmt::Result {
    let names: Vec<&str> = names.iter().map(|name| name.strip_prefix("train_").unwrap_or(name)).collect();
    let names: Vec<String> = names.iter().map(|name| name.replace("validation_", "val ").replace('_', " ")).collect();
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().enumerate().map(|(i, value)| cell(i, *value)).collect()).collect();
    let width = |i: usize| rows.iter().map(|row| row[i].len()).chain([names[i].chars().count()]).max().unwrap_or(0);
    let widths: Vec<usize> = (0..names.len()).map(width).collect();
    for (i, (name, width)) in names.iter().zip(&widths).enumerate() {
        write!(f, "{}{name:>width$}", if i == 0 { "" } else { "  " })?;
    }
    for (number, row) in rows.iter().enumerate() {
        writeln!(f)?;
        for (i, (cell, width)) in row.iter().zip(&widths).enumerate() {
            write!(f, "{}{cell:>width$}", if i == 0 { "" } else { "  " })?;
        }
        if number == best {
            write!(f, "  best{}", if restored { ", kept" } else { "" })?;
        }
    }
    ending.map_or(Ok(()), |ending| write!(f, "\nended by {ending}"))
}

fn cell(column: usize, value: f64) -> String {
    match column {
        0 | 1 => format!("{value}"),
        2 | 3 => format!("{value:.2e}"),
        4 if value.is_nan() => "-".to_string(),
        4 => format!("{value:.1}"),
        _ => short(value),
    }
}
