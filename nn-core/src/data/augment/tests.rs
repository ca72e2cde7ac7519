//! Each change against one written out naively; none at zero strength; statistics.

use std::vec;
use std::vec::Vec;

use super::*;
use crate::data::{Classes, Dataset, Label, OneHot, Values, WithWeight};
use crate::random::Random;
use crate::shapes::{Features, Image, SampleShape};
use crate::simd::Plain;

const SEEDS: u64 = 200;

fn random_values(shape: Shape, seed: u64) -> Vec<f32> {
    let mut random = Random::new(seed);
    (0..shape.len()).map(|_| random.uniform() as f32).collect()
}

/// A sample of this shape and what one change makes of it, for many seeds.
fn each_seed(shape: Shape, augment: &Augment, mut check: impl FnMut(&[f32], &[f32])) {
    augment.check(shape, false).expect("fits");
    for seed in 0..SEEDS {
        let sample = random_values(shape, seed + 1);
        let mut changed = sample.clone();
        augment.apply(shape, seed, 3, &mut changed).expect("fits");
        check(&sample, &changed);
    }
}

fn at(shape: Shape, sample: &[f32], [y, x, channel]: [usize; 3]) -> f32 {
    sample[(y * shape.dim(1) + x) * shape.dim(2) + channel]
}

/// An image whose pixels follow from their places.
fn made(shape: Shape, pixel: impl Fn([usize; 3]) -> f32) -> Vec<f32> {
    let [height, width, channels] = [0, 1, 2].map(|axis| shape.dim(axis));
    let mut image = vec![];
    for y in 0..height {
        for x in 0..width {
            image.extend((0..channels).map(|channel| pixel([y, x, channel])));
        }
    }
    image
}

fn assert_near(found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 2e-5, "{found} is not {expected}");
    }
}

/// One of a user's own.
#[derive(Debug)]
struct Nothing;

impl Augmentation for Nothing {
    fn name(&self) -> &'static str {
        "nothing"
    }

    fn check(&self, _: Shape) -> Result<(), AugmentError> {
        Ok(())
    }

    fn apply(&self, _: Shape, sample: &mut [f32], spare: &mut [f32], _: &mut Draw) {
        spare.copy_from_slice(sample);
    }
}

#[test]
fn nothing_changes_at_zero_strength() {
    for shape in [Shape::new(&[5, 7, 3]), Shape::new(&[1, 1, 3])] {
        let affine = Augment::new().rotate(0.0).scale(1.0, 1.0).shift(0.0).shear(0.0);
        let colours = Augment::new().brightness(0.0).saturation(0.0).hue(0.0).noise(0.0);
        let others = Augment::new().flip_horizontal(0.0).flip_vertical(0.0).crop(0).erase(0.0).time_shift(0.0);
        let masks = Augment::new().mask_time(3, 0).mask_frequency(3, 0).with(Nothing);
        for augment in [affine, colours, others, masks] {
            each_seed(shape, &augment, |sample, changed| assert_eq!(sample, changed, "{augment:?}"));
        }
        // Adding nothing of the mean rounds.
        each_seed(shape, &Augment::new().contrast(0.0), |sample, changed| assert_near(changed, sample));
    }
}

#[test]
fn flips_mirror_half_of_the_images() {
    for shape in [Shape::new(&[5, 6, 3]), Shape::new(&[1, 3, 1]), Shape::new(&[4, 1, 2])] {
        let [height, width] = [shape.dim(0), shape.dim(1)];
        let mirrors: [&dyn Fn([usize; 3]) -> [usize; 3]; 2] =
            [&|[y, x, c]| [y, width - 1 - x, c], &|[y, x, c]| [height - 1 - y, x, c]];
        let flips = [Augment::new().flip_horizontal(0.5), Augment::new().flip_vertical(0.5)];
        for ((augment, mirror), len) in flips.iter().zip(mirrors).zip([width, height]) {
            let mut count = 0;
            each_seed(shape, augment, |sample, changed| {
                let mirrored = made(shape, |place| at(shape, sample, mirror(place)));
                assert!(changed == sample || changed == mirrored);
                count += u64::from(changed != sample);
            });
            assert!(len == 1 || count.abs_diff(SEEDS / 2) < 30, "{count}");
        }
    }
}

