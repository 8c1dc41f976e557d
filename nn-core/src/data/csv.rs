//! CSV files: columns by name or number, cells as numbers, classes or days.
//!
//! Source: RFC 4180; read by the crate `csv`.

use std::borrow::ToOwned;
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::string::{String, ToString};
use std::vec::Vec;
use std::{format, vec};

use core::fmt::{self, Debug};

use super::{Class, DataError, Dataset, foreign, open};
use crate::{Scalar, Tensor, plain};

/// How to read a CSV file: `Csv::default().delimiter(b';').read("prices.csv")`.
///
/// By default cells are parted by commas. The first line is a header where it holds words alone, and data where it holds the same kinds of
/// cells as the second. Where it may be either (numbers that count the columns, an empty cell before numbers, words over words and numbers
/// over numbers but not everywhere), [`Csv::header`] has to say, and the error asks for it. Feature `data`.
#[derive(Clone, Debug)]
pub struct Csv {
    delimiter: u8,
    header: Option<bool>,
    decimal_comma: bool,
}

impl Default for Csv {
    fn default() -> Self {
        Self { delimiter: b',', header: None, decimal_comma: false }
    }
}

impl Csv {
    /// What parts cells, in place of the comma.
    #[must_use]
    pub fn delimiter(mut self, delimiter: u8) -> Self {
        self.delimiter = delimiter;
        self
    }

    /// Whether the first line holds the columns' names, in place of guessing.
    #[must_use]
    pub fn header(mut self, header: bool) -> Self {
        self.header = Some(header);
        self
    }

    /// Whether numbers are written with a decimal comma, `1,5`, as spreadsheets write them in many languages; cells are then parted by
    /// something else, mostly `;`.
    #[must_use]
    pub fn decimal_comma(mut self, decimal_comma: bool) -> Self {
        self.decimal_comma = decimal_comma;
        self
    }

    /// Reads a file, with or without gzip.
    ///
    /// # Errors
    /// [`DataError::Read`] where the file cannot be read; [`DataError::OtherFormat`] where it is of another kind that is known;
    /// [`DataError::NotText`], [`DataError::Row`], [`DataError::Quote`] and [`DataError::Cell`], each with the line, where it is no table;
    /// [`DataError::Header`] where the first line may be names or data; [`DataError::Empty`] where it has no row.
    pub fn read(&self, path: impl AsRef<Path>) -> Result<Table, DataError> {
        let path = path.as_ref();
        self.read_from(open::open(path)?, path)
    }

    /// Reads bytes in memory; `name` stands for the file in errors.
    ///
    /// # Errors
    /// As [`Csv::read`].
    pub fn from_bytes(&self, bytes: &[u8], name: &str) -> Result<Table, DataError> {
        let path = Path::new(name);
        self.read_from(open::unpacked(bytes).map_err(|error| open::cannot_read(path, error))?, path)
    }

