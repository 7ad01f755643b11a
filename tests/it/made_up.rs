//! Rule sets: the shipped one, and ones nobody wrote, with every kind of condition in them.

use std::fmt::Write as _;

use backwise::{RuleSet, fault};

use crate::program::repository;
use crate::rows::Chance;

/// The rule set that comes with the program.
pub(crate) fn shipped() -> RuleSet {
    let text = std::fs::read_to_string(repository("rules/back-pain.yaml")).unwrap();
    RuleSet::read(&text).unwrap()
}

/// A rule set made up from a seed.
pub(crate) fn made_up_rules(seed: u64) -> RuleSet {
    let text = made_up(seed);
    RuleSet::read(&text).unwrap_or_else(|faults| {
        panic!("seed {seed}: {}", fault::draw_all(&faults, "made-up.yaml", &text))
    })
}

/// The text of a rule set made up from a seed.
pub(crate) fn made_up(seed: u64) -> String {
    Maker { chance: Chance(seed ^ 0xbac0_0000), questions: Vec::new(), findings: Vec::new() }.text()
}

struct Asked {
    id: String,
    kind: usize,
    words: Vec<String>,
}

struct Maker {
    chance: Chance,
    questions: Vec<Asked>,
    /// Each finding and the last question it may read.
    findings: Vec<(String, usize)>,
}

const ITEMS: [&str; 8] = ["tone", "knead", "press", "move", "lift", "both", "calm", "breathe"];

impl Maker {
    fn text(&mut self) -> String {
        let count = 3 + self.chance.below(7);
        let (mut questions, mut findings) = (String::new(), String::new());
        for at in 0..count {
            self.question(at, &mut questions);
            while self.chance.one_in_thousand(400) {
                let when = self.condition(2, usize::MAX);
                let id = format!("f{}", self.findings.len());
                let _ = writeln!(findings, "  - {{id: {id}, says: x, when: {when}, source: s}}");
                self.findings.push((id, at));
            }
        }
        format!(
            "id: made-up\ntitle: t\nversion: 1.0.0\nreviewed: 2026-11-22\nreview-by: 2027-11-22\n\
             language: en\nabout: a\nopening: o\nnotice: n\n\
             sources:\n  s: {{title: t, by: b, year: 2026, link: 'https://example.org/'}}\n\
             grades: {{good: good}}\ngroups: {{g: G}}\n\
             questions:\n{questions}findings:{}\n{findings}{}",
            if findings.is_empty() { " []" } else { "" },
            self.rest(),
        )
    }

    fn question(&mut self, at: usize, out: &mut String) {
        let id = format!("q{at}");
        // The first can always be tested.
        let kind = if at == 0 { 0 } else { self.chance.below(5) };
        let choices = 2 + self.chance.below(5);
        let mut words: Vec<String> = match kind {
            0 => vec!["yes".to_owned(), "no".to_owned()],
            3 => (-1..6).map(|step| step.to_string()).collect(),
            4 => Vec::new(),
            _ => (0..choices).map(|choice| format!("c{choice}")).collect(),
        };
        let listed: Vec<String> = words.iter().map(|word| format!("{word}: L")).collect();
        let listed = listed.join(", ");
        let (kind_text, none) = match kind {
            0 => ("yes-no, ".to_owned(), false),
            1 => (format!("one-of, choices: {{{listed}}}, "), false),
            2 => {
                let none = self.chance.one_in_thousand(700);
                let most = self.chance.one_in_thousand(300);
                let most = if most { "at-most: 2, " } else { "" };
                let none_text = if none { "none: None, " } else { "" };
                (format!("any-of, choices: {{{listed}}}, {none_text}{most}"), none)
            }
            3 => ("scale, from: -1, to: 5, low: l, high: h, ".to_owned(), false),
            _ => ("text, ".to_owned(), false),
        };
        let unsure = kind != 4 && self.chance.one_in_thousand(500);
        if unsure {
            words.push("unsure".to_owned());
        }
        if none {
            words.push("none".to_owned());
        }
        let when =
            if self.questions.iter().any(|it| it.kind != 4) && self.chance.one_in_thousand(500) {
                format!("when: {}, ", self.condition(2, at))
            } else {
                String::new()
            };
        let unsure = if unsure { "unsure: U, " } else { "" };
        let _ = writeln!(
            out,
            "  - {{id: {id}, group: g, ask: a, why: w, {when}{unsure}source: s, kind: {kind_text}}}"
        );
        self.questions.push(Asked { id, kind, words });
    }

