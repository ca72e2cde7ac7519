//! span: Trainer::new(Contrastive::default(), Adam::default())
//! names: Contrastive
//! shapes: -
//! expected and found: -
//! fix: -

use netform::data::Together;
use netform::losses::Contrastive;
use netform::prelude::*;

network! {
    pub struct Net(a: [28], b: [28]) -> (left: [32], right: [16]) {
        (a -> Dense(32), b -> Dense(16))
    }
}

fn train(data: &Dataset<NetInputShape, Together<Values<Features<1>>>>) -> Result<(), netform::train::TrainError> {
    let mut net = Net::new(1);
    Trainer::new(Contrastive::default(), Adam::default()).fit(&mut net, data)?;
    Ok(())
}

fn main() {}
