//! Writes random networks: graphs with every join, view, window and activation, values with many readers, layers applied
//! again, networks inside networks, blocks and rows of them, several inputs and outputs, frozen layers, batch normalisation
//! in sequence and in parallel, sizes by number, const and parameter.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use netform::Random;
use netform::spec::{LAYERS, Padding, Shape, Value};

/// More elements than this in one value only cost time.
const LARGEST: usize = 40;
/// Named sizes: the compiler sees an expression where it would see a number.
const CONSTS: [&str; 6] = ["ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX"];
/// What the parameter `H` of generic networks stands for in the checks.
const PARAMETER: usize = 3;

/// Templates that keep their input's shape.
const BLOCKS: [(&str, &str); 5] = [
    ("Residual", "(x: [.., width]) {\n        x + (x -> up: Dense(width) -> Tanh -> Dense(width))\n    }"),
    (
        "Gated",
        "(x: [.., width]) {\n        let gate = x -> Dense(width) -> Sigmoid;\n        x * gate + 0.5 * tanh(x)\n    }",
    ),
    ("Deep", "(x: [.., width]) {\n        x -> [Residual; 2] -> Elu -> last: Residual\n    }"),
    (
        "Window",
        "(x: [height, width, channels]) {\n        x + (x -> Conv2d(channels, kernel = 3, padding = same) -> Tanh)\n    }",
    ),
    (
        "Normed",
        "(x: [height, width, channels]) {\n        x -> Conv2d(channels, kernel = 1) -> BatchNorm(epsilon = 0.5) -> Tanh\n    }",
    ),
];

/// One network, as text.
pub(crate) struct Generated {
    /// What stands in `network!`.
    text: String,
    seed: u64,
    /// The struct's name.
    name: String,
    /// The type to be checked, in f64.
    checked: String,
    input: Vec<usize>,
    output: Vec<usize>,
    /// It can stand inside another network.
    nests: bool,
}

/// The networks of these seeds; each may contain earlier ones.
pub(crate) fn generate(seeds: std::ops::Range<u64>) -> Vec<Generated> {
    let mut networks = Vec::new();
    for seed in seeds {
        let network = Writer::new(seed, &networks).network(seed);
        networks.push(network);
    }
    networks
}

/// A module with these networks and a test for each.
pub(crate) fn module(networks: &[Generated]) -> String {
    let mut text = String::from("//! Made by `generator.rs`; `main.rs` says how to make it anew.\n\n");
    text += "use netform::network;\n\nuse super::check::check;\n\n";
    for (index, name) in CONSTS.iter().enumerate() {
        let _ = writeln!(text, "const {name}: usize = {};", index + 1);
    }
    for network in networks {
        let _ = writeln!(text, "\nnetwork! {{\n    /// Seed {}.\n{}}}\n", network.seed, network.text);
        let test = network.name.to_lowercase();
        let _ = writeln!(text, "#[test]\nfn {test}() {{\n    check::<{}>();\n}}", network.checked);
    }
    text
}

/// A value or a piece of an expression.
#[derive(Clone)]
struct Piece {
    text: String,
    shape: Vec<usize>,
    /// The last axis is the network's parameter `H`.
    is_generic: bool,
    /// It comes from a softmax.
    is_normalised: bool,
}

/// A layer that can be applied again.
struct Again {
    name: String,
    layer: &'static str,
    values: Vec<Value>,
    is_input_generic: bool,
    is_output_generic: bool,
    input: usize,
}

struct Writer<'n> {
    random: Random,
    earlier: &'n [Generated],
    values: Vec<(Piece, bool)>,
    layers: Vec<Again>,
    body: String,
    has_parameters: bool,
    is_generic: bool,
    has_consts: bool,
    normalises: bool,
    couples: bool,
    nested: usize,
    /// Uses functions and blocks, which ask for shapes that are known.
    has_functions: bool,
    /// The names of the templates that are used.
    blocks: BTreeSet<&'static str>,
}

