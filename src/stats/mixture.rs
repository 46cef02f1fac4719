//! Mixtures of normal distributions: cumulative probability and quantile.
//!
//! In: parts. Out: numbers. Deliberately absent: fitting one.

use super::distribution::{Bracket, normal_cdf, normal_density};

/// One normal part of a mixture.
pub(super) struct Part {
    /// Its share of the mixture.
    pub(super) probability: f64,
    /// Its mean.
    pub(super) mean: f64,
    /// Its standard deviation, 0 for a point.
    pub(super) std_dev: f64,
}

/// Returns the probability below `at`.
pub(super) fn cdf(parts: &[Part], at: f64) -> f64 {
    let below = |part: &Part| {
        let share = if part.std_dev > 0.0 {
            normal_cdf((at - part.mean) / part.std_dev)
        } else {
            f64::from(u8::from(part.mean < at))
        };
        part.probability * share
    };
    parts.iter().map(below).sum::<f64>().min(1.0)
}

/// Returns the quantile of `p`.
pub(super) fn quantile(parts: &[Part], p: f64) -> f64 {
    let low = parts.iter().map(|part| part.mean - 9.0 * part.std_dev).fold(f64::INFINITY, f64::min);
    let high = parts.iter().map(|part| part.mean + 9.0 * part.std_dev).fold(f64::NEG_INFINITY, f64::max);
    if high <= low {
        return low;
    }
    let density = |part: &Part, at: f64| {
        part.probability * normal_density((at - part.mean) / part.std_dev) / part.std_dev
    };
    // The bracket is searched from its lower end, so that the solver's relative steps fit any offset.
    let start = Bracket { low: 0.0, high: high - low, at: 0.5 * (high - low) };
    low + start.solve(|x| (cdf(parts, low + x) - p, parts.iter().map(|part| density(part, low + x)).sum()))
}