    fn read_from(&self, mut reader: impl Read, path: &Path) -> Result<Table, DataError> {
        let mut raw = Vec::new();
        reader.read_to_end(&mut raw).map_err(|error| open::cannot_read(path, error))?;
        if let Some(format) = foreign::format(&raw) {
            return Err(DataError::OtherFormat { path: path.to_path_buf(), format });
        }
        if let Err(error) = core::str::from_utf8(&raw) {
            return Err(DataError::NotText { path: path.to_path_buf(), line: 1 + line_breaks(&raw[..error.valid_up_to()]) });
        }
        // A last line of our own: where it is not read as such, a quote before it was never closed.
        let end = raw.len();
        raw.extend_from_slice(b"\n\0\n");

        let mut table = Table {
            path: path.to_path_buf(),
            names: Vec::new(),
            width: 0,
            text: String::new(),
            rows: Vec::new(),
            ends: vec![],
            decimal_comma: self.decimal_comma,
        };
        let mut first_line = String::new();
        let mut first = true;
        let mut closed = false;
        let mut line = 1;
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(self.delimiter).from_reader(raw.as_slice());
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).map_err(|error| open::cannot_read(path, std::io::Error::other(error)))? {
            let Some(position) = record.position() else { continue };
            // The reader passes over empty lines; in a file of one column they are empty cells.
            let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
            let from_here = raw.get(start..).unwrap_or_default();
            let passed = from_here.iter().position(|byte| !matches!(byte, b'\n' | b'\r')).unwrap_or(from_here.len());
            let skipped = line_breaks(from_here.get(..passed).unwrap_or_default());
            line = position.line() + skipped;
            closed = start.saturating_add(passed) == end + 1;
            let in_between = skipped - u64::from(closed).min(skipped);
            if table.width == 1 && in_between > 0 && !closed {
                return Err(table.cell_error(line - 1, 0, "", "a value".to_string()));
            }
            if closed {
                break;
            }
            if first {
                table.width = record.len();
                first = false;
                first_line = record.iter().collect::<Vec<_>>().join(&char::from(self.delimiter).to_string());
                let is_header = self.header.or_else(|| self.is_names(&record)).unwrap_or(false);
                if is_header {
                    // numpy writes its header as a comment.
                    let name = |(i, name): (usize, &str)| if i == 0 { name.trim_start_matches(['#', ' ']) } else { name }.trim().to_owned();
                    table.names = record.iter().enumerate().map(name).collect();
                    continue;
                }
            } else if table.rows.len() == 1 && table.names.is_empty() && self.header.is_none() && self.differs(&table, &record) {
                return Err(DataError::Header { path: path.to_path_buf(), line: first_line });
            }
            if record.len() != table.width {
                // A cell that reaches to our own last line was opened by a quote that nothing closes.
                if record.iter().next_back().is_some_and(|cell| cell.ends_with("\n\0\n")) {
                    break;
                }
                let hint = foreign::of_rows(&first_line, table.width, record.len(), self.delimiter).into();
                return Err(DataError::Row { path: path.to_path_buf(), line, cells: record.len(), expected: table.width, hint });
            }
            table.rows.push(RowStart { line, at: table.text.len() });
            table.text.push_str(record.as_slice());
            let mut cell_end = 0;
            for cell in &record {
                cell_end += cell.len();
                table.ends.push(cell_end);
            }
        }
        if !closed {
            return Err(DataError::Quote { path: path.to_path_buf(), line });
        }
        if table.rows.is_empty() {
            return Err(DataError::Empty { path: path.to_path_buf() });
        }
        // Nothing else tells: a line that counts the columns, or has no name for the first.
        let counts = || (0..table.width).all(|column| number::<f64>(table.cell(0, column).trim(), false) == Some(column as f64));
        let unnamed = || table.width > 1 && table.cell(0, 0).trim().is_empty();
        if table.names.is_empty() && self.header.is_none() && (counts() || unnamed()) {
            return Err(DataError::Header { path: path.to_path_buf(), line: first_line });
        }
        Ok(table)
    }

    /// Whether a first line holds words alone; before them there may be an empty cell, over the names of rows. `None` where it holds numbers.
    fn is_names(&self, record: &csv::StringRecord) -> Option<bool> {
        let kind =
            |(i, cell): (usize, &str)| if i == 0 && cell.trim().is_empty() { None } else { Some(Kind::of(cell, self.decimal_comma)) };
        let mut kinds = record.iter().enumerate().filter_map(kind).peekable();
        (kinds.peek().is_some() && kinds.all(|kind| kind == Kind::Word)).then_some(true)
    }

    /// Whether a first line that holds numbers too has a word over a number, or a number over a word.
    fn differs(&self, table: &Table, second: &csv::StringRecord) -> bool {
        let kinds =
            || second.iter().enumerate().map(|(column, cell)| [table.cell(0, column), cell].map(|cell| Kind::of(cell, self.decimal_comma)));
        kinds().any(|[first, _]| first == Kind::Word) && kinds().any(|kinds| kinds.contains(&Kind::Word) && kinds.contains(&Kind::Number))
    }
}

/// What a cell may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Word,
    /// Empty, or one of the words for nothing.
    Nothing,
}

