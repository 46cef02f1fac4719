//! The files of all sources, each with its size and the hash by which a change of it is noticed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::ledger::Ledger;
use super::rows::File;
use crate::error::{Error, Result};
use crate::project::{Project, Source};

/// Lists the files of all sources with the hash of each, in the order of source and path.
pub fn list<'a>(project: &'a Project, definitions: &str) -> Result<Vec<File<'a>>> {
    let mut files = Vec::new();
    for source in &project.sources {
        for path in source.list(&project.data)? {
            let relative = path.strip_prefix(&project.data).unwrap_or(&path);
            let name = relative
                .components()
                .map(|part| part.as_os_str().to_string_lossy())
                .collect::<Vec<_>>()
                .join("/");
            files.push(File {
                source,
                key: format!("{}|{name}", source.name),
                name,
                path,
                hash: String::new(),
                size: 0,
                number: 0,
            });
        }
    }
    apart(&files)?;
    files.sort_by(|a, b| a.key.cmp(&b.key));
    files.iter_mut().zip(0..).for_each(|(file, number)| file.number = number);
    files.par_iter_mut().try_for_each(|file| {
        (file.hash, file.size) = hash(&file.path, definitions)?;
        Ok::<(), Error>(())
    })?;
    Ok(files)
}

/// Demands that no two sources read the same of one file: every row would be taken for a repeated one.
///
/// Sources that take other columns or constants from it, or another kind of rows, read something else.
fn apart(files: &[File<'_>]) -> Result<()> {
    let mut readers: BTreeMap<PathBuf, Vec<&Source>> = BTreeMap::new();
    for file in files {
        // One file may be found under several names.
        let path = std::fs::canonicalize(&file.path).unwrap_or_else(|_| file.path.clone());
        let others = readers.entry(path).or_default();
        if let Some(other) = others.iter().find(|other| is_read_alike(other, file.source)) {
            return Err(Error::Usage {
                message: format!(
                    "concord.toml: sources `{}` and `{}` both read {}: each of its rows would come twice",
                    other.name, file.source.name, file.name
                ),
                hint: "name the file under one of them alone".into(),
            });
        }
        others.push(file.source);
    }
    Ok(())
}

fn is_read_alike(one: &Source, other: &Source) -> bool {
    let is_of_one_form =
        (one.kind, one.shape, &one.questionnaire) == (other.kind, other.shape, &other.questionnaire);
    is_of_one_form && one.columns == other.columns && one.constants == other.constants
}

fn hash(path: &Path, definitions: &str) -> Result<(String, u64)> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(definitions.as_bytes());
    let file = std::fs::File::open(path).map_err(Error::io(path))?;
    hasher.update_reader(file).map_err(Error::io(path))?;
    let size = hasher.count() - definitions.len() as u64;
    Ok((hasher.finalize().to_hex()[..32].to_owned(), size))
}

/// Returns the ids of contradicting rows in deliveries that are no longer there, or no longer as they were.
pub fn freed(ledger: &Ledger, files: &[File<'_>]) -> BTreeSet<String> {
    let hashes: BTreeMap<&str, &str> =
        files.iter().map(|file| (file.key.as_str(), file.hash.as_str())).collect();
    let gone = ledger
        .files
        .iter()
        .filter(|(key, delivery)| hashes.get(key.as_str()) != Some(&delivery.hash.as_str()));
    let asides = gone.flat_map(|(_, delivery)| delivery.conflicts.values().flatten());
    asides.flat_map(|aside| &aside.faults).map(|(_, id, _)| id.clone()).collect()
}

/// Returns the error of a project without rows.
pub fn nothing(project: &Project) -> Error {
    let patterns: Vec<&str> =
        project.sources.iter().flat_map(|source| &source.files).map(String::as_str).collect();
    Error::Data {
        message: format!("no rows were found under {}", project.data.display()),
        hint: format!("the sources look for {}; `--data DIR` names another folder", patterns.join(", ")),
    }
}
