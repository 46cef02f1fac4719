//! The bars of the service layers: from when on, and how good what belongs to a layer must be for the layer to be reached.

use std::collections::BTreeMap;

use super::document::{Entry, Node};
use super::log::{Log, Place};
use super::questionnaires::LAYERS;
use super::{LayerBar, RatingRules};
use crate::month::Month;

/// The layers from the first to the last: what must be there, what is expected, what is hoped for, what nobody thought of.
pub const LAYER_ORDER: [&str; 4] = ["core", "additional", "extra", "unaware"];

/// Bars that hold where a project names none: least share satisfied, most share dissatisfied, least share of promises kept.
const DEFAULTS: [(&str, f64, f64, f64); 4] = [
    ("core", 0.60, 0.15, 0.85),
    ("additional", 0.60, 0.15, 0.85),
    ("extra", 0.55, 0.20, 0.80),
    ("unaware", 0.50, 0.30, 0.80),
];

/// Returns the bars that hold from `first` on where a project names none.
pub(super) fn defaults(first: Month) -> Vec<LayerBar> {
    let bar = |(layer, satisfied, dissatisfied, kept): (&str, f64, f64, f64)| LayerBar {
        from: first,
        layer: layer.to_owned(),
        satisfied,
        dissatisfied,
        kept,
    };
    DEFAULTS.into_iter().map(bar).collect()
}

/// Reads `layers` of the rating's register; a layer that it does not name keeps the bar there is.
///
/// The bars of a layer that it names hold from the project's `first` month on, where that is known.
pub(super) fn read(node: &Node<'_>, mut bars: Vec<LayerBar>, first: Option<Month>) -> Vec<LayerBar> {
    let Some(entry) = node.get("layers") else { return bars };
    let mut lines: BTreeMap<(String, Month), usize> = BTreeMap::new();
    let mut begins: BTreeMap<String, (Month, Place)> = BTreeMap::new();
    for (place, bar) in entry.nodes().iter().filter_map(|node| Some((node.place(), bar(node)?))) {
        let key = (bar.layer.clone(), bar.from);
        if let Some(line) = lines.insert(key, place.line) {
            let message = format!("layer `{}` has two bars from {}", bar.layer, bar.from);
            node.log().problem(&place, message, format!("the other stands in line {line}"));
        }
        let earliest = begins.entry(bar.layer.clone()).or_insert_with(|| (bar.from, place.clone()));
        if bar.from < earliest.0 {
            *earliest = (bar.from, place);
        }
        bars.push(bar);
    }
    for (layer, (from, place)) in &begins {
        note_gap(node.log(), place, (layer, *from), first);
    }
    // Of bars from the same month the register's is the later one: it stands behind the default.
    bars.sort_by_key(|bar| bar.from);
    bars
}

/// Notes that the bars of a layer leave out the first months: nobody wrote down what they are held against.
fn note_gap(log: &Log, place: &Place, (layer, from): (&str, Month), first: Option<Month>) {
    let Some(first) = first.filter(|first| *first < from) else { return };
    let usual = DEFAULTS.iter().find(|usual| usual.0 == layer);
    let usual = usual.map_or_else(String::new, |(_, satisfied, dissatisfied, kept)| {
        format!("; usual are satisfied {satisfied}, dissatisfied {dissatisfied}, kept {kept}")
    });
    let message = format!("the bars of layer `{layer}` begin in {from}, and the project in {first}");
    log.problem(place, message, format!("say what holds from {first} on{usual}"));
}

