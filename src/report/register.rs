//! The register page: how each commitment is made, and what to look at.

use super::block::{Block, Cell, Row, Section};
use super::words::Words;
use crate::measure::Verdict;
use crate::project::Status;

/// Returns the section; nothing for a project that promises nothing.
pub(super) fn section(words: &Words<'_>) -> Option<Section> {
    if words.published.register.is_empty() {
        return None;
    }
    let heads = [
        "kept-head-name",
        "register-head-status",
        "register-head-clear",
        "register-head-concise",
        "register-head-observable",
        "register-head-realistic",
    ];
    let mut table = words.table(words.phrase("report-register-caption"), &heads);
    for (position, verdicts) in &words.published.register {
        let commitment = &words.project.commitments[*position as usize];
        let mut cells = vec![
            Cell::new(words.commitment(&commitment.code)),
            Cell::new(words.phrase(match commitment.status {
                Status::Draft => "register-status-draft",
                Status::Trial => "register-status-trial",
                Status::Announced => "register-status-announced",
                Status::Withdrawn => "register-status-withdrawn",
            })),
        ];
        cells.extend(verdicts.iter().map(|verdict| cell(words, *verdict)));
        table.rows.push(Row::new(cells));
    }
    let look =
        |(_, verdicts): &&(u32, [Verdict; 4])| verdicts.iter().any(|one| matches!(one, Verdict::Look(_)));
    let count = words.published.register.iter().filter(look).count();
    let args = [("count", count.into()), ("total", words.published.register.len().into())];
    let blocks = vec![
        Block::Paragraph(words.say("report-register-summary", &args)),
        Block::Table(table),
        Block::Note(words.phrase("report-register-note")),
    ];
    Some(Section { id: "register", title: words.phrase("report-register"), blocks })
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
