//! The header of a safetensors file: the only place that knows how it is read, without a heap and in constants.
//!
//! Eight bytes of length, little-endian, then JSON: `{"fc1.weight": {"dtype": "F32", "shape": [120, 256], "data_offsets": [0, 122880]}, …}`, then
//! the tensors, without gaps. A name that comes twice is not allowed.
//!
//! # Why the format is read and written here
//!
//! The reader is `const fn` without a heap, as are `json.rs` and `read.rs`. The same code runs while `from_safetensors` compiles a file
//! into a `static`, in firmware (`load_safetensors_bytes`) and behind `load_safetensors`. The format's own crate cannot serve there: it
//! allocates, and is not const. Two readers would be two verdicts. A file is a length, a JSON header and the numbers, so that writing
//! it is a page; the format's crate and what it brings (serde, a JSON library, derive macros) were half of a cold build. It judges ours
//! in the tests instead: 10,000 damaged files, and the same bytes for every kind of tensor.

use super::json::{Json, between, hash, says};
use super::name::Name;
use super::number::{Number, number_of};
use crate::Shape;

/// A file's header, checked, and the bytes after it. The places of the first `N` tensors are kept; those of more are looked for again.
pub(super) struct Header<'a, const N: usize> {
    json: &'a [u8],
    data: &'a [u8],
    /// How many tensors there are.
    pub(super) count: usize,
    /// Where the last tensor ends, if nothing is cut off.
    end: usize,
    places: [Place; N],
}

/// Where a tensor's name begins in the header, and its data after it.
#[derive(Clone, Copy)]
struct Place {
    name: usize,
    start: usize,
    end: usize,
    /// Of its name, so that the wrong ones need not be compared.
    hash: u32,
}

impl Place {
    const NONE: Self = Self { name: usize::MAX, start: 0, end: 0, hash: 0 };
}

/// One tensor of a file.
pub(super) struct Tensor {
    pub(super) number: Number,
    /// Its sizes; of more than [`Shape::MAX_RANK`], the first ones.
    pub(super) shape: Shape,
    pub(super) rank: usize,
    start: usize,
    end: usize,
}

/// What is wrong with a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderError {
    /// Fewer bytes than the eight that say how long the header is.
    Short,
    /// The header ends behind the file's end; where it is longer than the format allows, this is another kind of file.
    Length {
        /// The bytes that it should have.
        header: u64,
    },
    /// The header is not UTF-8.
    Encoding,
    /// The header is not JSON, or not of the format's form.
    Form {
        /// Where, in bytes from the header's begin.
        at: usize,
        /// What should be there.
        expected: &'static str,
    },
    /// The size of a tensor's data is not that of its shape, or no tensor's.
    Size {
        /// Where the tensor stands, in bytes from the header's begin.
        at: usize,
    },
    /// Between tensors lies something, or they lie over each other.
    Gap {
        /// Where, in bytes from the begin of the data.
        at: usize,
    },
    /// Bytes behind the last tensor.
    Trailing {
        /// How many.
        bytes: usize,
    },
}

/// `Some(x)` as `x`; of `None`, the form that is expected at the place of `json`.
macro_rules! expect {
    ($json:ident, $value:expr, $expected:literal) => {
        match $value {
            Some(value) => value,
            None => return Err(HeaderError::Form { at: $json.at, expected: $expected }),
        }
    };
}

/// As `expect!`, of `true`.
macro_rules! demand {
    ($json:ident, $holds:expr, $expected:literal) => {
        if !$holds {
            return Err(HeaderError::Form { at: $json.at, expected: $expected });
        }
    };
}

impl<'a, const N: usize> Header<'a, N> {
    /// Reads the header and checks it whole. The tensors may be cut off: each tells of itself.
    pub(super) const fn parse(bytes: &'a [u8]) -> Result<Self, HeaderError> {
        let Some((length, rest)) = bytes.split_first_chunk::<8>() else { return Err(HeaderError::Short) };
        let header = u64::from_le_bytes(*length);
        if header > rest.len() as u64 {
            return Err(HeaderError::Length { header });
        }
        #[allow(clippy::cast_possible_truncation, reason = "no more than `rest` is long")]
        let Some((json, data)) = rest.split_at_checked(header as usize) else { return Err(HeaderError::Length { header }) };
        if core::str::from_utf8(json).is_err() {
            return Err(HeaderError::Encoding);
        }
        let mut this = Self { json, data, count: 0, end: 0, places: [Place::NONE; N] };
        if let Err(error) = this.tensors() {
            return Err(error);
        }
        if let Err(error) = this.check_places() {
            return Err(error);
        }
        if data.len() > this.end {
            return Err(HeaderError::Trailing { bytes: data.len() - this.end });
        }
        Ok(this)
    }

