//! Intraclass correlations: the six forms of Shrout and Fleiss with F tests and intervals.
//!
//! In: ratings of subjects (rows) by raters (columns), complete. Out: coefficients. Deliberately absent: variance components of incomplete
//! ratings.

use super::Reason;
use super::tail::{f_quantile, f_upper};

/// Two-way analysis of variance of complete ratings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratings {
    /// Subjects.
    pub n: u64,
    /// Raters.
    pub k: u64,
    /// Mean square between subjects.
    pub between: f64,
    /// Mean square within subjects.
    pub within: f64,
    /// Mean square of raters.
    pub raters: f64,
    /// Mean square of the residual.
    pub error: f64,
}

/// One form of the coefficient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// ICC1: each subject has raters of its own.
    OneWay,
    /// ICC2: the same raters, drawn from many; absolute agreement.
    Agreement,
    /// ICC3: these raters only; consistency.
    Consistency,
}

/// Whose degrees of freedom the agreement form has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Convention {
    /// F with (n−1)(k−1); the limits of one rater stepped up by Spearman and Brown for the mean of k; psych, pingouin, SPSS.
    ///
    /// McGraw and Wong's own formula for the mean of k raters, a = ρₖ/(n(1−ρₖ)), gives these limits too.
    Psych,
    /// irr 0.84.1: F with the degrees of freedom of the interval; those of the mean of k raters with a = kρₖ/(n(1−ρₖ)), where McGraw and
    /// Wong have no k, which moves its limits by up to .04.
    Irr,
}

/// A coefficient with its test and interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Icc {
    /// The coefficient.
    pub value: f64,
    /// F of no differences between subjects; no variation where nothing is left for error.
    pub f: Result<f64, Reason>,
    /// Its degrees of freedom.
    pub df: (f64, f64),
    /// P(F ≥ f).
    pub p_value: Result<f64, Reason>,
    /// The interval; no variation where F does not exist.
    pub interval: Result<(f64, f64), Reason>,
}

impl Ratings {
    /// Analyses complete ratings, one column a rater; too few below two subjects or raters, no variation when all ratings are the same.
    pub fn new(raters: &[Vec<f64>]) -> Result<Self, Reason> {
        let (k, n) = (raters.len(), raters.first().map_or(0, Vec::len));
        if k < 2 || n < 2 || raters.iter().any(|rater| rater.len() != n) {
            return Err(Reason::TooFew);
        }
        let (kf, nf) = (k as f64, n as f64);
        // About the first rating, so that a huge offset costs nothing and constant ratings are exactly constant.
        let moved: Vec<Vec<f64>> =
            raters.iter().map(|rater| rater.iter().map(|v| v - raters[0][0]).collect()).collect();
        let columns: Vec<f64> = moved.iter().map(|rater| rater.iter().sum::<f64>() / nf).collect();
        let rows: Vec<f64> = (0..n).map(|i| moved.iter().map(|rater| rater[i]).sum::<f64>() / kf).collect();
        let mean = rows.iter().sum::<f64>() / nf;
        let squares = |values: &[f64]| values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>();
        let between = kf * squares(&rows);
        let judged = nf * squares(&columns);
        let cell = |at: usize| moved[at % k][at / k];
        let within: f64 = (0..n * k).map(|at| cell(at) - rows[at / k]).map(|d| d * d).sum();
        let error: f64 =
            (0..n * k).map(|at| cell(at) - rows[at / k] - columns[at % k] + mean).map(|d| d * d).sum();
        let total = between + within;
        if total <= 0.0 {
            return Err(Reason::NoVariation);
        }
        // What rounding leaves is nothing.
        let clean = |squares: f64| if squares <= 1e-20 * total { 0.0 } else { squares };
        Ok(Self {
            n: n as u64,
            k: k as u64,
            between: clean(between) / (nf - 1.0),
            within: clean(within) / (nf * (kf - 1.0)),
            raters: clean(judged) / (kf - 1.0),
            error: clean(error) / ((nf - 1.0) * (kf - 1.0)),
        })
    }

