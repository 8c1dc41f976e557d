//! Text between quotes, as JSON has it.

use core::fmt::{self, Write as _};

/// Prints a text with its quotes. Source: RFC 8259, §7.
pub(crate) struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            match c {
                '"' => f.write_str("\\\"")?,
                '\\' => f.write_str("\\\\")?,
                '\u{8}' => f.write_str("\\b")?,
                '\t' => f.write_str("\\t")?,
                '\n' => f.write_str("\\n")?,
                '\u{c}' => f.write_str("\\f")?,
                '\r' => f.write_str("\\r")?,
                c if c < ' ' => write!(f, "\\u{:04x}", u32::from(c))?,
                c => f.write_char(c)?,
            }
        }
        f.write_char('"')
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::Quoted;

    #[test]
    fn text_is_quoted_as_serde_json_quotes_it() {
        for text in (0..0x3000).filter_map(char::from_u32).map(|c| std::format!("a{c}b")) {
            assert_eq!(Quoted(&text).to_string(), serde_json::to_string(&text).unwrap());
        }
    }
}
