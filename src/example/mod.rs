//! The example bank: Harbour Bank, made from a seed.
//!
//! In: [`BankOptions`]. Out: a whole project on disk, registers, data and `truth.json`: what is true of it. Deliberately absent: anything that reads.
//!
//! Departments and their effects are declared in `bank/`; only rows are random. Each effect has a switch in [`Plants`].

mod calendar;
mod departments;
mod table;
mod people;
mod promises;
mod world;
mod contacts;
mod experience;
mod truth;
mod effects;
mod cases;
mod internal;
mod answers;
mod surveys;
mod assessments;
mod totals;
mod dirt;
mod months;
mod deliver;
mod registers;

use std::path::Path;

use crate::error::{Error, Result};

use deliver::Delivery;
use world::World;

/// What to make.
#[derive(Debug, Clone)]
pub struct BankOptions {
    /// Multiplier of customers' contacts, from 1; the departments stay.
    pub scale: u32,
    /// Months from November 2024, 1 to 24.
    pub months: u32,
    /// Seed: same seed, same bytes.
    pub seed: u64,
    /// Effects that are at work.
    pub plants: Plants,
}

impl Default for BankOptions {
    fn default() -> Self {
        Self { scale: 1, months: 24, seed: 1, plants: Plants::default() }
    }
}

/// The planted effects; each one off gives its null twin from the same random numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plants {
    /// A broken promise costs satisfaction.
    pub breach: bool,
    /// A remedy gives some of it back.
    pub remedy: bool,
    /// The server's competency shows in the answers.
    pub server_level: bool,
    /// The head's client orientation shows in promises and answers.
    pub head_level: bool,
    /// Busy months break promises and slow everything.
    pub congestion: bool,
    /// VIP and business customers answer higher and are promised harder things.
    pub segments: bool,
    /// November and December.
    pub season: bool,
    /// Workplaces repaired late, and worse in M10 and M11.
    pub repair: bool,
    /// One person at the telephone at lunch.
    pub lunch: bool,
    /// Millpond falls from M15.
    pub millpond: bool,
    /// Brookside falls faintly from M15.
    pub brookside: bool,
    /// Northgate logs late customers as just in time.
    pub northgate: bool,
    /// Harbour Square invites the content from M13.
    pub harbour_square: bool,
    /// VIP customers answer through the app from M13.
    pub app_channel: bool,
    /// Five good advisers move from Eastgate to Westquay in M8.
    pub star_move: bool,
    /// The contact centre's quality circle works from M14.
    pub circle: bool,
    /// Quarry's statements are never late before M22.
    pub quarry: bool,
    /// The card's limit falls from 5 to 3 days in M13.
    pub card_limit: bool,
    /// One head rates leniently.
    pub lenient_head: bool,
    /// In two departments raters do not agree.
    pub disagreement: bool,
    /// Duplicates and damage.
    pub dirt: bool,
}

impl Plants {
    /// Returns all switches on, or all off.
    pub const fn all(on: bool) -> Self {
        Self {
            breach: on,
            remedy: on,
            server_level: on,
            head_level: on,
            congestion: on,
            segments: on,
            season: on,
            repair: on,
            lunch: on,
            millpond: on,
            brookside: on,
            northgate: on,
            harbour_square: on,
            app_channel: on,
            star_move: on,
            circle: on,
            quarry: on,
            card_limit: on,
            lenient_head: on,
            disagreement: on,
            dirt: on,
        }
    }
}

impl Plants {
    /// Names of the effects, as [`Plants::switch`] knows them.
    pub const NAMES: [&str; 21] = [
        "breach",
        "remedy",
        "server-level",
        "head-level",
        "congestion",
        "segments",
        "season",
        "repair",
        "lunch",
        "millpond",
        "brookside",
        "northgate",
        "harbour-square",
        "app-channel",
        "star-move",
        "circle",
        "quarry",
        "card-limit",
        "lenient-head",
        "disagreement",
        "dirt",
    ];

