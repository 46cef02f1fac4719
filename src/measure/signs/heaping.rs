//! Heaping: many cases that end in the last tenth before the limit.

use std::collections::BTreeMap;

use super::bands::{Bands, limits_of};
use super::others::each;
use super::{Sign, SignKind};
use crate::count::MonthCounts;
use crate::month::Month;
use crate::project::{Commitment, Project, Status};

/// Tests every promise of every department over the rolling window, months under another limit left out.
///
/// A department must have more cases in the last tenth than in the tenth before it, and more than the other departments of the promise
/// have there: p is the larger of the two. With fewer than three others the tenth before is the only test.
pub(super) fn heaping(project: &Project, months: &BTreeMap<Month, MonthCounts>, month: Month) -> Vec<Sign> {
    let measured = (0..)
        .zip(&project.commitments)
        .filter(|(_, one)| matches!(one.status_in(month), Status::Trial | Status::Announced));
    measured.flat_map(|(position, one)| promise(project, months, (position, one), month)).collect()
}

fn promise(
    project: &Project,
    months: &BTreeMap<Month, MonthCounts>,
    (position, one): (u32, &Commitment),
    month: Month,
) -> Vec<Sign> {
    let limit_at = |day| one.limit_at(day).and_then(|limit| limit.limit);
    let Some(limit) = limit_at(month.last_day()) else { return Vec::new() };
    let ends = limits_of(one, limit);
    let first = month.plus(1 - project.rating.window_months);
    let is_same = |month: &Month| {
        limit_at(month.first_day()) == Some(limit) && limit_at(month.last_day()) == Some(limit)
    };
    let mut all: BTreeMap<u32, Bands> = BTreeMap::new();
    for (_, counts) in months.range(first..=month).filter(|(month, _)| is_same(month)) {
        let own = counts.commitments.distributions.iter().filter(|((_, of, _), _)| *of == position);
        for ((department, _, what), distribution) in own {
            let end = ends.iter().find(|(measured, _)| measured == what).map(|(_, end)| *end);
            if let Some(bands) = end.and_then(|end| Bands::of(distribution, end)) {
                all.entry(*department).or_default().merge(&bands);
            }
        }
    }
    let units: Vec<(u64, u64)> = all.values().map(|bands| (bands.last, bands.n)).collect();
    let test = |((department, bands), others): ((u32, Bands), Option<(f64, f64)>)| {
        let (near, p_near) = bands.against_before();
        let (expected, p) = match others {
            Some((share, p)) => (share.max(near), p.max(p_near)),
            None => (near, p_near),
        };
        let sign = Sign::new(SignKind::Heaping, department, (bands.last, bands.n), (expected, p));
        (bands.n > 0).then_some(Sign { commitment: Some(position), ..sign })
    };
    all.clone().into_iter().zip(each(&units)).filter_map(test).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::count::Measured;
    use crate::project::sample::project;

    /// Twelve months of waits in minutes, promised within ten, of `departments`; the first heaps as often as told.
    fn months(departments: u32, heaped: u64) -> BTreeMap<Month, MonthCounts> {
        let month = |number: i32| {
            let mut counts = MonthCounts::default();
            for department in 0..departments {
                let own =
                    counts.commitments.distributions.entry((department, 0, Measured::Value)).or_default();
                (1..=15).for_each(|minute| own.add(minute * 1_000_000, 20 - minute as u64));
                own.add(10_000_000, if department == 0 { heaped } else { 0 });
            }
            (Month::new(2026, 1).plus(number), counts)
        };
        (0..12).map(month).collect()
    }

    fn told(departments: u32, heaped: u64) -> Vec<Sign> {
        let mut project = project();
        let one = &mut project.commitments[0];
        one.unit = crate::project::Unit::Minutes;
        one.limits.iter_mut().for_each(|limit| limit.limit = Some(10.0));
        heaping(&project, &months(departments, heaped), Month::new(2026, 12))
    }

    #[test]
    fn a_department_that_heaps_is_found_beside_others_or_alone() {
        for departments in [1, 6] {
            let found = told(departments, 40);
            assert_eq!(found.len(), departments as usize);
            assert!(found[0].p_value < 1e-9 && found[0].commitment == Some(0), "{found:?}");
            assert!(found.iter().skip(1).all(|sign| sign.p_value > 0.2));
            assert_eq!((found[0].hits, found[0].n), (12 * 50, 12 * 220));
        }
    }

    #[test]
    fn what_all_do_and_what_there_is_not_are_none() {
        assert!(told(6, 0).iter().all(|sign| sign.p_value > 0.2));
        let project = project();
        assert!(heaping(&project, &BTreeMap::new(), Month::new(2026, 12)).is_empty());
    }
}
