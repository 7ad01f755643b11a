//! What differs where the treatment suggested may be the same: the entry that suggests it, the order
//! of the options, the runner-up.

use super::{Comparison, Moved, any_moved, has, name};
use crate::diagram::{Node, TooLarge};
use crate::proof::formula::Formula;
use crate::proof::model::Ways;
use crate::prose::tick;
use crate::triage::Suggestion;

impl Comparison<'_, '_> {
    /// Where an entry of the suggestions gives way to another one for the same treatment, so that
    /// something else is said of it.
    pub(super) fn entries(&mut self, moved: &[Vec<Moved>; 2]) {
        let rules = [self.models[0].rules, self.models[1].rules];
        let find =
            |side: usize, id: &str| rules[side].suggestions.iter().position(|entry| entry.id == id);
        for old in &moved[0] {
            let news = moved[1].iter().filter(|new| new.treatment == old.treatment);
            for new in news.filter(|new| new.entry != old.entry) {
                let (Some(from), Some(to)) = (find(0, &old.entry), find(1, &new.entry)) else {
                    continue;
                };
                let formula = self.named_by_both(Ok(vec![old.gone.clone(), new.gone.clone()]));
                let titles = [&rules[0].suggestions[from], &rules[1].suggestions[to]];
                let title = titles.map(|entry| format!("\"{}\"", entry.title)).join(" -> ");
                let names = (tick(&old.entry), tick(&new.entry), title);
                self.note("entry", names, formula, &|side, assessment| {
                    assessment.suggestion == Suggestion::Entry([from, to][side])
                });
            }
        }
    }

    /// Which rules give points to an item, and how many: equal in both versions, equal points.
    fn terms(&self, side: usize, item: usize) -> Vec<(Node, i32)> {
        let model = &self.models[side];
        let mut terms: Vec<(Node, i32)> = Vec::new();
        for (rule, &fires) in model.rules.rules.iter().zip(&model.fires) {
            let own = rule.points.iter().filter(|(own, _)| *own == item);
            terms.extend(own.map(|&(_, number)| (fires, number)));
        }
        terms.sort_unstable();
        terms
    }

    /// Pairs of options that both versions offer, in the order of one and not of the other.
    pub(super) fn order(&mut self, moved: &[Vec<Moved>; 2]) {
        let rules = [self.models[0].rules, self.models[1].rules];
        let options: Vec<[usize; 2]> = (0..rules[0].items.len())
            .filter(|&item| rules[0].treatment_of(item).is_some())
            .filter_map(|item| Some([item, rules[1].find_item(&rules[0].items[item].id)?]))
            .filter(|&[_, new]| rules[1].treatment_of(new).is_some())
            .collect();
        let same: Vec<bool> =
            options.iter().map(|&[old, new]| self.terms(0, old) == self.terms(1, new)).collect();
        for (index, first) in options.iter().enumerate() {
            for (other_idx, second) in
                options.iter().enumerate().filter(|(other, _)| *other != index)
            {
                let pair = [[first[0], second[0]], [first[1], second[1]]];
                let unmoved = (pair[0][0] < pair[0][1]) == (pair[1][0] < pair[1][1]);
                if same[index] && same[other_idx] && unmoved {
                    continue;
                }
                let formula = self.swapped(pair, moved);
                let id = |item: usize| tick(&rules[0].items[item].id);
                let words = [(0, 1), (1, 0)]
                    .map(|(a, b)| format!("{} before {}", id(pair[0][a]), id(pair[0][b])));
                let called = pair[0].map(|item| rules[0].items[item].name.as_str());
                let title =
                    format!("{} came before {}, and now comes behind", called[0], called[1]);
                let [from, to] = words;
                self.note("order", (from, to, title), formula, &|side, assessment| {
                    let at = pair[side]
                        .map(|item| assessment.options.iter().position(|own| *own == item));
                    at.iter().all(Option::is_some) && (at[0] < at[1]) == (side == 0)
                });
            }
        }
    }

