use super::{Axes, Shape};

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
    /// So many zeros in front of each axis along which the window moves, and so many behind.
    Sides([usize; 2]),
    /// Zeros in front alone, one fewer than the window is long: no output sees what comes after its own position, and there
    /// are as many outputs as with [`Padding::Same`].
    Causal,
}

/// Neighbouring elements of an axis, as a user writes them: `2..5`, `..5` or `2..`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The first element.
    pub start: usize,
    /// The first element that is not taken any more; the axis' end when left out.
    pub end: Option<usize>,
}

impl Range {
    /// Start and end on an axis of this size.
    pub const fn within(&self, size: usize) -> [usize; 2] {
        match self.end {
            Some(end) => [self.start, end],
            None => [self.start, size],
        }
    }
}

/// A value that a user gave an argument, once it is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// `32`
    Size(usize),
    /// `3` (both) or `[3, 5]`: height and width.
    Pair([usize; 2]),
    /// `3` (all) or `[3, 5, 5]`: depth, height and width.
    Triple([usize; 3]),
    /// `0.5`
    Number(f64),
    /// `true`
    Flag(bool),
    /// `same`, `valid`, `causal`, a number, or `[2, 1]`.
    Padding(Padding),
    /// `[7, 7, 32]`
    Shape(Shape),
    /// `-1`
    Axis(isize),
    /// `-1` or `[0, 1]`
    Axes(Axes),
    /// `2..5`
    Range(Range),
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
    /// One size for three axes, or `[depth, height, width]`.
    Triple,
    /// As [`ArgumentKind::Triple`], and may be left out.
    OptionalTriple,
    /// A real number.
    Number,
    /// `true` or `false`.
    Flag,
    /// `same`, `valid`, `causal`, a number, or `[2, 1]`.
    Padding,
    /// A shape in brackets.
    Shape,
    /// The number of an axis; negative ones count from the end.
    Axis,
    /// The number of an axis, or several in brackets.
    Axes,
    /// A part of an axis.
    Range,
}

impl ArgumentKind {
    /// What to write, in words, for messages.
    pub const fn expects(self) -> &'static str {
        match self {
            Self::Size | Self::OptionalSize => "a size such as `32`",
            Self::Pair | Self::OptionalPair => "a size such as `3`, or a pair such as `[3, 5]`",
            Self::Triple | Self::OptionalTriple => "a size such as `3`, or three such as `[3, 5, 5]`",
            Self::Number => "a number such as `0.5`",
            Self::Flag => "`true` or `false`",
            Self::Padding => "`same`, `valid`, `causal`, a width such as `1`, or two: `[2, 1]` in front and behind",
            Self::Shape => "a shape such as `[7, 7, 32]`",
            Self::Axis => "an axis such as `0`, or `-1` for the last one",
            Self::Axes => "an axis such as `-1`, or several such as `[0, 1]`",
            Self::Range => "a range such as `2..5`, `..5` or `2..`",
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
    [usize; 3], Triple, Value::Triple(triple) => triple, Value::Size(size) => [size; 3];
    Option<[usize; 3]>, OptionalTriple, Value::Triple(triple) => Some(triple), Value::Size(size) => Some([size; 3]), Value::Absent => None;
    f64, Number, Value::Number(number) => number;
    bool, Flag, Value::Flag(flag) => flag;
    Padding, Padding, Value::Padding(padding) => padding, Value::Size(amount) => Padding::Amount(amount);
    Shape, Shape, Value::Shape(shape) => shape;
    isize, Axis, Value::Axis(axis) => axis;
    Axes, Axes, Value::Axes(axes) => axes;
    Range, Range, Value::Range(range) => range;
}
