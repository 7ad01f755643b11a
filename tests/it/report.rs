//! The four renderings: what they are, byte for byte, and that nothing said can break out of them.

use backwise::records::{self, Record};
use backwise::report::{self, Document, html, json, markdown, text};
use backwise::yaml::{self, Node, Value};
use backwise::{Answers, RuleSet, triage};
use expect_test::expect_file;
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::program::{Program, repository};
use crate::safety::shipped;

/// The people whose results are kept whole.
pub(crate) const PEOPLE: [&str; 5] = ["strain", "desk", "fever", "saddle", "older"];

pub(crate) fn person(name: &str) -> String {
    std::fs::read_to_string(repository(&format!("tests/golden/{name}.yaml"))).unwrap()
}

pub(crate) fn answers(rules: &RuleSet, name: &str) -> Answers {
    Answers::read(&rules.questionnaire, &person(name)).unwrap()
}

fn sheet(rules: &RuleSet, answers: &Answers) -> Document {
    report::sheet(rules, answers, &triage(rules, answers), Some("22 November 2026"))
}

/// The hash changes with every edit of the rules; it is not what these files are for.
fn without_hash(output: &str, rules: &RuleSet) -> String {
    output.replace(&rules.hash, "(hash)").replace(&rules.hash[..12], "(hash)")
}

#[test]
fn five_people_read_as_they_should_in_every_format() {
    let rules = shipped();
    for name in PEOPLE {
        for (format, ending) in
            [("text", "txt"), ("markdown", "md"), ("html", "html"), ("json", "json")]
        {
            let program = Program::new().file("me.yaml", person(name));
            let program = program.args(&format!("--answers me.yaml --partial --format {format}"));
            let output = program.args("--date").arg("22 November 2026").succeeds();
            expect_file![repository(&format!("tests/golden/{name}.{ending}"))]
                .assert_eq(&without_hash(&output, &rules));
        }
    }
    let program = Program::new().file("me.yaml", person("desk"));
    let output = program.args("--answers me.yaml --lang es --format markdown").succeeds();
    expect_file![repository("tests/golden/desk.es.md")].assert_eq(&without_hash(&output, &rules));
}

#[test]
fn the_sheet_of_an_emergency_is_the_call_and_what_was_answered() {
    let rules = shipped();
    let answers = answers(&rules, "saddle");
    let sheet = sheet(&rules, &answers);
    let ids: Vec<&str> = sheet.sections.iter().map(|section| section.id).collect();
    assert_eq!(ids, ["call", "answers", "about"]);
    for output in [html::html(&sheet), markdown::markdown(&sheet)] {
        assert!(output.contains("Numbness between the legs"), "{output}");
        // What was wished for is not what helps now.
        assert!(!output.contains("hands-on care"), "{output}");
    }
}

#[test]
fn where_a_doctor_comes_first_the_sheet_names_no_treatment() {
    let rules = shipped();
    let sheet = sheet(&rules, &answers(&rules, "fever"));
    for output in [html::html(&sheet), markdown::markdown(&sheet), text::plain(&sheet, 80)] {
        let lower = output.to_lowercase();
        for name in ["massage", "physical therapy", "yoga", "acupuncture", "hands-on care"] {
            assert!(!lower.contains(name), "{name} in {output}");
        }
        assert!(output.contains("1 of 19 yes, 0 not sure"), "{output}");
    }
}

/// Notes of every kind, as a therapist takes them.
const NOTES: &str = "client-reference: A-17\nmain-complaint: It came on at night\n\
    pressure-wanted: As firm as it gets\nconsent: Yes to all\n";

#[test]
fn an_emergency_sheet_has_what_was_said_in_own_words() {
    let rules = shipped();
    let said = format!("signs-now: saddle-numb\npreferences: hands-on\n{NOTES}");
    let sheet = sheet(&rules, &Answers::read(&rules.questionnaire, &said).unwrap());
    let ids: Vec<&str> = sheet.sections.iter().map(|section| section.id).collect();
    assert_eq!(ids, ["call", "answers", "about"]);
    let output = markdown::markdown(&sheet);
    assert!(output.contains("| It came on at night |"), "{output}");
    for left_out in ["As firm as it gets", "Pressure", "Yes to all", "hands-on care"] {
        assert!(!output.contains(left_out), "{left_out} in {output}");
    }
}