/// The pixel beyond the border, if any.
fn beyond(shape: Shape, sample: &[f32], border: Border, [y, x]: [isize; 2], channel: usize) -> f32 {
    let element = |place, axis: usize| border.element(place, shape.dim(axis));
    match (element(y, 0), element(x, 1)) {
        (Some(y), Some(x)) => at(shape, sample, [y, x, channel]),
        _ => 0.0,
    }
}

#[test]
fn crops_take_every_place_alike() {
    for shape in [Shape::new(&[6, 4, 3]), Shape::new(&[2, 1, 1])] {
        for border in [Border::Zero, Border::Edge, Border::Reflect] {
            let mut places = vec![0; 25];
            each_seed(shape, &Augment::new().border(border).crop(2), |sample, changed| {
                let cut = |place: usize| {
                    let [top, left] = [place / 5, place % 5].map(|start| start as isize - 2);
                    made(shape, |[y, x, c]| beyond(shape, sample, border, [y as isize + top, x as isize + left], c))
                };
                let place = (0..25).find(|&place| cut(place) == changed).expect("one of the 25 cuts");
                places[place] += 1;
            });
            if shape.len() > 10 && border == Border::Zero {
                assert!(places.iter().all(|&count| (1..=20).contains(&count)), "{places:?}");
            }
        }
    }
}

/// Pixel by pixel by the formula: where the 2 × 2 map, solved by Cramer's rule, says that it comes from.
#[test]
fn affine_maps_sample_where_pixels_come_from() {
    let shape = Shape::new(&[7, 5, 2]);
    let middle = [3.0, 2.0];
    for (number, border) in (0..).zip([Border::Zero, Border::Edge, Border::Reflect].into_iter().cycle().take(30)) {
        let mut random = Random::new(number);
        let [angle, shear] = [180.0, 40.0].map(|most| most * (2.0 * random.uniform() - 1.0));
        let scale = 0.5 + random.uniform();
        let shift = [3.0 * random.uniform(), -2.0 * random.uniform()];
        let sample = random_values(shape, number + 1);
        let (sin, cos) = f64::to_radians(angle).sin_cos();
        let lean = f64::to_radians(shear).tan();
        // [[a, b], [c, d]], columns first.
        let [a, b, c, d] = [cos, cos * lean - sin, sin, sin * lean + cos].map(|entry| scale * entry);
        let determinant = a * d - b * c;
        let expected = made(shape, |[y, x, channel]| {
            let [right, down] = [x as f64 - middle[1] - shift[1], y as f64 - middle[0] - shift[0]];
            let from_x = (d * right - b * down) / determinant + middle[1];
            let from_y = (a * down - c * right) / determinant + middle[0];
            let mut sum = 0.0;
            for row in -20isize..20 {
                for column in -20isize..20 {
                    // A tent around every pixel.
                    let near = |place: f64, of: isize| (1.0 - (place - of as f64).abs()).max(0.0);
                    let weight = near(from_y, row) * near(from_x, column);
                    sum += weight * f64::from(beyond(shape, &sample, border, [row, column], channel));
                }
            }
            sum as f32
        });
        let mut found = sample.clone();
        let back = affine::way_back(shape, angle, scale, shear, shift);
        sampler::resample(shape, border, &mut found, &mut vec![0.0; sample.len()], back);
        assert_near(&found, &expected);
    }
}

