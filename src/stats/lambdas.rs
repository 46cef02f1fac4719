//! Guttman's lambdas: lower bounds of the reliability of standardized items.
//!
//! In: a correlation matrix. Out: λ₁ to λ₅ (λ₆ stands with alpha). Deliberately absent: intervals.

use super::Reason;
use super::family::Matrix;
use super::reliability::sum;

/// Guttman's (1945) lower bounds of reliability, of standardized items.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lambdas {
    /// λ₁ = 1 − k/ΣR.
    pub lambda1: f64,
    /// λ₂ = λ₁ + √(k/(k−1) · Σᵢ≠ⱼ r²)/ΣR.
    pub lambda2: f64,
    /// λ₃, alpha of the standardized items.
    pub lambda3: f64,
    /// λ₄, the best of all split halves; not applicable above 20 items.
    pub lambda4: Result<f64, Reason>,
    /// λ₅ = λ₁ + 2√(max Σ r²)/ΣR.
    pub lambda5: f64,
}

/// Returns Guttman's lambdas of a correlation matrix; undefined as `alpha` is. Same values as R `psych::guttman`.
pub fn guttman(correlation: &Matrix) -> Result<Lambdas, Reason> {
    let size = correlation.size;
    let (k, total) = (size as f64, sum(correlation));
    if size < 2 {
        return Err(Reason::TooFew);
    }
    if total <= 1e-14 * k {
        return Err(Reason::NoVariation);
    }
    let squares =
        |i: usize| (0..size).map(|j| correlation.at(i, j) * correlation.at(i, j)).sum::<f64>() - 1.0;
    let all: f64 = (0..size).map(squares).sum();
    let largest = (0..size).map(squares).fold(0.0, f64::max);
    let lambda1 = 1.0 - k / total;
    Ok(Lambdas {
        lambda1,
        lambda2: lambda1 + (k / (k - 1.0) * all.max(0.0)).sqrt() / total,
        lambda3: lambda1 * k / (k - 1.0),
        lambda4: if size > 20 { Err(Reason::NotApplicable) } else { Ok(best_split(correlation) / total) },
        lambda5: lambda1 + 2.0 * largest.sqrt() / total,
    })
}

/// Returns four times the largest covariance of two halves, over all splits (in Gray's order, so that one item moves at a time).
fn best_split(matrix: &Matrix) -> f64 {
    let size = matrix.size;
    let mut side = vec![1.0; size];
    // Σ of each row with signs, the sign of the own half.
    let mut signed: Vec<f64> = (0..size).map(|i| (0..size).map(|j| matrix.at(i, j)).sum()).collect();
    let total = sum(matrix);
    let (mut difference, mut smallest) = (total, total);
    for step in 1u32..1 << (size - 1) {
        let moved = step.trailing_zeros() as usize;
        // s′Rs, the variance of the difference of the halves.
        difference += 4.0 * (matrix.at(moved, moved) - side[moved] * signed[moved]);
        (0..size).for_each(|i| signed[i] -= 2.0 * side[moved] * matrix.at(i, moved));
        side[moved] = -side[moved];
        smallest = f64::min(smallest, difference);
    }
    total - smallest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
    }

    #[test]
    fn the_best_split_is_found() {
        let values = vec![1.0, 0.6, 0.2, 0.3, 0.6, 1.0, 0.1, 0.4, 0.2, 0.1, 1.0, 0.5, 0.3, 0.4, 0.5, 1.0];
        let correlation = Matrix { size: 4, values };
        let found = guttman(&correlation).expect("defined");
        let total = sum(&correlation);
        close(found.lambda1, 1.0 - 4.0 / total);
        close(found.lambda3, 4.0 / 3.0 * (1.0 - 4.0 / total));
        // The seven splits, one by one.
        let split = |mask: usize| {
            let across = (0..16).filter(|at| (mask >> (at / 4) & 1) != (mask >> (at % 4) & 1));
            2.0 * across.map(|at| correlation.values[at]).sum::<f64>() / total
        };
        close(found.lambda4.expect("given"), (1..8).map(split).fold(0.0, f64::max));
        assert!(
            found.lambda1 < found.lambda3 && found.lambda3 <= found.lambda2 && found.lambda1 < found.lambda5
        );
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(guttman(&Matrix { size: 1, values: vec![1.0] }), Err(Reason::TooFew));
        assert_eq!(guttman(&Matrix { size: 0, values: vec![] }), Err(Reason::TooFew));
        assert_eq!(
            guttman(&Matrix { size: 2, values: vec![1.0, -1.0, -1.0, 1.0] }),
            Err(Reason::NoVariation)
        );
        let many = Matrix { size: 21, values: vec![1.0; 441] };
        assert_eq!(guttman(&many).expect("defined").lambda4, Err(Reason::NotApplicable));
    }
}
