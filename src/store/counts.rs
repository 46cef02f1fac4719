//! A month's counts as uniform tables.
//!
//! Only rows that are not zero are kept. Positions in registers become codes, so that a register may grow; persons become keyed
//! hashes, so that the store names nobody.

use std::collections::BTreeMap;

use super::specs::{
    ASSESSMENTS, BREACHES, CAUSES, DAYS, DISTRIBUTIONS, FAMILIES, INTERVIEWS, JUDGEMENTS, LINKS, MARGINALS,
    MONTH_TABLES, OUTCOME_LEVELS, OUTCOMES, PENALTIES, RECEIVED, REMEDIES, RESULTS, SEGMENT_FAMILIES,
    SEGMENTS, SERVERS, TOTALS,
};
use super::table::{Table, TableBuilder, TableSpec};
use crate::check::{Registers, Remedy, UNKNOWN_CAUSE};
use crate::count::{
    BreachKey, Cell, ClusterKey, ClusterSums, FamilySums, Layout, LinkBy, LinkKey, Measured, MonthCounts,
    OutcomeCounts, SurveyCounts, Weighted, penalty_names,
};
use crate::link::Outcome;

/// Stands for a cause that the register does not know; no code has this sign.
pub(super) const UNKNOWN: &str = "?";
/// Stands for breaches that were not remedied.
pub(super) const NOT_REMEDIED: &str = "none";
pub(super) const WHOLE: &str = "all";
pub(super) const BILLION: f64 = 1e9;

/// Turns a month's counts into tables.
pub fn tables(
    registers: &Registers<'_>,
    layouts: &BTreeMap<&str, Layout>,
    segments: &BTreeMap<u64, String>,
    counts: &MonthCounts,
) -> Vec<Table> {
    let mut writer = Writer { registers, segments, tables: BTreeMap::new() };
    for (questionnaire, survey) in &counts.surveys {
        if let Some(layout) = layouts.get(questionnaire.as_str()) {
            writer.survey(layout, survey);
        }
    }
    writer.commitments(counts);
    writer.assessments(counts);
    writer.judgements(counts);
    writer.interviews(counts);
    writer.results(counts);
    writer.totals(counts);
    writer.response(layouts.get("client"), &counts.response);
    MONTH_TABLES
        .iter()
        .map(|spec| writer.tables.remove(spec.name).unwrap_or_else(|| TableBuilder::new(spec)).finish())
        .collect()
}

/// Gathers the rows of a month's tables.
pub(super) struct Writer<'a> {
    registers: &'a Registers<'a>,
    segments: &'a BTreeMap<u64, String>,
    tables: BTreeMap<&'static str, TableBuilder>,
}

fn integers(count: &Weighted) -> [i128; 3] {
    [i128::from(count.n), count.w, count.ww]
}

