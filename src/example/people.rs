//! The bank's people: posts, moves, levels of competency and own effects on customers.
//!
//! In: departments and the seed. Out: [`People`]. Always made for all 24 months, so that fewer months are a prefix of more.

use super::departments::Department;
use super::table::{Columns, Form, Row, Table, Value};
use crate::month::{Day, Month};
use crate::random::Random;

/// Codes of the competencies, in the order of the register; the first is client orientation of heads.
pub(super) const COMPETENCIES: [&str; 12] = ["CO", "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K"];
/// Position of communication, the level behind the dimension *people*.
pub(super) const COMMUNICATION: usize = 1;
/// Position of product knowledge, the level behind the dimension *product*.
pub(super) const PRODUCT: usize = 10;
/// The month at whose start the five advisers move.
pub(super) const STAR_MONTH: usize = 8;
const STARS: usize = 5;
/// Position of negotiation, which goes with no other gift: whoever finds that it shows in an answer has found noise.
const NEGOTIATION: usize = 9;
const LEAVE_A_YEAR: f64 = 0.14;
const MOVE_A_YEAR: f64 = 0.06;
/// Cumulative shares of levels 0 to 2; the rest is level 3.
const LEVEL_SHARES: [f64; 3] = [0.07, 0.40, 0.83];
const REGISTER: Columns = &[
    ("person", Form::Id),
    ("department", Form::Code),
    ("role", Form::Code),
    ("head", Form::Small),
    ("fte", Form::Real),
    ("valid_from", Form::Date),
    ("valid_to", Form::Date),
];

/// One span of a person in a department.
#[derive(Debug, Clone)]
pub(super) struct Post {
    /// Index of the department.
    pub(super) department: usize,
    /// Role.
    pub(super) role: &'static str,
    /// First month, from 1.
    pub(super) from: usize,
    /// Last month, 24 at most.
    pub(super) to: Option<usize>,
}

/// One person.
#[derive(Debug, Clone)]
pub(super) struct Person {
    /// True levels at the start, by competency.
    levels: [i8; 12],
    /// Month from which each level is one higher.
    raised: [usize; 12],
    /// Own effect on *people*, in latent points.
    pub(super) own: f64,
    /// Full-time equivalent.
    fte: f64,
    /// Posts in order of time.
    pub(super) posts: Vec<Post>,
}

impl Person {
    /// Returns the true level of `competency` in month `month`.
    pub(super) fn level(&self, competency: usize, month: usize) -> i8 {
        self.levels[competency] + i8::from(month >= self.raised[competency])
    }

    /// Returns the post held in `month`.
    pub(super) fn post(&self, month: usize) -> Option<&Post> {
        self.posts.iter().find(|post| post.from <= month && post.to.is_none_or(|to| month <= to))
    }

    /// Returns the first month in the bank.
    pub(super) fn joined(&self) -> usize {
        self.posts[0].from
    }

    fn move_to(&mut self, department: usize, role: &'static str, month: usize) {
        let post = self.posts.last_mut().expect("a person has a post");
        post.to = Some(month - 1);
        self.posts.push(Post { department, role, from: month, to: None });
    }
}

/// Everybody.
#[derive(Debug)]
pub(super) struct People {
    /// All persons; the position is the number in the code.
    pub(super) list: Vec<Person>,
    /// The five advisers and those who make room for them.
    pub(super) stars: Vec<(usize, usize)>,
    /// People who serve customers, by department and month.
    servers: Vec<Vec<Vec<usize>>>,
    /// Head by department.
    pub(super) heads: Vec<usize>,
}

impl People {
    /// Draws everybody for 24 months.
    pub(super) fn new(departments: &[Department], seed: &str, star_effect: f64) -> Self {
        let mut random = Random::new(&[seed, "people"]);
        let mut people = Self { list: Vec::new(), stars: Vec::new(), servers: Vec::new(), heads: Vec::new() };
        for (index, department) in departments.iter().enumerate() {
            let opened = department.from.map_or(1, month_of);
            let succeeds = department.code == "lindenfield-south";
            people.heads.push(people.list.len());
            if succeeds {
                people.heads[index] = people.heads[position(departments, "lindenfield")];
                continue;
            }
            for seat in 0..department.staff {
                let role = role(department, seat);
                people.hire(&mut random, index, role, opened);
                if seat == 0 {
                    let head = people.list.last_mut().expect("just hired");
                    head.levels[0] = department.head_level;
                    head.raised[0] = usize::MAX;
                }
            }
        }
        people.choose_stars(departments, star_effect);
        (2..=24).for_each(|month| people.live(departments, month, &mut random));
        people.list_servers(departments);
        people
    }

