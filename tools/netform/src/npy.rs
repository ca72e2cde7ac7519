//! NumPy's file of one array, versions 1 to 3: `\x93NUMPY`, the version, the length of a header, the header (a Python literal
//! with type, order and axes), the numbers. See NEP 1 and `numpy.lib.format`. The library reads it; here it is written.

use nn_core::data::npy::{RawArray, parse_raw};
use nn_core::io::inspect::{FileTensor, TensorFile};

const MAGIC: &[u8] = b"\x93NUMPY";

/// Safetensors' names of data types and NumPy's.
const TYPES: [(&str, &str); 12] = [
    ("BOOL", "|b1"),
    ("U8", "|u1"),
    ("I8", "|i1"),
    ("U16", "<u2"),
    ("I16", "<i2"),
    ("F16", "<f2"),
    ("U32", "<u4"),
    ("I32", "<i4"),
    ("F32", "<f4"),
    ("U64", "<u8"),
    ("I64", "<i8"),
    ("F64", "<f8"),
];

pub(crate) fn write(tensor: &FileTensor) -> Result<Vec<u8>, String> {
    let Some((_, descr)) = TYPES.iter().find(|(dtype, _)| *dtype == tensor.dtype) else {
        return Err(format!("NumPy has no {}: give --dtype f32", tensor.dtype));
    };
    let axes: String = tensor.shape.iter().map(|axis| format!("{axis}, ")).collect();
    // One axis is `(3,)`, several `(3, 2)`.
    let axes = if tensor.shape.len() == 1 { axes.trim_end() } else { axes.trim_end_matches(", ") };
    let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({axes}), }}");
    // Numbers begin at a multiple of 64, behind a line end.
    let length = (MAGIC.len() + 4 + header.len() + 1).next_multiple_of(64) - MAGIC.len() - 4;
    let wide = length > usize::from(u16::MAX);
    let mut content = MAGIC.to_vec();
    content.extend([if wide { 2 } else { 1 }, 0]);
    match u16::try_from(length) {
        Ok(length) => content.extend(length.to_le_bytes()),
        Err(_) => content.extend((length as u32).to_le_bytes()),
    }
    content.extend(format!("{header:<0$}\n", length - 1).bytes());
    content.extend(&tensor.bytes);
    Ok(content)
}

pub(crate) fn read(name: String, content: &[u8]) -> Result<FileTensor, String> {
    let RawArray { descr, is_fortran, shape, bytes } = parse_raw(content).map_err(|fault| fault.to_string())?;
    let little = descr.replacen('=', "<", 1);
    let dtype = TYPES.iter().find(|(_, known)| *known == little).map(|(dtype, _)| (*dtype).to_owned());
    let dtype = dtype.ok_or_else(|| format!("arrays of `{descr}` cannot be read"))?;
    if is_fortran {
        return Err("its axes are in Fortran's order: save `numpy.ascontiguousarray` of it".into());
    }
    tensor(name, dtype, shape, bytes)
}

/// The tensor of these bytes: the library reads them, as it reads those of any file.
fn tensor(name: String, dtype: String, shape: Vec<usize>, bytes: Vec<u8>) -> Result<FileTensor, String> {
    let found = bytes.len();
    let raw = FileTensor { name, dtype, shape, bytes, values: Vec::new() };
    let file = TensorFile { metadata: [].into(), tensors: vec![raw] };
    let read = file.to_bytes().and_then(|content| TensorFile::from_bytes(&content, std::path::Path::new("array")));
    let tensors = read.map_err(|_| format!("its {found} bytes of numbers do not fit its axes"))?.tensors;
    tensors.into_iter().next().ok_or_else(|| "it is empty".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use nn_core::io::inspect::FileScalar;

    /// `io.BytesIO(); numpy.save(file, numpy.float32([[1.5, -2, 0]]))`, NumPy 2.4.6.
    fn numpy_file() -> Vec<u8> {
        let header = format!("{:<117}\n", "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3), }");
        let mut file = b"\x93NUMPY\x01\x00\x76\x00".to_vec();
        file.extend(header.bytes());
        file.extend([1.5f32, -2.0, 0.0].iter().flat_map(|value| value.to_le_bytes()));
        file
    }

    #[test]
    fn a_file_of_numpy_is_read_and_written_as_it_was() {
        let found = read("a".into(), &numpy_file()).unwrap();
        assert_eq!(found, FileTensor::new("a", vec![1, 3], vec![1.5, -2.0, 0.0], FileScalar::F32));
        assert_eq!(write(&found).unwrap(), numpy_file());
    }

    #[test]
    fn any_number_of_axes_comes_back() {
        for shape in [vec![], vec![2], vec![2, 1, 3], vec![0, 4]] {
            let count = shape.iter().product();
            let tensor = FileTensor::new("a", shape, vec![0.25; count], FileScalar::F64);
            assert_eq!(read("a".into(), &write(&tensor).unwrap()).unwrap(), tensor);
        }
    }

    #[test]
    fn every_prefix_is_refused_and_flipped_bits_never_panic() {
        let file = numpy_file();
        for end in 0..file.len() {
            assert!(read("a".into(), &file[..end]).is_err(), "{end}");
        }
        for bit in 0..file.len() * 8 {
            let mut flipped = file.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let _ = read("a".into(), &flipped);
        }
        let text = String::from_utf8_lossy(&file).into_owned();
        assert!(text.contains("False"));
        let fortran: Vec<u8> = file.windows(5).position(|window| window == b"False").map_or(vec![], |place| {
            let mut turned = file.clone();
            turned[place..place + 5].copy_from_slice(b"True ");
            turned
        });
        assert!(read("a".into(), &fortran).unwrap_err().contains("Fortran"));
    }
}
