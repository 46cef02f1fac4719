//! Books: until when a month takes in what becomes known, and in which state its figures are.
//!
//! In: the project's settling days and the date of the run. Out: cut days and states. Deliberately absent: the clock.

use serde::{Deserialize, Serialize};

use crate::month::{Day, Month};

/// The state of a month's figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The settling day has not come: figures can still move.
    Provisional,
    /// The settling day has passed: later rows wait in the late pool.
    Final,
}

impl State {
    /// Returns the state's code, as it stands in feeds.
    pub fn code(self) -> &'static str {
        match self {
            Self::Provisional => "provisional",
            Self::Final => "final",
        }
    }
}

/// Until when a month's figures use what became known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// The last day whose knowledge is used: the settling day, or the date of the run if that is earlier.
    pub day: Day,
    /// The state this gives.
    pub state: State,
}

impl Cut {
    /// Returns the cut of `month` for a run dated `as_of`.
    pub fn new(month: Month, settle_days: i32, as_of: Day) -> Self {
        let settled = month.last_day().plus(settle_days);
        if as_of < settled {
            Self { day: as_of, state: State::Provisional }
        } else {
            Self { day: settled, state: State::Final }
        }
    }

    /// Returns the last second whose knowledge is used.
    pub fn second(self) -> i64 {
        i64::from(self.day.0 + 1) * 86_400 - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_final_from_its_settling_day_on() {
        let month: Month = "2026-10".parse().unwrap();
        let cut = |day: &str| Cut::new(month, 10, day.parse().unwrap());
        assert_eq!(cut("2026-11-09"), Cut { day: "2026-11-09".parse().unwrap(), state: State::Provisional });
        assert_eq!(cut("2026-11-10").state, State::Final);
        assert_eq!(cut("2027-03-01").day, "2026-11-10".parse().unwrap());
    }
}
