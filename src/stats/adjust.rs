//! p values adjusted over a family of tests: Bonferroni, Holm, Hochberg, Hommel, Benjamini-Hochberg, Benjamini-Yekutieli.
//!
//! In: p values, some of them undefined. Out: as many adjusted ones. R's policy: an undefined p is not a test, so it neither counts in the
//! family nor spoils the others (statsmodels returns nothing but NaN, or counts it). Same values as R `p.adjust`.

/// How p values are adjusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adjustment {
    /// p·m.
    Bonferroni,
    /// Holm (1979): steps down.
    Holm,
    /// Hochberg (1988): steps up; for independent or positively dependent tests.
    Hochberg,
    /// Hommel (1988): closed Simes test; for independent or positively dependent tests.
    Hommel,
    /// Benjamini and Hochberg (1995): false discovery rate.
    BenjaminiHochberg,
    /// Benjamini and Yekutieli (2001): false discovery rate under any dependence.
    BenjaminiYekutieli,
}

impl Adjustment {
    /// Every adjustment with its name in R.
    pub const ALL: [(&'static str, Self); 6] = [
        ("bonferroni", Self::Bonferroni),
        ("holm", Self::Holm),
        ("hochberg", Self::Hochberg),
        ("hommel", Self::Hommel),
        ("bh", Self::BenjaminiHochberg),
        ("by", Self::BenjaminiYekutieli),
    ];

    /// Returns the adjusted p values; an undefined p is not a test and stays undefined.
    pub fn adjust(self, p_values: &[Option<f64>]) -> Vec<Option<f64>> {
        let sound = |(place, p): (usize, &Option<f64>)| Some((place, p.filter(|p| p.is_finite())?));
        let mut tests: Vec<(usize, f64)> = p_values.iter().enumerate().filter_map(sound).collect();
        tests.sort_by(|a, b| a.1.total_cmp(&b.1));
        let ascending: Vec<f64> = tests.iter().map(|test| test.1).collect();
        let mut adjusted = vec![None; p_values.len()];
        tests.iter().zip(self.of_ascending(&ascending)).for_each(|(test, p)| adjusted[test.0] = Some(p));
        adjusted
    }

    fn of_ascending(self, p: &[f64]) -> Vec<f64> {
        let m = p.len() as f64;
        let harmonic: f64 = (1..=p.len()).map(|i| 1.0 / i as f64).sum();
        match self {
            Self::Bonferroni => p.iter().map(|p| (p * m).min(1.0)).collect(),
            Self::Holm => holm(p),
            Self::Hochberg => stepped_up(p, |i| m - i),
            Self::Hommel => hommel(p),
            Self::BenjaminiHochberg => stepped_up(p, |i| m / (i + 1.0)),
            Self::BenjaminiYekutieli => stepped_up(p, |i| harmonic * m / (i + 1.0)),
        }
    }
}

fn holm(ascending: &[f64]) -> Vec<f64> {
    let (m, mut largest) = (ascending.len(), 0.0f64);
    let step = |(i, p): (usize, &f64)| {
        largest = largest.max(p * (m - i) as f64).min(1.0);
        largest
    };
    ascending.iter().enumerate().map(step).collect()
}

/// The smallest of its own and all larger p values, each times its `factor` (by place from 0).
fn stepped_up(ascending: &[f64], factor: impl Fn(f64) -> f64) -> Vec<f64> {
    let mut smallest = 1.0f64;
    let mut adjusted = ascending.to_vec();
    for (i, p) in adjusted.iter_mut().enumerate().rev() {
        smallest = smallest.min(factor(i as f64) * *p);
        *p = smallest;
    }
    adjusted
}

/// The smallest level at which the closed test with Simes' tests rejects, by Wright's (1992) algorithm, O(m²).
fn hommel(ascending: &[f64]) -> Vec<f64> {
    let m = ascending.len();
    let Some(first) = (0..m).map(|i| m as f64 * ascending[i] / (i + 1) as f64).min_by(f64::total_cmp) else {
        return vec![];
    };
    let (mut adjusted, mut bound) = (vec![first; m], vec![first; m]);
    for size in (2..m).rev() {
        // Of a subset of `size` tests the best is to hold the largest ones beside the test itself.
        let (own, others) = (m - size + 1, m - size + 1..m);
        let simes = others.enumerate().map(|(k, i)| size as f64 * ascending[i] / (k + 2) as f64);
        let least = simes.min_by(f64::total_cmp).unwrap_or(1.0);
        for i in 0..own {
            bound[i] = (size as f64 * ascending[i]).min(least);
        }
        let last = bound[own - 1];
        bound[own..].fill(last);
        adjusted.iter_mut().zip(&bound).for_each(|(adjusted, bound)| *adjusted = adjusted.max(*bound));
    }
    adjusted.iter().zip(ascending).map(|(adjusted, p)| adjusted.max(*p).min(1.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(how: Adjustment, p: &[Option<f64>], expected: &[f64]) {
        let found = how.adjust(p);
        let found: Vec<f64> = found.into_iter().flatten().collect();
        assert_eq!(found.len(), expected.len());
        found
            .iter()
            .zip(expected)
            .for_each(|(f, e)| assert!((f - e).abs() < 1e-12, "{how:?}: {f} is not {e}"));
    }

    #[test]
    fn agrees_with_r_and_an_untestable_cell_is_no_test() {
        // R 4.2.2 p.adjust(c(.01, .02, NA, .03, .035, .2), ...).
        let p = [Some(0.01), Some(0.02), None, Some(0.03), Some(0.035), Some(0.2)];
        check(Adjustment::Bonferroni, &p, &[0.05, 0.1, 0.15, 0.175, 1.0]);
        check(Adjustment::Holm, &p, &[0.05, 0.08, 0.09, 0.09, 0.2]);
        check(Adjustment::Hochberg, &p, &[0.05, 0.07, 0.07, 0.07, 0.2]);
        check(Adjustment::BenjaminiHochberg, &p, &[0.04375, 0.04375, 0.04375, 0.04375, 0.2]);
        check(
            Adjustment::BenjaminiYekutieli,
            &p,
            &[0.099_895_833_333_333_33; 4]
                .map(|x| x)
                .into_iter()
                .chain([0.456_666_666_666_666_7])
                .collect::<Vec<f64>>(),
        );
        for (_, how) in Adjustment::ALL {
            assert_eq!(how.adjust(&p)[2], None);
            assert_eq!(how.adjust(&[]), []);
            assert_eq!(how.adjust(&[None, Some(0.3)]), [None, Some(0.3)]);
        }
    }

    /// The closed test itself: the largest Simes p of all subsets that hold the test.
    fn closed(p: &[f64], test: usize) -> f64 {
        let subsets = (1usize..1 << p.len()).filter(|subset| subset >> test & 1 == 1);
        let simes = |subset: usize| {
            let mut held: Vec<f64> = (0..p.len()).filter(|i| subset >> i & 1 == 1).map(|i| p[i]).collect();
            held.sort_by(f64::total_cmp);
            let m = held.len() as f64;
            held.iter().enumerate().map(|(i, p)| m * p / (i + 1) as f64).fold(1.0, f64::min)
        };
        subsets.map(simes).fold(0.0, f64::max)
    }

    proptest! {
        #[test]
        fn hommel_is_the_closed_test_and_the_order_holds(p in prop::collection::vec(0.0f64..0.3, 1..8)) {
            let given: Vec<Option<f64>> = p.iter().map(|&p| Some(p)).collect();
            let of = |how: Adjustment| how.adjust(&given).into_iter().flatten().collect::<Vec<f64>>();
            let found = Adjustment::ALL.map(|(_, how)| of(how));
            for i in 0..p.len() {
                prop_assert!((found[3][i] - closed(&p, i)).abs() < 1e-12);
                let [bonferroni, holm, hochberg, hommel, bh, by] = [0, 1, 2, 3, 4, 5].map(|how| found[how][i]);
                let least = 1e-15;
                prop_assert!(p[i] <= bh + least && bh <= hommel + least && hommel <= hochberg + least);
                prop_assert!(hochberg <= holm + least && holm <= bonferroni + least && bh <= by + least && by <= 1.0);
            }
        }
    }
}
