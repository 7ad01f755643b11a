//! Parses the rule set that is built in, so that the program need not do so at every start.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "the build needs only the reader of YAML, not all of its rooms"
)]

#[path = "src/fault.rs"]
mod fault;
#[path = "src/prose.rs"]
mod prose;
#[path = "src/yaml.rs"]
mod yaml;

use std::path::PathBuf;
use std::{env, fs, io};

const RULES: &str = "rules/back-pain.yaml";

fn main() -> io::Result<()> {
    for watched in [RULES, "build.rs", "src/fault.rs", "src/prose.rs", "src/yaml.rs"] {
        // Cargo reads these lines from standard output.
        io::Write::write_fmt(
            &mut io::stdout(),
            format_args!("cargo::rerun-if-changed={watched}\n"),
        )?;
    }
    // A file that is not YAML is packed as nothing: the program reports it with its place.
    let packed = yaml::read(&fs::read_to_string(RULES)?).map(|node| yaml::pack(&node));
    let folder = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(folder.join("back-pain.packed"), packed.unwrap_or_default())
}
