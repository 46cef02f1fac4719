//! The exchange of staged files and folders with those in place, forward and backward.
//!
//! Where each thing stands is read from the disk, never remembered, so that both ways may be interrupted and taken up again:
//! still in `new/` means not exchanged; in `old/` and not in place means half exchanged.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::MANIFEST_FILE;
use super::journal::{JOURNAL_FILE, Journal};
use super::publication::{Publication, slashed};
use crate::error::{Error, Result};
use crate::store::{FaultPlan, Lock, disk};

const NEW: &str = "new";
const OLD: &str = "old";

/// The three places of one exchanged file or folder.
struct Places {
    place: PathBuf,
    staged: PathBuf,
    backup: PathBuf,
}

impl Places {
    fn all(journal: &Journal) -> impl DoubleEndedIterator<Item = Self> {
        let staging = journal.staging_folder();
        let of = move |(step, path): (usize, &String)| Self {
            place: journal.out.join(path),
            staged: staging.join(NEW).join(path),
            backup: staging.join(OLD).join((step + 1).to_string()),
        };
        journal.exchanges.iter().enumerate().map(of)
    }
}

/// Refuses to put a file where a folder is, or the other way round: it would sweep away what nobody named.
pub(super) fn check_kinds(publication: &Publication, out: &Path) -> Result<()> {
    for path in publication.exchanges() {
        let place = out.join(path);
        let is_folder = publication.replaces.contains(path);
        if disk::exists(&place)? && place.is_dir() != is_folder {
            let message = if is_folder {
                "a file is where a folder belongs"
            } else {
                "a folder is where a file belongs"
            };
            return Err(Error::format(&place)(message));
        }
    }
    Ok(())
}

/// Writes all files of a publication into the staging folder and waits until they are on the disk.
pub(super) fn write_staged(publication: &Publication, staging: &Path) -> Result<()> {
    let new = staging.join(NEW);
    disk::create_folder(&staging.join(OLD))?;
    disk::create_folder(&new)?;
    for folder in &publication.replaces {
        disk::create_folder(&new.join(slashed(folder)?))?;
    }
    for (path, bytes) in &publication.files {
        let path = new.join(slashed(path)?);
        disk::create_folder(path.parent().expect("a staged file lies in the staging folder"))?;
        disk::write_file(&path, bytes)?;
    }
    let folders = publication.files.keys().filter_map(|path| path.parent());
    for folder in folders.collect::<BTreeSet<_>>() {
        disk::sync_folder(&new.join(folder))?;
    }
    Ok(())
}

/// Moves every old thing into the staging folder and every new one to its place.
fn forward(journal: &Journal, faults: &FaultPlan) -> Result<()> {
    for (step, Places { place, staged, backup }) in Places::all(journal).enumerate() {
        let waits = disk::exists(&staged)?;
        if waits && disk::exists(&place)? {
            if disk::exists(&backup)? {
                return Err(Error::format(&place)(
                    "appeared while it was being published; move it away and run again",
                ));
            }
            disk::rename(&place, &backup)?;
        }
        faults.reach(&format!("backup_{}", step + 1), &place)?;
        if waits {
            disk::create_folder(place.parent().expect("a published path has a folder"))?;
            disk::rename(&staged, &place)?;
        }
        faults.reach(&format!("rename_{}", step + 1), &place)?;
    }
    Ok(())
}

/// Moves every new thing back into the staging folder and every old one back to its place.
fn backward(journal: &Journal) -> Result<()> {
    for Places { place, staged, backup } in Places::all(journal).rev() {
        if !disk::exists(&staged)? {
            disk::rename(&place, &staged)?;
        }
        if disk::exists(&backup)? {
            disk::rename(&backup, &place)?;
        }
    }
    Ok(())
}

/// Says whether the new manifest is in place.
fn is_placed(journal: &Journal) -> Result<bool> {
    Ok(!disk::exists(&staged_manifest(journal))?)
}

/// Puts the new manifest in place of the old one, if that has not happened yet.
fn place_manifest(journal: &Journal) -> Result<()> {
    if is_placed(journal)? {
        return Ok(());
    }
    disk::rename(&staged_manifest(journal), &journal.out.join(MANIFEST_FILE))
}

impl Journal {
    /// Exchanges every file and folder and the manifest; going on from wherever an interruption left it.
    pub(super) fn exchange(&self, faults: &FaultPlan) -> Result<()> {
        forward(self, faults)?;
        place_manifest(self)
    }

    /// Exchanges for the first time: when the system refuses, everything goes back to where it was.
    pub(super) fn exchange_or_undo(&self, lock: &Lock, faults: &FaultPlan) -> Result<()> {
        let outcome = faults.reach("journal_written", lock.folder()).and_then(|()| self.exchange(faults));
        // With the new manifest in place the publication stands: then there is only cleaning left, for the next start.
        let undone = outcome.is_err() && !is_placed(self)? && backward(self).is_ok();
        if undone {
            // The journal goes first: without it nothing is exchanged again, and what is left is only the staging folder.
            let path = lock.folder().join(JOURNAL_FILE);
            disk::remove_file(&path).and_then(|()| disk::remove_folder(&self.staging_folder())).ok();
        }
        outcome
    }
}

fn staged_manifest(journal: &Journal) -> PathBuf {
    journal.staging_folder().join(MANIFEST_FILE)
}
