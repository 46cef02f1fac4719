//! The one theme of all charts: colours, text styles, sizes.
//!
//! Colours are safe for colour-blind readers (teal against brown, never red against green), keep their order in grey
//! print, and every text has a contrast of at least 4.5:1 on what it stands on (WCAG 2.2, tested).

use std::fmt::Write;

use plotters::style::RGBColor;

/// Units of the canvas per px: coordinates of plotters are whole numbers, ours have two decimals.
pub const SCALE: f64 = 100.0;

/// The width of every chart in px.
pub const WIDTH: f64 = 760.0;
/// The empty margin round a chart in px.
pub const MARGIN: f64 = 16.0;

/// Returns a length in px as whole units of the canvas.
pub fn px(length: f64) -> i32 {
    // Charts are a few thousand px large, so the conversion never saturates.
    (length * SCALE).round() as i32
}

/// A colour with the name of its class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    /// The class that carries the colour, without its prefix.
    pub name: &'static str,
    /// The colour.
    pub rgb: RGBColor,
}

const fn colour(name: &'static str, r: u8, g: u8, b: u8) -> Colour {
    Colour { name, rgb: RGBColor(r, g, b) }
}

/// Text and marks of the first rank.
pub const INK: Colour = colour("ink", 0x1f, 0x29, 0x33);
/// Text of the second rank: subtitles, axes, notes.
pub const MUTED: Colour = colour("muted", 0x59, 0x64, 0x70);
/// Hairlines and grids.
pub const LINE: Colour = colour("line", 0xdd, 0xe2, 0xe7);
/// Hatching of what does not exist.
pub const HATCH: Colour = colour("hatch", 0xc3, 0xca, 0xd2);
/// The paper.
pub const PAPER: Colour = colour("paper", 0xff, 0xff, 0xff);
/// The department, or whatever a chart is about.
pub const FOCUS: Colour = colour("focus", 0x0b, 0x5c, 0x8a);
/// What the focus is compared with: the bank.
pub const OTHER: Colour = colour("other", 0x6a, 0x74, 0x7f);
/// The band round what the focus is compared with.
pub const OTHER_TINT: Colour = colour("other-tint", 0xe4, 0xe8, 0xec);
/// A target.
pub const TARGET: Colour = colour("target", 0x8a, 0x4b, 0x08);
/// Met, held, kept.
pub const GOOD: Colour = colour("good", 0x0f, 0x6b, 0x61);
/// Missed, breached.
pub const BAD: Colour = colour("bad", 0x9c, 0x4a, 0x06);

/// Letters and marks of the grades, best first; further grades repeat the last.
pub const GRADE_INKS: [Colour; 5] = [
    colour("grade-1", 0x00, 0x57, 0x4e),
    colour("grade-2", 0x1f, 0x74, 0x6b),
    colour("grade-3", 0x59, 0x64, 0x70),
    colour("grade-4", 0x95, 0x55, 0x0c),
    colour("grade-5", 0x7a, 0x33, 0x06),
];

/// Backgrounds of the grades' bands, best first.
pub const GRADE_TINTS: [Colour; 5] = [
    colour("tint-1", 0xd6, 0xeb, 0xe7),
    colour("tint-2", 0xe9, 0xf4, 0xf2),
    colour("tint-3", 0xf5, 0xf6, 0xf7),
    colour("tint-4", 0xfb, 0xf2, 0xe4),
    colour("tint-5", 0xf6, 0xe3, 0xcf),
];

/// Steps of a correlation from −1 to +1, brown over white to blue.
pub const STEPS: [Colour; 7] = [
    colour("step-1", 0x9a, 0x4f, 0x0f),
    colour("step-2", 0xd9, 0x9c, 0x5b),
    colour("step-3", 0xf3, 0xde, 0xc4),
    colour("step-4", 0xf6, 0xf7, 0xf8),
    colour("step-5", 0xcf, 0xe2, 0xf0),
    colour("step-6", 0x79, 0xae, 0xd3),
    colour("step-7", 0x1d, 0x62, 0x93),
];

/// Every named colour.
pub fn colours() -> impl Iterator<Item = Colour> {
    [INK, MUTED, LINE, HATCH, PAPER, FOCUS, OTHER, OTHER_TINT, TARGET, GOOD, BAD]
        .into_iter()
        .chain(GRADE_INKS)
        .chain(GRADE_TINTS)
        .chain(STEPS)
}

