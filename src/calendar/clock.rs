//! A department's wall clock: which instant it shows, also on the days when it is put forward or back.
//!
//! In: local moments, seconds since 1970-01-01 as the wall clock shows them. Out: instants, seconds since 1970-01-01 UTC, and back.
//! Deliberately absent: opening hours, and the present time.

use std::collections::BTreeSet;

use chrono::{DateTime, MappedLocalTime, NaiveDateTime, Offset, TimeZone};
use chrono_tz::Tz;

use super::hours::DAY;

/// Moments beyond this, about the year 5000 either way, are shown like this one.
const FARTHEST: i64 = 100_000_000_000;
/// No wall clock was ever farther from UTC.
const WIDEST: i64 = 26 * 3600;
/// First and last instant between which changes of the clock are known: 1970 to 2100.
const KNOWN: (i64, i64) = (0, 4_102_444_800);
/// Two changes of one clock are farther apart than this.
const APART: i64 = 7 * DAY;

/// A wall clock; without a time zone its hours are all alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Clock(pub(super) Option<Tz>);

impl Clock {
    /// Returns the first instant at which the clock shows `local` or later.
    ///
    /// So a time shown twice (clock put back) is its first showing, and a time never shown (clock put forward) is the
    /// instant of the change. A later time on the clock is never an earlier instant.
    pub(super) fn instant(self, local: i64) -> i64 {
        let Some(zone) = self.0 else { return local };
        match zone.offset_from_local_datetime(&shown(local)) {
            MappedLocalTime::Single(offset) | MappedLocalTime::Ambiguous(offset, _) => {
                local.saturating_sub(offset.fix().local_minus_utc().into())
            }
            MappedLocalTime::None => {
                let from = local.saturating_sub(WIDEST);
                first(from, local.saturating_add(WIDEST), |instant| self.local(instant) >= local)
            }
        }
    }

    /// Returns what the clock shows at `instant`.
    pub(super) fn local(self, instant: i64) -> i64 {
        instant.saturating_add(self.ahead(instant))
    }

    /// Returns the local days on which the clock may be changed between 1970 and 2100, as days since 1970-01-01.
    pub(super) fn changes(self) -> BTreeSet<i64> {
        if self.0.is_none() {
            return BTreeSet::new();
        }
        let mut days = BTreeSet::new();
        for start in (KNOWN.0..KNOWN.1).step_by(APART as usize) {
            let (before, after) = (self.ahead(start), self.ahead(start + APART));
            if before != after {
                let change = first(start, start + APART, |instant| self.ahead(instant) != before);
                days.extend([before, after].map(|ahead| (change + ahead).div_euclid(DAY)));
            }
        }
        days
    }

    /// Returns the seconds by which the clock is ahead of UTC.
    fn ahead(self, instant: i64) -> i64 {
        self.0.map_or(0, |zone| zone.offset_from_utc_datetime(&shown(instant)).fix().local_minus_utc().into())
    }
}

fn shown(moment: i64) -> NaiveDateTime {
    DateTime::from_timestamp(moment.clamp(-FARTHEST, FARTHEST), 0).unwrap_or_default().naive_utc()
}

/// Returns the first number of `low` to `high` for which `holds`, which holds for all later ones.
fn first(mut low: i64, mut high: i64, holds: impl Fn(i64) -> bool) -> i64 {
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::at;
    use super::*;

    fn clock(zone: &str) -> Clock {
        Clock(Some(zone.parse().unwrap()))
    }

    #[test]
    fn a_time_shown_twice_is_its_first_showing() {
        assert_eq!(clock("Europe/Berlin").instant(at("2025-10-26 02:30")), at("2025-10-26 00:30"));
        assert_eq!(clock("Europe/Berlin").instant(at("2025-10-26 03:00")), at("2025-10-26 02:00"));
        assert_eq!(clock("America/Sao_Paulo").instant(at("2018-02-17 23:30")), at("2018-02-18 01:30"));
    }

    #[test]
    fn a_time_never_shown_is_the_instant_of_the_change() {
        for (zone, local, instant) in [
            ("Europe/Berlin", "2025-03-30 02:30", "2025-03-30 01:00"),
            ("America/New_York", "2025-03-09 02:59", "2025-03-09 07:00"),
            ("America/Sao_Paulo", "2017-10-15 00:00", "2017-10-15 03:00"),
            ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30 10:00"),
        ] {
            assert_eq!(clock(zone).instant(at(local)), at(instant), "{zone}");
        }
    }

    #[test]
    fn changes_are_known_from_1970_to_2100() {
        let days = clock("Europe/Berlin").changes();
        for day in ["1980-04-06 00:00", "2025-03-30 00:00", "2025-10-26 00:00", "2060-03-28 00:00"] {
            assert!(days.contains(&(at(day) / DAY)), "{day}");
        }
        assert!(clock("Asia/Kolkata").changes().is_empty() && Clock(None).changes().is_empty());
    }

    #[test]
    fn the_farthest_moments_are_no_panic() {
        for moment in [i64::MIN, i64::MAX, FARTHEST + 1] {
            let clock = clock("Europe/Berlin");
            assert!((clock.instant(moment) as f64 - moment as f64).abs() < 1e5);
            assert!((clock.local(moment) as f64 - moment as f64).abs() < 1e5);
        }
    }

    proptest! {
        #[test]
        fn a_later_time_is_no_earlier_instant(
            zone in prop::sample::select(vec!["Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Kolkata"]),
            a in 0_i64..2_000_000_000, wait in 0_i64..200_000,
        ) {
            let clock = clock(zone);
            prop_assert!(clock.instant(a) <= clock.instant(a + wait));
            // Where it is shown at all, the instant shows it.
            let back = clock.local(clock.instant(a));
            prop_assert!(back == a || (back > a && back - a <= 3600));
        }
    }
}
