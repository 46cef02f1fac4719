//! Units in which squares of values, and products of squares, stay within the range of numbers.
//!
//! In: values of any size. Out: a power of two, so that dividing by it costs no digit. Deliberately absent: what is done with it; statistics
//! that know no unit forget it, others are multiplied by it.

/// Values between 2⁻¹²⁸ and 2¹²⁸ have the unit 1: their eighth powers are numbers.
const ORDINARY: i32 = 128;
/// The largest unit that is as exact as its inverse.
const LARGEST: i32 = 1000;

/// Returns the power of two next below the largest of the magnitudes, or 1 where that is of ordinary size; NaN and infinity do not count.
pub fn unit(values: impl Iterator<Item = f64>) -> f64 {
    let largest = values.map(f64::abs).filter(|value| value.is_finite()).fold(0.0, f64::max);
    let exponent = if largest > 0.0 { libm::ilogb(largest) } else { 0 };
    if exponent.abs() <= ORDINARY { 1.0 } else { libm::ldexp(1.0, exponent.clamp(-LARGEST, LARGEST)) }
}

/// Returns the values in their unit.
pub fn in_unit(values: &[f64]) -> Vec<f64> {
    let unit = unit(values.iter().copied());
    values.iter().map(|value| value / unit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_values_keep_their_unit_and_extreme_ones_their_digits() {
        let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<u64>>();
        let ordinary = [1.1, -3e30, 0.0, 7e-300];
        assert_eq!(bits(&in_unit(&ordinary)), bits(&ordinary));
        let base = [1.1, -1.9, 0.3];
        for exponent in [1000, 500, -500, -1000] {
            let far: Vec<f64> = base.iter().map(|x| libm::ldexp(*x, exponent)).collect();
            assert_eq!(bits(&in_unit(&far)), bits(&base));
        }
        assert!(in_unit(&[f64::MAX, f64::MIN]).iter().all(|x| x.abs() < 1e8));
        assert!(in_unit(&[5e-324, 1e-323]).iter().all(|x| (1e-24..1e-20).contains(x)));
        assert!(
            (unit([].into_iter()) - 1.0).abs() < 1e-15
                && (unit([f64::NAN, 0.0].into_iter()) - 1.0).abs() < 1e-15
        );
    }
}
