//! Identity: which rows say the same, which say more, and which contradict each other.
//!
//! The outcome depends on the rows alone, never on the order of files or months: same content is a duplicate, a case row that is
//! further on supersedes, and anything else under one id is a conflict, all rows of which are kept aside.

use std::collections::{BTreeMap, BTreeSet};

use super::{Answer, Behaviour, Case, Place, Rating, Total};
use crate::month::Month;

/// A row that has an identity.
pub trait Identity {
    /// Returns the hash of the row's id.
    fn id(&self) -> u128;
    /// Returns the hash of what the row says.
    fn content(&self) -> u64;
    /// Returns where the row stands.
    fn place(&self) -> Place;
    /// Returns the month the row belongs to.
    fn month(&self) -> Month;
}

macro_rules! identity {
    ($($row:ty, $month:expr;)*) => {$(
        impl Identity for $row {
            fn id(&self) -> u128 { self.id }
            fn content(&self) -> u64 { self.content }
            fn place(&self) -> Place { self.place }
            fn month(&self) -> Month { $month(self) }
        }
    )*};
}
identity! {
    Answer, |row: &Answer| row.day.month();
    Case, Case::month;
    Rating, |row: &Rating| row.day.month();
    Total, |row: &Total| row.month;
    Behaviour, |row: &Behaviour| row.day.month();
}

/// What became of rows that share an id with others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resolution {
    /// Rows that repeat another one.
    pub duplicates: Vec<(Place, Month)>,
    /// Rows whose case another row shows further on.
    pub superseded: Vec<(Place, Month)>,
    /// Rows that contradict another one.
    pub conflicts: Vec<(Place, Month)>,
    /// Ids that contradicting rows share.
    pub conflicting_ids: Vec<u128>,
}

/// Sorts `rows` and keeps one row of each id; ids with different contents keep none.
pub fn resolve<T: Identity>(rows: &mut Vec<T>) -> Resolution {
    resolve_with(rows, |_| None)
}

/// The same for behaviours: of an interview whose rows of one coder differ in its person, group or minutes none is kept, since nobody
/// knows which of them is right.
pub fn resolve_behaviours(rows: &mut Vec<Behaviour>) -> Resolution {
    let mut resolution = resolve(rows);
    let key = |row: &Behaviour| (row.month(), row.interview, row.coder);
    let told = |row: &Behaviour| (row.person, row.group, row.minutes);
    let mut first = BTreeMap::new();
    let mut doubtful = BTreeSet::new();
    for row in rows.iter() {
        if *first.entry(key(row)).or_insert_with(|| told(row)) != told(row) {
            doubtful.insert(key(row));
        }
    }
    rows.retain(|row| {
        let is_kept = !doubtful.contains(&key(row));
        if !is_kept {
            resolution.conflicts.push((row.place, row.month()));
            resolution.conflicting_ids.push(row.id);
        }
        is_kept
    });
    resolution.conflicts.sort_unstable();
    resolution
}

/// Keeps one of several ratings that one rater gave of the same person, competency or indicator and day under ids of their own: the
/// first that was known, where all say the same; else none, since nobody knows which of them is right. Raters that rows do not name may
/// be several.
pub fn resolve_raters(rows: &mut Vec<Rating>) -> Resolution {
    let key = |row: &Rating| (row.person, row.rater, row.competency, row.indicator, row.day);
    let mut groups: BTreeMap<_, Vec<&Rating>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.is_named) {
        groups.entry(key(row)).or_default().push(row);
    }
    let mut resolution = Resolution::default();
    for mut group in groups.into_values().filter(|group| group.len() > 1) {
        group.sort_by_key(|row| (row.recorded, row.id, row.place));
        let is_one = group.iter().all(|row| row.observation == group[0].observation);
        let places = group.iter().map(|row| (row.place, row.month()));
        if is_one {
            resolution.duplicates.extend(places.skip(1));
        } else {
            resolution.conflicts.extend(places);
        }
    }
    resolution.duplicates.sort_unstable();
    resolution.conflicts.sort_unstable();
    let told = [&resolution.duplicates, &resolution.conflicts];
    let dropped: BTreeSet<Place> = told.into_iter().flatten().map(|(place, _)| *place).collect();
    rows.retain(|row| !dropped.contains(&row.place));
    resolution
}

