//! Many rows: each comes to what it comes to by any other door, and none harms another.

use backwise::batch::{Batch, Buffer, Column, Form, Layout, Names, OnError, Written};
use backwise::condition::Condition;
use backwise::{Answers, Assessment, RuleSet, triage};

use crate::made_up::{made_up_rules, shipped};
use crate::rows::{self, Chance, Habits, PEOPLE};

/// As rules are tried hardest.
pub(crate) const WILD: Habits =
    Habits { left_out: 150, stops: 100, stale: 300, unsure: 150, none: 300, notes: 100 };

const EVERY: [Column; 15] = {
    let mut every = [Column::Id; 15];
    let mut at = 0;
    while at < every.len() {
        every[at] = Column::ALL[at].1;
        at += 1;
    }
    every
};

pub(crate) fn every_column() -> Layout {
    Layout { columns: EVERY.to_vec(), ..Layout::default() }
}

/// The line that a row's assessment comes to, written down the long way.
fn expected(rules: &RuleSet, id: &str, row: usize, answers: &Answers) -> String {
    let result: Assessment = triage(rules, answers);
    let quoted = |ids: Vec<&str>| {
        let ids: Vec<String> = ids.into_iter().map(|id| format!("\"{id}\"")).collect();
        format!("[{}]", ids.join(","))
    };
    let or_null = |id: Option<&str>| id.map_or("null".to_owned(), |id| format!("\"{id}\""));
    let items = |items: &[usize]| items.iter().map(|&it| rules.items[it].id.as_str()).collect();
    let treatment = result.treatment(rules);
    let entry = match result.suggestion {
        backwise::triage::Suggestion::Entry(entry) => Some(rules.suggestions[entry].id.as_str()),
        _ => None,
    };
    let told: Vec<&str> = match treatment {
        None => Vec::new(),
        Some(_) => result.cautions.iter().map(|&it| rules.cautions[it].id.as_str()).collect(),
    };
    let mut reasons: Vec<(i32, &str)> = Vec::new();
    for &rule in &result.rules {
        let rule = &rules.rules[rule];
        let to = rule.points.iter().filter(|(item, _)| Some(*item) == treatment);
        let sum = to.map(|(_, points)| points).sum();
        if sum > 0 {
            reasons.push((sum, &rule.id));
        }
    }
    reasons.sort_by_key(|(points, _)| -points);
    let points: Vec<String> = rules
        .treatments()
        .map(|item| format!("\"{}\":{}", rules.items[item].id, result.points[item]))
        .collect();
    let points = if result.care.names_treatment() {
        format!("{{{}}}", points.join(","))
    } else {
        "null".to_owned()
    };
    let warnings = |of: &[usize]| of.iter().map(|&it| rules.warnings[it].id.as_str()).collect();
    let questions = &rules.questionnaire.questions;
    let asked = questions.iter().zip(&result.active).filter(|(_, asked)| **asked).map(|(it, _)| it);
    format!(
        "{{\"id\":{id},\"row\":{row},\"care\":\"{}\",\"suggestion\":\"{}\",\"suggested_by\":{},\
         \"options\":{},\"runner_up\":{},\"warnings\":{},\"open_warnings\":{},\"findings\":{},\
         \"cautions\":{},\"reasons\":{},\"points\":{points},\"not_answered\":{},\"asked\":{}}}",
        result.care.id(),
        treatment.map_or("none", |item| &rules.items[item].id),
        or_null(entry),
        quoted(items(&result.options)),
        or_null(result.runner_up.map(|item| rules.items[item].id.as_str())),
        quoted(warnings(&result.warnings)),
        quoted(warnings(&result.open_warnings)),
        quoted(result.findings.iter().map(|&it| rules.findings[it].id.as_str()).collect()),
        quoted(told),
        quoted(reasons.into_iter().map(|(_, id)| id).collect()),
        result.not_answered.len(),
        quoted(asked.map(|question| question.id.as_str()).collect()),
    )
}

pub(crate) fn batch(rules: &RuleSet, layout: Layout) -> Batch<'_> {
    Batch::new(rules, Names::new(&rules.questionnaire, "id"), layout)
}

pub(crate) fn lines(batch: &Batch<'_>, text: &[u8]) -> String {
    let mut written = Written::default();
    batch.lines(&mut Buffer::of(text), 1, None, &mut written);
    String::from_utf8(written.text().to_vec()).unwrap()
}

