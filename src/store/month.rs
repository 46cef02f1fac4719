//! A month on disk: a folder with a header and one Parquet file per count table, exchanged whole by rename.
//!
//! In: a [`Header`] and the month's tables. Out: the same, checked against the hashes that the header file holds.
//! Whoever changes a store holds the [`Lock`](super::Lock) of the project.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::disk;
use super::encode::hash;
use super::fault::FaultPlan;
use super::table::{Table, TableSpec};
use crate::books::State;
use crate::error::{Error, Result};
use crate::month::{Day, Month};

/// Version of the store's form; a store of another version is refused and counted anew.
pub const FORMAT: u32 = 5;

const HEADER_FILE: &str = "header.json";
const FINAL: &str = "month=";
const STAGED: &str = ".new-";
const BACKUP: &str = ".old-";

/// A file that gave rows to a month.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The file, relative to the data folder.
    pub file: String,
    /// BLAKE3 hash of its content.
    pub hash: String,
}

/// What a stored month says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The month.
    pub month: Month,
    /// Hash of the definitions it was counted by.
    pub definitions: String,
    /// The files that gave it rows.
    pub inputs: Vec<Input>,
    /// The last day whose knowledge it uses.
    pub cut: Day,
    /// How firm its figures are.
    pub state: State,
    /// Row totals by name (`survey.read`, `survey.accepted` …).
    pub totals: BTreeMap<String, u64>,
}

/// A month read from the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMonth {
    /// What it says about itself.
    pub header: Header,
    /// Its tables by name.
    pub tables: BTreeMap<&'static str, Table>,
}

/// The content of `header.json`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HeaderFile {
    format: u32,
    header: Header,
    /// BLAKE3 hash of each table's file, by table.
    tables: BTreeMap<String, String>,
    /// BLAKE3 hash of this file with this field empty.
    seal: String,
}

#[derive(Deserialize)]
struct FormatOnly {
    format: u32,
}

/// The months of a project on disk.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
}

impl Store {
    /// Opens the store in a folder, created when missing, and completes what an interrupted write left behind.
    pub fn open(folder: &Path) -> Result<Self> {
        disk::create_folder(folder)?;
        let store = Self { folder: folder.to_path_buf() };
        for name in disk::list(folder)? {
            let Some(month) = name.to_str().and_then(|name| name.strip_prefix(BACKUP)) else { continue };
            store.complete(month)?;
        }
        for name in disk::list(folder)? {
            if name.to_str().is_some_and(|name| name.starts_with(STAGED)) {
                disk::remove_folder(&folder.join(name))?;
            }
        }
        Ok(store)
    }

    /// Returns the months in the store, in order.
    pub fn list_months(&self) -> Result<Vec<Month>> {
        let names = disk::list(&self.folder)?;
        let months = names.iter().filter_map(|name| name.to_str()?.strip_prefix(FINAL)?.parse().ok());
        Ok(months.collect())
    }

    /// Reads the header of a month without its tables, or nothing when the month is not stored.
    pub fn read_header(&self, month: Month) -> Result<Option<Header>> {
        Ok(self.header_file(month)?.map(|file| file.header))
    }

