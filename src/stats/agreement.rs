//! Agreement of several raters on declared levels, ratings missing: Gwet's AC1 and AC2, the kappas of Fleiss, Conger and Light.
//!
//! In: one row a subject, the level each rater gave. Out: coefficients, with the errors of subjects drawn from many. Deliberately absent:
//! Krippendorff's alpha (`krippendorff`), errors of raters drawn from many.

use super::Reason;
use super::distribution::{student_quantile, student_two_sided};
use super::kappa::{Weights, kappa};

/// Ratings of subjects by raters.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgements {
    levels: usize,
    /// One row a subject with a rating: the place of the level that each rater gave.
    rows: Vec<Vec<Option<usize>>>,
    /// For each of them how many raters gave each level.
    counts: Vec<Vec<f64>>,
}

/// Whose idea of agreement by chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chance {
    /// Gwet's AC1 (unweighted) and AC2 (2008, 2014): Σπ(1−π) · Σw/(q(q−1)), which does not rise where nearly all give one level.
    Gwet,
    /// Fleiss' kappa (1971), weights and missing ratings by Gwet: ΣΣ w πₖ πₗ.
    Fleiss,
}

/// Agreement beyond chance, subjects drawn from many.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// (pₐ − pₑ)/(1 − pₑ).
    pub value: f64,
    /// Its standard error, linearised; undefined (too few) below two subjects.
    pub std_error: Result<f64, Reason>,
    /// Two-sided p of t = value over standard error; undefined (no variation) where the error is 0.
    pub p_value: Result<f64, Reason>,
    /// Subjects with a rating.
    pub n: usize,
}

impl Agreement {
    /// Returns value ∓ t(n − 1)·error at `level`, at most 1 and at least −1.
    pub fn interval(&self, level: f64) -> Result<(f64, f64), Reason> {
        let half = student_quantile(0.5 + 0.5 * level, self.n as f64 - 1.0) * self.std_error?;
        Ok(((self.value - half).max(-1.0).min(self.value), (self.value + half).min(1.0)))
    }
}

/// Fleiss' kappa with the test of no agreement beyond chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FleissTest {
    /// Kappa over its error without agreement beyond chance; undefined (no variation) where that error is 0.
    pub z: Result<f64, Reason>,
    /// Two-sided p.
    pub p_value: Result<f64, Reason>,
}

impl Judgements {
    /// Takes ratings by subject, each the place of a level below `levels`; a place beyond counts as missing.
    pub fn new(subjects: &[Vec<Option<usize>>], levels: usize) -> Self {
        let raters = subjects.iter().map(Vec::len).max().unwrap_or(0);
        let sound = |row: &Vec<Option<usize>>| -> Vec<Option<usize>> {
            let level = |rater: usize| row.get(rater).copied().flatten().filter(|&k| k < levels);
            (0..raters).map(level).collect()
        };
        let rows = subjects.iter().map(sound).filter(|row| row.iter().any(Option::is_some));
        let rows: Vec<Vec<Option<usize>>> = rows.collect();
        let count = |row: &Vec<Option<usize>>| {
            let mut counts = vec![0.0; levels];
            row.iter().flatten().for_each(|&k| counts[k] += 1.0);
            counts
        };
        let counts = rows.iter().map(count).collect();
        Self { levels, rows, counts }
    }

    /// Returns the number of subjects with two ratings or more.
    pub fn n_shared(&self) -> usize {
        self.rows.iter().filter(|row| row.iter().flatten().count() > 1).count()
    }

    /// Returns the share of pairs of ratings of the same subject that agree, as far as `weights` say; too few without such a pair.
    pub fn observed(&self, weights: Weights) -> Result<f64, Reason> {
        let shared: Vec<f64> =
            self.counts.iter().filter_map(|counts| self.of_subject(counts, weights)).collect();
        if shared.is_empty() {
            Err(Reason::TooFew)
        } else {
            Ok(shared.iter().sum::<f64>() / shared.len() as f64)
        }
    }

