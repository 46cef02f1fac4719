//! Check: rows -> accepted and quarantined, each quarantined row with all its reasons.
//!
//! In: batches of canonical columns. Out: typed rows ([`Answer`], [`Case`], [`Rating`], [`Total`]) and [`Quarantined`] rows.
//! Deliberately absent: any repair of a value. A row is either understood as it stands or kept aside whole.

mod reading;
mod answers;
mod remedies;
mod cases;
mod ratings;
mod interviews;
mod totals;
mod invitations;
mod identity;

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

pub use answers::{Answer, MISSING, check_answers, segment_of};
pub use cases::{Case, UNKNOWN_CAUSE, VALUE_SCALE, check_cases};
pub use identity::{Identity, Resolution, resolve, resolve_behaviours, resolve_cases, resolve_raters};
pub use interviews::{Behaviour, check_interviews};
pub use invitations::{INVITED_PREFIX, INVITED_SEPARATOR, check_invitations};
pub use ratings::{Indicator, Observation, Rating, Relation, check_ratings};
pub use reading::{Registers, day_of, hash_id};
pub use remedies::Remedy;
pub use totals::{Total, check_totals};

use crate::error::Result;
use crate::project::{Item, Kind, Project, Shape, Source};
use crate::source::{Batch, Wanted, open};
use reading::Reading;

/// Where a row stands: number of its file in the run's sorted list, and its line there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// Number of the file.
    pub file: u32,
    /// Line in the file.
    pub line: u64,
}

/// One thing wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file's column.
    pub column: String,
    /// What stands there.
    pub value: String,
    /// Code of the reason.
    pub reason: &'static str,
}

/// A row that is kept aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Its line.
    pub line: u64,
    /// Everything wrong with it.
    pub faults: Vec<Fault>,
    /// The row's columns as a JSON object, so that it can be mended and delivered again.
    pub record: String,
}

/// What the check makes of one file, beside the rows it understands.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// Rows read.
    pub rows: u64,
    /// Rows kept aside.
    pub quarantined: Vec<Quarantined>,
    /// Answers of the other rows to questions that were not asked on their day, by the file's column; they count nowhere.
    pub unasked: BTreeMap<String, u64>,
}

/// Takes the rows that were understood, one by one, so that no file is ever held whole.
pub type Take<'a, T> = &'a mut dyn FnMut(T) -> Result<()>;

/// Lists the canonical columns that `source` needs of its files.
pub fn wanted(project: &Project, source: &Source) -> Vec<Wanted> {
    let fixed: &[(&str, bool)] = match (source.kind, source.shape) {
        (Kind::Survey, Shape::Rows) => &answers::COLUMNS,
        (Kind::Commitments, Shape::Rows) => &cases::COLUMNS,
        (Kind::Competency, Shape::Rows) => &ratings::COLUMNS,
        (Kind::Interviews, _) => &interviews::COLUMNS,
        (Kind::Invitations, _) => &invitations::COLUMNS,
        (_, Shape::Totals) | (Kind::Results, _) => &totals::COLUMNS,
    };
    let want = |name: &str, required: bool| Wanted {
        name: name.to_owned(),
        column: source.columns.get(name).map_or(name, String::as_str).to_owned(),
        constant: source.constants.get(name).cloned(),
        required,
    };
    let is_of_totals = source.shape == Shape::Totals || source.kind == Kind::Results;
    let is_required = |name: &str| is_of_totals && totals::is_required(source.kind, name);
    let mut all: Vec<Wanted> =
        fixed.iter().map(|&(name, required)| want(name, required || is_required(name))).collect();
    if source.shape == Shape::Rows && matches!(source.kind, Kind::Survey | Kind::Commitments) {
        all.extend(project.cuts.iter().map(|cut| want(cut, false)));
    }
    if source.kind == Kind::Survey {
        all.extend(item_columns(items(project, source)).iter().map(|column| want(column, false)));
    }
    all
}

/// Returns the items of a survey source.
pub fn items<'a>(project: &'a Project, source: &Source) -> &'a [Item] {
    let code = source.questionnaire.as_deref().unwrap_or_default();
    project.questionnaire(code).map_or(&[], |questionnaire| &questionnaire.items)
}

/// Returns the distinct columns of `items`, in their order.
fn item_columns(items: &[Item]) -> Vec<&str> {
    let mut columns: Vec<&str> = Vec::new();
    for item in items {
        if !columns.contains(&item.column.as_str()) {
            columns.push(&item.column);
        }
    }
    columns
}

/// Streams the file at `path` through `row`, which returns the typed row or leaves its faults behind, to `take`.
fn check_file<T>(
    path: &Path,
    wanted: &[Wanted],
    mut row: impl FnMut(&mut Reading<'_>) -> Option<T>,
    take: Take<'_, T>,
) -> Result<Checked> {
    let mut checked = Checked::default();
    for batch in open(path, wanted)? {
        let batch = batch?;
        checked.rows += batch.rows as u64;
        for number in 0..batch.rows {
            let mut reading = Reading::new(&batch, wanted, number);
            let typed = if batch.broken.contains_key(&number) { None } else { row(&mut reading) };
            let (faults, unasked) = reading.told();
            match typed {
                Some(typed) if faults.is_empty() => {
                    for column in unasked {
                        *checked.unasked.entry(wanted[column].column.clone()).or_default() += 1;
                    }
                    take(typed)?;
                }
                _ => checked.quarantined.push(quarantine(&batch, wanted, number, faults)),
            }
        }
    }
    Ok(checked)
}

fn quarantine(batch: &Batch, wanted: &[Wanted], row: usize, mut faults: Vec<Fault>) -> Quarantined {
    if let Some(reason) = batch.broken.get(&row) {
        faults.push(Fault { column: String::new(), value: String::new(), reason });
    }
    faults.sort();
    Quarantined { line: batch.lines[row], faults, record: record(batch, wanted, row) }
}

fn record(batch: &Batch, wanted: &[Wanted], row: usize) -> String {
    let cells = wanted.iter().enumerate().filter(|(_, want)| want.constant.is_none());
    let columns: BTreeMap<&str, String> =
        cells.map(|(column, want)| (want.column.as_str(), batch.cell(column, row).show())).collect();
    serde_json::to_string(&columns).expect("a map of texts has a JSON form")
}

/// Reads the records of some lines of a file again, for rows that were only found wanting when all files were known.
pub fn records(path: &Path, wanted: &[Wanted], lines: &[u64]) -> Result<BTreeMap<u64, String>> {
    let mut found = BTreeMap::new();
    for batch in open(path, wanted)? {
        let batch = batch?;
        for row in (0..batch.rows).filter(|&row| lines.contains(&batch.lines[row])) {
            found.insert(batch.lines[row], record(&batch, wanted, row));
        }
    }
    Ok(found)
}
