//! One month: every department's contacts, cases, answers and truth, in parallel and in order.
//!
//! In: the world and a month. Out: [`MonthRows`]. Deliberately absent: files.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::answers;
use super::calendar::Moment;
use super::cases::{Case, STATE, build, contact_code};
use super::contacts::{self, Contact};
use super::effects;
use super::experience::{Setting, realise};
use super::internal;
use super::people::{month, month_of};
use super::table::{Row, Value};
use super::totals::{self, Invitations};
use super::truth::Truth;
use super::world::World;

/// Days after the last month's end on which all files were extracted.
const EXTRACT_DAYS: i32 = 12;
/// Customers that might as well have come, for each that does at scale 1: their mean errs by a sixth of what the answers' mean does.
const TWINS: u64 = 8;
/// Mean of an item's latent answer before any effect.
const CENTRE: f64 = 3.80;

/// The rows of one month.
#[derive(Debug, Default)]
pub(super) struct MonthRows {
    /// Rows of the case log.
    pub(super) cases: Vec<Row>,
    /// Rows of the client survey.
    pub(super) answers: Vec<Row>,
    /// Rows of invitations.
    pub(super) invitations: Vec<Row>,
    /// Rows of business results.
    pub(super) results: Vec<Row>,
    /// What is true of them.
    pub(super) truth: Truth,
}

/// Makes month `number`.
pub(super) fn make(world: &World, number: usize) -> MonthRows {
    let means = contacts::item_means(CENTRE);
    let (cases, late_weeks) = internal::draw(world, number);
    let open: Vec<usize> = (0..world.departments.len())
        .filter(|&d| world.departments[d].is_front() && world.is_open(d, number))
        .collect();
    let parts: Vec<MonthRows> = open
        .into_par_iter()
        .map(|department| make_department(world, number, department, (&means, &late_weeks)))
        .collect();
    let mut whole = MonthRows::default();
    for part in parts {
        whole.cases.extend(part.cases);
        whole.answers.extend(part.answers);
        whole.invitations.extend(part.invitations);
        whole.results.extend(part.results);
        whole.truth.merge(part.truth);
    }
    for case in cases {
        keep(world, case, &mut whole);
    }
    whole
}

fn make_department(
    world: &World,
    number: usize,
    department: usize,
    latent: (&[f64; 15], &BTreeSet<(usize, i32)>),
) -> MonthRows {
    let code = world.departments[department].code;
    let mut random = world.random("answers", number, code);
    let mut rows = MonthRows::default();
    let mut invitations = Invitations::new();
    let (mut complaints, mut serial, mut broken) = (0, 0, false);
    let volume = world.volume(department, number);
    for contact in &mut contacts::draw(world, (number, department), latent, ("contacts", volume)) {
        broken |= first_breach(world, contact, broken);
        let experience = realise(world, contact, &Setting::new(world.plants));
        let cases = build_all(world, contact, &mut serial);
        let cell = rows.truth.cells.entry((number, department)).or_default();
        cell.add_contact(contact, &experience);
        rows.truth.outcomes.entry(experience.outcome as usize).or_default().add_contact(contact, &experience);
        effects::measure(world, contact, &experience, &mut rows.truth);
        let answer = answers::row(world, contact, &experience, &cases, &mut random);
        let known = answer.filter(|row| is_known(world, &row[5]));
        totals::invite(world, contact, experience.outcome, known.is_some(), &mut invitations);
        complaints += u64::from(totals::complains(world, contact));
        rows.answers.extend(known);
        for case in cases {
            keep(world, case, &mut rows);
        }
    }
    twins(world, (number, department), latent, &mut rows.truth);
    rows.invitations = totals::invitations(number, code, &invitations);
    let cell = rows.truth.cells.entry((number, department)).or_default();
    rows.results = totals::results(world, number, department, cell, complaints);
    rows
}

/// What answers estimate is how a department serves, not who happened to come: it is told by customers who might as well have come.
fn twins(
    world: &World,
    (number, department): (usize, usize),
    latent: (&[f64; 15], &BTreeSet<(usize, i32)>),
    truth: &mut Truth,
) {
    let volume = TWINS * world.volume(department, number) / u64::from(world.scale);
    for twin in contacts::draw(world, (number, department), latent, ("twins", volume)) {
        let experience = realise(world, &twin, &Setting::new(world.plants));
        truth.cells.entry((number, department)).or_default().add_twin(&experience);
        truth.outcomes.entry(experience.outcome as usize).or_default().add_twin(&experience);
    }
}

/// The first statement of M22 at Quarry is its first late one: its luck is made bad. Returns whether it was this contact's.
fn first_breach(world: &World, contact: &mut Contact, done: bool) -> bool {
    if done || !world.plants.quarry || contact.department != world.places.quarry || contact.month != 22 {
        return false;
    }
    let statement = world.promise("statement");
    let found = contact.wants.iter_mut().find(|want| want.promise == statement);
    found.map(|want| want.luck = 0.001).is_some()
}

fn build_all(world: &World, contact: &Contact, serial: &mut u64) -> Vec<Case> {
    let prefix = contact_code(contact).replacen('C', "K", 1);
    contact
        .wants
        .iter()
        .map(|want| {
            *serial += 1;
            build(world, contact, want, None, format!("{}{serial:06}", &prefix[..7]))
        })
        .collect()
}

/// Adds a case's row as it stood at the extract, and its probability.
fn keep(world: &World, mut case: Case, rows: &mut MonthRows) {
    if let Some(probability) = case.probability {
        let event = case.times.due.unwrap_or_else(|| opened(&case.row));
        let number = month_of(event.day());
        if number <= world.months {
            let cell = rows.truth.kept.entry((number, case.owner, case.promise)).or_default();
            *cell = (cell.0 + probability, cell.1 + 1);
        }
    }
    as_known(&mut case.row, extract(world));
    rows.cases.push(case.row);
}

fn opened(row: &Row) -> Moment {
    match row[5] {
        Value::Time(moment) => moment,
        _ => Moment(0),
    }
}

/// Takes out of a case what happened after `until`.
pub(super) fn as_known(row: &mut Row, until: Moment) {
    let later = |value: &Value| matches!(value, Value::Time(moment) if *moment > until);
    let [closed, _, cancelled, remedied, remedy, cause] = STATE;
    for column in [closed, cancelled] {
        if later(&row[column]) {
            row[column] = Value::Empty;
        }
    }
    if later(&row[remedied]) {
        row[remedied] = Value::Empty;
        row[remedy] = Value::Empty;
    }
    // A cause is coded when the case is closed.
    if row[closed] == Value::Empty && row[STATE[1]] == Value::Empty {
        row[cause] = Value::Empty;
        row[cause + 1] = Value::Empty;
    }
}

/// Returns the last moment that the files know of.
pub(super) fn extract(world: &World) -> Moment {
    Moment::new(month(world.months).last_day().plus(EXTRACT_DAYS), 24 * 60 - 1)
}

fn is_known(world: &World, recorded: &Value) -> bool {
    matches!(recorded, Value::Date(day) if *day <= extract(world).day())
}
