//! Linear model with a random intercept per unit: variance between and within units, and each unit's shrunken mean.
//!
//! In: number, mean and sum of squares of each unit's values. Out: what R `lme4::lmer(y ~ 1 + (1 | unit))` tells. Deliberately absent:
//! covariates, random slopes, generalised models (`lme4::glmer`).

use super::Reason;

/// Points per tenfold of the variance ratio at which the likelihood's slope is looked at before a root is closed in on.
const POINTS_PER_DECADE: i32 = 20;

/// Sums over the values of one unit.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Unit {
    /// Number of values.
    pub n: f64,
    /// Their mean.
    pub mean: f64,
    /// Sum of squares about the mean.
    pub squares: f64,
}

impl Unit {
    /// Sums up values.
    pub fn of(values: &[f64]) -> Self {
        let n = values.len() as f64;
        let first = values.first().copied().unwrap_or(0.0);
        let delta = values.iter().map(|y| y - first).sum::<f64>() / n.max(1.0);
        let squares = values.iter().map(|y| (y - first - delta) * (y - first - delta)).sum();
        Self { n, mean: first + delta, squares }
    }
}

/// A fitted model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RandomIntercept {
    /// Number of values.
    pub n: f64,
    /// Number of units with values.
    pub n_units: usize,
    /// Mean over units, weighted by how well each is known.
    pub intercept: f64,
    /// Its standard error.
    pub intercept_se: f64,
    /// Variance between units.
    pub between: f64,
    /// Variance within units.
    pub within: f64,
    /// −2 log likelihood at its top: restricted or full.
    pub deviance: f64,
}

impl RandomIntercept {
    /// Returns between / (between + within), the correlation of two values of one unit.
    pub fn intraclass(&self) -> f64 {
        self.between / (self.between + self.within)
    }

    /// Returns a unit's deviation from the intercept, shrunken (BLUP), with its standard deviation given the model.
    ///
    /// λn/(1 + λn)·(mean − intercept), λ = between / within; variance between/(1 + λn). A unit without values has deviation 0.
    pub fn deviation(&self, unit: &Unit) -> (f64, f64) {
        let known = 1.0 / (1.0 + self.between / self.within * unit.n);
        let kept = 1.0 - known;
        let value = if unit.n > 0.0 { kept * (unit.mean - self.intercept) } else { 0.0 };
        (value, (self.between * known).sqrt())
    }

    /// Returns the share of a unit's deviation that is kept, its reliability.
    pub fn reliability(&self, unit: &Unit) -> f64 {
        let ratio = self.between / self.within * unit.n;
        ratio / (1.0 + ratio)
    }
}

/// The likelihood at one ratio of variances.
struct At {
    intercept: f64,
    /// Σ n/(1 + λn).
    weight: f64,
    /// Sum of squares that the model leaves.
    squares: f64,
    log_determinant: f64,
    /// Derivative of −2 log likelihood by λ.
    slope: f64,
}

struct Model<'a> {
    units: &'a [Unit],
    n: f64,
    first: f64,
    restricted: bool,
}

impl Model<'_> {
    /// Degrees of freedom of the residual sum of squares.
    fn df(&self) -> f64 {
        if self.restricted { self.n - 1.0 } else { self.n }
    }

    fn at(&self, ratio: f64) -> At {
        let sum = |term: &dyn Fn(&Unit, f64) -> f64| -> f64 {
            self.units.iter().map(|unit| term(unit, unit.n / (1.0 + ratio * unit.n))).sum()
        };
        let weight = sum(&|_, w| w);
        let mean = sum(&|unit, w| w * (unit.mean - self.first)) / weight;
        let off = |unit: &Unit| unit.mean - self.first - mean;
        let squares = sum(&|unit, w| unit.squares + w * off(unit) * off(unit));
        let ww = sum(&|_, w| w * w);
        let mut slope = weight - self.df() * sum(&|unit, w| w * w * off(unit) * off(unit)) / squares;
        let mut log_determinant = sum(&|unit, _| libm::log1p(ratio * unit.n));
        if self.restricted {
            slope -= ww / weight;
            log_determinant += libm::log(weight);
        }
        At { intercept: self.first + mean, weight, squares, log_determinant, slope }
    }

    fn deviance(&self, found: &At) -> f64 {
        let df = self.df();
        found.log_determinant + df * (1.0 + libm::log(2.0 * std::f64::consts::PI * found.squares / df))
    }

    /// Returns the ratio of smallest deviance: 0, or where the slope turns from falling to rising.
    fn best(&self) -> f64 {
        let largest = self.units.iter().map(|unit| unit.n).fold(1.0, f64::max);
        let step = libm::pow(10.0, 1.0 / f64::from(POINTS_PER_DECADE));
        let mut low = 1e-9 / largest;
        let (mut best, mut least) = (0.0, self.deviance(&self.at(0.0)));
        let mut falls = self.at(0.0).slope < 0.0;
        for _ in 0..30 * POINTS_PER_DECADE {
            let high = low * step;
            let rises = self.at(high).slope > 0.0;
            if falls && rises {
                let ratio = self.root(low, high);
                let deviance = self.deviance(&self.at(ratio));
                if deviance < least {
                    (best, least) = (ratio, deviance);
                }
            }
            (low, falls) = (high, !rises);
        }
        best
    }

    fn root(&self, mut low: f64, mut high: f64) -> f64 {
        for _ in 0..80 {
            let middle = 0.5 * (low + high);
            if self.at(middle).slope > 0.0 { high = middle } else { low = middle }
        }
        0.5 * (low + high)
    }
}

