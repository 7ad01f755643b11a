//! The second half of the SELECT: from conditions to what is suggested.

use std::fmt::Write as _;

use super::{ALWAYS, NEVER, Sql, all, any, bit, is_one, listed};
use crate::batch::column_name;
use crate::condition::{Care, Condition};

impl Sql<'_> {
    /// Steps as in [`triage`](crate::triage::triage), and the columns of the result.
    pub(super) fn outcome(&mut self) {
        let step = self.steps.len();
        self.warnings(step);
        self.cautions(step);
        self.rules(step);
        self.standing(step + 1);
        self.suggestion(step + 2);
        self.offers(step + 3);
        self.order(step + 4);
        self.columns();
        self.settled = vec![step, step + 2];
    }

    fn item(&self, item: usize) -> String {
        column_name(&self.rules.items[item].id)
    }

    /// Every option, in the order of the rule set.
    fn every_option(&self) -> Vec<usize> {
        let items = 0..self.rules.items.len();
        items.filter(|&item| self.rules.treatment_of(item).is_some()).collect()
    }

    /// Unknown, while a question it reads is open.
    fn could(&self, condition: &Condition, reads: &[usize]) -> String {
        let open: Vec<String> = reads.iter().map(|&read| self.is_open(read)).collect();
        let (yes, no) = (self.yes(condition), self.no(condition));
        format!("CASE WHEN {yes} THEN 0 WHEN {no} THEN 0 WHEN {} THEN 1 ELSE 0 END", any(&open))
    }

    fn warnings(&mut self, step: usize) {
        for warning in &self.rules.warnings {
            let id = column_name(&warning.id);
            let fires = bit(&self.yes(&warning.when));
            let could = self.could(&warning.when, &warning.reads);
            self.name(step, format!("warns_{id}"), fires);
            self.name(step, format!("could_warn_{id}"), could);
        }
    }

    fn cautions(&mut self, step: usize) {
        for caution in &self.rules.cautions {
            let id = column_name(&caution.id);
            let fires = bit(&self.yes(&caution.when));
            let could = self.could(&caution.when, &caution.reads);
            self.name(step, format!("cautions_{id}"), fires);
            self.name(step, format!("could_caution_{id}"), could);
        }
    }

    fn rules(&mut self, step: usize) {
        for rule in &self.rules.rules {
            let fires = rule.when.as_ref().map_or(ALWAYS.to_owned(), |when| self.yes(when));
            self.name(step, format!("fires_{}", column_name(&rule.id)), bit(&fires));
        }
    }

    /// The level of care, whether all is screened, points, and what may be offered.
    fn standing(&mut self, step: usize) {
        let rules = self.rules;
        let mut levels = String::new();
        for care in [Care::Emergency, Care::SameDay, Care::Prompt] {
            let warnings = rules.warnings.iter().filter(|warning| warning.care == care);
            let tests: Vec<String> = warnings
                .map(|warning| is_one(&format!("warns_{}", column_name(&warning.id))))
                .collect();
            let _ = write!(levels, "WHEN {} THEN {} ", any(&tests), care as u8);
        }
        self.name(step, "care_level".to_owned(), format!("CASE {levels}ELSE 0 END"));
        let could: Vec<String> = rules
            .warnings
            .iter()
            .map(|warning| is_one(&format!("could_warn_{}", column_name(&warning.id))))
            .collect();
        self.name(step, "unscreened".to_owned(), bit(&any(&could)));
        for item in 0..rules.items.len() {
            let terms = rules.rules.iter().filter_map(|rule| {
                let to = rule.points.iter().filter(|(to, _)| *to == item);
                let number: i32 = to.map(|(_, number)| number).sum();
                (number != 0).then(|| format!("({number}) * fires_{}", column_name(&rule.id)))
            });
            let terms: Vec<String> = std::iter::once("0".to_owned()).chain(terms).collect();
            self.name(step, format!("points_{}", self.item(item)), terms.join(" + "));
            let taking: Vec<String> = rules
                .cautions
                .iter()
                .filter(|caution| {
                    let mut taken = vec![false; rules.items.len()];
                    caution.avoid.iter().for_each(|&item| taken[item] = true);
                    rules.spread(&mut taken);
                    taken[item]
                })
                .flat_map(|caution| {
                    let id = column_name(&caution.id);
                    ["cautions", "could_caution"].map(|name| is_one(&format!("{name}_{id}")))
                })
                .collect();
            let may = format!("1 - {}", bit(&any(&taking)));
            self.name(step, format!("may_{}", self.item(item)), may);
        }
    }

    /// The first entry that holds and whose treatment may be offered.
    fn suggestion(&mut self, step: usize) {
        let mut entries = String::new();
        for entry in &self.rules.suggestions {
            let mut tests = Vec::new();
            tests.extend(entry.when.as_ref().map(|when| self.yes(when)));
            tests.extend(entry.treatment.map(|item| is_one(&format!("may_{}", self.item(item)))));
            let _ = write!(entries, "\n      WHEN {} THEN '{}'", all(&tests), entry.id);
        }
        let value = format!(
            "CASE WHEN care_level >= 2 THEN '' WHEN {} THEN ''{entries} ELSE '' END",
            is_one("unscreened")
        );
        self.name_text(step, "entry".to_owned(), value);
    }

    /// The treatment, the options that fit, and those that could run up.
    fn offers(&mut self, step: usize) {
        let rules = self.rules;
        let entries_of = |item: usize| -> String {
            let entries = rules.suggestions.iter().filter(|entry| entry.treatment == Some(item));
            let ids: Vec<String> = entries.map(|entry| format!("'{}'", entry.id)).collect();
            if ids.is_empty() { NEVER.to_owned() } else { format!("entry IN ({})", ids.join(", ")) }
        };
        let treatments: Vec<usize> = rules.treatments().collect();
        let mut value = String::from("CASE ");
        for &item in &treatments {
            let _ = write!(value, "WHEN {} THEN '{}' ", entries_of(item), rules.items[item].id);
        }
        self.name_text(step, "treatment".to_owned(), value + "ELSE 'none' END");
        let named: Vec<String> = treatments.iter().map(|&item| entries_of(item)).collect();
        for item in 0..rules.items.len() {
            let id = self.item(item);
            let earned = format!("{} AND points_{id} >= 1", is_one(&format!("may_{id}")));
            if rules.treatment_of(item).is_some() {
                let of: Vec<String> = treatments
                    .iter()
                    .filter(|&&treatment| rules.options(treatment).contains(&item))
                    .map(|&treatment| entries_of(treatment))
                    .collect();
                self.name(step, format!("offers_{id}"), bit(&format!("{} AND {earned}", any(&of))));
            } else {
                let other = format!("NOT ({})", entries_of(item));
                let runs = format!("{} AND {other} AND {earned}", any(&named));
                self.name(step, format!("runs_{id}"), bit(&runs));
            }
        }
    }

    /// The test that one item has more points than another, or as many and stands before it.
    fn ahead(&self, other: usize, item: usize) -> String {
        let more = if other < item { ">=" } else { ">" };
        format!("points_{} {more} points_{}", self.item(other), self.item(item))
    }

    /// How many options stand before each, and the runner-up.
    fn order(&mut self, step: usize) {
        let rules = self.rules;
        let options = self.every_option();
        for &item in &options {
            let others = options.iter().filter(|&&other| other != item).map(|&other| {
                let offered = is_one(&format!("offers_{}", self.item(other)));
                bit(&all(&[offered, self.ahead(other, item)]))
            });
            let before: Vec<String> = std::iter::once("1".to_owned()).chain(others).collect();
            let id = self.item(item);
            let offered = is_one(&format!("offers_{id}"));
            let place = format!("CASE WHEN {offered} THEN {} ELSE 0 END", before.join(" + "));
            self.name(step, format!("place_{id}"), place);
        }
        let treatments: Vec<usize> = rules.treatments().collect();
        let mut value = String::from("CASE ");
        for &item in &treatments {
            let mut tests = vec![is_one(&format!("runs_{}", self.item(item)))];
            for &other in treatments.iter().filter(|&&other| other != item) {
                let runs = is_one(&format!("runs_{}", self.item(other)));
                tests.push(format!("NOT {}", all(&[runs, self.ahead(other, item)])));
            }
            let _ = write!(value, "\n      WHEN {} THEN '{}' ", all(&tests), rules.items[item].id);
        }
        self.name_text(step, "runner".to_owned(), value + "ELSE '' END");
    }

    /// The columns of the result; they are NULL where the row does not fit.
    fn columns(&mut self) {
        let rules = self.rules;
        self.last.push("unfit".to_owned());
        let fired = |prefix: &str, ids: Vec<&str>| -> String {
            let ids: Vec<(String, String)> = ids
                .into_iter()
                .map(|id| (id.to_owned(), is_one(&format!("{prefix}_{}", column_name(id)))))
                .collect();
            listed(&ids)
        };
        let mut order: Vec<usize> = (0..rules.warnings.len()).collect();
        order.sort_by_key(|&warning| std::cmp::Reverse(rules.warnings[warning].care));
        let told = order.iter().map(|&warning| rules.warnings[warning].id.as_str()).collect();
        let open = rules.warnings.iter().map(|warning| warning.id.as_str()).collect();
        let findings = rules.findings.iter().map(|finding| finding.id.as_str()).collect();
        let cautions = rules.cautions.iter().map(|caution| caution.id.as_str()).collect();
        let asked = rules.questionnaire.questions.iter().map(|it| it.id.as_str()).collect();
        let levels: Vec<String> = Care::ALL
            .iter()
            .map(|care| format!("WHEN {} THEN '{}'", *care as u8, care.id()))
            .collect();
        let missed = super::counting(rules).map(|question| {
            let id = column_name(&question.id);
            bit(&all(&["asked", "open"].map(|name| is_one(&format!("{name}_{id}")))))
        });
        let missed: Vec<String> = std::iter::once("0".to_owned()).chain(missed).collect();
        let cautions = fired("cautions", cautions);
        let mut columns = vec![
            ("care".to_owned(), format!("CASE care_level {} END", levels.join(" "))),
            ("suggestion".to_owned(), "treatment".to_owned()),
            ("suggested_by".to_owned(), "entry".to_owned()),
            ("options".to_owned(), self.options()),
            ("runner_up".to_owned(), "runner".to_owned()),
            ("warnings".to_owned(), fired("warns", told)),
            ("open_warnings".to_owned(), fired("could_warn", open)),
            ("findings".to_owned(), fired("is", findings)),
            (
                "cautions".to_owned(),
                format!("CASE WHEN treatment = 'none' THEN '' ELSE {cautions} END"),
            ),
            ("reasons".to_owned(), self.reasons()),
        ];
        for item in rules.treatments() {
            let points = format!("points_{}", self.item(item));
            let value = format!("CASE WHEN care_level < 2 THEN {points} END");
            columns.push((points, value));
        }
        columns.push(("not_answered".to_owned(), missed.join(" + ")));
        columns.push(("asked".to_owned(), fired("asked", asked)));
        for (name, value) in columns {
            self.last.push(format!("CASE WHEN unfit = '' THEN {value} END AS {name}"));
        }
    }

    /// The options in the order of their places.
    fn options(&self) -> String {
        let rules = self.rules;
        let most = rules.treatments().map(|item| rules.options(item).len()).max().unwrap_or(0);
        let mut places = vec!["''".to_owned()];
        for place in 1..=most {
            let cases = self.every_option().into_iter().map(|item| {
                let id = &rules.items[item].id;
                format!("WHEN place_{} = {place} THEN ';{id}'", self.item(item))
            });
            let cases: Vec<String> = cases.collect();
            places.push(format!("CASE {} ELSE '' END", cases.join(" ")));
        }
        format!("SUBSTR({}, 2)", places.join("\n      || "))
    }

    /// For each treatment, the rules that speak for it, strongest first.
    fn reasons(&self) -> String {
        let rules = self.rules;
        let mut value = String::from("CASE treatment ");
        for item in rules.treatments() {
            let mut reasons: Vec<(i32, &str)> = rules
                .rules
                .iter()
                .map(|rule| {
                    let to = rule.points.iter().filter(|(to, _)| *to == item);
                    (to.map(|(_, number)| number).sum(), rule.id.as_str())
                })
                .filter(|(points, _)| *points > 0)
                .collect();
            reasons.sort_by_key(|(points, _)| std::cmp::Reverse(*points));
            let reasons: Vec<(String, String)> = reasons
                .into_iter()
                .map(|(_, id)| (id.to_owned(), is_one(&format!("fires_{}", column_name(id)))))
                .collect();
            let _ =
                write!(value, "\n      WHEN '{}' THEN {} ", rules.items[item].id, listed(&reasons));
        }
        value + "ELSE '' END"
    }
}
