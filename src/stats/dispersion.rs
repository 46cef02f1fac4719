//! Counts that vary more than Poisson's: negative-binomial rates of groups with one common dispersion, and the test of that dispersion.
//!
//! In: counted events with exposures, per group. Out: rates, dispersion, likelihood-ratio tests. Deliberately absent: covariates.

use super::Reason;
use super::rate::Events;
use super::root::falling_root;
use super::tail::chi_square_upper;

/// A fit of negative-binomial counts with variance μ + α·μ².
#[derive(Debug, Clone, PartialEq)]
pub struct NegativeBinomial {
    /// Rate of each group, events per exposure.
    pub rates: Vec<f64>,
    /// Dispersion α, 0 where the counts vary no more than Poisson's.
    pub alpha: f64,
    /// Log-likelihood.
    pub log_likelihood: f64,
    /// Twice the gain over Poisson.
    pub ratio: f64,
    /// P of that gain without overdispersion: half of chi-square's, since α cannot be negative (1 where α is 0).
    pub p_value: f64,
}

/// α above this is taken as no fit at all.
const LARGEST: f64 = 1e6;

/// Returns the maximum-likelihood fit of groups with rates of their own and one dispersion.
///
/// Undefined: too few without two observations, a group, or an event in every group (a rate of 0 has no likelihood to compare). Lawless
/// (1987); same values as R `MASS::glm.nb` (θ = 1/α), `statsmodels` `NegativeBinomial`, to its optimiser's tolerance.
pub fn negative_binomial(groups: &[Vec<Events>]) -> Result<NegativeBinomial, Reason> {
    let n: usize = groups.iter().map(Vec::len).sum();
    let events = |group: &Vec<Events>| group.iter().map(|one| one.events).sum::<u64>();
    let unsound = |one: &Events| !(one.exposure > 0.0 && one.exposure.is_finite());
    if n < 2
        || groups.is_empty()
        || groups.iter().any(|group| events(group) == 0)
        || groups.iter().flatten().any(unsound)
    {
        return Err(Reason::TooFew);
    }
    let poisson = likelihood(groups, 0.0);
    let alpha = dispersion(groups)?;
    let log_likelihood = if alpha > 0.0 { likelihood(groups, alpha) } else { poisson };
    let ratio = (2.0 * (log_likelihood - poisson)).max(0.0);
    let p_value = if alpha > 0.0 { 0.5 * chi_square_upper(ratio, 1.0) } else { 1.0 };
    Ok(NegativeBinomial { rates: rates(groups, alpha), alpha, log_likelihood, ratio, p_value })
}

/// Returns the test that all groups have the same rate at the dispersion that they have in common: twice the gain, and its p.
///
/// Undefined as `negative_binomial`, and too few below two groups.
pub fn same_negative_binomial_rate(groups: &[Vec<Events>]) -> Result<(f64, f64), Reason> {
    if groups.len() < 2 {
        return Err(Reason::TooFew);
    }
    let apart = negative_binomial(groups)?;
    let together = negative_binomial(&[groups.concat()])?;
    let ratio = (2.0 * (apart.log_likelihood - together.log_likelihood)).max(0.0);
    Ok((ratio, chi_square_upper(ratio, groups.len() as f64 - 1.0)))
}

fn rates(groups: &[Vec<Events>], alpha: f64) -> Vec<f64> {
    groups.iter().map(|group| rate(group, alpha)).collect()
}

/// Returns the rate at which Σ(x − μe)/(1 + αμe) = 0.
fn rate(group: &[Events], alpha: f64) -> f64 {
    let (x, e) = group.iter().fold((0.0, 0.0), |(x, e), one| (x + one.events as f64, e + one.exposure));
    let own = |one: &Events| one.events as f64 / one.exposure;
    let low = group.iter().map(own).fold(f64::INFINITY, f64::min);
    let high = group.iter().map(own).fold(0.0, f64::max);
    if alpha <= 0.0 || low >= high {
        return x / e;
    }
    falling_root((low, high), |rate| {
        let part =
            |one: &Events| (one.events as f64 - rate * one.exposure) / (1.0 + alpha * rate * one.exposure);
        group.iter().map(part).sum()
    })
}

/// Returns the log-likelihood at the best rates for `alpha`.
fn likelihood(groups: &[Vec<Events>], alpha: f64) -> f64 {
    let of_group = |group: &Vec<Events>| {
        let rate = rate(group, alpha);
        group.iter().map(|one| log_density(one.events, rate * one.exposure, alpha)).sum::<f64>()
    };
    groups.iter().map(of_group).sum()
}

