//! Whether a change of the rules comes out anywhere, exactly: over all complete interviews.
//!
//! What comes out is what a case can expect: the questions asked, care, warnings, findings,
//! cautions, which rules fire, what is avoided, the suggestion, its options in their order, the
//! runner-up. Points alone are not.

use crate::answers::Answers;
use crate::diagram::{Diagram, Node, TooLarge};
use crate::proof::formula::{Formula, Found};
use crate::proof::model::{Model, Ways};
use crate::proof::space::{Pair, Space};
use crate::proof::{Bounds, model};
use crate::ruleset::RuleSet;

/// Whether two rule sets come to different things.
pub(super) enum Apart {
    /// They never do.
    Never,
    /// They do here.
    By(Answers),
    /// The bounds were spent before it was known.
    TooLarge,
}

/// A rule set, to be held against changed ones.
pub(super) struct Comparison<'a> {
    rules: &'a RuleSet,
    bounds: Bounds,
    /// Its functions, kept as long as there is room for more beside them.
    kept: Option<(Diagram, Model<'a>)>,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(rules: &'a RuleSet, bounds: Bounds) -> Self {
        Self { rules, bounds, kept: None }
    }

    /// Holds a changed rule set, with the same questions and items, against this one.
    pub(super) fn compare(&mut self, changed: &RuleSet) -> Apart {
        for is_last in [self.kept.is_none(), true] {
            let kept = self.kept.take().or_else(|| model(self.rules, self.bounds).ok());
            let Some((mut diagram, mut old)) = kept else { break };
            let found = apart(&mut diagram, &mut old, changed, self.bounds.states);
            match found {
                Ok(setting) => {
                    let questionnaire = &self.rules.questionnaire;
                    let answers = setting.map(|own| old.space.answers(questionnaire, &own));
                    self.kept = Some((diagram, old));
                    return answers.map_or(Apart::Never, Apart::By);
                }
                // What was kept from earlier comparisons may be in the way.
                Err(TooLarge) if is_last => break,
                Err(TooLarge) => {}
            }
        }
        Apart::TooLarge
    }
}

/// The shortest way to answer of the first kind of difference that there is.
fn apart(
    diagram: &mut Diagram,
    old: &mut Model<'_>,
    changed: &RuleSet,
    states: usize,
) -> Result<Option<Vec<u32>>, TooLarge> {
    let (space, _) = Space::new(&changed.questionnaire);
    let mut new = Model::new(diagram, changed, space)?;
    let gone = diagram.and_not(old.complete, new.complete)?;
    let come = diagram.and_not(new.complete, old.complete)?;
    // At an emergency the questions end, so a case of one may leave out what is asked.
    let before = diagram.and_not(gone, old.care[3])?;
    for asked in [before, gone, come] {
        if let Some(setting) = shortest(diagram, &Formula::Leaf(asked), states)? {
            return Ok(Some(setting));
        }
    }
    let told = told(diagram, old, &new)?;
    if let Some(setting) = shortest(diagram, &Formula::Leaf(told), states)? {
        return Ok(Some(setting));
    }
    for kind in [suggestions, options, runners_up] {
        let differing = Formula::Any(kind(diagram, old, &mut new)?);
        if let Some(setting) = shortest(diagram, &differing, states)? {
            return Ok(Some(setting));
        }
    }
    Ok(None)
}

fn shortest(
    diagram: &mut Diagram,
    formula: &Formula,
    states: usize,
) -> Result<Option<Vec<u32>>, TooLarge> {
    if *formula == Formula::FALSE {
        return Ok(None);
    }
    match formula.shortest(diagram, states) {
        Found::Never => Ok(None),
        Found::Shortest(setting) => Ok(Some(setting)),
        Found::TooLarge => Err(TooLarge),
    }
}

fn differ(diagram: &mut Diagram, one: Node, other: Node) -> Result<Node, TooLarge> {
    if one == other {
        return Ok(Node::FALSE);
    }
    let (more, less) = (diagram.and_not(one, other)?, diagram.and_not(other, one)?);
    diagram.or(more, less)
}

