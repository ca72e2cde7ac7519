use super::dropout::rate;
use super::layer::{at_least_one, attempt, layer, usable};
use super::{Shape, ShapeError, Stream};

/// The gates of a cell, and what it keeps for the backward pass beside them.
struct Cell {
    gates: usize,
    biases: usize,
    has_cell: bool,
    splits: bool,
}

macro_rules! recurrent {
    ($(#[$meta:meta])* $name:ident, $cell:expr) => {
        layer! {
            $(#[$meta])*
            pub struct $name {
                /// The size of the state, and of each output.
                units: usize,
                /// Whether the state after the last step is the output, not those of all steps.
                last: bool = Value::Flag(false),
                /// Whether time runs backwards, from the last step to the first.
                reverse: bool = Value::Flag(false),
                /// Whether steps whose features are all zero are passed over.
                masked: bool = Value::Flag(false),
                /// The probability that a feature of the input is dropped, at every step alike.
                dropout: f64 = Value::Number(0.0),
                /// The probability that a unit of the state is.
                recurrent_dropout: f64 = Value::Number(0.0),
            }
            positional: 1,
            form: General,
            reads: [],
            kind: Some(Kind::Scores),
            scratch: true,
            tape: true,
            stream: Self::stream,
            type_arguments: [TypeArgument::InputLast, TypeArgument::Size("units")],
            axes: OutputAxes::Steps { size: "units", last: "last" },
        }

        impl $name {
            const CELL: Cell = $cell;

            /// `[time, features]` to `[time, units]`, or to `[units]` where only the last state is wanted.
            pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
                attempt!(rate("dropout", self.dropout));
                attempt!(rate("recurrent_dropout", self.recurrent_dropout));
                steps(input, self.units, self.last)
            }

            /// For each gate, `units` weights for each feature and each unit, and the biases.
            pub const fn parameters(&self, input: Shape) -> usize {
                (Self::CELL.gates * (input.last() + self.units) + Self::CELL.biases) * self.units
            }

            /// Two for each weight and step, and about twenty for each gate.
            pub const fn flops(&self, input: Shape) -> u64 {
                let step = Self::CELL.gates * self.units * (2 * (input.last() + self.units) + 20);
                (input.rows() * step) as u64
            }

            /// Scalars a sample that are kept for the backward pass, and that forward works in.
            pub const fn tape(&self, input: Shape) -> usize {
                let (time, features, cell) = (input.rows(), input.last(), Self::CELL);
                let gates = time * cell.gates * self.units * if cell.splits { 2 } else { 1 };
                let states = (time + 2) * self.units * if cell.has_cell { 2 } else { 1 };
                let counts = if self.masked { time } else { 0 };
                let kept = if self.dropout > 0.0 { features } else { 0 };
                let kept_states = if self.recurrent_dropout > 0.0 { 2 * self.units } else { 0 };
                time * features + gates + states + counts + kept + kept_states
            }

            /// Scalars that are kept from step to step: the tape of one.
            pub const fn state(&self, input: Shape) -> usize {
                self.tape(input.with_dim(0, 1))
            }

            /// The layer itself: it starts from zeros.
            pub const fn plain(&self) -> Self {
                *self
            }

            /// All of the input.
            pub const fn sequence(&self, input: Shape) -> Shape {
                input
            }

            const fn stream(&self) -> Stream {
                if self.reverse { Stream::Whole("reads from the last step to the first") } else { Stream::Carries { bounded: false } }
            }
        }
    };
}

recurrent! {
    /// `h = tanh(x · W + h · U + b)`, step by step.
    Rnn, Cell { gates: 1, biases: 1, has_cell: false, splits: false }
}
recurrent! {
    /// A long short-term memory: a state that gates let in, keep and let out.
    Lstm, Cell { gates: 4, biases: 4, has_cell: true, splits: false }
}
recurrent! {
    /// A gated recurrent unit: a state that a gate moves towards a new one.
    Gru, Cell { gates: 3, biases: 6, has_cell: false, splits: true }
}

macro_rules! from_a_state {
    ($(#[$meta:meta])* $name:ident, $plain:ident) => {
        layer! {
            $(#[$meta])*
            pub struct $name {
                /// The size of the state, and of each output.
                units: usize,
                /// The features of a step: the input is all steps, one behind the other, and behind them the state.
                features: usize,
                /// How many steps there are; all that is left without the state when left out.
                time: Option<usize> = Value::Absent,
                /// Whether time runs backwards, from the last step to the first.
                reverse: bool = Value::Flag(false),
                /// Whether steps whose features are all zero are passed over.
                masked: bool = Value::Flag(false),
                /// The probability that a feature of the input is dropped, at every step alike.
                dropout: f64 = Value::Number(0.0),
                /// The probability that a unit of the state is.
                recurrent_dropout: f64 = Value::Number(0.0),
            }
            positional: 2,
            form: General,
            reads: [],
            kind: Some(Kind::Scores),
            scratch: true,
            tape: true,
            joins: Joins {
                flat: true,
                ..Joins::along(-1, &[JoinedSize::of_first("features", -1), JoinedSize::of_first("time", 0)])
            },
            type_arguments: [TypeArgument::Size("features"), TypeArgument::Size("units")],
            axes: OutputAxes::Matrix { rows: "time", columns: "units" },
        }

        impl $name {
            /// The same layer, from zeros.
            pub const fn plain(&self) -> $plain {
                let &Self { units, reverse, masked, dropout, recurrent_dropout, .. } = self;
                $plain { units, last: false, reverse, masked, dropout, recurrent_dropout }
            }

            /// The sequence in the input, without the state.
            pub const fn sequence(&self, input: Shape) -> Shape {
                let features = if self.features == 0 { 1 } else { self.features };
                let time = match self.time {
                    Some(time) => time,
                    None => input.len().saturating_sub(self.state()) / features,
                };
                Shape::new(&[time, self.features])
            }

            /// Scalars of the state: twice the units where there are two.
            pub const fn state(&self) -> usize {
                if $plain::CELL.has_cell { 2 * self.units } else { self.units }
            }

            /// `[time · features + state]` to `[time, units]`.
            pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
                if !input.is_valid() {
                    return Ok(input);
                }
                attempt!(at_least_one("features", self.features));
                if input.rank() != 1 {
                    return Err(ShapeError::Rank {
                        input,
                        expected: "a sequence and a state, or both in one vector",
                        help: "give it two values: `(sequence, state) -> ..`",
                    });
                }
                let (sequence, state) = (self.sequence(input), self.state());
                if sequence.len() == 0 || sequence.len() + state != input.len() {
                    let two_states = $plain::CELL.has_cell;
                    return Err(ShapeError::State { input, sequence, state, two_states });
                }
                self.plain().out_shape(self.sequence(input))
            }

            /// Those of the layer that starts from zeros.
            pub const fn parameters(&self, input: Shape) -> usize {
                self.plain().parameters(self.sequence(input))
            }

            /// Those of the layer that starts from zeros.
            pub const fn flops(&self, input: Shape) -> u64 {
                self.plain().flops(self.sequence(input))
            }

            /// As the layer that starts from zeros.
            pub const fn tape(&self, input: Shape) -> usize {
                self.plain().tape(self.sequence(input))
            }
        }
    };
}

from_a_state! {
    /// [`Rnn`] from a state that is given.
    RnnFrom, Rnn
}
from_a_state! {
    /// [`Lstm`] from two states that are given.
    LstmFrom, Lstm
}
from_a_state! {
    /// [`Gru`] from a state that is given.
    GruFrom, Gru
}

layer! {
    /// Both states of an [`Lstm`] after the last step, for a [`LstmFrom`] to start from.
    pub struct LstmState {
        /// The size of each of the states.
        units: usize,
        /// Whether time runs backwards, from the last step to the first.
        reverse: bool = Value::Flag(false),
        /// Whether steps whose features are all zero are passed over.
        masked: bool = Value::Flag(false),
        /// The probability that a feature of the input is dropped, at every step alike.
        dropout: f64 = Value::Number(0.0),
        /// The probability that a unit of the state is.
        recurrent_dropout: f64 = Value::Number(0.0),
    }
    positional: 1,
    form: General,
    reads: [],
    kind: Some(Kind::Scores),
    scratch: true,
    tape: true,
    type_arguments: [TypeArgument::InputLast, TypeArgument::Size("units")],
    axes: OutputAxes::Computed(1),
}

impl LstmState {
    /// The layer that gives its output alone.
    pub const fn plain(&self) -> Lstm {
        let &Self { units, reverse, masked, dropout, recurrent_dropout } = self;
        Lstm { units, last: true, reverse, masked, dropout, recurrent_dropout }
    }

    /// All of the input.
    pub const fn sequence(&self, input: Shape) -> Shape {
        input
    }

    /// `[time, features]` to `[2 · units]`: the state that is the output, then the cell's.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        let last = attempt!(self.plain().out_shape(input));
        if last.is_valid() { usable(input, Shape::new(&[last.len().saturating_mul(2)])) } else { Ok(last) }
    }

    /// Those of [`Lstm`].
    pub const fn parameters(&self, input: Shape) -> usize {
        self.plain().parameters(input)
    }

    /// Those of [`Lstm`].
    pub const fn flops(&self, input: Shape) -> u64 {
        self.plain().flops(input)
    }

    /// As [`Lstm`].
    pub const fn tape(&self, input: Shape) -> usize {
        self.plain().tape(input)
    }
}

const fn steps(input: Shape, units: usize, last: bool) -> Result<Shape, ShapeError> {
    if !input.is_valid() {
        return Ok(input);
    }
    attempt!(at_least_one("units", units));
    if input.rank() != 2 {
        return Err(ShapeError::Rank {
            input,
            expected: "[time, features]",
            help: match input.rank() {
                1 => "add the time axis with `Reshape([time, features])`, or use `Dense` for a single vector",
                _ => "join the axes of one step with `Reshape([time, features])`",
            },
        });
    }
    usable(input, if last { Shape::new(&[units]) } else { input.with_last(units) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_stands_behind_the_sequence() {
        let from = LstmFrom {
            units: 5,
            features: 3,
            time: None,
            reverse: false,
            masked: false,
            dropout: 0.0,
            recurrent_dropout: 0.0,
        };
        let input = Shape::new(&[7 * 3 + 10]);
        assert_eq!(from.out_shape(input), Ok(Shape::new(&[7, 5])));
        assert_eq!(from.parameters(input), 4 * 5 * (3 + 5 + 1));
        let wrong = from.out_shape(Shape::new(&[7 * 3 + 5]));
        assert!(matches!(wrong, Err(ShapeError::State { state: 10, .. })));
        // Of two values their sizes are known: a state that is short takes nothing from the sequence.
        let of_two = LstmFrom { time: Some(7), ..from };
        assert_eq!(of_two.out_shape(input), Ok(Shape::new(&[7, 5])));
        assert!(matches!(of_two.out_shape(Shape::new(&[6 * 3 + 10])), Err(ShapeError::State { .. })));
        assert!(matches!(from.out_shape(Shape::new(&[10])), Err(ShapeError::State { .. })));
        assert!(matches!(from.out_shape(Shape::new(&[7, 3])), Err(ShapeError::Rank { .. })));
        let state = LstmState { units: 5, reverse: true, masked: false, dropout: 0.0, recurrent_dropout: 0.0 };
        assert_eq!(state.out_shape(Shape::new(&[7, 3])), Ok(Shape::new(&[10])));
    }

    #[test]
    fn steps_keep_their_time_or_give_the_last_state() {
        let input = Shape::new(&[7, 3]);
        let all = Lstm { units: 5, last: false, reverse: false, masked: false, dropout: 0.0, recurrent_dropout: 0.0 };
        assert_eq!(all.out_shape(input), Ok(Shape::new(&[7, 5])));
        assert_eq!(Lstm { last: true, ..all }.out_shape(input), Ok(Shape::new(&[5])));
        // PyTorch's LSTM(3, 5) without its second bias, GRU(3, 5), RNN(3, 5) without its second bias.
        assert_eq!(all.parameters(input), 4 * 5 * (3 + 5 + 1));
        assert_eq!(
            Gru { units: 5, last: false, reverse: false, masked: false, dropout: 0.0, recurrent_dropout: 0.0 }
                .parameters(input),
            3 * 5 * (3 + 5 + 2)
        );
        assert_eq!(
            Rnn { units: 5, last: false, reverse: false, masked: false, dropout: 0.0, recurrent_dropout: 0.0 }
                .parameters(input),
            5 * (3 + 5 + 1)
        );
        assert!(Lstm { units: 0, ..all }.out_shape(input).is_err());
        assert!(all.out_shape(Shape::new(&[3])).is_err());
        assert!(all.out_shape(Shape::new(&[2, 7, 3])).is_err());
    }
}
