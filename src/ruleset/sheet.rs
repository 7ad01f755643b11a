//! Reading what the one-page sheet shows at a glance, and which change over time matters.

use super::fields::{Fields, elements, text};
use super::load::Loader;
use crate::fault::Fault;
use crate::prose::{did_you_mean, tick};
use crate::questionnaire::{Group, Kind};
use crate::yaml::Node;

/// What the hand-over sheet shows at a glance. All of it may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The group of questions about warning signs.
    pub signs: Option<usize>,
    /// The question whose choices are drawn on the body chart.
    pub body: Option<usize>,
    /// The questions that tell how it began and went.
    pub history: Vec<usize>,
    /// The questions that name a treatment or ask for a wish: where a doctor comes first, their
    /// answers are left out. Where none is named, all are left out that no warning reads.
    pub about_treatment: Vec<usize>,
    /// The note that stands for a name.
    pub client: Option<usize>,
    /// Treatments and options that are hands-on work: cautions about them come first.
    pub hands_on: Vec<usize>,
    /// The scales that are drawn, each with its bands.
    pub scales: Vec<BandedScale>,
}

/// A scale question and what its numbers are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BandedScale {
    /// The index of the question.
    pub question: usize,
    /// What is measured, in a word or two.
    pub name: String,
    /// The bands, lowest first; each ends where the next begins.
    pub bands: Vec<Band>,
}

/// Numbers of a scale that go by one word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Band {
    /// The first number of the band.
    pub from: i64,
    /// The word.
    pub says: String,
}

/// Which change from one record to a later one matters, and what tells two people apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// A change by this many steps of a scale matters.
    pub points: i64,
    /// And so does a change by this many hundredths of the earlier number.
    pub percent: i64,
    /// What that rests on, in words the person reads.
    pub says: String,
    /// Questions whose answer does not change while it is the same person.
    pub same_person: Vec<usize>,
    /// Questions whose answer never goes back to an earlier choice.
    pub never_back: Vec<usize>,
    /// Indices of its sources.
    pub sources: Vec<usize>,
}

impl Loader {
    pub(super) fn sheet(&mut self, fields: &mut Fields<'_>, groups: &[Group]) -> Sheet {
        let Some(node) = fields.node("sheet") else { return Sheet::default() };
        let Some(mut fields) = Fields::of(node, "`sheet`", &mut self.faults) else {
            return Sheet::default();
        };
        let signs = fields.node("signs").and_then(|node| {
            let id = text(node, "a group", &mut self.faults)?;
            let found = groups.iter().position(|group| group.id == id);
            if found.is_none() {
                let help = did_you_mean(&id, groups.iter().map(|group| group.id.as_str()));
                let message = format!("{} is no group", tick(&id));
                self.faults.push(Fault::new("unknown-group", node.place, message).help(help));
            }
            found
        });
        let mut one = |name, fields: &mut Fields<'_>| {
            let named = fields.list(name);
            self.questions_named(&named).first().copied()
        };
        let (body, client) = (one("body", &mut fields), one("client", &mut fields));
        let history = self.questions_named(&fields.list("history"));
        let about_treatment = self.questions_named(&fields.list("about-treatment"));
        let hands_on = self.items_named(&fields.list("hands-on"), false);
        let scales = fields.list("scales");
        let scales = scales.into_iter().filter_map(|node| self.banded_scale(node)).collect();
        fields.finish(&mut self.faults);
        Sheet { signs, body, history, about_treatment, client, hands_on, scales }
    }

    fn banded_scale(&mut self, node: &Node) -> Option<BandedScale> {
        let mut fields = Fields::of(node, "a scale of `sheet`", &mut self.faults)?;
        let named = fields.required("question", &mut self.faults).map(elements);
        let name = fields.text("name", &mut self.faults);
        let mut bands: Vec<Band> = Vec::new();
        for node in fields.list("bands") {
            let Some(mut band) = Fields::of(node, "a band", &mut self.faults) else { continue };
            band.required("from", &mut self.faults);
            let from = band.number("from", &mut self.faults).unwrap_or_default();
            let says = band.text("says", &mut self.faults);
            band.finish(&mut self.faults);
            if bands.last().is_some_and(|last| last.from >= from) {
                let message = format!("the band from {from} does not follow the one before it");
                let fault = Fault::new("count-out-of-range", node.place, message);
                self.faults.push(fault.help("write the bands from the lowest to the highest"));
            }
            bands.push(Band { from, says });
        }
        let place = fields.place;
        fields.finish(&mut self.faults);
        let question = self.questions_named(&named?).first().copied()?;
        let Kind::Scale { from, .. } = self.questions[question].kind else {
            let message = format!("{} is no scale", tick(&self.questions[question].id));
            let fault = Fault::new("wrong-kind", place, message);
            self.faults.push(fault.help("name a question of kind `scale`"));
            return None;
        };
        if bands.first().is_some_and(|first| first.from != from) {
            let message = format!("the bands of {name} do not begin at {from}");
            let fault = Fault::new("count-out-of-range", place, message);
            self.faults.push(fault.help(format!("let the first band begin at {from}")));
        }
        Some(BandedScale { question, name, bands })
    }

    pub(super) fn change(&mut self, fields: &mut Fields<'_>) -> Option<Change> {
        let node = fields.node("change")?;
        let mut fields = Fields::of(node, "`change`", &mut self.faults)?;
        for name in ["points", "percent"] {
            fields.required(name, &mut self.faults);
        }
        let points = fields.number("points", &mut self.faults);
        let percent = fields.number("percent", &mut self.faults);
        for number in [points, percent].into_iter().flatten().filter(|&number| number < 1) {
            let message = format!("a change of {number} is none");
            let fault = Fault::new("count-out-of-range", fields.place, message);
            self.faults.push(fault.help("expected a number of 1 or more"));
        }
        let says = fields.text("says", &mut self.faults);
        let same_person = self.questions_named(&fields.list("same-person"));
        let never_back = self.questions_named(&fields.list("never-back"));
        let sources = self.claim(&mut fields);
        fields.finish(&mut self.faults);
        Some(Change { points: points?, percent: percent?, says, same_person, never_back, sources })
    }

    /// Indices of the questions that a field names.
    fn questions_named(&mut self, nodes: &[&Node]) -> Vec<usize> {
        let mut named = Vec::new();
        for node in nodes {
            let Some(id) = text(node, "a question", &mut self.faults) else { continue };
            let found = self.questions.iter().position(|question| question.id == id);
            if found.is_none() {
                let known = self.questions.iter().map(|question| question.id.as_str());
                let message = format!("{} is no question", tick(&id));
                let fault = Fault::new("unknown-question", node.place, message);
                self.faults.push(fault.help(did_you_mean(&id, known)));
            }
            named.extend(found);
        }
        named
    }
}

impl BandedScale {
    /// The word for a number.
    pub fn band(&self, number: i64) -> Option<&str> {
        self.bands.iter().rfind(|band| band.from <= number).map(|band| band.says.as_str())
    }
}
