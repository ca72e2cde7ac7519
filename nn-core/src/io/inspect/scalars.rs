//! Numbers of any data type.

use alloc::vec::Vec;

use safetensors::Dtype;

/// Little-endian numbers in double precision; none for a data type that cannot be read.
pub(crate) fn to_doubles(dtype: Dtype, bytes: &[u8]) -> Option<Vec<f64>> {
    fn each<const N: usize>(bytes: &[u8], number: impl Fn([u8; N]) -> f64) -> Vec<f64> {
        bytes.as_chunks::<N>().0.iter().map(|bytes| number(*bytes)).collect()
    }
    Some(match dtype {
        Dtype::BOOL | Dtype::U8 => each(bytes, |[byte]| byte.into()),
        Dtype::I8 => each(bytes, |bytes| i8::from_le_bytes(bytes).into()),
        Dtype::I16 => each(bytes, |bytes| i16::from_le_bytes(bytes).into()),
        Dtype::U16 => each(bytes, |bytes| u16::from_le_bytes(bytes).into()),
        Dtype::F16 => each(bytes, |bytes| half(u16::from_le_bytes(bytes))),
        Dtype::BF16 => each(bytes, |[low, high]| f32::from_le_bytes([0, 0, low, high]).into()),
        Dtype::I32 => each(bytes, |bytes| i32::from_le_bytes(bytes).into()),
        Dtype::U32 => each(bytes, |bytes| u32::from_le_bytes(bytes).into()),
        Dtype::F32 => each(bytes, |bytes| f32::from_le_bytes(bytes).into()),
        Dtype::I64 => each(bytes, |bytes| i64::from_le_bytes(bytes) as f64),
        Dtype::U64 => each(bytes, |bytes| u64::from_le_bytes(bytes) as f64),
        Dtype::F64 => each(bytes, f64::from_le_bytes),
        _ => return None,
    })
}

/// Half precision: a sign, five bits of exponent, ten of fraction (IEEE 754 binary16).
fn half(bits: u16) -> f64 {
    let fraction = f64::from(bits & 0x3ff) / 1024.0;
    let size = match (bits >> 10) & 0x1f {
        0 => fraction * 2f64.powi(-14),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        exponent => (1.0 + fraction) * 2f64.powi(i32::from(exponent) - 15),
    };
    if bits >> 15 == 1 { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_what_the_standard_says() {
        let known =
            [(0x3c00, 1.0), (0xc000, -2.0), (0x7bff, 65504.0), (0x0001, 2f64.powi(-24)), (0x3555, 0.333_251_953_125)];
        for (bits, value) in known {
            assert_eq!(half(bits), value);
        }
        assert!(
            half(0x7e00).is_nan() && half(0xfc00) == f64::NEG_INFINITY && half(0x8000).to_bits() == (-0.0f64).to_bits()
        );
    }

    #[test]
    fn numbers_of_every_kind_are_read() {
        assert_eq!(to_doubles(Dtype::BF16, &[0x80, 0xbf, 0xc0, 0x7f]).unwrap()[0], -1.0);
        assert!(to_doubles(Dtype::BF16, &[0xc0, 0x7f]).unwrap()[0].is_nan());
        assert_eq!(to_doubles(Dtype::I16, &[0xff, 0xff, 1, 0]).unwrap(), [-1.0, 1.0]);
        assert_eq!(to_doubles(Dtype::BOOL, &[0, 1]).unwrap(), [0.0, 1.0]);
        assert_eq!(to_doubles(Dtype::I64, &(-3i64).to_le_bytes()).unwrap(), [-3.0]);
        assert!(to_doubles(Dtype::F64, &[]).unwrap().is_empty());
    }
}
