//! `attained-level`: the cumulative level each person has attained.

use super::rows::{COLUMNS, Rows, encode, given, names};
use super::{Answer, Fault, Method, Request, optional, preset, required};
use crate::stats::levels::{Attainment, Consensus, Form, State, attained};
use crate::stats::scalability::{guttman_errors, scalability};

pub(super) const METHOD: Method = Method {
    name: "attained-level",
    known_as: &["Spencer competency level", "BARS level", "Guttman scale score", "cumulative level"],
    about: "Attained competency level from seen and not seen indicators of several raters, cumulative, with Guttman errors and scalability",
    formula: "One row a rater's form on one person: 1 seen, 0 not seen, empty no opportunity. Consensus on an indicator: the majority of the raters who had \
an opportunity (divided counts as not seen). Level l is attained when at least the share --share of its indicators that could be seen was, and so \
of every declared level below. States: 0 (an indicator of level 0, negative behaviour, seen by the manager or by two raters), below 1, the level, not \
observed (nothing of the first level could be seen), contradictory (confirmed negative behaviour with level 2 or above). Guttman errors: pairs of \
indicators, the lower-level one failed, the higher-level one seen. Over persons observed on every indicator: reproducibility and H as in \
`scalability`. Levels are never averaged.",
    source: "Spencer and Spencer (1993), Competence at Work; Guttman (1944); Mokken (1971)",
    example: "data/examples/forms.csv --unit person --role role --columns breaks,greets,listens,solves,foresees --levels 0,1,1,2,3",
    options: &[
        COLUMNS,
        required("levels", "level of each indicator, 0 for negative behaviour, as 0,1,1,2,3"),
        required("unit", "column of the persons"),
        optional("role", "column of who rates; `manager` is the manager"),
        preset("share", "share of a level's indicators that must be seen", "1"),
    ],
    run,
};

/// The forms on each person, by name.
type Persons = Vec<(String, Vec<Form>)>;

/// Returns the forms on each person, and how many rows name none.
fn read(request: &Request<'_>) -> Result<(Persons, usize), Fault> {
    let names = names(request, "columns", 1)?;
    let rows = Rows::new(request)?;
    let (columns, unit) = (rows.all(&names)?, rows.texts(given(request, "unit")?)?);
    let role = request.texts_of("role")?;
    for (column, name) in columns.iter().zip(&names) {
        let is_wrong = |value: &Option<f64>| value.is_some_and(|v| v != 0.0 && (v - 1.0).abs() > 1e-12);
        if let Some(row) = column.iter().position(is_wrong) {
            return Err(Fault::at(
                row,
                format!("`{name}` holds another answer than 0 and 1"),
                "write 1 seen, 0 not seen, empty no opportunity",
            ));
        }
    }
    let kept: Vec<usize> = (0..unit.len()).filter(|&i| unit[i].is_some()).collect();
    let words: Vec<&str> = kept.iter().filter_map(|&i| unit[i].as_deref()).collect();
    let (place, persons) = encode(&words);
    let mut forms: Persons = persons.into_iter().map(|person| (person, vec![])).collect();
    for (&i, place) in kept.iter().zip(place) {
        let manager = role.as_ref().is_some_and(|role| role[i].as_deref() == Some("manager"));
        let seen = columns.iter().map(|column| column[i].map(|answer| answer > 0.5)).collect();
        forms[place].1.push(Form { manager, seen });
    }
    Ok((forms, unit.len() - kept.len()))
}

fn levels(request: &Request<'_>) -> Result<Vec<u32>, Fault> {
    let wrong = |_| {
        Fault::new(
            "`--levels` holds no whole number from 0",
            "write the level of each indicator, as `--levels 0,1,1,2`",
        )
    };
    let levels: Vec<u32> =
        request.list("levels").iter().map(|level| level.parse()).collect::<Result<_, _>>().map_err(wrong)?;
    let columns = request.list("columns").len();
    if levels.len() == columns {
        return Ok(levels);
    }
    Err(Fault::new(
        format!("`--levels` has {} numbers for {columns} columns", levels.len()),
        "give the level of each column",
    ))
}

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (levels, (forms, lost)) = (levels(request)?, read(request)?);
    let share = request.value("share")?.unwrap_or(1.0);
    if !(share > 0.0 && share <= 1.0) {
        return Err(Fault::new(
            format!("`--share {share}` is not above 0 and at most 1"),
            "write `--share 0.67`, say",
        ));
    }
    let mut answer = Answer::default();
    let (mut found, mut states) = (vec![], std::collections::BTreeMap::new());
    for (person, forms) in &forms {
        let one = match attained(forms, &levels, share) {
            Ok(one) => one,
            Err(why) => {
                answer.figure(person, "state", Err(why));
                continue;
            }
        };
        answer.text(person, "state", &word(one.state));
        answer.number(person, "raters", forms.len() as f64);
        answer.number(person, "guttman_errors", one.guttman_errors as f64);
        answer.number(person, "divided", one.divided as f64);
        *states.entry(word(one.state)).or_insert(0u64) += 1;
        found.push(one);
    }
    states
        .iter()
        .for_each(|(state, persons)| answer.number(&format!("state {state}"), "persons", *persons as f64));
    cumulative(&mut answer, &levels, &found);
    answer.rows_lost("scale", lost as u64);
    Ok(answer)
}

fn word(state: State) -> String {
    match state {
        State::Zero => "0".to_owned(),
        State::BelowFirst => "below 1".to_owned(),
        State::Level(level) => level.to_string(),
        State::NotObserved => "not observed".to_owned(),
        State::Contradictory => "contradictory".to_owned(),
    }
}

/// Adds whether the indicators are cumulative, from the persons observed on all of the positive ones.
fn cumulative(answer: &mut Answer, levels: &[u32], found: &[Attainment]) {
    let positive: Vec<usize> = (0..levels.len()).filter(|&i| levels[i] > 0).collect();
    let observed = |one: &&Attainment| positive.iter().all(|&i| one.consensus[i] != Consensus::NoOpportunity);
    let seen = |one: &Attainment| {
        positive.iter().map(|&i| one.consensus[i] == Consensus::Seen).collect::<Vec<bool>>()
    };
    let passed: Vec<Vec<bool>> = found.iter().filter(observed).map(seen).collect();
    let difficulty: Vec<f64> = positive.iter().map(|&i| f64::from(levels[i])).collect();
    let column = |k: usize| passed.iter().map(|person| f64::from(u8::from(person[k]))).collect();
    let columns: Vec<Vec<f64>> = (0..positive.len()).map(column).collect();
    answer.number("scale", "persons_observed", passed.len() as f64);
    let errors = guttman_errors(&passed, &difficulty);
    let errors = errors.as_ref().map_err(|&why| why);
    answer.figure("scale", "guttman_errors", errors.map(|found| found.errors.iter().sum::<u64>() as f64));
    answer.figure("scale", "reproducibility", errors.map(|found| found.reproducibility));
    answer.figure("scale", "H", scalability(&columns).map(|found| found.scale));
}
