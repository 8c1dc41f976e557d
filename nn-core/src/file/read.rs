//! From the bytes of a file into a network: everything is judged before anything is changed. One reader, in constants and at run time.
//!
//! It walks `SPEC` beside the file's header, collects every fault, and copies only where there is none. So one error lists everything,
//! and a failed load leaves the network as it was. What loses nothing is converted (F16, BF16 and F32 widen); what would lose digits is
//! refused. A `static` is filled by one block copy a tensor: a loop over floats takes the compiler seconds, and its lint cannot be
//! silenced from inside. What only folded networks need (arithmetic in `f64`), and advice for people, firmware without them does not
//! link: 12.7 KB instead of 19.4.

use super::copy::{copy, number, put, refused};
use super::count::{count_at, counts, put_count};
use super::fault::{Fault, Faults, TensorName, WeightsError, Window};
use super::header::{Header, Tensor};
use super::json::{between, byte};
use super::name::{Name, after};
use crate::network::fold::scale_and_shift;
use crate::spec::{Dtype, Fold, Item, Key, Leaf, Role, Special};
use crate::{Shape, Spec};

/// How many tensors' places are kept at run time; those of a file of more are looked for again and again, which costs time and no memory.
const KEPT_PLACES: usize = 16;

/// Faults that are collected in one go where a heap holds all.
#[cfg(feature = "std")]
const WINDOW: usize = 8;
#[cfg(not(feature = "std"))]
const WINDOW: usize = Faults::KEPT;

/// What of a network is read, and where the file has it.
#[derive(Clone, Copy)]
pub(super) struct Selection<'a> {
    /// The part of the network; empty for the whole.
    pub(super) part: &'a str,
    /// What the file's names of that part begin with; empty for nothing.
    pub(super) prefix: &'a str,
    /// Those layers of the part that are read; all where none is named.
    pub(super) layers: &'a [&'a str],
    /// Whether tensors that the network does not have are left alone.
    pub(super) ignores: bool,
}

impl Selection<'static> {
    pub(super) const ALL: Self = Self { part: "", prefix: "", layers: &[], ignores: false };
}

/// Reads what is selected, in the network's memory, and gives what was left alone.
type Loader = fn(&'static Spec, &mut [u8], &[u8], Selection<'_>) -> Result<Faults, WeightsError>;

/// The reader for such networks.
pub(super) const fn loader<const SELECTS: bool>(spec: &Spec) -> Loader {
    if spec.has(Special::Folded) {
        load::<true, true, SELECTS>
    } else if spec.has(Special::Counter) {
        load::<false, true, SELECTS>
    } else {
        load::<false, false, SELECTS>
    }
}

/// A [`Loader`]. Folded layers (`FOLDS`), counters (`COUNTS`) and less than all of a file (`SELECTS`) link what others need not have in flash.
#[cfg_attr(not(feature = "std"), allow(clippy::result_large_err, reason = "without a heap an error holds what it tells"))]
fn load<const FOLDS: bool, const COUNTS: bool, const SELECTS: bool>(
    spec: &'static Spec,
    memory: &mut [u8],
    bytes: &[u8],
    selection: Selection<'_>,
) -> Result<Faults, WeightsError> {
    let header: Header<'_, KEPT_PLACES> = Header::parse(bytes).map_err(WeightsError::Header)?;
    let mut reader = Reader::<_, WINDOW, FOLDS, COUNTS, SELECTS>::new(&header, memory.len(), selection);
    reader.judge(spec);
    if let Some(key) = reader.outside {
        return Err(WeightsError::Key { network: spec.name, key });
    }
    if let Some(part) = reader.absent_part(spec) {
        return Err(WeightsError::NoPart { network: spec, part });
    }
    if reader.faults.count > 0 {
        // Advice for people, which would cost firmware flash.
        let under = if cfg!(feature = "std") { reader.missing_elsewhere(spec) } else { None };
        return Err(WeightsError::Tensors { network: spec.name, faults: collect(&mut reader, spec), under });
    }
    reader.walk(spec, None, 0, Some(memory));
    if SELECTS && selection.ignores {
        // What was no fault alone because it is ignored.
        reader.selection.ignores = false;
        reader.judge(spec);
    }
    Ok(collect(&mut reader, spec))
}

