//! Cases: made-up people and what must come out for them. They are the tests of a rule set.

pub mod coverage;
pub mod mutation;
mod person;

use crate::answers::Answers;
use crate::condition::Care;
use crate::fault::{Fault, Place};
use crate::prose::{did_you_mean, list_and, list_or, tick};
use crate::questionnaire::Kind;
use crate::ruleset::RuleSet;
use crate::ruleset::fields::{Fields, wrong_kind};
use crate::triage::{Assessment, Standing, Suggestion, triage};
use crate::yaml::{self, Node, Value};

/// One made-up person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its id.
    pub id: String,
    /// Where its id stands.
    pub place: Place,
    /// The person in plain words.
    pub says: String,
    /// Their answers.
    pub answers: Answers,
    /// What must come out.
    pub expect: Expect,
}

/// What must come out of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expect {
    /// The levels of care that will do.
    pub care: Vec<Care>,
    /// The suggestions that will do; none is "no treatment".
    pub suggestions: Vec<Option<usize>>,
    /// The entries of the suggestions that will do. Empty where any will.
    pub suggested_by: Vec<usize>,
    /// The options that must come first, in this order.
    pub options: Vec<usize>,
    /// The runners-up that will do; none is "no other treatment". Empty where any will.
    pub runners_up: Vec<Option<usize>>,
    /// What may not be suggested, offered or the runner-up.
    pub never: Vec<usize>,
    /// What must be among what is avoided.
    pub avoid: Vec<usize>,
    /// Warnings that must be among those that fire.
    pub warnings: Vec<usize>,
    /// Cautions that must be among those that fire.
    pub cautions: Vec<usize>,
    /// Findings that must be among those that hold.
    pub findings: Vec<usize>,
    /// Rules that must be among those that fire.
    pub reasons: Vec<usize>,
    /// Ids of warnings, cautions, findings and rules of which none may fire or hold.
    pub silent: Vec<String>,
}

/// Reads a file of cases for a rule set.
///
/// # Errors
/// Every fault found, in the order of the file.
pub fn read(rules: &RuleSet, text: &str) -> Result<Vec<Case>, Vec<Fault>> {
    let node = yaml::read(text).map_err(|fault| vec![fault])?;
    let mut faults = Vec::new();
    let mut cases: Vec<Case> = Vec::new();
    if let Some(mut fields) = Fields::of(&node, "a file of cases", &mut faults) {
        fields.required("cases", &mut faults);
        for node in fields.list("cases") {
            let Some(case) = case(rules, node, &mut faults) else { continue };
            if let Some(first) = cases.iter().find(|other| other.id == case.id) {
                let message = format!("the case {} stands twice", tick(&case.id));
                faults.push(
                    Fault::new("duplicate-id", case.place, message)
                        .help("give one of them another id")
                        .also(first.place, "first here"),
                );
            }
            cases.push(case);
        }
        fields.finish(&mut faults);
    }
    faults.sort_by_key(|fault| fault.place);
    if faults.is_empty() { Ok(cases) } else { Err(faults) }
}

fn case(rules: &RuleSet, node: &Node, faults: &mut Vec<Fault>) -> Option<Case> {
    let mut fields = Fields::of(node, "a case", faults)?;
    let id = fields.id("case", faults);
    let says = fields.text("says", faults);
    let answers = fields.required("answers", faults);
    let expect = fields.required("expect", faults);
    fields.finish(faults);
    let answers = Answers::from_node(&rules.questionnaire, answers?);
    let expect = expectation(rules, expect?, faults);
    let answers = answers.map_err(|found| faults.extend(found)).ok()?;
    Some(Case { id: id.text.to_owned(), place: id.place, says, answers, expect: expect? })
}

