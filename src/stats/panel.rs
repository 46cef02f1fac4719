//! Correlations in panels of units and periods: within units (one-way, two-way) and between them.
//!
//! In: cells (unit, period, x, y), any of them missing. Out: correlations that differences between units, or shocks that all units share in
//! a period, cannot feign. Deliberately absent: the pooled correlation, which mixes the three. Interval and p come from resampling whole
//! units (`bootstrap`, where the measured error rates stand), since a unit's months are not independent of one another.

use super::bootstrap::{Contribution, Residual, resample, residual_correlation};
pub use super::cells::{Cells, Coefficient, unit_means};
use super::cells::{Grid, permuted};
use super::correlation::{Correlation, p_value};
use super::distribution::normal_quantile;
use super::interval;
use super::scale;
use super::{Estimate, Marks, Reason};
use crate::random::Random;

/// Units from which on they are resampled; with fewer, series are permuted and there is no interval.
pub const UNITS_TO_RESAMPLE: usize = 15;

/// A correlation in a panel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PanelCorrelation {
    /// The coefficient; n counts the cells used, interval (at the level asked for) and p come from the units, df belongs to the t form.
    pub correlation: Correlation,
    /// p value of the t form, which takes cells as independent; beside the other one for comparison with R.
    pub p_value_t: Option<f64>,
    /// Units used: those with two cells at least (with one, for `between`).
    pub n_units: u64,
    /// Periods used.
    pub n_periods: u64,
}

/// Returns the two-way within correlation: of the residuals of x and y after least squares on unit and period dummies.
///
/// Units are partialled out exactly, then the system of the periods is solved. With N cells (of units with two at least), D units, T periods
/// and C connected parts of the panel, the t form has df = N − D − T + C − 1, which is N − D − T for a connected panel; a period with a single
/// cell takes it up. Interval and p: bootstrap-t of `draws` draws of units; below 15 units p by permuting whole y series between units
/// (all permutations up to 6 units; only periods that both units have count) and no interval; the p value of the draws is at least
/// 1/(`draws` + 1). Unrelated series autocorrelated at .5-.8 come out below 5 % in 3.6 % (5 units), 3.9 % (8), 4.3 % (12) of 2000 panels.
/// Undefined: too few without a degree of freedom, no variation when nothing of a side remains. Golden: R `lm(y ~ unit + period)` residuals.
pub fn two_way(
    cells: &Cells,
    coefficient: Coefficient,
    level: f64,
    draws: usize,
    random: &mut Random,
) -> Result<PanelCorrelation, Reason> {
    let grid = Grid::new(cells, coefficient, 2);
    let n_units = grid.rows.len();
    let own: Vec<usize> = (0..n_units).collect();
    let units = grid.contributions(&own);
    let found = residual_correlation(&units, &vec![1; n_units]);
    let parts = found.map_or(1, |found| found.n_dependent);
    let df = (grid.n_cells() + parts) as f64 - (n_units + grid.n_periods + 1) as f64;
    if df < 1.0 {
        return Err(Reason::TooFew);
    }
    let found = found.ok_or(Reason::NoVariation)?;
    let sizes = Sizes { n: grid.n_cells(), n_units, n_periods: grid.n_periods, df };
    if n_units >= UNITS_TO_RESAMPLE {
        return Ok(resampled((&units, &found, &sizes), level, draws, random));
    }
    let p = permuted(&grid, found.r, draws, random);
    Ok(described(&found, &sizes, None, p))
}

