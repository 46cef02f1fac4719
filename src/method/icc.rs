//! `icc`: intraclass correlations of raters.

use super::rows::{COLUMNS, LEVEL, N, Rows, ci, complete, ends, names};
use super::{Answer, Fault, Method, Request, preset};
use crate::stats::Reason;
use crate::stats::icc::{Convention, Form, Icc, Ratings};

pub(super) const METHOD: Method = Method {
    name: "icc",
    known_as: &[
        "psych::ICC",
        "irr::icc",
        "pingouin.intraclass_corr",
        "multilevel::ICC1",
        "SPSS RELIABILITY ICC",
    ],
    about: "Intraclass correlations: the six forms of Shrout and Fleiss with F tests and intervals",
    formula: "One column a rater, one row a subject, complete rows. ICC1 (one-way) = (MSB-MSW)/(MSB+(k-1)MSW); ICC2 (agreement of raters drawn from many) = \
(MSB-MSE)/(MSB+(k-1)MSE+k(MSJ-MSE)/n); ICC3 (consistency) = (MSB-MSE)/(MSB+(k-1)MSE); ICC1k, ICC2k, ICC3k: of the mean of the k raters. F = MSB \
over MSW or MSE tests that subjects do not differ. Interval of ICC2k: limits of ICC2 stepped up by Spearman and Brown (psych, pingouin), \
which McGraw and Wong's own formula gives too; --convention irr: limits, p and names of irr 0.84.1, whose degrees of freedom of ICC2k have one k \
too many, up to .04 away. Undefined: too_few below 2 subjects or raters, \
no_variation where all ratings, or all raters (F and interval), are the same. Incomplete rows are left out and counted (rows_lost).",
    source: "Shrout and Fleiss (1979), Psychological Bulletin 86; McGraw and Wong (1996), Psychological Methods 1",
    example: "data/examples/raters.csv --columns rater1,rater2",
    options: &[COLUMNS, preset("convention", "psych or irr", "psych"), LEVEL, N],
    run,
};

/// The six forms with their names in psych and in irr.
const FORMS: [(&str, &str, Form, bool); 6] = [
    ("ICC1", "oneway  single", Form::OneWay, false),
    ("ICC2", "twoway agreement single", Form::Agreement, false),
    ("ICC3", "twoway consistency single", Form::Consistency, false),
    ("ICC1k", "oneway  average", Form::OneWay, true),
    ("ICC2k", "twoway agreement average", Form::Agreement, true),
    ("ICC3k", "twoway consistency average", Form::Consistency, true),
];

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let names = names(request, "columns", 2)?;
    let all = Rows::new(request)?.all(&names)?;
    let columns = complete(&all);
    let level = request.level()?;
    let irr = request.word("convention", &["psych", "irr"])? == Some("irr");
    let ratings = Ratings::new(&columns);
    let mut answer = Answer::default();
    for (psych, of_irr, form, average) in FORMS {
        let (element, suffix, convention) = match irr {
            true => (of_irr, "_irr", Convention::Irr),
            false => (psych, "", Convention::Psych),
        };
        let found = ratings.and_then(|ratings| ratings.icc(form, average, level, convention));
        describe(&mut answer, element, (found, suffix), level);
    }
    answer.figure("anova", "ms_between", ratings.map(|ratings| ratings.between));
    answer.figure("anova", "ms_within", ratings.map(|ratings| ratings.within));
    answer.figure("anova", "ms_judges", ratings.map(|ratings| ratings.raters));
    answer.figure("anova", "ms_error", ratings.map(|ratings| ratings.error));
    answer.number("all", "subjects", columns[0].len() as f64);
    answer.number("all", "raters", columns.len() as f64);
    answer.number("all", "rows_lost", (all[0].len() - columns[0].len()) as f64);
    Ok(answer)
}

fn describe(answer: &mut Answer, element: &str, (found, suffix): (Result<Icc, Reason>, &str), level: f64) {
    let p = if suffix.is_empty() { "p_value".to_owned() } else { format!("p{suffix}") };
    answer.figure(element, &format!("icc{suffix}"), found.map(|found| found.value));
    answer.figure(element, &format!("F{suffix}"), found.and_then(|found| found.f));
    answer.figure(element, &format!("df1{suffix}"), found.map(|found| found.df.0));
    answer.figure(element, &format!("df2{suffix}"), found.map(|found| found.df.1));
    answer.figure(element, &p, found.and_then(|found| found.p_value));
    ends(answer, element, (&ci(level), suffix), found.and_then(|found| found.interval));
}
