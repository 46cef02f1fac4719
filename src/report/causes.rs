//! Causes: what breaches were put down to, what can be done about them, what that would save.

use super::block::{Block, Cell, Folded, Group, Row, Section, Table};
use super::words::Words;
use crate::chart::{fishbone, pareto};
use crate::measure::{CauseShare, Pareto, WHOLE};
use crate::project::{Category, Cause};

/// Bones and items that a fishbone has room for; the table has all.
const BONES: usize = 6;
const ITEMS: usize = 8;

/// Returns the section; nothing for a project without causes, or without breaches.
pub(super) fn section(words: &Words<'_>) -> Option<Section> {
    let all = words.published.causes.get(&(WHOLE, None))?;
    let mut blocks = vec![Block::chart(&pareto::draw(&view(words, all), words.studio))];
    blocks.push(Block::Table(table(words, all, words.bank())));
    blocks.push(Block::Note(words.phrase("report-causes-note")));
    blocks.extend(fishbones(words, all).iter().map(|view| Block::chart(&fishbone::draw(view, words.studio))));
    let promises = words.published.causes.iter().filter_map(|((department, commitment), own)| {
        let code = &words.project.commitments[(*commitment)? as usize].code;
        (*department == WHOLE).then(|| part(words, words.commitment(code), own))
    });
    let leaves = words.leaves();
    let departments = words.published.causes.iter().filter_map(|((department, commitment), own)| {
        let is_leaf = commitment.is_none() && leaves.contains(department);
        is_leaf.then(|| part(words, words.department(*department), own))
    });
    for (heading, parts) in [
        ("report-causes-promises", promises.collect::<Vec<_>>()),
        ("report-causes-departments", departments.collect()),
    ] {
        blocks.push(Block::Group(Group { heading: words.phrase(heading), note: None, parts }));
    }
    Some(Section { id: "causes", title: words.phrase("report-causes"), blocks })
}

fn cause<'w>(words: &'w Words<'_>, one: &CauseShare) -> Option<&'w Cause> {
    one.cause.and_then(|position| words.project.causes.causes.get(position as usize))
}

fn named(words: &Words<'_>, one: &CauseShare) -> String {
    match (cause(words, one), one.cause) {
        (Some(cause), _) => name(words, cause),
        (None, Some(_)) => words.phrase("pareto-unknown"),
        (None, None) => words.phrase("pareto-uncoded"),
    }
}

fn name(words: &Words<'_>, cause: &Cause) -> String {
    cause.name.get(words.language()).to_owned()
}

fn view(words: &Words<'_>, own: &Pareto) -> pareto::View {
    let bar = |(place, one): (usize, &CauseShare)| pareto::Cause {
        name: named(words, one),
        known: cause(words, one).is_some(),
        n: one.counts.n,
        share: one.share,
        vital: place < own.vital,
    };
    pareto::View {
        id: "chart-causes".into(),
        place: words.bank(),
        first: words.published.rolling_from,
        last: words.published.month,
        causes: own.causes.iter().enumerate().map(bar).collect(),
        vital: own.vital_share,
    }
}

/// The causes with what they cost: how late, and how much work where the register says so.
fn table(words: &Words<'_>, own: &Pareto, place: String) -> Table {
    let heads = [
        "pareto-head-name",
        "report-head-category",
        "report-head-breaches#",
        "pareto-head-share#",
        "report-head-excused#",
        "report-head-hours-late#",
        "report-head-work#",
    ];
    let months = words.locale().months(words.published.rolling_from, words.published.month);
    let args = [("place", place.into()), ("months", months.into())];
    let mut table = words.table(words.say("report-causes-caption", &args), &heads);
    table.rows = own.causes.iter().map(|one| row(words, one)).collect();
    table
}

