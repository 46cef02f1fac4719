//! The contrast of two groups compared stratum by stratum, where the observations come in clusters (the answers of one server).
//!
//! In: integer sums per cluster, stratum and group, and those of observations that are clusters of their own. Out: one difference with a
//! cluster-robust error. Deliberately absent: who the clusters are, what the strata mean; differences stratum by stratum.

use std::collections::BTreeMap;

use super::cluster::{Clustered, Sums};
use super::interval;
use super::moments::{Moments, nearest};
use super::{Estimate, Marks, Reason};

/// The observations of one cluster in one stratum and group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Number of the stratum.
    pub stratum: usize,
    /// Whether they are of the first group, which the second is taken from.
    pub first: bool,
    /// Their sums.
    pub sums: Sums,
}

/// Observations of two groups in strata.
#[derive(Debug, Clone, Copy)]
pub struct Stratified<'a> {
    /// The parts of each cluster of several observations.
    pub shared: &'a [Vec<Part>],
    /// Sums over the observations that are clusters of their own, by stratum and whether they are of the first group.
    pub singles: &'a BTreeMap<(usize, bool), Moments>,
    /// Variance of single observations, in units of x²; it serves n_effective alone, since clusters keep no squares.
    pub variance: f64,
    /// Whole numbers x per unit of the result.
    pub scale: f64,
}

/// A contrast within strata.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contrast {
    /// The difference, first group minus second, with the clusters behind it; its n are the observations that were compared.
    pub clustered: Clustered,
    /// Observations of the first group that were compared.
    pub n_first: u64,
    /// Strata with observations of both groups: the others cannot tell the groups apart.
    pub n_strata: u64,
}

/// Observations of one group in one stratum, about the common centre.
#[derive(Debug, Clone, Copy, Default)]
struct Side {
    n: u64,
    w: f64,
    wx: f64,
}

/// A stratum with both groups: the second and the first.
#[derive(Debug, Clone, Copy, Default)]
struct Stratum([Side; 2]);

impl Stratum {
    fn weight(&self) -> f64 {
        self.0[0].w + self.0[1].w
    }

    /// Returns w₁w₀/(w₁ + w₀), what the stratum counts for.
    fn information(&self) -> f64 {
        self.0[0].w * self.0[1].w / self.weight()
    }

    /// Returns what an observation of a group has of the predictor beside the stratum's mean.
    fn lever(&self, first: bool) -> f64 {
        if first { self.0[0].w / self.weight() } else { -self.0[1].w / self.weight() }
    }

    fn difference(&self) -> f64 {
        self.0[1].wx / self.0[1].w - self.0[0].wx / self.0[0].w
    }

    /// Returns the fitted value of a group when the groups differ by `difference` everywhere.
    fn fitted(&self, first: bool, difference: f64) -> f64 {
        (self.0[0].wx + self.0[1].wx) / self.weight() + difference * self.lever(first)
    }
}

/// Returns the difference of means of x / `scale`, first group minus second, among observations of the same stratum.
///
/// β = Σ h(x̄₁ − x̄₀) / Σ h with h = w₁w₀/(w₁ + w₀): least squares with a constant for each stratum. Strata without both groups tell nothing and
/// are left out. std_error² = G/(G−1) · (n−1)/(n−S−1) · Σ(Σ w·lever·residual within the cluster / Σ h)² over the G clusters and S strata
/// (Liang and Zeger 1986, the factor CR1 of Stata); a single observation is a cluster. Student's interval with G − 1 degrees of freedom.
/// n_effective: observations, split evenly, that would be as precise if unclustered. Undefined: too few below two clusters, without a stratum
/// of both groups, or where no more than one observation is left beyond the constants. Same values as statsmodels
/// `OLS.fit(cov_type="cluster")` with dummies for the strata.
pub fn stratified_contrast(rows: &Stratified<'_>) -> Result<Contrast, Reason> {
    let centre = centre(rows).ok_or(Reason::TooFew)?;
    let strata = strata(rows, centre);
    let information: f64 = strata.values().map(Stratum::information).sum();
    if information.is_nan() || information <= 0.0 {
        return Err(Reason::TooFew);
    }
    let sum: f64 = strata.values().map(|one| one.information() * one.difference()).sum();
    let difference = sum / information;
    let scores = scores(rows, centre, (&strata, difference));
    let n: u64 = strata.values().flat_map(|one| one.0).map(|side| side.n).sum();
    let (g, n_strata) = (scores.n_clusters as f64, strata.len() as u64);
    let left = n as f64 - n_strata as f64 - 1.0;
    if scores.n_clusters < 2 || left < 1.0 {
        return Err(Reason::TooFew);
    }
    let factor = g / (g - 1.0) * (n as f64 - 1.0) / left;
    let variance = factor * scores.squares / (information * information);
    let (value, std_error) = (difference / rows.scale, variance.sqrt() / rows.scale);
    let ends = interval::student(value, std_error, g - 1.0, interval::LEVEL).ok_or(Reason::TooFew)?;
    let estimate = Estimate {
        value,
        std_error: Some(std_error),
        lower: Some(ends.0),
        upper: Some(ends.1),
        n,
        n_effective: if variance > 0.0 { 4.0 * rows.variance / variance } else { n as f64 },
        marks: Marks::default(),
    };
    Ok(Contrast {
        clustered: Clustered { estimate, n_clusters: scores.n_clusters },
        n_first: strata.values().map(|one| one.0[1].n).sum(),
        n_strata,
    })
}

