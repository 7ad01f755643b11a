//! Words for people: counted nouns, lists, the nearest name, wrapping, control characters out.

use unicode_width::UnicodeWidthChar as _;

/// "1 question", "2 questions".
pub fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// "a", "a or b", "a, b or c".
pub fn list_or<S: AsRef<str>>(items: &[S]) -> String {
    join(items, "or")
}

/// "a", "a and b", "a, b and c".
pub fn list_and<S: AsRef<str>>(items: &[S]) -> String {
    join(items, "and")
}

pub(crate) fn join<S: AsRef<str>>(items: &[S], last: &str) -> String {
    match items {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [before @ .., end] => {
            let before: Vec<&str> = before.iter().map(AsRef::as_ref).collect();
            format!("{} {last} {}", before.join(", "), end.as_ref())
        }
    }
}

/// A name in backticks, control characters out, cut to a length a message can hold.
pub fn tick(name: &str) -> String {
    const LONGEST: usize = 60;
    let name = clean_line(name);
    if name.chars().count() > LONGEST {
        let start: String = name.chars().take(LONGEST).collect();
        format!("`{start}...`")
    } else {
        format!("`{name}`")
    }
}

/// The known name most like `name`, if one is near enough to be what was meant.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Longer strings cannot be a slip of a name, and the measure is quadratic in length.
    if name.len() > 80 {
        return None;
    }
    let lower = name.to_lowercase();
    let letters = Letters::of(&lower);
    let likeness = |candidate: &str| {
        if letters.may_be(candidate) { likeness(name, &lower, candidate) } else { 0.0 }
    };
    known
        .into_iter()
        .map(|candidate| (likeness(candidate), candidate))
        .filter(|(score, _)| *score >= 0.82)
        .fold(None, |best: Option<(f64, &str)>, next| match best {
            Some(best) if best.0 >= next.0 => Some(best),
            _ => Some(next),
        })
        .map(|(_, candidate)| candidate)
}

/// How alike a name and a known one are, from 0 to 1; `lower` is the name in lower case.
fn likeness(name: &str, lower: &str, candidate: &str) -> f64 {
    let whole = strsim::jaro_winkler(lower, &candidate.to_lowercase());
    // Two slips change the length by no more than two.
    let slips = candidate.len() > 3
        && candidate.chars().count().abs_diff(name.chars().count()) <= 2
        && strsim::damerau_levenshtein(name, candidate) <= 2;
    if slips { whole.max(0.9) } else { whole }
}

/// How often each letter stands in a name; several letters may be counted as one.
struct Letters {
    counts: [u8; 64],
    length: usize,
}

impl Letters {
    fn place(letter: char) -> usize {
        letter as usize % 64
    }

    fn of(name: &str) -> Self {
        let mut letters = Self { counts: [0; 64], length: 0 };
        for letter in name.chars() {
            letters.counts[Self::place(letter)] += 1;
            letters.length += 1;
        }
        letters
    }

    /// Whether a known name could be near enough at all, going by the letters they share. That is
    /// most of what is asked, and it costs little.
    ///
    /// With m letters shared of a and b, the measure of Jaro is at most (m/a + m/b + 1)/3, and that of
    /// Winkler 0.6 of it and 0.4 more (Winkler 1990), which is 0.82 if m/a + m/b is 1.1. Two slips
    /// leave all letters of the longer name but two.
    fn may_be(&self, candidate: &str) -> bool {
        let (mut left, mut shared, mut length) = (self.counts, 0, 0);
        for letter in candidate.chars().flat_map(char::to_lowercase) {
            let left = &mut left[Self::place(letter)];
            shared += usize::from(*left > 0);
            *left = left.saturating_sub(1);
            length += 1;
        }
        let (both, longer) = (self.length + length, self.length.max(length));
        10 * shared * both >= 11 * self.length * length || shared + 2 >= longer
    }
}

/// "did you mean `x`?", if a known name is near enough, else what is known.
pub fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    if let Some(near) = nearest(name, known.clone()) {
        return format!("did you mean `{near}`?");
    }
    let known: Vec<String> = known.into_iter().map(tick).collect();
    match known.len() {
        0 => "nothing is known here".to_owned(),
        1..=12 => format!("expected {}", list_or(&known)),
        more => format!("expected {} or one of {} others", known[..8].join(", "), more - 8),
    }
}

