//! `concord check`: registers and data, no analysis.

use std::collections::BTreeMap;

use clap::Args;

use super::Place;
use super::screen::Screen;
use crate::error::Result;
use crate::intake::{Ledger, Options, inspect};
use crate::project::Project;
use crate::store::FaultPlan;

/// Check the registers and all data files, and write the damaged rows to the quarantine
#[derive(Debug, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    place: Place,
}

/// Checks a project and prints a line per source and reason.
pub fn cmd_check(args: &CheckArgs, screen: &Screen) -> Result<()> {
    let project = args.place.load()?;
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
    screen.result(&if screen.is_json() { json(&project, &ledger) } else { text(&project, &ledger) });
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
    }
    lines.join("\n")
}

fn json(project: &Project, ledger: &Ledger) -> String {
    let sources: BTreeMap<&str, serde_json::Value> = project
        .sources
        .iter()
        .map(|source| {
            let value = serde_json::json!({"rows": totals(ledger, &source.name), "reasons": reasons(ledger, &source.name)});
            (source.name.as_str(), value)
        })
        .collect();
    serde_json::json!({ "sources": sources }).to_string()
}
