use super::layer::{attempt, layer, usable};
use super::pool2d::meets_input;
use super::window::{WindowAxis, of_one_row, step_axis};
use super::{Conv2dGeometry, Padding, Pool2dGeometry, Shape, ShapeError};

macro_rules! pool1d {
    ($(#[$meta:meta])* $name:ident, reads: $reads:tt) => {
        layer! {
            $(#[$meta])*
            pub struct $name {
                /// How many steps the window sees.
                kernel: usize,
                /// The step of the window; the window's own size when left out.
                stride: Option<usize> = Value::Absent,
                /// The border: steps outside the input are left out of the window.
                padding: Padding = Value::Padding(Padding::Valid),
            }
            form: General,
            reads: $reads,
            kind: None,
            type_arguments: [],
            axes: OutputAxes::Window(1, None),
        }

        impl $name {
            /// `[time, channels]` to `[out time, channels]`.
            pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
                if !input.is_valid() {
                    return Ok(input);
                }
                let axis = attempt!(step_axis(input, self.kernel, 1, self.step(), self.padding));
                attempt!(meets_input(self.padding, self.kernel));
                usable(input, Shape::new(&[axis.size, input.last()]))
            }

            /// None.
            pub const fn parameters(&self, _input: Shape) -> usize {
                0
            }

            /// One for each element of each window.
            pub const fn flops(&self, input: Shape) -> u64 {
                let [_, time, channels] = self.geometry(input).output;
                (time * channels * self.kernel) as u64
            }

            const fn step(&self) -> usize {
                match self.stride {
                    Some(stride) => stride,
                    None => self.kernel,
                }
            }

            /// The same over an image of one row, for an input that `out_shape` accepts.
            pub const fn geometry(&self, input: Shape) -> Pool2dGeometry {
                let axis = match step_axis(input, self.kernel, 1, self.step(), self.padding) {
                    Ok(axis) => axis,
                    Err(_) => WindowAxis::ONE,
                };
                let Conv2dGeometry { input, kernel, stride, padding, output } =
                    of_one_row(input, self.kernel, self.step(), axis, input.last());
                Pool2dGeometry { input, window: kernel, stride, padding, output }
            }
        }
    };
}

pool1d! {
    /// The largest element of each window of a sequence.
    MaxPool1d, reads: [input, output]
}

pool1d! {
    /// The mean of each window of a sequence.
    AvgPool1d, reads: []
}

#[cfg(test)]
mod tests {
    use super::*;

    const POOL: MaxPool1d = MaxPool1d { kernel: 2, stride: None, padding: Padding::Valid };

    #[test]
    fn the_stride_defaults_to_the_window() {
        let input = Shape::new(&[7, 4]);
        assert_eq!(POOL.out_shape(input), Ok(Shape::new(&[3, 4])));
        assert_eq!(MaxPool1d { stride: Some(1), ..POOL }.out_shape(input), Ok(Shape::new(&[6, 4])));
        let causal = AvgPool1d { kernel: 3, stride: Some(2), padding: Padding::Causal };
        assert_eq!(causal.out_shape(input), Ok(Shape::new(&[4, 4])));
        assert_eq!((causal.geometry(input).padding, causal.flops(input)), ([0, 2], 48));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(matches!(POOL.out_shape(Shape::new(&[1, 4])), Err(ShapeError::Reach { window: 2, padded: 1, .. })));
        let empty = MaxPool1d { padding: Padding::Sides([0, 2]), ..POOL }.out_shape(Shape::new(&[4, 1]));
        assert!(matches!(empty, Err(ShapeError::Range { argument: "padding", .. })));
        assert!(matches!(POOL.out_shape(Shape::new(&[4, 4, 1])), Err(ShapeError::Rank { .. })));
    }
}
