//! What the registers say of one another.
//!
//! In: the whole project, and the names its files use. Out: problems. Deliberately absent: what can be seen within one register.

use std::collections::BTreeSet;

use super::log::{Log, Place, Reference, Register, State, Wanted};
use super::value::{quote, quote_all};
use super::{Kind, Project, Questionnaire, Shape, Source, measures, source};

/// Notes every name that is not found in its register, and every register that a source needs and lacks.
pub(super) fn check(log: &Log, project: &Project) {
    let names = Names::new(project);
    let doubtful = |register| log.state(register) == State::Doubtful;
    for reference in log.references() {
        let unsure = registers(&reference.wanted).iter().any(|register| doubtful(*register));
        // What a damaged register would have said is not known.
        if !unsure && !names.knows(log, &reference) {
            names.note(log, &reference);
        }
    }
    check_sources(log, project);
    check_calendars(log, project);
}

/// Returns the registers that a name is held against; measures look after theirs themselves.
fn registers(wanted: &Wanted) -> &'static [Register] {
    match wanted {
        Wanted::Department | Wanted::Leaf | Wanted::Profile | Wanted::Owner | Wanted::Who => {
            &[Register::Departments]
        }
        Wanted::Calendar => &[Register::Calendars],
        Wanted::Person => &[Register::People],
        Wanted::Cause => &[Register::Causes],
        Wanted::Commitment => &[Register::Commitments],
        Wanted::Action => &[Register::Actions],
        Wanted::Role | Wanted::ContactCause => &[Register::Competencies],
        Wanted::Questionnaire | Wanted::ContactEffect | Wanted::ClientItem | Wanted::Column(_) => {
            &[Register::Questionnaires]
        }
        Wanted::Measure | Wanted::Side | Wanted::ItemColumn => &[],
    }
}

/// The names of a project, gathered once.
struct Names<'a> {
    project: &'a Project,
    profiles: BTreeSet<&'a str>,
    measures: BTreeSet<String>,
    results: Vec<String>,
    levels: Vec<String>,
    client: Option<&'a Questionnaire>,
}

impl<'a> Names<'a> {
    fn new(project: &'a Project) -> Self {
        let profiles = project.departments.iter().map(|department| department.profile.as_str());
        let levels = project.competencies.iter().map(|competency| format!("level:{}", competency.code));
        Self {
            project,
            profiles: profiles.filter(|profile| !profile.is_empty()).collect(),
            results: project.results.iter().map(|result| format!("result:{}", result.code)).collect(),
            measures: measures::all(project).into_iter().collect(),
            levels: std::iter::once("outcome".to_string()).chain(levels).collect(),
            client: project.questionnaire("client"),
        }
    }

    fn knows(&self, log: &Log, reference: &Reference) -> bool {
        let (project, name) = (self.project, reference.name.as_str());
        let is_department = || project.department(name).is_some();
        let is_profile = || self.profiles.contains(name);
        match reference.wanted {
            Wanted::Department => is_department(),
            Wanted::Leaf => project.department(name).is_some_and(|own| project.departments[own].leaf),
            Wanted::Person => {
                log.state(Register::People) == State::Absent
                    || project.posts.iter().any(|post| post.person == name)
            }
            Wanted::Cause => project.causes.position(name).is_some(),
            Wanted::Commitment => project.commitment(name).is_some(),
            Wanted::Action => project.improvement.action(name).is_some(),
            // A project that requires no levels has no list of roles.
            Wanted::Role => project.roles.is_empty() || project.roles.contains_key(name),
            Wanted::Questionnaire => {
                log.state(Register::Questionnaires) == State::Absent || project.questionnaire(name).is_some()
            }
            Wanted::Calendar => project.calendars.named(name).is_some(),
            Wanted::Profile => name == "*" || is_profile(),
            Wanted::Owner => is_department() || is_profile(),
            Wanted::Who => name == "*" || is_department() || is_profile(),
            Wanted::Measure => self.measures.contains(name) || measures::is_known(log, project, name),
            Wanted::Side => {
                let is_measure = self.measures.contains(name) || measures::is_known(log, project, name);
                is_measure || measures::is_result(log, project, name)
            }
            Wanted::ContactCause => self.levels.iter().any(|level| level == name),
            Wanted::ContactEffect => {
                self.client_items().chain(self.client_dimensions()).any(|code| code == name)
            }
            Wanted::ClientItem => self.client_items().any(|code| code == name),
            Wanted::Column(index) => match project.sources.get(index) {
                // Of a survey whose questionnaire is not known the item columns are not either.
                Some(Source { kind: Kind::Survey, questionnaire: Some(code), .. })
                    if project.questionnaire(code).is_none() =>
                {
                    true
                }
                Some(source) => source.canonical_columns(project).contains(&name),
                None => true,
            },
            Wanted::ItemColumn => !source::is_survey_column(project, name),
        }
    }

