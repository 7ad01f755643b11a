//! All ways to answer, as variables with small domains.
//!
//! A question with one answer is one variable: not answered, each answer, not sure. An any-of
//! question is a variable that says how it was answered, then one for each choice, ticked or not:
//! never one variable with a value for each set of choices. Zero is "not answered" and "not
//! ticked". A question's variables stand together, questions in the order they are asked.

use crate::answers::Answers;
use crate::condition::{NONE, UNSURE};
use crate::diagram::{Diagram, Node, TooLarge};
use crate::questionnaire::{Answer, Kind, Question, Questionnaire};

/// In a [`Block`]: answered by ticking choices, or by "none of these" if none is ticked.
const TICKED: u64 = u64::MAX;
/// In a [`Block`]: an answer that only another rule set's question offers.
const FOREIGN: u64 = 0;

/// Which variables stand for which question of a rule set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Space {
    /// One a question; none for a text, which no condition can read.
    pub blocks: Vec<Option<Block>>,
}

/// What some variables are set to.
pub type Setting = Vec<(u32, u32)>;

/// The variables of one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The variable that says how the question was answered.
    pub first: u32,
    /// What its values from one on mean: a mark, [`TICKED`] or [`FOREIGN`].
    values: Vec<u64>,
    /// The mark of each choice of an any-of question, one variable each.
    ticks: Vec<u64>,
    none: bool,
    at_most: Option<usize>,
    /// The marks of an answer that stands; then there are no variables.
    given: Option<u64>,
}

/// When a test on a question is true and when it is false; it is unknown elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// It holds.
    pub yes: Node,
    /// It does not hold.
    pub no: Node,
}

impl Pair {
    /// Known nowhere.
    pub const UNKNOWN: Self = Self { yes: Node::FALSE, no: Node::FALSE };
}

impl Space {
    /// The ways to answer a questionnaire, and the domains of the variables.
    pub fn new(questionnaire: &Questionnaire) -> (Self, Vec<u32>) {
        let ([space, _], domains) = Self::of_both(questionnaire, questionnaire);
        (space, domains)
    }

    /// The ways to answer two questionnaires at once: questions and choices of the same id are
    /// the same.
    pub fn of_both(old: &Questionnaire, new: &Questionnaire) -> ([Self; 2], Vec<u32>) {
        let mut spaces = [old, new].map(|own| Self { blocks: vec![None; own.questions.len()] });
        let mut domains = Vec::new();
        for (in_old, in_new) in merge(old, new) {
            let asked = [in_old.map(|q| &old.questions[q]), in_new.map(|q| &new.questions[q])];
            let same_kind = match asked {
                [Some(a), Some(b)] => is_ticked(a) == is_ticked(b),
                _ => true,
            };
            // A question whose kind changed is two questions.
            let groups: &[[Option<&Question>; 2]] =
                &if same_kind { vec![asked] } else { vec![[asked[0], None], [None, asked[1]]] };
            for group in groups {
                let made = blocks(*group, &mut domains);
                let indices = [in_old, in_new];
                for ((block, space), index) in made.into_iter().zip(&mut spaces).zip(indices) {
                    if let (Some(block), Some(index)) = (block, index) {
                        space.blocks[index] = Some(block);
                    }
                }
            }
        }
        (spaces, domains)
    }

    /// The ways to go on from answers: the marks given stand, and the questions with none (zero)
    /// may be answered in any way.
    pub fn going_on(questionnaire: &Questionnaire, given: &[u64]) -> (Self, Vec<u32>) {
        let mut domains = Vec::new();
        let questions = questionnaire.questions.iter().zip(given);
        let blocks = questions.map(|(question, &marks)| match (&question.kind, marks) {
            (Kind::Text, _) => None,
            (_, 0) => blocks([Some(question), None], &mut domains)[0].take(),
            (_, given) => Some(Block::standing(given, &domains)),
        });
        (Self { blocks: blocks.collect() }, domains)
    }

