//! Comma-, semicolon- and tab-separated text, UTF-8 with or without a byte order mark.
//!
//! The `csv` crate splits the records; a record with too few or too many fields, or one that is not UTF-8, is kept as broken and
//! goes to the quarantine with its line, so that one bad line never hides the others.

use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use csv::{ByteRecord, ReaderBuilder};

use super::{Batch, Batches, Column, Wanted, fixed, locate};
use crate::error::{Error, Result};

const BATCH_ROWS: usize = 16_384;

/// Lines within one record beyond which an open quotation mark is to blame.
const SWALLOWED_LINES: usize = 2;

/// A reader behind the header, the header, and the delimiter.
type Begun = (csv::Reader<Lines<BufReader<File>>>, Vec<String>, u8);

fn begin(path: &Path) -> Result<Begun> {
    let file = File::open(path).map_err(Error::io(path))?;
    let mut input = BufReader::with_capacity(1 << 16, file);
    refuse_utf_16(path, input.fill_buf().map_err(Error::io(path))?)?;
    skip_byte_order_mark(&mut input).map_err(Error::io(path))?;
    let delimiter = delimiter(input.fill_buf().map_err(Error::io(path))?);
    let input = Lines::new(input);
    let mut reader =
        ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(input);
    let mut record = ByteRecord::new();
    if !reader.read_byte_record(&mut record).map_err(Error::format(path))? {
        return Err(Error::Data {
            message: format!("{}: the file is empty", path.display()),
            hint: "a file needs at least its header row".into(),
        });
    }
    let header = record.iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect();
    Ok((reader, header, delimiter))
}

pub(super) fn header(path: &Path) -> Result<Vec<String>> {
    begin(path).map(|(_, header, _)| header)
}

pub(super) fn open(path: &Path, wanted: &[Wanted]) -> Result<Batches> {
    let (reader, header, delimiter) = begin(path)?;
    let places = locate(path, &header, wanted)?;
    let wanted = wanted.to_vec();
    Ok(Box::new(Records {
        path: path.to_path_buf(),
        reader,
        width: header.len(),
        delimiter,
        places,
        wanted,
        done: false,
    }))
}

fn refuse_utf_16(path: &Path, start: &[u8]) -> Result<()> {
    if !start.starts_with(b"\xff\xfe") && !start.starts_with(b"\xfe\xff") {
        return Ok(());
    }
    Err(Error::Data {
        message: format!("{}: the file is encoded as UTF-16", path.display()),
        hint: "save it as UTF-8".into(),
    })
}

fn skip_byte_order_mark(input: &mut BufReader<File>) -> std::io::Result<()> {
    if input.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
        input.consume(3);
    }
    Ok(())
}

/// Returns the most frequent of the usual delimiters in the first line; a comma when there is none.
fn delimiter(start: &[u8]) -> u8 {
    let line = start.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let frequency = |&mark: &u8| line.iter().filter(|&&byte| byte == mark).count();
    [b'\t', b';', b','].into_iter().max_by_key(frequency).filter(|mark| frequency(mark) > 0).unwrap_or(b',')
}

/// Notes where lines begin that are not blank: the `csv` crate tells a record's line as that of the blank lines before it.
struct Lines<R> {
    input: R,
    /// Byte and number of each line with content, from the last record's on.
    starts: VecDeque<(u64, u64)>,
    byte: u64,
    line: u64,
    is_start: bool,
}

impl<R> Lines<R> {
    fn new(input: R) -> Self {
        Self { input, starts: VecDeque::new(), byte: 0, line: 1, is_start: true }
    }

    /// Returns the line of the record that was looked for from `byte` on; records must be asked for in their order.
    fn line_at(&mut self, byte: u64) -> u64 {
        while self.starts.front().is_some_and(|&(start, _)| start < byte) {
            self.starts.pop_front();
        }
        self.starts.front().map_or(self.line, |&(_, line)| line)
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.input.read(buffer)?;
        for &byte in &buffer[..n] {
            match byte {
                b'\n' | b'\r' => self.is_start = true,
                _ if self.is_start => {
                    self.starts.push_back((self.byte, self.line));
                    self.is_start = false;
                }
                _ => {}
            }
            self.line += u64::from(byte == b'\n');
            self.byte += 1;
        }
        Ok(n)
    }
}

struct Records<R> {
    path: PathBuf,
    reader: csv::Reader<Lines<R>>,
    width: usize,
    delimiter: u8,
    places: Vec<Option<usize>>,
    wanted: Vec<Wanted>,
    done: bool,
}

