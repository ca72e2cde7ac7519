use super::dropout::rate;
use super::layer::{at_least_one, attempt, divides, layer, positive, usable};
use super::sinusoidal_position::sequence;
use super::{Shape, ShapeError, Stream};

layer! {
    /// Each step of a sequence becomes a weighted mean of all steps, in several heads.
    pub struct Attention {
        /// How many weighted means each step takes.
        heads: usize,
        /// How many heads the keys and values have; as many as `heads` when left out.
        key_heads: Option<usize> = Value::Absent,
        /// Whether a step sees itself and earlier ones alone.
        causal: bool = Value::Flag(false),
        /// How far a step sees, itself included; everything when left out.
        window: Option<usize> = Value::Absent,
        /// Whether queries and keys are turned by angles that follow from their positions.
        rotary: bool = Value::Flag(false),
        /// The longest period of these angles, in positions, divided by 2π.
        base: f64 = Value::Number(10_000.0),
        /// Whether the four products have a bias.
        bias: bool = Value::Flag(true),
        /// Whether steps whose features are all zero are padding, to which nobody listens.
        masked: bool = Value::Flag(false),
        /// The probability with which a weight is left out in training.
        dropout: f64 = Value::Number(0.0),
    }
    positional: 1,
    form: General,
    reads: [input],
    kind: Some(Kind::Scores),
    scratch: true,
    tape: true,
    stream: Self::stream,
    sizes: [key_head_count, head_width],
    type_arguments: [
        TypeArgument::InputLast,
        TypeArgument::Size("heads"),
        TypeArgument::Computed("key_head_count"),
        TypeArgument::Computed("head_width"),
        TypeArgument::BiasFlag("bias")
    ],
    axes: OutputAxes::Same,
}

layer! {
    /// Each step of one sequence becomes a weighted mean of the steps of another, in several heads.
    pub struct CrossAttention {
        /// How many weighted means each step takes.
        heads: usize,
        /// How many of the first steps ask; all others are what they see.
        queries: usize,
        /// How many heads the keys and values have; as many as `heads` when left out.
        key_heads: Option<usize> = Value::Absent,
        /// Whether the four products have a bias.
        bias: bool = Value::Flag(true),
        /// Whether steps whose features are all zero are padding, to which nobody listens.
        masked: bool = Value::Flag(false),
        /// The probability with which a weight is left out in training.
        dropout: f64 = Value::Number(0.0),
    }
    positional: 2,
    form: General,
    reads: [input],
    kind: Some(Kind::Scores),
    scratch: true,
    tape: true,
    joins: Joins::along(0, &[JoinedSize::of_first("queries", 0)]),
    sizes: [key_head_count, head_width],
    type_arguments: [
        TypeArgument::InputLast,
        TypeArgument::Size("heads"),
        TypeArgument::Computed("key_head_count"),
        TypeArgument::Computed("head_width"),
        TypeArgument::BiasFlag("bias")
    ],
    axes: OutputAxes::FirstFrom("queries"),
}

/// All sizes of an attention layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttentionGeometry {
    /// The steps of the input.
    pub time: usize,
    /// Its features, which is also the size of all heads together.
    pub width: usize,
    /// The steps that ask: the first ones.
    pub queries: usize,
    /// The steps that are seen: the last ones.
    pub keys: usize,
    /// Heads of the queries.
    pub heads: usize,
    /// Heads of the keys and values.
    pub key_heads: usize,
    /// Features of a head.
    pub head_width: usize,
    /// Whether steps of zeros are padding.
    pub masked: bool,
    /// Whether a step sees no later ones.
    pub causal: bool,
    /// How far a step sees, itself included.
    pub window: usize,
}

impl AttentionGeometry {
    /// The first step that is seen.
    pub const fn first_key(&self) -> usize {
        self.time - self.keys
    }

    /// The size of all heads of the keys.
    pub const fn key_width(&self) -> usize {
        self.key_heads * self.head_width
    }

    /// How many steps are kept for the next one.
    pub const fn remembered(&self) -> usize {
        if self.window == usize::MAX { self.keys } else { self.window }
    }

    /// The keys that a query sees.
    #[inline(always)]
    pub const fn seen(&self, query: usize) -> [usize; 2] {
        let reach = query.saturating_add(self.window);
        let end = if self.causal { query + 1 } else { reach };
        let end = if end < self.keys { end } else { self.keys };
        let start = (query + 1).saturating_sub(self.window);
        [if start < end { start } else { end }, end]
    }

