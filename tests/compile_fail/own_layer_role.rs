//! span: -
//! names: State
//! shapes: -
//! expected and found: -
//! fix: Weight

netform::parameters! {
    /// A running mean is no parameter.
    pub struct Centered<const N: usize> {
        /// `[N]`.
        mean: State[N],
    }
}

fn main() {}
