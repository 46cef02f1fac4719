//! The competencies, their indicators, and the levels that roles require.

use std::collections::BTreeMap;
use std::path::Path;

use super::document::{self, Entry, Node};
use super::log::{Log, Place, Register, State};
use super::questionnaires::{code_of, note_twice, scale};
use super::value::quote;
use super::{Competency, Text};

const GROUPS: [(&str, &str); 3] =
    [("general", "general"), ("post", "post"), ("professional", "professional")];
/// Largest weight of a competency: a slip of the pen is larger.
const WEIGHT_MAX: f64 = 1e6;
/// Most levels of a competency.
const LEVELS_MAX: i32 = 21;

/// Smallest share of a level's indicators that may be needed: less would hardly ask for anything.
const NEEDED_MIN: f64 = 0.1;

/// What the register says of everything.
const KEYS: [&str; 3] = ["competency", "roles", "needed"];
/// What it says of a competency.
const COMPETENCY_KEYS: [&str; 8] = ["code", "name", "group", "scale", "core", "weight", "bands", "levels"];
/// What it says of a level of one.
const LEVEL_KEYS: [&str; 2] = ["level", "indicators"];

/// Points that ratings in bands may have.
const POINTS: std::ops::RangeInclusive<i32> = 0..=100;

/// Required levels: role -> competency code -> level.
pub(super) type Roles = BTreeMap<String, BTreeMap<String, i32>>;

/// What the register says.
#[derive(Debug)]
pub(super) struct Framework {
    /// The competencies in the order of the register.
    pub(super) competencies: Vec<Competency>,
    /// Required levels.
    pub(super) roles: Roles,
    /// Share of a level's indicators that must have been seen.
    pub(super) needed: f64,
}

impl Competency {
    /// Returns the level that a rating means: itself where it lies on the scale, or that of the band that holds its points.
    pub fn level_of(&self, said: i32) -> Option<i32> {
        if self.bands.is_empty() {
            return Some(said).filter(|said| (self.low..=self.high).contains(said));
        }
        let above = self.bands.iter().filter(|&&from| from <= said).count();
        (POINTS.contains(&said)).then(|| self.low + i32::try_from(above).unwrap_or(0))
    }
}

/// Reads the competencies in the order of the register, and the roles.
pub(super) fn read(log: &Log, root: &Path) -> Framework {
    let found = document::read(log, root, Register::Competencies, |node| {
        node.only_or(&KEYS, &[("in a `[[competency]]`", &COMPETENCY_KEYS)]);
        let placed: Vec<(Competency, Place, bool)> =
            node.nodes("competency").iter().filter_map(competency).collect();
        note_twice(
            log,
            "competency",
            placed.iter().map(|(competency, place, _)| (competency.code.as_str(), place.clone())),
        );
        core_weighs_more(log, &placed);
        let competencies: Vec<Competency> = placed.into_iter().map(|(competency, ..)| competency).collect();
        let roles = roles(&node, &competencies);
        let needed = node.get("needed").and_then(|entry| needed(&entry)).unwrap_or(1.0);
        Framework { competencies, roles, needed }
    });
    found.unwrap_or_else(|| Framework { competencies: Vec::new(), roles: Roles::new(), needed: 1.0 })
}

/// Reads the share of a level's indicators that must have been seen.
fn needed(entry: &Entry<'_>) -> Option<f64> {
    let share = entry.number()?;
    if (NEEDED_MIN..=1.0).contains(&share) {
        return Some(share);
    }
    let hint = "1 asks for all indicators of a level, 0.67 for two thirds of them";
    entry.fail(format!("`needed` is {share}, outside {NEEDED_MIN} to 1"), hint);
    None
}

/// Complains about core competencies that weigh no more than one that is not core, as far as both are told.
fn core_weighs_more(log: &Log, placed: &[(Competency, Place, bool)]) {
    let told = || placed.iter().filter(|(.., is_told)| *is_told);
    let others = told().map(|(one, ..)| one).filter(|one| !one.core);
    let Some(heaviest) = others.max_by(|a, b| a.weight.total_cmp(&b.weight)) else { return };
    for (one, place, _) in told().filter(|(one, ..)| one.core && one.weight <= heaviest.weight) {
        let message = format!(
            "core competency {} weighs {}, no more than {}, which is not core",
            quote(&one.code),
            one.weight,
            quote(&heaviest.code)
        );
        log.problem(
            place,
            message,
            "core competencies weigh more than the others; the default is 2 against 1",
        );
    }
}

