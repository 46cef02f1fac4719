//! The uniform form of every count table: key texts and integers, sorted, each key once; merging is addition.
//!
//! In: rows in any order ([`TableBuilder`]). Out: one [`Table`], the same for every order. Deliberately absent: what a key means.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Range;

/// The declared form of a count table.
#[derive(Debug, PartialEq, Eq)]
pub struct TableSpec {
    /// Name, also of its file.
    pub name: &'static str,
    /// Key columns, in the order of sorting.
    pub keys: &'static [&'static str],
    /// Value columns, integers that add up.
    pub values: &'static [&'static str],
}

/// A count table: per distinct key one row of integers, sorted by key.
///
/// Key columns are held as a sorted list of distinct words and, per row, the place of its word in that list: rows compare by
/// numbers, and equal tables are equal in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    spec: &'static TableSpec,
    keys: Vec<KeyColumn>,
    values: Vec<Vec<i128>>,
}

/// A key column: sorted distinct words, all of them used, and the word's place per row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct KeyColumn {
    pub(super) words: Vec<String>,
    pub(super) codes: Vec<u32>,
}

impl Table {
    /// Returns the empty table of a form: the identity of [`Table::merge`].
    pub fn new(spec: &'static TableSpec) -> Self {
        let keys = vec![KeyColumn::default(); spec.keys.len()];
        Self { spec, keys, values: vec![Vec::new(); spec.values.len()] }
    }

    /// Returns the form of the table.
    pub fn spec(&self) -> &'static TableSpec {
        self.spec
    }

    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        self.values.first().map_or(0, Vec::len)
    }

    /// Says whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the word of key column `column` in row `row`.
    pub fn key(&self, row: usize, column: usize) -> &str {
        let KeyColumn { words, codes } = &self.keys[column];
        &words[codes[row] as usize]
    }

    /// Returns the integer of value column `column` in row `row`.
    pub fn value(&self, row: usize, column: usize) -> i128 {
        self.values[column][row]
    }

    /// Returns all rows in key order, as (keys, values).
    pub fn rows(&self) -> impl Iterator<Item = (Vec<&str>, Vec<i128>)> {
        (0..self.len()).map(|row| {
            let keys = (0..self.keys.len()).map(|column| self.key(row, column)).collect();
            (keys, self.values.iter().map(|column| column[row]).collect())
        })
    }

    /// Returns the rows whose first keys are `prefix`; an empty range when there are none.
    pub fn rows_of(&self, prefix: &[&str]) -> Range<usize> {
        let (mut low, mut high) = (0, self.len());
        for (column, word) in self.keys.iter().zip(prefix) {
            let Ok(code) = column.words.binary_search_by(|known| known.as_str().cmp(word)) else {
                return 0..0;
            };
            let codes = &column.codes[low..high];
            let before = codes.partition_point(|other| (*other as usize) < code);
            let until = codes.partition_point(|other| (*other as usize) <= code);
            (low, high) = (low + before, low + until);
        }
        low..high
    }

    /// Adds another table of the same form: values of equal keys add up, all other rows stand beside each other.
    ///
    /// Associative and commutative, bit for bit; the empty table changes nothing.
    pub fn merge(&mut self, other: &Self) {
        assert_eq!(self.spec, other.spec, "only tables of one form add up");
        let mut keys: Vec<KeyColumn> = Vec::with_capacity(self.keys.len());
        for (ours, theirs) in self.keys.iter_mut().zip(&other.keys) {
            keys.push(unite(ours, theirs));
        }
        let picks = interleave(&self.keys, &keys, self.len(), other.len());
        for (ours, theirs) in self.keys.iter_mut().zip(&keys) {
            ours.codes = picks.iter().map(|pick| pick.of(&ours.codes, &theirs.codes)).collect();
        }
        for (ours, theirs) in self.values.iter_mut().zip(&other.values) {
            *ours = picks.iter().map(|pick| pick.sum(ours, theirs)).collect();
        }
    }

    pub(super) fn key_columns(&self) -> &[KeyColumn] {
        &self.keys
    }

    pub(super) fn value_columns(&self) -> &[Vec<i128>] {
        &self.values
    }
}