/// The text with every control character but line breaks taken out.
///
/// Texts come from files and flags; an escape sequence among them could repaint the screen.
pub fn clean(text: &str) -> String {
    text.chars().filter(|&c| c == '\n' || !is_control(c)).collect()
}

/// The text on one line: control characters out, line breaks and tabs as blanks.
pub fn clean_line(text: &str) -> String {
    text.chars()
        .map(|c| if matches!(c, '\n' | '\t' | '\r') { ' ' } else { c })
        .filter(|&c| !is_control(c))
        .collect()
}

/// Control characters proper, and the format characters that turn the direction of text or hide
/// themselves, which could make a line read as something it is not.
fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Breaks text into lines of at most `width` columns, the later ones led by `indent`.
///
/// Words longer than a line are broken. A width of less than eight columns counts as eight.
pub fn wrap(text: &str, width: usize, indent: &str) -> Vec<String> {
    let options = textwrap::Options::new(width.max(8))
        .subsequent_indent(indent)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit)
        .break_words(true);
    textwrap::wrap(text, options).into_iter().map(|line| line.trim_end().to_owned()).collect()
}

/// How many terminal columns a line takes.
pub fn columns(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// The sentence with a capital first letter.
pub fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_passed_over_for_their_letters_are_near_none() {
        let known = ["signs-now", "where", "age", "pain", "onset", "daily-life", "trend", "Größe"];
        let pieces =
            ["si", "gns", "-", "no", "w", "her", "e", "A", "g", "pai", "n", "ö", "ly", "d"];
        let (mut tried, mut near) = (0, 0);
        for (a, b, c, d) in
            (0..14_usize.pow(4)).map(|n| (n % 14, n / 14 % 14, n / 196 % 14, n / 2744))
        {
            let name = [pieces[a], pieces[b], pieces[c], pieces[d]].concat();
            let lower = name.to_lowercase();
            let letters = Letters::of(&lower);
            for candidate in known.into_iter().filter(|it| !letters.may_be(it)) {
                assert!(likeness(&name, &lower, candidate) < 0.82, "{name} {candidate}");
                tried += 1;
            }
            near += usize::from(nearest(&name, known).is_some());
        }
        assert!(tried > 100_000 && near > 1_000, "{tried} {near}");
    }

    #[test]
    fn lists_read_as_sentences_do() {
        assert_eq!(list_or::<&str>(&[]), "");
        assert_eq!(list_or(&["a"]), "a");
        assert_eq!(list_or(&["a", "b"]), "a or b");
        assert_eq!(list_and(&["a", "b", "c"]), "a, b and c");
        assert_eq!(count(1, "fault"), "1 fault");
        assert_eq!(count(0, "fault"), "0 faults");
    }

    #[test]
    fn a_slip_finds_its_name_and_a_stranger_does_not() {
        let known = ["stiffness", "spasms", "weakness", "under-6-weeks", "pain"];
        assert_eq!(nearest("stifness", known), Some("stiffness"));
        assert_eq!(nearest("spams", known), Some("spasms"));
        assert_eq!(nearest("pian", known), Some("pain"));
        assert_eq!(nearest("under-6-week", known), Some("under-6-weeks"));
        assert_eq!(nearest("elephant", known), None);
        assert_eq!(did_you_mean("elephant", ["a", "b"]), "expected `a` or `b`");
    }

    #[test]
    fn escape_sequences_lose_their_power() {
        assert_eq!(clean("\u{1b}[31mred\u{7}\nnext\u{202e}"), "[31mred\nnext");
        assert_eq!(clean_line("a\nb\tc\u{9b}d"), "a b cd");
        assert_eq!(tick("x\u{1b}y"), "`xy`");
    }

    #[test]
    fn no_line_is_wider_than_asked() {
        let text =
            "Schmerzen im unteren Rücken 背中の痛み averyverylongwordthatnobodywouldwrite end";
        for width in 8..40 {
            for line in wrap(text, width, "  ") {
                assert!(columns(&line) <= width, "{width}: {line}");
            }
        }
    }
}
