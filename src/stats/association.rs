//! One coefficient for a pair of columns: Pearson, Spearman or Kendall, with its test and the interval it deserves.
//!
//! In: two columns, or a joint table of counts. Out: coefficient, statistic, p, interval at any level. Deliberately absent: exact p values of
//! small samples, panels (`within`, `panel`).

use super::Reason;
use super::codes::Codes;
use super::correlation::{coefficient, midranks};
use super::distribution::{normal_quantile, student_two_sided};
use super::interval;
use super::kendall::Pairs;

/// Which coefficient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Of the values.
    Pearson,
    /// Of their midranks.
    Spearman,
    /// Tau-b: concordant less discordant pairs.
    Kendall,
}

/// Which standard error of Fisher's z makes the interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// Pearson 1/√(n−3); Spearman √((1+ρ²/2)/(n−3)) (Bonett and Wright 2000); Kendall √(.437/(n−4)) (Fieller et al. 1957).
    Own,
    /// Spearman √(1.06/(n−3)) (Fieller et al. 1957), else as `Own`; R package correlation.
    Easystats,
    /// 1/√(n−3) for all, too narrow for Spearman and too wide for Kendall; pingouin, psych.
    Fisher,
}

/// A coefficient with its test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Association {
    /// Which coefficient.
    pub kind: Kind,
    /// Rows in which both columns have a value.
    pub n: u64,
    /// Columns partialled out.
    pub controls: u64,
    /// The coefficient.
    pub value: f64,
    /// Pearson t, Spearman S = (n³−n)(1−ρ)/6, Kendall z; no variation where t is infinite.
    pub statistic: Result<f64, Reason>,
    /// Two-sided p of no relation: t with n − 2 degrees of freedom, for Kendall the normal distribution; too few where there are none.
    pub p_value: Result<f64, Reason>,
}

impl Association {
    /// Returns the interval tanh(atanh r ± z·se) at `level`; too few where the standard error needs more rows.
    ///
    /// Columns partialled out count as so many rows less.
    pub fn interval(&self, level: f64, spread: Spread) -> Result<(f64, f64), Reason> {
        let n = (self.n as f64) - self.controls as f64;
        let (factor, lost) = match (self.kind, spread) {
            (Kind::Spearman, Spread::Own) => (1.0 + 0.5 * self.value * self.value, 3.0),
            (Kind::Spearman, Spread::Easystats) => (1.06, 3.0),
            (Kind::Kendall, Spread::Own | Spread::Easystats) => (0.437, 4.0),
            (Kind::Pearson, _) | (_, Spread::Fisher) => (1.0, 3.0),
        };
        if n <= lost {
            return Err(Reason::TooFew);
        }
        let half = normal_quantile(0.5 + 0.5 * level) * (factor / (n - lost)).sqrt();
        Ok(interval::fisher(self.value, half))
    }

    /// Returns a Pearson or Spearman coefficient of `n` rows with its test.
    pub fn of_moments(kind: Kind, value: f64, n: u64, controls: u64) -> Self {
        let df = n as f64 - 2.0 - controls as f64;
        let t = value * (df.max(0.0) / ((1.0 - value) * (1.0 + value))).sqrt();
        let size = n as f64;
        let statistic = match kind {
            Kind::Spearman if controls == 0 => Ok((size * size * size - size) * (1.0 - value) / 6.0),
            _ if t.is_finite() => Ok(t),
            _ => Err(Reason::NoVariation),
        };
        let p_value = if df > 0.0 { Ok(student_two_sided(t, df)) } else { Err(Reason::TooFew) };
        Self {
            kind,
            n,
            controls,
            value,
            statistic: if df > 0.0 { statistic } else { Err(Reason::TooFew) },
            p_value,
        }
    }

    /// Returns Kendall's tau-b of these pairs with its test.
    pub fn of_pairs(pairs: &Pairs) -> Result<Self, Reason> {
        let value = pairs.tau()?;
        let z = pairs.score as f64 / pairs.variance().sqrt();
        let statistic = if z.is_finite() { Ok(z) } else { Err(Reason::NoVariation) };
        let p_value = statistic.map(|z| student_two_sided(z, f64::INFINITY));
        Ok(Self { kind: Kind::Kendall, n: pairs.n, controls: 0, value, statistic, p_value })
    }
}

