//! What the machine can do at most, and a way for criterion to say how near a benchmark comes to it.

use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use criterion::{Criterion, Throughput};
use nn_core::kernels::{MULTIPLY_ADD_CHAINS, multiply_add_chains, sum_of_reads};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Wall time, whose throughput is arithmetic (`Throughput::Elements`, floating-point operations) or memory
/// (`Throughput::Bytes`; the L1 cache up to its size, else main memory), each as a share of what one core of this machine can do.
pub(crate) struct Machine {
    /// Floating-point operations a second of multiply-adds in registers.
    pub(crate) peak: f64,
    /// Bytes a second that are read from the L1 cache.
    pub(crate) l1: f64,
    /// Bytes a second that are read from main memory.
    pub(crate) memory: f64,
}

impl Machine {
    /// Measures the machine, and says what was found.
    pub(crate) fn measure() -> Self {
        let rounds = 100_000;
        let seconds = fastest(|| {
            black_box(multiply_add_chains(rounds, black_box(0.5f32)));
        });
        let peak = 2.0 * (rounds * MULTIPLY_ADD_CHAINS) as f64 / seconds;
        let rates @ [l1, _, _, memory] = [24, 256, 8192, 131_072].map(bandwidth);
        let [first, second, third, main] = rates.map(|rate| rate * 1e-9);
        println!("One core: {:.0} GFLOP/s (f32)", peak * 1e-9);
        println!("reads L1 {first:.0}, L2 {second:.0}, L3 {third:.0}, memory {main:.0} GB/s\n");
        Self { peak, l1, memory }
    }

    /// Criterion with this measurement, and less time for each line than by default: there are many.
    pub(crate) fn criterion() -> Criterion<Self> {
        Criterion::default()
            .warm_up_time(Duration::from_millis(300))
            .measurement_time(Duration::from_secs(1))
            .sample_size(20)
            .with_measurement(Self::measure())
            .configure_from_args()
    }
}

/// Bytes a second of reading so many KiB again and again.
fn bandwidth(kib: usize) -> f64 {
    let numbers = vec![1.0f32; kib * 256];
    let seconds = fastest(|| {
        black_box(sum_of_reads(black_box(&numbers)));
    });
    (kib * 1024) as f64 / seconds
}

/// The fastest of many runs, in seconds.
fn fastest(mut run: impl FnMut()) -> f64 {
    let (mut best, begin) = (f64::INFINITY, Instant::now());
    while begin.elapsed().as_secs_f64() < 0.2 {
        let start = Instant::now();
        run();
        best = best.min(start.elapsed().as_secs_f64());
    }
    best
}

impl Measurement for Machine {
    type Intermediate = Instant;
    type Value = Duration;

    fn start(&self) -> Instant {
        WallTime.start()
    }

    fn end(&self, start: Instant) -> Duration {
        WallTime.end(start)
    }

    fn add(&self, left: &Duration, right: &Duration) -> Duration {
        WallTime.add(left, right)
    }

    fn zero(&self) -> Duration {
        WallTime.zero()
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        WallTime.to_f64(value)
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        self
    }
}

impl ValueFormatter for Machine {
    fn format_throughput(&self, throughput: &Throughput, nanoseconds: f64) -> String {
        let (amount, most, unit) = match *throughput {
            Throughput::Elements(operations) => (operations as f64, self.peak, "GFLOP/s"),
            Throughput::Bytes(bytes) if bytes <= 1 << 15 => (bytes as f64, self.l1, "GB/s"),
            Throughput::Bytes(bytes) => (bytes as f64, self.memory, "GB/s"),
            _ => return WallTime.formatter().format_throughput(throughput, nanoseconds),
        };
        let rate = amount / nanoseconds;
        format!("{rate:.1} {unit}, {:.0} %", 100.0 * rate * 1e9 / most)
    }

    fn scale_values(&self, typical: f64, values: &mut [f64]) -> &'static str {
        WallTime.formatter().scale_values(typical, values)
    }

    fn scale_throughputs(&self, typical: f64, throughput: &Throughput, values: &mut [f64]) -> &'static str {
        WallTime.formatter().scale_throughputs(typical, throughput, values)
    }

    fn scale_for_machines(&self, values: &mut [f64]) -> &'static str {
        WallTime.formatter().scale_for_machines(values)
    }
}
