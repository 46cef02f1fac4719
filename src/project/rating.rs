//! The rules of the rating.

use std::collections::BTreeMap;
use std::path::Path;

use super::document::{self, Entry, Node};
use super::log::{Log, Place, Register, Wanted};
use super::measures::is_share;
use super::questionnaires::note_twice;
use super::{Headline, RatingRules, layers};
use crate::month::Month;

/// Lower bounds of the grades A, B, C, D where a project names none.
const CUT_POINTS: [f64; 4] = [85.0, 70.0, 55.0, 40.0];
/// Most headline measures: more cannot be explained to those who are rated.
const MEASURES_MAX: usize = 12;

/// What the register says of everything.
const KEYS: [&str; 6] =
    ["window_months", "min_reliability", "keep_probability", "cut_points", "measure", "layers"];
/// What it says of a headline measure.
const MEASURE_KEYS: [&str; 5] = ["measure", "worst", "best", "target", "weights"];

/// Reads the rules; cut points and bars that the register does not name hold from the project's `first` month on, where that is known.
pub(super) fn read(log: &Log, root: &Path, first: Option<Month>) -> RatingRules {
    document::read(log, root, Register::Rating, |node| rules(&node, first)).unwrap_or_else(|| usual(first))
}

/// The rules of a project that names none.
fn usual(first: Option<Month>) -> RatingRules {
    let first = first.unwrap_or_else(|| Month::new(1900, 1));
    RatingRules {
        window_months: 12,
        measures: Vec::new(),
        cut_points: vec![(first, CUT_POINTS)],
        min_reliability: 0.7,
        keep_probability: 0.10,
        layers: layers::defaults(first),
    }
}

fn rules(node: &Node<'_>, first: Option<Month>) -> RatingRules {
    let defaults = usual(first);
    node.only_or(&KEYS, &[("in a `[[measure]]`", &MEASURE_KEYS)]);
    let share = |key| node.get(key).and_then(|entry| entry.number_within(0.0, 1.0));
    let window = node.get("window_months").and_then(|entry| entry.integer_within(1, 120));
    let cut_points = match node.get("cut_points") {
        Some(entry) => cut_points(&entry, first),
        None => defaults.cut_points,
    };
    RatingRules {
        window_months: window.unwrap_or(defaults.window_months),
        measures: measures(node),
        cut_points,
        min_reliability: share("min_reliability").unwrap_or(defaults.min_reliability),
        keep_probability: share("keep_probability").unwrap_or(defaults.keep_probability),
        layers: layers::read(node, defaults.layers, first),
    }
}

fn cut_points(entry: &Entry<'_>, first: Option<Month>) -> Vec<(Month, [f64; 4])> {
    let mut found: Vec<(Month, [f64; 4])> = Vec::new();
    for node in entry.nodes() {
        node.only(&["from", "A", "B", "C", "D"]);
        let from = node.need("from").and_then(|entry| entry.month());
        let point = |key| node.need(key).and_then(|entry| entry.number_within(0.0, 100.0));
        let (Some(from), [Some(a), Some(b), Some(c), Some(d)]) = (from, ["A", "B", "C", "D"].map(point))
        else {
            continue;
        };
        if !(a > b && b > c && c > d) {
            let hint = "`A` asks for the most points, and `D` for the fewest";
            node.log().problem(&node.place(), "cut points do not descend from A to D", hint);
        }
        if let Some(first) = first.filter(|first| found.is_empty() && *first < from) {
            let message = format!("the cut points begin in {from}, and the project in {first}");
            node.log().problem(&node.place(), message, format!("say which hold from {first} on"));
        }
        if let Some((before, _)) = found.last().filter(|(before, _)| *before >= from) {
            let message =
                format!("cut points from {from} do not begin after the ones before them ({before})");
            node.log().problem(&node.place(), message, "sort the cut points by month");
        }
        found.push((from, [a, b, c, d]));
    }
    if found.is_empty() {
        entry.fail("`cut_points` has no complete entry", "leave it out for A 85, B 70, C 55, D 40");
    }
    found
}

fn measures(node: &Node<'_>) -> Vec<Headline> {
    let placed: Vec<(Headline, Place)> = node.nodes("measure").iter().filter_map(headline).collect();
    if placed.len() > MEASURES_MAX {
        let message = format!("{} headline measures, at most {MEASURES_MAX} are allowed", placed.len());
        let hint = "more cannot be explained to those who are rated";
        node.log().problem(&placed[MEASURES_MAX].1, message, hint);
    }
    note_twice(
        node.log(),
        "headline measure",
        placed.iter().map(|(headline, place)| (headline.measure.as_str(), place.clone())),
    );
    placed.into_iter().map(|(headline, _)| headline).collect()
}

fn headline(node: &Node<'_>) -> Option<(Headline, Place)> {
    node.only_or(&MEASURE_KEYS, &[("at the top of the file, before the first `[[measure]]`", &KEYS)]);
    let measure = node.need("measure").and_then(|entry| {
        let measure = entry.text()?;
        entry.log().want(&entry.place(), Wanted::Measure, &measure);
        Some(measure)
    });
    let share = measure.as_deref().is_some_and(is_share);
    let number = |entry: Entry<'_>| match share {
        true => entry.number_within(0.0, 1.0),
        false => entry.number(),
    };
    let (worst, best) = (node.need("worst").and_then(number), node.need("best").and_then(number));
    let target = node.get("target").and_then(number);
    let weights =
        node.get("weights").map_or_else(|| [("*".to_string(), 1.0)].into(), |entry| weights(&entry));
    let (measure, worst, best) = (measure?, worst?, best?);
    let (low, high) = (worst.min(best), worst.max(best));
    if low >= high {
        let hint = "`worst` gets 0 points, and `best` 100";
        node.log().problem(&node.place(), "`worst` and `best` are the same", hint);
    } else if let Some(target) = target
        && (target <= low || target >= high)
    {
        let message = format!("`target` {target} is not between `worst` {worst} and `best` {best}");
        let hint = "`worst` gets 0 points, the target 70, and `best` 100";
        node.log().problem(&node.place(), message, hint);
    }
    Some((Headline { measure, worst, best, target, weights }, node.place()))
}

