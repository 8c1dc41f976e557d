//! Opening files that may be packed with gzip.

use std::boxed::Box;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use super::DataError;

/// The contents of a file, unpacked where it begins as gzip does; its name does not matter.
pub(super) fn open(path: &Path) -> Result<Box<dyn Read>, DataError> {
    let file = File::open(path).map_err(|error| cannot_read(path, error))?;
    unpacked(BufReader::new(file)).map_err(|error| cannot_read(path, error))
}

/// As [`open`], of bytes in memory.
pub(super) fn unpacked<'a>(mut bytes: impl BufRead + 'a) -> std::io::Result<Box<dyn Read + 'a>> {
    let start = bytes.fill_buf()?;
    Ok(if start.starts_with(&[0x1f, 0x8b]) { Box::new(MultiGzDecoder::new(bytes)) } else { Box::new(bytes) })
}

/// The error of a file that cannot be read.
pub(super) fn cannot_read(path: &Path, error: std::io::Error) -> DataError {
    DataError::Read { path: path.to_path_buf(), error }
}
