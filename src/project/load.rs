//! Reads a project folder.

use std::path::Path;

use super::log::{Log, Register, State};
use super::settings::Settings;
use super::{
    Project, calendars, causes, commitments, competencies, cross, departments, improvement, interviews,
    people, questionnaires, rating, relations, results, settings, targets,
};
use crate::error::{Error, Result};

/// Reads and checks the project in `root`; relative source paths start from `data`, or from `root`.
///
/// All problems of all files come in one error, sorted by file and line.
pub fn load(root: &Path, data: Option<&Path>) -> Result<Project> {
    if let Some(folder) = data.filter(|folder| !folder.is_dir()) {
        let message = format!("there is no folder `{}`", folder.display());
        return Err(Error::Usage {
            message,
            hint: "`--data` names the folder of the source files".to_string(),
        });
    }
    let log = Log::default();
    let settings = settings::read(&log, root);
    // A folder that is no project at all deserves one problem, not one a file.
    if log.state(Register::Settings) == State::Absent {
        return Err(Error::Project(log.into_problems()));
    }
    let data = data.unwrap_or(root);
    let mapping = settings.as_ref().and_then(|settings| settings.departments.as_ref());
    let departments = departments::read(&log, root, data, mapping);
    let posts = people::read(&log, root);
    let questionnaires = questionnaires::read(&log, root);
    let commitments = commitments::read(&log, root);
    let competencies::Framework { competencies, roles, needed } = competencies::read(&log, root);
    let targets = targets::read(&log, root);
    let relations = relations::read(&log, root);
    let settings = settings.unwrap_or_else(Settings::empty);
    let rating = rating::read(&log, root, settings.first());
    let project = Project {
        root: root.to_path_buf(),
        data: data.to_path_buf(),
        rating,
        name: settings.name,
        title: settings.title,
        languages: settings.languages,
        time: settings.time,
        privacy: settings.privacy,
        cuts: settings.cuts,
        sources: settings.sources,
        calendars: calendars::read(&log, root, &departments),
        departments,
        posts,
        questionnaires,
        commitments,
        causes: causes::read(&log, root),
        competencies,
        needed,
        interviews: interviews::read(&log, root),
        roles,
        targets,
        relations,
        results: results::read(&log, root),
        improvement: improvement::read(&log, root),
    };
    cross::check(&log, &project);
    let problems = log.into_problems();
    if problems.is_empty() { Ok(project) } else { Err(Error::Project(problems)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::month::Month;
    use crate::project::sample::{SETTINGS, edit, only, problems, problems_of_bytes, project};
    use crate::project::{Kind, Shape};

    const MINIMAL: (&str, &str) = ("concord.toml", "name = \"a\"\ntime.from = 2025-01-01\n");
    const DEPARTMENTS: (&str, &str) = ("registers/departments.csv", "code,profile\nA,x\n");

    fn told(files: &[(&str, &str)]) -> String {
        only(files).unwrap_err().to_string()
    }

    #[test]
    fn a_whole_project_is_read() {
        let project = project();
        assert_eq!((project.name.as_str(), project.title.get("ru")), ("little-bank", "Little Bank"));
        let sources: Vec<_> = project.sources.iter().map(|s| (s.name.as_str(), s.kind, s.shape)).collect();
        assert_eq!(
            sources,
            [
                ("client", Kind::Survey, Shape::Rows),
                ("cases", Kind::Commitments, Shape::Rows),
                ("ratings", Kind::Competency, Shape::Rows),
            ]
        );
        assert_eq!(
            project.sources[0].thresholds.iter().map(|(r, s)| (r.as_str(), *s)).collect::<Vec<_>>(),
            [("*", 0.05), ("unknown_department", 0.01)]
        );
        assert!(project.departments.iter().all(|d| d.leaf == (d.code != "north")));
        assert_eq!(project.questionnaires.iter().map(|q| q.items.len()).collect::<Vec<_>>(), [3, 1]);
        assert_eq!(project.questionnaires[0].items[1].not_applicable, [9]);
        assert_eq!(project.competencies[0].levels[&1][0].get("ru"), "Слушает");
        assert_eq!((project.roles["teller"]["comm"], project.commitments[0].limits.len()), (2, 2));
        assert_eq!(
            (project.targets.len(), project.rating.measures.len(), project.relations.len()),
            (3, 1, 2)
        );
    }

    #[test]
    fn only_departments_are_needed() {
        let project = only(&[MINIMAL, DEPARTMENTS]).unwrap();
        assert_eq!(project.rating.cut_points, [(Month::new(2025, 1), [85.0, 70.0, 55.0, 40.0])]);
        assert_eq!(
            (project.languages.as_slice(), project.privacy.min_answers),
            (["en".to_string()].as_slice(), 10)
        );
        assert!(
            told(&[MINIMAL]).starts_with("registers/departments.csv: there is no such file\nhint: give it")
        );
    }

    #[test]
    fn a_folder_that_is_no_project_is_one_problem() {
        assert_eq!(
            told(&[]),
            "concord.toml: there is no such file\nhint: a project is a folder that holds it"
        );
        let folder = tempfile::tempdir().unwrap();
        let error = load(folder.path(), Some(&folder.path().join("absent"))).unwrap_err();
        assert!(matches!(error, Error::Usage { .. }));
    }

    #[test]
    fn a_source_needs_its_registers() {
        assert_eq!(
            told(&[("concord.toml", SETTINGS), DEPARTMENTS]),
            "\
            registers/commitments.toml: there is no such file, and source `cases` needs it\n\
            registers/competencies.toml: there is no such file, and source `ratings` needs it\n\
            registers/people.csv: there is no such file, and source `ratings` needs it\n\
            registers/questionnaires.toml: there is no such file, and source `client` needs it"
        );
    }

    #[test]
    fn problems_of_all_files_come_at_once() {
        let refused = problems(&[
            ("concord.toml", "name = 7\nfils = 1\n"),
            ("registers/people.csv", "person,department,role\np1,B7,teller\n"),
            ("registers/rating.toml", "window_months = 0\n"),
        ]);
        assert_eq!(
            refused,
            [
                "concord.toml: missing key `time`",
                "concord.toml:1: `name`: expected a string, found an integer\nhint: put it in quotes",
                "concord.toml:2: unknown key `fils`\n\
             hint: known keys are `name`, `title`, `languages`, `cuts`, `time`, `privacy`, `sources`, `registers`",
                "registers/people.csv:2: unknown department `B7`\nhint: did you mean `B1`?",
                "registers/rating.toml:1: `window_months` is 0, outside 1 to 120",
            ]
        );
    }

    #[test]
    fn a_damaged_register_is_not_held_against_the_others() {
        assert_eq!(
            edit("registers/commitments.toml", "[[commitment]]", "[[commitment"),
            ["registers/commitments.toml:1: unclosed array table, expected `]]`"]
        );
        assert_eq!(
            edit("registers/questionnaires.toml", "code = \"total\"", "code = \"total\"\ncode = \"x\""),
            ["registers/questionnaires.toml:27: duplicate key\n\
              hint: a key stands once in its table; each entry of a list begins with its own `[[…]]`"]
        );
    }

    #[test]
    fn hostile_files_are_told_and_nothing_breaks() {
        let deep = format!("a = {}{}", "[".repeat(100_000), "]".repeat(100_000));
        let wide = format!("{} = 1\n", "k".repeat(1_000_000));
        let mixed = "[client]\nitems = 3\ndimensions = { a = 1 }\nfamilies = [1]\ntitle = 1979-05-27\n";
        let hostile: [&[u8]; 9] = [
            b"",
            b"\xff\xfe\x00",
            b"\x00",
            b"\"",
            b"a,b\n\"",
            b"[[commitment]]\n[[measure]]\n[[relation]]\n[[competency]]",
            deep.as_bytes(),
            wide.as_bytes(),
            mixed.as_bytes(),
        ];
        for (file, _) in crate::project::sample::FILES {
            for text in hostile {
                for problem in problems_of_bytes(&[(file, text)]) {
                    assert!(problem.len() < 2000, "{problem}");
                }
            }
        }
        assert_eq!(
            problems_of_bytes(&[("concord.toml", b"name = \"a\"\n# \xff\n")])[0],
            "concord.toml:2: the text is not UTF-8\nhint: save the file as UTF-8"
        );
    }

    #[test]
    fn a_byte_order_mark_and_crlf_are_ordinary() {
        let text = "\u{feff}name = \"a\"\r\n[time]\r\nfrom = \"2025-01\"\r\n";
        assert!(
            only(&[("concord.toml", text), ("registers/departments.csv", "\u{feff}code,profile\r\nA,x\r\n")])
                .is_ok()
        );
    }
}
