//! `manifest.json`: what is published, with sizes and hashes; written last, so a reader that follows it sees whole publications.
//!
//! In: a publication and the manifest before it. Out: one list of all files in the folder that publications put there.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::publication::{Publication, slashed};
use crate::error::{Error, Result};
use crate::month::Month;
use crate::store::disk;
use crate::store::encode::hash;

/// Name of the manifest in the folder published to.
pub const MANIFEST_FILE: &str = "manifest.json";
const FORMAT: u32 = 1;

/// Everything that publications have put into a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this form.
    pub format: u32,
    /// Name and version of the program that published last.
    pub program: String,
    /// The month it published.
    pub month: Month,
    /// The files by path with `/`, relative to the manifest.
    pub files: BTreeMap<String, PublishedFile>,
}

/// One published file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedFile {
    /// Size in bytes.
    pub bytes: u64,
    /// BLAKE3 hash of the content, in hexadecimal digits.
    pub blake3: String,
    /// The month whose publication put it there.
    pub month: Month,
}

impl Manifest {
    /// Reads the manifest of a folder, or nothing when nothing was published there.
    pub fn read(out: &Path) -> Result<Option<Self>> {
        let path = out.join(MANIFEST_FILE);
        let Some(bytes) = disk::read_file(&path)? else { return Ok(None) };
        let manifest: Self = serde_json::from_slice(&bytes).map_err(|error| {
            Error::format(&path)(format!(
                "{error}; delete the file, and the next publication begins a new one"
            ))
        })?;
        Ok(Some(manifest))
    }

    /// Returns the manifest that follows a publication: its files, and those of earlier ones that it leaves and that still exist.
    pub(super) fn after(publication: &Publication, out: &Path) -> Result<Self> {
        let mut files = Self::read(out)?.map(|manifest| manifest.files).unwrap_or_default();
        files.retain(|path, _| {
            let path = Path::new(path);
            let replaced = publication.replaces.iter().any(|folder| path.starts_with(folder));
            !replaced && slashed(path).is_ok() && out.join(path).is_file()
        });
        for (path, bytes) in &publication.files {
            let file =
                PublishedFile { bytes: bytes.len() as u64, blake3: hash(bytes), month: publication.month };
            files.insert(slashed(path)?, file);
        }
        Ok(Self { format: FORMAT, program: publication.program.clone(), month: publication.month, files })
    }

    pub(super) fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec_pretty(self).map_err(Error::format(Path::new(MANIFEST_FILE)))?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Returns the paths of files that are missing or differ from what was published.
    pub fn differences(&self, out: &Path) -> Result<Vec<String>> {
        let mut differing = Vec::new();
        for (path, file) in &self.files {
            let bytes = disk::read_file(&out.join(path))?;
            if bytes.is_none_or(|bytes| hash(&bytes) != file.blake3) {
                differing.push(path.clone());
            }
        }
        Ok(differing)
    }
}