fn log_density(events: u64, mean: f64, alpha: f64) -> f64 {
    let x = events as f64;
    let factorial = libm::lgamma(x + 1.0);
    if alpha <= 0.0 {
        return x * libm::log(mean) - mean - factorial;
    }
    // Σ ln(1 + αj) is ln Γ(x + 1/α) − ln Γ(1/α) + x ln α, without their cancellation at small α.
    let size = 1.0 / alpha;
    let rising = if x < 1000.0 {
        (0..events).map(|j| libm::log1p(alpha * j as f64)).sum::<f64>()
    } else {
        libm::lgamma(x + size) - libm::lgamma(size) + x * libm::log(alpha)
    };
    rising + x * libm::log(mean) - (x + size) * libm::log1p(alpha * mean) - factorial
}

/// Returns the α of the largest likelihood: 0 where it falls from there on, else by golden section on ln α.
fn dispersion(groups: &[Vec<Events>]) -> Result<f64, Reason> {
    let excess = |group: &Vec<Events>| {
        let rate = rate(group, 0.0);
        let part = |one: &Events| {
            let mean = rate * one.exposure;
            (one.events as f64 - mean) * (one.events as f64 - mean) - one.events as f64
        };
        group.iter().map(part).sum::<f64>()
    };
    if groups.iter().map(excess).sum::<f64>() <= 0.0 {
        return Ok(0.0);
    }
    let at = |log: f64| likelihood(groups, libm::exp(log));
    let golden = 0.5 * (5f64.sqrt() - 1.0);
    let (mut low, mut high) = (libm::log(1e-10), libm::log(LARGEST));
    let (mut left, mut right) = (high - golden * (high - low), low + golden * (high - low));
    let (mut at_left, mut at_right) = (at(left), at(right));
    while high - low > 1e-9 {
        if at_left < at_right {
            (low, left, at_left) = (left, right, at_right);
            right = low + golden * (high - low);
            at_right = at(right);
        } else {
            (high, right, at_right) = (right, left, at_left);
            left = high - golden * (high - low);
            at_left = at(left);
        }
    }
    let alpha = libm::exp(0.5 * (low + high));
    if alpha > 0.9 * LARGEST { Err(Reason::NotConverged) } else { Ok(alpha) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-5 * expected.abs(), "{value} is not {expected}");
    }

    fn group(events: &[u64], exposure: &[f64]) -> Vec<Events> {
        events.iter().zip(exposure).map(|(&events, &exposure)| Events { events, exposure }).collect()
    }

    const HOURS: [f64; 8] = [1.0, 1.5, 1.2, 1.0, 0.8, 1.4, 1.1, 1.3];

    #[test]
    fn agrees_with_statsmodels() {
        // statsmodels 0.15 NegativeBinomial(loglike_method="nb2", exposure=...) of the two groups, and of both together.
        let groups = [group(&[7, 12, 3, 9, 1, 15, 6, 4], &HOURS), group(&[2, 5, 1, 0, 3, 9, 1, 2], &HOURS)];
        let found = negative_binomial(&groups).expect("defined");
        close(found.alpha, 0.20732595410858673);
        close(found.rates[0], 5.984754478543013);
        close(found.rates[1], 2.418860255947294);
        close(found.log_likelihood, -38.14317635907662);
        close(found.ratio, 4.342578644131038);
        let (ratio, p_value) = same_negative_binomial_rate(&groups).expect("defined");
        close(ratio, 5.953351303019161);
        close(p_value, 0.01468933402866413);
    }

    #[test]
    fn counts_no_wilder_than_poisson_have_no_dispersion() {
        let found = negative_binomial(&[group(&[4, 5, 4, 5], &[1.0; 4])]).expect("defined");
        assert!(found.alpha <= 0.0 && found.p_value >= 1.0 && (found.rates[0] - 4.5).abs() < 1e-12);
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(negative_binomial(&[]), Err(Reason::TooFew));
        assert_eq!(negative_binomial(&[group(&[3], &[1.0])]), Err(Reason::TooFew));
        assert_eq!(negative_binomial(&[group(&[0, 0], &[1.0; 2])]), Err(Reason::TooFew));
        assert_eq!(negative_binomial(&[group(&[1, 2], &[1.0, 0.0])]), Err(Reason::TooFew));
        assert_eq!(same_negative_binomial_rate(&[group(&[3, 4], &[1.0; 2])]), Err(Reason::TooFew));
    }
}