impl Writer<'_> {
    pub(super) fn add(&mut self, spec: &'static TableSpec, keys: &[&str], values: &[i128]) {
        if values.iter().any(|&value| value != 0) {
            self.tables.entry(spec.name).or_insert_with(|| TableBuilder::new(spec)).add(keys, values);
        }
    }

    pub(super) fn department(&self, position: u32) -> String {
        self.registers.project.departments[position as usize].code.clone()
    }

    pub(super) fn commitment(&self, position: u32) -> String {
        self.registers.project.commitments[position as usize].code.clone()
    }

    fn cause(&self, position: Option<u32>) -> String {
        if position == Some(UNKNOWN_CAUSE) {
            return UNKNOWN.to_owned();
        }
        let cause = position.and_then(|position| self.registers.project.causes.causes.get(position as usize));
        cause.map(|cause| cause.code.clone()).unwrap_or_default()
    }

    fn competency(&self, position: u32) -> String {
        self.registers.project.competencies[position as usize].code.clone()
    }

    fn person(&self, position: u32) -> String {
        person_word(self.registers, position)
    }

    fn cell(&self, cell: &Cell) -> (String, String) {
        match cell.cut.checked_sub(1) {
            None => (WHOLE.to_owned(), String::new()),
            Some(cut) => {
                let name = self.segments.get(&cell.segment).cloned().unwrap_or_default();
                (self.registers.project.cuts[usize::from(cut)].clone(), name)
            }
        }
    }

    fn survey(&mut self, layout: &Layout, counts: &SurveyCounts) {
        let code = layout.questionnaire.as_str();
        for (cell, row) in &counts.marginals {
            let (cut, segment) = self.cell(cell);
            let department = self.department(cell.department);
            match cell.cut {
                0 => self.dense(&MARGINALS, layout, &[code, &department], row),
                _ => self.dense(&SEGMENTS, layout, &[code, &cut, &segment, &department], row),
            }
        }
        for (link, row) in &counts.links {
            let (department, by, class) = self.link(link);
            self.dense(&LINKS, layout, &[code, &department, &by, &class], row);
        }
        for (&(department, competency, outcome, level), &n) in &counts.outcome_levels {
            let (department, competency) = (self.department(department), self.competency(competency));
            let (outcome, level) = (class_word(LinkBy::Outcome, outcome), level.to_string());
            self.add(&OUTCOME_LEVELS, &[code, &department, &competency, &outcome, &level], &[i128::from(n)]);
        }
        for (key, sums) in &counts.servers {
            self.cluster(layout, key, sums);
        }
        for (key, sums) in &counts.breaches {
            self.breach(layout, key, sums);
        }
        for (cell, sums) in &counts.segments {
            let ((cut, segment), department) = (self.cell(cell), self.department(cell.department));
            let keys = [code, &cut, &segment, &department];
            self.family(&SEGMENT_FAMILIES, layout, (&keys, &layout.dimensions), (sums, true));
        }
        for (&(department, overall), sums) in &counts.penalties {
            let (names, department) = (penalty_names(layout, overall), self.department(department));
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            self.named(&PENALTIES, &[code, &department, names[0]], &names, (sums, true));
        }
        for (&(department, family), sums) in &counts.families {
            let (name, members) = &layout.families[family];
            let department = self.department(department);
            self.family(&FAMILIES, layout, (&[code, &department, name], members), (sums, true));
        }
    }

    fn link(&self, link: &LinkKey) -> (String, String, String) {
        let by = match link.by {
            LinkBy::Outcome => "outcome".to_owned(),
            LinkBy::Level(competency) => format!("level:{}", self.competency(competency)),
        };
        (self.department(link.department), by, class_word(link.by, link.class))
    }

    /// Writes a dense row: a table row for every level that occurs; an empty level is the missing one.
    fn dense(&mut self, spec: &'static TableSpec, layout: &Layout, keys: &[&str], row: &[Weighted]) {
        for (variable, &start) in layout.variables.iter().zip(&layout.starts) {
            let n_levels = variable.n_levels();
            let own = row[start..=start + n_levels].iter().enumerate();
            for (index, count) in own.filter(|(_, count)| **count != Weighted::default()) {
                let level = if index < n_levels { variable.level(index).to_string() } else { String::new() };
                let keys: Vec<&str> =
                    keys.iter().copied().chain([variable.code.as_str(), level.as_str()]).collect();
                self.add(spec, &keys, &integers(count));
            }
        }
    }

    /// Writes the sums of a server; only answers without a server need their products, being clusters of their own.
    fn cluster(&mut self, layout: &Layout, key: &ClusterKey, sums: &ClusterSums) {
        let (department, by, class) = self.link(&key.link);
        let server = key.server.map(|person| self.person(person)).unwrap_or_default();
        let keys = [layout.questionnaire.as_str(), &department, &by, &class, &server];
        let products = key.server.is_none();
        for (&variable, own) in layout.served.iter().zip(&sums.single) {
            let keys: Vec<&str> = keys.iter().copied().chain(["one"]).collect();
            let members = [variable];
            self.family(&SERVERS, layout, (&with_code(&keys, layout, variable), &members), (own, products));
        }
        let keys: Vec<&str> = keys.iter().copied().chain(["all"]).collect();
        self.family(&SERVERS, layout, (&keys, &layout.dimensions), (&sums.dimensions, products));
    }

    /// Writes the sums of a server after one kind of breach, as those of its answers are written.
    fn breach(&mut self, layout: &Layout, key: &BreachKey, sums: &FamilySums) {
        let (department, commitment) =
            (self.department(key.department), self.commitment(key.breach.commitment));
        let delay = key.breach.delay.0.to_string();
        let segment = self.segments.get(&key.segment).cloned().unwrap_or_default();
        let remedied = if key.breach.remedied { "1" } else { "0" };
        let server = key.server.map(|person| self.person(person)).unwrap_or_default();
        let code = layout.questionnaire.as_str();
        let keys = [code, &department, &commitment, &delay, &segment, remedied, &server];
        self.family(&BREACHES, layout, (&keys, &layout.dimensions), (sums, key.server.is_none()));
    }

    /// Writes the sums of a family: (``, ``) the count, (x, ``) Σwx and Σw²x, (x, y) Σwxy and Σw²xy.
    pub(super) fn family(
        &mut self,
        spec: &'static TableSpec,
        layout: &Layout,
        (keys, members): (&[&str], &[usize]),
        (sums, products): (&FamilySums, bool),
    ) {
        let codes: Vec<&str> = members.iter().map(|&member| layout.variables[member].code.as_str()).collect();
        self.named(spec, keys, &codes, (sums, products));
    }

    /// Writes the sums of variables with these names.
    fn named<'a>(
        &mut self,
        spec: &'static TableSpec,
        keys: &[&'a str],
        codes: &[&'a str],
        (sums, products): (&FamilySums, bool),
    ) {
        let mut words: Vec<&str> = keys.iter().copied().chain(["", ""]).collect();
        let mut put = |x: &'a str, y: &'a str, values: [i128; 3]| {
            words[keys.len()..].copy_from_slice(&[x, y]);
            self.add(spec, &words, &values);
        };
        put("", "", integers(&sums.count));
        let mut pair = 0;
        for (i, x) in codes.iter().enumerate() {
            put(x, "", [0, sums.wx[i], if products { sums.wwx[i] } else { 0 }]);
            for y in &codes[i..] {
                if products {
                    put(x, y, [0, sums.wxy[pair], sums.wwxy[pair]]);
                }
                pair += 1;
            }
        }
    }

    fn commitments(&mut self, counts: &MonthCounts) {
        for ((cell, commitment), outcomes) in &counts.commitments.outcomes {
            let (cut, segment) = self.cell(cell);
            let (department, commitment) = (self.department(cell.department), self.commitment(*commitment));
            for (name, n) in OutcomeCounts::NAMES.iter().zip(outcomes.values()) {
                self.add(&OUTCOMES, &[&cut, &segment, &department, &commitment, name], &[i128::from(n)]);
            }
        }
        for (&(department, commitment, measured), distribution) in &counts.commitments.distributions {
            let (department, commitment) = (self.department(department), self.commitment(commitment));
            let measured = measured_word(measured, distribution.binned);
            for (value, &n) in &distribution.counts {
                self.add(
                    &DISTRIBUTIONS,
                    &[&department, &commitment, measured, &value.to_string()],
                    &[i128::from(n)],
                );
            }
        }
        for (&(department, commitment, day), &(judged, breached)) in &counts.commitments.days {
            let (department, commitment) = (self.department(department), self.commitment(commitment));
            let values = [i128::from(judged), i128::from(breached)];
            self.add(&DAYS, &[&department, &commitment, &day.to_string()], &values);
        }
        for (&(department, commitment, cause), counts) in &counts.commitments.causes {
            let (department, commitment) = (self.department(department), self.commitment(commitment));
            let values = [counts.n, counts.excused, counts.late.0, counts.late.1].map(i128::from);
            self.add(&CAUSES, &[&department, &commitment, &self.cause(cause)], &values);
        }
        for (key, counts) in &counts.commitments.received {
            let [customer, department] = [key.customer, key.department].map(|one| self.department(one));
            let (commitment, day) = (self.commitment(key.commitment), key.day.to_string());
            let values = [counts.kept, counts.breached, counts.open, counts.void].map(i128::from);
            self.add(&RECEIVED, &[&customer, &commitment, &department, &day], &values);
        }
        for (&(department, commitment, kind), counts) in &counts.commitments.remedies {
            let (department, commitment) = (self.department(department), self.commitment(commitment));
            let kind = kind.map_or(NOT_REMEDIED, Remedy::code);
            self.add(&REMEDIES, &[&department, &commitment, kind], &counts.values().map(i128::from));
        }
    }

    fn assessments(&mut self, counts: &MonthCounts) {
        for (key, &n) in &counts.assessments {
            let (department, competency) = (self.department(key.department), self.competency(key.competency));
            let (quarter, person, level) =
                (key.quarter.first_month().to_string(), self.person(key.person), key.level.to_string());
            let head = if key.head { "1" } else { "0" };
            let keys = [department.as_str(), &quarter, &person, &key.role, head, &competency, &level];
            self.add(&ASSESSMENTS, &keys, &[i128::from(n)]);
        }
    }

    fn judgements(&mut self, counts: &MonthCounts) {
        for (key, &n) in &counts.judgements {
            let (department, competency) = (self.department(key.department), self.competency(key.competency));
            let (quarter, person) = (key.quarter.first_month().to_string(), self.person(key.person));
            let head = if key.head { "1" } else { "0" };
            let indicator = key.indicator.map(|one| one.to_string()).unwrap_or_default();
            let (rater, said) = (format!("{:016x}", key.rater), key.said.word());
            let who = [quarter.as_str(), &department, &person, &key.role, head];
            let what = [competency.as_str(), key.relation.code(), &rater, &indicator, &said];
            self.add(&JUDGEMENTS, &[who, what].concat(), &[i128::from(n)]);
        }
    }

    fn interviews(&mut self, counts: &MonthCounts) {
        let book = &self.registers.project.interviews;
        for (key, own) in &counts.interviews {
            let level = key.level.map(|level| level.to_string()).unwrap_or_default();
            let (interview, coder) = (hash_word(key.interview), hash_word(key.coder));
            let group = &book.groups[key.group as usize].code;
            let competency = &book.competencies[key.competency as usize].code;
            let keys = [&self.person(key.person), group, &interview, &coder, competency, &level];
            let values = [i128::from(own.n), i128::from(own.minutes)];
            self.add(&INTERVIEWS, &keys.map(String::as_str), &values);
        }
    }

    fn results(&mut self, counts: &MonthCounts) {
        for (&(department, result), own) in &counts.results {
            let code = &self.registers.project.results[result as usize].code;
            let values = [own.value, i128::from(own.denominator), i128::from(own.months)];
            self.add(&RESULTS, &[&self.department(department), code], &values);
        }
    }

    fn totals(&mut self, counts: &MonthCounts) {
        for ((department, variable), total) in &counts.totals {
            let scaled = |value: f64| (value * BILLION).round() as i128;
            let n = total.n.map_or(-1, i128::from);
            let values = [scaled(total.value), n, total.sd.map_or(-1, scaled)];
            self.add(&TOTALS, &[&self.department(*department), variable], &values);
        }
    }
}

