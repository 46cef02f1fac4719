//! The cells of a relation: both measures of every department and period that has them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::count::{self, AssessedKey, CommitmentCounts, MonthCounts};
use crate::measure::{Code, Context, breaks, measure, merge, stretch};
use crate::month::{Day, Month, Quarter};
use crate::project::{Grain, Relation};
use crate::stats::{Estimate, Figure, Reason};

/// Both sides of a relation in one department and period.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub(super) department: usize,
    pub(super) period: usize,
    /// Number of the stretch in which both sides ask the same.
    pub(super) stretch: usize,
    pub(super) x: Estimate,
    pub(super) y: Estimate,
}

/// A period of a grain: what was counted in it.
pub(super) struct Span<'c> {
    /// Its number; the next period has the next one.
    number: i32,
    /// Its first month.
    first: Month,
    /// Its last month.
    month: Month,
    /// Quarters in which people may have been assessed for it, the latest first.
    quarters: Vec<Quarter>,
    counts: Cow<'c, MonthCounts>,
}

/// The months of the window, and the longer periods they make.
pub(super) struct Periods<'c> {
    months: Vec<(Month, &'c MonthCounts)>,
    spans: BTreeMap<Grain, Vec<Span<'c>>>,
}

impl<'c> Periods<'c> {
    /// Takes the months, which end with `reported`, and makes of them the periods of `grains` that ended by then, years of all of them and
    /// shorter periods from `first` on.
    ///
    /// A first period may lack months, and so may the one in which the project ends, at `last`: nothing more will come of it.
    pub(super) fn new(
        all: Vec<(Month, &'c MonthCounts)>,
        (first, reported, last): (Month, Month, Option<Month>),
        grains: &BTreeSet<Grain>,
    ) -> Self {
        let is_closed = last.is_some_and(|last| last <= reported);
        let is_over = |end: Month| is_closed || end <= reported;
        let months: Vec<_> = all.iter().filter(|(month, _)| *month >= first).copied().collect();
        let spans = |grain: Grain| -> Vec<Span<'c>> {
            match grain {
                Grain::Week => weeks(&months),
                Grain::Month => months.iter().map(single).collect(),
                Grain::Quarter => joined(&months, quarter, is_over),
                Grain::Year => joined(&all, year, is_over),
                Grain::Contact => Vec::new(),
            }
        };
        let spans = grains.iter().map(|&grain| (grain, spans(grain))).collect();
        Self { months, spans }
    }

    /// Returns the months in order.
    pub(super) fn months(&self) -> &[(Month, &'c MonthCounts)] {
        &self.months
    }
}

fn single<'c>((month, counts): &(Month, &'c MonthCounts)) -> Span<'c> {
    Span {
        number: month.0,
        first: *month,
        month: *month,
        quarters: Vec::new(),
        counts: Cow::Borrowed(counts),
    }
}

/// Lays the days of promises out by week; what is not counted by day is not there.
///
/// The first and the last week may reach beyond the window: they hold the days within it.
fn weeks(months: &[(Month, &MonthCounts)]) -> Vec<Span<'static>> {
    let mut weeks: BTreeMap<i32, CommitmentCounts> = BTreeMap::new();
    for (_, counts) in months {
        for (&(department, commitment, day), &(judged, breached)) in &counts.commitments.days {
            let week = weeks.entry(day.week()).or_default();
            let own = week.outcomes.entry((count::Cell::whole(department), commitment)).or_default();
            // Of a day it is not kept which of its breaches were remedied, and a share kept does not ask.
            own.kept += judged - breached;
            own.breached_unremedied += breached;
        }
        for (key, received) in &counts.commitments.received {
            weeks.entry(key.day.week()).or_default().received.entry(*key).or_default().merge(received);
        }
    }
    let span = |(number, commitments): (i32, CommitmentCounts)| Span {
        number,
        first: Day(7 * number).month(),
        month: Day(7 * number).month(),
        quarters: Vec::new(),
        counts: Cow::Owned(MonthCounts { commitments, ..MonthCounts::default() }),
    };
    weeks.into_iter().map(span).collect()
}

/// A longer period: its number and its first month.
type Long = (i32, Month);

fn quarter(month: Month) -> (Long, Month) {
    let quarter = month.quarter();
    ((quarter.0, quarter.first_month()), quarter.last_month())
}

fn year(month: Month) -> (Long, Month) {
    let first = Month::new(month.year(), 1);
    ((month.year(), first), first.plus(11))
}

