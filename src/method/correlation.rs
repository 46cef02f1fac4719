//! `correlation`: coefficients of all pairs of columns with intervals and adjusted p values.

use std::borrow::Cow;

use super::adjusted::{ADJUST, adjusted, adjustments};
use super::rows::{LEVEL, N, Rows, ci, complete, ends, names, with_gaps};
use super::{Answer, Fault, Method, Request, optional, preset};
use crate::stats::Reason;
use crate::stats::association::{Association, Kind, Spread};
use crate::stats::joint::pairwise;
use crate::stats::symmetric::eigen;

pub(super) const METHOD: Method = Method {
    name: "correlation",
    known_as: &[
        "stats::cor.test",
        "stats::cor",
        "stats::p.adjust",
        "psych::corr.test",
        "correlation::correlation",
        "Hmisc::rcorr",
        "scipy.stats.pearsonr",
        "scipy.stats.spearmanr",
        "scipy.stats.kendalltau",
        "pingouin.corr",
        "pingouin.rcorr",
        "pandas.DataFrame.corr",
    ],
    about: "Pearson, Spearman or Kendall correlations of all pairs of columns, with intervals and p values adjusted over the pairs",
    formula: "Pearson r of the values, Spearman of their midranks, both with t = r sqrt((n-2)/(1-r^2)) (the statistic told for Spearman is R's \
S = (n^3-n)(1-r)/6); Kendall tau-b = (C-D)/sqrt((n0-n1)(n0-n2)) with the normal p of the tie-corrected variance, no continuity correction. \
Interval tanh(atanh r -+ z se), se = 1/sqrt(n-3) for Pearson, sqrt((1+r^2/2)/(n-3)) for Spearman (Bonett and Wright), sqrt(.437/(n-4)) for Kendall \
(Fieller). --convention easystats: sqrt(1.06/(n-3)) for Spearman; fisher: 1/sqrt(n-3) for all, as psych and pingouin, too narrow for Spearman and \
too wide for Kendall. Adjusted p: over the unique pairs; a pair without a p is no test (R's policy). Undefined: too_few below 3 rows, no_variation \
where a column is constant. smallest_eigenvalue below 0 (definiteness: indefinite) says that a pairwise matrix is no correlation matrix of any data, 0 \
(semidefinite) that a column follows from others. rows_lost: rows that no pair uses.",
    source: "Bonett and Wright (2000), Psychometrika 65; Fieller, Hartley and Pearson (1957), Biometrika 44; Knight (1966), JASA 61; Kendall (1970); \
Holm (1979); Hochberg (1988); Hommel (1988); Benjamini and Hochberg (1995); Benjamini and Yekutieli (2001)",
    example: "data/examples/branches.csv --columns speed,courtesy,overall --method spearman",
    options: &[
        optional("columns", "the columns, each with each, as q1,q2,q3"),
        optional("x", "instead of columns: these, each with each of --y"),
        optional("y", "the columns that --x meets"),
        preset("method", "pearson, spearman or kendall", "pearson"),
        preset("missing", "pairwise, or listwise: only rows complete in all columns", "pairwise"),
        preset("adjust", ADJUST, "bonferroni,holm,hochberg,hommel,bh,by"),
        optional("convention", "easystats or fisher: another standard error of the interval"),
        LEVEL,
        N,
    ],
    run,
};

/// Returns the coefficient that the option `method` names.
pub(super) fn kind(request: &Request<'_>) -> Result<Kind, Fault> {
    Ok(match request.word("method", &["pearson", "spearman", "kendall"])? {
        Some("spearman") => Kind::Spearman,
        Some("kendall") => Kind::Kendall,
        _ => Kind::Pearson,
    })
}

/// Returns the standard error that the option `convention` names, and what it adds to the names of the ends.
pub(super) fn spread(request: &Request<'_>) -> Result<(Spread, &'static str), Fault> {
    Ok(match request.word("convention", &["easystats", "fisher"])? {
        Some("easystats") => (Spread::Easystats, "_easystats"),
        Some(_) => (Spread::Fisher, "_fisher"),
        None => (Spread::Own, ""),
    })
}

/// Columns and which of them meet, by their places.
type Meetings<'a> = (Vec<&'a str>, Vec<(usize, usize)>);

