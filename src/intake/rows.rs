//! Rows in memory: what the files of the months to be counted hold, and nothing else of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::ledger::Delivery;
use crate::check::{
    Answer, Case, Checked, Rating, Registers, Total, check_answers, check_cases, check_ratings, check_totals,
};
use crate::error::Result;
use crate::month::{Day, Month};
use crate::project::{Kind, Shape, Source};

/// One file to read.
#[derive(Debug, Clone)]
pub struct File<'a> {
    /// Its source.
    pub source: &'a Source,
    /// Where it lies.
    pub path: PathBuf,
    /// Its key in the ledger: source and path relative to the data folder.
    pub key: String,
    /// Its name for people: the path relative to the data folder, with `/`.
    pub name: String,
    /// Hash of its bytes and of the definitions.
    pub hash: String,
    /// Its number in the run's sorted list.
    pub number: u32,
}

/// The rows of several files.
#[derive(Debug, Default)]
pub struct Rows {
    /// Answers by questionnaire.
    pub answers: BTreeMap<String, Vec<Answer>>,
    /// Cases.
    pub cases: Vec<Case>,
    /// Ratings.
    pub ratings: Vec<Rating>,
    /// Published totals.
    pub totals: Vec<Total>,
    /// Names of the segments, by their hash.
    pub segments: BTreeMap<u64, String>,
}

impl Rows {
    /// Adds the rows of other files.
    pub fn append(&mut self, mut other: Self) {
        for (questionnaire, mut answers) in other.answers {
            self.answers.entry(questionnaire).or_default().append(&mut answers);
        }
        self.cases.append(&mut other.cases);
        self.ratings.append(&mut other.ratings);
        self.totals.append(&mut other.totals);
        self.segments.append(&mut other.segments);
    }

    /// Keeps only the rows that the months in `wanted` use: their own, and the cases begun up to `lookback_months` before.
    pub fn retain(&mut self, wanted: &BTreeSet<Month>, lookback_months: i32) {
        let linked = |month: Month| wanted.range(month..=month.plus(lookback_months)).next().is_some();
        self.answers
            .values_mut()
            .for_each(|answers| answers.retain(|answer| wanted.contains(&answer.day.month())));
        self.cases.retain(|case| wanted.contains(&case.month()) || linked(case.month_opened()));
        self.totals.retain(|total| wanted.contains(&total.month));
    }
}

/// Reads files side by side; the result is in the order of the list.
pub fn read(
    registers: &Registers<'_>,
    files: &[&File<'_>],
    done: &(dyn Fn(u64) + Sync),
) -> Result<(Rows, Vec<Delivery>)> {
    let one = |file: &&File<'_>| {
        let read = read_file(registers, file);
        done(1);
        read
    };
    let read: Vec<(Rows, Delivery)> = files.par_iter().map(one).collect::<Result<_>>()?;
    let mut rows = Rows::default();
    let mut deliveries = Vec::with_capacity(read.len());
    for (own, delivery) in read {
        rows.append(own);
        deliveries.push(delivery);
    }
    Ok((rows, deliveries))
}

fn read_file(registers: &Registers<'_>, file: &File<'_>) -> Result<(Rows, Delivery)> {
    let mut rows = Rows::default();
    let place: (&Path, u32) = (&file.path, file.number);
    let mut delivery = Delivery {
        source: file.source.name.clone(),
        file: file.name.clone(),
        hash: file.hash.clone(),
        ..Delivery::default()
    };
    match (file.source.kind, file.source.shape) {
        (_, Shape::Totals) => {
            let checked = take(&mut delivery, check_totals(registers, file.source, place)?);
            // A row is one row of the file, however many figures stand in it.
            for figures in checked {
                note(&mut delivery, figures.first().map(|total| total.month), None, None);
                rows.totals.extend(figures);
            }
        }
        (Kind::Survey, Shape::Rows) => {
            let answers =
                take(&mut delivery, check_answers(registers, file.source, place, &mut rows.segments)?);
            let newest = |answer: &Answer| Day(answer.completed.div_euclid(86_400) as i32);
            answers
                .iter()
                .for_each(|answer| note(&mut delivery, Some(answer.day.month()), None, Some(newest(answer))));
            rows.answers.insert(file.source.questionnaire.clone().unwrap_or_default(), answers);
        }
        (Kind::Commitments, Shape::Rows) => {
            rows.cases = take(&mut delivery, check_cases(registers, file.source, place, &mut rows.segments)?);
            let newest = |case: &Case| case.closed.map(|closed| Day(closed.div_euclid(86_400) as i32));
            let dates = |case: &Case| (Some(case.month()), Some(case.month_opened()), newest(case));
            rows.cases
                .iter()
                .map(dates)
                .for_each(|(month, begun, newest)| note(&mut delivery, month, begun, newest));
        }
        (Kind::Competency, Shape::Rows) => {
            rows.ratings = take(&mut delivery, check_ratings(registers, file.source, place)?);
            let months = rows.ratings.iter().map(|rating| rating.day.month());
            months.for_each(|month| note(&mut delivery, Some(month), Some(month), None));
        }
    }
    Ok((rows, delivery))
}

fn take<T>(delivery: &mut Delivery, checked: Checked<T>) -> Vec<T> {
    delivery.rows = checked.rows;
    delivery.quarantined = checked.quarantined.into_iter().map(Into::into).collect();
    checked.accepted
}

/// Notes a row's months; what becomes of it is settled when all rows are known.
fn note(delivery: &mut Delivery, month: Option<Month>, begun: Option<Month>, newest: Option<Day>) {
    if let Some(month) = month {
        delivery.months.entry(month).or_default();
    }
    delivery.begun.extend(begun);
    delivery.newest = delivery.newest.max(newest);
}
