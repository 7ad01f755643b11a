//! `check`: what a rule set can still have wrong, what is proved of it, and what its cases show.

use std::path::{Path, PathBuf};

use backwise::RuleSet;
use backwise::cases::{self, Case, coverage, mutation};
use backwise::check::faults_json;
use backwise::check::{self, Checked, registry};
use backwise::diff;
use backwise::fault::{Fault, draw_all};
use backwise::proof::Bounds;
use backwise::proof::render::Layout;
use backwise::prose::did_you_mean;
use serde_json::{Value, json};

use crate::app::{self, BUILT_IN, BUILT_IN_NAME};
use crate::cli::Listing;
use crate::failure::Failure;
use crate::language;
use crate::terminal::style::stdout_columns;

/// The cases of the rule set that is part of the program.
const BUILT_IN_CASES: &str = include_str!("../../../rules/back-pain.cases.yaml");

/// What is asked of a check.
#[derive(Clone, Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Asked {
    /// Rule sets to check; the one in use if none is named. Cases stand beside them, as
    /// `NAME.cases.yaml`
    files: Vec<PathBuf>,

    /// How to print what is found
    #[arg(long, value_enum, default_value_t)]
    format: Listing,

    /// Say what a code means, why it is bad, and what it looks like
    #[arg(long, value_name = "CODE", exclusive = true)]
    explain: Option<String>,

    /// Count how many ways to answer lead where
    #[arg(long)]
    shares: bool,

    /// Give the shortest way to each suggestion, option, warning and caution
    #[arg(long)]
    witnesses: bool,

    /// Write the cases that would exercise what no case does
    #[arg(long)]
    suggest_cases: bool,

    /// Change one thing of the rules at a time, and list the changes no case notices
    #[arg(long)]
    mutate: bool,
}

/// Two versions of a rule set.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Versions {
    /// The version as it was
    old: PathBuf,

    /// The version as it is
    new: PathBuf,

    /// How to print what differs
    #[arg(long, value_enum, default_value_t)]
    format: Listing,
}

/// A rule set to be checked: its name, its text, and the names and texts of its cases and of its
/// translations.
struct Checkable {
    name: String,
    /// The file, for command lines; none for the rule set that is part of the program.
    file: Option<String>,
    text: String,
    cases: Option<(String, String)>,
    translations: Vec<(String, String)>,
}

/// Runs a check; a fault found is exit code 1.
pub(crate) fn check(asked: &Asked, in_use: Option<&Path>) -> Result<(), Failure> {
    if let Some(code) = &asked.explain {
        let Some(lint) = registry::find(code) else {
            let known = registry::LINTS.iter().map(|lint| lint.code);
            let hint = did_you_mean(code, known);
            return Err(Failure::usage(format!("no fault has the code `{code}`"), hint));
        };
        return app::print(&lint.explain(), false);
    }
    let named = asked.files.iter().map(PathBuf::as_path);
    let files: Vec<&Path> =
        if asked.files.is_empty() { in_use.into_iter().collect() } else { named.collect() };
    let built_in = || Checkable {
        name: BUILT_IN_NAME.to_owned(),
        file: None,
        text: BUILT_IN.to_owned(),
        cases: Some((BUILT_IN_NAME.replace(".yaml", ".cases.yaml"), BUILT_IN_CASES.to_owned())),
        translations: language::built_in(BUILT_IN_NAME),
    };
    if asked.suggest_cases && asked.format == Listing::Json {
        let hint = "leave `--format json` out: cases are YAML, as they stand beside the rules";
        return Err(Failure::usage("`--suggest-cases` writes cases, not a document", hint));
    }
    let checkables: Vec<Result<Checkable, Failure>> =
        if files.is_empty() { vec![Ok(built_in())] } else { files.into_iter().map(read).collect() };
    let mut all = Found { clean: true, documents: Vec::new(), drawn: String::new() };
    let mut unread = None;
    for checkable in checkables {
        match checkable {
            Ok(checkable) => one(asked, &checkable, &mut all)?,
            // The others are checked all the same; the first that cannot be read is told.
            Err(failure) => unread = unread.or(Some(failure)),
        }
    }
    if asked.format == Listing::Json {
        let document = if all.documents.len() == 1 {
            all.documents.remove(0)
        } else {
            Value::from(all.documents)
        };
        app::print(&format!("{document:#}\n"), false)?;
    }
    match unread {
        Some(failure) => Err(failure),
        None if !all.drawn.is_empty() => Err(Failure::Content(all.drawn)),
        None if all.clean => Ok(()),
        None => Err(Failure::Found),
    }
}

/// What was found in all files.
struct Found {
    /// Whether nothing is to be corrected.
    clean: bool,
    /// A document of each file, for scripts.
    documents: Vec<Value>,
    /// What does not load, drawn.
    drawn: String,
}

impl Found {
    /// Notes a file that does not load.
    fn unloaded(&mut self, name: &str, text: &str, faults: &[Fault]) {
        if !self.drawn.is_empty() {
            self.drawn.push('\n');
        }
        self.drawn += &draw_all(faults, name, text);
    }
}

fn read(file: &Path) -> Result<Checkable, Failure> {
    let text = app::read_file(file)?;
    let beside = file.with_extension("cases.yaml");
    let cases = if beside.is_file() {
        Some((beside.display().to_string(), app::read_file(&beside)?))
    } else {
        None
    };
    let translations = language::beside(file)?;
    let name = file.display().to_string();
    Ok(Checkable { file: Some(name.clone()), name, text, cases, translations })
}

