//! Effects along paths in two stages: drivers -> mediators (dimensions of satisfaction) -> the overall outcome.
//!
//! In: complete rows of drivers, mediators and outcome. Out: what each driver moves in the outcome by way of the mediators. Deliberately
//! absent: latent variables, feedback. One regression on drivers and dimensions together would credit the dimensions alone: a promise that
//! works through "speed" adds nothing once speed is known.

use super::Reason;
use super::distribution::normal_quantile;
use super::importance_bootstrap::{Ends, ends};
use super::regression::{Regression, regress};
use super::sandwich::Rows;
use crate::random::Random;

/// Columns of the two stages, with one weight per row.
#[derive(Debug, Clone, Copy)]
pub struct Stages<'a> {
    /// What may move the mediators.
    pub drivers: &'a [Vec<f64>],
    /// What may move the outcome.
    pub mediators: &'a [Vec<f64>],
    /// The outcome.
    pub outcome: &'a [f64],
    /// Weights.
    pub weights: &'a [f64],
    /// Whether drivers may also move the outcome past the mediators.
    pub direct: bool,
}

/// The effect of a driver on the outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// Effect through each mediator, a·b.
    pub through: Vec<f64>,
    /// Sum over the mediators.
    pub indirect: f64,
    /// Standard error of the sum by the delta method.
    pub std_error: f64,
    /// Interval of the sum by the delta method.
    pub delta: Ends,
    /// Effect past the mediators, 0 where it is not allowed.
    pub direct: f64,
    /// indirect + direct.
    pub total: f64,
}

/// Both stages fitted.
struct Fitted {
    first: Vec<Regression>,
    second: Regression,
    n: f64,
}

/// Returns the effects of the drivers, in their order, with intervals of probability `level`.
///
/// a: mediator on all drivers; b: outcome on all mediators (and drivers, if direct effects are allowed). Variance of Σa·b: b′Cov(a)b + a′Cov(b)a
/// with the residual covariances of the first stage (Sobel 1982, Bollen 1987). Undefined: as `regress` in either
/// stage, no variation when drivers tell a mediator exactly.
pub fn effects(stages: &Stages<'_>, level: f64) -> Result<Vec<Effect>, Reason> {
    let fitted = fit(stages, level)?;
    if fitted.first.iter().any(|stage| stage.overall.is_err()) {
        return Err(Reason::NoVariation);
    }
    let (m, d) = (stages.mediators.len(), stages.drivers.len());
    let residuals = residual_covariances(stages, &fitted)?;
    let b: Vec<f64> = fitted.second.slopes[..m].iter().map(|slope| slope.value).collect();
    let products = second_rows(stages);
    let products = Rows { columns: &products, weights: stages.weights, n: fitted.n }.products()?;
    let p = products.size - 1;
    let of_b = |i: usize, j: usize| {
        let lengths = (products.at(i, i) * products.at(j, j)).sqrt();
        fitted.second.sigma * fitted.second.sigma * fitted.second.inverse[i * p + j] / lengths
    };
    let effect = |k: usize| {
        let a: Vec<f64> = fitted.first.iter().map(|stage| stage.slopes[k].value).collect();
        // Coefficients of one driver over the mediators vary together as the first stage's residuals do.
        let unit = fitted.first[0].slopes[k].std_error / fitted.first[0].sigma;
        let form =
            |i: usize, j: usize| b[i] * b[j] * residuals[i * m + j] * unit * unit + a[i] * a[j] * of_b(i, j);
        let variance: f64 = (0..m).map(|i| (0..m).map(|j| form(i, j)).sum::<f64>()).sum();
        let through: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a * b).collect();
        let (indirect, std_error) = (through.iter().sum::<f64>(), variance.max(0.0).sqrt());
        let half = normal_quantile(0.5 + 0.5 * level) * std_error;
        let direct = if stages.direct { fitted.second.slopes[m + k].value } else { 0.0 };
        let delta = Ends { lower: indirect - half, upper: indirect + half };
        Effect { through, indirect, std_error, delta, direct, total: indirect + direct }
    };
    Ok((0..d).map(effect).collect())
}

/// Returns percentile intervals of the drivers' indirect effects over `draws` draws of whole clusters (numbered 0, 1, 2 …; one per row).
///
/// A product of two coefficients is not normal, so this interval is preferred to the delta method's (MacKinnon and others 2004). Undefined: as
/// `effects`, too few below two clusters, not converged when more than a tenth of the draws are undefined.
pub fn resampled(
    stages: &Stages<'_>,
    clusters: &[usize],
    (draws, level): (usize, f64),
    random: &mut Random,
) -> Result<Vec<Ends>, Reason> {
    effects(stages, level)?;
    let n_clusters = clusters.iter().max().map_or(0, |last| last + 1);
    if n_clusters < 2 {
        return Err(Reason::TooFew);
    }
    let mut found = vec![vec![]; stages.drivers.len()];
    for _ in 0..draws {
        let mut counts = vec![0.0; n_clusters];
        (0..n_clusters).for_each(|_| counts[random.below(n_clusters as u64) as usize] += 1.0);
        let weights: Vec<f64> =
            clusters.iter().zip(stages.weights).map(|(&cluster, weight)| weight * counts[cluster]).collect();
        let Ok(fitted) = fit(&Stages { weights: &weights, ..*stages }, level) else { continue };
        for (k, values) in found.iter_mut().enumerate() {
            let slopes = fitted.first.iter().map(|stage| stage.slopes[k].value);
            values.push(slopes.zip(&fitted.second.slopes).map(|(a, b)| a * b.value).sum::<f64>());
        }
    }
    if found.iter().any(|values| values.is_empty() || values.len() * 10 < draws * 9) {
        return Err(Reason::NotConverged);
    }
    Ok(found.into_iter().map(|values| ends(values, level)).collect())
}

