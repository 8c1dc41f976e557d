//! Names of tensors: those of the network as the file has them, compared with what stands in a header.

use super::json::{SEED, byte, hashed, unit};
use crate::spec::Key;

/// The name that a tensor of the network has in the file: `from`, a dot, and the key without its first `skip` bytes.
pub(super) struct Name<'k> {
    pub(super) from: &'k [u8],
    pub(super) key: &'k Key<'k>,
    pub(super) skip: usize,
}

impl Name<'_> {
    /// Where the key begins.
    const fn joint(&self) -> usize {
        let rest = self.key.len() - self.skip;
        if self.from.is_empty() || rest == 0 { self.from.len() } else { self.from.len() + 1 }
    }

    pub(super) const fn len(&self) -> usize {
        self.joint() + self.key.len() - self.skip
    }

    pub(super) const fn byte(&self, i: usize) -> u8 {
        let joint = self.joint();
        if i < self.from.len() {
            byte(self.from, i)
        } else if i < joint {
            b'.'
        } else {
            self.key.byte(i - joint + self.skip)
        }
    }

    /// As [`hash`](super::json::hash) of a string that says it.
    pub(super) const fn hash(&self) -> u32 {
        let (len, mut i, mut hash) = (self.len(), 0, SEED);
        while i < len {
            hash = hashed(hash, self.byte(i));
            i += 1;
        }
        hash
    }

    /// Whether a string's inside says this name.
    pub(super) const fn is(&self, string: &[u8]) -> bool {
        let len = self.len();
        // An escape is longer than what it says.
        if string.len() < len {
            return false;
        }
        let (mut at, mut i) = (0, 0);
        while at < string.len() {
            let unit = unit(string, at);
            let mut k = 0;
            while k < unit.len {
                if i >= len || self.byte(i) != byte(&unit.bytes, k) {
                    return false;
                }
                i += 1;
                k += 1;
            }
            at = unit.next;
        }
        i == len
    }
}

/// Where a string's inside goes on behind `prefix` and a dot, if it says this from `at` on; at its end where it says nothing else. The empty prefix
/// takes nothing.
pub(super) const fn after(string: &[u8], mut at: usize, prefix: &[u8]) -> Option<usize> {
    let mut i = 0;
    while i < prefix.len() {
        if at >= string.len() {
            return None;
        }
        let unit = unit(string, at);
        let mut k = 0;
        while k < unit.len {
            if byte(prefix, i) != byte(&unit.bytes, k) {
                return None;
            }
            i += 1;
            k += 1;
        }
        at = unit.next;
    }
    if prefix.is_empty() || at == string.len() {
        return Some(at);
    }
    let dot = unit(string, at);
    if dot.bytes[0] == b'.' { Some(dot.next) } else { None }
}
