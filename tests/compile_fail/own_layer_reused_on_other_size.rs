//! span: inner
//! names: inner
//! shapes: 4 3
//! expected and found: yes
//! fix: second layer

use netform::layer::{Activations, Call, Layer, Memory, OpaqueLayer, Pass};
use netform::network::Scores;
use netform::spec::{Shape, ShapeError};
use netform::tensors::Part;
use netform::{Scalar, network};

/// Gives its input on.
#[repr(C)]
pub struct Same<const N: usize, T> {
    unused: [T; N],
}

netform::plain! { impl[const N: usize, T] Same<N, T> { unused: [T; N] } }

impl<const N: usize, T> Same<N, T> {
    pub const fn out_shape(_config: &(), input: Shape) -> Result<Shape, ShapeError> {
        Ok(input)
    }
}

impl<const N: usize, T: Scalar> Layer<T> for Same<N, T> {
    type Config = ();
    type Gradient = Self;
    const PARTS: &'static [Part] = &[];

    fn forward(&self, _: &Call<()>, _: &Pass, input: &[T], output: &mut [T], _: Memory<'_, T>) {
        output.copy_from_slice(input);
    }

    fn backward(
        &self,
        _: &Call<()>,
        _: &Pass,
        _: Activations<'_, T>,
        _: &mut [T],
        _: Option<&mut [T]>,
        _: Option<&mut Self>,
        _: Memory<'_, T>,
    ) {
    }
}

impl<const N: usize, T: Scalar> OpaqueLayer<T> for Same<N, T> {
    type Kind = Scores;
}

network! {
    pub struct Net(x: [4]) -> [3] {
        x -> inner: self::Same<_> -> Dense(3) -> inner
    }
}

fn main() {}
