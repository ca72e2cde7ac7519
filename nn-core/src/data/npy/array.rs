use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec;
use alloc::vec::Vec;

use super::header::{Header, Kind, wrong};
use crate::data::idx::is_seen_as;
use crate::data::source::Source;
use crate::data::{Classes, Columns, DataError, Dataset, Each, FileFault, Label as _, OneHot, Values};
use crate::shapes::SampleShape;
use crate::spec::Shape;

/// An array of numbers, in the order of C: the last axis fastest.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    shape: Vec<usize>,
    numbers: Numbers,
}

/// An array as its file has it, for programs that pass its bytes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawArray {
    /// NumPy's word for the elements, such as `<f4`: order of bytes, kind, bytes of an element.
    pub descr: String,
    /// Whether the first axis is the fastest one, as in Fortran, and not the last.
    pub is_fortran: bool,
    /// The axes.
    pub shape: Vec<usize>,
    /// The elements.
    pub bytes: Vec<u8>,
}

/// Bytes stay bytes, so that images take no more memory than their file.
#[derive(Clone, Debug, PartialEq)]
enum Numbers {
    Bytes(Vec<u8>),
    Integers(Vec<i64>),
    Floats(Vec<f32>),
}

/// The inputs in an array: bytes are pixels, all others are values.
#[derive(Clone, Debug, PartialEq)]
pub enum Inputs {
    /// Bytes.
    Pixels(Vec<u8>),
    /// Other numbers.
    Values(Vec<f32>),
}

impl Inputs {
    pub(super) fn with<X: SampleShape, Y: Columns>(self, targets: Y::Columns) -> Result<Dataset<X, Y>, DataError> {
        match self {
            Self::Pixels(pixels) => Dataset::from_pixels(pixels, targets),
            Self::Values(values) => Dataset::from_values(values, targets),
        }
    }
}

/// What the file says of the elements, and their bytes.
pub(super) fn parts(mut source: Source<'_>) -> Result<(Header, Vec<u8>), FileFault> {
    let header = Header::read(&mut source)?;
    let bytes = source.bytes("elements", header.len()? * header.size)?;
    source.end("elements")?;
    Ok((header, bytes))
}

pub(super) fn read(source: Source<'_>) -> Result<Array, FileFault> {
    let (header, bytes) = parts(source)?;
    let numbers = numbers(&header, bytes)?;
    let shape = header.shape;
    Ok(if header.is_fortran { Array { numbers: numbers.turned(&shape), shape } } else { Array { shape, numbers } })
}

fn numbers(header: &Header, bytes: Vec<u8>) -> Result<Numbers, FileFault> {
    use Numbers::{Bytes, Floats, Integers};
    let big = header.is_big_endian;
    Ok(match (header.kind, header.size) {
        (Kind::Unsigned, 1) => Bytes(bytes),
        (Kind::Unsigned, 2) => Integers(elements(&bytes, big, |bytes| u16::from_le_bytes(bytes).into())),
        (Kind::Unsigned, 4) => Integers(elements(&bytes, big, |bytes| u32::from_le_bytes(bytes).into())),
        (Kind::Unsigned, _) => {
            let numbers = elements(&bytes, big, |bytes| i64::try_from(u64::from_le_bytes(bytes)));
            let too_large = |_| wrong("it has an integer above 2⁶³ - 1");
            Integers(numbers.into_iter().collect::<Result<_, _>>().map_err(too_large)?)
        }
        (Kind::Signed, 1) => Integers(elements(&bytes, big, |bytes| i8::from_le_bytes(bytes).into())),
        (Kind::Signed, 2) => Integers(elements(&bytes, big, |bytes| i16::from_le_bytes(bytes).into())),
        (Kind::Signed, 4) => Integers(elements(&bytes, big, |bytes| i32::from_le_bytes(bytes).into())),
        (Kind::Signed, _) => Integers(elements(&bytes, big, i64::from_le_bytes)),
        (Kind::Float, 2) => Floats(elements(&bytes, big, |bytes| half(u16::from_le_bytes(bytes)))),
        (Kind::Float, 4) => Floats(elements(&bytes, big, f32::from_le_bytes)),
        (Kind::Float, _) => Floats(elements(&bytes, big, |bytes| f64::from_le_bytes(bytes) as f32)),
    })
}

fn elements<const SIZE: usize, E>(bytes: &[u8], is_big_endian: bool, number: impl Fn([u8; SIZE]) -> E) -> Vec<E> {
    let element = |&(mut bytes): &[u8; SIZE]| {
        if is_big_endian {
            bytes.reverse();
        }
        number(bytes)
    };
    bytes.as_chunks::<SIZE>().0.iter().map(element).collect()
}

/// A float of 16 bits (IEEE 754 binary16).
fn half(bits: u16) -> f32 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023));
    let size = match exponent {
        0 => fraction * 2f32.powi(-24),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1.0 + fraction / 1024.0) * 2f32.powi(exponent - 15),
    };
    if bits >> 15 == 1 { -size } else { size }
}

