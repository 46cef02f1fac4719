//! What was done about breaches: how many were remedied, in time, how, after how long; and what excused ones would change.

use std::collections::{BTreeMap, BTreeSet};

use super::WHOLE;
use crate::calendar::Calendar;
use crate::check::Remedy;
use crate::count::{Cell, Distribution, Measured, MonthCounts, OutcomeCounts, RemedyCounts};
use crate::project::{Clock, Commitment, Project};
use crate::stats::interval::LEVEL;
use crate::stats::proportion::wilson;
use crate::stats::quantile::median;
use crate::stats::survival::{Curve, Lifetime, Scale, kaplan_meier};
use crate::stats::{Estimate, Figure, Marks, Reason};

/// What was done about the breaches of one promise of a department, or of all its promises together.
#[derive(Debug, Clone, PartialEq)]
pub struct Remedies {
    /// Breaches.
    pub breaches: u64,
    /// Excused ones among them.
    pub excused: u64,
    /// Breaches whose limit of the remedy was not over when the books closed.
    pub pending: u64,
    /// Breaches without a limit of the remedy.
    pub without_limit: u64,
    /// The kinds of remedy that occur.
    pub kinds: Vec<KindOfRemedy>,
    /// Share of the breaches that were remedied.
    pub remedied: Figure,
    /// Share remedied within the remedy's own limit, among the breaches whose limit was over when the books closed.
    pub in_time: Figure,
    /// Share of kept cases; not applicable to all promises together, in which the frequent ones would drown the others.
    pub kept: Figure,
    /// The same as if excused breaches had been kept.
    pub kept_or_excused: Figure,
    /// How long remedies took.
    pub time: TimeToRemedy,
}

/// One kind of remedy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KindOfRemedy {
    /// The kind.
    pub kind: Remedy,
    /// Its counts.
    pub counts: RemedyCounts,
    /// Its share of the remedied breaches.
    pub share: Figure,
    /// Share in time among its breaches.
    pub in_time: Figure,
}

/// Time from the due time to the remedy, in seconds of the clock of the remedy's limit; not comparable where promises have different clocks.
#[derive(Debug, Clone, PartialEq)]
pub struct TimeToRemedy {
    /// Share not yet remedied by time, of all departments together; breaches that were not remedied are censored when the books closed.
    pub curve: Option<Curve>,
    /// Time after which half of all breaches were remedied; too few where fewer than half were.
    pub median: Figure,
    /// Median time of those that were remedied.
    pub median_of_remedied: Figure,
    /// Share remedied by the limit, from the curve.
    pub by_limit: Figure,
    /// The clock, where all promises have the same.
    pub clock: Option<Clock>,
    /// The limit in seconds, where it is the same for all.
    pub limit: Option<i64>,
    /// Seconds in a day of the clock, where they are the same for all.
    pub day: Option<i64>,
}

/// What was done about breaches: of every department for all its promises together, of the whole for each promise too.
///
/// Nothing for a project that declares no limit of remedies and remedied nothing.
pub fn remedies(
    project: &Project,
    counts: &MonthCounts,
    departments: &[u32],
) -> BTreeMap<(u32, Option<u32>), Remedies> {
    let is_remedied = counts.commitments.remedies.keys().any(|(.., kind)| kind.is_some());
    if !is_remedied && project.commitments.iter().all(|one| one.remedy_limit.is_none()) {
        return BTreeMap::new();
    }
    let promises = (0..).zip(&project.commitments).map(|(position, _)| (WHOLE, Some(position)));
    let keys = departments.iter().map(|&department| (department, None)).chain(promises);
    keys.filter_map(|key| Some((key, of(project, counts, key)?))).collect()
}

/// Returns the share remedied in time of one promise of a department.
///
/// Undefined: too few without a breach whose limit was over, not measured where no breach has a limit of its remedy.
pub(super) fn in_time(counts: &MonthCounts, commitment: u32, department: u32) -> Figure {
    let mut all = RemedyCounts::default();
    by_kind(counts, (department, Some(commitment))).values().for_each(|one| all.merge(one));
    in_time_of(&all)
}

fn in_time_of(all: &RemedyCounts) -> Figure {
    match all.judged() {
        0 if all.n > 0 && all.pending == 0 => Err(Reason::NotMeasured),
        judged => wilson(all.in_time as f64, judged as f64, judged as f64),
    }
}

