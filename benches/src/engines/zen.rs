//! The tests in the language of GoRules' ZEN, for `zen-expression`.

use zen_expression::expression::Standard;
use zen_expression::variable::{ToVariable as _, VariableMap};
use zen_expression::vm::VM;
use zen_expression::{Expression, Scope, Variable, compile_expression};

use crate::infix::Style;
use crate::program::{Program, Sort};
use crate::{Engine, Fact, Failure};

const STYLE: Style = Style { and: "and", or: "or", not: "not ", length: "len" };

/// The engine with its compiled expressions.
pub struct Zen {
    tests: Vec<Expression<Standard>>,
    names: Vec<(String, Sort)>,
    vm: VM,
    scope: Scope,
}

impl Zen {
    pub fn new(program: &Program) -> Result<Self, Failure> {
        let tests = program.tests.iter().map(|test| {
            let text = STYLE.text(program, test);
            compile_expression(&text).map_err(|error| format!("{text}: {error}").into())
        });
        let tests: Result<Vec<Expression<Standard>>, Failure> = tests.collect();
        let names = program.names.iter().map(|name| (name.text.clone(), name.sort));
        let names: Vec<(String, Sort)> = names.collect();
        let mut known = VariableMap::new();
        for (name, sort) in &names {
            known.insert(Variable::key(name), value(&Fact::Nothing, *sort));
        }
        let scope = Scope::new(Variable::from_object(known));
        Ok(Self { tests: tests?, names, vm: VM::new(), scope })
    }
}

impl Engine for Zen {
    fn judge(
        &mut self,
        facts: &[Fact<'_>],
        changed: &[usize],
        tests: &[usize],
        held: &mut [bool],
    ) -> Result<(), Failure> {
        if let Variable::Object(known) = self.scope.base() {
            let mut known = known.borrow_mut();
            for &name in changed {
                let (text, sort) = &self.names[name];
                known.insert(Variable::key(text), value(&facts[name], *sort));
            }
        }
        for &test in tests {
            let value = self.tests[test].evaluate_with_scope(&self.scope, &mut self.vm)?;
            held[test] = match value {
                Variable::Bool(holds) => holds,
                other => return Err(format!("{other:?} is not true or false").into()),
            };
        }
        Ok(())
    }
}

/// ZEN takes a list for "in", and true or false for "and".
fn value(fact: &Fact<'_>, sort: Sort) -> Variable {
    let word = |word: &str| Variable::String(Variable::key(word));
    match (fact, sort) {
        (Fact::Nothing, Sort::Several) => Variable::empty_array(),
        (Fact::Nothing, Sort::Flag) => Variable::Bool(false),
        (Fact::Nothing, Sort::Single | Sort::Number) => Variable::Null,
        (Fact::Word(one), _) => word(one),
        (Fact::Words(words), _) => {
            Variable::from_array(words.iter().map(|one| word(one)).collect())
        }
        (Fact::Number(number), _) => number.to_variable(),
        (Fact::Holds, _) => Variable::Bool(true),
    }
}
