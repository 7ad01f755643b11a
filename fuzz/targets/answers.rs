//! A file of answers: what is taken is written and taken again as it was, and has a result with
//! its advice; what is not taken is told with its place.
#![no_main]

use backwise::{Answers, Session, triage};
use libfuzzer_sys::fuzz_target;

#[path = "shared.rs"]
mod shared;

fuzz_target!(|text: &str| {
    let rules = &*shared::RULES;
    match Answers::read(&rules.questionnaire, text) {
        Ok(answers) => {
            let written = Session::new(answers.clone()).write(rules);
            let again = Session::read(rules, &written).expect("what was written is read");
            assert_eq!(again.answers, answers);
            let result = backwise::report::json::result_line(rules, &answers, &triage(rules, &answers));
            assert!(result.contains("\"get_help_now\":[\""));
            let again = Answers::read(&rules.questionnaire, &result).expect("a result is answers");
            assert_eq!(triage(rules, &again), triage(rules, &answers));
        }
        Err(faults) => {
            assert!(!faults.is_empty());
            assert!(backwise::fault::draw_all(&faults, "answers.yaml", text).contains("error["));
        }
    }
});
