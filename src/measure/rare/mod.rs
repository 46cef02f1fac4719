//! Promises that are almost always kept: breaches are counted, and held against the target and against the department's own past.
//!
//! A share at its ceiling has no useful standard error: nothing here is a z score. Tests are exact; a department's share is drawn to
//! those of the others.

mod exact;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use exact::{Judged, LEVEL, adjust};

pub use exact::Test;

use super::{Code, Context, Kept, cases_since_breach, target_of};
use crate::count::MonthCounts;
use crate::month::{Day, Month};
use crate::project::{Commitment, Status};
use crate::stats::beta_binomial::{by_likelihood, by_moments};
use crate::stats::distribution::{beta_cdf, beta_quantile};
use crate::stats::{Estimate, Marks};

/// Target, or share kept by all departments over twelve months, from which on a promise counts as almost always kept.
pub const NEARLY_ALWAYS: f64 = 0.98;
/// Months of the windows that are tested; the last is the one that shares are of.
const WINDOWS: [i32; 2] = [3, 12];
/// Beyond so many departments their spread is fitted by moments: the likelihood takes long and says the same.
const MANY: usize = 1000;

/// One promise that is almost always kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Rare {
    /// Position of the commitment.
    pub commitment: u32,
    /// Cases judged in the last twelve months, and breaches among them, of all departments.
    pub year: (u64, u64),
    /// Its departments with cases in these months, the most surprising first.
    pub cells: Vec<RareCell>,
}

/// One promise of one department.
#[derive(Debug, Clone, PartialEq)]
pub struct RareCell {
    /// Position of the department.
    pub department: u32,
    /// Target in force.
    pub target: Option<f64>,
    /// Cases judged in the month, and breaches among them.
    pub month: (u64, u64),
    /// The same of the last three months.
    pub quarter: (u64, u64),
    /// The same of the last twelve months.
    pub year: (u64, u64),
    /// Cases judged since the day of the last breach, and that day.
    pub since: (u64, Option<Day>),
    /// A long run without a breach that ended in the month.
    pub ended: Option<Run>,
    /// Whether it breaks the promise more often than the target allows.
    pub against_target: Option<Test>,
    /// Whether it breaks the promise more often than it did before.
    pub against_past: Option<Test>,
    /// Its share kept over twelve months, drawn to those of the others, with an interval of probability 95 %.
    pub shrunk: Estimate,
    /// Probability that this share lies below the target.
    pub chance_below: Option<f64>,
}

/// A run of kept cases that a breach ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Cases kept one after another, up to the day before the breach.
    pub cases: u64,
    /// Day of the breach before the run; nothing where there was none.
    pub after: Option<Day>,
    /// Day of the breach that ended it.
    pub day: Day,
}

impl RareCell {
    /// Returns the test that surprises most.
    pub fn surprise(&self) -> Option<Test> {
        let tests = self.against_target.iter().chain(&self.against_past);
        tests.min_by(|a, b| a.p_value.total_cmp(&b.p_value)).copied()
    }

    /// Says whether one of its tests is an alarm.
    pub fn is_alarm(&self) -> bool {
        self.surprise().is_some_and(|test| test.is_alarm())
    }

    /// Says whether there is something to tell of it: an alarm, or a long run that ended.
    pub fn stands_out(&self) -> bool {
        self.is_alarm() || self.ended.is_some()
    }
}

type Months = BTreeMap<Month, MonthCounts>;

/// Cases judged, and breaches among them, by month.
type Series = BTreeMap<Month, (u64, u64)>;

/// Returns the promises that are almost always kept, with their departments; those with published totals alone have no cases to count.
///
/// Worse than the target: P(X ≥ breaches) of a binomial with the breaches that the target allows, over 3 and 12 months, months under
/// another limit or target left out. Worse than before: Fisher's exact test of these months against all before them under the same
/// limit. Both take cases as independent; p is doubled for the two windows. Undefined: no test without a target below 1, or without a
/// past; the share of a single department, or where nobody broke the promise, stands on its own with Jeffreys' prior, and all have the
/// pooled share where departments differ no more than by chance.
pub fn rare(context: &Context<'_>, months: &Months, month: Month) -> Vec<Rare> {
    let measured = (0..)
        .zip(&context.project.commitments)
        .filter(|(_, one)| matches!(one.status, Status::Trial | Status::Announced));
    let mut series = series(months, month);
    let mut all: Vec<Rare> = measured
        .filter_map(|(position, one)| {
            let own = series.remove(&position)?;
            promise(context, months, (position, one, own), month)
        })
        .collect();
    adjust(&mut all);
    for one in &mut all {
        let p = |cell: &RareCell| cell.surprise().map_or(f64::INFINITY, |test| test.p_value);
        let place = |cell: &RareCell| (!cell.stands_out(), std::cmp::Reverse(cell.year.1));
        let rank = |a: &RareCell, b: &RareCell| {
            let (mine, other) = (place(a), place(b));
            mine.0.cmp(&other.0).then(p(a).total_cmp(&p(b))).then(mine.1.cmp(&other.1))
        };
        one.cells.sort_by(rank);
    }
    all
}

