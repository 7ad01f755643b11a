//! The tests as text with operators between, which CEL and ZEN write much alike.

use crate::program::{Program, Sign, Sort, Test, Word};

/// The words in which languages differ.
pub struct Style {
    pub and: &'static str,
    pub or: &'static str,
    pub not: &'static str,
    /// How many there are in a list.
    pub length: &'static str,
}

impl Style {
    /// A test in this language.
    pub fn text(&self, program: &Program, test: &Test) -> String {
        let name = |name: &usize| &program.names[*name].text;
        match test {
            Test::All(tests) => self.join(program, tests, self.and, "true"),
            Test::Any(tests) => self.join(program, tests, self.or, "false"),
            Test::Not(test) => format!("{}({})", self.not, self.text(program, test)),
            Test::AtLeast(count, tests) => {
                let bits =
                    tests.iter().map(|test| format!("({} ? 1 : 0)", self.text(program, test)));
                let bits: Vec<String> = bits.collect();
                format!("({}) >= {count}", bits.join(" + "))
            }
            Test::Given(of) => match program.names[*of].sort {
                Sort::Several => format!("{}({}) > 0", self.length, name(of)),
                _ => format!("{} != null", name(of)),
            },
            Test::Is(of, words) => match words.as_slice() {
                [one] => format!("{} == {}", name(of), word(one)),
                many => {
                    let words: Vec<String> = many.iter().map(word).collect();
                    format!("{} in [{}]", name(of), words.join(", "))
                }
            },
            Test::Has(of, one) => format!("{} in {}", word(one), name(of)),
            Test::Flag(of) => name(of).clone(),
            Test::Points(of, sign, number) => {
                format!("{} {} {number}", name(of), self::sign(*sign))
            }
            Test::Against(of, sign, other) => {
                format!("{} {} {}", name(of), self::sign(*sign), name(other))
            }
        }
    }

    fn join(&self, program: &Program, tests: &[Test], word: &str, none: &str) -> String {
        let tests: Vec<String> = tests.iter().map(|test| self.text(program, test)).collect();
        match tests.as_slice() {
            [] => none.to_owned(),
            [one] => one.clone(),
            many => format!("({})", many.join(&format!(" {word} "))),
        }
    }
}

fn word(word: &Word) -> String {
    match word {
        Word::Text(text) => format!("\"{text}\""),
        Word::Number(number) => number.to_string(),
    }
}

fn sign(sign: Sign) -> &'static str {
    match sign {
        Sign::AtLeast => ">=",
        Sign::AtMost => "<=",
        Sign::Above => ">",
    }
}
