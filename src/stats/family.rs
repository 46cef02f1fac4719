//! Means of several items over the same persons, with their covariances: composites, differences, correlations.
//!
//! In: exact integer sums over complete rows. Out: means, covariances of the means, linear combinations. Deliberately absent: rows with a
//! missing item, which a family leaves out.

use super::interval;
use super::moments::nearest;
use super::{Estimate, Figure, Marks, Reason};

/// Exact sums over the n complete rows of p integer items, weighted by integers.
///
/// Pairs (i, j) with i ≤ j stand in the order (0,0), (0,1) … (0,p−1), (1,1) …
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// Number of complete rows.
    pub n: u64,
    /// Σw.
    pub w: i128,
    /// Σw².
    pub ww: i128,
    /// Σwxᵢ, p values.
    pub wx: Vec<i128>,
    /// Σwxᵢxⱼ, p(p+1)/2 values.
    pub wxx: Vec<i128>,
    /// Σw²xᵢ, p values.
    pub wwx: Vec<i128>,
    /// Σw²xᵢxⱼ, p(p+1)/2 values.
    pub wwxx: Vec<i128>,
}

/// A symmetric matrix, row by row in full.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    /// Number of rows, and of columns.
    pub size: usize,
    /// size · size values.
    pub values: Vec<f64>,
}

impl Matrix {
    /// Returns the value in row `i`, column `j`.
    pub fn at(&self, i: usize, j: usize) -> f64 {
        self.values[i * self.size + j]
    }
}

/// Integer centres next to the means, and what remains of the sums about them.
struct Centred {
    centres: Vec<i128>,
    /// mean − centre, within ±½.
    deltas: Vec<f64>,
}

impl Family {
    /// Opens an empty family of `p` items.
    pub fn new(p: usize) -> Self {
        let pairs = p * (p + 1) / 2;
        let (singles, pairs) = (vec![0; p], vec![0; pairs]);
        Self { n: 0, w: 0, ww: 0, wx: singles.clone(), wxx: pairs.clone(), wwx: singles, wwxx: pairs }
    }

    /// Adds one complete row of p values with weight `w`.
    pub fn add(&mut self, row: &[i64], w: u64) {
        let w = i128::from(w);
        self.n += 1;
        self.w += w;
        self.ww += w * w;
        let mut pair = 0;
        for (i, &x) in row.iter().enumerate() {
            self.wx[i] += w * i128::from(x);
            self.wwx[i] += w * w * i128::from(x);
            for &y in &row[i..] {
                let product = i128::from(x) * i128::from(y);
                self.wxx[pair] += w * product;
                self.wwxx[pair] += w * w * product;
                pair += 1;
            }
        }
    }

    /// Adds the rows of `other`, a family of the same items.
    pub fn merge(&mut self, other: &Self) {
        let add = |to: &mut [i128], from: &[i128]| to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
        self.n += other.n;
        self.w += other.w;
        self.ww += other.ww;
        add(&mut self.wx, &other.wx);
        add(&mut self.wxx, &other.wxx);
        add(&mut self.wwx, &other.wwx);
        add(&mut self.wwxx, &other.wwxx);
    }

    /// Returns Kish's effective number of rows, (Σw)² / Σw²; 0 without weight.
    pub fn n_effective(&self) -> f64 {
        if self.ww == 0 { 0.0 } else { self.w as f64 * self.w as f64 / self.ww as f64 }
    }

    /// Returns the weighted means of the items; undefined (too few) without rows.
    pub fn means(&self) -> Result<Vec<f64>, Reason> {
        let centred = self.centred()?;
        Ok(centred
            .centres
            .iter()
            .zip(&centred.deltas)
            .map(|(&centre, delta)| centre as f64 + delta)
            .collect())
    }

    /// Returns the covariance matrix of the means, Sᵢⱼ = n/(n−1) · Σw²(xᵢ − mᵢ)(xⱼ − mⱼ) / (Σw)²; undefined (too few) below two rows.
    pub fn covariance_of_means(&self) -> Result<Matrix, Reason> {
        if self.n < 2 {
            return Err(Reason::TooFew);
        }
        let factor = self.n as f64 / (self.n as f64 - 1.0) / (self.w as f64 * self.w as f64);
        let mut matrix = self.products(self.ww, &self.wwx, &self.wwxx)?;
        matrix.values.iter_mut().for_each(|value| *value *= factor);
        Ok(matrix)
    }

