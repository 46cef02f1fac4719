//! One criterion of one service layer of a department.

use super::super::feed::Feed;
use super::{code_of, column, figure_columns, flags, integers, numbers, texts, window_months};
use crate::disclose::Published;
use crate::measure::{LayerTold, Layers};
use crate::project::Project;
use crate::stats::Figure;

struct Row<'a> {
    department: u32,
    told: &'a LayerTold,
    is_reached: bool,
    measure: &'static str,
    bar: f64,
    figure: Figure,
}

pub(super) fn feed(published: &Published, project: &Project) -> Feed {
    let window = window_months(project);
    let rows: Vec<Row<'_>> = published.satisfaction.layers.iter().flat_map(rows).collect();
    let mut columns = vec![
        column("department", texts(&rows, |row| code_of(project, row.department))),
        column("layer", texts(&rows, |row| row.told.layer.to_owned())),
        column("standing", texts(&rows, |row| row.told.standing.code().to_owned())),
        column("reached", flags(&rows, |row| row.is_reached)),
        column("measure", texts(&rows, |row| row.measure.to_owned())),
        column("bar", numbers(&rows, |row| Some(row.bar))),
        column("window_months", integers(&rows, |_| Some(window))),
    ];
    columns.extend(figure_columns(&rows, |row| row.figure));
    let description = "One criterion of one service layer of a department: share of satisfied or dissatisfied answers to the layer's items, share of its promises kept, each beside its bar";
    Feed { name: "layers", description, partition: Some(published.month), columns }
}

fn rows(own: &Layers) -> impl Iterator<Item = Row<'_>> {
    own.layers.iter().enumerate().flat_map(|(place, told)| {
        let row = |measure, bar, figure| Row {
            department: own.department,
            told,
            is_reached: place < own.reached,
            measure,
            bar,
            figure,
        };
        [
            row("satisfied", told.bar.satisfied, told.satisfied),
            row("dissatisfied", told.bar.dissatisfied, told.dissatisfied),
            row("kept", told.bar.kept, told.kept),
        ]
    })
}
