//! What can be wrong with data.

use std::boxed::Box;
use std::path::PathBuf;
use std::string::String;
use std::vec::Vec;

use core::fmt;

use crate::Shape;

/// What is wrong with data, and where.
#[non_exhaustive]
pub enum DataError {
    /// Not one target or weight for each input.
    Counts {
        /// `targets` or `weights`.
        what: &'static str,
        /// How many of them.
        given: usize,
        /// How many inputs.
        inputs: usize,
    },
    /// The weight of a sample that is negative or not finite.
    Weight {
        /// The sample, counted from 0.
        sample: usize,
        /// Its weight.
        weight: f32,
    },
    /// A file that cannot be opened, read or unpacked.
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// None of several possible files is there.
    NoFile {
        /// Where they were looked for.
        folder: PathBuf,
        /// The names that would do.
        names: Vec<String>,
    },
    /// A file without a row of data.
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// A line of a CSV file that has more or fewer cells than the first.
    Row {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: u64,
        /// Its cells.
        cells: usize,
        /// Those of the first line.
        expected: usize,
        /// What it looks like and what to do, where that can be told.
        hint: Box<str>,
    },
    /// A file of another kind than CSV.
    OtherFormat {
        /// The file.
        path: PathBuf,
        /// What it is, and what to do.
        format: &'static str,
    },
    /// A first line of a CSV file that may be names or data.
    Header {
        /// The file.
        path: PathBuf,
        /// The line.
        line: String,
    },
    /// A CSV file that is not text.
    NotText {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: u64,
    },
    /// A cell of a CSV file whose quote is never closed.
    Quote {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: u64,
    },
    /// A cell of a CSV file that is empty or does not read as what is wanted.
    Cell {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: u64,
        /// The column's name, or its number from 0 where it has none.
        column: String,
        /// What stands there.
        text: String,
        /// What should.
        expected: String,
        /// What it looks like and what to do, where that can be told.
        hint: Box<str>,
    },
    /// A column that a CSV file does not have.
    NoColumn {
        /// The file.
        path: PathBuf,
        /// The column that is asked for.
        column: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// Two columns of a CSV file with the name that is asked for.
    TwoColumns {
        /// The file.
        path: PathBuf,
        /// The name.
        column: String,
    },
    /// More or fewer columns than a sample has numbers.
    Columns {
        /// The file.
        path: PathBuf,
        /// How many columns are asked for.
        columns: usize,
        /// The shape of a sample.
        wanted: Shape,
    },
    /// A file that is not a whole IDX file.
    Idx {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// Samples in a file whose shape is not the one that the program wants.
    Shape {
        /// The file.
        path: PathBuf,
        /// The sizes of one sample in the file.
        file: Vec<usize>,
        /// The shape that is wanted.
        wanted: Shape,
    },
    /// A label that is none of the classes.
    Label {
        /// The file.
        path: PathBuf,
        /// Its place, counted from 0.
        row: usize,
        /// The label.
        label: String,
        /// How many classes there are.
        classes: usize,
    },
    /// A row to split at that lies behind the last.
    Split {
        /// The row.
        row: usize,
        /// How many there are.
        len: usize,
    },
    /// A share to split off that is not between 0 and 1.
    Share(f64),
    /// Nothing to take a mean of.
    NoSamples,
    /// A number that is infinite or NaN where a mean is taken.
    NotFinite {
        /// The sample, counted from 0.
        sample: usize,
        /// The number's place in it, counted from 0.
        feature: usize,
    },
    /// A series too short for one window.
    Short {
        /// Its length.
        len: usize,
        /// The length that one window with its target takes.
        needed: usize,
    },
    /// A window, lag or horizon of zero: nothing to predict from, or the target itself.
    Zero {
        /// `window`, `lag` or `horizon`.
        what: &'static str,
    },
    /// Days that do not follow one another.
    Days {
        /// The place of the day that is not later than the one before it, counted from 0.
        at: usize,
    },
    /// Too many missing days to fill in.
    Gap {
        /// The place of the day after them, counted from 0.
        at: usize,
        /// How many are missing.
        missing: u64,
        /// How many may be.
        longest: usize,
    },
}

/// As `Display`: `fn main() -> Result<(), …>` prints an error this way.
impl fmt::Debug for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for DataError {
    #[allow(clippy::too_many_lines, reason = "one sentence a variant")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Counts { what, given, inputs } => write!(f, "{given} {what} for {inputs} inputs: give one for each"),
            Self::Weight { sample, weight } => {
                write!(f, "the weight of sample {sample} is {weight}: give a finite number that is not negative")
            }
            Self::Read { path, error } => write!(f, "cannot read {}: {error}", path.display()),
            Self::NoFile { folder, names } => {
                write!(f, "{} has none of {}, with or without `.gz`: give the folder that holds it", folder.display(), Words(names))
            }
            Self::Empty { path } => write!(f, "{} holds no data", path.display()),
            Self::Row { path, line, cells, expected, hint } => {
                write!(f, "{}, line {line}: {cells} cells where the first line has {expected}{hint}", path.display())
            }
            Self::OtherFormat { path, format } => write!(f, "{} is {format}", path.display()),
            Self::Header { path, line } => write!(
                f,
                "{}, line 1: `{}` may be the columns' names or data: say `Csv::default().header(true)` or `.header(false)`",
                path.display(),
                Short(line)
            ),
            Self::NotText { path, line } => write!(f, "{}, line {line}: not text in UTF-8: save the file as UTF-8", path.display()),
            Self::Quote { path, line } => write!(f, "{}, line {line}: a quote that opens here is never closed", path.display()),
            Self::Cell { path, line, column, text, expected, .. } if text.trim().is_empty() => {
                write!(
                    f,
                    "{}, line {line}, column {column}: empty where {expected} is wanted: fill it in or leave the line out",
                    path.display()
                )
            }
            Self::Cell { path, line, column, text, expected, hint } => {
                write!(f, "{}, line {line}, column {column}: `{}` is not {expected}{hint}", path.display(), Short(text))
            }
            Self::NoColumn { path, column, known } => {
                write!(f, "{} has no column `{}`: its columns are {}", path.display(), Short(column), Words(known))?;
                let [only] = known.as_slice() else { return Ok(()) };
                only.chars()
                    .find(|character| [';', '\t', '|'].contains(character))
                    .map_or(Ok(()), |mark| write!(f, ": read it with `Csv::default().delimiter(b{mark:?})`"))
            }
            Self::TwoColumns { path, column } => {
                write!(f, "{} has two columns `{column}`: rename one, or ask by number", path.display())
            }
            Self::Columns { path, columns, wanted } => write!(
                f,
                "{columns} columns of {} for samples of shape {wanted}: give {} columns, or another shape",
                path.display(),
                wanted.len()
            ),
            Self::Idx { path, problem } => write!(f, "{} is not a whole IDX file: {problem}", path.display()),
            Self::Shape { path, file, wanted } => {
                write!(f, "{} holds samples of shape {file:?}, and {wanted} is wanted: change the type to the file's shape", path.display())
            }
            Self::Label { path, row, label, classes } => {
                write!(
                    f,
                    "{}, sample {row}: label {label} is none of the {classes} classes 0 to {}",
                    path.display(),
                    classes.saturating_sub(1)
                )
            }
            Self::Split { row, len } => write!(f, "cannot split {len} samples at row {row}: give a row up to {len}"),
            Self::Share(share) => write!(f, "cannot split off a share of {share}: give a number between 0 and 1"),
            Self::NotFinite { sample, feature } => {
                write!(f, "number {feature} of sample {sample} is infinite or NaN: mend or leave out that sample")
            }
            Self::Short { len, needed } => {
                write!(f, "a series of {len} values is too short: one window with its target takes {needed}")
            }
            Self::Zero { what } => write!(f, "a {what} of 0: the least is 1"),
            Self::NoSamples => write!(f, "there are no samples to take a mean of: give one at least"),
            Self::Gap { at, missing, longest } => {
                write!(
                    f,
                    "{missing} days are missing before day {at} of the series, and at most {longest} are filled in: allow more, or cut there"
                )
            }
            Self::Days { at } => write!(f, "day {at} of the series is not later than the one before it: sort the rows, each day once"),
        }
    }
}

impl core::error::Error for DataError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Read { error, .. } => Some(error),
            _ => None,
        }
    }
}

/// A list of names, the first dozen of them.
struct Words<'a>(&'a [String]);

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, word) in self.0.iter().take(12).enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            write!(f, "`{}`", Short(word))?;
        }
        if self.0.len() > 12 {
            write!(f, " and {} more", self.0.len() - 12)?;
        }
        Ok(())
    }
}

/// The start of a text from a file, which may be of any length.
struct Short<'a>(&'a str);

impl fmt::Display for Short<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars().take(40).flat_map(char::escape_debug) {
            fmt::Write::write_char(f, character)?;
        }
        if self.0.chars().nth(40).is_some() { f.write_str("…") } else { Ok(()) }
    }
}
