//! The exported SELECT comes to what `batch` comes to, column by column, row by row.

use backwise::RuleSet;
use backwise::batch::{Batch, Buffer, Form, Layout, Names, OnError, Written};
use backwise::export::sql::{self, Dialect};
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::batch::WILD;
use crate::made_up::{made_up_rules, shipped};
use crate::rows::{self, Chance, PEOPLE};

/// Columns by name, and the cells of each row.
type Table = (Vec<String>, Vec<Vec<String>>);

/// What `batch` makes of CSV rows.
fn batch(rules: &RuleSet, text: &str) -> Table {
    let layout =
        Layout { form: Form::Csv, on_error: OnError::Skip, ..super::batch::every_column() };
    let batch = Batch::new(rules, Names::new(&rules.questionnaire, "id"), layout);
    let (first, records) = text.split_once('\n').unwrap();
    let names: Vec<String> = first.split(',').map(str::to_owned).collect();
    let mut written = Written::default();
    batch.records(
        &batch.header(&names).unwrap(),
        &mut Buffer::of(records.as_bytes()),
        1,
        None,
        &mut written,
    );
    let found = batch.header_line().unwrap() + std::str::from_utf8(written.text()).unwrap();
    let mut reader = csv::Reader::from_reader(found.as_bytes());
    let cells = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect();
    let header = cells(reader.headers().unwrap());
    (header, reader.records().map(|record| cells(&record.unwrap())).collect())
}

/// What the SELECT makes of the same rows in `SQLite`.
fn sqlite(rules: &RuleSet, text: &str) -> Table {
    let database = Connection::open_in_memory().unwrap();
    database.execute_batch(&sql::table(rules, Dialect::Portable)).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let name =
        |id: &str| if id == "id" { id.to_owned() } else { format!("q_{}", id.replace('-', "_")) };
    let columns: Vec<String> = header.iter().map(name).collect();
    let known: Vec<String> = {
        let mut table = database.prepare("SELECT name FROM pragma_table_info('answers')").unwrap();
        let names = table.query_map([], |row| row.get(0)).unwrap();
        names.map(Result::unwrap).collect()
    };
    let places: Vec<Option<usize>> =
        known.iter().map(|name| columns.iter().position(|it| it == name)).collect();
    let marks = vec!["?"; known.len()].join(",");
    let mut insert = database.prepare(&format!("INSERT INTO answers VALUES ({marks})")).unwrap();
    for (at, record) in reader.records().enumerate() {
        let record = record.unwrap();
        // NULL and an empty text mean the same.
        let cells = places.iter().map(|place| {
            let cell = place.map(|place| record[place].to_owned());
            cell.filter(|cell| at % 2 == 0 || !cell.is_empty())
        });
        insert.execute(rusqlite::params_from_iter(cells)).unwrap();
    }
    let mut select = database.prepare(&sql::select(rules)).unwrap();
    let names: Vec<String> = select.column_names().iter().map(|&name| name.to_owned()).collect();
    let width = names.len();
    let rows = select.query_map([], |row| {
        Ok((0..width)
            .map(|at| match row.get_ref(at).unwrap() {
                ValueRef::Null => String::new(),
                ValueRef::Integer(number) => number.to_string(),
                ValueRef::Text(text) => String::from_utf8(text.to_vec()).unwrap(),
                other => panic!("no such value is expected: {other:?}"),
            })
            .collect())
    });
    (names, rows.unwrap().map(Result::unwrap).collect())
}

#[track_caller]
fn same(rules: &RuleSet, seed: u64, count: usize) {
    let mut chance = Chance(seed);
    let mut text = rows::csv_header(rules) + "\n";
    for at in 0..count {
        let habits = if at % 2 == 0 { WILD } else { PEOPLE };
        let answers = rows::answers(rules, &mut chance, habits);
        text += &(rows::csv(rules, &format!("r{at:06}"), &answers) + "\n");
    }
    let (columns, wanted) = batch(rules, &text);
    let (names, mut found) = sqlite(rules, &text);
    found.sort();
    assert_eq!((wanted.len(), found.len()), (count, count));
    let unfit = names.iter().position(|name| name == "unfit").unwrap();
    for (wanted, found) in wanted.iter().zip(&found) {
        assert_eq!(found[unfit], "", "{}", found[0]);
        for (column, wanted) in columns.iter().zip(wanted).filter(|(column, _)| *column != "row") {
            let at = names.iter().position(|name| name == column).expect("the column is there");
            assert_eq!(&found[at], wanted, "seed {seed}, {}, {column}", found[0]);
        }
    }
}

#[test]
fn the_select_of_the_shipped_rule_set_comes_to_what_batch_comes_to() {
    same(&shipped(), 11, 1_500);
}

#[test]
fn the_select_of_made_up_rule_sets_comes_to_what_batch_comes_to() {
    for seed in 0..60 {
        same(&made_up_rules(seed), seed, 120);
    }
}

/// A row that `batch` would refuse has no result in SQL either: nothing is guessed.
#[test]
fn a_row_that_does_not_fit_has_no_result() {
    let rules = shipped();
    let unfit = [
        ("signs-now", "none;very-ill"),
        ("signs-now", "very-il"),
        ("signs-now", "very-ill;;both-legs"),
        ("symptoms", "stiffness;knots;spasms"),
        ("pain", "11"),
        ("pain", "5.0"),
        ("age", "18"),
        ("trend", "worse-and-better"),
    ];
    for (question, value) in unfit {
        let text = format!("id,{question}\nr1,{value}\n");
        assert_eq!(batch(&rules, &text).1.len(), 0, "{question}: {value}");
        let (names, found) = sqlite(&rules, &text);
        for (name, cell) in names.iter().zip(&found[0]) {
            match name.as_str() {
                "id" => assert_eq!(cell, "r1"),
                "unfit" => assert_eq!(cell, question, "{value}"),
                _ => assert_eq!(cell, "", "{question}: {value}: {name}"),
            }
        }
    }
}

#[test]
fn the_statement_names_its_rule_set() {
    let rules = shipped();
    for text in [sql::select(&rules), sql::table(&rules, Dialect::Spark)] {
        let first = text.lines().next().unwrap();
        assert_eq!(
            first,
            format!("-- rule set back-pain {}, sha256 {}", rules.version, rules.hash)
        );
    }
}
