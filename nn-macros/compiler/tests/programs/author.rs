//! Writes programs. Shapes are followed by the layers' own rules, so that most programs are valid as far as they are
//! meant to be; a careless author makes a mistake now and then, of the kinds that humans make.

use nn_core::Random;
use nn_core::spec::{LAYERS, LayerInfo, Shape, Value};

use crate::arguments::{Choice as _, shape_text, value, wrong_value};
use crate::piece::{Piece, bare, chained, flat};

/// More elements than this in one value prove nothing more.
const LARGEST: usize = 5000;

/// A program of this seed; about half have no mistake.
pub(crate) fn program(seed: u64) -> String {
    let mut random = Random::new(seed);
    let mistakes = random.pick(&[0, 0, 1, 4, 15]);
    let networks = random.pick(&[1, 1, 1, 2, 3]);
    (0..networks).map(|index| Author::new(random.bits(), mistakes).network(&format!("Net{index}"))).collect()
}

/// A program without any mistake.
pub(crate) fn careful_program(seed: u64) -> String {
    Author::new(!seed, 0).network("Careful")
}

struct Named {
    piece: Piece,
    is_used: bool,
}

/// A layer with a name, for the input that it was made for.
struct Again {
    name: String,
    last: usize,
    info: &'static LayerInfo,
    values: Vec<Value>,
}

struct Author {
    random: Random,
    /// How often something goes wrong, in percent.
    mistakes: usize,
    has_consts: bool,
    values: Vec<Named>,
    layers: Vec<Again>,
    names: usize,
    has_parameters: bool,
}

impl Author {
    fn new(seed: u64, mistakes: usize) -> Self {
        let mut random = Random::new(seed);
        let has_consts = random.chance(30);
        Self { random, mistakes, has_consts, values: Vec::new(), layers: Vec::new(), names: 0, has_parameters: false }
    }

    fn errs(&mut self) -> bool {
        let mistakes = self.mistakes;
        self.random.chance(mistakes)
    }

    fn name(&mut self, prefix: &str) -> String {
        self.names += 1;
        if self.errs() {
            return self
                .random
                .pick(&["x", "fc", "type", "Dense", "concat", "dense", "T", "self", "input", "_", "ONE"])
                .into();
        }
        format!("{prefix}{}", self.names)
    }

    fn network(mut self, name: &str) -> String {
        let input = self.input();
        let mut body = String::new();
        for _ in 0..self.random.below(6) {
            let piece = self.expression(2);
            let name = self.name("v");
            body += &self.statement(&name, &piece.text);
            self.values.push(Named { piece: Piece { text: name, ..piece }, is_used: false });
        }
        let result = self.result();
        body += &format!("    {}", bare(&result.text));
        if self.errs() {
            body += self.random.pick(&[";", " x", " ->", " + ", "; x", " -> Relu;", "?", " -> (x)"]);
        }
        let header = self.header(name, &input, &result);
        format!("{header} {{\n{body}\n}}\n")
    }

    fn input(&mut self) -> Shape {
        let (random, shape) = (&mut self.random, &mut [0; 3]);
        let shape = match random.below(5) {
            0 | 1 => &mut shape[..1],
            2 => &mut shape[..2],
            _ => &mut shape[..],
        };
        shape.fill_with(|| random.between(1, 9));
        let shape = Shape::new(shape);
        let piece = Piece { text: "x".into(), shape: Some(shape), is_normalised: false };
        self.values.push(Named { piece, is_used: false });
        shape
    }

    fn statement(&mut self, name: &str, value: &str) -> String {
        let value = bare(value);
        if !self.errs() {
            return format!("    let {name} = {value};\n");
        }
        match self.random.below(7) {
            0 => format!("    let {name} = {value}\n"),
            1 => format!("    {name} = {value};\n"),
            2 => format!("    let mut {name} = {value};\n"),
            3 => format!("    let {name}: [4] = {value};\n"),
            4 => format!("    let ({name}, {name}) = {value};\n"),
            5 => format!("    {value};\n"),
            _ => format!("    let {name} {value};\n"),
        }
    }

    /// `pub struct Net(x: [4]) -> [2]`
    fn header(&mut self, name: &str, input: &Shape, result: &Piece) -> String {
        let mut documentation = String::new();
        if self.random.chance(50) {
            documentation += "/// Documented.\n";
        }
        let visibility = self.random.pick(&["", "pub ", "pub(crate) "]);
        let axes = shape_text(&mut self.random, input.dims(), self.has_consts);
        let declared = match result.shape {
            Some(shape) if !self.errs() => shape_text(&mut self.random, shape.dims(), self.has_consts),
            Some(_) => self.random.pick(&["[0]", "[]", "[1, 2]", "(a: [1], b: [2])", "10", "[x]"]).into(),
            None => "[OUT]".into(),
        };
        let parameters =
            if self.errs() { self.random.pick(&["<const H: usize>", "<T>", "<const H>", "<'a>"]) } else { "" };
        let inputs = if self.errs() {
            self.random
                .pick(&["x: [4], y: [4]", "x", "", "x: 4", "x: []", "mut x: [4]", "x: [4],,", "self: [4]"])
                .into()
        } else {
            format!("x: {axes}")
        };
        let arrow = if self.errs() { self.random.pick(&["", "=>", "-> ->", ":"]) } else { "->" };
        let keyword =
            if self.errs() { self.random.pick(&["enum", "fn", "block", "assert", "pub", ""]) } else { "struct" };
        format!("{documentation}{visibility}{keyword} {name}{parameters}({inputs}) {arrow} {declared}")
    }

