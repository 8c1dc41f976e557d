//! What `#[budget]` says when a network takes more than it may: by how much, and which layers are the largest.

use crate::Spec;
use crate::shape::Message;
use crate::spec::{Item, Key};

type Text = Message<2048>;
type Name = Message<48>;

/// The rows of a table.
const MOST: usize = 8;

/// A value or workspace that predicting holds in memory; those in one slot follow one another there.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// The slot.
    pub slot: usize,
    /// The layer that gives it.
    pub name: &'static str,
    /// Its size.
    pub bytes: usize,
}

/// Why a network does not fit into flash.
#[must_use]
pub const fn flash(network: &str, spec: &Spec, bytes: usize, limit: usize) -> Text {
    let mut table = Table::new();
    table.layers(spec, None, false);
    let text = exceeded(network, bytes, " bytes of flash", limit);
    table.written(&text.text("; its largest layers, in bytes:")).text("\nhelp: make these smaller, or raise the budget")
}

/// Why predicting does not fit into RAM.
#[must_use]
pub const fn ram(network: &str, held: &[Held], bytes: usize, limit: usize) -> Text {
    let mut table = Table::new();
    let mut peak = Held { slot: 0, name: "", bytes: 0 };
    let mut i = 0;
    while i < held.len() {
        let mut is_largest = true;
        let mut k = 0;
        while k < held.len() {
            let is_larger = held[k].bytes > held[i].bytes || held[k].bytes == held[i].bytes && k < i;
            is_largest = is_largest && (held[k].slot != held[i].slot || !is_larger);
            k += 1;
        }
        if is_largest {
            table.add(Name::empty().text(held[i].name), held[i].bytes);
        }
        if held[i].bytes > peak.bytes {
            peak = held[i];
        }
        i += 1;
    }
    let text = exceeded(network, bytes, " bytes of RAM to predict", limit);
    let text = table.written(&text.text("; the largest values in each piece of memory, in bytes:"));
    text.text("\nhelp: `").text(peak.name).text("` peaks: make its output smaller, or raise the budget")
}

/// `LeNet5` takes 177,704 bytes of flash, 112,168 more than its budget of 65,536
const fn exceeded(network: &str, bytes: usize, of: &str, limit: usize) -> Text {
    let text = Text::empty().text("`").text(network).text("` takes ").grouped(bytes).text(of).text(", ");
    text.grouped(bytes.saturating_sub(limit)).text(" more than its budget of ").grouped(limit)
}

/// The largest of what was added, largest first.
struct Table {
    rows: [(Name, usize); MOST],
    /// How many were added, and their bytes.
    count: usize,
    sum: usize,
}

impl Table {
    const fn new() -> Self {
        Self { rows: [(Name::empty(), 0); MOST], count: 0, sum: 0 }
    }

    const fn add(&mut self, name: Name, bytes: usize) {
        let mut row = (name, bytes);
        let mut i = 0;
        while i < MOST {
            if i >= self.count {
                self.rows[i] = row;
                break;
            }
            if self.rows[i].1 < row.1 {
                (self.rows[i], row) = (row, self.rows[i]);
            }
            i += 1;
        }
        self.count += 1;
        self.sum += bytes;
    }

    /// Adds every layer that consists of tensors; `is_counted` where the tensors of `spec` itself belong to a layer that is added already.
    const fn layers(&mut self, spec: &Spec, parent: Option<&Key<'_>>, is_counted: bool) {
        let own = own(spec);
        if own > 0 && !is_counted {
            let name = match parent {
                Some(parent) => Name::empty().key(parent),
                None => Name::empty().text(spec.name),
            };
            self.add(name, own);
        }
        let mut e = 0;
        while e < spec.entries.len() {
            let entry = &spec.entries[e];
            let key = Key::named(parent, entry.key);
            match &entry.item {
                Item::Tensor { .. } => {}
                Item::Part(spec) | Item::Folded { spec, .. } => self.layers(spec, Some(&key), entry.key.is_empty()),
                Item::Repeat { spec, count, .. } => {
                    let mut i = 0;
                    while i < *count {
                        self.layers(spec, Some(&Key::indexed(Some(&key), i)), false);
                        i += 1;
                    }
                }
            }
            e += 1;
        }
    }

    /// The rows in two columns, behind a text.
    const fn written(&self, text: &Text) -> Text {
        let shown = if self.count < MOST { self.count } else { MOST };
        let (mut left, mut right, mut i) = (0, 0, 0);
        while i < shown {
            let (name, bytes) = &self.rows[i];
            if name.len() > left {
                left = name.len();
            }
            let digits = Name::empty().grouped(*bytes).len();
            if digits > right {
                right = digits;
            }
            i += 1;
        }
        let (mut text, mut rest) = (*text, self.sum);
        i = 0;
        while i < shown {
            let (name, bytes) = &self.rows[i];
            let number = Name::empty().grouped(*bytes);
            let gap = left - name.len() + 2 + right - number.len();
            text = text.text("\n  ").text(name.as_str()).spaces(gap).text(number.as_str());
            rest -= *bytes;
            i += 1;
        }
        if self.count > shown {
            text = text.text("\n  ").grouped(self.count - shown).text(" more: ").grouped(rest);
        }
        text
    }
}

/// Bytes of the tensors under the name of `spec`: its own, and those of parts that add nothing to the name, as the layer within a folded one.
const fn own(spec: &Spec) -> usize {
    let (mut bytes, mut e) = (0, 0);
    while e < spec.entries.len() {
        let entry = &spec.entries[e];
        bytes += match &entry.item {
            Item::Tensor { shape, dtype, .. } => shape.len() * dtype.size(),
            Item::Part(spec) | Item::Folded { spec, .. } if entry.key.is_empty() => own(spec),
            _ => 0,
        };
        e += 1;
    }
    bytes
}
