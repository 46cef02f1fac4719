//! Means of groups whose observations come in clusters (the answers of one server), and contrasts between two groups.
//!
//! In: integer sums per cluster and group, and those of observations that are clusters of their own. Out: means with cluster-robust errors.
//! Deliberately absent: who the clusters are.

use super::interval;
use super::moments::{Moments, nearest};
use super::{Estimate, Marks, Reason};

/// Clusters from which on a cluster-robust interval is known to hold its level well.
pub const CLUSTERS_TO_TRUST: u64 = 15;

/// Exact sums over the observations of one cluster in one group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// Number of observations.
    pub n: u64,
    /// Σw (n without weights).
    pub w: i128,
    /// Σwx, x an integer.
    pub wx: i128,
}

/// The observations of several groups; every slice has one place per group.
#[derive(Debug, Clone, Copy)]
pub struct Clusters<'a> {
    /// Clusters of several observations, each with one `Sums` per group.
    pub shared: &'a [Vec<Sums>],
    /// Sums over the observations of each group that are clusters of their own.
    pub singles: &'a [Moments],
    /// Variance of single observations in each group, in units of x²; it serves n_effective alone, since clusters keep no squares.
    pub variance: &'a [f64],
    /// Whole numbers x per unit of the result.
    pub scale: f64,
}

/// A mean or contrast with the number of clusters behind it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clustered {
    /// The figure.
    pub estimate: Estimate,
    /// Clusters with observations in it; below `CLUSTERS_TO_TRUST` the interval is likely too narrow.
    pub n_clusters: u64,
}

/// What a group has in all, its sums taken about an integer next to the mean.
struct Group {
    n: u64,
    centre: i128,
    /// mean − centre.
    delta: f64,
    w: f64,
    /// What its single observations add to the variance of its mean.
    singles: f64,
}

/// Returns the mean of x / `scale` in group `group`.
///
/// std_error² = G/(G−1) · Σ(Σw(x − mean) within the cluster / Σw)² over the G clusters in the group (linearisation); a single observation is a
/// cluster, so that theirs is Σw²(x − mean)² / (Σw)². Student's interval with G − 1 degrees of freedom, n_effective = s²/std_error² (n where
/// nothing varies). Undefined: too few below two clusters. Same standard error as R `survey::svymean` over the group's clusters.
pub fn clustered_mean(clusters: &Clusters<'_>, group: usize) -> Result<Clustered, Reason> {
    let total = total(clusters, group)?;
    let parts = clusters.shared.iter().filter(|sums| sums[group].w > 0);
    let squares: Vec<f64> = parts.map(|sums| influence(&sums[group], &total)).map(|z| z * z).collect();
    let n_clusters = squares.len() as u64 + clusters.singles[group].n;
    let spread = Spread { squares: squares.iter().sum::<f64>() + total.singles, n_clusters, n: total.n };
    let value = (total.centre as f64 + total.delta) / clusters.scale;
    spread.described(value, clusters.scale, clusters.variance[group])
}

/// Returns the contrast of means, group `first` minus group `second`, in units of x / `scale`.
///
/// A cluster in both groups counts with both: the covariance that shared clusters bring is part of the error, so that a contrast within
/// servers is as sharp as it is; single observations share nothing. G counts clusters in either group; n is the observations of both.
/// n_effective: observations, split evenly, that would be as precise if unclustered. Undefined: too few when either group has fewer than two
/// clusters.
pub fn clustered_contrast(clusters: &Clusters<'_>, first: usize, second: usize) -> Result<Clustered, Reason> {
    let (one, other) = (total(clusters, first)?, total(clusters, second)?);
    let parts = clusters.shared.iter().filter(|sums| sums[first].w > 0 || sums[second].w > 0);
    let difference = |sums: &Vec<Sums>| influence(&sums[first], &one) - influence(&sums[second], &other);
    let squares: Vec<f64> = parts.map(difference).map(|z| z * z).collect();
    let n_clusters = squares.len() as u64 + clusters.singles[first].n + clusters.singles[second].n;
    let squares = squares.iter().sum::<f64>() + (one.singles + other.singles);
    let value = ((one.centre - other.centre) as f64 + (one.delta - other.delta)) / clusters.scale;
    let variance = 2.0 * (clusters.variance[first] + clusters.variance[second]);
    Spread { squares, n_clusters, n: one.n + other.n }.described(value, clusters.scale, variance)
}

