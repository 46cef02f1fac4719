//! One figure of an item: importance, satisfaction, their gap; expected, perceived, their gap.

use super::super::feed::{Feed, Values};
use super::{code_of, column, figure_columns, integers, texts, window_months};
use crate::disclose::Published;
use crate::measure::{Expectation, Priority};
use crate::project::Project;
use crate::stats::Figure;

struct Row<'a> {
    department: u32,
    item: &'a str,
    measure: &'static str,
    priority: Option<&'a Priority>,
    figure: Figure,
}

pub(super) fn feed(published: &Published, project: &Project) -> Feed {
    let window = window_months(project);
    let own = published.satisfaction.priorities.iter().flat_map(|(&department, all)| {
        all.iter().flat_map(move |priority| of_importance(department, priority))
    });
    let rows: Vec<Row<'_>> =
        own.chain(published.satisfaction.expectations.iter().flat_map(of_expectation)).collect();
    let against = rows.iter().map(|row| Some(row.priority?.against_mean.code().to_owned()));
    let quadrant = rows.iter().map(|row| Some(row.priority?.quadrant?.name().to_owned()));
    let decided = rows.iter().map(|row| Some(row.priority?.is_decided));
    let mut columns = vec![
        column("department", texts(&rows, |row| code_of(project, row.department))),
        column("item", texts(&rows, |row| row.item.to_owned())),
        column("measure", texts(&rows, |row| row.measure.to_owned())),
        column("against_mean", Values::Text(against.collect())),
        column("quadrant", Values::Text(quadrant.collect())),
        column("quadrant_decided", Values::Flag(decided.collect())),
        column("window_months", integers(&rows, |_| Some(window))),
    ];
    columns.extend(figure_columns(&rows, |row| row.figure));
    let description = "One figure of an item on 0 to 100: stated importance of all customers, satisfaction of the department's, importance less satisfaction; or expected and perceived levels of the same customers and perceived less expected";
    Feed { name: "priorities", description, partition: Some(published.month), columns }
}

fn of_importance(department: u32, own: &Priority) -> [Row<'_>; 3] {
    let row = |measure, priority, figure| Row { department, item: &own.item, measure, priority, figure };
    [
        row("importance", None, own.importance),
        row("satisfaction", None, own.satisfaction),
        row("importance_less_satisfaction", Some(own), own.gap),
    ]
}

fn of_expectation(own: &Expectation) -> [Row<'_>; 3] {
    let row = |measure, figure| Row {
        department: own.department,
        item: &own.item,
        measure,
        priority: None,
        figure,
    };
    [row("expected", own.expected), row("perceived", own.perceived), row("perceived_less_expected", own.gap)]
}
