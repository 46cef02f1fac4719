//! The actions: a table of verdicts, a chart and its sentences each, who does what, and what is due.

use super::block::{Block, Cell, Row, Table};
use super::words::Words;
use super::{change, change_interval, doubt, held, topic, verdict, views};
use crate::chart::step;
use crate::improvement::{DueState, Progress, Task, Verdict};
use crate::project::{Action, Stage, Text};
use crate::stats::Figure;
use crate::stats::interrupted::Interrupted;

/// Charts that stand open; those of further actions open on demand.
const OPEN: usize = 4;

/// Returns the actions known in the reported month; nothing without one.
pub(super) fn blocks(words: &Words<'_>) -> Vec<Block> {
    let progress = &words.published.progress;
    if progress.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![
        Block::Paragraph(lead(words, progress)),
        Block::Table(table(words, progress)),
        Block::folded(
            words.phrase("report-circle-rule"),
            vec![Block::Note(words.phrase("report-circle-note"))],
        ),
    ];
    for (place, own) in progress.iter().enumerate() {
        let mut about = vec![Block::chart(&step::draw(&view(words, own), words.studio))];
        about.extend(sentences(words, own).map(Block::Paragraph));
        about.push(Block::folded(words.phrase("report-circle-work"), work(words, own)));
        if place < OPEN {
            blocks.extend(about)
        } else {
            blocks.push(Block::folded(headline(words, own), about))
        }
    }
    if !words.published.due.is_empty() {
        blocks.push(Block::Heading(words.phrase("report-circle-due")));
        blocks.push(Block::Table(due(words)));
    }
    blocks
}

fn action<'w>(words: &'w Words<'_>, own: &Progress) -> &'w Action {
    &words.project.improvement.actions[own.action]
}

fn text<'w>(words: &Words<'_>, text: &'w Text) -> &'w str {
    text.get(words.language())
}

fn lead(words: &Words<'_>, progress: &[Progress]) -> String {
    let n = |code: &str| progress.iter().filter(|one| one.verdict.code() == code).count();
    let all = ["improved", "worse", "no_evidence", "cannot_tell", "too_early"]
        .into_iter()
        .map(|code| (code, n(code)));
    let told = |(code, n): (&str, usize)| words.say(&format!("circle-count-{code}"), &[("count", n.into())]);
    let counts: Vec<String> = all.filter(|(_, n)| *n > 0).map(told).collect();
    let args = [("total", progress.len().into()), ("counts", counts.join(", ").into())];
    words.say("report-circle-lead", &args)
}

fn table(words: &Words<'_>, progress: &[Progress]) -> Table {
    let heads = [
        "report-head-action",
        "report-head-department-name",
        "report-head-before#",
        "report-head-after#",
        "report-head-step#",
        "report-head-verdict",
        "report-head-gain",
    ];
    let mut table = words.table(words.phrase("report-circle-caption"), &heads);
    table.rows = progress.iter().map(|own| row(words, own)).collect();
    table
}

fn row(words: &Words<'_>, own: &Progress) -> Row {
    let level = |get: fn(&Interrupted) -> Figure| match &own.found {
        Ok(found) => words.figure(&own.code, Some(&get(found))),
        Err(_) => Cell::missing("–"),
    };
    let step = match &own.found {
        Ok(found) => Cell::new(change(words, &own.code, found.step.value)).note(interval(words, own, found)),
        Err(reason) => Cell::missing(words.reason(*reason)),
    };
    let class = match own.verdict {
        Verdict::Improved => "good",
        Verdict::Worse => "bad",
        _ => "",
    };
    let why = match own.verdict {
        Verdict::CannotTell(why) => doubt(words, why),
        _ => String::new(),
    };
    Row::new(vec![
        Cell::new(topic(words, own.action)).note(words.measure(&own.code)),
        Cell::new(words.department(own.department)),
        level(|found| Ok(found.before)),
        level(|found| Ok(found.after)),
        step,
        Cell::new(verdict(words, own.verdict)).class(class).note(why),
        match &own.held {
            Some((told, found)) => {
                Cell::new(held(words, *told)).note(change(words, &own.code, found.step.value))
            }
            None => Cell::missing("–"),
        },
    ])
}

fn interval(words: &Words<'_>, own: &Progress, found: &Interrupted) -> String {
    let ends = found.step.lower.zip(found.step.upper);
    ends.map_or_else(String::new, |ends| change_interval(words, &own.code, ends))
}

