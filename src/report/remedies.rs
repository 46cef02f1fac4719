//! When a promise was broken: how many breaches were remedied, how fast and how, what excused ones would change, what customers answered.

use super::block::{Block, Cell, Folded, Row, Section, Table};
use super::words::Words;
use crate::chart::remedy_curve;
use crate::check::Remedy;
use crate::measure::{Code, Kept, Remedies, TimeToRemedy, WHOLE};
use crate::project::Clock;
use crate::relation::RemedyTold;
use crate::stats::interval::LEVEL;
use crate::stats::stratified::Contrast;
use crate::stats::survival::{Scale, Step};
use crate::stats::{Estimate, Figure, Reason};
use crate::text::number::Count;

/// Returns the section; nothing without breaches, or for a project that remedies nothing and has no limit for it.
pub(super) fn section(words: &Words<'_>) -> Option<Section> {
    let all = words.published.remedies.get(&(WHOLE, None))?;
    let mut blocks = vec![Block::chart(&remedy_curve::draw(&view(words, all), words.studio))];
    blocks.push(Block::Table(commitments(words, all)));
    blocks.push(Block::Note(note(words, all)));
    blocks.push(Block::Table(kinds(words, all)));
    blocks.extend(contrast(words));
    blocks.push(Block::Heading(words.phrase("report-remedies-departments")));
    blocks.push(Block::Folded(departments(words)));
    Some(Section { id: "remedies", title: words.phrase("report-remedies"), blocks })
}

fn months(words: &Words<'_>) -> String {
    words.locale().months(words.published.rolling_from, words.published.month)
}

fn view(words: &Words<'_>, all: &Remedies) -> remedy_curve::View {
    let scale = TimeScale::of(&all.time);
    let curve = all.time.curve.as_ref().ok_or(all.time.median.err().unwrap_or(Reason::TooFew));
    let step = |step: &Step| remedy_curve::Step {
        time: step.time / scale.seconds,
        share: 1.0 - step.survival,
        ends: step.interval(Scale::LogLog, LEVEL).ok().map(|(low, high)| (1.0 - high, 1.0 - low)),
    };
    remedy_curve::View {
        id: "chart-remedies".into(),
        place: words.bank(),
        first: words.published.rolling_from,
        last: words.published.month,
        axis: words.phrase(scale.axis),
        steps: curve.map(|curve| curve.steps.iter().map(step).collect()),
        remedied: all.remedied,
        limit: all.time.limit.map(|limit| remedy_curve::Limit {
            time: limit as f64 / scale.seconds,
            words: scale.limit(words, limit as f64),
            share: all.time.by_limit,
        }),
    }
}

/// In what times to remedy are told: days of the clock where they are known.
struct TimeScale {
    seconds: f64,
    axis: &'static str,
    /// Key of a length of time; nothing for the wall clock, whose times have the unit that people use for them.
    key: Option<&'static str>,
}

impl TimeScale {
    fn of(time: &TimeToRemedy) -> Self {
        match (time.clock, time.day) {
            (Some(Clock::Working | Clock::WorkingDays), Some(day)) => Self {
                seconds: day as f64,
                axis: "remedy-axis-working-days",
                key: Some("report-working-days"),
            },
            (Some(Clock::Working | Clock::WorkingDays), None) => {
                Self { seconds: 3600.0, axis: "remedy-axis-working-hours", key: Some("report-working-hours") }
            }
            (Some(Clock::Elapsed) | None, _) => {
                Self { seconds: 86_400.0, axis: "remedy-axis-elapsed", key: None }
            }
        }
    }

    fn told(&self, words: &Words<'_>, key: &str, (seconds, digits): (f64, usize)) -> String {
        words.say(key, &[("value", words.locale().decimal(seconds / self.seconds, digits).into())])
    }

    /// Writes a limit; a whole one without decimals.
    fn limit(&self, words: &Words<'_>, seconds: f64) -> String {
        let is_whole = (seconds / self.seconds).fract() <= 0.0;
        match self.key {
            Some(key) => self.told(words, key, (seconds, usize::from(!is_whole))),
            None if is_whole => self.told(words, "report-days", (seconds, 0)),
            None => words.value(&duration(), seconds),
        }
    }
}

