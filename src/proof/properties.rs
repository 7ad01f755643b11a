//! Each property: the formula of the ways that break it, or that show it possible, and the check
//! of every witness by the evaluator.

use super::formula::{Formula, Found};
use super::model::{Model, Ways};
use super::quantify::{Freedom, possible};
use super::witness::{Wanted, Witness, is_interview};
use super::{Property, PropertyKind, Verdict};
use crate::answers::Answers;
use crate::condition::{Care, Truth};
use crate::diagram::{Diagram, Node, TooLarge};
use crate::fault::Place;
use crate::prose::tick;
use crate::ruleset::RuleSet;
use crate::triage::{Assessment, Suggestion, triage};

/// New nodes of a product that is expected to come to nothing.
const PRODUCT: usize = 30_000;

/// What the evaluator must say of a witness.
type Check<'c> = &'c dyn Fn(&RuleSet, &Answers, &Assessment) -> bool;

/// Goes through the properties.
pub(super) struct Prover<'m, 'a> {
    pub(super) diagram: &'m mut Diagram,
    pub(super) model: &'m mut Model<'a>,
    pub(super) states: usize,
    pub(super) properties: Vec<Property>,
}

impl<'m, 'a> Prover<'m, 'a> {
    pub(super) fn new(diagram: &'m mut Diagram, model: &'m mut Model<'a>, states: usize) -> Self {
        Self { diagram, model, states, properties: Vec::new() }
    }

    /// Every property. What reads no points comes first, so that it is proved even where the
    /// points are too large; the report has its own order.
    pub(super) fn all(&mut self) {
        self.changes_of_care();
        self.missing_never_reassures();
        self.partial_never_claims_more();
        self.reachable_warnings();
        self.contraindications();
        self.one_result();
        self.nothing_named_when_urgent();
        self.nothing_avoided_offered();
        self.promises();
        self.reachable_suggestions();
        self.properties.sort_by_key(|property| property.kind);
    }

    pub(super) fn add(
        &mut self,
        kind: PropertyKind,
        about: &str,
        place: Option<Place>,
        says: String,
        verdict: Result<Verdict, TooLarge>,
    ) {
        let verdict = verdict.unwrap_or(Verdict::TooLarge);
        self.properties.push(Property { kind, about: about.to_owned(), says, place, verdict });
    }

