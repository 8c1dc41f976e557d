//! The rules of JSON that a header needs, on bytes: no heap, no panic, and fit for constants.
//!
//! The compiler counts calls and turns of loops, and refuses constants that take two million; so inner loops call nothing.
//!
//! Source: RFC 8259; numbers and depth as `serde_json` limits them.

/// A place in a JSON text; after a mistake it stays where the mistake is.
pub(super) struct Json<'a> {
    pub(super) text: &'a [u8],
    pub(super) at: usize,
}

/// The byte at `at`; 0 behind the end, which no JSON text holds.
pub(super) const fn byte(text: &[u8], at: usize) -> u8 {
    if at < text.len() { text[at] } else { 0 }
}

/// From one place of a text to another; empty where they are no such places.
pub(super) const fn between(text: &[u8], from: usize, to: usize) -> &[u8] {
    match text.split_at_checked(to) {
        Some((before, _)) => match before.split_at_checked(from) {
            Some((_, between)) => between,
            None => &[],
        },
        None => &[],
    }
}

impl<'a> Json<'a> {
    /// The next byte that is no space, without passing it.
    #[inline(never)]
    pub(super) const fn peek(&mut self) -> u8 {
        while matches!(byte(self.text, self.at), b' ' | b'\n' | b'\t' | b'\r') {
            self.at += 1;
        }
        byte(self.text, self.at)
    }

    /// Passes `mark`, where it is next.
    #[inline(never)]
    pub(super) const fn eat(&mut self, mark: u8) -> bool {
        let is_there = self.peek() == mark;
        if is_there {
            self.at += 1;
        }
        is_there
    }

    /// What stands between the quotes of a string, escapes as they are.
    #[inline(never)]
    pub(super) const fn string(&mut self) -> Option<&'a [u8]> {
        if !self.eat(b'"') {
            return None;
        }
        let start = self.at;
        while self.at < self.text.len() {
            match self.text[self.at] {
                b'"' => {
                    self.at += 1;
                    return Some(between(self.text, start, self.at - 1));
                }
                b'\\' => match escape(self.text, self.at + 1) {
                    Some((_, next)) => self.at = next,
                    None => return None,
                },
                ..0x20 => return None,
                _ => self.at += 1,
            }
        }
        None
    }

    /// A whole number that is not negative.
    #[inline(never)]
    pub(super) const fn number(&mut self) -> Option<usize> {
        let first = self.peek();
        let start = self.at;
        let mut number = 0_usize;
        while self.at < self.text.len() && self.text[self.at].is_ascii_digit() {
            let digit = (self.text[self.at] - b'0') as usize;
            number = match number.checked_mul(10) {
                Some(tens) => match tens.checked_add(digit) {
                    Some(number) => number,
                    None => return None,
                },
                None => return None,
            };
            self.at += 1;
        }
        let digits = self.at - start;
        let goes_on = matches!(byte(self.text, self.at), b'.' | b'e' | b'E');
        if digits == 0 || first == b'0' && digits > 1 || goes_on { None } else { Some(number) }
    }

    /// Passes any value.
    #[inline(never)]
    pub(super) const fn skip(&mut self) -> bool {
        // Which of the enclosing brackets are those of objects, one bit each.
        let mut objects = 0_u128;
        let mut depth = 0;
        loop {
            let opens = self.peek();
            match opens {
                b'{' | b'[' => {
                    if depth == 126 {
                        return false;
                    }
                    self.at += 1;
                    depth += 1;
                    objects = objects << 1 | (opens == b'{') as u128;
                    if opens == b'{' && self.peek() != b'}' {
                        if !self.key() {
                            return false;
                        }
                        continue;
                    }
                    if opens == b'[' && self.peek() != b']' {
                        continue;
                    }
                }
                _ => {
                    if !self.simple() {
                        return false;
                    }
                }
            }
            // A value has ended, or an empty bracket has begun.
            loop {
                if depth == 0 {
                    return true;
                }
                let is_object = objects & 1 == 1;
                if self.eat(if is_object { b'}' } else { b']' }) {
                    depth -= 1;
                    objects >>= 1;
                } else if self.eat(b',') {
                    if is_object && !self.key() {
                        return false;
                    }
                    break;
                } else {
                    return false;
                }
            }
        }
    }

    /// Passes `"key":`.
    const fn key(&mut self) -> bool {
        self.string().is_some() && self.eat(b':')
    }

    /// Passes a string, a number or a word.
    const fn simple(&mut self) -> bool {
        match self.peek() {
            b'"' => self.string().is_some(),
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            b'n' => self.word(b"null"),
            _ => self.any_number(),
        }
    }

    /// Passes a word.
    pub(super) const fn word(&mut self, word: &[u8]) -> bool {
        let mut i = 0;
        while i < word.len() {
            if byte(self.text, self.at) != word[i] {
                return false;
            }
            self.at += 1;
            i += 1;
        }
        true
    }

    /// Passes `-1.5e3`.
    const fn any_number(&mut self) -> bool {
        if byte(self.text, self.at) == b'-' {
            self.at += 1;
        }
        let leads_with_zero = byte(self.text, self.at) == b'0';
        let digits = self.digits();
        if digits == 0 || leads_with_zero && digits > 1 {
            return false;
        }
        if byte(self.text, self.at) == b'.' {
            self.at += 1;
            if self.digits() == 0 {
                return false;
            }
        }
        if matches!(byte(self.text, self.at), b'e' | b'E') {
            self.at += 1;
            if matches!(byte(self.text, self.at), b'+' | b'-') {
                self.at += 1;
            }
            return self.digits() > 0;
        }
        true
    }

    const fn digits(&mut self) -> usize {
        let start = self.at;
        while byte(self.text, self.at).is_ascii_digit() {
            self.at += 1;
        }
        self.at - start
    }
}

