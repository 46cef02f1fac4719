//! Columns as codes: each value replaced by the place of its level among the distinct values, so that ranks and tables are counting.
//!
//! In: values with gaps. Out: codes 0..k with the k levels in ascending order. Deliberately absent: statistics of them.

use rayon::slice::ParallelSliceMut;

/// Whole numbers fewer than so many below or above the first of them are coded by counting instead of sorting.
const REACH: i32 = 4096;

/// A column of codes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Codes {
    /// One code a row: the place of the row's value in `levels`, or [`Codes::MISSING`].
    pub code: Vec<u32>,
    /// The distinct values in ascending order.
    pub levels: Vec<f64>,
}

impl Codes {
    /// The code of a row without a (finite) value.
    pub const MISSING: u32 = u32::MAX;

    /// Codes the values.
    pub fn new(values: impl Iterator<Item = Option<f64>> + Clone) -> Self {
        Self::counted(values.clone()).unwrap_or_else(|| Self::sorted(values))
    }

    /// Codes values without gaps.
    pub fn of(values: &[f64]) -> Self {
        Self::new(values.iter().map(|&value| Some(value)))
    }

    /// Returns whether every row has a value.
    pub fn is_complete(&self) -> bool {
        !self.code.contains(&Self::MISSING)
    }

    /// Returns the rows in ascending order of their codes, those of equal code in their own order; rows without a value are left out.
    pub fn order(&self) -> Vec<u32> {
        let mut next = vec![0u32; self.levels.len() + 1];
        self.present().for_each(|(_, code)| next[code as usize + 1] += 1);
        (1..next.len()).for_each(|level| next[level] += next[level - 1]);
        let mut order = vec![0; next.last().map_or(0, |&n| n as usize)];
        for (row, code) in self.present() {
            let place = &mut next[code as usize];
            order[*place as usize] = row;
            *place += 1;
        }
        order
    }

    fn present(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let rows = self.code.iter().enumerate().map(|(row, &code)| (row as u32, code));
        rows.filter(|&(_, code)| code != Self::MISSING)
    }

    /// Codes whole numbers near one another in one pass; nothing where there are others.
    fn counted(values: impl Iterator<Item = Option<f64>> + Clone) -> Option<Self> {
        let first = values.clone().flatten().find(|value| value.is_finite()).unwrap_or(0.0);
        if first.abs() > 1e9 {
            return None;
        }
        let lowest = first as i32 - REACH;
        // The last place is that of rows without a value, and of those that end the attempt.
        let gap = 2 * REACH as u32;
        let mut seen = vec![false; gap as usize + 1];
        let mut fits = true;
        let mut place = |value: Option<f64>| {
            let Some(value) = value else { return gap };
            let near = (value as i32).wrapping_sub(lowest) as u32;
            let is_near = f64::from(value as i32) - value == 0.0 && near < gap;
            fits &= is_near || !value.is_finite();
            let place = if is_near { near } else { gap };
            seen[place as usize] = true;
            place
        };
        let mut code: Vec<u32> = values.map(&mut place).collect();
        if !fits {
            return None;
        }
        let mut levels = vec![];
        let mut code_of = vec![Self::MISSING; gap as usize + 1];
        for place in (0..gap).filter(|&place| seen[place as usize]) {
            code_of[place as usize] = levels.len() as u32;
            levels.push(f64::from(lowest + place as i32));
        }
        code.iter_mut().for_each(|code| *code = code_of[*code as usize]);
        Some(Self { code, levels })
    }

    fn sorted(values: impl Iterator<Item = Option<f64>> + Clone) -> Self {
        let mut code = vec![];
        let mut rows = vec![];
        for (row, value) in values.enumerate() {
            code.push(Self::MISSING);
            // Adding 0 makes −0 the same level as 0.
            rows.extend(
                value.filter(|value| value.is_finite()).map(|value| (ascending(value + 0.0), row as u32)),
            );
        }
        rows.par_sort_unstable();
        let mut levels = vec![];
        for tied in rows.chunk_by(|a, b| a.0 == b.0) {
            tied.iter().for_each(|&(_, row)| code[row as usize] = levels.len() as u32);
            levels.push(descending(tied[0].0));
        }
        Self { code, levels }
    }
}

/// Returns bits that stand in the order of the values.
fn ascending(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// Returns the value of such bits.
fn descending(bits: u64) -> f64 {
    f64::from_bits(if bits >> 63 == 1 { bits & !(1 << 63) } else { !bits })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counting_and_sorting_give_the_same_codes() {
        let whole = [Some(3.0), None, Some(-2.0), Some(3.0), Some(f64::NAN), Some(-0.0), Some(0.0)];
        let counted = Codes::counted(whole.iter().copied()).expect("whole numbers");
        let sorted = Codes::sorted(whole.iter().copied());
        assert_eq!(counted, sorted);
        assert_eq!(counted.levels, [-2.0, 0.0, 3.0]);
        assert_eq!(counted.code, [2, Codes::MISSING, 0, 2, Codes::MISSING, 1, 1]);
        assert_eq!(counted.order(), [2, 5, 6, 0, 3]);
        assert!(!counted.is_complete());
        assert_eq!(Codes::of(&[1e300, -1e300, 0.5]).code, [2, 0, 1]);
        for apart in [
            [0.0, 1e-20, 1.0],
            [1e18, 2e18, 3e18],
            [0.0, 9000.0, -9000.0],
            [1e9 + 0.5, 1e9, 1e9 + 1.0],
            [-2147483648.0, -2147483647.0, 2147483647.0],
        ] {
            let levels = Codes::of(&apart).levels;
            assert!(levels.len() == 3 && levels.is_sorted(), "{apart:?}");
        }
        assert_eq!((Codes::of(&[]).levels, Codes::of(&[]).order()), (vec![], vec![]));
    }
}
