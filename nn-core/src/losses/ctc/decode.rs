//! From outputs to symbols.

use alloc::vec;
use alloc::vec::Vec;

use num_traits::Float;

use super::Ctc;
use crate::scalar::Scalar;

/// The logarithms of how probable it is that a step ends in these symbols: with a blank, and with the last symbol.
#[derive(Clone, Debug)]
struct Prefix {
    symbols: Vec<u32>,
    blank: f64,
    symbol: f64,
}

impl Prefix {
    fn all(&self) -> f64 {
        add(self.blank, self.symbol)
    }
}

/// `ln (exp a + exp b)`
fn add(a: f64, b: f64) -> f64 {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    if low == f64::NEG_INFINITY { high } else { high + Float::ln_1p(Float::exp(low - high)) }
}

impl<From> Ctc<From> {
    /// The symbols of the most probable way through an output: the largest score of each step, of several that are the same
    /// in a row the first, without blanks.
    ///
    /// `output` is one of logits or of logarithms of probabilities, or the first steps of one.
    pub fn greedy<T: Scalar, const N: usize>(&self, output: &[[T; N]]) -> Vec<u32> {
        let mut last = self.blank;
        let mut symbols = Vec::new();
        for scores in output {
            let better = |best: usize, class: usize| if scores[class] > scores[best] { class } else { best };
            let best = (0..N).fold(0, better);
            if best != last && best != self.blank {
                symbols.push(best as u32);
            }
            last = best;
        }
        symbols
    }

    /// The most probable symbols of an output, best first, with the logarithm of the sum over the ways that lead to them:
    /// of all beginnings, the `width` best ones go on at each step, at least one.
    ///
    /// `output` is as for [`Ctc::greedy`]. A. Hannun, "Sequence modeling with CTC" (2017), without a language model.
    pub fn beam<T: Scalar, const N: usize>(&self, output: &[[T; N]], width: usize) -> Vec<(Vec<u32>, f64)> {
        let never = f64::NEG_INFINITY;
        let mut beam = vec![Prefix { symbols: Vec::new(), blank: 0.0, symbol: never }];
        for scores in output {
            let largest = scores.iter().fold(never, |largest, score| largest.max(score.wide()));
            let sum: f64 = scores.iter().map(|score| Float::exp(score.wide() - largest)).sum();
            let logarithm = |class: usize| scores[class].wide() - largest - Float::ln(sum);
            let mut next: Vec<Prefix> = Vec::new();
            for prefix in &beam {
                let (all, last) = (prefix.all(), prefix.symbols.last().copied());
                for class in 0..N {
                    let cost = logarithm(class);
                    if class == self.blank {
                        put(&mut next, &prefix.symbols, None, [all + cost, never]);
                        continue;
                    }
                    let symbol = class as u32;
                    if last == Some(symbol) {
                        put(&mut next, &prefix.symbols, None, [never, prefix.symbol + cost]);
                        put(&mut next, &prefix.symbols, Some(symbol), [never, prefix.blank + cost]);
                    } else {
                        put(&mut next, &prefix.symbols, Some(symbol), [never, all + cost]);
                    }
                }
            }
            next.sort_by(|a, b| b.all().total_cmp(&a.all()));
            next.truncate(width.max(1));
            beam = next;
        }
        beam.into_iter().map(|prefix| (prefix.all(), prefix.symbols)).map(|(all, symbols)| (symbols, all)).collect()
    }
}

/// Adds a way to the beginning that it leads to, if it can be gone at all.
fn put(next: &mut Vec<Prefix>, symbols: &[u32], new: Option<u32>, [blank, symbol]: [f64; 2]) {
    if [blank, symbol] == [f64::NEG_INFINITY; 2] {
        return;
    }
    let is_same = |prefix: &&mut Prefix| prefix.symbols.iter().copied().eq(symbols.iter().copied().chain(new));
    if let Some(prefix) = next.iter_mut().find(is_same) {
        (prefix.blank, prefix.symbol) = (add(prefix.blank, blank), add(prefix.symbol, symbol));
        return;
    }
    let symbols = symbols.iter().copied().chain(new).collect();
    next.push(Prefix { symbols, blank, symbol });
}
