//! From rows to files as the bank's systems deliver them: what goes into which file, and when.
//!
//! In: the world. Out: files on disk, and `truth.json` at the end. Deliberately absent: how rows come about.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::answers;
use super::assessments;
use super::calendar::Moment;
use super::cases;
use super::dirt::{self, Rules};
use super::months::{self, as_known};
use super::people::month;
use super::surveys;
use super::table::{Columns, Row, Table, Value, write_text};
use super::totals;
use super::truth::Truth;
use super::world::World;
use crate::error::Result;

const CLIENT: Rules = Rules {
    reasons: &[
        "unknown_department",
        "code_out_of_range",
        "missing_field",
        "unknown_person",
        "weight_not_positive",
        "weight_not_finite",
        "all_answers_missing",
        "conflicting_id",
        "outside_project",
    ],
    required: &["department", "date"],
    items: &answers::ITEMS,
    numbers: &answers::ITEMS,
    date: "date",
    person: "server",
};
const CASES: Rules = Rules {
    reasons: &[
        "unknown_department",
        "unknown_commitment",
        "closed_before_opened",
        "missing_field",
        "unknown_person",
        "conflicting_id",
        "outside_project",
    ],
    required: &["department", "commitment", "opened_at"],
    items: &[],
    numbers: &["value"],
    date: "opened_at",
    person: "server",
};
const RATINGS: Rules = Rules {
    reasons: &[
        "unknown_person",
        "unknown_competency",
        "level_outside_scale",
        "missing_field",
        "conflicting_id",
        "outside_project",
    ],
    required: &["person", "competency", "relation", "date"],
    items: &[],
    numbers: &["level"],
    date: "date",
    person: "person",
};
const SMALL_REASONS: &[&str] = &[
    "unknown_department",
    "code_out_of_range",
    "missing_field",
    "all_answers_missing",
    "conflicting_id",
    "outside_project",
];
const INTERNAL: Rules = small(&surveys::INTERNAL_ITEMS);
const STAFF: Rules = small(&surveys::STAFF_ITEMS);
const IMPORTANCE: Rules = small(&surveys::IMPORTANCE_ITEMS);

const fn small(items: &'static [&'static str]) -> Rules {
    Rules {
        reasons: SMALL_REASONS,
        required: &["department", "date"],
        items,
        numbers: items,
        date: "date",
        person: "",
    }
}

/// Months in which the South delivers its answers, and Ferry Landing its cases, as text files.
const TEXT_MONTHS: [usize; 2] = [1, 17];
const TEXT_REGION: &str = "region-south";
const TEXT_OWNER: &str = "ferry-landing";

/// What one stream of files carries from file to file.
#[derive(Debug, Default)]
struct Stream {
    turn: usize,
    carried: Vec<Row>,
}

/// Writes the files and collects the truth.
pub(super) struct Delivery<'a> {
    world: &'a World,
    folder: PathBuf,
    truth: Truth,
    client: Stream,
    log: Stream,
    ratings: Stream,
    small: Stream,
    /// Later states of cases that the file before delivered as open.
    further: Vec<Row>,
    invitations: Vec<Row>,
    results: Vec<Row>,
}

impl<'a> Delivery<'a> {
    /// Begins a delivery into `folder`.
    pub(super) fn new(world: &'a World, folder: &Path) -> Self {
        Self {
            world,
            folder: folder.to_path_buf(),
            truth: Truth::default(),
            client: Stream::default(),
            log: Stream::default(),
            ratings: Stream::default(),
            small: Stream::default(),
            further: Vec::new(),
            invitations: Vec::new(),
            results: Vec::new(),
        }
    }

    /// Writes the importance surveys first: the index is made of their weights.
    pub(super) fn importance(&mut self) -> Result<()> {
        for number in [1, 13].into_iter().filter(|&number| number <= self.world.months) {
            let table = surveys::importance(self.world, number);
            let year = month(number).year();
            let clean = table.clone();
            let damaged = self.small_file(&format!("survey/importance-{year}.csv"), table, &IMPORTANCE)?;
            let weights = surveys::weights(&clean, |row| !damaged.contains(&row));
            // A survey of one year weighs the next; before the first there is only the first.
            self.truth.weights.insert(year + 1, weights);
            if number == 1 {
                self.truth.weights.insert(year, weights);
            }
        }
        Ok(())
    }

