//! span: [32]
//! names: -
//! shapes: -
//! expected and found: -
//! fix: `name:`

use netform::network;

network! {
    pub struct Net(a: [28], b: [28]) -> ([32], [32]) {
        let x = a -> Dense(32);
        let y = b -> Dense(32);
        (x, y)
    }
}

fn main() {
    let NetInput { a, b } = NetInput { a: [0.0; 28], b: [1.0; 28] };
    let _ = Net::new(1).predict(&NetInput { a, b });
}
