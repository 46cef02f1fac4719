//! May ratings be averaged to a group? Agreement within groups: rwg, rwg(J), r*wg(J), awg.
//!
//! In: a group's answers to the items of a scale. Out: agreement against a null of random answers. ICC(1) and
//! ICC(2) look at all groups together. Deliberately absent: raters who rate many (`icc`).

use super::Reason;
use super::correlation::{centred, product};
use super::scale::in_unit;
use super::tail::f_upper;
use std::collections::BTreeMap;

/// Agreement that is usually asked for before answers are averaged.
pub const ENOUGH: f64 = 0.70;

/// Agreement of a group on a scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// 1 − s²/σ² of one item; below 0 (more spread than random answers) it is 0, as in R `multilevel`.
    pub rwg: f64,
    /// The same, not cut at 0.
    pub rwg_uncut: f64,
}

/// Returns the variance of random answers that are uniform over `options` equally spaced options, (A² − 1)/12.
pub fn uniform_null(options: f64) -> f64 {
    (options * options - 1.0) / 12.0
}

/// Returns rwg of a group's answers to one item against the variance `null` of random answers.
///
/// James, Demaree and Wolf (1984). Undefined: too few below two answers, not applicable for a null of 0. Same value as R `multilevel::rwg`.
pub fn rwg(answers: &[f64], null: f64) -> Result<Agreement, Reason> {
    if null <= 0.0 {
        return Err(Reason::NotApplicable);
    }
    let uncut = 1.0 - variance(answers)? / null;
    Ok(Agreement { rwg: uncut.max(0.0), rwg_uncut: uncut })
}

/// Returns rwg(J), agreement on the mean of J items: J(1−m)/(J(1−m)+m), m the mean variance over the null; 0 where m is 1 or more.
///
/// James, Demaree and Wolf (1984). Undefined as `rwg` is. Same value as R `multilevel::rwg.j`.
pub fn rwg_j(items: &[Vec<f64>], null: f64) -> Result<f64, Reason> {
    let m = mean_ratio(items, null)?;
    let j = items.len() as f64;
    Ok(if m >= 1.0 { 0.0 } else { j * (1.0 - m) / (j * (1.0 - m) + m) })
}

/// Returns r*wg(J), 1 − m: not pulled up by the number of items (Lindell, Brandt and Whitney 1999); may be negative.
pub fn rwg_star(items: &[Vec<f64>], null: f64) -> Result<f64, Reason> {
    Ok(1.0 - mean_ratio(items, null)?)
}

/// Returns awg of a group's answers to one item: 1 − 2s² over the largest variance that their mean allows (Brown and Hauenstein 2005).
///
/// Undefined: too few below two answers, not applicable when the mean lies on an end of the scale. Same value as R `multilevel::awg`.
pub fn awg(answers: &[f64], (lowest, highest): (f64, f64)) -> Result<f64, Reason> {
    let variance = variance(answers)?;
    let n = answers.len() as f64;
    let mean = answers.iter().sum::<f64>() / n;
    let largest = (highest - mean) * (mean - lowest) * n / (n - 1.0);
    if largest > 1e-12 * (highest - lowest) * (highest - lowest) {
        Ok(1.0 - 2.0 * variance / largest)
    } else {
        Err(Reason::NotApplicable)
    }
}

fn mean_ratio(items: &[Vec<f64>], null: f64) -> Result<f64, Reason> {
    if items.is_empty() {
        return Err(Reason::TooFew);
    }
    if null <= 0.0 {
        return Err(Reason::NotApplicable);
    }
    let mut sum = 0.0;
    for item in items {
        sum += variance(item)?;
    }
    Ok(sum / items.len() as f64 / null)
}

/// The variance with n − 1 below; too few below two values.
fn variance(values: &[f64]) -> Result<f64, Reason> {
    if values.len() < 2 {
        return Err(Reason::TooFew);
    }
    let rest = centred(values);
    Ok(product(&rest, &rest) / (values.len() as f64 - 1.0))
}

/// Whether groups differ: ICC(1) and ICC(2) from a one-way analysis of variance of groups of any size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grouped {
    /// Share of the variance that lies between groups, with the mean group size; R `multilevel::ICC1`.
    pub icc1: f64,
    /// The same with the group size N₀ = (N − Σn²/N)/(G−1), for which the estimate of the variance between is unbiased.
    pub icc1_unbiased: f64,
    /// Reliability of the group means, 1 − MSW/MSB; R `multilevel::ICC2`.
    pub icc2: f64,
    /// F of equal group means.
    pub f: f64,
    /// Its degrees of freedom.
    pub df: (f64, f64),
    /// P(F ≥ f).
    pub p_value: f64,
}

