//! Who is satisfied: the index by segment of each cut, and what a shift of the segments did to it.

use super::block::{Block, Cell, Folded, Head, Row, Section, Table};
use super::words::Words;
use crate::measure::{Code, Cut, Kept, Segment, Shift, WHOLE};
use crate::stats::{Estimate, Figure};

/// Most segments that stand side by side in the table of departments.
const COLUMNS_MAX: usize = 6;

/// Returns the section; nothing for a project without cuts, or without answers in the window.
pub(super) fn section(words: &Words<'_>) -> Option<Section> {
    let whole: Vec<&Cut> =
        words.published.satisfaction.cuts.iter().filter(|cut| cut.department == WHOLE).collect();
    if whole.is_empty() {
        return None;
    }
    let mut blocks = Vec::new();
    for cut in whole {
        blocks.push(Block::Heading(words.say("report-cuts-by", &[("cut", name(&cut.cut).into())])));
        blocks.push(Block::Table(segments(words, cut)));
        blocks.extend(cut.shift.iter().map(|shift| Block::Paragraph(sentence(words, shift))));
        blocks.extend(departments(words, cut).map(Block::Folded));
    }
    blocks.push(Block::Note(words.phrase("report-cuts-note")));
    Some(Section { id: "segments", title: words.phrase("report-cuts"), blocks })
}

fn name(code: &str) -> String {
    code.replace('_', " ")
}

fn caption(words: &Words<'_>, cut: &str) -> String {
    let months = words.locale().months(words.published.rolling_from, words.published.month);
    let args = [("cut", name(cut).into()), ("place", words.bank().into()), ("months", months.into())];
    words.say("report-cuts-caption", &args)
}

fn named(words: &Words<'_>, segment: &Segment) -> String {
    if segment.name.is_empty() { words.phrase("report-cuts-missing") } else { name(&segment.name) }
}

fn index() -> Code {
    Code::Index("client".into())
}

fn share(words: &Words<'_>, figure: &Figure) -> Cell {
    words.figure(&Code::Commitment(Kept::Share, String::new()), Some(figure))
}

fn segments(words: &Words<'_>, cut: &Cut) -> Table {
    let heads = [
        "report-head-cut-segment",
        "report-head-n#",
        "report-head-answers-share#",
        "report-head-share-before#",
    ];
    let mut table = words.table(caption(words, &cut.cut), &heads);
    table.heads.insert(1, words.head(&index()));
    let row = |one: &Segment| {
        Row::new(vec![
            Cell::new(named(words, one)),
            words.figure(&index(), Some(&one.index)),
            words.n(&index(), Some(&one.index)),
            share(words, &one.share),
            share(words, &one.share_before),
        ])
    };
    table.rows = cut.segments.iter().map(row).collect();
    table
}

/// Says what the change since the window before comes from.
fn sentence(words: &Words<'_>, shift: &Shift) -> String {
    let locale = words.locale();
    let published = words.published;
    let length = published.month.0 - published.rolling_from.0 + 1;
    let before = locale.months(published.rolling_from.plus(-length), published.rolling_from.plus(-1));
    let range = |one: &Estimate| {
        let ends = one.lower.zip(one.upper).unwrap_or((one.value, one.value));
        locale.range(&locale.change(ends.0, 1), &locale.change(ends.1, 1))
    };
    let told = |one: &Estimate| locale.change(one.value, 1);
    let mut args = vec![
        ("before", before.into()),
        ("mix", told(&shift.mix).into()),
        ("interval", range(&shift.mix).into()),
    ];
    let (Ok(total), Ok(inside)) = (&shift.total, &shift.inside) else {
        return words.say("report-cuts-shift-part", &args);
    };
    args.extend([
        ("total", told(total).into()),
        ("inside", told(inside).into()),
        ("inner", range(inside).into()),
    ]);
    let mut sentences = vec![words.say("report-cuts-shift", &args)];
    if is_opposite(&shift.mix, inside) {
        sentences.push(words.phrase("report-cuts-simpson"));
    }
    sentences.join(" ")
}

/// Says whether both parts are beyond chance and on different sides.
fn is_opposite(mix: &Estimate, inside: &Estimate) -> bool {
    let side = |one: &Estimate| match (one.lower, one.upper) {
        (Some(lower), _) if lower > 0.0 => 1,
        (_, Some(upper)) if upper < 0.0 => -1,
        _ => 0,
    };
    side(mix) * side(inside) < 0
}

fn departments(words: &Words<'_>, whole: &Cut) -> Option<Folded> {
    let shown: Vec<&Segment> =
        whole.segments.iter().filter(|one| !one.name.is_empty()).take(COLUMNS_MAX).collect();
    let mut table = words.table(caption(words, &whole.cut), &["head-department"]);
    table.heads.extend(shown.iter().map(|one| Head { text: named(words, one), numeric: true }));
    for department in words.leaves() {
        let own = words
            .published
            .satisfaction
            .cuts
            .iter()
            .find(|own| own.cut == whole.cut && own.department == department);
        let Some(own) = own else { continue };
        let figure =
            |wanted: &&Segment| own.segments.iter().find(|one| one.name == wanted.name).map(|one| &one.index);
        let cells = shown.iter().map(|one| cell(words, figure(one)));
        table
            .rows
            .push(Row::new([Cell::new(words.department(department))].into_iter().chain(cells).collect()));
    }
    if table.rows.is_empty() || shown.is_empty() {
        return None;
    }
    let args = [("count", table.rows.len().into()), ("cut", name(&whole.cut).into())];
    let summary = words.say("report-cuts-departments", &args);
    let mut blocks = vec![Block::Table(table)];
    if shown.len() < whole.segments.iter().filter(|one| !one.name.is_empty()).count() {
        blocks.push(Block::Note(words.phrase("report-cuts-left-out")));
    }
    Some(Folded { summary, blocks })
}

/// An index with its interval and number of answers.
fn cell(words: &Words<'_>, figure: Option<&Figure>) -> Cell {
    let cell = words.figure(&index(), figure);
    let Some(Ok(estimate)) = figure else { return cell };
    let n = words.locale().n(crate::text::number::Count::Exact(estimate.n));
    let note = cell.note.iter().cloned().chain([n]).collect::<Vec<String>>().join("; ");
    cell.note(note)
}
