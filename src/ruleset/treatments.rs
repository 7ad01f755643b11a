//! Reading treatments, their options, what they are credited with, and how to find someone.

use super::fields::{Fields, Id};
use super::load::Loader;
use super::{Benefit, Item, ItemKind, Tip};
use crate::yaml::Node;

impl Loader {
    pub(super) fn items(&mut self, fields: &mut Fields<'_>) -> Vec<Item> {
        let mut items: Vec<Item> = Vec::new();
        let mut included: Vec<(usize, Vec<Node>)> = Vec::new();
        for node in self.members(fields, "treatments", true) {
            let Some(mut fields) = Fields::of(node, "a treatment", &mut self.faults) else {
                continue;
            };
            let id = fields.id("treatment", &mut self.faults);
            let treatment = items.len();
            included.push((treatment, fields.list("includes").into_iter().cloned().collect()));
            let kind = ItemKind::Treatment {
                includes: Vec::new(),
                order: fields.optional_text("order", &mut self.faults),
                benefits: self.benefits(&mut fields),
                finding_one: self.tips(&mut fields),
            };
            items.push(self.item(&mut fields, &id, kind));
            for node in self.members(&mut fields, "options", false) {
                let Some(mut fields) = Fields::of(node, "an option", &mut self.faults) else {
                    continue;
                };
                let id = fields.id("option", &mut self.faults);
                let fits = fields.text("fits", &mut self.faults);
                let grade = self.grade(&mut fields);
                let item = self.item(&mut fields, &id, ItemKind::Option { treatment, fits, grade });
                fields.finish(&mut self.faults);
                items.push(item);
            }
            fields.finish(&mut self.faults);
        }
        for (treatment, nodes) in included {
            let known = std::mem::replace(&mut self.items, items);
            let parts = self.items_named(&nodes.iter().collect::<Vec<_>>(), true);
            items = std::mem::replace(&mut self.items, known);
            if let ItemKind::Treatment { includes, .. } = &mut items[treatment].kind {
                *includes = parts;
            }
        }
        items
    }

    fn item(&mut self, fields: &mut Fields<'_>, id: &Id<'_>, kind: ItemKind) -> Item {
        Item {
            id: id.text.to_owned(),
            place: id.place,
            name: fields.text("name", &mut self.faults),
            says: fields.text("says", &mut self.faults),
            differ: fields.optional_text("differ", &mut self.faults),
            sources: self.claim(fields),
            kind,
        }
    }

    fn benefits(&mut self, fields: &mut Fields<'_>) -> Vec<Benefit> {
        let mut benefits = Vec::new();
        for node in fields.list("benefits") {
            let Some(mut fields) = Fields::of(node, "a benefit", &mut self.faults) else {
                continue;
            };
            benefits.push(Benefit {
                claim: fields.text("claim", &mut self.faults),
                article: fields.text("article", &mut self.faults),
                evidence: fields.text("evidence", &mut self.faults),
                grade: self.grade(&mut fields),
                sources: self.claim(&mut fields),
            });
            fields.finish(&mut self.faults);
        }
        benefits
    }

    fn tips(&mut self, fields: &mut Fields<'_>) -> Vec<Tip> {
        let mut tips = Vec::new();
        for node in fields.list("finding-one") {
            let Some(mut fields) = Fields::of(node, "a tip", &mut self.faults) else { continue };
            let says = fields.text("says", &mut self.faults);
            let sources = self.claim(&mut fields);
            fields.finish(&mut self.faults);
            tips.push(Tip { says, sources });
        }
        tips
    }
}
