#!/usr/bin/env python3
"""Writes where PyTorch's optimisers and schedules are after 100 steps.

usage: python3 -m venv SOMEWHERE && SOMEWHERE/bin/pip install torch numpy && SOMEWHERE/bin/python tests/oracle/optimisers.py

Everything runs in 64-bit floats (last written with PyTorch 2.15). An optimiser descends `sum(curvature * (x - target)^2)` for a
matrix `x`. Lion, LAMB and Muon are written down here from their papers: PyTorch has no Lion and no LAMB, and computes Muon's
products in 16 bits. `records.py` says how the file is to be read; `nn-core/tests/oracle/optimisers.rs` reads it.
"""

import torch
from records import Cases

CASES = Cases("optimisers")
STEPS = 100


def problem(case, shape):
    start = torch.tensor(case.fill("start", shape, 2.0))
    target = torch.tensor(case.fill("target", shape, 2.0))
    curvature = torch.tensor(case.fill("curvature", shape, 1.0, 0.75))
    return start, lambda x: 2 * curvature * (x - target)


def optimiser(name, make, shapes=((1, 1), (3, 5)), **settings):
    """`make([parameter])` makes PyTorch's optimiser."""
    for shape in shapes:
        case = CASES.case(name, **settings, shape=shape)
        start, slope = problem(case, shape)
        x = torch.nn.Parameter(start.clone())
        steps = make([x])
        for step in range(1, STEPS + 1):
            x.grad = slope(x.detach())
            steps.step()
            if step in (1, 7, STEPS):
                case.expect(f"after_{step}", x.detach())


class ByHand:
    """An optimiser of one parameter: `move(x, g, t)` returns the new value."""

    def __init__(self, parameters, move):
        (self.x,), self.move, self.t = parameters, move, 0

    def step(self):
        self.t += 1
        with torch.no_grad():
            self.x.copy_(self.move(self.x.detach(), self.x.grad, self.t))


def lion(rate, decay):
    """Chen et al. 2023, algorithm 2."""
    state = {"m": 0.0}

    def move(x, g, _t):
        c = 0.9 * state["m"] + 0.1 * g
        state["m"] = 0.99 * state["m"] + 0.01 * g
        return x - rate * (torch.sign(c) + decay * x)

    return move


def lamb(rate, decay):
    """You et al. 2020, algorithm 2, with the identity for phi."""
    state = {"m": 0.0, "v": 0.0}

    def move(x, g, t):
        state["m"] = 0.9 * state["m"] + 0.1 * g
        state["v"] = 0.999 * state["v"] + 0.001 * g**2
        r = state["m"] / (1 - 0.9**t) / ((state["v"] / (1 - 0.999**t)).sqrt() + 1e-6) + decay * x
        return x - rate * x.norm() / r.norm() * r

    return move


def muon(rate, decay):
    """Jordan et al. 2024, as PyTorch scales it; `x` is stored as inputs by outputs, PyTorch's weight is its transpose."""
    state = {"m": 0.0}

    def move(x, g, _t):
        state["m"] = 0.95 * state["m"] + 0.05 * g
        o = (0.95 * state["m"] + 0.05 * g).T
        o = o / o.norm()
        for _ in range(5):
            a = o @ o.T
            o = 3.4445 * o + (-4.775 * a + 2.0315 * a @ a) @ o
        outputs, inputs = o.shape
        return x * (1 - rate * decay) - rate * max(1, outputs / inputs) ** 0.5 * o.T

    return move


def lbfgs(name, **settings):
    """Several numbers at once: `sum(curvature * (x - target)^2) + sum((x[i + 1] - x[i]^2)^2)`, in 20 steps."""
    for shape in ((1, 1), (2, 3), (1, 40)):
        case = CASES.case(name, shape=shape)
        start, target, curvature = (
            torch.tensor(case.fill(what, shape, scale, offset)).reshape(-1)
            for what, scale, offset in [("start", 4.0, 0.0), ("target", 2.0, 0.0), ("curvature", 1.0, 0.75)]
        )
        x = torch.nn.Parameter(start.clone())
        steps = torch.optim.LBFGS([x], **settings)
        losses = []

        def closure():
            steps.zero_grad()
            loss = (curvature * (x - target) ** 2).sum() + ((x[1:] - x[:-1] ** 2) ** 2).sum()
            loss.backward()
            return loss

        for step in range(1, 21):
            losses.append(steps.step(closure).item())
            if step in (1, 2, 5, 20):
                case.expect(f"after_{step}", x.detach())
        case.expect("losses", losses)


