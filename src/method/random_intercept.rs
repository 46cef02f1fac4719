//! `random-intercept`: variance between and within units by (restricted) maximum likelihood, and shrunken unit means.

use super::complete::grouped;
use super::{Answer, Fault, Method, Request, optional, preset, required};
use crate::stats::Reason;
use crate::stats::random_intercept::{Unit, random_intercept};

pub(super) const METHOD: Method = Method {
    name: "random-intercept",
    known_as: &[
        "lme4::lmer(y ~ 1 + (1 | unit))",
        "lme4::ranef",
        "nlme::lme",
        "statsmodels.MixedLM",
        "BLUP",
        "one-way random effects",
    ],
    about: "Random intercept per unit by REML or ML: variances, ICC, shrunken means (BLUP) with their \
        standard deviation.",
    formula: "y = mu + u + e, u ~ N(0, var_between), e ~ N(0, var_within); likelihood profiled over l = \
        var_between/var_within; blup = l n/(1 + l n) (raw_mean - intercept), blup_cond_sd² = var_between/(1 \
        + l n), shrunken_mean = intercept + blup; reliability = l n/(1 + l n). deviance_or_reml: -2 log \
        likelihood, restricted with REML. Raw rows (--value), or one row per unit (--value its mean, --sd, \
        --n). Undefined: too_few below two units or without a unit of two values, no_variation when nothing \
        varies within units.",
    source: "Laird and Ware (1982); Bates, Mächler, Bolker and Walker (2015), J Stat Softw 67(1)",
    example: "data/examples/drivers.csv --value score --by department",
    options: &[
        required("value", "column of values, or of unit means"),
        required("by", "column of units"),
        optional("sd", "column of the units' standard deviations, when a row is a unit"),
        optional("n", "column of the units' numbers of values, when a row is a unit"),
        preset("method", "REML or ML", "REML"),
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (names, units, lost) = units(request)?;
    let restricted = request.word("method", &["REML", "ML"])? == Some("REML");
    let model = random_intercept(&units, restricted);
    let mut answer = Answer::default();
    let of = |value: fn(&crate::stats::random_intercept::RandomIntercept) -> f64| {
        model.as_ref().map(value).map_err(|reason| *reason)
    };
    answer.figure("model", "n", of(|model| model.n));
    answer.rows_lost("model", lost);
    answer.figure("model", "groups", of(|model| model.n_units as f64));
    answer.figure("model", "intercept", of(|model| model.intercept));
    answer.figure("model", "intercept_se", of(|model| model.intercept_se));
    answer.figure("model", "var_between", of(|model| model.between));
    answer.figure("model", "var_within", of(|model| model.within));
    answer.figure("model", "icc", of(|model| model.intraclass()));
    answer.figure("model", "deviance_or_reml", of(|model| model.deviance));
    for (name, unit) in names.iter().zip(&units) {
        let blup = model.map(|model| model.deviation(unit));
        answer.number(name, "n", unit.n);
        answer.figure(name, "raw_mean", if unit.n > 0.0 { Ok(unit.mean) } else { Err(Reason::TooFew) });
        answer.figure(name, "blup", blup.map(|blup| blup.0));
        answer.figure(name, "blup_cond_sd", blup.map(|blup| blup.1));
        answer.figure(name, "shrunken_mean", model.and_then(|model| Ok(model.intercept + blup?.0)));
        answer.figure(name, "reliability", model.map(|model| model.reliability(unit)));
    }
    Ok(answer)
}

/// Returns the units by name, and how many rows are lost.
fn units(request: &Request<'_>) -> Result<(Vec<String>, Vec<Unit>, u64), Fault> {
    let values = request.numbers_of("value")?.unwrap_or_default();
    let (names, places) = grouped(&request.texts_of("by")?.unwrap_or_default());
    let mut lost = 0;
    if request.has("sd") != request.has("n") {
        return Err(Fault::new(
            "`--sd` and `--n` belong together",
            "give both where a row is a unit, else neither",
        ));
    }
    let Some((sd, n)) = request.numbers_of("sd")?.zip(request.numbers_of("n")?) else {
        let mut groups = vec![vec![]; names.len()];
        for (value, place) in values.iter().zip(&places) {
            match (value, place) {
                (Some(value), Some(place)) => groups[*place].push(*value),
                _ => lost += 1,
            }
        }
        return Ok((names, groups.iter().map(|group| Unit::of(group)).collect(), lost));
    };
    let mut units = vec![Unit::default(); names.len()];
    for (row, place) in places.iter().enumerate() {
        let (Some(place), Some(mean), Some(n)) = (*place, values[row], n[row]) else {
            lost += 1;
            continue;
        };
        if units[place].n > 0.0 {
            return Err(Fault::at(
                row,
                format!("unit `{}` has two rows", names[place]),
                "with `--sd` and `--n` a row is a unit",
            ));
        }
        let sd = sd[row].unwrap_or(0.0);
        if n < 0.0 || sd < 0.0 {
            return Err(Fault::at(
                row,
                format!("unit `{}` has a number or deviation below 0", names[place]),
                "both are 0 or more",
            ));
        }
        units[place] = Unit { n, mean, squares: sd * sd * (n - 1.0).max(0.0) };
    }
    Ok((names, units, lost))
}

#[cfg(test)]
mod tests {
    use crate::method::trial::{call, same};

    #[test]
    fn means_and_deviations_give_the_same_numbers_as_rows() {
        let rows = [("y", "4 6 7 9 3 4 5"), ("g", "a a b b c c c")];
        let sums = [
            ("y", "5 8 4"),
            ("g", "a b c"),
            ("s", "1.4142135623730951 1.4142135623730951 1"),
            ("n", "2 2 3"),
        ];
        let options = [("value", "y"), ("by", "g")];
        let one = call("random-intercept", &rows, &options).expect("a table");
        same(
            &one,
            &call("random-intercept", &sums, &[&options[..], &[("sd", "s"), ("n", "n")]].concat())
                .expect("a table"),
        );
    }
}
