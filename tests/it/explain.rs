//! What would change a result: each change that is told is true, and none is longer than needed.

use backwise::condition::{Care, Truth, UNSURE};
use backwise::explain::{changes, evidence, near_misses};
use backwise::questionnaire::Answer;
use backwise::triage::Judged;
use backwise::{Answers, RuleSet, triage};

use crate::people::{Chance, complete};
use crate::safety::shipped;

fn outcome(rules: &RuleSet, answers: &Answers) -> (Care, Option<usize>) {
    let assessment = triage(rules, answers);
    (assessment.care, assessment.treatment(rules))
}

/// Every outcome of answers, however the questions they leave open are answered; two are enough to
/// know that it is not certain.
fn all_outcomes(rules: &RuleSet, answers: &Answers, found: &mut Vec<(Care, Option<usize>)>) {
    let assessment = triage(rules, answers);
    let [open, ..] = assessment.not_answered[..] else {
        found.push((assessment.care, assessment.treatment(rules)));
        found.sort();
        return found.dedup();
    };
    if assessment.care == Care::Emergency {
        found.push((Care::Emergency, None));
        found.sort();
        return found.dedup();
    }
    let question = &rules.questionnaire.questions[open];
    let words = question.words();
    let several = matches!(question.kind, backwise::questionnaire::Kind::AnyOf { .. });
    for set in 1_u32..1 << words.len() {
        let chosen = words.iter().enumerate().filter(|(index, _)| set >> index & 1 == 1);
        let chosen: Vec<&str> = chosen.map(|(_, word)| word.as_str()).collect();
        if !several && chosen.len() > 1 {
            continue;
        }
        let Ok(answer) = question.parse(&chosen) else { continue };
        let mut other = answers.clone();
        other.give(open, answer);
        all_outcomes(rules, &other, found);
        if found.len() > 1 {
            return;
        }
    }
}

/// Every outcome that one other word, one mark more or less, or one in place of another leads to.
fn one_change_away(rules: &RuleSet, answers: &Answers) -> Vec<(Care, Option<usize>)> {
    let mut found = Vec::new();
    for (question_idx, question) in rules.questionnaire.questions.iter().enumerate() {
        let Some(Answer::Marks(given)) = answers.get(question_idx) else { continue };
        if question.fixed || !triage(rules, answers).active[question_idx] {
            continue;
        }
        let words = question.words();
        let kept: Vec<String> = words
            .iter()
            .filter(|word| given & question.mark(word).unwrap() != 0)
            .cloned()
            .collect();
        for word in words.iter().filter(|word| *word != "unsure") {
            // Alone, added to what is there, or taken away from it; what does not fit is refused.
            let with = kept.iter().chain([word]).map(String::as_str).collect::<Vec<_>>();
            let without =
                kept.iter().filter(|other| *other != word).map(String::as_str).collect::<Vec<_>>();
            let swaps = kept.iter().filter(|off| *off != word).map(|off| {
                let rest = kept.iter().filter(|other| *other != off).chain([word]);
                rest.map(String::as_str).collect::<Vec<_>>()
            });
            let attempts = [vec![word.as_str()], with, without].into_iter().chain(swaps);
            for attempt in attempts {
                let Ok(answer) = question.parse(&attempt) else { continue };
                // Another choice in place of several is more than one change.
                let Answer::Marks(marks) = answer else { continue };
                let is_many = matches!(question.kind, backwise::questionnaire::Kind::AnyOf { .. });
                let own = given & !(UNSURE | backwise::condition::NONE);
                let new = marks & !(UNSURE | backwise::condition::NONE);
                // One choice more, one less, or one in place of another.
                let far = (own & !new).count_ones() > 1 || (new & !own).count_ones() > 1;
                if marks == given || marks == UNSURE || is_many && far {
                    continue;
                }
                let mut other = answers.clone();
                other.give(question_idx, answer);
                let assessment = triage(rules, &other);
                if assessment.not_answered.is_empty() || assessment.care == Care::Emergency {
                    found.push((assessment.care, assessment.treatment(rules)));
                }
            }
        }
    }
    found.retain(|other| *other != outcome(rules, answers));
    found.sort();
    found.dedup();
    found
}

#[test]
fn the_changes_told_are_all_there_are_and_lead_where_they_say() {
    let rules = shipped();
    let mut chance = Chance::new(3);
    let mut told = 0;
    for _ in 0..60 {
        let answers = complete(&rules, &mut chance, 30);
        let assessment = triage(&rules, &answers);
        let changes = changes(&rules, &answers, &assessment, 1);
        if assessment.treatment(&rules).is_none() {
            assert_eq!(changes, []);
            continue;
        }
        let (whole, mut opening) = (one_change_away(&rules, &answers), Vec::new());
        for change in &changes {
            let mut other = answers.clone();
            for &(question, marks) in &change.answers {
                assert!(!rules.questionnaire.questions[question].fixed);
                other.give(question, Answer::Marks(marks));
            }
            let told = (change.care, change.treatment);
            let mut all = Vec::new();
            all_outcomes(&rules, &other, &mut all);
            assert_eq!(all, [told]);
            if !triage(&rules, &other).not_answered.is_empty() {
                opening.push(told);
            }
        }
        let mut outcomes: Vec<(Care, Option<usize>)> =
            changes.iter().map(|change| (change.care, change.treatment)).collect();
        outcomes.sort();
        // All of those that open no question are told; the others are certain, as was shown above.
        outcomes.retain(|outcome| !opening.contains(outcome) || whole.contains(outcome));
        assert_eq!(outcomes, whole);
        told += outcomes.len();
    }
    assert!(told > 50, "only {told} changes were told");
}