#[test]
fn quarter_turns_are_exact_and_whole_shifts_too() {
    let shape = Shape::new(&[4, 4, 1]);
    let sample = random_values(shape, 1);
    let warped = |angle, shift| {
        let mut found = sample.clone();
        let back = affine::way_back(shape, angle, 1.0, 0.0, shift);
        sampler::resample(shape, Border::Zero, &mut found, &mut [0.0; 16], back);
        found
    };
    assert_near(&warped(90.0, [0.0; 2]), &made(shape, |[y, x, c]| at(shape, &sample, [3 - x, y, c])));
    assert_near(&warped(180.0, [0.0; 2]), &made(shape, |[y, x, c]| at(shape, &sample, [3 - y, 3 - x, c])));
    let shifted = made(shape, |[y, x, c]| if y >= 1 && x >= 2 { at(shape, &sample, [y - 1, x - 2, c]) } else { 0.0 });
    assert_near(&warped(0.0, [1.0, 2.0]), &shifted);
}

#[test]
fn affine_changes_stay_within_their_strength() {
    // A ramp: what an image of places becomes tells the places.
    let shape = Shape::new(&[21, 21, 2]);
    let ramp = made(shape, |[y, x, c]| if c == 0 { y as f32 } else { x as f32 });
    let middle = |changed: &[f32]| [at(shape, changed, [10, 10, 0]), at(shape, changed, [10, 10, 1])];
    let (mut least, mut most) = ([f32::MAX; 2], [f32::MIN; 2]);
    let (mut turned, mut grown) = (vec![], vec![]);
    for seed in 0..SEEDS {
        let mut shifted = ramp.clone();
        Augment::new().border(Border::Edge).shift(0.2).apply(shape, seed, 0, &mut shifted).expect("fits");
        for (axis, place) in middle(&shifted).into_iter().enumerate() {
            (least[axis], most[axis]) = (least[axis].min(place), most[axis].max(place));
        }
        let step = |augment: Augment| {
            let mut changed = ramp.clone();
            augment.apply(shape, seed, 0, &mut changed).expect("fits");
            let right = [0, 1].map(|axis| at(shape, &changed, [10, 11, axis]));
            [right[0] - 10.0, right[1] - 10.0]
        };
        let [down, right] = step(Augment::new().rotate(30.0));
        turned.push(down.atan2(right).to_degrees());
        grown.push(1.0 / step(Augment::new().scale(0.5, 2.0))[1]);
    }
    assert!(least.iter().all(|&place| (5.7..6.3).contains(&place)), "{least:?}");
    assert!(most.iter().all(|&place| (13.7..14.3).contains(&place)), "{most:?}");
    let span = |values: &[f32]| values.iter().fold([f32::MAX, f32::MIN], |[low, high], &v| [low.min(v), high.max(v)]);
    let [low, high] = span(&turned);
    assert!((-30.01..-28.0).contains(&low) && (28.0..30.01).contains(&high), "{low} {high}");
    let [low, high] = span(&grown);
    assert!((0.499..0.53).contains(&low) && (1.93..2.001).contains(&high), "{low} {high}");
}

#[test]
fn neighbouring_affine_changes_are_one_map() {
    let steps = |augment: Augment| augment.steps.len();
    assert_eq!(steps(Augment::new().rotate(1.0).scale(0.9, 1.1).shift(0.1).shear(2.0)), 1);
    assert_eq!(steps(Augment::new().rotate(1.0).flip_vertical(0.5).shift(0.1)), 3);
    assert_eq!(steps(Augment::new().rotate(1.0).border(Border::Edge).shift(0.1)), 2);
}

