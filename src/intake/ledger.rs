//! The ledger of deliveries: for every file what it held, so that only what changed is read again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::check::Quarantined;
use crate::error::{Error, Result};
use crate::month::{Day, Month};
use crate::project::Kind;
use crate::store::disk;

/// Name of the ledger's file in the store.
const LEDGER: &str = "ledger.json";

/// The file of the ledger.
#[derive(Serialize, Deserialize)]
struct LedgerFile {
    /// BLAKE3 hash of the ledger, by which damage is noticed.
    seal: String,
    #[serde(flatten)]
    ledger: Ledger,
}

/// Returns the ledger of the store in `folder`; an empty one where there is none.
///
/// Errors: the file is not as it was written.
pub fn read_ledger(folder: &Path) -> Result<Ledger> {
    let path = folder.join(LEDGER);
    let Some(bytes) = disk::read_file(&path)? else { return Ok(Ledger::default()) };
    let file: LedgerFile = serde_json::from_slice(&bytes).map_err(Error::format(&path))?;
    if file.seal != seal(&path, &file.ledger)? {
        return Err(Error::format(&path)("damaged: its content is not what was written"));
    }
    Ok(file.ledger)
}

/// Writes the ledger of the store in `folder`.
pub fn write_ledger(folder: &Path, ledger: &Ledger) -> Result<()> {
    let path = folder.join(LEDGER);
    let file = LedgerFile { seal: seal(&path, ledger)?, ledger: ledger.clone() };
    // It holds the rows in quarantine, which may name persons.
    disk::replace_private_file(&path, &serde_json::to_vec_pretty(&file).map_err(Error::format(&path))?)
}

/// Returns what was read; what is damaged is nothing, and noted: the sources have it still.
pub fn mended<T>(read: Result<T>, damaged: &mut Vec<String>) -> Result<Option<T>> {
    match read {
        Err(error @ Error::Format { .. }) => {
            damaged.push(error.to_string());
            Ok(None)
        }
        other => other.map(Some),
    }
}

fn seal(path: &Path, ledger: &Ledger) -> Result<String> {
    let bytes = serde_json::to_vec(ledger).map_err(Error::format(path))?;
    Ok(blake3::hash(&bytes).to_hex().to_string())
}

/// Everything known about all delivered files.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Ledger {
    /// Files by (source, path relative to the data folder).
    pub files: BTreeMap<String, Delivery>,
    /// Why damaged deliveries were accepted beyond their thresholds, by date of the run.
    pub accepted: BTreeMap<Day, String>,
}

impl Ledger {
    /// Counts the answers of some deliveries to questions that were not asked on their day, by column.
    pub fn unasked(&self, is_wanted: impl Fn(&Delivery) -> bool) -> BTreeMap<String, u64> {
        let mut columns = BTreeMap::new();
        let deliveries = self.files.values().filter(|delivery| is_wanted(delivery));
        for (column, n) in deliveries.flat_map(|delivery| &delivery.unasked) {
            *columns.entry(column.clone()).or_default() += n;
        }
        columns
    }

    /// Returns the newest day that any row tells, else the last one of the newest month; nothing without rows.
    pub fn newest(&self) -> Option<Day> {
        self.files.values().filter_map(|delivery| delivery.newest).max().or_else(|| {
            let months = self.files.values().flat_map(|delivery| delivery.months.keys());
            months.max().map(|month| month.last_day())
        })
    }
}

/// One delivered file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// Name of the source.
    pub source: String,
    /// Path relative to the data folder, with `/`.
    pub file: String,
    /// Hash of its bytes and of the definitions it was checked by.
    pub hash: String,
    /// Rows read.
    pub rows: u64,
    /// Newest completion or closing day among the rows understood.
    pub newest: Option<Day>,
    /// Rows by the month they belong to, and what became of them.
    pub months: BTreeMap<Month, Fate>,
    /// Months in which its cases began, or its assessments took place.
    pub begun: BTreeSet<Month>,
    /// Rows kept aside by themselves.
    pub quarantined: Vec<Aside>,
    /// Answers to questions that were not asked on their day, by column; their rows stand, they themselves count nowhere.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unasked: BTreeMap<String, u64>,
    /// Rows kept aside because others contradict them, by the month they belong to.
    pub conflicts: BTreeMap<Month, Vec<Aside>>,
    /// Whether the file was accepted as it is, however damaged.
    pub accepted: bool,
}

/// What became of the rows of one file and month that were understood.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fate {
    /// Rows that count.
    pub accepted: u64,
    /// Rows that repeat another one.
    pub duplicate: u64,
    /// Rows whose case another row shows further on.
    pub superseded: u64,
    /// Rows that became known after the month's settling day.
    pub late: u64,
    /// Rows that others contradict.
    pub conflicting: u64,
}

impl Fate {
    /// Adds other rows.
    pub fn add(&mut self, other: Self) {
        self.accepted += other.accepted;
        self.duplicate += other.duplicate;
        self.superseded += other.superseded;
        self.late += other.late;
        self.conflicting += other.conflicting;
    }

    /// All rows that were understood.
    pub fn rows(&self) -> u64 {
        self.accepted + self.duplicate + self.superseded + self.late + self.conflicting
    }
}

/// A row in quarantine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aside {
    /// Its line.
    pub line: u64,
    /// What is wrong: column, value, reason.
    pub faults: Vec<(String, String, String)>,
    /// The row as a JSON object.
    pub record: String,
}

impl From<Quarantined> for Aside {
    fn from(row: Quarantined) -> Self {
        let faults = row.faults.into_iter().map(|fault| (fault.column, fault.value, fault.reason.to_owned()));
        Self { line: row.line, faults: faults.collect(), record: row.record }
    }
}

impl Delivery {
    /// Returns what became of all rows understood.
    pub fn fate(&self) -> Fate {
        self.months.values().fold(Fate::default(), |mut sum, fate| {
            sum.add(*fate);
            sum
        })
    }

    /// Returns every row in quarantine, in the order of lines.
    pub fn asides(&self) -> Vec<&Aside> {
        let mut asides: Vec<&Aside> =
            self.quarantined.iter().chain(self.conflicts.values().flatten()).collect();
        asides.sort_by_key(|aside| aside.line);
        asides
    }

    /// Counts the quarantined rows by reason; a row counts once under each of its reasons.
    pub fn reasons(&self) -> BTreeMap<String, u64> {
        let mut reasons = BTreeMap::new();
        for aside in self.asides() {
            let own: BTreeSet<&String> = aside.faults.iter().map(|(.., reason)| reason).collect();
            own.into_iter().for_each(|reason| *reasons.entry(reason.clone()).or_default() += 1);
        }
        reasons
    }

    /// Returns whether the counts of `month` use rows of this file.
    pub fn feeds(&self, kind: Kind, month: Month, lookback_months: i32, carry_quarters: i32) -> bool {
        let begun = |first: Month| self.begun.range(first..=month).next().is_some();
        match kind {
            Kind::Survey | Kind::Interviews | Kind::Results | Kind::Invitations => {
                self.months.contains_key(&month)
            }
            Kind::Commitments => self.months.contains_key(&month) || begun(month.plus(-lookback_months)),
            Kind::Competency => {
                let first = crate::month::Quarter(month.quarter().0 - carry_quarters).first_month();
                self.months.contains_key(&month) || begun(first)
            }
        }
    }
}
