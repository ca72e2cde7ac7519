use super::{Argument, Shape, ShapeError, Value};

/// What the numbers that a layer gives out mean; losses ask for one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any real numbers: logits, regression values.
    Scores,
    /// Numbers in [0, 1], from `Softmax` or `Sigmoid`.
    Probabilities,
    /// Logarithms of probabilities, from `LogSoftmax`.
    LogProbabilities,
}

/// How a layer may be compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Nothing special: its own input and output buffers.
    General,
    /// A matrix or convolution kernel that can apply a point-wise function to its result as it stores it.
    Affine,
    /// A function of one element ([`super::Activation`]): runs in place and fuses into an affine layer.
    Pointwise,
    /// Works element by element and in place, but is no plain function (a random mask).
    Elementwise,
    /// The same memory under another shape: costs nothing.
    View,
}

/// What the backward pass of a layer reads besides its output's gradient. What nobody reads is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reads {
    /// The forward input.
    pub input: bool,
    /// The forward output.
    pub output: bool,
}

/// Where a constant of the parameter struct's type comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeArgument {
    /// The size of the input's innermost axis.
    InputLast,
    /// The same; 1 where a flag holds.
    InputLastUnless(&'static str),
    /// The size of the input's innermost axis, divided by an argument.
    InputShare(&'static str),
    /// A size argument.
    Size(&'static str),
    /// A size that the layer's description computes from its arguments and the input's innermost axis: [`LayerInfo::size`] of this
    /// name, an inherent `const fn`.
    Computed(&'static str),
    /// The size of an axis of a shape, counted from the last one, which is 1; 1 where the shape has fewer.
    ShapeAxis(&'static str, usize),
    /// One of the sizes of a pair or a triple.
    PairAxis(&'static str, usize),
    /// Nothing when the flag holds; the empty array in place of the bias when it does not.
    BiasFlag(&'static str),
}

/// Where the output's axes come from, for sizes that are names and not yet numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputAxes {
    /// As the input's.
    Same,
    /// As the input's, with the innermost from an argument.
    LastFrom(&'static str),
    /// The input's, and one more from an argument, the innermost.
    Pushed(&'static str),
    /// So many axes that the rule computes from the input's, and the innermost from an argument (or the input).
    Window(usize, Option<&'static str>),
    /// So many axes that the rule computes from the input's, and the input's innermost times an argument.
    WindowTimes(usize, &'static str),
    /// As the input's, with half the innermost.
    Halved,
    /// So many axes, as many as the input has, that the rule computes.
    Computed(usize),
    /// The input's first axis and an argument; the argument alone where a flag holds.
    Steps {
        /// The argument with the size.
        size: &'static str,
        /// The flag.
        last: &'static str,
    },
    /// As the input's, with the first from an argument.
    FirstFrom(&'static str),
    /// The input's innermost axis alone.
    LastOnly,
    /// The product of all axes: one number.
    Product(&'static str),
    /// The shape given as an argument.
    Given(&'static str),
    /// As the input's, but the rule computes those that an argument names.
    Along(&'static str),
    /// The input's, in the order that an argument gives.
    Permuted(&'static str),
    /// The input's but for the last two, which arguments give: rows, and columns, which the rule computes where they are left out.
    Matrix {
        /// The argument with the rows.
        rows: &'static str,
        /// The argument with the columns.
        columns: &'static str,
    },
    /// The input's without those that an argument names.
    Reduced {
        /// The argument with the axes.
        axes: &'static str,
        /// The flag by which they stay, with size 1.
        keep: &'static str,
    },
}

/// How a layer goes through a sequence, whose first axis is time, one step after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Each step for itself: the layer is applied to a sequence of one step.
    Each,
    /// Steps before have a part in a step: the layer implements `Streamed`, and an inherent `const fn state(&self, input)`
    /// says how many scalars it keeps of them.
    Carries {
        /// Whether there are no more steps than the sequence is long.
        bounded: bool,
    },
    /// It needs all steps at once, or other ones than were there: the reason, as the end of a sentence that starts with
    /// the layer.
    Whole(&'static str),
}

/// How two values become the one input of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Joins {
    /// Arguments that say how long the values are; the first one is needed where a single value holds both.
    pub sizes: &'static [JoinedSize],
    /// The axis along which they are joined; -1 is the last one.
    pub axis: isize,
    /// Whether each is flattened before.
    pub flat: bool,
    /// The flag without which the last two axes of the second one are swapped before.
    pub turned_unless: Option<&'static str>,
}

impl Joins {
    /// Two values as they are, along an axis.
    pub const fn along(axis: isize, sizes: &'static [JoinedSize]) -> Self {
        Self { sizes, axis, flat: false, turned_unless: None }
    }

    /// Whether an argument follows from the two values.
    pub fn gives(&self, argument: &str) -> bool {
        self.sizes.iter().any(|size| size.argument == argument)
    }
}

/// An argument that follows from one of two values: how long it is along an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JoinedSize {
    /// The argument.
    pub argument: &'static str,
    /// Which of the two values: 0 or 1.
    pub value: usize,
    /// The axis; -1 is the last one.
    pub axis: isize,
}

impl JoinedSize {
    /// Of the first value.
    pub const fn of_first(argument: &'static str, axis: isize) -> Self {
        Self { argument, value: 0, axis }
    }

    /// Of the second value.
    pub const fn of_second(argument: &'static str, axis: isize) -> Self {
        Self { argument, value: 1, axis }
    }
}

/// All that the compiler knows of a built-in layer.
pub struct LayerInfo {
    /// The name a user writes.
    pub name: &'static str,
    /// The arguments, in their documented order.
    pub arguments: &'static [Argument],
    /// How many of them may be written without their names: where other frameworks have sizes of the input in front, no more
    /// than cannot be taken for those.
    pub positional: usize,
    /// How it may be compiled.
    pub form: Form,
    /// What its backward pass reads.
    pub reads: Reads,
    /// The kind of its output; `None` passes the input's kind on (views, dropout).
    pub kind: Option<Kind>,
    /// Whether samples of a batch influence each other: the training step is cut there.
    pub couples: bool,
    /// Whether it can hand its work in predictions over to an affine layer in front of it: it implements `Folded`.
    pub folds: bool,
    /// Whether it adds a penalty on its values to the loss: it implements `Penalised`.
    pub penalises: bool,
    /// Whether it does the same to a position's features in whatever order they come, and gives them in that order. What works
    /// on each element by itself, by its form, need not say so.
    pub symmetric: bool,
    /// Whether the layer can be applied transposed, by `Tied`: its type begins with
    /// the rows and columns of its weight, a matrix.
    pub transposes: bool,
    /// Whether it writes all of its gradient in a pass that [starts](crate::layer::Pass::starts) the gradients: nobody clears it
    /// before, where the layer is applied but once.
    pub starts: bool,
    /// Whether the layer needs scratch memory (an inherent `const fn scratch`).
    pub scratch: bool,
    /// Whether its forward step leaves something for its backward step besides its output, and works in the same memory in
    /// predictions (an inherent `const fn tape`).
    pub tape: bool,
    /// Where the layer takes two values, `(queries, memory)`: how they become one.
    pub joins: Option<Joins>,
    /// Whether, with these arguments, its kernel can also do the work of a layer behind it that is
    /// [`LayerInfo::absorbed`]: it implements `Pooled`, and has an inherent `const fn pooled_scratch`.
    pub pools: fn(&[Value]) -> bool,
    /// Whether, with these arguments, a layer that [`LayerInfo::pools`] can take this one over: it gives the largest
    /// element of each window, and no windows overlap.
    pub absorbed: fn(&[Value]) -> bool,
    /// Whether this is a function of one element that never falls, and gives NaN for NaN alone: of the largest element it
    /// makes the largest value.
    pub increasing: bool,
    /// How it goes through a sequence step by step.
    pub stream: fn(&[Value]) -> Stream,
    /// The constants of its parameter struct's type; empty when it has no parameters.
    pub type_arguments: &'static [TypeArgument],
    /// A size of this name, for [`TypeArgument::Computed`].
    pub size: fn(&str, &[Value], Shape) -> Option<usize>,
    /// Where its output axes come from.
    pub axes: OutputAxes,
    /// The shape rule.
    pub out_shape: fn(&[Value], Shape) -> Result<Shape, ShapeError>,
    /// The number of trainable parameters.
    pub parameters: fn(&[Value], Shape) -> usize,
    /// Multiplications and additions of one forward pass of one sample.
    pub flops: fn(&[Value], Shape) -> u64,
}

impl LayerInfo {
    /// Whether sizes in that type are computed: on stable Rust, from sizes that are constants alone.
    pub fn computes_sizes(&self) -> bool {
        self.type_arguments.iter().any(|argument| matches!(argument, TypeArgument::Computed(_)))
    }
}

/// Declares a layer's description: its struct of arguments, and the [`LayerInfo`] that the compiler reads.
///
/// The struct then needs the inherent `const fn`s `out_shape`, `parameters` and `flops`.
macro_rules! layer {
    (
        $(#[$meta:meta])*
        pub struct $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty $(= $default:expr)?,)* }
        $(positional: $positional:literal,)?
        form: $form:ident,
        reads: [$($reads:ident),*],
        kind: $kind:expr,
        $(couples: $couples:literal,)?
        $(folds: $folds:literal,)?
        $(penalises: $penalises:literal,)?
        $(symmetric: $symmetric:literal,)?
        $(transposes: $transposes:literal,)?
        $(starts: $starts:literal,)?
        $(scratch: $scratch:literal,)?
        $(tape: $tape:literal,)?
        $(joins: $joins:expr,)?
        $(pools: $pools:ident,)?
        $(absorbed: $absorbed:ident,)?
        $(increasing: $increasing:literal,)?
        $(stream: $stream:expr,)?
        $(sizes: [$($size:ident),*],)?
        type_arguments: [$($argument:expr),*],
        axes: $axes:expr,
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct $name { $($(#[$field_meta])* pub $field: $type,)* }

        impl $name {
            /// What the compiler knows of this layer.
            #[allow(unused_mut, unused_variables, unused_assignments, clippy::needless_update)]
            pub const INFO: $crate::spec::LayerInfo = {
                use $crate::spec::*;
                LayerInfo {
                    name: stringify!($name),
                    arguments: &[$(Argument {
                        name: stringify!($field),
                        kind: <$type as ArgumentType>::KIND,
                        default: layer!(@default $($default)?),
                    }),*],
                    positional: {
                        let mut positional = usize::MAX;
                        $(positional = $positional;)?
                        positional
                    },
                    form: Form::$form,
                    reads: {
                        let mut reads = Reads { input: false, output: false };
                        $(reads.$reads = true;)*
                        reads
                    },
                    kind: $kind,
                    couples: false $(|| $couples)?,
                    folds: false $(|| $folds)?,
                    penalises: false $(|| $penalises)?,
                    symmetric: false $(|| $symmetric)?,
                    transposes: false $(|| $transposes)?,
                    starts: false $(|| $starts)?,
                    scratch: false $(|| $scratch)?,
                    tape: false $(|| $tape)?,
                    joins: {
                        let mut joins = None;
                        $({
                            const JOINS: Joins = $joins;
                            joins = Some(JOINS);
                        })?
                        joins
                    },
                    pools: |values| false $(|| Self::from_values(values).$pools())?,
                    absorbed: |values| false $(|| Self::from_values(values).$absorbed())?,
                    increasing: false $(|| $increasing)?,
                    stream: |values| {
                        let rule: fn(&Self) -> Stream = match Form::$form {
                            Form::Pointwise | Form::Elementwise => |_| Stream::Each,
                            Form::General | Form::Affine | Form::View => |_| Stream::Whole("is computed for all steps at once"),
                        };
                        $(let rule: fn(&Self) -> Stream = $stream;)?
                        rule(&Self::from_values(values))
                    },
                    type_arguments: &[$($argument),*],
                    size: |name, values, input| match name {
                        $($(stringify!($size) => Some(Self::from_values(values).$size(input)),)*)?
                        _ => None,
                    },
                    axes: $axes,
                    out_shape: |values, input| Self::from_values(values).out_shape(input),
                    parameters: |values, input| Self::from_values(values).parameters(input),
                    flops: |values, input| Self::from_values(values).flops(input),
                }
            };

            #[allow(unused_mut, unused_variables)]
            fn from_values(values: &[$crate::spec::Value]) -> Self {
                let mut values = values.iter();
                Self {$(
                    $field: values
                        .next()
                        .and_then(|value| <$type as $crate::spec::ArgumentType>::from_value(*value))
                        .expect("cannot fail: the compiler fills every argument with a value of its kind"),
                )*}
            }
        }
    };
    (@default) => { None };
    (@default $default:expr) => { Some($default) };
}
pub(super) use layer;

/// A size argument that must not be zero.
pub(super) const fn at_least_one(argument: &'static str, size: usize) -> Result<(), ShapeError> {
    if size == 0 { Err(ShapeError::ZeroArgument { argument }) } else { Ok(()) }
}

/// A shape argument, none of whose sizes must be zero.
pub(super) const fn all_at_least_one(argument: &'static str, shape: Shape) -> Result<(), ShapeError> {
    if shape.has_zero() { Err(ShapeError::ZeroArgument { argument }) } else { Ok(()) }
}

/// A number argument that may be any number.
pub(super) const fn finite(argument: &'static str, number: f64) -> Result<(), ShapeError> {
    if number.is_finite() {
        return Ok(());
    }
    Err(ShapeError::Range { argument, found: (number * 1e4) as i64, expected: "a finite number" })
}

/// A number argument that must not be negative.
pub(super) const fn not_negative(argument: &'static str, number: f64) -> Result<(), ShapeError> {
    if number >= 0.0 && number.is_finite() {
        return Ok(());
    }
    Err(ShapeError::Range { argument, found: (number * 1e4) as i64, expected: "at least 0" })
}

/// A number argument that must be greater than 0.
pub(super) const fn positive(argument: &'static str, number: f64) -> Result<(), ShapeError> {
    if number > 0.0 {
        return Ok(());
    }
    Err(ShapeError::Range { argument, found: (number * 1e4) as i64, expected: "greater than 0" })
}

/// An argument that must cut an axis of this size into equal parts.
pub(super) const fn divides(argument: &'static str, parts: usize, input: Shape, size: usize) -> Result<(), ShapeError> {
    match at_least_one(argument, parts) {
        Ok(()) if size.is_multiple_of(parts) => Ok(()),
        Ok(()) => Err(ShapeError::Divides { argument, parts, input, size }),
        Err(error) => Err(error),
    }
}

/// `?` for constants.
macro_rules! attempt {
    ($result:expr) => {
        match $result {
            Ok(value) => value,
            Err(error) => return Err(error),
        }
    };
}
pub(super) use attempt;

/// The checks that every layer makes of its input and output: no empty axes, and a size that can be addressed.
pub(super) const fn usable(input: Shape, output: Shape) -> Result<Shape, ShapeError> {
    const LARGEST: usize = 1 << 47;
    if input.has_zero() {
        return Err(ShapeError::EmptyInput { input });
    }
    if output.len() > LARGEST {
        return Err(ShapeError::TooLarge { shape: output });
    }
    Ok(output)
}

/// The accepted form of a sequence, with the cure for anything else.
pub(super) const fn sequence(input: Shape) -> Result<(), ShapeError> {
    if input.rank() == 2 {
        return Ok(());
    }
    Err(ShapeError::Rank {
        input,
        expected: "[time, channels]",
        help: match input.rank() {
            1 => "add the channel axis with `Reshape([time, 1])`",
            3 => {
                "use the layer of the same name that ends in `2d`, or bring it to two axes with `Reshape([time, channels])`"
            }
            _ => "bring it to two axes with `Reshape([time, channels])`",
        },
    })
}

/// The accepted form of a volume or a film, with the cure for anything else.
pub(super) const fn volume(input: Shape) -> Result<(), ShapeError> {
    if input.rank() == 4 {
        return Ok(());
    }
    Err(ShapeError::Rank {
        input,
        expected: "[depth, height, width, channels]",
        help: match input.rank() {
            3 => "add the channel axis with `Reshape([depth, height, width, 1])`, or use the layer that ends in `2d`",
            _ => "bring it to four axes with `Reshape([depth, height, width, channels])`",
        },
    })
}

/// The accepted form of an image, with the cure for anything else.
pub(super) const fn image(input: Shape) -> Result<(), ShapeError> {
    if input.rank() == 3 {
        return Ok(());
    }
    Err(ShapeError::Rank {
        input,
        expected: "[height, width, channels]",
        help: match input.rank() {
            2 => "add the channel axis with `Reshape([height, width, 1])`",
            1 => "make it an image with `Reshape([height, width, channels])`, or use it before `Flatten`",
            _ => "bring it to three axes with `Reshape([height, width, channels])`",
        },
    })
}
