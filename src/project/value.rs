//! Single values as people write them: dates, months, codes, and the word that was probably meant.
//!
//! In: text. Out: values, or what is wrong with the text. Deliberately absent: files and lines.

use std::ops::RangeInclusive;

use crate::month::{Day, Month};

/// Years that a date of a project can have; anything else is a slip of the pen.
const YEARS: RangeInclusive<i32> = 1900..=2200;
/// Longest code, in characters; longer ones are pasted text.
const LONGEST_CODE: usize = 100;
/// Longest piece of foreign text that a message repeats, in characters.
const LONGEST_QUOTE: usize = 60;

/// Returns the date that `text` spells as `2026-10-31`.
pub(super) fn parse_day(text: &str) -> Result<Day, String> {
    let strict = |day: &Day| day.to_string() == text && YEARS.contains(&day.month().year());
    text.parse::<Day>()
        .ok()
        .filter(strict)
        .ok_or_else(|| format!("{} is not a date of the form 2026-10-31 between 1900 and 2200", quote(text)))
}

/// Returns the month that `text` spells as `2026-10`.
pub(super) fn parse_month(text: &str) -> Result<Month, String> {
    let strict = |month: &Month| month.to_string() == text && YEARS.contains(&month.year());
    text.parse::<Month>()
        .ok()
        .filter(strict)
        .ok_or_else(|| format!("{} is not a month of the form 2026-10 between 1900 and 2200", quote(text)))
}

/// Returns the finite number that `text` spells.
pub(super) fn parse_number(text: &str) -> Result<f64, String> {
    text.parse::<f64>()
        .ok()
        .filter(|number| number.is_finite())
        .ok_or_else(|| format!("{} is not a number", quote(text)))
}

/// Returns what keeps `code` from being one: nothing, when it is sane.
pub(super) fn fault_of_code(code: &str) -> Option<String> {
    if code == "*" {
        return Some("`*` stands for all and cannot be a code".to_string());
    }
    if code.chars().count() > LONGEST_CODE {
        return Some(format!("code {} is longer than {LONGEST_CODE} characters", quote(code)));
    }
    if !code.chars().all(is_visible) {
        return Some(format!("code {} has invisible characters", quote(code)));
    }
    None
}

/// Returns what keeps `code` from being joined to others by `:`.
pub(super) fn fault_of_joined_code(code: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    fault_of_code(code).or_else(|| {
        (!code.chars().all(plain)).then(|| {
            format!("code {} has characters other than letters a-z, digits, `_`, `.` and `-`", quote(code))
        })
    })
}

/// Returns whether a reader can see what `c` does to a text.
fn is_visible(c: char) -> bool {
    let hidden =
        matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    !c.is_control() && !hidden
}

/// Returns `text` in backquotes, cut and escaped so that it cannot disturb a terminal.
pub(super) fn quote(text: &str) -> String {
    let mut quoted = String::from("`");
    for (index, c) in text.chars().enumerate() {
        if index == LONGEST_QUOTE {
            quoted.push('…');
            break;
        }
        match is_visible(c) {
            true => quoted.push(c),
            false => quoted.extend(c.escape_unicode()),
        }
    }
    quoted.push('`');
    quoted
}

/// Returns the words of `known` in backquotes, as a list for a hint.
pub(super) fn quote_all<'a>(known: impl IntoIterator<Item = &'a str>) -> String {
    known.into_iter().map(quote).collect::<Vec<_>>().join(", ")
}

/// Returns the word of `known` that `word` is most likely a misspelling of (Damerau-Levenshtein, case ignored).
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length > LONGEST_CODE {
        return None;
    }
    let (word, reach) = (word.to_lowercase(), 1 + length / 4);
    let mut best: Option<(usize, &str)> = None;
    for candidate in known {
        let other = candidate.chars().count();
        if other.abs_diff(length) > reach {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&word, &candidate.to_lowercase());
        let near = distance <= reach && distance < length.min(other);
        if near && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_strict_and_plausible() {
        assert_eq!(parse_day("2026-10-31"), Ok(Day::new(2026, 10, 31).unwrap()));
        assert_eq!(parse_month("2026-10"), Ok(Month::new(2026, 10)));
        for text in ["2026-1-5", "1026-01-05", "2026-02-30", "+2026-01-01", "31.10.2026", ""] {
            assert!(parse_day(text).is_err(), "{text}");
        }
        for text in ["2026-1", "2301-01", "2026-13", "2026-10-01", "-2026-10", ""] {
            assert!(parse_month(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_nearest_word_is_found_and_a_distant_one_is_not() {
        assert_eq!(nearest("fils", ["name", "files", "kind"]), Some("files"));
        assert_eq!(nearest("KIND", ["name", "files", "kind"]), Some("kind"));
        assert_eq!(nearest("zebra", ["name", "files", "kind"]), None);
        assert_eq!(nearest("A", ["B", "C"]), None);
        assert_eq!(nearest(&"x".repeat(1_000_000), ["B", "C"]), None);
    }

    #[test]
    fn quotes_cannot_disturb_a_terminal() {
        assert_eq!(quote("a\u{1b}[2Jb\u{202e}"), "`a\\u{1b}[2Jb\\u{202e}`");
        assert_eq!(quote(&"x".repeat(61)), format!("`{}…`", "x".repeat(60)));
    }

    #[test]
    fn codes_are_sane() {
        assert_eq!(fault_of_code("Отдел 7"), None);
        assert!(fault_of_code("a\tb").is_some() && fault_of_code("*").is_some());
        assert_eq!(fault_of_joined_code("q-0_1.b"), None);
        assert!(fault_of_joined_code("a:b").is_some() && fault_of_joined_code("a b").is_some());
    }
}
