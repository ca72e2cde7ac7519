//! What a network consists of, as constants: the table of layers, and the picture.

use crate::spec::Shape;

/// One layer or operation of a network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerRow {
    /// Its name: `blocks.0.up`. Layers without a name of the user's have a generated one.
    pub name: &'static str,
    /// What it is: `Dense`.
    pub layer: &'static str,
    /// The shape that it gives, without the batch.
    pub output: Shape,
    /// The number of its parameters; 0 where they belong to a row above.
    pub parameters: usize,
    /// Whether they are not trained.
    pub is_frozen: bool,
    /// Additions and multiplications of one sample forward.
    pub flops: u64,
}

/// A network's graph as a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Diagram {
    /// In the language of Mermaid, which Markdown renderers draw.
    pub mermaid: &'static str,
    /// As an SVG file.
    pub svg: &'static str,
}

/// Text that is made while the program is compiled, of at most `N` bytes; what is longer is cut.
#[derive(Clone, Copy, Debug)]
pub struct Text<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Text<N> {
    const fn new() -> Self {
        Self { bytes: [0; N], len: 0 }
    }

    /// The text.
    pub const fn as_str(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "",
        }
    }

    // By reference: the compiler's interpreter copies a value that is handed on, and the text of a large network is long.
    const fn push(&mut self, text: &str) -> &mut Self {
        let bytes = text.as_bytes();
        let mut index = 0;
        while index < bytes.len() && self.len + bytes.len() - index <= N {
            self.bytes[self.len] = bytes[index];
            self.len += 1;
            index += 1;
        }
        self
    }

    const fn spaces(&mut self, count: usize) -> &mut Self {
        let mut index = 0;
        while index < count {
            self.push(" ");
            index += 1;
        }
        self
    }

    /// A number; with its thousands apart, `1,555,200`, or plain.
    const fn digits(&mut self, number: u64, is_grouped: bool) -> &mut Self {
        let mut digits = digits(number);
        let (mut power, mut step) = (1, 1);
        while step < digits {
            power *= 10;
            step += 1;
        }
        while digits > 0 {
            let digit = (number / power % 10) as usize;
            self.push("0123456789".split_at(digit).1.split_at(1).0);
            digits -= 1;
            power = if power >= 10 { power / 10 } else { 1 };
            if is_grouped && digits > 0 && digits.is_multiple_of(3) {
                self.push(",");
            }
        }
        self
    }

    const fn number(&mut self, number: u64) -> &mut Self {
        self.digits(number, true)
    }

    const fn shape(&mut self, shape: Shape) -> &mut Self {
        self.push("[");
        let mut axis = 0;
        while axis < shape.rank() {
            if axis > 0 {
                self.push(", ");
            }
            self.digits(shape.dim(axis) as u64, false);
            axis += 1;
        }
        self.push("]")
    }
}

const fn digits(number: u64) -> usize {
    let (mut digits, mut rest) = (1, number / 10);
    while rest > 0 {
        digits += 1;
        rest /= 10;
    }
    digits
}

/// Bytes of a number with its thousands apart.
const fn number_width(number: u64) -> usize {
    digits(number) + (digits(number) - 1) / 3
}

const fn shape_width(shape: Shape) -> usize {
    let mut text = Text::<160>::new();
    text.shape(shape);
    text.len
}

const fn larger(left: usize, right: usize) -> usize {
    if left > right { left } else { right }
}

/// Additions and multiplications of all layers.
pub const fn flops(rows: &[LayerRow]) -> u64 {
    let (mut sum, mut index) = (0, 0);
    while index < rows.len() {
        sum += rows[index].flops;
        index += 1;
    }
    sum
}

/// Additions and multiplications of a training step for one sample: `runs` says how often the work of each layer is done.
pub const fn training_flops(rows: &[LayerRow], runs: &[u64]) -> u64 {
    let (mut sum, mut index) = (0, 0);
    while index < rows.len() {
        sum += runs[index] * rows[index].flops;
        index += 1;
    }
    sum
}

