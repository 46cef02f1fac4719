//! Inversions: pairs of values that stand in descending order, counted while the values come by.
//!
//! In: distinct places, one after another. Out: how many of those before lie above each. Deliberately absent: what they mean (`kendall`).
//!
//! A bit a place, in words of 64; over the words a tree whose nodes hold, for each of their sixteen parts, how many places were seen in the
//! parts above it. A place reads one number a level and changes one node a level, all sixteen numbers at once.

/// Places below each word, and each part of the lowest nodes.
const WORD: u32 = 6;
/// Binary digits of a part within its node.
const DIGIT: u32 = 4;

/// For each part, one for every smaller part.
const SMALLER: [[u32; 16]; 16] = {
    let mut table = [[0; 16]; 16];
    let mut at = 0;
    while at < 256 {
        table[at / 16][at % 16] = if at % 16 < at / 16 { 1 } else { 0 };
        at += 1;
    }
    table
};

/// The places seen so far.
#[derive(Debug, Clone)]
pub struct Seen {
    words: Vec<u64>,
    /// Nodes level by level, from those over words to the one over all.
    levels: Vec<Vec<[u32; 16]>>,
}

impl Seen {
    /// Begins with nothing seen of `size` places.
    pub fn new(size: usize) -> Self {
        let mut levels = vec![];
        let mut parts = size.div_ceil(1 << WORD);
        while parts > 1 {
            parts = parts.div_ceil(1 << DIGIT);
            levels.push(vec![[0; 16]; parts]);
        }
        Self { words: vec![0; size.div_ceil(1 << WORD)], levels }
    }

    /// Adds a place, which was not seen before, and returns how many of those seen are above it.
    #[inline]
    pub fn add(&mut self, place: u32) -> u64 {
        let mut part = place >> WORD;
        let word = &mut self.words[part as usize];
        let mut sum = (*word >> (place % 64)).count_ones();
        *word |= 1 << (place % 64);
        for level in &mut self.levels {
            let node = &mut level[(part >> DIGIT) as usize];
            let digit = (part % 16) as usize;
            sum += node[digit];
            let (above, smaller) = (*node, SMALLER[digit]);
            *node = std::array::from_fn(|k| above[k].wrapping_add(smaller[k]));
            part >>= DIGIT;
        }
        u64::from(sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn inversions(places: impl Iterator<Item = u32>, size: usize) -> u64 {
        let mut seen = Seen::new(size);
        places.map(|place| seen.add(place)).sum()
    }

    #[test]
    fn none_and_all() {
        assert_eq!(inversions(0..0, 0), 0);
        assert_eq!(inversions(0..5000, 5000), 0);
        assert_eq!(inversions((0..5000).rev(), 5000), 5000 * 4999 / 2);
        for size in [1, 63, 64, 65, 1024, 1025] {
            let pairs = u64::from(size) * u64::from(size - 1) / 2;
            assert_eq!(inversions((0..size).rev(), size as usize), pairs);
        }
    }

    proptest! {
        #[test]
        fn every_pair_is_seen(values in prop::collection::hash_set(0u32..3000, 0..200)) {
            // The order of a set is any order.
            let values: Vec<u32> = values.into_iter().collect();
            let after = |i: usize| values[i + 1..].iter().filter(|&&later| later < values[i]).count() as u64;
            prop_assert_eq!(inversions(values.iter().copied(), 3000), (0..values.len()).map(after).sum::<u64>());
        }
    }
}
