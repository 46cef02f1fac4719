//! `kendall-w`: concordance of several raters.

use super::rows::{COLUMNS, N, Rows, complete, names};
use super::{Answer, Fault, Method, Request};
use crate::stats::concordance::concordance;

pub(super) const METHOD: Method = Method {
    name: "kendall-w",
    known_as: &["irr::kendall", "irr::meanrho", "irr::meancor", "irr::robinson", "DescTools::KendallW"],
    about: "Concordance of several raters: Kendall's W, mean correlations of two raters, Robinson's A",
    formula: "One column a rater, one row a subject, complete rows. W = 12 sum(R_i - mean R)^2/(m^2(n^3-n) - m sum(t^3-t)), corrected for ties; chi-square \
m(n-1)W with n-1 degrees of freedom. mean_spearman, mean_pearson: by Fisher's z over the pairs of raters, perfect ones left out unless all are. \
Robinson's A = SS_subjects/(SS_subjects + SS_residual). Undefined: too_few below 2 raters or 3 subjects, no_variation.",
    source: "Kendall and Babington Smith (1939), Annals of Mathematical Statistics 10; Robinson (1957), American Sociological Review 22",
    example: "data/examples/raters.csv --columns rater1,rater2,rater3",
    options: &[COLUMNS, N],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let names = names(request, "columns", 2)?;
    let rows = Rows::new(request)?.all(&names)?;
    let columns = complete(&rows);
    let found = concordance(&columns);
    let mut answer = Answer::default();
    answer.figure("kendall_W", "W", found.map(|found| found.w));
    answer.figure("kendall_W", "chisq", found.map(|found| found.chi_square));
    answer.figure("kendall_W", "df", found.map(|found| found.df));
    answer.figure("kendall_W", "p_value", found.map(|found| found.p_value));
    answer.figure("mean_spearman", "rho", found.and_then(|found| found.mean_spearman));
    answer.figure("mean_pearson", "r", found.and_then(|found| found.mean_pearson));
    answer.figure("robinson_A", "A", found.and_then(|found| found.robinson));
    answer.number("all", "subjects", columns[0].len() as f64);
    answer.rows_lost("all", (rows[0].len() - columns[0].len()) as u64);
    Ok(answer)
}
