//! The tests in the Common Expression Language, for `cel`.

use std::sync::Arc;

use ::cel::common::types::{CelBool, CelInt, CelList, CelNull, CelString};
use ::cel::common::value::{CowVal, Val};
use ::cel::context::VariableResolver;
use ::cel::{Context, Env, Value};

use crate::infix::Style;
use crate::program::{Program, Sort};
use crate::{Engine, Fact, Failure, FxIndexMap};

const STYLE: Style = Style { and: "&&", or: "||", not: "!", length: "size" };

/// The engine with its compiled programs.
pub struct Cel {
    env: Arc<Env>,
    tests: Vec<::cel::Program>,
    sorts: Vec<Sort>,
    known: Known,
}

/// What each name stands for, looked up where it is read.
struct Known {
    numbers: FxIndexMap<String, usize>,
    values: Vec<Box<dyn Val>>,
}

impl VariableResolver for Known {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        let number = self.numbers.get(variable)?;
        Some(CowVal::Borrowed(self.values[*number].as_ref()))
    }
}

impl Cel {
    pub fn new(program: &Program) -> Result<Self, Failure> {
        let env = Arc::new(Env::stdlib());
        let tests = program.tests.iter().map(|test| {
            let text = STYLE.text(program, test);
            env.compile(&text).map_err(|error| format!("{text}: {error}").into())
        });
        let tests: Result<Vec<::cel::Program>, Failure> = tests.collect();
        let names = program.names.iter().enumerate();
        let sorts: Vec<Sort> = program.names.iter().map(|name| name.sort).collect();
        let known = Known {
            numbers: names.map(|(at, name)| (name.text.clone(), at)).collect(),
            values: sorts.iter().map(|&sort| value(&Fact::Nothing, sort)).collect(),
        };
        Ok(Self { tests: tests?, env, sorts, known })
    }
}

impl Engine for Cel {
    fn judge(
        &mut self,
        facts: &[Fact<'_>],
        changed: &[usize],
        tests: &[usize],
        held: &mut [bool],
    ) -> Result<(), Failure> {
        for &name in changed {
            self.known.values[name] = value(&facts[name], self.sorts[name]);
        }
        let mut context = Context::with_env(Arc::clone(&self.env));
        context.set_variable_resolver(&self.known);
        for &test in tests {
            held[test] = match self.tests[test].execute(&context)? {
                Value::Bool(holds) => holds,
                other => return Err(format!("{other:?} is not true or false").into()),
            };
        }
        Ok(())
    }
}

/// CEL knows no names without a value.
fn value(fact: &Fact<'_>, sort: Sort) -> Box<dyn Val> {
    let word = |word: &str| -> CelString<'static> { word.to_owned().into() };
    match (fact, sort) {
        (Fact::Nothing, Sort::Several) => Box::new(CelList::from(Vec::new())),
        (Fact::Nothing, Sort::Flag) => Box::new(CelBool::from(false)),
        (Fact::Nothing, Sort::Single | Sort::Number) => Box::new(CelNull),
        (Fact::Word(one), _) => Box::new(word(one)),
        (Fact::Words(words), _) => {
            let words = words.iter().map(|one| Box::new(word(one)) as Box<dyn Val>);
            Box::new(CelList::from(words.collect::<Vec<_>>()))
        }
        (Fact::Number(number), _) => Box::new(CelInt::from(*number)),
        (Fact::Holds, _) => Box::new(CelBool::from(true)),
    }
}
