use super::Shape;

/// How a window treats the border of its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    /// No padding: the window stays inside the input.
    Valid,
    /// Enough zeros that the output has `ceil(input / stride)` rows and columns; an odd one goes below and to the right,
    /// as in Keras.
    Same,
    /// This many rows and columns of zeros on every side.
    Amount(usize),
}

/// A value that a user gave an argument, once it is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// `32`
    Size(usize),
    /// `3` (both) or `[3, 5]`: height and width.
    Pair([usize; 2]),
    /// `0.5`
    Number(f64),
    /// `true`
    Flag(bool),
    /// `same`, `valid` or a number.
    Padding(Padding),
    /// `[7, 7, 32]`
    Shape(Shape),
    /// The argument was not given, and has no other default.
    Absent,
}

/// What an argument may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgumentKind {
    /// A count of at least one.
    Size,
    /// A count of at least one that may be left out.
    OptionalSize,
    /// One size for both axes, or `[height, width]`.
    Pair,
    /// As [`ArgumentKind::Pair`], and may be left out.
    OptionalPair,
    /// A real number.
    Number,
    /// `true` or `false`.
    Flag,
    /// `same`, `valid` or a number.
    Padding,
    /// A shape in brackets.
    Shape,
}

impl ArgumentKind {
    /// What to write, in words, for messages.
    pub const fn expects(self) -> &'static str {
        match self {
            Self::Size | Self::OptionalSize => "a size such as `32`",
            Self::Pair | Self::OptionalPair => "a size such as `3`, or a pair such as `[3, 5]`",
            Self::Number => "a number such as `0.5`",
            Self::Flag => "`true` or `false`",
            Self::Padding => "`same`, `valid` or a number of pixels",
            Self::Shape => "a shape such as `[7, 7, 32]`",
        }
    }
}

/// One argument of a layer.
#[derive(Clone, Copy, Debug)]
pub struct Argument {
    /// Its name, also the field's name in the layer's description.
    pub name: &'static str,
    /// What it may be.
    pub kind: ArgumentKind,
    /// What it is when left out; `None` when it must be given.
    pub default: Option<Value>,
}

/// A Rust type that an argument of a layer can have.
pub trait ArgumentType: Sized {
    /// What a user writes for it.
    const KIND: ArgumentKind;

    /// The field's value; `None` when the kinds do not match, which the compiler rules out.
    fn from_value(value: Value) -> Option<Self>;
}

macro_rules! argument_type {
    ($($type:ty, $kind:ident, $($value:pat => $field:expr),+;)*) => {$(
        impl ArgumentType for $type {
            const KIND: ArgumentKind = ArgumentKind::$kind;

            fn from_value(value: Value) -> Option<Self> {
                match value {
                    $($value => Some($field),)+
                    _ => None,
                }
            }
        }
    )*};
}

argument_type! {
    usize, Size, Value::Size(size) => size;
    Option<usize>, OptionalSize, Value::Size(size) => Some(size), Value::Absent => None;
    [usize; 2], Pair, Value::Pair(pair) => pair, Value::Size(size) => [size, size];
    Option<[usize; 2]>, OptionalPair, Value::Pair(pair) => Some(pair), Value::Size(size) => Some([size, size]), Value::Absent => None;
    f64, Number, Value::Number(number) => number;
    bool, Flag, Value::Flag(flag) => flag;
    Padding, Padding, Value::Padding(padding) => padding, Value::Size(amount) => Padding::Amount(amount);
    Shape, Shape, Value::Shape(shape) => shape;
}