/// The table of layers as text: `counts` are all parameters and those that are trained, `flops` those of a prediction and
/// of a training step, `bytes` the memory of a prediction and of a sample in training.
pub const fn summary<const N: usize>(
    name: &str,
    rows: &[LayerRow],
    counts: [usize; 2],
    flops: [u64; 2],
    bytes: [usize; 2],
) -> Text<N> {
    let titles = ["layer", "type", "output", "parameters", "flops"];
    let mut widths = [0; 5];
    let mut index = 0;
    while index < widths.len() {
        widths[index] = titles[index].len();
        index += 1;
    }
    index = 0;
    while index < rows.len() {
        let row = &rows[index];
        widths[0] = larger(widths[0], row.name.len());
        widths[1] = larger(widths[1], row.layer.len());
        widths[2] = larger(widths[2], shape_width(row.output));
        widths[3] = larger(widths[3], number_width(row.parameters as u64));
        widths[4] = larger(widths[4], number_width(row.flops));
        index += 1;
    }
    let mut text = Text::new();
    text.push(name).push("\n");
    index = 0;
    while index < titles.len() {
        let gap = widths[index] - titles[index].len();
        if index < 3 {
            text.push(titles[index]).spaces(gap);
        } else {
            text.spaces(gap).push(titles[index]);
        }
        text.push(if index + 1 < titles.len() { "  " } else { "\n" });
        index += 1;
    }
    let mut total = 0;
    index = 0;
    while index < widths.len() {
        total += widths[index] + 2;
        index += 1;
    }
    index = 2;
    while index < total {
        text.push("-");
        index += 1;
    }
    text.push("\n");
    index = 0;
    while index < rows.len() {
        let row = &rows[index];
        text.push(row.name).spaces(widths[0] - row.name.len() + 2);
        text.push(row.layer).spaces(widths[1] - row.layer.len() + 2);
        text.shape(row.output).spaces(widths[2] - shape_width(row.output) + 2);
        let parameters = row.parameters as u64;
        text.spaces(widths[3] - number_width(parameters)).number(parameters).push("  ");
        text.spaces(widths[4] - number_width(row.flops)).number(row.flops);
        text.push(if row.is_frozen { "  frozen\n" } else { "\n" });
        index += 1;
    }
    let [all, trained] = counts;
    text.push("parameters: ").number(all as u64).push(", trained: ").number(trained as u64);
    text.push("\nflops: ").number(flops[0]).push(" a prediction, ");
    text.number(flops[1]).push(" a sample in training\nworkspace: ");
    text.number(bytes[0] as u64).push(" bytes a prediction, ");
    text.number(bytes[1] as u64).push(" bytes a sample in training\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: [LayerRow; 2] = [
        LayerRow {
            name: "conv",
            layer: "Conv2d",
            output: Shape::new(&[30, 30, 32]),
            parameters: 896,
            is_frozen: true,
            flops: 1_555_200,
        },
        LayerRow {
            name: "fc",
            layer: "Dense",
            output: Shape::new(&[10]),
            parameters: 1_000_010,
            is_frozen: false,
            flops: 0,
        },
    ];

    #[test]
    fn the_table_stands_in_columns() {
        const TEXT: Text<2048> = summary("Net", &ROWS, [1_000_906, 1_000_010], [flops(&ROWS), 5], [12_000, 7]);
        let expected = "\
Net
layer  type    output        parameters      flops
--------------------------------------------------
conv   Conv2d  [30, 30, 32]         896  1,555,200  frozen
fc     Dense   [10]           1,000,010          0
parameters: 1,000,906, trained: 1,000,010
flops: 1,555,200 a prediction, 5 a sample in training
workspace: 12,000 bytes a prediction, 7 bytes a sample in training
";
        assert_eq!(TEXT.as_str(), expected);
    }

    #[test]
    fn numbers_have_their_thousands_apart() {
        for (number, expected) in [(0, "0"), (999, "999"), (1000, "1,000"), (u64::MAX, "18,446,744,073,709,551,615")] {
            let mut text = Text::<64>::new();
            text.number(number);
            assert_eq!((text.as_str(), text.len), (expected, number_width(number)));
        }
    }

    #[test]
    fn a_long_text_is_cut() {
        assert_eq!(Text::<4>::new().push("abc").push("def").as_str(), "abc");
    }
}
