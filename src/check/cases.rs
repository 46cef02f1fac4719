//! Commitment rows: one case of one promise each, in the state it had when the file was written.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::answers::segments;
use super::reading::{Content, Reading, day_of, last_second};
use super::{Checked, Place, Registers, Remedy, Take, check_file, wanted};
use crate::calendar::Calendar;
use crate::error::Result;
use crate::month::{Day, Month};
use crate::project::{Clock, Commitment, Source, Status, Unit};

/// Canonical columns before the cuts, and whether a file must have them.
pub(super) const COLUMNS: [(&str, bool); 16] = [
    ("case", true),
    ("commitment", true),
    ("department", true),
    ("customer_department", false),
    ("contact", false),
    ("opened_at", true),
    ("due_at", false),
    ("closed_at", false),
    ("value", false),
    ("cancelled_at", false),
    ("remedied_at", false),
    ("remedy", false),
    ("cause", false),
    ("excused", false),
    ("server", false),
    ("revision", false),
];
const CASE: usize = 0;
const COMMITMENT: usize = 1;
const DEPARTMENT: usize = 2;
const CUSTOMER: usize = 3;
const CONTACT: usize = 4;
const OPENED: usize = 5;
const DUE: usize = 6;
const CLOSED: usize = 7;
const VALUE: usize = 8;
const CANCELLED: usize = 9;
const REMEDIED: usize = 10;
const REMEDY: usize = 11;
const CAUSE: usize = 12;
const EXCUSED: usize = 13;
const SERVER: usize = 14;
const REVISION: usize = 15;

/// The cause of a breach whose code the register does not know: a gap in the register, not in the log, so that the case counts.
pub const UNKNOWN_CAUSE: u32 = u32::MAX;

/// Measured values are held in millionths.
pub const VALUE_SCALE: f64 = 1e6;

/// One case of one promise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Keyed hash of the case's id.
    pub id: u128,
    /// Hash of everything the row says.
    pub content: u64,
    /// Where it stands.
    pub place: Place,
    /// Of several rows of a case the one with the highest revision is its state: a number, or a time in seconds.
    pub revision: Option<i64>,
    /// Position of the commitment.
    pub commitment: u32,
    /// Position of the department that promised.
    pub department: u32,
    /// Position of the department that was promised something, where it was not a customer.
    pub customer: Option<u32>,
    /// Keyed hash of the contact.
    pub contact: Option<u128>,
    /// When it began, in seconds since 1970-01-01, as all times here.
    pub opened: i64,
    /// When it was due: the row's own time, else opening plus the elapsed-time limit in force.
    pub due: Option<i64>,
    /// Whether the row's own due time contradicts the elapsed-time limit in force.
    pub due_differs: bool,
    /// When it was done.
    pub closed: Option<i64>,
    /// When it was cancelled.
    pub cancelled: Option<i64>,
    /// When its breach was remedied.
    pub remedied: Option<i64>,
    /// Measured value in millionths.
    pub value: Option<i64>,
    /// Whether the measured value keeps the promise; nothing where the promise is judged by time.
    pub value_kept: Option<bool>,
    /// Status of the promise when the case began.
    pub status: Status,
    /// Whether the promise is about time at all.
    pub timed: bool,
    /// Whether the breach is excused.
    pub excused: bool,
    /// Position of the cause of the breach, if it was coded; [`UNKNOWN_CAUSE`] for a code that the register does not know.
    pub cause: Option<u32>,
    /// What was done to remedy the breach, if it was coded.
    pub remedy: Option<Remedy>,
    /// Segment of each cut (hash of its name; 0 = missing).
    pub segments: [u64; 4],
}

impl Case {
    /// Returns the month the case belongs to: of its due time, else of its opening.
    pub fn month(&self) -> Month {
        self.day().month()
    }

    /// Returns the day the case belongs to: of its due time, else of its opening.
    pub fn day(&self) -> Day {
        day_of(self.due.filter(|_| self.timed).unwrap_or(self.opened))
    }

    /// Returns the month the case began in.
    pub fn month_opened(&self) -> Month {
        day_of(self.opened).month()
    }

    /// Returns whether both rows speak of the same case, apart from its state; a later revision may tell anything else but its opening.
    pub fn same_case(&self, other: &Self) -> bool {
        if self.is_revised(other).is_some() {
            return self.opened == other.opened;
        }
        (self.department, self.commitment, self.contact, self.opened)
            == (other.department, other.commitment, other.contact, other.opened)
    }

