//! What holds for every way to answer, proved and not sampled; and, where it does not hold, the
//! shortest way to answer that shows it.
//!
//! Every function is a [decision diagram](mod@crate::diagram) over all answers, "not sure" and
//! unanswered included. Nothing here asks the evaluator for a verdict; but every witness is played
//! through the interview and the evaluator, and a difference between the two is a fault of the
//! program, reported as one.

mod changes;
pub mod figures;
pub mod formula;
pub mod model;
mod outcome;
mod properties;
pub mod quantify;
pub mod remaining;
pub mod render;
pub mod space;
pub mod witness;

use ethnum::U256;

use crate::diagram::{Diagram, TooLarge};
use crate::fault::Place;
use crate::ruleset::RuleSet;
use figures::Figures;
use model::{Model, Ways};
use space::Space;
use witness::{Wanted, Witness};

/// What a proof may cost before it gives up on a property and says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Inner nodes of all diagrams; 60 to 100 bytes each.
    pub nodes: usize,
    /// States of one search; some hundred bytes each.
    pub states: usize,
    /// Steps of all that is worked out, so that it ends in minutes, whatever the rule set: ten
    /// nanoseconds to a microsecond each.
    pub steps: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { nodes: 12_000_000, states: 500_000, steps: 300_000_000 }
    }
}

/// All that was proved of a rule set.
#[derive(Clone, Debug)]
pub struct Proof {
    /// The properties, in the order of the report.
    pub properties: Vec<Property>,
    /// Counts; none if even the ways to answer were too many to hold.
    pub figures: Option<Figures>,
    /// Inner nodes made.
    pub nodes: usize,
    /// Steps taken.
    pub steps: u64,
    /// About how many bytes they took.
    pub bytes: usize,
}

/// Something that holds for every way to answer, or is possible for some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    /// What kind of property it is.
    pub kind: PropertyKind,
    /// What it is about: the id of a promise, a warning, a question; empty for all of them.
    pub about: String,
    /// The property in a sentence.
    pub says: String,
    /// What it is about, in the rule set.
    pub place: Option<Place>,
    /// What came out.
    pub verdict: Verdict,
}

/// The kinds of properties, which are also the codes of the faults when one does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PropertyKind {
    /// Every complete interview ends in exactly one suggestion, or is told to be seen first.
    OneResult,
    /// At same-day and emergency nothing is named.
    NothingNamedWhenUrgent,
    /// Nothing avoided is suggested, offered or the runner-up.
    NothingAvoidedOffered,
    /// A worse answer never lowers care.
    WorseNeverLowersCare,
    /// "Not sure" stands between the best and the worst answer.
    UnsureInOrder,
    /// "Not sure", or no answer, never gives less care than every definite answer would.
    UnsureNeverReassures,
    /// A contraindication never adds a treatment or an option.
    ContraindicationNeverAdds,
    /// What is missing or not sure never gives less care than some definite answer would.
    MissingNeverReassures,
    /// What partial answers come to, no way to complete them takes back.
    PartialNeverClaimsMore,
    /// A promise of the rule set's author.
    Promise,
    /// A suggestion can come out.
    ReachableSuggestion,
    /// An option can be offered.
    ReachableOption,
    /// A warning can fire.
    ReachableWarning,
    /// A caution can fire.
    ReachableCaution,
}

/// What came of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds for every way to answer.
    Proved,
    /// It is possible; this is the shortest way.
    Possible(Witness),
    /// It is not possible for any way to answer.
    Impossible,
    /// It does not hold; this is the shortest way that shows it.
    Broken(Witness),
    /// The bound was spent before it was known.
    TooLarge,
    /// The proof and the evaluator do not agree: a fault of the program.
    Disagreement(Witness),
}

impl PropertyKind {
    /// Its id, which is the code of its fault.
    pub fn id(self) -> &'static str {
        match self {
            Self::OneResult => "no-single-result",
            Self::NothingNamedWhenUrgent => "named-when-urgent",
            Self::NothingAvoidedOffered => "avoided-but-offered",
            Self::WorseNeverLowersCare => "worse-lowers-care",
            Self::UnsureInOrder => "unsure-out-of-order",
            Self::UnsureNeverReassures => "unsure-reassures",
            Self::ContraindicationNeverAdds => "contraindication-adds",
            Self::MissingNeverReassures => "missing-reassures",
            Self::PartialNeverClaimsMore => "partial-claims-more",
            Self::Promise => "broken-promise",
            Self::ReachableSuggestion => "unreachable-suggestion",
            Self::ReachableOption => "unreachable-option",
            Self::ReachableWarning => "unreachable-warning",
            Self::ReachableCaution => "unreachable-caution",
        }
    }
}

impl Verdict {
    /// Whether this is what one wants.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Proved | Self::Possible(_))
    }

    /// The same verdict, with what must come out for its witness to show nothing wrong.
    pub(crate) fn wanting(mut self, wanted: Wanted) -> Self {
        if let Self::Broken(witness) = &mut self {
            witness.wanted = Some(wanted);
        }
        self
    }

    /// The way to answer that shows it.
    pub fn witness(&self) -> Option<&Witness> {
        match self {
            Self::Possible(witness) | Self::Broken(witness) | Self::Disagreement(witness) => {
                Some(witness)
            }
            Self::Proved | Self::Impossible | Self::TooLarge => None,
        }
    }
}

impl Proof {
    /// The properties that do not hold, or could not be shown to.
    pub fn bad(&self) -> impl Iterator<Item = &Property> {
        self.properties.iter().filter(|property| !property.verdict.is_good())
    }

    /// The ways to answer that the properties are proved for: complete, and with gaps.
    pub fn ways(&self) -> Option<[U256; 2]> {
        self.figures.as_ref().map(|figures| [figures.complete, figures.partial])
    }
}

/// Proves a rule set.
pub fn prove(rules: &RuleSet, bounds: Bounds) -> Proof {
    let (space, domains) = Space::new(&rules.questionnaire);
    let mut diagram = Diagram::new(domains, bounds.nodes).working(bounds.steps);
    let mut proof = Proof { properties: Vec::new(), figures: None, nodes: 0, steps: 0, bytes: 0 };
    match Model::new(&mut diagram, rules, space) {
        Ok(mut model) => {
            proof.figures = figures::figures(&mut diagram, &model).ok().flatten();
            let mut prover = properties::Prover::new(&mut diagram, &mut model, bounds.states);
            prover.all();
            proof.properties = prover.properties;
            if let Some(figures) = &mut proof.figures {
                figures.count_suggestions(&mut diagram, &mut model);
            }
        }
        Err(TooLarge) => proof.properties.push(Property {
            kind: PropertyKind::OneResult,
            about: String::new(),
            says: "Every way to answer ends in one result.".to_owned(),
            place: None,
            verdict: Verdict::TooLarge,
        }),
    }
    (proof.nodes, proof.steps, proof.bytes) = (diagram.len(), diagram.work(), diagram.bytes());
    proof
}

/// The functions of a rule set, for those who ask questions of their own.
///
/// # Errors
/// When the bound on nodes is spent.
pub fn model(rules: &RuleSet, bounds: Bounds) -> Result<(Diagram, Model<'_>), TooLarge> {
    let (space, domains) = Space::new(&rules.questionnaire);
    let mut diagram = Diagram::new(domains, bounds.nodes).working(bounds.steps);
    let model = Model::new(&mut diagram, rules, space)?;
    Ok((diagram, model))
}

impl Ways {
    /// Both, the narrower first.
    pub const BOTH: [Self; 2] = [Self::Complete, Self::Partial];
}
