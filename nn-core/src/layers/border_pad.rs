use super::stateless;
use crate::layer::{Activations, Call, Pass};
use crate::scalar::Scalar;
use crate::spec::{self, Border, MAX_RANK, Pad, Shape};

stateless! {
    /// The input, mirrored at its outermost elements, around some axes: `[3, 2, 1, 2, 3, 2, 1]` from `[1, 2, 3]`. Those are not
    /// repeated.
    ///
    /// In `network!`: `ReflectionPad(before, after = before, axes = -1)`: `ReflectionPad(1, axes = [0, 1])` around an image, as
    /// PyTorch's `ReflectionPad2d(1)`. Less than the axis is long.
    ReflectionPad { reflection_forward, reflection_backward }
}

stateless! {
    /// The outermost elements again and again around some axes: `[1, 1, 1, 2, 3, 3, 3]` from `[1, 2, 3]`.
    ///
    /// In `network!`: `ReplicationPad(before, after = before, axes = -1)`: `ReplicationPad(1, axes = [0, 1])` around an image, as
    /// PyTorch's `ReplicationPad2d(1)`.
    ReplicationPad { replication_forward, replication_backward }
}

stateless! {
    /// What stands at the other end, around some axes: `[2, 3, 1, 2, 3, 1, 2]` from `[1, 2, 3]`. For what has no border, such as
    /// the longitudes of a map.
    ///
    /// In `network!`: `CircularPad(before, after = before, axes = -1)`: `CircularPad(1, axes = [0, 1])` around an image, as PyTorch's
    /// `CircularPad2d(1)`. At most as much as the axis is long.
    CircularPad { circular_forward, circular_backward }
}

macro_rules! border_pads {
    ($($name:ident, $forward:ident, $backward:ident;)*) => {$(
        fn $forward<T: Scalar>(call: &Call<spec::$name>, _pass: &Pass, input: &[T], output: &mut [T]) {
            let runs = Runs::new(spec::$name::BORDER, &call.config.plain(), call.input, call.output);
            for (input, output) in input.chunks_exact(call.input.len()).zip(output.chunks_exact_mut(call.output.len())) {
                runs.each(|to, from| output[to..to + runs.len].copy_from_slice(&input[from..from + runs.len]));
            }
        }

        fn $backward<T: Scalar>(
            call: &Call<spec::$name>,
            _pass: &Pass,
            _values: Activations<'_, T>,
            d_output: &mut [T],
            d_input: &mut [T],
        ) {
            let runs = Runs::new(spec::$name::BORDER, &call.config.plain(), call.input, call.output);
            d_input.fill(T::zero());
            let samples = d_output.chunks_exact(call.output.len()).zip(d_input.chunks_exact_mut(call.input.len()));
            for (d_output, d_input) in samples {
                runs.each(|from, to| {
                    let sums = d_input[to..to + runs.len].iter_mut();
                    sums.zip(&d_output[from..from + runs.len]).for_each(|(sum, &d)| *sum += d);
                });
            }
        }
    )*};
}

border_pads! {
    ReflectionPad, reflection_forward, reflection_backward;
    ReplicationPad, replication_forward, replication_backward;
    CircularPad, circular_forward, circular_backward;
}

/// Elements that stay neighbours: those inside the last axis that becomes longer, each time one index of it and of all axes in
/// front is fixed.
struct Runs {
    border: Border,
    before: [usize; MAX_RANK],
    input: Shape,
    output: Shape,
    /// The axes that are walked: all up to the last one that becomes longer.
    walked: usize,
    /// The elements of a run.
    len: usize,
}

impl Runs {
    fn new(border: Border, pad: &Pad, input: Shape, output: Shape) -> Self {
        let (mut before, mut walked) = ([0; MAX_RANK], 0);
        for &axis in pad.places(input).as_slice() {
            before[axis] = pad.before;
            walked = walked.max(axis + 1);
        }
        let len = input.dims()[walked..].iter().product();
        Self { border, before, input, output, walked, len }
    }

    /// Where each run of the output begins, in order, and where its source does.
    fn each(&self, mut run: impl FnMut(usize, usize)) {
        let (strides, mut place) = (self.input.strides(), [0; MAX_RANK]);
        let count: usize = self.output.dims()[..self.walked].iter().product();
        for index in 0..count {
            let source =
                |axis: usize| strides[axis] * self.border.source(place[axis], self.before[axis], self.input.dim(axis));
            run(index * self.len, (0..self.walked).map(source).sum());
            for axis in (0..self.walked).rev() {
                place[axis] += 1;
                if place[axis] < self.output.dim(axis) {
                    break;
                }
                place[axis] = 0;
            }
        }
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, laws};
    use crate::spec::Axes;

    const IMAGE: Axes = Axes::new(&[0, 1]);

    #[test]
    fn the_border_is_made_of_the_input() {
        let row = call!(ReflectionPad { before: 2, after: Some(1), axes: Axes::LAST }, [3]);
        assert_near(
            &forward(&ReflectionPad, &row, &Pass::inference(1), &[1.0, 2.0, 3.0]),
            &[3.0, 2.0, 1.0, 2.0, 3.0, 2.0],
        );
        let steps = call!(ReplicationPad { before: 1, after: None, axes: Axes::new(&[0]) }, [2, 2]);
        let expected = [1.0, 2.0, 1.0, 2.0, 3.0, 4.0, 3.0, 4.0];
        assert_near(&forward(&ReplicationPad, &steps, &Pass::inference(1), &[1.0, 2.0, 3.0, 4.0]), &expected);
        let image = call!(CircularPad { before: 1, after: Some(0), axes: IMAGE }, [2, 2, 1]);
        let expected = [4.0, 3.0, 4.0, 2.0, 1.0, 2.0, 4.0, 3.0, 4.0];
        assert_near(&forward(&CircularPad, &image, &Pass::inference(1), &[1.0, 2.0, 3.0, 4.0]), &expected);
    }

    #[test]
    fn laws() {
        gradient_laws! {
            ReflectionPad, laws!(ReflectionPad { before: 0, after: None, axes: Axes::LAST }, [1], 1);
            ReflectionPad, laws!(ReflectionPad { before: 2, after: Some(6), axes: Axes::LAST }, [7], 3);
            ReflectionPad, laws!(ReflectionPad { before: 1, after: Some(2), axes: IMAGE }, [4, 3, 2], 2);
            ReflectionPad, laws!(ReflectionPad { before: 1, after: None, axes: Axes::new(&[-1, 1]) }, [2, 3, 1, 2], 2);
            ReplicationPad, laws!(ReplicationPad { before: 3, after: None, axes: Axes::LAST }, [1], 2);
            ReplicationPad, laws!(ReplicationPad { before: 0, after: Some(3), axes: Axes::new(&[0]) }, [4, 5], 2);
            ReplicationPad, laws!(ReplicationPad { before: 2, after: Some(1), axes: IMAGE }, [1, 2, 3], 1);
            ReplicationPad, laws!(ReplicationPad { before: 1, after: None, axes: Axes::new(&[0, 2, 4]) }, [2, 1, 2, 3, 2], 2);
            CircularPad, laws!(CircularPad { before: 1, after: None, axes: Axes::LAST }, [1], 2);
            CircularPad, laws!(CircularPad { before: 5, after: Some(2), axes: Axes::LAST }, [3, 5], 2);
            CircularPad, laws!(CircularPad { before: 2, after: Some(0), axes: IMAGE }, [3, 2, 2], 3);
            CircularPad, laws!(CircularPad { before: 1, after: None, axes: Axes::new(&[1]) }, [2, 3, 4], 1);
        }
    }
}
