//! Units with known errors seen as draws from one distribution: τ² by every estimator in use, the mean, shrunken values, prediction.
//!
//! In: values with their sampling variances. Out: what R `metafor::rma`, `blup`, `predict`, `confint` tell. Deliberately absent: moderators;
//! integrating over τ, which few units need (`shrinkage`).

use super::Reason;
use super::distribution::{normal_quantile, student_quantile};
use super::tail::{chi_square_quantile, chi_square_upper};
pub use super::tau::Estimator;
use super::tau::{at, between, rising_root};

/// The distribution of the units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Meta {
    /// Number of units.
    pub k: usize,
    /// Variance between units.
    pub tau2: f64,
    /// Its standard error (asymptotic).
    pub tau2_se: f64,
    /// Mean of the distribution, units weighted by 1/(v + τ²).
    pub mean: f64,
    /// Its standard error.
    pub mean_se: f64,
    /// Its standard error by Knapp and Hartung (2003), with k − 1 degrees of freedom.
    pub mean_se_knha: f64,
    /// Share of the variance of the values that lies between units, in percent (Higgins and Thompson 2002).
    pub i2: f64,
    /// Total variance relative to sampling variance.
    pub h2: f64,
    /// Cochran's Q about the mean weighted by 1/v, with its p value.
    pub q: (f64, f64),
}

/// Fits the distribution to `units`, each (value, sampling variance).
///
/// Undefined: too few below two units, no dispersion when a variance is not above 0. Same values as R `metafor::rma` where that has converged
/// (its iterations stop when τ² moves by less than 1e-5, whatever its size; ours go on to the last digit).
pub fn fit(units: &[(f64, f64)], estimator: Estimator) -> Result<Meta, Reason> {
    check(units)?;
    let (tau2, tau2_se) = between(units, estimator);
    let (fixed, found) = (at(units, 0.0), at(units, tau2));
    let (k, df) = (units.len(), (units.len() - 1) as f64);
    let typical = df / fixed.trace();
    Ok(Meta {
        k,
        tau2,
        tau2_se,
        mean: found.mean,
        mean_se: (1.0 / found.w).sqrt(),
        mean_se_knha: (found.q / df / found.w).sqrt(),
        i2: 100.0 * tau2 / (tau2 + typical),
        h2: tau2 / typical + 1.0,
        q: (fixed.q, chi_square_upper(fixed.q, df)),
    })
}

impl Meta {
    /// Returns the interval of the mean, mean ± z·se.
    pub fn interval(&self, level: f64) -> (f64, f64) {
        let half = normal_quantile(0.5 + 0.5 * level) * self.mean_se;
        (self.mean - half, self.mean + half)
    }

    /// Returns the interval of the mean by Knapp and Hartung, with Student's quantile: the right one for few units.
    pub fn interval_knha(&self, level: f64) -> (f64, f64) {
        let half = student_quantile(0.5 + 0.5 * level, (self.k - 1) as f64) * self.mean_se_knha;
        (self.mean - half, self.mean + half)
    }

    /// Returns the interval in which the true value of a new unit lies, mean ± z·√(se² + τ²).
    pub fn prediction(&self, level: f64) -> (f64, f64) {
        let half = normal_quantile(0.5 + 0.5 * level) * (self.mean_se * self.mean_se + self.tau2).sqrt();
        (self.mean - half, self.mean + half)
    }

    /// Returns the same with Knapp and Hartung's error and Student's quantile, k − 1 degrees of freedom.
    pub fn prediction_knha(&self, level: f64) -> (f64, f64) {
        let spread = (self.mean_se_knha * self.mean_se_knha + self.tau2).sqrt();
        let half = student_quantile(0.5 + 0.5 * level, (self.k - 1) as f64) * spread;
        (self.mean - half, self.mean + half)
    }

    /// Returns a unit's shrunken value with its standard error: B·mean + (1 − B)·value, B = v/(v + τ²).
    ///
    /// The error holds that of the mean, not that of τ². Same values as R `metafor::blup`.
    pub fn shrunk(&self, (value, variance): (f64, f64)) -> (f64, f64) {
        let pull = variance / (variance + self.tau2);
        let spread = self.tau2 * pull + pull * pull * self.mean_se * self.mean_se;
        (pull * self.mean + (1.0 - pull) * value, spread.sqrt())
    }

    /// Returns how much of a unit's deviation is kept, τ²/(v + τ²).
    pub fn reliability(&self, variance: f64) -> f64 {
        self.tau2 / (variance + self.tau2)
    }
}

fn check(units: &[(f64, f64)]) -> Result<(), Reason> {
    if units.len() < 2 {
        return Err(Reason::TooFew);
    }
    let is_known = |&(y, v): &(f64, f64)| y.is_finite() && v > 0.0 && v.is_finite();
    if units.iter().all(is_known) { Ok(()) } else { Err(Reason::NoDispersion) }
}