/// Returns the contrast of two colours, 1 to 21 (WCAG 2.2, relative luminance).
pub fn contrast(a: RGBColor, b: RGBColor) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(RGBColor(r, g, b): RGBColor) -> f64 {
    let linear = |channel: u8| {
        let c = f64::from(channel) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { libm::pow((c + 0.055) / 1.055, 2.4) }
    };
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

/// Returns ink or paper, whichever reads better on the background.
pub fn text_on(background: Colour) -> Colour {
    if contrast(INK.rgb, background.rgb) >= contrast(PAPER.rgb, background.rgb) { INK } else { PAPER }
}

/// A text style: size, weight, usual colour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// The class that carries size and weight, without its prefix.
    pub name: &'static str,
    /// The size in px.
    pub size: f64,
    /// Whether it is bold.
    pub bold: bool,
    /// The colour.
    pub colour: Colour,
}

impl Style {
    /// Returns the style in another colour.
    pub const fn in_colour(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }

    /// Returns the distance from one line to the next in px.
    pub fn line_height(self) -> f64 {
        (self.size * 1.3).round()
    }

    /// Returns how far the baseline lies below the middle of a capital letter, in px.
    pub fn drop(self) -> f64 {
        self.size * 0.3665
    }
}

/// The headline.
pub const TITLE: Style = Style { name: "title", size: 18.0, bold: true, colour: INK };
/// What, where, when.
pub const SUBTITLE: Style = Style { name: "subtitle", size: 13.0, bold: false, colour: MUTED };
/// Names and figures.
pub const LABEL: Style = Style { name: "label", size: 12.0, bold: false, colour: INK };
/// Figures that matter most.
pub const STRONG: Style = Style { name: "strong", size: 12.0, bold: true, colour: INK };
/// Axes and column heads.
pub const AXIS: Style = Style { name: "axis", size: 11.0, bold: false, colour: MUTED };
/// Notes under a chart.
pub const NOTE: Style = Style { name: "note", size: 11.0, bold: false, colour: MUTED };
/// Grade letters over their bands.
pub const BAND: Style = Style { name: "band", size: 11.0, bold: true, colour: MUTED };

/// Every text style.
pub const STYLES: [Style; 7] = [TITLE, SUBTITLE, LABEL, STRONG, AXIS, NOTE, BAND];

/// Returns the style rules that every chart carries.
pub fn css() -> String {
    let mut css = String::new();
    for style in STYLES {
        let weight = if style.bold { 700 } else { 400 };
        write!(css, ".c-{}{{font-size:{}px;font-weight:{weight}}}", style.name, style.size)
            .expect("a string takes everything");
    }
    for Colour { name, rgb: RGBColor(r, g, b) } in colours() {
        write!(css, ".c-f-{name}{{fill:#{r:02x}{g:02x}{b:02x}}}.c-s-{name}{{stroke:#{r:02x}{g:02x}{b:02x}}}")
            .expect("a string takes everything");
    }
    css
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_colour_reads_on_what_it_stands_on() {
        let mut pairs = vec![];
        for text in [INK, MUTED, FOCUS, OTHER, TARGET, GOOD, BAD].into_iter().chain(GRADE_INKS) {
            pairs.push((text, PAPER));
        }
        pairs.extend(GRADE_INKS.into_iter().zip(GRADE_TINTS));
        pairs.extend(STEPS.into_iter().map(|step| (text_on(step), step)));
        for (text, ground) in pairs {
            let contrast = contrast(text.rgb, ground.rgb);
            assert!(contrast >= 4.5, "{} on {}: {contrast:.2}", text.name, ground.name);
        }
    }

    #[test]
    fn grades_keep_their_order_in_grey_print() {
        assert!(luminance(STEPS[3].rgb) > luminance(STEPS[2].rgb));
        for half in [&STEPS[..4], &[STEPS[6], STEPS[5], STEPS[4], STEPS[3]]] {
            assert!(half.windows(2).all(|pair| luminance(pair[0].rgb) < luminance(pair[1].rgb)));
        }
    }

    #[test]
    fn black_and_white_have_the_contrast_of_the_standard() {
        assert!((contrast(RGBColor(0, 0, 0), PAPER.rgb) - 21.0).abs() < 1e-9);
    }
}
