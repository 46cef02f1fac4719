//! The registers of a first project, as far as the files tell.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::{Draft, Read, quote};
use crate::error::Result;
use crate::project::Kind;

/// Writes every register that the files give rise to.
///
/// Errors: a file that cannot be read again.
pub(super) fn write(read: &[Read<'_>], draft: &mut Draft) -> Result<()> {
    let of = |kind: Kind| read.iter().filter(move |read| read.given.kind == kind).collect::<Vec<_>>();
    draft.files.insert("registers/departments.csv", departments(read));
    let (surveys, cases, ratings) = (of(Kind::Survey), of(Kind::Commitments), of(Kind::Competency));
    if !surveys.is_empty() {
        draft.files.insert("registers/questionnaires.toml", questionnaire(&surveys));
        draft.remarks.push(
            "questionnaires.toml: all questions are one dimension; sort them into dimensions and write their words".into(),
        );
    }
    if !cases.is_empty() {
        draft.files.insert("registers/commitments.toml", commitments(&cases));
        let is_due = cases.iter().all(|read| read.part("due_at").is_some());
        let limit = if is_due { "" } else { " and its limit, without which no case can be judged" };
        draft
            .remarks
            .push(format!("commitments.toml: write each promise's words{limit}; targets.csv: its target"));
        draft.files.insert("registers/targets.csv", "who,measure,from,target\n".into());
    }
    if !ratings.is_empty() {
        draft.files.insert("registers/competencies.toml", competencies(&ratings));
        let (people, unknown) = people(read, &ratings)?;
        draft.files.insert("registers/people.csv", people);
        draft.remarks.push(
            "competencies.toml: the role `staff` requires the middle of each scale; write what your roles require".into(),
        );
        if unknown > 0 {
            draft.remarks.push(format!(
                "people.csv: no file says where {unknown} of those rated work; add them, their ratings count nowhere before"
            ));
        }
    }
    Ok(())
}

fn values<'r>(read: impl IntoIterator<Item = &'r Read<'r>>, part: &str) -> BTreeSet<String> {
    let columns = read.into_iter().filter_map(|read| read.part(part));
    columns.flat_map(|look| look.values.keys().cloned()).collect()
}

/// A field of a register, in quotes where it needs them.
fn field(text: &str) -> String {
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

fn departments(read: &[Read<'_>]) -> String {
    let mut text = "code,name,profile\n".to_owned();
    for code in values(read, "department") {
        let _ = writeln!(text, "{0},{0},department", field(&code));
    }
    text
}

fn questionnaire(surveys: &[&Read<'_>]) -> String {
    let mut text = "[client]\ntitle = \"Survey\"\n\
        # The satisfaction index is the mean of the dimensions' scores.\n\
        dimensions = [{ code = \"satisfaction\", name = \"Satisfaction\" }]\n"
        .to_owned();
    let mut scales: BTreeMap<&str, (i32, i32)> = BTreeMap::new();
    for (look, (low, high)) in surveys.iter().flat_map(|read| read.items()) {
        let scale = scales.entry(&look.name).or_insert((low, high));
        *scale = (scale.0.min(low), scale.1.max(high));
    }
    // The items of a dimension share one scale: the one that most have.
    let frequency = |scale: &(i32, i32)| scales.values().filter(|one| *one == scale).count();
    let usual = scales.values().copied().max_by_key(|scale| (frequency(scale), *scale));
    for (&name, &(low, high)) in &scales {
        let lower = name.to_lowercase();
        let is = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        let (kind, dimension) = match () {
            () if is(&["recommend", "nps"]) && high == 10 => ("recommend", ""),
            () if is(&["overall"]) => ("overall", ""),
            () if Some((low, high)) != usual => ("other", ""),
            () => ("satisfaction", "dimension = \"satisfaction\"\n"),
        };
        let low = if kind == "recommend" { 0 } else { low };
        let _ = write!(
            text,
            "\n[[client.items]]\ncode = {0}\ncolumn = {1}\ntext = {1}\nscale = [{low}, {high}]\n{dimension}kind = \"{kind}\"\n",
            quote(&code(name)),
            quote(name),
        );
    }
    text
}

/// A code of letters, digits and dashes.
fn code(name: &str) -> String {
    let code: String = name.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { '-' }).collect();
    code.trim_matches('-').to_owned()
}

fn commitments(cases: &[&Read<'_>]) -> String {
    let mut codes = values(cases.iter().copied(), "commitment");
    if cases.iter().any(|read| read.part("commitment").is_none()) {
        codes.insert("service".into());
    }
    let is_due = cases.iter().all(|read| read.part("due_at").is_some());
    let mut text = "# One entry a promise. Cases bring their own due_at, or the limit here says when they are due:\n\
        # limits = [{ from = \"2026-01\", limit = 5 }], in the unit, counted from opened_at by the clock: \"elapsed\" has every\n\
        # hour, \"working\" leaves it to due_at.\n"
        .to_owned();
    for code in codes {
        let _ = write!(
            text,
            "\n[[commitment]]\ncode = {0}\nstatement = {0}\npromised_to = \"customer\"\nowner = \"department\"\nunit = \"days\"\n\
            clock = \"{1}\"\n",
            quote(&code),
            if is_due { "working" } else { "elapsed" },
        );
    }
    text
}

fn competencies(ratings: &[&Read<'_>]) -> String {
    let scales = ratings.iter().filter_map(|read| read.part("level")?.levels());
    let (low, high) =
        scales.reduce(|(low, high), (from, to)| (low.min(from), high.max(to))).unwrap_or((0, 3));
    let codes = values(ratings.iter().copied(), "competency");
    let mut text = String::new();
    for code in &codes {
        let _ =
            write!(text, "[[competency]]\ncode = {0}\nname = {0}\nscale = [{low}, {high}]\n\n", quote(code));
    }
    let middle = (low + high + 1).div_euclid(2);
    let required: Vec<String> = codes.iter().map(|code| format!("{} = {middle}", quote(code))).collect();
    let _ = writeln!(text, "[roles]\nstaff = {{ {} }}", required.join(", "));
    text
}

/// The people whose department some file tells, and the number of those rated whose department none does.
fn people(read: &[Read<'_>], ratings: &[&Read<'_>]) -> Result<(String, usize)> {
    let mut text = "person,department,role\n".to_owned();
    let mut posts = BTreeMap::new();
    for read in read {
        posts.extend(read.posts()?);
    }
    for (person, department) in &posts {
        let _ = writeln!(text, "{},{},staff", field(person), field(department));
    }
    let rated = values(ratings.iter().copied(), "person");
    Ok((text, rated.iter().filter(|person| !posts.contains_key(*person)).count()))
}
