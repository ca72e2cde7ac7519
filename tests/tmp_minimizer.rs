use netform::optim::Lbfgs;
use netform::prelude::*;
use netform::train::Minimizer;

network! {
    struct Curve(x: [1]) -> [1] {
        x -> Dense(8) -> Tanh -> Dense(1)
    }
}

#[test]
fn main_test() -> Result<(), Box<dyn std::error::Error>> {
    let inputs: Vec<f32> = (0..60).map(|index| 0.1 * index as f32 - 3.0).collect();
    let targets: Vec<f32> = inputs.iter().map(|x| x.sin()).collect();
    let data: Dataset<Features<1>, Values<Features<1>>> = Dataset::from_values(inputs, targets)?;

    let mut network = Curve::new(1);
    // Of the trainer, only the loss and the threads matter here.
    let trainer = Trainer::new(MeanSquaredError, Sgd::new(0.0)).silent();
    let mut session = trainer.start(&network, Values::default())?;
    let mut minimizer = Minimizer::new(&network, Lbfgs::new()).l2(1e-6);
    for _ in 0..10 {
        minimizer.step(&mut network, |network, sum| session.add_gradient_of(network, &data, sum))?;
    }
    assert!(trainer.evaluate(&network, &data)?.loss < 1e-3);
    Ok(())
}
