#!/usr/bin/env python3
"""Writes the learning rates of PyTorch's ReduceLROnPlateau through 100 epochs.

usage: python3 -m venv SOMEWHERE && SOMEWHERE/bin/pip install torch numpy && SOMEWHERE/bin/python tests/oracle/plateaus.py

Everything runs in 64-bit floats (last written with PyTorch 2.15). What is watched falls as `1 / epoch`, with noise, or rises
so; in one case it begins with infinity and has a hole, NaN. `records.py` says how the file is to be read;
`tests/callbacks.rs` reads it.
"""

import math

import torch
from records import Cases

CASES = Cases("plateaus")
EPOCHS = 100


def plateau(mode, factor, patience, threshold=0.0, cooldown=0, lowest=0.0, holes=0):
    settings = {"factor": factor, "patience": patience, "threshold": threshold, "cooldown": cooldown, "lowest": lowest}
    case = CASES.case("plateau", mode=mode, **settings, holes=holes)
    sign = 1.0 if mode == "min" else -1.0
    noise = case.fill("noise", (EPOCHS,), 0.25)
    watched = [sign * (1.0 / (epoch + 1) + noise[epoch]) for epoch in range(EPOCHS)]
    if holes:
        watched[0], watched[9] = sign * math.inf, math.nan
    steps = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    rates = torch.optim.lr_scheduler.ReduceLROnPlateau(
        steps, mode, factor, patience, threshold, "abs", cooldown, min_lr=lowest, eps=0.0
    )
    found = []
    for value in watched:
        found.append(steps.param_groups[0]["lr"])
        rates.step(value)
    for start in range(0, EPOCHS, 20):
        case.expect(f"from_{start}", found[start : start + 20])


def main():
    for mode in ("min", "max"):
        plateau(mode, 0.9, 0)
        plateau(mode, 0.7, 3)
        plateau(mode, 0.6, 2, threshold=0.05, cooldown=4)
        plateau(mode, 0.6, 1, cooldown=3, lowest=0.03)
        plateau(mode, 0.8, 5, threshold=0.2, cooldown=1, lowest=0.3)
        plateau(mode, 0.9, 1, holes=1)
    CASES.write()


if __name__ == "__main__":
    main()
