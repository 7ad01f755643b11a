//! A rule set as tests that any engine can be given.
//!
//! A condition has three values and the engines know two, so each becomes a pair of tests, that it
//! is true and that it is false; unknown is neither. The tests come in steps: what a step finds out
//! is known to the tests of later ones.

use backwise::RuleSet;
use backwise::batch::column_name;
use backwise::condition::{Condition, PointsTest, UNSURE};
use backwise::questionnaire::{Kind, Question};

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// One answer, or nothing.
    Single,
    /// Several answers, or nothing.
    Several,
    /// Something that holds or does not.
    Flag,
    /// Points.
    Number,
}

/// Something that tests can read.
#[derive(Clone, Debug)]
pub struct Name {
    pub text: String,
    pub sort: Sort,
}

/// A word of an answer, as the row has it.
#[derive(Clone, Debug)]
pub enum Word {
    Text(String),
    Number(i64),
}

/// A test with two values; the numbers are those of names.
#[derive(Clone, Debug)]
pub enum Test {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    /// At least so many hold.
    AtLeast(usize, Vec<Self>),
    /// There is an answer.
    Given(usize),
    /// The answer is one of these.
    Is(usize, Vec<Word>),
    /// This is among the answers.
    Has(usize, Word),
    /// It holds.
    Flag(usize),
    /// Points compared with a number.
    Points(usize, Sign, i32),
    /// Points compared with others.
    Against(usize, Sign, usize),
}

/// How points are compared.
#[derive(Clone, Copy, Debug)]
pub enum Sign {
    AtLeast,
    AtMost,
    Above,
}

/// The numbers of the two tests of a condition.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    pub yes: usize,
    pub no: usize,
}

/// What is found out at once: by number, which questions are asked, and which findings hold.
#[derive(Clone, Debug, Default)]
pub struct Step {
    pub questions: Vec<(usize, Pair)>,
    pub findings: Vec<(usize, Pair)>,
}

/// A rule set for an engine.
#[derive(Clone, Debug, Default)]
pub struct Program {
    pub names: Vec<Name>,
    pub tests: Vec<Test>,
    pub steps: Vec<Step>,
    pub warnings: Vec<Pair>,
    pub cautions: Vec<Pair>,
    /// None where a rule always fires.
    pub rules: Vec<Option<usize>>,
    pub suggestions: Vec<Option<usize>>,
    /// For each question its name; a note has none, as nothing reads it.
    pub answers: Vec<Option<usize>>,
    /// For each finding the names of "it holds" and "it does not".
    pub findings: Vec<Pair>,
    /// For each item the name of its points.
    pub points: Vec<usize>,
}

impl Program {
    pub fn new(rules: &RuleSet) -> Self {
        let mut program = Self::default();
        for question in &rules.questionnaire.questions {
            let sort = match question.kind {
                Kind::Text => None,
                Kind::AnyOf { .. } => Some(Sort::Several),
                _ => Some(Sort::Single),
            };
            let name = sort.map(|sort| program.name("q", &question.id, sort));
            program.answers.push(name);
        }
        for finding in &rules.findings {
            let yes = program.name("is", &finding.id, Sort::Flag);
            let no = program.name("not", &finding.id, Sort::Flag);
            program.findings.push(Pair { yes, no });
        }
        for item in &rules.items {
            let name = program.name("points", &item.id, Sort::Number);
            program.points.push(name);
        }
        program.judge(rules);
        for warning in &rules.warnings {
            let pair = program.pair(rules, &warning.when);
            program.warnings.push(pair);
        }
        for caution in &rules.cautions {
            let pair = program.pair(rules, &caution.when);
            program.cautions.push(pair);
        }
        for rule in &rules.rules {
            let test = rule.when.as_ref().map(|when| program.one(rules, when));
            program.rules.push(test);
        }
        for entry in &rules.suggestions {
            let test = entry.when.as_ref().map(|when| program.one(rules, when));
            program.suggestions.push(test);
        }
        program
    }

    fn name(&mut self, prefix: &str, id: &str, sort: Sort) -> usize {
        self.names.push(Name { text: format!("{prefix}_{}", column_name(id)), sort });
        self.names.len() - 1
    }

    fn add(&mut self, test: Test) -> usize {
        self.tests.push(test);
        self.tests.len() - 1
    }

    fn one(&mut self, rules: &RuleSet, condition: &Condition) -> usize {
        let test = self.yes(rules, condition);
        self.add(test)
    }

    fn pair(&mut self, rules: &RuleSet, condition: &Condition) -> Pair {
        let (yes, no) = (self.yes(rules, condition), self.no(rules, condition));
        Pair { yes: self.add(yes), no: self.add(no) }
    }

    /// Puts each question that has a condition, and each finding, into the step after all it reads.
    fn judge(&mut self, rules: &RuleSet) {
        let questions = &rules.questionnaire.questions;
        let (mut answered, mut found) = (vec![0; questions.len()], vec![0; rules.findings.len()]);
        for (at, question) in questions.iter().enumerate() {
            if let (Some(when), Some(_)) = (&question.when, self.answers[at]) {
                let step = after(when, &answered, &found);
                answered[at] = step + 1;
                let pair = self.pair(rules, when);
                self.step(step).questions.push((at, pair));
            }
            for (place, finding) in rules.findings.iter().enumerate() {
                if finding.reads.last() == Some(&at) {
                    let step = after(&finding.when, &answered, &found);
                    found[place] = step + 1;
                    let pair = self.pair(rules, &finding.when);
                    self.step(step).findings.push((place, pair));
                }
            }
        }
    }

