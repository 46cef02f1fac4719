//! Identities of a month's rows: id hash and content hash, by which later deliveries are compared with it.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::month::Month;
use crate::store::disk;

/// What an id is known to say: the hash of its content, and whether it was found in conflict.
pub type Id = (u128, u64, bool);

const RECORD: usize = 25;
const MARK: &[u8; 8] = b"concord2";
const SEAL: usize = blake3::OUT_LEN;

fn path(folder: &Path, month: Month) -> PathBuf {
    folder.join(format!("{month}.ids"))
}

/// Writes the identities of `month`, in the order of their ids.
pub fn write(folder: &Path, month: Month, mut ids: Vec<Id>) -> Result<()> {
    ids.sort_unstable();
    let mut bytes = Vec::with_capacity(MARK.len() + ids.len() * RECORD + SEAL);
    bytes.extend_from_slice(MARK);
    for (id, content, conflict) in ids {
        bytes.extend_from_slice(&id.to_le_bytes());
        bytes.extend_from_slice(&content.to_le_bytes());
        bytes.push(u8::from(conflict));
    }
    let seal = blake3::hash(&bytes);
    bytes.extend_from_slice(seal.as_bytes());
    disk::create_folder(folder)?;
    disk::replace_file(&path(folder, month), &bytes)
}

/// Reads the identities of `month` in the order of their ids; a month that was never written has none.
pub fn read(folder: &Path, month: Month) -> Result<Vec<Id>> {
    let path = path(folder, month);
    let Some(bytes) = disk::read_file(&path)? else { return Ok(Vec::new()) };
    let (content, seal) = bytes.split_at(bytes.len().saturating_sub(SEAL));
    let records = content.strip_prefix(MARK).filter(|_| blake3::hash(content).as_bytes() == seal);
    let records =
        records.ok_or_else(|| Error::format(&path)("damaged: its content is not what was written"))?;
    let record = |record: &[u8]| {
        let (mut id, mut content) = ([0; 16], [0; 8]);
        id.copy_from_slice(&record[..16]);
        content.copy_from_slice(&record[16..24]);
        (u128::from_le_bytes(id), u64::from_le_bytes(content), record[24] == 1)
    };
    Ok(records.chunks_exact(RECORD).map(record).collect())
}

/// Removes the identities of a month that no longer has rows.
pub fn remove(folder: &Path, month: Month) -> Result<()> {
    disk::remove_file(&path(folder, month))
}
