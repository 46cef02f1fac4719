//! Who answers: response rates by outcome, segment and channel, and the index weighed to all customers beside that of those who answered.

use std::collections::BTreeSet;

use super::block::{Block, Cell, Row, Section, Table};
use super::words::Words;
use crate::count::Asked;
use crate::link::Outcome;
use crate::measure::{Adjusted, Code, Population, Responses, Slice, UNREPRESENTED, WHOLE};

/// Outcomes in the order of the page.
const OUTCOMES: [Outcome; 5] =
    [Outcome::Kept, Outcome::BreachedRemedied, Outcome::BreachedUnremedied, Outcome::Open, Outcome::NoCase];

/// Shares below this are not worth a sentence.
const SMALL: f64 = 0.0005;

/// Returns the section; nothing for a project that does not know its customers.
pub(super) fn section(words: &Words<'_>) -> Option<Section> {
    let all = words.published.responses.as_ref()?;
    let mut blocks = vec![Block::Paragraph(lead(words, all)), Block::Table(outcomes(words, all))];
    blocks.extend(judged(words, all).map(Block::Paragraph));
    blocks.push(Block::Note(words.phrase(&key("report-response-population", all.population))));
    blocks.push(Block::folded_table(words.phrase("report-response-slices"), slices(words, all)));
    blocks.push(Block::Heading(words.phrase("report-response-index")));
    blocks.extend(all.indices.get(&WHOLE).map(|own| Block::Paragraph(index(words, own))));
    let table = departments(words, all);
    let count = [("count", table.rows.len().into())];
    blocks.push(Block::folded_table(words.say("report-response-departments", &count), table));
    let bound = [("share", words.locale().share(UNREPRESENTED, 0).into())];
    blocks.push(Block::Note(words.say("report-response-note", &bound)));
    Some(Section { id: "response", title: words.phrase("report-response"), blocks })
}

fn key(of: &str, population: Population) -> String {
    let word = match population {
        Population::Invited => "invited",
        Population::CaseLog => "log",
    };
    format!("{of}-{word}")
}

fn months(words: &Words<'_>) -> String {
    words.locale().months(words.published.rolling_from, words.published.month)
}

fn share(words: &Words<'_>, part: u64, all: u64) -> Cell {
    match all {
        0 => Cell::missing("–"),
        all => Cell::new(words.locale().share(part as f64 / all as f64, 1)),
    }
}

/// A response rate; grey where few customers are behind it.
fn rate(words: &Words<'_>, asked: &Asked) -> Cell {
    let cell = words.figure(&Code::ResponseRate, Some(&asked.rate()));
    if asked.asked < words.project.privacy.min_answers { cell.class("few") } else { cell }
}

fn lead(words: &Words<'_>, all: &Responses) -> String {
    let asked = all.of(WHOLE, &Slice::default());
    let rate = asked.rate().map_or(0.0, |rate| rate.value);
    let args = [
        ("asked", words.count(asked.asked).into()),
        ("answered", words.count(asked.answered).into()),
        ("rate", words.locale().share(rate, 1).into()),
        ("months", months(words).into()),
    ];
    words.say(&key("report-response-lead", all.population), &args)
}

/// Customers and answers by outcome, and what share of both each outcome makes up.
fn outcomes(words: &Words<'_>, all: &Responses) -> Table {
    let asked_head = key("report-head-asked", all.population) + "#";
    let heads = [
        "outcome-head-name",
        asked_head.as_str(),
        "report-head-answered#",
        "report-head-response-rate#",
        "report-head-share-asked#",
        "report-head-share-answered#",
    ];
    let args = [("place", words.bank().into()), ("months", months(words).into())];
    let mut table = words.table(words.say("report-response-outcomes", &args), &heads);
    let total = all.of(WHOLE, &Slice::default());
    let row = |name: String, own: Asked| {
        Row::new(vec![
            Cell::new(name),
            Cell::new(words.count(own.asked)),
            Cell::new(words.count(own.answered)),
            rate(words, &own),
            share(words, own.asked, total.asked),
            share(words, own.answered, total.answered),
        ])
    };
    let own = OUTCOMES.iter().map(|outcome| (outcome, all.of_outcome(WHOLE, *outcome)));
    table.rows = own
        .filter(|(_, own)| own.asked > 0)
        .map(|(outcome, own)| row(words.phrase(outcome_key(*outcome)), own))
        .collect();
    table.rows.push(Row { strong: true, ..row(words.phrase("report-response-all"), total) });
    table
}

/// Returns the key of an outcome's words.
pub(super) fn outcome_key(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Kept => "outcome-kept",
        Outcome::BreachedRemedied => "outcome-breached-remedied",
        Outcome::BreachedUnremedied => "outcome-breached-unremedied",
        Outcome::NoCase => "outcome-no-case",
        Outcome::Open => "outcome-open",
        Outcome::Void => "outcome-void",
    }
}

