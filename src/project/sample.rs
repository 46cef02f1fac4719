//! A complete small project for tests, and what its checks say when one of its files is changed.

use std::path::Path;

use super::{Project, load};
use crate::error::{Error, Result};

pub(crate) const SETTINGS: &str = r#"name = "little-bank"
title.en = "Little Bank"
languages = ["en", "ru"]
cuts = ["segment", "channel"]

[time]
from = "2024-11"
to = "2026-10"
settle_days = 10

[privacy]
min_people = 5

[sources.client]
kind = "survey"
questionnaire = "client"
files = ["survey/*.csv"]
[sources.client.columns]
response = "answer_id"
[sources.client.thresholds]
unknown_department = 0.01

[sources.cases]
kind = "commitments"
files = ["commitments/*.csv"]
[sources.ratings]
kind = "competency"
files = ["competency/*.csv"]
"#;

pub(crate) const DEPARTMENTS: &str = "\
code,name.en,name.ru,parent,profile,valid_from,valid_to,successor
north,North,Север,,,,,
B1,Market,,north,branch,2020-01-01,,
B2,Harbour,,north,branch,,,
B3,Old Mill,,north,branch,,2025-06-30,B1
";

const PEOPLE: &str = "\
person,department,role,head,fte,valid_from,valid_to
p1,B1,head,1,1,,2025-02-28
p1,B2,head,1,1,2025-03-01,
p2,B1,teller,0,0.5,,
";

const QUESTIONNAIRES: &str = r#"[client]
title.en = "Client survey"
title.ru = "Опрос клиентов"
dimensions = [
  { code = "speed", name.en = "Speed" },
]

[[client.items]]
code = "q01"
text = "I was served quickly"
scale = [1, 5]
dimension = "speed"
kind = "satisfaction"
valid_to = 2025-06-30
[[client.items]]
code = "q02"
column = "q01"
scale = [1, 5]
dimension = "speed" # second
text.en = "I was not kept waiting"
kind = "satisfaction"
not_applicable = [9]
layer = "core"
valid_from = "2025-07-01"
[[client.items]]
code = "total"
text = "All in all"
scale = [1, 5] # overall
kind = "overall"

[client.families]
drivers = ["total", "speed"]

[importance]
[[importance.items]]
code = "i02"
text = "How important is waiting?"
scale = [1, 5]
kind = "importance"
importance_of = "q02"
"#;

const COMMITMENTS: &str = r#"[[commitment]]
code = "calls"
statement.en = "We answer within three rings"
promised_to = "customer"
owner = "branch"
unit = "count"
status = "announced"
importance = 3
limits = [
  { limit = 3, target = 0.95 },
  { from = 2025-11-01, limit = 2, target = 0.95 },
]
[[commitment]]
code = "letters"
statement = "We answer letters by the date we name"
promised_to = "customer"
owner = "B1"
unit = "days"
clock = "working"
"#;

const COMPETENCIES: &str = r#"[[competency]]
code = "A"
name.en = "Communication"
group = "general"
weight = 2
levels = [
  { level = 1, indicators = [ { en = "Listens", ru = "Слушает" } ] },
  { level = 2, indicators = [ "Asks" ] },
]
[[competency]]
code = "comm"
scale = [0, 3]
[roles]
teller = { A = 1, comm = 2 }
head = { A = 3 }
"#;

const TARGETS: &str = "\
who,measure,from,target
*,satisfaction_index,2024-11,70
branch,kept:calls,2025-11,0.95
B1,satisfaction_index,2026-01,80
";

const RATING: &str = r#"window_months = 12
min_reliability = 0.7
cut_points = [
  { from = "2024-11", A = 85, B = 70, C = 55, D = 40 },
]
[[measure]]
measure = "satisfaction_index"
worst = 40
best = 90
target = 72
weights = { "*" = 3, branch = 1 }
"#;

