//! What a page is made of: sections of paragraphs, lists, charts, tables and folded parts.
//!
//! In: texts of the catalogue, charts drawn by us. Out: values that the template walks through; every text is escaped there.

use minijinja::Value;
use serde::Serialize;

use crate::chart::svg::Svg;
use crate::chart::theme;

/// Sections that answer one question together.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Part {
    /// The question.
    pub(super) title: String,
    /// The sections, at least one.
    pub(super) sections: Vec<Section>,
}

/// A chapter of the page.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Section {
    /// Anchor.
    pub(super) id: &'static str,
    /// Heading.
    pub(super) title: String,
    /// Content.
    pub(super) blocks: Vec<Block>,
}

/// One piece of content.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", content = "of", rename_all = "snake_case")]
pub(super) enum Block {
    /// A heading below that of the section.
    Heading(String),
    /// A paragraph.
    Paragraph(String),
    /// A paragraph of the second rank: how to read, what is left out.
    Note(String),
    /// An unordered list.
    List(Vec<String>),
    /// A chart: its SVG, made by us.
    Chart(Value),
    /// A table.
    Table(Table),
    /// Something that opens on demand.
    Folded(Folded),
    /// Several of them, side by side while they are closed.
    Group(Group),
    /// Steps of a way of working, each with links to other sections.
    Steps(Vec<Step>),
}

/// A step of a way of working.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Step {
    /// Its name.
    pub(super) title: String,
    /// What is said of it.
    pub(super) text: String,
    /// Where its figures stand.
    pub(super) links: Vec<Link>,
}

/// A link to another section.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Link {
    /// Anchor of the section.
    pub(super) id: &'static str,
    /// Its heading, put in when all sections are there.
    pub(super) title: String,
}

/// Names every link after its section, and drops the links to sections that the page does not have.
pub(super) fn name_links(parts: &mut [Part]) {
    let sections = parts.iter().flat_map(|part| &part.sections);
    let titles: Vec<(&'static str, String)> = sections.map(|one| (one.id, one.title.clone())).collect();
    let sections = parts.iter_mut().flat_map(|part| &mut part.sections);
    let steps = sections.flat_map(|section| &mut section.blocks).filter_map(|block| match block {
        Block::Steps(steps) => Some(steps),
        _ => None,
    });
    for step in steps.flatten() {
        step.links.retain_mut(|link| {
            let found = titles.iter().find(|(id, _)| *id == link.id);
            link.title = found.map_or_else(String::new, |(_, title)| title.clone());
            found.is_some()
        });
    }
}

/// Folded parts under a heading; in print they are left out together while all are closed.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Group {
    /// The heading.
    pub(super) heading: String,
    /// How to read them.
    pub(super) note: Option<String>,
    /// The parts.
    pub(super) parts: Vec<Folded>,
}

/// A folded part.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Folded {
    /// What it holds.
    pub(super) summary: String,
    /// The content.
    pub(super) blocks: Vec<Block>,
}

/// A table whose first column names the rows.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Table {
    /// What it shows.
    pub(super) caption: String,
    /// Heads of the columns.
    pub(super) heads: Vec<Head>,
    /// Rows.
    pub(super) rows: Vec<Row>,
}

/// The head of a column.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Head {
    /// Its words.
    pub(super) text: String,
    /// Whether figures stand below it, flush right.
    pub(super) numeric: bool,
}

/// A row.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Row {
    /// Cells, the row's name first.
    pub(super) cells: Vec<Cell>,
    /// What opens below the row.
    pub(super) detail: Option<Folded>,
    /// Whether the row stands for a unit of several departments.
    pub(super) strong: bool,
}

/// A cell.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Cell {
    /// The figure or words.
    pub(super) text: String,
    /// What stands small below: an interval, a profile.
    pub(super) note: Option<String>,
    /// `few` for figures of few answers, `missing` for reasons, `good`, `bad`.
    pub(super) class: &'static str,
    /// What is shown when pointed at.
    pub(super) title: Option<String>,
}

impl Cell {
    /// Makes a plain cell.
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Makes a cell of words for a figure that is missing.
    pub(super) fn missing(text: impl Into<String>) -> Self {
        Self::new(text).class("missing")
    }

    /// Adds the small line.
    pub(super) fn note(self, note: impl Into<String>) -> Self {
        Self { note: Some(note.into()).filter(|note: &String| !note.is_empty()), ..self }
    }

    /// Sets the class.
    pub(super) fn class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }

    /// Sets what is shown when pointed at.
    pub(super) fn title(self, title: impl Into<String>) -> Self {
        Self { title: Some(title.into()), ..self }
    }
}

impl Row {
    /// Makes a row.
    pub(super) fn new(cells: Vec<Cell>) -> Self {
        Self { cells, ..Self::default() }
    }
}

impl Block {
    /// Makes a chart of an SVG whose style rules stand once in the page's head.
    pub(super) fn chart(svg: &Svg) -> Self {
        let rules = format!("<style>{}</style>\n", theme::css());
        Self::Chart(Value::from_safe_string(svg.text.replacen(&rules, "", 1)))
    }

    /// Makes a folded part.
    pub(super) fn folded(summary: String, blocks: Vec<Self>) -> Self {
        Self::Folded(Folded { summary, blocks })
    }

    /// Makes a folded part of a single table.
    pub(super) fn folded_table(summary: String, table: Table) -> Self {
        Self::folded(summary, vec![Self::Table(table)])
    }
}