#[test]
fn resized_crops_show_a_part_of_the_image() {
    let shape = Shape::new(&[30, 20, 2]);
    let ramp = made(shape, |[y, x, c]| if c == 0 { y as f32 } else { x as f32 });
    let mut areas = vec![];
    for seed in 0..SEEDS {
        let mut changed = ramp.clone();
        Augment::new().resized_crop(0.25).apply(shape, seed, 0, &mut changed).expect("fits");
        let [first, last] = [[3, 3], [26, 16]].map(|[y, x]| [0, 1].map(|axis| at(shape, &changed, [y, x, axis])));
        let shares = [(last[0] - first[0]) / 23.0, (last[1] - first[1]) / 13.0];
        let form = shares[1] / shares[0];
        assert!((0.74..1.34).contains(&form), "{form}");
        assert!(changed.iter().all(|value| (-1e-4..29.001).contains(value)), "nothing from beyond the border");
        areas.push(shares[0] * shares[1]);
    }
    let mean = areas.iter().sum::<f32>() / SEEDS as f32;
    assert!((0.57..0.66).contains(&mean), "{mean}");
    assert!(areas.iter().all(|area| (0.24..1.001).contains(area)));
}

#[test]
fn colours_follow_their_formulas() {
    let shape = Shape::new(&[4, 3, 3]);
    let grey = |pixel: &[f32]| 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2];
    let held = |values: Vec<f32>| -> Vec<f32> { values.into_iter().map(|value| value.clamp(0.0, 1.0)).collect() };
    // The factor is told by the element that is furthest from what does not move, if it was not held.
    let factor = |sample: &[f32], changed: &[f32], still: &dyn Fn(usize) -> f32| {
        let free = (0..sample.len()).filter(|&i| changed[i] > 0.001 && changed[i] < 0.999);
        let most = free.max_by(|&a, &b| (sample[a] - still(a)).abs().total_cmp(&(sample[b] - still(b)).abs()));
        let index = most.expect("some are not held");
        (changed[index] - still(index)) / (sample[index] - still(index))
    };
    let mut factors = [vec![], vec![], vec![]];
    each_seed(shape, &Augment::new().brightness(0.4), |sample, changed| {
        let factor = factor(sample, changed, &|_| 0.0);
        assert_near(changed, &held(sample.iter().map(|value| value * factor).collect()));
        factors[0].push(factor);
    });
    each_seed(shape, &Augment::new().contrast(0.4), |sample, changed| {
        let mean = sample.chunks(3).map(grey).sum::<f32>() / 12.0;
        let factor = factor(sample, changed, &|_| mean);
        assert_near(changed, &held(sample.iter().map(|value| mean + (value - mean) * factor).collect()));
        factors[1].push(factor);
    });
    each_seed(shape, &Augment::new().saturation(0.4), |sample, changed| {
        let greys: Vec<f32> = sample.chunks(3).flat_map(|pixel| [grey(pixel); 3]).collect();
        let factor = factor(sample, changed, &|index| greys[index]);
        let moved = sample.iter().zip(&greys).map(|(value, grey)| grey + (value - grey) * factor);
        assert_near(changed, &held(moved.collect()));
        factors[2].push(factor);
    });
    for factors in factors {
        let mean = factors.iter().sum::<f32>() / SEEDS as f32;
        assert!((mean - 1.0).abs() < 0.06, "{mean}");
        assert!(factors.iter().all(|factor| (0.59..1.41).contains(factor)));
        assert!(factors.iter().any(|&factor| factor < 0.65) && factors.iter().any(|&factor| factor > 1.35));
    }
}

/// By the other road to a colour: the six sextants of the hexcone (A. R. Smith 1978).
fn from_hue(hue: f32, saturation: f32, value: f32) -> [f32; 3] {
    let sextant = hue * 6.0;
    let rest = sextant - sextant.floor();
    let [p, q, t] = [1.0, rest, 1.0 - rest].map(|share| value * (1.0 - saturation * share));
    match sextant as usize % 6 {
        0 => [value, t, p],
        1 => [q, value, p],
        2 => [p, value, t],
        3 => [p, q, value],
        4 => [t, p, value],
        _ => [value, p, q],
    }
}