fn row(words: &Words<'_>, one: &CauseShare) -> Row {
    let known = cause(words, one);
    let category = known.map(|cause| &words.project.causes.categories[cause.category]);
    let hours = |seconds: f64| words.locale().decimal(seconds / 3600.0, 0);
    let work = known.and_then(|cause| cause.minutes).map(|minutes| minutes * 60.0 * one.counts.n as f64);
    let or_dash = |text: Option<String>| text.map_or_else(|| Cell::missing("–"), Cell::new);
    Row::new(vec![
        Cell::new(named(words, one)),
        Cell::new(
            category.map(|one: &Category| one.name.get(words.language()).to_owned()).unwrap_or_default(),
        ),
        Cell::new(words.count(one.counts.n)),
        share(words, one),
        Cell::new(words.count(one.counts.excused)),
        or_dash((one.counts.late.0 > 0).then(|| hours(one.counts.late.1 as f64))),
        or_dash(work.map(hours)),
    ])
}

fn share(words: &Words<'_>, one: &CauseShare) -> Cell {
    match one.share {
        Err(reason) => Cell::missing(words.reason(reason)),
        Ok(share) => {
            let cell = Cell::new(words.locale().share(share.value, 1));
            match share.lower.zip(share.upper) {
                Some((lower, upper)) => cell.note(words.locale().share_interval(lower, upper, 1)),
                None => cell,
            }
        }
    }
}

fn part(words: &Words<'_>, name: String, own: &Pareto) -> Folded {
    let summary = words.say(
        "report-causes-of",
        &[
            ("name", (&name).into()),
            ("count", usize::try_from(own.breaches).unwrap_or(usize::MAX).into()),
            ("coded", words.locale().share(own.coded as f64 / own.breaches as f64, 0).into()),
        ],
    );
    Folded { summary, blocks: vec![Block::Table(table(words, own, name))] }
}

/// The causes by category with their breaches, and what can be done about them.
fn fishbones(words: &Words<'_>, own: &Pareto) -> Vec<fishbone::View> {
    let n = |position: usize| {
        let own = own.causes.iter().find(|one| one.cause.is_some_and(|cause| cause as usize == position));
        own.map_or(0, |one| one.counts.n)
    };
    let numbered = |(position, cause): (usize, &Cause)| {
        vec![format!("{} · {}", words.count(n(position)), name(words, cause))]
    };
    let countermeasures = |(_, cause): (usize, &Cause)| {
        cause.countermeasures.iter().map(|one| one.get(words.language()).to_owned()).collect()
    };
    let months = words.locale().months(words.published.rolling_from, words.published.month);
    let view = |key: &str, bones: Vec<fishbone::Bone>| fishbone::View {
        id: format!("chart-fishbone-{key}"),
        title: words.phrase(&format!("fishbone-title-{key}")),
        subtitle: words
            .say("fishbone-subtitle", &[("place", words.bank().into()), ("months", (&months).into())]),
        head: words.say(&format!("fishbone-head-{key}"), &[("n", words.count(own.coded).into())]),
        bones,
    };
    let views =
        [view("causes", bones(words, numbered)), view("countermeasures", bones(words, countermeasures))];
    views.into_iter().filter(|view| !view.bones.is_empty()).collect()
}

/// One bone a category, with what `items` tells of each of its causes; categories without any are left out, and those beyond the sixth.
fn bones(words: &Words<'_>, items: impl Fn((usize, &Cause)) -> Vec<String>) -> Vec<fishbone::Bone> {
    let register = &words.project.causes;
    let bone = |(category, one): (usize, &Category)| {
        let own = register.causes.iter().enumerate().filter(|(_, cause)| cause.category == category);
        let mut items: Vec<String> = own.flat_map(&items).collect();
        let left = items.len().saturating_sub(ITEMS);
        items.truncate(ITEMS);
        if left > 0 {
            items.push(words.say("fishbone-more", &[("count", left.into())]));
        }
        fishbone::Bone { name: one.name.get(words.language()).to_owned(), items }
    };
    register
        .categories
        .iter()
        .enumerate()
        .map(bone)
        .filter(|bone| !bone.items.is_empty())
        .take(BONES)
        .collect()
}