/// What came of an action, in one line.
fn headline(words: &Words<'_>, own: &Progress) -> String {
    let args = [("topic", topic(words, own.action).into()), ("verdict", verdict(words, own.verdict).into())];
    words.say("step-title", &args)
}

/// What the figures say, and what the comparison with the worst month would have said.
fn sentences(words: &Words<'_>, own: &Progress) -> impl Iterator<Item = String> {
    let Ok(found) = &own.found else { return vec![].into_iter() };
    let locale = words.locale();
    let months = |(first, last)| locale.months(first, last);
    let falls = !own.code.higher_is_better();
    let told = |value: f64| words.told(&own.code, value);
    let args = [
        ("name", words.department(own.department).into()),
        ("measure", words.measure(&own.code).into()),
        ("months", months(own.window.before).into()),
        ("nbefore", usize::try_from(found.before.n).unwrap_or(0).into()),
        ("nafter", usize::try_from(found.after.n).unwrap_or(0).into()),
        ("before", told(found.before.value).into()),
        ("after", told(found.after.value).into()),
        ("peers", found.placebos.len().into()),
        ("step", change(words, &own.code, found.step.value).into()),
        ("interval", interval(words, own, found).into()),
        ("beyond", found.n_beyond(falls).into()),
        ("p", found.placebo_p(falls).map_or_else(String::new, |p| locale.p_value(p)).into()),
    ];
    let key = if found.placebos.is_empty() { "circle-told-alone" } else { "circle-told" };
    let seen = [("smallest", change(words, &own.code, found.smallest).into())];
    let unseen = (own.verdict == Verdict::NoEvidence).then(|| words.say("circle-unseen", &seen));
    let all: Vec<String> =
        [Some(words.say(key, &args)), unseen, naive(words, own, found)].into_iter().flatten().collect();
    vec![all.join(" ")].into_iter()
}

/// The comparison with the worst month, and how much of it is none of the action's doing.
fn naive(words: &Words<'_>, own: &Progress, found: &Interrupted) -> Option<String> {
    let ((month, worst), rest) = (own.worst?, own.regression_to_the_mean()?);
    let sign = if own.code.higher_is_better() { 1.0 } else { -1.0 };
    let gain = found.after.value - worst;
    if sign * gain <= 0.0 || sign * rest <= 0.0 {
        return None;
    }
    let args = [
        ("month", words.locale().month(month).into()),
        ("worst", words.told(&own.code, worst).into()),
        ("gain", change(words, &own.code, gain).into()),
        ("rest", change(words, &own.code, rest).into()),
    ];
    let is_most = 2.0 * sign * rest > sign * gain;
    Some(words.say(if is_most { "circle-naive-mostly" } else { "circle-naive-partly" }, &args))
}

/// The action month by month.
fn view(words: &Words<'_>, own: &Progress) -> step::View {
    let published = words.published;
    let last = published.month;
    let figure = |get: fn(&Interrupted) -> Figure| own.found.as_ref().map_err(|reason| *reason).and_then(get);
    let trigger = action(words, own).trigger;
    step::View {
        id: format!("chart-action-{}-{}", own.action, own.department),
        title: headline(words, own),
        measure: words.measure(&own.code),
        unit: views::unit(&own.code),
        place: words.department(own.department),
        first: published.window.first().copied().unwrap_or(last),
        last,
        points: views::series(words, &own.code, own.department).points,
        peers: peers(words, own),
        trigger: (trigger.first, trigger.last),
        before: step::Level {
            first: own.window.before.0,
            last: own.window.before.1,
            figure: figure(|found| Ok(found.before)),
        },
        after: own.window.after.map(|(first, last)| step::Level {
            first,
            last,
            figure: figure(|found| Ok(found.after)),
        }),
        target: action(words, own).target,
    }
}

/// Means of the comparable departments by month; of persons none, as few departments would tell of each other.
fn peers(words: &Words<'_>, own: &Progress) -> Vec<(crate::month::Month, f64)> {
    if own.code.is_about_persons() {
        return Vec::new();
    }
    let mean = |month: &crate::month::Month| {
        let figures = own.peers.iter().filter_map(|peer| words.at(&own.code, *peer, *month)?.ok());
        let values: Vec<f64> = figures.map(|figure| figure.value).collect();
        (!values.is_empty()).then(|| (*month, values.iter().sum::<f64>() / values.len() as f64))
    };
    words.published.window.iter().filter_map(mean).collect()
}

