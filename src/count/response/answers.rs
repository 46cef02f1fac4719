//! Answers by what had become of the customer's promises, and how they were given.

use std::collections::BTreeMap;

use super::{AnswerCounts, ContactCell, Cuts, ResponseCounts, class};
use crate::check::{Answer, MISSING};
use crate::count::{FamilySums, Layout};
use crate::link::Linked;
use crate::project::{Item, ItemKind, Project, Questionnaire};

/// Fewest answered questions of one scale that can be seen as a line.
const LINE: usize = 5;

/// Counts the answers of the client questionnaire.
pub fn count_responses<'a>(
    project: &Project,
    (questionnaire, layout): (&Questionnaire, &Layout),
    rows: impl Iterator<Item = (&'a Answer, &'a Linked)>,
    names: &BTreeMap<u64, String>,
    counts: &mut ResponseCounts,
) {
    let (cuts, questions) = (Cuts::of(project), Questions::of(questionnaire));
    for (answer, linked) in rows {
        let outcome = linked.outcome.map(class);
        let key = (answer.department, outcome);
        counts.answers.entry(key).or_default().merge(&questions.count(&answer.levels));
        let values = layout.values(&answer.levels, answer.day);
        let complete: Option<Vec<i32>> = layout.dimensions.iter().map(|&one| values[one]).collect();
        let Some(complete) = complete.filter(|scores| !scores.is_empty()) else { continue };
        let (segment, channel) = cuts.names(&answer.segments, names);
        let (department, served_by) = (answer.department, answer.department);
        let cell = ContactCell { department, served_by, outcome, segment, channel };
        let sums = counts.scores.entry(cell).or_insert_with(|| FamilySums::new(complete.len()));
        sums.add(&complete, answer.weight);
    }
}

/// The questions that tell how an answer was given, by their places.
struct Questions {
    /// Questions about satisfaction, all of one scale.
    line: Vec<usize>,
    /// Whether it was done when promised: place, what means no and what means yes.
    promised: Vec<(usize, i32, i32)>,
}

impl Questions {
    fn of(questionnaire: &Questionnaire) -> Self {
        let items = || questionnaire.items.iter().enumerate();
        let is_asked = |item: &Item| item.kind == ItemKind::Satisfaction;
        let scale = items().find(|(_, item)| is_asked(item)).map(|(_, item)| (item.low, item.high));
        let line = items().filter(|(_, item)| is_asked(item) && Some((item.low, item.high)) == scale);
        let promised = items().filter(|(_, item)| item.kind == ItemKind::Promised);
        Self {
            line: line.map(|(place, _)| place).collect(),
            promised: promised.map(|(place, item)| (place, item.low, item.high)).collect(),
        }
    }

    fn count(&self, levels: &[i16]) -> AnswerCounts {
        let given: Vec<i16> =
            self.line.iter().map(|&place| levels[place]).filter(|&level| level != MISSING).collect();
        let is_line = given.len() >= LINE;
        let is_straight = is_line && given.iter().all(|&level| level == given[0]);
        let is_seen = |wanted: fn(&(usize, i32, i32)) -> i32| {
            let is_own = |one: &(usize, i32, i32)| i32::from(levels[one.0]) == wanted(one);
            self.promised.iter().any(|one| levels[one.0] != MISSING && is_own(one))
        };
        AnswerCounts {
            n: 1,
            lines: is_line.into(),
            straight: is_straight.into(),
            seen_kept: is_seen(|one| one.2).into(),
            seen_broken: is_seen(|one| one.1).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUESTIONS: fn() -> Questions =
        || Questions { line: vec![0, 1, 2, 3, 4, 5], promised: vec![(6, 0, 1)] };

    fn told(levels: [i16; 7]) -> [u64; 5] {
        QUESTIONS().count(&levels).values()
    }

    #[test]
    fn a_line_needs_five_answers_and_all_the_same() {
        const M: i16 = MISSING;
        assert_eq!(told([4, 4, 4, 4, 4, 4, 1]), [1, 1, 1, 1, 0]);
        assert_eq!(told([4, 4, M, 4, 4, 4, 0]), [1, 1, 1, 0, 1]);
        assert_eq!(told([4, 4, M, M, 4, 4, M]), [1, 0, 0, 0, 0]);
        assert_eq!(told([4, 4, 4, 4, 4, 5, M]), [1, 1, 0, 0, 0]);
    }

    #[test]
    fn a_questionnaire_without_such_questions_tells_nothing() {
        let none = Questions { line: Vec::new(), promised: Vec::new() };
        assert_eq!(none.count(&[1, 1, 1, 1, 1]).values(), [1, 0, 0, 0, 0]);
    }
}
