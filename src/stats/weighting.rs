//! Weights of respondents: what they cost, trimming, and means whose error knows how the weights came about.
//!
//! In: weights, values, the margins to which weights were raked. Out: design effect, trimmed weights, means. Deliberately absent: strata
//! and clusters of a design (`cluster` has clusters).

use super::Reason;
use super::regression::{Coefficient, coefficient};
use super::scale;

/// Rounds of trimming after which the limits cannot be kept.
const ROUNDS: usize = 1000;
/// Sweeps over the margins after which residuals are taken as they stand.
const SWEEPS: usize = 1000;

/// What unequal weights cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kish {
    /// Σw.
    pub sum: f64,
    /// n Σw² / (Σw)², the factor by which variances grow.
    pub design_effect: f64,
    /// (Σw)² / Σw².
    pub effective_n: f64,
    /// Smallest weight.
    pub min: f64,
    /// Largest weight.
    pub max: f64,
    /// Standard deviation (divisor n − 1) over mean; too few with one row.
    pub variation: Result<f64, Reason>,
}

/// Returns Kish's design effect of weights (1965). Undefined: too few without weight.
pub fn kish(weights: &[f64]) -> Result<Kish, Reason> {
    let (n, sum) = (weights.len() as f64, weights.iter().sum::<f64>());
    if !(sum > 0.0 && sum.is_finite()) || weights.iter().any(|w| *w < 0.0) {
        return Err(Reason::TooFew);
    }
    let squares: f64 = weights.iter().map(|w| w / sum * (w / sum)).sum();
    let mean = sum / n;
    let spread: f64 = weights.iter().map(|w| (w / mean - 1.0) * (w / mean - 1.0)).sum();
    Ok(Kish {
        sum,
        design_effect: n * squares,
        effective_n: 1.0 / squares,
        min: weights.iter().copied().fold(f64::INFINITY, f64::min),
        max: weights.iter().copied().fold(0.0, f64::max),
        variation: if n > 1.0 { Ok((spread / (n - 1.0)).sqrt()) } else { Err(Reason::TooFew) },
    })
}

/// Weights within limits.
#[derive(Debug, Clone, PartialEq)]
pub struct Trimmed {
    /// The weights, of the same sum as before.
    pub weights: Vec<f64>,
    /// Weights that stand at a limit.
    pub n_trimmed: usize,
}

/// Cuts weights to `lower`..=`upper` and spreads what was cut evenly over the others, until all lie within.
///
/// As R `survey::trimWeights(strict = TRUE)`. Undefined: not converged when no weight is left to take up what was cut.
pub fn trim(weights: &[f64], lower: f64, upper: f64) -> Result<Trimmed, Reason> {
    let mut weights = weights.to_vec();
    let mut is_cut = vec![false; weights.len()];
    for _ in 0..ROUNDS {
        let mut excess = 0.0;
        for (weight, is_cut) in weights.iter_mut().zip(&mut is_cut) {
            let within = weight.max(lower).min(upper);
            if within.to_bits() != weight.to_bits() {
                excess += *weight - within;
                (*weight, *is_cut) = (within, true);
            }
        }
        let n_trimmed = is_cut.iter().filter(|cut| **cut).count();
        let is_spent = excess.abs() <= 1e-15 * weights.iter().sum::<f64>();
        if is_spent {
            return Ok(Trimmed { weights, n_trimmed });
        }
        if n_trimmed == weights.len() {
            break;
        }
        let share = excess / (weights.len() - n_trimmed) as f64;
        weights.iter_mut().zip(&is_cut).filter(|(_, cut)| !**cut).for_each(|(weight, _)| *weight += share);
    }
    Err(Reason::NotConverged)
}

/// Returns the weighted mean with a linearised error, residuals of the margins taken where weights were raked to any.
///
/// `margins` gives for each margin the level 0, 1, 2 … of each row. With weights as they are (no margin) se² = n/(n−1) · Σ(z − z̄)²,
/// z = w(y − mean)/Σw; raked weights cannot miss a margin's total, so z/w is first freed of the margins' level means, one margin after the
/// other until nothing moves (Deville and Särndal 1992). Rows without value count as outside of the domain. Student's interval with n − 1
/// degrees of freedom. Undefined: too few below two rows or without weight, not converged when squares are too large
/// for a number. Same values as R `survey::svymean(na.rm = TRUE)` after `rake`.
pub fn mean(
    values: &[Option<f64>],
    weights: &[f64],
    margins: &[&[usize]],
    level: f64,
) -> Result<Coefficient, Reason> {
    let n = values.len() as f64;
    let unit = scale::unit(values.iter().flatten().copied());
    let values: Vec<Option<f64>> = values.iter().map(|value| value.map(|value| value / unit)).collect();
    let known = || values.iter().zip(weights).filter_map(|(value, weight)| Some(((*value)?, *weight)));
    let (sum, first) = (known().map(|(_, w)| w).sum::<f64>(), known().next().map_or(0.0, |(y, _)| y));
    if n < 2.0 || sum.is_nan() || sum <= 0.0 {
        return Err(Reason::TooFew);
    }
    let delta = known().map(|(y, w)| w * (y - first)).sum::<f64>() / sum;
    let influence = |value: &Option<f64>| value.map_or(0.0, |y| (y - first - delta) / sum);
    let mut residuals: Vec<f64> = values.iter().map(influence).collect();
    free_of(&mut residuals, margins);
    let scores: Vec<f64> =
        residuals.iter().zip(weights).map(|(residual, weight)| residual * weight).collect();
    let centre = scores.iter().sum::<f64>() / n;
    let squares: f64 = scores.iter().map(|z| (z - centre) * (z - centre)).sum();
    if !(squares.is_finite() && (first + delta).is_finite()) {
        return Err(Reason::NotConverged);
    }
    Ok(coefficient((first + delta) * unit, (n / (n - 1.0) * squares).sqrt() * unit, n - 1.0, level))
}

