//! Subjects crossed with raters, ratings missing: sums of squares of either adjusted for the other, and variance components by REML.
//!
//! In: one column a rater. Out: sums, degrees of freedom, variances. Deliberately absent: covariates, interactions, several ratings a cell.

use std::collections::BTreeMap;

use super::Reason;
use super::linear::Cholesky;

/// A rater whose share of variation beyond subjects and the raters before is below this follows from them.
const DEPENDENT: f64 = 1e-10;
/// Steps of the golden section; each takes the interval to .618 of it.
const STEPS: usize = 44;

/// Subjects who were rated by the same raters.
struct Pattern {
    /// Their raters.
    raters: Vec<usize>,
    /// Number of these subjects.
    n: f64,
    /// Per rater the sum of the ratings.
    sums: Vec<f64>,
    /// Σ(sum of a subject)².
    square_sums: f64,
}

/// Ratings of subjects by raters.
pub struct Crossed {
    patterns: Vec<Pattern>,
    /// Number of ratings.
    pub ratings: f64,
    /// Number of subjects with a rating.
    pub subjects: f64,
    /// Number of raters with a rating.
    pub raters: f64,
    /// Number of ratings by each rater.
    per_rater: Vec<f64>,
    /// Σ(rating − mean)².
    total: f64,
    /// Σ(rating − mean of the subject)².
    pub within: f64,
}

/// Sums of squares of the additive model, each term beyond the other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Adjusted {
    /// Of subjects beyond raters.
    pub subjects: f64,
    /// Of raters beyond subjects.
    pub raters: f64,
    /// What is left.
    pub error: f64,
    /// Degrees of freedom that are left.
    pub df: f64,
}

/// Variances of subjects, raters and what is left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Components {
    /// Of subjects.
    pub subjects: f64,
    /// Of raters.
    pub raters: f64,
    /// Of what is left.
    pub error: f64,
}

impl Crossed {
    /// Takes ratings about their mean; undefined: too few below two subjects or raters, no variation when all ratings are the same.
    pub fn new(raters: &[Vec<Option<f64>>]) -> Result<Self, Reason> {
        let n = raters.iter().map(Vec::len).max().unwrap_or(0);
        let value = |rater: usize, row: usize| raters[rater].get(row).copied().flatten();
        let all: Vec<f64> = raters.iter().flatten().flatten().copied().collect();
        let first = all.first().copied().unwrap_or(0.0);
        let mean = all.iter().map(|value| value - first).sum::<f64>() / all.len() as f64;
        let mut patterns: BTreeMap<Vec<usize>, Pattern> = BTreeMap::new();
        let mut per_rater = vec![0.0; raters.len()];
        let (mut subjects, mut total, mut within) = (0.0, 0.0, 0.0);
        for row in 0..n {
            let own: Vec<usize> = (0..raters.len()).filter(|&rater| value(rater, row).is_some()).collect();
            let given: Vec<f64> =
                own.iter().filter_map(|&rater| Some((value(rater, row)? - first) - mean)).collect();
            if given.is_empty() {
                continue;
            }
            let sum: f64 = given.iter().sum();
            let middle = sum / given.len() as f64;
            subjects += 1.0;
            total += given.iter().map(|v| v * v).sum::<f64>();
            within += given.iter().map(|v| (v - middle) * (v - middle)).sum::<f64>();
            own.iter().for_each(|&rater| per_rater[rater] += 1.0);
            let empty =
                || Pattern { raters: own.clone(), n: 0.0, sums: vec![0.0; own.len()], square_sums: 0.0 };
            let pattern = patterns.entry(own.clone()).or_insert_with(empty);
            pattern.n += 1.0;
            pattern.sums.iter_mut().zip(&given).for_each(|(sum, v)| *sum += v);
            pattern.square_sums += sum * sum;
        }
        let present = per_rater.iter().filter(|n| **n > 0.0).count() as f64;
        if subjects < 2.0 || present < 2.0 {
            return Err(Reason::TooFew);
        }
        if total <= 0.0 || all.iter().all(|value| (value - first).abs() <= 0.0) {
            return Err(Reason::NoVariation);
        }
        let patterns = patterns.into_values().collect();
        Ok(Self { patterns, ratings: all.len() as f64, subjects, raters: present, per_rater, total, within })
    }

    /// Returns Σ(mean of the subject − mean)² over the ratings.
    pub fn between_subjects(&self) -> f64 {
        self.patterns.iter().map(|pattern| pattern.square_sums / pattern.raters.len() as f64).sum()
    }

    /// Returns numbers of ratings that subjects have, with the number of such subjects.
    pub fn sizes(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.patterns.iter().map(|pattern| (pattern.raters.len() as f64, pattern.n))
    }

    /// Returns the variance of the subjects' means, each counting once.
    pub fn variance_of_means(&self) -> f64 {
        let means = self.patterns.iter().map(|pattern| {
            let k = pattern.raters.len() as f64;
            (pattern.sums.iter().sum::<f64>() / k, pattern.square_sums / (k * k))
        });
        let (sum, squares) = means.fold((0.0, 0.0), |all, one| (all.0 + one.0, all.1 + one.1));
        ((squares - sum * sum / self.subjects) / (self.subjects - 1.0)).max(0.0)
    }

