//! Blocks that are applied again: whatever stands in them is found, and nothing is there twice.

use netform::network;

use crate::{laws, names};

laws! {
    several_layers_rows_and_blocks_again: Rows<f64>;
    two_results_again: Two<f64>;
    tied_and_shared_layers_again: Folded<f64>;
    blocks_that_apply_blocks_again: Deep<f64>;
}

network! {
    block Layers(hidden: usize)(x: [width]) {
        x -> Dense(hidden) -> Tanh -> Dense(width) -> Tanh -> Dense(width)
    }

    block Tower(x: [width]) {
        x -> rows: [Layers(3); 2] -> [Dense(width); 2] -> Tanh -> Layers(2) -> Layers(2)
    }

    /// Layers of one kind, in rows and in blocks, without names.
    pub struct Rows(a: [4], b: [4]) -> [4] {
        let x = a -> tower: Tower;
        let y = b -> tower;
        x * y + (x -> tower)
    }
    assert PARAMS == 2 * (15 + 16 + 20) + 2 * 20 + 2 * (10 + 12 + 20);

    block Halves(x: [width]) {
        let (left, right) = split(x, 2);
        (left -> Dense(width) -> Tanh, right -> Dense(width))
    }

    /// Two results.
    pub struct Two(a: [4], b: [4]) -> (first: [4], second: [4]) {
        let (p, q) = a -> halves: Halves;
        let (r, s) = b -> halves;
        (p * s, q + r)
    }
    assert PARAMS == 2 * 12;

    block Folds(code: usize)(x: [width]) {
        x -> down: Dense(code) -> Tanh -> Tied(down) -> mixed: Dense(width) -> Tanh -> mixed
    }

    /// A layer that is used three times in the block.
    pub struct Folded(a: [4], b: [4]) -> [4] {
        (a -> folds: Folds(2)) - (b -> folds)
    }
    assert PARAMS == 4 * 2 + 2 + 4 * 4 + 4;

    block Outer(x: [width]) {
        let a = x -> inner: Layers(2);
        (a -> inner) + (x -> inner -> inner)
    }

    /// One inside the other.
    pub struct Deep(x: [3]) -> [3] {
        x -> outer: Outer -> outer -> outer -> other: Outer
    }
    assert PARAMS == 2 * (8 + 9 + 12);
}

#[test]
fn each_tensor_is_there_once() {
    assert_eq!(
        names::<Folded<f64>>(),
        ["folds.down.weight", "folds.down.bias", "folds.mixed.weight", "folds.mixed.bias"]
    );
    assert_eq!(names::<Two<f64>>().len(), 4);
    assert_eq!(names::<Rows<f64>>().len(), 2 * (2 * 3 + 2 + 2 * 3));
    assert_eq!(names::<Deep<f64>>().len(), 2 * 2 * 3);
}
