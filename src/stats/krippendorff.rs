//! Krippendorff's alpha: agreement of any number of raters, ratings missing, on nominal, ordinal, interval or ratio scales.
//!
//! In: for each unit its ratings. Out: alpha with a percentile interval by resampling units. Deliberately absent: raters' identities, which
//! alpha does not know.
//!
//! Units with the same ratings are one kind that counts many times: few raters on few levels leave a hundred kinds of a million units.

use std::collections::BTreeMap;

use rayon::prelude::*;

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
    /// For each kind of unit its levels with how often each was given.
    kinds: Vec<Vec<(usize, f64)>>,
    /// The kind of each unit.
    kind_of: Vec<u32>,
}

impl Units {
    /// Takes the ratings unit by unit; `None` is a missing rating, and a unit with one rating cannot agree or disagree and is left out.
    pub fn new(units: &[Vec<Option<f64>>]) -> Self {
        let codes = Codes::new(units.iter().flatten().copied());
        let mut rest = &codes.code[..];
        let (mut places, mut kinds, mut kind_of) = (BTreeMap::new(), vec![], vec![]);
        let mut given: Vec<u32> = vec![];
        for unit in units {
            let (own, after) = rest.split_at(unit.len());
            rest = after;
            given.clear();
            given.extend(own.iter().filter(|code| **code != Codes::MISSING));
            given.sort_unstable();
            if given.len() < 2 {
                continue;
            }
            let place = places.get(&given).copied().unwrap_or_else(|| {
                let same = given.chunk_by(|a, b| a == b);
                kinds.push(same.map(|same| (same[0] as usize, same.len() as f64)).collect());
                let place = kinds.len() as u32 - 1;
                places.insert(given.clone(), place);
                place
            });
            kind_of.push(place);
        }
        Self { levels: codes.levels, kinds, kind_of }
    }

    /// Returns the number of units with two ratings or more.
    pub fn n_units(&self) -> usize {
        self.kind_of.len()
    }

    /// Returns alpha, 1 − observed over expected disagreement.
    ///
    /// Undefined: too few without a unit of two ratings, no variation when all ratings are the same (irr says 1 then), not applicable for ratios
    /// of negative values. Same values as Python `krippendorff.alpha`; R `irr::kripp.alpha` 0.84.1 is wrong for three raters or more when no
    /// rating is missing.
    pub fn alpha(&self, scale: Scale) -> Result<f64, Reason> {
        Disagreement::new(self, scale)?.alpha(&self.times(0..self.n_units()))
    }

    /// Returns the percentile intervals of alpha on each scale at `level` over `draws` draws of units from the streams that `words` name.
    ///
    /// All scales see the same draws; those without variation are left out. Undefined: as alpha is.
    pub fn intervals(
        &self,
        scales: &[Scale],
        level: f64,
        (draws, words): (usize, &[&str]),
    ) -> Vec<Result<(f64, f64), Reason>> {
        let on_scales: Vec<Result<Disagreement<'_>, Reason>> =
            scales.iter().map(|&scale| Disagreement::new(self, scale)).collect();
        let n = self.n_units();
        let replicate = |draw: usize| {
            let mut random = Random::new(&[words, &[&draw.to_string()]].concat());
            let times = self.times((0..n).map(|_| random.below(n as u64) as usize));
            on_scales.iter().map(|scale| scale.as_ref().ok()?.alpha(&times).ok()).collect()
        };
        let drawn: Vec<Vec<Option<f64>>> = (0..draws).into_par_iter().map(replicate).collect();
        let interval = |(place, scale): (usize, &Scale)| {
            let value = self.alpha(*scale)?;
            let mut values: Vec<f64> = drawn.iter().filter_map(|alphas| alphas[place]).collect();
            values.sort_by(f64::total_cmp);
            let tail = 0.5 * (1.0 - level);
            Ok((percentile(&values, tail)?.min(value), percentile(&values, 1.0 - tail)?.max(value)))
        };
        scales.iter().enumerate().map(interval).collect()
    }

    /// Returns how often each kind is among the units drawn.
    fn times(&self, drawn: impl Iterator<Item = usize>) -> Vec<f64> {
        let mut times = vec![0u32; self.kinds.len()];
        drawn.for_each(|unit| times[self.kind_of[unit] as usize] += 1);
        times.into_iter().map(f64::from).collect()
    }
}

/// Alpha on one scale.
struct Disagreement<'a> {
    units: &'a Units,
    scale: Scale,
    /// Within one unit of each kind; nothing on the ordinal scale, whose distances depend on the units drawn.
    within: Vec<f64>,
}

