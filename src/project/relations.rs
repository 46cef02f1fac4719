//! The relations asked in advance.

use std::path::Path;

use super::Text;
use super::document::{self, Entry, Node};
use super::log::{Log, Place, Register, Wanted};
use super::questionnaires::{code_of, note_twice};
use super::value::quote;

/// The grain of a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grain {
    /// Department and week, Monday to Sunday: of promises alone, whose cases have days.
    Week,
    /// Department and month.
    Month,
    /// Department and quarter.
    Quarter,
    /// Department and calendar year, as far back as the store goes.
    Year,
    /// Single contacts.
    Contact,
}

/// Which coefficient a relation is told by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Pearson's r.
    Pearson,
    /// Spearman's rho.
    Spearman,
}

/// One relation asked in advance.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// Its code.
    pub code: String,
    /// The question in words.
    pub question: Text,
    /// Code of the first measure; for contacts `outcome` or `level:COMPETENCY`.
    pub x: String,
    /// Code of the second measure; for contacts an item or dimension code.
    pub y: String,
    /// Grain.
    pub grain: Grain,
    /// Coefficient.
    pub method: Method,
    /// By how many periods the first side comes before the second, each told on its own; negative where it comes after. Never empty;
    /// contacts have the lag 0 alone.
    pub lags: Vec<i32>,
}

const KEYS: [&str; 7] = ["code", "question", "x", "y", "grain", "method", "lag"];
const GRAINS: [(&str, Grain); 5] = [
    ("week", Grain::Week),
    ("month", Grain::Month),
    ("quarter", Grain::Quarter),
    ("year", Grain::Year),
    ("contact", Grain::Contact),
];
const METHODS: [(&str, Method); 2] = [("pearson", Method::Pearson), ("spearman", Method::Spearman)];
/// Most relations: the error rate of the confirmatory family is shared among them.
const RELATIONS_MAX: usize = 20;
/// Most periods between the sides, a year of months: what lies further apart has few pairs left.
const LAG_MAX: i32 = 12;
/// Most lags of one relation.
const LAGS_MAX: usize = 5;

/// Reads the relations in the order of the register.
pub(super) fn read(log: &Log, root: &Path) -> Vec<Relation> {
    let placed: Vec<(Relation, Place)> = document::read(log, root, Register::Relations, |node| {
        node.only_or(&["relation"], &[("in a `[[relation]]`", &KEYS)]);
        node.nodes("relation").iter().filter_map(relation).collect()
    })
    .unwrap_or_default();
    if placed.len() > RELATIONS_MAX {
        let message = format!("{} relations, at most {RELATIONS_MAX} are allowed", placed.len());
        log.problem(&placed[RELATIONS_MAX].1, message, "what is not asked in advance is explored anyway");
    }
    note_twice(
        log,
        "relation",
        placed.iter().map(|(relation, place)| (relation.code.as_str(), place.clone())),
    );
    note_same(log, &placed);
    placed.into_iter().map(|(relation, _)| relation).collect()
}

/// Notes relations that ask what an earlier one asks: each would be told and tested twice.
fn note_same(log: &Log, placed: &[(Relation, Place)]) {
    for (number, (relation, place)) in placed.iter().enumerate() {
        if let Some((other, _)) = placed[..number].iter().find(|(other, _)| other.is_same(relation)) {
            let [own, other] = [&relation.code, &other.code].map(|code| quote(code));
            log.problem(place, format!("relation {own} asks what {other} asks"), "ask it once");
        }
    }
}

impl Relation {
    /// Says whether the other asks for the same coefficient, in either direction.
    fn is_same(&self, other: &Self) -> bool {
        let is_alike = (self.grain, self.method) == (other.grain, other.method);
        let share = |sign: i32| self.lags.iter().any(|lag| other.lags.contains(&(sign * lag)));
        let (own, others) = ((&self.x, &self.y), (&other.x, &other.y));
        is_alike && (own == others && share(1) || own == (others.1, others.0) && share(-1))
    }
}

fn relation(node: &Node<'_>) -> Option<(Relation, Place)> {
    node.only(&KEYS);
    let code = code_of(node, Register::Relations);
    let question = node.need("question").and_then(|entry| entry.localised()).unwrap_or_default();
    let grain = node.need("grain").and_then(|entry| entry.choice(&GRAINS));
    let method = node.get("method").and_then(|entry| entry.choice(&METHODS)).unwrap_or(Method::Pearson);
    let lags = node.get("lag").map_or_else(|| vec![0], |entry| lags(&entry, grain));
    let (x_wanted, y_wanted) = match grain {
        Some(Grain::Contact) => (Wanted::ContactCause, Wanted::ContactEffect),
        _ => (Wanted::Side, Wanted::Side),
    };
    let side = |key: &str, wanted: Wanted| {
        let entry = node.need(key)?;
        let name = entry.text()?;
        if grain.is_some() {
            node.log().want(&entry.place(), wanted, &name);
        }
        if grain == Some(Grain::Week) && !has_weeks(&name) {
            let hint = "by week are `commitment_score`, `received_score`, `kept:CODE` and `received:CODE`";
            entry.fail(format!("{} is not counted by week", quote(&name)), hint);
        }
        Some(name)
    };
    let (x, y) = (side("x", x_wanted), side("y", y_wanted));
    let (code, x, y, grain) = (code?, x?, y?, grain?);
    if x == y {
        node.log().problem(&node.place(), "`x` and `y` are the same", "name two measures");
    }
    Some((Relation { code, question, x, y, grain, method, lags }, node.place()))
}

