//! The actions of improvement circles, from topic to standard.

use std::path::Path;

use super::document::{self, Entry, Node};
use super::log::{Log, Place, Register, Wanted};
use super::questionnaires::{code_of, note_twice};
use super::{Text, check_order, day, name, names, needed_text, text};
use crate::month::{Day, Month};

/// What one circle does about one measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// Its code.
    pub code: String,
    /// Who does it.
    pub circle: Circle,
    /// What is to become better, in words.
    pub topic: Text,
    /// Departments in which it is done.
    pub departments: Vec<String>,
    /// Code of the measure that tells whether it worked.
    pub measure: String,
    /// What the measure shall reach, in its unit.
    pub target: Option<f64>,
    /// Departments or profiles that it is compared with; none stand for the department's own profile.
    pub compare: Vec<String>,
    /// How things stood.
    pub current_state: Option<Text>,
    /// What was found out.
    pub analysis: Option<Text>,
    /// Codes of the causes that were found.
    pub causes: Vec<String>,
    /// The months that gave rise to it.
    pub trigger: Trigger,
    /// The stages, in order.
    pub schedule: Vec<Step>,
    /// What is done about it.
    pub countermeasures: Vec<Text>,
    /// First day of the implementation, once there is one.
    pub start: Option<Day>,
    /// What the circle says of the result.
    pub check: Option<Text>,
    /// What became a rule.
    pub standard: Option<Standard>,
    /// When it is looked at again.
    pub reviews: Vec<Review>,
}

/// An improvement circle.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Circle {
    /// Name for readers.
    pub name: Text,
    /// Codes of its members.
    pub members: Vec<String>,
    /// Who leads it, by the day from which on.
    pub leaders: Vec<(Day, String)>,
    /// The client manager among the members.
    pub client_manager: Option<String>,
}

/// The months that gave rise to an action; a single month stands for the quarter that ends with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trigger {
    /// First month left out of the baseline.
    pub first: Month,
    /// Last month that gave rise to the action.
    pub last: Month,
}

/// A stage of the work of a circle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Problems are gathered.
    Problem,
    /// Topic and target are chosen.
    Target,
    /// The current state is analysed.
    Analysis,
    /// Work is scheduled and divided.
    Plan,
    /// Countermeasures are discussed.
    Countermeasures,
    /// They are put to work.
    Implementation,
    /// The result is checked.
    Check,
    /// What worked becomes a standard.
    Standard,
}

impl Stage {
    /// Returns the word of the register.
    pub fn code(self) -> &'static str {
        STAGES.iter().find(|(_, stage)| *stage == self).map_or("", |(code, _)| code)
    }
}

/// One stage in the schedule of an action.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The stage.
    pub stage: Stage,
    /// Who sees to it.
    pub who: Option<String>,
    /// What is to be done.
    pub task: Option<Text>,
    /// By when.
    pub due: Day,
    /// When it was done.
    pub done: Option<Day>,
}

/// What an action leaves behind.
#[derive(Debug, Clone, PartialEq)]
pub struct Standard {
    /// From when on.
    pub date: Day,
    /// Code of the commitment that was changed, if one was.
    pub commitment: Option<String>,
    /// The standard in words.
    pub text: Option<Text>,
}

/// A look back on the standard.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    /// Months after the standard.
    pub months: i32,
    /// When it was done.
    pub done: Option<Day>,
    /// What was found.
    pub result: Option<Text>,
}

const KEYS: [&str; 17] = [
    "code",
    "circle",
    "topic",
    "departments",
    "measure",
    "target",
    "compare",
    "current_state",
    "analysis",
    "causes",
    "trigger",
    "schedule",
    "countermeasures",
    "start",
    "check",
    "standard",
    "reviews",
];
const STAGES: [(&str, Stage); 8] = [
    ("problem", Stage::Problem),
    ("target", Stage::Target),
    ("analysis", Stage::Analysis),
    ("plan", Stage::Plan),
    ("countermeasures", Stage::Countermeasures),
    ("implementation", Stage::Implementation),
    ("check", Stage::Check),
    ("standard", Stage::Standard),
];
/// First and last month after the standard in which a review makes sense; both are due where the register names none.
const REVIEW_MONTHS: (i32, i32) = (6, 12);

