//! Case-mix adjustment: what units' means would be if all had served the same mix of customers.
//!
//! In: rows of an outcome and covariates, with their unit. Out: adjusted means, expected values. Deliberately absent: logistic models (a share
//! is adjusted on the same linear scale, as CAHPS does), selection of covariates.
//!
//! Coefficients come from within units alone (unit dummies), never from a pooled regression, which would adjust real differences away.

use super::Reason;
use super::crossproduct::CrossProducts;
use super::distribution::student_quantile;
use super::regression::inverse_correlation;

/// Rows with their unit.
#[derive(Debug, Clone, Copy)]
pub struct Cases<'a> {
    /// The outcome, one per row.
    pub outcome: &'a [f64],
    /// Columns of covariates; a missing value is given the mean of its unit.
    pub covariates: &'a [Vec<Option<f64>>],
    /// Unit 0, 1, 2 … of each row.
    pub units: &'a [usize],
}

/// A slope within units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WithinSlope {
    /// The slope.
    pub value: f64,
    /// Its standard error.
    pub std_error: f64,
}

/// One unit after adjustment.
#[derive(Debug, Clone, PartialEq)]
pub struct Adjusted {
    /// Number of rows.
    pub n: usize,
    /// Mean outcome as it is.
    pub observed: f64,
    /// Mean outcome that its mix of cases would have at an average unit: overall mean + β′(x̄ − x̄ of all).
    pub expected: f64,
    /// observed − β′(x̄ − x̄ of all).
    pub adjusted: f64,
    /// Standard error of the adjusted mean, as R `emmeans` gives it.
    pub std_error: f64,
    /// Lower end of its interval.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
    /// observed / expected; no variation where expected is 0.
    pub ratio: Result<f64, Reason>,
    /// Covariates that had to be filled in.
    pub n_imputed: usize,
    /// Whether a covariate's mean lies outside the range of the other units', so that its adjustment is an extrapolation.
    pub extrapolated: bool,
}

/// An adjustment.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseMix {
    /// Slopes of the covariates; no variation for one that is constant within units.
    pub slopes: Vec<Result<WithinSlope, Reason>>,
    /// Residual standard deviation within units.
    pub sigma: f64,
    /// Residual degrees of freedom.
    pub df: f64,
    /// Overall mean of the outcome.
    pub overall: f64,
    /// The units; too few for one without rows.
    pub units: Vec<Result<Adjusted, Reason>>,
}

/// Adjusts the units' means, with intervals of probability `level`.
///
/// Undefined: too few without residual degree of freedom, collinear covariates. CAHPS/HCAHPS; same adjusted means as R
/// `emmeans(lm(y ~ unit + x), ~ unit)` at the mean of x over all rows.
pub fn case_mix(cases: &Cases<'_>, level: f64) -> Result<CaseMix, Reason> {
    let n_units = cases.units.iter().max().map_or(0, |last| last + 1);
    let filled: Vec<Filled> =
        cases.covariates.iter().map(|column| fill(column, cases.units, n_units)).collect();
    let outcome = Filled::new(cases.outcome.to_vec(), cases.units, n_units);
    let used: Vec<usize> = (0..filled.len()).filter(|&k| filled[k].varies()).collect();
    let sizes: Vec<usize> =
        (0..n_units).map(|unit| cases.units.iter().filter(|own| **own == unit).count()).collect();
    let present = sizes.iter().filter(|n| **n > 0).count();
    let df = cases.outcome.len() as f64 - (present + used.len()) as f64;
    if df < 1.0 {
        return Err(Reason::TooFew);
    }
    let columns: Vec<Vec<f64>> =
        used.iter().map(|&k| filled[k].within.clone()).chain([outcome.within.clone()]).collect();
    let products = CrossProducts::of(&columns, &vec![1.0; cases.outcome.len()], cases.outcome.len() as f64)?;
    let fit = Within::new(&products, df)?;
    let slopes = (0..filled.len()).map(|k| match used.iter().position(|own| *own == k) {
        Some(place) => Ok(fit.slope(place)),
        None => Err(Reason::NoVariation),
    });
    let half = student_quantile(0.5 + 0.5 * level, df);
    let adjusted = |unit: usize| {
        if sizes[unit] == 0 {
            return Err(Reason::TooFew);
        }
        let off: Vec<f64> = used.iter().map(|&k| filled[k].means[unit] - filled[k].overall).collect();
        let shift: f64 = off.iter().zip(&fit.slopes).map(|(off, slope)| off * slope).sum();
        let std_error = fit.sigma * (1.0 / sizes[unit] as f64 + fit.form(&off)).sqrt();
        let (observed, expected) = (outcome.means[unit], outcome.overall + shift);
        Ok(Adjusted {
            n: sizes[unit],
            observed,
            expected,
            adjusted: observed - shift,
            std_error,
            lower: observed - shift - half * std_error,
            upper: observed - shift + half * std_error,
            ratio: if expected.abs() > 0.0 { Ok(observed / expected) } else { Err(Reason::NoVariation) },
            n_imputed: filled.iter().map(|column| column.imputed[unit]).sum(),
            extrapolated: used.iter().any(|&k| filled[k].is_outside(unit, &sizes)),
        })
    };
    let units = (0..n_units).map(adjusted).collect();
    Ok(CaseMix { slopes: slopes.collect(), sigma: fit.sigma, df, overall: outcome.overall, units })
}

