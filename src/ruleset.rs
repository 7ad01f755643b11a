//! A checked rule set: everything the program knows, drawn from one YAML file.
//!
//! A `RuleSet` exists only if it keeps its basic promises: every id is known and unique, every
//! condition reads what is already asked, every claim has a source, every level of care has
//! advice, and there is always one suggestion. What a valid rule set can still have wrong is for
//! `check`.

mod conditions;
pub(crate) mod fields;
mod load;
mod numbers;
mod questions;
mod said;
mod sheet;
mod style;
mod texts;
mod translation;
mod treatments;

pub use numbers::{Call, Numbers};
pub use sheet::{Band, BandedScale, Change, Sheet};

use crate::condition::{Care, Condition, OutcomeTest, PointsTest};
use crate::fault::{Fault, Place};
use crate::prose::{list_and, list_or};
use crate::questionnaire::{Question, Questionnaire};
use crate::yaml::{self, Node};

/// A checked rule set. All cross-references are indices into its own lists.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleSet {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its version, as its author counts.
    pub version: String,
    /// The day it was last reviewed.
    pub reviewed: String,
    /// The day by which it should be reviewed again.
    pub review_by: String,
    /// The language of its texts.
    pub language: String,
    /// What it covers and for whom.
    pub about: String,
    /// Shown before the first question.
    pub opening: String,
    /// Printed with every result.
    pub notice: String,
    /// SHA-256 of the file's bytes, in lower-case hexadecimal.
    pub hash: String,
    /// What its claims rest on.
    pub sources: Vec<Source>,
    /// The words for how good the evidence is.
    pub grades: Vec<Grade>,
    /// The questions.
    pub questionnaire: Questionnaire,
    /// Named conditions worth telling.
    pub findings: Vec<Finding>,
    /// Red flags.
    pub warnings: Vec<Warning>,
    /// What to avoid, or to ask about first.
    pub cautions: Vec<Caution>,
    /// Treatments, each followed by its options.
    pub items: Vec<Item>,
    /// What earns points.
    pub rules: Vec<Rule>,
    /// What is suggested: the first that holds.
    pub suggestions: Vec<SuggestionRule>,
    /// What every result says.
    pub advice: Advice,
    /// What its author promises of every way to answer.
    pub promises: Vec<Promise>,
    /// What the hand-over sheet shows at a glance.
    pub sheet: Sheet,
    /// Which change over time matters.
    pub change: Option<Change>,
    /// Emergency numbers by country.
    pub numbers: Numbers,
    /// How its texts are to be checked.
    pub style: Style,
    /// Faults found by a check that its author allows.
    pub allow: Vec<Allowed>,
}

/// How the texts of a rule set are to be checked; what is left out is not checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// The age at which its texts should be readable.
    pub reading_age: Option<usize>,
    /// The most choices of one question.
    pub long_lists: Option<usize>,
    /// Words no text may use.
    pub banned: Vec<String>,
}

/// A fault found by a check that the author allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// Its code.
    pub code: String,
    /// What it is allowed for; everything, where there is none.
    pub id: Option<String>,
    /// Why.
    pub reason: String,
    /// Where this stands.
    pub place: Place,
}

/// Something a claim rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Who wrote or published it.
    pub by: String,
    /// When.
    pub year: String,
    /// Where to read it.
    pub link: String,
    /// What to know about it.
    pub note: Option<String>,
}

/// How good the evidence for something is, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grade {
    /// Its id.
    pub id: String,
    /// What the person reads.
    pub says: String,
}

/// A named condition worth telling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its id.
    pub id: String,
    /// Where its id stands.
    pub place: Place,
    /// What the person is told.
    pub says: String,
    /// When it holds.
    pub when: Condition,
    /// The questions it reads, itself or through other findings, in order.
    pub reads: Vec<usize>,
    /// Indices of its sources.
    pub sources: Vec<usize>,
}

/// A red flag. Never scored, never lowered by another answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Its id.
    pub id: String,
    /// Where its id stands.
    pub place: Place,
    /// How soon a professional should be seen.
    pub care: Care,
    /// When it fires.
    pub when: Condition,
    /// The questions it reads, itself or through findings, in order.
    pub reads: Vec<usize>,
    /// Why, in words the person reads.
    pub because: String,
    /// Indices of its sources.
    pub sources: Vec<usize>,
}

/// A reason to avoid something, or to ask a professional about it first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caution {
    /// Its id.
    pub id: String,
    /// Where its id stands.
    pub place: Place,
    /// When it fires.
    pub when: Condition,
    /// The questions it reads, itself or through findings, in order.
    pub reads: Vec<usize>,
    /// Items to avoid.
    pub avoid: Vec<usize>,
    /// Items to ask a professional about first.
    pub ask_first: Vec<usize>,
    /// Why, in words the person reads.
    pub because: String,
    /// Indices of its sources.
    pub sources: Vec<usize>,
}

