//! Working calendars: which days are worked, which hours are open, and arithmetic with working time.
//!
//! In: weekly hours, dated exceptions, a time zone if need be. Out: due moments and durations.
//! Moments are seconds since 1970-01-01 as the department's wall clock shows them; amounts are seconds.
//! Deliberately absent: commitments and their limits, names of holidays, the present time.
//!
//! Conventions:
//! - A moment belongs to the closing before it rather than to the opening after it: eight hours after an opening of an
//!   eight-hour day is that day's closing. Before opening, in a break and on a day off the clock waits for the next opening.
//! - An exception replaces all hours of its date, 0:00 to 24:00, also those of a night shift that began the day before.
//! - With a time zone working time is the real time spent open, so a night with the clock put forward has an hour less;
//!   without one every day has 24 hours. A local time that is shown twice means its first showing, one that is never
//!   shown means the instant of the change.

mod hours;
mod clock;
mod tally;
mod text;
mod read;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono_tz::Tz;

use crate::month::Day;
use clock::Clock;
pub use hours::{DAY, Hours, Interval};
pub use read::Fault;
use tally::Tally;

/// Days that are searched for an opening: a hundred years.
const HORIZON: i64 = 36_525;
/// Days beyond this count as this one, far outside of every date.
const FARTHEST_DAY: i64 = 100_000_000;

/// A department's working calendar.
#[derive(Debug, Clone, PartialEq)]
pub struct Calendar {
    name: String,
    /// From Monday to Sunday.
    week: [Hours; 7],
    /// What the days of a standard week before each weekday, and of a whole week, amount to.
    sums: [Tally; 8],
    /// Days unlike their weekday, in order.
    special: Vec<Special>,
    clock: Clock,
}

/// A day that is unlike its weekday: an exception, or a day with hours on which the clock is changed.
#[derive(Debug, Clone, PartialEq)]
struct Special {
    day: i64,
    hours: Hours,
    /// Whether real time and wall-clock time differ within its hours.
    changed: bool,
    /// How much more than standard weeks all special days up to and with this one amount to.
    extra: Tally,
}

/// One day as the arithmetic needs it.
#[derive(Debug, Clone, Copy)]
struct Today<'a> {
    day: i64,
    hours: &'a Hours,
    changed: bool,
}

impl Calendar {
    /// Makes a calendar of weekly hours (Monday to Sunday) and the hours of dates that differ (closed: no intervals).
    pub fn new(
        name: impl Into<String>,
        week: [Hours; 7],
        exceptions: &BTreeMap<Day, Hours>,
        zone: Option<Tz>,
    ) -> Self {
        let mut sums = [Tally::default(); 8];
        for (weekday, hours) in week.iter().enumerate() {
            sums[weekday + 1] = sums[weekday] + Tally::of(hours, hours.total());
        }
        let special = Vec::new();
        let mut calendar = Self { name: name.into(), week, sums, special, clock: Clock(zone) };
        calendar.set_special(exceptions);
        calendar
    }

    fn set_special(&mut self, exceptions: &BTreeMap<Day, Hours>) {
        let own = |day: i64| i32::try_from(day).ok().and_then(|day| exceptions.get(&Day(day)));
        let mut days = self.clock.changes();
        days.extend(exceptions.keys().map(|day| i64::from(day.0)));
        let mut extra = Tally::default();
        for day in days {
            let usual = &self.week[weekday(day)];
            let hours = own(day).unwrap_or(usual);
            let real = self.total(Today { day, hours, changed: true });
            let changed = real != hours.total();
            if changed || hours != usual {
                extra = extra + Tally::of(hours, real) - Tally::of(usual, usual.total());
                self.special.push(Special { day, hours: hours.clone(), changed, extra });
            }
        }
    }

    /// Returns its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns its time zone, if it has one.
    pub fn zone(&self) -> Option<Tz> {
        self.clock.0
    }

    /// Returns whether there are working hours on `day`.
    pub fn is_working(&self, day: Day) -> bool {
        !self.hours(day).is_closed()
    }

    /// Returns the working hours of `day`.
    pub fn hours(&self, day: Day) -> &Hours {
        self.today(day.0.into()).hours
    }

