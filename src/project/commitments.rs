//! The promises and their dated limits.

use std::path::Path;

use super::document::{self, Entry, Node};
use super::log::{Log, Place, Register, Wanted};
use super::questionnaires::{code_of, layer, note_twice};
use super::{Clock, Commitment, Limit, PromisedTo, RemedyLimit, TimeLimit, Unit, life};

/// What the register says of everything.
const TOP_KEYS: [&str; 2] = ["remedy_limit", "commitment"];
/// What it says of a promise.
const KEYS: &[&str] = &[
    "code",
    "aliases",
    "statement",
    "promised_to",
    "owner",
    "observed",
    "unit",
    "clock",
    "calendar",
    "cutoff",
    "better",
    "status",
    "life",
    "importance",
    "group",
    "layer",
    "limits",
    "remedy_limit",
];
const PROMISED_TO: [(&str, PromisedTo); 2] =
    [("customer", PromisedTo::Customer), ("department", PromisedTo::Department)];
const UNITS: [(&str, Unit); 7] = [
    ("seconds", Unit::Seconds),
    ("minutes", Unit::Minutes),
    ("hours", Unit::Hours),
    ("days", Unit::Days),
    ("count", Unit::Count),
    ("share", Unit::Share),
    ("yes", Unit::Yes),
];
/// How many of the units are of time; they stand first.
const TIME_UNITS: usize = 4;
const CLOCKS: [(&str, Clock); 3] =
    [("elapsed", Clock::Elapsed), ("working", Clock::Working), ("working_days", Clock::WorkingDays)];
const BETTER: [(&str, bool); 2] = [("lower", false), ("higher", true)];
/// Largest limit, in any unit: a slip of the pen is larger.
const LIMIT_MAX: f64 = 1e9;

/// Reads the commitments in the order of the register.
pub(super) fn read(log: &Log, root: &Path) -> Vec<Commitment> {
    let placed: Vec<(Commitment, Place)> = document::read(log, root, Register::Commitments, |node| {
        node.only_or(&TOP_KEYS, &[("in a `[[commitment]]`", KEYS)]);
        let for_all = remedy_limit(&node);
        node.nodes("commitment").iter().filter_map(|node| commitment(node, for_all.as_ref())).collect()
    })
    .unwrap_or_default();
    note_twice(
        log,
        "commitment",
        placed.iter().flat_map(|(one, place)| one.names().map(|name| (name, place.clone()))),
    );
    placed.into_iter().map(|(commitment, _)| commitment).collect()
}

fn commitment(node: &Node<'_>, for_all: Option<&RemedyLimit>) -> Option<(Commitment, Place)> {
    node.only(KEYS);
    let code = code_of(node, Register::Commitments);
    let promised_to = node.need("promised_to").and_then(|entry| entry.choice(&PROMISED_TO));
    let unit = node.need("unit").and_then(|entry| entry.choice(&UNITS)).unwrap_or(Unit::Count);
    let clock = node.get("clock").and_then(|entry| entry.choice(&CLOCKS)).unwrap_or(Clock::Elapsed);
    let limits = limits(node, unit);
    check_clock(node, (unit, clock), &limits);
    let aliases = node.get("aliases").map_or_else(Vec::new, |entry| entry.elements());
    let commitment = Commitment {
        aliases: aliases.iter().filter_map(|entry| entry.text()).collect(),
        statement: node.need("statement").and_then(|entry| entry.localised()).unwrap_or_default(),
        promised_to: promised_to.unwrap_or(PromisedTo::Customer),
        owner: node.need("owner").and_then(|entry| owner(&entry)).unwrap_or_default(),
        observed: node.get("observed").and_then(|entry| entry.localised()).unwrap_or_default(),
        unit,
        clock,
        calendar: node.get("calendar").and_then(|entry| calendar(&entry)),
        cutoff: node.get("cutoff").and_then(|entry| time_of_day(&entry)),
        higher_is_better: node.get("better").and_then(|entry| entry.choice(&BETTER)).unwrap_or(false),
        life: life::read(node),
        importance: node.get("importance").and_then(|entry| entry.positive()).unwrap_or(1.0),
        group: node.get("group").and_then(|entry| entry.text()),
        layer: layer(node),
        limits,
        remedy_limit: remedy_limit(node).or_else(|| for_all.cloned()),
        code: code?,
    };
    Some((commitment, node.place()))
}

