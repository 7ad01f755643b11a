//! The file's shape to a checked [`RuleSet`], in the order in which things may refer to others.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::conditions::{Besides, Scope, care};
use super::fields::{Fields, Id, elements, entries, number, text, wrong_kind};
use super::{
    Advice, Caution, Finding, Grade, Item, ItemKind, Promise, Rule, RuleSet, Source,
    SuggestionRule, Tidbit, Warning, questions, reads, style,
};
use crate::condition::{Care, Condition};
use crate::fault::{Fault, Place};
use crate::language::Language;
use crate::prose::{did_you_mean, tick};
use crate::questionnaire::{Question, Questionnaire};
use crate::yaml::{Node, Value};

/// Reads a whole rule set; see [`RuleSet::read`].
pub(super) fn load(node: &Node, source: &str) -> Result<RuleSet, Vec<Fault>> {
    let mut loader = Loader::default();
    let rule_set = Fields::of(node, "a rule set", &mut loader.faults)
        .map(|fields| loader.rule_set(fields, source));
    match rule_set {
        Some(rule_set) if loader.faults.is_empty() => Ok(rule_set),
        _ => {
            loader.faults.sort_by_key(|fault| fault.place);
            Err(loader.faults)
        }
    }
}

/// What later parts of the file refer to, and the faults so far.
#[derive(Default)]
pub(super) struct Loader {
    pub(super) faults: Vec<Fault>,
    /// The program's own words in the language of the file.
    pub(super) words: Language,
    sources: Vec<Source>,
    grades: Vec<Grade>,
    pub(super) questions: Vec<Question>,
    findings: Vec<Finding>,
    pub(super) items: Vec<Item>,
}

impl Loader {
    fn rule_set(&mut self, mut fields: Fields<'_>, source: &str) -> RuleSet {
        let id = fields.id("rule set", &mut self.faults).text.to_owned();
        let [title, version, reviewed, review_by, language] =
            ["title", "version", "reviewed", "review-by", "language"]
                .map(|name| fields.text(name, &mut self.faults));
        self.words = Language::of_tag(&language).unwrap_or_default();
        let [about, opening, notice] =
            ["about", "opening", "notice"].map(|name| fields.text(name, &mut self.faults));
        let sources = fields.required("sources", &mut self.faults);
        self.sources = self.sources(sources);
        let grades = fields.required("grades", &mut self.faults);
        self.grades = self.grades(grades);

        // Ids first, everywhere; conditions only when all that they can name is known.
        let groups =
            questions::groups(fields.required("groups", &mut self.faults), &mut self.faults);
        let question_nodes = self.members(&mut fields, "questions", true);
        let finding_nodes = self.members(&mut fields, "findings", false);
        let (questions, whens) = self.questions(&question_nodes, &groups);
        self.questions = questions;
        self.items = self.items(&mut fields);
        let finding_ids = self.findings(&finding_nodes);
        self.check_names(&finding_ids);
        for (question_idx, when) in whens.into_iter().enumerate() {
            let when = when.and_then(|node| {
                self.condition(node, &finding_ids, Some(question_idx), Besides::Nothing)
            });
            let question = &mut self.questions[question_idx];
            question.reads =
                when.as_ref().map(|when| reads(when, &self.findings)).unwrap_or_default();
            question.when = when;
        }

        let warnings = self.warnings(&mut fields, &finding_ids);
        let cautions = self.cautions(&mut fields, &finding_ids);
        let rules = self.rules(&mut fields, &finding_ids);
        let suggestions = self.suggestions(&mut fields, &finding_ids, &cautions);
        let advice = self.advice(&mut fields, &finding_ids);
        let promises = self.promises(&mut fields, &finding_ids);
        let sheet = self.sheet(&mut fields, &groups);
        let change = self.change(&mut fields);
        let numbers = self.numbers(&mut fields);
        let style = style::style(fields.node("style"), &mut self.faults);
        let allow = style::allow(fields.node("allow"), &mut self.faults);
        fields.finish(&mut self.faults);
        let hash = Sha256::digest(source.as_bytes());
        let mut rules = RuleSet {
            id,
            title,
            version,
            reviewed,
            review_by,
            language,
            about,
            opening,
            notice,
            hash: hash.iter().fold(String::new(), |mut hex, byte| {
                let _ = write!(hex, "{byte:02x}");
                hex
            }),
            sources: std::mem::take(&mut self.sources),
            grades: std::mem::take(&mut self.grades),
            questionnaire: Questionnaire { groups, questions: std::mem::take(&mut self.questions) },
            findings: std::mem::take(&mut self.findings),
            warnings,
            cautions,
            items: std::mem::take(&mut self.items),
            rules,
            suggestions,
            advice,
            promises,
            sheet,
            change,
            numbers,
            style,
            allow,
        };
        rules.fill_in_general();
        rules
    }

