//! Which tensors a trainer moves, by patterns of their names.

use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use super::TrainError;
use crate::OutOfRange;
use crate::network::Network;
use crate::scalar::Scalar;
use crate::tensors::{Marks, Role, Tensor, tensors};

/// So many names an error proposes.
const PROPOSALS: usize = 3;

/// What a user has said about which tensors are trained: all of them, unless told otherwise.
#[derive(Clone, Debug, Default)]
pub(super) struct Selection {
    pub(super) frozen: Vec<String>,
    pub(super) only: Option<Vec<String>>,
    pub(super) groups: Vec<(String, Marks)>,
}

impl Selection {
    /// The tensors of a network, with all that is not trained marked as frozen.
    pub(super) fn of<T: Scalar, N: Network<T>>(&self) -> Result<Vec<Tensor>, TrainError> {
        let mut tensors = tensors(N::PARTS);
        let groups = self.groups.iter().map(|(pattern, _)| pattern);
        for pattern in self.frozen.iter().chain(self.only.iter().flatten()).chain(groups) {
            if !tensors.iter().any(|tensor| matches(pattern, &tensor.name)) {
                let names = near_names(pattern, &tensors);
                return Err(TrainError::NoSuchTensor { pattern: pattern.clone(), network: N::NAME, names });
            }
        }
        for (pattern, marks) in &self.groups {
            OutOfRange::not_negative("group's rate", marks.rate)?;
            OutOfRange::not_negative("group's l1", marks.l1)?;
            OutOfRange::not_negative("group's l2", marks.l2)?;
            let members = tensors.iter_mut().filter(|tensor| matches(pattern, &tensor.name));
            members.for_each(|tensor| tensor.marks = tensor.marks.and(*marks));
        }
        for tensor in &mut tensors {
            let any = |patterns: &[String]| patterns.iter().any(|pattern| matches(pattern, &tensor.name));
            tensor.marks.frozen |= any(&self.frozen) || self.only.as_ref().is_some_and(|only| !any(only));
        }
        let freezes = self.groups.iter().any(|(_, marks)| marks.frozen);
        let is_selective = self.only.is_some() || !self.frozen.is_empty() || freezes;
        if is_selective && !tensors.iter().any(Tensor::is_trained) {
            return Err(TrainError::NothingToTrain { network: N::NAME });
        }
        Ok(tensors)
    }
}

/// Whether a pattern names a tensor, or something that it stands in: the whole name, or some of its first segments. A `*`
/// stands for any characters, dots included.
fn matches(pattern: &str, name: &str) -> bool {
    let ends = name.match_indices('.').map(|(end, _)| end).chain([name.len()]);
    ends.map(|end| &name[..end]).any(|prefix| fits(pattern.as_bytes(), prefix.as_bytes()))
}

/// Whether a pattern describes the whole of a text.
pub(crate) fn fits(pattern: &[u8], text: &[u8]) -> bool {
    match pattern {
        [] => text.is_empty(),
        [b'*', rest @ ..] => (0..=text.len()).any(|start| fits(rest, &text[start..])),
        [first, rest @ ..] => text.first() == Some(first) && fits(rest, &text[1..]),
    }
}

/// The names most like a pattern, among those of the tensors and of what they stand in.
pub(crate) fn near_names(pattern: &str, tensors: &[Tensor]) -> Vec<String> {
    let mut names: Vec<&str> = Vec::new();
    for name in tensors.iter().map(|tensor| tensor.name.as_str()) {
        names.extend(name.match_indices('.').map(|(end, _)| &name[..end]).chain([name]));
    }
    let mut seen = Vec::new();
    names.retain(|name| {
        !seen.contains(name) && {
            seen.push(*name);
            true
        }
    });
    let letters = pattern.replace('*', "");
    names.sort_by_key(|name| distance(&letters, name)); // stable: of equally near names the first stays first
    names.into_iter().take(PROPOSALS).map(ToString::to_string).collect()
}