#[test]
fn a_same_day_sheet_has_all_but_what_names_treatments() {
    let rules = shipped();
    let said = format!("{}trend: worse\n{NOTES}", person("fever"));
    let said = said.replace("duration: under-2-weeks", "duration: 6-to-12-weeks");
    let said = said.replace("pattern: none", "pattern: morning-stiff");
    let said = format!("{said}tried: massage-good\n");
    let answers = Answers::read(&rules.questionnaire, &said).unwrap();
    let output = markdown::markdown(&sheet(&rules, &answers));
    for told in ["It came on at night", "Stiff for half an hour", "### About this pain"] {
        assert!(output.contains(told), "{told} is not in {output}");
    }
    assert!(output.contains("treatments and wishes is left out here until"), "{output}");
    let told = text::plain(&report::compose(&rules, &answers, &triage(&rules, &answers)), 80);
    for output in [output, told] {
        for left_out in ["As firm as it gets", "Pressure", "Yes to all", "massage", "Massage"] {
            assert!(!output.contains(left_out), "{left_out} in {output}");
        }
    }
}

/// What a same-day sheet shows of the questions can name no treatment, whoever answers.
#[test]
fn every_question_that_names_a_treatment_is_known_to() {
    let rules = shipped();
    for (question_idx, question) in rules.questionnaire.questions.iter().enumerate() {
        if rules.sheet.about_treatment.contains(&question_idx) {
            continue;
        }
        let labels = question.choices().iter().map(|choice| choice.label.as_str());
        let texts: Vec<&str> = labels.chain([question.ask.as_str()]).collect();
        let texts = texts.concat().to_lowercase();
        for name in ["massage", "physical therapy", "yoga", "acupuncture", "chiropract", "hands-on"]
        {
            assert!(!texts.contains(name), "{} names {name}", question.id);
        }
    }
}

#[test]
fn answers_stand_under_the_headings_of_their_groups() {
    let rules = shipped();
    let output = markdown::markdown(&sheet(&rules, &answers(&rules, "desk")));
    let answers = output.split("\n## ").find(|it| it.starts_with("What was answered")).unwrap();
    let headings: Vec<&str> = answers.lines().filter_map(|it| it.strip_prefix("### ")).collect();
    // The notes have a part of their own.
    let groups = &rules.questionnaire.groups;
    let groups: Vec<&str> = groups.iter().map(|group| group.title.as_str()).collect();
    assert_eq!(headings, groups[..groups.len() - 1]);
    // Nine plain noes are one row with the list they were asked for.
    assert!(answers.contains("; 9 of the 9 asked one at a time: No |"), "{answers}");
    assert!(!answers.contains("Do you have chest pain"), "{answers}");
    let desk = person("desk").replace("now-chest: no", "now-chest: unsure");
    let unsure = Answers::read(&rules.questionnaire, &desk).unwrap();
    let output = markdown::markdown(&sheet(&rules, &unsure));
    assert!(output.contains("; 8 of the 9 asked one at a time: No |"), "{output}");
    assert!(output.contains("| Do you have chest pain, trouble breathing"), "{output}");
}

#[test]
fn what_the_sheet_leaves_out_is_said() {
    let rules = shipped();
    let long = "word ".repeat(300);
    let desk = format!("{}makes-better: {long}\n", person("desk").replace("makes-better", "#"));
    let answers = Answers::read(&rules.questionnaire, &desk).unwrap();
    let sheet = sheet(&rules, &answers);
    let output = markdown::markdown(&sheet);
    assert!(output.contains("word… (cut here; the record has all 1499 characters)"), "{output}");
    assert!(!output.contains(&"word ".repeat(100)), "{output}");
    let assessment = triage(&rules, &answers);
    let suggested = assessment.treatment(&rules).unwrap();
    let points = assessment.rules.iter().flat_map(|&rule| &rules.rules[rule].points);
    let all: i32 = points.filter(|(item, n)| *item == suggested && *n > 0).map(|(_, n)| n).sum();
    let part = output.split("\n## ").find(|it| it.starts_with("Why: the rules")).unwrap();
    let shown = part.lines().filter_map(|line| line.split(" | ").nth(1)?.parse::<i32>().ok());
    let rest = all - shown.sum::<i32>();
    assert!(part.contains(&format!("And 2 more, together {rest} points")), "{part}");
}