/// The same for cases, where a row that is further on takes the place of earlier ones.
pub fn resolve_cases(rows: &mut Vec<Case>) -> Resolution {
    resolve_with(rows, latest)
}

/// Returns the row that is further on than all others of the same case, if there is one; `rows` have different contents.
///
/// Rows before the last revision may contradict each other: it says what came of them.
fn latest(rows: &[&Case]) -> Option<usize> {
    let further = |&one: &usize| {
        (0..rows.len()).all(|other| {
            other == one || (rows[one].same_case(rows[other]) && rows[one].is_further_than(rows[other]))
        })
    };
    let is_chain = rows.iter().enumerate().all(|(one, row)| {
        rows[..one]
            .iter()
            .all(|other| row.revision.is_some() || row.is_further_than(other) || other.is_further_than(row))
    });
    (0..rows.len()).filter(|_| is_chain).find(further)
}

fn resolve_with<T: Identity>(rows: &mut Vec<T>, latest: impl Fn(&[&T]) -> Option<usize>) -> Resolution {
    rows.sort_by_key(|row| (row.id(), row.content(), row.place()));
    let mut resolution = Resolution::default();
    let mut kept = Vec::with_capacity(rows.len());
    let mut group: Vec<T> = Vec::new();
    for row in rows.drain(..) {
        if group.first().is_some_and(|first| first.id() != row.id()) {
            settle(&mut group, &mut kept, &mut resolution, &latest);
        }
        group.push(row);
    }
    settle(&mut group, &mut kept, &mut resolution, &latest);
    *rows = kept;
    resolution.duplicates.sort_unstable();
    resolution.superseded.sort_unstable();
    resolution.conflicts.sort_unstable();
    resolution
}