/// Where care, a warning, a finding, a caution, a rule or something avoided differs.
fn told(diagram: &mut Diagram, old: &Model<'_>, new: &Model<'_>) -> Result<Node, TooLarge> {
    let functions = |model: &Model<'_>| -> Vec<Node> {
        let truths = model.warnings.iter().chain(&model.findings).chain(&model.cautions);
        let truths = truths.map(|Pair { yes, .. }| *yes);
        let others = model.avoided.iter().chain(&model.fires).copied();
        truths.chain(model.care).chain(others).collect()
    };
    let mut any = Node::FALSE;
    for (one, other) in functions(old).into_iter().zip(functions(new)) {
        let here = differ(diagram, one, other)?;
        let here = diagram.and(here, old.complete)?;
        any = diagram.or(any, here)?;
    }
    Ok(any)
}

/// Where another entry of the suggestions comes out.
fn suggestions(
    diagram: &mut Diagram,
    old: &mut Model<'_>,
    new: &mut Model<'_>,
) -> Result<Vec<Formula>, TooLarge> {
    let here = old.entries(diagram, Ways::Complete)?;
    let there = new.entries(diagram, Ways::Complete)?;
    // Some entry comes out wherever one is looked for, so what one side gains another loses.
    let moved = here.into_iter().zip(there).filter(|(here, there)| here != there);
    moved.map(|(here, there)| Ok(Formula::All(vec![here, there.negated(diagram)?]))).collect()
}

/// Where other options are offered, or in another order.
fn options(
    diagram: &mut Diagram,
    old: &mut Model<'_>,
    new: &mut Model<'_>,
) -> Result<Vec<Formula>, TooLarge> {
    let rules = old.rules;
    let mut any = Vec::new();
    for treatment in rules.treatments() {
        let mut differing = Node::FALSE;
        let options = rules.options(treatment);
        for (index, &option) in options.iter().enumerate() {
            let fits = old.eligible(diagram, option, Ways::Complete)?;
            let other = new.eligible(diagram, option, Ways::Complete)?;
            let here = differ(diagram, fits, other)?;
            differing = diagram.or(differing, here)?;
            for &below in &options[index + 1..] {
                let ahead = old.reaches(diagram, below, Some(option), 1)?;
                let other = new.reaches(diagram, below, Some(option), 1)?;
                if ahead == other {
                    continue;
                }
                let here = differ(diagram, ahead, other)?;
                let both = old.eligible(diagram, below, Ways::Complete)?;
                let both = diagram.and(both, fits)?;
                let here = diagram.and(here, both)?;
                differing = diagram.or(differing, here)?;
            }
        }
        if differing != Node::FALSE {
            let suggested = old.suggests(diagram, treatment, Ways::Complete)?;
            any.push(Formula::All(vec![Formula::Leaf(differing), suggested]));
        }
    }
    Ok(any)
}

/// Where another treatment is the runner-up.
fn runners_up(
    diagram: &mut Diagram,
    old: &mut Model<'_>,
    new: &mut Model<'_>,
) -> Result<Vec<Formula>, TooLarge> {
    let treatments: Vec<usize> = old.rules.treatments().collect();
    // One takes the place of another only where one of them gains or loses its points or its
    // place before the other; that keeps the search small.
    let mut moved = Node::FALSE;
    let mut fitting = Vec::new();
    for &treatment in &treatments {
        let fits = old.eligible(diagram, treatment, Ways::Complete)?;
        let other = new.eligible(diagram, treatment, Ways::Complete)?;
        let here = differ(diagram, fits, other)?;
        moved = diagram.or(moved, here)?;
        fitting.push(diagram.or(fits, other)?);
    }
    for (index, &treatment) in treatments.iter().enumerate() {
        for (below, &below_fits) in treatments.iter().zip(&fitting).skip(index + 1) {
            let ahead = old.reaches(diagram, *below, Some(treatment), 1)?;
            let other = new.reaches(diagram, *below, Some(treatment), 1)?;
            let here = differ(diagram, ahead, other)?;
            let here = diagram.all([here, fitting[index], below_fits])?;
            moved = diagram.or(moved, here)?;
        }
    }
    let mut any = Vec::new();
    for &treatment in treatments.iter().filter(|_| moved != Node::FALSE) {
        let here = old.runner_up(diagram, treatment, Ways::Complete)?;
        let there = new.runner_up(diagram, treatment, Ways::Complete)?;
        if here != there {
            let (not_here, not_there) = (here.negated(diagram)?, there.negated(diagram)?);
            any.push(Formula::All(vec![Formula::Leaf(moved), here, not_there]));
            any.push(Formula::All(vec![Formula::Leaf(moved), there, not_here]));
        }
    }
    Ok(any)
}
