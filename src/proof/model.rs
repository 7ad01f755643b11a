//! A rule set as functions of all ways to answer.
//!
//! This is the meaning of a rule set written a second time, from the checked conditions and not
//! from the evaluator: three values as pairs of functions, the early stop as skip logic, points as
//! sums. A slip in either place shows as a difference between the two.

use std::collections::BTreeMap;

use super::formula::Formula;
use super::space::{Pair, Space};
use crate::condition::{Care, Condition, OutcomeTest, PointsTest};
use crate::diagram::{Diagram, Node, Op, TooLarge};
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
    sums: BTreeMap<(usize, Option<usize>), Node>,
    chains: BTreeMap<Ways, Vec<Formula>>,
}

/// New nodes of a product that helps many properties, before it is given up.
const SHARED_PRODUCT: usize = 300_000;

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

    /// The points of an item, or by how many it is ahead of another.
    fn sum(
        &mut self,
        diagram: &mut Diagram,
        item: usize,
        ahead_of: Option<usize>,
    ) -> Result<Node, TooLarge> {
        if let Some(&sum) = self.sums.get(&(item, ahead_of)) {
            return Ok(sum);
        }
        let weight = |points: &[(usize, i32)]| -> i32 {
            let of = |wanted| -> i32 {
                points.iter().filter(|(own, _)| *own == wanted).map(|(_, number)| number).sum()
            };
            of(item) - ahead_of.map_or(0, of)
        };
        let mut terms: Vec<(i32, Node)> = self
            .rules
            .rules
            .iter()
            .zip(&self.fires)
            .map(|(rule, &fires)| (weight(&rule.points), fires))
            .filter(|(weight, _)| *weight != 0)
            .collect();
        // Deepest first: a sum grows from the bottom, and each step passes over it once.
        terms.sort_by_key(|(_, fires)| std::cmp::Reverse(diagram.level(*fires)));
        let mut sum = Node::leaf(0);
        for (weight, fires) in terms {
            let term = diagram.apply(Op::Times, fires, Node::leaf(weight))?;
            sum = diagram.apply(Op::Add, sum, term)?;
        }
        self.sums.insert((item, ahead_of), sum);
        Ok(sum)
    }

    /// Whether an item has at least so many points, or is so far ahead of another.
    pub fn reaches(
        &mut self,
        diagram: &mut Diagram,
        item: usize,
        ahead_of: Option<usize>,
        number: i32,
    ) -> Result<Node, TooLarge> {
        match ahead_of {
            // One difference serves both sides.
            Some(other) if other < item => {
                let sum = self.sum(diagram, other, Some(item))?;
                let behind = diagram.reaches(sum, 1_i32.saturating_sub(number))?;
                diagram.not(behind)
            }
            _ => {
                let sum = self.sum(diagram, item, ahead_of)?;
                diagram.reaches(sum, number)
            }
        }
    }

    fn points(&mut self, diagram: &mut Diagram, test: &PointsTest) -> Result<Formula, TooLarge> {
        let mut parts = Vec::new();
        if let Some(least) = test.at_least {
            parts.push(self.reaches(diagram, test.item, None, least)?);
        }
        if let Some(most) = test.at_most {
            let above = self.reaches(diagram, test.item, None, most.saturating_add(1))?;
            parts.push(diagram.not(above)?);
        }
        for &other in &test.above {
            parts.push(self.reaches(diagram, test.item, Some(other), 1)?);
        }
        for &other in &test.not_below {
            parts.push(self.reaches(diagram, test.item, Some(other), 0)?);
        }
        Ok(Formula::All(parts.into_iter().map(Formula::Leaf).collect()))
    }

    /// When a condition that may read points and outcomes is true, or when it is false.
    pub fn judge(
        &mut self,
        diagram: &mut Diagram,
        condition: &Condition,
        ways: Ways,
        holds: bool,
    ) -> Result<Formula, TooLarge> {
        let mut pure = true;
        condition.visit(&mut |part| {
            pure &= !matches!(part, Condition::Points(_) | Condition::Outcome(_));
        });
        if pure {
            let Pair { yes, no } = self.truth(diagram, condition)?;
            return Ok(Formula::Leaf(if holds { yes } else { no }));
        }
        let test = match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                let all = matches!(condition, Condition::All(_)) == holds;
                let parts = parts.iter().map(|part| self.judge(diagram, part, ways, holds));
                let parts = parts.collect::<Result<_, _>>()?;
                return Ok(if all { Formula::All(parts) } else { Formula::Any(parts) });
            }
            Condition::Not(part) => return self.judge(diagram, part, ways, !holds),
            Condition::AtLeast { count, of } => {
                let parts = of.iter().map(|part| {
                    let part = self.judge(diagram, part, ways, holds)?;
                    part.multiplied(diagram, SHARED_PRODUCT)
                });
                let parts = parts.collect::<Result<Vec<_>, _>>()?;
                let enough = if holds { *count } else { (of.len() + 1).saturating_sub(*count) };
                return Ok(Formula::Leaf(diagram.at_least(enough, &parts)?));
            }
            Condition::Points(test) => self.points(diagram, test)?,
            Condition::Outcome(test) => self.outcome(diagram, test, ways)?,
            Condition::Answer { .. } | Condition::Marked { .. } | Condition::Finding(_) => {
                return Err(TooLarge);
            }
        };
        // These are known wherever they are asked about.
        if holds { Ok(test) } else { test.negated(diagram) }
    }

    fn outcome(
        &mut self,
        diagram: &mut Diagram,
        test: &OutcomeTest,
        ways: Ways,
    ) -> Result<Formula, TooLarge> {
        match test {
            OutcomeTest::Care(levels) => {
                let exact: Vec<Node> = levels
                    .iter()
                    .map(|&care| self.care_is(diagram, care))
                    .collect::<Result<_, _>>()?;
                Ok(Formula::Leaf(diagram.any(exact)?))
            }
            OutcomeTest::Suggestion(treatments) => {
                let mut any = Vec::new();
                for &treatment in treatments {
                    any.push(match treatment {
                        Some(treatment) => self.suggests(diagram, treatment, ways)?,
                        None => self.names_none(diagram, ways)?,
                    });
                }
                Ok(Formula::Any(any))
            }
            OutcomeTest::Offers(items) => {
                let any = items.iter().map(|&item| self.offers(diagram, item, ways));
                Ok(Formula::Any(any.collect::<Result<_, _>>()?))
            }
        }
    }

    /// Whether care is exactly this.
    pub fn care_is(&self, diagram: &mut Diagram, care: Care) -> Result<Node, TooLarge> {
        let level = Care::ALL.iter().position(|&own| own == care).unwrap_or(0);
        match self.care.get(level + 1) {
            Some(&above) => diagram.and_not(self.care[level], above),
            None => Ok(self.care[level]),
        }
    }

    /// Whether an item may be offered: nothing avoids it, and with open questions nothing could.
    pub fn offered(
        &self,
        diagram: &mut Diagram,
        item: usize,
        ways: Ways,
    ) -> Result<Node, TooLarge> {
        let against = match ways {
            Ways::Complete => self.avoided[item],
            Ways::Partial => diagram.or(self.avoided[item], self.withheld[item])?,
        };
        diagram.not(against)
    }

    /// Whether an item has points and may be offered.
    pub fn eligible(
        &mut self,
        diagram: &mut Diagram,
        item: usize,
        ways: Ways,
    ) -> Result<Node, TooLarge> {
        let offered = self.offered(diagram, item, ways)?;
        let earned = self.reaches(diagram, item, None, 1)?;
        diagram.and(offered, earned)
    }

    /// Interviews in which suggestions are looked at at all.
    pub fn named(&self, diagram: &mut Diagram, ways: Ways) -> Result<Node, TooLarge> {
        let named = diagram.and_not(self.ways(ways), self.care[2])?;
        match ways {
            Ways::Complete => Ok(named),
            Ways::Partial => diagram.and_not(named, self.unscreened),
        }
    }

    /// Whether an entry holds and its treatment may be offered, whatever stands before it.
    pub fn holds(
        &mut self,
        diagram: &mut Diagram,
        entry: usize,
        ways: Ways,
    ) -> Result<Formula, TooLarge> {
        let rules = self.rules;
        let entry = &rules.suggestions[entry];
        let mut parts = Vec::new();
        if let Some(when) = &entry.when {
            parts.push(self.judge(diagram, when, ways, true)?);
        }
        if let Some(treatment) = entry.treatment {
            parts.push(Formula::Leaf(self.offered(diagram, treatment, ways)?));
        }
        Ok(Formula::All(parts).collapsed(diagram, SHARED_PRODUCT / 10))
    }

    /// For each entry of the suggestions, where it is the one that comes out; last, where none is.
    pub fn entries(&mut self, diagram: &mut Diagram, ways: Ways) -> Result<Vec<Formula>, TooLarge> {
        if let Some(chain) = self.chains.get(&ways) {
            return Ok(chain.clone());
        }
        let mut left = Formula::Leaf(self.named(diagram, ways)?);
        let mut chain = Vec::new();
        for entry in 0..self.rules.suggestions.len() {
            let holds = self.holds(diagram, entry, ways)?;
            let here = Formula::All(vec![left.clone(), holds.clone()]);
            chain.push(here.collapsed(diagram, SHARED_PRODUCT));
            let passed = Formula::All(vec![left, holds.negated(diagram)?]);
            left = passed.collapsed(diagram, SHARED_PRODUCT);
        }
        chain.push(left);
        self.chains.insert(ways, chain.clone());
        Ok(chain)
    }

    /// Interviews that suggest this treatment.
    pub fn suggests(
        &mut self,
        diagram: &mut Diagram,
        treatment: usize,
        ways: Ways,
    ) -> Result<Formula, TooLarge> {
        self.any_entry(diagram, ways, |own| own == Some(treatment))
    }

    /// Interviews that name no treatment.
    fn names_none(&mut self, diagram: &mut Diagram, ways: Ways) -> Result<Formula, TooLarge> {
        let named = self.named(diagram, ways)?;
        let unnamed = diagram.and_not(self.ways(ways), named)?;
        let passed_over = self.entries(diagram, ways)?.pop().unwrap_or(Formula::FALSE);
        let none = self.any_entry(diagram, ways, |own| own.is_none())?;
        Ok(Formula::Any(vec![Formula::Leaf(unnamed), none, passed_over]))
    }

    fn any_entry(
        &mut self,
        diagram: &mut Diagram,
        ways: Ways,
        wanted: impl Fn(Option<usize>) -> bool,
    ) -> Result<Formula, TooLarge> {
        let chain = self.entries(diagram, ways)?;
        let entries = chain.into_iter().zip(&self.rules.suggestions);
        let fitting: Vec<Formula> =
            entries.filter(|(_, entry)| wanted(entry.treatment)).map(|(chain, _)| chain).collect();
        Ok(Formula::Any(fitting))
    }

    /// Interviews in which an item is suggested, offered as an option or the runner-up.
    pub fn offers(
        &mut self,
        diagram: &mut Diagram,
        item: usize,
        ways: Ways,
    ) -> Result<Formula, TooLarge> {
        if self.rules.treatment_of(item).is_some() {
            return self.option(diagram, item, ways);
        }
        let suggested = self.suggests(diagram, item, ways)?;
        let second = self.runner_up(diagram, item, ways)?;
        Ok(Formula::Any(vec![suggested, second]))
    }

    /// Interviews in which an option is offered.
    pub fn option(
        &mut self,
        diagram: &mut Diagram,
        option: usize,
        ways: Ways,
    ) -> Result<Formula, TooLarge> {
        let Some(own) = self.rules.treatment_of(option) else { return Ok(Formula::FALSE) };
        let rules = self.rules;
        let suggested = self.any_entry(diagram, ways, |treatment| {
            treatment.is_some_and(|treatment| rules.parts(treatment).contains(&own))
        })?;
        let eligible = self.eligible(diagram, option, ways)?;
        Ok(Formula::All(vec![Formula::Leaf(eligible), suggested]))
    }

    /// Interviews in which a treatment is the runner-up.
    pub fn runner_up(
        &mut self,
        diagram: &mut Diagram,
        item: usize,
        ways: Ways,
    ) -> Result<Formula, TooLarge> {
        let eligible = self.eligible(diagram, item, ways)?;
        let mut any = Vec::new();
        let treatments: Vec<usize> = self.rules.treatments().collect();
        for &suggested in treatments.iter().filter(|&&suggested| suggested != item) {
            let mut parts = vec![self.suggests(diagram, suggested, ways)?, Formula::Leaf(eligible)];
            for &other in treatments.iter().filter(|&&other| other != item && other != suggested) {
                // Of equals the one higher up in the file comes first.
                let ahead = self.reaches(diagram, other, Some(item), i32::from(other > item))?;
                let rival = self.eligible(diagram, other, ways)?;
                let no_rival = [diagram.not(ahead)?, diagram.not(rival)?];
                parts.push(Formula::Any(no_rival.map(Formula::Leaf).to_vec()));
            }
            any.push(Formula::All(parts));
        }
        Ok(Formula::Any(any))
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
