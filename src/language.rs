//! The program's own words, one catalogue a language, in the Fluent syntax (`locales/`).
//!
//! What a rule set says is in the rule set, and translated beside it; here are headings, labels
//! and the sentences around them. A language is asked for by name or by the locale. It says
//! nothing about where somebody is.

use std::sync::LazyLock;

pub use fluent_bundle::FluentValue;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

use crate::prose::{join, nearest, tick};

/// A language the program speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English, in which the program is written.
    #[default]
    English,
    /// Spanish.
    Spanish,
}

type Catalogue = FluentBundle<FluentResource>;

static ENGLISH: LazyLock<Catalogue> =
    LazyLock::new(|| catalogue("en", include_str!("../locales/en.ftl")));
static SPANISH: LazyLock<Catalogue> =
    LazyLock::new(|| catalogue("es", include_str!("../locales/es.ftl")));

fn catalogue(tag: &str, source: &str) -> Catalogue {
    let mut bundle = FluentBundle::new_concurrent(tag.parse().into_iter().collect());
    // The marks around inserted words are control characters to a terminal.
    bundle.set_use_isolating(false);
    let resource = match FluentResource::try_new(source.to_owned()) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    bundle.add_resource_overriding(resource);
    bundle
}

impl Language {
    /// Every language, English first.
    pub const ALL: [Self; 2] = [Self::English, Self::Spanish];

    /// The tag of the language, as in `lang="es"`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
        }
    }

    /// The language of a tag or a locale, such as `es`, `es-MX` or `es_ES.UTF-8`.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_', '.', '@']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// The words with this id.
    pub fn say(self, id: &str) -> String {
        self.tell(id, &[])
    }

    /// The words with this id, with something put in.
    pub fn tell(self, id: &str, with: &[(&str, FluentValue<'_>)]) -> String {
        let catalogue = match self {
            Self::English => &*ENGLISH,
            Self::Spanish => &*SPANISH,
        };
        // A test holds that every id in the sources is in every catalogue.
        let Some(pattern) = catalogue.get_message(id).and_then(|message| message.value()) else {
            return id.to_owned();
        };
        let arguments: FluentArgs<'_> =
            with.iter().map(|(name, value)| (*name, value.clone())).collect();
        catalogue.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned()
    }

    /// "1 point", "2 points".
    pub fn points(self, number: i64) -> String {
        self.tell("points", &[("number", number.into())])
    }

    /// A number in words, as it is to be heard; in figures from a hundred on.
    pub fn number(self, number: usize) -> String {
        let nth = |id: &str, nth: usize| self.say(id).split(", ").nth(nth).map(str::to_owned);
        if let Some(small) = nth("numbers", number) {
            return small;
        }
        let Some(tens) = (number / 10).checked_sub(2).and_then(|at| nth("tens", at)) else {
            return number.to_string();
        };
        match nth("numbers", number % 10) {
            Some(ones) if !number.is_multiple_of(10) => {
                self.tell("tens-and-ones", &[("tens", tens.into()), ("ones", ones.into())])
            }
            _ => tens,
        }
    }

    /// "a", "a and b", "a, b and c".
    pub fn list_and<S: AsRef<str>>(self, items: &[S]) -> String {
        let last = items.last().map_or("", AsRef::as_ref);
        let and = if begins_with_i(last) { "and-before-i" } else { "and" };
        join(items, &self.say(and))
    }

    /// "a", "a or b", "a, b or c".
    pub fn list_or<S: AsRef<str>>(self, items: &[S]) -> String {
        let last = items.last().map_or("", AsRef::as_ref);
        let or = if begins_with_o(last) { "or-before-o" } else { "or" };
        join(items, &self.say(or))
    }

    /// Words somebody said or reads, as such.
    pub fn quoted(self, text: &str) -> String {
        self.tell("quoted", &[("text", text.into())])
    }

    /// "did you mean `x`?", if a known name is near enough, else what is known.
    pub fn did_you_mean<'a>(
        self,
        name: &str,
        known: impl IntoIterator<Item = &'a str> + Clone,
    ) -> String {
        const LISTED: usize = 12;
        if let Some(near) = nearest(name, known.clone()) {
            return self.tell("did-you-mean", &[("near", near.into())]);
        }
        let known: Vec<String> = known.into_iter().map(tick).collect();
        if known.len() <= LISTED {
            return self.tell("expected", &[("what", self.list_or(&known).into())]);
        }
        let (first, others) = known.split_at(LISTED - 4);
        let with = [("known", first.join(", ").into()), ("number", others.len().into())];
        self.tell("expected-others", &with)
    }
}

