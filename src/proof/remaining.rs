//! What can still come of answers that leave something open: exact, over every way to go on.
//!
//! It is the proof's own machinery on a smaller space: an answer that stands has no variables, so
//! a few open questions cost next to nothing, where all of them cost what the proof costs.

use super::Bounds;
use super::formula::{Formula, Found};
use super::model::{Model, Ways};
use super::space::Space;
use crate::answers::Answers;
use crate::condition::{Care, UNSURE};
use crate::diagram::{Diagram, Node, TooLarge};
use crate::ruleset::RuleSet;
use crate::triage::{Judged, Suggestion, triage};

/// What an account of a result may cost: about a second where every question is open.
pub const ACCOUNT: Bounds = Bounds { nodes: 4_000_000, states: 50_000, steps: 50_000_000 };
/// What may be spent between two questions: some hundredths of a second.
pub const BETWEEN_QUESTIONS: Bounds = Bounds { nodes: 100_000, states: 10_000, steps: 2_000_000 };

/// The nodes up to which outcomes are cheap enough to be tried with every answer of every question.
const LIGHT: usize = 60_000;

/// What can still come out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remaining {
    /// The levels of care, the lowest first.
    pub care: Vec<Care>,
    /// Each level of care with each suggestion, in the order of the rule set; none where there are
    /// too many ways to go on.
    pub outcomes: Option<Vec<Outcome>>,
    /// The question that settles most: over its answers, taken one at a time, it leaves the fewest
    /// outcomes on average. Of equals it is the one that is asked first; none if none leaves fewer.
    /// Where there are very many ways to go on, outcomes are levels of care alone.
    pub settles_most: Option<usize>,
}

/// Something that can still come out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The level of care.
    pub care: Care,
    /// The treatment that is suggested, if any.
    pub treatment: Option<usize>,
    /// The shortest way to go on that comes to it.
    pub answers: Answers,
}

/// What can still come of the answers: questions that are not answered, or "not sure", may be
/// answered in any way, as long as each definite answer that counts still does.
///
/// # Errors
/// When even the levels of care are too large a question.
pub fn remaining(
    rules: &RuleSet,
    answers: &Answers,
    bounds: Bounds,
) -> Result<Remaining, TooLarge> {
    let definite = |marks: u64| if marks & UNSURE == 0 { marks } else { 0 };
    let given: Vec<u64> = answers.marks().iter().map(|&marks| definite(marks)).collect();
    let judged = Judged::new(rules, answers);
    let mut ahead = Ahead::new(rules, &given, bounds)?;
    for (question, &marks) in given.iter().enumerate() {
        if marks != 0 && judged.active[question] {
            let active = ahead.model.active[question];
            ahead.model.complete = ahead.diagram.and(ahead.model.complete, active)?;
        }
    }
    let mut care = Vec::new();
    let mut levels = Vec::new();
    for level in Care::ALL {
        let is = ahead.model.care_is(&mut ahead.diagram, level)?;
        let ways = ahead.diagram.and(ahead.model.complete, is)?;
        if ways != Node::FALSE {
            care.push(level);
            levels.push(Formula::Leaf(ways));
        }
    }
    let known = ahead.outcomes(&care).ok();
    let formulas = match &known {
        Some(known) if ahead.diagram.len() <= LIGHT => {
            known.iter().map(|(_, formula)| formula.clone()).collect()
        }
        _ => levels,
    };
    let open = (0..given.len()).filter(|&question| {
        judged.active[question] && given[question] == 0 && ahead.model.is_counted(question)
    });
    let settles_most = ahead.settles_most(&formulas, &open.collect::<Vec<_>>()).unwrap_or(None);
    let outcomes = known.map(|known| known.into_iter().map(|(outcome, _)| outcome).collect());
    Ok(Remaining { care, outcomes, settles_most })
}

/// Whether no question still open can change the suggestion, the level of care, what is to be
/// avoided or asked about, or the options and their order; nor bring a further warning as high as
/// the level of care. What was answered with "not sure" stays so.
///
/// # Errors
/// When it is too large a question.
pub fn is_settled(rules: &RuleSet, answers: &Answers, bounds: Bounds) -> Result<bool, TooLarge> {
    let now = triage(rules, answers);
    if now.care == Care::Emergency || now.suggestion == Suggestion::Unscreened {
        return Ok(now.care == Care::Emergency);
    }
    let Ahead { mut diagram, mut model, .. } = Ahead::new(rules, answers.marks(), bounds)?;
    let diagram = &mut diagram;
    let whole = model.complete;
    let stays = model.care_is(diagram, now.care)?;
    let mut otherwise = diagram.and_not(whole, stays)?;
    for (index, warning) in rules.warnings.iter().enumerate() {
        if warning.care >= now.care && !now.warnings.contains(&index) {
            let fires = diagram.and(whole, model.warnings[index].yes)?;
            otherwise = diagram.or(otherwise, fires)?;
        }
    }
    let Suggestion::Entry(entry) = now.suggestion else { return Ok(otherwise == Node::FALSE) };
    for (index, caution) in model.cautions.clone().into_iter().enumerate() {
        otherwise = differs(diagram, otherwise, whole, caution.yes, now.cautions.contains(&index))?;
    }
    if otherwise != Node::FALSE {
        return Ok(false);
    }
    let entries = model.entries(diagram, Ways::Complete)?;
    for (index, other) in entries.iter().enumerate() {
        if index != entry && !is_impossible(diagram, other, bounds)? {
            return Ok(false);
        }
    }
    let options = now.treatment(rules).map_or_else(Vec::new, |own| rules.options(own));
    for &option in &options {
        let eligible = model.eligible(diagram, option, Ways::Complete)?;
        otherwise = differs(diagram, otherwise, whole, eligible, now.options.contains(&option))?;
    }
    for pair in now.options.windows(2) {
        // Of equals the one higher up in the file comes first.
        let place = |option| options.iter().position(|&own| own == option);
        let least = i32::from(place(pair[0]) > place(pair[1]));
        let ahead = model.reaches(diagram, pair[0], Some(pair[1]), least)?;
        otherwise = differs(diagram, otherwise, whole, ahead, true)?;
    }
    Ok(otherwise == Node::FALSE)
}

