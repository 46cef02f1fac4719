//! What changed: three sentences, the headline measures of the bank, then every finding.

use super::block::{Block, Cell, Row, Section, Table};
use super::circle;
use super::raters;
use super::words::Words;
use crate::finding::Finding;
use crate::measure::{Code, Run, Test, Unit, WHOLE};
use crate::rating::RatingState;
use crate::text::catalogue::Arg;
use crate::text::number::Count;

/// Letters named in one sentence.
const NAMED: usize = 4;

/// Returns the section.
pub(super) fn section(words: &Words<'_>) -> Option<Section> {
    let mut blocks = vec![Block::List(vec![letters(words), changes(words), targets(words)])];
    let headlines = headlines(words);
    if !headlines.rows.is_empty() {
        blocks.push(Block::Heading(words.phrase("report-findings-headlines")));
        blocks.push(Block::Table(headlines));
        blocks.push(Block::Note(words.phrase("report-findings-headlines-note")));
        let is_rate =
            |code: &Code| matches!(code, Code::Result(_)) && code.unit_in(words.project) == Unit::Share;
        if words.published.headlines.iter().any(is_rate) {
            blocks.push(Block::Note(words.phrase("results-window-note")));
        }
    }
    let findings = &words.published.findings;
    if !findings.is_empty() {
        let heading = words.say("report-findings-all", &[("count", findings.len().into())]);
        blocks.push(Block::Heading(heading));
        blocks.push(Block::List(findings.iter().map(|finding| sentence(words, finding)).collect()));
        blocks.push(Block::Note(words.phrase("report-findings-note")));
    }
    Some(Section { id: "findings", title: words.phrase("report-findings"), blocks })
}

/// Which departments have another letter.
fn letters(words: &Words<'_>) -> String {
    let published = words.published;
    let ratings = published.ratings.get(&published.month).map_or(&[][..], Vec::as_slice);
    let window = words.project.rating.window_months;
    let months = ratings.iter().find_map(|rating| match rating.state {
        RatingState::NotYet { months } => Some(months),
        _ => None,
    });
    if let Some(months) = months {
        let args =
            [("months", count(u64::from(months))), ("window", count(u64::from(window.unsigned_abs())))];
        return words.say("report-lead-not-yet", &args);
    }
    let moved: Vec<String> = published
        .findings
        .iter()
        .filter_map(|finding| match finding {
            Finding::Letter { department, before, now } => {
                let name = words.studio.short(&words.department(*department));
                let args =
                    [("name", name.into()), ("before", before.letter().into()), ("now", now.letter().into())];
                Some(words.say("report-lead-letter", &args))
            }
            _ => None,
        })
        .collect();
    let rated = ratings.iter().filter(|rating| rating.letter.is_some()).count();
    if moved.is_empty() {
        return words.say("report-lead-no-letter", &[("rated", rated.into())]);
    }
    let named = moved[..moved.len().min(NAMED)].join(", ");
    let more = moved.len().saturating_sub(NAMED);
    let args = [
        ("count", moved.len().into()),
        ("rated", rated.into()),
        ("named", named.into()),
        ("more", more.into()),
    ];
    words.say("report-lead-letters", &args)
}

/// Which measure changed most surely.
fn changes(words: &Words<'_>) -> String {
    let changed: Vec<&Finding> = words
        .published
        .findings
        .iter()
        .filter(|finding| matches!(finding, Finding::Changed { .. }))
        .collect();
    let Some(first) = changed.first() else { return words.phrase("report-lead-no-change") };
    let better = changed.iter().filter(|one| matches!(one, Finding::Changed { is_better: true, .. })).count();
    let args = [
        ("count", changed.len().into()),
        ("better", better.into()),
        ("worse", (changed.len() - better).into()),
        ("first", sentence(words, first).into()),
    ];
    words.say("report-lead-changes", &args)
}

/// How many commitments missed their target, and which most.
fn targets(words: &Words<'_>) -> String {
    let published = words.published;
    let held = published.targets.keys().filter(|(code, department)| {
        *department == WHOLE
            && code.is_rated(words.project, published.month)
            && words.now(code, WHOLE).is_some_and(Result::is_ok)
    });
    let total = held.count();
    let missed: Vec<&Finding> =
        published.findings.iter().filter(|finding| matches!(finding, Finding::Missed { .. })).collect();
    match missed.first() {
        None if total == 0 => words.phrase("report-lead-no-targets"),
        None => words.say("report-lead-all-met", &[("total", total.into())]),
        Some(first) => {
            let args = [
                ("count", missed.len().into()),
                ("total", total.into()),
                ("first", sentence(words, first).into()),
            ];
            words.say("report-lead-missed", &args)
        }
    }
}

