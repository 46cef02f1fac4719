//! `rake`: weights that meet the totals of several margins, within bounds, or a loud word that none do.

use super::complete::grouped;
use super::counts::weights;
use super::rows::names;
use super::{Answer, Fault, Method, Request, optional, percent, preset, required};
use crate::stats::Reason;
use crate::stats::raking::{Control, Margin, Raked, rake};
use crate::stats::weighting::{kish, mean, trim};

pub(super) const METHOD: Method = Method {
    name: "rake",
    known_as: &[
        "survey::rake",
        "survey::trimWeights",
        "survey::svymean after rake",
        "anesrake::anesrake",
        "balance.adjust(method=\"rake\")",
        "ipfn",
        "RIM weighting",
        "iterative proportional fitting",
    ],
    about: "Raking to margins with bounds and trimming; Kish effective n; means whose error knows about \
        the raking.",
    formula: "w <- w target/sum over the levels of one margin after another until every total is met to \
        --tolerance; --bounds L,U keeps weights within L..U times their mean. Does not converge: an error \
        that names the margin and how far it is off, never weights. kish_deff = n sum w²/(sum w)², \
        effective_n = n/deff. --upper U: weight_trimmed, cut at U times the mean, the excess spread evenly \
        over the others. mean_raked: se² = n/(n-1) sum (z - z̄)², z = w e/sum w, e = y - mean freed of the \
        margins' level means; mean_unraked, se_unraked with the starting weights; se_fixed: raked weights \
        taken as given. Rows without a level, targets for levels that no row has, margins of different sums: \
        errors.",
    source: "Deming and Stephan (1940); Deville and Särndal (1992); Kish (1965)",
    example: "data/examples/respondents.csv --columns sex,segment --target \
        sex=F:25,sex=M:25,segment=A:20,segment=B:30 --value satisfied",
    options: &[
        required("columns", "columns of the margins, by commas"),
        required("target", "totals or shares of all levels: sex=F:0.5,sex=M:0.5,age=young:0.3,..."),
        optional("weight", "column of starting weights; 1 without it"),
        optional("unit", "column that names the rows; their numbers without it"),
        optional("value", "columns whose means are told, by commas"),
        optional("bounds", "smallest and largest weight as multiples of the mean: 0.3,3"),
        optional("upper", "largest weight as a multiple of the mean, for trimming afterwards"),
        preset("tolerance", "largest relative deviation from a target", "1e-10"),
        preset("replicates", "rounds after which it has not converged", "10000"),
        preset("level", "confidence of intervals", "0.95"),
    ],
    run,
};

/// A margin as it was asked for.
struct Asked {
    name: String,
    levels: Vec<String>,
    targets: Vec<f64>,
    rows: Vec<usize>,
}

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (columns, targets) = (names(request, "columns", 1)?, targets(request)?);
    if let Some(target) = targets.iter().find(|target| !columns.contains(&target.column)) {
        let message = format!("`--target` names `{}`, which is none of --columns", target.column);
        return Err(Fault::new(message, "each margin needs its column, and each column its targets"));
    }
    let margins = columns.iter().map(|name| asked(request, name, &targets)).collect::<Result<Vec<_>, _>>()?;
    let missing =
        |row: usize| Fault::at(row, "the starting weight is missing", "give every row one, 0 at least");
    let start = weights(request)?;
    let start = start.into_iter().enumerate().map(|(row, weight)| weight.ok_or_else(|| missing(row)));
    let start = start.collect::<Result<Vec<f64>, Fault>>()?;
    let control = Control {
        bounds: bounds(request)?,
        tolerance: request.value("tolerance")?.unwrap_or(1e-10),
        rounds: request.whole("replicates")?.unwrap_or(10_000),
    };
    let given: Vec<Margin<'_>> =
        margins.iter().map(|margin| Margin { levels: &margin.rows, targets: &margin.targets }).collect();
    let found = rake(&start, &given, &control).map_err(unposed)?;
    let Ok(weights) = &found.weights else { return Err(unmet(&found, &margins)) };
    let mut answer = Answer::default();
    answer.number("all", "rounds", found.rounds as f64);
    answer.number("all", "residual", found.residual);
    for (margin, sums) in margins.iter().zip(&found.achieved) {
        for (level, (target, sum)) in margin.levels.iter().zip(margin.targets.iter().zip(sums)) {
            answer.number(&format!("{}={level}", margin.name), "target", *target);
            answer.number(&format!("{}={level}", margin.name), "achieved", *sum);
        }
    }
    tell_weights(&mut answer, weights, request)?;
    tell_means(&mut answer, (&start, weights), &margins, request)?;
    Ok(answer)
}

