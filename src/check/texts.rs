//! Faults of the texts a person reads: words the rule set bans, texts that read too hard, and
//! treatments named where care is urgent.

use super::places::Written;
use super::{Found, reading};
use crate::condition::Care;
use crate::fault::{Fault, Place};
use crate::prose::{list_and, tick};
use crate::ruleset::RuleSet;

/// A text the person reads, and whose it is.
struct Text {
    /// What kind of entry has it.
    what: &'static str,
    /// The id of that entry.
    id: String,
    says: String,
    /// Whether it is shown where care is urgent.
    urgent: bool,
}

/// All faults of texts.
pub(super) fn faults(rules: &RuleSet, written: &Written<'_>, found: &mut Vec<Found>) {
    let mut texts: Vec<Text> =
        rules.texts().into_iter().filter_map(|(path, says)| text(rules, &path, says)).collect();
    let names: Vec<String> = rules.items.iter().map(|item| item.name.to_lowercase()).collect();
    let mut add = |code, text: &Text, place: Option<Place>, says: String, help: &str| {
        let message = format!("{} {} {says}", text.what, tick(&text.id));
        let fault = Fault::new(code, place.unwrap_or_default(), message).help(help);
        found.push(Found { about: text.id.clone(), fault });
    };
    for text in &texts {
        let words = text.says.to_lowercase();
        let banned: Vec<String> = rules
            .style
            .banned
            .iter()
            .flat_map(|word| forms(&word.to_lowercase()))
            .filter(|form| has_word(&words, form))
            .collect();
        if let Some(first) = banned.first() {
            let all: Vec<String> = banned.iter().map(|word| tick(word)).collect();
            let place = written.text(&text.says, Some(first));
            let help = "the rule set bans it; say what is known instead";
            add("banned-word", text, place, format!("says {}", list_and(&all)), help);
        }
        if text.urgent
            && let Some(name) = names.iter().find(|name| has_word(&words, name))
        {
            let says = format!("names {} at an urgent level of care", tick(name));
            let place = written.text(&text.says, Some(name));
            let help = "name nothing there but how to be seen";
            add("treatment-in-urgent-text", text, place, says, help);
        }
    }
    let Some(most) = rules.style.reading_age else { return };
    let limit = f64::from(u32::try_from(most).unwrap_or(u32::MAX)) + 0.5;
    // The words for a number are read within other texts, and judged there.
    texts.retain(|text| text.what != "number");
    for item in texts.chunk_by(|one, next| (one.what, &one.id) == (next.what, &next.id)) {
        let all: Vec<&str> = item.iter().map(|text| text.says.as_str()).collect();
        let hardness = |text: &&Text| reading::age(&[&text.says]).unwrap_or_default();
        let hardest = item.iter().max_by(|a, b| hardness(a).total_cmp(&hardness(b)));
        if let (Some(age), Some(hardest)) = (reading::age(&all), hardest)
            && age > limit
        {
            let place = written.text(&hardest.says, None);
            let help = format!("the rule set wants {most}; use shorter sentences and words");
            add("hard-to-read", hardest, place, format!("reads at the age of {age:.0}"), &help);
        }
    }
}

/// A text by its path; none where it is the title of a work, which is as it is.
fn text(rules: &RuleSet, path: &str, says: String) -> Option<Text> {
    let mut parts = path.split('.');
    let (section, second) = (parts.next()?, parts.next());
    let third = parts.next();
    let what = match section {
        "sources" => return None,
        "questions" => "question",
        "findings" => "finding",
        "warnings" => "warning",
        "cautions" => "caution",
        "treatments" => "treatment",
        "options" => "option",
        "rules" => "rule",
        "suggestions" => "suggestion",
        "grades" => "grade",
        "groups" => "group",
        "advice" => "advice",
        "numbers" => "number",
        _ => "text",
    };
    let id = match (what, second, third) {
        ("advice", Some("professional"), Some(care)) => care,
        (_, Some(id), _) => id,
        (_, None, _) => section,
    };
    let is_urgent = |care: Care| !care.names_treatment();
    let number = || third.and_then(|number| number.parse::<usize>().ok());
    let urgent = match (what, second) {
        ("warning", _) => rules.warnings.iter().any(|own| own.id == id && is_urgent(own.care)),
        ("advice", Some("professional")) => Care::find(id).is_some_and(is_urgent),
        ("advice", Some("get-help-now")) => true,
        ("advice", Some(list @ ("meanwhile" | "look-again"))) => {
            let all = match list {
                "meanwhile" => &rules.advice.meanwhile,
                _ => &rules.advice.look_again,
            };
            let own = number().and_then(|number| all.get(number - 1));
            own.is_some_and(|own| own.care.iter().copied().any(is_urgent))
        }
        _ => false,
    };
    Some(Text { what, id: id.to_owned(), says, urgent })
}

/// A banned word and its plain inflections: with s, es, d, ed or ing, where a final e falls away.
fn forms(word: &str) -> Vec<String> {
    let stem = word.strip_suffix('e').unwrap_or(word);
    let mut forms = vec![word.to_owned(), format!("{word}s")];
    forms.extend(["es", "ed", "ing"].map(|ending| format!("{stem}{ending}")));
    forms.sort();
    forms.dedup();
    forms
}

fn has_word(text: &str, word: &str) -> bool {
    find_word(text, word).is_some()
}

/// Where a text has a word, or words in a row, with no letter on either side.
pub(super) fn find_word(text: &str, word: &str) -> Option<usize> {
    text.match_indices(word).map(|(start, _)| start).find(|start| {
        let before = text[..*start].chars().next_back();
        let after = text[start + word.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_banned_word_is_found_in_its_plain_inflections_alone() {
        let finds = |word: &str, text: &str| forms(word).iter().any(|form| has_word(text, form));
        for text in ["it cures", "cured", "curing it", "a cure", "no cure."] {
            assert!(finds("cure", text), "{text}");
        }
        for text in ["it diagnoses", "diagnosed", "diagnosing"] {
            assert!(finds("diagnose", text), "{text}");
        }
        // To say what something is not must remain possible.
        assert!(!finds("diagnose", "this is not a diagnosis"));
        for text in ["secure", "curious", "curly"] {
            assert!(!finds("cure", text), "{text}");
        }
        assert!(finds("heal", "it heals") && !finds("heal", "health"));
        assert!(finds("all clear", "you are all clear now"));
    }
}
