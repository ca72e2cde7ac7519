//! span: Square
//! names: Square
//! shapes: [side, side] [4, 6]
//! expected and found: yes
//! fix: bring the value to that shape

use netform::network;

network! {
    block Square(x: [side, side]) {
        x -> Dense(side)
    }

    pub struct Net(x: [4, 6]) -> [4, 6] {
        x -> Square
    }
}

fn main() {}