    /// Returns the number of working days from `from` to `to`, both included; 0 when `to` is before `from`.
    pub fn working_days(&self, from: Day, to: Day) -> i64 {
        let days = |day: i64| self.before(day).days;
        (days(i64::from(to.0) + 1) - days(from.0.into())).max(0)
    }

    /// Returns the seconds of the commonest working weekday, the longer of two as common; nothing where none is worked.
    ///
    /// It turns working seconds into working days where a day means so much working time.
    pub fn usual_day(&self) -> Option<i64> {
        let totals = || self.week.iter().map(Hours::total).filter(|&total| total > 0);
        totals().max_by_key(|&total| (totals().filter(|&other| other == total).count(), total))
    }

    /// Returns whether `moment` is within working hours; an opening is, a closing is not.
    pub fn is_open(&self, moment: i64) -> bool {
        let (day, second) = split(moment);
        self.today(day).hours.intervals().iter().any(|&(open, close)| open <= second && second < close)
    }

    /// Returns the moment `seconds` of working time after `start`; nothing when it is not reached within 100 years.
    ///
    /// For a positive amount it is the earliest such moment, so a closing rather than the next opening. For a negative
    /// amount it is the latest moment with so much working time up to `start`, so an opening rather than the closing
    /// before. For 0 it is `start` itself within hours or at a closing, otherwise the next opening.
    pub fn add(&self, start: i64, seconds: i64) -> Option<i64> {
        let (day, second) = split(start);
        let target = self.worked(start).checked_add(seconds)?;
        let until = |day: i64| self.before(day).seconds;
        match seconds {
            0 if self.touches(day, second) => Some(start),
            0 => {
                let day = day + first(|ahead| until(day + ahead + 1) > target)?;
                self.place(day, target - until(day), |left, length| left < length)
            }
            1.. => {
                let day = day + first(|ahead| until(day + ahead + 1) >= target)?;
                self.place(day, target - until(day), |left, length| left <= length)
            }
            _ => {
                let day = day - first(|back| until(day - back) <= target)?;
                self.place(day, target - until(day), |left, length| left < length)
            }
        }
    }

    /// Returns the closing of the `days`-th working day after the day that `start` counts for; nothing when there is
    /// none within 100 years.
    ///
    /// A start counts for its own day up to and at the day's last closing; later, and on a day off, it counts for the
    /// next working day as if it came at that opening. With 0 days the answer is the closing of the day it counts for.
    pub fn add_days(&self, start: i64, days: u32) -> Option<i64> {
        self.close_after(self.counts_for(start)?, days)
    }

    /// Returns what [`Calendar::add_days`] returns, where a start at or after `cutoff` (seconds after midnight) counts
    /// for the next working day: "until 15:00 the same day".
    pub fn add_days_by(&self, start: i64, days: u32, cutoff: i64) -> Option<i64> {
        let (today, second) = split(start);
        match self.counts_for(start)? {
            day if day == today && second >= cutoff => self.close_after(self.working_from(day + 1)?, days),
            day => self.close_after(day, days),
        }
    }

    /// Returns the working seconds from `start` to `end`, negative when `end` is earlier.
    pub fn between(&self, start: i64, end: i64) -> i64 {
        self.worked(end) - self.worked(start)
    }

    /// Returns the real seconds from `start` to `end`, open or not, negative when `end` is earlier on the clock.
    ///
    /// Without a time zone it is the plain difference.
    pub fn elapsed(&self, start: i64, end: i64) -> i64 {
        self.clock.instant(end).saturating_sub(self.clock.instant(start))
    }

    /// Returns what the wall clock shows `seconds` of real time after `start`.
    ///
    /// `elapsed(start, add_elapsed(start, seconds))` is `seconds`, but for an end in the second showing of an hour.
    pub fn add_elapsed(&self, start: i64, seconds: i64) -> i64 {
        self.clock.local(self.clock.instant(start).saturating_add(seconds))
    }

