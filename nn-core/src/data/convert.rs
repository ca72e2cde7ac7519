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
    for (bytes, inputs) in bytes.chunks(shift.len()).zip(inputs.chunks_mut(shift.len())) {
        for (((input, &byte), &shift), &factor) in inputs.iter_mut().zip(bytes).zip(shift).zip(factor) {
            *input = (T::of(byte.into()) - T::of(shift.into())) * T::of(factor.into());
        }
    }
}

#[inline(always)]
fn convert_values_body<I: Isa, T: Scalar>(values: &[f32], shift: &[f32], factor: &[f32], inputs: &mut [T]) {
    for (values, inputs) in values.chunks(shift.len()).zip(inputs.chunks_mut(shift.len())) {
        for (((input, &value), &shift), &factor) in inputs.iter_mut().zip(values).zip(shift).zip(factor) {
            *input = (T::of(value.into()) - T::of(shift.into())) * T::of(factor.into());
        }
    }
}
