//! Quarterly assessments of competency by oneself, the head, peers and customers.
//!
//! In: people with their true levels. Out: rating rows, level by level and, for heads and client managers, indicator by indicator.

use super::people::{COMPETENCIES, Person, code, month};
use super::table::{Columns, Form, Row, Table, Value};
use super::world::World;
use crate::month::Day;
use crate::random::Random;

/// Columns of the ratings.
const COLUMNS: Columns = &[
    ("rating", Form::Id),
    ("person", Form::Code),
    ("rater", Form::Code),
    ("relation", Form::Code),
    ("competency", Form::Code),
    ("level", Form::Small),
    ("indicator", Form::Code),
    ("seen", Form::Code),
    ("date", Form::Date),
    ("recorded_at", Form::Date),
];
const MISSING: f64 = 0.07;
const NOISE: f64 = 0.45;
/// Noise among the raters of the two departments that do not agree.
const DISAGREEMENT: f64 = 1.0;
const SELF_BIAS: f64 = 0.35;
const MANAGER_BIAS: f64 = -0.10;
const LENIENCE: f64 = 0.80;
const PEERS: usize = 3;
/// The quarter whose file comes a month late, and the one that a department skips.
const LATE_QUARTER: usize = 6;
const SKIPPED_QUARTER: usize = 3;

/// Where a rating comes from.
struct Rater {
    code: String,
    relation: &'static str,
    bias: f64,
}

/// The assessments of one quarter.
struct Quarter<'a> {
    world: &'a World,
    quarter: usize,
    number: usize,
    date: Day,
    recorded: Day,
}

/// Returns the ratings of quarter `quarter` (from 1): those that HR's system holds, and those that service departments send as text.
pub(super) fn ratings(world: &World, quarter: usize) -> (Table, Table) {
    let number = 3 * quarter - 1;
    let date = month(number).first_day().plus(9);
    let late = if quarter == LATE_QUARTER { 30 } else { 0 };
    let this = Quarter { world, quarter, number, date, recorded: month(number).last_day().plus(late) };
    let mut random = world.random("assessments", number, "");
    let (mut system, mut sent) = (Vec::new(), Vec::new());
    for index in 0..world.people.list.len() {
        let rows = this.person(index, &mut random);
        let apart = matches!(quarter, 1 | LATE_QUARTER) && this.profile(index) == Some("product");
        if apart { sent.extend(rows) } else { system.extend(rows) }
    }
    (Table::new(COLUMNS, numbered(system, number, "L")), Table::new(COLUMNS, numbered(sent, number, "T")))
}

fn numbered(mut rows: Vec<Row>, number: usize, letter: &str) -> Vec<Row> {
    for (row, serial) in rows.iter_mut().zip(1..) {
        row[0] = format!("{letter}{number:02}{serial:06}").into();
    }
    rows
}

impl Quarter<'_> {
    fn profile(&self, index: usize) -> Option<&'static str> {
        let post = self.world.people.list[index].post(self.number)?;
        Some(self.world.departments[post.department].profile)
    }

    fn person(&self, index: usize, random: &mut Random) -> Vec<Row> {
        let person = &self.world.people.list[index];
        let Some(post) = person.post(self.number) else { return Vec::new() };
        let department = self.world.departments[post.department].code;
        let joiner = person.joined() > 1 && person.joined() + 3 > self.number;
        let skipped = self.quarter == SKIPPED_QUARTER && department == "cash";
        if joiner || skipped || random.chance(MISSING) {
            return Vec::new();
        }
        let noise = if ["marketing", "premises"].contains(&department) && self.world.plants.disagreement {
            DISAGREEMENT
        } else {
            NOISE
        };
        let raters = self.raters(index, person, post.department, random);
        let mut rows = Vec::new();
        for rater in &raters {
            for &competency in assessed(post.role) {
                let truth = f64::from(person.level(competency, self.number));
                let level = (truth + rater.bias + noise * random.normal()).round().clamp(0.0, 3.0) as i8;
                rows.push(self.row(index, rater, competency, (Some(level), None)));
                let by_indicator = post.role == "head" && competency == 0
                    || post.role == "client_manager" && competency == 3 && rater.relation != "customer";
                if by_indicator {
                    rows.extend(self.indicators((index, rater, competency), level, random));
                }
            }
        }
        rows
    }

    fn raters(&self, index: usize, person: &Person, department: usize, random: &mut Random) -> Vec<Rater> {
        let world = self.world;
        let head = world.people.heads[department];
        // Heads are assessed by the head of a neighbouring department.
        let manager =
            if head == index { world.people.heads[(department + 1) % world.departments.len()] } else { head };
        let lenient = world.departments[department].code == "orchard-hill" && world.plants.lenient_head;
        let bias = MANAGER_BIAS + if lenient && head != index { LENIENCE } else { 0.0 };
        let mut raters = vec![
            Rater { code: code(index), relation: "self", bias: SELF_BIAS },
            Rater { code: code(manager), relation: "manager", bias },
        ];
        let colleagues: Vec<usize> =
            world.people.servers(department, self.number).iter().copied().filter(|&c| c != index).collect();
        let first = random.below(colleagues.len() as u64) as usize;
        for step in 0..PEERS.min(colleagues.len()) {
            let peer = colleagues[(first + step) % colleagues.len()];
            raters.push(Rater { code: code(peer), relation: "peer", bias: 0.0 });
        }
        let role = person.post(self.number).map_or("", |post| post.role);
        let serves = ["teller", "client_manager", "operator"].contains(&role);
        if self.quarter.is_multiple_of(2) && serves {
            let customer = |random: &mut Random| format!("X{:03}", random.below(1000));
            raters.push(Rater { code: customer(random), relation: "customer", bias: 0.0 });
        }
        raters
    }

    fn row(
        &self,
        index: usize,
        rater: &Rater,
        competency: usize,
        (level, indicator): (Option<i8>, Option<(String, &'static str)>),
    ) -> Row {
        let (indicator, seen) = indicator.unzip();
        vec![
            Value::Empty,
            code(index).into(),
            rater.code.clone().into(),
            rater.relation.into(),
            COMPETENCIES[competency].into(),
            level.into(),
            indicator.into(),
            seen.into(),
            self.date.into(),
            self.recorded.into(),
        ]
    }

    /// What a rater saw of each indicator `LEVEL.NUMBER`: all up to the level, few above it, negative ones only at level 0.
    fn indicators(
        &self,
        (index, rater, competency): (usize, &Rater, usize),
        level: i8,
        random: &mut Random,
    ) -> Vec<Row> {
        let per_level: [usize; 4] = if competency == 0 { [3, 3, 3, 2] } else { [0, 1, 1, 1] };
        let mut rows = Vec::new();
        for (at, &indicators) in (0_i8..).zip(&per_level) {
            for number in 1..=indicators {
                let shown = if at == 0 { level == 0 } else { at <= level };
                let seen = match () {
                    () if random.chance(0.05) => "no_opportunity",
                    () if shown == random.chance(0.95) => "seen",
                    () => "not_seen",
                };
                rows.push(self.row(index, rater, competency, (None, Some((format!("{at}.{number}"), seen)))));
            }
        }
        rows
    }
}

/// Competencies in which a role is assessed.
fn assessed(role: &str) -> &'static [usize] {
    match role {
        "head" => &[0, 1, 2, 9],
        "client_manager" => &[1, 3, 4, 7, 9, 10, 11],
        "teller" | "operator" => &[1, 8, 9, 10],
        "operations" => &[2, 10],
        _ => &[2, 6, 10],
    }
}