    /// Reads a month with the tables `specs`, or nothing when the month is not stored.
    pub fn read_month(&self, month: Month, specs: &[&'static TableSpec]) -> Result<Option<StoredMonth>> {
        let Some(HeaderFile { header, tables: hashes, .. }) = self.header_file(month)? else {
            return Ok(None);
        };
        let mut tables = BTreeMap::new();
        for spec in specs {
            let path = self.path(FINAL, month).join(format!("{}.parquet", spec.name));
            let missing = || Error::format(&path)("the month was stored without this table");
            let hash = hashes.get(spec.name).ok_or_else(missing)?;
            let bytes = disk::read_file(&path)?.ok_or_else(|| Error::format(&path)("the file is gone"))?;
            tables.insert(spec.name, Table::read(spec, &path, bytes, hash)?);
        }
        Ok(Some(StoredMonth { header, tables }))
    }

    /// Reads the header of a month after a look at the bytes of all its tables; nothing when it is not stored.
    ///
    /// Errors: any of its files is not as it was written.
    pub fn verify(&self, month: Month) -> Result<Option<Header>> {
        let Some(HeaderFile { header, tables, .. }) = self.header_file(month)? else { return Ok(None) };
        for (table, expected) in &tables {
            let path = self.path(FINAL, month).join(format!("{table}.parquet"));
            let bytes = disk::read_file(&path)?.ok_or_else(|| Error::format(&path)("the file is gone"))?;
            if hash(&bytes) != *expected {
                return Err(Error::format(&path)("damaged: its content is not what was written"));
            }
        }
        Ok(Some(header))
    }

    /// Removes a month that no longer has rows.
    pub fn remove_month(&self, month: Month) -> Result<()> {
        disk::remove_folder(&self.path(FINAL, month))
    }

    /// Writes a month: after any interruption the next [`Store::open`] finds the old month or the new one, whole.
    pub fn write_month(&self, header: &Header, tables: &[&Table], faults: &FaultPlan) -> Result<()> {
        let month = header.month;
        let staged = self.path(STAGED, month);
        if disk::exists(&self.path(BACKUP, month))? {
            self.complete(&month.to_string())?;
        }
        disk::remove_folder(&staged)?;
        if let Err(error) =
            write_folder(&staged, header, tables).and_then(|()| faults.reach("month_staged", &staged))
        {
            // The cause is what the user must see; what remains is removed at the next start.
            disk::remove_folder(&staged).ok();
            return Err(error);
        }
        self.exchange(month, faults)?;
        disk::remove_folder(&self.path(BACKUP, month))?;
        faults.reach("month_cleaned", &self.folder)
    }

    fn exchange(&self, month: Month, faults: &FaultPlan) -> Result<()> {
        let (place, backup) = (self.path(FINAL, month), self.path(BACKUP, month));
        if disk::exists(&place)? {
            disk::rename(&place, &backup)?;
        }
        let outcome = faults
            .reach("month_moved", &place)
            .and_then(|()| disk::rename(&self.path(STAGED, month), &place));
        if outcome.is_err() && disk::exists(&backup)? {
            disk::rename(&backup, &place)?;
        }
        outcome?;
        faults.reach("month_exchanged", &place)
    }

    /// Ends an exchange that began, as its backup shows: from then on the staged month was whole.
    fn complete(&self, month: &str) -> Result<()> {
        let path = |prefix: &str| self.folder.join(format!("{prefix}{month}"));
        if !disk::exists(&path(FINAL))? {
            let whole = if disk::exists(&path(STAGED))? { path(STAGED) } else { path(BACKUP) };
            disk::rename(&whole, &path(FINAL))?;
        }
        disk::remove_folder(&path(BACKUP))
    }

    fn header_file(&self, month: Month) -> Result<Option<HeaderFile>> {
        let path = self.path(FINAL, month).join(HEADER_FILE);
        let Some(bytes) = disk::read_file(&path)? else { return Ok(None) };
        let FormatOnly { format } = serde_json::from_slice(&bytes).map_err(Error::format(&path))?;
        if format != FORMAT {
            // A month of another version of the store is as good as not stored: it is counted anew.
            return Ok(None);
        }
        let mut file: HeaderFile = serde_json::from_slice(&bytes).map_err(Error::format(&path))?;
        let seal = std::mem::take(&mut file.seal);
        if seal != hash(&json(&path, &file)?) || file.header.month != month {
            return Err(Error::format(&path)("damaged: its content is not what was written"));
        }
        Ok(Some(file))
    }

    fn path(&self, prefix: &str, month: Month) -> PathBuf {
        self.folder.join(format!("{prefix}{month}"))
    }
}

fn write_folder(folder: &Path, header: &Header, tables: &[&Table]) -> Result<()> {
    disk::create_folder(folder)?;
    let mut hashes = BTreeMap::new();
    for table in tables {
        let bytes = table.write()?;
        disk::write_file(&folder.join(format!("{}.parquet", table.spec().name)), &bytes)?;
        hashes.insert(table.spec().name.to_owned(), hash(&bytes));
    }
    let path = folder.join(HEADER_FILE);
    let mut file = HeaderFile { format: FORMAT, header: header.clone(), tables: hashes, seal: String::new() };
    file.seal = hash(&json(&path, &file)?);
    disk::write_file(&path, &json(&path, &file)?)?;
    disk::sync_folder(folder)
}

fn json(path: &Path, file: &HeaderFile) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(file).map_err(Error::format(path))?;
    bytes.push(b'\n');
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;
    use crate::store::TableBuilder;
    use crate::store::fault::STORE_POINTS;

