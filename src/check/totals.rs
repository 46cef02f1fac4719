//! Totals: published figures of departments, without the rows behind them.

use std::path::Path;

use super::reading::{Content, Reading, day_of};
use super::{Checked, Place, Registers, Take, check_file, item_columns, items, wanted};
use crate::error::Result;
use crate::month::Month;
use crate::project::{Item, Kind, Project, ResultKind, Source};

/// Canonical columns before the items, and whether a file must have them.
pub(super) const COLUMNS: [(&str, bool); 13] = [
    ("department", true),
    ("period", true),
    ("commitment", false),
    ("competency", false),
    ("item", false),
    ("value", false),
    ("share", false),
    ("kept", false),
    ("n", false),
    ("sd", false),
    ("result", false),
    ("denominator", false),
    ("breached", false),
];
const DEPARTMENT: usize = 0;
const PERIOD: usize = 1;
const COMMITMENT: usize = 2;
const COMPETENCY: usize = 3;
const ITEM: usize = 4;
const VALUE: usize = 5;
const SHARE: usize = 6;
const KEPT: usize = 7;
const N: usize = 8;
const SD: usize = 9;
const RESULT: usize = 10;
const DENOMINATOR: usize = 11;
const BREACHED: usize = 12;

/// Says whether files of `kind` must have a column that those of others may lack.
pub(super) fn is_required(kind: Kind, column: &str) -> bool {
    match kind {
        Kind::Results => matches!(column, "result" | "value"),
        Kind::Commitments => column == "commitment",
        Kind::Competency => column == "competency",
        Kind::Survey | Kind::Interviews | Kind::Invitations => false,
    }
}

/// Largest amount of a business result, in its unit: a slip of the pen is larger.
const AMOUNT_MAX: f64 = 1e12;

/// One published figure of one department and month.
#[derive(Debug, Clone, PartialEq)]
pub struct Total {
    /// Keyed hash of department, month and variable.
    pub id: u128,
    /// Hash of the figure.
    pub content: u64,
    /// Where it stands.
    pub place: Place,
    /// Position of the department.
    pub department: u32,
    /// Month of the figure.
    pub month: Month,
    /// What it is about: `item:CODE`, `kept:CODE`, `required:CODE`, `result:CODE`, or `invited:` with outcome, segment and channel.
    pub variable: String,
    /// The value: a mean, a share between 0 and 1, the value of a result, or how many answered.
    pub value: f64,
    /// Number behind it, if published; the denominator of a result that has one; how many were invited.
    pub n: Option<u64>,
    /// Standard deviation, if published.
    pub sd: Option<f64>,
}

/// Checks one file of totals and hands the figures of each row it understands to `take`: one, or one for each item column (wide
/// form).
pub fn check_totals(
    registers: &Registers<'_>,
    source: &Source,
    (path, file): (&Path, u32),
    take: Take<'_, Vec<Total>>,
) -> Result<Checked> {
    let items = items(registers.project, source);
    let columns = item_columns(items);
    let place_of =
        |column: &str| columns.iter().position(|&other| other == column).unwrap_or_default() + COLUMNS.len();
    let items: Vec<ItemColumn<'_>> = items.iter().map(|item| (item, place_of(&item.column))).collect();
    let row = |reading: &mut Reading<'_>| {
        let mut totals = row(reading, registers, source.kind, &items)?;
        totals.iter_mut().for_each(|total| total.place.file = file);
        Some(totals)
    };
    check_file(path, &wanted(registers.project, source), row, take)
}

type ItemColumn<'a> = (&'a Item, usize);

