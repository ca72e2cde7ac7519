//! One picture: what its file holds, in other channels, and in another size.

use alloc::vec;
use alloc::vec::Vec;
use std::io::Cursor;
use std::string::ToString;

use png::{Decoder, Transformations};
use resize::{PixelFormat, Type};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use crate::data::FileFault;

/// A picture as its file has it, with eight bits for each channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Its height and width in pixels.
    pub size: [usize; 2],
    /// 1 is grey, 2 grey and opacity, 3 red, green and blue, 4 those and opacity.
    pub channels: usize,
    /// Row by row from the top, pixels from the left, the channels last.
    pub pixels: Vec<u8>,
}

impl Picture {
    /// The picture in the content of a PNG or JPEG file.
    ///
    /// A picture takes no more memory than some thousand times its content, whatever size it claims.
    ///
    /// # Errors
    /// When it is no picture or is damaged.
    pub fn decode(content: &[u8]) -> Result<Self, FileFault> {
        Opened::new(content)?.decode(content)
    }
}

/// A picture whose header has been read.
pub(super) enum Opened<'a> {
    Png(png::Reader<Cursor<&'a [u8]>>),
    Jpeg(JpegDecoder<ZCursor<&'a [u8]>>, [usize; 2]),
}

impl<'a> Opened<'a> {
    pub(super) fn new(content: &'a [u8]) -> Result<Self, FileFault> {
        match content {
            [0x89, b'P', b'N', b'G', ..] => {
                let limits = png::Limits { bytes: most_memory(content) };
                let mut decoder = Decoder::new_with_limits(Cursor::new(content), limits);
                decoder.set_transformations(Transformations::normalize_to_color8());
                Ok(Self::Png(decoder.read_info().map_err(damaged)?))
            }
            [0xff, 0xd8, ..] => {
                // Strict is what no viewer of pictures is; sizes are looked at below.
                let options = DecoderOptions::default()
                    .set_strict_mode(false)
                    .set_max_width(usize::MAX)
                    .set_max_height(usize::MAX);
                let mut decoder = JpegDecoder::new_with_options(ZCursor::new(content), options);
                decoder.decode_headers().map_err(damaged)?;
                let Some(info) = decoder.info() else { return Err(damaged("it has no header")) };
                Ok(Self::Jpeg(decoder, [info.height.into(), info.width.into()]))
            }
            _ => Err(damaged("it begins neither as a PNG nor as a JPEG file")),
        }
    }

    /// Height and width.
    pub(super) fn size(&self) -> [usize; 2] {
        match self {
            Self::Png(reader) => [reader.info().height as usize, reader.info().width as usize],
            Self::Jpeg(_, size) => *size,
        }
    }

    pub(super) fn decode(self, content: &[u8]) -> Result<Picture, FileFault> {
        let size = self.size();
        if size.contains(&0) {
            return Err(damaged("it has no pixels"));
        }
        let room = |bytes: Option<usize>| match bytes {
            Some(bytes) if bytes <= most_memory(content) => Ok(vec![0; bytes]),
            _ => Err(damaged("it claims more pixels than its content can have")),
        };
        match self {
            Self::Png(mut reader) => {
                let mut pixels = room(reader.output_buffer_size())?;
                let info = reader.next_frame(&mut pixels).map_err(damaged)?;
                pixels.truncate(info.buffer_size());
                Ok(Picture { size, channels: info.color_type.samples(), pixels })
            }
            Self::Jpeg(mut decoder, _) => {
                let is_grey = matches!(decoder.input_colorspace(), Some(ColorSpace::Luma));
                let colours = if is_grey { ColorSpace::Luma } else { ColorSpace::RGB };
                let options = decoder.options().jpeg_set_out_colorspace(colours);
                decoder.set_options(options);
                let channels = if is_grey { 1 } else { 3 };
                let mut pixels = room(size[0].checked_mul(size[1] * channels))?;
                decoder.decode_into(&mut pixels).map_err(damaged)?;
                Ok(Picture { size, channels, pixels })
            }
        }
    }
}

/// The bytes that a picture may take: small ones may always be read, and deflate packs a thousand equal bytes into one (zlib's
/// technical details give 1,032).
const fn most_memory(content: &[u8]) -> usize {
    (1 << 20) + content.len().saturating_mul(2048)
}

fn damaged(error: impl ToString) -> FileFault {
    FileFault::Format { format: "picture", reason: error.to_string() }
}

/// A picture with as many channels as the type has: grey is their luma by Rec. 709, what has no opacity is opaque.
#[derive(Debug)]
pub(super) struct Pixels<const CHANNELS: usize> {
    size: [usize; 2],
    pixels: Vec<[u8; CHANNELS]>,
}

impl<const CHANNELS: usize> Pixels<CHANNELS> {
    pub(super) fn of(picture: &Picture) -> Self {
        let pixel = |pixel: &[u8]| {
            let (colours, opacity) = match *pixel {
                [grey] => ([grey; 3], u8::MAX),
                [grey, opacity] => ([grey; 3], opacity),
                [red, green, blue] => ([red, green, blue], u8::MAX),
                [red, green, blue, opacity, ..] => ([red, green, blue], opacity),
                [] => ([0; 3], u8::MAX),
            };
            let mut channels = [opacity; CHANNELS];
            match CHANNELS {
                1 => channels[0] = luma(colours),
                _ => channels[..3].copy_from_slice(&colours),
            }
            channels
        };
        Self { size: picture.size, pixels: picture.pixels.chunks_exact(picture.channels).map(pixel).collect() }
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.pixels.into_flattened()
    }

    /// Scaled to a size, whatever becomes of the proportions.
    pub(super) fn resized(&self, to: [usize; 2]) -> Result<Self, FileFault> {
        self.part_resized([0, 0], self.size, to)
    }

    /// The largest part in the middle that has the proportions of a size, scaled to it.
    pub(super) fn cropped(&self, [height, width]: [usize; 2]) -> Result<Self, FileFault> {
        let [own_height, own_width] = self.size;
        let scaled = |own: usize, by: usize, over: usize| ((own as u128 * by as u128 / over as u128) as usize).max(1);
        let is_wide = own_width as u128 * height as u128 > own_height as u128 * width as u128;
        let part = match is_wide {
            true => [own_height, scaled(own_height, width, height)],
            false => [scaled(own_width, height, width), own_width],
        };
        self.part_resized([(own_height - part[0]) / 2, (own_width - part[1]) / 2], part, [height, width])
    }

    /// A part of the picture, scaled with a triangle as wide as the pixels of the smaller picture.
    fn part_resized(&self, [top, left]: [usize; 2], part: [usize; 2], to: [usize; 2]) -> Result<Self, FileFault> {
        if part == self.size && part == to {
            return Ok(Self { size: to, pixels: self.pixels.clone() });
        }
        let own_width = self.size[1];
        let own = &self.pixels[top * own_width + left..];
        // Heights first, so that no result on the way is larger than the picture or the result.
        let mut columns = vec![Pixel([0.0; CHANNELS]); to[0] * part[1]];
        resize::new(part[1], part[0], part[1], to[0], ToReal::<CHANNELS>, Type::Triangle)
            .and_then(|mut resizer| resizer.resize_stride(own, own_width, &mut columns))
            .map_err(damaged)?;
        let mut pixels = vec![Pixel([0; CHANNELS]); to[0] * to[1]];
        resize::new(part[1], to[0], to[1], to[0], ToBytes::<CHANNELS>, Type::Triangle)
            .and_then(|mut resizer| resizer.resize(&columns, &mut pixels))
            .map_err(damaged)?;
        Ok(Self { size: to, pixels: pixels.into_iter().map(|pixel| pixel.0).collect() })
    }
}

/// As the conversions of video to grey have it, in whole ten-thousandths.
const fn luma([red, green, blue]: [u8; 3]) -> u8 {
    ((red as u32 * 2126 + green as u32 * 7152 + blue as u32 * 722) / 10_000) as u8
}

/// A pixel that has a default, as the resizer asks for.
#[derive(Clone, Copy)]
struct Pixel<T, const CHANNELS: usize>([T; CHANNELS]);

impl<T: Copy + Default, const CHANNELS: usize> Default for Pixel<T, CHANNELS> {
    fn default() -> Self {
        Self([T::default(); CHANNELS])
    }
}

/// From bytes to real numbers, and back from them: sums are rounded once.
struct ToReal<const CHANNELS: usize>;
struct ToBytes<const CHANNELS: usize>;

fn add<const CHANNELS: usize>(sums: &mut [f32; CHANNELS], numbers: [f32; CHANNELS], weight: f32) {
    sums.iter_mut().zip(numbers).for_each(|(sum, number)| *sum += number * weight);
}

impl<const CHANNELS: usize> PixelFormat for ToReal<CHANNELS> {
    type InputPixel = [u8; CHANNELS];
    type OutputPixel = Pixel<f32, CHANNELS>;
    type Accumulator = [f32; CHANNELS];

    fn new() -> Self::Accumulator {
        [0.0; CHANNELS]
    }

    fn add(&self, sums: &mut Self::Accumulator, pixel: Self::InputPixel, weight: f32) {
        add(sums, pixel.map(f32::from), weight);
    }

    fn add_acc(sums: &mut Self::Accumulator, numbers: Self::Accumulator, weight: f32) {
        add(sums, numbers, weight);
    }

    fn into_pixel(&self, sums: Self::Accumulator) -> Self::OutputPixel {
        Pixel(sums)
    }
}

impl<const CHANNELS: usize> PixelFormat for ToBytes<CHANNELS> {
    type InputPixel = Pixel<f32, CHANNELS>;
    type OutputPixel = Pixel<u8, CHANNELS>;
    type Accumulator = [f32; CHANNELS];

    fn new() -> Self::Accumulator {
        [0.0; CHANNELS]
    }

    fn add(&self, sums: &mut Self::Accumulator, pixel: Self::InputPixel, weight: f32) {
        add(sums, pixel.0, weight);
    }

    fn add_acc(sums: &mut Self::Accumulator, numbers: Self::Accumulator, weight: f32) {
        add(sums, numbers, weight);
    }

    fn into_pixel(&self, sums: Self::Accumulator) -> Self::OutputPixel {
        Pixel(sums.map(|sum| (sum + 0.5) as u8))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_channels_becomes_every_other() {
        let of = |channels, pixels: &[u8]| Picture { size: [1, 1], channels, pixels: pixels.to_vec() };
        let colours = of(3, &[10, 20, 200]);
        let luma = (0.2126 * 10.0 + 0.7152 * 20.0 + 0.0722 * 200.0) as u8;
        assert_eq!(Pixels::<1>::of(&colours).pixels, [[luma]]);
        assert_eq!(Pixels::<4>::of(&colours).pixels, [[10, 20, 200, 255]]);
        assert_eq!(Pixels::<3>::of(&of(2, &[9, 100])).pixels, [[9, 9, 9]]);
        assert_eq!(Pixels::<4>::of(&of(2, &[9, 100])).pixels, [[9, 9, 9, 100]]);
        assert_eq!(Pixels::<1>::of(&of(1, &[9])).pixels, [[9]]);
        assert_eq!(Pixels::<1>::of(&of(4, &[255, 255, 255, 0])).pixels, [[255]]);
    }

    #[test]
    fn scaling_is_a_mean_with_a_triangle() {
        let row = |pixels: &[u8]| Pixels { size: [1, pixels.len()], pixels: pixels.iter().map(|p| [*p]).collect() };
        let bytes = |pixels: Pixels<1>| pixels.into_bytes();
        // Twice as wide: a quarter and three quarters of the neighbours, the edges repeated.
        assert_eq!(bytes(row(&[0, 100]).resized([1, 4]).unwrap()), [0, 25, 75, 100]);
        // Half as wide: eighths 1, 3, 3, 1, of which the first is outside and the rest is its share of 7.
        let expected = [(3.0 * 10.0 + 3.0 * 20.0 + 80.0) / 7.0, (20.0 + 3.0 * 80.0 + 3.0 * 160.0) / 7.0];
        assert_eq!(
            bytes(row(&[10, 20, 80, 160]).resized([1, 2]).unwrap()),
            expected.map(|mean: f32| mean.round() as u8)
        );
        let column = Pixels::<1> { size: [4, 1], ..row(&[10, 20, 80, 160]) };
        assert_eq!(bytes(column.resized([2, 1]).unwrap()), expected.map(|mean: f32| mean.round() as u8));
        let square = Pixels::<1> { size: [2, 3], ..row(&[7; 6]) };
        assert!(bytes(square.resized([5, 4]).unwrap()).iter().all(|pixel| *pixel == 7));
    }

    #[test]
    fn a_long_picture_takes_no_more_memory_than_its_pixels() {
        let long = Pixels::<3> { size: [1 << 20, 1], pixels: vec![[5; 3]; 1 << 20] };
        assert!(long.resized([3, 2000]).unwrap().pixels.iter().all(|pixel| *pixel == [5; 3]));
    }
}
