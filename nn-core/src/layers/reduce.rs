use super::stateless;
use crate::kernels::{Layout, gather, largest, largest_backward, scale, scatter_add};
use crate::layer::{Activations, Call, Pass};
use crate::scalar::Scalar;
use crate::spec::{self, Places, Shape};

/// Where the result of each element of the input lies in the output.
fn layout(input: Shape, places: Places, samples: usize) -> Layout {
    let mut kept = input;
    for &axis in places.as_slice() {
        kept = kept.with_dim(axis, 1);
    }
    let outer = Layout::new(0).axis(samples, kept.len());
    input.dims().iter().zip(kept.strides()).enumerate().fold(outer, |layout, (axis, (&size, stride))| {
        layout.axis(size, if places.contains(axis) { 0 } else { stride })
    })
}

mod sum {
    use super::*;

    stateless! {
        /// The sum along some axes.
        ///
        /// In `network!`: `Sum(axes = -1, keep = false)`. The axes go, or stay with size 1 when `keep` is true; `[1]` is
        /// left where all go. `Sum([0, 1])` sums each channel of an image.
        Sum { forward, backward }
    }

    fn forward<T: Scalar>(call: &Call<spec::Sum>, pass: &Pass, input: &[T], output: &mut [T]) {
        output.fill(T::zero());
        scatter_add(&layout(call.input, call.config.places(call.input), pass.samples), input, output);
    }

    fn backward<T: Scalar>(
        call: &Call<spec::Sum>,
        pass: &Pass,
        _values: Activations<'_, T>,
        d_output: &mut [T],
        d_input: &mut [T],
    ) {
        gather(&layout(call.input, call.config.places(call.input), pass.samples), d_output, d_input);
    }
}
pub use sum::Sum;

mod mean {
    use super::*;

    stateless! {
        /// The mean along some axes.
        ///
        /// In `network!`: `Mean(axes = -1, keep = false)`. The axes go, or stay with size 1 when `keep` is true; `[1]` is
        /// left where all go. `Mean([0, 1])` is what `GlobalAvgPool2d` does.
        Mean { forward, backward }
    }

    /// One part of as many as each result has.
    fn share<T: Scalar>(call: &Call<spec::Mean>) -> T {
        T::of(call.output.len() as f64 / call.input.len() as f64)
    }

    fn forward<T: Scalar>(call: &Call<spec::Mean>, pass: &Pass, input: &[T], output: &mut [T]) {
        output.fill(T::zero());
        scatter_add(&layout(call.input, call.config.places(call.input), pass.samples), input, output);
        scale(output, share(call));
    }

    fn backward<T: Scalar>(
        call: &Call<spec::Mean>,
        pass: &Pass,
        _values: Activations<'_, T>,
        d_output: &mut [T],
        d_input: &mut [T],
    ) {
        scale(d_output, share(call));
        gather(&layout(call.input, call.config.places(call.input), pass.samples), d_output, d_input);
    }
}
pub use mean::Mean;

mod max {
    use super::*;

    stateless! {
        /// The largest element along some axes; NaN counts as larger than every number. The gradient goes to the first
        /// of several largest, row by row.
        ///
        /// In `network!`: `Max(axes = -1, keep = false)`. The axes go, or stay with size 1 when `keep` is true; `[1]` is
        /// left where all go.
        Max { forward, backward }
    }

    fn forward<T: Scalar>(call: &Call<spec::Max>, pass: &Pass, input: &[T], output: &mut [T]) {
        largest(&layout(call.input, call.config.places(call.input), pass.samples), input, output);
    }

