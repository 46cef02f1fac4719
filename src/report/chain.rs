//! The chain: what departments promise to one another, who says whether it is kept, and whether it goes on to the customers.

use super::block::{Block, Cell, Head, Row, Section, Table};
use super::links;
use super::words::Words;
use crate::measure::{Code, Kept, WHOLE};
use crate::project::{Commitment, PromisedTo};
use crate::stats::Figure;

/// Returns the section; nothing where no department was promised anything.
pub(super) fn section(words: &Words<'_>) -> Option<Section> {
    let promises = promises(words);
    if !promises.iter().any(|one| links::is_there(rolling(words, &Code::Received(one.code.clone()), WHOLE))) {
        return None;
    }
    let mut links = links::among(words, |x, y| {
        is_internal(x)
            || is_internal(y)
            || (is_promise(x) && y.is_of_answers())
            || (x.is_of_answers() && is_promise(y))
    });
    // The chain runs from what a department gets to what its customers say.
    let is_second = |side: &str| !Code::parse(side).is_some_and(|code| is_internal(&code));
    links.sort_by_key(|(told, _)| is_second(&told.x) && is_second(&told.y));
    let mut blocks = vec![Block::Paragraph(words.phrase("chain-lead"))];
    if !links.is_empty() {
        blocks.push(Block::List(links::sentences(words, &links)));
        blocks.push(Block::Table(links::table(words, words.phrase("chain-links"), &links)));
        blocks.push(Block::Note(words.phrase("links-note")));
    }
    blocks.push(Block::Table(by_promise(words, &promises)));
    blocks.extend(judges(words).map(Block::Note));
    let months = words.locale().months(words.published.rolling_from, words.published.month);
    let caption = |key: &str| words.say(key, &[("months", (&months).into())]);
    blocks.push(Block::folded_table(
        words.phrase("chain-makers"),
        makers(words, &promises, caption("chain-makers-caption")),
    ));
    blocks.push(Block::folded_table(
        words.phrase("chain-receivers"),
        receivers(words, caption("chain-receivers-caption")),
    ));
    Some(Section { id: "chain", title: words.phrase("chain"), blocks })
}

fn promises<'a>(words: &Words<'a>) -> Vec<&'a Commitment> {
    let is_own = |one: &&Commitment| one.promised_to == PromisedTo::Department && one.is_ever_measured();
    words.project.commitments.iter().filter(is_own).collect()
}

fn is_internal(code: &Code) -> bool {
    matches!(code, Code::ReceivedScore | Code::Received(_))
}

fn is_promise(code: &Code) -> bool {
    matches!(code, Code::CommitmentScore | Code::Commitment(..))
}

fn rolling<'a>(words: &Words<'a>, code: &Code, department: u32) -> Option<&'a Figure> {
    words.published.rolling.get(&(code.clone(), department))
}

fn kept(promise: &Commitment) -> Code {
    Code::Commitment(Kept::Share, promise.code.clone())
}

/// The departments that made a promise, with what they kept of it.
fn made<'a>(words: &Words<'a>, promise: &Commitment) -> Vec<(u32, &'a Figure)> {
    let code = kept(promise);
    let own =
        |department: u32| Some((department, rolling(words, &code, department).filter(|one| one.is_ok())?));
    words.leaves().into_iter().filter_map(own).collect()
}

fn target(words: &Words<'_>, code: &Code, department: u32) -> Cell {
    let target = words.published.targets.get(&(code.clone(), department));
    target.map_or_else(|| Cell::missing("–"), |target| Cell::new(words.value(code, *target)))
}