/// Who works at it and how: circle, analysis, countermeasures, schedule, result, standard.
fn work(words: &Words<'_>, own: &Progress) -> Vec<Block> {
    let action = action(words, own);
    let mut lines = vec![circle(words, action)];
    let mut add = |key: &str, value: Option<String>| {
        lines.extend(
            value.filter(|value| !value.is_empty()).map(|value| words.say(key, &[("text", value.into())])),
        );
    };
    let told = |part: &Option<Text>| part.as_ref().map(|part| text(words, part).to_owned());
    let causes = action.causes.iter().filter_map(|code| words.project.causes.position(code));
    let causes: Vec<&str> =
        causes.map(|place| text(words, &words.project.causes.causes[place].name)).collect();
    let measures: Vec<&str> = action.countermeasures.iter().map(|one| text(words, one)).collect();
    add("circle-work-state", told(&action.current_state));
    add("circle-work-analysis", told(&action.analysis));
    add("circle-work-causes", Some(causes.join("; ")));
    add("circle-work-countermeasures", Some(measures.join("; ")));
    add("circle-work-check", told(&action.check));
    let standard = action.standard.as_ref();
    let rule = standard.and_then(|own| {
        told(&own.text).or_else(|| own.commitment.as_ref().map(|code| words.commitment(code)))
    });
    let day = standard.map_or_else(String::new, |own| words.locale().day(own.date));
    add(
        "circle-work-standard",
        rule.map(|rule| words.say("circle-dated", &[("day", day.into()), ("text", rule.into())])),
    );
    let mut blocks = vec![Block::List(lines)];
    if !action.schedule.is_empty() {
        blocks.push(Block::Table(schedule(words, action)));
    }
    blocks
}

fn circle(words: &Words<'_>, action: &Action) -> String {
    let circle = &action.circle;
    let leader = circle.leaders.iter().rfind(|(from, _)| *from <= words.published.month.last_day());
    let args = [
        ("name", text(words, &circle.name).into()),
        ("members", circle.members.len().into()),
        ("leaders", circle.leaders.len().into()),
        ("leader", leader.map_or("–", |(_, person)| person).into()),
        ("manager", usize::from(circle.client_manager.is_some()).into()),
    ];
    words.say("circle-work-circle", &args)
}

fn stage(words: &Words<'_>, stage: Stage) -> String {
    words.phrase(&format!("circle-stage-{}", stage.code()))
}

fn schedule(words: &Words<'_>, action: &Action) -> Table {
    let heads =
        ["report-head-stage", "report-head-task", "report-head-who", "report-head-due", "report-head-done"];
    let mut table = words.table(words.phrase("report-circle-schedule"), &heads);
    let day =
        |day: Option<crate::month::Day>| match day.filter(|day| *day <= words.published.month.last_day()) {
            Some(day) => Cell::new(words.locale().day(day)),
            None => Cell::missing("–"),
        };
    for step in &action.schedule {
        table.rows.push(Row::new(vec![
            Cell::new(stage(words, step.stage)),
            Cell::new(step.task.as_ref().map_or("", |task| text(words, task))),
            Cell::new(step.who.as_deref().unwrap_or_default()),
            Cell::new(words.locale().day(step.due)),
            day(step.done),
        ]));
    }
    table
}

/// What is overdue, due or due soon.
fn due(words: &Words<'_>) -> Table {
    let heads = ["report-head-action", "report-head-task", "report-head-due", "report-head-state"];
    let mut table = words.table(words.phrase("report-circle-due-caption"), &heads);
    for one in &words.published.due {
        let task = match one.task {
            Task::Stage(of) => stage(words, of),
            Task::Review(months) => {
                words.say("circle-review", &[("months", usize::try_from(months).unwrap_or(0).into())])
            }
        };
        let class = if one.state == DueState::Overdue { "bad" } else { "" };
        table.rows.push(Row::new(vec![
            Cell::new(topic(words, one.action)),
            Cell::new(task),
            Cell::new(words.locale().day(one.day)),
            Cell::new(words.phrase(&format!("circle-due-{}", one.state.code()))).class(class),
        ]));
    }
    table
}