    fn backward<T: Scalar>(
        call: &Call<spec::Max>,
        pass: &Pass,
        values: Activations<'_, T>,
        d_output: &mut [T],
        d_input: &mut [T],
    ) {
        let layout = layout(call.input, call.config.places(call.input), pass.samples);
        largest_backward(&layout, values.input, values.output, d_output, d_input);
    }
}
pub use max::Max;

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use crate::gradient_laws;
    use crate::layer::{Layer as _, Memory};
    use crate::layers::testing::{assert_near, call, forward, laws};
    use crate::spec::Axes;

    const LAST: Axes = Axes::LAST;
    const FIRST: Axes = Axes::new(&[0]);
    const IMAGE: Axes = Axes::new(&[0, 1]);

    const NUMBERS: [f64; 12] = [3.0, 1.0, 2.0, 4.0, 4.0, 0.0, -1.0, -1.0, -2.0, -3.0, -1.0, -1.0];

    #[test]
    fn results_of_rows_columns_and_all() {
        let two = Pass::inference(2);
        macro_rules! check {
            ($name:ident, $axes:expr, $expected:expr) => {
                for keep in [false, true] {
                    let call = call!($name { axes: $axes, keep }, [2, 3]);
                    assert_near(&forward(&$name, &call, &two, &NUMBERS), &$expected);
                }
            };
        }
        check!(Sum, LAST, [6.0, 8.0, -4.0, -5.0]);
        check!(Sum, FIRST, [7.0, 5.0, 2.0, -4.0, -2.0, -3.0]);
        check!(Sum, IMAGE, [14.0, -9.0]);
        check!(Mean, LAST, [2.0, 8.0 / 3.0, -4.0 / 3.0, -5.0 / 3.0]);
        check!(Mean, FIRST, [3.5, 2.5, 1.0, -2.0, -1.0, -1.5]);
        check!(Mean, IMAGE, [14.0 / 6.0, -1.5]);
        check!(Max, LAST, [3.0, 4.0, -1.0, -1.0]);
        check!(Max, FIRST, [4.0, 4.0, 2.0, -1.0, -1.0, -1.0]);
        check!(Max, IMAGE, [4.0, -1.0]);
    }

    #[test]
    fn the_first_largest_has_the_gradient() {
        let expected: [(Axes, [f64; 12]); 3] = [
            (LAST, [1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0]),
            (FIRST, [0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0]),
            (IMAGE, [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]),
        ];
        for (axes, expected) in expected {
            let call = call!(Max { axes, keep: false }, [2, 3]);
            let pass = Pass::inference(2);
            let output = forward(&Max, &call, &pass, &NUMBERS);
            let mut d_output = alloc::vec![1.0; output.len()];
            let mut d_input = [f64::NAN; 12];
            let values = Activations { input: &NUMBERS, output: &output };
            Max.backward(&call, &pass, values, &mut d_output, Some(&mut d_input), None, Memory::none());
            assert_eq!(d_input, expected, "{axes:?}");
        }
    }

    macro_rules! reduction_laws {
        ($($test:ident: $name:ident;)*) => {$(
            #[test]
            fn $test() {
                gradient_laws! {
                    $name, laws!($name { axes: LAST, keep: false }, [1], 1);
                    $name, laws!($name { axes: LAST, keep: false }, [7], 3);
                    $name, laws!($name { axes: LAST, keep: true }, [67], 2);
                    $name, laws!($name { axes: LAST, keep: false }, [3, 5], 2);
                    $name, laws!($name { axes: FIRST, keep: false }, [5, 3], 3);
                    $name, laws!($name { axes: FIRST, keep: true }, [1, 3], 2);
                    $name, laws!($name { axes: LAST, keep: true }, [3, 1], 2);
                    $name, laws!($name { axes: IMAGE, keep: false }, [3, 2, 5], 2);
                    $name, laws!($name { axes: IMAGE, keep: true }, [3, 2, 1], 2);
                    $name, laws!($name { axes: Axes::new(&[1]), keep: false }, [2, 3, 4], 2);
                    $name, laws!($name { axes: Axes::new(&[2, 0]), keep: false }, [2, 3, 4], 2);
                    $name, laws!($name { axes: Axes::new(&[0, 1, 2, 3]), keep: false }, [2, 2, 1, 3], 2);
                    $name, laws!($name { axes: Axes::new(&[1, -2]), keep: true }, [2, 3, 2, 2, 2], 2);
                    $name, laws!($name { axes: Axes::new(&[0, 2, 4]), keep: false }, [2, 1, 3, 2, 2], 1);
                }
            }
        )*};
    }

    reduction_laws! {
        sum_laws: Sum;
        mean_laws: Mean;
        max_laws: Max;
    }
}
