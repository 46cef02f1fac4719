//! How much units differ beyond sampling error: τ² by moments, as meta-analysis estimates it.
//!
//! In: values with standard errors. Out: τ², the mean given it. Deliberately absent: shrinkage (`shrinkage` integrates over τ instead).

use super::Reason;

/// The between-unit variance with the mean that goes with it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heterogeneity {
    /// τ², 0 where units differ no more than their errors say.
    pub variance: f64,
    /// The mean, weighted by 1/(s² + τ²).
    pub mean: f64,
    /// Its standard error.
    pub std_error: f64,
    /// Cochran's Q about the mean weighted by 1/s².
    pub q: f64,
}

/// Returns DerSimonian and Laird's τ² = max(0, (Q − (k−1)) / (Σw − Σw²/Σw)), w = 1/s².
///
/// `units` are (value, standard error). Undefined: too few below two units, no dispersion when an error is not above 0. DerSimonian and Laird
/// (1986); same values as R `metafor::rma(method = "DL")`.
pub fn der_simonian_laird(units: &[(f64, f64)]) -> Result<Heterogeneity, Reason> {
    let fixed = at(units, 0.0)?;
    let w: f64 = units.iter().map(|(_, s)| 1.0 / (s * s)).sum();
    let ww: f64 = units.iter().map(|(_, s)| 1.0 / (s * s * s * s)).sum();
    let variance = ((fixed.q - (units.len() - 1) as f64) / (w - ww / w)).max(0.0);
    Ok(Heterogeneity { q: fixed.q, ..at(units, variance)? })
}

/// Returns Paule and Mandel's τ²: the one at which Q, weighted by 1/(s² + τ²), equals k − 1; 0 where it is below that without τ².
///
/// Defined as `der_simonian_laird` is. Paule and Mandel (1982); same values as R `metafor::rma(method = "PM")`.
pub fn paule_mandel(units: &[(f64, f64)]) -> Result<Heterogeneity, Reason> {
    let fixed = at(units, 0.0)?;
    let expected = (units.len() - 1) as f64;
    if fixed.q <= expected {
        return Ok(fixed);
    }
    let (mut low, mut high) = (0.0, 1.0);
    while at(units, high)?.q > expected {
        (low, high) = (high, 2.0 * high);
    }
    while high - low > 1e-15 * high {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if at(units, middle)?.q > expected { low = middle } else { high = middle }
    }
    Ok(Heterogeneity { q: fixed.q, ..at(units, high)? })
}

/// Returns mean, error and Q when units are weighted by 1/(s² + `variance`).
fn at(units: &[(f64, f64)], variance: f64) -> Result<Heterogeneity, Reason> {
    if units.len() < 2 {
        return Err(Reason::TooFew);
    }
    if units.iter().any(|&(_, s)| !(s > 0.0 && s.is_finite())) {
        return Err(Reason::NoDispersion);
    }
    let first = units[0].0;
    let weight = |s: f64| 1.0 / (s * s + variance);
    let w: f64 = units.iter().map(|&(_, s)| weight(s)).sum();
    let mean = units.iter().map(|&(y, s)| weight(s) * (y - first)).sum::<f64>() / w;
    let q = units.iter().map(|&(y, s)| weight(s) * (y - first - mean) * (y - first - mean)).sum();
    Ok(Heterogeneity { variance, mean: first + mean, std_error: (1.0 / w).sqrt(), q })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// D7 of statistics.md.
    const SIX: [(f64, f64); 6] =
        [(82.0, 1.5), (79.0, 1.2), (78.0, 2.0), (85.0, 1.1), (74.0, 1.8), (80.0, 2.5)];

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-10 * expected.abs(), "{value} is not {expected}");
    }

    #[test]
    fn agrees_with_metafor() {
        // metafor 3.8 rma(method = "DL"), statistics.md 4.2; PM: statsmodels 0.15 combine_effects, iterated.
        let found = der_simonian_laird(&SIX).expect("defined");
        close(found.variance, 13.6587808114);
        close(found.mean, 79.7997890341);
        let found = paule_mandel(&SIX).expect("defined");
        close(found.variance, 11.561189220822342);
        close(found.mean, 79.82074361387251);
        close(found.std_error, 1.551196156822822);
    }

    #[test]
    fn units_that_differ_by_error_alone_have_none() {
        let close_units = [(5.0, 1.0), (5.1, 1.0), (4.9, 2.0)];
        assert!(der_simonian_laird(&close_units).expect("defined").variance < 1e-300);
        assert!(paule_mandel(&close_units).expect("defined").variance < 1e-300);
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(der_simonian_laird(&[]), Err(Reason::TooFew));
        assert_eq!(paule_mandel(&SIX[..1]), Err(Reason::TooFew));
        assert_eq!(paule_mandel(&[(1.0, 0.0), (2.0, 1.0)]), Err(Reason::NoDispersion));
    }

    #[test]
    fn a_huge_offset_changes_nothing() {
        let far = SIX.map(|(y, s)| (y + 1e9, s));
        close(paule_mandel(&far).expect("defined").variance, paule_mandel(&SIX).expect("defined").variance);
    }
}
