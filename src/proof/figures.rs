//! How many ways to answer there are, and how many lead where.
//!
//! A share of ways is not a share of people: an any-of question has a way for every set of its
//! choices, and an emergency ends the interview early. The counts say what a proof covers.

use ethnum::U256;

use super::formula::Formula;
use super::model::{Model, Ways};
use crate::condition::Care;
use crate::diagram::{Diagram, Node, TooLarge};

/// New nodes of the products that only a count needs.
const PRODUCT: usize = 3_000_000;

/// Counts of ways to answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Complete interviews, each different from all others.
    pub complete: U256,
    /// Interviews with any question unanswered, the complete ones included.
    pub partial: U256,
    /// Complete interviews at each level of care, in the order of [`Care::ALL`].
    pub care: [U256; 4],
    /// Complete interviews that come to each suggestion; none where that was too large to count.
    pub suggestions: Vec<Option<U256>>,
    /// The fewest and the most questions asked in a complete interview.
    pub asked: [usize; 2],
    /// In how many complete interviews each question is asked; none for a text.
    pub questions: Vec<Option<U256>>,
}

/// Counts the ways to answer, but not yet by suggestion; none past 256 bits.
///
/// # Errors
/// When the bound on nodes is spent.
pub fn figures(diagram: &mut Diagram, model: &Model<'_>) -> Result<Option<Figures>, TooLarge> {
    let whole = model.complete;
    let (Some(complete), Some(partial)) = (diagram.count(whole), diagram.count(model.partial))
    else {
        return Ok(None);
    };
    let mut care = [U256::ZERO; 4];
    for (level, count) in Care::ALL.into_iter().zip(&mut care) {
        let is = model.care_is(diagram, level)?;
        let ways = diagram.and(whole, is)?;
        *count = diagram.count(ways).unwrap_or_default();
    }
    let firsts: Vec<u32> = model.space.blocks.iter().flatten().map(|block| block.first).collect();
    let asked = |level: u32, value: u32| i64::from(value != 0 && firsts.contains(&level));
    let ends = [false, true].map(|most| {
        diagram.extreme(whole, most, asked).and_then(|n| usize::try_from(n).ok()).unwrap_or(0)
    });
    let mut questions = Vec::new();
    for question in 0..model.space.blocks.len() {
        questions.push(if model.is_counted(question) {
            let answered = model.answered(diagram, question)?;
            let ways = diagram.and(whole, answered)?;
            diagram.count(ways)
        } else {
            None
        });
    }
    let suggestions = vec![None; model.rules.suggestions.len()];
    Ok(Some(Figures { complete, partial, care, suggestions, asked: ends, questions }))
}

impl Figures {
    /// Counts how many complete interviews come to each suggestion, as far as it can be done.
    pub fn count_suggestions(&mut self, diagram: &mut Diagram, model: &mut Model<'_>) {
        let Ok(entries) = model.entries(diagram, Ways::Complete) else { return };
        for (count, entry) in self.suggestions.iter_mut().zip(&entries) {
            *count = counted(diagram, entry);
        }
    }
}

/// How many ways make a formula true, if that can be held.
pub fn counted(diagram: &mut Diagram, formula: &Formula) -> Option<U256> {
    let node: Node = formula.multiplied(diagram, PRODUCT).ok()?;
    diagram.count(node)
}

/// A count as people read it: in groups of three, or in powers of ten.
pub fn in_words(count: U256) -> String {
    let digits = count.to_string();
    if digits.len() > 18 {
        let power = digits.len() - 1;
        return format!("{}.{} x 10^{power}", &digits[..1], &digits[1..3]);
    }
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A part of a whole in percent, with as many places as tell it from nothing.
pub fn share(part: U256, whole: U256) -> String {
    let as_float = |number: U256| number.to_string().parse::<f64>().unwrap_or(0.0);
    if whole == U256::ZERO {
        return "0 %".to_owned();
    }
    let percent = 100.0 * as_float(part) / as_float(whole);
    if part == U256::ZERO || percent >= 0.01 {
        format!("{percent:.2} %")
    } else {
        "under 0.01 %".to_owned()
    }
}
