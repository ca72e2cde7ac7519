//! One training job of the seed's CNN, for `footprint`: `job BATCH STEPS`.

#[allow(dead_code, reason = "the benchmarks share more than each of them uses")]
#[path = "../../../../../common/mod.rs"]
mod common;

use netform::prelude::*;

fn main() -> Result<(), Box<dyn core::error::Error>> {
    let mut numbers = std::env::args().skip(1).map(|number| number.parse::<usize>());
    let mut next = || numbers.next().ok_or("job BATCH STEPS");
    let (samples, steps) = (next()??, next()??);
    let data = common::batch::<Image<32, 32, 3>, 10>(samples);
    let mut network = common::Cnn::new(1);
    Trainer::new(CrossEntropy::new(), Adam::default())
        .batch_size(samples)
        .epochs(steps)
        .silent()
        .fit(&mut network, &data)?;
    Ok(())
}
