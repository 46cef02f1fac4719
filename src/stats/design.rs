//! Shares and means of weighted or clustered samples, by linearisation over clusters, with any level.
//!
//! In: totals per cluster (an observation may be its own), as raw rows or counted cases give them alike. Out: a mean with standard error,
//! degrees of freedom, effective number of observations. Deliberately absent: strata, finite populations, raking.

use super::Reason;
use super::distribution::student_quantile;
use super::share::{ShareInterval, share_interval};

/// Weighted totals of one cluster.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Totals {
    /// Number of observations.
    pub n: f64,
    /// Σw.
    pub w: f64,
    /// Σw².
    pub ww: f64,
    /// Σwx.
    pub wx: f64,
    /// Σwx².
    pub wxx: f64,
}

impl Totals {
    /// Adds `count` observations of value `x` and weight `w`.
    pub fn add(&mut self, x: f64, w: f64, count: f64) {
        self.n += count;
        self.w += count * w;
        self.ww += count * w * w;
        self.wx += count * w * x;
        self.wxx += count * w * x * x;
    }
}

/// Clusters with the same totals: their totals and their number, above 1 where counted cases are clusters of their own.
pub type Alike = (Totals, f64);

/// A weighted mean with its linearised error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DesignMean {
    /// Number of observations.
    pub n: f64,
    /// Clusters with weight.
    pub n_clusters: f64,
    /// Σwx / Σw.
    pub mean: f64,
    /// √(n/(n−1) · Σw(x − mean)²/Σw).
    pub std_dev: f64,
    /// √(G/(G−1) · Σ(Σw(x − mean) within the cluster / Σw)²) over the G clusters.
    pub std_error: f64,
    /// G − 1.
    pub df: f64,
    /// Kish's (Σw)²/Σw².
    pub n_kish: f64,
}

/// Returns the weighted mean of clusters, values best taken from an origin near them.
///
/// Undefined: too few without two clusters of positive weight, not converged where squares are too large or too small for a number. Same values as R `survey::svymean`; without weights and clusters of one
/// observation each, the plain mean with s/√n.
pub fn design_mean(clusters: &[Alike]) -> Result<DesignMean, Reason> {
    let parts: Vec<&Alike> = clusters.iter().filter(|(part, times)| part.w > 0.0 && *times > 0.0).collect();
    let sum =
        |pick: &dyn Fn(&Totals) -> f64| parts.iter().map(|(part, times)| times * pick(part)).sum::<f64>();
    let (n, w, ww) = (sum(&|part| part.n), sum(&|part| part.w), sum(&|part| part.ww));
    let size = sum(&|_| 1.0);
    if size < 2.0 || w <= 0.0 {
        return Err(Reason::TooFew);
    }
    let mean = sum(&|part| part.wx) / w;
    let squares = sum(&|part| {
        let influence = (part.wx - mean * part.w) / w;
        influence * influence
    });
    let moves = |part: &Totals| (part.wx - mean * part.w).abs() > 0.0;
    let vanished = squares <= 0.0 && parts.iter().any(|(part, _)| moves(part));
    if !squares.is_finite() || !sum(&|part| part.wxx).is_finite() || vanished {
        return Err(Reason::NotConverged);
    }
    let within = (sum(&|part| part.wxx) - mean * mean * w).max(0.0);
    Ok(DesignMean {
        n,
        n_clusters: size,
        mean,
        std_dev: (n / (n - 1.0) * within / w).sqrt(),
        std_error: (size / (size - 1.0) * squares).sqrt(),
        df: size - 1.0,
        n_kish: w * w / ww,
    })
}

impl DesignMean {
    /// Returns mean ± t(df) · standard error at `level`.
    pub fn interval(&self, level: f64) -> (f64, f64) {
        let half = student_quantile(0.5 + 0.5 * level, self.df) * self.std_error;
        (self.mean - half, self.mean + half)
    }

    /// Returns the effective number of trials of a share: p(1−p)/se² · (t of n−1 / t of the design)².
    ///
    /// At a share of 0 or 1, and where all clusters have the same share, the error says nothing: then Kish's n, and with clusters of several
    /// observations no more than their number. With `cut` it never passes the number of observations (as the US National Center for Health
    /// Statistics asks; R `svyciprop` does not). Korn and Graubard (1998).
    pub fn effective_trials(&self, level: f64, cut: bool) -> f64 {
        let variance = self.std_error * self.std_error;
        let spread = self.mean * (1.0 - self.mean);
        if spread <= 1e-15 || variance <= 1e-15 * spread / self.n {
            return self.n_kish.min(self.n_clusters);
        }
        let tail = 0.5 + 0.5 * level;
        let ratio = student_quantile(tail, self.n - 1.0) / student_quantile(tail, self.df);
        let trials = spread / variance * ratio * ratio;
        if cut { trials.min(self.n) } else { trials }
    }

    /// Returns the interval of a share with `trials` effective trials: Korn and Graubard's for `ShareInterval::Exact`.
    pub fn share_interval(
        &self,
        trials: f64,
        method: ShareInterval,
        level: f64,
    ) -> Result<(f64, f64), Reason> {
        let share = self.mean.clamp(0.0, 1.0);
        share_interval((share * trials, trials), method, level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-11 * expected.abs().max(1e-3), "{value} is not {expected}");
    }

    fn singles(rows: &[(f64, f64)]) -> Vec<Alike> {
        let one = |&(x, w): &(f64, f64)| {
            let mut totals = Totals::default();
            totals.add(x, w, 1.0);
            (totals, 1.0)
        };
        rows.iter().map(one).collect()
    }