    /// Returns the switch of one effect; nothing for a name that is none.
    pub fn switch(&mut self, name: &str) -> Option<&mut bool> {
        Some(match name {
            "breach" => &mut self.breach,
            "remedy" => &mut self.remedy,
            "server-level" => &mut self.server_level,
            "head-level" => &mut self.head_level,
            "congestion" => &mut self.congestion,
            "segments" => &mut self.segments,
            "season" => &mut self.season,
            "repair" => &mut self.repair,
            "lunch" => &mut self.lunch,
            "millpond" => &mut self.millpond,
            "brookside" => &mut self.brookside,
            "northgate" => &mut self.northgate,
            "harbour-square" => &mut self.harbour_square,
            "app-channel" => &mut self.app_channel,
            "star-move" => &mut self.star_move,
            "circle" => &mut self.circle,
            "quarry" => &mut self.quarry,
            "card-limit" => &mut self.card_limit,
            "lenient-head" => &mut self.lenient_head,
            "disagreement" => &mut self.disagreement,
            "dirt" => &mut self.dirt,
            _ => return None,
        })
    }
}

impl Default for Plants {
    fn default() -> Self {
        Self::all(true)
    }
}

/// Makes Harbour Bank in `folder`, month by month.
pub fn bank(options: &BankOptions, folder: &Path) -> Result<()> {
    if !(1..=24).contains(&options.months) || !(1..=70).contains(&options.scale) {
        return Err(Error::Usage {
            message: format!("no example bank of {} months at scale {}", options.months, options.scale),
            hint: "months are 1 to 24, the scale is 1 to 70".to_owned(),
        });
    }
    let world = World::new(options);
    registers::write(&world, folder)?;
    let mut delivery = Delivery::new(&world, folder);
    delivery.importance()?;
    for number in 1..=world.months {
        delivery.month(number)?;
        delivery.surveys(number)?;
        delivery.assessments(number)?;
    }
    delivery.finish()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    use super::*;

    fn files(options: &BankOptions) -> Vec<(String, Vec<u8>)> {
        let folder = tempfile::tempdir().unwrap();
        bank(options, folder.path()).unwrap();
        let mut list = Vec::new();
        for part in ["survey", "commitments", "competency", "registers", "."] {
            for entry in
                fs::read_dir(folder.path().join(part)).into_iter().flatten().map(std::result::Result::unwrap)
            {
                if entry.file_type().unwrap().is_file() {
                    list.push((
                        format!("{part}/{}", entry.file_name().display()),
                        fs::read(entry.path()).unwrap(),
                    ));
                }
            }
        }
        list.sort();
        list
    }

    #[test]
    fn same_options_give_the_same_bytes() {
        let options = BankOptions { months: 2, ..BankOptions::default() };
        assert!(files(&options) == files(&options));
    }

    #[test]
    fn another_seed_changes_the_rows() {
        let options = BankOptions { months: 2, ..BankOptions::default() };
        let other = BankOptions { seed: 2, ..options.clone() };
        assert!(files(&options) != files(&other));
    }

    #[test]
    fn the_truth_lists_every_file_and_every_kind_of_damage() {
        let folder = tempfile::tempdir().unwrap();
        bank(&BankOptions { months: 8, ..BankOptions::default() }, folder.path()).unwrap();
        let text = fs::read_to_string(folder.path().join("truth.json")).unwrap();
        let truth: serde_json::Value = serde_json::from_str(&text).unwrap();
        let files = truth["rows"].as_object().unwrap();
        let listed: u64 = files.values().map(|file| file["damaged"].as_u64().unwrap()).sum();
        assert!(files.keys().all(|file| folder.path().join(file).is_file()));
        let damaged = truth["damaged"].as_array().unwrap();
        assert_eq!(listed, damaged.len() as u64);
        let kinds: BTreeSet<&str> = damaged
            .iter()
            .flat_map(|row| row["reasons"].as_array().unwrap())
            .filter_map(|r| r.as_str())
            .collect();
        assert_eq!(kinds.len(), 15, "{kinds:?}");
    }

    #[test]
    fn a_bank_of_no_months_is_refused() {
        let options = BankOptions { months: 0, ..BankOptions::default() };
        assert!(bank(&options, Path::new("unused")).is_err());
    }
}
