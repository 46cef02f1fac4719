//! Intervals of a share at any level: Wilson, Clopper-Pearson, Jeffreys, Agresti-Coull, and Wald's for comparison.
//!
//! In: hits and trials, counts or effective counts. Out: the two ends. Deliberately absent: how many effective trials a weighted or clustered
//! sample has (`design`).

use super::Reason;
use super::distribution::{beta_quantile, normal_quantile};
use super::proportion::wilson_bounds;

/// Which interval of a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShareInterval {
    /// Wilson's score interval (1927); R `prop.test(correct = FALSE)`.
    Wilson,
    /// Wilson's with a continuity correction of ½/n (Newcombe 1998, method 4).
    WilsonContinuity,
    /// The same as R `prop.test` corrects: by |x/n − ½| where that is less than ½/n, so not at all at a share of exactly one half.
    PropTest,
    /// The exact interval of Clopper and Pearson (1934).
    Exact,
    /// The equal tails of the beta posterior under Jeffreys' prior, 0 and 1 included at no hits and only hits (Brown, Cai and DasGupta 2001).
    Jeffreys,
    /// The same without that inclusion, so that the interval of 0 hits leaves out 0, as `statsmodels` gives it.
    JeffreysTails,
    /// Agresti and Coull's (1998): Wald's about Wilson's centre.
    AgrestiCoull,
    /// Wald's, without width at shares of 0 and 1: named for comparison only.
    Wald,
}

/// Returns the interval of the share `hits`/`n` at `level` (0..1), cut to 0..=1.
///
/// `hits` and `n` need not be whole, so that effective counts serve. Undefined: too few without trials, not applicable when there are more hits
/// than trials or a level outside 0..1. Same values as R `binom::binom.confint` and `statsmodels` `proportion_confint`.
pub fn share_interval(
    (hits, n): (f64, f64),
    method: ShareInterval,
    level: f64,
) -> Result<(f64, f64), Reason> {
    let (low, high) = share_interval_uncut((hits, n), method, level)?;
    Ok((low.clamp(0.0, 1.0), high.clamp(0.0, 1.0)))
}

/// Returns the interval as the formula gives it: Wald's and Agresti and Coull's may pass 0 and 1, as in R `binom`.
pub fn share_interval_uncut(
    (hits, n): (f64, f64),
    method: ShareInterval,
    level: f64,
) -> Result<(f64, f64), Reason> {
    if !(n > 0.0 && n.is_finite()) {
        return Err(Reason::TooFew);
    }
    if !((0.0..=n).contains(&hits) && level > 0.0 && level < 1.0) {
        return Err(Reason::NotApplicable);
    }
    let tail = 0.5 - 0.5 * level;
    let z = -normal_quantile(tail);
    Ok(match method {
        ShareInterval::Wilson => wilson_bounds(hits / n, n, z),
        ShareInterval::WilsonContinuity => corrected((hits, n), 0.5, z),
        ShareInterval::PropTest => corrected((hits, n), (hits - 0.5 * n).abs().min(0.5), z),
        ShareInterval::Exact => exact((hits, n), tail),
        ShareInterval::Jeffreys => {
            let (low, high) = jeffreys((hits, n), tail);
            (if hits > 0.0 { low } else { 0.0 }, if hits < n { high } else { 1.0 })
        }
        ShareInterval::JeffreysTails => jeffreys((hits, n), tail),
        ShareInterval::AgrestiCoull => {
            let trials = n + z * z;
            wald((hits + 0.5 * z * z) / trials, trials, z)
        }
        ShareInterval::Wald => wald(hits / n, n, z),
    })
}

fn wald(share: f64, n: f64, z: f64) -> (f64, f64) {
    let half = z * (share * (1.0 - share) / n).sqrt();
    (share - half, share + half)
}

fn exact((hits, n): (f64, f64), tail: f64) -> (f64, f64) {
    let misses = n - hits;
    let low = if hits > 0.0 { beta_quantile(tail, hits, misses + 1.0) } else { 0.0 };
    let high = if misses > 0.0 { 1.0 - beta_quantile(tail, misses, hits + 1.0) } else { 1.0 };
    (low, high)
}

fn jeffreys((hits, n): (f64, f64), tail: f64) -> (f64, f64) {
    let (a, b) = (hits + 0.5, n - hits + 0.5);
    (beta_quantile(tail, a, b), 1.0 - beta_quantile(tail, b, a))
}

