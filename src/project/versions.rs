//! Versions of questions: which one is in force, and from when on before and after are not comparable.

use super::document::Node;
use super::log::Place;
use super::value::quote;
use super::{Item, ItemKind, Project, Questionnaire};
use crate::month::{Day, Month};

/// What happened to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is asked for the first time.
    New,
    /// It has another wording.
    Reworded,
    /// It has another scale.
    Rescaled,
    /// It is asked no more.
    Dropped,
}

impl ChangeKind {
    /// Returns the code, as it stands in feeds.
    pub fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Reworded => "reworded",
            Self::Rescaled => "rescaled",
            Self::Dropped => "dropped",
        }
    }
}

/// A change of a question: before its month and from then on is not comparable, unless it is bridged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// First month after it; a month that holds both belongs to what comes after.
    pub month: Month,
    /// What happened.
    pub kind: ChangeKind,
    /// Code of the item asked from then on; of the dropped one.
    pub item: String,
    /// Code of the item that it replaces.
    pub before: Option<String>,
    /// Whether months of overlap were declared that tell what the old answers are on the new scale.
    pub is_bridged: bool,
}

impl Item {
    /// Says whether it is asked on some day of `month`.
    pub fn is_asked_in(&self, month: Month) -> bool {
        self.valid_from.is_none_or(|from| from <= month.last_day())
            && self.valid_to.is_none_or(|to| month.first_day() <= to)
    }

    fn replaces(&self, other: &Self) -> bool {
        let (Some(from), Some(to)) = (self.valid_from, other.valid_to) else { return false };
        let is_whole = matches!(self.kind, ItemKind::Overall | ItemKind::Recommend | ItemKind::Effort);
        let is_same = self.column == other.column
            || (is_whole && self.kind == other.kind)
            || self.bridged_from.as_ref() == Some(&other.code);
        let begins = |item: &Self| item.valid_from.unwrap_or(Day(i32::MIN));
        self.code != other.code && is_same && begins(other) < from && to >= from.plus(-1)
    }
}

impl Questionnaire {
    /// Returns the item of a kind that counts in `month`: of those asked in it the one that is asked at its end, the latest if there are several.
    pub fn in_force(&self, kind: ItemKind, month: Month) -> Option<&Item> {
        let asked = self.items.iter().filter(|item| item.kind == kind && item.is_asked_in(month));
        let at_the_end = |item: &&Item| item.valid_to.is_none_or(|to| month.last_day() <= to);
        // Of equal ones the first of the register counts: `max_by_key` takes the last.
        asked.rev().max_by_key(|item| (at_the_end(item), item.valid_from))
    }

    /// Returns the item that `item` replaced: the latest one of the same column, or of the same kind where a questionnaire has one of it.
    pub fn before(&self, item: &Item) -> Option<&Item> {
        self.items.iter().filter(|other| item.replaces(other)).max_by_key(|other| other.valid_from)
    }

    /// Lists the changes of its questions, in the order of months and of the register.
    pub fn changes(&self) -> Vec<Change> {
        let mut changes: Vec<Change> = self.items.iter().filter_map(|item| self.begun(item)).collect();
        changes.extend(self.items.iter().filter_map(|item| self.dropped(item)));
        changes.sort_by_key(|change| change.month);
        changes
    }

    fn begun(&self, item: &Item) -> Option<Change> {
        let before = self.before(item);
        let kind = match before {
            None => ChangeKind::New,
            Some(before) if (before.low, before.high) == (item.low, item.high) => ChangeKind::Reworded,
            Some(_) => ChangeKind::Rescaled,
        };
        Some(Change {
            month: item.valid_from?.month(),
            kind,
            item: item.code.clone(),
            before: before.map(|before| before.code.clone()),
            is_bridged: item.bridged_from.is_some(),
        })
    }