    /// Returns the covariance matrix of the items, n/(n−1) · Σw(xᵢ − mᵢ)(xⱼ − mⱼ) / Σw; undefined (too few) below two rows.
    pub fn covariance(&self) -> Result<Matrix, Reason> {
        if self.n < 2 {
            return Err(Reason::TooFew);
        }
        let factor = self.n as f64 / (self.n as f64 - 1.0) / self.w as f64;
        let mut matrix = self.products(self.w, &self.wx, &self.wxx)?;
        matrix.values.iter_mut().for_each(|value| *value *= factor);
        Ok(matrix)
    }

    /// Returns the matrix of Pearson correlations of the items.
    ///
    /// Undefined: too few below three rows, no variation when an item is constant.
    pub fn correlation(&self) -> Result<Matrix, Reason> {
        if self.n < 3 {
            return Err(Reason::TooFew);
        }
        let mut matrix = self.products(self.w, &self.wx, &self.wxx)?;
        let p = matrix.size;
        let lengths: Vec<f64> = (0..p).map(|i| matrix.at(i, i).sqrt()).collect();
        if lengths.iter().any(|&length| length <= 0.0) {
            return Err(Reason::NoVariation);
        }
        for i in 0..p {
            for j in 0..p {
                let r = if i == j { 1.0 } else { matrix.at(i, j) / (lengths[i] * lengths[j]) };
                matrix.values[i * p + j] = r.clamp(-1.0, 1.0);
            }
        }
        Ok(matrix)
    }

    /// Returns the linear combination Σcᵢmᵢ of the means, with Student's interval (n − 1 degrees of freedom).
    ///
    /// std_error² = c′Sc with S the covariance of the means: a composite knows that its items came from the same persons. One row has a value
    /// but no error. Undefined (too few) without rows.
    pub fn combination(&self, coefficients: &[f64]) -> Figure {
        let value = coefficients.iter().zip(self.means()?).map(|(c, mean)| c * mean).sum();
        let std_error = match self.covariance_of_means() {
            Ok(matrix) => Some(quadratic_form(&matrix, coefficients).max(0.0).sqrt()),
            Err(_) => None,
        };
        let df = self.n as f64 - 1.0;
        let ends = std_error.and_then(|std_error| interval::student(value, std_error, df, interval::LEVEL));
        Ok(Estimate {
            value,
            std_error,
            lower: ends.map(|ends| ends.0),
            upper: ends.map(|ends| ends.1),
            n: self.n,
            n_effective: self.n_effective(),
            marks: Marks::default(),
        })
    }

    fn centred(&self) -> Result<Centred, Reason> {
        if self.n == 0 || self.w <= 0 {
            return Err(Reason::TooFew);
        }
        let centres: Vec<i128> = self.wx.iter().map(|&wx| nearest(wx, self.w)).collect();
        let rest = |(&wx, &c): (&i128, &i128)| (wx - c * self.w) as f64 / self.w as f64;
        let deltas = self.wx.iter().zip(&centres).map(rest).collect();
        Ok(Centred { centres, deltas })
    }

    /// Returns Σv(xᵢ − mᵢ)(xⱼ − mⱼ) from Σv, Σvxᵢ and Σvxᵢxⱼ, where v is w or w²: first about integers, exactly, then about the means.
    fn products(&self, v: i128, vx: &[i128], vxx: &[i128]) -> Result<Matrix, Reason> {
        let Centred { centres: c, deltas: d } = self.centred()?;
        let p = vx.len();
        let moved: Vec<i128> = (0..p).map(|i| vx[i] - c[i] * v).collect();
        let mut matrix = Matrix { size: p, values: vec![0.0; p * p] };
        let mut pair = 0;
        for i in 0..p {
            for j in i..p {
                let about_integers = (vxx[pair] - c[i] * vx[j]) - c[j] * moved[i];
                let value = about_integers as f64 - d[i] * moved[j] as f64 - d[j] * moved[i] as f64
                    + d[i] * d[j] * v as f64;
                let value = if i == j { value.max(0.0) } else { value };
                matrix.values[i * p + j] = value;
                matrix.values[j * p + i] = value;
                pair += 1;
            }
        }
        Ok(matrix)
    }
}

