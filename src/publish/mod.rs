//! Publication: bytes and tables to their places, all or nothing.
//!
//! In: a [`Publication`], the folder it goes to and the project's locked state folder. Out: files on disk and `manifest.json`,
//! which is written last and is what all-or-nothing readers follow. Deliberately absent: what the files say.
//!
//! The way: every file is written to a staging folder on the same file system; a journal in the state folder lists what is to be
//! exchanged; each old file or folder is moved into the staging folder and the new one to its place; the manifest is renamed
//! into place; the staging folder and the journal are removed. [`recover`] ends whatever an interruption left: before the journal
//! was complete by removing the staging folder, afterwards by going on.

pub mod publication;
mod journal;
mod exchange;
pub mod feed;
pub mod manifest;
pub mod tables;

use std::path::Path;

use crate::error::{Error, Result};
use crate::store::{FaultPlan, Lock, disk};

pub use feed::{Feed, FeedColumn, Nulls, Values};
pub use journal::Recovery;
pub use manifest::{MANIFEST_FILE, Manifest, PublishedFile};
pub use publication::Publication;
pub use tables::FEEDS;

use journal::{Journal, Phase};

/// Publishes to the folder `out`, which is created when missing.
///
/// On an error the old state is there as it was; unless the error came after the manifest, while cleaning up, or undoing failed too:
/// then the next [`recover`] completes the publication.
///
/// What an earlier run left unfinished is ended first. `lock` is that of the project's state folder `.concord`.
pub fn publish(publication: &Publication, out: &Path, lock: &Lock, faults: &FaultPlan) -> Result<()> {
    publication.check()?;
    recover(lock, faults)?;
    disk::create_folder(out)?;
    let out = out.canonicalize().map_err(Error::io(out))?;
    let mut journal = Journal::new(publication, &out, lock);
    let staged = stage(publication, &mut journal, lock, faults);
    if let Err(error) = staged {
        // The cause is what the user must see; what cannot be removed now is removed at the next start.
        journal.discard(lock, &FaultPlan::default()).ok();
        return Err(error);
    }
    journal.exchange_or_undo(lock, faults)?;
    journal.finish(lock, faults)
}

/// Ends what an interrupted publication left; to be called at the start of every run, as often as one likes.
pub fn recover(lock: &Lock, faults: &FaultPlan) -> Result<Recovery> {
    let Some(journal) = Journal::read(lock)? else { return Ok(Recovery::Nothing) };
    match journal.phase {
        Phase::Staging => {
            journal.discard(lock, faults)?;
            Ok(Recovery::RolledBack)
        }
        Phase::Exchanging => {
            journal.check_places(lock)?;
            journal.exchange(faults)?;
            journal.finish(lock, faults)?;
            Ok(Recovery::Completed)
        }
    }
}