    /// Looks for a way that makes the formula true, among complete interviews first.
    fn look(
        &mut self,
        formula: &mut dyn FnMut(&mut Diagram, &mut Model<'a>, Ways) -> Result<Formula, TooLarge>,
        check: Check<'_>,
    ) -> Result<Option<Result<Witness, Witness>>, TooLarge> {
        let mut large = None;
        for ways in Ways::BOTH {
            let here = Formula::All(vec![
                formula(self.diagram, self.model, ways)?,
                Formula::Leaf(self.model.ways(ways)),
            ]);
            match here.shortest(self.diagram, self.states) {
                Found::Never => {}
                Found::TooLarge => large = Some(TooLarge),
                Found::Shortest(setting) => {
                    return Ok(Some(self.replayed(&setting, ways, check)));
                }
            }
        }
        large.map_or(Ok(None), Err)
    }

    /// A witness that the interview and the evaluator bear out; an error if they do not.
    fn replayed(&self, setting: &[u32], ways: Ways, check: Check<'_>) -> Result<Witness, Witness> {
        let rules = self.model.rules;
        let answers = self.model.space.answers(&rules.questionnaire, setting);
        let borne_out = check(rules, &answers, &triage(rules, &answers));
        let witness = Witness::of(rules, answers);
        let fits = borne_out && (ways != Ways::Complete || witness.sides[0].complete);
        if fits { Ok(witness) } else { Err(witness) }
    }

    /// A property that must hold everywhere: `formula` is where it would not.
    fn never(
        &mut self,
        formula: &mut dyn FnMut(&mut Diagram, &mut Model<'a>, Ways) -> Result<Formula, TooLarge>,
        check: Check<'_>,
    ) -> Result<Verdict, TooLarge> {
        Ok(match self.look(formula, check)? {
            None => Verdict::Proved,
            Some(Ok(witness)) => Verdict::Broken(witness),
            Some(Err(witness)) => Verdict::Disagreement(witness),
        })
    }

    fn one_result(&mut self) {
        let verdict = self.never(
            &mut |diagram, model, ways| {
                if ways == Ways::Partial {
                    return Ok(Formula::FALSE);
                }
                // In a complete interview nothing is left open where something is named, and an
                // entry holds.
                let named = model.named(diagram, ways)?;
                let mut open = model.unscreened;
                for item in 0..model.rules.items.len() {
                    open = diagram.or(open, model.withheld[item])?;
                }
                let open = diagram.and(named, open)?;
                let left = model.entries(diagram, ways)?.pop().unwrap_or(Formula::FALSE);
                Ok(Formula::Any(vec![Formula::Leaf(open), left]))
            },
            &|_, _, assessment| assessment.suggestion == Suggestion::Unscreened,
        );
        let says =
            "Every complete interview ends in exactly one suggestion, or in being seen first";
        self.add(PropertyKind::OneResult, "", None, says.to_owned(), verdict);
    }

    fn nothing_named_when_urgent(&mut self) {
        let verdict = self.never(
            &mut |diagram, model, ways| {
                // Options and the runner-up stand beside a suggestion only.
                let urgent = Formula::Leaf(model.care[2]);
                let entries = model.entries(diagram, ways)?;
                let named = entries.into_iter().zip(&model.rules.suggestions);
                let named = named.filter(|(_, entry)| entry.treatment.is_some());
                let named = named.map(|(entry, _)| {
                    Formula::All(vec![urgent.clone(), entry]).collapsed(diagram, PRODUCT)
                });
                Ok(Formula::Any(named.collect()))
            },
            &|rules, _, assessment| {
                !assessment.care.names_treatment() && !assessment.offers(rules).is_empty()
            },
        );
        // Also by the evaluator: the shortest way to each such warning names nothing and, for an
        // emergency, asks nothing more. The reachability of warnings replays them.
        let says = "At same-day and emergency care nothing is named, and an emergency ends the \
                    questions";
        self.add(PropertyKind::NothingNamedWhenUrgent, "", None, says.to_owned(), verdict);
    }

    /// Taken from the cautions as they are written, not from the spread that the offers use.
    fn nothing_avoided_offered(&mut self) {
        let verdict = self.never(
            &mut |diagram, model, ways| {
                let rules = model.rules;
                let mut any = Vec::new();
                for item in 0..rules.items.len() {
                    let mut avoided = Node::FALSE;
                    for (caution, truth) in rules.cautions.iter().zip(&model.cautions) {
                        if caution.avoid.iter().any(|&other| takes_away(rules, other, item)) {
                            avoided = diagram.or(avoided, truth.yes)?;
                        }
                    }
                    if avoided != Node::FALSE {
                        let offers = model.offers(diagram, item, ways)?;
                        let both = Formula::All(vec![Formula::Leaf(avoided), offers]);
                        any.push(both.collapsed(diagram, PRODUCT));
                    }
                }
                Ok(Formula::Any(any))
            },
            &|rules, _, assessment| {
                let avoided =
                    assessment.cautions.iter().flat_map(|&caution| &rules.cautions[caution].avoid);
                let offers = assessment.offers(rules);
                avoided
                    .into_iter()
                    .any(|&other| offers.iter().any(|&item| takes_away(rules, other, item)))
            },
        );
        let says = "Nothing that a caution avoids is suggested, offered or the runner-up";
        self.add(PropertyKind::NothingAvoidedOffered, "", None, says.to_owned(), verdict);
    }

    fn missing_never_reassures(&mut self) {
        let mut verdict = Ok(Verdict::Proved);
        for level in 1..Care::ALL.len() {
            let check = |_: &RuleSet, _: &Answers, assessment: &Assessment| {
                assessment.care < Care::ALL[level] && assessment.open_warnings.is_empty()
            };
            let found = self.never(
                &mut |diagram, model, ways| {
                    if ways == Ways::Complete {
                        return Ok(Formula::FALSE);
                    }
                    let lower = diagram.and_not(model.unstopped, model.care[level])?;
                    let meant = possible(diagram, &model.space, lower, Freedom::Meant)?;
                    let reassured = diagram.and_not(model.partial, model.care[level])?;
                    // While a warning is open the result says so and names nothing.
                    let reassured = diagram.and_not(reassured, model.unscreened)?;
                    Ok(Formula::Leaf(diagram.and_not(reassured, meant)?))
                },
                &check,
            );
            if found != Ok(Verdict::Proved) {
                verdict = found.map(|found| found.wanting(Wanted::at_least(Care::ALL[level])));
                break;
            }
        }
        let says = "Whatever is missing or not sure, all of it meant in its mildest way, never comes to \
                    more care than was told, unless the result says that a warning is open";
        self.add(PropertyKind::MissingNeverReassures, "", None, says.to_owned(), verdict);
    }

    fn partial_never_claims_more(&mut self) {
        let mut verdict = Ok(Verdict::Proved);
        let levels = (1..Care::ALL.len()).map(|level| (Some(level), 0));
        let items = (0..self.model.rules.items.len()).map(|item| (None, item));
        for (level, item) in levels.chain(items) {
            let check = |_: &RuleSet, _: &Answers, assessment: &Assessment| match level {
                Some(level) => {
                    assessment.care < Care::ALL[level] && assessment.open_warnings.is_empty()
                }
                None => assessment.standing[item].is_offered(),
            };
            let found = self.never(
                &mut |diagram, model, ways| {
                    if ways == Ways::Complete {
                        return Ok(Formula::FALSE);
                    }
                    let (bad, open) = match level {
                        Some(level) => (model.care[level], model.unscreened),
                        None => (model.avoided[item], model.withheld[item]),
                    };
                    let ends = diagram.and(model.unstopped, bad)?;
                    let could = possible(diagram, &model.space, ends, Freedom::Completed)?;
                    let claimed = diagram.and_not(model.partial, bad)?;
                    let claimed = diagram.and_not(claimed, open)?;
                    Ok(Formula::Leaf(diagram.and(claimed, could)?))
                },
                &check,
            );
            if found != Ok(Verdict::Proved) {
                verdict = found;
                break;
            }
        }
        let says = "While questions are open, nothing is named that an answer to them could take away, and \
                    no answer raises care unless the result says that a warning is open";
        self.add(PropertyKind::PartialNeverClaimsMore, "", None, says.to_owned(), verdict);
    }

    fn promises(&mut self) {
        let rules = self.model.rules;
        for promise in &rules.promises {
            let verdict = self.never(
                &mut |diagram, model, ways| {
                    let condition = &promise.condition;
                    match (promise.always, ways) {
                        (false, _) => model.judge(diagram, condition, ways, true),
                        // A complete interview must make it true; a gap may leave it unknown.
                        (true, Ways::Complete) => {
                            model.judge(diagram, condition, ways, true)?.negated(diagram)
                        }
                        (true, Ways::Partial) => model.judge(diagram, condition, ways, false),
                    }
                },
                &|rules, answers, assessment| match assessment.judge(
                    rules,
                    answers,
                    &promise.condition,
                ) {
                    Truth::True => !promise.always,
                    Truth::False => promise.always,
                    Truth::Unknown => promise.always && is_interview(rules, answers),
                },
            );
            let verdict = verdict.map(|found| match Wanted::of_promise(rules, promise) {
                Some(wanted) => found.wanting(wanted),
                None => found,
            });
            let says = promise.says.trim_end_matches('.').to_owned();
            self.add(PropertyKind::Promise, &promise.id, Some(promise.place), says, verdict);
        }
    }

    /// Something a complete interview must be able to come to.
    fn can(
        &mut self,
        formula: Result<Formula, TooLarge>,
        check: Check<'_>,
    ) -> Result<Verdict, TooLarge> {
        let formula = Formula::All(vec![formula?, Formula::Leaf(self.model.complete)]);
        Ok(match formula.shortest(self.diagram, self.states) {
            Found::Never => Verdict::Impossible,
            Found::TooLarge => Verdict::TooLarge,
            Found::Shortest(setting) => match self.replayed(&setting, Ways::Complete, check) {
                Ok(witness) => Verdict::Possible(witness),
                Err(witness) => Verdict::Disagreement(witness),
            },
        })
    }

    fn reachable_suggestions(&mut self) {
        let rules = self.model.rules;
        let entries = self.model.entries(self.diagram, Ways::Complete);
        for (index, entry) in rules.suggestions.iter().enumerate() {
            let formula = entries.as_ref().map(|all| all[index].clone()).map_err(|&large| large);
            let verdict = self.can(formula, &|_, _, assessment| {
                assessment.suggestion == Suggestion::Entry(index)
            });
            let says = format!("Suggestion {} can come out", tick(&entry.id));
            let place = Some(entry.place);
            self.add(PropertyKind::ReachableSuggestion, &entry.id, place, says, verdict);
        }
        for (index, item) in rules.items.iter().enumerate() {
            if rules.treatment_of(index).is_none() {
                continue;
            }
            let formula = self.model.option(self.diagram, index, Ways::Complete);
            let verdict =
                self.can(formula, &|_, _, assessment| assessment.options.contains(&index));
            let says = format!("Option {} can be offered", tick(&item.id));
            self.add(PropertyKind::ReachableOption, &item.id, Some(item.place), says, verdict);
        }
    }

    fn reachable_warnings(&mut self) {
        let rules = self.model.rules;
        for (index, warning) in rules.warnings.iter().enumerate() {
            let formula = Ok(Formula::Leaf(self.model.warnings[index].yes));
            let verdict = self.can(formula, &|rules, _, assessment| {
                let urgent = !warning.care.names_treatment();
                assessment.warnings.contains(&index)
                    && (!urgent || assessment.offers(rules).is_empty())
            });
            let says = format!("Warning {} can fire", tick(&warning.id));
            let place = Some(warning.place);
            self.add(PropertyKind::ReachableWarning, &warning.id, place, says, verdict);
        }
        for (index, caution) in rules.cautions.iter().enumerate() {
            let formula = Ok(Formula::Leaf(self.model.cautions[index].yes));
            let verdict =
                self.can(formula, &|_, _, assessment| assessment.cautions.contains(&index));
            let says = format!("Caution {} can fire", tick(&caution.id));
            let place = Some(caution.place);
            self.add(PropertyKind::ReachableCaution, &caution.id, place, says, verdict);
        }
    }
}

/// Whether avoiding one item takes another away: itself, its options, and what is made of it.
fn takes_away(rules: &RuleSet, avoided: usize, item: usize) -> bool {
    let treatment = rules.treatment_of(item).unwrap_or(item);
    avoided == item || rules.parts(treatment).contains(&avoided)
}
