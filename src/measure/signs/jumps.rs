//! Jumps of the response rate: a month against the department's own past, beyond what the other departments moved.

use std::collections::BTreeMap;

use super::{Sign, SignKind};
use crate::count::{Asked, MonthCounts};
use crate::measure::response::{asked, population};
use crate::month::Month;
use crate::project::Project;
use crate::stats::distribution::student_two_sided;

/// Months of the past that a month is held against, and fewest of them.
const PAST: (i32, usize) = (12, 3);

/// Fewest departments: of fewer it cannot be told how they move.
const DEPARTMENTS: usize = 5;

/// The median absolute deviation of a normal distribution is its standard deviation divided by this.
const NORMAL: f64 = 1.482_602_218_505_602;

/// A department's move on the scale of arcsine roots.
struct Move {
    department: u32,
    now: Asked,
    past: f64,
    by: f64,
    error: f64,
}

/// Tests every month of the rolling window of every department.
///
/// The move is asin √rate of the month less that of the twelve months before it, less the median of all departments' moves; its variance
/// 1/(4n) + 1/(4 n of the past), times the overdispersion of the month: (1.4826 · median |z|)², at least 1. p is two-sided from Student's t
/// with one degree of freedom fewer than departments. Months without any answer are gaps, not jumps.
pub(super) fn jumps(
    project: &Project,
    months: &BTreeMap<Month, MonthCounts>,
    leaves: &[u32],
    month: Month,
) -> Vec<Sign> {
    let Some(population) = population(project) else { return Vec::new() };
    let mut series: BTreeMap<u32, BTreeMap<Month, Asked>> = BTreeMap::new();
    for (&one, counts) in months.range(..=month) {
        for &department in leaves {
            let own = asked(counts, population, department).filter(|own| own.answered > 0);
            if let Some(own) = own {
                series.entry(department).or_default().insert(one, own);
            }
        }
    }
    let first = month.plus(1 - project.rating.window_months);
    first.to(month).flat_map(|month| of_month(&series, month)).collect()
}

fn of_month(series: &BTreeMap<u32, BTreeMap<Month, Asked>>, month: Month) -> Vec<Sign> {
    let moves: Vec<Move> =
        series.iter().filter_map(|(department, own)| moved(*department, own, month)).collect();
    if moves.len() < DEPARTMENTS {
        return Vec::new();
    }
    let common = median(moves.iter().map(|one| one.by).collect());
    let z = |one: &Move| (one.by - common) / one.error;
    let spread = NORMAL * median(moves.iter().map(|one| z(one).abs()).collect());
    let df = moves.len() as f64 - 1.0;
    let test = |one: &Move| {
        let expected = (one.past + common).clamp(0.0, std::f64::consts::FRAC_PI_2);
        let rate = libm::sin(expected).powi(2);
        let p = student_two_sided(z(one) / spread.max(1.0), df);
        let sign =
            Sign::new(SignKind::ResponseJump, one.department, (one.now.answered, one.now.asked), (rate, p));
        Sign { month: Some(month), ..sign }
    };
    moves.iter().map(test).collect()
}

fn moved(department: u32, own: &BTreeMap<Month, Asked>, month: Month) -> Option<Move> {
    let now = *own.get(&month)?;
    let before: Vec<&Asked> = own.range(month.plus(-PAST.0)..month).map(|(_, one)| one).collect();
    let mut past = Asked::default();
    before.iter().for_each(|one| past.merge(one));
    let root = |one: &Asked| libm::asin((one.answered as f64 / one.asked as f64).sqrt());
    let error = (0.25 / now.asked as f64 + 0.25 / past.asked as f64).sqrt();
    let found = Move { department, now, past: root(&past), by: root(&now) - root(&past), error };
    (before.len() >= PAST.1).then_some(found)
}

/// The median; 0 without values.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => 0.0,
        n if n % 2 == 1 => values[middle],
        _ => 0.5 * (values[middle - 1] + values[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Month = Month(2025 * 12);

    /// Rates in hundredths of eight departments over fifteen months; `of` changes those of the first.
    fn series(of: impl Fn(i32, u64) -> u64) -> BTreeMap<u32, BTreeMap<Month, Asked>> {
        let own = |department: u32| {
            let month = |number: i32| {
                let usual = 80 + (u64::from(department) * 7 + number as u64 * 3) % 11;
                let answered = if department == 0 { of(number, usual) } else { usual };
                (FIRST.plus(number), Asked { asked: 400, answered })
            };
            (department, (0..15).map(month).collect())
        };
        (0..8).map(own).collect()
    }

    fn told(series: &BTreeMap<u32, BTreeMap<Month, Asked>>) -> Vec<(u32, i32)> {
        let tests = (0..15).flat_map(|number| of_month(series, FIRST.plus(number)));
        let small = tests.filter(|test| test.p_value < 1e-4);
        small.map(|test| (test.department, test.month.unwrap().0 - FIRST.0)).collect()
    }

    #[test]
    fn a_department_that_doubles_is_found_when_it_does() {
        assert_eq!(told(&series(|_, usual| usual)), []);
        let found = told(&series(|number, usual| if number < 12 { usual } else { 2 * usual }));
        assert_eq!(found.first(), Some(&(0, 12)));
        assert!(found.iter().all(|one| one.0 == 0));
    }

    #[test]
    fn a_move_that_all_make_and_a_month_too_early_are_none() {
        let mut all = series(|_, usual| usual);
        for own in all.values_mut() {
            own.iter_mut()
                .filter(|(month, _)| **month >= FIRST.plus(12))
                .for_each(|(_, one)| one.answered *= 2);
        }
        assert_eq!(told(&all), []);
        let early = series(|number, usual| if number < 2 { usual } else { 2 * usual });
        assert!(told(&early).iter().all(|one| one.1 >= 3), "three months make a past");
        let few: BTreeMap<u32, BTreeMap<Month, Asked>> =
            series(|_, usual| usual).into_iter().take(4).collect();
        assert!(of_month(&few, FIRST.plus(14)).is_empty());
    }

    #[test]
    fn the_expected_rate_is_the_past_moved_as_the_others_moved() {
        let tests = of_month(&series(|_, usual| usual), FIRST.plus(14));
        assert_eq!(tests.len(), 8);
        assert!(tests.iter().all(|test| (test.expected - 0.21).abs() < 0.02), "{tests:?}");
    }
}