    /// A condition over what is asked before a question.
    fn condition(&mut self, depth: usize, before: usize) -> String {
        let parts = |maker: &mut Self, depth: usize| -> Vec<String> {
            let count = 2 + maker.chance.below(2);
            (0..count).map(|_| maker.condition(depth - 1, before)).collect()
        };
        match self.chance.below(if depth == 0 { 4 } else { 9 }) {
            5 => format!("{{any: [{}]}}", parts(self, depth).join(", ")),
            6 => format!("{{all: [{}]}}", parts(self, depth).join(", ")),
            7 => format!("{{not: {}}}", self.condition(depth - 1, before)),
            8 => {
                let parts = parts(self, depth);
                let count = 1 + self.chance.below(parts.len());
                format!("{{at-least: {{count: {count}, of: [{}]}}}}", parts.join(", "))
            }
            0 => {
                let known: Vec<String> = self
                    .findings
                    .iter()
                    .filter(|(_, last)| *last < before)
                    .map(|(id, _)| id.clone())
                    .collect();
                if known.is_empty() {
                    return self.test();
                }
                let says = if self.chance.one_in_thousand(700) { "yes" } else { "no" };
                format!("{{{}: {says}}}", known[self.chance.below(known.len())])
            }
            _ => self.test(),
        }
    }

    fn test(&mut self) -> String {
        let known: Vec<usize> =
            (0..self.questions.len()).filter(|&at| self.questions[at].kind != 4).collect();
        let at = known[self.chance.below(known.len())];
        let Asked { id, kind, words } = &self.questions[at];
        let one = |chance: &mut Chance| words[chance.below(words.len())].clone();
        let test = match (kind, self.chance.below(3)) {
            (3, 0) => format!("{{at-least: {}}}", self.chance.below(6)),
            (3, 1) => format!("{{at-most: {}}}", self.chance.below(6)),
            (2, 0) => format!("{{at-least: {}}}", 1 + self.chance.below(2)),
            (2, 1) => format!("{{all-of: [{}, {}]}}", one(&mut self.chance), one(&mut self.chance)),
            (_, 2) => format!("[{}, {}]", one(&mut self.chance), one(&mut self.chance)),
            _ => one(&mut self.chance),
        };
        format!("{{{id}: {test}}}")
    }

    fn points(&mut self) -> String {
        let item = ITEMS[self.chance.below(8)];
        let other = ITEMS[self.chance.below(8)];
        let number = i64::try_from(self.chance.below(7)).unwrap() - 2;
        match self.chance.below(4) {
            0 => format!("{item}: {{at-least: {number}}}"),
            1 => format!("{item}: {{at-most: {number}}}"),
            2 => format!("{item}: {{above: [{other}]}}"),
            _ => format!("{item}: {{not-below: [{other}], at-least: {number}}}"),
        }
    }

    fn items(&mut self) -> String {
        // The last suggestion's treatment must be one that nothing avoids.
        let items: Vec<&str> = ["tone", "knead", "press", "both", "breathe"]
            .into_iter()
            .filter(|_| self.chance.one_in_thousand(350))
            .collect();
        format!("[{}]", items.join(", "))
    }

