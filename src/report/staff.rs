//! The staff side: the needs that the staff survey asks for, by group, and whether they go with what customers say.

use super::block::{Block, Cell, Row, Section, Table};
use super::links;
use super::words::Words;
use crate::measure::{Code, WHOLE};
use crate::month::Month;
use crate::project::Questionnaire;
use crate::stats::{Estimate, Figure, Reason};

/// Returns the section; nothing where no staff survey was answered in the window.
pub(super) fn section(words: &Words<'_>) -> Option<Section> {
    let staff = words.project.questionnaire("staff")?;
    let surveys = surveys(words);
    let last = *surveys.last()?;
    let links = links::among(words, |x, y| is_staff(x) || is_staff(y));
    let args = [("month", words.locale().month(last).into())];
    let mut blocks = vec![Block::Paragraph(words.say("staff-lead", &args))];
    // Published means of departments do not add up to those of all.
    if links::is_there(words.at(&index(), WHOLE, last)) {
        blocks.push(Block::Table(needs(words, staff, &surveys)));
    }
    if links.is_empty() {
        blocks.push(Block::Note(words.phrase("staff-not-asked")));
    } else {
        blocks.push(Block::List(links::sentences(words, &links)));
        blocks.push(Block::Table(links::table(words, words.phrase("staff-links"), &links)));
        blocks.push(Block::Note(words.phrase("staff-links-note")));
        blocks.push(Block::Note(words.phrase("links-note")));
    }
    if staff.dimensions.len() > 1 {
        let parts = vec![
            Block::Table(departments(words, staff, last)),
            Block::Note(words.phrase("staff-departments-note")),
        ];
        blocks.push(Block::folded(words.phrase("results-departments"), parts));
    }
    Some(Section { id: "staff", title: words.phrase("staff"), blocks })
}

fn index() -> Code {
    Code::Index("staff".into())
}

fn is_staff(code: &Code) -> bool {
    *code == index() || matches!(code, Code::Staff(_))
}

/// The months of the window in which staff answered.
fn surveys(words: &Words<'_>) -> Vec<Month> {
    let everyone = || words.published.departments.iter().copied().chain([WHOLE]);
    let is_asked = |month: &&Month| {
        everyone().any(|department| links::is_there(words.at(&index(), department, **month)))
    };
    words.published.window.iter().filter(is_asked).copied().collect()
}

/// A row a group and a row a need: the last survey beside the one before it.
fn needs(words: &Words<'_>, staff: &Questionnaire, surveys: &[Month]) -> Table {
    let (last, before) =
        (surveys[surveys.len() - 1], surveys.len().checked_sub(2).map(|place| surveys[place]));
    let heads = ["staff-head-need", "staff-head-last#", "report-head-n#", "staff-head-before#"];
    let mut table = words.table(words.say("staff-caption", &[("place", words.bank().into())]), &heads);
    let row = |code: Code, is_group: bool| {
        let then = before
            .map_or_else(|| Cell::missing("–"), |month| words.figure(&code, words.at(&code, WHOLE, month)));
        let now = words.at(&code, WHOLE, last);
        let cells =
            vec![Cell::new(words.measure(&code)), words.figure(&code, now), words.n(&code, now), then];
        Row { strong: is_group, ..Row::new(cells) }
    };
    for dimension in &staff.dimensions {
        table.rows.push(row(Code::Staff(dimension.code.clone()), true));
        let own = staff.items.iter().filter(|item| item.dimension.as_ref() == Some(&dimension.code));
        table.rows.extend(own.map(|item| row(Code::Staff(item.code.clone()), false)));
    }
    table
}

/// A row a department: its index, and the groups of needs that stand highest and lowest in it.
fn departments(words: &Words<'_>, staff: &Questionnaire, month: Month) -> Table {
    let heads = [
        "head-department",
        "staff-head-index#",
        "report-head-n#",
        "staff-head-strongest",
        "staff-head-weakest",
    ];
    let args = [("month", words.locale().month(month).into())];
    let mut table = words.table(words.say("staff-departments-caption", &args), &heads);
    for department in words.leaves() {
        let figure = words.at(&index(), department, month);
        if !links::is_there(figure) {
            continue;
        }
        let mut groups: Vec<(Code, &Estimate)> = staff
            .dimensions
            .iter()
            .map(|dimension| Code::Staff(dimension.code.clone()))
            .filter_map(|code| Some((code.clone(), words.at(&code, department, month)?.as_ref().ok()?)))
            .collect();
        groups.sort_by(|one, other| other.1.value.total_cmp(&one.1.value));
        let group = |place: Option<&(Code, &Estimate)>| {
            let shown = place.filter(|_| groups.len() > 1).map(|(code, estimate)| {
                let figure: Figure = Ok(**estimate);
                let cell = words.figure(code, Some(&figure));
                let note = [Some(cell.text), cell.note].into_iter().flatten().collect::<Vec<_>>().join("; ");
                Cell::new(words.measure(code)).note(note)
            });
            shown.unwrap_or_else(|| Cell::missing("–"))
        };
        let is_withheld = matches!(figure, Some(Err(Reason::Suppressed)));
        table.rows.push(Row::new(vec![
            Cell::new(words.department(department)),
            words.figure(&index(), figure),
            words.n(&index(), figure),
            if is_withheld { Cell::missing("–") } else { group(groups.first()) },
            if is_withheld { Cell::missing("–") } else { group(groups.last()) },
        ]));
    }
    table
}
