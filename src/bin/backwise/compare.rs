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
    let records: Vec<Record> =
        files.iter().map(|(name, text)| read(report, name, text)).collect::<Result<_, _>>()?;
    let against = records::different_people(report.spoken, &records);
    if !against.is_empty() && !different_people {
        let words = report.spoken.words();
        let [error, look, help] =
            ["error", "different-people", "different-people-help"].map(|id| words.say(id));
        return Err(Failure::Content(format!(
            "{error}: {look}\n\n  {}\n\n  {help}",
            against.join("\n  ")
        )));
    }
    // Two at least; the command line asks for them.
    let Some(comparison) = records::compare(report.spoken, &records) else { return Ok(()) };
    report.put(&comparison.document(), || comparison.json())
}
