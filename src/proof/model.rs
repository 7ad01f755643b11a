//! A rule set as functions of all ways to answer.
//!
//! This is the meaning of a rule set written a second time, from the checked conditions and not
//! from the evaluator: three values as pairs of functions, the early stop as skip logic, points as
//! sums. A slip in either place shows as a difference between the two.

use std::collections::BTreeMap;

use super::formula::Formula;
use super::space::{Pair, Space};
use crate::condition::{Care, Condition};
use crate::diagram::{Diagram, Node, TooLarge};
use crate::questionnaire::Kind;
use crate::ruleset::RuleSet;

/// Which ways to answer are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ways {
    /// Every question that is asked is answered; an emergency ends the questions.
    Complete,
    /// Any question may be unanswered, and nothing ends the questions.
    Partial,
}

/// A rule set as functions.
#[derive(Clone, Debug)]
pub struct Model<'a> {
    /// The rule set.
    pub rules: &'a RuleSet,
    /// Which variables stand for its questions.
    pub space: Space,
    /// Whether each question is asked; its condition holds.
    pub active: Vec<Node>,
    /// Whether each question is asked, and no emergency has ended the questions before it.
    pub asked: Vec<Node>,
    /// Whether each question is unanswered and is asked, or could come to be asked.
    pub open: Vec<Node>,
    /// Settings that are answers their questions take.
    pub shape: Node,
    /// Complete interviews.
    pub complete: Node,
    /// Complete interviews without the early stop.
    pub unstopped: Node,
    /// Interviews with any question unanswered.
    pub partial: Node,
    /// The truth of each finding.
    pub findings: Vec<Pair>,
    /// The truth of each warning.
    pub warnings: Vec<Pair>,
    /// The truth of each caution.
    pub cautions: Vec<Pair>,
    /// Whether each rule fires.
    pub fires: Vec<Node>,
    /// Whether care is at least each level, in the order of [`Care::ALL`].
    pub care: [Node; 4],
    /// Whether each item is avoided.
    pub avoided: Vec<Node>,
    /// Whether each item could still come to be avoided, as a question is unanswered.
    pub withheld: Vec<Node>,
    /// Whether a warning could still fire, as a question is unanswered.
    pub unscreened: Node,
    pub(super) sums: BTreeMap<(usize, Option<usize>), Node>,
    pub(super) chains: BTreeMap<Ways, Vec<Formula>>,
}

/// New nodes of a product that helps many properties, before it is given up.
pub(super) const SHARED_PRODUCT: usize = 300_000;

impl<'a> Model<'a> {
    /// Works out everything that reads no points.
    ///
    /// # Errors
    /// When the diagram's bound is spent.
    pub fn new(diagram: &mut Diagram, rules: &'a RuleSet, space: Space) -> Result<Self, TooLarge> {
        let count = rules.questionnaire.questions.len();
        let items = rules.items.len();
        let mut model = Self {
            rules,
            space,
            active: vec![Node::FALSE; count],
            asked: vec![Node::FALSE; count],
            open: vec![Node::FALSE; count],
            shape: Node::TRUE,
            complete: Node::TRUE,
            unstopped: Node::TRUE,
            partial: Node::TRUE,
            findings: vec![Pair::UNKNOWN; rules.findings.len()],
            warnings: Vec::new(),
            cautions: Vec::new(),
            fires: Vec::new(),
            care: [Node::TRUE, Node::FALSE, Node::FALSE, Node::FALSE],
            avoided: vec![Node::FALSE; items],
            withheld: vec![Node::FALSE; items],
            unscreened: Node::FALSE,
            sums: BTreeMap::new(),
            chains: BTreeMap::new(),
        };
        model.ask(diagram)?;
        model.judge_warnings(diagram)?;
        model.judge_cautions(diagram)?;
        for rule in &rules.rules {
            let fires = match &rule.when {
                None => Node::TRUE,
                Some(when) => model.truth(diagram, when)?.yes,
            };
            model.fires.push(fires);
        }
        model.bound_ways(diagram)?;
        Ok(model)
    }

