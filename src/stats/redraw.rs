//! Random subsets of given size and random orders of many values, as permutation tests need them by the thousand.
//!
//! In: values in blocks. Out: the sum over a subset, or the values in another order. Deliberately absent: tests (`permutation`).

use std::ops::Range;

use crate::random::Random;

/// Values of which as many as are members in each block are drawn.
///
/// Every value of a block joins with one chance near the wanted share, 64 values a word of random bits; then values chosen at random leave or
/// join until the number is right. All subsets of a size are equally likely before, hence after.
pub(super) struct Subsets {
    /// Values and number of members of each block.
    blocks: Vec<(Vec<f64>, usize)>,
    /// Sum of the members outside the blocks.
    settled: f64,
}

impl Subsets {
    /// Takes the values of each block; members that lie in none stay what they are.
    pub(super) fn new(values: &[f64], blocks: &[Range<usize>], is_member: impl Fn(usize) -> bool) -> Self {
        let mut end = 0;
        let mut settled = 0.0;
        let of_members =
            |rows: Range<usize>| -> f64 { rows.filter(|&row| is_member(row)).map(|row| values[row]).sum() };
        let mut own = vec![];
        for block in blocks {
            settled += of_members(end..block.start);
            end = block.end;
            let members = block.clone().filter(|&row| is_member(row)).count();
            own.push((values[block.clone()].to_vec(), members));
        }
        settled += of_members(end..values.len());
        Self { blocks: own, settled }
    }

    /// Draws members anew and returns their sum.
    pub(super) fn sum(&self, random: &mut Random) -> f64 {
        let mut chosen = vec![];
        let mut sum = self.settled;
        for (values, members) in &self.blocks {
            choose((values.len(), *members), random, &mut chosen);
            sum += sum_of(values, &chosen);
        }
        sum
    }
}

/// Sets `members` of `n` bits, every choice with the same probability; bits beyond are 0.
fn choose((n, members): (usize, usize), random: &mut Random, chosen: &mut Vec<u64>) {
    // The chance in 256ths is at most as far from a half as the share, so that what must change state is what is plenty.
    let chance = if 2 * members <= n { 256 * members / n } else { (256 * members).div_ceil(n) };
    chosen.clear();
    chosen.extend((0..n.div_ceil(64)).map(|_| bits(chance, random)));
    if let Some(last) = chosen.last_mut()
        && n % 64 > 0
    {
        *last &= (1 << (n % 64)) - 1;
    }
    let mut count: usize = chosen.iter().map(|word| word.count_ones() as usize).sum();
    while count != members {
        let place = random.below(n as u64) as usize;
        let (word, bit) = (&mut chosen[place / 64], 1 << (place % 64));
        let is_in = *word & bit != 0;
        if is_in == (count > members) {
            *word ^= bit;
            count = if is_in { count - 1 } else { count + 1 };
        }
    }
}

/// Returns 64 bits, each 1 with a chance of so many 256ths.
fn bits(chance: usize, random: &mut Random) -> u64 {
    if chance >= 256 {
        return u64::MAX;
    }
    // Uniform numbers below the chance, compared from the lowest binary digit on; zeros below the last one decide nothing.
    let digits = chance.trailing_zeros().min(8)..8;
    digits.fold(0, |below, digit| match chance >> digit & 1 {
        1 => below | random.bits(),
        _ => below & random.bits(),
    })
}

/// For each byte its bits as factors.
static FACTORS: [[f64; 8]; 256] = {
    let mut table = [[0.0; 8]; 256];
    let mut at = 0;
    while at < 2048 {
        table[at / 8][at % 8] = ((at / 8) >> (at % 8) & 1) as f64;
        at += 1;
    }
    table
};

fn sum_of(values: &[f64], chosen: &[u64]) -> f64 {
    let mut sums = [0.0; 8];
    for (values, word) in values.chunks(64).zip(chosen) {
        for (values, byte) in values.chunks(8).zip(word.to_le_bytes()) {
            let factors = &FACTORS[usize::from(byte)];
            match values.first_chunk::<8>() {
                Some(eight) => {
                    sums.iter_mut().zip(eight.iter().zip(factors)).for_each(|(sum, (x, one))| *sum += x * one)
                }
                None => sums
                    .iter_mut()
                    .zip(values.iter().zip(factors))
                    .for_each(|(sum, (x, one))| *sum += x * one),
            }
        }
    }
    sums.iter().sum()
}

/// Values up to which an order is made by exchanges: they fit the memory next to the processor.
const NEAR: usize = 1 << 13;

/// Writes the values of `from` to `to` in random order, each order with the same probability.
///
/// Many values are dealt out to 256 heaps, each to any of them, and every heap is shuffled (Rao 1961, Sandelius 1962).
pub(super) fn shuffle_into<T: Copy>(from: &[T], to: &mut [T], random: &mut Random) {
    if from.len() <= NEAR {
        to.copy_from_slice(from);
        return exchange(to, random);
    }
    let heaps: Vec<[u8; 8]> = (0..from.len().div_ceil(8)).map(|_| random.bits().to_le_bytes()).collect();
    let dealt = || from.iter().zip(heaps.as_flattened()).map(|(value, heap)| (*value, usize::from(*heap)));
    let mut ends = [0; 257];
    dealt().for_each(|(_, heap)| ends[heap + 1] += 1);
    (1..257).for_each(|heap| ends[heap] += ends[heap - 1]);
    for (value, heap) in dealt() {
        to[ends[heap]] = value;
        ends[heap] += 1;
    }
    let mut start = 0;
    for &end in &ends[..256] {
        let heap = &mut to[start..end];
        if heap.len() <= NEAR {
            exchange(heap, random);
        } else {
            let unshuffled = heap.to_vec();
            shuffle_into(&unshuffled, heap, random);
        }
        start = end;
    }
}

