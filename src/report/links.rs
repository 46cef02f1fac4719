//! Links: relations over departments and periods that a section is about, with all that must be known to read them.

use super::block::{Cell, Row, Table};
use super::relations::tested;
use super::words::Words;
use crate::measure::Code;
use crate::relation::{PanelTold, Related, Told};
use crate::stats::Reason;

/// A relation and its answer.
pub(super) type Link<'p> = (&'p Told, &'p PanelTold);

/// Returns the relations asked in advance whose sides `is_wanted` takes, in the order of the register.
pub(super) fn among<'p>(words: &Words<'p>, is_wanted: impl Fn(&Code, &Code) -> bool) -> Vec<Link<'p>> {
    let published = words.published;
    let link = |told: &'p Told| {
        let Related::Panel(panel) = &told.related else { return None };
        let (x, y) = (Code::parse(&told.x)?, Code::parse(&told.y)?);
        is_wanted(&x, &y).then_some((told, panel.as_ref()))
    };
    published.relations.iter().filter_map(link).collect()
}

/// Returns each link in a sentence: what is seen within departments, or what could not have been seen.
pub(super) fn sentences(words: &Words<'_>, links: &[Link<'_>]) -> Vec<String> {
    links.iter().map(|link| sentence(words, *link)).collect()
}

fn sentence(words: &Words<'_>, (told, panel): Link<'_>) -> String {
    let locale = words.locale();
    let mut args = vec![
        ("x", words.side(&told.x).into()),
        ("y", words.side(&told.y).into()),
        ("when", words.grain(panel.grain, told.lag).into()),
    ];
    match panel.within {
        Err(reason) => {
            args.push(("reason", words.reason(reason).into()));
            words.say("links-none", &args)
        }
        Ok(found) => {
            let r = found.estimate;
            args.push(("r", locale.correlation(r.value).into()));
            let holds = found.p_holm.is_some_and(|p| p < 0.05);
            match panel.smallest_detectable {
                _ if holds && r.value > 0.0 => words.say("links-together", &args),
                _ if holds => words.say("links-against", &args),
                _ if found.p_value.is_some_and(|p| p < 0.05) => words.say("links-perhaps", &args),
                _ if is_noise(panel.reliability_x) => words.say("links-noise-x", &args),
                _ if is_noise(panel.reliability_y) => words.say("links-noise-y", &args),
                Some(least) => {
                    args.push(("least", locale.decimal(least, 2).into()));
                    words.say("links-not-seen", &args)
                }
                None => words.say("links-not-told", &args),
            }
        }
    }
}

/// Says whether what is measured differs by no more than chance, so that no relation with it could be seen.
fn is_noise(reliability: Option<f64>) -> bool {
    reliability.is_some_and(|share| share <= 0.0)
}

/// Returns the table of the links.
pub(super) fn table(words: &Words<'_>, caption: String, links: &[Link<'_>]) -> Table {
    let heads = [
        "links-head-link",
        "report-head-within#",
        "report-head-holm#",
        "links-head-reliability#",
        "report-head-smallest#",
        "report-head-between#",
        "report-head-cells#",
    ];
    let mut table = words.table(caption, &heads);
    table.rows = links.iter().map(|link| row(words, *link)).collect();
    table
}

fn row(words: &Words<'_>, (told, panel): Link<'_>) -> Row {
    let locale = words.locale();
    let sides = [("x", words.side(&told.x).into()), ("y", words.side(&told.y).into())];
    let dash = || Cell::missing("–");
    let decimal = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| locale.decimal(value, 2));
    let [within, _, holm, _] = tested(words, &panel.within);
    let [between, ..] = match panel.n_departments {
        // Where nothing was paired the reason stands once.
        0 => [dash(), dash(), dash(), dash()],
        _ => tested(words, &panel.between),
    };
    let reliability = format!("{} · {}", decimal(panel.reliability_x), decimal(panel.reliability_y));
    Row::new(vec![
        Cell::new(words.say("heatmap-relation", &sides)).note(words.grain(panel.grain, told.lag)),
        within,
        holm,
        Cell::new(reliability),
        panel.smallest_detectable.map_or_else(dash, |least| Cell::new(locale.decimal(least, 2))),
        between,
        Cell::new(words.count(panel.n_cells)),
    ])
}

/// Says whether a figure is there, be it withheld.
pub(super) fn is_there(figure: Option<&crate::stats::Figure>) -> bool {
    matches!(figure, Some(Ok(_) | Err(Reason::Suppressed)))
}
