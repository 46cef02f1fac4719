//! Krippendorff's alpha: agreement of any number of raters, ratings missing, on nominal, ordinal, interval or ratio scales.
//!
//! In: for each unit its ratings. Out: alpha with a percentile interval by resampling units. Deliberately absent: raters' identities, which
//! alpha does not know.

use super::Reason;
use super::codes::Codes;
use super::percentile::percentile;
use crate::random::Random;

/// What the distance between two ratings is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// 1 between different values.
    Nominal,
    /// (Ratings between the two, each end counting half)².
    Ordinal,
    /// (c − k)².
    Interval,
    /// ((c − k)/(c + k))².
    Ratio,
}

/// The ratings of all units that have two or more, as counts of levels.
#[derive(Debug, Clone, PartialEq)]
pub struct Units {
    levels: Vec<f64>,
    /// For each unit its levels with how often each was given.
    units: Vec<Vec<(usize, f64)>>,
}

impl Units {
    /// Takes the ratings unit by unit; `None` is a missing rating, and a unit with one rating cannot agree or disagree and is left out.
    pub fn new(units: &[Vec<Option<f64>>]) -> Self {
        let all: Vec<Option<f64>> = units.iter().flatten().copied().collect();
        let codes = Codes::new(all.iter().copied());
        let mut at = 0;
        let mut counted = vec![];
        for unit in units {
            let mut given: Vec<u32> = codes.code[at..at + unit.len()].to_vec();
            at += unit.len();
            given.retain(|&code| code != Codes::MISSING);
            given.sort_unstable();
            if given.len() > 1 {
                counted.push(
                    given.chunk_by(|a, b| a == b).map(|same| (same[0] as usize, same.len() as f64)).collect(),
                );
            }
        }
        Self { levels: codes.levels, units: counted }
    }

    /// Returns the number of units with two ratings or more.
    pub fn n_units(&self) -> usize {
        self.units.len()
    }

    /// Returns alpha, 1 − observed over expected disagreement.
    ///
    /// Undefined: too few without a unit of two ratings, no variation when all ratings are the same (irr says 1 then), not applicable for ratios
    /// of negative values. Same values as Python `krippendorff.alpha`; R `irr::kripp.alpha` 0.84.1 is wrong for three raters or more when no
    /// rating is missing.
    pub fn alpha(&self, scale: Scale) -> Result<f64, Reason> {
        if scale == Scale::Ratio && self.levels.first().is_some_and(|&lowest| lowest < 0.0) {
            return Err(Reason::NotApplicable);
        }
        let drawn: Vec<usize> = (0..self.units.len()).collect();
        self.alpha_of(scale, &drawn)
    }

    /// Returns the percentile interval of alpha at `level` over `draws` draws of units; draws without variation are left out.
    pub fn interval(
        &self,
        scale: Scale,
        level: f64,
        draws: usize,
        random: &mut Random,
    ) -> Result<(f64, f64), Reason> {
        let value = self.alpha(scale)?;
        let n = self.units.len() as u64;
        let mut values = vec![];
        for _ in 0..draws {
            let drawn: Vec<usize> = (0..n).map(|_| random.below(n) as usize).collect();
            values.extend(self.alpha_of(scale, &drawn));
        }
        values.sort_by(f64::total_cmp);
        let tail = 0.5 * (1.0 - level);
        Ok((percentile(&values, tail)?.min(value), percentile(&values, 1.0 - tail)?.max(value)))
    }

    fn alpha_of(&self, scale: Scale, drawn: &[usize]) -> Result<f64, Reason> {
        let size = self.levels.len();
        let mut coincidences = vec![0.0; size * size];
        let mut totals = vec![0.0; size];
        for &unit in drawn {
            let ratings: f64 = self.units[unit].iter().map(|(_, count)| count).sum();
            for &(a, count) in &self.units[unit] {
                totals[a] += count;
                for &(b, other) in &self.units[unit] {
                    let pairs = if a == b { count * (count - 1.0) } else { count * other };
                    coincidences[a * size + b] += pairs / (ratings - 1.0);
                }
            }
        }
        let n: f64 = totals.iter().sum();
        if n <= 0.0 {
            return Err(Reason::TooFew);
        }
        let below: Vec<f64> = totals
            .iter()
            .scan(0.0, |sum, total| {
                *sum += total;
                Some(*sum - 0.5 * total)
            })
            .collect();
        let (mut observed, mut expected) = (0.0, 0.0);
        for a in 0..size {
            for b in 0..a {
                let apart = self.distance(scale, (a, b), &below);
                observed += coincidences[a * size + b] * apart;
                expected += totals[a] * totals[b] * apart;
            }
        }
        if expected > 0.0 { Ok(1.0 - (n - 1.0) * observed / expected) } else { Err(Reason::NoVariation) }
    }

