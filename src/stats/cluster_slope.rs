//! Slope of a value over levels where observations come in clusters (the answers of one server).
//!
//! In: integer sums per cluster and level. Out: the least-squares slope with its cluster-robust error. Deliberately absent: observations that
//! are clusters of their own; other regressors.

use super::cluster::{Clustered, Sums};
use super::interval;
use super::{Estimate, Marks, Reason};

/// Returns the least-squares slope of x / `scale` on `levels`, one level a group; every cluster has one `Sums` per level.
///
/// b = Σw(l − l̄)x / Σw(l − l̄)², std_error² = G/(G−1) · Σ(Σw(l − l̄)(x − fitted) within the cluster)² / (Σw(l − l̄)²)² over the G
/// clusters. Student's interval with G − 1 degrees of freedom; n_effective is the number of clusters, since a cluster's level hardly
/// varies. Undefined: too few below two clusters, no variation with a single level. Same values as Python
/// `statsmodels.OLS(cov_type="cluster")` once its factor (N−1)/(N−2) is taken out.
pub fn clustered_slope(clusters: &[Vec<Sums>], levels: &[f64], scale: f64) -> Result<Clustered, Reason> {
    let clusters: Vec<&Vec<Sums>> = clusters.iter().filter(|one| one.iter().any(|sums| sums.w > 0)).collect();
    let size = clusters.len() as f64;
    if clusters.len() < 2 {
        return Err(Reason::TooFew);
    }
    let sum = |group: usize| {
        let all = clusters.iter().map(|one| &one[group]);
        all.fold((0u64, 0i128, 0i128), |sum, own| (sum.0 + own.n, sum.1 + own.w, sum.2 + own.wx))
    };
    let sums: Vec<(u64, i128, i128)> = (0..levels.len()).map(sum).collect();
    let w: f64 = sums.iter().map(|one| one.1 as f64).sum();
    let mean = |of: &dyn Fn(usize) -> f64| (0..levels.len()).map(of).sum::<f64>() / w;
    let centre = mean(&|group| sums[group].1 as f64 * levels[group]);
    let mean_x = mean(&|group| sums[group].2 as f64);
    let squares: f64 = (0..levels.len()).map(|g| sums[g].1 as f64 * (levels[g] - centre).powi(2)).sum();
    if squares <= 1e-12 * w {
        return Err(Reason::NoVariation);
    }
    let product: f64 = (0..levels.len())
        .map(|g| (levels[g] - centre) * (sums[g].2 as f64 - mean_x * sums[g].1 as f64))
        .sum();
    let slope = product / squares;
    let influence = |one: &Vec<Sums>| {
        let part = |(own, level): (&Sums, &f64)| {
            let fitted = mean_x + slope * (level - centre);
            (level - centre) * (own.wx as f64 - fitted * own.w as f64)
        };
        one.iter().zip(levels).map(part).sum::<f64>()
    };
    let meat: f64 = clusters.iter().map(|one| influence(one)).map(|z| z * z).sum();
    let std_error = (size / (size - 1.0) * meat).sqrt() / squares / scale;
    let value = slope / scale;
    let ends = interval::student(value, std_error, size - 1.0, interval::LEVEL).ok_or(Reason::TooFew)?;
    let estimate = Estimate {
        value,
        std_error: Some(std_error),
        lower: Some(ends.0),
        upper: Some(ends.1),
        n: sums.iter().map(|one| one.0).sum(),
        n_effective: size,
        marks: Marks::default(),
    };
    Ok(Clustered { estimate, n_clusters: clusters.len() as u64 })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers of five servers, one of whom rose from level 1 to 2: server, level, answer.
    const ANSWERS: [(usize, usize, i128); 14] = [
        (0, 0, 3),
        (0, 0, 2),
        (1, 1, 3),
        (1, 1, 4),
        (1, 2, 4),
        (2, 2, 5),
        (2, 2, 3),
        (2, 2, 4),
        (3, 3, 5),
        (3, 3, 4),
        (3, 3, 5),
        (4, 1, 2),
        (4, 1, 3),
        (4, 1, 5),
    ];

    fn clusters(factor: i128) -> Vec<Vec<Sums>> {
        let mut all = vec![vec![Sums::default(); 4]; 5];
        for (server, level, answer) in ANSWERS {
            let own = &mut all[server][level];
            *own = Sums { n: own.n + 1, w: own.w + 1, wx: own.wx + factor * answer };
        }
        all
    }

    #[test]
    fn agrees_with_statsmodels() {
        let found = clustered_slope(&clusters(1), &[0.0, 1.0, 2.0, 3.0], 1.0).unwrap();
        let near = |one: f64, other: f64| assert!((one - other).abs() < 1e-12, "{one} is not {other}");
        near(found.estimate.value, 0.6914893617021273);
        near(found.estimate.std_error.unwrap(), 0.039883381945093124);
        assert_eq!((found.n_clusters, found.estimate.n), (5, 14));
        let large = clustered_slope(&clusters(1_000_000), &[0.0, 1.0, 2.0, 3.0], 1e6).unwrap();
        near(large.estimate.value, found.estimate.value);
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(clustered_slope(&[], &[1.0], 1.0), Err(Reason::TooFew));
        let one = clusters(1);
        assert_eq!(clustered_slope(&one[..1], &[0.0, 1.0, 2.0, 3.0], 1.0), Err(Reason::TooFew));
        assert_eq!(clustered_slope(&one, &[1.0; 4], 1.0), Err(Reason::NoVariation));
    }
}