/// Adds the ways in which a function is not what it is now.
fn differs(
    diagram: &mut Diagram,
    sofar: Node,
    whole: Node,
    function: Node,
    now: bool,
) -> Result<Node, TooLarge> {
    let other =
        if now { diagram.and_not(whole, function)? } else { diagram.and(whole, function)? };
    diagram.or(sofar, other)
}

fn is_impossible(
    diagram: &mut Diagram,
    formula: &Formula,
    bounds: Bounds,
) -> Result<bool, TooLarge> {
    match formula.shortest(diagram, bounds.states) {
        Found::Never => Ok(true),
        Found::Shortest(_) => Ok(false),
        Found::TooLarge => Err(TooLarge),
    }
}

/// The ways to go on.
struct Ahead<'a> {
    diagram: Diagram,
    model: Model<'a>,
    bounds: Bounds,
}

impl<'a> Ahead<'a> {
    fn new(rules: &'a RuleSet, given: &[u64], bounds: Bounds) -> Result<Self, TooLarge> {
        let (space, domains) = Space::going_on(&rules.questionnaire, given);
        // What settles most is asked even where the outcomes came to too much.
        let mut diagram =
            Diagram::new(domains, bounds.nodes.saturating_add(LIGHT)).working(bounds.steps);
        let model = Model::new(&mut diagram, rules, space)?;
        Ok(Self { diagram, model, bounds })
    }

    /// Each outcome that is possible, and the ways to it.
    fn outcomes(&mut self, care: &[Care]) -> Result<Vec<(Outcome, Formula)>, TooLarge> {
        let Self { diagram, model, bounds } = self;
        let rest = bounds.nodes.saturating_sub(diagram.len());
        diagram.within(rest, |diagram| {
            let mut found = Vec::new();
            for &care in care {
                let is = model.care_is(diagram, care)?;
                let ways = Formula::Leaf(diagram.and(model.complete, is)?);
                for treatment in treatments(model.rules, care) {
                    let comes_to = if care.names_treatment() {
                        model.any_entry(diagram, Ways::Complete, |own| own == treatment)?
                    } else {
                        Formula::TRUE
                    };
                    let formula = Formula::All(vec![ways.clone(), comes_to]);
                    match formula.shortest(diagram, bounds.states) {
                        Found::Never => {}
                        Found::TooLarge => return Err(TooLarge),
                        Found::Shortest(setting) => {
                            let questionnaire = &model.rules.questionnaire;
                            let answers = model.space.answers(questionnaire, &setting);
                            found.push((Outcome { care, treatment, answers }, formula));
                        }
                    }
                }
            }
            Ok(found)
        })
    }

    /// The one of these questions that leaves the fewest outcomes.
    fn settles_most(
        &mut self,
        outcomes: &[Formula],
        questions: &[usize],
    ) -> Result<Option<usize>, TooLarge> {
        let mut best = None;
        // The average of what is left, as a fraction: outcomes over answers.
        let mut least = (outcomes.len(), 1);
        for &question in questions {
            let Some(block) = self.model.space.block(question).cloned() else { continue };
            let (mut left, mut answers) = (0, 0);
            for setting in block.single() {
                let mut here = 0;
                for outcome in outcomes {
                    let fixed = outcome.fixed(&mut self.diagram, &setting)?;
                    here += usize::from(!is_impossible(&mut self.diagram, &fixed, self.bounds)?);
                }
                // An answer that nothing can follow is none that could be given.
                if here > 0 {
                    left += here;
                    answers += 1;
                }
            }
            if answers > 0 && left * least.1 < least.0 * answers {
                least = (left, answers);
                best = Some(question);
            }
        }
        Ok(best)
    }
}

/// What can be suggested at a level of care, each once.
fn treatments(rules: &RuleSet, care: Care) -> Vec<Option<usize>> {
    if !care.names_treatment() {
        return vec![None];
    }
    let mut treatments: Vec<Option<usize>> =
        rules.suggestions.iter().map(|entry| entry.treatment).collect();
    treatments.sort_unstable();
    treatments.dedup();
    treatments
}