/// Reads a competency, where it stands, and whether its weight could be read.
fn competency(node: &Node<'_>) -> Option<(Competency, Place, bool)> {
    node.only_or(
        &COMPETENCY_KEYS,
        &[("at the top of the file, before the first `[[competency]]`", &KEYS), ("in `levels`", &LEVEL_KEYS)],
    );
    let code = code_of(node, Register::Competencies)?;
    let (low, high) = node.get("scale").and_then(|entry| levels_of(&entry)).unwrap_or((0, 3));
    let core = node.get("core").map_or(Some(false), |entry| entry.flag());
    let usual = if core == Some(true) { 2.0 } else { 1.0 };
    let weight = node.get("weight").map_or(Some(usual), |entry| weight(&entry));
    let is_told = core.is_some() && weight.is_some();
    let (core, weight) = (core.unwrap_or(false), weight.unwrap_or(usual));
    let competency = Competency {
        core,
        bands: bands(node, low, high),
        name: node.get("name").and_then(|entry| entry.localised()).unwrap_or_else(|| Text::plain(&code)),
        group: node.get("group").and_then(|entry| entry.choice(&GROUPS)).unwrap_or("general").to_string(),
        low,
        high,
        weight,
        levels: levels(node, low, high),
        code,
    };
    Some((competency, node.place(), is_told))
}

/// Reads the lowest and the highest level; that they begin below 0 is noted: no state lies below negative behaviour.
fn levels_of(entry: &Entry<'_>) -> Option<(i32, i32)> {
    let (low, high) = scale(entry, LEVELS_MAX)?;
    if low < 0 {
        let hint = "levels count up from 1, and 0 is negative behaviour: begin the scale at 0 or 1";
        entry.fail(format!("`scale` begins at {low}, below 0"), hint);
    }
    Some((low, high))
}

/// The fewest points for each level above the lowest, ascending within 1 to 100.
fn bands(node: &Node<'_>, low: i32, high: i32) -> Vec<i32> {
    let Some(entry) = node.get("bands") else { return Vec::new() };
    let elements = entry.elements();
    let bands: Vec<i32> =
        elements.iter().filter_map(|one| one.integer_within(POINTS.start() + 1, *POINTS.end())).collect();
    if bands.len() < elements.len() {
        return Vec::new();
    }
    let wanted = usize::try_from(high - low).unwrap_or(0);
    if bands.len() != wanted {
        let message = format!(
            "`bands` names {}, and {wanted} are needed for the levels above {low} up to {high}",
            bands.len()
        );
        entry.fail(message, "a band is named by the fewest points that reach its level");
    } else if bands.windows(2).any(|pair| pair[0] >= pair[1]) {
        entry.fail("`bands` do not ascend", "a higher level needs more points");
    }
    bands
}

/// Reads a weight; one that no sum could hold is noted.
fn weight(entry: &Entry<'_>) -> Option<f64> {
    let weight = entry.positive()?;
    if weight > WEIGHT_MAX {
        entry.fail(
            format!("`weight` is {weight:e}, above {WEIGHT_MAX:e}"),
            "weights stand beside one another: 1 and 2 say as much",
        );
        return None;
    }
    Some(weight)
}

fn levels(node: &Node<'_>, low: i32, high: i32) -> BTreeMap<i32, Vec<Text>> {
    let mut levels = BTreeMap::new();
    for node in node.nodes("levels") {
        node.only(&LEVEL_KEYS);
        let Some(level) = node.need("level").and_then(|entry| entry.integer_within(low, high)) else {
            continue;
        };
        let indicators = node.need("indicators").map_or_else(Vec::new, |entry| indicators(&entry, level));
        let texts = indicators.iter().filter_map(|entry| entry.localised()).collect();
        if levels.insert(level, texts).is_some() {
            let hint = "put its indicators into one list";
            node.log().problem(&node.place(), format!("level {level} occurs twice"), hint);
        }
    }
    levels
}

/// Returns the indicators of a level; that it has none is noted.
fn indicators<'a>(entry: &Entry<'a>, level: i32) -> Vec<Entry<'a>> {
    let indicators = entry.elements();
    if entry.is_array() && indicators.is_empty() {
        let hint = "leave the level out where nothing is looked for";
        entry.fail(format!("level {level} has no indicator"), hint);
    }
    indicators
}