    /// Returns one of the six coefficients; the single rating's, or with `average` that of the mean of all k.
    ///
    /// Shrout and Fleiss (1979), McGraw and Wong (1996). Undefined: no variation where numerator and denominator are 0. Same values as R
    /// `psych::ICC(lmer = FALSE)`, `irr::icc`.
    pub fn icc(&self, form: Form, average: bool, level: f64, convention: Convention) -> Result<Icc, Reason> {
        let (n, k) = (self.n as f64, self.k as f64);
        let (b, e) = (self.between, if form == Form::OneWay { self.within } else { self.error });
        let value = self.value(form, average)?;
        let f = if e > 0.0 { Ok(b / e) } else { Err(Reason::NoVariation) };
        let irr = form == Form::Agreement && convention == Convention::Irr;
        let df2 = match form {
            Form::OneWay => n * (k - 1.0),
            _ if irr && f.is_ok() => self.satterthwaite(value),
            _ => (n - 1.0) * (k - 1.0),
        };
        let df = (n - 1.0, df2);
        let interval = f.and_then(|f| match form {
            Form::Agreement => self.agreement_ends((average, irr), value, level),
            _ => Ok(ends((f, df), (k, average), level)),
        });
        let ordered = interval.map(|(low, high)| (low.min(value), high.max(value)));
        Ok(Icc { value, f, df, p_value: f.map(|f| f_upper(f, df.0, df.1)), interval: ordered })
    }

    fn value(&self, form: Form, average: bool) -> Result<f64, Reason> {
        let (n, k) = (self.n as f64, self.k as f64);
        let (b, e) = (self.between, if form == Form::OneWay { self.within } else { self.error });
        let lean = if form == Form::Agreement { (self.raters - e) / n } else { 0.0 };
        let denominator = if average { b + lean } else { b + (k - 1.0) * e + k * lean };
        if denominator.abs() <= f64::MIN_POSITIVE {
            Err(Reason::NoVariation)
        } else {
            Ok((b - e) / denominator)
        }
    }

    /// Degrees of freedom of raters and error together, weighed as they stand in a coefficient of this value.
    fn satterthwaite(&self, value: f64) -> f64 {
        let (n, k) = (self.n as f64, self.k as f64);
        let share = k * value / (n * (1.0 - value));
        let (a, c) = (share * self.raters, (1.0 + share * (n - 1.0)) * self.error);
        (a + c) * (a + c) / (a * a / (k - 1.0) + c * c / ((n - 1.0) * (k - 1.0)))
    }

    /// The interval of ICC2: F with degrees of freedom by Satterthwaite.
    fn agreement_ends(
        &self,
        (average, irr): (bool, bool),
        value: f64,
        level: f64,
    ) -> Result<(f64, f64), Reason> {
        let (n, k) = (self.n as f64, self.k as f64);
        let (b, j, e) = (self.between, self.raters, self.error);
        let own = average && irr;
        let df = self.satterthwaite(if own { value } else { self.value(Form::Agreement, false)? });
        let p = 0.5 + 0.5 * level;
        let (upper, lower) = (f_quantile(p, n - 1.0, df), f_quantile(p, df, n - 1.0));
        let rest = if own { j - e } else { k * j + (k * n - k - n) * e };
        let low = n * (b - upper * e) / (upper * rest + n * b);
        let high = n * (lower * b - e) / (rest + n * lower * b);
        let stepped = |r: f64| k * r / (1.0 + (k - 1.0) * r);
        let ends = if average && !own { (stepped(low), stepped(high)) } else { (low, high) };
        if ends.0.is_finite() && ends.1.is_finite() { Ok(ends) } else { Err(Reason::NoVariation) }
    }
}

