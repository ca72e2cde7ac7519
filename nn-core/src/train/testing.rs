//! Two small networks by hand, with loops that can be read at a glance. Also a module of `tests/allocations.rs`.

use crate::layer::{Pass, Slot};
use crate::network::{Direction, MemoryPlan, Network, Observer, Scores};
use crate::random::Random;
use crate::scalar::Scalar;
use crate::shapes::Features;
use crate::simd::AlignedBox;
use crate::spec::Shape;
use crate::tensors::{Part, Role};

/// `y = x · W + b`; in training, each element of `x` is dropped with probability 1/8.
#[repr(C)]
pub(super) struct Linear<T, const IN: usize, const OUT: usize> {
    pub(super) weight: [[T; OUT]; IN],
    pub(super) bias: [T; OUT],
}

crate::plain! { impl[T, const IN: usize, const OUT: usize] Linear<T, IN, OUT> { weight: [[T; OUT]; IN], bias: [T; OUT] } }

fn keeps(pass: &Pass, sample: usize, element: usize) -> bool {
    !pass.is_training() || pass.noise(0, sample).uniform(element as u64) >= 0.125
}

impl<T: Scalar, const IN: usize, const OUT: usize> Linear<T, IN, OUT> {
    fn apply(&self, pass: &Pass, input: &[T], output: &mut [T]) {
        for (sample, (x, y)) in input.chunks_exact(IN).zip(output.chunks_exact_mut(OUT)).enumerate() {
            y.copy_from_slice(&self.bias);
            for (element, &x) in x.iter().enumerate().filter(|(element, _)| keeps(pass, sample, *element)) {
                y.iter_mut().zip(&self.weight[element]).for_each(|(y, &weight)| *y += x * weight);
            }
        }
    }
}

impl<T: Scalar, const IN: usize, const OUT: usize> Network<T> for Linear<T, IN, OUT> {
    type Input = Features<IN>;
    type Output = Features<OUT>;
    type Kind = Scores;
    type Gradient = Self;

    const NAME: &'static str = "Linear";
    const PARTS: &'static [Part] = &[
        Part::tensor("weight", Shape::new(&[IN, OUT]), Role::Weight),
        Part::tensor("bias", Shape::new(&[OUT]), Role::Bias),
    ];
    const INFERENCE: MemoryPlan =
        MemoryPlan { per_sample: OUT, scratch: 0, single: 0, output: Slot::new(0, OUT), d_output: Slot::EMPTY };
    const TRAINING: MemoryPlan = MemoryPlan { per_sample: 2 * OUT, d_output: Slot::new(OUT, OUT), ..Self::INFERENCE };
    const SEGMENTS: usize = 1;
    const STATISTICS: usize = 0;

    fn initialize(&mut self, random: &mut Random) {
        self.weight.as_flattened_mut().fill_with(|| T::of(random.normal() / (IN as f64).sqrt()));
    }

    fn infer<O: Observer<T>>(&self, pass: &Pass, input: &[T], workspace: &mut [T], _: &mut [T], _: &mut O) {
        self.apply(pass, input, workspace);
    }

    fn forward<O: Observer<T>>(
        &self,
        _: usize,
        pass: &Pass,
        input: &[T],
        workspace: &mut [T],
        _: &mut [T],
        _: &[T],
        _: &mut [T],
        _: &mut O,
    ) {
        let [output] = pass.views(workspace, [Self::TRAINING.output]);
        self.apply(pass, input, output);
    }

    fn backward<O: Observer<T>>(
        &self,
        _: usize,
        pass: &Pass,
        input: &[T],
        workspace: &mut [T],
        _: &mut [T],
        _: &[T],
        _: &mut [T],
        _: Option<&mut [T]>,
        gradient: Option<&mut Self>,
        _: &mut O,
    ) {
        let Some(gradient) = gradient else { return };
        let d_output = &workspace[Self::TRAINING.d_output.range(pass.samples)];
        for (sample, (x, d)) in input.chunks_exact(IN).zip(d_output.chunks_exact(OUT)).enumerate() {
            gradient.bias.iter_mut().zip(d).for_each(|(sum, &d)| *sum += d);
            for (element, &x) in x.iter().enumerate().filter(|(element, _)| keeps(pass, sample, *element)) {
                gradient.weight[element].iter_mut().zip(d).for_each(|(sum, &d)| *sum += x * d);
            }
        }
    }

    fn merge(_: usize, _: Direction, _: &mut [T], _: &[T]) {}

    fn commit(&mut self, _: &[T]) {}
}

/// `h = x · W`, `y = h - mean(h) + b` with the mean over the batch, and a running mean for predictions: two segments.
#[repr(C)]
pub(super) struct Centered<T, const IN: usize, const OUT: usize> {
    pub(super) running: [T; OUT],
    pub(super) weight: [[T; OUT]; IN],
    pub(super) bias: [T; OUT],
}

crate::plain! {
    impl[T, const IN: usize, const OUT: usize] Centered<T, IN, OUT> {
        running: [T; OUT],
        weight: [[T; OUT]; IN],
        bias: [T; OUT],
    }
}