    /// What nobody has used yet, in one value, with parameters somewhere.
    fn result(&mut self) -> Piece {
        let unused: Vec<Piece> =
            self.values.iter().filter(|value| !value.is_used).map(|value| value.piece.clone()).collect();
        let is_careless = self.errs();
        let mut result = match <[Piece; 1]>::try_from(unused) {
            Ok([piece]) => piece,
            Err(unused) if unused.is_empty() || is_careless => self.value(),
            Err(unused) => {
                let flat: Vec<Piece> = unused.into_iter().map(flat).collect();
                let texts: Vec<&str> = flat.iter().map(|piece| bare(&piece.text)).collect();
                let lengths: Option<usize> = flat.iter().map(|piece| piece.shape.map(|shape| shape.len())).sum();
                let shape = lengths.map(|len| Shape::new(&[len]));
                Piece { text: format!("concat({})", texts.join(", ")), shape, is_normalised: false }
            }
        };
        if !self.has_parameters {
            result = self.dense(flat(result));
        }
        result
    }

    fn dense(&mut self, piece: Piece) -> Piece {
        let units = self.random.between(1, 9);
        self.has_parameters = true;
        Piece {
            text: chained(&piece.text, &format!("Dense({units})")),
            shape: Some(Shape::new(&[units])),
            is_normalised: false,
        }
    }

    fn expression(&mut self, depth: usize) -> Piece {
        if depth == 0 {
            return self.value();
        }
        match self.random.below(10) {
            0..=5 => {
                let mut piece = self.expression(depth - 1);
                for _ in 0..self.random.between(1, 4) {
                    piece = self.layer(piece);
                }
                piece
            }
            6 | 7 => self.join(depth),
            8 => self.concat(depth),
            _ => self.value(),
        }
    }

    /// A value that stands there already; those that nobody has used come first.
    fn value(&mut self) -> Piece {
        if self.errs() {
            let text = self.random.pick(&["y", "Relu", "3", "x.y", "x()", "(x", "[x]", "let", "x -> x", "self::x"]);
            let text = if text == "(x" { "()" } else { text };
            return Piece { text: text.into(), shape: Some(Shape::new(&[4])), is_normalised: false };
        }
        let unused: Vec<usize> = (0..self.values.len()).filter(|index| !self.values[*index].is_used).collect();
        let index = if !unused.is_empty() && self.random.chance(60) {
            self.random.pick(&unused)
        } else {
            self.random.below(self.values.len())
        };
        self.values[index].is_used = true;
        self.values[index].piece.clone()
    }

    /// A join of two values of one shape: by name where there are two, else of a value and a function of it.
    fn join(&mut self, depth: usize) -> Piece {
        let left = self.expression(depth - 1);
        let operator = if self.errs() {
            self.random.pick(&["/", "%", "==", "&&", "..", "++"])
        } else {
            self.random.pick(&["+", "-", "*"])
        };
        let is_careless = self.errs();
        let partner = self.values.iter_mut().find(|value| is_careless || value.piece.shape == left.shape);
        let right = match partner {
            Some(partner) if left.shape.is_some() => {
                partner.is_used = true;
                partner.piece.text.clone()
            }
            _ if left.text.contains(' ') => return self.layer(left),
            _ => chained(&left.text, "Tanh"),
        };
        Piece { text: format!("({} {operator} {right})", left.text), is_normalised: false, ..left }
    }

    fn concat(&mut self, depth: usize) -> Piece {
        let count = if self.errs() { self.random.below(2) } else { self.random.between(2, 3) };
        let first = flat(self.expression(depth - 1));
        let mut pieces = vec![first];
        while pieces.len() < count {
            let piece = self.expression(depth - 1);
            pieces.push(if self.errs() { piece } else { flat(piece) });
        }
        pieces.truncate(count);
        let texts: Vec<&str> = pieces.iter().map(|piece| bare(&piece.text)).collect();
        let lengths: Option<usize> = pieces.iter().map(|piece| piece.shape.map(|shape| shape.len())).sum();
        let function =
            if self.errs() { self.random.pick(&["concatenate", "stack", "Concat", "split"]) } else { "concat" };
        let text = format!("{function}({})", texts.join(", "));
        Piece { text, shape: lengths.map(|len| Shape::new(&[len])), is_normalised: false }
    }

