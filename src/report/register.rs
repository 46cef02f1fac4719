//! The register page: how each commitment is made, and what to look at.

use super::block::{Block, Cell, Row, Section};
use super::words::Words;
use crate::measure::Verdict;
use crate::project::{Commitment, PromisedTo, Status};

/// Returns the section; nothing for a project that promises nothing.
pub(super) fn section(words: &Words<'_>) -> Option<Section> {
    if words.published.register.is_empty() {
        return None;
    }
    let heads = [
        "kept-head-name",
        "register-head-status",
        "register-head-importance#",
        "register-head-clear",
        "register-head-concise",
        "register-head-observable",
        "register-head-realistic",
    ];
    let mut table = words.table(words.phrase("report-register-caption"), &heads);
    for (position, verdicts) in &words.published.register {
        let commitment = &words.project.commitments[*position as usize];
        let importance = commitment.importance;
        let mut cells = vec![
            Cell::new(words.commitment(&commitment.code)).note(group(words, commitment)),
            status(words, commitment),
            Cell::new(words.locale().decimal(importance, usize::from(importance.fract() > 0.0))),
        ];
        cells.extend(verdicts.iter().map(|verdict| cell(words, *verdict)));
        table.rows.push(Row::new(cells));
    }
    let look =
        |(_, verdicts): &&(u32, [Verdict; 4])| verdicts.iter().any(|one| matches!(one, Verdict::Look(_)));
    let count = words.published.register.iter().filter(look).count();
    let args = [("count", count.into()), ("total", words.published.register.len().into())];
    let mut blocks = vec![Block::Paragraph(words.say("report-register-summary", &args)), Block::Table(table)];
    blocks.extend(withdrawn(words).map(Block::Note));
    blocks.extend(drafts(words).map(Block::Note));
    blocks.push(Block::Note(words.phrase("report-register-note")));
    Some(Section { id: "register", title: words.phrase("report-register"), blocks })
}

/// To whom it is promised, where that is a department, and the service group.
fn group(words: &Words<'_>, commitment: &Commitment) -> String {
    let promised = match commitment.promised_to {
        PromisedTo::Customer => None,
        PromisedTo::Department => Some(words.phrase("register-to-department")),
    };
    let group = commitment.group.clone().map(|group| group.replace('_', " "));
    group.into_iter().chain(promised).collect::<Vec<_>>().join("; ")
}

fn status(words: &Words<'_>, commitment: &Commitment) -> Cell {
    let stage = commitment.stage_at(words.published.month.last_day());
    let cell = Cell::new(words.phrase(match stage.status {
        Status::Draft => "register-status-draft",
        Status::Trial => "register-status-trial",
        Status::Announced => "register-status-announced",
        Status::Withdrawn => "register-status-withdrawn",
    }));
    match stage.from {
        Some(day) => cell.note(words.say("register-since", &[("day", words.locale().day(day).into())])),
        None => cell,
    }
}

/// The promises that are no longer made.
fn withdrawn(words: &Words<'_>) -> Option<String> {
    let all = words.project.commitments.iter();
    let gone: Vec<String> = all
        .filter(|one| one.status_in(words.published.month) == Status::Withdrawn)
        .map(|one| words.commitment(&one.code))
        .collect();
    let args = [("count", gone.len().into()), ("named", gone.join("; ").into())];
    (!gone.is_empty()).then(|| words.say("report-register-withdrawn", &args))
}

/// Cases of drafts, which nobody promised.
fn drafts(words: &Words<'_>) -> Option<String> {
    let drafts = &words.published.drafts;
    let named: Vec<String> = drafts
        .iter()
        .map(|(position, n)| format!("{} ({})", words.promise(*position), words.count(*n)))
        .collect();
    (!named.is_empty()).then(|| words.say("report-register-drafts", &[("named", named.join("; ").into())]))
}

fn cell(words: &Words<'_>, verdict: Verdict) -> Cell {
    let advice = verdict.advice().map(|advice| words.phrase(&format!("register-advice-{advice}")));
    match verdict {
        Verdict::Good => Cell::new(words.phrase("register-good")).class("good"),
        Verdict::Look(_) => {
            Cell::new(words.phrase("register-look")).class("bad").note(advice.unwrap_or_default())
        }
        Verdict::Unknown(_) => Cell::missing("–").note(advice.unwrap_or_default()),
    }
}
