//! span: fit
//! names: InfoNce
//! shapes: -
//! expected and found: -
//! fix: -

use netform::losses::InfoNce;
use netform::prelude::*;

network! {
    pub struct Net(image: [8]) -> [4] {
        image -> Dense(4)
    }
}

fn train(data: &Dataset<Features<8>, ()>) -> Result<(), netform::train::TrainError> {
    let mut net = Net::new(1);
    Trainer::new(InfoNce::default(), Adam::default()).fit(&mut net, data)?;
    Ok(())
}

fn main() {}
