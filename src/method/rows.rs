//! What several methods ask of a table: columns by name, rows that stand for many, complete rows, names of intervals.

use std::borrow::Cow;

use rayon::prelude::*;

use super::counts::{FREQUENCY, frequencies};
use super::{Answer, Fault, Preset, Request, Setting, percent};
use crate::stats::Reason;

/// Rows that a table of counts may stand for.
const MOST_ROWS: u64 = 50_000_000;

/// The option of the columns.
pub(super) const COLUMNS: Setting =
    Setting { name: "columns", about: "the columns, as q1,q2,q3", default: Preset::Required };
/// The option of the column of counts.
pub(super) const N: Setting = FREQUENCY;
/// The option of the confidence.
pub(super) const LEVEL: Setting =
    Setting { name: "level", about: "confidence of the intervals", default: Preset::Value("0.95") };

/// The rows of a request, each as often as it counts.
pub(super) struct Rows<'a> {
    request: &'a Request<'a>,
    repeats: Option<Vec<usize>>,
}

impl<'a> Rows<'a> {
    /// Reads how often each row counts, from the option `frequency`.
    pub(super) fn new(request: &'a Request<'a>) -> Result<Self, Fault> {
        if !request.has("frequency") {
            return Ok(Self { request, repeats: None });
        }
        let counts = frequencies(request)?;
        if counts.iter().fold(0, |sum: u64, count| sum.saturating_add(*count)) > MOST_ROWS {
            let message = format!("`--frequency` stands for more than {MOST_ROWS} rows");
            return Err(Fault::new(message, "take a sample, or a method that adds counts up"));
        }
        let repeats = counts
            .iter()
            .enumerate()
            .flat_map(|(row, &count)| std::iter::repeat_n(row, count as usize))
            .collect();
        Ok(Self { request, repeats: Some(repeats) })
    }

    /// Returns the numbers of a column.
    pub(super) fn numbers(&self, column: &str) -> Result<Vec<Option<f64>>, Fault> {
        Ok(self.repeated(self.request.numbers(column)?))
    }

    /// Returns the words of a column.
    pub(super) fn texts(&self, column: &str) -> Result<Vec<Option<String>>, Fault> {
        Ok(self.repeated(self.request.texts(column)?))
    }

    /// Returns the numbers of several columns, without a copy where no row stands for many.
    pub(super) fn borrowed(&self, columns: &[&str]) -> Result<Vec<Cow<'a, [Option<f64>]>>, Fault> {
        let column = |column: &&str| match self.repeats {
            Some(_) => self.numbers(column).map(Cow::Owned),
            None => self.request.borrowed_numbers(column),
        };
        // All columns are read, and the fault of the first bad one is told.
        let read: Vec<Result<Cow<'a, [Option<f64>]>, Fault>> = columns.par_iter().map(column).collect();
        read.into_iter().collect()
    }

    /// Returns the numbers of several columns.
    pub(super) fn all(&self, columns: &[&str]) -> Result<Vec<Vec<Option<f64>>>, Fault> {
        columns.iter().map(|column| self.numbers(column)).collect()
    }

    fn repeated<T: Clone>(&self, values: Vec<T>) -> Vec<T> {
        match &self.repeats {
            Some(rows) => rows.iter().map(|&row| values[row].clone()).collect(),
            None => values,
        }
    }
}

/// Returns the columns of an option, at least `least` of them and none twice.
pub(super) fn names<'a>(request: &'a Request<'_>, option: &str, least: usize) -> Result<Vec<&'a str>, Fault> {
    let names = request.names(option)?;
    if names.len() < least {
        let message = format!("`--{option}` names {} columns", names.len());
        return Err(Fault::new(message, format!("name {least} at least")));
    }
    Ok(names)
}