    fn step(&mut self, step: usize) -> &mut Step {
        if self.steps.len() <= step {
            self.steps.resize(step + 1, Step::default());
        }
        &mut self.steps[step]
    }

    /// The test that a condition is true.
    fn yes(&self, rules: &RuleSet, condition: &Condition) -> Test {
        let each = |parts: &[Condition]| parts.iter().map(|part| self.yes(rules, part)).collect();
        match condition {
            Condition::All(parts) => Test::All(each(parts)),
            Condition::Any(parts) => Test::Any(each(parts)),
            Condition::Not(part) => self.no(rules, part),
            Condition::AtLeast { count, of } => Test::AtLeast(*count, each(of)),
            Condition::Answer { question, marks } => self.answered(rules, *question, *marks),
            Condition::Marked { question, marks, at_least } => {
                let many = self.many(rules, *question, *marks, *at_least);
                self.definite(rules, *question, many)
            }
            Condition::Finding(finding) => Test::Flag(self.findings[*finding].yes),
            Condition::Points(test) => self.compared(test),
            // Only promises speak of the outcome.
            Condition::Outcome(_) => Test::Any(Vec::new()),
        }
    }

    /// The test that a condition is false.
    fn no(&self, rules: &RuleSet, condition: &Condition) -> Test {
        let each = |parts: &[Condition]| parts.iter().map(|part| self.no(rules, part)).collect();
        match condition {
            Condition::All(parts) => Test::Any(each(parts)),
            Condition::Any(parts) => Test::All(each(parts)),
            Condition::Not(part) => self.yes(rules, part),
            Condition::AtLeast { count, of } => {
                Test::AtLeast((of.len() + 1).saturating_sub(*count), each(of))
            }
            Condition::Answer { question, marks } => {
                let other = not(self.answered(rules, *question, *marks));
                self.definite(rules, *question, other)
            }
            Condition::Marked { question, marks, at_least } => {
                let few = not(self.many(rules, *question, *marks, *at_least));
                self.definite(rules, *question, few)
            }
            Condition::Finding(finding) => Test::Flag(self.findings[*finding].no),
            Condition::Points(test) => not(self.compared(test)),
            Condition::Outcome(_) => Test::Any(Vec::new()),
        }
    }

    fn answered(&self, rules: &RuleSet, question: usize, marks: u64) -> Test {
        let (of, name) = (&rules.questionnaire.questions[question], self.answer(question));
        let words = Question::single_marks(marks).map(|mark| word(of, mark));
        match of.kind {
            Kind::AnyOf { .. } => Test::Any(words.map(|word| Test::Has(name, word)).collect()),
            _ => Test::Is(name, words.collect()),
        }
    }

    fn many(&self, rules: &RuleSet, question: usize, marks: u64, at_least: u32) -> Test {
        let (of, name) = (&rules.questionnaire.questions[question], self.answer(question));
        let words = Question::single_marks(marks).map(|mark| Test::Has(name, word(of, mark)));
        Test::AtLeast(at_least as usize, words.collect())
    }

    /// Adds to a test that there is an answer, and not "not sure".
    fn definite(&self, rules: &RuleSet, question: usize, test: Test) -> Test {
        let mut tests = vec![Test::Given(self.answer(question))];
        if rules.questionnaire.questions[question].unsure.is_some() {
            tests.push(not(self.answered(rules, question, UNSURE)));
        }
        tests.push(test);
        Test::All(tests)
    }

    fn answer(&self, question: usize) -> usize {
        self.answers[question].expect("no condition reads a note")
    }

    fn compared(&self, test: &PointsTest) -> Test {
        let own = self.points[test.item];
        let mut tests = Vec::new();
        tests.extend(test.at_least.map(|least| Test::Points(own, Sign::AtLeast, least)));
        tests.extend(test.at_most.map(|most| Test::Points(own, Sign::AtMost, most)));
        let others = |others: &[usize], sign| -> Vec<Test> {
            others.iter().map(|&other| Test::Against(own, sign, self.points[other])).collect()
        };
        tests.extend(others(&test.above, Sign::Above));
        tests.extend(others(&test.not_below, Sign::AtLeast));
        Test::All(tests)
    }
}

fn not(test: Test) -> Test {
    Test::Not(Box::new(test))
}

fn word(question: &Question, mark: u64) -> Word {
    let word = question.word(mark);
    match (&question.kind, word.parse()) {
        (Kind::Scale { .. }, Ok(number)) => Word::Number(number),
        _ => Word::Text(word),
    }
}

/// The first step at which all is known that a condition reads.
fn after(condition: &Condition, answered: &[usize], found: &[usize]) -> usize {
    let mut known = 0;
    condition.visit(&mut |part| {
        known = known.max(match part {
            Condition::Answer { question, .. } | Condition::Marked { question, .. } => {
                answered[*question]
            }
            Condition::Finding(finding) => found[*finding],
            _ => 0,
        });
    });
    known
}
