//! How hard a text is to read: the grade level of Kincaid and others (1975), from the length of
//! its sentences and of its words. It is a measure of English.

/// The fewest words that can be judged; shorter texts swing with every word.
const FEWEST_WORDS: usize = 25;

/// The age at which a text can be read: its grade level and five years.
pub(super) fn age(text: &str) -> Option<f64> {
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .collect();
    if words.len() < FEWEST_WORDS {
        return None;
    }
    let ends = |c: char| matches!(c, '.' | '!' | '?' | ':' | ';');
    let sentences = text.split(ends).filter(|part| part.chars().any(char::is_alphabetic)).count();
    let syllables: usize = words.iter().map(|word| syllables(word)).sum();
    let per = |many: usize, few: usize| -> f64 {
        f64::from(u32::try_from(many).unwrap_or(u32::MAX))
            / f64::from(u32::try_from(few.max(1)).unwrap_or(u32::MAX))
    };
    let grade = 0.39 * per(words.len(), sentences) + 11.8 * per(syllables, words.len()) - 15.59;
    Some(grade + 5.0)
}

/// Groups of vowels, without a silent e at the end; at least one.
fn syllables(word: &str) -> usize {
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
            assert_eq!(syllables(word), count, "{word}");
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
        assert!(age(easy).expect("long enough") < 8.0);
        assert!(age(hard).expect("long enough") > 18.0);
        assert_eq!(age("Too short to say."), None);
    }
}
