//! Counting: the rows of one month -> its tables.

use std::collections::{BTreeMap, BTreeSet};

use super::rows::Rows;
use crate::assess::Assessments;
use crate::books::Cut;
use crate::check::{Answer, Case, Registers, Total};
use crate::count::{Layout, MonthCounts, count_answers, count_assessments, count_cases, linked_competencies};
use crate::link::{Contacts, link, matched};
use crate::month::Month;
use crate::store::{Table, tables};

/// The rows of all months to be counted, sorted into months.
pub struct Sorted<'a> {
    registers: &'a Registers<'a>,
    answers: BTreeMap<(&'a str, Month), Vec<&'a Answer>>,
    cases: BTreeMap<Month, Vec<&'a Case>>,
    begun: BTreeMap<Month, Vec<&'a Case>>,
    totals: BTreeMap<Month, Vec<&'a Total>>,
    assessments: Assessments,
    layouts: BTreeMap<&'a str, Layout>,
    competencies: Vec<u32>,
    segments: &'a BTreeMap<u64, String>,
}

impl<'a> Sorted<'a> {
    /// Sorts `rows` into months.
    pub fn new(registers: &'a Registers<'a>, rows: &'a Rows) -> Self {
        let project = registers.project;
        let mut sorted = Self {
            registers,
            answers: BTreeMap::new(),
            cases: BTreeMap::new(),
            begun: BTreeMap::new(),
            totals: BTreeMap::new(),
            assessments: Assessments::new(&rows.ratings),
            layouts: project
                .questionnaires
                .iter()
                .map(|one| (one.code.as_str(), Layout::new(project, one)))
                .collect(),
            competencies: linked_competencies(project),
            segments: &rows.segments,
        };
        for (questionnaire, answers) in &rows.answers {
            for answer in answers {
                sorted.answers.entry((questionnaire, answer.day.month())).or_default().push(answer);
            }
        }
        for case in &rows.cases {
            sorted.cases.entry(case.month()).or_default().push(case);
            sorted.begun.entry(case.month_opened()).or_default().push(case);
        }
        for total in &rows.totals {
            sorted.totals.entry(total.month).or_default().push(total);
        }
        sorted
    }

    /// Counts `month`: its tables, and how many rows matched.
    pub fn count(&self, month: Month, cut: Cut) -> (Vec<Table>, BTreeMap<String, u64>) {
        let project = self.registers.project;
        let mut counts = MonthCounts::default();
        let mut totals = BTreeMap::new();
        let first = month.plus(-project.time.lookback_months);
        let contacts =
            Contacts::new(self.begun.range(first..=month).flat_map(|(_, cases)| cases.iter().copied()));
        for (&questionnaire, layout) in &self.layouts {
            let Some(answers) = self.answers.get(&(questionnaire, month)) else { continue };
            let assessments = (&self.assessments, self.competencies.as_slice());
            let linked = link(answers, &contacts, assessments, cut, project.time.carry_quarters);
            let rows = || answers.iter().copied().zip(&linked);
            counts.surveys.insert(
                questionnaire.to_owned(),
                count_answers(layout, rows(), project.cuts.len(), &self.competencies),
            );
            let answered: BTreeSet<u128> = answers.iter().filter_map(|answer| answer.contact).collect();
            let begun = self.begun.get(&month).into_iter().flatten().copied();
            for (name, n) in matched(rows(), begun, &answered).named() {
                totals.insert(format!("{questionnaire}.{name}"), n);
            }
        }
        counts.commitments = count_cases(self.concerned(month), month, cut, project.cuts.len());
        counts.assessments = count_assessments(self.registers, &self.assessments, month, cut);
        let figures = self.totals.get(&month).into_iter().flatten();
        counts.totals =
            figures.map(|&total| ((total.department, total.variable.clone()), total.clone())).collect();
        (tables(self.registers, &self.layouts, self.segments, &counts), totals)
    }

    /// The cases that belong to the month or began in it, each once.
    fn concerned(&self, month: Month) -> impl Iterator<Item = &'a Case> + '_ {
        let own = self.cases.get(&month).into_iter().flatten().copied();
        let begun =
            self.begun.get(&month).into_iter().flatten().copied().filter(move |case| case.month() != month);
        own.chain(begun)
    }
}
