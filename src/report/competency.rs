//! Competency: who attains what the role requires, and how many were seen to do the opposite; never about fewer people than may be shown.

use super::assessed;
use super::block::{Block, Cell, Folded, Group, Row, Section, Table};
use super::words::Words;
use crate::measure::{Attained, Code, WHOLE};
use crate::month::Month;
use crate::stats::Figure;

/// Returns the section; nothing for a project without competencies.
pub(super) fn section(words: &Words<'_>) -> Option<Section> {
    let is_required = words.is_known(&Code::CompetencyShare, WHOLE);
    if words.project.competencies.is_empty() || (!is_required && words.published.assessed.quarter.is_none()) {
        return None;
    }
    let too_few = too_few(words);
    let is_told = words
        .published
        .window
        .iter()
        .any(|month| matches!(words.at(&Code::CompetencyShare, WHOLE, *month), Some(Ok(_))));
    let is_shown = is_told || (is_required && too_few.is_none());
    let mut blocks = if is_shown { required(words) } else { Vec::new() };
    match too_few {
        Some(why) => blocks.push(Block::Paragraph(why)),
        None => blocks.extend(assessed::blocks(words)),
    }
    Some(Section { id: "competency", title: words.phrase("report-competency"), blocks })
}

/// Says why nothing is told of states and raters where fewer people were assessed by several others than may be told of.
fn too_few(words: &Words<'_>) -> Option<String> {
    let assessed = &words.published.assessed;
    let least = words.project.privacy.min_people;
    let whole = assessed.standing.iter().find(|one| one.department == WHOLE)?;
    if whole.people.is_ok_and(|people| people >= least) {
        return None;
    }
    let quarter = assessed.quarter.map(|quarter| quarter.to_string()).unwrap_or_default();
    let args = [("least", words.count(least).into()), ("quarter", quarter.into())];
    Some(words.say("report-competency-too-few", &args))
}

/// Who attains what the role requires.
fn required(words: &Words<'_>) -> Vec<Block> {
    let each = words.project.competencies.iter().filter_map(|one| each(words, &one.code));
    let heading = words.phrase("report-competency-each");
    vec![
        Block::Table(of_bank(words)),
        Block::Note(words.phrase("report-competency-note")),
        Block::Heading(words.phrase("report-competency-departments")),
        Block::Table(by_department(words)),
        Block::Group(Group { heading, note: None, parts: each.collect() }),
    ]
}

/// Every competency in the whole project.
fn of_bank(words: &Words<'_>) -> Table {
    let heads = [
        "report-head-competency",
        "report-head-required#",
        "report-head-people#",
        "report-head-zero#",
        "report-head-people#",
        "report-head-age",
    ];
    let mut table = words.table(words.phrase("report-competency-bank"), &heads);
    let all = (words.phrase("report-competency-all"), Code::CompetencyShare, None);
    let single = words.project.competencies.iter().map(|one| {
        let of = |attained| Code::Competency(attained, one.code.clone());
        (words.competency(&one.code), of(Attained::Required), Some(of(Attained::LevelZero)))
    });
    for (name, required, zero) in std::iter::once(all).chain(single) {
        let mut cells = vec![Cell::new(name)];
        cells.extend(pair(words, &required, WHOLE));
        match &zero {
            None => cells.extend([Cell::missing("–"), Cell::missing("–")]),
            Some(zero) => cells.extend(pair(words, zero, WHOLE)),
        }
        cells.push(age(words, &required, WHOLE));
        table.rows.push(Row { strong: zero.is_none(), ..Row::new(cells) });
    }
    table
}

fn pair(words: &Words<'_>, code: &Code, department: u32) -> [Cell; 2] {
    let figure = words.now(code, department);
    [words.unmarked(code, figure), words.n(code, figure)]
}

/// How old the assessment behind a figure is, from the newest month whose figure was not brought forward.
fn age(words: &Words<'_>, code: &Code, department: u32) -> Cell {
    let month = words.published.month;
    let is_own = |then: &&Month| {
        let figure: Option<&Figure> = words.at(code, department, **then);
        figure.is_some_and(|figure| figure.is_ok_and(|estimate| !estimate.marks.carried))
    };
    match words.published.window.iter().rev().find(is_own) {
        Some(own) if *own == month => Cell::new(words.phrase("report-age-now")),
        Some(own) => {
            let months = usize::try_from(month.0 - own.0).unwrap_or(0);
            Cell::new(words.say("report-age", &[("months", months.into())]))
        }
        None => Cell::missing("–"),
    }
}

fn by_department(words: &Words<'_>) -> Table {
    let heads = [
        "head-department",
        "report-head-required#",
        "report-head-people#",
        "report-head-target#",
        "kept-head-verdict",
        "report-head-age",
    ];
    let mut table = words.table(words.phrase("report-competency-by-department"), &heads);
    let code = Code::CompetencyShare;
    for department in words.leaves() {
        let figure = words.now(&code, department);
        let target = words.published.targets.get(&(code.clone(), department)).copied();
        let value = figure.and_then(|figure| figure.as_ref().ok()).map(|estimate| estimate.value);
        let mut cells = vec![Cell::new(words.department(department))];
        cells.extend(pair(words, &code, department));
        cells.push(target.map_or_else(|| Cell::missing("–"), |target| Cell::new(words.value(&code, target))));
        cells.push(super::findings::fact(words, &code, value, target));
        cells.push(age(words, &code, department));
        table.rows.push(Row::new(cells));
    }
    table
}

/// One competency by department.
fn each(words: &Words<'_>, competency: &str) -> Option<Folded> {
    let heads = [
        "head-department",
        "report-head-required#",
        "report-head-people#",
        "report-head-zero#",
        "report-head-people#",
    ];
    let (required, zero) = (
        Code::Competency(Attained::Required, competency.to_owned()),
        Code::Competency(Attained::LevelZero, competency.to_owned()),
    );
    let name = words.competency(competency);
    let mut table = words.table(name.clone(), &heads);
    for department in words.leaves() {
        if !words.is_known(&required, department) && !words.is_known(&zero, department) {
            continue;
        }
        let mut cells = vec![Cell::new(words.department(department))];
        cells.extend(pair(words, &required, department));
        cells.extend(pair(words, &zero, department));
        table.rows.push(Row::new(cells));
    }
    let n = table.rows.len();
    let summary = words.say("report-commitments-of", &[("name", name.into()), ("count", n.into())]);
    (n > 0).then(|| Folded { summary, blocks: vec![Block::Table(table)] })
}
