//! Settling: which of the rows that arrived count, and what becomes of the others.
//!
//! Rows with the same id lie in the same bucket, so each bucket is settled by itself; what counts goes on to the disk by month.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rayon::prelude::*;

use super::ids::{self, Id};
use super::ledger::Fate;
use super::rows::{Arrived, Few, Sort};
use super::spill::{Spill, Writer};
use crate::books::Cut;
use crate::check::{
    Answer, Case, INVITED_PREFIX, Identity, Place, Resolution, Total, resolve, resolve_behaviours,
    resolve_cases, resolve_raters,
};
use crate::error::Result;
use crate::month::Month;

/// What is settled: the months whose rows are wanted, and their cuts.
pub struct Scope<'a> {
    /// The months to be counted.
    pub stale: &'a BTreeSet<Month>,
    /// How many months before an answer the cases it is linked to may have begun.
    pub lookback: i32,
    /// Cut of each month.
    pub cut: &'a (dyn Fn(Month) -> Cut + Sync),
    /// Position of the questionnaire that invitations ask for.
    pub invited: Option<usize>,
}

/// A part of the settled rows on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Answers to a questionnaire, by the month they belong to.
    Answers(usize, Month),
    /// Cases by the month they began in.
    Begun(Month),
    /// Identities by the month they belong to.
    Ids(Month),
}

/// Rows that count.
pub struct Settled {
    /// Answers, cases and identities.
    pub rows: Spill<Part>,
    /// The others.
    pub few: Few,
    /// What became of all.
    pub fates: Fates,
    /// Cases, by month and id, that another month knows to be in conflict.
    pub aside: BTreeSet<(Month, u128)>,
}

/// What became of rows.
#[derive(Debug, Default)]
pub struct Fates {
    /// Fate of the rows of each file and month.
    pub fates: BTreeMap<(u32, Month), Fate>,
    /// Rows that others contradict, by file: line, month, and the reason's code.
    pub conflicts: BTreeMap<u32, Vec<(u64, Month, &'static str)>>,
    /// Answers that invitations asked for and that were known by the end of their month, by month and department.
    pub invited: BTreeMap<(Month, u32), u64>,
    /// Answers of each questionnaire and month by the days after the month's end on which they became known; 0 for earlier ones.
    pub lags: BTreeMap<(usize, Month), BTreeMap<i32, u64>>,
    /// Months in which the cases of a month began.
    pub begun: BTreeMap<Month, BTreeSet<Month>>,
}

/// Keeps the rows that count in the months of `scope`: no duplicates, nothing superseded, nothing in conflict, nothing late.
pub fn settle(arrived: &Arrived, scope: &Scope<'_>, folder: &Path) -> Result<Settled> {
    let rows = Spill::new(folder)?;
    let one = |bucket: usize| {
        let mut settling = Settling::new(scope, &rows);
        for (sort, _) in arrived.rows.keys().into_iter().filter(|key| key.1 == bucket) {
            match sort {
                Sort::Answers(position) => settling.answers(position, arrived.rows.rows((sort, bucket)))?,
                Sort::Cases => settling.cases(arrived.rows.rows((sort, bucket)))?,
            }
        }
        settling.finish()
    };
    let buckets: Vec<Fates> = (0..arrived.buckets).into_par_iter().map(one).collect::<Result<_>>()?;
    let (mut settling, mut few) = (Settling::new(scope, &rows), arrived.few.clone());
    buckets.into_iter().for_each(|bucket| settling.fates.append(bucket));
    settling.few(&mut few);
    let mut fates = settling.finish()?;
    fates.conflicts.values_mut().for_each(|lines| lines.sort_unstable());
    Ok(Settled { rows, few, fates, aside: BTreeSet::new() })
}

/// Answers that come later than this many days after the month's end are counted with those that come then.
const LONGEST_LAG: i32 = 99;

const ACCEPTED: Fate = Fate { accepted: 1, duplicate: 0, superseded: 0, late: 0, conflicting: 0 };

/// Settles one bucket.
struct Settling<'a> {
    scope: &'a Scope<'a>,
    out: Writer<'a, Part>,
    fates: Fates,
    ids: BTreeMap<Month, BTreeMap<u128, (u64, bool)>>,
}

