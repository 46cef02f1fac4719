//! Kinds of remedy: what was done about a broken promise.

use serde::{Deserialize, Serialize};

/// What was done to remedy a breach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Remedy {
    /// The customer was told why.
    Explanation,
    /// Someone said sorry.
    Apology,
    /// What was wrong was put right.
    Correction,
    /// A small present.
    Gift,
    /// A code that is none of these: the case counts all the same.
    Unknown,
    /// Remedied, without a word on how.
    Uncoded,
}

impl Remedy {
    /// Every kind with its code: those that data may name first, then `?` for all other codes and nothing for none.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Explanation, "explanation"),
        (Self::Apology, "apology"),
        (Self::Correction, "correction"),
        (Self::Gift, "gift"),
        (Self::Unknown, "?"),
        (Self::Uncoded, ""),
    ];

    /// Returns the kind of a code.
    pub fn of(code: &str) -> Self {
        Self::ALL.iter().find(|(_, known)| *known == code).map_or(Self::Unknown, |(kind, _)| *kind)
    }

    /// Returns the code of a kind.
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, code)| code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_that_is_not_known_keeps_its_case() {
        for (kind, code) in Remedy::ALL {
            assert_eq!((Remedy::of(code), kind.code()), (kind, code));
        }
        assert_eq!(Remedy::of("flowers"), Remedy::Unknown);
    }
}
