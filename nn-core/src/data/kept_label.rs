use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::{Classes, Each, Label, OneHot, Together, Values, WithWeight};
use crate::shapes::SampleShape;
use crate::simd::Plain;

/// Targets that can be kept in a file: as numbers of four bytes, little-endian.
pub trait KeptLabel: Label {
    /// So many numbers make a target.
    const NUMBERS: usize;

    /// The kind of label, as it stands in the file.
    fn kind() -> String;

    /// Appends the numbers of a target.
    fn write(target: &Self::Target<f32>, numbers: &mut Vec<[u8; 4]>);

    /// The target whose [`KeptLabel::NUMBERS`] numbers come next; what is missing is 0.
    fn read(numbers: &mut impl Iterator<Item = [u8; 4]>) -> Self::Target<f32>;
}

impl<const N: usize> KeptLabel for Classes<N> {
    const NUMBERS: usize = 1;

    fn kind() -> String {
        format!("Classes<{N}>")
    }

    fn write(target: &u32, numbers: &mut Vec<[u8; 4]>) {
        numbers.push(target.to_le_bytes());
    }

    fn read(numbers: &mut impl Iterator<Item = [u8; 4]>) -> u32 {
        u32::from_le_bytes(numbers.next().unwrap_or_default())
    }
}

fn read_f32(numbers: &mut impl Iterator<Item = [u8; 4]>) -> f32 {
    f32::from_le_bytes(numbers.next().unwrap_or_default())
}

impl<const N: usize> KeptLabel for OneHot<N> {
    const NUMBERS: usize = N;

    fn kind() -> String {
        format!("OneHot<{N}>")
    }

    fn write(target: &[f32; N], numbers: &mut Vec<[u8; 4]>) {
        numbers.extend(target.iter().map(|value| value.to_le_bytes()));
    }

    fn read(numbers: &mut impl Iterator<Item = [u8; 4]>) -> [f32; N] {
        core::array::from_fn(|_| read_f32(numbers))
    }
}

impl<S: SampleShape> KeptLabel for Values<S> {
    const NUMBERS: usize = S::SHAPE.len();

    fn kind() -> String {
        format!("Values<{}>", S::SHAPE)
    }

    fn write(target: &S::Array<f32>, numbers: &mut Vec<[u8; 4]>) {
        numbers.extend(target.as_slice().iter().map(|value| value.to_le_bytes()));
    }

    fn read(numbers: &mut impl Iterator<Item = [u8; 4]>) -> S::Array<f32> {
        let mut target = S::Array::zeroed_box();
        target.as_mut_slice().iter_mut().for_each(|value| *value = read_f32(numbers));
        *target
    }
}

impl<const COUNT: usize, Y: KeptLabel> KeptLabel for Each<COUNT, Y> {
    const NUMBERS: usize = COUNT * Y::NUMBERS;

    fn kind() -> String {
        format!("Each<{COUNT}, {}>", Y::kind())
    }

    fn write(target: &[Y::Target<f32>; COUNT], numbers: &mut Vec<[u8; 4]>) {
        target.iter().for_each(|step| Y::write(step, numbers));
    }

    fn read(numbers: &mut impl Iterator<Item = [u8; 4]>) -> [Y::Target<f32>; COUNT] {
        core::array::from_fn(|_| Y::read(numbers))
    }
}

impl<Y: KeptLabel> KeptLabel for WithWeight<Y> {
    const NUMBERS: usize = Y::NUMBERS + 1;

    fn kind() -> String {
        format!("WithWeight<{}>", Y::kind())
    }

    fn write(target: &Self::Target<f32>, numbers: &mut Vec<[u8; 4]>) {
        Y::write(&target.0, numbers);
        numbers.push(target.1.to_le_bytes());
    }

    fn read(numbers: &mut impl Iterator<Item = [u8; 4]>) -> Self::Target<f32> {
        (Y::read(numbers), read_f32(numbers))
    }
}

impl<Y: KeptLabel> KeptLabel for Together<Y> {
    const NUMBERS: usize = Y::NUMBERS;

    fn kind() -> String {
        format!("Together<{}>", Y::kind())
    }

    fn write(target: &Self::Target<f32>, numbers: &mut Vec<[u8; 4]>) {
        Y::write(target, numbers);
    }

    fn read(numbers: &mut impl Iterator<Item = [u8; 4]>) -> Self::Target<f32> {
        Y::read(numbers)
    }
}

impl KeptLabel for () {
    const NUMBERS: usize = 0;

    fn kind() -> String {
        "()".to_string()
    }

    fn write((): &(), _: &mut Vec<[u8; 4]>) {}

    fn read(_: &mut impl Iterator<Item = [u8; 4]>) {}
}

macro_rules! kept_tuples {
    ($(($($label:ident $place:tt)+))*) => {$(
        impl<$($label: KeptLabel),+> KeptLabel for ($($label,)+) {
            const NUMBERS: usize = 0 $(+ $label::NUMBERS)+;

            fn kind() -> String {
                format!("({})", [$($label::kind()),+].join(", "))
            }

            fn write(target: &Self::Target<f32>, numbers: &mut Vec<[u8; 4]>) {
                $($label::write(&target.$place, numbers);)+
            }

            fn read(numbers: &mut impl Iterator<Item = [u8; 4]>) -> Self::Target<f32> {
                ($($label::read(numbers),)+)
            }
        }
    )*};
}

kept_tuples! {
    (A 0 B 1)
    (A 0 B 1 C 2)
    (A 0 B 1 C 2 D 3)
    (A 0 B 1 C 2 D 3 E 4)
    (A 0 B 1 C 2 D 3 E 4 F 5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shapes::Features;

    #[test]
    fn a_target_comes_back_from_its_numbers() {
        type Kind = (WithWeight<Classes<9>>, Each<2, Values<Features<2>>>, Together<OneHot<2>>);
        let target = ((7, 0.5), [[1.0, 2.0], [3.0, -4.0]], [0.25, 0.75]);
        let mut numbers = Vec::new();
        Kind::write(&target, &mut numbers);
        assert_eq!((numbers.len(), Kind::NUMBERS), (8, 8));
        assert_eq!(Kind::read(&mut numbers.into_iter()), target);
        assert_eq!(Kind::kind(), "(WithWeight<Classes<9>>, Each<2, Values<[2]>>, Together<OneHot<2>>)");
    }
}