    fn rest(&mut self) -> String {
        let mut out = "warnings:\n".to_owned();
        for at in 0..2 + self.chance.below(4) {
            let care = ["emergency", "same-day", "prompt"][self.chance.below(3)];
            let mut when = self.condition(2, usize::MAX);
            if self.chance.one_in_thousand(800) {
                // Most people have no warning, or nothing behind warnings would be tried.
                when = format!("{{all: [{when}, {}, {}]}}", self.test(), self.test());
            }
            let _ = writeln!(
                out,
                "  - {{id: w{at}, care: {care}, when: {when}, because: b, source: s}}"
            );
        }
        out.push_str("cautions:\n");
        for at in 0..=self.chance.below(4) {
            let (avoid, ask) = (self.items(), self.items());
            let lists = [("avoid", avoid), ("ask-first", ask)];
            let lists: Vec<String> = lists
                .into_iter()
                .filter(|(_, list)| list != "[]")
                .map(|(name, list)| format!("{name}: {list}"))
                .collect();
            let lists =
                if lists.is_empty() { "avoid: [tone]".to_owned() } else { lists.join(", ") };
            let when = self.condition(2, usize::MAX);
            let _ =
                writeln!(out, "  - {{id: k{at}, when: {when}, {lists}, because: b, source: s}}");
        }
        let option =
            |id: &str| format!("{{id: {id}, name: N, says: s, fits: f, grade: good, source: s}}");
        let treatment = |id: &str, more: &str, options: &[&str]| {
            let options: Vec<String> = options.iter().map(|id| option(id)).collect();
            let options = if options.is_empty() {
                String::new()
            } else {
                format!(", options: [{}]", options.join(", "))
            };
            format!("  - {{id: {id}, name: N, says: s, source: s{more}{options}}}\n")
        };
        out.push_str("treatments:\n");
        out.push_str(&treatment("tone", "", &["knead", "press"]));
        out.push_str(&treatment("move", "", &["lift"]));
        out.push_str(&treatment("both", ", includes: [tone, move], order: o", &[]));
        out.push_str(&treatment("calm", "", &["breathe"]));
        out.push_str("rules:\n");
        for at in 0..4 + self.chance.below(10) {
            let mut points = Vec::new();
            for item in ITEMS {
                if self.chance.one_in_thousand(250) {
                    let number = i64::try_from(self.chance.below(9)).unwrap() - 3;
                    points.push(format!("{item}: {}", if number == 0 { 4 } else { number }));
                }
            }
            if points.is_empty() {
                points.push("knead: 2".to_owned());
            }
            let when = if self.chance.one_in_thousand(850) {
                format!("when: {}, ", self.condition(2, usize::MAX))
            } else {
                String::new()
            };
            let points = points.join(", ");
            let _ = writeln!(
                out,
                "  - {{id: r{at}, {when}points: {{{points}}}, because: b, source: s}}"
            );
        }
        out.push_str("suggestions:\n");
        for at in 0..2 + self.chance.below(4) {
            let suggest = ["tone", "move", "both", "calm", "none"][self.chance.below(5)];
            let when = match self.chance.below(3) {
                0 => self.condition(1, usize::MAX),
                1 => format!("{{{}}}", self.points()),
                _ => {
                    let (points, not) = (self.points(), self.points());
                    format!("{{all: [{{{points}}}, {{not: {{{not}}}}}]}}")
                }
            };
            let _ = writeln!(
                out,
                "  - {{id: s{at}, when: {when}, suggest: {suggest}, title: t, because: b, \
                 source: s}}"
            );
        }
        out.push_str("  - {id: last, suggest: move, title: t, because: b, source: s}\n");
        out.push_str(
            "advice:\n  professional: {emergency: e, same-day: s, prompt: p, routine: r}\n  \
             nothing-found: n\n  get-help-now: [g]\n  meanwhile: [{says: m, source: s}]\n  \
             look-again: [{says: l, source: s}]\n",
        );
        out
    }
}
