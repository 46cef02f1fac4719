//! Gaps between perceptions and expectations, and whether a difference of the two is reliable enough to be used.
//!
//! In: two scales over the same persons, with their reliabilities. Out: mean gap, reliability of the difference. Deliberately absent: the
//! reliabilities themselves (coefficient alpha is elsewhere).

use super::Reason;
use super::correlation::{centred, product};
use super::regression::{Coefficient, coefficient};

/// Reliability below which the difference should not be used, only the perception.
pub const RELIABLE: f64 = 0.7;

/// Two scores of the same persons, with what is known of their reliability.
#[derive(Debug, Clone, Copy)]
pub struct Pair<'a> {
    /// Perceptions, one per person.
    pub perceived: &'a [f64],
    /// Expectations, one per person.
    pub expected: &'a [f64],
    /// Reliabilities of perception and expectation, 0 to 1.
    pub reliabilities: Option<(f64, f64)>,
}

/// A gap.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// Mean of perception minus expectation, with Student's test and interval of paired differences.
    pub gap: Coefficient,
    /// Mean perception.
    pub perceived: f64,
    /// Mean expectation.
    pub expected: f64,
    /// Correlation of the two; no variation where either is constant.
    pub correlation: Result<f64, Reason>,
    /// Reliability of the difference; not measured without reliabilities, no variation where all differences are the same.
    pub reliability: Result<f64, Reason>,
}

/// Returns the gap of one item or dimension, with an interval of probability `level`.
///
/// r_D = (s_P² r_P + s_E² r_E − 2 r s_P s_E) / (s_P² + s_E² − 2 r s_P s_E) (Peter, Churchill and Brown 1993); it is low where P and E correlate.
/// Undefined: too few below two persons, not converged when squares are too large for a number.
pub fn gap(pair: &Pair<'_>, level: f64) -> Result<Gap, Reason> {
    let n = pair.perceived.len().min(pair.expected.len());
    if n < 2 {
        return Err(Reason::TooFew);
    }
    let (p, e) = (centred(&pair.perceived[..n]), centred(&pair.expected[..n]));
    let df = (n - 1) as f64;
    let (pp, ee, pe) = (product(&p, &p) / df, product(&e, &e) / df, product(&p, &e) / df);
    let variance = (pp + ee - 2.0 * pe).max(0.0);
    let differences: Vec<f64> = pair.perceived.iter().zip(pair.expected).map(|(p, e)| p - e).collect();
    let mean = |values: &[f64]| values[0] + values[..n].iter().map(|x| x - values[0]).sum::<f64>() / n as f64;
    let spread = centred(&differences);
    let std_error = (product(&spread, &spread) / df / n as f64).sqrt();
    if !(variance.is_finite() && std_error.is_finite()) {
        return Err(Reason::NotConverged);
    }
    let correlation = if pp > 0.0 && ee > 0.0 {
        Ok((pe / (pp.sqrt() * ee.sqrt())).clamp(-1.0, 1.0))
    } else {
        Err(Reason::NoVariation)
    };
    let reliability = match pair.reliabilities {
        None => Err(Reason::NotMeasured),
        Some(_) if variance <= 1e-12 * (pp + ee) => Err(Reason::NoVariation),
        Some((of_p, of_e)) => Ok((pp * of_p + ee * of_e - 2.0 * pe) / variance),
    };
    Ok(Gap {
        gap: coefficient(mean(&differences), std_error, df, level),
        perceived: mean(pair.perceived),
        expected: mean(pair.expected),
        correlation,
        reliability,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const P: [f64; 8] = [5.0, 4.0, 6.0, 7.0, 3.0, 5.0, 6.0, 4.0];
    const E: [f64; 8] = [6.0, 6.0, 7.0, 7.0, 5.0, 6.0, 6.0, 7.0];

    fn found(offset: f64) -> Gap {
        let (p, e) = (P.map(|x| x + offset), E.map(|x| x + offset));
        gap(&Pair { perceived: &p, expected: &e, reliabilities: Some((0.9, 0.8)) }, 0.95).expect("defined")
    }

    #[test]
    fn agrees_with_scipy() {
        // scipy.stats.ttest_rel: t and p; reliability from numpy.cov.
        let found = found(0.0);
        let (t, p) = found.gap.test.expect("defined");
        assert!((found.gap.value - (-1.25)).abs() < 1e-15 && (t - (-3.415650255319866)).abs() < 1e-12, "{t}");
        assert!((p - 0.01120143255409014).abs() < 1e-12, "{p}");
        assert!((found.reliability.expect("defined") - 0.7466666666666664).abs() < 1e-12);
    }

    #[test]
    fn a_huge_offset_changes_nothing() {
        assert!((found(1e9).gap.std_error - found(0.0).gap.std_error).abs() < 1e-6);
        assert!(
            (found(1e9).reliability.expect("defined") - found(0.0).reliability.expect("defined")).abs()
                < 1e-6
        );
    }

    #[test]
    fn hard_cases_say_why() {
        let of = |perceived: &[f64], expected: &[f64]| {
            gap(&Pair { perceived, expected, reliabilities: Some((0.9, 0.9)) }, 0.95)
        };
        assert_eq!(of(&[], &[]), Err(Reason::TooFew));
        assert_eq!(of(&[1.0], &[2.0]), Err(Reason::TooFew));
        let same = of(&[1.0, 2.0, 3.0], &[2.0, 3.0, 4.0]).expect("defined");
        assert_eq!((same.reliability, same.gap.test), (Err(Reason::NoVariation), Err(Reason::NoVariation)));
        let flat = of(&[4.0, 4.0, 4.0], &[2.0, 3.0, 4.0]).expect("defined");
        assert_eq!(flat.correlation, Err(Reason::NoVariation));
        let unknown = gap(&Pair { perceived: &P, expected: &E, reliabilities: None }, 0.95).expect("defined");
        assert_eq!(unknown.reliability, Err(Reason::NotMeasured));
    }
}