/// Returns the option `name` of the column that it must name.
pub(super) fn given<'a>(request: &Request<'a>, name: &str) -> Result<&'a str, Fault> {
    request.option(name).ok_or_else(|| Fault::new(format!("`--{name}` is missing"), "name a column"))
}

/// Returns the values of the rows in which all columns have one.
pub(super) fn complete(columns: &[impl AsRef<[Option<f64>]>]) -> Vec<Vec<f64>> {
    let columns: Vec<&[Option<f64>]> = columns.iter().map(AsRef::as_ref).collect();
    let rows = columns.iter().map(|column| column.len()).min().unwrap_or(0);
    let kept: Vec<usize> =
        (0..rows).filter(|&row| columns.iter().all(|column| column[row].is_some())).collect();
    columns.iter().map(|column| kept.iter().filter_map(|&row| column[row]).collect()).collect()
}

/// Returns columns without gaps as columns that could have them.
pub(super) fn with_gaps(columns: &[Vec<f64>]) -> Vec<Vec<Option<f64>>> {
    columns.iter().map(|column| column.iter().map(|&value| Some(value)).collect()).collect()
}

/// Returns the columns after the option `missing`: only complete rows, unless it says `pairwise`.
pub(super) fn kept(
    request: &Request<'_>,
    columns: Vec<Vec<Option<f64>>>,
) -> Result<Vec<Vec<Option<f64>>>, Fault> {
    let pairwise = request.word("missing", &["pairwise", "listwise"])? == Some("pairwise");
    Ok(if pairwise { columns } else { with_gaps(&complete(&columns)) })
}

/// Returns the name of an interval's ends, such as `ci95`.
pub(super) fn ci(level: f64) -> String {
    format!("ci{}", percent(level))
}

/// Adds the two ends of an interval, or why there are none.
pub(super) fn ends(
    answer: &mut Answer,
    element: &str,
    name: (&str, &str),
    interval: Result<(f64, f64), Reason>,
) {
    let (name, suffix) = name;
    answer.figure(element, &format!("{name}_low{suffix}"), interval.map(|ends| ends.0));
    answer.figure(element, &format!("{name}_high{suffix}"), interval.map(|ends| ends.1));
}

/// Returns the place of each word among the distinct words, which stand in their order of appearance.
pub(super) fn encode(words: &[&str]) -> (Vec<usize>, Vec<String>) {
    let mut places = std::collections::BTreeMap::new();
    let mut distinct = vec![];
    let place = |word: &&str| {
        *places.entry((*word).to_owned()).or_insert_with(|| {
            distinct.push((*word).to_owned());
            distinct.len() - 1
        })
    };
    let codes = words.iter().map(place).collect();
    (codes, distinct)
}

/// Returns the two numbers of the option `scale`, lowest and highest answer.
pub(super) fn scale(request: &Request<'_>) -> Result<Option<(f64, f64)>, Fault> {
    if !request.has("scale") {
        return Ok(None);
    }
    match request.values("scale")?[..] {
        [low, high] if low < high && (high - low).is_finite() => Ok(Some((low, high))),
        _ => Err(Fault::new(
            format!("`--scale {}` is no scale", request.option("scale").unwrap_or_default()),
            "write lowest and highest answer, as `--scale 1,5`",
        )),
    }
}

