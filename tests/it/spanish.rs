//! A whole interview in Spanish on a terminal: nothing that is read in it is English.

use std::fs;
use std::sync::Arc;

use backwise::interview::Step;
use backwise::questionnaire::{Answer, Kind, Question};
use backwise::{Answers, Interview, RuleSet, Session};

use crate::language::{catalogue, spanish};
use crate::program::{Program, repository};
use crate::report::{answers, person};
use crate::safety::shipped;
use crate::screen::{
    CTRL_C, ENTER, ESC, SPANISH_PROMPT as PROMPT, SPANISH_REVIEW_PROMPT as REVIEW, Screen, Terminal,
};

/// The text on one line, without what only draws.
fn flat(text: &str) -> String {
    let text = text.replace("\u{1b}7", "").replace("\u{1b}8", "");
    let mut plain = String::new();
    let mut rest = text.as_str();
    while let Some((before, sequence)) = rest.split_once('\u{1b}') {
        plain += before;
        plain.push(' ');
        let end = sequence.find(|c: char| c.is_ascii_alphabetic()).map_or(0, |at| at + 1);
        rest = &sequence[end..];
    }
    plain += rest;
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether whole words of a text are these.
pub(crate) fn has_words(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + words.len()..].chars().next();
        ![before, after].into_iter().flatten().any(char::is_alphanumeric)
    })
}

/// Every piece of English that the program or the rules could say, and that is no Spanish too.
pub(crate) fn english() -> Vec<String> {
    let mut spoken: Vec<String> = Vec::new();
    for words in catalogue("en").into_values() {
        // What is put in is in braces; what the number of a noun decides, in brackets.
        let mut depth = 0;
        let mut piece = String::new();
        for c in words.replace("[one]", "}").replace("*[other]", "}").chars() {
            match c {
                '{' => depth += 1,
                '}' => depth = (depth - 1).max(0),
                _ if depth == 0 => piece.push(c),
                _ => {}
            }
            if "{}".contains(c) {
                spoken.push(std::mem::take(&mut piece));
            }
        }
        spoken.push(piece);
    }
    for question in shipped().questionnaire.questions {
        spoken.extend([question.ask, question.why]);
        spoken.extend(question.help.into_iter().chain(question.read_aloud));
    }
    let mut spanish: String = catalogue("es").into_values().collect::<Vec<_>>().join(" | ");
    spanish += &fs::read_to_string(repository("rules/back-pain.es.yaml")).unwrap();
    let parts = |it: &String| it.split(['.', ',', ':', ';', '?', '"', '`']).map(flat).collect();
    let mut spoken: Vec<String> = spoken.iter().flat_map::<Vec<String>, _>(parts).collect();
    spoken.retain(|it| {
        it.chars().filter(|c| c.is_alphabetic()).count() > 1 && !has_words(&spanish, it)
    });
    spoken.sort();
    spoken.dedup();
    spoken
}

#[track_caller]
fn assert_spanish(said: &str) {
    let said = flat(said);
    let left: Vec<String> = english().into_iter().filter(|it| has_words(&said, it)).collect();
    assert!(left.is_empty(), "{left:?} in\n{said}");
}

/// What is answered: as the person with the most to tell does, else the plainest.
fn reply(known: &Answers, question_idx: usize, question: &Question) -> Answer {
    known.get(question_idx).unwrap_or_else(|| match question.kind {
        Kind::Text => Answer::Note("sin más".to_owned()),
        Kind::AnyOf { none: Some(_), .. } => question.parse(&["none"]).unwrap(),
        Kind::YesNo => question.parse(&["no"]).unwrap(),
        _ => Answer::Marks(question.marks()[0]),
    })
}

