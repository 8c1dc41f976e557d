//! Well-known data sets, from the files in which they are published. Feature `data`.

use std::format;
use std::path::Path;
use std::vec::Vec;

use super::{Class, DataError, Dataset, Idx, Table};
use crate::Tensor;

/// Grey-scale images with values from 0 to 1, and their classes.
pub type Images<const H: usize, const W: usize> = Dataset<[[[f32; W]; H]; 1], Class<10>>;

/// MNIST from the folder of its four IDX files: 60,000 images of handwritten digits for training and 10,000 for the test.
///
/// The files are found with or without `.gz`, and as `train-images-idx3-ubyte` or `train-images.idx3-ubyte`. Fashion-MNIST and others that come in
/// the same files are read as well.
///
/// # Errors
/// [`DataError::NoFile`] where a file is missing, the errors of [`Idx`] where one is damaged, and [`DataError::Counts`] where images and labels do
/// not belong together.
pub fn mnist(folder: impl AsRef<Path>) -> Result<(Images<28, 28>, Images<28, 28>), DataError> {
    let folder = folder.as_ref();
    let part = |name: &str| {
        let images = idx(folder, &format!("{name}-images"), 3)?;
        let labels = idx(folder, &format!("{name}-labels"), 1)?;
        Dataset::new(images.scaled(255.0)?, labels.classes()?)
    };
    Ok((part("train")?, part("t10k")?))
}

/// One of MNIST's files, under any of its names.
fn idx(folder: &Path, name: &str, rank: usize) -> Result<Idx, DataError> {
    let names: Vec<_> = ["-", "."].iter().map(|dash| format!("{name}{dash}idx{rank}-ubyte")).collect();
    let found =
        names.iter().flat_map(|name| [name.clone(), format!("{name}.gz")]).map(|name| folder.join(name)).find(|path| path.is_file());
    match found {
        Some(path) => Idx::read(path),
        None => Err(DataError::NoFile { folder: folder.to_path_buf(), names }),
    }
}

/// 8 × 8 images of handwritten digits with values from 0 to 1, from the CSV file of scikit-learn: 64 pixels from 0 to 16, then the class.
///
/// # Errors
/// Those of [`Table::read`] and [`Table::dataset`].
pub fn digits(path: impl AsRef<Path>) -> Result<Images<8, 8>, DataError> {
    let table = Table::read(path)?;
    let mut digits: Images<8, 8> = table.dataset(0..64, 64)?;
    for x in Tensor::flatten_mut(digits.inputs_mut()) {
        *x /= 16.0;
    }
    Ok(digits)
}
