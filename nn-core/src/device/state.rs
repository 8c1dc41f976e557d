//! State that outlives the power: a network, or a network and its optimizer, as plain bytes in the user's own storage.
//!
//! Six words of this machine's byte order, then the numbers as they lie in memory:
//!
//! | word | |
//! |---|---|
//! | 0 | `"nnst"` |
//! | 1 | version of this layout |
//! | 2, 3 | fingerprint: names, shapes and types of all tensors, and of an optimizer its name and how much it keeps |
//! | 4 | bytes that follow the header |
//! | 5 | CRC-32 (ISO-HDLC, as zip has it) of the words before and of all bytes that follow |
//!
//! So a state is the memory itself, behind a header that a torn, foreign, older or newer one does not pass. The fingerprint is computed
//! from `SPEC` while compiling, so that no name is in the binary. The checksum is the `crc` crate's, bit by bit: its tables would cost
//! more flash than a small network's code.

use core::fmt;

use crc::{CRC_32_ISO_HDLC, Crc, NoTable};

use super::{OnDevice, OptimizerState};
use crate::optimizer::Optimizer;
use crate::spec::{Item, Role};
use crate::{Layer, Network, Spec, plain};

/// `"nnst"`, as four bytes in a row.
const MAGIC: u32 = u32::from_ne_bytes(*b"nnst");
/// Of the layout that this module describes.
const VERSION: u32 = 1;
/// Bytes before the numbers.
pub(super) const HEADER: usize = size_of::<Header>();

type Header = [u32; 6];

/// Why a state was refused; nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StateError {
    /// There are fewer bytes than the state needs.
    Room {
        /// Bytes that were given.
        given: usize,
        /// `STATE_BYTES`.
        needed: usize,
    },
    /// No state begins here: erased memory, or something else.
    Missing,
    /// It was written by an older version of nn-core.
    Older {
        /// The version of its layout.
        version: u32,
    },
    /// It was written by a newer version of nn-core.
    Newer {
        /// The version of its layout.
        version: u32,
    },
    /// It is the state of another network or optimizer: other names, shapes or types.
    Foreign,
    /// Its checksum is wrong: writing was interrupted, or bits have changed.
    Torn,
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Room { given, needed } => write!(f, "a state of {needed} bytes does not fit {given}: give it `STATE_BYTES`"),
            Self::Missing => f.write_str("no state is stored here: start from initial or shipped weights, and save"),
            Self::Older { version } => {
                write!(
                    f,
                    "the state has layout {version}, older than this nn-core's {VERSION}: train anew, or restore it with the firmware that wrote it"
                )
            }
            Self::Newer { version } => {
                write!(f, "the state has layout {version}, newer than this nn-core's {VERSION}: update the firmware")
            }
            Self::Foreign => {
                f.write_str("the state is another network's or optimizer's: its names, shapes or types differ from this firmware's")
            }
            Self::Torn => {
                f.write_str("the state's checksum is wrong: saving was interrupted or bits have changed; keep two places and save in turn")
            }
        }
    }
}

impl core::error::Error for StateError {}

/// Why a state could not be restored from storage that is read in pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestoreError<E> {
    /// The state was refused; nothing was changed.
    State(StateError),
    /// The storage reported an error. Where it had given the whole state once without one, a part of the numbers is already restored.
    Storage(E),
    /// The storage gave the state twice, and not the same: what is restored is not what was saved.
    Unstable,
}

impl<E> From<StateError> for RestoreError<E> {
    fn from(error: StateError) -> Self {
        Self::State(error)
    }
}

impl<E: fmt::Display> fmt::Display for RestoreError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::State(error) => error.fmt(f),
            Self::Storage(error) => write!(f, "the storage: {error}"),
            Self::Unstable => {
                f.write_str("the storage gave the state twice, and not the same: the network is to be restored from elsewhere")
            }
        }
    }
}

impl<E: fmt::Debug + fmt::Display> core::error::Error for RestoreError<E> {}

/// What is saved, part by part.
struct Saved<'a> {
    fingerprint: u64,
    parts: [&'a [u8]; 3],
}

impl Saved<'_> {
    fn header(&self) -> Header {
        let len: usize = self.parts.iter().map(|part| part.len()).sum();
        #[allow(clippy::cast_possible_truncation, reason = "two words of one number; a network far below 4 GiB")]
        let mut header = [MAGIC, VERSION, self.fingerprint as u32, (self.fingerprint >> 32) as u32, len as u32, 0];
        header[5] = checksum(&header, self.parts);
        header
    }

    /// All bytes in order.
    fn bytes<'a>(&'a self, header: &'a Header) -> impl Iterator<Item = &'a u8> {
        let [a, b, c] = self.parts;
        plain::bytes(header).iter().chain(a).chain(b).chain(c)
    }

    fn save(&self, bytes: &mut [u8], needed: usize) -> Result<(), StateError> {
        let Some(bytes) = bytes.get_mut(..needed) else { return Err(StateError::Room { given: bytes.len(), needed }) };
        for (to, from) in bytes.iter_mut().zip(self.bytes(&self.header())) {
            *to = *from;
        }
        Ok(())
    }

    fn save_in_pages<E>(&self, page: &mut [u8], mut write: impl FnMut(usize, &[u8]) -> Result<(), E>) -> Result<(), E> {
        let (header, len) = (self.header(), page.len());
        let (mut offset, mut at) = (0, page.iter_mut());
        for byte in self.bytes(&header) {
            if at.len() == 0 {
                write(offset, page)?;
                offset += len;
                at = page.iter_mut();
            }
            if let Some(to) = at.next() {
                *to = *byte;
            }
        }
        for rest in at {
            *rest = 0xff;
        }
        write(offset, page)
    }
}

