//! Least squares with errors that are robust to clusters, where each cluster is known only by its sums.
//!
//! In: per cluster the weighted sums and products of predictors and, as the last column, the outcome. Out: slopes with their covariance.
//! Deliberately absent: rows (`sandwich` has those); the intercept, which no contrast needs.

use super::Reason;
use super::crossproduct::CrossProducts;
use super::regression::{Coefficient, coefficient, regress};

/// Below this share of its sum of squares a column's variation is rounding.
const CONSTANT: f64 = 1e-12;

/// Sums over the rows of one cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// Number of rows.
    pub n: f64,
    /// Σw.
    pub weight: f64,
    /// Σwxᵢ, the outcome last.
    pub sums: Vec<f64>,
    /// Σwxᵢxⱼ, size · size values row by row.
    pub products: Vec<f64>,
}

/// Slopes with a covariance that is robust to clusters.
#[derive(Debug, Clone, PartialEq)]
pub struct Slopes {
    /// Number of rows.
    pub n: f64,
    /// Number of clusters with rows.
    pub n_clusters: usize,
    /// One slope per predictor.
    pub values: Vec<f64>,
    /// Their covariance, p · p values row by row.
    pub covariance: Vec<f64>,
}

impl Slopes {
    /// Returns a linear combination of the slopes, with Student's test and interval at G − 1 degrees of freedom.
    pub fn combination(&self, coefficients: &[f64], level: f64) -> Coefficient {
        let p = self.values.len();
        let value = coefficients.iter().zip(&self.values).map(|(a, b)| a * b).sum();
        let pairs = (0..p).flat_map(|i| (0..p).map(move |j| (i, j)));
        let variance: f64 =
            pairs.map(|(i, j)| coefficients[i] * self.covariance[i * p + j] * coefficients[j]).sum();
        coefficient(value, variance.max(0.0).sqrt(), self.n_clusters as f64 - 1.0, level)
    }
}

/// Returns the slopes of the last column on the others.
///
/// Sandwich over the G clusters, times G/(G−1) · (n−1)/(n−p−1) (Liang and Zeger 1986; the factor CR1 of Stata), from sums alone: what a
/// cluster adds is Σw(x − mean)e = its cross-products with the outcome less those with the predictors times the slopes. Undefined: as
/// `regress` is, and too few below two clusters. Same values as statsmodels `WLS.fit(cov_type="cluster")`.
pub fn clustered_slopes(clusters: &[Cluster]) -> Result<Slopes, Reason> {
    let clusters: Vec<&Cluster> = clusters.iter().filter(|one| one.weight > 0.0).collect();
    let total = total(&clusters).ok_or(Reason::TooFew)?;
    let fit = regress(&total, 0.95)?;
    let (g, p) = (clusters.len() as f64, total.size - 1);
    let means = total.means.as_deref().unwrap_or_default();
    let values: Vec<f64> = fit.slopes.iter().map(|slope| slope.value).collect();
    let lengths: Vec<f64> = (0..p).map(|k| total.at(k, k).sqrt()).collect();
    let mut covariance = vec![0.0; p * p];
    let factor = g / (g - 1.0) * (total.n - 1.0) / fit.df;
    for cluster in &clusters {
        let scores: Vec<f64> = (0..p).map(|k| score(cluster, means, &values, k)).collect();
        let form =
            |i: usize| -> f64 { (0..p).map(|j| fit.inverse[i * p + j] * scores[j] / lengths[j]).sum() };
        let own: Vec<f64> = (0..p).map(|i| form(i) / lengths[i]).collect();
        for (place, sum) in covariance.iter_mut().enumerate() {
            *sum += factor * own[place / p] * own[place % p];
        }
    }
    Ok(Slopes { n: total.n, n_clusters: clusters.len(), values, covariance })
}

