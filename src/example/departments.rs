//! The declared departments: effects are a table, not draws, so that only rows are random.
//!
//! In: `bank/departments.csv`, `bank/units.csv`. Out: [`Department`]s and the register. Deliberately absent: anything seeded.

use crate::month::Day;

/// The declared table of departments with their effects.
const DEPARTMENTS: &str = include_str!("bank/departments.csv");
const UNITS: &str = include_str!("bank/units.csv");
/// Columns of the declared table that belong into the register; the rest are the generator's.
const REGISTER_COLUMNS: usize = 9;

/// One department as declared.
#[derive(Debug, Clone)]
pub(super) struct Department {
    /// Code in the data.
    pub(super) code: &'static str,
    /// Peer group.
    pub(super) profile: &'static str,
    /// Unit above.
    pub(super) parent: &'static str,
    /// First day, if opened within the project's time.
    pub(super) from: Option<Day>,
    /// Last day, if closed.
    pub(super) to: Option<Day>,
    /// Contacts with customers a month.
    pub(super) volume: u32,
    /// People at the start.
    pub(super) staff: usize,
    /// Share of VIP contacts.
    pub(super) vip: f64,
    /// Share of business contacts.
    pub(super) business: f64,
    /// Own effect on every item, in latent points of the scale 1 to 5.
    pub(super) effect: f64,
    /// The head's level of client orientation.
    pub(super) head_level: i8,
    /// Whether one person alone answers calls at lunch.
    pub(super) lunch: bool,
}

impl Department {
    /// Returns whether the department works on `day`.
    pub(super) fn is_open(&self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// Returns whether the department is a branch.
    pub(super) fn is_branch(&self) -> bool {
        self.profile == "branch"
    }

    /// Returns whether the department meets customers.
    pub(super) fn is_front(&self) -> bool {
        self.volume > 0
    }
}

/// Reads the declared departments, in the order of the table.
pub(super) fn declared() -> Vec<Department> {
    DEPARTMENTS.lines().skip(1).map(department).collect()
}

fn department(line: &'static str) -> Department {
    let f: Vec<&'static str> = line.split(',').collect();
    let number = |i: usize| f[i].parse::<f64>().expect("a declared number");
    let day = |i: usize| (!f[i].is_empty()).then(|| f[i].parse::<Day>().expect("a declared date"));
    Department {
        code: f[0],
        parent: f[4],
        profile: f[5],
        from: day(6),
        to: day(7),
        volume: number(9) as u32,
        staff: number(10) as usize,
        vip: number(11),
        business: number(12),
        effect: number(13),
        head_level: number(14) as i8,
        lunch: f[15] == "1",
    }
}

/// Returns `registers/departments.csv`: the units above, then the departments.
pub(super) fn register() -> String {
    let mut text =
        String::from("code,name.en,name.ru,name.zh,parent,profile,valid_from,valid_to,successor\n");
    for line in UNITS.lines().skip(1) {
        text.push_str(line);
        text.push_str(",,,\n");
    }
    for line in DEPARTMENTS.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').take(REGISTER_COLUMNS).collect();
        text.push_str(&fields.join(","));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_departments_at_the_start() {
        let first = Day::new(2024, 11, 1).unwrap();
        assert_eq!(declared().iter().filter(|d| d.is_open(first)).count(), 40);
        assert_eq!(declared().iter().filter(|d| d.is_branch() && d.is_open(first)).count(), 24);
    }

    #[test]
    fn every_parent_and_successor_is_in_the_register() {
        let register = register();
        let codes: Vec<&str> = register.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
        for line in register.lines().skip(1) {
            let f: Vec<&str> = line.split(',').collect();
            assert!(
                (f[4].is_empty() || codes.contains(&f[4])) && (f[8].is_empty() || codes.contains(&f[8])),
                "{line}"
            );
        }
    }
}
