//! Charts: a view of published figures -> SVG; one file a chart, one theme.
//!
//! In: plain views, already disclosed. Out: SVG with title and description, the same bytes for the same view.
//! plotters gives coordinates and shapes; every text is placed by our own layout, measured with the embedded font.

pub mod theme;
pub mod svg;
pub mod plane;
pub mod label;
pub mod page;
pub mod table;
pub mod caterpillar;
mod trend_view;
mod trend_text;
pub mod trend;
pub mod step;
pub mod kept_target;
pub mod heatmap;
pub mod outcome;
pub mod pareto;
pub mod fishbone;
pub mod remedy_curve;

use page::Studio;
use svg::Svg;

/// The views of every chart of a report; a chart may occur any number of times, each with an id of its own.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Views {
    /// Ratings of all departments.
    pub caterpillar: Vec<caterpillar::View>,
    /// Measures month by month.
    pub trend: Vec<trend::View>,
    /// Commitments against their targets.
    pub kept_target: Vec<kept_target::View>,
    /// Relations asked in advance.
    pub heatmap: Vec<heatmap::View>,
    /// Satisfaction by outcome.
    pub outcome: Vec<outcome::View>,
    /// Causes of breaches.
    pub pareto: Vec<pareto::View>,
    /// Causes and countermeasures by category.
    pub fishbone: Vec<fishbone::View>,
    /// Actions month by month.
    pub step: Vec<step::View>,
    /// How fast breaches are remedied.
    pub remedy_curve: Vec<remedy_curve::View>,
}

/// A kind of chart: its name, and how all of its views are drawn.
pub struct Chart {
    /// The name.
    pub name: &'static str,
    /// Draws every view of this kind.
    pub draw: fn(&Views, &Studio) -> Vec<Svg>,
}

/// Every kind of chart, in the order of reports.
pub const CHARTS: &[Chart] = &[
    Chart {
        name: "caterpillar",
        draw: |v, s| v.caterpillar.iter().map(|view| caterpillar::draw(view, s)).collect(),
    },
    Chart { name: "trend", draw: |v, s| v.trend.iter().map(|view| trend::draw(view, s)).collect() },
    Chart {
        name: "kept_target",
        draw: |v, s| v.kept_target.iter().map(|view| kept_target::draw(view, s)).collect(),
    },
    Chart { name: "heatmap", draw: |v, s| v.heatmap.iter().map(|view| heatmap::draw(view, s)).collect() },
    Chart { name: "outcome", draw: |v, s| v.outcome.iter().map(|view| outcome::draw(view, s)).collect() },
    Chart { name: "pareto", draw: |v, s| v.pareto.iter().map(|view| pareto::draw(view, s)).collect() },
    Chart { name: "fishbone", draw: |v, s| v.fishbone.iter().map(|view| fishbone::draw(view, s)).collect() },
    Chart { name: "step", draw: |v, s| v.step.iter().map(|view| step::draw(view, s)).collect() },
    Chart {
        name: "remedy_curve",
        draw: |v, s| v.remedy_curve.iter().map(|view| remedy_curve::draw(view, s)).collect(),
    },
];

/// Draws every chart of a report.
pub fn draw_all(views: &Views, studio: &Studio) -> Vec<Svg> {
    CHARTS.iter().flat_map(|chart| (chart.draw)(views, studio)).collect()
}

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