/// Returns the coefficient of two columns without gaps.
///
/// Undefined: too few below three rows, no variation when either side is constant. Same values as R `cor.test` (`exact = FALSE`),
/// `scipy.stats`.
pub fn associate(kind: Kind, x: &[f64], y: &[f64]) -> Result<Association, Reason> {
    let n = x.len().min(y.len()) as u64;
    match kind {
        Kind::Pearson => Ok(Association::of_moments(kind, coefficient(x, y)?, n, 0)),
        Kind::Spearman => Ok(Association::of_moments(kind, coefficient(&midranks(x), &midranks(y))?, n, 0)),
        Kind::Kendall => {
            let (x, y) = rayon::join(|| Codes::of(x), || Codes::of(y));
            Association::of_pairs(&Pairs::new(&x, &y))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KINDS: [Kind; 3] = [Kind::Pearson, Kind::Spearman, Kind::Kendall];
    // R datasets::attitude, rating and complaints of 30 departments.
    const RATING: [f64; 30] = [
        43.0, 63.0, 71.0, 61.0, 81.0, 43.0, 58.0, 71.0, 72.0, 67.0, 64.0, 67.0, 69.0, 68.0, 77.0, 81.0, 74.0,
        65.0, 65.0, 50.0, 50.0, 64.0, 53.0, 40.0, 63.0, 66.0, 78.0, 48.0, 85.0, 82.0,
    ];
    const COMPLAINTS: [f64; 30] = [
        51.0, 64.0, 70.0, 63.0, 78.0, 55.0, 67.0, 75.0, 82.0, 61.0, 53.0, 60.0, 62.0, 83.0, 77.0, 90.0, 85.0,
        60.0, 70.0, 58.0, 40.0, 61.0, 66.0, 37.0, 54.0, 77.0, 75.0, 57.0, 85.0, 82.0,
    ];

    fn close(found: f64, expected: f64) {
        assert!((found / expected - 1.0).abs() < 1e-9, "{found} is not {expected}");
    }

    #[test]
    fn agrees_with_r() {
        // R 4.2.2 cor.test; correlation::cor_test 0.8.3; statistics.md 4.3 (Bonett and Wright).
        let found = KINDS.map(|kind| associate(kind, &RATING, &COMPLAINTS).expect("defined"));
        close(found[0].value, 0.825417569542146);
        close(found[0].interval(0.99, Spread::Own).expect("given").0, 0.590_129_627_297_772_4);
        close(found[1].statistic.expect("given"), 754.258_472_601_909_6);
        close(found[1].p_value.expect("given"), 1.1932350949152675e-08);
        assert!((found[1].interval(0.95, Spread::Own).expect("given").0 - 0.639659).abs() < 1e-6);
        assert!(
            (found[1].interval(0.95, Spread::Easystats).expect("given").1 - 0.919161950347730_7).abs()
                < 1e-12
        );
        assert!((found[2].value - 0.654_971_208_215_473).abs() < 1e-12);
        assert!((found[2].p_value.expect("given") / 5.51833682e-07 - 1.0).abs() < 1e-8);
        assert!((found[2].interval(0.95, Spread::Own).expect("given").0 - 0.485271766498778_2).abs() < 1e-12);
    }

    #[test]
    fn hard_cases_say_why() {
        for kind in KINDS {
            assert_eq!(associate(kind, &[], &[]).map(|a| a.value), Err(Reason::TooFew));
            assert_eq!(associate(kind, &[1.0, 2.0], &[1.0, 2.0]).map(|a| a.value), Err(Reason::TooFew));
            assert_eq!(associate(kind, &[7.1; 9], &RATING[..9]).map(|a| a.value), Err(Reason::NoVariation));
            let far: Vec<f64> = RATING.iter().map(|x| x + 1e9).collect();
            close(
                associate(kind, &far, &COMPLAINTS).expect("defined").value,
                associate(kind, &RATING, &COMPLAINTS).expect("defined").value,
            );
            let same = associate(kind, &RATING, &RATING).expect("defined");
            assert!(same.value > 1.0 - 1e-12 && same.p_value.expect("given") < 1e-10);
            let three = associate(kind, &[1.0, 2.0, 3.0], &[1.0, 2.0, 2.5]).expect("defined");
            assert_eq!(three.interval(0.95, Spread::Own), Err(Reason::TooFew));
        }
    }

    #[test]
    fn size_does_not_matter() {
        let of = |exponent: i32| {
            let far = |values: &[f64]| values.iter().map(|x| libm::ldexp(*x, exponent)).collect::<Vec<f64>>();
            KINDS.map(|kind| associate(kind, &far(&RATING), &COMPLAINTS))
        };
        for exponent in [-1070, -500, 500, 1000] {
            assert_eq!(of(exponent), of(0));
        }
        let ends = associate(Kind::Pearson, &[f64::MAX, -f64::MAX, 0.0, 1.0], &[2.0, -2.0, 0.0, 0.0])
            .expect("defined");
        assert!((ends.value - 1.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn rank_coefficients_know_only_the_order(x in prop::collection::vec(-50i32..50, 4..40)) {
            let y: Vec<f64> = x.iter().enumerate().map(|(i, x)| f64::from(*x) + 3.0 * ((i * 7) % 11) as f64).collect();
            let x: Vec<f64> = x.into_iter().map(f64::from).collect();
            let cubed: Vec<f64> = x.iter().map(|x| x * x * x).collect();
            for kind in [Kind::Spearman, Kind::Kendall] {
                prop_assert_eq!(associate(kind, &x, &y), associate(kind, &cubed, &y));
            }
        }
    }
}
