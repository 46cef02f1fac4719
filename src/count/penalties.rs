//! Sums for penalty and reward: the overall judgement with how far each dimension lies below and above the middle of its scale.
//!
//! In: values of one answer. Out: complete-case sums, of each item of the overall judgement by itself, since two scales are never pooled.
//! Deliberately absent: bands. Their means lie at unequal distances, so that dummies of low and high make any straight line look bent.

use std::collections::BTreeMap;

use super::{FamilySums, Layout, Variable};
use crate::check::Answer;

/// What follows the code of a dimension in the names of its two variables.
pub const SIDES: [&str; 2] = ["below", "above"];

/// Returns how far a level lies from the middle of its scale: (below, at most 0; above, at least 0), in halves of a level, so that the
/// middle of four levels is a whole number, too.
///
/// 100 points are 2 · (high − low) · scale of them.
pub fn hinges(variable: &Variable, level: i32) -> [i32; 2] {
    let Variable { low, high, scale, .. } = *variable;
    let from_middle = 2 * (level - low * scale) - (high - low) * scale;
    [from_middle.min(0), from_middle.max(0)]
}

/// Returns the names of the summed variables: the overall item, then below and above of each dimension.
pub fn penalty_names(layout: &Layout, overall: usize) -> Vec<String> {
    let code = |position: usize| layout.variables[position].code.clone();
    let sides = |&dimension: &usize| SIDES.map(|side| format!("{}:{side}", code(dimension)));
    std::iter::once(code(overall)).chain(layout.dimensions.iter().flat_map(sides)).collect()
}

/// Adds a customer's answer; one without an overall judgement, or without the score of a dimension, is left out.
pub(super) fn count_penalties(
    penalties: &mut BTreeMap<(u32, usize), FamilySums>,
    layout: &Layout,
    (answer, values): (&Answer, &[Option<i32>]),
) {
    if layout.questionnaire != "client" || layout.dimensions.is_empty() {
        return;
    }
    let scores: Option<Vec<i32>> = layout.dimensions.iter().map(|&dimension| values[dimension]).collect();
    let Some(scores) = scores else { return };
    for &overall in &layout.overalls {
        let Some(judged) = values[overall] else { continue };
        let sides = layout.dimensions.iter().zip(&scores);
        let sides = sides.flat_map(|(&dimension, &score)| hinges(&layout.variables[dimension], score));
        let row: Vec<i32> = std::iter::once(judged).chain(sides).collect();
        let sums = penalties.entry((answer.department, overall));
        sums.or_insert_with(|| FamilySums::new(row.len())).add(&row, answer.weight);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::count::SurveyCounts;
    use crate::project::sample::project;
    use proptest::prelude::*;

    fn layout() -> Layout {
        let project = project();
        Layout::new(&project, project.questionnaire("client").unwrap())
    }

    #[test]
    fn a_score_lies_below_or_above_the_middle() {
        let layout = layout();
        let score = &layout.variables[layout.dimensions[0]];
        assert_eq!((score.low, score.high, score.scale), (1, 5, 1));
        let all: Vec<[i32; 2]> = (1..=5).map(|level| hinges(score, level)).collect();
        assert_eq!(all, [[-4, 0], [-2, 0], [0, 0], [0, 2], [0, 4]]);
        let total = layout.position("total").unwrap();
        assert_eq!(layout.overalls, [total]);
        assert_eq!(penalty_names(&layout, total), ["total", "speed:below", "speed:above"]);
    }

    proptest! {
        #[test]
        fn the_sums_of_any_split_merge_to_the_whole(
            rows in prop::collection::vec((0..3_u32, 1..6_i32, 1..6_i32, 1..2_000_000_u64), 0..30),
            cut in 0..30_usize,
        ) {
            let layout = layout();
            let (score, total) = (&layout.variables[layout.dimensions[0]], layout.overalls[0]);
            let fold = |rows: &[(u32, i32, i32, u64)]| {
                let mut counts = SurveyCounts::default();
                for &(department, overall, speed, weight) in rows {
                    let [below, above] = hinges(score, speed);
                    let sums = counts.penalties.entry((department, total));
                    sums.or_insert_with(|| FamilySums::new(3)).add(&[overall, below, above], weight);
                }
                counts
            };
            let cut = cut.min(rows.len());
            let mut left = fold(&rows[..cut]);
            left.merge(&fold(&rows[cut..]));
            prop_assert_eq!(&left, &fold(&rows));
            let mut right = fold(&rows[cut..]);
            right.merge(&fold(&rows[..cut]));
            prop_assert_eq!(left, right);
        }
    }
}