/// Reads the actions in the order of the register.
pub(super) fn read(log: &Log, root: &Path) -> Vec<Action> {
    let placed: Vec<(Action, Place)> = document::read(log, root, Register::Actions, |node| {
        node.only_or(&["action"], &[("in an `[[action]]`", &KEYS)]);
        node.nodes("action").iter().filter_map(|node| Some((action(node)?, node.place()))).collect()
    })
    .unwrap_or_default();
    note_twice(log, "action", placed.iter().map(|(action, place)| (action.code.as_str(), place.clone())));
    placed.into_iter().map(|(action, _)| action).collect()
}

fn action(node: &Node<'_>) -> Option<Action> {
    node.only(&KEYS);
    let code = code_of(node, Register::Actions);
    let topic = needed_text(node, "topic");
    let (departments, measure) = (departments(node), measure(node));
    let trigger = node.need("trigger").and_then(|entry| trigger(&entry));
    let start = day(node, "start");
    if let (Some(start), Some(trigger), Some(entry)) = (start, trigger, node.get("start"))
        && start <= trigger.last.last_day()
    {
        let message = format!("`start` {start} is not after the trigger ({})", trigger.last);
        entry.fail(message, "what gave rise to an action lies before it");
    }
    let standard = node.get("standard").and_then(|entry| standard(&entry.node()?, start));
    let reviews = reviews(node, standard.as_ref());
    let countermeasures = node.get("countermeasures").map_or_else(Vec::new, |entry| entry.elements());
    let action = Action {
        circle: node.get("circle").and_then(|entry| circle(&entry.node()?)).unwrap_or_default(),
        topic,
        departments: departments?,
        target: target(node, measure.as_deref()),
        measure: measure?,
        compare: names(node, "compare", &Wanted::Owner),
        current_state: text(node, "current_state"),
        analysis: text(node, "analysis"),
        causes: names(node, "causes", &Wanted::Cause),
        trigger: trigger?,
        schedule: schedule(node),
        countermeasures: countermeasures.iter().filter_map(|entry| entry.localised()).collect(),
        start,
        check: text(node, "check"),
        standard,
        reviews,
        code: code?,
    };
    Some(action)
}

fn departments(node: &Node<'_>) -> Option<Vec<String>> {
    let entry = node.need("departments")?;
    let departments = names(node, "departments", &Wanted::Leaf);
    if entry.is_array() && entry.elements().is_empty() {
        entry.fail("`departments` names no department", "name those in which it is done");
    }
    note_repeated(&entry, "department", &departments);
    Some(departments)
}

fn measure(node: &Node<'_>) -> Option<String> {
    node.need("measure").and_then(|entry| name(&entry, Wanted::Measure))
}

fn target(node: &Node<'_>, measure: Option<&str>) -> Option<f64> {
    let entry = node.get("target")?;
    if measure.is_some_and(super::measures::is_share) {
        return entry.number_within(0.0, 1.0);
    }
    entry.number()
}

/// Reads `2025-10`, the quarter that ends with a month, or `2025-Q3`.
fn trigger(entry: &Entry<'_>) -> Option<Trigger> {
    let quarter = entry.constant()?;
    let of = quarter.split_once("-Q").and_then(|(year, quarter)| {
        let month: Month = format!("{year}-01").parse().ok()?;
        let quarter = quarter.parse::<i32>().ok().filter(|quarter| (1..=4).contains(quarter))?;
        Some(month.plus(3 * quarter - 1))
    });
    let last = if quarter.contains('Q') {
        if of.is_none() {
            let hint = "write it so, or as the last of its months: `\"2025-09\"`";
            entry.fail(format!("`{quarter}` is not a quarter of the form 2025-Q3"), hint);
        }
        of
    } else {
        entry.month()
    };
    last.map(|last| Trigger { first: last.plus(-2), last })
}

