//! span: data
//! names: Ctc
//! shapes: Features<30>
//! expected and found: -
//! fix: -

use netform::data::Transcripts;
use netform::losses::Ctc;
use netform::prelude::*;

network! {
    pub struct Net(sound: [40, 16]) -> [30] {
        sound -> Flatten -> Dense(30)
    }
}

fn train(data: &Dataset<Sequence<40, 16>, Transcripts<30, 8>>) -> Result<(), netform::train::TrainError> {
    let mut net = Net::new(1);
    Trainer::new(Ctc::new(), Adam::default()).fit(&mut net, data)?;
    Ok(())
}

fn main() {}
