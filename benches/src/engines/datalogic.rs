//! The tests as `JsonLogic`, for `datalogic-rs`.

use bumpalo::Bump;
use datalogic_rs::{DataValue, Logic};
use serde_json::{Value, json};

use crate::program::{Program, Sign, Test, Word};
use crate::{Engine, Fact, Failure};

/// The engine with its compiled logic.
pub struct Datalogic {
    engine: datalogic_rs::Engine,
    names: Vec<String>,
    tests: Vec<Logic>,
    arena: Bump,
}

impl Datalogic {
    pub fn new(program: &Program) -> Result<Self, Failure> {
        let engine = datalogic_rs::Engine::new();
        let tests = program.tests.iter().map(|test| {
            let logic = logic(program, test).to_string();
            engine.compile(logic.as_str()).map_err(|error| format!("{logic}: {error}").into())
        });
        let tests: Result<Vec<Logic>, Failure> = tests.collect();
        Ok(Self {
            tests: tests?,
            names: program.names.iter().map(|name| name.text.clone()).collect(),
            engine,
            arena: Bump::new(),
        })
    }
}

impl Engine for Datalogic {
    fn judge(
        &mut self,
        facts: &[Fact<'_>],
        _changed: &[usize],
        tests: &[usize],
        held: &mut [bool],
    ) -> Result<(), Failure> {
        self.arena.reset();
        let arena = &self.arena;
        let mut entries = bumpalo::collections::Vec::with_capacity_in(facts.len(), arena);
        for (name, fact) in self.names.iter().zip(facts) {
            let value = match fact {
                Fact::Nothing => continue,
                Fact::Word(word) => DataValue::String(word),
                Fact::Words(words) => DataValue::Array(
                    arena.alloc_slice_fill_iter(words.iter().map(|word| DataValue::String(word))),
                ),
                Fact::Number(number) => DataValue::from_i64(*number),
                Fact::Holds => DataValue::Bool(true),
            };
            entries.push((name.as_str(), value));
        }
        let data: &DataValue<'_> = arena.alloc(DataValue::Object(entries.into_bump_slice()));
        for &test in tests {
            let value = self.engine.evaluate(&self.tests[test], data, arena)?;
            // "And" and "or" give the last value they looked at, which may be null.
            held[test] = value.as_bool().unwrap_or(false);
        }
        Ok(())
    }
}

fn logic(program: &Program, test: &Test) -> Value {
    let each =
        |tests: &[Test]| -> Vec<Value> { tests.iter().map(|test| logic(program, test)).collect() };
    let var = |name: usize| json!({ "var": program.names[name].text });
    match test {
        Test::All(tests) => match each(tests).as_slice() {
            [] => json!(true),
            [one] => one.clone(),
            many => json!({ "and": many }),
        },
        Test::Any(tests) => match each(tests).as_slice() {
            [] => json!(false),
            [one] => one.clone(),
            many => json!({ "or": many }),
        },
        Test::Not(test) => json!({ "!": [logic(program, test)] }),
        Test::AtLeast(count, tests) => {
            let bits = each(tests).into_iter().map(|test| json!({ "if": [test, 1, 0] }));
            json!({ ">=": [{ "+": bits.collect::<Vec<Value>>() }, count] })
        }
        Test::Given(name) => json!({ "!==": [var(*name), null] }),
        Test::Is(name, words) => match words.as_slice() {
            [one] => json!({ "===": [var(*name), word(one)] }),
            many => json!({ "in": [var(*name), many.iter().map(word).collect::<Vec<Value>>()] }),
        },
        Test::Has(name, one) => json!({ "in": [word(one), var(*name)] }),
        Test::Flag(name) => var(*name),
        Test::Points(name, sign, number) => json!({ self::sign(*sign): [var(*name), number] }),
        Test::Against(name, sign, other) => json!({ self::sign(*sign): [var(*name), var(*other)] }),
    }
}

fn word(word: &Word) -> Value {
    match word {
        Word::Text(text) => json!(text),
        Word::Number(number) => json!(number),
    }
}

fn sign(sign: Sign) -> &'static str {
    match sign {
        Sign::AtLeast => ">=",
        Sign::AtMost => "<=",
        Sign::Above => ">",
    }
}
