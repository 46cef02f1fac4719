//! Reports: published figures and charts -> one HTML file a month, which needs nothing but itself.
//!
//! In: [`Published`] and the registers. Out: HTML. Deliberately absent: figures that are not published; sentences outside the catalogue;
//! anything fetched from elsewhere.
//!
//! | module | holds |
//! |---|---|
//! | `block` | what a page is made of |
//! | `words` | names and figures as they are said |
//! | `questions` | questions that changed, and what breaks with them |
//! | `views` | published figures as the charts take them |
//! | `findings` … `definitions` | one section each, in the order of the page |

mod block;
mod words;
mod questions;
mod views;
mod circle;
mod raters;
mod signs;
mod rare;
mod findings;
mod ratings;
mod departments;
mod layers;
mod penalty;
mod priorities;
mod spread;
mod cuts;
mod trends;
mod commitments;
mod causes;
mod remedies;
mod register;
mod response;
mod relations;
mod links;
mod chain;
mod results;
mod staff;
mod outcomes;
mod assessed;
mod competency;
mod interviews;
mod deliveries;
mod rules;
mod definitions;
#[cfg(test)]
mod tests;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value};
use serde::Serialize;

use crate::books::State;
use crate::chart::page::Studio;
use crate::chart::theme;
use crate::disclose::Published;
use crate::error::{Error, Result};
use crate::project::Project;
use crate::text::number::Locale;
use block::{Part, Section};
use words::Words;

const TEMPLATE: &str = include_str!("page.html");
const CSS: &str = include_str!("page.css");
/// Where the fonts go, once the text that needs them is known. It stands before any text of the project.
const FONTS: &str = "/*fonts*/";

type Draw = fn(&Words<'_>) -> Option<Section>;

/// The parts of the page in their order, each with the question it answers and its sections.
const PARTS: &[(&str, &[Draw])] = &[
    (
        "report-part-what",
        &[findings::section, ratings::section, departments::section, trends::section, spread::section],
    ),
    (
        "report-part-which",
        &[commitments::section, rare::section, register::section, layers::section, signs::section],
    ),
    (
        "report-part-why",
        &[
            priorities::section,
            causes::section,
            outcomes::section,
            relations::section,
            chain::section,
            results::section,
        ],
    ),
    (
        "report-part-who",
        &[cuts::section, response::section, competency::section, interviews::section, staff::section],
    ),
    ("report-part-how", &[remedies::section, circle::section]),
    ("report-part-rest", &[questions::section, deliveries::section, definitions::section]),
];

#[derive(Serialize)]
struct Page {
    language: &'static str,
    css: Value,
    title: String,
    subject: String,
    state: Vec<String>,
    is_provisional: bool,
    contents: String,
    foot: String,
    parts: Vec<Part>,
}

/// Returns the report of the published month as one HTML file.
///
/// Errors: the template and the page do not fit together.
pub fn html(published: &Published, project: &Project, studio: &Studio) -> Result<String> {
    let words = Words::new(published, project, studio);
    let month = words.locale().month(published.month);
    let page = Page {
        language: words.language(),
        css: Value::from_safe_string(format!("{FONTS}\n{}{CSS}", theme::css())),
        title: words.bank(),
        subject: words.say("report-subject", &[("month", (&month).into())]),
        state: state(&words),
        is_provisional: published.state == State::Provisional,
        contents: words.phrase("report-contents"),
        foot: words.say("report-foot", &[("title", words.bank().into()), ("month", month.into())]),
        parts: parts(&words),
    };
    let text = render(&page)
        .map_err(|error| Error::Format { path: "page.html".into(), message: error.to_string() })?;
    let fonts = studio.font.face_css(&text);
    Ok(text.replacen(FONTS, &fonts, 1))
}

/// Returns up to `most` sentences about what changed, the most important first, in the project's main language; for screens.
pub fn headlines(published: &Published, project: &Project, most: usize) -> Vec<String> {
    let main = project.languages.first().and_then(|code| Locale::from_code(code));
    let studio = Studio::new(main.unwrap_or(Locale::English));
    let words = Words::new(published, project, &studio);
    published.findings.iter().take(most).map(|finding| findings::sentence(&words, finding)).collect()
}

fn render(page: &Page) -> std::result::Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    // The name ends in `.html`: everything that is not marked as ours is escaped.
    environment.add_template("page.html", TEMPLATE)?;
    environment.get_template("page.html")?.render(Serde(page))
}

/// Makes the parts of the page; a part none of whose sections has anything to say is left out.
fn parts(words: &Words<'_>) -> Vec<Part> {
    let mut parts: Vec<Part> = PARTS
        .iter()
        .map(|(title, sections)| Part {
            title: words.phrase(title),
            sections: sections.iter().filter_map(|section| section(words)).collect(),
        })
        .filter(|part| !part.sections.is_empty())
        .collect();
    block::name_links(&mut parts);
    parts
}

/// Until when the figures know, and what can still move them.
fn state(words: &Words<'_>) -> Vec<String> {
    let (published, locale) = (words.published, words.locale());
    let cut = locale.day(published.cut);
    let args = |day: String| [("day", day.into())];
    match published.state {
        State::Final => vec![words.say("report-state-final", &args(cut))],
        State::Provisional => {
            let settled = published.month.last_day().plus(words.project.time.settle_days);
            vec![
                words.say("report-state-provisional", &args(cut)),
                words.say("report-state-until", &args(locale.day(settled))),
            ]
        }
    }
}
