//! One figure of a dimension: penalty, reward, reward less penalty.

use super::super::feed::{Feed, Values};
use super::{ALL, column, figure_columns, integers, texts, window_months};
use crate::disclose::Published;
use crate::measure::{Contrast, Contrasts};
use crate::project::Project;
use crate::stats::Figure;

struct Row<'a> {
    of: &'a Contrasts,
    contrast: &'a Contrast,
    measure: &'static str,
    figure: Figure,
}

pub(super) fn feed(published: &Published, project: &Project) -> Feed {
    let window = window_months(project);
    let rows: Vec<Row<'_>> = published.satisfaction.contrasts.iter().flat_map(of_all).collect();
    let bend = |row: &Row<'_>| row.contrast.bend.code().to_owned();
    let is_difference = |row: &Row<'_>| row.measure == DIFFERENCE;
    let mut columns = vec![
        column("department", texts(&rows, |_| ALL.to_owned())),
        column("dimension", texts(&rows, |row| row.contrast.dimension.clone())),
        column("measure", texts(&rows, |row| row.measure.to_owned())),
        column("overall_item", texts(&rows, |row| row.of.overall.clone())),
        column("bend", texts(&rows, bend)),
        column("n_below", integers(&rows, |row| Some(row.contrast.answers[0]))),
        column("n_above", integers(&rows, |row| Some(row.contrast.answers[2]))),
        column("n_departments", integers(&rows, |row| u64::try_from(row.of.departments).ok())),
        column(
            "p_holm",
            Values::Number(
                rows.iter().map(|row| row.contrast.p_holm.filter(|_| is_difference(row))).collect(),
            ),
        ),
        column("window_months", integers(&rows, |_| Some(window))),
    ];
    columns.extend(figure_columns(&rows, |row| row.figure));
    let description = "One figure of a dimension over all departments: points of the overall judgement lost per 10 points of the dimension below the middle of its scale (penalty), gained per 10 points above it (reward), reward_less_penalty; the other dimensions being equal, errors robust to clusters by department";
    Feed { name: "penalties", description, partition: Some(published.month), columns }
}

const DIFFERENCE: &str = "reward_less_penalty";

fn of_all(of: &Contrasts) -> impl Iterator<Item = Row<'_>> {
    of.dimensions.iter().flat_map(move |contrast| {
        let row = |measure, figure| Row { of, contrast, measure, figure };
        [
            row("penalty", contrast.penalty),
            row("reward", contrast.reward),
            row(DIFFERENCE, contrast.difference),
        ]
    })
}
