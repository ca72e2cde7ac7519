//! Which classes are taken for which.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

#[cfg(feature = "std")]
#[cfg(feature = "std")]
use crate::{
    Scalar,
    data::Dataset,
    losses::{ClassTarget, FitsInput, FitsOutput},
    metrics::Confusion,
    network::Network,
    shapes::SampleShape,
    train::{AsNetwork, TrainError, metric_sums},
};

/// How often each true class was predicted as each class. Its `Display` is a table for a terminal; `plot::confusion_matrix`
/// draws it.
///
/// ```
/// # use nn_core::io::ConfusionMatrix;
/// let matrix = ConfusionMatrix::from_labels(&["cat", "dog"], &[0, 0, 1], &[0, 1, 1])?;
/// assert_eq!((matrix.count(0, 1), matrix.recall(0), matrix.precision(0)), (1, Some(0.5), Some(1.0)));
/// println!("{matrix}");
/// # Ok::<(), nn_core::io::ConfusionError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfusionMatrix {
    names: Vec<String>,
    /// True classes are rows, predicted ones columns.
    counts: Vec<u64>,
}

/// Why labels could not be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfusionError {
    /// There is not one prediction for each true class.
    #[error("{truths} true classes do not go with {predictions} predictions")]
    Counts {
        /// How many true classes were given.
        truths: usize,
        /// How many predictions were given.
        predictions: usize,
    },
    /// A class is out of range.
    #[error("expected a class in 0..{classes}, found {class}")]
    Class {
        /// What was given.
        class: u32,
        /// How many classes there are.
        classes: usize,
    },
    /// Matrices of other classes cannot be added.
    #[error("a matrix of {others} classes does not go with one of {classes}: the names differ")]
    Names {
        /// How many classes the one has.
        classes: usize,
        /// How many the other has.
        others: usize,
    },
}

impl ConfusionMatrix {
    /// A matrix of zeros for classes of these names.
    pub fn new<S: AsRef<str>>(names: &[S]) -> Self {
        let counts = alloc::vec![0; names.len() * names.len()];
        Self { names: names.iter().map(|name| name.as_ref().into()).collect(), counts }
    }

    /// Counts the predictions of many samples.
    ///
    /// # Errors
    /// When there is not one prediction a sample, or a class is out of range.
    pub fn from_labels<S: AsRef<str>>(
        names: &[S],
        truths: &[u32],
        predictions: &[u32],
    ) -> Result<Self, ConfusionError> {
        if truths.len() != predictions.len() {
            return Err(ConfusionError::Counts { truths: truths.len(), predictions: predictions.len() });
        }
        let mut matrix = Self::new(names);
        truths.iter().zip(predictions).try_for_each(|(&truth, &predicted)| matrix.add(truth, predicted))?;
        Ok(matrix)
    }

    /// Counts a network's predictions for a data set, on all threads, as [`Confusion`](crate::metrics::Confusion) does:
    /// every step of a sequence and every pixel that has a right class.
    ///
    /// # Errors
    /// When a sample of a streamed data set cannot be read, or an output is no number.
    ///
    /// ```ignore
    /// let (_, test) = fashion_mnist::load(folder)?;
    /// println!("{}", ConfusionMatrix::measure(&network, &test, &fashion_mnist::CLASS_NAMES)?);
    /// ```
    #[cfg(feature = "std")]
    pub fn measure<T, M, H, X, Y, S, const CLASSES: usize>(
        network: &M,
        data: &Dataset<X, Y>,
        names: &[S; CLASSES],
    ) -> Result<Self, TrainError>
    where
        T: Scalar,
        M: AsNetwork<T, H>,
        X: FitsInput<<M::Network as Network<T>>::Input>,
        Y: ClassTarget + FitsOutput<<M::Network as Network<T>>::Output, <M::Network as Network<T>>::Kind>,
        S: AsRef<str>,
    {
        const {
            let classes = <M::Network as Network<T>>::Output::SHAPE.last();
            assert!(classes == CLASSES, "a name is needed for each class of the network's output");
        }
        let mut matrix = Self::new(names);
        let counts = metric_sums(network, data, Confusion::<CLASSES>)?;
        matrix.counts.iter_mut().zip(counts).for_each(|(count, sum)| *count = sum as u64);
        Ok(matrix)
    }

    /// Adds the counts of another matrix, of the same classes.
    ///
    /// # Errors
    /// When the names differ; then nothing is added.
    pub fn merge(&mut self, other: &Self) -> Result<(), ConfusionError> {
        if self.names != other.names {
            return Err(ConfusionError::Names { classes: self.names.len(), others: other.names.len() });
        }
        self.counts.iter_mut().zip(&other.counts).for_each(|(count, more)| *count += more);
        Ok(())
    }

    /// Counts one sample.
    ///
    /// # Errors
    /// When a class is out of range.
    pub fn add(&mut self, truth: u32, predicted: u32) -> Result<(), ConfusionError> {
        let classes = self.names.len();
        for class in [truth, predicted] {
            if class as usize >= classes {
                return Err(ConfusionError::Class { class, classes });
            }
        }
        self.counts[truth as usize * classes + predicted as usize] += 1;
        Ok(())
    }

    /// The classes' names.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How often `truth` was predicted as `predicted`; 0 for classes that do not exist.
    pub fn count(&self, truth: usize, predicted: usize) -> u64 {
        let exists = truth < self.names.len() && predicted < self.names.len();
        if exists { self.counts[truth * self.names.len() + predicted] } else { 0 }
    }

