//! Cohen's kappa, plain and weighted, of two raters on declared levels.
//!
//! In: counts of pairs of ratings. Out: kappa with its variance and interval. Deliberately absent: more raters (`agreement`, `krippendorff`).

use super::Reason;
use super::distribution::{normal_quantile, student_two_sided};

/// How near misses count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weights {
    /// Only equal levels agree.
    Unweighted,
    /// 1 − |i − j|/(k − 1).
    Linear,
    /// 1 − ((i − j)/(k − 1))².
    Quadratic,
}

impl Weights {
    /// Returns how much levels `i` and `j` of `size` agree, 0..=1.
    pub fn at(self, i: usize, j: usize, size: usize) -> f64 {
        let apart = i.abs_diff(j) as f64 / (size as f64 - 1.0);
        match self {
            Self::Unweighted => f64::from(u8::from(i == j)),
            Self::Linear => 1.0 - apart,
            Self::Quadratic => 1.0 - apart * apart,
        }
    }
}

/// Agreement of two raters beyond chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kappa {
    /// (pₒ − pₑ) / (1 − pₑ).
    pub value: f64,
    /// Its variance (Fleiss, Cohen and Everitt 1969).
    pub variance: f64,
    /// Kappa over its standard error without agreement beyond chance; no variation where that error is 0.
    pub z: Result<f64, Reason>,
    /// Two-sided p of z.
    pub p_value: Result<f64, Reason>,
    /// Pairs of ratings.
    pub n: u64,
}

impl Kappa {
    /// Returns kappa ± z·√variance at `level`, at most 1 and at least −1.
    pub fn interval(&self, level: f64) -> (f64, f64) {
        let half = normal_quantile(0.5 + 0.5 * level) * self.variance.sqrt();
        ((self.value - half).max(-1.0), (self.value + half).min(1.0))
    }
}

/// Returns kappa of a square table of counts (row by row: first rater's level, second rater's level) of `size` declared levels.
///
/// Levels must be those that could be given, not those that were: with weights, an unused level changes the distances (irr's `kappa2` drops it).
/// Undefined: too few without a pair or below two levels, no variation when chance agreement is complete.
pub fn kappa(counts: &[u64], size: usize, weights: Weights) -> Result<Kappa, Reason> {
    let n: u64 = counts.iter().sum();
    if n == 0 || size < 2 || counts.len() != size * size {
        return Err(Reason::TooFew);
    }
    let share = |count: u64| count as f64 / n as f64;
    let rows: Vec<f64> = (0..size).map(|i| share(counts[i * size..][..size].iter().sum())).collect();
    let columns: Vec<f64> = (0..size).map(|j| share((0..size).map(|i| counts[i * size + j]).sum())).collect();
    let w = |i: usize, j: usize| weights.at(i, j, size);
    let cells = || (0..size * size).map(|at| (at / size, at % size));
    let observed: f64 = cells().map(|(i, j)| w(i, j) * share(counts[i * size + j])).sum();
    let chance: f64 = cells().map(|(i, j)| w(i, j) * rows[i] * columns[j]).sum();
    if 1.0 - chance <= 1e-15 {
        return Err(Reason::NoVariation);
    }
    let value = (observed - chance) / (1.0 - chance);
    let of_row: Vec<f64> = (0..size).map(|i| (0..size).map(|j| w(i, j) * columns[j]).sum()).collect();
    let of_column: Vec<f64> = (0..size).map(|j| (0..size).map(|i| w(i, j) * rows[i]).sum()).collect();
    let scale = n as f64 * (1.0 - chance) * (1.0 - chance);
    let spread = |shrink: f64, p: &dyn Fn(usize, usize) -> f64| -> f64 {
        let deviation = |i: usize, j: usize| w(i, j) - (of_row[i] + of_column[j]) * shrink;
        cells().map(|(i, j)| p(i, j) * deviation(i, j) * deviation(i, j)).sum()
    };
    let centre = value - chance * (1.0 - value);
    let found = |i: usize, j: usize| share(counts[i * size + j]);
    let variance = ((spread(1.0 - value, &found) - centre * centre) / scale).max(0.0);
    let null = (spread(1.0, &|i, j| rows[i] * columns[j]) - chance * chance) / scale;
    let z = if null > 1e-18 { Ok(value / null.sqrt()) } else { Err(Reason::NoVariation) };
    Ok(Kappa { value, variance, z, p_value: z.map(|z| student_two_sided(z, f64::INFINITY)), n })
}