    /// Returns a coefficient of agreement beyond chance with its error (Gwet 2014, subjects drawn from many).
    ///
    /// Each subject weighs the same in the shares of levels, however many ratings it has. Undefined: too few without a subject of two ratings
    /// or below two levels, no variation where chance agreement is complete. Same values as R `irrCAC::gwet.ac1.raw`, `fleiss.kappa.raw`.
    pub fn beyond_chance(&self, chance: Chance, weights: Weights) -> Result<Agreement, Reason> {
        if self.levels < 2 {
            return Err(Reason::TooFew);
        }
        let (observed, n) = (self.observed(weights)?, self.rows.len());
        // How much each level agrees with a rating by chance, so that a subject's chance agreement is the mean over its ratings.
        let by_level = self.by_level(chance, weights);
        let expected: f64 = by_level.iter().zip(self.shares()).map(|(by, share)| by * share).sum();
        if 1.0 - expected <= 1e-12 {
            return Err(Reason::NoVariation);
        }
        let value = (observed - expected) / (1.0 - expected);
        let factor = n as f64 / self.n_shared() as f64;
        let part = |counts: &Vec<f64>| {
            let own = self.of_subject(counts, weights).map_or(0.0, |own| factor * (own - expected));
            let ratings: f64 = counts.iter().sum();
            let chance = counts.iter().zip(&by_level).map(|(count, by)| count * by).sum::<f64>() / ratings;
            let gap = (own - 2.0 * (1.0 - value) * (chance - expected)) / (1.0 - expected) - value;
            gap * gap
        };
        let squares: f64 = self.counts.iter().map(part).sum();
        let std_error = match n {
            0 | 1 => Err(Reason::TooFew),
            _ => Ok((squares / (n as f64 * (n as f64 - 1.0))).sqrt()),
        };
        let p_value = std_error.and_then(|error| match error > 1e-12 {
            true => Ok(student_two_sided(value / error, n as f64 - 1.0)),
            false => Err(Reason::NoVariation),
        });
        Ok(Agreement { value, std_error, p_value, n })
    }

    /// Returns Fleiss, Nee and Landis' (1979) test of Fleiss' kappa; not applicable unless all subjects have as many ratings.
    ///
    /// Same values as R `irr::kappam.fleiss`.
    pub fn fleiss_test(&self) -> Result<FleissTest, Reason> {
        let value = self.beyond_chance(Chance::Fleiss, Weights::Unweighted)?.value;
        let raters = self.complete()? as f64;
        let shares = self.shares();
        let varied: f64 = shares.iter().map(|p| p * (1.0 - p)).sum();
        let skewed: f64 = shares.iter().map(|p| p * (1.0 - p) * (1.0 - 2.0 * p)).sum();
        let scale = varied * varied * self.rows.len() as f64 * raters * (raters - 1.0);
        let variance = 2.0 * (varied * varied - skewed) / scale;
        let z = if variance > 1e-18 { Ok(value / variance.sqrt()) } else { Err(Reason::NoVariation) };
        Ok(FleissTest { z, p_value: z.map(|z| student_two_sided(z, f64::INFINITY)) })
    }

    /// Returns Conger's (1980) kappa, whose chance is that of these very raters: with two raters Cohen's kappa.
    ///
    /// Undefined as `beyond_chance`, and not applicable with a rating missing. Same value as R `irr::kappam.fleiss(exact = TRUE)`.
    pub fn conger(&self) -> Result<f64, Reason> {
        let (observed, raters) = (self.observed(Weights::Unweighted)?, self.complete()?);
        let share = |rater: usize, level: usize| {
            self.rows.iter().filter(|row| row[rater] == Some(level)).count() as f64 / self.rows.len() as f64
        };
        let pairs = (0..raters).flat_map(|a| (0..a).map(move |b| (a, b)));
        let agreed = |a: usize, b: usize| (0..self.levels).map(|k| share(a, k) * share(b, k)).sum::<f64>();
        let expected = pairs.map(|(a, b)| agreed(a, b)).sum::<f64>() * 2.0 / (raters * (raters - 1)) as f64;
        if 1.0 - expected <= 1e-12 {
            Err(Reason::NoVariation)
        } else {
            Ok((observed - expected) / (1.0 - expected))
        }
    }

