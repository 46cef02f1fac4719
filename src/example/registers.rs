//! The registers: the declared texts as they are, and what depends on seed and months.
//!
//! In: files under `bank/`. Out: the same files in the project. Deliberately absent: wording in code.

use std::path::Path;

use super::calendar::CALENDAR;
use super::departments;
use super::table::write_text;
use super::world::World;
use crate::error::Result;

const CONCORD: &str = include_str!("bank/concord.toml");
const FIXED: &[(&str, &str)] = &[
    ("questionnaires.toml", include_str!("bank/questionnaires.toml")),
    ("commitments.toml", include_str!("bank/commitments.toml")),
    ("competencies.toml", include_str!("bank/competencies.toml")),
    ("rating.toml", include_str!("bank/rating.toml")),
    ("relations.toml", include_str!("bank/relations.toml")),
    ("targets.csv", include_str!("bank/targets.csv")),
    ("results.toml", include_str!("bank/results.toml")),
    ("causes.toml", include_str!("bank/causes.toml")),
    ("interviews.toml", include_str!("bank/interviews.toml")),
    ("actions.toml", include_str!("bank/actions.toml")),
    ("decisions.toml", include_str!("bank/decisions.toml")),
    ("practices.toml", include_str!("bank/practices.toml")),
    ("calendars.toml", include_str!("bank/calendars.toml")),
    ("calendars/bank.csv", CALENDAR),
];

/// Writes `concord.toml` and the registers.
pub(super) fn write(world: &World, folder: &Path) -> Result<()> {
    let (_, last) = world.span();
    let (from, to) = ("to = \"2026-10\"", format!("to = \"{last}\""));
    write_text(&folder.join("concord.toml"), &CONCORD.replace(from, &to))?;
    let registers = folder.join("registers");
    for (name, content) in FIXED {
        write_text(&registers.join(name), content)?;
    }
    write_text(&registers.join("departments.csv"), &departments::register())?;
    world.people.register(&world.departments, world.months).write(&registers.join("people.csv"))
}
