//! The page of a small bank, its figures made by hand.

use std::collections::BTreeMap;

use super::html;
use crate::analysis::Analysis;
use crate::books::State;
use crate::chart::page::Studio;
use crate::disclose::disclose;
use crate::finding::Finding;
use crate::intake::{Delivery, Fate, Ledger};
use crate::measure::{Attained, Code, Kept, Rare, RareCell, WHOLE};
use crate::month::{Day, Month};
use crate::project::sample;
use crate::project::{Grain, Method, Project};
use crate::rating::{Component, Grade, Rating, RatingState};
use crate::relation::{ClassMean, Coefficient, ContactTold, PanelTold, Related, Told};
use crate::stats::cluster::Clustered;
use crate::stats::shrinkage::RankDistribution;
use crate::stats::{Estimate, Figure, Marks, Reason};
use crate::text::number::Locale;

const HOSTILE: &str = "<script>alert('x')</script>\"&";

fn month() -> Month {
    Month::new(2026, 10)
}

fn estimate(value: f64, half: f64, n: u64) -> Estimate {
    let (std_error, marks) = (Some(half / 1.96), Marks::default());
    Estimate {
        value,
        std_error,
        lower: Some(value - half),
        upper: Some(value + half),
        n,
        n_effective: n as f64,
        marks,
    }
}

fn index() -> Code {
    Code::Index("client".into())
}

fn kept() -> Code {
    Code::Commitment(Kept::Share, "calls".into())
}

fn required() -> Code {
    Code::Competency(Attained::Required, "A".into())
}

fn rating(department: u32, letter: Option<Grade>) -> Rating {
    let state = if letter.is_some() { RatingState::Rated } else { RatingState::NotYet { months: 3 } };
    let component = Component {
        code: index(),
        weight: 1.0,
        figure: Ok(estimate(71.26, 2.0, 240)),
        worst: 40.0,
        target: Some(72.0),
        best: 90.0,
        points: Ok(estimate(68.4, 4.0, 240)),
        carried_months: 2,
        brought_forward: true,
        without_error: false,
        contribution: Some(68.4),
        to_next_grade: Some(1.6),
    };
    Rating {
        department,
        months: 12,
        components: vec![component],
        raw: Ok(estimate(68.4, 4.0, 240)),
        shrunk: Ok(estimate(68.2, 3.8, 240)),
        reliability: Some(0.91),
        probabilities: letter.map(|_| [0.0, 0.2, 0.8, 0.0, 0.0]),
        state,
        letter,
        kept_letter: false,
        could_be: letter.map(|_| Grade::B).into_iter().collect(),
        rank: letter.map(|_| RankDistribution { mean: 1.4, lower: 1, upper: 2 }),
        change: Err(Reason::NotComparable),
        previous_letter: letter.map(|_| Grade::B),
    }
}

fn told(code: &str, x: &str, related: Related) -> Told {
    let (grain, method) = (Grain::Month, Method::Pearson);
    Told { code: code.into(), grain, method, x: x.into(), y: "satisfaction_index".into(), lag: 0, related }
}

fn panel() -> Told {
    let coefficient = Coefficient {
        estimate: estimate(0.31, 0.2, 48),
        p_value: Some(0.004),
        p_value_t: Some(0.002),
        df: 20.0,
        p_holm: Some(0.008),
        p_bh: Some(0.006),
    };
    let told_panel = PanelTold {
        grain: Grain::Month,
        within: Ok(coefficient),
        between: Err(Reason::TooFew),
        reliability_x: Some(0.41),
        reliability_y: None,
        smallest_detectable: Some(0.36),
        n_cells: 48,
        n_departments: 2,
        n_periods: 24,
    };
    told("promises", "commitment_score", Related::Panel(Box::new(told_panel)))
}

fn contact() -> Told {
    let class = |name: &str, value: f64, difference: Option<f64>| ClassMean {
        class: name.into(),
        mean: Ok(Clustered { estimate: estimate(value, 1.5, 640), n_clusters: 30 }),
        difference: difference
            .map(|value| Ok(Clustered { estimate: estimate(value, 2.0, 640), n_clusters: 30 })),
        n_servers: 30,
        p_value: difference.map(|_| 0.0001),
        p_holm: difference.map(|_| 0.0002),
        p_bh: difference.map(|_| 0.0002),
    };
    let classes = vec![class("breached_unremedied", 61.0, Some(-15.0)), class("kept", 76.0, None)];
    let contact = ContactTold { reference: Some("kept".into()), classes };
    told(crate::analysis::BY_OUTCOME, "outcome", Related::Contact(Ok(contact)))
}

