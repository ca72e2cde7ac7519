//! span: -
//! names: Scale
//! shapes: -
//! expected and found: -
//! fix: -

netform::sample_layer! {
    /// Declared, and nothing more.
    pub struct Scale<const N: usize> {
        /// `[N]`.
        factor: Weight[N],
    }
}

fn main() {}
