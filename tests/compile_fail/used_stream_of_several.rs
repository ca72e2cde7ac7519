//! span: [9, 2]
//! names: b
//! shapes: [9, 2] [9, 3]
//! expected and found: yes
//! fix: declare the shape that was found

use netform::network;
use netform::predict::{Stream, StreamEnded};

network! {
    #[stream]
    pub struct Net(x: [9, 4]) -> (a: [9, 3], b: [9, 2]) {
        let h = x -> Lstm(4);
        (h -> Dense(3), h -> Dense(3))
    }
}

fn first(step: &NetStep) -> f32 {
    step.b[0]
}

fn main() -> Result<(), StreamEnded> {
    let network = Net::new(1);
    let mut stream = Stream::new(&*network);
    println!("{}", first(stream.step(&[0.0; 4])?));
    Ok(())
}
