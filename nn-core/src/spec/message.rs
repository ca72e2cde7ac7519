use super::Shape;

/// A text built in a constant: the same words for the compiler's own errors and for those that rustc evaluates.
#[derive(Clone, Copy)]
pub struct Message {
    bytes: [u8; Self::CAPACITY],
    len: usize,
}

impl Message {
    const CAPACITY: usize = 512;

    /// An empty text.
    pub const fn new() -> Self {
        Self { bytes: [0; Self::CAPACITY], len: 0 }
    }

    /// Appends a text; what does not fit any more is cut at a character's edge.
    // A hundred calls in one function: inlined, they were 90 KB of machine code.
    #[inline(never)]
    pub const fn text(mut self, text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut length = bytes.len();
        if length > Self::CAPACITY - self.len {
            length = text.floor_char_boundary(Self::CAPACITY - self.len);
        }
        let mut index = 0;
        while index < length {
            self.bytes[self.len + index] = bytes[index];
            index += 1;
        }
        self.len += length;
        self
    }

    /// Appends a whole number.
    pub const fn number(self, number: usize) -> Self {
        const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        let rest = if number >= 10 { self.number(number / 10) } else { self };
        rest.text(DIGITS[number % 10])
    }

    /// Appends a whole number that may be negative.
    pub const fn signed(self, number: isize) -> Self {
        let message = if number < 0 { self.text("-") } else { self };
        message.number(number.unsigned_abs())
    }

    /// Appends a number with at most four decimals.
    pub const fn decimal(self, number: f64) -> Self {
        if number < 0.0 {
            return self.text("-").decimal(-number);
        }
        let ten_thousandths = (number * 1e4 + 0.5) as usize;
        let mut message = self.number(ten_thousandths / 10_000);
        let mut rest = ten_thousandths % 10_000;
        if rest > 0 {
            message = message.text(".");
        }
        while rest > 0 {
            message = message.number(rest / 1000);
            rest = rest % 1000 * 10;
        }
        message
    }

    /// Appends a shape as `[32, 32, 3]`.
    pub const fn shape(self, shape: Shape) -> Self {
        let mut message = self.text("[");
        let mut axis = 0;
        while axis < shape.rank() {
            if axis > 0 {
                message = message.text(", ");
            }
            message = message.number(shape.dim(axis));
            axis += 1;
        }
        message.text("]")
    }

    /// Appends a pair as `3×3`.
    pub const fn pair(self, pair: [usize; 2]) -> Self {
        self.number(pair[0]).text("×").number(pair[1])
    }

    /// The text.
    pub const fn as_str(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "",
        }
    }
}

impl Default for Message {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_written() {
        let message = Message::new()
            .text("a ")
            .number(0)
            .text(" b ")
            .number(1203)
            .text(" ")
            .decimal(-1.05)
            .text(" ")
            .decimal(3.0)
            .text(" ")
            .signed(-12)
            .signed(4);
        assert_eq!(message.as_str(), "a 0 b 1203 -1.05 3 -124");
    }

    #[test]
    fn a_long_text_is_cut_not_broken() {
        let message = Message::new().text(&"é".repeat(400));
        assert_eq!(message.as_str().chars().count(), 256);
        assert_eq!(message.text("more").as_str().len(), 512);
    }
}
