//! `concord stat`: any statistic of the library on any table.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::error::{Error as ClapError, ErrorKind};
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, value_parser};

use super::Form;
use super::screen::Screen;
use crate::error::{Error, Result};
use crate::method::{Answer, Column, Fault, METHODS, Method, Number, Preset, Table, Value, find};
use crate::source::{Cell, Wanted, header, open};

const LIST: &str = "list";
const FILE: &str = "file";

/// Compute any statistic on any CSV or Parquet table.
#[derive(Debug)]
pub struct StatArgs {
    /// Name of the method, or `list`.
    name: String,
    /// The table.
    file: PathBuf,
    /// Options by name.
    options: Vec<(String, String)>,
}

impl FromArgMatches for StatArgs {
    fn from_arg_matches(matches: &ArgMatches) -> std::result::Result<Self, ClapError> {
        let Some((name, own)) = matches.subcommand() else {
            return Err(ClapError::new(ErrorKind::MissingSubcommand));
        };
        let file = if name == LIST { None } else { own.get_one::<PathBuf>(FILE).cloned() };
        let settings = find(name).map_or(&[][..], |method| method.options);
        let given =
            |name: &&str| own.get_one::<String>(name).map(|value| ((*name).to_owned(), value.clone()));
        let options = settings.iter().filter_map(|setting| given(&setting.name)).collect();
        Ok(Self { name: name.to_owned(), file: file.unwrap_or_default(), options })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> std::result::Result<(), ClapError> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for StatArgs {
    fn augment_args(command: Command) -> Command {
        let list =
            Command::new(LIST).about("List all methods, with the names by which other packages know them");
        command
            .about("Compute any statistic on any CSV or Parquet table")
            .subcommand_required(true)
            .arg_required_else_help(true)
            .subcommand_value_name("METHOD")
            .subcommand_help_heading("Methods")
            .subcommand(list)
            .subcommands(METHODS.iter().map(|method| subcommand(method)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

fn subcommand(method: &'static Method) -> Command {
    let mut long = format!("{}\n\n{}\n\nSource: {}", method.about, method.formula, method.source);
    if !method.known_as.is_empty() {
        let _ = write!(long, "\n\nKnown elsewhere as {}", method.known_as.join(", "));
    }
    let file = Arg::new(FILE)
        .value_name("FILE")
        .required(true)
        .value_parser(value_parser!(PathBuf))
        .help("CSV or Parquet table");
    Command::new(method.name)
        .about(method.about)
        .long_about(long)
        .after_help(format!("Example: concord stat {} {}", method.name, method.example))
        .arg(file)
        .args(method.options.iter().map(|setting| {
            let arg = Arg::new(setting.name).long(setting.name).value_name("VALUE");
            let arg = arg.allow_hyphen_values(true);
            match setting.default {
                Preset::Required => arg.required(true).help(setting.about),
                Preset::Nothing => arg.help(setting.about),
                Preset::Value(value) => arg.help(format!("{} [default: {value}]", setting.about)),
            }
        }))
}

/// Computes a method, or lists all.
pub fn cmd_stat(args: &StatArgs, form: Form, screen: &Screen) -> Result<()> {
    let Some(method) = find(&args.name) else {
        screen.result(list(form).trim_end());
        return Ok(());
    };
    let (table, lines) = read(&args.file)?;
    let given = args.options.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let answer = method.answer(&table, given).map_err(|fault| wrong(&args.file, &lines, fault))?;
    let text = match form {
        Form::Text => text(&answer),
        Form::Json => json(&answer),
        Form::Csv => csv(&answer),
    };
    screen.result(text.trim_end());
    Ok(())
}

/// A fault of one row is one of the file and names its line; any other is one of the call.
fn wrong(path: &Path, lines: &[u64], Fault { message, hint, row }: Fault) -> Error {
    match row.and_then(|row| lines.get(row)) {
        Some(line) => Error::Data { message: format!("{}:{line}: {message}", path.display()), hint },
        None => Error::Usage { message, hint },
    }
}

fn list(form: Form) -> String {
    if form == Form::Json {
        let method = |one: &&Method| serde_json::json!({"name": one.name, "about": one.about, "known_as": one.known_as});
        return serde_json::Value::Array(METHODS.iter().map(method).collect()).to_string();
    }
    let width = METHODS.iter().map(|method| method.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for method in METHODS {
        let _ = writeln!(text, "{:width$}  {}", method.name, method.about);
        if !method.known_as.is_empty() {
            let _ = writeln!(text, "{:width$}  = {}", "", method.known_as.join(", "));
        }
    }
    text
}

/// Reads a whole table with the line of each row; days and points of time are words.
fn read(path: &Path) -> Result<(Table, Vec<u64>)> {
    let names = header(path)?;
    let want = |name: &String| Wanted {
        name: name.clone(),
        column: name.trim().to_owned(),
        constant: None,
        required: true,
    };
    let wanted: Vec<Wanted> = names.iter().map(want).collect();
    let (mut columns, mut lines): (Vec<Column>, Vec<u64>) = (Vec::new(), Vec::new());
    for batch in open(path, &wanted)? {
        let batch = batch?;
        if let Some((row, reason)) = batch.broken.iter().next() {
            return Err(Error::Data {
                message: format!("{}:{}: {}", path.display(), batch.lines[*row], reason.replace('_', " ")),
                hint: format!("every row needs {} fields of text in UTF-8", names.len()),
            });
        }
        lines.extend(&batch.lines);
        columns.resize_with(names.len(), || Column::Text(Vec::new()));
        for (place, column) in columns.iter_mut().enumerate() {
            (0..batch.rows).for_each(|row| push(column, batch.cell(place, row)));
        }
    }
    columns.resize_with(names.len(), || Column::Text(Vec::new()));
    Ok((Table::new(names.iter().map(|name| name.trim().to_owned()).zip(columns).collect()), lines))
}

/// Adds a value; a column of a typed file becomes one of numbers with its first number.
fn push(column: &mut Column, cell: Cell<'_>) {
    let number = match cell {
        Cell::Integer(value) => Some(value as f64),
        Cell::Number(value) => Some(value).filter(|value| !value.is_nan()),
        _ => None,
    };
    if let (Column::Text(texts), Cell::Integer(_) | Cell::Number(_)) = (&mut *column, cell)
        && texts.iter().all(Option::is_none)
    {
        *column = Column::Number(vec![None; texts.len()]);
    }
    match column {
        Column::Number(values) => values.push(number),
        Column::Text(texts) => texts.push(Some(cell.show()).filter(|text| !text.is_empty())),
    }
}

fn json(answer: &Answer) -> String {
    let row = |row: &Number| {
        let (name, value) = match &row.value {
            Value::Number(value) => ("value", serde_json::json!(value)),
            Value::Text(word) => ("text", serde_json::json!(word)),
            Value::Undefined(reason) => ("reason", serde_json::json!(reason.code())),
        };
        serde_json::json!({"element": row.element, "quantity": row.quantity, name: value}).to_string()
    };
    format!("[{}]", answer.rows.iter().map(row).collect::<Vec<_>>().join(",\n"))
}

fn csv(answer: &Answer) -> String {
    let mut text = "element,quantity,value,text,reason\n".to_owned();
    for row in &answer.rows {
        let (value, word, reason) = match &row.value {
            Value::Number(value) => (digits(*value), "", ""),
            Value::Text(word) => (String::new(), word.as_str(), ""),
            Value::Undefined(reason) => (String::new(), "", reason.code()),
        };
        let fields = [row.element.as_str(), &row.quantity, &value, word, reason].map(field);
        let _ = writeln!(text, "{}", fields.join(","));
    }
    text
}

/// All digits of a number; very large and very small ones with a power of ten.
fn digits(value: f64) -> String {
    let is_plain = value.abs() < f64::MIN_POSITIVE || (1e-5..1e16).contains(&value.abs());
    if is_plain { value.to_string() } else { format!("{value:e}") }
}

/// A field in quotes where it needs them.
fn field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// Quantities beyond which a row an element would not fit.
const WIDE: usize = 12;

/// A table for people: neighbouring elements with the same few quantities have a row each, everything else a row a number.
fn text(answer: &Answer) -> String {
    let elements: Vec<&[Number]> = answer.rows.chunk_by(|a, b| a.element == b.element).collect();
    let is_same = |a: &&[Number], b: &&[Number]| {
        a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.quantity == b.quantity)
    };
    let mut blocks: Vec<String> = Vec::new();
    let mut single: Vec<Vec<String>> = Vec::new();
    for block in elements.chunk_by(is_same) {
        if block.len() > 1 && (2..=WIDE).contains(&block[0].len()) {
            blocks.extend((!single.is_empty()).then(|| aligned(&std::mem::take(&mut single))));
            let head = block[0].iter().map(|row| row.quantity.clone());
            let mut rows: Vec<Vec<String>> = vec![std::iter::once(String::new()).chain(head).collect()];
            rows.extend(
                block.iter().map(|own| {
                    std::iter::once(own[0].element.clone()).chain(own.iter().map(shown)).collect()
                }),
            );
            blocks.push(aligned(&rows));
        } else {
            let row = |row: &Number| vec![row.element.clone(), row.quantity.clone(), shown(row)];
            single.extend(block.iter().flat_map(|own| own.iter().map(row)));
        }
    }
    blocks.extend((!single.is_empty()).then(|| aligned(&single)));
    blocks.join("\n")
}

/// A value to six digits, a word, or the reason in brackets.
fn shown(row: &Number) -> String {
    match &row.value {
        Value::Text(word) => word.clone(),
        Value::Undefined(reason) => format!("({})", reason.code()),
        Value::Number(value) if value.fract().abs() < f64::MIN_POSITIVE && value.abs() < 1e15 => {
            format!("{value:.0}")
        }
        Value::Number(value) if value.abs() >= 1e6 || value.abs() < 1e-4 => format!("{value:.5e}"),
        Value::Number(value) => {
            let digits = 5 - libm::log10(value.abs()).floor().min(5.0) as i32;
            format!("{value:.*}", usize::try_from(digits).unwrap_or(0))
        }
    }
}

fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        let _ = writeln!(text, "{}", cells.join("  ").trim_end());
    }
    text
}
