//! span: Tree
//! names: Tree
//! shapes: -
//! expected and found: -
//! fix: [Tree; 4]

use netform::network;

network! {
    block Tree(x: [width]) { x -> Dense(width) -> Tree }

    pub struct Net(x: [4]) -> [2] {
        x -> Tree -> Dense(2)
    }
}

fn main() {}
