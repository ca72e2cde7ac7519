//! span: fit
//! names: -
//! shapes: -
//! expected and found: yes
//! fix: -

use netform::prelude::*;

network! {
    struct Net(x: [10]) -> [9] {
        x -> Dense(9)
    }
}

fn train(data: &Dataset<Features<10>, Classes<9>>) -> Result<(), Box<dyn std::error::Error>> {
    let mut net = Net::new(1);
    let loss = loss_fn(|output: &[f32; 10], _: &u32, _: &mut [f32; 10]| f64::from(output[0]));
    Trainer::new(loss, Adam::default()).fit(&mut net, data)?;
    Ok(())
}

fn main() {}