    /// Returns whether the revision of this row is the later one; nothing where revisions do not tell.
    pub fn is_revised(&self, other: &Self) -> Option<bool> {
        self.revision.zip(other.revision).filter(|(own, other)| own != other).map(|(own, other)| own > other)
    }

    /// Returns whether this row's state follows from `earlier`: all that had happened then has happened still.
    pub fn is_further_than(&self, earlier: &Self) -> bool {
        if let Some(is_later) = self.is_revised(earlier) {
            return is_later;
        }
        let kept = |before: Option<i64>, now: Option<i64>| before.is_none() || before == now;
        let events = |case: &Self| [case.closed, case.cancelled, case.remedied].iter().flatten().count();
        kept(earlier.closed, self.closed)
            && kept(earlier.cancelled, self.cancelled)
            && kept(earlier.remedied, self.remedied)
            && events(self) > events(earlier)
    }
}

/// Checks one file of commitment rows and hands those it understands to `take`; `names` learns the names of the segments that occur.
pub fn check_cases(
    registers: &Registers<'_>,
    source: &Source,
    (path, file): (&Path, u32),
    names: &mut BTreeMap<u64, String>,
    take: Take<'_, Case>,
) -> Result<Checked> {
    let row = |reading: &mut Reading<'_>| {
        case(reading, registers, names).map(|case| Case { place: Place { file, ..case.place }, ..case })
    };
    check_file(path, &wanted(registers.project, source), row, take)
}

struct Times {
    opened: i64,
    due: Option<i64>,
    closed: Option<i64>,
    cancelled: Option<i64>,
    remedied: Option<i64>,
}

fn case(
    reading: &mut Reading<'_>,
    registers: &Registers<'_>,
    names: &mut BTreeMap<u64, String>,
) -> Option<Case> {
    let project = registers.project;
    let id = reading.required(CASE);
    let commitment = reading.known((COMMITMENT, "unknown_commitment"), |name| registers.commitment(name));
    let department = reading.department(registers, DEPARTMENT, true);
    let customer = reading.department(registers, CUSTOMER, false);
    let times = times(reading, registers, department);
    let is_yes = commitment.is_some_and(|one| project.commitments[one as usize].unit == Unit::Yes);
    let value = if is_yes { reading.yes(VALUE) } else { reading.number(VALUE) };
    let value = value.filter(|value| value.is_finite());
    let excused = reading.yes(EXCUSED);
    if excused.is_some_and(|code| ![0.0, 1.0].contains(&code)) {
        reading.fault(EXCUSED, "code_out_of_range");
    }
    let cause = cause(reading, registers);
    if !registers.persons.is_empty() {
        reading.person(registers, SERVER);
    }
    let revision = reading.moment(REVISION);
    let (commitment, department, times) = (commitment?, department?, times?);
    let promise = &project.commitments[commitment as usize];
    let calendar = project.calendar(promise, department);
    let judged = judge(promise, calendar, &times, value);
    // What is missing is a calendar, not the case's due time: such a case must not pass as void.
    if judged.timed
        && judged.due.is_none()
        && calendar.is_none()
        && judged.has_limit
        && promise.clock != Clock::Elapsed
    {
        reading.fault(DUE, "no_calendar");
    }
    let segments = segments(reading, project.cuts.len(), COLUMNS.len(), names);
    Some(Case {
        id: registers.hash("case", &id?),
        content: content(reading, (&times, revision), (commitment, department), &segments),
        revision,
        place: Place { file: 0, line: reading.line() },
        commitment,
        department,
        customer,
        contact: reading.text(CONTACT).map(|id| registers.hash("contact", &id)),
        opened: times.opened,
        due: judged.due,
        due_differs: judged.due_differs,
        closed: times.closed,
        cancelled: times.cancelled,
        remedied: times.remedied,
        value: value.map(|value| (value * VALUE_SCALE).round() as i64),
        value_kept: judged.value_kept,
        status: promise.stage_at(day_of(times.opened)).status,
        timed: judged.timed,
        excused: excused.is_some_and(|code| code > 0.5),
        cause,
        remedy: reading.text(REMEDY).map(|code| Remedy::of(&code)),
        segments,
    })
}

