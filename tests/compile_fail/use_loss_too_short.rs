//! span: fit
//! names: -
//! shapes: -
//! expected and found: -
//! fix: -

use netform::prelude::*;

network! {
    pub struct Net(x: [4]) -> (class: [3], age: [1], size: [1]) {
        (x -> Dense(3), x -> Dense(1), x -> Dense(1))
    }
}

fn train(data: &Dataset<Features<4>, (Classes<3>, Values<Features<1>>, Values<Features<1>>)>) -> Result<(), netform::train::TrainError> {
    let mut net = Net::new(1);
    Trainer::new((CrossEntropy::new(), MeanSquaredError), Adam::default()).fit(&mut net, data)?;
    Ok(())
}

fn main() {}
