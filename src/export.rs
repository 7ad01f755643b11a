//! The rule set as a program for other engines.

pub mod sql;
