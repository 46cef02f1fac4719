//! Ratings of all departments, best first, with bars that can be compared with one another and the grades behind them.
//!
//! Bars span ±1.39 standard errors: two of them that do not overlap differ at about 5 % (Goldstein & Healy 1995).

use super::page::{Studio, Tick, heading, horizontal_axis, notes, unit_ticks, vertical_grid};
use super::plane::{Mark, Plane, range_of};
use super::svg::{Anchor, Sheet, Svg};
use super::table::{self, Laid, Table};
use super::theme::{BAND, Colour, GRADE_INKS, GRADE_TINTS, LABEL, MUTED, PAPER, STRONG};
use crate::month::Month;
use crate::stats::Reason;
use crate::text::number::{Count, Unit};

/// Half the width of a bar, in standard errors.
const HALF_BAR: f64 = 1.39;
/// More departments than this are not all shown.
const SHOWN_MAX: usize = 60;
/// How many of the best, and how many of the last, are shown then.
const ENDS: usize = 20;
/// How many flagged ones in between, and how many without a rating, are shown then.
const FLAGGED_MAX: usize = 14;
const UNRATED_MAX: usize = 6;

/// A grade of the rating.
#[derive(Debug, Clone, PartialEq)]
pub struct Grade {
    /// The letter.
    pub letter: String,
    /// The points from which on it is given.
    pub from: f64,
}

/// A department's rating.
#[derive(Debug, Clone, PartialEq)]
pub struct Rating {
    /// Points, 0 to 100.
    pub value: f64,
    /// Its standard error in points.
    pub std_error: f64,
    /// Number of answers.
    pub n: Count,
    /// The grade, as a place in the list of grades.
    pub grade: usize,
    /// Another grade that is as good as possible.
    pub could_be: Option<usize>,
}

/// One department.
#[derive(Debug, Clone, PartialEq)]
pub struct Department {
    /// The code, which orders equal ones.
    pub code: String,
    /// The name.
    pub name: String,
    /// The rating, or why there is none.
    pub rating: Result<Rating, Reason>,
    /// Whether a signal asks to look at it.
    pub flagged: bool,
}

/// What the chart shows.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The element id.
    pub id: String,
    /// Whose departments they are.
    pub place: String,
    /// First month of the window.
    pub first: Month,
    /// Last month of the window.
    pub last: Month,
    /// The grades, best first.
    pub grades: Vec<Grade>,
    /// The departments, in any order.
    pub departments: Vec<Department>,
}

/// A row of the chart: a department, or how many are left out here.
enum Entry<'a> {
    Department(&'a Department),
    LeftOut(usize),
}

/// Draws the chart.
pub fn draw(view: &View, studio: &Studio) -> Svg {
    let sheet = Sheet::new();
    let entries = select(view);
    let (title, subtitle) = (headline(view, studio), subtitle(view, studio));
    let top = heading(&sheet, studio, &title, &subtitle);
    let laid = table(view, &entries, studio).lay(studio, top);
    let plane = Plane::rows(&sheet, laid.plot, range(&entries));
    let ticks = cuts(view, studio, &plane);
    bands(view, studio, &sheet, &plane);
    vertical_grid(&plane, &ticks, PAPER);
    laid.draw(&sheet);
    for (place, entry) in entries.iter().enumerate() {
        if let Entry::Department(department) = entry {
            bar(&sheet, &plane, &laid, place, department);
        }
    }
    let axis = horizontal_axis(&sheet, studio, &plane, &ticks, &studio.catalogue.phrase("caterpillar-axis"));
    let height = notes(&sheet, studio, axis, &remarks(&entries, studio));
    let alt = studio.catalogue.message(
        "caterpillar-alt",
        &[
            ("title", (&title).into()),
            ("subtitle", (&subtitle).into()),
            ("count", view.departments.len().into()),
        ],
    );
    sheet.finish(&view.id, &title, &alt, height)
}