/// All faults, some at a time.
#[cfg(feature = "std")]
fn collect<const N: usize, const FOLDS: bool, const COUNTS: bool, const SELECTS: bool>(
    reader: &mut Reader<'_, N, WINDOW, FOLDS, COUNTS, SELECTS>,
    spec: &'static Spec,
) -> Faults {
    let count = reader.faults.count;
    let mut list = std::vec::Vec::new();
    loop {
        list.extend(reader.faults.faults.iter().flatten());
        if list.len() >= count {
            return Faults { list };
        }
        reader.faults = Window::after(list.len());
        reader.judge(spec);
    }
}

/// The first faults.
#[cfg(not(feature = "std"))]
fn collect<const N: usize, const FOLDS: bool, const COUNTS: bool, const SELECTS: bool>(
    reader: &mut Reader<'_, N, WINDOW, FOLDS, COUNTS, SELECTS>,
    _: &'static Spec,
) -> Faults {
    Faults { list: reader.faults.faults, count: reader.faults.count }
}

/// A file and what is wanted of it, by a network that may have folded layers (`FOLDS`) and counters (`COUNTS`): all of it, unless it `SELECTS`.
pub(super) struct Reader<'a, const N: usize, const K: usize, const FOLDS: bool, const COUNTS: bool, const SELECTS: bool> {
    header: &'a Header<'a, N>,
    /// The bytes of the network.
    size: usize,
    selection: Selection<'a>,
    /// Whether no type is converted: while compiling.
    pub(super) exact: bool,
    pub(super) faults: Window<K>,
    /// A tensor that lies outside of its layer.
    pub(super) outside: Option<TensorName>,
    /// How many tensors of the network there are, and how many of them in the file.
    wanted: usize,
    found: usize,
    /// Where the next tensor probably is.
    next: usize,
}

