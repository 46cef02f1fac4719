//! `kappa`: agreement of two raters on declared levels.

use super::levels::{levels, tidy};
use super::rows::{LEVEL, N, Rows, ci, ends, given};
use super::{Answer, Fault, Method, Request, optional, required};
use crate::stats::Reason;
use crate::stats::kappa::{Weights, kappa};

pub(super) const METHOD: Method = Method {
    name: "kappa",
    known_as: &[
        "irr::kappa2",
        "irr::agree",
        "psych::cohen.kappa",
        "sklearn.metrics.cohen_kappa_score",
        "statsmodels.stats.inter_rater.cohens_kappa",
    ],
    about: "Cohen's kappa of two raters: unweighted, linear (equal) and quadratic (squared) weights, on declared levels",
    formula: "kappa = (p_o - p_e)/(1 - p_e) with weights 1 on equal levels, 1 - |i-j|/(k-1) (equal), 1 - ((i-j)/(k-1))^2 (squared). Variance of Fleiss, Cohen and \
Everitt (1969), interval kappa -+ z sqrt(variance) within -1..1; z and p_value with the variance without agreement beyond chance, as irr. Levels are \
those declared with --levels, in order; without it those seen, numbers by their size, which shifts weighted kappa where a level was not used (irr drops \
it). More than two words have no order of their own: without --levels weighted kappa is not_applicable. psych 2.2.9 \
has another, wrong variance for squared weights (right since 2.5). Undefined: too_few without a pair, no_variation where chance agreement is \
complete.",
    source: "Cohen (1960, 1968); Fleiss, Cohen and Everitt (1969), Psychological Bulletin 72",
    example: "data/examples/raters.csv --x rater1 --y rater2 --levels 0,1,2,3",
    options: &[
        required("x", "ratings of one rater"),
        required("y", "ratings of the other"),
        optional("levels", "the levels that could be given, in order, as 0,1,2,3"),
        LEVEL,
        N,
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let rows = Rows::new(request)?;
    let read = |option: &str| -> Result<Vec<Option<String>>, Fault> {
        Ok(rows
            .texts(given(request, option)?)?
            .into_iter()
            .map(|word| word.map(|word| tidy(&word)))
            .collect())
    };
    let (x, y) = (read("x")?, read("y")?);
    let pairs: Vec<(&String, &String)> =
        x.iter().zip(&y).filter_map(|(x, y)| Some((x.as_ref()?, y.as_ref()?))).collect();
    let declared: Vec<String> = request.names("levels")?.into_iter().map(tidy).collect();
    let words: Vec<&String> = pairs.iter().flat_map(|&(x, y)| [x, y]).collect();
    let (levels, is_ordered) = levels(declared, &words)?;
    let place = |word: &String| levels.iter().position(|level| level == word);
    let level = request.level()?;
    let mut counts = vec![0u64; levels.len() * levels.len()];
    for (x, y) in &pairs {
        counts[place(x).unwrap_or(0) * levels.len() + place(y).unwrap_or(0)] += 1;
    }
    let mut answer = Answer::default();
    let forms =
        [("unweighted", Weights::Unweighted), ("equal", Weights::Linear), ("squared", Weights::Quadratic)];
    for (element, weights) in forms {
        let found = match (weights, is_ordered) {
            (Weights::Linear | Weights::Quadratic, false) => Err(Reason::NotApplicable),
            _ => kappa(&counts, levels.len(), weights),
        };
        answer.number(element, "n", pairs.len() as f64);
        answer.figure(element, "kappa", found.map(|found| found.value));
        answer.figure(element, "z", found.and_then(|found| found.z));
        answer.figure(element, "p_value", found.and_then(|found| found.p_value));
        answer.figure(element, "kappa_variance", found.map(|found| found.variance));
        answer.figure(element, "kappa_se", found.map(|found| found.variance.sqrt()));
        ends(
            &mut answer,
            element,
            (&format!("kappa_{}", ci(level)), ""),
            found.map(|found| found.interval(level)),
        );
    }
    let equal = pairs.iter().filter(|(x, y)| x == y).count() as f64;
    let share = if pairs.is_empty() { Err(Reason::TooFew) } else { Ok(100.0 * equal / pairs.len() as f64) };
    answer.figure("agreement", "percent", share);
    answer.number("agreement", "levels", levels.len() as f64);
    if !is_ordered {
        answer.text("agreement", "order", "none: weights need --levels, the words in their order");
    }
    answer.rows_lost("agreement", (x.len() - pairs.len()) as u64);
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::super::probe::{answer, call, number, table};
    use super::*;

    #[test]
    fn words_have_an_order_only_where_it_is_declared() {
        let rows = "x,y\nlow,low\nhigh,mid\nmid,mid\nlow,mid\nhigh,high\n,low\n";
        let found = answer(&METHOD, rows, "--x x --y y");
        assert_eq!(number(&found, "squared", "kappa"), Err(Reason::NotApplicable));
        assert!(number(&found, "unweighted", "kappa").is_ok());
        assert_eq!(number(&found, "agreement", "rows_lost"), Ok(1.0));
        let declared = answer(&METHOD, rows, "--x x --y y --levels low,mid,high");
        let numbers = rows.replace("low", "2").replace("mid", "9").replace("high", "10");
        let numbered = answer(&METHOD, &numbers, "--x x --y y");
        assert_eq!(number(&declared, "squared", "kappa"), number(&numbered, "squared", "kappa"));
        assert!(call(&METHOD, &table(rows), "--x x --y y --levels low,high").is_err());
    }
}
