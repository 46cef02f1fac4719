//! Invitations: published totals of customers invited and answered.

use std::collections::BTreeMap;

use super::{Asked, ContactCell};
use crate::check::{INVITED_PREFIX, INVITED_SEPARATOR, Total};
use crate::link::Outcome;

/// Takes the invitations out of the totals of one month.
pub fn count_invitations<'t>(totals: impl Iterator<Item = &'t Total>) -> BTreeMap<ContactCell, Asked> {
    let mut counts: BTreeMap<ContactCell, Asked> = BTreeMap::new();
    for total in totals {
        if let Some(cell) = cell(total) {
            let asked = Asked { asked: total.n.unwrap_or_default(), answered: total.value as u64 };
            counts.entry(cell).or_default().merge(&asked);
        }
    }
    counts
}

fn cell(total: &Total) -> Option<ContactCell> {
    let mut parts = total.variable.strip_prefix(INVITED_PREFIX)?.splitn(3, INVITED_SEPARATOR);
    let outcome = Outcome::of(parts.next()?)?;
    let (segment, channel) = (parts.next()?.to_owned(), parts.next()?.to_owned());
    let (department, served_by) = (total.department, total.department);
    Some(ContactCell { department, served_by, outcome: Some(outcome), segment, channel })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Place;
    use crate::month::Month;

    fn total(variable: &str, value: f64, n: Option<u64>) -> Total {
        let (place, month) = (Place { file: 0, line: 0 }, Month::new(2026, 1));
        Total {
            id: 0,
            content: 0,
            place,
            department: 3,
            month,
            variable: variable.into(),
            value,
            n,
            sd: None,
        }
    }

    #[test]
    fn only_totals_of_invitations_are_taken() {
        let totals = [
            total("invited:kept\u{1}vip\u{1}app", 3.0, Some(10)),
            total("invited:no_case\u{1}\u{1}", 0.0, Some(4)),
            total("item:q1", 3.0, Some(10)),
        ];
        let found: Vec<_> = count_invitations(totals.iter())
            .into_iter()
            .map(|(cell, asked)| (cell.outcome, cell.segment, cell.channel, asked.asked, asked.answered))
            .collect();
        let own = |outcome, segment: &str, channel: &str, asked, answered| {
            (Some(outcome), segment.to_owned(), channel.to_owned(), asked, answered)
        };
        assert_eq!(found, [own(Outcome::Kept, "vip", "app", 10, 3), own(Outcome::NoCase, "", "", 4, 0)]);
    }
}
