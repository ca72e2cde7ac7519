use alloc::string::ToString as _;
use alloc::vec::Vec;
use std::path::{Path, PathBuf};

use super::*;
use crate::data::{Classes, Values};
use crate::shapes::{Features, Image};

type Shape = Image<2, 3, 2>;
type Label = (Classes<5>, Values<Features<2>>);

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(std::format!("netform-shards-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn pixels(index: usize) -> [u8; 12] {
    core::array::from_fn(|place| (index * 31 + place * 7) as u8)
}

fn target(index: usize) -> (u32, [f32; 2]) {
    (index as u32 % 5, [index as f32, 0.5])
}

fn write(folder: &Path, samples: usize, run: usize) -> Standardization {
    let mut writer = Writer::<Shape, Label, u8>::create(folder).unwrap().samples_a_shard(run).unwrap();
    (0..samples).for_each(|index| writer.push(&pixels(index), target(index)).unwrap());
    writer.finish().unwrap()
}

#[test]
fn samples_come_back_as_if_they_were_in_memory() {
    for (samples, run) in [(0, 3), (1, 1), (3, 3), (100, 7)] {
        let folder = Folder::new(&std::format!("back-{samples}"));
        let measured = write(&folder.0, samples, run);
        let mut streamed = open::<Shape, Label>(&folder.0).unwrap();
        let all: Vec<u8> = (0..samples).flat_map(pixels).collect();
        let (classes, values) = (0..samples).map(target).unzip::<_, _, Vec<u32>, Vec<_>>();
        let mut held = Dataset::<Shape, Label>::from_pixels(all, (classes, values.as_flattened().to_vec())).unwrap();
        assert_eq!(streamed.targets(), held.targets());
        let expected = held.standardize();
        streamed.standardize_with(&standardization::<Shape, Label>(&folder.0).unwrap()).unwrap();
        for (found, expected) in
            measured.mean.iter().zip(&expected.mean).chain(measured.deviation.iter().zip(&expected.deviation))
        {
            assert!((found - expected).abs() < 1e-4 * expected.abs().max(1.0), "{measured:?} {expected:?}");
        }
        streamed.standardize_with(&expected).unwrap();
        let indices: Vec<u32> = (0..samples as u32).rev().collect();
        let [mut a, mut b] = [(); 2].map(|()| alloc::vec![0.0f32; 12 * samples]);
        streamed.try_fill_inputs(&indices, &mut a).unwrap();
        held.fill_inputs(&indices, &mut b);
        assert_eq!(a, b);
    }
}

#[test]
fn values_are_kept_bit_by_bit() {
    let folder = Folder::new("values");
    let mut writer = Writer::<Features<3>, Classes<1>, f32>::create(&folder.0).unwrap();
    writer.push(&[1.5, -0.0, f32::MIN_POSITIVE], 0).unwrap();
    let refused = [writer.push(&[0.0, f32::NAN, 0.0], 0), writer.push(&[0.0; 2], 0), writer.push(&[0.0; 3], 1)];
    assert!(matches!(
        refused,
        [
            Err(DataError::NotFinite { sample: 1, element: 1, .. }),
            Err(DataError::Elements { found: 2, .. }),
            Err(DataError::Target { sample: 1, .. })
        ]
    ));
    assert_eq!(writer.len(), 1);
    writer.finish().unwrap();
    let data = open::<Features<3>, Classes<1>>(&folder.0).unwrap();
    assert_eq!(data.input::<f32>(0).unwrap().map(f32::to_bits), [1.5f32, -0.0, f32::MIN_POSITIVE].map(f32::to_bits));
    let again = Writer::<Features<3>, Classes<1>, f32>::create(&folder.0).unwrap_err();
    assert!(again.to_string().contains("is there already"), "{again}");
}

#[test]
fn folders_of_something_else_are_refused() {
    let folder = Folder::new("else");
    let absent = open::<Shape, Label>(&folder.0).unwrap_err().to_string();
    assert!(
        absent.ends_with("shards.txt: there is no such file; a `shards::Writer` writes it when it finishes"),
        "{absent}"
    );
    write(&folder.0, 10, 4);
    let shape = open::<Image<3, 2, 2>, Label>(&folder.0).unwrap_err().to_string();
    assert!(shape.ends_with("expected samples of shape [3, 2, 2], found [2, 3, 2]"), "{shape}");
    let label = open::<Shape, Classes<5>>(&folder.0).unwrap_err().to_string();
    assert!(label.ends_with("expected labels Classes<5>, found (Classes<5>, Values<[2]>)"), "{label}");
    std::fs::remove_file(folder.0.join("inputs-00002.bin")).unwrap();
    let lost = open::<Shape, Label>(&folder.0).unwrap_err().to_string();
    assert!(lost.contains("inputs-00002.bin: cannot be read"), "{lost}");
}

/// Everything in the folder is read.
fn all(folder: &Path) -> Result<(), DataError> {
    open::<Shape, Label>(folder)?.held().map(drop)
}

#[test]
fn every_prefix_and_every_flipped_bit_of_every_file_is_an_error() {
    let folder = Folder::new("damage");
    write(&folder.0, 7, 4);
    all(&folder.0).unwrap();
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder.0).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    assert_eq!(files.len(), 4);
    for path in files {
        let content = std::fs::read(&path).unwrap();
        for end in 0..content.len() {
            std::fs::write(&path, &content[..end]).unwrap();
            assert!(all(&folder.0).is_err(), "{} cut to {end}", path.display());
        }
        for bit in 0..content.len() * 8 {
            let mut flipped = content.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            std::fs::write(&path, flipped).unwrap();
            let error = all(&folder.0).unwrap_err().to_string();
            assert!(error.contains(path.file_name().unwrap().to_str().unwrap()), "{error}, not {}", path.display());
        }
        std::fs::write(&path, content).unwrap();
    }
    all(&folder.0).unwrap();
}

#[test]
fn samples_that_changed_places_are_damage() {
    let folder = Folder::new("places");
    write(&folder.0, 8, 4);
    let [first, second] = [0, 1].map(|shard| files::name(&folder.0, shard));
    let content = std::fs::read(&first).unwrap();
    std::fs::copy(&second, &first).unwrap();
    std::fs::write(&second, content).unwrap();
    let error = open::<Shape, Label>(&folder.0).unwrap().input::<f32>(5).unwrap_err().to_string();
    assert!(
        error.ends_with(
            "inputs-00001.bin: is damaged: sample 5 does not match its checksum; get or write the file again"
        ),
        "{error}"
    );
}

#[test]
fn more_shards_than_files_may_be_open() {
    let folder = Folder::new("many");
    write(&folder.0, 200, 1);
    let data = open::<Shape, Label>(&folder.0).unwrap();
    for index in (0..200).chain((0..200).rev()) {
        data.input::<f32>(index).unwrap();
    }
}

#[test]
fn a_huge_promise_takes_no_memory() {
    let folder = Folder::new("promise");
    write(&folder.0, 2, 4);
    let path = folder.0.join(manifest::MANIFEST);
    let text = std::fs::read_to_string(&path).unwrap().replace("samples: 2", "samples: 4294967295");
    let content = text.split("checksum").next().unwrap();
    std::fs::write(&path, std::format!("{content}checksum: {:08x}\n", crc32fast::hash(content.as_bytes()))).unwrap();
    let error = open::<Shape, Label>(&folder.0).unwrap_err().to_string();
    assert!(error.ends_with("samples.bin: expected bytes: 68719476724, found 36"), "{error}");
}
