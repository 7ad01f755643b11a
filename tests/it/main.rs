//! Integration tests: the library and the real binary, from the outside.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod article;
mod batch;
mod batch_files;
mod batch_readers;
mod doors;
mod explain;
mod faults;
mod generated;
mod interviews;
mod language;
mod lints;
mod made_up;
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
#[path = "../../benches/src/rows.rs"]
#[allow(dead_code, unreachable_pub, reason = "the benchmark is made of the same rows")]
mod rows;
mod safety;
mod screen;
mod sessions;
mod spanish;
mod sql;
mod terminal;
mod tidy;
