//! However one comes to one's answers, the same answers come to the same result.

use std::fs;

use backwise::condition::Care;
use backwise::interview::Step;
use backwise::questionnaire::{Answer, Kind, Question};
use backwise::report::json;
use backwise::{Answers, Interview, RuleSet, Session, triage};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::people;
use crate::program::repository;

fn shipped() -> RuleSet {
    RuleSet::read(&fs::read_to_string(repository("rules/back-pain.yaml")).unwrap()).unwrap()
}

fn small() -> RuleSet {
    RuleSet::read(&fs::read_to_string(crate::screen::SMALL).unwrap()).unwrap()
}

/// What a person can do at a step.
#[derive(Clone, Copy, Debug)]
enum Deed {
    /// Answers the question that is asked, by this choice.
    Answer(u64),
    Back,
    LookThrough,
    /// In the review: picks an answer to change.
    Change(usize),
    /// In the review: goes on.
    GoOn,
    /// Leaves the questions that are open.
    LeaveTheRest,
    /// Saves, stops, and goes on from the file.
    Resume,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        8 => any::<u64>().prop_map(Deed::Answer),
        3 => Just(Deed::Back),
        1 => Just(Deed::LookThrough),
        2 => any::<prop::sample::Index>().prop_map(|at| Deed::Change(at.index(1000))),
        2 => Just(Deed::GoOn),
        1 => Just(Deed::LeaveTheRest),
        1 => Just(Deed::Resume),
    ];
    vec(deed, 0..120)
}

/// An answer that fits; harmless more often than not, so that interviews get somewhere.
fn choose(question: &Question, choice: u64) -> Answer {
    people::answer(question, &mut people::Chance::new(choice), 6)
}

fn do_all<'a>(rules: &'a RuleSet, deeds: &[Deed], for_therapist: bool) -> Interview<'a> {
    let mut interview = Interview::new(rules, Answers::new(&rules.questionnaire), for_therapist);
    for &deed in deeds {
        match (deed, interview.step()) {
            (Deed::Answer(choice), Step::Ask(asked)) => {
                interview.answer(choose(&rules.questionnaire.questions[asked], choice));
            }
            (Deed::Back, _) => {
                interview.back();
            }
            (Deed::LookThrough, Step::Ask(_)) => interview.look_through(),
            (Deed::Change(at), Step::Review) => {
                let mut given = interview.asked();
                given.retain(|&question| interview.answers().is_answered(question));
                if !given.is_empty() {
                    interview.change(given[at % given.len()]);
                }
            }
            (Deed::GoOn, Step::Review) => interview.go_on(),
            (Deed::LeaveTheRest, Step::Ask(_)) => {
                interview.leave_the_rest();
                assert_eq!(interview.step(), Step::Review);
                assert!(interview.is_complete());
            }
            (Deed::Resume, _) => {
                let text = Session::new(interview.answers().clone()).write(rules);
                let session = Session::read(rules, &text).expect("what is written is read");
                assert_eq!(&session.answers, interview.answers());
                interview = Interview::new(rules, session.answers, for_therapist);
            }
            _ => {}
        }
    }
    interview
}

/// Goes on to the end.
fn finish(mut interview: Interview<'_>, rules: &RuleSet) -> Answers {
    loop {
        match interview.step() {
            Step::Ask(asked) => {
                let question = &rules.questionnaire.questions[asked];
                interview.answer(choose(question, 11));
            }
            Step::Review => interview.go_on(),
            Step::Done => return interview.into_answers(),
        }
    }
}

/// The same answers, each given once and in order, to a new interview.
fn straight(rules: &RuleSet, answers: &Answers, for_therapist: bool) -> Answers {
    let mut interview = Interview::new(rules, Answers::new(&rules.questionnaire), for_therapist);
    while let Some(asked) = interview.current() {
        interview.answer(answers.get(asked).expect("what is asked was answered"));
    }
    interview.into_answers()
}

