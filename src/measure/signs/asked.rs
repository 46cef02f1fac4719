//! Who is invited: customers whose promises were broken against those whose promises were kept.

use super::{Sign, SignKind};
use crate::count::{Asked, MonthCounts};
use crate::link::Outcome;
use crate::measure::response::{Population, cells, of, population};
use crate::project::Project;
use crate::stats::discrete::binomial_upper;
use crate::stats::fisher::fisher_greater;

/// Customers of the log and invited ones, of one department.
#[derive(Debug, Clone, Copy, Default)]
struct Invited {
    kept: Pair,
    broken: Pair,
}

/// Contacts of the case log, and how many of such customers were invited.
#[derive(Debug, Clone, Copy, Default)]
struct Pair {
    contacts: u64,
    invited: u64,
}

impl Pair {
    /// Invited and not invited; the two sources may differ by a few, so that more can be invited than the log names.
    fn sides(self) -> [u64; 2] {
        let invited = self.invited.min(self.contacts);
        [invited, self.contacts - invited]
    }

    /// Returns the share that was not invited; 0 without customers.
    fn missed(self) -> f64 {
        let [_, missed] = self.sides();
        if self.contacts > 0 { missed as f64 / self.contacts as f64 } else { 0.0 }
    }
}

/// Tests every department: are customers with a broken promise missing among the invited ones?
///
/// Fisher's exact test of invited and not, broken and kept promises; and P(X ≥ missing) of a binomial with the share of kept promises that
/// is missing, plus by how much more of the broken ones is missing in all other departments, for what the two sources count differently
/// they do everywhere: p is the larger of the two. Only for a project with invitations and a case log.
pub(super) fn not_invited(project: &Project, counts: &MonthCounts, leaves: &[u32]) -> Vec<Sign> {
    if population(project) != Some(Population::Invited) {
        return Vec::new();
    }
    let all: Vec<(u32, Invited)> = leaves.iter().map(|&one| (one, invited(counts, one))).collect();
    let test = |place: usize| {
        let (department, own) = all[place];
        let (broken, kept) = (own.broken.sides(), own.kept.sides());
        let n = broken[0] + broken[1];
        if n == 0 || kept[0] + kept[1] == 0 || own.broken.invited + own.kept.invited == 0 {
            return None;
        }
        let missed = own.kept.missed();
        let others = [&all[..place], &all[place + 1..]].concat();
        let p_others = binomial_upper(broken[1], n, (missed + excess(&others)).min(1.0));
        // Without anybody missing there is nothing to be surprised at.
        let p_own = match broken[1] {
            0 => 1.0,
            _ => fisher_greater([[broken[1], broken[0]], [kept[1], kept[0]]]).ok()?,
        };
        Some(Sign::new(SignKind::NotInvited, department, (broken[0], n), (1.0 - missed, p_own.max(p_others))))
    };
    (0..all.len()).filter_map(test).collect()
}

/// Returns by how much more of the customers with a broken promise are missing than of the others, in all departments together; at
/// least 0.
fn excess(departments: &[(u32, Invited)]) -> f64 {
    let (mut excess, mut n) = (0.0, 0.0);
    for (_, own) in departments {
        let [invited, missed] = own.broken.sides();
        n += (invited + missed) as f64;
        excess += missed as f64 - (invited + missed) as f64 * own.kept.missed();
    }
    if n > 0.0 { (excess / n).max(0.0) } else { 0.0 }
}

fn invited(counts: &MonthCounts, department: u32) -> Invited {
    let mut own = Invited::default();
    let mut add = |outcome: Option<Outcome>, take: &dyn Fn(&mut Pair)| match outcome {
        Some(Outcome::Kept) => take(&mut own.kept),
        Some(Outcome::BreachedRemedied | Outcome::BreachedUnremedied) => take(&mut own.broken),
        _ => {}
    };
    for (cell, asked) in of(&counts.response.contacts, department) {
        add(cell.outcome, &|pair| pair.contacts += number(asked));
    }
    for (cell, asked) in of(cells(counts, Population::Invited), department) {
        add(cell.outcome, &|pair| pair.invited += number(asked));
    }
    own
}

fn number(asked: &Asked) -> u64 {
    asked.asked
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::count::ContactCell;
    use crate::project::sample::project;
    use crate::project::{Kind, Project};

    fn cell(department: u32, outcome: Outcome) -> ContactCell {
        let (segment, channel) = (String::new(), String::new());
        ContactCell { department, served_by: department, outcome: Some(outcome), segment, channel }
    }

    /// Customers and invited ones by department: kept, broken.
    fn told(rows: &[[(u64, u64); 2]]) -> Vec<(u64, u64, f64)> {
        let mut project: Project = project();
        project.sources[1].kind = Kind::Invitations;
        let mut counts = MonthCounts::default();
        for (department, own) in (0..).zip(rows) {
            for (outcome, (contacts, invited)) in
                [Outcome::Kept, Outcome::BreachedRemedied].into_iter().zip(own)
            {
                let all = |asked| Asked { asked, answered: 0 };
                counts.response.contacts.insert(cell(department, outcome), all(*contacts));
                counts.response.invitations.insert(cell(department, outcome), all(*invited));
            }
        }
        let leaves: Vec<u32> = (0..).zip(rows).map(|(department, _)| department).collect();
        not_invited(&project, &counts, &leaves).iter().map(|sign| (sign.hits, sign.n, sign.p_value)).collect()
    }

    #[test]
    fn broken_promises_that_are_not_asked_about_are_seen() {
        let fair = [(300, 290), (40, 39)];
        let found = told(&[[(300, 298), (40, 12)], fair, fair, fair, fair]);
        assert_eq!(found.len(), 5);
        assert!((found[0].0, found[0].1) == (12, 40) && found[0].2 < 1e-6, "{found:?}");
        assert!(found[1..].iter().all(|sign| sign.2 > 0.2));
    }

    #[test]
    fn what_is_done_everywhere_or_cannot_be_told_is_no_sign() {
        let same = [(300, 298), (40, 20)];
        assert!(told(&[same; 5]).iter().all(|sign| sign.2 > 0.1), "a difference of the two sources");
        assert!(told(&[[(0, 0), (40, 0)], [(10, 0), (4, 0)]]).is_empty(), "nobody was invited at all");
        let more = told(&[[(300, 310), (40, 45)]]);
        assert_eq!((more[0].0, more[0].1), (40, 40), "more invited than the log names");
    }
}
