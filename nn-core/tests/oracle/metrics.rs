use nn_core::data::{Classes, Label, Values};
use nn_core::metrics::{
    Bleu, Confusion, Detection, MeanAveragePrecision, Metric, RankingPrecision, ReciprocalRank, Truth,
};
use nn_core::network::{OutputKind, Scores};
use nn_core::shapes::Features;
use nn_core::simd::Plain;
use nn_core::spec::Shape;

use crate::DOUBLE;
use crate::reader::Case;

#[test]
fn metrics_are_those_of_numpy() {
    for case in &Case::read_many(include_str!("../../../tests/oracle/metrics.txt")) {
        match case.name.as_str() {
            "bleu" => bleu(case),
            "detections" => detections(case),
            "ranking" => match case.sizes("shape")[0] {
                2 => ranking::<2>(case),
                7 => ranking::<7>(case),
                30 => ranking::<30>(case),
                other => panic!("{other} items"),
            },
            "confusion" => match case.sizes("shape")[0] {
                2 => confusion::<2>(case),
                5 => confusion::<5>(case),
                10 => confusion::<10>(case),
                other => panic!("{other} classes"),
            },
            other => panic!("a case without a test: {other}"),
        }
    }
}

/// The sentences in two heaps, which are merged.
fn bleu(case: &Case) {
    let sentences = case.sizes("shape")[0];
    let lengths = case.classes("lengths", 3 * sentences);
    let words = case.classes("words", 36 * sentences);
    let [mut all, mut others] = [Bleu::new(); 2];
    for (sentence, (lengths, words)) in lengths.chunks(3).zip(words.chunks(36)).enumerate() {
        let references = [&words[12..][..lengths[1] as usize], &words[24..][..lengths[2] as usize]];
        let mixed = |place: usize| if place % 5 == 4 { words[place] } else { words[12 + place] };
        let translation: Vec<u32> = (0..lengths[0] as usize).map(mixed).collect();
        let heap = if sentence % 3 == 1 { &mut others } else { &mut all };
        heap.add(&translation, &references);
    }
    all.merge(&others);
    case.compare("score", &[all.score(), all.smoothed_score()], DOUBLE);
}

fn boxes(case: &Case, name: &str, count: usize) -> Vec<[f64; 4]> {
    let places = case.tensor::<f64>(name, 2 * count);
    let sizes = case.tensor::<f64>(&format!("{name}_sizes"), 2 * count);
    let places = places.chunks(2).zip(sizes.chunks(2));
    places.map(|(place, size)| [place[0], place[1], place[0] + size[0], place[1] + size[1]]).collect()
}

fn detections(case: &Case) {
    let [pictures, found, there, classes] = ["pictures", "found", "there", "classes"].map(|name| case.sizes(name)[0]);
    assert!(classes > 0);
    let truths = boxes(case, "truths", pictures * there);
    let guesses = boxes(case, "guesses", pictures * found);
    let scores = case.tensor::<f64>("scores", pictures * found);
    let of_truths = case.classes("of_truths", pictures * there);
    let of_guesses = case.classes("of_guesses", pictures * found);
    let kinds = || [MeanAveragePrecision::coco(), MeanAveragePrecision::voc(0.5), MeanAveragePrecision::voc(0.3)];
    let (mut all, mut others) = (kinds(), kinds());
    for picture in 0..pictures {
        let truth = |place: usize| {
            let place = picture * there + place;
            Truth { class: of_truths[place], bounds: truths[place] }
        };
        let truths: Vec<Truth> = (0..there).map(truth).collect();
        let detection = |place: usize| {
            let (own, near) = (picture * found + place, truths[place % there]);
            let (mut bounds, mut class) = (guesses[own], of_guesses[own]);
            if place.is_multiple_of(2) {
                bounds = core::array::from_fn(|side| 0.25 * bounds[side] + 0.75 * near.bounds[side]);
                class = near.class;
            }
            Detection { class, score: scores[own], bounds }
        };
        let found: Vec<Detection> = (0..found).map(detection).collect();
        let heap = if picture % 3 == 1 { &mut others } else { &mut all };
        heap.iter_mut().for_each(|kind| kind.add(&found, &truths));
    }
    all.iter_mut().zip(&others).for_each(|(all, other)| all.merge(other).expect("the same rules"));
    let [coco, half, third] = all;
    let known = |value: Option<f64>| value.expect("there are truths");
    let found = [coco.mean(), coco.mean_at(0.5), coco.mean_at(0.75)].map(known);
    case.compare("coco", &found, DOUBLE);
    case.compare("voc", &[half.mean(), third.mean()].map(known), DOUBLE);
}

/// The sums over tiles of four samples.
fn sums<K: OutputKind, Y: Label>(
    metric: &impl Metric<f64, K, Y>,
    width: usize,
    outputs: &[f64],
    targets: &[Y::Target<f64>],
) -> Vec<f64> {
    let mut sums = vec![0.0; metric.sums()];
    for (outputs, targets) in outputs.chunks(4 * width).zip(targets.chunks(4)) {
        metric.add(Shape::new(&[width]), outputs, targets, &mut sums);
    }
    sums
}

fn ranking<const N: usize>(case: &Case) {
    type Queries<const N: usize> = Values<Features<N>>;
    let samples = case.sizes("samples")[0];
    let [outputs, targets] = ["outputs", "targets"].map(|name| case.tensor::<f64>(name, samples * N));
    let targets = <[f64; N]>::from_flat(&targets);
    let precision = sums::<Scores, Queries<N>>(&RankingPrecision, N, &outputs, targets);
    let first = sums::<Scores, Queries<N>>(&ReciprocalRank, N, &outputs, targets);
    let means = [
        Metric::<f64, Scores, Queries<N>>::finish(&RankingPrecision, &precision, samples as f64),
        Metric::<f64, Scores, Queries<N>>::finish(&ReciprocalRank, &first, samples as f64),
    ];
    case.compare("means", &means, DOUBLE);
}

fn confusion<const N: usize>(case: &Case) {
    let samples = case.sizes("samples")[0];
    let (outputs, targets) = (case.tensor::<f64>("outputs", samples * N), case.classes("targets", samples));
    let counts = sums::<Scores, Classes<N>>(&Confusion::<N>, N, &outputs, &targets);
    case.compare("counts", &counts, DOUBLE);
    let kappa = Metric::<f64, Scores, Classes<N>>::finish(&Confusion::<N>, &counts, samples as f64);
    case.compare("kappa", &[kappa], DOUBLE);
}
