//! Resampling of any statistic: bootstrap of observations or whole clusters with four intervals, and the jackknife by observation or group.
//!
//! In: blocks of rows (one row each, or a cluster's) and a statistic of drawn rows. Out: standard errors, bias, intervals. Deliberately
//! absent: which rows belong together, and tests (`permutation`). Every replicate has a random stream of its own, so the result does not
//! depend on the number of threads.

use super::Reason;
use super::distribution::{normal_cdf, normal_quantile};
use super::left_out::without_each;
use super::statistic::Statistic;
use crate::random::Random;
use rayon::prelude::*;

/// A statistic of drawn rows.
pub type OfRows<'a> = dyn Fn(&[usize]) -> Result<f64, Reason> + Sync + 'a;

/// What leaving out one block at a time says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Jackknife {
    /// Number of blocks.
    pub blocks: usize,
    /// √((G−1)/G · Σ(θ₋g − θ̄)²).
    pub std_error: f64,
    /// (G−1)·(θ̄ − θ̂).
    pub bias: f64,
    /// Σd³ / (6(Σd²)^1.5), d = θ̄ − θ₋g: the acceleration of BCa.
    pub acceleration: f64,
}

/// Replicates of a statistic, ascending.
#[derive(Debug, Clone, PartialEq)]
pub struct Replicates {
    /// The statistic of all rows.
    pub estimate: f64,
    /// Its replicates, ascending, those undefined left out.
    pub values: Vec<f64>,
}

/// How many replicates lie below the estimate, for the bias correction of BCa.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Below {
    /// Those equal to it count one half (Efron and Tibshirani 1993; SciPy).
    HalfOfTies,
    /// Those equal to it do not count, as in R `boot`, which shifts the interval of a coarse statistic.
    Strictly,
}

/// Returns what leaving out each block of rows in turn does to the statistic of all rows of all blocks.
///
/// Blocks of single rows: the delete-one jackknife. Undefined: too few below two blocks, no variation when leaving out changes nothing, and as
/// the statistic is without one of the blocks. Quenouille (1956), Tukey (1958). Work: `left_out`.
pub fn jackknife(
    blocks: &[Vec<usize>],
    statistic: Statistic,
    columns: &[Vec<f64>],
) -> Result<Jackknife, Reason> {
    let size = blocks.len() as f64;
    if blocks.len() < 2 {
        return Err(Reason::TooFew);
    }
    let estimate = statistic.of(columns, &blocks.concat())?;
    let values = without_each(statistic, columns, blocks)?;
    let first = values[0];
    let mean = first + values.iter().map(|value| value - first).sum::<f64>() / size;
    let gaps: Vec<f64> = values.iter().map(|value| mean - value).collect();
    let squares: f64 = gaps.iter().map(|gap| gap * gap).sum();
    if squares <= 0.0 {
        return Err(Reason::NoVariation);
    }
    let cubes: f64 = gaps.iter().map(|gap| gap * gap * gap).sum();
    Ok(Jackknife {
        blocks: blocks.len(),
        std_error: ((size - 1.0) / size * squares).sqrt(),
        bias: (size - 1.0) * (mean - estimate),
        acceleration: cubes / (6.0 * squares * squares.sqrt()),
    })
}

/// Returns the blocks joined at random into `groups` groups of nearly equal size, for the delete-a-group jackknife.
pub fn random_groups(blocks: &[Vec<usize>], groups: usize, random: &mut Random) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..blocks.len()).collect();
    random.shuffle(&mut order);
    let groups = groups.clamp(1, blocks.len().max(1));
    (0..groups)
        .map(|group| {
            order
                .iter()
                .skip(group)
                .step_by(groups)
                .flat_map(|&place| blocks[place].iter().copied())
                .collect()
        })
        .collect()
}

/// Returns the statistic of `draws` samples of as many blocks as there are, drawn with replacement from the stream that `words` name.
///
/// Undefined: too few below two blocks or without draws, as the statistic of all rows is, and not converged when more than a tenth of the samples
/// have no statistic.
pub fn bootstrap(
    blocks: &[Vec<usize>],
    statistic: &OfRows,
    draws: usize,
    words: &[&str],
) -> Result<Replicates, Reason> {
    let estimate = statistic(&blocks.concat())?;
    if blocks.len() < 2 || draws == 0 {
        return Err(Reason::TooFew);
    }
    let replicate = |draw: usize| {
        let draw = draw.to_string();
        let mut random = Random::new(&[words, &[&draw]].concat());
        let mut rows = Vec::with_capacity(blocks.len());
        (0..blocks.len()).for_each(|_| rows.extend(&blocks[random.below(blocks.len() as u64) as usize]));
        statistic(&rows).ok().filter(|value| value.is_finite())
    };
    let drawn: Vec<Option<f64>> = (0..draws).into_par_iter().map(replicate).collect();
    let mut values: Vec<f64> = drawn.into_iter().flatten().collect();
    if values.len() * 10 < draws * 9 {
        return Err(Reason::NotConverged);
    }
    values.sort_by(f64::total_cmp);
    Ok(Replicates { estimate, values })
}