fn ledger() -> Ledger {
    let fate = Fate { accepted: 900, duplicate: 20, superseded: 30, late: 40, conflicting: 10 };
    let delivery = Delivery {
        source: "client".into(),
        file: "survey/a.csv".into(),
        rows: 1000,
        months: BTreeMap::from([(month(), fate)]),
        ..Delivery::default()
    };
    let accepted = BTreeMap::from([(Day(20_000), HOSTILE.to_owned())]);
    Ledger { files: BTreeMap::from([("client|survey/a.csv".into(), delivery)]), accepted }
}

/// Figures of the bank and of its first two departments.
fn monthly() -> BTreeMap<(Code, u32, Month), Figure> {
    let mut monthly = BTreeMap::new();
    let mut put = |code: Code, department: u32, figure: Figure| {
        monthly.insert((code.clone(), department, month().plus(-1)), figure);
        monthly.insert((code, department, month()), figure);
    };
    put(index(), WHOLE, Ok(estimate(72.04, 0.8, 4000)));
    put(index(), 0, Ok(estimate(71.26, 2.0, 240)));
    put(index(), 1, Ok(estimate(55.5, 20.0, 4)));
    put(kept(), WHOLE, Ok(estimate(0.913, 0.01, 900)));
    put(kept(), 0, Err(Reason::Gap));
    put(Code::Commitment(Kept::Median, "calls".into()), WHOLE, Ok(estimate(720.0, 30.0, 900)));
    put(Code::CommitmentScore, WHOLE, Ok(estimate(91.3, 1.0, 900)));
    put(Code::CompetencyShare, WHOLE, Ok(estimate(0.66, 0.05, 90)));
    put(required(), WHOLE, Ok(estimate(0.61, 0.05, 88)));
    put(required(), 1, Ok(estimate(0.5, 0.2, 3)));
    monthly
}

fn analysis() -> Analysis {
    let window: Vec<Month> = month().plus(-1).to(month()).collect();
    let findings = vec![
        Finding::Letter { department: 0, before: Grade::B, now: Grade::C },
        Finding::Missed { code: kept(), share: 0.913, target: 0.95 },
    ];
    Analysis {
        satisfaction: Default::default(),
        month: month(),
        state: State::Provisional,
        cut: month().last_day().plus(4),
        provisional: vec![month()],
        rolling_from: month().plus(-11),
        departments: vec![0, 1],
        rolling: BTreeMap::from([((index(), WHOLE), Ok(estimate(71.9, 0.3, 48_000)))]),
        targets: BTreeMap::from([((kept(), WHOLE), 0.95), ((index(), WHOLE), 72.0)]),
        since_breach: BTreeMap::from([((0, 0), (17, Some(Day(20_000))))]),
        causes: BTreeMap::new(),
        interviews: None,
        assessed: Default::default(),
        priorities: Vec::new(),
        remedies: BTreeMap::new(),
        remedy_contrast: Err(Reason::Gap),
        responses: None,
        signs: crate::measure::Signs::default(),
        rare: Vec::new(),
        drafts: BTreeMap::new(),
        register: Vec::new(),
        progress: Vec::new(),
        due: Vec::new(),
        headlines: vec![index()],
        ratings: BTreeMap::from([(month(), vec![rating(0, Some(Grade::C)), rating(1, Some(Grade::C))])]),
        relations: vec![panel(), contact()],
        findings,
        weights: BTreeMap::from([(2026, vec![1.0])]),
        ledger: ledger(),
        totals: BTreeMap::from([(
            month(),
            BTreeMap::from([
                ("client.answers_with_case".into(), 4000),
                ("client.answers_without_case".into(), 500),
                ("client.answers_without_contact".into(), 20),
            ]),
        )]),
        completeness: BTreeMap::from([("client".into(), Some(0.82))]),
        monthly: monthly(),
        window,
    }
}

fn page(analysis: Analysis, project: &Project) -> String {
    html(&disclose(analysis, project), project, &Studio::new(Locale::English)).unwrap()
}

/// The page without style rules, which have braces and fonts of their own.
fn body(page: &str) -> String {
    let mut rest = page;
    let mut out = String::new();
    while let Some((before, after)) = rest.split_once("<style>") {
        out.push_str(before);
        rest = after.split_once("</style>").unwrap().1;
    }
    out + rest
}

fn has(page: &str, text: &str) {
    assert!(page.contains(text), "no {text:?}");
}

