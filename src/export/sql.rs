//! The whole rule set as one SELECT over a table of answers.
//!
//! Only what six engines agree on: CASE, IN, LIKE, REPLACE, SUBSTR, `||`, whole numbers, and a
//! chain of common table expressions. No NULL gets beyond the first step: a condition becomes two
//! tests, "true" and "false", and unknown is neither, so nothing rests on how an engine treats
//! NULL in NOT, IN or a sum.

use std::fmt::Write as _;

use crate::batch::column_name;
use crate::condition::{Condition, PointsTest, UNSURE};
use crate::questionnaire::{Kind, Question};
use crate::ruleset::RuleSet;

mod outcome;

/// Which engine the table is for; the SELECT is the same for all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// `DuckDB`, `SQLite`, `PostgreSQL`, `DataFusion`.
    #[default]
    Portable,
    /// `ClickHouse`, whose columns hold no NULL unless told.
    Clickhouse,
    /// Spark, whose word for text is another.
    Spark,
}

/// The definition of the table of answers: one text column for each question that counts.
pub fn table(rules: &RuleSet, dialect: Dialect) -> String {
    let (text, end) = match dialect {
        Dialect::Portable => ("TEXT", ""),
        Dialect::Clickhouse => ("String NULL", " ENGINE = MergeTree ORDER BY id"),
        Dialect::Spark => ("STRING", " USING parquet"),
    };
    let id = if dialect == Dialect::Clickhouse { "String" } else { text };
    let mut out = heading(rules);
    let _ = write!(out, "CREATE TABLE answers (\n  id {id} NOT NULL");
    if dialect == Dialect::Clickhouse {
        out = out.replace("String NOT NULL", "String");
    }
    for question in counting(rules) {
        let _ = write!(out, ",\n  {} {text}", column(question));
    }
    let _ = writeln!(out, "\n){end};");
    out
}

/// The SELECT.
pub fn select(rules: &RuleSet) -> String {
    let mut sql = Sql::new(rules);
    sql.judge();
    sql.outcome();
    sql.text()
}

fn heading(rules: &RuleSet) -> String {
    format!(
        "-- rule set {} {}, sha256 {}\n\
         -- one row a person; a column is NULL or empty where the question is not answered;\n\
         -- several answers stand in one column, separated by semicolons: 'stiffness;spasms'\n",
        rules.id,
        crate::prose::clean_line(&rules.version),
        rules.hash
    )
}

/// The questions that conditions can read: a note changes no result.
fn counting(rules: &RuleSet) -> impl Iterator<Item = &Question> {
    rules.questionnaire.questions.iter().filter(|question| question.kind != Kind::Text)
}

/// The column of a question. The prefix keeps ids such as `where` from being words of SQL.
fn column(question: &Question) -> String {
    format!("q_{}", column_name(&question.id))
}

/// A named value of a step.
struct Value {
    name: String,
    sql: String,
    /// A value of its kind, for rows that are never there.
    empty: &'static str,
}

/// Named values, each in the step after all that it reads.
struct Sql<'a> {
    rules: &'a RuleSet,
    steps: Vec<Vec<Value>>,
    /// For each question: what its answer is called once it counts, and after which step.
    answers: Vec<(String, usize)>,
    /// After which step it is known whether a question is open.
    open: Vec<usize>,
    /// After which step a finding is known.
    findings: Vec<usize>,
    last: Vec<String>,
    /// The steps that are to be left as they are.
    settled: Vec<usize>,
}

/// A test that is 1 or 0.
fn bit(test: &str) -> String {
    match test {
        ALWAYS => "1".to_owned(),
        NEVER => "0".to_owned(),
        test => format!("CASE WHEN {test} THEN 1 ELSE 0 END"),
    }
}

const ALWAYS: &str = "1 = 1";
const NEVER: &str = "1 = 0";

/// The test that a value is 1 which is 1 or 0.
///
/// `= 1` would say the same, but `ClickHouse` looks for repetitions among the equalities in an AND
/// or OR, and takes a hash of the whole statement up to there for each.
fn is_one(name: &str) -> String {
    format!("{name} IN (1)")
}

