//! Deliveries: what became of every row, what matched, who sent nothing, what is still expected.

use std::collections::BTreeMap;

use super::block::{Block, Cell, Head, Row, Section, Table};
use super::words::Words;
use crate::books::State;
use crate::intake::{Delivery, Fate};
use crate::measure::{Code, WHOLE};
use crate::month::Month;
use crate::stats::Reason;

/// Names of what is counted of matches, in the order shown.
const MATCHES: [&str; 9] = [
    "answers_with_case",
    "answers_without_case",
    "answers_without_contact",
    "answers_with_level",
    "answers_without_level",
    "answers_without_server",
    "cases_with_answer",
    "cases_without_answer",
    "cases_without_contact",
];

/// Returns the section.
pub(super) fn section(words: &Words<'_>) -> Option<Section> {
    let mut blocks = vec![
        Block::Paragraph(words.phrase("report-deliveries-lead")),
        Block::Table(rows(words)),
        Block::Note(words.phrase("report-deliveries-note")),
    ];
    blocks.extend(reasons(words));
    blocks.extend(unasked(words));
    blocks.extend(matches(words));
    blocks.extend(expected(words));
    blocks.push(Block::Heading(words.phrase("report-arrivals")));
    blocks.extend(silent(words));
    let arrivals = vec![Block::Table(arrivals(words)), Block::Note(words.phrase("report-arrivals-note"))];
    blocks.push(Block::folded(words.phrase("report-arrivals-all"), arrivals));
    Some(Section { id: "deliveries", title: words.phrase("report-deliveries"), blocks })
}

/// Deliveries of each source, in the order of the project's file.
fn sources<'w>(words: &'w Words<'_>) -> Vec<(&'w str, Vec<&'w Delivery>)> {
    let files = &words.published.ledger.files;
    let of = |name: &str| files.values().filter(|delivery| delivery.source == name).collect();
    words.project.sources.iter().map(|source| (source.name.as_str(), of(&source.name))).collect()
}

/// Rows read = accepted + duplicate + superseded + late + quarantined, by source.
fn rows(words: &Words<'_>) -> Table {
    let heads = [
        "report-head-source",
        "report-head-files#",
        "report-head-read#",
        "report-head-accepted#",
        "report-head-duplicate#",
        "report-head-superseded#",
        "report-head-late#",
        "report-head-quarantined#",
        "report-head-sum",
    ];
    let mut table = words.table(words.phrase("report-deliveries-caption"), &heads);
    let mut whole: Vec<&Delivery> = Vec::new();
    for (name, files) in sources(words) {
        table.rows.push(Row::new(balance(words, name.to_owned(), &files)));
        whole.extend(files);
    }
    table
        .rows
        .push(Row { strong: true, ..Row::new(balance(words, words.phrase("report-all-sources"), &whole)) });
    table
}

fn balance(words: &Words<'_>, name: String, files: &[&Delivery]) -> Vec<Cell> {
    let read: u64 = files.iter().map(|delivery| delivery.rows).sum();
    let aside: u64 = files.iter().map(|delivery| delivery.quarantined.len() as u64).sum();
    let mut fate = Fate::default();
    files.iter().for_each(|delivery| fate.add(delivery.fate()));
    let quarantined = aside + fate.conflicting;
    let sum = fate.rows() + aside;
    let counts =
        [files.len() as u64, read, fate.accepted, fate.duplicate, fate.superseded, fate.late, quarantined];
    let mut cells = vec![Cell::new(name)];
    cells.extend(counts.map(|n| Cell::new(words.count(n))));
    cells.push(match sum == read {
        true => Cell::new(words.phrase("report-rows-agree")).class("good"),
        false => Cell::new(words.say("report-rows-differ", &[("sum", words.count(sum).into())])).class("bad"),
    });
    cells
}

/// Why rows were kept aside.
fn reasons(words: &Words<'_>) -> Vec<Block> {
    let table = quarantine(words);
    let mut blocks = Vec::new();
    if !table.rows.is_empty() {
        blocks.extend([Block::Table(table), Block::Note(words.phrase("report-quarantine-note"))]);
    }
    let accepted = &words.published.ledger.accepted;
    if !accepted.is_empty() {
        blocks.push(Block::Paragraph(words.phrase("report-accepted")));
        let sentence = |(day, reason): (&crate::month::Day, &String)| {
            let args = [("day", words.locale().day(*day).into()), ("reason", reason.into())];
            words.say("report-accepted-reason", &args)
        };
        blocks.push(Block::List(accepted.iter().map(sentence).collect()));
    }
    blocks
}