    static FORM: TableSpec = TableSpec { name: "outcomes", keys: &["department"], values: &["kept"] };
    const MONTH: Month = Month(2026 * 12 + 9);

    fn header(total: u64) -> Header {
        Header {
            month: MONTH,
            definitions: "d".to_owned(),
            inputs: vec![Input { file: "survey/2026-10.csv".to_owned(), hash: "h".to_owned() }],
            cut: "2026-11-10".parse().unwrap(),
            state: State::Final,
            totals: BTreeMap::from([("survey.read".to_owned(), total)]),
        }
    }

    fn table(kept: i128) -> Table {
        let mut builder = TableBuilder::new(&FORM);
        builder.add(&["cards"], &[kept]);
        builder.finish()
    }

    fn write(folder: &Path, version: u8, faults: &FaultPlan) -> Result<()> {
        Store::open(folder)?.write_month(&header(u64::from(version)), &[&table(i128::from(version))], faults)
    }

    /// The version of the stored month, whose header and table must agree.
    fn version(folder: &Path) -> Option<u64> {
        let store = Store::open(folder).unwrap();
        let month = store.read_month(MONTH, &[&FORM]).unwrap()?;
        let total = month.header.totals["survey.read"];
        assert_eq!(month.tables["outcomes"], table(i128::from(total)));
        assert_eq!(disk::list(folder).unwrap(), ["month=2026-10"], "nothing is left beside the month");
        Some(total)
    }

    #[test]
    fn a_month_is_read_as_written_and_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(version(&folder.path().join("none")), None);
        let store = folder.path().join("store");
        for expected in [1, 2] {
            write(&store, expected, &FaultPlan::default()).unwrap();
            assert_eq!(version(&store), Some(u64::from(expected)));
        }
        assert_eq!(Store::open(&store).unwrap().list_months().unwrap(), [MONTH]);
    }

    #[test]
    fn every_damaged_byte_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), 1, &FaultPlan::default()).unwrap();
        let store = Store::open(folder.path()).unwrap();
        for file in ["header.json", "outcomes.parquet"] {
            let path = folder.path().join("month=2026-10").join(file);
            let bytes = std::fs::read(&path).unwrap();
            for place in 0..bytes.len() - 1 {
                let mut damaged = bytes.clone();
                damaged[place] ^= 1;
                std::fs::write(&path, damaged).unwrap();
                let is_noticed = match store.read_month(MONTH, &[&FORM]) {
                    // Another version of the store counts as not stored.
                    Ok(read) => read.is_none() && file == "header.json",
                    Err(Error::Format { path: named, .. }) => named == path,
                    Err(_) => false,
                };
                assert!(is_noticed, "byte {place}");
            }
            std::fs::write(&path, bytes).unwrap();
        }
    }

    #[test]
    fn a_full_disk_leaves_the_old_month() {
        for point in &STORE_POINTS[..2] {
            let folder = tempfile::tempdir().unwrap();
            write(folder.path(), 1, &FaultPlan::default()).unwrap();
            let faults = FaultPlan::new(Some(&format!("full:{point}")));
            assert!(matches!(write(folder.path(), 2, &faults), Err(Error::Io { .. })), "{point}");
            assert_eq!(version(folder.path()), Some(1), "{point}");
        }
    }

    /// Is the process that dies, when the variable names a store to write to and a point; nothing otherwise.
    #[test]
    fn child_that_dies_writing() {
        let Ok(plan) = std::env::var("CONCORD_TEST_STORE") else { return };
        let (folder, point) = plan.split_once('|').unwrap();
        write(Path::new(folder), 2, &FaultPlan::new(Some(point))).unwrap();
    }

    #[test]
    fn a_killed_write_leaves_the_old_month_or_the_new_one() {
        for (point, expected) in STORE_POINTS.iter().zip([1, 2, 2, 2]) {
            let folder = tempfile::tempdir().unwrap();
            write(folder.path(), 1, &FaultPlan::default()).unwrap();
            let status = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "store::month::tests::child_that_dies_writing"])
                .env("CONCORD_TEST_STORE", format!("{}|{point}", folder.path().display()))
                .output()
                .unwrap()
                .status;
            assert!(!status.success(), "{point} was not reached");
            assert_eq!(version(folder.path()), Some(expected), "{point}");
            assert_eq!(version(folder.path()), Some(expected), "{point}, once more");
        }
    }
}
