//! Intraclass correlations: the six forms of Shrout and Fleiss with F tests and intervals, ratings missing or not.
//!
//! In: ratings of subjects (rows) by raters (columns). Out: coefficients. Deliberately absent: several ratings of a subject by one rater.

use super::Reason;
use super::crossed::{Components, Crossed};
use super::rating_signal::{Judges, Signal, two_way, unequal};
use super::scale;
use super::tail::{f_quantile, f_upper};

/// Analysis of variance of ratings.
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
    /// Mean square of raters (beyond subjects where ratings are missing); undefined as `error`.
    pub raters: Result<f64, Reason>,
    /// Mean square of the residual; with ratings missing too few without a degree of freedom, collinear where sets of raters share no subject.
    pub error: Result<f64, Reason>,
    one_way: Signal,
    two_way: Result<(Signal, Judges), Reason>,
    /// What 1 stands for in `one_way` and `two_way`.
    unit: f64,
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
        let unit = scale::unit(raters.iter().flatten().copied());
        // About the first rating, so that a huge offset costs nothing and constant ratings are exactly constant.
        let first = raters[0][0] / unit;
        let moved: Vec<Vec<f64>> =
            raters.iter().map(|rater| rater.iter().map(|v| v / unit - first).collect()).collect();
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
        let (between, within) = (clean(between) / (nf - 1.0), clean(within) / (nf * (kf - 1.0)));
        let df = (nf - 1.0) * (kf - 1.0);
        let (judged, error) = (clean(judged) / (kf - 1.0), clean(error) / df);
        let judges = Judges { square: judged, size: nf };
        Ok(Self {
            n: n as u64,
            k: k as u64,
            between: between * unit * unit,
            within: within * unit * unit,
            raters: Ok(judged * unit * unit),
            error: Ok(error * unit * unit),
            unit,
            one_way: Signal::new((between, kf), (within, nf * (kf - 1.0))),
            two_way: Ok((Signal::new((between, kf), (error, df)), judges)),
        })
    }

    /// Analyses ratings some of which are missing; without a missing one the same as `new`.
    ///
    /// One-way forms: analysis of variance of unequal groups, k₀ = (N − Σkᵢ²/N)/(n−1) ratings a subject; the interval by Thomas and Hultquist
    /// (1978), from the unweighted means with the harmonic mean of the kᵢ. Two-way forms: variances of subjects, raters and error by REML,
    /// turned into the mean squares that they are expected to give; F from subjects beyond raters (Henderson's method III), so that the
    /// test is exact and need not be the ratio of those mean squares; limits as if these were from complete ratings of (N−k)/(n−1) raters and
    /// (N−n)/(k−1) subjects with N−n−k+1 degrees of freedom, which is approximate. Subjects without a rating are left out. Undefined as `new`.
    pub fn incomplete(raters: &[Vec<Option<f64>>]) -> Result<Self, Reason> {
        let complete = raters.iter().map(|rater| rater.iter().copied().collect::<Option<Vec<f64>>>());
        if let Some(complete) = complete.collect::<Option<Vec<Vec<f64>>>>() {
            return Self::new(&complete);
        }
        let unit = scale::unit(raters.iter().flatten().flatten().copied());
        let in_unit = |rater: &Vec<Option<f64>>| rater.iter().map(|v| v.map(|v| v / unit)).collect();
        let crossed = Crossed::new(&raters.iter().map(in_unit).collect::<Vec<_>>())?;
        let (adjusted, one_way) = (crossed.adjusted(), unequal(&crossed)?);
        let two_way = adjusted.and_then(|adjusted| two_way(&crossed, &adjusted));
        Ok(Self {
            n: crossed.subjects as u64,
            k: crossed.raters as u64,
            between: one_way.between.0 * unit * unit,
            within: one_way.error.0 * unit * unit,
            raters: adjusted.map(|adjusted| adjusted.raters / (crossed.raters - 1.0) * unit * unit),
            error: adjusted.map(|adjusted| adjusted.error / adjusted.df * unit * unit),
            unit,
            one_way,
            two_way,
        })
    }

    /// Returns one of the six coefficients; the single rating's, or with `average` that of the mean of all k.
    ///
    /// Shrout and Fleiss (1979), McGraw and Wong (1996). Undefined: no variation where numerator and denominator are 0. Same values as R
    /// `psych::ICC(lmer = FALSE)`, `irr::icc`.
    pub fn icc(&self, form: Form, average: bool, level: f64, convention: Convention) -> Result<Icc, Reason> {
        let signal = self.signal(form)?;
        let value = self.value(form, average)?;
        let irr = form == Form::Agreement && convention == Convention::Irr;
        let df2 = if irr && signal.f.is_ok() { self.satterthwaite(value)? } else { signal.error.1 };
        let df = (self.n as f64 - 1.0, df2);
        let p = 0.5 + 0.5 * level;
        let interval = signal.f.and_then(|_| match form {
            Form::Agreement => self.agreement_ends((average, irr), value, level),
            _ => Ok(self.ends(&signal, average, (f_quantile(p, df.0, df.1), f_quantile(p, df.1, df.0)))),
        });
        let ordered = interval.map(|(low, high)| (low.min(value), high.max(value)));
        Ok(Icc {
            value,
            f: signal.f,
            df,
            p_value: signal.f.map(|f| f_upper(f, df.0, df.1)),
            interval: ordered,
        })
    }

    /// Returns the variances of subjects, raters and what is left of a rating; undefined as `error`.
    ///
    /// Of complete ratings those of the analysis of variance, which may be below 0, else REML's.
    pub fn components(&self) -> Result<Components, Reason> {
        let (signal, judges) = self.two_way?;
        let error = signal.error.0;
        let told = |variance: f64| variance * self.unit * self.unit;
        Ok(Components {
            subjects: told(signal.variance()),
            raters: told(judges.variance(error)),
            error: told(error),
        })
    }

    fn signal(&self, form: Form) -> Result<Signal, Reason> {
        if form == Form::OneWay { Ok(self.one_way) } else { self.two_way.map(|(signal, _)| signal) }
    }

    fn value(&self, form: Form, average: bool) -> Result<f64, Reason> {
        let signal = self.signal(form)?;
        let (size, b, e) = (signal.between.1, signal.between.0, signal.error.0);
        let lean = match form {
            Form::Agreement => self.two_way.map_or(0.0, |(_, judges)| judges.variance(e)),
            _ => 0.0,
        };
        // The mean of k raters keeps 1/k of the noise; for complete ratings b − e + e = b.
        let share = if average { size / self.k as f64 } else { size };
        let denominator = b - e + share * (e + lean);
        if denominator.abs() <= f64::MIN_POSITIVE {
            Err(Reason::NoVariation)
        } else {
            Ok((b - e) / denominator)
        }
    }

    /// Degrees of freedom of raters and error together, weighed as they stand in a coefficient of this value.
    fn satterthwaite(&self, value: f64) -> Result<f64, Reason> {
        let (signal, judges) = self.two_way?;
        let share = signal.limits.1 * value / (judges.size * (1.0 - value));
        let (a, c) = (share * judges.square, (1.0 + share * (judges.size - 1.0)) * signal.error.0);
        Ok((a + c) * (a + c) / (a * a / (self.k as f64 - 1.0) + c * c / signal.error.1))
    }

    /// The interval of ICC2: F with degrees of freedom by Satterthwaite.
    fn agreement_ends(
        &self,
        (average, irr): (bool, bool),
        value: f64,
        level: f64,
    ) -> Result<(f64, f64), Reason> {
        let (signal, Judges { square: j, size: n }) = self.two_way?;
        let ((b, k), (e, _)) = (signal.limits, signal.error);
        let own = average && irr;
        let df = self.satterthwaite(if own { value } else { self.value(Form::Agreement, false)? })?;
        let (p, df1) = (0.5 + 0.5 * level, self.n as f64 - 1.0);
        let (upper, lower) = (f_quantile(p, df1, df), f_quantile(p, df, df1));
        let rest = if own { j - e } else { k * j + (k * n - k - n) * e };
        let low = n * (b - upper * e) / (upper * rest + n * b);
        let high = n * (lower * b - e) / (rest + n * lower * b);
        let raters = self.k as f64;
        let stepped = |r: f64| raters * r / (1.0 + (raters - 1.0) * r);
        let ends = if average && !own { (stepped(low), stepped(high)) } else { (low, high) };
        if ends.0.is_finite() && ends.1.is_finite() { Ok(ends) } else { Err(Reason::NoVariation) }
    }

    /// The interval of ICC1 and ICC3: F over and times its quantiles.
    fn ends(&self, signal: &Signal, average: bool, (upper, lower): (f64, f64)) -> (f64, f64) {
        let (f, size) = (signal.limits.0 / signal.error.0, signal.limits.1);
        let share = if average { size / self.k as f64 } else { size };
        let end = |f: f64| (f - 1.0) / (f - 1.0 + share);
        (end(f / upper), end(f * lower))
    }
}