fn expectation(rules: &RuleSet, node: &Node, faults: &mut Vec<Fault>) -> Option<Expect> {
    let mut fields = Fields::of(node, "`expect`", faults)?;
    let mut expect = Expect::default();
    fields.required("care", faults);
    fields.required("suggestion", faults);
    let levels: Vec<&str> = Care::ALL.map(Care::id).to_vec();
    for name in ["care", "also-care"] {
        let found = named(&fields.list(name), &levels, "level of care", "unknown-care", faults);
        expect.care.extend(found.into_iter().map(|level| Care::ALL[level]));
    }
    let items: Vec<&str> = rules.items.iter().map(|item| item.id.as_str()).collect();
    let unknown = "unknown-treatment";
    let mut treatments = |name: &'static str| -> Vec<Option<usize>> {
        let (none, others): (Vec<&Node>, Vec<&Node>) = fields
            .list(name)
            .into_iter()
            .partition(|node| node.value == Value::Scalar("none".to_owned()));
        let found = named(&others, &items, "treatment", unknown, faults);
        none.iter().map(|_| None).chain(found.into_iter().map(Some)).collect()
    };
    expect.suggestions = treatments("suggestion");
    expect.suggestions.extend(treatments("also-fine"));
    expect.runners_up = treatments("runner-up");
    expect.options = named(&fields.list("option"), &items, "option", unknown, faults);
    expect.never = named(&fields.list("never"), &items, "treatment or option", unknown, faults);
    expect.avoid = named(&fields.list("avoid"), &items, "treatment or option", unknown, faults);
    let entries: Vec<&str> = rules.suggestions.iter().map(|own| own.id.as_str()).collect();
    expect.suggested_by =
        named(&fields.list("suggested-by"), &entries, "suggestion", "unknown-answer", faults);
    let warnings: Vec<&str> = rules.warnings.iter().map(|own| own.id.as_str()).collect();
    let cautions: Vec<&str> = rules.cautions.iter().map(|own| own.id.as_str()).collect();
    let findings: Vec<&str> = rules.findings.iter().map(|own| own.id.as_str()).collect();
    expect.warnings =
        named(&fields.list("warnings"), &warnings, "warning", "unknown-answer", faults);
    expect.cautions =
        named(&fields.list("cautions"), &cautions, "caution", "unknown-answer", faults);
    expect.findings =
        named(&fields.list("findings"), &findings, "finding", "unknown-answer", faults);
    let own: Vec<&str> = rules.rules.iter().map(|own| own.id.as_str()).collect();
    expect.reasons = named(&fields.list("reasons"), &own, "rule", "unknown-answer", faults);
    let all = [warnings, cautions, findings, own].concat();
    let what = "warning, caution, finding or rule";
    let silent = named(&fields.list("silent"), &all, what, "unknown-answer", faults);
    expect.silent = silent.into_iter().map(|index| all[index].to_owned()).collect();
    fields.finish(faults);
    Some(expect)
}

fn named(
    nodes: &[&Node],
    known: &[&str],
    kind: &str,
    code: &'static str,
    faults: &mut Vec<Fault>,
) -> Vec<usize> {
    let mut found = Vec::new();
    for node in nodes {
        let Value::Scalar(word) = &node.value else {
            faults.push(wrong_kind(node, &format!("a {kind}"), "an id"));
            continue;
        };
        match known.iter().position(|own| own == word) {
            Some(index) => found.push(index),
            None => {
                let message = format!("{} is no {kind}", tick(word));
                let help = did_you_mean(word, known.iter().copied());
                faults.push(Fault::new(code, node.place, message).help(help));
            }
        }
    }
    found
}

/// Runs the cases: a fault for each expectation that fails and each question skipped.
pub fn run(rules: &RuleSet, cases: &[Case]) -> Vec<Fault> {
    cases.iter().flat_map(|case| faults(rules, case)).collect()
}

fn faults(rules: &RuleSet, case: &Case) -> Vec<Fault> {
    let mut faults = Vec::new();
    let assessment = triage(rules, &case.answers);
    let questions = &rules.questionnaire.questions;
    let id = |question: usize| tick(&questions[question].id);
    if assessment.care != Care::Emergency && !assessment.not_answered.is_empty() {
        let skipped: Vec<String> =
            assessment.not_answered.iter().map(|&question| id(question)).collect();
        let message = format!("case {} does not answer {}", tick(&case.id), list_and(&skipped));
        let help = "a person would be asked; add the answers";
        faults.push(Fault::new("case-skips-question", case.place, message).help(help));
    }
    let beside: Vec<String> = (0..questions.len())
        .filter(|&question| case.answers.is_answered(question) && !assessment.active[question])
        .map(id)
        .collect();
    if !beside.is_empty() {
        let message = format!("case {} answers {}, not asked", tick(&case.id), list_and(&beside));
        let help = "the answer counts for nothing; leave it out";
        faults.push(Fault::new("case-answers-unasked", case.place, message).help(help));
    }
    let misses = misses(rules, &assessment, &case.expect);
    if !misses.is_empty() {
        let message = format!("case {} fails: {}", tick(&case.id), misses.join("; "));
        let help = "correct the rules, or what the case expects";
        faults.push(Fault::new("case-fails", case.place, message).help(help));
    }
    faults
}

