//! Assess: ratings of several raters -> the attained level of a person in a competency and quarter.
//!
//! In: accepted ratings. Out: [`Assessments`], which answer what level was known when. Deliberately absent: departments and
//! answers, which the link brings in. The level is the lower median of all level ratings of the quarter but the person's own.

use std::collections::BTreeMap;

use crate::check::{Observation, Rating, Relation};
use crate::month::{Day, Quarter};

/// The ratings of one person in one competency and quarter, the person's own left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rated {
    /// Each rating: day, day it became known, level; sorted.
    pub ratings: Vec<(Day, Day, i16)>,
}

impl Rated {
    /// Returns the levels that were given on or before `day` and known on or before `known`, sorted.
    pub fn levels(&self, day: Day, known: Day) -> Vec<i16> {
        let mut levels: Vec<i16> = self
            .ratings
            .iter()
            .filter(|rating| rating.0 <= day && rating.1 <= known)
            .map(|rating| rating.2)
            .collect();
        levels.sort_unstable();
        levels
    }
}

/// All assessments: (person, competency, quarter) -> ratings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assessments(pub BTreeMap<(u32, u32, Quarter), Rated>);

impl Assessments {
    /// Groups the level ratings; indicator rows and self-ratings do not enter the attained level.
    pub fn new(ratings: &[Rating]) -> Self {
        let mut assessments: BTreeMap<(u32, u32, Quarter), Rated> = BTreeMap::new();
        for rating in ratings.iter().filter(|rating| rating.relation != Relation::Own) {
            if let Observation::Level(level) = rating.observation {
                let key = (rating.person, rating.competency, rating.day.month().quarter());
                let rated = assessments.entry(key).or_insert_with(|| Rated { ratings: Vec::new() });
                rated.ratings.push((rating.day, rating.recorded, level));
            }
        }
        assessments.values_mut().for_each(|rated| rated.ratings.sort_unstable());
        Self(assessments)
    }

    /// Returns the attained level of `person` in `competency` as of `day`, as far as it was known on `known`: that of the latest
    /// quarter with a rating, no more than `carry_quarters` back.
    pub fn level_at(
        &self,
        (person, competency): (u32, u32),
        day: Day,
        known: Day,
        carry_quarters: i32,
    ) -> Option<i16> {
        let now = day.month().quarter();
        let first = Quarter(now.0 - carry_quarters);
        let quarters = self.0.range((person, competency, first)..=(person, competency, now)).rev();
        quarters.map(|(_, rated)| rated.levels(day, known)).find_map(|levels| lower_median(&levels))
    }
}

/// Returns the lower median of sorted levels; nothing of none.
pub fn lower_median(sorted: &[i16]) -> Option<i16> {
    let last = sorted.len().checked_sub(1)?;
    Some(sorted[last / 2])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Place;

    fn rating(relation: Relation, level: i16, day: &str, recorded: &str) -> Rating {
        Rating {
            id: 0,
            content: 0,
            place: Place { file: 0, line: 0 },
            person: 1,
            relation,
            rater: 0,
            is_named: true,
            competency: 2,
            indicator: None,
            observation: Observation::Level(level),
            day: day.parse().unwrap(),
            recorded: recorded.parse().unwrap(),
        }
    }

    #[test]
    fn the_level_is_the_lower_median_without_the_own_rating() {
        let day = "2025-03-10";
        let ratings: Vec<Rating> = [
            (Relation::Own, 3),
            (Relation::Manager, 1),
            (Relation::Peer, 2),
            (Relation::Peer, 2),
            (Relation::Peer, 1),
        ]
        .iter()
        .map(|&(relation, level)| rating(relation, level, day, day))
        .collect();
        let assessments = Assessments::new(&ratings);
        let at = |day: &str| assessments.level_at((1, 2), day.parse().unwrap(), day.parse().unwrap(), 2);
        assert_eq!(at("2025-03-09"), None, "not yet assessed");
        assert_eq!(at("2025-03-31"), Some(1));
        assert_eq!(at("2025-09-30"), Some(1), "two quarters later it may still be used");
        assert_eq!(at("2025-10-01"), None, "three quarters later it is too old");
    }

    #[test]
    fn a_late_file_is_used_from_the_day_it_is_known() {
        let old = rating(Relation::Manager, 1, "2024-12-10", "2024-12-12");
        let late = rating(Relation::Manager, 3, "2025-03-10", "2025-04-20");
        let assessments = Assessments::new(&[old, late]);
        let day: Day = "2025-03-31".parse().unwrap();
        assert_eq!(assessments.level_at((1, 2), day, day, 2), Some(1));
        assert_eq!(assessments.level_at((1, 2), day, "2025-04-20".parse().unwrap(), 2), Some(3));
    }

    #[test]
    fn nobody_rated_has_no_level() {
        assert_eq!(lower_median(&[]), None);
        assert_eq!(lower_median(&[2]), Some(2));
        assert_eq!(lower_median(&[1, 2]), Some(1));
    }
}
