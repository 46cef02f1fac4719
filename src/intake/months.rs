//! Counting: the rows of one month -> its tables.

use std::collections::{BTreeMap, BTreeSet};

use super::settle::{Part, Settled};
use crate::assess::Assessments;
use crate::books::Cut;
use crate::check::{Answer, Case, INVITED_PREFIX, Registers, Total};
use crate::count::{
    Layout, MonthCounts, REOPENED_WITHIN, RESULT, ResponseCounts, count_answers, count_assessments,
    count_cases, count_contacts, count_interviews, count_invitations, count_judgements, count_reopened,
    count_responses, count_results, linked_competencies,
};
use crate::error::Result;
use crate::link::{Contacts, Linked, Outcome, link, matched};
use crate::month::Month;
use crate::project::Project;
use crate::store::{Table, tables};

/// Counts months one by one; in memory are only the answers of a month and the cases that concern it or them.
pub struct Counter<'a> {
    registers: &'a Registers<'a>,
    settled: &'a Settled,
    assessments: Assessments,
    layouts: BTreeMap<&'a str, Layout>,
    competencies: Vec<u32>,
}

type Contact = u128;

/// The cut by which customers with a broken promise are compared, where the project declares it.
const SEGMENT: &str = "segment";

/// The questionnaire whose respondents are held against all customers.
const CLIENT: &str = "client";

/// Returns the position of the questionnaire that invitations ask for.
pub fn invited(project: &Project) -> Option<usize> {
    project.questionnaires.iter().position(|one| one.code == CLIENT)
}

impl<'a> Counter<'a> {
    /// Makes ready to count settled rows.
    pub fn new(registers: &'a Registers<'a>, settled: &'a Settled) -> Self {
        let project = registers.project;
        let layout = |one: &'a crate::project::Questionnaire| (one.code.as_str(), Layout::new(project, one));
        Self {
            registers,
            settled,
            assessments: Assessments::new(&settled.few.ratings),
            layouts: project.questionnaires.iter().map(layout).collect(),
            competencies: linked_competencies(project),
        }
    }

    /// Counts `month` by its cut and that of the month before: its tables, and how many rows matched.
    pub fn count(
        &self,
        month: Month,
        (before, cut): (Option<Cut>, Cut),
    ) -> Result<(Vec<Table>, BTreeMap<String, u64>)> {
        let project = self.registers.project;
        let mut counts = MonthCounts::default();
        let mut totals = BTreeMap::new();
        let answers = self.answers(month)?;
        let answered: BTreeSet<Contact> =
            answers.values().flatten().filter_map(|answer| answer.contact).collect();
        let cases = self.cases(month, &answered)?;
        let first = month.plus(-project.time.lookback_months);
        let linkable = |case: &&Case| (first..=month).contains(&case.month_opened());
        let contacts = Contacts::new(project, cases.iter().filter(linkable));
        let mut known = BTreeMap::new();
        let cuts = (project.cuts.len(), project.cuts.iter().position(|cut| cut == SEGMENT));
        for (&questionnaire, answers) in &answers {
            let layout = &self.layouts[questionnaire];
            let assessments = (&self.assessments, self.competencies.as_slice());
            let linked = link(answers, &contacts, assessments, cut, project.time.carry_quarters);
            let rows = || answers.iter().zip(&linked);
            if questionnaire == CLIENT {
                self.respond(layout, (answers, &linked), &mut counts.response);
                known = told_outcomes(rows());
            }
            counts
                .surveys
                .insert(questionnaire.to_owned(), count_answers(layout, rows(), cuts, &self.competencies));
            let answered: BTreeSet<Contact> = answers.iter().filter_map(|answer| answer.contact).collect();
            let begun = cases.iter().filter(|case| case.month_opened() == month);
            for (name, n) in matched(rows(), begun, &answered).named() {
                totals.insert(format!("{questionnaire}.{name}"), n);
            }
        }
        let names = &self.settled.few.segments;
        counts.response.contacts = count_contacts(project, cases.iter(), (month, cut), &known, names);
        counts.response.reopened = count_reopened(cases.iter(), month, cut);
        counts.commitments = count_cases(cases.iter(), month, cut, project);
        counts.assessments = count_assessments(self.registers, &self.assessments, month, cut);
        counts.judgements = count_judgements(self.registers, &self.settled.few.ratings, month, (before, cut));
        let behaviours = self.settled.few.behaviours.iter().filter(|row| row.day.month() == month);
        counts.interviews = count_interviews(behaviours);
        let own = || self.settled.few.totals.iter().filter(|total| total.month == month);
        counts.results = count_results(project, own());
        counts.response.invitations = count_invitations(own());
        let is_counted =
            |total: &Total| [RESULT, INVITED_PREFIX].iter().any(|prefix| total.variable.starts_with(prefix));
        let figures = own().filter(|total| !is_counted(total));
        counts.totals =
            figures.map(|total| ((total.department, total.variable.clone()), total.clone())).collect();
        Ok((tables(self.registers, &self.layouts, &self.settled.few.segments, &counts), totals))
    }

