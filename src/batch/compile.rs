//! A rule set as gates: what [`triage`](mod@crate::triage) says, for 256 rows at a step.
//!
//! Each condition becomes two wires, "true" and "false"; unknown is neither. The order of judgement
//! is that of `triage`, line for line, and a test holds the two together on every rule set it can
//! make up.

use super::Column;
use super::circuit::{Builder, Circuit, FALSE, TRUE, Wire};
use crate::condition::{Care, Condition, NONE, PointsTest, UNSURE};
use crate::questionnaire::{Kind, Question};
use crate::ruleset::RuleSet;

/// A run of bits in the packed result of a row.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) length: usize,
}

/// Where each part of a result stands among its bits.
///
/// First of all stand those that are written: for each column, in order, one for each of its words,
/// set where the word is; and one for what ends a line, where no word does.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    /// One bit for each item offered as an option.
    pub(super) options: Span,
    /// The points of each item, and what is added to them so that they are never negative.
    pub(super) points: Vec<(Span, i64)>,
}

/// What is counted over all rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Counted {
    /// Each level of care.
    pub(super) care: Vec<Wire>,
    /// A warning above the level of care could still fire.
    pub(super) may_rise: Vec<Wire>,
    /// An answer does not count, as with the others it is not asked for.
    pub(super) not_asked: Vec<Wire>,
    /// Each item as the suggested treatment.
    pub(super) treatment: Vec<Wire>,
}

/// A rule set compiled.
#[derive(Clone, Debug)]
pub(super) struct Compiled {
    pub(super) circuit: Circuit,
    pub(super) outputs: Vec<Wire>,
    pub(super) fields: Fields,
    pub(super) counted: Counted,
    /// The lane of each question's first mark.
    pub(super) first_lane: Vec<usize>,
    /// How many marks each question has in lanes: choices or steps, then "none", then "not sure".
    pub(super) steps: Vec<u32>,
    /// The indices of the warnings in the order they are told.
    pub(super) warnings: Vec<usize>,
    /// The first of the inputs that no gate reads.
    pub(super) spare: usize,
    /// The most questions that can be asked and not answered.
    pub(super) most_missed: usize,
}

/// The lane of a mark, counted from its question's first.
pub(super) fn step_of(mark: u64, steps: u32) -> u32 {
    match mark {
        NONE => steps,
        UNSURE => steps + 1,
        mark => mark.trailing_zeros(),
    }
}

/// True and false; unknown is neither.
#[derive(Clone, Copy, Debug)]
struct Truth {
    yes: Wire,
    no: Wire,
}

const UNKNOWN: Truth = Truth { yes: FALSE, no: FALSE };

/// A number for each row, never negative: the points and a constant.
struct Points {
    bits: Vec<Wire>,
    added: u64,
}

struct Compiler<'a> {
    rules: &'a RuleSet,
    builder: Builder,
    spare: usize,
    first_input: Vec<usize>,
    steps: Vec<u32>,
    active: Vec<Wire>,
    /// Whether a question is asked and answered.
    answered: Vec<Wire>,
    /// Whether any is answered and not asked.
    not_asked: Wire,
    open: Vec<Wire>,
    findings: Vec<Truth>,
    points: Vec<Points>,
}

/// Compiles a rule set; what no column shows costs nothing. So many inputs more are left to others.
pub(super) fn compile(rules: &RuleSet, columns: &[Column], spare: usize) -> Compiled {
    let mut compiler = Compiler::new(rules, spare);
    compiler.judge();
    compiler.finish(columns)
}

