//! span: data
//! names: Classes<10>
//! shapes: Features<9>
//! expected and found: -
//! fix: -

use netform::prelude::*;

network! {
    pub struct Net(image: [28, 28, 1]) -> [9] {
        image -> Flatten -> Dense(9)
    }
}

fn train(data: &Dataset<Image<28, 28, 1>, Classes<10>>) -> Result<(), netform::train::TrainError> {
    let mut net = Net::new(1);
    Trainer::new(CrossEntropy::new(), Adam::default()).fit(&mut net, data)?;
    Ok(())
}

fn main() {}
