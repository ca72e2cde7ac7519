//! span: fit
//! names: metrics
//! shapes: -
//! expected and found: -
//! fix: Accuracy.of::<0>()

use netform::prelude::*;

network! {
    pub struct Two(x: [4]) -> (kind: [3], size: [1]) {
        let seen = x -> Dense(8) -> Relu;
        (seen -> Dense(3), seen -> Dense(1))
    }
}

type Labels = (Classes<3>, Values<Features<1>>);

fn main() {
    let data: Dataset<Features<4>, Labels> = Dataset::from_samples(&[[0.0; 4]], &[(0, [1.0])]).unwrap();
    let trainer = Trainer::new((CrossEntropy::new(), MeanSquaredError), Adam::default()).metric(Accuracy);
    let _ = trainer.fit(&mut Two::new(1), &data);
}
