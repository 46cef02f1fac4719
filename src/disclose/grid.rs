//! Counts in rows and columns whose sums are known: which must be withheld so that no small one follows from the others.
//!
//! A withheld count follows from the sums exactly when it is the only way between its row and its column over withheld counts (a bridge of
//! the graph whose nodes are rows and columns). So counts are withheld until there is none, and until every row and column withholds two
//! at least, of `least` people together.

use std::collections::BTreeSet;

/// Counts, and which of them are withheld.
#[derive(Debug, Clone)]
pub(super) struct Grid {
    counts: Vec<Vec<u64>>,
    /// Which counts are withheld.
    pub(super) hidden: Vec<Vec<bool>>,
    /// The node of each row: rows whose own sum is withheld are one node, since only their common sum is known.
    rows: Vec<usize>,
    /// The node of each column: columns whose own sum is withheld are one node likewise.
    columns: Vec<usize>,
    is_summed_by_column: bool,
    /// Columns that are told to hold nobody.
    empty: Vec<bool>,
}

impl Grid {
    /// Takes counts by row; `small` rows are withheld as a whole, with their sum; `untold` says which sums of columns are withheld, and is
    /// empty where columns have no sums.
    pub(super) fn new(counts: Vec<Vec<u64>>, small: &[bool], untold: &[bool]) -> Self {
        let width = counts.first().map_or(0, Vec::len);
        let node = |place: usize, untold: bool| if untold { 0 } else { place + 1 };
        let column = |place: usize| node(place, untold.get(place).copied().unwrap_or(true));
        // Where nobody is in a state at all and that is told, every part of it is known to be nobody.
        let is_empty =
            |place: usize| untold.get(place) == Some(&false) && counts.iter().all(|row| row[place] == 0);
        let empty: Vec<bool> = (0..width).map(is_empty).collect();
        let hidden = |small: &bool| empty.iter().map(|empty| *small && !empty).collect();
        Self {
            hidden: small.iter().map(hidden).collect(),
            empty,
            rows: small.iter().enumerate().map(|(place, small)| node(place, *small)).collect(),
            columns: (0..width).map(column).collect(),
            is_summed_by_column: !untold.is_empty(),
            counts,
        }
    }

    /// Withholds counts of 1 to `least` − 1, and with them what they would follow from.
    pub(super) fn protect(&mut self, least: u64) {
        for (row, hidden) in self.counts.iter().zip(&mut self.hidden) {
            row.iter().zip(hidden).for_each(|(count, hidden)| *hidden |= (1..least).contains(count));
        }
        while self.complete_once(least) {}
    }

    /// Withholds one more count where a sum or a bridge asks for it.
    fn complete_once(&mut self, least: u64) -> bool {
        let rows: BTreeSet<usize> = self.rows.iter().copied().collect();
        let columns: BTreeSet<usize> = self.columns.iter().copied().collect();
        let in_row = |grid: &Self, node: usize| grid.cells(|cell| grid.rows[cell.0] == node);
        for node in rows {
            let cells = in_row(self, node);
            if self.is_weak(&cells, least) && self.hide_smallest(&cells) {
                return true;
            }
        }
        let summed = if self.is_summed_by_column { columns } else { BTreeSet::new() };
        for node in summed {
            let cells = self.cells(|cell| self.columns[cell.1] == node);
            if self.is_weak(&cells, least) && self.hide_smallest(&cells) {
                return true;
            }
        }
        let bridges = if self.is_summed_by_column { self.bridges() } else { Vec::new() };
        for cell in bridges {
            let own = in_row(self, self.rows[cell.0]);
            let column = self.cells(|other| self.columns[other.1] == self.columns[cell.1]);
            if self.hide_smallest(&own) || self.hide_smallest(&column) {
                return true;
            }
        }
        false
    }

    fn cells(&self, is_wanted: impl Fn((usize, usize)) -> bool) -> Vec<(usize, usize)> {
        let all = (0..self.counts.len())
            .flat_map(|row| (0..self.counts[row].len()).map(move |column| (row, column)));
        all.filter(|cell| is_wanted(*cell)).collect()
    }

    /// Whether some of the cells are withheld, but too few, or of too few people, to protect each other.
    fn is_weak(&self, cells: &[(usize, usize)], least: u64) -> bool {
        let withheld = || cells.iter().filter(|cell| self.hidden[cell.0][cell.1]);
        let sum: u64 = withheld().map(|cell| self.counts[cell.0][cell.1]).sum();
        withheld().next().is_some() && (withheld().count() < 2 || sum < least)
    }

    /// Withholds the smallest of the cells that is not yet, one with people rather than without; says whether there was one.
    fn hide_smallest(&mut self, cells: &[(usize, usize)]) -> bool {
        let open = cells.iter().filter(|cell| !self.hidden[cell.0][cell.1] && !self.empty[cell.1]);
        let rank = |cell: &&(usize, usize)| {
            let count = self.counts[cell.0][cell.1];
            (count == 0, count)
        };
        let Some(&(row, column)) = open.min_by_key(rank) else { return false };
        self.hidden[row][column] = true;
        true
    }

