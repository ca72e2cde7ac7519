//! Operations on values, from `network!` to numbers: with sizes that the compiler knows, that only rustc knows, and that
//! are a network's own.

use netform::prelude::*;

const STEPS: usize = 3;
const FROM: usize = 1;
const TO: usize = 4;
const HALF: f64 = 0.5;

network! {
    struct Turned(x: [2, 3]) -> [3, 2] {
        x -> Permute([1, 0]) -> Dense(2)
    }

    struct Framed(x: [1, 2, 1]) -> [3, 5, 1] {
        x -> Pad(1, axes = [0, 1]) -> Pad(0, 1, axes = 1, value = 7.0) -> Conv2d(1, kernel = 1)
    }

    struct Named(x: [STEPS, 5]) -> [STEPS, TO - FROM] {
        x -> Slice(FROM..TO) -> Dense(TO - FROM)
    }

    struct NamedTurned(x: [STEPS, 5]) -> [4, STEPS] {
        x -> Permute([-1, 0]) -> Slice(1.., axis = 0) -> Dense(STEPS)
    }

    struct NamedPadded(x: [STEPS, 2]) -> [STEPS + 2, 2] {
        x -> Pad(2, 0, axes = 0) -> Dense(2)
    }

    struct Wide<const H: usize>(x: [H, 2]) -> [2, H] {
        x -> Slice(..2, axis = -1) -> Permute([1, 0]) -> Dense(H)
    }

    struct Part<const H: usize>(x: [7, 3]) -> [3] {
        x -> Slice(..H, axis = 0) -> Permute([0, 1]) -> Slice(0..1, axis = 0) -> Flatten(3) -> Dense(3)
    }

    struct NamedRepeated(x: [2]) -> [STEPS, 2] {
        x -> Broadcast([STEPS, 2]) -> Dense(2)
    }

    struct NamedMean(x: [STEPS, 5]) -> [5] {
        x -> Mean(0) -> Dense(5)
    }

    struct Summed<const H: usize>(x: [H, 2, 3]) -> [H, 3] {
        x -> Max(axes = -2, keep = true) -> Sum(1) -> Dense(3)
    }

    struct Whole(x: [2, 3]) -> [1] {
        x -> Mean([0, 1]) -> Dense(1)
    }

    struct Enlarged(x: [2, 1, 1]) -> [4, 3, 1] {
        x -> UpSample2d([2, 3]) -> Rescaling(2.0 * HALF, -1) -> Conv2d(1, kernel = 1)
    }

    struct NamedEnlarged(x: [STEPS, 1, 2]) -> [2 * STEPS, 2, 2] {
        x -> UpSample2d -> Conv2d(2, kernel = 1)
    }

    struct Drawn(x: [2]) -> [2] {
        let mean = x -> center: Dense(2);
        let deviation = x -> Dense(2) -> Rescaling(0.5) -> Exp;
        mean + deviation * (mean -> StandardNormal)
    }

    struct Pointwise(x: [3]) -> [3] {
        x -> Abs -> Sqrt -> Log -> Square -> Softplus -> Reciprocal -> Dense(3)
    }

    struct Deep(x: [24]) -> [24] {
        x -> Reshape([1, 2, 3, 1, 4]) -> Permute([4, 3, 1, 0, 2]) -> Flatten -> Dense(24)
    }
}

/// A matrix with ones on its diagonal.
fn unit<const N: usize>() -> [[f32; N]; N] {
    core::array::from_fn(|row| core::array::from_fn(|column| f32::from(u8::from(row == column))))
}

