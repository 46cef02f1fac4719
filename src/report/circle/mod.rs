//! What is being improved: actions with their verdicts, what is due, decisions, practices, and the five steps of service.

mod actions;
mod decisions;
mod practices;
mod steps;

use super::block::{self, Block, Section};
use super::views;
use super::words::{self, Words};
use crate::improvement::{Doubt, Held, Verdict, is_followed};
use crate::measure::{Code, Unit};

/// Returns the section; nothing for a project without such registers.
pub(super) fn section(words: &Words<'_>) -> Option<Section> {
    if !is_followed(words.project) {
        return None;
    }
    let mut blocks = actions::blocks(words);
    blocks.extend(decisions::blocks(words));
    blocks.extend(practices::blocks(words));
    blocks.push(Block::Heading(words.phrase("report-circle-steps")));
    blocks.push(steps::block(words));
    Some(Section { id: "circle", title: words.phrase("report-circle"), blocks })
}

/// Returns what an action is about.
pub(super) fn topic(words: &Words<'_>, action: usize) -> String {
    words.project.improvement.actions[action].topic.get(words.language()).to_owned()
}

/// Returns the words of a verdict.
pub(super) fn verdict(words: &Words<'_>, verdict: Verdict) -> String {
    words.phrase(&format!("circle-verdict-{}", verdict.code()))
}

/// Returns why a verdict cannot be given.
fn doubt(words: &Words<'_>, doubt: Doubt) -> String {
    match doubt {
        Doubt::Months => words.phrase("circle-doubt-months"),
        Doubt::Peers => words.phrase("circle-doubt-peers"),
        Doubt::Figure(reason) => words.reason(reason),
    }
}

fn held(words: &Words<'_>, held: Held) -> String {
    words.phrase(&format!("circle-held-{}", held.code()))
}

/// Writes a change of a measure with its sign and unit.
fn change(words: &Words<'_>, code: &Code, change: f64) -> String {
    let locale = words.locale();
    let told = |key: &str, value: String| words.say(key, &[("value", value.into())]);
    match code.unit() {
        Unit::Share => told("circle-change-share", locale.change(100.0 * change, 1)),
        Unit::Points | Unit::Balance => told("report-points", locale.change(change, 1)),
        Unit::Level | Unit::Amount => locale.change(change, 2),
        Unit::Cases => locale.change(change, 1),
        Unit::Seconds => told("circle-change-minutes", locale.change(change / 60.0, 1)),
    }
}

/// Writes the interval of a change, in the unit that the change is told in.
fn change_interval(words: &Words<'_>, code: &Code, (lower, upper): (f64, f64)) -> String {
    let (size, digits) = match code.unit() {
        Unit::Share => (100.0, 1),
        Unit::Seconds => (1.0 / 60.0, 1),
        Unit::Level | Unit::Amount => (1.0, 2),
        Unit::Points | Unit::Balance | Unit::Cases => (1.0, 1),
    };
    let end = |value: f64| words.locale().change(size * value, digits);
    words.locale().range(&end(lower), &end(upper))
}