#[test]
fn signs_taken_apart_are_counted_one_by_one() {
    let rules = shipped();
    let desk = person("desk").replace("now-chest: no", "now-chest: unsure");
    let answers = Answers::read(&rules.questionnaire, &desk).unwrap();
    let output = markdown::markdown(&sheet(&rules, &answers));
    assert!(output.contains("0 of 19 yes, 1 not sure"), "{output}");
}

#[test]
fn pictures_have_their_words_and_are_never_too_wide() {
    let rules = shipped();
    let answers = answers(&rules, "desk");
    let assessment = triage(&rules, &answers);
    let document = report::compose(&rules, &answers, &assessment);
    for strokes in [text::Strokes::Ascii, text::Strokes::Blocks] {
        for width in 20..100 {
            for line in text::drawn(&document, width, strokes) {
                assert!(backwise::prose::columns(&line.text) <= width, "{width}: {}", line.text);
            }
        }
    }
    let plain = text::plain(&document, 80);
    assert!(plain.contains("Pain: 6 of 10, moderate\n0 ############........ 10\n"), "{plain}");
    assert!(plain.is_ascii() || !plain.contains('█'), "{plain}");
    let blocks = text::drawn(&document, 80, text::Strokes::Blocks);
    assert!(blocks.iter().any(|line| line.text == "0 ████████████░░░░░░░░ 10"));
}

/// What kinds of things stand in a Markdown text, in order, without the words in them.
fn structure(markdown: &str) -> Vec<String> {
    let mut structure: Vec<String> = Vec::new();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        let part = match event {
            Event::Text(_) | Event::SoftBreak => continue,
            Event::Start(Tag::Heading { level, .. }) => format!("{level}"),
            Event::Code(code) if code.chars().all(|c| "█░".contains(c)) => "bar".to_owned(),
            other => format!("{other:?}"),
        };
        structure.push(part);
    }
    structure
}

#[test]
fn the_markdown_is_the_structure_that_was_meant() {
    let rules = shipped();
    for name in PEOPLE {
        let sheet = sheet(&rules, &answers(&rules, name));
        let markdown = markdown::markdown(&sheet);
        let structure = structure(&markdown);
        let count = |part: &str| structure.iter().filter(|it| it.starts_with(part)).count();
        assert_eq!(count("h1"), 1);
        assert_eq!(count("h2"), sheet.sections.len());
        let tables = sheet.sections.iter().flat_map(|section| &section.blocks);
        let tables = tables.filter(|block| matches!(block, report::Block::Table { .. })).count();
        assert_eq!(count("Start(Table("), tables, "{structure:?}");
        for strange in ["Html", "InlineHtml", "Start(Link", "Start(Image", "Code", "Rule"] {
            assert_eq!(count(strange), 0, "{strange} in {markdown}");
        }
    }
}

/// The names of the tags of a page, in order.
fn tags(html: &str) -> Vec<&str> {
    let body = html.split("</style>").nth(1).unwrap();
    body.split('<').skip(1).map(|tag| tag.split([' ', '>']).next().unwrap()).collect()
}