fn circle(node: &Node<'_>) -> Option<Circle> {
    node.only(&["name", "members", "leaders", "client_manager"]);
    let members = members(node);
    let is_member = |entry: &Entry<'_>, person: &str| {
        // Of members that cannot be read nobody is known to be none.
        let is_told = node.get("members").is_none_or(|members| members.is_array());
        if is_told && !members.iter().any(|member| member == person) {
            let known = members.iter().map(String::as_str);
            let hint = entry.log().suggest(person, known, "add the person to `members`");
            entry.fail(format!("`{person}` is not a member of the circle"), hint);
        }
    };
    let mut leaders: Vec<(Day, String)> = Vec::new();
    for own in node.nodes("leaders") {
        own.only(&["from", "person"]);
        let from = own.need("from").and_then(|entry| entry.day());
        let person = own.need("person").and_then(|entry| {
            let person = entry.text()?;
            is_member(&entry, &person);
            Some(person)
        });
        check_order(&own, "from", from, ("the leader before", leaders.last().map(|(before, _)| *before)));
        leaders.extend(from.zip(person));
    }
    let client_manager = node.get("client_manager").and_then(|entry| {
        let person = entry.text()?;
        is_member(&entry, &person);
        Some(person)
    });
    Some(Circle { name: text(node, "name").unwrap_or_default(), members, leaders, client_manager })
}

/// Returns the members of a circle, each once.
fn members(node: &Node<'_>) -> Vec<String> {
    let members = names(node, "members", &Wanted::Person);
    if let Some(entry) = node.get("members") {
        note_repeated(&entry, "member", &members);
    }
    members
}

/// Notes names of a list that stand in it twice.
fn note_repeated(entry: &Entry<'_>, what: &str, names: &[String]) {
    for (place, name) in names.iter().enumerate() {
        if names[..place].contains(name) {
            entry.fail(format!("{what} `{name}` stands twice"), "name it once");
        }
    }
}

/// Returns the stages; that they stand in another order than they are due is noted.
fn schedule(node: &Node<'_>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for own in node.nodes("schedule") {
        own.only(&["stage", "who", "task", "due", "done"]);
        let stage = own.need("stage").and_then(|entry| entry.choice(&STAGES));
        let due = own.need("due").and_then(|entry| entry.day());
        let step = stage.zip(due).map(|(stage, due)| Step {
            stage,
            who: own.get("who").and_then(|entry| name(&entry, Wanted::Person)),
            task: text(&own, "task"),
            due,
            done: day(&own, "done"),
        });
        if let (Some(before), Some(step)) = (steps.last(), &step) {
            check_order(&own, "due", Some(step.due), ("the stage before", Some(before.due)));
            if step.stage < before.stage {
                let message = format!("stage `{}` stands after `{}`", step.stage.code(), before.stage.code());
                node.log().problem(&own.place(), message, "put the stages in the order of the work");
            }
        }
        steps.extend(step);
    }
    steps
}

fn standard(node: &Node<'_>, start: Option<Day>) -> Option<Standard> {
    node.only(&["date", "commitment", "text"]);
    let date = node.need("date").and_then(|entry| entry.day());
    check_order(node, "date", date, ("the start", start));
    let commitment = node.get("commitment").and_then(|entry| name(&entry, Wanted::Commitment));
    let text = text(node, "text");
    if commitment.is_none() && text.is_none() {
        let hint = "a standard is a changed commitment, or a rule in words";
        node.log().problem(&node.place(), "`standard` names neither `commitment` nor `text`", hint);
    }
    Some(Standard { date: date?, commitment, text })
}

