"""The rows of the table: what is measured, and what is asked of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    task: str  # what peers are asked
    label: str
    goal: float | None = None  # times the best peer, or, for `of_peak`, a share of the peak
    against: tuple[str, ...] = ()  # the peers that the goal speaks of; none for all
    limit: float | None = None  # seconds in one thread that are asked for beside the ratio
    flops: float | None = None  # arithmetic of one call, for the share of the peak
    of_peak: bool = False
    two_threads: bool = False


def product(m, k, n, goal, against):
    return Row(f"gemm {m} {k} {n}", f"GEMM {m}×{k}×{n}", goal, against, flops=2 * m * k * n)


def convolution(which, label):
    return Row(f"conv {which}", f"conv 3×3, 32×32×64→64, batch 16, {label}", 0.8, flops=2 * 16 * 32 * 32 * 64 * 9 * 64, of_peak=True)


EXACT = ("libxsmm", "onednn")
SMALL = [(8, 8, 8), (16, 16, 16), (32, 32, 32), (64, 64, 64), (64, 8, 64), (7200, 27, 32)]
LARGE = [
    *[(size, size, size) for size in (128, 256, 512, 1024)],
    (1000, 7200, 128),
    (32, 784, 128),
    (64, 768, 3072),
]

ROWS = [
    Row("cnn train 1000", "seed CNN, training step, batch 1000", 2.5, two_threads=True),
    Row("cnn train 32", "seed CNN, training step, batch 32", 2.2, two_threads=True),
    Row("cnn forward 1000", "seed CNN, forward, batch 1000", 1.4, two_threads=True),
    Row("cnn forward 1", "seed CNN, one image", 1.2),
    Row("digits train 32", "MLP 784-128-64-10, training step, batch 32", 1.8, two_threads=True),
    Row("digits train 128", "MLP 784-128-64-10, training step, batch 128", 1.35, two_threads=True),
    Row("digits train 1024", "MLP 784-128-64-10, training step, batch 1024", 1.15, two_threads=True),
    Row("digits forward 1", "MLP 784-128-64-10, one sample", 1.8),
    Row("control forward 1", "MLP 8-64-64-4 tanh, one sample", 18, limit=200e-9),
    Row("control train 64", "MLP 8-64-64-4 tanh, training step, batch 64", 4, two_threads=True),
    Row("tiny forward 1", "MLP 4-32-16-4 ReLU, one sample", limit=50e-9),
    Row("lstm train 32", "LSTM, 20,000 words × 64 → 128, 100 steps, training step, batch 32", 1.4, two_threads=True),
    Row("gpt train 16", "GPT, 4 layers of 128, 4 heads, 64 letters of 65, training step, batch 16", 1.4, two_threads=True),
    Row("gpt decode 64", "the same GPT writes 64 letters", 2, ("jax",)),
    *[product(*sizes, 0.95, EXACT) for sizes in SMALL],
    *[product(*sizes, 0.97, ("gemm",)) for sizes in LARGE],
    convolution("forward", "forward"),
    convolution("input", "gradient of the input"),
    convolution("weight", "gradient of the weight"),
    Row("separable forward 1", "inverted residuals (depthwise 3×3 + 1×1, 32×32×64), one image", 1.2),
]