/// What is restored, part by part.
struct Restored<'a> {
    fingerprint: u64,
    parts: [&'a mut [u8]; 3],
}

impl Restored<'_> {
    fn len(&self) -> usize {
        self.parts.iter().map(|part| part.len()).sum()
    }

    /// Everything that the header says but the checksum.
    fn check(&self, header: &Header) -> Result<(), StateError> {
        let [magic, version, low, high, len, _] = *header;
        if magic != MAGIC {
            return Err(StateError::Missing);
        }
        if version != VERSION {
            return Err(if version < VERSION { StateError::Older { version } } else { StateError::Newer { version } });
        }
        if u64::from(low) | u64::from(high) << 32 != self.fingerprint {
            return Err(StateError::Foreign);
        }
        // The fingerprint says the length too: where only this differs, the header is damaged.
        if len as usize == self.len() { Ok(()) } else { Err(StateError::Torn) }
    }

    fn restore(self, bytes: &[u8]) -> Result<(), StateError> {
        let too_short = StateError::Room { given: bytes.len(), needed: HEADER + self.len() };
        let Some((head, rest)) = bytes.split_at_checked(HEADER) else { return Err(too_short) };
        let mut header: Header = [0; 6];
        copy(plain::bytes_mut(&mut header), head);
        self.check(&header)?;
        let Some(stored) = rest.get(..self.len()) else { return Err(too_short) };
        if checksum(&header, [stored]) != header[5] {
            return Err(StateError::Torn);
        }
        let mut from = stored.iter();
        for part in self.parts {
            for (to, from) in part.iter_mut().zip(&mut from) {
                *to = *from;
            }
        }
        Ok(())
    }

    fn restore_from<E>(self, mut read: impl FnMut(usize, &mut [u8]) -> Result<(), E>) -> Result<(), RestoreError<E>> {
        let mut header: Header = [0; 6];
        read(0, plain::bytes_mut(&mut header)).map_err(RestoreError::Storage)?;
        self.check(&header)?;
        // Once to see that it is whole, once into place.
        let mut digest = CRC.digest();
        digest.update(unsummed(&header));
        let (mut offset, end) = (HEADER, HEADER + self.len());
        let mut piece = [0; 64];
        while offset < end {
            let Some(piece) = piece.get_mut(..(end - offset).min(64)) else { break };
            read(offset, piece).map_err(RestoreError::Storage)?;
            digest.update(piece);
            offset += piece.len();
        }
        if digest.finalize() != header[5] {
            return Err(StateError::Torn.into());
        }
        let [a, b, c] = self.parts;
        let mut offset = HEADER;
        for part in [&mut *a, &mut *b, &mut *c] {
            if !part.is_empty() {
                read(offset, part).map_err(RestoreError::Storage)?;
            }
            offset += part.len();
        }
        if checksum(&header, [&*a, &*b, &*c]) == header[5] { Ok(()) } else { Err(RestoreError::Unstable) }
    }
}

fn copy(to: &mut [u8], from: &[u8]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}

const CRC: Crc<u32, NoTable> = Crc::<u32, NoTable>::new(&CRC_32_ISO_HDLC);

/// The header without its last word.
fn unsummed(header: &Header) -> &[u8] {
    plain::bytes(header).split_last_chunk::<4>().map_or(&[], |(before, _)| before)
}

fn checksum<const N: usize>(header: &Header, parts: [&[u8]; N]) -> u32 {
    let mut digest = CRC.digest();
    digest.update(unsummed(header));
    for part in parts {
        digest.update(part);
    }
    digest.finalize()
}

/// FNV-1a (Fowler, Noll, Vo) over names, shapes and types.
pub(super) const fn fingerprint<N: Layer>() -> u64 {
    let mut hash = word(0xcbf2_9ce4_8422_2325, size_of::<N>());
    hash = spec(hash, N::SPEC);
    hash
}

/// That of a network and its optimizer.
const fn fingerprint_with<N: Network, O: Optimizer<N::Scalar>>() -> u64 {
    word(text(fingerprint::<N>(), O::NAME), O::SLOTS)
}

const fn byte(hash: u64, byte: u8) -> u64 {
    (hash ^ byte as u64).wrapping_mul(0x0100_0000_01b3)
}

const fn word(mut hash: u64, word: usize) -> u64 {
    let bytes = (word as u64).to_le_bytes();
    let mut i = 0;
    while i < bytes.len() {
        hash = byte(hash, bytes[i]);
        i += 1;
    }
    hash
}

