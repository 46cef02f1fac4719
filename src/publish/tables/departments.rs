//! One department or unit of the register.

use super::super::feed::{Feed, Values};
use super::{column, flags, texts};
use crate::disclose::Published;
use crate::month::Day;
use crate::project::{Department, Project};

pub(super) fn feed(_: &Published, project: &Project) -> Feed {
    let rows = &project.departments;
    let language = project.languages.first().map_or("en", String::as_str);
    let day = |get: fn(&Department) -> Option<Day>| Values::Day(rows.iter().map(get).collect());
    let optional = |get: fn(&Department) -> Option<String>| Values::Text(rows.iter().map(get).collect());
    let columns = vec![
        column("department", texts(rows, |one| one.code.clone())),
        column("name", texts(rows, |one| one.name.get(language).to_owned())),
        column("parent", optional(|one| one.parent.clone())),
        column("profile", texts(rows, |one| one.profile.clone())),
        column("leaf", flags(rows, |one| one.leaf)),
        column("valid_from", day(|one| one.valid_from)),
        column("valid_to", day(|one| one.valid_to)),
        column("successor", optional(|one| one.successor.clone())),
    ];
    Feed { name: "departments", description: "One department or unit", partition: None, columns }
}
