//! The inputs of a data set: held in memory, or read when they are needed.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use super::DataError;
use super::convert::{convert_bytes, convert_values};
use super::scaling::Scaling;
use crate::scalar::Scalar;
use crate::simd::prefetch;

/// Where the inputs of a streamed data set come from: [shards](super::shards) on a disk, or a closure
/// `Fn(u32, &mut [E]) -> Result<(), DataError>`. `E` is `u8` for pixels and `f32` for values.
///
/// Threads of their own read the next batches while a step runs ([`Trainer::read_ahead`](crate::train::Trainer::read_ahead)). What
/// an index gives must follow from the index alone: then a run can be repeated and resumed bit by bit.
pub trait ReadInput<E>: Send + Sync {
    /// Writes the input of one sample, channels last; `input` is exactly as long as a sample.
    ///
    /// # Errors
    /// When it cannot be read: [`DataError::unreadable`], if nothing else describes it.
    fn read(&self, index: u32, input: &mut [E]) -> Result<(), DataError>;
}

impl<E, F: Fn(u32, &mut [E]) -> Result<(), DataError> + Send + Sync> ReadInput<E> for F {
    fn read(&self, index: u32, input: &mut [E]) -> Result<(), DataError> {
        self(index, input)
    }
}

/// Inputs as they came, one behind the other.
#[derive(Clone, Debug)]
pub(crate) enum Elements {
    Pixels(Vec<u8>),
    Values(Vec<f32>),
}

/// Asks for the beginning of each page: hardware follows a run by itself, and faster than by requests for each line, once it has
/// seen it begin.
#[inline(always)]
fn prefetch_beginnings<S>(elements: &[S]) {
    const PAGE: usize = 4096;
    const BEGINNING: usize = 512;
    for page in elements.chunks(PAGE / size_of::<S>()) {
        prefetch(&page[..page.len().min(BEGINNING / size_of::<S>())]);
    }
}

impl Elements {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Pixels(pixels) => pixels.len(),
            Self::Values(values) => values.len(),
        }
    }

    /// Calls `visit` with the channel and the number of every element.
    fn each_channel(&self, channels: usize, mut visit: impl FnMut(usize, f64)) {
        let channel = (0..channels).cycle();
        match self {
            Self::Pixels(pixels) => channel.zip(pixels).for_each(|(channel, &pixel)| visit(channel, pixel.into())),
            Self::Values(values) => channel.zip(values).for_each(|(channel, &value)| visit(channel, value.into())),
        }
    }

    /// Writes the elements at a place, scaled.
    pub(super) fn convert<T: Scalar>(&self, place: Range<usize>, scaling: &Scaling, input: &mut [T]) {
        let Scaling { shift, factor } = scaling;
        match self {
            Self::Pixels(pixels) => convert_bytes(&pixels[place], shift, factor, input),
            Self::Values(values) => convert_values(&values[place], shift, factor, input),
        }
    }

    /// Asks for the elements at a place that is read soon.
    #[inline(always)]
    pub(super) fn prefetch(&self, place: Range<usize>) {
        match self {
            Self::Pixels(pixels) => prefetch_beginnings(&pixels[place]),
            Self::Values(values) => prefetch_beginnings(&values[place]),
        }
    }

    /// A copy of these samples of `len` elements.
    fn gather(&self, len: usize, indices: &[u32]) -> Self {
        match self {
            Self::Pixels(pixels) => Self::Pixels(gather(pixels, len, indices)),
            Self::Values(values) => Self::Values(gather(values, len, indices)),
        }
    }

    /// Drops the samples that are not kept.
    fn retain(&mut self, len: usize, kept: &[bool]) {
        match self {
            Self::Pixels(pixels) => compact(pixels, len, kept),
            Self::Values(values) => compact(values, len, kept),
        }
    }
}

/// How a streamed data set is read.
#[derive(Clone)]
enum Reader {
    Pixels(Arc<dyn ReadInput<u8>>),
    Values(Arc<dyn ReadInput<f32>>),
}

/// Inputs that are read when they are needed.
#[derive(Clone)]
pub(crate) struct Stream {
    reader: Reader,
    /// The reader's number of each sample, where it is another.
    numbers: Option<Arc<[u32]>>,
    len: usize,
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("samples", &self.len).finish_non_exhaustive()
    }
}

impl Stream {
    fn new(reader: Reader, len: usize) -> Self {
        Self { reader, numbers: None, len }
    }

    pub(super) fn of_pixels(reader: impl ReadInput<u8> + 'static, len: usize) -> Self {
        Self::new(Reader::Pixels(Arc::new(reader)), len)
    }

    pub(super) fn of_values(reader: impl ReadInput<f32> + 'static, len: usize) -> Self {
        Self::new(Reader::Values(Arc::new(reader)), len)
    }

