//! `icc`: intraclass correlations of raters.

use super::grouped::all_of;
use super::rows::{COLUMNS, LEVEL, N, Rows, ci, complete, ends, names, with_gaps};
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
    about: "Intraclass correlations: the six forms of Shrout and Fleiss with F tests and intervals, ratings missing or not",
    formula: "One column a rater, one row a subject. ICC1 (one-way) = (MSB-MSW)/(MSB+(k-1)MSW); ICC2 (agreement of raters drawn from many) = \
(MSB-MSE)/(MSB+(k-1)MSE+k(MSJ-MSE)/n); ICC3 (consistency) = (MSB-MSE)/(MSB+(k-1)MSE); ICC1k, ICC2k, ICC3k: of the mean of the k raters. F = MSB \
over MSW or MSE tests that subjects do not differ. Interval of ICC2k: limits of ICC2 stepped up by Spearman and Brown (psych, pingouin), \
which McGraw and Wong's own formula gives too; --convention irr: limits, p and names of irr 0.84.1, whose degrees of freedom of ICC2k have one k \
too many, up to .04 away. Undefined: too_few below 2 subjects or raters, \
no_variation where all ratings, or all raters (F and interval), are the same. Ratings missing: ICC1 by the analysis of variance of unequal groups, \
k0 = (N - sum k_i^2/N)/(n-1) in place of k, interval by Thomas and Hultquist; ICC2 and ICC3 by variances of subjects, raters and error (components), \
REML as psych with lmer = TRUE, the k forms of the mean of all k raters; F of subjects beyond raters (exact, df2 = N-n-k+1); their limits, with these df, \
approximate. psych takes ICC1 from the two-way variances as well, and all df as if no rating were missing. Collinear where sets of raters share no \
subject. --missing listwise: only complete rows; rows_lost counts those left out.",
    source: "Shrout and Fleiss (1979), Psychological Bulletin 86; McGraw and Wong (1996), Psychological Methods 1; \
Thomas and Hultquist (1978), Annals of Statistics 6; Henderson (1953), Biometrics 9",
    example: "data/examples/raters.csv --columns rater1,rater2",
    options: &[
        COLUMNS,
        preset("missing", "components: every rating counts, or listwise: only complete rows", "components"),
        preset("convention", "psych or irr", "psych"),
        LEVEL,
        N,
    ],
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
    let columns = match request.word("missing", &["components", "listwise"])? {
        Some("listwise") => with_gaps(&complete(&all)),
        _ => all.clone(),
    };
    let level = request.level()?;
    let irr = request.word("convention", &["psych", "irr"])? == Some("irr");
    let ratings = Ratings::incomplete(&columns);
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
    answer.figure("anova", "ms_judges", ratings.and_then(|ratings| ratings.raters));
    answer.figure("anova", "ms_error", ratings.and_then(|ratings| ratings.error));
    let found = ratings.and_then(|ratings| ratings.components());
    let components = found.map(|found| [found.subjects, found.raters, found.error]);
    all_of(&mut answer, "components", ["subjects", "raters", "error"], components);
    let used =
        (0..columns[0].len()).filter(|&row| columns.iter().any(|column| column[row].is_some())).count();
    answer.number("all", "subjects", used as f64);
    answer.number("all", "raters", columns.len() as f64);
    answer.number("all", "ratings", columns.iter().flatten().flatten().count() as f64);
    answer.number("all", "rows_lost", (all[0].len() - used) as f64);
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

#[cfg(test)]
mod tests {
    use super::super::probe::{answer, check, number, same};
    use super::*;

    #[test]
    fn every_rating_counts_unless_rows_must_be_complete() {
        let gaps = "a,b,c\n9,2,5\n6,1,\n8,4,6\n7,1,2\n10,5,6\n6,2,\n,,\n";
        let whole = "a,b,c\n9,2,5\n8,4,6\n7,1,2\n10,5,6\n";
        let listwise = answer(&METHOD, gaps, "--columns a,b,c --missing listwise");
        let own = answer(&METHOD, whole, "--columns a,b,c");
        assert_eq!(number(&listwise, "ICC2", "icc"), number(&own, "ICC2", "icc"));
        check(&listwise, "all", "rows_lost", 3.0);
        same(&own, &answer(&METHOD, whole, "--columns a,b,c --missing listwise"));
        let all = answer(&METHOD, gaps, "--columns a,b,c");
        check(&all, "all", "subjects", 6.0);
        check(&all, "ICC3", "df2", 16.0 - 6.0 - 3.0 + 1.0);
        assert!(number(&all, "ICC2", "ci95_low").is_ok() && number(&all, "ICC1k", "icc").is_ok());
    }
}
