//! The proof against brute force, on some thousands of random rule sets.
//!
//! Every way to answer is walked, by driving the interview itself and the ordinary evaluator; the
//! diagrams must come to the same counts and to witnesses of the same length.

mod ahead;
mod difference;
mod properties;
pub(crate) mod random;

use std::collections::BTreeMap;

use backwise::answers::Answers;
use backwise::condition::{Care, NONE, Truth, UNSURE};
use backwise::diagram::{Diagram, TooLarge};
use backwise::proof::formula::{Formula, Found};
use backwise::proof::model::{Model, Ways};
use backwise::proof::space::Space;
use backwise::questionnaire::{Answer, Kind, Question};
use backwise::triage::{Judged, Standing, Suggestion};
use backwise::{Interview, RuleSet, triage};
use random::{Random, Size, rule_set};

/// How many ways lead to each thing, by its name, and the fewest answers and ticks that do.
type Tally = BTreeMap<String, (u64, u32)>;

/// Every answer a question takes.
fn answers_to(question: &Question) -> Vec<u64> {
    let marks = question.marks();
    let definite: Vec<u64> = match question.kind {
        Kind::AnyOf { .. } => (1..1 << marks.len()).collect(),
        _ => marks,
    };
    let others = Question::single_marks(question.all_marks() & (NONE | UNSURE));
    let fits = |marks: &u64| {
        let words: Vec<String> =
            Question::single_marks(*marks).map(|mark| question.word(mark)).collect();
        question.parse(&words.iter().map(String::as_str).collect::<Vec<_>>()).is_ok()
    };
    definite.into_iter().chain(others).filter(fits).collect()
}

fn walk_complete(rules: &RuleSet, interview: &Interview<'_>, seen: &mut impl FnMut(&Answers)) {
    let Some(question) = interview.current() else { return seen(interview.answers()) };
    for marks in answers_to(&rules.questionnaire.questions[question]) {
        let mut next = interview.clone();
        next.answer(Answer::Marks(marks));
        walk_complete(rules, &next, seen);
    }
}

fn walk_partial(
    rules: &RuleSet,
    question: usize,
    answers: &mut Answers,
    seen: &mut impl FnMut(&Answers),
) {
    let Some(asked) = rules.questionnaire.questions.get(question) else { return seen(answers) };
    walk_partial(rules, question + 1, answers, seen);
    if Judged::new(rules, answers).active[question] {
        for marks in answers_to(asked) {
            answers.give(question, Answer::Marks(marks));
            walk_partial(rules, question + 1, answers, seen);
        }
        answers.forget(question);
    }
}

/// Answers and ticks.
fn cost(rules: &RuleSet, answers: &Answers) -> u32 {
    let questions = rules.questionnaire.questions.iter().zip(answers.marks());
    questions
        .map(|(question, &marks)| match question.kind {
            _ if marks == 0 => 0,
            Kind::AnyOf { .. } => 1 + (marks & !(NONE | UNSURE)).count_ones(),
            _ => 1,
        })
        .sum()
}

/// What the evaluator makes of one way to answer, as names.
fn names(rules: &RuleSet, answers: &Answers) -> Vec<String> {
    let assessment = triage(rules, answers);
    let mut names = vec!["way".to_owned(), format!("care {}", assessment.care.id())];
    match assessment.suggestion {
        Suggestion::Entry(entry) => names.push(format!("entry {entry}")),
        Suggestion::SeenFirst => {}
        Suggestion::Unscreened => names.push("unscreened".to_owned()),
    }
    names.extend(assessment.warnings.iter().map(|warning| format!("warning {warning}")));
    names.extend(assessment.cautions.iter().map(|caution| format!("caution {caution}")));
    names.extend(assessment.findings.iter().map(|finding| format!("finding {finding}")));
    names.extend(assessment.rules.iter().map(|rule| format!("rule {rule}")));
    names.extend(assessment.options.iter().map(|option| format!("option {option}")));
    names.extend(assessment.runner_up.iter().map(|item| format!("runner-up {item}")));
    let mut offers = assessment.offers(rules);
    offers.sort_unstable();
    offers.dedup();
    names.extend(offers.iter().map(|item| format!("offers {item}")));
    for (item, standing) in assessment.standing.iter().enumerate() {
        if *standing == Standing::Avoided {
            names.push(format!("avoided {item}"));
        }
        if !standing.is_offered() {
            names.push(format!("not offered {item}"));
        }
    }
    for (promise_idx, promise) in rules.promises.iter().enumerate() {
        match assessment.judge(rules, answers, &promise.condition) {
            Truth::True => names.push(format!("promise {promise_idx} true")),
            Truth::False => names.push(format!("promise {promise_idx} false")),
            Truth::Unknown => {}
        }
    }
    let given = (0..rules.questionnaire.questions.len()).filter(|&q| answers.is_answered(q));
    names.extend(given.map(|question| format!("answered {question}")));
    names
}

