//! Layout of labels: wrapping, shortening, and placing so that no two overlap.
//!
//! In: texts and the places they wish for. Out: lines and places in px, measured with the embedded font.

use super::theme::Style;
use crate::text::font::Font;

/// A text laid out in lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lines {
    /// The lines, none for an empty text.
    pub lines: Vec<String>,
    /// The whole text where the lines show only its beginning.
    pub full: Option<String>,
}

impl Lines {
    /// Returns the width of the widest line in px.
    pub fn width(&self, font: &Font, style: Style) -> f64 {
        self.lines.iter().map(|line| font.width(line, style.size, style.bold)).fold(0.0, f64::max)
    }
}

/// Lays a text out in at most `max_lines` lines of at most `width` px; what does not fit ends in `…`.
pub fn fit(font: &Font, text: &str, style: Style, width: f64, max_lines: usize) -> Lines {
    let measure = |line: &str| font.width(line, style.size, style.bold);
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut lines = wrap(&measure, clean.trim(), width);
    if lines.len() <= max_lines {
        return Lines { lines, full: None };
    }
    lines.truncate(max_lines);
    if let Some(last) = lines.last_mut() {
        *last = shorten(&measure, last, width);
    }
    Lines { lines, full: Some(text.to_owned()) }
}

/// Cuts a line so that it fits with the sign of omission behind it.
fn shorten(measure: &impl Fn(&str) -> f64, line: &str, width: f64) -> String {
    let mut kept: Vec<char> = line.chars().collect();
    loop {
        let text = kept.iter().collect::<String>().trim_end_matches([' ', ',', '.', '-']).to_owned() + "…";
        if kept.is_empty() || measure(&text) <= width {
            return text;
        }
        kept.pop();
    }
}

