//! The properties against brute force.

use backwise::answers::Answers;
use backwise::condition::{Care, NONE, Truth, UNSURE};
use backwise::proof::{Bounds, Proof, PropertyKind, Verdict, prove};
use backwise::questionnaire::{Answer, Kind, Question, Worse};
use backwise::triage::{Judged, Standing};
use backwise::{RuleSet, triage};

use super::random::{Random, Size, rule_set};
use super::{answers_to, walk_complete, walk_partial};

/// Every way to answer, whole or with gaps, without the early stop.
fn ways(rules: &RuleSet, gaps: bool) -> Vec<Answers> {
    let mut found = Vec::new();
    walk_partial(rules, 0, &mut Answers::new(&rules.questionnaire), &mut |answers| {
        let active = Judged::new(rules, answers).active;
        if gaps || (0..active.len()).all(|q| active[q] == answers.is_answered(q)) {
            found.push(answers.clone());
        }
    });
    found
}

/// Each answer to a question that is worse, or a contraindication more, than the one given.
fn changes(question: &Question, given: u64, worse: bool) -> Vec<u64> {
    if given == 0 || given == UNSURE {
        return Vec::new();
    }
    let ticked = matches!(question.kind, Kind::AnyOf { .. });
    let marks = match (&question.worse, worse) {
        (_, false) => question.contraindications,
        (Worse::Marked(marks), true) => *marks,
        (Worse::Ranked(ranked), true) => {
            let at = ranked.iter().position(|&mark| mark == given);
            return at.map_or(Vec::new(), |at| ranked[at + 1..].to_vec());
        }
        (Worse::Unranked, true) => 0,
    };
    let fits = answers_to(question);
    Question::single_marks(marks)
        .filter(|mark| if ticked { given & mark == 0 } else { given & marks == 0 })
        .map(|mark| if ticked { given & !NONE | mark } else { mark })
        .filter(|marks| fits.contains(marks))
        .collect()
}

fn changed_ways<'a>(
    rules: &'a RuleSet,
    all: &'a [Answers],
    question: usize,
    worse: bool,
) -> impl Iterator<Item = (&'a Answers, Answers)> {
    all.iter().flat_map(move |before| {
        let given = before.marks()[question];
        let changes = changes(&rules.questionnaire.questions[question], given, worse);
        changes.into_iter().map(move |marks| {
            let mut after = before.clone();
            after.give(question, Answer::Marks(marks));
            (before, after)
        })
    })
}

/// The care after another answer to a question, all else as it was.
fn care_with(rules: &RuleSet, way: &Answers, question: usize, marks: u64) -> Care {
    let mut changed = way.clone();
    changed.give(question, Answer::Marks(marks));
    triage(rules, &changed).care
}

/// Whether "not sure" stands between the best and the worst answer, whichever of the two the rest
/// was answered with.
fn unsure_is_in_order(rules: &RuleSet, all: &[Answers], index: usize) -> bool {
    let question = &rules.questionnaire.questions[index];
    let definite = definite(question);
    let (best, worst) = match &question.worse {
        Worse::Ranked(ranked) => (ranked.first().copied(), ranked.last().copied()),
        _ => (question.none().map(|_| NONE), None),
    };
    all.iter().all(|way| {
        let care = |marks| care_with(rules, way, index, marks);
        let given = way.marks()[index];
        let pair = |a: u64, b: u64| (given != a && given != b) || care(a) <= care(b);
        best.is_none_or(|best| pair(best, UNSURE))
            && worst.is_none_or(|worst| pair(UNSURE, worst))
            && (worst.is_some()
                || given != UNSURE
                || definite.iter().any(|&other| care(other) >= care(UNSURE)))
    })
}

/// Whether "not sure", and no answer where no warning is open, gives no less care than the least
/// that any definite answer to the question would.
fn unsure_never_reassures(rules: &RuleSet, all: &[Answers], index: usize) -> bool {
    let definite = definite(&rules.questionnaire.questions[index]);
    all.iter().all(|way| {
        let now = triage(rules, way);
        let told = match way.marks()[index] {
            UNSURE => true,
            0 => now.open_warnings.is_empty(),
            _ => false,
        };
        !told || definite.iter().any(|&other| care_with(rules, way, index, other) <= now.care)
    })
}

fn definite(question: &Question) -> Vec<u64> {
    answers_to(question).into_iter().filter(|&marks| marks != UNSURE).collect()
}

/// Whether `whole` is a way in which the person could have meant, or come to complete, `part`.
fn could_be(part: &Answers, whole: &Answers, meant: bool) -> bool {
    part.marks().iter().zip(whole.marks()).all(|(&given, &then)| match (given, meant) {
        (0 | UNSURE, true) => then != UNSURE,
        (0, false) => true,
        (given, true) => then == given || then == 0,
        (given, false) => then == given,
    })
}

fn verdict(proof: &Proof, kind: PropertyKind, about: &str) -> bool {
    let property = proof.properties.iter().find(|p| p.kind == kind && p.about == about);
    let verdict = &property.unwrap_or_else(|| panic!("{kind:?} {about} was not looked at")).verdict;
    assert!(!matches!(verdict, Verdict::Disagreement(_) | Verdict::TooLarge), "{verdict:?}");
    verdict.is_good()
}

