use crate::init::Initializer;
use crate::kernels::{Join, join_assign};
use crate::layer::{Activations, Call, Layer, Memory, Pass};
use crate::random::Random;
use crate::scalar::Scalar;
use crate::spec::{self, Shape};
use crate::tensors::{Part, Role};

/// A tensor of parameters as a value: the same for each sample, whatever the input is.
///
/// In `network!`: `x -> Learned(shape)`, of one to four axes: a class token (`concat(x -> Learned([1, 64]), x, axis = 0)`),
/// queries (`(x -> Learned([16, 64]), x) -> CrossAttention(4)`), a bias of scores, a state to start from, a temperature. As a
/// parameter of a module in PyTorch. The input gives the place in the network and nothing else.
///
/// The numbers start with a normal distribution of deviation 0.02, as those of BERT (Devlin et al., 2019);
/// `#[init(Constant(1.0))]` and its like give another start.
#[repr(C)]
#[derive(Debug)]
pub struct Learned<const A: usize, const B: usize, const C: usize, const D: usize, T = f32> {
    /// The shape with axes of size 1 in front, so that there are four.
    pub weight: [[[[T; D]; C]; B]; A],
}

crate::plain! {
    impl[const A: usize, const B: usize, const C: usize, const D: usize, T] Learned<A, B, C, D, T> {
        weight: [[[[T; D]; C]; B]; A],
    }
}

impl<const A: usize, const B: usize, const C: usize, const D: usize, T: Scalar> Learned<A, B, C, D, T> {
    fn numbers(&self) -> &[T] {
        self.weight.as_flattened().as_flattened().as_flattened()
    }

    fn numbers_mut(&mut self) -> &mut [T] {
        self.weight.as_flattened_mut().as_flattened_mut().as_flattened_mut()
    }
}

impl<const A: usize, const B: usize, const C: usize, const D: usize, T: Scalar> Layer<T> for Learned<A, B, C, D, T> {
    type Config = spec::Learned;
    type Gradient = Self;

    const PARTS: &'static [Part] = &[Part::tensor(
        "weight",
        // Without the axes in front that nobody has written.
        match [A, B, C] {
            [1, 1, 1] => Shape::new(&[D]),
            [1, 1, _] => Shape::new(&[C, D]),
            [1, _, _] => Shape::new(&[B, C, D]),
            _ => Shape::new(&[A, B, C, D]),
        },
        Role::Weight,
    )];

    fn initialize(&mut self, _call: &Call<Self::Config>, random: &mut Random) {
        Initializer::Normal(0.02).fill(self.numbers_mut(), Shape::new(&[A, B, C, D]), random);
    }

    fn forward(&self, call: &Call<Self::Config>, _pass: &Pass, _input: &[T], output: &mut [T], _memory: Memory<'_, T>) {
        output.chunks_exact_mut(call.output.len()).for_each(|output| output.copy_from_slice(self.numbers()));
    }

    fn backward(
        &self,
        call: &Call<Self::Config>,
        _pass: &Pass,
        _values: Activations<'_, T>,
        d_output: &mut [T],
        d_input: Option<&mut [T]>,
        gradient: Option<&mut Self::Gradient>,
        _memory: Memory<'_, T>,
    ) {
        if let Some(gradient) = gradient {
            let sum = gradient.numbers_mut();
            d_output.chunks_exact(call.output.len()).for_each(|d| join_assign(Join::Add, sum, d));
        }
        if let Some(d_input) = d_input {
            d_input.fill(T::zero());
        }
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, initialized, laws};

    #[test]
    fn each_sample_gets_the_same() {
        let call = call!(Learned { shape: Shape::new(&[2, 1]) }, [3]);
        let learned = Learned { weight: [[[[1.0], [2.0]]]] };
        assert_near(&forward(&learned, &call, &Pass::inference(2), &[9.0; 6]), &[1.0, 2.0, 1.0, 2.0]);
        let large = call!(Learned { shape: Shape::new(&[100, 100]) }, [1]);
        let numbers = initialized::<Learned<1, 1, 100, 100, f64>>(&large);
        let variance = numbers.numbers().iter().map(|x| x * x).sum::<f64>() / 1e4;
        assert!((variance.sqrt() - 0.02).abs() < 1e-3);
    }

    #[test]
    fn laws() {
        gradient_laws! {
            Learned<1, 1, 1, 1, f64>, laws!(Learned { shape: Shape::new(&[1]) }, [1], 1);
            Learned<1, 1, 1, 7, f64>, laws!(Learned { shape: Shape::new(&[7]) }, [3], 3);
            Learned<1, 1, 1, 3, f64>, laws!(Learned { shape: Shape::new(&[1, 3]) }, [2, 4], 2);
            Learned<1, 1, 4, 5, f64>, laws!(Learned { shape: Shape::new(&[4, 5]) }, [4, 5], 2);
            Learned<1, 2, 1, 3, f64>, laws!(Learned { shape: Shape::new(&[2, 1, 3]) }, [2], 3);
            Learned<1, 3, 2, 2, f64>, laws!(Learned { shape: Shape::new(&[3, 2, 2]) }, [1, 2, 3], 1);
            Learned<2, 1, 3, 2, f64>, laws!(Learned { shape: Shape::new(&[2, 1, 3, 2]) }, [4], 2);
            Learned<1, 1, 1, 40, f64>, laws!(Learned { shape: Shape::new(&[40]) }, [2], 4);
        }
    }
}