type Key = (u32, Option<u32>);

fn by_kind(counts: &MonthCounts, (department, commitment): Key) -> BTreeMap<Option<Remedy>, RemedyCounts> {
    let (first, last) = commitment.map_or((0, u32::MAX), |one| (one, one));
    let own = counts.commitments.remedies.range((department, first, None)..);
    let own = own.take_while(|(key, _)| key.0 == department && key.1 <= last);
    let mut kinds: BTreeMap<Option<Remedy>, RemedyCounts> = BTreeMap::new();
    for (key, counts) in own {
        kinds.entry(key.2).or_default().merge(counts);
    }
    kinds
}

fn of(project: &Project, counts: &MonthCounts, key: Key) -> Option<Remedies> {
    let kinds = by_kind(counts, key);
    let mut all = RemedyCounts::default();
    kinds.values().for_each(|one| all.merge(one));
    let unremedied = kinds.get(&None).map_or(0, |one| one.n);
    let remedied = all.n - unremedied;
    let share = |k: u64, n: u64| wilson(k as f64, n as f64, n as f64);
    let kind = |(kind, counts): (&Option<Remedy>, &RemedyCounts)| {
        Some(KindOfRemedy {
            kind: (*kind)?,
            counts: *counts,
            share: share(counts.n, remedied),
            in_time: in_time_of(counts),
        })
    };
    let outcomes = outcomes(counts, key);
    let kept = |k: u64| match key.1 {
        Some(_) => share(k, outcomes.judged()),
        None => Err(Reason::NotApplicable),
    };
    (all.n > 0).then(|| Remedies {
        breaches: all.n,
        excused: outcomes.excused,
        pending: all.pending,
        without_limit: all.without_limit,
        kinds: kinds.iter().filter_map(kind).collect(),
        remedied: share(remedied, all.n),
        in_time: in_time_of(&all),
        kept: kept(outcomes.kept),
        kept_or_excused: kept(outcomes.kept + outcomes.excused),
        time: time(project, counts, key),
    })
}

fn outcomes(counts: &MonthCounts, (department, commitment): Key) -> OutcomeCounts {
    let is_own = |own: &u32| commitment.is_none_or(|one| one == *own);
    let own = counts.commitments.outcomes.range((Cell::whole(department), 0)..);
    let own = own.take_while(|((cell, _), _)| *cell == Cell::whole(department));
    let mut all = OutcomeCounts::default();
    own.filter(|((_, own), _)| is_own(own)).for_each(|(_, one)| all.merge(one));
    all
}

fn time(project: &Project, counts: &MonthCounts, key: Key) -> TimeToRemedy {
    let rules = Rules::of(project, counts, key);
    let distribution = |measured: Measured| {
        let mut all = Distribution::default();
        for position in rules.promises.iter().copied() {
            let own = counts.commitments.distributions.get(&(key.0, position, measured));
            own.iter().for_each(|own| all.merge(own));
        }
        all
    };
    let (remedied, unremedied) = (distribution(Measured::Remedy), distribution(Measured::Unremedied));
    let marks = Marks { approximate: remedied.binned || unremedied.binned, ..Marks::default() };
    let marked = |one: Estimate| Estimate { marks, ..one };
    let clock = rules.clock.ok_or(Reason::NotComparable);
    let curve = clock.and_then(|_| curve(&remedied, &unremedied));
    let of_remedied: Vec<(i64, u64)> = remedied.counts.iter().map(|(&value, &n)| (value, n)).collect();
    TimeToRemedy {
        median: curve.as_ref().map_err(|reason| *reason).and_then(median_of).map(marked),
        median_of_remedied: clock.and_then(|_| median(&of_remedied)).map(marked),
        by_limit: match (&curve, rules.limit) {
            (Err(reason), _) => Err(*reason),
            (_, None) => Err(Reason::NotMeasured),
            (Ok(curve), Some(limit)) => reached(curve, limit as f64).map(marked),
        },
        curve: curve.ok().filter(|_| key.0 == WHOLE),
        clock: rules.clock,
        limit: rules.limit,
        day: rules.day,
    }
}

fn curve(remedied: &Distribution, unremedied: &Distribution) -> Result<Curve, Reason> {
    let lives = |distribution: &Distribution, event: bool| -> Vec<Lifetime> {
        let life = |(&time, &count): (&i64, &u64)| Lifetime { time: time as f64, event, count };
        distribution.counts.iter().map(life).collect()
    };
    kaplan_meier(&[lives(remedied, true), lives(unremedied, false)].concat())
}

