/// How PyTorch keeps a tensor of a layer: under which name, with which axes.
///
/// ```
/// use nn_core::tensors::Torch;
///
/// // `[height, width, in, out]` is `[out, in, height, width]` there.
/// const WEIGHT: Torch = Torch::SAME.axes(&[2, 3, 1, 0]);
/// assert_eq!(WEIGHT.names, [""; 0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Torch {
    /// Its name there; none when it is the same. Of two their sum is the tensor: where PyTorch has two biases.
    pub names: &'static [&'static str],
    /// Which axis each of the tensor's axes is there; none when all are the same.
    pub axes: &'static [usize],
    /// How many of these axes are one there, of each in turn: `[2, 1]` makes two of three, and 0 one of size 1. None when
    /// there are as many there.
    pub merged: &'static [usize],
    /// Where it starts along the first axis of a tensor there that holds several, and how long that axis is.
    pub rows: Option<[usize; 2]>,
}

impl Torch {
    /// The same name, the same axes.
    pub const SAME: Self = Self { names: &[], axes: &[], merged: &[], rows: None };
    /// A matrix, the other way round.
    pub const TRANSPOSED: Self = Self::SAME.axes(&[1, 0]);
    /// What scales after a normalisation.
    pub const SCALE: Self = Self::SAME.called(&["weight"]);
    /// What is added after a normalisation.
    pub const SHIFT: Self = Self::SAME.called(&["bias"]);

    /// Another name, or two.
    #[must_use]
    pub const fn called(mut self, names: &'static [&'static str]) -> Self {
        self.names = names;
        self
    }

    /// Another order of axes.
    #[must_use]
    pub const fn axes(mut self, axes: &'static [usize]) -> Self {
        self.axes = axes;
        self
    }

    /// Axes that are one there.
    #[must_use]
    pub const fn merged(mut self, merged: &'static [usize]) -> Self {
        self.merged = merged;
        self
    }

    /// A part of a larger tensor.
    #[must_use]
    pub const fn rows(mut self, start: usize, all: usize) -> Self {
        self.rows = Some([start, all]);
        self
    }
}
