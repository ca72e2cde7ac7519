//! `(a, b) -> MatMul`: products of two values.

use netform::network;
use netform::prelude::*;

use crate::laws;

laws! {
    rows_meet_columns: Product<f64>;
    rows_meet_rows: Rows<f64>;
    stacks_meet_matrix_by_matrix: Stacks<f64>;
    a_value_meets_itself: Interactions<f64>;
    sizes_that_are_parameters: Sized<4, 3, 5, f64>;
    sizes_that_are_constants: Named<f64>;
    attention_by_hand: ByHand<5, f64>;
    one_value_of_two_matrices: JoinedMatrices<f64>;
}

const FEW: usize = 2;
const MORE: usize = 3;

network! {
    struct Product(a: [4, 3], b: [3, 2]) -> [4, 2] {
        (a -> Dense(3) -> Tanh, b) -> MatMul
    }

    struct Rows(a: [4, 3], b: [2, 3]) -> [4, 2] {
        (a -> Dense(3), b -> Tanh) -> scores: MatMul(transposed = true) -> Dense(2)
    }

    struct Stacks(a: [2, 4, 3], b: [2, 3, 5]) -> [2, 4, 5] {
        (a -> Conv2d(3, kernel = 1), b) -> MatMul
    }

    struct Interactions(x: [3, 4]) -> [3, 3] {
        let y = x -> Dense(4);
        (y, y) -> MatMul(transposed = true)
    }

    struct Sized<const M: usize, const D: usize, const N: usize>(a: [M, D], b: [D, N]) -> [M, D] {
        let both = (a -> Dense(D), b) -> MatMul;
        (both -> Dense(N) -> Tanh, b) -> MatMul(transposed = true)
    }
    instances [(4, 3, 5)]

    struct Named(a: [FEW, MORE], b: [MORE, 4]) -> [FEW, 4] {
        (a -> Dense(MORE), b) -> MatMul -> Dense(4)
    }

    /// One head of attention, of its parts.
    struct ByHand<const TIME: usize>(x: [TIME, 4]) -> [TIME, 4] {
        let weights = (x -> query: Dense(4), x -> key: Dense(4)) -> MatMul(transposed = true);
        let seen = (0.5 * weights -> Softmax, x -> value: Dense(4)) -> MatMul;
        seen -> output: Dense(4)
    }
    instances [5]

    struct Built(x: [5, 4]) -> [5, 4] {
        x -> look: Attention(1)
    }

    struct JoinedMatrices(x: [5, 3]) -> [2, 3] {
        x -> Dense(3) -> MatMul(rows = 2)
    }
}

#[test]
fn attention_by_hand_is_attention() {
    let built = Built::<f64>::with_seed(3);
    let mut by_hand = ByHand::<5, f64>::with_seed(4);
    let look = &built.look;
    by_hand.query.weight.copy_from_slice(look.query.as_flattened());
    by_hand.key.weight.copy_from_slice(look.key.as_flattened());
    by_hand.value.weight.copy_from_slice(look.value.as_flattened());
    by_hand.output.weight.copy_from_slice(look.output.as_flattened());
    let mut random = Random::new(5);
    let input: [[f64; 4]; 5] = std::array::from_fn(|_| std::array::from_fn(|_| random.normal()));
    let (expected, found) = (built.predict(&input), by_hand.predict(&input));
    for (expected, found) in expected.as_flattened().iter().zip(found.as_flattened()) {
        assert!((expected - found).abs() < 1e-12, "{expected} and {found}");
    }
}
