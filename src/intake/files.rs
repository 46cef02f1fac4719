//! The files of all sources, each with the hash by which a change of it is noticed.

use std::path::Path;

use rayon::prelude::*;

use super::rows::File;
use crate::error::{Error, Result};
use crate::project::Project;

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
                number: 0,
            });
        }
    }
    files.sort_by(|a, b| a.key.cmp(&b.key));
    files.iter_mut().zip(0..).for_each(|(file, number)| file.number = number);
    files.par_iter_mut().try_for_each(|file| {
        file.hash = hash(&file.path, definitions)?;
        Ok::<(), Error>(())
    })?;
    Ok(files)
}

fn hash(path: &Path, definitions: &str) -> Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(definitions.as_bytes());
    let file = std::fs::File::open(path).map_err(Error::io(path))?;
    hasher.update_reader(file).map_err(Error::io(path))?;
    Ok(hasher.finalize().to_hex()[..32].to_owned())
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