impl<'a, const N: usize, const K: usize, const FOLDS: bool, const COUNTS: bool, const SELECTS: bool>
    Reader<'a, N, K, FOLDS, COUNTS, SELECTS>
{
    pub(super) const fn new(header: &'a Header<'a, N>, size: usize, selection: Selection<'a>) -> Self {
        Self { header, size, selection, exact: false, faults: Window::after(0), outside: None, wanted: 0, found: 0, next: 0 }
    }

    /// What the file has in front of the names of what is read.
    const fn prefix(&self) -> &'a [u8] {
        if SELECTS { self.selection.prefix.as_bytes() } else { &[] }
    }

    /// The name that a tensor of the network has in the file, if it is to be read.
    const fn name<'k>(&self, key: &'k Key<'k>) -> Option<Name<'k>>
    where
        'a: 'k,
    {
        if !SELECTS {
            return Some(Name { from: &[], key, skip: 0 });
        }
        let Some(skip) = rest_after(key, 0, self.selection.part) else { return None };
        let layers = self.selection.layers;
        let (mut is_read, mut i) = (layers.is_empty(), 0);
        while i < layers.len() && !is_read {
            is_read = rest_after(key, skip, layers[i]).is_some();
            i += 1;
        }
        if is_read { Some(Name { from: self.prefix(), key, skip }) } else { None }
    }

    /// Whether the file's tensor of this name belongs to what is read.
    const fn is_asked_for(&self, name: &[u8]) -> bool {
        if !SELECTS {
            return true;
        }
        let Some(at) = after(name, 0, self.prefix()) else { return false };
        let layers = self.selection.layers;
        let (mut is_asked, mut i) = (layers.is_empty(), 0);
        while i < layers.len() && !is_asked {
            is_asked = after(name, at, layers[i].as_bytes()).is_some();
            i += 1;
        }
        is_asked
    }

    /// A part or layer that is to be read, and in which the network has no tensor.
    fn absent_part(&self, spec: &Spec) -> Option<TensorName> {
        if !SELECTS {
            return None;
        }
        let Selection { part, layers, .. } = self.selection;
        match layers.iter().find(|layer| !self.has(spec, None, layer)) {
            Some(layer) => Some(TensorName::joined(part, layer)),
            None if self.wanted == 0 && !part.is_empty() => Some(TensorName::text(part.as_bytes())),
            None => None,
        }
    }

    /// Whether something is read into the layer `layer` of the part.
    fn has(&self, spec: &Spec, parent: Option<&Key<'_>>, layer: &str) -> bool {
        let is_in = |key: &Key<'_>| self.name(key).is_some_and(|name| rest_after(key, name.skip, layer).is_some());
        spec.entries.iter().any(|entry| {
            let key = Key::named(parent, entry.key);
            match &entry.item {
                Item::Tensor { shape, .. } => shape.len() > 0 && is_in(&key),
                Item::Part(spec) => self.has(spec, Some(&key), layer),
                Item::Folded { norm, .. } => {
                    let norm = Key::named(parent, norm);
                    self.name(&key).is_some() && self.name(&norm).is_some() && (is_in(&key) || is_in(&norm))
                }
                Item::Repeat { spec, count, .. } => (0..*count).any(|i| self.has(spec, Some(&Key::indexed(Some(&key), i)), layer)),
            }
        })
    }

    /// Collects every fault.
    pub(super) const fn judge(&mut self, spec: &Spec) {
        (self.wanted, self.found) = (0, 0);
        self.walk(spec, None, 0, None);
        let (mut i, mut there) = (0, 0);
        while i < self.header.count {
            there += self.is_asked_for(self.header.name(i)) as usize;
            i += 1;
        }
        if there > self.found {
            self.find_extra(spec);
        }
    }

    /// Goes through all tensors of the network: with memory to copy them there, without to judge them.
    pub(super) const fn walk(&mut self, spec: &Spec, parent: Option<&Key<'_>>, offset: usize, mut memory: Option<&mut [u8]>) {
        let mut e = 0;
        while e < spec.entries.len() {
            let entry = &spec.entries[e];
            let key = Key::named(parent, entry.key);
            let offset = offset + entry.offset;
            match &entry.item {
                Item::Tensor { shape, dtype, role } => {
                    let leaf = Leaf { key, offset, gradient: None, shape: *shape, dtype: *dtype, role: *role };
                    self.leaf(&leaf, again(&mut memory));
                }
                Item::Part(spec) => self.walk(spec, Some(&key), offset, again(&mut memory)),
                Item::Folded { fold, norm, .. } => {
                    if FOLDS {
                        self.folded(fold, &key, &Key::named(parent, norm), offset, again(&mut memory));
                    }
                }
                Item::Repeat { spec, count, stride, .. } => {
                    let mut i = 0;
                    while i < *count {
                        let key = Key::indexed(Some(&key), i);
                        self.walk(spec, Some(&key), offset + i * *stride, again(&mut memory));
                        i += 1;
                    }
                }
            }
            e += 1;
        }
    }

    /// One tensor of the network.
    const fn leaf(&mut self, leaf: &Leaf<'_>, memory: Option<&mut [u8]>) {
        let size = leaf.shape.len() * leaf.dtype.size();
        // Such as the bias of `bias = false`.
        if size == 0 {
            return;
        }
        let Some(name) = self.name(&leaf.key) else { return };
        let is_inside = match leaf.offset.checked_add(size) {
            Some(end) => end <= self.size,
            None => false,
        };
        if !is_inside {
            self.outside = Some(TensorName::of(&name));
            return;
        }
        let found = self.look_up(leaf);
        let Some(memory) = memory else { return self.judge_leaf(leaf, found) };
        let tensor = match found {
            Some(i) => self.header.tensor(i),
            None => None,
        };
        let memory = range(memory, leaf.offset, size);
        let Some(tensor) = tensor else {
            // A counter.
            let mut i = 0;
            while i < memory.len() {
                memory[i] = 0;
                i += 1;
            }
            return;
        };
        let data = self.header.data(&tensor);
        if !Self::is_counter(leaf) {
            return copy(memory, data, leaf.dtype, tensor.number);
        }
        let (elements, mut i) = (leaf.shape.len(), 0);
        while i < elements {
            if let Some(count) = count_at(data, tensor.number, i, elements) {
                put_count(range(memory, i * leaf.dtype.size(), leaf.dtype.size()), count);
            }
            i += 1;
        }
    }

    const fn is_counter(leaf: &Leaf<'_>) -> bool {
        COUNTS && matches!(leaf.dtype, Dtype::U32 | Dtype::U64)
    }

    /// The number of the file's tensor for one of the network's.
    const fn look_up(&mut self, leaf: &Leaf<'_>) -> Option<usize> {
        let Some(name) = self.name(&leaf.key) else { return None };
        self.wanted += 1;
        let found = self.header.find(&name, self.next);
        if let Some(i) = found {
            self.next = i + 1;
            self.found += 1;
        }
        found
    }

    /// Collects what is wrong with what was found for a tensor.
    const fn judge_leaf(&mut self, leaf: &Leaf<'_>, found: Option<usize>) {
        let Some(name) = self.name(&leaf.key) else { return };
        let tensor = match found {
            Some(i) => self.header.tensor(i),
            None => None,
        };
        match tensor {
            Some(tensor) => self.check(leaf, &name, &tensor),
            None if Self::is_counter(leaf) => {}
            None => self.faults.push(Fault::Missing { key: TensorName::of(&name), wanted: leaf.shape }),
        }
    }

    /// Collects all that is wrong with a tensor.
    const fn check(&mut self, leaf: &Leaf<'_>, name: &Name<'_>, tensor: &Tensor) {
        let before = self.faults.count;
        if tensor.rank != leaf.shape.sizes().len() || !crate::shape::is(tensor.shape, leaf.shape.sizes()) {
            self.faults.push(Fault::Shape { key: TensorName::of(name), file: tensor.shape, wanted: leaf.shape });
        }
        let wanted = if !Self::is_counter(leaf) {
            refused(leaf.dtype, tensor.number, self.exact)
        } else if counts(tensor.number) {
            None
        } else {
            Some("I64")
        };
        if let Some(wanted) = wanted {
            self.faults.push(Fault::Dtype { key: TensorName::of(name), file: tensor.number.name(), wanted });
        }
        let data = self.header.data(tensor);
        if data.len() < tensor.needed() {
            self.faults.push(Fault::Truncated { key: TensorName::of(name), given: data.len(), needed: tensor.needed() });
        }
        if self.faults.count > before || !Self::is_counter(leaf) {
            return;
        }
        let (elements, mut i) = (leaf.shape.len(), 0);
        while i < elements {
            let value = count_at(data, tensor.number, i, elements);
            let fits = match value {
                Some(value) => value >= 0 && (value <= u32::MAX as i64 || matches!(leaf.dtype, Dtype::U64)),
                None => false,
            };
            if !fits {
                return self.faults.push(Fault::Count { key: TensorName::of(name), value });
            }
            i += 1;
        }
    }

    /// Collects what the file has of what is read and the network has not, unless it is ignored, and what it has twice.
    const fn find_extra(&mut self, spec: &Spec) {
        let mut i = 0;
        while i < self.header.count {
            let name = self.header.name(i);
            if self.is_asked_for(name) {
                match self.first_reader(spec, None, i) {
                    None if SELECTS && self.selection.ignores => {}
                    None => {
                        let file = match self.header.tensor(i) {
                            Some(tensor) => tensor.shape,
                            None => Shape::SCALAR,
                        };
                        self.faults.push(Fault::Extra { key: TensorName::text(name), file });
                    }
                    Some(first) if first < i => self.faults.push(Fault::Twice { key: TensorName::text(name) }),
                    Some(_) => {}
                }
            }
            i += 1;
        }
    }

    /// The first tensor of the file with the name of number `i`, if one of the network's has that name.
    const fn first_reader(&self, spec: &Spec, parent: Option<&Key<'_>>, i: usize) -> Option<usize> {
        let mut e = 0;
        while e < spec.entries.len() {
            let entry = &spec.entries[e];
            let key = Key::named(parent, entry.key);
            let found = match &entry.item {
                Item::Tensor { shape, .. } => {
                    if shape.len() > 0 {
                        self.first_named(&key, i)
                    } else {
                        None
                    }
                }
                Item::Part(spec) => self.first_reader(spec, Some(&key), i),
                Item::Folded { .. } if !FOLDS => None,
                Item::Folded { fold, norm, .. } => {
                    let norm = Key::named(parent, norm);
                    let (mut found, mut k) = (self.first_reader(fold.layer, Some(&key), i), 0);
                    while k < FOLDED && found.is_none() {
                        found = self.first_named(&folded_key(k, &key, &norm), i);
                        k += 1;
                    }
                    found
                }
                Item::Repeat { spec, count, .. } => {
                    let (mut index, mut found) = (0, None);
                    while index < *count && found.is_none() {
                        found = self.first_reader(spec, Some(&Key::indexed(Some(&key), index)), i);
                        index += 1;
                    }
                    found
                }
            };
            if found.is_some() {
                return found;
            }
            e += 1;
        }
        None
    }

    /// The first tensor of the file that is named by `key`, if number `i` is.
    const fn first_named(&self, key: &Key<'_>, i: usize) -> Option<usize> {
        let Some(name) = self.name(key) else { return None };
        if name.is(self.header.name(i)) { self.header.find(&name, 0) } else { None }
    }

    /// A layer with its normalisation: weights are copied as one block, and the rest becomes a factor and a summand a channel.
    const fn folded(&mut self, fold: &Fold, key: &Key<'_>, norm: &Key<'_>, offset: usize, mut memory: Option<&mut [u8]>) {
        // One without the other says nothing.
        if self.name(key).is_none() || self.name(norm).is_none() {
            return;
        }
        self.walk(fold.layer, Some(key), offset, again(&mut memory));
        let mut tensors = [None; FOLDED];
        let mut k = 0;
        while k < FOLDED {
            let is_count = k == COUNT;
            if fold.has_bias || k != BIAS {
                let count = if fold.dtype.size() == 8 { Dtype::U64 } else { Dtype::U32 };
                let dtype = if is_count { count } else { fold.dtype };
                let shape = if is_count { Shape::SCALAR } else { Shape::new(&[fold.channels]) };
                let leaf = Leaf { key: folded_key(k, key, norm), offset, gradient: None, shape, dtype, role: Role::State };
                let found = self.look_up(&leaf);
                if memory.is_none() {
                    self.judge_leaf(&leaf, found);
                }
                tensors[k] = found;
            }
            k += 1;
        }
        let Some(memory) = memory else { return };
        let mut c = 0;
        while c < fold.channels {
            let mut of = [0.0; FOLDED];
            k = 0;
            while k < COUNT {
                if let Some(i) = tensors[k]
                    && let Some(tensor) = self.header.tensor(i)
                {
                    of[k] = number(self.header.data(&tensor), tensor.number, c);
                }
                k += 1;
            }
            let (scale, shift) = scale_and_shift(of[1], of[2], of[3], of[4], fold.epsilon, of[BIAS]);
            let size = fold.dtype.size();
            put(range(memory, offset + fold.scale + c * size, size), scale);
            put(range(memory, offset + fold.shift + c * size, size), shift);
            c += 1;
        }
    }

    /// The prefix under which the file has every tensor, as when it was saved from within another model. `first` is one that is missing.
    const fn elsewhere(&self, spec: &Spec, first: &TensorName) -> Option<TensorName> {
        let first = first.as_str().as_bytes();
        let Some(at) = after(first, 0, self.prefix()) else { return None };
        let end = between(first, at, first.len());
        let mut i = 0;
        while i < self.header.count {
            let name = self.header.name(i);
            i += 1;
            if name.len() < end.len() || !ends_with(name, end) {
                continue;
            }
            let before = name.len() - end.len();
            let place = match before.checked_sub(1) {
                None => between(name, 0, 0),
                Some(dot) if byte(name, dot) == b'.' => between(name, 0, dot),
                Some(_) => continue,
            };
            if let Ok(prefix) = core::str::from_utf8(place) {
                let selection = Selection { prefix, ..self.selection };
                let mut reader = Reader::<N, K, FOLDS, COUNTS, true>::new(self.header, self.size, selection);
                reader.exact = self.exact;
                reader.walk(spec, None, 0, None);
                if reader.faults.count == 0 {
                    return Some(TensorName::text(place));
                }
            }
        }
        None
    }

    /// As [`Reader::elsewhere`], of the first tensor that is missing.
    pub(super) const fn missing_elsewhere(&self, spec: &Spec) -> Option<TensorName> {
        let mut i = 0;
        while i < K {
            if let Some(Fault::Missing { key, .. }) = &self.faults.faults[i] {
                return self.elsewhere(spec, key);
            }
            i += 1;
        }
        None
    }
}