#[test]
fn hues_turn_and_nothing_else() {
    let shape = Shape::new(&[1, 2, 3]);
    let mut turns = vec![];
    for seed in 0..SEEDS {
        let mut random = Random::new(seed + 1);
        let [hue, saturation, value] = [0.0, 0.2, 0.3].map(|least| (least + (1.0 - least) * random.uniform()) as f32);
        let colour = from_hue(hue, saturation, value);
        let mut changed = [colour, [value; 3]].concat();
        Augment::new().hue(0.2).apply(shape, seed, 0, &mut changed).expect("fits");
        assert_eq!(changed[3..], [value; 3], "grey has no hue");
        let turn = Draw::new(seed, 0, 0).around_zero(0.2) as f32;
        assert_near(&changed[..3], &from_hue((hue + turn).rem_euclid(1.0), saturation, value));
        turns.push(turn);
    }
    assert!(turns.iter().any(|&turn| turn > 0.19) && turns.iter().any(|&turn| turn < -0.19));
}

#[test]
fn noise_has_its_moments() {
    for shape in [Shape::new(&[200]), Shape::new(&[10, 4]), Shape::new(&[4, 5, 3])] {
        let mut errors = vec![];
        each_seed(shape, &Augment::new().noise(0.25), |sample, changed| {
            errors.extend(sample.iter().zip(changed).map(|(sample, changed)| f64::from(changed - sample)));
        });
        let count = errors.len() as f64;
        let mean = errors.iter().sum::<f64>() / count;
        let deviation = (errors.iter().map(|error| error * error).sum::<f64>() / count).sqrt();
        assert!(mean.abs() < 0.01 && (deviation - 0.25).abs() < 0.01, "{mean} {deviation}");
    }
}

#[test]
fn one_window_is_erased() {
    let shape = Shape::new(&[16, 20, 2]);
    let (mut erased, mut areas) = (0, 0.0);
    each_seed(shape, &Augment::new().erase(0.5), |sample, changed| {
        let is_gone = |y: usize, x: usize| at(shape, changed, [y, x, 0]) != at(shape, sample, [y, x, 0]);
        let gone: Vec<[usize; 2]> =
            (0..16).flat_map(|y| (0..20).map(move |x| [y, x])).filter(|&[y, x]| is_gone(y, x)).collect();
        let Some(&[top, left]) = gone.first() else { return assert_eq!(sample, changed) };
        let [bottom, right] = gone[gone.len() - 1];
        let inside = |y, x| (top..=bottom).contains(&y) && (left..=right).contains(&x);
        let expected = made(shape, |p| if inside(p[0], p[1]) { 0.0 } else { at(shape, sample, p) });
        assert_eq!(changed, expected);
        erased += 1;
        areas += gone.len() as f64 / 320.0;
    });
    assert!(erased > 70 && erased < 130, "{erased}");
    let mean = areas / f64::from(erased);
    assert!((0.14..0.21).contains(&mean), "{mean}");
}

#[test]
fn sounds_move_in_time() {
    for shape in [Shape::new(&[10]), Shape::new(&[10, 3])] {
        let step = shape.len_from(1);
        for border in [Border::Zero, Border::Reflect] {
            let mut shifts = vec![0; 7];
            each_seed(shape, &Augment::new().border(border).time_shift(0.35), |sample, changed| {
                let moved = |shift: isize| -> Vec<f32> {
                    let from = |t: usize| border.element(t as isize - shift, 10);
                    let values = |t| from(t).map_or(vec![0.0; step], |from| sample[from * step..][..step].to_vec());
                    (0..10).flat_map(values).collect()
                };
                let shift = (-3..=3).find(|&shift| moved(shift) == changed).expect("up to three steps");
                shifts[(shift + 3) as usize] += 1;
            });
            assert!(shifts.iter().all(|&count| count > 10), "{shifts:?}");
        }
    }
}

