//! What the methods of resampling share: the statistic, its columns, and the blocks of rows that stay together.

use std::collections::BTreeMap;

use super::grouped::figures;
use super::{Answer, Fault, Request, Setting, optional, preset, required};
use crate::stats::Reason;
use crate::stats::replicate::Jackknife;
use crate::stats::statistic::Statistic;

/// Which statistic.
pub(super) const STATISTIC: Setting = preset(
    "statistic",
    "mean, median, sd, share (from --target on), nps, pearson, spearman or alpha",
    "mean",
);
/// Its columns.
pub(super) const COLUMNS: Setting =
    required("columns", "columns of the statistic: one, two for correlations, the items for alpha");
/// Clusters.
pub(super) const UNIT: Setting =
    optional("unit", "column of the clusters that stay together (departments, servers)");
/// Smallest hit of a share.
pub(super) const TARGET: Setting = preset("target", "smallest value that counts in a share", "1");
/// Smallest answer of a promoter.
pub(super) const PROMOTERS: Setting = preset("promoters", "smallest answer of a promoter", "9");
/// Largest answer of a detractor.
pub(super) const DETRACTORS: Setting = preset("detractors", "largest answer of a detractor", "6");
/// Names the random stream.
pub(super) const SEED: Setting = preset("seed", "any word; the same word gives the same numbers", "1");

/// Complete rows of the columns, with their blocks.
pub(super) struct Sample {
    /// The statistic.
    pub(super) statistic: Statistic,
    /// Its columns, complete rows only.
    pub(super) columns: Vec<Vec<f64>>,
    /// Rows that stay together, in the order of the units' names; single rows without `--unit`.
    pub(super) blocks: Vec<Vec<usize>>,
    /// Number of rows that lack one of the columns or their unit.
    pub(super) lost: usize,
}

impl Sample {
    /// Reads the columns and blocks of a call.
    pub(super) fn of(request: &Request<'_>) -> Result<Self, Fault> {
        let statistic = statistic(request)?;
        let names = request.names("columns")?;
        let takes_more = matches!(statistic, Statistic::Alpha);
        if names.len() < statistic.columns() || (names.len() > statistic.columns() && !takes_more) {
            let message =
                format!("{} columns are named, and the statistic needs {}", names.len(), statistic.columns());
            return Err(Fault::new(message, "name one column; two for a correlation; two or more for alpha"));
        }
        let read = names.iter().map(|name| request.numbers(name)).collect::<Result<Vec<_>, _>>()?;
        let units = request.texts_of("unit")?;
        let kept = |row: &usize| {
            read.iter().all(|column| column[*row].is_some())
                && units.as_ref().is_none_or(|units| units[*row].is_some())
        };
        let rows: Vec<usize> = (0..request.table().rows()).filter(kept).collect();
        let columns =
            read.iter().map(|column| rows.iter().filter_map(|&row| column[row]).collect()).collect();
        let blocks = match &units {
            None => (0..rows.len()).map(|row| vec![row]).collect(),
            Some(units) => {
                let mut blocks: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
                for (place, &row) in rows.iter().enumerate() {
                    blocks.entry(units[row].as_deref().unwrap_or_default()).or_default().push(place);
                }
                blocks.into_values().collect()
            }
        };
        Ok(Self { statistic, columns, blocks, lost: request.table().rows() - rows.len() })
    }

    /// Returns the number of rows.
    pub(super) fn rows(&self) -> usize {
        self.columns.first().map_or(0, Vec::len)
    }
}

fn statistic(request: &Request<'_>) -> Result<Statistic, Fault> {
    const WORDS: [&str; 8] = ["mean", "median", "sd", "share", "nps", "pearson", "spearman", "alpha"];
    Ok(match request.word("statistic", &WORDS)? {
        Some("median") => Statistic::Median,
        Some("sd") => Statistic::StandardDeviation,
        Some("share") => Statistic::TopBox(request.value("target")?.unwrap_or(1.0)),
        Some("nps") => Statistic::NetPromoter(
            request.value("promoters")?.unwrap_or(9.0),
            request.value("detractors")?.unwrap_or(6.0),
        ),
        Some("pearson") => Statistic::Pearson,
        Some("spearman") => Statistic::Spearman,
        Some("alpha") => Statistic::Alpha,
        _ => Statistic::Mean,
    })
}

/// Adds what needs no random numbers.
pub(super) fn deterministic(
    answer: &mut Answer,
    sample: &Sample,
    estimate: Result<f64, Reason>,
    found: Result<Jackknife, Reason>,
) {
    let rows = [
        ("n", Ok(sample.rows() as f64)),
        ("estimate", estimate),
        ("jackknife_acceleration", found.map(|found| found.acceleration)),
        ("jackknife_se", found.map(|found| found.std_error)),
        ("jackknife_bias", found.map(|found| found.bias)),
    ];
    answer.rows_lost("deterministic", sample.lost as u64);
    figures(answer, "deterministic", &rows);
}