impl<'a> Disagreement<'a> {
    fn new(units: &'a Units, scale: Scale) -> Result<Self, Reason> {
        let levels = &units.levels;
        if scale == Scale::Ratio && levels.first().is_some_and(|&lowest| lowest < 0.0) {
            return Err(Reason::NotApplicable);
        }
        let within = match scale {
            Scale::Ordinal => vec![],
            _ => units
                .kinds
                .iter()
                .map(|kind| within(kind, |a, b| scale.apart(levels[a], levels[b])))
                .collect(),
        };
        Ok(Self { units, scale, within })
    }

    /// Returns alpha of units of which each kind comes so many `times`.
    fn alpha(&self, times: &[f64]) -> Result<f64, Reason> {
        let mut totals = vec![0.0; self.units.levels.len()];
        for (kind, times) in self.units.kinds.iter().zip(times) {
            kind.iter().for_each(|(level, count)| totals[*level] += times * count);
        }
        let n: f64 = totals.iter().sum();
        if n <= 0.0 {
            return Err(Reason::TooFew);
        }
        let (observed, expected) = match self.scale {
            Scale::Ordinal => {
                let below = midpoints(&totals);
                let apart = |a: usize, b: usize| self.scale.apart(below[a], below[b]);
                let kinds = self.units.kinds.iter().zip(times);
                let observed = kinds.map(|(kind, times)| times * within(kind, apart)).sum::<f64>();
                (observed, self.scale.expected(&totals, &below))
            }
            _ => {
                let observed = self.within.iter().zip(times).map(|(within, times)| times * within).sum();
                (observed, self.scale.expected(&totals, &self.units.levels))
            }
        };
        if expected > 0.0 { Ok(1.0 - (n - 1.0) * observed / expected) } else { Err(Reason::NoVariation) }
    }
}

impl Scale {
    /// Returns the squared distance of two scores: levels, on the ordinal scale their `midpoints`.
    fn apart(self, x: f64, y: f64) -> f64 {
        let apart = match self {
            Self::Nominal => 1.0,
            Self::Ordinal | Self::Interval => x - y,
            Self::Ratio => (x - y) / (x + y),
        };
        apart * apart
    }

    /// Returns the squared distances of all pairs of ratings, of which each score has so many.
    fn expected(self, totals: &[f64], scores: &[f64]) -> f64 {
        let used = || totals.iter().zip(scores).filter(|(total, _)| **total > 0.0);
        let n: f64 = totals.iter().sum();
        match self {
            Self::Nominal => 0.5 * (n * n - totals.iter().map(|total| total * total).sum::<f64>()),
            Self::Ordinal | Self::Interval => {
                // n · Σ(score − mean)², from the first score on, so that a single one leaves exactly nothing.
                let first = used().next().map_or(0.0, |(_, score)| *score);
                let mean = used().map(|(total, score)| total * (score - first)).sum::<f64>() / n;
                let square = |gap: f64| gap * gap;
                n * used().map(|(total, score)| total * square(score - first - mean)).sum::<f64>()
            }
            Self::Ratio => {
                let with_later = |(place, (total, score)): (usize, (&f64, &f64))| {
                    let later = used().skip(place + 1);
                    total * later.map(|(other, later)| other * self.apart(*score, *later)).sum::<f64>()
                };
                used().enumerate().map(with_later).sum()
            }
        }
    }
}

/// Returns the squared distances of the pairs of ratings of a unit, over one less than it has ratings.
fn within(kind: &[(usize, f64)], apart: impl Fn(usize, usize) -> f64) -> f64 {
    let ratings: f64 = kind.iter().map(|(_, count)| count).sum();
    let mut sum = 0.0;
    for (place, (a, count)) in kind.iter().enumerate() {
        sum += count * kind[..place].iter().map(|(b, other)| other * apart(*a, *b)).sum::<f64>();
    }
    sum / (ratings - 1.0)
}

/// Returns for each level the number of ratings below it, half of its own counting.
fn midpoints(totals: &[f64]) -> Vec<f64> {
    let mut below = 0.0;
    let of = |total: &f64| {
        below += total;
        below - 0.5 * total
    };
    totals.iter().map(of).collect()
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
        let (low, high) = d5().intervals(&SCALES, 0.95, (500, &["d5"]))[1].expect("given");
        assert!(low > 0.5 && low < 0.8143 && high > 0.8143 && high <= 1.0, "{low} {high}");
    }

    #[test]
    fn the_same_on_any_number_of_threads() {
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            pool.install(|| d5().intervals(&SCALES, 0.9, (100, &["t"])))
        };
        assert_eq!(run(1), run(3));
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(Units::new(&[]).alpha(Scale::Nominal), Err(Reason::TooFew));
        assert_eq!(Units::new(&[vec![Some(1.0), None]]).alpha(Scale::Ordinal), Err(Reason::TooFew));
        let constant = Units::new(&vec![vec![Some(2.0); 3]; 5]);
        assert_eq!(constant.alpha(Scale::Interval), Err(Reason::NoVariation));
        assert_eq!(constant.intervals(&[Scale::Interval], 0.95, (9, &[])), [Err(Reason::NoVariation)]);
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
