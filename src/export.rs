//! The rule set in other languages.

pub mod sql;
