//! The local lists of persons, which only a project that asks for them gets: `store-persons/MONTH.csv` beside the store, each person against
//! the own role, and `MONTH-raters.csv`, each head as a rater.
//!
//! They are no output: they stand outside of reports and feeds, are not in the manifest, and only their owner may read them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::analysis::persons;
use crate::error::{Error, Result};
use crate::measure::{AgainstRole, HeadAsRater};
use crate::month::Month;
use crate::project::Project;
use crate::stats::Figure;
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

const RATER_HEADS: [&str; 8] =
    ["department", "heads", "quarter", "people", "difference", "excess", "p_holm", "remarkable"];

/// Folder of the lists beside a store.
pub(super) fn folder(store: &Path) -> PathBuf {
    let mut name = store.file_name().map(OsString::from).unwrap_or_default();
    name.push(FOLDER);
    store.with_file_name(name)
}

/// Writes the lists of `month` where the project asks for them, and removes those of a project that does not (any more).
pub(super) fn keep(project: &Project, store: &Path, month: Month) -> Result<()> {
    let folder = folder(store);
    if !project.privacy.person_file {
        return if disk::exists(&folder)? { disk::remove_folder(&folder) } else { Ok(()) };
    }
    let persons = persons(project, store, month)?;
    let lists = [
        (format!("{month}.csv"), roles(&persons.roles)),
        (format!("{month}-raters.csv"), raters(&persons.raters)),
    ];
    disk::create_folder(&folder)?;
    private(&folder, 0o700)?;
    for (name, bytes) in lists {
        let path = folder.join(name);
        disk::replace_file(&path, &bytes.map_err(Error::format(&path))?)?;
        private(&path, 0o600)?;
    }
    Ok(())
}

fn roles(rows: &[AgainstRole]) -> std::result::Result<Vec<u8>, String> {
    table(&HEADS, rows, |row| {
        let level = row.level.map(|level| level.to_string()).unwrap_or_default();
        let missing = row.level.map(|level| (row.required - level).max(0).to_string()).unwrap_or_default();
        vec![
            row.person.clone(),
            row.department.clone(),
            row.role.clone(),
            row.competency.clone(),
            row.quarter.to_string(),
            row.raters.to_string(),
            row.attained.clone(),
            level,
            row.required.to_string(),
            missing,
        ]
    })
}

fn raters(rows: &[HeadAsRater]) -> std::result::Result<Vec<u8>, String> {
    let value = |figure: &Figure| figure.map(|one| one.value.to_string()).unwrap_or_default();
    table(&RATER_HEADS, rows, |row| {
        vec![
            row.department.clone(),
            row.heads.join(" "),
            row.quarter.to_string(),
            row.people.to_string(),
            value(&row.difference),
            value(&row.excess),
            row.p_holm.map(|p| p.to_string()).unwrap_or_default(),
            row.is_remarkable.to_string(),
        ]
    })
}

fn table<T>(
    heads: &[&str],
    rows: &[T],
    cells: impl Fn(&T) -> Vec<String>,
) -> std::result::Result<Vec<u8>, String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(heads).map_err(|error| error.to_string())?;
    for row in rows {
        writer.write_record(cells(row)).map_err(|error| error.to_string())?;
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