/// The family name of a single variable: its own code, so that the sums of different variables have different keys.
fn with_code<'a>(keys: &[&'a str], layout: &'a Layout, variable: usize) -> Vec<&'a str> {
    let mut keys = keys.to_vec();
    keys.pop();
    keys.push(layout.variables[variable].code.as_str());
    keys
}

pub(super) fn person_word(registers: &Registers<'_>, position: u32) -> String {
    hash_word(registers.hash("person", registers.persons[position as usize]))
}

fn hash_word(hash: u128) -> String {
    format!("{hash:032x}")
}

pub(super) fn class_word(by: LinkBy, class: i16) -> String {
    match by {
        LinkBy::Outcome => Outcome::ALL[usize::try_from(class).unwrap_or_default()].code().to_owned(),
        LinkBy::Level(_) => class.to_string(),
    }
}

pub(super) fn measured_word(measured: Measured, binned: bool) -> &'static str {
    match (measured, binned) {
        (Measured::Duration, false) => "duration",
        (Measured::Duration, true) => "duration_binned",
        (Measured::Remedy, false) => "remedy",
        (Measured::Remedy, true) => "remedy_binned",
        (Measured::Unremedied, false) => "unremedied",
        (Measured::Unremedied, true) => "unremedied_binned",
        (Measured::Value, false) => "value",
        (Measured::Value, true) => "value_binned",
    }
}
