//! Several inputs and outputs.

use netform::network;
use netform::prelude::*;

use crate::laws;

laws! {
    several_inputs_and_outputs: Several<f64>;
    an_output_that_others_read: Chained<f64>;
    outputs_that_are_inputs: Passed<f64>;
    generic_samples: Wide<2, f64>;
}

network! {
    struct Several(image: [4, 4, 1], age: [3]) -> (class: [3], size: [1, 2]) {
        let x = image -> Conv2d(2, kernel = 3) -> Relu -> Flatten -> fc: Dense(5) -> Tanh;
        let y = concat(x, age) -> Dense(4) -> Sigmoid;
        let class = y -> Dense(3) -> Softmax;
        let size = (y -> Dense(2) -> Reshape([1, 2])) + (x -> Dense(2));
        (class, size)
    }

    struct Chained(x: [3]) -> (first: [4], second: [2], third: [4]) {
        let first = x -> Dense(4);
        let second = first -> Tanh -> Dense(2) -> Sigmoid;
        (first, second, first * 2)
    }

    struct Passed(a: [2], b: [2]) -> (sum: [2], same: [2]) {
        let sum = a + (b -> Dense(2));
        (sum, b)
    }

    struct Wide<const H: usize>(a: [H], b: [3]) -> (x: [H], y: [3, 1]) {
        let x = a -> Dense(H);
        let y = (b -> Dense(3)) + 0.0;
        (x, y -> Reshape([3, 1]))
    }
    instances [2, 4]
}

#[test]
fn samples_are_structs_with_names() {
    let network = Several::new(2);
    let input = SeveralInput { image: [[[0.5]; 4]; 4], age: [1.0, 2.0, 3.0] };
    let SeveralOutput { class, size } = network.predict(&input);
    assert!((class.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    assert_eq!(size.len(), 1);
    // Sums of one sample and those of a tile are added in different orders.
    let many = network.predict_many(&[input; 5]);
    let near = |left: &[f32], right: &[f32]| left.iter().zip(right).all(|(left, right)| (left - right).abs() <= 1e-6);
    assert!(near(&many[4].class, &class) && near(many[4].size.as_flattened(), size.as_flattened()), "{:?}", many[4]);
}

#[test]
fn several_losses_train_several_outputs() {
    type Labels = (Classes<3>, Values<Sequence<1, 2>>);
    let inputs: Vec<SeveralInput> = (0..24)
        .map(|sample| {
            let shade = sample as f32 / 24.0;
            SeveralInput { image: [[[shade]; 4]; 4], age: [shade, 1.0 - shade, 0.5] }
        })
        .collect();
    let targets: Vec<(u32, [[f32; 2]; 1])> =
        (0..24).map(|sample| (sample / 8, [[sample as f32 / 12.0 - 1.0, 0.25]])).collect();
    let data = Dataset::<SeveralInputShape, Labels>::from_samples(&inputs, &targets).expect("samples");
    let mut network = Several::new(5);
    let loss = (CrossEntropy::from_probabilities(), MeanSquaredError.weighted(0.5));
    let trainer = Trainer::new(loss, Adam::new(0.02)).epochs(120).batch_size(8).silent();
    let history = trainer.fit(&mut network, &data).expect("training");
    let losses: Vec<f64> = history.losses().collect();
    assert!(losses[119] < 0.35 * losses[0], "{} {}", losses[0], losses[119]);
}