    fn dropped(&self, item: &Item) -> Option<Change> {
        let month = item.valid_to?.plus(1).month();
        let is_replaced = self.items.iter().any(|other| other.replaces(item));
        (!is_replaced).then(|| Change {
            month,
            kind: ChangeKind::Dropped,
            item: item.code.clone(),
            before: None,
            is_bridged: false,
        })
    }
}

impl Project {
    /// Lists the changes of all questionnaires that fall into the months from the one after `first` to `last`, each with its questionnaire.
    pub fn question_changes(&self, first: Month, last: Month) -> Vec<(&Questionnaire, Change)> {
        let own =
            self.questionnaires.iter().flat_map(|one| one.changes().into_iter().map(move |own| (one, own)));
        own.filter(|(_, change)| first < change.month && change.month <= last).collect()
    }
}

/// Notes items that are bridged from, or expect, what they cannot.
pub(super) fn check(node: &Node<'_>, items: &[(Item, Place)]) {
    for (item, place) in items {
        let checks = [
            ("bridged_from", item.bridged_from.as_ref(), bridge as Slip),
            ("expectation_of", item.expectation_of.as_ref(), expectation as Slip),
        ];
        for (key, code, slip) in checks {
            let Some(code) = code else { continue };
            let known = || items.iter().map(|(other, _)| other.code.as_str()).filter(|own| *own != item.code);
            let Some((other, _)) =
                items.iter().find(|(other, _)| other.code == *code && other.code != item.code)
            else {
                let message = format!("unknown item {} in `{key}`", quote(code));
                node.log().problem(
                    place,
                    message,
                    node.log().suggest(code, known(), "name an item of this questionnaire"),
                );
                continue;
            };
            if let Some((message, hint)) = slip(item, other) {
                node.log().problem(place, message, hint);
            }
        }
    }
}