#[test]
fn masks_cover_stretches_with_the_mean() {
    let shape = Shape::new(&[12, 8, 2]);
    for (axis, augment) in [Augment::new().mask_time(1, 5), Augment::new().mask_frequency(1, 5)].iter().enumerate() {
        let mut widths = vec![0; 6];
        each_seed(shape, augment, |sample, changed| {
            let mean = (sample.iter().map(|&v| f64::from(v)).sum::<f64>() / sample.len() as f64) as f32;
            let len = shape.dim(axis);
            let masked = |start: usize, width: usize| {
                made(shape, |p| if (start..start + width).contains(&p[axis]) { mean } else { at(shape, sample, p) })
            };
            let all = (0..=5).flat_map(|width| (0..=len - width).map(move |start| (start, width)));
            let (_, width) = all.clone().find(|&(start, width)| masked(start, width) == changed).expect("a stretch");
            widths[width] += 1;
        });
        assert!(widths.iter().all(|&count| count > 15), "{widths:?}");
    }
    let several = Augment::new().mask_time(3, 2);
    let mut most = 0;
    each_seed(Shape::new(&[12, 1]), &several, |sample, changed| {
        most = most.max(sample.iter().zip(changed).filter(|(sample, changed)| sample != changed).count());
    });
    assert!((4..=6).contains(&most), "{most}");
}

type Shares = Dataset<Image<4, 6, 1>, OneHot<5>>;

/// Samples that are their numbers everywhere, with a share of 1 for their class.
fn numbered(samples: u32) -> Shares {
    let inputs: Vec<f32> = (0..samples).flat_map(|sample| [sample as f32; 24]).collect();
    let labels: Vec<u32> = (0..samples).map(|sample| sample % 5).collect();
    Dataset::<Image<4, 6, 1>, Classes<5>>::from_values(inputs, labels).expect("fits").one_hot()
}

/// A batch of the first samples, filled in tiles of some size.
fn filled(data: &Shares, augment: &Augment, seed: u64, tile: usize) -> (Vec<f32>, Vec<[f32; 5]>) {
    let batch: Vec<u32> = (0..data.len() as u32).collect();
    let (mut inputs, mut targets) = (vec![0.0; data.len() * 24], vec![[0.0; 5]; data.len()]);
    let mut spare = Spare::default();
    for start in (0..data.len()).step_by(tile) {
        let place = start..(start + tile).min(data.len());
        let (inputs, targets) = (&mut inputs[place.start * 24..place.end * 24], &mut targets[place.clone()]);
        data.fill_augmented::<f32>((&batch, None), place, (augment, seed), inputs, targets, &mut spare).unwrap();
    }
    (inputs, targets)
}

#[test]
fn mix_up_blends_pairs_and_their_targets() {
    let data = numbered(7);
    let augment = Augment::new().mix_up(1.0);
    let mut shares = vec![];
    for seed in 0..SEEDS {
        let (inputs, targets) = filled(&data, &augment, seed, 3);
        let mut partners = vec![];
        for (place, (input, target)) in inputs.chunks(24).zip(&targets).enumerate() {
            let mix = augment.mix(Image::<4, 6, 1>::SHAPE, seed, place, 7).expect("all are mixed");
            assert_ne!(mix.partner, place);
            partners.push(mix.partner);
            let share = mix.share as f32;
            let value = share * place as f32 + (1.0 - share) * mix.partner as f32;
            assert_near(input, &[value; 24]);
            let mut expected = [0.0; 5];
            expected[place % 5] += share;
            expected[mix.partner % 5] += 1.0 - share;
            assert_near(target, &expected);
            shares.push(mix.share);
        }
        partners.sort_unstable();
        assert_eq!(partners, [0, 1, 2, 3, 4, 5, 6], "each is a partner once");
    }
    let mean = shares.iter().sum::<f64>() / shares.len() as f64;
    assert!((mean - 0.5).abs() < 0.03, "{mean}");
}