/// The first word as it is heard, in small letters.
fn first_word(text: &str) -> String {
    text.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

/// Whether a text begins with the sound of a Spanish "i", which swallows the word "y" before it.
/// "Hielo" does not: it begins as "yelo" would.
fn begins_with_i(text: &str) -> bool {
    let word = first_word(text);
    match word.strip_prefix('h') {
        Some(rest) => rest.starts_with(['i', 'í']) && !rest.starts_with("ie"),
        None => word.starts_with(['i', 'í']),
    }
}

/// Whether a text begins with the sound of a Spanish "o", which swallows the word "o" before it, as
/// the numbers eight, eighty and eleven do.
fn begins_with_o(text: &str) -> bool {
    let word = first_word(text);
    let digits = word.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    word.strip_prefix('h').unwrap_or(&word).starts_with(['o', 'ó'])
        || digits.starts_with('8')
        || digits == "11"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_names_its_language() {
        for (tag, language) in [
            ("es", Some(Language::Spanish)),
            ("es_MX.UTF-8", Some(Language::Spanish)),
            ("ES-419", Some(Language::Spanish)),
            ("en_GB", Some(Language::English)),
            ("est", None),
            ("C", None),
            ("", None),
        ] {
            assert_eq!(Language::of_tag(tag), language, "{tag}");
        }
    }

    #[test]
    fn numbers_take_their_noun_with_them() {
        assert_eq!(Language::English.points(1), "1 point");
        assert_eq!(Language::English.points(-2), "-2 points");
        assert_eq!(Language::Spanish.points(1), "1 punto");
        assert_eq!(Language::Spanish.points(3), "3 puntos");
        assert_eq!(Language::Spanish.list_and(&["a", "b", "c"]), "a, b y c");
    }

    #[test]
    fn a_spanish_and_or_or_gives_way_to_its_own_sound() {
        let and = |last: &str| Language::Spanish.list_and(&["calor", last]);
        for (last, said) in [
            ("implante", "calor e implante"),
            ("«Ibuprofeno»", "calor e «Ibuprofeno»"),
            ("higos", "calor e higos"),
            ("hielo", "calor y hielo"),
            ("yoga", "calor y yoga"),
        ] {
            assert_eq!(and(last), said);
        }
        let or = |last: &str| Language::Spanish.list_or(&["7", last]);
        for (last, said) in [
            ("8", "7 u 8"),
            ("80", "7 u 80"),
            ("11", "7 u 11"),
            ("10", "7 o 10"),
            ("18", "7 o 18"),
            ("otra", "7 u otra"),
            ("hombro", "7 u hombro"),
            ("`none`", "7 o `none`"),
        ] {
            assert_eq!(or(last), said);
        }
        assert_eq!(Language::English.list_and(&["heat", "ice"]), "heat and ice");
        assert_eq!(Language::English.list_or(&["7", "8"]), "7 or 8");
    }

    #[test]
    fn numbers_are_said_as_people_say_them() {
        let said =
            |language: Language| [1, 12, 20, 21, 30, 36, 90, 99, 100].map(|it| language.number(it));
        assert_eq!(
            said(Language::English).join(" "),
            "one twelve twenty twenty-one thirty thirty-six ninety ninety-nine 100"
        );
        assert_eq!(
            said(Language::Spanish).join(", "),
            "uno, doce, veinte, veintiuno, treinta, treinta y seis, noventa, noventa y nueve, 100"
        );
    }
}