#[track_caller]
fn same_as_triage(rules: &RuleSet, seed: u64, rows: usize, habits: Habits) {
    let batch = batch(rules, every_column());
    let mut chance = Chance(seed);
    let people: Vec<Answers> =
        (0..rows).map(|_| rows::answers(rules, &mut chance, habits)).collect();
    let text: Vec<String> = people
        .iter()
        .enumerate()
        .map(|(at, answers)| rows::json(rules, &format!("r{at}"), answers, at % 2 == 0))
        .collect();
    let found = lines(&batch, text.join("\n").as_bytes());
    assert_eq!(found.lines().count(), rows);
    for (at, (line, answers)) in found.lines().zip(&people).enumerate() {
        let wanted = expected(rules, &format!("\"r{at}\""), at + 1, answers);
        assert_eq!(line, wanted, "{}", text[at]);
    }
}

#[test]
fn rows_of_the_shipped_rule_set_come_to_what_triage_says() {
    same_as_triage(&shipped(), 1, 3_000, PEOPLE);
    same_as_triage(&shipped(), 2, 3_000, WILD);
}

/// Rule sets nobody wrote: every kind of condition, nested, with every kind of test on points.
#[test]
fn rows_of_made_up_rule_sets_come_to_what_triage_says() {
    let mut kinds = [0; 9];
    for seed in 0..150 {
        let rules = made_up_rules(seed);
        for warning in &rules.warnings {
            warning.when.visit(&mut |part| kinds[kind(part)] += 1);
        }
        for entry in rules.suggestions.iter().filter_map(|entry| entry.when.as_ref()) {
            entry.visit(&mut |part| kinds[kind(part)] += 1);
        }
        same_as_triage(&rules, seed, 300, WILD);
    }
    assert!(kinds[..8].iter().all(|&count| count > 20), "a kind was never tried: {kinds:?}");
}

fn kind(condition: &Condition) -> usize {
    match condition {
        Condition::All(_) => 0,
        Condition::Any(_) => 1,
        Condition::Not(_) => 2,
        Condition::AtLeast { .. } => 3,
        Condition::Answer { .. } => 4,
        Condition::Marked { .. } => 5,
        Condition::Finding(_) => 6,
        Condition::Points(_) => 7,
        Condition::Outcome(_) => 8,
    }
}

#[test]
fn csv_rows_come_to_the_same_lines() {
    let rules = shipped();
    let ndjson = batch(&rules, every_column());
    let names: Vec<String> = rows::csv_header(&rules).split(',').map(str::to_owned).collect();
    let header = ndjson.header(&names).unwrap();
    let mut chance = Chance(4);
    let (mut json, mut records) = (String::new(), String::new());
    let (mut may_rise, mut not_asked) = (0, 0);
    for at in 0..2_000 {
        let answers = rows::answers(&rules, &mut chance, if at % 2 == 0 { PEOPLE } else { WILD });
        let assessment = backwise::triage(&rules, &answers);
        let mut open = assessment.open_warnings.iter();
        may_rise += u64::from(open.any(|&it| rules.warnings[it].care > assessment.care));
        let mut given = answers.marks().iter().zip(&assessment.active);
        not_asked += u64::from(given.any(|(&marks, &active)| marks != 0 && !active));
        json.push_str(&rows::json(&rules, &format!("r{at}"), &answers, false));
        json.push('\n');
        records.push_str(&rows::csv(&rules, &format!("r{at}"), &answers));
        records.push_str(if at % 3 == 0 { "\r\n" } else { "\n" });
    }
    let mut written = Written::default();
    ndjson.records(&header, &mut Buffer::of(records.as_bytes()), 1, None, &mut written);
    let (found, wanted) =
        (String::from_utf8(written.text().to_vec()).unwrap(), lines(&ndjson, json.as_bytes()));
    for (found, wanted) in found.lines().zip(wanted.lines()) {
        assert_eq!(found, wanted);
    }
    assert_eq!((written.tally.rows, written.tally.errors), (2_000, 0));
    // Who counts rows by their level of care must see how many of them may be higher.
    assert_eq!(written.tally.may_rise, may_rise);
    assert!(may_rise > 100, "{may_rise}");
    // And whose answers do not count.
    assert_eq!(written.tally.not_asked, not_asked);
    assert!(not_asked > 100, "{not_asked}");
}

#[track_caller]
fn fault_of(line: impl AsRef<[u8]>) -> (String, String, String) {
    let rules = shipped();
    let found = lines(&batch(&rules, Layout::default()), line.as_ref());
    let found: serde_json::Value = serde_json::from_str(&found).expect("one line of JSON");
    let part = |name: &str| found[name].as_str().unwrap_or_default().to_owned();
    (part("column"), part("error"), part("expected"))
}