fn fit(stages: &Stages<'_>, level: f64) -> Result<Fitted, Reason> {
    if stages.drivers.is_empty() || stages.mediators.is_empty() {
        return Err(Reason::TooFew);
    }
    let n = stages.weights.iter().filter(|weight| **weight > 0.0).count() as f64;
    let one =
        |columns: &[Vec<f64>]| regress(&Rows { columns, weights: stages.weights, n }.products()?, level);
    let mut first = vec![];
    let mut columns = stages.drivers.to_vec();
    for mediator in stages.mediators {
        columns.push(mediator.clone());
        first.push(one(&columns)?);
        columns.pop();
    }
    Ok(Fitted { first, second: one(&second_rows(stages))?, n })
}

/// Returns the columns of the second stage, the outcome last.
fn second_rows(stages: &Stages<'_>) -> Vec<Vec<f64>> {
    let drivers = if stages.direct { stages.drivers } else { &[] };
    let outcome = std::iter::once(stages.outcome.to_vec());
    stages.mediators.iter().chain(drivers).cloned().chain(outcome).collect()
}

/// Returns the covariances of the first stage's residuals, divisor n − p − 1.
fn residual_covariances(stages: &Stages<'_>, fitted: &Fitted) -> Result<Vec<f64>, Reason> {
    let (m, d) = (stages.mediators.len(), stages.drivers.len());
    let columns: Vec<Vec<f64>> = stages.drivers.iter().chain(stages.mediators).cloned().collect();
    let products = Rows { columns: &columns, weights: stages.weights, n: fitted.n }.products()?;
    let mut covariances = vec![0.0; m * m];
    for i in 0..m {
        for j in 0..m {
            let slopes = fitted.first[i].slopes.iter().enumerate();
            let explained: f64 = slopes.map(|(k, slope)| slope.value * products.at(k, d + j)).sum();
            covariances[i * m + j] = (products.at(d + i, d + j) - explained) / fitted.first[i].df;
        }
    }
    Ok(covariances)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::attitude;

    fn stages<'a>(columns: &'a [Vec<f64>], direct: bool) -> Stages<'a> {
        Stages {
            drivers: &columns[..2],
            mediators: &columns[2..4],
            outcome: &columns[6],
            weights: &[1.0; 30],
            direct,
        }
    }

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-9 * expected.abs(), "{value} is not {expected}");
    }

    #[test]
    fn agrees_with_numpy() {
        // numpy, attitude: complaints, privileges -> learning, raises -> rating; delta method with the full covariance of a and of b.
        let columns = attitude::columns();
        let found = effects(&stages(&columns, false), 0.95).expect("defined");
        close(found[0].indirect, 0.35840193881902405);
        close(found[0].std_error, 0.12855055488257913);
        close(found[1].through[0], 0.09645474070504267);
        let found = effects(&stages(&columns, true), 0.95).expect("defined");
        close(found[0].direct, 0.6911487199525159);
        close(found[0].std_error, 0.09395569844318374);
    }

    #[test]
    fn one_mediator_and_direct_effects_add_up_to_the_plain_regression() {
        // With direct effects allowed, indirect + direct is the slope of the outcome on the drivers alone (least squares, exactly).
        let columns = attitude::columns();
        let plain = [columns[0].clone(), columns[1].clone(), columns[6].clone()];
        let plain = regress(
            &Rows { columns: &plain, weights: &[1.0; 30], n: 30.0 }.products().expect("defined"),
            0.95,
        );
        let found = effects(&stages(&columns, true), 0.95).expect("defined");
        for (effect, slope) in found.iter().zip(&plain.expect("defined").slopes) {
            close(effect.total, slope.value);
        }
    }

    #[test]
    fn resampling_gives_about_the_delta_interval() {
        let columns = attitude::columns();
        let (stages, clusters) = (stages(&columns, false), (0..30).collect::<Vec<usize>>());
        let delta = effects(&stages, 0.95).expect("defined")[0].delta;
        let found =
            resampled(&stages, &clusters, (500, 0.95), &mut Random::new(&["path"])).expect("defined")[0];
        assert!(
            (found.lower - delta.lower).abs() < 0.2 && (found.upper - delta.upper).abs() < 0.2,
            "{found:?} {delta:?}"
        );
    }

    #[test]
    fn hard_cases_say_why() {
        let columns = attitude::columns();
        let none = Stages { drivers: &[], ..stages(&columns, false) };
        assert_eq!(effects(&none, 0.95), Err(Reason::TooFew));
        let same = Stages { mediators: &columns[..1], ..stages(&columns, false) };
        assert_eq!(effects(&same, 0.95), Err(Reason::NoVariation));
        let flat = vec![vec![1.0; 30]];
        assert_eq!(
            effects(&Stages { drivers: &flat, ..stages(&columns, false) }, 0.95),
            Err(Reason::NoVariation)
        );
    }
}