/// A treatment, or an option of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub id: String,
    /// Where its id stands.
    pub place: Place,
    /// What the person reads.
    pub name: String,
    /// What it is.
    pub says: String,
    /// Where the sources disagree about it.
    pub differ: Option<String>,
    /// Indices of its sources.
    pub sources: Vec<usize>,
    /// What kind of item it is.
    pub kind: ItemKind,
}

/// A treatment or an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// A treatment.
    Treatment {
        /// The treatments it is made of, for a combination.
        includes: Vec<usize>,
        /// Which part comes first, and why.
        order: Option<String>,
        /// What it is credited with, and what of that is known.
        benefits: Vec<Benefit>,
        /// How to find someone who gives it.
        finding_one: Vec<Tip>,
    },
    /// An option of a treatment.
    Option {
        /// The index of its treatment.
        treatment: usize,
        /// When it fits.
        fits: String,
        /// The index of its grade of evidence.
        grade: usize,
    },
}

/// Something a treatment is credited with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Benefit {
    /// What, in a few words.
    pub claim: String,
    /// What the article says.
    pub article: String,
    /// What the evidence bears.
    pub evidence: String,
    /// The index of its grade.
    pub grade: usize,
    /// Indices of its sources.
    pub sources: Vec<usize>,
}

/// A tip for finding a professional.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tip {
    /// What to do.
    pub says: String,
    /// Indices of its sources.
    pub sources: Vec<usize>,
}

/// What earns or costs points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its id.
    pub id: String,
    /// Where its id stands.
    pub place: Place,
    /// When it fires; always, where there is none.
    pub when: Option<Condition>,
    /// Item and whole points, in the order written.
    pub points: Vec<(usize, i32)>,
    /// Why, in words the person reads.
    pub because: String,
    /// Indices of its sources.
    pub sources: Vec<usize>,
}

/// One entry of the ordered list of suggestions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuggestionRule {
    /// Its id.
    pub id: String,
    /// Where its id stands.
    pub place: Place,
    /// When it holds; the last has none and always does.
    pub when: Option<Condition>,
    /// The treatment suggested; none means "be seen by a professional first".
    pub treatment: Option<usize>,
    /// The suggestion in a sentence.
    pub title: String,
    /// Why.
    pub because: String,
    /// Indices of its sources.
    pub sources: Vec<usize>,
}

/// What every result says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// The advice to see a professional, for each level of care, in the order of [`Care::ALL`].
    pub professional: [String; 4],
    /// Said when no warning fired; never "all clear".
    pub nothing_found: String,
    /// The signs that mean "get help now".
    pub get_help_now: Vec<String>,
    /// What one can do in the meantime.
    pub meanwhile: Vec<Tidbit>,
    /// When to look again.
    pub look_again: Vec<Tidbit>,
}

/// A piece of advice that holds for some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tidbit {
    /// What to do.
    pub says: String,
    /// For whom; for all, where there is none.
    pub when: Option<Condition>,
    /// At which levels of care.
    pub care: Vec<Care>,
    /// The option it speaks of; left out where that is to be avoided or asked about first.
    pub uses: Option<usize>,
    /// Indices of its sources.
    pub sources: Vec<usize>,
}

/// What an author promises of every way to answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// Its id.
    pub id: String,
    /// Where its id stands.
    pub place: Place,
    /// The promise in a sentence.
    pub says: String,
    /// Whether the condition must always hold, or never.
    pub always: bool,
    /// The condition, over answers, findings, care, suggestion and offers.
    pub condition: Condition,
}

impl RuleSet {
    /// Reads and checks a rule set.
    ///
    /// # Errors
    /// Every fault found, in the order of the file; never an empty list.
    pub fn read(text: &str) -> Result<Self, Vec<Fault>> {
        let node = yaml::read(text).map_err(|fault| vec![fault])?;
        Self::from_node(&node, text)
    }

