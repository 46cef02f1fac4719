//! Text: the only place where numbers become text, the catalogues of sentences, and the fonts that measure them.
//!
//! In: numbers, months, message keys. Out: text in a reader's language, and its width. Deliberately absent: what is
//! worth saying (findings) and where it stands on a page (charts, reports).

pub mod number;
pub mod catalogue;
pub mod subset;
pub mod font;