/// Whole working days are counted in days, and there are no parts of them.
fn check_clock(node: &Node<'_>, (unit, clock): (Unit, Clock), limits: &[Limit]) {
    let is_whole = |limit: &Limit| limit.limit.is_none_or(|limit| limit.fract() == 0.0);
    match clock {
        Clock::WorkingDays if unit != Unit::Days || !limits.iter().all(is_whole) => node.log().problem(
            &node.place(),
            "`clock = \"working_days\"` counts whole days",
            "write `unit = \"days\"` and whole limits, or `clock = \"working\"`",
        ),
        Clock::Elapsed | Clock::Working if node.get("cutoff").is_some() => {
            let hint = "leave it out, or write `clock = \"working_days\"`";
            node.log().problem(&node.place(), "`cutoff` is for whole working days", hint);
        }
        _ => {}
    }
}

/// Reads within what time breaches are to be remedied.
fn remedy_limit(node: &Node<'_>) -> Option<RemedyLimit> {
    let node = node.get("remedy_limit")?.node()?;
    node.only(&["limit", "unit", "clock", "calendar"]);
    let limit = node.need("limit").and_then(|entry| entry.number_within(0.0, LIMIT_MAX));
    let unit = node.need("unit").and_then(|entry| entry.choice(&UNITS[..TIME_UNITS]));
    let clock = node.get("clock").map_or(Some(Clock::Elapsed), |entry| entry.choice(&CLOCKS));
    let (limit, unit, clock) = (limit?, unit?, clock?);
    check_clock(&node, (unit, clock), &[Limit { from: None, limit: Some(limit), target: None }]);
    let calendar = node.get("calendar").and_then(|entry| calendar(&entry));
    Some(RemedyLimit { time: TimeLimit { limit, unit, clock, cutoff: None }, calendar })
}

fn calendar(entry: &Entry<'_>) -> Option<String> {
    let code = entry.text()?;
    entry.log().want(&entry.place(), Wanted::Calendar, &code);
    Some(code)
}

/// Reads `15:00` as the second of the day.
fn time_of_day(entry: &Entry<'_>) -> Option<u32> {
    let text = entry.text()?;
    let second = text.split_once(':').and_then(|(hour, minute)| {
        let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
        (hour < 24 && minute < 60).then_some(hour * 3600 + minute * 60)
    });
    if second.is_none() {
        entry.fail(format!("`{text}` is not a time of day"), "write it as 15:00");
    }
    second
}

fn owner(entry: &Entry<'_>) -> Option<String> {
    let owner = entry.text()?;
    entry.log().want(&entry.place(), Wanted::Owner, &owner);
    Some(owner)
}

/// Returns the limits, oldest first; that they stand otherwise is noted.
fn limits(node: &Node<'_>, unit: Unit) -> Vec<Limit> {
    let mut limits: Vec<Limit> = Vec::new();
    for node in node.nodes("limits") {
        node.only(&["from", "limit", "target"]);
        let most = if unit == Unit::Share { 1.0 } else { LIMIT_MAX };
        let limit = Limit {
            from: node.get("from").and_then(|entry| entry.day()),
            limit: node.get("limit").and_then(|entry| entry.number_within(0.0, most)),
            target: node.get("target").and_then(|entry| entry.number_within(0.0, 1.0)),
        };
        let dated = limit.from.is_some() || node.get("from").is_none();
        if let Some(before) = limits.last().filter(|before| dated && before.from >= limit.from) {
            let (message, hint) = match limit.from {
                None => ("only the first limit may be undated".to_string(), "give the later ones `from`"),
                Some(from) => {
                    let before = before.from.map_or_else(String::new, |day| day.to_string());
                    (
                        format!("limit from {from} does not begin after the one before it ({before})"),
                        "sort the limits by date",
                    )
                }
            };
            node.log().problem(&node.place(), message, hint);
        }
        limits.push(limit);
    }
    limits
}

#[cfg(test)]
mod tests {
    use crate::project::sample::edit;

    const FILE: &str = "registers/commitments.toml";

