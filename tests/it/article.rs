//! Everything the article says has its place in the rule set, with the article as its source.

use backwise::RuleSet;
use backwise::ruleset::ItemKind;

use crate::safety::shipped;

fn cites_article(rules: &RuleSet, sources: &[usize]) -> bool {
    sources.iter().any(|&source| rules.sources[source].id == "article")
}

/// A choice counts as sourced by its own sources or, where it has none, by its question's.
#[track_caller]
fn choice(rules: &RuleSet, question: &str, choice: &str) {
    let question = &rules.questionnaire.questions[rules.questionnaire.find(question).unwrap()];
    let found = question.choices().iter().find(|other| other.id == choice);
    let found = found.unwrap_or_else(|| panic!("{} has no {choice}", question.id));
    let own = if found.sources.is_empty() { &question.sources } else { &found.sources };
    assert!(cites_article(rules, own), "{}: {choice} does not cite the article", question.id);
}

#[track_caller]
fn finding(rules: &RuleSet, id: &str) {
    let finding = rules.findings.iter().find(|finding| finding.id == id).unwrap();
    assert!(cites_article(rules, &finding.sources), "{id} does not cite the article");
}

#[test]
fn every_symptom_of_the_article_can_be_answered() {
    let rules = shipped();
    for symptom in ["stiffness", "spasms", "knots", "limited-movement", "weak-or-unstable"] {
        choice(&rules, "symptoms", symptom);
    }
    choice(&rules, "feelings", "low");
    choice(&rules, "feelings", "stressed");
    for question in ["pain", "duration", "where"] {
        let question = &rules.questionnaire.questions[rules.questionnaire.find(question).unwrap()];
        assert!(cites_article(&rules, &question.sources), "{}", question.id);
    }
    for id in ["chronic", "strong-pain", "low-spirits", "tense-times", "weak-back", "leg-pain"] {
        finding(&rules, id);
    }
}

#[test]
fn every_cause_of_the_article_can_be_answered() {
    let rules = shipped();
    for cause in ["strain", "posture", "stress"] {
        choice(&rules, "onset", cause);
    }
    choice(&rules, "health", "disc");
    choice(&rules, "symptoms", "weak-or-unstable");
    let health = &rules.questionnaire.questions[rules.questionnaire.find("health").unwrap()];
    assert!(cites_article(&rules, &health.sources), "underlying medical conditions");
}

#[test]
fn every_treatment_and_option_of_the_article_is_there_with_a_reason_to_choose_it() {
    let rules = shipped();
    let treatments = [
        ("massage", &["swedish", "deep-tissue", "trigger-point", "myofascial", "hot-stone"][..], 7),
        ("physical-therapy", &["strength", "stretching", "posture", "education"], 5),
        ("combination", &[], 1),
        ("complementary", &["yoga", "acupuncture", "chiropractic", "heat", "cold", "mind-body"], 1),
    ];
    for (treatment, options, benefits) in treatments {
        let item = rules.find_item(treatment).unwrap();
        let ItemKind::Treatment { benefits: found, order, includes, finding_one } =
            &rules.items[item].kind
        else {
            panic!("{treatment} is an option")
        };
        assert!(cites_article(&rules, &rules.items[item].sources), "{treatment}");
        assert!(found.len() >= benefits, "{treatment} has {} benefits", found.len());
        for benefit in found {
            assert!(cites_article(&rules, &benefit.sources), "{treatment}: {}", benefit.claim);
        }
        let own_tips = finding_one.iter().filter(|tip| cites_article(&rules, &tip.sources)).count();
        assert!(own_tips >= 4, "{treatment} has {own_tips} of the article's tips");
        assert_eq!(treatment == "combination", order.is_some() && includes.len() == 2);
        for option in options {
            let option = rules.find_item(option).unwrap_or_else(|| panic!("{option} is missing"));
            assert_eq!(rules.treatment_of(option), Some(item));
            assert!(cites_article(&rules, &rules.items[option].sources));
            let gains = rules.rules.iter().any(|rule| {
                cites_article(&rules, &rule.sources)
                    && rule.points.iter().any(|&(to, points)| to == option && points > 0)
            });
            let name = &rules.items[option].id;
            assert!(
                gains || name == "acupuncture" || name == "cold",
                "no rule of the article for {name}"
            );
        }
    }
}

/// The five tips of the article for each of the two professions.
#[test]
fn the_five_tips_stand_with_both_professions() {
    let rules = shipped();
    let topics = [
        &["ask", "friends"][..],
        &["licen", "experience"],
        &["talk", "visit"],
        &["place", "near"],
        &["other clients", "reviews"],
    ];
    for treatment in ["massage", "physical-therapy"] {
        let item = rules.find_item(treatment).unwrap();
        let ItemKind::Treatment { finding_one, .. } = &rules.items[item].kind else { panic!() };
        for topic in topics {
            let said = finding_one.iter().any(|tip| {
                let says = tip.says.to_lowercase();
                topic.iter().any(|word| says.contains(word)) && cites_article(&rules, &tip.sources)
            });
            assert!(said, "{treatment} has no tip about {topic:?}");
        }
    }
}
