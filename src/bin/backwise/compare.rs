//! The records of one person, compared.

use backwise::records::{self, Record};

use crate::failure::Failure;
use crate::report::{Report, read};

/// Compares the records, the oldest first.
pub(crate) fn compare(
    report: &Report<'_>,
    files: &[(String, String)],
    different_people: bool,
) -> Result<(), Failure> {
    let records: Vec<Record> = files
        .iter()
        .map(|(name, text)| read(report.rules, name, text))
        .collect::<Result<_, _>>()?;
    let against = records::different_people(report.rules, &records);
    if !against.is_empty() && !different_people {
        return Err(Failure::Content(format!(
            "error: these records look like those of different people\n\n  {}\n\n  check the \
             files; `--different-people` compares them all the same",
            against.join("\n  ")
        )));
    }
    // Two at least; the command line asks for them.
    let Some(comparison) = records::compare(report.spoken, &records) else { return Ok(()) };
    report.put(&comparison.document(), || comparison.json())
}