fn row(
    reading: &mut Reading<'_>,
    registers: &Registers<'_>,
    kind: Kind,
    items: &[ItemColumn<'_>],
) -> Option<Vec<Total>> {
    let department = reading.department(registers, DEPARTMENT, true);
    let month = month(reading);
    let time = &registers.project.time;
    reading.within(PERIOD, month.map(Month::first_day), time.from, time.to);
    let mut n = count(reading, N);
    let sd = deviation(reading);
    let figures = match kind {
        Kind::Survey => scores(reading, items, month),
        Kind::Commitments => share(
            reading,
            "kept",
            |reading| {
                let name = reading.required(COMMITMENT)?;
                let position = registers.commitment(&name);
                known(reading, COMMITMENT, position.is_some(), "unknown_commitment");
                Some(registers.project.commitments[position? as usize].code.clone())
            },
            n,
        ),
        Kind::Interviews | Kind::Invitations => Vec::new(),
        Kind::Competency => share(
            reading,
            "required",
            |reading| {
                let code = reading.required(COMPETENCY)?;
                known(
                    reading,
                    COMPETENCY,
                    registers.project.competency(&code).is_some(),
                    "unknown_competency",
                )
                .then_some(code)
            },
            n,
        ),
        Kind::Results => {
            let found = result(reading, registers.project);
            n = found.as_ref().and_then(|(_, denominator)| *denominator);
            found.into_iter().map(|(figure, _)| figure).collect()
        }
    };
    let (department, month) = (department?, month?);
    let total = |(variable, value): (String, f64)| Total {
        id: registers.hash("total", &format!("{department}\u{1}{month}\u{1}{variable}")),
        content: Content::new().text(&value.to_string()).text(&format!("{n:?} {sd:?}")).finish(),
        place: Place { file: 0, line: reading.line() },
        department,
        month,
        variable,
        value,
        n,
        sd,
    };
    Some(figures.into_iter().map(total).collect())
}

/// Reads the period: a month, a date in it, or a year, whose figures are those of its last month.
pub(super) fn month(reading: &mut Reading<'_>) -> Option<Month> {
    let text = reading.required(PERIOD)?;
    let year = text.parse::<i32>().ok().filter(|year| text.len() == 4 && (1900..=2200).contains(year));
    match (text.parse(), year) {
        (Ok(month), _) => Some(month),
        (_, Some(year)) => Some(Month::new(year, 12)),
        _ => reading.instant(PERIOD).map(|seconds| day_of(seconds).month()),
    }
}

pub(super) fn count(reading: &mut Reading<'_>, column: usize) -> Option<u64> {
    let n = reading.integer(column, "not_a_number")?;
    if n < 0 {
        reading.fault(column, "negative_number");
    }
    u64::try_from(n).ok()
}

pub(super) fn known(reading: &mut Reading<'_>, column: usize, is_known: bool, reason: &'static str) -> bool {
    if !is_known {
        reading.fault(column, reason);
    }
    is_known
}

fn deviation(reading: &mut Reading<'_>) -> Option<f64> {
    let sd = reading.number(SD)?;
    if !sd.is_finite() {
        reading.fault(SD, "not_a_number");
    } else if sd < 0.0 {
        reading.fault(SD, "negative_number");
    }
    Some(sd)
}

/// Reads the means of a survey: one named item, or every item column that holds a value; items not asked in `month` have none.
fn scores(reading: &mut Reading<'_>, items: &[ItemColumn<'_>], month: Option<Month>) -> Vec<(String, f64)> {
    let faults_before = reading.n_faults();
    let named = reading.text(ITEM);
    let asked = |item: &Item| {
        month.is_none_or(|month| {
            item.valid_from.is_none_or(|from| from <= month.last_day())
                && item.valid_to.is_none_or(|to| month.first_day() <= to)
        })
    };
    let is_meant = |item: &Item| named.as_ref().map_or_else(|| asked(item), |named| *named == item.code);
    let mut figures = Vec::new();
    let mut is_known = named.is_none();
    for (item, column) in items.iter().filter(|(item, _)| is_meant(item)) {
        is_known = true;
        let column = if named.is_some() { VALUE } else { *column };
        match reading.number(column) {
            Some(value) if (f64::from(item.low)..=f64::from(item.high)).contains(&value) => {
                figures.push((format!("item:{}", item.code), value));
            }
            Some(_) => reading.fault(column, "code_out_of_range"),
            None => {}
        }
    }
    if !is_known {
        reading.fault(ITEM, "unknown_code");
    }
    // A row that says nothing is kept aside: taken for accepted it would be lost.
    if figures.is_empty() && reading.n_faults() == faults_before {
        match named {
            Some(_) => reading.fault(VALUE, "missing_field"),
            None => reading.fault(items.first().map_or(DEPARTMENT, |item| item.1), "all_answers_missing"),
        }
    }
    figures
}

/// Reads a business result: its name and value, and its denominator where it has one.
fn result(reading: &mut Reading<'_>, project: &Project) -> Option<((String, f64), Option<u64>)> {
    let code = reading.required(RESULT)?;
    let Some(position) = project.result(&code) else {
        reading.fault(RESULT, "unknown_result");
        return None;
    };
    let rule = &project.results[position];
    reading.required(VALUE)?;
    let value = reading.number(VALUE)?;
    let mut denominator = None;
    if rule.needs_denominator() {
        reading.required(DENOMINATOR)?;
        denominator = Some(count(reading, DENOMINATOR)?);
    }
    if let Some((column, reason)) = slip(value, rule.kind, denominator) {
        reading.fault(column, reason);
        return None;
    }
    Some(((format!("result:{code}"), value), denominator))
}

