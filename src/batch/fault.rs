//! A row that does not fit. It is never guessed at: it becomes a line that says so.

use std::fmt;

use serde::Serialize;
use serde_json::value::RawValue;

use super::lines::Form;
use crate::prose::clean_line;
use crate::questionnaire::{Misfit, Question};

/// The most characters of a value that an error repeats.
const LONGEST_VALUE: usize = 80;

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    /// What the row calls itself, in the form of the result lines, where that could be read.
    pub id: Option<Vec<u8>>,
    /// The column at fault, where it is one.
    pub column: Option<String>,
    /// What stands there.
    pub value: Option<String>,
    /// What is wrong with it.
    pub message: String,
    /// What was expected.
    pub expected: String,
}

#[derive(Serialize)]
struct Shape<'a> {
    row: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    error: &'a str,
    column: Option<&'a str>,
    value: Option<&'a str>,
    expected: &'a str,
}

impl RowFault {
    /// A row that is at fault as a whole.
    pub fn whole(message: impl Into<String>, expected: impl Into<String>) -> Self {
        let (message, expected) = (message.into(), expected.into());
        Self { id: None, column: None, value: None, message, expected }
    }

    /// A row with a fault in one column.
    pub(super) fn cell(
        column: &str,
        value: &str,
        message: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        let shown: String = clean_line(value).chars().take(LONGEST_VALUE).collect();
        Self {
            column: Some(clean_line(column)),
            value: Some(shown),
            ..Self::whole(message, expected)
        }
    }

    /// An answer that its question does not take.
    pub(super) fn misfit(column: &str, value: &str, question: &Question, misfit: Misfit) -> Self {
        Self::cell(column, value, misfit.message, question.expected())
    }

    /// The same of the row with this name.
    pub(super) fn named(self, id: &[u8]) -> Self {
        let id = Some(id).filter(|id| !id.is_empty() && *id != b"null");
        Self { id: id.map(<[u8]>::to_vec), ..self }
    }

    /// Writes the line that stands where the row's result would; `cells` are the names of all its
    /// cells but the one for errors.
    pub(super) fn write(&self, out: &mut Vec<u8>, form: Form, cells: &[String], row: &Place<'_>) {
        let id = self.id.as_deref();
        match form {
            Form::Ndjson => {
                let shape = Shape {
                    row: row.number,
                    id: id.and_then(|id| serde_json::from_slice(id).ok()),
                    file: row.file,
                    error: &self.message,
                    column: self.column.as_deref(),
                    value: self.value.as_deref(),
                    expected: &self.expected,
                };
                // A shape of strings and a number always becomes JSON.
                let text = serde_json::to_string(&shape).unwrap_or_default();
                out.extend_from_slice(text.as_bytes());
            }
            Form::Csv => {
                // All cells stay empty but the row's name and the last, which is for errors.
                for cell in cells {
                    out.extend_from_slice(id.filter(|_| cell == "id").unwrap_or_default());
                    out.push(b',');
                }
                let file = row.file.map_or_else(String::new, |file| format!("{file}, "));
                quote(out, &format!("{file}row {}: {self}", row.number));
            }
        }
        out.push(b'\n');
    }
}

/// Where a row stands.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place<'a> {
    /// The file, where there are several.
    pub file: Option<&'a str>,
    /// The line of the file on which it begins, counted from one.
    pub number: u64,
}

impl fmt::Display for RowFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(column) = &self.column {
            write!(f, "column `{column}`: ")?;
        }
        let expected = if self.expected.starts_with("did you mean ") { "" } else { "expected " };
        write!(f, "{}; {expected}{}", self.message, self.expected)
    }
}

/// Writes a cell of a CSV file, in quotes where it needs them.
pub(super) fn quote(out: &mut Vec<u8>, text: &str) {
    if text.contains(['"', ',', '\n', '\r']) {
        out.push(b'"');
        out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
        out.push(b'"');
    } else {
        out.extend_from_slice(text.as_bytes());
    }
}