    #[test]
    fn weighted_mean_agrees_with_survey() {
        // statistics.md 4.5, R survey.
        let x = [4.0, 5.0, 3.0, 5.0, 2.0, 4.0, 4.0, 5.0, 1.0, 3.0];
        let w = [1.0, 1.2, 0.8, 1.0, 1.5, 0.7, 1.0, 1.1, 0.9, 0.8];
        let rows: Vec<(f64, f64)> = x.into_iter().zip(w).collect();
        let found = design_mean(&singles(&rows)).expect("defined");
        close(found.mean, 3.6);
        close(found.std_error, 0.462466815626);
        close(found.n_kish, 9.541984732824);
    }

    #[test]
    fn weighted_clusters_agree_with_statsmodels_and_svy() {
        // Cluster by cluster (weight, hit). statsmodels 0.15 WLS with cov_type="cluster"; svy 0.35 prop, ci_method "korn-graubard" and "beta".
        let clusters: [&[(f64, f64)]; 6] = [
            &[(1.0, 1.0), (1.5, 1.0), (1.0, 0.0)],
            &[(2.0, 1.0), (1.0, 1.0), (1.0, 1.0), (0.5, 1.0)],
            &[(1.0, 0.0), (2.0, 1.0), (1.0, 1.0)],
            &[(1.0, 1.0), (1.0, 1.0), (1.5, 0.0)],
            &[(1.0, 1.0), (2.0, 1.0), (1.0, 1.0)],
            &[(1.0, 0.0), (1.0, 1.0), (0.5, 1.0), (1.0, 1.0)],
        ];
        let totals = clusters.map(|rows| {
            let mut totals = Totals::default();
            rows.iter().for_each(|&(w, x)| totals.add(x, w, 1.0));
            (totals, 1.0)
        });
        let found = design_mean(&totals).expect("defined");
        close(found.mean, 0.8043478260869564);
        close(found.std_error, 0.07220330714359956);
        let (low, high) = found.interval(0.95);
        assert!((low - 0.61874332).abs() < 5e-9 && (high - 0.98995234).abs() < 5e-9);
        for (cut, expected) in [
            (true, (0.568262539622539, 0.9450366119630094)),
            (false, (0.5683506668183824, 0.9450066901549016)),
        ] {
            let trials = found.effective_trials(0.95, cut);
            let (low, high) = found.share_interval(trials, ShareInterval::Exact, 0.95).expect("defined");
            close(low, expected.0);
            close(high, expected.1);
        }
    }

    #[test]
    fn unweighted_shares_have_as_many_trials_as_cases_but_for_one_degree_of_freedom() {
        let rows: Vec<(f64, f64)> = (0..50).map(|i| (f64::from(u8::from(i < 45)), 1.0)).collect();
        let found = design_mean(&singles(&rows)).expect("defined");
        close(found.effective_trials(0.95, true), 49.0);
    }

    #[test]
    fn a_share_of_1_keeps_a_width() {
        let rows = vec![(1.0, 1.0); 20];
        let found = design_mean(&singles(&rows)).expect("defined");
        let trials = found.effective_trials(0.95, true);
        close(trials, 20.0);
        let (low, high) = found.share_interval(trials, ShareInterval::Exact, 0.95).expect("defined");
        assert!(low < 0.84 && high >= 1.0);
        // Four clusters of five cases each: all alike, they say no more than four cases.
        let clusters = [(Totals { n: 5.0, w: 5.0, ww: 5.0, wx: 5.0, wxx: 5.0 }, 4.0)];
        close(design_mean(&clusters).expect("defined").effective_trials(0.95, true), 4.0);
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(design_mean(&[]), Err(Reason::TooFew));
        assert_eq!(design_mean(&singles(&[(1.0, 1.0)])), Err(Reason::TooFew));
        assert_eq!(design_mean(&singles(&[(1.0, 0.0), (2.0, 0.0)])), Err(Reason::TooFew));
        let constant = design_mean(&singles(&[(3.0, 1.0), (3.0, 2.0)])).expect("defined");
        assert_eq!(constant.interval(0.95), (3.0, 3.0));
    }

    proptest! {
        #[test]
        fn any_split_of_a_cluster_gives_the_whole(rows in prop::collection::vec((0u8..5, 0i8..9, 1u8..4), 4..40)) {
            let mut whole = vec![Totals::default(); 5];
            let mut parts = vec![Totals::default(); 10];
            for (i, &(cluster, x, count)) in rows.iter().enumerate() {
                whole[usize::from(cluster)].add(f64::from(x), 1.0, f64::from(count));
                parts[usize::from(cluster) * 2 + i % 2].add(f64::from(x), 1.0, f64::from(count));
            }
            let merged: Vec<Totals> = parts.chunks(2).map(|pair| Totals {
                n: pair[0].n + pair[1].n,
                w: pair[0].w + pair[1].w,
                ww: pair[0].ww + pair[1].ww,
                wx: pair[0].wx + pair[1].wx,
                wxx: pair[0].wxx + pair[1].wxx,
            }).collect();
            let own = |totals: Vec<Totals>| totals.into_iter().map(|totals| (totals, 1.0)).collect::<Vec<Alike>>();
            let whole = own(whole);
            prop_assert_eq!(design_mean(&whole), design_mean(&own(merged)));
            if let Ok(found) = design_mean(&whole) {
                let (low, high) = found.interval(0.9);
                prop_assert!(low <= found.mean && found.mean <= high && found.std_error.is_finite());
            }
        }
    }
}