impl<'a> Settling<'a> {
    fn new(scope: &'a Scope<'a>, rows: &'a Spill<Part>) -> Self {
        Self { scope, out: rows.writer(), fates: Fates::default(), ids: BTreeMap::new() }
    }

    fn answers(&mut self, position: usize, rows: impl Iterator<Item = Result<Answer>>) -> Result<()> {
        let stale = self.scope.stale;
        let is_own = |answer: &Answer| stale.contains(&answer.day.month());
        let mut answers = rows.filter(|row| row.as_ref().map_or(true, is_own)).collect::<Result<Vec<_>>>()?;
        self.note_ids(&answers);
        let resolution = resolve(&mut answers);
        self.note(&resolution, |_| true);
        for answer in answers {
            let month = answer.day.month();
            let lag = (answer.recorded.0 - month.last_day().0).clamp(0, LONGEST_LAG);
            *self.fates.lags.entry((position, month)).or_default().entry(lag).or_default() += 1;
            if answer.recorded > (self.scope.cut)(month).day {
                self.fates.add((answer.place, month), Fate { late: 1, ..Fate::default() });
            } else {
                self.fates.add((answer.place, month), ACCEPTED);
                if self.scope.invited == Some(position) && lag == 0 {
                    *self.fates.invited.entry((month, answer.department)).or_default() += 1;
                }
                self.out.put(Part::Answers(position, month), &answer)?;
            }
        }
        Ok(())
    }

    /// The same for cases, of which those of other months stay that answers may be linked to.
    fn cases(&mut self, rows: impl Iterator<Item = Result<Case>>) -> Result<()> {
        let Scope { stale, lookback, .. } = *self.scope;
        let is_linked = |month: Month| stale.range(month..=month.plus(lookback)).next().is_some();
        let is_wanted = |case: &Case| stale.contains(&case.month()) || is_linked(case.month_opened());
        let mut cases =
            rows.filter(|row| row.as_ref().map_or(true, is_wanted)).collect::<Result<Vec<_>>>()?;
        self.note_ids(&cases);
        let resolution = resolve_cases(&mut cases);
        self.note(&resolution, |month| stale.contains(&month));
        for case in cases {
            if stale.contains(&case.month()) {
                self.fates.add((case.place, case.month()), ACCEPTED);
            }
            self.fates.begun.entry(case.month()).or_default().insert(case.month_opened());
            self.out.put(Part::Begun(case.month_opened()), &case)?;
        }
        Ok(())
    }

    fn few(&mut self, few: &mut Few) {
        let resolution = resolve(&mut few.ratings);
        self.note(&resolution, |_| true);
        let resolution = resolve_raters(&mut few.ratings);
        self.note_as("conflicting_rating", &resolution, |_| true);
        few.ratings.iter().for_each(|row| self.fates.add((row.place, row.month()), ACCEPTED));
        few.behaviours.retain(|row| self.scope.stale.contains(&row.month()));
        self.note_ids(&few.behaviours);
        let resolution = resolve_behaviours(&mut few.behaviours);
        self.note(&resolution, |_| true);
        few.behaviours.iter().for_each(|row| self.fates.add((row.place, row.month()), ACCEPTED));
        few.totals.retain(|total| self.scope.stale.contains(&total.month));
        self.note_ids(&few.totals);
        let answered = answered(&few.totals);
        let resolution = resolve(&mut few.totals);
        self.note_totals(&resolution);
        self.invitations(&mut few.totals, &answered);
        // A row with several figures is accepted once, unless one of them was already settled otherwise.
        let places: BTreeSet<(Place, Month)> =
            few.totals.iter().map(|total| (total.place, total.month)).collect();
        let fates: BTreeSet<(Place, Month)> =
            [&resolution.duplicates, &resolution.conflicts].into_iter().flatten().copied().collect();
        places.difference(&fates).for_each(|&place| self.fates.add(place, ACCEPTED));
    }

