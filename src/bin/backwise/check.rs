//! `check`: what a rule set can still have wrong, what is proved of it, and what its cases show.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use backwise::RuleSet;
use backwise::cases::{self, coverage, mutation};
use backwise::check::faults_json;
use backwise::check::{self, Checked, registry};
use backwise::diff;
use backwise::fault::{Fault, draw_all};
use backwise::proof::Bounds;
use backwise::proof::render::Layout;
use backwise::prose::{count, did_you_mean};
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
        return app::print(&registry::explain(lint), false);
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
    let checkables: Vec<Checkable> = if files.is_empty() {
        vec![built_in()]
    } else {
        files.into_iter().map(read).collect::<Result<_, _>>()?
    };
    let mut clean = true;
    let mut documents = Vec::new();
    for checkable in &checkables {
        clean &= one(asked, checkable, &mut documents)?;
    }
    if asked.format == Listing::Json {
        let document =
            if documents.len() == 1 { documents.remove(0) } else { Value::from(documents) };
        app::print(&format!("{document:#}\n"), false)?;
    }
    if clean { Ok(()) } else { Err(Failure::Found) }
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

fn one(asked: &Asked, checkable: &Checkable, documents: &mut Vec<Value>) -> Result<bool, Failure> {
    let Checkable { name, file, text, cases, translations } = checkable;
    let rules = RuleSet::read(text).map_err(|faults| app::content(&faults, name, text))?;
    let read = match cases {
        None => Vec::new(),
        Some((name, text)) => {
            cases::read(&rules, text).map_err(|faults| app::content(&faults, name, text))?
        }
    };
    if asked.suggest_cases {
        let missing = coverage::coverage(&rules, &read).missing;
        app::print(&coverage::suggest(&rules, &missing, Bounds::default()), false)?;
        return Ok(true);
    }
    let failing = cases::run(&rules, &read);
    if asked.mutate {
        let (tried, unnoticed) = mutation::mutate(&rules, &read);
        let mut changes = String::new();
        for change in &unnoticed {
            let _ = writeln!(changes, "no case notices: {}", change.change);
        }
        let summary = format!(
            "{name}: {} tried, {} noticed by no case\n",
            count(tried, "change"),
            unnoticed.len()
        );
        app::print(&(changes + &summary), false)?;
        return Ok(unnoticed.is_empty());
    }
    let checked = check::check(&rules, text, file.as_deref(), Bounds::default());
    let covered = coverage::coverage(&rules, &read);
    let translated: Vec<Vec<Fault>> =
        translations.iter().map(|(_, text)| rules.translation_faults(text)).collect();
    let clean = checked.is_clean() && failing.is_empty() && translated.iter().all(Vec::is_empty);
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
            out += &check::report_text(name, text, &rules, &checked, layout);
            if cases.is_some() {
                out += &covered.text(&rules);
            }
            app::print(&out, false)?;
        }
        Listing::Json => {
            let mut document = document(&rules, checkable, &checked, &failing, &covered);
            let translated = translations.iter().zip(&translated).map(|((name, text), faults)| {
                json!({ "file": name, "faults": faults_json(text, faults) })
            });
            document["translations"] = translated.collect();
            documents.push(document);
        }
    }
    Ok(clean)
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
