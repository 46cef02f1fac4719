//! Fisher's exact test of a fourfold table: conditional odds ratio, its exact interval, two-sided p.
//!
//! In: four counts. Out: figures over all tables with the same margins. Deliberately absent: larger tables, Boschloo's and Barnard's tests.

use super::Reason;
use super::peer::{Search, brent};

/// What the conditional distribution of a fourfold table says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FisherTest {
    /// Conditional maximum-likelihood odds ratio; infinite estimates are not told.
    pub odds_ratio: Result<f64, Reason>,
    /// Lower end of its exact interval, 0 where the count is the smallest possible.
    pub lower: f64,
    /// Upper end; nothing where it is infinite.
    pub upper: Option<f64>,
    /// Two-sided p value: all tables that are no likelier than the one seen.
    pub p_value: f64,
}

/// The conditional distribution of the count x in the upper left: log weights of its possible values at odds ratio 1.
struct Conditional {
    low: u64,
    log_weights: Vec<f64>,
    /// Place of the observed count.
    place: usize,
}

/// How far apart, relatively, two probabilities still count as tied: R's 1 + 1e-7.
const TIE: f64 = 1e-7;
/// Largest smallest margin that is worked through; beyond it chi-square tells the same.
const LARGEST_MARGIN: u64 = 1_000_000;

impl Conditional {
    fn new([[a, b], [c, d]]: [[u64; 2]; 2]) -> Self {
        let (row, other, hits) = (a + b, c + d, a + c);
        let (low, high) = (hits.saturating_sub(other), hits.min(row));
        let mut log_weights = vec![0.0];
        for x in low..high {
            // w(x+1)/w(x), with the sums telescoping from the smallest count.
            let up = ((row - x) as f64) * ((hits - x) as f64);
            let down = ((x + 1) as f64) * ((other + x + 1 - hits) as f64);
            log_weights.push(log_weights[log_weights.len() - 1] + libm::log(up / down));
        }
        Self { low, log_weights, place: (a - low) as usize }
    }

    /// Returns the probabilities of the counts at the log odds ratio `theta`.
    fn at(&self, theta: f64) -> Vec<f64> {
        let logs = self.log_weights.iter().enumerate().map(|(i, weight)| weight + theta * i as f64);
        let logs: Vec<f64> = logs.collect();
        let top = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights: Vec<f64> = logs.iter().map(|log| libm::exp(log - top)).collect();
        let total: f64 = weights.iter().sum();
        weights.into_iter().map(|weight| weight / total).collect()
    }

    fn mean(&self, theta: f64) -> f64 {
        self.at(theta).iter().enumerate().map(|(i, p)| i as f64 * p).sum()
    }

    /// P(X ≥ seen) at `theta`, increasing.
    fn upper_tail(&self, theta: f64) -> f64 {
        self.at(theta)[self.place..].iter().rev().sum()
    }

    /// P(X ≤ seen) at `theta`, decreasing.
    fn lower_tail(&self, theta: f64) -> f64 {
        self.at(theta)[..=self.place].iter().sum()
    }

    fn p_value(&self) -> f64 {
        let seen = self.log_weights[self.place] + TIE;
        let top = self.log_weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum = |keep: &dyn Fn(f64) -> bool| -> f64 {
            self.log_weights.iter().filter(|log| keep(**log)).map(|log| libm::exp(log - top)).sum()
        };
        (sum(&|log| log <= seen) / sum(&|_| true)).min(1.0)
    }
}

/// Returns the odds ratio at which a function that increases with its logarithm is 0.
fn odds(search: Search, function: impl Fn(f64) -> f64) -> f64 {
    if search == Search::Peer {
        // The peer searches the ratio, or where it is above 1 its inverse, within 0..1.
        let log = |ratio: f64| libm::log(ratio).max(-1e6);
        return if function(0.0) > 0.0 {
            brent((0.0, 1.0), &|ratio| function(log(ratio)))
        } else {
            1.0 / brent((f64::EPSILON, 1.0), &|inverse| function(-log(inverse)))
        };
    }
    let mut reach: f64 = 4.0;
    while reach < 700.0 && (function(-reach) > 0.0 || function(reach) < 0.0) {
        reach *= 2.0;
    }
    libm::exp(super::root::falling_root((-reach, reach), |theta| -function(theta)))
}

/// Returns Fisher's exact test of the table [[a, b], [c, d]], with the interval of the odds ratio at `level`.
///
/// The odds ratio is the conditional maximum-likelihood one; its ends give tails of (1 − level)/2. Undefined: too few without a case in a row
/// or a column, which leaves one table only, not applicable with a smallest margin above a million. Same p value as R `fisher.test`; with
/// `Search::Peer` also its odds ratio and ends, which stop within 1e-4 of the root (default tolerance of `uniroot`). Work and memory grow with
/// the smallest margin.
pub fn fisher_test(table: [[u64; 2]; 2], level: f64, search: Search) -> Result<FisherTest, Reason> {
    let conditional = check(table)?;
    let last = conditional.log_weights.len() - 1;
    let (place, tail) = (conditional.place, 0.5 - 0.5 * level);
    debug_assert_eq!(conditional.low + place as u64, table[0][0]);
    let odds_ratio = match place {
        0 => Ok(0.0),
        _ if place == last => Err(Reason::NotConverged),
        _ => Ok(odds(search, |theta| conditional.mean(theta) - place as f64)),
    };
    let lower = if place == 0 { 0.0 } else { odds(search, |theta| conditional.upper_tail(theta) - tail) };
    let upper = (place < last).then(|| odds(search, |theta| tail - conditional.lower_tail(theta)));
    Ok(FisherTest { odds_ratio, lower, upper, p_value: conditional.p_value() })
}

