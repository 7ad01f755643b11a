//! The same in every language: complete, and no judgement changed by it.

use std::collections::BTreeMap;

use backwise::language::Language;
use backwise::questionnaire::Spelled;
use backwise::records::{self, Record};
use backwise::report::{self, markdown, text};
use backwise::{RuleSet, fault, triage};

use crate::people::{Chance, complete};
use crate::program::{Program, repository};
use crate::report::{PEOPLE, answers, person};
use crate::safety::shipped;

fn spanish_texts() -> String {
    std::fs::read_to_string(repository("rules/back-pain.es.yaml")).unwrap()
}

pub(crate) fn spanish() -> RuleSet {
    let texts = spanish_texts();
    shipped().translated(&texts).unwrap_or_else(|faults| {
        panic!("{}", fault::draw_all(&faults, "rules/back-pain.es.yaml", &texts))
    })
}

/// The messages of a catalogue: id to words.
pub(crate) fn catalogue(tag: &str) -> BTreeMap<String, String> {
    let file = std::fs::read_to_string(repository(&format!("locales/{tag}.ftl"))).unwrap();
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut last = String::new();
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        if let Some((id, words)) = line.split_once(" = ").filter(|_| !line.starts_with(' ')) {
            id.clone_into(&mut last);
            assert!(found.insert(last.clone(), words.to_owned()).is_none(), "{id} stands twice");
        } else if !line.is_empty() {
            found.get_mut(&last).unwrap().push_str(line);
        }
    }
    found
}

fn placeables(words: &str) -> Vec<&str> {
    let mut names: Vec<&str> = words
        .split('$')
        .skip(1)
        .map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next().unwrap())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[test]
fn the_catalogues_say_the_same_things() {
    let (english, spanish) = (catalogue("en"), catalogue("es"));
    assert_eq!(english.keys().collect::<Vec<_>>(), spanish.keys().collect::<Vec<_>>());
    for (id, words) in &english {
        assert_eq!(placeables(words), placeables(&spanish[id]), "{id}");
        let same = ["no", "no-answer", "language-name", "error", "typed-no"].contains(&id.as_str());
        assert!(same || *words != spanish[id], "{id} is not translated");
    }
}

#[test]
fn every_word_that_the_program_says_is_in_the_catalogues_and_no_other() {
    let mut sources = String::new();
    let mut folders = vec![repository("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                sources += &std::fs::read_to_string(path).unwrap();
            }
        }
    }
    let catalogue = catalogue("en");
    for call in [".say(\"", ".tell(\"", ".tell(\n"] {
        for part in sources.split(call).skip(1) {
            let part = part.trim_start().trim_start_matches('"');
            let id = part.split('"').next().unwrap();
            assert!(catalogue.contains_key(id), "`{id}` is said and in no catalogue");
        }
    }
    for id in catalogue.keys() {
        let made_of_parts = id.starts_with("care-");
        // What to do about an error is said with it.
        let said = id.strip_suffix("-help").unwrap_or(id);
        assert!(made_of_parts || sources.contains(&format!("\"{said}\"")), "`{id}` is never said");
    }
}

#[test]
fn the_same_answers_give_the_same_bytes_to_a_machine_in_any_language() {
    for name in PEOPLE {
        let run = |flags: &str, lang: &str| {
            let program = Program::new().file("me.yaml", person(name)).env("LANG", lang);
            program.args("--answers me.yaml --partial --format json").args(flags).succeeds()
        };
        let english = run("", "en_GB.UTF-8");
        assert_eq!(english, run("--lang es", "en_GB.UTF-8"));
        assert_eq!(english, run("", "es_MX.UTF-8"));
    }
}

#[test]
fn the_locale_chooses_and_the_flag_goes_before_it() {
    let run = |flags: &str, lang: &str| {
        let program = Program::new().file("me.yaml", person("strain")).env("LANG", lang);
        program.args("--answers me.yaml").args(flags).run()
    };
    assert!(run("", "es_ES.UTF-8").stdout.starts_with("Señales de alarma\n"));
    assert!(run("--lang en", "es_ES.UTF-8").stdout.starts_with("Warning signs\n"));
    assert!(run("", "C").stdout.starts_with("Warning signs\n"));
    let french = run("--lang fr", "C");
    assert!(french.stdout.starts_with("Warning signs\n"));
    assert_eq!(
        french.stderr,
        "note: there are no texts in `fr` for this rule set; they are in English\n"
    );
}

