use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use std::io::Read as _;
use std::path::Path;

use crate::data::{DataError, FileFault, KeptLabel, Standardization};
use crate::shapes::SampleShape;

pub(super) const MANIFEST: &str = "shards.txt";

/// More no manifest has.
const MOST_BYTES: u64 = 1 << 20;

/// What the files of a folder are.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Manifest {
    pub(super) elements: String,
    pub(super) samples: u64,
    /// Samples in each shard but the last.
    pub(super) run: u64,
    pub(super) standardization: Standardization,
}

impl Manifest {
    pub(super) fn to_text<X: SampleShape, Y: KeptLabel>(&self) -> String {
        let numbers = |numbers: &[f32]| numbers.iter().map(f32::to_string).collect::<Vec<_>>().join(" ");
        let text = format!(
            "netform shards: 1\nelements: {}\nshape: {}\nlabel: {}\nsamples: {}\nsamples a shard: {}\nmean: {}\ndeviation: {}\n",
            self.elements,
            X::SHAPE,
            Y::kind(),
            self.samples,
            self.run,
            numbers(&self.standardization.mean),
            numbers(&self.standardization.deviation),
        );
        format!("{text}checksum: {:08x}\n", crc32fast::hash(text.as_bytes()))
    }

    /// The manifest of a folder, of this shape and label.
    pub(super) fn load<X: SampleShape, Y: KeptLabel>(folder: &Path) -> Result<Self, DataError> {
        let path = folder.join(MANIFEST);
        let text = || {
            let mut text = String::new();
            let file = std::fs::File::open(&path).map_err(|error| match error.kind() {
                std::io::ErrorKind::NotFound => {
                    FileFault::Absent { help: "a `shards::Writer` writes it when it finishes" }
                }
                _ => FileFault::Unreadable(error),
            })?;
            file.take(MOST_BYTES).read_to_string(&mut text).map_err(FileFault::Unreadable)?;
            Self::from_text::<X, Y>(&text)
        };
        text().map_err(|fault| fault.of(&path))
    }

    pub(super) fn from_text<X: SampleShape, Y: KeptLabel>(text: &str) -> Result<Self, FileFault> {
        let wrong = |reason: &str| FileFault::Format { format: "shards", reason: reason.to_string() };
        let (content, checksum) = text.rsplit_once("checksum: ").ok_or_else(|| wrong("it has no checksum"))?;
        if checksum != format!("{:08x}\n", crc32fast::hash(content.as_bytes())) {
            return Err(FileFault::Checksum { part: "all of it".into() });
        }
        let mut lines = content.lines();
        let mut line = |name: &str| {
            let value = lines.next().and_then(|line| line.strip_prefix(name)).and_then(|rest| rest.strip_prefix(": "));
            value.ok_or_else(|| wrong(&format!("there is no line `{name}:` where it should be")))
        };
        let expect = |what, found: &str, expected: String| match found == expected {
            true => Ok(()),
            false => Err(FileFault::Expected { what, expected, found: found.into() }),
        };
        expect("version", line("netform shards")?, "1".into())?;
        let elements = line("elements")?.to_string();
        if !["u8", "f32"].contains(&elements.as_str()) {
            return Err(FileFault::Expected { what: "elements", expected: "u8 or f32".into(), found: elements });
        }
        expect("samples of shape", line("shape")?, X::SHAPE.to_string())?;
        expect("labels", line("label")?, Y::kind())?;
        let whole = |text: &str| text.parse::<u64>().map_err(|_| wrong(&format!("`{text}` is no number")));
        let (samples, run) = (whole(line("samples")?)?, whole(line("samples a shard")?)?);
        if run == 0 || samples > u64::from(u32::MAX) || run > u64::from(u32::MAX) {
            return Err(wrong("there are more samples than can be numbered, or none in a shard"));
        }
        let numbers = |text: &str| -> Result<Vec<f32>, FileFault> {
            text.split_whitespace()
                .map(|number| number.parse().map_err(|_| wrong(&format!("`{number}` is no number"))))
                .collect()
        };
        let standardization =
            Standardization { mean: numbers(line("mean")?)?, deviation: numbers(line("deviation")?)? };
        Ok(Self { elements, samples, run, standardization })
    }
}
