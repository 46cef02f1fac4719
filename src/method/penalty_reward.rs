//! `penalty-reward`: does a low rating of an attribute hurt more than a high one helps?

use super::complete::{complete, predictors_and_outcome};
use super::counts::FREQUENCY;
use super::{Answer, Fault, Method, Request, percent, preset, required};
use crate::stats::Reason;
use crate::stats::penalty::{Cell, PenaltyReward, penalty_reward};
use crate::stats::regression::Coefficient;

pub(super) const METHOD: Method = Method {
    name: "penalty-reward",
    known_as: &[
        "PRCA",
        "penalty-reward contrast analysis",
        "lm(y ~ low + high)",
        "Kano by regression",
        "asymmetric impact",
    ],
    about: "Penalty and reward of each attribute for overall satisfaction, with its class: basic, \
        performance, excitement.",
    formula: "y = b0 + p [x <= low] + r [x >= high]; riocs = |p| + |r|, asymmetry = (|r| - |p|)/riocs. \
        class: excitement where the interval of |r| - |p| lies above 0, basic below, else performance; \
        too_few with fewer than 5 rows in an outer cell. --frequency: a row stands for so many observations. \
        Undefined: too_few with an empty cell.",
    source: "Brandt (1988); Mikulic and Prebezac (2008), Managing Service Quality 18:559",
    example: "data/examples/attributes.csv --y overall --x speed --low 2 --high 5",
    options: &[
        required("y", "column of the outcome"),
        required("x", "columns of the attributes, by commas; each is analysed by itself"),
        required("low", "rating up to which it is low"),
        required("high", "rating from which on it is high"),
        FREQUENCY,
        preset("level", "confidence of intervals", "0.95"),
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (low, high) = (request.value("low")?.unwrap_or(0.0), request.value("high")?.unwrap_or(0.0));
    if low >= high {
        return Err(Fault::new(
            format!("`--low {low}` is not below `--high {high}`"),
            "on 1 to 5 write `--low 2 --high 5`",
        ));
    }
    let level = request.level()?;
    let mut answer = Answer::default();
    let names = predictors_and_outcome(request)?;
    let outcome = names[names.len() - 1];
    for name in &names[..names.len() - 1] {
        let found = complete(request, &[name, outcome])?;
        let rows = || found.columns[0].iter().zip(&found.columns[1]).zip(&found.weights);
        let cell = |keep: &dyn Fn(f64) -> bool| -> Cell {
            Cell::of(
                &rows()
                    .filter(|((x, _), _)| keep(**x))
                    .map(|((_, y), count)| (*y, *count))
                    .collect::<Vec<(f64, f64)>>(),
            )
        };
        let (below, above) = (cell(&|x| x <= low), cell(&|x| x >= high));
        let between = cell(&|x| x > low && x < high);
        answer.number(name, "n_low", below.n);
        answer.number(name, "n_high", above.n);
        answer.number(name, "n", below.n + between.n + above.n);
        answer.rows_lost(name, found.lost);
        tell(&mut answer, name, penalty_reward(&below, &between, &above, level), level);
    }
    Ok(answer)
}

fn tell(answer: &mut Answer, name: &str, found: Result<PenaltyReward, Reason>, level: f64) {
    let (percent, of) = (percent(level), |value: fn(&PenaltyReward) -> Coefficient| {
        found.as_ref().map(value).map_err(|reason| *reason)
    });
    for (what, one) in
        [("intercept", of(|f| f.intercept)), ("penalty", of(|f| f.penalty)), ("reward", of(|f| f.reward))]
    {
        answer.figure(name, what, one.map(|one| one.value));
        answer.figure(name, &format!("{what}_se"), one.map(|one| one.std_error));
        answer.figure(name, &format!("{what}_p_value"), one.and_then(|one| one.test).map(|test| test.1));
        answer.figure(name, &format!("{what}_ci{percent}_low"), one.map(|one| one.lower));
        answer.figure(name, &format!("{what}_ci{percent}_high"), one.map(|one| one.upper));
    }
    let found = found.as_ref().map_err(|reason| *reason);
    answer.figure(name, "riocs", found.map(|found| found.range));
    answer.figure(name, "asymmetry", found.and_then(|found| found.asymmetry));
    match found.and_then(|found| found.class) {
        Ok(class) => answer.text(name, "class", class.name()),
        Err(reason) => answer.figure(name, "class", Err(reason)),
    }
}

#[cfg(test)]
mod tests {
    use crate::method::trial::{call, number, same};

    #[test]
    fn counted_rows_give_the_same_numbers() {
        // D14 of statistics.md, its equal rows put together in the second call.
        let raw = [("y", "3 4 5 6 7 8 9 9 10 2 4 6 7 8 5 6"), ("x", "1 2 3 3 3 4 5 5 5 1 2 3 4 4 3 3")];
        let counted =
            [("y", "3 4 5 6 7 8 9 10 2 7"), ("x", "1 2 3 3 3 4 5 5 1 4"), ("f", "1 2 2 3 1 2 2 1 1 1")];
        let options = [("y", "y"), ("x", "x"), ("low", "2"), ("high", "5")];
        let one = call("penalty-reward", &raw, &options).expect("a table");
        assert!((number(&one, "x", "penalty") + 3.194444444444444).abs() < 1e-12);
        same(
            &one,
            &call("penalty-reward", &counted, &[&options[..], &[("frequency", "f")]].concat())
                .expect("a table"),
        );
    }
}
