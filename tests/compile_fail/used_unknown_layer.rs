//! span: Dens
//! names: Dens
//! shapes: -
//! expected and found: -
//! fix: did you mean `Dense`?

use netform::prelude::*;

network! {
    pub struct Net(x: [4]) -> [10] {
        x -> Dens(8) -> head: Dense(10)
    }
}

fn main() {
    let mut net = Net::new(1);
    let scores = net.predict(&[0.0; 4]);
    let best = scores.iter().copied().fold(0.0, f32::max);
    let data = Dataset::<Features<4>, Classes<10>>::from_samples(&[[0.0; 4]], &[1]).expect("a sample");
    let history = Trainer::new(CrossEntropy::new(), Adam::default()).metric(Accuracy).fit(&mut net, &data);
    println!("{best} {} {:?} {:?}", Net::PARAMS, net.head.bias, history.is_ok());
    let double = Net::<f64>::with_seed(2);
    let _ = double.predict(&[0.0; 4]);
}
