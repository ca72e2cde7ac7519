//! A checksum inside a safetensors file: eight hexadecimal digits in its header, behind a text by which they are found.
//!
//! The metadata have the entry `netform.checksum` with `crc32=` and the digits: the cyclic redundancy check of the whole file, with zeros
//! in place of the digits. It changes with any single bit.

use core::ops::Range;

const DIGITS: usize = 8;

/// The key of the metadata.
pub const KEY: &str = "netform.checksum";
/// Its value, up to the digits.
pub const MARK: &str = "crc32=";
/// The key of a checkpoint's metadata, which says more than that.
pub const CHECKPOINT_KEY: &str = "netform.checkpoint";
/// The beginning of its value, up to the digits.
pub const CHECKPOINT_MARK: &str = "version=1 checksum=";
/// The key of the metadata that says how tensors are laid out.
pub const LAYOUT_KEY: &str = "netform.layout";
/// Its value where they are as PyTorch's.
pub const LAYOUT_TORCH: &str = "torch";
/// Digits that are not known yet.
pub const UNKNOWN: &str = "00000000";

/// A file whose checksum is another one than it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damaged {
    /// What the file says; if its digits are none, what it cannot say.
    pub expected: u32,
    /// What it amounts to.
    pub found: u32,
}

/// Writes the checksum into a file of ours that has zeros for it. Returns whether there is room for it.
pub fn seal(content: &mut [u8], mark: &[u8]) -> bool {
    let Some(digits) = digits(content, mark) else { return false };
    let text = hexadecimal(checksum(content, &digits));
    content[digits].copy_from_slice(&text);
    true
}

/// Compares a file with its checksum: whether it has one.
///
/// # Errors
/// When it is another one.
pub fn check(content: &[u8], mark: &[u8]) -> Result<bool, Damaged> {
    let Some(digits) = digits(content, mark) else { return Ok(false) };
    let found = checksum(content, &digits);
    // Compared as text, so that no other spelling of the same number passes.
    if content[digits.clone()] == hexadecimal(found) {
        return Ok(true);
    }
    let text = core::str::from_utf8(&content[digits]).unwrap_or_default();
    Err(Damaged { expected: u32::from_str_radix(text, 16).unwrap_or(!found), found })
}

/// Compares a file of weights, or a checkpoint, with its checksum, if it says that it has one: in the key or in the value, so that
/// no change of a bit makes a file of ours one without.
///
/// # Errors
/// When it is another one, or cannot be read.
pub fn check_weights(content: &[u8]) -> Result<(), Damaged> {
    for (key, mark) in [(KEY, MARK), (CHECKPOINT_KEY, CHECKPOINT_MARK)] {
        let is_sealed = check(content, mark.as_bytes())?;
        if !is_sealed && has_key(content, key) {
            return Err(Damaged { expected: 0, found: 0 });
        }
    }
    Ok(())
}

/// Whether it is a file of weights that netform has written.
pub fn is_weights(content: &[u8]) -> bool {
    has_key(content, KEY)
}

/// Whether it is a checkpoint of training, whose weights are among other things.
pub fn is_checkpoint(content: &[u8]) -> bool {
    has_key(content, CHECKPOINT_KEY)
}

fn has_key(content: &[u8], key: &str) -> bool {
    header(content).is_some_and(|header| place(header, key.as_bytes()).is_some())
}

fn header(content: &[u8]) -> Option<&[u8]> {
    let (length, rest) = content.split_first_chunk::<8>()?;
    rest.get(..usize::try_from(u64::from_le_bytes(*length)).ok()?)
}

fn place(header: &[u8], mark: &[u8]) -> Option<usize> {
    header.windows(mark.len()).position(|window| window == mark)
}

/// Where the digits stand.
fn digits(content: &[u8], mark: &[u8]) -> Option<Range<usize>> {
    let header = header(content)?;
    let start = size_of::<u64>() + place(header, mark)? + mark.len();
    (start + DIGITS <= size_of::<u64>() + header.len()).then_some(start..start + DIGITS)
}

fn checksum(content: &[u8], digits: &Range<usize>) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&content[..digits.start]);
    hasher.update(UNKNOWN.as_bytes());
    hasher.update(&content[digits.end..]);
    hasher.finalize()
}

fn hexadecimal(number: u32) -> [u8; DIGITS] {
    core::array::from_fn(|place| b"0123456789abcdef"[(number >> (28 - 4 * place)) as usize & 15])
}