/// Returns the whole number next to the mean of all observations: sums about it do not cancel.
fn centre(rows: &Stratified<'_>) -> Option<i128> {
    let shared = rows.shared.iter().flatten().map(|part| (part.sums.w, part.sums.wx));
    let all = shared.chain(rows.singles.values().map(|single| (single.w, single.wx)));
    let (w, wx) = all.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    (w > 0).then(|| nearest(wx, w))
}

/// Returns the strata that have both groups.
fn strata(rows: &Stratified<'_>, centre: i128) -> BTreeMap<usize, Stratum> {
    let shared = rows.shared.iter().flatten().map(|part| (part.stratum, part.first, part.sums));
    let singles = rows
        .singles
        .iter()
        .map(|(&(stratum, first), one)| (stratum, first, Sums { n: one.n, w: one.w, wx: one.wx }));
    let mut exact: BTreeMap<usize, [Sums; 2]> = BTreeMap::new();
    for (stratum, first, sums) in shared.chain(singles) {
        let own = &mut exact.entry(stratum).or_default()[usize::from(first)];
        *own = Sums { n: own.n + sums.n, w: own.w + sums.w, wx: own.wx + sums.wx };
    }
    exact.retain(|_, sides| sides.iter().all(|side| side.w > 0));
    let side = |sums: Sums| Side { n: sums.n, w: sums.w as f64, wx: (sums.wx - centre * sums.w) as f64 };
    exact.into_iter().map(|(stratum, sides)| (stratum, Stratum(sides.map(side)))).collect()
}

struct Scores {
    /// Σ of the squared scores of all clusters.
    squares: f64,
    n_clusters: u64,
}