#[test]
fn a_row_that_does_not_fit_says_where_and_what_was_expected() {
    let scale = "a whole number from 0 to 10 or `unsure`".to_owned();
    for value in ["11", "-1", "5.5", "\"five\"", "1e1", "true", "\"\""] {
        let (column, error, expected) = fault_of(format!("{{\"pain\":{value}}}"));
        let shown = value.trim_matches('"');
        assert_eq!(column, "pain");
        assert_eq!(error, format!("`{shown}` is no answer to `pain`"));
        assert_eq!(expected, scale);
    }
    let one = |line: &str| {
        let (column, error, expected) = fault_of(line);
        format!("{column}: {error}; {expected}")
    };
    assert_eq!(
        one("{\"piain\":3}"),
        "piain: `piain` is no question of this rule set; did you mean `pain`?"
    );
    assert_eq!(one("{\"pain\":3,\"pain\":3}"), "pain: the key `pain` stands twice; each key once");
    let (column, error, _) = fault_of("{\"signs-now\":[\"none\",\"very-ill\"]}");
    assert_eq!(
        (column.as_str(), error.as_str()),
        ("signs-now", "`none` cannot go with another answer")
    );
    assert_eq!(fault_of("{\"signs-now\":[[[\"none\"]]]}").1, "a list is no answer to `signs-now`");
    assert_eq!(fault_of("{\"age\":{\"a\":1}}").1, "a mapping is no answer to `age`");
    assert_eq!(fault_of("{\"id\":[1],\"pain\":3}").1, "this names no row");
    let object = "one JSON object a line, such as {\"pain\": 5}";
    let list = "one JSON object a line, as `jq -c '.[]'` makes of an array";
    for broken in ["{\"pain\":3", "{\"pain\":3}x", "\u{0}", "{\"pain\":\u{1}3}", "nul"] {
        assert_eq!(fault_of(broken).2, object, "{broken}");
    }
    assert_eq!(fault_of(b"{\"age\":\"\xff\"}").2, object);
    assert_eq!(fault_of("[1]").2, list);
    assert_eq!(fault_of("[".repeat(100_000)).2, list);
}

#[test]
fn what_is_missing_is_not_answered_and_never_no() {
    let rules = shipped();
    let columns = vec![Column::Care, Column::Suggestion, Column::OpenWarnings, Column::Asked];
    let batch = batch(&rules, Layout { columns, ..Layout::default() });
    let empty = lines(&batch, b"{}\n{\"signs-now\":null}\n\n \n{ }");
    let all: Vec<&str> = empty.lines().collect();
    assert_eq!(all.len(), 3, "blank lines are no rows: {all:?}");
    assert!(all.iter().all(|line| *line == all[0]), "{all:?}");
    assert!(
        all[0].starts_with("{\"care\":\"routine\",\"suggestion\":\"none\",\"open_warnings\":[\"")
    );
}

#[test]
fn a_fault_harms_no_other_row() {
    let rules = shipped();
    let row = "{\"id\":\"a\",\"signs-now\":\"very-ill\"}";
    let text = format!("{row}\n{{\"id\":\"b\",\"pain\":99}}\r\n{row}\r\nxx\n{row}");
    let told = lines(&batch(&rules, Layout::default()), text.as_bytes());
    let told: Vec<&str> = told.lines().collect();
    assert_eq!(told.len(), 5);
    assert!(told[0].starts_with("{\"id\":\"a\",\"care\":\"emergency\""), "{}", told[0]);
    assert_eq!((told[0], told[0]), (told[2], told[4]));
    assert!(told[1].starts_with("{\"row\":2,\"id\":\"b\",\"error\":"), "{}", told[1]);
    assert!(told[3].starts_with("{\"row\":4,\"error\":"), "{}", told[3]);

    let skipping = batch(&rules, Layout { on_error: OnError::Skip, ..Layout::default() });
    assert_eq!(lines(&skipping, text.as_bytes()).lines().count(), 3);
    let stopping = batch(&rules, Layout { on_error: OnError::Stop, ..Layout::default() });
    let mut written = Written::default();
    stopping.lines(&mut Buffer::of(text.as_bytes()), 1, None, &mut written);
    assert_eq!(String::from_utf8(written.text().to_vec()).unwrap().lines().count(), 1);
    let (row, fault) = written.stopped.expect("it stopped");
    assert_eq!((row, fault.column.as_deref()), (2, Some("pain")));
}