    fn ask(&mut self, diagram: &mut Diagram) -> Result<(), TooLarge> {
        for (question_idx, question) in self.rules.questionnaire.questions.iter().enumerate() {
            let asked = match &question.when {
                None => Pair { yes: Node::TRUE, no: Node::FALSE },
                Some(when) => self.truth(diagram, when)?,
            };
            self.active[question_idx] = asked.yes;
            let reads = question.when.as_ref().map(|when| self.rules.reads(when));
            let opens = self.any_open(diagram, &reads.unwrap_or_default())?;
            let known = diagram.or(asked.yes, asked.no)?;
            let could = diagram.and_not(opens, known)?;
            let unanswered = match self.space.block(question_idx) {
                None => Node::TRUE,
                Some(block) => {
                    let answered = block.answered(diagram)?;
                    diagram.not(answered)?
                }
            };
            let missing = diagram.and(asked.yes, unanswered)?;
            self.open[question_idx] = diagram.or(missing, could)?;
            for (finding_idx, finding) in self.rules.findings.iter().enumerate() {
                if finding.reads.last() == Some(&question_idx) {
                    self.findings[finding_idx] = self.truth(diagram, &finding.when)?;
                }
            }
        }
        Ok(())
    }

    fn any_open(&self, diagram: &mut Diagram, reads: &[usize]) -> Result<Node, TooLarge> {
        diagram.any(reads.iter().map(|&question| self.open[question]))
    }

    /// Unknown, while one of the questions read is open.
    fn could(&self, diagram: &mut Diagram, truth: Pair, reads: &[usize]) -> Result<Node, TooLarge> {
        let open = self.any_open(diagram, reads)?;
        let known = diagram.or(truth.yes, truth.no)?;
        diagram.and_not(open, known)
    }

    fn judge_warnings(&mut self, diagram: &mut Diagram) -> Result<(), TooLarge> {
        for warning in &self.rules.warnings {
            let truth = self.truth(diagram, &warning.when)?;
            self.warnings.push(truth);
            for (level, care) in Care::ALL.into_iter().enumerate().skip(1) {
                if warning.care >= care {
                    self.care[level] = diagram.or(self.care[level], truth.yes)?;
                }
            }
            let could = self.could(diagram, truth, &warning.reads)?;
            self.unscreened = diagram.or(self.unscreened, could)?;
        }
        Ok(())
    }

    fn judge_cautions(&mut self, diagram: &mut Diagram) -> Result<(), TooLarge> {
        for caution in &self.rules.cautions {
            let truth = self.truth(diagram, &caution.when)?;
            self.cautions.push(truth);
            let could = self.could(diagram, truth, &caution.reads)?;
            for &item in &caution.avoid {
                self.avoided[item] = diagram.or(self.avoided[item], truth.yes)?;
                self.withheld[item] = diagram.or(self.withheld[item], could)?;
            }
        }
        for by_item in [&mut self.avoided, &mut self.withheld] {
            // What a part loses the combination loses, and what a treatment loses its options do.
            let treatments: Vec<usize> = self.rules.treatments().collect();
            for &treatment in &treatments {
                for part in self.rules.parts(treatment) {
                    by_item[treatment] = diagram.or(by_item[treatment], by_item[part])?;
                }
            }
            for item in 0..by_item.len() {
                if let Some(treatment) = self.rules.treatment_of(item) {
                    by_item[item] = diagram.or(by_item[item], by_item[treatment])?;
                }
            }
        }
        Ok(())
    }

