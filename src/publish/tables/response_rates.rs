//! Who answered: customers and answers of a department by outcome, segment and channel.

use super::super::feed::Feed;
use super::{ALL, code_of, column, figure_columns, integers, texts, window_months};
use crate::count::Asked;
use crate::disclose::Published;
use crate::link::Outcome;
use crate::measure::{Population, Slice};
use crate::project::Project;

type Row<'a> = (&'a (u32, Slice), &'a Asked);

pub(super) fn feed(published: &Published, project: &Project) -> Feed {
    let responses = published.responses.as_ref();
    let rows: Vec<Row<'_>> = responses.iter().flat_map(|one| &one.rates).collect();
    let population = match responses.map(|one| one.population) {
        Some(Population::CaseLog) => "case_log",
        _ => "invited",
    };
    let months = window_months(project);
    let name = |side: &Option<String>| side.clone().unwrap_or_else(|| ALL.into());
    let mut columns = vec![
        column("department", texts(&rows, |row| code_of(project, row.0.0))),
        column("contact_outcome", texts(&rows, |row| row.0.1.outcome.map_or(ALL, Outcome::code).into())),
        column("segment", texts(&rows, |row| name(&row.0.1.segment))),
        column("channel", texts(&rows, |row| name(&row.0.1.channel))),
        column("population", texts(&rows, |_| population.into())),
        column("window_months", integers(&rows, |_| Some(months))),
        column("asked", integers(&rows, |row| Some(row.1.asked))),
        column("answered", integers(&rows, |row| Some(row.1.answered))),
    ];
    columns.extend(figure_columns(&rows, |row| row.1.rate()));
    let description =
        "Share of customers who answered, by what had become of their promises, by segment and by channel";
    Feed { name: "response_rates", description, partition: Some(published.month), columns }
}
