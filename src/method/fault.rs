//! What is wrong with a call or its data, and how a number that cannot be read must be written.

/// What is wrong with a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
    /// The row of the table, counted from 0, that is wrong; nothing where the options are.
    pub row: Option<usize>,
}

impl Fault {
    /// Makes a fault of the options.
    pub fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into(), row: None }
    }

    /// Makes a fault of a row of the table, counted from 0.
    pub fn at(row: usize, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { row: Some(row), ..Self::new(message, hint) }
    }

    /// Makes the fault of a cell that should hold a number.
    pub(super) fn no_number(row: usize, column: &str, text: &str) -> Self {
        Self::at(row, format!("`{column}` holds `{text}`, which is not a number"), remedy(text))
    }
}

/// Says how a text that people read as a number must be written: with a decimal point, without per cent sign or marks of thousands.
fn remedy(text: &str) -> String {
    let marks = [' ', '\u{a0}', '\u{2009}', '\u{202f}', '\'', '’', '_'];
    let bare: String =
        text.trim().trim_end_matches('%').chars().filter(|sign| !marks.contains(sign)).collect();
    let without = |sign: char| bare.replace(sign, "");
    let (commas, points) = (bare.matches(',').count(), bare.matches('.').count());
    let plain = match (commas, points) {
        (0, 2..) => without('.'),
        (2.., _) => without(','),
        (1, 0) => bare.replace(',', "."),
        (1, _) if bare.rfind(',') > bare.rfind('.') => without('.').replace(',', "."),
        _ => without(','),
    };
    let after_comma = bare.split_once(',').map_or(0, |(_, after)| after.len());
    if !plain.parse::<f64>().is_ok_and(f64::is_finite) {
        "leave a missing value empty, or take another column".to_owned()
    } else if (commas, points, after_comma) == (1, 0, 3) {
        format!("write `{plain}` if the comma is a decimal comma, `{}` if it parts thousands", without(','))
    } else if text.trim().ends_with('%') {
        format!("write `{plain}` without the per cent sign")
    } else if commas == 1 {
        format!("write `{plain}` with a decimal point")
    } else {
        format!("write `{plain}` without marks of thousands")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them_are_put_right() {
        for (text, hint) in [
            ("3,5", "write `3.5` with a decimal point"),
            ("45 %", "write `45` without the per cent sign"),
            ("4,5%", "write `4.5` without the per cent sign"),
            ("1 234,5", "write `1234.5` with a decimal point"),
            ("1.234,5", "write `1234.5` with a decimal point"),
            ("1'234", "write `1234` without marks of thousands"),
            ("1,234,567.8", "write `1234567.8` without marks of thousands"),
            ("1.234.567", "write `1234567` without marks of thousands"),
            ("1,234", "write `1.234` if the comma is a decimal comma, `1234` if it parts thousands"),
            ("n/a", "leave a missing value empty, or take another column"),
            ("inf", "leave a missing value empty, or take another column"),
        ] {
            assert_eq!(remedy(text), hint);
        }
    }
}