/// Breaks a text at spaces and between Chinese characters, and inside words only where they are too long.
fn wrap(measure: &impl Fn(&str) -> f64, text: &str, width: f64) -> Vec<String> {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for piece in pieces(text) {
        if line.is_empty() || measure(&format!("{line}{}", piece.trim_end())) <= width {
            line.push_str(piece);
        } else {
            lines.push(line.trim_end().to_owned());
            line = piece.to_owned();
        }
        while measure(line.trim_end()) > width && line.chars().count() > 1 {
            let rest = split_off(measure, &mut line, width);
            lines.push(std::mem::replace(&mut line, rest));
        }
    }
    if !line.trim().is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Cuts a line that is too wide, and returns what is left of it.
fn split_off(measure: &impl Fn(&str) -> f64, line: &mut String, width: f64) -> String {
    let cuts = line.char_indices().map(|(at, _)| at).skip(1);
    let cut = cuts.take_while(|at| measure(&line[..*at]) <= width).last();
    let first = line.chars().next().map_or(0, char::len_utf8);
    line.split_off(cut.unwrap_or(first))
}

/// The parts between which a line may break.
fn pieces(text: &str) -> Vec<&str> {
    let (mut pieces, mut start, mut before) = (Vec::new(), 0, '\0');
    for (at, c) in text.char_indices() {
        let breaks = (before == ' ' && c != ' ') || (at > 0 && is_ideograph(before) && is_ideograph(c));
        if breaks {
            pieces.push(&text[start..at]);
            start = at;
        }
        before = c;
    }
    pieces.push(&text[start..]);
    pieces
}

fn is_ideograph(c: char) -> bool {
    ('\u{3040}'..='\u{9fff}').contains(&c) || ('\u{20000}'..='\u{3ffff}').contains(&c)
}

/// Moves labels of these heights as little as possible so that they do not overlap and stay within the limits.
///
/// `wished` are middles, in rising order. Least squares under a minimum distance: pooling of adjacent violators.
/// Labels that together are higher than the limits allow run over the lower one.
pub fn place(wished: &[f64], height: f64, limits: (f64, f64)) -> Vec<f64> {
    // A pool of labels that touch: where its first one stands, and how many they are.
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for &wish in wished {
        let mut pool = (wish, 1);
        while let Some(&(first, size)) = pools.last() {
            if first + size as f64 * height <= pool.0 {
                break;
            }
            let total = size + pool.1;
            let moved = pool.0 - size as f64 * height;
            pool = ((first * size as f64 + moved * pool.1 as f64) / total as f64, total);
            pools.pop();
        }
        pools.push(pool);
    }
    let mut places: Vec<f64> =
        pools.iter().flat_map(|&(first, size)| (0..size).map(move |k| first + k as f64 * height)).collect();
    let mut limit = limits.1 - height / 2.0;
    for place in places.iter_mut().rev() {
        *place = place.min(limit);
        limit = *place - height;
    }
    let mut limit = limits.0 + height / 2.0;
    for place in &mut places {
        *place = place.max(limit);
        limit = *place + height;
    }
    places
}

/// Returns which labels of these middles and widths can stand side by side with a gap, the last one first of all.
pub fn spaced(middles: &[f64], widths: &[f64], gap: f64) -> Vec<bool> {
    let mut shown = vec![false; middles.len()];
    let mut free = f64::INFINITY;
    for place in (0..middles.len()).rev() {
        let (left, right) = (middles[place] - widths[place] / 2.0, middles[place] + widths[place] / 2.0);
        if right + gap <= free {
            shown[place] = true;
            free = left;
        }
    }
    shown
}

/// Returns round values within the range, about `count` of them, and the decimals they need.
pub fn ticks(range: (f64, f64), count: usize) -> (Vec<f64>, usize) {
    let span = range.1 - range.0;
    if span.is_nan() || span <= 0.0 || !span.is_finite() {
        return (vec![range.0], 1);
    }
    let power = libm::floor(libm::log10(span / count.max(1) as f64));
    let base = libm::pow(10.0, power);
    let step = [1.0, 2.0, 5.0, 10.0].map(|m| m * base).into_iter().find(|s| span / s <= count as f64 + 0.001);
    let step = step.unwrap_or(10.0 * base);
    let (first, last) = ((range.0 / step - 1e-9).ceil() as i64, (range.1 / step + 1e-9).floor() as i64);
    let digits = (-libm::floor(libm::log10(step) + 1e-9)).max(0.0) as usize;
    ((first..=last).map(|k| k as f64 * step).collect(), digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::theme::LABEL;

    fn check(text: &str, width: f64, max_lines: usize) -> Lines {
        let font = Font::new();
        let lines = fit(&font, text, LABEL, width, max_lines);
        assert!(lines.width(&font, LABEL) <= width.max(12.0), "{lines:?}");
        assert!(lines.lines.len() <= max_lines);
        lines
    }

    #[test]
    fn names_break_at_spaces_and_between_chinese_characters() {
        assert_eq!(check("Corporate Client Relations", 100.0, 2).lines, ["Corporate Client", "Relations"]);
        assert_eq!(check("客户关系管理部门", 60.0, 2).lines, ["客户关系管", "理部门"]);
        assert_eq!(check("", 60.0, 2), Lines::default());
        assert_eq!(check("Branch", 60.0, 2).full, None);
    }

    #[test]
    fn what_does_not_fit_is_shortened_and_kept_in_full() {
        let name = "W".repeat(200);
        let lines = check(&name, 120.0, 2);
        assert!(lines.lines[1].ends_with('…'));
        assert_eq!(lines.full.as_deref(), Some(name.as_str()));
        check("W", 1.0, 1);
    }

    #[test]
    fn placed_labels_keep_their_distance_and_their_limits() {
        let places = place(&[10.0, 11.0, 12.0, 99.0], 10.0, (0.0, 100.0));
        assert!(places.windows(2).all(|pair| pair[1] - pair[0] >= 10.0 - 1e-9), "{places:?}");
        assert!(places[0] >= 5.0 && places[3] <= 95.0);
        assert_eq!(place(&[20.0, 50.0], 10.0, (0.0, 100.0)), [20.0, 50.0]);
    }

    #[test]
    fn labels_side_by_side_keep_the_last() {
        assert_eq!(spaced(&[0.0, 5.0, 10.0], &[6.0; 3], 1.0), [true, false, true]);
        assert_eq!(spaced(&[], &[], 1.0), Vec::<bool>::new());
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(ticks((0.0, 100.0), 5), (vec![0.0, 20.0, 40.0, 60.0, 80.0, 100.0], 0));
        let (values, digits) = ticks((0.975, 1.0), 5);
        assert_eq!((values.len(), digits), (6, 3));
        assert_eq!(ticks((5.0, 5.0), 5).0, [5.0]);
    }
}
