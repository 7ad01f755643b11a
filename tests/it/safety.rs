//! What every result must carry, and what none may say, on a few thousand random people.

use backwise::report::{self, json, text};
use backwise::ruleset::ItemKind;
use backwise::{Answers, RuleSet, triage};
use serde_json::Value;

use crate::people::{Chance, complete, scattered};
use crate::program::repository;

pub(crate) fn shipped() -> RuleSet {
    let text = std::fs::read_to_string(repository("rules/back-pain.yaml")).unwrap();
    RuleSet::read(&text).expect("the shipped rule set loads")
}

fn result(rules: &RuleSet, answers: &Answers) -> Value {
    serde_json::from_str(&json::result(rules, answers, &triage(rules, answers))).unwrap()
}

fn text_result(rules: &RuleSet, answers: &Answers) -> String {
    text::plain(&report::compose(rules, answers, &triage(rules, answers)), 80)
}

/// Words by which a treatment or option would be named, in lower case.
fn treatment_words(rules: &RuleSet) -> Vec<String> {
    let names = rules.items.iter().map(|item| item.name.to_lowercase());
    let ids = rules.items.iter().map(|item| item.id.replace('-', " "));
    // "Cold", "strength", "posture", "education", "combination" and the like are words of their own.
    let telling = [
        "massage",
        "physical therapy",
        "yoga",
        "acupuncture",
        "chiropract",
        "swedish",
        "deep tissue",
        "trigger point",
        "myofascial",
        "hot stone",
        "mind body",
        "mind-body",
        "manipulation",
        "stretching",
        "exercise",
    ];
    names
        .chain(ids)
        .chain(telling.map(str::to_owned))
        .filter(|name| telling.iter().any(|word| name.contains(word)))
        .collect()
}

fn people(rules: &RuleSet) -> Vec<Answers> {
    let mut chance = Chance::new(7);
    let complete = (0..2000).map(|idx| complete(rules, &mut chance, 2 + idx % 40));
    let mut people: Vec<Answers> = complete.collect();
    people.extend((0..1000).map(|_| scattered(rules, &mut chance)));
    people
}

#[test]
fn every_result_has_the_advice_and_the_signs_and_none_names_a_treatment_when_urgent() {
    let rules = shipped();
    let words = treatment_words(&rules);
    let mut seen = std::collections::BTreeMap::new();
    for answers in people(&rules) {
        let result = result(&rules, &answers);
        let care = result["care"].as_str().unwrap().to_owned();
        let text = text_result(&rules, &answers);
        assert!(result["advice"]["professional"].as_str().unwrap().len() > 20);
        assert!(result["advice"]["get_help_now"].as_array().unwrap().len() >= 8);
        assert!(text.contains("Get help now if you notice any of these"));
        let flat = text.replace("\n  ", " ").replace('\n', " ");
        assert!(flat.contains(result["advice"]["professional"].as_str().unwrap()), "{text}");
        assert!(flat.contains(rules.notice.as_str()));
        if care == "emergency" || care == "same-day" {
            assert_eq!(result["suggestion"]["id"], "none");
            for empty in ["options", "cautions", "reasons"] {
                assert_eq!(result[empty], serde_json::json!([]), "{empty} at {care}");
            }
            assert_eq!(result["runner_up"], Value::Null);
            let mut told = result.clone();
            // The person's own words, and the titles of what the findings rest on.
            told["answers"] = Value::Null;
            told["sources"] = Value::Null;
            for said in [told.to_string().to_lowercase(), text.to_lowercase()] {
                for word in &words {
                    assert!(!said.contains(word), "`{word}` at {care}: {said}");
                }
            }
        }
        *seen
            .entry((care, result["suggestion"]["id"].as_str().unwrap().to_owned()))
            .or_insert(0) += 1;
    }
    // The people must have met every level of care and every suggestion, or this shows little.
    for care in ["emergency", "same-day", "prompt", "routine"] {
        assert!(seen.keys().any(|(seen, _)| seen == care), "{care} never came up: {seen:?}");
    }
    for suggestion in ["massage", "physical-therapy", "combination", "complementary", "none"] {
        assert!(seen.keys().any(|(_, seen)| seen == suggestion), "{suggestion}: {seen:?}");
    }
}

#[test]
fn what_is_avoided_is_offered_nowhere() {
    let rules = shipped();
    let mut avoided_something = 0;
    for answers in people(&rules) {
        let assessment = triage(&rules, &answers);
        let offers = assessment.offers(&rules);
        for &caution in &assessment.cautions {
            for &item in &rules.cautions[caution].avoid {
                avoided_something += 1;
                let takes_along = (0..rules.items.len()).filter(|&other| {
                    other == item
                        || rules.treatment_of(other) == Some(item)
                        || matches!(&rules.items[other].kind,
                            ItemKind::Treatment { includes, .. } if includes.contains(&item))
                });
                for gone in takes_along {
                    assert!(!offers.contains(&gone), "{} is offered", rules.items[gone].id);
                }
            }
        }
    }
    assert!(avoided_something > 1000, "only {avoided_something} things were avoided");
}

#[test]
fn nothing_found_never_reads_as_all_clear() {
    let rules = shipped();
    for answers in people(&rules) {
        let assessment = triage(&rules, &answers);
        let text = text_result(&rules, &answers).to_lowercase();
        for word in ["all clear", "you are safe", "is safe", "nothing serious", "no risk"] {
            assert!(!text.contains(word), "`{word}` in {text}");
        }
        let nothing_found = rules.advice.nothing_found.to_lowercase();
        let says_so = text.replace('\n', " ").contains(&nothing_found);
        let may_say_so = assessment.warnings.is_empty() && assessment.open_warnings.is_empty();
        assert_eq!(says_so, may_say_so);
        assert!(nothing_found.contains("does not rule out"));
    }
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let rules = shipped();
    for answers in people(&rules).into_iter().step_by(50) {
        let document = report::compose(&rules, &answers, &triage(&rules, &answers));
        for width in [20, 40, 60, 100] {
            for line in text::lines(&document, width) {
                assert!(backwise::prose::columns(&line.text) <= width, "{width}: {}", line.text);
            }
        }
    }
}

/// Giving more answers to a partial set never takes away a warning or an avoided item, and a
/// treatment is named only when no further answer to an open question could forbid it.
#[test]
fn partial_answers_never_claim_more_than_complete_ones() {
    let rules = shipped();
    let mut chance = Chance::new(11);
    for idx in 0..600 {
        let full = complete(&rules, &mut chance, 4 + idx % 30);
        let mut partial = full.clone();
        for question in 0..rules.questionnaire.questions.len() {
            if chance.one_in(8) {
                partial.forget(question);
            }
        }
        let (less, more) = (triage(&rules, &partial), triage(&rules, &full));
        assert!(less.care <= more.care);
        assert!(less.warnings.iter().all(|warning| more.warnings.contains(warning)));
        for offered in less.offers(&rules) {
            assert!(more.standing[offered].is_offered(), "{}", rules.items[offered].id);
        }
        if less.treatment(&rules).is_some() {
            assert!(more.care.names_treatment());
            assert_eq!(less.care, more.care);
        }
    }
}