impl Kind {
    fn of(cell: &str, decimal_comma: bool) -> Self {
        let cell = cell.trim();
        if foreign::is_missing(cell) {
            Self::Nothing
        } else if number::<f64>(cell, decimal_comma).is_some() || cell.parse::<f64>().is_ok() {
            Self::Number
        } else {
            Self::Word
        }
    }
}

fn line_breaks(text: &[u8]) -> u64 {
    text.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}

/// The contents of a CSV file. Feature `data`.
///
/// ```no_run
/// # use nn_core::prelude::*;
/// # use nn_core::data::Table;
/// let iris: Dataset<[f32; 4], Class<3>> = Table::read("iris.csv")?.dataset(["sepal_length", "sepal_width", "petal_length", "petal_width"], "class")?;
/// let digits: Dataset<[[[f32; 8]; 8]; 1], Class<10>> = Table::read("digits.csv.gz")?.dataset(0..64, 64)?;
/// # Ok::<(), nn_core::data::DataError>(())
/// ```
pub struct Table {
    path: PathBuf,
    /// The columns' names; none without a header.
    names: Vec<String>,
    /// Cells in a row.
    width: usize,
    /// All cells, one after the other.
    text: String,
    rows: Vec<RowStart>,
    /// Where each cell ends, counted from the start of its row; `width` for each row.
    ends: Vec<usize>,
    decimal_comma: bool,
}

struct RowStart {
    line: u64,
    at: usize,
}

impl Table {
    /// Reads a file, with or without gzip, as [`Csv::default`] does.
    ///
    /// # Errors
    /// As [`Csv::read`].
    pub fn read(path: impl AsRef<Path>) -> Result<Self, DataError> {
        Csv::default().read(path)
    }

    /// The number of rows, the header not counted.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "a table without rows is not read")]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The columns' names; none where the file has no header.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The number of columns.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Inputs and targets, each from columns of its own.
    ///
    /// Targets are numbers (`f32`, `[f32; 2]`) or a [`Class`].
    ///
    /// # Errors
    /// As [`Table::values`].
    pub fn dataset<X: Tensor, Y: FromCells>(&self, inputs: impl Columns, targets: impl Columns) -> Result<Dataset<X, Y>, DataError> {
        Dataset::new(self.values(inputs)?, self.values(targets)?)
    }

    /// One value a row: a number, a sample of as many numbers as there are columns (in order, row-major), or a [`Class`].
    ///
    /// # Errors
    /// [`DataError::NoColumn`] and [`DataError::TwoColumns`] where a column is not found, [`DataError::Columns`] where they are not as many as
    /// a sample has numbers, [`DataError::Cell`] where a cell is empty, unreadable, infinite, NaN or no class, with its line and column.
    pub fn values<V: FromCells>(&self, columns: impl Columns) -> Result<Vec<V>, DataError> {
        V::from_cells(self, &columns.numbers(self)?)
    }

    /// The classes that `names` list, in that order, from a column of those names.
    ///
    /// # Errors
    /// As [`Table::values`].
    pub fn named_classes<const N: usize>(&self, column: impl Columns, names: [&str; N]) -> Result<Vec<Class<N>>, DataError> {
        let column = self.one_column(&column.numbers(self)?)?;
        self.read_column(column, &format!("one of {}", names.join(", ")), |cell| {
            names.iter().position(|name| *name == cell).and_then(Class::new)
        })
    }

    /// Days since 1970-01-01, from a column of dates like `2026-11-22`.
    ///
    /// # Errors
    /// As [`Table::values`].
    pub fn days(&self, column: impl Columns) -> Result<Vec<i64>, DataError> {
        let column = self.one_column(&column.numbers(self)?)?;
        self.read_column(column, "a date like 2026-11-22", day)
    }

    /// The cells of a column as they stand in the file.
    ///
    /// # Errors
    /// [`DataError::NoColumn`] and [`DataError::TwoColumns`] where the column is not found.
    pub fn text(&self, column: impl Columns) -> Result<Vec<&str>, DataError> {
        let column = self.one_column(&column.numbers(self)?)?;
        Ok((0..self.len()).map(|row| self.cell(row, column)).collect())
    }

