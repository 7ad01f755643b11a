//! A rule set: one that loads judges a person who said nothing, and one that does not is told what
//! is wrong with it.
#![no_main]

use backwise::{Answers, Interview, RuleSet, triage};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match RuleSet::read(text) {
        Ok(rules) => {
            let answers = Answers::new(&rules.questionnaire);
            let result =
                backwise::report::json::result_line(&rules, &answers, &triage(&rules, &answers));
            assert!(result.contains("\"professional\":\""));
            let _ = Interview::new(&rules, answers, false).step();
        }
        Err(faults) => {
            assert!(!faults.is_empty());
            assert!(backwise::fault::draw_all(&faults, "rules.yaml", text).contains("error["));
        }
    }
});
