//! Random rule sets, as YAML text, so that the loader is exercised too.

use std::fmt::Write as _;

/// A small generator of random numbers (splitmix64), the same on every machine.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1234_5678_9abc_def0)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// How large a random rule set is.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) questions: usize,
    pub(crate) choices: usize,
    pub(crate) rules: usize,
    pub(crate) warnings: usize,
    pub(crate) cautions: usize,
    /// How many questions a condition may reach back; all, if there are fewer.
    pub(crate) reach: usize,
    /// Every test of an answer is on a word the question really has, with skips among questions.
    pub(crate) skips: usize,
}

impl Size {
    /// Small enough that every way to answer can be walked.
    pub(crate) const SMALL: Self =
        Self { questions: 4, choices: 3, rules: 6, warnings: 3, cautions: 3, reach: 9, skips: 35 };
}

struct Question {
    kind: &'static str,
    words: Vec<String>,
    steps: usize,
}

struct Writer<'a> {
    random: &'a mut Random,
    size: Size,
    questions: Vec<Question>,
    /// For each finding, the last question it reads.
    findings: Vec<usize>,
}

const ITEMS: [&str; 7] = ["rub", "deep", "soft", "gym", "lift", "both", "rest"];
const TREATMENTS: [&str; 4] = ["rub", "gym", "both", "rest"];

const TREATMENT_LIST: &str = "treatments:\n\
    \x20 - {id: rub, name: Rub, says: S, source: s, options: [\
    {id: deep, name: D, says: S, fits: F, grade: low, source: s}, \
    {id: soft, name: S, says: S, fits: F, grade: low, source: s}]}\n\
    \x20 - {id: gym, name: Gym, says: S, source: s, options: [\
    {id: lift, name: L, says: S, fits: F, grade: low, source: s}]}\n\
    \x20 - {id: both, name: Both, says: S, includes: [rub, gym], source: s}\n\
    \x20 - {id: rest, name: Rest, says: S, source: s}\n";

/// A random rule set of about this size.
pub(crate) fn rule_set(random: &mut Random, size: Size) -> String {
    let mut writer = Writer { random, size, questions: Vec::new(), findings: Vec::new() };
    writer.write()
}

