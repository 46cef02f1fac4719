//! The dirt of life: identical copies of rows, and the fifteen kinds of damage, each listed by file and line.
//!
//! In: a clean table. Out: the table as delivered, and what was done to it. Deliberately absent: late rows, code 9 and missing ids, which are no damage.

use std::collections::{BTreeMap, BTreeSet};

use super::table::{Form, Row, Table, Value};
use crate::month::Day;
use crate::random::Random;

/// Share of rows that are damaged.
const DAMAGED: f64 = 0.002;
/// Share of rows that are delivered twice.
const DUPLICATE: f64 = 0.003;
/// Share of damaged rows with a second reason.
const SECOND: f64 = 0.08;
/// Rows looked at for one that a damage suits.
const TRIES: usize = 200;
/// Sixteen years in minutes: long before the project.
const LONG_AGO: i64 = 5844 * 1440;

/// What a source's rows can suffer.
#[derive(Debug)]
pub(super) struct Rules {
    /// Reasons in any format.
    pub(super) reasons: &'static [&'static str],
    /// Columns that must not be empty.
    pub(super) required: &'static [&'static str],
    /// Columns of answers.
    pub(super) items: &'static [&'static str],
    /// Columns of numbers that can hold text by mistake.
    pub(super) numbers: &'static [&'static str],
    /// The date that places a row in time.
    pub(super) date: &'static str,
    /// The column that names a person.
    pub(super) person: &'static str,
}

/// Reasons that only text files can have.
const TEXT_REASONS: [&str; 2] = ["not_a_number", "not_a_date"];

/// What was done to a table.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// Reasons by row.
    pub(super) damaged: BTreeMap<usize, Vec<&'static str>>,
    /// Copies in this file of rows of this file.
    pub(super) duplicates: usize,
    /// Copies that the next file delivers.
    pub(super) carried: Vec<Row>,
}

/// Copies and damages rows of `table` that are not in `untouched`; `turn` walks through the reasons from file to file.
pub(super) fn soil(
    table: &mut Table,
    rules: &Rules,
    csv: bool,
    untouched: &mut BTreeSet<usize>,
    (turn, random): (&mut usize, &mut Random),
) -> Done {
    let mut done = Done::default();
    let clean = table.rows.len();
    for _ in 0..portion(clean, DUPLICATE, 0, random) {
        let row = random.below(clean as u64) as usize;
        if !untouched.insert(row) {
            continue;
        }
        let copy = table.rows[row].clone();
        if random.chance(0.5) {
            done.carried.push(copy);
        } else {
            untouched.insert(table.rows.len());
            table.rows.push(copy);
            done.duplicates += 1;
        }
    }
    let reasons: Vec<&'static str> =
        rules.reasons.iter().copied().chain(TEXT_REASONS.into_iter().filter(|_| csv)).collect();
    for _ in 0..portion(clean, DAMAGED, if csv { 3 } else { 1 }, random) {
        let reason = reasons[*turn % reasons.len()];
        *turn += 1;
        damage(table, rules, reason, (clean, untouched, &mut done, random));
    }
    done
}

fn portion(rows: usize, share: f64, least: usize, random: &mut Random) -> usize {
    let expected = rows as f64 * share;
    (expected.floor() as usize + usize::from(random.chance(expected - expected.floor())))
        .max(least.min(rows / 20))
}

/// Finds a row that `reason` suits, and damages it; sometimes twice.
fn damage(
    table: &mut Table,
    rules: &Rules,
    reason: &'static str,
    (clean, untouched, done, random): (usize, &mut BTreeSet<usize>, &mut Done, &mut Random),
) {
    for _ in 0..TRIES {
        let row = random.below(clean as u64) as usize;
        if untouched.contains(&row) || !hurt(table, rules, row, reason, random) {
            continue;
        }
        untouched.insert(row);
        let listed = done.damaged.entry(row).or_default();
        listed.push(reason);
        if reason == "conflicting_id" {
            done.damaged.insert(table.rows.len() - 1, vec![reason]);
            untouched.insert(table.rows.len() - 1);
            return;
        }
        let second = ["unknown_department", "code_out_of_range", "unknown_commitment", "unknown_competency"]
            .into_iter()
            .find(|second| rules.reasons.contains(second) && *second != reason);
        let simple = !["missing_field", "all_answers_missing", "not_a_number", "level_outside_scale"]
            .contains(&reason);
        if let Some(second) = second.filter(|_| simple && random.chance(SECOND))
            && hurt(table, rules, row, second, random)
        {
            listed.push(second);
        }
        return;
    }
}