    #[test]
    fn limits_are_sorted_by_date_and_targets_are_shares() {
        assert_eq!(
            edit(FILE, "{ from = 2025-11-01, limit = 2, target = 0.95 }", "{ limit = 2, target = 95 }"),
            [
                "registers/commitments.toml:11: `target` is 95, outside 0 to 1\nhint: write 95 % as 0.95",
                "registers/commitments.toml:11: only the first limit may be undated\nhint: give the later ones `from`",
            ]
        );
        assert_eq!(
            edit(FILE, "{ limit = 3,", "{ from = \"2025-11-02\", limit = 3,"),
            [
                "registers/commitments.toml:11: limit from 2025-11-01 does not begin after the one before it (2025-11-02)\n\
             hint: sort the limits by date"
            ]
        );
    }

    #[test]
    fn owners_are_profiles_or_departments() {
        assert_eq!(
            edit(FILE, "owner = \"branch\"", "owner = \"brunch\""),
            [
                "registers/commitments.toml:5: `brunch` is neither a department nor a profile\nhint: did you mean `branch`?"
            ]
        );
    }

    #[test]
    fn values_have_their_types() {
        assert_eq!(
            edit(FILE, "importance = 3", "importance = 0"),
            ["registers/commitments.toml:8: `importance` is 0, not above 0\n\
              hint: what is twice as large counts twice; leave it out where all count alike"]
        );
        assert_eq!(
            edit(FILE, "importance = 3", "importance = \"3\""),
            ["registers/commitments.toml:8: `importance`: expected a number, found a string\n\
              hint: write the number alone, without quotes"]
        );
        assert_eq!(
            edit(FILE, "importance = 3", "importance = nan"),
            [
                "registers/commitments.toml:8: `importance` is not a finite number\nhint: write a number such as 1.5"
            ]
        );
        assert_eq!(
            edit(FILE, "importance = 3", "importance = 99999999999999999999999999"),
            [
                "registers/commitments.toml:8: `importance` is 99999999999999999999999999, outside -2147483648 to 2147483647"
            ]
        );
        assert_eq!(
            edit(FILE, "unit = \"count\"", "unit = \"furlong\""),
            ["registers/commitments.toml:6: unknown unit `furlong`\n\
             hint: known are `seconds`, `minutes`, `hours`, `days`, `count`, `share`, `yes`"]
        );
    }

    #[test]
    fn a_remedy_has_a_limit_of_its_own_or_that_of_all() {
        use crate::project::sample::changed;
        let for_all = "remedy_limit = { limit = 2, unit = \"days\" }\n[[commitment]]\ncode = \"calls\"";
        let project = changed(FILE, "[[commitment]]\ncode = \"calls\"", for_all);
        let limits = project.commitments.iter().map(|one| one.remedy_limit.as_ref().unwrap().time.limit);
        assert_eq!(limits.collect::<Vec<_>>(), vec![2.0; project.commitments.len()]);
        let own = "importance = 3\nremedy_limit = { limit = 4, unit = \"hours\", clock = \"working\" }";
        let project = changed(FILE, "importance = 3", own);
        assert_eq!(
            project.commitments[0].remedy_limit.as_ref().unwrap().time.unit,
            crate::project::Unit::Hours
        );
        assert_eq!(project.commitments[1].remedy_limit, None);
        for (limit, wanted) in [
            ("{ limit = 2, unit = \"rings\" }", "unknown unit `rings`"),
            ("{ limit = 2, unit = \"count\" }", "unknown unit `count`"),
            ("{ limit = -1, unit = \"days\" }", "`limit` is -1"),
            ("{ limit = 1.5, unit = \"days\", clock = \"working_days\" }", "counts whole days"),
            ("{ limits = 2, unit = \"days\" }", "did you mean `limit`"),
            ("{ limit = 2, unit = \"days\", calendar = \"none\" }", "`none`"),
        ] {
            let wrong =
                edit(FILE, "importance = 3", &format!("importance = 3\nremedy_limit = {limit}")).concat();
            assert!(wrong.contains(wanted), "{wrong}");
        }
    }

    #[test]
    fn names_in_the_data_are_unique() {
        assert_eq!(
            edit(FILE, "code = \"letters\"", "code = \"letters\"\naliases = [\"A letter\", \"calls\"]"),
            [
                "registers/commitments.toml:13: commitment `calls` occurs twice\nhint: it stands in line 1 already"
            ]
        );
    }

    #[test]
    fn codes_are_unique() {
        assert_eq!(
            edit(FILE, "code = \"letters\"", "code = \"calls\""),
            [
                "registers/commitments.toml:13: commitment `calls` occurs twice\nhint: it stands in line 1 already"
            ]
        );
    }
}
