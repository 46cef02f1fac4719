//! Results: what departments achieve in business, beside what their customers say and what they keep: does service pay?

use super::block::{Block, Cell, Row, Section, Table};
use super::links;
use super::words::Words;
use crate::measure::{Code, WHOLE};
use crate::project::{BusinessResult, ResultKind};

/// Returns the section; nothing where no result was published.
pub(super) fn section(words: &Words<'_>) -> Option<Section> {
    let code = |result: &BusinessResult| Code::Result(result.code.clone());
    let known: Vec<&BusinessResult> =
        words.project.results.iter().filter(|one| words.is_known(&code(one), WHOLE)).collect();
    if known.is_empty() {
        return None;
    }
    let links = links::among(words, |x, y| matches!(x, Code::Result(_)) || matches!(y, Code::Result(_)));
    let mut blocks = vec![Block::Paragraph(words.phrase("results-lead"))];
    if links.is_empty() {
        blocks.push(Block::Note(words.phrase("results-not-asked")));
    } else {
        blocks.push(Block::List(links::sentences(words, &links)));
        blocks.push(Block::Table(links::table(words, words.phrase("results-links"), &links)));
        blocks.push(Block::Note(words.phrase("links-note")));
        blocks.push(Block::Note(words.phrase("results-note")));
    }
    blocks.push(Block::Table(whole(words, &known)));
    if known.iter().any(|one| one.kind == ResultKind::Ratio) {
        blocks.push(Block::Note(words.phrase("results-window-note")));
    }
    let months = words.locale().months(words.published.rolling_from, words.published.month);
    let caption = words.say("results-departments-caption", &[("months", months.into())]);
    blocks
        .push(Block::folded_table(words.phrase("results-departments"), departments(words, &known, caption)));
    Some(Section { id: "results", title: words.phrase("results"), blocks })
}

/// A row a result: in the month and over the window, of all departments.
fn whole(words: &Words<'_>, results: &[&BusinessResult]) -> Table {
    let heads = [
        "results-head-result",
        "results-head-month#",
        "results-head-window#",
        "results-head-of#",
        "results-head-better",
    ];
    let published = words.published;
    let args = [
        ("month", words.locale().month(published.month).into()),
        ("months", words.locale().months(published.rolling_from, published.month).into()),
    ];
    let mut table = words.table(words.say("results-caption", &args), &heads);
    for result in results {
        let code = Code::Result(result.code.clone());
        let window = published.rolling.get(&(code.clone(), WHOLE));
        let better = if result.higher_is_better { "results-higher" } else { "results-lower" };
        table.rows.push(Row::new(vec![
            Cell::new(words.measure(&code)).note(words.result_unit(result)),
            words.figure(&code, words.now(&code, WHOLE)),
            words.figure(&code, window),
            words.n(&code, window),
            Cell::new(words.phrase(better)),
        ]));
    }
    table
}

/// A row a department, a column a result, at most five.
fn departments(words: &Words<'_>, results: &[&BusinessResult], caption: String) -> Table {
    const COLUMNS: usize = 5;
    let codes: Vec<Code> = results.iter().take(COLUMNS).map(|one| Code::Result(one.code.clone())).collect();
    let mut table = words.table(caption, &["head-department"]);
    table.heads.extend(codes.iter().map(|code| words.head(code)));
    for department in words.leaves() {
        let figure = |code: &Code| words.published.rolling.get(&(code.clone(), department));
        if !codes.iter().any(|code| links::is_there(figure(code))) {
            continue;
        }
        let mut cells = vec![Cell::new(words.department(department))];
        cells.extend(codes.iter().map(|code| words.figure(code, figure(code))));
        table.rows.push(Row::new(cells));
    }
    table
}
