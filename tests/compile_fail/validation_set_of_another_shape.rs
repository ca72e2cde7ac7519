//! span: data
//! names: Image<28, 28, 1>
//! shapes: -
//! expected and found: -
//! fix: -

use netform::prelude::*;

network! {
    pub struct Net(image: [28, 28, 1]) -> [9] {
        image -> Flatten -> Dense(9)
    }
}

fn train(other: &Dataset<Image<32, 32, 3>, Classes<9>>, data: &Dataset<Image<28, 28, 1>, Classes<9>>) -> Result<(), netform::train::TrainError> {
    let mut net = Net::new(1);
    Trainer::new(CrossEntropy::new(), Adam::default()).validation(other).fit(&mut net, data)?;
    Ok(())
}

fn main() {}
