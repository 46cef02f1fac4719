//! The three small surveys: internal customers, staff, stated importance.
//!
//! In: the world. Out: tables, and the weights of the dimensions. Deliberately absent: the client survey.

use super::contacts::pick;
use super::people::{self, month};
use super::table::{Columns, Form, Row, Table, Value};
use super::world::World;
use crate::random::Random;

/// Columns of the internal survey.
const INTERNAL: Columns = &[
    ("response", Form::Id),
    ("department", Form::Code),
    ("customer_department", Form::Code),
    ("date", Form::Date),
    ("s1", Form::Small),
    ("s2", Form::Small),
    ("s3", Form::Small),
    ("s4", Form::Small),
    ("s5", Form::Small),
    ("s6", Form::Small),
    ("s7", Form::Small),
    ("s8", Form::Small),
];
/// Items of the internal survey.
pub(super) const INTERNAL_ITEMS: [&str; 8] = ["s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8"];
const STAFF: Columns = &[
    ("response", Form::Id),
    ("department", Form::Code),
    ("date", Form::Date),
    ("n01", Form::Small),
    ("n02", Form::Small),
    ("n03", Form::Small),
    ("n04", Form::Small),
    ("n05", Form::Small),
    ("n06", Form::Small),
    ("n07", Form::Small),
    ("n08", Form::Small),
    ("n09", Form::Small),
    ("n10", Form::Small),
    ("n11", Form::Small),
    ("n12", Form::Small),
];
/// Items of the staff survey: the twelve needs.
pub(super) const STAFF_ITEMS: [&str; 12] =
    ["n01", "n02", "n03", "n04", "n05", "n06", "n07", "n08", "n09", "n10", "n11", "n12"];
const STAFF_MEANS: [f64; 12] = [3.2, 3.6, 3.9, 3.5, 3.7, 3.8, 3.4, 3.6, 3.3, 3.5, 3.4, 3.1];
const IMPORTANCE: Columns = &[
    ("response", Form::Id),
    ("department", Form::Code),
    ("date", Form::Date),
    ("m01", Form::Small),
    ("m02", Form::Small),
    ("m03", Form::Small),
    ("m04", Form::Small),
    ("m05", Form::Small),
    ("m06", Form::Small),
    ("m07", Form::Small),
    ("m08", Form::Small),
    ("m09", Form::Small),
    ("m10", Form::Small),
    ("m11", Form::Small),
    ("m12", Form::Small),
    ("m13", Form::Small),
    ("m14", Form::Small),
    ("m15", Form::Small),
];
/// Items of the importance survey.
pub(super) const IMPORTANCE_ITEMS: [&str; 15] =
    ["m01", "m02", "m03", "m04", "m05", "m06", "m07", "m08", "m09", "m10", "m11", "m12", "m13", "m14", "m15"];
/// Position of the first item in the importance survey.
const FIRST_IMPORTANCE: usize = 3;

const INVITED: usize = 380;
const INTERNAL_RESPONSE: f64 = 0.55;
const STAFF_RESPONSE: f64 = 0.68;
const ASKED_FOR_IMPORTANCE: usize = 600;
const MISSING: f64 = 0.02;

/// Returns the internal survey of project month `number`.
pub(super) fn internal(world: &World, number: usize) -> Table {
    let mut random = world.random("internal", number, "");
    let open = |d: &usize| world.is_open(*d, number);
    let serving: Vec<usize> = (0..world.departments.len())
        .filter(open)
        .filter(|&d| ["operations", "product", "service"].contains(&world.departments[d].profile))
        .collect();
    let customers: Vec<usize> = (0..world.departments.len()).filter(open).collect();
    let mut rows = Vec::new();
    for invitation in 0..INVITED {
        if !random.chance(INTERNAL_RESPONSE) {
            continue;
        }
        let department = serving[invitation % serving.len()];
        let customer = customers[random.below(customers.len() as u64) as usize];
        let quality = 3.75 + 1.2 * world.departments[department].effect + world.drift(department, number)
            - 0.1 * world.congestion(department, number);
        let mut row = head("S", number, rows.len(), world.departments[department].code);
        row.push(world.departments[customer].code.into());
        row.push(some_day(number, &mut random));
        row.extend(ratings(&[quality; 8], (0.65, 0.65), (1, 5), &mut random));
        rows.push(row);
    }
    Table::new(INTERNAL, rows)
}