/// Lists every English sentence that is left in what Spanish readers read.
#[test]
fn every_text_of_a_spanish_run_is_spanish() {
    let (english, spanish) = (shipped(), spanish());
    let sources: Vec<String> = english.sources.iter().map(|source| source.title.clone()).collect();
    let mut chance = Chance::new(11);
    let mut people: Vec<_> = PEOPLE.iter().map(|name| answers(&english, name)).collect();
    people.extend((0..300).map(|idx| complete(&english, &mut chance, 2 + idx % 40)));
    let mut left: Vec<String> = Vec::new();
    for answers in people {
        let assessment = triage(&english, &answers);
        assert_eq!(assessment, triage(&spanish, &answers));
        let told = |rules: &RuleSet| {
            let documents = [
                report::compose(rules, &answers, &assessment),
                report::sheet(rules, &answers, &assessment, None),
                report::account(rules, &answers, &assessment),
            ];
            documents
                .map(|document| text::plain(&document, 4000) + &markdown::markdown(&document))
                .concat()
        };
        let (in_english, in_spanish) = (told(&english), told(&spanish));
        for line in in_spanish.lines() {
            // Works keep their titles, and ids are the same in every language.
            let is_work = sources.iter().any(|title| line.contains(title.as_str()));
            let is_same = in_english.lines().any(|other| other == line);
            let has_words =
                line.split(|c: char| !c.is_alphabetic()).filter(|w| w.len() > 3).count();
            if is_same && !is_work && has_words > 1 {
                left.push(line.to_owned());
            }
        }
    }
    left.sort();
    left.dedup();
    // What a person answered in their own words stays as it was said.
    left.retain(|line| !person("desk").contains(line.trim_start_matches("- ")));
    let own = |line: &String| {
        let note = line.rsplit(['*', ':']).next().unwrap().trim().to_owned();
        person("desk").contains(&note) || line.contains("A-17")
    };
    left.retain(|line| !own(line));
    assert_eq!(left, Vec::<String>::new());
}

/// What is read of somebody in Spanish, a line each: without the titles of works, and without what
/// was said in own words.
fn read_in_spanish(spanish: &RuleSet, answers: &backwise::Answers) -> Vec<String> {
    let assessment = triage(spanish, answers);
    let kept = backwise::Session::new(answers.clone()).write(spanish);
    let mut records = ["a", "b"].map(|name| Record::read(spanish, name, &kept).unwrap());
    // Something is new, something is gone, and something fits no more.
    records[0].assessment.warnings = vec![0, spanish.warnings.len() - 1];
    records[1].left_out = vec!["age".to_owned(), "shoe-size".to_owned()];
    let comparison = records::compare(spanish, &records).unwrap();
    let documents = [
        report::compose(spanish, answers, &assessment),
        report::sheet(spanish, answers, &assessment, None),
        report::account(spanish, answers, &assessment),
        comparison.document(),
    ];
    let own_words = |line: &&str| {
        let said = answers.spelled(&spanish.questionnaire).any(|(.., said)| match said {
            Spelled::Note(note) => !note.is_empty() && line.contains(note.as_str()),
            _ => false,
        });
        !said
    };
    let mut lines = Vec::new();
    for mut document in documents {
        document.sections.retain(|section| section.id != "sources");
        for output in [text::plain(&document, 4000), markdown::markdown(&document)] {
            lines.extend(output.lines().filter(own_words).map(str::to_owned));
        }
    }
    lines
}

/// Word by word, whatever it is in English now, and whatever the rule sets call things.
#[test]
fn no_english_word_and_no_id_is_left_in_what_a_spanish_reader_reads() {
    let spanish = spanish();
    let mut strange = crate::spanish::english();
    strange.extend(["routine", "same-day", "emergency", "is", "or", "not"].map(str::to_owned));
    let texts = spanish_texts() + &catalogue("es").into_values().collect::<String>();
    let questions = &spanish.questionnaire.questions;
    let ids = questions
        .iter()
        .flat_map(|it| it.choices().iter().map(|choice| choice.id.clone()).chain([it.id.clone()]));
    let rules = spanish.rules.iter().map(|rule| rule.id.clone());
    let warnings = spanish.warnings.iter().map(|warning| warning.id.clone());
    // Ids of two words; one alone, such as `disc` or `heat`, could be part of a Spanish text.
    strange.extend(ids.chain(rules).chain(warnings).filter(|id| {
        let is_number = id.starts_with(|c: char| c.is_ascii_digit());
        id.contains('-') && !is_number || id.len() > 3 && !texts.contains(&format!(" {id}"))
    }));
    let mut chance = Chance::new(17);
    let mut people: Vec<_> = PEOPLE.iter().map(|name| answers(&spanish, name)).collect();
    people.extend((0..60).map(|idx| complete(&spanish, &mut chance, 2 + idx % 40)));
    let mut lines: Vec<String> =
        people.iter().flat_map(|answers| read_in_spanish(&spanish, answers)).collect();
    lines.sort();
    lines.dedup();
    // The rule set and the program have names.
    let name = format!("{}, versión", spanish.id);
    lines.retain(|line| !line.starts_with(&name));
    let is_left = |line: &String| {
        let found = strange.iter().find(|words| crate::spanish::has_words(line, words))?;
        Some(format!("`{found}` in {line}"))
    };
    let left: Vec<String> = lines.iter().filter_map(is_left).collect();
    assert!(lines.len() > 500, "only {} lines", lines.len());
    assert_eq!(left, Vec::<String>::new());
}

