//! What comes out, as formulas: points, suggestions, options, the runner-up, promises.

use super::formula::Formula;
use super::model::{Model, SHARED_PRODUCT, Ways};
use super::space::Pair;
use crate::condition::{Care, Condition, OutcomeTest, PointsTest};
use crate::diagram::{Diagram, Node, Op, TooLarge};

impl Model<'_> {
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
    pub fn names_none(&mut self, diagram: &mut Diagram, ways: Ways) -> Result<Formula, TooLarge> {
        let named = self.named(diagram, ways)?;
        let unnamed = diagram.and_not(self.ways(ways), named)?;
        let passed_over = self.entries(diagram, ways)?.pop().unwrap_or(Formula::FALSE);
        let none = self.any_entry(diagram, ways, |own| own.is_none())?;
        Ok(Formula::Any(vec![Formula::Leaf(unnamed), none, passed_over]))
    }

    /// Interviews that come to an entry whose treatment is wanted.
    pub(crate) fn any_entry(
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
}
