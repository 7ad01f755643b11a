//! What of a rule set the cases never exercise, and the cases that would.

use std::fmt::Write as _;

use super::{Case, is_branch, person};
use crate::answers::Answers;
use crate::proof::formula::{Formula, Found};
use crate::proof::model::{Model, Ways};
use crate::proof::witness::{self, is_interview};
use crate::proof::{Bounds, model};
use crate::prose::{count, list_and, tick};
use crate::ruleset::RuleSet;
use crate::triage::{Assessment, Suggestion, triage};

/// Something a case can exercise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A suggestion comes out.
    Suggestion(usize),
    /// An option is offered.
    Option(usize),
    /// A warning fires.
    Warning(usize),
    /// A caution fires.
    Caution(usize),
    /// A finding holds.
    Finding(usize),
    /// A rule fires.
    Rule(usize),
    /// A question with a condition is asked.
    Asked(usize),
    /// A question with a condition is skipped.
    Skipped(usize),
}

/// How much of a rule set the cases exercise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// How many cases ran.
    pub cases: usize,
    /// How many parts there are.
    pub parts: usize,
    /// Those that no case exercises, in the order of the file.
    pub missing: Vec<Part>,
}

impl Part {
    /// Every part of a rule set.
    pub fn all(rules: &RuleSet) -> Vec<Self> {
        let branches: Vec<usize> = (0..rules.questionnaire.questions.len())
            .filter(|&question| is_branch(rules, question))
            .collect();
        let options = (0..rules.items.len()).filter(|&item| rules.treatment_of(item).is_some());
        let mut parts: Vec<Self> = (0..rules.suggestions.len()).map(Self::Suggestion).collect();
        parts.extend(options.map(Self::Option));
        parts.extend((0..rules.warnings.len()).map(Self::Warning));
        parts.extend((0..rules.cautions.len()).map(Self::Caution));
        parts.extend((0..rules.findings.len()).map(Self::Finding));
        parts.extend((0..rules.rules.len()).map(Self::Rule));
        parts.extend(branches.iter().map(|&question| Self::Asked(question)));
        parts.extend(branches.iter().map(|&question| Self::Skipped(question)));
        parts
    }

    /// The id of what it is about.
    pub fn id(self, rules: &RuleSet) -> &str {
        match self {
            Self::Suggestion(own) => &rules.suggestions[own].id,
            Self::Option(own) => &rules.items[own].id,
            Self::Warning(own) => &rules.warnings[own].id,
            Self::Caution(own) => &rules.cautions[own].id,
            Self::Finding(own) => &rules.findings[own].id,
            Self::Rule(own) => &rules.rules[own].id,
            Self::Asked(own) | Self::Skipped(own) => &rules.questionnaire.questions[own].id,
        }
    }

    /// What kind of part it is.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Suggestion(_) => "suggestion",
            Self::Option(_) => "option",
            Self::Warning(_) => "warning",
            Self::Caution(_) => "caution",
            Self::Finding(_) => "finding",
            Self::Rule(_) => "rule",
            Self::Asked(_) => "asked",
            Self::Skipped(_) => "skipped",
        }
    }

    /// Whether an assessment exercises it.
    pub fn is_met(self, assessment: &Assessment) -> bool {
        match self {
            Self::Suggestion(own) => assessment.suggestion == Suggestion::Entry(own),
            Self::Option(own) => assessment.options.contains(&own),
            Self::Warning(own) => assessment.warnings.contains(&own),
            Self::Caution(own) => assessment.cautions.contains(&own),
            Self::Finding(own) => assessment.findings.contains(&own),
            Self::Rule(own) => assessment.rules.contains(&own),
            Self::Asked(own) => assessment.active[own],
            Self::Skipped(own) => !assessment.active[own],
        }
    }

    /// Where it is met, as a formula over complete interviews.
    fn formula(
        self,
        diagram: &mut crate::diagram::Diagram,
        model: &mut Model<'_>,
    ) -> Result<Formula, crate::diagram::TooLarge> {
        Ok(match self {
            Self::Suggestion(own) => model.entries(diagram, Ways::Complete)?.swap_remove(own),
            Self::Option(own) => model.option(diagram, own, Ways::Complete)?,
            Self::Warning(own) => Formula::Leaf(model.warnings[own].yes),
            Self::Caution(own) => Formula::Leaf(model.cautions[own].yes),
            Self::Finding(own) => Formula::Leaf(model.findings[own].yes),
            Self::Rule(own) => Formula::Leaf(model.fires[own]),
            Self::Asked(own) => Formula::Leaf(model.active[own]),
            Self::Skipped(own) => Formula::Leaf(diagram.not(model.active[own])?),
        })
    }
}

/// What the cases exercise and what not.
pub fn coverage(rules: &RuleSet, cases: &[Case]) -> Coverage {
    let met: Vec<Assessment> = cases.iter().map(|case| triage(rules, &case.answers)).collect();
    let parts = Part::all(rules);
    let missing = parts
        .iter()
        .copied()
        .filter(|part| !met.iter().any(|assessment| part.is_met(assessment)))
        .collect();
    Coverage { cases: cases.len(), parts: parts.len(), missing }
}

impl Coverage {
    /// The coverage in words.
    pub fn text(&self, rules: &RuleSet) -> String {
        let met = self.parts - self.missing.len();
        let mut out = format!(
            "cases     {} exercise {met} of {} parts of the rules\n",
            count(self.cases, "case"),
            self.parts
        );
        for kind in
            ["suggestion", "option", "warning", "caution", "finding", "rule", "asked", "skipped"]
        {
            let of_kind = self.missing.iter().filter(|part| part.kind() == kind);
            let ids: Vec<String> = of_kind.map(|part| tick(part.id(rules))).collect();
            if !ids.is_empty() {
                let _ = writeln!(out, "          never {kind}: {}", list_and(&ids));
            }
        }
        out
    }
}

/// Cases that exercise what is missing, shortest first, as they would stand in a file.
///
/// What comes out for each is written down as expected: it is for a clinician to judge.
pub fn suggest(rules: &RuleSet, missing: &[Part], bounds: Bounds) -> String {
    let Ok((mut diagram, mut model)) = model(rules, bounds) else {
        return "# too large to search\n".to_owned();
    };
    let mut found: Vec<(u32, Part, Answers)> = Vec::new();
    for &part in missing {
        let Ok(formula) = part.formula(&mut diagram, &mut model) else { continue };
        let whole = Formula::All(vec![Formula::Leaf(model.complete), formula]);
        if let Found::Shortest(setting) = whole.shortest(&mut diagram, bounds.states) {
            let answers = model.space.answers(&rules.questionnaire, &setting);
            let cost = setting.iter().map(|&value| value.min(1)).sum();
            found.push((cost, part, answers));
        }
    }
    found.sort_by_key(|(cost, part, _)| (*cost, *part));
    let mut out = String::new();
    let mut written: Vec<Assessment> = Vec::new();
    for (_, part, answers) in found {
        // A shorter case may show it already.
        if written.iter().any(|assessment| part.is_met(assessment))
            || !is_interview(rules, &answers)
        {
            continue;
        }
        written.push(triage(rules, &answers));
        let id = format!("shows-{}-{}", part.kind(), part.id(rules));
        out += &witness::case(rules, &id, &person::says(rules, &answers), &answers);
    }
    if out.is_empty() { "cases: []\n".to_owned() } else { format!("cases:\n{out}") }
}