/// Fits the model to the units by restricted (`restricted`) or full maximum likelihood.
///
/// The likelihood is profiled over λ = between / within, every stationary point is looked at. Undefined: too few below two units with values
/// or without a unit of two values, no variation when nothing varies within units, not converged when squares are too large
/// for a number. Same values as R `lme4::lmer` (Bates and others 2015).
pub fn random_intercept(units: &[Unit], restricted: bool) -> Result<RandomIntercept, Reason> {
    let units: Vec<Unit> = units.iter().copied().filter(|unit| unit.n > 0.0).collect();
    let n: f64 = units.iter().map(|unit| unit.n).sum();
    if units.len() < 2 || n <= units.len() as f64 {
        return Err(Reason::TooFew);
    }
    let within: f64 = units.iter().map(|unit| unit.squares).sum();
    if within.is_nan() || within <= 0.0 {
        return Err(Reason::NoVariation);
    }
    let total: f64 = units.iter().map(|unit| unit.squares + unit.n * unit.mean * unit.mean).sum();
    if !total.is_finite() {
        return Err(Reason::NotConverged);
    }
    let model = Model { units: &units, n, first: units[0].mean, restricted };
    let ratio = model.best();
    let found = model.at(ratio);
    let variance = found.squares / model.df();
    Ok(RandomIntercept {
        n,
        n_units: units.len(),
        intercept: found.intercept,
        intercept_se: (variance / found.weight).sqrt(),
        between: ratio * variance,
        within: variance,
        deviance: model.deviance(&found),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn units(offset: f64) -> Vec<Unit> {
        let values: [&[f64]; 4] =
            [&[4.0, 5.0, 6.0, 5.0], &[7.0, 8.0, 6.0], &[3.0, 4.0, 2.0, 4.0, 3.0], &[5.0, 7.0]];
        values.iter().map(|unit| Unit::of(&unit.iter().map(|y| y + offset).collect::<Vec<f64>>())).collect()
    }

    fn close(value: f64, expected: f64, tolerance: f64) {
        assert!((value - expected).abs() <= tolerance * expected.abs(), "{value} is not {expected}");
    }

    #[test]
    fn agrees_with_statsmodels() {
        // statsmodels 0.15 MixedLM, reml=True and False.
        let found = random_intercept(&units(0.0), true).expect("defined");
        close(found.between, 2.4364717055672536, 1e-4);
        close(found.within, 0.8756657238364773, 1e-4);
        close(found.intercept, 5.265765624628027, 1e-5);
        let found = random_intercept(&units(0.0), false).expect("defined");
        close(found.between, 1.7785357911569128, 1e-4);
        close(found.deviance, 46.039993845365885, 1e-9);
    }

    #[test]
    fn units_of_equal_size_agree_with_the_analysis_of_variance() {
        // Balanced: within is the mean square within, between is (MSB − MSW)/n, exactly.
        let units = [Unit::of(&[1.0, 3.0]), Unit::of(&[5.0, 6.0]), Unit::of(&[9.0, 7.0])];
        let found = random_intercept(&units, true).expect("defined");
        close(found.within, 1.5, 1e-12);
        close(found.between, (2.0 * 9.083333333333334 - 1.5) / 2.0, 1e-9);
        let (deviation, spread) = found.deviation(&units[0]);
        close(deviation, found.reliability(&units[0]) * (2.0 - found.intercept), 1e-12);
        close(spread * spread, found.between * (1.0 - found.reliability(&units[0])), 1e-12);
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(random_intercept(&[], true), Err(Reason::TooFew));
        assert_eq!(random_intercept(&[Unit::of(&[1.0, 2.0])], true), Err(Reason::TooFew));
        assert_eq!(random_intercept(&[Unit::of(&[1.0]), Unit::of(&[2.0])], true), Err(Reason::TooFew));
        assert_eq!(
            random_intercept(&[Unit::of(&[1.0; 3]), Unit::of(&[2.0; 3])], false),
            Err(Reason::NoVariation)
        );
        let same = random_intercept(&[Unit::of(&[1.0, 2.0]), Unit::of(&[1.0, 2.0])], true).expect("defined");
        assert!(same.between.abs() < 1e-300 && same.deviation(&Unit::default()).0.abs() < 1e-300);
        let (near, far) = (random_intercept(&units(0.0), true), random_intercept(&units(1e9), true));
        close(far.expect("defined").between, near.expect("defined").between, 1e-6);
    }

    proptest! {
        #[test]
        fn order_and_scale_of_units_change_nothing(rows in prop::collection::vec(prop::collection::vec(-9.0f64..9.0, 2..6), 2..8)) {
            let units: Vec<Unit> = rows.iter().map(|row| Unit::of(row)).collect();
            let turned: Vec<Unit> = rows.iter().rev().map(|row| Unit::of(&row.iter().map(|y| 2.0 * y + 1.0).collect::<Vec<f64>>())).collect();
            let (one, other) = (random_intercept(&units, true).expect("defined"), random_intercept(&turned, true).expect("defined"));
            prop_assert!((4.0 * one.between - other.between).abs() <= 1e-6 * (1.0 + other.between));
            prop_assert!((4.0 * one.within - other.within).abs() <= 1e-6 * other.within);
        }
    }
}
