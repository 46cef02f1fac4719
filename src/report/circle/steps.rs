//! The five steps of service: know the customer, solutions, promise, periodic review, team; each with what the registers and the month say.

use super::block::{Block, Link, Step};
use super::words::Words;
use super::{decisions, practices};
use crate::measure::{Code, WHOLE};
use crate::project::Status;
use crate::text::catalogue::Arg;

/// Returns the five steps with links to the sections that hold the figures.
pub(super) fn block(words: &Words<'_>) -> Block {
    Block::Steps(vec![
        step(words, "know", &know(words), &["departments", "trends", "outcomes"]),
        step(words, "solutions", &solutions(words), &["causes", "relations"]),
        step(words, "promise", &promise(words), &["commitments", "register"]),
        step(words, "review", &review(words), &["findings", "ratings"]),
        step(words, "team", &team(words), &["competency"]),
    ])
}

type Args = Vec<(&'static str, Arg<'static>)>;

fn step(words: &Words<'_>, name: &str, args: &Args, links: &[&'static str]) -> Step {
    Step {
        title: words.phrase(&format!("circle-step-{name}")),
        text: words.say(&format!("circle-step-{name}-text"), args),
        links: links.iter().map(|id| Link { id, title: String::new() }).collect(),
    }
}

fn know(words: &Words<'_>) -> Args {
    let index = words.now(&Code::Index("client".into()), WHOLE).and_then(|figure| figure.as_ref().ok());
    let answers = usize::try_from(index.map_or(0, |index| index.n)).unwrap_or(usize::MAX);
    vec![
        ("answers", answers.into()),
        ("questionnaires", words.project.questionnaires.len().into()),
        ("month", words.locale().month(words.published.month).into()),
    ]
}

fn solutions(words: &Words<'_>) -> Args {
    let causes = &words.project.causes.causes;
    let all = words.published.causes.get(&(WHOLE, None)).filter(|all| all.breaches > 0);
    let coded = all.map_or(0.0, |all| all.coded as f64 / all.breaches as f64);
    vec![
        ("causes", causes.len().into()),
        ("countermeasures", causes.iter().map(|cause| cause.countermeasures.len()).sum::<usize>().into()),
        ("breaches", usize::try_from(all.map_or(0, |all| all.breaches)).unwrap_or(usize::MAX).into()),
        ("coded", words.locale().share(coded, 0).into()),
    ]
}

fn promise(words: &Words<'_>) -> Args {
    let n = |status: Status| {
        words.project.commitments.iter().filter(|one| one.status_in(words.published.month) == status).count()
    };
    let actions = &words.published.progress;
    let known = |place: &usize| words.project.improvement.actions[*place].standard.is_some();
    let mut with: Vec<usize> = actions.iter().map(|own| own.action).filter(known).collect();
    with.dedup();
    vec![
        ("announced", n(Status::Announced).into()),
        ("trial", n(Status::Trial).into()),
        ("draft", n(Status::Draft).into()),
        ("standards", with.len().into()),
    ]
}

fn review(words: &Words<'_>) -> Args {
    let (open, late) = decisions::open(words);
    vec![("open", open.into()), ("late", late.into()), ("due", words.published.due.len().into())]
}

fn team(words: &Words<'_>) -> Args {
    let mut places: Vec<usize> = words.published.progress.iter().map(|own| own.action).collect();
    places.dedup();
    let circles = places.iter().map(|place| &words.project.improvement.actions[*place].circle);
    let members: usize = circles.clone().map(|circle| circle.members.len()).sum();
    let managers = circles.filter(|circle| circle.client_manager.is_some()).count();
    vec![
        ("circles", places.len().into()),
        ("members", members.into()),
        ("managers", managers.into()),
        ("practices", practices::in_use(words).into()),
    ]
}