/// Reads the cause; a project without a register of causes keeps none.
fn cause(reading: &Reading<'_>, registers: &Registers<'_>) -> Option<u32> {
    let causes = &registers.project.causes;
    let code = reading.text(CAUSE).filter(|_| !causes.causes.is_empty())?;
    Some(causes.position(&code).and_then(|position| u32::try_from(position).ok()).unwrap_or(UNKNOWN_CAUSE))
}

fn times(reading: &mut Reading<'_>, registers: &Registers<'_>, department: Option<u32>) -> Option<Times> {
    let opened = reading.required_instant(OPENED);
    let due = reading.until(DUE);
    let [closed, cancelled, remedied] =
        [CLOSED, CANCELLED, REMEDIED].map(|column| reading.since(column, opened));
    let time = &registers.project.time;
    let day: Option<Day> = opened.map(day_of);
    reading.within(OPENED, day, time.from.plus(-time.lookback_months), time.to);
    reading.in_force(registers, DEPARTMENT, department, day);
    let opened = opened?;
    for (column, later) in [(DUE, due), (CLOSED, closed), (CANCELLED, cancelled), (REMEDIED, remedied)] {
        if later.is_some_and(|later| later < opened) {
            reading.fault(column, "closed_before_opened");
        }
        let last = time.to.map(|month| month.plus(12));
        reading.within(column, later.map(day_of), time.from.plus(-time.lookback_months), last);
    }
    Some(Times { opened, due, closed, cancelled, remedied })
}

struct Judged {
    due: Option<i64>,
    due_differs: bool,
    value_kept: Option<bool>,
    timed: bool,
    has_limit: bool,
}

/// Judges a case by the limit in force when it began: a measured value against the limit, else its times.
fn judge(promise: &Commitment, calendar: Option<&Calendar>, times: &Times, value: Option<f64>) -> Judged {
    let limit = promise.limit_at(day_of(times.opened)).and_then(|limit| limit.limit);
    let computed = limit.and_then(|limit| promise.time_limit(limit).end(times.opened, calendar));
    let by_value = value.is_some() || (promise.unit.seconds().is_none() && times.due.is_none());
    let kept = |value: f64| match limit {
        _ if promise.unit == Unit::Yes => value >= 1.0,
        Some(limit) if promise.higher_is_better => value >= limit,
        Some(limit) => value <= limit,
        None => false,
    };
    Judged {
        due: times.due.or(computed).filter(|_| !by_value),
        due_differs: !by_value && times.due.zip(computed).is_some_and(differ),
        value_kept: value.filter(|_| by_value && (limit.is_some() || promise.unit == Unit::Yes)).map(kept),
        timed: !by_value,
        has_limit: limit.is_some(),
    }
}

/// A due day that was told without a time agrees with every time on it.
fn differ((due, computed): (i64, i64)) -> bool {
    due != computed && (due != last_second(day_of(due)) || day_of(due) != day_of(computed))
}

