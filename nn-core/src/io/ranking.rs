//! How well scores put what is so before what is not.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::answers::probabilities;
use crate::Scalar;
use crate::data::{Classes, DataError, Dataset};
use crate::losses::FitsInput;
use crate::network::Network;
use crate::predict::Predict as _;
use crate::shapes::Features;
use crate::train::AsNetwork;

/// Samples in the order of their scores: the ROC curve and the precision-recall curve, exactly. `plot::roc_curves` and
/// `plot::precision_recall_curves` draw them. (The metrics [`RocAuc`](crate::metrics::RocAuc) and
/// [`PrAuc`](crate::metrics::PrAuc) are for use while training: they sort into bins.)
///
/// ```
/// use nn_core::io::Ranking;
///
/// let found = Ranking::new("spam", &[0.1, 0.4, 0.35, 0.8], &[false, false, true, true])?;
/// assert_eq!((found.roc_area(), found.yeses()), (0.75, 2));
/// # Ok::<(), nn_core::io::RankingError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    name: String,
    /// For each score that occurs, from the highest on: how many yeses and noes have it or a higher one.
    counts: Vec<[u64; 2]>,
}

/// Why there is no ranking.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RankingError {
    /// There is not one answer for each score.
    #[error("{scores} scores do not go with {truths} answers")]
    Counts {
        /// How many scores were given.
        scores: usize,
        /// How many answers.
        truths: usize,
    },
    /// A score is no number.
    #[error("the score of sample {sample} is NaN")]
    NotANumber {
        /// Which sample.
        sample: usize,
    },
    /// There is only one answer, or none.
    #[error("`{name}` has {yeses} yeses and {noes} noes: a curve needs one of each at least")]
    OneSided {
        /// What is ranked.
        name: String,
        /// How many samples are it.
        yeses: u64,
        /// How many are not.
        noes: u64,
    },
    /// A streamed data set cannot be read.
    #[error("{reason}")]
    Data {
        /// What the data set says, with the sample.
        reason: String,
    },
}

impl Ranking {
    /// Ranks samples: the higher a score, the surer the yes.
    ///
    /// # Errors
    /// When there is not one answer for each score, a score is NaN, or there is no yes or no no.
    pub fn new(name: impl Into<String>, scores: &[f64], truths: &[bool]) -> Result<Self, RankingError> {
        let name = name.into();
        if scores.len() != truths.len() {
            return Err(RankingError::Counts { scores: scores.len(), truths: truths.len() });
        }
        if let Some(sample) = scores.iter().position(|score| score.is_nan()) {
            return Err(RankingError::NotANumber { sample });
        }
        let yeses = truths.iter().filter(|&&truth| truth).count() as u64;
        let noes = truths.len() as u64 - yeses;
        if yeses == 0 || noes == 0 {
            return Err(RankingError::OneSided { name, yeses, noes });
        }
        let mut order: Vec<(f64, bool)> = scores.iter().copied().zip(truths.iter().copied()).collect();
        order.sort_by(|left, right| right.0.total_cmp(&left.0));
        let mut counts = Vec::new();
        let mut total = [0; 2];
        for equal in order.chunk_by(|left, right| left.0 == right.0) {
            equal.iter().for_each(|&(_, truth)| total[usize::from(!truth)] += 1);
            counts.push(total);
        }
        Ok(Self { name, counts })
    }

    /// Ranks the samples of a data set by a network's probability for each class: one curve a class, against all others.
    /// Classes that no sample has, and one that all have, are left out.
    ///
    /// # Errors
    /// When the network answers NaN, no class is left, or a streamed data set cannot be read.
    pub fn measure<T, M, H, X, S, const CLASSES: usize>(
        network: &M,
        data: &Dataset<X, Classes<CLASSES>>,
        names: &[S; CLASSES],
    ) -> Result<Vec<Self>, RankingError>
    where
        T: Scalar,
        M: AsNetwork<T, H>,
        M::Network: Network<T, Output = Features<CLASSES>>,
        X: FitsInput<<M::Network as Network<T>>::Input>,
        S: AsRef<str>,
    {
        let unreadable = |error: DataError| RankingError::Data { reason: error.to_string() };
        let outputs = network.network().try_predict_data(data).map_err(unreadable)?;
        let answers: Vec<Vec<f64>> = outputs.iter().map(|output| probabilities::<T, M::Network>(output)).collect();
        let ranked = |class: usize| {
            let scores: Vec<f64> = answers.iter().map(|answer| answer[class]).collect();
            let truths: Vec<bool> = data.labels().iter().map(|&label| label as usize == class).collect();
            match Self::new(names[class].as_ref(), &scores, &truths) {
                Err(RankingError::OneSided { .. }) => None,
                found => Some(found),
            }
        };
        let found = (0..CLASSES).filter_map(ranked).collect::<Result<Vec<_>, _>>()?;
        match found.is_empty() {
            true => Err(RankingError::OneSided { name: "all classes".into(), yeses: data.len() as u64, noes: 0 }),
            false => Ok(found),
        }
    }