impl Replicates {
    /// Returns the standard deviation of the replicates.
    pub fn std_error(&self) -> Result<f64, Reason> {
        let (n, mean) = (self.values.len() as f64, self.mean());
        let squares: f64 = self.values.iter().map(|value| (value - mean) * (value - mean)).sum();
        if n < 2.0 { Err(Reason::TooFew) } else { Ok((squares / (n - 1.0)).sqrt()) }
    }

    /// Returns the mean of the replicates minus the estimate.
    pub fn bias(&self) -> f64 {
        self.mean() - self.estimate
    }

    fn mean(&self) -> f64 {
        let sum: f64 = self.values.iter().map(|value| value - self.estimate).sum();
        self.estimate + sum / self.values.len() as f64
    }

    /// Returns the replicate of rank p·(R + 1), between two of them linearly.
    fn quantile(&self, p: f64) -> f64 {
        let rank = p * (self.values.len() as f64 + 1.0);
        let low = (libm::floor(rank) as usize).clamp(1, self.values.len());
        let high = (low + 1).min(self.values.len());
        let part = (rank - low as f64).clamp(0.0, 1.0);
        self.values[low - 1] + part * (self.values[high - 1] - self.values[low - 1])
    }

    /// Returns estimate − bias ± z · standard error.
    pub fn normal(&self, level: f64) -> Result<(f64, f64), Reason> {
        let half = normal_quantile(0.5 + 0.5 * level) * self.spread()?;
        let centre = self.estimate - self.bias();
        Ok((centre - half, centre + half))
    }

    /// Returns the quantiles of the replicates mirrored at the estimate.
    pub fn basic(&self, level: f64) -> Result<(f64, f64), Reason> {
        let (low, high) = self.percentile(level)?;
        Ok((2.0 * self.estimate - high, 2.0 * self.estimate - low))
    }

    /// Returns the quantiles of the replicates.
    pub fn percentile(&self, level: f64) -> Result<(f64, f64), Reason> {
        self.spread()?;
        Ok((self.quantile(0.5 - 0.5 * level), self.quantile(0.5 + 0.5 * level)))
    }

    /// Returns the bias-corrected and accelerated interval (Efron 1987).
    ///
    /// z₀ is the normal quantile of the share of replicates below the estimate. Undefined: no variation when all replicates are the same (where
    /// SciPy gives NaN), not converged when all lie on one side of the estimate.
    pub fn bca(&self, acceleration: f64, level: f64, below: Below) -> Result<(f64, f64), Reason> {
        self.spread()?;
        let strictly = self.values.partition_point(|value| *value < self.estimate);
        let equal = self.values.partition_point(|value| *value <= self.estimate) - strictly;
        let counted = match below {
            Below::HalfOfTies => strictly as f64 + 0.5 * equal as f64,
            Below::Strictly => strictly as f64,
        };
        let z0 = normal_quantile(counted / self.values.len() as f64);
        if !z0.is_finite() {
            return Err(Reason::NotConverged);
        }
        let end = |p: f64| {
            let z = z0 + normal_quantile(p);
            self.quantile(normal_cdf(z0 + z / (1.0 - acceleration * z)))
        };
        Ok((end(0.5 - 0.5 * level), end(0.5 + 0.5 * level)))
    }