    fn client_items(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.client.into_iter().flat_map(|client| client.items.iter().map(|item| item.code.as_str()))
    }

    fn client_dimensions(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.client.into_iter().flat_map(|client| client.dimensions.iter().map(|d| d.code.as_str()))
    }

    fn note(&self, log: &Log, reference: &Reference) {
        let (message, known, otherwise) = self.words(reference);
        let otherwise = if otherwise.is_empty() { must_stand(&reference.wanted) } else { otherwise };
        let hint = log.suggest(&reference.name, known.iter().copied(), &otherwise);
        log.problem(&reference.place, message, hint);
    }

    /// Returns what is wrong with a name, the names it could have been, and the hint when none of them is near.
    fn words(&self, reference: &Reference) -> (String, Vec<&str>, String) {
        let project = self.project;
        let name = quote(&reference.name);
        let departments = || project.departments.iter().map(|department| department.code.as_str());
        let profiles = || self.profiles.iter().copied();
        match reference.wanted {
            Wanted::Leaf if project.department(&reference.name).is_some() => {
                let hint = "name the departments themselves".to_string();
                (format!("{name} is a unit of several departments"), Vec::new(), hint)
            }
            Wanted::Role => {
                let known = project.roles.keys().map(String::as_str).collect();
                (
                    format!("unknown role {name}"),
                    known,
                    "add it under `[roles]` in competencies.toml".to_string(),
                )
            }
            Wanted::Owner => {
                let known = profiles().chain(departments()).collect();
                (format!("{name} is neither a department nor a profile"), known, String::new())
            }
            Wanted::Who => {
                let known = profiles().chain(departments()).collect();
                (format!("{name} is neither a department nor a profile nor `*`"), known, String::new())
            }
            Wanted::Measure => {
                let known = self.measures.iter().map(String::as_str).collect();
                (format!("unknown measure {name}"), known, measures::overview())
            }
            Wanted::Side => {
                let known = self.measures.iter().chain(&self.results).map(String::as_str).collect();
                (format!("unknown measure {name}"), known, measures::overview())
            }
            Wanted::ContactCause => {
                let known = self.levels.iter().map(String::as_str).collect();
                with_list(format!("{name} is neither `outcome` nor the level of a competency"), known)
            }
            Wanted::ContactEffect => {
                let known = self.client_items().chain(self.client_dimensions()).collect();
                with_list(
                    format!("{name} is neither an item nor a dimension of the client questionnaire"),
                    known,
                )
            }
            Wanted::ClientItem => {
                let known = self.client_items().collect();
                with_list(format!("unknown item {name} of the client questionnaire"), known)
            }
            Wanted::Column(index) => {
                let source = project.sources.get(index);
                let known = source.map_or_else(Vec::new, |source| source.canonical_columns(project));
                let source = source.map_or_else(String::new, |source| quote(&source.name));
                with_list(format!("unknown column {name} of source {source}"), known)
            }
            Wanted::ItemColumn => {
                let hint = "call the item's column otherwise and map it under `columns` of the source";
                (format!("column {name} has another meaning in surveys"), Vec::new(), hint.to_string())
            }
            Wanted::Cause | Wanted::Questionnaire | Wanted::Calendar | Wanted::Profile => {
                let (what, known) = self.codes(&reference.wanted);
                with_list(format!("unknown {what} {name}"), known)
            }
            // Their registers are long: a list would tell nothing.
            Wanted::Department | Wanted::Leaf | Wanted::Person | Wanted::Commitment | Wanted::Action => {
                let (what, known) = self.codes(&reference.wanted);
                (format!("unknown {what} {name}"), known, String::new())
            }
        }
    }

