//! From answers to an assessment. Total, pure and deterministic: the same answers by any door
//! give the same assessment.
//!
//! The order of judgement is the order of safety. Warnings come first and are never scored; at
//! same-day and emergency no treatment is named. Cautions take treatments and options away before
//! points are compared. And what is missing is never "no": while a warning could still fire
//! because a question is unanswered, no treatment is named, and while a caution could still take
//! something away, that is not offered.

use crate::answers::Answers;
use crate::condition::{Care, Condition, Facts, Outcome, Truth};
use crate::questionnaire::Kind;
use crate::ruleset::RuleSet;

/// The whole result of a set of answers. All numbers are indices into the rule set's lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// Which questions are asked, given these answers.
    pub active: Vec<bool>,
    /// Questions that are asked and not answered; notes are never missed.
    pub not_answered: Vec<usize>,
    /// How soon a professional should be seen: the highest level of a fired warning.
    pub care: Care,
    /// Warnings that fired, the highest level first, then in the order of the rule set.
    pub warnings: Vec<usize>,
    /// Warnings that could still fire if an unanswered question were answered.
    pub open_warnings: Vec<usize>,
    /// Findings that hold.
    pub findings: Vec<usize>,
    /// Cautions that fired.
    pub cautions: Vec<usize>,
    /// Rules that fired.
    pub rules: Vec<usize>,
    /// The points of every item.
    pub points: Vec<i32>,
    /// Where every item stands.
    pub standing: Vec<Standing>,
    /// What is suggested.
    pub suggestion: Suggestion,
    /// Options of the suggested treatment, best first.
    pub options: Vec<usize>,
    /// The next best treatment.
    pub runner_up: Option<usize>,
    /// Pieces of advice for the meantime that hold.
    pub meanwhile: Vec<usize>,
    /// Advice on when to look again that holds.
    pub look_again: Vec<usize>,
}

/// What is suggested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suggestion {
    /// An entry of the rule set's list; its treatment may be "none".
    Entry(usize),
    /// No treatment, because of a warning: be seen first.
    SeenFirst,
    /// No treatment, because a warning could still fire: answer the open questions first.
    Unscreened,
}

/// Whether an item can be offered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Nothing speaks against it.
    #[default]
    Free,
    /// A professional should be asked first.
    AskFirst,
    /// A caution could still avoid it, as a question is unanswered; it is not offered.
    Withheld,
    /// It is to be avoided.
    Avoided,
}

impl Standing {
    /// Whether an item with this standing may be suggested or offered.
    pub fn is_offered(self) -> bool {
        self <= Self::AskFirst
    }
}

impl Assessment {
    /// The suggested treatment, if one is named.
    pub fn treatment(&self, rules: &RuleSet) -> Option<usize> {
        match self.suggestion {
            Suggestion::Entry(entry) => rules.suggestions[entry].treatment,
            Suggestion::SeenFirst | Suggestion::Unscreened => None,
        }
    }

    /// Every item named as fitting: the suggestion, its options, the runner-up.
    pub fn offers(&self, rules: &RuleSet) -> Vec<usize> {
        let named = self.treatment(rules).into_iter().chain(self.options.iter().copied());
        named.chain(self.runner_up).collect()
    }

    /// Judges a condition on this assessment, as promises are judged.
    pub fn judge(&self, rules: &RuleSet, answers: &Answers, condition: &Condition) -> Truth {
        let facts = Judged::new(rules, answers);
        let offers = self.offers(rules);
        let outcome =
            Outcome { care: self.care, suggestion: self.treatment(rules), offers: &offers };
        condition.truth(&Facts { points: &self.points, outcome: Some(outcome), ..facts.facts() })
    }
}

/// Answers as they count: which questions are asked, and what the findings are.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Which questions are asked.
    pub active: Vec<bool>,
    /// Which questions are unanswered and are asked, or could come to be asked.
    pub open: Vec<bool>,
    /// The marks that count: zero for a question that is not asked.
    pub marks: Vec<u64>,
    /// The truth of each finding.
    pub findings: Vec<Truth>,
}

