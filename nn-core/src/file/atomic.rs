//! Writing a file so that it is whole or not there at all, whenever the program or the machine stops. Weights and checkpoints are written by it.

use std::format;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes `contents`, one after the other, to a file beside its place, brings it to the disk, and renames it; whatever was there
/// before stays until then.
pub(crate) fn write(path: &Path, contents: &[&[u8]]) -> io::Result<()> {
    // A link keeps pointing to the file that is replaced.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    if path.file_name().is_none() || path.is_dir() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a folder: give the name of a file in it"));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (beside, mut file) = create_in(folder)?;
    let written = (|| {
        for bytes in contents {
            file.write_all(bytes)?;
        }
        if let Ok(replaced) = fs::metadata(path) {
            file.set_permissions(replaced.permissions())?;
        }
        file.sync_all()?;
        drop(file);
        fs::rename(&beside, path)
    })();
    if written.is_err() {
        // The error that counts is the one above.
        let _ = fs::remove_file(&beside);
        return written;
    }
    // The new name reaches the disk with its folder, where folders can be opened.
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// A new file under a name that no other process or thread uses.
fn create_in(folder: &Path) -> io::Result<(PathBuf, File)> {
    // First, because where there are no files there are no processes either, and asking for their number panics.
    fs::metadata(folder)?;
    let mut number = 0;
    loop {
        let path = folder.join(format!(".nn-{}-{number}.tmp", std::process::id()));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < 1000 => number += 1,
            result => return result.map(|file| (path, file)),
        }
    }
}