/// Gives both columns one list of words; returns the second one's part of it (codes only) and recodes the first in place.
fn unite(ours: &mut KeyColumn, theirs: &KeyColumn) -> KeyColumn {
    let all = ours.words.iter().chain(&theirs.words);
    let mut words: Vec<String> = all.cloned().collect();
    words.sort_unstable();
    words.dedup();
    let recode = |column: &KeyColumn| {
        let place = |word: &String| code(words.partition_point(|known| known < word));
        let places: Vec<u32> = column.words.iter().map(place).collect();
        column.codes.iter().map(|code| places[*code as usize]).collect()
    };
    let codes = recode(theirs);
    ours.codes = recode(ours);
    ours.words = words;
    KeyColumn { words: Vec::new(), codes }
}

/// Which row of the first table, of the second, or of both, a merged row comes from.
enum Pick {
    First(usize),
    Second(usize),
    Both(usize, usize),
}

impl Pick {
    fn of(&self, first: &[u32], second: &[u32]) -> u32 {
        match *self {
            Self::First(row) | Self::Both(row, _) => first[row],
            Self::Second(row) => second[row],
        }
    }

    fn sum(&self, first: &[i128], second: &[i128]) -> i128 {
        match *self {
            Self::First(row) => first[row],
            Self::Second(row) => second[row],
            Self::Both(ours, theirs) => add(first[ours], second[theirs]),
        }
    }
}

fn interleave(first: &[KeyColumn], second: &[KeyColumn], n_first: usize, n_second: usize) -> Vec<Pick> {
    let mut picks = Vec::with_capacity(n_first.max(n_second));
    let (mut i, mut j) = (0, 0);
    while i < n_first && j < n_second {
        let columns = first.iter().zip(second);
        let order = columns.map(|(a, b)| a.codes[i].cmp(&b.codes[j])).find(|order| order.is_ne());
        let (pick, di, dj) = match order.unwrap_or(Ordering::Equal) {
            Ordering::Less => (Pick::First(i), 1, 0),
            Ordering::Greater => (Pick::Second(j), 0, 1),
            Ordering::Equal => (Pick::Both(i, j), 1, 1),
        };
        picks.push(pick);
        (i, j) = (i + di, j + dj);
    }
    picks.extend((i..n_first).map(Pick::First));
    picks.extend((j..n_second).map(Pick::Second));
    picks
}

/// Collects rows in any order, the same key any number of times, into a [`Table`].
#[derive(Debug, Clone)]
pub struct TableBuilder {
    spec: &'static TableSpec,
    words: Vec<Words>,
    codes: Vec<Vec<u32>>,
    values: Vec<Vec<i128>>,
}

/// The distinct words of a key column with their codes in the order of appearance.
#[derive(Debug, Clone, Default)]
struct Words {
    known: BTreeMap<String, u32>,
    /// The word seen last: rows mostly come sorted, so that it is often the next one, too.
    last: Option<(String, u32)>,
}

impl Words {
    fn code(&mut self, word: &str) -> u32 {
        if let Some((last, code)) = &self.last
            && last == word
        {
            return *code;
        }
        let fresh = code(self.known.len());
        let known = self.known.get(word).copied();
        let code = known.unwrap_or_else(|| *self.known.entry(word.to_owned()).or_insert(fresh));
        let (last, own) = self.last.get_or_insert_default();
        last.clear();
        last.push_str(word);
        *own = code;
        code
    }
}

impl TableBuilder {
    /// Returns a builder without rows.
    pub fn new(spec: &'static TableSpec) -> Self {
        Self {
            spec,
            words: vec![Words::default(); spec.keys.len()],
            codes: vec![Vec::new(); spec.keys.len()],
            values: vec![Vec::new(); spec.values.len()],
        }
    }

    /// Adds `values` to the row of `keys`; both have the lengths the form declares.
    pub fn add(&mut self, keys: &[&str], values: &[i128]) {
        assert_eq!(keys.len(), self.words.len(), "one word for each key column");
        assert_eq!(values.len(), self.values.len(), "one integer for each value column");
        for ((words, codes), key) in self.words.iter_mut().zip(&mut self.codes).zip(keys) {
            codes.push(words.code(key));
        }
        for (column, value) in self.values.iter_mut().zip(values) {
            column.push(*value);
        }
    }

