//! One relation over departments and periods: within departments, between them, and how much the sides can show at all.

use std::collections::{BTreeMap, BTreeSet};

use super::Test;
use super::cells::Cell;
use crate::project::{Grain, Method};
use crate::random::Random;
use crate::stats::bootstrap::DRAWS;
use crate::stats::correlation::smallest_detectable;
use crate::stats::panel::{self, Cells, PanelCorrelation, UNITS_TO_RESAMPLE, between, two_way};
use crate::stats::{Estimate, Reason};

/// Confidence of the intervals.
const LEVEL: f64 = 0.95;

/// Departments below which nothing can be said to go together across them.
const MIN_DEPARTMENTS: usize = 3;

/// A relation over departments and periods.
#[derive(Debug, Clone, PartialEq)]
pub struct PanelTold {
    /// The grain of the cells: quarters wherever competency is a side, else as asked.
    pub grain: Grain,
    /// Two-way within: of what remains after the levels of departments and of periods are removed; the headline.
    pub within: Result<Coefficient, Reason>,
    /// Of the departments' means.
    pub between: Result<Coefficient, Reason>,
    /// Share of the first side's two-way variation that is not sampling error; nothing where a cell's error is not known.
    pub reliability_x: Option<f64>,
    /// The same of the second side.
    pub reliability_y: Option<f64>,
    /// Smallest |r| within departments that would have been seen with power .80.
    pub smallest_detectable: Option<f64>,
    /// Cells in which both sides are measured.
    pub n_cells: u64,
    /// Departments that have one.
    pub n_departments: u64,
    /// Periods that have one.
    pub n_periods: u64,
}

/// A correlation with its test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coefficient {
    /// The coefficient; the interval is absent where departments are too few to be resampled.
    pub estimate: Estimate,
    /// Two-sided p value, by resampling or permuting departments.
    pub p_value: Option<f64>,
    /// p value of the t form, which takes cells as independent; for the feed alone.
    pub p_value_t: Option<f64>,
    /// Degrees of freedom of the t form.
    pub df: f64,
    /// p value adjusted by Holm over the family asked.
    pub p_holm: Option<f64>,
    /// p value adjusted by Benjamini and Hochberg over the family asked.
    pub p_bh: Option<f64>,
}

impl Coefficient {
    pub(super) fn test(&mut self) -> Test<'_> {
        (self.p_value, &mut self.p_holm, &mut self.p_bh)
    }
}

impl From<PanelCorrelation> for Coefficient {
    fn from(found: PanelCorrelation) -> Self {
        let correlation = found.correlation;
        Self {
            estimate: correlation.estimate,
            p_value: correlation.p_value,
            p_value_t: found.p_value_t,
            df: correlation.df,
            p_holm: None,
            p_bh: None,
        }
    }
}

/// Tells the relation of the two sides over `cells`; `words` name its random streams.
///
/// Undefined: for the reason given instead of cells, too few below three departments, and as `two_way` and `between` are.
pub(super) fn panel(
    cells: Result<&[Cell], &Reason>,
    grain: Grain,
    method: Method,
    words: [&str; 3],
) -> PanelTold {
    let reason = cells.err().copied();
    let cells = cells.unwrap_or_default();
    let longest = longest(cells);
    // Few series cannot be resampled, and series of different stretches have no period in which they could be exchanged.
    let is_many = repeated(cells).len() >= UNITS_TO_RESAMPLE;
    let within_stretches = Columns::new(if is_many { cells } else { &longest });
    let in_longest = Columns::new(&longest);
    let stream = |word: &str| Random::new(&[words[0], words[1], words[2], word]);
    let method = match method {
        Method::Pearson => panel::Coefficient::Pearson,
        Method::Spearman => panel::Coefficient::Spearman,
    };
    let within = enough(reason, repeated(cells).iter().map(|unit| unit.0).collect::<BTreeSet<usize>>().len())
        .and_then(|()| two_way(&within_stretches.cells(), method, LEVEL, DRAWS, &mut stream("within")));
    let between = enough(reason, departments(&longest).len())
        .and_then(|()| between(&in_longest.cells(), method, LEVEL, DRAWS, &mut stream("between")));
    PanelTold {
        grain,
        within: within.map(Coefficient::from),
        between: between.map(Coefficient::from),
        reliability_x: reliability(cells, |cell| &cell.x),
        reliability_y: reliability(cells, |cell| &cell.y),
        smallest_detectable: within.ok().and_then(|found| smallest_detectable(found.correlation.df).ok()),
        n_cells: cells.len() as u64,
        n_departments: departments(cells).len() as u64,
        n_periods: cells.iter().map(|cell| cell.period).collect::<BTreeSet<usize>>().len() as u64,
    }
}

