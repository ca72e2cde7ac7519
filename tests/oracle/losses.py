#!/usr/bin/env python3
"""Writes what PyTorch computes for the losses of `nn-core/src/losses`: values and gradients.

usage: python3 -m venv SOMEWHERE && SOMEWHERE/bin/pip install torch numpy && SOMEWHERE/bin/python tests/oracle/losses.py

Everything runs in 64-bit floats (last written with PyTorch 2.15). A loss is the mean over samples, its gradient that by the
outputs of all samples. `records.py` says how the file is to be read; `nn-core/tests/oracle/losses.rs` reads it.
"""

import torch
from torch.nn import functional as F
from records import Cases

CASES = Cases("losses")
SHAPES = [((1,), 1), ((1,), 5), ((7,), 3), ((3, 5), 2), ((2, 3, 3), 4)]
# The sizes that the test knows as types: rows of classes.
ROWS = [((2,), 4), ((5,), 1), ((5,), 6), ((3, 4), 3), ((2, 3, 3), 2)]


def record(case, outputs, loss):
    """Keeps the value and the gradient of `loss(outputs)`."""
    outputs = torch.tensor(outputs, requires_grad=True)
    value = loss(outputs)
    value.backward()
    case.expect("loss", value.detach())
    case.expect("gradient", outputs.grad)


def numbers(name, loss, offset=0.0, scale=4.0, target_offset=0.0, target_scale=4.0, **arguments):
    """`loss(outputs, targets)` of numbers, over several shapes."""
    for shape, samples in SHAPES:
        case = CASES.case(name, **arguments, shape=shape, samples=samples)
        outputs = case.fill("outputs", (samples, *shape), scale, offset)
        targets = torch.tensor(case.fill("targets", (samples, *shape), target_scale, target_offset))
        record(case, outputs, lambda y: loss(y, targets))


def classes(name, loss, offset=0.0, scale=4.0, **arguments):
    """`loss(outputs, classes)` with the classes along the last axis of the outputs."""
    for shape, samples in ROWS:
        case = CASES.case(name, **arguments, shape=shape, samples=samples)
        outputs = case.fill("outputs", (samples, *shape), scale, offset)
        targets = torch.tensor(case.classes("targets", (samples, *shape[:-1]), shape[-1]))
        record(case, outputs, lambda y: loss(y.reshape(-1, shape[-1]), targets.reshape(-1)))


def soft(name, loss, offset=0.0, scale=4.0, **arguments):
    """`loss(outputs, shares)` with a share for each class."""
    for shape, samples in ROWS:
        case = CASES.case(name, **arguments, shape=shape, samples=samples)
        outputs = case.fill("outputs", (samples, *shape), scale, offset)
        targets = torch.tensor(case.fill("targets", (samples, *shape), 1.0, 0.5))
        record(case, outputs, lambda y: loss(y.reshape(-1, shape[-1]), targets.reshape(-1, shape[-1])))


def main():
    numbers("squared_error", F.mse_loss)
    numbers("absolute_error", F.l1_loss)
    for delta in (1.0, 0.3):
        numbers("huber", lambda y, t: F.huber_loss(y, t, delta=delta), delta=delta)
    yes_or_no = {"target_offset": 0.5, "target_scale": 1.0}
    numbers("binary_cross_entropy", F.binary_cross_entropy_with_logits, **yes_or_no)
    inside = {"offset": 0.5, "scale": 0.98}
    numbers("binary_cross_entropy_of_probabilities", F.binary_cross_entropy, **inside, **yes_or_no)

    classes("cross_entropy", F.cross_entropy)
    soft("soft_cross_entropy", F.cross_entropy)
    classes("cross_entropy_of_logarithms", F.nll_loss)
    classes("cross_entropy_of_probabilities", lambda p, t: F.nll_loss(p.log(), t), **inside)

    CASES.write()


if __name__ == "__main__":
    main()
