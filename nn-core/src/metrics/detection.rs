use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// A box around something: left, top, right and bottom, in any unit; its area is width times height.
pub type Bounds = [f64; 4];

/// What a detector has found in a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detection {
    /// Which class.
    pub class: u32,
    /// How sure it is: any number, the larger the surer.
    pub score: f64,
    /// Where.
    pub bounds: Bounds,
}

/// What is in a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Truth {
    /// Which class.
    pub class: u32,
    /// Where.
    pub bounds: Bounds,
}

/// The share of two boxes' common area in all that they cover; 0 where they cover nothing. A box whose right or bottom side
/// lies before its left or top one covers nothing.
pub fn overlap(one: Bounds, other: Bounds) -> f64 {
    let side = |low: f64, high: f64| (high - low).max(0.0);
    let area = |[left, top, right, bottom]: Bounds| side(left, right) * side(top, bottom);
    let common = side(one[0].max(other[0]), one[2].min(other[2])) * side(one[1].max(other[1]), one[3].min(other[3]));
    let all = area(one) + area(other) - common;
    if all > 0.0 { common / all } else { 0.0 }
}

/// The overlaps from which on a detection is right, as COCO has them.
const COCO: [f64; 10] = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];

/// How detections find their truths, and how precision and recall become one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rules {
    Coco,
    Voc,
}

/// A detection, and at which overlaps it is right: a bit for each.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Judged {
    score: f64,
    right: u32,
}

/// What is known of a class.
#[derive(Clone, Debug, Default, PartialEq)]
struct OfClass {
    truths: u64,
    found: Vec<Judged>,
}

/// How well boxes are found: mean average precision. Over the pictures, each class's detections are gone through from the
/// surest on; one is right if it overlaps a truth of its class enough that no surer one has taken; and the precision so
/// far, never less than that of later ones, is averaged over the recall. Then the mean over all classes of which there is a
/// truth.
///
/// | | [`coco`](MeanAveragePrecision::coco) | [`voc`](MeanAveragePrecision::voc) |
/// |---|---|---|
/// | overlap | 0.5 to 0.95 in ten steps, and the mean | one |
/// | a detection takes | of the truths that are left, that which it overlaps most | the truth that it overlaps most, if that is left |
/// | averaged | at recalls 0, 0.01, … 1 | over all recalls: the area |
/// | of a picture and class | the 100 surest | all |
///
/// It is made of single detections: [`add`](MeanAveragePrecision::add) takes picture after picture,
/// [`merge`](MeanAveragePrecision::merge) what others have added, and keeps a score and a few bits of each detection. Equal
/// scores stay in their order. As pycocotools for all areas and without crowds, and as the devkit of PASCAL VOC from 2010
/// on without difficult ones. T.-Y. Lin et al., "Microsoft COCO" (2014); M. Everingham et al., "The PASCAL visual object
/// classes challenge" (2010).
///
/// ```
/// use nn_core::metrics::{Detection, MeanAveragePrecision, Truth};
///
/// let mut precision = MeanAveragePrecision::coco();
/// let found = Detection { class: 0, score: 0.9, bounds: [0.0, 0.0, 10.0, 8.0] };
/// precision.add(&[found], &[Truth { class: 0, bounds: [0.0, 0.0, 10.0, 10.0] }]);
/// // An overlap of 0.8 is enough seven times of ten.
/// assert_eq!(precision.mean(), Some(0.7));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct MeanAveragePrecision {
    rules: Rules,
    overlaps: Vec<f64>,
    classes: BTreeMap<u32, OfClass>,
}

impl MeanAveragePrecision {
    /// By the rules of COCO.
    pub fn coco() -> Self {
        Self { rules: Rules::Coco, overlaps: COCO.to_vec(), classes: BTreeMap::new() }
    }

    /// By the rules of PASCAL VOC, with the overlap from which on a detection is right: 0.5 there.
    pub fn voc(overlap: f64) -> Self {
        Self { rules: Rules::Voc, overlaps: [overlap].to_vec(), classes: BTreeMap::new() }
    }

