//! The case log as a census: the customers whose promises it records, each once a month, and whether they answered.

use std::collections::BTreeMap;

use super::{Asked, ContactCell, Cuts, class};
use crate::books::Cut;
use crate::check::Case;
use crate::link::{Outcome, outcome_at};
use crate::month::Month;
use crate::project::{Project, Status};

/// What is known of one contact: where and how its first case of the month began, and the worst of its outcomes.
struct Contact<'a> {
    first: &'a Case,
    worst: Outcome,
}

/// Counts the contacts whose cases began in `month`; `answered` tells what had become of the promises of those who answered then.
///
/// A contact without an answer counts by what was known when the books closed. Those with void cases alone were promised nothing.
pub fn count_contacts<'a>(
    project: &Project,
    cases: impl Iterator<Item = &'a Case>,
    (month, cut): (Month, Cut),
    answered: &BTreeMap<u128, Outcome>,
    names: &BTreeMap<u64, String>,
) -> BTreeMap<ContactCell, Asked> {
    let mut contacts: BTreeMap<u128, Contact<'_>> = BTreeMap::new();
    let is_promised = |case: &&Case| {
        let is_made = matches!(case.status, Status::Trial | Status::Announced);
        case.month_opened() == month && case.customer.is_none() && is_made
    };
    for case in cases.filter(is_promised) {
        let Some(contact) = case.contact else { continue };
        let outcome = outcome_at(case, cut.second());
        let own = contacts.entry(contact).or_insert(Contact { first: case, worst: outcome });
        own.worst = own.worst.min(outcome);
        if (case.opened, case.id) < (own.first.opened, own.first.id) {
            own.first = case;
        }
    }
    let cuts = Cuts::of(project);
    let mut counts: BTreeMap<ContactCell, Asked> = BTreeMap::new();
    for (id, contact) in contacts {
        let answer = answered.get(&id).copied();
        let outcome = class(answer.filter(|own| *own != Outcome::NoCase).unwrap_or(contact.worst));
        if outcome == Outcome::NoCase {
            continue;
        }
        let department = contact.first.department;
        let (segment, channel) = cuts.names(&contact.first.segments, names);
        let cell =
            ContactCell { department, served_by: department, outcome: Some(outcome), segment, channel };
        let answered = answer.is_some().into();
        counts.entry(cell).or_default().merge(&Asked { asked: 1, answered });
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::books::State;
    use crate::link::tests::case;
    use crate::month::Day;
    use crate::project::sample::project;

    const DAY: i64 = 86_400;

    fn told(cases: &[Case], answered: &[(u128, Outcome)]) -> Vec<(Option<Outcome>, u32, u64, u64)> {
        let cut = Cut { day: Day(400), state: State::Final };
        let answered = answered.iter().copied().collect();
        let found =
            count_contacts(&project(), cases.iter(), (Month::new(1970, 1), cut), &answered, &BTreeMap::new());
        let row = |(cell, asked): (ContactCell, Asked)| {
            (cell.outcome, cell.department, asked.asked, asked.answered)
        };
        found.into_iter().map(row).collect()
    }

    #[test]
    fn a_contact_counts_once_by_its_worst_case_where_it_began() {
        let kept = Case { id: 1, opened: 5, ..case(Some(10), Some(9), None, None) };
        let late = Case { id: 2, opened: 3, department: 7, ..case(Some(10), Some(20), None, None) };
        let other = Case { id: 3, contact: Some(2), ..kept.clone() };
        let nobody = Case { id: 4, contact: None, ..kept.clone() };
        let found = told(&[kept.clone(), late.clone(), other, nobody], &[(2, Outcome::Kept)]);
        assert_eq!(found, [(Some(Outcome::Kept), 0, 1, 1), (Some(Outcome::BreachedUnremedied), 7, 1, 0)]);
        // Whoever answered counts by what had become of it by then.
        let late = [kept, late];
        assert_eq!(told(&late, &[(1, Outcome::Kept)]), [(Some(Outcome::Kept), 7, 1, 1)]);
    }

    #[test]
    fn void_cases_internal_ones_and_other_months_are_left_out() {
        let void = case(Some(10), None, Some(5), None);
        let internal = Case { customer: Some(1), ..case(Some(10), Some(9), None, None) };
        let later = Case { opened: 40 * DAY, ..case(Some(41 * DAY), Some(40 * DAY), None, None) };
        let draft = Case { status: Status::Draft, ..case(Some(10), Some(9), None, None) };
        assert_eq!(told(&[void, internal, later, draft], &[]), []);
    }
}