/// With its length in front, so that no two lists of names are alike.
const fn text(hash: u64, text: &str) -> u64 {
    let mut hash = word(hash, text.len());
    let mut i = 0;
    while i < text.len() {
        hash = byte(hash, text.as_bytes()[i]);
        i += 1;
    }
    hash
}

const fn spec(hash: u64, of: &Spec) -> u64 {
    let mut hash = word(text(hash, of.name), of.entries.len());
    let mut at = 0;
    while at < of.entries.len() {
        let entry = &of.entries[at];
        at += 1;
        // What is frozen has no place in an optimizer's state.
        hash = byte(text(hash, entry.key), entry.gradient.is_some() as u8);
        match &entry.item {
            Item::Tensor { shape, dtype, role } => {
                hash = byte(byte(byte(hash, 0), *dtype as u8), matches!(role, Role::State) as u8);
                let dims = shape.sizes();
                let mut i = 0;
                while i < dims.len() {
                    hash = word(hash, dims[i]);
                    i += 1;
                }
            }
            Item::Part(part) | Item::Folded { spec: part, .. } => hash = spec(byte(hash, 1), part),
            Item::Repeat { spec: part, count, .. } => hash = spec(word(byte(hash, 2), *count), part),
        }
    }
    hash
}

/// Bytes of a network's state.
pub(super) const fn bytes<N: Network>() -> usize {
    HEADER + size_of::<N>()
}

pub(super) fn save<N: Network>(net: &N, bytes: &mut [u8]) -> Result<(), StateError> {
    network(net).save(bytes, N::STATE_BYTES)
}

pub(super) fn restore<N: Network>(net: &mut N, bytes: &[u8]) -> Result<(), StateError> {
    network_mut(net).restore(bytes)
}

pub(super) fn save_in_pages<N: Network, E>(net: &N, page: &mut [u8], write: impl FnMut(usize, &[u8]) -> Result<(), E>) -> Result<(), E> {
    network(net).save_in_pages(page, write)
}

pub(super) fn restore_from<N: Network, E>(net: &mut N, read: impl FnMut(usize, &mut [u8]) -> Result<(), E>) -> Result<(), RestoreError<E>> {
    network_mut(net).restore_from(read)
}

fn network<N: Network>(net: &N) -> Saved<'_> {
    Saved { fingerprint: const { fingerprint::<N>() }, parts: [plain::bytes(net), &[], &[]] }
}

fn network_mut<N: Network>(net: &mut N) -> Restored<'_> {
    Restored { fingerprint: const { fingerprint::<N>() }, parts: [plain::bytes_mut(net), &mut [], &mut []] }
}

/// The state of the network and the optimizer together.
impl<N: Network, O: Optimizer<N::Scalar>> OptimizerState<N, O> {
    /// Bytes of the state of the network and the optimizer.
    pub const STATE_BYTES: usize = HEADER + size_of::<N>() + size_of::<u32>() + size_of::<O::State<N::Gradient>>();

    fn saved<'a>(&'a self, net: &'a N) -> Saved<'a> {
        let parts = [plain::bytes(net), plain::bytes(&self.step), plain::bytes(&self.state)];
        Saved { fingerprint: const { fingerprint_with::<N, O>() }, parts }
    }

    fn restored<'a>(&'a mut self, net: &'a mut N) -> Restored<'a> {
        let parts = [plain::bytes_mut(net), plain::bytes_mut(&mut self.step), plain::bytes_mut(&mut self.state)];
        Restored { fingerprint: const { fingerprint_with::<N, O>() }, parts }
    }

    /// As [`OnDevice::save_state`], of the network and what the optimizer keeps; its settings are the program's.
    ///
    /// # Errors
    /// [`StateError::Room`] where there are fewer than [`STATE_BYTES`](Self::STATE_BYTES).
    pub fn save_state(&self, net: &N, bytes: &mut [u8]) -> Result<(), StateError> {
        self.saved(net).save(bytes, Self::STATE_BYTES)
    }

    /// As [`OnDevice::restore_state`], of the network and what the optimizer keeps.
    ///
    /// # Errors
    /// As there; a state of the network alone, or with another optimizer, is [`StateError::Foreign`].
    pub fn restore_state(&mut self, net: &mut N, bytes: &[u8]) -> Result<(), StateError> {
        self.restored(net).restore(bytes)
    }

    /// As [`OnDevice::save_state_in_pages`], of the network and what the optimizer keeps.
    ///
    /// # Errors
    /// The storage's own.
    pub fn save_state_in_pages<const PAGE: usize, E>(
        &self,
        net: &N,
        page: &mut [u8; PAGE],
        write: impl FnMut(usize, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        const { assert!(PAGE > 0, "a page has at least one byte") };
        self.saved(net).save_in_pages(page, write)
    }

    /// As [`OnDevice::restore_state_from`], of the network and what the optimizer keeps.
    ///
    /// # Errors
    /// As there.
    pub fn restore_state_from<E>(
        &mut self,
        net: &mut N,
        read: impl FnMut(usize, &mut [u8]) -> Result<(), E>,
    ) -> Result<(), RestoreError<E>> {
        self.restored(net).restore_from(read)
    }
}
