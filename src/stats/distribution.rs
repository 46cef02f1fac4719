//! Distributions: normal, Student, beta, binomial, chi-square; cumulative probabilities and quantiles.
//!
//! In: numbers. Out: numbers. Which crate does what: exponentials, logarithms, gamma and error functions are `libm`'s; the inverse error
//! function (normal quantile) is `statrs`'; the incomplete beta and gamma integrals are our own (`special.rs`), because those of `statrs`
//! are wrong at large parameters. Deliberately absent: densities nobody asks for, random draws.

use super::special::{incomplete_beta, incomplete_gamma};

/// The 97.5 % quantile of the standard normal distribution.
pub const Z_975: f64 = 1.959_963_984_540_054;
const SQRT_TAU: f64 = 2.506_628_274_631_000_7;

/// Returns the density of the standard normal distribution.
pub fn normal_density(z: f64) -> f64 {
    libm::exp(-0.5 * z * z) / SQRT_TAU
}

/// Returns P(Z ≤ z) of the standard normal distribution; same value as `scipy.stats.norm.cdf`.
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
}

/// Returns the standard normal quantile of `p` in 0..=1 (−∞ and ∞ at the ends); same value as `scipy.stats.norm.ppf`.
pub fn normal_quantile(p: f64) -> f64 {
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    let z = -std::f64::consts::SQRT_2 * statrs::function::erf::erfc_inv(2.0 * p);
    // One Newton step takes the approximation to the last digits.
    let step = (normal_cdf(z) - p) / normal_density(z);
    if step.is_finite() { z - step } else { z }
}

/// Returns P(|T| ≥ |t|) of Student's distribution with `df` > 0 degrees of freedom; an infinite `df` is the normal distribution.
pub fn student_two_sided(t: f64, df: f64) -> f64 {
    if df.is_infinite() {
        return libm::erfc(t.abs() / std::f64::consts::SQRT_2);
    }
    if t.is_infinite() {
        return 0.0;
    }
    let square = t * t;
    if df > 1e6 {
        // The end df / (df + t²) rounds to 1; the normal approximation (Abramowitz and Stegun 26.7.8) errs by 1/df² only.
        let z = t * (1.0 - 0.25 / df) / (1.0 + 0.5 * square / df).sqrt();
        return libm::erfc(z.abs() / std::f64::consts::SQRT_2);
    }
    incomplete_beta(0.5 * df, 0.5, df / (df + square), square / (df + square)).0
}

/// Returns P(T ≤ t) of Student's distribution with `df` > 0 degrees of freedom; same value as `scipy.stats.t.cdf`.
pub fn student_cdf(t: f64, df: f64) -> f64 {
    let tail = 0.5 * student_two_sided(t, df);
    if t < 0.0 { tail } else { 1.0 - tail }
}

fn student_density(t: f64, df: f64) -> f64 {
    let constant = libm::lgamma(0.5 * (df + 1.0)) - libm::lgamma(0.5 * df);
    libm::exp(constant - 0.5 * (df + 1.0) * libm::log1p(t * t / df)) / (df * std::f64::consts::PI).sqrt()
}

/// Returns the quantile of `p` in 0..=1 of Student's distribution with `df` > 0 degrees of freedom; same value as `scipy.stats.t.ppf`.
pub fn student_quantile(p: f64, df: f64) -> f64 {
    if df.is_infinite() || p <= 0.0 || p >= 1.0 {
        return normal_quantile(p);
    }
    let tail = p.min(1.0 - p);
    let z = -normal_quantile(tail);
    let at = from_normal(z, df);
    let mut start = Bracket { low: 0.0, high: (1.25 * at).max(z).max(1.0), at };
    while 0.5 * student_two_sided(start.high, df) > tail {
        start.high *= 2.0;
    }
    let t = start.solve(|t| (tail - 0.5 * student_two_sided(t, df), student_density(t, df)));
    if p < 0.5 { -t } else { t }
}

/// Returns nearly the quantile of Student's distribution where the normal one has `z` (Abramowitz and Stegun 26.7.5).
fn from_normal(z: f64, df: f64) -> f64 {
    let s = z * z;
    let terms = [
        (s + 1.0) / 4.0,
        ((5.0 * s + 16.0) * s + 3.0) / 96.0,
        (((3.0 * s + 19.0) * s + 17.0) * s - 15.0) / 384.0,
        ((((79.0 * s + 776.0) * s + 1482.0) * s - 1920.0) * s - 945.0) / 92_160.0,
    ];
    z + z * terms.iter().rev().fold(0.0, |sum, term| (sum + term) / df)
}

/// Returns P(X ≤ x) of the beta distribution with parameters `a`, `b` > 0; same value as `scipy.stats.beta.cdf`.
pub fn beta_cdf(x: f64, a: f64, b: f64) -> f64 {
    incomplete_beta(a, b, x, 1.0 - x).0
}

/// Returns the quantile of `p` in 0..=1 of the beta distribution with parameters `a`, `b` > 0; same value as `scipy.stats.beta.ppf`.
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    if p <= 0.0 || p >= 1.0 {
        return p.clamp(0.0, 1.0);
    }
    let ln_beta = libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b);
    let start = Bracket { low: 0.0, high: 1.0, at: a / (a + b) };
    start.solve(|x| {
        let density = libm::exp((a - 1.0) * libm::log(x) + (b - 1.0) * libm::log1p(-x) - ln_beta);
        (beta_cdf(x, a, b) - p, density)
    })
}

