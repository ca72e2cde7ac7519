"""What a peer in Python speaks with compare.py: a line `seconds task` comes in, `seconds a call` goes out, or `cannot`."""

import os
import sys
import traceback
from time import perf_counter

import numpy as np

THREADS = int(os.environ.get("THREADS", "1"))
BLOCK = 50e-6  # seconds: shorter calls are timed in blocks, so that the clock costs nothing

# Inputs, and layers in order. Every convolution but a point-wise one of `separable` is unpadded.
NETWORKS = {
    "cnn": ((32, 32, 3), [("conv", 32), ("relu",), ("pool",), ("flatten",), ("dense", 128), ("relu",), ("dense", 10)]),
    "digits": ((784,), [("dense", 128), ("relu",), ("dense", 64), ("relu",), ("dense", 10)]),
    "control": ((8,), [("dense", 64), ("tanh",), ("dense", 64), ("tanh",), ("dense", 4)]),
    "tiny": ((4,), [("dense", 32), ("relu",), ("dense", 16), ("relu",), ("dense", 4)]),
    # Four inverted residuals: x + (x -> depthwise 3 x 3 -> relu -> 1 x 1), as wide inside as outside.
    "separable": ((32, 32, 64), [("residual",)] * 4),
}

# The convolution of the table's last rows: 16 samples of 32 x 32 x 64, padded by 1, to as many.
CONV_SAMPLES, CONV_SIZE, CONV_CHANNELS = 16, 32, 64

# Sequences: an LSTM that reads words and gives two scores, and a small GPT (pre-norm blocks, GELU, learnt positions, the
# output's weights its own) that gives scores for the next letter at each step, and writes letter by letter.
LSTM = dict(vocabulary=20_000, width=64, hidden=128, steps=100, classes=2)
GPT = dict(layers=4, width=128, heads=4, context=64, vocabulary=65)


def words(samples, steps, vocabulary):
    """Numbers of words, the same for every peer."""
    return (np.arange(samples * steps, dtype=np.int64) * 7919 % vocabulary).reshape(samples, steps)


def sequences(name, samples):
    """Words or letters, and their classes: of the last state, or of each step."""
    if name == "lstm":
        return words(samples, LSTM["steps"], LSTM["vocabulary"]), words(samples, 1, LSTM["classes"])[:, 0]
    letters = words(samples, GPT["context"], GPT["vocabulary"])
    return letters, (letters + 1) % GPT["vocabulary"]


# So small that the network stays where it is: thousands of steps on one batch would otherwise end where gradients vanish.
LEARNING_RATE, BETAS, EPSILON = 1e-6, (0.9, 0.999), 1e-7


def values(*shape):
    """Numbers in [-1, 1), the same for every peer."""
    numbers = np.arange(np.prod(shape), dtype=np.int64)
    return ((numbers * 7919 % 2003) / 1001.5 - 1.0).astype(np.float32).reshape(shape)


def weights(*shape):
    """Initial weights whose outputs are about as large as their inputs; the last axis is the output's."""
    fan_in = max(1, int(np.prod(shape[:-1])))
    return np.random.default_rng(1).normal(0, fan_in**-0.5, shape).astype(np.float32)


def batch(name, samples):
    """Inputs, channels last, and class numbers."""
    shape, layers = NETWORKS[name]
    return values(samples, *shape), np.arange(samples) * 7 % layers[-1][1]


def measure(work, seconds):
    """The median time of a call."""

    def time(calls):
        start = perf_counter()
        for _ in range(calls):
            work()
        return perf_counter() - start

    calls = 1
    while time(calls) < BLOCK:
        calls *= 2
    start, times = perf_counter(), []
    while len(times) < 3 or perf_counter() - start < seconds:
        times.append(time(calls) / calls)
    return sorted(times)[len(times) // 2]


def serve(build):
    """Answers until the input ends. `build` makes the work of a task, or None, when it is first asked for."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # whatever the framework prints is no answer
    known = {}
    for line in sys.stdin:
        seconds, task = line.rstrip("\n").split(" ", 1)
        try:
            if task not in known:
                known[task] = build(task.split(" "))
                for _ in range(3 if known[task] else 0):
                    known[task]()
            print(f"{measure(known[task], float(seconds)):e}" if known[task] else "cannot", file=answers)
        except Exception:
            traceback.print_exc()
            known[task] = None
            print("cannot", file=answers)
