//! The store: the counted tables of every month on disk, replaced whole, never half.
//!
//! In: count tables and a header per month. Out: the same, read back and checked. Deliberately absent: what is counted, and
//! what is made of it. The writing primitives here ([`disk`], [`fault`], [`lock`]) also serve the publication.

pub mod disk;
pub mod table;
pub mod encode;
pub mod fault;
pub mod lock;
pub mod month;
mod specs;
mod counts;
mod sums;
mod recall;
mod response;

pub use counts::tables;
pub use fault::FaultPlan;
pub use lock::Lock;
pub use month::{Header, Input, Store, StoredMonth};
pub use recall::{SegmentSums, add_segments, counts};
pub use specs::{MONTH_TABLES, SEGMENT_FAMILIES};
pub use table::{Table, TableBuilder, TableSpec};
