//! Means from integer sums: Student's interval, weighted standard error, Kish's effective n.
//!
//! In: sums of integers, merged by addition. Out: means in the unit of the values. Deliberately absent: the values themselves.

use super::interval;
use super::{Estimate, Figure, Marks, Reason};

/// Exact sums over n observations of an integer value x with an integer weight w (1 where there are no weights).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moments {
    /// Number of observations.
    pub n: u64,
    /// Σw.
    pub w: i128,
    /// Σw².
    pub ww: i128,
    /// Σwx.
    pub wx: i128,
    /// Σwx².
    pub wxx: i128,
    /// Σw²x.
    pub wwx: i128,
    /// Σw²x².
    pub wwxx: i128,
}

/// The same sums about the mean, as floats.
struct Centred {
    mean: f64,
    /// Σw(x − mean)².
    squares: f64,
    /// Σw²(x − mean)².
    weighted_squares: f64,
}

impl Moments {
    /// Adds `count` observations of value `x`, each of weight `w` ≥ 0.
    pub fn add(&mut self, x: i64, w: u64, count: u64) {
        let (x, w, count) = (i128::from(x), i128::from(w), i128::from(count));
        self.merge(&Self {
            n: count as u64,
            w: count * w,
            ww: count * w * w,
            wx: count * w * x,
            wxx: count * w * x * x,
            wwx: count * w * w * x,
            wwxx: count * w * w * x * x,
        });
    }

    /// Adds the observations of `other`.
    pub fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.w += other.w;
        self.ww += other.ww;
        self.wx += other.wx;
        self.wxx += other.wxx;
        self.wwx += other.wwx;
        self.wwxx += other.wwxx;
    }

    /// Returns Kish's effective number of observations, (Σw)² / Σw²; 0 without weight.
    pub fn n_effective(&self) -> f64 {
        if self.ww == 0 { 0.0 } else { self.w as f64 * self.w as f64 / self.ww as f64 }
    }

    /// Returns the weighted mean of x / `scale` with Student's interval (n − 1 degrees of freedom).
    ///
    /// std_error² = n/(n−1) · Σ(w(x − mean)/Σw)², the plain design-based error (weights taken as fixed); s²/n without weights. One observation
    /// has a value but no error. Undefined (too few) without observations or weight. Same values as R `survey::svymean`.
    pub fn mean(&self, scale: f64) -> Figure {
        let centred = self.centred().ok_or(Reason::TooFew)?;
        let n = self.n as f64;
        let value = centred.mean / scale;
        let std_error =
            (self.n > 1).then(|| (n / (n - 1.0) * centred.weighted_squares).sqrt() / self.w as f64 / scale);
        let ends =
            std_error.and_then(|std_error| interval::student(value, std_error, n - 1.0, interval::LEVEL));
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

    /// Returns the standard deviation of x / `scale`: √(n/(n−1) · Σw(x − mean)²/Σw).
    ///
    /// Undefined (too few) below two observations.
    pub fn std_dev(&self, scale: f64) -> Result<f64, Reason> {
        let centred = self.centred().filter(|_| self.n > 1).ok_or(Reason::TooFew)?;
        let n = self.n as f64;
        Ok((n / (n - 1.0) * centred.squares / self.w as f64).sqrt() / scale)
    }

    /// Sums are moved to the integer next to the mean in integers, so that nothing cancels however far the values lie from 0.
    fn centred(&self) -> Option<Centred> {
        if self.n == 0 || self.w <= 0 {
            return None;
        }
        let centre = nearest(self.wx, self.w);
        let (wd, wdd) = move_centre(self.w, self.wx, self.wxx, centre);
        let (wwd, wwdd) = move_centre(self.ww, self.wwx, self.wwxx, centre);
        let delta = wd as f64 / self.w as f64;
        let weighted = wwdd as f64 - 2.0 * delta * wwd as f64 + delta * delta * self.ww as f64;
        Some(Centred {
            mean: centre as f64 + delta,
            squares: (wdd as f64 - delta * wd as f64).max(0.0),
            weighted_squares: weighted.max(0.0),
        })
    }
}

