//! Reliability of a scale: alpha with its intervals, items against the rest, attenuation.
//!
//! In: the covariance matrix of the items and the number of rows, or the answers themselves. Out: coefficients. Deliberately absent: Guttman's
//! lambdas (`lambdas`), factors (`factor`), turning reverse-keyed items (the caller says which).

use super::Reason;
use super::correlation::{centred, coefficient, complete_pairs, product};
use super::distribution::normal_quantile;
use super::family::Matrix;
use super::linear::Cholesky;
use super::scale;
use super::tail::f_quantile;

/// An item is a combination of the others when less than this share of its variance is its own.
const COLLINEAR: f64 = 1e-10;

/// Reliability of a scale of k items.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alpha {
    /// Cronbach's alpha of the sum of the items.
    pub raw: f64,
    /// Alpha of the standardized items.
    pub standardized: f64,
    /// Mean correlation of two items.
    pub average_r: f64,
    /// Median correlation of two items.
    pub median_r: f64,
    /// k r̄ / (1 − r̄).
    pub signal_noise: f64,
    /// Guttman's λ₆ of the correlations; collinear when an item is a combination of the others.
    pub lambda6: Result<f64, Reason>,
    /// Standard error of raw alpha (Duhachek and Iacobucci 2004).
    pub std_error: f64,
    /// Number of rows.
    pub n: u64,
    /// Number of items.
    pub k: usize,
}

impl Alpha {
    /// Returns Feldt's interval of raw alpha at `level`: 1 − (1−α)·F with n−1 and (n−1)(k−1) degrees of freedom (Feldt et al. 1987).
    pub fn feldt(&self, level: f64) -> (f64, f64) {
        let df1 = self.n as f64 - 1.0;
        let df2 = df1 * (self.k as f64 - 1.0);
        let end = |p: f64| 1.0 - (1.0 - self.raw) * f_quantile(p, df1, df2);
        (end(0.5 + 0.5 * level).min(self.raw), end(0.5 - 0.5 * level).max(self.raw))
    }

    /// Returns Duhachek and Iacobucci's interval of raw alpha at `level`, α ± z·se.
    ///
    /// At 95 % z is rounded to 1.96, as psych and the paper do.
    pub fn duhachek(&self, level: f64) -> (f64, f64) {
        let z = if (level - 0.95).abs() < 1e-12 { 1.96 } else { normal_quantile(0.5 + 0.5 * level) };
        (self.raw - z * self.std_error, self.raw + z * self.std_error)
    }
}

/// Returns the covariance matrix of the items, n−1 below, in the square of the unit of all answers; `None` are gaps, left out pair by pair.
///
/// Undefined: too few when two items have fewer than two rows in common. Same values as R `cov(use = "pairwise")`.
pub fn covariance(items: &[Vec<Option<f64>>]) -> Result<Matrix, Reason> {
    let size = items.len();
    let unit = unit(items);
    let in_unit = |item: &Vec<Option<f64>>| item.iter().map(|v| v.map(|v| v / unit)).collect();
    let items: Vec<Vec<Option<f64>>> = items.iter().map(in_unit).collect();
    let mut values = vec![0.0; size * size];
    for i in 0..size {
        for j in 0..=i {
            let (x, y) = complete_pairs(&items[i], &items[j]);
            if x.len() < 2 {
                return Err(Reason::TooFew);
            }
            let covariance = product(&centred(&x), &centred(&y)) / (x.len() as f64 - 1.0);
            (values[i * size + j], values[j * size + i]) = (covariance, covariance);
        }
    }
    Ok(Matrix { size, values })
}

/// Returns the unit of all answers: 1 unless they are extreme.
pub fn unit(items: &[Vec<Option<f64>>]) -> f64 {
    scale::unit(items.iter().flatten().flatten().copied())
}

/// Returns the correlations of a covariance matrix; no variation when an item is constant.
pub fn correlations(covariance: &Matrix) -> Result<Matrix, Reason> {
    let size = covariance.size;
    let lengths: Vec<f64> = (0..size).map(|i| covariance.at(i, i).sqrt()).collect();
    if lengths.iter().any(|&length| length <= 0.0) {
        return Err(Reason::NoVariation);
    }
    let cell = |at: usize| {
        let (i, j) = (at / size, at % size);
        if i == j { 1.0 } else { (covariance.values[at] / (lengths[i] * lengths[j])).clamp(-1.0, 1.0) }
    };
    Ok(Matrix { size, values: (0..size * size).map(cell).collect() })
}

