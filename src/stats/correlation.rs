//! Correlations: Pearson and Spearman with the interval that each deserves.
//!
//! In: two slices of the same length, without gaps (`complete_pairs` makes them). Out: a correlation with interval and p value.
//! Deliberately absent: panels (a department-month correlation belongs to `panel`).

use super::distribution::{Z_975, student_two_sided};
use super::interval;
use super::scale::in_unit;
use super::{Estimate, Marks, Reason};

/// z₀.₈₀, for a power of .80.
const Z_80: f64 = 0.841_621_233_572_914_3;

/// A correlation with its test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Correlation {
    /// The coefficient with its 95 % interval; the standard error is on the scale of r.
    pub estimate: Estimate,
    /// Two-sided p value of no correlation.
    pub p_value: Option<f64>,
    /// Degrees of freedom of the t form; n − 2 for plain correlations.
    pub df: f64,
}

/// Returns the rows in which both sides have a value.
pub fn complete_pairs(x: &[Option<f64>], y: &[Option<f64>]) -> (Vec<f64>, Vec<f64>) {
    x.iter().zip(y).filter_map(|(x, y)| Some((finite(*x)?, finite(*y)?))).unzip()
}

fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite())
}

/// Returns Pearson's correlation with Fisher's interval, z ± 1.96/√(n−3), and the p value of t = r√((n−2)/(1−r²)).
///
/// The interval is absent below four rows. Undefined: too few below three rows, no variation when either side is constant. Same values as R
/// `cor.test`; golden/correlation.csv.
pub fn pearson(x: &[f64], y: &[f64]) -> Result<Correlation, Reason> {
    let r = coefficient(x, y)?;
    let n = x.len() as f64;
    Ok(tested(r, n, 1.0 / (n - 3.0).max(0.0).sqrt()))
}

/// Returns Spearman's correlation: Pearson's of the midranks, with the standard error √((1+ρ²/2)/(n−3)) on Fisher's scale.
///
/// Bonett and Wright (2000); p by the t form. Defined as `pearson` is. Same coefficient and p as R `cor.test(exact = FALSE)`.
pub fn spearman(x: &[f64], y: &[f64]) -> Result<Correlation, Reason> {
    let r = coefficient(&midranks(x), &midranks(y))?;
    let n = x.len() as f64;
    Ok(tested(r, n, ((1.0 + 0.5 * r * r) / (n - 3.0).max(0.0)).sqrt()))
}

fn tested(r: f64, n: f64, std_error_z: f64) -> Correlation {
    let df = n - 2.0;
    let ends = (n > 3.0).then(|| interval::fisher(r, Z_975 * std_error_z));
    let estimate = Estimate {
        value: r,
        std_error: ends.map(|_| (1.0 - r * r) * std_error_z),
        lower: ends.map(|ends| ends.0),
        upper: ends.map(|ends| ends.1),
        n: n as u64,
        n_effective: n,
        marks: Marks::default(),
    };
    Correlation { estimate, p_value: p_value(r, df), df }
}

/// Returns the two-sided p value of r√(df/(1−r²)) with `df` degrees of freedom; nothing without any.
pub fn p_value(r: f64, df: f64) -> Option<f64> {
    (df > 0.0).then(|| student_two_sided(r * (df / (1.0 - r * r).max(0.0)).sqrt(), df))
}

/// Returns Pearson's coefficient alone, in two passes about the means.
///
/// Values are first taken from the first of them, so that a constant column is exactly constant and a huge offset costs nothing.
pub fn coefficient(x: &[f64], y: &[f64]) -> Result<f64, Reason> {
    if x.len() < 3 || x.len() != y.len() {
        return Err(Reason::TooFew);
    }
    let (x, y) = (deviations(x), deviations(y));
    let (xx, xy, yy) = (product(&x, &x), product(&x, &y), product(&y, &y));
    if xx <= 0.0 || yy <= 0.0 {
        return Err(Reason::NoVariation);
    }
    Ok((xy / (xx.sqrt() * yy.sqrt())).clamp(-1.0, 1.0))
}

/// Returns the values minus their mean.
pub fn centred(values: &[f64]) -> Vec<f64> {
    let first = values.first().copied().unwrap_or(0.0);
    let mean = values.iter().map(|value| value - first).sum::<f64>() / values.len() as f64;
    values.iter().map(|value| (value - first) - mean).collect()
}

/// Returns the values minus their mean in a unit in which their squares are numbers, for statistics that know no unit.
pub fn deviations(values: &[f64]) -> Vec<f64> {
    centred(&in_unit(values))
}

/// Returns Σxy.
pub fn product(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

/// Returns the ranks 1..=n of the values, ties sharing the mean of theirs.
pub fn midranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut below = 0;
    for tied in order.chunk_by(|&a, &b| values[a].partial_cmp(&values[b]) == Some(std::cmp::Ordering::Equal))
    {
        let rank = below as f64 + 0.5 * (tied.len() as f64 + 1.0);
        tied.iter().for_each(|&place| ranks[place] = rank);
        below += tied.len();
    }
    ranks
}