/// Returns all columns named and which of them meet.
fn wanted<'a>(request: &'a Request<'_>) -> Result<Meetings<'a>, Fault> {
    if request.has("columns") {
        let all = names(request, "columns", 2)?;
        let pairs = (0..all.len()).flat_map(|i| (i + 1..all.len()).map(move |j| (i, j))).collect();
        return Ok((all, pairs));
    }
    let (x, y) = (names(request, "x", 1)?, names(request, "y", 1)?);
    let mut all = x.clone();
    all.extend(y.iter().filter(|name| !x.contains(name)));
    let place = |name: &str| all.iter().position(|one| *one == name).unwrap_or(0);
    let mut pairs: Vec<(usize, usize)> = vec![];
    for one in &x {
        for other in &y {
            let (i, j) = (place(one), place(other));
            if i != j && !pairs.contains(&(i, j)) && !pairs.contains(&(j, i)) {
                pairs.push((i, j));
            }
        }
    }
    if pairs.is_empty() {
        return Err(Fault::new("`--x` and `--y` name one column", "name two columns that meet"));
    }
    Ok((all, pairs))
}

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (kind, interval) = (kind(request)?, (request.level()?, spread(request)?));
    let (all, pairs) = wanted(request)?;
    let rows = Rows::new(request)?;
    let mut columns = rows.borrowed(&all)?;
    let rows = columns.first().map_or(0, |column| column.len());
    let in_pair =
        |row: &usize| pairs.iter().any(|&(i, j)| columns[i][*row].is_some() && columns[j][*row].is_some());
    let mut used = (0..rows).filter(in_pair).count();
    if request.word("missing", &["pairwise", "listwise"])? == Some("listwise") {
        columns = with_gaps(&complete(&columns)).into_iter().map(Cow::Owned).collect();
        used = columns[0].len();
    }
    let found = pairwise(kind, &columns, &pairs);
    let elements: Vec<String> = pairs.iter().map(|&(i, j)| format!("{}~{}", all[i], all[j])).collect();
    let mut answer = Answer::default();
    for (element, found) in elements.iter().zip(&found) {
        describe(&mut answer, element, found, interval);
    }
    let p_values = found.iter().map(|found| found.and_then(|found| found.p_value));
    let family: Vec<(&str, Result<f64, Reason>)> =
        elements.iter().map(String::as_str).zip(p_values).collect();
    adjusted(&mut answer, &adjustments(request)?, "p", &family);
    if request.has("columns") {
        definiteness(&mut answer, all.len(), &pairs, &found);
    }
    answer.number("matrix", "rows", rows as f64);
    answer.rows_lost("matrix", (rows - used) as u64);
    Ok(answer)
}

fn describe(
    answer: &mut Answer,
    element: &str,
    found: &Result<Association, Reason>,
    (level, (spread, suffix)): (f64, (Spread, &str)),
) {
    if let Ok(found) = found {
        answer.number(element, "n", found.n as f64);
    }
    answer.figure(element, "estimate", found.map(|found| found.value));
    answer.figure(element, "statistic", found.and_then(|found| found.statistic));
    answer.figure(element, "p_value", found.and_then(|found| found.p_value));
    let interval = found.and_then(|found| found.interval(level, spread));
    ends(answer, element, (&ci(level), suffix), interval);
}

/// Eigenvalues of a correlation matrix this near to 0 are 0 but for rounding.
const SINGULAR: f64 = 1e-10;

/// Whether the matrix of the coefficients could come from data: no eigenvalue below 0; 0 where a column follows from others.
fn definiteness(
    answer: &mut Answer,
    size: usize,
    pairs: &[(usize, usize)],
    found: &[Result<Association, Reason>],
) {
    let mut values = vec![1.0; size * size];
    let mut reason = None;
    for (&(i, j), found) in pairs.iter().zip(found) {
        match found {
            Ok(found) => (values[i * size + j], values[j * size + i]) = (found.value, found.value),
            Err(why) => reason = Some(*why),
        }
    }
    let smallest = reason.map_or_else(|| Ok(eigen(&values, size).values[size - 1]), Err);
    answer.figure("matrix", "smallest_eigenvalue", smallest);
    if let Ok(smallest) = smallest {
        let word = match smallest {
            below if below < -SINGULAR => "indefinite",
            above if above > SINGULAR => "definite",
            _ => "semidefinite",
        };
        answer.text("matrix", "definiteness", word);
    }
}