/// Adds up the clusters; nothing below two.
fn total(clusters: &[&Cluster]) -> Option<CrossProducts> {
    let size = clusters.get(1)?.sums.len();
    let sum = |of: &dyn Fn(&Cluster) -> f64| clusters.iter().map(|one| of(one)).sum::<f64>();
    let weight = sum(&|one| one.weight);
    let means: Vec<f64> = (0..size).map(|i| sum(&|one| one.sums[i]) / weight).collect();
    let mut products = vec![0.0; size * size];
    for (place, own) in products.iter_mut().enumerate() {
        let (i, j) = (place / size, place % size);
        let raw = sum(&|one| one.products[place]);
        *own = raw - weight * means[i] * means[j];
        if i == j && *own <= CONSTANT * raw {
            *own = 0.0;
        }
    }
    Some(CrossProducts { size, n: sum(&|one| one.n), weight, means: Some(means), products })
}

/// Σw(xₖ − mean)e over the rows of a cluster.
fn score(cluster: &Cluster, means: &[f64], slopes: &[f64], k: usize) -> f64 {
    let size = means.len();
    let about = |j: usize| {
        cluster.products[k * size + j] - means[k] * cluster.sums[j] - means[j] * cluster.sums[k]
            + means[k] * means[j] * cluster.weight
    };
    about(size - 1) - slopes.iter().enumerate().map(|(j, slope)| slope * about(j)).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::sandwich::{Rows, clustered};

    const COLUMNS: [[f64; 10]; 3] = [
        [1.0, 2.0, 2.0, 3.0, 5.0, 4.0, 6.0, 7.0, 8.0, 8.0],
        [0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0],
        [2.0, 3.0, 1.0, 5.0, 4.0, 6.0, 5.0, 9.0, 7.0, 8.0],
    ];
    const GROUPS: [usize; 10] = [0, 0, 0, 1, 1, 2, 2, 3, 3, 3];
    const WEIGHTS: [f64; 10] = [1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0];

    fn cluster(group: usize) -> Cluster {
        let rows: Vec<usize> = (0..10).filter(|&row| GROUPS[row] == group).collect();
        let sum = |of: &dyn Fn(usize) -> f64| rows.iter().map(|&row| WEIGHTS[row] * of(row)).sum::<f64>();
        Cluster {
            n: rows.len() as f64,
            weight: sum(&|_| 1.0),
            sums: COLUMNS.iter().map(|column| sum(&|row| column[row])).collect(),
            products: (0..9).map(|at| sum(&|row| COLUMNS[at / 3][row] * COLUMNS[at % 3][row])).collect(),
        }
    }

    #[test]
    fn sums_give_what_rows_give() {
        let found = clustered_slopes(&[0, 1, 2, 3].map(cluster)).expect("defined");
        let columns = COLUMNS.map(|column| column.to_vec());
        let rows = Rows { columns: &columns, weights: &WEIGHTS, n: 10.0 };
        let robust = clustered(&rows, &GROUPS, 0.95).expect("defined");
        for (k, unit) in [[1.0, 0.0], [0.0, 1.0]].iter().enumerate() {
            let (own, other) = (found.combination(unit, 0.95), &robust.coefficients[k + 1]);
            assert!(
                (own.value - other.value).abs() < 1e-12 && (own.std_error - other.std_error).abs() < 1e-12
            );
        }
        // statsmodels 0.15 WLS, cov_type="cluster", use_t=True.
        assert!((found.combination(&[1.0, 0.0], 0.95).std_error - 0.10820811051341946).abs() < 1e-10);
        assert_eq!((found.n, found.n_clusters), (10.0, 4));
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(clustered_slopes(&[]), Err(Reason::TooFew));
        assert_eq!(clustered_slopes(&[cluster(0)]), Err(Reason::TooFew));
        let mut flat = [0, 1, 2, 3].map(cluster);
        for one in &mut flat {
            (one.sums[1], one.products[4]) = (one.weight, one.weight);
            for k in [0, 2] {
                (one.products[3 + k], one.products[3 * k + 1]) = (one.sums[k], one.sums[k]);
            }
        }
        assert_eq!(clustered_slopes(&flat), Err(Reason::NoVariation));
    }
}
