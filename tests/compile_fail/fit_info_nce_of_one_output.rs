//! span: Trainer::new(InfoNce::default(), Adam::default())
//! names: InfoNce
//! shapes: Features<32>
//! expected and found: -
//! fix: -

use netform::losses::InfoNce;
use netform::prelude::*;

network! {
    pub struct Net(image: [28, 28, 1]) -> [32] {
        image -> Flatten -> Dense(32)
    }
}

fn train(data: &Dataset<Image<28, 28, 1>, ()>) -> Result<(), netform::train::TrainError> {
    let mut net = Net::new(1);
    Trainer::new(InfoNce::default(), Adam::default()).fit(&mut net, data)?;
    Ok(())
}

fn main() {}