fn roles(node: &Node<'_>, competencies: &[Competency]) -> Roles {
    let Some(node) = node.get("roles").and_then(|entry| entry.node()) else {
        return Roles::new();
    };
    let role = |entry: Entry<'_>| {
        let Some(node) = entry.node() else {
            // Whoever has the role would be told that it is unknown.
            entry.log().set(Register::Competencies, State::Doubtful);
            return None;
        };
        let required = node.entries().filter_map(|entry| required(&entry, competencies)).collect();
        Some((entry.key.to_string(), required))
    };
    node.entries().filter_map(role).collect()
}

/// Reads the level that a role requires of a competency.
fn required(entry: &Entry<'_>, competencies: &[Competency]) -> Option<(String, i32)> {
    let Some(competency) = competencies.iter().find(|competency| competency.code == entry.key) else {
        // Of a register in which a code could not be read, not all codes are known.
        if entry.log().state(Register::Competencies) == State::Read {
            let known = competencies.iter().map(|competency| competency.code.as_str());
            let hint = entry.log().suggest(entry.key, known, "declare it as a `[[competency]]`");
            entry.fail(format!("unknown competency {}", quote(entry.key)), hint);
        }
        return None;
    };
    let level = entry.integer_within(competency.low, competency.high)?;
    if level == 0 {
        let hint = "leave the competency out of the role, or require a level from 1 on";
        entry.fail(format!("{} is 0, which requires nothing", quote(entry.key)), hint);
    }
    Some((entry.key.to_string(), level))
}

#[cfg(test)]
mod tests {
    use crate::project::sample::edit;

    const FILE: &str = "registers/competencies.toml";

    #[test]
    fn roles_require_known_competencies_at_their_levels() {
        assert_eq!(
            edit(FILE, "teller = { A = 1, comm = 2 }", "teller = { A = 4, com = 2 }"),
            [
                "registers/competencies.toml:14: `A` is 4, outside 0 to 3",
                "registers/competencies.toml:14: unknown competency `com`\nhint: did you mean `comm`?",
            ]
        );
    }

    #[test]
    fn levels_stand_once_and_on_the_scale() {
        assert_eq!(
            edit(FILE, "level = 2", "level = 1"),
            ["registers/competencies.toml:8: level 1 occurs twice\nhint: put its indicators into one list"]
        );
        assert_eq!(
            edit(FILE, "level = 2", "level = 7"),
            ["registers/competencies.toml:8: `level` is 7, outside 0 to 3"]
        );
        assert_eq!(
            edit(FILE, "level = 2", "level = 2.0"),
            ["registers/competencies.toml:8: `level`: expected an integer, found a float\n\
              hint: write a whole number, without a decimal point"]
        );
        assert_eq!(
            edit(FILE, "[ \"Asks\" ]", "[]"),
            ["registers/competencies.toml:8: level 2 has no indicator\n\
              hint: leave the level out where nothing is looked for"]
        );
    }

    #[test]
    fn levels_count_up_from_0_or_1() {
        assert_eq!(
            edit(FILE, "scale = [0, 3]", "scale = [-3, 3]"),
            ["registers/competencies.toml:12: `scale` begins at -3, below 0\n\
              hint: levels count up from 1, and 0 is negative behaviour: begin the scale at 0 or 1"]
        );
        assert_eq!(edit(FILE, "scale = [0, 3]", "scale = [1, 3]"), [""; 0]);
        assert_eq!(
            edit(FILE, "A = 1, comm = 2", "A = 0, comm = 2"),
            ["registers/competencies.toml:14: `A` is 0, which requires nothing\n\
              hint: leave the competency out of the role, or require a level from 1 on"]
        );
    }

    #[test]
    fn a_key_in_the_wrong_table_is_sent_to_its_own() {
        for key in ["bands = [41, 61, 81]", "core = true"] {
            let told =
                edit(FILE, "[[competency]]\ncode = \"A\"", &format!("{key}\n[[competency]]\ncode = \"A\""));
            assert!(told[0].ends_with("` stands in a `[[competency]]`") && told.len() == 1, "{told:?}");
        }
        assert_eq!(
            edit(FILE, "weight = 2", "needed = 0.5"),
            ["registers/competencies.toml:5: unknown key `needed`\n\
              hint: `needed` stands at the top of the file, before the first `[[competency]]`"]
        );
    }

