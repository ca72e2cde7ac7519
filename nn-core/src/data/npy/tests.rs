use alloc::format;
use alloc::string::ToString as _;
use alloc::vec;
use alloc::vec::Vec;
use std::io::Write as _;

use super::*;
use crate::data::{Classes, Each, OneHot, Values};
use crate::shapes::{Features, Image};

/// A file of version 1.0, as NumPy writes it.
fn file(kind: &str, fortran: &str, shape: &str, elements: &[u8]) -> Vec<u8> {
    let mut header = format!("{{'descr': '{kind}', 'fortran_order': {fortran}, 'shape': {shape}, }}").into_bytes();
    header.resize((header.len() + 11).next_multiple_of(64) - 11, b' ');
    header.push(b'\n');
    let length = (header.len() as u16).to_le_bytes();
    [b"\x93NUMPY\x01\x00", &length[..], &header, elements].concat()
}

fn values(kind: &str, elements: &[u8]) -> Vec<f32> {
    parse(&file(kind, "False", "(3,)", elements)[..]).unwrap().to_values()
}

fn bytes<const SIZE: usize>(elements: impl IntoIterator<Item = [u8; SIZE]>) -> Vec<u8> {
    elements.into_iter().flatten().collect()
}

#[test]
fn every_kind_of_number_is_read() {
    for (kind, elements) in [
        ("|u1", vec![1, 2, 200]),
        ("<u2", bytes([1u16, 2, 200].map(u16::to_le_bytes))),
        (">u2", bytes([1u16, 2, 200].map(u16::to_be_bytes))),
        ("<u4", bytes([1u32, 2, 200].map(u32::to_le_bytes))),
        ("<u8", bytes([1u64, 2, 200].map(u64::to_le_bytes))),
        ("<i4", bytes([1i32, 2, 200].map(i32::to_le_bytes))),
        (">i8", bytes([1i64, 2, 200].map(i64::to_be_bytes))),
        ("<f4", bytes([1f32, 2.0, 200.0].map(f32::to_le_bytes))),
        (">f8", bytes([1f64, 2.0, 200.0].map(f64::to_be_bytes))),
        ("<f2", bytes([0x3c00u16, 0x4000, 0x5a40].map(u16::to_le_bytes))),
    ] {
        assert_eq!(values(kind, &elements), [1.0, 2.0, 200.0], "{kind}");
    }
    assert_eq!(values("|i1", &[255, 0, 128]), [-1.0, 0.0, -128.0]);
    assert_eq!(
        values("<f2", &bytes([0x8001u16, 0xfc00, 0x03ff].map(u16::to_le_bytes)))[..2],
        [-5.960_464_5e-8, f32::NEG_INFINITY]
    );
    for kind in ["<c8", "|O", "<U3", "|V2", "f", ""] {
        let error = parse(&file(kind, "False", "(3,)", &[0; 24])[..]).unwrap_err().to_string();
        assert!(error.contains(&format!("found {kind}")), "{error}");
    }
    assert!(parse(&file("<u8", "False", "(1,)", &[255; 8])[..]).is_err(), "an integer that is too large");
}

#[test]
fn an_array_in_the_order_of_fortran_is_turned() {
    // NumPy: numpy.asfortranarray(numpy.arange(24).reshape(2, 3, 4))
    let turned = [0, 12, 4, 16, 8, 20, 1, 13, 5, 17, 9, 21, 2, 14, 6, 18, 10, 22, 3, 15, 7, 19, 11, 23];
    let array = parse(&file("|u1", "True", "(2, 3, 4)", &turned)[..]).unwrap();
    assert_eq!(array.inputs::<Image<3, 4, 1>>().unwrap(), Inputs::Pixels((0..24).collect()));
    assert!(parse(&file("|u1", "True", "(0, 3)", &[])[..]).unwrap().to_values().is_empty());
    assert_eq!(parse(&file("|u1", "True", "()", &[7])[..]).unwrap().to_values(), [7.0]);
}

#[test]
fn headers_of_all_versions_are_read_and_others_refused() {
    let text = b"{\"shape\": (2L, ), 'descr': '|u1', 'fortran_order': False}";
    for version in [2, 3] {
        let file = [b"\x93NUMPY", &[version, 0][..], &(text.len() as u32).to_le_bytes(), text, &[5, 6]].concat();
        assert_eq!(parse(&file[..]).unwrap().to_values(), [5.0, 6.0]);
    }
    let refused = |text: &str| {
        let file = [b"\x93NUMPY\x01\x00", &(text.len() as u16).to_le_bytes()[..], text.as_bytes()].concat();
        parse(&file[..]).unwrap_err().to_string()
    };
    for text in [
        "",
        "{",
        "{'descr': '<f4'}",
        "{'shape': (1 2)}",
        "{'shape': (-1,)}",
        "{'fortran_order': 0}",
        "{'x': 1}",
        "[]",
        "{'descr': 'f4",
    ] {
        assert!(refused(text).starts_with("is no usable NPY file"), "{text}");
    }
    let overflow = refused("{'descr': '<f8', 'fortran_order': False, 'shape': (9223372036854775807, 4), }");
    assert!(overflow.ends_with("multiply to more than can be counted"), "{overflow}");
    let deep = refused(&"{'shape': ".repeat(900));
    assert!(deep.contains("was expected"), "{deep}");
    let long = [b"\x93NUMPY\x02\x00", &u32::MAX.to_le_bytes()[..]].concat();
    assert!(parse(&long[..]).unwrap_err().to_string().contains("is longer than 10000"));
    assert!(matches!(parse(&b"PK\x03\x04...."[..]), Err(FileFault::Magic { .. })));
}

