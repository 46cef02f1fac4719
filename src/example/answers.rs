//! Rows of the client survey.
//!
//! In: contacts, what they turned into, their cases. Out: rows as the survey tool exports them, with all that is ordinarily missing.

use super::calendar::Moment;
use super::cases::{Case, contact_code};
use super::contacts::{CHANNELS, Contact, PRODUCTS, SEGMENTS, TENURES};
use super::experience::{Experience, Outcome};
use super::people;
use super::table::{Columns, Form, Row, Value};
use super::world::{CONTACT_CENTRE_WEIGHT, World};
use crate::random::Random;

/// Columns of the client survey.
pub(super) const COLUMNS: Columns = &[
    ("answer_id", Form::Id),
    ("respondent", Form::Id),
    ("department", Form::Code),
    ("date", Form::Date),
    ("completed_at", Form::Time),
    ("recorded_at", Form::Date),
    ("contact", Form::Id),
    ("server", Form::Code),
    ("weight", Form::Real),
    ("segment", Form::Code),
    ("product", Form::Code),
    ("channel", Form::Code),
    ("tenure", Form::Code),
    ("q01", Form::Small),
    ("q02", Form::Small),
    ("q03", Form::Small),
    ("q04", Form::Small),
    ("q05", Form::Small),
    ("q06", Form::Small),
    ("q07", Form::Small),
    ("q08", Form::Small),
    ("q09", Form::Small),
    ("q10", Form::Small),
    ("q11", Form::Small),
    ("q12", Form::Small),
    ("q13", Form::Small),
    ("q14", Form::Small),
    ("q15", Form::Small),
    ("overall_5", Form::Small),
    ("overall", Form::Small),
    ("recommend", Form::Small),
    ("effort", Form::Small),
    ("as_promised", Form::Small),
];
/// The items' columns.
pub(super) const ITEMS: [&str; 20] = [
    "q01",
    "q02",
    "q03",
    "q04",
    "q05",
    "q06",
    "q07",
    "q08",
    "q09",
    "q10",
    "q11",
    "q12",
    "q13",
    "q14",
    "q15",
    "overall_5",
    "overall",
    "recommend",
    "effort",
    "as_promised",
];

/// Branches whose survey is absent in M11.
const ABSENT: [&str; 6] = ["university", "greenpark", "airport", "riverside", "orchard-hill", "southbridge"];
const ABSENT_MONTH: usize = 11;
const EFFORT_MONTH: usize = 10;
/// Last month of the overall judgement on 1 to 5; in it, a random half has the new scale.
const OVERLAP_MONTH: usize = 3;
const MISSING: f64 = 0.02;
const NOT_APPLICABLE: f64 = 0.09;
const BREAK_OFF: f64 = 0.04;
const NO_CONTACT: f64 = 0.22;
const NO_SERVER: f64 = 0.08;
const LATE: f64 = 0.03;
const DELAY_DAYS: f64 = 2.5;

/// Returns whether the contact was asked at all: at the contact centre every second one.
pub(super) fn is_invited(world: &World, contact: &Contact) -> bool {
    contact.department != world.places.contact_centre || contact.number.is_multiple_of(2)
}

/// Returns the row of an answer, if the contact gives one.
pub(super) fn row(
    world: &World,
    contact: &Contact,
    experience: &Experience,
    cases: &[Case],
    random: &mut Random,
) -> Option<Row> {
    let code = world.departments[contact.department].code;
    let absent = contact.month == ABSENT_MONTH && ABSENT.contains(&code);
    if absent || !is_invited(world, contact) || contact.answer >= experience.response {
        return None;
    }
    let completed = completed_at(contact, cases, random);
    let half = contact.department == world.places.contact_centre;
    let mut row: Row = vec![
        contact_code(contact).replacen('C', "A", 1).into(),
        respondent(world, contact, random).into(),
        code.into(),
        contact.at.day().into(),
        completed.into(),
        completed.day().plus(1).into(),
        (!random.chance(NO_CONTACT)).then(|| contact_code(contact)).into(),
        (!random.chance(NO_SERVER)).then(|| people::code(contact.server)).into(),
        (if half { CONTACT_CENTRE_WEIGHT } else { 1.0 }).into(),
        SEGMENTS[contact.segment].into(),
        PRODUCTS[contact.product].into(),
        CHANNELS[contact.channel].into(),
        TENURES[contact.tenure].into(),
    ];
    row.extend(items(contact, experience, random));
    Some(row)
}

/// About one respondent in nine answers twice or more.
fn respondent(world: &World, contact: &Contact, random: &mut Random) -> String {
    let customers = u64::from(world.departments[contact.department].volume) * u64::from(world.scale) * 18;
    format!("R{:02}{:06}", contact.department, random.below(customers))
}

fn items(contact: &Contact, experience: &Experience, random: &mut Random) -> Vec<Value> {
    let answered = if random.chance(BREAK_OFF) { 10 } else { ITEMS.len() };
    let mut values = Vec::with_capacity(ITEMS.len());
    for (index, &answer) in experience.items.iter().enumerate() {
        let skipped = random.chance(MISSING);
        let other = (9..12).contains(&index) && random.chance(NOT_APPLICABLE);
        values.push(if skipped { None } else { Some(if other { 9 } else { answer }) });
    }
    let on_five = contact.month < OVERLAP_MONTH || contact.month == OVERLAP_MONTH && random.chance(0.5);
    values.push(on_five.then_some((experience.overall + 1) / 2));
    values.push((!on_five).then_some(experience.overall));
    values.push(Some(experience.recommend));
    let mean = experience.items.iter().map(|&item| f64::from(item)).sum::<f64>() / 15.0;
    let effort = (6.0 - mean + 0.7 * random.normal()).round().clamp(1.0, 5.0) as i8;
    values.push((contact.month >= EFFORT_MONTH).then_some(effort));
    values.push(Some(as_promised(experience, random)));
    for value in values.iter_mut().skip(answered) {
        *value = None;
    }
    values.into_iter().map(Value::from).collect()
}

/// What the customer saw; 9 when nothing was promised.
fn as_promised(experience: &Experience, random: &mut Random) -> i8 {
    let yes = if experience.broken { 0.10 } else { 0.98 };
    let seen = i8::from(random.chance(yes));
    if experience.outcome == Outcome::None { 9 } else { seen }
}

/// The answer comes when everything promised is settled, except for those who answer before the remedy.
fn completed_at(contact: &Contact, cases: &[Case], random: &mut Random) -> Moment {
    let days = if random.chance(LATE) {
        31.0 + 39.0 * random.uniform()
    } else {
        (DELAY_DAYS * random.exponential()).min(29.0)
    };
    let delay = 10 + (days * 1440.0) as i64;
    let known = cases.iter().map(|case| case.times.known).fold(contact.at, Moment::max);
    let remedied = cases.iter().filter_map(|case| case.times.remedied).min();
    match remedied {
        Some(remedied) if contact.hasty && known < remedied => {
            known.plus(((remedied.0 - known.0) as f64 * random.uniform()) as i64)
        }
        _ => cases
            .iter()
            .flat_map(|case| [case.times.closed, case.times.remedied])
            .flatten()
            .fold(known, Moment::max)
            .plus(delay),
    }
}