/// The Spanish texts with another text in each place; what stands in braces is kept.
fn replaced(node: &Node, text: &str) -> serde_json::Value {
    match &node.value {
        Value::Map(entries) => {
            let entries = entries.iter().map(|(key, node)| {
                let kept = ["translates", "version", "of", "language", "same-in-both"];
                let value = if kept.contains(&key.text.as_str()) {
                    replaced(node, "")
                } else {
                    replaced(node, text)
                };
                (key.text.clone(), value)
            });
            serde_json::Value::Object(entries.collect())
        }
        Value::List(items) => items.iter().map(|item| replaced(item, text)).collect(),
        Value::Scalar(was) if text.is_empty() => was.as_str().into(),
        Value::Scalar(was) => {
            let placeholder = was.split_once('{').map_or("", |(_, rest)| rest);
            let placeholder = placeholder.split_once('}').map(|(name, _)| format!("{{{name}}}"));
            format!("{text}{}", placeholder.unwrap_or_default()).into()
        }
        Value::Null => serde_json::Value::Null,
    }
}

/// Everything that is rendered of somebody, and a comparison for scripts; `said` is the date, and the
/// name of each file that is compared.
fn documents(rules: &RuleSet, answers: &Answers, said: &str) -> (Vec<Document>, String) {
    let assessment = triage(rules, answers);
    let kept = backwise::Session::new(answers.clone()).write(rules);
    let mut records = ["", ""].map(|_| Record::read(rules, said, &kept).unwrap());
    // Something has changed, and something was left out.
    records[1].answers.forget(2);
    records[1].left_out = vec![said.to_owned()];
    let comparison = records::compare(rules, &records).unwrap();
    let mut documents = vec![
        report::sheet(rules, answers, &assessment, Some(said)),
        report::compose(rules, answers, &assessment),
        comparison.document(),
    ];
    // Of one with few answers, as every pair of them is changed for it.
    if answers.spelled(&rules.questionnaire).count() < 25 {
        documents.push(report::account(rules, answers, &assessment));
    }
    (documents, comparison.json())
}

/// What somebody might write to break out of a page, a document or a screen.
fn hostile() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "<script>alert(1)</script>",
        "</style></title><img src=x onerror=alert(1)>",
        "\" onmouseover=\"x",
        "' /><svg onload=x>",
        "&lt;b&gt;&#60;",
        "-->",
        "]]>",
        "| a | b |",
        "\n---\n",
        "\n\n# heading",
        "- item",
        "1. item",
        "1) item",
        "    code",
        "```\ncode",
        "`code",
        "**bold** _em_ ~~s~~",
        "[a](javascript:x)",
        "![a](http://x)",
        "<http://x>",
        "http://example.org",
        "[a]: http://x",
        "\\",
        "\u{1b}[31m\u{7}",
        "\u{202e}\u{200b}",
        "\t",
        "{{ x }}{% y %}",
        "=====",
        "> quote",
        "背中",
        "🦴",
    ]);
    prop::collection::vec(prop_oneof![parts.prop_map(str::to_owned), "\\PC{0,8}"], 1..5)
        // A letter of its own, so that the text is never blank.
        .prop_map(|parts| parts.concat().replace(['{', '}'], "") + " z")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn nothing_said_breaks_out_of_any_format(text in hostile(), note in hostile()) {
        let rules = shipped();
        // What stands in braces is put in when rules are read, never in what somebody says.
        let note = format!("{note} {{emergency-number}} {{$number}}");
        let spanish = std::fs::read_to_string(repository("rules/back-pain.es.yaml")).unwrap();
        let node = yaml::read(&spanish).unwrap();
        let translation = replaced(&node, &text).to_string();
        let hostile = rules.translated(&translation).map_err(|faults| {
            TestCaseError::fail(format!("{faults:?}"))
        })?;
        let harmless = rules.translated(&replaced(&node, "harmless z").to_string()).unwrap();
        for name in PEOPLE {
            let mut answers = answers(&rules, name);
            let mut plain = answers.clone();
            for (idx, question) in rules.questionnaire.questions.iter().enumerate() {
                if question.kind == backwise::questionnaire::Kind::Text {
                    answers.give(idx, question.parse(&[&note]).unwrap());
                    plain.give(idx, question.parse(&["a note"]).unwrap());
                }
            }
            let assessment = triage(&hostile, &answers);
            let (bad, bad_json) = documents(&hostile, &answers, &text);
            let (good, _) = documents(&harmless, &plain, "harmless z");
            for (bad, good) in bad.iter().zip(&good) {
                let (bad_html, good_html) = (html::html(bad), html::html(good));
                prop_assert_eq!(tags(&bad_html), tags(&good_html));
                let (bad_text, good_text) = (markdown::markdown(bad), markdown::markdown(good));
                prop_assert_eq!(structure(&bad_text), structure(&good_text), "{}", bad_text);
                for line in text::lines(bad, 60) {
                    prop_assert!(!line.text.chars().any(char::is_control), "{:?}", line.text);
                    prop_assert!(backwise::prose::columns(&line.text) <= 60, "{}", line.text);
                }
            }
            if assessment.care.names_treatment() {
                let own_words = markdown::markdown(&bad[0]);
                prop_assert!(own_words.contains("{emergency-number} {"), "{}", own_words);
            }
            let clean = backwise::prose::clean(&note);
            for rules in [&rules, &hostile] {
                let result = json::explained(rules, &answers, &triage(rules, &answers));
                let result: serde_json::Value = serde_json::from_str(&result).unwrap();
                prop_assert_eq!(result["answers"]["consent"].as_str().unwrap(), clean.trim());
                prop_assert_eq!(result["care"].as_str().unwrap(), assessment.care.id());
            }
            let compared: serde_json::Value = serde_json::from_str(&bad_json).unwrap();
            prop_assert_eq!(compared["records"][0]["name"].as_str().unwrap(), &text);
        }
    }
}

