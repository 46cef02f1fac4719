//! The sheet: a backend of our own for plotters, and the only writer of SVG text.
//!
//! In: shapes in 1/100 px, texts in px. Out: one SVG, the same bytes for the same calls, everything escaped.
//! plotters' own SVG backend measures text in bytes and rounds to whole px; this one takes shapes alone.

use std::cell::RefCell;
use std::convert::Infallible;
use std::fmt::Write;
use std::rc::Rc;

use plotters_backend::{BackendColor, BackendCoord, BackendStyle, DrawingBackend, DrawingErrorKind};

use super::theme::{self, SCALE, Style};
use crate::text::font::{FAMILY, Font};

/// A finished chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Svg {
    /// The element id, unique in a document, also the stem of file names.
    pub id: String,
    /// The headline.
    pub title: String,
    /// The SVG element.
    pub text: String,
    /// Width in px.
    pub width: f64,
    /// Height in px.
    pub height: f64,
    /// What the chart shows, for readers who do not see it.
    pub alt: String,
}

impl Svg {
    /// Returns the chart as a file of its own, which carries its fonts.
    pub fn stand_alone(&self, font: &Font) -> String {
        let css = font.face_css(&self.text);
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n",
            self.text.replacen("<style>", &format!("<style>{css}"), 1)
        )
    }
}

/// Where a text hangs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// It begins here.
    Start,
    /// Its middle is here.
    Middle,
    /// It ends here.
    End,
}

/// The sheet on which one chart is drawn; copies draw on the same sheet.
#[derive(Clone, Default)]
pub struct Sheet {
    body: Rc<RefCell<String>>,
}

impl Sheet {
    /// Returns an empty sheet; its height is known when it is finished.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes one line of text, its baseline at `y`.
    pub fn text(&self, at: (f64, f64), style: Style, anchor: Anchor, text: &str) {
        self.titled(at, style, anchor, (text, None));
    }

    /// Writes one line of text that shows its full form when pointed at.
    pub fn titled(
        &self,
        (x, y): (f64, f64),
        style: Style,
        anchor: Anchor,
        (text, full): (&str, Option<&str>),
    ) {
        if text.is_empty() {
            return;
        }
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let line = format!(
            "<text class=\"c-{} c-f-{}\" x=\"{x:.2}\" y=\"{y:.2}\"{anchor}>{}</text>",
            style.name,
            style.colour.name,
            escape(text)
        );
        // The title stands outside the text element: not every program knows that it is no part of the text.
        match full {
            Some(full) => self.write(&format!("<g><title>{}</title>{line}</g>\n", escape(full))),
            None => self.write(&format!("{line}\n")),
        }
    }

    /// Draws a group with these attributes, named when pointed at.
    pub fn group(&self, attributes: &[(&str, &str)], title: Option<&str>, draw: impl FnOnce()) {
        let list: String =
            attributes.iter().map(|(name, value)| format!(" {name}=\"{}\"", escape(value))).collect();
        self.write(&format!("<g{list}>"));
        if let Some(title) = title {
            self.write(&format!("<title>{}</title>", escape(title)));
        }
        self.write("\n");
        draw();
        self.write("</g>\n");
    }

    /// Closes the sheet at this height in px: the SVG with its title and description.
    pub fn finish(self, id: &str, title: &str, alt: &str, height: f64) -> Svg {
        let id = identifier(id);
        let (width, height) = (theme::WIDTH, height.ceil());
        let text = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"{id}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" \
             viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" font-family=\"{FAMILY}\" \
             style=\"max-width:100%;height:auto\">\n<title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n\
             <style>{}</style>\n<rect class=\"c-f-paper\" width=\"{width}\" height=\"{height}\"/>\n{}</svg>",
            escape(title),
            escape(alt),
            theme::css(),
            self.body.borrow()
        );
        Svg { id, title: title.to_owned(), text, width, height, alt: alt.to_owned() }
    }

    fn write(&self, text: &str) {
        self.body.borrow_mut().push_str(text);
    }

    fn shape(&self, name: &str, geometry: &str, paint: &str) {
        self.write(&format!("<{name} {geometry} {paint}/>\n"));
    }
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl DrawingBackend for Sheet {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        // The height is open, so the backend offers more than any chart needs.
        (theme::px(theme::WIDTH).unsigned_abs(), theme::px(1e6).unsigned_abs())
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn {
        self.shape("rect", &format!("{} width=\"0.01\" height=\"0.01\"", at("x", "y", point)), &fill(color));
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.shape("line", &format!("{} {}", at("x1", "y1", from), at("x2", "y2", to)), &stroke(style));
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        filled: bool,
    ) -> Drawn {
        let size = (bottom_right.0 - upper_left.0, bottom_right.1 - upper_left.1);
        let geometry = format!("{} {}", at("x", "y", upper_left), at("width", "height", size));
        self.shape("rect", &geometry, &paint(style, filled));
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        self.shape("polyline", &points(path), &stroke(style));
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        centre: BackendCoord,
        radius: u32,
        style: &S,
        filled: bool,
    ) -> Drawn {
        let geometry = format!("{} r=\"{}\"", at("cx", "cy", centre), decimal(radius));
        self.shape("circle", &geometry, &paint(style, filled));
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        vert: I,
        style: &S,
    ) -> Drawn {
        self.shape("polygon", &points(vert), &fill(style.color()));
        Ok(())
    }
}

