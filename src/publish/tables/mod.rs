//! The feeds: what data teams load, every column described in the file itself.
//!
//! In: [`Published`]. Out: [`Feed`]s of the reported month. A figure that does not exist is null, and its row says why.

mod dictionary;
mod actions;
mod causes;
mod competency;
mod cuts;
mod decisions;
mod departments;
mod interviews;
mod layers;
mod measures;
mod practices;
mod penalties;
mod priorities;
mod quality;
mod questions;
mod rare;
mod spread;
mod ratings;
mod register;
mod relations;
mod remedies;
mod response_rates;
mod signs;

use super::feed::{Feed, FeedColumn, Values};
use crate::disclose::Published;
use crate::measure::WHOLE;
use crate::project::Project;
use crate::stats::{Estimate, Figure, Reason};
use dictionary::column;

/// Every feed.
pub const FEEDS: &[fn(&Published, &Project) -> Feed] = &[
    measures::feed,
    ratings::feed,
    relations::feed,
    cuts::feed,
    layers::feed,
    priorities::feed,
    penalties::feed,
    spread::feed,
    causes::feed,
    remedies::feed,
    response_rates::feed,
    signs::feed,
    rare::feed,
    register::feed,
    competency::states,
    competency::standing,
    competency::raters,
    competency::changes,
    competency::priorities,
    interviews::feed,
    actions::feed,
    decisions::feed,
    practices::feed,
    questions::feed,
    quality::feed,
    quality::quarantine,
    departments::feed,
];

/// Code of all departments together in feeds.
const ALL: &str = "all";

fn code_of(project: &Project, department: u32) -> String {
    if department == WHOLE { ALL.to_owned() } else { project.departments[department as usize].code.clone() }
}

/// Months of the rolling window as declared: what tells its rows from those of a single month, also where the store is younger.
fn window_months(project: &Project) -> u64 {
    u64::from(project.rating.window_months.unsigned_abs())
}

fn texts<T>(rows: &[T], of: impl Fn(&T) -> String) -> Values {
    Values::Text(rows.iter().map(|row| Some(of(row))).collect())
}

fn numbers<T>(rows: &[T], of: impl Fn(&T) -> Option<f64>) -> Values {
    Values::Number(rows.iter().map(of).collect())
}

fn integers<T>(rows: &[T], of: impl Fn(&T) -> Option<u64>) -> Values {
    Values::Integer(rows.iter().map(|row| of(row).and_then(|n| i64::try_from(n).ok())).collect())
}

fn flags<T>(rows: &[T], of: impl Fn(&T) -> bool) -> Values {
    Values::Flag(rows.iter().map(|row| Some(of(row))).collect())
}

/// The columns of a figure: value, error, interval, n, and the reason where there is none.
fn figure_columns<T>(rows: &[T], of: impl Fn(&T) -> Figure) -> Vec<FeedColumn> {
    let part = |get: fn(&Estimate) -> Option<f64>| numbers(rows, |row| of(row).ok().as_ref().and_then(get));
    let reasons = rows.iter().map(|row| of(row).err().map(|reason: Reason| reason.code().to_owned()));
    vec![
        column("value", part(|one| Some(one.value))),
        column("std_error", part(|one| one.std_error)),
        column("lower", part(|one| one.lower)),
        column("upper", part(|one| one.upper)),
        column("n", integers(rows, |row| of(row).ok().map(|one| one.n))),
        column("n_effective", part(|one| Some(one.n_effective))),
        column("reason", Values::Text(reasons.collect())),
    ]
}