    /// All columns but these, for [`Table::dataset`]'s inputs. A first column without a name, under a header with names, is left out too: other
    /// programs write there what numbers or names the rows.
    ///
    /// # Errors
    /// [`DataError::NoColumn`] and [`DataError::TwoColumns`] where a column is not found.
    pub fn all_but(&self, columns: impl Columns) -> Result<Vec<usize>, DataError> {
        let left_out = columns.numbers(self)?;
        let is_index = |column: usize| column == 0 && self.width > 1 && self.names.first().is_some_and(String::is_empty);
        Ok((0..self.width).filter(|column| !left_out.contains(column) && !is_index(*column)).collect())
    }

    fn cell(&self, row: usize, column: usize) -> &str {
        let cell = || {
            let start = self.rows.get(row)?.at;
            let ends = self.ends.get(row * self.width..(row + 1) * self.width)?;
            let from = if column == 0 { 0 } else { *ends.get(column - 1)? };
            self.text.get(start + from..start + *ends.get(column)?)
        };
        cell().unwrap_or_default()
    }

    fn cell_error(&self, line: u64, column: usize, text: &str, expected: String) -> DataError {
        let name = self.names.get(column).filter(|name| !name.is_empty());
        DataError::Cell {
            path: self.path.clone(),
            line,
            column: name.map_or_else(|| column.to_string(), |name| format!("`{name}`")),
            hint: foreign::of_cell(text.trim(), &expected, self.decimal_comma).into(),
            text: text.to_owned(),
            expected,
        }
    }

    /// Reads every cell of a column.
    fn read_column<V>(&self, column: usize, expected: &str, read: impl Fn(&str) -> Option<V>) -> Result<Vec<V>, DataError> {
        let cell = |(row, start): (usize, &RowStart)| {
            let text = self.cell(row, column);
            read(text.trim()).ok_or_else(|| self.cell_error(start.line, column, text, expected.to_owned()))
        };
        self.rows.iter().enumerate().map(cell).collect()
    }

    fn one_column(&self, columns: &[usize]) -> Result<usize, DataError> {
        match columns {
            [column] => Ok(*column),
            _ => Err(DataError::Columns { path: self.path.clone(), columns: columns.len(), wanted: crate::Shape::SCALAR }),
        }
    }

    fn no_column(&self, column: String) -> DataError {
        let known = if self.names.is_empty() { (0..self.width).map(|i| i.to_string()).collect() } else { self.names.clone() };
        DataError::NoColumn { path: self.path.clone(), column, known }
    }
}

impl Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Table({}, {} rows, {} columns)", self.path.display(), self.len(), self.width)
    }
}

/// Columns of a [`Table`]: a name, a number from 0, several of either, or a range of numbers. Feature `data`.
pub trait Columns {
    /// Their numbers.
    ///
    /// # Errors
    /// [`DataError::NoColumn`] and [`DataError::TwoColumns`].
    fn numbers(&self, table: &Table) -> Result<Vec<usize>, DataError>;
}

impl Columns for usize {
    fn numbers(&self, table: &Table) -> Result<Vec<usize>, DataError> {
        if *self < table.width { Ok(vec![*self]) } else { Err(table.no_column(self.to_string())) }
    }
}

impl Columns for str {
    fn numbers(&self, table: &Table) -> Result<Vec<usize>, DataError> {
        let mut found = table.names.iter().enumerate().filter(|(_, name)| *name == self);
        let Some((column, _)) = found.next() else { return Err(table.no_column(self.to_owned())) };
        if found.next().is_some() {
            return Err(DataError::TwoColumns { path: table.path.clone(), column: self.to_owned() });
        }
        Ok(vec![column])
    }
}

impl Columns for String {
    fn numbers(&self, table: &Table) -> Result<Vec<usize>, DataError> {
        self.as_str().numbers(table)
    }
}

impl Columns for Range<usize> {
    fn numbers(&self, table: &Table) -> Result<Vec<usize>, DataError> {
        if self.end > table.width {
            return Err(table.no_column(self.end.saturating_sub(1).max(self.start).to_string()));
        }
        Ok(self.clone().collect())
    }
}