    fn today(&self, day: i64) -> Today<'_> {
        match self.special.binary_search_by_key(&day, |special| special.day) {
            Ok(index) => {
                Today { day, hours: &self.special[index].hours, changed: self.special[index].changed }
            }
            Err(_) => Today { day, hours: &self.week[weekday(day)], changed: false },
        }
    }

    /// Returns what the days before `day` amount to, counted from an arbitrary but fixed day.
    fn before(&self, day: i64) -> Tally {
        let earlier = self.special.partition_point(|special| special.day < day);
        let extra = earlier.checked_sub(1).map_or(Tally::default(), |index| self.special[index].extra);
        self.sums[7] * (day + 3).div_euclid(7) + self.sums[weekday(day)] + extra
    }

    /// Returns the working seconds up to `moment`, counted from an arbitrary but fixed day.
    fn worked(&self, moment: i64) -> i64 {
        let (day, second) = split(moment);
        let today = self.today(day);
        let begun = today.hours.intervals().iter().take_while(|interval| interval.0 < second);
        let seconds: i64 = begun.map(|&(open, close)| self.span(today, (open, close.min(second)))).sum();
        self.before(day).seconds + seconds
    }

    fn total(&self, today: Today<'_>) -> i64 {
        today.hours.intervals().iter().map(|&interval| self.span(today, interval)).sum()
    }

    /// Returns the seconds of working time from one second of a day to a later one within the same interval.
    fn span(&self, today: Today<'_>, (from, to): Interval) -> i64 {
        let midnight = today.day * DAY;
        if today.changed { self.elapsed(midnight + from, midnight + to) } else { to - from }
    }

    /// Returns the moment when `left` seconds of `day` are worked: in the first interval into which they fit.
    fn place(&self, day: i64, mut left: i64, fits: impl Fn(i64, i64) -> bool) -> Option<i64> {
        let today = self.today(day);
        for &(open, close) in today.hours.intervals() {
            let length = self.span(today, (open, close));
            if fits(left, length) {
                let opening = day * DAY + open;
                return Some(if today.changed { self.add_elapsed(opening, left) } else { opening + left });
            }
            left -= length;
        }
        None
    }

    /// Returns whether a moment lies within hours or at a closing.
    fn touches(&self, day: i64, second: i64) -> bool {
        let within = |&(open, close): &Interval| open <= second && second <= close;
        self.today(day).hours.intervals().iter().any(within) || self.ends_at(day, second)
    }

    /// Returns whether a moment is the 24:00 of a day before that closes then.
    fn ends_at(&self, day: i64, second: i64) -> bool {
        second == 0 && self.today(day - 1).hours.closes() == Some(DAY)
    }

    fn counts_for(&self, start: i64) -> Option<i64> {
        let (day, second) = split(start);
        let hours = self.today(day).hours;
        if self.ends_at(day, second) && hours.opens() != Some(0) {
            return Some(day - 1);
        }
        let still = hours.closes().is_some_and(|close| second <= close);
        if still { Some(day) } else { self.working_from(day + 1) }
    }

    /// Returns the first working day on or after `day`.
    fn working_from(&self, day: i64) -> Option<i64> {
        let until = self.before(day).days;
        Some(day + first(|ahead| self.before(day + ahead + 1).days > until)?)
    }

    fn close_after(&self, day: i64, days: u32) -> Option<i64> {
        let target = self.before(day + 1).days + i64::from(days);
        let due = day + first(|ahead| self.before(day + ahead + 1).days >= target)?;
        Some(due * DAY + self.today(due).hours.closes()?)
    }
}

/// Returns the position of a day in its week, Monday 0: 1970-01-01 was a Thursday.
fn weekday(day: i64) -> usize {
    (day + 3).rem_euclid(7) as usize
}

/// Returns the day of a moment and the seconds after its midnight.
fn split(moment: i64) -> (i64, i64) {
    let moment = moment.clamp(-FARTHEST_DAY * DAY, FARTHEST_DAY * DAY);
    (moment.div_euclid(DAY), moment.rem_euclid(DAY))
}

/// Returns the smallest number of days, up to 100 years, for which `holds`, which holds for all larger ones.
fn first(holds: impl Fn(i64) -> bool) -> Option<i64> {
    let (mut low, mut high) = (0, 0);
    while !holds(high) {
        if high == HORIZON {
            return None;
        }
        (low, high) = (high + 1, (2 * high + 1).min(HORIZON));
    }
    while low < high {
        let middle = low + (high - low) / 2;
        (low, high) = if holds(middle) { (low, middle) } else { (middle + 1, high) };
    }
    Some(low)
}
