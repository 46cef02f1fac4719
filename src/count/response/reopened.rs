//! Cases opened again: the same promise of the same department to the same contact, soon after one was closed as kept.

use std::collections::BTreeMap;

use super::Reopened;
use crate::books::Cut;
use crate::check::Case;
use crate::link::{Outcome, outcome_at};
use crate::month::Month;
use crate::project::Status;

/// Days within which a case that follows a kept one reopens it.
pub const REOPENED_WITHIN: i32 = 7;

const WITHIN: i64 = REOPENED_WITHIN as i64 * 86_400;

/// Counts the cases of `month` by their opening, and those of them that reopen a kept one; cases without a contact cannot be told and are
/// left out.
pub fn count_reopened<'a>(
    cases: impl Iterator<Item = &'a Case>,
    month: Month,
    cut: Cut,
) -> BTreeMap<(u32, u32), Reopened> {
    let promised = |case: &&Case| matches!(case.status, Status::Trial | Status::Announced);
    let mut own: Vec<(u128, &Case)> =
        cases.filter(promised).filter_map(|case| Some((case.contact?, case))).collect();
    own.sort_unstable_by_key(|(contact, case)| (*contact, case.opened, case.id));
    let mut counts: BTreeMap<(u32, u32), Reopened> = BTreeMap::new();
    for group in own.chunk_by(|one, other| one.0 == other.0) {
        for (place, (_, case)) in group.iter().enumerate().filter(|(_, own)| own.1.month_opened() == month) {
            let is_reopened = group[..place].iter().any(|(_, earlier)| follows(case, earlier, cut));
            let counts = counts.entry((case.department, case.commitment)).or_default();
            counts.begun += 1;
            counts.reopened += u64::from(is_reopened);
        }
    }
    counts
}

/// Says whether a case began within the days after an earlier one had been closed as kept.
fn follows(case: &Case, earlier: &Case, cut: Cut) -> bool {
    let is_same = (case.department, case.commitment) == (earlier.department, earlier.commitment);
    let is_soon = |closed: i64| (closed..=closed + WITHIN).contains(&case.opened);
    is_same && earlier.closed.is_some_and(is_soon) && outcome_at(earlier, cut.second()) == Outcome::Kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::books::State;
    use crate::link::tests::case;
    use crate::month::Day;

    const DAY: i64 = 86_400;

    fn again(id: u128, opened: i64) -> Case {
        Case { id, opened, ..case(Some(opened + DAY), Some(opened + 10), None, None) }
    }

    fn told(cases: &[Case]) -> Vec<((u32, u32), u64, u64)> {
        let found =
            count_reopened(cases.iter(), Month::new(1970, 1), Cut { day: Day(400), state: State::Final });
        found.into_iter().map(|(key, own)| (key, own.begun, own.reopened)).collect()
    }

    #[test]
    fn a_case_reopens_a_kept_one_within_seven_days() {
        let first = again(1, 0);
        assert_eq!(told(&[first.clone(), again(2, 7 * DAY + 10)]), [((0, 0), 2, 1)]);
        assert_eq!(told(&[first.clone(), again(2, 7 * DAY + 11)]), [((0, 0), 2, 0)]);
        assert_eq!(told(&[first.clone(), again(2, 9)]), [((0, 0), 2, 0)], "before it was closed");
        // The one before the month is known, and not counted itself.
        assert_eq!(told(&[again(1, -DAY), again(2, DAY)]), [((0, 0), 1, 1)]);
    }

    #[test]
    fn another_promise_department_or_contact_and_a_breach_are_no_reopening() {
        let first = again(1, 0);
        let others = [
            Case { department: 1, ..again(2, DAY) },
            Case { commitment: 1, ..again(3, DAY) },
            Case { contact: Some(9), ..again(4, DAY) },
            Case { contact: None, ..again(5, DAY) },
        ];
        let cases: Vec<Case> = std::iter::once(first).chain(others).collect();
        assert!(told(&cases).iter().all(|row| row.2 == 0));
        let late = Case { closed: Some(3 * DAY), ..again(1, 0) };
        assert_eq!(told(&[late, again(2, 4 * DAY)]), [((0, 0), 2, 0)]);
    }
}