    /// Adds a picture: what was found in it, and what is there. A score that is not a number counts as the lowest.
    pub fn add(&mut self, found: &[Detection], truths: &[Truth]) {
        for truth in truths {
            self.classes.entry(truth.class).or_default().truths += 1;
        }
        let mut classes: Vec<u32> = found.iter().map(|detection| detection.class).collect();
        classes.sort_unstable();
        classes.dedup();
        for class in classes {
            let truths: Vec<Bounds> =
                truths.iter().filter(|truth| truth.class == class).map(|truth| truth.bounds).collect();
            let mut own: Vec<Detection> = found.iter().filter(|detection| detection.class == class).copied().collect();
            own.iter_mut().filter(|detection| detection.score.is_nan()).for_each(|own| own.score = f64::NEG_INFINITY);
            own.sort_by(|one, other| other.score.total_cmp(&one.score));
            if self.rules == Rules::Coco {
                own.truncate(100);
            }
            let mut judged: Vec<Judged> = own.iter().map(|own| Judged { score: own.score, right: 0 }).collect();
            for (bit, least) in self.overlaps.iter().enumerate() {
                let mut is_taken = alloc::vec![false; truths.len()];
                for (detection, judged) in own.iter().zip(&mut judged) {
                    let overlaps = truths.iter().map(|truth| overlap(*truth, detection.bounds));
                    if let Some(truth) = self.rules.choose(overlaps, &is_taken, *least) {
                        is_taken[truth] = true;
                        judged.right |= 1 << bit;
                    }
                }
            }
            self.classes.entry(class).or_default().found.extend(judged);
        }
    }

    /// Adds what another one has added, by the same rules, behind its own.
    ///
    /// # Errors
    /// When the rules are others; then nothing is added.
    pub fn merge(&mut self, other: &Self) -> Result<(), OtherRules> {
        if (self.rules, &self.overlaps) != (other.rules, &other.overlaps) {
            return Err(OtherRules);
        }
        for (class, other) in &other.classes {
            let own = self.classes.entry(*class).or_default();
            own.truths += other.truths;
            own.found.extend_from_slice(&other.found);
        }
        Ok(())
    }

    /// The mean over all classes and overlaps; none without a truth.
    pub fn mean(&self) -> Option<f64> {
        mean((0..self.overlaps.len()).filter_map(|bit| self.of_bit(bit)))
    }

    /// The mean over all classes at one overlap, such as 0.5 or 0.75; none without a truth, or for an overlap that these
    /// rules do not have.
    pub fn mean_at(&self, overlap: f64) -> Option<f64> {
        self.of_bit(self.bit(overlap)?)
    }

    /// The average precision of one class at one overlap; none where there is no truth of it.
    pub fn of_class(&self, class: u32, overlap: f64) -> Option<f64> {
        self.average(self.classes.get(&class)?, self.bit(overlap)?)
    }

    fn bit(&self, overlap: f64) -> Option<usize> {
        self.overlaps.iter().position(|own| (own - overlap).abs() < 1e-9)
    }

    fn of_bit(&self, bit: usize) -> Option<f64> {
        mean(self.classes.values().filter_map(|class| self.average(class, bit)))
    }

    fn average(&self, class: &OfClass, bit: usize) -> Option<f64> {
        if class.truths == 0 {
            return None;
        }
        let mut found = class.found.clone();
        found.sort_by(|one, other| other.score.total_cmp(&one.score));
        let mut hits = 0.0;
        let mut curve: Vec<[f64; 2]> = Vec::with_capacity(found.len());
        for (place, judged) in found.iter().enumerate() {
            hits += f64::from(judged.right >> bit & 1);
            curve.push([hits / class.truths as f64, hits / (place + 1) as f64]);
        }
        // A precision is that of later ones, if that is higher.
        let mut highest = 0.0;
        for [_, precision] in curve.iter_mut().rev() {
            highest = precision.max(highest);
            *precision = highest;
        }
        Some(self.rules.area(&curve))
    }
}

impl Rules {
    /// Which truth a detection takes.
    fn choose(self, overlaps: impl Iterator<Item = f64>, is_taken: &[bool], least: f64) -> Option<usize> {
        let mut best: Option<(usize, f64)> = None;
        for (truth, overlap) in overlaps.enumerate() {
            let may = self == Self::Voc || !is_taken[truth];
            // Of equal ones COCO takes the last, VOC the first.
            let is_better =
                best.is_none_or(|(_, best)| if self == Self::Voc { overlap > best } else { overlap >= best });
            if may && is_better {
                best = Some((truth, overlap));
            }
        }
        best.filter(|(truth, overlap)| *overlap >= least && !is_taken[*truth]).map(|(truth, _)| truth)
    }

