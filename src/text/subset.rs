//! Cutting a TrueType font down to the glyphs of a text, so that a page carries 0.1 MB and not 5.
//!
//! Glyph numbers stay; outlines that no character of the text needs become empty. The tables are those of Apple's and
//! Microsoft's TrueType specifications (`glyf`, `loca`, `head`, table directory).

use std::collections::BTreeSet;

use ttf_parser::{Face, GlyphId, Tag};

/// The tables of a font that browsers need, in the order of the directory.
const TABLES: [&[u8; 4]; 10] =
    [b"OS/2", b"cmap", b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp", b"name", b"post"];

/// Returns the font with the outlines of the text's characters alone; a font that is no TrueType comes back as it was.
pub fn subset(font: &[u8], text: &str) -> Vec<u8> {
    reduce(font, text).unwrap_or_else(|| font.to_vec())
}

fn reduce(font: &[u8], text: &str) -> Option<Vec<u8>> {
    let face = Face::parse(font, 0).ok()?;
    let raw = face.raw_face();
    let glyf = raw.table(Tag::from_bytes(b"glyf"))?;
    let offsets = offsets(raw.table(Tag::from_bytes(b"loca"))?, raw.table(Tag::from_bytes(b"head"))?)?;
    let outline = |glyph: u16| {
        let place = usize::from(glyph);
        glyf.get(*offsets.get(place)?..*offsets.get(place + 1)?)
    };
    let kept = closure(&face, text, &outline);
    let (mut glyphs, mut places) = (Vec::new(), vec![0_u32]);
    for glyph in 0..face.number_of_glyphs() {
        if kept.contains(&glyph) {
            glyphs.extend_from_slice(outline(glyph)?);
            glyphs.resize(glyphs.len().next_multiple_of(4), 0);
        }
        places.push(u32::try_from(glyphs.len()).ok()?);
    }
    let loca: Vec<u8> = places.iter().flat_map(|place| place.to_be_bytes()).collect();
    let mut tables = Vec::new();
    for tag in TABLES {
        let Some(table) = raw.table(Tag::from_bytes(tag)) else { continue };
        tables.push((
            *tag,
            match tag {
                b"glyf" => glyphs.clone(),
                b"loca" => loca.clone(),
                b"head" => long_offsets(table),
                _ => table.to_vec(),
            },
        ));
    }
    assemble(&tables)
}

/// The glyphs of the text, the parts they are composed of, and glyph 0.
fn closure<'a>(face: &Face<'_>, text: &str, outline: &impl Fn(u16) -> Option<&'a [u8]>) -> BTreeSet<u16> {
    let mut kept = BTreeSet::from([0_u16]);
    let mut pending: Vec<u16> =
        text.chars().chain(' '..='~').filter_map(|c| face.glyph_index(c)).map(|GlyphId(id)| id).collect();
    while let Some(glyph) = pending.pop() {
        if kept.insert(glyph) {
            pending.extend(parts(outline(glyph).unwrap_or_default()));
        }
    }
    kept
}

/// The glyphs that a composite outline refers to; none for a simple one.
fn parts(outline: &[u8]) -> Vec<u16> {
    let word = |at: usize| outline.get(at..at + 2).map(|bytes| u16::from_be_bytes([bytes[0], bytes[1]]));
    let mut parts = Vec::new();
    // A negative number of contours marks a composite; its records follow the ten bytes of the header.
    if word(0).is_none_or(|contours| contours < 0x8000) {
        return parts;
    }
    let mut at = 10;
    while let (Some(flags), Some(part)) = (word(at), word(at + 2)) {
        parts.push(part);
        let words = flags & 1 != 0;
        let scale = [(0x08, 2), (0x40, 4), (0x80, 8)].iter().find(|(flag, _)| flags & flag != 0);
        at += 4 + if words { 4 } else { 2 } + scale.map_or(0, |(_, bytes)| *bytes);
        if flags & 0x20 == 0 {
            break;
        }
    }
    parts
}

/// The byte offsets of `loca`, whose width stands in `head`.
fn offsets(loca: &[u8], head: &[u8]) -> Option<Vec<usize>> {
    let short = *head.get(51)? == 0;
    Some(if short {
        loca.chunks_exact(2).map(|b| usize::from(u16::from_be_bytes([b[0], b[1]])) * 2).collect()
    } else {
        loca.chunks_exact(4).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]) as usize).collect()
    })
}

/// The table `head`, saying that offsets are long and without the check sum of the whole file, which browsers ignore.
fn long_offsets(head: &[u8]) -> Vec<u8> {
    let mut head = head.to_vec();
    head[8..12].fill(0);
    head[50..52].copy_from_slice(&[0, 1]);
    head
}

/// The file: header, directory, tables padded to four bytes.
fn assemble(tables: &[([u8; 4], Vec<u8>)]) -> Option<Vec<u8>> {
    let count = u16::try_from(tables.len()).ok()?;
    let log = count.ilog2();
    let range = 16_u16 << log;
    let mut file = vec![0, 1, 0, 0];
    for field in [count, range, u16::try_from(log).ok()?, count * 16 - range] {
        file.extend(field.to_be_bytes());
    }
    let mut offset = 12 + 16 * tables.len();
    for (tag, table) in tables {
        file.extend(tag);
        for field in [checksum(table), u32::try_from(offset).ok()?, u32::try_from(table.len()).ok()?] {
            file.extend(field.to_be_bytes());
        }
        offset += table.len().next_multiple_of(4);
    }
    for (_, table) in tables {
        file.extend(table);
        file.resize(file.len().next_multiple_of(4), 0);
    }
    Some(file)
}

fn checksum(table: &[u8]) -> u32 {
    table.chunks(4).fold(0, |sum: u32, chunk| {
        let byte = |place: usize| chunk.get(place).copied().unwrap_or(0);
        sum.wrapping_add(u32::from_be_bytes([byte(0), byte(1), byte(2), byte(3)]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::font::Font;

    #[test]
    fn a_subset_keeps_the_outlines_and_widths_of_its_text() {
        let [regular, _] = Font::files(true);
        let small = subset(regular, "客户满意度");
        assert!(small.len() < 200_000, "{}", small.len());
        let (before, after) = (Face::parse(regular, 0).unwrap(), Face::parse(&small, 0).unwrap());
        for c in "客户满意度Az7".chars() {
            let glyph = after.glyph_index(c).unwrap();
            assert_eq!(before.glyph_bounding_box(glyph), after.glyph_bounding_box(glyph));
            assert_eq!(before.glyph_hor_advance(glyph), after.glyph_hor_advance(glyph));
        }
        assert!(after.glyph_bounding_box(after.glyph_index('银').unwrap()).is_none());
    }

    #[test]
    fn parts_of_composite_glyphs_stay() {
        let [regular, _] = Font::files(false);
        let small = subset(regular, "Йё");
        let (before, after) = (Face::parse(regular, 0).unwrap(), Face::parse(&small, 0).unwrap());
        for c in "Йё".chars() {
            let glyph = after.glyph_index(c).unwrap();
            assert_eq!(before.glyph_bounding_box(glyph), after.glyph_bounding_box(glyph), "{c}");
        }
    }

    #[test]
    fn what_is_no_font_comes_back_as_it_was() {
        assert_eq!(subset(b"no font", "a"), b"no font");
    }
}