/// Answers that count nowhere because nobody asked for them, a sentence a source.
fn unasked(words: &Words<'_>) -> Option<Block> {
    let sentence = |source: &str| {
        let columns = words.published.ledger.unasked(|delivery| delivery.source == source);
        let column = |(column, n): (&String, &u64)| {
            words
                .say("report-unasked-column", &[("column", column.into()), ("count", words.count(*n).into())])
        };
        let args = [
            ("source", source.to_owned().into()),
            ("count", (columns.values().sum::<u64>() as usize).into()),
            ("columns", columns.iter().map(column).collect::<Vec<_>>().join(", ").into()),
        ];
        (!columns.is_empty()).then(|| words.say("report-unasked", &args))
    };
    let sentences: Vec<String> =
        words.project.sources.iter().filter_map(|source| sentence(&source.name)).collect();
    (!sentences.is_empty()).then_some(Block::List(sentences))
}

/// Quarantined rows by reason and source, the most frequent reason first.
fn quarantine(words: &Words<'_>) -> Table {
    let mut table = words.table(words.phrase("report-quarantine-caption"), &["report-head-reason"]);
    let sources = sources(words);
    let mut reasons: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for (place, (name, files)) in sources.iter().enumerate() {
        table.heads.push(Head { text: (*name).to_owned(), numeric: true });
        for (reason, n) in files.iter().flat_map(|delivery| delivery.reasons()) {
            reasons.entry(reason).or_insert_with(|| vec![0; sources.len()])[place] += n;
        }
    }
    let mut reasons: Vec<(String, Vec<u64>)> = reasons.into_iter().collect();
    let sum = |counts: &[u64]| counts.iter().sum::<u64>();
    reasons.sort_by(|a, b| sum(&b.1).cmp(&sum(&a.1)).then_with(|| a.0.cmp(&b.0)));
    for (reason, counts) in reasons {
        let known = crate::project::REASONS.contains(&reason.as_str());
        let told = if known { words.phrase(&format!("report-quarantine-{reason}")) } else { reason };
        let n = |n: &u64| if *n > 0 { Cell::new(words.count(*n)) } else { Cell::missing("–") };
        table.rows.push(Row::new(std::iter::once(Cell::new(told)).chain(counts.iter().map(n)).collect()));
    }
    table
}

fn total(words: &Words<'_>, questionnaire: &str, name: &str) -> Option<u64> {
    let totals = words.published.totals.get(&words.published.month)?;
    totals.get(&format!("{questionnaire}.{name}")).copied()
}

/// Answers to a questionnaire in the month.
fn answers(words: &Words<'_>, questionnaire: &str) -> Option<u64> {
    MATCHES[..3].iter().map(|name| total(words, questionnaire, name)).sum()
}

/// How many rows of the month matched, on both sides.
fn matches(words: &Words<'_>) -> Vec<Block> {
    if words.project.questionnaires.is_empty() {
        return Vec::new();
    }
    let asked: Vec<&str> = words.project.questionnaires.iter().map(|one| one.code.as_str()).collect();
    let asked: Vec<&str> =
        asked.into_iter().filter(|code| answers(words, code).is_some_and(|n| n > 0)).collect();
    let mut blocks = vec![Block::Heading(words.phrase("report-matches"))];
    let month = words.locale().month(words.published.month);
    if asked.is_empty() {
        blocks.push(Block::Paragraph(words.say("report-matches-none", &[("month", month.into())])));
        return blocks;
    }
    let mut table =
        words.table(words.say("report-matches-caption", &[("month", month.into())]), &["report-head-match"]);
    for code in &asked {
        table.heads.push(Head { text: words.questionnaire(code), numeric: true });
    }
    for name in MATCHES {
        let mut cells = vec![Cell::new(words.phrase(&format!("report-match-{name}")))];
        let n = |code: &&str| {
            total(words, code, name).map_or_else(|| Cell::missing("–"), |n| Cell::new(words.count(n)))
        };
        cells.extend(asked.iter().map(n));
        table.rows.push(Row::new(cells));
    }
    blocks.push(Block::Table(table));
    blocks.extend(complete(words, &asked).map(Block::List));
    blocks
}

