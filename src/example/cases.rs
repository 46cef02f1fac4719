//! Rows of the case log.
//!
//! In: contacts and their judged promises; the promises between departments, to mystery visitors and of machines. Out: rows, and the log's times.

use super::calendar::{CLOSES, Moment, OPENS};
use super::contacts::{CHANNELS, Contact, PRODUCTS, SEGMENTS, TENURES, Want};
use super::experience::{CARD_RATE, Judged, Setting, is_void, judge};
use super::people;
use super::promises::Form as Measured;
use super::table::{Columns, Form, Row, Value};
use super::world::World;

/// Columns of the case log.
pub(super) const COLUMNS: Columns = &[
    ("case", Form::Id),
    ("commitment", Form::Code),
    ("department", Form::Code),
    ("customer_department", Form::Code),
    ("contact", Form::Id),
    ("opened_at", Form::Time),
    ("due_at", Form::Time),
    ("closed_at", Form::Time),
    ("value", Form::Whole),
    ("cancelled_at", Form::Time),
    ("remedied_at", Form::Time),
    ("remedy", Form::Code),
    ("cause", Form::Code),
    ("excused", Form::Small),
    ("server", Form::Code),
    ("segment", Form::Code),
    ("product", Form::Code),
    ("channel", Form::Code),
    ("tenure", Form::Code),
];
/// Positions of the columns that tell how far a case is.
pub(super) const STATE: [usize; 6] = [7, 8, 9, 10, 11, 12];

const CAUSES: [&str; 7] =
    ["person-absent", "one-at-lunch", "long-previous-call", "knowledge", "other-branch", "system", "other"];
/// Cumulative shares of the coded causes.
const CAUSE_SHARES: [f64; 7] = [0.24, 0.46, 0.61, 0.74, 0.82, 0.92, 1.0];
const REMEDIES: [&str; 4] = ["explanation", "apology", "gift", "correction"];
const MINUTES_A_DAY: f64 = 1440.0;

/// When things happened in a case.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    /// When it was due, for promises of time.
    pub(super) due: Option<Moment>,
    /// When it was done.
    pub(super) closed: Option<Moment>,
    /// What was counted, for all others.
    pub(super) value: Option<i16>,
    /// When the customer knew that the promise was broken, or that it was kept.
    pub(super) known: Moment,
    /// When the breach was put right.
    pub(super) remedied: Option<Moment>,
}

/// One case with everything its row and the truth need.
#[derive(Debug, Clone)]
pub(super) struct Case {
    /// Position of the promise.
    pub(super) promise: usize,
    /// Department that promised.
    pub(super) owner: usize,
    /// Probability that the log says kept; nothing when the case is void.
    pub(super) probability: Option<f64>,
    /// Its times.
    pub(super) times: Times,
    /// Its row.
    pub(super) row: Row,
}

/// Builds the case of `want`; `customer` is the department that was promised something, `known_contact` whether a customer was.
pub(super) fn build(
    world: &World,
    contact: &Contact,
    want: &Want,
    customer: Option<usize>,
    id: String,
) -> Case {
    let judged = judge(world, contact, want, &Setting::new(world.plants));
    let void = is_void(world, want);
    let times = times(world, contact, want, &judged);
    let mut row = row(world, contact, want, (&judged, &times), customer);
    row[0] = id.into();
    Case {
        promise: want.promise,
        owner: want.owner,
        probability: (!void).then_some(judged.probability),
        times,
        row,
    }
}

fn times(world: &World, contact: &Contact, want: &Want, judged: &Judged) -> Times {
    let promise = &world.promises[want.promise];
    let mut times = match promise.form {
        Measured::Rings | Measured::Queue | Measured::Visit | Measured::Probe => {
            counted(promise.form, want, judged)
        }
        Measured::Card => card(contact, want, judged),
        _ => timed(world, want, judged),
    };
    let remedy =
        judged.remedied_after.map(|minutes| world.calendar.add_working(times.known, minutes as i64 + 1));
    times.remedied = remedy;
    times
}

fn counted(form: Measured, want: &Want, judged: &Judged) -> Times {
    let beyond = |unit: f64, most: f64| (unit * judged.delay).ceil().clamp(1.0, most) as i16;
    let value = match (form, judged.recorded_kept) {
        (Measured::Rings, true) => 1 + i16::from(want.spare > 0.3) + i16::from(want.spare > 0.7),
        (Measured::Rings, false) => 3 + beyond(3.0, 17.0),
        (Measured::Queue, true) if !judged.kept || want.spare < 0.068 => 10,
        (Measured::Queue, true) => (10.0 * (want.spare - 0.068) / 0.932) as i16,
        (Measured::Queue, false) => 10 + beyond(8.0, 80.0),
        (_, kept) => i16::from(kept),
    };
    let waited = if form == Measured::Queue { i64::from(value) } else { 0 };
    Times { due: None, closed: None, value: Some(value), known: want.opened.plus(waited), remedied: None }
}