/// Returns the one-sided p value of Fisher's exact test: the probability of a count in the upper left as large as it is, or larger.
///
/// Undefined: as [`fisher_test`]. Same value as R `fisher.test(alternative = "greater")`.
pub fn fisher_greater(table: [[u64; 2]; 2]) -> Result<f64, Reason> {
    check(table).map(|conditional| conditional.upper_tail(0.0).min(1.0))
}

/// Returns the conditional distribution of a table that has one.
fn check(table: [[u64; 2]; 2]) -> Result<Conditional, Reason> {
    let total = table.iter().flatten().try_fold(0u64, |sum, count| sum.checked_add(*count));
    let margins = |[[a, b], [c, d]]: [[u64; 2]; 2]| (a + b).min(c + d).min(a + c).min(b + d);
    if total.is_none_or(|total| total > 1 << 53) || margins(table) > LARGEST_MARGIN {
        return Err(Reason::NotApplicable);
    }
    let conditional = Conditional::new(table);
    if conditional.log_weights.len() == 1 { Err(Reason::TooFew) } else { Ok(conditional) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(value: f64, expected: f64, tolerance: f64) {
        assert!((value - expected).abs() <= tolerance * expected.abs(), "{value} is not {expected}");
    }

    #[test]
    fn agrees_with_scipy_and_within_its_tolerance_with_r() {
        // golden/proportions.csv, incident_group/difference: R stops its root search at 1e-4. The exact values: scipy.stats.contingency
        // odds_ratio 1.17, which solves to the last digits.
        let found = fisher_test([[47, 128], [11, 48]], 0.95, Search::Exact).expect("defined");
        close(found.odds_ratio.expect("finite"), 1.5992373601665912, 1e-4);
        close(found.lower, 0.739_872_452_611_559, 1e-4);
        close(found.p_value, 0.22716235500780432, 1e-11);
        close(found.odds_ratio.expect("finite"), 1.599239291320229, 1e-9);
        close(found.lower, 0.7398747127271971, 1e-9);
        close(found.upper.expect("finite"), 3.708733809886204, 1e-9);
    }

    #[test]
    fn tiny_p_values_keep_their_digits() {
        let found = fisher_test([[8981, 21998], [6311, 20791]], 0.95, Search::Exact).expect("defined");
        close(found.p_value, 7.118_898_823_864_954e-55, 1e-9);
    }

    #[test]
    fn one_side_agrees_with_scipy() {
        // scipy.stats.fisher_exact(table, alternative = "greater") of 1.17.
        for (table, expected) in [
            ([[3, 102], [0, 735]], 0.0019044720246002601),
            ([[8, 92], [10, 990]], 7.220336769535635e-05),
            ([[0, 50], [4, 396]], 1.0),
            ([[40, 960], [60, 8940]], 1.791262528738482e-15),
        ] {
            close(fisher_greater(table).expect("defined"), expected, 1e-10);
        }
        assert_eq!(fisher_greater([[0, 5], [0, 4]]), Err(Reason::TooFew));
    }

    #[test]
    fn empty_cells_have_open_ends() {
        let found = fisher_test([[0, 5], [3, 4]], 0.95, Search::Exact).expect("defined");
        assert_eq!((found.odds_ratio, found.lower), (Ok(0.0), 0.0));
        assert!(found.upper.is_some_and(|upper| upper > 1.0));
        let found = fisher_test([[5, 0], [3, 4]], 0.95, Search::Exact).expect("defined");
        assert_eq!((found.odds_ratio, found.upper), (Err(Reason::NotConverged), None));
        assert_eq!(fisher_test([[0, 0], [3, 4]], 0.95, Search::Exact), Err(Reason::TooFew));
        assert_eq!(fisher_test([[2, 0], [3, 0]], 0.95, Search::Exact), Err(Reason::TooFew));
    }

    proptest! {
        #[test]
        fn turning_the_table_turns_the_ratio([a, b, c, d] in prop::array::uniform4(1u64..40)) {
            let one = fisher_test([[a, b], [c, d]], 0.95, Search::Exact).expect("defined");
            let other = fisher_test([[c, d], [a, b]], 0.95, Search::Exact).expect("defined");
            prop_assert!((one.p_value - other.p_value).abs() < 1e-9);
            let ratio = one.odds_ratio.expect("finite");
            prop_assert!((ratio * other.odds_ratio.expect("finite") - 1.0).abs() < 1e-8);
            prop_assert!(one.lower <= ratio && one.upper.expect("finite") >= ratio && one.p_value > 0.0);
        }
    }
}
