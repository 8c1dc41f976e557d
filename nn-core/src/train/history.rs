//! What a run gave, epoch by epoch.

use core::fmt;
use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

use crate::metric::{Columns, Score, short};
use crate::observe::Ending;

/// What a run gave; prints as a table with one line an epoch, in which two words stand behind epochs:
///
/// - `best`: the epoch with the lowest validation loss, or training loss where there are no validation data ([`History::best_epoch`]);
/// - `kept`: the epoch whose parameters the network has now ([`History::kept_epoch`]): the best where a rule such as `Patience` asked for it, else
///   the last.
///
/// What epochs took is shown in the unit, seconds to microseconds, in which the shortest can be read; the numbers themselves are seconds.
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

/// A table with one line an epoch, and a line that says what the words behind epochs mean.
impl<M: Columns> fmt::Display for History<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ending = if self.ending == Ending::Epochs { None } else { Some(self.ended_by()) };
        let has_validation = self.best_epoch().validation.is_some();
        table(f, &self.names(), &self.rows(), &Marks { best: self.best, restored: self.restored, has_validation }, ending)
    }
}

/// What is said of epochs.
struct Marks {
    best: usize,
    restored: bool,
    has_validation: bool,
}

impl Marks {
    /// The words behind an epoch.
    fn of(&self, row: usize, rows: usize) -> &'static str {
        let kept = if self.restored { self.best } else { rows - 1 };
        match (row == self.best, row == kept) {
            (true, true) => "  best, kept",
            (true, false) => "  best",
            (false, true) => "  kept",
            (false, false) => "",
        }
    }
}

impl fmt::Display for Marks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let loss = if self.has_validation { "validation" } else { "training" };
        write!(f, "best: the lowest {loss} loss; kept: the epoch whose parameters the network has now")
    }
}

/// Compiled once for all metrics.
fn table(f: &mut fmt::Formatter<'_>, names: &[String], rows: &[Vec<f64>], marks: &Marks, ending: Option<&str>) -> fmt::Result {
    let unit = Unit::of(rows.iter().map(|row| row[SECONDS]));
    let names: Vec<&str> = names.iter().map(|name| name.strip_prefix("train_").unwrap_or(name)).collect();
    let mut names: Vec<String> = names.iter().map(|name| name.replace("validation_", "val ").replace('_', " ")).collect();
    names[SECONDS] = unit.name.to_string();
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().enumerate().map(|(i, value)| cell(i, *value, &unit)).collect()).collect();
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
        f.write_str(marks.of(number, rows.len()))?;
    }
    write!(f, "\n{marks}")?;
    ending.map_or(Ok(()), |ending| write!(f, "\nended by {ending}"))
}

/// The column of [`History::rows`] that holds seconds.
const SECONDS: usize = 4;

/// What times are shown in.
struct Unit {
    name: &'static str,
    /// How many make a second.
    per_second: f64,
}

impl Unit {
    /// The largest in which the shortest time, with one digit after the point, is not 0.
    fn of(seconds: impl Iterator<Item = f64>) -> Self {
        let shortest = seconds.filter(|seconds| *seconds > 0.0).fold(f64::INFINITY, f64::min);
        let (name, per_second) = if shortest >= 0.1 {
            ("seconds", 1.0)
        } else if shortest >= 1e-4 {
            ("ms", 1e3)
        } else {
            ("µs", 1e6)
        };
        Self { name, per_second }
    }
}

fn cell(column: usize, value: f64, unit: &Unit) -> String {
    match column {
        0 | 1 => format!("{value}"),
        2 | 3 => format!("{value:.2e}"),
        SECONDS if value.is_nan() => "-".to_string(),
        SECONDS => format!("{:.1}", value * unit.per_second),
        _ => short(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Shown<'a>(&'a [String], &'a [Vec<f64>], &'a Marks);
    impl fmt::Display for Shown<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            table(f, self.0, self.1, self.2, None)
        }
    }

    fn shown(seconds: &[f64], marks: &Marks) -> Vec<String> {
        let names = ["epoch", "step", "learning_rate", "gradient_norm", "seconds", "train_loss"].map(ToString::to_string);
        let rows: Vec<Vec<f64>> = seconds.iter().map(|seconds| std::vec![1.0, 1.0, 0.1, 1.0, *seconds, 0.5]).collect();
        Shown(&names, &rows, marks).to_string().lines().map(ToString::to_string).collect()
    }

    #[test]
    fn times_have_the_unit_in_which_the_shortest_can_be_read() {
        for (seconds, unit, first) in [
            (&[0.1, 61.5][..], "seconds", "0.1"),
            (&[0.0999, 2.0], "ms", "99.9"),
            (&[0.00012, 0.0], "ms", "0.1"),
            (&[0.00002], "µs", "20.0"),
            // Without a clock.
            (&[0.0, 0.0], "seconds", "0.0"),
        ] {
            let table = shown(seconds, &Marks { best: 0, restored: true, has_validation: false });
            assert!(table[0].split("  ").any(|name| name.trim() == unit), "{table:?}");
            assert!(table[1].split_whitespace().any(|cell| cell == first), "{table:?}");
        }
    }

    #[test]
    fn marks_say_which_epoch_is_best_and_which_the_network_has() {
        for (best, restored, has_validation, marked, told) in [
            (1, true, true, [false, true, false], "best: the lowest validation loss; kept: the epoch whose parameters the network has now"),
            (1, false, false, [false, false, true], "best: the lowest training loss; kept: the epoch whose parameters the network has now"),
            (
                2,
                false,
                true,
                [false, false, true],
                "best: the lowest validation loss; kept: the epoch whose parameters the network has now",
            ),
        ] {
            let table = shown(&[1.0; 3], &Marks { best, restored, has_validation });
            for row in 0..3 {
                assert_eq!(table[row + 1].contains("kept"), marked[row], "{table:?}");
                assert_eq!(table[row + 1].contains("best"), row == best, "{table:?}");
            }
            assert_eq!(table[4], told);
        }
    }
}