/// Settles the rows of one id, which are sorted by content and place.
fn settle<T: Identity>(
    group: &mut Vec<T>,
    kept: &mut Vec<T>,
    resolution: &mut Resolution,
    latest: &impl Fn(&[&T]) -> Option<usize>,
) {
    let mut distinct: Vec<T> = Vec::new();
    let mut repeats: BTreeMap<usize, Vec<(Place, Month)>> = BTreeMap::new();
    for row in group.drain(..) {
        match distinct.last() {
            Some(last) if last.content() == row.content() => {
                repeats.entry(distinct.len() - 1).or_default().push((row.place(), row.month()))
            }
            _ => distinct.push(row),
        }
    }
    if distinct.len() <= 1 {
        resolution.duplicates.extend(repeats.into_values().flatten());
        kept.append(&mut distinct);
        return;
    }
    let references: Vec<&T> = distinct.iter().collect();
    let Some(winner) = latest(&references) else {
        resolution.conflicting_ids.push(distinct[0].id());
        resolution.conflicts.extend(repeats.into_values().flatten());
        resolution.conflicts.extend(distinct.iter().map(|row| (row.place(), row.month())));
        return;
    };
    resolution.duplicates.extend(repeats.into_values().flatten());
    for (index, row) in distinct.into_iter().enumerate() {
        if index == winner {
            kept.push(row);
        } else {
            resolution.superseded.push((row.place(), row.month()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Indicator, Observation, Relation};

    fn case(id: u128, content: u64, line: u64, closed: Option<i64>, remedied: Option<i64>) -> Case {
        Case {
            id,
            content,
            place: Place { file: 0, line },
            revision: None,
            commitment: 0,
            department: 0,
            customer: None,
            contact: None,
            opened: 0,
            due: Some(10),
            due_differs: false,
            closed,
            cancelled: None,
            remedied,
            value: None,
            value_kept: None,
            status: crate::project::Status::Announced,
            timed: true,
            excused: false,
            cause: None,
            remedy: None,
            segments: [0; 4],
        }
    }

    fn lines(places: &[(Place, Month)]) -> Vec<u64> {
        places.iter().map(|(place, _)| place.line).collect()
    }

    #[test]
    fn an_interview_of_two_lengths_is_set_aside_whole() {
        let row = |line: u64, interview: u128, coder: u128, minutes: u64| Behaviour {
            id: u128::from(line),
            content: line,
            place: Place { file: 0, line },
            interview,
            person: 0,
            group: 0,
            competency: 0,
            coder,
            level: None,
            n: 1,
            minutes,
            day: crate::month::Day(0),
        };
        let mut rows = vec![row(2, 1, 1, 60), row(3, 1, 1, 61), row(4, 1, 2, 60), row(5, 2, 1, 90)];
        let resolution = resolve_behaviours(&mut rows);
        assert_eq!(lines(&resolution.conflicts), [2, 3]);
        assert_eq!(resolution.conflicting_ids, [2, 3]);
        assert_eq!(rows.iter().map(|row| row.place.line).collect::<Vec<_>>(), [4, 5]);
    }

    #[test]
    fn a_rater_speaks_of_a_person_once_a_day() {
        let row = |line: u64, rater: u64, level: i16| Rating {
            id: u128::from(line),
            content: line,
            place: Place { file: 0, line },
            person: 1,
            relation: Relation::Peer,
            rater,
            is_named: rater > 0,
            competency: 0,
            indicator: None,
            observation: Observation::Level(level),
            day: crate::month::Day(0),
            recorded: crate::month::Day(9),
        };
        let manager = Rating { relation: Relation::Manager, ..row(10, 4, 1) };
        let again = Rating { recorded: crate::month::Day(5), ..row(7, 3, 2) };
        let indicator = Some(Indicator { level: 1, number: 1 });
        let other = Rating { indicator, observation: Observation::NotSeen, ..row(12, 2, 1) };
        let tomorrow = Rating { day: crate::month::Day(1), ..row(13, 2, 3) };
        let mut rows = vec![
            row(2, 2, 1),
            row(3, 2, 2),
            row(4, 1, 2),
            row(5, 3, 2),
            row(6, 3, 2),
            again,
            row(8, 0, 1),
            row(9, 0, 3),
            manager,
            row(11, 4, 1),
            other,
            tomorrow,
        ];
        rows.reverse();
        let resolution = resolve_raters(&mut rows);
        assert_eq!(lines(&resolution.conflicts), [2, 3], "another level");
        assert_eq!(lines(&resolution.duplicates), [5, 6, 11], "what was known first stays");
        let mut kept: Vec<u64> = rows.iter().map(|row| row.place.line).collect();
        kept.sort_unstable();
        assert_eq!(kept, [4, 7, 8, 9, 10, 12, 13]);
    }

    #[test]
    fn the_same_row_again_is_a_duplicate_and_the_first_place_stays() {
        let mut rows = vec![case(1, 7, 5, None, None), case(1, 7, 2, None, None), case(2, 7, 3, None, None)];
        let resolution = resolve_cases(&mut rows);
        assert_eq!(lines(&resolution.duplicates), [5]);
        assert_eq!(rows.iter().map(|row| row.place.line).collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn a_later_state_supersedes_in_any_order() {
        let open = case(1, 1, 1, None, None);
        let closed = case(1, 2, 2, Some(20), None);
        let remedied = case(1, 3, 3, Some(20), Some(30));
        for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
            let states = [open.clone(), closed.clone(), remedied.clone()];
            let mut rows: Vec<Case> = order.iter().map(|&state: &usize| states[state].clone()).collect();
            let resolution = resolve_cases(&mut rows);
            assert_eq!(lines(&resolution.superseded), [1, 2]);
            assert_eq!(rows, std::slice::from_ref(&remedied));
        }
    }

    #[test]
    fn contradicting_rows_are_all_kept_aside() {
        let mut rows =
            vec![case(1, 1, 1, Some(20), None), case(1, 2, 2, Some(21), None), case(1, 2, 3, Some(21), None)];
        let resolution = resolve_cases(&mut rows);
        assert_eq!(lines(&resolution.conflicts), [1, 2, 3]);
        assert!(rows.is_empty());
    }
}