/// Returns the one-way within correlation (repeated measures): units' own means removed, periods left in.
///
/// r with df = N − D − 1, Fisher's interval with 1/√(df−1), p by the t form: Bakdash and Marusich (2017), as R `rmcorr`. It takes the cells of
/// a unit as independent and lets shared shocks through: `two_way` is the headline. Undefined as `two_way` is.
pub fn one_way(cells: &Cells, coefficient: Coefficient, level: f64) -> Result<PanelCorrelation, Reason> {
    let grid = Grid::new(cells, coefficient, 2);
    let n_units = grid.rows.len();
    let mut units = grid.contributions(&(0..n_units).collect::<Vec<usize>>());
    for unit in &mut units {
        (unit.diagonal, unit.outer, unit.x, unit.y) = (vec![], vec![], vec![], vec![]);
    }
    let df = grid.n_cells() as f64 - n_units as f64 - 1.0;
    if df < 1.0 {
        return Err(Reason::TooFew);
    }
    let mut found = residual_correlation(&units, &vec![1; n_units]).ok_or(Reason::NoVariation)?;
    found.std_error = 1.0 / (df - 1.0).sqrt();
    let sizes = Sizes { n: grid.n_cells(), n_units, n_periods: grid.n_periods, df };
    let ends =
        (df > 1.0).then(|| interval::fisher(found.r, normal_quantile(0.5 + 0.5 * level) * found.std_error));
    Ok(described(&found, &sizes, ends, p_value(found.r, df)))
}

/// Returns the correlation of the units' means, weighted by their numbers of cells.
///
/// From 15 units on interval and p are by bootstrap-t of units; below, Fisher's interval (four units at least) and the t form with D − 2
/// degrees of freedom. Undefined: too few below three units, no variation when the means are all the same. Same coefficient as R
/// `psych::statsBy` (`rbg`).
pub fn between(
    cells: &Cells,
    coefficient: Coefficient,
    level: f64,
    draws: usize,
    random: &mut Random,
) -> Result<PanelCorrelation, Reason> {
    let grid = Grid::new(cells, coefficient, 1);
    let n_units = grid.rows.len();
    if n_units < 3 {
        return Err(Reason::TooFew);
    }
    let units: Vec<Contribution> = grid.unit_means();
    let found = residual_correlation(&units, &vec![1; n_units]).ok_or(Reason::NoVariation)?;
    let sizes = Sizes { n: grid.n_cells(), n_units, n_periods: grid.n_periods, df: n_units as f64 - 2.0 };
    if n_units >= UNITS_TO_RESAMPLE {
        return Ok(resampled((&units, &found, &sizes), level, draws, random));
    }
    let spread = Residual { std_error: 1.0 / (n_units as f64 - 3.0).sqrt(), ..found };
    let ends = (n_units > 3)
        .then(|| interval::fisher(found.r, normal_quantile(0.5 + 0.5 * level) * spread.std_error));
    Ok(described(&spread, &sizes, ends, p_value(found.r, sizes.df)))
}

struct Sizes {
    n: usize,
    n_units: usize,
    n_periods: usize,
    df: f64,
}

fn resampled(
    (units, found, sizes): (&[Contribution], &Residual, &Sizes),
    level: f64,
    draws: usize,
    random: &mut Random,
) -> PanelCorrelation {
    let resampled = resample(units, found, level, draws, random);
    let ends = resampled.map(|resampled| interval::fisher(found.r, resampled.half_width));
    described(found, sizes, ends, resampled.map(|resampled| resampled.p_value))
}

fn described(found: &Residual, sizes: &Sizes, ends: Option<(f64, f64)>, p: Option<f64>) -> PanelCorrelation {
    let has_error = ends.is_some() && found.std_error.is_finite() && found.std_error > 0.0;
    // Independent rows whose Fisher z would have this standard error, at most the cells; without one, those of the t form.
    let precise = (3.0 + 1.0 / (found.std_error * found.std_error)).min(sizes.n as f64);
    let n_effective = if has_error { precise } else { sizes.df + 2.0 };
    let estimate = Estimate {
        value: found.r,
        std_error: has_error.then_some((1.0 - found.r * found.r) * found.std_error),
        lower: ends.map(|ends| ends.0),
        upper: ends.map(|ends| ends.1),
        n: sizes.n as u64,
        n_effective,
        marks: Marks::default(),
    };
    PanelCorrelation {
        correlation: Correlation { estimate, p_value: p, df: sizes.df },
        p_value_t: p_value(found.r, sizes.df),
        n_units: sizes.n_units as u64,
        n_periods: sizes.n_periods as u64,
    }
}

