//! `attenuation`: the correlation of two scales, corrected for their unreliability.

use super::rows::{LEVEL, N, Rows, ci, complete, ends, names, with_gaps};
use super::{Answer, Fault, Method, Request, optional, required};
use crate::stats::Reason;
use crate::stats::association::{Kind, Spread, associate};
use crate::stats::reliability::{alpha, covariance, disattenuated, row_means};

pub(super) const METHOD: Method = Method {
    name: "attenuation",
    known_as: &["psych::correct.cor", "psychmeta::correct_r_meas", "effectsize::disattenuation"],
    about: "Correlation of two scales, and what it would be if both were measured without error",
    formula: "r of the row means of the items of x and of y (complete rows); corrected r = r/sqrt(rel_x rel_y), its interval the ends of Fisher's interval \
of r divided likewise. Reliabilities: alpha of the items, or those given. A corrected r above 1 says that a reliability is too low. Undefined: \
not_applicable where a reliability is not above 0, too_few for alpha of a single item (give its reliability).",
    source: "Spearman (1904), American Journal of Psychology 15; Hunter and Schmidt (2004), Methods of Meta-Analysis, chapter 3",
    example: "data/examples/questionnaire.csv --x q1,q2,q3 --y q4,q5",
    options: &[
        required("x", "items of one scale, as q1,q2,q3"),
        required("y", "items of the other scale"),
        optional("reliability-x", "reliability of x, where it is known"),
        optional("reliability-y", "reliability of y, where it is known"),
        LEVEL,
        N,
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (x, y) = (names(request, "x", 1)?, names(request, "y", 1)?);
    if let Some(name) = x.iter().find(|name| y.contains(name)) {
        return Err(Fault::new(
            format!("`{name}` is an item of both scales"),
            "name each column once in `--x` and `--y`",
        ));
    }
    let level = request.level()?;
    let all: Vec<&str> = x.iter().chain(&y).copied().collect();
    let rows = Rows::new(request)?.all(&all)?;
    let columns = with_gaps(&complete(&rows));
    let (first, second) = columns.split_at(x.len());
    let n = columns.first().map_or(0, Vec::len) as u64;
    let own = |items: &[Vec<Option<f64>>]| alpha(&covariance(items)?, n).map(|alpha| alpha.raw);
    let known = |option: &str, items: &[Vec<Option<f64>>]| -> Result<Result<f64, Reason>, Fault> {
        Ok(request.value(option)?.map_or_else(|| own(items), Ok))
    };
    let (rel_x, rel_y) = (known("reliability-x", first)?, known("reliability-y", second)?);
    let mean = |items: &[Vec<Option<f64>>]| row_means(items).into_iter().flatten().collect::<Vec<f64>>();
    let found = associate(Kind::Pearson, &mean(first), &mean(second));
    let interval = found.and_then(|found| found.interval(level, Spread::Own));
    let element = format!("{}~{}", x.join("+"), y.join("+"));
    let mut answer = Answer::default();
    answer.number(&element, "n", n as f64);
    answer.rows_lost(&element, rows.first().map_or(0, Vec::len) as u64 - n);
    answer.figure(&element, "estimate", found.map(|found| found.value));
    ends(&mut answer, &element, (&ci(level), ""), interval);
    answer.figure(&element, "reliability_x", rel_x);
    answer.figure(&element, "reliability_y", rel_y);
    let correct = |r: f64| disattenuated(r, rel_x?, rel_y?);
    answer.figure(&element, "disattenuated", found.and_then(|found| correct(found.value)));
    let both = interval.and_then(|(low, high)| Ok((correct(low)?, correct(high)?)));
    ends(&mut answer, &element, (&format!("disattenuated_{}", ci(level)), ""), both);
    Ok(answer)
}