    /// Returns Light's (1971) kappa, the mean of Cohen's kappas of all pairs of raters, each over the subjects that both rated.
    ///
    /// Undefined: where the kappa of a pair is. Same value as R `irr::kappam.light` where no rating is missing.
    pub fn light(&self) -> Result<f64, Reason> {
        let raters = self.rows.first().map_or(0, Vec::len);
        let mut values = vec![];
        for a in 0..raters {
            for b in 0..a {
                let mut counts = vec![0; self.levels * self.levels];
                for row in &self.rows {
                    if let (Some(one), Some(other)) = (row[a], row[b]) {
                        counts[one * self.levels + other] += 1;
                    }
                }
                values.push(kappa(&counts, self.levels, Weights::Unweighted)?.value);
            }
        }
        if values.is_empty() {
            Err(Reason::TooFew)
        } else {
            Ok(values.iter().sum::<f64>() / values.len() as f64)
        }
    }

    /// Returns the number of raters where every subject has all ratings.
    fn complete(&self) -> Result<usize, Reason> {
        let is_complete = self.rows.iter().flatten().all(Option::is_some);
        if is_complete { Ok(self.rows.first().map_or(0, Vec::len)) } else { Err(Reason::NotApplicable) }
    }

    /// The share of each level, the mean over the subjects of their shares.
    fn shares(&self) -> Vec<f64> {
        let mut shares = vec![0.0; self.levels];
        for counts in &self.counts {
            let ratings: f64 = counts.iter().sum();
            shares.iter_mut().zip(counts).for_each(|(share, count)| *share += count / ratings);
        }
        shares.iter().map(|share| share / self.counts.len() as f64).collect()
    }

    /// The share of agreeing pairs of one subject; nothing below two ratings.
    fn of_subject(&self, counts: &[f64], weights: Weights) -> Option<f64> {
        let ratings: f64 = counts.iter().sum();
        let near =
            |k: usize| -> f64 { (0..self.levels).map(|l| weights.at(k, l, self.levels) * counts[l]).sum() };
        let agreed: f64 = (0..self.levels).map(|k| counts[k] * (near(k) - 1.0)).sum();
        (ratings > 1.0).then(|| agreed / (ratings * (ratings - 1.0)))
    }

