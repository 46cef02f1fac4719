//! The cells of a panel: laid out by unit and period, and permuted between units.
//!
//! In: parallel slices. Out: what each unit contributes to a correlation of residuals, and the permutation p of one. Deliberately absent: the
//! correlations themselves (`panel`).

use super::bootstrap::{Contribution, residual_correlation};
use super::correlation::{centred, deviations, midranks, product};
use crate::random::Random;
use std::collections::BTreeMap;

/// Up to so many units every permutation is tried (720).
const UNITS_TO_ENUMERATE: usize = 6;

/// The cells of a panel, one per unit and period (a later one of the same unit and period replaces an earlier one), without NaN.
#[derive(Debug, Clone, Copy)]
pub struct Cells<'a> {
    /// Unit of each cell, any numbers.
    pub unit: &'a [usize],
    /// Period of each cell, any numbers.
    pub period: &'a [usize],
    /// One side.
    pub x: &'a [f64],
    /// The other side.
    pub y: &'a [f64],
}

/// Which coefficient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coefficient {
    /// Of the values.
    Pearson,
    /// Of the midranks over all cells.
    Spearman,
}

/// Cells as a table: units in rows, periods in columns.
pub(super) struct Grid {
    /// One row per unit, one place per period.
    pub(super) rows: Vec<Vec<Option<(f64, f64)>>>,
    /// Number of periods.
    pub(super) n_periods: usize,
}

impl Grid {
    /// Lays out the cells of units that have at least `least` of them, both sides about their means, each in its unit.
    pub(super) fn new(cells: &Cells, coefficient: Coefficient, least: usize) -> Self {
        let (x, y) = match coefficient {
            Coefficient::Pearson => (deviations(cells.x), deviations(cells.y)),
            Coefficient::Spearman => (centred(&midranks(cells.x)), centred(&midranks(cells.y))),
        };
        let mut units: BTreeMap<usize, BTreeMap<usize, (f64, f64)>> = BTreeMap::new();
        for (place, (&unit, &period)) in cells.unit.iter().zip(cells.period).enumerate() {
            units.entry(unit).or_default().insert(period, (x[place], y[place]));
        }
        units.retain(|_, series| series.len() >= least);
        let mut periods: BTreeMap<usize, usize> =
            units.values().flat_map(|series| series.keys().map(|&period| (period, 0))).collect();
        periods.values_mut().enumerate().for_each(|(place, column)| *column = place);
        let row = |series: &BTreeMap<usize, (f64, f64)>| {
            let mut row = vec![None; periods.len()];
            series.iter().for_each(|(period, &cell)| row[periods[period]] = Some(cell));
            row
        };
        Self { rows: units.values().map(row).collect(), n_periods: periods.len() }
    }

    /// Returns the number of cells.
    pub(super) fn n_cells(&self) -> usize {
        self.rows.iter().map(|row| row.iter().flatten().count()).sum()
    }

    /// Returns the contributions of all units when the x series of each meets the y series of unit `partner[unit]`.
    pub(super) fn contributions(&self, partner: &[usize]) -> Vec<Contribution> {
        let pair = |(row, &other): (&Vec<Option<(f64, f64)>>, &usize)| {
            let cells = row.iter().zip(&self.rows[other]);
            contribution(cells.map(|(x, y)| Some((x.as_ref()?.0, y.as_ref()?.1))))
        };
        self.rows.iter().zip(partner).map(pair).collect()
    }

    /// Returns the contributions of the units' means, each as a weighted row from which the general mean is to be removed.
    pub(super) fn unit_means(&self) -> Vec<Contribution> {
        self.rows.iter().map(|row| unit_mean(row)).collect()
    }
}

/// Returns what a unit's series adds, its own mean removed; the effects are those of the periods.
fn contribution(series: impl Iterator<Item = Option<(f64, f64)>>) -> Contribution {
    let series: Vec<Option<(f64, f64)>> = series.collect();
    let present: Vec<f64> = series.iter().map(|cell| f64::from(u8::from(cell.is_some()))).collect();
    let n = present.iter().sum::<f64>().max(1.0);
    let side = |pick: fn((f64, f64)) -> f64| -> Vec<f64> {
        let mean = series.iter().flatten().map(|&cell| pick(cell)).sum::<f64>() / n;
        series.iter().map(|cell| cell.map_or(0.0, |cell| pick(cell) - mean)).collect()
    };
    let (x, y) = (side(|cell| cell.0), side(|cell| cell.1));
    let outer = present.iter().map(|one| one / n.sqrt()).collect();
    Contribution {
        products: [product(&x, &x), product(&x, &y), product(&y, &y)],
        diagonal: present,
        outer,
        x,
        y,
    }
}

fn unit_mean(row: &[Option<(f64, f64)>]) -> Contribution {
    let n = row.iter().flatten().count() as f64;
    let x = row.iter().flatten().map(|cell| cell.0).sum::<f64>();
    let y = row.iter().flatten().map(|cell| cell.1).sum::<f64>();
    let products = [x * x / n, x * y / n, y * y / n];
    Contribution { diagonal: vec![n], outer: vec![0.0], x: vec![x], y: vec![y], products }
}

/// Returns the means of x and of y of every unit, units in ascending order.
///
/// What a rank correlation between units takes: `associate` of Kendall's tau, say, each unit counting once. The means lie about their mean, in
/// the unit of their side.
pub fn unit_means(cells: &Cells) -> (Vec<f64>, Vec<f64>) {
    let grid = Grid::new(cells, Coefficient::Pearson, 1);
    let mean = |row: &Vec<Option<(f64, f64)>>, pick: fn(&(f64, f64)) -> f64| {
        row.iter().flatten().map(pick).sum::<f64>() / row.iter().flatten().count() as f64
    };
    let side = |pick: fn(&(f64, f64)) -> f64| grid.rows.iter().map(|row| mean(row, pick)).collect();
    (side(|cell| cell.0), side(|cell| cell.1))
}

/// Returns the share of permutations of y series between units whose |r| reaches the observed one; nothing with one unit.
pub(super) fn permuted(grid: &Grid, r: f64, draws: usize, random: &mut Random) -> Option<f64> {
    let n_units = grid.rows.len();
    if n_units < 2 {
        return None;
    }
    let ones = vec![1; n_units];
    let reaches = |partner: &[usize]| {
        let found = residual_correlation(&grid.contributions(partner), &ones);
        found.map(|found| found.r.abs() >= r.abs() - 1e-12)
    };
    let mut partner: Vec<usize> = (0..n_units).collect();
    let (mut reached, mut tried) = (0u64, 0u64);
    let mut count = |reaches: Option<bool>| {
        tried += u64::from(reaches.is_some());
        reached += u64::from(reaches == Some(true));
    };
    if n_units <= UNITS_TO_ENUMERATE {
        every_permutation(&mut partner, 0, &mut |partner| count(reaches(partner)));
    } else {
        count(Some(true));
        for _ in 0..draws {
            random.shuffle(&mut partner);
            count(reaches(&partner));
        }
    }
    (tried > 1).then(|| reached as f64 / tried as f64)
}

fn every_permutation(items: &mut [usize], fixed: usize, visit: &mut impl FnMut(&[usize])) {
    if fixed == items.len() {
        return visit(items);
    }
    for place in fixed..items.len() {
        items.swap(fixed, place);
        every_permutation(items, fixed + 1, visit);
        items.swap(fixed, place);
    }
}