    /// The mappings of a list, such as `warnings`.
    pub(super) fn members<'a>(
        &mut self,
        fields: &mut Fields<'a>,
        name: &'static str,
        required: bool,
    ) -> Vec<&'a Node> {
        let node =
            if required { fields.required(name, &mut self.faults) } else { fields.node(name) };
        match node {
            None => Vec::new(),
            Some(Node { value: Value::List(items), place }) if items.is_empty() && required => {
                let message = format!("the list of `{name}` is empty");
                self.faults
                    .push(Fault::new("empty-list", *place, message).help("add at least one"));
                Vec::new()
            }
            Some(Node { value: Value::List(items), .. }) => items.iter().collect(),
            Some(node) => {
                self.faults.push(wrong_kind(node, &format!("`{name}`"), "a list"));
                Vec::new()
            }
        }
    }

    /// Reads each mapping of a list that has an id, and reports ids that stand twice.
    fn each<'a, T>(
        &mut self,
        fields: &mut Fields<'a>,
        (list, kind): (&'static str, &'static str),
        mut read: impl FnMut(&mut Self, &mut Fields<'a>, &Id<'a>) -> Option<T>,
    ) -> Vec<T> {
        let mut ids = Vec::new();
        let mut found = Vec::new();
        for node in self.members(fields, list, false) {
            let Some(mut member) = Fields::of(node, &format!("a {kind}"), &mut self.faults) else {
                continue;
            };
            let id = member.id(kind, &mut self.faults);
            found.extend(read(self, &mut member, &id));
            member.finish(&mut self.faults);
            ids.push(id);
        }
        self.unique(&ids, kind);
        found
    }

    fn unique(&mut self, ids: &[Id<'_>], kind: &str) {
        for (id_idx, id) in ids.iter().enumerate() {
            let first = ids[..id_idx].iter().find(|other| other.text == id.text);
            if let Some(first) = first.filter(|_| !id.text.is_empty()) {
                let message = format!("the {kind} {} stands twice", tick(id.text));
                self.faults.push(
                    Fault::new("duplicate-id", id.place, message)
                        .help("give one of them another id")
                        .also(first.place, "first here"),
                );
            }
        }
    }

    /// Questions, findings and treatments share one name space, as they are keys of conditions.
    fn check_names(&mut self, finding_ids: &[Id<'_>]) {
        let questions = self.questions.iter().map(|q| ("question", q.id.as_str(), q.place));
        let findings = finding_ids.iter().map(|id| ("finding", id.text, id.place));
        let items = self.items.iter().map(|item| ("treatment", item.id.as_str(), item.place));
        let names: Vec<(&str, &str, Place)> = questions.chain(findings).chain(items).collect();
        let mut faults = Vec::new();
        for (name_idx, &(kind, id, place)) in names.iter().enumerate() {
            if super::conditions::CONDITION_WORDS.contains(&id) {
                let message = format!("{} is a word of conditions", tick(id));
                faults.push(
                    Fault::new("reserved-id", place, message).help("choose another id for it"),
                );
            }
            let first = names[..name_idx].iter().find(|(other_kind, other, _)| {
                *other == id && (*other_kind != kind || kind == "treatment") && !id.is_empty()
            });
            if let Some((first_kind, _, first_place)) = first {
                let message = format!("{} names a {first_kind} and a {kind}", tick(id));
                faults.push(
                    Fault::new("duplicate-id", place, message)
                        .help("give one of them another id")
                        .also(*first_place, "first here"),
                );
            }
        }
        self.faults.extend(faults);
    }

    fn condition(
        &mut self,
        node: &Node,
        finding_ids: &[Id<'_>],
        before: Option<usize>,
        besides: Besides,
    ) -> Option<Condition> {
        let scope = Scope {
            questions: &self.questions,
            finding_ids,
            findings: &self.findings,
            items: &self.items,
            before,
            besides,
        };
        scope.compile(node, &mut self.faults)
    }

    /// The condition under `when`, which must be there.
    fn when(&mut self, fields: &mut Fields<'_>, finding_ids: &[Id<'_>]) -> Option<Condition> {
        let node = fields.required("when", &mut self.faults)?;
        self.condition(node, finding_ids, None, Besides::Nothing)
    }

    fn optional_when(
        &mut self,
        fields: &mut Fields<'_>,
        finding_ids: &[Id<'_>],
        besides: Besides,
    ) -> Option<Condition> {
        let node = fields.node("when")?;
        self.condition(node, finding_ids, None, besides)
    }

    fn sources(&mut self, node: Option<&Node>) -> Vec<Source> {
        let mut sources = Vec::new();
        for (key, node) in entries(node, "`sources`", &mut self.faults) {
            let what = format!("source {}", tick(&key.text));
            let Some(mut fields) = Fields::of(node, &what, &mut self.faults) else { continue };
            let [title, by, year, link] =
                ["title", "by", "year", "link"].map(|name| fields.text(name, &mut self.faults));
            let note = fields.optional_text("note", &mut self.faults);
            fields.finish(&mut self.faults);
            sources.push(Source { id: key.text.clone(), title, by, year, link, note });
        }
        sources
    }

    fn grades(&mut self, node: Option<&Node>) -> Vec<Grade> {
        let mut grades = Vec::new();
        for (key, node) in entries(node, "`grades`", &mut self.faults) {
            let what = format!("grade {}", tick(&key.text));
            let says = text(node, &what, &mut self.faults).unwrap_or_default();
            grades.push(Grade { id: key.text.clone(), says });
        }
        grades
    }

    /// Indices of the sources a field names.
    pub(super) fn cited(&mut self, nodes: &[&Node]) -> Vec<usize> {
        let mut cited = Vec::new();
        for node in nodes {
            let Value::Scalar(id) = &node.value else {
                self.faults.push(wrong_kind(node, "a source", "the id of a source"));
                continue;
            };
            match self.sources.iter().position(|source| source.id == *id) {
                Some(source) => cited.push(source),
                None => {
                    let known = self.sources.iter().map(|source| source.id.as_str());
                    let message = format!("{} is no source", tick(id));
                    let help = did_you_mean(id, known);
                    self.faults.push(Fault::new("unknown-source", node.place, message).help(help));
                }
            }
        }
        cited
    }

    /// The sources of a claim, which must have at least one.
    pub(super) fn claim(&mut self, fields: &mut Fields<'_>) -> Vec<usize> {
        let nodes = fields.list("source");
        if nodes.is_empty() {
            let message = format!("{} makes a claim without a source", fields.what);
            self.faults.push(
                Fault::new("missing-source", fields.place, message)
                    .help("add `source: [..]` with ids from `sources`"),
            );
        }
        self.cited(&nodes)
    }

    pub(super) fn grade(&mut self, fields: &mut Fields<'_>) -> usize {
        let Some(node) = fields.required("grade", &mut self.faults) else { return 0 };
        let Some(id) = text(node, "a grade", &mut self.faults) else { return 0 };
        self.grades.iter().position(|grade| grade.id == id).unwrap_or_else(|| {
            let known = self.grades.iter().map(|grade| grade.id.as_str());
            let message = format!("{} is no grade of evidence", tick(&id));
            let help = did_you_mean(&id, known);
            self.faults.push(Fault::new("unknown-grade", node.place, message).help(help));
            0
        })
    }

    fn questions<'a>(
        &mut self,
        nodes: &[&'a Node],
        groups: &[crate::questionnaire::Group],
    ) -> (Vec<Question>, Vec<Option<&'a Node>>) {
        let mut ids = Vec::new();
        let mut read = Vec::new();
        for node in nodes {
            if let Some(fields) = Fields::of(node, "a question", &mut self.faults) {
                let (id, question, when) = questions::question(self, fields, groups);
                ids.push(id);
                read.push((question, when));
            }
        }
        self.unique(&ids, "question");
        read.into_iter().unzip()
    }

    fn findings<'a>(&mut self, nodes: &[&'a Node]) -> Vec<Id<'a>> {
        let mut ids = Vec::new();
        let mut members = Vec::new();
        for node in nodes {
            if let Some(mut fields) = Fields::of(node, "a finding", &mut self.faults) {
                ids.push(fields.id("finding", &mut self.faults));
                members.push(fields);
            }
        }
        self.unique(&ids, "finding");
        for (finding_idx, mut fields) in members.into_iter().enumerate() {
            let says = fields.text("says", &mut self.faults);
            // A finding that does not load keeps its place in the list, so that indices hold.
            let when = self.when(&mut fields, &ids).unwrap_or(Condition::Any(Vec::new()));
            let sources = self.claim(&mut fields);
            fields.finish(&mut self.faults);
            let Id { text, place } = ids[finding_idx].clone();
            let reads = reads(&when, &self.findings);
            self.findings.push(Finding { id: text.to_owned(), place, says, when, reads, sources });
        }
        ids
    }

    fn warnings(&mut self, fields: &mut Fields<'_>, finding_ids: &[Id<'_>]) -> Vec<Warning> {
        self.each(fields, ("warnings", "warning"), |loader, fields, id| {
            let level = fields.required("care", &mut loader.faults);
            let level = level.and_then(|node| care(node, &mut loader.faults));
            if level == Some(Care::Routine) {
                let message = format!("warning {} asks for routine care", tick(id.text));
                let help = "expected `emergency`, `same-day` or `prompt`; or make it a finding";
                loader.faults.push(Fault::new("unknown-care", id.place, message).help(help));
            }
            let when = loader.when(fields, finding_ids);
            let because = fields.text("because", &mut loader.faults);
            let sources = loader.claim(fields);
            let when = when?;
            Some(Warning {
                id: id.text.to_owned(),
                place: id.place,
                care: level?,
                reads: reads(&when, &loader.findings),
                when,
                because,
                sources,
            })
        })
    }

    fn cautions(&mut self, fields: &mut Fields<'_>, finding_ids: &[Id<'_>]) -> Vec<Caution> {
        self.each(fields, ("cautions", "caution"), |loader, fields, id| {
            let when = loader.when(fields, finding_ids);
            let (avoid, ask_first) = (fields.list("avoid"), fields.list("ask-first"));
            let names_nothing = avoid.is_empty() && ask_first.is_empty();
            let avoid = loader.items_named(&avoid, false);
            let ask_first = loader.items_named(&ask_first, false);
            if names_nothing {
                let message = format!("caution {} names nothing", tick(id.text));
                let help = "add `avoid: [..]` or `ask-first: [..]`";
                loader.faults.push(Fault::new("empty-list", id.place, message).help(help));
            }
            let because = fields.text("because", &mut loader.faults);
            let sources = loader.claim(fields);
            let when = when?;
            let reads = reads(&when, &loader.findings);
            let (id, place) = (id.text.to_owned(), id.place);
            Some(Caution { id, place, when, reads, avoid, ask_first, because, sources })
        })
    }

    pub(super) fn items_named(&mut self, nodes: &[&Node], treatments_only: bool) -> Vec<usize> {
        let scope = Scope {
            questions: &self.questions,
            finding_ids: &[],
            findings: &self.findings,
            items: &self.items,
            before: None,
            besides: Besides::Nothing,
        };
        scope.items_named(nodes, treatments_only, &mut self.faults).unwrap_or_default()
    }

    fn rules(&mut self, fields: &mut Fields<'_>, finding_ids: &[Id<'_>]) -> Vec<Rule> {
        self.each(fields, ("rules", "rule"), |loader, fields, id| {
            let when = loader.optional_when(fields, finding_ids, Besides::Nothing);
            let mut points = Vec::new();
            let what = format!("the points of rule {}", tick(id.text));
            let node = fields.required("points", &mut loader.faults);
            for (key, value) in entries(node, &what, &mut loader.faults) {
                let name = Node { place: key.place, value: Value::Scalar(key.text.clone()) };
                let item = loader.items_named(&[&name], false).pop();
                let number = number(value, &what, &mut loader.faults);
                if let (Some(item), Some(number)) = (item, number) {
                    match i32::try_from(number).ok().filter(|n| (-100..=100).contains(n)) {
                        Some(number) => points.push((item, number)),
                        None => loader.faults.push(
                            Fault::new("count-out-of-range", value.place, "too many points")
                                .help("expected a whole number from -100 to 100"),
                        ),
                    }
                }
            }
            let because = fields.text("because", &mut loader.faults);
            let sources = loader.claim(fields);
            let (id, place) = (id.text.to_owned(), id.place);
            Some(Rule { id, place, when, points, because, sources })
        })
    }

    fn suggestions(
        &mut self,
        fields: &mut Fields<'_>,
        finding_ids: &[Id<'_>],
        cautions: &[Caution],
    ) -> Vec<SuggestionRule> {
        if fields.required("suggestions", &mut self.faults).is_none() {
            return Vec::new();
        }
        let suggestions = self.each(fields, ("suggestions", "suggestion"), |loader, fields, id| {
            let conditional = fields.node("when").is_some();
            let when = loader.optional_when(fields, finding_ids, Besides::Points);
            let node = fields.required("suggest", &mut loader.faults);
            let none = node.is_some_and(|node| node.value == Value::Scalar("none".to_owned()));
            let treatment = match node {
                Some(node) if !none => loader.items_named(&[node], true).pop(),
                _ => None,
            };
            let title = fields.text("title", &mut loader.faults);
            let because = fields.text("because", &mut loader.faults);
            let sources = loader.claim(fields);
            let (id, place) = (id.text.to_owned(), id.place);
            let entry = SuggestionRule { id, place, when, treatment, title, because, sources };
            Some((entry, conditional))
        });
        let last = suggestions.len().saturating_sub(1);
        for (entry_idx, (entry, conditional)) in suggestions.iter().enumerate() {
            if entry_idx == last && *conditional {
                let message = format!("the last suggestion, {}, has a condition", tick(&entry.id));
                self.faults.push(Fault::new("no-last-suggestion", entry.place, message).help(
                    "end the list with one that has no `when`, so that it never comes up empty",
                ));
            }
            if entry_idx < last && !conditional {
                let message = format!("suggestion {} always holds", tick(&entry.id));
                let fault = Fault::new("suggestion-behind-last", entry.place, message)
                    .help("give it a `when`, or move it to the end")
                    .also(suggestions[last].0.place, "what follows can never come up");
                self.faults.push(fault);
            }
        }
        if let Some((entry, _)) = suggestions.last() {
            self.check_last_never_avoided(entry, cautions);
        }
        if suggestions.is_empty() {
            let message = "the list of `suggestions` is empty";
            let fault = Fault::new("no-last-suggestion", fields.place, message);
            self.faults.push(fault.help("add one that has no `when`"));
        }
        suggestions.into_iter().map(|(entry, _)| entry).collect()
    }

    fn check_last_never_avoided(&mut self, last: &SuggestionRule, cautions: &[Caution]) {
        let Some(treatment) = last.treatment else { return };
        let includes: &[usize] = match self.items.get(treatment).map(|item| &item.kind) {
            Some(ItemKind::Treatment { includes, .. }) => includes,
            _ => &[],
        };
        let avoiding = cautions
            .iter()
            .find(|c| c.avoid.contains(&treatment) || c.avoid.iter().any(|a| includes.contains(a)));
        if let Some(caution) = avoiding {
            let message =
                format!("the last suggestion, {}, can be avoided by a caution", tick(&last.id));
            self.faults.push(
                Fault::new("avoidable-last-suggestion", last.place, message)
                    .help("let it suggest `none`, or a treatment that no caution avoids")
                    .also(caution.place, "this caution avoids it"),
            );
        }
    }

    fn advice(&mut self, fields: &mut Fields<'_>, finding_ids: &[Id<'_>]) -> Advice {
        let node = fields.required("advice", &mut self.faults);
        let fields = node.and_then(|node| Fields::of(node, "`advice`", &mut self.faults));
        let Some(mut fields) = fields else {
            return Advice {
                professional: Default::default(),
                nothing_found: String::new(),
                get_help_now: Vec::new(),
                meanwhile: Vec::new(),
                look_again: Vec::new(),
            };
        };
        let mut professional: [String; 4] = Default::default();
        if let Some(node) = fields.required("professional", &mut self.faults)
            && let Some(mut levels) = Fields::of(node, "`professional`", &mut self.faults)
        {
            for (level, text) in Care::ALL.into_iter().zip(&mut professional) {
                *text = levels.text(level.id(), &mut self.faults);
            }
            levels.finish(&mut self.faults);
        }
        let nothing_found = fields.text("nothing-found", &mut self.faults);
        let signs = fields.required("get-help-now", &mut self.faults);
        let get_help_now: Vec<String> = signs
            .map(elements)
            .unwrap_or_default()
            .into_iter()
            .filter_map(|node| text(node, "a sign", &mut self.faults))
            .collect();
        if let (Some(node), true) = (signs, get_help_now.is_empty()) {
            let fault = Fault::new("empty-list", node.place, "the list of `get-help-now` is empty");
            self.faults.push(fault.help("name the signs that mean: get help now"));
        }
        let meanwhile = self.tidbits(&mut fields, "meanwhile", finding_ids);
        let look_again = self.tidbits(&mut fields, "look-again", finding_ids);
        fields.finish(&mut self.faults);
        Advice { professional, nothing_found, get_help_now, meanwhile, look_again }
    }

    fn tidbits(
        &mut self,
        fields: &mut Fields<'_>,
        name: &'static str,
        finding_ids: &[Id<'_>],
    ) -> Vec<Tidbit> {
        let mut tidbits = Vec::new();
        for node in fields.list(name) {
            let what = format!("an entry of `{name}`");
            let Some(mut fields) = Fields::of(node, &what, &mut self.faults) else { continue };
            let says = fields.text("says", &mut self.faults);
            let when = self.optional_when(&mut fields, finding_ids, Besides::Nothing);
            let levels = fields.list("care");
            let levels: Vec<Care> =
                levels.into_iter().filter_map(|node| care(node, &mut self.faults)).collect();
            let levels = if levels.is_empty() { vec![Care::Routine, Care::Prompt] } else { levels };
            let uses = fields.node("uses");
            let uses = uses.and_then(|node| self.items_named(&[node], false).pop());
            let sources = self.claim(&mut fields);
            fields.finish(&mut self.faults);
            tidbits.push(Tidbit { says, when, care: levels, uses, sources });
        }
        tidbits
    }

    fn promises(&mut self, fields: &mut Fields<'_>, finding_ids: &[Id<'_>]) -> Vec<Promise> {
        self.each(fields, ("promises", "promise"), |loader, fields, id| {
            let says = fields.text("says", &mut loader.faults);
            let (always, never) = (fields.node("always"), fields.node("never"));
            let ((Some(node), None) | (None, Some(node))) = (always, never) else {
                let message = format!("promise {} needs one condition", tick(id.text));
                let help = "write either `always:` or `never:`";
                loader.faults.push(Fault::new("missing-key", id.place, message).help(help));
                return None;
            };
            let condition = loader.condition(node, finding_ids, None, Besides::Outcome)?;
            let (id, place, always) = (id.text.to_owned(), id.place, always.is_some());
            Some(Promise { id, place, says, always, condition })
        })
    }
}
