//! What the store holds of the months up to the reported one.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;

use crate::books::State;
use crate::check::Registers;
use crate::count::{Layout, MonthCounts};
use crate::error::Result;
use crate::measure::WHOLE;
use crate::month::Month;
use crate::project::Project;
use crate::store::{
    Header, MONTH_TABLES, SEGMENT_FAMILIES, SegmentSums, Store, TableSpec, add_segments, counts,
};

pub(super) type Months = (BTreeMap<Month, Header>, BTreeMap<Month, MonthCounts>);

/// Reads every month up to `last`, side by side.
pub(super) fn read(
    registers: &Registers<'_>,
    project: &Project,
    folder: &Path,
    last: Month,
) -> Result<Months> {
    let store = Store::open(folder)?;
    let layouts: BTreeMap<&str, _> = project
        .questionnaires
        .iter()
        .map(|one| (one.code.as_str(), crate::count::Layout::new(project, one)))
        .collect();
    let is_kept = |spec: &&&TableSpec| !["segments", SEGMENT_FAMILIES.name].contains(&spec.name);
    let specs: Vec<_> = MONTH_TABLES.iter().filter(is_kept).copied().collect();
    let wanted: Vec<Month> = store.list_months()?.into_iter().filter(|month| *month <= last).collect();
    let read: Vec<Option<(Month, Header, MonthCounts)>> = wanted
        .par_iter()
        .map(|&month| {
            let stored = store.read_month(month, &specs)?;
            Ok(stored
                .map(|stored| (month, stored.header, counts(registers, &layouts, month, &stored.tables))))
        })
        .collect::<Result<_>>()?;
    let mut months = (BTreeMap::new(), BTreeMap::new());
    for (month, header, counts) in read.into_iter().flatten() {
        months.0.insert(month, header);
        months.1.insert(month, counts);
    }
    Ok(months)
}

/// More departments than this have no table of segments, and their sums are not read.
const DEPARTMENTS_MAX: usize = 100;

/// Adds up what the store holds of the clients' segments over the months from `first` to `last`: of the whole, and of each department
/// where they are not too many to be shown. One month is held at a time.
pub(super) fn segments(
    registers: &Registers<'_>,
    layout: &Layout,
    folder: &Path,
    (first, last): (Month, Month),
) -> Result<SegmentSums> {
    let store = Store::open(folder)?;
    let project = registers.project;
    let mut sums = SegmentSums::new();
    let is_shown = project.departments.iter().filter(|one| one.leaf).count() <= DEPARTMENTS_MAX;
    let place = |department: u32| if is_shown { vec![department, WHOLE] } else { vec![WHOLE] };
    for month in store.list_months()?.into_iter().filter(|month| (first..=last).contains(month)) {
        let stored = store.read_month(month, &[&SEGMENT_FAMILIES])?;
        if let Some(table) = stored.as_ref().and_then(|stored| stored.tables.get(SEGMENT_FAMILIES.name)) {
            add_segments(registers, layout, table, (&mut sums, place));
        }
    }
    Ok(sums)
}

/// Months that were provisional when they were counted.
pub(super) fn provisional(window: &[Month], headers: &BTreeMap<Month, Header>) -> Vec<Month> {
    let is_provisional =
        |month: &Month| headers.get(month).is_some_and(|own| own.state == State::Provisional);
    window.iter().copied().filter(is_provisional).collect()
}

/// How much of a month's answers was known by the same day in the months that are final, each answer counted once.
pub(super) fn completeness(
    project: &Project,
    headers: &BTreeMap<Month, Header>,
    month: Month,
) -> BTreeMap<String, Option<f64>> {
    let Some(reported) = headers.get(&month) else { return BTreeMap::new() };
    let days = reported.cut.0 - month.last_day().0;
    let share = |questionnaire: &str| {
        let prefix = format!("{questionnaire}.lag.");
        let (mut known, mut all) = (0u64, 0u64);
        // Only months whose latest answers have had time to come say how late answers are.
        let settled =
            headers.iter().filter(|(past, header)| header.state == State::Final && **past <= month.plus(-3));
        for (name, n) in settled.flat_map(|(_, header)| &header.totals) {
            if let Some(lag) = name.strip_prefix(&prefix).and_then(|lag| lag.parse::<i32>().ok()) {
                all += n;
                known += if lag <= days { *n } else { 0 };
            }
        }
        (all > 0).then(|| known as f64 / all as f64)
    };
    project.questionnaires.iter().map(|one| (one.code.clone(), share(&one.code))).collect()
}