    /// Finds and checks every tensor.
    #[inline(never)]
    const fn tensors(&mut self) -> Result<(), HeaderError> {
        let mut json = Json { text: self.json, at: 0 };
        demand!(json, json.eat(b'{'), "`{`");
        if !json.eat(b'}') {
            let mut has_metadata = false;
            loop {
                json.peek();
                let name = json.at;
                let key = expect!(json, json.string(), "a tensor's name in quotes");
                demand!(json, json.eat(b':'), "`:`");
                if says(key, b"__metadata__") {
                    demand!(json, !has_metadata, "metadata once");
                    has_metadata = true;
                    if let Err(error) = metadata(&mut json) {
                        return Err(error);
                    }
                } else {
                    let tensor = match tensor(&mut json) {
                        Ok(tensor) => tensor,
                        Err(error) => return Err(error),
                    };
                    if self.count < N {
                        self.places[self.count] = Place { name, start: tensor.start, end: tensor.end, hash: hash(key) };
                    }
                    self.count += 1;
                    if tensor.end > self.end {
                        self.end = tensor.end;
                    }
                }
                if json.eat(b'}') {
                    break;
                }
                demand!(json, json.eat(b','), "`,` or `}`");
            }
        }
        json.peek();
        demand!(json, json.at == self.json.len(), "the header's end");
        Ok(())
    }

    /// Every tensor begins where another ends, and there are as many as it takes.
    #[inline(never)]
    const fn check_places(&self) -> Result<(), HeaderError> {
        let (mut at, mut used, mut i) = (0, 0, 0);
        while at < self.end {
            // Files are in order, or nearly.
            let mut tries = 0;
            loop {
                if tries == self.count {
                    return Err(HeaderError::Gap { at });
                }
                let place = self.place(i);
                i = if i + 1 < self.count { i + 1 } else { 0 };
                tries += 1;
                if place.start == at && place.end > at {
                    at = place.end;
                    used += 1;
                    break;
                }
            }
        }
        i = 0;
        while i < self.count {
            let place = self.place(i);
            if place.start == place.end {
                // Empty ones stand at a seam.
                let (mut k, mut is_seam) = (0, place.start == 0);
                while k < self.count && !is_seam {
                    let other = self.place(k);
                    is_seam = other.end == place.start && other.end > other.start;
                    k += 1;
                }
                if !is_seam || place.start > self.end {
                    return Err(HeaderError::Gap { at: place.start });
                }
                used += 1;
            }
            i += 1;
        }
        if used == self.count { Ok(()) } else { Err(HeaderError::Gap { at: 0 }) }
    }

    /// The place of tensor number `i`.
    #[inline(never)]
    const fn place(&self, i: usize) -> Place {
        if i < N {
            return self.places[i];
        }
        // Behind the last that is kept; what is read here was checked before.
        let mut json = Json { text: self.json, at: if N > 0 { self.places[N - 1].name } else { 0 } };
        let mut number = N;
        if N > 0 {
            json.string();
            json.skip_value();
        }
        loop {
            if !json.eat(b',') {
                json.eat(b'{');
            }
            json.peek();
            let name = json.at;
            let Some(key) = json.string() else { return Place::NONE };
            json.eat(b':');
            if says(key, b"__metadata__") {
                json.skip();
                continue;
            }
            let Ok(tensor) = tensor(&mut json) else { return Place::NONE };
            if number == i {
                return Place { name, start: tensor.start, end: tensor.end, hash: hash(key) };
            }
            number += 1;
        }
    }

    /// The name of tensor number `i`, between the quotes.
    #[inline(never)]
    pub(super) const fn name(&self, i: usize) -> &'a [u8] {
        match (Json { text: self.json, at: self.place(i).name }).string() {
            Some(name) => name,
            None => &[],
        }
    }

    /// Tensor number `i`.
    #[inline(never)]
    pub(super) const fn tensor(&self, i: usize) -> Option<Tensor> {
        let mut json = Json { text: self.json, at: self.place(i).name };
        if json.string().is_none() || !json.eat(b':') {
            return None;
        }
        match tensor(&mut json) {
            Ok(tensor) => Some(tensor),
            Err(_) => None,
        }
    }

    /// The number of the tensor with this name, looked for around number `near`: files are in order, or nearly.
    #[inline(never)]
    pub(super) const fn find(&self, name: &Name<'_>, near: usize) -> Option<usize> {
        let hash = name.hash();
        let (mut before, mut behind) = (near, near);
        while before > 0 || behind < self.count {
            if behind < self.count {
                if self.is_named(behind, name, hash) {
                    return Some(behind);
                }
                behind += 1;
            }
            if before > 0 {
                before -= 1;
                if before < self.count && self.is_named(before, name, hash) {
                    return Some(before);
                }
            }
        }
        None
    }

    /// Whether tensor number `i` has this name, of this hash.
    #[inline]
    const fn is_named(&self, i: usize, name: &Name<'_>, hash: u32) -> bool {
        (i >= N || self.places[i].hash == hash) && name.is(self.name(i))
    }

    /// As many bytes as the file holds of a tensor.
    pub(super) const fn data(&self, tensor: &Tensor) -> &'a [u8] {
        let end = if tensor.end < self.data.len() { tensor.end } else { self.data.len() };
        between(self.data, tensor.start, end)
    }
}