/// One target as the option writes it.
struct Wanted<'a> {
    column: &'a str,
    level: &'a str,
    total: f64,
}

/// Reads the targets of all margins; a level that has two is a fault.
fn targets<'a>(request: &'a Request<'_>) -> Result<Vec<Wanted<'a>>, Fault> {
    let mut found: Vec<Wanted<'_>> = vec![];
    for target in request.list("target") {
        let wrong = || {
            Fault::new(
                format!("`{target}` in `--target` is not column=level:total"),
                "write `--target sex=F:0.5,sex=M:0.5`, say",
            )
        };
        let (level, total) = target.rsplit_once(':').ok_or_else(wrong)?;
        let (column, level) = level.split_once('=').ok_or_else(wrong)?;
        let total =
            total.parse::<f64>().ok().filter(|total| *total >= 0.0 && total.is_finite()).ok_or_else(wrong)?;
        if found.iter().any(|other| (other.column, other.level) == (column, level)) {
            return Err(Fault::new(format!("`{column}={level}` has two targets"), "give each level one"));
        }
        found.push(Wanted { column, level, total });
    }
    Ok(found)
}

/// Returns the targets of one margin, and each row's place among its levels.
fn asked(request: &Request<'_>, name: &str, targets: &[Wanted<'_>]) -> Result<Asked, Fault> {
    let own = targets.iter().filter(|target| target.column == name);
    let levels: Vec<(String, f64)> = own.map(|target| (target.level.to_owned(), target.total)).collect();
    let (seen, places) = grouped(&request.texts(name)?);
    let place = |level: &String| levels.iter().position(|(own, _)| own == level);
    let missing = seen.iter().find(|level| place(level).is_none());
    if let Some(level) = missing {
        return Err(Fault::new(
            format!("`{name}={level}` has no target"),
            "give every level of the sample its total, or leave its rows out",
        ));
    }
    let absent = levels.iter().find(|(level, total)| *total > 0.0 && !seen.contains(level));
    if let Some((level, _)) = absent {
        return Err(Fault::new(
            format!("no row of the sample has `{name}={level}`"),
            "merge the level with a neighbour",
        ));
    }
    let row = |at: usize| {
        let own = places[at].and_then(|own| place(&seen[own]));
        own.ok_or_else(|| {
            Fault::at(at, format!("`{name}` is missing"), "leave the row out, or give it a level")
        })
    };
    let rows = (0..places.len()).map(row).collect::<Result<Vec<usize>, Fault>>()?;
    let (levels, targets) = levels.into_iter().unzip();
    Ok(Asked { name: name.to_owned(), levels, targets, rows })
}

fn bounds(request: &Request<'_>) -> Result<Option<(f64, f64)>, Fault> {
    match request.values("bounds")?[..] {
        [] => Ok(None),
        [low, high] if (0.0..1.0).contains(&low) && high > 1.0 => Ok(Some((low, high))),
        _ => Err(Fault::new(
            "`--bounds` is not a number below 1 and one above it",
            "write `--bounds 0.3,3`, say",
        )),
    }
}

fn unposed(reason: Reason) -> Fault {
    match reason {
        Reason::NotComparable => Fault::new(
            "the margins' targets have different sums",
            "give shares for all of them, or totals for all",
        ),
        _ => Fault::new("there is nothing to rake", "a table needs rows, margins and targets above 0"),
    }
}

fn unmet(found: &Raked, margins: &[Asked]) -> Fault {
    let (margin, level) = found.worst;
    let (target, sum) = (margins[margin].targets[level], found.achieved[margin][level]);
    Fault::new(
        format!(
            "raking did not converge in {} rounds: `{}={}` has {sum} where {target} is wanted",
            found.rounds, margins[margin].name, margins[margin].levels[level]
        ),
        "the margins contradict each other in this sample, or the bounds are too tight: merge levels, drop a margin or widen the bounds",
    )
}