    /// Scalars a sample that are kept for the backward pass, and that both passes work in: queries, keys and values, what the
    /// heads give with the logarithm of each sum of weights, and the gradient of that.
    const fn tape(&self) -> usize {
        let most = if self.queries > self.keys { self.queries } else { self.keys };
        let given = self.queries * (2 * self.width + self.heads);
        given + 2 * self.keys * self.key_width() + most * self.width
    }

    const fn parameters(&self, bias: bool) -> usize {
        let outputs = 2 * (self.width + self.key_width());
        self.width * outputs + if bias { outputs } else { 0 }
    }

    /// Two for each weight and step, and about ten for each pair of steps that see each other beside its products.
    const fn flops(&self) -> u64 {
        let projections = 4 * self.width * (self.queries * self.width + self.keys * self.key_width());
        let (mut pairs, mut query) = (0, 0);
        while query < self.queries {
            let [start, end] = self.seen(query);
            pairs += end - start;
            query += 1;
        }
        (projections + pairs * (4 * self.width + 10 * self.heads)) as u64
    }
}

impl Attention {
    /// `[time, width]` to itself.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(positive("base", self.base));
        if let Some(window) = self.window {
            attempt!(at_least_one("window", window));
        }
        attempt!(heads(input, self.heads, self.key_heads, self.dropout));
        if self.rotary && !self.head_width(input).is_multiple_of(2) {
            return Err(ShapeError::HeadWidth { input, heads: self.heads, width: self.head_width(input) });
        }
        usable(input, input)
    }

    /// All sizes.
    pub const fn geometry(&self, input: Shape) -> AttentionGeometry {
        AttentionGeometry {
            time: input.rows(),
            width: input.last(),
            queries: input.rows(),
            keys: input.rows(),
            heads: self.heads,
            key_heads: self.key_head_count(input),
            head_width: self.head_width(input),
            masked: self.masked,
            causal: self.causal,
            window: match self.window {
                Some(window) => window,
                None => usize::MAX,
            },
        }
    }

    /// Scalars of state a sample that steps one by one hand on: the keys and values that the next one may see, and their
    /// masks.
    pub const fn state(&self, input: Shape) -> usize {
        let geometry = self.geometry(input);
        geometry.remembered() * (2 * geometry.key_width() + self.masked as usize)
    }

    const fn stream(&self) -> Stream {
        if !self.causal {
            return Stream::Whole("listens to later steps, because it is not `causal`");
        }
        Stream::Carries { bounded: self.window.is_none() }
    }
}

impl CrossAttention {
    /// `[queries + time, width]` to `[queries, width]`.
    pub const fn out_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if !input.is_valid() {
            return Ok(input);
        }
        attempt!(at_least_one("queries", self.queries));
        attempt!(heads(input, self.heads, self.key_heads, self.dropout));
        if self.queries >= input.dim(0) {
            return Err(ShapeError::Range {
                argument: "queries",
                found: (self.queries as i64).saturating_mul(10_000),
                expected: "less than the steps of the input, which are the queries and what they see",
            });
        }
        usable(input, input.with_dim(0, self.queries))
    }

    /// All sizes.
    pub const fn geometry(&self, input: Shape) -> AttentionGeometry {
        AttentionGeometry {
            time: input.rows(),
            width: input.last(),
            queries: self.queries,
            keys: input.rows().saturating_sub(self.queries),
            heads: self.heads,
            key_heads: self.key_head_count(input),
            head_width: self.head_width(input),
            masked: self.masked,
            causal: false,
            window: usize::MAX,
        }
    }
}

macro_rules! sizes {
    ($($name:ident),*) => {$(
        impl $name {
            /// Heads of the keys and values.
            pub const fn key_head_count(&self, _input: Shape) -> usize {
                match self.key_heads {
                    Some(heads) => heads,
                    None => self.heads,
                }
            }

            /// Features of a head.
            pub const fn head_width(&self, input: Shape) -> usize {
                input.last() / if self.heads == 0 { 1 } else { self.heads }
            }

            /// Four matrices and their biases.
            pub const fn parameters(&self, input: Shape) -> usize {
                self.geometry(input).parameters(self.bias)
            }

            /// Those of the products, and of the weights between them.
            pub const fn flops(&self, input: Shape) -> u64 {
                self.geometry(input).flops()
            }

            /// Scalars a sample that are kept for the backward pass, and that forward works in: linear in the time.
            pub const fn tape(&self, input: Shape) -> usize {
                self.geometry(input).tape()
            }
        }
    )*};
}