/// A row a promise: by how many it is made, how much of it is kept, and by whom least.
fn by_promise(words: &Words<'_>, promises: &[&Commitment]) -> Table {
    let heads = [
        "kept-head-name",
        "chain-head-by",
        "chain-head-kept#",
        "chain-head-target#",
        "chain-head-cases#",
        "chain-head-least",
    ];
    let months = words.locale().months(words.published.rolling_from, words.published.month);
    let mut table = words.table(words.say("chain-caption", &[("months", months.into())]), &heads);
    for promise in promises {
        let (code, made) = (kept(promise), made(words, promise));
        let by = match made.as_slice() {
            [] => words.phrase("chain-by-none"),
            [(only, _)] => words.department(*only),
            more => words.say("chain-by", &[("count", more.len().into())]),
        };
        let value = |figure: &Figure| figure.map_or(f64::INFINITY, |one| one.value);
        let least = made.iter().min_by(|one, other| value(one.1).total_cmp(&value(other.1)));
        let least = least.filter(|_| made.len() > 1).map_or_else(
            || Cell::missing("–"),
            |(department, figure)| {
                let shown = words.figure(&code, Some(figure));
                let note =
                    [Some(shown.text), shown.note].into_iter().flatten().collect::<Vec<_>>().join("; ");
                Cell::new(words.department(*department)).note(note)
            },
        );
        let all = rolling(words, &code, WHOLE);
        table.rows.push(Row::new(vec![
            Cell::new(words.commitment(&promise.code)),
            Cell::new(by),
            words.figure(&code, all),
            target(words, &code, WHOLE),
            words.n(&code, all),
            least,
        ]));
    }
    table
}

/// Whose judgement stands in the ratings of departments that serve departments; nothing where the rating does not ask them.
fn judges(words: &Words<'_>) -> Option<String> {
    let internal = words.project.rating.measures.iter().find(|one| one.measure == "internal_index")?;
    let asked = internal.weights.iter().filter(|(_, weight)| **weight > 0.0);
    let named = |profile: &str| match profile {
        "*" => words.phrase("chain-judges-others"),
        own => words.profile_name(own),
    };
    let profiles: Vec<String> = asked.map(|(profile, _)| named(profile)).collect();
    Some(words.say("chain-judges", &[("profiles", profiles.join(", ").into())]))
}

/// A row a promise and the department that made it, beside what the departments it serves say of it.
fn makers(words: &Words<'_>, promises: &[&Commitment], caption: String) -> Table {
    let index = Code::Index("internal".into());
    let heads = [
        "head-department",
        "chain-head-promise",
        "chain-head-kept#",
        "chain-head-target#",
        "chain-head-cases#",
    ];
    let mut table = words.table(caption, &heads);
    let asked = words.project.questionnaire("internal").is_some();
    if asked {
        table.heads.push(words.head(&index));
    }
    for department in words.leaves() {
        let mut is_first = true;
        for promise in promises {
            let code = kept(promise);
            let Some(figure) = rolling(words, &code, department).filter(|one| one.is_ok()) else { continue };
            let mut cells = vec![
                Cell::new(if is_first { words.department(department) } else { String::new() }),
                Cell::new(words.commitment(&promise.code)),
                words.figure(&code, Some(figure)),
                target(words, &code, department),
                words.n(&code, Some(figure)),
            ];
            if asked {
                let said = || words.figure(&index, rolling(words, &index, department));
                cells.push(if is_first { said() } else { Cell::default() });
            }
            table.rows.push(Row::new(cells));
            is_first = false;
        }
    }
    table
}

/// A row a department: what it was promised, what it keeps of its own promises, what its customers say.
fn receivers(words: &Words<'_>, caption: String) -> Table {
    let codes = [Code::ReceivedScore, Code::CommitmentScore, Code::Index("client".into())];
    let mut table = words.table(caption, &["head-department"]);
    table.heads.extend(codes.iter().map(|code| Head { text: words.measure(code), numeric: true }));
    table.heads.push(Head { text: words.phrase("chain-head-received"), numeric: true });
    for department in words.leaves() {
        let received = rolling(words, &codes[0], department);
        if !links::is_there(received) {
            continue;
        }
        let mut cells = vec![Cell::new(words.department(department))];
        cells.extend(codes.iter().map(|code| match rolling(words, code, department) {
            Some(Ok(_)) => words.figure(code, rolling(words, code, department)),
            _ => Cell::missing("–"),
        }));
        cells.push(words.n(&codes[0], received));
        table.rows.push(Row::new(cells));
    }
    table
}
