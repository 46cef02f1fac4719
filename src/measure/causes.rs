//! What breaches were put down to: causes by how often they occur, what was not coded apart.

use std::collections::BTreeMap;

use super::WHOLE;
use crate::check::UNKNOWN_CAUSE;
use crate::count::{CauseCounts, CauseKey, MonthCounts};
use crate::project::Project;
use crate::stats::Figure;
use crate::stats::proportion::wilson;

/// Share of the coded breaches that the vital few causes make up at least.
const VITAL: f64 = 0.8;

/// The breaches of one cause.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CauseShare {
    /// Position of the cause; nothing for breaches without one, [`UNKNOWN_CAUSE`] for codes that the register does not know.
    pub cause: Option<u32>,
    /// Breaches, excused ones, and how late they were.
    pub counts: CauseCounts,
    /// Share of all breaches.
    pub share: Figure,
}

/// The breaches of a department's promises by cause.
#[derive(Debug, Clone, PartialEq)]
pub struct Pareto {
    /// The causes that occur, most frequent first; breaches without a cause come last.
    pub causes: Vec<CauseShare>,
    /// All breaches.
    pub breaches: u64,
    /// Breaches with a cause of the register.
    pub coded: u64,
    /// How many of the first causes make up four fifths of the coded breaches, and no fewer do.
    pub vital: usize,
    /// Share of the vital few among the coded breaches.
    pub vital_share: Figure,
}

/// Says whether a cause is one of the register.
fn is_known(cause: Option<u32>) -> bool {
    cause.is_some_and(|cause| cause != UNKNOWN_CAUSE)
}

/// Puts the breaches of `department` in order of their causes; nothing where there is no breach. `commitment` picks one promise.
///
/// Intervals are Wilson's for the process behind the breaches. The vital few are picked by the same breaches that their share is
/// counted from, so that the share errs upwards where causes are many and breaches few.
fn pareto(counts: &MonthCounts, department: u32, commitment: Option<u32>) -> Option<Pareto> {
    let is_own = |key: &CauseKey| key.0 == department && commitment.is_none_or(|one| one == key.1);
    let mut all: BTreeMap<Option<u32>, CauseCounts> = Default::default();
    for (key, counts) in counts.commitments.causes.iter().filter(|(key, _)| is_own(key)) {
        all.entry(key.2).or_default().merge(counts);
    }
    let breaches: u64 = all.values().map(|counts| counts.n).sum();
    let coded: u64 = all.iter().filter(|(cause, _)| is_known(**cause)).map(|(_, counts)| counts.n).sum();
    let share = |n: u64, of: u64| wilson(n as f64, of as f64, of as f64);
    let mut causes: Vec<CauseShare> = all
        .into_iter()
        .map(|(cause, counts)| CauseShare { cause, counts, share: share(counts.n, breaches) })
        .collect();
    let rank = |one: &CauseShare| {
        (!is_known(one.cause), one.cause.is_none(), std::cmp::Reverse(one.counts.n), one.cause)
    };
    causes.sort_by_key(rank);
    let mut sum = 0;
    let reached = causes.iter().filter(|one| is_known(one.cause)).position(|one| {
        sum += one.counts.n;
        sum as f64 >= VITAL * coded as f64
    });
    let vital = reached.map_or(0, |last| last + 1);
    (breaches > 0).then(|| Pareto { causes, breaches, coded, vital, vital_share: share(sum, coded) })
}

/// What breaches were put down to: of every department for all its promises together, of the whole for each promise too.
pub fn paretos(
    project: &Project,
    counts: &MonthCounts,
    departments: &[u32],
) -> BTreeMap<(u32, Option<u32>), Pareto> {
    if project.causes.causes.is_empty() {
        return BTreeMap::new();
    }
    let promises = (0..).zip(&project.commitments).map(|(position, _)| (WHOLE, Some(position)));
    let keys = departments.iter().map(|&department| (department, None)).chain(promises);
    keys.filter_map(|key| Some((key, pareto(counts, key.0, key.1)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(rows: &[(u32, Option<u32>, u64)]) -> MonthCounts {
        let mut counts = MonthCounts::default();
        for &(commitment, cause, n) in rows {
            counts.commitments.causes.insert((7, commitment, cause), CauseCounts { n, ..Default::default() });
        }
        counts
    }

    #[test]
    fn the_vital_few_are_the_fewest_that_reach_four_fifths() {
        let counts = counts(&[(0, Some(2), 50), (0, None, 30), (0, Some(1), 30), (1, Some(0), 20)]);
        let all = pareto(&counts, 7, None).unwrap();
        let order: Vec<_> = all.causes.iter().map(|one| (one.cause, one.counts.n)).collect();
        assert_eq!(order, [(Some(2), 50), (Some(1), 30), (Some(0), 20), (None, 30)]);
        assert_eq!((all.breaches, all.coded, all.vital), (130, 100, 2));
        let share = all.vital_share.unwrap();
        assert!((share.value - 0.8).abs() < 1e-12 && share.n == 100);
        // scipy.stats.binomtest(80, 100).proportion_ci(method="wilson")
        assert!(
            (share.lower.unwrap() - 0.711_170_8).abs() < 1e-6
                && (share.upper.unwrap() - 0.866_633_1).abs() < 1e-6
        );
        let one = pareto(&counts, 7, Some(1)).unwrap();
        assert_eq!((one.breaches, one.vital), (20, 1));
    }

    #[test]
    fn a_code_that_the_register_does_not_know_is_no_vital_cause() {
        let counts = counts(&[(0, Some(UNKNOWN_CAUSE), 90), (0, Some(3), 8), (0, None, 20), (0, Some(1), 2)]);
        let all = pareto(&counts, 7, None).unwrap();
        let order: Vec<_> = all.causes.iter().map(|one| one.cause).collect();
        assert_eq!(order, [Some(3), Some(1), Some(UNKNOWN_CAUSE), None]);
        assert_eq!((all.breaches, all.coded, all.vital), (120, 10, 1));
    }

    #[test]
    fn without_breaches_there_is_nothing_and_without_codes_no_vital_cause() {
        assert_eq!(pareto(&counts(&[]), 7, None), None);
        assert_eq!(pareto(&counts(&[(0, Some(0), 3)]), 8, None), None);
        let uncoded = pareto(&counts(&[(0, None, 3)]), 7, None).unwrap();
        assert_eq!((uncoded.coded, uncoded.vital), (0, 0));
        assert!(uncoded.vital_share.is_err());
    }
}