    fn spread(&self) -> Result<f64, Reason> {
        let std_error = self.std_error()?;
        if self.values[0] < self.values[self.values.len() - 1] {
            Ok(std_error)
        } else {
            Err(Reason::NoVariation)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn singles(n: usize) -> Vec<Vec<usize>> {
        (0..n).map(|row| vec![row]).collect()
    }

    // R datasets::attitude, rating and complaints.
    const D1: [[f64; 30]; 2] = [
        [
            43.0, 63.0, 71.0, 61.0, 81.0, 43.0, 58.0, 71.0, 72.0, 67.0, 64.0, 67.0, 69.0, 68.0, 77.0, 81.0,
            74.0, 65.0, 65.0, 50.0, 50.0, 64.0, 53.0, 40.0, 63.0, 66.0, 78.0, 48.0, 85.0, 82.0,
        ],
        [
            51.0, 64.0, 70.0, 63.0, 78.0, 55.0, 67.0, 75.0, 82.0, 61.0, 53.0, 60.0, 62.0, 83.0, 77.0, 90.0,
            85.0, 60.0, 70.0, 58.0, 40.0, 61.0, 66.0, 37.0, 54.0, 77.0, 75.0, 57.0, 85.0, 82.0,
        ],
    ];

    #[test]
    fn jackknife_and_bootstrap_agree_with_r_boot() {
        // statistics.md 4.3 (D1, Pearson), golden/bootstrap.csv attitude_spearman.
        let columns: Vec<Vec<f64>> = D1.iter().map(|column| column.to_vec()).collect();
        let found = jackknife(&singles(30), Statistic::Pearson, &columns).expect("defined");
        assert!((found.acceleration - 0.0427519392830).abs() < 1e-12);
        assert!((found.std_error - 0.0489903365997).abs() < 1e-12);
        let spearman = |rows: &[usize]| Statistic::Spearman.of(&columns, rows);
        let found = jackknife(&singles(30), Statistic::Spearman, &columns).expect("defined");
        assert!((found.acceleration - -0.005_222_610_016_244_816).abs() < 1e-12);
        let drawn = bootstrap(&singles(30), &spearman, 3999, &["test"]).expect("defined");
        let (low, high) = drawn.bca(found.acceleration, 0.95, Below::HalfOfTies).expect("defined");
        assert!((low - 0.679).abs() < 0.02 && (high - 0.919).abs() < 0.01, "{low} {high}");
    }

    #[test]
    fn the_same_words_give_the_same_replicates() {
        let columns = vec![(0..40).map(|x| f64::from(x * x % 17)).collect::<Vec<f64>>()];
        let mean = |rows: &[usize]| Statistic::Mean.of(&columns, rows);
        let one = bootstrap(&singles(40), &mean, 200, &["a"]);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool");
        assert_eq!(one, pool.install(|| bootstrap(&singles(40), &mean, 200, &["a"])));
        assert_ne!(one, bootstrap(&singles(40), &mean, 200, &["b"]));
    }

    #[test]
    fn clusters_stay_together() {
        // Two clusters of equal values: every replicate is one of three means.
        let columns = vec![vec![0.0, 0.0, 0.0, 1.0, 1.0, 1.0]];
        let mean = |rows: &[usize]| Statistic::Mean.of(&columns, rows);
        let found = bootstrap(&[vec![0, 1, 2], vec![3, 4, 5]], &mean, 300, &["c"]).expect("defined");
        assert!(found.values.iter().all(|value| [0.0, 0.5, 1.0].contains(value)));
    }

    #[test]
    fn degenerate_data_has_a_reason_where_scipy_has_nan() {
        let columns = vec![vec![5.0; 9]];
        let mean = |rows: &[usize]| Statistic::Mean.of(&columns, rows);
        let found = bootstrap(&singles(9), &mean, 99, &["d"]).expect("defined");
        assert_eq!(found.bca(0.0, 0.95, Below::HalfOfTies), Err(Reason::NoVariation));
        assert_eq!(found.percentile(0.95), Err(Reason::NoVariation));
        assert_eq!(jackknife(&singles(9), Statistic::Mean, &columns), Err(Reason::NoVariation));
        assert_eq!(jackknife(&singles(1), Statistic::Mean, &columns), Err(Reason::TooFew));
        assert_eq!(bootstrap(&singles(1), &mean, 99, &["d"]), Err(Reason::TooFew));
        assert_eq!(bootstrap(&[], &mean, 99, &["d"]), Err(Reason::TooFew));
    }

    proptest! {
        #[test]
        fn the_jackknife_error_of_a_mean_is_the_textbook_one(values in prop::collection::vec(-9i8..9, 2..30)) {
            let columns = vec![values.iter().map(|&x| 1e6 + f64::from(x)).collect::<Vec<f64>>()];
            let rows: Vec<usize> = (0..values.len()).collect();
            if let Ok(found) = jackknife(&singles(values.len()), Statistic::Mean, &columns) {
                let sd = Statistic::StandardDeviation.of(&columns, &rows).expect("defined");
                prop_assert!((found.std_error - sd / (values.len() as f64).sqrt()).abs() < 1e-7);
                prop_assert!(found.bias.abs() < 1e-6);
            }
        }

        #[test]
        fn groups_split_all_rows(n in 1usize..40, groups in 1usize..12) {
            let found = random_groups(&singles(n), groups, &mut Random::new(&["g"]));
            let mut rows = found.concat();
            rows.sort_unstable();
            prop_assert_eq!(rows, (0..n).collect::<Vec<usize>>());
            let sizes: Vec<usize> = found.iter().map(Vec::len).collect();
            prop_assert!(sizes.iter().max().expect("some") - sizes.iter().min().expect("some") <= 1);
        }
    }
}