/// Adds the months to the longer periods that hold them, which `period` gives with their last months, where they are over.
fn joined<'c>(
    months: &[(Month, &'c MonthCounts)],
    period: fn(Month) -> (Long, Month),
    is_over: impl Fn(Month) -> bool,
) -> Vec<Span<'c>> {
    let parts = months.chunk_by(|one, next| period(one.0) == period(next.0));
    let ended = parts.filter(|own| is_over(period(own[0].0).1));
    let span = |own: &[(Month, &'c MonthCounts)]| {
        let ((number, first), month) = period(own[0].0);
        let quarters = (first.quarter().0..=month.quarter().0).rev().map(Quarter).collect();
        Span {
            number,
            first,
            month,
            quarters,
            counts: Cow::Owned(merge(own.iter().map(|(_, counts)| *counts))),
        }
    };
    ended.map(span).collect()
}

/// Returns the grain at which a relation is told: competency is assessed by quarters, so a relation with it has no months.
pub(super) fn grain(relation: &Relation) -> Grain {
    let is_slow = |code: &str| Code::parse(code).is_some_and(|code| code.is_of_assessments());
    match relation.grain {
        Grain::Month if is_slow(&relation.x) || is_slow(&relation.y) => Grain::Quarter,
        grain => grain,
    }
}

/// Figures of one side by period and department, each with the number of its stretch without a break.
type Side = BTreeMap<(i32, u32), (Estimate, usize)>;

/// Both sides of a relation, measured once for all its lags.
pub(super) struct Sides(Result<(Side, Side), Reason>);

impl Sides {
    /// Measures both sides in every department and period; a side without any figure says why.
    pub(super) fn new(context: &Context<'_>, periods: &Periods<'_>, relation: &Relation) -> Self {
        let spans = periods.spans.get(&grain(relation)).map_or(&[][..], Vec::as_slice);
        let side = |code: &str| {
            let code = Code::parse(code).ok_or(Reason::NotMeasured)?;
            side(context, (periods, spans), &code)
        };
        Self(side(&relation.x).and_then(|x| Ok((x, side(&relation.y)?))))
    }

    /// Returns the cells where both sides are measured, the first side `lag` periods before the second, or why a side has no figure at all.
    ///
    /// A cell belongs to the period of its second side. Where either period lacks a figure or lies outside the window there is none.
    pub(super) fn cells(&self, lag: i32) -> Result<Vec<Cell>, Reason> {
        let (x, y) = self.0.as_ref().map_err(|reason| *reason)?;
        let pairs = y.iter().filter_map(|(&(number, department), y)| {
            Some((number, department, x.get(&(number - lag, department))?, y))
        });
        let pairs: Vec<_> = pairs.collect();
        let stretches: BTreeSet<(usize, usize)> = pairs.iter().map(|(.., x, y)| (x.1, y.1)).collect();
        let cell = |(number, department, x, y): (i32, u32, &(Estimate, usize), &(Estimate, usize))| Cell {
            department: department as usize,
            period: usize::try_from(number).expect("periods are counted from year 0"),
            stretch: stretches.range(..(x.1, y.1)).count(),
            x: x.0,
            y: y.0,
        };
        Ok(pairs.into_iter().map(cell).collect())
    }
}

fn side(
    context: &Context<'_>,
    (periods, spans): (&Periods<'_>, &[Span<'_>]),
    code: &Code,
) -> Result<Side, Reason> {
    let n_departments =
        u32::try_from(context.project.departments.len()).expect("a register has fewer than 2^32 departments");
    let (mut side, mut seen) = (Side::new(), Seen::default());
    let months: Vec<Month> = breaks(context.project, code).iter().map(|change| change.month).collect();
    for span in spans {
        // A period in which the questions changed holds answers to both.
        let Some(stretch) = stretch(&months, (span.first, span.month)) else { continue };
        for department in 0..n_departments {
            let figure = match code.is_of_assessments() {
                true => {
                    let of = |&quarter: &Quarter| assessed(context, periods, code, department, quarter);
                    let figures = span.quarters.iter().map(of);
                    // The last assessment of the period there is, else why the last quarter has none.
                    figures.reduce(Figure::or).unwrap_or(Err(Reason::Gap))
                }
                false => measure(context, &span.counts, code, department, span.month),
            };
            if let Some(estimate) = seen.note(figure) {
                side.insert((span.number, department), (estimate, stretch));
            }
        }
    }
    seen.reason().map_or(Ok(side), Err)
}

/// What the figures of one side were.
#[derive(Default)]
struct Seen {
    any: bool,
    reasons: BTreeSet<Reason>,
}

impl Seen {
    fn note(&mut self, figure: Figure) -> Option<Estimate> {
        match figure {
            Ok(_) => self.any = true,
            Err(reason) => _ = self.reasons.insert(reason),
        }
        figure.ok()
    }

    /// Returns why the side has no figure at all: its one reason besides gaps, too few where there are several.
    fn reason(&self) -> Option<Reason> {
        let mut others = self.reasons.iter().filter(|&&reason| reason != Reason::Gap);
        match (self.any, others.next(), others.next()) {
            (true, ..) => None,
            (false, None, _) => Some(Reason::Gap),
            (false, Some(&only), None) => Some(only),
            (false, ..) => Some(Reason::TooFew),
        }
    }
}

/// Measures competency from the assessment of `quarter` alone: a level carried from an earlier quarter would count as one more observation.
///
/// The ratings are those known by the end of the quarter, else by the first later month of the window that knows any.
fn assessed(
    context: &Context<'_>,
    periods: &Periods<'_>,
    code: &Code,
    department: u32,
    quarter: Quarter,
) -> Figure {
    let own = periods.months.iter().filter(|(month, _)| month.quarter() == quarter);
    for (month, counts) in own.rev().filter(|(_, counts)| !counts.totals.is_empty()) {
        let figure = measure(context, counts, code, department, *month);
        if figure.is_ok_and(|estimate| estimate.marks.derived) {
            return figure;
        }
    }
    let known = periods.months.iter().filter(|(month, _)| *month >= quarter.last_month());
    let ratings =
        known.map(|(_, counts)| ratings(counts, department, quarter)).find(|ratings| !ratings.is_empty());
    let assessments = ratings.ok_or(Reason::Gap)?;
    let counts = MonthCounts { assessments, ..MonthCounts::default() };
    measure(context, &counts, code, department, quarter.last_month())
}

fn ratings(counts: &MonthCounts, department: u32, quarter: Quarter) -> BTreeMap<AssessedKey, u64> {
    let first = AssessedKey {
        department,
        quarter,
        person: 0,
        role: String::new(),
        head: false,
        competency: 0,
        level: i16::MIN,
    };
    let own = counts
        .assessments
        .range(first..)
        .take_while(|(key, _)| (key.department, key.quarter) == (department, quarter));
    own.map(|(key, &n)| (key.clone(), n)).collect()
}
