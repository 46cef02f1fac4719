//! The competencies, their indicators, and the levels that roles require.

use std::collections::BTreeMap;
use std::path::Path;

use super::document::{self, Node};
use super::log::{Log, Place, Register};
use super::questionnaires::{code_of, note_twice, scale};
use super::value::quote;
use super::{Competency, Text};

const GROUPS: [(&str, &str); 3] =
    [("general", "general"), ("post", "post"), ("professional", "professional")];
/// Largest weight of a competency: a slip of the pen is larger.
const WEIGHT_MAX: f64 = 1e6;
/// Most levels of a competency.
const LEVELS_MAX: i32 = 21;

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
        node.only(&["competency", "roles", "needed"]);
        let placed: Vec<(Competency, Place)> =
            node.nodes("competency").iter().filter_map(competency).collect();
        note_twice(
            log,
            "competency",
            placed.iter().map(|(competency, place)| (competency.code.as_str(), place.clone())),
        );
        core_weighs_more(log, &placed);
        let competencies: Vec<Competency> = placed.into_iter().map(|(competency, _)| competency).collect();
        let roles = roles(&node, &competencies);
        let needed = node.get("needed").and_then(|entry| share(&entry)).unwrap_or(1.0);
        Framework { competencies, roles, needed }
    });
    found.unwrap_or_else(|| Framework { competencies: Vec::new(), roles: Roles::new(), needed: 1.0 })
}

/// A share above 0, at most 1.
fn share(entry: &document::Entry<'_>) -> Option<f64> {
    let share = entry.number_within(0.0, 1.0)?;
    if share <= 0.0 {
        entry
            .fail(format!("`{}` is {share}, not above 0", entry.key), "1 asks for all indicators of a level");
        return None;
    }
    Some(share)
}

/// Complains about core competencies that weigh no more than one that is not core.
fn core_weighs_more(log: &Log, placed: &[(Competency, Place)]) {
    let others = placed.iter().map(|(one, _)| one).filter(|one| !one.core);
    let Some(heaviest) = others.max_by(|a, b| a.weight.total_cmp(&b.weight)) else { return };
    for (one, place) in placed.iter().filter(|(one, _)| one.core && one.weight <= heaviest.weight) {
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

fn competency(node: &Node<'_>) -> Option<(Competency, Place)> {
    node.only(&["code", "name", "group", "scale", "core", "weight", "bands", "levels"]);
    let code = code_of(node, Register::Competencies)?;
    let (low, high) = node.get("scale").and_then(|entry| scale(&entry, LEVELS_MAX)).unwrap_or((0, 3));
    let core = node.get("core").and_then(|entry| entry.flag()).unwrap_or(false);
    let competency = Competency {
        core,
        bands: bands(node, low, high),
        name: node.get("name").and_then(|entry| entry.localised()).unwrap_or_else(|| Text::plain(&code)),
        group: node.get("group").and_then(|entry| entry.choice(&GROUPS)).unwrap_or("general").to_string(),
        low,
        high,
        weight: node.get("weight").and_then(|entry| weight(&entry)).unwrap_or(if core { 2.0 } else { 1.0 }),
        levels: levels(node, low, high),
        code,
    };
    Some((competency, node.place()))
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
        let message =
            format!("{} bands, {wanted} are needed for the levels above {low} up to {high}", bands.len());
        entry.fail(message, "a band is named by the fewest points that reach its level");
    } else if bands.windows(2).any(|pair| pair[0] >= pair[1]) {
        entry.fail("`bands` do not ascend", "a higher level needs more points");
    }
    bands
}

/// Reads a weight; one that no sum could hold is noted.
fn weight(entry: &document::Entry<'_>) -> Option<f64> {
    let weight = entry.positive()?;
    if weight > WEIGHT_MAX {
        entry.fail(
            format!("`weight` is {weight:e}, above {WEIGHT_MAX:e}"),
            "weights stand beside one another: 1 and 2 say as much",
        );
    }
    Some(weight.min(WEIGHT_MAX))
}

fn levels(node: &Node<'_>, low: i32, high: i32) -> BTreeMap<i32, Vec<Text>> {
    let mut levels = BTreeMap::new();
    for node in node.nodes("levels") {
        node.only(&["level", "indicators"]);
        let Some(level) = node.need("level").and_then(|entry| entry.integer_within(low, high)) else {
            continue;
        };
        let indicators = node.need("indicators").map_or_else(Vec::new, |entry| entry.elements());
        let texts = indicators.iter().filter_map(|entry| entry.localised()).collect();
        if levels.insert(level, texts).is_some() {
            node.log().problem(&node.place(), format!("level {level} occurs twice"), "");
        }
    }
    levels
}

fn roles(node: &Node<'_>, competencies: &[Competency]) -> Roles {
    let Some(node) = node.get("roles").and_then(|entry| entry.node()) else {
        return Roles::new();
    };
    let required = |node: Node<'_>| {
        let level = |entry: document::Entry<'_>| {
            let Some(competency) = competencies.iter().find(|competency| competency.code == entry.key) else {
                let known = competencies.iter().map(|competency| competency.code.as_str());
                let hint = entry.log().suggest(entry.key, known, "");
                entry.fail(format!("unknown competency {}", quote(entry.key)), hint);
                return None;
            };
            Some((entry.key.to_string(), entry.integer_within(competency.low, competency.high)?))
        };
        node.entries().filter_map(level).collect()
    };
    node.entries().filter_map(|entry| Some((entry.key.to_string(), entry.node().map(required)?))).collect()
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
            ["registers/competencies.toml:8: level 1 occurs twice"]
        );
        assert_eq!(
            edit(FILE, "level = 2", "level = 7"),
            ["registers/competencies.toml:8: `level` is 7, outside 0 to 3"]
        );
        assert_eq!(
            edit(FILE, "level = 2", "level = 2.0"),
            ["registers/competencies.toml:8: `level`: expected an integer, found a float"]
        );
        assert_eq!(
            edit(FILE, "weight = 2", "weight = -2"),
            ["registers/competencies.toml:5: `weight` is -2, not above 0"]
        );
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
            ["registers/competencies.toml:5: `core`: expected true or false, found an integer"]
        );
    }

    #[test]
    fn bands_are_as_many_as_levels_above_the_lowest_and_ascend() {
        assert_eq!(edit(FILE, "weight = 2", "bands = [41, 61, 81]"), [""; 0]);
        assert_eq!(
            edit(FILE, "weight = 2", "bands = [41, 61]"),
            ["registers/competencies.toml:5: 2 bands, 3 are needed for the levels above 0 up to 3\n\
              hint: a band is named by the fewest points that reach its level"]
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
    fn the_needed_share_is_above_0() {
        assert_eq!(
            edit(FILE, "[[competency]]\ncode = \"A\"", "needed = 0\n[[competency]]\ncode = \"A\""),
            [
                "registers/competencies.toml:1: `needed` is 0, not above 0\nhint: 1 asks for all indicators of a level"
            ]
        );
    }
}