impl<'n> Writer<'n> {
    fn new(seed: u64, earlier: &'n [Generated]) -> Self {
        let mut random = Random::new(0x5EED + seed);
        let mut chance = |percent: usize| random.below(100) < percent;
        let (is_generic, has_consts, normalises) = (chance(15), chance(35), chance(35));
        let has_functions = chance(65);
        Self {
            random,
            earlier,
            values: Vec::new(),
            layers: Vec::new(),
            body: String::new(),
            has_parameters: false,
            is_generic,
            has_consts: has_consts && !is_generic,
            normalises,
            couples: false,
            nested: 0,
            has_functions,
            blocks: BTreeSet::new(),
        }
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.random.below(100) < percent
    }

    fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.random.below(high - low + 1)
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.random.below(all.len())]
    }

    fn network(mut self, seed: u64) -> Generated {
        let input = self.input_shape();
        let mut inputs = vec![("x", input.clone())];
        if self.chance(20) {
            inputs.push(("y", self.input_shape()));
        }
        for (name, shape) in &inputs {
            let piece = Piece { text: (*name).into(), shape: shape.clone(), is_generic: false, is_normalised: false };
            self.values.push((piece, false));
        }
        for index in 0..self.between(2, 6) {
            let piece = self.expression(2);
            let name = format!("v{index}");
            let _ = writeln!(self.body, "        let {name} = {};", bare(&piece.text));
            self.values.push((Piece { text: name, ..piece }, false));
        }
        let (result, declared) = self.results();
        let name = format!("Random{seed}");
        let generics = if self.is_generic { "<const H: usize>" } else { "" };
        let is_plain = inputs.len() == 1 && !declared.starts_with('(');
        let written: Vec<String> = inputs.iter().map(|(name, shape)| format!("{name}: {}", self.axes(shape))).collect();
        let ending = if declared.starts_with('(') { &result.text } else { bare(&result.text) };
        let mut text = format!(
            "    pub struct {name}{generics}({}) -> {declared} {{\n{}        {ending}\n    }}\n",
            written.join(", "),
            self.body,
        );
        for block in &self.blocks {
            let (_, template) = BLOCKS.iter().find(|(name, _)| name == block).expect("a template of this name");
            let _ = writeln!(text, "\n    block {block}{template}");
        }
        let checked = if self.is_generic { format!("{name}<{PARAMETER}, f64>") } else { format!("{name}<f64>") };
        let nests = !self.couples && !self.is_generic && is_plain;
        Generated { text, seed, name, checked, input, output: result.shape, nests }
    }

    fn input_shape(&mut self) -> Vec<usize> {
        match self.random.below(4) {
            0 => vec![self.between(1, 7)],
            1 => vec![self.between(1, 4), self.between(1, 5)],
            2 => vec![self.between(2, 5), self.between(2, 4), self.between(1, 2)],
            _ => vec![self.between(3, 4), self.between(3, 4), 1],
        }
    }

    /// A size: a number, or a const expression of that value.
    fn size(&mut self, size: usize) -> String {
        if !self.has_consts || size == 0 || self.chance(50) {
            return size.to_string();
        }
        match CONSTS.get(size - 1) {
            Some(name) => (*name).into(),
            None if size.is_multiple_of(2) => format!("TWO * {}", size / 2),
            None => format!("{} + ONE", size - 1),
        }
    }

    fn axes(&mut self, shape: &[usize]) -> String {
        let axes: Vec<String> = shape.iter().map(|size| self.size(*size)).collect();
        format!("[{}]", axes.join(", "))
    }

    /// All that nobody has used yet, in one value.
    fn result(&mut self) -> Piece {
        let unused: Vec<Piece> =
            self.values.iter().filter(|(_, is_used)| !is_used).map(|(piece, _)| piece.clone()).collect();
        let mut result = unused[0].clone();
        if unused.len() > 1 {
            let flat: Vec<Piece> = unused.into_iter().map(|piece| self.flat(piece)).collect();
            let texts: Vec<&str> = flat.iter().map(|piece| piece.text.as_str()).collect();
            let sum = flat.iter().map(|piece| piece.shape[0]).sum();
            let same = flat.iter().all(|piece| piece.shape == flat[0].shape);
            let (text, size) = if same && self.chance(50) {
                (format!("({})", texts.join(" - ")), flat[0].shape[0])
            } else {
                (format!("concat({})", texts.join(", ")), sum)
            };
            result = Piece { text, shape: vec![size], is_generic: false, is_normalised: false };
        }
        if !self.has_parameters || self.chance(40) {
            result = self.dense(result);
        }
        if self.chance(30) {
            result = self.layer(result);
        }
        if !self.has_parameters { self.dense(result) } else { result }
    }

    /// One result, or two with names; and how they are declared.
    fn results(&mut self) -> (Piece, String) {
        let result = self.result();
        let one = |writer: &mut Self, piece: &Piece| {
            if piece.is_generic { declared(piece) } else { writer.axes(&piece.shape) }
        };
        let axes = one(self, &result);
        if !self.chance(15) {
            return (result, axes);
        }
        let other = self.expression(1);
        let other = self.layer(other);
        let declared = format!("(first: {axes}, second: {})", one(self, &other));
        let text = format!("({}, {})", result.text, other.text);
        (Piece { text, ..result }, declared)
    }

    fn flat(&mut self, piece: Piece) -> Piece {
        let piece = if piece.is_generic { self.dense_of(piece, 2) } else { piece };
        if piece.shape.len() == 1 {
            return piece;
        }
        let text = format!("({} -> Flatten)", piece.text);
        Piece { text, shape: vec![piece.shape.iter().product()], ..piece }
    }

    fn expression(&mut self, depth: usize) -> Piece {
        if depth == 0 {
            return self.value();
        }
        match self.random.below(10) {
            0..=4 => self.chain(depth),
            5..=7 => self.join(depth),
            8 => self.concat(depth),
            _ => self.value(),
        }
    }

    /// A value that stands there already; those that nobody has used come first.
    fn value(&mut self) -> Piece {
        let unused: Vec<usize> = (0..self.values.len()).filter(|index| !self.values[*index].1).collect();
        let index = if !unused.is_empty() && self.chance(60) {
            self.pick(&unused)
        } else {
            self.random.below(self.values.len())
        };
        self.values[index].1 = true;
        self.values[index].0.clone()
    }

    fn chain(&mut self, depth: usize) -> Piece {
        let mut piece = self.expression(depth - 1);
        for _ in 0..self.between(1, 4) {
            piece = self.layer(piece);
        }
        piece
    }

    fn join(&mut self, depth: usize) -> Piece {
        let left = self.expression(depth - 1);
        let operator = self.pick(&["+", "-", "*"]);
        let partners: Vec<Piece> = self
            .values
            .iter()
            .filter(|(value, _)| value.shape == left.shape && value.is_generic == left.is_generic)
            .map(|(value, _)| value.clone())
            .collect();
        let right = if !partners.is_empty() && self.chance(70) {
            let partner = self.random.below(partners.len());
            self.mark(&partners[partner].text);
            partners[partner].clone()
        } else {
            let value = self.expression(depth - 1);
            self.adapted(value, &left)
        };
        let text = format!("({} {operator} {})", left.text, right.text);
        Piece { text, is_normalised: false, ..left }
    }

    fn mark(&mut self, name: &str) {
        for (value, is_used) in &mut self.values {
            *is_used |= value.text == name;
        }
    }

    /// A value brought to another's shape.
    fn adapted(&mut self, value: Piece, like: &Piece) -> Piece {
        if value.shape == like.shape && value.is_generic == like.is_generic {
            return value;
        }
        let last = like.shape[like.shape.len() - 1];
        let leading = |shape: &[usize]| shape[..shape.len() - 1].to_vec();
        if value.shape.len() < 3 && leading(&value.shape) == leading(&like.shape) {
            return if like.is_generic { self.dense_generic(value) } else { self.dense_of(value, last) };
        }
        let flat = self.flat(value);
        if like.is_generic {
            let leading: usize = leading(&like.shape).iter().product();
            let dense = self.dense_of(flat, leading * 2);
            let mut axes = like.shape.clone();
            *axes.last_mut().expect("a shape has axes") = 2;
            let rows = self.reshaped(dense, axes);
            return self.dense_generic(rows);
        }
        let dense = self.dense_of(flat, like.shape.iter().product());
        self.reshaped(dense, like.shape.clone())
    }

    fn reshaped(&mut self, piece: Piece, shape: Vec<usize>) -> Piece {
        if piece.shape == shape {
            return piece;
        }
        let axes = self.axes(&shape);
        Piece { text: format!("({} -> Reshape({axes}))", bare(&piece.text)), shape, ..piece }
    }

    fn concat(&mut self, depth: usize) -> Piece {
        let first = self.expression(depth - 1);
        if first.is_generic || first.shape.iter().product::<usize>() * 3 > LARGEST {
            return first;
        }
        let mut parts = vec![first.clone()];
        for _ in 0..self.between(1, 2) {
            let leading = &first.shape[..first.shape.len() - 1];
            let fitting: Vec<Piece> = self
                .values
                .iter()
                .filter(|(value, _)| !value.is_generic && value.shape[..value.shape.len() - 1] == *leading)
                .map(|(value, _)| value.clone())
                .collect();
            let part = match self.random.below(3) {
                0 if !fitting.is_empty() => fitting[self.random.below(fitting.len())].clone(),
                1 if !parts[0].text.contains(' ') => parts[0].clone(),
                _ => {
                    let value = self.expression(depth - 1);
                    self.adapted(value, &first)
                }
            };
            self.mark(&part.text);
            parts.push(part);
        }
        let mut shape = first.shape;
        *shape.last_mut().expect("a shape has axes") = parts.iter().map(|part| part.shape[part.shape.len() - 1]).sum();
        let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
        Piece { text: format!("concat({})", texts.join(", ")), shape, is_generic: false, is_normalised: false }
    }

    /// One layer behind a value; where the chosen one does not fit, an activation.
    fn layer(&mut self, piece: Piece) -> Piece {
        let is_image = piece.shape.len() == 3 && !piece.is_generic;
        if self.has_functions && self.chance(25) {
            return self.operation(piece);
        }
        let wanted = self.random.below(if is_image { 20 } else { 12 });
        let made = match wanted {
            0 | 1 => Some(self.dense(piece.clone())),
            2 => self.view(&piece),
            3 if self.normalises => Some(self.batch_norm(&piece)),
            4 => {
                let tenths = self.between(1, 6);
                Some(self.applied(&piece, format!("Dropout(0.{tenths})")))
            }
            5 if !piece.is_normalised => {
                let layer = self.pick(&["Softmax", "LogSoftmax"]);
                Some(Piece { is_normalised: true, ..self.applied(&piece, layer.into()) })
            }
            6 => self.again(&piece),
            7 if !self.is_generic && self.nested == 0 => self.nest(&piece),
            12..=15 => self.conv(&piece),
            16..=18 => self.pool(&piece),
            19 => {
                let text = format!("({} -> GlobalAvgPool2d)", bare(&piece.text));
                Some(Piece { text, shape: vec![piece.shape[2]], is_generic: false, is_normalised: false })
            }
            _ => None,
        };
        made.unwrap_or_else(|| self.activation(&piece))
    }

    /// Arithmetic with numbers, functions of values, blocks.
    fn operation(&mut self, piece: Piece) -> Piece {
        let text = bare(&piece.text).to_owned();
        let made = match self.random.below(10) {
            0 => Some(format!("({} * 0.5 + 1)", piece.text)),
            1 => Some(format!("(1.5 - {} / 2.0)", piece.text)),
            2 => Some(format!("tanh({text})")),
            3 | 4 if !piece.is_generic => return self.function(&piece),
            5..=8 => return self.block(&piece),
            _ if !piece.is_generic => Some(format!("({0} - mean({text}, keep = true))", piece.text)),
            _ => None,
        };
        // A text that stands twice has to be a name.
        match made {
            Some(made) if piece.text.contains(' ') && made.matches(text.as_str()).count() > 1 => {
                self.activation(&piece)
            }
            Some(text) => Piece { text, is_normalised: false, ..piece },
            None => self.activation(&piece),
        }
    }

    /// A function of a value that changes its shape.
    fn function(&mut self, piece: &Piece) -> Piece {
        let text = bare(&piece.text).to_owned();
        let rank = piece.shape.len();
        let axis = self.random.below(rank);
        let size = piece.shape[axis];
        let mut shape = piece.shape.clone();
        let text = match self.random.below(5) {
            0 if size > 1 => {
                let start = self.random.below(size);
                shape[axis] = size - start;
                format!("slice({text}, {start}.., axis = {axis})")
            }
            1 if rank > 1 => {
                shape.swap(0, rank - 1);
                let mut axes: Vec<usize> = (0..rank).collect();
                axes.swap(0, rank - 1);
                format!("permute({text}, {axes:?})")
            }
            2 if rank > 1 => {
                shape.remove(axis);
                format!("sum({text}, axes = {axis})")
            }
            3 if !piece.text.contains(' ') && piece.shape.iter().product::<usize>() * 2 <= LARGEST => {
                shape[axis] *= 2;
                self.mark(&piece.text);
                format!("concat({text}, {text}, axis = {axis})")
            }
            4 if piece.shape.iter().product::<usize>() * 2 <= LARGEST => {
                shape[axis] += 1;
                format!("pad({text}, 1, 0, axes = {axis})")
            }
            _ => return self.activation(piece),
        };
        Piece { text, shape, is_generic: false, is_normalised: false }
    }

    /// A block, or a row of them: the shape stays.
    fn block(&mut self, piece: &Piece) -> Piece {
        let fits: &[&str] = if piece.shape.len() == 3 { &["Window", "Normed"] } else { &["Residual", "Gated", "Deep"] };
        let name = self.pick(fits);
        if name == "Normed" && !self.normalises {
            return self.activation(piece);
        }
        self.couples |= name == "Normed";
        self.has_parameters = true;
        self.blocks.insert(name);
        if name == "Deep" {
            self.blocks.insert("Residual");
        }
        let frozen = if self.chance(15) { "#[freeze] " } else { "" };
        let layer = if self.chance(40) { format!("[{name}; 2]") } else { name.to_owned() };
        self.applied(piece, format!("{frozen}{layer}"))
    }

    fn applied(&mut self, piece: &Piece, layer: String) -> Piece {
        Piece { text: format!("({} -> {layer})", bare(&piece.text)), is_normalised: false, ..piece.clone() }
    }

    fn activation(&mut self, piece: &Piece) -> Piece {
        let all = ["Relu", "LeakyRelu(0.2)", "Elu", "Elu(0.5)", "Sigmoid", "Tanh", "Gelu", "Silu"];
        let layer = self.pick(&all);
        self.applied(piece, layer.into())
    }

    fn dense(&mut self, piece: Piece) -> Piece {
        if self.is_generic && self.chance(40) {
            return self.dense_generic(piece);
        }
        let units = self.between(1, if piece.shape.len() == 2 { 3 } else { 6 });
        self.dense_of(piece, units)
    }

    fn dense_of(&mut self, piece: Piece, units: usize) -> Piece {
        let size = self.size(units);
        self.dense_with(piece, size, units, false)
    }

    fn dense_generic(&mut self, piece: Piece) -> Piece {
        self.dense_with(piece, "H".into(), PARAMETER, true)
    }

    fn dense_with(&mut self, piece: Piece, size: String, units: usize, is_generic: bool) -> Piece {
        let bias = if self.chance(25) { ", bias = false" } else { "" };
        let piece = if piece.shape.len() > 2 { self.flat(piece) } else { piece };
        let input = piece.shape[piece.shape.len() - 1];
        let values = vec![Value::Size(units), Value::Flag(bias.is_empty()), Value::Absent];
        let name = self.name("Dense", values, &piece, is_generic);
        let written = if self.chance(15) && !piece.is_generic { format!("{input} -> ") } else { String::new() };
        let mut shape = piece.shape.clone();
        *shape.last_mut().expect("a shape has axes") = units;
        self.has_parameters = true;
        let frozen = self.frozen();
        let text = format!("({} -> {frozen}{name}Dense({written}{size}{bias}))", bare(&piece.text));
        Piece { text, shape, is_generic, is_normalised: false }
    }

    fn frozen(&mut self) -> &'static str {
        if self.chance(8) { "#[freeze] " } else { "" }
    }

    /// Sometimes a name, under which the layer can be applied again.
    fn name(&mut self, layer: &'static str, values: Vec<Value>, piece: &Piece, is_output_generic: bool) -> String {
        if self.chance(50) {
            return String::new();
        }
        let name = format!("layer{}", self.layers.len());
        let input = piece.shape[piece.shape.len() - 1];
        let is_input_generic = piece.is_generic;
        self.layers.push(Again { name: name.clone(), layer, values, is_input_generic, is_output_generic, input });
        format!("{name}: ")
    }

    fn again(&mut self, piece: &Piece) -> Option<Piece> {
        let last = piece.shape[piece.shape.len() - 1];
        let fitting: Vec<usize> = (0..self.layers.len())
            .filter(|index| {
                self.layers[*index].input == last && self.layers[*index].is_input_generic == piece.is_generic
            })
            .collect();
        if fitting.is_empty() {
            return None;
        }
        let index = self.pick(&fitting);
        let again = &self.layers[index];
        let shape = out_shape(again.layer, &again.values, &piece.shape)?;
        let text = format!("({} -> {})", bare(&piece.text), again.name);
        Some(Piece { text, shape, is_generic: again.is_output_generic, is_normalised: false })
    }

    fn view(&mut self, piece: &Piece) -> Option<Piece> {
        if piece.is_generic {
            return None;
        }
        let len: usize = piece.shape.iter().product();
        let shape = match self.random.below(4) {
            0 => {
                let text = format!("({} -> Flatten)", bare(&piece.text));
                return Some(Piece { text, shape: vec![len], ..piece.clone() });
            }
            1 => {
                let rows = self.divisor(len);
                vec![rows, len / rows]
            }
            _ => {
                let height = self.divisor(len);
                let width = self.divisor(len / height);
                vec![height, width, len / height / width]
            }
        };
        Some(self.reshaped(piece.clone(), shape))
    }

    fn divisor(&mut self, number: usize) -> usize {
        let all: Vec<usize> = (1..=number).filter(|divisor| number.is_multiple_of(*divisor)).collect();
        self.pick(&all)
    }

    fn batch_norm(&mut self, piece: &Piece) -> Piece {
        self.has_parameters = true;
        self.couples = true;
        let epsilon = self.pick(&["0.1", "0.5"]);
        self.applied(piece, format!("BatchNorm(epsilon = {epsilon})"))
    }

    fn conv(&mut self, piece: &Piece) -> Option<Piece> {
        let filters = self.between(1, 3);
        let (window, text) = self.window();
        let bias = if self.chance(25) { ", bias = false" } else { "" };
        let behind = [Value::Flag(bias.is_empty()), Value::Pair([1, 1]), Value::Size(1)];
        let values = [&[Value::Size(filters)], &window[..], &behind[..]].concat();
        let shape = out_shape("Conv2d", &values, &piece.shape)?;
        let name = self.name("Conv2d", values, piece, false);
        self.has_parameters = true;
        let size = self.size(filters);
        let frozen = self.frozen();
        let text = format!("({} -> {frozen}{name}Conv2d({size}, {text}{bias}))", bare(&piece.text));
        let piece = Piece { text, shape, is_generic: false, is_normalised: false };
        Some(if self.chance(60) { self.pooled(piece) } else { piece })
    }

    /// Windows side by side, before or behind a function: most of these become part of the convolution in front.
    fn pooled(&mut self, piece: Piece) -> Piece {
        let before = if self.chance(60) { self.activation(&piece) } else { piece.clone() };
        let window = [self.between(1, 3), self.between(1, 3)];
        let values = [Value::Pair(window), Value::Absent, Value::Padding(Padding::Valid)];
        let Some(shape) = out_shape("MaxPool2d", &values, &before.shape) else { return piece };
        let text = self.axes(&window);
        let pooled = Piece { shape, ..self.applied(&before, format!("MaxPool2d({text})")) };
        if self.chance(30) { self.activation(&pooled) } else { pooled }
    }

    fn pool(&mut self, piece: &Piece) -> Option<Piece> {
        let layer = self.pick(&["MaxPool2d", "AvgPool2d"]);
        let (window, text) = self.window();
        let shape = out_shape(layer, &window, &piece.shape)?;
        let text = format!("({} -> {layer}({text}))", bare(&piece.text));
        Some(Piece { text, shape, is_generic: false, is_normalised: false })
    }

    /// Kernel, stride and padding, as values and as text.
    fn window(&mut self) -> (Vec<Value>, String) {
        let kernel = [self.between(1, 3), self.between(1, 3)];
        let stride = [self.between(1, 2), self.between(1, 2)];
        let (padding, word) = match self.random.below(4) {
            0 => (Padding::Valid, "valid".to_owned()),
            1 => (Padding::Amount(1), self.size(1)),
            _ => (Padding::Same, "same".to_owned()),
        };
        let (kernel_text, stride_text) = (self.axes(&kernel), self.axes(&stride));
        let text = format!("kernel = {kernel_text}, stride = {stride_text}, padding = {word}");
        (vec![Value::Pair(kernel), Value::Pair(stride), Value::Padding(padding)], text)
    }

    /// An earlier network behind a value.
    fn nest(&mut self, piece: &Piece) -> Option<Piece> {
        let fitting: Vec<&Generated> = self.earlier.iter().filter(|network| network.nests).collect();
        if fitting.is_empty() {
            return None;
        }
        let inner = fitting[self.random.below(fitting.len())];
        let like = Piece { shape: inner.input.clone(), ..piece.clone() };
        let fed = self.adapted(piece.clone(), &like);
        self.nested += 1;
        self.has_parameters = true;
        let mut text = format!("({} -> self::{})", bare(&fed.text), inner.name);
        if self.has_functions {
            text = format!("({} -> Reshape({:?}))", bare(&text), inner.output);
        }
        Some(Piece { text, shape: inner.output.clone(), is_generic: false, is_normalised: false })
    }
}

/// Without the outer parentheses, where they enclose everything: `->` binds weakest.
fn bare(text: &str) -> &str {
    let mut depth = 0;
    for (index, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 && index + 1 < text.len() {
            return text;
        }
    }
    text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text)
}

fn declared(piece: &Piece) -> String {
    let mut axes: Vec<String> = piece.shape.iter().map(ToString::to_string).collect();
    if let Some(last) = axes.last_mut() {
        *last = "H".into();
    }
    format!("[{}]", axes.join(", "))
}

/// The layer's own shape rule; nothing where it refuses, or the result is large.
fn out_shape(layer: &str, values: &[Value], input: &[usize]) -> Option<Vec<usize>> {
    let info = LAYERS.iter().find(|info| info.name == layer)?;
    let shape = (info.out_shape)(values, Shape::new(input)).ok()?;
    (shape.len() <= LARGEST).then(|| shape.dims().to_vec())
}