/// What to type for an answer in plain lines.
fn typed(question: &Question, answer: &Answer) -> String {
    let Answer::Marks(marks) = *answer else { return "sin más".to_owned() };
    let all: Vec<u64> = Question::single_marks(question.all_marks()).collect();
    let words = Question::single_marks(marks).map(|mark| match question.kind {
        Kind::Scale { .. } => question.word(mark),
        _ => (all.iter().position(|&other| other == mark).unwrap() + 1).to_string(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// What stands last of a question as it is put to a therapist: the question itself, or for a note
/// the words to read.
fn asks(question: &Question) -> &str {
    match &question.read_aloud {
        Some(aloud) if question.kind == Kind::Text => aloud,
        _ => &question.ask,
    }
}

fn answer_in_plain_lines(screen: &mut Screen, rules: &RuleSet) {
    let known = answers(rules, "desk");
    let mut interview = Interview::new(rules, Answers::new(&rules.questionnaire), true);
    while let Step::Ask(question_idx) = interview.step() {
        let question = &rules.questionnaire.questions[question_idx];
        let answer = reply(&known, question_idx, question);
        let wrong = if question.kind == Kind::Text { &"x".repeat(2001) } else { "x" };
        // The key that saves in English answers nothing here.
        for slip in ["?", wrong, "b"] {
            let is_note = question.kind == Kind::Text && slip == "b";
            if !is_note {
                screen.types(asks(question), PROMPT, slip);
            }
        }
        screen.types(asks(question), PROMPT, &typed(question, &answer));
        interview.answer(answer);
    }
}

#[test]
fn in_plain_lines_with_every_slip_a_therapist_can_make() {
    let rules = spanish();
    let flags = "--lang es --for therapist --plain --session yo.json --country es";
    let terminal = Terminal::new(flags).env("NO_COLOR", "1").size(60, 120);
    let mut screen = terminal.start();
    let first = &rules.questionnaire.questions[0];
    screen.types(asks(first), PROMPT, "v");
    screen.types("Esta es la primera pregunta.", PROMPT, "1 2 ns");
    answer_in_plain_lines(&mut screen, &rules);
    screen.types("Sus respuestas", REVIEW, "v");
    screen.types("Su respuesta hasta ahora:", PROMPT, "");
    screen.types("para ver el resultado.", REVIEW, "99");
    screen.types("vuelve atrás.", REVIEW, "g");
    let contents = screen.ends_well(0);
    let command = "`backwise --session yo.json --lang es --country es --for therapist --plain`";
    let last = flat(&contents);
    assert!(last.ends_with(&format!("siga con {command}")), "{last}");
    assert_spanish(&screen.drawn());

    let mut screen = Terminal::new(flags).folder(&screen.folder).start();
    screen.types("Continuamos:", REVIEW, "");
    screen.ends_well(0);
    assert_spanish(&screen.drawn());
    assert_spanish(screen.result().split("\nFuentes\n").next().unwrap());
}

/// The words of a question that stay on one line of the list.
fn short(text: &str) -> String {
    text.chars().take(30).collect()
}

fn answer_by_keys(screen: &mut Screen, rules: &RuleSet) {
    let known = answers(rules, "desk");
    let mut interview = Interview::new(rules, Answers::new(&rules.questionnaire), true);
    while let Step::Ask(question_idx) = interview.step() {
        let question = &rules.questionnaire.questions[question_idx];
        let answer = reply(&known, question_idx, question);
        let asked = flat(asks(question));
        let begins = question.kind == Kind::Text;
        let is_there = |contents: &str| {
            flat(contents).rfind(&asked).is_some_and(|at| {
                let below = &flat(contents)[at..];
                let last = Question::single_marks(question.all_marks()).last();
                let last = last.map_or_else(String::new, |last| short(&question.label(last)));
                below.contains(&flat(&last))
                    && below.contains(if begins { "Ctrl-C detiene ❯" } else { "Ctrl-C detiene" })
            })
        };
        screen.until(&format!("asked {}", question.id), is_there);
        let many = matches!(question.kind, Kind::AnyOf { .. });
        if many {
            screen.send(ENTER);
            screen.sees("Todavía no ha marcado nada.");
            screen.until(&format!("asked {} again", question.id), is_there);
        }
        match answer {
            Answer::Note(_) => screen.send("sin más\r"),
            Answer::Marks(marks) => {
                for mark in Question::single_marks(marks) {
                    let label = match question.kind {
                        Kind::Scale { .. } => format!("❯ {}", question.label(mark)),
                        _ => short(&question.label(mark)),
                    };
                    screen.pick(&label, if many { " " } else { ENTER });
                    if many {
                        let marked = |line: &str| line.contains("[x]") && line.contains(&label);
                        screen.until("marked", |contents| contents.lines().any(marked));
                    }
                }
                if many {
                    screen.send(ENTER);
                }
            }
        }
        interview.answer(answer);
    }
}

#[test]
fn drawn_in_windows_of_sixty_columns_and_of_a_hundred_and_twenty() {
    let rules = spanish();
    for (columns, no_color) in [(60, ""), (120, "1")] {
        let terminal = Terminal::new("--lang es --for therapist").size(50, columns);
        let mut screen = terminal.env("NO_COLOR", no_color).start();
        screen.sees_keys();
        screen.send(ESC);
        screen.sees("Esta es la primera pregunta.");
        screen.sees_keys();
        answer_by_keys(&mut screen, &rules);
        screen.sees("❯ Ver el resultado");
        screen.sees_keys();
        screen.send(ESC);
        screen.sees("Hasta ahora: sin más");
        screen.until("asked again", |contents| contents.trim_end().ends_with('❯'));
        screen.send(ENTER);
        screen.sees("❯ Ver el resultado");
        screen.sees_keys();
        screen.send(ENTER);
        screen.ends_well(0);
        assert_spanish(&screen.drawn());
        assert_spanish(screen.result().split("\nFuentes\n").next().unwrap());
    }
}

#[test]
fn stopping_says_in_spanish_what_was_kept() {
    for (flags, said) in [
        ("", "detenido: no se ha guardado nada; con `--session ARCHIVO` podrá seguir más tarde"),
        ("--session yo.json", "detenido: hay 0 respuestas guardadas; siga con `backwise"),
    ] {
        for plain in ["", "--plain"] {
            // By the locale, and in a window with no room for all of a list.
            let terminal = Terminal::new(&format!("{flags} {plain}")).size(14, 44);
            let mut screen = terminal.env("LANG", "es_MX.UTF-8").start();
            screen.until("asked", |contents| {
                contents.contains("Izquierda/Derecha") || contents.ends_with(PROMPT)
            });
            screen.send(CTRL_C);
            let contents = flat(&screen.ends_well(130));
            assert!(contents.contains(said), "{contents}");
            assert_spanish(&screen.drawn());
        }
    }
}

/// A session under the shipped rules, or under them with something else in them.
fn kept_under(text: &str, other: &str) -> String {
    let rules = fs::read_to_string(repository("rules/back-pain.yaml")).unwrap();
    let rules = RuleSet::read(&rules.replacen(text, other, 1)).unwrap();
    Session::new(answers(&rules, "strain")).write(&rules)
}

#[test]
fn a_session_of_an_older_version_is_gone_on_with_in_spanish() {
    for (text, other, said) in [
        ("version: 1.0.0", "version: 0.9.0", "Se dieron con la versión 0.9.0 de las preguntas"),
        ("reviewed:", "# Looked at again.\nreviewed:", "Se dieron con otra edición"),
    ] {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let kept = kept_under(text, other);
        fs::write(folder.path().join("yo.json"), kept).unwrap();
        let terminal = Terminal::new("--lang es --session yo.json --plain").folder(&folder);
        let mut screen = terminal.start();
        screen.until("asked", |contents| contents.ends_with(REVIEW));
        let contents = flat(&screen.contents());
        assert!(contents.contains(said), "{contents}");
        screen.send(CTRL_C);
        screen.ends_well(130);
        assert_spanish(&screen.drawn());
    }
}

#[test]
fn a_session_that_does_not_fit_is_refused_in_spanish() {
    let result = Program::new().args("--signs-now saddle-numb --format json").succeeds();
    let session = kept_under("", "");
    for (text, said) in [
        ("Querida doctora:\n", "esto no es una sesión de una entrevista"),
        (result.as_str(), "esto no es una sesión de una entrevista"),
        ("", "está vacío"),
        (&session[..session.len() / 2], "esta sesión no está como se guardó"),
        (&kept_under("id: back-pain", "id: knee"), "es de «knee», no de «back-pain»"),
        (&session.replace("_version\": 1,", "_version\": 2,"), "no es de la forma 1"),
    ] {
        let program = Program::new().file("yo.json", text).args("--lang es --session yo.json");
        let told = program.fails(65);
        assert!(told.contains(said), "{told}");
        assert!(told.contains("no se puede seguir con «yo.json»"), "{told}");
        // What the file itself says is shown, and is nobody's translation.
        assert_spanish(&told.lines().filter(|it| !it.contains(" | ")).collect::<String>());
    }
    let folder = Program::new().args("--lang es --session .").fails(66);
    assert!(folder.starts_with("error: no se puede leer «.»: no es un archivo\n"), "{folder}");
    let nowhere = Program::new().args("--lang es --session nada/yo.json").fails(73);
    assert!(nowhere.contains("«nada/yo.json»: no existe ese archivo o"), "{nowhere}");
    for told in [folder, nowhere] {
        assert_spanish(&told);
    }
}

#[test]
fn what_is_said_beside_a_result_is_spanish() {
    let run = |flags: &str| {
        let program = Program::new().file("yo.yaml", person("strain"));
        let ran = program.args("--lang es --country xx").args(flags).run();
        assert_spanish(&ran.stderr);
        ran.stderr
    };
    let told = run("--answers yo.yaml --first-age under-35");
    assert!(told.contains("nota: --first-age no cuenta"), "{told}");
    let told = run("--answers yo.yaml --output hoja.html --format html");
    assert!(told.contains("nota: se ha escrito hoja.html"), "{told}");
}

/// What this file looks for is found where it is.
#[test]
fn english_is_told_from_spanish() {
    let found = |said: &str| english().into_iter().any(|it| has_words(&flat(said), &it));
    for said in [
        "Pregunta 1 of about 12",
        "stopped: nothing was kept; with `--session FILE` you can go on later",
        "Your answer: No.",
        "↑↓ move, Enter answers, Esc vuelve",
        "Hasta ahora: \u{1b}[1mSee the\u{1b}[0m\r\n result",
    ] {
        assert!(found(said), "{said}");
    }
    assert!(!found("Pregunta 1 de 12, más o menos. Sí. No. error: Intro, Esc"));
}