/// Sums up the squared scores Σ w·lever·residual of the clusters.
fn scores(
    rows: &Stratified<'_>,
    centre: i128,
    (strata, difference): (&BTreeMap<usize, Stratum>, f64),
) -> Scores {
    let (mut squares, mut n_clusters) = (0.0, 0);
    for cluster in rows.shared {
        let known = cluster.iter().filter_map(|part| Some((part, strata.get(&part.stratum)?)));
        let scores: Vec<f64> = known
            .filter(|(part, _)| part.sums.w > 0)
            .map(|(part, stratum)| {
                let wx = (part.sums.wx - centre * part.sums.w) as f64;
                let fitted = stratum.fitted(part.first, difference);
                stratum.lever(part.first) * (wx - fitted * part.sums.w as f64)
            })
            .collect();
        n_clusters += u64::from(!scores.is_empty());
        squares += scores.iter().sum::<f64>().powi(2);
    }
    for (&(stratum, first), one) in rows.singles {
        let Some(stratum) = strata.get(&stratum) else { continue };
        // Σw²(x − fitted)², moved to the centre in whole numbers.
        let moved = one.wwx - centre * one.ww;
        let about = (one.wwxx - centre * one.wwx) - centre * moved;
        let fitted = stratum.fitted(first, difference);
        let own = about as f64 - 2.0 * fitted * moved as f64 + fitted * fitted * one.ww as f64;
        squares += stratum.lever(first).powi(2) * own.max(0.0);
        n_clusters += one.n;
    }
    Scores { squares, n_clusters }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// (stratum, first, cluster or none, weight, x).
    const ROWS: [(usize, bool, Option<usize>, u64, i64); 22] = [
        (0, true, Some(0), 1, 7),
        (0, true, Some(0), 2, 9),
        (0, false, Some(0), 1, 5),
        (0, false, Some(1), 1, 4),
        (0, true, Some(1), 1, 6),
        (0, false, None, 2, 3),
        (0, true, None, 1, 8),
        (1, true, Some(1), 1, 4),
        (1, false, Some(1), 3, 2),
        (1, false, Some(2), 1, 3),
        (1, true, Some(2), 1, 2),
        (1, false, None, 1, 1),
        (1, false, None, 1, 4),
        (2, false, Some(2), 1, 9),
        (2, true, Some(3), 1, 9),
        (2, true, Some(3), 2, 10),
        (2, false, Some(3), 1, 6),
        (2, true, None, 3, 7),
        // Strata of one group alone.
        (3, true, Some(4), 1, 99),
        (3, true, None, 1, 98),
        (4, false, Some(0), 1, -50),
        (4, false, Some(5), 1, -40),
    ];

    struct Sample {
        shared: Vec<Vec<Part>>,
        singles: BTreeMap<(usize, bool), Moments>,
    }

    impl Sample {
        fn new(rows: &[(usize, bool, Option<usize>, u64, i64)]) -> Self {
            let (mut shared, mut singles) = (vec![vec![]; 6], BTreeMap::new());
            for &(stratum, first, cluster, w, x) in rows {
                let wide = i128::from(w);
                let sums = Sums { n: 1, w: wide, wx: wide * i128::from(x) };
                match cluster {
                    Some(cluster) => shared[cluster].push(Part { stratum, first, sums }),
                    None => singles.entry((stratum, first)).or_insert(Moments::default()).add(x, w, 1),
                }
            }
            Self { shared, singles }
        }

        fn contrast(&self) -> Result<Contrast, Reason> {
            stratified_contrast(&Stratified {
                shared: &self.shared,
                singles: &self.singles,
                variance: 4.0,
                scale: 1.0,
            })
        }
    }

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-10 * expected.abs(), "{value} is not {expected}");
    }

    #[test]
    fn agrees_with_statsmodels() {
        // statsmodels 0.15 WLS on the first group and three dummies, cov_type="cluster", use_t=True.
        let found = Sample::new(&ROWS).contrast().expect("defined");
        let Clustered { estimate, n_clusters } = found.clustered;
        close(estimate.value, 2.154255319148941);
        close(estimate.std_error.expect("given"), 1.100366913402477);
        assert!((estimate.lower.expect("given") + 0.38319533).abs() < 1e-8);
        assert_eq!((estimate.n, found.n_first, found.n_strata, n_clusters), (18, 9, 3, 9));
    }

    #[test]
    fn one_stratum_is_the_plain_difference() {
        let rows: Vec<_> = ROWS[..7].to_vec();
        let found = Sample::new(&rows).contrast().expect("defined");
        close(found.clustered.estimate.value, 39.0 / 5.0 - 15.0 / 4.0);
    }

    #[test]
    fn a_huge_offset_and_strata_of_one_group_change_nothing() {
        let moved: Vec<_> =
            ROWS[..18].iter().map(|&(s, f, c, w, x)| (s, f, c, w, x + 1_000_000_000_000)).collect();
        let (near, far) = (
            Sample::new(&ROWS).contrast().expect("defined"),
            Sample::new(&moved).contrast().expect("defined"),
        );
        close(far.clustered.estimate.value, near.clustered.estimate.value);
        close(
            far.clustered.estimate.std_error.expect("given"),
            near.clustered.estimate.std_error.expect("given"),
        );
        assert_eq!((far.n_first, far.n_strata), (near.n_first, near.n_strata));
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(Sample::new(&[]).contrast(), Err(Reason::TooFew));
        assert_eq!(Sample::new(&ROWS[18..]).contrast(), Err(Reason::TooFew));
        // Two observations, three constants.
        assert_eq!(Sample::new(&ROWS[1..3]).contrast(), Err(Reason::TooFew));
        // One cluster.
        let one = [
            (0, true, Some(0), 1, 3),
            (0, true, Some(0), 1, 4),
            (0, false, Some(0), 1, 1),
            (0, false, Some(0), 1, 2),
        ];
        assert_eq!(Sample::new(&one).contrast(), Err(Reason::TooFew));
        let constant = one.map(|(stratum, first, _, w, _)| (stratum, first, None, w, 5));
        let found = Sample::new(&constant).contrast().expect("defined").clustered.estimate;
        assert_eq!(
            (found.value.to_bits(), found.std_error, found.n_effective.to_bits()),
            (0, Some(0.0), 4.0_f64.to_bits())
        );
    }
}
