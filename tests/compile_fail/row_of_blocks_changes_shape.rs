//! span: Down
//! names: stages
//! shapes: [32, 32, 3] [16, 16, 16]
//! expected and found: yes
//! fix: keeps its shape

use netform::network;

network! {
    block Down(filters: usize)(x: [height, columns, channels]) {
        x -> Conv2d(filters, kernel = 3, stride = 2, padding = same) -> Relu
    }

    pub struct Net(image: [32, 32, 3]) -> [10] {
        image -> stages: [Down(16); 3] -> GlobalAvgPool2d -> Dense(10)
    }
}

fn main() {}
