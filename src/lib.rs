//! Concord joins customer satisfaction surveys, service-commitment records and staff competency scores.

pub mod error;
pub mod month;
pub mod random;
pub mod project;
pub mod example;
pub mod books;
pub mod source;
pub mod starter;
pub mod check;
pub mod assess;
pub mod link;
pub mod count;
pub mod store;
pub mod intake;
pub mod stats;
pub mod measure;
pub mod relation;
pub mod rating;
pub mod finding;
pub mod analysis;
pub mod disclose;
pub mod text;
pub mod chart;
pub mod report;
pub mod publish;
pub mod cli;
