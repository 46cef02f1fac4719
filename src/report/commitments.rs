//! Commitments: what was promised, what was kept, what became of breaches, how long it took.

use super::block::{Block, Cell, Folded, Group, Row, Section, Table};
use super::findings::fact;
use super::views;
use super::words::Words;
use crate::chart::kept_target;
use crate::measure::{Code, Kept, WHOLE};
use crate::month::Day;
use crate::project::{Commitment, Status};
use crate::stats::Figure;

/// Returns the section; nothing for a project that promises nothing.
pub(super) fn section(words: &Words<'_>) -> Option<Section> {
    let measured: Vec<(u32, &Commitment)> =
        (0..).zip(&words.project.commitments).filter(|(_, one)| is_shown(words, one)).collect();
    if measured.is_empty() {
        return None;
    }
    let mut blocks = Vec::new();
    blocks
        .extend(views::kept_target(words).map(|view| Block::chart(&kept_target::draw(&view, words.studio))));
    blocks.push(Block::Table(kept(words, &measured)));
    blocks.push(Block::Table(unkept(words, &measured)));
    blocks.push(Block::Table(times(words, &measured)));
    blocks.push(Block::Note(words.phrase("report-commitments-note")));
    blocks.push(Block::Group(Group {
        heading: words.phrase("report-commitments-departments"),
        note: None,
        parts: measured.iter().filter_map(|one| departments(words, *one)).collect(),
    }));
    Some(Section { id: "commitments", title: words.phrase("report-commitments"), blocks })
}

/// Says whether a promise was measured in the month; a withdrawn one only where there were cases of it.
fn is_shown(words: &Words<'_>, one: &Commitment) -> bool {
    match one.status_in(words.published.month) {
        Status::Draft => false,
        Status::Trial | Status::Announced => true,
        Status::Withdrawn => words.now(&of(Kept::Share, &one.code), WHOLE).is_some_and(Result::is_ok),
    }
}

fn of(kept: Kept, code: &str) -> Code {
    Code::Commitment(kept, code.to_owned())
}

fn value(figure: Option<&Figure>) -> Option<f64> {
    figure.and_then(|figure| figure.as_ref().ok()).map(|estimate| estimate.value)
}

fn name(words: &Words<'_>, one: &Commitment) -> Cell {
    let note = match one.status_in(words.published.month) {
        Status::Trial => words.phrase("report-commitments-trial"),
        Status::Withdrawn => words.phrase("report-commitments-withdrawn"),
        Status::Draft | Status::Announced => String::new(),
    };
    Cell::new(words.commitment(&one.code)).note(note)
}

/// Shares of the bank in the month.
fn kept(words: &Words<'_>, measured: &[(u32, &Commitment)]) -> Table {
    let heads =
        ["kept-head-name", "kept-head-kept#", "kept-head-target#", "kept-head-verdict", "kept-head-n#"];
    let month = words.locale().month(words.published.month);
    let mut table = words.table(words.say("report-commitments-caption", &[("month", month.into())]), &heads);
    for (_, one) in measured {
        let mut cells = vec![name(words, one)];
        cells.extend(against_target(words, &one.code, WHOLE));
        table.rows.push(Row::new(cells));
    }
    table
}

/// What became of the breaches of the month, and the cases outside n.
fn unkept(words: &Words<'_>, measured: &[(u32, &Commitment)]) -> Table {
    let heads = [
        "kept-head-name",
        "report-head-breaches#",
        "report-head-remedied#",
        "report-head-unremedied#",
        "report-head-excused#",
        "report-head-open#",
        "report-head-void#",
        "report-head-due-differs#",
    ];
    let month = words.locale().month(words.published.month);
    let mut table = words.table(words.say("report-commitments-unkept", &[("month", month.into())]), &heads);
    for (_, one) in measured {
        let mut cells = vec![name(words, one)];
        let counted = [
            Kept::Breaches,
            Kept::Remedied,
            Kept::Unremedied,
            Kept::Excused,
            Kept::Open,
            Kept::Void,
            Kept::DueDiffers,
        ];
        cells.extend(counted.map(|kept| {
            let code = of(kept, &one.code);
            words.figure(&code, words.now(&code, WHOLE))
        }));
        table.rows.push(Row::new(cells));
    }
    table
}