/// Applies one kind of damage; returns whether the row suits it.
fn hurt(table: &mut Table, rules: &Rules, row: usize, reason: &str, random: &mut Random) -> bool {
    let some =
        |list: &'static [&'static str], random: &mut Random| list[random.below(list.len() as u64) as usize];
    let (column, value): (&str, Value) = match reason {
        "unknown_department" => ("department", "nowhere".into()),
        "unknown_commitment" => ("commitment", "smile".into()),
        "unknown_competency" => ("competency", "Z".into()),
        "unknown_person" => (rules.person, "P9999".into()),
        "code_out_of_range" => (some(rules.items, random), Value::Int(77)),
        "level_outside_scale" => ("level", Value::Int(7)),
        "not_a_number" => (some(rules.numbers, random), "many".into()),
        "not_a_date" => (rules.date, "2025-02-30".into()),
        "missing_field" => (some(rules.required, random), Value::Empty),
        "weight_not_positive" => ("weight", Value::Real(-1.0)),
        "weight_not_finite" => ("weight", Value::Real(f64::INFINITY)),
        "all_answers_missing" => return silence(table, rules, row),
        "closed_before_opened" => return close_early(table, row),
        "outside_project" => return long_ago(table, rules, row),
        _ => return contradict(table, rules, row),
    };
    let column = table.column(column);
    let cell = &mut table.rows[row][column];
    if *cell == Value::Empty {
        return false;
    }
    *cell = value;
    true
}

fn silence(table: &mut Table, rules: &Rules, row: usize) -> bool {
    for item in rules.items {
        let column = table.column(item);
        table.rows[row][column] = Value::Empty;
    }
    true
}

fn close_early(table: &mut Table, row: usize) -> bool {
    let (opened, closed) = (table.column("opened_at"), table.column("closed_at"));
    let Value::Time(moment) = table.rows[row][opened] else { return false };
    if table.rows[row][closed] == Value::Empty {
        return false;
    }
    table.rows[row][closed] = Value::Time(moment.plus(-1440));
    true
}

/// Moves every time of a row out of the project, so that nothing else about it is wrong.
fn long_ago(table: &mut Table, rules: &Rules, row: usize) -> bool {
    let timed = table.columns.iter().any(|(name, form)| *name == rules.date && *form == Form::Time);
    let date = table.column(rules.date);
    if !timed {
        table.rows[row][date] = Value::Date(Day::new(2009, 5, 5).expect("a date"));
        return true;
    }
    for cell in &mut table.rows[row] {
        if let Value::Time(moment) = cell {
            *moment = moment.plus(-LONG_AGO);
        }
    }
    true
}

/// Appends a row with the same id that says something else.
fn contradict(table: &mut Table, rules: &Rules, row: usize) -> bool {
    let mut copy = table.rows[row].clone();
    let changed = rules.items.iter().chain(["commitment", "level"].iter()).find_map(|name| {
        let column = table.columns.iter().position(|(column, _)| column == name)?;
        (copy[column] != Value::Empty).then_some(column)
    });
    let Some(column) = changed else { return false };
    copy[column] = match &copy[column] {
        Value::Int(number) => Value::Int(if *number == 1 { 2 } else { 1 }),
        Value::Text(code) if code == "error" => "trace".into(),
        _ => "error".into(),
    };
    table.rows.push(copy);
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::table::Columns;

    const COLUMNS: Columns =
        &[("id", Form::Id), ("department", Form::Code), ("date", Form::Date), ("item", Form::Small)];
    const RULES: Rules = Rules {
        reasons: &["unknown_department", "conflicting_id", "all_answers_missing"],
        required: &["department"],
        items: &["item"],
        numbers: &["item"],
        date: "date",
        person: "",
    };

    fn table() -> Table {
        let day = Day::new(2025, 1, 1).unwrap();
        let row = |i: usize| vec![format!("R{i}").into(), "a".into(), day.into(), Value::Int(3)];
        Table::new(COLUMNS, (0..2000).map(row).collect())
    }

    #[test]
    fn exactly_the_listed_rows_differ() {
        let (clean, mut soiled) = (table(), table());
        let mut random = Random::new(&["dirt"]);
        let done = soil(&mut soiled, &RULES, true, &mut BTreeSet::new(), (&mut 0, &mut random));
        for (row, before) in clean.rows.iter().enumerate() {
            let conflict = done.damaged.get(&row).is_some_and(|reasons| reasons[0] == "conflicting_id");
            assert_eq!(*before != soiled.rows[row], done.damaged.contains_key(&row) && !conflict, "{row}");
        }
        let conflicts = done.damaged.values().filter(|reasons| reasons[0] == "conflicting_id").count() / 2;
        assert_eq!(soiled.rows.len(), 2000 + done.duplicates + conflicts);
    }

    #[test]
    fn text_damage_needs_a_text_file() {
        let mut random = Random::new(&["dirt"]);
        let done = soil(&mut table(), &RULES, false, &mut BTreeSet::new(), (&mut 0, &mut random));
        assert!(done.damaged.values().flatten().all(|reason| !TEXT_REASONS.contains(reason)));
    }
}