type Slip = fn(&Item, &Item) -> Option<(String, &'static str)>;

fn bridge(item: &Item, old: &Item) -> Option<(String, &'static str)> {
    let (new, old_code) = (quote(&item.code), quote(&old.code));
    if item.kind != old.kind || item.dimension.is_some() || old.dimension.is_some() {
        let message = format!(
            "`bridged_from` joins {old_code} and {new}, which are not one question of one kind outside dimensions"
        );
        return Some((message, "only overall, recommend, effort and other single questions can be bridged"));
    }
    let (Some(from), Some(to)) = (item.valid_from, old.valid_to) else {
        let message = format!("`bridged_from` needs the last day of {old_code} and the first day of {new}");
        return Some((message, "write `valid_to` of the old and `valid_from` of the new item"));
    };
    (from > to).then(|| {
        let message = format!(
            "items {old_code} and {new} were never asked in the same month, so that nothing bridges them"
        );
        (message, "leave `bridged_from` out, or let the spans overlap in which random samples answered each")
    })
}

fn expectation(item: &Item, of: &Item) -> Option<(String, &'static str)> {
    if item.kind != ItemKind::Expectation {
        let hint = "write `kind = \"expectation\"`, or leave `expectation_of` out";
        return Some(("`expectation_of` needs `kind = \"expectation\"`".into(), hint));
    }
    let message = format!("items {} and {} have different scales", quote(&item.code), quote(&of.code));
    ((item.low, item.high) != (of.low, of.high))
        .then_some((message, "an expectation is asked on the scale of what it is compared with"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::sample::{changed, edit, project};

    const FILE: &str = "registers/questionnaires.toml";
    const TOTAL: &str = "code = \"total\"\n";
    /// The same question on ten levels, asked from the middle of June on.
    const NEW: &str = "code = \"total10\"\ntext = \"All in all\"\nscale = [1, 10]\nkind = \"overall\"\nvalid_from = 2025-06-15\n";

    fn with(new: &str, old_to: &str) -> String {
        format!("{new}[[client.items]]\n{TOTAL}valid_to = {old_to}\n")
    }

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    #[test]
    fn one_version_of_a_question_is_in_force() {
        let project = changed(FILE, TOTAL, &with(NEW, "2025-06-30"));
        let client = project.questionnaire("client").unwrap();
        let overall =
            |text: &str| client.in_force(ItemKind::Overall, month(text)).map(|item| item.code.as_str());
        assert_eq!(
            [overall("2025-05"), overall("2025-06"), overall("2025-07")],
            [Some("total"), Some("total10"), Some("total10")]
        );
        assert_eq!(client.in_force(ItemKind::Effort, month("2025-06")), None);
        let ended = changed(FILE, TOTAL, &format!("{TOTAL}valid_to = 2025-06-29\n"));
        let client = ended.questionnaire("client").unwrap();
        assert!(client.in_force(ItemKind::Overall, month("2025-06")).is_some());
        assert!(client.in_force(ItemKind::Overall, month("2025-07")).is_none());
    }

    #[test]
    fn changes_say_what_happened_and_when() {
        let told = |project: &Project| -> Vec<(String, &str, String, Option<String>)> {
            let client = project.questionnaire("client").unwrap();
            let one =
                |change: Change| (change.month.to_string(), change.kind.code(), change.item, change.before);
            client.changes().into_iter().map(one).collect()
        };
        let reworded = ("2025-07".to_owned(), "reworded", "q02".to_owned(), Some("q01".to_owned()));
        assert_eq!(told(&project()), std::slice::from_ref(&reworded));
        let rescaled = ("2025-06".to_owned(), "rescaled", "total10".to_owned(), Some("total".to_owned()));
        assert_eq!(told(&changed(FILE, TOTAL, &with(NEW, "2025-06-30"))), [rescaled, reworded.clone()]);
        let new = ("2025-06".to_owned(), "new", "total10".to_owned(), None);
        let dropped = ("2025-04".to_owned(), "dropped", "total".to_owned(), None);
        assert_eq!(told(&changed(FILE, TOTAL, &with(NEW, "2025-03-31"))), [dropped, new, reworded]);
    }

    #[test]
    fn bridges_and_expectations_are_possible() {
        let bridged = |from: &str| format!("{NEW}bridged_from = \"{from}\"\n");
        let at = "registers/questionnaires.toml:25: ";
        assert_eq!(edit(FILE, TOTAL, &with(&bridged("total"), "2025-06-30")), Vec::<String>::new());
        assert_eq!(
            edit(FILE, TOTAL, &with(&bridged("totl"), "2025-06-30")),
            [format!("{at}unknown item `totl` in `bridged_from`\nhint: did you mean `total`?")]
        );
        assert_eq!(
            edit(FILE, TOTAL, &with(&bridged("total"), "2025-06-14")),
            [format!(
                "{at}items `total` and `total10` were never asked in the same month, so that nothing bridges them\n\
                 hint: leave `bridged_from` out, or let the spans overlap in which random samples answered each"
            )]
        );
        assert_eq!(
            edit(FILE, TOTAL, &with(&bridged("q02"), "2025-06-30")),
            [format!(
                "{at}`bridged_from` joins `q02` and `total10`, which are not one question of one kind outside dimensions\n\
                 hint: only overall, recommend, effort and other single questions can be bridged"
            )]
        );
        assert_eq!(
            edit(FILE, "code = \"total\"", "code = \"total\"\nexpectation_of = \"q02\"")[0],
            format!(
                "{at}`expectation_of` needs `kind = \"expectation\"`\n\
                 hint: write `kind = \"expectation\"`, or leave `expectation_of` out"
            )
        );
        let expected = "code = \"e2\"\ntext = \"Expected\"\nscale = [1, 7]\nkind = \"expectation\"\nexpectation_of = \"q02\"\n";
        assert_eq!(
            edit(FILE, TOTAL, &format!("{expected}[[client.items]]\n{TOTAL}")),
            [format!(
                "{at}items `e2` and `q02` have different scales\nhint: an expectation is asked on the scale of what it is compared with"
            )]
        );
    }
}
