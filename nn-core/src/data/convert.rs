//! From stored numbers to a network's inputs.

use crate::kernels::kernels;
use crate::scalar::Scalar;
use crate::simd::Isa;

kernels! {
    trait Conversion<T>;

    /// `(byte − shift) × factor`; shifts and factors start anew behind their last.
    pub(crate) fn convert_bytes(bytes: &[u8], shift: &[f32], factor: &[f32], inputs: &mut [T]) = convert_bytes_body;
    /// `(value − shift) × factor`; shifts and factors start anew behind their last.
    pub(crate) fn convert_values(values: &[f32], shift: &[f32], factor: &[f32], inputs: &mut [T]) = convert_values_body;
}

#[inline(always)]
fn convert_bytes_body<I: Isa, T: Scalar>(bytes: &[u8], shift: &[f32], factor: &[f32], inputs: &mut [T]) {
    convert(bytes, |byte| T::of(byte.into()), shift, factor, inputs);
}

#[inline(always)]
fn convert_values_body<I: Isa, T: Scalar>(values: &[f32], shift: &[f32], factor: &[f32], inputs: &mut [T]) {
    convert(values, |value| T::of(value.into()), shift, factor, inputs);
}

/// Few numbers are repeated up to this many times: loops over two or three are not vectorised.
const REPEATED: usize = 96;

#[inline(always)]
fn convert<S: Copy, T: Scalar>(
    stored: &[S],
    number: impl Fn(S) -> T + Copy,
    shift: &[f32],
    factor: &[f32],
    inputs: &mut [T],
) {
    if let ([shift], [factor]) = (shift, factor) {
        let (shift, factor) = (T::of((*shift).into()), T::of((*factor).into()));
        for (input, &stored) in inputs.iter_mut().zip(stored) {
            *input = (number(stored) - shift) * factor;
        }
        return;
    }
    let [mut shifts, mut factors] = [[0.0; REPEATED]; 2];
    let (shift, factor) = if 2 * shift.len() <= REPEATED {
        let len = REPEATED / shift.len() * shift.len();
        for (repeated, numbers) in [(&mut shifts, shift), (&mut factors, factor)] {
            repeated[..len].chunks_exact_mut(numbers.len()).for_each(|chunk| chunk.copy_from_slice(numbers));
        }
        (&shifts[..len], &factors[..len])
    } else {
        (shift, factor)
    };
    for (stored, inputs) in stored.chunks(shift.len()).zip(inputs.chunks_mut(shift.len())) {
        for (((input, &stored), &shift), &factor) in inputs.iter_mut().zip(stored).zip(shift).zip(factor) {
            *input = (number(stored) - T::of(shift.into())) * T::of(factor.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;
    use std::vec::Vec;

    #[test]
    fn shifts_and_factors_start_anew() {
        for period in [1, 2, 3, 7, 48, 49, 200] {
            for len in [0, 1, period, 95, 96, 97, 3072] {
                let bytes: Vec<u8> = (0..len).map(|index| (index * 37 % 251) as u8).collect();
                let values: Vec<f32> = bytes.iter().map(|&byte| byte.into()).collect();
                let shift: Vec<f32> = (0..period).map(|index| index as f32).collect();
                let factor: Vec<f32> = (0..period).map(|index| 1.0 + index as f32).collect();
                let scaled = |(index, &value): (usize, &f32)| {
                    (f64::from(value) - f64::from(shift[index % period])) * f64::from(factor[index % period])
                };
                let expected: Vec<f64> = values.iter().enumerate().map(scaled).collect();
                let [mut from_bytes, mut from_values] = [vec![0.0; len], vec![0.0; len]];
                convert_bytes(&bytes, &shift, &factor, &mut from_bytes);
                convert_values(&values, &shift, &factor, &mut from_values);
                assert!(from_bytes == expected && from_values == expected, "{len} numbers, {period} shifts");
            }
        }
    }
}
