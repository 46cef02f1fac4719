//! The journal of a publication: what is being exchanged, so that the next start can end it.
//!
//! In: a publication and its places. Out: `journal.json` in the state folder, replaced by rename. It is read as hostile input: it can
//! move or remove nothing but the publication's own staging folder and what that folder holds.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::publication::{Publication, slashed};
use crate::error::{Error, Result};
use crate::store::encode::hash;
use crate::store::{FaultPlan, Lock, disk};

pub(super) const JOURNAL_FILE: &str = "journal.json";
const STAGING: &str = ".concord-staging-";
const FORMAT: u32 = 1;

/// What the start of a run found of an earlier publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovery {
    /// Nothing was left unfinished.
    Nothing,
    /// A publication that had only been prepared was removed: the old state stands.
    RolledBack,
    /// A publication that was being exchanged was completed: the new state stands.
    Completed,
}

/// How far a publication has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Phase {
    /// Files are being written to the staging folder.
    Staging,
    /// Everything is staged; places are being exchanged.
    Exchanging,
}

/// A publication under way.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Journal {
    format: u32,
    pub(super) phase: Phase,
    /// Folder published to, absolute.
    pub(super) out: PathBuf,
    /// Name of the staging folder in it.
    staging: String,
    /// Paths of the exchanged files and folders, relative to both folders.
    pub(super) exchanges: Vec<String>,
    /// Hash of the new manifest.
    pub(super) manifest: String,
}

impl Journal {
    pub(super) fn new(publication: &Publication, out: &Path, lock: &Lock) -> Self {
        // Two projects may publish to one folder; each has a staging folder of its own there.
        let project = hash(lock.folder().as_os_str().as_encoded_bytes());
        let exchanges = publication.exchanges().into_iter().filter_map(|path| slashed(path).ok());
        Self {
            format: FORMAT,
            phase: Phase::Staging,
            out: out.to_path_buf(),
            staging: format!("{STAGING}{}", &project[..16]),
            exchanges: exchanges.collect(),
            manifest: String::new(),
        }
    }

    /// Reads the journal of an unfinished publication, if there is one.
    pub(super) fn read(lock: &Lock) -> Result<Option<Self>> {
        let path = lock.folder().join(JOURNAL_FILE);
        let Some(bytes) = disk::read_file(&path)? else { return Ok(None) };
        let journal: Self = serde_json::from_slice(&bytes).map_err(Error::format(&path))?;
        let mut named = journal.exchanges.iter();
        let own_folder = journal
            .staging
            .strip_prefix(STAGING)
            .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_alphanumeric()));
        if journal.format != FORMAT || !own_folder || named.any(|path| slashed(Path::new(path)).is_err()) {
            return Err(Error::format(&path)("not a journal that this program wrote"));
        }
        Ok(Some(journal))
    }

    /// Writes the journal, replacing the one before.
    pub(super) fn write(&self, lock: &Lock) -> Result<()> {
        let path = lock.folder().join(JOURNAL_FILE);
        let bytes = serde_json::to_vec_pretty(self).map_err(Error::format(&path))?;
        disk::replace_file(&path, &bytes)
    }

    pub(super) fn staging_folder(&self) -> PathBuf {
        self.out.join(&self.staging)
    }

    /// Refuses to go on when the folder published to is gone, or the staged files are.
    pub(super) fn check_places(&self, lock: &Lock) -> Result<()> {
        if !disk::exists(&self.out)? {
            return Err(self.lost(lock, &self.out));
        }
        let manifest = self.out.join(super::MANIFEST_FILE);
        let staged = self.staging_folder().join(super::MANIFEST_FILE);
        let current = disk::read_file(&manifest)?.map(|bytes| hash(&bytes));
        // Without the staged manifest the exchange was over, so the manifest in place must be the new one.
        if disk::exists(&staged)? || current.as_ref() == Some(&self.manifest) {
            return Ok(());
        }
        Err(self.lost(lock, &staged))
    }

    fn lost(&self, lock: &Lock, path: &Path) -> Error {
        let (out, journal) = (self.out.display(), lock.folder().join(JOURNAL_FILE));
        Error::Usage {
            message: format!(
                "the interrupted publication to `{out}` cannot go on: `{}` is gone",
                path.display()
            ),
            hint: format!(
                "bring it back (is a drive not mounted?), or give that publication up: delete `{}` and run again",
                journal.display()
            ),
        }
    }

    /// Removes the staging folder with the old state in it, then the journal.
    pub(super) fn finish(&self, lock: &Lock, faults: &FaultPlan) -> Result<()> {
        faults.reach("manifest_written", &self.out)?;
        self.discard(lock, faults)
    }

    /// Removes the staging folder and then the journal.
    pub(super) fn discard(&self, lock: &Lock, faults: &FaultPlan) -> Result<()> {
        disk::remove_folder(&self.staging_folder())?;
        faults.reach("staging_removed", &self.out)?;
        disk::remove_file(&lock.folder().join(JOURNAL_FILE))?;
        faults.reach("journal_removed", lock.folder())
    }
}