    fn hire(&mut self, random: &mut Random, department: usize, role: &'static str, month: usize) {
        let talent = random.normal();
        let levels: [i8; 12] = std::array::from_fn(|c| {
            let own = random.normal();
            level(if c == NEGOTIATION { own } else { 0.6 * talent + 0.8 * own })
        });
        let raised: [usize; 12] =
            std::array::from_fn(|_| (month as f64 + 400.0 * random.exponential()) as usize);
        let capped =
            std::array::from_fn(|c: usize| if levels[c] == 3 { usize::MAX } else { raised[c].max(2) });
        let fte = if random.chance(0.12) { 0.5 } else { 1.0 };
        let own = 0.20 * random.normal();
        let posts = vec![Post { department, role, from: month, to: None }];
        self.list.push(Person { levels, raised: capped, own, fte, posts });
    }

    fn choose_stars(&mut self, departments: &[Department], effect: f64) {
        let adviser = |people: &Self, code: &str| -> Vec<usize> {
            let home = position(departments, code);
            let of = |p: &Person| p.posts[0].department == home && p.posts[0].role == "client_manager";
            (0..people.list.len()).filter(|&i| of(&people.list[i])).take(STARS).collect()
        };
        let (stars, others) = (adviser(self, "eastgate"), adviser(self, "westquay"));
        for (&star, &other) in stars.iter().zip(&others) {
            self.list[star].own = effect;
            let person = &mut self.list[star];
            for c in (0..person.levels.len()).filter(|&c| c != NEGOTIATION) {
                (person.levels[c], person.raised[c]) = (3, usize::MAX);
            }
            self.list[other].own = 0.0;
            self.stars.push((star, other));
        }
    }

    fn live(&mut self, departments: &[Department], month: usize, random: &mut Random) {
        if month == STAR_MONTH {
            for (star, other) in self.stars.clone() {
                self.swap(star, other, month);
            }
        }
        for (old, new, when) in [("lindenfield", "lindenfield-south", 13), ("saltworks", "fishmarket", 16)] {
            if month == when {
                self.transfer(position(departments, old), position(departments, new), month);
            }
        }
        for person in 0..self.list.len() {
            let Some(post) = self.list[person].post(month).cloned() else { continue };
            let fixed = self.heads.contains(&person) || self.is_star(person) || post.from == month;
            if fixed {
                continue;
            }
            if random.chance(LEAVE_A_YEAR / 12.0) {
                self.list[person].posts.last_mut().expect("a person has a post").to = Some(month - 1);
                self.hire(random, post.department, post.role, month);
            } else if random.chance(MOVE_A_YEAR / 24.0) {
                self.swap_with_anyone(person, month, random);
            }
        }
    }

    fn is_star(&self, person: usize) -> bool {
        self.stars.iter().any(|&(star, other)| person == star || person == other)
    }

    fn swap_with_anyone(&mut self, person: usize, month: usize, random: &mut Random) {
        let here = self.list[person].post(month).expect("still here").clone();
        let candidates: Vec<usize> = (0..self.list.len())
            .filter(|&other| {
                !self.is_star(other)
                    && self.list[other].post(month).is_some_and(|post| {
                        post.role == here.role && post.department != here.department && post.from < month
                    })
            })
            .collect();
        if !candidates.is_empty() {
            let other = candidates[random.below(candidates.len() as u64) as usize];
            self.swap(person, other, month);
        }
    }

    fn swap(&mut self, one: usize, other: usize, month: usize) {
        let (a, b) = (self.list[one].posts.last().cloned(), self.list[other].posts.last().cloned());
        let (a, b) = (a.expect("a person has a post"), b.expect("a person has a post"));
        self.list[one].move_to(b.department, b.role, month);
        self.list[other].move_to(a.department, a.role, month);
    }