impl Judged {
    /// Judges the questions in their order, and each finding as soon as all it reads is settled.
    pub fn new(rules: &RuleSet, answers: &Answers) -> Self {
        let questions = &rules.questionnaire.questions;
        let mut judged = Self {
            active: vec![false; questions.len()],
            open: vec![false; questions.len()],
            marks: vec![0; questions.len()],
            findings: vec![Truth::Unknown; rules.findings.len()],
        };
        for (question_idx, question) in questions.iter().enumerate() {
            let asked = match &question.when {
                None => Truth::True,
                Some(when) => when.truth(&judged.facts()),
            };
            judged.active[question_idx] = asked == Truth::True;
            if asked == Truth::True {
                judged.marks[question_idx] = answers.marks()[question_idx];
            }
            judged.open[question_idx] = match asked {
                Truth::False => false,
                Truth::True => !answers.is_answered(question_idx),
                Truth::Unknown => judged.is_open(&question.reads),
            };
            for (finding_idx, finding) in rules.findings.iter().enumerate() {
                if finding.reads.last() == Some(&question_idx) {
                    judged.findings[finding_idx] = finding.when.truth(&judged.facts());
                }
            }
        }
        judged
    }

    /// What conditions are judged on, without points.
    pub fn facts(&self) -> Facts<'_> {
        Facts { marks: &self.marks, findings: &self.findings, points: &[], outcome: None }
    }

    /// Whether any of these questions is open.
    pub fn is_open(&self, reads: &[usize]) -> bool {
        reads.iter().any(|&question| self.open[question])
    }
}

/// Assesses the answers.
pub fn triage(rules: &RuleSet, answers: &Answers) -> Assessment {
    let judged = Judged::new(rules, answers);
    let facts = judged.facts();

    let (mut warnings, mut open_warnings) = (Vec::new(), Vec::new());
    for (warning_idx, warning) in rules.warnings.iter().enumerate() {
        match warning.when.truth(&facts) {
            Truth::True => warnings.push(warning_idx),
            Truth::Unknown if judged.is_open(&warning.reads) => open_warnings.push(warning_idx),
            Truth::Unknown | Truth::False => {}
        }
    }
    warnings.sort_by_key(|&warning| std::cmp::Reverse(rules.warnings[warning].care));
    let care = warnings.first().map_or(Care::Routine, |&warning| rules.warnings[warning].care);

    let fires = |when: &Option<Condition>| {
        when.as_ref().is_none_or(|when| when.truth(&facts) == Truth::True)
    };
    let fired: Vec<usize> =
        (0..rules.rules.len()).filter(|&rule| fires(&rules.rules[rule].when)).collect();
    let mut points = vec![0; rules.items.len()];
    for &rule in &fired {
        for &(item, number) in &rules.rules[rule].points {
            points[item] += number;
        }
    }

    let (cautions, standing) = judge_cautions(rules, &judged);
    let facts = Facts { points: &points, ..facts };
    let suggestion = if !care.names_treatment() {
        Suggestion::SeenFirst
    } else if open_warnings.is_empty() {
        suggest(rules, &facts, &standing)
    } else {
        Suggestion::Unscreened
    };

    let questions = &rules.questionnaire.questions;
    // Advice for the meantime rests on the screen, so it waits for it too.
    let told = |all: &[crate::ruleset::Tidbit]| match suggestion {
        Suggestion::Unscreened => Vec::new(),
        Suggestion::Entry(_) | Suggestion::SeenFirst => tidbits(all, care, &facts, &standing),
    };
    let mut assessment = Assessment {
        not_answered: (0..questions.len())
            .filter(|&question| judged.active[question] && judged.open[question])
            .filter(|&question| questions[question].kind != Kind::Text)
            .collect(),
        findings: (0..rules.findings.len())
            .filter(|&finding| judged.findings[finding] == Truth::True)
            .collect(),
        meanwhile: told(&rules.advice.meanwhile),
        look_again: told(&rules.advice.look_again),
        active: Vec::new(),
        options: Vec::new(),
        runner_up: None,
        rules: fired,
        care,
        warnings,
        open_warnings,
        cautions,
        points,
        standing,
        suggestion,
    };
    if let Some(treatment) = assessment.treatment(rules) {
        assessment.options = options(rules, treatment, &assessment);
        assessment.runner_up = runner_up(rules, treatment, &assessment);
    }
    assessment.active = judged.active;
    assessment
}