    /// The variables of a question that has some.
    pub fn block(&self, question: usize) -> Option<&Block> {
        self.blocks[question].as_ref()
    }

    /// The first variable behind the questions before this one.
    pub fn start_of(&self, question: usize) -> u32 {
        let next = self.blocks[question..].iter().flatten().next();
        next.map_or(u32::MAX, |block| block.first)
    }

    /// The answers that a setting of the variables stands for.
    pub fn answers(&self, questionnaire: &Questionnaire, setting: &[u32]) -> Answers {
        let mut answers = Answers::new(questionnaire);
        for (question, block) in self.blocks.iter().enumerate() {
            let marks = block.as_ref().map_or(0, |block| block.marks(setting));
            if marks != 0 {
                answers.give(question, Answer::Marks(marks));
            }
        }
        answers
    }
}

impl Block {
    /// An answer that stands, behind the variables there are.
    fn standing(given: u64, domains: &[u32]) -> Self {
        let first = u32::try_from(domains.len()).unwrap_or(u32::MAX);
        let given = Some(given);
        Self { first, values: Vec::new(), ticks: Vec::new(), none: false, at_most: None, given }
    }

    /// Whether its answer stands.
    pub fn is_given(&self) -> bool {
        self.given.is_some()
    }

    /// The variable behind the last one of this question.
    pub fn end(&self) -> u32 {
        let own = u32::from(!self.is_given());
        self.first + own + u32::try_from(self.ticks.len()).unwrap_or(u32::MAX)
    }

    /// The values of the first variable that have this mark: one, or none.
    pub fn value_of(&self, mark: u64) -> Option<u32> {
        let found = self.values.iter().position(|&value| value == mark && value != FOREIGN)?;
        u32::try_from(found + 1).ok()
    }

    /// The variable of a choice that is ticked.
    pub fn tick_of(&self, mark: u64) -> Option<u32> {
        let found = self.ticks.iter().position(|&tick| tick == mark && tick != FOREIGN)?;
        u32::try_from(found).ok().map(|tick| self.first + 1 + tick)
    }

    /// The value that means that choices are ticked.
    pub fn ticked(&self) -> Option<u32> {
        self.value_of(TICKED)
    }

    /// All its variables set to the answer with this mark alone; to no answer, if it is zero.
    pub fn answer(&self, mark: u64) -> Option<Setting> {
        let ticked = self.ticked();
        let value = match mark {
            0 => Some(0),
            NONE if ticked.is_some() => ticked.filter(|_| self.none),
            mark => self.value_of(mark).or_else(|| self.tick_of(mark).and(ticked)),
        };
        Some(self.set(value?, mark))
    }

    /// All its variables set to these choices, where so many can be ticked.
    pub fn ticking(&self, marks: u64) -> Option<Setting> {
        let fits = self.at_most.is_none_or(|most| marks.count_ones() as usize <= most);
        self.ticked().filter(|_| fits).map(|ticked| self.set(ticked, marks))
    }

    fn set(&self, value: u32, marks: u64) -> Setting {
        let ticks = (self.first + 1..).zip(&self.ticks);
        let ticks = ticks.map(|(level, &tick)| (level, u32::from(marks & tick != 0)));
        std::iter::once((self.first, value)).chain(ticks).collect()
    }

    /// The values of its first variable that are definite answers.
    pub fn definite(&self) -> impl Iterator<Item = u32> {
        let values = (1_u32..).zip(&self.values);
        values.filter(|(_, meaning)| !matches!(**meaning, UNSURE | FOREIGN)).map(|(value, _)| value)
    }

    /// Its definite answers, one at a time: each choice alone.
    pub fn single(&self) -> Vec<Setting> {
        let values = self.values.iter().copied().filter(|own| !matches!(*own, TICKED | UNSURE));
        let marks = values.chain(self.ticks.iter().copied()).chain(self.none.then_some(NONE));
        marks.filter(|&mark| mark != FOREIGN).filter_map(|mark| self.answer(mark)).collect()
    }

