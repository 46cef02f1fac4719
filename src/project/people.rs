//! The posts of people.

use std::path::Path;

use super::log::{Log, Place, Register, State, Wanted};
use super::table::{Layout, Row, Table};
use super::value::quote;
use crate::month::Day;

/// One person in one department for one span of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Post {
    /// Code of the person.
    pub person: String,
    /// Code of the department.
    pub department: String,
    /// Code of the role.
    pub role: String,
    /// Whether the person heads the department.
    pub head: bool,
    /// Full-time equivalent, 0 to 1.
    pub fte: f64,
    /// First day.
    pub valid_from: Option<Day>,
    /// Last day.
    pub valid_to: Option<Day>,
}

const LAYOUT: Layout = Layout {
    register: Register::People,
    known: &["person", "department", "role", "head", "fte", "valid_from", "valid_to"],
    required: &["person", "department", "role"],
};

/// Reads the posts, sorted by person, then first day.
pub(super) fn read(log: &Log, root: &Path) -> Vec<Post> {
    let Some(table) = Table::read(log, root, LAYOUT) else {
        return Vec::new();
    };
    let mut posts: Vec<(Post, Place)> = table.rows().filter_map(|row| post(log, &row)).collect();
    posts.sort_by(|(a, _), (b, _)| (&a.person, a.valid_from).cmp(&(&b.person, b.valid_from)));
    for pair in posts.windows(2) {
        let ((before, first), (post, place)) = (&pair[0], &pair[1]);
        let begins = post.valid_from.unwrap_or(Day(i32::MIN));
        if before.person == post.person && before.valid_to.is_none_or(|last| last >= begins) {
            let message = format!("two posts of {} overlap", quote(&post.person));
            let hint = format!("the other stands in line {}; end it by `valid_to`", first.line);
            log.problem(place, message, hint);
        }
    }
    posts.into_iter().map(|(post, _)| post).collect()
}

fn post(log: &Log, row: &Row<'_>) -> Option<(Post, Place)> {
    let (person, department, role) = (row.code("person"), row.need("department"), row.need("role"));
    let fte = row.number_within("fte", 0.0, 1.0).unwrap_or(1.0);
    let ((valid_from, valid_to), head) = (row.span(), row.flag("head"));
    if let Some(department) = department {
        log.want(&row.place(), Wanted::Department, department);
    }
    if let Some(role) = role {
        log.want(&row.place(), Wanted::Role, role);
    }
    let Some(person) = person else {
        log.set(Register::People, State::Doubtful);
        return None;
    };
    let (department, role) = (department?.to_string(), role?.to_string());
    Some((Post { person, department, role, head, fte, valid_from, valid_to }, row.place()))
}

#[cfg(test)]
mod tests {
    use crate::project::sample::edit;

    const FILE: &str = "registers/people.csv";

    #[test]
    fn posts_name_known_departments_and_roles() {
        assert_eq!(
            edit(FILE, "p2,B1,teller", "p2,B9,telller"),
            [
                "registers/people.csv:4: unknown department `B9`\nhint: did you mean `B1`?",
                "registers/people.csv:4: unknown role `telller`\nhint: did you mean `teller`?",
            ]
        );
    }

    #[test]
    fn posts_of_one_person_do_not_overlap() {
        assert_eq!(
            edit(FILE, "2025-03-01,\n", "2025-02-28,\n"),
            ["registers/people.csv:3: two posts of `p1` overlap\n\
             hint: the other stands in line 2; end it by `valid_to`"]
        );
    }

    #[test]
    fn heads_are_0_or_1_and_equivalents_at_most_1() {
        assert_eq!(
            edit(FILE, "teller,0,0.5", "teller,yes,40"),
            [
                "registers/people.csv:4: `fte` is 40, outside 0 to 1\nhint: write 40 % as 0.4",
                "registers/people.csv:4: `head`: `yes` is neither 0 nor 1\nhint: write 1 for yes, 0 or nothing for no",
            ]
        );
    }
}
