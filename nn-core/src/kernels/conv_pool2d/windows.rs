//! Where the windows of the pool, and the patches under their positions, lie in an image.

use super::super::conv2d::{copy_rows, leaves_image, visited};
use crate::Scalar;
use crate::simd::Isa;
use crate::spec::Conv2dGeometry;

/// The most weights of a filter for which the ways of this folder's other files are made; with more, the matrix kernel is
/// faster.
pub(super) const MOST_DEPTH: usize = 512;
/// The most positions in a window.
pub(super) const MOST_PLACES: usize = 64;

/// The widest panel of filters of any instruction set: two registers.
pub(super) const WIDEST: usize = 32;

/// A convolution and its pool, seen from inside an image that has its border already.
#[derive(Clone, Copy, Debug)]
pub struct Windows {
    /// The convolution as far as windows see it: rows and columns that no window reaches are left out.
    pub(super) conv: Conv2dGeometry,
    pub(super) window: [usize; 2],
    /// Scalars of the part of the image, with its border, that the convolution visits; none where no window leaves the
    /// image.
    pub(super) border_len: usize,
    /// Scalars in a row of the image that [`Windows::image`] gives.
    pub(super) row_len: usize,
}

impl Windows {
    pub(super) const fn new(geometry: &Conv2dGeometry, window: [usize; 2]) -> Self {
        let [height, width, filters] = geometry.output;
        let [height, width] = [height - height % window[0], width - width % window[1]];
        let conv = Conv2dGeometry { output: [height, width, filters], ..*geometry };
        let ([_, input_width, channels], [rows, columns]) = (conv.input, visited(&conv));
        let (border_len, row_len) = if leaves_image(&conv) {
            (rows * columns * channels, columns * channels)
        } else {
            (0, input_width * channels)
        };
        Self { conv, window, border_len, row_len }
    }

    pub(super) const fn filters(&self) -> usize {
        self.conv.output[2]
    }

    /// Filters that are worked on side by side: in two registers where there are so many, which share what is loaded of the
    /// image. Half of a panel that is too wide would be zeros.
    #[inline(always)]
    pub(super) fn panel<I: Isa, T: Scalar>(&self) -> usize {
        let register = I::VECTOR_BYTES / size_of::<T>();
        match self.filters() {
            ..=8 if register >= 8 => 8,
            ..=16 if register >= 16 => 16,
            _ => (2 * register).max(4),
        }
    }

    /// Positions in a window.
    pub(super) const fn places(&self) -> usize {
        self.window[0] * self.window[1]
    }

    /// Weights of a filter.
    pub(super) const fn depth(&self) -> usize {
        self.conv.kernel[0] * self.conv.kernel[1] * self.conv.input[2]
    }

    /// Weights of a filter in one row of its window: neighbours in the image too.
    pub(super) const fn run(&self) -> usize {
        self.conv.kernel[1] * self.conv.input[2]
    }

    /// Rows and columns of windows.
    pub(super) const fn counts(&self) -> [usize; 2] {
        [self.conv.output[0] / self.window[0], self.conv.output[1] / self.window[1]]
    }

    /// Scalars of a row of the image without its border.
    pub(super) const fn input_row(&self) -> usize {
        self.conv.input[1] * self.conv.input[2]
    }

    /// Scalars of an image without its border.
    pub(super) const fn input_len(&self) -> usize {
        self.conv.input_len()
    }

    /// Scalars of the pooled positions of one image.
    pub(super) const fn output_len(&self) -> usize {
        let [rows, columns] = self.counts();
        rows * columns * self.filters()
    }

    /// Whether the ways that need no matrix of positions are the fast ones. Of a window of two positions half of a tile
    /// would be idle.
    pub(super) const fn are_small(&self) -> bool {
        let places = self.places();
        self.depth() <= MOST_DEPTH && places > 2 && places <= MOST_PLACES
    }

    /// The image with its border of zeros, as far as windows see it: copied to `space`, or the image itself.
    #[inline(always)]
    pub(super) fn image<'a, T: Scalar>(&self, input: &'a [T], space: &'a mut [T]) -> &'a [T] {
        if self.border_len == 0 {
            return input;
        }
        self.copy(input, space);
        space
    }

    /// Copies an image, with its border where it has one.
    #[inline(always)]
    pub(super) fn copy<T: Scalar>(&self, input: &[T], space: &mut [T]) {
        if self.border_len == 0 {
            return space[..input.len()].copy_from_slice(input);
        }
        copy_rows(&self.conv, 0, input, &mut space[..self.border_len]);
    }

    /// Where the first patch of a window starts in such an image.
    #[inline(always)]
    pub(super) fn start(&self, row: usize, column: usize) -> usize {
        let ([down, right], [height, width]) = (self.conv.stride, self.window);
        row * height * down * self.row_len + column * width * right * self.conv.input[2]
    }

    /// How far behind that the patch of each position of the window starts.
    #[inline(always)]
    pub(super) fn place_starts(&self) -> [usize; MOST_PLACES] {
        let (row_len, [down, right]) = (self.row_len, self.conv.stride);
        let mut starts = [0; MOST_PLACES];
        for (place, start) in starts[..self.places()].iter_mut().enumerate() {
            let (row, column) = (place / self.window[1], place % self.window[1]);
            *start = row * down * row_len + column * right * self.conv.input[2];
        }
        starts
    }
}
