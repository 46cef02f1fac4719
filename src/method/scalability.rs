//! `scalability`: is a set of items cumulative?

use super::rows::{COLUMNS, N, Rows, complete, names};
use super::{Answer, Fault, Method, Request, optional};
use crate::stats::scalability::{guttman_errors, scalability};

pub(super) const METHOD: Method = Method {
    name: "scalability",
    known_as: &["mokken::coefH", "mokken::check.errors", "sirt::mokken", "Guttman scalogram"],
    about: "Loevinger's H of pairs, items and the scale (Mokken), Guttman errors and reproducibility: are levels cumulative?",
    formula: "H = covariance over the largest covariance that the marginals allow (items passed or failed: 1 - errors/expected errors), summed over the pairs of \
an item or of the scale. For items passed (1) or failed (0) also Guttman errors (an easier item failed, a harder passed), deviations from the \
perfect pattern with as many passed, and reproducibility = 1 - deviations/answers (.90 is the usual bar; marginal_reproducibility is what the \
marginals alone give). Difficulty: the declared --levels of the items, or the share that passed. Complete rows. H of .3 to .4 is weak, .4 to .5 \
medium, above strong. Undefined: too_few below 2 items or 3 rows, no_variation.",
    source: "Loevinger (1948), Psychological Bulletin 45; Mokken (1971); Molenaar (1991), Kwantitatieve Methoden 37; Guttman (1944)",
    example: "data/examples/indicators.csv --columns greets,listens,solves,foresees",
    options: &[COLUMNS, optional("levels", "level of each item, from easy to hard, as 1,1,2,3"), N],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let names = names(request, "columns", 2)?;
    let rows = Rows::new(request)?.all(&names)?;
    let columns = complete(&rows);
    let found = scalability(&columns);
    let mut answer = Answer::default();
    answer.number("scale", "n", columns[0].len() as f64);
    answer.rows_lost("scale", (rows[0].len() - columns[0].len()) as u64);
    answer.figure("scale", "H", found.as_ref().map(|found| found.scale).map_err(|&why| why));
    if let Ok(found) = &found {
        names.iter().zip(&found.items).for_each(|(name, h)| answer.figure(name, "H", *h));
        let pairs = (0..names.len()).flat_map(|i| (i + 1..names.len()).map(move |j| (i, j)));
        for ((i, j), h) in pairs.zip(&found.pairs) {
            answer.figure(&format!("{}~{}", names[i], names[j]), "H", *h);
        }
    }
    let difficulty = difficulty(request, &columns)?;
    if columns.iter().flatten().all(|&value| value == 0.0 || (value - 1.0).abs() < 1e-12) {
        errors(&mut answer, &columns, &difficulty);
    }
    Ok(answer)
}

/// Returns the declared levels, or the shares that failed.
fn difficulty(request: &Request<'_>, columns: &[Vec<f64>]) -> Result<Vec<f64>, Fault> {
    if !request.has("levels") {
        return Ok(columns.iter().map(|column| -column.iter().sum::<f64>()).collect());
    }
    let levels = request.values("levels")?;
    if levels.len() == columns.len() {
        return Ok(levels);
    }
    Err(Fault::new(
        format!("`--levels` has {} numbers for {} columns", levels.len(), columns.len()),
        "give the level of each column",
    ))
}

fn errors(answer: &mut Answer, columns: &[Vec<f64>], difficulty: &[f64]) {
    let person = |i: usize| columns.iter().map(|column| column[i] > 0.5).collect();
    let passed: Vec<Vec<bool>> = (0..columns[0].len()).map(person).collect();
    let found = guttman_errors(&passed, difficulty);
    let found = found.as_ref().map_err(|&why| why);
    answer.figure("scale", "guttman_errors", found.map(|found| found.errors.iter().sum::<u64>() as f64));
    answer.figure(
        "scale",
        "persons_with_errors",
        found.map(|found| found.errors.iter().filter(|&&e| e > 0).count() as f64),
    );
    answer.figure("scale", "deviations", found.map(|found| found.deviations.iter().sum::<u64>() as f64));
    answer.figure("scale", "reproducibility", found.map(|found| found.reproducibility));
    answer.figure("scale", "marginal_reproducibility", found.map(|found| found.marginal));
}
