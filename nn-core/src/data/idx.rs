//! IDX files, the format of MNIST: two zero bytes, a type, a rank, the sizes, then the values, all big-endian.
//!
//! Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits", section "File formats".

use std::format;
use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};
use std::string::{String, ToString};
use std::vec::Vec;

use core::fmt::{self, Debug};

use super::{Class, DataError, open};
use crate::{Scalar, Tensor, plain};

/// The contents of an IDX file, with or without gzip: many samples of one shape. Feature `data`.
///
/// ```no_run
/// # use nn_core::prelude::*;
/// # use nn_core::data::Idx;
/// let images: Vec<[[f32; 28]; 28]> = Idx::read("train-images-idx3-ubyte.gz")?.scaled(255.0)?;
/// let labels: Vec<Class<10>> = Idx::read("train-labels-idx1-ubyte.gz")?.classes()?;
/// # Ok::<(), nn_core::data::DataError>(())
/// ```
pub struct Idx {
    path: PathBuf,
    number: Number,
    /// The count of samples, then the sizes of one.
    sizes: Vec<usize>,
    /// As many as type and sizes say.
    bytes: Vec<u8>,
}

/// The number types of IDX files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Number {
    U8,
    I8,
    I16,
    I32,
    F32,
    F64,
}

impl Number {
    const fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0x08 => Self::U8,
            0x09 => Self::I8,
            0x0b => Self::I16,
            0x0c => Self::I32,
            0x0d => Self::F32,
            0x0e => Self::F64,
            _ => return None,
        })
    }

    const fn size(self) -> usize {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::I16 => 2,
            Self::I32 | Self::F32 => 4,
            Self::F64 => 8,
        }
    }
}

