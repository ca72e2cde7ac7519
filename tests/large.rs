//! A network of a hundred million parameters never passes over the stack, not even in a debug build.

use netform::prelude::*;

network! {
    /// 10,000 · 10,000 weights, and a few more.
    pub struct Large(x: [10_000]) -> [2] {
        x -> wide: Dense(10_000) -> Relu -> head: Dense(2)
    }
}

#[test]
fn a_hundred_million_parameters_are_made_trained_and_asked() {
    assert_eq!(Large::PARAMS, 100_030_002);
    let mut network = Large::new(1);
    let inputs = vec![[0.01; 10_000]; 2];
    let data = Dataset::<Features<10_000>, Classes<2>>::from_samples(&inputs, &[0, 1]).expect("two samples");

    let before = network.wide.weight[5_000][5_000];
    let trainer = Trainer::new(CrossEntropy::new(), Sgd::new(0.1)).batch_size(2).silent();
    let history = trainer.fit(&mut network, &data).expect("a step");

    assert!(history.losses().all(f64::is_finite));
    assert!(network.wide.weight[5_000][5_000].is_finite() && before != 0.0);
    assert!(network.predict(&inputs[0]).iter().all(|score| score.is_finite()));
}
