//! Partial and semipartial correlations: what two columns share beyond others.
//!
//! In: columns without gaps, or their correlation matrix. Out: coefficients with the degrees of freedom that the controls leave. Deliberately
//! absent: choosing the controls.

use super::Reason;
use super::association::{Association, Kind};
use super::distribution::student_two_sided;
use super::family::Matrix;
use super::joint::pairwise;
use super::linear::Cholesky;

/// A column is a combination of others when less than this share of its variance is left.
const COLLINEAR: f64 = 1e-8;

/// What x and y share beyond the controls.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Partial {
    /// Controls removed from both.
    pub partial: Association,
    /// Controls removed from y only.
    pub semipartial: Association,
}

/// Returns the partial and the semipartial correlation of columns 0 and 1 given all others, from `n` complete rows.
///
/// With P the inverse of the correlation matrix, partial r = −P₀₁/√(P₀₀P₁₁) and semipartial r·√(1 − R²(x | controls)). t with n − 2 − k degrees
/// of freedom; Kendall: z = r/√(2(2(n−k)+5)/(9(n−k)(n−k−1))). Undefined: too few without a degree of freedom, no variation of a column,
/// collinear when a control, or x or y given the others, has less than 1e-8 of its variance left (other programs then give ±1 or noise).
/// Same values as R `ppcor`.
pub fn partial(kind: Kind, columns: &[Vec<f64>]) -> Result<Partial, Reason> {
    let n = columns.first().map_or(0, Vec::len) as u64;
    if columns.len() < 2 || n < columns.len() as u64 + 1 {
        return Err(Reason::TooFew);
    }
    of_matrix(kind, &matrix(kind, columns)?, n)
}

/// Returns the matrix of the coefficients of columns without gaps; the reason where one pair has none.
pub fn matrix(kind: Kind, columns: &[Vec<f64>]) -> Result<Matrix, Reason> {
    let size = columns.len();
    let given: Vec<Vec<Option<f64>>> =
        columns.iter().map(|column| column.iter().map(|&value| Some(value)).collect()).collect();
    let pairs: Vec<(usize, usize)> = (0..size).flat_map(|i| (0..i).map(move |j| (i, j))).collect();
    let mut values = vec![1.0; size * size];
    for (&(i, j), found) in pairs.iter().zip(pairwise(kind, &given, &pairs)) {
        let value = found?.value;
        (values[i * size + j], values[j * size + i]) = (value, value);
    }
    Ok(Matrix { size, values })
}

/// Returns `partial` from the matrix of the coefficients, x and y first.
pub fn of_matrix(kind: Kind, matrix: &Matrix, n: u64) -> Result<Partial, Reason> {
    let size = matrix.size;
    if size < 2 || n < size as u64 + 1 {
        return Err(Reason::TooFew);
    }
    // Controls first, then x, then y: what is left of each is what those before it do not explain.
    let order: Vec<usize> = (2..size).chain([0, 1]).collect();
    let all = reordered(matrix, &order);
    let cholesky = Cholesky::new(&all, size, COLLINEAR);
    if cholesky.n_dependent > 0 {
        return Err(Reason::Collinear);
    }
    let x = column_of_inverse(&cholesky, size, size - 2);
    let y = column_of_inverse(&cholesky, size, size - 1);
    let value = (-x[size - 1] / (x[size - 2].sqrt() * y[size - 1].sqrt())).clamp(-1.0, 1.0);
    let without_y = Cholesky::new(&reordered(matrix, &order[..size - 1]), size - 1, COLLINEAR);
    let own = 1.0 / column_of_inverse(&without_y, size - 1, size - 2)[size - 2];
    let controls = size as u64 - 2;
    let described = |value: f64| described(kind, value, n, controls);
    Ok(Partial { partial: described(value), semipartial: described(value * own.min(1.0).sqrt()) })
}