impl<'a> Compiler<'a> {
    fn new(rules: &'a RuleSet, spare: usize) -> Self {
        let (mut first_input, mut steps, mut inputs) = (Vec::new(), Vec::new(), 0);
        for question in &rules.questionnaire.questions {
            let choices = question.marks().len();
            first_input.push(inputs);
            steps.push(u32::try_from(choices).unwrap_or(0));
            // A note is no mark: nothing reads it.
            inputs += if question.kind == Kind::Text { 0 } else { choices + 2 };
        }
        Self {
            rules,
            builder: Builder::new(inputs + spare),
            spare: Builder::lane_of(inputs),
            first_input,
            steps,
            active: Vec::new(),
            answered: Vec::new(),
            not_asked: FALSE,
            open: Vec::new(),
            findings: vec![UNKNOWN; rules.findings.len()],
            points: Vec::new(),
        }
    }

    fn mark(&self, question: usize, mark: u64) -> Wire {
        let step = step_of(mark, self.steps[question]) as usize;
        Builder::input(self.first_input[question] + step)
    }

    fn any_mark(&mut self, question: usize, marks: u64) -> Wire {
        let question_of = &self.rules.questionnaire.questions[question];
        // A note is no mark, and a condition cannot read one.
        let known =
            if question_of.kind == Kind::Text { 0 } else { question_of.all_marks() & marks };
        let wires: Vec<Wire> =
            Question::single_marks(known).map(|mark| self.mark(question, mark)).collect();
        self.builder.any(wires)
    }

    /// Judges the questions in their order, and each finding as soon as all it reads is settled.
    fn judge(&mut self) {
        let rules = self.rules;
        for (question_idx, question) in rules.questionnaire.questions.iter().enumerate() {
            let asked = match &question.when {
                None => Truth { yes: TRUE, no: FALSE },
                Some(when) => self.truth(when),
            };
            let given = self.any_mark(question_idx, u64::MAX);
            self.active.push(asked.yes);
            let answered = self.builder.and(asked.yes, given);
            self.answered.push(answered);
            let idle = self.builder.and(given, !asked.yes);
            self.not_asked = self.builder.or(self.not_asked, idle);
            let missed = self.builder.and(asked.yes, !given);
            let unknown = self.builder.and(!asked.yes, !asked.no);
            let reads = question.when.as_ref().map(|when| rules.reads(when)).unwrap_or_default();
            let opener = self.is_open(&reads);
            let could = self.builder.and(unknown, opener);
            let open = self.builder.or(missed, could);
            self.open.push(open);
            for (finding_idx, finding) in rules.findings.iter().enumerate() {
                if finding.reads.last() == Some(&question_idx) {
                    self.findings[finding_idx] = self.truth(&finding.when);
                }
            }
        }
    }

    fn is_open(&mut self, reads: &[usize]) -> Wire {
        let open: Vec<Wire> = reads.iter().map(|&question| self.open[question]).collect();
        self.builder.any(open)
    }

    fn truth(&mut self, condition: &Condition) -> Truth {
        match condition {
            Condition::All(parts) => {
                let parts = self.truths(parts);
                let yes = self.builder.all(parts.iter().map(|part| part.yes));
                Truth { yes, no: self.builder.any(parts.iter().map(|part| part.no)) }
            }
            Condition::Any(parts) => {
                let parts = self.truths(parts);
                let yes = self.builder.any(parts.iter().map(|part| part.yes));
                Truth { yes, no: self.builder.all(parts.iter().map(|part| part.no)) }
            }
            Condition::Not(part) => {
                let part = self.truth(part);
                Truth { yes: part.no, no: part.yes }
            }
            Condition::AtLeast { count, of } => {
                let parts = self.truths(of);
                let sure: Vec<Wire> = parts.iter().map(|part| part.yes).collect();
                let possible: Vec<Wire> = parts.iter().map(|part| !part.no).collect();
                let yes = self.builder.at_least_of(*count, &sure);
                Truth { yes, no: !self.builder.at_least_of(*count, &possible) }
            }
            Condition::Answer { question, marks } => {
                let named = self.any_mark(*question, *marks);
                let yes = self.builder.and(self.active[*question], named);
                let definite = self.definite(*question);
                Truth { yes, no: self.builder.and(definite, !named) }
            }
            Condition::Marked { question, marks, at_least } => {
                let marked: Vec<Wire> =
                    Question::single_marks(*marks).map(|mark| self.mark(*question, mark)).collect();
                let enough = self.builder.at_least_of(*at_least as usize, &marked);
                let definite = self.definite(*question);
                let yes = self.builder.and(definite, enough);
                Truth { yes, no: self.builder.and(definite, !enough) }
            }
            Condition::Finding(finding) => self.findings[*finding],
            Condition::Points(test) => {
                let yes = self.points_test(test);
                Truth { yes, no: !yes }
            }
            // Only promises speak of the outcome, and a batch judges none.
            Condition::Outcome(_) => UNKNOWN,
        }
    }

