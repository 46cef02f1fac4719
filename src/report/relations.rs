//! Relations asked in advance, over departments and periods: within departments first, between them beside it.

use super::block::{Block, Cell, Row, Section, Table};
use super::views;
use super::words::Words;
use crate::chart::heatmap;
use crate::project::Method;
use crate::relation::{Coefficient, PanelTold, Related, Told};
use crate::stats::Reason;

/// Returns the section; nothing when no such relation was asked.
pub(super) fn section(words: &Words<'_>) -> Option<Section> {
    let panels: Vec<(&Told, &PanelTold)> = words
        .published
        .relations
        .iter()
        .filter_map(|told| match &told.related {
            Related::Panel(panel) => Some((told, panel.as_ref())),
            Related::Contact(_) => None,
        })
        .collect();
    if panels.is_empty() {
        return None;
    }
    let chart = heatmap::draw(&views::heatmap(words, &panels), words.studio);
    let blocks = vec![
        Block::Paragraph(words.phrase("report-relations-lead")),
        Block::chart(&chart),
        Block::Table(within(words, &panels)),
        Block::Table(beside(words, &panels)),
        Block::Note(words.phrase("report-relations-note")),
    ];
    Some(Section { id: "relations", title: words.phrase("report-relations"), blocks })
}

/// Returns the question as it was asked; both sides where it has no words.
pub(super) fn question(words: &Words<'_>, told: &Told) -> String {
    let own = words.project.relations.iter().find(|relation| relation.code == told.code);
    let question = own.map_or("", |relation| relation.question.get(words.language()));
    if question.is_empty() {
        let args = [("x", words.side(&told.x).into()), ("y", words.side(&told.y).into())];
        return words.say("heatmap-relation", &args);
    }
    question.to_owned()
}

fn sides(words: &Words<'_>, told: &Told, panel: &PanelTold) -> String {
    let method = match told.method {
        Method::Pearson => "report-method-pearson",
        Method::Spearman => "report-method-spearman",
    };
    let args = [
        ("x", words.side(&told.x).into()),
        ("y", words.side(&told.y).into()),
        ("grain", words.grain(panel.grain, told.lag).into()),
        ("method", words.phrase(method).into()),
    ];
    words.say("report-relations-sides", &args)
}

/// The coefficient within departments with its test.
fn within(words: &Words<'_>, panels: &[(&Told, &PanelTold)]) -> Table {
    let heads = [
        "report-head-question",
        "report-head-within#",
        "report-head-p#",
        "report-head-holm#",
        "report-head-bh#",
        "report-head-cells#",
        "report-head-departments#",
        "report-head-periods#",
    ];
    let mut table = words.table(words.phrase("report-relations-within"), &heads);
    for (told, panel) in panels {
        let mut cells = vec![Cell::new(question(words, told)).note(sides(words, told, panel))];
        cells.extend(tested(words, &panel.within));
        cells
            .extend([panel.n_cells, panel.n_departments, panel.n_periods].map(|n| Cell::new(words.count(n))));
        table.rows.push(Row::new(cells));
    }
    table
}

/// What could have been seen at all, and the coefficient between departments.
fn beside(words: &Words<'_>, panels: &[(&Told, &PanelTold)]) -> Table {
    let heads = [
        "report-head-question",
        "report-head-reliability-x#",
        "report-head-reliability-y#",
        "report-head-smallest#",
        "report-head-between#",
        "report-head-p#",
        "report-head-holm#",
        "report-head-bh#",
    ];
    let mut table = words.table(words.phrase("report-relations-beside"), &heads);
    let locale = words.locale();
    let share = |share: Option<f64>| {
        share.map_or_else(
            || Cell::missing(words.phrase("kept-no-figure")),
            |share| Cell::new(locale.decimal(share, 2)),
        )
    };
    for (told, panel) in panels {
        let when = if told.lag == 0 { String::new() } else { words.grain(panel.grain, told.lag) };
        let mut cells = vec![Cell::new(question(words, told)).note(when)];
        cells.extend([share(panel.reliability_x), share(panel.reliability_y)]);
        cells.push(
            panel.smallest_detectable.map_or_else(|| Cell::missing("–"), |r| Cell::new(locale.decimal(r, 2))),
        );
        cells.extend(tested(words, &panel.between));
        table.rows.push(Row::new(cells));
    }
    table
}

pub(super) fn tested(words: &Words<'_>, found: &Result<Coefficient, Reason>) -> [Cell; 4] {
    let locale = words.locale();
    match found {
        Err(reason) => {
            [Cell::missing(words.reason(*reason)), Cell::missing("–"), Cell::missing("–"), Cell::missing("–")]
        }
        Ok(found) => {
            let ends = found.estimate.lower.zip(found.estimate.upper);
            let range = |(lower, upper)| locale.range(&locale.correlation(lower), &locale.correlation(upper));
            let note = ends.map_or_else(|| words.phrase("report-no-interval"), range);
            let r = Cell::new(locale.correlation(found.estimate.value)).note(note);
            let holds = found.p_holm.is_some_and(|p| p < 0.05);
            [
                if holds { r.class("holds") } else { r },
                words.p_value(found.p_value),
                words.p_value(found.p_holm),
                words.p_value(found.p_bh),
            ]
        }
    }
}