/// The same names, as formulas.
fn formulas(
    diagram: &mut Diagram,
    model: &mut Model<'_>,
    ways: Ways,
) -> Result<Vec<(String, Formula)>, TooLarge> {
    let rules = model.rules;
    let whole = model.ways(ways);
    let mut found = vec![("way".to_owned(), Formula::Leaf(whole))];
    let add = |name: String, formula: Formula, found: &mut Vec<(String, Formula)>| {
        found.push((name, Formula::All(vec![Formula::Leaf(whole), formula])));
    };
    for care in Care::ALL {
        let is = model.care_is(diagram, care)?;
        add(format!("care {}", care.id()), Formula::Leaf(is), &mut found);
    }
    let mut entries = model.entries(diagram, ways)?;
    let none = entries.pop().expect("the last is where none holds");
    let unnamed = diagram.and(model.unscreened, whole)?;
    let unnamed = diagram.and_not(unnamed, model.care[2])?;
    let unscreened = match ways {
        Ways::Complete => none,
        Ways::Partial => Formula::Any(vec![none, Formula::Leaf(unnamed)]),
    };
    add("unscreened".to_owned(), unscreened, &mut found);
    for (entry, formula) in entries.into_iter().enumerate() {
        add(format!("entry {entry}"), formula, &mut found);
    }
    let lists =
        [("warning", &model.warnings), ("caution", &model.cautions), ("finding", &model.findings)];
    for (kind, list) in lists {
        for (index, pair) in list.iter().enumerate() {
            add(format!("{kind} {index}"), Formula::Leaf(pair.yes), &mut found);
        }
    }
    for (rule, fires) in model.fires.clone().into_iter().enumerate() {
        add(format!("rule {rule}"), Formula::Leaf(fires), &mut found);
    }
    for item in 0..rules.items.len() {
        if rules.treatment_of(item).is_some() {
            add(format!("option {item}"), model.option(diagram, item, ways)?, &mut found);
        } else {
            add(format!("runner-up {item}"), model.runner_up(diagram, item, ways)?, &mut found);
        }
        add(format!("offers {item}"), model.offers(diagram, item, ways)?, &mut found);
        add(format!("avoided {item}"), Formula::Leaf(model.avoided[item]), &mut found);
        let offered = model.offered(diagram, item, ways)?;
        let not_offered = diagram.not(offered)?;
        // In a complete interview an emergency can leave a caution open; nothing is named there.
        if ways == Ways::Partial {
            add(format!("not offered {item}"), Formula::Leaf(not_offered), &mut found);
        }
    }
    for (index, promise) in rules.promises.iter().enumerate() {
        let yes = model.judge(diagram, &promise.condition, ways, true)?;
        let no = model.judge(diagram, &promise.condition, ways, false)?;
        add(format!("promise {index} true"), yes, &mut found);
        add(format!("promise {index} false"), no, &mut found);
    }
    for question in 0..rules.questionnaire.questions.len() {
        let answered = model.answered(diagram, question)?;
        add(format!("answered {question}"), Formula::Leaf(answered), &mut found);
    }
    Ok(found)
}

fn agree(text: &str, ways: Ways, most: u64) -> bool {
    let rules = RuleSet::read(text).unwrap_or_else(|faults| {
        panic!("{}", backwise::fault::draw_all(&faults, "random.yaml", text))
    });
    let (space, domains) = Space::new(&rules.questionnaire);
    let mut diagram = Diagram::new(domains, 1 << 22);
    let mut model = Model::new(&mut diagram, &rules, space).expect("small");
    let number = diagram.count(model.ways(ways)).expect("a small number");
    if number > u128::from(most) {
        return false;
    }
    let mut tally = Tally::new();
    let mut seen = |answers: &Answers| {
        for name in names(&rules, answers) {
            let entry = tally.entry(name).or_insert((0, u32::MAX));
            *entry = (entry.0 + 1, entry.1.min(cost(&rules, answers)));
        }
    };
    match ways {
        Ways::Complete => {
            let answers = Answers::new(&rules.questionnaire);
            walk_complete(&rules, &Interview::new(&rules, answers, false), &mut seen);
        }
        Ways::Partial => {
            walk_partial(&rules, 0, &mut Answers::new(&rules.questionnaire), &mut seen);
        }
    }
    for (name, formula) in formulas(&mut diagram, &mut model, ways).expect("small") {
        let (count, fewest) = tally.get(&name).copied().unwrap_or((0, u32::MAX));
        let node = formula.multiplied(&mut diagram, 1 << 20).expect("small");
        let proved = diagram.count(node).expect("a small number");
        assert_eq!(proved, u128::from(count), "{name}, {ways:?}, in:\n{text}");
        let found = formula.shortest(&mut diagram, 100_000);
        let Found::Shortest(setting) = found else {
            assert_eq!((found, count), (Found::Never, 0), "{name}, {ways:?}, in:\n{text}");
            continue;
        };
        let answers = model.space.answers(&rules.questionnaire, &setting);
        assert_eq!(cost(&rules, &answers), fewest, "{name}, {ways:?}, in:\n{text}");
        assert!(names(&rules, &answers).contains(&name), "{name}, {ways:?}, in:\n{text}");
    }
    true
}

fn many(first: u64, sets: u64, ways: Ways, most: u64) {
    let small = (first..first + sets)
        .filter(|&seed| agree(&rule_set(&mut Random::new(seed), Size::SMALL), ways, most))
        .count();
    assert!(small as u64 > sets / 2, "only {small} of {sets} were small enough to be walked");
}

#[test]
fn counts_and_witnesses_of_complete_interviews_are_those_of_brute_force() {
    many(0, 1000, Ways::Complete, 120);
}

#[test]
fn counts_and_witnesses_of_partial_answers_are_those_of_brute_force() {
    many(10_000, 1000, Ways::Partial, 100);
}