impl Json<'_> {
    /// Passes `: value`.
    const fn skip_value(&mut self) -> bool {
        self.eat(b':') && self.skip()
    }
}

impl Tensor {
    /// As many bytes as the tensor takes.
    pub(super) const fn needed(&self) -> usize {
        self.end - self.start
    }
}

/// Passes `null`, or an object of strings.
#[inline(never)]
const fn metadata(json: &mut Json<'_>) -> Result<(), HeaderError> {
    if json.peek() == b'n' {
        demand!(json, json.word(b"null"), "metadata in braces");
        return Ok(());
    }
    demand!(json, json.eat(b'{'), "metadata in braces");
    if json.eat(b'}') {
        return Ok(());
    }
    loop {
        expect!(json, json.string(), "a key in quotes");
        demand!(json, json.eat(b':'), "`:`");
        expect!(json, json.string(), "a text in quotes");
        if json.eat(b'}') {
            return Ok(());
        }
        demand!(json, json.eat(b','), "`,` or `}`");
    }
}

/// Reads `{"dtype": "F32", "shape": [120, 256], "data_offsets": [0, 122880]}`. Other keys mean nothing.
#[inline(never)]
const fn tensor(json: &mut Json<'_>) -> Result<Tensor, HeaderError> {
    json.peek();
    let begin = json.at;
    demand!(json, json.eat(b'{'), "a tensor in braces");
    let (mut number, mut shape, mut offsets) = (None, None, None);
    loop {
        let key = expect!(json, json.string(), "a key in quotes");
        demand!(json, json.eat(b':'), "`:`");
        if says(key, b"dtype") {
            demand!(json, number.is_none(), "`dtype` once");
            let dtype = expect!(json, json.string(), "a type in quotes");
            number = Some(expect!(json, number_of(dtype), "a type that the format knows"));
        } else if says(key, b"shape") {
            demand!(json, shape.is_none(), "`shape` once");
            shape = Some(expect!(json, sizes(json), "sizes in brackets"));
        } else if says(key, b"data_offsets") {
            demand!(json, offsets.is_none(), "`data_offsets` once");
            offsets = Some(expect!(json, pair(json), "two places in brackets"));
        } else {
            demand!(json, json.skip(), "a value");
        }
        if json.eat(b'}') {
            break;
        }
        demand!(json, json.eat(b','), "`,` or `}`");
    }
    let (Some((number, bits)), Some((shape, rank, elements)), Some((start, end))) = (number, shape, offsets) else {
        return Err(HeaderError::Form { at: begin, expected: "`dtype`, `shape` and `data_offsets`" });
    };
    let holds = match elements.checked_mul(bits) {
        Some(bits) => bits.is_multiple_of(8) && start <= end && end - start == bits / 8,
        None => false,
    };
    if holds { Ok(Tensor { number, shape, rank, start, end }) } else { Err(HeaderError::Size { at: begin }) }
}

/// `[120, 256]`: the shape, how many sizes there are, and their product.
#[inline(never)]
const fn sizes(json: &mut Json<'_>) -> Option<(Shape, usize, usize)> {
    if !json.eat(b'[') {
        return None;
    }
    let mut list = [0; Shape::MAX_RANK];
    let (mut rank, mut product) = (0, 1_usize);
    if !json.eat(b']') {
        loop {
            let Some(size) = json.number() else { return None };
            if rank < Shape::MAX_RANK {
                list[rank] = size;
            }
            rank += 1;
            product = match product.checked_mul(size) {
                Some(product) => product,
                None => return None,
            };
            if json.eat(b']') {
                break;
            }
            if !json.eat(b',') {
                return None;
            }
        }
    }
    Some((Shape::first(rank, list), rank, product))
}

/// `[0, 122880]`
#[inline(never)]
const fn pair(json: &mut Json<'_>) -> Option<(usize, usize)> {
    if !json.eat(b'[') {
        return None;
    }
    let Some(first) = json.number() else { return None };
    if !json.eat(b',') {
        return None;
    }
    let Some(second) = json.number() else { return None };
    if json.eat(b']') { Some((first, second)) } else { None }
}
