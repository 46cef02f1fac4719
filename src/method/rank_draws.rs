//! `rank-draws`: ranks over draws of the units' errors.

use super::estimates::{BY, ERROR, KEPT, N, SD, Shares, VALUE, VARIANCE, estimates};
use super::{Answer, Fault, Method, Request, percent, preset};
use crate::stats::rank_draw::drawn_ranks;
use crate::stats::rank_set::Ranked;

pub(super) const METHOD: Method = Method {
    name: "rank-draws",
    known_as: &[
        "Goldstein-Spiegelhalter ranks",
        "simulated ranks",
        "bootstrap ranks",
        "numpy argsort of draws",
    ],
    about: "Simulated ranks: mean rank, interval and chance of being first, over draws N(estimate, error²).",
    formula: "Each draw adds N(0, s²) to every estimate and ranks them, 1 the largest; draws come in \
        pairs of opposite errors. rank_mean, rank_ci95 (quantiles), probability_first, probability_best (among the first \
        --best). Like a posterior: where units are close the intervals are narrower than confidence sets and \
        do not hold with their probability; `rank-sets` does. Undefined: too_few, no_dispersion where an \
        error is below 0.",
    source: "Goldstein and Spiegelhalter (1996), J R Stat Soc A 159:385",
    example: "data/examples/units.csv --by department --value index --error error --best 2",
    options: &[
        BY,
        VALUE,
        ERROR,
        VARIANCE,
        SD,
        N,
        KEPT,
        preset("best", "how many places count as best", "1"),
        preset("replicates", "number of draws", "10000"),
        preset("seed", "word that names the random numbers", "concord"),
        preset("level", "probability of the intervals", "0.95"),
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (units, lost) = estimates(request, Shares::Plain)?;
    let pairs: Vec<(f64, f64)> =
        units.iter().map(|unit| (unit.pair.0, unit.pair.1.max(0.0).sqrt())).collect();
    let level = request.level()?;
    let ranked = Ranked {
        units: &pairs,
        level,
        draws: request.draws()?,
        seed: request.option("seed").unwrap_or_default(),
    };
    let (percent, found) = (percent(level), drawn_ranks(&ranked, request.whole("best")?.unwrap_or(1)));
    let mut answer = Answer::default();
    answer.figure("all", "units", found.as_ref().map(|_| units.len() as f64).map_err(|reason| *reason));
    answer.rows_lost("all", lost);
    for (place, unit) in units.iter().enumerate() {
        let drawn = found.as_ref().map(|found| found[place]).map_err(|reason| *reason);
        answer.figure(&unit.name, "rank_mean", drawn.map(|drawn| drawn.mean));
        answer.figure(&unit.name, &format!("rank_ci{percent}_low"), drawn.map(|drawn| drawn.lower as f64));
        answer.figure(&unit.name, &format!("rank_ci{percent}_high"), drawn.map(|drawn| drawn.upper as f64));
        answer.figure(&unit.name, "probability_first", drawn.map(|drawn| drawn.is_first));
        answer.figure(&unit.name, "probability_best", drawn.map(|drawn| drawn.is_best));
    }
    Ok(answer)
}