    /// One layer behind a value.
    fn layer(&mut self, piece: Piece) -> Piece {
        if self.errs() {
            let layer = self.random.pick(&[
                "Dens(3)",
                "relu",
                "Dense",
                "Dense(3",
                "Dense[3]",
                "x",
                "(Relu)",
                "3",
                "Relu()",
                "Relu(3)",
                "[Block; 3]",
                "#[freeze] Dense(3)",
                "fc: fc: Relu",
                "Tied(fc)",
                "Linear(3)",
                "self::",
                "-> Relu",
                "Dense(3) Relu",
                "fc:",
            ]);
            let layer = if layer == "Dense(3" { "Dense(,)" } else { layer };
            return Piece { text: chained(&piece.text, layer), ..piece };
        }
        let Some(shape) = piece.shape else {
            let layer = self.random.pick(&["Relu", "Tanh", "Flatten", "Dropout(0.5)"]);
            return Piece { text: chained(&piece.text, layer), ..piece };
        };
        if !self.layers.is_empty() && self.random.chance(10) {
            let again = &self.layers[self.random.below(self.layers.len())];
            if again.last == shape.last()
                && let Ok(output) = (again.info.out_shape)(&again.values, shape)
            {
                let text = chained(&piece.text, &again.name);
                return Piece { text, shape: Some(output), is_normalised: false };
            }
        }
        if !self.has_consts && self.random.chance(4) {
            let layer = self.random.pick(&["self::Own<_>(0.5)", "own: crate::layers::Own", "super::Own<_, 3>"]);
            return Piece { text: chained(&piece.text, layer), shape: None, is_normalised: false };
        }
        self.built_in(piece, shape)
    }

    /// A built-in layer that takes this shape; a `Sigmoid`-like one where none is found.
    fn built_in(&mut self, piece: Piece, input: Shape) -> Piece {
        for _ in 0..8 {
            let info = self.random.pick(LAYERS);
            let (text, values) = self.arguments(info, input);
            let normalises = matches!(info.kind, Some(kind) if kind != nn_core::spec::Kind::Scores);
            let Ok(output) = (info.out_shape)(&values, input) else { continue };
            if output.len() > LARGEST || (normalises && piece.is_normalised) {
                continue;
            }
            let is_normalised = normalises || (info.kind.is_none() && piece.is_normalised);
            let name = self.layer_name(info, input, values);
            let text = chained(&piece.text, &format!("{name}{}{text}", info.name));
            return Piece { text, shape: Some(output), is_normalised };
        }
        Piece { text: chained(&piece.text, "Relu"), is_normalised: false, ..piece }
    }

    /// `fc: `, or nothing.
    fn layer_name(&mut self, info: &'static LayerInfo, input: Shape, values: Vec<Value>) -> String {
        self.has_parameters |= !info.type_arguments.is_empty();
        if !self.random.chance(25) {
            return String::new();
        }
        let name = self.name("l");
        if !info.type_arguments.is_empty() && !info.couples {
            self.layers.push(Again { name: name.clone(), last: input.last(), info, values });
        }
        format!("{name}: ")
    }

    /// `(3, kernel = 2)`, and the values of all arguments.
    fn arguments(&mut self, info: &LayerInfo, input: Shape) -> (String, Vec<Value>) {
        let (mut texts, mut values, mut is_named) = (Vec::<String>::new(), Vec::new(), false);
        for argument in info.arguments {
            if let Some(default) = argument.default.filter(|_| self.random.chance(65)) {
                values.push(default);
                is_named = true;
                continue;
            }
            let (mut text, value) = value(&mut self.random, argument, input, self.has_consts);
            values.push(value);
            if self.errs() {
                text = wrong_value(&mut self.random);
            }
            if argument.name == "input" {
                // It stands in front of the first one: `Dense(784 -> 128)`.
                if let Some(first) = texts.first_mut() {
                    *first = match first.split_once(" = ") {
                        Some((name, size)) => format!("{name} = {text} -> {size}"),
                        None => format!("{text} -> {first}"),
                    };
                }
                continue;
            }
            is_named |= texts.len() >= info.positional || self.random.chance(40);
            let (name, separator) = match self.errs() {
                true => (self.random.pick(&["unit", "kernel", "rate", "x"]), self.random.pick(&[" = ", ": ", " "])),
                false => (argument.name, " = "),
            };
            texts.push(if is_named { format!("{name}{separator}{text}") } else { text });
        }
        if self.errs() {
            texts.push(wrong_value(&mut self.random));
        }
        let text = if texts.is_empty() { String::new() } else { format!("({})", texts.join(", ")) };
        (text, values)
    }
}
