//! One figure of a segment, or of what the mix of segments did.

use super::super::feed::{Feed, Values};
use super::{code_of, column, figure_columns, integers, texts, window_months};
use crate::disclose::Published;
use crate::measure::{Cut, Unit};
use crate::project::Project;
use crate::stats::Figure;

struct Row<'a> {
    cut: &'a Cut,
    segment: Option<&'a str>,
    measure: &'static str,
    unit: Unit,
    figure: Figure,
}

pub(super) fn feed(published: &Published, project: &Project) -> Feed {
    let window = window_months(project);
    let rows: Vec<Row<'_>> = published.satisfaction.cuts.iter().flat_map(rows).collect();
    let mut columns = vec![
        column("department", texts(&rows, |row| code_of(project, row.cut.department))),
        column("cut", texts(&rows, |row| row.cut.cut.clone())),
        column("segment", Values::Text(rows.iter().map(|row| row.segment.map(str::to_owned)).collect())),
        column("measure", texts(&rows, |row| row.measure.to_owned())),
        column("unit", texts(&rows, |row| row.unit.code().to_owned())),
        column("window_months", integers(&rows, |_| Some(window))),
    ];
    columns.extend(figure_columns(&rows, |row| row.figure));
    let description = "One figure of a segment of a cut: satisfaction index, share of the answers now and in the window before; or what the change of the index since the window before comes from: mix of segments, answers inside them";
    Feed { name: "segments", description, partition: Some(published.month), columns }
}

fn rows(cut: &Cut) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    for segment in &cut.segments {
        let row =
            |measure, unit, figure| Row { cut, segment: Some(segment.name.as_str()), measure, unit, figure };
        rows.extend([
            row("satisfaction_index", Unit::Points, segment.index),
            row("share_of_answers", Unit::Share, segment.share),
            row("share_of_answers_before", Unit::Share, segment.share_before),
        ]);
    }
    let row = |measure, figure| Row { cut, segment: None, measure, unit: Unit::Points, figure };
    let shift = cut.shift.as_ref().map_err(|reason| *reason);
    rows.extend([
        row("index_change", shift.and_then(|one| one.total)),
        row("index_change_by_mix", shift.map(|one| one.mix)),
        row("index_change_inside", shift.and_then(|one| one.inside)),
    ]);
    rows
}