    /// Writes the client survey and the case log of month `number`.
    pub(super) fn month(&mut self, number: usize) -> Result<()> {
        let rows = months::make(self.world, number);
        self.truth.merge(rows.truth);
        self.invitations.extend(rows.invitations);
        self.results.extend(rows.results);
        self.client_files(number, rows.answers)?;
        self.case_files(number, rows.cases)?;
        if month(number).number() == 12 || number == self.world.months {
            let year = month(number).year();
            let invitations = totals::invitations_table(std::mem::take(&mut self.invitations));
            self.plain(&format!("invitations/invitations-{year}.csv"), &invitations)?;
            let results = totals::results_table(std::mem::take(&mut self.results));
            let file = format!("results/results-{year}.csv");
            self.truth.rows.insert(file.clone(), [results.rows.len(), 0, 0, 0]);
            self.plain(&file, &results)?;
        }
        Ok(())
    }

    fn client_files(&mut self, number: usize, rows: Vec<Row>) -> Result<()> {
        let (text, rows) = self.text_rows(number, rows, |world, row| {
            matches!(&row[2], Value::Text(code) if world.departments[world.department(code)].parent == TEXT_REGION)
        });
        let month = month(number);
        let mut stream = std::mem::take(&mut self.client);
        if !text.is_empty() {
            let file = format!("survey/client-south-{month}.csv");
            self.file((&file, answers::COLUMNS, text), &CLIENT, &mut stream, (BTreeSet::new(), 0))?;
        }
        let file = format!("survey/client-{month}.parquet");
        self.file((&file, answers::COLUMNS, rows), &CLIENT, &mut stream, (BTreeSet::new(), 0))?;
        self.client = stream;
        Ok(())
    }

    fn case_files(&mut self, number: usize, rows: Vec<Row>) -> Result<()> {
        let (text, mut rows) =
            self.text_rows(number, rows, |_, row| matches!(&row[2], Value::Text(code) if code == TEXT_OWNER));
        let mut untouched = BTreeSet::new();
        let further = std::mem::take(&mut self.further);
        let superseded = self.deliver_open(number, &mut rows, &mut untouched);
        untouched.extend(rows.len()..rows.len() + further.len());
        rows.extend(further);
        let month = month(number);
        let mut stream = std::mem::take(&mut self.log);
        if !text.is_empty() {
            let file = format!("commitments/cases-ferry-landing-{month}.csv");
            self.file((&file, cases::COLUMNS, text), &CASES, &mut stream, (BTreeSet::new(), 0))?;
        }
        let file = format!("commitments/cases-{month}.parquet");
        self.file((&file, cases::COLUMNS, rows), &CASES, &mut stream, (untouched, superseded))?;
        self.log = stream;
        Ok(())
    }

    /// Delivers every second case that closes after the month's extract in its state of then; the later state follows a month later.
    fn deliver_open(&mut self, number: usize, rows: &mut [Row], untouched: &mut BTreeSet<usize>) -> usize {
        if number == self.world.months || !self.world.plants.dirt {
            return 0;
        }
        let until = Moment::new(month(number).last_day().plus(5), 0);
        let before = untouched.len();
        for (index, row) in rows.iter_mut().enumerate() {
            let later = row.clone();
            as_known(row, until);
            let changed = *row != later;
            if changed {
                self.further.push(later);
                untouched.insert(index);
            }
        }
        untouched.len() - before
    }

    fn text_rows(
        &self,
        number: usize,
        rows: Vec<Row>,
        apart: impl Fn(&World, &Row) -> bool,
    ) -> (Vec<Row>, Vec<Row>) {
        if !TEXT_MONTHS.contains(&number) {
            return (Vec::new(), rows);
        }
        rows.into_iter().partition(|row| apart(self.world, row))
    }

