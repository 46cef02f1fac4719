//! One run at a time: an exclusive lock on a folder, which the system releases however the process ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use super::disk;
use crate::error::{Error, Result};

/// The right to change a project's state folder, held until dropped.
#[derive(Debug)]
pub struct Lock {
    folder: PathBuf,
    _file: File,
}

impl Lock {
    /// Takes the lock of a folder (`.concord`), creating the folder when it is missing; at once or not at all.
    pub fn take(folder: &Path) -> Result<Self> {
        disk::create_folder(folder)?;
        let folder = folder.canonicalize().map_err(Error::io(folder))?;
        let path = folder.join("lock");
        let open = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = open.map_err(Error::io(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { folder, _file: file }),
            Err(TryLockError::WouldBlock) => Err(busy(&folder)),
            Err(TryLockError::Error(error)) => Err(Error::io(&path)(error)),
        }
    }

    /// Returns the locked folder, absolute.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

fn busy(folder: &Path) -> Error {
    Error::Usage {
        message: format!("another run is at work in `{}`", folder.display()),
        hint: "wait until it has ended, then start again".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_run_is_refused_until_the_first_has_ended() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join(".concord");
        let first = Lock::take(&state).unwrap();
        let error = Lock::take(&state).unwrap_err();
        assert!(error.to_string().starts_with("another run is at work in "), "{error}");
        drop(first);
        // A process that another test has just started shares this one's files for a moment.
        let mut tries = (0..200).map(|_| {
            std::thread::sleep(std::time::Duration::from_millis(10));
            Lock::take(&state)
        });
        assert!(tries.any(|lock| lock.is_ok()));
    }
}