fn ranked(view: &View) -> (Vec<(&Department, &Rating)>, Vec<&Department>) {
    let mut rated: Vec<_> =
        view.departments.iter().filter_map(|d| d.rating.as_ref().ok().map(|rating| (d, rating))).collect();
    rated.sort_by(|a, b| b.1.value.total_cmp(&a.1.value).then_with(|| a.0.code.cmp(&b.0.code)));
    let mut unrated: Vec<_> =
        view.departments.iter().filter(|department| department.rating.is_err()).collect();
    unrated.sort_by(|a, b| b.flagged.cmp(&a.flagged).then_with(|| a.code.cmp(&b.code)));
    (rated, unrated)
}

/// All departments, or the best, the last and the flagged ones, with the number of those between them.
fn select(view: &View) -> Vec<Entry<'_>> {
    let (rated, unrated) = ranked(view);
    let all = view.departments.len() <= SHOWN_MAX;
    let (mut entries, mut left_out, mut flagged) = (Vec::new(), 0, 0);
    for (place, (department, _)) in rated.iter().enumerate() {
        let at_an_end = place < ENDS || place + ENDS >= rated.len();
        let is_called = !at_an_end && department.flagged && flagged < FLAGGED_MAX;
        flagged += usize::from(is_called);
        if all || at_an_end || is_called {
            entries.extend((left_out > 0).then_some(Entry::LeftOut(left_out)));
            left_out = 0;
            entries.push(Entry::Department(department));
        } else {
            left_out += 1;
        }
    }
    let shown = if all { unrated.len() } else { unrated.len().min(UNRATED_MAX) };
    entries.extend(unrated[..shown].iter().map(|department| Entry::Department(department)));
    entries.extend((unrated.len() > shown).then_some(Entry::LeftOut(unrated.len() - shown)));
    entries
}

fn headline(view: &View, studio: &Studio) -> String {
    let (rated, _) = ranked(view);
    let Some((first, rating)) = rated.first() else {
        return studio.catalogue.phrase("caterpillar-title-none");
    };
    let open = rated.iter().filter(|(_, rating)| rating.could_be.is_some()).count();
    studio.catalogue.message(
        "caterpillar-title",
        &[
            ("first", studio.short(&first.name).into()),
            ("value", studio.locale().points(rating.value).into()),
            ("open", open.into()),
            ("rated", rated.len().into()),
        ],
    )
}

fn subtitle(view: &View, studio: &Studio) -> String {
    studio.catalogue.message(
        "caterpillar-subtitle",
        &[
            ("place", studio.short(&view.place).into()),
            ("months", studio.locale().months(view.first, view.last).into()),
        ],
    )
}