/// Returns the staff survey of project month `number`: leisure (n11) is the true null.
pub(super) fn staff(world: &World, number: usize) -> Table {
    let mut random = world.random("staff", number, "");
    let mut rows = Vec::new();
    for person in &world.people.list {
        let Some(post) = person.post(number) else { continue };
        if !random.chance(STAFF_RESPONSE) {
            continue;
        }
        let department = &world.departments[post.department];
        let mood = 0.5 * department.effect + 0.08 * (f64::from(department.head_level) - 1.5);
        let means: [f64; 12] = std::array::from_fn(|i| STAFF_MEANS[i] + if i == 10 { 0.0 } else { mood });
        let mut row = head("W", number, rows.len(), department.code);
        row.push(some_day(number, &mut random));
        row.extend(ratings(&means, (0.5, 0.8), (1, 5), &mut random));
        rows.push(row);
    }
    Table::new(STAFF, rows)
}

/// Returns the importance survey of project month `number`.
pub(super) fn importance(world: &World, number: usize) -> Table {
    let mut random = world.random("importance", number, "");
    let stated: Vec<f64> = include_str!("bank/items.csv")
        .lines()
        .skip(1)
        .map(|line| line.split(',').nth(3).and_then(|text| text.parse().ok()).expect("a declared importance"))
        .collect();
    let volumes: Vec<f64> = (0..world.departments.len())
        .map(|d| if world.is_open(d, number) { f64::from(world.departments[d].volume) } else { 0.0 })
        .collect();
    let rows = (0..ASKED_FOR_IMPORTANCE)
        .map(|index| {
            let department = world.departments[pick(&volumes, &mut random)].code;
            let mut row = head("M", number, index, department);
            row.push(some_day(number, &mut random));
            row.extend(ratings(&stated, (0.8, 1.4), (1, 10), &mut random));
            row
        })
        .collect();
    Table::new(IMPORTANCE, rows)
}

/// Returns each dimension's weight: its items' mean stated importance, summed and normalised, over the rows that `counts` keeps.
pub(super) fn weights(table: &Table, counts: impl Fn(usize) -> bool) -> [f64; 5] {
    let mut weights = [0.0; 5];
    for item in 0..IMPORTANCE_ITEMS.len() {
        let (mut sum, mut n) = (0.0, 0.0);
        for (_, row) in table.rows.iter().enumerate().filter(|(index, _)| counts(*index)) {
            if let Value::Int(answer) = row[FIRST_IMPORTANCE + item] {
                sum += f64::from(answer);
                n += 1.0;
            }
        }
        weights[item / 3] += sum / n;
    }
    let total: f64 = weights.iter().sum();
    weights.map(|weight| weight / total)
}

fn head(letter: &str, number: usize, index: usize, department: &'static str) -> Row {
    let month = month(number);
    vec![
        format!("{letter}{:02}{:02}{:04}", month.year() % 100, month.number(), index + 1).into(),
        department.into(),
    ]
}

fn some_day(number: usize, random: &mut Random) -> Value {
    let month = people::month(number);
    let days = month.last_day().0 - month.first_day().0 + 1;
    month.first_day().plus(random.below(days as u64) as i32).into()
}

fn ratings(means: &[f64], (halo, own): (f64, f64), (low, high): (i8, i8), random: &mut Random) -> Vec<Value> {
    let mood = halo * random.normal();
    means
        .iter()
        .map(|mean| {
            let value = (mean + mood + own * random.normal()).round().clamp(low.into(), high.into()) as i8;
            (!random.chance(MISSING)).then_some(value).into()
        })
        .collect()
}