/// A column without gaps, seen from its units.
struct Filled {
    within: Vec<f64>,
    means: Vec<f64>,
    overall: f64,
    imputed: Vec<usize>,
    scale: f64,
}

impl Filled {
    fn new(values: Vec<f64>, units: &[usize], n_units: usize) -> Self {
        let first = values.first().copied().unwrap_or(0.0);
        let (mut sums, mut sizes) = (vec![0.0; n_units], vec![0.0; n_units]);
        for (value, &unit) in values.iter().zip(units) {
            sums[unit] += value - first;
            sizes[unit] += 1.0;
        }
        let overall = first + sums.iter().sum::<f64>() / (values.len() as f64).max(1.0);
        let means: Vec<f64> =
            sums.iter().zip(&sizes).map(|(sum, n): (&f64, &f64)| first + sum / n.max(1.0)).collect();
        let within: Vec<f64> = values.iter().zip(units).map(|(value, &unit)| value - means[unit]).collect();
        let scale = values.iter().map(|value| (value - overall).abs()).fold(0.0, f64::max);
        Self { within, means, overall, imputed: vec![0; n_units], scale }
    }

    fn varies(&self) -> bool {
        self.within.iter().any(|value| value.abs() > 1e-9 * self.scale)
    }

    fn is_outside(&self, unit: usize, sizes: &[usize]) -> bool {
        let others = || {
            self.means
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != unit && sizes[*other] > 0)
                .map(|(_, mean)| *mean)
        };
        let (low, high) =
            (others().fold(f64::INFINITY, f64::min), others().fold(f64::NEG_INFINITY, f64::max));
        low <= high && !(low..=high).contains(&self.means[unit])
    }
}

/// Gives a missing value the mean of its unit, or of all rows where the unit has none.
fn fill(column: &[Option<f64>], units: &[usize], n_units: usize) -> Filled {
    let (known, owners): (Vec<f64>, Vec<usize>) =
        column.iter().zip(units).filter_map(|(value, unit)| Some(((*value)?, *unit))).unzip();
    let first = Filled::new(known, &owners, n_units);
    let mean = |unit: usize| if owners.contains(&unit) { first.means[unit] } else { first.overall };
    let means: Vec<f64> = (0..n_units).map(mean).collect();
    let values = column.iter().zip(units).map(|(value, &unit)| value.unwrap_or(means[unit])).collect();
    let mut filled = Filled::new(values, units, n_units);
    column
        .iter()
        .zip(units)
        .filter(|(value, _)| value.is_none())
        .for_each(|(_, &unit)| filled.imputed[unit] += 1);
    filled
}

/// The regression of what is left within units.
struct Within {
    slopes: Vec<f64>,
    sigma: f64,
    /// Inverse of the covariates' cross-products, p · p values.
    inverse: Vec<f64>,
}

impl Within {
    fn new(products: &CrossProducts, df: f64) -> Result<Self, Reason> {
        let p = products.size - 1;
        let length = |k: usize| products.at(k, k).sqrt();
        let ratio = |i: usize, j: usize| products.at(i, j) / length(i) / length(j);
        let matrix: Vec<f64> = (0..p * p).map(|at| ratio(at / p, at % p)).collect();
        let inverse = inverse_correlation(&matrix, p)?;
        let inverse: Vec<f64> = (0..p * p).map(|at| inverse[at] / length(at / p) / length(at % p)).collect();
        let slope = |i: usize| (0..p).map(|j| inverse[i * p + j] * products.at(j, p)).sum::<f64>();
        let slopes: Vec<f64> = (0..p).map(slope).collect();
        let explained: f64 = slopes.iter().enumerate().map(|(k, slope)| slope * products.at(k, p)).sum();
        Ok(Self { slopes, sigma: ((products.at(p, p) - explained).max(0.0) / df).sqrt(), inverse })
    }

