//! Signs to look into: what stands out, in words that accuse nobody; what was looked at; what customers saw against the log.

use super::block::{Block, Cell, Row, Section, Table};
use super::words::Words;
use crate::measure::{Seen, Sign, SignKind, Signs, WHOLE};
use crate::text::catalogue::Arg;

/// Returns the section; nothing where nothing could be looked at.
pub(super) fn section(words: &Words<'_>) -> Option<Section> {
    let signs = &words.published.signs;
    if signs.tests.is_empty() && signs.seen.is_empty() {
        return None;
    }
    let told = signs.told();
    let args = [("count", told.len().into()), ("tests", signs.tests.len().into())];
    let mut blocks = vec![Block::Paragraph(words.say("report-signs-lead", &args))];
    if !told.is_empty() {
        blocks.push(Block::List(told.iter().map(|sign| sentence(words, sign)).collect()));
    }
    if !signs.tests.is_empty() {
        blocks.push(Block::Table(looked_at(words, signs)));
    }
    blocks.extend(seen(words, signs));
    blocks.push(Block::Note(words.phrase("report-signs-note")));
    Some(Section { id: "signs", title: words.phrase("report-signs"), blocks })
}

/// Returns what a sign says.
pub(super) fn sentence(words: &Words<'_>, sign: &Sign) -> String {
    let locale = words.locale();
    let share = sign.share().map_or(sign.expected, |share| share.value);
    let commitment = sign.commitment.map(|one| words.promise(one)).unwrap_or_default();
    let month = sign.month.map(|month| locale.month(month)).unwrap_or_default();
    let args: [(&str, Arg<'_>); 7] = [
        ("name", words.department(sign.department).into()),
        ("commitment", commitment.into()),
        ("month", month.into()),
        ("share", locale.share(share, 1).into()),
        ("expected", locale.share(sign.expected, 1).into()),
        ("n", words.count(sign.n).into()),
        ("p", locale.p_value(sign.p_holm).into()),
    ];
    words.say(&format!("report-sign-{}", word(sign.kind)), &args)
}

fn word(kind: SignKind) -> String {
    kind.code().replace('_', "-")
}

fn months(words: &Words<'_>) -> String {
    words.locale().months(words.published.rolling_from, words.published.month)
}

/// What was looked at, kind by kind, whether anything was found or not.
fn looked_at(words: &Words<'_>, signs: &Signs) -> Table {
    let heads = ["report-head-sign", "report-head-tests#", "report-head-signs#", "report-head-least-holm#"];
    let mut table =
        words.table(words.say("report-signs-caption", &[("months", months(words).into())]), &heads);
    let told = signs.told();
    for kind in SignKind::ALL {
        let tests = signs.of(kind).count();
        let name = Cell::new(words.phrase(&format!("report-sign-name-{}", word(kind))));
        let least = signs.of(kind).map(|test| test.p_holm).min_by(f64::total_cmp);
        let found = told.iter().filter(|sign| sign.kind == kind).count();
        table.rows.push(Row::new(match tests {
            0 => vec![
                name,
                Cell::missing(words.phrase("report-signs-none")),
                Cell::missing("–"),
                Cell::missing("–"),
            ],
            tests => vec![
                name,
                Cell::new(words.count(tests as u64)),
                Cell::new(words.count(found as u64)),
                words.p_value(least),
            ],
        }));
    }
    table
}

/// What customers saw against what the log says: the whole in a sentence, departments in a table.
fn seen(words: &Words<'_>, signs: &Signs) -> Vec<Block> {
    let Some(all) = signs.seen.get(&WHOLE) else { return Vec::new() };
    let locale = words.locale();
    let args = [
        ("log", locale.share(all.by_log(), 1).into()),
        ("seen", locale.share(all.as_seen(), 1).into()),
        ("kappa", kappa(words, all).0.into()),
        ("interval", kappa(words, all).1.into()),
        ("n", words.count(all.n()).into()),
    ];
    let table = departments(words, signs);
    let count = [("count", table.rows.len().into())];
    vec![
        Block::Heading(words.phrase("report-seen")),
        Block::Paragraph(words.say("report-seen-lead", &args)),
        Block::folded_table(words.say("report-seen-departments", &count), table),
    ]
}

/// Kappa and its interval, or the reason why there is none.
fn kappa(words: &Words<'_>, seen: &Seen) -> (String, String) {
    let locale = words.locale();
    match seen.kappa {
        Err(reason) => (words.reason(reason), "–".into()),
        Ok(kappa) => {
            let ends = kappa.lower.zip(kappa.upper);
            let range =
                ends.map(|(lower, upper)| locale.range(&locale.decimal(lower, 2), &locale.decimal(upper, 2)));
            (locale.decimal(kappa.value, 2), range.unwrap_or_default())
        }
    }
}

fn departments(words: &Words<'_>, signs: &Signs) -> Table {
    let heads = [
        "head-department",
        "head-n#",
        "report-head-kept-log#",
        "report-head-kept-seen#",
        "report-head-denied#",
        "report-head-kappa#",
    ];
    let mut table =
        words.table(words.say("report-seen-caption", &[("months", months(words).into())]), &heads);
    let share = |share: f64| Cell::new(words.locale().share(share, 1));
    for department in words.leaves() {
        let Some(own) = signs.seen.get(&department) else { continue };
        let kept = own.kept[0] + own.kept[1];
        let (value, interval) = kappa(words, own);
        let mut cells = vec![
            Cell::new(words.department(department)),
            Cell::new(words.count(own.n())),
            share(own.by_log()),
            share(own.as_seen()),
            if kept > 0 { share(own.kept[1] as f64 / kept as f64) } else { Cell::missing("–") },
            match own.kappa {
                Ok(_) => Cell::new(value).note(interval),
                Err(_) => Cell::missing(value),
            },
        ];
        if own.n() < words.project.privacy.min_answers {
            cells.iter_mut().skip(1).for_each(|cell| cell.class = "few");
        }
        table.rows.push(Row::new(cells));
    }
    table
}
