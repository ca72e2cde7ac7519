//! span: data
//! names: NetInputShape
//! shapes: -
//! expected and found: -
//! fix: -

use netform::prelude::*;

network! {
    pub struct Net(left: [4], right: [4]) -> [3] {
        left * right -> Dense(3)
    }
}

fn train(data: &Dataset<Features<8>, Classes<3>>) -> Result<(), netform::train::TrainError> {
    let mut net = Net::new(1);
    Trainer::new(CrossEntropy::new(), Adam::default()).fit(&mut net, data)?;
    Ok(())
}

fn main() {}