fn card(contact: &Contact, want: &Want, judged: &Judged) -> Times {
    let (limit, widen) = if contact.month < 13 { (5, libm::exp(2.0 * CARD_RATE)) } else { (3, 1.0) };
    // Durations do not know the limit: the chance of more than three days rules both years.
    let beyond_three = (1.0 - judged.probability) * widen;
    let days = match want.luck < beyond_three {
        true => 3.0 - libm::log(want.luck.max(1e-12) / beyond_three) / CARD_RATE,
        false => 0.5 + 2.5 * want.spare,
    };
    let due = want.opened.plus(limit * 1440);
    let minutes = (days * MINUTES_A_DAY) as i64;
    let closed = want.opened.plus(if judged.kept { minutes } else { minutes.max(limit * 1440 + 1) });
    Times { due: Some(due), closed: Some(closed), value: None, known: closed, remedied: None }
}

fn timed(world: &World, want: &Want, judged: &Judged) -> Times {
    let promise = &world.promises[want.promise];
    let (calendar, opened, limit) = (&world.calendar, want.opened, promise.limit);
    let due = match promise.form {
        Measured::Working | Measured::Sheet => calendar.add_working(opened, limit),
        Measured::SameDay => same_day(world, opened),
        _ => opened.plus(limit),
    };
    let part = 0.2 + 0.8 * want.spare;
    let closed = match (promise.form, judged.kept) {
        (Measured::Working | Measured::Sheet, true) => {
            calendar.add_working(opened, ((limit as f64 * part) as i64).max(1))
        }
        (Measured::Working | Measured::Sheet, false) => {
            calendar.add_working(due, 1 + (0.5 * limit as f64 * judged.delay) as i64)
        }
        (_, true) => opened.plus((((due.0 - opened.0) as f64 * part) as i64).max(1)),
        (Measured::SameDay, false) => calendar.add_working(due, 30 + (300.0 * judged.delay) as i64),
        (_, false) => due.plus(1 + (0.5 * limit as f64 * judged.delay) as i64),
    };
    Times {
        due: Some(due),
        closed: Some(closed),
        value: None,
        known: closed.min(due).max(opened),
        remedied: None,
    }
}

/// Until 15:00 the same evening, later the next working day's evening.
fn same_day(world: &World, opened: Moment) -> Moment {
    let today = opened.minute() < 15 * 60 && world.calendar.is_working(opened.day());
    let day = if today { opened.day() } else { world.calendar.next_working(opened.day().plus(1)) };
    Moment::new(day, CLOSES)
}

fn row(
    world: &World,
    contact: &Contact,
    want: &Want,
    (judged, times): (&Judged, &Times),
    customer: Option<usize>,
) -> Row {
    let breach = !judged.recorded_kept;
    let void = is_void(world, want);
    let done = !void;
    let remedied = times.remedied.filter(|_| done);
    let with_customer = contact.number != NO_CUSTOMER;
    let cut = |codes: &[&'static str], index: usize| -> Value { with_customer.then(|| codes[index]).into() };
    // The server is missing in one row of twelve; which one, the digits of its luck decide.
    let server = with_customer && fraction(want.luck, 1e4) >= 0.08 && want.owner == contact.department;
    vec![
        Value::Empty,
        world.promises[want.promise].code.into(),
        world.departments[want.owner].code.into(),
        customer.map(|d| world.departments[d].code).into(),
        with_customer.then(|| contact_code(contact)).into(),
        want.opened.into(),
        times.due.into(),
        times.closed.filter(|_| done).into(),
        times.value.into(),
        void.then(|| want.opened.plus(120 + (900.0 * want.luck) as i64)).into(),
        remedied.into(),
        remedied.map(|_| REMEDIES[(fraction(want.remedy, 1e3) * 4.0) as usize]).into(),
        (breach && done).then(|| cause(world, want)).flatten().into(),
        (breach && done && fraction(want.luck, 1e5) < 0.05).then_some(1_i8).into(),
        server.then(|| people::code(contact.server)).into(),
        cut(&SEGMENTS, contact.segment),
        cut(&PRODUCTS, contact.product),
        cut(&CHANNELS, contact.channel),
        cut(&TENURES, contact.tenure),
    ]
}

fn cause(world: &World, want: &Want) -> Option<&'static str> {
    let coded = if want.owner == world.places.millpond { 0.45 } else { 0.70 };
    let pointer = fraction(want.spare, 1e3);
    (fraction(want.spare, 1e6) < coded)
        .then(|| CAUSES[CAUSE_SHARES.iter().position(|&share| pointer < share).unwrap_or(CAUSES.len() - 1)])
}

/// A second uniform number from the later digits of a first.
fn fraction(number: f64, power: f64) -> f64 {
    let shifted = number * power;
    shifted - shifted.floor()
}

/// Number of a contact that is no customer's.
pub(super) const NO_CUSTOMER: u64 = u64::MAX;

/// Returns the code of a contact.
pub(super) fn contact_code(contact: &Contact) -> String {
    let month = people::month(contact.month);
    format!("C{:02}{:02}{:02}{:06}", month.year() % 100, month.number(), contact.department, contact.number)
}

/// Returns a moment within opening hours.
pub(super) fn within_hours(day: crate::month::Day, part: f64) -> Moment {
    Moment::new(day, OPENS + ((CLOSES - OPENS - 1) as f64 * part) as i64)
}