fn stage(publication: &Publication, journal: &mut Journal, lock: &Lock, faults: &FaultPlan) -> Result<()> {
    exchange::check_kinds(publication, &journal.out)?;
    journal.write(lock)?;
    faults.reach("journal_begun", lock.folder())?;
    let staging = journal.staging_folder();
    disk::remove_folder(&staging)?;
    exchange::write_staged(publication, &staging)?;
    let manifest = Manifest::after(publication, &journal.out)?.to_bytes()?;
    disk::write_file(&staging.join(MANIFEST_FILE), &manifest)?;
    disk::sync_folder(&staging)?;
    faults.reach("staged", &staging)?;
    journal.manifest = crate::store::encode::hash(&manifest);
    journal.phase = Phase::Exchanging;
    journal.write(lock)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;
    use std::process::{Command, ExitStatus};

    use super::*;
    use crate::month::Month;
    use crate::store::fault::publication_points;

    const MONTH: Month = Month(2026 * 12 + 9);
    const STEPS: usize = 3;

    /// A publication of three exchanges; the second version has other files in its folder than the first.
    fn publication(version: u8) -> Publication {
        let mut publication = Publication::new(MONTH, "concord 0.1.0");
        let files =
            ["index.html", "reports/2026-10/report.html", "feeds/measures/month=2026-10/measures.parquet"];
        let own = format!("reports/2026-10/only-{version}.svg");
        for path in files.into_iter().chain([own.as_str()]) {
            publication.files.insert(path.into(), vec![version; 9]);
        }
        for folder in ["reports/2026-10", "feeds/measures/month=2026-10"] {
            publication.replaces.insert(folder.into());
        }
        publication
    }

    /// A project folder with its first version published.
    struct Project(tempfile::TempDir);

    impl Project {
        fn new() -> Self {
            let project = Self(tempfile::tempdir().unwrap());
            project.publish(1, None).unwrap();
            project
        }

        fn out(&self) -> PathBuf {
            self.0.path().join("elsewhere/out")
        }

        /// A process that another test has just started shares this one's files for a moment, and with them a lock already given back.
        fn lock(&self) -> Lock {
            let folder = self.0.path().join("project/.concord");
            let mut tries = (0..200).map(|_| {
                std::thread::sleep(std::time::Duration::from_millis(10));
                Lock::take(&folder)
            });
            tries.find_map(Result::ok).unwrap()
        }

        fn publish(&self, version: u8, fault: Option<&str>) -> Result<()> {
            publish(&publication(version), &self.out(), &self.lock(), &FaultPlan::new(fault))
        }

        fn recover(&self) -> Result<Recovery> {
            recover(&self.lock(), &FaultPlan::default())
        }

        /// The version in place, after checking that it is whole and that nothing else is there.
        fn version(&self) -> u8 {
            let manifest = Manifest::read(&self.out()).unwrap().unwrap();
            assert_eq!(manifest.differences(&self.out()).unwrap(), [""; 0]);
            let version = fs::read(self.out().join("index.html")).unwrap()[0];
            let expected = publication(version).files;
            let expected: Vec<&str> = expected.keys().map(|path| path.to_str().unwrap()).collect();
            assert_eq!(manifest.files.keys().collect::<Vec<_>>(), expected);
            let mut found = files(&self.out(), &self.out());
            found.retain(|path| path != MANIFEST_FILE);
            assert_eq!(found, expected);
            assert_eq!(disk::list(&self.0.path().join("project/.concord")).unwrap(), ["lock"]);
            version
        }

        /// Lets a process of its own publish the second version, or recover, and die at a point.
        fn die(&self, action: &str, point: &str) -> ExitStatus {
            Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "publish::tests::child_that_dies"])
                .env("CONCORD_TEST_PUBLISH", format!("{action}|{point}|{}", self.0.path().display()))
                .output()
                .unwrap()
                .status
        }
    }

    fn files(folder: &Path, root: &Path) -> Vec<String> {
        let mut paths = Vec::new();
        for name in disk::list(folder).unwrap() {
            let path = folder.join(name);
            if path.is_dir() {
                paths.extend(files(&path, root));
            } else {
                paths.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
            }
        }
        paths.sort();
        paths
    }

    /// Is the process that dies, when the variable says how; nothing otherwise.
    #[test]
    fn child_that_dies() {
        let Ok(plan) = std::env::var("CONCORD_TEST_PUBLISH") else { return };
        let [action, point, folder] = plan.split('|').collect::<Vec<_>>().try_into().unwrap();
        let (lock, faults) =
            (Lock::take(&Path::new(folder).join("project/.concord")).unwrap(), FaultPlan::new(Some(point)));
        match action {
            "publish" => {
                publish(&publication(2), &Path::new(folder).join("elsewhere/out"), &lock, &faults).unwrap()
            }
            _ => drop(recover(&lock, &faults).unwrap()),
        }
    }

    #[test]
    fn a_folder_is_replaced_whole() {
        let project = Project::new();
        assert_eq!(project.version(), 1);
        project.publish(2, None).unwrap();
        assert_eq!(project.version(), 2);
    }

    #[test]
    fn killed_anywhere_the_next_start_finds_the_old_state_or_the_new_one() {
        for (number, point) in publication_points(STEPS).iter().enumerate() {
            let project = Project::new();
            assert!(!project.die("publish", point).success(), "{point} was not reached");
            let (recovery, version) = match (number, point.as_str()) {
                (0..2, _) => (Recovery::RolledBack, 1),
                (_, "journal_removed") => (Recovery::Nothing, 2),
                _ => (Recovery::Completed, 2),
            };
            assert_eq!(project.recover().unwrap(), recovery, "{point}");
            assert_eq!(project.version(), version, "{point}");
            assert_eq!(project.recover().unwrap(), Recovery::Nothing, "{point}");
            assert_eq!(project.version(), version, "{point}");
        }
    }

    #[test]
    fn killed_while_recovering_the_next_start_still_ends_it() {
        let points = publication_points(STEPS);
        for first in
            ["journal_begun", "staged", "journal_written", "backup_2", "rename_2", "manifest_written"]
        {
            let version = if ["journal_begun", "staged"].contains(&first) { 1 } else { 2 };
            let reached = points.iter().filter(|point| match version {
                1 => ["staging_removed", "journal_removed"].contains(&point.as_str()),
                _ => !["journal_begun", "staged", "journal_written"].contains(&point.as_str()),
            });
            for second in reached {
                let project = Project::new();
                assert!(!project.die("publish", first).success(), "{first}");
                assert!(!project.die("recover", second).success(), "{first}, then {second} was not reached");
                project.recover().unwrap();
                assert_eq!(project.version(), version, "{first}, then {second}");
            }
        }
    }

    #[test]
    fn a_full_disk_leaves_the_old_state() {
        let points = publication_points(STEPS);
        for point in &points[..points.len() - 3] {
            let project = Project::new();
            let error = project.publish(2, Some(&format!("full:{point}"))).unwrap_err();
            assert!(matches!(error, Error::Io { .. }), "{point}: {error}");
            assert_eq!(project.version(), 1, "{point}");
            project.publish(2, None).unwrap();
            assert_eq!(project.version(), 2, "{point}");
        }
    }

    #[test]
    fn a_vanished_folder_is_named_with_what_to_do() {
        let project = Project::new();
        project.die("publish", "rename_1");
        let away = project.0.path().join("away");
        fs::rename(project.out(), &away).unwrap();
        let error = project.publish(2, None).unwrap_err();
        assert!(error.to_string().contains("is gone"), "{error}");
        assert!(error.hint().unwrap().contains("journal.json"));
        fs::rename(&away, project.out()).unwrap();
        let staging = disk::list(&project.out()).unwrap().remove(0);
        fs::rename(project.out().join(&staging), &away).unwrap();
        assert!(project.recover().unwrap_err().to_string().contains("is gone"));
        fs::rename(&away, project.out().join(&staging)).unwrap();
        assert_eq!(project.recover().unwrap(), Recovery::Completed);
        assert_eq!(project.version(), 2);
    }

    #[test]
    fn the_manifest_keeps_other_months_and_forgets_what_is_gone() {
        let project = Project::new();
        let mut next = Publication::new(MONTH.plus(1), "concord 0.2.0");
        next.files.insert("reports/2026-11/report.html".into(), b"x".to_vec());
        next.replaces.insert("reports/2026-11".into());
        fs::remove_file(project.out().join("index.html")).unwrap();
        publish(&next, &project.out(), &project.lock(), &FaultPlan::default()).unwrap();
        let manifest = Manifest::read(&project.out()).unwrap().unwrap();
        assert_eq!((manifest.month, manifest.program.as_str()), (MONTH.plus(1), "concord 0.2.0"));
        assert_eq!(manifest.files["reports/2026-10/report.html"].month, MONTH);
        assert_eq!(manifest.files.len(), 4);
        assert!(!manifest.files.contains_key("index.html"));
    }

    #[test]
    fn a_folder_in_the_place_of_a_file_is_not_swept_away() {
        let project = Project::new();
        fs::remove_file(project.out().join("index.html")).unwrap();
        fs::create_dir(project.out().join("index.html")).unwrap();
        fs::write(project.out().join("index.html/precious"), b"x").unwrap();
        assert!(project.publish(2, None).is_err());
        assert!(project.out().join("index.html/precious").is_file());
    }

    #[test]
    fn a_foreign_journal_removes_nothing() {
        let project = Project::new();
        let journal = project.0.path().join("project/.concord/journal.json");
        for staging in ["", ".", "..", "reports", ".concord-staging-", ".concord-staging-/../reports"] {
            let text = serde_json::json!({
                "format": 1, "phase": "staging", "out": project.out(), "staging": staging, "exchanges": [], "manifest": "",
            });
            fs::write(&journal, text.to_string()).unwrap();
            assert!(project.recover().is_err(), "{staging}");
        }
        fs::write(&journal, b"{").unwrap();
        assert!(
            matches!(project.recover(), Err(Error::Format { path, .. }) if path.ends_with("journal.json"))
        );
        fs::remove_file(&journal).unwrap();
        assert_eq!(project.version(), 1);
    }
}