#[cfg(test)]
mod tests {
    use super::super::crossed;
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
    fn size_does_not_matter() {
        let icc = |exponent: i32| {
            let far = D6.map(|rater| rater.iter().map(|v| libm::ldexp(*v, exponent)).collect());
            FORMS.map(|form| Ratings::new(&far)?.icc(form, true, 0.95, Convention::Psych))
        };
        for exponent in [-1000, 1000] {
            assert_eq!(icc(exponent), icc(0));
        }
    }

    #[test]
    fn irr_has_one_k_too_many() {
        // McGraw and Wong (1996, table 7) for the mean of k raters: a = ρ/(n(1−ρ)), b = 1 + ρ(n−1)/(n(1−ρ)); .0711, not irr's .0394.
        let found = ratings(0.0);
        let psych = found.icc(Form::Agreement, true, 0.95, Convention::Psych).expect("defined");
        let (n, k, judged, error) = (6.0, 4.0, found.raters.expect("given"), found.error.expect("given"));
        let share = psych.value / (n * (1.0 - psych.value));
        let (a, c) = (share * judged, (1.0 + share * (n - 1.0)) * error);
        let df = (a + c) * (a + c) / (a * a / (k - 1.0) + c * c / ((n - 1.0) * (k - 1.0)));
        let upper = f_quantile(0.975, n - 1.0, df);
        let low = n * (found.between - upper * error) / (upper * (judged - error) + n * found.between);
        let found = psych.interval.expect("given").0;
        assert!((found - low).abs() < 1e-12 && (low - 0.071_136_815_302_5).abs() < 1e-9);
    }