    /// Withheld cells that are the only way between their row and their column (Tarjan 1974).
    fn bridges(&self) -> Vec<(usize, usize)> {
        let cells = self.cells(|cell| self.hidden[cell.0][cell.1]);
        let first_column = self.rows.iter().max().map_or(0, |last| last + 1);
        let size = first_column + self.columns.iter().max().map_or(0, |last| last + 1);
        let mut search =
            Search { links: vec![Vec::new(); size], order: vec![0; size], seen: 0, found: Vec::new() };
        for (edge, cell) in cells.iter().enumerate() {
            let (row, column) = (self.rows[cell.0], first_column + self.columns[cell.1]);
            search.links[row].push((column, edge));
            search.links[column].push((row, edge));
        }
        for node in 0..size {
            if search.order[node] == 0 {
                search.visit(node, None);
            }
        }
        search.found.sort_unstable();
        search.found.iter().map(|edge| cells[*edge]).collect()
    }
}

/// A search in depth over rows and columns.
struct Search {
    /// Neighbours of each node with the edge that leads there.
    links: Vec<Vec<(usize, usize)>>,
    /// When each node was seen, from 1; 0 is not yet.
    order: Vec<usize>,
    seen: usize,
    /// Bridges among the edges.
    found: Vec<usize>,
}

impl Search {
    /// Visits a node and returns the earliest one that can be reached from it other than by the edge it was come by.
    fn visit(&mut self, node: usize, by: Option<usize>) -> usize {
        self.seen += 1;
        self.order[node] = self.seen;
        let mut earliest = self.seen;
        for (next, edge) in self.links[node].clone() {
            if Some(edge) == by {
                continue;
            }
            if self.order[next] > 0 {
                earliest = earliest.min(self.order[next]);
                continue;
            }
            let reached = self.visit(next, Some(edge));
            if reached > self.order[node] {
                self.found.push(edge);
            }
            earliest = earliest.min(reached);
        }
        earliest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_small_count_takes_others_of_its_row_and_column_with_it() {
        let counts = vec![vec![2, 8, 9], vec![7, 6, 11], vec![12, 10, 30]];
        let mut grid = Grid::new(counts, &[false; 3], &[false; 3]);
        grid.protect(5);
        assert_eq!(grid.hidden, [[true, true, false], [true, true, false], [false; 3]]);
        let mut row = Grid::new(vec![vec![0, 0, 3, 40]], &[false], &[]);
        row.protect(5);
        assert_eq!(row.hidden, [[false, false, true, true]]);
        let mut zeros = Grid::new(vec![vec![0, 0, 30]], &[false], &[]);
        zeros.protect(5);
        assert_eq!(zeros.hidden, [[false; 3]], "nobody is nobody");
    }

    /// Whether one withheld cell is a linear combination of the known sums, by elimination.
    fn follows(grid: &Grid, cell: (usize, usize)) -> bool {
        let cells = grid.cells(|cell| grid.hidden[cell.0][cell.1]);
        let mut equations: Vec<Vec<f64>> = Vec::new();
        let mut nodes: Vec<(bool, usize)> = grid.rows.iter().map(|node| (true, *node)).collect();
        nodes.extend(grid.columns.iter().map(|node| (false, *node)));
        nodes.sort_unstable();
        nodes.dedup();
        for (is_row, node) in nodes {
            let holds = |cell: &(usize, usize)| {
                if is_row { grid.rows[cell.0] == node } else { grid.columns[cell.1] == node }
            };
            equations.push(cells.iter().map(|cell| f64::from(u8::from(holds(cell)))).collect());
        }
        let mut wanted: Vec<f64> = cells.iter().map(|own| f64::from(u8::from(*own == cell))).collect();
        let mut used = 0;
        for column in 0..cells.len() {
            let Some(pivot) = (used..equations.len()).find(|row| equations[*row][column].abs() > 1e-9) else {
                continue;
            };
            equations.swap(used, pivot);
            let lead = equations[used].clone();
            let reduce = |row: &mut Vec<f64>| {
                let factor = row[column] / lead[column];
                row.iter_mut().zip(&lead).for_each(|(own, lead)| *own -= factor * lead);
            };
            equations[used + 1..].iter_mut().for_each(reduce);
            reduce(&mut wanted);
            used += 1;
        }
        wanted.iter().all(|value| value.abs() < 1e-9)
    }

    proptest! {
        #[test]
        fn no_withheld_count_follows_from_the_sums(
            counts in prop::collection::vec(prop::collection::vec(0u64..14, 5), 3..9), small in 0usize..3,
        ) {
            let least = 5;
            let is_small: Vec<bool> = (0..counts.len()).map(|row| small >= 2 && row < small).collect();
            let sums: Vec<u64> = (0..5).map(|column| counts.iter().map(|row| row[column]).sum()).collect();
            let untold: Vec<bool> = sums.iter().map(|sum| (1..least).contains(sum)).collect();
            let mut grid = Grid::new(counts.clone(), &is_small, &untold);
            grid.protect(least);
            for (row, column) in grid.cells(|_| true) {
                if (1..least).contains(&counts[row][column]) {
                    prop_assert!(grid.hidden[row][column]);
                }
            }
            let all_hidden = grid.cells(|cell| !grid.empty[cell.1]).iter().all(|cell| grid.hidden[cell.0][cell.1]);
            for cell in grid.cells(|cell| grid.hidden[cell.0][cell.1]) {
                prop_assert!(all_hidden || !follows(&grid, cell), "{cell:?} {counts:?} {:?}", grid.hidden);
            }
        }
    }
}
