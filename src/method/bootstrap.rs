//! `bootstrap`: intervals of any statistic by resampling.

use super::grouped::ends;
use super::resampled::{self, Sample, deterministic};
use super::{Answer, Fault, Method, Request, optional, preset};
use crate::stats::Reason;
use crate::stats::replicate::{Below, Jackknife, Replicates, bootstrap, jackknife};

pub(super) const METHOD: Method = Method {
    name: "bootstrap",
    known_as: &[
        "boot::boot",
        "boot::boot.ci",
        "scipy.stats.bootstrap",
        "bootstrap::bcanon",
        "psych::cor.ci",
        "pingouin.compute_bootci",
    ],
    about: "bootstrap intervals (normal, basic, percentile, BCa) of a mean, share, score, correlation or alpha, by row or cluster",
    formula: "--replicates samples of as many rows, or whole clusters of --unit, drawn with replacement; θ* their statistics. \
        Element `montecarlo`: boot_se = sd θ*, boot_bias = mean θ* − θ̂; normal: θ̂ − bias ± z·se; percentile: quantiles of θ* \
        at ranks (R+1)p; basic: 2θ̂ minus them; bca: percentiles at Φ(z₀ + (z₀+z)/(1 − a(z₀+z))), z₀ = Φ⁻¹(share of θ* below \
        θ̂, ties one half), a from the jackknife. R boot does not count ties: --convention boot; on a coarse statistic (a \
        score of few answers) its interval lies lower. Element `deterministic`: n, estimate, and jackknife_acceleration, _se \
        and _bias by row or cluster. Rows with a gap are left out. Undefined: too_few below two rows or clusters, no_variation \
        when all θ* are the same (SciPy: NaN), not_converged when more than a tenth of the samples have no statistic. Below 15 \
        clusters the intervals are too narrow. Same numbers on any number of threads.",
    source: "Efron 1987; Davison and Hinkley 1997",
    example: "data/examples/answers.csv --columns score --statistic mean --unit server --replicates 500",
    options: &[
        resampled::COLUMNS,
        resampled::STATISTIC,
        resampled::UNIT,
        resampled::TARGET,
        resampled::PROMOTERS,
        resampled::DETRACTORS,
        preset("replicates", "number of samples drawn", "9999"),
        resampled::SEED,
        preset("level", "confidence of the intervals", "0.95"),
        optional("convention", "boot: replicates equal to the estimate do not count in z₀"),
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (sample, level) = (Sample::of(request)?, request.level()?);
    let draws = request.draws()?;
    let below = match request.word("convention", &["boot"])? {
        Some(_) => Below::Strictly,
        None => Below::HalfOfTies,
    };
    let statistic = |rows: &[usize]| sample.statistic.of(&sample.columns, rows);
    let left_out = jackknife(&coarse(&sample.blocks), sample.statistic, &sample.columns);
    let words = ["stat", "bootstrap", request.option("seed").unwrap_or("1")];
    let drawn = bootstrap(&sample.blocks, &statistic, draws, &words);
    let mut answer = Answer::default();
    let estimate = statistic(&sample.blocks.concat());
    deterministic(&mut answer, &sample, estimate, left_out);
    replicated(&mut answer, &drawn, (left_out, below), level);
    Ok(answer)
}

/// Rows beyond which the acceleration is taken from groups of them: each left out one by one, they would take the square of their number.
const MOST_LEFT_OUT: usize = 5_000;
const GROUPS: usize = 1_000;

fn coarse(blocks: &[Vec<usize>]) -> Vec<Vec<usize>> {
    if blocks.len() <= MOST_LEFT_OUT {
        return blocks.to_vec();
    }
    let group = |start: usize| blocks.iter().skip(start).step_by(GROUPS).flatten().copied().collect();
    (0..GROUPS).map(group).collect()
}

fn replicated(
    answer: &mut Answer,
    drawn: &Result<Replicates, Reason>,
    (left_out, below): (Result<Jackknife, Reason>, Below),
    level: f64,
) {
    const NAME: &str = "montecarlo";
    let drawn = drawn.as_ref().map_err(|reason| *reason);
    answer.figure(NAME, "boot_se", drawn.and_then(Replicates::std_error));
    answer.figure(NAME, "boot_bias", drawn.map(Replicates::bias));
    ends(answer, (NAME, "normal_"), level, drawn.and_then(|drawn| drawn.normal(level)));
    ends(answer, (NAME, "basic_"), level, drawn.and_then(|drawn| drawn.basic(level)));
    ends(answer, (NAME, "percentile_"), level, drawn.and_then(|drawn| drawn.percentile(level)));
    let bca = drawn.and_then(|drawn| drawn.bca(left_out?.acceleration, level, below));
    ends(answer, (NAME, "bca_"), level, bca);
}

#[cfg(test)]
mod tests {
    use super::super::probe::{answer, call, check, number, table};
    use super::*;

    #[test]
    fn a_seed_gives_the_same_numbers_and_gaps_are_left_out() {
        let rows = "x,y\n1,2\n4,3\n2,\n6,7\n3,1\n5,5\n9,6\n";
        let options = "--columns x,y --statistic pearson --replicates 200 --seed may";
        let one = answer(&METHOD, rows, options);
        assert_eq!(one, answer(&METHOD, rows, options));
        check(&one, "deterministic", "n", 6.0);
        let low = number(&one, "montecarlo", "bca_ci95_low").expect("defined");
        assert!(low < number(&one, "deterministic", "estimate").expect("defined"));
    }

    #[test]
    fn degenerate_data_has_a_reason() {
        let found = answer(&METHOD, "x\n5\n5\n5\n", "--columns x --replicates 50");
        assert_eq!(number(&found, "montecarlo", "bca_ci95_low"), Err(Reason::NoVariation));
        let empty = answer(&METHOD, "x\n\n", "--columns x --replicates 50");
        assert_eq!(number(&empty, "deterministic", "estimate"), Err(Reason::TooFew));
        assert!(call(&METHOD, &table("x\n1\n"), "--columns x --statistic alpha").is_err());
    }
}