/// The character that an escape stands for, and the place behind it; `at` is behind the backslash.
#[inline(never)]
const fn escape(text: &[u8], at: usize) -> Option<(char, usize)> {
    let simple = match byte(text, at) {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\x08',
        b'f' => '\x0c',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let (Some(code), next) = (hexadecimal(text, at + 1), at + 5) else { return None };
            if code & 0xfc00 != 0xd800 {
                // The second half of a pair alone is no character.
                return match char::from_u32(code) {
                    Some(character) => Some((character, next)),
                    None => None,
                };
            }
            if byte(text, next) != b'\\' || byte(text, next + 1) != b'u' {
                return None;
            }
            return match hexadecimal(text, next + 2) {
                Some(second) if second & 0xfc00 == 0xdc00 => match char::from_u32(0x1_0000 + ((code & 0x3ff) << 10 | second & 0x3ff)) {
                    Some(character) => Some((character, next + 6)),
                    None => None,
                },
                _ => None,
            };
        }
        _ => return None,
    };
    Some((simple, at + 1))
}

/// Four hexadecimal digits.
const fn hexadecimal(text: &[u8], at: usize) -> Option<u32> {
    let mut code = 0;
    let mut i = 0;
    while i < 4 {
        let digit = match byte(text, at + i) {
            digit @ b'0'..=b'9' => digit - b'0',
            digit @ b'a'..=b'f' => digit - b'a' + 10,
            digit @ b'A'..=b'F' => digit - b'A' + 10,
            _ => return None,
        };
        code = code << 4 | digit as u32;
        i += 1;
    }
    Some(code)
}

/// The next character of a string's inside, in UTF-8, or a byte of one.
pub(super) struct Unit {
    pub(super) bytes: [u8; 4],
    pub(super) len: usize,
    /// The place behind it.
    pub(super) next: usize,
}

/// The unit at `at`, its escape resolved.
#[inline(never)]
pub(super) const fn unit(string: &[u8], at: usize) -> Unit {
    let mut bytes = [byte(string, at), 0, 0, 0];
    let mut len = 1;
    let mut next = at + 1;
    if bytes[0] == b'\\'
        && let Some((character, end)) = escape(string, at + 1)
    {
        len = character.encode_utf8(&mut bytes).len();
        next = end;
    }
    Unit { bytes, len, next }
}

