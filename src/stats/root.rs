//! The root of a falling function without a slope at hand.
//!
//! In: a function and two ends. Out: the root. Deliberately absent: Newton's steps (`distribution::Bracket`).

/// Returns the root of a decreasing function between two ends, by regula falsi with Illinois' halving.
pub(super) fn falling_root((mut low, mut high): (f64, f64), function: impl Fn(f64) -> f64) -> f64 {
    let (mut above, mut below) = (function(low), function(high));
    let mut last = 0;
    for _ in 0..200 {
        if high - low <= 1e-15 * high.abs().max(low.abs()) {
            break;
        }
        let chord = (low * below - high * above) / (below - above);
        let at = if chord > low && chord < high { chord } else { 0.5 * (low + high) };
        let value = function(at);
        if value > 0.0 {
            (low, above) = (at, value);
            if last == 1 {
                below *= 0.5;
            }
            last = 1;
        } else if value < 0.0 {
            (high, below) = (at, value);
            if last == -1 {
                above *= 0.5;
            }
            last = -1;
        } else {
            return at;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_roots_and_stays_within_the_ends() {
        assert!((falling_root((0.0, 9.0), |x| 2.0 - x * x * x) - libm::cbrt(2.0)).abs() < 1e-14);
        assert!((falling_root((-5.0, 1e6), |x| libm::exp(-x) - 1e-3) - libm::log(1e3)).abs() < 1e-9);
        assert!((falling_root((3.0, 4.0), |_| 1.0) - 4.0).abs() < 1e-9);
        assert!((falling_root((3.0, 4.0), |_| -1.0) - 3.0).abs() < 1e-9);
    }
}