#[test]
fn cut_mix_puts_in_a_window_and_blends_by_area() {
    let data = numbered(5);
    let augment = Augment::new().cut_mix(1.0);
    let mut shares = vec![];
    for seed in 0..SEEDS {
        let (inputs, targets) = filled(&data, &augment, seed, 2);
        for (place, (input, target)) in inputs.chunks(24).zip(&targets).enumerate() {
            let other = |&value: &f32| value != place as f32;
            let foreign: Vec<usize> = (0..24).filter(|&index| other(&input[index])).collect();
            let share = 1.0 - foreign.len() as f32 / 24.0;
            assert!((target[place] - share).abs() < 1e-6, "{target:?} {foreign:?}");
            assert!((target.iter().sum::<f32>() - 1.0).abs() < 1e-6);
            if let (Some(first), Some(last)) = (foreign.first(), foreign.last()) {
                let [top, left, bottom, right] = [first / 6, first % 6, last / 6, last % 6];
                assert_eq!(foreign.len(), (bottom - top + 1) * (right - left + 1), "a rectangle");
                assert!(foreign.iter().all(|&index| input[index] == input[*first]), "of one partner");
            }
            shares.push(share);
        }
    }
    let mean = shares.iter().sum::<f32>() / shares.len() as f32;
    // Half, but for what lies beyond the border and is rounded off.
    assert!((0.5..0.85).contains(&mean), "{mean}");
}

#[test]
fn both_kinds_of_mixing_take_turns_and_some_samples_are_left_alone() {
    let data = numbered(40);
    let (inputs, targets) = filled(&data, &Augment::new().mix_up(1.0).cut_mix(1.0).mix_share(0.5), 1, 40);
    let (mut alone, mut blended) = (0, 0);
    for (place, (input, target)) in inputs.chunks(24).zip(&targets).enumerate() {
        alone += usize::from(input == [place as f32; 24] && target[place % 5] == 1.0);
        blended += usize::from(input.iter().any(|value| value.fract() != 0.0));
    }
    assert!((14..=28).contains(&alone) && (3..=18).contains(&blended), "{alone} {blended}");
}

#[test]
fn tiles_do_not_matter_and_seeds_do() {
    let data = numbered(9);
    let augment = Augment::new().rotate(20.0).crop(1).noise(0.1).mix_up(0.4).cut_mix(1.0);
    let expected = filled(&data, &augment, 5, 9);
    for tile in [1, 2, 4, 8] {
        assert_eq!(filled(&data, &augment, 5, tile), expected, "{tile}");
    }
    assert_ne!(filled(&data, &augment, 6, 9), expected);
}