fn tell_weights(answer: &mut Answer, weights: &[f64], request: &Request<'_>) -> Result<(), Fault> {
    let names = request.texts_of("unit")?;
    let name = |row: usize| {
        names.as_ref().and_then(|names| names[row].clone()).unwrap_or_else(|| (row + 1).to_string())
    };
    let cost = kish(weights);
    answer.figure("sample", "sum_of_weights", cost.map(|cost| cost.sum));
    answer.figure("sample", "kish_deff", cost.map(|cost| cost.design_effect));
    answer.figure("sample", "effective_n", cost.map(|cost| cost.effective_n));
    answer.figure("sample", "min_weight", cost.map(|cost| cost.min));
    answer.figure("sample", "max_weight", cost.map(|cost| cost.max));
    answer.figure("sample", "cv_weight", cost.and_then(|cost| cost.variation));
    (0..weights.len()).for_each(|row| answer.number(&name(row), "weight", weights[row]));
    let Some(upper) = request.value("upper")? else { return Ok(()) };
    let average = weights.iter().sum::<f64>() / weights.len() as f64;
    let trimmed = trim(weights, 0.0, upper * average);
    answer.figure(
        "sample",
        "n_trimmed",
        trimmed.as_ref().map(|trimmed| trimmed.n_trimmed as f64).map_err(|reason| *reason),
    );
    for row in 0..weights.len() {
        let weight = trimmed.as_ref().map(|trimmed| trimmed.weights[row]).map_err(|reason| *reason);
        answer.figure(&name(row), "weight_trimmed", weight);
    }
    Ok(())
}

fn tell_means(
    answer: &mut Answer,
    (start, weights): (&[f64], &[f64]),
    margins: &[Asked],
    request: &Request<'_>,
) -> Result<(), Fault> {
    let (level, levels): (f64, Vec<&[usize]>) =
        (request.level()?, margins.iter().map(|margin| &margin.rows[..]).collect());
    let percent = percent(level);
    for name in request.names("value")? {
        let values = request.numbers(name)?;
        answer.rows_lost(name, values.iter().filter(|value| value.is_none()).count() as u64);
        let (before, fixed, after) = (
            mean(&values, start, &[], level),
            mean(&values, weights, &[], level),
            mean(&values, weights, &levels, level),
        );
        answer.figure(name, "mean_unraked", before.map(|mean| mean.value));
        answer.figure(name, "se_unraked", before.map(|mean| mean.std_error));
        answer.figure(name, "mean_raked", after.map(|mean| mean.value));
        answer.figure(name, "se_raked", after.map(|mean| mean.std_error));
        answer.figure(name, "se_fixed", fixed.map(|mean| mean.std_error));
        answer.figure(name, &format!("mean_raked_ci{percent}_low"), after.map(|mean| mean.lower));
        answer.figure(name, &format!("mean_raked_ci{percent}_high"), after.map(|mean| mean.upper));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::method::trial::{call, number};

    #[test]
    fn what_cannot_be_met_is_an_error_that_names_the_margin() {
        // V6: all men are A and all women B; balance 0.12 reports convergence and returns weights.
        let columns = [("sex", "M M F F F"), ("segment", "A A B B B")];
        let options =
            [("columns", "sex,segment"), ("target", "sex=M:0.4,sex=F:0.6,segment=A:0.5,segment=B:0.5")];
        let fault = call("rake", &columns, &options).expect_err("contradiction");
        assert!(
            fault.message.contains("did not converge") && fault.message.contains("sex="),
            "{}",
            fault.message
        );
    }

    #[test]
    fn targets_and_levels_must_fit() {
        let columns = [("sex", "M M F"), ("y", "1 0 1")];
        let with = |target| call("rake", &columns, &[("columns", "sex"), ("target", target), ("value", "y")]);
        assert!(
            with("sex=M:1").is_err() && with("sex=M:1,sex=F:1,sex=X:1").is_err() && with("sex:1").is_err()
        );
        let found = with("sex=M:1,sex=F:1").expect("fits");
        assert!((number(&found, "y", "mean_raked") - 0.75).abs() < 1e-12);
        assert!(number(&found, "y", "se_raked") <= number(&found, "y", "se_fixed"));
        assert!(
            call("rake", &[("sex", "M NA F")], &[("columns", "sex"), ("target", "sex=M:1,sex=F:1")]).is_err()
        );
    }
}