fn judge_cautions(rules: &RuleSet, judged: &Judged) -> (Vec<usize>, Vec<Standing>) {
    let facts = judged.facts();
    let mut fired = Vec::new();
    let length = rules.items.len();
    let (mut avoided, mut withheld, mut ask_first) =
        (vec![false; length], vec![false; length], vec![false; length]);
    for (caution_idx, caution) in rules.cautions.iter().enumerate() {
        match caution.when.truth(&facts) {
            Truth::True => {
                fired.push(caution_idx);
                caution.avoid.iter().for_each(|&item| avoided[item] = true);
                caution.ask_first.iter().for_each(|&item| ask_first[item] = true);
            }
            Truth::Unknown if judged.is_open(&caution.reads) => {
                caution.avoid.iter().for_each(|&item| withheld[item] = true);
            }
            Truth::Unknown | Truth::False => {}
        }
    }
    rules.spread(&mut avoided);
    rules.spread(&mut withheld);
    rules.spread(&mut ask_first);
    let standing = (0..length).map(|item| match (avoided[item], withheld[item], ask_first[item]) {
        (true, _, _) => Standing::Avoided,
        (_, true, _) => Standing::Withheld,
        (_, _, true) => Standing::AskFirst,
        _ => Standing::Free,
    });
    (fired, standing.collect())
}

/// The first suggestion that holds and whose treatment can be offered.
fn suggest(rules: &RuleSet, facts: &Facts<'_>, standing: &[Standing]) -> Suggestion {
    let holds = |entry: &&crate::ruleset::SuggestionRule| {
        entry.when.as_ref().is_none_or(|when| when.truth(facts) == Truth::True)
            && entry.treatment.is_none_or(|treatment| standing[treatment].is_offered())
    };
    // The last entry has no condition and no caution avoids it; while one could still withhold a
    // part of it, nothing is suggested.
    let found = rules.suggestions.iter().position(|entry| holds(&entry));
    found.map_or(Suggestion::Unscreened, Suggestion::Entry)
}

fn options(rules: &RuleSet, treatment: usize, assessment: &Assessment) -> Vec<usize> {
    let mut options: Vec<usize> = rules
        .options(treatment)
        .into_iter()
        .filter(|&option| assessment.standing[option].is_offered() && assessment.points[option] > 0)
        .collect();
    options.sort_by_key(|&option| std::cmp::Reverse(assessment.points[option]));
    options
}

fn runner_up(rules: &RuleSet, treatment: usize, assessment: &Assessment) -> Option<usize> {
    rules
        .treatments()
        .filter(|&other| other != treatment)
        .filter(|&other| assessment.standing[other].is_offered() && assessment.points[other] > 0)
        .fold(None, |best: Option<usize>, next| match best {
            Some(best) if assessment.points[best] >= assessment.points[next] => Some(best),
            _ => Some(next),
        })
}

fn tidbits(
    tidbits: &[crate::ruleset::Tidbit],
    care: Care,
    facts: &Facts<'_>,
    standing: &[Standing],
) -> Vec<usize> {
    let holds = |tidbit: &crate::ruleset::Tidbit| {
        tidbit.care.contains(&care)
            && tidbit.when.as_ref().is_none_or(|when| when.truth(facts) == Truth::True)
            && tidbit.uses.is_none_or(|item| standing[item] == Standing::Free)
    };
    (0..tidbits.len()).filter(|&tidbit| holds(&tidbits[tidbit])).collect()
}
