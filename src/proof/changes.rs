//! Properties that compare a way to answer with the same one changed in one answer. All else stays
//! as it was answered; what is then not asked any more does not count, and what is then asked too
//! stays unanswered.

use super::formula::{Formula, Found};
use super::model::Ways;
use super::properties::Prover;
use super::space::{Block, Setting};
use super::witness::{Side, Wanted, Witness};
use super::{PropertyKind, Verdict};
use crate::condition::{Care, NONE, UNSURE};
use crate::diagram::{Diagram, Node, TooLarge};
use crate::prose::tick;
use crate::questionnaire::{Question, Worse};
use crate::triage::{Assessment, Standing, triage};

/// An answer changed: the settings of its variables before and after.
struct Change {
    before: Setting,
    after: Setting,
}

/// Whether two assessments show what is looked for, and then what must come out of the second.
type Seen<'c> = &'c dyn Fn(&Assessment, &Assessment) -> Option<Wanted>;

impl Prover<'_, '_> {
    /// The properties of care, which read no points.
    pub(super) fn changes_of_care(&mut self) {
        let questions = &self.model.rules.questionnaire.questions;
        for (question_idx, question) in questions.iter().enumerate() {
            let Some(block) = self.model.space.block(question_idx).cloned() else { continue };
            if question.worse != Worse::Unranked {
                let verdict = self.worse_lowers(&block, question);
                let says = format!("A worse answer to {} never lowers care", tick(&question.id));
                self.about(PropertyKind::WorseNeverLowersCare, question, says, verdict);
            }
            if question.worse != Worse::Unranked && question.unsure.is_some() {
                let verdict = self.unsure_out_of_order(&block, question);
                let says = format!(
                    "The worst answer to {} never gives less care than not sure, and not sure \
                     never less than the best answer",
                    tick(&question.id)
                );
                self.about(PropertyKind::UnsureInOrder, question, says, verdict);
            }
            let verdict = self.unsure_reassures(&block);
            let says = format!(
                "Not sure in {} never gives less care than the least that any definite answer to it \
                 would; nor does no answer, unless the result says that a warning is open",
                tick(&question.id)
            );
            self.about(PropertyKind::UnsureNeverReassures, question, says, verdict);
        }
    }

    /// The properties of what fits, which read points.
    pub(super) fn contraindications(&mut self) {
        let questions = &self.model.rules.questionnaire.questions;
        for (question_idx, question) in questions.iter().enumerate() {
            let Some(block) = self.model.space.block(question_idx).cloned() else { continue };
            if question.contraindications != 0 {
                let verdict = self.contraindication_adds(&block, question);
                let says = format!(
                    "A contraindication marked in {} never makes a treatment or an option fitting",
                    tick(&question.id)
                );
                self.about(PropertyKind::ContraindicationNeverAdds, question, says, verdict);
            }
        }
    }

    fn about(
        &mut self,
        kind: PropertyKind,
        question: &Question,
        says: String,
        verdict: Result<Verdict, TooLarge>,
    ) {
        self.add(kind, &question.id, Some(question.place), says, verdict);
    }

    /// The shortest way that makes a formula true: the first of them that one does.
    fn first_found(&mut self, formulas: Vec<Formula>) -> Result<Option<Vec<u32>>, TooLarge> {
        let mut large = None;
        for formula in formulas {
            match formula.shortest(self.diagram, self.states) {
                Found::Never => {}
                Found::TooLarge => large = Some(TooLarge),
                Found::Shortest(setting) => return Ok(Some(setting)),
            }
        }
        large.map_or(Ok(None), Err)
    }

    /// The shortest way that makes a function true, with one question answered so: a whole
    /// interview if there is one.
    fn best_shown(&mut self, node: Node, given: &Setting) -> Result<Option<Vec<u32>>, TooLarge> {
        let mut formulas = Vec::new();
        for ways in [self.model.complete, self.model.unstopped, Node::TRUE] {
            let ways = self.diagram.fix_all(ways, given)?;
            formulas.push(Formula::Leaf(self.diagram.and(node, ways)?));
        }
        self.first_found(formulas)
    }