    /// Returns what the entries of a register are called, and their codes.
    fn codes(&self, wanted: &Wanted) -> (&'static str, Vec<&'a str>) {
        let project = self.project;
        match wanted {
            Wanted::Person => ("person", project.posts.iter().map(|post| post.person.as_str()).collect()),
            Wanted::Cause => ("cause", project.causes.causes.iter().map(|one| one.code.as_str()).collect()),
            Wanted::Commitment => {
                ("commitment", project.commitments.iter().map(|one| one.code.as_str()).collect())
            }
            Wanted::Action => {
                ("action", project.improvement.actions.iter().map(|one| one.code.as_str()).collect())
            }
            Wanted::Questionnaire => {
                ("questionnaire", project.questionnaires.iter().map(|one| one.code.as_str()).collect())
            }
            Wanted::Calendar => {
                ("calendar", project.calendars.calendars.iter().map(|one| one.name()).collect())
            }
            Wanted::Profile => ("profile", self.profiles.iter().copied().collect()),
            _ => ("department", project.departments.iter().map(|one| one.code.as_str()).collect()),
        }
    }
}

/// Returns the hint that names the register in which a name is not found.
fn must_stand(wanted: &Wanted) -> String {
    let file = registers(wanted).first().map(|register| register.file());
    file.map_or_else(String::new, |file| format!("it must stand in {file}"))
}

/// Adds the hint that lists all known names.
fn with_list(message: String, known: Vec<&str>) -> (String, Vec<&str>, String) {
    let hint = match known.is_empty() {
        true => String::new(),
        false => format!("known are {}", quote_all(known.iter().copied())),
    };
    (message, known, hint)
}

/// Notes every register that a source needs and the project lacks.
fn check_sources(log: &Log, project: &Project) {
    for source in &project.sources {
        let needed: &[Register] = match (source.kind, source.shape) {
            (Kind::Survey, _) => &[Register::Questionnaires],
            (Kind::Results, _) => &[Register::Results],
            // Invitations name nothing but departments, which every project has.
            (Kind::Invitations, _) => &[],
            (Kind::Commitments, _) => &[Register::Commitments],
            (Kind::Competency, Shape::Rows) => &[Register::Competencies, Register::People],
            (Kind::Competency, Shape::Totals) => &[Register::Competencies],
            (Kind::Interviews, _) => &[Register::Interviews, Register::People],
        };
        for register in needed.iter().filter(|register| log.state(**register) == State::Absent) {
            let message = format!("there is no such file, and source {} needs it", quote(&source.name));
            log.problem(&Place::new(register.file(), 0), message, "");
        }
    }
}

