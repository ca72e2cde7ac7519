/// What an input is made of in a shard: `u8` or `f32`.
pub trait Element: bytemuck::Pod + Send + Sync + Sealed {
    /// Its name in `shards.txt`.
    const NAME: &'static str;

    /// Its value.
    fn number(self) -> f32;

    /// From little-endian bytes to those of this machine.
    fn from_little_endian(elements: &mut [Self]);
}

use sealed::Sealed;

mod sealed {
    pub trait Sealed {}
    impl Sealed for u8 {}
    impl Sealed for f32 {}
}

impl Element for u8 {
    const NAME: &'static str = "u8";

    fn number(self) -> f32 {
        self.into()
    }

    fn from_little_endian(_: &mut [Self]) {}
}

impl Element for f32 {
    const NAME: &'static str = "f32";

    fn number(self) -> f32 {
        self
    }

    fn from_little_endian(elements: &mut [Self]) {
        if cfg!(target_endian = "big") {
            elements.iter_mut().for_each(|value| *value = Self::from_bits(value.to_bits().swap_bytes()));
        }
    }
}

/// The checksum of a sample's bytes and its number: a sample in the place of another is damage, too.
pub(super) fn seen(index: u32, bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&index.to_le_bytes());
    hasher.update(bytes);
    hasher.finalize()
}
