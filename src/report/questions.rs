//! Questions that changed: since when, what is not comparable across it, and what bridges the old scale to the new one.

use super::block::{Block, Cell, Row, Section, Table};
use super::words::Words;
use crate::measure::{Code, breaks};
use crate::month::Month;
use crate::project::{Change, Questionnaire};

/// Returns the section; nothing where no question changed within the window.
pub(super) fn section(words: &Words<'_>) -> Option<Section> {
    let first = words.published.window.first().copied()?;
    let changes = words.project.question_changes(first, words.published.month);
    if changes.is_empty() {
        return None;
    }
    let blocks = vec![
        Block::Table(table(words, &changes, first)),
        Block::Note(words.phrase("report-questions-note")),
        Block::Note(words.phrase("report-questions-bridge-note")),
    ];
    let bridged = changes.iter().any(|(_, change)| change.is_bridged);
    let blocks = blocks.into_iter().take(if bridged { 3 } else { 2 }).collect();
    Some(Section { id: "questions", title: words.phrase("report-questions"), blocks })
}

/// Returns the months of the window from which on a measure is not what it was, and why.
pub(super) fn broken_months(words: &Words<'_>, code: &Code) -> Vec<(Month, String)> {
    let first = words.published.window.first().copied().unwrap_or(words.published.month);
    let own = breaks(words.project, code).into_iter().filter(|one| first < one.month);
    let questionnaire = match code {
        Code::Index(of) => of.as_str(),
        Code::Staff(_) => "staff",
        _ => "client",
    };
    own.map(|one| (one.month, change(words, questionnaire, &one))).collect()
}

/// Says what happened to a question.
fn change(words: &Words<'_>, questionnaire: &str, change: &Change) -> String {
    let key = format!("questions-{}", change.kind.code());
    words.say(&key, &[("item", words.asked(questionnaire, &change.item).into())])
}

fn table(words: &Words<'_>, changes: &[(&Questionnaire, Change)], first: Month) -> Table {
    let args = [("months", words.locale().months(first, words.published.month).into())];
    let heads = [
        "report-head-question-change",
        "report-head-question-from",
        "report-head-question-breaks",
        "report-head-question-bridged",
    ];
    let mut table = words.table(words.say("report-questions-caption", &args), &heads);
    table.rows = changes.iter().map(|(of, change)| row(words, of, change)).collect();
    table
}

fn row(words: &Words<'_>, of: &Questionnaire, change: &Change) -> Row {
    let broken: Vec<String> = broken(words, of, change).iter().map(|code| words.measure(code)).collect();
    let bridged = if change.is_bridged { "report-yes" } else { "report-no" };
    Row::new(vec![
        Cell::new(self::change(words, &of.code, change)).note(words.questionnaire(&of.code)),
        Cell::new(words.locale().month(change.month)),
        if broken.is_empty() { Cell::missing("–") } else { Cell::new(broken.join("; ")) },
        match change.before {
            Some(_) => Cell::new(words.phrase(bridged)),
            None => Cell::missing("–"),
        },
    ])
}

/// The measures that must not be compared across the change.
fn broken(words: &Words<'_>, of: &Questionnaire, change: &Change) -> Vec<Code> {
    let is_own = |code: &Code| match code {
        Code::Index(questionnaire) => *questionnaire == of.code,
        Code::Staff(_) => of.code == "staff",
        _ => of.code == "client",
    };
    let is_broken = |code: &Code| is_own(code) && breaks(words.project, code).contains(change);
    words.codes().into_iter().filter(is_broken).collect()
}
