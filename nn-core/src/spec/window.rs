//! One axis along which a window moves.

use super::layer::{at_least_one, attempt, sequence};
use super::{Conv2dGeometry, Padding, Shape, ShapeError};

/// One output axis of a sliding window.
#[derive(Clone, Copy)]
pub(super) struct WindowAxis {
    pub(super) size: usize,
    /// Zeros in front.
    pub(super) padding: usize,
}

impl WindowAxis {
    /// The one place of a window of one element on an axis of one.
    pub(super) const ONE: Self = Self { size: 1, padding: 0 };
}

/// How many elements a window spans whose elements lie so far apart.
pub(super) const fn reach(window: usize, dilation: usize) -> usize {
    window.saturating_sub(1).saturating_mul(dilation).saturating_add(if window > 0 { 1 } else { 0 })
}

/// The output axis, or nothing where the window is longer than the padded input.
pub(super) const fn axis_of(size: usize, window: usize, stride: usize, padding: Padding) -> Option<WindowAxis> {
    let (front, total) = match padding {
        Padding::Valid => (0, 0),
        Padding::Amount(amount) => (amount, amount.saturating_mul(2)),
        Padding::Sides([front, behind]) => (front, front.saturating_add(behind)),
        Padding::Causal => (window.saturating_sub(1), window.saturating_sub(1)),
        Padding::Same => {
            let needed = (size.div_ceil(stride).saturating_sub(1)).saturating_mul(stride).saturating_add(window);
            let total = needed.saturating_sub(size);
            (total / 2, total)
        }
    };
    if size.saturating_add(total) < window {
        return None;
    }
    let size = (size.saturating_add(total) - window) / stride + 1;
    Some(WindowAxis { size, padding: front })
}

/// The output axis of a window that moves along a sequence `[time, channels]`, or why it does not fit.
pub(super) const fn step_axis(
    input: Shape,
    kernel: usize,
    dilation: usize,
    stride: usize,
    padding: Padding,
) -> Result<WindowAxis, ShapeError> {
    attempt!(sequence(input));
    attempt!(at_least_one("kernel", kernel));
    attempt!(at_least_one("dilation", dilation));
    attempt!(at_least_one("stride", stride));
    let (size, window) = (input.dim(0), reach(kernel, dilation));
    match axis_of(size, window, stride, padding) {
        Some(axis) => Ok(axis),
        None => {
            let border = match padding {
                Padding::Amount(amount) => 2 * amount,
                Padding::Sides([front, behind]) => front + behind,
                _ => 0,
            };
            Err(ShapeError::Reach { input, window, padded: size + border })
        }
    }
}

/// A sequence as an image of one row.
pub(super) const fn of_one_row(
    input: Shape,
    kernel: usize,
    stride: usize,
    axis: WindowAxis,
    filters: usize,
) -> Conv2dGeometry {
    Conv2dGeometry {
        input: [1, input.dim(0), input.dim(1)],
        kernel: [1, kernel],
        stride: [1, stride],
        padding: [0, axis.padding],
        output: [1, axis.size, filters],
    }
}

/// How convolutions of `[time, channels]` go through a sequence step by step: by the windows that end with each step. Steps
/// that lie `dilation` apart share one.
macro_rules! streams {
    ($($name:ident),+) => {$(
        impl $name {
            /// Scalars of state a sample that steps one by one hand on: a window for each of `dilation` steps.
            pub const fn state(&self, input: Shape) -> usize {
                self.dilation * self.kernel * input.last()
            }

            /// The same over one window that has no gaps, and that window.
            pub const fn one_window(&self, input: Shape) -> (Self, Shape) {
                let config = Self { stride: 1, padding: Padding::Valid, dilation: 1, ..*self };
                (config, Shape::new(&[self.kernel, input.last()]))
            }

            pub(crate) const fn stream(&self) -> $crate::spec::Stream {
                use $crate::spec::Stream::{Carries, Each, Whole};
                match self.padding {
                    _ if self.stride != 1 => Whole("gives no output for some steps, because its `stride` is not 1"),
                    Padding::Causal => Carries { bounded: false },
                    Padding::Valid | Padding::Same if self.kernel == 1 => Each,
                    _ => Whole("listens to later steps, because its `padding` is not `causal`"),
                }
            }
        }
    )+};
}
pub(super) use streams;