fn table(view: &View, entries: &[Entry<'_>], studio: &Studio) -> Table {
    let phrase = |key: &str| studio.catalogue.phrase(key);
    let heads = [
        ("head-points", Anchor::End),
        ("head-n", Anchor::End),
        ("head-grade", Anchor::Middle),
        ("caterpillar-head-could-be", Anchor::Start),
    ];
    Table {
        name_head: phrase("head-department"),
        heads: heads.map(|(key, anchor)| (phrase(key), anchor)).to_vec(),
        rows: entries.iter().map(|entry| row(view, entry, studio)).collect(),
        ..Table::default()
    }
}

fn row(view: &View, entry: &Entry<'_>, studio: &Studio) -> table::Row {
    let department = match entry {
        Entry::Department(department) => department,
        Entry::LeftOut(count) => {
            let words = studio.catalogue.message("caterpillar-left-out", &[("count", (*count).into())]);
            return table::Row { name: "…".to_owned(), missing: Some(words), ..table::Row::default() };
        }
    };
    let letter = |grade: usize| view.grades.get(grade).map_or("", |grade| grade.letter.as_str());
    let could_be =
        |grade: usize| studio.catalogue.message("caterpillar-could-be", &[("grade", letter(grade).into())]);
    let cells = department.rating.as_ref().map_or_else(
        |_| Vec::new(),
        |rating| {
            vec![
                (studio.locale().points(rating.value), LABEL),
                (studio.locale().count(rating.n), LABEL.in_colour(MUTED)),
                (letter(rating.grade).to_owned(), STRONG.in_colour(ink(rating.grade))),
                (rating.could_be.map(could_be).unwrap_or_default(), LABEL.in_colour(MUTED)),
            ]
        },
    );
    table::Row {
        name: department.name.clone(),
        strong: department.flagged,
        missing: department.rating.as_ref().err().map(|reason| studio.catalogue.reason(*reason)),
        cells,
    }
}

fn ink(grade: usize) -> Colour {
    GRADE_INKS[grade.min(GRADE_INKS.len() - 1)]
}

fn ends(rating: &Rating) -> (f64, f64) {
    let half = HALF_BAR * rating.std_error;
    (rating.value - half, rating.value + half)
}

/// The points shown: all bars with a margin, within 0 to 100.
fn range(entries: &[Entry<'_>]) -> std::ops::Range<f64> {
    let ratings = entries.iter().filter_map(|entry| match entry {
        Entry::Department(department) => department.rating.as_ref().ok(),
        Entry::LeftOut(_) => None,
    });
    let values = ratings.flat_map(|rating| [ends(rating).0, ends(rating).1]);
    let (low, high) = range_of(values, 0.04, 4.0).unwrap_or((0.0, 100.0));
    low.clamp(0.0, 96.0)..high.clamp(4.0, 100.0)
}

/// The cut points in sight; round values where there are fewer than two.
fn cuts(view: &View, studio: &Studio, plane: &Plane) -> Vec<Tick> {
    let mut cuts: Vec<_> =
        view.grades.iter().map(|grade| grade.from).filter(|from| plane.x.contains(from)).collect();
    cuts.sort_by(f64::total_cmp);
    if cuts.len() < 2 {
        return unit_ticks(studio.locale(), (plane.x.start, plane.x.end), Unit::Points, 5);
    }
    let digits = usize::from(cuts.iter().any(|cut| (cut - cut.round()).abs() > 1e-9));
    cuts.into_iter().map(|value| Tick { value, label: studio.locale().decimal(value, digits) }).collect()
}

/// The grades' bands with their letters above the plot.
fn bands(view: &View, studio: &Studio, sheet: &Sheet, plane: &Plane) {
    let mut upper = plane.x.end;
    for (place, grade) in view.grades.iter().enumerate() {
        let lower = grade.from.clamp(plane.x.start, upper);
        if lower < upper {
            let tint = GRADE_TINTS[place.min(GRADE_TINTS.len() - 1)];
            plane.rectangle([(lower, plane.y.start), (upper, plane.y.end)], tint);
            let (left, right) = (plane.at((lower, plane.y.end)).0, plane.at((upper, plane.y.end)).0);
            if right - left > studio.width(&grade.letter, BAND) + 4.0 {
                let style = BAND.in_colour(ink(place));
                sheet.text(
                    (f64::midpoint(left, right), plane.frame.top - 8.0),
                    style,
                    Anchor::Middle,
                    &grade.letter,
                );
            }
        }
        upper = lower.min(upper);
    }
}

fn bar(sheet: &Sheet, plane: &Plane, laid: &Laid, place: usize, department: &Department) {
    let Ok(rating) = &department.rating else { return };
    let y = laid.row(place).middle();
    let (low, high) = ends(rating);
    let (low, high) = (low.max(plane.x.start), high.min(plane.x.end));
    sheet.group(&[("class", "c-row")], Some(&department.name), || {
        plane.line(&[(low, y), (high, y)], ink(rating.grade), 2.4);
        plane.mark((rating.value.clamp(low, high.max(low)), y), Mark::Disc, 4.2, ink(rating.grade));
    });
}

fn remarks(entries: &[Entry<'_>], studio: &Studio) -> Vec<String> {
    let flagged =
        entries.iter().any(|entry| matches!(entry, Entry::Department(department) if department.flagged));
    let mut notes = vec![studio.catalogue.phrase("caterpillar-note")];
    notes.extend(flagged.then(|| studio.catalogue.phrase("caterpillar-note-flagged")));
    notes
}
