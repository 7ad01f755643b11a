//! Which language is spoken, and which emergency number is named.

use std::env;
use std::path::{Path, PathBuf};

use backwise::RuleSet;
use backwise::language::Language;

use crate::app;
use crate::cli::{Cli, Format};
use crate::failure::Failure;
use crate::report::note;

/// The texts of the built-in rule set in other languages.
const BUILT_IN: [(Language, &str); 1] =
    [(Language::Spanish, include_str!("../../../rules/back-pain.es.yaml"))];

/// The rule set as it is read by the person: in their language, with the number of their country.
pub(crate) fn spoken(rules: &RuleSet, cli: &Cli) -> Result<RuleSet, Failure> {
    let spoken = match &cli.lang {
        Some(tag) => translated(rules, cli, std::slice::from_ref(tag), true)?,
        // Machine output is the same in every language, so a locale is worth no note there.
        None => translated(rules, cli, &locales(), cli.written.format != Format::Json)?,
    };
    let spoken = spoken.unwrap_or_else(|| rules.clone());
    let Some(country) = &cli.country else { return Ok(spoken) };
    match spoken.in_country(country) {
        Some(spoken) => Ok(spoken),
        None => {
            let country = country.as_str().into();
            let words = spoken.words();
            note(words, &words.tell("note-country", &[("country", country)]))?;
            Ok(spoken)
        }
    }
}

/// The translations of the built-in rule set, each with its name.
pub(crate) fn built_in(rules: &str) -> Vec<(String, String)> {
    let named = BUILT_IN.iter().map(|(language, texts)| {
        let name = rules.replace(".yaml", &format!(".{}.yaml", language.tag()));
        (name, (*texts).to_owned())
    });
    named.collect()
}

/// The translations that stand beside a rule set, each with its name.
pub(crate) fn beside(rules: &Path) -> Result<Vec<(String, String)>, Failure> {
    let files = Language::ALL.map(|language| translation_of(rules, language.tag()));
    let found = files.into_iter().filter(|file| file.is_file());
    found.map(|file| Ok((file.display().to_string(), app::read_file(&file)?))).collect()
}

/// A translation has the name of its rule set, with the language before the ending.
fn translation_of(rules: &Path, tag: &str) -> PathBuf {
    rules.with_extension(format!("{tag}.yaml"))
}

/// The rule set in the first of these languages that it has; none where that is its own, or where
/// it has none of them, which is told if it is to be.
fn translated(
    rules: &RuleSet,
    cli: &Cli,
    tags: &[String],
    is_told: bool,
) -> Result<Option<RuleSet>, Failure> {
    let words = rules.words();
    for tag in tags {
        let primary = tag.split(['-', '_', '.', '@']).next().unwrap_or_default().to_lowercase();
        if rules.language.to_lowercase().starts_with(&primary) {
            return Ok(None);
        }
        let Some(texts) = texts_in(cli, &primary)? else { continue };
        let Ok(translated) = rules.translated(&texts) else {
            // Somebody who needs help is helped in English rather than not at all.
            note(words, &words.tell("note-translation", &[("tag", plain(tag).into())]))?;
            return Ok(None);
        };
        return Ok(Some(translated));
    }
    if let (Some(tag), true) = (tags.first(), is_told) {
        let language = words.say("language-name").into();
        let with = [("tag", plain(tag).into()), ("language", language)];
        note(words, &words.tell("note-language", &with))?;
    }
    Ok(None)
}

/// The texts of the rule set in a language, if there are any.
fn texts_in(cli: &Cli, primary: &str) -> Result<Option<String>, Failure> {
    match &cli.rules {
        None => {
            let found = BUILT_IN.iter().find(|(language, _)| language.tag() == primary);
            Ok(found.map(|(_, texts)| (*texts).to_owned()))
        }
        Some(file) if primary.chars().all(|c| c.is_ascii_alphabetic()) => {
            let beside = translation_of(file, primary);
            beside.is_file().then(|| app::read_file(&beside)).transpose()
        }
        Some(_) => Ok(None),
    }
}

/// A tag without the characters and the like that a locale adds to it.
fn plain(tag: &str) -> &str {
    tag.split(['.', '@']).next().unwrap_or(tag)
}

/// The languages of the locale, the one liked best first, in the order of gettext: `LANGUAGE` goes
/// before the others, but not where the locale is the one of no place.
fn locales() -> Vec<String> {
    let set = |name| env::var(name).ok().filter(|value| !value.is_empty());
    let Some(locale) = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set) else {
        return Vec::new();
    };
    if ["C", "POSIX"].contains(&plain(&locale)) {
        return Vec::new();
    }
    let liked = set("LANGUAGE").unwrap_or_default();
    let liked = liked.split(':').filter(|tag| !tag.is_empty()).map(str::to_owned);
    liked.chain([locale]).collect()
}
