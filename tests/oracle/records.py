"""The files of the oracle, as the scripts beside this one write them and `reader.rs` reads them.

A file has one record a line, words separated by blanks:

    case   NAME KEY=VALUE..               begins a case; a file without this line is one case
    fill   NAME STREAM OFFSET SCALE       how a tensor that goes in is made
    given  NAME VALUES..                  a tensor that goes in, as it is
    expect NAME LENGTH STRIDE SUM SQUARES VALUES..    the sum and the sum of squares of a result, and every STRIDE-th value

What goes in is not stored. Element `i` of stream `s` is

    unit(s, i) = (mix(s * 2^32 + i) >> 11) / 2^53 - 0.5

where `mix` is the finaliser of SplitMix64, and a tensor is `offset + scale * unit(s, i)`. Class numbers are such a tensor
with `offset = n / 2` and `scale = n`, rounded down.

A new case: open it with `Cases.case(name, key=value, ..)`, `fill` what goes in, `expect` what comes out; run the script; and
let the test of the same file name under `nn-core/tests/oracle/` know the name, if it is new. Streams follow from the line
that opens a case, so that a new one changes no other.
"""

import zlib
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parent


def unit(stream, count):
    bits = np.arange(count, dtype=np.uint64) + np.uint64(stream << 32)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    bits = bits ^ (bits >> np.uint64(31))
    return (bits >> np.uint64(11)).astype(np.float64) / 2.0**53 - 0.5


class Record:
    """One case: the tensors it is fed with, and what came out."""

    def __init__(self, head, first_stream, sample_size):
        self.lines = [head]
        self.stream = first_stream
        self.sample_size = sample_size

    def fill(self, name, shape, scale, offset=0.0):
        """A tensor of numbers in `offset ± scale / 2`."""
        self.lines.append(f"fill {name} {self.stream} {float(offset)!r} {float(scale)!r}")
        values = offset + scale * unit(self.stream, int(np.prod(shape)))
        self.stream += 1
        return values.reshape(shape)

    def classes(self, name, shape, count):
        """A tensor of numbers in `0..count`."""
        return np.floor(self.fill(name, shape, count, count / 2)).astype(np.int64)

    def given(self, name, values):
        """A tensor with these elements."""
        self.lines.append(f"given {name} " + " ".join(f"{value:.8g}" for value in np.asarray(values).reshape(-1)))

    def expect(self, name, values, all_of_it=False):
        values = np.asarray(values, dtype=np.float64).reshape(-1)
        stride = 1 if all_of_it else max(1, values.size // self.sample_size)
        sample = " ".join(f"{value:.15g}" for value in values[::stride])
        self.lines.append(f"expect {name} {values.size} {stride} {values.sum():.15g} {(values**2).sum():.15g} {sample}")


class Cases:
    """A file of many small cases."""

    def __init__(self, name):
        self.name = name
        self.cases = []

    def case(self, name, **arguments):
        """Opens a case. A list as an argument, such as a shape, is written `3x4`."""
        words = [name]
        for key, value in arguments.items():
            value = "x".join(str(part) for part in value) if isinstance(value, (list, tuple)) else value
            words.append(f"{key}={value}")
        head = "case " + " ".join(words)
        assert all(head != case.lines[0] for case in self.cases), f"twice: {head}"
        self.cases.append(Record(head, zlib.crc32(head.encode()) >> 1, sample_size=24))
        return self.cases[-1]

    def write(self, comments=()):
        comments = [f"# {comment}" for comment in comments]
        lines = [f"# {self.name}: written by {self.name}.py", *comments, *(line for case in self.cases for line in case.lines)]
        (FOLDER / f"{self.name}.txt").write_text("\n".join(lines) + "\n")