impl<C: Columns> Columns for [C] {
    fn numbers(&self, table: &Table) -> Result<Vec<usize>, DataError> {
        let mut columns = Vec::with_capacity(self.len());
        for column in self {
            columns.append(&mut column.numbers(table)?);
        }
        Ok(columns)
    }
}

impl<C: Columns, const N: usize> Columns for [C; N] {
    fn numbers(&self, table: &Table) -> Result<Vec<usize>, DataError> {
        self.as_slice().numbers(table)
    }
}

impl<C: Columns> Columns for Vec<C> {
    fn numbers(&self, table: &Table) -> Result<Vec<usize>, DataError> {
        self.as_slice().numbers(table)
    }
}

impl<C: Columns + ?Sized> Columns for &C {
    fn numbers(&self, table: &Table) -> Result<Vec<usize>, DataError> {
        (**self).numbers(table)
    }
}

/// What [`Table::values`] can read: numbers in any shape, and classes. Feature `data`.
pub trait FromCells: Sized {
    /// One value a row, from these columns.
    ///
    /// # Errors
    /// [`DataError::Columns`] and [`DataError::Cell`].
    fn from_cells(table: &Table, columns: &[usize]) -> Result<Vec<Self>, DataError>;
}

impl<X: Tensor> FromCells for X {
    fn from_cells(table: &Table, columns: &[usize]) -> Result<Vec<Self>, DataError> {
        if columns.len() != X::LEN {
            return Err(DataError::Columns { path: table.path.clone(), columns: columns.len(), wanted: X::SHAPE });
        }
        let mut values = plain::vec::<X>(table.len());
        for (row, (value, start)) in values.iter_mut().zip(&table.rows).enumerate() {
            for (x, column) in value.flat_mut().iter_mut().zip(columns) {
                let text = table.cell(row, *column);
                *x = number(text.trim(), table.decimal_comma)
                    .ok_or_else(|| table.cell_error(start.line, *column, text, "a finite number".to_string()))?;
            }
        }
        Ok(values)
    }
}

impl<const N: usize> FromCells for Class<N> {
    fn from_cells(table: &Table, columns: &[usize]) -> Result<Vec<Self>, DataError> {
        let column = table.one_column(columns)?;
        let expected = format!("one of the {N} classes 0 to {}", N.saturating_sub(1));
        table.read_column(column, &expected, |cell| {
            // Other programs write whole numbers as `3.0` or `3.000e+00` too.
            if let Ok(label) = cell.parse() {
                return Class::new(label);
            }
            let label = number::<f64>(cell, table.decimal_comma).filter(|label| (0.0..=f64::from(u32::MAX)).contains(label))?;
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in the range of u32")]
            let index = label as usize;
            if index as f64 == label { Class::new(index) } else { None }
        })
    }
}

/// A finite number, also after rounding to `T`.
fn number<T: Scalar>(text: &str, decimal_comma: bool) -> Option<T> {
    let value = if !decimal_comma {
        text.parse()
    } else if text.contains('.') {
        return None;
    } else {
        text.replacen(',', ".", 1).parse()
    };
    let value = T::from_f64(value.ok()?);
    value.is_finite().then_some(value)
}

/// Days since 1970-01-01 of a date `yyyy-mm-dd` in the Gregorian calendar.
fn day(date: &str) -> Option<i64> {
    let mut parts = date.splitn(3, '-');
    let mut part = |len: usize| {
        let digits = parts.next().filter(|digits| digits.len() == len && digits.bytes().all(|b| b.is_ascii_digit()))?;
        digits.parse::<i64>().ok()
    };
    let (year, month, day) = (part(4)?, part(2)?, part(2)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days_of_month = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    if !(1..=days_of_month).contains(&day) {
        return None;
    }
    // Years are counted from March, so that the leap day is the last of its year.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // 153 days from one March, August or January to the fifth month after; 719,468 from 0000-03-01 to 1970-01-01.
    Some(year * 365 + leap_days + (153 * month + 2) / 5 + day - 1 - 719_468)
}
