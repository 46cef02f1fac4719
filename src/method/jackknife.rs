//! `jackknife`: standard errors by leaving out.

use super::grouped::{ends, figures};
use super::resampled::{self, Sample, deterministic};
use super::{Answer, Fault, Method, Request, optional, preset};
use crate::random::Random;
use crate::stats::replicate::{jackknife, random_groups};
use crate::stats::{Reason, interval};

pub(super) const METHOD: Method = Method {
    name: "jackknife",
    known_as: &["bootstrap::jackknife", "survey::as.svrepdesign(JK1)", "astropy.stats.jackknife_stats"],
    about: "jackknife error of any statistic: delete one row, one cluster, or one of several random groups",
    formula: "se² = (G−1)/G · Σ(θ₋g − θ̄)² over the statistics without each of G blocks: rows, the clusters of --unit, or --parts \
        random groups of them (delete-a-group); bias = (G−1)(θ̄ − θ̂); acceleration = Σd³/(6(Σd²)^1.5), d = θ̄ − θ₋g; ends θ̂ \
        ± t(G−1)·se. Not for the median by row, whose delete-one jackknife fails. Rows with a gap are left out. Undefined: \
        too_few below two blocks, no_variation when leaving out changes nothing, and as the statistic is without one of the \
        blocks.",
    source: "Quenouille 1956; Tukey 1958; Kott 2001",
    example: "data/examples/answers.csv --columns score --statistic mean --unit server --parts 4",
    options: &[
        resampled::COLUMNS,
        resampled::STATISTIC,
        resampled::UNIT,
        resampled::TARGET,
        resampled::PROMOTERS,
        resampled::DETRACTORS,
        optional("parts", "number of random groups to leave out in turn"),
        resampled::SEED,
        preset("level", "confidence of the interval", "0.95"),
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (sample, level) = (Sample::of(request)?, request.level()?);
    let blocks = match request.whole("parts")? {
        Some(parts @ (0 | 1)) => {
            let message = format!("`--parts {parts}` leaves nothing over");
            return Err(Fault::new(message, "write `--parts 10`, say"));
        }
        Some(parts) => {
            let mut random = Random::new(&["stat", "jackknife", request.option("seed").unwrap_or("1")]);
            random_groups(&sample.blocks, parts, &mut random)
        }
        None => sample.blocks.clone(),
    };
    let estimate = sample.statistic.of(&sample.columns, &blocks.concat());
    let found = jackknife(&blocks, sample.statistic, &sample.columns);
    let mut answer = Answer::default();
    deterministic(&mut answer, &sample, estimate, found);
    figures(&mut answer, "deterministic", &[("blocks", Ok(blocks.len() as f64))]);
    let interval = estimate.and_then(|value| {
        let found = found?;
        interval::student(value, found.std_error, found.blocks as f64 - 1.0, level).ok_or(Reason::TooFew)
    });
    ends(&mut answer, ("deterministic", "jackknife_"), level, interval);
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::super::probe::{answer, check, number};
    use super::*;

    #[test]
    fn clusters_and_parts_are_left_out() {
        let rows = "u,x\na,1\na,2\nb,4\nb,6\nc,3\nc,9\n";
        let by_unit = answer(&METHOD, rows, "--columns x --unit u");
        check(&by_unit, "deterministic", "blocks", 3.0);
        check(&by_unit, "deterministic", "estimate", 25.0 / 6.0);
        let all = answer(&METHOD, rows, "--columns x --unit u --parts 3");
        // Three parts of three clusters are the clusters.
        let se = |answer: &Answer| number(answer, "deterministic", "jackknife_se").expect("defined");
        assert!((se(&by_unit) - se(&all)).abs() < 1e-12);
    }
}