/// How many letters must be inserted, deleted or replaced (V. Levenshtein, 1966).
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, a) in left.bytes().enumerate() {
        let mut diagonal = core::mem::replace(&mut row[0], index + 1);
        for (column, b) in right.bytes().enumerate() {
            let replaced = diagonal + usize::from(a != b);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

/// Running statistics that are frozen: a step must leave them as they are.
#[derive(Debug)]
pub(super) struct FrozenState<T> {
    ranges: Vec<Range<usize>>,
    kept: Vec<T>,
}

impl<T: Scalar> FrozenState<T> {
    pub(super) fn new(tensors: &[Tensor]) -> Self {
        let is_frozen = |tensor: &&Tensor| tensor.role == Role::State && tensor.marks.frozen;
        let ranges: Vec<_> = tensors.iter().filter(is_frozen).map(|tensor| tensor.range.clone()).collect();
        let kept = vec![T::zero(); ranges.iter().map(Range::len).sum()];
        Self { ranges, kept }
    }

    /// Moves the running statistics of a network by those of a batch, but for the frozen ones.
    pub(super) fn commit<N: Network<T>>(&mut self, network: &mut N, statistics: &[T]) {
        self.each(network, |kept, state| kept.copy_from_slice(state));
        network.commit(statistics);
        self.each(network, |kept, state| state.copy_from_slice(kept));
    }

    fn each<N: Network<T>>(&mut self, network: &mut N, copy: impl Fn(&mut [T], &mut [T])) {
        let mut rest = self.kept.as_mut_slice();
        for range in &self.ranges {
            let (kept, others) = core::mem::take(&mut rest).split_at_mut(range.len());
            copy(kept, &mut network.as_mut_slice()[range.clone()]);
            rest = others;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Dataset, Values};
    use crate::losses::MeanSquaredError;
    use crate::optim::AdamW;
    use crate::shapes::Features;
    use crate::simd::Plain;
    use crate::train::Trainer;
    use crate::train::testing::{Centered, new};

    type Net = Centered<f64, 2, 2>;

    /// Which of `running`, `weight` and `bias` move.
    fn moved(change: impl Fn(Trainer<MeanSquaredError, AdamW>) -> Trainer<MeanSquaredError, AdamW>) -> [bool; 3] {
        let data: Dataset<Features<2>, Values<Features<2>>> =
            Dataset::from_values([1.0, 2.0, 3.0, 5.0], [1.0, 0.0, 0.0, 2.0]).expect("fits");
        let mut network = new::<f64, Net>(1);
        network.bias = [3.0, 4.0];
        let before = network.clone_boxed();
        let trainer = change(Trainer::new(MeanSquaredError, AdamW::new(0.1))).epochs(2).silent();
        trainer.fit(&mut network, &data).expect("trains");
        let [moved_running, moved_bias] =
            [(network.running, before.running), (network.bias, before.bias)].map(|(after, before)| after != before);
        [moved_running, network.weight != before.weight, moved_bias]
    }

    #[test]
    fn what_is_frozen_stays_bit_by_bit() {
        assert_eq!(moved(|trainer| trainer), [true; 3]);
        assert_eq!(moved(|trainer| trainer.freeze("weight")), [true, false, true]);
        assert_eq!(moved(|trainer| trainer.freeze("run*").freeze("bias")), [false, true, false]);
        assert_eq!(moved(|trainer| trainer.train_only(&["bias"])), [false, false, true]);
        assert_eq!(moved(|trainer| trainer.train_only(&["*"]).freeze("weight")), [true, false, true]);
    }

    #[test]
    fn a_pattern_that_matches_nothing_proposes_names() {
        let network = new::<f64, Net>(1);
        let trainer = Trainer::new(MeanSquaredError, AdamW::new(0.1));
        let start = |trainer: Trainer<_, _>| trainer.start(&network, Values::default()).err().expect("refused");
        assert_eq!(
            start(trainer.clone().freeze("wieght*")).to_string(),
            "`wieght*` matches no tensor of `Centered`\nhelp: the nearest names are `weight`, `bias`, `running`"
        );
        let nothing = TrainError::NothingToTrain { network: "Centered" };
        assert_eq!(start(trainer.clone().freeze("*")), nothing);
        assert_eq!(start(trainer.train_only(&["running"])), nothing);
    }

    #[test]
    fn a_pattern_matches_names_and_what_they_stand_in() {
        let yes = [
            ("conv.weight", "conv.weight"),
            ("conv", "conv.weight"),
            ("encoder.fc", "encoder.fc.bias"),
            ("conv*", "conv_2.weight"),
            ("*.bias", "encoder.fc.bias"),
            ("head.*", "head.out.weight"),
            ("blocks.*.up", "blocks.3.up.weight"),
            ("*", "x"),
            ("**a*", "cat.b"),
        ];
        let no = [
            ("con", "conv.weight"),
            ("weight", "conv.weight"),
            ("head.*", "head"),
            ("conv*x", "conv.weight"),
            ("", "conv.weight"),
            ("conv.", "conv.weight"),
        ];
        assert!(yes.iter().all(|(pattern, name)| matches(pattern, name) || panic!("{pattern} {name}")));
        assert!(no.iter().all(|(pattern, name)| !matches(pattern, name) || panic!("{pattern} {name}")));
    }

    #[test]
    fn letters_are_counted() {
        assert_eq!(distance("conv", "conv"), 0);
        assert_eq!(distance("", "conv"), 4);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