    /// Writes the internal and the staff survey, in the months that have them.
    pub(super) fn surveys(&mut self, number: usize) -> Result<()> {
        let name = month(number);
        if name.number().is_multiple_of(3) {
            let table = surveys::internal(self.world, number);
            let quarter = quarter_name(name);
            self.small_file(&format!("survey/internal-{quarter}.csv"), table, &INTERNAL)?;
        }
        if name.number() % 6 == 3 {
            let table = surveys::staff(self.world, number);
            let half = if name.number() < 7 { 1 } else { 2 };
            self.small_file(&format!("survey/staff-{}h{half}.csv", name.year()), table, &STAFF)?;
        }
        Ok(())
    }

    /// Writes the assessments, in the months that have them.
    pub(super) fn assessments(&mut self, number: usize) -> Result<()> {
        if !month(number).number().is_multiple_of(3) {
            return Ok(());
        }
        let (system, sent) = assessments::ratings(self.world, number.div_ceil(3));
        let quarter = quarter_name(month(number));
        let mut stream = std::mem::take(&mut self.ratings);
        for (file, table) in [
            (format!("competency/ratings-product-{quarter}.csv"), sent),
            (format!("competency/ratings-{quarter}.parquet"), system),
        ] {
            if !table.rows.is_empty() {
                self.file((&file, table.columns, table.rows), &RATINGS, &mut stream, (BTreeSet::new(), 0))?;
            }
        }
        self.ratings = stream;
        Ok(())
    }

    /// Writes the interviews and the truth.
    pub(super) fn finish(mut self) -> Result<()> {
        let (file, interviews) = ("interviews/behaviours.csv", totals::interviews(self.world));
        self.plain(file, &interviews)?;
        self.truth.rows.insert(file.to_owned(), [interviews.rows.len(), 0, 0, 0]);
        let document = serde_json::to_string(&self.truth.document(self.world)).expect("the truth is JSON");
        write_text(&self.folder.join("truth.json"), &document)
    }

    fn plain(&self, file: &str, table: &Table) -> Result<()> {
        table.write(&self.folder.join(file))
    }

    fn small_file(&mut self, file: &str, table: Table, rules: &Rules) -> Result<BTreeSet<usize>> {
        let mut stream = Stream { turn: self.small.turn, carried: Vec::new() };
        self.file((file, table.columns, table.rows), rules, &mut stream, (BTreeSet::new(), 0))?;
        self.small.turn = stream.turn;
        let header = 2;
        let here = self.truth.damaged.iter().filter(|(name, ..)| name == file);
        Ok(here.map(|(_, line, _)| line - header).collect())
    }

    /// Soils and writes one file, and notes what was done to it.
    fn file(
        &mut self,
        (file, columns, mut rows): (&str, Columns, Vec<Row>),
        rules: &Rules,
        stream: &mut Stream,
        (mut untouched, superseded): (BTreeSet<usize>, usize),
    ) -> Result<()> {
        let csv = file.ends_with(".csv");
        let carried = std::mem::take(&mut stream.carried);
        let mut duplicates = carried.len();
        untouched.extend(rows.len()..rows.len() + carried.len());
        rows.extend(carried);
        let mut table = Table::new(columns, rows);
        let mut damaged = 0;
        if self.world.plants.dirt {
            let mut random = self.world.random("dirt", 0, file);
            let done = dirt::soil(&mut table, rules, csv, &mut untouched, (&mut stream.turn, &mut random));
            duplicates += done.duplicates;
            stream.carried = done.carried;
            damaged = done.damaged.len();
            let first_line = if csv { 2 } else { 1 };
            for (row, reasons) in done.damaged {
                self.truth.damaged.push((file.to_owned(), row + first_line, reasons));
            }
        }
        self.truth.rows.insert(file.to_owned(), [table.rows.len(), duplicates, superseded, damaged]);
        table.write(&self.folder.join(file))
    }
}

fn quarter_name(month: crate::month::Month) -> String {
    format!("{}q{}", month.year(), (month.number() - 1) / 3 + 1)
}