#[test]
fn choices_may_have_columns_of_their_own() {
    let rules = shipped();
    let batch = batch(&rules, Layout { columns: vec![Column::Findings], ..Layout::default() });
    let feelings = rules.questionnaire.find("feelings").unwrap();
    let choices = rules.questionnaire.questions[feelings].choices();
    let mut header: Vec<String> =
        choices.iter().map(|choice| format!("feelings.{}", choice.id)).collect();
    header.extend(["age", "duration", "preferences", "pain", "daily-life"].map(str::to_owned));
    let header = batch.header(&header).unwrap();
    let run = |cells: &[&str]| {
        let row = format!("{},18-34,over-12-weeks,none,8,8\n", cells.join(","));
        let mut written = Written::default();
        batch.records(&header, &mut Buffer::of(row.as_bytes()), 1, None, &mut written);
        String::from_utf8(written.text().to_vec()).unwrap()
    };
    let mut cells = vec!["no"; choices.len()];
    assert!(!run(&cells).contains("troubled"));
    cells[0] = "yes";
    assert!(run(&cells).contains("troubled"), "{}", run(&cells));
    cells[1] = "";
    assert!(run(&cells).contains("is answered in part"), "{}", run(&cells));
    assert!(!run(&vec![""; choices.len()]).contains("troubled"));
    cells[1] = "maybe";
    assert!(run(&cells).contains("is neither marked nor not"), "{}", run(&cells));
}

#[test]
fn names_and_values_may_differ() {
    let rules = shipped();
    let mut names = Names::new(&rules.questionnaire, "patient");
    let map = "columns: {schmerz: pain, alter: age}\n\
               values: {age: {'1': 18-34, '2': 35-44}, signs-now: {nichts: none, '': none}}\n\
               ignore: [name]\n";
    names.rename(&rules.questionnaire, map).unwrap();
    let columns = vec![Column::Id, Column::Asked, Column::NotAnswered];
    let renamed =
        Batch::new(&rules, names, Layout { columns: columns.clone(), ..Layout::default() });
    let plain = batch(&rules, Layout { columns, ..Layout::default() });
    let told = lines(
        &renamed,
        b"{\"patient\":7,\"name\":\"x\",\"schmerz\":5,\"alter\":\"1\",\"signs-now\":[\"nichts\"]}",
    );
    let same = b"{\"id\":7,\"pain\":5,\"age\":\"18-34\",\"signs-now\":[\"none\"]}";
    assert_eq!(told, lines(&plain, same));

    let mut names = Names::new(&rules.questionnaire, "id");
    let faults = names.rename(&rules.questionnaire, "columns: {a: piain}\nvalues: {age: {b: 7}}\n");
    let codes: Vec<&str> = faults.unwrap_err().iter().map(|fault| fault.code).collect();
    assert_eq!(codes, ["unknown-question", "unfitting-answer"]);
}

#[test]
fn the_whole_result_is_that_of_every_other_door() {
    let rules = shipped();
    let batch = batch(&rules, Layout { full: true, ..Layout::default() });
    let mut chance = Chance(5);
    for _ in 0..50 {
        let answers = rows::answers(&rules, &mut chance, PEOPLE);
        let line = lines(&batch, rows::json(&rules, "a", &answers, false).as_bytes());
        let result =
            backwise::report::json::result_line(&rules, &answers, &triage(&rules, &answers));
        assert_eq!(line, format!("{{\"id\":\"a\",{}\n", &result[1..]));
        // A result is a row again, and comes to itself.
        assert_eq!(lines(&batch, line.as_bytes()), line);
    }
}

#[test]
fn csv_results_hold_lists_in_a_cell_and_errors_in_the_last() {
    let rules = shipped();
    let layout = Layout { form: Form::Csv, ..Layout::default() };
    let batch = batch(&rules, layout);
    let header = batch.header_line().unwrap();
    let text = "{\"id\":\"a,b\",\"signs-now\":[\"very-ill\",\"both-legs\"]}\n{\"pain\":99}\n";
    let told = format!("{header}{}", lines(&batch, text.as_bytes()));
    let mut reader = csv::Reader::from_reader(told.as_bytes());
    let columns = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let cell = |row: usize, name: &str| {
        let at = columns.iter().position(|column| column == name).unwrap();
        rows[row][at].to_owned()
    };
    assert_eq!((cell(0, "id").as_str(), cell(0, "care").as_str()), ("a,b", "emergency"));
    assert_eq!(cell(0, "warnings").split(';').count(), 2);
    assert_eq!((cell(0, "points_massage"), cell(0, "error")), (String::new(), String::new()));
    assert!(cell(1, "error").starts_with("row 2: column `pain`: "), "{}", cell(1, "error"));
    assert_eq!(cell(1, "care"), "");
}