#[test]
fn known_sizes() {
    let mut turned = Turned::new(1);
    turned.dense.weight = unit();
    assert_eq!(turned.predict(&[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), [[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]);

    let mut framed = Framed::new(1);
    framed.conv2d.weight = [[[[1.0]]]];
    let frame = framed.predict(&[[[1.0], [2.0]]]).map(|row| row.map(|[pixel]| pixel));
    assert_eq!(frame, [[0.0, 0.0, 0.0, 0.0, 7.0], [0.0, 1.0, 2.0, 0.0, 7.0], [0.0, 0.0, 0.0, 0.0, 7.0]]);

    let mut whole = Whole::new(1);
    whole.dense.weight = unit();
    assert_eq!(whole.predict(&[[1.0, 2.0, 3.0], [4.0, 5.0, 9.0]]), [4.0]);

    let mut enlarged = Enlarged::new(1);
    enlarged.conv2d.weight = [[[[1.0]]]];
    let enlarged = enlarged.predict(&[[[1.0]], [[2.0]]]).map(|row| row.map(|[pixel]| pixel));
    assert_eq!(enlarged, [[0.0; 3], [0.0; 3], [1.0; 3], [1.0; 3]]);

    let mut pointwise = Pointwise::new(1);
    pointwise.dense.weight = unit();
    let found = pointwise.predict(&[1.0, -4.0, 9.0]);
    for (found, x) in found.iter().zip([1f32, 4.0, 9.0]) {
        let expected = 1.0 / (x.sqrt().ln().powi(2)).exp().ln_1p();
        assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
    }

    let mut deep = Deep::new(1);
    deep.dense.weight = unit();
    let numbers: [f32; 24] = core::array::from_fn(|index| index as f32);
    let turned = deep.predict(&numbers);
    assert_eq!(turned[..7], [0.0, 4.0, 8.0, 12.0, 16.0, 20.0, 1.0]);
}

/// A code is drawn in training; in inference it is its mean.
#[test]
fn noise_is_for_training_alone() {
    let network = Drawn::new(1);
    let input = [0.5, -1.0];
    let [first, second] = network.center.weight;
    let mean: [f32; 2] = core::array::from_fn(|index| input[0] * first[index] + input[1] * second[index]);
    let found = network.predict(&input);
    assert!(found.iter().zip(mean).all(|(found, mean)| (found - mean).abs() < 1e-6), "{found:?} is not {mean:?}");
}

#[test]
fn named_sizes() {
    let rows: [[f32; 5]; STEPS] = core::array::from_fn(|row| core::array::from_fn(|column| (10 * row + column) as f32));
    let mut named = Named::new(1);
    named.dense.weight = unit();
    assert_eq!(named.predict(&rows), [[1.0, 2.0, 3.0], [11.0, 12.0, 13.0], [21.0, 22.0, 23.0]]);

    let mut turned = NamedTurned::new(1);
    turned.dense.weight = unit();
    let expected = [[1.0, 11.0, 21.0], [2.0, 12.0, 22.0], [3.0, 13.0, 23.0], [4.0, 14.0, 24.0]];
    assert_eq!(turned.predict(&rows), expected);

    let mut padded = NamedPadded::new(1);
    padded.dense.weight = unit();
    let padded = padded.predict(&[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]);
    assert_eq!(padded, [[0.0, 0.0], [0.0, 0.0], [1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]);

    let mut repeated = NamedRepeated::new(1);
    repeated.dense.weight = unit();
    assert_eq!(repeated.predict(&[1.0, 2.0]), [[1.0, 2.0]; STEPS]);

    let mut enlarged = NamedEnlarged::new(1);
    enlarged.conv2d.weight = [[unit()]];
    let found = enlarged.predict(&[[[1.0, 2.0]], [[3.0, 4.0]], [[5.0, 6.0]]]);
    assert_eq!(found[..3], [[[1.0, 2.0]; 2], [[1.0, 2.0]; 2], [[3.0, 4.0]; 2]]);

    let mut mean = NamedMean::new(1);
    mean.dense.weight = unit();
    assert_eq!(mean.predict(&rows), [10.0, 11.0, 12.0, 13.0, 14.0]);
}

#[test]
fn sizes_of_the_network() {
    let mut wide = Wide::<3>::new(1);
    wide.dense.weight = unit();
    assert_eq!(wide.predict(&[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), [[1.0, 3.0, 5.0], [2.0, 4.0, 6.0]]);

    let mut part = Part::<2>::new(1);
    part.dense.weight = unit();
    let rows: [[f32; 3]; 7] = core::array::from_fn(|row| [row as f32, 1.0, 2.0]);
    assert_eq!(part.predict(&rows), [0.0, 1.0, 2.0]);

    let mut summed = Summed::<2>::new(1);
    summed.dense.weight = unit();
    let found = summed.predict(&[[[1.0, 5.0, 3.0], [4.0, 2.0, 6.0]], [[-1.0, -5.0, 0.0], [-4.0, -2.0, -6.0]]]);
    assert_eq!(found, [[4.0, 5.0, 6.0], [-1.0, -2.0, 0.0]]);
}
