//! Who was asked, who answered and how, as uniform tables.

use super::counts::Writer;
use super::specs::{ANSWERS, CONTACTS, INVITATIONS, REOPENED, RESPONDENTS};
use crate::count::{Layout, ResponseCounts};
use crate::link::Outcome;

impl Writer<'_> {
    /// Writes the tables of the client questionnaire's respondents; `layout` is that questionnaire's.
    pub(super) fn response(&mut self, layout: Option<&Layout>, counts: &ResponseCounts) {
        for (spec, cells) in [(&INVITATIONS, &counts.invitations), (&CONTACTS, &counts.contacts)] {
            for (cell, asked) in cells {
                let (department, outcome) = (self.department(cell.department), word(cell.outcome));
                let values = [i128::from(asked.asked), i128::from(asked.answered)];
                self.add(spec, &[&department, outcome, &cell.segment, &cell.channel], &values);
            }
        }
        for (cell, sums) in &counts.scores {
            let Some(layout) = layout else { break };
            let (department, outcome) = (self.department(cell.department), word(cell.outcome));
            let keys = [department.as_str(), outcome, &cell.segment, &cell.channel];
            self.family(&RESPONDENTS, layout, (&keys, &layout.dimensions), (sums, true));
        }
        for (&(department, outcome), answers) in &counts.answers {
            let department = self.department(department);
            self.add(&ANSWERS, &[&department, word(outcome)], &answers.values().map(i128::from));
        }
        for (&(department, commitment), cases) in &counts.reopened {
            let (department, commitment) = (self.department(department), self.commitment(commitment));
            let values = [i128::from(cases.begun), i128::from(cases.reopened)];
            self.add(&REOPENED, &[&department, &commitment], &values);
        }
    }
}

/// The code of an outcome; empty where it is not known.
fn word(outcome: Option<Outcome>) -> &'static str {
    outcome.map_or("", Outcome::code)
}