/// Returns the interval of τ² by its Q profile: the values at which Q weighted by 1/(v + τ²) equals the quantiles of χ² with k − 1.
///
/// An end is 0 where Q is too small even without τ². Viechtbauer (2007); same values as R `metafor::confint`. Undefined as `fit`.
pub fn q_profile(units: &[(f64, f64)], level: f64) -> Result<(f64, f64), Reason> {
    check(units)?;
    let df = (units.len() - 1) as f64;
    let end = |p: f64| {
        let wanted = chi_square_quantile(p, df);
        rising_root(units, |found| wanted - found.q, at(units, 0.0).q <= wanted)
    };
    Ok((end(0.5 + 0.5 * level), end(0.5 - 0.5 * level)))
}

/// Returns I², in percent, that belongs to a `tau2`. Undefined as `fit`.
pub fn i_squared(units: &[(f64, f64)], tau2: f64) -> Result<f64, Reason> {
    check(units)?;
    let typical = (units.len() - 1) as f64 / at(units, 0.0).trace();
    Ok(100.0 * tau2 / (tau2 + typical))
}

/// Returns the logit of k/n with its sampling variance, 1/k + 1/(n − k); ½ is added to both counts when either is 0 (metafor `PLO`).
///
/// Undefined: too few without trials.
pub fn logit(k: f64, n: f64) -> Result<(f64, f64), Reason> {
    if !(n > 0.0 && (0.0..=n).contains(&k)) {
        return Err(Reason::TooFew);
    }
    let add = if k > 0.0 && k < n { 0.0 } else { 0.5 };
    let (k, rest) = (k + add, n - k + add);
    Ok((libm::log(k / rest), 1.0 / k + 1.0 / rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// D7 of statistics.md.
    fn six(offset: f64) -> Vec<(f64, f64)> {
        let units = [(82.0, 1.5), (79.0, 1.2), (78.0, 2.0), (85.0, 1.1), (74.0, 1.8), (80.0, 2.5)];
        units.iter().map(|(y, s)| (y + offset, s * s)).collect()
    }

    const ALL: [Estimator; 7] = [
        Estimator::DerSimonianLaird,
        Estimator::Reml,
        Estimator::Ml,
        Estimator::PauleMandel,
        Estimator::SidikJonkman,
        Estimator::Hedges,
        Estimator::HunterSchmidt,
    ];

    fn close(value: f64, expected: f64, tolerance: f64) {
        assert!((value - expected).abs() <= tolerance * expected.abs(), "{value} is not {expected}");
    }

    #[test]
    fn agrees_with_metafor() {
        let units = six(0.0);
        let found = fit(&units, Estimator::DerSimonianLaird).expect("defined");
        close(found.tau2, 13.6587808114, 1e-11);
        close(found.mean, 79.7997890341, 1e-11);
        let blups =
            [81.6888212408, 79.0762774308, 78.4076813803, 84.5768143099, 75.1119924378, 79.9371474050];
        let errors =
            [1.40960217741, 1.15228674515, 1.79875695222, 1.06292378806, 1.64931421126, 2.13538955320];
        for (unit, (blup, error)) in units.iter().zip(blups.iter().zip(errors)) {
            let (value, spread) = found.shrunk(*unit);
            close(value, *blup, 1e-11);
            close(spread, error, 1e-11);
        }
        close(fit(&units, Estimator::Reml).expect("defined").tau2, 12.1872277729, 1e-4);
        close(fit(&units, Estimator::PauleMandel).expect("defined").tau2, 11.561189220822342, 1e-9);
    }

    /// Mean ratings of 14 departments with their sampling variances (shrinkage.csv, inst_dept_mean).
    const DEPARTMENTS: [(f64, f64); 14] = [
        (3.278_115_501_519_757, 0.000_640_657_430_993_961_8),
        (3.129_774_986_917_844, 0.000_486_010_591_341_437_6),
        (3.331_859_338_808_17, 0.00037311050462086035),
        (3.2863940520446095, 0.0002468526447074582),
        (3.354617414248021, 0.000_446_744_826_208_533),
        (3.103_248_116_586_39, 0.00022060951816643188),
        (3.2456349206349207, 0.000_683_527_726_442_053_8),
        (3.2747401717126072, 0.00039723748222228033),
        (3.1793478260869565, 0.00027596825289451834),
        (2.990016992353441, 0.00037700005354742057),
        (3.050_501_516_211_803, 0.00022168770245391644),
        (3.3444584382871536, 0.00017676448011891917),
        (3.1492119979664466, 0.00045018243150255963),
        (3.278_857_837_181_045, 0.000_522_246_919_732_467_6),
    ];

    #[test]
    fn iterations_go_on_where_metafor_stops() {
        // metafor 3.8 stops when τ² moves by less than 1e-5, which is a thousandth of this τ²; it has REML 0.01282526, PM 0.01276634, EB 0.01277381.
        let likelihood = |tau2: f64| {
            let found = at(&DEPARTMENTS, tau2);
            let logs: f64 = DEPARTMENTS.iter().map(|(_, v)| libm::log(v + tau2)).sum();
            -0.5 * (logs + libm::log(found.w) + found.q)
        };
        let reml = fit(&DEPARTMENTS, Estimator::Reml).expect("defined").tau2;
        close(reml, 0.012825262975368778, 1e-3);
        assert!(likelihood(reml) > likelihood(0.012825262975368778));
        let own = fit(&DEPARTMENTS, Estimator::PauleMandel).expect("defined").tau2;
        close(at(&DEPARTMENTS, own).q, 13.0, 1e-9);
        let ends = q_profile(&DEPARTMENTS, 0.95).expect("defined");
        close(at(&DEPARTMENTS, ends.0).q, chi_square_quantile(0.975, 13.0), 1e-11);
        close(at(&DEPARTMENTS, ends.1).q, chi_square_quantile(0.025, 13.0), 1e-11);
        // Paule and Mandel's estimator and empirical Bayes are one; metafor gives two values, neither with Q = k − 1.
        assert!((at(&DEPARTMENTS, 0.012766348551251623).q - 13.0).abs() > 1e-6);
        assert!((at(&DEPARTMENTS, 0.012773819929048177).q - 13.0).abs() > 1e-6);
    }

    #[test]
    fn likelihoods_are_at_their_top() {
        // The restricted log-likelihood, computed apart from its slope, falls on both sides.
        let units = six(0.0);
        let value = |tau2: f64| {
            let found = at(&units, tau2);
            let logs: f64 = units.iter().map(|(_, v)| libm::log(v + tau2)).sum();
            -0.5 * (logs + libm::log(found.w) + found.q)
        };
        let top = fit(&units, Estimator::Reml).expect("defined").tau2;
        assert!(value(top) >= value(top * 1.001) && value(top) >= value(top * 0.999));
    }

    #[test]
    fn units_that_differ_by_error_alone_have_no_variance_between() {
        let units = [(5.0, 1.0), (5.1, 1.0), (4.9, 4.0)];
        for estimator in ALL {
            let found = fit(&units, estimator).expect("defined");
            assert!(found.tau2 < 0.01 && found.tau2_se.is_finite() && found.i2.is_finite(), "{estimator:?}");
        }
        assert_eq!(q_profile(&units, 0.95).expect("defined").0.to_bits(), 0);
        let same = [(5.0, 1.0), (5.0, 2.0)];
        ALL.iter().for_each(|estimator| assert!(fit(&same, *estimator).expect("defined").tau2 < 1e-300));
    }

    #[test]
    fn hard_cases_say_why() {
        for estimator in ALL {
            assert_eq!(fit(&[], estimator), Err(Reason::TooFew));
            assert_eq!(fit(&[(1.0, 1.0)], estimator), Err(Reason::TooFew));
            assert_eq!(fit(&[(1.0, 0.0), (2.0, 1.0)], estimator), Err(Reason::NoDispersion));
            assert_eq!(fit(&[(1.0, f64::NAN), (2.0, 1.0)], estimator), Err(Reason::NoDispersion));
            let (near, far) = (fit(&six(0.0), estimator), fit(&six(1e9), estimator));
            close(far.expect("defined").tau2, near.expect("defined").tau2, 1e-9);
        }
        assert_eq!(logit(1.0, 0.0), Err(Reason::TooFew));
        close(logit(0.0, 10.0).expect("defined").0, -3.044522437723423, 1e-14);
    }

    proptest! {
        #[test]
        fn rescaling_rescales_and_shrinking_pulls_to_the_mean(
            units in prop::collection::vec((-50.0f64..50.0, 0.01f64..20.0), 2..12), scale in 0.1f64..10.0,
        ) {
            let scaled: Vec<(f64, f64)> = units.iter().map(|(y, v)| (scale * y + 3.0, scale * scale * v)).collect();
            for estimator in ALL {
                let (one, other) = (fit(&units, estimator).expect("defined"), fit(&scaled, estimator).expect("defined"));
                prop_assert!((other.tau2 - scale * scale * one.tau2).abs() <= 1e-6 * (1.0 + other.tau2));
                for unit in &units {
                    let (value, _) = one.shrunk(*unit);
                    prop_assert!((value - one.mean).abs() <= (unit.0 - one.mean).abs() + 1e-9);
                }
                let (low, high) = one.prediction(0.95);
                prop_assert!(low <= one.mean && one.mean <= high);
            }
            let (low, high) = q_profile(&units, 0.95).expect("defined");
            prop_assert!(0.0 <= low && low <= high);
        }
    }
}
