//! Opening hours of one day: when it opens, when it closes, and how they are written.
//!
//! In: intervals. Out: the same, sorted and joined. Deliberately absent: which day it is.

use std::fmt;

/// Seconds of a day.
pub const DAY: i64 = 86_400;

/// An open interval in seconds after midnight, from opening to closing; 24:00 is [`DAY`].
pub type Interval = (i64, i64);

/// Opening hours of one day: sorted intervals with a gap between any two, none on a closed day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hours(Vec<Interval>);

impl Hours {
    /// Sorts the intervals and joins those that touch; the fault is the first two that overlap.
    ///
    /// An interval that is empty, backwards or beyond 0:00 to 24:00 overlaps itself.
    pub fn new(mut intervals: Vec<Interval>) -> Result<Self, (Interval, Interval)> {
        intervals.sort_unstable();
        let mut joined: Vec<Interval> = Vec::new();
        let mut last = None;
        for next in intervals {
            if !(0 <= next.0 && next.0 < next.1 && next.1 <= DAY) {
                return Err((next, next));
            }
            match joined.last_mut() {
                Some(open) if next.0 < open.1 => return Err((last.unwrap_or(*open), next)),
                Some(open) if next.0 == open.1 => open.1 = next.1,
                _ => joined.push(next),
            }
            last = Some(next);
        }
        Ok(Self(joined))
    }

    /// Returns hours from 0:00 to 24:00.
    pub fn round_the_clock() -> Self {
        Self(vec![(0, DAY)])
    }

    /// Returns the open intervals in order.
    pub fn intervals(&self) -> &[Interval] {
        &self.0
    }

    /// Returns whether it does not open at all.
    pub fn is_closed(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the first opening, in seconds after midnight; nothing on a closed day.
    pub fn opens(&self) -> Option<i64> {
        self.0.first().map(|interval| interval.0)
    }

    /// Returns the last closing, in seconds after midnight; nothing on a closed day.
    pub fn closes(&self) -> Option<i64> {
        self.0.last().map(|interval| interval.1)
    }

    /// Returns the seconds of all intervals.
    pub fn total(&self) -> i64 {
        self.0.iter().map(|(open, close)| close - open).sum()
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_closed() {
            return write!(f, "closed");
        }
        let words: Vec<String> = self.0.iter().copied().map(words).collect();
        write!(f, "{}", words.join(" "))
    }
}

/// Writes an interval the way it is read: `09:00-13:00`.
pub(super) fn words((open, close): Interval) -> String {
    let time = |second: i64| format!("{:02}:{:02}", second / 3600, second / 60 % 60);
    format!("{}-{}", time(open), time(close))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_sorted_and_joined() {
        let hours = Hours::new(vec![(50_400, 64_800), (32_400, 46_800), (46_800, 50_400)]).unwrap();
        assert_eq!((hours.intervals(), hours.total()), (&[(32_400, 64_800)][..], 32_400));
        assert_eq!((hours.to_string().as_str(), hours.opens()), ("09:00-18:00", Some(32_400)));
        assert_eq!(Hours::round_the_clock().to_string(), "00:00-24:00");
        assert_eq!((Hours::default().to_string().as_str(), Hours::default().closes()), ("closed", None));
    }

    #[test]
    fn hours_that_overlap_are_refused() {
        assert_eq!(Hours::new(vec![(3600, 7200), (7199, 9000)]), Err(((3600, 7200), (7199, 9000))));
        for bad in [(5, 5), (9, 3), (-1, 3), (0, DAY + 1)] {
            assert_eq!(Hours::new(vec![bad]), Err((bad, bad)));
        }
    }
}