/// Returns the smallest |r| that a test at 5 % with `df` degrees of freedom sees with power .80: tanh((1.96 + 0.84) / √(df − 1)).
///
/// For a plain correlation df = n − 2. Undefined (too few) at one degree of freedom or less.
pub fn smallest_detectable(df: f64) -> Result<f64, Reason> {
    if df > 1.0 { Ok(libm::tanh((Z_975 + Z_80) / (df - 1.0).sqrt())) } else { Err(Reason::TooFew) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    // R datasets::attitude, 30 departments.
    const RATING: [f64; 30] = [
        43.0, 63.0, 71.0, 61.0, 81.0, 43.0, 58.0, 71.0, 72.0, 67.0, 64.0, 67.0, 69.0, 68.0, 77.0, 81.0, 74.0,
        65.0, 65.0, 50.0, 50.0, 64.0, 53.0, 40.0, 63.0, 66.0, 78.0, 48.0, 85.0, 82.0,
    ];
    const COMPLAINTS: [f64; 30] = [
        51.0, 64.0, 70.0, 63.0, 78.0, 55.0, 67.0, 75.0, 82.0, 61.0, 53.0, 60.0, 62.0, 83.0, 77.0, 90.0, 85.0,
        60.0, 70.0, 58.0, 40.0, 61.0, 66.0, 37.0, 54.0, 77.0, 75.0, 57.0, 85.0, 82.0,
    ];

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-9 * expected.abs(), "{value} is not {expected}");
    }

    #[test]
    fn pearson_agrees_with_r() {
        let found = pearson(&RATING, &COMPLAINTS).expect("defined");
        close(found.estimate.value, 0.825417569542146);
        close(found.p_value.expect("given"), 1.9876822082840308e-08);
        close(found.estimate.lower.expect("given"), 0.6620127698709533);
        close(found.estimate.upper.expect("given"), 0.9139138913536691);
    }

    #[test]
    fn spearman_agrees_with_r_and_bonett_wright() {
        let found = spearman(&RATING, &COMPLAINTS).expect("defined");
        close(found.estimate.value, 0.8322005622687632);
        close(found.p_value.expect("given"), 1.1932350949152675e-08);
        assert!((found.estimate.lower.expect("given") - 0.639659).abs() < 1e-6);
        assert!((found.estimate.upper.expect("given") - 0.926475).abs() < 1e-6);
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(pearson(&[], &[]), Err(Reason::TooFew));
        assert_eq!(pearson(&[1.0, 2.0], &[1.0, 2.0]), Err(Reason::TooFew));
        assert_eq!(pearson(&[0.1; 9], &RATING[..9]), Err(Reason::NoVariation));
        assert_eq!(spearman(&RATING[..9], &[1e9 + 0.1; 9]), Err(Reason::NoVariation));
        let three = pearson(&[1.0, 2.0, 3.0], &[1.0, 2.0, 2.5]).expect("defined");
        assert!(three.estimate.lower.is_none() && three.p_value.is_some());
        let perfect = pearson(&RATING, &RATING).expect("defined");
        assert!((perfect.estimate.value - 1.0).abs() < 1e-15 && perfect.p_value.expect("given") < 1e-100);
        assert_eq!(
            complete_pairs(&[Some(1.0), None, Some(3.0)], &[Some(2.0), Some(5.0), Some(f64::NAN)]).0,
            [1.0]
        );
    }

    #[test]
    fn a_huge_offset_changes_nothing() {
        let far: Vec<f64> = RATING.iter().map(|x| x + 1e9).collect();
        close(pearson(&far, &COMPLAINTS).expect("defined").estimate.value, 0.825417569542146);
    }

    #[test]
    fn ties_share_their_ranks() {
        assert_eq!(midranks(&[2.0, 1.0, 2.0, 0.0, -0.0, 2.0]), [5.0, 3.0, 5.0, 1.5, 1.5, 5.0]);
    }

    #[test]
    fn smallest_detectable_agrees_with_power_tables() {
        // G*Power 3.1, bivariate normal model by Fisher z: n = 84 sees .3 (n = 85 exactly), n = 29 sees .5.
        assert!((smallest_detectable(83.0).expect("defined") - 0.3).abs() < 0.003);
        assert!((smallest_detectable(27.0).expect("defined") - 0.5).abs() < 0.006);
        assert_eq!(smallest_detectable(1.0), Err(Reason::TooFew));
    }

    proptest! {
        #[test]
        fn bounded_and_the_same_in_any_order(rows in prop::collection::vec((-9i32..9, -9i32..9), 3..40)) {
            let (x, y): (Vec<f64>, Vec<f64>) = rows.iter().map(|&(x, y)| (f64::from(x), f64::from(y))).unzip();
            let (back_x, back_y): (Vec<f64>, Vec<f64>) = x.iter().zip(&y).rev().map(|(x, y)| (*x, *y)).unzip();
            for method in [pearson, spearman] {
                match (method(&x, &y), method(&back_x, &back_y)) {
                    (Ok(one), Ok(other)) => {
                        let r = one.estimate.value;
                        prop_assert!(r.abs() <= 1.0 && (r - other.estimate.value).abs() < 1e-12);
                        prop_assert!(one.estimate.lower.is_none_or(|lower| lower <= r));
                        prop_assert!(one.estimate.upper.is_none_or(|upper| upper >= r));
                    }
                    (one, other) => prop_assert_eq!(one, other),
                }
            }
        }
    }
}