    /// Checks a rule set that is parsed already; `text` is what it was parsed from.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn from_node(node: &Node, text: &str) -> Result<Self, Vec<Fault>> {
        load::load(node, text)
    }

    /// The index of the treatment or option with this id.
    pub fn find_item(&self, id: &str) -> Option<usize> {
        self.items.iter().position(|item| item.id == id)
    }

    /// Indices of the treatments, in order.
    pub fn treatments(&self) -> impl Iterator<Item = usize> {
        (0..self.items.len()).filter(|&item| self.treatment_of(item).is_none())
    }

    /// Indices of the options of all treatments, in order.
    pub fn options_of_all(&self) -> impl Iterator<Item = usize> {
        (0..self.items.len()).filter(|&item| self.treatment_of(item).is_some())
    }

    /// Indices of the options of a treatment, those of its parts included, in order.
    pub fn options(&self, treatment: usize) -> Vec<usize> {
        let parts = self.parts(treatment);
        (0..self.items.len())
            .filter(|&item| self.treatment_of(item).is_some_and(|of| parts.contains(&of)))
            .collect()
    }

    /// A treatment and the treatments it is made of.
    pub fn parts(&self, treatment: usize) -> Vec<usize> {
        let mut parts = vec![treatment];
        if let ItemKind::Treatment { includes, .. } = &self.items[treatment].kind {
            parts.extend(includes);
        }
        parts
    }

    /// The treatment an option belongs to; none for a treatment.
    pub fn treatment_of(&self, item: usize) -> Option<usize> {
        match self.items[item].kind {
            ItemKind::Treatment { .. } => None,
            ItemKind::Option { treatment, .. } => Some(treatment),
        }
    }

    /// Spreads marked items to what they take with them: a treatment its options, a part the
    /// combination that is made of it.
    pub fn spread(&self, marked: &mut [bool]) {
        for item in 0..self.items.len() {
            if let ItemKind::Treatment { includes, .. } = &self.items[item].kind {
                marked[item] |= includes.iter().any(|&part| marked[part]);
            }
        }
        for item in 0..self.items.len() {
            if let Some(treatment) = self.treatment_of(item) {
                marked[item] |= marked[treatment];
            }
        }
    }

    /// A condition in the words of rule sets: `signs-now is unsure`, `pain is 7, 8, 9 or 10`.
    pub fn in_words(&self, condition: &Condition) -> String {
        let each = |parts: &[Condition], word: &str| -> String {
            let part = |part: &Condition| match part {
                Condition::All(_) | Condition::Any(_) => format!("({})", self.in_words(part)),
                _ => self.in_words(part),
            };
            parts.iter().map(part).collect::<Vec<_>>().join(&format!(" {word} "))
        };
        let question = |question: usize| &self.questionnaire.questions[question];
        let words = |of: usize, marks: u64| -> Vec<String> {
            Question::single_marks(marks).map(|mark| question(of).word(mark)).collect()
        };
        match condition {
            Condition::All(parts) => each(parts, "and"),
            Condition::Any(parts) => each(parts, "or"),
            Condition::Not(part) => format!("not ({})", self.in_words(part)),
            Condition::AtLeast { count, of } => {
                let parts: Vec<String> = of.iter().map(|part| self.in_words(part)).collect();
                format!("at least {count} of: {}", parts.join("; "))
            }
            Condition::Answer { question: of, marks } => {
                format!("{} is {}", question(*of).id, list_or(&words(*of, *marks)))
            }
            Condition::Marked { question: of, at_least, .. } => {
                format!("{} has at least {at_least} marked", question(*of).id)
            }
            Condition::Finding(finding) => self.findings[*finding].id.clone(),
            Condition::Points(test) => self.points_in_words(test),
            Condition::Outcome(test) => self.outcome_in_words(test),
        }
    }

    fn points_in_words(&self, test: &PointsTest) -> String {
        let id = |item: &usize| self.items[*item].id.as_str();
        let others = |items: &[usize]| list_and(&items.iter().map(id).collect::<Vec<_>>());
        let tests = [
            test.at_least.map(|least| format!("at least {least}")),
            test.at_most.map(|most| format!("at most {most}")),
            (!test.above.is_empty()).then(|| format!("more than {}", others(&test.above))),
            (!test.not_below.is_empty())
                .then(|| format!("no fewer than {}", others(&test.not_below))),
        ];
        let tests: Vec<String> = tests.into_iter().flatten().collect();
        format!("{} has {} points", id(&test.item), list_and(&tests))
    }

    fn outcome_in_words(&self, test: &OutcomeTest) -> String {
        let id = |item: &usize| self.items[*item].id.as_str();
        match test {
            OutcomeTest::Care(levels) => {
                let levels: Vec<&str> = levels.iter().map(|level| level.id()).collect();
                format!("care is {}", list_or(&levels))
            }
            OutcomeTest::Suggestion(treatments) => {
                let treatments: Vec<&str> = treatments
                    .iter()
                    .map(|treatment| treatment.as_ref().map_or("none", id))
                    .collect();
                format!("suggestion is {}", list_or(&treatments))
            }
            OutcomeTest::Offers(items) => {
                let items: Vec<&str> = items.iter().map(id).collect();
                format!("{} is offered", list_or(&items))
            }
        }
    }

    /// The questions a condition reads, itself or through findings, in order.
    pub fn reads(&self, condition: &Condition) -> Vec<usize> {
        reads(condition, &self.findings)
    }
}

fn reads(condition: &Condition, findings: &[Finding]) -> Vec<usize> {
    let mut reads = Vec::new();
    condition.visit(&mut |part| match part {
        Condition::Answer { question, .. } | Condition::Marked { question, .. } => {
            reads.push(*question);
        }
        Condition::Finding(finding) => reads.extend(&findings[*finding].reads),
        _ => {}
    });
    reads.sort_unstable();
    reads.dedup();
    reads
}