    /// Returns the table of everything added.
    pub fn finish(self) -> Table {
        let n_rows = self.values.first().map_or(0, Vec::len);
        let columns = self.words.into_iter().zip(self.codes);
        let keys: Vec<KeyColumn> = columns.map(|(words, codes)| rank(words.known, &codes)).collect();
        let compare = |a: &usize, b: &usize| {
            let orders = keys.iter().map(|column| column.codes[*a].cmp(&column.codes[*b]));
            orders.fold(Ordering::Equal, Ordering::then)
        };
        let mut order: Vec<usize> = (0..n_rows).collect();
        order.sort_unstable_by(compare);
        let runs: Vec<&[usize]> = order.chunk_by(|a, b| compare(a, b).is_eq()).collect();
        let sum = |column: &Vec<i128>| {
            runs.iter().map(|run| run.iter().fold(0, |sum, row| add(sum, column[*row]))).collect()
        };
        let first = |codes: &[u32]| runs.iter().map(|run| codes[run[0]]).collect();
        let values = self.values.iter().map(sum).collect();
        let keys = keys.into_iter().map(|k| KeyColumn { codes: first(&k.codes), words: k.words });
        Table { spec: self.spec, keys: keys.collect(), values }
    }
}

/// Renumbers codes given in the order of appearance to the order of the words.
fn rank(words: BTreeMap<String, u32>, codes: &[u32]) -> KeyColumn {
    let mut ranks = vec![0; words.len()];
    for (place, appearance) in words.values().enumerate() {
        ranks[*appearance as usize] = code(place);
    }
    let codes = codes.iter().map(|code| ranks[*code as usize]).collect();
    KeyColumn { words: words.into_keys().collect(), codes }
}

fn code(place: usize) -> u32 {
    u32::try_from(place).expect("a key column has fewer than 2^32 distinct words")
}

fn add(a: i128, b: i128) -> i128 {
    a.checked_add(b).expect("sums of a count table stay far below 2^127")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    static FORM: TableSpec = TableSpec { name: "t", keys: &["department", "level"], values: &["n", "sum"] };

    type Row = (u8, u8, i64);

    fn table(rows: &[Row]) -> Table {
        let mut builder = TableBuilder::new(&FORM);
        for (a, b, n) in rows {
            builder.add(&[&format!("d{a}"), &format!("{b}")], &[1, i128::from(*n)]);
        }
        builder.finish()
    }

    fn merged(parts: &[&[Row]]) -> Table {
        parts.iter().fold(Table::new(&FORM), |mut whole, part| {
            whole.merge(&table(part));
            whole
        })
    }

    #[test]
    fn equal_keys_add_up_and_rows_are_sorted() {
        let table = table(&[(2, 1, 5), (1, 9, 1), (2, 1, -2)]);
        let rows: Vec<_> = table.rows().collect();
        assert_eq!(rows, [(vec!["d1", "9"], vec![1, 1]), (vec!["d2", "1"], vec![2, 3])]);
    }

    #[test]
    fn rows_are_found_by_their_first_keys() {
        let table = table(&[(1, 1, 1), (1, 2, 1), (3, 1, 1)]);
        assert_eq!(table.rows_of(&[]), 0..3);
        assert_eq!(table.rows_of(&["d1"]), 0..2);
        assert_eq!(table.rows_of(&["d1", "2"]), 1..2);
        assert!(table.rows_of(&["d2"]).is_empty());
        assert!(table.rows_of(&["d3", "2"]).is_empty());
    }

    fn rows() -> impl Strategy<Value = Vec<Row>> {
        prop::collection::vec((0..6_u8, 0..12_u8, any::<i64>()), 0..60)
    }

    proptest! {
        #[test]
        fn any_split_merges_to_the_whole_in_any_order(rows in rows(), a in 0..61_usize, b in 0..61_usize) {
            let (a, b) = (a.min(b).min(rows.len()), a.max(b).min(rows.len()));
            let (first, second, third) = (&rows[..a], &rows[a..b], &rows[b..]);
            let whole = table(&rows);
            prop_assert_eq!(&merged(&[first, second, third]), &whole);
            prop_assert_eq!(&merged(&[third, first, second]), &whole);
            let mut right = table(second);
            right.merge(&table(third));
            let mut grouped = table(first);
            grouped.merge(&right);
            prop_assert_eq!(&grouped, &whole);
        }

        #[test]
        fn the_empty_table_changes_nothing(rows in rows()) {
            let whole = table(&rows);
            let mut sum = whole.clone();
            sum.merge(&Table::new(&FORM));
            prop_assert_eq!(&sum, &whole);
        }

        #[test]
        fn the_order_of_rows_does_not_matter(rows in rows()) {
            let mut reversed = rows.clone();
            reversed.reverse();
            prop_assert_eq!(table(&reversed), table(&rows));
        }
    }
}