/// All or any of some tests.
fn join(tests: &[String], word: &str, none: &str) -> String {
    match tests {
        [] => none.to_owned(),
        [one] => one.clone(),
        many => format!("({})", many.join(&format!(" {word} "))),
    }
}

fn all(tests: &[String]) -> String {
    join(tests, "AND", ALWAYS)
}

fn any(tests: &[String]) -> String {
    join(tests, "OR", NEVER)
}

/// A list as text, from ids and whether each is in it.
fn listed(ids: &[(String, String)]) -> String {
    if ids.is_empty() {
        return "''".to_owned();
    }
    let parts: Vec<String> = ids
        .iter()
        .map(|(id, test)| match test.as_str() {
            ALWAYS => format!("';{id}'"),
            test => format!("CASE WHEN {test} THEN ';{id}' ELSE '' END"),
        })
        .collect();
    format!("SUBSTR({}, 2)", parts.join("\n      || "))
}

impl<'a> Sql<'a> {
    fn new(rules: &'a RuleSet) -> Self {
        Self {
            rules,
            steps: Vec::new(),
            answers: Vec::new(),
            open: Vec::new(),
            findings: vec![0; rules.findings.len()],
            last: Vec::new(),
            settled: Vec::new(),
        }
    }

    /// Names a whole number in a step.
    fn name(&mut self, step: usize, name: String, value: String) {
        self.put(step, Value { name, sql: value, empty: "0" });
    }

    /// Names a text in a step.
    fn name_text(&mut self, step: usize, name: String, value: String) {
        self.put(step, Value { name, sql: value, empty: "''" });
    }

    fn put(&mut self, step: usize, value: Value) {
        while self.steps.len() <= step {
            self.steps.push(Vec::new());
        }
        self.steps[step].push(value);
    }

