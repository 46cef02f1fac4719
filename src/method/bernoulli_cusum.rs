//! `concord stat bernoulli-cusum`: case by case, has the rate of breaches doubled or halved?

use super::series::{BY, Series, TIME, Unit};
use super::{Answer, Fault, Method, Request, optional, preset, required};
use crate::stats::Reason;
use crate::stats::cumulative::bernoulli_cusum;

pub(super) const METHOD: Method = Method {
    name: "bernoulli-cusum",
    known_as: &["qicharts2::bchart", "Bernoulli CUSUM", "risk-adjusted CUSUM (with expected)"],
    about: "Bernoulli CUSUM of single cases: finds early that breaches have become more frequent, where they are rare",
    formula: "Each case adds ln of the likelihood of what happened at odds OR times the expected ones over that at the expected ones: ln OR − ln(1 + p(OR − \
              1)) for a breach, −ln(1 + p(OR − 1)) otherwise. pos = max(0, sum) for OR, neg = −max(0, sum) for 1/OR; signal 1 or −1 where it passes the \
              decision limit, after which that sum starts again at 0. p is the column --expected, or --target, or (breaches + ½)/(cases + 1) of the \
              baseline. A limit of 3.5 rings falsely in about one of six series of 24 months: read a first signal as a reason to look. Elements are row \
              numbers. Cases without an outcome are left out.",
    source: "Reynolds and Stoumbos (1999); Steiner et al. (2000); Neuburger et al., BMJ Quality and Safety (2017): OR 2, limit 3.5",
    example: "data/examples/cases.csv --event breached --target 0.02",
    options: &[
        required("event", "column with 1 for a breach and 0 for a kept case"),
        TIME,
        BY,
        optional("expected", "column with the expected probability of a breach of each case (case-mix)"),
        optional("target", "expected probability of a breach of every case"),
        optional(
            "freeze",
            "estimate the expected probability from the first so many cases; from all without it",
        ),
        preset("odds-ratio", "how many times larger odds are to be found (and smaller ones, 1 over it)", "2"),
        preset("decision", "sum at which it signals", "3.5"),
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let events = request.numbers_of("event")?.unwrap_or_default();
    let expected = request.numbers_of("expected")?;
    let ratio = request.value("odds-ratio")?.unwrap_or(2.0);
    if ratio <= 1.0 {
        return Err(Fault::new(
            format!("`--odds-ratio {ratio}` is not above 1"),
            "write `--odds-ratio 2`, say; 1 over it is watched too",
        ));
    }
    let rule = (ratio, request.value("decision")?.unwrap_or(3.5));
    let mut answer = Answer::default();
    let series = Series::of(request, |row| events[row].is_some())?;
    for unit in &series.units {
        let rows: Vec<usize> = unit
            .slots
            .iter()
            .flat_map(|slot| slot.rows.clone())
            .filter(|&row| events[row].is_some())
            .collect();
        let outcomes: Vec<bool> =
            rows.iter().filter_map(|&row| events[row]).map(|event| event > 0.0).collect();
        let base = if expected.is_none() { base_rate(request, &outcomes)? } else { 0.5 };
        let mut cases = Vec::new();
        for (&row, outcome) in rows.iter().zip(outcomes) {
            cases.push((
                outcome,
                probability(expected.as_ref().map_or(Some(base), |column| column[row]), row)?,
            ));
        }
        if expected.is_none() {
            let told =
                if cases.is_empty() && !request.has("target") { Err(Reason::TooFew) } else { Ok(base) };
            answer.figure(&unit.element("chart"), "expected", told);
        }
        write(unit, (&rows, &cases), rule, &mut answer);
    }
    series.tell(&mut answer);
    Ok(answer)
}

fn write(unit: &Unit, (rows, cases): (&[usize], &[(bool, f64)]), rule: (f64, f64), answer: &mut Answer) {
    let sums = bernoulli_cusum(cases, rule);
    for (row, sums) in rows.iter().zip(&sums) {
        let element = unit.element(&(row + 1).to_string());
        answer.number(&element, "pos", sums.up);
        answer.number(&element, "neg", sums.down);
        answer.number(&element, "signal", f64::from(sums.signal));
    }
    let count = |sign: i8| match cases {
        [] => Err(Reason::TooFew),
        _ => Ok(sums.iter().filter(|sums| sums.signal == sign).count() as f64),
    };
    answer.figure(&unit.element("chart"), "signals_up", count(1));
    answer.figure(&unit.element("chart"), "signals_down", count(-1));
}

/// Jeffreys' estimate is above 0 and below 1 even where all cases were kept.
fn base_rate(request: &Request<'_>, outcomes: &[bool]) -> Result<f64, Fault> {
    if let Some(target) = request.value("target")? {
        return Ok(target);
    }
    let length = request.whole("freeze")?.unwrap_or(outcomes.len()).min(outcomes.len());
    let breaches = outcomes[..length].iter().filter(|&&breach| breach).count();
    Ok((breaches as f64 + 0.5) / (length as f64 + 1.0))
}

fn probability(expected: Option<f64>, row: usize) -> Result<f64, Fault> {
    let within = expected.filter(|&p| p > 0.0 && p < 1.0);
    within.ok_or_else(|| {
        Fault::at(row, "the expected probability is not between 0 and 1", "write 0.02 for 2 %")
    })
}