/// People read no ids in English either.
#[test]
fn the_account_says_what_nearly_counted_as_people_speak() {
    let rules = shipped();
    let answers = answers(&rules, "desk");
    let told = text::plain(&report::account(&rules, &answers, &triage(&rules, &answers)), 4000);
    for id in [
        "massage-good",
        "signs-now",
        "tried is",
        "lacks",
        "same-day",
        "instead of \"None of these\". and",
    ] {
        assert!(!told.contains(id), "{id} in {told}");
    }
    let part = told.split("Rules that lacked one thing\n").nth(1).unwrap();
    assert!(
        part.contains(
            "This would count too if the answer to \"What have you tried for it, and how \
                       did it go?\" is \"Massage helped well\"."
        ),
        "{part}"
    );
}

#[test]
fn a_condition_is_said_as_people_would() {
    let rules = shipped();
    let question = |id: &str| {
        let question = rules.questionnaire.find(id).unwrap();
        rules.said(rules.questionnaire.questions[question].when.as_ref().unwrap())
    };
    assert_eq!(
        question("daily-life"),
        "the answer to \"How bad was the pain in the last week, most of the time?\" is 4 or more, \
         the answer to \"How bad was the pain in the last week, most of the time?\" is \"Not sure\" \
         or the answer to \"How long has it lasted this time?\" is \"6 weeks or more, but less than \
         12\", \"12 weeks or longer\" or \"Not sure\""
    );
}

#[test]
fn the_questions_and_what_is_wrong_with_answers_are_told_in_the_language() {
    let listed = Program::new().args("questions --lang es").succeeds();
    for said in ["respuesta: un número entero del 0 al 10 o `unsure`", "se pregunta: siempre"] {
        assert!(listed.contains(said), "{said}: {listed}");
    }
    let english = crate::spanish::english();
    let left: Vec<&String> =
        english.iter().filter(|it| crate::spanish::has_words(&listed, it)).collect();
    assert!(left.is_empty(), "{left:?}");
    let same = Program::new().args("questions --lang es --format json").succeeds();
    assert_eq!(same, Program::new().args("questions --format json").succeeds());

    let open = Program::new().args("--lang es --age 18-34 --no-input").fails(2);
    assert!(open.starts_with("error: quedan "), "{open}");
    assert!(open.contains(" preguntas sin responder, y se ha dado --no-input\n"), "{open}");
    assert!(open.contains("--pain <un número entero del 0 al 10 o `unsure`>"), "{open}");
    for (answers, said) in [
        ("pain: 55", "`55` no es una respuesta a `pain`"),
        ("pain: 55", "= se esperaba un número entero del 0 al 10 o `unsure`"),
        ("paim: 5", "`paim` no es una pregunta de este conjunto de reglas"),
        ("symptoms: [none, spasms]", "`none` no puede ir junto con otra respuesta"),
        ("age: young", "= se esperaba `under-18`, `18-34`"),
        ("- pain", "se esperaban respuestas, y hay una lista"),
    ] {
        let program = Program::new().file("yo.yaml", answers).args("--lang es --answers yo.yaml");
        let told = program.fails(65);
        assert!(told.contains(said), "{said}: {told}");
        assert!(told.ends_with("yo.yaml: 1 fallo\n"), "{told}");
    }
}

#[test]
fn the_languages_liked_go_in_the_order_of_gettext() {
    let run = |liked: &str, lang: &str, flags: &str| {
        let program = Program::new().file("me.yaml", person("strain")).env("LANG", lang);
        let program = program.env("LANGUAGE", liked).args("--answers me.yaml").args(flags);
        let ran = program.run();
        (ran.stdout.lines().next().unwrap().to_owned(), ran.stderr)
    };
    let (spanish, english) = ("Señales de alarma", "Warning signs");
    for (liked, lang, flags, first) in [
        ("es:en", "en_GB.UTF-8", "", spanish),
        ("fr:es:en", "fr_FR.UTF-8", "", spanish),
        ("en:es", "es_ES.UTF-8", "", english),
        ("", "es_ES.UTF-8", "", spanish),
        ("fr", "es_ES.UTF-8", "", spanish),
        // The locale of no place stays what it is, and a flag goes before all of them.
        ("es", "C", "", english),
        ("es", "C.UTF-8", "", english),
        ("es", "en_GB.UTF-8", "--lang en", english),
    ] {
        assert_eq!(run(liked, lang, flags), (first.to_owned(), String::new()), "{liked} {lang}");
    }
    assert_eq!(
        run("", "fr_FR.UTF-8", "").1,
        "note: there are no texts in `fr_FR` for this rule set; they are in English\n"
    );
}

