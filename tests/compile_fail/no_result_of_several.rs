//! span: strength
//! names: Gestures, gesture, strength
//! shapes: -
//! expected and found: -
//! fix: end with `(gesture, strength)`

use netform::network;

network! {
    pub struct Gestures(x: [4]) -> (gesture: [3], strength: [1]) {
        let seen = x -> Dense(8) -> Relu;
        let gesture = seen -> Dense(3);
        let strength = seen -> Dense(1);
    }
}

fn main() {}