    fn marks(&self, setting: &[u32]) -> u64 {
        if let Some(given) = self.given {
            return given;
        }
        let value = setting[self.first as usize] as usize;
        let meaning = if value == 0 { 0 } else { self.values[value - 1] };
        if meaning != TICKED {
            return meaning;
        }
        let ticks = self.ticks.iter().zip(&setting[self.first as usize + 1..]);
        let marks = ticks.filter(|(_, set)| **set == 1).fold(0, |all, (tick, _)| all | tick);
        if marks == 0 { NONE } else { marks }
    }

    /// Whether the question is answered.
    pub fn answered(&self, diagram: &mut Diagram) -> Result<Node, TooLarge> {
        if self.is_given() {
            return Ok(Node::TRUE);
        }
        diagram.select(self.first, |value| Node::of(value != 0))
    }

    fn is(&self, diagram: &mut Diagram, wanted: impl Fn(u64) -> bool) -> Result<Node, TooLarge> {
        diagram.select(self.first, |value| {
            Node::of(value != 0 && wanted(self.values[value as usize - 1]))
        })
    }

    fn ticks_of(&self, diagram: &mut Diagram, marks: u64) -> Result<Vec<Node>, TooLarge> {
        (self.first + 1..)
            .zip(&self.ticks)
            .filter(|(_, tick)| marks & **tick != 0)
            .map(|(level, _)| diagram.select(level, |value| Node::of(value == 1)))
            .collect()
    }

    /// Whether the answer has one of these marks.
    pub fn has(&self, diagram: &mut Diagram, marks: u64) -> Result<Pair, TooLarge> {
        if let Some(given) = self.given {
            let (yes, no) = (given & marks != 0, given & (marks | UNSURE) == 0);
            return Ok(Pair { yes: Node::of(yes), no: Node::of(no) });
        }
        let unsure = marks & UNSURE != 0;
        if self.ticked().is_none() {
            let yes = self.is(diagram, |value| value & marks != 0)?;
            let no = self.is(diagram, |value| value & (marks | UNSURE) == 0)?;
            return Ok(Pair { yes, no });
        }
        let ticks = self.ticks_of(diagram, marks)?;
        let mut any = diagram.any(ticks)?;
        if marks & NONE != 0 {
            let all = self.ticks_of(diagram, u64::MAX)?;
            let some = diagram.any(all)?;
            let none = diagram.not(some)?;
            any = diagram.or(any, none)?;
        }
        let ticked = self.is(diagram, |value| value == TICKED)?;
        let not_sure = self.is(diagram, |value| value == UNSURE && unsure)?;
        let (marked, no) = (diagram.and(ticked, any)?, diagram.and_not(ticked, any)?);
        Ok(Pair { yes: diagram.or(marked, not_sure)?, no })
    }

    /// Whether at least so many of these choices are ticked.
    pub fn has_at_least(
        &self,
        diagram: &mut Diagram,
        marks: u64,
        count: u32,
    ) -> Result<Pair, TooLarge> {
        if let Some(given) = self.given {
            let (sure, enough) = (given & UNSURE == 0, (given & marks).count_ones() >= count);
            return Ok(Pair { yes: Node::of(sure && enough), no: Node::of(sure && !enough) });
        }
        let ticks = self.ticks_of(diagram, marks)?;
        let enough = diagram.at_least(count as usize, &ticks)?;
        let ticked = self.is(diagram, |value| value == TICKED)?;
        Ok(Pair { yes: diagram.and(ticked, enough)?, no: diagram.and_not(ticked, enough)? })
    }