/// Shuffles few values in place (Fisher-Yates), four exchanges a word of random bits.
///
/// What multiplying by one number of places leaves below the point is as random as the word was and makes the next place (Brackett-Rozinsky
/// and Lemire 2025); refused are words that would make the first places likelier.
fn exchange<T>(values: &mut [T], random: &mut Random) {
    let mut n = values.len();
    while n > 3 {
        let last = n as u64;
        let orders = last * (last - 1) * (last - 2) * (last - 3);
        let places = loop {
            let mut rest = random.bits();
            let place = |k: usize| {
                let product = u128::from(rest) * (n - k) as u128;
                rest = product as u64;
                (product >> 64) as usize
            };
            let places: [usize; 4] = std::array::from_fn(place);
            if rest >= orders || rest >= orders.wrapping_neg() % orders {
                break places;
            }
        };
        for place in places {
            n -= 1;
            values.swap(n, place);
        }
    }
    random.shuffle(&mut values[..n]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::correlation::coefficient;

    #[test]
    fn every_subset_of_a_size_is_as_likely() {
        // Sums of powers of two name the subset; four standard errors about 60 000/15 and 60 000/6.
        for (members, subsets) in [(2, 15), (1, 6), (5, 6)] {
            let values: Vec<f64> = (0..6).map(|k| f64::from(1 << k)).collect();
            let drawn = Subsets::new(&values, std::slice::from_ref(&(0..6)), |row| row < members);
            let mut random = Random::new(&["subsets", &members.to_string()]);
            let mut seen = [0u32; 64];
            (0..60_000).for_each(|_| seen[drawn.sum(&mut random) as usize] += 1);
            let expected = 60_000.0 / f64::from(subsets);
            let is_right = |mask: usize| mask.count_ones() as usize == members;
            for (mask, &seen) in seen.iter().enumerate() {
                let wanted = if is_right(mask) { expected } else { 0.0 };
                assert!(
                    (f64::from(seen) - wanted).abs() <= 4.0 * wanted.sqrt(),
                    "{members} {mask:06b} {seen}"
                );
            }
        }
    }

    #[test]
    fn any_size_of_any_number() {
        let mut random = Random::new(&["sizes"]);
        let mut chosen = vec![];
        for n in [1, 2, 63, 64, 65, 200, 1000] {
            for members in [0, 1, n / 3, n / 2, n - 1, n] {
                choose((n, members), &mut random, &mut chosen);
                assert_eq!(chosen.iter().map(|word| word.count_ones() as usize).sum::<usize>(), members);
                let values: Vec<f64> = (0..n).map(|row| row as f64).collect();
                let is_in = |row: &usize| chosen[row / 64] >> (row % 64) & 1 == 1;
                let expected: f64 = (0..n).filter(is_in).map(|row| row as f64).sum();
                assert!((sum_of(&values, &chosen) - expected).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn every_order_is_as_likely() {
        let mut random = Random::new(&["orders"]);
        let mut seen = [0u32; 120];
        for _ in 0..120_000 {
            let mut order = [0; 5];
            shuffle_into(&[0, 1, 2, 3, 4], &mut order, &mut random);
            let smaller = |i: usize| order[i + 1..].iter().filter(|&&later| later < order[i]).count();
            seen[(0..5).fold(0, |number, i| number * (5 - i) + smaller(i))] += 1;
        }
        assert!(seen.iter().all(|&seen| (850..1150).contains(&seen)), "{seen:?}");
    }

    #[test]
    fn many_values_keep_their_number_and_forget_their_places() {
        let from: Vec<u32> = (0..100_000).collect();
        let mut to = vec![0; from.len()];
        shuffle_into(&from, &mut to, &mut Random::new(&["many"]));
        // Neighbours and places are as far from order as random ones: correlations within four standard errors, 1/√n.
        let of = |order: &[u32]| order.iter().map(|&x| f64::from(x)).collect::<Vec<f64>>();
        let r = |x: &[u32], y: &[u32]| coefficient(&of(x), &of(y)).expect("defined").abs();
        assert!(r(&from, &to) < 0.013 && r(&to[1..], &to[..99_999]) < 0.013);
        to.sort_unstable();
        assert_eq!(to, from);
    }

    #[test]
    fn what_lies_in_no_block_stays() {
        let values = [1.0, 2.0, 4.0, 8.0, 16.0];
        let drawn = Subsets::new(&values, &[1..2, 3..4], |row| row != 1);
        assert!((drawn.sum(&mut Random::new(&[])) - 29.0).abs() < 1e-12);
    }
}