/// Returns the reviews of a standard: those of the register, else after 6 and after 12 months.
fn reviews(node: &Node<'_>, standard: Option<&Standard>) -> Vec<Review> {
    let (first, last) = REVIEW_MONTHS;
    let Some(entry) = node.get("reviews") else {
        let review = |months| Review { months, done: None, result: None };
        return standard.map_or_else(Vec::new, |_| vec![review(first), review(last)]);
    };
    if node.get("standard").is_none() {
        entry.fail("`reviews` without `standard`", "a review looks back on the standard");
    }
    let mut reviews: Vec<Review> = Vec::new();
    for own in entry.nodes() {
        own.only(&["months", "done", "result"]);
        let months = own.need("months").and_then(|entry| entry.integer_within(first, last));
        let done = day(&own, "done");
        check_order(&own, "done", done, ("the standard", standard.map(|standard| standard.date)));
        if let (Some(before), Some(months)) = (reviews.last(), months)
            && months <= before.months
        {
            let hint = "sort them by `months`, each once";
            own.log().problem(&own.place(), "reviews do not stand in the order of their months", hint);
        }
        reviews.extend(months.map(|months| Review { months, done, result: text(&own, "result") }));
    }
    reviews
}

#[cfg(test)]
mod tests {
    use crate::project::Action;
    use crate::project::sample::{problems, problems_of_bytes};

    const FILE: &str = "registers/actions.toml";
    const CAUSES: (&str, &str) =
        ("registers/causes.toml", "[[category]]\ncode = \"people\"\ncauses = [{ code = \"lunch\" }]\n");
    const ACTION: &str = r#"[[action]]
code = "rings"
circle = { name = "Ears", members = ["p1", "p2"], leaders = [{ from = 2025-09-01, person = "p1" }, { from = 2025-12-01, person = "p2" }], client_manager = "p2" }
topic = { en = "Answer sooner" }
departments = ["B1"]
measure = "kept:calls"
target = 0.9
compare = ["branch"]
causes = ["lunch"]
trigger = "2025-Q3"
schedule = [
  { stage = "problem", who = "p1", due = 2025-10-01, done = 2025-10-02 },
  { stage = "check", task = "Count", due = 2026-01-15 },
]
countermeasures = ["Two at lunch in turn"]
start = 2025-11-01
standard = { date = 2026-02-01, commitment = "calls" }
reviews = [{ months = 6 }]
"#;

    fn read(text: &str) -> Action {
        let project = crate::project::sample::with(&[CAUSES, (FILE, text)]);
        project.improvement.actions[0].clone()
    }

    fn wrong(from: &str, to: &str) -> Vec<String> {
        assert!(ACTION.contains(from), "{from}");
        problems(&[CAUSES, (FILE, &ACTION.replacen(from, to, 1))])
    }

    #[test]
    fn an_action_is_read_whole() {
        let action = read(ACTION);
        assert_eq!(
            (action.trigger.first.to_string(), action.trigger.last.to_string()),
            ("2025-07".into(), "2025-09".into())
        );
        assert_eq!((action.circle.leaders.len(), action.schedule.len(), action.reviews.len()), (2, 2, 1));
        let month = read(&ACTION.replace("2025-Q3", "2025-10").replace("reviews = [{ months = 6 }]\n", ""));
        assert_eq!((month.trigger.first.to_string(), month.reviews[1].months), ("2025-08".into(), 12));
        let date = read(&ACTION.replace("\"2025-Q3\"", "2025-10-01"));
        assert_eq!(date.trigger, month.trigger);
    }