/// A measure in seconds, for the way its figures are written.
fn duration() -> Code {
    Code::Commitment(Kept::Median, String::new())
}

/// A median time as a cell.
fn time(words: &Words<'_>, time: &TimeToRemedy) -> Cell {
    let scale = TimeScale::of(time);
    match (time.median_of_remedied, scale.key) {
        (Ok(one), Some(key)) => {
            let mut notes: Vec<String> = one
                .lower
                .zip(one.upper)
                .map(|(lower, upper)| {
                    words.locale().interval(lower / scale.seconds, upper / scale.seconds, 1)
                })
                .into_iter()
                .collect();
            notes.extend(words.marks(one.marks));
            Cell::new(scale.told(words, key, (one.value, 1))).note(notes.join("; "))
        }
        (figure, _) => words.figure(&duration(), Some(&figure)),
    }
}

fn share(words: &Words<'_>, figure: &Figure) -> Cell {
    words.figure(&Code::Commitment(Kept::RemediedShare, String::new()), Some(figure))
}

/// What stands beside the name in the tables of commitments and departments.
fn done(words: &Words<'_>, own: &Remedies) -> [Cell; 4] {
    [
        Cell::new(words.count(own.breaches)),
        share(words, &own.remedied),
        share(words, &own.in_time),
        time(words, &own.time),
    ]
}

fn commitments(words: &Words<'_>, all: &Remedies) -> Table {
    let heads = [
        "kept-head-name",
        "report-head-breaches#",
        "report-head-remedied-share#",
        "report-head-in-time#",
        "report-head-remedy-time#",
        "kept-head-kept#",
        "report-head-kept-or-excused#",
    ];
    let args = [("place", words.bank().into()), ("months", months(words).into())];
    let mut table = words.table(words.say("report-remedies-caption", &args), &heads);
    let row = |name: String, own: &Remedies| {
        let kept = [&own.kept, &own.kept_or_excused].map(|figure| match figure {
            Err(Reason::NotApplicable) => Cell::missing("–"),
            figure => share(words, figure),
        });
        Row::new([Cell::new(name)].into_iter().chain(done(words, own)).chain(kept).collect())
    };
    table.rows.push(Row { strong: true, ..row(words.phrase("report-remedies-all"), all) });
    let of_whole = words.published.remedies.range((WHOLE, Some(0))..);
    table.rows.extend(of_whole.filter_map(|(&(_, commitment), own)| {
        let code = &words.project.commitments[commitment? as usize].code;
        Some(row(words.commitment(code), own))
    }));
    table
}

fn note(words: &Words<'_>, all: &Remedies) -> String {
    let mut sentences = vec![words.phrase("report-remedies-note")];
    for (n, key) in
        [(all.pending, "report-remedies-pending"), (all.without_limit, "report-remedies-without-limit")]
    {
        let count = usize::try_from(n).unwrap_or(usize::MAX);
        sentences.extend((n > 0).then(|| words.say(key, &[("count", count.into())])));
    }
    sentences.join(" ")
}

fn kinds(words: &Words<'_>, all: &Remedies) -> Table {
    let heads = [
        "report-head-remedy",
        "report-head-remedied-n#",
        "report-head-remedy-share#",
        "report-head-in-time#",
    ];
    let args = [("place", words.bank().into()), ("months", months(words).into())];
    let mut table = words.table(words.say("report-remedies-kinds", &args), &heads);
    table.rows = all
        .kinds
        .iter()
        .map(|one| {
            Row::new(vec![
                Cell::new(words.phrase(kind_key(one.kind))),
                Cell::new(words.count(one.counts.n)),
                share(words, &one.share),
                share(words, &one.in_time),
            ])
        })
        .collect();
    table
}

fn kind_key(kind: Remedy) -> &'static str {
    match kind {
        Remedy::Explanation => "report-remedy-explanation",
        Remedy::Apology => "report-remedy-apology",
        Remedy::Correction => "report-remedy-correction",
        Remedy::Gift => "report-remedy-gift",
        Remedy::Unknown => "report-remedy-unknown",
        Remedy::Uncoded => "report-remedy-uncoded",
    }
}

