//! Invitations: totals of customers who were asked to answer, and of those who did, by what had become of their promises.

use std::path::Path;

use super::reading::{Content, Reading, day_of};
use super::{Checked, Place, Registers, Take, Total, check_file, wanted};
use crate::error::Result;
use crate::month::Month;
use crate::project::Source;

/// Canonical columns, and whether a file must have them.
pub(super) const COLUMNS: [(&str, bool); 7] = [
    ("department", true),
    // Where that of all totals stands.
    ("period", true),
    ("segment", false),
    ("channel", false),
    ("outcome", true),
    ("invited", true),
    ("answered", true),
];
const DEPARTMENT: usize = 0;
const PERIOD: usize = 1;
const SEGMENT: usize = 2;
const CHANNEL: usize = 3;
const OUTCOME: usize = 4;
const INVITED: usize = 5;
const ANSWERED: usize = 6;

/// What a file may call the worst outcome of the customer's promises, and its code.
const OUTCOMES: [(&str, &str); 6] = [
    ("none", "no_case"),
    ("no_case", "no_case"),
    ("kept", "kept"),
    ("breached_remedied", "breached_remedied"),
    ("breached_unremedied", "breached_unremedied"),
    ("open", "open"),
];

/// What stands before outcome, segment and channel in the name of a total of invitations.
pub const INVITED_PREFIX: &str = "invited:";

/// Separates outcome, segment and channel in the name of a total of invitations.
pub const INVITED_SEPARATOR: char = '\u{1}';

/// Checks one file of invitations and hands each row that it understands to `take`: answered customers as value, invited ones as n.
pub fn check_invitations(
    registers: &Registers<'_>,
    source: &Source,
    (path, file): (&Path, u32),
    take: Take<'_, Total>,
) -> Result<Checked> {
    let row = |reading: &mut Reading<'_>| {
        let total = row(reading, registers)?;
        Some(Total { place: Place { file, ..total.place }, ..total })
    };
    check_file(path, &wanted(registers.project, source), row, take)
}

fn row(reading: &mut Reading<'_>, registers: &Registers<'_>) -> Option<Total> {
    let department = reading.department(registers, DEPARTMENT, true);
    let month = month(reading);
    let time = &registers.project.time;
    reading.within(PERIOD, month.map(Month::first_day), time.from, time.to);
    let outcome = reading.known((OUTCOME, "unknown_code"), |told| {
        OUTCOMES.iter().find(|(name, _)| *name == told).map(|(_, code)| *code)
    });
    let (invited, answered) = (number(reading, INVITED), number(reading, ANSWERED));
    if answered > invited && invited.is_some() {
        reading.fault(ANSWERED, "more_than_all");
    }
    let name = |column: usize| reading.text(column).unwrap_or_default();
    let place = [outcome?, &name(SEGMENT), &name(CHANNEL)].join(&INVITED_SEPARATOR.to_string());
    let variable = format!("{INVITED_PREFIX}{place}");
    let (department, month, invited, answered) = (department?, month?, invited?, answered?);
    Some(Total {
        id: registers.hash("total", &format!("{department}\u{1}{month}\u{1}{variable}")),
        content: Content::new().text(&format!("{invited} {answered}")).finish(),
        place: Place { file: 0, line: reading.line() },
        department,
        month,
        variable,
        value: answered as f64,
        n: Some(invited),
        sd: None,
    })
}

/// Reads a month, or its first day for it: another day would tell of a part of the month.
fn month(reading: &mut Reading<'_>) -> Option<Month> {
    if let Ok(month) = reading.required(PERIOD)?.parse() {
        return Some(month);
    }
    let day = day_of(reading.instant(PERIOD)?);
    if day != day.month().first_day() {
        reading.fault(PERIOD, "not_a_month");
        return None;
    }
    Some(day.month())
}

fn number(reading: &mut Reading<'_>, column: usize) -> Option<u64> {
    reading.required(column)?;
    reading.count(column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::{Project, load};

    const SETTINGS: &str = "name = \"h\"\ntime.from = \"2026-01\"\ntime.to = \"2026-03\"\n\
        [sources.i]\nkind = \"invitations\"\nfiles = [\"i.csv\"]\ncolumns.period = \"month\"\n";
    const HEAD: &str = "month,department,segment,channel,outcome,invited,answered\n";

    /// What was understood, as variable, answered and invited; and line and reasons of the rest.
    type Told = (Vec<(String, u64, u64)>, Vec<(u64, Vec<&'static str>)>);

    fn check(rows: &str) -> Told {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("registers")).unwrap();
        std::fs::write(folder.path().join("concord.toml"), SETTINGS).unwrap();
        std::fs::write(
            folder.path().join("registers/departments.csv"),
            "code,profile\nB1,branch\nB2,branch\n",
        )
        .unwrap();
        let path = folder.path().join("i.csv");
        std::fs::write(&path, format!("{HEAD}{rows}")).unwrap();
        let project: Project = load(folder.path(), None).unwrap();
        let mut taken = Vec::new();
        let take = &mut |total: Total| {
            let place = total.variable.replace(INVITED_SEPARATOR, "/");
            taken.push((place, total.value as u64, total.n.unwrap()));
            Ok(())
        };
        let checked =
            check_invitations(&Registers::new(&project), &project.sources[0], (&path, 0), take).unwrap();
        let reasons = |row: &super::super::Quarantined| {
            (row.line, row.faults.iter().map(|fault| fault.reason).collect())
        };
        (taken, checked.quarantined.iter().map(reasons).collect())
    }

    #[test]
    fn a_row_tells_who_was_invited_and_who_answered() {
        let told = check("2026-01,B1,vip,app,none,147,16\n2026-02-01,B2,,,breached_remedied,7,0\n");
        let expected = [
            ("invited:no_case/vip/app".to_owned(), 16, 147),
            ("invited:breached_remedied//".to_owned(), 0, 7),
        ];
        assert_eq!(told, (expected.to_vec(), vec![]));
    }

    #[test]
    fn rows_that_cannot_be_are_kept_aside() {
        let rows = "2026-13,B1,vip,app,kept,7,1\n2026-04,B1,vip,app,kept,7,1\n2026-01,B9,vip,app,kept,7,1\n\
            2026-01,B1,vip,app,kept,7,8\n2026-01,B1,vip,app,kept,-7,1\n2026-01,B1,vip,app,late,7,1\n\
            2026-01,B1,vip,app,,7,1\n2026-01,B1,vip,app,kept,7,\n2026-01,B1,vip,app,kept,many,1\n\
            2026-01,B1,vip,app,kept,7.5,1\n2026-01,B1,vip,app,kept,5e12,1\n2026-01,B1,vip,app,kept,inf,1\n\
            2026-01-15,B1,vip,app,kept,7,1\n2026,B1,vip,app,kept,7,1\n";
        let reasons = [
            vec!["not_a_date"],
            vec!["outside_project"],
            vec!["unknown_department"],
            vec!["more_than_all"],
            vec!["negative_number"],
            vec!["unknown_code"],
            vec!["missing_field"],
            vec!["missing_field"],
            vec!["not_a_number"],
            vec!["not_a_whole_number"],
            vec!["amount_too_large"],
            vec!["not_a_number"],
            vec!["not_a_month"],
            vec!["not_a_date"],
        ];
        let (taken, aside) = check(rows);
        assert_eq!(taken, []);
        assert_eq!(aside, (2..).zip(reasons).collect::<Vec<_>>());
    }
}
