//! Settling: which of the rows in memory count, and what becomes of the others.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::ids::{self, Ids};
use super::ledger::Fate;
use super::rows::Rows;
use crate::books::Cut;
use crate::check::{Answer, Identity, Place, Resolution, resolve, resolve_cases};
use crate::error::Result;
use crate::month::Month;

/// What became of rows.
#[derive(Debug, Default)]
pub struct Settled {
    /// Fate of the rows of each file and month.
    pub fates: BTreeMap<(u32, Month), Fate>,
    /// Rows in conflict, by file: line and month.
    pub conflicts: BTreeMap<u32, Vec<(u64, Month)>>,
    /// Identities of each month.
    pub ids: BTreeMap<Month, Ids>,
    /// Answers of each questionnaire and month by the days after the month's end on which they became known; 0 for earlier ones.
    pub lags: BTreeMap<(String, Month), BTreeMap<i32, u64>>,
}

/// Keeps the rows that count in the months `stale`: no duplicates, nothing superseded, nothing in conflict, nothing late.
pub fn settle(rows: &mut Rows, stale: &BTreeSet<Month>, cut: impl Fn(Month) -> Cut) -> Settled {
    let mut settled = Settled::default();
    let is_own = |month: Month| stale.contains(&month);
    for (questionnaire, answers) in &mut rows.answers {
        settled.note_ids(answers.as_slice(), is_own);
        let resolution = resolve(answers);
        settled.note(&resolution, is_own);
        settled.note_lags(questionnaire, answers);
        answers.retain(|answer| {
            let is_late = answer.recorded > cut(answer.day.month()).day;
            let fate = if is_late { Fate { late: 1, ..Fate::default() } } else { ACCEPTED };
            settled.add((answer.place, answer.day.month()), fate);
            !is_late
        });
    }
    settled.note_ids(&rows.cases, is_own);
    let resolution = resolve_cases(&mut rows.cases);
    settled.note(&resolution, is_own);
    settled.accept(&rows.cases, is_own);
    let resolution = resolve(&mut rows.ratings);
    settled.note(&resolution, |_| true);
    settled.accept(&rows.ratings, |_| true);
    settled.note_ids(&rows.totals, is_own);
    let resolution = resolve(&mut rows.totals);
    settled.note_totals(&resolution);
    let mut places: Vec<(Place, Month)> =
        rows.totals.iter().map(|total| (total.place, total.month)).collect();
    // A row with several figures is accepted once, unless one of them was already settled otherwise.
    places.sort_unstable();
    places.dedup();
    let fates: BTreeSet<(Place, Month)> =
        [&resolution.duplicates, &resolution.conflicts].into_iter().flatten().copied().collect();
    places.iter().filter(|place| !fates.contains(place)).for_each(|&place| settled.add(place, ACCEPTED));
    settled
}

/// Answers that come later than this many days after the month's end are counted with those that come then.
const LONGEST_LAG: i32 = 99;

const ACCEPTED: Fate = Fate { accepted: 1, duplicate: 0, superseded: 0, late: 0, conflicting: 0 };

impl Settled {
    fn add(&mut self, (place, month): (Place, Month), fate: Fate) {
        self.fates.entry((place.file, month)).or_default().add(fate);
    }

    fn note_lags(&mut self, questionnaire: &str, answers: &[Answer]) {
        for answer in answers {
            let month = answer.day.month();
            let lag = (answer.recorded.0 - month.last_day().0).clamp(0, LONGEST_LAG);
            *self.lags.entry((questionnaire.to_owned(), month)).or_default().entry(lag).or_default() += 1;
        }
    }

    fn accept<T: Identity>(&mut self, rows: &[T], is_own: impl Fn(Month) -> bool) {
        rows.iter()
            .filter(|row| is_own(row.month()))
            .for_each(|row| self.add((row.place(), row.month()), ACCEPTED));
    }

    fn note(&mut self, resolution: &Resolution, is_own: impl Fn(Month) -> bool) {
        let own =
            |rows: &[(Place, Month)]| rows.iter().copied().filter(|row| is_own(row.1)).collect::<Vec<_>>();
        own(&resolution.duplicates)
            .into_iter()
            .for_each(|row| self.add(row, Fate { duplicate: 1, ..Fate::default() }));
        own(&resolution.superseded)
            .into_iter()
            .for_each(|row| self.add(row, Fate { superseded: 1, ..Fate::default() }));
        for (place, month) in own(&resolution.conflicts) {
            self.add((place, month), Fate { conflicting: 1, ..Fate::default() });
            self.conflicts.entry(place.file).or_default().push((place.line, month));
        }
        for id in &resolution.conflicting_ids {
            self.ids.values_mut().filter_map(|ids| ids.get_mut(id)).for_each(|known| known.1 = true);
        }
    }

    /// The same for totals, where one row holds several figures: it is told once, by the worst that befell one of them.
    fn note_totals(&mut self, resolution: &Resolution) {
        let unique = |rows: &[(Place, Month)]| rows.iter().copied().collect::<BTreeSet<_>>();
        let conflicts = unique(&resolution.conflicts);
        let duplicates = unique(&resolution.duplicates).difference(&conflicts).copied().collect();
        let once =
            Resolution { duplicates, conflicts: conflicts.into_iter().collect(), ..Resolution::default() };
        self.note(&once, |_| true);
    }

    fn note_ids<T: Identity>(&mut self, rows: &[T], is_own: impl Fn(Month) -> bool) {
        for row in rows.iter().filter(|row| is_own(row.month())) {
            let known =
                self.ids.entry(row.month()).or_default().entry(row.id()).or_insert((row.content(), false));
            known.0 = known.0.min(row.content());
        }
    }
}

/// Compares the settled rows with the months in the store that are not settled now: returns those that hold one of their ids,
/// and drops rows that such a month knows to be in conflict.
pub fn meet(
    settled: &Settled,
    rows: &mut Rows,
    folder: &Path,
    others: &BTreeSet<Month>,
) -> Result<BTreeSet<Month>> {
    let mut met = BTreeSet::new();
    if settled.ids.is_empty() {
        return Ok(met);
    }
    for &month in others {
        let known = ids::read(folder, month)?;
        if settled.ids.values().any(|ids| ids.keys().any(|id| known.contains_key(id))) {
            met.insert(month);
        }
        rows.cases.retain(|case| case.month() != month || !known.get(&case.id).is_some_and(|known| known.1));
    }
    Ok(met)
}
