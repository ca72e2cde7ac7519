//! A network for the tests of files and pictures: a dense layer without its bias, and a running mean that nobody reads.

use crate::layer::{Pass, Slot};
use crate::network::{Direction, MemoryPlan, Network, Observer, Scores};
use crate::random::Random;
use crate::scalar::Scalar;
use crate::shapes::Features;
use crate::spec::Shape;
use crate::tensors::{Part, Role};

#[repr(C)]
#[derive(Clone, Debug, Default)]
pub(super) struct Tiny<T> {
    pub(super) weight: [[T; 2]; 3],
    pub(super) bias: [T; 2],
    pub(super) mean: [T; 4],
}

crate::plain! { impl[T] Tiny<T> { weight: [[T; 2]; 3], bias: [T; 2], mean: [T; 4] } }

/// One with a different number everywhere.
pub(super) fn tiny<T: Scalar>() -> Tiny<T> {
    let mut next = 0.5;
    let mut number = |_| {
        next += 1.0;
        T::of(next)
    };
    let weight = [[0; 2]; 3].map(|row| row.map(&mut number));
    Tiny { weight, bias: [0; 2].map(&mut number), mean: [0; 4].map(&mut number) }
}

const FC: &[Part] =
    &[Part::tensor("weight", Shape::new(&[3, 2]), Role::Weight), Part::tensor("bias", Shape::new(&[2]), Role::Bias)];
const NORM: &[Part] = &[Part::tensor("mean", Shape::new(&[4]), Role::State)];
const PLAN: MemoryPlan =
    MemoryPlan { per_sample: 2, scratch: 0, single: 0, output: Slot::new(0, 2), d_output: Slot::EMPTY };

impl<T: Scalar> Network<T> for Tiny<T> {
    type Input = Features<3>;
    type Output = Features<2>;
    type Kind = Scores;
    type Gradient = ();

    const NAME: &'static str = "Tiny";
    const PARTS: &'static [Part] = &[Part::group("fc", FC), Part::group("norm", NORM)];
    const INFERENCE: MemoryPlan = PLAN;
    const TRAINING: MemoryPlan = PLAN;
    const SEGMENTS: usize = 1;
    const STATISTICS: usize = 0;

    fn initialize(&mut self, _: &mut Random) {}
    fn infer<O: Observer<T>>(&self, pass: &Pass, input: &[T], workspace: &mut [T], _: &mut [T], _: &mut O) {
        let outputs = workspace[PLAN.output.range(pass.samples)].as_chunks_mut::<2>().0;
        for (output, input) in outputs.iter_mut().zip(input.as_chunks::<3>().0) {
            *output =
                core::array::from_fn(|unit| (0..3).map(|feature| input[feature] * self.weight[feature][unit]).sum());
        }
    }
    fn forward<O: Observer<T>>(
        &self,
        _: usize,
        _: &Pass,
        _: &[T],
        _: &mut [T],
        _: &mut [T],
        _: &[T],
        _: &mut [T],
        _: &mut O,
    ) {
    }
    fn backward<O: Observer<T>>(
        &self,
        _: usize,
        _: &Pass,
        _: &[T],
        _: &mut [T],
        _: &mut [T],
        _: &[T],
        _: &mut [T],
        _: Option<&mut [T]>,
        _: Option<&mut Self::Gradient>,
        _: &mut O,
    ) {
    }
    fn merge(_: usize, _: Direction, _: &mut [T], _: &[T]) {}
    fn commit(&mut self, _: &[T]) {}
}
