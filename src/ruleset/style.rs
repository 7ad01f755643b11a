//! How a rule set wants its texts checked, and the faults it allows.

use super::fields::{Fields, elements, text, wrong_kind};
use super::{Allowed, Style};
use crate::fault::Fault;
use crate::yaml::{Node, Value};

/// The `style` block.
pub(super) fn style(node: Option<&Node>, faults: &mut Vec<Fault>) -> Style {
    let mut style = Style::default();
    let Some(mut fields) = node.and_then(|node| Fields::of(node, "`style`", faults)) else {
        return style;
    };
    let mut number = |name| fields.number(name, faults).and_then(|n| usize::try_from(n).ok());
    style.reading_age = number("reading-age");
    style.long_lists = number("long-lists");
    for node in fields.list("banned") {
        style.banned.extend(text(node, "a banned word", faults));
    }
    fields.finish(faults);
    style
}

/// The `allow` list.
pub(super) fn allow(node: Option<&Node>, faults: &mut Vec<Fault>) -> Vec<Allowed> {
    let mut allowed = Vec::new();
    for node in node.map(elements).unwrap_or_default() {
        if !matches!(node.value, Value::Map(_)) {
            faults.push(wrong_kind(node, "an entry of `allow`", "a mapping"));
            continue;
        }
        let Some(mut fields) = Fields::of(node, "an entry of `allow`", faults) else { continue };
        let place = fields.place;
        let [code, reason] = ["code", "reason"].map(|name| fields.text(name, faults));
        let id = fields.optional_text("id", faults);
        fields.finish(faults);
        allowed.push(Allowed { code, id, reason, place });
    }
    allowed
}
