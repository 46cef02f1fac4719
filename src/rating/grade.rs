//! Grades: from probabilities to a letter that does not flicker.

use crate::stats::distribution::normal_cdf;

/// A grade, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// At or above the first cut point.
    A,
    /// At or above the second cut point: a met target.
    B,
    /// At or above the third cut point.
    C,
    /// At or above the fourth cut point.
    D,
    /// Below all cut points.
    E,
}

impl Grade {
    /// Every grade, best first.
    pub const ALL: [Self; 5] = [Self::A, Self::B, Self::C, Self::D, Self::E];

    /// Returns the letter.
    pub fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
            Self::E => "E",
        }
    }

    /// Returns the place of the grade in [`Grade::ALL`], which is its place among probabilities.
    pub fn place(self) -> usize {
        self as usize
    }
}

/// Returns the most probable grade; the better one of equals.
pub(super) fn most_probable(probabilities: &[f64; 5]) -> Grade {
    let better = |best: Grade, one: &Grade| {
        if probabilities[one.place()] > probabilities[best.place()] { *one } else { best }
    };
    Grade::ALL.iter().fold(Grade::A, better)
}

/// Returns the next letter of a chain: the one held, unless its own probability is below `keep`; then the most probable.
pub(super) fn next_letter(probabilities: &[f64; 5], held: Option<Grade>, keep: f64) -> Grade {
    held.filter(|grade| probabilities[grade.place()] >= keep).unwrap_or_else(|| most_probable(probabilities))
}

/// Returns the probabilities of the grades for a value with a normal error; a value without error that stands on a cut is above it.
pub(super) fn normal_probabilities(value: f64, std_error: f64, cuts: &[f64; 4]) -> [f64; 5] {
    let below = |cut: f64| match std_error > 0.0 {
        true => normal_cdf((cut - value) / std_error),
        false => f64::from(u8::from(value < cut)),
    };
    let [a, b, c, d] = cuts.map(below);
    [1.0 - a, a - b, b - c, c - d, d]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_kept_until_it_is_improbable() {
        let probabilities = [0.0, 0.11, 0.80, 0.09, 0.0];
        assert_eq!(next_letter(&probabilities, None, 0.1), Grade::C);
        assert_eq!(next_letter(&probabilities, Some(Grade::B), 0.1), Grade::B);
        assert_eq!(next_letter(&probabilities, Some(Grade::D), 0.1), Grade::C);
    }

    #[test]
    fn of_equals_the_better_letter_wins() {
        assert_eq!(most_probable(&[0.0, 0.5, 0.5, 0.0, 0.0]), Grade::B);
    }

    #[test]
    fn normal_probabilities_have_textbook_values() {
        // scipy.stats.norm(70, 5): sf(85), cdf(85) - cdf(70), cdf(70) - cdf(55), cdf(55) - cdf(40), cdf(40)
        let found = normal_probabilities(70.0, 5.0, &[85.0, 70.0, 55.0, 40.0]);
        let expected = [
            0.0013498980316300933,
            0.4986501019683699,
            0.4986501019683699,
            0.0013498970450424481,
            9.865876450376946e-10,
        ];
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
        let exact = normal_probabilities(70.0, 0.0, &[85.0, 70.0, 55.0, 40.0]);
        assert!(exact.iter().zip([0.0, 1.0, 0.0, 0.0, 0.0]).all(|(a, b)| (a - b).abs() < 1e-12), "{exact:?}");
    }
}