    /// The two ways of a change, as the evaluator sees them.
    fn shown(&self, change: &Change, setting: &[u32], seen: Seen<'_>) -> Verdict {
        let rules = self.model.rules;
        let sides = [&change.before, &change.after].map(|changed| {
            let setting = put_into(setting, changed);
            Side::of(rules, self.model.space.answers(&rules.questionnaire, &setting))
        });
        let [before, after] = [0, 1].map(|side: usize| triage(rules, &sides[side].answers));
        let wanted = seen(&before, &after);
        let borne_out = wanted.is_some();
        let witness = Witness { sides: sides.into(), wanted };
        if borne_out { Verdict::Broken(witness) } else { Verdict::Disagreement(witness) }
    }

    /// Whether some change lowers care, from a way of the first kind to one of the second.
    fn falls(&mut self, changes: &[Change], ways: &[[Node; 2]]) -> Result<Verdict, TooLarge> {
        let mut verdict = Ok(Verdict::Proved);
        for change in changes {
            for level in 1..Care::ALL.len() {
                for &ways in ways {
                    match self.falls_below(change, level, ways) {
                        Ok(None) => {}
                        Ok(Some(broken)) => return Ok(broken),
                        Err(TooLarge) => verdict = Err(TooLarge),
                    }
                }
            }
        }
        verdict
    }

    fn falls_below(
        &mut self,
        change: &Change,
        level: usize,
        ways: [Node; 2],
    ) -> Result<Option<Verdict>, TooLarge> {
        // Most changes lower it nowhere, which is seen before the ways are looked at.
        let high = self.model.care[level];
        let before = self.diagram.fix_all(high, &change.before)?;
        let after = self.diagram.fix_all(high, &change.after)?;
        let falls = self.diagram.and_not(before, after)?;
        let any = self.between(change, falls, ways)?;
        if any == Node::FALSE {
            return Ok(None);
        }
        // Two whole interviews show it best; if an emergency ends but one of them, two in which it
        // ends neither.
        let whole = self.between(change, any, [self.model.complete; 2])?;
        let unstopped = self.between(change, any, [self.model.unstopped; 2])?;
        let found = self.first_found([whole, unstopped, any].map(Formula::Leaf).into())?;
        Ok(found.map(|setting| {
            self.shown(change, &setting, &|before, after| {
                (before.care > after.care).then(|| Wanted::at_least(before.care))
            })
        }))
    }

    /// Where a function is true and the change leads from a way of the first kind to one of the
    /// second.
    fn between(
        &mut self,
        change: &Change,
        node: Node,
        [from, to]: [Node; 2],
    ) -> Result<Node, TooLarge> {
        if node == Node::FALSE {
            return Ok(node);
        }
        let from = self.diagram.fix_all(from, &change.before)?;
        let to = self.diagram.fix_all(to, &change.after)?;
        let node = self.diagram.and(node, from)?;
        self.diagram.and(node, to)
    }

    /// Each change of a question to a worse answer, one step at a time.
    fn worse_lowers(&mut self, block: &Block, question: &Question) -> Result<Verdict, TooLarge> {
        let changes: Vec<Change> = match &question.worse {
            Worse::Unranked => Vec::new(),
            Worse::Marked(marks) => Question::single_marks(*marks)
                .filter_map(|mark| one_tick_more(block, mark))
                .collect(),
            Worse::Ranked(ranked) => {
                ranked.windows(2).filter_map(|pair| another(block, pair[0], pair[1])).collect()
            }
        };
        let fits = block.shape(self.diagram)?;
        self.falls(&changes, &[[self.model.partial, fits]])
    }