/// Says whether a measure is counted by day, so that it has weeks.
fn has_weeks(measure: &str) -> bool {
    let is_share = measure.starts_with("kept:") || measure.starts_with("received:");
    is_share || matches!(measure, "commitment_score" | "received_score")
}

/// Reads `lag = 1` or `lag = [-1, 0, 1]`.
fn lags(entry: &Entry<'_>, grain: Option<Grain>) -> Vec<i32> {
    if grain == Some(Grain::Contact) {
        entry.fail("single contacts have no lag", "lags are of relations over departments and periods");
    }
    let elements = if entry.is_array() { entry.elements() } else { vec![entry.clone()] };
    if elements.is_empty() || elements.len() > LAGS_MAX {
        let hint = "leave `lag` out for both sides in the same period";
        entry.fail(format!("`lag` names {} lags, 1 to {LAGS_MAX} are allowed", elements.len()), hint);
    }
    let mut lags = Vec::new();
    for element in elements {
        let Some(lag) = element.integer_within(-LAG_MAX, LAG_MAX) else { continue };
        if lags.contains(&lag) {
            element.fail(format!("lag {lag} stands twice"), "");
        }
        lags.push(lag);
    }
    lags
}

#[cfg(test)]
mod tests {
    use crate::project::sample::{changed, edit, problems, project};

    const FILE: &str = "registers/relations.toml";

    #[test]
    fn measures_of_relations_are_known() {
        assert_eq!(
            edit(FILE, "x = \"commitment_score\"", "x = \"comitment_score\""),
            [
                "registers/relations.toml:4: unknown measure `comitment_score`\nhint: did you mean `commitment_score`?"
            ]
        );
        assert_eq!(
            edit(FILE, "x = \"commitment_score\"", "x = \"satisfaction_index\""),
            ["registers/relations.toml:1: `x` and `y` are the same\nhint: name two measures"]
        );
    }

    #[test]
    fn contacts_have_an_outcome_or_a_level_and_answers() {
        assert_eq!(
            edit(FILE, "x = \"level:A\"\ny = \"q01\"", "x = \"skill\"\ny = \"q011\""),
            [
                "registers/relations.toml:11: `skill` is neither `outcome` nor the level of a competency\n\
             hint: known are `outcome`, `level:A`, `level:comm`",
                "registers/relations.toml:12: `q011` is neither an item nor a dimension of the client questionnaire\n\
             hint: did you mean `q01`?",
            ]
        );
    }

    #[test]
    fn lags_are_whole_periods_of_departments_each_once() {
        let lags = |text: &str| {
            let to = format!("x = \"commitment_score\"\nlag = {text}");
            changed(FILE, "x = \"commitment_score\"", &to).relations[0].lags.clone()
        };
        assert_eq!((lags("2"), lags("[1, 0, -1]")), (vec![2], vec![1, 0, -1]));
        assert_eq!(project().relations[0].lags, [0]);
        let slips = |text: &str| {
            edit(FILE, "x = \"commitment_score\"", &format!("lag = {text}\nx = \"commitment_score\""))
        };
        assert_eq!(slips("13"), ["registers/relations.toml:4: `lag` is 13, outside -12 to 12"]);
        assert_eq!(slips("[1, 1]"), ["registers/relations.toml:4: lag 1 stands twice"]);
        assert!(slips("[]")[0].starts_with("registers/relations.toml:4: `lag` names 0 lags"));
        let contact = edit(FILE, "grain = \"contact\"", "grain = \"contact\"\nlag = 1");
        assert!(contact[0].contains("single contacts have no lag"), "{contact:?}");
    }

    #[test]
    fn a_relation_is_asked_once_in_either_direction() {
        let one = |code: &str, x: &str, y: &str, lag: &str| {
            format!(
                "[[relation]]\ncode = \"{code}\"\nquestion = \"?\"\nx = \"{x}\"\ny = \"{y}\"\ngrain = \"month\"\nlag = {lag}\n"
            )
        };
        let first = one("a", "top_two", "net_promoter", "[0, 1]");
        let told = |second: String| problems(&[(FILE, &(first.clone() + &second))]);
        let twice = ["registers/relations.toml:8: relation `b` asks what `a` asks\nhint: ask it once"];
        assert_eq!(told(one("b", "top_two", "net_promoter", "1")), twice);
        assert_eq!(told(one("b", "net_promoter", "top_two", "-1")), twice);
        assert!(told(one("b", "net_promoter", "top_two", "1")).is_empty());
    }

    #[test]
    fn only_promises_have_weeks() {
        assert_eq!(
            edit(FILE, "grain = \"month\"", "grain = \"week\""),
            ["registers/relations.toml:5: `satisfaction_index` is not counted by week\n\
             hint: by week are `commitment_score`, `received_score`, `kept:CODE` and `received:CODE`"]
        );
    }

    #[test]
    fn at_most_twenty_relations() {
        let one = |n: usize| {
            let (grain, lag) = (["month", "quarter"][n % 2], n / 2);
            format!(
                "[[relation]]\ncode = \"r{n}\"\nquestion = \"?\"\nx = \"top_two\"\ny = \"net_promoter\"\ngrain = \"{grain}\"\nlag = {lag}\n"
            )
        };
        assert_eq!(
            problems(&[(FILE, &(0..21).map(one).collect::<String>())]),
            ["registers/relations.toml:141: 21 relations, at most 20 are allowed\n\
             hint: what is not asked in advance is explored anyway"]
        );
    }
}