#[test]
fn two_changes_are_told_only_where_one_is_not_enough() {
    let rules = shipped();
    let mut chance = Chance::new(5);
    let mut pairs = 0;
    for _ in 0..4 {
        let answers = complete(&rules, &mut chance, 60);
        let assessment = triage(&rules, &answers);
        let one = one_change_away(&rules, &answers);
        for change in changes(&rules, &answers, &assessment, 2) {
            if change.answers.len() == 2 {
                pairs += 1;
                assert!(!one.contains(&(change.care, change.treatment)));
            }
        }
    }
    assert!(pairs > 0, "no pair was ever told");
}

/// The evidence alone, with everything else unanswered, is enough to make the condition hold.
#[test]
fn the_evidence_for_a_rule_is_enough_for_it() {
    let rules = shipped();
    let mut chance = Chance::new(9);
    let mut shown = 0;
    for _ in 0..100 {
        let answers = complete(&rules, &mut chance, 20);
        let judged = Judged::new(&rules, &answers);
        for when in rules.rules.iter().filter_map(|rule| rule.when.as_ref()) {
            let evidence = evidence(&rules, &judged, when);
            let holds = when.truth(&judged.facts()) == Truth::True;
            assert_eq!(evidence.is_empty(), !holds);
            if !holds {
                continue;
            }
            let mut alone = judged.clone();
            for (question_idx, marks) in alone.marks.iter_mut().enumerate() {
                let of = evidence.iter().filter(|evidence| evidence.question == question_idx);
                *marks = of.fold(0, |all, evidence| all | evidence.marks);
            }
            for (finding_idx, finding) in rules.findings.iter().enumerate() {
                alone.findings[finding_idx] = finding.when.truth(&alone.facts());
            }
            assert_eq!(when.truth(&alone.facts()), Truth::True, "{when:?}");
            shown += 1;
        }
    }
    assert!(shown > 500, "only {shown} conditions held");
}

#[test]
fn a_near_miss_is_a_rule_that_did_not_fire() {
    let rules = shipped();
    let mut chance = Chance::new(13);
    let mut near = 0;
    for _ in 0..50 {
        let answers = complete(&rules, &mut chance, 20);
        let assessment = triage(&rules, &answers);
        for miss in near_misses(&rules, &answers) {
            near += 1;
            assert!(!assessment.rules.contains(&miss.rule));
            assert!(!miss.missing.is_empty());
        }
    }
    assert!(near > 50, "only {near} near misses");
}

/// Two marks of one question may change places, and that is nearer than changing two answers.
#[test]
fn one_choice_in_place_of_another_is_one_change() {
    let rules = shipped();
    let answers = Answers::read(
        &rules.questionnaire,
        "{ signs-now: none, signs-soon: none, age: 35-44, health: none, onset: none, \
         duration: under-2-weeks, pain: 3, where: low-back, \
         symptoms: [limited-movement, weak-or-unstable], goals: none, preferences: none }",
    )
    .unwrap();
    let assessment = triage(&rules, &answers);
    let told = changes(&rules, &answers, &assessment, 2);
    let one: Vec<_> = told.iter().filter(|change| change.answers.len() == 1).collect();
    let suggestions: Vec<Option<usize>> = one.iter().map(|change| change.treatment).collect();
    assert!(suggestions.contains(&rules.find_item("combination")), "{told:?}");
}

/// A change that opens a question is told where it comes to one thing, whatever is answered then.
#[test]
fn a_change_that_opens_a_question_is_told_where_it_is_certain() {
    let small =
        std::fs::read_to_string(crate::program::repository("tests/check/small.yaml")).unwrap();
    let prompt = "warnings:\n  - id: worst\n    care: prompt\n    when: { pain: 10 }\n    \
                  because: It is bad.\n    source: [book]\n";
    let rules = RuleSet::read(&small.replace("warnings:\n", prompt)).unwrap();
    let read = |text: &str| Answers::read(&rules.questionnaire, text).unwrap();
    let leads = |answers: &Answers| {
        let told = changes(&rules, answers, &triage(&rules, answers), 1);
        told.into_iter().map(|change| (change.care, change.treatment)).collect::<Vec<_>>()
    };
    // Any pain opens `feels`, and stiff or not decides; so only the emergency is told.
    assert_eq!(leads(&read("{ numb: no, pain: 0 }")), [(Care::Emergency, None)]);
    let certain = RuleSet::read(
        &small.replace("warnings:\n", prompt).replace("rubbing: 2, firm", "rubbing: 1, firm"),
    );
    let rules = certain.unwrap();
    let answers = Answers::read(&rules.questionnaire, "{ numb: no, pain: 0 }").unwrap();
    let told = changes(&rules, &answers, &triage(&rules, &answers), 1);
    let moving = rules.find_item("moving");
    assert!(told.iter().any(|own| (own.care, own.treatment) == (Care::Prompt, moving)), "{told:?}");
}