/// Returns ICC(1) and ICC(2) of `values` in `groups`.
///
/// ICC(1) = (MSB − MSW)/(MSB + (k̄−1)MSW). Undefined: too few below two groups or without a group of two, no variation when MSB or MSW is 0.
pub fn grouped(groups: &[usize], values: &[f64]) -> Result<Grouped, Reason> {
    let mut members: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    let values = &in_unit(values);
    let first = values.first().copied().unwrap_or(0.0);
    groups
        .iter()
        .zip(values)
        .for_each(|(&group, value)| members.entry(group).or_default().push(value - first));
    let (n, g) = (values.len() as f64, members.len() as f64);
    if members.len() < 2 || values.len() <= members.len() {
        return Err(Reason::TooFew);
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let grand = members.values().flatten().sum::<f64>() / n;
    let about = |values: &[f64], centre: f64| values.iter().map(|v| (v - centre) * (v - centre)).sum::<f64>();
    let within: f64 = members.values().map(|values| about(values, mean(values))).sum();
    let between: f64 =
        members.values().map(|values| values.len() as f64 * about(&[mean(values)], grand)).sum();
    let (msb, msw) = (between / (g - 1.0), within / (n - g));
    if msb <= 0.0 || msw <= 1e-20 * msb {
        return Err(Reason::NoVariation);
    }
    let squares: f64 = members.values().map(|values| (values.len() * values.len()) as f64).sum();
    let with = |k: f64| (msb - msw) / (msb + (k - 1.0) * msw);
    let (f, df) = (msb / msw, (g - 1.0, n - g));
    Ok(Grouped {
        icc1: with(n / g),
        icc1_unbiased: with((n - squares / n) / (g - 1.0)),
        icc2: 1.0 - msw / msb,
        f,
        df,
        p_value: f_upper(f, df.0, df.1),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // D12 of statistics.md: three groups of five, two items with levels 0..3.
    const A: [[f64; 5]; 3] =
        [[2.0, 3.0, 2.0, 2.0, 3.0], [1.0, 1.0, 2.0, 1.0, 0.0], [3.0, 3.0, 3.0, 2.0, 3.0]];
    const B: [[f64; 5]; 3] =
        [[2.0, 2.0, 2.0, 3.0, 3.0], [1.0, 2.0, 1.0, 1.0, 1.0], [3.0, 3.0, 2.0, 2.0, 3.0]];

    #[test]
    fn agrees_with_multilevel() {
        let null = uniform_null(4.0);
        let expected = [[0.76, 0.863636, 0.76], [0.60, 0.837209, 0.72], [0.84, 0.888889, 0.80]];
        for (group, expected) in expected.iter().enumerate() {
            let both = [A[group].to_vec(), B[group].to_vec()];
            let found = [
                rwg(&A[group], null).unwrap().rwg,
                rwg_j(&both, null).unwrap(),
                rwg_star(&both, null).unwrap(),
            ];
            found.iter().zip(expected).for_each(|(f, e)| assert!((f - e).abs() < 1e-6, "{f} is not {e}"));
        }
    }

    #[test]
    fn groups_agree_with_multilevel() {
        // D12 of statistics.md: the mean of a and b in three groups of five.
        let a = [2.0, 3.0, 2.0, 2.0, 3.0, 1.0, 1.0, 2.0, 1.0, 0.0, 3.0, 3.0, 3.0, 2.0, 3.0];
        let groups: Vec<usize> = (0..15).map(|i| i / 5).collect();
        let found = grouped(&groups, &a).expect("defined");
        assert!((found.icc1 - 0.712643678161).abs() < 1e-11 && (found.icc2 - 0.925373134328).abs() < 1e-11);
        assert!((found.icc1 - found.icc1_unbiased).abs() < 1e-12);
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(rwg(&[2.0], 1.25), Err(Reason::TooFew));
        assert_eq!(rwg(&[2.0, 3.0], 0.0), Err(Reason::NotApplicable));
        assert_eq!(grouped(&[], &[]), Err(Reason::TooFew));
        assert_eq!(grouped(&[1, 2, 3], &[1.0, 2.0, 3.0]), Err(Reason::TooFew));
        assert_eq!(grouped(&[1, 1, 2, 2], &[5.0; 4]), Err(Reason::NoVariation));
        assert_eq!(rwg_j(&[], 1.25), Err(Reason::TooFew));
        assert_eq!(awg(&[3.0, 3.0], (0.0, 3.0)), Err(Reason::NotApplicable));
        let split = rwg(&[0.0, 3.0, 0.0, 3.0], 1.25).expect("defined");
        assert!(split.rwg_uncut < 0.0 && split.rwg < 1e-12);
        assert!((rwg(&[1e9; 4], 1.25).expect("defined").rwg - 1.0).abs() < 1e-12);
    }
}
