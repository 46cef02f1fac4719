//! `concord check`: registers and data, no analysis.

use std::collections::BTreeMap;
use std::path::Path;

use clap::Args;

use super::Place;
use super::apart;
use super::screen::Screen;
use crate::analysis::reported_month;
use crate::check::Registers;
use crate::error::Result;
use crate::intake::{Ledger, Options, inspect};
use crate::measure::{Criterion, Verdict, judge_register};
use crate::month::Month;
use crate::project::Project;
use crate::store::{FaultPlan, MONTH_TABLES, Store, TableSpec, counts};
use crate::text::catalogue::Catalogue;
use crate::text::number::Locale;

/// Check the registers and all data files, and write the damaged rows to the quarantine
#[derive(Debug, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    place: Place,
}

/// Checks a project and prints a line per source and reason.
pub fn cmd_check(args: &CheckArgs, screen: &Screen) -> Result<()> {
    let project = args.place.load()?;
    // The rows in quarantine are written even here.
    apart::check(&args.place, &args.place.project)?;
    let options = Options {
        project: &project,
        store: &args.place.store(),
        as_of: None,
        accept: None,
        faults: &FaultPlan::new(None),
        progress: &|stage, done, total| screen.progress(stage, done, total),
    };
    let (ledger, verdict) = inspect(&options)?;
    without_files(screen, &project, &ledger);
    let register = register(&project, &args.place.store(), &ledger)?;
    let told = if screen.is_json() {
        json(&project, &ledger, &register)
    } else {
        [text(&project, &ledger), advice(&project, &register)].join("\n").trim_end().to_owned()
    };
    screen.result(&told);
    verdict
}

/// Remarks on sources to which no file belongs: they may not have come, or their pattern may be wrong.
pub(super) fn without_files(screen: &Screen, project: &Project, ledger: &Ledger) {
    for source in &project.sources {
        if !ledger.files.values().any(|delivery| delivery.source == source.name) {
            screen.note(&format!("source `{}`: no file matches {}", source.name, source.files.join(", ")));
        }
    }
}

/// What became of the rows of one source.
pub(super) fn totals(ledger: &Ledger, source: &str) -> BTreeMap<&'static str, u64> {
    let mut totals = BTreeMap::new();
    for delivery in ledger.files.values().filter(|delivery| delivery.source == source) {
        let fate = delivery.fate();
        let quarantined = delivery.asides().len() as u64;
        let named = [
            ("read", delivery.rows),
            ("accepted", fate.accepted),
            ("duplicate", fate.duplicate),
            ("superseded", fate.superseded),
            ("late", fate.late),
            ("quarantined", quarantined),
        ];
        named.iter().for_each(|&(name, n)| *totals.entry(name).or_default() += n);
    }
    totals
}

/// Quarantined rows of one source by reason.
pub(super) fn reasons(ledger: &Ledger, source: &str) -> BTreeMap<String, u64> {
    let mut reasons = BTreeMap::new();
    for delivery in ledger.files.values().filter(|delivery| delivery.source == source) {
        delivery.reasons().into_iter().for_each(|(reason, n)| *reasons.entry(reason).or_default() += n);
    }
    reasons
}

/// Answers of one source to questions that were not asked on their day, by column.
fn unasked(ledger: &Ledger, source: &str) -> BTreeMap<String, u64> {
    ledger.unasked(|delivery| delivery.source == source)
}

const COLUMNS: [&str; 6] = ["read", "accepted", "duplicate", "superseded", "late", "quarantined"];

fn text(project: &Project, ledger: &Ledger) -> String {
    let width = project.sources.iter().map(|source| source.name.chars().count()).max().unwrap_or(0).max(6);
    let mut lines =
        vec![format!("{:width$} {}", "source", COLUMNS.map(|name| format!("{name:>11}")).join(" "))];
    for source in &project.sources {
        let totals = totals(ledger, &source.name);
        let numbers = COLUMNS.map(|name| format!("{:>11}", totals.get(name).copied().unwrap_or_default()));
        lines.push(format!("{:width$} {}", source.name, numbers.join(" ")));
        for (reason, n) in reasons(ledger, &source.name) {
            lines.push(format!("{:width$} {n:>71} {reason}", ""));
        }
        for (column, n) in unasked(ledger, &source.name) {
            lines.push(format!("{:width$} {n:>71} in `{column}`, not asked on that day: counts nowhere", ""));
        }
    }
    lines.join("\n")
}

type Register = Vec<(u32, [Verdict; 4])>;

/// Judges the commitments; targets are held against the last twelve months in the store that have ended, if there is one.
fn register(project: &Project, folder: &Path, ledger: &Ledger) -> Result<Register> {
    let outcomes: Vec<&TableSpec> =
        MONTH_TABLES.iter().copied().filter(|spec| spec.name == "outcomes").collect();
    let registers = Registers::new(project);
    let mut months = Vec::new();
    if folder.is_dir() {
        let store = Store::open(folder)?;
        let stored = store.list_months()?;
        let last = ledger.newest().and_then(|day| reported_month(&stored, (day, project.time.to)));
        let year = |month: &Month| last.is_some_and(|last| (last.plus(-11)..=last).contains(month));
        for month in stored.into_iter().filter(year) {
            // A month that is damaged or of another form is counted anew by the next run.
            if let Ok(Some(stored)) = store.read_month(month, &outcomes) {
                months.push((month, counts(&registers, &BTreeMap::new(), month, &stored.tables)));
            }
        }
    }
    Ok(judge_register(project, &months.iter().map(|(month, counts)| (*month, counts)).collect::<Vec<_>>()))
}

/// A line for every commitment and criterion that asks for a second look.
fn advice(project: &Project, register: &Register) -> String {
    let catalogue = Catalogue::new(Locale::English);
    let width = project.commitments.iter().map(|one| one.code.chars().count()).max().unwrap_or(0).max(10);
    let mut lines = Vec::new();
    for (position, verdicts) in register {
        for (criterion, verdict) in Criterion::ALL.iter().zip(verdicts) {
            if let Verdict::Look(advice) = verdict {
                let code = &project.commitments[*position as usize].code;
                let advice = catalogue.phrase(&format!("register-advice-{advice}"));
                lines.push(format!("{code:width$} {:10} {advice}", criterion.code()));
            }
        }
    }
    if lines.is_empty() {
        String::new()
    } else {
        format!("\n{:width$} look at\n{}", "commitment", lines.join("\n"))
    }
}

fn json(project: &Project, ledger: &Ledger, register: &Register) -> String {
    let sources: BTreeMap<&str, serde_json::Value> = project
        .sources
        .iter()
        .map(|source| {
            let name = source.name.as_str();
            let value = serde_json::json!({
                "rows": totals(ledger, name), "reasons": reasons(ledger, name), "unasked": unasked(ledger, name),
            });
            (name, value)
        })
        .collect();
    let told = |(position, verdicts): &(u32, [Verdict; 4])| {
        let by = Criterion::ALL.iter().zip(verdicts).map(|(criterion, verdict)| {
            (criterion.code(), serde_json::json!({"verdict": verdict.code(), "advice": verdict.advice()}))
        });
        (project.commitments[*position as usize].code.clone(), by.collect::<BTreeMap<_, _>>())
    };
    let commitments: BTreeMap<String, _> = register.iter().map(told).collect();
    serde_json::json!({ "sources": sources, "commitments": commitments }).to_string()
}