    /// "Not sure" against the best and the worst answer. Where several choices can be marked these
    /// are "none of these" and the worst of all sets of choices.
    fn unsure_out_of_order(
        &mut self,
        block: &Block,
        question: &Question,
    ) -> Result<Verdict, TooLarge> {
        let (best, worst) = match &question.worse {
            Worse::Ranked(ranked) => (ranked.first().copied(), ranked.last().copied()),
            Worse::Unranked | Worse::Marked(_) => (question.none().map(|_| NONE), None),
        };
        let up = best.and_then(|best| another(block, best, UNSURE));
        let on = worst.and_then(|worst| another(block, UNSURE, worst));
        let changes: Vec<Change> = up.into_iter().chain(on).collect();
        let partial = self.model.partial;
        let fits = block.shape(self.diagram)?;
        // The rest is as it was with the one answer, or as it was with the other.
        let verdict = self.falls(&changes, &[[partial, fits], [fits, partial]])?;
        let Worse::Marked(marks) = question.worse else { return Ok(verdict) };
        if verdict != Verdict::Proved {
            return Ok(verdict);
        }
        let Some(unsure) = block.answer(UNSURE) else { return Ok(verdict) };
        for level in 1..Care::ALL.len() {
            let high = self.model.care[level];
            let enough = self.diagram.and(fits, high)?;
            let by_some = some_definite(self.diagram, block, enough)?;
            let here = self.diagram.fix_all(high, &unsure)?;
            let above = self.diagram.and_not(here, by_some)?;
            if above == Node::FALSE {
                continue;
            }
            let here = self.diagram.fix_all(partial, &unsure)?;
            let above = self.diagram.and(above, here)?;
            let found = self.best_shown(above, &unsure)?;
            if let Some(setting) = found {
                let others = block.ticking(marks).into_iter().chain(block.single());
                let most = others.max_by_key(|other| self.care_with(&setting, other));
                let change = Change { before: unsure, after: most.unwrap_or_default() };
                return Ok(self.shown(&change, &setting, &|before, after| {
                    (before.care > after.care).then(|| Wanted::at_least(before.care))
                }));
            }
        }
        Ok(Verdict::Proved)
    }

    /// "Not sure" against the definite answer that gives the least care; no answer too, where the
    /// result does not say that a warning is open.
    fn unsure_reassures(&mut self, block: &Block) -> Result<Verdict, TooLarge> {
        let fits = block.shape(self.diagram)?;
        for level in 1..Care::ALL.len() {
            let high = self.model.care[level];
            let low = self.diagram.and_not(fits, high)?;
            let by_some = some_definite(self.diagram, block, low)?;
            for mark in [UNSURE, 0] {
                let Some(given) = block.answer(mark) else { continue };
                let here = self.diagram.fix_all(high, &given)?;
                let here = self.diagram.not(here)?;
                let mut below = self.diagram.and_not(here, by_some)?;
                if below == Node::FALSE {
                    continue;
                }
                let ways = self.diagram.fix_all(self.model.partial, &given)?;
                below = self.diagram.and(below, ways)?;
                if mark == 0 {
                    let open = self.diagram.fix_all(self.model.unscreened, &given)?;
                    below = self.diagram.and_not(below, open)?;
                }
                let found = self.best_shown(below, &given)?;
                if let Some(setting) = found {
                    let others = block.single().into_iter();
                    let least = others.min_by_key(|other| self.care_with(&setting, other));
                    let change = Change { before: least.unwrap_or_default(), after: given };
                    return Ok(self.shown(&change, &setting, &|before, after| {
                        (before.care > after.care).then(|| Wanted::at_least(before.care))
                    }));
                }
            }
        }
        Ok(Verdict::Proved)
    }

    /// The care that the evaluator gives where a question is answered otherwise.
    fn care_with(&self, setting: &[u32], changed: &Setting) -> Care {
        let rules = self.model.rules;
        let setting = put_into(setting, changed);
        triage(rules, &self.model.space.answers(&rules.questionnaire, &setting)).care
    }

