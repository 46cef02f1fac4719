//! Which customer practices each profile has, and in what state.

use std::path::Path;

use super::document::{self, Entry, Node};
use super::log::{Log, Place, Register, Wanted};
use super::questionnaires::{code_of, note_twice};
use super::{Text, day, name, needed_text};
use crate::month::Day;

/// How far a practice has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PracticeStatus {
    /// There is none.
    None,
    /// It is being written.
    Draft,
    /// It is agreed on.
    Approved,
    /// People work by it.
    InUse,
    /// It was looked at again after some time of use.
    Reviewed,
}

impl PracticeStatus {
    /// Every status, in the order of a practice's life.
    pub const ALL: [Self; 5] = [Self::None, Self::Draft, Self::Approved, Self::InUse, Self::Reviewed];

    /// Returns the word of the register.
    pub fn code(self) -> &'static str {
        STATUSES.iter().find(|(_, status)| *status == self).map_or("", |(code, _)| code)
    }
}

/// The state of a practice in one profile.
#[derive(Debug, Clone, PartialEq)]
pub struct PracticeState {
    /// The profile.
    pub profile: String,
    /// How far it has come.
    pub status: PracticeStatus,
    /// Department or profile that sees to it.
    pub owner: Option<String>,
    /// By when the next state is to be reached.
    pub due: Option<Day>,
}

/// One customer practice.
#[derive(Debug, Clone, PartialEq)]
pub struct Practice {
    /// Its code.
    pub code: String,
    /// Name for readers.
    pub name: Text,
    /// Its states, in the order of the register.
    pub profiles: Vec<PracticeState>,
}

const KEYS: [&str; 3] = ["code", "name", "profiles"];
const STATUSES: [(&str, PracticeStatus); 5] = [
    ("none", PracticeStatus::None),
    ("draft", PracticeStatus::Draft),
    ("approved", PracticeStatus::Approved),
    ("in_use", PracticeStatus::InUse),
    ("reviewed", PracticeStatus::Reviewed),
];

/// Reads the practices in the order of the register.
pub(super) fn read(log: &Log, root: &Path) -> Vec<Practice> {
    let placed: Vec<(Practice, Place)> = document::read(log, root, Register::Practices, |node| {
        node.only_or(&["practice"], &[("in a `[[practice]]`", &KEYS)]);
        node.nodes("practice").iter().filter_map(|node| Some((practice(node)?, node.place()))).collect()
    })
    .unwrap_or_default();
    note_twice(
        log,
        "practice",
        placed.iter().map(|(practice, place)| (practice.code.as_str(), place.clone())),
    );
    placed.into_iter().map(|(practice, _)| practice).collect()
}

fn practice(node: &Node<'_>) -> Option<Practice> {
    node.only(&KEYS);
    let code = code_of(node, Register::Practices);
    let name = needed_text(node, "name");
    let profiles = node.need("profiles");
    let states = profiles.as_ref().map_or_else(Vec::new, Entry::nodes);
    if let Some(entry) = profiles.filter(|entry| entry.is_array() && entry.elements().is_empty()) {
        entry.fail(
            "`profiles` names no profile",
            "write it as `[{ profile = \"branch\", status = \"none\" }]`",
        );
    }
    let placed: Vec<(PracticeState, Place)> =
        states.iter().filter_map(|node| Some((state(node)?, node.place()))).collect();
    note_twice(
        node.log(),
        "profile",
        placed.iter().map(|(one, place)| (one.profile.as_str(), place.clone())),
    );
    Some(Practice { code: code?, name, profiles: placed.into_iter().map(|(state, _)| state).collect() })
}

fn state(node: &Node<'_>) -> Option<PracticeState> {
    node.only(&["profile", "status", "owner", "due"]);
    let profile = node.need("profile").and_then(|entry| name(&entry, Wanted::Profile));
    let status = node.need("status").and_then(|entry| entry.choice(&STATUSES));
    let owner = node.get("owner").and_then(|entry| name(&entry, Wanted::Owner));
    Some(PracticeState { profile: profile?, status: status?, owner, due: day(node, "due") })
}

#[cfg(test)]
mod tests {
    use super::PracticeStatus;
    use crate::project::sample::{problems, with};

    const FILE: &str = "registers/practices.toml";
    const PRACTICE: &str = "[[practice]]\ncode = \"answers\"\nname = { en = \"Standard answers\", ru = \"Банк ответов\" }\n\
        profiles = [\n{ profile = \"branch\", status = \"in_use\", owner = \"B1\", due = 2026-12-31 },\n]\n";

    #[test]
    fn practices_have_a_state_per_profile() {
        let practices = with(&[(FILE, PRACTICE)]).improvement.practices;
        assert_eq!(practices[0].profiles[0].status, PracticeStatus::InUse);
        assert_eq!(
            PracticeStatus::ALL.map(PracticeStatus::code),
            ["none", "draft", "approved", "in_use", "reviewed"]
        );
    }

    #[test]
    fn slips_are_told_with_their_line() {
        for (from, to, said) in [
            (
                "[\n{ profile = \"branch\", status = \"in_use\", owner = \"B1\", due = 2026-12-31 },\n]",
                "[]",
                "registers/practices.toml:4: `profiles` names no profile\nhint: write it as `[{ profile = \"branch\", status = \"none\" }]`",
            ),
            (
                "\"branch\"",
                "\"brunch\"",
                "registers/practices.toml:5: unknown profile `brunch`\nhint: known are `branch`",
            ),
            (
                "\"in_use\"",
                "\"in use\"",
                "registers/practices.toml:5: unknown status `in use`\nhint: did you mean `in_use`?",
            ),
            (
                "\"B1\"",
                "\"B7\"",
                "registers/practices.toml:5: `B7` is neither a department nor a profile\nhint: did you mean `B1`?",
            ),
            (
                "},\n]",
                "},\n{ profile = \"branch\", status = \"none\" },\n]",
                "registers/practices.toml:6: profile `branch` occurs twice\nhint: it stands in line 5 already",
            ),
        ] {
            let told = problems(&[(FILE, &PRACTICE.replacen(from, to, 1))]);
            let said = said.replace("known are `branch`", "did you mean `branch`?");
            assert_eq!(told, [said]);
        }
    }
}
