//! A table in memory: named columns of equal length.

/// One column.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Numbers, with gaps.
    Number(Vec<Option<f64>>),
    /// Words, with gaps.
    Text(Vec<Option<String>>),
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    names: Vec<String>,
    columns: Vec<Column>,
    rows: usize,
}

impl Table {
    /// Makes a table of columns of equal length.
    pub fn new(columns: Vec<(String, Column)>) -> Self {
        let length = |column: &Column| match column {
            Column::Number(values) => values.len(),
            Column::Text(values) => values.len(),
        };
        let rows = columns.first().map_or(0, |(_, column)| length(column));
        debug_assert!(columns.iter().all(|(_, column)| length(column) == rows));
        let (names, columns) = columns.into_iter().unzip();
        Self { names, columns, rows }
    }

    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Returns the names of the columns.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Returns a column.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.names.iter().position(|one| one == name).map(|place| &self.columns[place])
    }
}
