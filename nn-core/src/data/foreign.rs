//! What other programs write that is no table of numbers, and what to do about it.

use core::fmt::Write;
use std::format;
use std::string::{String, ToString};

/// The kind of a file that is no CSV file, and what to do, where it is known.
pub(super) fn format(bytes: &[u8]) -> Option<&'static str> {
    const KNOWN: [(&[u8], &str); 9] = [
        (b"PK\x03\x04", "a zip archive, as Excel's workbooks and numpy's .npz are: export it as CSV"),
        (b"\xd0\xcf\x11\xe0", "an old Excel workbook: export it as CSV"),
        (b"PAR1", "a Parquet file: export it as CSV, `DataFrame.to_csv(\u{2026})`"),
        (b"\x93NUMPY", "a numpy array: write it with `numpy.savetxt(\u{2026}, delimiter=\",\")`"),
        (b"SQLite format 3", "an SQLite database: export the table as CSV"),
        (b"\xff\xfe", "text in UTF-16: save it as UTF-8"),
        (b"\xfe\xff", "text in UTF-16: save it as UTF-8"),
        (b"version https://git-lfs", "a pointer of Git LFS: fetch the file itself with `git lfs pull`"),
        (b"<", "a page or XML, not a table: fetch the file itself"),
    ];
    if let Some((_, words)) = KNOWN.iter().find(|(begin, _)| bytes.starts_with(begin)) {
        return Some(words);
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let begins = |with: &[u8]| text.get(..with.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(with));
    if begins(b"@relation") || text.starts_with(b"%") {
        Some("an ARFF file of Weka's: save it as CSV there")
    } else if begins(b"sep=") {
        Some(
            "a table whose first line, `sep=`, is for Excel alone: remove that line, and give its mark to `Csv::default().delimiter(\u{2026})`",
        )
    } else if begins(b"[{") || begins(b"{\"") {
        Some("JSON: export it as CSV")
    } else {
        None
    }
}

/// Whether a cell is a word for nothing.
pub(super) fn is_missing(cell: &str) -> bool {
    const WORDS: [&str; 11] = ["", "na", "n/a", "nan", "null", "none", "nil", "?", "-", "\\n", "#n/a"];
    WORDS.iter().any(|word| cell.eq_ignore_ascii_case(word))
}

/// What parts cells in a line that was read as one cell.
fn other_delimiter(cell: &str) -> Option<char> {
    [';', '\t', '|'].into_iter().find(|mark| cell.contains(*mark))
}

/// What to do about rows of another length than the first line, whose text is `first`.
pub(super) fn of_rows(first: &str, expected: usize, cells: usize, delimiter: u8) -> String {
    let mut hint = String::new();
    if let Some(mark) = other_delimiter(first).filter(|mark| expected == 1 && *mark != char::from(delimiter)) {
        let _ = write!(hint, ": its cells seem to be parted by {mark:?}: read it with `Csv::default().delimiter(b{mark:?})`");
        if delimiter == b',' {
            hint.push_str(", and where numbers are written like 1,5 with `.decimal_comma(true)`");
        }
    } else if cells == expected + 1 {
        hint.push_str(": where rows have names that the header leaves out, as R writes them, write the file without (`row.names = FALSE`)");
    } else if delimiter == b' ' {
        hint.push_str(": where several spaces part cells, write the file with a comma instead");
    }
    hint
}

/// What to do about a cell that is not what is wanted.
pub(super) fn of_cell(cell: &str, expected: &str, decimal_comma: bool) -> String {
    let is_class = expected.contains("classes");
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = cell.trim_start_matches(['-', '+']);
    if is_missing(cell) {
        return ": a missing value: fill it in or leave the line out".to_string();
    }
    if let Some(mark) = other_delimiter(cell) {
        return format!(": its cells seem to be parted by {mark:?}: read the file with `Csv::default().delimiter(b{mark:?})`");
    }
    if cell.split_ascii_whitespace().count() > 1 && cell.split_ascii_whitespace().all(|word| word.parse::<f64>().is_ok()) {
        return ": its cells seem to be parted by spaces: read the file with `Csv::default().delimiter(b' ')`".to_string();
    }
    if let Some(number) = cell.strip_suffix('%') {
        return if number.trim_end().parse::<f64>().is_ok() { ": remove the sign".to_string() } else { String::new() };
    }
    if let Some((whole, rest)) = unsigned.split_once(',')
        && !decimal_comma
        && is_digits(whole)
    {
        let mut groups = rest.split('.').next().unwrap_or_default().split(',');
        let thousands = whole.len() <= 3 && groups.all(|group| group.len() == 3 && is_digits(group));
        return match (thousands, is_digits(rest)) {
            (true, true) => ": where the comma is a decimal one, read the file with `Csv::default().decimal_comma(true)`; where it parts thousands, remove it",
            (true, false) => ": remove the commas between thousands",
            (false, true) => ": a decimal comma: read the file with `Csv::default().decimal_comma(true)`",
            (false, false) => "",
        }
        .to_string();
    }
    if decimal_comma && cell.parse::<f64>().is_ok() {
        return ": a decimal point, where `decimal_comma(true)` was said: leave that out, or remove points between thousands".to_string();
    }
    if unsigned.starts_with(['$', '\u{20ac}', '\u{a3}']) || cell.ends_with(['$', '\u{20ac}', '\u{a3}']) {
        return ": remove the sign of the currency".to_string();
    }
    if is_class && cell.parse::<f64>().is_err() {
        return ": where classes have names, list them in order: `named_classes(\u{2026}, [\"False\", \"True\"])`".to_string();
    }
    String::new()
}
