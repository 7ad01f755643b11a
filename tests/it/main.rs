//! Integration tests: the library and the real binary, from the outside.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod article;
mod doors;
mod explain;
mod faults;
mod generated;
mod interviews;
mod language;
mod lints;
mod mutation;
mod people;
mod people_by_doors;
mod pictures;
mod plain;
mod program;
mod readme;
mod records;
mod replay;
mod report;
mod safety;
mod screen;
mod sessions;
mod spanish;
mod terminal;
mod tidy;
