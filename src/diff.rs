//! Two versions of a rule set compared by what they mean: which ways to answer come out
//! differently, how many, and the shortest of them.
//!
//! A way to answer is compared if it answers every question that either version asks. Questions
//! and choices of the same id are the same question and choice.

mod offers;
mod render;

use ethnum::U256;

use crate::answers::Answers;
use crate::condition::Care;
use crate::diagram::{Diagram, Node, TooLarge};
use crate::proof::Bounds;
use crate::proof::figures::counted;
use crate::proof::formula::{Formula, Found};
use crate::proof::model::{Model, Ways};
use crate::proof::space::Space;
use crate::prose::tick;
use crate::ruleset::RuleSet;
use crate::triage::{Assessment, triage};
pub use render::{json, text};

/// What differs between two versions of a rule set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Ids that only one of them has: what they name, those gone, those new.
    pub ids: Vec<(&'static str, Vec<String>, Vec<String>)>,
    /// Ways to answer that come out differently.
    pub changes: Vec<Change>,
    /// What was too large to be compared.
    pub too_large: Vec<String>,
    /// How many ways to answer were compared; none past 256 bits.
    pub ways: Option<U256>,
    /// In how many of them both versions may name a treatment.
    pub named: Option<U256>,
}

/// Ways to answer that come out differently in one respect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// In what: care, a warning, the suggestion, the entry of the suggestions that gives it, an
    /// option, the order of two options, the runner-up, a caution.
    pub what: &'static str,
    /// What it was, by id.
    pub old: String,
    /// What it is, by id.
    pub new: String,
    /// What it is about, in words for people.
    pub title: String,
    /// Whether it only follows from another suggestion.
    pub follows: bool,
    /// How many ways; none where that was too large to count.
    pub ways: Option<U256>,
    /// The shortest of them, as each version takes it.
    pub example: [Answers; 2],
    /// Whether the evaluator bears the example out.
    pub borne_out: bool,
}

/// Where an entry of the suggestions comes out in one version and not in the other.
struct Moved {
    /// The entry; empty where none holds.
    entry: String,
    /// The treatment it suggests.
    treatment: Option<String>,
    gone: Formula,
}

/// New nodes of a product that should be small where two versions are near.
const PRODUCT: usize = 300_000;

