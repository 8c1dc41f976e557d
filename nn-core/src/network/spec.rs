//! What a network consists of, as data: one description serves saving, loading, optimizers and the summary.

use core::fmt;

use crate::{Layer, Scalar, Shape};

/// The tensors and parts of a layer or network, and the rows of its summary.
#[derive(Debug)]
pub struct Spec {
    /// The type's name.
    pub name: &'static str,
    /// Tensors and parts, in the order of the struct's fields.
    pub entries: &'static [Entry],
    /// The layers in order, those without parameters among them; empty for a single layer.
    pub rows: &'static [Row],
}

/// A tensor or part of a layer or network.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its key on disk, relative to the whole: `weight`, `conv1`, `downsample.0`. Empty adds nothing to the key.
    pub key: &'static str,
    /// Its place in the struct, in bytes.
    pub offset: usize,
    /// The place of its gradient in the gradient's struct, in bytes; `None` where none is stored (state, and what is frozen).
    pub gradient: Option<usize>,
    /// What it is.
    pub item: Item,
}

/// What an [`Entry`] is.
#[derive(Clone, Copy, Debug)]
pub enum Item {
    /// A tensor.
    Tensor {
        /// Its sizes, outermost first.
        shape: Shape,
        /// Its element type in memory.
        dtype: Dtype,
        /// Learned, or kept along.
        role: Role,
    },
    /// A layer, block or network with a description of its own.
    Part(&'static Spec),
    /// A layer with the normalisation behind it folded in; in files the two are apart.
    Folded {
        /// Its own tensors.
        spec: &'static Spec,
        /// How these follow from those of the two.
        fold: &'static Fold,
        /// The normalisation's key, beside the layer's.
        norm: &'static str,
    },
    /// `count` equal parts with the keys `0`, `1`, …
    Repeat {
        /// The description of one.
        spec: &'static Spec,
        /// How many.
        count: usize,
        /// From one to the next in the struct, in bytes.
        stride: usize,
        /// From one to the next in the gradient's struct, in bytes.
        gradient_stride: usize,
    },
}

/// How a [folded layer](crate::layer::Folded) follows from a layer and a normalisation.
#[derive(Debug)]
pub struct Fold {
    /// The layer without biases; it lies at the begin.
    pub layer: &'static Spec,
    /// Whether the layer had biases.
    pub has_bias: bool,
    /// The number of channels.
    pub channels: usize,
    /// Their numbers' type.
    pub dtype: Dtype,
    /// The normalisation's `ε`.
    pub epsilon: f64,
    /// The place of the factors, in bytes.
    pub scale: usize,
    /// The place of the summands, in bytes.
    pub shift: usize,
}

/// Whether a tensor is learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Changed by the optimizer.
    Parameter,
    /// Kept along, such as running statistics.
    State,
}

/// Element types in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dtype {
    /// `f32`.
    F32,
    /// `f64`.
    F64,
    /// A counter of `f32` networks; `I64` on disk.
    U32,
    /// A counter of `f64` networks; `I64` on disk.
    U64,
}

impl Dtype {
    /// Bytes of one element.
    #[must_use]
    pub const fn size(self) -> usize {
        match self {
            Self::F32 | Self::U32 => 4,
            Self::F64 | Self::U64 => 8,
        }
    }
}

/// A line of the summary.
#[derive(Debug)]
pub struct Row {
    /// The layer's name; empty where it has none.
    pub name: &'static str,
    /// The layer as it was written: `Conv2d(6, kernel = 5)`.
    pub layer: &'static str,
    /// Its output.
    pub output: Shape,
    /// Learned numbers.
    pub parameters: usize,
    /// Multiply-adds of one sample's forward pass.
    pub macs: usize,
    /// Whether it is frozen.
    pub frozen: bool,
    /// The parts of a block or nested network.
    pub part: Option<&'static Spec>,
}

impl Entry {
    /// The layer, block or network `L` under `key`.
    #[must_use]
    pub const fn part<L: Layer>(key: &'static str, offset: usize, gradient: Option<usize>) -> Self {
        Self { key, offset, gradient, item: Item::Part(L::SPEC) }
    }