    fn truths(&mut self, conditions: &[Condition]) -> Vec<Truth> {
        conditions.iter().map(|condition| self.truth(condition)).collect()
    }

    /// Asked, answered, and not with "not sure".
    fn definite(&mut self, question: usize) -> Wire {
        let unsure = self.any_mark(question, UNSURE);
        self.builder.and(self.answered[question], !unsure)
    }

    fn fires(&mut self, when: Option<&Condition>) -> Wire {
        when.map_or(TRUE, |when| self.truth(when).yes)
    }

    /// What could still come true: it is unknown, and a question it reads is open.
    fn could_fire(&mut self, truth: Truth, reads: &[usize]) -> Wire {
        let unknown = self.builder.and(!truth.yes, !truth.no);
        let open = self.is_open(reads);
        self.builder.and(unknown, open)
    }

    fn add_points(&mut self, fired: &[Wire]) {
        for item in 0..self.rules.items.len() {
            let (mut weighted, mut added) = (Vec::new(), 0);
            for (rule, &wire) in self.rules.rules.iter().zip(fired) {
                for &(_, number) in rule.points.iter().filter(|(to, _)| *to == item) {
                    let weight = u64::from(number.unsigned_abs());
                    if number < 0 {
                        // To take n away when it fires is to add n when it does not, less n.
                        weighted.push((!wire, weight));
                        added += weight;
                    } else {
                        weighted.push((wire, weight));
                    }
                }
            }
            let bits = self.builder.sum(&weighted);
            self.points.push(Points { bits, added });
        }
    }

    /// The points of an item and a constant.
    fn raised(&mut self, item: usize, by: u64) -> Vec<Wire> {
        let mut weighted: Vec<(Wire, u64)> = self.points[item]
            .bits
            .iter()
            .enumerate()
            .map(|(bit, &wire)| (wire, 1 << bit))
            .collect();
        weighted.push((TRUE, by));
        self.builder.sum(&weighted)
    }

    /// Whether one item's points, and a number, are at least another's.
    fn no_fewer(&mut self, item: usize, than: usize, handicap: u64) -> Wire {
        let own = self.raised(item, self.points[than].added);
        let other = self.raised(than, self.points[item].added + handicap);
        self.builder.at_least(&own, &other)
    }

    fn reach(&mut self, item: usize, bound: i64) -> Wire {
        match u64::try_from(bound + self.points[item].added.cast_signed()) {
            Ok(bound) => self.builder.at_least(&self.points[item].bits, &Builder::number(bound)),
            // Points are never so low.
            Err(_) => TRUE,
        }
    }

    fn points_test(&mut self, test: &PointsTest) -> Wire {
        let mut parts = Vec::new();
        if let Some(least) = test.at_least {
            parts.push(self.reach(test.item, i64::from(least)));
        }
        if let Some(most) = test.at_most {
            parts.push(!self.reach(test.item, i64::from(most) + 1));
        }
        for &other in &test.above {
            parts.push(self.no_fewer(test.item, other, 1));
        }
        for &other in &test.not_below {
            parts.push(self.no_fewer(test.item, other, 0));
        }
        self.builder.all(parts)
    }

