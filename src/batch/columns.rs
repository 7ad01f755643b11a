//! The columns of a result line.

use crate::prose::{did_you_mean, tick};
use crate::ruleset::RuleSet;

/// One part of a result line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// What the row calls itself.
    Id,
    /// The line of its file on which the row begins, counted from one.
    Row,
    /// The level of care.
    Care,
    /// The suggested treatment, or `none`.
    Suggestion,
    /// The entry of the list of suggestions that held.
    SuggestedBy,
    /// The options offered, best first.
    Options,
    /// The next best treatment.
    RunnerUp,
    /// The warnings that fired, the highest level first.
    Warnings,
    /// The warnings that could still fire.
    OpenWarnings,
    /// The findings that hold.
    Findings,
    /// The cautions that fired, where a treatment is suggested.
    Cautions,
    /// The rules that speak for the suggestion, the strongest first.
    Reasons,
    /// The points of each treatment; none where care comes before any treatment.
    Points,
    /// How many questions are asked and not answered.
    NotAnswered,
    /// The questions asked, given the answers.
    Asked,
}

impl Column {
    /// Every column, with its name.
    pub const ALL: [(&'static str, Self); 15] = [
        ("id", Self::Id),
        ("row", Self::Row),
        ("care", Self::Care),
        ("suggestion", Self::Suggestion),
        ("suggested_by", Self::SuggestedBy),
        ("options", Self::Options),
        ("runner_up", Self::RunnerUp),
        ("warnings", Self::Warnings),
        ("open_warnings", Self::OpenWarnings),
        ("findings", Self::Findings),
        ("cautions", Self::Cautions),
        ("reasons", Self::Reasons),
        ("points", Self::Points),
        ("not_answered", Self::NotAnswered),
        ("asked", Self::Asked),
    ];

    /// What a line holds where nothing else is asked for.
    pub const USUAL: [Self; 10] = [
        Self::Id,
        Self::Care,
        Self::Suggestion,
        Self::Options,
        Self::RunnerUp,
        Self::Warnings,
        // Without it a row that leaves much open would read as one in which nothing was found.
        Self::OpenWarnings,
        Self::Cautions,
        Self::Points,
        Self::NotAnswered,
    ];

    /// The name of the column.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, column)| *column == self).map_or("", |(name, _)| name)
    }

    /// The column of a name.
    ///
    /// # Errors
    /// What was wrong, and what was expected.
    pub fn find(name: &str) -> Result<Self, (String, String)> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, column)| *column).ok_or_else(
            || {
                let known = Self::ALL.iter().map(|(known, _)| *known);
                (format!("{} is no column of a result", tick(name)), did_you_mean(name, known))
            },
        )
    }
}

impl Column {
    /// Whether its value is one of few words.
    pub(super) fn is_one(self) -> bool {
        match self {
            Self::Care
            | Self::Suggestion
            | Self::SuggestedBy
            | Self::RunnerUp
            | Self::NotAnswered => true,
            Self::Id
            | Self::Row
            | Self::Options
            | Self::Warnings
            | Self::OpenWarnings
            | Self::Findings
            | Self::Cautions
            | Self::Asked
            | Self::Reasons
            | Self::Points => false,
        }
    }

    /// Whether its value is a list.
    pub(super) fn is_list(self) -> bool {
        match self {
            Self::Options
            | Self::Warnings
            | Self::OpenWarnings
            | Self::Findings
            | Self::Cautions
            | Self::Asked
            | Self::Reasons => true,
            Self::Id
            | Self::Row
            | Self::Care
            | Self::Suggestion
            | Self::SuggestedBy
            | Self::RunnerUp
            | Self::Points
            | Self::NotAnswered => false,
        }
    }
}

/// An id as the name of a column: databases know no hyphens in names.
pub fn column_name(id: &str) -> String {
    id.replace('-', "_")
}

/// The columns of a CSV file: `points` has one for each treatment.
pub fn header(rules: &RuleSet, columns: &[Column]) -> Vec<String> {
    let mut names = Vec::new();
    for column in columns {
        match column {
            Column::Points => names.extend(
                rules
                    .treatments()
                    .map(|item| format!("points_{}", column_name(&rules.items[item].id))),
            ),
            _ => names.push(column.name().to_owned()),
        }
    }
    names
}