fn median_of(curve: &Curve) -> Figure {
    let median = curve.median(Scale::LogLog, LEVEL);
    Ok(Estimate {
        value: median.value?,
        std_error: None,
        lower: median.lower.ok(),
        upper: median.upper.ok(),
        n: curve.n,
        n_effective: curve.n as f64,
        marks: Marks::default(),
    })
}

/// Returns the share remedied by `time` with its interval, symmetric on the double-log scale; a gap where nothing was observed for so long.
fn reached(curve: &Curve, time: f64) -> Figure {
    let survival = curve.survival(time)?;
    let step = curve.at(time);
    let ends = step.and_then(|step| step.interval(Scale::LogLog, LEVEL).ok());
    Ok(Estimate {
        value: 1.0 - survival,
        std_error: step.map(|step| survival * step.log_variance.sqrt()).filter(|error| error.is_finite()),
        lower: ends.map(|ends| 1.0 - ends.1),
        upper: ends.map(|ends| 1.0 - ends.0),
        n: curve.n,
        n_effective: curve.n as f64,
        marks: Marks::default(),
    })
}

/// The promises with breaches, and what their limits of remedies have in common.
struct Rules {
    promises: BTreeSet<u32>,
    clock: Option<Clock>,
    limit: Option<i64>,
    day: Option<i64>,
}

impl Rules {
    fn of(project: &Project, counts: &MonthCounts, (department, commitment): Key) -> Self {
        let own = counts.commitments.remedies.range((department, 0, None)..);
        let own = own.take_while(|(key, _)| key.0 == department).map(|(key, _)| key.1);
        let promises: BTreeSet<u32> = own.filter(|own| commitment.is_none_or(|one| one == *own)).collect();
        let (mut clocks, mut limits, mut days) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for promise in promises.iter().map(|&position| &project.commitments[position as usize]) {
            let limit = promise.remedy_limit.as_ref().map(|limit| limit.time);
            let clock = limit.map_or(Clock::Elapsed, |limit| limit.clock);
            clocks.insert(clock);
            for calendar in calendars(project, promise, department) {
                limits.insert(limit.and_then(|limit| limit.seconds(calendar)));
                days.insert(clock.day(calendar));
            }
        }
        Self { promises, clock: only(clocks), limit: only(limits).flatten(), day: only(days).flatten() }
    }
}

fn only<T: Copy + Ord>(set: BTreeSet<T>) -> Option<T> {
    set.first().copied().filter(|_| set.len() == 1)
}

