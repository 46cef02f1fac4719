//! A fishbone: groups as bones on a spine, what belongs to them along each bone, what they lead to at the head.

use super::label::Lines;
use super::page::{Studio, heading, notes, write_lines};
use super::plane::{Frame, Plane};
use super::svg::{Anchor, Sheet, Svg};
use super::theme::{INK, LABEL, LINE, MARGIN, MUTED, STRONG, WIDTH};

/// One bone.
#[derive(Debug, Clone, PartialEq)]
pub struct Bone {
    /// Its name.
    pub name: String,
    /// What hangs on it.
    pub items: Vec<String>,
}

/// What the chart shows.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The element id.
    pub id: String,
    /// The headline.
    pub title: String,
    /// What, where, when.
    pub subtitle: String,
    /// What stands at the head.
    pub head: String,
    /// The bones, along the spine from the tail, above and below it in turn.
    pub bones: Vec<Bone>,
}

/// Width of the head.
const HEAD: f64 = 120.0;
/// How far a bone leans towards the head.
const LEAN: f64 = 34.0;
/// Between a text and its bone.
const TICK: f64 = 9.0;
/// Between two texts on a bone.
const BETWEEN: f64 = 5.0;

/// One bone with its texts laid out.
struct Laid {
    name: Lines,
    items: Vec<Lines>,
    height: f64,
}

/// Draws the chart.
pub fn draw(view: &View, studio: &Studio) -> Svg {
    let sheet = Sheet::new();
    let top = heading(&sheet, studio, &view.title, &view.subtitle);
    let columns = view.bones.len().div_ceil(2).max(1);
    let width = (WIDTH - 2.0 * MARGIN - HEAD) / columns as f64;
    let bones: Vec<Laid> = view.bones.iter().map(|bone| lay(bone, width, studio)).collect();
    let highest =
        |side: usize| bones.iter().skip(side).step_by(2).map(|bone| bone.height).fold(20.0, f64::max);
    let (above, below) = (highest(0), highest(1));
    let (spine, bottom) = (top + above, top + above + below);
    let frame = Frame { left: 0.0, top: 0.0, right: WIDTH, bottom };
    let plane = Plane::rows(&sheet, frame, 0.0..WIDTH);
    let end = WIDTH - MARGIN - HEAD;
    plane.line(&[(MARGIN, spine), (end + 4.0, spine)], INK, 2.4);
    for (place, bone) in bones.iter().enumerate() {
        let foot = MARGIN + (place / 2 + 1) as f64 * width - 8.0;
        let (sign, reach) = if place % 2 == 0 { (-1.0, above) } else { (1.0, below) };
        draw_bone(&sheet, &plane, bone, (foot, spine, sign * reach));
    }
    let head = studio.fit(&view.head, STRONG, HEAD - 14.0, 5);
    let first = spine - (head.lines.len() as f64 - 1.0) / 2.0 * STRONG.line_height();
    write_lines(&sheet, (end + 12.0, first), STRONG, Anchor::Start, &head);
    let height = notes(&sheet, studio, bottom, &[]);
    let args = [("title", (&view.title).into()), ("subtitle", (&view.subtitle).into())];
    sheet.finish(&view.id, &view.title, &studio.catalogue.message("fishbone-alt", &args), height.max(120.0))
}

fn lay(bone: &Bone, width: f64, studio: &Studio) -> Laid {
    let room = width - LEAN - TICK - 14.0;
    let name = studio.fit(&bone.name, STRONG, width - 16.0, 2);
    let items: Vec<Lines> = bone.items.iter().map(|item| studio.fit(item, LABEL, room, 3)).collect();
    let texts: f64 = items.iter().map(|item| height_of(item) + BETWEEN).sum();
    let height = texts + name.lines.len() as f64 * STRONG.line_height() + 18.0;
    Laid { name, items, height }
}

fn height_of(lines: &Lines) -> f64 {
    lines.lines.len() as f64 * LABEL.line_height()
}

/// Draws a bone from its foot on the spine to its far end, the name beyond it and the texts at its left.
fn draw_bone(sheet: &Sheet, plane: &Plane, bone: &Laid, (foot, spine, reach): (f64, f64, f64)) {
    let name = bone.name.lines.len() as f64 * STRONG.line_height();
    let end = spine + reach - reach.signum() * (name + 4.0);
    let lean = |y: f64| foot - LEAN * (y - spine) / (end - spine);
    plane.line(&[(foot, spine), (foot - LEAN, end)], MUTED, 1.6);
    let first = if reach < 0.0 {
        end - name + STRONG.line_height() / 2.0 - 2.0
    } else {
        end + STRONG.line_height() / 2.0 + 4.0
    };
    write_lines(sheet, (foot - LEAN + 6.0, first), STRONG, Anchor::End, &bone.name);
    let mut y = f64::min(spine, end) + 8.0;
    for item in &bone.items {
        let middle = y + height_of(item) / 2.0;
        plane.line(&[(lean(middle) - TICK, middle), (lean(middle), middle)], LINE, 1.2);
        let at = (lean(middle) - TICK - 4.0, y + LABEL.line_height() / 2.0);
        write_lines(sheet, at, LABEL, Anchor::End, item);
        y += height_of(item) + BETWEEN;
    }
}
