//! What changes are made of.

use super::super::block::{Block, Cell, Row, Table};
use super::super::words::Words;
use super::{Form, figure, missing};
use crate::measure::{Change, Part, Split, WHOLE};
use crate::stats::{Estimate, Figure, Reason};

pub(super) fn blocks(words: &Words<'_>) -> Vec<Block> {
    let all = &words.published.assessed.changes;
    let told = |back: i32| -> Vec<&Change> {
        all.iter().filter(|one| one.back == back && one.split.is_ok()).collect()
    };
    let (quarter, year) = (told(1), told(4));
    if quarter.is_empty() && year.is_empty() {
        return Vec::new();
    }
    let withheld =
        |back: i32| all.iter().filter(|one| one.back == back && one.split == Err(Reason::Suppressed)).count();
    let mut blocks = vec![Block::Heading(words.phrase("report-changes"))];
    if !quarter.is_empty() {
        blocks.push(Block::Table(table(words, words.phrase("report-changes-quarter"), &quarter)));
    }
    if !year.is_empty() {
        let caption = words.phrase("report-changes-year");
        blocks.push(Block::folded_table(caption.clone(), table(words, caption, &year)));
    }
    let args = [("quarter", withheld(1).into()), ("year", withheld(4).into())];
    blocks.push(Block::Note(words.say("report-changes-note", &args)));
    blocks
}

fn table(words: &Words<'_>, caption: String, changes: &[&Change]) -> Table {
    let heads = [
        "head-department",
        "report-head-now#",
        "report-head-share-change#",
        "report-head-reassessed#",
        "report-head-joined#",
        "report-head-left#",
        "report-head-other-changes#",
    ];
    let mut table = words.table(caption, &heads);
    let whole = changes.iter().filter(|one| one.department == WHOLE);
    for one in whole.chain(changes.iter().filter(|one| one.department != WHOLE)) {
        let Ok(split) = &one.split else { continue };
        let mut row = vec![
            Cell::new(words.department(one.department)),
            figure(words, &split.now, Form::Share),
            figure(words, &split.change, Form::ShareChange),
        ];
        row.extend(cells(words, split));
        table.rows.push(Row { strong: one.department == WHOLE, ..Row::new(row) });
    }
    table
}

/// The parts; other roles and single assessments together.
fn cells(words: &Words<'_>, split: &Split) -> [Cell; 4] {
    let [reassessed, roles, joined, left, coverage] = split.parts;
    [
        part(words, &reassessed),
        part(words, &joined),
        part(words, &left),
        part(words, &together(&roles, &coverage)),
    ]
}

fn part(words: &Words<'_>, part: &Part) -> Cell {
    match (part.people, part.change) {
        (Ok(0), _) => Cell::missing("–"),
        (Ok(people), change) => {
            let bare = change.map(|one| Estimate { lower: None, upper: None, ..one });
            let note =
                words.say("report-changes-people", &[("count", usize::try_from(people).unwrap_or(0).into())]);
            figure(words, &bare, Form::ShareChange).note(note)
        }
        (Err(reason), _) => missing(words, reason),
    }
}

fn together(one: &Part, other: &Part) -> Part {
    let both = |one: Figure, other: Figure| -> Figure {
        let (one, other) = (one?, other?);
        Ok(Estimate { value: one.value + other.value, std_error: None, lower: None, upper: None, ..one })
    };
    let people = one.people.and_then(|one| Ok(one + other.people?));
    Part { people, moved: Err(Reason::NotApplicable), change: both(one.change, other.change) }
}
