//! Arguments of layers: as text, and as the value that the shape rule is asked with.

use nn_core::Random;
use nn_core::spec::{Argument, ArgumentKind, Axes, Padding, Range, Shape, Value};

/// Named sizes: the compiler sees an expression where it would see a number.
pub(crate) const CONSTS: [&str; 6] = ["ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX"];

/// Random choices.
pub(crate) trait Choice {
    fn chance(&mut self, percent: usize) -> bool;
    fn between(&mut self, low: usize, high: usize) -> usize;
    fn pick<T: Copy>(&mut self, all: &[T]) -> T;
}

impl Choice for Random {
    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// A size as a number, or where consts may be used as an expression of that value.
pub(crate) fn size_text(random: &mut Random, size: usize, has_consts: bool) -> String {
    if !has_consts || size == 0 || random.chance(50) {
        return size.to_string();
    }
    match CONSTS.get(size - 1) {
        Some(name) => (*name).into(),
        None if size.is_multiple_of(2) => format!("TWO * {}", size / 2),
        None => format!("{} + ONE", size - 1),
    }
}

/// `[a, b, c]`
pub(crate) fn list(texts: &[String]) -> String {
    format!("[{}]", texts.join(", "))
}

/// `[a, b, c]` of sizes.
pub(crate) fn shape_text(random: &mut Random, sizes: &[usize], has_consts: bool) -> String {
    let texts: Vec<String> = sizes.iter().map(|size| size_text(random, *size, has_consts)).collect();
    list(&texts)
}

/// Sizes whose product is `len`.
fn factors(random: &mut Random, len: usize) -> Vec<usize> {
    let (mut rest, mut sizes) = (len, Vec::new());
    while rest > 1 && sizes.len() < 3 {
        let divisors: Vec<usize> = (2..=rest).filter(|size| rest.is_multiple_of(*size)).collect();
        let size = random.pick(&divisors);
        sizes.push(size);
        rest /= size;
    }
    sizes.push(rest);
    sizes
}

/// A value of an argument's kind, that may suit this input.
pub(crate) fn value(random: &mut Random, argument: &Argument, input: Shape, has_consts: bool) -> (String, Value) {
    match argument.kind {
        ArgumentKind::OptionalSize if argument.name == "input" => known_size(input.last()),
        ArgumentKind::OptionalSize => known_size(input.len()),
        ArgumentKind::Size => {
            let size = random.between(1, 9);
            (size_text(random, size, has_consts), Value::Size(size))
        }
        ArgumentKind::Pair | ArgumentKind::OptionalPair => {
            let pair = [random.between(1, 3), random.between(1, 3)];
            if random.chance(60) {
                return (size_text(random, pair[0], has_consts), Value::Pair([pair[0]; 2]));
            }
            (shape_text(random, &pair, has_consts), Value::Pair(pair))
        }
        ArgumentKind::Triple | ArgumentKind::OptionalTriple => {
            let triple = [random.between(1, 3), random.between(1, 3), random.between(1, 3)];
            if random.chance(60) {
                return (size_text(random, triple[0], has_consts), Value::Triple([triple[0]; 3]));
            }
            (shape_text(random, &triple, has_consts), Value::Triple(triple))
        }
        ArgumentKind::Number => {
            let number = random.pick(&["0.1", "0.25", "0.5", "0.9", "1e-3"]);
            (number.into(), Value::Number(number.parse().expect("a number")))
        }
        ArgumentKind::Flag => {
            let flag = random.chance(50);
            (flag.to_string(), Value::Flag(flag))
        }
        ArgumentKind::Padding => match random.below(3) {
            0 => ("same".into(), Value::Padding(Padding::Same)),
            1 => ("valid".into(), Value::Padding(Padding::Valid)),
            _ => ("1".into(), Value::Padding(Padding::Amount(1))),
        },
        ArgumentKind::Shape => {
            let sizes = factors(random, input.len());
            (shape_text(random, &sizes, has_consts), Value::Shape(Shape::new(&sizes)))
        }
        ArgumentKind::Axis => {
            let axis = axis(random, input.rank());
            (axis.to_string(), Value::Axis(axis))
        }
        ArgumentKind::Axes => {
            let mut axes: Vec<isize> = (0..input.rank() as isize).collect();
            random.shuffle(&mut axes);
            axes.truncate(random.between(1, input.rank().max(1)));
            let texts: Vec<String> = axes.iter().map(isize::to_string).collect();
            (list(&texts), Value::Axes(Axes::new(&axes)))
        }
        ArgumentKind::Range => {
            let end = random.between(1, input.last().max(1));
            let start = random.below(end);
            (format!("{start}..{end}"), Value::Range(Range { start, end: Some(end) }))
        }
    }
}

fn known_size(size: usize) -> (String, Value) {
    (size.to_string(), Value::Size(size))
}

fn axis(random: &mut Random, rank: usize) -> isize {
    let axis = random.below(rank.max(1)) as isize;
    if random.chance(50) { axis } else { axis - rank as isize }
}

/// Something that is hardly ever right for an argument.
pub(crate) fn wrong_value(random: &mut Random) -> String {
    let texts = [
        "0",
        "-1",
        "0.0",
        "1.5",
        "\"same\"",
        "same",
        "true",
        "'a'",
        "[1, 2, 3]",
        "[]",
        "()",
        "x",
        "Dense",
        "3u8",
        "1..2",
        "usize::MAX",
        "18446744073709551616",
        "H",
        "2 * H",
        "{ 3 }",
        "|x| x",
        "units = 3",
        "FOUR / 0",
        "_",
        "&3",
        "!true",
    ];
    random.pick(&texts).into()
}
