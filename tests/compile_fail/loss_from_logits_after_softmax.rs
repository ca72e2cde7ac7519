//! span: fit
//! names: Probabilities
//! shapes: -
//! expected and found: -
//! fix: -

use netform::prelude::*;

network! {
    pub struct Net(image: [28, 28, 1]) -> [9] {
        image -> Flatten -> Dense(9) -> Softmax
    }
}

fn train(data: &Dataset<Image<28, 28, 1>, Classes<9>>) -> Result<(), netform::train::TrainError> {
    let mut net = Net::new(1);
    Trainer::new(CrossEntropy::new(), Adam::default()).fit(&mut net, data)?;
    Ok(())
}

fn main() {}