    /// How likely a rating of each level agrees with chance.
    fn by_level(&self, chance: Chance, weights: Weights) -> Vec<f64> {
        let (shares, q) = (self.shares(), self.levels);
        let all = || (0..q).flat_map(|k| (0..q).map(move |l| weights.at(k, l, q)));
        let size = all().sum::<f64>() / (q * (q - 1)) as f64;
        let of = |k: usize| match chance {
            Chance::Gwet => size * (1.0 - shares[k]),
            Chance::Fleiss => (0..q).map(|l| weights.at(k, l, q) * shares[l]).sum(),
        };
        (0..q).map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// irr's anxiety ratings of 20 subjects by three raters, levels 1..=6 as 0..6.
    const ANXIETY: [[usize; 3]; 20] = [
        [3, 3, 2],
        [3, 6, 1],
        [3, 4, 4],
        [4, 6, 4],
        [5, 2, 3],
        [5, 4, 2],
        [2, 2, 1],
        [3, 4, 6],
        [5, 3, 1],
        [2, 3, 1],
        [2, 2, 1],
        [6, 3, 2],
        [1, 3, 3],
        [5, 3, 3],
        [2, 2, 1],
        [2, 2, 1],
        [1, 1, 3],
        [2, 3, 3],
        [4, 3, 2],
        [3, 4, 2],
    ];

    fn anxiety(raters: usize) -> Judgements {
        let row = |row: &[usize; 3]| row[..raters].iter().map(|&k| Some(k - 1)).collect();
        Judgements::new(&ANXIETY.iter().map(row).collect::<Vec<_>>(), 6)
    }

    fn near(found: Result<f64, Reason>, expected: f64, tolerance: f64) {
        let found = found.expect("defined");
        assert!((found - expected).abs() <= tolerance, "{found} is not {expected}");
    }

    #[test]
    fn agrees_with_irr_and_irrcac() {
        // golden/raters.csv: irrCAC::gwet.ac1.raw 1.0 (five decimals), irr 0.84.1.
        let two = anxiety(2).beyond_chance(Chance::Gwet, Weights::Quadratic).expect("defined");
        near(Ok(two.value), 0.65157, 5.001e-6);
        near(two.std_error, 0.11363, 5.001e-6);
        near(two.p_value, 1.585730519781947e-5, 1e-8);
        let all = anxiety(3);
        let fleiss = all.beyond_chance(Chance::Fleiss, Weights::Unweighted).expect("defined");
        near(Ok(fleiss.value), -0.041_076_487_252_124_66, 1e-12);
        near(all.fleiss_test().expect("defined").z, -0.634_151_888_795_120_2, 1e-11);
        near(all.conger(), -0.018_711_018_711_018_73, 1e-12);
        near(all.light(), -0.017_478_874_869_776_59, 1e-12);
    }

    #[test]
    fn two_raters_of_conger_and_light_are_cohens_kappa() {
        let (two, counts) = (
            anxiety(2),
            ANXIETY.iter().fold(vec![0; 36], |mut counts, row| {
                counts[(row[0] - 1) * 6 + row[1] - 1] += 1;
                counts
            }),
        );
        let cohen = kappa(&counts, 6, Weights::Unweighted).expect("defined").value;
        near(two.conger(), cohen, 1e-12);
        near(two.light(), cohen, 1e-12);
    }

    #[test]
    fn hard_cases_say_why() {
        let none = Judgements::new(&[], 3);
        assert_eq!(none.beyond_chance(Chance::Gwet, Weights::Linear), Err(Reason::TooFew));
        assert_eq!((none.conger(), none.light()), (Err(Reason::TooFew), Err(Reason::TooFew)));
        let single = Judgements::new(&[vec![Some(1), None], vec![None, Some(0)], vec![None, None]], 3);
        assert_eq!(single.beyond_chance(Chance::Fleiss, Weights::Linear), Err(Reason::TooFew));
        let constant = Judgements::new(&vec![vec![Some(1); 3]; 5], 3);
        assert_eq!(constant.beyond_chance(Chance::Fleiss, Weights::Linear), Err(Reason::NoVariation));
        assert_eq!(
            (constant.conger(), constant.light()),
            (Err(Reason::NoVariation), Err(Reason::NoVariation))
        );
        // Gwet's chance is 0 where all give one level: full agreement, but no error to test it by.
        let gwet = constant.beyond_chance(Chance::Gwet, Weights::Unweighted).expect("defined");
        assert!((gwet.value - 1.0).abs() < 1e-12 && gwet.p_value == Err(Reason::NoVariation));
        let gaps = Judgements::new(&[vec![Some(1), Some(0), None], vec![Some(2), Some(2), Some(2)]], 3);
        assert!(gaps.beyond_chance(Chance::Fleiss, Weights::Quadratic).is_ok());
        assert_eq!(
            (gaps.conger(), gaps.fleiss_test()),
            (Err(Reason::NotApplicable), Err(Reason::NotApplicable))
        );
        assert_eq!(Judgements::new(&[vec![Some(7), Some(0)]], 3).n_shared(), 0);
    }

    proptest! {
        #[test]
        fn order_of_subjects_and_raters_does_not_matter(rows in prop::collection::vec(prop::array::uniform4(prop::option::of(0usize..4)), 1..25)) {
            let judge = |rows: &mut dyn Iterator<Item = Vec<Option<usize>>>| Judgements::new(&rows.collect::<Vec<_>>(), 4);
            let plain = judge(&mut rows.iter().map(|row| row.to_vec()));
            let turned = judge(&mut rows.iter().rev().map(|row| row.iter().rev().copied().collect()));
            for chance in [Chance::Gwet, Chance::Fleiss] {
                for weights in [Weights::Unweighted, Weights::Linear, Weights::Quadratic] {
                    match (plain.beyond_chance(chance, weights), turned.beyond_chance(chance, weights)) {
                        (Ok(a), Ok(b)) => {
                            prop_assert!((a.value - b.value).abs() < 1e-9 && a.value <= 1.0 + 1e-12);
                            if let Ok((low, high)) = a.interval(0.9) {
                                prop_assert!(low <= a.value + 1e-12 && a.value <= high + 1e-12);
                            }
                        }
                        (a, b) => prop_assert_eq!(a.map(|a| a.n), b.map(|b| b.n)),
                    }
                }
            }
        }
    }
}