const fn ends_with(text: &[u8], end: &[u8]) -> bool {
    let mut i = 0;
    while i < end.len() {
        if byte(text, text.len() - end.len() + i) != end[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// The memory once more, for a shorter time.
const fn again<'m>(memory: &'m mut Option<&mut [u8]>) -> Option<&'m mut [u8]> {
    match memory {
        Some(memory) => Some(&mut **memory),
        None => None,
    }
}

/// `len` bytes from `start` on; none where they are not there.
const fn range(memory: &mut [u8], start: usize, len: usize) -> &mut [u8] {
    match memory.split_at_mut_checked(start) {
        Some((_, rest)) => match rest.split_at_mut_checked(len) {
            Some((range, _)) => range,
            None => &mut [],
        },
        None => &mut [],
    }
}

/// How many bytes of `key` come before what stands under `part` from byte `at` on, if it stands there.
const fn rest_after(key: &Key<'_>, at: usize, part: &str) -> Option<usize> {
    let part = part.as_bytes();
    if part.is_empty() {
        return Some(at);
    }
    if key.len() < at + part.len() {
        return None;
    }
    let mut i = 0;
    while i < part.len() {
        if key.byte(at + i) != part[i] {
            return None;
        }
        i += 1;
    }
    let end = at + i;
    if key.len() == end {
        Some(end)
    } else if key.byte(end) == b'.' {
        Some(end + 1)
    } else {
        None
    }
}

/// How many tensors a folded layer is made of besides its weights: the layer's own bias, then the normalisation's.
const FOLDED: usize = 6;
const BIAS: usize = 0;
const COUNT: usize = 5;

/// The key of one of them.
const fn folded_key<'k>(k: usize, layer: &'k Key<'k>, norm: &'k Key<'k>) -> Key<'k> {
    let name = match k {
        1 => "weight",
        3 => "running_mean",
        4 => "running_var",
        COUNT => "num_batches_tracked",
        _ => "bias",
    };
    Key::named(Some(if k == BIAS { layer } else { norm }), name)
}