#[test]
fn every_section_says_its_figures_with_n_and_interval() {
    let page = body(&page(analysis(), &sample::project()));
    for id in [
        "findings",
        "ratings",
        "trends",
        "commitments",
        "outcomes",
        "relations",
        "competency",
        "deliveries",
        "definitions",
    ] {
        has(&page, &format!("<section id=\"{id}\""));
    }
    for text in [
        "72.0<small>71.2 to 72.8</small>",
        "Market has fallen from B to C.",
        "12\u{a0}min",
        "+0.31",
        "1 to 2",
        "adds up",
    ] {
        has(&page, text);
    }
    has(&page, "91.3\u{a0}%, target of 95.0\u{a0}% missed (n\u{a0}=\u{a0}900)");
    has(&page, "88.5\u{a0}% of the answers are complete for the index (4\u{202f}000 of 4\u{202f}520)");
    assert!(!page.contains(['{', '}']) && !page.contains("NaN"), "a key, an argument or a figure is missing");
}

#[test]
fn few_customers_are_grey_and_few_people_withheld() {
    let page = body(&page(analysis(), &sample::project()));
    has(&page, "class=\"num few\" title=\"Fewer than 10 answers: read with care\">55.5");
    has(
        &page,
        "title=\"Fewer than 5 people stand behind it, or behind a figure that it would tell\">withheld",
    );
    assert!(!page.contains(">50.0"), "a share of three people is shown");
}

#[test]
fn hostile_names_are_text() {
    let mut project = sample::project();
    project.title = crate::project::Text::plain(HOSTILE);
    project.departments[0].name = crate::project::Text::plain(HOSTILE);
    project.commitments[0].statement = crate::project::Text::plain(HOSTILE);
    project.competencies[0].name = crate::project::Text::plain(HOSTILE);
    let page = page(analysis(), &project);
    assert!(!page.contains("<script") && page.contains("&lt;script&gt;"));
    balanced(&body(&page));
}

#[test]
fn the_page_needs_nothing_but_itself() {
    let page = page(analysis(), &sample::project());
    let outside = page.replace("http://www.w3.org/2000/svg", "");
    assert!(!outside.contains("http") && !page.contains(" src=") && !page.contains("@import"));
    assert_eq!(page.matches("@font-face").count(), 2);
    has(&page, "<html lang=\"en\">");
}

#[test]
fn elements_are_closed_and_headings_in_order() {
    let page = body(&page(analysis(), &sample::project()));
    balanced(&page);
    let mut last = 0;
    for part in page.split("<h").skip(1) {
        let Some(level) = part.chars().next().and_then(|c| c.to_digit(10)) else { continue };
        assert!(level <= last + 1, "a heading of level {level} after one of level {last}");
        last = level;
    }
    let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|part| part.split('"').next()).collect();
    let unique: std::collections::BTreeSet<&&str> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len(), "an id stands twice: {ids:?}");
}

/// Checks that every element that is opened is closed, in order.
fn balanced(page: &str) {
    let mut open: Vec<&str> = Vec::new();
    for part in page.split('<').skip(1) {
        let tag = part.split('>').next().unwrap();
        let name = tag.split([' ', '\n', '/']).next().unwrap();
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed));
        } else if !tag.ends_with('/') && !name.starts_with('!') && !matches!(name, "meta" | "br") {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn the_first_month_says_when_grades_begin() {
    let ratings = BTreeMap::from([(month(), vec![rating(0, None)])]);
    let first = Analysis { ratings, findings: Vec::new(), relations: Vec::new(), ..analysis() };
    let page = body(&page(first, &sample::project()));
    has(&page, "the store holds 3 months, grades begin with month 12");
    has(&page, "not yet: 3 of 12 months");
    has(&page, "No headline measure of the whole or of a department has changed beyond chance.");
    assert!(!page.contains("chart-ratings") && !page.contains("id=\"relations\""));
}

#[test]
fn promises_that_are_almost_always_kept_name_the_months_there_are() {
    let cell = RareCell {
        department: 0,
        target: Some(0.98),
        month: (40, 1),
        quarter: (80, 2),
        year: (80, 2),
        since: (17, None),
        ended: None,
        against_target: None,
        against_past: None,
        shrunk: estimate(0.975, 0.02, 80),
        chance_below: Some(0.4),
    };
    let rare = vec![Rare { commitment: 0, year: (80, 2), cells: vec![cell] }];
    let page = body(&page(Analysis { rare, ..analysis() }, &sample::project()));
    let start = page.find("id=\"rare\"").unwrap();
    let section = &page[start..start + page[start..].find("</section>").unwrap()];
    has(section, "Broken, 2 months");
    has(section, "cases broken, September 2026");
    assert!(!section.contains("twelve months") && !section.contains("Broken, 12"), "{section}");
}

#[test]
fn the_same_figures_give_the_same_bytes() {
    let project = sample::project();
    assert_eq!(page(analysis(), &project), page(analysis(), &project));
}