/// The way over natural values costs no bit, whatever the scaling.
#[test]
fn changes_that_change_nothing_give_the_same_bits() {
    type Pixels = Dataset<Image<16, 16, 1>, Classes<1>>;
    let plain = Pixels::from_pixels((0..=255).collect::<Vec<u8>>(), [0]).expect("fits");
    let mut standard = plain.clone();
    standard.standardize();
    let values: Vec<f32> = (0..256).map(|index| (index as f32 / 3.0).sin()).collect();
    let mut measured = Pixels::from_values(values, [0]).expect("fits");
    measured.standardize();
    for data in [plain.clone(), plain.unscaled(), standard, measured] {
        let [mut found, mut expected] = [[0.0f32; 256]; 2];
        let (mut target, mut spare) = ([9], Spare::default());
        data.fill_inputs(&[0], &mut expected);
        data.fill_augmented((&[0], None), 0..1, (&Augment::new().crop(0), 1), &mut found, &mut target, &mut spare)
            .unwrap();
        assert_eq!(found.map(f32::to_bits), expected.map(f32::to_bits));
        assert_eq!(target, [0]);
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let [image, sound, wave] = [Shape::new(&[8, 8, 1]), Shape::new(&[8, 4]), Shape::new(&[8])];
    let refused = |augment: Augment, shape| augment.check(shape, true).expect_err("refused");
    for augment in [
        Augment::new().flip_vertical(0.5),
        Augment::new().rotate(1.0),
        Augment::new().crop(1),
        Augment::new().resized_crop(0.5),
        Augment::new().contrast(0.1),
        Augment::new().erase(0.1),
        Augment::new().cut_mix(1.0),
        Augment::new().hue(0.1),
    ] {
        assert!(matches!(refused(augment, sound), AugmentError::Shape { found, .. } if found == sound));
    }
    assert!(matches!(refused(Augment::new().saturation(0.1), image), AugmentError::Shape { name: "saturation", .. }));
    assert!(matches!(refused(Augment::new().mask_frequency(1, 1), wave), AugmentError::Shape { .. }));
    for (augment, name) in [
        (Augment::new().flip_horizontal(1.5), "flip_horizontal"),
        (Augment::new().rotate(f64::NAN), "rotate"),
        (Augment::new().scale(0.0, 1.0), "scale"),
        (Augment::new().scale(2.0, 1.0), "scale"),
        (Augment::new().shift(-0.1), "shift"),
        (Augment::new().shear(90.0), "shear"),
        (Augment::new().brightness(-1.0), "brightness"),
        (Augment::new().noise(f64::INFINITY), "noise"),
        (Augment::new().erase(-0.5), "erase"),
        (Augment::new().resized_crop(0.0), "resized_crop"),
        (Augment::new().mix_up(0.0), "mix_up"),
        (Augment::new().cut_mix(1.0).mix_share(2.0), "mix_share"),
        (Augment::new().time_shift(1.5), "time_shift"),
        (Augment::new().mask_time(1, 9), "mask_time"),
    ] {
        let found = refused(augment, image);
        assert!(matches!(found, AugmentError::Setting(OutOfRange { name: found, .. }) if found == name), "{found}");
    }
    let blended = Augment::new().mix_up(0.2);
    let targets = AugmentError::Targets { name: "mix_up" };
    assert_eq!(blended.check(wave, false), Err(targets));
    assert_eq!(blended.check(wave, true), Ok(()));
}

#[test]
fn targets_blend_where_they_can() {
    type Both = (OneHot<2>, Values<Features<1>>);
    const { assert!(Both::BLENDS && !Classes::<2>::BLENDS && !<(OneHot<2>, Classes<2>)>::BLENDS) };
    let mut target = ([1.0f64, 0.0], [2.0]);
    Both::blend::<f64>(&mut target, &([0.0, 1.0], [6.0]), 0.75);
    assert_eq!(target, ([0.75, 0.25], [3.0]));
    let mut weighted = ([1.0f32, 0.0], 1.0);
    WithWeight::<OneHot<2>>::blend::<f32>(&mut weighted, &([1.0, 0.0], 3.0), 0.5);
    assert_eq!(weighted, ([1.0, 0.0], 2.0));
    let one_hot = numbered(6);
    assert_eq!(one_hot.targets()[5], [1.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(<[f32; 5]>::flatten(&one_hot.targets()[1..2]), [0.0, 1.0, 0.0, 0.0, 0.0]);
}

#[test]
fn a_change_by_hand_is_checked() {
    let mut values = [0.0; 12];
    let refused = Augment::new().mask_time(1, 99).apply(Shape::new(&[3, 4]), 1, 0, &mut values);
    assert!(matches!(refused, Err(AugmentError::Setting(_))), "{refused:?}");
    assert!(Augment::new().flip_horizontal(1.0).apply(Shape::new(&[3, 4]), 1, 0, &mut values).is_err());
}

#[test]
fn a_window_has_the_area_that_was_asked_for() {
    // A step at a place that nothing but a smaller window moves.
    let shape = Shape::new(&[8, 8, 1]);
    let image: Vec<f32> = (0..64).map(|pixel| if pixel % 8 < 4 { 0.0 } else { 1.0 }).collect();
    for seed in 0..50 {
        let mut changed = image.clone();
        Augment::new().resized_crop(1.0).apply(shape, seed, 0, &mut changed).expect("fits");
        let apart = changed.iter().zip(&image).map(|(new, old)| (new - old).abs()).fold(0.0, f32::max);
        assert!(apart < 1e-5, "{seed}: {apart}");
    }
}