/// Takes the level means of every margin from the values, in turn until nothing moves.
fn free_of(values: &mut [f64], margins: &[&[usize]]) {
    let size = values.iter().map(|value| value.abs()).fold(0.0, f64::max);
    for _ in 0..SWEEPS {
        let mut moved = 0.0f64;
        for margin in margins {
            let n_levels = margin.iter().max().map_or(0, |last| last + 1);
            let mut sums = vec![(0.0, 0.0); n_levels];
            for (value, &at) in values.iter().zip(*margin) {
                sums[at].0 += value;
                sums[at].1 += 1.0;
            }
            let means: Vec<f64> = sums.iter().map(|(sum, n): &(f64, f64)| sum / n.max(1.0)).collect();
            values.iter_mut().zip(*margin).for_each(|(value, &at)| *value -= means[at]);
            moved = means.iter().fold(moved, |most, mean| most.max(mean.abs()));
        }
        if margins.len() < 2 || moved <= 1e-13 * size {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const Y: [f64; 10] = [4.0, 5.0, 3.0, 5.0, 2.0, 4.0, 4.0, 5.0, 1.0, 3.0];
    const W: [f64; 10] = [1.0, 1.2, 0.8, 1.0, 1.5, 0.7, 1.0, 1.1, 0.9, 0.8];

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-11 * expected.abs(), "{value} is not {expected}");
    }

    fn all(values: &[f64]) -> Vec<Option<f64>> {
        values.iter().map(|y| Some(*y)).collect()
    }

    #[test]
    fn agrees_with_survey() {
        // statistics.md 4.5, R survey.
        let found = mean(&all(&Y), &W, &[], 0.95).expect("defined");
        close(found.value, 3.6);
        close(found.std_error, 0.462466815626);
        close(kish(&W).expect("defined").effective_n, 9.541984732824);
    }

    #[test]
    fn a_missing_value_is_outside_of_the_domain() {
        let mut values = all(&Y);
        values[4] = None;
        let left: Vec<f64> = (0..10).filter(|row| *row != 4).map(|row| Y[row]).collect();
        let weights: Vec<f64> = (0..10).filter(|row| *row != 4).map(|row| W[row]).collect();
        let (domain, alone) = (mean(&values, &W, &[], 0.95), mean(&all(&left), &weights, &[], 0.95));
        let (domain, alone) = (domain.expect("defined"), alone.expect("defined"));
        close(domain.value, alone.value);
        close(domain.std_error, alone.std_error * (10.0 / 9.0 * 8.0 / 9.0f64).sqrt());
    }

    #[test]
    fn trimming_keeps_the_sum_or_says_that_it_cannot() {
        let found = trim(&[1.0, 1.0, 1.0, 9.0], 0.0, 5.0).expect("possible");
        assert_eq!((found.weights[3].to_bits(), found.n_trimmed), (5.0f64.to_bits(), 1));
        close(found.weights.iter().sum(), 12.0);
        close(found.weights[0], 7.0 / 3.0);
        assert_eq!(trim(&[1.0, 1.0, 9.0], 0.0, 2.0), Err(Reason::NotConverged));
        assert_eq!(trim(&[], 0.0, 2.0).expect("nothing to do").n_trimmed, 0);
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(kish(&[]), Err(Reason::TooFew));
        assert_eq!(kish(&[0.0, 0.0]), Err(Reason::TooFew));
        assert_eq!(kish(&[2.0]).expect("defined").variation, Err(Reason::TooFew));
        assert_eq!(mean(&[], &[], &[], 0.95), Err(Reason::TooFew));
        assert_eq!(mean(&[None, None], &[1.0, 1.0], &[], 0.95), Err(Reason::TooFew));
        let flat = mean(&all(&[0.1; 5]), &[1.0; 5], &[], 0.95).expect("defined");
        assert_eq!((flat.std_error.to_bits(), flat.test), (0, Err(Reason::NoVariation)));
        let far = mean(&all(&Y.map(|y| y + 1e9)), &W, &[], 0.95).expect("defined");
        assert!((far.std_error - 0.462466815626).abs() < 1e-6);
    }

    proptest! {
        #[test]
        fn trimmed_weights_lie_within_the_limits(weights in prop::collection::vec(0.01f64..20.0, 2..40), upper in 1.5f64..6.0) {
            let mean = weights.iter().sum::<f64>() / weights.len() as f64;
            if let Ok(found) = trim(&weights, 0.0, upper * mean) {
                prop_assert!(found.weights.iter().all(|weight| *weight <= upper * mean));
                prop_assert!((found.weights.iter().sum::<f64>() / weights.iter().sum::<f64>() - 1.0).abs() < 1e-9);
                let (before, after) = (kish(&weights).expect("positive"), kish(&found.weights).expect("positive"));
                prop_assert!(after.design_effect <= before.design_effect + 1e-9 && after.effective_n <= weights.len() as f64 + 1e-9);
            }
        }
    }
}