    /// The mean precision, from recalls and precisions, both in order.
    fn area(self, curve: &[[f64; 2]]) -> f64 {
        match self {
            Self::Coco => {
                let at = |recall: f64| {
                    let place = curve.partition_point(|[reached, _]| *reached < recall);
                    curve.get(place).map_or(0.0, |[_, precision]| *precision)
                };
                (0..=100).map(|percent| at(f64::from(percent) / 100.0)).sum::<f64>() / 101.0
            }
            Self::Voc => {
                let mut last = 0.0;
                let strip =
                    |[recall, precision]: &[f64; 2]| (recall - core::mem::replace(&mut last, *recall)) * precision;
                curve.iter().map(strip).sum()
            }
        }
    }
}

/// Results by other rules cannot be merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("average precisions by other rules or overlaps cannot be added up")]
pub struct OtherRules;

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: Bounds = [0.0, 0.0, 1.0, 1.0];

    fn found(score: f64, bounds: Bounds) -> Detection {
        Detection { class: 3, score, bounds }
    }

    fn truth(bounds: Bounds) -> Truth {
        Truth { class: 3, bounds }
    }

    #[test]
    fn boxes_overlap() {
        assert_eq!(overlap(UNIT, [0.5, 0.0, 1.5, 1.0]), 0.5 / 1.5);
        assert_eq!((overlap(UNIT, [1.0, 0.0, 2.0, 1.0]), overlap(UNIT, UNIT)), (0.0, 1.0));
        assert_eq!((overlap([1.0; 4], [1.0; 4]), overlap(UNIT, [1.0, 1.0, 0.0, 0.0])), (0.0, 0.0));
    }

    #[test]
    fn a_truth_is_found_once() {
        let mut voc = MeanAveragePrecision::voc(0.5);
        voc.add(
            &[found(0.5, UNIT), found(0.9, UNIT), found(0.7, [5.0, 5.0, 6.0, 6.0])],
            &[truth(UNIT), truth([9.0; 4])],
        );
        // The surest is right; so half of the truths are found at a precision of 1.
        assert_eq!((voc.mean(), voc.of_class(3, 0.5), voc.of_class(4, 0.5)), (Some(0.5), Some(0.5), None));
        assert_eq!((voc.mean_at(0.5), voc.mean_at(0.6)), (Some(0.5), None));
    }

    /// The second truth overlaps as well, and COCO lets a detection go on to it.
    #[test]
    fn the_rules_differ_where_the_best_truth_is_taken() {
        let (near, found) = ([0.0, 0.0, 1.0, 0.9], [found(0.9, UNIT), found(0.8, UNIT)]);
        let (mut voc, mut coco) = (MeanAveragePrecision::voc(0.5), MeanAveragePrecision::coco());
        voc.add(&found, &[truth(UNIT), truth(near)]);
        coco.add(&found, &[truth(UNIT), truth(near)]);
        assert_eq!((voc.mean(), coco.mean_at(0.5), coco.mean_at(0.75)), (Some(0.5), Some(1.0), Some(1.0)));
        assert!((coco.mean_at(0.95).unwrap() - 51.0 / 101.0).abs() < 1e-12);
    }

    #[test]
    fn pictures_come_one_after_the_other_or_merged() {
        let (mut all, mut parts) = (MeanAveragePrecision::coco(), [(); 2].map(|()| MeanAveragePrecision::coco()));
        for picture in 0..6 {
            let shift = 0.07 * f64::from(picture);
            let found = [found(0.1 * f64::from(picture), [shift, 0.0, 1.0 + shift, 1.0]), found(f64::NAN, UNIT)];
            all.add(&found, &[truth(UNIT)]);
            parts[usize::from(picture >= 3)].add(&found, &[truth(UNIT)]);
        }
        let [mut first, second] = parts;
        first.merge(&second).unwrap();
        assert_eq!(first, all);
        assert_eq!(first.merge(&MeanAveragePrecision::voc(0.5)), Err(OtherRules));
        assert_eq!((first.mean(), MeanAveragePrecision::coco().mean()), (all.mean(), None));
        all.add(&[], &[]);
        assert_eq!(first, all);
    }
}