    fn transfer(&mut self, old: usize, new: usize, month: usize) {
        for person in 0..self.list.len() {
            let Some(post) = self.list[person].post(month).cloned() else { continue };
            if post.department == old {
                let second_head = post.role == "head" && self.heads[new] != self.heads[old];
                self.list[person].move_to(new, if second_head { "client_manager" } else { post.role }, month);
            }
        }
    }

    fn list_servers(&mut self, departments: &[Department]) {
        self.servers = vec![vec![Vec::new(); 25]; departments.len()];
        for (index, person) in self.list.iter().enumerate() {
            for month in 1..=24 {
                if let Some(post) = person.post(month).filter(|post| post.role != "head") {
                    self.servers[post.department][month].push(index);
                }
            }
        }
    }

    /// Returns the people who serve in `department` in `month`.
    pub(super) fn servers(&self, department: usize, month: usize) -> &[usize] {
        &self.servers[department][month]
    }

    /// Returns who would have served had the five advisers stayed at Eastgate.
    pub(super) fn without_move(&self, server: usize, month: usize) -> usize {
        if month < STAR_MONTH {
            return server;
        }
        for &(star, other) in &self.stars {
            if server == star {
                return other;
            }
            if server == other {
                return star;
            }
        }
        server
    }

    /// Returns `registers/people.csv` for a project whose last month is `months` after its first.
    pub(super) fn register(&self, departments: &[Department], months: usize) -> Table {
        let mut rows = Vec::new();
        for (index, person) in self.list.iter().enumerate() {
            for post in person.posts.iter().filter(|post| post.from <= months) {
                if post.to.is_none_or(|to| to >= post.from) {
                    rows.push(register_row(index, person, post, departments, months));
                }
            }
        }
        Table::new(REGISTER, rows)
    }
}

fn register_row(
    index: usize,
    person: &Person,
    post: &Post,
    departments: &[Department],
    months: usize,
) -> Row {
    // A post of the first month began before the project.
    let from = (post.from > 1).then(|| month(post.from).first_day());
    let to = post.to.filter(|&to| to <= months).map(|to| month(to).last_day());
    let head = i8::from(post.role == "head");
    vec![
        code(index).into(),
        departments[post.department].code.into(),
        post.role.into(),
        head.into(),
        person.fte.into(),
        Value::from(from),
        Value::from(to),
    ]
}

/// Returns the code of the person at `index`.
pub(super) fn code(index: usize) -> String {
    format!("P{:04}", index + 1)
}

/// Returns the calendar month of project month `number` (1 = November 2024).
pub(super) fn month(number: usize) -> Month {
    let after = i32::try_from(number).expect("at most 24 months") - 1;
    Month::new(2024, 11).plus(after)
}

/// Returns the project month of a day, from 1.
pub(super) fn month_of(day: Day) -> usize {
    usize::try_from(day.month().0 - Month::new(2024, 11).0 + 1).unwrap_or(0)
}

/// Returns the position of a declared department.
pub(super) fn position(departments: &[Department], code: &str) -> usize {
    departments.iter().position(|department| department.code == code).expect("a declared department")
}

fn role(department: &Department, seat: usize) -> &'static str {
    if seat == 0 {
        return "head";
    }
    match department.profile {
        "branch" if seat <= 5 && department.staff > 11 || seat * 5 <= department.staff * 2 => {
            "client_manager"
        }
        "branch" => "teller",
        "client_relations" => "client_manager",
        "operations" => "operations",
        "product" => "product_specialist",
        _ if department.code == "contact-centre" => "operator",
        _ => "specialist",
    }
}

fn level(z: f64) -> i8 {
    let share = 0.5 * libm::erfc(-z / std::f64::consts::SQRT_2);
    LEVEL_SHARES.iter().filter(|&&below| share >= below).count() as i8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::departments::declared;

    #[test]
    fn about_six_hundred_people_and_five_of_them_move_to_westquay() {
        let departments = declared();
        let people = People::new(&departments, "1", 0.4);
        let now = |month| people.list.iter().filter(|person| person.post(month).is_some()).count();
        assert!((550..640).contains(&now(1)), "{}", now(1));
        let westquay = position(&departments, "westquay");
        let there =
            |month| people.stars.iter().filter(|s| people.servers(westquay, month).contains(&s.0)).count();
        assert_eq!((there(7), there(8)), (0, 5));
    }
}
