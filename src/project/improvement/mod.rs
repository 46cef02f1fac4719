//! The improvement circle: actions, the decisions behind them, and the customer practices there are.
//!
//! In: `actions.toml`, `decisions.toml`, `practices.toml`. Out: [`Improvement`]. Deliberately absent: whether an action had an effect;
//! `improvement/` judges that.

mod actions;
mod decisions;
mod practices;

use std::path::Path;

pub use actions::{Action, Circle, Review, Stage, Standard, Step, Trigger};
pub use decisions::{Decision, DecisionStatus};
pub use practices::{Practice, PracticeState, PracticeStatus};

use super::document::{Entry, Node};
use super::log::{Log, Wanted};
use super::{Text, document, log, measures, questionnaires};
use crate::month::Day;

/// What a project does to become better.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Improvement {
    /// The actions, in the order of the register.
    pub actions: Vec<Action>,
    /// The decisions, by day, those of a day in the order of the register.
    pub decisions: Vec<Decision>,
    /// The customer practices, in the order of the register.
    pub practices: Vec<Practice>,
}

impl Improvement {
    /// Returns the position of an action.
    pub fn action(&self, code: &str) -> Option<usize> {
        self.actions.iter().position(|action| action.code == code)
    }
}

/// Reads the three registers.
pub(super) fn read(log: &Log, root: &Path) -> Improvement {
    let actions = actions::read(log, root);
    let decisions = decisions::read(log, root);
    Improvement { actions, decisions, practices: practices::read(log, root) }
}

/// Returns a text per language; nothing when the key is missing.
fn text(node: &Node<'_>, key: &str) -> Option<Text> {
    node.get(key).and_then(|entry| entry.localised())
}

/// Returns a text per language; that it is missing is noted.
fn needed_text(node: &Node<'_>, key: &str) -> Text {
    node.need(key).and_then(|entry| entry.localised()).unwrap_or_default()
}

/// Returns a name that must stand in a register.
fn name(entry: &Entry<'_>, wanted: Wanted) -> Option<String> {
    let name = entry.text()?;
    entry.log().want(&entry.place(), wanted, &name);
    Some(name)
}

/// Returns the names of an array, each of which must stand in a register; none when the key is missing.
fn names(node: &Node<'_>, key: &str, wanted: &Wanted) -> Vec<String> {
    let elements = node.get(key).map_or_else(Vec::new, |entry| entry.elements());
    elements.iter().filter_map(|entry| name(entry, wanted.clone())).collect()
}

fn day(node: &Node<'_>, key: &str) -> Option<Day> {
    node.get(key).and_then(|entry| entry.day())
}

/// Notes that `key` lies before an earlier date, `what`.
fn check_order(node: &Node<'_>, key: &str, later: Option<Day>, (what, earlier): (&str, Option<Day>)) {
    if let (Some(later), Some(earlier), Some(entry)) = (later, earlier, node.get(key))
        && later < earlier
    {
        entry.fail(format!("`{key}` {later} is before {what} ({earlier})"), "");
    }
}