def schedule(name, make, **settings):
    """`make(optimiser)` makes PyTorch's schedule; each of its steps is an epoch of one step."""
    case = CASES.case(name, **settings, shape=(STEPS,))
    steps = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    rates = make(steps)
    found = []
    for _ in range(STEPS):
        found.append(steps.param_groups[0]["lr"])
        steps.step()
        rates.step()
    for start in range(0, STEPS, 20):
        case.expect(f"from_{start}", found[start : start + 20])


def main():
    torch.set_default_dtype(torch.float64)
    o = torch.optim
    optimiser("sgd", lambda x: o.SGD(x, lr=0.05))
    optimiser("sgd_momentum", lambda x: o.SGD(x, lr=0.05, momentum=0.9))
    optimiser("sgd_nesterov", lambda x: o.SGD(x, lr=0.05, momentum=0.9, nesterov=True))
    optimiser("rms_prop", lambda x: o.RMSprop(x, lr=0.01, momentum=0.5))
    optimiser("adam", lambda x: o.Adam(x, lr=0.02))
    optimiser("adam_w", lambda x: o.AdamW(x, lr=0.02, weight_decay=0.1))
    optimiser("adamax", o.Adamax)
    optimiser("adamax", lambda x: o.Adamax(x, lr=0.05, betas=(0.8, 0.99)), betas="other")
    optimiser("nadam", o.NAdam)
    optimiser("nadam", lambda x: o.NAdam(x, lr=0.05, betas=(0.8, 0.99)), betas="other")
    optimiser("radam", o.RAdam)
    optimiser("radam", lambda x: o.RAdam(x, lr=0.05, betas=(0.8, 0.99)), betas="other")
    optimiser("adagrad", o.Adagrad)
    optimiser("adagrad_fast", lambda x: o.Adagrad(x, lr=0.5))
    optimiser("adadelta", o.Adadelta)
    optimiser("adadelta_other", lambda x: o.Adadelta(x, lr=2.0, rho=0.8))
    for decay in (0.0, 0.2):
        optimiser("lion", lambda x: ByHand(x, lion(0.01, decay)), decay=decay)
        optimiser("lamb", lambda x: ByHand(x, lamb(0.02, decay)), decay=decay)
        matrices = ((1, 1), (3, 5), (7, 2), (12, 9))
        optimiser("muon", lambda x: ByHand(x, muon(0.02, decay)), shapes=matrices, decay=decay)

    lbfgs("lbfgs", max_iter=4, history_size=3, line_search_fn="strong_wolfe")
    lbfgs("lbfgs_long", max_iter=20, line_search_fn="strong_wolfe")
    lbfgs("lbfgs_fixed", max_iter=4, lr=0.1)

    s = torch.optim.lr_scheduler
    schedule("steps", lambda x: s.StepLR(x, step_size=7, gamma=0.7))
    schedule("milestones", lambda x: s.MultiStepLR(x, milestones=[3, 40, 41, 90], gamma=0.5))
    schedule("exponential", lambda x: s.ExponentialLR(x, gamma=0.97))
    for growth in (1, 2):
        make = lambda x: s.CosineAnnealingWarmRestarts(x, T_0=9, T_mult=growth, eta_min=0.05)
        schedule("restarts", make, growth=growth)
    schedule("linear", lambda x: s.LinearLR(x, start_factor=0.25, end_factor=0.75, total_iters=33))
    for power in (1.0, 2.5):
        schedule("polynomial", lambda x: s.PolynomialLR(x, total_iters=STEPS, power=power), power=power)
    for rise in (0.3, 0.15):
        schedule("one_cycle", lambda x: s.OneCycleLR(x, max_lr=1.0, total_steps=STEPS + 1, pct_start=rise), rise=rise)
    schedule("cosine", lambda x: s.CosineAnnealingLR(x, T_max=STEPS - 1, eta_min=0.1))
    # Vaswani et al. 2017, equation 3, as a multiple of its highest value.
    for warmup in (1, 25):
        inverse = lambda step: min((step + 1) / warmup, (warmup / (step + 1)) ** 0.5)
        schedule("inverse_root", lambda x: s.LambdaLR(x, inverse), warmup=warmup)
    warm = lambda x: s.LinearLR(x, start_factor=0.1, total_iters=9)
    after = lambda x: s.PolynomialLR(x, total_iters=STEPS - 10, power=2.0)
    schedule("warmup", lambda x: s.SequentialLR(x, [warm(x), after(x)], milestones=[10]))
    CASES.write()


if __name__ == "__main__":
    main()
