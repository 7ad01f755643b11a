//! Records that were kept, judged anew.

use std::io::{self, Write as _};
use std::path::PathBuf;

use backwise::RuleSet;
use backwise::language::Language;
use backwise::replay::{self, Replay};

use crate::app;
use crate::cli::Listing;
use crate::failure::Failure;

/// What to judge anew.
#[derive(Debug, clap::Args)]
pub(crate) struct Asked {
    /// Results or sessions
    #[arg(required = true)]
    records: Vec<PathBuf>,

    /// The rule set of then, for sessions, which do not say what came out
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,

    /// How to print what changed
    #[arg(long, value_enum, default_value_t)]
    format: Listing,
}

/// Judges all records that can be judged; one that cannot is named and keeps none of the others
/// back. A result that changed is exit code 1, a record that cannot be judged that of its failure.
pub(crate) fn replay(rules: &RuleSet, asked: &Asked) -> Result<(), Failure> {
    let of_then = match &asked.against {
        None => None,
        Some(file) => Some(app::read_rules(&file.display().to_string(), &app::read_file(file)?)?),
    };
    let mut replays = Vec::new();
    let mut failed = None;
    for file in &asked.records {
        let name = file.display().to_string();
        let replay = app::read_file(file).and_then(|text| {
            Replay::read(rules, of_then.as_ref(), &name, &text)
                .map_err(|faults| app::content(&faults, &name, &text))
        });
        match replay {
            Ok(replay) => replays.push(replay),
            Err(failure) => {
                // The last one is told at the end, as that of any other command.
                if let Some(earlier) = failed.replace(failure) {
                    let told: String = Failure::told(&earlier, Language::English);
                    writeln!(io::stderr().lock(), "{}", told.trim_end())?;
                }
            }
        }
    }
    if !replays.is_empty() {
        let out = match asked.format {
            Listing::Text => replay::text(rules, &replays),
            Listing::Json => format!("{:#}\n", replay::json(rules, &replays)),
        };
        app::print(&out, false)?;
    }
    match failed {
        Some(failure) => Err(failure),
        None if replay::changed(&replays) > 0 => Err(Failure::Found),
        None => Ok(()),
    }
}