    /// Sets aside the invitations of a month and department that tell of fewer answers than the survey held when the month ended: what
    /// they say of those who did not answer is not to be believed either.
    fn invitations(&mut self, totals: &mut Vec<Total>, answered: &BTreeMap<(Month, u32), u64>) {
        let held = &self.fates.invited;
        let is_fewer = |total: &Total| {
            let key = (total.month, total.department);
            let told = answered.get(&key).filter(|_| is_of_invitations(total));
            told.is_some_and(|told| held.get(&key).is_some_and(|held| held > told))
        };
        let (fewer, kept): (Vec<Total>, Vec<Total>) = std::mem::take(totals).into_iter().partition(is_fewer);
        *totals = kept;
        let conflicts = fewer.iter().map(|total| (total.place, total.month)).collect();
        let resolution = Resolution { conflicts, ..Resolution::default() };
        self.note_as("fewer_answers_than_survey", &resolution, |_| true);
    }

    /// The same as `note` for totals, where one row holds several figures: it is told once, by the worst that befell one of them.
    fn note_totals(&mut self, resolution: &Resolution) {
        let unique = |rows: &[(Place, Month)]| rows.iter().copied().collect::<BTreeSet<_>>();
        let conflicts = unique(&resolution.conflicts);
        let duplicates = unique(&resolution.duplicates).difference(&conflicts).copied().collect();
        let conflicting_ids = resolution.conflicting_ids.clone();
        let conflicts = conflicts.into_iter().collect();
        self.note(&Resolution { duplicates, conflicts, conflicting_ids, ..Resolution::default() }, |_| true);
    }

    fn note(&mut self, resolution: &Resolution, is_own: impl Fn(Month) -> bool) {
        self.note_as("conflicting_id", resolution, is_own);
    }

    /// Notes what became of rows; those that others contradict have `reason`.
    fn note_as(&mut self, reason: &'static str, resolution: &Resolution, is_own: impl Fn(Month) -> bool) {
        let fates = [
            (&resolution.duplicates, Fate { duplicate: 1, ..Fate::default() }),
            (&resolution.superseded, Fate { superseded: 1, ..Fate::default() }),
            (&resolution.conflicts, Fate { conflicting: 1, ..Fate::default() }),
        ];
        for (rows, fate) in fates {
            rows.iter().filter(|row| is_own(row.1)).for_each(|&row| self.fates.add(row, fate));
        }
        for (place, month) in resolution.conflicts.iter().filter(|row| is_own(row.1)) {
            self.fates.conflicts.entry(place.file).or_default().push((place.line, *month, reason));
        }
        for id in &resolution.conflicting_ids {
            self.ids.values_mut().filter_map(|ids| ids.get_mut(id)).for_each(|known| known.1 = true);
        }
    }

    fn note_ids<T: Identity>(&mut self, rows: &[T]) {
        for row in rows.iter().filter(|row| self.scope.stale.contains(&row.month())) {
            let ids = self.ids.entry(row.month()).or_default();
            let known = ids.entry(row.id()).or_insert((row.content(), false));
            known.0 = known.0.min(row.content());
        }
    }

    fn finish(mut self) -> Result<Fates> {
        for (month, ids) in self.ids {
            for (id, (content, conflict)) in ids {
                self.out.put::<Id>(Part::Ids(month), &(id, content, conflict))?;
            }
        }
        self.out.finish()?;
        Ok(self.fates)
    }
}

/// Returns how many customers answered by month and department as invitations tell it; of rows that repeat or contradict each other the
/// most.
fn answered(totals: &[Total]) -> BTreeMap<(Month, u32), u64> {
    let mut most: BTreeMap<(Month, u32, u128), u64> = BTreeMap::new();
    for total in totals.iter().filter(|total| is_of_invitations(total)) {
        let own = most.entry((total.month, total.department, total.id)).or_default();
        *own = (*own).max(total.value as u64);
    }
    let mut answered: BTreeMap<(Month, u32), u64> = BTreeMap::new();
    for ((month, department, _), n) in most {
        *answered.entry((month, department)).or_default() += n;
    }
    answered
}

