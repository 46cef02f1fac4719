//! Rates of two groups of persons, each with a count and an exposure of his own, whose counts vary more or less than Poisson's.
//!
//! In: (count, exposure) of each person; counts may be means over coders. Out: the ratio of the rates. Deliberately absent: exact tests.

use super::Reason;
use super::distribution::{student_quantile, student_two_sided};

/// The ratio of two rates with what follows from the spread between persons.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateContrast {
    /// Rates of both groups, per unit of exposure.
    pub rates: [f64; 2],
    /// First rate divided by second.
    pub ratio: f64,
    /// Ends of the 95 % interval of the ratio.
    pub interval: (f64, f64),
    /// Two-sided p of equal rates.
    pub p_value: f64,
    /// Pearson's dispersion: 1 for Poisson counts.
    pub dispersion: f64,
}

/// Returns the ratio of the rates Σx/Σt of two groups by a quasi-Poisson model: se(log ratio)² = φ(1/Σx₁ + 1/Σx₂), φ = Σ(x−μ)²/μ/(n−2),
/// Student's t with n−2 degrees of freedom.
///
/// McCullagh and Nelder (1989), section 6.2. Undefined: too few with fewer than two persons in a group or a group without any event, no
/// variation when all persons have exactly their group's rate. Same values as R `glm(quasipoisson)` with an offset.
pub fn rate_contrast(first: &[(f64, f64)], second: &[(f64, f64)]) -> Result<RateContrast, Reason> {
    let groups = [first, second];
    let sums = groups.map(|own| own.iter().fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1)));
    let is_empty = |(own, sum): (&[(f64, f64)], (f64, f64))| own.len() < 2 || sum.0 <= 0.0 || sum.1 <= 0.0;
    if groups.into_iter().zip(sums).any(is_empty) {
        return Err(Reason::TooFew);
    }
    let rates = sums.map(|(count, exposure)| count / exposure);
    let misfit = |(own, rate): (&[(f64, f64)], f64)| -> f64 {
        let one = |&(count, exposure): &(f64, f64)| {
            let mean = rate * exposure;
            (count - mean) * (count - mean) / mean
        };
        own.iter().filter(|person| person.1 > 0.0).map(one).sum()
    };
    let df = (first.len() + second.len() - 2) as f64;
    let dispersion = groups.into_iter().zip(rates).map(misfit).sum::<f64>() / df;
    if dispersion <= 1e-20 {
        return Err(Reason::NoVariation);
    }
    let error = libm::sqrt(dispersion * (1.0 / sums[0].0 + 1.0 / sums[1].0));
    let ratio = rates[0] / rates[1];
    let span = libm::exp(student_quantile(0.975, df) * error);
    Ok(RateContrast {
        rates,
        ratio,
        interval: (ratio / span, ratio * span),
        p_value: student_two_sided(libm::log(ratio) / error, df),
        dispersion,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_as_a_quasi_poisson_regression() {
        // statsmodels 0.14.5: GLM(Poisson, offset = log t).fit(scale = "X2"), t interval with 8 degrees of freedom.
        let hours = [90.0, 109.0, 60.0, 75.0, 100.0, 80.0, 66.0, 95.0, 70.0, 110.0].map(|m: f64| m / 60.0);
        let counts = [4.0, 7.5, 6.0, 3.0, 5.0, 2.0, 1.0, 3.0, 2.5, 4.0];
        let all: Vec<(f64, f64)> = counts.into_iter().zip(hours).collect();
        let found = rate_contrast(&all[..5], &all[5..]).unwrap();
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-12 * b.abs(), "{a} {b}");
        near(found.ratio, 1.978_894_009_216_59);
        near(found.dispersion, 0.451_109_249_438_963_8);
        near(found.interval.0, 1.159_243_169_483_983_8);
        near(found.interval.1, 3.378_084_601_056_097);
    }

    #[test]
    fn what_cannot_be_told() {
        let some = [(2.0, 1.0), (3.0, 1.0)];
        assert_eq!(rate_contrast(&[], &some), Err(Reason::TooFew));
        assert_eq!(rate_contrast(&[(2.0, 1.0)], &some), Err(Reason::TooFew));
        assert_eq!(rate_contrast(&[(0.0, 1.0), (0.0, 2.0)], &some), Err(Reason::TooFew));
        assert_eq!(
            rate_contrast(&[(2.0, 1.0), (4.0, 2.0)], &[(1.0, 1.0), (1.0, 1.0)]),
            Err(Reason::NoVariation)
        );
    }
}