    #[test]
    fn weights_are_numbers_above_0() {
        for (weight, wrong) in [("0", "0, not above 0"), ("-2", "-2, not above 0")] {
            assert_eq!(
                edit(FILE, "weight = 2", &format!("weight = {weight}")),
                [format!(
                    "registers/competencies.toml:5: `weight` is {wrong}\n\
                     hint: what is twice as large counts twice; leave it out where all count alike"
                )]
            );
        }
        for weight in ["nan", "inf", "-inf"] {
            assert_eq!(
                edit(FILE, "weight = 2", &format!("weight = {weight}")),
                [
                    "registers/competencies.toml:5: `weight` is not a finite number\nhint: write a number such as 1.5"
                ]
            );
        }
        assert_eq!(
            edit(FILE, "weight = 2", "weight = 1e308"),
            [
                "registers/competencies.toml:5: `weight` is 1e308, above 1e6\nhint: weights stand beside one another: 1 and 2 say as much"
            ]
        );
    }

    #[test]
    fn core_competencies_weigh_more() {
        assert_eq!(edit(FILE, "weight = 2", "core = true"), [""; 0]);
        assert_eq!(
            edit(FILE, "weight = 2", "core = true\nweight = 1"),
            [
                "registers/competencies.toml:1: core competency `A` weighs 1, no more than `comm`, which is not core\n\
              hint: core competencies weigh more than the others; the default is 2 against 1"
            ]
        );
        assert_eq!(
            edit(FILE, "weight = 2", "core = 1"),
            ["registers/competencies.toml:5: `core`: expected true or false, found an integer\n\
              hint: write true or false, without quotes"]
        );
        // What weighs more is not known where one of the two cannot be read.
        for wrong in [
            "core = true\nweight = 1.5\n[[competency]]\ncode = \"B\"\ncore = \"yes\"\nweight = 2",
            "core = true\nweight = 0",
        ] {
            assert_eq!(edit(FILE, "weight = 2", wrong).len(), 1);
        }
    }

    #[test]
    fn bands_are_as_many_as_levels_above_the_lowest_and_ascend() {
        assert_eq!(edit(FILE, "weight = 2", "bands = [41, 61, 81]"), [""; 0]);
        assert_eq!(
            edit(FILE, "weight = 2", "bands = [41, 61]"),
            [
                "registers/competencies.toml:5: `bands` names 2, and 3 are needed for the levels above 0 up to 3\n\
              hint: a band is named by the fewest points that reach its level"
            ]
        );
        assert_eq!(
            edit(FILE, "weight = 2", "bands = [41, 41, 81]"),
            ["registers/competencies.toml:5: `bands` do not ascend\nhint: a higher level needs more points"]
        );
        assert_eq!(
            edit(FILE, "weight = 2", "bands = [0, 41, 81]"),
            ["registers/competencies.toml:5: `bands` is 0, outside 1 to 100"]
        );
    }

    #[test]
    fn points_become_the_level_of_their_band() {
        let mut competency = crate::project::sample::project().competencies[0].clone();
        assert_eq!([-1, 0, 3, 4].map(|said| competency.level_of(said)), [None, Some(0), Some(3), None]);
        competency.bands = vec![41, 61, 81];
        let levels = [-1, 0, 40, 41, 80, 81, 100, 101, i32::MAX].map(|said| competency.level_of(said));
        assert_eq!(levels, [None, Some(0), Some(0), Some(1), Some(2), Some(3), Some(3), None, None]);
    }

    #[test]
    fn the_needed_share_asks_for_something() {
        let first = "[[competency]]\ncode = \"A\"";
        for needed in ["0", "0.000000001", "67"] {
            assert_eq!(
                edit(FILE, first, &format!("needed = {needed}\n{first}")),
                [format!(
                    "registers/competencies.toml:1: `needed` is {needed}, outside 0.1 to 1\n\
                     hint: 1 asks for all indicators of a level, 0.67 for two thirds of them"
                )]
            );
        }
        assert_eq!(edit(FILE, first, &format!("needed = 0.1\n{first}")), [""; 0]);
    }

    #[test]
    fn a_role_that_cannot_be_read_is_told_once() {
        assert_eq!(
            edit(FILE, "teller = { A = 1, comm = 2 }", "teller = [\"A\"]"),
            ["registers/competencies.toml:14: `teller`: expected a table, found an array\n\
              hint: it is one table: write `teller = { key = value, … }`"]
        );
    }
}