/// Wilson's ends of the share moved outwards by `shift` hits on either side.
fn corrected((hits, n): (f64, f64), shift: f64, z: f64) -> (f64, f64) {
    let end = |side: f64| {
        let share = (hits + side * shift) / n;
        if share <= 0.0 || share >= 1.0 {
            return share.clamp(0.0, 1.0);
        }
        let (square, centre) = (z * z / n, share + 0.5 * z * z / n);
        (centre + side * z * (share * (1.0 - share) / n + 0.25 * square / n).sqrt()) / (1.0 + square)
    };
    (end(-1.0), end(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: [ShareInterval; 6] = [
        ShareInterval::Wilson,
        ShareInterval::WilsonContinuity,
        ShareInterval::Exact,
        ShareInterval::Jeffreys,
        ShareInterval::AgrestiCoull,
        ShareInterval::PropTest,
    ];

    fn check(counts: (f64, f64), method: ShareInterval, expected: (f64, f64)) {
        let (low, high) = share_interval_uncut(counts, method, 0.95).expect("defined");
        assert!(
            (low - expected.0).abs() < 1e-12 && (high - expected.1).abs() < 1e-12,
            "{method:?} {low} {high}"
        );
    }

    #[test]
    fn agrees_with_binom_prop_test_and_statsmodels() {
        // golden/proportions.csv, case `edge`; python_peers.csv; statistics.md 4.4.
        check((5.0, 7.0), ShareInterval::Wilson, (0.358_934_451_832_619_4, 0.917_781_075_995_943_3));
        check((5.0, 7.0), ShareInterval::Exact, (0.29042086373734266, 0.963_307_433_823_914_5));
        check((45.0, 50.0), ShareInterval::Exact, (0.781864633566, 0.966724906411));
        check((0.0, 1.0), ShareInterval::Exact, (0.0, 0.975));
        check((1.0, 1.0), ShareInterval::Exact, (0.025000000000000022, 1.0));
        check((0.0, 10.0), ShareInterval::Exact, (0.0, 0.30849710781876083));
        check((10.0, 10.0), ShareInterval::Exact, (0.6915028921812392, 1.0));
        check((1.0, 10.0), ShareInterval::Exact, (0.002528578544461757, 0.44501611702819543));
        check((0.0, 300.0), ShareInterval::Exact, (0.0, 0.012220974694293507));
        check((300.0, 300.0), ShareInterval::Exact, (0.9877790253057065, 1.0));
        check((1.0, 300.0), ShareInterval::Exact, (8.438913231778589e-05, 0.018431252048067837));
        check((5.0, 7.0), ShareInterval::PropTest, (0.30256002981392766, 0.948875693954224));
        check((5.0, 7.0), ShareInterval::AgrestiCoull, (0.35235128319198494, 0.924_364_244_636_577_7));
        check((5.0, 7.0), ShareInterval::Wald, (0.379_627_853_201_813_5, 1.048943575369615));
        check((5.0, 7.0), ShareInterval::Jeffreys, (0.3523383450405791, 0.9352717330505166));
        check((0.0, 1.0), ShareInterval::PropTest, (0.0, 0.945_379_244_471_148_1));
        check((0.0, 10.0), ShareInterval::JeffreysTails, (4.789043315758196e-05, 0.21719626750921053));
    }

    #[test]
    fn jeffreys_interval_of_no_hits_holds_0_where_statsmodels_leaves_it_out() {
        // The interval of a share must hold the share: Brown, Cai and DasGupta (2001) put the end at 0.
        check((0.0, 10.0), ShareInterval::Jeffreys, (0.0, 0.21719626750921053));
        check((10.0, 10.0), ShareInterval::Jeffreys, (0.7828037324907895, 1.0));
    }

    #[test]
    fn a_share_of_one_half_is_corrected_where_prop_test_is_not() {
        // prop.test(5, 10) is the plain interval; 6 of 10 is corrected by its full 0.05. Newcombe corrects both alike.
        let width = |method| share_interval((5.0, 10.0), method, 0.95).map(|(low, high)| high - low);
        let (plain, own) = (width(ShareInterval::Wilson), width(ShareInterval::WilsonContinuity));
        let peer = width(ShareInterval::PropTest).expect("defined");
        assert!((peer - plain.expect("defined")).abs() < 1e-15 && own.expect("defined") > peer + 0.05);
    }

    #[test]
    fn no_trials_are_too_few() {
        for method in ALL {
            assert_eq!(share_interval((0.0, 0.0), method, 0.95), Err(Reason::TooFew));
            assert_eq!(share_interval((3.0, 2.0), method, 0.95), Err(Reason::NotApplicable));
            assert_eq!(share_interval((1.0, f64::NAN), method, 0.95), Err(Reason::TooFew));
        }
    }

    proptest! {
        #[test]
        fn an_interval_holds_its_share_and_grows_with_the_level(k in 0u32..300, more in 0u32..300, level in 0.5f64..0.999) {
            prop_assume!(k + more > 0);
            let (k, n) = (f64::from(k), f64::from(k + more));
            for method in ALL {
                let (low, high) = share_interval((k, n), method, level).expect("defined");
                prop_assert!(0.0 <= low && high <= 1.0);
                if method != ShareInterval::Jeffreys || level > 0.9 {
                    prop_assert!(low <= k / n + 1e-12 && k / n <= high + 1e-12, "{method:?} {low} {high}");
                }
                let wider = share_interval((k, n), method, 0.9995).expect("defined");
                prop_assert!(wider.0 <= low + 1e-12 && high <= wider.1 + 1e-12);
            }
        }

        #[test]
        fn hits_and_misses_mirror(k in 0u32..200, more in 0u32..200) {
            prop_assume!(k + more > 0);
            let (k, n) = (f64::from(k), f64::from(k + more));
            for method in ALL {
                let (low, high) = share_interval((k, n), method, 0.95).expect("defined");
                let (other_low, other_high) = share_interval((n - k, n), method, 0.95).expect("defined");
                prop_assert!((low - (1.0 - other_high)).abs() < 1e-12 && (high - (1.0 - other_low)).abs() < 1e-12);
            }
        }

        #[test]
        fn more_trials_never_widen_wilson_at_the_same_share(k in 0u32..50, more in 0u32..50, times in 1u32..40) {
            prop_assume!(k + more > 0);
            let width = |times: f64| {
                let counts = (f64::from(k) * times, f64::from(k + more) * times);
                share_interval(counts, ShareInterval::Wilson, 0.95).map(|(low, high)| high - low).expect("defined")
            };
            prop_assert!(width(f64::from(times)) <= width(1.0) + 1e-12);
        }
    }
}
