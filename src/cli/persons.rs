//! The local list of persons against their roles, which only a project that asks for it gets: `store-persons/MONTH.csv`
//! beside the store.
//!
//! It is no output: it stands outside of reports and feeds, is not in the manifest, and only its owner may read it.

use std::ffi::OsString;
use std::path::Path;

use crate::analysis::against_roles;
use crate::error::{Error, Result};
use crate::measure::AgainstRole;
use crate::month::Month;
use crate::project::Project;
use crate::store::disk;

/// What the name of the folder adds to that of the store, so that no other folder beside it is meant.
const FOLDER: &str = "-persons";
const HEADS: [&str; 10] = [
    "person",
    "department",
    "role",
    "competency",
    "quarter",
    "raters",
    "attained",
    "level",
    "required",
    "missing",
];

/// Writes the list of `month` where the project asks for one, and removes those of a project that does not (any more).
pub(super) fn keep(project: &Project, store: &Path, month: Month) -> Result<()> {
    let mut name = store.file_name().map(OsString::from).unwrap_or_default();
    name.push(FOLDER);
    let folder = store.with_file_name(name);
    if !project.privacy.person_file {
        return if disk::exists(&folder)? { disk::remove_folder(&folder) } else { Ok(()) };
    }
    let path = folder.join(format!("{month}.csv"));
    let bytes = table(&against_roles(project, store, month)?).map_err(Error::format(&path))?;
    disk::create_folder(&folder)?;
    private(&folder, 0o700)?;
    disk::replace_file(&path, &bytes)?;
    private(&path, 0o600)
}

fn table(rows: &[AgainstRole]) -> std::result::Result<Vec<u8>, String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADS).map_err(|error| error.to_string())?;
    for row in rows {
        let level = row.level.map(|level| level.to_string()).unwrap_or_default();
        let missing = row.level.map(|level| (row.required - level).max(0).to_string()).unwrap_or_default();
        let who = [row.person.clone(), row.department.clone(), row.role.clone(), row.competency.clone()];
        let what = [row.quarter.to_string(), row.raters.to_string(), row.attained.clone(), level];
        let cells = who.into_iter().chain(what).chain([row.required.to_string(), missing]);
        writer.write_record(cells).map_err(|error| error.to_string())?;
    }
    writer.into_inner().map_err(|error| error.to_string())
}

/// Lets only the owner read it, where the system knows owners.
fn private(path: &Path, mode: u32) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(path, permissions).map_err(|error| Error::Usage {
            message: format!("{}: cannot be kept from others: {error}", path.display()),
            hint: "take `person_file` out of [privacy], or name another folder with `--store`".into(),
        })?;
    }
    #[cfg(not(unix))]
    let _ = (path, mode);
    Ok(())
}
