//! span: fit
//! names: Lbfgs
//! shapes: -
//! expected and found: -
//! fix: -

use netform::optim::Lbfgs;
use netform::prelude::*;

network! {
    pub struct Net(image: [28, 28, 1]) -> [9] {
        image -> Flatten -> Dense(9)
    }
}

fn train(data: &Dataset<Image<28, 28, 1>, Classes<9>>) -> Result<(), netform::train::TrainError> {
    let mut net = Net::new(1);
    Trainer::new(CrossEntropy::new(), Lbfgs::new()).fit(&mut net, data)?;
    Ok(())
}

fn main() {}
