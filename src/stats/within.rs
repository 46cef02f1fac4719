//! Correlations within units: repeated-measures correlation, Kendall within strata, lags.
//!
//! In: parallel slices of unit, period, x, y. Out: coefficients that differences between units cannot feign. Deliberately absent: shocks that
//! all units share in a period (`panel` removes them).

use super::Reason;
use super::codes::Codes;
use super::correlation::{midranks, p_value, product};
use super::distribution::{normal_quantile, student_two_sided};
use super::interval;
use super::kendall::Pairs;
use super::panel::UNITS_TO_RESAMPLE;
use super::percentile::percentile;
use super::scale::in_unit;
use crate::random::Random;
use std::collections::BTreeMap;

/// A repeated-measures correlation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Repeated {
    /// The coefficient.
    pub value: f64,
    /// Rows less units less one.
    pub df: f64,
    /// Two-sided p of the t form.
    pub p_value: Result<f64, Reason>,
}

impl Repeated {
    /// Returns Fisher's interval with the standard error 1/√(df−1) at `level`; too few below two degrees of freedom.
    pub fn interval(&self, level: f64) -> Result<(f64, f64), Reason> {
        if self.df <= 1.0 {
            return Err(Reason::TooFew);
        }
        let half = normal_quantile(0.5 + 0.5 * level) / (self.df - 1.0).sqrt();
        Ok(interval::fisher(self.value, half))
    }
}

/// Returns the correlation of x and y about the means of their units (Bakdash and Marusich 2017), any number of rows a unit.
///
/// df = N − D − 1 with N rows of D units. Undefined: too few below one degree of freedom, no variation within units. Same value as R `rmcorr`.
pub fn repeated(unit: &[usize], x: &[f64], y: &[f64]) -> Result<Repeated, Reason> {
    let rows = by_unit(unit);
    let df = unit.len() as f64 - rows.len() as f64 - 1.0;
    if df < 1.0 {
        return Err(Reason::TooFew);
    }
    let (a, b) = (about_units(&rows, &in_unit(x)), about_units(&rows, &in_unit(y)));
    let (xx, yy) = (product(&a, &a), product(&b, &b));
    if xx <= 0.0 || yy <= 0.0 {
        return Err(Reason::NoVariation);
    }
    let value = (product(&a, &b) / (xx.sqrt() * yy.sqrt())).clamp(-1.0, 1.0);
    Ok(Repeated { value, df, p_value: p_value(value, df).ok_or(Reason::TooFew) })
}

/// Returns `repeated` of the midranks over all rows: Spearman within units.
pub fn repeated_ranks(unit: &[usize], x: &[f64], y: &[f64]) -> Result<Repeated, Reason> {
    repeated(unit, &midranks(x), &midranks(y))
}

/// Kendall's tau-b within strata.
#[derive(Debug, Clone, PartialEq)]
pub struct Stratified {
    /// Σ(C − D) / √(Σ untied on x · Σ untied on y) over the strata.
    pub value: f64,
    /// Rows in strata of two rows or more.
    pub n: u64,
    /// Strata of two rows or more.
    pub strata: u64,
    /// Σ(C − D) / √Σvar: normal without relation, strata being independent.
    pub z: Result<f64, Reason>,
    /// Two-sided p of z.
    pub p_value: Result<f64, Reason>,
    pairs: Vec<Pairs>,
}

/// Returns Kendall's tau-b of the pairs of rows that share a stratum; pairs of different strata do not count.
///
/// Undefined: too few without a stratum of three rows, no variation within strata. With one stratum it is tau-b itself.
pub fn stratified_kendall(stratum: &[usize], x: &[f64], y: &[f64]) -> Result<Stratified, Reason> {
    let rows = by_unit(stratum);
    let take = |rows: &[usize], side: &[f64]| {
        Codes::new(rows.iter().map(|&row| Some(side[row])).collect::<Vec<_>>().into_iter())
    };
    let strata = rows.values().filter(|rows| rows.len() > 1);
    let pairs: Vec<Pairs> = strata.map(|rows| Pairs::new(&take(rows, x), &take(rows, y))).collect();
    if pairs.iter().all(|pairs| pairs.n < 3) {
        return Err(Reason::TooFew);
    }
    let value = pooled(pairs.iter()).ok_or(Reason::NoVariation)?;
    let score: f64 = pairs.iter().map(|pairs| pairs.score as f64).sum();
    let z = score / pairs.iter().map(Pairs::variance).sum::<f64>().sqrt();
    let z = if z.is_finite() { Ok(z) } else { Err(Reason::NoVariation) };
    let n = pairs.iter().map(|pairs| pairs.n).sum();
    let p_value = z.map(|z| student_two_sided(z, f64::INFINITY));
    Ok(Stratified { value, n, strata: pairs.len() as u64, z, p_value, pairs })
}

