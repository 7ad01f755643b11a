//! Records of one person over time, with a course that is known.

use serde_json::Value;

use crate::program::Program;
use crate::report::person;

/// The same person three times: seven, then five, then three; then it turns.
fn visit(pain: u8, daily_life: u8) -> String {
    person("desk")
        .replace("pain: 6", &format!("pain: {pain}"))
        .replace("daily-life: 5", &format!("daily-life: {daily_life}"))
}

fn result(answers: &str) -> String {
    let program = Program::new().file("me.yaml", answers);
    program.args("--answers me.yaml --partial --format json").succeeds()
}

fn comparing(records: &[(&str, &str)]) -> Program {
    let names: Vec<&str> = records.iter().map(|(name, _)| *name).collect();
    let program = Program::new().args(&format!("compare {}", names.join(" ")));
    records.iter().fold(program, |program, (name, text)| program.file(name, text))
}

fn json(program: Program) -> Value {
    serde_json::from_str(&program.args("--format json").succeeds()).unwrap()
}

#[test]
fn three_visits_show_a_line_and_whether_the_change_matters() {
    let visits = [visit(7, 5), visit(5, 5), visit(4, 4)].map(|answers| result(&answers));
    let records = [("may", &visits[0][..]), ("june", &visits[1]), ("july", &visits[2])];
    let found = json(comparing(&records));
    assert_eq!(found["scales"][0]["id"], "pain");
    assert_eq!(found["scales"][0]["numbers"], serde_json::json!([7, 5, 4]));
    // One point of five is neither two points nor thirty percent; three of seven is both.
    assert_eq!(
        found["scales"][0]["since_last"],
        serde_json::json!({"points": -1, "better": true, "matters": false})
    );
    assert_eq!(
        found["scales"][0]["since_first"],
        serde_json::json!({"points": -3, "better": true, "matters": true})
    );
    assert_eq!(found["changed"], serde_json::json!(["pain", "daily-life"]));
    let text = comparing(&records).succeeds();
    // Where blocks are not sure to be there, arrows are not either; on a page both are.
    assert!(text.contains("Pain: 7 -> 5 -> 4 (4 of 10, moderate)"), "{text}");
    assert!(text.is_ascii(), "{text}");
    let page = comparing(&records).args("--format markdown").succeeds();
    assert!(page.contains("7 → 5 → 4 (4 of 10, moderate)"), "{page}");
    assert!(text.contains("Since the first time: better by 3 points, a change that matters."));
    assert!(text.contains("Since the time before: better by 1 point, too little"), "{text}");
}

/// A number that is missing is a dash, and a dash is ASCII where arrows are.
#[test]
fn a_number_that_was_not_given_is_said_to_be_missing() {
    let visits = [visit(7, 5).replace("pain: 7\n", ""), visit(5, 5)].map(|it| result(&it));
    let text = comparing(&[("may", &visits[0]), ("june", &visits[1])]).succeeds();
    assert!(text.contains("Pain: - -> 5 (5 of 10, moderate)"), "{text}");
    assert!(text.is_ascii(), "{text}");
}

#[test]
fn a_change_matters_by_points_or_by_percent_and_at_exactly_the_border() {
    let since_last = |earlier: u8, later: u8| {
        let (earlier, later) = (result(&visit(earlier, 5)), result(&visit(later, 5)));
        let found = json(comparing(&[("a", &earlier), ("b", &later)]));
        (
            found["scales"][0]["since_last"]["matters"].clone(),
            found["scales"][0]["since_last"]["better"].clone(),
        )
    };
    assert_eq!(since_last(8, 6), (true.into(), true.into()));
    assert_eq!(since_last(8, 7), (false.into(), true.into()));
    assert_eq!(since_last(3, 2), (true.into(), true.into()), "33 percent");
    assert_eq!(since_last(4, 3), (false.into(), true.into()), "25 percent");
    assert_eq!(since_last(0, 1), (false.into(), false.into()));
    assert_eq!(since_last(5, 8), (true.into(), false.into()));
    assert_eq!(since_last(5, 5), (false.into(), false.into()));
}

#[test]
fn a_new_warning_sign_comes_first() {
    let before = result(&visit(6, 5));
    let later = result(&visit(9, 5));
    let text = comparing(&[("a", &before), ("b", &later)]).succeeds();
    assert!(text.starts_with("New warning signs\n- Pain this strong deserves help soon"), "{text}");
    let gone = comparing(&[("a", &later), ("b", &before)]).succeeds();
    assert!(gone.starts_with("New warning signs\nNo warning sign is new. That does not rule out"));
    assert!(gone.contains("Warning signs no longer found\n- Pain this strong"), "{gone}");
}