    /// Each way to add a contraindication: a tick more, or another answer instead.
    fn contraindication_adds(
        &mut self,
        block: &Block,
        question: &Question,
    ) -> Result<Verdict, TooLarge> {
        let mut changes = Vec::new();
        for mark in Question::single_marks(question.contraindications) {
            if let Some(change) = one_tick_more(block, mark) {
                changes.push(change);
                continue;
            }
            let others =
                question.marks().into_iter().filter(|own| own & question.contraindications == 0);
            changes.extend(others.filter_map(|other| another(block, other, mark)));
        }
        let fits = block.shape(self.diagram)?;
        let mut verdict = Ok(Verdict::Proved);
        for change in changes {
            for item in 0..self.model.rules.items.len() {
                match self.adds(&change, item, fits) {
                    Ok(None) => {}
                    Ok(Some(broken)) => return Ok(broken),
                    Err(TooLarge) => verdict = Err(TooLarge),
                }
            }
        }
        verdict
    }

    fn adds(
        &mut self,
        change: &Change,
        item: usize,
        fits: Node,
    ) -> Result<Option<Verdict>, TooLarge> {
        let eligible = self.model.eligible(self.diagram, item, Ways::Complete)?;
        let before = self.diagram.fix_all(eligible, &change.before)?;
        let after = self.diagram.fix_all(eligible, &change.after)?;
        let added = self.diagram.and_not(after, before)?;
        let any = self.between(change, added, [self.model.partial, fits])?;
        if any == Node::FALSE {
            return Ok(None);
        }
        // Best shown where the item is told after the change, else where something is, else by the
        // points alone.
        let whole = self.between(change, any, [self.model.complete; 2])?;
        let (diagram, model) = (&mut *self.diagram, &mut *self.model);
        let named = model.named(diagram, Ways::Complete)?;
        let named = diagram.fix_all(named, &change.after)?;
        let told = model.offers(diagram, item, Ways::Complete)?;
        let told = told.fixed(diagram, &change.after)?;
        let formulas = vec![
            Formula::All(vec![Formula::Leaf(whole), told]),
            Formula::All(vec![Formula::Leaf(whole), Formula::Leaf(named)]),
            Formula::Leaf(any),
        ];
        let found = self.first_found(formulas)?;
        Ok(found.map(|setting| {
            self.shown(change, &setting, &|before, after| {
                let fits = |assessment: &Assessment| {
                    assessment.standing[item] != Standing::Avoided && assessment.points[item] > 0
                };
                (!fits(before) && fits(after))
                    .then(|| Wanted { never: vec![item], ..Wanted::default() })
            })
        }))
    }
}

/// Another answer to a question that takes one.
fn another(block: &Block, before: u64, after: u64) -> Option<Change> {
    Some(Change { before: block.answer(before)?, after: block.answer(after)? })
}

/// One choice more ticked, with whatever else is.
fn one_tick_more(block: &Block, mark: u64) -> Option<Change> {
    let (ticked, level) = (block.ticked()?, block.tick_of(mark)?);
    let with = |value| vec![(block.first, ticked), (level, value)];
    Some(Change { before: with(0), after: with(1) })
}

/// Where some definite answer to the question makes it true.
fn some_definite(diagram: &mut Diagram, block: &Block, node: Node) -> Result<Node, TooLarge> {
    let mut any = Node::FALSE;
    for value in block.definite() {
        let mut here = diagram.fix(node, block.first, value)?;
        for level in block.first + 1..block.end() {
            let sides = [diagram.fix(here, level, 0)?, diagram.fix(here, level, 1)?];
            here = diagram.or(sides[0], sides[1])?;
        }
        any = diagram.or(any, here)?;
    }
    Ok(any)
}

fn put_into(setting: &[u32], changed: &Setting) -> Vec<u32> {
    let mut setting = setting.to_vec();
    for &(level, value) in changed {
        setting[level as usize] = value;
    }
    setting
}
