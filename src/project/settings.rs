//! `concord.toml`: everything but the registers.

use std::path::Path;

use super::departments::LAYOUT;
use super::document::{self, LANGUAGES, Node};
use super::log::{Log, Place, Register, State};
use super::source::{self, strings};
use super::table::Mapping;
use super::value::{fault_of_code, quote, quote_all};
use super::{Privacy, Source, Text, Time};
use crate::month::Month;

/// Most cuts: each multiplies the tables.
const CUTS_MAX: usize = 4;

const KEYS: [&str; 8] = ["name", "title", "languages", "cuts", "time", "privacy", "sources", "registers"];
const TIME_KEYS: [&str; 5] = ["from", "to", "settle_days", "lookback_months", "carry_quarters"];
const PRIVACY_KEYS: [&str; 3] = ["min_people", "min_answers", "person_file"];
/// Where keys of the whole file stand: after a `[table]` they would belong to it.
const AT_THE_TOP: &str = "at the top of the file, before the first `[table]`";

/// What `concord.toml` says.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) name: String,
    pub(super) title: Text,
    pub(super) languages: Vec<String>,
    pub(super) time: Time,
    pub(super) privacy: Privacy,
    pub(super) cuts: Vec<String>,
    pub(super) sources: Vec<Source>,
    pub(super) departments: Option<Mapping>,
}

impl Settings {
    /// Returns the project's first month; nothing where the file does not tell it.
    pub(super) fn first(&self) -> Option<Month> {
        Some(self.time.from).filter(|from| *from > unknown_month())
    }

    /// Returns the settings of a file that cannot be read, so that the registers are checked all the same.
    pub(super) fn empty() -> Self {
        Self {
            name: String::new(),
            title: Text::default(),
            languages: Vec::new(),
            time: empty_time(unknown_month()),
            privacy: privacy(None),
            cuts: Vec::new(),
            sources: Vec::new(),
            departments: None,
        }
    }
}

/// Reads `concord.toml`; nothing when it is absent or cannot be read.
pub(super) fn read(log: &Log, root: &Path) -> Option<Settings> {
    let settings = document::read(log, root, Register::Settings, |node| settings(&node));
    if log.state(Register::Settings) == State::Absent {
        let place = Place::new(Register::Settings.file(), 0);
        log.problem(&place, "there is no such file", "a project is a folder that holds it");
    }
    settings
}

fn settings(node: &Node<'_>) -> Settings {
    node.only_or(&KEYS, &[("under `[time]`", &TIME_KEYS), ("under `[privacy]`", &PRIVACY_KEYS)]);
    let name = name(node);
    let table = |key| node.get(key).and_then(|entry| entry.node());
    let time = node.need("time").and_then(|entry| entry.node());
    Settings {
        title: node.get("title").and_then(|entry| entry.localised()).unwrap_or_else(|| Text::plain(&name)),
        languages: languages(node),
        time: time.map_or_else(|| empty_time(unknown_month()), |node| read_time(&node)),
        privacy: privacy(table("privacy").as_ref()),
        cuts: cuts(node),
        sources: table("sources").map_or_else(Vec::new, |node| source::read(&node)),
        departments: table("registers").and_then(|node| departments(&node)),
        name,
    }
}

fn name(node: &Node<'_>) -> String {
    let Some((entry, name)) = node.need("name").and_then(|entry| Some((entry.clone(), entry.text()?))) else {
        return String::new();
    };
    if !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
        let message =
            format!("name {} has characters other than small letters a-z, digits and `-`", quote(&name));
        entry.fail(message, "the name for readers is `title`");
    }
    name
}

fn languages(node: &Node<'_>) -> Vec<String> {
    let Some(entry) = node.get("languages") else {
        return vec!["en".to_string()];
    };
    let elements = entry.elements();
    if entry.is_array() && elements.is_empty() {
        entry.fail("`languages` names no language", format!("known are {}", quote_all(LANGUAGES)));
    }
    let mut languages: Vec<String> = Vec::new();
    for element in elements {
        let known = LANGUAGES.map(|language| (language, language));
        let Some(language) = element.text().and_then(|text| {
            let found = known.iter().find(|(language, _)| *language == text);
            if found.is_none() {
                let hint = format!("known are {}", quote_all(LANGUAGES));
                element.fail(format!("unknown language {}", quote(&text)), hint);
            }
            found.map(|(language, _)| (*language).to_string())
        }) else {
            continue;
        };
        if languages.contains(&language) {
            element.fail(format!("language {} occurs twice", quote(&language)), "");
        } else {
            languages.push(language);
        }
    }
    languages
}

fn cuts(node: &Node<'_>) -> Vec<String> {
    let Some(entry) = node.get("cuts") else {
        return Vec::new();
    };
    let mut cuts: Vec<String> = Vec::new();
    for element in entry.elements() {
        let Some(cut) = element.text() else {
            continue;
        };
        if let Some(fault) = fault_of_code(&cut) {
            element.fail(fault, "");
        }
        if cuts.contains(&cut) {
            element.fail(format!("cut {} occurs twice", quote(&cut)), "");
        }
        cuts.push(cut);
    }
    if cuts.len() > CUTS_MAX {
        entry.fail(format!("{} cuts, at most {CUTS_MAX} are allowed", cuts.len()), "");
    }
    cuts
}

/// Stands for a first month that is not told: no month of a project is earlier.
fn unknown_month() -> Month {
    Month::new(1900, 1)
}

fn empty_time(from: Month) -> Time {
    Time { from, to: None, settle_days: 10, lookback_months: 3, carry_quarters: 2 }
}

