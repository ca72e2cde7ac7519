//! Reads the files of the oracle and compares results with them; `records.py` says what the files hold, and how a case is
//! added.
//!
//! Several test programs include this file as a module, and each uses a part of it.
#![allow(dead_code, unreachable_pub, reason = "see above")]

use std::collections::HashMap;

use nn_core::Scalar;

/// How a tensor is filled: `offset + scale · unit(stream, index)`.
#[derive(Clone, Copy)]
struct Fill {
    stream: u64,
    offset: f64,
    scale: f64,
}

impl Fill {
    fn value(self, index: usize) -> f64 {
        let mut bits = (self.stream << 32) + index as u64;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^= bits >> 31;
        self.offset + self.scale * ((bits >> 11) as f64 / (1u64 << 53) as f64 - 0.5)
    }
}

/// What the oracle found for one tensor.
struct Expected {
    len: usize,
    stride: usize,
    sum: f64,
    squares: f64,
    sample: Vec<f64>,
}

/// What goes in, and what comes out.
#[derive(Default)]
pub struct Case {
    /// What the case is about.
    pub name: String,
    arguments: HashMap<String, String>,
    fills: HashMap<String, Fill>,
    given: HashMap<String, Vec<f64>>,
    expected: HashMap<String, Expected>,
}

impl Case {
    /// A file with one case.
    pub fn read(text: &str) -> Self {
        let mut case = Self::default();
        text.lines().filter(|line| !line.starts_with('#')).for_each(|line| case.add(line));
        case
    }

    /// A file with many.
    pub fn read_many(text: &str) -> Vec<Self> {
        let mut cases: Vec<Self> = Vec::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some(head) = line.strip_prefix("case ") {
                let mut words = head.split(' ');
                let name = words.next().expect("a name").to_owned();
                let pair = |word: &str| word.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned()));
                let arguments = words.map(|word| pair(word).expect("key=value")).collect();
                cases.push(Self { name, arguments, ..Self::default() });
            } else {
                cases.last_mut().expect("a file of cases begins with one").add(line);
            }
        }
        cases
    }

    fn add(&mut self, line: &str) {
        let words: Vec<&str> = line.split(' ').collect();
        let number = |index: usize| words[index].parse::<f64>().expect("a number");
        let count = |index: usize| words[index].parse::<usize>().expect("a count");
        match words[0] {
            "fill" => {
                let fill = Fill { stream: count(2) as u64, offset: number(3), scale: number(4) };
                self.fills.insert(words[1].to_owned(), fill);
            }
            "given" => {
                self.given.insert(words[1].to_owned(), (2..words.len()).map(number).collect());
            }
            "expect" => {
                let sample = (6..words.len()).map(number).collect();
                let (len, stride) = (count(2), count(3));
                let expected = Expected { len, stride, sum: number(4), squares: number(5), sample };
                self.expected.insert(words[1].to_owned(), expected);
            }
            _ => panic!("an unknown record: {line}"),
        }
    }

    /// Whether the case has this argument.
    pub fn has(&self, key: &str) -> bool {
        self.arguments.contains_key(key)
    }

    /// An argument of the case as it is written.
    pub fn word(&self, key: &str) -> &str {
        self.arguments.get(key).unwrap_or_else(|| panic!("{}: no argument `{key}`", self.name))
    }

    /// An argument that is a number.
    pub fn number(&self, key: &str) -> f64 {
        self.word(key).parse().unwrap_or_else(|_| panic!("{}: `{key}` is no number", self.name))
    }

    /// An argument that is a list of sizes, such as `3x4`; `1` and the like have one element.
    pub fn sizes(&self, key: &str) -> Vec<usize> {
        self.word(key).split('x').map(|size| size.parse().expect("a size")).collect()
    }

    /// The first `len` elements of a tensor that goes in.
    pub fn tensor<T: Scalar>(&self, name: &str, len: usize) -> Vec<T> {
        if let Some(values) = self.given.get(name) {
            assert_eq!(values.len(), len, "{}: {name}", self.name);
            return values.iter().map(|value| T::of(*value)).collect();
        }
        let fill = self.fills.get(name).unwrap_or_else(|| panic!("{}: no tensor `{name}`", self.name));
        (0..len).map(|index| T::of(fill.value(index))).collect()
    }

    /// The first `len` elements of a tensor of class numbers.
    pub fn classes(&self, name: &str, len: usize) -> Vec<u32> {
        self.tensor::<f64>(name, len).into_iter().map(|class| class as u32).collect()
    }

    /// Compares a result with the oracle's, relative to the tensor's root mean square, or to 1e-3 where that is larger: a
    /// bias in front of a batch normalisation has the gradient 0, and rounding.
    pub fn compare<T: Scalar>(&self, name: &str, found: &[T], tolerance: f64) {
        let expected = self.expected.get(name).unwrap_or_else(|| panic!("{}: nothing is known of `{name}`", self.name));
        let len = expected.len as f64;
        assert_eq!(found.len(), expected.len, "{}: {name}", self.name);
        let size = (expected.squares / len).sqrt().max(1e-3);
        let near = |found: f64, expected: f64, what: &str, scale: f64| {
            let error = (found - expected).abs();
            let [case, arguments] = [&self.name, &format!("{:?}", self.arguments)];
            assert!(error <= tolerance * scale, "{case} {arguments}: {name}, {what}: {found:e} is not {expected:e}");
        };
        for (index, value) in expected.sample.iter().enumerate() {
            let index = index * expected.stride;
            near(found[index].wide(), *value, &format!("element {index}"), size.max(value.abs()));
        }
        let sum: f64 = found.iter().map(|value| value.wide()).sum();
        let squares: f64 = found.iter().map(|value| value.wide().powi(2)).sum();
        near(sum, expected.sum, "sum", size * len);
        near(squares, expected.squares, "sum of squares", size * size * len);
    }
}
