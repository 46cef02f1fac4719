//! Cross-products about the means, of rows with weights or from a matrix that someone else computed.
//!
//! In: complete columns with weights, or a covariance or correlation matrix. Out: what least squares and driver analysis need, so that
//! both need not see the rows. Deliberately absent: missing values (a caller takes complete rows, or pairs for a matrix).

use super::Reason;
use super::correlation::product;

/// Number of observations, means and cross-products about the means of some columns.
#[derive(Debug, Clone, PartialEq)]
pub struct CrossProducts {
    /// Number of columns.
    pub size: usize,
    /// Number of observations, whatever their weights.
    pub n: f64,
    /// Σw.
    pub weight: f64,
    /// Weighted means; nothing when only a matrix is known.
    pub means: Option<Vec<f64>>,
    /// Σw(xᵢ − mean)(xⱼ − mean), size · size values row by row.
    pub products: Vec<f64>,
}

impl CrossProducts {
    /// Adds up complete columns of equal length, each row with its weight; `n` is the number of observations that the rows stand for.
    ///
    /// Rows that stand for several equal observations have that number as weight, and n its sum. Values are first taken from the first of
    /// them, so that a huge offset costs nothing. Undefined: too few without weight, not converged
    /// when squares are too large or too small for a number.
    pub fn of(columns: &[Vec<f64>], weights: &[f64], n: f64) -> Result<Self, Reason> {
        let weight: f64 = weights.iter().sum();
        if weight.is_nan() || weight <= 0.0 {
            return Err(Reason::TooFew);
        }
        let firsts: Vec<f64> = columns.iter().map(|column| column.first().copied().unwrap_or(0.0)).collect();
        let deltas: Vec<f64> = columns
            .iter()
            .zip(&firsts)
            .map(|(column, first)| {
                column.iter().zip(weights).map(|(x, w)| w * (x - first)).sum::<f64>() / weight
            })
            .collect();
        let centred: Vec<Vec<f64>> = columns
            .iter()
            .zip(firsts.iter().zip(&deltas))
            .map(|(column, (first, delta))| column.iter().map(|x| (x - first) - delta).collect())
            .collect();
        let weighted =
            |column: &Vec<f64>| -> Vec<f64> { column.iter().zip(weights).map(|(x, w)| w * x).collect() };
        let size = columns.len();
        let mut products = vec![0.0; size * size];
        for i in 0..size {
            let left = weighted(&centred[i]);
            for j in 0..=i {
                products[i * size + j] = product(&left, &centred[j]);
                products[j * size + i] = products[i * size + j];
            }
        }
        let vanishes = |k: usize| products[k * size + k] <= 0.0 && centred[k].iter().any(|x| x.abs() > 0.0);
        if products.iter().any(|value| !value.is_finite()) || (0..size).any(vanishes) {
            return Err(Reason::NotConverged);
        }
        let means = firsts.iter().zip(&deltas).map(|(first, delta)| first + delta).collect();
        Ok(Self { size, n, weight, means: Some(means), products })
    }

    /// Takes a covariance (divisor n − 1) or correlation matrix of size · size values over `n` observations.
    ///
    /// With a correlation matrix every column counts as one of variance 1. Undefined: too few below two observations.
    pub fn from_matrix(matrix: &[f64], size: usize, n: f64) -> Result<Self, Reason> {
        if n.is_nan() || n < 2.0 || matrix.len() != size * size {
            return Err(Reason::TooFew);
        }
        let products = matrix.iter().map(|value| value * (n - 1.0)).collect();
        Ok(Self { size, n, weight: n, means: None, products })
    }

    /// Returns the cross-product of columns `i` and `j`.
    pub fn at(&self, i: usize, j: usize) -> f64 {
        self.products[i * self.size + j]
    }

    /// Returns the correlation matrix, row by row.
    ///
    /// Undefined: no variation when a column is constant.
    pub fn correlation(&self) -> Result<Vec<f64>, Reason> {
        let size = self.size;
        let lengths: Vec<f64> = (0..size).map(|i| self.at(i, i).sqrt()).collect();
        if lengths.iter().any(|length| length.is_nan() || *length <= 0.0) {
            return Err(Reason::NoVariation);
        }
        let mut matrix = vec![1.0; size * size];
        for i in 0..size {
            for j in (0..size).filter(|&j| j != i) {
                matrix[i * size + j] = (self.at(i, j) / lengths[i] / lengths[j]).clamp(-1.0, 1.0);
            }
        }
        Ok(matrix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{attitude, correlation};
    use proptest::prelude::*;

    #[test]
    fn correlations_are_those_of_pearson() {
        let columns = attitude::columns();
        let found =
            CrossProducts::of(&columns, &[1.0; 30], 30.0).expect("defined").correlation().expect("defined");
        for i in 0..7 {
            for j in 0..7 {
                let expected = correlation::coefficient(&columns[i], &columns[j]).expect("defined");
                assert!((found[i * 7 + j] - expected).abs() < 1e-14);
            }
        }
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(CrossProducts::of(&[vec![], vec![]], &[], 0.0), Err(Reason::TooFew));
        assert_eq!(CrossProducts::from_matrix(&[1.0], 1, 1.0), Err(Reason::TooFew));
        let constant = CrossProducts::of(&[vec![0.1; 9]], &[1.0; 9], 9.0).expect("defined");
        assert_eq!(constant.correlation(), Err(Reason::NoVariation));
    }

    proptest! {
        #[test]
        fn counted_rows_equal_repeated_rows(rows in prop::collection::vec((-9i32..9, -9i32..9, 1u32..5), 2..20), offset in 0i32..2) {
            let offset = f64::from(offset) * 1e9;
            let column = |side: fn(&(i32, i32, u32)) -> i32| -> Vec<f64> { rows.iter().map(|row| f64::from(side(row)) + offset).collect() };
            let counts: Vec<f64> = rows.iter().map(|row| f64::from(row.2)).collect();
            let n = counts.iter().sum::<f64>();
            let counted = CrossProducts::of(&[column(|row| row.0), column(|row| row.1)], &counts, n).expect("defined");
            let repeat = |values: Vec<f64>| -> Vec<f64> {
                values.iter().zip(&rows).flat_map(|(x, row)| vec![*x; row.2 as usize]).collect()
            };
            let repeated = [repeat(column(|row| row.0)), repeat(column(|row| row.1))];
            let whole = CrossProducts::of(&repeated, &vec![1.0; n as usize], n).expect("defined");
            for (one, other) in counted.products.iter().zip(&whole.products) {
                prop_assert!((one - other).abs() <= 1e-6 * (1.0 + other.abs()));
            }
        }
    }
}