    /// The folded layer `L` under `key`, with the normalisation that files have under `norm`.
    #[doc(hidden)]
    #[must_use]
    pub const fn folded<L: crate::layer::Folds>(key: &'static str, norm: &'static str, offset: usize) -> Self {
        Self { key, offset, gradient: None, item: Item::Folded { spec: L::SPEC, fold: L::FOLD, norm } }
    }
}

impl Row {
    /// The layer `L`; a block or network brings its own rows.
    #[must_use]
    pub const fn of<L: Layer>(name: &'static str, layer: &'static str) -> Self {
        let part = if L::SPEC.rows.is_empty() { None } else { Some(L::SPEC) };
        Self { name, layer, output: L::OUTPUT, parameters: L::PARAMETERS, macs: L::MACS, frozen: false, part }
    }

    /// An activation, or another step without numbers of its own.
    #[must_use]
    pub const fn step(layer: &'static str, output: &[usize]) -> Self {
        Self { name: "", layer, output: Shape::new(output), parameters: 0, macs: 0, frozen: false, part: None }
    }

    /// The same, frozen.
    #[must_use]
    pub const fn frozen(self) -> Self {
        Self { frozen: true, ..self }
    }

    /// The same, in a `static` of its own: its parameters are not the network's.
    #[must_use]
    pub const fn in_static(self) -> Self {
        Self { parameters: 0, part: None, ..self }
    }

    /// The same under a name.
    #[must_use]
    pub const fn named(self, name: &'static str) -> Self {
        Self { name, ..self }
    }
}

/// One tensor of a whole network, found by walking its [`Spec`].
#[derive(Clone, Copy, Debug)]
pub struct Leaf<'a> {
    /// Its key, joined with dots when displayed.
    pub key: Key<'a>,
    /// Its place in the network, in bytes.
    pub offset: usize,
    /// The place of its gradient in the network's gradient, in bytes.
    pub gradient: Option<usize>,
    /// Its sizes.
    pub shape: Shape,
    /// Its element type in memory.
    pub dtype: Dtype,
    /// Learned, or kept along.
    pub role: Role,
}

/// A key on disk, built without a heap: the parts joined with dots.
#[derive(Clone, Copy, Debug)]
pub struct Key<'a> {
    parent: Option<&'a Key<'a>>,
    part: Part,
    /// In bytes, when displayed.
    len: usize,
}

#[derive(Clone, Copy, Debug)]
enum Part {
    Name(&'static str),
    Index(usize),
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            fmt::Display::fmt(parent, f)?;
            if parent.len > 0 && self.len > parent.len {
                f.write_str(".")?;
            }
        }
        match self.part {
            Part::Name(name) => f.write_str(name),
            Part::Index(index) => fmt::Display::fmt(&index, f),
        }
    }
}

impl<'a> Key<'a> {
    /// The key of the entry `name` under another.
    pub(crate) const fn named(parent: Option<&'a Self>, name: &'static str) -> Self {
        Self::under(parent, Part::Name(name), name.len())
    }

    /// The key of repetition `index` under another.
    pub(crate) const fn indexed(parent: Option<&'a Self>, index: usize) -> Self {
        let (mut digits, mut rest) = (1, index / 10);
        while rest > 0 {
            digits += 1;
            rest /= 10;
        }
        Self::under(parent, Part::Index(index), digits)
    }

    const fn under(parent: Option<&'a Self>, part: Part, own: usize) -> Self {
        let before = match parent {
            Some(parent) => parent.len,
            None => 0,
        };
        let dot = if before > 0 && own > 0 { 1 } else { 0 };
        Self { parent, part, len: before + dot + own }
    }

    /// In bytes, when displayed.
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// Byte number `i` of what is displayed; 0 behind its end. For constants, where nothing can be displayed.
    pub(crate) const fn byte(&self, i: usize) -> u8 {
        let mut own = i;
        if let Some(parent) = self.parent {
            if i < parent.len {
                return parent.byte(i);
            }
            own = i - parent.len;
            if parent.len > 0 && self.len > parent.len {
                if own == 0 {
                    return b'.';
                }
                own -= 1;
            }
        }
        match self.part {
            Part::Name(name) if own < name.len() => name.as_bytes()[own],
            Part::Index(mut index) if i < self.len => {
                // Digits are counted from the end.
                let mut after = self.len - 1 - i;
                while after > 0 {
                    index /= 10;
                    after -= 1;
                }
                #[allow(clippy::cast_possible_truncation, reason = "a digit")]
                let digit = (index % 10) as u8;
                b'0' + digit
            }
            _ => 0,
        }
    }
}