fn weights(entry: &Entry<'_>) -> BTreeMap<String, f64> {
    let Some(node) = entry.node() else {
        return BTreeMap::new();
    };
    let weight = |entry: Entry<'_>| {
        entry.log().want(&entry.place(), Wanted::Profile, entry.key);
        // A weight of 0 says that a profile is not rated by the measure.
        Some((entry.key.to_string(), entry.number_within(0.0, 1e6)?))
    };
    let weights: BTreeMap<String, f64> = node.entries().filter_map(weight).collect();
    if weights.len() == node.entries().count() && weights.values().all(|weight| *weight <= 0.0) {
        let hint = "give `*` or a profile a weight above 0, or leave the measure out";
        entry.fail("`weights` rate nobody by the measure", hint);
    }
    weights
}

#[cfg(test)]
mod tests {
    use crate::project::sample::{edit, problems};

    const FILE: &str = "registers/rating.toml";

    #[test]
    fn measures_and_profiles_are_known_and_weights_not_negative() {
        assert_eq!(
            edit(FILE, "{ \"*\" = 3, branch = 1 }", "{ \"*\" = -1, brunch = 1 }"),
            [
                "registers/rating.toml:11: `*` is -1, outside 0 to 1000000",
                "registers/rating.toml:11: unknown profile `brunch`\nhint: did you mean `branch`?",
            ]
        );
        let told = edit(FILE, "\"satisfaction_index\"", "\"satisfaction\"");
        let start =
            "registers/rating.toml:7: unknown measure `satisfaction`\nhint: known are `satisfaction_index`, ";
        assert!(told.len() == 1 && told[0].starts_with(start), "{told:?}");
        let known = [
            "`internal_index`",
            "`received_score`",
            "and with a code `dimension:`",
            "`kept:`",
            "`level_zero:`",
        ];
        known.iter().for_each(|one| assert!(told[0].contains(one), "{one}: {told:?}"));
    }

    #[test]
    fn a_measure_rates_somebody() {
        for weights in ["{}", "{ \"*\" = 0, branch = 0.0 }"] {
            assert_eq!(
                edit(FILE, "{ \"*\" = 3, branch = 1 }", weights),
                ["registers/rating.toml:11: `weights` rate nobody by the measure\n\
                  hint: give `*` or a profile a weight above 0, or leave the measure out"]
            );
        }
        assert_eq!(edit(FILE, "{ \"*\" = 3, branch = 1 }", "{ \"*\" = 3, branch = 0 }"), [""; 0]);
    }

    #[test]
    fn cut_points_descend_and_are_sorted() {
        assert_eq!(
            edit(FILE, "B = 70", "B = 86"),
            ["registers/rating.toml:4: cut points do not descend from A to D\n\
              hint: `A` asks for the most points, and `D` for the fewest"]
        );
        assert_eq!(
            edit(FILE, "from = \"2024-11\"", "from = \"2026-01\""),
            ["registers/rating.toml:4: the cut points begin in 2026-01, and the project in 2024-11\n\
              hint: say which hold from 2024-11 on"]
        );
        let twice = "{ from = \"2024-11\", A = 85, B = 70, C = 55, D = 40 }, { from = 2024-10-01, A = 4, B = 3, C = 2, D = 1 }";
        assert_eq!(
            edit(FILE, "{ from = \"2024-11\", A = 85, B = 70, C = 55, D = 40 }", twice),
            [
                "registers/rating.toml:4: cut points from 2024-10 do not begin after the ones before them (2024-11)\n\
             hint: sort the cut points by month"
            ]
        );
    }

    #[test]
    fn a_target_lies_between_worst_and_best() {
        assert_eq!(
            edit(FILE, "target = 72", "target = 92"),
            ["registers/rating.toml:6: `target` 92 is not between `worst` 40 and `best` 90\n\
              hint: `worst` gets 0 points, the target 70, and `best` 100"]
        );
    }

    #[test]
    fn a_key_in_the_wrong_table_is_sent_to_its_own() {
        assert_eq!(
            edit(FILE, "worst = 40", "worst = 40\nkeep_probability = 0.1"),
            ["registers/rating.toml:9: unknown key `keep_probability`\n\
              hint: `keep_probability` stands at the top of the file, before the first `[[measure]]`"]
        );
        assert_eq!(
            edit(FILE, "window_months = 12", "target = 72"),
            ["registers/rating.toml:1: unknown key `target`\nhint: `target` stands in a `[[measure]]`"]
        );
    }

    #[test]
    fn at_most_twelve_measures() {
        let measure = |item: usize| format!("[[measure]]\nmeasure = \"item:{item}\"\nworst = 1\nbest = 5\n");
        let refused = problems(&[(FILE, &(0..13).map(measure).collect::<String>())]);
        assert!(
            refused.contains(
                &"registers/rating.toml:49: 13 headline measures, at most 12 are allowed\n\
                  hint: more cannot be explained to those who are rated"
                    .to_string()
            )
        );
    }
}
