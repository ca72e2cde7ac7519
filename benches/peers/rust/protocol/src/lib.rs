//! What a peer speaks with `compare.py`: a line `seconds task` comes in, and `seconds a call` goes out, or `cannot`.

use std::collections::HashMap;
use std::io::{BufRead, Write};
use std::ops::{Deref, DerefMut};
use std::time::{Duration, Instant};

/// Something to measure: one call is one step, one prediction, one product.
pub type Work = Box<dyn FnMut()>;

/// Answers until the input ends. `build` makes the work of a task when it is first asked for.
pub fn serve(mut build: impl FnMut(&[&str]) -> Option<Work>) {
    let mut known = HashMap::new();
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let (seconds, task) = line.split_once(' ').expect("a line is `seconds task`");
        let seconds = seconds.parse().expect("seconds are a number");
        let work = known.entry(task.to_string()).or_insert_with(|| build(&task.split(' ').collect::<Vec<_>>()));
        let answer = work.as_mut().map_or("cannot".into(), |work| format!("{:e}", measure(work, seconds)));
        println!("{answer}");
        std::io::stdout().flush().expect("the other side reads");
    }
}

/// The median time of a call, in seconds. Short calls are timed in blocks, so that the clock costs nothing.
fn measure(work: &mut Work, seconds: f64) -> f64 {
    const BLOCK: f64 = 50e-6;
    let time = |work: &mut Work, calls: u32| {
        let start = Instant::now();
        (0..calls).for_each(|_| work());
        start.elapsed().as_secs_f64()
    };
    work();
    let mut calls = 1;
    while time(work, calls) < BLOCK && calls < 1 << 20 {
        calls *= 2;
    }
    let (start, mut times) = (Instant::now(), Vec::new());
    while times.len() < 3 || start.elapsed() < Duration::from_secs_f64(seconds) {
        times.push(time(work, calls) / f64::from(calls));
    }
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// The three sizes of a product, `m k n`: rows, depth, columns.
pub fn sizes(words: &[&str]) -> Option<[usize; 3]> {
    let sizes: Vec<usize> = words.iter().map(|word| word.parse().ok()).collect::<Option<_>>()?;
    sizes.try_into().ok()
}

/// Numbers in [-1, 1), the same for every peer.
pub fn values(len: usize) -> Vec<f32> {
    (0..len).map(|index| ((index * 7919) % 2003) as f32 / 1001.5 - 1.0).collect()
}

/// The same from a cache line on, as PyTorch, NumPy and netform keep their values.
pub struct Aligned {
    memory: Vec<f32>,
    start: usize,
}

/// As [`values`].
pub fn aligned(len: usize) -> Aligned {
    const LINE: usize = 64 / size_of::<f32>();
    let mut memory = vec![0.0; len + LINE];
    let start = memory.as_ptr().align_offset(64).min(LINE);
    memory[start..start + len].copy_from_slice(&values(len));
    memory.truncate(start + len);
    Aligned { memory, start }
}

impl Deref for Aligned {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.memory[self.start..]
    }
}

impl DerefMut for Aligned {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.memory[self.start..]
    }
}

/// Of the LSTM: words, steps, and the widths of a word and of a state.
pub const LSTM: (usize, usize, usize, usize) = (20_000, 100, 64, 128);

/// Of the GPT: letters, the steps that are read, the layers, their width, and the heads.
pub const GPT: (usize, usize, usize, usize, usize) = (65, 64, 4, 128, 4);

/// Numbers of words or letters, the same for every peer, or those that are `further` in the vocabulary.
pub fn numbers(len: usize, vocabulary: usize, further: usize) -> impl Iterator<Item = u32> {
    (0..len).map(move |index| ((index * 7919 % vocabulary + further) % vocabulary) as u32)
}

/// The number of threads that `compare.py` asks for.
pub fn threads() -> usize {
    std::env::var("THREADS").ok().and_then(|threads| threads.parse().ok()).unwrap_or(1)
}
