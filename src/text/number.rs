//! Numbers as text: every digit that a reader sees is written here.
//!
//! In: shares (0..1), points, counts, months. Out: text of one language. Spaces inside a figure never break a line.

use crate::month::{Day, Month};
use crate::stats::Reason;

/// A space that never breaks a line.
const NO_BREAK: char = '\u{a0}';
/// A thin space that never breaks a line, between groups of three digits.
const THIN: char = '\u{202f}';
/// The minus sign; a hyphen is none.
const MINUS: char = '\u{2212}';

/// The conventions and the language in which a reader is addressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Locale {
    /// English.
    English,
    /// Russian.
    Russian,
    /// Chinese, simplified characters.
    Chinese,
}

/// A number of observations that may be withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Count {
    /// The number.
    Exact(u64),
    /// Withheld, because it lies below this number of persons.
    Below(u64),
}

/// What a measure is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Points of a scale, one decimal.
    Points,
    /// A share, 0..1 inside, percent outside.
    Share,
}

const MONTHS: [[&str; 12]; 2] = [
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    [
        "январь",
        "февраль",
        "март",
        "апрель",
        "май",
        "июнь",
        "июль",
        "август",
        "сентябрь",
        "октябрь",
        "ноябрь",
        "декабрь",
    ],
];

const MONTHS_SHORT: [[&str; 12]; 2] = [
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    ["янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"],
];

