//! Concordance of several raters who ranked or scored the same subjects: Kendall's W, mean correlations, Robinson's A.
//!
//! In: one column a rater, complete. Out: coefficients. Deliberately absent: missing ratings (`krippendorff` takes them).

use super::Reason;
use super::correlation::{coefficient, midranks};
use super::kendall::Ties;
use super::scale;
use super::tail::chi_square_upper;

/// Concordance of raters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Concordance {
    /// Kendall's W, corrected for ties.
    pub w: f64,
    /// m(n − 1)W, chi-square with n − 1 degrees of freedom without concordance.
    pub chi_square: f64,
    /// Its degrees of freedom.
    pub df: f64,
    /// P(χ² ≥ chi_square).
    pub p_value: f64,
    /// Mean Spearman correlation of two raters, by Fisher's z; no variation where a rater gave one value only.
    pub mean_spearman: Result<f64, Reason>,
    /// Mean Pearson correlation of two raters, by Fisher's z.
    pub mean_pearson: Result<f64, Reason>,
    /// Robinson's A: sum of squares between subjects over that between subjects and residual.
    pub robinson: Result<f64, Reason>,
}

/// Returns the concordance of `raters`.
///
/// W = 12 Σ(Rᵢ − R̄)² / (m²(n³−n) − m Σ(t³−t)). Undefined: too few below two raters or three subjects, no variation when every rater gave one
/// value only. Same values as R `irr::kendall(correct = TRUE)`, `meanrho`, `meancor`, `robinson`.
pub fn concordance(raters: &[Vec<f64>]) -> Result<Concordance, Reason> {
    let (m, n) = (raters.len(), raters.first().map_or(0, Vec::len));
    if m < 2 || n < 3 || raters.iter().any(|rater| rater.len() != n) {
        return Err(Reason::TooFew);
    }
    let ranks: Vec<Vec<f64>> = raters.iter().map(|rater| midranks(rater)).collect();
    let (mf, nf) = (m as f64, n as f64);
    let middle = 0.5 * mf * (nf + 1.0);
    let deviation = |i: usize| ranks.iter().map(|ranks| ranks[i]).sum::<f64>() - middle;
    let squares: f64 = (0..n).map(deviation).map(|d| d * d).sum();
    let ties: f64 = ranks.iter().map(|ranks| tied_cubes(ranks)).sum();
    let largest = mf * mf * (nf * nf * nf - nf) - mf * ties;
    if largest <= 0.0 {
        return Err(Reason::NoVariation);
    }
    let w = 12.0 * squares / largest;
    let (chi_square, df) = (mf * (nf - 1.0) * w, nf - 1.0);
    Ok(Concordance {
        w,
        chi_square,
        df,
        p_value: chi_square_upper(chi_square, df),
        mean_spearman: mean_correlation(&ranks),
        mean_pearson: mean_correlation(raters),
        robinson: robinson(raters),
    })
}

/// Σ(t³ − t) of midranks.
fn tied_cubes(ranks: &[f64]) -> f64 {
    let mut sorted = ranks.to_vec();
    sorted.sort_by(f64::total_cmp);
    let ties = Ties::of(sorted.chunk_by(|a, b| (a - b).abs() < 0.25).map(|tied| tied.len() as u64));
    // t³ − t = t(t−1)(t−2) + 3t(t−1).
    (ties.triples + 6 * ties.pairs) as f64
}

/// The mean by way of Fisher's z; perfect correlations, whose z is infinite, are left out unless all are perfect, as in irr.
fn mean_correlation(columns: &[Vec<f64>]) -> Result<f64, Reason> {
    let mut all = vec![];
    for (i, one) in columns.iter().enumerate() {
        for other in &columns[..i] {
            all.push(coefficient(one, other)?);
        }
    }
    let scores: Vec<f64> = all.iter().filter(|r| r.abs() < 1.0 - 1e-15).map(|&r| libm::atanh(r)).collect();
    if scores.is_empty() {
        return Ok(all.iter().sum::<f64>() / all.len() as f64);
    }
    Ok(libm::tanh(scores.iter().sum::<f64>() / scores.len() as f64))
}

fn robinson(raters: &[Vec<f64>]) -> Result<f64, Reason> {
    let unit = scale::unit(raters.iter().flatten().copied());
    let in_unit = |rater: &Vec<f64>| rater.iter().map(|value| value / unit).collect();
    let ratings = super::icc::Ratings::new(&raters.iter().map(in_unit).collect::<Vec<Vec<f64>>>())?;
    let (n, k) = (ratings.n as f64, ratings.k as f64);
    let (between, error) = (ratings.between * (n - 1.0), ratings.error? * (n - 1.0) * (k - 1.0));
    if between + error > 0.0 { Ok(between / (between + error)) } else { Err(Reason::NoVariation) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn agrees_with_irr() {
        // D6 of statistics.md; irr 0.84.1 by golden/raters.csv.
        let raters = [
            vec![9.0, 6.0, 8.0, 7.0, 10.0, 6.0],
            vec![2.0, 1.0, 4.0, 1.0, 5.0, 2.0],
            vec![5.0, 3.0, 6.0, 2.0, 6.0, 4.0],
            vec![8.0, 2.0, 8.0, 6.0, 9.0, 7.0],
        ];
        let found = concordance(&raters).expect("defined");
        assert!((found.w - 0.887_037_0).abs() < 1e-6 && (found.chi_square - 17.740_74).abs() < 1e-4);
        assert!((found.p_value - 3.289_509e-3).abs() < 1e-8);
        assert!((found.mean_spearman.expect("given") - 0.879_962_9).abs() < 1e-6);
        assert!((found.mean_pearson.expect("given") - 0.770_368_9).abs() < 1e-6);
        assert!((found.robinson.expect("given") - 0.786_130_5).abs() < 1e-6);
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(concordance(&[]), Err(Reason::TooFew));
        assert_eq!(concordance(&[vec![1.0, 2.0], vec![1.0, 2.0]]), Err(Reason::TooFew));
        assert_eq!(concordance(&[vec![5.5; 4], vec![2.0; 4]]), Err(Reason::NoVariation));
        let one = concordance(&[vec![5.5; 4], vec![1.0, 2.0, 3.0, 4.0]]).expect("defined");
        assert_eq!(one.mean_spearman, Err(Reason::NoVariation));
    }

    proptest! {
        #[test]
        fn w_lies_between_0_and_1(rows in prop::collection::vec(prop::array::uniform3(0i32..6), 3..30)) {
            let raters: Vec<Vec<f64>> = (0..3).map(|k| rows.iter().map(|row| f64::from(row[k])).collect()).collect();
            if let Ok(found) = concordance(&raters) {
                prop_assert!((0.0..=1.0 + 1e-12).contains(&found.w) && (0.0..=1.0).contains(&found.p_value));
            }
        }
    }
}