    /// Returns the sums of squares of subjects beyond raters and of raters beyond subjects (Henderson's method III).
    ///
    /// Undefined: too few without a degree of freedom left, collinear where the raters fall into sets that share no subject.
    pub fn adjusted(&self) -> Result<Adjusted, Reason> {
        let size = self.per_rater.len();
        let (mut matrix, mut right) = (vec![0.0; size * size], vec![0.0; size]);
        for pattern in &self.patterns {
            let k = pattern.raters.len() as f64;
            let mean = pattern.sums.iter().sum::<f64>() / k;
            for (&rater, sum) in pattern.raters.iter().zip(&pattern.sums) {
                right[rater] += sum - mean;
                matrix[rater * size + rater] += pattern.n;
                pattern.raters.iter().for_each(|&other| matrix[rater * size + other] -= pattern.n / k);
            }
        }
        let cholesky = Cholesky::new(&matrix, size, DEPENDENT);
        let absent = size as f64 - self.raters;
        let parts = cholesky.n_dependent as f64 - absent;
        let df = self.ratings - self.subjects - self.raters + parts;
        if df < 1.0 {
            return Err(Reason::TooFew);
        }
        if parts > 1.0 {
            return Err(Reason::Collinear);
        }
        let effects = cholesky.solve(&right);
        let raters: f64 = effects.iter().zip(&right).map(|(effect, right)| effect * right).sum();
        let error = clean(self.within - raters, self.total);
        let subjects = clean(self.total - self.between_raters() - error, self.total);
        Ok(Adjusted { subjects, raters: clean(raters, self.total), error, df })
    }

    /// Σ(mean of the rater − mean)² over the ratings.
    fn between_raters(&self) -> f64 {
        let mut sums = vec![0.0; self.per_rater.len()];
        for pattern in &self.patterns {
            pattern.raters.iter().zip(&pattern.sums).for_each(|(&rater, sum)| sums[rater] += sum);
        }
        let each = sums.iter().zip(&self.per_rater).filter(|(_, n)| **n > 0.0);
        each.map(|(sum, n)| sum * sum / n).sum()
    }

    /// Returns the variances that make the restricted likelihood largest, none below 0, normal effects of subjects and of raters.
    ///
    /// The likelihood is profiled over the residual variance and searched over the ratios of the other two to it, one within the other. Same
    /// values as R `lme4::lmer(y ~ 1 + (1 | subject) + (1 | rater))`. Where nothing is left for error, those that the sums of squares give.
    /// Undefined as `adjusted`.
    pub fn components(&self) -> Result<Components, Reason> {
        let adjusted = self.adjusted()?;
        if adjusted.error <= 0.0 {
            let subjects = adjusted.subjects / (self.ratings - self.raters);
            return Ok(Components {
                subjects,
                raters: adjusted.raters / (self.ratings - self.subjects),
                error: 0.0,
            });
        }
        let of_raters = |subjects: f64| lowest(|raters| self.deviance(subjects, raters).0);
        let (subjects, _) = lowest(|subjects| of_raters(subjects).1);
        let (raters, _) = of_raters(subjects);
        let error = self.deviance(subjects, raters).1 / (self.ratings - 1.0);
        Ok(Components { subjects: subjects * error, raters: raters * error, error })
    }

    /// Returns the restricted deviance, but for a constant, and the residual sum of squares at these ratios of variances to the residual one.
    ///
    /// Subjects are absorbed one by one (their ratings share the variance `subjects`), then the raters' system is solved.
    fn deviance(&self, subjects: f64, raters: f64) -> (f64, f64) {
        let size = self.per_rater.len();
        let mut matrix = vec![0.0; size * size];
        let (mut ones, mut sums) = (vec![0.0; size], vec![0.0; size]);
        let (mut log, mut weight, mut weighted, mut squares) = (0.0, 0.0, 0.0, self.total);
        for pattern in &self.patterns {
            let k = pattern.raters.len() as f64;
            let shrink = 1.0 / (1.0 + subjects * k);
            let sum: f64 = pattern.sums.iter().sum();
            log -= pattern.n * libm::log(shrink);
            weight += pattern.n * k * shrink;
            weighted += sum * shrink;
            squares -= subjects * shrink * pattern.square_sums;
            for (&rater, own) in pattern.raters.iter().zip(&pattern.sums) {
                ones[rater] += pattern.n * shrink;
                sums[rater] += own - subjects * shrink * sum;
                matrix[rater * size + rater] += raters * pattern.n;
                let shared = raters * subjects * shrink * pattern.n;
                pattern.raters.iter().for_each(|&other| matrix[rater * size + other] -= shared);
            }
        }
        (0..size).for_each(|rater| matrix[rater * size + rater] += 1.0);
        let cholesky = Cholesky::new(&matrix, size, 0.0);
        let beyond = |left: &[f64], right: &[f64]| -> f64 {
            raters * cholesky.solve(right).iter().zip(left).map(|(x, left)| x * left).sum::<f64>()
        };
        let (mean, product) = (weight - beyond(&ones, &ones), weighted - beyond(&ones, &sums));
        let rest = squares - beyond(&sums, &sums) - product * product / mean;
        let deviance = log + cholesky.log_determinant() + libm::log(mean);
        (deviance + (self.ratings - 1.0) * libm::log(rest.max(f64::MIN_POSITIVE)), rest)
    }
}

