//! The log-rank test: whether groups have their events equally fast.
//!
//! In: cases of several groups. Out: observed and expected events, chi-square. Deliberately absent: weights that stress early events.

use super::Reason;
use super::linear::Cholesky;
use super::survival::Lifetime;
use super::two_shares::ChiSquare;

/// A log-rank test.
#[derive(Debug, Clone, PartialEq)]
pub struct LogRank {
    /// Events of each group.
    pub observed: Vec<f64>,
    /// Events each group would have if all had them equally fast.
    pub expected: Vec<f64>,
    /// The test, one degree of freedom fewer than groups with an expected event.
    pub test: ChiSquare,
}

/// Below this share of its own variance a group's remaining variance is rounding.
const DEPENDENT: f64 = 1e-10;

/// Returns the log-rank test of groups of cases (Mantel 1966).
///
/// Undefined: too few below two groups with cases at risk at an event, no variation when no time has events and survivors, not applicable
/// with a time below 0 or not finite. Same values as R `survival::survdiff`.
pub fn log_rank(groups: &[Vec<Lifetime>]) -> Result<LogRank, Reason> {
    let tagged =
        groups.iter().enumerate().flat_map(|(group, cases)| cases.iter().map(move |case| (group, case)));
    let mut cases: Vec<(usize, &Lifetime)> = tagged.filter(|(_, case)| case.count > 0).collect();
    if cases.iter().any(|(_, case)| !(case.time >= 0.0 && case.time.is_finite())) {
        return Err(Reason::NotApplicable);
    }
    cases.sort_by(|a, b| a.1.time.total_cmp(&b.1.time));
    let k = groups.len();
    let mut at_risk = vec![0.0; k];
    cases.iter().for_each(|(group, case)| at_risk[*group] += case.count as f64);
    let (mut observed, mut expected, mut variance) = (vec![0.0; k], vec![0.0; k], vec![0.0; k * k]);
    for tied in cases.chunk_by(|a, b| a.1.time >= b.1.time) {
        let total: f64 = at_risk.iter().sum();
        let events: f64 = tied.iter().filter(|(_, case)| case.event).map(|(_, case)| case.count as f64).sum();
        let scale = if total > 1.0 { events * (total - events) / (total - 1.0) } else { 0.0 };
        for i in 0..k {
            let share = at_risk[i] / total;
            expected[i] += events * share;
            for j in 0..k {
                let own = if i == j { 1.0 } else { 0.0 };
                variance[i * k + j] += scale * share * (own - at_risk[j] / total);
            }
        }
        for (group, case) in tied {
            at_risk[*group] -= case.count as f64;
            observed[*group] += if case.event { case.count as f64 } else { 0.0 };
        }
    }
    let test = chi_square(&observed, &expected, &variance)?;
    Ok(LogRank { observed, expected, test })
}

/// Returns (O−E)′V⁻(O−E) over the groups with an expected event, the last of them left out.
fn chi_square(observed: &[f64], expected: &[f64], variance: &[f64]) -> Result<ChiSquare, Reason> {
    let k = expected.len();
    let present: Vec<usize> = (0..k).filter(|&group| expected[group] > 0.0).collect();
    let Some((_, kept)) = present.split_last().filter(|(_, kept)| !kept.is_empty()) else {
        return Err(Reason::TooFew);
    };
    let matrix: Vec<f64> =
        kept.iter().flat_map(|&i| kept.iter().map(move |&j| variance[i * k + j])).collect();
    let gaps: Vec<f64> = kept.iter().map(|&group| observed[group] - expected[group]).collect();
    let cholesky = Cholesky::new(&matrix, kept.len(), DEPENDENT);
    let df = kept.len() - cholesky.n_dependent;
    if df == 0 {
        return Err(Reason::NoVariation);
    }
    let statistic: f64 = gaps.iter().zip(cholesky.solve(&gaps)).map(|(gap, solved)| gap * solved).sum();
    Ok(ChiSquare::new(statistic.max(0.0), df as f64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn group(times: &[f64], events: &[u8]) -> Vec<Lifetime> {
        let one = |(&time, &event): (&f64, &u8)| Lifetime { time, event: event == 1, count: 1 };
        times.iter().zip(events).map(one).collect()
    }

    #[test]
    fn agrees_with_the_published_test() {
        // Freireich and others (1963): chi-square 16.79 with 1 degree of freedom, expected events 19.25 and 10.75.
        let treated = group(
            &[
                6.0, 6.0, 6.0, 6.0, 7.0, 9.0, 10.0, 10.0, 11.0, 13.0, 16.0, 17.0, 19.0, 20.0, 22.0, 23.0,
                25.0, 32.0, 32.0, 34.0, 35.0,
            ],
            &[1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0],
        );
        let placebo = group(
            &[
                1.0, 1.0, 2.0, 2.0, 3.0, 4.0, 4.0, 5.0, 5.0, 8.0, 8.0, 8.0, 8.0, 11.0, 11.0, 12.0, 12.0,
                15.0, 17.0, 22.0, 23.0,
            ],
            &[1; 21],
        );
        let found = log_rank(&[treated, placebo]).expect("defined");
        assert_eq!(found.observed, [9.0, 21.0]);
        // statsmodels 0.15 survdiff.
        assert!((found.test.statistic - 16.792940989216532).abs() < 1e-9, "{}", found.test.statistic);
        assert!((found.expected[0] - 19.25).abs() < 0.005);
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(log_rank(&[]), Err(Reason::TooFew));
        assert_eq!(log_rank(&[group(&[1.0], &[1]), vec![]]), Err(Reason::TooFew));
        assert_eq!(log_rank(&[group(&[1.0], &[0]), group(&[2.0], &[0])]), Err(Reason::TooFew));
        assert_eq!(log_rank(&[group(&[1.0], &[1]), group(&[1.0], &[1])]), Err(Reason::NoVariation));
        assert_eq!(log_rank(&[group(&[f64::NAN], &[1])]), Err(Reason::NotApplicable));
    }

    proptest! {
        #[test]
        fn the_order_of_groups_changes_nothing(rows in prop::collection::vec((0usize..4, 0u8..15, any::<bool>()), 2..50)) {
            let mut groups = vec![Vec::new(); 4];
            rows.iter().for_each(|&(group, time, event)| {
                groups[group].push(Lifetime { time: f64::from(time), event, count: 1 });
            });
            let one = log_rank(&groups);
            groups.rotate_left(1);
            match (one, log_rank(&groups)) {
                (Ok(one), Ok(other)) => {
                    prop_assert!((one.test.statistic - other.test.statistic).abs() < 1e-6);
                    let (seen, expected): (f64, f64) = (one.observed.iter().sum(), one.expected.iter().sum());
                    prop_assert!((seen - expected).abs() < 1e-9 && one.test.p_value <= 1.0);
                }
                (one, other) => prop_assert_eq!(one.is_ok(), other.is_ok()),
            }
        }
    }
}
