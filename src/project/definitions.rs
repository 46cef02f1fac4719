//! The definitions of a project as one text, so that its hash tells when stored counts are stale.

use std::fmt::Write;

use super::{Grain, Project, Questionnaire};

impl Project {
    /// Returns everything that decides how rows are counted, one entry a line, in fixed order.
    ///
    /// Left out: texts for readers, targets, thresholds, privacy, rating, relations between departments.
    pub fn definitions(&self) -> String {
        let mut lines = Lines(String::new());
        lines.add("project", &(&self.name, &self.cuts));
        let time = &self.time;
        lines.add("time", &(time.from, time.to, time.settle_days, time.lookback_months, time.carry_quarters));
        for source in &self.sources {
            let form = (&source.name, source.kind, source.shape, &source.questionnaire);
            lines.add("source", &(form, &source.files, &source.columns, &source.constants));
        }
        for department in &self.departments {
            let place = (&department.code, &department.parent, &department.profile, department.leaf);
            lines.add(
                "department",
                &(place, department.valid_from, department.valid_to, &department.successor),
            );
        }
        for post in &self.posts {
            let place = (&post.person, &post.department, &post.role, post.head, post.fte);
            lines.add("post", &(place, post.valid_from, post.valid_to));
        }
        for questionnaire in &self.questionnaires {
            lines.add_questionnaire(questionnaire);
        }
        self.add_promises_and_levels(&mut lines);
        lines.0
    }

    fn add_promises_and_levels(&self, lines: &mut Lines) {
        for commitment in &self.commitments {
            let kind = (&commitment.code, commitment.promised_to, &commitment.life);
            let rule = (
                commitment.unit,
                commitment.clock,
                &commitment.calendar,
                commitment.cutoff,
                commitment.higher_is_better,
            );
            let limits: Vec<_> = commitment.limits.iter().map(|limit| (limit.from, limit.limit)).collect();
            lines.add("commitment", &(kind, rule, limits));
            if let Some(limit) = &commitment.remedy_limit {
                lines.add("remedy_limit", limit);
            }
            if !commitment.aliases.is_empty() {
                lines.add("aliases", &commitment.aliases);
            }
        }
        for calendar in &self.calendars.calendars {
            lines.add("calendar", calendar);
        }
        let positions: Vec<_> =
            (0..self.departments.len()).map(|one| self.calendars.of(one).map(|own| own.name())).collect();
        if !self.calendars.calendars.is_empty() {
            lines.add("calendars", &positions);
        }
        if !self.causes.causes.is_empty() {
            let codes: Vec<&str> = self.causes.causes.iter().map(|cause| cause.code.as_str()).collect();
            lines.add("causes", &codes);
        }
        if !self.interviews.competencies.is_empty() {
            let codes = |list: &[super::Coded]| list.iter().map(|one| one.code.clone()).collect::<Vec<_>>();
            let book = &self.interviews;
            lines.add("interviews", &(book.fixed, codes(&book.groups), codes(&book.competencies)));
        }
        for result in &self.results {
            lines.add("result", &(&result.code, result.kind, result.per.is_some()));
        }
        for competency in &self.competencies {
            let indicators: Vec<_> =
                competency.levels.iter().map(|(level, texts)| (level, texts.len())).collect();
            lines.add(
                "competency",
                &(&competency.code, competency.low, competency.high, competency.weight, indicators),
            );
            if !competency.bands.is_empty() {
                lines.add("bands", &competency.bands);
            }
        }
        for (role, levels) in &self.roles {
            lines.add("role", &(role, levels));
        }
        for relation in self.relations.iter().filter(|relation| relation.grain == Grain::Contact) {
            lines.add("relation", &(&relation.code, &relation.x, &relation.y));
        }
    }
}

/// The text while it grows.
struct Lines(String);

impl Lines {
    /// Adds one entry; `Debug` quotes every string, so that no two entries read the same.
    fn add(&mut self, what: &str, values: &impl std::fmt::Debug) {
        writeln!(self.0, "{what} {values:?}").expect("a string takes every text");
    }

    fn add_questionnaire(&mut self, questionnaire: &Questionnaire) {
        let dimensions: Vec<_> = questionnaire.dimensions.iter().map(|dimension| &dimension.code).collect();
        self.add("questionnaire", &(&questionnaire.code, dimensions, &questionnaire.families));
        for item in &questionnaire.items {
            let answers = (&item.code, &item.column, item.low, item.high, &item.not_applicable);
            let meaning = (&item.dimension, item.kind, &item.importance_of, &item.expectation_of);
            self.add("item", &(answers, meaning, item.valid_from, item.valid_to));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::project::sample::{changed, project};

    #[test]
    fn what_decides_counts_changes_the_definitions() {
        let before = project().definitions();
        assert_eq!(before, project().definitions());
        let edits = [
            ("registers/questionnaires.toml", "not_applicable = [9]", "not_applicable = [8]"),
            ("registers/questionnaires.toml", "[\"total\", \"speed\"]", "[\"speed\", \"total\"]"),
            ("registers/commitments.toml", "limit = 3,", "limit = 4,"),
            (
                "registers/commitments.toml",
                "importance = 3",
                "importance = 3\nremedy_limit = { limit = 2, unit = \"days\" }",
            ),
            ("registers/departments.csv", "2025-06-30,B1", "2025-06-29,B1"),
            ("registers/people.csv", "teller,0,0.5", "teller,0,0.6"),
            ("registers/competencies.toml", "A = 1, comm = 2", "A = 2, comm = 2"),
            ("registers/relations.toml", "x = \"level:A\"", "x = \"outcome\""),
            ("concord.toml", "\"answer_id\"", "\"answer\""),
            ("concord.toml", "settle_days = 10", "settle_days = 11"),
        ];
        for (file, from, to) in edits {
            assert_ne!(changed(file, from, to).definitions(), before, "{file} {to}");
        }
    }

    #[test]
    fn what_only_readers_see_does_not() {
        let before = project().definitions();
        let edits = [
            ("registers/questionnaires.toml", "Client survey", "Survey of clients"),
            ("registers/commitments.toml", "target = 0.95", "target = 0.96"),
            ("registers/rating.toml", "A = 85", "A = 86"),
            ("registers/relations.toml", "x = \"commitment_score\"", "x = \"net_promoter\""),
            ("registers/departments.csv", "Harbour", "Haven"),
            ("concord.toml", "unknown_department = 0.01", "unknown_department = 0.02"),
        ];
        for (file, from, to) in edits {
            assert_eq!(changed(file, from, to).definitions(), before, "{file} {to}");
        }
    }
}