impl Stratified {
    /// Returns the percentile interval at `level` over `draws` draws of whole strata; too few below 15 strata.
    pub fn interval(&self, level: f64, draws: usize, random: &mut Random) -> Result<(f64, f64), Reason> {
        if self.pairs.len() < UNITS_TO_RESAMPLE || draws == 0 {
            return Err(Reason::TooFew);
        }
        let one = |random: &mut Random| {
            let size = self.pairs.len() as u64;
            let drawn: Vec<&Pairs> = (0..size).map(|_| &self.pairs[random.below(size) as usize]).collect();
            pooled(drawn.into_iter())
        };
        let mut values: Vec<f64> = (0..draws).filter_map(|_| one(random)).collect();
        values.sort_by(f64::total_cmp);
        let tail = 0.5 * (1.0 - level);
        let end = |p: f64| percentile(&values, p);
        Ok((end(tail)?.min(self.value), end(1.0 - tail)?.max(self.value)))
    }
}

fn pooled<'a>(pairs: impl Iterator<Item = &'a Pairs>) -> Option<f64> {
    let (mut score, mut x, mut y) = (0.0, 0.0, 0.0);
    for pairs in pairs {
        let untied = pairs.untied();
        score += pairs.score as f64;
        x += untied.0;
        y += untied.1;
    }
    (x > 0.0 && y > 0.0).then(|| (score / (x.sqrt() * y.sqrt())).clamp(-1.0, 1.0))
}

/// Returns the rows of each unit.
fn by_unit(unit: &[usize]) -> BTreeMap<usize, Vec<usize>> {
    let mut rows: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    unit.iter().enumerate().for_each(|(row, &unit)| rows.entry(unit).or_default().push(row));
    rows
}

/// Returns the values minus the mean of their unit.
fn about_units(rows: &BTreeMap<usize, Vec<usize>>, values: &[f64]) -> Vec<f64> {
    let mut rest = vec![0.0; values.len()];
    for rows in rows.values() {
        let first = values[rows[0]];
        let mean = rows.iter().map(|&row| values[row] - first).sum::<f64>() / rows.len() as f64;
        rows.iter().for_each(|&row| rest[row] = (values[row] - first) - mean);
    }
    rest
}

/// Cells of a panel by value: unit, period, x, y.
pub type Rows = (Vec<usize>, Vec<usize>, Vec<f64>, Vec<f64>);

/// Pairs x of a period with y of `lag` periods later in the same unit; periods are numbered without gaps in time.
pub fn lagged(rows: &Rows, lag: usize) -> Rows {
    let (unit, period, x, y) = rows;
    let place: BTreeMap<(usize, usize), usize> =
        unit.iter().copied().zip(period.iter().copied()).zip(0..).collect();
    let mut found: Rows = Default::default();
    for (row, &x) in x.iter().enumerate() {
        if let Some(&later) = place.get(&(unit[row], period[row] + lag)) {
            found.0.push(unit[row]);
            found.1.push(period[row]);
            found.2.push(x);
            found.3.push(y[later]);
        }
    }
    found
}