    fn slope(&self, k: usize) -> WithinSlope {
        let p = self.slopes.len();
        WithinSlope { value: self.slopes[k], std_error: self.sigma * self.inverse[k * p + k].sqrt() }
    }

    fn form(&self, off: &[f64]) -> f64 {
        let p = off.len();
        (0..p).map(|i| (0..p).map(|j| off[i] * self.inverse[i * p + j] * off[j]).sum::<f64>()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // R datasets::mtcars: mpg, wt, cyl (4, 6, 8 as 0, 1, 2).
    const MPG: [f64; 32] = [
        21.0, 21.0, 22.8, 21.4, 18.7, 18.1, 14.3, 24.4, 22.8, 19.2, 17.8, 16.4, 17.3, 15.2, 10.4, 10.4, 14.7,
        32.4, 30.4, 33.9, 21.5, 15.5, 15.2, 13.3, 19.2, 27.3, 26.0, 30.4, 15.8, 19.7, 15.0, 21.4,
    ];
    const WT: [f64; 32] = [
        2.62, 2.875, 2.32, 3.215, 3.44, 3.46, 3.57, 3.19, 3.15, 3.44, 3.44, 4.07, 3.73, 3.78, 5.25, 5.424,
        5.345, 2.2, 1.615, 1.835, 2.465, 3.52, 3.435, 3.84, 3.845, 1.935, 2.14, 1.513, 3.17, 2.77, 3.57,
        2.78,
    ];
    const CYL: [usize; 32] =
        [1, 1, 0, 1, 2, 1, 2, 0, 0, 1, 1, 2, 2, 2, 2, 2, 2, 0, 0, 0, 0, 2, 2, 2, 2, 0, 0, 0, 2, 1, 2, 0];

    fn found(covariates: &[Vec<Option<f64>>]) -> Result<CaseMix, Reason> {
        case_mix(&Cases { outcome: &MPG, covariates, units: &CYL }, 0.95)
    }

    fn weight() -> Vec<Option<f64>> {
        WT.iter().map(|x| Some(*x)).collect()
    }

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-11 * expected.abs(), "{value} is not {expected}");
    }

    #[test]
    fn agrees_with_emmeans() {
        // statistics.md 4.2: lm(mpg ~ factor(cyl) + wt) at mean wt.
        let found = found(&[weight()]).expect("defined");
        close(found.slopes[0].expect("defined").value, -3.20561325619);
        for (unit, expected) in found.units.iter().zip([23.6775347606, 19.4219523587, 17.6066750802]) {
            let unit = unit.as_ref().expect("defined");
            close(unit.adjusted, expected);
            close(unit.expected - found.overall, unit.observed - unit.adjusted);
            assert!(unit.lower < unit.adjusted && unit.adjusted < unit.upper);
        }
        // The standard error of lm(mpg ~ factor(cyl) + wt) for cyl 4 at mean wt, by statsmodels 0.15.
        close(found.units[0].as_ref().expect("defined").std_error, 1.0428474131119145);
    }

    #[test]
    fn what_does_not_vary_within_units_has_no_slope() {
        let cylinders = CYL.iter().map(|unit| Some(*unit as f64)).collect();
        let found = found(&[cylinders, weight()]).expect("defined");
        assert_eq!(found.slopes[0], Err(Reason::NoVariation));
        close(found.units[0].as_ref().expect("defined").adjusted, 23.6775347606);
    }

    #[test]
    fn gaps_are_filled_and_told() {
        let mut weights = weight();
        weights[0] = None;
        let found = found(&[weights]).expect("defined");
        let imputed: Vec<usize> =
            found.units.iter().map(|unit| unit.as_ref().expect("defined").n_imputed).collect();
        assert_eq!(imputed, [0, 1, 0]);
    }

    #[test]
    fn hard_cases_say_why() {
        let none = Cases { outcome: &[], covariates: &[], units: &[] };
        assert_eq!(case_mix(&none, 0.95).err(), Some(Reason::TooFew));
        assert_eq!(found(&[weight(), weight()]).err(), Some(Reason::Collinear));
        let plain = found(&[]).expect("defined");
        close(plain.units[2].as_ref().expect("defined").adjusted, 15.1);
        let skipped = Cases { outcome: &[1.0, 2.0, 4.0], covariates: &[vec![None; 3]], units: &[0, 0, 2] };
        let found = case_mix(&skipped, 0.95).expect("defined");
        assert_eq!(
            (found.slopes[0], found.units[1].clone().err()),
            (Err(Reason::NoVariation), Some(Reason::TooFew))
        );
    }
}