impl Locale {
    /// Returns the locale of a language code of a project (`en`, `ru`, `zh`).
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::English, Self::Russian, Self::Chinese].into_iter().find(|locale| locale.code() == code)
    }

    /// Returns the language code, as it stands in `lang` attributes.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Russian => "ru",
            Self::Chinese => "zh",
        }
    }

    /// Writes a number with `digits` decimals: `71.7`, `−0.30`; a value that rounds to zero has no sign.
    pub fn decimal(self, value: f64, digits: usize) -> String {
        let text = format!("{:.digits$}", value.abs());
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let sign = value < 0.0 && text.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
        let mut out = if sign { String::from(MINUS) } else { String::new() };
        out.push_str(&grouped(whole));
        if !fraction.is_empty() {
            out.push(if self == Self::Russian { ',' } else { '.' });
            out.push_str(fraction);
        }
        out
    }

    /// Writes points of a scale or an index: `71.7`.
    pub fn points(self, value: f64) -> String {
        self.decimal(value, 1)
    }

    /// Writes a share in percent: `91.3 %`; never `0 %` or `100 %` by rounding alone (one decimal more, up to four).
    pub fn share(self, share: f64, digits: usize) -> String {
        let percent = share * 100.0;
        let extreme = |digits: usize| {
            let text = format!("{percent:.digits$}");
            (share < 1.0 && text.starts_with("100"))
                || (share > 0.0 && text.bytes().all(|b| b"0.".contains(&b)))
        };
        let digits = (digits..=4).find(|&digits| !extreme(digits)).unwrap_or(digits.max(4));
        let sign = if self == Self::Chinese { String::from("%") } else { format!("{NO_BREAK}%") };
        self.decimal(percent, digits) + &sign
    }

    /// Writes a value in its unit, with one decimal.
    pub fn value(self, value: f64, unit: Unit) -> String {
        match unit {
            Unit::Points => self.points(value),
            Unit::Share => self.share(value, 1),
        }
    }

    /// Writes a change with its sign: `+2.4`, `−0.3`, `0.0`.
    pub fn change(self, change: f64, digits: usize) -> String {
        let text = self.decimal(change, digits);
        let positive = change > 0.0 && text.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
        if positive { format!("+{text}") } else { text }
    }

    /// Writes a correlation with two decimals and its sign: `+0.42`.
    pub fn correlation(self, r: f64) -> String {
        self.change(r, 2)
    }

    /// Writes an interval of numbers: `68.1 to 75.2`.
    pub fn interval(self, lower: f64, upper: f64, digits: usize) -> String {
        self.range(&self.decimal(lower, digits), &self.decimal(upper, digits))
    }

    /// Writes an interval of shares: `68.1 % to 75.2 %`.
    pub fn share_interval(self, lower: f64, upper: f64, digits: usize) -> String {
        self.range(&self.share(lower, digits), &self.share(upper, digits))
    }

    /// Writes a range between two texts.
    pub fn range(self, from: &str, to: &str) -> String {
        match self {
            Self::English => format!("{from} to {to}"),
            Self::Russian => format!("от {from} до {to}"),
            Self::Chinese => format!("{from} 至 {to}"),
        }
    }

    /// Writes a p value: `p < .001`, `p = .034`, without the zero before the mark in English (APA).
    pub fn p_value(self, p: f64) -> String {
        let sign = if p < 0.001 { '<' } else { '=' };
        let text = self.decimal(p.max(0.001), 3);
        let text = if self == Self::English { text.strip_prefix('0').unwrap_or(&text) } else { &text };
        format!("p{NO_BREAK}{sign}{NO_BREAK}{text}")
    }

    /// Writes a count in groups of three digits, or `<5` where it is withheld.
    pub fn count(self, count: Count) -> String {
        match count {
            Count::Exact(n) => grouped(&n.to_string()),
            Count::Below(limit) => format!("<{limit}"),
        }
    }

    /// Writes a number of observations: `n = 62`, `n < 5`.
    pub fn n(self, count: Count) -> String {
        match count {
            Count::Exact(_) => format!("n{NO_BREAK}={NO_BREAK}{}", self.count(count)),
            Count::Below(limit) => format!("n{NO_BREAK}<{NO_BREAK}{limit}"),
        }
    }

    /// Writes a month: `October 2026`, `октябрь 2026`, `2026年10月`.
    pub fn month(self, month: Month) -> String {
        match self {
            Self::English => format!("{} {}", self.month_name(month), month.year()),
            Self::Russian => format!("{} {}", self.month_name(month), month.year()),
            Self::Chinese => format!("{}年{}月", month.year(), month.number()),
        }
    }

    /// Writes a stretch of months, or the one month: `November 2025 to October 2026`.
    pub fn months(self, first: Month, last: Month) -> String {
        if first == last { self.month(last) } else { self.range(&self.month(first), &self.month(last)) }
    }

    /// Writes a month without its year: `October`.
    pub fn month_name(self, month: Month) -> String {
        self.name(&MONTHS, month)
    }

    /// Writes a month's short name, for axes: `Oct`, `окт`, `10月`.
    pub fn month_short(self, month: Month) -> String {
        self.name(&MONTHS_SHORT, month)
    }

    /// Writes a day: `10 November 2026`, `10.11.2026`, `2026年11月10日`.
    pub fn day(self, day: Day) -> String {
        let (month, number) = (day.month(), day.0 - day.month().first_day().0 + 1);
        match self {
            Self::English => {
                format!("{number}{NO_BREAK}{}{NO_BREAK}{}", self.month_name(month), month.year())
            }
            Self::Russian => format!("{number:02}.{:02}.{}", month.number(), month.year()),
            Self::Chinese => format!("{}{number}日", self.month(month)),
        }
    }

    /// Returns a length of time in the unit that people use for it: value, decimals, `seconds`, `minutes`, `hours` or `days`.
    pub fn duration(self, seconds: f64) -> (f64, usize, &'static str) {
        let units = [(90.0, 1.0, "seconds"), (5400.0, 60.0, "minutes"), (129_600.0, 3600.0, "hours")];
        let fits = |&&(end, ..): &&(f64, f64, &str)| seconds.abs() < end;
        let (_, size, unit) = units.iter().find(fits).copied().unwrap_or((f64::INFINITY, 86_400.0, "days"));
        let value = seconds / size;
        (value, usize::from(value.abs() < 10.0 && unit != "seconds"), unit)
    }

    fn name(self, names: &[[&str; 12]; 2], month: Month) -> String {
        let place = month.0.rem_euclid(12) as usize;
        match self {
            Self::English => names[0][place].to_owned(),
            Self::Russian => names[1][place].to_owned(),
            Self::Chinese => format!("{}月", place + 1),
        }
    }
}