/// Returns the changes of x and y since the period before; a period after a gap has none.
pub fn differences(rows: &Rows) -> Rows {
    let (unit, period, x, y) = rows;
    let place: BTreeMap<(usize, usize), usize> =
        unit.iter().copied().zip(period.iter().copied()).zip(0..).collect();
    let mut found: Rows = Default::default();
    for row in 0..unit.len() {
        let before = period[row].checked_sub(1).and_then(|before| place.get(&(unit[row], before)));
        if let Some(&before) = before {
            found.0.push(unit[row]);
            found.1.push(period[row]);
            found.2.push(x[row] - x[before]);
            found.3.push(y[row] - y[before]);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// D11 of statistics.md: the sign flips between departments and within them.
    fn d11() -> (Vec<usize>, Vec<f64>, Vec<f64>) {
        let row = |i: u32| {
            let (level, wave, other) =
                (10.0 * f64::from(i / 8 + 1), f64::from(7 * i % 5), f64::from(3 * i % 4));
            (i as usize / 8, level + wave, 100.0 - level + 0.6 * wave + 0.5 * other)
        };
        let rows: Vec<(usize, f64, f64)> = (0..48).map(row).collect();
        (
            rows.iter().map(|r| r.0).collect(),
            rows.iter().map(|r| r.1).collect(),
            rows.iter().map(|r| r.2).collect(),
        )
    }

    #[test]
    fn agrees_with_rmcorr() {
        // statistics.md 4.3, D11: rmcorr and pingouin.rm_corr.
        let (unit, x, y) = d11();
        let found = repeated(&unit, &x, &y).expect("defined");
        assert!((found.value - 0.833_882_621_886).abs() < 1e-11);
        assert!((found.df - 41.0).abs() < 1e-12);
        let (low, high) = found.interval(0.95).expect("given");
        assert!((low - 0.71).abs() < 0.005 && (high - 0.91).abs() < 0.005);
        assert!(stratified_kendall(&unit, &x, &y).expect("defined").value > 0.5);
        assert!(
            super::super::association::associate(super::super::association::Kind::Kendall, &x, &y)
                .expect("defined")
                .value
                < -0.7
        );
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(repeated(&[], &[], &[]), Err(Reason::TooFew));
        assert_eq!(repeated(&[1, 1, 2], &[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0]), Err(Reason::TooFew));
        assert_eq!(repeated(&[1; 5], &[7.1; 5], &[1.0, 2.0, 3.0, 4.0, 5.0]), Err(Reason::NoVariation));
        assert_eq!(
            stratified_kendall(&[1, 2, 3], &[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0]).map(|s| s.n),
            Err(Reason::TooFew)
        );
        let (unit, x, y) = d11();
        let few = stratified_kendall(&unit, &x, &y).expect("defined");
        assert_eq!(few.interval(0.95, 99, &mut Random::new(&[])), Err(Reason::TooFew));
    }

    #[test]
    fn lags_keep_units_and_gaps() {
        let rows: Rows = (
            vec![1, 1, 1, 2, 2],
            vec![0, 1, 3, 0, 1],
            vec![1.0, 2.0, 3.0, 4.0, 5.0],
            vec![10.0, 20.0, 30.0, 40.0, 50.0],
        );
        assert_eq!(lagged(&rows, 1), (vec![1, 2], vec![0, 0], vec![1.0, 4.0], vec![20.0, 50.0]));
        assert_eq!(lagged(&rows, 0), rows);
        assert_eq!(differences(&rows), (vec![1, 2], vec![1, 1], vec![1.0, 1.0], vec![10.0, 10.0]));
    }

    proptest! {
        #[test]
        fn levels_of_units_change_nothing(rows in prop::collection::vec((0usize..20, -9i32..9, -9i32..9), 4..90), shift in -5i32..5) {
            let unit: Vec<usize> = rows.iter().map(|row| row.0).collect();
            let side = |pick: fn(&(usize, i32, i32)) -> i32, shift: i32| {
                rows.iter().map(|row| f64::from(pick(row) + shift * row.0 as i32)).collect::<Vec<f64>>()
            };
            let (x, y, far) = (side(|r| r.1, 0), side(|r| r.2, 0), side(|r| r.1, shift));
            let value = |found: Result<Repeated, Reason>| found.map(|found| found.value);
            match (value(repeated(&unit, &x, &y)), value(repeated(&unit, &far, &y))) {
                (Ok(a), Ok(b)) => prop_assert!((a - b).abs() < 1e-9),
                (a, b) => prop_assert_eq!(a, b),
            }
            let (a, b) = (stratified_kendall(&unit, &x, &y), stratified_kendall(&unit, &far, &y));
            prop_assert_eq!(a.clone(), b);
            if let Ok(found) = a && let Ok((low, high)) = found.interval(0.9, 50, &mut Random::new(&["p"])) {
                prop_assert!(low <= found.value && found.value <= high);
            }
            let one = vec![3; x.len()];
            let plain = super::super::association::associate(super::super::association::Kind::Kendall, &x, &y);
            prop_assert_eq!(stratified_kendall(&one, &x, &y).map(|s| s.value), plain.map(|a| a.value));
        }
    }
}