/// What a case expects and does not come out, in words.
pub fn misses(rules: &RuleSet, assessment: &Assessment, expect: &Expect) -> Vec<String> {
    let mut misses = Vec::new();
    let item = |index: usize| tick(&rules.items[index].id);
    let treatment = |own: Option<usize>| own.map_or("`none`".to_owned(), item);
    if !expect.care.contains(&assessment.care) {
        let wanted: Vec<String> = expect.care.iter().map(|care| tick(care.id())).collect();
        misses.push(format!(
            "care is {}, expected {}",
            tick(assessment.care.id()),
            list_or(&wanted)
        ));
    }
    let suggested = assessment.treatment(rules);
    if !expect.suggestions.contains(&suggested) {
        let wanted: Vec<String> = expect.suggestions.iter().map(|&own| treatment(own)).collect();
        misses.push(format!(
            "the suggestion is {}, expected {}",
            treatment(suggested),
            list_or(&wanted)
        ));
    }
    if let Suggestion::Entry(own) = assessment.suggestion
        && !expect.suggested_by.is_empty()
        && !expect.suggested_by.contains(&own)
    {
        let id = |own: usize| tick(&rules.suggestions[own].id);
        let wanted: Vec<String> = expect.suggested_by.iter().map(|&own| id(own)).collect();
        misses.push(format!("{} suggests it, expected {}", id(own), list_or(&wanted)));
    }
    // Options and runner-up belong to the suggestion that was meant, not to another that will do.
    if expect.suggestions.first() == Some(&suggested) {
        let first: Vec<usize> =
            assessment.options.iter().copied().take(expect.options.len()).collect();
        if first != expect.options {
            let all = |options: &[usize]| {
                let ids: Vec<String> = options.iter().map(|&own| item(own)).collect();
                if ids.is_empty() { treatment(None) } else { list_and(&ids) }
            };
            let what = if expect.options.len() == 1 { "option is" } else { "options are" };
            let (first, wanted) = (all(&first), all(&expect.options));
            misses.push(format!("the first {what} {first}, expected {wanted}"));
        }
        if !expect.runners_up.is_empty() && !expect.runners_up.contains(&assessment.runner_up) {
            let wanted: Vec<String> = expect.runners_up.iter().map(|&own| treatment(own)).collect();
            misses.push(format!(
                "the runner-up is {}, expected {}",
                treatment(assessment.runner_up),
                list_or(&wanted)
            ));
        }
    }
    let offers = assessment.offers(rules);
    for &never in expect.never.iter().filter(|never| offers.contains(never)) {
        misses.push(format!("{} is offered, expected never", item(never)));
    }
    for &avoid in expect.avoid.iter().filter(|&&own| assessment.standing[own] != Standing::Avoided)
    {
        misses.push(format!("{} is not avoided", item(avoid)));
    }
    let mut missing = |kind: &str, ids: Vec<&String>| {
        misses.extend(ids.into_iter().map(|id| format!("{kind} {} did not fire", tick(id))));
    };
    let absent = |wanted: &[usize], fired: &[usize]| -> Vec<usize> {
        wanted.iter().copied().filter(|own| !fired.contains(own)).collect()
    };
    let warnings = absent(&expect.warnings, &assessment.warnings);
    missing("warning", warnings.into_iter().map(|own| &rules.warnings[own].id).collect());
    let cautions = absent(&expect.cautions, &assessment.cautions);
    missing("caution", cautions.into_iter().map(|own| &rules.cautions[own].id).collect());
    let findings = absent(&expect.findings, &assessment.findings);
    missing("finding", findings.into_iter().map(|own| &rules.findings[own].id).collect());
    let reasons = absent(&expect.reasons, &assessment.rules);
    missing("rule", reasons.into_iter().map(|own| &rules.rules[own].id).collect());
    let fired = assessment.warnings.iter().map(|&own| ("warning", &rules.warnings[own].id));
    let cautions = assessment.cautions.iter().map(|&own| ("caution", &rules.cautions[own].id));
    let findings = assessment.findings.iter().map(|&own| ("finding", &rules.findings[own].id));
    let own = assessment.rules.iter().map(|&own| ("rule", &rules.rules[own].id));
    for (kind, id) in fired.chain(cautions).chain(findings).chain(own) {
        if expect.silent.contains(id) {
            misses.push(format!("{kind} {} fired, expected silent", tick(id)));
        }
    }
    misses
}

/// Whether a question can be counted as asked or skipped by cases.
pub(crate) fn is_branch(rules: &RuleSet, question: usize) -> bool {
    let question = &rules.questionnaire.questions[question];
    question.when.is_some() && question.kind != Kind::Text
}