/// The calendars that may count the remedies of a promise: one where it is named or the department has it, else all of the project.
fn calendars<'p>(project: &'p Project, promise: &Commitment, department: u32) -> Vec<Option<&'p Calendar>> {
    let named = promise.calendar.is_some()
        || promise.remedy_limit.as_ref().is_some_and(|limit| limit.calendar.is_some());
    let is_leaf = project.departments.get(department as usize).is_some_and(|own| own.leaf);
    let all = &project.calendars.calendars;
    if named || is_leaf || all.is_empty() {
        return vec![project.remedy_calendar(promise, department)];
    }
    all.iter().map(Some).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::sample::project;
    use crate::project::{RemedyLimit, TimeLimit, Unit};

    const DAY: i64 = 86_400;

    fn limited() -> Project {
        let mut project = project();
        let time = TimeLimit { limit: 2.0, unit: Unit::Days, clock: Clock::Elapsed, cutoff: None };
        project.commitments[0].remedy_limit = Some(RemedyLimit { time, calendar: None });
        project
    }

    /// Twelve breaches of the first commitment by all departments: remedied after each of these days, the others open for eight days.
    fn counts(days: &[i64]) -> MonthCounts {
        let mut counts = MonthCounts::default();
        let unremedied = 12 - days.len() as u64;
        let n_in_time = days.iter().filter(|&&days| days <= 2).count() as u64;
        let own = &mut counts.commitments;
        let kind = |n, in_time| RemedyCounts { n, in_time, ..RemedyCounts::default() };
        own.remedies.insert((WHOLE, 0, Some(Remedy::Gift)), kind(days.len() as u64, n_in_time));
        own.remedies.insert((WHOLE, 0, None), kind(unremedied, 0));
        days.iter().for_each(|days| {
            own.distributions.entry((WHOLE, 0, Measured::Remedy)).or_default().add(days * DAY, 1);
        });
        own.distributions.entry((WHOLE, 0, Measured::Unremedied)).or_default().add(8 * DAY, unremedied);
        let outcomes = OutcomeCounts { kept: 80, excused: 3, breached_unremedied: 12, ..Default::default() };
        own.outcomes.insert((Cell::whole(WHOLE), 0), outcomes);
        counts
    }

    #[test]
    fn shares_times_and_excused_breaches_are_told_beside_one_another() {
        let all = remedies(&limited(), &counts(&[1, 1, 2, 5]), &[WHOLE]);
        let one = &all[&(WHOLE, Some(0))];
        assert_eq!(
            (one.breaches, one.excused, one.time.limit, one.time.day),
            (12, 3, Some(2 * DAY), Some(DAY))
        );
        let value = |figure: Figure| figure.unwrap().value;
        assert!((value(one.remedied) - 4.0 / 12.0).abs() < 1e-12);
        assert!((value(one.in_time) - 3.0 / 12.0).abs() < 1e-12);
        assert!((value(one.time.by_limit) - 3.0 / 12.0).abs() < 1e-12);
        assert!((value(one.kept) - 80.0 / 92.0).abs() < 1e-12);
        assert!((value(one.kept_or_excused) - 83.0 / 92.0).abs() < 1e-12);
        assert!((value(one.time.median_of_remedied) - 1.5 * DAY as f64).abs() < 1e-6);
        assert_eq!(one.time.median, Err(Reason::TooFew), "fewer than half were remedied");
        assert_eq!(all[&(WHOLE, None)].kept, Err(Reason::NotApplicable));
        assert_eq!((one.kinds.len(), one.kinds[0].kind, one.kinds[0].counts.n), (1, Remedy::Gift, 4));
    }

    #[test]
    fn the_share_by_the_limit_has_the_interval_of_the_curve() {
        // numpy: S(2) = 10/12 · 9/10, Greenwood's 2/(12 · 10) + 1/(10 · 9), 95 % on the double-log scale.
        let all = remedies(&limited(), &counts(&[1, 1, 2, 5]), &[WHOLE]);
        let found = all[&(WHOLE, Some(0))].time.by_limit.unwrap();
        assert!(
            (found.lower.unwrap() - 0.08827959387430173).abs() < 1e-9
                && (found.upper.unwrap() - 0.591584086848405).abs() < 1e-9,
            "{found:?}"
        );
    }

    #[test]
    fn different_clocks_are_not_pooled_and_no_breach_is_nothing() {
        let mut project = limited();
        let mut both = counts(&[1]);
        both.commitments
            .remedies
            .insert((WHOLE, 1, None), RemedyCounts { n: 1, without_limit: 1, ..Default::default() });
        let all = remedies(&project, &both, &[WHOLE]);
        assert_eq!(all[&(WHOLE, None)].time.clock, Some(Clock::Elapsed));
        assert_eq!(all[&(WHOLE, None)].time.limit, None, "one of them has no limit");
        assert_eq!(all[&(WHOLE, Some(1))].in_time, Err(Reason::NotMeasured));
        let working = TimeLimit { limit: 2.0, unit: Unit::Days, clock: Clock::Working, cutoff: None };
        project.commitments[1].remedy_limit = Some(RemedyLimit { time: working, calendar: None });
        let all = remedies(&project, &both, &[WHOLE]);
        assert_eq!(all[&(WHOLE, None)].time.median_of_remedied, Err(Reason::NotComparable));
        assert!(all[&(WHOLE, Some(0))].time.median_of_remedied.is_ok());
        assert!(remedies(&project, &MonthCounts::default(), &[WHOLE]).is_empty());
        assert_eq!(in_time(&both, 0, 3), Err(Reason::TooFew));
    }

    #[test]
    fn a_project_without_limits_and_remedies_has_no_figures() {
        assert!(!remedies(&project(), &counts(&[]), &[WHOLE]).is_empty());
        let mut none = counts(&[]);
        none.commitments.remedies.remove(&(WHOLE, 0, Some(Remedy::Gift)));
        assert!(remedies(&project(), &none, &[WHOLE]).is_empty());
    }
}