/// What customers answered after a remedy and without one; nothing where no answer follows a breach.
fn contrast(words: &Words<'_>) -> Vec<Block> {
    let Ok(told) = &words.published.remedy_contrast else { return Vec::new() };
    vec![
        Block::Heading(words.phrase("report-remedies-contrast")),
        Block::Paragraph(sentence(words, told)),
        Block::Table(compared(words, told)),
        Block::Note(words.phrase("report-remedies-contrast-note")),
    ]
}

fn sentence(words: &Words<'_>, told: &RemedyTold) -> String {
    let locale = words.locale();
    let estimate = match told.adjusted {
        Ok(contrast) => contrast.clustered.estimate,
        Err(reason) => {
            let args = [("reason", words.reason(reason).into())];
            return words.say("report-remedies-unknown", &args);
        }
    };
    let (lower, upper) = (estimate.lower.unwrap_or(estimate.value), estimate.upper.unwrap_or(estimate.value));
    let interval = locale.range(&locale.change(lower, 1), &locale.change(upper, 1));
    let n = locale.n(Count::Exact(estimate.n));
    let (key, points) = match () {
        () if lower > 0.0 => ("report-remedies-higher", locale.points(estimate.value)),
        () if upper < 0.0 => ("report-remedies-lower", locale.points(-estimate.value)),
        () => ("report-remedies-no-evidence", locale.change(estimate.value, 1)),
    };
    words.say(key, &[("points", points.into()), ("interval", interval.into()), ("n", n.into())])
}

fn compared(words: &Words<'_>, told: &RemedyTold) -> Table {
    let heads = [
        "report-head-comparison",
        "report-head-difference#",
        "report-head-compared#",
        "report-head-remedied-answers#",
        "report-head-clusters#",
    ];
    let first = words.published.window.first().copied().unwrap_or(words.published.month);
    let args = [("months", words.locale().months(first, words.published.month).into())];
    let mut table = words.table(words.say("report-remedies-contrast-caption", &args), &heads);
    table.rows = [("report-remedies-naive", &told.naive), ("report-remedies-adjusted", &told.adjusted)]
        .map(|(key, contrast)| row(words, words.phrase(key), contrast))
        .into();
    table
}

fn row(words: &Words<'_>, name: String, contrast: &Result<Contrast, Reason>) -> Row {
    let locale = words.locale();
    let count = |n: fn(&Contrast) -> u64| {
        contrast.as_ref().map_or_else(|_| Cell::missing("–"), |one| Cell::new(words.count(n(one))))
    };
    let difference = match contrast {
        Err(reason) => Cell::missing(words.reason(*reason)),
        Ok(contrast) => {
            let Estimate { value, lower, upper, .. } = contrast.clustered.estimate;
            let range = |(lower, upper)| locale.range(&locale.change(lower, 1), &locale.change(upper, 1));
            Cell::new(locale.change(value, 1)).note(lower.zip(upper).map(range).unwrap_or_default())
        }
    };
    Row::new(vec![
        Cell::new(name),
        difference,
        count(|one| one.clustered.estimate.n),
        count(|one| one.n_first),
        count(|one| one.clustered.n_clusters),
    ])
}

fn departments(words: &Words<'_>) -> Folded {
    let heads = [
        "head-department",
        "report-head-breaches#",
        "report-head-remedied-share#",
        "report-head-in-time#",
        "report-head-remedy-time#",
    ];
    let args = [("place", words.bank().into()), ("months", months(words).into())];
    let mut table = words.table(words.say("report-remedies-caption", &args), &heads);
    for department in words.leaves() {
        if let Some(own) = words.published.remedies.get(&(department, None)) {
            let cells = [Cell::new(words.department(department))].into_iter().chain(done(words, own));
            table.rows.push(Row::new(cells.collect()));
        }
    }
    let summary = words.say("report-remedies-of-departments", &[("count", table.rows.len().into())]);
    Folded { summary, blocks: vec![Block::Table(table)] }
}