    /// Where both versions offer two options, the old one the first of them first, the new one the
    /// second.
    fn swapped(
        &mut self,
        pair: [[usize; 2]; 2],
        moved: &[Vec<Moved>; 2],
    ) -> Result<Formula, TooLarge> {
        let rules = [self.models[0].rules, self.models[1].rules];
        let mut turned = Node::TRUE;
        for (side, [first, second]) in pair.into_iter().enumerate() {
            for item in [first, second] {
                let fits = self.models[side].eligible(self.diagram, item, Ways::Complete)?;
                turned = self.diagram.and(turned, fits)?;
            }
            // Of equals the one higher up in the file comes first.
            let least = i32::from(first > second);
            let model = &mut self.models[side];
            let ahead = model.reaches(self.diagram, first, Some(second), least)?;
            turned = if side == 0 {
                self.diagram.and(turned, ahead)?
            } else {
                self.diagram.and_not(turned, ahead)?
            };
        }
        let both = |side: usize, moved: &Moved| has(rules[side], moved, &pair[side].map(Some));
        let suggested = self.models[0].any_entry(self.diagram, Ways::Complete, |treatment| {
            treatment.is_some_and(|own| {
                let options = rules[0].options(own);
                pair[0].iter().all(|item| options.contains(item))
            })
        })?;
        let left = any_moved(&moved[0], |own| both(0, own));
        let right = any_moved(&moved[1], |own| !both(1, own));
        let stays = Formula::All(vec![left, right]).negated(self.diagram)?;
        self.named_by_both(Ok(vec![Formula::Leaf(turned), suggested, stays]))
    }

    /// Where a treatment is the runner-up in one version and not in the other.
    pub(super) fn runner_up(&mut self, moved: &[Vec<Moved>; 2]) {
        let rules = [self.models[0].rules, self.models[1].rules];
        let same = |&item: &usize| {
            let id = &rules[0].items[item].id;
            rules[1].find_item(id).is_some_and(|new| {
                self.terms(0, item) == self.terms(1, new)
                    && self.models[0].avoided[item] == self.models[1].avoided[new]
            })
        };
        let ids = rules.map(|rules| {
            rules.treatments().map(|item| rules.items[item].id.as_str()).collect::<Vec<_>>()
        });
        let unmoved = moved.iter().all(Vec::is_empty) && ids[0] == ids[1];
        if unmoved && rules[0].treatments().collect::<Vec<_>>().iter().all(same) {
            return;
        }
        let mut all: Vec<&str> = Vec::new();
        for own in rules {
            all.extend(own.treatments().map(|item| own.items[item].id.as_str()));
        }
        all.sort_unstable();
        all.dedup();
        for id in all {
            let own = rules.map(|rules| rules.find_item(id));
            for gone in [true, false] {
                let side = usize::from(!gone);
                let words = if gone { ["second", "not second"] } else { ["not second", "second"] };
                let title = format!("{}: {} -> {}", name(rules[side], id), words[0], words[1]);
                let names = (format!("{} {}", tick(id), words[0]), words[1].to_owned(), title);
                let formula = self.second(own, side);
                self.note("runner-up", names, formula, &|side, assessment| {
                    let second = own[side].is_some() && assessment.runner_up == own[side];
                    second == (gone == (side == 0))
                });
            }
        }
    }

    /// Where a treatment is the runner-up on one side alone.
    fn second(&mut self, own: [Option<usize>; 2], side: usize) -> Result<Formula, TooLarge> {
        let mut sides = [Formula::FALSE, Formula::FALSE];
        for (side, second) in sides.iter_mut().enumerate() {
            if let Some(item) =
                own[side].filter(|&item| self.models[side].rules.treatment_of(item).is_none())
            {
                *second = self.models[side].runner_up(self.diagram, item, Ways::Complete)?;
            }
        }
        let not = sides[1 - side].negated(self.diagram)?;
        self.named_by_both(Ok(vec![sides[side].clone(), not]))
    }
}
