//! `stars`: five classes of units by k-means of a score.

use super::{Answer, Fault, Method, Request, optional, preset, required};
use crate::stats::Reason;
use crate::stats::star::stars;

pub(super) const METHOD: Method = Method {
    name: "stars",
    known_as: &[
        "hospitalstars::compute_star_clusters",
        "CMS Overall Star Rating",
        "SAS FASTCLUS stars",
        "stats::kmeans(centers = 5)",
    ],
    about: "Stars 1 to 5 by k-means of one score, run to convergence as CMS does since 2021, with cut \
        points and distances.",
    formula: "k-means from the medians of the five fifths of the scores until nothing moves, then again \
        from its centres with scores further than 1 from every centre joining without moving one. cut_K: \
        midway between centres, a score on it belongs above; to_next: what lacks to the next star, \
        above_last: margin over the star below (not_applicable at the ends). --standardize yes: scores are \
        first taken from their mean over their standard deviation (n - 1). Undefined: too_few below ten \
        units, no_variation with fewer than five different scores. One outlier can own a star: with fewer \
        than 30 units prefer fixed cuts.",
    source: "CMS Overall Hospital Quality Star Rating, methodology of 2021",
    example: "data/examples/summary_scores.csv --by branch --value score",
    options: &[
        required("value", "column of scores, higher is better"),
        optional("by", "column that names the units; their row numbers without it"),
        preset("standardize", "yes: scores in standard deviations from their mean", "no"),
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (values, names) = (request.numbers_of("value")?.unwrap_or_default(), request.texts_of("by")?);
    let name = |row: usize| match &names {
        Some(names) => names[row].clone(),
        None => Some((row + 1).to_string()),
    };
    let known: Vec<(String, f64)> =
        (0..values.len()).filter_map(|row| Some((name(row)?, values[row]?))).collect();
    let mut scores: Vec<f64> = known.iter().map(|unit| unit.1).collect();
    if request.word("standardize", &["yes", "no"])? == Some("yes") {
        scores = standardized(&scores);
    }
    let found = stars(&scores);
    let mut answer = Answer::default();
    answer.rows_lost("all", (values.len() - known.len()) as u64);
    for k in 1..=5 {
        let of = found.as_ref().map_err(|reason| *reason);
        answer.figure("all", &format!("centre_{k}"), of.map(|found| found.centres[k - 1]));
        answer.figure(
            "all",
            &format!("units_{k}"),
            of.map(|found| found.stars.iter().filter(|star| **star == k).count() as f64),
        );
        if k > 1 {
            answer.figure("all", &format!("cut_{k}"), of.map(|found| found.cuts[k - 2]));
        }
    }
    for (place, (name, _)) in known.iter().enumerate() {
        let of = found.as_ref().map_err(|reason| *reason);
        answer.number(name, "score", scores[place]);
        answer.figure(name, "star", of.map(|found| found.stars[place] as f64));
        answer.figure(
            name,
            "to_next",
            of.and_then(|found| found.to_next(scores[place]).ok_or(Reason::NotApplicable)),
        );
        answer.figure(
            name,
            "above_last",
            of.and_then(|found| found.above_last(scores[place]).ok_or(Reason::NotApplicable)),
        );
    }
    Ok(answer)
}

/// Returns z scores; all 0 where nothing varies.
fn standardized(values: &[f64]) -> Vec<f64> {
    let centred = crate::stats::correlation::centred(values);
    let squares: f64 = centred.iter().map(|x| x * x).sum();
    let sd = (squares / (values.len() as f64 - 1.0).max(1.0)).sqrt();
    centred.iter().map(|x| if sd > 0.0 { x / sd } else { 0.0 }).collect()
}