impl Entry {
    /// A learned tensor whose gradient lies in a struct of the layer's own type, at the same place.
    #[must_use]
    pub const fn parameter<T: Scalar>(key: &'static str, offset: usize, shape: Shape) -> Self {
        Self { key, offset, gradient: Some(offset), item: Item::Tensor { shape, dtype: T::DTYPE, role: Role::Parameter } }
    }

    /// Both entries, or the weight alone where the bias is empty: with `bias = false` there is no such key.
    #[must_use]
    pub(crate) const fn weight_and_bias(entries: &'static [Self; 2]) -> &'static [Self] {
        match &entries[1].item {
            Item::Tensor { shape, .. } if shape.len() == 0 => entries.split_at(1).0,
            _ => entries,
        }
    }
}

/// What not every network has, and needs code of its own.
#[derive(Clone, Copy)]
pub(crate) enum Special {
    /// A folded layer.
    Folded,
    /// A counter.
    Counter,
}

impl Spec {
    /// Whether there is such a thing in it, at any depth.
    pub(crate) const fn has(&self, special: Special) -> bool {
        let mut i = 0;
        while i < self.entries.len() {
            let is_there = match &self.entries[i].item {
                Item::Tensor { dtype, .. } => matches!((&special, dtype), (Special::Counter, Dtype::U32 | Dtype::U64)),
                Item::Part(spec) | Item::Repeat { spec, .. } => spec.has(special),
                Item::Folded { .. } => matches!(special, Special::Folded),
            };
            if is_there {
                return true;
            }
            i += 1;
        }
        false
    }

    /// Calls `visit` with every tensor, in order.
    pub fn visit(&self, mut visit: impl FnMut(Leaf<'_>)) {
        self.visit_under(None, 0, Some(0), &mut visit);
    }

    fn visit_under(&self, parent: Option<&Key<'_>>, offset: usize, gradient: Option<usize>, visit: &mut dyn FnMut(Leaf<'_>)) {
        for entry in self.entries {
            let key = Key::named(parent, entry.key);
            let offset = offset + entry.offset;
            let gradient = gradient.zip(entry.gradient).map(|(base, inner)| base + inner);
            match &entry.item {
                Item::Tensor { shape, dtype, role } => {
                    visit(Leaf { key, offset, gradient, shape: *shape, dtype: *dtype, role: *role });
                }
                Item::Part(spec) | Item::Folded { spec, .. } => spec.visit_under(Some(&key), offset, gradient, visit),
                Item::Repeat { spec, count, stride, gradient_stride } => {
                    for i in 0..*count {
                        let key = Key::indexed(Some(&key), i);
                        let gradient = gradient.map(|base| base + i * gradient_stride);
                        spec.visit_under(Some(&key), offset + i * stride, gradient, visit);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::string::{String, ToString};

    use super::Key;

    #[test]
    fn keys_have_the_bytes_that_they_display() {
        let (empty, blocks) = (Key::named(None, ""), Key::named(None, "blocks"));
        let (nothing, block) = (Key::named(Some(&empty), ""), Key::indexed(Some(&blocks), 120));
        for (key, text) in [
            (Key::named(Some(&nothing), "fc"), "fc"),
            (Key::named(Some(&block), "fc.weight"), "blocks.120.fc.weight"),
            (Key::named(Some(&block), ""), "blocks.120"),
            (Key::indexed(Some(&empty), 0), "0"),
            (nothing, ""),
        ] {
            let bytes = (0..key.len()).map(|i| key.byte(i)).collect();
            assert_eq!((key.to_string(), String::from_utf8(bytes).unwrap()), (text.to_string(), text.to_string()));
            assert_eq!(key.byte(key.len()), 0);
        }
    }
}
