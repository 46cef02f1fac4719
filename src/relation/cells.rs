//! The cells of a relation: both measures of every department and period that has them.

use std::collections::{BTreeMap, BTreeSet};

use crate::count::{AssessedKey, MonthCounts};
use crate::measure::{Code, Context, measure, merge};
use crate::month::{Month, Quarter};
use crate::project::{Grain, Relation};
use crate::stats::{Estimate, Figure, Reason};

/// Both sides of a relation in one department and period.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub(super) department: usize,
    pub(super) period: usize,
    pub(super) x: Estimate,
    pub(super) y: Estimate,
}

/// The months of the window, and the quarters they make.
pub(super) struct Periods<'c> {
    months: Vec<(Month, &'c MonthCounts)>,
    quarters: Vec<(Month, MonthCounts)>,
}

impl<'c> Periods<'c> {
    /// Takes the months, which end with `reported`, and the quarters that ended by then, if any relation wants them.
    ///
    /// A first quarter may lack months, and so may the one in which the project ends, at `last`: nothing more will come of it.
    pub(super) fn new(
        months: Vec<(Month, &'c MonthCounts)>,
        (reported, last): (Month, Option<Month>),
        with_quarters: bool,
    ) -> Self {
        let is_over = last.is_some_and(|last| last <= reported);
        let of_quarter = months.chunk_by(|one, next| one.0.quarter() == next.0.quarter());
        let ended = of_quarter
            .filter(|own| with_quarters && (is_over || own[0].0.quarter().last_month() <= reported));
        let quarters = ended
            .map(|own| (own[0].0.quarter().last_month(), merge(own.iter().map(|(_, counts)| *counts))))
            .collect();
        Self { months, quarters }
    }

    /// Returns the months in order.
    pub(super) fn months(&self) -> &[(Month, &'c MonthCounts)] {
        &self.months
    }
}

/// Returns the grain at which a relation is told: competency is assessed by quarters, so a relation with it has no months.
pub(super) fn grain(relation: &Relation) -> Grain {
    let is_slow = |code: &str| Code::parse(code).is_some_and(|code| is_assessed(&code));
    match relation.grain {
        Grain::Month if is_slow(&relation.x) || is_slow(&relation.y) => Grain::Quarter,
        grain => grain,
    }
}

fn is_assessed(code: &Code) -> bool {
    matches!(code, Code::CompetencyShare | Code::Competency(..) | Code::HeadLevel)
}

/// Returns the cells where both sides are measured, or why a side has no figure in any cell.
pub(super) fn cells(
    context: &Context<'_>,
    periods: &Periods<'_>,
    relation: &Relation,
) -> Result<Vec<Cell>, Reason> {
    let (Some(x), Some(y)) = (Code::parse(&relation.x), Code::parse(&relation.y)) else {
        return Err(Reason::NotMeasured);
    };
    let is_quarterly = grain(relation) == Grain::Quarter;
    let spans: Vec<(Month, &MonthCounts)> = if is_quarterly {
        periods.quarters.iter().map(|(month, counts)| (*month, counts)).collect()
    } else {
        periods.months.clone()
    };
    let n_departments =
        u32::try_from(context.project.departments.len()).expect("a register has fewer than 2^32 departments");
    let (mut cells, mut seen_x, mut seen_y) = (Vec::new(), Seen::default(), Seen::default());
    for (month, counts) in spans {
        let figure = |code: &Code, department: u32| match is_assessed(code) {
            true => assessed(context, periods, code, department, month.quarter()),
            false => measure(context, counts, code, department, month),
        };
        for department in 0..n_departments {
            let sides = (seen_x.note(figure(&x, department)), seen_y.note(figure(&y, department)));
            if let (Some(x), Some(y)) = sides {
                cells.push(Cell { department: department as usize, period: period(month), x, y });
            }
        }
    }
    seen_x.reason().or(seen_y.reason()).map_or(Ok(cells), Err)
}

fn period(month: Month) -> usize {
    usize::try_from(month.0).expect("months are counted from year 0")
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
