//! # backwise
//!
//! Asks a person about their back pain and suggests massage, physical therapy, a combination or a
//! complementary option, says why, and always adds the advice to see a professional. All that it
//! knows stands in a rule set, a YAML file; the program is a small, general reader of such files.
//!
//! ## The house
//!
//! One package, two crates. This library is pure: text in, values and text out; no file, clock,
//! environment, terminal or command line. The binary in `src/bin/backwise/` has all of those. A
//! module uses only the modules above it:
//!
//! | row | modules | each is |
//! |---|---|---|
//! | 1 | [`prose`], [`fault`], [`language`], [`yaml`], [`diagram`] | words for people · what is wrong in a file, and where · the program's own words, by language · text to a tree with places · functions of all ways to answer |
//! | 2 | [`condition`], [`questionnaire`] | three-valued tests on marks · questions, choices, the one parser of answers |
//! | 3 | [`answers`] | what was answered; only fitting answers get in |
//! | 4 | [`ruleset`] | the file's shape to a checked rule set; all faults at once |
//! | 5 | [`triage`](mod@triage), [`interview`] | answers to assessment, total and pure · which question next |
//! | 6 | [`explain`], [`proof`] | why a result is what it is, and what would make it another · what holds for every way to answer |
//! | 7 | [`report`], [`cases`], [`diff`], [`session`] | one document, many renderings · made-up people and what must come out for them · two versions of a rule set compared by meaning · answers as they are kept in a file, to be gone on with |
//! | 8 | [`records`] | one person's records compared |
//! | 9 | [`replay`], [`check`] | records judged anew under other rules · faults a valid rule set can still have |
//! | 10 | [`batch`] | many people at once: rows of answers to lines of results |
//! | 11 | [`export`] | the rule set as a program for other engines, such as databases |
//!
//! A question holds the condition under which it is asked, and a condition tests marks by the
//! question's index, so `condition` and `questionnaire` stand side by side: a condition knows
//! marks, never questions.
//!
//! ## Promises
//!
//! - What is missing is never "no": tests on it are unknown, and unknown fires nothing.
//! - Warnings are never scored; the highest level of care wins; at same-day and emergency no
//!   treatment is named; an emergency ends the interview.
//! - What a caution avoids is offered nowhere: not as suggestion, option or runner-up.
//! - While a warning could still fire because a question is unanswered, no treatment is named.
//! - Every result carries the advice to see a professional and the signs that mean "get help now".
//!   A line of `batch` and a row of the exported SELECT are columns of a result; whole results, and
//!   the summary of a batch, have them.
//! - The same answers by any door give the same result, byte for byte.

pub mod answers;
pub mod batch;
pub mod cases;
pub mod check;
pub mod condition;
pub mod diagram;
pub mod diff;
pub mod explain;
pub mod export;
pub mod fault;
pub mod interview;
pub mod language;
pub mod proof;
pub mod prose;
pub mod questionnaire;
pub mod records;
pub mod replay;
pub mod report;
pub mod ruleset;
pub mod session;
pub mod triage;
pub mod yaml;

pub use answers::Answers;
pub use interview::Interview;
pub use ruleset::RuleSet;
pub use session::Session;
pub use triage::{Assessment, triage};
