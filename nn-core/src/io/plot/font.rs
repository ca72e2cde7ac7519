//! Letters, from the embedded font.

use std::sync::OnceLock;

use ab_glyph::{Font as _, FontRef, Glyph, ScaleFont as _, point};
use plotters::style::RGBColor;

use super::PlotError;

/// The height of a capital letter in ems.
pub(super) const CAPITAL: f64 = 0.714;

/// How a text looks and stands.
#[derive(Clone, Copy)]
pub(super) struct Style {
    /// The em, in points.
    pub(super) size: f64,
    pub(super) color: RGBColor,
    pub(super) bold: bool,
    pub(super) upright: bool,
    pub(super) align: Align,
    pub(super) below: bool,
}

/// Which part of a text stands at its position.
#[derive(Clone, Copy)]
pub(super) enum Align {
    Left,
    Center,
    Right,
}

impl Style {
    /// A text that begins at its position; capitals and digits are centred vertically.
    pub(super) const fn new(size: f64, color: RGBColor) -> Self {
        Self { size, color, bold: false, upright: false, align: Align::Left, below: false }
    }

    pub(super) const fn colored(self, color: RGBColor) -> Self {
        Self { color, ..self }
    }

    pub(super) const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    /// Reads from below to above.
    pub(super) const fn upright(self) -> Self {
        Self { upright: true, ..self }
    }

    pub(super) const fn align(self, align: Align) -> Self {
        Self { align, ..self }
    }

    /// Hangs below its position.
    pub(super) const fn below(self) -> Self {
        Self { below: true, ..self }
    }
}

/// The width of a text in points, along its line.
pub(super) fn width(text: &str, style: Style) -> Result<f64, PlotError> {
    Ok(set(text, style, 1.0)?.1)
}

/// Calls `draw` with the dots of a text, as steps right and down from its position, and how much of each is covered.
pub(super) fn rasterize(
    text: &str,
    style: Style,
    dots_a_point: f64,
    mut draw: impl FnMut(i32, i32, f64) -> Result<(), PlotError>,
) -> Result<(), PlotError> {
    let (glyphs, width) = set(text, style, dots_a_point)?;
    let along = match style.align {
        Align::Left => 0.0,
        Align::Center => -width / 2.0,
        Align::Right => -width,
    };
    let capital = CAPITAL * style.size * dots_a_point;
    let baseline = if style.below { capital } else { capital / 2.0 };
    let font = font(style.bold)?;
    let mut result = Ok(());
    for outline in glyphs.into_iter().filter_map(|glyph| font.outline_glyph(glyph)) {
        let corner = outline.px_bounds().min;
        let (left, top) =
            ((f64::from(corner.x) + along).round() as i32, (f64::from(corner.y) + baseline).round() as i32);
        outline.draw(|x, y, coverage| {
            let (right, down) = (left + x as i32, top + y as i32);
            let (right, down) = if style.upright { (down, -right) } else { (right, down) };
            if result.is_ok() {
                result = draw(right, down, f64::from(coverage).clamp(0.0, 1.0));
            }
        });
    }
    result
}

/// The letters side by side on a baseline at 0, and the width of them all.
fn set(text: &str, style: Style, dots_a_point: f64) -> Result<(alloc::vec::Vec<Glyph>, f64), PlotError> {
    let font = font(style.bold)?;
    let per_em = font.units_per_em().unwrap_or(1000.0);
    // The crate's scale is the height of a line, not the em.
    let scale = (style.size * dots_a_point) as f32 * font.height_unscaled() / per_em;
    let scaled = font.as_scaled(scale);
    let mut x = 0.0;
    let place = |letter| {
        let id = font.glyph_id(letter);
        let glyph = id.with_scale_and_position(scale, point(x, 0.0));
        x += scaled.h_advance(id);
        glyph
    };
    let glyphs = text.chars().map(place).collect();
    Ok((glyphs, x.into()))
}

fn font(bold: bool) -> Result<&'static FontRef<'static>, PlotError> {
    static FONTS: [OnceLock<Option<FontRef<'static>>>; 2] = [const { OnceLock::new() }; 2];
    const FILES: [&[u8]; 2] =
        [include_bytes!("font/OpenSans-Regular.ttf"), include_bytes!("font/OpenSans-Semibold.ttf")];
    let which = usize::from(bold);
    let font = FONTS[which].get_or_init(|| FontRef::try_from_slice(FILES[which]).ok());
    font.as_ref().ok_or_else(|| PlotError::Drawing("the embedded font cannot be read".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_covers_dots_around_its_position() {
        let style = Style::new(10.0, RGBColor(0, 0, 0)).align(Align::Center);
        let mut bounds = [i32::MAX, i32::MIN, i32::MAX, i32::MIN];
        rasterize("HIH", style, 4.0, |right, down, coverage| {
            if coverage > 0.5 {
                bounds = [bounds[0].min(right), bounds[1].max(right), bounds[2].min(down), bounds[3].max(down)];
            }
            Ok(())
        })
        .unwrap();
        let [left, right, top, bottom] = bounds;
        assert!((left + right).abs() <= 2 && (top + bottom).abs() <= 2, "{bounds:?}");
        assert!((27..=29).contains(&(bottom - top + 1)), "{bounds:?}");
        let expected = 4.0 * width("HIH", style).unwrap();
        // The outer letters keep their distance to what stands beside them.
        assert!((0.0..12.0).contains(&(expected - f64::from(right - left))), "{bounds:?} {expected}");
    }
}
