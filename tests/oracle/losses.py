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


def numbers(name, loss, offset=0.0, scale=4.0, target_offset=0.0, target_scale=4.0, shapes=SHAPES, **arguments):
    """`loss(outputs, targets)` of numbers, over several shapes."""
    for shape, samples in shapes:
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


def heads(name, count, loss, target=None, **arguments):
    """`loss(heads, targets)` of several outputs of one length; `target(case, samples, length)` makes the targets."""
    for length, samples in [(1, 3), (2, 1), (5, 6), (9, 4)]:
        case = CASES.case(name, **arguments, shape=[count * length], samples=samples)
        outputs = case.fill("outputs", (samples, count * length), 2.0)
        targets = target and torch.tensor(target(case, samples, length))
        record(case, outputs, lambda y: loss(y.split(length, dim=1), targets))


def quantile(y, t, q):
    return torch.maximum(q * (t - y), (q - 1) * (t - y)).mean()


def signs(t):
    return torch.where(t > 0, 1.0, -1.0)


def categorical_hinge(y, t):
    others = y.scatter(1, t[:, None], -torch.inf)
    return (1 + others.max(dim=1).values - y.gather(1, t[:, None])[:, 0]).clamp(min=0).mean()


def binary_focal(x, t, alpha, gamma):
    """As torchvision's `sigmoid_focal_loss`."""
    p = torch.sigmoid(x)
    hit = p * t + (1 - p) * (1 - t)
    entropy = F.binary_cross_entropy_with_logits(x, t, reduction="none")
    return ((alpha * t + (1 - alpha) * (1 - t)) * (1 - hit) ** gamma * entropy).mean()


def focal(x, t, alpha, gamma):
    logarithms = F.log_softmax(x, dim=1)
    return (-alpha * t * (1 - logarithms.exp()) ** gamma * logarithms).sum(dim=1).mean()


def dice(y, t, smooth):
    y, t = y.flatten(1), t.flatten(1)
    return (1 - (2 * (y * t).sum(1) + smooth) / (y.sum(1) + t.sum(1) + smooth)).mean()


def contrastive(pair, t, margin):
    distance = F.pairwise_distance(*pair)
    return (t[:, 0] * distance**2 + (1 - t[:, 0]) * (margin - distance).clamp(min=0) ** 2).mean()


def regression():
    numbers("squared_error", F.mse_loss)
    numbers("absolute_error", F.l1_loss)
    for delta in (1.0, 0.3):
        numbers("smooth_l1", lambda y, t: F.smooth_l1_loss(y, t, beta=delta), beta=delta)
        numbers("huber", lambda y, t: F.huber_loss(y, t, delta=delta), delta=delta)
    numbers("log_cosh", lambda y, t: (y - t).cosh().log().mean())
    for q in (0.1, 0.5, 0.9):
        numbers("quantile", lambda y, t: quantile(y, t, q), quantile=q)
    counts = {"target_offset": 3.0, "target_scale": 6.0}
    numbers("poisson", F.poisson_nll_loss, **counts)
    rates = {"offset": 2.0, "scale": 3.5}
    numbers("poisson_of_rates", lambda y, t: F.poisson_nll_loss(y, t, log_input=False), **rates, **counts)
    # In one dimension a direction has no slope: only rounding is left.
    numbers("cosine", lambda y, t: (1 - F.cosine_similarity(y, t, dim=-1)).mean(), shapes=SHAPES[2:])


