//! Which service layer a department reaches: core, additional, extra, beyond awareness.

use super::block::{Block, Cell, Head, Row, Section, Table};
use super::words::Words;
use crate::measure::{Code, Kept, LayerStanding, LayerTold, Layers, WHOLE};
use crate::stats::{Figure, Reason};

/// Returns the section; nothing for a project whose items have no layers.
pub(super) fn section(words: &Words<'_>) -> Option<Section> {
    let whole = words.published.satisfaction.layers.iter().find(|own| own.department == WHOLE)?;
    let leaves = words.leaves();
    let of = |department: &u32| {
        words.published.satisfaction.layers.iter().find(|own| own.department == *department)
    };
    let departments: Vec<&Layers> = leaves.iter().filter_map(of).collect();
    let mut blocks = vec![Block::Paragraph(words.phrase("report-layers-intro"))];
    blocks.extend((departments.len() > 1).then(|| Block::Paragraph(counted(words, &departments))));
    blocks.push(Block::Table(table_of_whole(words, whole)));
    blocks.push(Block::Table(table_of_departments(words, whole, &departments)));
    blocks.push(Block::Note(words.phrase("report-layers-note")));
    Some(Section { id: "layers", title: words.phrase("report-layers"), blocks })
}

fn counted(words: &Words<'_>, departments: &[&Layers]) -> String {
    let is_below =
        |own: &&&Layers| own.layers.first().is_some_and(|one| one.standing == LayerStanding::NotReached);
    let args = [
        ("count", departments.len().into()),
        ("none", departments.iter().filter(is_below).count().into()),
        ("first", departments.iter().filter(|own| own.reached > 0).count().into()),
    ];
    words.say("report-layers-counts", &args)
}

fn months(words: &Words<'_>) -> String {
    words.locale().months(words.published.rolling_from, words.published.month)
}

fn name(words: &Words<'_>, layer: &str) -> String {
    words.phrase(&format!("report-layer-{layer}"))
}

fn share(words: &Words<'_>, figure: &Figure) -> Cell {
    match figure {
        Err(Reason::NotApplicable) => Cell::missing("–"),
        figure => words.figure(&Code::Commitment(Kept::Share, String::new()), Some(figure)),
    }
}

fn standing(words: &Words<'_>, standing: LayerStanding) -> Cell {
    let cell = Cell::new(words.phrase(&format!("report-layer-standing-{}", standing.code())));
    match standing {
        LayerStanding::Reached => cell.class("good"),
        LayerStanding::NotReached => cell.class("bad"),
        LayerStanding::CannotTell => cell.class("missing"),
    }
}

fn table_of_whole(words: &Words<'_>, whole: &Layers) -> Table {
    let heads = [
        "report-head-layer",
        "report-head-layer-standing",
        "report-head-layer-satisfied#",
        "report-head-layer-dissatisfied#",
        "report-head-layer-kept#",
        "report-head-layer-bars",
    ];
    let args = [("place", words.bank().into()), ("months", months(words).into())];
    let mut table = words.table(words.say("report-layers-whole", &args), &heads);
    let percent = |share: f64| words.locale().share(share, 0);
    let row = |one: &LayerTold| {
        let args = [
            ("satisfied", percent(one.bar.satisfied).into()),
            ("dissatisfied", percent(one.bar.dissatisfied).into()),
            ("kept", percent(one.bar.kept).into()),
        ];
        Row::new(vec![
            Cell::new(name(words, one.layer)),
            standing(words, one.standing),
            share(words, &one.satisfied),
            share(words, &one.dissatisfied),
            share(words, &one.kept),
            Cell::new(words.say("report-layers-bars", &args)),
        ])
    };
    table.rows = whole.layers.iter().map(row).collect();
    table
}

fn table_of_departments(words: &Words<'_>, whole: &Layers, departments: &[&Layers]) -> Table {
    let caption = words.say("report-layers-departments", &[("months", months(words).into())]);
    let mut table = words.table(caption, &["head-department", "report-head-layer-reached"]);
    let heads = whole.layers.iter().map(|one| Head { text: name(words, one.layer), numeric: false });
    table.heads.extend(heads);
    table.heads.push(Head { text: words.phrase("report-head-n"), numeric: true });
    for own in departments {
        let mut cells = vec![Cell::new(words.department(own.department)), reached(words, own)];
        cells.extend(own.layers.iter().map(|one| layer(words, one)));
        let n = own.layers.iter().filter_map(|one| one.satisfied.ok()).map(|one| one.n).max();
        cells.push(n.map_or_else(|| Cell::missing("–"), |n| Cell::new(words.count(n))));
        table.rows.push(Row::new(cells));
    }
    table
}

/// The last layer reached, and whether the next one is open.
fn reached(words: &Words<'_>, own: &Layers) -> Cell {
    let last = own.reached.checked_sub(1).and_then(|place| own.layers.get(place));
    let is_open = own.next().is_some_and(|next| next.standing == LayerStanding::CannotTell);
    match last {
        Some(last) => {
            let open = if is_open { words.phrase("report-layer-open") } else { String::new() };
            Cell::new(name(words, last.layer)).note(open)
        }
        None if is_open => standing(words, LayerStanding::CannotTell),
        None => Cell::new(words.phrase("report-layer-none")),
    }
}

/// A layer by itself, with its shares below.
fn layer(words: &Words<'_>, one: &LayerTold) -> Cell {
    let percent = |figure: &Figure| figure.map(|own| words.locale().share(own.value, 0)).ok();
    let (Some(satisfied), Some(dissatisfied)) = (percent(&one.satisfied), percent(&one.dissatisfied)) else {
        return standing(words, one.standing);
    };
    let args = [("satisfied", satisfied.into()), ("dissatisfied", dissatisfied.into())];
    let note = match percent(&one.kept) {
        None => words.say("report-layer-shares", &args),
        Some(kept) => {
            let [satisfied, dissatisfied] = args;
            words.say("report-layer-shares-kept", &[satisfied, dissatisfied, ("kept", kept.into())])
        }
    };
    standing(words, one.standing).note(note)
}