    fn question(&self, question: usize) -> &'a Question {
        &self.rules.questionnaire.questions[question]
    }

    /// Steps as in [`Judged`](crate::triage::Judged): the questions in their order, and each
    /// finding as soon as all it reads is settled.
    fn judge(&mut self) {
        let mut unfit = Vec::new();
        for (question_idx, question) in self.rules.questionnaire.questions.iter().enumerate() {
            let id = column_name(&question.id);
            let given = format!("g_{id}");
            if question.kind != Kind::Text {
                self.name_text(0, given.clone(), format!("COALESCE({}, '')", column(question)));
                unfit.push((question.id.clone(), misfit(question, &given)));
            }
            let Some(when) = &question.when else {
                self.name(1, format!("asked_{id}"), "1".to_owned());
                // No condition reads a note, so it is never missed.
                if question.kind != Kind::Text {
                    self.name(1, format!("open_{id}"), bit(&format!("{given} = ''")));
                }
                self.answers.push((given, 0));
                self.open.push(1);
                self.settle_findings(question_idx);
                continue;
            };
            let reads = self.rules.reads(when);
            let opened = reads.iter().map(|&read| self.open[read]).max().unwrap_or(0);
            let step = 1 + self.known(when).max(opened);
            let (yes, no) = (self.yes(when), self.no(when));
            let could: Vec<String> = reads.iter().map(|&read| self.is_open(read)).collect();
            self.name(step, format!("asked_{id}"), bit(&yes));
            if question.kind != Kind::Text {
                let counts = format!("CASE WHEN {yes} THEN {given} ELSE '' END");
                self.name_text(step, format!("a_{id}"), counts);
                let open = format!(
                    "CASE WHEN {yes} THEN {} WHEN {no} THEN 0 WHEN {} THEN 1 ELSE 0 END",
                    bit(&format!("{given} = ''")),
                    any(&could)
                );
                self.name(step, format!("open_{id}"), open);
            }
            self.answers.push((format!("a_{id}"), step));
            self.open.push(step);
            self.settle_findings(question_idx);
        }
        self.name_text(1, "unfit".to_owned(), listed(&unfit));
    }

    fn settle_findings(&mut self, question: usize) {
        for (finding_idx, finding) in self.rules.findings.iter().enumerate() {
            if finding.reads.last() == Some(&question) {
                let step = 1 + self.known(&finding.when);
                let id = column_name(&finding.id);
                let (yes, no) = (bit(&self.yes(&finding.when)), bit(&self.no(&finding.when)));
                self.name(step, format!("is_{id}"), yes);
                self.name(step, format!("not_{id}"), no);
                self.findings[finding_idx] = step;
            }
        }
    }

    /// After which step all is known that a condition reads.
    fn known(&self, condition: &Condition) -> usize {
        let mut known = 0;
        condition.visit(&mut |part| {
            known = known.max(match part {
                Condition::Answer { question, .. } | Condition::Marked { question, .. } => {
                    self.answers[*question].1
                }
                Condition::Finding(finding) => self.findings[*finding],
                _ => 0,
            });
        });
        known
    }

    fn is_open(&self, question: usize) -> String {
        is_one(&format!("open_{}", column_name(&self.question(question).id)))
    }

    fn each(&self, parts: &[Condition], test: impl Fn(&Self, &Condition) -> String) -> Vec<String> {
        parts.iter().map(|part| test(self, part)).collect()
    }

    /// How many tests hold.
    fn count(tests: &[String]) -> String {
        let bits: Vec<String> = tests.iter().map(|test| bit(test)).collect();
        format!("({})", bits.join(" + "))
    }

    /// The test that a condition is true.
    fn yes(&self, condition: &Condition) -> String {
        match condition {
            Condition::All(parts) => all(&self.each(parts, Self::yes)),
            Condition::Any(parts) => any(&self.each(parts, Self::yes)),
            Condition::Not(part) => self.no(part),
            Condition::AtLeast { count, of } => {
                format!("{} >= {count}", Self::count(&self.each(of, Self::yes)))
            }
            Condition::Answer { question, marks } => self.answered(*question, *marks),
            Condition::Marked { question, marks, at_least } => {
                let enough = format!("{} >= {at_least}", self.marked(*question, *marks));
                all(&[self.definite(*question), enough])
            }
            Condition::Finding(finding) => {
                is_one(&format!("is_{}", column_name(&self.rules.findings[*finding].id)))
            }
            Condition::Points(test) => self.points(test),
            // Only promises speak of the outcome.
            Condition::Outcome(_) => NEVER.to_owned(),
        }
    }

    /// The test that a condition is false.
    fn no(&self, condition: &Condition) -> String {
        match condition {
            Condition::All(parts) => any(&self.each(parts, Self::no)),
            Condition::Any(parts) => all(&self.each(parts, Self::no)),
            Condition::Not(part) => self.yes(part),
            Condition::AtLeast { count, of } => {
                let ruled_out = Self::count(&self.each(of, Self::no));
                format!("{ruled_out} > {}", of.len() - count)
            }
            Condition::Answer { question, marks } => all(&[
                self.definite(*question),
                format!("NOT {}", self.answered(*question, *marks)),
            ]),
            Condition::Marked { question, marks, at_least } => {
                let too_few = format!("{} < {at_least}", self.marked(*question, *marks));
                all(&[self.definite(*question), too_few])
            }
            Condition::Finding(finding) => {
                is_one(&format!("not_{}", column_name(&self.rules.findings[*finding].id)))
            }
            Condition::Points(test) => format!("NOT {}", self.points(test)),
            Condition::Outcome(_) => NEVER.to_owned(),
        }
    }

    fn answered(&self, question: usize, marks: u64) -> String {
        let (question, answer) = (self.question(question), &self.answers[question].0);
        let words: Vec<String> =
            Question::single_marks(marks).map(|mark| question.word(mark)).collect();
        if let Kind::AnyOf { .. } = question.kind {
            let tests: Vec<String> = words.iter().map(|word| among(answer, word)).collect();
            return format!("({})", any(&tests));
        }
        let words: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
        // A scale's bounds can leave no step at all.
        if words.is_empty() {
            format!("({NEVER})")
        } else {
            format!("({answer} IN ({}))", words.join(", "))
        }
    }

    fn marked(&self, question: usize, marks: u64) -> String {
        let (question, answer) = (self.question(question), &self.answers[question].0);
        let tests: Vec<String> =
            Question::single_marks(marks).map(|mark| among(answer, &question.word(mark))).collect();
        Self::count(&tests)
    }

    /// Asked, answered, and not with "not sure".
    fn definite(&self, question: usize) -> String {
        let offered = self.question(question).unsure.is_some();
        let answer = &self.answers[question].0;
        if offered {
            format!("{answer} NOT IN ('', '{}')", self.question(question).word(UNSURE))
        } else {
            format!("{answer} <> ''")
        }
    }

    fn points(&self, test: &PointsTest) -> String {
        let name = |item: usize| format!("points_{}", column_name(&self.rules.items[item].id));
        let own = name(test.item);
        let mut tests = Vec::new();
        tests.extend(test.at_least.map(|least| format!("{own} >= {least}")));
        tests.extend(test.at_most.map(|most| format!("{own} <= {most}")));
        tests.extend(test.above.iter().map(|&other| format!("{own} > {}", name(other))));
        tests.extend(test.not_below.iter().map(|&other| format!("{own} >= {}", name(other))));
        format!("({})", all(&tests))
    }

    /// The statement: each step a table made of the one before.
    ///
    /// An engine that puts the steps into one another copies every value to where it is read, and
    /// the copies multiply until memory is gone. A table with rows added that come from no table,
    /// here none, is one that engines leave as it is; two of them are enough. `ClickHouse` works
    /// out the next steps before it adds rows, and so puts them together all the same, but not
    /// across a join; here one with a single row.
    fn text(&self) -> String {
        let mut out = heading(self.rules);
        let mut row = "''".to_owned();
        for (step, values) in self.steps.iter().enumerate() {
            let from = if step == 0 { "answers".to_owned() } else { format!("step_{}", step - 1) };
            let begin = if step == 0 { "WITH " } else { ",\n" };
            let carried = if step == 0 { "answers.id" } else { &format!("{from}.*") };
            let settled = self.settled.contains(&step);
            let name = if settled { format!("all_{step}") } else { format!("step_{step}") };
            let _ = write!(out, "{begin}{name} AS (\n  SELECT {carried}");
            for Value { name, sql, empty } in values {
                let _ = write!(out, ",\n    {sql} AS {name}");
                let _ = write!(row, ", {empty}");
            }
            let _ = write!(out, "\n  FROM {from}\n)");
            if settled {
                let _ = write!(
                    out,
                    ",\nstep_{step} AS (\n  SELECT {name}.* FROM {name} \
                     CROSS JOIN (SELECT 1 AS one) AS one_row\n  \
                     UNION ALL SELECT {row} WHERE 1 = 0\n)"
                );
            }
        }
        let _ = write!(out, "\nSELECT id");
        for column in &self.last {
            let _ = write!(out, ",\n  {column}");
        }
        let _ = writeln!(out, "\nFROM step_{};", self.steps.len() - 1);
        out
    }
}

/// The test that a word is among those in a column.
fn among(column: &str, word: &str) -> String {
    format!("(';' || {column} || ';') LIKE '%;{word};%'")
}

/// The test that a column holds something that is no answer to its question.
fn misfit(question: &Question, given: &str) -> String {
    let words = question.words();
    let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    let Kind::AnyOf { at_most, .. } = question.kind else {
        return format!("{given} NOT IN ('', {})", quoted.join(", "));
    };
    // Each word is taken out once it is found between semicolons; what is left is no word.
    let mut left = format!("';' || REPLACE({given}, ';', ';;') || ';'");
    for word in &words {
        left = format!("REPLACE({left}, ';{word};', '')");
    }
    let choices: Vec<String> =
        question.marks().iter().map(|&mark| among(given, &question.word(mark))).collect();
    let mut tests = vec![format!("{left} <> ''")];
    for alone in ["none", "unsure"].into_iter().filter(|alone| words.iter().any(|it| it == alone)) {
        tests.push(format!("({} AND {given} <> '{alone}')", among(given, alone)));
    }
    tests.extend(at_most.map(|most| format!("{} > {most}", Sql::count(&choices))));
    format!("({given} <> '' AND {})", any(&tests))
}
