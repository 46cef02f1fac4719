//! Symmetric matrices: eigenvalues, eigenvectors and the square root, by Jacobi's rotations.
//!
//! In: a matrix row by row. Out: its decomposition. Deliberately absent: large matrices (the work grows with the cube of the size).

use super::Reason;

/// Sweeps after which the rotations are taken as they stand; eight are enough for any matrix of 30 columns.
const SWEEPS: usize = 60;
/// An eigenvalue below this share of the largest counts as 0.
const SINGULAR: f64 = 1e-10;

/// Eigenvalues with their eigenvectors, the largest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Eigen {
    /// The eigenvalues, in falling order.
    pub values: Vec<f64>,
    /// One eigenvector of length 1 per eigenvalue; its largest component in size is positive.
    pub vectors: Vec<Vec<f64>>,
}

/// Returns the eigenvalues and eigenvectors of a symmetric `matrix` of size · size values.
///
/// Cyclic Jacobi rotations (Golub and Van Loan, 8.5), until what is off the diagonal has vanished.
pub fn eigen(matrix: &[f64], size: usize) -> Eigen {
    let mut a = matrix.to_vec();
    let mut v = vec![0.0; size * size];
    (0..size).for_each(|i| v[i * size + i] = 1.0);
    let scale: f64 = a.iter().map(|x| x * x).sum();
    for _ in 0..SWEEPS {
        let off: f64 = (0..size).map(|i| a[i * size..i * size + i].iter().map(|x| x * x).sum::<f64>()).sum();
        if off <= 1e-32 * scale {
            break;
        }
        for p in 0..size {
            (p + 1..size).for_each(|q| rotate((&mut a, &mut v), size, p, q));
        }
    }
    sorted(&a, &v, size)
}

/// Turns the plane of rows `p` and `q` so that the value between them becomes 0.
fn rotate((a, v): (&mut [f64], &mut [f64]), size: usize, p: usize, q: usize) {
    let off = a[p * size + q];
    if off.abs() < f64::MIN_POSITIVE {
        return;
    }
    let theta = (a[q * size + q] - a[p * size + p]) / (2.0 * off);
    let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
    let c = 1.0 / (t * t + 1.0).sqrt();
    let s = t * c;
    for k in 0..size {
        let (x, y) = (a[k * size + p], a[k * size + q]);
        a[k * size + p] = c * x - s * y;
        a[k * size + q] = s * x + c * y;
    }
    for k in 0..size {
        let (x, y) = (a[p * size + k], a[q * size + k]);
        a[p * size + k] = c * x - s * y;
        a[q * size + k] = s * x + c * y;
        // Eigenvectors stand in the rows of v, so that they are turned side by side.
        let (x, y) = (v[p * size + k], v[q * size + k]);
        v[p * size + k] = c * x - s * y;
        v[q * size + k] = s * x + c * y;
    }
}

fn sorted(a: &[f64], v: &[f64], size: usize) -> Eigen {
    let mut order: Vec<usize> = (0..size).collect();
    order.sort_by(|&i, &j| a[j * size + j].total_cmp(&a[i * size + i]));
    let vector = |&i: &usize| {
        let row = &v[i * size..(i + 1) * size];
        let largest =
            row.iter().copied().fold(0.0, |best: f64, x| if x.abs() > best.abs() { x } else { best });
        row.iter().map(|x| x * largest.signum()).collect()
    };
    Eigen {
        values: order.iter().map(|&i| a[i * size + i]).collect(),
        vectors: order.iter().map(vector).collect(),
    }
}

/// Returns the symmetric square root of a positive definite `matrix` and the inverse of that root, both row by row.
///
/// Undefined: collinear when an eigenvalue is not above 1e-10 of the largest.
pub fn square_root(matrix: &[f64], size: usize) -> Result<(Vec<f64>, Vec<f64>), Reason> {
    let Eigen { values, vectors } = eigen(matrix, size);
    if values.last().is_some_and(|smallest| *smallest <= SINGULAR * values[0]) {
        return Err(Reason::Collinear);
    }
    let (mut root, mut inverse) = (vec![0.0; size * size], vec![0.0; size * size]);
    for (value, vector) in values.iter().zip(&vectors) {
        let length = value.sqrt();
        for i in 0..size {
            for j in 0..size {
                let product = vector[i] * vector[j];
                root[i * size + j] += product * length;
                inverse[i * size + j] += product / length;
            }
        }
    }
    Ok((root, inverse))
}

/// Returns whether a symmetric matrix has no eigenvalue below −1e-10 of its largest.
///
/// A matrix of correlations taken pair by pair need not be one that any data could have.
pub fn is_semidefinite(matrix: &[f64], size: usize) -> bool {
    let values = eigen(matrix, size).values;
    values.last().is_none_or(|smallest| *smallest >= -SINGULAR * values[0].abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn agrees_with_numpy() {
        // numpy.linalg.eigh of [[2, 1, 0], [1, 3, 1], [0, 1, 4]]: 3 ± √3 and 3.
        let found = eigen(&[2.0, 1.0, 0.0, 1.0, 3.0, 1.0, 0.0, 1.0, 4.0], 3);
        for (value, expected) in found.values.iter().zip([4.732050807568877, 3.0, 1.267949192431123]) {
            assert!((value - expected).abs() < 1e-13, "{value}");
        }
    }

    #[test]
    fn hard_cases_say_why() {
        assert!(eigen(&[], 0).values.is_empty());
        assert_eq!(square_root(&[1.0, 1.0, 1.0, 1.0], 2), Err(Reason::Collinear));
        assert!(is_semidefinite(&[1.0, 1.0, 1.0, 1.0], 2));
        assert!(!is_semidefinite(&[1.0, 0.9, -0.9, 0.9, 1.0, 0.9, -0.9, 0.9, 1.0], 3));
    }

    proptest! {
        #[test]
        fn a_root_squared_is_the_matrix(values in prop::collection::vec(-1.0f64..1.0, 16)) {
            // A′A + I is positive definite.
            let mut matrix = vec![0.0; 16];
            for i in 0..4 {
                for j in 0..4 {
                    matrix[i * 4 + j] = (0..4).map(|k| values[k * 4 + i] * values[k * 4 + j]).sum::<f64>() + f64::from(u8::from(i == j));
                }
            }
            let (root, inverse) = square_root(&matrix, 4).expect("definite");
            for i in 0..4 {
                for j in 0..4 {
                    let square: f64 = (0..4).map(|k| root[i * 4 + k] * root[k * 4 + j]).sum();
                    let one: f64 = (0..4).map(|k| root[i * 4 + k] * inverse[k * 4 + j]).sum();
                    prop_assert!((square - matrix[i * 4 + j]).abs() < 1e-12);
                    prop_assert!((one - f64::from(u8::from(i == j))).abs() < 1e-12);
                }
            }
        }
    }
}