def answers():
    yes_or_no = {"target_offset": 0.5, "target_scale": 1.0}
    numbers("binary_cross_entropy", F.binary_cross_entropy_with_logits, **yes_or_no)
    inside = {"offset": 0.5, "scale": 0.98}
    numbers("binary_cross_entropy_of_probabilities", F.binary_cross_entropy, **inside, **yes_or_no)
    smooth = lambda t: 0.8 * t + 0.1
    entropy = F.binary_cross_entropy_with_logits
    for weight in (2.5, 0.25):
        one = torch.tensor([weight], dtype=torch.float64)
        loss = lambda x, t: entropy(x, smooth(t), pos_weight=one)
        numbers("binary_cross_entropy_smoothed_with_a_weight", loss, weight=weight, **yes_or_no)
    weights = lambda x: torch.arange(1.0, x.shape[-1] + 1, dtype=torch.float64)
    each = lambda x, t: entropy(x, t, pos_weight=weights(x))
    numbers("binary_cross_entropy_with_weights", each, shapes=ROWS[2:4], **yes_or_no)
    of_probability = lambda p, t: -(weights(p) * t * p.log() + (1 - t) * (1 - p).log()).mean()
    numbers("binary_cross_entropy_of_probabilities_with_weights", of_probability, shapes=ROWS[2:4], **inside, **yes_or_no)

    numbers("hinge", lambda y, t: (1 - signs(t) * y).clamp(min=0).mean())
    numbers("squared_hinge", lambda y, t: ((1 - signs(t) * y).clamp(min=0) ** 2).mean())
    for alpha, gamma in [(0.25, 2.0), (0.6, 0.5), (0.5, 0.0)]:
        loss = lambda y, t: binary_focal(y, t, alpha, gamma)
        numbers("binary_focal", loss, alpha=alpha, gamma=gamma, **yes_or_no)
    for smooth in (1e-7, 1.0):
        numbers("dice", lambda y, t: dice(y, t, smooth), smooth=smooth, **inside, **yes_or_no)


def of_classes():
    inside = {"offset": 0.5, "scale": 0.98}
    classes("cross_entropy", F.cross_entropy)
    soft("soft_cross_entropy", F.cross_entropy)
    classes("cross_entropy_of_logarithms", F.nll_loss)
    classes("cross_entropy_of_probabilities", lambda p, t: F.nll_loss(p.log(), t), **inside)

    classes("smoothed_cross_entropy", lambda x, t: F.cross_entropy(x, t, label_smoothing=0.2))
    # PyTorch takes for granted that shares add up to 1; here they do not.
    smooth = lambda t: 0.8 * t + 0.2 * t.mean(dim=1, keepdim=True)
    soft("smoothed_soft_cross_entropy", lambda x, t: F.cross_entropy(x, smooth(t)))
    classes("cross_entropy_but_one", lambda x, t: F.cross_entropy(x, t, ignore_index=1))
    weights = lambda x: torch.arange(1.0, x.shape[1] + 1, dtype=torch.float64)
    classes("weighted_cross_entropy", lambda x, t: F.cross_entropy(x, t, weight=weights(x)))
    everything = lambda x, t: F.cross_entropy(x, t, weight=weights(x), ignore_index=0, label_smoothing=0.1)
    classes("weighted_smoothed_cross_entropy_but_one", everything)
    logarithms = lambda y, t: F.nll_loss(y, t, weight=weights(y), ignore_index=1)
    classes("weighted_cross_entropy_of_logarithms_but_one", logarithms)
    soft("kl_divergence", lambda y, t: F.kl_div(F.log_softmax(y, dim=1), t, reduction="batchmean"))
    soft("kl_divergence_of_logarithms", lambda y, t: F.kl_div(y, t, reduction="batchmean"))
    soft("kl_divergence_of_probabilities", lambda y, t: F.kl_div(y.log(), t, reduction="batchmean"), **inside)
    classes("categorical_hinge", categorical_hinge)
    for alpha, gamma in [(0.25, 2.0), (1.0, 0.5)]:
        soft("focal", lambda x, t: focal(x, t, alpha, gamma), alpha=alpha, gamma=gamma)


def of_several():
    for margin in (1.0, 0.2):
        heads("triplet", 3, lambda y, _: F.triplet_margin_loss(*y, margin=margin), margin=margin)
        one = lambda case, samples, _: case.classes("targets", (samples, 1), 2)
        heads("contrastive", 2, lambda y, t: contrastive(y, t, margin), one, margin=margin)
    for margin in (0.0, 0.5):
        numbers_for_all = lambda case, samples, length: case.fill("targets", (samples, length), 2.0)
        ranking = lambda y, t: F.margin_ranking_loss(*y, signs(t), margin=margin)
        heads("margin_ranking", 2, ranking, numbers_for_all, margin=margin)