    /// The number of samples.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The share of samples that were predicted right; none without samples.
    pub fn accuracy(&self) -> Option<f64> {
        share((0..self.names.len()).map(|class| self.count(class, class)).sum(), self.total())
    }

    /// The share of a class's samples that were predicted as it; none where it has no sample.
    pub fn recall(&self, class: usize) -> Option<f64> {
        share(self.count(class, class), self.of_truth(class))
    }

    /// The share of right ones among the samples predicted as this class; none where there are none.
    pub fn precision(&self, class: usize) -> Option<f64> {
        share(self.count(class, class), (0..self.names.len()).map(|truth| self.count(truth, class)).sum())
    }

    /// How many samples a class has.
    pub fn of_truth(&self, class: usize) -> u64 {
        (0..self.names.len()).map(|predicted| self.count(class, predicted)).sum()
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// A share in percent, or a dash where there is none.
pub(super) fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "–".into(), |share| alloc::format!("{:.1}%", 100.0 * share))
}

impl fmt::Display for ConfusionMatrix {
    /// A row a true class, a column a predicted one, recall behind and precision below.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const CORNER: &str = "true \\ predicted";
        const LAST: &str = "precision";
        let classes = 0..self.names.len();
        let first = self.names.iter().map(|name| width(name)).fold(CORNER.len(), usize::max);
        let column = |name: &String| width(name).max(6) + 2;

        write!(f, "{CORNER:<first$}")?;
        for name in &self.names {
            write!(f, "{name:>0$}", column(name))?;
        }
        writeln!(f, "    recall")?;
        for (truth, name) in self.names.iter().enumerate() {
            write!(f, "{name:<first$}")?;
            for (predicted, name) in self.names.iter().enumerate() {
                write!(f, "{:>1$}", self.count(truth, predicted), column(name))?;
            }
            writeln!(f, "{:>10}", percent(self.recall(truth)))?;
        }
        write!(f, "{LAST:<first$}")?;
        for class in classes {
            write!(f, "{:>1$}", percent(self.precision(class)), column(&self.names[class]))?;
        }
        write!(f, "{:>10}", percent(self.accuracy()))
    }
}

fn width(name: &str) -> usize {
    name.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn rows_are_true_and_columns_predicted() {
        let matrix = ConfusionMatrix::from_labels(&["cat", "elephant"], &[0, 0, 0, 1], &[0, 1, 0, 1]).unwrap();
        assert_eq!((matrix.count(0, 1), matrix.count(1, 0), matrix.count(2, 0), matrix.total()), (1, 0, 0, 4));
        assert_eq!((matrix.accuracy(), matrix.precision(1)), (Some(0.75), Some(0.5)));
        let expected = "\
true \\ predicted     cat  elephant    recall
cat                    2         1     66.7%
elephant               0         1    100.0%
precision         100.0%     50.0%     75.0%";
        assert_eq!(matrix.to_string(), expected);
    }

    #[test]
    fn what_never_occurs_has_no_share() {
        let matrix = ConfusionMatrix::new(&["a"]);
        assert_eq!((matrix.accuracy(), matrix.recall(0), matrix.precision(0)), (None, None, None));
        assert_eq!(matrix.to_string().matches('–').count(), 3);
        assert!(ConfusionMatrix::new::<&str>(&[]).to_string().contains("recall"));
    }

    #[cfg(feature = "std")]
    #[test]
    fn a_network_is_measured() {
        use crate::data::Classes;
        use crate::predict::Predict;
        use crate::shapes::Features;
        let inputs = [[1.0, 0.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 0.0], [f32::MAX, f32::MAX, -f32::MAX]];
        let data = |samples| {
            Dataset::<Features<3>, Classes<2>>::from_samples(&inputs[..samples], &[1, 1, 0, 1][..samples]).unwrap()
        };
        let net = crate::io::testing::tiny::<f32>();
        let refused = ConfusionMatrix::measure(&net, &data(4), &["a", "b"]);
        assert!(matches!(refused, Err(TrainError::NotFiniteLoss { origin: Some(_), .. })), "an output is NaN");
        let data = data(3);
        let matrix = ConfusionMatrix::measure(&net, &data, &["a", "b"]).unwrap();
        assert_eq!(matrix.counts, [1, 0, 1, 1]);
        let found = [0, 1, 2].map(|sample| {
            let [a, b] = net.predict(&inputs[sample]);
            u32::from(b > a)
        });
        assert_eq!(matrix, ConfusionMatrix::from_labels(&["a", "b"], &[1, 1, 0], &found).unwrap());
        assert_eq!(ConfusionMatrix::measure(&alloc::boxed::Box::new(net), &data, &["a", "b"]).unwrap(), matrix);

        let mut twice = matrix.clone();
        twice.merge(&matrix).unwrap();
        assert_eq!(twice.counts, [2, 0, 2, 2]);
        let other = twice.merge(&ConfusionMatrix::new(&["a", "c"]));
        assert_eq!(other, Err(ConfusionError::Names { classes: 2, others: 2 }));
    }

    #[test]
    fn wrong_labels_are_refused() {
        let wrong = ConfusionMatrix::from_labels(&["a"], &[0, 1], &[0, 0]);
        assert_eq!(wrong, Err(ConfusionError::Class { class: 1, classes: 1 }));
        let wrong = ConfusionMatrix::from_labels(&["a"], &[0, 0], &[0]);
        assert_eq!(wrong, Err(ConfusionError::Counts { truths: 2, predictions: 1 }));
    }
}
