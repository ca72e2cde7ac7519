use super::Border;
use crate::spec::Shape;

/// Beyond this distance from an image, one place is like another.
const FAR: f64 = 1e9;

/// Makes every pixel of an image anew from the place that it comes from, given as row and column: bilinear, with the middles
/// of pixels at whole numbers.
pub(super) fn resample(
    shape: Shape,
    border: Border,
    image: &mut [f32],
    spare: &mut [f32],
    source_of: impl Fn(f64, f64) -> [f64; 2],
) {
    let (width, channels) = (shape.dim(1), shape.dim(2));
    let source = &mut spare[..image.len()];
    source.copy_from_slice(image);
    for (y, row) in image.chunks_exact_mut(width * channels).enumerate() {
        for (x, pixel) in row.chunks_exact_mut(channels).enumerate() {
            let place = source_of(y as f64, x as f64).map(|place| place.clamp(-FAR, FAR));
            blend(shape, border, source, place, pixel);
        }
    }
}

/// The four pixels around a place, each by how near it is.
fn blend(shape: Shape, border: Border, source: &[f32], [y, x]: [f64; 2], pixel: &mut [f32]) {
    let (height, width, channels) = (shape.dim(0), shape.dim(1), shape.dim(2));
    let [top, left] = [y.floor(), x.floor()];
    let [down, right] = [(y - top) as f32, (x - left) as f32];
    pixel.fill(0.0);
    for (row, near) in [(top as isize, 1.0 - down), (top as isize + 1, down)] {
        let Some(row) = border.element(row, height) else { continue };
        for (column, nearer) in [(left as isize, 1.0 - right), (left as isize + 1, right)] {
            let Some(column) = border.element(column, width) else { continue };
            let from = &source[(row * width + column) * channels..][..channels];
            pixel.iter_mut().zip(from).for_each(|(value, &from)| *value += near * nearer * from);
        }
    }
}