fn bar(node: &Node<'_>) -> Option<LayerBar> {
    node.only(&["from", "layer", "satisfied", "dissatisfied", "kept"]);
    let share = |key: &str| node.need(key).and_then(|entry: Entry<'_>| entry.number_within(0.0, 1.0));
    let from = node.need("from").and_then(|entry| entry.month());
    let layer = node.need("layer").and_then(|entry| entry.choice(&LAYERS));
    let [satisfied, dissatisfied, kept] = ["satisfied", "dissatisfied", "kept"].map(share);
    let (satisfied, dissatisfied) = (satisfied?, dissatisfied?);
    // Shares as people write them are sums of hundredths, which are not exact.
    if satisfied + dissatisfied > 1.0 + 1e-9 {
        let rest = ((1.0 - satisfied) * 1e6).round() / 1e6;
        let message = format!("`satisfied` {satisfied} and `dissatisfied` {dissatisfied} are more than all");
        let hint = format!("where {satisfied} are satisfied, no more than {rest} can be dissatisfied");
        node.log().problem(&node.place(), message, hint);
    }
    Some(LayerBar { from: from?, layer: layer?.to_owned(), satisfied, dissatisfied, kept: kept? })
}

impl RatingRules {
    /// Returns the bar of a layer in `month`: the latest that began by then, before all of them the first.
    pub fn layer_bar(&self, layer: &str, month: Month) -> Option<&LayerBar> {
        let own = || self.layers.iter().filter(|bar| bar.layer == layer);
        own().rev().find(|bar| bar.from <= month).or_else(|| own().next())
    }
}

#[cfg(test)]
mod tests {
    use crate::month::Month;
    use crate::project::sample::{changed, edit, problems, project};

    const FILE: &str = "registers/rating.toml";
    const AT: &str = "window_months = 12\n";

    fn with(bars: &str) -> String {
        format!("{AT}layers = [{bars}]\n")
    }

    #[test]
    fn bars_are_dated_and_have_defaults() {
        let bar = |project: &crate::project::Project, layer: &str, year: i32| {
            project.rating.layer_bar(layer, Month::new(year, 6)).unwrap().satisfied
        };
        assert!((bar(&project(), "core", 2025) - 0.60).abs() < 1e-12);
        let own = "{ from = \"2026-01\", layer = \"core\", satisfied = 0.7, dissatisfied = 0.1, kept = 0.9 }, \
            { from = \"2024-11\", layer = \"core\", satisfied = 0.65, dissatisfied = 0.35, kept = 0.9 }";
        let project = changed(FILE, AT, &with(own));
        assert!((bar(&project, "core", 2025) - 0.65).abs() < 1e-12);
        assert!((bar(&project, "core", 2026) - 0.70).abs() < 1e-12);
        assert!((bar(&project, "extra", 2026) - 0.55).abs() < 1e-12);
    }

    #[test]
    fn slips_are_told_with_their_line() {
        let bar = |layer: &str, satisfied: &str| {
            format!(
                "{{ from = \"2024-11\", layer = \"{layer}\", satisfied = {satisfied}, dissatisfied = 0.1, kept = 0.9 }}"
            )
        };
        let told = |bars: &str| edit(FILE, AT, &with(bars)).first().cloned().unwrap_or_default();
        assert_eq!(told(&bar("core", "0.7")), "");
        assert!(
            told(&bar("cor", "0.7")).contains("unknown layer `cor`\nhint: did you mean `core`?"),
            "{}",
            told(&bar("cor", "0.7"))
        );
        assert!(
            told(&bar("core", "70")).starts_with("registers/rating.toml:"),
            "{}",
            told(&bar("core", "70"))
        );
        let twice = format!("{}, {}", bar("core", "0.7"), bar("core", "0.8"));
        assert!(told(&twice).contains("layer `core` has two bars from 2024-11"), "{}", told(&twice));
        assert!(told("{ layer = \"core\" }").contains("missing key `"));
    }

    #[test]
    fn bars_are_possible_and_reach_back_to_the_first_month() {
        let core = |from: &str, shares: &str| {
            edit(FILE, AT, &with(&format!("{{ from = \"{from}\", layer = \"core\", {shares}, kept = 0.9 }}")))
        };
        assert_eq!(
            core("2024-11", "satisfied = 0.7, dissatisfied = 0.4"),
            ["registers/rating.toml:2: `satisfied` 0.7 and `dissatisfied` 0.4 are more than all\n\
              hint: where 0.7 are satisfied, no more than 0.3 can be dissatisfied"]
        );
        assert_eq!(core("2024-10", "satisfied = 0.7, dissatisfied = 0.3"), [""; 0]);
        assert_eq!(
            core("2026-01", "satisfied = 0.7, dissatisfied = 0.1"),
            [
                "registers/rating.toml:2: the bars of layer `core` begin in 2026-01, and the project in 2024-11\n\
              hint: say what holds from 2024-11 on; usual are satisfied 0.6, dissatisfied 0.15, kept 0.85"
            ]
        );
        // Where the project does not say when it begins, nothing can be said of the bars.
        let bars =
            with("{ from = \"2026-01\", layer = \"core\", satisfied = 0.7, dissatisfied = 0.1, kept = 0.9 }");
        let told = problems(&[(FILE, &bars), ("concord.toml", "name = \"a\"\n[time]\n")]);
        assert!(told.iter().all(|one| !one.starts_with(FILE)), "{told:?}");
    }
}
