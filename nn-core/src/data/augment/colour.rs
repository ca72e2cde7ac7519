//! What changes of colour share. Values of an image lie in [0, 1].

use super::{AugmentError, Draw};
use crate::spec::Shape;

/// Accepts images of red, green and blue.
pub(super) fn coloured(name: &'static str, shape: Shape) -> Result<(), AugmentError> {
    let expected = "images [height, width, 3] of red, green and blue";
    let fits = shape.rank() == 3 && shape.last() == 3;
    if fits { Ok(()) } else { Err(AugmentError::Shape { name, expected, found: shape }) }
}

/// A factor as far from 1 as the strength allows, and not below 0.
pub(super) fn factor(strength: f64, draw: &mut Draw) -> f32 {
    draw.between((1.0 - strength).max(0.0), 1.0 + strength) as f32
}

/// How bright a pixel looks (ITU-R BT.601).
pub(super) fn grey([red, green, blue]: &[f32; 3]) -> f32 {
    0.299 * red + 0.587 * green + 0.114 * blue
}

/// Holds a value to [0, 1].
pub(super) fn on_unit(value: f32) -> f32 {
    value.clamp(0.0, 1.0)
}