    /// Marks that spread from a treatment to its options and from a part to what it is part of.
    fn spread(&mut self, marked: &mut [Wire]) {
        for item in 0..marked.len() {
            for part in self.rules.parts(item) {
                marked[item] = self.builder.or(marked[item], marked[part]);
            }
        }
        for item in 0..marked.len() {
            if let Some(treatment) = self.rules.treatment_of(item) {
                marked[item] = self.builder.or(marked[item], marked[treatment]);
            }
        }
    }

    /// The cautions that fired, and which items may be offered.
    fn judge_cautions(&mut self) -> (Vec<Wire>, Vec<Wire>) {
        let length = self.rules.items.len();
        let (mut fired, mut taken) = (Vec::new(), vec![FALSE; length]);
        for caution in &self.rules.cautions {
            let truth = self.truth(&caution.when);
            let could = self.could_fire(truth, &caution.reads);
            let takes = self.builder.or(truth.yes, could);
            fired.push(truth.yes);
            for &item in &caution.avoid {
                taken[item] = self.builder.or(taken[item], takes);
            }
        }
        self.spread(&mut taken);
        (fired, taken.into_iter().map(|taken| !taken).collect())
    }

    fn finish(mut self, columns: &[Column]) -> Compiled {
        let rules = self.rules;
        let (mut warnings, mut open_warnings) = (Vec::new(), Vec::new());
        for warning in &rules.warnings {
            let truth = self.truth(&warning.when);
            warnings.push(truth.yes);
            open_warnings.push(self.could_fire(truth, &warning.reads));
        }
        let at = |care: Care, builder: &mut Builder| {
            let fired = warnings.iter().zip(&rules.warnings).filter(|(_, it)| it.care >= care);
            builder.any(fired.map(|(&wire, _)| wire))
        };
        let [prompt, same_day, emergency] =
            [Care::Prompt, Care::SameDay, Care::Emergency].map(|care| at(care, &mut self.builder));
        let care = [
            !prompt,
            self.builder.and(prompt, !same_day),
            self.builder.and(same_day, !emergency),
            emergency,
        ];

        let fired: Vec<Wire> =
            rules.rules.iter().map(|rule| self.fires(rule.when.as_ref())).collect();
        self.add_points(&fired);
        let (cautions, offered) = self.judge_cautions();
        let reached = [TRUE, prompt, same_day, emergency];
        let may_rise = self.may_rise(&open_warnings, reached);
        let unscreened = self.builder.any(open_warnings.iter().copied());
        let free = self.builder.and(!same_day, !unscreened);
        let (entries, treatment) = self.suggest(free, &offered);
        let named = self.builder.any(treatment.iter().copied());
        let earned: Vec<Wire> = (0..rules.items.len())
            .map(|item| {
                let some = self.reach(item, 1);
                self.builder.and(offered[item], some)
            })
            .collect();
        let options = self.options(&treatment, &earned);
        let runner_up = self.runner_up(named, &treatment, &earned);
        let cautions: Vec<Wire> =
            cautions.into_iter().map(|fired| self.builder.and(fired, named)).collect();

        let mut order: Vec<usize> = (0..rules.warnings.len()).collect();
        order.sort_by_key(|&warning| std::cmp::Reverse(rules.warnings[warning].care));
        let (mut outputs, mut fields) = (Vec::new(), Fields::default());
        for (place, column) in columns.iter().enumerate() {
            outputs.extend(match column {
                Column::Care => care.to_vec(),
                Column::Suggestion => self.or_none(&of(&treatment, rules.treatments())),
                Column::SuggestedBy => self.or_none(&entries),
                Column::RunnerUp => self.or_none(&of(&runner_up, rules.treatments())),
                Column::Warnings => list(order.iter().map(|&warning| &warnings[warning])),
                Column::OpenWarnings => list(&open_warnings),
                Column::Findings => list(self.findings.iter().map(|finding| &finding.yes)),
                Column::Cautions => list(&cautions),
                Column::Asked => list(&self.active),
                Column::NotAnswered => self.not_answered(),
                Column::Points => vec![same_day, !same_day],
                Column::Reasons => list(&self.reasons(&treatment, &fired)),
                Column::Options => self.unless_several(&of(&options, rules.options_of_all())),
                // Where a line begins with its name, there is nothing to choose.
                Column::Id if place == 0 => vec![FALSE],
                Column::Id | Column::Row => vec![TRUE],
            });
        }
        let is_ended = columns.last().is_some_and(|last| last.is_one());
        outputs.push(if is_ended { FALSE } else { TRUE });
        // Nothing but what they are for stands among the bits that are written.
        outputs.resize(outputs.len().next_multiple_of(64), FALSE);
        let has = |column| columns.contains(&column);
        if has(Column::Options) {
            fields.options = self::place(&mut outputs, &options);
        }
        if has(Column::Options) || has(Column::Points) {
            let points = self.points.iter();
            let points = points.map(|it| (place_number(&mut outputs, &it.bits), it.added));
            let points = points.map(|(span, added)| (span, added.cast_signed()));
            fields.points = points.collect();
        }
        let shown = outputs.len();
        outputs.extend(care);
        outputs.extend([may_rise, self.not_asked]);
        outputs.extend(&treatment);
        let most_missed = self.missable().count();
        let (circuit, mut outputs) = self.builder.finish(&outputs);
        let mut counted = outputs.split_off(shown);
        let treatment = counted.split_off(care.len() + 2);
        let not_asked = counted.split_off(care.len() + 1);
        let may_rise = counted.split_off(care.len());
        Compiled {
            circuit,
            outputs,
            fields,
            counted: Counted { care: counted, may_rise, not_asked, treatment },
            first_lane: self.first_input.iter().map(|&input| Builder::lane_of(input)).collect(),
            steps: self.steps,
            warnings: order,
            spare: self.spare,
            most_missed,
        }
    }

