//! How sure the importance of drivers is: intervals by resampling rows or clusters, and comparison with a random predictor.
//!
//! In: rows with weights, and the cluster of each. Out: intervals of parts, shares and ranks; p values. Deliberately absent: "the interval
//! leaves out 0" as a test, since most rules cannot give a part below 0 and every driver would pass.
//!
//! Each replicate has a random stream of its own, so that the result does not depend on the number of threads.

use rayon::prelude::*;

use super::Reason;
use super::crossproduct::CrossProducts;
use super::importance::Rule;
use super::sandwich::Rows;
use crate::random::Random;

/// What to resample.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'a> {
    /// The rule of sharing.
    pub rule: Rule,
    /// Number of replicates.
    pub replicates: usize,
    /// Probability with which intervals hold.
    pub level: f64,
    /// Words that name the random streams.
    pub seed: &'a str,
}

/// The interval of one quantity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ends {
    /// Lower end.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

/// What resampling says of one driver.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// Standard deviation of the part over the replicates.
    pub std_error: f64,
    /// Percentile interval of the part, in units of R².
    pub part: Ends,
    /// Percentile interval of the share of R².
    pub share: Ends,
    /// Percentile interval of the rank, 1 for the largest.
    pub rank: Ends,
    /// Percentile interval of the difference to each driver, this one minus the other.
    pub differences: Vec<Ends>,
}

/// Comparison of one driver with a predictor of random normal numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AboveRandom {
    /// Share of random predictors whose part, in the data as they are, is at least the driver's: a p value.
    pub p_value: f64,
    /// Percentile interval over resampled rows of the driver's part minus the random predictor's.
    pub difference: Ends,
}

/// Centred rows and what repeats in every replicate.
struct Sampler<'a> {
    rows: &'a Rows<'a>,
    clusters: &'a [usize],
    n_clusters: usize,
    /// Rows of centred values, the random predictor's place before the outcome's when there is one.
    centred: Vec<f64>,
    width: usize,
}

/// Returns intervals of the drivers' parts from resampled clusters; every row is its own cluster when `clusters` numbers them 0, 1, 2 …
///
/// Percentile intervals (type 7 quantiles); replicates in which a column is constant or collinear are left out. Undefined: as the rule is on
/// the whole sample, too few below two clusters, not converged when more than a tenth of the replicates are left out.
pub fn intervals(rows: &Rows<'_>, clusters: &[usize], plan: &Plan<'_>) -> Result<Vec<Spread>, Reason> {
    let sampler = Sampler::new(rows, clusters, false)?;
    plan.rule.parts(&rows.products()?.correlation()?, rows.columns.len())?;
    let replicate = |index: usize| {
        let mut random = stream(plan, "importance", index);
        sampler.parts(&sampler.draw(&mut random), plan.rule, &mut random)
    };
    let drawn = collect(plan.replicates, replicate)?;
    let p = rows.columns.len() - 1;
    Ok((0..p).map(|k| spread(&drawn, k, plan.level)).collect())
}

/// Returns how each driver compares with a random normal predictor put beside the drivers.
///
/// A part cannot be below 0, so 0 is no yardstick; noise is: Tonidandel, LeBreton and Johnson (2009), whose test asks whether the interval of
/// the difference, over resampled rows with new noise in each, lies above 0. That interval is wide (it holds two sources of noise), so the
/// p value is told beside it, whose level is exact for a driver that is noise itself. Undefined: as `intervals`.
pub fn above_random(
    rows: &Rows<'_>,
    clusters: &[usize],
    plan: &Plan<'_>,
) -> Result<Vec<AboveRandom>, Reason> {
    let sampler = Sampler::new(rows, clusters, true)?;
    plan.rule.parts(&rows.products()?.correlation()?, rows.columns.len())?;
    let whole = vec![1u32; rows.weights.len()];
    let observed = |index: usize| sampler.parts(&whole, plan.rule, &mut stream(plan, "noise", index));
    let resampled = |index: usize| {
        let mut random = stream(plan, "noise in replicates", index);
        sampler.parts(&sampler.draw(&mut random), plan.rule, &mut random)
    };
    let (observed, resampled) = (collect(plan.replicates, observed)?, collect(plan.replicates, resampled)?);
    let p = rows.columns.len() - 1;
    let compared = |k: usize| {
        let beyond = observed.iter().filter(|parts| parts[p] >= parts[k]).count();
        let difference = ends(resampled.iter().map(|parts| parts[k] - parts[p]).collect(), plan.level);
        AboveRandom { p_value: (1 + beyond) as f64 / (1 + observed.len()) as f64, difference }
    };
    Ok((0..p).map(compared).collect())
}

