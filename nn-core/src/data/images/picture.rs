//! One picture: what its file holds, in other channels, and in another size.

use alloc::boxed::Box;
use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;
use core::marker::PhantomData;
use std::io::Cursor;

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
    /// The picture in the content of a PNG or JPEG file. How much memory it takes is bounded by the length of the content,
    /// whatever size it claims.
    ///
    /// # Errors
    /// When it is no picture or is damaged.
    pub fn decode(content: &[u8]) -> Result<Self, FileFault> {
        Opened::new(content)?.decode()
    }
}

/// A picture whose header has been read.
pub(super) struct Opened<'a> {
    /// Height and width.
    pub(super) size: [usize; 2],
    decoder: Format<'a>,
}

enum Format<'a> {
    Png(Box<png::Reader<Cursor<&'a [u8]>>>),
    Jpeg(Box<JpegDecoder<ZCursor<&'a [u8]>>>),
}

impl<'a> Opened<'a> {
    pub(super) fn new(content: &'a [u8]) -> Result<Self, FileFault> {
        let opened = match content {
            [0x89, b'P', b'N', b'G', ..] => Self::png(content)?,
            [0xff, 0xd8, ..] => Self::jpeg(content)?,
            _ => return Err(damaged("it begins neither as a PNG nor as a JPEG file")),
        };
        if opened.size.contains(&0) { Err(damaged("it has no pixels")) } else { Ok(opened) }
    }

    fn png(content: &'a [u8]) -> Result<Self, FileFault> {
        let most = most_memory(content);
        let mut decoder = Decoder::new_with_limits(Cursor::new(content), png::Limits { bytes: most });
        decoder.set_transformations(Transformations::normalize_to_color8());
        let reader = decoder.read_info().map_err(damaged)?;
        let (info, size) = (reader.info(), [reader.info().height as usize, reader.info().width as usize]);
        match size[0].checked_mul(info.raw_row_length()) {
            Some(bytes) if bytes <= most => Ok(Self { size, decoder: Format::Png(Box::new(reader)) }),
            _ => Err(too_large()),
        }
    }

    fn jpeg(content: &'a [u8]) -> Result<Self, FileFault> {
        // Strict is what no viewer of pictures is.
        let options =
            DecoderOptions::default().set_strict_mode(false).set_max_width(MOST_SIDE).set_max_height(MOST_SIDE);
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(content), options);
        decoder.decode_headers().map_err(damaged)?;
        let Some(info) = decoder.info() else { return Err(damaged("it has no header")) };
        if info.components == 2 {
            return Err(damaged("it has two channels: one, three or four are known"));
        }
        // What is missing of a picture would be grey.
        if !content.windows(2).any(|bytes| bytes == [0xff, 0xd9]) {
            return Err(damaged("it ends too early"));
        }
        let size = [info.height.into(), info.width.into()];
        let bytes = size[0] * size[1] * usize::from(info.components);
        if bytes > most_memory(content) {
            Err(too_large())
        } else {
            Ok(Self { size, decoder: Format::Jpeg(Box::new(decoder)) })
        }
    }

    pub(super) fn decode(self) -> Result<Picture, FileFault> {
        let size = self.size;
        match self.decoder {
            Format::Png(mut reader) => {
                let mut pixels = vec![0; reader.output_buffer_size().ok_or_else(too_large)?];
                let info = reader.next_frame(&mut pixels).map_err(damaged)?;
                pixels.truncate(info.buffer_size());
                Ok(Picture { size, channels: info.color_type.samples(), pixels })
            }
            Format::Jpeg(mut decoder) => {
                let is_grey = matches!(decoder.input_colorspace(), Some(ColorSpace::Luma));
                let (colours, channels) = if is_grey { (ColorSpace::Luma, 1) } else { (ColorSpace::RGB, 3) };
                let options = decoder.options().jpeg_set_out_colorspace(colours);
                decoder.set_options(options);
                let mut pixels = vec![0; size[0] * size[1] * channels];
                decoder.decode_into(&mut pixels).map_err(damaged)?;
                Ok(Picture { size, channels, pixels })
            }
        }
    }
}

/// The longest side of a JPEG: its decoder counts in 16 bits, and rounds up to blocks of eight.
const MOST_SIDE: usize = u16::MAX as usize - 7;

/// The bytes that a picture may have before bits become bytes: small ones may always be read, and deflate packs a thousand
/// equal bytes into one (zlib's technical details give 1,032).
const fn most_memory(content: &[u8]) -> usize {
    content.len().saturating_mul(1040).saturating_add(1 << 20)
}

fn damaged(error: impl ToString) -> FileFault {
    FileFault::Format { format: "picture", reason: error.to_string() }
}

