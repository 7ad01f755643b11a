//! What can still come of answers, and when nothing open can change it, against every way to go on.

use std::collections::BTreeSet;

use backwise::answers::Answers;
use backwise::condition::{Care, UNSURE};
use backwise::proof::Bounds;
use backwise::proof::remaining::{is_settled, remaining};
use backwise::questionnaire::Answer;
use backwise::triage::{Assessment, Judged, Suggestion};
use backwise::{Interview, RuleSet, triage};

use super::random::{Random, Size, rule_set};
use super::{answers_to, walk_complete};

/// An interview that was left off: some questions answered, in order or skipped.
fn begun(rules: &RuleSet, random: &mut Random) -> Answers {
    let mut answers = Answers::new(&rules.questionnaire);
    for (question_idx, question) in rules.questionnaire.questions.iter().enumerate() {
        if Judged::new(rules, &answers).active[question_idx] && random.below(3) > 0 {
            let all = answers_to(question);
            answers.give(question_idx, Answer::Marks(all[random.below(all.len())]));
        }
    }
    answers
}

/// What a person is told of the result: what must not change for the questions to be over.
fn told(rules: &RuleSet, assessment: &Assessment) -> impl PartialEq + use<> {
    let named = matches!(assessment.suggestion, Suggestion::Entry(_));
    let care = assessment.care;
    let high = assessment.warnings.iter().filter(|&&index| rules.warnings[index].care >= care);
    (
        care,
        high.copied().collect::<BTreeSet<_>>(),
        assessment.suggestion,
        named.then(|| assessment.cautions.clone()),
        assessment.options.clone(),
    )
}

#[test]
fn what_is_told_to_remain_possible_is_what_some_way_to_go_on_comes_to() {
    let (mut many, mut fewer) = (0, 0);
    for seed in 0..1500 {
        let mut random = Random::new(seed);
        let rules = RuleSet::read(&rule_set(&mut random, Size::SMALL)).unwrap();
        let answers = begun(&rules, &mut random);
        let judged = Judged::new(&rules, &answers);
        let mut definite = answers.clone();
        let mut kept = Vec::new();
        for question in 0..answers.marks().len() {
            match answers.marks()[question] {
                0 => {}
                marks if marks & UNSURE != 0 => definite.forget(question),
                _ if judged.active[question] => kept.push(question),
                _ => {}
            }
        }
        let mut possible: BTreeSet<(Care, Option<usize>)> = BTreeSet::new();
        walk_complete(&rules, &Interview::new(&rules, definite, false), &mut |answers| {
            let active = Judged::new(&rules, answers).active;
            if kept.iter().all(|&question| active[question]) {
                let assessment = triage(&rules, answers);
                possible.insert((assessment.care, assessment.treatment(&rules)));
            }
        });
        let remaining = remaining(&rules, &answers, Bounds::default()).unwrap();
        let outcomes = remaining.outcomes.unwrap();
        for outcome in &outcomes {
            let assessment = triage(&rules, &outcome.answers);
            let shown = (assessment.care, assessment.treatment(&rules));
            assert_eq!(shown, (outcome.care, outcome.treatment), "seed {seed}");
        }
        let told: BTreeSet<_> =
            outcomes.iter().map(|outcome| (outcome.care, outcome.treatment)).collect();
        assert_eq!(told, possible, "seed {seed}");
        let levels: BTreeSet<Care> = possible.iter().map(|(care, _)| *care).collect();
        assert_eq!(remaining.care, levels.into_iter().collect::<Vec<_>>(), "seed {seed}");
        many += usize::from(possible.len() > 1);
        fewer += usize::from(remaining.settles_most.is_some());
        // A question that settles something is one that is open and asked.
        if let Some(question) = remaining.settles_most {
            assert!(judged.active[question] && answers.marks()[question] & !UNSURE == 0);
            assert!(possible.len() > 1, "seed {seed}");
        }
    }
    assert!(many > 200 && fewer > 100, "{many} were open and {fewer} had a question");
}

#[test]
fn an_interview_is_settled_when_no_way_to_go_on_changes_what_is_told() {
    let (mut settled_early, mut open) = (0, 0);
    for seed in 0..3000 {
        let mut random = Random::new(seed);
        let rules = RuleSet::read(&rule_set(&mut random, Size::SMALL)).unwrap();
        let answers = begun(&rules, &mut random);
        let now = triage(&rules, &answers);
        let interview = Interview::new(&rules, answers.clone(), false);
        let mut is_same = now.suggestion != Suggestion::Unscreened;
        if now.care != Care::Emergency {
            walk_complete(&rules, &interview, &mut |answers| {
                is_same &= told(&rules, &triage(&rules, answers)) == told(&rules, &now);
            });
        }
        let is_settled = is_settled(&rules, &answers, Bounds::default()).unwrap();
        assert_eq!(is_settled, is_same, "seed {seed}: {:?}", answers.marks());
        settled_early += usize::from(is_same && interview.current().is_some());
        open += usize::from(!is_same);
    }
    assert!(settled_early > 30 && open > 300, "{settled_early} settled early, {open} open");
}
