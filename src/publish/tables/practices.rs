//! One customer practice in one profile.

use super::super::feed::{Feed, Values};
use super::{column, texts};
use crate::disclose::Published;
use crate::project::{Practice, PracticeState, Project};

pub(super) fn feed(published: &Published, project: &Project) -> Feed {
    let of = |practice: &'_ Practice| -> Vec<(String, String, PracticeState)> {
        let main = project.languages.first().map_or("en", String::as_str);
        let (code, name) = (&practice.code, practice.name.get(main));
        practice.profiles.iter().map(|state| (code.clone(), name.to_owned(), state.clone())).collect()
    };
    let rows: Vec<(String, String, PracticeState)> =
        project.improvement.practices.iter().flat_map(of).collect();
    let columns = vec![
        column("practice", texts(&rows, |row| row.0.clone())),
        column("name", texts(&rows, |row| row.1.clone())),
        column("profile", texts(&rows, |row| row.2.profile.clone())),
        column("status", texts(&rows, |row| row.2.status.code().into())),
        column("owner", Values::Text(rows.iter().map(|row| row.2.owner.clone()).collect())),
        column("due", Values::Day(rows.iter().map(|row| row.2.due).collect())),
    ];
    let description = "One customer practice in one profile, and how far it has come";
    Feed { name: "practices", description, partition: Some(published.month), columns }
}
