//! The embedded font family: how wide a text is, which characters it has, and how a page carries it.
//!
//! Noto Sans SC (SIL Open Font License, `fonts/OFL.txt`), cut down to what we write, without kerning and under a name of
//! its own, so that no system font ever takes its place. Two pairs: Latin and Cyrillic; the same with GB2312.

use ttf_parser::Face;

use super::subset::subset;

/// The family's name in SVG, HTML and PDF.
pub const FAMILY: &str = "Concord Sans";

static REGULAR: &[u8] = include_bytes!("fonts/concord-sans-regular.ttf");
static BOLD: &[u8] = include_bytes!("fonts/concord-sans-bold.ttf");
static CHINESE_REGULAR: &[u8] = include_bytes!("fonts/concord-sans-chinese-regular.ttf");
static CHINESE_BOLD: &[u8] = include_bytes!("fonts/concord-sans-chinese-bold.ttf");

/// The embedded family, read for measuring.
pub struct Font {
    regular: Face<'static>,
    bold: Face<'static>,
    small: Face<'static>,
}

impl Font {
    /// Reads the embedded files.
    pub fn new() -> Self {
        let face = |bytes| Face::parse(bytes, 0).expect("the embedded fonts are sound, by their tests");
        Self { regular: face(CHINESE_REGULAR), bold: face(CHINESE_BOLD), small: face(REGULAR) }
    }

    /// Returns the width of a text in px: the sum of its advances, since the family has no kerning.
    ///
    /// A character that the family lacks counts as wide as it is high.
    pub fn width(&self, text: &str, size_px: f64, bold: bool) -> f64 {
        let face = if bold { &self.bold } else { &self.regular };
        let em = face.units_per_em();
        let advance = |c| face.glyph_index(c).and_then(|glyph| face.glyph_hor_advance(glyph)).unwrap_or(em);
        let units: u64 = text.chars().map(|c| u64::from(advance(c))).sum();
        units as f64 * size_px / f64::from(em)
    }

    /// Returns whether the family has the character.
    pub fn covers(&self, character: char) -> bool {
        self.regular.glyph_index(character).is_some()
    }

    /// Returns whether the text needs the larger pair of files.
    pub fn needs_chinese(&self, text: &str) -> bool {
        text.chars().any(|c| self.small.glyph_index(c).is_none() && self.covers(c))
    }

    /// Returns the TrueType files, regular and bold, for programs that draw pages themselves (PDF, PNG).
    pub fn files(needs_chinese: bool) -> [&'static [u8]; 2] {
        if needs_chinese { [CHINESE_REGULAR, CHINESE_BOLD] } else { [REGULAR, BOLD] }
    }

    /// Returns the `@font-face` rules that carry the family inside a page with this text.
    ///
    /// Of the larger pair only the glyphs that occur are carried.
    pub fn face_css(&self, text: &str) -> String {
        let text = &distinct(text);
        let files = Self::files(self.needs_chinese(text));
        let rule = |bytes: &[u8], weight: u16| {
            format!(
                "@font-face{{font-family:\"{FAMILY}\";font-weight:{weight};font-display:block;\
                 src:url(data:font/ttf;base64,{}) format(\"truetype\")}}\n",
                base64(&subset(bytes, text))
            )
        };
        rule(files[0], 400) + &rule(files[1], 700)
    }
}

impl Default for Font {
    fn default() -> Self {
        Self::new()
    }
}

/// Returns each character of the text once: a page has millions, and the glyph of each is looked up.
fn distinct(text: &str) -> String {
    let mut is_seen = vec![false; char::MAX as usize + 1];
    text.chars().filter(|&c| !std::mem::replace(&mut is_seen[c as usize], true)).collect()
}

/// Writes bytes in the base64 alphabet of RFC 4648, padded.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |place: usize| u32::from(chunk.get(place).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let sextet = (bits >> (18 - 6 * place)) & 63;
            out.push(if place <= chunk.len() { char::from(ALPHABET[sextet as usize]) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_agrees_with_the_standard() {
        for (bytes, text) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn characters_are_told_once() {
        assert_eq!(distinct("a客ba客\u{10ffff}"), "a客b\u{10ffff}");
    }

    #[test]
    fn both_pairs_are_equally_wide() {
        let font = Font::new();
        for (bytes, bold) in [(REGULAR, false), (BOLD, true)] {
            let face = Face::parse(bytes, 0).unwrap();
            for c in ('\u{20}'..'\u{2300}').filter(|c| face.glyph_index(*c).is_some()) {
                let advance = face.glyph_hor_advance(face.glyph_index(c).unwrap()).unwrap();
                assert!((font.width(&c.to_string(), 1000.0, bold) - f64::from(advance)).abs() < 1e-9, "{c}");
            }
        }
    }

    #[test]
    fn everything_we_write_is_covered() {
        let font = Font::new();
        let all = "→←↑↓≤≥±−×·•—–…€£№°²√Σ“”‘’«»\u{a0}\u{202f}\u{2009}Яяёé客户满意度。，";
        assert!(all.chars().all(|c| font.covers(c)));
        assert!(!font.covers('𠀀'));
        assert!(font.needs_chinese("客户") && !font.needs_chinese("Отдел 7 – √Σ №"));
    }

    #[test]
    fn digits_are_equally_wide() {
        let font = Font::new();
        for bold in [false, true] {
            let widths: Vec<_> = (0..10).map(|d| font.width(&d.to_string(), 10.0, bold)).collect();
            assert!(widths.windows(2).all(|pair| (pair[0] - pair[1]).abs() < 1e-9));
        }
    }

    #[test]
    fn a_page_carries_only_what_it_needs() {
        let font = Font::new();
        let (latin, chinese) = (font.face_css("Service"), font.face_css("客户满意度"));
        assert!(latin.contains(FAMILY) && latin.len() < 120_000, "{}", latin.len());
        assert!(chinese.len() < 400_000, "{}", chinese.len());
    }
}