    #[test]
    fn names_are_held_against_their_registers() {
        for (from, to, said) in [
            (
                "\"kept:calls\"",
                "\"kept:cals\"",
                "registers/actions.toml:6: unknown measure `kept:cals`\nhint: did you mean `kept:calls`?",
            ),
            (
                "departments = [\"B1\"]",
                "departments = [\"B9\"]",
                "registers/actions.toml:5: unknown department `B9`\nhint: did you mean `B1`?",
            ),
            (
                "departments = [\"B1\"]",
                "departments = [\"north\"]",
                "registers/actions.toml:5: `north` is a unit of several departments\nhint: name the departments themselves",
            ),
            (
                "causes = [\"lunch\"]",
                "causes = [\"lunsh\"]",
                "registers/actions.toml:9: unknown cause `lunsh`\nhint: did you mean `lunch`?",
            ),
            (
                "commitment = \"calls\"",
                "commitment = \"cals\"",
                "registers/actions.toml:17: unknown commitment `cals`\nhint: did you mean `calls`?",
            ),
            (
                "compare = [\"branch\"]",
                "compare = [\"brunch\"]",
                "registers/actions.toml:8: `brunch` is neither a department nor a profile\nhint: did you mean `branch`?",
            ),
            (
                "members = [\"p1\", \"p2\"]",
                "members = [\"p1\", \"p2\", \"q9\"]",
                "registers/actions.toml:3: unknown person `q9`\nhint: it must stand in registers/people.csv",
            ),
            (
                "members = [\"p1\", \"p2\"]",
                "members = [\"p1\", \"p2\", \"p1\"]",
                "registers/actions.toml:3: member `p1` stands twice\nhint: name it once",
            ),
            (
                "members = [\"p1\", \"p2\"]",
                "members = \"p1\"",
                "registers/actions.toml:3: `members`: expected an array, found a string\nhint: put it in square brackets",
            ),
            (
                "client_manager = \"p2\"",
                "client_manager = \"p3\"",
                "registers/actions.toml:3: `p3` is not a member of the circle\nhint: did you mean `p1`?",
            ),
            (
                "countermeasures =",
                "countermeasure =",
                "registers/actions.toml:15: unknown key `countermeasure`\nhint: did you mean `countermeasures`?",
            ),
        ] {
            assert_eq!(wrong(from, to), [said]);
        }
    }

    #[test]
    fn departments_are_a_list_that_names_some() {
        for (from, to, said) in [
            (
                "departments = [\"B1\"]",
                "departments = []",
                "registers/actions.toml:5: `departments` names no department\nhint: name those in which it is done",
            ),
            (
                "departments = [\"B1\"]",
                "departments = \"B1\"",
                "registers/actions.toml:5: `departments`: expected an array, found a string\nhint: put it in square brackets",
            ),
        ] {
            assert_eq!(wrong(from, to), [said]);
        }
    }

    #[test]
    fn dates_are_in_order_and_targets_are_in_their_unit() {
        for (from, to, said) in [
            (
                "start = 2025-11-01",
                "start = 2025-09-30",
                "registers/actions.toml:16: `start` 2025-09-30 is not after the trigger (2025-09)\nhint: what gave rise to an action lies before it",
            ),
            (
                "date = 2026-02-01",
                "date = 2025-02-01",
                "registers/actions.toml:17: `date` 2025-02-01 is before the start (2025-11-01)",
            ),
            (
                "due = 2026-01-15",
                "due = 2025-01-15",
                "registers/actions.toml:13: `due` 2025-01-15 is before the stage before (2025-10-01)",
            ),
            (
                "stage = \"check\"",
                "stage = \"problem\", done = \"2025-13-01\"",
                "registers/actions.toml:13: `done`: `2025-13-01` is not",
            ),
            (
                "from = 2025-12-01",
                "from = 2025-08-01",
                "registers/actions.toml:3: `from` 2025-08-01 is before the leader before (2025-09-01)",
            ),
            ("months = 6", "months = 5", "registers/actions.toml:18: `months` is 5, outside 6 to 12"),
            (
                "months = 6",
                "months = 6, done = 2026-01-01",
                "registers/actions.toml:18: `done` 2026-01-01 is before the standard (2026-02-01)",
            ),
            ("target = 0.9", "target = 90", "registers/actions.toml:7: `target` is 90, outside 0 to 1"),
            (
                "2025-Q3",
                "2025-Q5",
                "registers/actions.toml:10: `2025-Q5` is not a quarter of the form 2025-Q3",
            ),
            (", commitment = \"calls\"", "", "registers/actions.toml:17: `standard` names neither"),
        ] {
            let told = wrong(from, to);
            assert!(told.iter().any(|one| one.starts_with(said)), "{told:?}\n{said}");
        }
    }

    #[test]
    fn a_torn_register_is_told_once() {
        assert_eq!(problems_of_bytes(&[(FILE, b"[[action]]\ncode = \n")]).len(), 1);
        assert_eq!(problems(&[(FILE, "")]), Vec::<String>::new());
    }
}