    #[test]
    fn ratings_may_be_missing() {
        // numpy and scipy: restricted likelihood with the full covariance matrix, least squares on dummies, unequal one-way analysis.
        let found = Ratings::incomplete(&crossed::tests::columns(0.0, 1.0)).expect("defined");
        let icc = |form, average| found.icc(form, average, 0.95, Convention::Psych).expect("defined");
        let near =
            |found: f64, expected: f64| assert!((found - expected).abs() < 1e-7, "{found} is not {expected}");
        near(icc(Form::Agreement, false).value, 0.3059052202484313);
        near(icc(Form::Agreement, true).value, 0.6380616824697473);
        near(icc(Form::Consistency, false).value, 0.7051687825431852);
        near(icc(Form::Consistency, true).value, 0.905366516848493);
        near(icc(Form::Consistency, false).f.expect("given"), 8.062215198846229);
        let one = icc(Form::OneWay, false);
        near(one.value, 0.1264765011471353);
        near(one.f.expect("given"), 1.4484318883678373);
        near(one.interval.expect("given").0, -0.25544881971912087);
        near(one.interval.expect("given").1, 0.6236838568305911);
        for form in FORMS {
            let (low, high) = icc(form, false).interval.expect("given");
            assert!(low < icc(form, false).value && icc(form, false).value < high && high < 1.0);
        }
    }

    #[test]
    fn sets_of_raters_without_a_common_subject_leave_the_one_way_forms() {
        let found = Ratings::incomplete(&crossed::tests::apart()).expect("defined");
        assert!(found.icc(Form::OneWay, true, 0.95, Convention::Psych).is_ok());
        let why = found.icc(Form::Agreement, false, 0.95, Convention::Psych).map(|icc| icc.value);
        assert_eq!((why, found.error), (Err(Reason::Collinear), Err(Reason::Collinear)));
        let agreed = [vec![Some(1.0), Some(2.0), Some(4.0)], vec![Some(1.0), None, Some(4.0)]];
        let found = Ratings::incomplete(&agreed).expect("defined");
        let icc = found.icc(Form::Consistency, false, 0.95, Convention::Psych).expect("defined");
        assert!((icc.value - 1.0).abs() < 1e-12 && icc.interval == Err(Reason::NoVariation));
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
        fn an_offset_changes_nothing_with_ratings_missing(rows in prop::collection::vec(prop::array::uniform3(prop::option::weighted(0.8, -9i32..9)), 2..25)) {
            let by = |shift: f64| {
                let column = |k: usize| rows.iter().map(|row| row[k].map(|v| shift + f64::from(v))).collect();
                Ratings::incomplete(&[0, 1, 2].map(column))
            };
            if let (Ok(near), Ok(far)) = (by(0.0), by(1e6)) {
                for form in FORMS {
                    let of = |ratings: &Ratings| ratings.icc(form, false, 0.9, Convention::Psych);
                    match (of(&near), of(&far)) {
                        (Ok(a), Ok(b)) => {
                            prop_assert!((a.value - b.value).abs() < 1e-4, "{} {}", a.value, b.value);
                            if let Ok((low, high)) = a.interval {
                                prop_assert!(low <= a.value && a.value <= high && !low.is_nan() && !high.is_nan());
                            }
                        }
                        (a, b) => prop_assert_eq!(a.map(|_| ()), b.map(|_| ())),
                    }
                }
            }
        }

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