fn holds(rules: &RuleSet, deeds: &[Deed], for_therapist: bool) {
    let roundabout = do_all(rules, deeds, for_therapist);
    // Going back to the first question and forward again changes nothing.
    let mut there_and_back = roundabout.clone();
    while there_and_back.back() {
        assert_eq!(there_and_back.answers(), roundabout.answers());
    }
    while let Some(asked) = there_and_back.current() {
        let Some(answer) = there_and_back.answers().get(asked) else { break };
        let progress = there_and_back.progress(asked);
        assert!(progress.number <= progress.about);
        there_and_back.answer(answer);
    }
    assert_eq!(there_and_back.answers(), roundabout.answers());
    assert_eq!(there_and_back.open_questions(), roundabout.open_questions());

    // Who left the rest and went past the review is done; any other way there are more to answer.
    let left = roundabout.open_questions();
    if roundabout.step() == Step::Done && !left.is_empty() {
        assert_eq!(finish(roundabout.clone(), rules), *roundabout.answers());
        return;
    }
    let mut roundabout = roundabout;
    if roundabout.step() == Step::Review && roundabout.is_complete() && !left.is_empty() {
        assert!(roundabout.back(), "from the review it goes back to the questions left");
        assert_eq!(roundabout.step(), Step::Ask(left[0]));
    }
    let answers = finish(roundabout, rules);
    let result = triage(rules, &answers);
    // An emergency ends every way at once, whatever is still open.
    if result.care != Care::Emergency {
        let straight = straight(rules, &answers, for_therapist);
        let other = triage(rules, &straight);
        assert!(json::result(rules, &answers, &result) == json::result(rules, &straight, &other));
        assert_eq!(result, other);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_way_through_comes_to_the_result_of_its_answers(deeds in deeds(), therapist: bool) {
        holds(&SMALL.with(Clone::clone), &deeds, therapist);
    }

    #[test]
    fn any_way_through_the_shipped_rules_does_too(deeds in deeds(), therapist: bool) {
        SHIPPED.with(|rules| holds(rules, &deeds, therapist));
    }

    #[test]
    fn any_text_is_kept_as_it_was_taken(text in any::<String>(), more in "\\PC{0,40}") {
        SMALL.with(|rules| {
            let wish = rules.questionnaire.find("wish").unwrap();
            let question = &rules.questionnaire.questions[wish];
            for text in [&text, &more] {
                let Ok(answer) = question.parse(&[text]) else { continue };
                let mut answers = Answers::new(&rules.questionnaire);
                answers.give(wish, answer);
                let kept = Session::new(answers.clone()).write(rules);
                let session = Session::read(rules, &kept).expect("what is written is read");
                assert_eq!(session.answers, answers, "{kept}");
                assert_eq!(session.write(rules), kept);
            }
        });
    }

    #[test]
    fn a_session_cut_or_bent_anywhere_is_refused_or_says_the_same(
        at in any::<prop::sample::Index>(), byte in any::<u8>(), cut: bool
    ) {
        SMALL.with(|rules| {
            let mut answers = Answers::new(&rules.questionnaire);
            for (id, words) in [("signs", vec!["none"]), ("age", vec!["18-34"]), ("wish", vec!["a b"])] {
                let index = rules.questionnaire.find(id).unwrap();
                answers.give(index, rules.questionnaire.questions[index].parse(&words).unwrap());
            }
            let whole = Session::new(answers.clone()).write(rules);
            let mut bytes = whole.clone().into_bytes();
            let at = at.index(bytes.len());
            if cut { bytes.truncate(at) } else { bytes[at] = byte }
            let Ok(text) = String::from_utf8(bytes) else { return };
            if let Ok(session) = Session::read(rules, &text) {
                assert_eq!(session, Session::read(rules, &whole).unwrap(), "{text}");
            }
        });
    }
}

thread_local! {
    static SMALL: RuleSet = small();
    static SHIPPED: RuleSet = shipped();
}

#[test]
fn the_count_of_questions_is_reached_and_never_passed() {
    let rules = shipped();
    let mut chance = people::Chance::new(7);
    for _ in 0..200 {
        let mut interview = Interview::new(&rules, Answers::new(&rules.questionnaire), false);
        let mut last = None;
        while let Some(asked) = interview.current() {
            let progress = interview.progress(asked);
            assert!(progress.number <= progress.about);
            assert_eq!(progress.number, last.map_or(1, |last: (usize, usize)| last.0 + 1));
            last = Some((progress.number, progress.about));
            let question = &rules.questionnaire.questions[asked];
            interview.answer(people::answer(question, &mut chance, 30));
        }
        // Unless an emergency ended it, the last question was the last by its count.
        if interview.step() == Step::Review {
            let (number, _) = last.unwrap();
            assert_eq!(number, interview.asked().len());
        }
    }
}

#[test]
fn no_note_of_a_therapist_is_asked_of_a_person_or_read_by_a_condition() {
    let rules = shipped();
    let notes: Vec<usize> = (0..rules.questionnaire.questions.len())
        .filter(|&question| rules.questionnaire.questions[question].for_therapist)
        .collect();
    assert!(notes.len() >= 7);
    let mut chance = people::Chance::new(3);
    for _ in 0..50 {
        let answers = people::complete(&rules, &mut chance, 20);
        let person = Interview::new(&rules, answers.clone(), false);
        assert!(person.asked().iter().all(|asked| !notes.contains(asked)));
        let without = triage(&rules, &answers);
        let mut with = answers;
        for &note in &notes {
            assert_eq!(rules.questionnaire.questions[note].kind, Kind::Text);
            with.give(note, Answer::Note("anything".to_owned()));
        }
        assert_eq!(triage(&rules, &with), without);
    }
}
