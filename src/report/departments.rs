//! Departments: the headline measures of each in the month, and over the rolling window.

use super::block::{Block, Cell, Head, Row, Section, Table};
use super::words::Words;
use crate::measure::{Code, WHOLE};
use crate::stats::{Figure, Reason};
use crate::text::number::Count;

/// Returns the section; nothing where no department has any headline measure.
pub(super) fn section(words: &Words<'_>) -> Option<Section> {
    let codes: Vec<Code> =
        words.codes().into_iter().filter(|code| is_headline(code) && words.is_known(code, WHOLE)).collect();
    if codes.is_empty() {
        return None;
    }
    let locale = words.locale();
    let month = locale.month(words.published.month);
    let now = table(
        words,
        words.say("report-departments-caption", &[("month", month.into())]),
        &codes,
        |code, department| words.now(code, department),
    );
    // A month without any headline measure has no table; the window may have one.
    let mut blocks: Vec<Block> = now.map(Block::Table).into_iter().collect();
    if words.published.rolling_from < words.published.month {
        let ends = [words.published.rolling_from, words.published.month].map(|month| locale.month(month));
        let span = locale.range(&ends[0], &ends[1]);
        let caption = words.say("report-departments-rolling", &[("months", span.clone().into())]);
        let rolling = table(words, caption, &codes, |code, department| {
            words.published.rolling.get(&(code.clone(), department))
        });
        blocks.extend(rolling.map(|rolling| Block::folded_table(span, rolling)));
    }
    if blocks.is_empty() {
        return None;
    }
    blocks.push(Block::Note(words.phrase("report-departments-note")));
    Some(Section { id: "departments", title: words.phrase("report-departments"), blocks })
}

fn is_headline(code: &Code) -> bool {
    matches!(code, Code::Index(_) | Code::NetPromoter | Code::CommitmentScore | Code::CompetencyShare)
}

/// A row a department, a column a measure that any of them has; a quarter's survey has no column in most months. Nothing without a column.
fn table<'f>(
    words: &Words<'_>,
    caption: String,
    codes: &[Code],
    figure: impl Fn(&Code, u32) -> Option<&'f Figure>,
) -> Option<Table> {
    let rows: Vec<u32> = std::iter::once(WHOLE).chain(words.leaves()).collect();
    let is_there = |code: &&Code| {
        rows.iter().any(|row| matches!(figure(code, *row), Some(Ok(_) | Err(Reason::Suppressed))))
    };
    let codes: Vec<&Code> = codes.iter().filter(is_there).collect();
    if codes.is_empty() {
        return None;
    }
    let mut table = words.table(caption, &["head-department"]);
    table.heads.extend(codes.iter().map(|code| Head { text: words.measure(code), numeric: true }));
    for department in rows {
        let mut cells = vec![Cell::new(words.department(department))];
        cells.extend(codes.iter().map(|code| match words.is_known(code, department) {
            true => with_n(words, code, figure(code, department)),
            false => Cell::missing("–"),
        }));
        table.rows.push(Row { strong: department == WHOLE, ..Row::new(cells) });
    }
    Some(table)
}

/// A figure with its interval and number of observations below.
fn with_n(words: &Words<'_>, code: &Code, figure: Option<&Figure>) -> Cell {
    let cell = words.figure(code, figure);
    let Some(n) = figure.and_then(|figure| figure.ok()).map(|estimate| estimate.n).filter(|n| *n > 0) else {
        return cell;
    };
    let n = words.studio.catalogue.n(Count::Exact(n));
    let note = cell.note.iter().cloned().chain([n]).collect::<Vec<String>>().join("; ");
    cell.note(note)
}