fn stream(plan: &Plan<'_>, what: &str, index: usize) -> Random {
    Random::new(&[plan.seed, what, plan.rule.name(), &index.to_string()])
}

/// Runs the replicates on all threads and keeps those that are defined, in their order.
fn collect(
    replicates: usize,
    replicate: impl Fn(usize) -> Option<Vec<f64>> + Sync + Send,
) -> Result<Vec<Vec<f64>>, Reason> {
    let drawn: Vec<Option<Vec<f64>>> = (0..replicates).into_par_iter().map(replicate).collect();
    let drawn: Vec<Vec<f64>> = drawn.into_iter().flatten().collect();
    if drawn.is_empty() || drawn.len() * 10 < replicates * 9 {
        return Err(Reason::NotConverged);
    }
    Ok(drawn)
}

impl<'a> Sampler<'a> {
    fn new(rows: &'a Rows<'a>, clusters: &'a [usize], with_noise: bool) -> Result<Self, Reason> {
        let products = rows.products()?;
        let n_clusters = clusters.iter().max().map_or(0, |last| last + 1);
        if n_clusters < 2 {
            return Err(Reason::TooFew);
        }
        let means = products.means.ok_or(Reason::NotApplicable)?;
        let width = rows.columns.len() + usize::from(with_noise);
        let mut centred = vec![0.0; width * rows.weights.len()];
        for (k, (column, mean)) in rows.columns.iter().zip(&means).enumerate() {
            let place = if k + 1 == rows.columns.len() { width - 1 } else { k };
            column.iter().enumerate().for_each(|(row, x)| centred[row * width + place] = x - mean);
        }
        Ok(Self { rows, clusters, n_clusters, centred, width })
    }

    /// Draws as many clusters as there are and returns how often each row comes.
    fn draw(&self, random: &mut Random) -> Vec<u32> {
        let mut drawn = vec![0u32; self.n_clusters];
        (0..self.n_clusters).for_each(|_| drawn[random.below(self.n_clusters as u64) as usize] += 1);
        self.clusters.iter().map(|&cluster| drawn[cluster]).collect()
    }

    /// Returns the parts of drivers (and noise) when row i comes `counts[i]` times, each time with noise of its own.
    fn parts(&self, counts: &[u32], rule: Rule, random: &mut Random) -> Option<Vec<f64>> {
        let width = self.width;
        let noise = (width > self.rows.columns.len()).then(|| width - 2);
        let (mut sums, mut products, mut total) = (vec![0.0; width], vec![0.0; width * width], 0.0);
        let mut values = vec![0.0; width];
        for (row, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let weight = self.rows.weights[row];
            let mut repeat = |times: f64, random: &mut Random| {
                values.copy_from_slice(&self.centred[row * width..(row + 1) * width]);
                if let Some(place) = noise {
                    values[place] = random.normal();
                }
                total += weight * times;
                add(&values, weight * times, &mut sums, &mut products);
            };
            match noise {
                Some(_) => (0..count).for_each(|_| repeat(1.0, random)),
                None => repeat(f64::from(count), random),
            }
        }
        for i in 0..width {
            for j in 0..=i {
                let centred = products[i * width + j] - sums[i] * sums[j] / total;
                products[i * width + j] = centred;
                products[j * width + i] = centred;
            }
        }
        let found = CrossProducts { size: width, n: total, weight: total, means: None, products };
        rule.parts(&found.correlation().ok()?, width).ok()
    }
}

/// Adds one row to the sums and to the lower triangle of the products.
fn add(values: &[f64], weight: f64, sums: &mut [f64], products: &mut [f64]) {
    for (i, &x) in values.iter().enumerate() {
        let scaled = weight * x;
        sums[i] += scaled;
        let row = &mut products[i * values.len()..i * values.len() + i + 1];
        row.iter_mut().zip(values).for_each(|(sum, y)| *sum += scaled * y);
    }
}