    /// Settings that are an answer that the question takes, or no answer.
    pub fn shape(&self, diagram: &mut Diagram) -> Result<Node, TooLarge> {
        if self.is_given() {
            return Ok(Node::TRUE);
        }
        let known = diagram.select(self.first, |value| {
            Node::of(value == 0 || self.values[value as usize - 1] != FOREIGN)
        })?;
        if self.ticked().is_none() {
            return Ok(known);
        }
        let all: Vec<Node> = (self.first + 1..self.end())
            .map(|level| diagram.select(level, |value| Node::of(value == 1)))
            .collect::<Result<_, _>>()?;
        let foreign: Vec<Node> = all
            .iter()
            .zip(&self.ticks)
            .filter(|(_, tick)| **tick == FOREIGN)
            .map(|(node, _)| *node)
            .collect();
        let some = diagram.any(all.iter().copied())?;
        let foreign = diagram.any(foreign)?;
        let mut fits = diagram.not(foreign)?;
        if !self.none {
            fits = diagram.and(fits, some)?;
        }
        if let Some(most) = self.at_most {
            let too_many = diagram.at_least(most + 1, &all)?;
            fits = diagram.and_not(fits, too_many)?;
        }
        let ticked = self.is(diagram, |value| value == TICKED)?;
        let (fits, idle) = (diagram.and(ticked, fits)?, diagram.or(ticked, some)?);
        let idle = diagram.and_not(known, idle)?;
        diagram.or(fits, idle)
    }
}

fn is_ticked(question: &Question) -> bool {
    matches!(question.kind, Kind::AnyOf { .. })
}

/// The questions of both, those of the same id once, in an order that keeps the order of each as
/// far as the two agree.
fn merge(old: &Questionnaire, new: &Questionnaire) -> Vec<(Option<usize>, Option<usize>)> {
    let mut merged = Vec::new();
    let mut next_old = 0;
    let mut placed = vec![false; old.questions.len()];
    for (new_idx, question) in new.questions.iter().enumerate() {
        let twin = old.find(&question.id);
        if let Some(twin) = twin {
            while next_old < twin {
                if !placed[next_old] && new.find(&old.questions[next_old].id).is_none() {
                    merged.push((Some(next_old), None));
                    placed[next_old] = true;
                }
                next_old += 1;
            }
            placed[twin] = true;
        }
        merged.push((twin, Some(new_idx)));
    }
    let left = (0..old.questions.len()).filter(|&question| !placed[question]);
    merged.extend(left.map(|question| (Some(question), None)));
    merged
}

/// The block of one question in one or both rule sets; texts have none.
fn blocks(asked: [Option<&Question>; 2], domains: &mut Vec<u32>) -> [Option<Block>; 2] {
    let marked = asked.map(|question| question.filter(|question| question.kind != Kind::Text));
    let mut words: Vec<String> = Vec::new();
    for question in marked.iter().flatten() {
        for mark in question.marks() {
            let word = question.word(mark);
            if !words.contains(&word) {
                words.push(word);
            }
        }
    }
    if marked.iter().flatten().next().is_none() {
        return [None, None];
    }
    let first = u32::try_from(domains.len()).unwrap_or(u32::MAX);
    let ticked = marked.iter().flatten().any(|question| is_ticked(question));
    let unsure = marked.iter().flatten().any(|question| question.unsure.is_some());
    let found = marked.map(|question| {
        let question = question?;
        let choices: Vec<u64> =
            words.iter().map(|word| question.mark(word).unwrap_or(FOREIGN)).collect();
        let (mut values, ticks) = if ticked { (vec![TICKED], choices) } else { (choices, vec![]) };
        if unsure {
            values.push(if question.unsure.is_some() { UNSURE } else { FOREIGN });
        }
        let at_most = match question.kind {
            Kind::AnyOf { at_most, .. } => at_most,
            _ => None,
        };
        let none = question.none().is_some();
        Some(Block { first, values, ticks, none, at_most, given: None })
    });
    if let Some(block) = found.iter().flatten().next() {
        domains.push(u32::try_from(block.values.len() + 1).unwrap_or(u32::MAX));
        domains.extend(block.ticks.iter().map(|_| 2));
    }
    found
}