/// Returns the reliability of a measure over cells after units and periods are removed: the share of what varies that is not sampling error.
///
/// max(0, 1 − mean(se²) / (RSS / (N − D − T + C))), `std_error` being each cell's. The residual sum of squares is divided by its degrees of
/// freedom, because removing the dummies takes the same share of sampling error and of true variation. Undefined as `two_way` is.
pub fn reliability(
    unit: &[usize],
    period: &[usize],
    value: &[f64],
    std_error: &[f64],
) -> Result<f64, Reason> {
    // Value and error in one unit.
    let scale = scale::unit(value.iter().copied());
    let value: Vec<f64> = value.iter().map(|value| value / scale).collect();
    let grid = Grid::new(&Cells { unit, period, x: &value, y: &value }, Coefficient::Pearson, 2);
    let n_units = grid.rows.len();
    let units = grid.contributions(&(0..n_units).collect::<Vec<usize>>());
    let found = residual_correlation(&units, &vec![1; n_units]);
    let parts = found.map_or(1, |found| found.n_dependent);
    let df = (grid.n_cells() + parts) as f64 - (n_units + grid.n_periods) as f64;
    if df < 2.0 {
        return Err(Reason::TooFew);
    }
    let found = found.ok_or(Reason::NoVariation)?;
    let squares = std_error.iter().map(|error| error / scale).map(|error| error * error);
    let error = squares.sum::<f64>() / std_error.len() as f64;
    Ok((1.0 - error / (found.squares / df)).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Unit, period, x, y of 7 units × 5 periods with eight cells missing.
    const UNBALANCED: [(usize, usize, i32, i32); 27] = [
        (0, 1, 53, -5),
        (0, 2, 67, 5),
        (0, 3, 66, 4),
        (0, 4, 73, 25),
        (1, 0, 50, 19),
        (1, 1, 49, 9),
        (1, 2, 51, 14),
        (1, 4, 56, 30),
        (2, 1, 54, 8),
        (2, 2, 57, 18),
        (2, 3, 50, 13),
        (3, 2, 66, 6),
        (3, 3, 61, 3),
        (3, 4, 73, 25),
        (4, 0, 54, 23),
        (4, 1, 50, 15),
        (4, 2, 43, 18),
        (4, 4, 62, 40),
        (5, 0, 58, 9),
        (5, 1, 47, -6),
        (5, 2, 58, 9),
        (5, 4, 66, 29),
        (6, 0, 57, 7),
        (6, 1, 53, -1),
        (6, 2, 65, 9),
        (6, 3, 57, 6),
        (6, 4, 73, 27),
    ];

    type Columns = (Vec<usize>, Vec<usize>, Vec<f64>, Vec<f64>);

    fn columns(rows: impl IntoIterator<Item = (usize, usize, f64, f64)>) -> Columns {
        let mut columns: Columns = Default::default();
        for (unit, period, x, y) in rows {
            columns.0.push(unit);
            columns.1.push(period);
            columns.2.push(x);
            columns.3.push(y);
        }
        columns
    }

    fn unbalanced(keep: impl Fn(usize, usize) -> bool) -> Columns {
        let kept = UNBALANCED.iter().filter(|cell| keep(cell.0, cell.1));
        columns(kept.map(|&(unit, period, x, y)| (unit, period, x.into(), y.into())))
    }

    fn cells(columns: &Columns) -> Cells<'_> {
        Cells { unit: &columns.0, period: &columns.1, x: &columns.2, y: &columns.3 }
    }

    /// x and y without relation, both with unit levels and shocks that all units share in a period.
    fn unrelated(n_units: usize, n_periods: usize, random: &mut Random) -> Columns {
        let shocks: Vec<f64> = (0..n_periods).map(|_| 2.0 * random.normal()).collect();
        let mut rows = vec![];
        for unit in 0..n_units {
            let (mut x, mut y, level) = (random.normal(), random.normal(), 3.0 * random.normal());
            for (period, shock) in shocks.iter().enumerate() {
                (x, y) = (0.5 * x + random.normal(), 0.5 * y + random.normal());
                rows.push((unit, period, x + shock + level, y + shock - level));
            }
        }
        columns(rows)
    }

    fn two(columns: &Columns, coefficient: Coefficient, draws: usize) -> Result<PanelCorrelation, Reason> {
        two_way(&cells(columns), coefficient, 0.95, draws, &mut Random::new(&["panel"]))
    }

    fn check(found: &PanelCorrelation, r: f64, df: f64, p: f64) {
        let value = found.correlation.estimate.value;
        assert!((value - r).abs() < 1e-12, "{value} is not {r}");
        assert!((found.correlation.df - df).abs() < 1e-12);
        assert!((found.p_value_t.expect("given") / p - 1.0).abs() < 1e-9);
    }

    #[test]
    fn two_way_agrees_with_dummies() {
        // numpy.linalg.lstsq of both sides on unit and period dummies, df = N − rank − 1; ranks by scipy.stats.rankdata.
        let all = unbalanced(|_, _| true);
        let found = two(&all, Coefficient::Pearson, 200).expect("defined");
        check(&found, 0.7201138831062246, 15.0, 0.0011141337521194078);
        assert_eq!((found.n_units, found.n_periods, found.correlation.estimate.lower), (7, 5, None));
        check(
            &two(&all, Coefficient::Spearman, 99).expect("defined"),
            0.1940679592905943,
            15.0,
            0.45545320371966463,
        );
        let parts = unbalanced(|unit, period| (unit < 3) == (period < 2));
        check(
            &two(&parts, Coefficient::Pearson, 99).expect("defined"),
            0.7946232813966931,
            3.0,
            0.10821993656271348,
        );
    }

    #[test]
    fn one_way_and_between_agree_with_peers() {
        // D11: pingouin.rm_corr 0.6.1 and psych::statsBy, statistics.md 4.3.
        let d11 = columns((0..48).map(|i| {
            let (level, wave, other) = (10.0 * (i / 8 + 1) as f64, (7 * i % 5) as f64, (3 * i % 4) as f64);
            (i / 8, i % 8, level + wave, 100.0 - level + 0.6 * wave + 0.5 * other)
        }));
        let within = one_way(&cells(&d11), Coefficient::Pearson, 0.95).expect("defined");
        assert!((within.correlation.estimate.value - 0.833882621886).abs() < 1e-11);
        assert!((within.correlation.df - 41.0).abs() < 1e-12);
        let ends = (within.correlation.estimate.lower, within.correlation.estimate.upper);
        assert!(
            (ends.0.expect("given") - 0.71).abs() < 0.005 && (ends.1.expect("given") - 0.91).abs() < 0.005
        );
        let random = &mut Random::new(&["between"]);
        let between_units = between(&cells(&d11), Coefficient::Pearson, 0.95, 99, random).expect("defined");
        assert!((between_units.correlation.estimate.value + 0.999902323962).abs() < 1e-11);
        // numpy.cov of the unit means with aweights = numbers of cells.
        let all = unbalanced(|_, _| true);
        let weighted = between(&cells(&all), Coefficient::Pearson, 0.95, 99, random).expect("defined");
        assert!((weighted.correlation.estimate.value + 0.7707634519625808).abs() < 1e-12);
    }

    #[test]
    fn hard_cases_say_why() {
        let none = columns([]);
        assert_eq!(two(&none, Coefficient::Pearson, 9), Err(Reason::TooFew));
        assert_eq!(one_way(&cells(&none), Coefficient::Pearson, 0.95), Err(Reason::TooFew));
        let one_unit = unbalanced(|unit, _| unit == 0);
        assert_eq!(two(&one_unit, Coefficient::Pearson, 9), Err(Reason::TooFew));
        let mut additive = unbalanced(|_, _| true);
        let sum = |place: usize| 1e6 + 0.1 * (additive.0[place] * 7 + additive.1[place] * 13) as f64;
        additive.2 = (0..27).map(sum).collect();
        assert_eq!(two(&additive, Coefficient::Pearson, 9), Err(Reason::NoVariation));
        let mut far = unbalanced(|_, _| true);
        far.2.iter_mut().for_each(|x| *x += 1e9);
        let value = two(&far, Coefficient::Pearson, 9).expect("defined").correlation.estimate.value;
        assert!((value - 0.7201138831062246).abs() < 1e-9);
    }

    #[test]
    fn single_cells_neither_add_nor_take_anything() {
        let mut more = unbalanced(|_, _| true);
        for (unit, period) in [(90, 2), (91, 77)] {
            more.0.push(unit);
            more.1.push(period);
            more.2.push(1000.0);
            more.3.push(-1000.0);
        }
        check(
            &two(&more, Coefficient::Pearson, 99).expect("defined"),
            0.7201138831062246,
            15.0,
            0.0011141337521194078,
        );
    }

    #[test]
    fn unrelated_series_with_shared_shocks_seldom_look_related() {
        // 15 units are resampled, 8 are permuted; 200 panels each, so a rate of 5 % has a standard error of 1.5 points.
        for n_units in [15, 8] {
            let random = &mut Random::new(&["unrelated"]);
            let mut rejected = 0;
            for _ in 0..200 {
                let panel = unrelated(n_units, 10, random);
                let found =
                    two_way(&cells(&panel), Coefficient::Pearson, 0.95, 199, random).expect("defined");
                let p = found.correlation.p_value.expect("given");
                let outside = found.correlation.estimate.lower.is_some_and(|lower| lower > 0.0)
                    || found.correlation.estimate.upper.is_some_and(|upper| upper < 0.0);
                assert!(n_units < 15 || outside == (p <= 0.05), "interval and p disagree: {p}");
                rejected += u32::from(p <= 0.05);
            }
            assert!((3..=19).contains(&rejected), "{n_units} units: {rejected} of 200");
        }
    }

    #[test]
    fn reliability_is_the_share_that_is_not_error() {
        let random = &mut Random::new(&["reliability"]);
        let truth: Vec<f64> = (0..40 * 24).map(|_| random.normal()).collect();
        let unit: Vec<usize> = (0..40 * 24).map(|place| place / 24).collect();
        let period: Vec<usize> = (0..40 * 24).map(|place| place % 24).collect();
        let value: Vec<f64> = truth.iter().map(|truth| truth + 0.5 * random.normal()).collect();
        let found = reliability(&unit, &period, &value, &[0.5; 40 * 24]).expect("defined");
        assert!((found - 0.8).abs() < 0.03, "{found}");
        let noise = reliability(&unit, &period, &truth, &[3.0; 40 * 24]).expect("defined");
        assert!(noise.abs() < 1e-12);
        assert_eq!(reliability(&[0], &[0], &[1.0], &[1.0]), Err(Reason::TooFew));
    }

    proptest! {
        #[test]
        fn bounded_repeatable_and_free_of_order(rows in prop::collection::btree_map((0usize..18, 0usize..6), (-9i32..9, -9i32..9), 0..108)) {
            let rows: Vec<_> = rows.into_iter().map(|((u, t), (x, y))| (u, t, f64::from(x), f64::from(y))).collect();
            let (forward, backward) = (columns(rows.clone()), columns(rows.into_iter().rev()));
            let found = two(&forward, Coefficient::Spearman, 20);
            prop_assert_eq!(found, two(&forward, Coefficient::Spearman, 20));
            if let (Ok(found), Ok(other)) = (found, two(&backward, Coefficient::Spearman, 20)) {
                let estimate = found.correlation.estimate;
                prop_assert!(estimate.value.abs() <= 1.0);
                prop_assert!((estimate.value - other.correlation.estimate.value).abs() < 1e-9);
                prop_assert!(estimate.lower.is_none_or(|lower| lower <= estimate.value));
                prop_assert!(estimate.upper.is_none_or(|upper| upper >= estimate.value));
            }
        }
    }
}