#[test]
fn a_file_is_whole_or_not_there() {
    let strain = person("strain");
    let ran = Program::new()
        .file("me.yaml", &strain)
        .args("--answers me.yaml --format html --output no/such/sheet.html")
        .fails(73);
    assert!(ran.contains("cannot write `no/such/sheet.html`"), "{ran}");
    // Before anything is asked: the answers are missing, and yet it is the file that is told.
    let ran = Program::new().args("--output no/such/sheet.html --no-input").fails(73);
    assert!(ran.contains("cannot write"), "{ran}");
    let ran = Program::new().args("--output . --partial").fails(73);
    assert!(ran.contains("cannot write `.`"), "{ran}");

    let program = Program::new()
        .file("me.yaml", &strain)
        .file("sheet.html", "what was there")
        .args("--answers me.yaml --format html --output sheet.html");
    let ran = program.run();
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""));
    assert_eq!(ran.stderr, "note: wrote sheet.html\n");
    assert!(program.read("sheet.html").starts_with("<!DOCTYPE html>\n"));
    assert_eq!(program.files(), ["me.yaml", "sheet.html"], "nothing is left beside it");

    // A run that ends without a result leaves what was there.
    let program = Program::new()
        .file("sheet.html", "what was there")
        .args("--no-input --format html --output sheet.html");
    assert_eq!(program.run().code, Some(2));
    assert_eq!(program.read("sheet.html"), "what was there");
    assert_eq!(program.files(), ["sheet.html"]);
}

#[test]
fn nothing_that_is_read_is_written_over() {
    let strain = person("strain");
    let kept = Program::new().file("me.yaml", &strain).args("--answers me.yaml --format json");
    let kept = kept.succeeds();
    for command in [
        "report keep.json -o keep.json",
        "report keep.json --format html --output ./keep.json",
        "compare other.json keep.json -o keep.json",
        "--answers keep.json --output keep.json",
        "--session keep.json --output keep.json",
        "--session new.json --output folder/../new.json",
        "--rules rules.yaml --partial --output rules.yaml",
    ] {
        let program = Program::new().file("keep.json", &kept).file("other.json", &kept);
        let rules = std::fs::read_to_string(repository("tests/check/small.yaml")).unwrap();
        let program = program.file("rules.yaml", rules);
        std::fs::create_dir(program.path("folder")).unwrap();
        let program = program.args(command);
        let stderr = program.fails(2);
        let said = "is read here; the result would be written over it\n\n  give `--output` another";
        assert!(stderr.contains(said), "{command}: {stderr}");
        assert_eq!(program.read("keep.json"), kept);
        assert!(!program.path("new.json").exists());
    }
    // Standard input and standard output are no files.
    Program::new().stdin(&strain).args("--answers - --output -").succeeds();
}

