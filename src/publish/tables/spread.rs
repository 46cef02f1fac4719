//! One figure about the spread of a measure.

use super::super::feed::Feed;
use super::{code_of, column, figure_columns, integers, numbers, texts, window_months};
use crate::disclose::Published;
use crate::measure::{Context, Spread, Unit};
use crate::project::Project;
use crate::stats::{Estimate, Figure, Marks, Reason};

struct Row<'a> {
    own: &'a Spread,
    measure: &'static str,
    unit: Unit,
    p_value: Option<f64>,
    figure: Figure,
}

pub(super) fn feed(published: &Published, project: &Project) -> Feed {
    let context = Context::new(project, Default::default());
    let window = window_months(project);
    let rows: Vec<Row<'_>> = published.satisfaction.spreads.iter().flat_map(rows).collect();
    let mut columns = vec![
        column("department", texts(&rows, |row| code_of(project, row.own.department))),
        column("variable", texts(&rows, |row| row.own.code.text(&context))),
        column("measure", texts(&rows, |row| row.measure.to_owned())),
        column("unit", texts(&rows, |row| row.unit.code().to_owned())),
        column("window_months", integers(&rows, |_| Some(window))),
    ];
    columns.extend(figure_columns(&rows, |row| row.figure));
    columns.push(column("p_value", numbers(&rows, |row| row.p_value)));
    let description = "One figure about the spread of a measure: mean, standard deviation between answers, share of answers at the bottom, standard deviation between months beyond sampling with the p value of Cochran's Q";
    Feed { name: "spread", description, partition: Some(published.month), columns }
}

fn rows(own: &Spread) -> Vec<Row<'_>> {
    let row = |measure, unit, figure| Row { own, measure, unit, p_value: None, figure };
    let of_mean = own.mean.map(|one| one.n).unwrap_or_default();
    let bare = |value: f64, n: u64| Estimate {
        value,
        std_error: None,
        lower: None,
        upper: None,
        n,
        n_effective: n as f64,
        marks: Marks::default(),
    };
    let mut rows = vec![
        row("mean", Unit::Points, own.mean),
        row("standard_deviation", Unit::Points, own.deviation.map(|value| bare(value, of_mean))),
        row("bottom_share", Unit::Share, own.bottom),
    ];
    if own.monthly != Err(Reason::NotApplicable) {
        let figure = own.monthly.map(|one| bare(one.deviation, one.months as u64));
        let p_value = own.monthly.ok().map(|one| one.p_value);
        rows.push(Row { p_value, ..row("between_months", Unit::Points, figure) });
    }
    rows
}
