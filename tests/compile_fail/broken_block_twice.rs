//! A mistake in a block that two networks use.
//! span: Dens
//! names: Dens
//! shapes: -
//! expected and found: -
//! fix: did you mean `Dense`?

netform::network! {
    block Body(width: usize)(x: [..]) {
        x -> Dens(width) -> Relu
    }

    pub struct Narrow(x: [4]) -> [2] {
        x -> Body(2)
    }

    pub struct Wide(x: [4]) -> [8] {
        x -> Body(8)
    }
}

fn main() {}