    /// Which settings are interviews. An emergency is skip logic: a question is asked if its
    /// condition holds and no emergency has fired on the answers before it.
    fn bound_ways(&mut self, diagram: &mut Diagram) -> Result<(), TooLarge> {
        // From the last question on, so that each product is with what stands above it.
        let mut stopped = self.care[3];
        for question in (0..self.active.len()).rev() {
            let Some(block) = self.space.block(question).cloned() else { continue };
            let shape = block.shape(diagram)?;
            let answered = block.answered(diagram)?;
            for level in block.first..block.end() {
                stopped = diagram.fix(stopped, level, 0)?;
            }
            let active = self.active[question];
            let asked = diagram.and_not(active, stopped)?;
            self.asked[question] = asked;
            if block.is_given() {
                // It stands, and does not count where it is not asked.
                continue;
            }
            let idle = diagram.not(answered)?;
            for (ways, asked, must) in [
                (&mut self.complete, asked, true),
                (&mut self.unstopped, active, true),
                (&mut self.partial, active, false),
            ] {
                let (given, not_asked) = if must {
                    (diagram.and(asked, answered)?, diagram.and_not(idle, asked)?)
                } else {
                    (asked, diagram.and_not(idle, asked)?)
                };
                let fits = diagram.or(given, not_asked)?;
                let fits = diagram.and(fits, shape)?;
                *ways = diagram.and(*ways, fits)?;
            }
            self.shape = diagram.and(self.shape, shape)?;
        }
        Ok(())
    }

    /// The ways to answer that are meant.
    pub fn ways(&self, ways: Ways) -> Node {
        match ways {
            Ways::Complete => self.complete,
            Ways::Partial => self.partial,
        }
    }

    /// When a condition on answers and findings holds, and when it does not.
    ///
    /// Each test of an answer counts only where its question is asked.
    pub fn truth(&self, diagram: &mut Diagram, condition: &Condition) -> Result<Pair, TooLarge> {
        let pairs = |diagram: &mut Diagram, parts: &[Condition]| {
            parts.iter().map(|part| self.truth(diagram, part)).collect::<Result<Vec<_>, _>>()
        };
        let yes = |pairs: &[Pair]| pairs.iter().map(|pair| pair.yes).collect::<Vec<_>>();
        let no = |pairs: &[Pair]| pairs.iter().map(|pair| pair.no).collect::<Vec<_>>();
        match condition {
            Condition::All(parts) => {
                let parts = pairs(diagram, parts)?;
                Ok(Pair { yes: diagram.all(yes(&parts))?, no: diagram.any(no(&parts))? })
            }
            Condition::Any(parts) => {
                let parts = pairs(diagram, parts)?;
                Ok(Pair { yes: diagram.any(yes(&parts))?, no: diagram.all(no(&parts))? })
            }
            Condition::Not(part) => {
                let Pair { yes, no } = self.truth(diagram, part)?;
                Ok(Pair { yes: no, no: yes })
            }
            Condition::AtLeast { count, of } => {
                let parts = pairs(diagram, of)?;
                let yes = diagram.at_least(*count, &yes(&parts))?;
                let enough_false = (parts.len() + 1).saturating_sub(*count);
                Ok(Pair { yes, no: diagram.at_least(enough_false, &no(&parts))? })
            }
            Condition::Answer { question, marks } => match self.space.block(*question) {
                Some(block) => {
                    let test = block.has(diagram, *marks)?;
                    self.asked(diagram, *question, test)
                }
                None => Ok(Pair::UNKNOWN),
            },
            Condition::Marked { question, marks, at_least } => match self.space.block(*question) {
                Some(block) => {
                    let test = block.has_at_least(diagram, *marks, *at_least)?;
                    self.asked(diagram, *question, test)
                }
                None => Ok(Pair::UNKNOWN),
            },
            Condition::Finding(finding) => Ok(self.findings[*finding]),
            Condition::Points(_) | Condition::Outcome(_) => Ok(Pair::UNKNOWN),
        }
    }

    fn asked(&self, diagram: &mut Diagram, question: usize, test: Pair) -> Result<Pair, TooLarge> {
        let active = self.active[question];
        Ok(Pair { yes: diagram.and(active, test.yes)?, no: diagram.and(active, test.no)? })
    }

    /// Interviews in which a question is answered.
    pub fn answered(&self, diagram: &mut Diagram, question: usize) -> Result<Node, TooLarge> {
        match self.space.block(question) {
            Some(block) => block.answered(diagram),
            None => Ok(Node::FALSE),
        }
    }

    /// Whether a question can be asked by a proof: texts are outside it.
    pub fn is_counted(&self, question: usize) -> bool {
        self.rules.questionnaire.questions[question].kind != Kind::Text
    }
}
