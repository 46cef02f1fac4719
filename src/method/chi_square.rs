//! `chi-square`: whether many units have the same share.

use super::counts::FREQUENCY;
use super::grouped::{Groups, all_of};
use super::{Answer, Fault, Method, Request, hits, required};
use crate::stats::two_shares::same_share;

pub(super) const METHOD: Method = Method {
    name: "chi-square",
    known_as: &[
        "stats::chisq.test",
        "stats::prop.test",
        "scipy.stats.chi2_contingency",
        "statsmodels.stats.proportion.proportions_chisquare",
    ],
    about: "chi-square test that all units have the same share",
    formula: "statistic = Σ (x − E)²/E over the hits and misses of all units, E = n·Σx/Σn; df = units − 1; no continuity correction. \
        Units without cases are left out. Undefined: too_few below two units, no_variation without a hit or without a miss \
        anywhere.",
    source: "Pearson 1900",
    example: "data/examples/promises.csv --kept kept --n cases --by department",
    options: &[
        hits::KEPT,
        hits::N,
        hits::VALUE,
        hits::TARGET,
        FREQUENCY,
        required("by", "column of the units"),
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let groups = Groups::of(request, "by")?;
    let (units, lost) = hits::of_groups(request, &groups)?;
    let test = same_share(&units);
    let mut answer = Answer::default();
    let numbers = test.map(|test| [test.statistic, test.df, test.p_value]);
    all_of(&mut answer, "chisq", ["statistic", "df", "p_value"], numbers);
    answer.rows_lost("chisq", lost);
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::super::probe::{answer, check, number};
    use super::*;

    #[test]
    fn units_without_cases_are_left_out() {
        let found = answer(&METHOD, "g,k,n\na,3,4\nb,1,5\nc,0,0\n", "--kept k --n n --by g");
        check(&found, "chisq", "df", 1.0);
        let constant = answer(&METHOD, "g,k,n\na,4,4\nb,5,5\n", "--kept k --n n --by g");
        assert_eq!(number(&constant, "chisq", "p_value"), Err(crate::stats::Reason::NoVariation));
    }
}