    /// The squared distance of two levels; for ordinal ones `below` holds the ratings below each, its own counting half.
    fn distance(&self, scale: Scale, (a, b): (usize, usize), below: &[f64]) -> f64 {
        let (x, y) = (self.levels[a], self.levels[b]);
        let apart = match scale {
            Scale::Nominal => 1.0,
            Scale::Ordinal => below[a] - below[b],
            Scale::Interval => x - y,
            Scale::Ratio => (x - y) / (x + y),
        };
        apart * apart
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SCALES: [Scale; 4] = [Scale::Nominal, Scale::Ordinal, Scale::Interval, Scale::Ratio];

    /// D5 of statistics.md; −1 is missing.
    fn d5() -> Units {
        let raters = [
            [0, 1, 1, 2, 3, 2, 1, 0, 3, 2, 2, 1],
            [0, 1, 2, 2, 3, 1, 1, 1, 3, 2, 3, 1],
            [-1, 1, 1, 2, 2, 2, 1, 0, 3, 3, 2, -1],
        ];
        let unit = |i: usize| {
            raters.iter().map(|r| (r[i] >= 0).then(|| f64::from(r[i]))).collect::<Vec<Option<f64>>>()
        };
        Units::new(&(0..12).map(unit).collect::<Vec<_>>())
    }

    #[test]
    fn agrees_with_irr_and_krippendorff() {
        let expected = [0.520581113801, 0.814267143321, 0.806072477963, 0.720981017974];
        for (scale, expected) in SCALES.into_iter().zip(expected) {
            let found = d5().alpha(scale).expect("defined");
            assert!((found - expected).abs() < 1e-11, "{scale:?}: {found} is not {expected}");
        }
        let (low, high) = d5().interval(Scale::Ordinal, 0.95, 500, &mut Random::new(&["d5"])).expect("given");
        assert!(low > 0.5 && low < 0.8143 && high > 0.8143 && high <= 1.0, "{low} {high}");
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(Units::new(&[]).alpha(Scale::Nominal), Err(Reason::TooFew));
        assert_eq!(Units::new(&[vec![Some(1.0), None]]).alpha(Scale::Ordinal), Err(Reason::TooFew));
        let constant = Units::new(&vec![vec![Some(2.0); 3]; 5]);
        assert_eq!(constant.alpha(Scale::Interval), Err(Reason::NoVariation));
        assert_eq!(
            constant.interval(Scale::Interval, 0.95, 9, &mut Random::new(&[])),
            Err(Reason::NoVariation)
        );
        let negative = Units::new(&[vec![Some(-1.0), Some(2.0)]]);
        assert_eq!(negative.alpha(Scale::Ratio), Err(Reason::NotApplicable));
    }

    proptest! {
        #[test]
        fn order_and_units_of_measurement_do_not_matter(rows in prop::collection::vec(prop::collection::vec(prop::option::of(0i32..5), 0..5), 0..25)) {
            let units = |rows: &[Vec<Option<i32>>], f: fn(i32) -> f64| {
                Units::new(&rows.iter().map(|row| row.iter().map(|v| v.map(f)).collect()).collect::<Vec<_>>())
            };
            let turned: Vec<Vec<Option<i32>>> = rows.iter().rev().map(|row| row.iter().rev().copied().collect()).collect();
            let (plain, other) = (units(&rows, f64::from), units(&turned, |v| 1e6 + 3.0 * f64::from(v)));
            for scale in [Scale::Nominal, Scale::Ordinal, Scale::Interval] {
                match (plain.alpha(scale), other.alpha(scale)) {
                    (Ok(a), Ok(b)) => prop_assert!((a - b).abs() < 1e-9 && a <= 1.0 + 1e-12),
                    (a, b) => prop_assert_eq!(a, b),
                }
            }
        }
    }
}