def sum_over_ways(logarithms, symbols, blank):
    """`-ln` of the sum over all ways, by the forward recursion, so that its derivative by the logarithms is true."""
    states = [blank]
    for symbol in symbols:
        states += [symbol, blank]
    never = torch.full((1,), -torch.inf, dtype=torch.float64)
    row = torch.cat([logarithms[0, states[:2]], never.expand(max(0, len(states) - 2))])
    skips = [s >= 2 and states[s] != blank and states[s] != states[s - 2] for s in range(len(states))]
    for step in logarithms[1:]:
        terms = [row, torch.cat([never, row[:-1]]), torch.cat([never, never, row[:-2]])[: len(states)]]
        terms[2] = torch.where(torch.tensor(skips), terms[2], never)
        terms = torch.stack(terms)
        # The derivative of nothing but nothings is not a number.
        row = torch.where(terms.isneginf().all(0), never, terms.clamp(min=-1e300).logsumexp(0)) + step[states]
    return -row[-2:].logsumexp(0)


def ctc_of_logarithms(y, targets, steps, lengths, blank):
    values = []
    for y, target, step, length in zip(y, targets, steps, lengths):
        loss = sum_over_ways(y[:step], target[:length].tolist(), blank)
        values.append(loss / max(1, length))
    return torch.stack(values).mean()


def of_transcripts():
    for shape, longest, samples, room in [((1, 2), 1, 2, 1), ((5, 3), 2, 4, 1), ((12, 7), 4, 5, 3), ((30, 20), 9, 3, 6), ((6, 4), 5, 8, 3)]:
        for blank in (0, shape[1] - 1):
            fits = 2 * longest <= shape[0] - room + 1
            for name in ("ctc", "ctc_of_logarithms") if fits else ("ctc",):
                settings = {"blank": blank, "zero_infinity": int(not fits)}
                case = CASES.case(name, **settings, longest=longest, shape=shape, samples=samples)
                outputs = case.fill("outputs", (samples, *shape), 6.0)
                symbols = case.classes("symbols", (samples, longest), shape[1] - 1)
                targets = torch.tensor(symbols + (symbols >= blank))
                lengths = torch.tensor(case.classes("lengths", (samples,), longest + 1))
                steps = shape[0] - torch.tensor(case.classes("padding", (samples,), room))
                if name == "ctc":
                    logarithms = lambda x: F.log_softmax(x, dim=2).transpose(0, 1)
                    settings["zero_infinity"] = not fits
                    record(case, outputs, lambda x: F.ctc_loss(logarithms(x), targets, steps, lengths, **settings))
                else:
                    record(case, outputs, lambda y: ctc_of_logarithms(y, targets, steps, lengths, blank))


def info_nce(y, temperature):
    a, b = (F.normalize(half, dim=1) for half in y)
    pairs, own = a @ b.T / temperature, torch.arange(len(a))
    # The mean over the batch of both ways.
    return (F.cross_entropy(pairs, own) + F.cross_entropy(pairs.T, own)) / 2


def nt_xent(y, temperature):
    z = F.normalize(torch.cat(y), dim=1)
    pairs = (z @ z.T / temperature).masked_fill(torch.eye(len(z), dtype=torch.bool), -torch.inf)
    return F.cross_entropy(pairs, torch.arange(len(z)).roll(len(z) // 2))


def of_batches():
    for temperature in (0.07, 0.5):
        for name, loss in [("info_nce", info_nce), ("nt_xent", nt_xent)]:
            # In one dimension a direction has no slope: only rounding is left.
            for length, samples in [(2, 1), (2, 5), (5, 6), (9, 4), (40, 17)]:
                case = CASES.case(name, temperature=temperature, shape=[2 * length], samples=samples)
                outputs = case.fill("outputs", (samples, 2 * length), 2.0)
                record(case, outputs, lambda y: loss(y.split(length, dim=1), temperature))


def of_weighted_samples():
    """The mean over what is kept: half of the samples, or steps, have a weight of 0."""
    for shape, samples in [((5,), 6), ((3, 4), 5)]:
        for name, steps in [("weighted_samples", ()), ("weighted_steps", shape[:-1])]:
            case = CASES.case(name, shape=shape, samples=samples)
            outputs = case.fill("outputs", (samples, *shape), 4.0)
            targets = torch.tensor(case.fill("targets", (samples, *shape), 4.0))
            weights = torch.tensor(case.fill("weights", (samples, *steps), 2.0)).clamp(min=0).float().double()
            each = lambda y: ((y - targets) ** 2).reshape(*weights.shape, -1).mean(dim=-1)
            record(case, outputs, lambda y: (weights * each(y)).sum() / weights.sum())


def main():
    regression()
    answers()
    of_classes()
    of_several()
    of_weighted_samples()
    of_transcripts()
    of_batches()
    CASES.write()


if __name__ == "__main__":
    main()