/// Refuses answers that lie outside of the scale.
pub(super) fn within_scale(
    request: &Request<'_>,
    columns: &[&str],
    (low, high): (f64, f64),
) -> Result<(), Fault> {
    for column in columns {
        let values = request.numbers(column)?;
        let outside = |value: &Option<f64>| value.is_some_and(|value| value < low || value > high);
        if let Some(row) = values.iter().position(outside) {
            let message = format!(
                "`{column}` holds {}, which is not within `--scale {low},{high}`",
                values[row].unwrap_or_default()
            );
            return Err(Fault::at(row, message, "give lowest and highest answer, or empty the cell"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{Answer, Column, Fault, Table, Value, find};

    /// Calls a method on a table in CSV with options as they are written on a command line.
    fn call(name: &str, text: &str, options: &str) -> Result<Answer, Fault> {
        let mut lines =
            text.lines().map(|line| line.trim().split(',').map(str::to_owned).collect::<Vec<String>>());
        let names = lines.next().expect("a header");
        let rows: Vec<Vec<String>> = lines.collect();
        let cell = |row: &Vec<String>, k: usize| Some(row[k].clone()).filter(|text| !text.is_empty());
        let column = |k: usize| Column::Text(rows.iter().map(|row| cell(row, k)).collect());
        let columns = names.into_iter().enumerate().map(|(k, name)| (name, column(k))).collect();
        let (method, table) = (find(name).expect("a method"), Table::new(columns));
        let words: Vec<&str> = options.split_whitespace().collect();
        let given = words.chunks(2).map(|pair| (pair[0].trim_start_matches("--"), pair[1]));
        method.answer(&table, given)
    }

    fn value(answer: &Answer, element: &str, quantity: &str) -> Value {
        let row = answer.rows.iter().find(|row| row.element == element && row.quantity == quantity);
        row.unwrap_or_else(|| panic!("no {element} {quantity}")).value.clone()
    }

    const COUNTS: &str = "a,b,n\n1,1,4\n1,2,2\n2,1,1\n2,2,5\n2,3,3\n3,3,6\n3,1,0\n";

    fn raw() -> String {
        let rows = COUNTS.lines().skip(1).flat_map(|line| {
            let (pair, n) = line.rsplit_once(',').expect("three columns");
            std::iter::repeat_n(format!("{pair}\n"), n.parse().expect("a count"))
        });
        std::iter::once("a,b\n".to_owned()).chain(rows).collect()
    }

    #[test]
    fn counts_and_raw_rows_give_the_same() {
        for (name, options) in [
            ("correlation", "--columns a,b"),
            ("correlation", "--columns a,b --method spearman"),
            ("correlation", "--columns a,b --method kendall"),
            ("kappa", "--x a --y b --levels 1,2,3"),
            ("alpha", "--columns a,b"),
            ("icc", "--columns a,b"),
            ("krippendorff", "--columns a,b --replicates 50"),
            ("kendall-w", "--columns a,b"),
            ("scalability", "--columns a,b"),
            ("attenuation", "--x a --y b --reliability-x 0.8 --reliability-y 0.7"),
        ] {
            let (counts, raw) =
                (call(name, COUNTS, &format!("{options} --frequency n")), call(name, &raw(), options));
            assert_eq!(counts, raw, "{name}");
            let finite =
                |row: &super::super::Number| !matches!(row.value, Value::Number(v) if !v.is_finite());
            assert!(raw.expect("an answer").rows.iter().all(finite));
        }
        assert!(call("kappa", "a,b,n\n1,1,1.5\n", "--x a --y b --frequency n").is_err());
        assert!(call("kappa", COUNTS, "--x a --y b --levels 1,2").is_err());
    }

    #[test]
    fn rectangles_count_their_own_pairs_once() {
        // V3, V10: the family of a rectangle are its own unique pairs, and limits stand in order.
        let text = "a,b,c\n1,2,5\n2,1,3\n3,4,4\n4,3,1\n5,5,2\n6,7,2\n";
        let found = call("correlation", text, "--x a --y b,c").expect("an answer");
        let (Value::Number(p), Value::Number(adjusted)) =
            (value(&found, "a~b", "p_value"), value(&found, "a~b", "p_bonferroni"))
        else {
            panic!("undefined")
        };
        assert!((adjusted - 2.0 * p).abs() < 1e-15);
        let (Value::Number(low), Value::Number(high)) =
            (value(&found, "a~c", "ci95_low"), value(&found, "a~c", "ci95_high"))
        else {
            panic!("undefined")
        };
        assert!(low < high);
        assert!(
            call("correlation", text, "--columns a,a").is_err()
                && call("correlation", text, "--columns a").is_err()
        );
    }

    #[test]
    fn pairwise_matrices_are_checked_and_untestable_pairs_told() {
        // practice.md 30: pairs that never see the same rows can contradict one another.
        let text = "a,b,c,d\n1,1,,7\n2,2,,7\n3,3,,7\n1,,1,7\n2,,2,7\n3,,3,7\n,1,3,7\n,2,2,7\n,3,1,7\n";
        let found = call("correlation", text, "--columns a,b,c").expect("an answer");
        assert_eq!(value(&found, "matrix", "definiteness"), Value::Text("indefinite".to_owned()));
        let found = call("correlation", text, "--columns a,b,d --adjust holm").expect("an answer");
        assert_eq!(value(&found, "a~d", "p_holm"), Value::Undefined(crate::stats::Reason::NoVariation));
        assert_eq!(value(&found, "a~b", "p_holm"), value(&found, "a~b", "p_value"));
        assert_eq!(
            value(&found, "matrix", "smallest_eigenvalue"),
            Value::Undefined(crate::stats::Reason::NoVariation)
        );
    }

    #[test]
    fn listwise_alpha_has_the_rows_that_are_left() {
        // V4: pingouin 0.6.1 keeps the number of rows before deletion in the interval.
        let text = "a,b,c\n1,2,2\n2,2,3\n3,,3\n3,4,3\n5,4,5\n4,4,\n1,1,2\n";
        let whole = "a,b,c\n1,2,2\n2,2,3\n3,4,3\n5,4,5\n1,1,2\n";
        let (found, own) = (call("alpha", text, "--columns a,b,c"), call("alpha", whole, "--columns a,b,c"));
        let (found, own) = (found.expect("an answer"), own.expect("an answer"));
        assert_eq!(value(&found, "scale", "feldt_ci95_low"), value(&own, "scale", "feldt_ci95_low"));
        assert_eq!(value(&found, "scale", "rows_lost"), Value::Number(2.0));
        let turned = call("alpha", "a,b,c\n1,2,4\n2,2,3\n3,4,3\n5,4,1\n1,1,4\n", "--columns a,b,c")
            .expect("an answer");
        assert_eq!(value(&turned, "c", "keying"), Value::Text("suspected_reversed".to_owned()));
    }

    #[test]
    fn empty_and_tiny_tables_have_reasons() {
        for rows in
            ["", "1,2,x,1\n", "1,2,x,1\n2,2,x,2\n", ",,,\n,,,\n", "3,3,x,1\n3,3,y,1\n3,3,x,2\n3,3,y,2\n"]
        {
            for (name, options) in [
                ("correlation", "--columns a,b"),
                ("correlation", "--columns a,b --method kendall --missing listwise"),
                ("rm-correlation", "--x a --y b --by u"),
                ("rm-correlation", "--x a --y b --by u --method kendall"),
                ("panel-correlation", "--x a --y b --by u --time t --lags 1 --replicates 9"),
                ("attenuation", "--x a --y b"),
                ("alpha", "--columns a,b"),
                ("omega", "--columns a,b"),
                ("icc", "--columns a,b --convention irr"),
                ("kappa", "--x a --y b"),
                ("krippendorff", "--columns a,b --replicates 9"),
                ("kendall-w", "--columns a,b"),
                ("rwg", "--columns a,b --by u --scale 1,5"),
                ("scalability", "--columns a,b"),
            ] {
                match call(name, &format!("a,b,u,t\n{rows}"), options) {
                    Ok(answer) => assert!(!answer.rows.is_empty(), "{name}"),
                    Err(fault) => assert!(!fault.hint.is_empty(), "{name}: {}", fault.message),
                }
            }
            _ = call("partial-correlation", &format!("a,b,u,t\n{rows}"), "--x a --y b --covariates t");
        }
    }
}