fn reordered(matrix: &Matrix, order: &[usize]) -> Vec<f64> {
    order.iter().flat_map(|&i| order.iter().map(move |&j| matrix.at(i, j))).collect()
}

fn column_of_inverse(cholesky: &Cholesky, size: usize, column: usize) -> Vec<f64> {
    let unit: Vec<f64> = (0..size).map(|i| f64::from(u8::from(i == column))).collect();
    cholesky.solve(&unit)
}

fn described(kind: Kind, value: f64, n: u64, controls: u64) -> Association {
    if kind != Kind::Kendall {
        return Association::of_moments(kind, value, n, controls);
    }
    let left = (n - controls) as f64;
    let z = value / (2.0 * (2.0 * left + 5.0) / (9.0 * left * (left - 1.0))).sqrt();
    let p_value = Ok(student_two_sided(z, f64::INFINITY));
    Association { kind, n, controls, value, statistic: Ok(z), p_value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::correlation::coefficient;
    use crate::stats::linear::least_squares;
    use proptest::prelude::*;

    #[test]
    fn agrees_with_ppcor() {
        // R datasets::attitude: rating, raises, complaints; correlations of the 30 departments; ppcor 1.1 by golden/partial_correlation.csv.
        let values = vec![
            1.0,
            0.623_678_2,
            0.825_417_569_542_146,
            0.623_678_2,
            1.0,
            0.596_735_8,
            0.825_417_569_542_146,
            0.596_735_8,
            1.0,
        ];
        let found = of_matrix(Kind::Pearson, &Matrix { size: 3, values }, 30).expect("defined");
        assert!((found.partial.value - 0.289_456).abs() < 1e-5, "{}", found.partial.value);
        assert!((found.partial.p_value.expect("given") - 0.127_754).abs() < 1e-4);
        assert!((found.semipartial.value - 0.163_404).abs() < 1e-5, "{}", found.semipartial.value);
    }

    #[test]
    fn near_singular_is_told_not_invented() {
        let x: Vec<f64> = (0..40).map(|i| f64::from(i * i % 17)).collect();
        let z: Vec<f64> = x.iter().map(|x| 3.0 * x + 1e9).collect();
        let y: Vec<f64> = (0..40).map(|i| f64::from(i * 7 % 13)).collect();
        assert_eq!(partial(Kind::Pearson, &[x.clone(), y.clone(), z]), Err(Reason::Collinear));
        assert_eq!(partial(Kind::Kendall, &[x.clone(), y.clone(), vec![2.0; 40]]), Err(Reason::NoVariation));
        assert_eq!(
            partial(Kind::Pearson, &[x[..3].to_vec(), y[..3].to_vec(), y[3..6].to_vec()]),
            Err(Reason::TooFew)
        );
        assert_eq!(partial(Kind::Pearson, &[]), Err(Reason::TooFew));
    }

    proptest! {
        #[test]
        fn partial_is_the_correlation_of_residuals(rows in prop::collection::vec((-9i32..9, -9i32..9, -9i32..9, -9i32..9), 6..40)) {
            let column = |pick: fn(&(i32, i32, i32, i32)) -> i32| rows.iter().map(|row| f64::from(pick(row))).collect::<Vec<f64>>();
            let all = [column(|r| r.0), column(|r| r.1), column(|r| r.2), column(|r| r.3)];
            if let Ok(found) = partial(Kind::Pearson, &all) {
                let rest = |k: usize| least_squares(&[&all[2], &all[3]], &all[k]).map(|fit| fit.residuals);
                if let (Ok(x), Ok(y)) = (rest(0), rest(1)) {
                    prop_assert!((found.partial.value - coefficient(&x, &y).unwrap()).abs() < 1e-6);
                    prop_assert!((found.semipartial.value - coefficient(&all[0], &y).unwrap()).abs() < 1e-6);
                    prop_assert!(found.semipartial.value.abs() <= found.partial.value.abs() + 1e-12);
                }
            }
        }
    }
}