/// Returns alpha and its kin of `n` rows with this covariance matrix of the items.
///
/// α = k/(k−1)·(1 − Σσᵢ²/σ²). Undefined: too few below two items or three rows, no variation when an item, or the sum, is constant. Same values
/// as R `psych::alpha`; pairwise covariances are standardized by their own variances, as there.
pub fn alpha(covariance: &Matrix, n: u64) -> Result<Alpha, Reason> {
    let size = covariance.size;
    if size < 2 || n < 3 {
        return Err(Reason::TooFew);
    }
    let correlation = correlations(covariance)?;
    let k = size as f64;
    let (total, trace) = (sum(covariance), trace(covariance));
    if total <= 1e-14 * trace {
        return Err(Reason::NoVariation);
    }
    let mut pairs: Vec<f64> =
        (0..size).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| correlation.at(i, j)).collect();
    pairs.sort_by(f64::total_cmp);
    let average_r = pairs.iter().sum::<f64>() / pairs.len() as f64;
    let total_r = k + k * (k - 1.0) * average_r;
    let squares = product(&covariance.values, &covariance.values);
    let row = |i: usize| (0..size).map(|j| covariance.at(i, j)).sum::<f64>();
    let square_sums: f64 = (0..size).map(|i| row(i) * row(i)).sum();
    let spread = 2.0 * k * k / ((k - 1.0) * (k - 1.0) * total * total * total)
        * (total * (squares + trace * trace) - 2.0 * trace * square_sums);
    Ok(Alpha {
        raw: k / (k - 1.0) * (1.0 - trace / total),
        standardized: k / (k - 1.0) * (1.0 - k / total_r),
        average_r,
        median_r: 0.5 * (pairs[(pairs.len() - 1) / 2] + pairs[pairs.len() / 2]),
        signal_noise: k * average_r / (1.0 - average_r),
        lambda6: multiple_correlations(&correlation).map(|smc| 1.0 - (k - smc.iter().sum::<f64>()) / total_r),
        std_error: (spread.max(0.0) / n as f64).sqrt(),
        n,
        k: size,
    })
}

/// Returns the sum of all values.
pub(super) fn sum(matrix: &Matrix) -> f64 {
    matrix.values.iter().sum()
}

fn trace(matrix: &Matrix) -> f64 {
    (0..matrix.size).map(|i| matrix.at(i, i)).sum()
}

/// Returns R² of each item on all others, 1 − 1/(R⁻¹)ᵢᵢ; collinear when an item is a combination of the others.
pub fn multiple_correlations(correlation: &Matrix) -> Result<Vec<f64>, Reason> {
    let size = correlation.size;
    let cholesky = Cholesky::new(&correlation.values, size, COLLINEAR);
    if cholesky.n_dependent > 0 {
        return Err(Reason::Collinear);
    }
    let unit = |i: usize| (0..size).map(|j| f64::from(u8::from(i == j))).collect::<Vec<f64>>();
    Ok((0..size).map(|i| 1.0 - 1.0 / cholesky.solve(&unit(i))[i]).collect())
}

/// How an item goes with its scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ItemTotal {
    /// Correlation with the sum of the standardized items.
    pub standardized: f64,
    /// The same with the item's own variance replaced by what the others explain of it (psych's `r.cor`); collinear as λ₆.
    pub overlap: Result<f64, Reason>,
    /// Correlation with the sum of the other items; no variation when that is constant.
    pub rest: Result<f64, Reason>,
}

/// Returns how each item goes with the scale, from the covariance matrix; undefined as `alpha` is.
pub fn item_totals(covariance: &Matrix) -> Result<Vec<ItemTotal>, Reason> {
    let correlation = correlations(covariance)?;
    let smc = multiple_correlations(&correlation);
    let (total, total_r) = (sum(covariance), sum(&correlation));
    let size = covariance.size;
    let with = |matrix: &Matrix, i: usize| (0..size).map(|j| matrix.at(i, j)).sum::<f64>();
    let item = |i: usize| {
        let own = covariance.at(i, i);
        let rest = total - 2.0 * with(covariance, i) + own;
        let overlap = smc.as_ref().map_err(|&reason| reason).and_then(|smc| {
            let shared = total_r - size as f64 + smc.iter().sum::<f64>();
            // Items that contradict one another share nothing with their sum.
            let root = (shared > 1e-12).then(|| shared.sqrt()).ok_or(Reason::NoVariation)?;
            Ok((with(&correlation, i) - 1.0 + smc[i]) / root)
        });
        ItemTotal {
            standardized: with(&correlation, i) / total_r.max(f64::MIN_POSITIVE).sqrt(),
            overlap,
            rest: if rest > 1e-14 * total {
                Ok((with(covariance, i) - own) / (own * rest).sqrt())
            } else {
                Err(Reason::NoVariation)
            },
        }
    };
    Ok((0..size).map(item).collect())
}

/// Returns the matrix without item `i`.
pub fn without(matrix: &Matrix, i: usize) -> Matrix {
    let kept: Vec<usize> = (0..matrix.size).filter(|&j| j != i).collect();
    let values = kept.iter().flat_map(|&a| kept.iter().map(move |&b| matrix.at(a, b))).collect();
    Matrix { size: kept.len(), values }
}

/// Returns the mean of each row's answers; nothing for a row without any.
pub fn row_means(items: &[Vec<Option<f64>>]) -> Vec<Option<f64>> {
    let rows = items.iter().map(Vec::len).min().unwrap_or(0);
    let mean = |row: usize| {
        let given: Vec<f64> = items.iter().filter_map(|item| item[row]).collect();
        (!given.is_empty()).then(|| given.iter().sum::<f64>() / given.len() as f64)
    };
    (0..rows).map(mean).collect()
}

