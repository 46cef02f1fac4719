//! Promises that are almost always kept: breaches are counted, and held against the target and against the department's own past.
//!
//! A share at its ceiling has no useful standard error: nothing here is a z score. Tests are exact; a department's share is drawn to
//! those of the others.

mod exact;

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
        .filter(|(_, one)| matches!(one.status_in(month), Status::Trial | Status::Announced));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Project;
    use crate::project::sample::only;
    use crate::random::Random;

    const SETTINGS: (&str, &str) = ("concord.toml", "name = \"b\"\ntime.from = \"2024-11\"\n");
    const STATEMENT: &str = "[[commitment]]\ncode = \"statement\"\nstatement = \"Printed\"\npromised_to = \"customer\"\n\
        owner = \"branch\"\nobserved = \"log\"\nunit = \"minutes\"\n";
    const LIMITS: &str = "limits = [{ limit = 10, target = 0.98 }]\n";

    fn project(departments: usize, limits: &str) -> Project {
        let rows: String = (0..departments).map(|k| format!("b{k:02},branch\n")).collect();
        let departments = format!("code,profile\n{rows}");
        let commitments = format!("{STATEMENT}{limits}");
        only(&[
            SETTINGS,
            ("registers/departments.csv", &departments),
            ("registers/commitments.toml", &commitments),
        ])
        .unwrap()
    }

    fn first() -> Month {
        Month::new(2024, 11)
    }

    /// Months of cases: (judged, breached) of each department, all judged on the tenth, all broken on the twentieth.
    fn months(departments: &[&[(u64, u64)]]) -> Months {
        let mut months = Months::new();
        for (department, own) in (0..).zip(departments) {
            for (month, &(judged, breached)) in (0..).map(|k| first().plus(k)).zip(*own) {
                let days = &mut months.entry(month).or_default().commitments.days;
                let tenth = month.first_day().plus(9);
                days.insert((department, 0, tenth), (judged - breached, 0));
                if breached > 0 {
                    days.insert((department, 0, tenth.plus(10)), (breached, breached));
                }
            }
        }
        months
    }

    fn found(project: &Project, months: &Months, month: Month) -> Vec<Rare> {
        rare(&Context::new(project, BTreeMap::new()), months, month)
    }

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-9 * expected, "{found} is not {expected}");
    }

    #[test]
    fn tests_are_those_of_scipy() {
        let mut own = vec![(20, 0); 21];
        own.extend([(20, 1), (20, 2), (20, 4)]);
        let other = vec![(20, 1); 24];
        let all = found(&project(2, LIMITS), &months(&[&own, &other]), first().plus(23));
        let cell = &all[0].cells[0];
        assert_eq!((cell.department, cell.month, cell.quarter, cell.year), (0, (20, 4), (60, 7), (240, 7)));
        assert_eq!(cell.since, (0, Some(Month::new(2026, 10).first_day().plus(19))));
        let (target, past) = (cell.against_target.unwrap(), cell.against_past.unwrap());
        // 2 * scipy.stats.binom.sf(6, 60, .02), 2 * scipy.stats.hypergeom.sf(6, 480, 7, 60)
        near(target.p_value, 0.0003907161813591225);
        near(past.p_value, 6.929129097202591e-07);
        assert_eq!((target.months, target.before), (3, None));
        assert_eq!((past.months, past.recent, past.before), (3, (60, 7), Some((420, 0))));
        assert!(cell.is_alarm() && all[0].cells.len() == 2);
        // Of four tests the smallest p counts four times.
        near(past.p_holm, 4.0 * past.p_value);
    }

    #[test]
    fn a_long_run_that_ends_is_told_in_its_month_alone() {
        let mut own = vec![(20, 0); 20];
        own.extend([(20, 1), (20, 1), (20, 0)]);
        // The others keep the promise as often as the target asks.
        let (project, months) = (project(2, LIMITS), months(&[&own, &[(200, 4); 23]]));
        let run = |month: i32| {
            let cells = found(&project, &months, first().plus(month)).remove(0).cells;
            cells.iter().find(|cell| cell.department == 0).unwrap().ended
        };
        let day = first().plus(20).first_day().plus(19);
        assert_eq!(run(20), Some(Run { cases: 419, after: None, day }));
        assert_eq!((run(19), run(21), run(22)), (None, None, None));
    }

    #[test]
    fn shares_are_drawn_together_and_stand_alone_without_others() {
        let quiet = [(40, 0); 12];
        let one = found(&project(1, LIMITS), &months(&[&quiet]), first().plus(11));
        // Jeffreys: Beta(480.5, 0.5).
        let cell = &one[0].cells[0];
        near(cell.shrunk.value, 480.5 / 481.0);
        // scipy.stats.beta.cdf(.98, 480.5, .5)
        near(cell.chance_below.unwrap(), 1.0574538788002429e-05);
        assert!(cell.surprise().is_some_and(|test| test.p_value >= 1.0) && !cell.stands_out());
        let (bad, small) = ([(40, 6); 12], [(1, 0); 12]);
        let all = found(&project(4, LIMITS), &months(&[&quiet, &bad, &small, &quiet]), first().plus(11));
        let of = |department: u32| all[0].cells.iter().find(|cell| cell.department == department).unwrap();
        assert_eq!(all[0].cells[0].department, 1);
        // Twelve cases, all kept, say less than 480: the small one stands nearer to the others, with a wider interval.
        let width = |cell: &RareCell| cell.shrunk.upper.unwrap() - cell.shrunk.lower.unwrap();
        assert!(of(2).shrunk.value < of(0).shrunk.value && width(of(2)) > 3.0 * width(of(0)));
        assert!(of(1).chance_below.unwrap() > 0.999);
    }

    #[test]
    fn months_under_another_limit_are_no_past() {
        let limits =
            "limits = [{ limit = 20, target = 0.98 }, { from = 2025-11-01, limit = 10, target = 0.98 }]\n";
        let mut own = vec![(50, 0); 12];
        own.extend([(50, 4), (50, 4)]);
        let all = found(&project(1, limits), &months(&[&own]), first().plus(13));
        let cell = &all[0].cells[0];
        assert_eq!((cell.against_past, cell.against_target.unwrap().recent), (None, (100, 8)));
    }

    #[test]
    fn hard_cases_have_no_test() {
        let none = Months::new();
        assert!(found(&project(1, LIMITS), &none, first()).is_empty());
        // A single month, a target of 1, a month without data, a promise that is often broken.
        let one = found(&project(1, LIMITS), &months(&[&[(5, 1)]]), first());
        assert!(one[0].cells[0].against_past.is_none() && one[0].cells[0].against_target.is_some());
        let always = "limits = [{ limit = 10, target = 1 }]\n";
        let all =
            found(&project(1, always), &months(&[&[(50, 1), (50, 0), (50, 0), (50, 0)]]), first().plus(3));
        assert!(all[0].cells[0].against_target.is_none() && all[0].cells[0].against_past.is_some());
        let later = found(&project(1, LIMITS), &months(&[&[(5, 0)]]), first().plus(3));
        assert_eq!((later[0].cells[0].month, later[0].cells[0].quarter), ((0, 0), (0, 0)));
        assert!(found(&project(1, LIMITS), &months(&[&[(5, 0)]]), first().plus(12)).is_empty());
        let often = "limits = [{ limit = 10, target = 0.9 }]\n";
        assert!(found(&project(1, often), &months(&[&[(50, 5)]]), first()).is_empty());
        assert_eq!(found(&project(1, often), &months(&[&[(100, 1)]]), first()).len(), 1);
    }

    /// Forty branches of 8 to 60 cases a month that just meet their target, over 24 months.
    #[test]
    fn chance_alone_seldom_rings() {
        let mut random = Random::new(&["rare", "null"]);
        let mut own: Vec<Vec<(u64, u64)>> = Vec::new();
        for department in 0..40 {
            let n = 8 + 4 * (department % 14);
            let broken = |random: &mut Random| (0..n).filter(|_| random.uniform() < 0.02).count() as u64;
            own.push((0..24).map(|_| (n, broken(&mut random))).collect());
        }
        let own: Vec<&[(u64, u64)]> = own.iter().map(Vec::as_slice).collect();
        let (project, months) = (project(40, LIMITS), months(&own));
        let reports: Vec<Vec<Rare>> = (0..24).map(|k| found(&project, &months, first().plus(k))).collect();
        let cells = || reports.iter().flatten().flat_map(|one| &one.cells);
        assert_eq!(cells().count(), 24 * 40);
        assert!(cells().filter(|cell| cell.is_alarm()).count() <= 1);
        assert!(cells().filter(|cell| cell.ended.is_some()).count() <= 1);
    }
}
