//! Counts: quantiles and tails of the binomial, Poisson, beta-binomial and gamma-Poisson distributions.
//!
//! In: numbers. Out: numbers. Deliberately absent: densities for their own sake. The incomplete integrals are those of `special`.

use super::distribution::{beta_quantile, binomial_cdf};
use super::special::{incomplete_beta, incomplete_gamma};

/// Beyond so many trials a beta-binomial share is taken as beta distributed; the two then differ by less than 1e-6.
const MANY: u64 = 1_000_000;

/// Returns P(X ≥ k) of the binomial distribution; small values keep their digits.
pub fn binomial_upper(k: u64, n: u64, p: f64) -> f64 {
    match k {
        0 => 1.0,
        k if k > n => 0.0,
        k => incomplete_beta(k as f64, (n - k) as f64 + 1.0, p, 1.0 - p).0,
    }
}

/// Returns the smallest k with P(X ≤ k) ≥ `q` of the binomial distribution; same value as R `qbinom`.
pub fn binomial_quantile(q: f64, n: u64, p: f64) -> u64 {
    smallest(n, |k| binomial_cdf(k, n, p) >= q)
}

/// Returns P(X ≤ k) of the Poisson distribution with a `mean` ≥ 0; same value as R `ppois`.
pub fn poisson_cdf(k: u64, mean: f64) -> f64 {
    incomplete_gamma(k as f64 + 1.0, mean).1
}

/// Returns P(X ≥ k) of the Poisson distribution with a `mean` ≥ 0.
pub fn poisson_upper(k: u64, mean: f64) -> f64 {
    if k == 0 { 1.0 } else { incomplete_gamma(k as f64, mean).0 }
}

/// Returns the smallest k with P(X ≤ k) ≥ `q` < 1 of the Poisson distribution; same value as R `qpois`.
pub fn poisson_quantile(q: f64, mean: f64) -> u64 {
    let mut high = 16;
    while poisson_cdf(high, mean) < q && high < u64::MAX / 4 {
        high *= 2;
    }
    smallest(high, |k| poisson_cdf(k, mean) >= q)
}

/// Returns the smallest k in 0..=`high` for which a condition holds that stays true once it is; `high` where it never does.
fn smallest(high: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (0, high);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) { high = middle } else { low = middle + 1 }
    }
    low
}

/// Returns P(J ≥ j) for a beta-binomial J: `n` trials whose probability is beta distributed with parameters `a`, `b`.
pub fn beta_binomial_upper(j: u64, n: u64, (a, b): (f64, f64)) -> f64 {
    if j == 0 {
        return 1.0;
    }
    if j > n {
        return 0.0;
    }
    if n > MANY {
        return incomplete_beta(a, b, j as f64 / n as f64, 1.0 - j as f64 / n as f64).1;
    }
    let (mut sum, mut term) = (0.0, libm::exp(ln_beta_binomial(j, n, (a, b))));
    for i in j..=n {
        sum += term;
        let (i, n) = (i as f64, n as f64);
        term *= (n - i) / (i + 1.0) * (i + a) / (n - i - 1.0 + b);
    }
    sum.min(1.0)
}

/// Returns the smallest j with P(J > j) ≤ `tail` of the beta-binomial distribution.
pub fn beta_binomial_quantile(tail: f64, n: u64, (a, b): (f64, f64)) -> u64 {
    if n > MANY {
        return ((1.0 - beta_quantile(tail, b, a)) * n as f64) as u64;
    }
    let (mut below, mut term) = (0.0, libm::exp(ln_beta_binomial(0, n, (a, b))));
    for j in 0..n {
        below += term;
        if 1.0 - below <= tail {
            return j;
        }
        let (i, n) = (j as f64, n as f64);
        term *= (n - i) / (i + 1.0) * (i + a) / (n - i - 1.0 + b);
    }
    n
}

fn ln_beta_binomial(j: u64, n: u64, (a, b): (f64, f64)) -> f64 {
    let ln_beta = |x: f64, y: f64| libm::lgamma(x) + libm::lgamma(y) - libm::lgamma(x + y);
    let (j, n) = (j as f64, n as f64);
    -libm::log(n + 1.0) - ln_beta(j + 1.0, n - j + 1.0) + ln_beta(j + a, n - j + b) - ln_beta(a, b)
}

/// Returns P(X ≥ k) for a count X of Poisson mean λ·`exposure` whose λ is gamma distributed with `shape` and `rate`.
pub fn gamma_poisson_upper(k: u64, exposure: f64, (shape, rate): (f64, f64)) -> f64 {
    if k == 0 {
        return 1.0;
    }
    let total = exposure + rate;
    incomplete_beta(k as f64, shape, exposure / total, rate / total).0
}

/// Returns the smallest k with P(X > k) ≤ `tail` of the same distribution.
pub fn gamma_poisson_quantile(tail: f64, exposure: f64, (shape, rate): (f64, f64)) -> u64 {
    let holds = |k: u64| gamma_poisson_upper(k + 1, exposure, (shape, rate)) <= tail;
    let mut high = 16;
    while !holds(high) && high < u64::MAX / 4 {
        high *= 2;
    }
    smallest(high, holds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-9 * expected.abs(), "{value} is not {expected}");
    }

    // Expected values: scipy.stats 1.17.

    #[test]
    fn quantiles_agree_with_scipy() {
        assert_eq!(binomial_quantile(0.05, 35, 0.5), 13);
        assert_eq!(binomial_quantile(0.001, 31, 757.0 / 871.0), 20);
        assert_eq!((binomial_quantile(0.05, 0, 0.5), binomial_quantile(1.0, 7, 0.5)), (0, 7));
        assert_eq!((poisson_quantile(0.025, 10.0), poisson_quantile(0.999, 0.3)), (4, 3));
    }

    #[test]
    fn tails_agree_with_scipy() {
        close(poisson_cdf(3, 10.0), 0.010336050675925726);
        close(poisson_upper(30, 10.0), 2.509951201527959e-07);
        close(binomial_upper(20, 31, 0.1), 2.8199163898869547e-13);
        close(beta_binomial_upper(20, 100, (0.5, 1400.5)), 5.732835742301506e-26);
        close(beta_binomial_upper(3, 10, (0.5, 4.5)), 0.141721452985491);
        close(gamma_poisson_upper(3, 2.0, (0.5, 30.0)), 7.81521937638291e-05);
    }

    #[test]
    fn quantiles_of_mixtures_leave_at_most_the_tail() {
        for tail in [0.00135, 0.0228, 0.3] {
            for n in [1, 10, 300] {
                let j = beta_binomial_quantile(tail, n, (0.5, 40.5));
                assert!(beta_binomial_upper(j + 1, n, (0.5, 40.5)) <= tail + 1e-12);
                assert!(j == 0 || beta_binomial_upper(j, n, (0.5, 40.5)) > tail);
            }
            let k = gamma_poisson_quantile(tail, 4.0, (0.5, 9.0));
            assert!(gamma_poisson_upper(k + 1, 4.0, (0.5, 9.0)) <= tail);
            assert!(k == 0 || gamma_poisson_upper(k, 4.0, (0.5, 9.0)) > tail);
        }
    }
}