/// Returns c′Mc.
pub fn quadratic_form(matrix: &Matrix, c: &[f64]) -> f64 {
    let row = |i: usize| -> f64 { c.iter().enumerate().map(|(j, c)| matrix.at(i, j) * c).sum() };
    c.iter().enumerate().map(|(i, c)| c * row(i)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::moments::Moments;
    use proptest::prelude::*;

    const ROWS: [([i64; 3], u64); 6] =
        [([4, 5, 1], 2), ([3, 3, 2], 1), ([5, 4, 2], 3), ([1, 2, 5], 1), ([2, 4, 4], 2), ([4, 4, 3], 1)];

    fn family(rows: &[([i64; 3], u64)], offset: i64) -> Family {
        let mut family = Family::new(3);
        rows.iter().for_each(|(row, w)| family.add(&row.map(|x| x + offset), *w));
        family
    }

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-12, "{value} is not {expected}");
    }

    #[test]
    fn agrees_with_numpy() {
        // numpy 2: np.average, np.cov(aweights) and the linearised variance of the composite, weights 2 1 3 1 2 1.
        let family = family(&ROWS, 0);
        close(family.means().expect("defined")[1], 3.9);
        close(family.covariance().expect("defined").at(0, 2), -1.68);
        close(family.correlation().expect("defined").at(0, 1), 0.575311356632314);
        close(family.covariance_of_means().expect("defined").at(1, 2), -0.132);
        let composite = family.combination(&[0.5, 0.3, -0.2]).expect("defined");
        close(composite.value, 2.4);
        close(composite.std_error.expect("given"), 0.49014283632427);
        close(composite.lower.expect("given"), 1.140047728077568);
    }

    #[test]
    fn one_item_is_its_moments() {
        let mut moments = Moments::default();
        ROWS.iter().for_each(|(row, w)| moments.add(row[1], *w, 1));
        let (one, other) = (family(&ROWS, 0).combination(&[0.0, 1.0, 0.0]), moments.mean(1.0));
        let (one, other) = (one.expect("defined"), other.expect("defined"));
        close(one.value, other.value);
        close(one.std_error.expect("given"), other.std_error.expect("given"));
        close(one.n_effective, other.n_effective);
    }

    #[test]
    fn a_huge_offset_loses_no_digit() {
        let (near, far) = (family(&ROWS, 0), family(&ROWS, 1_000_000_000_000));
        let (near, far) = (near.covariance().expect("defined"), far.covariance().expect("defined"));
        near.values.iter().zip(&far.values).for_each(|(near, far)| close(*far, *near));
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(Family::new(2).means(), Err(Reason::TooFew));
        assert_eq!(Family::new(0).combination(&[]), Err(Reason::TooFew));
        let one = family(&ROWS[..1], 0);
        assert_eq!(one.combination(&[1.0, 0.0, 0.0]).expect("defined").std_error, None);
        assert_eq!(family(&ROWS[..2], 0).correlation(), Err(Reason::TooFew));
        let constant = [([1, 2, 3], 1), ([1, 3, 3], 1), ([1, 4, 1], 1)];
        assert_eq!(family(&constant, 0).correlation(), Err(Reason::NoVariation));
    }

    proptest! {
        #[test]
        fn parts_merge_to_the_whole_and_correlations_stay_in_bounds(
            rows in prop::collection::vec((prop::array::uniform3(-9i64..9), 1u64..9), 0..30), cut in 0usize..30,
        ) {
            let cut = cut.min(rows.len());
            let mut merged = family(&rows[cut..], 0);
            merged.merge(&family(&rows[..cut], 0));
            prop_assert_eq!(&merged, &family(&rows, 0));
            if let Ok(matrix) = merged.correlation() {
                prop_assert!(matrix.values.iter().all(|r| r.abs() <= 1.0));
            }
        }
    }
}