fn one(asked: &Asked, checkable: &Checkable, all: &mut Found) -> Result<(), Failure> {
    let Checkable { name, file, text, cases, translations } = checkable;
    let rules = match RuleSet::read(text) {
        Ok(rules) => rules,
        Err(faults) => {
            all.unloaded(name, text, &faults);
            all.documents.push(check::unloaded_json(name, text, &faults));
            return Ok(());
        }
    };
    // Without its cases a rule set can still be checked.
    let read = cases.as_ref().map_or(Ok(Vec::new()), |(_, text)| cases::read(&rules, text));
    if let (Some((name, text)), Err(faults)) = (cases, &read) {
        all.unloaded(name, text, faults);
    }
    let (read, unread) = match read {
        Ok(read) => (read, Vec::new()),
        Err(faults) => (Vec::new(), faults),
    };
    if asked.suggest_cases || asked.mutate {
        return if unread.is_empty() {
            from_cases(asked, checkable, &rules, &read, all)
        } else {
            Ok(())
        };
    }
    let failing = cases::run(&rules, &read);
    let checked = check::check(&rules, text, file.as_deref(), Bounds::default());
    let covered = coverage::coverage(&rules, &read);
    let translated: Vec<Vec<Fault>> =
        translations.iter().map(|(_, text)| rules.translation_faults(text)).collect();
    let beside = failing.len() + unread.len() + translated.iter().map(Vec::len).sum::<usize>();
    all.clean &= checked.is_clean() && beside == 0;
    match asked.format {
        Listing::Text => {
            let mut out = String::new();
            if let (Some((name, text)), false) = (cases, failing.is_empty()) {
                out += &draw_all(&failing, name, text);
                out.push('\n');
            }
            for ((name, text), faults) in translations.iter().zip(&translated) {
                if !faults.is_empty() {
                    out += &draw_all(faults, name, text);
                    out.push('\n');
                }
            }
            let layout = Layout {
                file: file.as_deref(),
                width: stdout_columns(),
                shares: asked.shares,
                witnesses: asked.witnesses,
            };
            out += &check::report_text(name, text, &rules, &checked, beside, layout);
            if cases.is_some() && unread.is_empty() {
                out += &covered.text(&rules);
            }
            app::print(&out, false)?;
        }
        Listing::Json => {
            let faults = [unread, failing].concat();
            let mut document = document(&rules, checkable, &checked, &faults, &covered);
            let translated = translations.iter().zip(&translated).map(|((name, text), faults)| {
                json!({ "file": name, "faults": faults_json(text, faults) })
            });
            document["translations"] = translated.collect();
            all.documents.push(document);
        }
    }
    Ok(())
}

/// What the cases lack, rather than what is wrong.
fn from_cases(
    asked: &Asked,
    Checkable { name, file, .. }: &Checkable,
    rules: &RuleSet,
    cases: &[Case],
    all: &mut Found,
) -> Result<(), Failure> {
    if asked.suggest_cases {
        let missing = coverage::coverage(rules, cases).missing;
        return app::print(&coverage::suggest(rules, &missing, Bounds::default()), false);
    }
    let found = mutation::mutate(rules, cases, Bounds::default());
    all.clean &= found.unnoticed.is_empty();
    match asked.format {
        Listing::Text => app::print(&found.text(name), false),
        Listing::Json => {
            all.documents.push(found.json(name, file.as_deref(), rules));
            Ok(())
        }
    }
}

fn document(
    rules: &RuleSet,
    checkable: &Checkable,
    checked: &Checked,
    failing: &[Fault],
    covered: &coverage::Coverage,
) -> Value {
    let Checkable { name, file, text, .. } = checkable;
    let mut document = check::report_json(name, text, rules, checked, file.as_deref());
    let missing: Vec<Value> = covered
        .missing
        .iter()
        .map(|part| json!({ "kind": part.kind(), "id": part.id(rules) }))
        .collect();
    if let Some((name, text)) = &checkable.cases {
        document["cases"] = json!({
            "file": name,
            "count": covered.cases,
            "faults": faults_json(text, failing),
            "parts": covered.parts,
            "never_exercised": missing,
        });
    }
    document
}

/// Compares two versions of a rule set; a difference in meaning is exit code 1, as for `diff`.
pub(crate) fn diff(versions: &Versions) -> Result<(), Failure> {
    let load = |file: &Path| {
        let Checkable { name, text, .. } = read(file)?;
        RuleSet::read(&text).map_err(|faults| app::content(&faults, &name, &text))
    };
    let (old, new) = (load(&versions.old)?, load(&versions.new)?);
    let difference = diff::diff(&old, &new, Bounds::default());
    let rules = [&old, &new];
    let names = [&versions.old, &versions.new].map(|file| file.display().to_string());
    let files = [names[0].as_str(), names[1].as_str()];
    let printed = match versions.format {
        Listing::Text => diff::text(rules, files, &difference, stdout_columns()),
        Listing::Json => format!("{:#}\n", diff::json(rules, files, &difference)),
    };
    app::print(&printed, false)?;
    if difference.is_none() { Ok(()) } else { Err(Failure::Found) }
}