fn is_of_invitations(total: &Total) -> bool {
    total.variable.starts_with(INVITED_PREFIX)
}

impl Fates {
    fn add(&mut self, (place, month): (Place, Month), fate: Fate) {
        self.fates.entry((place.file, month)).or_default().add(fate);
    }

    fn append(&mut self, other: Self) {
        other.fates.into_iter().for_each(|(key, fate)| self.fates.entry(key).or_default().add(fate));
        for (file, mut lines) in other.conflicts {
            self.conflicts.entry(file).or_default().append(&mut lines);
        }
        for (key, n) in other.invited {
            *self.invited.entry(key).or_default() += n;
        }
        for (key, lags) in other.lags {
            let own = self.lags.entry(key).or_default();
            lags.into_iter().for_each(|(lag, n)| *own.entry(lag).or_default() += n);
        }
        for (month, mut begun) in other.begun {
            self.begun.entry(month).or_default().append(&mut begun);
        }
    }
}

impl Settled {
    /// Returns the identities of a settled month, in no order.
    pub fn ids(&self, month: Month) -> impl Iterator<Item = Result<Id>> + '_ {
        self.rows.rows(Part::Ids(month))
    }

    /// Compares the settled rows with the months in the store that are not settled now: returns those that hold one of their ids,
    /// and sets aside the rows that such a month knows to be in conflict.
    pub fn meet(
        &mut self,
        stale: &BTreeSet<Month>,
        folder: &Path,
        others: &BTreeSet<Month>,
    ) -> Result<BTreeSet<Month>> {
        let mut met = BTreeSet::new();
        for &month in others.iter().filter(|_| !stale.is_empty()) {
            let known = ids::read(folder, month)?;
            let is_known = |id: u128| known.binary_search_by_key(&id, |known| known.0).is_ok();
            for own in stale.iter().flat_map(|&own| self.ids(own)) {
                if is_known(own?.0) {
                    met.insert(month);
                    break;
                }
            }
            self.aside.extend(known.iter().filter(|id| id.2).map(|id| (month, id.0)));
        }
        Ok(met)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Ledger, Options, inspect};
    use crate::error::Result;
    use crate::project::load;
    use crate::store::FaultPlan;

    const SETTINGS: &str = "name = \"h\"\ntime.from = \"2026-01\"\ntime.to = \"2026-03\"\n\
        [sources.client]\nkind = \"survey\"\nquestionnaire = \"client\"\nfiles = [\"s.csv\"]\n\
        [sources.invitations]\nkind = \"invitations\"\nfiles = [\"i*.csv\"]\ncolumns.period = \"month\"\n\
        [sources.ratings]\nkind = \"competency\"\nfiles = [\"r*.csv\"]\n";
    const QUESTIONNAIRES: &str = "[client]\n[[client.items]]\ncode = \"q1\"\ntext = \"One\"\nscale = [1, 5]\n\
        kind = \"satisfaction\"\n";
    const INVITED: &str = "month,department,segment,channel,outcome,invited,answered\n";
    const RATED: &str = "rating,person,rater,relation,competency,level,date,recorded_at\n";

    /// Inspects a project with `files`: what became of the rows, or why they cannot be read; and the folder.
    fn inspected(settings: &str, files: &[(&str, &str)]) -> (Result<Ledger>, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("concord.toml", settings);
        write("registers/departments.csv", "code,profile\nB1,branch\nB2,branch\n");
        write("registers/people.csv", "person,department,role\np1,B1,teller\np2,B1,teller\n");
        write("registers/competencies.toml", "[[competency]]\ncode = \"A\"\nname = \"Attentive\"\n");
        write("registers/questionnaires.toml", QUESTIONNAIRES);
        files.iter().for_each(|(name, text)| write(name, text));
        let project = load(folder.path(), None).unwrap();
        let options = Options {
            project: &project,
            store: &folder.path().join(".concord/store"),
            as_of: Some("2026-03-31".parse().unwrap()),
            accept: None,
            faults: &FaultPlan::new(None),
            progress: &|_, _, _| {},
        };
        (inspect(&options).map(|(ledger, _)| ledger), folder)
    }

    /// Rows of the quarantine: line, column, value and reason.
    fn aside(ledger: &Ledger) -> Vec<String> {
        let asides = ledger.files.values().flat_map(|delivery| delivery.asides());
        asides
            .flat_map(|row| {
                row.faults.iter().map(|(column, value, reason)| (row.line, column, value, reason))
            })
            .map(|(line, column, value, reason)| format!("{line} {column} {value} {reason}"))
            .collect()
    }

    #[test]
    fn invitations_that_tell_of_fewer_answers_than_the_survey_holds_are_kept_aside() {
        // One of the three answers of January came after the month's end.
        let survey = "response,department,date,recorded_at,q1\n1,B1,2026-01-05,,4\n2,B1,2026-01-06,,5\n\
            3,B1,2026-01-30,2026-02-02,3\n4,B2,2026-01-05,,4\n5,B2,2026-01-05,,4\n6,B1,2026-02-05,,4\n";
        let told = |january: u64| {
            let invited = format!(
                "{INVITED}2026-01,B1,,,kept,20,1\n2026-01,B1,,,none,30,{january}\n2026-01,B2,,,kept,20,1\n\
                2026-01,B2,,,kept,20,2\n2026-02,B1,,,kept,20,1\n"
            );
            let (ledger, _folder) = inspected(SETTINGS, &[("s.csv", survey), ("i.csv", &invited)]);
            let ledger = ledger.unwrap();
            for delivery in ledger.files.values() {
                assert_eq!(delivery.rows, delivery.fate().rows() + delivery.quarantined.len() as u64);
            }
            aside(&ledger)
        };
        let conflicting = ["4 department B2 conflicting_id", "5 department B2 conflicting_id"];
        assert_eq!(told(1), conflicting, "of contradicting rows either may be right");
        let fewer = ["2 answered 1 fewer_answers_than_survey", "3 answered 0 fewer_answers_than_survey"];
        assert_eq!(told(0), [fewer, conflicting].concat());
    }

    #[test]
    fn what_a_rater_says_twice_counts_once_and_what_he_contradicts_not_at_all() {
        let rows = format!(
            "{RATED}1,p1,p2,peer,A,2,2026-01-05,\n2,p1,p2,peer,A,2,2026-01-05,\n3,p2,p1,peer,A,2,2026-01-05,\n\
            4,p2,p1,peer,A,1,2026-01-05,\n5,p2,p1,peer,A,1,2026-01-06,\n"
        );
        let (ledger, folder) = inspected(SETTINGS, &[("r.csv", &rows)]);
        let ledger = ledger.unwrap();
        assert_eq!(aside(&ledger), ["4 rater p1 conflicting_rating", "5 rater p1 conflicting_rating"]);
        let fate = ledger.files.values().next().unwrap().fate();
        assert_eq!((fate.accepted, fate.duplicate, fate.conflicting), (2, 1, 2));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let listed = std::fs::metadata(folder.path().join(".concord/quarantine/ratings.csv")).unwrap();
            assert_eq!(listed.permissions().mode() & 0o777, 0o600, "it names persons and who rated them");
        }
        drop(folder);
    }

    #[test]
    fn two_sources_may_not_read_the_same_of_a_file() {
        let again = "[sources.again]\nkind = \"invitations\"\nfiles = [\"i.csv\"]\n";
        let invited = format!("{INVITED}2026-01,B1,,,kept,20,1\n");
        let said = |more: &str| {
            let (ledger, _folder) =
                inspected(&format!("{SETTINGS}{again}{more}"), &[("i.csv", invited.as_str())]);
            ledger.err().map(|error| error.to_string())
        };
        let twice = said("columns.period = \"month\"\n").unwrap();
        assert!(
            twice.contains("sources `invitations` and `again` both read i.csv: each of its rows"),
            "{twice}"
        );
        let other = "columns.period = \"month\"\ncolumns.answered = \"invited\"\n";
        assert_eq!(said(other), None, "another column is another reading");
    }
}
