//! All charts on all kinds of views: well formed, escaped, complete, repeatable.

use super::page::Studio;
use super::samples::{Sample, hostile, plain};
use super::{CHARTS, draw_all};
use crate::text::number::Locale;

/// Demands that tags nest, attributes are quoted, and nothing stands unescaped; returns the texts between tags.
fn check_xml(svg: &str) -> Vec<&str> {
    let (mut open, mut texts, mut rest) = (Vec::new(), Vec::new(), svg);
    while let Some(at) = rest.find('<') {
        texts.push(&rest[..at]);
        let end = at + rest[at..].find('>').expect("a tag ends");
        let tag = &rest[at + 1..end];
        assert!(!tag.contains('<') && tag.matches('"').count() % 2 == 0, "{tag}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "{svg}");
        } else if !tag.ends_with('/') {
            open.push(tag.split(' ').next().expect("a tag has a name"));
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty() && rest.trim().is_empty());
    for text in &texts {
        for (at, _) in text.match_indices('&') {
            let known = ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"];
            assert!(known.iter().any(|entity| text[at..].starts_with(entity)), "{text}");
        }
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
    }
    texts
}

fn check(sample: &Sample) {
    let studio = Studio::new(Locale::English);
    let views = sample.views("sample");
    let charts = draw_all(&views, &studio);
    assert_eq!(charts, draw_all(&views, &studio), "the same view gives the same bytes");
    assert!(charts.len() >= CHARTS.len());
    for chart in &charts {
        let texts = check_xml(&chart.text);
        assert!(
            !texts.iter().any(|text| text.contains("{$") || text.contains("NaN") || text.contains("inf")),
            "{}",
            chart.id
        );
        assert!(!chart.title.contains('{') && !chart.alt.contains('{'), "{}", chart.title);
        assert!(!chart.title.is_empty() && !chart.alt.is_empty() && chart.height > 100.0);
        assert!(!chart.text.contains("NaN") && !chart.text.contains("rotate"));
        assert!(chart.text.contains("role=\"img\"") && chart.text.contains("<desc"));
    }
}

#[test]
fn any_number_of_departments_can_be_drawn() {
    for departments in [0, 1, 3, 40, 400] {
        check(&Sample { names: plain(), departments, months: 12, undefined: false });
    }
}

#[test]
fn hostile_names_stay_text() {
    check(&Sample { names: hostile(), departments: 40, months: 24, undefined: false });
}

#[test]
fn one_month_can_be_drawn() {
    check(&Sample { names: plain(), departments: 3, months: 1, undefined: false });
}

#[test]
fn nothing_defined_is_said_in_words() {
    let sample = Sample { names: plain(), departments: 40, months: 12, undefined: true };
    check(&sample);
    let charts = draw_all(&sample.views("sample"), &Studio::new(Locale::English));
    assert!(charts.iter().filter(|chart| chart.text.contains("too little data")).count() >= 4);
}

#[test]
fn many_departments_show_both_ends_and_say_how_many_are_left_out() {
    let views = Sample { names: plain(), departments: 400, months: 12, undefined: false }.views("sample");
    let chart = &draw_all(&views, &Studio::new(Locale::English))[0];
    assert!(chart.text.contains("departments left out here") && chart.text.contains("Bold: a signal"));
    assert!(chart.text.matches("class=\"c-row\"").count() <= 60);
}

#[test]
fn charts_use_no_font_but_the_embedded_one() {
    let views = Sample { names: plain(), departments: 3, months: 12, undefined: false }.views("sample");
    for chart in draw_all(&views, &Studio::new(Locale::English)) {
        assert_eq!(chart.text.matches("font-family").count(), 1);
        assert!(chart.text.contains("font-family=\"Concord Sans\""));
    }
}
