//! span: fit
//! names: Head
//! shapes: -
//! expected and found: -
//! fix: -
//! errors: 2

use netform::prelude::*;

network! {
    pub struct Net(x: [4]) -> (same: [1], kind: [3]) {
        let hidden = x -> Dense(8) -> Relu;
        let same = hidden -> Dense(1);
        let kind = hidden -> Dense(3);
        (same, kind)
    }
}

fn train(data: &Dataset<Features<4>, (Values<Features<1>>, Classes<3>)>) -> Result<(), netform::train::TrainError> {
    let mut net = Net::new(1);
    Trainer::new(CrossEntropy::new(), Adam::default()).fit(&mut net, data)?;
    Ok(())
}

fn main() {}