#[test]
fn inputs_and_targets_become_a_data_set() {
    let folder = std::env::temp_dir().join(format!("netform-npy-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let [x, y] = ["x.npy", "y.npy"].map(|name| folder.join(name));
    std::fs::write(&x, file("|u1", "False", "(2, 2, 3)", &(0..12).collect::<Vec<u8>>())).unwrap();
    std::fs::write(&y, file("<i8", "False", "(2,)", &bytes([2i64, 0].map(i64::to_le_bytes)))).unwrap();
    let data: Dataset<Image<2, 3, 1>, Classes<3>> = load(&x, &y).unwrap();
    assert_eq!((data.labels(), data.pixels().unwrap()[7]), (&[2, 0][..], 7));
    let fewer = load::<Image<2, 3, 1>, Classes<2>>(&x, &y).unwrap_err().to_string();
    assert!(fewer.ends_with("y.npy: sample 0: expected a class in 0..2, found 2"), "{fewer}");
    let shape = load::<Features<5>, Classes<3>>(&x, &y).unwrap_err().to_string();
    assert!(shape.ends_with("x.npy: holds samples of [2, 3], the data set's type wants [5]"), "{shape}");
    std::fs::write(&x, file("|b1", "False", "(2, 3)", &[1, 0, 1, 0, 0, 1])).unwrap();
    let truths: Dataset<Features<3>, Classes<3>> = load(&x, &y).unwrap();
    assert_eq!(truths.input::<f32>(0).unwrap()[..], [1.0, 0.0, 1.0], "true is 1, and no pixel");
    let negative = parse(&file("|i1", "False", "(1,)", &[255])[..]).unwrap();
    assert!(Classes::<3>::columns(&negative).unwrap_err().to_string().ends_with("found -1"));
    let floats =
        parse(&file("<f4", "False", "(2, 2)", &bytes([0.0f32, 1.0, 0.5, 0.5].map(f32::to_le_bytes)))[..]).unwrap();
    assert_eq!(OneHot::<2>::columns(&floats).unwrap(), [0.0, 1.0, 0.5, 0.5]);
    assert_eq!(Values::<Features<2>>::columns(&floats).unwrap(), [0.0, 1.0, 0.5, 0.5]);
    assert!(Classes::<2>::columns(&floats).is_err());
    let steps = parse(&file("|u1", "False", "(1, 3)", &[0, 1, 1])[..]).unwrap();
    assert_eq!(Each::<3, Classes<2>>::columns(&steps).unwrap(), [0, 1, 1]);
    assert!(Each::<2, Classes<2>>::columns(&steps).is_err());
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn archives_are_read_whether_packed_or_not() {
    let path = std::env::temp_dir().join(format!("netform-{}.npz", std::process::id()));
    for method in [zip::CompressionMethod::Stored, zip::CompressionMethod::Deflated] {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        for (name, content) in [
            ("x.npy", file("<f4", "False", "(2, 1)", &bytes([1.5f32, 2.5].map(f32::to_le_bytes)))),
            ("y.npy", file("|u1", "False", "(2,)", &[1, 0])),
        ] {
            writer.start_file(name, options).unwrap();
            writer.write_all(&content).unwrap();
        }
        let content = writer.finish().unwrap().into_inner();
        std::fs::write(&path, &content).unwrap();
        let data: Dataset<Features<1>, Classes<2>> = load_npz(&path, "x", "y").unwrap();
        assert_eq!((data.labels(), data.input::<f32>(1).unwrap()[0]), (&[1, 0][..], 2.5));
        let absent = read_npz(&path, ["z"]).unwrap_err().to_string();
        assert!(
            absent.contains("expected an array `z`, found `x`, `y`") || absent.contains("found `y`, `x`"),
            "{absent}"
        );
        for end in 0..content.len() {
            assert!(parse_npz(std::io::Cursor::new(&content[..end]), ["x", "y"]).is_err(), "{end}");
        }
        for bit in 0..content.len() * 8 {
            let mut flipped = content.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let _ = parse_npz(std::io::Cursor::new(flipped), ["x", "y"]);
        }
    }
    std::fs::remove_file(path).unwrap();
}

#[test]
fn every_prefix_is_an_error_and_flipped_bits_never_panic() {
    let file = file("<f4", "True", "(2, 3)", &[63; 24]);
    for end in 0..file.len() {
        assert!(parse(&file[..end]).is_err(), "{end}");
    }
    assert!(matches!(parse(&[&file[..], &[0]].concat()[..]), Err(FileFault::Trailing { .. })));
    for bit in 0..file.len() * 8 {
        let mut flipped = file.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        if let Ok(array) = parse(&flipped[..]) {
            let _ = (Classes::<9>::columns(&array), array.inputs::<Features<3>>());
        }
    }
    let promise = self::file("<f4", "False", "(1099511627776,)", &[0; 8]);
    assert!(matches!(parse(&promise[..]), Err(FileFault::Truncated { found: 8, .. })));
}
