//! What the registers say of one department, person, commitment or measure on a given day.

use std::collections::BTreeMap;

use super::{Clock, Commitment, Department, Limit, Post, Project, Questionnaire, TimeLimit};
use crate::calendar::Calendar;
use crate::month::{Day, Month};

impl Project {
    /// Returns the index of a department.
    pub fn department(&self, code: &str) -> Option<usize> {
        self.departments.binary_search_by(|department| department.code.as_str().cmp(code)).ok()
    }

    /// Returns a questionnaire.
    pub fn questionnaire(&self, code: &str) -> Option<&Questionnaire> {
        self.questionnaires.iter().find(|questionnaire| questionnaire.code == code)
    }

    /// Returns the index of a commitment.
    pub fn commitment(&self, code: &str) -> Option<usize> {
        self.commitments.iter().position(|commitment| commitment.code == code)
    }

    /// Returns the calendar by which a department's cases of a commitment are counted: the commitment's own, else the department's.
    pub fn calendar(&self, commitment: &Commitment, department: u32) -> Option<&Calendar> {
        match &commitment.calendar {
            Some(code) => self.calendars.named(code),
            None => self.calendars.of(department as usize),
        }
    }

    /// Returns the calendar by which a department's remedies of a commitment are counted: that of the limit, else that of its cases.
    pub fn remedy_calendar(&self, commitment: &Commitment, department: u32) -> Option<&Calendar> {
        match commitment.remedy_limit.as_ref().and_then(|limit| limit.calendar.as_deref()) {
            Some(code) => self.calendars.named(code),
            None => self.calendar(commitment, department),
        }
    }

    /// Returns the index of a competency.
    pub fn competency(&self, code: &str) -> Option<usize> {
        self.competencies.iter().position(|competency| competency.code == code)
    }

    /// Returns the index of a business result.
    pub fn result(&self, code: &str) -> Option<usize> {
        self.results.iter().position(|result| result.code == code)
    }

    /// Returns the post that a person has on `day`, if any.
    pub fn post_at(&self, person: &str, day: Day) -> Option<&Post> {
        let first = self.posts.partition_point(|post| post.person.as_str() < person);
        let posts = self.posts[first..].iter().take_while(|post| post.person == person);
        posts.filter(|post| post.in_force(day)).last()
    }

    /// Returns the posts of all heads on `day`, by index of their department, in order of the person.
    pub fn heads_at(&self, day: Day) -> BTreeMap<usize, Vec<&Post>> {
        let mut heads: BTreeMap<usize, Vec<&Post>> = BTreeMap::new();
        for post in self.posts.iter().filter(|post| post.head && post.in_force(day)) {
            if let Some(department) = self.department(&post.department) {
                heads.entry(department).or_default().push(post);
            }
        }
        heads
    }

    /// Returns the target of a department for a measure in `month`: its own, else its profile's, else that of all; of these the one that began last.
    pub fn target(&self, department: usize, measure: &str, month: Month) -> Option<f64> {
        let department = self.departments.get(department)?;
        let own = [department.code.as_str(), department.profile.as_str(), "*"];
        own.into_iter().find_map(|who| self.target_of(who, measure, month))
    }

    fn target_of(&self, who: &str, measure: &str, month: Month) -> Option<f64> {
        let key = (who, measure, month);
        let end = self
            .targets
            .partition_point(|target| (target.who.as_str(), target.measure.as_str(), target.from) <= key);
        let last = self.targets[..end].last()?;
        (last.who == who && last.measure == measure).then_some(last.target)
    }
}

/// Returns whether `day` lies in a span whose open ends are far away.
fn spans(from: Option<Day>, to: Option<Day>, day: Day) -> bool {
    from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to)
}

impl Department {
    /// Returns whether the department exists on `day`.
    pub fn in_force(&self, day: Day) -> bool {
        spans(self.valid_from, self.valid_to, day)
    }
}

impl Post {
    /// Returns whether the person holds the post on `day`.
    pub fn in_force(&self, day: Day) -> bool {
        spans(self.valid_from, self.valid_to, day)
    }
}

impl Commitment {
    /// Returns its code and the other names that the data have for it.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.code.as_str()).chain(self.aliases.iter().map(String::as_str))
    }

    /// Says whether its due times need a calendar that only the department can have.
    pub fn needs_calendar(&self) -> bool {
        self.clock != Clock::Elapsed
            && self.calendar.is_none()
            && self.limits.iter().any(|limit| limit.limit.is_some())
    }

    /// Returns the limit in force on `day`: the last that began on or before it.
    pub fn limit_at(&self, day: Day) -> Option<Limit> {
        self.limits.iter().rfind(|limit| limit.from.is_none_or(|from| from <= day)).copied()
    }

    /// Returns `limit` of its unit as a limit of time on its clock.
    pub fn time_limit(&self, limit: f64) -> TimeLimit {
        TimeLimit { limit, unit: self.unit, clock: self.clock, cutoff: self.cutoff }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::sample::project;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn codes_find_their_entries() {
        let project = project();
        assert_eq!(
            project.department("B2").map(|index| project.departments[index].name.get("en")),
            Some("Harbour")
        );
        assert_eq!(
            (project.department("b2"), project.commitment("letters"), project.competency("comm")),
            (None, Some(1), Some(1))
        );
        assert!(project.questionnaire("client").is_some() && project.questionnaire("staff").is_none());
    }

    #[test]
    fn posts_hold_on_both_their_ends() {
        let project = project();
        let department = |text: &str| project.post_at("p1", day(text)).map(|post| post.department.as_str());
        assert_eq!(department("2025-02-28"), Some("B1"));
        assert_eq!(department("2025-03-01"), Some("B2"));
        assert_eq!(project.post_at("p9", day("2025-03-01")), None);
        let heads = project.heads_at(day("2025-03-01"));
        assert_eq!(heads.into_iter().map(|(d, posts)| (d, posts.len())).collect::<Vec<_>>(), [(1, 1)]);
    }

    #[test]
    fn departments_and_limits_have_their_time() {
        let project = project();
        let closed = &project.departments[project.department("B3").unwrap()];
        assert!(closed.in_force(day("2025-06-30")) && !closed.in_force(day("2025-07-01")));
        let limit = |text: &str| project.commitments[0].limit_at(day(text)).and_then(|limit| limit.limit);
        assert_eq!((limit("2025-10-31"), limit("2025-11-01")), (Some(3.0), Some(2.0)));
        assert_eq!(project.commitments[1].limit_at(day("2025-01-01")), None);
    }

    #[test]
    fn the_nearest_target_wins() {
        let project = project();
        let target = |code: &str, measure: &str, month: &str| {
            project.target(project.department(code).unwrap(), measure, month.parse().unwrap())
        };
        assert_eq!(target("B1", "satisfaction_index", "2024-12"), Some(70.0));
        assert_eq!(target("B1", "satisfaction_index", "2026-01"), Some(80.0));
        assert_eq!(target("B2", "satisfaction_index", "2026-01"), Some(70.0));
        assert_eq!(target("B1", "kept:calls", "2025-10"), None);
        assert_eq!(target("B1", "kept:calls", "2025-11"), Some(0.95));
    }
}
