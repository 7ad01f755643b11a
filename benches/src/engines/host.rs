//! What is the same for each engine.

use std::io::Write;

use backwise::RuleSet;
use backwise::condition::Care;

use crate::program::{Pair, Program};
use crate::row::{Answer, Row, Word};
use crate::{Engine, Fact, Failure, FxIndexMap};

/// A rule set with an engine to judge its conditions.
pub struct Host<'a> {
    rules: &'a RuleSet,
    program: &'a Program,
    engine: Box<dyn Engine>,
    /// For each id of a question its number.
    questions: FxIndexMap<&'a str, usize>,
    /// For each treatment the rules that speak for it, strongest first.
    reasons: Vec<Vec<usize>>,
    /// Names that had a fact in the row before.
    stale: Vec<usize>,
    /// For each test whether it held when it was judged last.
    held: Vec<bool>,
}

/// One person.
struct Person<'a> {
    facts: Vec<Fact<'a>>,
    /// Names whose fact the engine has not seen.
    changed: Vec<usize>,
    /// For each question whether it is unanswered and is asked, or could come to be asked.
    open: Vec<bool>,
}

impl<'a> Person<'a> {
    fn know(&mut self, name: usize, fact: Fact<'a>) {
        self.facts[name] = fact;
        self.changed.push(name);
    }

    fn is_open(&self, reads: &[usize]) -> bool {
        reads.iter().any(|&question| self.open[question])
    }

    /// A question that is asked.
    fn ask(&mut self, question: usize, name: usize, given: Fact<'a>) {
        self.open[question] = matches!(given, Fact::Nothing);
        if !self.open[question] {
            self.know(name, given);
        }
    }
}

impl<'a> Host<'a> {
    pub fn new(rules: &'a RuleSet, program: &'a Program, engine: Box<dyn Engine>) -> Self {
        let questions = rules.questionnaire.questions.iter().enumerate();
        let reasons = (0..rules.items.len()).map(|item| reasons(rules, item)).collect();
        Self {
            rules,
            program,
            engine,
            questions: questions.map(|(at, question)| (question.id.as_str(), at)).collect(),
            reasons,
            stale: Vec::new(),
            held: vec![false; program.tests.len()],
        }
    }

    /// Judges a row and writes its line.
    pub fn row(&mut self, line: &[u8], out: &mut impl Write) -> Result<(), Failure> {
        let Row(entries) = serde_json::from_slice(line)?;
        let count = self.rules.questionnaire.questions.len();
        let (mut id, mut given) = ("", vec![Fact::Nothing; count]);
        for (Word(key), answer) in &entries {
            let fact = match answer {
                Answer::Number(number) => Fact::Number(*number),
                Answer::Word(Word(word)) => Fact::Word(word),
                Answer::Words(words) => Fact::Words(words.iter().map(|Word(it)| &**it).collect()),
                Answer::Nothing => Fact::Nothing,
            };
            match (self.questions.get(&**key), &fact) {
                (Some(&question), _) => given[question] = fact,
                (None, Fact::Word(word)) if key == "id" => id = word,
                (None, _) => return Err(format!("`{key}` is no question").into()),
            }
        }
        let mut person = Person {
            facts: vec![Fact::Nothing; self.program.names.len()],
            changed: std::mem::take(&mut self.stale),
            open: vec![false; count],
        };
        self.interview(&mut person, &mut given)?;
        let (care, suggestion, fired) = self.outcome(&mut person)?;
        let facts = person.facts.iter().enumerate();
        let known = facts.filter(|(_, fact)| !matches!(fact, Fact::Nothing));
        self.stale.extend(known.map(|(name, _)| name));
        let named = suggestion.map_or("none", |item| self.rules.items[item].id.as_str());
        let reasons = suggestion.map_or(&[][..], |item| self.reasons[item].as_slice());
        let reasons: Vec<&str> = reasons
            .iter()
            .filter(|&&rule| fired[rule])
            .map(|&rule| self.rules.rules[rule].id.as_str())
            .collect();
        write!(out, "{{\"id\":")?;
        serde_json::to_writer(&mut *out, id)?;
        write!(out, ",\"care\":\"{}\",\"suggestion\":\"{named}\",\"reasons\":", care.id())?;
        serde_json::to_writer(&mut *out, &reasons)?;
        writeln!(out, "}}")?;
        Ok(())
    }

    fn judge(&mut self, person: &mut Person<'_>, tests: &[usize]) -> Result<(), Failure> {
        if tests.is_empty() {
            return Ok(());
        }
        self.engine.judge(&person.facts, &person.changed, tests, &mut self.held)?;
        person.changed.clear();
        Ok(())
    }

    /// Of conditions that are not true, tells those that are not false either and read something
    /// open; only for these is it asked whether they are false.
    fn doubtful<'b>(
        &mut self,
        person: &mut Person<'_>,
        all: impl Iterator<Item = (usize, Pair, &'b [usize])>,
    ) -> Result<Vec<usize>, Failure> {
        let doubted: Vec<(usize, usize)> = all
            .filter(|(_, pair, reads)| !self.held[pair.yes] && person.is_open(reads))
            .map(|(at, pair, _)| (at, pair.no))
            .collect();
        let tests: Vec<usize> = doubted.iter().map(|&(_, no)| no).collect();
        self.judge(person, &tests)?;
        Ok(doubted.into_iter().filter(|&(_, no)| !self.held[no]).map(|(at, _)| at).collect())
    }

