//! Post-stratified means: what respondents say, stratum by stratum, weighed to how many there are of each.
//!
//! In: means of strata with their errors, and the sizes of the strata. Out: the mean of the whole. Deliberately absent: which strata there are.

use super::interval::{LEVEL, student};
use super::{Estimate, Figure, Marks, Reason};

/// One stratum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stratum {
    /// How many there are of it, on any scale.
    pub size: f64,
    /// Mean of its respondents; without an error there was only one.
    pub mean: Estimate,
}

/// Returns Σ Wₕ ȳₕ, Wₕ being the share of stratum h of all, with a Student interval.
///
/// std_error² = Σ Wₕ² sₕ²/nₕ, the variance given how many of each stratum answered (Holt and Smith 1979; Särndal, Swensson and Wretman
/// 1992, 7.6). R `survey::postStratify` with `svymean` has the factor (nₕ − 1)/nₕ · n/(n − 1) within the sum, which tends to 1. Degrees
/// of freedom after Satterthwaite, nₕ − 1 in each stratum. n_effective: 1/Σ Wₕ²/nₕ. Undefined: too few without a stratum or where all
/// sizes are 0; without an error where a stratum of any size has none.
pub fn post_stratified(strata: &[Stratum]) -> Figure {
    let total: f64 = strata.iter().map(|one| one.size).sum();
    if !(total > 0.0 && total.is_finite()) {
        return Err(Reason::TooFew);
    }
    let own = || strata.iter().filter(|one| one.size > 0.0).map(|one| (one.size / total, one.mean));
    let value = own().map(|(weight, mean)| weight * mean.value).sum();
    let n = own().map(|(_, mean)| mean.n).sum();
    let spread: f64 = own().map(|(weight, mean)| weight * weight / mean.n_effective).sum();
    let parts: Option<Vec<(f64, f64)>> =
        own().map(|(weight, mean)| Some(((weight * mean.std_error?).powi(2), mean.n as f64 - 1.0))).collect();
    let std_error = parts.as_ref().map(|parts| parts.iter().map(|part| part.0).sum::<f64>().sqrt());
    let ends = parts.and_then(|parts| interval(value, &parts));
    Ok(Estimate {
        value,
        std_error,
        lower: ends.map(|ends| ends.0),
        upper: ends.map(|ends| ends.1),
        n,
        n_effective: 1.0 / spread,
        marks: Marks::default(),
    })
}

/// The interval of a sum of independent parts, each a variance with its degrees of freedom.
fn interval(value: f64, parts: &[(f64, f64)]) -> Option<(f64, f64)> {
    let variance: f64 = parts.iter().map(|part| part.0).sum();
    if variance <= 0.0 {
        return Some((value, value));
    }
    // Parts as shares of the variance: their squares can neither vanish nor overflow.
    let squares: f64 = parts.iter().map(|(part, df)| (part / variance).powi(2) / df).sum();
    student(value, variance.sqrt(), 1.0 / squares, LEVEL)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::moments::Moments;
    use proptest::prelude::*;

    fn stratum(size: f64, values: &[i64]) -> Stratum {
        let mut moments = Moments::default();
        values.iter().for_each(|&value| moments.add(value, 1, 1));
        Stratum { size, mean: moments.mean(1.0).expect("an answer") }
    }

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() < 1e-9, "{value} is not {expected}");
    }

    #[test]
    fn three_strata_agree_with_numpy() {
        // numpy and scipy: W = N/ΣN, Σ W²s²/n, t of Satterthwaite's degrees of freedom.
        let found = post_stratified(&[
            stratum(900.0, &[70, 82, 75, 91, 66, 78]),
            stratum(40.0, &[55, 61, 49, 70]),
            stratum(60.0, &[30, 52, 41]),
        ])
        .expect("defined");
        close(found.value, 74.10999999999999);
        close(found.std_error.expect("an error"), 3.2968621445246993);
        close(found.lower.expect("an end"), 65.71581165589379);
        close(found.upper.expect("an end"), 82.50418834410618);
        close(found.n_effective, 7.3206442166910675);
        assert_eq!(found.n, 13);
    }

    #[test]
    fn a_stratum_of_one_answer_leaves_no_error_and_no_stratum_no_value() {
        let found = post_stratified(&[stratum(3.0, &[4, 5]), stratum(1.0, &[1])]).expect("defined");
        close(found.value, 3.625);
        assert_eq!((found.std_error, found.lower), (None, None));
        assert_eq!(post_stratified(&[]), Err(Reason::TooFew));
        assert_eq!(post_stratified(&[stratum(0.0, &[4, 5])]), Err(Reason::TooFew));
        // One that nobody belongs to does not count, however it answers.
        let found = post_stratified(&[stratum(3.0, &[4, 4]), stratum(0.0, &[1])]).expect("defined");
        assert_eq!((found.value, found.std_error, found.lower), (4.0, Some(0.0), Some(4.0)));
    }

    proptest! {
        #[test]
        fn sizes_like_the_sample_give_the_plain_mean(
            groups in prop::collection::vec(prop::collection::vec(-50i64..50, 2..9), 1..6),
            scale in 1e-6f64..1e6,
        ) {
            let strata: Vec<Stratum> =
                groups.iter().map(|own| stratum(own.len() as f64 * scale, own)).collect();
            let all: Vec<i64> = groups.concat();
            let mean = all.iter().sum::<i64>() as f64 / all.len() as f64;
            let found = post_stratified(&strata).expect("defined");
            prop_assert!((found.value - mean).abs() < 1e-9);
            prop_assert!((found.n_effective - all.len() as f64).abs() < 1e-6);
            prop_assert!(found.lower <= Some(found.value + 1e-12) && found.upper >= Some(found.value - 1e-12));
        }
    }
}
