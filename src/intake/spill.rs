//! Spill: rows on disk between two passes, in parts that fit into memory, so that more rows need more disk and no more memory.
//!
//! All parts lie in one file without a name, which is gone with the process however it ends.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};
use crate::store::disk;

/// Bytes of one part that a writer gathers before they go to the disk.
const CHUNK: usize = 64 * 1024;

/// Rows on disk, in parts with keys of type `K`.
pub struct Spill<K> {
    folder: PathBuf,
    inner: Mutex<Inner<K>>,
}

struct Inner<K> {
    file: File,
    end: u64,
    /// Begin and length of the chunks of each part.
    chunks: BTreeMap<K, Vec<(u64, usize)>>,
}

impl<K: Ord + Copy> Spill<K> {
    /// Makes an empty spill on the disk of `folder`.
    pub fn new(folder: &Path) -> Result<Self> {
        disk::create_folder(folder)?;
        let file = tempfile::tempfile_in(folder).map_err(Error::io(folder))?;
        let inner = Inner { file, end: 0, chunks: BTreeMap::new() };
        Ok(Self { folder: folder.to_owned(), inner: Mutex::new(inner) })
    }

    /// Returns a writer; any number of them may write at once.
    pub fn writer(&self) -> Writer<'_, K> {
        Writer { spill: self, buffers: BTreeMap::new() }
    }

    /// Returns the keys of all parts, in order.
    pub fn keys(&self) -> Vec<K> {
        self.lock().chunks.keys().copied().collect()
    }

    /// Returns the rows of a part as they are read from the disk, in any order.
    pub fn rows<'a, T: DeserializeOwned + 'a>(&'a self, key: K) -> impl Iterator<Item = Result<T>> + 'a {
        let chunks = self.lock().chunks.get(&key).cloned().unwrap_or_default();
        chunks.into_iter().flat_map(|chunk| match self.chunk(chunk) {
            Ok(rows) => rows,
            Err(error) => vec![Err(error)],
        })
    }

    fn chunk<T: DeserializeOwned>(&self, (begin, length): (u64, usize)) -> Result<Vec<Result<T>>> {
        let mut bytes = vec![0; length];
        let mut inner = self.lock();
        let read = inner.file.seek(SeekFrom::Start(begin)).and_then(|_| inner.file.read_exact(&mut bytes));
        drop(inner);
        read.map_err(Error::io(&self.folder))?;
        let mut rest = bytes.as_slice();
        let mut rows = Vec::new();
        while !rest.is_empty() {
            let (row, after) = postcard::take_from_bytes(rest).map_err(Error::format(&self.folder))?;
            rows.push(Ok(row));
            rest = after;
        }
        Ok(rows)
    }

    fn append(&self, key: K, bytes: &[u8]) -> Result<()> {
        let mut inner = self.lock();
        let begin = inner.end;
        let written = inner.file.seek(SeekFrom::Start(begin)).and_then(|_| inner.file.write_all(bytes));
        written.map_err(Error::io(&self.folder))?;
        inner.end += bytes.len() as u64;
        inner.chunks.entry(key).or_default().push((begin, bytes.len()));
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Inner<K>> {
        // A chunk is listed only after it was written: what a panicking thread leaves behind is whole.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Gathers rows by part and writes them in chunks; what it holds is on the disk only after [`Writer::finish`].
#[must_use]
pub struct Writer<'a, K: Ord + Copy> {
    spill: &'a Spill<K>,
    buffers: BTreeMap<K, Vec<u8>>,
}

impl<K: Ord + Copy> Writer<'_, K> {
    /// Adds a row to a part.
    pub fn put<T: Serialize>(&mut self, key: K, row: &T) -> Result<()> {
        let buffer = self.buffers.entry(key).or_default();
        *buffer =
            postcard::to_extend(row, std::mem::take(buffer)).map_err(Error::format(&self.spill.folder))?;
        if buffer.len() >= CHUNK {
            self.spill.append(key, buffer)?;
            buffer.clear();
        }
        Ok(())
    }

    /// Writes what is left.
    pub fn finish(self) -> Result<()> {
        let left = self.buffers.iter().filter(|(_, buffer)| !buffer.is_empty());
        left.into_iter().try_for_each(|(key, buffer)| self.spill.append(*key, buffer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_several_writers_put_in_comes_out_by_part() {
        let folder = tempfile::tempdir().unwrap();
        let spill = Spill::new(&folder.path().join("store")).unwrap();
        std::thread::scope(|scope| {
            for writer in 0..3u64 {
                let spill = &spill;
                scope.spawn(move || {
                    let mut out = spill.writer();
                    (0..40_000u64).for_each(|row| out.put(row % 7, &(writer, row)).unwrap());
                    out.finish().unwrap();
                });
            }
        });
        assert_eq!(spill.keys(), (0..7).collect::<Vec<u64>>());
        let part = |key: u64| spill.rows(key).collect::<Result<Vec<(u64, u64)>>>().unwrap();
        let mut all: Vec<(u64, u64)> = (0..7).flat_map(part).collect();
        assert!((0..7).all(|key| part(key).iter().all(|row| row.1 % 7 == key)));
        all.sort_unstable();
        let expected: Vec<(u64, u64)> =
            (0..3).flat_map(|one| (0..40_000).map(move |row| (one, row))).collect();
        assert_eq!(all, expected);
        assert_eq!(part(8), vec![]);
    }

    #[test]
    fn nothing_is_left_in_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let spill = Spill::new(folder.path()).unwrap();
        let mut out = spill.writer();
        out.put(1, &"row").unwrap();
        out.finish().unwrap();
        assert!(disk::list(folder.path()).unwrap().is_empty());
    }
}
