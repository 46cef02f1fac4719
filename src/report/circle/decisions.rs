//! Decisions that are asked for, and what became of those of last month.

use super::block::{Block, Cell, Row, Table};
use super::topic;
use super::words::Words;
use crate::improvement::{DueState, Verdict, state};
use crate::project::{Decision, DecisionStatus};

/// Returns what is asked and what became of what was decided; nothing where there is neither.
pub(super) fn blocks(words: &Words<'_>) -> Vec<Block> {
    let mut blocks = Vec::new();
    let asked = asked(words);
    if !asked.is_empty() {
        blocks.push(Block::Heading(words.phrase("report-circle-asked")));
        blocks.push(Block::List(asked));
    }
    let table = table(words);
    if !table.rows.is_empty() {
        blocks.push(Block::Heading(words.phrase("report-circle-decisions")));
        blocks.push(Block::Table(table));
    }
    blocks
}

/// The decisions known at the time of the report: about its month or one before.
fn known<'w>(words: &'w Words<'_>) -> impl DoubleEndedIterator<Item = &'w Decision> {
    words.project.improvement.decisions.iter().filter(|one| one.month <= words.published.month)
}

/// Says whether a decision should have been carried out by the end of the reported month, and was not.
pub(super) fn is_late(words: &Words<'_>, decision: &Decision) -> bool {
    let due = decision.due.and_then(|day| state(day, words.published.month));
    decision.status == DecisionStatus::Open && matches!(due, Some(DueState::Overdue | DueState::Due))
}

/// Open decisions, and how many of them are late.
pub(super) fn open(words: &Words<'_>) -> (usize, usize) {
    let open: Vec<&Decision> = known(words).filter(|one| one.status == DecisionStatus::Open).collect();
    (open.len(), open.iter().filter(|one| is_late(words, one)).count())
}

/// What the figures and registers leave to be decided.
fn asked(words: &Words<'_>) -> Vec<String> {
    let actions = words.published.progress.iter().filter_map(|own| {
        let has_standard = words.project.improvement.actions[own.action].standard.is_some();
        let key = match own.verdict {
            Verdict::Improved if !has_standard => "circle-ask-standard",
            Verdict::NoEvidence => "circle-ask-no-evidence",
            Verdict::Worse => "circle-ask-worse",
            _ => return None,
        };
        let args =
            [("topic", topic(words, own.action).into()), ("name", words.department(own.department).into())];
        Some(words.say(key, &args))
    });
    let late = known(words).filter(|one| is_late(words, one)).map(|one| {
        let day = one.due.map_or_else(String::new, |day| words.locale().day(day));
        words.say("circle-ask-late", &[("text", one.text.get(words.language()).into()), ("day", day.into())])
    });
    actions.chain(late).collect()
}

/// The decisions of last month's and this month's report, and what is open from before, the newest first.
fn table(words: &Words<'_>) -> Table {
    let heads = [
        "report-head-decision",
        "report-head-for",
        "report-head-about",
        "report-head-due",
        "report-head-state",
        "report-head-outcome",
    ];
    let mut table = words.table(words.phrase("report-circle-decisions-caption"), &heads);
    let is_shown =
        |one: &&Decision| one.month >= words.published.month.plus(-1) || one.status == DecisionStatus::Open;
    table.rows = known(words).rev().filter(is_shown).map(|one| row(words, one)).collect();
    table
}

fn row(words: &Words<'_>, decision: &Decision) -> Row {
    let language = words.language();
    let name = |code: &String| {
        let own = words.project.department(code).map(|place| &words.project.departments[place]);
        own.map_or_else(|| code.clone(), |own| own.name.get(language).to_owned())
    };
    let whom = match decision.departments.as_slice() {
        [] => words.bank(),
        named => named.iter().map(name).collect::<Vec<_>>().join(", "),
    };
    let args = [
        ("who", decision.decided_by.get(language).into()),
        ("day", words.locale().day(decision.date).into()),
    ];
    let is_late = is_late(words, decision);
    let state = if is_late { "late" } else { decision.status.code() };
    let class = match decision.status {
        _ if is_late => "bad",
        DecisionStatus::Done => "good",
        _ => "",
    };
    let outcome = decision.outcome.as_ref().map(|outcome| outcome.get(language).to_owned());
    Row::new(vec![
        Cell::new(decision.text.get(language)).note(words.say("circle-decided", &args)),
        Cell::new(whom),
        Cell::new(words.locale().month(decision.month)),
        decision.due.map_or_else(|| Cell::missing("–"), |day| Cell::new(words.locale().day(day))),
        Cell::new(words.phrase(&format!("circle-decision-{state}"))).class(class),
        outcome.map_or_else(|| Cell::missing("–"), Cell::new),
    ])
}
