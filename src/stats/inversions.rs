//! Inversions: pairs of values that stand in descending order, counted digit by digit.
//!
//! In: codes. Out: a number of pairs. Deliberately absent: what they mean (`kendall`).

/// Returns the number of pairs of codes below `levels` that stand in descending order.
pub fn inversions(mut values: Vec<u32>, levels: usize) -> u64 {
    let bits = usize::BITS - levels.saturating_sub(1).leading_zeros();
    let mut buffer = vec![0; values.len()];
    inversions_of(&mut values, &mut buffer, bits)
}

/// For each digit, one for every smaller digit.
const SMALLER: [[u32; 16]; 16] = {
    let mut table = [[0; 16]; 16];
    let mut at = 0;
    while at < 256 {
        table[at / 16][at % 16] = if at % 16 < at / 16 { 1 } else { 0 };
        at += 1;
    }
    table
};

/// Counts inversions of values that differ in their lowest `bits` only: those of the first four bits in one pass that also puts the values
/// into sixteen buckets, then those within each bucket.
fn inversions_of(values: &mut [u32], buffer: &mut [u32], bits: u32) -> u64 {
    if bits == 0 {
        return 0;
    }
    if values.len() <= SHORT {
        return insertion(values);
    }
    let shift = bits.saturating_sub(4);
    let digit = |value: u32| (value >> shift) as usize & 15;
    let mut next = [0; 17];
    values.iter().for_each(|&value| next[digit(value) + 1] += 1);
    (1..17).for_each(|bucket| next[bucket] += next[bucket - 1]);
    let starts = next;
    // How many values so far have a greater digit than each.
    let mut greater = [0u32; 16];
    let mut total = 0u64;
    for &value in &*values {
        let digit = digit(value);
        total += u64::from(greater[digit]);
        greater
            .iter_mut()
            .zip(&SMALLER[digit])
            .for_each(|(greater, one)| *greater = greater.wrapping_add(*one));
        buffer[next[digit]] = value;
        next[digit] += 1;
    }
    for bucket in starts.windows(2) {
        let bucket = bucket[0]..bucket[1];
        total += inversions_of(&mut buffer[bucket.clone()], &mut values[bucket], shift);
    }
    total
}

/// Runs of so many values are sorted by insertion.
const SHORT: usize = 24;

fn insertion(values: &mut [u32]) -> u64 {
    let mut total = 0;
    for end in 1..values.len() {
        let value = values[end];
        let mut place = end;
        while place > 0 && values[place - 1] > value {
            values[place] = values[place - 1];
            place -= 1;
        }
        values[place] = value;
        total += (end - place) as u64;
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn none_and_all() {
        assert_eq!(inversions(vec![], 0), 0);
        assert_eq!(inversions(vec![0; 99], 1), 0);
        assert_eq!(inversions((0..5000).rev().collect(), 5000), 5000 * 4999 / 2);
    }

    proptest! {
        #[test]
        fn every_pair_is_seen(values in prop::collection::vec(0u32..300, 0..200)) {
            let after = |i: usize| values[i + 1..].iter().filter(|&&later| later < values[i]).count() as u64;
            prop_assert_eq!(inversions(values.clone(), 300), (0..values.len()).map(after).sum::<u64>());
        }
    }
}