impl Writer<'_> {
    fn write(&mut self) -> String {
        let mut out = String::from(
            "id: random\ntitle: Random\nversion: 1.0.0\nreviewed: 2026-01-01\n\
             review-by: 2027-01-01\nlanguage: en\nabout: About.\nopening: Opening.\n\
             notice: Notice.\nsources:\n  s: {title: T, by: B, year: 2020, link: https://example.org}\n\
             grades: {low: low}\ngroups: {all: All}\nquestions:\n",
        );
        let count = if self.size.questions > 6 {
            self.size.questions
        } else {
            2 + self.random.below(self.size.questions - 1)
        };
        for question in 0..count {
            self.question(&mut out, question);
        }
        self.findings(&mut out, count);
        self.fired(&mut out, count);
        out.push_str(TREATMENT_LIST);
        self.rules(&mut out, count);
        self.suggestions(&mut out, count);
        out.push_str(
            "advice:\n  professional: {emergency: E, same-day: S, prompt: P, routine: R}\n  \
             nothing-found: Nothing.\n  get-help-now: [Signs]\n",
        );
        self.promises(&mut out, count);
        out
    }

    fn question(&mut self, out: &mut String, index: usize) {
        let kind = *self.random.pick(&["yes-no", "one-of", "any-of", "scale", "one-of"]);
        let steps = 2 + self.random.below(self.size.choices - 1);
        let unsure = self.random.chance(50);
        let none = kind == "any-of" && self.random.chance(70);
        let when = (index > 0 && self.random.chance(self.size.skips))
            .then(|| self.condition(index, 2, "", true));
        let _ = writeln!(out, "  - id: q{index}\n    group: all\n    ask: Q?\n    why: W.");
        let _ = writeln!(out, "    kind: {kind}");
        let mut words: Vec<String> = match kind {
            "yes-no" => vec!["yes".to_owned(), "no".to_owned()],
            "scale" => (0..steps).map(|step| step.to_string()).collect(),
            _ => (0..steps).map(|step| format!("c{step}")).collect(),
        };
        let ids = words.clone();
        match kind {
            "yes-no" => {
                if self.random.chance(50) {
                    let _ = writeln!(out, "    worse: {}", self.random.pick(&["yes", "no"]));
                }
            }
            "scale" => {
                let _ =
                    writeln!(out, "    from: 0\n    to: {}\n    low: l\n    high: h", steps - 1);
                if self.random.chance(50) {
                    let _ = writeln!(out, "    worse: {}", self.random.pick(&["higher", "lower"]));
                }
            }
            _ => {
                let choices: Vec<String> = ids.iter().map(|id| format!("{id}: C")).collect();
                let _ = writeln!(out, "    choices: {{{}}}", choices.join(", "));
                if self.random.chance(50) {
                    let _ = writeln!(out, "    worse: [{}]", ids.join(", "));
                }
                if self.random.chance(40) {
                    let _ = writeln!(out, "    contraindications: [{}]", self.random.pick(&ids));
                }
                if none {
                    words.push("none".to_owned());
                    let _ = writeln!(out, "    none: None");
                }
                if kind == "any-of" && self.random.chance(30) {
                    let _ = writeln!(out, "    at-most: {}", 1 + self.random.below(steps));
                }
            }
        }
        if unsure {
            words.push("unsure".to_owned());
            let _ = writeln!(out, "    unsure: Not sure");
        }
        if let Some(when) = when {
            let _ = writeln!(out, "    when: {when}");
        }
        let steps = if kind == "yes-no" { 2 } else { steps };
        self.questions.push(Question { kind, words, steps });
    }

    /// A condition over the questions before one, of at most some depth; `own` adds one more kind.
    fn condition(&mut self, before: usize, depth: usize, own: &str, nots: bool) -> String {
        let choice = self.random.below(100);
        if depth > 0 && choice < 36 {
            let parts: Vec<String> = (0..2 + self.random.below(2))
                .map(|_| self.condition(before, depth - 1, own, nots))
                .collect();
            let list = parts.join(", ");
            return match choice % 3 {
                0 => format!("{{all: [{list}]}}"),
                1 => format!("{{any: [{list}]}}"),
                _ => {
                    let count = 1 + self.random.below(parts.len());
                    format!("{{at-least: {{count: {count}, of: [{list}]}}}}")
                }
            };
        }
        if depth > 0 && nots && choice < 46 {
            return format!("{{not: {}}}", self.condition(before, depth - 1, own, nots));
        }
        if !own.is_empty() && choice < 75 {
            return self.own(own);
        }
        let usable: Vec<usize> =
            (0..self.findings.len()).filter(|&f| self.findings[f] < before).collect();
        if !usable.is_empty() && choice > 85 {
            let finding = *self.random.pick(&usable);
            let word = if nots && self.random.chance(20) { "no" } else { "yes" };
            return format!("{{f{finding}: {word}}}");
        }
        self.test(before)
    }

    fn test(&mut self, before: usize) -> String {
        // A window of neighbours anywhere in the questionnaire, as a clinician would write.
        let reach = self.size.reach;
        let end =
            if reach < before { reach + self.random.below(before - reach + 1) } else { before };
        let from = end.saturating_sub(reach);
        let index = from + self.random.below(end - from);
        let question = &self.questions[index];
        let words = question.words.clone();
        let (kind, steps) = (question.kind, question.steps);
        let value = match kind {
            "scale" if self.random.chance(60) => {
                let bound = self.random.below(steps);
                format!("{{{}: {bound}}}", self.random.pick(&["at-least", "at-most"]))
            }
            "any-of" if self.random.chance(25) => {
                format!("{{at-least: {}}}", 1 + self.random.below(steps))
            }
            "any-of" if self.random.chance(20) => "{all-of: [c0, c1]}".to_owned(),
            _ if self.random.chance(30) => {
                format!("[{}, {}]", self.random.pick(&words), self.random.pick(&words))
            }
            _ => self.random.pick(&words).clone(),
        };
        format!("{{q{index}: {value}}}")
    }

    fn own(&mut self, own: &str) -> String {
        if own == "points" {
            let (a, b) = (*self.random.pick(&TREATMENTS), *self.random.pick(&TREATMENTS));
            let number = *self.random.pick(&[-1, 0, 1, 2, 3]);
            return match self.random.below(4) {
                0 => format!("{{{a}: {{at-least: {number}}}}}"),
                1 => format!("{{{a}: {{at-most: {number}}}}}"),
                2 => format!("{{{a}: {{above: {b}}}}}"),
                _ => format!("{{{a}: {{not-below: {b}, at-least: {number}}}}}"),
            };
        }
        match self.random.below(4) {
            0 => "{care: [prompt, same-day]}".to_owned(),
            1 => format!("{{suggestion: [{}, none]}}", self.random.pick(&TREATMENTS)),
            2 => format!("{{suggestion: {}}}", self.random.pick(&TREATMENTS)),
            _ => format!("{{offers: {}}}", self.random.pick(&ITEMS)),
        }
    }

    fn findings(&mut self, out: &mut String, count: usize) {
        let number = self.random.below(3);
        if number > 0 {
            out.push_str("findings:\n");
        }
        for index in 0..number {
            let last = self.random.below(count);
            let when = self.condition(last + 1, 1, "", true);
            let _ = writeln!(out, "  - {{id: f{index}, says: F, when: {when}, source: s}}");
            self.findings.push(last);
        }
    }

    fn fired(&mut self, out: &mut String, count: usize) {
        out.push_str("warnings:\n");
        for index in 0..=self.random.below(self.size.warnings) {
            let care = *self.random.pick(&["emergency", "same-day", "prompt"]);
            let nots = self.random.chance(15);
            let when = self.condition(count, 1, "", nots);
            let _ = writeln!(
                out,
                "  - {{id: w{index}, care: {care}, when: {when}, because: B, source: s}}"
            );
        }
        out.push_str("cautions:\n");
        for index in 0..=self.random.below(self.size.cautions) {
            let nots = self.random.chance(15);
            let when = self.condition(count, 1, "", nots);
            let item = *self.random.pick(&ITEMS[..6]);
            let verb = if self.random.chance(80) { "avoid" } else { "ask-first" };
            let _ = writeln!(
                out,
                "  - {{id: k{index}, when: {when}, {verb}: {item}, because: B, source: s}}"
            );
        }
    }

    fn rules(&mut self, out: &mut String, count: usize) {
        out.push_str("rules:\n");
        let number = if self.size.rules > 20 {
            self.size.rules
        } else {
            1 + self.random.below(self.size.rules)
        };
        for index in 0..number {
            let when = if self.random.chance(90) {
                format!("when: {}, ", self.condition(count, 1, "", true))
            } else {
                String::new()
            };
            let first = self.random.below(ITEMS.len());
            let second = (first + 1 + self.random.below(ITEMS.len() - 1)) % ITEMS.len();
            let weights = [-2, -1, 0, 1, 2, 3];
            let (m, n) = (*self.random.pick(&weights), *self.random.pick(&weights));
            let _ = writeln!(
                out,
                "  - {{id: r{index}, {when}points: {{{}: {m}, {}: {n}}}, because: B, source: s}}",
                ITEMS[first], ITEMS[second]
            );
        }
    }

    fn suggestions(&mut self, out: &mut String, count: usize) {
        out.push_str("suggestions:\n");
        for index in 0..=self.random.below(4) {
            let when = self.condition(count, 2, "points", true);
            let treatment = *self.random.pick(&["rub", "gym", "both", "rest", "none"]);
            let _ = writeln!(
                out,
                "  - {{id: s{index}, when: {when}, suggest: {treatment}, title: T, because: B, \
                 source: s}}"
            );
        }
        out.push_str("  - {id: last, suggest: rest, title: T, because: B, source: s}\n");
    }

    fn promises(&mut self, out: &mut String, count: usize) {
        out.push_str("promises:\n");
        for index in 0..2 {
            let verb = *self.random.pick(&["never", "never", "always"]);
            let condition = self.condition(count, 2, "outcome", true);
            let _ = writeln!(out, "  - {{id: p{index}, says: P, {verb}: {condition}}}");
        }
    }
}
