//! Ratings: the chart, every department with its interval and what else its grade could be, and how each rating was made.

use super::block::{Block, Cell, Folded, Row, Section, Table};
use super::views;
use super::words::Words;
use crate::chart::caterpillar;
use crate::measure::Code;
use crate::rating::{Component, Grade, Rating, RatingState};
use crate::stats::{Figure, Reason};

/// Returns the section; nothing when the project rates no department.
pub(super) fn section(words: &Words<'_>) -> Option<Section> {
    let ratings = words.published.ratings.get(&words.published.month)?;
    if ratings.is_empty() {
        return None;
    }
    let mut ratings: Vec<&Rating> = ratings.iter().collect();
    let points = |rating: &Rating| rating.shrunk.map_or(f64::NEG_INFINITY, |points| points.value);
    ratings.sort_by(|a, b| {
        let is_missing = |rating: &Rating| rating.letter.is_none();
        is_missing(a).cmp(&is_missing(b)).then(points(b).total_cmp(&points(a)))
    });
    let owned: Vec<Rating> = ratings.iter().map(|rating| (*rating).clone()).collect();
    let mut blocks = Vec::new();
    match views::caterpillar(words, &owned) {
        Some(view) => blocks.push(Block::chart(&caterpillar::draw(&view, words.studio))),
        None => blocks.push(Block::Paragraph(words.phrase("report-ratings-no-chart"))),
    }
    blocks.push(Block::Table(table(words, &ratings)));
    blocks.push(Block::Note(words.phrase("report-ratings-note")));
    Some(Section { id: "ratings", title: words.phrase("report-ratings"), blocks })
}

fn table(words: &Words<'_>, ratings: &[&Rating]) -> Table {
    let heads = [
        "head-department",
        "head-points#",
        "head-grade",
        "report-head-rank#",
        "report-head-change#",
        "report-head-reliability#",
        "head-n#",
    ];
    let mut table = words.table(words.phrase("report-ratings-caption"), &heads);
    for rating in ratings {
        let mut row = Row::new(vec![
            Cell::new(words.department(rating.department)).note(words.profile(rating.department)),
            match rating.state {
                RatingState::NotRated(_) => Cell::missing("–"),
                _ => points(words, &rating.shrunk),
            },
            grade(words, rating),
            rank(words, rating),
            change(words, rating),
            rating
                .reliability
                .map_or_else(|| Cell::missing("–"), |share| Cell::new(words.locale().decimal(share, 2))),
            views::answers(rating).map_or_else(|| Cell::missing("–"), |n| Cell::new(words.count(n))),
        ]);
        row.detail = Some(detail(words, rating));
        table.rows.push(row);
    }
    table
}

fn points(words: &Words<'_>, figure: &Figure) -> Cell {
    let locale = words.locale();
    match figure {
        Err(reason) => Cell::missing(words.reason(*reason)),
        Ok(estimate) => {
            let ends = estimate.lower.zip(estimate.upper);
            let note = ends.map(|(lower, upper)| locale.interval(lower, upper, 1)).unwrap_or_default();
            Cell::new(locale.points(estimate.value)).note(note)
        }
    }
}

/// The letter with what else it could be, or why there is none.
fn grade(words: &Words<'_>, rating: &Rating) -> Cell {
    let Some(letter) = rating.letter else { return Cell::missing(state(words, rating)) };
    let others: Vec<&str> = rating.could_be.iter().map(|grade| grade.letter()).collect();
    let mut notes = Vec::new();
    if !others.is_empty() {
        let list = others.join(&words.phrase("report-or"));
        notes.push(words.say("caterpillar-could-be", &[("grade", list.into())]));
    }
    if rating.kept_letter {
        notes.push(words.phrase("report-ratings-kept"));
    }
    if let Some(before) = rating.previous_letter.filter(|before| *before != letter) {
        notes.push(words.say("report-ratings-before", &[("grade", before.letter().into())]));
    }
    Cell::new(letter.letter()).note(notes.join("; ")).class("grade")
}

fn state(words: &Words<'_>, rating: &Rating) -> String {
    match &rating.state {
        RatingState::Rated | RatingState::TooLittleData => words.reason(Reason::TooFew),
        RatingState::NotYet { months } => {
            let window = words.project.rating.window_months.unsigned_abs();
            let args = [("months", (*months as usize).into()), ("window", (window as usize).into())];
            words.say("report-ratings-not-yet", &args)
        }
        RatingState::NotRated(causes) => {
            words.say("report-ratings-not-rated", &[("causes", self::causes(words, causes).into())])
        }
    }
}

