//! Least squares with errors that are robust to clusters: answers of one department, or of one server, are not independent.
//!
//! In: rows with weights and the cluster of each. Out: coefficients with cluster-robust errors. Deliberately absent: several ways of
//! clustering at once; corrections for fewer than about 15 clusters beyond Student's with G − 1 degrees of freedom.

use super::Reason;
use super::crossproduct::CrossProducts;
use super::regression::{Coefficient, Regression, coefficient, regress};

/// Rows of predictors and, as the last column, the outcome.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    /// Columns of equal length, the outcome last.
    pub columns: &'a [Vec<f64>],
    /// One weight per row.
    pub weights: &'a [f64],
    /// Number of observations that the rows stand for.
    pub n: f64,
}

impl Rows<'_> {
    /// Returns the cross-products of the rows.
    pub fn products(&self) -> Result<CrossProducts, Reason> {
        CrossProducts::of(self.columns, self.weights, self.n)
    }
}

/// Cluster-robust coefficients.
#[derive(Debug, Clone, PartialEq)]
pub struct Robust {
    /// Number of clusters.
    pub n_clusters: usize,
    /// The intercept, then one coefficient per predictor.
    pub coefficients: Vec<Coefficient>,
}

/// Returns the coefficients of least squares with errors robust to the clusters 0, 1, 2 … that `clusters` gives each row.
///
/// Sandwich (X′X)⁻¹ Σ X′e e′X (X′X)⁻¹ over the G clusters, times G/(G−1) · (n−1)/(n−p−1) (Liang and Zeger 1986; the factor CR1 of Stata);
/// Student's test and interval with G − 1 degrees of freedom. Undefined: as `regress` is, and too few below two clusters. Same values as
/// statsmodels `OLS.fit(cov_type="cluster")`.
pub fn clustered(rows: &Rows<'_>, clusters: &[usize], level: f64) -> Result<Robust, Reason> {
    let products = rows.products()?;
    let fit = regress(&products, level)?;
    let n_groups = clusters.iter().max().map_or(0, |last| last + 1);
    let mut groups = vec![vec![0.0; products.size]; n_groups];
    let mut seen = vec![false; n_groups];
    let residuals = residuals(rows, &products, &fit);
    for (row, &cluster) in clusters.iter().enumerate() {
        seen[cluster] = true;
        let score = rows.weights[row] * residuals[row];
        groups[cluster][0] += score;
        for (k, sum) in groups[cluster][1..].iter_mut().enumerate() {
            *sum += score * deviation(rows, &products, (k, row));
        }
    }
    let n_clusters = seen.iter().filter(|seen| **seen).count();
    if n_clusters < 2 {
        return Err(Reason::TooFew);
    }
    let (g, n) = (n_clusters as f64, products.n);
    let factor = g / (g - 1.0) * (n - 1.0) / fit.df;
    let mut variances = vec![0.0; products.size];
    for scores in &groups {
        for (sum, value) in variances.iter_mut().zip(influence(scores, &products, &fit)) {
            *sum += factor * value * value;
        }
    }
    let values = fit.intercept.iter().chain(&fit.slopes).map(|known| known.value);
    let robust = |(value, variance): (f64, f64)| coefficient(value, variance.sqrt(), g - 1.0, level);
    Ok(Robust { n_clusters, coefficients: values.zip(variances).map(robust).collect() })
}

/// Returns predictor `k` of a row, from its mean and in units of the column's length.
fn deviation(rows: &Rows<'_>, products: &CrossProducts, (k, row): (usize, usize)) -> f64 {
    let mean = products.means.as_ref().map_or(0.0, |means| means[k]);
    (rows.columns[k][row] - mean) / products.at(k, k).sqrt()
}

fn residuals(rows: &Rows<'_>, products: &CrossProducts, fit: &Regression) -> Vec<f64> {
    let p = products.size - 1;
    let length = products.at(p, p).sqrt();
    let fitted = |row: usize| -> f64 {
        (0..p).map(|k| fit.standardized[k] * deviation(rows, products, (k, row))).sum()
    };
    (0..rows.weights.len()).map(|row| length * (deviation(rows, products, (p, row)) - fitted(row))).collect()
}

/// Returns what a cluster adds to the intercept and to each slope.
fn influence(scores: &[f64], products: &CrossProducts, fit: &Regression) -> Vec<f64> {
    let p = products.size - 1;
    let slope = |k: usize| -> f64 {
        let form: f64 = (0..p).map(|j| fit.inverse[k * p + j] * scores[j + 1]).sum();
        form / products.at(k, k).sqrt()
    };
    let slopes: Vec<f64> = (0..p).map(slope).collect();
    let shift: f64 = products
        .means
        .iter()
        .flat_map(|means| means.iter().zip(&slopes))
        .map(|(mean, slope)| mean * slope)
        .sum();
    std::iter::once(scores[0] / products.weight - shift).chain(slopes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const X: [f64; 10] = [1.0, 2.0, 2.0, 3.0, 5.0, 4.0, 6.0, 7.0, 8.0, 8.0];
    const Z: [f64; 10] = [0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0];
    const Y: [f64; 10] = [2.0, 3.0, 1.0, 5.0, 4.0, 6.0, 5.0, 9.0, 7.0, 8.0];
    const CLUSTERS: [usize; 10] = [0, 0, 0, 1, 1, 2, 2, 3, 3, 3];

    fn found(offset: f64, weights: &[f64; 10]) -> Robust {
        let columns = [X.map(|x| x + offset).to_vec(), Z.to_vec(), Y.to_vec()];
        let rows = Rows { columns: &columns, weights, n: 10.0 };
        clustered(&rows, &CLUSTERS, 0.95).expect("defined")
    }

    fn close(value: f64, expected: f64, tolerance: f64) {
        assert!((value - expected).abs() <= tolerance * expected.abs(), "{value} is not {expected}");
    }

    #[test]
    fn agrees_with_statsmodels() {
        // statsmodels 0.15 OLS and WLS (weights 1 2 1 2 …) with cov_type="cluster", use_t=True.
        let plain = found(0.0, &[1.0; 10]);
        close(plain.coefficients[0].std_error, 0.7193292573117409, 1e-10);
        close(plain.coefficients[1].std_error, 0.07913931924497863, 1e-10);
        close(plain.coefficients[2].test.expect("defined").1, 0.19430323512276113, 1e-9);
        close(plain.coefficients[1].lower, 0.5780753386552651, 1e-10);
        let weighted = found(0.0, &[1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0]);
        close(weighted.coefficients[1].std_error, 0.10820811051341946, 1e-10);
    }

    #[test]
    fn a_huge_offset_changes_no_slope() {
        let (near, far) = (found(0.0, &[1.0; 10]), found(1e9, &[1.0; 10]));
        close(far.coefficients[1].std_error, near.coefficients[1].std_error, 1e-7);
    }

    #[test]
    fn one_cluster_is_too_few() {
        let columns = [X.to_vec(), Y.to_vec()];
        let rows = Rows { columns: &columns, weights: &[1.0; 10], n: 10.0 };
        assert_eq!(clustered(&rows, &[0; 10], 0.95), Err(Reason::TooFew));
    }
}
