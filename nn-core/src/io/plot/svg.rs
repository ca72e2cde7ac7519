//! A sheet as an SVG file: text stays text, small images are embedded.
//!
//! Written here and not by `plotters`, whose SVG has whole-number coordinates and measures text by the fonts of the system.

use alloc::format;
use alloc::string::String;
use core::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plotters::style::RGBColor;

use super::canvas::{Canvas, Place, Shape};
use super::font::{self, Align, Style};
use super::{PlotError, png};

/// The element `svg`, with its name space, so that it is a file as well as a part of a page.
pub(super) fn write(canvas: &Canvas) -> Result<String, PlotError> {
    let (width, height) = canvas.size;
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"'Open Sans', 'Helvetica Neue', Arial, sans-serif\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n"
    );
    for shape in &canvas.shapes {
        text += &element(shape)?;
        text.push('\n');
    }
    text += "</svg>\n";
    Ok(text)
}

fn element(shape: &Shape) -> Result<String, PlotError> {
    Ok(match shape {
        Shape::Line { points, color, width } => format!(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" stroke-linejoin=\"round\"/>",
            pairs(points),
            hex(*color),
            number(*width)
        ),
        Shape::Disc { center: (x, y), radius, color } => {
            let [x, y, radius] = [*x, *y, *radius].map(number);
            format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{}\"/>", hex(*color))
        }
        Shape::Rectangle { corners: [(left, top), (right, bottom)], color } => {
            let [x, y, width, height] = [*left, *top, right - left, bottom - top].map(number);
            format!("<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{}\"/>", hex(*color))
        }
        Shape::Text { text, at, style } => label(text, *at, *style)?,
        Shape::Image { at: (x, y), size: (width, height), dots } => {
            let [x, y, width, height] = [*x, *y, *width, *height].map(number);
            let data = STANDARD.encode(png::encode_dots(dots)?);
            format!(
                "<image x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" preserveAspectRatio=\"none\" \
                 style=\"image-rendering:pixelated\" href=\"data:image/png;base64,{data}\"/>"
            )
        }
    })
}

/// A text as wide as the embedded font sets it, so that it fits whatever font there is.
fn label(text: &str, (x, y): Place, style: Style) -> Result<String, PlotError> {
    if text.is_empty() {
        return Ok(String::new());
    }
    let anchor = match style.align {
        Align::Left => "start",
        Align::Center => "middle",
        Align::Right => "end",
    };
    let down = font::CAPITAL * style.size * if style.below { 1.0 } else { 0.5 };
    let place = if style.upright {
        format!("transform=\"translate({} {}) rotate(-90)\" y=\"{}\"", number(x), number(y), number(down))
    } else {
        format!("x=\"{}\" y=\"{}\"", number(x), number(y + down))
    };
    let weight = if style.bold { " font-weight=\"600\"" } else { "" };
    Ok(format!(
        "<text {place} font-size=\"{}\"{weight} fill=\"{}\" text-anchor=\"{anchor}\" textLength=\"{}\" \
         lengthAdjust=\"spacingAndGlyphs\">{}</text>",
        number(style.size),
        hex(style.color),
        number(font::width(text, style)?),
        escaped(text)
    ))
}

fn pairs(points: &[Place]) -> String {
    points.iter().fold(String::new(), |mut text, &(x, y)| {
        let space = if text.is_empty() { "" } else { " " };
        write!(text, "{space}{},{}", number(x), number(y)).expect("cannot fail: a string grows");
        text
    })
}

/// Hundredths of a point are enough.
fn number(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    // No negative zero.
    format!("{}", rounded + 0.0)
}

fn hex(RGBColor(red, green, blue): RGBColor) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// A text as it stands in XML and HTML. Control characters, which XML does not have, become spaces.
pub(in crate::io) fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut all, letter| {
        match letter {
            '&' => all += "&amp;",
            '<' => all += "&lt;",
            '>' => all += "&gt;",
            '"' => all += "&quot;",
            control if control.is_control() => all.push(' '),
            _ => all.push(letter),
        }
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_fits_its_place() {
        let mut canvas = Canvas::new((10, 20));
        canvas.text("a <b> & \"c\"\u{7}", (1.0, 2.5), Style::new(10.0, RGBColor(1, 2, 255)).bold());
        canvas.line(&[(0.0, -0.001), (1.234_567, 2.0)], RGBColor(0, 0, 0), 1.5);
        let text = write(&canvas).unwrap();
        assert!(text.contains(">a &lt;b&gt; &amp; &quot;c&quot; </text>"), "{text}");
        assert!(text.contains("fill=\"#0102ff\"") && text.contains("textLength=\""), "{text}");
        assert!(text.contains("points=\"0,0 1.23,2\""), "{text}");
        assert!(text.starts_with("<svg ") && text.ends_with("</svg>\n"));
    }
}
