//! Cases opened again within days after one was closed as kept.

use std::collections::BTreeMap;

use super::others::each;
use super::{Sign, SignKind};
use crate::count::{MonthCounts, Reopened};

/// Tests every promise of every department against the other departments of the promise.
pub(super) fn reopened(counts: &MonthCounts, leaves: &[u32]) -> Vec<Sign> {
    let mut promises: BTreeMap<u32, Vec<(u32, Reopened)>> = BTreeMap::new();
    for (&(department, commitment), own) in &counts.response.reopened {
        if leaves.contains(&department) {
            promises.entry(commitment).or_default().push((department, *own));
        }
    }
    let mut tests = Vec::new();
    for (commitment, departments) in promises {
        let units: Vec<(u64, u64)> = departments.iter().map(|(_, own)| (own.reopened, own.begun)).collect();
        for ((department, own), found) in departments.into_iter().zip(each(&units)) {
            let sign = |found| Sign::new(SignKind::Reopened, department, (own.reopened, own.begun), found);
            tests.extend(found.map(|found| Sign { commitment: Some(commitment), ..sign(found) }));
        }
    }
    tests
}
