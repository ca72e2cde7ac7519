use alloc::string::String;

use super::{Metric, ratio};
use crate::losses::NumberTarget;
use crate::network::OutputKind;
use crate::scalar::Scalar;
use crate::simd::Plain;
use crate::spec::Shape;

/// Calls `visit` with each sample that has an item which belongs to it: with the places, from 1, of these items in the
/// order of the outputs, the largest first, and how many of them stand at or before that place. Of equal outputs all have
/// the last place.
fn visit_places<T: Scalar, Y: NumberTarget<T>>(
    shape: Shape,
    outputs: &[T],
    targets: &[Y::Target<T>],
    mut visit: impl FnMut(&mut dyn Iterator<Item = Option<[f64; 2]>>, usize),
) {
    let (width, half) = (shape.len().max(1), T::of(0.5));
    for (outputs, targets) in outputs.chunks_exact(width).zip(Y::Target::flatten(targets).chunks_exact(width)) {
        let belongs = |item: &usize| targets[*item] > half;
        let count = (0..width).filter(belongs).count();
        if count == 0 {
            continue;
        }
        let mut places = (0..width).filter(belongs).map(|item| {
            let own = outputs[item];
            // What is no number stands before all others, and has no place itself.
            let before = |other: &usize| outputs[*other].is_nan() || outputs[*other] >= own;
            let place = (0..width).filter(before).count() as f64;
            let hits = (0..width).filter(belongs).filter(before).count() as f64;
            (!own.is_nan()).then_some([place, hits])
        });
        visit(&mut places, count);
    }
}

/// How early those items come that belong to a query, a sample, in the order of its outputs: the mean over them of the
/// share that belongs among all up to their place, and the mean over all queries to which some item belongs. Also known as
/// mean average precision of retrieval.
///
/// A target above 0.5 belongs; of equal outputs all have the last place. As scikit-learn
/// `label_ranking_average_precision_score`, and torchmetrics `RetrievalMAP` with `empty_target_action='skip'` where no
/// outputs are equal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RankingPrecision;

/// How early the first item comes that belongs to a query, a sample: one over its place in the order of the outputs, and
/// the mean over all queries to which some item belongs.
///
/// A target above 0.5 belongs; of equal outputs all have the last place. As torchmetrics `RetrievalMRR` with
/// `empty_target_action='skip'` where no outputs are equal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReciprocalRank;

macro_rules! rankings {
    ($($metric:ident = $name:literal, $of_query:expr;)*) => {$(
        impl<T: Scalar, K: OutputKind, Y: NumberTarget<T>> Metric<T, K, Y> for $metric {
            fn name(&self) -> String {
                $name.into()
            }

            fn sums(&self) -> usize {
                2
            }

            fn add(&self, shape: Shape, outputs: &[T], targets: &[Y::Target<T>], sums: &mut [f64]) {
                visit_places::<T, Y>(shape, outputs, targets, |places, count| {
                    let of_query: fn(&mut dyn Iterator<Item = Option<[f64; 2]>>, usize) -> f64 = $of_query;
                    sums[0] += of_query(places, count);
                    sums[1] += 1.0;
                });
            }

            fn finish(&self, sums: &[f64], _: f64) -> f64 {
                ratio(sums[0], sums[1])
            }
        }
    )*};
}

rankings! {
    RankingPrecision = "ranking precision", |places, count| {
        places.flatten().map(|[place, hits]| hits / place).sum::<f64>() / count as f64
    };
    ReciprocalRank = "reciprocal rank", |places, _| {
        places.flatten().map(|[place, _]| 1.0 / place).fold(0.0, f64::max)
    };
}
