//! Planned faults: the points at which a test can kill the program or fill the disk.
//!
//! In: the text of `CONCORD_FAULT`, read once by the face of the program. Out: nothing, an error or the end of the process.

use std::io::{self, ErrorKind};
use std::path::Path;

use crate::error::{Error, Result};

/// Points of a month's way into the store, in order.
pub const STORE_POINTS: [&str; 4] = ["month_staged", "month_moved", "month_exchanged", "month_cleaned"];

/// Points of a publication, in order; `_N` stands for the number of the exchanged file or folder, from 1.
pub const PUBLICATION_POINTS: [&str; 8] = [
    "journal_begun",
    "staged",
    "journal_written",
    "backup_N",
    "rename_N",
    "manifest_written",
    "staging_removed",
    "journal_removed",
];

/// Where the program is to fail, and how; by default nowhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FaultPlan {
    point: Option<String>,
    full: bool,
}

impl FaultPlan {
    /// Reads a plan: `rename_1` kills the process at that point, `full:rename_1` makes the disk full there.
    pub fn new(text: Option<&str>) -> Self {
        match text.and_then(|text| text.strip_prefix("full:")) {
            Some(point) => Self { point: Some(point.to_owned()), full: true },
            None => Self { point: text.map(str::to_owned), full: false },
        }
    }

    /// Passes a point: goes on, unless the plan says to fail here.
    pub fn reach(&self, point: &str, path: &Path) -> Result<()> {
        if self.point.as_deref() != Some(point) {
            return Ok(());
        }
        if self.full {
            return Err(Error::io(path)(io::Error::from(ErrorKind::StorageFull)));
        }
        std::process::abort()
    }
}

/// Returns every point of a publication that exchanges `steps` files and folders.
pub fn publication_points(steps: usize) -> Vec<String> {
    let (before, after) = (&PUBLICATION_POINTS[..3], &PUBLICATION_POINTS[5..]);
    let exchanges = (1..=steps).flat_map(|step| [format!("backup_{step}"), format!("rename_{step}")]);
    let fixed = |points: &[&str]| points.iter().map(|point| (*point).to_owned()).collect::<Vec<_>>();
    fixed(before).into_iter().chain(exchanges).chain(fixed(after)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_fails_only_at_its_point() {
        let plan = FaultPlan::new(Some("full:rename_2"));
        assert!(plan.reach("rename_1", Path::new("x")).is_ok());
        let error = plan.reach("rename_2", Path::new("x")).unwrap_err();
        assert!(matches!(error, Error::Io { source, .. } if source.kind() == ErrorKind::StorageFull));
        assert!(FaultPlan::default().reach("rename_2", Path::new("x")).is_ok());
    }
}