    pub(super) fn is_of_pixels(&self) -> bool {
        matches!(self.reader, Reader::Pixels(_))
    }

    /// Room for samples of this stream.
    pub(crate) fn room(&self) -> Elements {
        match self.reader {
            Reader::Pixels(_) => Elements::Pixels(Vec::new()),
            Reader::Values(_) => Elements::Values(Vec::new()),
        }
    }

    fn number(&self, index: u32) -> u32 {
        self.numbers.as_ref().map_or(index, |numbers| numbers[index as usize])
    }

    /// Reads samples of `len` elements, one behind the other.
    pub(crate) fn read(&self, indices: &[u32], len: usize, room: &mut Elements) -> Result<(), DataError> {
        match (&self.reader, room) {
            (Reader::Pixels(reader), Elements::Pixels(pixels)) => {
                pixels.resize(indices.len() * len, 0);
                let mut samples = indices.iter().zip(pixels.chunks_exact_mut(len));
                samples.try_for_each(|(&index, pixels)| reader.read(self.number(index), pixels))
            }
            (Reader::Values(reader), Elements::Values(values)) => {
                values.resize(indices.len() * len, 0.0);
                let mut samples = indices.iter().zip(values.chunks_exact_mut(len));
                samples.try_for_each(|(&index, values)| {
                    reader.read(self.number(index), values)?;
                    match values.iter().position(|value| !value.is_finite()) {
                        None => Ok(()),
                        Some(element) => {
                            Err(DataError::NotFinite { sample: index as usize, element, value: values[element] })
                        }
                    }
                })
            }
            (_, room) => {
                *room = self.room();
                self.read(indices, len, room)
            }
        }
    }

    /// Other samples of the same reader, in this order.
    fn chosen(&self, indices: &[u32]) -> Self {
        let numbers = indices.iter().map(|&index| self.number(index)).collect();
        Self { reader: self.reader.clone(), numbers: Some(numbers), len: indices.len() }
    }
}

/// The inputs of a data set.
#[derive(Clone, Debug)]
pub(super) enum Stored {
    Held(Elements),
    Streamed(Stream),
}

/// So many samples of a stream are in memory at a time where all of them are gone through.
const AT_A_TIME: u32 = 64;

impl Stored {
    /// Whether the elements are bytes.
    #[cfg(feature = "std")]
    pub(super) fn is_of_pixels(&self) -> bool {
        match self {
            Self::Held(elements) => matches!(elements, Elements::Pixels(_)),
            Self::Streamed(stream) => stream.is_of_pixels(),
        }
    }

    /// Calls `visit` with the channel and the number of every element.
    pub(super) fn each_channel(
        &self,
        len: usize,
        channels: usize,
        mut visit: impl FnMut(usize, f64),
    ) -> Result<(), DataError> {
        match self {
            Self::Held(elements) => elements.each_channel(channels, visit),
            Self::Streamed(stream) => {
                let mut room = stream.room();
                let all: Vec<u32> = (0..).take(stream.len).collect();
                for indices in all.chunks(AT_A_TIME as usize) {
                    stream.read(indices, len, &mut room)?;
                    room.each_channel(channels, &mut visit);
                }
            }
        }
        Ok(())
    }

    /// A copy of these samples of `len` elements; of a stream, only their numbers.
    pub(super) fn gather(&self, len: usize, indices: &[u32]) -> Self {
        match self {
            Self::Held(elements) => Self::Held(elements.gather(len, indices)),
            Self::Streamed(stream) => Self::Streamed(stream.chosen(indices)),
        }
    }

    /// Drops the samples that are not kept.
    pub(super) fn retain(&mut self, len: usize, kept: &[bool]) {
        match self {
            Self::Held(elements) => elements.retain(len, kept),
            Self::Streamed(stream) => {
                let indices: Vec<u32> = (0..).zip(kept).filter(|(_, kept)| **kept).map(|(index, _)| index).collect();
                *stream = stream.chosen(&indices);
            }
        }
    }
}

pub(super) fn gather<E: Copy>(all: &[E], len: usize, indices: &[u32]) -> Vec<E> {
    let mut some = Vec::with_capacity(indices.len() * len);
    for &index in indices {
        some.extend_from_slice(&all[index as usize * len..][..len]);
    }
    some
}

pub(super) fn compact<E: Copy>(all: &mut Vec<E>, len: usize, kept: &[bool]) {
    let mut end = 0;
    for (index, _) in kept.iter().enumerate().filter(|(_, kept)| **kept) {
        all.copy_within(index * len..(index + 1) * len, end);
        end += len;
    }
    all.truncate(end);
    all.shrink_to_fit();
}
