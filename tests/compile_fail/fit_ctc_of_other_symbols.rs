//! span: data
//! names: -
//! shapes: -
//! expected and found: -
//! fix: -

use netform::data::Transcripts;
use netform::losses::Ctc;
use netform::prelude::*;

network! {
    pub struct Net(sound: [40, 16]) -> [40, 28] {
        sound -> Dense(28)
    }
}

fn train(data: &Dataset<Sequence<40, 16>, Transcripts<30, 8>>) -> Result<(), netform::train::TrainError> {
    let mut net = Net::new(1);
    Trainer::new(Ctc::new(), Adam::default()).fit(&mut net, data)?;
    Ok(())
}

fn main() {}