sizes! { Attention, CrossAttention }

/// What both layers ask of their heads.
const fn heads(input: Shape, heads: usize, key_heads: Option<usize>, dropout: f64) -> Result<(), ShapeError> {
    attempt!(at_least_one("heads", heads));
    attempt!(sequence(input));
    attempt!(divides("heads", heads, input, input.last()));
    if let Some(key_heads) = key_heads {
        attempt!(at_least_one("key_heads", key_heads));
        if !heads.is_multiple_of(key_heads) {
            return Err(ShapeError::SharedHeads { heads, key_heads });
        }
    }
    rate("dropout", dropout)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Attention = Attention {
        heads: 4,
        key_heads: None,
        causal: false,
        window: None,
        rotary: false,
        base: 1e4,
        bias: true,
        masked: false,
        dropout: 0.0,
    };

    #[test]
    fn sequences_stay() {
        let input = Shape::new(&[7, 12]);
        assert_eq!(PLAIN.out_shape(input), Ok(input));
        // PyTorch's MultiheadAttention(12, 4).
        assert_eq!(PLAIN.parameters(input), 4 * (12 * 12 + 12));
        let grouped = Attention { key_heads: Some(2), bias: false, ..PLAIN };
        assert_eq!((grouped.out_shape(input), grouped.parameters(input)), (Ok(input), 2 * 12 * 12 + 2 * 12 * 6));
        let cross = CrossAttention { heads: 3, queries: 2, key_heads: None, bias: true, masked: false, dropout: 0.0 };
        assert_eq!(cross.out_shape(input), Ok(Shape::new(&[2, 12])));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let input = Shape::new(&[7, 12]);
        let fault = |attention: Attention, input| attention.out_shape(input).expect_err("a fault").argument();
        assert_eq!(fault(Attention { heads: 0, ..PLAIN }, input), Some("heads"));
        assert_eq!(fault(Attention { heads: 5, ..PLAIN }, input), Some("heads"));
        assert_eq!(fault(Attention { key_heads: Some(3), ..PLAIN }, input), Some("key_heads"));
        assert_eq!(fault(Attention { key_heads: Some(0), ..PLAIN }, input), Some("key_heads"));
        assert_eq!(fault(Attention { window: Some(0), ..PLAIN }, input), Some("window"));
        assert_eq!(fault(Attention { base: 0.0, ..PLAIN }, input), Some("base"));
        assert_eq!(fault(Attention { dropout: 1.0, ..PLAIN }, input), Some("dropout"));
        assert_eq!(fault(Attention { rotary: true, ..PLAIN }, input), Some("rotary"));
        assert_eq!(fault(PLAIN, Shape::new(&[12])), None);
        let cross = CrossAttention { heads: 3, queries: 7, key_heads: None, bias: true, masked: false, dropout: 0.0 };
        assert_eq!(cross.out_shape(input).expect_err("nothing to see").argument(), Some("queries"));
    }

    #[test]
    fn a_window_reaches_both_ways_unless_it_is_causal() {
        let seen = |attention: Attention| {
            let geometry = attention.geometry(Shape::new(&[5, 12]));
            [0, 2, 4].map(|query| geometry.seen(query))
        };
        assert_eq!(seen(PLAIN), [[0, 5]; 3]);
        assert_eq!(seen(Attention { causal: true, ..PLAIN }), [[0, 1], [0, 3], [0, 5]]);
        assert_eq!(seen(Attention { window: Some(2), ..PLAIN }), [[0, 2], [1, 4], [3, 5]]);
        assert_eq!(seen(Attention { causal: true, window: Some(2), ..PLAIN }), [[0, 1], [1, 3], [3, 5]]);
    }

    #[test]
    fn a_window_bounds_the_state() {
        let input = Shape::new(&[100, 12]);
        assert_eq!(Attention { causal: true, ..PLAIN }.state(input), 100 * 24);
        assert_eq!(Attention { causal: true, window: Some(8), key_heads: Some(1), ..PLAIN }.state(input), 8 * 6);
    }
}
