use alloc::vec::Vec;

use num_traits::Float;

/// The longest runs of words that are compared.
const LONGEST: usize = 4;

/// How much of a translation stands in what people wrote: BLEU-4 of a whole corpus. The shares `p_n` of all runs of `n`
/// words, 1 to 4, that also stand in a reference, each counted at most as often as in the reference that has it most often;
/// then `exp(min(0, 1 - r / c)) · (p_1 p_2 p_3 p_4)^¼`, where `c` is the length of all translations and `r` that of the
/// references nearest in length, the shorter of two.
///
/// It is made of sums: [`Bleu::add`] takes sentence after sentence, [`Bleu::merge`] what others have added. Words are
/// anything that has an order: numbers of a [`Vocabulary`](crate::data::Vocabulary), `&str`.
///
/// ```
/// use nn_core::metrics::Bleu;
///
/// let words = |text: &'static str| text.split(' ').collect::<Vec<_>>();
/// let mut bleu = Bleu::new();
/// bleu.add(&words("the cat sat on the mat"), &[words("the cat sat on the red mat")]);
/// assert!((bleu.score() - 0.6732).abs() < 1e-4);
/// ```
///
/// As torchmetrics `BLEUScore`. K. Papineni et al., "BLEU: a method for automatic evaluation of machine translation"
/// (2002).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bleu {
    hits: [u64; LONGEST],
    runs: [u64; LONGEST],
    length: u64,
    reference_length: u64,
}

impl Bleu {
    /// Of no sentence.
    pub const fn new() -> Self {
        Self { hits: [0; LONGEST], runs: [0; LONGEST], length: 0, reference_length: 0 }
    }

    /// Adds a sentence, and what people wrote for it: one reference or more. Without a reference there is nothing to
    /// compare with, and the sentence is left out.
    pub fn add<W: Ord>(&mut self, sentence: &[W], references: &[impl AsRef<[W]>]) {
        let distance = |reference: &usize| (reference.abs_diff(sentence.len()), *reference);
        let Some(nearest) = references.iter().map(|reference| reference.as_ref().len()).min_by_key(distance) else {
            return;
        };
        self.length += sentence.len() as u64;
        self.reference_length += nearest as u64;
        for run in 1..=LONGEST {
            let references: Vec<Vec<&[W]>> = references.iter().map(|words| runs(words.as_ref(), run)).collect();
            for same in runs(sentence, run).chunk_by(|left, right| left == right) {
                let counts = references.iter().map(|reference| count(reference, same[0]));
                self.hits[run - 1] += same.len().min(counts.max().unwrap_or(0)) as u64;
            }
            self.runs[run - 1] += (sentence.len() + 1).saturating_sub(run) as u64;
        }
    }

    /// Adds what another one has added.
    pub fn merge(&mut self, other: &Self) {
        for run in 0..LONGEST {
            self.hits[run] += other.hits[run];
            self.runs[run] += other.runs[run];
        }
        self.length += other.length;
        self.reference_length += other.reference_length;
    }

    /// From 0 to 1; 0 where no run of four words is found.
    pub fn score(&self) -> f64 {
        self.of_shares(|run| self.hits[run] as f64 / self.runs[run] as f64)
    }

    /// As [`Bleu::score`], with one hit more and one run more of two to four words: for few or short sentences. C.-Y. Lin
    /// and F. J. Och, "Automatic evaluation of machine translation quality" (2004).
    pub fn smoothed_score(&self) -> f64 {
        let more = |run: usize| f64::from(u8::from(run > 0));
        self.of_shares(|run| (self.hits[run] as f64 + more(run)) / (self.runs[run] as f64 + more(run)))
    }

    fn of_shares(&self, share: impl Fn(usize) -> f64) -> f64 {
        let shares: [f64; LONGEST] = core::array::from_fn(share);
        if shares.iter().any(|share| share.is_nan() || *share == 0.0) {
            return 0.0;
        }
        let mean = shares.into_iter().map(Float::ln).sum::<f64>() / LONGEST as f64;
        let short = (1.0 - self.reference_length as f64 / self.length as f64).min(0.0);
        Float::exp(mean + short)
    }
}

/// All runs of so many words, in order of their words.
fn runs<W: Ord>(words: &[W], run: usize) -> Vec<&[W]> {
    let mut runs: Vec<&[W]> = words.windows(run).collect();
    runs.sort_unstable();
    runs
}

/// How often a run stands among others in order.
fn count<W: Ord>(sorted: &[&[W]], run: &[W]) -> usize {
    let start = sorted.partition_point(|other| *other < run);
    sorted[start..].partition_point(|other| *other == run)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_count_as_often_as_in_one_reference() {
        let mut bleu = Bleu::new();
        bleu.add(&[1, 1, 1, 1, 1], &[&[1, 1, 2][..], &[1, 3, 3, 3, 3, 3]]);
        assert_eq!((bleu.hits, bleu.runs), ([2, 1, 0, 0], [5, 4, 3, 2]));
        assert_eq!((bleu.length, bleu.reference_length), (5, 6));
        assert_eq!(bleu.score(), 0.0);
        let expected = (2.0 / 5.0 * 2.0 / 5.0 * 1.0 / 4.0 * 1.0 / 3.0f64).powf(0.25) * (1.0f64 - 6.0 / 5.0).exp();
        assert!((bleu.smoothed_score() - expected).abs() < 1e-12);
    }

    #[test]
    fn what_is_the_same_has_a_score_of_one() {
        let mut bleu = Bleu::new();
        assert_eq!((bleu.score(), bleu.smoothed_score()), (0.0, 0.0));
        bleu.add::<u32>(&[], &[&[][..]]);
        bleu.add(&[1, 2, 3, 4, 5], &[[1, 2, 3, 4, 5]]);
        bleu.add::<u32>(&[9, 9], &[] as &[&[u32]]);
        assert_eq!(bleu.score(), 1.0);
        let mut other = Bleu::new();
        other.add(&[1, 2, 3, 4], &[[1, 2, 3, 4, 5, 6], [1, 2, 0, 0, 0, 0]]);
        let alone = other.score();
        assert!((alone - (1.0f64 - 1.5).exp()).abs() < 1e-12);
        bleu.merge(&other);
        assert!(bleu.score() > alone && bleu.score() < 1.0);
    }

    #[test]
    fn of_two_references_as_near_the_shorter_counts() {
        let mut bleu = Bleu::new();
        bleu.add(&[1, 2, 3, 4, 5], &[&[1, 2, 3, 4, 5, 6][..], &[1, 2, 3, 4]]);
        assert_eq!((bleu.reference_length, bleu.score()), (4, 1.0));
    }
}
