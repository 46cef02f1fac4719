//! What is to be published: contents by path, and the folders they replace.
//!
//! In: bytes and feeds. Out: a [`Publication`] whose paths stay in their folder and do not contain one another.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use super::{Feed, MANIFEST_FILE};
use crate::error::{Error, Result};
use crate::month::Month;

/// Everything that one run publishes.
#[derive(Debug, Clone)]
pub struct Publication {
    /// The month that is published.
    pub month: Month,
    /// Name and version of the program, for the manifest.
    pub program: String,
    /// Contents by path, relative to the folder published to.
    pub files: BTreeMap<PathBuf, Vec<u8>>,
    /// Folders exchanged whole: what they held before and is not in `files` goes away.
    pub replaces: BTreeSet<PathBuf>,
}

impl Publication {
    /// Returns a publication without files.
    pub fn new(month: Month, program: &str) -> Self {
        Self { month, program: program.to_owned(), files: BTreeMap::new(), replaces: BTreeSet::new() }
    }

    /// Adds a feed: its file, and its partition folder as one to be exchanged whole.
    pub fn add_feed(&mut self, feed: &Feed) -> Result<()> {
        self.files.insert(feed.path(), feed.write()?);
        self.replaces.insert(feed.folder());
        Ok(())
    }

    /// Returns what is exchanged, in order: the replaced folders and the files outside them.
    pub fn exchanges(&self) -> Vec<&Path> {
        let inside = |path: &Path| path.ancestors().any(|above| self.replaces.contains(above));
        let files = self.files.keys().filter(|path| !inside(path));
        let all: BTreeSet<&Path> = files.chain(&self.replaces).map(PathBuf::as_path).collect();
        all.into_iter().collect()
    }

    /// Refuses paths that leave the folder, name the publication's own files, or contain one another.
    pub(super) fn check(&self) -> Result<()> {
        for path in self.files.keys().chain(&self.replaces) {
            slashed(path)?;
        }
        let below = |path: &PathBuf| {
            let mut above = path.ancestors().skip(1);
            above.any(|above| {
                self.files.contains_key(above)
                    || self.replaces.contains(above) && self.replaces.contains(path)
            })
        };
        let clash = self.files.keys().chain(&self.replaces).find(|path| below(path));
        let clash = clash.or_else(|| self.files.keys().find(|path| self.replaces.contains(*path)));
        match clash {
            Some(path) => {
                Err(Error::format(path)("published twice, as a file and as a folder or inside a folder"))
            }
            None => Ok(()),
        }
    }
}

/// Returns a relative path as text with `/`; refuses what leaves its folder or would not be the same name everywhere.
pub(super) fn slashed(path: &Path) -> Result<String> {
    let refuse = |message: &str| Error::format(path)(format!("not a path to publish to: {message}"));
    let mut parts: Vec<&str> = Vec::new();
    for component in path.components() {
        let Component::Normal(part) = component else { return Err(refuse("it leaves its folder")) };
        let part = part.to_str().ok_or_else(|| refuse("it is not UTF-8"))?;
        if part.contains(|c: char| c.is_control() || "\\:*?\"<>|".contains(c)) {
            return Err(refuse("it has a character that not every system allows in names"));
        }
        parts.push(part);
    }
    match parts.first() {
        None => Err(refuse("it is empty")),
        Some(first) if *first == MANIFEST_FILE || first.starts_with(".concord") => {
            Err(refuse("the name belongs to the publication itself"))
        }
        Some(_) if Path::new(&parts.join("/")).as_os_str() != path.as_os_str() => {
            Err(refuse("it is not normalised"))
        }
        Some(_) => Ok(parts.join("/")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_leave_the_folder_or_clash_are_refused() {
        let of = |files: &[&str], folders: &[&str]| {
            let mut publication = Publication::new(Month(0), "");
            publication.files = files.iter().map(|path| (path.into(), Vec::new())).collect();
            publication.replaces = folders.iter().map(PathBuf::from).collect();
            publication.check()
        };
        for path in
            ["../x", "/x", "a/../x", "a//x", "a/./x", "a/", "", "manifest.json", ".concord/x", "a\nb", "c:d"]
        {
            assert!(of(&[path], &[]).is_err(), "{path}");
            assert!(of(&[], &[path]).is_err(), "{path}");
        }
        assert!(of(&["a", "a/b"], &[]).is_err());
        assert!(of(&["a"], &["a"]).is_err());
        assert!(of(&[], &["a", "a/b"]).is_err());
        assert!(of(&["a"], &["a/b"]).is_err());
        of(&["a/b", "a/c/d", "ab"], &["a", "c"]).unwrap();
    }
}