/// Reasons, each with the measures that it is about.
fn causes(words: &Words<'_>, causes: &[(Code, Reason)]) -> String {
    let reasons = Reason::ALL.iter().filter(|reason| causes.iter().any(|(_, own)| own == *reason));
    let sentence = |reason: &Reason| {
        let own = causes.iter().filter(|(_, own)| own == reason).map(|(code, _)| words.measure(code));
        let measures = own.collect::<Vec<String>>().join(", ");
        words.say(
            "report-ratings-cause",
            &[("measures", measures.into()), ("reason", words.reason(*reason).into())],
        )
    };
    reasons.map(sentence).collect::<Vec<String>>().join("; ")
}

fn rank(words: &Words<'_>, rating: &Rating) -> Cell {
    let Some(rank) = rating.rank else { return Cell::missing("–") };
    let (lower, upper) = (words.count(u64::from(rank.lower)), words.count(u64::from(rank.upper)));
    let text = if rank.lower == rank.upper { lower } else { words.locale().range(&lower, &upper) };
    Cell::new(text)
}

fn change(words: &Words<'_>, rating: &Rating) -> Cell {
    match rating.change {
        Ok(change) => Cell::new(words.locale().change(change, 1)),
        Err(reason) => Cell::missing(words.reason(reason)),
    }
}

/// How the rating was made.
fn detail(words: &Words<'_>, rating: &Rating) -> Folded {
    let heads = [
        "report-head-measure",
        "report-head-weight#",
        "report-head-value#",
        "report-head-n#",
        "report-head-scale#",
        "head-points#",
    ];
    let name = words.department(rating.department);
    let mut table = words.table(words.say("report-ratings-parts", &[("name", (&name).into())]), &heads);
    table.rows = rating.components.iter().map(|part| component(words, part)).collect();
    let mut blocks = vec![Block::Table(table)];
    if let Ok(raw) = rating.raw {
        let args = [("points", words.locale().points(raw.value).into())];
        blocks.push(Block::Note(words.say("report-ratings-raw", &args)));
    }
    blocks.extend(probabilities(words, rating).map(Block::Note));
    Folded { summary: words.phrase("report-ratings-how"), blocks }
}

fn component(words: &Words<'_>, part: &Component) -> Row {
    let locale = words.locale();
    let ends = locale.range(&words.value(&part.code, part.worst), &words.value(&part.code, part.best));
    let target =
        part.target.map_or_else(|| Cell::missing("–"), |target| Cell::new(words.value(&part.code, target)));
    Row::new(vec![
        Cell::new(words.measure(&part.code)).note(age(words, part)),
        Cell::new(locale.share(part.weight, 0)),
        words.unmarked(&part.code, Some(&part.figure)),
        words.n(&part.code, Some(&part.figure)),
        target.note(ends),
        points(words, &part.points),
    ])
}

/// How old the newest observation is; nothing for a figure of the month.
fn age(words: &Words<'_>, part: &Component) -> String {
    match (part.carried_months, part.brought_forward) {
        _ if part.figure.is_err() => String::new(),
        (0, false) => String::new(),
        (months, _) => words.say("report-age-old", &[("months", (months as usize).into())]),
    }
}

fn probabilities(words: &Words<'_>, rating: &Rating) -> Option<String> {
    let each = rating.probabilities?;
    let sure = Grade::ALL.iter().zip(each).find(|(_, p)| *p >= 0.995);
    if let Some((grade, _)) = sure {
        let args = [("grade", grade.letter().into()), ("share", words.locale().share(0.99, 0).into())];
        return Some(words.say("report-ratings-sure", &args));
    }
    let parts = Grade::ALL.iter().zip(each).filter(|(_, p)| *p >= 0.005);
    let parts: Vec<String> = parts
        .map(|(grade, p)| {
            let args = [("grade", grade.letter().into()), ("share", words.locale().share(p, 0).into())];
            words.say("report-ratings-probability", &args)
        })
        .collect();
    Some(words.say("report-ratings-probabilities", &[("list", parts.join(", ").into())]))
}