/// Notes promises in working time that are kept by departments without a calendar: their cases could not be given a due time.
///
/// A project without calendars, or with a source that says where its due times stand, leaves due times to its cases.
fn check_calendars(log: &Log, project: &Project) {
    let brings_due = |source: &Source| {
        source.kind == Kind::Commitments
            && (source.columns.contains_key("due_at") || source.constants.contains_key("due_at"))
    };
    if project.calendars.calendars.is_empty() || project.sources.iter().any(brings_due) {
        return;
    }
    for one in project.commitments.iter().filter(|one| one.needs_calendar()) {
        let is_without = |index: &usize| project.calendars.of(*index).is_none();
        let without = owners(project, &one.owner).filter(is_without);
        let codes: Vec<&str> = without.map(|index| project.departments[index].code.as_str()).collect();
        if !codes.is_empty() {
            let message = format!(
                "commitment {} counts working time, and {} has no calendar",
                quote(&one.code),
                quote_all(codes.iter().copied())
            );
            let hint = "name it or its profile in calendars.toml, give the commitment a `calendar`, or map `due_at` of a source whose cases bring their own";
            log.problem(&Place::new(Register::Commitments.file(), 0), message, hint);
        }
    }
}

/// The departments that keep a promise: those that own rows and are the owner, stand below it, or have it as their profile.
fn owners<'p>(project: &'p Project, owner: &'p str) -> impl Iterator<Item = usize> + 'p {
    let above = |index: usize| {
        let parent = |code: &str| project.department(code).map(|one| &project.departments[one]);
        let units = std::iter::successors(Some(&project.departments[index]), move |one| {
            parent(one.parent.as_deref()?)
        });
        // Units that lead back to themselves are told elsewhere, and end here.
        units.take(project.departments.len())
    };
    (0..project.departments.len()).filter(move |&index| {
        let own = &project.departments[index];
        own.leaf && (own.profile == owner || above(index).any(|unit| unit.code == owner))
    })
}

#[cfg(test)]
mod tests {
    use crate::project::sample::only;

    const DEPARTMENTS: (&str, &str) =
        ("registers/departments.csv", "code,profile,parent\nnorth,region,\nB1,branch,north\nC1,contact,\n");
    const CALENDARS: (&str, &str) = (
        "registers/calendars.toml",
        "[[calendar]]\ncode = \"always\"\nhours = \"24/7\"\ndepartments = [\"contact\"]\n",
    );

    /// The problems of a project with a promise by `owner`, and a source with `columns`.
    fn told(owner: &str, rest: &str, columns: &str, calendars: &[(&str, &str)]) -> String {
        let settings = format!(
            "name = \"a\"\ntime.from = 2025-01-01\n[sources.log]\nkind = \"commitments\"\nfiles = [\"a.csv\"]\n{columns}"
        );
        let commitments = format!(
            "[[commitment]]\ncode = \"card\"\nstatement = \"Done\"\npromised_to = \"customer\"\nowner = \"{owner}\"\n\
             unit = \"days\"\n{rest}\n"
        );
        let files = [
            &[("concord.toml", settings.as_str()), DEPARTMENTS, ("registers/commitments.toml", &commitments)],
            calendars,
        ]
        .concat();
        only(&files).err().map_or_else(String::new, |error| error.to_string())
    }

    #[test]
    fn working_time_needs_a_calendar_or_due_times() {
        let working = "clock = \"working\"\nlimits = [{ limit = 2 }]";
        for owner in ["branch", "B1", "north"] {
            let wrong = told(owner, working, "", &[CALENDARS]);
            assert!(
                wrong.contains("`card` counts working time, and `B1` has no calendar"),
                "{owner}: {wrong}"
            );
        }
        assert_eq!(told("contact", working, "", &[CALENDARS]), "");
        // Cases that bring their own due times need no calendar.
        assert_eq!(told("branch", working, "columns = { due_at = \"due\" }", &[CALENDARS]), "");
        assert_eq!(told("branch", "clock = \"working\"\nlimits = [{ target = 0.9 }]", "", &[CALENDARS]), "");
        assert_eq!(told("branch", &format!("calendar = \"always\"\n{working}"), "", &[CALENDARS]), "");
        assert_eq!(told("branch", "limits = [{ limit = 2 }]", "", &[CALENDARS]), "");
        assert_eq!(told("branch", working, "", &[]), "");
    }
}
