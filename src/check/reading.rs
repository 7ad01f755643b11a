//! How hard texts are to read: the grade level of Kincaid and others (1975), from the length of
//! sentences and of words. It is a measure of English.
//!
//! All texts of one item, such as a question with its help and choices, are judged together. Where
//! they are short, a few words would decide, so what is missing to [`FEWEST_WORDS`] counts as if it
//! were plain: a short text is hard only if its words are very long.

/// The fewest words that are judged as they stand.
const FEWEST_WORDS: usize = 25;
/// Syllables in a word of plain English.
const PLAIN_SYLLABLES: f64 = 1.4;
/// Words in a sentence of plain English.
const PLAIN_SENTENCE: f64 = 12.0;

/// The age at which texts can be read: their grade level and five years. None without words.
pub(super) fn age(texts: &[&str]) -> Option<f64> {
    let number = |many: usize| f64::from(u32::try_from(many).unwrap_or(u32::MAX));
    let is_word = |word: &&str| word.chars().any(char::is_alphanumeric);
    let ends = |c: char| matches!(c, '.' | '!' | '?' | ':' | ';');
    let (mut words, mut sentences, mut syllables) = (0, 0, 0);
    for text in texts {
        for word in text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(is_word) {
            words += 1;
            syllables += syllables_of(word);
        }
        // A label ends without a full stop, and is a sentence of its own all the same.
        let parts = text.split(ends).filter(|part| part.chars().any(char::is_alphabetic));
        sentences += parts.count();
    }
    if words == 0 {
        return None;
    }
    let plain = number(FEWEST_WORDS.saturating_sub(words));
    let (words, sentences) = (number(words) + plain, number(sentences) + plain / PLAIN_SENTENCE);
    let syllables = number(syllables) + plain * PLAIN_SYLLABLES;
    Some(0.39 * words / sentences.max(1.0) + 11.8 * syllables / words - 15.59 + 5.0)
}

/// Groups of vowels, without a silent e at the end; at least one.
fn syllables_of(word: &str) -> usize {
    let word = word.to_lowercase();
    let vowel = |c: char| "aeiouy".contains(c);
    let mut count = 0;
    let mut before = false;
    for c in word.chars() {
        count += usize::from(vowel(c) && !before);
        before = vowel(c);
    }
    let silent = word.ends_with('e') && !word.ends_with("le") && count > 1;
    (count - usize::from(silent)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_about_right() {
        for (word, count) in [("pain", 1), ("numbness", 2), ("table", 2), ("complementary", 5)] {
            assert_eq!(syllables_of(word), count, "{word}");
        }
    }

    #[test]
    fn longer_words_in_longer_sentences_read_harder() {
        let easy = "The cat sat on the mat. It was warm in the sun. The dog came in and sat by \
                    the cat. They went to sleep.";
        let hard = "Individuals experiencing persistent musculoskeletal symptoms should \
                    additionally consider consultation with an appropriately qualified \
                    professional before initiating unfamiliar therapeutic interventions \
                    independently of supervision or ongoing evaluation.";
        assert!(age(&[easy]).expect("there are words") < 8.0);
        assert!(age(&[hard]).expect("there are words") > 18.0);
        assert_eq!(age(&["", "..."]), None);
    }

    #[test]
    fn a_short_text_is_hard_only_where_its_words_are_long() {
        let plain = age(&["You have pain."]).expect("there are words");
        let hard = "Musculoskeletal symptomatology necessitates multidisciplinary rehabilitation.";
        let hard = age(&[hard]).expect("there are words");
        assert!(plain < 9.0 && hard > 14.0, "{plain} {hard}");
        // Labels are sentences: six of them are not one long one.
        let labels = ["Stiff", "Weak", "Numb", "Tired all day long", "Sore to the touch", "Hot"];
        assert!(age(&labels).expect("there are words") < age(&[&labels.join(" ")]).expect("so"));
    }
}
