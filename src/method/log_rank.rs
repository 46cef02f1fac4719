//! `log-rank`: whether groups close their cases equally fast.

use super::counts::FREQUENCY;
use super::grouped::{Groups, all_of, figures};
use super::lifetimes::{EVENT, TIME, cases};
use super::{Answer, Fault, Method, Request, optional, required};
use crate::stats::log_rank::log_rank;

pub(super) const METHOD: Method = Method {
    name: "log-rank",
    known_as: &[
        "survival::survdiff",
        "lifelines.statistics.multivariate_logrank_test",
        "statsmodels.duration.survfunc.survdiff",
        "scipy.stats.logrank",
    ],
    about: "log-rank test that groups have their events equally fast",
    formula: "At every time of an event: expected events of a group = events · its share of the cases at risk, with hypergeometric \
        variances; chisq = (O−E)′V⁻(O−E), df = groups with an expected event − 1 (element `all`); per group: observed, \
        expected. Undefined: too_few below two groups at risk at an event, no_variation when no time has both events and \
        survivors.",
    source: "Mantel 1966; Peto and Peto 1972",
    example: "data/examples/remedies.csv --time days --event closed --by department",
    options: &[
        TIME,
        EVENT,
        required("by", "column of the groups"),
        optional("groups", "the groups to keep"),
        FREQUENCY,
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let groups = Groups::of(request, "by")?;
    let (cases, lost) = cases(request, &groups)?;
    let found = log_rank(&cases);
    let found = found.as_ref().map_err(|reason| *reason);
    let mut answer = Answer::default();
    let test = found.map(|found| [found.test.statistic, found.test.df, found.test.p_value]);
    all_of(&mut answer, "all", ["chisq", "df", "p_value"], test);
    answer.rows_lost("all", lost);
    for (place, name) in groups.names.iter().enumerate() {
        let rows = [
            ("observed", found.map(|found| found.observed[place])),
            ("expected", found.map(|found| found.expected[place])),
        ];
        figures(&mut answer, name, &rows);
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::super::probe::{answer, check};
    use super::*;

    #[test]
    fn groups_without_cases_are_left_out_of_the_test() {
        let rows = "g,t,e\na,1,1\na,3,1\nb,2,1\nb,5,0\nc,,1\n";
        let found = answer(&METHOD, rows, "--time t --event e --by g");
        check(&found, "all", "df", 1.0);
        check(&found, "c", "observed", 0.0);
        check(&found, "a", "observed", 2.0);
    }
}
