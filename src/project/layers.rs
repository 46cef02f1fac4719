//! The bars of the service layers: from when on, and how good what belongs to a layer must be for the layer to be reached.

use std::collections::BTreeMap;

use super::document::{Entry, Node};
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
pub(super) fn read(node: &Node<'_>, mut bars: Vec<LayerBar>) -> Vec<LayerBar> {
    let Some(entry) = node.get("layers") else { return bars };
    let mut lines: BTreeMap<(String, Month), usize> = BTreeMap::new();
    for (place, bar) in entry.nodes().iter().filter_map(|node| Some((node.place(), bar(node)?))) {
        let key = (bar.layer.clone(), bar.from);
        if let Some(line) = lines.insert(key, place.line) {
            let message = format!("layer `{}` has two bars from {}", bar.layer, bar.from);
            node.log().problem(&place, message, format!("the other stands in line {line}"));
        }
        bars.push(bar);
    }
    // Of bars from the same month the register's is the later one: it stands behind the default.
    bars.sort_by_key(|bar| bar.from);
    bars
}

fn bar(node: &Node<'_>) -> Option<LayerBar> {
    node.only(&["from", "layer", "satisfied", "dissatisfied", "kept"]);
    let share = |key: &str| node.need(key).and_then(|entry: Entry<'_>| entry.number_within(0.0, 1.0));
    let from = node.need("from").and_then(|entry| entry.month());
    let layer = node.need("layer").and_then(|entry| entry.choice(&LAYERS));
    let [satisfied, dissatisfied, kept] = ["satisfied", "dissatisfied", "kept"].map(share);
    Some(LayerBar {
        from: from?,
        layer: layer?.to_owned(),
        satisfied: satisfied?,
        dissatisfied: dissatisfied?,
        kept: kept?,
    })
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
    use crate::project::sample::{changed, edit, project};

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
        let own = "{ from = \"2026-01\", layer = \"core\", satisfied = 0.7, dissatisfied = 0.1, kept = 0.9 }";
        let project = changed(FILE, AT, &with(own));
        assert!((bar(&project, "core", 2025) - 0.60).abs() < 1e-12);
        assert!((bar(&project, "core", 2026) - 0.70).abs() < 1e-12);
        assert!((bar(&project, "extra", 2026) - 0.55).abs() < 1e-12);
    }

    #[test]
    fn slips_are_told_with_their_line() {
        let bar = |layer: &str, satisfied: &str| {
            format!(
                "{{ from = \"2026-01\", layer = \"{layer}\", satisfied = {satisfied}, dissatisfied = 0.1, kept = 0.9 }}"
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
        assert!(told(&twice).contains("layer `core` has two bars from 2026-01"), "{}", told(&twice));
        assert!(told("{ layer = \"core\" }").contains("missing key `"));
    }
}
