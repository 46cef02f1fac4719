//! One row of stored sums -> its place in [`FamilySums`].

use crate::count::{FamilySums, Layout, Weighted};

/// Returns a count; a stored one is never negative.
pub(super) fn natural(value: i128) -> u64 {
    u64::try_from(value).unwrap_or_default()
}

pub(super) fn weighted(values: &[i128]) -> Weighted {
    Weighted { n: natural(values[0]), w: values[1], ww: values[2] }
}

/// Puts one row of a family's sums back in its place.
pub(super) fn put(
    layout: &Layout,
    members: &[usize],
    sums: &mut FamilySums,
    (x, y): (&str, &str),
    values: &[i128],
) -> Option<()> {
    let place = |code: &str| members.iter().position(|&member| layout.variables[member].code == code);
    put_at(place, members.len(), sums, (x, y), values)
}

/// Puts one row of the sums of `k` variables back in the place that `place` knows of each name.
pub(super) fn put_at(
    place: impl Fn(&str) -> Option<usize>,
    k: usize,
    sums: &mut FamilySums,
    (x, y): (&str, &str),
    values: &[i128],
) -> Option<()> {
    if x.is_empty() {
        sums.count = weighted(values);
        return Some(());
    }
    let i = place(x)?;
    if y.is_empty() {
        (sums.wx[i], sums.wwx[i]) = (values[1], values[2]);
        return Some(());
    }
    let j = place(y)?;
    // Row i of the upper triangle begins after the i longer rows above it.
    let pair = i * k - i * i.saturating_sub(1) / 2 + j - i;
    (sums.wxy[pair], sums.wwxy[pair]) = (values[1], values[2]);
    Some(())
}