    /// Which answers count, what is open, and what is found.
    fn interview<'b>(
        &mut self,
        person: &mut Person<'b>,
        given: &mut [Fact<'b>],
    ) -> Result<(), Failure> {
        let (rules, program) = (self.rules, self.program);
        for (at, question) in rules.questionnaire.questions.iter().enumerate() {
            if let (None, Some(name)) = (&question.when, program.answers[at]) {
                person.ask(at, name, std::mem::take(&mut given[at]));
            }
        }
        for step in &program.steps {
            let questions = step.questions.iter().map(|(_, pair)| pair.yes);
            let findings = step.findings.iter().flat_map(|(_, pair)| [pair.yes, pair.no]);
            let tests: Vec<usize> = questions.chain(findings).collect();
            self.judge(person, &tests)?;
            for &(at, pair) in &step.findings {
                for (test, name) in
                    [(pair.yes, program.findings[at].yes), (pair.no, program.findings[at].no)]
                {
                    if self.held[test] {
                        person.know(name, Fact::Holds);
                    }
                }
            }
            for &(at, pair) in &step.questions {
                if let (true, Some(name)) = (self.held[pair.yes], program.answers[at]) {
                    person.ask(at, name, std::mem::take(&mut given[at]));
                }
            }
            let all = step.questions.iter();
            let all = all
                .map(|&(at, pair)| (at, pair, rules.questionnaire.questions[at].reads.as_slice()));
            for question in self.doubtful(person, all)? {
                person.open[question] = true;
            }
        }
        Ok(())
    }

    /// The care, the treatment, and for each rule whether it fired.
    fn outcome(
        &mut self,
        person: &mut Person<'_>,
    ) -> Result<(Care, Option<usize>, Vec<bool>), Failure> {
        let (rules, program) = (self.rules, self.program);
        let pairs = program.warnings.iter().chain(&program.cautions);
        let tests = pairs.map(|pair| pair.yes).chain(program.rules.iter().copied().flatten());
        self.judge(person, &tests.collect::<Vec<usize>>())?;
        let fired: Vec<bool> =
            program.rules.iter().map(|test| test.is_none_or(|test| self.held[test])).collect();
        let warnings = program.warnings.iter().zip(&rules.warnings);
        let care = warnings
            .clone()
            .filter(|(pair, _)| self.held[pair.yes])
            .map(|(_, warning)| warning.care)
            .max()
            .unwrap_or_default();
        if !care.names_treatment() {
            return Ok((care, None, fired));
        }
        let warnings = warnings.enumerate();
        let warnings = warnings.map(|(at, (pair, it))| (at, *pair, it.reads.as_slice()));
        if !self.doubtful(person, warnings)?.is_empty() {
            return Ok((care, None, fired));
        }
        let cautions = || program.cautions.iter().zip(&rules.cautions).enumerate();
        let avoiding = cautions().filter(|(_, (_, caution))| !caution.avoid.is_empty());
        let avoiding = avoiding.map(|(at, (pair, it))| (at, *pair, it.reads.as_slice()));
        let withheld = self.doubtful(person, avoiding)?;
        let mut taken = vec![false; rules.items.len()];
        for (at, (pair, caution)) in cautions() {
            if self.held[pair.yes] || withheld.contains(&at) {
                caution.avoid.iter().for_each(|&item| taken[item] = true);
            }
        }
        rules.spread(&mut taken);
        let mut points = vec![0; rules.items.len()];
        for (rule, _) in rules.rules.iter().zip(&fired).filter(|(_, fired)| **fired) {
            rule.points.iter().for_each(|&(item, number)| points[item] += number);
        }
        for (&name, &number) in program.points.iter().zip(&points) {
            person.know(name, Fact::Number(i64::from(number)));
        }
        let tests: Vec<usize> = program.suggestions.iter().copied().flatten().collect();
        self.judge(person, &tests)?;
        let first = program.suggestions.iter().zip(&rules.suggestions).find(|(test, entry)| {
            test.is_none_or(|test| self.held[test])
                && entry.treatment.is_none_or(|item| !taken[item])
        });
        Ok((care, first.and_then(|(_, entry)| entry.treatment), fired))
    }
}

/// The rules that speak for an item, strongest first.
fn reasons(rules: &RuleSet, item: usize) -> Vec<usize> {
    let points = |rule: usize| -> i32 {
        let to = rules.rules[rule].points.iter().filter(|(to, _)| *to == item);
        to.map(|(_, number)| number).sum()
    };
    let mut reasons: Vec<usize> = (0..rules.rules.len()).filter(|&rule| points(rule) > 0).collect();
    reasons.sort_by_key(|&rule| std::cmp::Reverse(points(rule)));
    reasons
}