fn spread(drawn: &[Vec<f64>], k: usize, level: f64) -> Spread {
    let n = drawn.len() as f64;
    let mean = drawn.iter().map(|parts| parts[k]).sum::<f64>() / n;
    let squares: f64 = drawn.iter().map(|parts| (parts[k] - mean) * (parts[k] - mean)).sum();
    let share = |parts: &Vec<f64>| {
        let whole: f64 = parts.iter().sum();
        if whole > 0.0 { parts[k] / whole } else { 0.0 }
    };
    let rank = |parts: &Vec<f64>| 1.0 + parts.iter().filter(|part| **part > parts[k]).count() as f64;
    let all = |value: &dyn Fn(&Vec<f64>) -> f64| ends(drawn.iter().map(value).collect(), level);
    Spread {
        std_error: (squares / (n - 1.0).max(1.0)).sqrt(),
        part: all(&|parts| parts[k]),
        share: all(&share),
        rank: all(&rank),
        differences: (0..drawn[0].len()).map(|j| all(&|parts| parts[k] - parts[j])).collect(),
    }
}

/// Returns the type 7 quantiles that leave (1 − `level`)/2 on either side.
pub fn ends(mut values: Vec<f64>, level: f64) -> Ends {
    values.sort_by(f64::total_cmp);
    let at = |p: f64| {
        let position = p * (values.len() - 1) as f64;
        let floor = libm::floor(position) as usize;
        let next = (floor + 1).min(values.len() - 1);
        values[floor] + (position - floor as f64) * (values[next] - values[floor])
    };
    let tail = 0.5 - 0.5 * level;
    Ends { lower: at(tail), upper: at(1.0 - tail) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::attitude;

    fn plan(rule: Rule, replicates: usize) -> Plan<'static> {
        Plan { rule, replicates, level: 0.95, seed: "test" }
    }

    #[test]
    fn the_interval_is_about_that_of_relaimpo() {
        // numpy, 8000 resamples of the rows: LMG of complaints .216 to .477, upper end of critical .141.
        let columns = attitude::columns();
        let rows = Rows { columns: &columns, weights: &[1.0; 30], n: 30.0 };
        let clusters: Vec<usize> = (0..30).collect();
        let found = intervals(&rows, &clusters, &plan(Rule::Lmg, 4000)).expect("defined");
        let is_near =
            |value: f64, expected: f64| assert!((value - expected).abs() < 0.02, "{value} {expected}");
        is_near(found[0].part.lower, 0.216);
        is_near(found[0].part.upper, 0.477);
        is_near(found[4].part.upper, 0.141);
        assert!(found[0].rank.lower < 1.5 && found[0].differences[1].lower > 0.0);
    }

    #[test]
    fn a_weak_driver_is_not_above_noise_though_its_interval_is_above_0() {
        // V9: by rwa 0.1.2 all six drivers are significant, critical (weight .008) among them.
        let columns = attitude::columns();
        let rows = Rows { columns: &columns, weights: &[1.0; 30], n: 30.0 };
        let clusters: Vec<usize> = (0..30).collect();
        let parts = intervals(&rows, &clusters, &plan(Rule::Genizi, 500)).expect("defined");
        let found = above_random(&rows, &clusters, &plan(Rule::Genizi, 500)).expect("defined");
        assert!(parts.iter().all(|spread| spread.part.lower > 0.0));
        assert!(found[0].p_value < 0.01 && found[0].difference.lower > 0.0);
        assert!(found[4].p_value > 0.3 && found[4].difference.lower < 0.0);
    }

    #[test]
    fn the_same_bytes_on_any_number_of_threads() {
        let columns = attitude::columns();
        let rows = Rows { columns: &columns, weights: &[1.0; 30], n: 30.0 };
        let clusters: Vec<usize> = (0..30).map(|row| row / 2).collect();
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            pool.install(|| intervals(&rows, &clusters, &plan(Rule::Lmg, 200)).expect("defined"))
        };
        assert_eq!(run(1), run(3));
    }

    #[test]
    fn hard_cases_say_why() {
        let columns = [vec![1.0, 2.0, 3.0], vec![1.0, 2.5, 2.0]];
        let rows = Rows { columns: &columns, weights: &[1.0; 3], n: 3.0 };
        assert_eq!(intervals(&rows, &[0, 0, 0], &plan(Rule::Lmg, 20)), Err(Reason::TooFew));
        assert_eq!(intervals(&rows, &[0, 1, 2], &plan(Rule::Lmg, 0)), Err(Reason::NotConverged));
        let constant = [vec![1.0; 3], vec![1.0, 2.5, 2.0]];
        let rows = Rows { columns: &constant, weights: &[1.0; 3], n: 3.0 };
        assert_eq!(intervals(&rows, &[0, 1, 2], &plan(Rule::Lmg, 20)), Err(Reason::NoVariation));
    }
}