/// Returns P(X ≤ k) of the binomial distribution with `n` trials of probability `p`; same value as `scipy.stats.binom.cdf`.
pub fn binomial_cdf(k: u64, n: u64, p: f64) -> f64 {
    if k >= n {
        return 1.0;
    }
    incomplete_beta(k as f64 + 1.0, (n - k) as f64, p, 1.0 - p).1
}

/// Returns P(X ≤ x) of the chi-square distribution with `df` > 0 degrees of freedom; same value as `scipy.stats.chi2.cdf`.
pub fn chi_square_cdf(x: f64, df: f64) -> f64 {
    incomplete_gamma(0.5 * df, 0.5 * x).0
}

/// A root of an increasing function lies between `low` and `high`; the search starts at `at`.
pub(super) struct Bracket {
    /// Lower end: the function is not above zero there.
    pub(super) low: f64,
    /// Upper end: the function is not below zero there.
    pub(super) high: f64,
    /// First guess; the middle is taken when it lies outside.
    pub(super) at: f64,
}

impl Bracket {
    /// Returns the root of `function` (value, slope) by Newton's steps, halving whenever a step leaves the bracket or gains too little.
    pub(super) fn solve(mut self, function: impl Fn(f64) -> (f64, f64)) -> f64 {
        let mut width = self.high - self.low;
        for _ in 0..200 {
            if !(self.low < self.at && self.at < self.high) {
                self.at = 0.5 * (self.low + self.high);
            }
            let (value, slope) = function(self.at);
            if value < 0.0 {
                self.low = self.at;
            } else {
                self.high = self.at;
            }
            let newton = self.at - value / slope;
            let small = (newton - self.at).abs() <= 1e-15 * self.at.abs();
            if small || self.high - self.low <= 1e-16 * self.high.abs() {
                return if small { newton } else { self.at };
            }
            let halved = self.high - self.low <= 0.5 * width;
            width = self.high - self.low;
            let near = (newton - self.at).abs() < 0.1 * width.min(self.at.abs());
            self.at = if halved || near { newton } else { 0.5 * (self.low + self.high) };
        }
        self.at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 2e-11 * expected.abs(), "{value} is not {expected}");
    }

    // Expected values: scipy.stats 1.17.

    #[test]
    fn normal_agrees_with_scipy() {
        close(normal_cdf(-8.0), 6.22096057427174e-16);
        close(normal_cdf(1.3), 0.9031995154143897);
        close(normal_quantile(0.975), Z_975);
        close(normal_quantile(1e-10), -6.361340902404056);
        close(normal_quantile(0.3), -0.5244005127080409);
        assert!(normal_quantile(0.0).is_infinite() && normal_quantile(0.5).abs() < 1e-16);
    }

    #[test]
    fn student_agrees_with_scipy() {
        close(student_cdf(-2.5, 3.0), 0.04385332350403278);
        close(student_two_sided(7.736_977_676_413_916, 28.0), 1.987682208284034e-08);
        close(student_quantile(0.975, 1.0), 12.706204736174694);
        close(student_quantile(0.975, 2.0), 4.302652729749462);
        close(student_quantile(0.975, 10.0), 2.228138851986274);
        close(student_quantile(0.001, 3.5), -8.315567604516117);
        close(student_quantile(0.6, 0.7), 0.35603136523468015);
        close(student_quantile(0.025, f64::INFINITY), -Z_975);
    }

    #[test]
    fn large_parameters_are_right_where_statrs_is_wrong() {
        close(student_cdf(1.0, 1e6), 0.8413446250832108);
        close(student_quantile(0.975, 1e6), 1.959966356814107);
        close(student_quantile(0.975, 1e10), 1.959963984777281);
        close(beta_cdf(0.5, 1e6, 1e6), 0.5);
        close(beta_cdf(0.5004, 1e6, 1e6), 0.8710504906836112);
        close(beta_quantile(0.025, 1e6, 1e6), 0.49930704833394945);
        close(binomial_cdf(500_000, 1_000_000, 0.5), 0.5003989421806654);
        close(chi_square_cdf(2e6, 2e6), 0.5001329807608725);
    }

    #[test]
    fn beta_and_binomial_agree_with_scipy() {
        close(beta_cdf(0.3, 2.5, 0.4), 0.014165144098561119);
        close(beta_cdf(1e-5, 0.1, 3000.0), 0.7382246365869922);
        close(beta_quantile(0.025, 45.0, 6.0), 0.7818646335657977);
        close(beta_quantile(0.975, 46.0, 5.0), 0.9667249064109775);
        close(beta_quantile(0.025, 0.5, 0.5), 0.001541333133436012);
        assert!((beta_quantile(0.975, 1.0, 1e7) / 3.6888787737224376e-07 - 1.0).abs() < 1e-9);
        close(binomial_cdf(3, 10, 0.4), 0.3822806016);
        close(binomial_cdf(0, 10, 0.4), 0.0060466176);
        close(binomial_cdf(19, 31, 0.869), 0.0003181030557086615);
        close(binomial_cdf(10, 10, 0.4), 1.0);
    }

    #[test]
    fn chi_square_agrees_with_scipy() {
        close(chi_square_cdf(3.84, 1.0), 0.9499564787512949);
        close(chi_square_cdf(50.0, 100.0), 6.953305247616201e-06);
        close(chi_square_cdf(150.0, 100.0), 0.9990960679576459);
        close(chi_square_cdf(1e-3, 5.0), 1.6814877189706262e-09);
    }
}