fn at(x: &str, y: &str, point: BackendCoord) -> String {
    format!("{x}=\"{}\" {y}=\"{}\"", decimal(point.0), decimal(point.1))
}

fn points(path: impl IntoIterator<Item = BackendCoord>) -> String {
    let list: Vec<_> = path.into_iter().map(|(x, y)| format!("{},{}", decimal(x), decimal(y))).collect();
    format!("points=\"{}\"", list.join(" "))
}

/// Writes canvas units as px.
fn decimal(units: impl Into<f64>) -> String {
    format!("{}", units.into() / SCALE)
}

fn paint<S: BackendStyle>(style: &S, filled: bool) -> String {
    if filled { fill(style.color()) } else { stroke(style) }
}

fn fill(color: BackendColor) -> String {
    coloured("fill", "f", color)
}

fn stroke<S: BackendStyle>(style: &S) -> String {
    let width = decimal(style.stroke_width());
    format!("fill=\"none\" {} stroke-width=\"{width}\"", coloured("stroke", "s", style.color()))
}

/// A colour by its class where the theme has one, else by value.
fn coloured(attribute: &str, prefix: &str, BackendColor { alpha, rgb: (r, g, b) }: BackendColor) -> String {
    let named = theme::colours().find(|colour| (colour.rgb.0, colour.rgb.1, colour.rgb.2) == (r, g, b));
    let mut text = match named {
        Some(colour) => format!("class=\"c-{prefix}-{}\"", colour.name),
        None => format!("{attribute}=\"#{r:02x}{g:02x}{b:02x}\""),
    };
    if alpha < 1.0 {
        write!(text, " {attribute}-opacity=\"{alpha:.2}\"").expect("a string takes everything");
    }
    text
}

/// Escapes text for XML and drops what XML cannot hold, and signs that turn the direction of writing.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Turns any text into an element id: ASCII letters, digits, `-`, a letter first.
pub fn identifier(text: &str) -> String {
    let clean: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    if clean.starts_with(|c: char| c.is_ascii_alphabetic()) { clean } else { format!("c{clean}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plotters::prelude::*;

    #[test]
    fn texts_are_escaped_and_stripped_of_what_xml_cannot_hold() {
        assert_eq!(escape("<a href=\"x\">&'\u{0}\u{202e}"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
    }

    #[test]
    fn shapes_of_plotters_have_two_decimals_and_classes() {
        let sheet = Sheet::new();
        let area = sheet.clone().into_drawing_area();
        area.draw(&Circle::new((123, 456), 150, theme::INK.rgb.filled())).unwrap();
        let svg = sheet.finish("a b", "t", "d", 10.0).text;
        assert!(svg.contains("<circle cx=\"1.23\" cy=\"4.56\" r=\"1.5\" class=\"c-f-ink\"/>"), "{svg}");
        assert!(svg.contains("id=\"a-b\"") && svg.contains("viewBox=\"0 0 760 10\""));
    }

    #[test]
    fn a_file_of_its_own_carries_its_fonts() {
        let svg = Sheet::new().finish("x", "t", "d", 10.0);
        assert_eq!(svg.stand_alone(&Font::new()).matches("@font-face").count(), 2);
    }

    #[test]
    fn an_id_is_a_plain_word() {
        assert_eq!(identifier("Trend <North>"), "trend--north-");
        assert_eq!(identifier("7"), "c7");
    }
}
