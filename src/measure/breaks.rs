//! Breaks: from when on a measure is not what it was before, because its questions changed.

use super::Code;
use crate::month::Month;
use crate::project::{Change, ChangeKind, Item, ItemKind, Project, Questionnaire};

/// Returns the changes of questions across which a measure must not be compared, in the order of months.
///
/// A dimension and an index break where one of their items is new, reworded or dropped; measures of the whole where their item is replaced
/// and no overlap bridges it. An item is one wording on one scale and never breaks.
pub fn breaks(project: &Project, code: &Code) -> Vec<Change> {
    let questionnaire = match code {
        Code::Index(of) => of.as_str(),
        Code::Staff(_) => "staff",
        _ => "client",
    };
    let Some(asked) = project.questionnaire(questionnaire) else { return Vec::new() };
    let is_own = |change: &Change| {
        let items = asked.items.iter().filter(|item| item.code == change.item);
        items.into_iter().any(|item| is_part(code, item) && !is_first(asked, change, item))
    };
    asked.changes().into_iter().filter(|change| !change.is_bridged && is_own(change)).collect()
}

/// Says whether a measure is made of answers to the item.
fn is_part(code: &Code, item: &Item) -> bool {
    match code {
        Code::Index(_) => item.dimension.is_some(),
        Code::Variable(of) | Code::Staff(of) => item.dimension.as_ref() == Some(of),
        Code::TopTwo | Code::BottomTwo => item.kind == ItemKind::Overall,
        Code::NetPromoter => item.kind == ItemKind::Recommend,
        _ => false,
    }
}

/// Says whether nothing like the item was asked before, so that there is nothing to compare with.
fn is_first(asked: &Questionnaire, change: &Change, item: &Item) -> bool {
    let is_like = |other: &&Item| match &item.dimension {
        Some(dimension) => other.dimension.as_ref() == Some(dimension),
        None => other.kind == item.kind,
    };
    let is_earlier = |other: &Item| other.valid_from.is_none_or(|from| from.month() < change.month);
    change.kind == ChangeKind::New && !asked.items.iter().filter(is_like).any(is_earlier)
}

/// Returns the number of the stretch without a break that the months from `first` to `last` lie in; nothing where they lie on both sides of one.
pub fn stretch(breaks: &[Month], (first, last): (Month, Month)) -> Option<usize> {
    let before = |month: Month| breaks.iter().filter(|one| **one <= month).count();
    (before(first) == before(last)).then(|| before(last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::sample::{changed, project};

    fn months(project: &Project, code: &str) -> Vec<String> {
        breaks(project, &Code::parse(code).unwrap()).iter().map(|change| change.month.to_string()).collect()
    }

    #[test]
    fn what_holds_a_reworded_item_breaks_and_nothing_else() {
        let project = project();
        let told = |code: &str| months(&project, code);
        assert_eq!(told("dimension:speed"), ["2025-07"]);
        assert_eq!(told("satisfaction_index"), ["2025-07"]);
        for code in ["item:q01", "item:q02", "top_two", "net_promoter", "commitment_score", "staff_index"] {
            assert_eq!(told(code), Vec::<String>::new(), "{code}");
        }
    }

    #[test]
    fn another_scale_breaks_unless_it_is_bridged() {
        let total = "code = \"total\"\n";
        let with = |bridge: &str| {
            let new = format!(
                "code = \"ten\"\ntext = \"All\"\nscale = [1, 10]\nkind = \"overall\"\nvalid_from = 2025-06-01\n{bridge}[[client.items]]\n{total}valid_to = 2025-06-30\n"
            );
            changed("registers/questionnaires.toml", total, &new)
        };
        assert_eq!(months(&with(""), "bottom_two"), ["2025-06"]);
        assert_eq!(months(&with("bridged_from = \"total\"\n"), "bottom_two"), Vec::<String>::new());
    }

    #[test]
    fn stretches_are_numbered_and_nothing_lies_in_two() {
        let month = |text: &str| text.parse::<Month>().unwrap();
        let breaks = [month("2025-06"), month("2025-11")];
        let of = |first: &str, last: &str| stretch(&breaks, (month(first), month(last)));
        assert_eq!(
            [of("2025-05", "2025-05"), of("2025-06", "2025-06"), of("2025-11", "2026-01")],
            [Some(0), Some(1), Some(2)]
        );
        assert_eq!([of("2025-04", "2025-06"), of("2025-01", "2025-12")], [None, None]);
        assert_eq!(stretch(&[], (month("2025-01"), month("2025-12"))), Some(0));
    }
}