const RELATIONS: &str = r#"[[relation]]
code = "promises"
question.en = "Do kept promises go with satisfied customers?"
x = "commitment_score"
y = "satisfaction_index"
grain = "month"

[[relation]]
code = "skill"
question.en = "Do able people please?"
x = "level:A"
y = "q01"
grain = "contact"
method = "spearman"
"#;

pub(crate) const FILES: [(&str, &str); 9] = [
    ("concord.toml", SETTINGS),
    ("registers/departments.csv", DEPARTMENTS),
    ("registers/people.csv", PEOPLE),
    ("registers/questionnaires.toml", QUESTIONNAIRES),
    ("registers/commitments.toml", COMMITMENTS),
    ("registers/competencies.toml", COMPETENCIES),
    ("registers/targets.csv", TARGETS),
    ("registers/rating.toml", RATING),
    ("registers/relations.toml", RELATIONS),
];

/// Writes `files` into `folder`.
pub(crate) fn write(folder: &Path, files: &[(&str, &[u8])]) {
    for (file, text) in files {
        let path = folder.join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

fn load_with(changes: &[(&str, &[u8])]) -> Result<Project> {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &FILES.map(|(file, text)| (file, text.as_bytes())));
    write(folder.path(), changes);
    load(folder.path(), None)
}

fn told(result: Result<Project>) -> Vec<String> {
    match result {
        Ok(_) => Vec::new(),
        Err(Error::Project(problems)) => problems.iter().map(ToString::to_string).collect(),
        Err(error) => panic!("{error}"),
    }
}

/// Returns the project as it stands.
pub(crate) fn project() -> Project {
    load_with(&[]).unwrap()
}

/// Returns the project when `changes` replace or add files.
pub(crate) fn with(changes: &[(&str, &str)]) -> Project {
    let bytes: Vec<(&str, &[u8])> = changes.iter().map(|(file, text)| (*file, text.as_bytes())).collect();
    load_with(&bytes).unwrap()
}

/// Returns the problems of the project when `changes` replace or add files.
pub(crate) fn problems(changes: &[(&str, &str)]) -> Vec<String> {
    let bytes: Vec<(&str, &[u8])> = changes.iter().map(|(file, text)| (*file, text.as_bytes())).collect();
    problems_of_bytes(&bytes)
}

/// Returns the problems of the project when `changes` replace or add files that need not be text.
pub(crate) fn problems_of_bytes(changes: &[(&str, &[u8])]) -> Vec<String> {
    told(load_with(changes))
}

fn edited(file: &str, from: &str, to: &str) -> String {
    let (_, text) = FILES.iter().find(|(name, _)| *name == file).unwrap();
    assert!(text.contains(from), "{file} has no {from:?}");
    text.replacen(from, to, 1)
}

/// Returns the problems of the project when `from` becomes `to` in one file.
pub(crate) fn edit(file: &str, from: &str, to: &str) -> Vec<String> {
    problems(&[(file, &edited(file, from, to))])
}

/// Returns the project after `from` became `to` in one file.
pub(crate) fn changed(file: &str, from: &str, to: &str) -> Project {
    load_with(&[(file, edited(file, from, to).as_bytes())]).unwrap()
}

/// Returns the project of nothing but `files`.
pub(crate) fn only(files: &[(&str, &str)]) -> Result<Project> {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(file, text)| (*file, text.as_bytes())).collect();
    write(folder.path(), &files);
    load(folder.path(), None)
}

/// Returns a project whose departments come from the file `hospitals.csv` that says `text`.
pub(crate) fn mapped(text: &str) -> Result<Project> {
    let settings = r#"name = "hospitals"
[time]
from = "2024-01"
[registers.departments]
file = "hospitals.csv"

[registers.departments.columns]
code = "provider_id"
name = "hospital_name"
parent = "state"
[registers.departments.constants]
profile = "hospital"
"#;
    only(&[("concord.toml", settings), ("hospitals.csv", text)])
}