/// Returns the counts of pairs of ratings on `levels`; a pair with a rating that is none of them is left out.
pub fn pair_counts(first: &[f64], second: &[f64], levels: &[f64]) -> Vec<u64> {
    let place =
        |value: f64| levels.iter().position(|level| (level - value).abs() <= 1e-9 * level.abs().max(1.0));
    let mut counts = vec![0; levels.len() * levels.len()];
    for (&a, &b) in first.iter().zip(second) {
        if let (Some(a), Some(b)) = (place(a), place(b)) {
            counts[a * levels.len() + b] += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    // D5 of statistics.md.
    const R1: [f64; 12] = [0.0, 1.0, 1.0, 2.0, 3.0, 2.0, 1.0, 0.0, 3.0, 2.0, 2.0, 1.0];
    const R2: [f64; 12] = [0.0, 1.0, 2.0, 2.0, 3.0, 1.0, 1.0, 1.0, 3.0, 2.0, 3.0, 1.0];

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
    }

    #[test]
    fn agrees_with_psych() {
        let counts = pair_counts(&R1, &R2, &[0.0, 1.0, 2.0, 3.0]);
        close(kappa(&counts, 4, Weights::Unweighted).expect("defined").value, 0.538461538462);
        close(kappa(&counts, 4, Weights::Linear).expect("defined").value, 0.684210526316);
        let found = kappa(&counts, 4, Weights::Quadratic).expect("defined");
        close(found.value, 0.818181818182);
        close(found.variance.sqrt(), 0.0923584276267);
        close(found.interval(0.95).0, 0.637162626);
        close(found.interval(0.95).1, 0.999201010);
    }

    #[test]
    fn declared_levels_count_though_none_used_them() {
        // V7: irr kappa2 drops the unused level 2 and says 0.857 where the declared levels 0..3 give 0.750.
        let (first, second) = ([0.0, 0.0, 1.0, 1.0, 3.0, 3.0], [0.0, 1.0, 1.0, 1.0, 3.0, 1.0]);
        let of = |levels: &[f64]| {
            kappa(&pair_counts(&first, &second, levels), levels.len(), Weights::Quadratic).expect("defined")
        };
        let (declared, seen) = (of(&[0.0, 1.0, 2.0, 3.0]), of(&[0.0, 1.0, 3.0]));
        assert!((declared.value - seen.value).abs() > 0.01);
        // By hand: 1 − Σ(i−j)² / Σ of all pairs of rows and columns, on 0, 1, 3.
        let apart = |a: &[f64], b: &[f64]| {
            a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>() / a.len() as f64
        };
        let chance: f64 =
            first.iter().map(|a| second.iter().map(|b| (a - b) * (a - b)).sum::<f64>()).sum::<f64>() / 36.0;
        close(declared.value, 1.0 - apart(&first, &second) / chance);
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(kappa(&[], 0, Weights::Linear), Err(Reason::TooFew));
        assert_eq!(kappa(&[0; 4], 2, Weights::Linear), Err(Reason::TooFew));
        assert_eq!(kappa(&[5, 0, 0, 0], 2, Weights::Linear), Err(Reason::NoVariation));
        let perfect = kappa(&[5, 0, 0, 5], 2, Weights::Unweighted).expect("defined");
        close(perfect.value, 1.0);
        close(perfect.interval(0.95).0, 1.0);
    }

    proptest! {
        #[test]
        fn bounds_and_raters_change_places(counts in prop::collection::vec(0u64..20, 9)) {
            let turned: Vec<u64> = (0..9).map(|at| counts[at % 3 * 3 + at / 3]).collect();
            for weights in [Weights::Unweighted, Weights::Linear, Weights::Quadratic] {
                if let Ok(found) = kappa(&counts, 3, weights) {
                    let (low, high) = found.interval(0.95);
                    prop_assert!(low <= found.value && found.value <= high && found.value <= 1.0 + 1e-12);
                    let other = kappa(&turned, 3, weights).unwrap();
                    prop_assert!((other.value - found.value).abs() < 1e-12 && (other.variance - found.variance).abs() < 1e-12);
                }
            }
        }
    }
}