/// What was not asked again is not gone.
#[test]
fn a_warning_sign_without_an_answer_is_never_told_to_be_gone() {
    let before = result("signs-now: [bladder-or-bowel]\n");
    let later = result("age: 35-44\n");
    let found = json(comparing(&[("a", &before), ("b", &later)]));
    assert_eq!(found["unanswered_warnings"][0], "cauda-equina");
    assert_eq!(found["gone_warnings"], serde_json::json!([]));
    let open = found["records"][1]["open_warnings"].as_array().expect("a list");
    assert!(open.contains(&"cauda-equina".into()));
    let text = comparing(&[("a", &before), ("b", &later)]).succeeds();
    assert!(text.contains("Warning signs without an answer this time\n- "), "{text}");
    assert!(!text.contains("no longer found"), "{text}");
    assert!(text.replace('\n', " ").contains("do as you were told then"), "{text}");
    assert!(text.contains("questions about warning signs are open: it may"), "{text}");
    // With an answer it is; what is open else says so for care.
    let answered = result("signs-now: [none]\n");
    let found = json(comparing(&[("a", &before), ("b", &answered)]));
    assert_eq!(found["unanswered_warnings"], serde_json::json!([]));
    assert_eq!(found["gone_warnings"][0], "cauda-equina");
}

/// A session that was changed by hand is no record of what a person said.
#[test]
fn a_session_with_another_word_in_it_is_no_record() {
    let program = Program::new().file("me.yaml", "signs-soon: [fever]\n");
    let program = program.args("--answers me.yaml --partial --session me.json --no-input");
    program.succeeds();
    let session = program.read("me.json");
    let other = session.replace("[\"fever\"]", "[\"none\"]");
    assert_ne!(session, other);
    for command in ["report a.json", "compare a.json a.json"] {
        let as_it_was = Program::new().file("a.json", &session).args(command).succeeds();
        assert!(as_it_was.contains("fever") || as_it_was.contains("Fever"), "{as_it_was}");
        let told = Program::new().file("a.json", &other).args(command).fails(65);
        assert!(told.contains("damaged-record"), "{told}");
    }
}

#[test]
fn an_emergency_is_the_call_and_names_no_treatment() {
    let before = result(&visit(6, 5));
    let later = result("signs-now: [saddle-numb]\nage: 35-44\npreferences: [hands-on]\n");
    for format in ["text", "markdown", "html"] {
        let program = comparing(&[("a", &before), ("b", &later)]);
        let text = program.args(&format!("--format {format}")).succeeds();
        let call = text.find("Call your local emergency number").expect("the call is there");
        assert!(call < text.find("New warning signs").unwrap());
        for name in ["massage", "physical therapy", "hands-on care"] {
            assert!(!text.to_lowercase().contains(name), "{name} in {text}");
        }
    }
}

#[test]
fn an_older_record_is_judged_anew_and_named() {
    let now = result(&visit(5, 5));
    let mut older: Value = serde_json::from_str(&result(&visit(7, 5))).unwrap();
    older["rule_set"]["version"] = "0.9.0".into();
    older["rule_set"]["hash"] = "0000".into();
    older["answers"]["shoe-size"] = 42.into();
    older["answers"]["trend"] = "sideways".into();
    let older = older.to_string();
    let ran = comparing(&[("older", &older), ("now", &now)]).run();
    assert_eq!(ran.code, Some(0));
    assert_eq!(
        ran.stderr,
        "note: `older` was made with version 0.9.0 of the rules; judged anew with version 1.0.0; \
         left out, as they fit no more: \"Since it began, is it getting better?\" and 1 answer to a \
         question that there is no more\n"
    );
    assert!(ran.stdout.contains("older: made with version 0.9.0 of the rules"), "{}", ran.stdout);
    assert!(ran.stdout.contains("7 -> 5"), "{}", ran.stdout);
}

#[test]
fn a_damaged_record_is_named() {
    let good = result(&visit(5, 5));
    let cut = &good[..good.len() / 3];
    let stderr = comparing(&[("good", &good), ("cut", cut)]).fails(65);
    assert!(stderr.contains("--> cut:"), "{stderr}");
    assert!(stderr.contains(": this record is damaged, or is no whole record\n"), "{stderr}");
    assert!(stderr.contains("= take it from a copy, or give another result"), "{stderr}");
    assert!(!stderr.contains("YAML"), "{stderr}");
    let spanish = comparing(&[("good", &good), ("cut", cut)]).args("--lang es").fails(65);
    assert!(spanish.contains(": este registro está dañado o no está entero\n"), "{spanish}");
    assert!(spanish.contains("cut: 1 fallo"), "{spanish}");
    for no_record in ["", "[1, 2]", "Dear doctor,", "{\"rule_set\": {\"id\": \"back-pain\"}}"] {
        let program = Program::new().file("r.json", no_record).args("report r.json");
        let stderr = program.fails(65);
        assert!(stderr.contains("this record is damaged"), "{no_record}: {stderr}");
    }
    let bent = good.replace("\"pain\": 5", "\"pain\": 55");
    let stderr = comparing(&[("bent", &bent), ("good", &good)]).fails(65);
    assert!(stderr.contains("`55` is no answer to `pain`"), "{stderr}");
    let other = good.replace("\"id\": \"back-pain\"", "\"id\": \"knee-pain\"");
    let stderr = comparing(&[("good", &good), ("other", &other)]).fails(65);
    assert!(stderr.contains("this is a record of `knee-pain`, not of `back-pain`"), "{stderr}");
    comparing(&[("good", &good)]).fails(2);
}