fn too_large() -> FileFault {
    damaged("it claims more pixels than its content can have")
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
            let colours = if pixel.len() < 3 { [pixel[0]; 3] } else { [pixel[0], pixel[1], pixel[2]] };
            let opacity = if pixel.len().is_multiple_of(2) { pixel[pixel.len() - 1] } else { u8::MAX };
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
    pub(super) fn resized(self, to: [usize; 2]) -> Result<Self, FileFault> {
        let whole = self.size;
        self.part_resized([0, 0], whole, to)
    }

    /// The largest part in the middle that has the proportions of a size, scaled to it.
    pub(super) fn cropped(self, [height, width]: [usize; 2]) -> Result<Self, FileFault> {
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
    fn part_resized(self, [top, left]: [usize; 2], part: [usize; 2], to: [usize; 2]) -> Result<Self, FileFault> {
        if part == self.size && part == to {
            return Ok(self);
        }
        let part_pixels = &self.pixels[top * self.size[1] + left..];
        // Heights or widths first: what is in between is not larger than the larger of the picture and the result.
        let pixels = if to[0] as u128 * part[1] as u128 <= part[0] as u128 * to[1] as u128 {
            let columns: Vec<[f32; CHANNELS]> = scale(part_pixels, self.size[1], part, [to[0], part[1]])?;
            scale(&columns, part[1], [to[0], part[1]], to)?
        } else {
            scale(part_pixels, self.size[1], part, to)?
        };
        Ok(Self { size: to, pixels })
    }
}

/// Some pixels, whose rows begin `stride` apart, in another size: widths first, then heights.
fn scale<From: Number, To: Number, const CHANNELS: usize>(
    pixels: &[[From; CHANNELS]],
    stride: usize,
    from: [usize; 2],
    to: [usize; 2],
) -> Result<Vec<[To; CHANNELS]>, FileFault> {
    let mut scaled = vec![Pixel([To::default(); CHANNELS]); to[0] * to[1]];
    resize::new(from[1], from[0], to[1], to[0], Means::<From, To, CHANNELS>(PhantomData), Type::Triangle)
        .and_then(|mut resizer| resizer.resize_stride(pixels, stride, &mut scaled))
        .map_err(damaged)?;
    Ok(scaled.into_iter().map(|pixel| pixel.0).collect())
}

/// As the conversions of video to grey have it, in whole ten-thousandths.
const fn luma([red, green, blue]: [u8; 3]) -> u8 {
    ((red as u32 * 2126 + green as u32 * 7152 + blue as u32 * 722) / 10_000) as u8
}

/// What a channel is: a byte, or a real number on the way to one.
trait Number: Copy + Default + Send + Sync {
    fn real(self) -> f32;
    fn rounded(real: f32) -> Self;
}

impl Number for u8 {
    fn real(self) -> f32 {
        self.into()
    }

    fn rounded(real: f32) -> Self {
        (real + 0.5) as Self
    }
}

impl Number for f32 {
    fn real(self) -> f32 {
        self
    }

    fn rounded(real: f32) -> Self {
        real
    }
}

/// A pixel that has a default, as the resizer asks for.
#[derive(Clone, Copy)]
struct Pixel<N, const CHANNELS: usize>([N; CHANNELS]);

impl<N: Number, const CHANNELS: usize> Default for Pixel<N, CHANNELS> {
    fn default() -> Self {
        Self([N::default(); CHANNELS])
    }
}

/// Weighted means of pixels.
struct Means<From, To, const CHANNELS: usize>(PhantomData<(From, To)>);

fn add<const CHANNELS: usize>(sums: &mut [f32; CHANNELS], numbers: [f32; CHANNELS], weight: f32) {
    sums.iter_mut().zip(numbers).for_each(|(sum, number)| *sum += number * weight);
}

impl<From: Number, To: Number, const CHANNELS: usize> PixelFormat for Means<From, To, CHANNELS> {
    type InputPixel = [From; CHANNELS];
    type OutputPixel = Pixel<To, CHANNELS>;
    type Accumulator = [f32; CHANNELS];

    fn new() -> Self::Accumulator {
        [0.0; CHANNELS]
    }

    fn add(&self, sums: &mut Self::Accumulator, pixel: Self::InputPixel, weight: f32) {
        add(sums, pixel.map(Number::real), weight);
    }

    fn add_acc(sums: &mut Self::Accumulator, numbers: Self::Accumulator, weight: f32) {
        add(sums, numbers, weight);
    }

    fn into_pixel(&self, sums: Self::Accumulator) -> Self::OutputPixel {
        Pixel(sums.map(To::rounded))
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
    fn thin_pictures_take_no_more_memory_than_their_pixels() {
        // The other way round there would be 24 GB in between.
        for size in [[1 << 20, 1], [1, 1 << 20]] {
            let thin = Pixels::<3> { size, pixels: vec![[5; 3]; 1 << 20] };
            let [tall, wide] = if size[1] == 1 { [3, 2000] } else { [2000, 3] };
            assert!(thin.resized([tall, wide]).unwrap().pixels.iter().all(|pixel| *pixel == [5; 3]));
        }
    }
}