/// Returns why a value cannot be a result, and in which column that stands: a number out of the denominator, or an amount.
fn slip(value: f64, kind: ResultKind, denominator: Option<u64>) -> Option<(usize, &'static str)> {
    let is_ratio = kind == ResultKind::Ratio;
    match denominator {
        _ if !value.is_finite() => Some((VALUE, "not_a_number")),
        _ if is_ratio && value < 0.0 => Some((VALUE, "negative_number")),
        // None of nobody is nothing published; anything else of nobody cannot be.
        Some(0) if value != 0.0 => Some((DENOMINATOR, "divided_by_zero")),
        Some(all) if is_ratio && value > all as f64 => Some((VALUE, "more_than_all")),
        _ if is_ratio && value.fract() != 0.0 => Some((VALUE, "not_a_whole_number")),
        _ if !is_ratio && value.abs() > AMOUNT_MAX => Some((VALUE, "amount_too_large")),
        _ => None,
    }
}

/// Reads a share: as published, else kept of n, else what was not breached of it.
fn share(
    reading: &mut Reading<'_>,
    measure: &str,
    code: impl FnOnce(&mut Reading<'_>) -> Option<String>,
    n: Option<u64>,
) -> Vec<(String, f64)> {
    let code = code(reading);
    let faults_before = reading.n_faults();
    let share = match reading.number(SHARE) {
        None => kept(reading, n).zip(n).filter(|(_, n)| *n > 0).map(|(kept, n)| kept as f64 / n as f64),
        share => share,
    };
    match share {
        Some(share) if (0.0..=1.0).contains(&share) => {
            return code.into_iter().map(|code| (format!("{measure}:{code}"), share)).collect();
        }
        Some(_) => reading.fault(SHARE, "code_out_of_range"),
        None if n == Some(0) && reading.n_faults() == faults_before => reading.fault(N, "divided_by_zero"),
        None if reading.n_faults() == faults_before => reading.fault(SHARE, "missing_field"),
        None => {}
    }
    Vec::new()
}

fn kept(reading: &mut Reading<'_>, n: Option<u64>) -> Option<u64> {
    let kept = count(reading, KEPT);
    if kept.is_some() {
        return kept;
    }
    let breached = count(reading, BREACHED)?;
    let kept = n?.checked_sub(breached);
    if kept.is_none() {
        reading.fault(BREACHED, "more_than_all");
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::{Project, load};

    const SETTINGS: &str = "name = \"h\"\ntime.from = \"2021-01\"\n\
        [sources.s]\nkind = \"survey\"\nshape = \"totals\"\nquestionnaire = \"client\"\nfiles = [\"s.csv\"]\n\
        constants.period = \"2021-04\"\n\
        [sources.c]\nkind = \"commitments\"\nshape = \"totals\"\nfiles = [\"c.csv\"]\nconstants.period = \"2021-04\"\n\
        [sources.r]\nkind = \"results\"\nfiles = [\"r.csv\"]\n";
    const QUESTIONNAIRES: &str = "[client]\n\
        [[client.items]]\ncode = \"q1\"\ntext = \"One\"\nscale = [1, 5]\nkind = \"satisfaction\"\n\
        [[client.items]]\ncode = \"old\"\ncolumn = \"q2\"\ntext = \"Two\"\nscale = [1, 10]\nkind = \"other\"\n\
        valid_to = 2021-03-31\n\
        [[client.items]]\ncode = \"new\"\ncolumn = \"q2\"\ntext = \"Two\"\nscale = [1, 5]\nkind = \"other\"\n\
        valid_from = 2021-04-01\n";
    const COMMITMENTS: &str = "[[commitment]]\ncode = \"scan\"\nstatement = \"Soon\"\npromised_to = \"customer\"\n\
        owner = \"hospital\"\nunit = \"minutes\"\nlimits = [{ limit = 45 }]\n";

    const RESULTS: &str = "[[result]]\ncode = \"stayed\"\nkind = \"ratio\"\n\
        [[result]]\ncode = \"funds\"\nkind = \"amount\"\n";

    /// Figures of the accepted rows, and line and reasons of the others.
    type Told = (Vec<Vec<(String, f64)>>, Vec<(u64, Vec<&'static str>)>);

    fn check(source: usize, rows: &str) -> Told {
        tried(source, rows).unwrap()
    }

    fn tried(source: usize, rows: &str) -> Result<Told> {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("concord.toml", SETTINGS);
        write("registers/departments.csv", "code,profile\n010001,hospital\n010005,hospital\n");
        write("registers/questionnaires.toml", QUESTIONNAIRES);
        write("registers/commitments.toml", COMMITMENTS);
        write("registers/results.toml", RESULTS);
        write("rows.csv", rows);
        let project: Project = load(folder.path(), None).unwrap();
        let path = folder.path().join("rows.csv");
        let mut accepted = Vec::new();
        let take = &mut |row: Vec<Total>| {
            accepted.push(row);
            Ok(())
        };
        let checked = check_totals(&Registers::new(&project), &project.sources[source], (&path, 0), take)?;
        let figures = |row: &Vec<Total>| row.iter().map(|one| (one.variable.clone(), one.value)).collect();
        let reasons = |row: &super::super::Quarantined| {
            (row.line, row.faults.iter().map(|fault| fault.reason).collect())
        };
        Ok((accepted.iter().map(figures).collect(), checked.quarantined.iter().map(reasons).collect()))
    }

    fn figures(expected: &[(&str, f64)]) -> Vec<(String, f64)> {
        expected.iter().map(|(code, value)| ((*code).to_owned(), *value)).collect()
    }

    #[test]
    fn a_wide_row_gives_a_figure_for_each_item_asked_then() {
        let told = check(0, "department,q1,q2,n\n010001,3.5,4,507\n010005,,2,\n");
        let expected = vec![figures(&[("item:q1", 3.5), ("item:new", 4.0)]), figures(&[("item:new", 2.0)])];
        assert_eq!(told, (expected, vec![]));
    }

    #[test]
    fn a_row_without_a_figure_is_kept_aside() {
        let told = check(0, "department,q1,q2,n\n010001,,,507\n010005,7,,10\n");
        assert_eq!(told.1, [(2, vec!["all_answers_missing"]), (3, vec!["code_out_of_range"])]);
        let told = check(
            0,
            "department,item,value,sd\n010001,q1,,\n010001,q9,3,\n010001,q1,3,-1\n010001,q1,3,inf\n",
        );
        let reasons = ["missing_field", "unknown_code", "negative_number", "not_a_number"];
        assert_eq!(told.1, (2..).zip(reasons).map(|(line, reason)| (line, vec![reason])).collect::<Vec<_>>());
    }

    #[test]
    fn a_file_without_what_its_kind_needs_is_refused_whole() {
        let said = |source: usize, rows: &str| tried(source, rows).unwrap_err().to_string();
        assert!(said(2, "department,period,result\n010001,2021-04,funds\n").contains("`value`"));
        assert!(said(1, "department,share,n\n010001,0.5,4\n").contains("`commitment`"));
    }

    #[test]
    fn results_are_ratios_of_whole_numbers_or_amounts() {
        let text = "department,period,result,value,denominator\n\
            010001,2021-04,stayed,90,100\n010001,2021,funds,-1.5,\n010001,2021-04,stayed,101,100\n\
            010001,2021-04,stayed,0.5,1\n010001,2021-04,stayed,9,\n010001,2021-04,gone,9,10\n010005,2021-04,funds,,\n\
            010005,2021-04,funds,1e13,\n";
        let told = check(2, text);
        assert_eq!(told.0, [figures(&[("result:stayed", 90.0)]), figures(&[("result:funds", -1.5)])]);
        let reasons = [
            "more_than_all",
            "not_a_whole_number",
            "missing_field",
            "unknown_result",
            "missing_field",
            "amount_too_large",
        ];
        let text = "department,period,result,value,denominator\n\
            010001,2021-04,stayed,0,0\n010001,2021-05,stayed,5,0\n010001,2021-04,funds,inf,\n\
            010001,2021-06,stayed,inf,9\n010001,2021-05,funds,NaN,\n";
        let told_more = check(2, text);
        assert_eq!(told_more.0, [figures(&[("result:stayed", 0.0)])]);
        assert_eq!(
            told_more.1,
            [
                (3, vec!["divided_by_zero"]),
                (4, vec!["not_a_number"]),
                (5, vec!["not_a_number"]),
                (6, vec!["not_a_number"])
            ]
        );
        assert_eq!(told.1, (4..).zip(reasons).map(|(line, reason)| (line, vec![reason])).collect::<Vec<_>>());
    }

    #[test]
    fn what_was_not_breached_was_kept() {
        let told =
            check(1, "department,commitment,breached,n\n010001,scan,1,4\n010005,scan,5,4\n010005,scan,1,\n");
        assert_eq!(told.0, [figures(&[("kept:scan", 0.75)])]);
        assert_eq!(told.1, [(3, vec!["more_than_all"]), (4, vec!["missing_field"])]);
    }

    #[test]
    fn shares_are_published_or_kept_of_n() {
        let told = check(1, "department,commitment,share,kept,n\n010001,scan,0.71,,24\n010005,scan,,3,4\n");
        assert_eq!(told.0, [figures(&[("kept:scan", 0.71)]), figures(&[("kept:scan", 0.75)])]);
        let text = "department,commitment,share,kept,n\n010001,scan,,,24\n010005,scan,,5,4\n010005,stroke,0.5,,4\n010005,scan,,5,0\n";
        let reasons = ["missing_field", "code_out_of_range", "unknown_commitment", "divided_by_zero"];
        let wanted: Vec<_> = (2..).zip(reasons).map(|(line, reason)| (line, vec![reason])).collect();
        assert_eq!(check(1, text).1, wanted);
    }
}
