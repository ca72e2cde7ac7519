//! `tensorboard.Event` and what is in it, in the wire format of protocol buffers
//! (<https://protobuf.dev/programming-guides/encoding/>). The numbers are those of the fields in
//! `tensorboard/compat/proto/event.proto`, `summary.proto` and `histogram.proto`.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use crate::scalar::Scalar;

/// Some values at one moment.
pub(super) struct Event {
    /// Since 1970.
    pub(super) seconds: f64,
    pub(super) step: u64,
    pub(super) values: Vec<(String, Value)>,
}

/// What is shown under one name.
pub(super) enum Value {
    Scalar(f32),
    Histogram(Histogram),
}

/// How some numbers are distributed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Histogram {
    least: f64,
    most: f64,
    count: f64,
    sum: f64,
    squares: f64,
    /// Of each bucket where it ends, itself included, and how many numbers are in it and in no bucket before.
    buckets: Vec<[f64; 2]>,
}

/// So many buckets between the least number and the largest.
const BUCKETS: usize = 30;

impl Event {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut summary = Message::default();
        for (tag, value) in &self.values {
            let mut entry = Message::default();
            entry.bytes(1, tag.as_bytes());
            match value {
                Value::Scalar(scalar) => entry.single(2, *scalar),
                Value::Histogram(histogram) => entry.bytes(5, &histogram.to_bytes()),
            }
            summary.bytes(1, &entry.0);
        }
        let mut event = Message::default();
        event.double(1, self.seconds);
        event.integer(2, self.step);
        event.bytes(5, &summary.0);
        event.0
    }

    /// What a file begins with.
    pub(super) fn version(seconds: f64) -> Vec<u8> {
        let mut event = Message::default();
        event.double(1, seconds);
        event.bytes(3, b"brain.Event:2");
        event.0
    }
}

impl Histogram {
    /// Of all that are finite.
    pub(super) fn of<T: Scalar>(numbers: &[T]) -> Self {
        let finite = || numbers.iter().map(|number| number.wide()).filter(|number| number.is_finite());
        let least = finite().fold(f64::INFINITY, f64::min);
        let most = finite().fold(f64::NEG_INFINITY, f64::max);
        let mut histogram = Self { least, most, count: 0.0, sum: 0.0, squares: 0.0, buckets: Vec::new() };
        if least > most {
            return Self { least: 0.0, most: 0.0, ..histogram };
        }
        let width = (most - least) / BUCKETS as f64;
        let mut counts = vec![0.0; if width > 0.0 { BUCKETS } else { 1 }];
        let last = counts.len() - 1;
        for number in finite() {
            let bucket = if width > 0.0 { ((number - least) / width) as usize } else { 0 };
            counts[bucket.min(last)] += 1.0;
            histogram.count += 1.0;
            histogram.sum += number;
            histogram.squares += number * number;
        }
        // The first bucket starts where the one before it ends: at the least number, which is in none before.
        histogram.buckets.push([least, 0.0]);
        let end = |bucket| if bucket == last { most } else { least + width * (bucket + 1) as f64 };
        histogram.buckets.extend(counts.into_iter().enumerate().map(|(bucket, count)| [end(bucket), count]));
        histogram
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut message = Message::default();
        for (number, value) in (1..).zip([self.least, self.most, self.count, self.sum, self.squares]) {
            message.double(number, value);
        }
        for (number, half) in [(6, 0), (7, 1)] {
            let packed: Vec<u8> = self.buckets.iter().flat_map(|bucket| bucket[half].to_le_bytes()).collect();
            message.bytes(number, &packed);
        }
        message.0
    }
}

/// A message that is being written, field by field: each begins with its number and how long it is.
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    fn key(&mut self, number: u64, wire: u64) {
        self.varint(number << 3 | wire);
    }

    /// Seven bits a byte, the low ones first.
    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    fn integer(&mut self, number: u64, value: u64) {
        self.key(number, 0);
        self.varint(value);
    }

    fn double(&mut self, number: u64, value: f64) {
        self.key(number, 1);
        self.0.extend(value.to_le_bytes());
    }

    fn bytes(&mut self, number: u64, value: &[u8]) {
        self.key(number, 2);
        self.varint(value.len() as u64);
        self.0.extend(value);
    }

    fn single(&mut self, number: u64, value: f32) {
        self.key(number, 5);
        self.0.extend(value.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_as_the_format_says() {
        let mut message = Message::default();
        message.integer(1, 150); // the example of the format's description
        message.bytes(2, b"testing");
        assert_eq!(message.0, [&[8, 0x96, 1, 0x12, 7][..], b"testing"].concat());
    }

    #[test]
    fn every_finite_number_is_in_one_bucket() {
        let numbers = [-2.0f32, 0.5, 0.5, 1.0, f32::NAN, f32::INFINITY, 4.0];
        let Histogram { least, most, count, sum, squares, buckets } = Histogram::of(&numbers);
        assert_eq!([least, most, count, sum, squares], [-2.0, 4.0, 5.0, 4.0, 21.5]);
        assert_eq!(buckets.iter().map(|[_, count]| count).sum::<f64>(), 5.0);
        assert!(buckets.is_sorted_by(|left, right| left[0] < right[0]));
        assert_eq!((buckets[0], buckets[BUCKETS][0]), ([-2.0, 0.0], 4.0));
        assert_eq!(Histogram::of(&[3.0f64; 4]).buckets, [[3.0, 0.0], [3.0, 4.0]]);
        assert_eq!(Histogram::of::<f32>(&[]).buckets, [[0.0; 2]; 0]);
    }
}