impl Idx {
    /// Reads a file.
    ///
    /// No more memory is taken than the file has bytes, whatever its header says.
    ///
    /// # Errors
    /// [`DataError::Read`] where the file cannot be read, [`DataError::Idx`] where it is no IDX file, or too short or too long for its header.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, DataError> {
        let path = path.as_ref();
        Self::from_reader(open::open(path)?, path)
    }

    /// Reads bytes in memory; `name` stands for the file in errors.
    ///
    /// # Errors
    /// As [`Idx::read`].
    pub fn from_bytes(bytes: &[u8], name: &str) -> Result<Self, DataError> {
        let path = Path::new(name);
        let bytes: &mut dyn BufRead = &mut &*bytes;
        Self::from_reader(open::unpacked(bytes).map_err(|error| open::cannot_read(path, error))?, path)
    }

    fn from_reader(mut reader: impl Read, path: &Path) -> Result<Self, DataError> {
        let wrong = |problem: String| DataError::Idx { path: path.to_path_buf(), problem };
        let mut take = |n: u64| {
            let mut bytes = Vec::new();
            reader.by_ref().take(n).read_to_end(&mut bytes).map_err(|error| open::cannot_read(path, error))?;
            Ok(bytes)
        };
        let start = take(4)?;
        let &[0, 0, code, rank] = start.as_slice() else {
            return Err(wrong("it does not begin with two zero bytes, a type and a rank".to_string()));
        };
        let number = Number::from_code(code).ok_or_else(|| wrong(format!("there is no number type {code:#04x}")))?;
        if rank == 0 {
            return Err(wrong("its rank is 0".to_string()));
        }
        let header = take(4 * u64::from(rank))?;
        if header.len() != 4 * usize::from(rank) {
            return Err(wrong(format!("it ends before the {rank} sizes that it announces")));
        }
        let sizes: Vec<usize> = header.as_chunks().0.iter().map(|size| u32::from_be_bytes(*size) as usize).collect();
        let expected = sizes
            .iter()
            .try_fold(number.size() as u64, |product, size| product.checked_mul(*size as u64))
            .filter(|expected| isize::try_from(*expected).is_ok())
            .ok_or_else(|| wrong(format!("sizes {sizes:?} are more than a file can hold")))?;
        // One byte more, to see a file that goes on.
        let bytes = take(expected + 1)?;
        if bytes.len() as u64 > expected {
            return Err(wrong(format!("it goes on after the {expected} bytes of its sizes {sizes:?}")));
        }
        if (bytes.len() as u64) < expected {
            return Err(wrong(format!("its sizes {sizes:?} take {expected} bytes, and it has {}: it is cut off", bytes.len())));
        }
        Ok(Self { path: path.to_path_buf(), number, sizes, bytes })
    }

    /// The count of samples, then the sizes of one.
    #[must_use]
    pub fn sizes(&self) -> &[usize] {
        &self.sizes
    }

    /// The same with each sample as one vector: `[60000, 28, 28]` becomes `[60000, 784]`.
    #[must_use]
    pub fn flattened(mut self) -> Self {
        if let Some((_, sample)) = self.sizes.split_first() {
            let len = sample.iter().product();
            self.sizes.truncate(1);
            self.sizes.push(len);
        }
        self
    }

    /// The numbers as they are.
    ///
    /// Sizes of 1 may be added or left out: samples of `[28, 28]` are read as `[1, 28, 28]` too.
    ///
    /// # Errors
    /// [`DataError::Shape`] where samples have another shape, [`DataError::Empty`] where there is none, [`DataError::Idx`] where a number is
    /// infinite or NaN.
    pub fn samples<X: Tensor>(&self) -> Result<Vec<X>, DataError> {
        self.scaled(1.0)
    }

    /// The numbers divided by `divisor`: 255 takes bytes to 0 to 1.
    ///
    /// # Errors
    /// As [`Idx::samples`].
    pub fn scaled<X: Tensor>(&self, divisor: f64) -> Result<Vec<X>, DataError> {
        let (count, sizes) = self.count()?;
        let not_one = |size: &&usize| **size != 1;
        if !sizes.iter().filter(not_one).eq(X::SHAPE.sizes().iter().filter(not_one)) {
            return Err(DataError::Shape { path: self.path.clone(), file: sizes.to_vec(), wanted: X::SHAPE });
        }
        let mut samples = plain::vec::<X>(count);
        let x = X::flatten_mut(&mut samples);
        match self.number {
            Number::U8 => fill::<X::Scalar, 1>(x, &self.bytes, divisor, |b| f64::from(u8::from_be_bytes(b))),
            Number::I8 => fill::<X::Scalar, 1>(x, &self.bytes, divisor, |b| f64::from(i8::from_be_bytes(b))),
            Number::I16 => fill::<X::Scalar, 2>(x, &self.bytes, divisor, |b| f64::from(i16::from_be_bytes(b))),
            Number::I32 => fill::<X::Scalar, 4>(x, &self.bytes, divisor, |b| f64::from(i32::from_be_bytes(b))),
            Number::F32 => fill::<X::Scalar, 4>(x, &self.bytes, divisor, |b| f64::from(f32::from_be_bytes(b))),
            Number::F64 => fill::<X::Scalar, 8>(x, &self.bytes, divisor, f64::from_be_bytes),
        }
        if let Some(at) = x.iter().position(|x| !x.is_finite()) {
            let problem = format!("number {} of sample {} is infinite or NaN as it is read", at % X::LEN, at / X::LEN);
            return Err(DataError::Idx { path: self.path.clone(), problem });
        }
        Ok(samples)
    }

    /// The numbers as classes, one a sample.
    ///
    /// # Errors
    /// [`DataError::Label`] where a number is none of the `N` classes, [`DataError::Idx`] where samples are more than one number, or not whole
    /// ones, [`DataError::Empty`] where there is none.
    pub fn classes<const N: usize>(&self) -> Result<Vec<Class<N>>, DataError> {
        let (count, sizes) = self.count()?;
        if sizes.iter().any(|size| *size != 1) {
            let problem = format!("labels are one number each, and its samples have shape {sizes:?}");
            return Err(DataError::Idx { path: self.path.clone(), problem });
        }
        let label: fn(&[u8]) -> i32 = match self.number {
            Number::U8 => |b| b.first().map_or(-1, |b| i32::from(*b)),
            Number::I8 => |b| b.first_chunk().map_or(-1, |b| i32::from(i8::from_be_bytes(*b))),
            Number::I16 => |b| b.first_chunk().map_or(-1, |b| i32::from(i16::from_be_bytes(*b))),
            Number::I32 => |b| b.first_chunk().map_or(-1, |b| i32::from_be_bytes(*b)),
            Number::F32 | Number::F64 => {
                let problem = format!("labels are whole numbers, and its type is {:?}", self.number);
                return Err(DataError::Idx { path: self.path.clone(), problem });
            }
        };
        let mut classes = Vec::with_capacity(count);
        for (row, bytes) in self.bytes.chunks_exact(self.number.size()).enumerate() {
            let label = label(bytes);
            let class = usize::try_from(label).ok().and_then(Class::new);
            classes.push(class.ok_or_else(|| DataError::Label { path: self.path.clone(), row, label: label.to_string(), classes: N })?);
        }
        Ok(classes)
    }

    /// How many samples, and the sizes of one.
    fn count(&self) -> Result<(usize, &[usize]), DataError> {
        match self.sizes.split_first() {
            Some((count, sample)) if *count > 0 => Ok((*count, sample)),
            _ => Err(DataError::Empty { path: self.path.clone() }),
        }
    }
}

impl Debug for Idx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Idx({}, {:?} {:?})", self.path.display(), self.number, self.sizes)
    }
}

/// `x = value / divisor`, rounded once.
fn fill<T: Scalar, const SIZE: usize>(x: &mut [T], bytes: &[u8], divisor: f64, value: impl Fn([u8; SIZE]) -> f64) {
    for (x, bytes) in x.iter_mut().zip(bytes.as_chunks::<SIZE>().0) {
        *x = T::from_f64(value(*bytes) / divisor);
    }
}