/// The interval of ICC1 and ICC3: F over and times its quantiles.
fn ends((f, df): (f64, (f64, f64)), (k, average): (f64, bool), level: f64) -> (f64, f64) {
    let p = 0.5 + 0.5 * level;
    let low = f / f_quantile(p, df.0, df.1);
    let high = f * f_quantile(p, df.1, df.0);
    let end = |f: f64| if average { 1.0 - 1.0 / f } else { (f - 1.0) / (f + k - 1.0) };
    (end(low), end(high))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// D6 of statistics.md, by rater.
    const D6: [[f64; 6]; 4] = [
        [9.0, 6.0, 8.0, 7.0, 10.0, 6.0],
        [2.0, 1.0, 4.0, 1.0, 5.0, 2.0],
        [5.0, 3.0, 6.0, 2.0, 6.0, 4.0],
        [8.0, 2.0, 8.0, 6.0, 9.0, 7.0],
    ];
    const FORMS: [Form; 3] = [Form::OneWay, Form::Agreement, Form::Consistency];

    fn ratings(offset: f64) -> Ratings {
        Ratings::new(&D6.map(|rater| rater.iter().map(|v| v + offset).collect())).expect("defined")
    }

    #[test]
    fn agrees_with_psych_and_irr() {
        let expected = [0.1657417684, 0.2897637795, 0.7148407148, 0.4427971337, 0.6200505476, 0.9093155424];
        for (at, expected) in expected.into_iter().enumerate() {
            for offset in [0.0, 1e9] {
                let found =
                    ratings(offset).icc(FORMS[at % 3], at > 2, 0.95, Convention::Psych).expect("defined");
                assert!((found.value - expected).abs() < 1e-6, "{} is not {expected}", found.value);
            }
        }
        let found = ratings(0.0).icc(Form::Agreement, false, 0.95, Convention::Psych).expect("defined");
        let (low, high) = found.interval.expect("given");
        assert!((low - 0.01878651).abs() < 1e-8 && (high - 0.76108437).abs() < 1e-8, "{low} {high}");
        let irr = ratings(0.0).icc(Form::Agreement, true, 0.95, Convention::Irr).expect("defined");
        assert!(
            (irr.df.1 - 4.189_092_917_592_714).abs() < 1e-9
                && (irr.p_value.expect("given") - 0.016_478_103_696_478_3).abs() < 1e-12
        );
        assert!((irr.interval.expect("given").0 - 0.039_440_179_921_391_1).abs() < 1e-9);
    }

    #[test]
    fn irr_has_one_k_too_many() {
        // McGraw and Wong (1996, table 7) for the mean of k raters: a = ρ/(n(1−ρ)), b = 1 + ρ(n−1)/(n(1−ρ)), ρ the coefficient of the mean.
        // Its lower limit is the one stepped up, .0711, not irr's .0394.
        let found = ratings(0.0);
        let psych = found.icc(Form::Agreement, true, 0.95, Convention::Psych).expect("defined");
        let (n, k) = (6.0, 4.0);
        let share = psych.value / (n * (1.0 - psych.value));
        let (a, c) = (share * found.raters, (1.0 + share * (n - 1.0)) * found.error);
        let df = (a + c) * (a + c) / (a * a / (k - 1.0) + c * c / ((n - 1.0) * (k - 1.0)));
        let upper = f_quantile(0.975, n - 1.0, df);
        let low = n * (found.between - upper * found.error)
            / (upper * (found.raters - found.error) + n * found.between);
        assert!(
            (psych.interval.expect("given").0 - low).abs() < 1e-12
                && (low - 0.071_136_815_302_5).abs() < 1e-9
        );
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(Ratings::new(&[]), Err(Reason::TooFew));
        assert_eq!(Ratings::new(&[vec![1.0], vec![2.0]]), Err(Reason::TooFew));
        assert_eq!(Ratings::new(&[vec![3.1; 5], vec![3.1; 5]]), Err(Reason::NoVariation));
        let agreed = Ratings::new(&[vec![1.1, 2.2, 3.3], vec![1.1, 2.2, 3.3]]).expect("defined");
        let found = agreed.icc(Form::Agreement, true, 0.95, Convention::Irr).expect("defined");
        assert!((found.value - 1.0).abs() < 1e-12 && found.interval == Err(Reason::NoVariation));
    }

    proptest! {
        #[test]
        fn order_scale_and_bounds(rows in prop::collection::vec(prop::array::uniform3(-9i32..9), 2..30), factor in 1i32..9) {
            let by = |rows: &[[i32; 3]], pick: [usize; 3], factor: i32| {
                Ratings::new(&pick.map(|k| rows.iter().map(|row| f64::from(row[k] * factor + 2)).collect()))
            };
            let turned: Vec<[i32; 3]> = rows.iter().rev().copied().collect();
            if let (Ok(a), Ok(b)) = (by(&rows, [0, 1, 2], 1), by(&turned, [2, 0, 1], factor)) {
                for form in FORMS {
                    for average in [false, true] {
                        let (a, b) = (a.icc(form, average, 0.9, Convention::Irr), b.icc(form, average, 0.9, Convention::Irr));
                        if let (Ok(a), Ok(b)) = (a, b) {
                            prop_assert!((a.value - b.value).abs() <= 1e-6 * a.value.abs().max(1.0));
                            if let Ok((low, high)) = a.interval {
                                prop_assert!(low <= a.value && a.value <= high);
                            }
                        }
                    }
                }
            }
        }
    }
}