impl<T: Scalar, const IN: usize, const OUT: usize> Centered<T, IN, OUT> {
    fn product(&self, input: &[T], hidden: &mut [T]) {
        for (x, h) in input.chunks_exact(IN).zip(hidden.chunks_exact_mut(OUT)) {
            h.fill(T::zero());
            for (&x, weight) in x.iter().zip(&self.weight) {
                h.iter_mut().zip(weight).for_each(|(h, &weight)| *h += x * weight);
            }
        }
    }
}

/// Statistics: the number of samples, the sums of `h`, the sums of the gradient of `y`.
impl<T: Scalar, const IN: usize, const OUT: usize> Network<T> for Centered<T, IN, OUT> {
    type Input = Features<IN>;
    type Output = Features<OUT>;
    type Kind = Scores;
    type Gradient = Linear<T, IN, OUT>;

    const NAME: &'static str = "Centered";
    const PARTS: &'static [Part] = &[
        Part::tensor("running", Shape::new(&[OUT]), Role::State),
        Part::tensor("weight", Shape::new(&[IN, OUT]), Role::Weight),
        Part::tensor("bias", Shape::new(&[OUT]), Role::Bias),
    ];
    const INFERENCE: MemoryPlan =
        MemoryPlan { per_sample: OUT, scratch: 0, single: 0, output: Slot::new(0, OUT), d_output: Slot::EMPTY };
    const TRAINING: MemoryPlan = MemoryPlan {
        per_sample: 3 * OUT,
        scratch: 0,
        single: 0,
        output: Slot::new(OUT, OUT),
        d_output: Slot::new(2 * OUT, OUT),
    };
    const SEGMENTS: usize = 2;
    const STATISTICS: usize = 1 + 2 * OUT;

    fn initialize(&mut self, random: &mut Random) {
        self.weight.as_flattened_mut().fill_with(|| T::of(random.normal() / (IN as f64).sqrt()));
    }

    fn infer<O: Observer<T>>(&self, _: &Pass, input: &[T], workspace: &mut [T], _: &mut [T], _: &mut O) {
        self.product(input, workspace);
        for y in workspace.chunks_exact_mut(OUT) {
            let shift = self.bias.iter().zip(&self.running);
            y.iter_mut().zip(shift).for_each(|(y, (&bias, &mean))| *y += bias - mean);
        }
    }

    fn forward<O: Observer<T>>(
        &self,
        segment: usize,
        pass: &Pass,
        input: &[T],
        workspace: &mut [T],
        _: &mut [T],
        statistics: &[T],
        partial: &mut [T],
        _: &mut O,
    ) {
        let [hidden, output] = pass.views(workspace, [Slot::new(0, OUT), Self::TRAINING.output]);
        if segment == 0 {
            self.product(input, hidden);
            partial[0] = T::of(pass.samples as f64);
            let sums = &mut partial[1..=OUT];
            sums.fill(T::zero());
            hidden.chunks_exact(OUT).for_each(|h| sums.iter_mut().zip(h).for_each(|(sum, &h)| *sum += h));
            return;
        }
        for (y, h) in output.chunks_exact_mut(OUT).zip(hidden.chunks_exact(OUT)) {
            for index in 0..OUT {
                y[index] = h[index] - statistics[1 + index] / statistics[0] + self.bias[index];
            }
        }
    }

    fn backward<O: Observer<T>>(
        &self,
        segment: usize,
        pass: &Pass,
        input: &[T],
        workspace: &mut [T],
        _: &mut [T],
        statistics: &[T],
        partial: &mut [T],
        _: Option<&mut [T]>,
        gradient: Option<&mut Linear<T, IN, OUT>>,
        _: &mut O,
    ) {
        let Some(gradient) = gradient else { return };
        let d_output = &workspace[Self::TRAINING.d_output.range(pass.samples)];
        if segment == 1 {
            let sums = &mut partial[1 + OUT..];
            sums.fill(T::zero());
            for d in d_output.chunks_exact(OUT) {
                sums.iter_mut().zip(d).for_each(|(sum, &d)| *sum += d);
                gradient.bias.iter_mut().zip(d).for_each(|(sum, &d)| *sum += d);
            }
            return;
        }
        for (x, d) in input.chunks_exact(IN).zip(d_output.chunks_exact(OUT)) {
            for (&x, row) in x.iter().zip(&mut gradient.weight) {
                for index in 0..OUT {
                    row[index] += x * (d[index] - statistics[1 + OUT + index] / statistics[0]);
                }
            }
        }
    }

    fn merge(segment: usize, direction: Direction, left: &mut [T], right: &[T]) {
        let range = match (segment, direction) {
            (0, Direction::Forward) => 0..1 + OUT,
            (1, Direction::Backward) => 1 + OUT..1 + 2 * OUT,
            _ => unreachable!("segment {segment} has no statistics {direction:?}"),
        };
        left[range.clone()].iter_mut().zip(&right[range]).for_each(|(left, &right)| *left += right);
    }

    fn commit(&mut self, statistics: &[T]) {
        for (running, &sum) in self.running.iter_mut().zip(&statistics[1..]) {
            *running = *running * T::of(0.5) + sum / statistics[0] * T::of(0.5);
        }
    }
}

/// A network with its initial values.
pub(super) fn new<T: Scalar, N: Network<T>>(seed: u64) -> AlignedBox<N> {
    let mut network = N::zeroed_box();
    network.initialize(&mut Random::new(seed));
    network
}