/// A number that is the same for strings that say the same.
#[inline(never)]
pub(super) const fn hash(string: &[u8]) -> u32 {
    let (mut at, mut hash) = (0, SEED);
    while at < string.len() {
        if string[at] == b'\\' {
            let unit = unit(string, at);
            let mut k = 0;
            while k < unit.len {
                hash = hashed(hash, byte(&unit.bytes, k));
                k += 1;
            }
            at = unit.next;
        } else {
            hash = (hash ^ string[at] as u32).wrapping_mul(PRIME);
            at += 1;
        }
    }
    hash
}

/// Of no bytes.
///
/// Source: Fowler, Noll, Vo: FNV-1a of 32 bits.
pub(super) const SEED: u32 = 0x811c_9dc5;
const PRIME: u32 = 0x0100_0193;

/// The hash with one byte more.
pub(super) const fn hashed(hash: u32, byte: u8) -> u32 {
    (hash ^ byte as u32).wrapping_mul(PRIME)
}

/// Whether a string's inside says `text`.
#[inline(never)]
pub(super) const fn says(string: &[u8], text: &[u8]) -> bool {
    let (mut at, mut i) = (0, 0);
    // An escape is longer than what it says.
    if string.len() <= text.len() {
        while i < string.len() && i < text.len() {
            if string[i] != text[i] {
                return false;
            }
            i += 1;
        }
        return string.len() == text.len();
    }
    while at < string.len() {
        let unit = unit(string, at);
        let mut k = 0;
        while k < unit.len {
            if i >= text.len() || byte(text, i) != byte(&unit.bytes, k) {
                return false;
            }
            i += 1;
            k += 1;
        }
        at = unit.next;
    }
    i == text.len()
}

#[cfg(all(test, feature = "files"))]
mod tests {
    use super::*;

    /// What `serde_json` says of a value that nobody looks into.
    #[test]
    fn values_are_passed_as_serde_json_passes_them() {
        for text in [
            "1",
            "-1",
            "0",
            "-0",
            "01",
            "1.",
            "1.5",
            ".5",
            "1e3",
            "1e+3",
            "1e",
            "-",
            "\"\"",
            "\"a\\n\"",
            "\"a\n\"",
            "\"\\u0041\"",
            "\"\\ud83d\\ude00\"",
            "\"\\ud83d\"",
            "\"\\ude00\"",
            "\"\\ud83dx\"",
            "\"\\x\"",
            "\"",
            "true",
            "tru",
            "null",
            "nul",
            "[]",
            "[ ]",
            "[1,2]",
            "[1,]",
            "[,]",
            "[1 2]",
            "{}",
            "{ }",
            "{\"a\":1}",
            "{\"a\":1,}",
            "{\"a\"}",
            "{a:1}",
            "{\"a\":{\"b\":[1,{\"c\":[]}]}}",
            "[[]",
            "[[]]]",
            "{]",
            "[}",
            "",
            " 1 ",
            "\t[\r\n1 , 2 ] ",
        ] {
            let mut json = Json { text: text.as_bytes(), at: 0 };
            let passed = json.skip() && json.peek() == 0;
            assert_eq!(passed, serde_json::from_str::<serde_json::Value>(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn strings_say_what_their_escapes_mean() {
        for (string, text) in [("fc1.weight", "fc1.weight"), ("fc1\\u002eweight", "fc1.weight"), ("\\u00e9\\ud83d\\ude00\\\\", "é😀\\")]
        {
            assert!(says(string.as_bytes(), text.as_bytes()), "{string}");
            assert!(!says(string.as_bytes(), b"fc1.weigh"), "{string}");
            assert!(!says(string.as_bytes(), b"fc1.weightt"), "{string}");
        }
    }

    #[test]
    fn sizes_are_whole_numbers_that_fit() {
        let number = |text: &str| Json { text: text.as_bytes(), at: 0 }.number();
        assert_eq!((number("0"), number(" 120,"), number("18446744073709551615")), (Some(0), Some(120), Some(usize::MAX)));
        for wrong in ["", "-1", "01", "1.0", "1e3", "18446744073709551616", "x"] {
            assert_eq!(number(wrong), None, "{wrong}");
        }
    }
}
