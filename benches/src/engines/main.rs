//! Judges rows with a published rule engine: `engines datalogic|cel|zen FILE`.
//!
//! The engine is given every condition of the rule set and judges them in the order of the
//! questionnaire; all else is the same for each engine: reading the row, adding up points, taking
//! the highest care and the first suggestion that holds, and writing the line. Rows must fit.

mod cel;
mod datalogic;
mod host;
mod infix;
mod program;
#[path = "../row.rs"]
mod row;
mod zen;

use std::error::Error;
use std::io::{BufRead as _, Write as _};

use host::Host;
use program::Program;

const RULES: &str = include_str!("../../../rules/back-pain.yaml");

/// Whatever went wrong.
type Failure = Box<dyn Error>;

/// A map that is fast and keeps its order.
type FxIndexMap<K, V> = indexmap::IndexMap<K, V, rustc_hash::FxBuildHasher>;

/// What a name stands for in a row.
#[derive(Clone, Debug, Default)]
enum Fact<'a> {
    #[default]
    Nothing,
    Word(&'a str),
    Words(Vec<&'a str>),
    Number(i64),
    Holds,
}

/// A published rule engine with the tests of a program.
trait Engine {
    /// Judges some of the tests on what is known, and puts down which hold.
    ///
    /// `changed` has the names whose fact is not what it was at the last call.
    fn judge(
        &mut self,
        facts: &[Fact<'_>],
        changed: &[usize],
        tests: &[usize],
        held: &mut [bool],
    ) -> Result<(), Failure>;
}

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let engine = arguments.next().ok_or("an engine is missing")?;
    let file = arguments.next().ok_or("a file is missing")?;
    let rules = backwise::RuleSet::read(RULES).map_err(|faults| format!("{faults:?}"))?;
    let program = Program::new(&rules);
    let engine: Box<dyn Engine> = match engine.as_str() {
        "datalogic" => Box::new(datalogic::Datalogic::new(&program)?),
        "cel" => Box::new(cel::Cel::new(&program)?),
        "zen" => Box::new(zen::Zen::new(&program)?),
        other => return Err(format!("there is no engine {other}").into()),
    };
    let mut host = Host::new(&rules, &program, engine);
    let mut reader = std::io::BufReader::with_capacity(1 << 18, std::fs::File::open(file)?);
    let mut out = std::io::BufWriter::with_capacity(1 << 18, std::io::stdout().lock());
    let mut line = Vec::new();
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        host.row(&line, &mut out)?;
    }
    out.flush()?;
    Ok(())
}
