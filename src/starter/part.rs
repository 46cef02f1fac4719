//! Which column of a file is what: by its name first, by how it looks where no name says.

use super::look::Look;
use crate::project::Kind;

/// How the values of a canonical column look.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Like {
    Id,
    Category,
    Time,
    Number,
    Anything,
}

/// A canonical column, how it looks, whether rows need it, and parts of the names that it has elsewhere.
struct Part {
    name: &'static str,
    like: Like,
    needed: bool,
    names: &'static [&'static str],
}

const fn part(name: &'static str, like: Like, needed: bool, names: &'static [&'static str]) -> Part {
    Part { name, like, needed, names }
}

const PLACES: &[&str] = &[
    "department",
    "dept",
    "branch",
    "unit",
    "office",
    "team",
    "site",
    "location",
    "store",
    "hospital",
    "carrier",
];
const PEOPLE: &[&str] = &["employee", "staff", "agent", "adviser", "advisor", "officer", "teller"];

const SURVEY: [Part; 8] = [
    part("response", Like::Id, true, &["response", "answer", "survey", "interview", "id"]),
    part("department", Like::Category, true, PLACES),
    part("date", Like::Time, true, &["date", "day", "visit", "served", "time", "submitted", "completed"]),
    part("completed_at", Like::Time, false, &["completed", "submitted", "answered"]),
    part("recorded_at", Like::Time, false, &["recorded", "received", "imported"]),
    part("contact", Like::Anything, false, &["contact", "visit", "ticket", "case"]),
    part("server", Like::Category, false, PEOPLE),
    part("weight", Like::Number, false, &["weight"]),
];
const COMMITMENTS: [Part; 10] = [
    part("case", Like::Id, true, &["case", "ticket", "request", "order", "id", "number"]),
    part(
        "commitment",
        Like::Category,
        false,
        &["commitment", "promise", "service", "type", "category", "kind"],
    ),
    part("department", Like::Category, true, PLACES),
    part(
        "opened_at",
        Like::Time,
        true,
        &["opened", "open", "created", "received", "requested", "start", "date"],
    ),
    part("due_at", Like::Time, false, &["due", "deadline", "target", "promised", "sla"]),
    part(
        "closed_at",
        Like::Time,
        false,
        &["closed", "close", "resolved", "completed", "finished", "done", "end"],
    ),
    part("cancelled_at", Like::Time, false, &["cancelled", "canceled", "withdrawn"]),
    part("remedied_at", Like::Time, false, &["remedied", "compensated"]),
    part("contact", Like::Anything, false, &["contact", "visit", "customer"]),
    part("server", Like::Category, false, PEOPLE),
];
const COMPETENCY: [Part; 8] = [
    part("rating", Like::Id, false, &["rating_id", "assessment_id"]),
    part("person", Like::Anything, true, &["person", "ratee", "assessed", "employee", "staff"]),
    part("rater", Like::Anything, false, &["rater", "assessor", "rated_by", "judge"]),
    part("relation", Like::Category, false, &["relation"]),
    part("competency", Like::Category, true, &["competency", "competence", "skill", "criterion"]),
    part("level", Like::Number, true, &["level", "score", "rating", "grade", "value"]),
    part("date", Like::Time, true, &["date", "day", "assessed", "time"]),
    // Not of the file's rows: where the person works, for the register of people.
    part("department", Like::Category, false, PLACES),
];

fn parts(kind: Kind) -> &'static [Part] {
    match kind {
        Kind::Survey => &SURVEY,
        Kind::Commitments => &COMMITMENTS,
        Kind::Competency => &COMPETENCY,
        // A first project is made of the three sources; the others are added to it later.
        Kind::Interviews | Kind::Results | Kind::Invitations => &[],
    }
}

/// Finds the canonical columns among those of a file: canonical name and place, in the order of the canonical columns.
///
/// Errors: the canonical columns that rows cannot do without and that no column seems to be.
pub(super) fn find(kind: Kind, looks: &[Look]) -> Result<Vec<(&'static str, usize)>, Vec<&'static str>> {
    let mut found: Vec<(&'static str, usize)> = Vec::new();
    let mut missing = Vec::new();
    for part in parts(kind) {
        let is_free = |place: &usize| !found.iter().any(|(_, taken)| taken == place);
        let free: Vec<usize> = (0..looks.len()).filter(is_free).collect();
        match named(part, looks, &free).or_else(|| guessed(part, looks, &free)) {
            Some(place) => found.push((part.name, place)),
            None if part.needed => missing.push(part.name),
            None => {}
        }
    }
    if missing.is_empty() { Ok(found) } else { Err(missing) }
}

/// The column with the canonical name, else the first one whose name holds the earliest of the usual words.
fn named(part: &Part, looks: &[Look], free: &[usize]) -> Option<usize> {
    // A few rows do not show that a column repeats itself: there its name alone decides.
    let fits = |place: &&usize| match part.like {
        Like::Category => is_like(Like::Anything, &looks[**place]),
        like => is_like(like, &looks[**place]),
    };
    let is_named = |place: &&usize| looks[**place].name.eq_ignore_ascii_case(part.name);
    let exact = free.iter().find(|place| is_named(place) && (part.like != Like::Time || fits(place)));
    let holding = |word: &&str| {
        free.iter().filter(fits).find(|place| looks[**place].name.to_lowercase().contains(*word)).copied()
    };
    exact.copied().or_else(|| part.names.iter().find_map(holding))
}

/// The column that looks like what rows cannot do without, where only one does.
fn guessed(part: &Part, looks: &[Look], free: &[usize]) -> Option<usize> {
    let mut fitting = free.iter().filter(|place| part.needed && is_like(part.like, &looks[**place]));
    let only_words = |place: &&usize| part.like != Like::Category || !looks[**place].is_number();
    let mut fitting = fitting.by_ref().filter(only_words);
    let first = fitting.next().copied()?;
    fitting.next().is_none().then_some(first)
}

/// Returns the columns whose name says that they are one of the times in `missing`, though their values are none.
pub(super) fn unread_times<'l>(kind: Kind, looks: &'l [Look], missing: &[&str]) -> Vec<&'l Look> {
    let times = parts(kind).iter().filter(|part| part.like == Like::Time && missing.contains(&part.name));
    let names: Vec<&str> = times.flat_map(|part| part.names.iter().copied().chain([part.name])).collect();
    let is_named = |look: &&Look| names.iter().any(|name| look.name.to_lowercase().contains(name));
    looks.iter().filter(|look| look.n > 0 && !look.is_time()).filter(is_named).collect()
}

fn is_like(like: Like, look: &Look) -> bool {
    match like {
        Like::Id => look.is_id(),
        Like::Category => look.is_category(),
        Like::Time => look.is_time(),
        Like::Number => look.is_number(),
        Like::Anything => look.n > 0 && !look.is_time(),
    }
}