fn read_time(node: &Node<'_>) -> Time {
    node.only_or(&TIME_KEYS, &[(AT_THE_TOP, &KEYS), ("under `[privacy]`", &PRIVACY_KEYS)]);
    let from = node.need("from").and_then(|entry| entry.month());
    let to = node.get("to").and_then(|entry| entry.month());
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        node.log().problem(&node.place(), format!("`to` {to} is before `from` {from}"), "");
    }
    let default = empty_time(from.unwrap_or_else(unknown_month));
    let number =
        |key, default, most| node.get(key).and_then(|entry| entry.integer_within(0, most)).unwrap_or(default);
    Time {
        to,
        settle_days: number("settle_days", default.settle_days, 366),
        lookback_months: number("lookback_months", default.lookback_months, 24),
        carry_quarters: number("carry_quarters", default.carry_quarters, 12),
        ..default
    }
}

fn privacy(node: Option<&Node<'_>>) -> Privacy {
    let Some(node) = node else {
        return Privacy { min_people: 5, min_answers: 10, person_file: false };
    };
    node.only_or(&PRIVACY_KEYS, &[(AT_THE_TOP, &KEYS), ("under `[time]`", &TIME_KEYS)]);
    let number = |key, default| {
        let number = node.get(key).and_then(|entry| entry.integer_within(1, 1_000_000));
        number.and_then(|number| u64::try_from(number).ok()).unwrap_or(default)
    };
    Privacy {
        min_people: number("min_people", 5),
        min_answers: number("min_answers", 10),
        person_file: node.get("person_file").and_then(|entry| entry.flag()).unwrap_or(false),
    }
}

fn departments(node: &Node<'_>) -> Option<Mapping> {
    node.only(&["departments"]);
    let node = node.get("departments").and_then(|entry| entry.node())?;
    node.only(&["file", "columns", "constants"]);
    let columns = strings(&node, "columns");
    let constants = strings(&node, "constants");
    for (column, (_, place)) in columns.iter().chain(&constants) {
        if !LAYOUT.known.contains(&column.as_str()) {
            let known = || LAYOUT.known.iter().copied();
            let hint = node.log().suggest(column, known(), &format!("known are {}", quote_all(known())));
            node.log().problem(place, format!("unknown column {}", quote(column)), hint);
        }
    }
    let constants = constants.into_iter().map(|(column, (value, _))| (column, value)).collect();
    let file = node.need("file").and_then(|entry| entry.text());
    if file.is_none() {
        node.log().set(Register::Departments, State::Doubtful);
    }
    file.map(|file| Mapping { file, place: node.place(), columns, constants })
}

#[cfg(test)]
mod tests {
    use crate::project::sample::edit;

    const FILE: &str = "concord.toml";

    #[test]
    fn slips_in_the_settings_are_told() {
        assert_eq!(
            edit(FILE, "name = \"little-bank\"", "name = \"Little Bank\""),
            [
                "concord.toml:1: name `Little Bank` has characters other than small letters a-z, digits and `-`\n\
             hint: the name for readers is `title`"
            ]
        );
        assert_eq!(edit(FILE, "name = \"little-bank\"", ""), ["concord.toml: missing key `name`"]);
        assert_eq!(
            edit(FILE, "[\"en\", \"ru\"]", "[\"en\", \"fr\", \"en\"]"),
            [
                "concord.toml:3: language `en` occurs twice",
                "concord.toml:3: unknown language `fr`\nhint: known are `en`, `ru`, `zh`",
            ]
        );
        assert_eq!(
            edit(FILE, "[\"segment\", \"channel\"]", "[\"a\", \"b\", \"c\", \"d\", \"a\"]"),
            ["concord.toml:4: 5 cuts, at most 4 are allowed", "concord.toml:4: cut `a` occurs twice",]
        );
        assert_eq!(
            edit(FILE, "settle_days = 10", "settle_days = -1"),
            ["concord.toml:9: `settle_days` is -1, outside 0 to 366"]
        );
    }

    #[test]
    fn a_list_of_persons_is_asked_for_by_true() {
        assert_eq!(
            edit(FILE, "min_people = 5", "min_people = 5\nperson_file = \"yes\""),
            ["concord.toml:13: `person_file`: expected true or false, found a string\n\
              hint: write true or false, without quotes"]
        );
    }

    #[test]
    fn months_are_plausible_and_ordered() {
        assert_eq!(
            edit(FILE, "to = \"2026-10\"", "to = \"2023-10\""),
            ["concord.toml:6: `to` 2023-10 is before `from` 2024-11"]
        );
        assert_eq!(
            edit(FILE, "to = \"2026-10\"", "to = 3026-10-01"),
            ["concord.toml:8: `to`: `3026-10-01` is not a month of the form 2026-10 between 1900 and 2200\n\
              hint: write year and month in quotes, or the date of its first day"]
        );
        assert_eq!(
            edit(FILE, "to = \"2026-10\"", "to = 202610"),
            ["concord.toml:8: `to`: expected a month of the form \"2026-10\", found an integer"]
        );
        // A month is the date of its first day, in quotes or without.
        for text in ["2026-10-01", "\"2026-10-01\"", "\"2026-10\""] {
            assert_eq!(edit(FILE, "to = \"2026-10\"", &format!("to = {text}")), [""; 0]);
        }
        assert_eq!(
            edit(FILE, "to = \"2026-10\"", "to = \"2026-10\"\ncuts = [\"segment\"]"),
            ["concord.toml:9: unknown key `cuts`\n\
              hint: `cuts` stands at the top of the file, before the first `[table]`"]
        );
    }
}