impl<R: Read> Records<R> {
    fn batch(&mut self) -> Result<Option<Batch>> {
        let mut texts: Vec<(String, Vec<usize>)> = vec![(String::new(), Vec::new()); self.places.len()];
        let mut lines = Vec::new();
        let mut broken = BTreeMap::new();
        let mut record = ByteRecord::new();
        while lines.len() < BATCH_ROWS
            && self.reader.read_byte_record(&mut record).map_err(Error::format(&self.path))?
        {
            let line = self.reader.get_mut().line_at(record.position().map_or(0, csv::Position::byte));
            self.refuse_open_quote(&record, line)?;
            if let Some(reason) = self.fault(&record) {
                broken.insert(lines.len(), reason);
            }
            lines.push(line);
            for (place, (text, ends)) in self.places.iter().zip(&mut texts) {
                let field = place.and_then(|place| record.get(place)).unwrap_or_default();
                text.push_str(&String::from_utf8_lossy(field));
                ends.push(text.len());
            }
        }
        if lines.is_empty() {
            return Ok(None);
        }
        let columns = texts.into_iter().zip(&self.places).zip(&self.wanted);
        let columns = columns
            .map(
                |(((text, ends), place), want)| {
                    if place.is_some() { Column::Text(text, ends) } else { fixed(want) }
                },
            )
            .collect();
        Ok(Some(Batch { rows: lines.len(), lines, columns, broken }))
    }

    /// A quotation mark that is never closed swallows the rows after it, and to go on would lose them. It is to blame for a broken record
    /// over many lines, and for a field that holds several lines with as many delimiters as a row has.
    fn refuse_open_quote(&self, record: &ByteRecord, line: u64) -> Result<()> {
        let lines = || record.iter().flat_map(|field| field.split(|&byte| byte == b'\n').skip(1));
        let delimiters = |line: &[u8]| line.iter().filter(|&&byte| byte == self.delimiter).count();
        let is_broken = record.len() != self.width;
        let swallowed = lines().filter(|line| is_broken || delimiters(line) + 1 == self.width).count();
        if swallowed <= SWALLOWED_LINES {
            return Ok(());
        }
        Err(Error::Data {
            message: format!(
                "{}:{line}: a quotation mark opens here that is not closed for {swallowed} lines",
                self.path.display()
            ),
            hint: "close it, or write it twice where it is part of the text".into(),
        })
    }

    fn fault(&self, record: &ByteRecord) -> Option<&'static str> {
        if record.len() != self.width {
            return Some("ragged_row");
        }
        record.iter().any(|field| std::str::from_utf8(field).is_err()).then_some("not_text")
    }
}

impl<R: Read> Iterator for Records<R> {
    type Item = Result<Batch>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let batch = self.batch().transpose();
        self.done = !matches!(batch, Some(Ok(_)));
        batch
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Cell, open};
    use super::*;

    fn wanted(names: &[&str]) -> Vec<Wanted> {
        let want = |name: &&str| Wanted {
            name: (*name).into(),
            column: (*name).into(),
            constant: None,
            required: true,
        };
        names.iter().map(want).collect()
    }

    fn read(bytes: &[u8], names: &[&str]) -> Result<Vec<Batch>> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.csv");
        std::fs::write(&path, bytes).unwrap();
        open(&path, &wanted(names))?.collect()
    }

    #[test]
    fn ugly_files_keep_every_row_with_its_line() {
        let text = "\u{feff}a;b\n1;\"x\ny\"\n\n2\n3;\u{e9};4\n ; \n";
        let batches = read(text.as_bytes(), &["b", "a"]).unwrap();
        let batch = &batches[0];
        assert_eq!(batch.lines, [2, 5, 6, 7]);
        assert_eq!(batch.cell(0, 0), Cell::Text("x\ny"));
        assert_eq!(batch.broken.keys().copied().collect::<Vec<_>>(), [1, 2]);
        assert_eq!(batch.cell(1, 3), Cell::Missing);
    }

    #[test]
    fn lines_are_counted_alike_whatever_ends_them() {
        for text in ["a,b\n1,2\n\n3,4\n", "a,b\r\n1,2\r\n\r\n3,4\r\n", "\n\na,b\n3,4"] {
            let lines: Vec<u64> =
                read(text.as_bytes(), &["a"]).unwrap().into_iter().flat_map(|batch| batch.lines).collect();
            assert_eq!(lines.last(), Some(&4), "{text:?}");
        }
    }

    #[test]
    fn bytes_that_are_not_text_break_only_their_row() {
        let batches = read(b"a,b\n1,\xff\n2,ok\n", &["a", "b"]).unwrap();
        assert_eq!(batches[0].broken.get(&0), Some(&"not_text"));
        assert_eq!(batches[0].cell(1, 1), Cell::Text("ok"));
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_does_not_swallow_rows() {
        let rows = "3,4\n".repeat(9);
        let error = read(format!("a,b\n1,\"2\n{rows}").as_bytes(), &["a"]).unwrap_err();
        assert!(error.to_string().contains(":2: a quotation mark opens here"), "{error}");
    }

    #[test]
    fn utf_16_is_named() {
        let error = read(b"\xff\xfea\0,\0b\0\n\0", &["a"]).unwrap_err();
        assert!(error.to_string().ends_with("encoded as UTF-16"), "{error}");
    }

    #[test]
    fn a_missing_column_names_the_nearest_one() {
        let error = read(b"departmnt,b\n", &["department"]).unwrap_err();
        assert!(error.to_string().contains("column `department` is missing"), "{error}");
        assert!(error.hint().unwrap().contains("`departmnt`"));
    }

    #[test]
    fn an_empty_file_and_a_doubled_column_are_refused() {
        assert!(read(b"", &["a"]).is_err());
        assert!(read(b"a,a\n1,2\n", &["a"]).unwrap_err().to_string().contains("twice"));
    }
}