/// What rounding leaves is nothing.
fn clean(squares: f64, total: f64) -> f64 {
    if squares <= 1e-13 * total { 0.0 } else { squares }
}

/// Returns where a function of 0..∞ is lowest, and how low, by golden sections of x/(1+x).
fn lowest(function: impl Fn(f64) -> f64) -> (f64, f64) {
    let golden = 0.5 * (5f64.sqrt() - 1.0);
    let ratio = |t: f64| t / (1.0 - t);
    let (mut low, mut high) = (0.0, 1.0);
    let mut inner = [1.0 - golden, golden];
    let mut values = inner.map(|t| function(ratio(t)));
    for _ in 0..STEPS {
        if values[0] <= values[1] {
            high = inner[1];
            (inner[1], values[1]) = (inner[0], values[0]);
            inner[0] = high - golden * (high - low);
            values[0] = function(ratio(inner[0]));
        } else {
            low = inner[0];
            (inner[0], values[0]) = (inner[1], values[1]);
            inner[1] = low + golden * (high - low);
            values[1] = function(ratio(inner[1]));
        }
    }
    let at = ratio(0.5 * (low + high));
    let (found, none) = (function(at), function(0.0));
    if none <= found { (0.0, none) } else { (at, found) }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Four raters of eight subjects; −1 is missing.
    const RATINGS: [[i8; 8]; 4] = [
        [9, 6, 8, 7, 10, 6, 5, -1],
        [2, 1, -1, 1, 5, 2, -1, 4],
        [5, -1, 6, 2, 6, 4, -1, 7],
        [8, 2, 8, -1, 9, 7, 6, -1],
    ];

    pub fn columns(offset: f64, factor: f64) -> Vec<Vec<Option<f64>>> {
        let value = |v: &i8| (*v >= 0).then(|| offset + factor * f64::from(*v));
        RATINGS.iter().map(|rater| rater.iter().map(value).collect()).collect()
    }

    /// Two pairs of raters who share no subject.
    pub fn apart() -> [Vec<Option<f64>>; 4] {
        [
            vec![Some(1.0), Some(3.0), Some(2.0), None, None, None],
            vec![Some(2.0), Some(2.0), Some(5.0), None, None, None],
            vec![None, None, None, Some(4.0), Some(4.0), Some(1.0)],
            vec![None, None, None, Some(4.0), Some(7.0), Some(2.0)],
        ]
    }

    #[test]
    fn agrees_with_least_squares_and_dense_reml() {
        // numpy.linalg.lstsq on dummies; scipy.optimize over the restricted likelihood written with the full covariance matrix.
        for offset in [0.0, 1e6] {
            let crossed = Crossed::new(&columns(offset, 2.0)).expect("defined");
            let found = crossed.adjusted().expect("connected");
            let scale = 4.0;
            let near = |found: f64, expected: f64, tolerance: f64| {
                assert!((found / scale / expected - 1.0).abs() < tolerance, "{found} is not {expected}");
            };
            near(found.subjects, 64.30877651413923, 1e-8);
            near(found.raters, 88.13020508556778, 1e-8);
            near(found.error, 15.953128247765541, 1e-8);
            assert!((found.df - 14.0).abs() < 1e-12);
            let found = crossed.components().expect("defined");
            near(found.subjects, 2.76928941, 1e-6);
            near(found.raters, 5.12563949, 1e-6);
            near(found.error, 1.15784049, 1e-6);
        }
    }

    #[test]
    fn hard_cases_say_why() {
        let why = |raters: &[Vec<Option<f64>>]| Crossed::new(raters).err();
        assert_eq!(why(&[]), Some(Reason::TooFew));
        assert_eq!(why(&[vec![Some(1.0), None], vec![Some(2.0), None]]), Some(Reason::TooFew));
        assert_eq!(why(&[vec![Some(1.0), Some(2.0)], vec![None, None]]), Some(Reason::TooFew));
        assert_eq!(why(&[vec![Some(0.1); 3], vec![None, Some(0.1), Some(0.1)]]), Some(Reason::NoVariation));
        assert_eq!(Crossed::new(&apart()).expect("ratings").adjusted(), Err(Reason::Collinear));
        let thin = [vec![Some(1.0), Some(3.0)], vec![None, Some(2.0)]];
        assert_eq!(Crossed::new(&thin).expect("ratings").adjusted(), Err(Reason::TooFew));
    }
}
