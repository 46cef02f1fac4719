//! One competency in the interviews of one group, and its comparison with the other group.

use super::super::feed::{Feed, Values};
use super::{column, integers, numbers, texts};
use crate::disclose::Published;
use crate::measure::Compared;
use crate::project::Project;
use crate::stats::Reason;
use crate::stats::rate_contrast::RateContrast;

pub(super) fn feed(published: &Published, project: &Project) -> Feed {
    let book = &project.interviews;
    let told = published.interviews.as_ref();
    let compared = told.map_or(&[][..], |told| told.compared.as_slice());
    let rows: Vec<(&Compared, usize)> =
        compared.iter().flat_map(|one| (0..book.groups.len()).map(move |group| (one, group))).collect();
    type Row<'a> = (&'a Compared, usize);
    let of = |get: fn(&RateContrast) -> f64| numbers(&rows, move |row| row.0.contrast.as_ref().ok().map(get));
    let least = project.privacy.min_people;
    let persons = |row: &Row<'_>| told.map(|told| told.persons[row.1]).filter(|n| *n >= least);
    let shown = |row: &Row<'_>| row.0.contrast != Err(Reason::Suppressed);
    let reason = |row: &Row<'_>| row.0.contrast.err().map(|reason| reason.code().to_owned());
    let columns = vec![
        column("competency", texts(&rows, |row| book.competencies[row.0.competency as usize].code.clone())),
        column("group", texts(&rows, |row| book.groups[row.1].code.clone())),
        column("persons", integers(&rows, persons)),
        column("behaviours", integers(&rows, |row| shown(row).then_some(row.0.behaviours[row.1]))),
        column("rate", numbers(&rows, |row| row.0.contrast.ok().map(|one| one.rates[row.1]))),
        column("reason", Values::Text(rows.iter().map(reason).collect())),
        column("level_mean", numbers(&rows, |row| row.0.levels[row.1])),
        column("ratio", of(|one| one.ratio)),
        column("ratio_lower", of(|one| one.interval.0)),
        column("ratio_upper", of(|one| one.interval.1)),
        column("p_value", numbers(&rows, |row| row.0.p_value)),
        column("p_holm", numbers(&rows, |row| row.0.p_holm)),
        column("agreement", numbers(&rows, |row| row.0.agreement.ok().map(|one| one.value))),
    ];
    let description = "One competency in the interviews of one group; the comparison with the other group stands in both rows";
    Feed { name: "interviews", description, partition: Some(published.month), columns }
}