fn content(
    reading: &Reading<'_>,
    (times, revision): (&Times, Option<i64>),
    (commitment, department): (u32, u32),
    segments: &[u64; 4],
) -> u64 {
    let content = Content::new()
        .add(Some(i64::from(commitment)))
        .add(Some(i64::from(department)))
        .add(Some(times.opened))
        .add(times.due)
        .add(times.closed)
        .add(times.cancelled)
        .add(times.remedied);
    let texts = [CUSTOMER, CONTACT, VALUE, REMEDY, CAUSE, EXCUSED, SERVER];
    let content = texts
        .iter()
        .fold(content, |content, &column| content.text(&reading.text(column).unwrap_or_default()));
    let content = segments.iter().fold(content, |content, &segment| content.add(Some(segment as i64)));
    match revision {
        Some(revision) => content.add(Some(revision)).finish(),
        None => content.finish(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::load;

    const SETTINGS: &str =
        "name = \"b\"\ntime.from = \"2026-01\"\n[sources.c]\nkind = \"commitments\"\nfiles = [\"c.csv\"]\n";
    const COMMITMENTS: &str = "[[commitment]]\ncode = \"card\"\nstatement = \"Soon\"\npromised_to = \"customer\"\n\
        owner = \"branch\"\nunit = \"days\"\nlimits = [{ limit = 2 }]\n";

    /// Checks one row that began on 2026-03-01: due and closed, and whether its due time differs from the limit.
    fn check(row: &str) -> (Option<i64>, Option<i64>, bool) {
        let (cases, _) = checked(COMMITMENTS, row);
        let case = cases.first().unwrap_or_else(|| panic!("{row}"));
        (case.due, case.closed, case.due_differs)
    }

    /// Checks one row: the case, and the reasons why there is none.
    fn checked(commitments: &str, row: &str) -> (Vec<Case>, Vec<&'static str>) {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("concord.toml", SETTINGS);
        write("registers/departments.csv", "code,profile\neast,branch\n");
        write("registers/commitments.toml", commitments);
        write(
            "c.csv",
            &format!("case,commitment,department,opened_at,due_at,closed_at\n1,card,east,{row}\n"),
        );
        let project = load(folder.path(), None).unwrap();
        let path = folder.path().join("c.csv");
        let (registers, mut cases) = (Registers::new(&project), Vec::new());
        let take = &mut |case: Case| {
            cases.push(case);
            Ok(())
        };
        let checked =
            check_cases(&registers, &project.sources[0], (&path, 0), &mut BTreeMap::new(), take).unwrap();
        let faults = checked.quarantined.iter().flat_map(|row| &row.faults).map(|fault| fault.reason);
        (cases, faults.collect())
    }

    #[test]
    fn a_case_that_only_a_calendar_could_give_a_due_time_is_no_void_one() {
        let working = format!("{COMMITMENTS}clock = \"working\"\n");
        assert_eq!(checked(&working, "2026-03-01T09:00,,").1, ["no_calendar"]);
        assert_eq!(checked(&working, "2026-03-01T09:00,2026-03-03,").0.len(), 1);
        let own = working.replace("limits = [{ limit = 2 }]", "limits = [{}]");
        assert_eq!(checked(&own, "2026-03-01T09:00,,").0[0].due, None);
    }

    #[test]
    fn a_day_without_a_time_is_kept_by_anything_done_on_it() {
        let opened = 1_772_355_600;
        let third = day_of(opened + 2 * 86_400);
        // 09:00 plus two days, told as a time, as a day, and not at all.
        assert_eq!(check("2026-03-01T09:00,2026-03-03T09:00,").0, Some(opened + 172_800));
        let (due, closed, differs) = check("2026-03-01T09:00,2026-03-03,2026-03-03T17:00");
        assert_eq!((due, differs), (Some(last_second(third)), false));
        assert!(closed < due);
        assert_eq!(check("2026-03-01T09:00,,").0, Some(opened + 172_800));
        assert!(check("2026-03-01T09:00,2026-03-04,").2);
    }

    #[test]
    fn a_case_closed_on_the_day_it_began_was_not_closed_before() {
        let (_, closed, _) = check("2026-03-01T09:00,,2026-03-01");
        assert_eq!(closed, Some(1_772_355_600));
        assert_eq!(check("2026-03-01,2026-03-01,2026-03-01").1.map(day_of), Some(day_of(1_772_355_600)));
    }

    #[test]
    fn a_later_revision_takes_the_place_of_earlier_ones() {
        let row = |revision: Option<i64>, closed: Option<i64>| Case { closed, ..revised(revision) };
        let first = row(Some(1), Some(9));
        let later = row(Some(2), None);
        assert!(later.is_further_than(&first) && !first.is_further_than(&later) && later.same_case(&first));
        let moved = Case { department: 3, ..row(Some(3), None) };
        assert!(moved.same_case(&first) && moved.is_further_than(&later));
        // Without a revision, or with the same, what had happened must have happened still.
        assert!(
            !row(None, None).is_further_than(&first) && row(None, Some(9)).is_further_than(&row(None, None))
        );
        assert!(!Case { department: 3, ..row(Some(1), Some(9)) }.same_case(&first));
    }

    /// A case with nothing told of it.
    fn revised(revision: Option<i64>) -> Case {
        Case {
            id: 1,
            content: 0,
            place: Place { file: 0, line: 2 },
            revision,
            commitment: 0,
            department: 0,
            customer: None,
            contact: None,
            opened: 0,
            due: None,
            due_differs: false,
            closed: None,
            cancelled: None,
            remedied: None,
            value: None,
            value_kept: None,
            status: Status::Announced,
            timed: true,
            excused: false,
            cause: None,
            remedy: None,
            segments: [0; 4],
        }
    }
}