fn total(clusters: &Clusters<'_>, group: usize) -> Result<Group, Reason> {
    let singles = &clusters.singles[group];
    let mut sums = Sums { n: singles.n, w: singles.w, wx: singles.wx };
    let mut n_clusters = singles.n;
    for part in clusters.shared.iter().map(|sums| &sums[group]).filter(|part| part.w > 0) {
        sums.n += part.n;
        sums.w += part.w;
        sums.wx += part.wx;
        n_clusters += 1;
    }
    if n_clusters < 2 || sums.w <= 0 {
        return Err(Reason::TooFew);
    }
    let w = sums.w as f64;
    let centre = nearest(sums.wx, sums.w);
    let delta = (sums.wx - centre * sums.w) as f64 / w;
    let moved = singles.wwx - centre * singles.ww;
    let squares = (singles.wwxx - centre * singles.wwx) - centre * moved;
    let squares = squares as f64 - 2.0 * delta * moved as f64 + delta * delta * singles.ww as f64;
    Ok(Group { n: sums.n, centre, delta, w, singles: squares.max(0.0) / w / w })
}

/// Returns what the cluster adds to the group's mean, Σw(x − mean) / Σw; 0 for a cluster without observations in the group.
fn influence(sums: &Sums, group: &Group) -> f64 {
    ((sums.wx - group.centre * sums.w) as f64 - group.delta * sums.w as f64) / group.w
}

struct Spread {
    /// Σ of the squared influences of all clusters.
    squares: f64,
    n_clusters: u64,
    n: u64,
}

