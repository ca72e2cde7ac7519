//! The header of an array: `{'descr': '<f4', 'fortran_order': False, 'shape': (60000, 28, 28), }`.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use crate::data::FileFault;
use crate::data::source::Source;

/// NumPy reads no longer headers than this either, unless told to.
const MOST_BYTES: usize = 10_000;

/// What an array is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// NumPy's word for the elements.
    pub(super) descr: String,
    pub(super) kind: Kind,
    /// Bytes of an element.
    pub(super) size: usize,
    pub(super) is_big_endian: bool,
    pub(super) is_fortran: bool,
    pub(super) shape: Vec<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Unsigned,
    Signed,
    Float,
}

pub(super) fn wrong(reason: impl core::fmt::Display) -> FileFault {
    FileFault::Format { format: "NPY", reason: reason.to_string() }
}

impl Header {
    pub(super) fn read(source: &mut Source<'_>) -> Result<Self, FileFault> {
        let start: [u8; 8] = source.array("header")?;
        let [0x93, b'N', b'U', b'M', b'P', b'Y', version @ 1..=3, _] = start else {
            let [found @ .., _, _, _, _] = start;
            return Err(FileFault::Magic { expected: "NPY file", found });
        };
        let length = match version {
            1 => u16::from_le_bytes(source.array("header")?).into(),
            _ => u32::from_le_bytes(source.array("header")?) as usize,
        };
        if length > MOST_BYTES {
            return Err(wrong(alloc::format!("its header of {length} bytes is longer than {MOST_BYTES}")));
        }
        let text = String::from_utf8(source.bytes("header", length)?).map_err(|_| wrong("its header is no text"))?;
        Self::parse(&text)
    }

    fn parse(text: &str) -> Result<Self, FileFault> {
        let mut rest = Rest(text);
        let (mut descr, mut is_fortran, mut shape) = (None, None, None);
        rest.expect('{')?;
        while !rest.take('}') {
            let name = rest.quoted()?;
            rest.expect(':')?;
            match name {
                "descr" => descr = Some(rest.quoted()?),
                "fortran_order" => is_fortran = Some(rest.boolean()?),
                "shape" => shape = Some(rest.tuple()?),
                _ => return Err(wrong(alloc::format!("its header has an entry `{name}`"))),
            }
            if !rest.take(',') && !rest.0.trim_start().starts_with('}') {
                return Err(rest.unexpected("`,`"));
            }
        }
        let (Some(descr), Some(is_fortran), Some(shape)) = (descr, is_fortran, shape) else {
            return Err(wrong("its header lacks `descr`, `fortran_order` or `shape`"));
        };
        let (kind, size, is_big_endian) = kind_of(descr)?;
        Ok(Self { descr: descr.into(), kind, size, is_big_endian, is_fortran, shape })
    }

    /// How many elements there are.
    pub(super) fn len(&self) -> Result<usize, FileFault> {
        let product = self.shape.iter().try_fold(1usize, |product, &axis| product.checked_mul(axis));
        let bytes = product.and_then(|count| count.checked_mul(self.size));
        bytes.map(|bytes| bytes / self.size).ok_or_else(|| wrong("its axes multiply to more than can be counted"))
    }
}

fn kind_of(element: &str) -> Result<(Kind, usize, bool), FileFault> {
    let refused = || FileFault::Expected {
        what: "elements of the kind",
        expected: "u1 to u8, i1 to i8, f2, f4, f8 or b1".into(),
        found: element.into(),
    };
    let is_big_endian = element.starts_with('>');
    let (kind, size) = match element.trim_start_matches(['<', '>', '|', '=']) {
        "u1" => (Kind::Unsigned, 1),
        // True is 1, and no pixel.
        "b1" => (Kind::Signed, 1),
        "u2" => (Kind::Unsigned, 2),
        "u4" => (Kind::Unsigned, 4),
        "u8" => (Kind::Unsigned, 8),
        "i1" => (Kind::Signed, 1),
        "i2" => (Kind::Signed, 2),
        "i4" => (Kind::Signed, 4),
        "i8" => (Kind::Signed, 8),
        "f2" => (Kind::Float, 2),
        "f4" => (Kind::Float, 4),
        "f8" => (Kind::Float, 8),
        _ => return Err(refused()),
    };
    Ok((kind, size, is_big_endian))
}

/// What is left of a header.
struct Rest<'t>(&'t str);

impl<'t> Rest<'t> {
    /// Whether the next sign is this one; then it is behind.
    fn take(&mut self, sign: char) -> bool {
        let rest = self.0.trim_start();
        let after = rest.strip_prefix(sign);
        self.0 = after.unwrap_or(rest);
        after.is_some()
    }

    fn expect(&mut self, sign: char) -> Result<(), FileFault> {
        if self.take(sign) { Ok(()) } else { Err(self.unexpected(&alloc::format!("`{sign}`"))) }
    }

    fn unexpected(&self, expected: &str) -> FileFault {
        let found: String = self.0.chars().take(20).collect();
        wrong(alloc::format!("its header has `{found}` where {expected} was expected"))
    }

    fn quoted(&mut self) -> Result<&'t str, FileFault> {
        let quote = if self.take('\'') {
            '\''
        } else if self.take('"') {
            '"'
        } else {
            return Err(self.unexpected("a name"));
        };
        let (name, rest) = self.0.split_once(quote).ok_or_else(|| self.unexpected("the end of a name"))?;
        self.0 = rest;
        Ok(name)
    }

    fn boolean(&mut self) -> Result<bool, FileFault> {
        let rest = self.0.trim_start();
        for (word, value) in [("True", true), ("False", false)] {
            if let Some(rest) = rest.strip_prefix(word) {
                self.0 = rest;
                return Ok(value);
            }
        }
        Err(self.unexpected("`True` or `False`"))
    }

    fn tuple(&mut self) -> Result<Vec<usize>, FileFault> {
        let mut axes = Vec::new();
        self.expect('(')?;
        while !self.take(')') {
            self.0 = self.0.trim_start();
            let end = self.0.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(self.0.len());
            let (digits, rest) = self.0.split_at(end);
            axes.push(digits.parse().map_err(|_| self.unexpected("the length of an axis"))?);
            // Python 2 wrote `60000L`.
            self.0 = rest.strip_prefix('L').unwrap_or(rest);
            if !self.take(',') && !self.0.starts_with(')') {
                return Err(self.unexpected("`,` or `)`"));
            }
        }
        Ok(axes)
    }
}
