//! Rows that arrive: what the files that are read hold. Answers and cases go to the disk as they are understood, in buckets by id,
//! so that rows with the same id meet again whichever file they came in; the few other rows stay in memory.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::ledger::Delivery;
use super::spill::{Spill, Writer};
use crate::check::{
    Answer, Behaviour, Case, Checked, Rating, Registers, Total, check_answers, check_cases, check_interviews,
    check_invitations, check_ratings, check_totals,
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
    /// Its size in bytes.
    pub size: u64,
    /// Its number in the run's sorted list.
    pub number: u32,
}

/// Rows that stay in memory, and the names of the segments by their hash.
#[derive(Debug, Clone, Default)]
pub struct Few {
    /// Ratings.
    pub ratings: Vec<Rating>,
    /// Behaviours coded in interviews.
    pub behaviours: Vec<Behaviour>,
    /// Published totals.
    pub totals: Vec<Total>,
    /// Names of the segments.
    pub segments: BTreeMap<u64, String>,
}

impl Few {
    fn append(&mut self, mut other: Self) {
        self.ratings.append(&mut other.ratings);
        self.behaviours.append(&mut other.behaviours);
        self.totals.append(&mut other.totals);
        self.segments.append(&mut other.segments);
    }
}

/// What a bucket holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// Answers to a questionnaire, by its position in the project.
    Answers(usize),
    /// Cases.
    Cases,
}

/// All rows that arrived.
pub struct Arrived {
    /// Answers and cases, by bucket.
    pub rows: Spill<(Sort, usize)>,
    /// Number of buckets.
    pub buckets: usize,
    /// The others.
    pub few: Few,
}

/// Bytes of delivered files for each bucket: well packed ones hold some hundred thousand rows in a megabyte.
const BYTES: u64 = 1 << 20;
/// More buckets would cost more memory in writing than they save in reading.
const MOST_BUCKETS: u64 = 64;

impl Arrived {
    /// Makes room for the rows of `files` on the disk of `folder`.
    pub fn new(folder: &Path, files: &[File<'_>]) -> Result<Self> {
        let size: u64 = files.iter().map(|file| file.size).sum();
        let buckets = (size / BYTES).clamp(1, MOST_BUCKETS) as usize;
        Ok(Self { rows: Spill::new(folder)?, buckets, few: Few::default() })
    }

    /// Reads files side by side; the deliveries are in the order of the list.
    pub fn read(
        &mut self,
        registers: &Registers<'_>,
        files: &[&File<'_>],
        done: &(dyn Fn(u64) + Sync),
    ) -> Result<Vec<Delivery>> {
        let one = |file: &&File<'_>| {
            let mut reader = Reader::new(self, registers, file);
            reader.read()?;
            reader.out.finish()?;
            done(1);
            Ok((reader.few, reader.delivery))
        };
        let read: Vec<(Few, Delivery)> = files.par_iter().map(one).collect::<Result<_>>()?;
        let (few, deliveries): (Vec<Few>, Vec<Delivery>) = read.into_iter().unzip();
        few.into_iter().for_each(|few| self.few.append(few));
        Ok(deliveries)
    }
}

/// Reads one file.
struct Reader<'a> {
    registers: &'a Registers<'a>,
    file: &'a File<'a>,
    out: Writer<'a, (Sort, usize)>,
    buckets: u128,
    few: Few,
    delivery: Delivery,
}

impl<'a> Reader<'a> {
    fn new(arrived: &'a Arrived, registers: &'a Registers<'a>, file: &'a File<'a>) -> Self {
        let delivery = Delivery {
            source: file.source.name.clone(),
            file: file.name.clone(),
            hash: file.hash.clone(),
            ..Delivery::default()
        };
        let (out, buckets) = (arrived.rows.writer(), arrived.buckets as u128);
        Self { registers, file, out, buckets, few: Few::default(), delivery }
    }

    fn read(&mut self) -> Result<()> {
        let place: (&Path, u32) = (&self.file.path, self.file.number);
        let (registers, source) = (self.registers, self.file.source);
        let Self { out, few, delivery, buckets, .. } = self;
        let Few { ratings, behaviours, totals, segments } = few;
        let bucket = |id: u128| (id % *buckets) as usize;
        let checked: Checked = match (source.kind, source.shape) {
            (Kind::Interviews, _) => check_interviews(registers, source, place, &mut |one: Behaviour| {
                note(delivery, Some(one.day.month()), None, None);
                behaviours.push(one);
                Ok(())
            }),
            (Kind::Invitations, _) => check_invitations(registers, source, place, &mut |total: Total| {
                note(delivery, Some(total.month), None, None);
                totals.push(total);
                Ok(())
            }),
            (_, Shape::Totals) | (Kind::Results, _) => {
                check_totals(registers, source, place, &mut |figures: Vec<Total>| {
                    // A row is one row of the file, however many figures stand in it.
                    note(delivery, figures.first().map(|total| total.month), None, None);
                    totals.extend(figures);
                    Ok(())
                })
            }
            (Kind::Survey, Shape::Rows) => {
                let code = source.questionnaire.as_deref().unwrap_or_default();
                let position = registers.project.questionnaires.iter().position(|one| one.code == code);
                let sort = Sort::Answers(position.unwrap_or_default());
                check_answers(registers, source, place, segments, &mut |answer: Answer| {
                    note(delivery, Some(answer.day.month()), None, Some(day_of(answer.completed)));
                    out.put((sort, bucket(answer.id)), &answer)
                })
            }
            (Kind::Commitments, Shape::Rows) => {
                check_cases(registers, source, place, segments, &mut |case: Case| {
                    let (month, begun) = (case.month(), case.month_opened());
                    note(delivery, Some(month), Some(begun), case.closed.map(day_of));
                    out.put((Sort::Cases, bucket(case.id)), &case)
                })
            }
            (Kind::Competency, Shape::Rows) => {
                check_ratings(registers, source, place, &mut |rating: Rating| {
                    let month = rating.day.month();
                    note(delivery, Some(month), Some(month), None);
                    ratings.push(rating);
                    Ok(())
                })
            }
        }?;
        self.delivery.rows = checked.rows;
        self.delivery.unasked = checked.unasked;
        self.delivery.quarantined = checked.quarantined.into_iter().map(Into::into).collect();
        Ok(())
    }
}

fn day_of(second: i64) -> Day {
    Day(second.div_euclid(86_400) as i32)
}

/// Notes a row's months; what becomes of it is settled when all rows are known.
fn note(delivery: &mut Delivery, month: Option<Month>, begun: Option<Month>, newest: Option<Day>) {
    if let Some(month) = month {
        delivery.months.entry(month).or_default();
    }
    delivery.begun.extend(begun);
    delivery.newest = delivery.newest.max(newest);
}
