//! Searches that stop early, as well-known peers make them: with them our numbers are theirs to the last digits, so that what remains between
//! ours and theirs is known to be their search.
//!
//! In: a function, a start. Out: where the search stops. Deliberately absent: any use of them for our own values.

/// How the roots behind an interval are searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Search {
    /// To the last digits.
    Exact,
    /// As the peer does: R `effectsize` by Nelder and Mead's simplex on both ends together, R `fisher.test` by Brent's method to 1.2e-4.
    Peer,
}

/// Value that stands for a function without one.
const BIG: f64 = 1e35;

/// A corner of the simplex with its function value.
type Corner = ([f64; 2], f64);

/// Returns where Nelder and Mead's search (Nash 1990, algorithm 19) stops: within 1e-9 of 0, or when all corners lie within 1.5e-8.
///
/// Reflection 1, contraction ½, expansion 2; first steps of a tenth of the largest coordinate. The same path as R `optim(abstol = 1e-9)`.
pub(super) fn nelder_mead(start: [f64; 2], function: &dyn Fn([f64; 2]) -> f64) -> [f64; 2] {
    let value = |at: [f64; 2]| Some(function(at)).filter(|value| value.is_finite()).unwrap_or(BIG);
    let step = 0.1 * start[0].abs().max(start[1].abs());
    let step = if step > 0.0 { step } else { 0.1 };
    let (second, third) = ([start[0] + step, start[1]], [start[0], start[1] + step]);
    let mut corners: [Corner; 3] = [(start, value(start)), (second, value(second)), (third, value(third))];
    let relative = f64::EPSILON.sqrt();
    let near = relative * (corners[0].1.abs() + relative);
    let (mut lowest, mut size) = (0, 20.0 * step);
    for _ in 0..500 {
        let mut highest = lowest;
        for place in 0..3 {
            lowest = if corners[place].1 < corners[lowest].1 { place } else { lowest };
            highest = if corners[place].1 > corners[highest].1 { place } else { highest };
        }
        let (low, high) = (corners[lowest].1, corners[highest].1);
        if high <= low + near || low <= 1e-9 {
            break;
        }
        if !moved(&mut corners, (lowest, highest), &value) {
            let next = shrink(&mut corners, lowest, &value);
            if next >= size {
                break;
            }
            size = next;
        }
    }
    corners[lowest].0
}

/// Moves the highest corner by reflection, expansion or contraction; false where all corners must shrink towards the lowest.
fn moved(
    corners: &mut [Corner; 3],
    (lowest, highest): (usize, usize),
    value: &dyn Fn([f64; 2]) -> f64,
) -> bool {
    let (low, (worst, high)) = (corners[lowest].1, corners[highest]);
    let centre = [0, 1].map(|i| (-worst[i] + corners[0].0[i] + corners[1].0[i] + corners[2].0[i]) / 2.0);
    let reflected = [0, 1].map(|i| 2.0 * centre[i] - worst[i]);
    let at_reflected = value(reflected);
    if at_reflected < low {
        let expanded = [0, 1].map(|i| 2.0 * reflected[i] - centre[i]);
        let at_expanded = value(expanded);
        corners[highest] =
            if at_expanded < at_reflected { (expanded, at_expanded) } else { (reflected, at_reflected) };
        return true;
    }
    if at_reflected < high {
        corners[highest] = (reflected, at_reflected);
    }
    let from = corners[highest];
    let contracted = [0, 1].map(|i| 0.5 * from.0[i] + 0.5 * centre[i]);
    let at_contracted = value(contracted);
    if at_contracted < from.1 {
        corners[highest] = (contracted, at_contracted);
        return true;
    }
    at_reflected < high
}

fn shrink(corners: &mut [Corner; 3], lowest: usize, value: &dyn Fn([f64; 2]) -> f64) -> f64 {
    let best = corners[lowest].0;
    let mut size = 0.0;
    for (_, corner) in corners.iter_mut().enumerate().filter(|(place, _)| *place != lowest) {
        corner.0 = [0, 1].map(|i| 0.5 * (corner.0[i] - best[i]) + best[i]);
        size += (corner.0[0] - best[0]).abs() + (corner.0[1] - best[1]).abs();
        corner.1 = value(corner.0);
    }
    size
}

/// Returns where Brent's search for a root between two ends (Brent 1973) stops, to the tolerance of R `uniroot`, ε^¼ = 1.2e-4.
pub(super) fn brent((mut a, mut b): (f64, f64), function: &dyn Fn(f64) -> f64) -> f64 {
    let tolerance = f64::EPSILON.sqrt().sqrt();
    let (mut at_a, mut at_b) = (function(a), function(b));
    let (mut c, mut at_c) = (a, at_a);
    for _ in 0..1000 {
        let last = b - a;
        if at_c.abs() < at_b.abs() {
            (a, b, c) = (b, c, b);
            (at_a, at_b, at_c) = (at_b, at_c, at_b);
        }
        let least = 2.0 * f64::EPSILON * b.abs() + 0.5 * tolerance;
        let mut step = 0.5 * (c - b);
        if step.abs() <= least || at_b.abs() <= 0.0 {
            break;
        }
        if last.abs() >= least && at_a.abs() > at_b.abs() {
            let (p, q) = interpolated((a, at_a), (b, at_b), (c, at_c));
            if p < 0.75 * (c - b) * q - 0.5 * (least * q).abs() && p < 0.5 * (last * q).abs() {
                step = p / q;
            }
        }
        (a, at_a) = (b, at_b);
        b += if step.abs() < least { least.copysign(step) } else { step };
        at_b = function(b);
        if at_b * at_c > 0.0 {
            (c, at_c) = (a, at_a);
        }
    }
    b
}

/// Returns the step p/q, p ≥ 0, of the line or inverse parabola through the last points.
fn interpolated((a, at_a): (f64, f64), (b, at_b): (f64, f64), (c, at_c): (f64, f64)) -> (f64, f64) {
    let cb = c - b;
    let (p, q) = if (a - c).abs() <= 0.0 {
        let ratio = at_b / at_a;
        (cb * ratio, 1.0 - ratio)
    } else {
        let (q, t1, t2) = (at_a / at_c, at_b / at_c, at_b / at_a);
        (t2 * (cb * q * (q - t1) - (b - a) * (t1 - 1.0)), (q - 1.0) * (t1 - 1.0) * (t2 - 1.0))
    };
    if p > 0.0 { (p, -q) } else { (-p, q) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searches_come_near_and_stop() {
        let found = nelder_mead([1.0, 1.0], &|x| (x[0] - 3.0).abs() + (x[1] + 2.0).abs());
        assert!((found[0] - 3.0).abs() < 1e-6 && (found[1] + 2.0).abs() < 1e-6, "{found:?}");
        let found = brent((0.0, 2.0), &|x| x * x - 2.0);
        assert!((found - 2f64.sqrt()).abs() < 1.3e-4);
        assert!(
            nelder_mead([0.0, 0.0], &|_| f64::NAN)[0].is_finite() && brent((0.0, 1.0), &|_| 1.0).is_finite()
        );
    }
}
