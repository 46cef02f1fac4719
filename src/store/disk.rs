//! Files and folders that survive a power cut: written, flushed to the disk and only then renamed into place.
//!
//! In: paths and bytes. Out: the same on disk, or an error that names the path.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// Writes a new file and waits until its content is on the disk.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = File::create(path).map_err(Error::io(path))?;
    file.write_all(bytes).map_err(Error::io(path))?;
    file.sync_all().map_err(Error::io(path))
}

/// Finds out whether files can be written into a folder, making it where it is missing.
pub fn probe(folder: &Path) -> Result<()> {
    create_folder(folder)?;
    let path = folder.join(".probe");
    fs::write(&path, b"").map_err(Error::io(&path))?;
    fs::remove_file(&path).map_err(Error::io(&path))
}

/// Replaces a file by rename, so that a reader sees the old content or the new one.
pub fn replace_file(path: &Path, bytes: &[u8]) -> Result<()> {
    let staged = beside(path, ".new");
    write_file(&staged, bytes)?;
    rename(&staged, path)
}

/// Replaces a file like [`replace_file`] by one that only its owner may read, where the system knows owners.
pub fn replace_private_file(path: &Path, bytes: &[u8]) -> Result<()> {
    let staged = beside(path, ".new");
    // A file that was left behind would keep the permissions it has.
    remove_file(&staged)?;
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&staged).map_err(Error::io(&staged))?;
    file.write_all(bytes).map_err(Error::io(&staged))?;
    file.sync_all().map_err(Error::io(&staged))?;
    rename(&staged, path)
}

/// Reads a file, or returns nothing when there is none.
pub fn read_file(path: &Path) -> Result<Option<Vec<u8>>> {
    absent(fs::read(path)).map_err(Error::io(path))
}

/// Renames a file or folder and waits until both of its folders are on the disk.
pub fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).map_err(Error::io(to))?;
    sync_parent(to)?;
    if from.parent() == to.parent() { Ok(()) } else { sync_parent(from) }
}

/// Creates a folder and those above it that are missing, and waits until they are on the disk.
pub fn create_folder(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        create_folder(parent)?;
    }
    match fs::create_dir(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        outcome => outcome.map_err(Error::io(path)),
    }?;
    sync_parent(path)
}

/// Removes a file, if it is there.
pub fn remove_file(path: &Path) -> Result<()> {
    match absent(fs::remove_file(path)).map_err(Error::io(path))? {
        Some(()) => sync_parent(path),
        None => Ok(()),
    }
}

/// Removes a folder with all it holds, if it is there; a symbolic link is removed, not what it points to.
pub fn remove_folder(path: &Path) -> Result<()> {
    match absent(fs::remove_dir_all(path)).map_err(Error::io(path))? {
        Some(()) => sync_parent(path),
        None => Ok(()),
    }
}

/// Says whether anything has this name, be it a link to nowhere.
pub fn exists(path: &Path) -> Result<bool> {
    Ok(absent(fs::symlink_metadata(path)).map_err(Error::io(path))?.is_some())
}

/// Returns the names in a folder in order; none when there is no such folder.
pub fn list(folder: &Path) -> Result<Vec<OsString>> {
    let Some(entries) = absent(fs::read_dir(folder)).map_err(Error::io(folder))? else {
        return Ok(Vec::new());
    };
    let names = entries.map(|entry| entry.map(|entry| entry.file_name()));
    let mut names: Vec<OsString> = names.collect::<std::io::Result<_>>().map_err(Error::io(folder))?;
    names.sort();
    Ok(names)
}

/// Waits until the names in a folder are on the disk.
pub fn sync_folder(folder: &Path) -> Result<()> {
    // Only Unix lets a folder be opened and flushed; elsewhere the file system orders its own names.
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(Error::io(folder))?;
    }
    Ok(())
}

fn sync_parent(path: &Path) -> Result<()> {
    match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => sync_folder(Path::new(".")),
        Some(parent) => sync_folder(parent),
        None => Ok(()),
    }
}

fn absent<T>(outcome: std::io::Result<T>) -> std::io::Result<Option<T>> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(ending);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_its_path() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        write_file(&file, b"x").unwrap();
        let below = file.join("below");
        let error = create_folder(&below).unwrap_err();
        assert!(error.to_string().contains("file"), "{error}");
        assert!(matches!(write_file(&below, b"x"), Err(Error::Io { path, .. }) if path == below));
    }

    #[test]
    fn what_is_not_there_is_already_removed() {
        let folder = tempfile::tempdir().unwrap();
        let nothing = folder.path().join("nothing");
        remove_file(&nothing).unwrap();
        remove_folder(&nothing).unwrap();
        assert!(!exists(&nothing).unwrap());
        assert_eq!(read_file(&nothing).unwrap(), None);
        assert!(list(&nothing).unwrap().is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn a_private_file_is_its_owners_alone_whatever_stood_there() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        write_file(&file, b"open").unwrap();
        write_file(&beside(&file, ".new"), b"left behind").unwrap();
        replace_private_file(&file, b"own").unwrap();
        assert_eq!(read_file(&file).unwrap().unwrap(), b"own");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(list(folder.path()).unwrap(), ["file"]);
    }

    #[test]
    fn a_replaced_file_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        replace_file(&file, b"old").unwrap();
        replace_file(&file, b"new").unwrap();
        assert_eq!(read_file(&file).unwrap().unwrap(), b"new");
        assert_eq!(list(folder.path()).unwrap(), ["file"]);
    }
}