/// Returns the sentence of a finding.
pub(super) fn sentence(words: &Words<'_>, finding: &Finding) -> String {
    match finding {
        Finding::Letter { department, before, now } => {
            let key = if now < before { "report-finding-letter-up" } else { "report-finding-letter-down" };
            let args = [
                ("name", words.department(*department).into()),
                ("before", before.letter().into()),
                ("now", now.letter().into()),
            ];
            words.say(key, &args)
        }
        Finding::Changed { department, code, before, now, p_value, is_better } => {
            let key = if *is_better { "report-finding-better" } else { "report-finding-worse" };
            let args = [
                ("name", words.department(*department).into()),
                ("measure", words.measure(code).into()),
                ("before", words.told(code, *before).into()),
                ("now", words.told(code, *now).into()),
                ("p", words.locale().p_value(*p_value).into()),
            ];
            words.say(key, &args)
        }
        Finding::Worse { department, commitment, target, test } => {
            worse(words, (*department, *commitment), *target, test)
        }
        Finding::RunEnded { department, commitment, run } => {
            run_ended(words, (*department, *commitment), run)
        }
        Finding::Sign(sign) => super::signs::sentence(words, sign),
        Finding::DueContradicts { code, differing, cases } => {
            let args = [
                ("measure", words.measure(code).into()),
                ("differing", words.count(*differing).into()),
                ("cases", words.count(*cases).into()),
            ];
            words.say("report-finding-due-contradicts", &args)
        }
        Finding::Missed { code, share, target } => {
            let figure = words.now(code, WHOLE).and_then(|figure| figure.as_ref().ok());
            let n = figure.map_or(0, |estimate| estimate.n);
            let args = [
                ("measure", words.measure(code).into()),
                ("value", words.told(code, *share).into()),
                ("target", words.told(code, *target).into()),
                ("n", words.studio.catalogue.n(Count::Exact(n)).into()),
            ];
            words.say("report-finding-missed", &args)
        }
        Finding::Action { action, department, before, now } => {
            let args = [
                ("topic", circle::topic(words, *action).into()),
                ("name", words.department(*department).into()),
                ("before", circle::verdict(words, *before).into()),
                ("now", circle::verdict(words, *now).into()),
            ];
            words.say("report-finding-action", &args)
        }
        Finding::Raters { .. } | Finding::NoAgreement { .. } | Finding::StaffMoved { .. } => {
            raters::sentence(words, finding)
        }
        Finding::Review { action, months, due } => {
            let args = [
                ("topic", circle::topic(words, *action).into()),
                ("months", usize::try_from(*months).unwrap_or(0).into()),
                ("day", words.locale().day(*due).into()),
            ];
            words.say("report-finding-review", &args)
        }
    }
}

/// More rare breaches than the target, or the department's own past, explains.
fn worse(
    words: &Words<'_>,
    (department, commitment): (u32, u32),
    target: Option<f64>,
    test: &Test,
) -> String {
    let count = |n: u64| words.count(n);
    let (n, broken) = test.recent;
    let (n_before, broken_before) = test.before.unwrap_or_default();
    let target = target.map(|target| words.locale().share(target, 1));
    let key = match target {
        Some(_) => "report-finding-worse-than-target",
        None => "report-finding-worse-than-before",
    };
    let args = [
        ("name", words.department(department).into()),
        ("commitment", words.promise(commitment).into()),
        ("broken", count(broken).into()),
        ("cases", count(n).into()),
        ("broken_before", count(broken_before).into()),
        ("cases_before", count(n_before).into()),
        ("months", super::rare::there_are(words, test.months).into()),
        ("target", target.unwrap_or_default().into()),
        ("p", words.locale().p_value(test.p_value).into()),
    ];
    words.say(key, &args)
}

/// The first breach after a long run.
fn run_ended(words: &Words<'_>, (department, commitment): (u32, u32), run: &Run) -> String {
    let after = match run.after {
        None => words.phrase("report-finding-run-start"),
        Some(day) => words.say("report-finding-run-after", &[("day", words.locale().day(day).into())]),
    };
    let args = [
        ("name", words.department(department).into()),
        ("commitment", words.promise(commitment).into()),
        ("day", words.locale().day(run.day).into()),
        ("run", words.count(run.cases).into()),
        ("after", after.into()),
    ];
    words.say("report-finding-run-ended", &args)
}

/// A count as an argument.
fn count(n: u64) -> Arg<'static> {
    usize::try_from(n).unwrap_or(usize::MAX).into()
}

/// The headline measures of the whole project.
fn headlines(words: &Words<'_>) -> Table {
    let heads = [
        "report-head-measure",
        "report-head-month#",
        "report-head-n#",
        "report-head-window#",
        "report-head-target#",
        "report-head-fact",
    ];
    let mut table = words.table(words.phrase("report-findings-headlines-caption"), &heads);
    for code in &words.published.headlines {
        let now = words.now(code, WHOLE);
        let rolling = words.published.rolling.get(&(code.clone(), WHOLE));
        let target = words.published.targets.get(&(code.clone(), WHOLE)).copied();
        table.rows.push(Row::new(vec![
            Cell::new(words.measure(code)),
            words.figure(code, now),
            words.n(code, now),
            words.figure(code, rolling),
            target.map_or_else(|| Cell::missing("–"), |target| Cell::new(words.value(code, target))),
            fact(words, code, now.and_then(|now| now.as_ref().ok()).map(|now| now.value), target),
        ]));
    }
    table
}

/// Whether a target is met, by the unrounded value.
pub(super) fn fact(words: &Words<'_>, code: &Code, value: Option<f64>, target: Option<f64>) -> Cell {
    match (value, target) {
        (None, _) => Cell::missing(words.phrase("kept-no-figure")),
        (_, None) => Cell::missing(words.phrase("kept-no-target")),
        (Some(value), Some(target)) => {
            let is_met = if code.higher_is_better() { value >= target } else { value <= target };
            let (key, class) = if is_met { ("kept-met", "good") } else { ("kept-missed", "bad") };
            Cell::new(words.phrase(key)).class(class)
        }
    }
}
