//! span: -
//! names: -
//! shapes: -
//! expected and found: -
//! fix: weight: Weight[N, N]

netform::parameters! {
    /// Tensors have a role.
    pub struct Scale<const N: usize> {
        /// `[N]`.
        factor: [N],
    }
}

fn main() {}