/// Kept share, target, fact and number of cases.
fn against_target(words: &Words<'_>, code: &str, department: u32) -> [Cell; 4] {
    let share = of(Kept::Share, code);
    let figure = words.now(&share, department);
    let target = words.published.targets.get(&(share.clone(), department)).copied();
    [
        words.figure(&share, figure),
        target.map_or_else(|| Cell::missing("–"), |target| Cell::new(words.value(&share, target))),
        fact(words, &share, value(figure), target),
        words.n(&share, figure),
    ]
}

/// Durations of the bank in the month, and when it was last breached.
fn times(words: &Words<'_>, measured: &[(u32, &Commitment)]) -> Table {
    let heads = [
        "kept-head-name",
        "report-head-median#",
        "report-head-p90#",
        "report-head-closed#",
        "report-head-last-breach",
        "report-head-longest",
    ];
    let month = words.locale().month(words.published.month);
    let mut table = words.table(words.say("report-commitments-times", &[("month", month.into())]), &heads);
    for (position, one) in measured {
        let (median, p90) = (of(Kept::Median, &one.code), of(Kept::NinetiethPercentile, &one.code));
        table.rows.push(Row::new(vec![
            name(words, one),
            words.figure(&median, words.now(&median, WHOLE)),
            words.figure(&p90, words.now(&p90, WHOLE)),
            words.n(&median, words.now(&median, WHOLE)),
            last_breach(words, *position),
            longest(words, *position),
        ]));
    }
    table
}

fn runs<'w>(words: &'w Words<'_>, commitment: u32) -> impl Iterator<Item = (u32, u64, Option<Day>)> + 'w {
    let leaves = words.leaves();
    let own = words.published.since_breach.iter().filter(move |((of, _), _)| *of == commitment);
    own.map(|((_, department), (n, day))| (*department, *n, *day))
        .filter(move |(one, ..)| leaves.contains(one))
}

/// The last day on which any department breached it.
fn last_breach(words: &Words<'_>, commitment: u32) -> Cell {
    match runs(words, commitment).filter_map(|(.., day)| day).max() {
        Some(day) => Cell::new(words.locale().day(day)),
        None => Cell::missing(words.phrase("report-never")),
    }
}

/// The department with most cases since its last breach.
fn longest(words: &Words<'_>, commitment: u32) -> Cell {
    match runs(words, commitment).max_by_key(|(_, n, _)| *n).filter(|(_, n, _)| *n > 0) {
        Some((department, n, _)) => Cell::new(words.count(n)).note(words.department(department)),
        None => Cell::missing("–"),
    }
}

/// One commitment by department.
fn departments(words: &Words<'_>, (position, one): (u32, &Commitment)) -> Option<Folded> {
    let heads = [
        "head-department",
        "kept-head-kept#",
        "kept-head-target#",
        "kept-head-verdict",
        "kept-head-n#",
        "report-head-breaches#",
        "report-head-median#",
        "report-head-p90#",
        "report-head-since#",
    ];
    let statement = words.commitment(&one.code);
    let mut table = words.table(statement.clone(), &heads);
    let share = of(Kept::Share, &one.code);
    for department in words.leaves().into_iter().filter(|department| words.is_known(&share, *department)) {
        let mut cells = vec![Cell::new(words.department(department))];
        cells.extend(against_target(words, &one.code, department));
        cells.extend([Kept::Breaches, Kept::Median, Kept::NinetiethPercentile].map(|kept| {
            let code = of(kept, &one.code);
            words.figure(&code, words.now(&code, department))
        }));
        cells.push(since(words, position, department));
        table.rows.push(Row::new(cells));
    }
    let n = table.rows.len();
    let summary = words.say("report-commitments-of", &[("name", statement.into()), ("count", n.into())]);
    (n > 0).then(|| Folded { summary, blocks: vec![Block::Table(table)] })
}

fn since(words: &Words<'_>, commitment: u32, department: u32) -> Cell {
    match words.published.since_breach.get(&(commitment, department)) {
        None => Cell::missing("–"),
        Some((n, None)) => Cell::new(words.count(*n)).note(words.phrase("report-never")),
        Some((n, Some(day))) => Cell::new(words.count(*n)).note(words.locale().day(*day)),
    }
}