struct Comparison<'m, 'a> {
    diagram: &'m mut Diagram,
    models: [Model<'a>; 2],
    joint: Node,
    bounds: Bounds,
    found: Difference,
}

/// Compares two versions of a rule set.
pub fn diff(old: &RuleSet, new: &RuleSet, bounds: Bounds) -> Difference {
    let (spaces, domains) = Space::of_both(&old.questionnaire, &new.questionnaire);
    let mut diagram = Diagram::new(domains, bounds.nodes).working(bounds.steps);
    let found = Difference { ids: ids(old, new), ..Difference::default() };
    match Comparison::new(&mut diagram, [old, new], spaces, bounds, found.clone()) {
        Ok(mut comparison) => {
            comparison.all();
            comparison.found
        }
        Err(TooLarge) => Difference { too_large: vec!["the ways to answer".to_owned()], ..found },
    }
}

fn ids(old: &RuleSet, new: &RuleSet) -> Vec<(&'static str, Vec<String>, Vec<String>)> {
    let named = |rules: &RuleSet| -> Vec<(&'static str, Vec<String>)> {
        let questions = &rules.questionnaire.questions;
        let choices = questions.iter().flat_map(|question| {
            question.choices().iter().map(|choice| format!("{}/{}", question.id, choice.id))
        });
        vec![
            ("question", questions.iter().map(|own| own.id.clone()).collect()),
            ("choice", choices.collect()),
            ("finding", rules.findings.iter().map(|own| own.id.clone()).collect()),
            ("warning", rules.warnings.iter().map(|own| own.id.clone()).collect()),
            ("caution", rules.cautions.iter().map(|own| own.id.clone()).collect()),
            ("treatment or option", rules.items.iter().map(|own| own.id.clone()).collect()),
            ("rule", rules.rules.iter().map(|own| own.id.clone()).collect()),
            ("suggestion", rules.suggestions.iter().map(|own| own.id.clone()).collect()),
            ("promise", rules.promises.iter().map(|own| own.id.clone()).collect()),
        ]
    };
    let without = |these: &[String], those: &[String]| -> Vec<String> {
        these.iter().filter(|id| !those.contains(id)).cloned().collect()
    };
    named(old)
        .into_iter()
        .zip(named(new))
        .map(|((kind, old), (_, new))| (kind, without(&old, &new), without(&new, &old)))
        .filter(|(_, gone, come)| !gone.is_empty() || !come.is_empty())
        .collect()
}

impl<'m, 'a> Comparison<'m, 'a> {
    fn new(
        diagram: &'m mut Diagram,
        rules: [&'a RuleSet; 2],
        spaces: [Space; 2],
        bounds: Bounds,
        found: Difference,
    ) -> Result<Self, TooLarge> {
        let [old_space, new_space] = spaces;
        let mut models =
            [Model::new(diagram, rules[0], old_space)?, Model::new(diagram, rules[1], new_space)?];
        let joint = joint(diagram, &models)?;
        // A complete interview is one that either version would hold.
        for model in &mut models {
            model.complete = joint;
        }
        let ways = diagram.count(joint);
        let urgent = diagram.or(models[0].care[2], models[1].care[2])?;
        let named = diagram.and_not(joint, urgent)?;
        let named = diagram.count(named);
        Ok(Self { diagram, models, joint, bounds, found: Difference { ways, named, ..found } })
    }

    fn all(&mut self) {
        self.care();
        self.warnings();
        match self.moved() {
            Ok(moved) => {
                self.suggestions(&moved);
                self.entries(&moved);
                self.options(&moved);
                self.order(&moved);
                self.runner_up(&moved);
            }
            Err(TooLarge) => {
                let large = "the suggestions, options and runners-up";
                self.found.too_large.push(large.to_owned());
            }
        }
        self.cautions();
    }

    /// Notes the ways that make a formula true, if there are any.
    fn note(
        &mut self,
        what: &'static str,
        (old, new, title): (String, String, String),
        formula: Result<Formula, TooLarge>,
        seen: &dyn Fn(usize, &Assessment) -> bool,
    ) {
        let large = format!("{what} from {old} to {new}");
        let Ok(formula) = formula else { return self.found.too_large.push(large) };
        let formula = Formula::All(vec![Formula::Leaf(self.joint), formula]);
        match formula.shortest(self.diagram, self.bounds.states) {
            Found::Never => {}
            Found::TooLarge => self.found.too_large.push(large),
            Found::Shortest(setting) => {
                let ways = counted(self.diagram, &formula);
                let side = |side: usize| {
                    let model = &self.models[side];
                    model.space.answers(&model.rules.questionnaire, &setting)
                };
                let example = [side(0), side(1)];
                let borne_out =
                    (0..2).all(|side| seen(side, &triage(self.models[side].rules, &example[side])));
                let follows = false;
                let change = Change { what, old, new, title, follows, ways, example, borne_out };
                self.found.changes.push(change);
            }
        }
    }

    fn care(&mut self) {
        for old in Care::ALL {
            for new in Care::ALL.into_iter().filter(|&new| new != old) {
                let formula = self.care_changes(old, new);
                let title = format!("{} -> {}", old.id(), new.id());
                let names = (tick(old.id()), tick(new.id()), title);
                self.note("care", names, formula, &|side, assessment| {
                    assessment.care == [old, new][side]
                });
            }
        }
    }

    fn care_changes(&mut self, old: Care, new: Care) -> Result<Formula, TooLarge> {
        let left = self.models[0].care_is(self.diagram, old)?;
        let right = self.models[1].care_is(self.diagram, new)?;
        let both = self.diagram.and(left, right)?;
        Ok(Formula::Leaf(self.diagram.and(both, self.joint)?))
    }

    /// For each version and each entry of its suggestions, where that entry comes out and the
    /// same entry of the other version does not.
    ///
    /// Where a suggestion changes, an entry gives way to another: these are small where the two
    /// versions are near, while the entries themselves are not.
    fn moved(&mut self) -> Result<[Vec<Moved>; 2], TooLarge> {
        let mut chains = Vec::new();
        for model in &mut self.models {
            let rules = model.rules;
            let id = |own: Option<usize>| own.map(|item| rules.items[item].id.clone());
            let keys =
                rules.suggestions.iter().map(|entry| (entry.id.as_str(), id(entry.treatment)));
            // Behind the last stands where no entry holds.
            let keys: Vec<(&str, Option<String>)> = keys.chain([("", None)]).collect();
            let chain = model.entries(self.diagram, Ways::Complete)?;
            chains.push(keys.into_iter().zip(chain).collect::<Vec<_>>());
        }
        let mut moved = [Vec::new(), Vec::new()];
        for (side, found) in moved.iter_mut().enumerate() {
            for (key, here) in &chains[side] {
                let twin = chains[1 - side].iter().find(|(other, _)| other == key);
                let gone = match (here, twin.map(|(_, there)| there)) {
                    (_, None) => here.clone(),
                    (here, Some(there)) if here == there => continue,
                    (Formula::Leaf(here), Some(Formula::Leaf(there))) => {
                        let gone =
                            self.diagram.within(PRODUCT, |diagram| diagram.and_not(*here, *there));
                        match gone {
                            Ok(gone) => Formula::Leaf(gone),
                            Err(TooLarge) => {
                                let not = self.diagram.not(*there)?;
                                Formula::All(vec![Formula::Leaf(*here), Formula::Leaf(not)])
                            }
                        }
                    }
                    (here, Some(there)) => {
                        Formula::All(vec![here.clone(), there.negated(self.diagram)?])
                    }
                };
                if gone != Formula::FALSE {
                    let entry = key.0.to_owned();
                    found.push(Moved { entry, treatment: key.1.clone(), gone });
                }
            }
        }
        Ok(moved)
    }

    fn suggestions(&mut self, moved: &[Vec<Moved>; 2]) {
        // At urgent levels nothing is suggested; a change of care is told as such.
        let treatments = [0, 1].map(|side: usize| {
            let mut found: Vec<Option<String>> = Vec::new();
            for own in &moved[side] {
                if !found.contains(&own.treatment) {
                    found.push(own.treatment.clone());
                }
            }
            found
        });
        for old in &treatments[0] {
            for new in treatments[1].iter().filter(|new| *new != old) {
                let parts = vec![
                    any_moved(&moved[0], |own| own.treatment == *old),
                    any_moved(&moved[1], |own| own.treatment == *new),
                ];
                let formula = self.named_by_both(Ok(parts));
                let rules = [self.models[0].rules, self.models[1].rules];
                let [from, to] = [(old, rules[0]), (new, rules[1])]
                    .map(|(id, rules)| id.as_ref().map_or("nothing", |id| name(rules, id)));
                let title = format!("{from} -> {to}");
                let [from, to] = [old, new].map(|id| tick(id.as_deref().unwrap_or("none")));
                let names = (from, to, title);
                self.note("suggestion", names, formula, &|side, assessment| {
                    let own = assessment.treatment(rules[side]);
                    own.map(|item| rules[side].items[item].id.as_str())
                        == [old, new][side].as_deref()
                });
            }
        }
    }

    fn named_by_both(
        &mut self,
        parts: Result<Vec<Formula>, TooLarge>,
    ) -> Result<Formula, TooLarge> {
        let urgent = self.diagram.or(self.models[0].care[2], self.models[1].care[2])?;
        let named = self.diagram.and_not(self.joint, urgent)?;
        let mut parts = parts?;
        parts.push(Formula::Leaf(named));
        Ok(Formula::All(parts))
    }

    fn options(&mut self, moved: &[Vec<Moved>; 2]) {
        let rules = [self.models[0].rules, self.models[1].rules];
        let ids = rules.map(|rules| {
            let options = (0..rules.items.len()).filter(|&item| rules.treatment_of(item).is_some());
            options.map(|item| rules.items[item].id.clone()).collect::<Vec<_>>()
        });
        let mut all = ids[0].clone();
        all.extend(ids[1].iter().filter(|id| !ids[0].contains(id)).cloned());
        for id in all {
            let own = rules.map(|rules| rules.find_item(&id));
            for gone in [true, false] {
                let side = usize::from(!gone);
                let moves = self.option_moves(own, moved, side);
                let words =
                    if gone { ("offered", "not offered") } else { ("not offered", "offered") };
                let title = format!("{}: {} -> {}", name(rules[side], &id), words.0, words.1);
                let names = (format!("{} {}", tick(&id), words.0), words.1.to_owned(), title);
                let follows = matches!(moves, Ok((true, _)));
                let before = self.found.changes.len();
                let formula = moves.map(|(_, formula)| formula);
                self.note("option", names, formula, &|side, assessment| {
                    let offered = own[side].is_some_and(|own| assessment.options.contains(&own));
                    offered == (gone == (side == 0))
                });
                for change in &mut self.found.changes[before..] {
                    change.follows = follows;
                }
            }
        }
    }

    /// Where one side offers an option and the other does not: it does not fit there, or what is
    /// suggested there has not got it; and whether it is always the second.
    fn option_moves(
        &mut self,
        own: [Option<usize>; 2],
        moved: &[Vec<Moved>; 2],
        side: usize,
    ) -> Result<(bool, Formula), TooLarge> {
        let Some(here) = own[side] else { return Ok((false, Formula::FALSE)) };
        let fits = self.models[side].eligible(self.diagram, here, Ways::Complete)?;
        let there = match own[1 - side] {
            Some(there) => self.models[1 - side].eligible(self.diagram, there, Ways::Complete)?,
            None => Node::FALSE,
        };
        let lost = self.diagram.and_not(fits, there)?;
        let offered = self.models[side].option(self.diagram, here, Ways::Complete)?;
        let rules = [self.models[0].rules, self.models[1].rules];
        let has = |side: usize, moved: &Moved| has(rules[side], moved, &[own[side]]);
        let left = any_moved(&moved[side], |own| has(side, own));
        let right = any_moved(&moved[1 - side], |own| !has(1 - side, own));
        let any = Formula::Any(vec![
            Formula::All(vec![Formula::Leaf(lost), offered]),
            Formula::All(vec![Formula::Leaf(fits), left, right]),
        ]);
        Ok((lost == Node::FALSE, self.named_by_both(Ok(vec![any]))?))
    }

    /// Warnings that fire in one version and not in the other, whatever the level of care.
    fn warnings(&mut self) {
        let rules = [self.models[0].rules, self.models[1].rules];
        let mut all: Vec<&str> = rules[0].warnings.iter().map(|own| own.id.as_str()).collect();
        for own in &rules[1].warnings {
            if !all.contains(&own.id.as_str()) {
                all.push(&own.id);
            }
        }
        for id in all {
            let own = rules.map(|rules| rules.warnings.iter().position(|own| own.id == id));
            let fires = [0, 1].map(|side: usize| {
                own[side].map_or(Node::FALSE, |own| self.models[side].warnings[own].yes)
            });
            for gone in [true, false] {
                let (side, words) = fired(gone);
                let formula = self.diagram.and_not(fires[side], fires[1 - side]).map(Formula::Leaf);
                let because = own[side].map_or("", |own| &rules[side].warnings[own].because);
                let title = format!("{} -> {}: \"{because}\"", words[0], words[1]);
                let names = (format!("{} {}", tick(id), words[0]), words[1].to_owned(), title);
                self.note("warning", names, formula, &|side, assessment| {
                    let fired = own[side].is_some_and(|own| assessment.warnings.contains(&own));
                    fired == (gone == (side == 0))
                });
            }
        }
    }

    fn cautions(&mut self) {
        let rules = [self.models[0].rules, self.models[1].rules];
        let mut all: Vec<String> = rules[0].cautions.iter().map(|own| own.id.clone()).collect();
        let new = rules[1].cautions.iter().map(|own| own.id.clone());
        let added: Vec<String> = new.filter(|id| !all.contains(id)).collect();
        all.extend(added);
        for id in all {
            let own = rules.map(|rules| rules.cautions.iter().position(|own| own.id == id));
            let fires = [0, 1].map(|side: usize| {
                own[side].map_or(Node::FALSE, |own| self.models[side].cautions[own].yes)
            });
            for gone in [true, false] {
                let (side, words) = fired(gone);
                let parts = self.diagram.and_not(fires[side], fires[1 - side]);
                let formula = self.named_by_both(parts.map(|node| vec![Formula::Leaf(node)]));
                let because = own[side].map_or("", |own| &rules[side].cautions[own].because);
                let title = format!("{} -> {}: \"{because}\"", words[0], words[1]);
                let names = (format!("{} {}", tick(&id), words[0]), words[1].to_owned(), title);
                self.note("caution", names, formula, &|side, assessment| {
                    let fired = own[side].is_some_and(|own| assessment.cautions.contains(&own));
                    fired == (gone == (side == 0))
                });
            }
        }
    }
}

/// The side on which it fires, and the words for both.
fn fired(gone: bool) -> (usize, [&'static str; 2]) {
    if gone { (0, ["fires", "does not"]) } else { (1, ["does not fire", "fires"]) }
}

/// What an item is called.
fn name<'a>(rules: &'a RuleSet, id: &'a str) -> &'a str {
    rules.find_item(id).map_or(id, |item| &rules.items[item].name)
}

/// Whether what a moved entry suggests has all these options.
fn has(rules: &RuleSet, moved: &Moved, options: &[Option<usize>]) -> bool {
    let treatment = moved.treatment.as_ref().and_then(|id| rules.find_item(id));
    treatment.is_some_and(|treatment| {
        let own = rules.options(treatment);
        options.iter().all(|option| option.is_some_and(|option| own.contains(&option)))
    })
}

fn any_moved(moved: &[Moved], wanted: impl Fn(&Moved) -> bool) -> Formula {
    let fitting = moved.iter().filter(|own| wanted(own));
    Formula::Any(fitting.map(|own| own.gone.clone()).collect())
}

/// Settings that answer every question either version asks, as each that asks it takes it.
fn joint(diagram: &mut Diagram, models: &[Model<'_>; 2]) -> Result<Node, TooLarge> {
    let mut firsts: Vec<(u32, [Option<usize>; 2])> = Vec::new();
    for (side, model) in models.iter().enumerate() {
        for (question, block) in model.space.blocks.iter().enumerate() {
            let Some(block) = block else { continue };
            let at = match firsts.iter().position(|(first, _)| *first == block.first) {
                Some(at) => at,
                None => {
                    firsts.push((block.first, [None, None]));
                    firsts.len() - 1
                }
            };
            firsts[at].1[side] = Some(question);
        }
    }
    firsts.sort_by_key(|(first, _)| std::cmp::Reverse(*first));
    let mut joint = Node::TRUE;
    for (_, questions) in firsts {
        let (mut asked_by_any, mut fits) = (Node::FALSE, Node::TRUE);
        let mut idle = Node::TRUE;
        for (model, question) in models.iter().zip(questions) {
            let Some(question) = question else { continue };
            let Some(block) = model.space.block(question).cloned() else { continue };
            let asked = model.asked[question];
            let (answered, shape) = (block.answered(diagram)?, block.shape(diagram)?);
            let taken = diagram.and(answered, shape)?;
            let misfit = diagram.and_not(asked, taken)?;
            fits = diagram.and_not(fits, misfit)?;
            asked_by_any = diagram.or(asked_by_any, asked)?;
            // Not answered, and no tick without an answer.
            let unanswered = diagram.and_not(shape, answered)?;
            idle = diagram.and(idle, unanswered)?;
        }
        let given = diagram.and(asked_by_any, fits)?;
        let left = diagram.and_not(idle, asked_by_any)?;
        let here = diagram.or(given, left)?;
        joint = diagram.and(joint, here)?;
    }
    Ok(joint)
}