    /// For each treatment in order, that it is suggested and that a rule which gives it points fired,
    /// the strongest rule first.
    fn reasons(&mut self, treatment: &[Wire], fired: &[Wire]) -> Vec<Wire> {
        let rules = self.rules;
        let of = |item| reasons(rules, item).into_iter().map(move |rule| (item, rule));
        let reasons = rules.treatments().flat_map(of);
        reasons.map(|(item, rule)| self.builder.and(treatment[item], fired[rule])).collect()
    }

    /// The wires of a list of one at most, and behind them that there are several instead.
    fn unless_several(&mut self, wires: &[Wire]) -> Vec<Wire> {
        let (mut any, mut several) = (FALSE, FALSE);
        for &wire in wires {
            let two = self.builder.and(any, wire);
            (several, any) = (self.builder.or(several, two), self.builder.or(any, wire));
        }
        let alone = wires.iter().map(|&wire| self.builder.and(wire, !several));
        let alone: Vec<Wire> = alone.collect();
        [list(&alone), vec![several]].concat()
    }

    /// Wires of which one holds at most, and behind them that none does.
    fn or_none(&mut self, wires: &[Wire]) -> Vec<Wire> {
        let none = !self.builder.any(wires.iter().copied());
        [wires, &[none]].concat()
    }

    /// Whether a warning could still fire that is above the level of care; `reached` has each level.
    fn may_rise(&mut self, open_warnings: &[Wire], reached: [Wire; 4]) -> Wire {
        let open = open_warnings.iter().zip(&self.rules.warnings);
        let above = open.map(|(&open, warning)| {
            let place = Care::ALL.iter().position(|care| *care == warning.care);
            self.builder.and(open, !place.map_or(TRUE, |place| reached[place]))
        });
        let above: Vec<Wire> = above.collect();
        self.builder.any(above)
    }

    /// The entry that holds first, where any may, and the treatment that it names.
    fn suggest(&mut self, mut free: Wire, offered: &[Wire]) -> (Vec<Wire>, Vec<Wire>) {
        let (mut entries, mut treatments) = (Vec::new(), vec![FALSE; offered.len()]);
        for entry in &self.rules.suggestions {
            let holds = self.fires(entry.when.as_ref());
            let may = entry.treatment.map_or(TRUE, |treatment| offered[treatment]);
            let chosen = self.builder.all([free, holds, may]);
            free = self.builder.and(free, !chosen);
            entries.push(chosen);
            if let Some(item) = entry.treatment {
                treatments[item] = self.builder.or(treatments[item], chosen);
            }
        }
        (entries, treatments)
    }