impl Numbers {
    /// From Fortran's order, the first axis fastest, to that of C.
    fn turned(self, shape: &[usize]) -> Self {
        match self {
            Self::Bytes(numbers) => Self::Bytes(turned(&numbers, shape)),
            Self::Integers(numbers) => Self::Integers(turned(&numbers, shape)),
            Self::Floats(numbers) => Self::Floats(turned(&numbers, shape)),
        }
    }
}

fn turned<E: Copy>(numbers: &[E], shape: &[usize]) -> Vec<E> {
    let mut index = vec![0; shape.len()];
    let mut turned = Vec::with_capacity(numbers.len());
    for _ in 0..numbers.len() {
        let place = index.iter().zip(shape).rev().fold(0, |place, (index, axis)| place * axis + index);
        turned.push(numbers[place]);
        for (index, &axis) in index.iter_mut().zip(shape).rev() {
            *index += 1;
            if *index < axis {
                break;
            }
            *index = 0;
        }
    }
    turned
}

impl Array {
    /// The axes.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The number of samples: the first axis.
    fn samples(&self) -> usize {
        self.shape.first().copied().unwrap_or_default()
    }

    fn check(&self, expected: Shape) -> Result<(), FileFault> {
        match self.shape.split_first() {
            Some((_, sample)) if is_seen_as(sample, expected) => Ok(()),
            _ => Err(FileFault::Shape { expected, found: self.shape.get(1..).unwrap_or_default().into() }),
        }
    }

    /// All elements as floats: integers are rounded to the nearest where they have more than 24 bits.
    pub fn to_values(&self) -> Vec<f32> {
        match &self.numbers {
            Numbers::Bytes(bytes) => bytes.iter().map(|&byte| byte.into()).collect(),
            Numbers::Integers(integers) => integers.iter().map(|&integer| integer as f32).collect(),
            Numbers::Floats(floats) => floats.clone(),
        }
    }

    /// The array as inputs of shape `X`.
    ///
    /// # Errors
    /// When the axes behind the first one are not those of `X`.
    pub fn inputs<X: SampleShape>(self) -> Result<Inputs, FileFault> {
        self.check(X::SHAPE)?;
        Ok(match self.numbers {
            Numbers::Bytes(bytes) => Inputs::Pixels(bytes),
            Numbers::Floats(floats) => Inputs::Values(floats),
            Numbers::Integers(_) => Inputs::Values(self.to_values()),
        })
    }
}

/// Kinds of label whose targets an [`Array`] can hold: [`Classes`], [`OneHot`], [`Values`], and [`Each`] of these.
pub trait ArrayLabel: Columns {
    /// The targets in an array.
    ///
    /// # Errors
    /// When it has other axes or numbers than this kind of label.
    fn columns(array: &Array) -> Result<Self::Columns, FileFault>;
}

impl<const N: usize> ArrayLabel for Classes<N> {
    fn columns(array: &Array) -> Result<Vec<u32>, FileFault> {
        let is_flat = array.shape.iter().product::<usize>() == array.samples();
        if array.shape.is_empty() || !is_flat {
            let found = array.shape.get(1..).unwrap_or_default().into();
            return Err(FileFault::Shape { expected: Shape::new(&[]), found });
        }
        let class = |(sample, class): (usize, i64)| {
            let fitting = u32::try_from(class).ok().filter(|class| Self::check(class).is_ok());
            let (expected, found) = (format!("a class in 0..{N}"), class.to_string());
            fitting.ok_or(FileFault::Element { sample, expected, found })
        };
        match &array.numbers {
            Numbers::Bytes(bytes) => bytes.iter().map(|&byte| byte.into()).enumerate().map(class).collect(),
            Numbers::Integers(integers) => integers.iter().copied().enumerate().map(class).collect(),
            Numbers::Floats(_) => {
                let [expected, found] = ["integers", "floats"].map(Into::into);
                Err(FileFault::Expected { what: "classes that are", expected, found })
            }
        }
    }
}

impl<const N: usize> ArrayLabel for OneHot<N> {
    fn columns(array: &Array) -> Result<Vec<f32>, FileFault> {
        array.check(Shape::new(&[N]))?;
        Ok(array.to_values())
    }
}

impl<S: SampleShape> ArrayLabel for Values<S> {
    fn columns(array: &Array) -> Result<Vec<f32>, FileFault> {
        array.check(S::SHAPE)?;
        Ok(array.to_values())
    }
}

impl<const COUNT: usize, Y: ArrayLabel> ArrayLabel for Each<COUNT, Y> {
    fn columns(array: &Array) -> Result<Y::Columns, FileFault> {
        match array.shape[..] {
            [samples, steps, ref rest @ ..] if steps == COUNT => {
                let shape = [&[samples * COUNT], rest].concat();
                Y::columns(&Array { shape, numbers: array.numbers.clone() })
            }
            _ => {
                let found = array.shape.get(1..).unwrap_or_default().into();
                Err(FileFault::Shape { expected: Shape::new(&[COUNT]), found })
            }
        }
    }
}