    /// Counts who answered the client questionnaire, and how.
    fn respond(
        &self,
        layout: &Layout,
        (answers, linked): (&[Answer], &[Linked]),
        counts: &mut ResponseCounts,
    ) {
        let project = self.registers.project;
        if let Some(questionnaire) = project.questionnaire(CLIENT) {
            let rows = answers.iter().zip(linked);
            count_responses(project, (questionnaire, layout), rows, &self.settled.few.segments, counts);
        }
    }

    /// The answers of a month, by questionnaire.
    fn answers(&self, month: Month) -> Result<BTreeMap<&'a str, Vec<Answer>>> {
        let mut answers = BTreeMap::new();
        for (position, questionnaire) in self.registers.project.questionnaires.iter().enumerate() {
            let rows = self.settled.rows.rows(Part::Answers(position, month));
            let rows = rows.collect::<Result<Vec<Answer>>>()?;
            if !rows.is_empty() {
                answers.insert(questionnaire.code.as_str(), rows);
            }
        }
        Ok(answers)
    }

    /// The cases that belong to the month or began in it, those closed so late that one of the month may reopen them, and the earlier
    /// ones of the contacts that were answered for.
    fn cases(&self, month: Month, answered: &BTreeSet<Contact>) -> Result<Vec<Case>> {
        let first = month.plus(-self.registers.project.time.lookback_months);
        let mut begun: BTreeSet<Month> = first.to(month).collect();
        begun.extend(self.settled.fates.begun.get(&month).into_iter().flatten());
        let still_reopened = i64::from(month.first_day().0 - REOPENED_WITHIN) * 86_400;
        let is_wanted = |case: &Case| {
            let is_reopened = case.closed.is_some_and(|closed| closed >= still_reopened);
            let is_own = case.month() == month || case.month_opened() == month || is_reopened;
            let is_answered = case.contact.is_some_and(|contact| answered.contains(&contact));
            (is_own || is_answered) && !self.settled.aside.contains(&(case.month(), case.id))
        };
        let rows = begun.into_iter().flat_map(|month| self.settled.rows.rows(Part::Begun(month)));
        rows.filter(|case: &Result<Case>| case.as_ref().map_or(true, is_wanted)).collect()
    }
}

/// What had become of the promises of the contacts that were answered for; of several answers of one contact the worst.
fn told_outcomes<'r>(rows: impl Iterator<Item = (&'r Answer, &'r Linked)>) -> BTreeMap<Contact, Outcome> {
    let mut known: BTreeMap<Contact, Outcome> = BTreeMap::new();
    for (contact, outcome) in rows.filter_map(|(answer, linked)| answer.contact.zip(linked.outcome)) {
        known.entry(contact).and_modify(|own| *own = (*own).min(outcome)).or_insert(outcome);
    }
    known
}