#[test]
fn yes_and_no_are_read_in_the_language() {
    let spanish = spanish();
    let question =
        &spanish.questionnaire.questions[spanish.questionnaire.find("now-chest").unwrap()];
    assert_eq!((question.label(1), question.label(2)), ("Sí".to_owned(), "No".to_owned()));
    assert_eq!((question.word(1), question.word(2)), ("yes".to_owned(), "no".to_owned()));
    assert_eq!(spanish.words(), Language::Spanish);
}

/// Works keep their titles; who wrote them is said in the language.
#[test]
fn authors_are_joined_in_the_language() {
    for source in spanish().sources {
        let is_english =
            [" and other", " and partners", "Review of "].map(|it| source.by.contains(it));
        assert_eq!(is_english, [false; 3], "{}", source.by);
    }
}

#[test]
fn a_translation_with_faults_is_told_all_of_them() {
    let rules = shipped();
    let bad = spanish_texts()
        .replace("  grades:\n", "")
        .replace("  disputed: las guías no coinciden\n", "")
        .replace("  low: pruebas limitadas\n", "  low: limited evidence\n")
        .replace("  you: Sobre usted\n", "  you: Sobre usted\n  yuo: Sobre usted\n")
        .replace("llame ahora al\n  {emergency-number}", "llame ahora al\n  {emergencia}");
    let faults = rules.translated(&bad).unwrap_err();
    let mut codes: Vec<&str> = faults.iter().map(|fault| fault.code).collect();
    codes.sort_unstable();
    assert_eq!(
        codes,
        ["differing-placeholder", "left-over-text", "missing-text", "untranslated-text"],
        "{}",
        fault::draw_all(&faults, "bad.es.yaml", &bad)
    );
    let drawn = fault::draw_all(&faults, "bad.es.yaml", &bad);
    assert!(drawn.contains("`grades.disputed` has no translation"), "{drawn}");
    assert!(drawn.contains("did you mean `groups.you`?"), "{drawn}");
    let other = spanish_texts().replace("version: 1.0.0", "version: 0.9.0");
    assert_eq!(rules.translated(&other).unwrap_err()[0].code, "other-version");
}

#[test]
fn the_texts_of_another_rule_set_stand_beside_it() {
    let rules = std::fs::read_to_string(repository("rules/back-pain.yaml")).unwrap();
    let run = |texts: &str| {
        let program = Program::new().file("mine.yaml", &rules).file("mine.es.yaml", texts);
        let program = program.file("me.yaml", person("strain"));
        program.args("--rules mine.yaml --answers me.yaml --lang es").run()
    };
    assert!(run(&spanish_texts()).stdout.starts_with("Señales de alarma\n"));
    let broken = run("translates: back-pain\n");
    assert!(broken.stdout.starts_with("Warning signs\n"));
    assert!(broken.stderr.contains("do not fit this rule set; English is used"));
}

#[test]
fn a_country_names_its_number_and_nothing_else_does() {
    let call = |flags: &str| {
        let ran = Program::new().args("--signs-now saddle-numb").args(flags).run();
        (ran.stdout.lines().nth(1).unwrap().to_owned(), ran.stderr)
    };
    assert!(call("--country DE").0.starts_with("Call 112 now, or have someone take you"));
    assert!(call("--country gb --lang es").0.starts_with("Llame ahora al 999 o 112, o haga"));
    assert_eq!(call("--country uk"), call("--country GB"));
    // A number that was not checked at its source is not given as certain.
    let (us, _) = call("--country us");
    assert!(us.starts_with("Call 911 (or the number you know to be right where you are) now"));
    let general = "Call your local emergency number (112 in the EU and on many mobile phones, 911";
    assert!(call("").0.starts_with(general));
    let (unknown, stderr) = call("--country xx");
    assert!(unknown.starts_with(general));
    assert_eq!(stderr, "note: no number is known for `xx`; the general words are used\n");
    // A locale is not a location.
    let ran = Program::new().env("LANG", "en_GB.UTF-8").args("--signs-now saddle-numb").run();
    assert!(ran.stdout.contains(&general[..40]));
}
