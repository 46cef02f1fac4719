//! How answers are given: all alike, or against what the log says.

use std::collections::BTreeMap;

use super::others::each;
use super::{Sign, SignKind};
use crate::count::{AnswerCounts, MonthCounts};
use crate::link::Outcome;
use crate::stats::interval::LEVEL;
use crate::stats::kappa::{Weights, kappa};
use crate::stats::{Estimate, Figure, Marks};

/// What customers saw against what the log says, by the worst of their promises.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// Kept by the log: seen as kept, seen as broken.
    pub kept: [u64; 2],
    /// Broken by the log: the same.
    pub broken: [u64; 2],
    /// Cohen's kappa of the two.
    pub kappa: Figure,
}

impl Seen {
    /// Answers that tell.
    pub fn n(&self) -> u64 {
        self.kept.iter().chain(&self.broken).sum()
    }

    /// Share kept by the log.
    pub fn by_log(&self) -> f64 {
        (self.kept[0] + self.kept[1]) as f64 / self.n() as f64
    }

    /// Share kept as customers saw it.
    pub fn as_seen(&self) -> f64 {
        (self.kept[0] + self.broken[0]) as f64 / self.n() as f64
    }
}

/// Tells what customers saw, by department; those without an answer that tells are left out.
pub(super) fn seen(counts: &MonthCounts, departments: &[u32]) -> BTreeMap<u32, Seen> {
    let everyone =
        departments.iter().filter_map(|&department| Some((department, seen_in(counts, department)?)));
    everyone.collect()
}

fn seen_in(counts: &MonthCounts, department: u32) -> Option<Seen> {
    let sides = |outcomes: &[Outcome]| {
        let own = outcomes.iter().filter_map(|one| counts.response.answers.get(&(department, Some(*one))));
        own.fold([0, 0], |sum, one| [sum[0] + one.seen_kept, sum[1] + one.seen_broken])
    };
    let kept = sides(&[Outcome::Kept]);
    let broken = sides(&[Outcome::BreachedRemedied, Outcome::BreachedUnremedied]);
    let seen = Seen { kept, broken, kappa: agreement(kept, broken) };
    (seen.n() > 0).then_some(seen)
}

/// Returns Cohen's kappa of two yes-or-no judgements.
fn agreement(kept: [u64; 2], broken: [u64; 2]) -> Figure {
    let found = kappa(&[kept[0], kept[1], broken[0], broken[1]], 2, Weights::Unweighted)?;
    let (lower, upper) = found.interval(LEVEL);
    Ok(Estimate {
        value: found.value,
        std_error: Some(found.variance.sqrt()),
        lower: Some(lower),
        upper: Some(upper),
        n: found.n,
        n_effective: found.n as f64,
        marks: Marks::default(),
    })
}

/// Tests every department: do more customers than elsewhere see a broken promise where the log has a kept one?
pub(super) fn not_as_seen(counts: &MonthCounts, leaves: &[u32]) -> Vec<Sign> {
    let unit = |department: &u32| {
        let [kept, broken] = seen_in(counts, *department).map_or([0, 0], |seen| seen.kept);
        (broken, kept + broken)
    };
    tests(SignKind::NotAsSeen, leaves, unit)
}

/// Tests every department: do more answers than elsewhere give every question the same answer?
pub(super) fn straight_lining(counts: &MonthCounts, leaves: &[u32]) -> Vec<Sign> {
    let unit = |department: &u32| {
        let own = counts.response.answers.range((*department, None)..);
        let mut all = AnswerCounts::default();
        own.take_while(|(key, _)| key.0 == *department).for_each(|(_, one)| all.merge(one));
        (all.straight, all.lines)
    };
    tests(SignKind::StraightLining, leaves, unit)
}

fn tests(kind: SignKind, leaves: &[u32], unit: impl Fn(&u32) -> (u64, u64)) -> Vec<Sign> {
    let units: Vec<(u64, u64)> = leaves.iter().map(unit).collect();
    let test = |((&department, &unit), found)| Some(Sign::new(kind, department, unit, found?));
    leaves.iter().zip(&units).zip(each(&units)).filter_map(test).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Reason;

    fn counts(rows: &[(u32, Outcome, AnswerCounts)]) -> MonthCounts {
        let mut counts = MonthCounts::default();
        for &(department, outcome, answers) in rows {
            counts.response.answers.insert((department, Some(outcome)), answers);
        }
        counts
    }

    fn seen_as(kept: u64, broken: u64) -> AnswerCounts {
        AnswerCounts { n: kept + broken, seen_kept: kept, seen_broken: broken, ..AnswerCounts::default() }
    }

    #[test]
    fn agreement_is_cohens_kappa_of_the_log_and_the_customers() {
        let counts = counts(&[
            (0, Outcome::Kept, seen_as(20, 5)),
            (0, Outcome::BreachedRemedied, seen_as(4, 6)),
            (0, Outcome::BreachedUnremedied, seen_as(6, 9)),
            (0, Outcome::NoCase, seen_as(7, 7)),
            (1, Outcome::Kept, seen_as(9, 0)),
        ]);
        let found = seen(&counts, &[0, 1, 2]);
        let all = found[&0];
        // statsmodels cohens_kappa([[20, 5], [10, 15]]).
        assert!((all.kappa.unwrap().value - 0.4).abs() < 1e-12 && all.n() == 50);
        assert!((all.by_log() - 0.5).abs() < 1e-12 && (all.as_seen() - 0.6).abs() < 1e-12);
        assert_eq!(found[&1].kappa, Err(Reason::NoVariation));
        assert!(!found.contains_key(&2));
    }

    #[test]
    fn lines_are_held_against_the_other_departments() {
        let straight = |straight| AnswerCounts { n: 200, lines: 200, straight, ..AnswerCounts::default() };
        let rows: Vec<(u32, Outcome, AnswerCounts)> = (0..8)
            .map(|one| (one, Outcome::Kept, straight(if one == 0 { 60 } else { 8 + u64::from(one) })))
            .collect();
        let found = straight_lining(&counts(&rows), &[0, 1, 2, 3, 4, 5, 6, 7]);
        assert!(found[0].p_value < 1e-9 && found[0].hits == 60, "{found:?}");
        assert!(found[1..].iter().all(|sign| sign.p_value > 0.05));
        assert!(straight_lining(&MonthCounts::default(), &[0, 1, 2, 3]).is_empty());
    }
}
