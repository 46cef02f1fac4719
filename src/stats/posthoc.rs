//! Every pair of several means, tested together by the studentized range: Tukey-Kramer, Games-Howell.
//!
//! In: the summaries of all groups. Out: one comparison a pair, whose family of intervals holds all differences with the level. Deliberately
//! absent: a control group, contrasts; p values of single tests adjusted over the pairs (`adjust`).

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::Reason;
use super::studentized_range::{studentized_range_quantile, studentized_range_upper};
use super::tally::Summary;
use super::two_means::welch_test;

/// A difference of two of several means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// Mean of the first group minus that of the second.
    pub difference: f64,
    /// Difference over its standard error.
    pub t: f64,
    /// Degrees of freedom of that error.
    pub df: f64,
    /// P(Q > |t|·√2) of the studentized range of as many means as there are groups.
    pub p_value: f64,
    /// Lower end of the simultaneous interval.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

impl Comparison {
    /// Returns the comparison of values that are so many times as large.
    pub fn times(self, unit: f64) -> Self {
        let (difference, lower, upper) = (self.difference * unit, self.lower * unit, self.upper * unit);
        Self { difference, lower, upper, ..self }
    }
}

/// How two means of a family are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PostHoc {
    /// Tukey (1949), Kramer (1956): the variance within all groups together; groups must spread alike.
    TukeyKramer,
    /// Games and Howell (1976): each pair's own variances and degrees of freedom, as Welch's test.
    GamesHowell,
}

impl PostHoc {
    /// Returns the comparison of every pair of groups, later minus earlier, in the order of (0, 1), (0, 2) … (1, 2) …
    ///
    /// Undefined: too few below two groups or without a degree of freedom (Games-Howell: below two observations in either group), no
    /// variation without a variance to divide by. Same values as R `TukeyHSD`, `pingouin.pairwise_gameshowell`.
    pub fn pairs(self, groups: &[Summary], level: f64) -> Vec<Result<Comparison, Reason>> {
        let k = groups.len() as f64;
        let n: f64 = groups.iter().map(|group| group.n).sum();
        let within = groups.iter().map(|group| group.squares).sum::<f64>() / (n - k);
        // The quantile of the pooled error serves all pairs.
        let quantile = if n > k { studentized_range_quantile(level, k, n - k) } else { f64::NAN };
        let pooled = |one: &Summary, other: &Summary| {
            if n <= k {
                return Err(Reason::TooFew);
            }
            let std_error = (within * (1.0 / one.n + 1.0 / other.n)).sqrt();
            compared(one.mean - other.mean, (std_error, n - k), k, quantile)
        };
        let own = |one: &Summary, other: &Summary| {
            let welch = welch_test(one, other, level)?;
            let (a, b) = (one.variance()? / one.n, other.variance()? / other.n);
            let quantile = studentized_range_quantile(level, k, welch.df);
            compared(welch.difference, ((a + b).sqrt(), welch.df), k, quantile)
        };
        let of_pair = |earlier: usize, later: usize| match self {
            Self::TukeyKramer => pooled(&groups[later], &groups[earlier]),
            Self::GamesHowell => own(&groups[later], &groups[earlier]),
        };
        let pairs = (0..groups.len()).flat_map(|i| (i + 1..groups.len()).map(move |j| (i, j)));
        let pairs: Vec<(usize, usize)> = pairs.collect();
        pairs.into_par_iter().map(|(i, j)| of_pair(i, j)).collect()
    }
}

fn compared(
    difference: f64,
    (std_error, df): (f64, f64),
    groups: f64,
    quantile: f64,
) -> Result<Comparison, Reason> {
    if std_error <= 0.0 {
        return Err(Reason::NoVariation);
    }
    let (t, root) = (difference / std_error, std::f64::consts::SQRT_2);
    let half = quantile / root * std_error;
    let p_value = studentized_range_upper(t.abs() * root, groups, df);
    Ok(Comparison { difference, t, df, p_value, lower: difference - half, upper: difference + half })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::tally::Tally;
    use crate::stats::two_means::student_test;

    fn summaries(groups: &[&[f64]]) -> Vec<Summary> {
        Tally::of(groups).summaries().into_iter().flatten().collect()
    }

    const A: [f64; 6] = [72.0, 65.0, 81.0, 70.0, 77.0, 69.0];
    const B: [f64; 5] = [61.0, 58.0, 66.0, 71.0, 60.0];
    const C: [f64; 7] = [80.0, 84.0, 79.0, 91.0, 66.0, 88.0, 79.0];

    #[test]
    fn agrees_with_scipy_and_pingouin() {
        // scipy.stats.tukey_hsd 1.17, plain and with equal_var=False.
        let groups = summaries(&[&A, &B, &C]);
        let expected = [
            (
                PostHoc::TukeyKramer,
                [0.09369724940314805, 0.08200243471343693, 0.0010540222792666532],
                (7.634185884541894, 27.9658141154581),
            ),
            (
                PostHoc::GamesHowell,
                [0.054779764043678014, 0.10825320834999208, 0.002517798723596254],
                (7.2224530169490055, 28.37754698305099),
            ),
        ];
        for (how, p_values, (low, high)) in expected {
            let found = how.pairs(&groups, 0.95);
            for (found, p) in found.iter().zip(p_values) {
                assert!((found.expect("defined").p_value - p).abs() < 1e-9);
            }
            let last = found[2].expect("defined");
            assert!((last.lower - low).abs() < 1e-6 && (last.upper - high).abs() < 1e-6, "{last:?}");
        }
    }

    #[test]
    fn two_groups_are_students_test() {
        let groups = summaries(&[&A, &B]);
        let found = PostHoc::TukeyKramer.pairs(&groups, 0.9)[0].expect("defined");
        let own = student_test(&groups[1], &groups[0], 0.9).expect("defined");
        for (found, own) in [(found.p_value, own.p_value), (found.lower, own.lower), (found.upper, own.upper)]
        {
            assert!((found - own).abs() < 1e-10, "{found} is not {own}");
        }
    }

    #[test]
    fn hard_cases_say_why() {
        let all = [PostHoc::TukeyKramer, PostHoc::GamesHowell];
        for how in all {
            assert_eq!(how.pairs(&[], 0.95), []);
            assert_eq!(how.pairs(&summaries(&[&[1.0], &[2.0]]), 0.95), [Err(Reason::TooFew)]);
            assert_eq!(how.pairs(&summaries(&[&[1.0; 3], &[2.0; 3]]), 0.95), [Err(Reason::NoVariation)]);
            let far: Vec<f64> = A.iter().map(|x| x + 1e9).collect();
            let same = how.pairs(&summaries(&[&far, &far]), 0.95)[0].expect("defined");
            assert!((same.p_value - 1.0).abs() < 1e-12 && same.lower < 0.0 && same.upper > 0.0);
        }
        let single = summaries(&[&A, &[3.0], &C]);
        assert!(PostHoc::TukeyKramer.pairs(&single, 0.95)[0].is_ok());
        assert_eq!(PostHoc::GamesHowell.pairs(&single, 0.95)[0], Err(Reason::TooFew));
        assert!(PostHoc::GamesHowell.pairs(&single, 0.95)[1].is_ok());
    }
}
