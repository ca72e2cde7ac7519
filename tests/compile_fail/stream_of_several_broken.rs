//! span: Flatten
//! names: Flatten
//! shapes: -
//! expected and found: -
//! fix: leave `#[stream]` out

use netform::network;
use netform::predict::Stream;

network! {
    #[stream]
    pub struct Net(x: [10, 3], y: [10, 2]) -> (gain: [10, 4], last: [2]) {
        let h = concat(x, y) -> Gru(4);
        (h, h -> Flatten -> Dense(2))
    }
}

fn main() {
    let network = Net::<f32>::new(1);
    let mut stream = Stream::new(&*network);
    let NetStep { gain, last } = *stream.step(&NetStepInput { x: [0.0; 3], y: [0.0; 2] }).unwrap();
    println!("{gain:?} {last:?}");
}