impl Spread {
    fn described(self, value: f64, scale: f64, variance_of_one: f64) -> Result<Clustered, Reason> {
        let size = self.n_clusters as f64;
        let variance = size / (size - 1.0) * self.squares;
        let std_error = variance.sqrt() / scale;
        let ends = interval::student(value, std_error, size - 1.0, interval::LEVEL).ok_or(Reason::TooFew)?;
        let estimate = Estimate {
            value,
            std_error: Some(std_error),
            lower: Some(ends.0),
            upper: Some(ends.1),
            n: self.n,
            n_effective: if variance > 0.0 { variance_of_one / variance } else { self.n as f64 },
            marks: Marks::default(),
        };
        Ok(Clustered { estimate, n_clusters: self.n_clusters })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    const ROWS: [(&[i64], &[i64]); 5] =
        [(&[7, 8, 9], &[5, 6]), (&[6, 6], &[4, 5, 5]), (&[9], &[]), (&[5, 7, 7, 8], &[6]), (&[], &[3, 7, 4])];

    fn sums(values: &[i64]) -> Sums {
        let sum = |power: u32| values.iter().map(|&x| i128::from(x).pow(power)).sum();
        Sums { n: values.len() as u64, w: sum(0), wx: sum(1) }
    }

    /// Clusters of two groups; those of `lone` are told observation by observation, as clusters of their own.
    struct Sample {
        shared: Vec<Vec<Sums>>,
        singles: [Moments; 2],
        variance: [f64; 2],
    }

    impl Sample {
        fn new(rows: &[(&[i64], &[i64])], lone: &[(i64, u64, usize)]) -> Self {
            let (mut all, mut singles) = ([Moments::default(); 2], [Moments::default(); 2]);
            for (a, b) in rows {
                a.iter().for_each(|&x| all[0].add(x, 1, 1));
                b.iter().for_each(|&x| all[1].add(x, 1, 1));
            }
            lone.iter().for_each(|&(x, w, group)| singles[group].add(x, w, 1));
            (0..2).for_each(|group| all[group].merge(&singles[group]));
            let variance = all.map(|all| all.std_dev(1.0).map_or(0.0, |sd| sd * sd));
            let shared = rows.iter().map(|(a, b)| vec![sums(a), sums(b)]).collect();
            Self { shared, singles, variance }
        }

        fn moved(offset: i64) -> Self {
            let moved = |x: &[i64]| -> Vec<i64> { x.iter().map(|x| x + offset).collect() };
            let rows: Vec<(Vec<i64>, Vec<i64>)> = ROWS.iter().map(|(a, b)| (moved(a), moved(b))).collect();
            Self::new(&rows.iter().map(|(a, b)| (a.as_slice(), b.as_slice())).collect::<Vec<_>>(), &[])
        }

        fn clusters(&self) -> Clusters<'_> {
            Clusters { shared: &self.shared, singles: &self.singles, variance: &self.variance, scale: 1.0 }
        }

        fn mean(&self) -> Result<Clustered, Reason> {
            clustered_mean(&self.clusters(), 0)
        }

        fn contrast(&self) -> Result<Clustered, Reason> {
            clustered_contrast(&self.clusters(), 0, 1)
        }
    }

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-12, "{value} is not {expected}");
    }

    #[test]
    fn agrees_with_statsmodels() {
        // statsmodels 0.15 OLS with cov_type="cluster", its small-sample factor G/(G−1)·(N−1)/(N−K) taken back to G/(G−1).
        let found = Sample::moved(0).mean().expect("defined");
        close(found.estimate.value, 7.2);
        close(found.estimate.std_error.expect("given"), 0.4898979485566355);
        close(found.estimate.upper.expect("given"), 8.759073916350133);
        close(found.estimate.n_effective, 7.222222222222226);
        assert_eq!((found.n_clusters, found.estimate.n), (4, 10));
        let found = Sample::moved(0).contrast().expect("defined");
        close(found.estimate.value, 2.1999999999999993);
        close(found.estimate.std_error.expect("given"), 0.45099341650227576);
        assert_eq!((found.n_clusters, found.estimate.n), (5, 19));
    }

    #[test]
    fn single_observations_are_clusters() {
        let (none, values): (&[i64], _) = (&[], [4i64, 5, 3, 5, 2]);
        let told: Vec<(i64, u64, usize)> = values.iter().map(|&x| (x, 1, 0)).collect();
        let rows: Vec<[i64; 1]> = values.iter().map(|&x| [x]).collect();
        let rows: Vec<(&[i64], &[i64])> = rows.iter().map(|row| (row.as_slice(), none)).collect();
        let plain = Sample::new(&[], &told).singles[0].mean(1.0).expect("defined");
        for sample in [Sample::new(&rows, &[]), Sample::new(&[], &told), Sample::new(&rows[..2], &told[2..])]
        {
            let found = sample.mean().expect("defined");
            close(found.estimate.value, plain.value);
            close(found.estimate.std_error.expect("given"), plain.std_error.expect("given"));
            close(found.estimate.n_effective, 5.0);
            assert_eq!((found.n_clusters, found.estimate.n), (5, 5));
        }
    }

    #[test]
    fn weighted_single_observations_agree_with_numpy() {
        // numpy: clusters of ROWS beside the single observations (8, w 2), (4, w 3) of group 0 and (9, w 1), (2, w 2) of group 1.
        let sample = Sample::new(&ROWS, &[(8, 2, 0), (4, 3, 0), (9, 1, 1), (2, 2, 1)]);
        let mean = sample.mean().expect("defined");
        close(mean.estimate.value, 6.666666666666667);
        close(mean.estimate.std_error.expect("given"), 0.7097208632298361);
        assert_eq!((mean.n_clusters, mean.estimate.n), (6, 12));
        let contrast = sample.contrast().expect("defined");
        close(contrast.estimate.value, 1.833333333333334);
        close(contrast.estimate.std_error.expect("given"), 0.898494110535326);
        assert_eq!((contrast.n_clusters, contrast.estimate.n), (9, 23));
    }

    #[test]
    fn a_huge_offset_changes_no_error() {
        let error = |offset| {
            let found = Sample::moved(offset).contrast().expect("defined");
            (found.estimate.value, found.estimate.std_error.expect("given"))
        };
        close(error(1_000_000_000_000_000).1, error(0).1);
        close(error(1_000_000_000_000_000).0, error(0).0);
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(Sample::new(&[], &[]).mean(), Err(Reason::TooFew));
        assert_eq!(Sample::new(&ROWS[..1], &[]).mean(), Err(Reason::TooFew));
        assert_eq!(Sample::new(&[], &[(4, 1, 0)]).mean(), Err(Reason::TooFew));
        assert_eq!(Sample::new(&ROWS[2..4], &[]).contrast(), Err(Reason::TooFew));
        let found = Sample::new(&[(&[4, 4], &[]), (&[4], &[])], &[]).mean().expect("defined");
        assert_eq!((found.estimate.std_error, found.n_clusters), (Some(0.0), 2));
        close(found.estimate.n_effective, 3.0);
    }

    #[test]
    fn intervals_hold_where_naive_ones_do_not() {
        // practice.md 19: the level varies over servers, not over answers. 60 servers in two groups, server SD 0.22 of an answer SD of 1.
        let random = &mut Random::new(&["coverage"]);
        let (mut clustered, mut naive, none) = (0, 0, [Moments::default(); 2]);
        for _ in 0..300 {
            let mut groups = [Moments::default(); 2];
            let mut all = vec![];
            for server in 0..60 {
                let level = 0.22 * random.normal();
                let answers: Vec<i64> =
                    (0..100).map(|_| (1000.0 * (level + random.normal())).round() as i64).collect();
                answers.iter().for_each(|&x| groups[server % 2].add(x, 1, 1));
                let mut row = vec![Sums::default(); 2];
                row[server % 2] = sums(&answers);
                all.push(row);
            }
            let clusters = Clusters { shared: &all, singles: &none, variance: &[1e6; 2], scale: 1000.0 };
            let found = clustered_contrast(&clusters, 0, 1).expect("defined").estimate;
            clustered += u32::from(found.lower.expect("given") <= 0.0 && found.upper.expect("given") >= 0.0);
            let means = groups.map(|group| group.mean(1000.0).expect("defined"));
            let error = means.map(|mean| mean.std_error.expect("given"));
            let half = 1.96 * (error[0] * error[0] + error[1] * error[1]).sqrt();
            naive += u32::from((means[0].value - means[1].value).abs() <= half);
        }
        assert!((276..=295).contains(&clustered) && naive < 220, "{clustered} {naive} of 300");
    }
}