/// Returns the message key of the sentence that says why a figure is missing.
pub fn reason_key(reason: Reason) -> String {
    format!("reason-{}", reason.code())
}

/// Writes whole digits in groups of three.
pub fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() * 2);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(THIN);
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: Locale = Locale::English;

    #[test]
    fn numbers_read_as_english_ones() {
        assert_eq!(EN.share(0.9134, 1), "91.3\u{a0}%");
        assert_eq!(EN.points(71.66), "71.7");
        assert_eq!(EN.change(2.41, 1), "+2.4");
        assert_eq!(EN.change(-0.3, 1), "\u{2212}0.3");
        assert_eq!(EN.interval(68.1, 75.2, 1), "68.1 to 75.2");
        assert_eq!(EN.count(Count::Exact(1_234_567)), "1\u{202f}234\u{202f}567");
        assert_eq!(EN.count(Count::Exact(999)), "999");
        assert_eq!(EN.n(Count::Exact(62)), "n\u{a0}=\u{a0}62");
        assert_eq!(EN.count(Count::Below(5)), "<5");
    }

    #[test]
    fn a_change_that_rounds_to_zero_has_no_sign() {
        for change in [0.04, -0.04, 0.0, -0.0] {
            assert_eq!(EN.change(change, 1), "0.0");
        }
    }

    #[test]
    fn a_share_is_full_only_when_nothing_is_missing() {
        assert_eq!(EN.share(0.99960, 1), "99.96\u{a0}%");
        assert_eq!(EN.share(1.0, 1), "100.0\u{a0}%");
        assert_eq!(EN.share(0.0002, 1), "0.02\u{a0}%");
        assert_eq!(EN.share(0.0, 1), "0.0\u{a0}%");
    }

    #[test]
    fn p_values_follow_the_language() {
        assert_eq!(EN.p_value(0.0002), "p\u{a0}<\u{a0}.001");
        assert_eq!(EN.p_value(0.0341), "p\u{a0}=\u{a0}.034");
        assert_eq!(EN.p_value(1.0), "p\u{a0}=\u{a0}1.000");
        assert_eq!(Locale::Russian.p_value(0.0341), "p\u{a0}=\u{a0}0,034");
    }

    #[test]
    fn lengths_of_time_take_the_unit_that_people_use() {
        let all = [
            (45.0, (45.0, 0, "seconds")),
            (720.0, (12.0, 0, "minutes")),
            (90.0, (1.5, 1, "minutes")),
            (18_000.0, (5.0, 1, "hours")),
            (198_720.0, (2.3, 1, "days")),
            (1_296_000.0, (15.0, 0, "days")),
        ];
        for (seconds, (value, digits, unit)) in all {
            let found = EN.duration(seconds);
            assert!(
                (found.0 - value).abs() < 1e-9 && (found.1, found.2) == (digits, unit),
                "{seconds}: {found:?}"
            );
        }
    }

    #[test]
    fn days_are_written_out() {
        let day = Day::new(2026, 11, 10).unwrap();
        assert_eq!(EN.day(day), "10\u{a0}November\u{a0}2026");
        assert_eq!(Locale::Russian.day(day), "10.11.2026");
        assert_eq!(Locale::Chinese.day(day), "2026年11月10日");
    }

    #[test]
    fn months_have_names_in_three_languages() {
        let month = Month::new(2026, 10);
        assert_eq!(EN.month(month), "October 2026");
        assert_eq!(Locale::Russian.month(month), "октябрь 2026");
        assert_eq!(Locale::Chinese.month(month), "2026年10月");
        assert_eq!(EN.month_short(Month::new(2026, 1)), "Jan");
        assert_eq!(EN.months(month, month), "October 2026");
        assert_eq!(Locale::from_code("zh"), Some(Locale::Chinese));
    }
}