/// How many answers had every dimension that the index needs.
fn complete(words: &Words<'_>, asked: &[&str]) -> Option<Vec<String>> {
    let sentence = |code: &&str| {
        let index = words.now(&Code::Index((*code).to_owned()), WHOLE)?.as_ref().ok()?;
        let all = answers(words, code).filter(|all| *all >= index.n)?;
        let args = [
            ("name", words.questionnaire(code).into()),
            ("share", words.locale().share(index.n as f64 / all as f64, 1).into()),
            ("n", words.count(index.n).into()),
            ("all", words.count(all).into()),
        ];
        Some(words.say("report-complete", &args))
    };
    Some(asked.iter().filter_map(sentence).collect()).filter(|all: &Vec<String>| !all.is_empty())
}

/// What is still expected of a provisional month.
fn expected(words: &Words<'_>) -> Option<Block> {
    if words.published.state != State::Provisional {
        return None;
    }
    let sentence = |(code, share): (&String, &Option<f64>)| {
        let name = words.questionnaire(code);
        match share {
            Some(share) => {
                let args = [("name", name.into()), ("share", words.locale().share(*share, 0).into())];
                words.say("report-expected", &args)
            }
            None => words.say("report-expected-unknown", &[("name", name.into())]),
        }
    };
    Some(Block::List(words.published.completeness.iter().map(sentence).collect()))
}

/// What shows that a department delivered: a measure of every source.
fn witnesses(words: &Words<'_>) -> Vec<(String, Code)> {
    let mut all: Vec<(String, Code)> = Vec::new();
    for questionnaire in &words.project.questionnaires {
        if questionnaire.dimensions.is_empty() {
            continue;
        }
        all.push((words.questionnaire(&questionnaire.code), Code::Index(questionnaire.code.clone())));
    }
    all.push((words.phrase("report-commitments"), Code::CommitmentScore));
    all.push((words.phrase("report-competency"), Code::CompetencyShare));
    all.retain(|(_, code)| words.is_known(code, WHOLE));
    all
}

/// The newest month in which the department had data of its own.
fn newest(words: &Words<'_>, code: &Code, department: u32) -> Option<Month> {
    let arrived = |month: &&Month| match words.at(code, department, **month) {
        Some(Ok(estimate)) => !estimate.marks.carried,
        Some(Err(reason)) => !matches!(reason, Reason::Gap | Reason::NotMeasured | Reason::NotApplicable),
        None => false,
    };
    words.published.window.iter().rev().find(arrived).copied()
}

/// Departments that sent something every month and nothing now.
fn silent(words: &Words<'_>) -> Vec<Block> {
    let month = words.published.month;
    let mut sentences = Vec::new();
    for (name, code) in witnesses(words) {
        let missing: Vec<String> = words
            .leaves()
            .into_iter()
            .filter(|department| newest(words, &code, *department) == Some(month.plus(-1)))
            .filter(|_| !code.is_about_persons())
            .map(|department| words.department(department))
            .collect();
        // A questionnaire that nobody answered this month was not out this month.
        if !missing.is_empty() && newest(words, &code, WHOLE) == Some(month) {
            let args = [
                ("source", name.into()),
                ("count", missing.len().into()),
                ("names", missing.join(", ").into()),
            ];
            sentences.push(words.say("report-silent", &args));
        }
    }
    match sentences.is_empty() {
        true => vec![Block::Paragraph(words.phrase("report-silent-none"))],
        false => vec![Block::List(sentences)],
    }
}

/// The newest month of every source and department.
fn arrivals(words: &Words<'_>) -> Table {
    let mut table = words.table(words.phrase("report-arrivals-caption"), &["head-department"]);
    let witnesses = witnesses(words);
    for (name, _) in &witnesses {
        table.heads.push(Head { text: name.clone(), numeric: false });
    }
    for department in words.leaves() {
        let mut cells = vec![Cell::new(words.department(department))];
        for (_, code) in &witnesses {
            cells.push(match newest(words, code, department) {
                None => Cell::missing("–"),
                Some(own) if own == words.published.month => Cell::new(words.phrase("report-arrived")),
                Some(own) => Cell::new(words.locale().month(own)).class("few"),
            });
        }
        table.rows.push(Row::new(cells));
    }
    table
}