fn enough(reason: Option<Reason>, n_departments: usize) -> Result<(), Reason> {
    match reason {
        Some(reason) => Err(reason),
        None if n_departments < MIN_DEPARTMENTS => Err(Reason::TooFew),
        None => Ok(()),
    }
}

/// Returns the cells of the stretch that has most, the latest of several: departments whose questions differed are not compared.
fn longest(cells: &[Cell]) -> Vec<Cell> {
    let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
    cells.iter().for_each(|cell| *sizes.entry(cell.stretch).or_default() += 1);
    let longest =
        sizes.into_iter().max_by_key(|&(stretch, size)| (size, stretch)).map(|(stretch, _)| stretch);
    cells.iter().filter(|cell| Some(cell.stretch) == longest).cloned().collect()
}

/// A department in one stretch: a level of its own, so that nothing is compared across a break.
fn unit(cell: &Cell) -> (usize, usize) {
    (cell.department, cell.stretch)
}

/// Returns how many cells each department has.
fn departments(cells: &[Cell]) -> BTreeMap<usize, usize> {
    let mut sizes = BTreeMap::new();
    cells.iter().for_each(|cell| *sizes.entry(cell.department).or_default() += 1);
    sizes
}

/// Returns the departments in a stretch with two cells at least: one alone says nothing about what varies within.
fn repeated(cells: &[Cell]) -> BTreeSet<(usize, usize)> {
    let mut sizes: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    cells.iter().for_each(|cell| *sizes.entry(unit(cell)).or_default() += 1);
    sizes.into_iter().filter(|&(_, size)| size > 1).map(|(unit, _)| unit).collect()
}

fn reliability(cells: &[Cell], side: fn(&Cell) -> &Estimate) -> Option<f64> {
    let repeated = repeated(cells);
    let own: Vec<&Cell> = cells.iter().filter(|cell| repeated.contains(&unit(cell))).collect();
    let errors: Option<Vec<f64>> = own.iter().map(|cell| side(cell).std_error).collect();
    let units: BTreeSet<(usize, usize)> = own.iter().map(|cell| unit(cell)).collect();
    let places: BTreeMap<(usize, usize), usize> = units.into_iter().zip(0..).collect();
    let department: Vec<usize> = own.iter().map(|cell| places[&unit(cell)]).collect();
    let period: Vec<usize> = own.iter().map(|cell| cell.period).collect();
    let values: Vec<f64> = own.iter().map(|cell| side(cell).value).collect();
    panel::reliability(&department, &period, &values, &errors?).ok()
}

struct Columns {
    unit: Vec<usize>,
    period: Vec<usize>,
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Columns {
    fn new(cells: &[Cell]) -> Self {
        let units: BTreeSet<(usize, usize)> = cells.iter().map(unit).collect();
        let places: BTreeMap<(usize, usize), usize> = units.into_iter().zip(0..).collect();
        Self {
            unit: cells.iter().map(|cell| places[&unit(cell)]).collect(),
            period: cells.iter().map(|cell| cell.period).collect(),
            x: cells.iter().map(|cell| cell.x.value).collect(),
            y: cells.iter().map(|cell| cell.y.value).collect(),
        }
    }

    fn cells(&self) -> Cells<'_> {
        Cells { unit: &self.unit, period: &self.period, x: &self.x, y: &self.y }
    }
}
