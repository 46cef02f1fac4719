//! Keeps the store apart from what is published: it holds tables about single servers and persons, and the lists of persons lie beside it.

use std::path::{Path, PathBuf};

use super::Place;
use super::persons;
use crate::error::{Error, Result};

/// Folder of a project's own store, which is no part of what is published there.
const OWN: &str = ".concord";
/// Rows in quarantine, which name persons and who rated them, lie beside the store.
const QUARANTINE: &str = "quarantine";
/// Folders that are published in a project's own folder.
const PUBLISHED: [&str; 2] = ["reports", "feeds"];

/// Finds out whether the store, or the lists of persons beside it, would lie in a folder that is published, or the other way round.
pub(super) fn check(place: &Place, out: &Path) -> Result<()> {
    let (store, published) = (place.store(), resolved(out));
    // A project's own folder is not published as a whole.
    let mut open: Vec<PathBuf> = PUBLISHED.iter().map(|name| resolved(&out.join(name))).collect();
    if published != resolved(&place.project) {
        open.push(published.clone());
    }
    for folder in [store.clone(), persons::folder(&store), place.state().join(QUARANTINE)] {
        let private = resolved(&folder);
        let is_own = private.starts_with(published.join(OWN));
        if !is_own && open.iter().any(|open| private.starts_with(open)) {
            return Err(refused(&folder, "would be published with", out));
        }
        if published.starts_with(&private) || open.iter().any(|open| open.starts_with(&private)) {
            return Err(refused(&folder, "would hold what is published to", out));
        }
    }
    Ok(())
}

fn refused(private: &Path, what: &str, out: &Path) -> Error {
    Error::Usage {
        message: format!("{}: this private folder {what} {}", private.display(), out.display()),
        hint:
            "the store tells of single persons: name a folder beside, not within, with `--store` or `--out`"
                .into(),
    }
}

/// Returns the path without links and `..`, as far as it exists.
fn resolved(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut place = PathBuf::new();
    for part in absolute.components() {
        match part {
            std::path::Component::ParentDir => {
                place.pop();
            }
            part => {
                place.push(part);
                place = std::fs::canonicalize(&place).unwrap_or(place);
            }
        }
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_apart(folder: &Path, store: Option<&str>, out: &str) -> bool {
        let place =
            Place { project: folder.to_path_buf(), data: None, store: store.map(|store| folder.join(store)) };
        check(&place, &folder.join(out)).is_ok()
    }

    #[test]
    fn the_store_is_never_published_and_holds_nothing_published() {
        let folder = tempfile::tempdir().unwrap();
        let is_apart = |store: Option<&str>, out: &str| is_apart(folder.path(), store, out);
        for (store, out) in [
            (None, "."),
            (None, "elsewhere"),
            (Some("store"), "."),
            (Some("elsewhere/.concord/store"), "elsewhere"),
            (Some("elsewhere-store"), "elsewhere"),
        ] {
            assert!(is_apart(store, out), "{store:?} {out}");
        }
        for (store, out) in [
            (Some("reports/st"), "reports"),
            (Some("reports/st"), "."),
            (Some("elsewhere"), "elsewhere"),
            (Some("other/../elsewhere/st"), "elsewhere"),
            (Some("st"), "st/public"),
            (None, ".concord/store/public"),
            (None, ".."),
            (None, ".concord/quarantine"),
        ] {
            assert!(!is_apart(store, out), "{store:?} {out}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_where_it_leads() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("public")).unwrap();
        std::os::unix::fs::symlink("public", folder.path().join("link")).unwrap();
        assert!(!is_apart(folder.path(), Some("link/st"), "public"));
        assert!(is_apart(folder.path(), Some("st"), "link"));
        for name in ["out", ".concord/store"] {
            std::fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        std::os::unix::fs::symlink("../.concord/store", folder.path().join("out/reports")).unwrap();
        assert!(!is_apart(folder.path(), None, "out"));
        // The lists of persons lie beside the store.
        std::os::unix::fs::symlink("public", folder.path().join("st-persons")).unwrap();
        assert!(!is_apart(folder.path(), Some("st"), "public"));
    }
}