#[test]
fn records_of_different_people_are_refused_unless_asked_for() {
    let one = result(&visit(5, 5));
    let other = result(&visit(5, 5).replace("A-17", "B-2"));
    let stderr = comparing(&[("one", &one), ("other", &other)]).fails(65);
    assert!(
        stderr.contains("\"Client reference (a code, no name)\" differs: A-17 (one), B-2 (other)"),
        "{stderr}"
    );
    comparing(&[("one", &one), ("other", &other)]).args("--different-people").succeeds();
    let younger = visit(5, 5).replace("first-age: under-35\n", "").replace("A-17", "");
    let younger = result(&younger.replace("age: 35-44", "age: 18-34"));
    let stderr = comparing(&[("one", &one), ("younger", &younger)]).fails(65);
    assert!(
        stderr.contains("\"How old are you?\" went back: 35 to 44 (one), 18 to 34 (younger)"),
        "{stderr}"
    );
    comparing(&[("younger", &younger), ("one", &one)]).succeeds();
}

#[test]
fn a_record_that_says_nothing_does_not_stand_between_two_people() {
    let of = |client: &str, age: &str| {
        result(&format!("signs-now: none\nsigns-soon: none\npain: 5\n{client}{age}"))
    };
    let (age, client) = ("age: 35-44\n", "client-reference: A-17\n");
    let (one, none) = (of(client, age), of("", age));
    let other = of("client-reference: B-2\n", age);
    let stderr = comparing(&[("one", &one), ("none", &none), ("other", &other)]).fails(65);
    assert!(stderr.contains("differs: A-17 (one), B-2 (other)"), "{stderr}");
    comparing(&[("one", &one), ("none", &none), ("two", &one)]).succeeds();
    let unsure = of(client, "age: unsure\n");
    let younger = of(client, "age: 18-34\n");
    let stderr = comparing(&[("one", &one), ("unsure", &unsure), ("two", &younger)]).fails(65);
    assert!(stderr.contains("went back: 35 to 44 (one), 18 to 34 (two)"), "{stderr}");
}

#[test]
fn nobody_grows_older_by_two_steps_from_one_record_to_the_next() {
    let of =
        |age: &str| result(&format!("signs-now: none\nsigns-soon: none\npain: 5\nage: {age}\n"));
    let [young, middle, old] = ["18-34", "35-44", "45-49"].map(of);
    comparing(&[("young", &young), ("middle", &middle), ("old", &old)]).succeeds();
    let stderr = comparing(&[("young", &young), ("old", &old)]).fails(65);
    let said = "\"How old are you?\" went ahead by more than one step: 18 to 34 (young), 45 to 49";
    assert!(stderr.contains(said), "{stderr}");
}

#[test]
fn a_warning_that_is_still_there_is_told_and_the_advice_comes_before_numbers() {
    let (before, later) = (result(&visit(9, 5)), result(&visit(10, 5)));
    let records = [("a", &before[..]), ("b", &later[..])];
    let found = json(comparing(&records));
    assert_eq!(found["new_warnings"], serde_json::json!([]));
    assert_eq!(found["lasting_warnings"], serde_json::json!(["strong-pain"]));
    for format in ["text", "markdown", "html"] {
        let told = comparing(&records).args(&format!("--format {format}")).succeeds();
        let place = |words: &str| told.find(words).unwrap_or_else(|| panic!("{words}: {told}"));
        let order = [
            "New warning signs",
            "Warning signs that are still there",
            "Pain this strong deserves help soon",
            "See a professional",
            "The course in numbers",
        ];
        assert!(order.map(place).is_sorted(), "{told}");
    }
    // Where nothing is urgent, the numbers are what was asked for.
    let (before, later) = (result(&visit(6, 5)), result(&visit(5, 5)));
    let told = comparing(&[("a", &before), ("b", &later)]).succeeds();
    assert!(told.find("The course in numbers") < told.find("See a professional\n"), "{told}");
    assert!(!told.contains("still there"), "{told}");
}