    /// What is ranked.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many samples are it.
    pub fn yeses(&self) -> u64 {
        self.counts.last().map_or(0, |total| total[0])
    }

    /// How many are not.
    pub fn noes(&self) -> u64 {
        self.counts.last().map_or(0, |total| total[1])
    }

    /// The receiver operating characteristic: for each threshold from the highest down, the share of the noes that are taken for
    /// yes, and the share of the yeses that are found. From (0, 0) to (1, 1).
    pub fn roc(&self) -> impl Iterator<Item = (f64, f64)> {
        let (yeses, noes) = (self.yeses() as f64, self.noes() as f64);
        let points = self.counts.iter().map(move |&[right, wrong]| (wrong as f64 / noes, right as f64 / yeses));
        core::iter::once((0.0, 0.0)).chain(points)
    }

    /// Recall and precision for each threshold from the highest down.
    pub fn precision_recall(&self) -> impl Iterator<Item = (f64, f64)> {
        let yeses = self.yeses() as f64;
        self.counts.iter().map(move |&[right, wrong]| (right as f64 / yeses, right as f64 / (right + wrong) as f64))
    }

    /// The area under the ROC curve: how probable it is that a random yes has a higher score than a random no, equal ones
    /// counted by half. As `sklearn.metrics.roc_auc_score`.
    pub fn roc_area(&self) -> f64 {
        let pairs = self.roc().zip(self.roc().skip(1));
        pairs.map(|((left, low), (right, high))| (right - left) * f64::midpoint(low, high)).sum()
    }

    /// The sum over thresholds of the precision times the recall that is gained. As
    /// `sklearn.metrics.average_precision_score`.
    pub fn average_precision(&self) -> f64 {
        let before = core::iter::once(0.0).chain(self.precision_recall().map(|(recall, _)| recall));
        before.zip(self.precision_recall()).map(|(before, (recall, precision))| (recall - before) * precision).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: of the twelve pairs of a yes and a no, eight are in order and two have equal scores; recall grows by quarters,
    /// at the precisions 1, 2/3, 3/4 and 4/6.
    #[test]
    fn equal_scores_are_one_threshold() {
        let scores = [0.9, 0.8, 0.8, 0.7, 0.3, 0.3, 0.1];
        let truths = [true, false, true, true, false, true, false];
        let found = Ranking::new("it", &scores, &truths).unwrap();
        assert!((found.roc_area() - 9.0 / 12.0).abs() < 1e-12, "{}", found.roc_area());
        assert!(
            (found.average_precision() - (1.0 + 2.0 / 3.0 + 0.75 + 4.0 / 6.0) / 4.0).abs() < 1e-12,
            "{}",
            found.average_precision()
        );
        let third = 1.0 / 3.0;
        let expected = [(0.0, 0.0), (0.0, 0.25), (third, 0.5), (third, 0.75), (2.0 * third, 1.0), (1.0, 1.0)];
        assert_eq!(found.roc().collect::<Vec<_>>(), expected);
        assert_eq!((found.yeses(), found.noes(), found.name()), (4, 3, "it"));
    }

    #[test]
    fn perfect_and_reversed_scores_have_their_areas() {
        let truths = [true, true, false];
        assert_eq!(Ranking::new("", &[3.0, 2.0, f64::NEG_INFINITY], &truths).unwrap().roc_area(), 1.0);
        assert_eq!(Ranking::new("", &[0.0, 1.0, f64::INFINITY], &truths).unwrap().roc_area(), 0.0);
        assert_eq!(Ranking::new("", &[0.0, -0.0, 0.0], &truths).unwrap().roc_area(), 0.5);
    }

    #[test]
    fn a_network_ranks_class_against_the_rest() {
        let inputs = [[1.0, 0.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.5, 0.0, 0.0]];
        let data = Dataset::<Features<3>, Classes<2>>::from_samples(&inputs, &[1, 0, 0, 1]).unwrap();
        let net = crate::io::testing::tiny::<f32>();
        let found = Ranking::measure(&net, &data, &["a", "b"]).unwrap();
        // The second class has the larger weight of the only feature that varies.
        assert_eq!(found.iter().map(Ranking::roc_area).collect::<Vec<_>>(), [1.0, 1.0]);
        let alone = data.subset(&[0, 3]).unwrap();
        assert!(matches!(Ranking::measure(&net, &alone, &["a", "b"]), Err(RankingError::OneSided { .. })));
    }

    #[test]
    fn what_cannot_be_ranked_is_refused() {
        assert_eq!(Ranking::new("", &[1.0], &[]), Err(RankingError::Counts { scores: 1, truths: 0 }));
        let nan = Ranking::new("", &[1.0, f64::NAN], &[true, false]);
        assert_eq!(nan, Err(RankingError::NotANumber { sample: 1 }));
        let error = Ranking::new("cats", &[1.0], &[true]).unwrap_err();
        assert_eq!(error.to_string(), "`cats` has 1 yeses and 0 noes: a curve needs one of each at least");
    }
}
