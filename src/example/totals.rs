//! Files of totals beside the three sources: invitations, business results; and the coded interviews.
//!
//! In: what happened in a month. Out: tables. Deliberately absent: customers' names.

use std::collections::BTreeMap;

use super::answers::is_invited;
use super::contacts::{CHANNELS, Contact, SEGMENTS};
use super::experience::Outcome;
use super::people::{code, month};
use super::table::{Columns, Form, Row, Table, Value};
use super::truth::{Pair, round};
use super::world::World;
use crate::random::Random;

const INVITATIONS: Columns = &[
    ("month", Form::Code),
    ("department", Form::Code),
    ("segment", Form::Code),
    ("channel", Form::Code),
    ("outcome", Form::Code),
    ("invited", Form::Real),
    ("answered", Form::Real),
];
const RESULTS: Columns = &[
    ("month", Form::Code),
    ("department", Form::Code),
    ("measure", Form::Code),
    ("value", Form::Real),
    ("denominator", Form::Real),
];
const INTERVIEWS: Columns = &[
    ("interview", Form::Id),
    ("person", Form::Code),
    ("group", Form::Code),
    ("competency", Form::Code),
    ("coder", Form::Code),
    ("behaviours", Form::Small),
    ("minutes", Form::Whole),
    ("date", Form::Date),
];
const OUTCOMES: [&str; 4] = ["none", "kept", "breached_remedied", "breached_unremedied"];
/// Behaviours looked for in interviews, with the times an average performer shows them in an hour and a half.
const BEHAVIOURS: [(&str, f64); 12] = [
    ("achievement", 7.0),
    ("service", 7.0),
    ("influence", 6.0),
    ("inductive", 6.0),
    ("networking", 5.0),
    ("information", 5.0),
    ("deductive", 4.0),
    ("initiative", 4.0),
    ("flexibility", 4.0),
    ("understanding", 3.0),
    ("confidence", 1.0),
    ("loyalty", 1.0),
];
/// Behaviours that top performers show more often, and how much.
const TOP: ([&str; 3], f64) = (["service", "information", "influence"], 1.6);
const INTERVIEWS_A_GROUP: usize = 12;
const HALF_AN_HOUR: u64 = 50;

/// Invitations and answers of one department and month, by segment, channel and outcome.
pub(super) type Invitations = BTreeMap<(usize, usize, usize), (u64, u64)>;

/// Counts one contact.
pub(super) fn invite(
    world: &World,
    contact: &Contact,
    outcome: Outcome,
    answered: bool,
    cells: &mut Invitations,
) {
    if is_invited(world, contact) {
        let cell = cells.entry((contact.segment, contact.channel, outcome as usize)).or_default();
        *cell = (cell.0 + 1, cell.1 + u64::from(answered));
    }
}

/// Returns the rows of invitations of one department and month.
pub(super) fn invitations(number: usize, department: &'static str, cells: &Invitations) -> Vec<Row> {
    cells
        .iter()
        .map(|(&(segment, channel, outcome), &(invited, answered))| {
            vec![
                month(number).to_string().into(),
                department.into(),
                SEGMENTS[segment].into(),
                CHANNELS[channel].into(),
                OUTCOMES[outcome].into(),
                (invited as f64).into(),
                (answered as f64).into(),
            ]
        })
        .collect()
}

/// Returns the table of invitations of a year.
pub(super) fn invitations_table(rows: Vec<Row>) -> Table {
    Table::new(INVITATIONS, rows)
}

/// Counts complaints: contacts that were promised an answer to one.
pub(super) fn complains(world: &World, contact: &Contact) -> bool {
    let complaint = world.promise("complaint-answered");
    contact.wants.iter().any(|want| want.promise == complaint)
}

/// Returns the business results of one department and month; retention follows satisfaction, a little.
pub(super) fn results(
    world: &World,
    number: usize,
    department: usize,
    pair: &Pair,
    complaints: u64,
) -> Vec<Row> {
    let code = world.departments[department].code;
    let mut random = world.random("results", number, code);
    let contacts = world.volume(department, number) as f64;
    let customers = (contacts * 4.2).round();
    let mood = pair.mean_dimension().map_or(0.0, |mean| (mean - 70.0) / 100.0);
    let noisy =
        |expected: f64, random: &mut Random| (expected + expected.sqrt() * random.normal()).round().max(0.0);
    let left = noisy(customers * (0.012 - 0.02 * mood), &mut random);
    let funds = round(contacts * (0.9 + 0.8 * mood + 0.05 * random.normal()), 1);
    let products = noisy(contacts * (0.11 + 0.08 * mood), &mut random);
    let referrals = noisy(contacts * (0.02 + 0.04 * mood), &mut random);
    [
        ("retention", customers - left, customers),
        ("funds_million", funds, customers),
        ("products_sold", products, contacts),
        ("referrals", referrals, contacts),
        ("complaints", complaints as f64, contacts),
    ]
    .into_iter()
    .map(|(measure, value, denominator)| {
        vec![month(number).to_string().into(), code.into(), measure.into(), value.into(), denominator.into()]
    })
    .collect()
}

/// Returns the table of business results.
pub(super) fn results_table(rows: Vec<Row>) -> Table {
    Table::new(RESULTS, rows)
}

/// Returns the coded interviews: twelve top and twelve average client managers, two coders each.
pub(super) fn interviews(world: &World) -> Table {
    let mut random = world.random("interviews", 0, "");
    let managers: Vec<usize> = (0..world.people.list.len())
        .filter(|&p| world.people.list[p].post(1).is_some_and(|post| post.role == "client_manager"))
        .collect();
    let mut rows = Vec::new();
    for interview in 0..2 * INTERVIEWS_A_GROUP {
        let person = managers[(interview * managers.len()) / (2 * INTERVIEWS_A_GROUP)];
        let top = interview % 2 == 0;
        let minutes = 60 + random.below(HALF_AN_HOUR + 1) as i16;
        for (behaviour, rate) in BEHAVIOURS {
            let more = if top && TOP.0.contains(&behaviour) { TOP.1 } else { 1.0 };
            let shown = poisson(rate * more * f64::from(minutes) / 90.0, &mut random);
            for coder in ["coder-1", "coder-2"] {
                let seen = (0..shown).filter(|_| random.chance(0.9)).count() as i8;
                rows.push(vec![
                    format!("V{:02}", interview + 1).into(),
                    code(person).into(),
                    (if top { "top" } else { "average" }).into(),
                    behaviour.into(),
                    coder.into(),
                    seen.into(),
                    Value::Int(minutes),
                    Value::Date(month(1).first_day().plus(interview as i32 + 3)),
                ]);
            }
        }
    }
    Table::new(INTERVIEWS, rows)
}

/// Draws a Poisson number as the count of exponential waits within `mean`.
fn poisson(mean: f64, random: &mut Random) -> usize {
    let mut waited = random.exponential();
    let mut count = 0;
    while waited < mean {
        count += 1;
        waited += random.exponential();
    }
    count
}