fn agree(text: &str) -> Option<[usize; 7]> {
    let rules = RuleSet::read(text).unwrap();
    let proof = prove(&rules, Bounds { nodes: 1 << 20, states: 50_000, steps: 50_000_000 });
    let partial = proof.ways().expect("small")[1];
    if partial > 120_u128 {
        return None;
    }
    let (all, whole) = (ways(&rules, true), ways(&rules, false));
    let mut broken = [0; 7];
    let mut note = |which: usize, good: bool, proved: bool, about: &str| {
        assert_eq!(proved, good, "property {which} {about} of:\n{text}");
        broken[which] += usize::from(!good);
    };
    for (index, question) in rules.questionnaire.questions.iter().enumerate() {
        if question.worse != Worse::Unranked {
            let good = changed_ways(&rules, &all, index, true)
                .all(|(before, after)| triage(&rules, before).care <= triage(&rules, &after).care);
            let proved = verdict(&proof, PropertyKind::WorseNeverLowersCare, &question.id);
            note(0, good, proved, &question.id);
        }
        if question.worse != Worse::Unranked && question.unsure.is_some() {
            let good = unsure_is_in_order(&rules, &all, index);
            let proved = verdict(&proof, PropertyKind::UnsureInOrder, &question.id);
            note(5, good, proved, &question.id);
        }
        let good = unsure_never_reassures(&rules, &all, index);
        let proved = verdict(&proof, PropertyKind::UnsureNeverReassures, &question.id);
        note(6, good, proved, &question.id);
        if question.contraindications != 0 {
            let good = changed_ways(&rules, &all, index, false).all(|(before, after)| {
                let (before, after) = (triage(&rules, before), triage(&rules, &after));
                (0..rules.items.len()).all(|item| {
                    let fits = |assessment: &backwise::Assessment| {
                        assessment.standing[item] != Standing::Avoided
                            && assessment.points[item] > 0
                    };
                    fits(&before) || !fits(&after)
                })
            });
            let proved = verdict(&proof, PropertyKind::ContraindicationNeverAdds, &question.id);
            note(1, good, proved, &question.id);
        }
    }
    let ends: Vec<_> = whole.iter().map(|way| (way, triage(&rules, way))).collect();
    let (mut reassured, mut claimed) = (false, false);
    for part in &all {
        let now = triage(&rules, part);
        let meant = ends.iter().filter(|(way, _)| could_be(part, way, true));
        let least = meant.map(|(_, end)| end.care).min();
        reassured |= now.open_warnings.is_empty() && least.is_some_and(|least| least > now.care);
        for (_, end) in ends.iter().filter(|(way, _)| could_be(part, way, false)) {
            claimed |= now.open_warnings.is_empty() && end.care > now.care;
            let taken = |item: usize| {
                now.standing[item].is_offered() && end.standing[item] == Standing::Avoided
            };
            claimed |= (0..rules.items.len()).any(taken);
        }
    }
    note(2, !reassured, verdict(&proof, PropertyKind::MissingNeverReassures, ""), "missing");
    note(3, !claimed, verdict(&proof, PropertyKind::PartialNeverClaimsMore, ""), "partial");
    let mut complete = Vec::new();
    let interview = backwise::Interview::new(&rules, Answers::new(&rules.questionnaire), false);
    walk_complete(&rules, &interview, &mut |answers| complete.push(answers.clone()));
    for promise in &rules.promises {
        let judge = |way: &Answers| triage(&rules, way).judge(&rules, way, &promise.condition);
        let good = if promise.always {
            complete.iter().all(|way| judge(way) == Truth::True)
                && all.iter().all(|way| judge(way) != Truth::False)
        } else {
            all.iter().chain(&complete).all(|way| judge(way) != Truth::True)
        };
        note(4, good, verdict(&proof, PropertyKind::Promise, &promise.id), &promise.id);
    }
    Some(broken)
}

#[test]
fn verdicts_are_those_of_brute_force() {
    let mut broken = [0; 7];
    let mut walked = 0;
    for seed in 20_000..20_700 {
        if let Some(found) = agree(&rule_set(&mut Random::new(seed), Size::SMALL)) {
            walked += 1;
            broken.iter_mut().zip(found).for_each(|(sum, own)| *sum += own);
        }
    }
    assert!(walked > 250, "only {walked} were small enough to be walked");
    // Each kind must have been met broken, but the fourth, which the evaluator keeps by itself.
    let met: Vec<bool> = broken.iter().map(|&count| count > 0).collect();
    assert_eq!(met, [true, true, true, false, true, true, true], "{broken:?}");
}

#[test]
fn a_bound_that_is_spent_proves_nothing_that_is_not_so() {
    let (mut spent, mut kept) = (0, 0);
    for seed in 30_000..30_040 {
        let rules = RuleSet::read(&rule_set(&mut Random::new(seed), Size::SMALL)).unwrap();
        let whole = prove(&rules, Bounds::default());
        for steps in [200, 1_000, 5_000] {
            let cut = prove(&rules, Bounds { steps, ..Bounds::default() });
            for property in &cut.properties {
                if property.verdict == Verdict::TooLarge {
                    spent += 1;
                    continue;
                }
                let full = verdict(&whole, property.kind, &property.about);
                assert_eq!(property.verdict.is_good(), full, "seed {seed}, {}", property.says);
                kept += 1;
            }
        }
    }
    assert!(spent > 100 && kept > 100, "{spent} given up, {kept} shown");
}
