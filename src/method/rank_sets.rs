//! `rank-sets`: confidence sets of ranks, joint and marginal, and who may be among the best.

use super::estimates::{BY, ERROR, KEPT, N, SD, Shares, VALUE, VARIANCE, estimates};
use super::{Answer, Fault, Method, Request, preset};
use crate::stats::Reason;
use crate::stats::rank_set::{MOST_JOINT, RankSet, Ranked, joint, marginal, may_be_best, ranks};

pub(super) const METHOD: Method = Method {
    name: "rank-sets",
    known_as: &[
        "csranks::csranks",
        "csranks::cstaubest",
        "csranks::cstauworst",
        "csranks::irank",
        "league table with confidence",
    ],
    about: "Confidence sets of ranks (Mogstad, Romano, Shaikh, Wilhelm), marginal or joint; which units \
        may be among the best or worst.",
    formula: "Every ordered pair is tested: (y_j - y_k)/sqrt(s_j² + s_k²) against the level quantile of \
        the largest such deviation of Gaussian draws over the pairs left; pairs rejected leave, the rest are \
        tested again until none is rejected. rank_low = 1 + number of units surely better, rank_high = k - \
        number surely worse; rank: 1 = largest, ties the lowest. type simultaneous: all sets hold together \
        (to 500 units; beyond, marginal ones are told, text `type`); marginal: each by itself. may_be_best, \
        may_be_worst = 1: the unit may be among the first (last) --best, all together at the level. \
        Independent units. Undefined: too_few below two units, no_dispersion where an error is not above 0.",
    source: "Mogstad, Romano, Shaikh and Wilhelm (2024), Review of Economic Studies 91:476",
    example: "data/examples/units.csv --by department --value index --error error --best 2",
    options: &[
        BY,
        VALUE,
        ERROR,
        VARIANCE,
        SD,
        N,
        KEPT,
        preset("type", "simultaneous or marginal", "simultaneous"),
        preset("best", "how many places count as best or worst", "1"),
        preset("replicates", "number of Gaussian draws", "10000"),
        preset("seed", "word that names the random numbers", "concord"),
        preset("level", "confidence of the sets", "0.95"),
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (units, lost) = estimates(request, Shares::Plain)?;
    let pairs: Vec<(f64, f64)> =
        units.iter().map(|unit| (unit.pair.0, unit.pair.1.max(0.0).sqrt())).collect();
    let ranked = Ranked {
        units: &pairs,
        level: request.level()?,
        draws: request.draws()?,
        seed: request.option("seed").unwrap_or_default(),
    };
    let wants_joint = request.word("type", &["simultaneous", "marginal"])? == Some("simultaneous");
    let is_joint = wants_joint && pairs.len() <= MOST_JOINT;
    let sets = if is_joint { joint(&ranked) } else { marginal(&ranked) };
    // Which units may be among the best is asked of joint sets alone.
    let best = if wants_joint { request.whole("best")?.unwrap_or(1) } else { 1 };
    // One-sided sets of the best are those of joint tests; marginal tests do not give them.
    let best_sets = if is_joint { may_be_best(&ranked, best) } else { Err(Reason::NotApplicable) };
    let ranks = ranks(&pairs.iter().map(|pair| pair.0).collect::<Vec<f64>>());
    let mut answer = Answer::default();
    answer.text("all", "type", if is_joint { "simultaneous" } else { "marginal" });
    answer.figure("all", "units", sets.as_ref().map(|_| units.len() as f64).map_err(|reason| *reason));
    answer.rows_lost("all", lost);
    for (place, unit) in units.iter().enumerate() {
        let set: Result<RankSet, Reason> = sets.as_ref().map(|sets| sets[place]).map_err(|reason| *reason);
        let is_worst = if is_joint {
            set.map(|set| set.highest + best > units.len())
        } else {
            Err(Reason::NotApplicable)
        };
        let flag = |is: Result<bool, Reason>| is.map(|is| f64::from(u8::from(is)));
        answer.number(&unit.name, "estimate", pairs[place].0);
        answer.number(&unit.name, "se", pairs[place].1);
        answer.number(&unit.name, "rank", ranks[place] as f64);
        answer.figure(&unit.name, "rank_low", set.map(|set| set.lowest as f64));
        answer.figure(&unit.name, "rank_high", set.map(|set| set.highest as f64));
        answer.figure(
            &unit.name,
            "may_be_best",
            flag(best_sets.as_ref().map(|sets| sets[place]).map_err(|reason| *reason)),
        );
        answer.figure(&unit.name, "may_be_worst", flag(is_worst));
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use crate::method::Value;
    use crate::method::trial::{call, number, value};

    #[test]
    fn sets_and_best_agree_with_csranks() {
        // D7 of statistics.md.
        let columns = [("u", "a b c d e f"), ("y", "82 79 78 85 74 80"), ("s", "1.5 1.2 2 1.1 1.8 2.5")];
        let options = [("by", "u"), ("value", "y"), ("error", "s"), ("best", "2")];
        let found = call("rank-sets", &columns, &options).expect("a table");
        assert_eq!((number(&found, "d", "rank_high") as u32, number(&found, "e", "rank_low") as u32), (3, 3));
        assert_eq!(
            (number(&found, "e", "may_be_best") as u32, number(&found, "d", "may_be_worst") as u32),
            (0, 0)
        );
        let one = call("rank-sets", &columns[1..], &options[1..3]).expect("a table");
        assert_eq!(value(&one, "all", "type"), Value::Text("simultaneous".to_owned()));
        assert!(call("rank-sets", &columns, &[("value", "y")]).is_err());
    }
}