/// Whose promises were kept among all customers, and among those who answered.
fn judged(words: &Words<'_>, all: &Responses) -> Option<String> {
    let kept = all.of_outcome(WHOLE, Outcome::Kept);
    let mut judged = kept;
    for outcome in [Outcome::BreachedRemedied, Outcome::BreachedUnremedied] {
        judged.merge(&all.of_outcome(WHOLE, outcome));
    }
    if judged.answered == 0 || judged.asked == 0 {
        return None;
    }
    let share = |part: u64, all: u64| words.locale().share(part as f64 / all as f64, 1);
    let args = [
        ("asked", share(kept.asked, judged.asked).into()),
        ("answered", share(kept.answered, judged.answered).into()),
    ];
    Some(words.say("report-response-kept", &args))
}

/// Response rates by segment and by channel, each by outcome.
fn slices(words: &Words<'_>, all: &Responses) -> Table {
    let heads = [
        "report-head-customers",
        "outcome-kept#",
        "outcome-breached-remedied#",
        "outcome-breached-unremedied#",
        "outcome-no-case#",
        "report-response-all#",
    ];
    let args = [("place", words.bank().into()), ("months", months(words).into())];
    let mut table = words.table(words.say("report-response-slices-caption", &args), &heads);
    let row = |slice: &Slice, name: &str| {
        let wanted = [
            Some(Outcome::Kept),
            Some(Outcome::BreachedRemedied),
            Some(Outcome::BreachedUnremedied),
            Some(Outcome::NoCase),
            None,
        ];
        let cell = |outcome: Option<Outcome>| {
            let own = all.of(WHOLE, &Slice { outcome, ..slice.clone() });
            if own.asked > 0 { rate(words, &own) } else { Cell::missing("–") }
        };
        Row::new([Cell::new(name)].into_iter().chain(wanted.map(cell)).collect())
    };
    let names = |side: fn(&Slice) -> &Option<String>| -> BTreeSet<&String> {
        all.rates.keys().filter_map(|(_, slice)| side(slice).as_ref()).collect()
    };
    for name in names(|slice| &slice.segment) {
        table.rows.push(row(&Slice { segment: Some(name.clone()), ..Slice::default() }, name));
    }
    for name in names(|slice| &slice.channel) {
        table.rows.push(row(&Slice { channel: Some(name.clone()), ..Slice::default() }, name));
    }
    table
}

fn index(words: &Words<'_>, own: &Adjusted) -> String {
    let locale = words.locale();
    let told = |code: &Code, figure: &crate::stats::Figure| match figure {
        Ok(estimate) => {
            let args = [
                ("points", locale.points(estimate.value).into()),
                ("interval", words.interval(code, estimate).into()),
            ];
            words.say("report-response-points", &args)
        }
        Err(reason) => words.reason(*reason),
    };
    let raw = told(&Code::Index("client".into()), &own.raw);
    let adjusted = told(&Code::PostStratified, &own.index);
    let args = [("raw", raw.into()), ("adjusted", adjusted.into())];
    let mut sentences = vec![words.say("report-response-index-lead", &args)];
    if own.unused > 0 {
        sentences.push(words.say("report-response-unused", &[("n", words.count(own.unused).into())]));
    }
    if own.unrepresented >= SMALL {
        let args = [("share", locale.share(own.unrepresented, 1).into())];
        sentences.push(words.say("report-response-unrepresented", &args));
    }
    sentences.join(" ")
}

fn departments(words: &Words<'_>, all: &Responses) -> Table {
    let heads = [
        "head-department",
        "report-head-response-rate#",
        "report-head-respondents#",
        "report-head-all-customers#",
        "report-head-index-difference#",
        "report-head-unrepresented#",
    ];
    let args = [("months", months(words).into())];
    let mut table = words.table(words.say("report-response-departments-caption", &args), &heads);
    let (raw, adjusted) = (Code::Index("client".into()), Code::PostStratified);
    for department in words.leaves() {
        let Some(own) = all.indices.get(&department) else { continue };
        let change = own.index.ok().zip(own.raw.ok()).map(|(index, raw)| index.value - raw.value);
        table.rows.push(Row::new(vec![
            Cell::new(words.department(department)),
            rate(words, &all.of(department, &Slice::default())),
            words.figure(&raw, Some(&own.raw)),
            words.figure(&adjusted, Some(&own.index)),
            change.map_or_else(|| Cell::missing("–"), |by| Cell::new(words.locale().change(by, 1))),
            Cell::new(words.locale().share(own.unrepresented, 1)),
        ]));
    }
    table
}
