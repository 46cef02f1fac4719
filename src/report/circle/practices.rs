//! Customer practices by profile: which exist, and in what state.

use std::collections::BTreeSet;

use super::block::{Block, Cell, Head, Row, Table};
use super::words::Words;
use crate::project::{PracticeState, PracticeStatus};

/// Returns the matrix of practices and profiles; nothing without a register of practices.
pub(super) fn blocks(words: &Words<'_>) -> Vec<Block> {
    if words.project.improvement.practices.is_empty() {
        return Vec::new();
    }
    let args = PracticeStatus::ALL.map(|status| (status.code(), count(words, status).into()));
    vec![
        Block::Heading(words.phrase("report-circle-practices")),
        Block::Paragraph(words.say("report-circle-practices-lead", &args)),
        Block::Table(table(words)),
        Block::Note(words.phrase("report-circle-practices-note")),
    ]
}

fn count(words: &Words<'_>, status: PracticeStatus) -> usize {
    let states = words.project.improvement.practices.iter().flat_map(|practice| &practice.profiles);
    states.filter(|state| state.status == status).count()
}

/// Practices that people work by, each counted once a profile.
pub(super) fn in_use(words: &Words<'_>) -> usize {
    count(words, PracticeStatus::InUse) + count(words, PracticeStatus::Reviewed)
}

fn table(words: &Words<'_>) -> Table {
    let practices = &words.project.improvement.practices;
    let profiles: BTreeSet<&str> = practices
        .iter()
        .flat_map(|practice| &practice.profiles)
        .map(|state| state.profile.as_str())
        .collect();
    let mut table = words.table(words.phrase("report-circle-practices-caption"), &["report-head-practice"]);
    table.heads.extend(profiles.iter().map(|profile| Head { text: name(words, profile), numeric: false }));
    for practice in practices {
        let cell = |profile: &&str| {
            let state = practice.profiles.iter().find(|state| state.profile == **profile);
            state.map_or_else(|| Cell::missing("–"), |state| cell(words, state))
        };
        let own = Cell::new(practice.name.get(words.language()));
        table.rows.push(Row::new(std::iter::once(own).chain(profiles.iter().map(cell)).collect()));
    }
    table
}

fn name(words: &Words<'_>, profile: &str) -> String {
    if profile == "*" { words.phrase("report-all-profiles") } else { words.profile_name(profile) }
}

fn cell(words: &Words<'_>, state: &PracticeState) -> Cell {
    let is_done = matches!(state.status, PracticeStatus::InUse | PracticeStatus::Reviewed);
    let late = state.due.filter(|due| *due <= words.published.month.last_day() && !is_done);
    let class = match (late, is_done) {
        (Some(_), _) => "bad",
        (None, true) => "good",
        (None, false) => "",
    };
    let day = state.due.map(|day| [("day", words.locale().day(day).into())]);
    let key = if late.is_some() { "circle-practice-late" } else { "circle-practice-due" };
    let note = day.map_or_else(String::new, |args| words.say(key, &args));
    Cell::new(words.phrase(&format!("circle-practice-{}", state.status.code()))).class(class).note(note)
}