#[cfg(unix)]
#[test]
fn a_link_is_written_through_and_seen_through() {
    use std::os::unix::fs::symlink;
    let strain = person("strain");
    let linked = |link: &str, target: &str| {
        let program = Program::new().file("me.yaml", &strain);
        symlink(target, program.path(link)).unwrap();
        program
    };
    let program = linked("link", "me.yaml").args("--answers me.yaml --output link");
    assert!(program.fails(2).contains("`link` is read here"));
    assert_eq!(program.read("me.yaml"), strain);
    // A link to a file that is not there yet stays a link.
    for target in ["later.html", "./later.html"] {
        let program = linked("sheet.html", target);
        let program = program.args("--answers me.yaml --format html --output sheet.html");
        assert_eq!(program.run().code, Some(0));
        assert!(program.path("sheet.html").is_symlink());
        assert!(program.read("later.html").starts_with("<!DOCTYPE html>\n"));
    }
    let program = linked("sheet.html", "nowhere/later.html");
    let program = program.args("--answers me.yaml --format html --output sheet.html");
    assert!(program.fails(73).contains("cannot write `sheet.html`: no such file or directory"));
    let program = linked("round", "round").args("--answers me.yaml --output round");
    assert!(program.fails(73).contains("cannot write `round`"));
}

#[cfg(target_os = "linux")]
#[test]
fn where_there_is_no_room_that_is_what_is_said() {
    let full = |flags: &str| {
        let program = Program::new().file("me.yaml", person("strain"));
        program.args("--answers me.yaml --output /dev/full").args(flags).fails(73)
    };
    assert_eq!(
        full(""),
        "error: cannot write `/dev/full`: no space left on device\n\n  make room there, or write to \
         another place\n"
    );
    assert!(full("--lang es").ends_with("\n\n  libere espacio ahí, o escriba en otro sitio\n"));
}

#[cfg(unix)]
#[test]
fn a_new_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let program = Program::new()
        .file("me.yaml", person("strain"))
        .args("--answers me.yaml --format json --output result.json");
    program.run();
    let mode = std::fs::metadata(program.path("result.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn an_emergency_is_said_even_when_the_result_goes_to_a_file() {
    let ran = Program::new().args("--signs-now saddle-numb -o sheet.html --format html").run();
    assert_eq!(ran.code, Some(0));
    assert!(ran.stderr.contains("Get emergency help now. Call your local"), "{}", ran.stderr);
}

#[test]
fn a_result_and_a_session_are_written_anew_as_they_were() {
    let answers = Program::new().file("me.yaml", person("desk")).args("--answers me.yaml");
    let result = answers.args("--format json").succeeds();
    let again = |format: &str| {
        let program = Program::new().file("result.json", &result);
        program.args(&format!("report result.json --format {format}")).succeeds()
    };
    assert_eq!(again("json"), result);
    let at_once = |format: &str| {
        let program = Program::new().file("me.yaml", person("desk"));
        program.args(&format!("--answers me.yaml --format {format}")).succeeds()
    };
    for format in ["text", "markdown", "html"] {
        assert_eq!(again(format), at_once(format), "{format}");
    }
    let rules = shipped();
    let session = backwise::Session::new(self::answers(&rules, "desk")).write(&rules);
    let program = Program::new().file("session.json", session);
    assert_eq!(program.args("report session.json --format json").succeeds(), result);
}

#[test]
fn the_page_asks_for_nothing() {
    let rules = shipped();
    for name in PEOPLE {
        let page = html::html(&sheet(&rules, &answers(&rules, name)));
        assert!(
            page.contains("http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'")
        );
        for asking in ["<script", "src=", "@import", "<iframe", "<form"] {
            assert!(!page.contains(asking), "{asking} in the sheet of {name}");
        }
        // Only the patterns of the page itself are addressed.
        assert!(page.split("url(").skip(1).all(|rest| rest.starts_with('#')));
    }
}