/// Returns the correlation of each item with the row means, over the rows that have the item.
pub fn raw_item_totals(items: &[Vec<Option<f64>>]) -> Vec<Result<f64, Reason>> {
    let means = row_means(items);
    let with = |item: &Vec<Option<f64>>| {
        let (x, y) = complete_pairs(item, &means);
        coefficient(&x, &y)
    };
    items.iter().map(with).collect()
}

/// Returns the correlation of what two measures measure, r/√(reliability of x · reliability of y) (Spearman 1904).
///
/// It can exceed 1, which says that a reliability is too low. Undefined: not applicable unless both reliabilities lie above 0.
pub fn disattenuated(r: f64, reliability_x: f64, reliability_y: f64) -> Result<f64, Reason> {
    if reliability_x > 0.0 && reliability_y > 0.0 {
        Ok(r / (reliability_x.sqrt() * reliability_y.sqrt()))
    } else {
        Err(Reason::NotApplicable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Six rows of four items.
    const ROWS: [[f64; 4]; 6] = [
        [9.0, 2.0, 5.0, 8.0],
        [6.0, 1.0, 3.0, 2.0],
        [8.0, 4.0, 6.0, 8.0],
        [7.0, 1.0, 2.0, 6.0],
        [10.0, 5.0, 6.0, 9.0],
        [6.0, 2.0, 4.0, 7.0],
    ];

    fn items(rows: &[[f64; 4]]) -> Vec<Vec<Option<f64>>> {
        (0..4).map(|k| rows.iter().map(|row| Some(row[k])).collect()).collect()
    }

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
    }

    #[test]
    fn consistency_of_ratings_is_their_alpha() {
        // D6 of statistics.md: alpha of the columns is ICC3k; λ₃ is alpha of the standardized columns.
        let covariance = covariance(&items(&ROWS)).expect("defined");
        let found = alpha(&covariance, 6).expect("defined");
        assert!((found.raw - 0.9093155424).abs() < 1e-9);
        let (low, high) = found.feldt(0.95);
        assert!(low < found.raw && found.raw < high && high < 1.0);
        let rest: Vec<f64> = ROWS.iter().map(|row| row[1] + row[2] + row[3]).collect();
        let first: Vec<f64> = ROWS.iter().map(|row| row[0]).collect();
        close(
            item_totals(&covariance).expect("defined")[0].rest.expect("given"),
            coefficient(&first, &rest).expect("defined"),
        );
        close(disattenuated(0.3, 0.64, 0.25).expect("defined"), 0.75);
        assert_eq!(disattenuated(0.3, 0.0, 0.5), Err(Reason::NotApplicable));
    }

    #[test]
    fn hard_cases_say_why() {
        let none: Vec<Vec<Option<f64>>> = vec![vec![]; 3];
        assert_eq!(covariance(&none), Err(Reason::TooFew));
        assert_eq!(alpha(&Matrix { size: 0, values: vec![] }, 9), Err(Reason::TooFew));
        let constant = Matrix { size: 2, values: vec![1.0, 0.0, 0.0, 0.0] };
        assert_eq!(alpha(&constant, 9), Err(Reason::NoVariation));
        let opposite = Matrix { size: 2, values: vec![1.0, -1.0, -1.0, 1.0] };
        assert_eq!(alpha(&opposite, 9), Err(Reason::NoVariation));
        let same = alpha(&Matrix { size: 2, values: vec![1.0; 4] }, 9).expect("defined");
        assert_eq!(same.lambda6, Err(Reason::Collinear));
        close(same.raw, 1.0);
        let far: Vec<[f64; 4]> = ROWS.iter().map(|row| row.map(|v| v + 1e9)).collect();
        let (near, far) = (covariance(&items(&ROWS)), covariance(&items(&far)));
        assert!(near.unwrap().values.iter().zip(far.unwrap().values).all(|(a, b)| (a - b).abs() < 1e-6));
    }

    proptest! {
        #[test]
        fn bounds_order_and_scale(rows in prop::collection::vec(prop::array::uniform4(-9i32..9), 3..40), unit in 1i32..9) {
            let rows: Vec<[f64; 4]> = rows.into_iter().map(|row| row.map(f64::from)).collect();
            let scaled: Vec<[f64; 4]> = rows.iter().map(|row| row.map(|v| v * f64::from(unit) + 3.0)).collect();
            let of = |rows: &[[f64; 4]]| alpha(&covariance(&items(rows))?, rows.len() as u64);
            match (of(&rows), of(&scaled)) {
                (Ok(a), Ok(b)) => {
                    prop_assert!((a.raw - b.raw).abs() < 1e-9 * a.raw.abs().max(1.0));
                    prop_assert!(a.raw <= 1.0 + 1e-12);
                    let (low, high) = a.feldt(0.9);
                    prop_assert!(low <= a.raw && a.raw <= high);
                }
                (a, b) => prop_assert_eq!(a.is_err(), b.is_err()),
            }
        }
    }
}