    fn options(&mut self, treatment: &[Wire], earned: &[Wire]) -> Vec<Wire> {
        let mut options = vec![FALSE; earned.len()];
        for of in self.rules.treatments() {
            for option in self.rules.options(of) {
                let shown = self.builder.and(treatment[of], earned[option]);
                options[option] = self.builder.or(options[option], shown);
            }
        }
        options
    }

    /// The treatment with most points besides the suggested one, the first among equals.
    fn runner_up(&mut self, named: Wire, treatment: &[Wire], earned: &[Wire]) -> Vec<Wire> {
        let treatments: Vec<usize> = self.rules.treatments().collect();
        let mut runs = vec![FALSE; earned.len()];
        for &item in &treatments {
            runs[item] = self.builder.all([named, !treatment[item], earned[item]]);
        }
        let mut runner_up = vec![FALSE; earned.len()];
        for &item in &treatments {
            let mut best = runs[item];
            for &other in treatments.iter().filter(|&&other| other != item) {
                let ahead = self.no_fewer(other, item, u64::from(other > item));
                let beaten = self.builder.and(runs[other], ahead);
                best = self.builder.and(best, !beaten);
            }
            runner_up[item] = best;
        }
        runner_up
    }

    /// The questions that are missed if they are asked and not answered; notes never are.
    fn missable(&self) -> impl Iterator<Item = usize> + use<'a> {
        let questions = self.rules.questionnaire.questions.iter().enumerate();
        questions.filter(|(_, question)| question.kind != Kind::Text).map(|(question, _)| question)
    }

    /// How many questions are asked and not answered, one wire for each number from none on.
    fn not_answered(&mut self) -> Vec<Wire> {
        let missed = self
            .missable()
            .map(|question| (self.builder.and(self.active[question], !self.answered[question]), 1));
        let missed: Vec<(Wire, u64)> = missed.collect();
        let count = self.builder.sum(&missed);
        (0..=missed.len()).map(|number| self.builder.equals(&count, number as u64)).collect()
    }
}

/// The wires of some of the items: what can never be has no bit.
fn of(wires: &[Wire], items: impl Iterator<Item = usize>) -> Vec<Wire> {
    items.map(|item| wires[item]).collect()
}

/// The wires of a list, before them the one for its start.
fn list<'w>(wires: impl IntoIterator<Item = &'w Wire>) -> Vec<Wire> {
    std::iter::once(TRUE).chain(wires.into_iter().copied()).collect()
}

fn place(outputs: &mut Vec<Wire>, wires: &[Wire]) -> Span {
    let span = Span { start: outputs.len(), length: wires.len() };
    outputs.extend_from_slice(wires);
    span
}

/// As [`place`], for what is read as one number: it has all its bits in one word, if they fit.
fn place_number(outputs: &mut Vec<Wire>, wires: &[Wire]) -> Span {
    if outputs.len() % 64 + wires.len() > 64 {
        outputs.resize(outputs.len().next_multiple_of(64), FALSE);
    }
    place(outputs, wires)
}

/// The rules that give an item points, strongest first.
pub(super) fn reasons(rules: &RuleSet, item: usize) -> Vec<usize> {
    let points = rules
        .rules
        .iter()
        .map(|rule| rule.points.iter().filter(|(to, _)| *to == item).map(|(_, n)| n).sum());
    let mut reasons: Vec<(usize, i32)> =
        points.enumerate().filter(|&(_, points)| points > 0).collect();
    reasons.sort_by_key(|&(_, points)| std::cmp::Reverse(points));
    reasons.into_iter().map(|(rule, _)| rule).collect()
}