/// Returns the integer nearest to `numerator` / `denominator`, for a positive denominator.
pub(super) fn nearest(numerator: i128, denominator: i128) -> i128 {
    let floor = numerator.div_euclid(denominator);
    if numerator.rem_euclid(denominator) > denominator / 2 { floor + 1 } else { floor }
}

/// Returns Σw(x − c) and Σw(x − c)² from Σw, Σwx, Σwx² and an integer c.
fn move_centre(w: i128, wx: i128, wxx: i128, c: i128) -> (i128, i128) {
    let wd = wx - c * w;
    (wd, (wxx - c * wx) - c * wd)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn moments(rows: &[(i64, u64)]) -> Moments {
        let mut moments = Moments::default();
        rows.iter().for_each(|&(x, w)| moments.add(x, w, 1));
        moments
    }

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-11 * expected.abs().max(1e-3), "{value} is not {expected}");
    }

    const WEIGHTED: [(i64, u64); 10] =
        [(4, 10), (5, 12), (3, 8), (5, 10), (2, 15), (4, 7), (4, 10), (5, 11), (1, 9), (3, 8)];

    #[test]
    fn weighted_mean_agrees_with_survey() {
        // statistics.md 4.5, R survey.
        let estimate = moments(&WEIGHTED).mean(1.0).expect("defined");
        close(estimate.value, 3.6);
        close(estimate.std_error.expect("given"), 0.462466815626);
        close(estimate.n_effective, 9.541984732824);
    }

    #[test]
    fn plain_mean_agrees_with_scipy() {
        // scipy.stats.t.interval on 1, 2, 4, 7.
        let estimate = moments(&[(1, 1), (2, 1), (4, 1), (7, 1)]).mean(1.0).expect("defined");
        close(estimate.value, 3.5);
        close(estimate.std_error.expect("given"), 1.3228756555322954);
        close(estimate.lower.expect("given"), -0.7099807422985158);
        close(estimate.upper.expect("given"), 7.709980742298516);
    }

    #[test]
    fn a_huge_offset_loses_no_digit() {
        let shifted: Vec<(i64, u64)> =
            WEIGHTED.iter().map(|&(x, w)| (x + 4_000_000_000_000_000, w)).collect();
        let (near, far) = (moments(&WEIGHTED), moments(&shifted));
        let error = |moments: &Moments| moments.mean(1.0).expect("defined").std_error.expect("given");
        close(error(&far), error(&near));
        close(far.std_dev(1.0).expect("defined"), near.std_dev(1.0).expect("defined"));
    }

    #[test]
    fn hard_cases_are_defined_or_say_why() {
        assert_eq!(Moments::default().mean(1.0), Err(Reason::TooFew));
        assert_eq!(moments(&[(3, 0)]).mean(1.0), Err(Reason::TooFew));
        let one = moments(&[(3, 2)]).mean(1.0).expect("defined");
        assert_eq!((one.std_error, one.lower, one.n), (None, None, 1));
        let constant = moments(&[(7, 1), (7, 3)]).mean(10.0).expect("defined");
        close(constant.value, 0.7);
        assert_eq!(constant.std_error, Some(0.0));
        assert_eq!(moments(&[(1, 1)]).std_dev(1.0), Err(Reason::TooFew));
    }

    proptest! {
        #[test]
        fn parts_merge_to_the_whole(rows in prop::collection::vec((-1000i64..1000, 0u64..50), 0..40), cut in 0usize..40) {
            let cut = cut.min(rows.len());
            let mut merged = moments(&rows[cut..]);
            merged.merge(&moments(&rows[..cut]));
            prop_assert_eq!(merged, moments(&rows));
            if let Ok(estimate) = merged.mean(3.0) {
                prop_assert!(estimate.lower.is_none_or(|lower| lower <= estimate.value));
                prop_assert!(estimate.upper.is_none_or(|upper| upper >= estimate.value));
                prop_assert!(estimate.n_effective <= estimate.n as f64 * (1.0 + 1e-12));
            }
        }
    }
}