fn promise(
    context: &Context<'_>,
    months: &Months,
    (position, one, series): (u32, &Commitment, BTreeMap<u32, Series>),
    month: Month,
) -> Option<Rare> {
    let first = month.plus(1 - WINDOWS[1]);
    let series: Vec<(u32, Series)> =
        series.into_iter().filter(|(_, own)| own.range(first..).next().is_some()).collect();
    let counts: Vec<(u64, u64)> = series.iter().map(|(_, own)| sum(own.range(first..))).collect();
    let year = sum(counts.iter().map(|counts| (&month, counts)));
    let target = target_of(context, &Code::Commitment(Kept::Share, one.code.clone()));
    let pooled = (year.0 > 0).then(|| 1.0 - year.1 as f64 / year.0 as f64)?;
    let is_promised = series.iter().any(|(department, _)| target(*department, month) >= Some(NEARLY_ALWAYS));
    if pooled < NEARLY_ALWAYS && !is_promised {
        return None;
    }
    let posteriors = posteriors(&counts);
    let cell = |((department, own), (a, b)): ((u32, Series), (f64, f64))| {
        let targets = |month: Month| target(department, month);
        let judged = Judged { one, series: &own, month, targets: &targets };
        let own_target = targets(month);
        let year = judged.window(WINDOWS[1]);
        let usual = own_target.filter(|target| *target < 1.0).map_or(pooled, |target| target.max(pooled));
        RareCell {
            department,
            target: own_target,
            month: judged.window(1),
            quarter: judged.window(WINDOWS[0]),
            year,
            since: cases_since_breach(months.range(..=month).map(|(_, counts)| counts), position, department),
            ended: ended(months, (position, department), month, usual),
            against_target: judged.against_target(),
            against_past: judged.against_past(),
            shrunk: shrunk((a, b), year.0),
            chance_below: own_target.map(|target| beta_cdf(target, a, b)),
        }
    };
    let cells = series.into_iter().zip(posteriors).map(cell).collect();
    Some(Rare { commitment: position, year, cells })
}

/// The cases of each promise by department and month, up to `last`.
fn series(months: &Months, last: Month) -> BTreeMap<u32, BTreeMap<u32, Series>> {
    let mut series: BTreeMap<u32, BTreeMap<u32, Series>> = BTreeMap::new();
    for (month, counts) in months.range(..=last) {
        for (&(department, commitment, _), counts) in &counts.commitments.days {
            let own = series.entry(commitment).or_default().entry(department).or_default();
            let own = own.entry(*month).or_default();
            *own = (own.0 + counts.0, own.1 + counts.1);
        }
    }
    series
}

fn sum<'c>(counts: impl Iterator<Item = (&'c Month, &'c (u64, u64))>) -> (u64, u64) {
    counts.fold((0, 0), |sum, (_, counts)| (sum.0 + counts.0, sum.1 + counts.1))
}

/// Returns the parameters of each department's beta distribution after its cases: of (judged, breached).
fn posteriors(counts: &[(u64, u64)]) -> Vec<(f64, f64)> {
    let units: Vec<(f64, f64)> =
        counts.iter().map(|&(n, breached)| ((n - breached) as f64, n as f64)).collect();
    let fit = if units.len() > MANY { by_moments(&units) } else { by_likelihood(&units) };
    let own = |(a, b): (f64, f64)| units.iter().map(|&(k, n)| (a + k, b + n - k)).collect();
    match fit {
        Ok(fit) => fit.parameters().map_or_else(
            || {
                let (k, n) = units.iter().fold((0.0, 0.0), |sum, unit| (sum.0 + unit.0, sum.1 + unit.1));
                vec![(0.5 + k, 0.5 + n - k); units.len()]
            },
            own,
        ),
        Err(_) => own((0.5, 0.5)),
    }
}

/// The mean of a beta distribution with its 95 % interval.
fn shrunk((a, b): (f64, f64), n: u64) -> Estimate {
    let value = a / (a + b);
    let end = |p: f64| beta_quantile(p, a, b);
    Estimate {
        value,
        std_error: Some((value * (1.0 - value) / (a + b + 1.0)).sqrt()),
        // In a very skew distribution the mean can lie outside of the quantiles.
        lower: Some(end(0.025).min(value)),
        upper: Some(end(0.975).max(value)),
        n,
        n_effective: a + b,
        marks: Marks::default(),
    }
}

/// Returns the run that the month's first breach ended, where it was so long that cases kept with probability `usual` would have given
/// one with a probability below [`LEVEL`]: one breach in a thousand ends such a run by chance.
fn ended(months: &Months, (commitment, department): (u32, u32), month: Month, usual: f64) -> Option<Run> {
    let days = |counts: &'_ MonthCounts| -> Vec<(Day, (u64, u64))> {
        let key = |day| (department, commitment, Day(day));
        let own = counts.commitments.days.range(key(i32::MIN)..=key(i32::MAX));
        own.map(|(&(_, _, day), counts)| (day, *counts)).collect()
    };
    let now = days(months.get(&month)?);
    let (day, _) = *now.iter().find(|(_, (_, breached))| *breached > 0)?;
    let kept: u64 = now.iter().take_while(|(other, _)| *other < day).map(|(_, (n, _))| n).sum();
    let earlier = months.range(..month).map(|(_, counts)| counts);
    let (before, after) = cases_since_breach(earlier, commitment, department);
    let cases = before + kept;
    (cases as f64 * libm::log(usual) < libm::log(LEVEL)).then_some(Run { cases, after, day })
}
