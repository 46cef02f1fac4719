//! What was decided, and what became of it.

use std::path::Path;

use super::document::{self, Node};
use super::log::{Log, Place, Register, Wanted};
use super::{Text, check_order, day, name, names, needed_text, text};
use crate::month::{Day, Month};

/// Where a decision stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecisionStatus {
    /// Still to be done.
    Open,
    /// Done.
    Done,
    /// Given up.
    Dropped,
}

/// One decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The day it was taken.
    pub date: Day,
    /// The month whose figures gave rise to it.
    pub month: Month,
    /// Who decided.
    pub decided_by: Text,
    /// Departments that it is for; none stand for all.
    pub departments: Vec<String>,
    /// What was decided.
    pub text: Text,
    /// Code of the action that came of it.
    pub action: Option<String>,
    /// By when it is to be done.
    pub due: Option<Day>,
    /// Where it stands.
    pub status: DecisionStatus,
    /// What became of it.
    pub outcome: Option<Text>,
}

impl DecisionStatus {
    /// Returns the word of the register.
    pub fn code(self) -> &'static str {
        STATUSES.iter().find(|(_, status)| *status == self).map_or("", |(code, _)| code)
    }
}

const KEYS: [&str; 9] =
    ["date", "month", "decided_by", "departments", "text", "action", "due", "status", "outcome"];
const STATUSES: [(&str, DecisionStatus); 3] =
    [("open", DecisionStatus::Open), ("done", DecisionStatus::Done), ("dropped", DecisionStatus::Dropped)];

/// Reads the decisions, sorted by day.
pub(super) fn read(log: &Log, root: &Path) -> Vec<Decision> {
    let placed: Vec<(Decision, Place)> = document::read(log, root, Register::Decisions, |node| {
        node.only_or(&["decision"], &[("in a `[[decision]]`", &KEYS)]);
        node.nodes("decision").iter().filter_map(|node| Some((decision(node)?, node.place()))).collect()
    })
    .unwrap_or_default();
    for (number, (decision, place)) in placed.iter().enumerate() {
        if let Some((_, first)) = placed[..number].iter().find(|(other, _)| other.is_same(decision)) {
            let hint = format!("it stands in line {} already", first.line);
            log.problem(place, "the decision occurs twice", hint);
        }
    }
    let mut decisions: Vec<Decision> = placed.into_iter().map(|(decision, _)| decision).collect();
    decisions.sort_by_key(|decision| decision.date);
    decisions
}

impl Decision {
    /// Says whether the other is the same decision, whatever became of it.
    fn is_same(&self, other: &Self) -> bool {
        (self.date, self.month, &self.text, &self.departments)
            == (other.date, other.month, &other.text, &other.departments)
    }
}

fn decision(node: &Node<'_>) -> Option<Decision> {
    node.only(&KEYS);
    let date = node.need("date").and_then(|entry| entry.day());
    let month = node.need("month").and_then(|entry| entry.month());
    check_order(node, "date", date, ("the month it concerns", month.map(Month::first_day)));
    let due = day(node, "due");
    check_order(node, "due", due, ("the decision", date));
    let status = node.need("status").and_then(|entry| entry.choice(&STATUSES));
    if let Some(entry) =
        node.get("departments").filter(|entry| entry.is_array() && entry.elements().is_empty())
    {
        entry.fail("`departments` names no department", "leave it out where the decision is for all");
    }
    let outcome = text(node, "outcome");
    if status == Some(DecisionStatus::Done) && outcome.is_none() {
        node.log().problem(&node.place(), "a decision that is done needs `outcome`", "say what became of it");
    }
    let decision = Decision {
        decided_by: needed_text(node, "decided_by"),
        departments: names(node, "departments", &Wanted::Department),
        text: needed_text(node, "text"),
        action: node.get("action").and_then(|entry| name(&entry, Wanted::Action)),
        due,
        outcome,
        date: date?,
        month: month?,
        status: status?,
    };
    Some(decision)
}

#[cfg(test)]
mod tests {
    use crate::project::sample::{problems, with};

    const FILE: &str = "registers/decisions.toml";
    const DECISIONS: &str = r#"[[decision]]
date = 2026-10-12
month = "2026-09"
decided_by = "Committee"
departments = ["B1"]
text = { en = "Two at lunch in turn" }
due = 2026-11-30
status = "open"
[[decision]]
date = 2026-09-10
month = "2026-08"
decided_by = "Committee"
text = "Ask again"
status = "done"
outcome = "Asked"
"#;

    #[test]
    fn decisions_stand_by_day() {
        let decisions = with(&[(FILE, DECISIONS)]).improvement.decisions;
        let days: Vec<String> = decisions.iter().map(|one| one.date.to_string()).collect();
        assert_eq!(days, ["2026-09-10", "2026-10-12"]);
        let twice = format!("{DECISIONS}{}", &DECISIONS[DECISIONS.rfind("[[").unwrap()..]);
        assert_eq!(
            problems(&[(FILE, &twice)]),
            ["registers/decisions.toml:16: the decision occurs twice\nhint: it stands in line 9 already"]
        );
        assert_eq!((decisions[0].departments.len(), decisions[1].status.code()), (0, "open"));
    }

    #[test]
    fn slips_are_told_with_their_line() {
        for (from, to, said) in [
            (
                "departments = [\"B1\"]",
                "departments = []",
                "registers/decisions.toml:5: `departments` names no department\nhint: leave it out where the decision is for all",
            ),
            (
                "due = 2026-11-30",
                "due = 2026-10-01",
                "registers/decisions.toml:7: `due` 2026-10-01 is before the decision (2026-10-12)",
            ),
            (
                "month = \"2026-09\"",
                "month = \"2026-11\"",
                "registers/decisions.toml:2: `date` 2026-10-12 is before the month it concerns (2026-11-01)",
            ),
            (
                "status = \"open\"",
                "status = \"opened\"",
                "registers/decisions.toml:8: unknown status `opened`\nhint: did you mean `open`?",
            ),
            (
                "status = \"open\"",
                "status = \"done\"",
                "registers/decisions.toml:1: a decision that is done needs `outcome`\nhint: say what became of it",
            ),
            (
                "status = \"open\"",
                "status = \"open\"\naction = \"none\"",
                "registers/decisions.toml:9: unknown action `none`\nhint: it must stand in registers/actions.toml",
            ),
        ] {
            assert_eq!(problems(&[(FILE, &DECISIONS.replacen(from, to, 1))]), [said]);
        }
    }
}
