//! The numbers that rule the figures, as tables and sentences of the definitions.

use super::block::{Block, Cell, Head, Row};
use super::words::Words;
use crate::measure::{Code, Unit};

/// The headline measures with their scale and weights.
pub(super) fn headlines(words: &Words<'_>) -> Option<Block> {
    let heads = [
        "report-head-measure",
        "report-head-worst#",
        "report-head-target#",
        "report-head-best#",
        "report-head-weights",
    ];
    let mut table = words.table(words.phrase("report-definitions-headlines"), &heads);
    for headline in &words.project.rating.measures {
        let code = Code::parse(&headline.measure)?;
        let value = |value: f64| Cell::new(words.value(&code, value));
        let weight = |(profile, weight): (&String, &f64)| {
            let name = if profile == "*" {
                words.phrase("report-all-profiles")
            } else {
                words.profile_name(profile)
            };
            let args = [("name", name.into()), ("weight", number(words, *weight).into())];
            words.say("report-weight", &args)
        };
        let weights: Vec<String> = headline.weights.iter().map(weight).collect();
        table.rows.push(Row::new(vec![
            Cell::new(words.measure(&code)).note(unit(words, &code)),
            value(headline.worst),
            headline.target.map_or_else(|| Cell::missing("–"), value),
            value(headline.best),
            Cell::new(weights.join(", ")),
        ]));
    }
    (!table.rows.is_empty()).then_some(Block::Table(table))
}

fn unit(words: &Words<'_>, code: &Code) -> String {
    match code.unit() {
        Unit::Points => words.phrase("report-unit-points"),
        Unit::Balance => words.phrase("report-unit-balance"),
        Unit::Level => words.phrase("report-unit-level"),
        Unit::Share | Unit::Cases | Unit::Seconds | Unit::Amount => String::new(),
    }
}

/// A number of the registers, with the decimals it needs.
fn number(words: &Words<'_>, value: f64) -> String {
    let digits = (0..3).find(|digits| ((value * 10_f64.powi(*digits)).fract()).abs() < 1e-9).unwrap_or(3);
    words.locale().decimal(value, usize::try_from(digits).unwrap_or(0))
}

/// The points from which on grades are given.
pub(super) fn cut_points(words: &Words<'_>) -> Option<Block> {
    let mut table = words.table(words.phrase("report-definitions-cuts"), &["report-head-from"]);
    table.heads.extend(["A", "B", "C", "D"].map(|letter| Head { text: letter.into(), numeric: true }));
    for (from, cuts) in &words.project.rating.cut_points {
        let mut cells = vec![Cell::new(words.locale().month(*from))];
        cells.extend(cuts.iter().map(|cut| Cell::new(number(words, *cut))));
        table.rows.push(Row::new(cells));
    }
    (!table.rows.is_empty()).then_some(Block::Table(table))
}

/// The weights of the dimensions by the year they began to hold.
pub(super) fn weights(words: &Words<'_>) -> Option<Block> {
    let client = words.project.questionnaire("client")?;
    let mut table = words.table(words.phrase("report-definitions-weights"), &["report-head-year"]);
    let names = client.dimensions.iter().map(|dimension| dimension.name.get(words.language()).to_owned());
    table.heads.extend(names.map(|text| Head { text, numeric: true }));
    for (year, weights) in &words.published.weights {
        let mut cells = vec![Cell::new(year.to_string())];
        cells.extend(weights.iter().map(|weight| Cell::new(words.locale().share(*weight, 1))));
        table.rows.push(Row::new(cells));
    }
    (!table.rows.is_empty()).then_some(Block::Table(table))
}

/// Windows and thresholds.
pub(super) fn numbers(words: &Words<'_>) -> Vec<String> {
    let (project, locale) = (words.project, words.locale());
    let count = |n: i32| usize::try_from(n).unwrap_or(0);
    let months = locale.months(words.published.rolling_from, words.published.month);
    let people = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let say = |key: &str, args: &[(&str, crate::text::catalogue::Arg<'_>)]| words.say(key, args);
    vec![
        say(
            "report-rule-window",
            &[("count", count(project.rating.window_months).into()), ("months", months.into())],
        ),
        say("report-rule-settle", &[("count", count(project.time.settle_days).into())]),
        say("report-rule-lookback", &[("count", count(project.time.lookback_months).into())]),
        say("report-rule-carry", &[("count", count(project.time.carry_quarters).into())]),
        say("report-rule-people", &[("count", people(project.privacy.min_people).into())]),
        say("report-rule-answers", &[("count", people(project.privacy.min_answers).into())]),
        say("report-rule-keep", &[("share", locale.share(project.rating.keep_probability, 0).into())]),
        say(
            "report-rule-reliability",
            &[("value", locale.decimal(project.rating.min_reliability, 2).into())],
        ),
        words.phrase("report-rule-points"),
    ]
}
