//! Trends: the bank, then every rated department on demand, month by month, each chart with its table.

use super::block::{Block, Cell, Folded, Group, Head, Row, Section, Table};
use super::views;
use super::words::Words;
use crate::chart::trend;
use crate::measure::{Code, WHOLE};

/// More departments than this are not all drawn.
const DRAWN_MAX: usize = 60;
/// How many of the first, and how many of the last, are drawn then.
const ENDS: usize = 20;

/// Returns the section; nothing without any figure of the bank.
pub(super) fn section(words: &Words<'_>) -> Option<Section> {
    let codes: Vec<Code> = [Code::Index("client".into()), Code::CommitmentScore]
        .into_iter()
        .filter(|code| words.is_known(code, WHOLE))
        .collect();
    let mut blocks: Vec<Block> = codes.iter().filter_map(|code| chart(words, code, WHOLE)).collect();
    if blocks.is_empty() {
        return None;
    }
    blocks.push(Block::folded_table(words.phrase("report-twin"), table(words, &codes, WHOLE)));
    let (departments, left_out) = drawn(words);
    blocks.push(Block::Group(Group {
        heading: words.phrase("report-trends-departments"),
        note: Some(words.phrase("report-trends-note")),
        parts: departments.iter().filter_map(|&one| folded(words, one)).collect(),
    }));
    if left_out > 0 {
        blocks.push(Block::Note(words.say("report-trends-left-out", &[("count", left_out.into())])));
    }
    Some(Section { id: "trends", title: words.phrase("report-trends"), blocks })
}

/// The departments to draw, best first or in the order of the register where none is rated, and how many are left out.
fn drawn(words: &Words<'_>) -> (Vec<u32>, usize) {
    let ratings = words.published.ratings.get(&words.published.month).map_or(&[][..], Vec::as_slice);
    if ratings.is_empty() {
        let all = words.leaves();
        let left_out = all.len().saturating_sub(DRAWN_MAX);
        return (all.into_iter().take(DRAWN_MAX).collect(), left_out);
    }
    let points = |figure: &crate::stats::Figure| figure.map_or(f64::NEG_INFINITY, |points| points.value);
    let mut ranked: Vec<(f64, u32)> =
        ratings.iter().map(|rating| (points(&rating.shrunk), rating.department)).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let all: Vec<u32> = ranked.into_iter().map(|(_, department)| department).collect();
    if all.len() <= DRAWN_MAX {
        return (all, 0);
    }
    let is_end = |place: usize| place < ENDS || place + ENDS >= all.len();
    let chosen: Vec<u32> = all
        .iter()
        .enumerate()
        .filter(|(place, department)| is_end(*place) || views::is_flagged(words, **department))
        .map(|(_, department)| *department)
        .collect();
    let left_out = all.len() - chosen.len();
    (chosen, left_out)
}

fn folded(words: &Words<'_>, department: u32) -> Option<Folded> {
    let index = |of: &str| Code::Index(of.into());
    let satisfaction =
        [index("client"), index("internal")].into_iter().find(|code| words.is_known(code, department));
    let codes: Vec<Code> = satisfaction
        .into_iter()
        .chain(Some(Code::CommitmentScore).filter(|code| words.is_known(code, department)))
        .collect();
    let mut blocks: Vec<Block> = codes.iter().filter_map(|code| chart(words, code, department)).collect();
    if blocks.is_empty() {
        return None;
    }
    blocks.push(Block::folded_table(words.phrase("report-twin"), table(words, &codes, department)));
    Some(Folded { summary: words.department(department), blocks })
}

fn chart(words: &Words<'_>, code: &Code, department: u32) -> Option<Block> {
    let name = if department == WHOLE { "bank".to_owned() } else { department.to_string() };
    let id = format!("chart-trend-{name}-{}", words.code_text(code));
    views::trend(words, &id, code, department).map(|view| Block::chart(&trend::draw(&view, words.studio)))
}

fn table(words: &Words<'_>, codes: &[Code], department: u32) -> Table {
    let name = words.department(department);
    let mut table = words
        .table(words.say("report-trends-caption", &[("name", name.into())]), &["report-head-month-name"]);
    for code in codes {
        table.heads.push(Head { text: words.measure(code), numeric: true });
        table.heads.push(Head { text: words.phrase("report-head-n"), numeric: true });
    }
    for month in words.published.window.iter().rev() {
        let is_provisional = words.published.provisional.contains(month);
        let state = if is_provisional { words.phrase("report-provisional") } else { String::new() };
        let mut cells = vec![Cell::new(words.locale().month(*month)).note(state)];
        for code in codes {
            let figure = words.at(code, department, *month);
            cells.extend([words.figure(code, figure), words.n(code, figure)]);
        }
        table.rows.push(Row::new(cells));
    }
    table
}
