//! Upper tails and quantiles of chi-square, F and gamma, each computed from its own end so that tiny p values keep their digits.
//!
//! In: numbers. Out: numbers. Deliberately absent: lower tails that `distribution` has already.

use super::distribution::{Bracket, beta_quantile, chi_square_cdf, normal_quantile};
use super::special::{incomplete_beta, incomplete_gamma};

/// Returns P(X > x) of the chi-square distribution with `df` > 0 degrees of freedom; same value as `scipy.stats.chi2.sf`.
pub fn chi_square_upper(x: f64, df: f64) -> f64 {
    incomplete_gamma(0.5 * df, 0.5 * x).1
}

/// Returns the quantile of `p` in 0..1 of the chi-square distribution with `df` > 0 degrees of freedom; same value as `scipy.stats.chi2.ppf`.
pub fn chi_square_quantile(p: f64, df: f64) -> f64 {
    if p <= 0.0 || p >= 1.0 {
        return if p <= 0.0 { 0.0 } else { f64::INFINITY };
    }
    let mut start = Bracket { low: 0.0, high: df.max(1.0), at: df };
    while chi_square_cdf(start.high, df) < p {
        start.high *= 2.0;
    }
    let ln_gamma = libm::lgamma(0.5 * df);
    start.solve(|x| {
        let half = 0.5 * x;
        let density = 0.5 * libm::exp((0.5 * df - 1.0) * libm::log(half) - half - ln_gamma);
        let (lower, upper) = incomplete_gamma(0.5 * df, half);
        (if p > 0.5 { (1.0 - p) - upper } else { lower - p }, density)
    })
}

/// Returns P(F > f) with `df1`, `df2` > 0 degrees of freedom; same value as `scipy.stats.f.sf`.
pub fn f_upper(f: f64, df1: f64, df2: f64) -> f64 {
    if f <= 0.0 {
        return 1.0;
    }
    if f.is_infinite() {
        return 0.0;
    }
    let sum = df1 * f + df2;
    incomplete_beta(0.5 * df1, 0.5 * df2, df1 * f / sum, df2 / sum).1
}

/// Returns the quantile of `p` in 0..=1 of F with `df1` and `df2` > 0 degrees of freedom; same value as R `qf`.
pub fn f_quantile(p: f64, df1: f64, df2: f64) -> f64 {
    // The end of the beta distribution that lies nearer to 0 keeps its digits.
    if df1 <= df2 {
        let x = beta_quantile(p, 0.5 * df1, 0.5 * df2);
        df2 * x / (df1 * (1.0 - x))
    } else {
        let y = beta_quantile(1.0 - p, 0.5 * df2, 0.5 * df1);
        df2 * (1.0 - y) / (df1 * y)
    }
}

/// Returns the quantile of `p` in 0..1 of the gamma distribution with `shape` > 0 and scale 1; same value as `scipy.stats.gamma.ppf`.
pub fn gamma_quantile(p: f64, shape: f64) -> f64 {
    if p <= 0.0 {
        return 0.0;
    }
    // Wilson and Hilferty's approximation is the first guess.
    let cube = 1.0 - 1.0 / (9.0 * shape) + normal_quantile(p) / (3.0 * shape.sqrt());
    let at = shape * cube * cube * cube;
    let mut high = shape.max(1.0);
    while incomplete_gamma(shape, high).0 < p && high < f64::MAX / 4.0 {
        high *= 2.0;
    }
    let log_gamma = libm::lgamma(shape);
    Bracket { low: 0.0, high, at }.solve(|x| {
        let density = libm::exp((shape - 1.0) * libm::log(x) - x - log_gamma);
        (incomplete_gamma(shape, x).0 - p, density)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-11 * expected.abs(), "{value} is not {expected}");
    }

    #[test]
    fn agrees_with_scipy() {
        // scipy.stats 1.17: chi2.sf, f.sf, poisson.cdf, gamma.ppf.
        close(chi_square_upper(258.185_735_014_402, 50.0), 7.81692155202956e-30);
        close(chi_square_upper(1.5965291050270598, 1.0), 0.2063957815211419);
        close(f_upper(7.068_964_689_121_081, 4.0, 626.0), 1.4347612770056085e-05);
        close(f_upper(0.3, 2.5, 7.0), 0.79261101248747);
        close(chi_square_quantile(0.975, 13.0), 24.735604884931536);
        close(chi_square_quantile(0.025, 1.0), 0.0009820691171752583);
        close(chi_square_quantile(0.025, 2.2), 0.07416487949870104);
        close(chi_square_quantile(0.999, 95768.94), 97127.08310496758);
        close(chi_square_quantile(0.975, 2.0 * 2.1), 11.488205602728323);
        assert!(chi_square_quantile(0.0, 3.0) < 1e-300);
        close(chi_square_quantile(0.025, 130.0), 100.33125545846853);
        close(f_upper(8.925585, 249.0, 750.0), 1.0095469338325014e-120);
        close(f_quantile(0.975, 29.0, 180.0), 1.658702525461471);
        close(f_quantile(0.025, 180.0, 4.785), 0.3733296700518091);
        close(f_quantile(0.975, 5.0, 4.785), 7.498880528274082);
        close(chi_square_upper(400.0, 19.0), 4.3853799569319117e-73);
        close(gamma_quantile(0.025, 5.0), 1.6234863901184207);
        close(gamma_quantile(0.975, 6.0), 11.66833207932267);
        close(gamma_quantile(0.975, 1e6), 1001960.9109654503);
        close(gamma_quantile(0.025, 0.5), 0.0004910345585876278);
    }
}
