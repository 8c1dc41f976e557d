//! Arithmetic and messages for sizes that only the compiler knows: what `network!` writes where a size is a constant.
//!
//! Everything is total: a size that makes no sense saturates, so that one assertion reports it and nothing else fails.

use crate::Shape;

/// `a + b`.
#[must_use]
pub const fn add(a: usize, b: usize) -> usize {
    a.saturating_add(b)
}

/// `a - b`, at least 0.
#[must_use]
pub const fn sub(a: usize, b: usize) -> usize {
    a.saturating_sub(b)
}

/// `a · b`.
#[must_use]
pub const fn mul(a: usize, b: usize) -> usize {
    a.saturating_mul(b)
}

/// `a / b`, rounded down; 0 where `b` is 0.
#[must_use]
pub const fn div(a: usize, b: usize) -> usize {
    match a.checked_div(b) {
        Some(quotient) => quotient,
        None => 0,
    }
}

/// The remainder of `a / b`; 0 where `b` is 0.
#[must_use]
pub const fn rem(a: usize, b: usize) -> usize {
    match a.checked_rem(b) {
        Some(rest) => rest,
        None => 0,
    }
}

/// Whether two sizes are equal, or one of them is 0, which another assertion reports.
#[must_use]
pub const fn agree(a: usize, b: usize) -> bool {
    a == b || a == 0 || b == 0
}

/// Whether a shape has these sizes.
#[must_use]
pub const fn is(shape: Shape, sizes: &[usize]) -> bool {
    let own = shape.sizes();
    if own.len() != sizes.len() {
        return false;
    }
    let mut i = 0;
    while i < sizes.len() {
        if own[i] != sizes[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// A message that is put together while compiling; what does not fit is cut off.
#[derive(Clone, Copy, Debug)]
pub struct Message<const CAPACITY: usize = 1024> {
    text: [u8; CAPACITY],
    length: usize,
}

impl Message {
    /// No text.
    #[must_use]
    #[allow(clippy::new_without_default, reason = "for constants; `Default` is not const")]
    pub const fn new() -> Self {
        Self::empty()
    }
}

impl<const CAPACITY: usize> Message<CAPACITY> {
    /// No text, and room for as much as the type says.
    #[must_use]
    pub const fn empty() -> Self {
        Self { text: [0; CAPACITY], length: 0 }
    }

    /// The message, then `text`.
    #[must_use]
    pub const fn text(mut self, text: &str) -> Self {
        if let Some((_, rest)) = self.text.split_at_mut_checked(self.length)
            && let Some((place, _)) = rest.split_at_mut_checked(text.len())
        {
            place.copy_from_slice(text.as_bytes());
            self.length += text.len();
        }
        self
    }

    /// The message, then a number; the largest, where arithmetic ends, stands for what is more.
    #[must_use]
    pub const fn number(mut self, number: usize) -> Self {
        if number == usize::MAX {
            return self.text("more than can be counted");
        }
        let mut digits = 1;
        let mut rest = number / 10;
        while rest > 0 {
            digits += 1;
            rest /= 10;
        }
        if let Some((_, room)) = self.text.split_at_mut_checked(self.length)
            && let Some((mut place, _)) = room.split_at_mut_checked(digits)
        {
            let mut rest = number;
            while let Some((last, before)) = place.split_last_mut() {
                #[allow(clippy::cast_possible_truncation, reason = "a digit")]
                let digit = (rest % 10) as u8;
                *last = b'0' + digit;
                rest /= 10;
                place = before;
            }
            self.length += digits;
        }
        self
    }

    /// The message, then a number with a comma between thousands.
    #[must_use]
    pub const fn grouped(self, number: usize) -> Self {
        if number < 1000 {
            return self.number(number);
        }
        let rest = number % 1000;
        let message = self.grouped(number / 1000).text(",");
        message
            .text(if rest < 10 {
                "00"
            } else if rest < 100 {
                "0"
            } else {
                ""
            })
            .number(rest)
    }

    /// The message, then a key.
    #[must_use]
    pub(crate) const fn key(mut self, key: &crate::spec::Key<'_>) -> Self {
        let mut i = 0;
        while i < key.len() && self.length < CAPACITY {
            self.text[self.length] = key.byte(i);
            self.length += 1;
            i += 1;
        }
        self
    }

    /// The message, then spaces.
    #[must_use]
    pub(crate) const fn spaces(self, count: usize) -> Self {
        let mut message = self;
        let mut i = 0;
        while i < count {
            message = message.text(" ");
            i += 1;
        }
        message
    }

    /// How many bytes it is long.
    #[must_use]
    pub(crate) const fn len(&self) -> usize {
        self.length
    }

    /// The message, then `[16, 4, 4]`.
    #[must_use]
    pub const fn sizes(self, sizes: &[usize]) -> Self {
        let mut message = self.text("[");
        let mut i = 0;
        while i < sizes.len() {
            if i > 0 {
                message = message.text(", ");
            }
            message = message.number(sizes[i]);
            i += 1;
        }
        message.text("]")
    }

    /// The whole text.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        let text = match self.text.split_at_checked(self.length) {
            Some((text, _)) => text,
            None => &[],
        };
        match core::str::from_utf8(text) {
            Ok(text) => text,
            Err(_) => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_hold_numbers() {
        const MESSAGE: Message = Message::new().text("gives ").sizes(&[16, 0, 10]).text(", not ").number(1_844_674_407);
        assert_eq!(MESSAGE.as_str(), "gives [16, 0, 10], not 1844674407");
        assert_eq!(Message::new().number(mul(usize::MAX, 2)).as_str(), "more than can be counted");
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_020_003, "1,020,003"), (44_426, "44,426")] {
            assert_eq!(Message::new().grouped(number).as_str(), text);
        }
    }

    #[test]
    fn too_long_a_message_is_cut_and_not_a_panic() {
        let mut message = Message::new();
        for _ in 0..200 {
            message = message.text("0123456789");
        }
        assert_eq!(message.as_str().len(), 1020);
    }

    #[test]
    fn shapes_are_compared_whole() {
        assert!(is(Shape::new(&[3, 4]), &[3, 4]));
        assert!(!is(Shape::new(&[3, 4]), &[3]));
        assert!(!is(Shape::new(&[3, 4]), &[3, 5]));
    }
}
