//! span: Trainer::new(Triplet::default(), Adam::default())
//! names: Triplet
//! shapes: -
//! expected and found: -
//! fix: -

use netform::losses::Triplet;
use netform::prelude::*;

network! {
    pub struct Net(a: [28], b: [28]) -> (left: [32], right: [32]) {
        (a -> side: Dense(32), b -> side)
    }
}

fn train(data: &Dataset<NetInputShape, ()>) -> Result<(), netform::train::TrainError> {
    let mut net = Net::new(1);
    Trainer::new(Triplet::default(), Adam::default()).fit(&mut net, data)?;
    Ok(())
}

fn main() {}
