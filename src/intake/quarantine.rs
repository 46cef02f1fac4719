//! Quarantine: damaged rows on disk, and the verdict whether a delivery is too damaged to go on.

use std::collections::BTreeMap;
use std::path::Path;

use super::ledger::{Aside, Delivery, Ledger};
use super::rows::File;
use crate::check::{records, wanted};
use crate::error::{Error, Result};
use crate::month::Month;
use crate::project::Project;
use crate::source::Wanted;
use crate::store::disk;

/// Share of a source's rows with one reason beyond which a run stops, where the project says nothing.
const THRESHOLD: f64 = 0.05;

/// Reads the records of rows that others contradict again and describes them.
pub fn conflicting(
    project: &Project,
    file: &File<'_>,
    conflicts: &[(u64, Month, &'static str)],
) -> Result<Vec<(Month, Aside)>> {
    let lines: Vec<u64> = conflicts.iter().map(|(line, ..)| *line).collect();
    let wanted = wanted(project, file.source);
    let records = records(&file.path, &wanted, &lines)?;
    let aside = |&(line, month, reason): &(u64, Month, &'static str)| {
        let record = records.get(&line).cloned().unwrap_or_default();
        let columns: BTreeMap<String, String> = serde_json::from_str(&record).unwrap_or_default();
        let column = doubted(&wanted, reason);
        let value = columns.get(column).cloned().unwrap_or_default();
        (month, Aside { line, faults: vec![(column.to_owned(), value, reason.to_owned())], record })
    };
    Ok(conflicts.iter().map(aside).collect())
}

/// Returns the file's column that rows with `reason` are told by: the first one holds the id.
fn doubted<'w>(wanted: &'w [Wanted], reason: &str) -> &'w str {
    let name = match reason {
        "conflicting_rating" => Some("rater"),
        "fewer_answers_than_survey" => Some("answered"),
        _ => None,
    };
    let own = wanted.iter().find(|one| name.is_none_or(|name| name == one.name));
    own.map_or("", |one| one.column.as_str())
}

/// Writes one table of quarantined rows per source into `folder`: a line per row and reason.
pub fn write(ledger: &Ledger, folder: &Path) -> Result<()> {
    let mut tables: BTreeMap<&str, csv::Writer<Vec<u8>>> = BTreeMap::new();
    for delivery in ledger.files.values() {
        for aside in delivery.asides() {
            let table =
                tables.entry(&delivery.source).or_insert_with(|| csv::Writer::from_writer(Vec::new()));
            for (column, value, reason) in &aside.faults {
                let line = aside.line.to_string();
                let fields = [&delivery.file, &line, reason, column, value, &aside.record];
                table.write_record(fields.map(|field| harmless(field))).map_err(Error::format(folder))?;
            }
        }
    }
    disk::remove_folder(folder)?;
    disk::create_folder(folder)?;
    for (source, table) in tables {
        let path = folder.join(format!("{source}.csv"));
        let rows = table.into_inner().map_err(Error::format(&path))?;
        let bytes = [b"file,line,reason,column,value,record\n".as_slice(), &rows].concat();
        // The rows may name persons and who rated them.
        disk::replace_private_file(&path, &bytes)?;
    }
    Ok(())
}

/// A spreadsheet would run a field that begins like a formula; a leading apostrophe stops it.
fn harmless(field: &str) -> String {
    let is_number = field.parse::<f64>().is_ok();
    if field.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number {
        format!("'{field}")
    } else {
        field.to_owned()
    }
}

/// Judges the deliveries of each source by its thresholds.
///
/// Errors: the first source with too many rows of one reason, unless `accept` says why they are taken all the same.
pub fn judge(project: &Project, ledger: &Ledger, accept: Option<&str>, folder: &Path) -> Result<()> {
    if accept.is_some() {
        return Ok(());
    }
    for source in &project.sources {
        // What was accepted once is not judged again.
        let is_judged = |delivery: &&Delivery| delivery.source == source.name && !delivery.accepted;
        let deliveries = || ledger.files.values().filter(is_judged);
        let rows: u64 = deliveries().map(|delivery| delivery.rows).sum();
        let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
        for (reason, n) in deliveries().flat_map(|delivery| delivery.reasons()) {
            *reasons.entry(reason).or_default() += n;
        }
        for (reason, n) in reasons {
            let threshold = source
                .thresholds
                .get(&reason)
                .or_else(|| source.thresholds.get("*"))
                .copied()
                .unwrap_or(THRESHOLD);
            if n as f64 > threshold * rows as f64 {
                let file = folder.join(format!("{}.csv", source.name));
                return Err(too_damaged(&source.name, &reason, (&file, n, rows), threshold));
            }
        }
    }
    Ok(())
}

fn too_damaged(source: &str, reason: &str, (file, n, rows): (&Path, u64, u64), threshold: f64) -> Error {
    Error::Data {
        message: format!(
            "source `{source}`: {n} of {rows} rows are quarantined as `{reason}`, more than the {} % allowed; nothing was counted",
            100.0 * threshold
        ),
        hint: format!(
            "see {}; mend the delivery or the register, or run with `--accept REASON`, which is recorded",
            file.display()
        ),
    }
}
