use alloc::borrow::ToOwned as _;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use std::collections::HashMap;

/// Text as numbers, as [`Embedding`](crate::layers::Embedding) reads them: the words, or letters, of some texts, the most frequent
/// first.
///
/// Number 0 is padding, [`Vocabulary::PADDING`], and number 1 stands for all that is not in the vocabulary,
/// [`Vocabulary::UNKNOWN`]. Make it of training texts alone: what only the test has should be unknown.
///
/// ```
/// use nn_core::data::Vocabulary;
///
/// let words = Vocabulary::of_words(["The cat sat.", "The cat ran."], 6);
/// assert_eq!(words.len(), 6);
/// assert_eq!(words.padded::<6>("the CAT flew."), [4.0, 3.0, 1.0, 2.0, 0.0, 0.0]);
/// assert_eq!(words.text(4), "the");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vocabulary {
    texts: Vec<String>,
    numbers: HashMap<String, u32>,
    unit: Unit,
}

/// What texts are cut into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Word,
    Letter,
}

impl Unit {
    fn cut(self, text: &str) -> Vec<String> {
        match self {
            Self::Word => words(text),
            Self::Letter => text.chars().map(|letter| letter.to_string()).collect(),
        }
    }
}

impl Vocabulary {
    /// The number of a place where nothing stands.
    pub const PADDING: u32 = 0;
    /// The number of everything that is not in the vocabulary.
    pub const UNKNOWN: u32 = 1;

    /// The most frequent words, in lower case, so that there are at most `most` numbers. A word is a run of letters, digits and
    /// apostrophes; every other sign but blanks is one by itself.
    pub fn of_words<'t>(texts: impl IntoIterator<Item = &'t str>, most: usize) -> Self {
        Self::of(Unit::Word, texts, most)
    }

    /// The most frequent letters, capital ones, blanks and signs included, so that there are at most `most` numbers.
    pub fn of_letters<'t>(texts: impl IntoIterator<Item = &'t str>, most: usize) -> Self {
        Self::of(Unit::Letter, texts, most)
    }

    fn of<'t>(unit: Unit, texts: impl IntoIterator<Item = &'t str>, most: usize) -> Self {
        let mut counts: HashMap<String, usize> = HashMap::new();
        for text in texts {
            for piece in unit.cut(text) {
                *counts.entry(piece).or_default() += 1;
            }
        }
        let mut pieces: Vec<(String, usize)> = counts.into_iter().collect();
        // Ties in the order of the alphabet, so that the same texts always give the same numbers.
        pieces.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
        let special = ["", "\u{fffd}"].map(str::to_owned);
        let texts: Vec<String> =
            special.into_iter().chain(pieces.into_iter().map(|(piece, _)| piece)).take(most.max(2)).collect();
        let numbers = texts.iter().enumerate().skip(2).map(|(number, text)| (text.clone(), number as u32)).collect();
        Self { texts, numbers, unit }
    }

    /// How many numbers there are, padding and unknown included: what an `Embedding` needs.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Never: padding and unknown are always there.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The numbers of a text.
    pub fn numbers(&self, text: &str) -> Vec<u32> {
        let number = |piece: &String| self.numbers.get(piece).copied().unwrap_or(Self::UNKNOWN);
        self.unit.cut(text).iter().map(number).collect()
    }

    /// The first `LEN` numbers of a text, with padding behind a shorter one.
    pub fn padded<const LEN: usize>(&self, text: &str) -> [f32; LEN] {
        let numbers = self.numbers(text);
        core::array::from_fn(|place| numbers.get(place).copied().unwrap_or(Self::PADDING) as f32)
    }

    /// The word or letter of a number: nothing for padding, `\u{fffd}` for unknown ones and for numbers that are none.
    pub fn text(&self, number: u32) -> &str {
        self.texts.get(number as usize).map_or("\u{fffd}", String::as_str)
    }
}

/// Runs of letters, digits and apostrophes, in lower case, and single signs.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_open = false;
    for letter in text.chars() {
        let belongs = letter.is_alphanumeric() || letter == '\'';
        if belongs && is_open {
            words.last_mut().into_iter().for_each(|word| word.extend(letter.to_lowercase()));
        } else if !letter.is_whitespace() {
            words.push(letter.to_lowercase().collect());
        }
        is_open = belongs;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_at_blanks_and_signs() {
        assert_eq!(words("It's  GOOD,isn't it?\n"), ["it's", "good", ",", "isn't", "it", "?"]);
        assert_eq!(words(" \t"), [""; 0]);
        assert_eq!(words("ÄB3"), ["äb3"]);
    }

    #[test]
    fn the_most_frequent_come_first_and_ties_by_the_alphabet() {
        let vocabulary = Vocabulary::of_words(["b a c a", "c d a"], 5);
        let texts: Vec<&str> = (0..5).map(|number| vocabulary.text(number)).collect();
        assert_eq!(texts, ["", "\u{fffd}", "a", "c", "b"]);
        assert_eq!(vocabulary.numbers("D a b"), [Vocabulary::UNKNOWN, 2, 4]);
        assert_eq!(vocabulary.text(99), "\u{fffd}");
    }

    #[test]
    fn letters_keep_their_case_and_come_back() {
        let vocabulary = Vocabulary::of_letters(["To be, or"], 100);
        let text: String = vocabulary.numbers("or To be").into_iter().map(|number| vocabulary.text(number)).collect();
        assert_eq!(text, "or To be");
        assert_eq!(vocabulary.padded::<3>("T"), [vocabulary.numbers("T")[0] as f32, 0.0, 0.0]);
    }

    #[test]
    fn there_are_always_padding_and_unknown() {
        for most in 0..3 {
            let vocabulary = Vocabulary::of_words([], most);
            assert_eq!((vocabulary.len(), vocabulary.numbers("a b")), (2, [1, 1].to_vec()));
        }
    }
}
