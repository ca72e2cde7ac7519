#!/usr/bin/env python3
"""Writes what PyTorch computes for attention: outputs, and gradients by inputs and parameters.

usage: python3 -m venv SOMEWHERE && SOMEWHERE/bin/pip install torch numpy && SOMEWHERE/bin/python tests/oracle/attention.py

Everything runs in 64-bit floats (last written with PyTorch 2.15). The plain cases run `torch.nn.MultiheadAttention` itself, all
others `scaled_dot_product_attention` between four products. Gradients are those of `sum(weights * output)`. `records.py` says
how the file is to be read; `nn-core/tests/oracle/attention.rs` reads it.
"""

import torch
from torch.nn import functional as F
from records import Cases

CASES = Cases("attention")


def tensors(case, width, heads, key_heads, bias):
    """The parameters as this library lays them out."""
    head = width // heads
    shapes = {
        "query": (width, heads, head),
        "key": (width, key_heads, head),
        "value": (width, key_heads, head),
        "output": (heads, head, width),
    }
    if bias:
        shapes |= {
            "query_bias": (heads, head),
            "key_bias": (key_heads, head),
            "value_bias": (key_heads, head),
            "output_bias": (width,),
        }
    return {name: torch.tensor(case.fill(name, shape, 2.0), requires_grad=True) for name, shape in shapes.items()}


def finish(case, inputs, parameters, output):
    weights = torch.tensor(case.fill("weights", tuple(output.shape), 2.0))
    (weights * output).sum().backward()
    case.expect("output", output.detach())
    case.expect("d_input", inputs.grad)
    for name, tensor in parameters.items():
        case.expect(f"d_{name}", tensor.grad)


def plain(time, width, heads, samples, queries=None):
    """PyTorch's own layer, with a sequence for itself or with the first steps asking all others."""
    name = "attention" if queries is None else "cross_attention"
    further = {} if queries is None else {"queries": queries}
    case = CASES.case(name, shape=(time, width), samples=samples, heads=heads, key_heads=heads, own=1, **further)
    inputs = torch.tensor(case.fill("input", (samples, time, width), 4.0), requires_grad=True)
    parameters = tensors(case, width, heads, heads, True)
    p = {name: tensor.detach() for name, tensor in parameters.items()}
    layer = torch.nn.MultiheadAttention(width, heads, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        layer.in_proj_weight.copy_(torch.cat([p[n].reshape(width, -1).T for n in ("query", "key", "value")]))
        layer.in_proj_bias.copy_(torch.cat([p[n].reshape(-1) for n in ("query_bias", "key_bias", "value_bias")]))
        layer.out_proj.weight.copy_(p["output"].reshape(width, width).T)
        layer.out_proj.bias.copy_(p["output_bias"])
    asking, seen = (inputs, inputs) if queries is None else (inputs[:, :queries], inputs[:, queries:])
    output, _ = layer(asking, seen, seen, need_weights=False)
    weights = torch.tensor(case.fill("weights", tuple(output.shape), 2.0))
    (weights * output).sum().backward()
    case.expect("output", output.detach())
    case.expect("d_input", inputs.grad)
    for index, name in enumerate(("query", "key", "value")):
        rows = slice(index * width, (index + 1) * width)
        case.expect(f"d_{name}", layer.in_proj_weight.grad[rows].T)
        case.expect(f"d_{name}_bias", layer.in_proj_bias.grad[rows])
    case.expect("d_output", layer.out_proj.weight.grad.T)
    case.expect("d_output_bias", layer.out_proj.bias.grad)


def turned(x, base):
    """Rotary positions: feature `i` and feature `i + half` of each head, as in GPT-NeoX and Llama."""
    half = x.shape[-1] // 2
    frequencies = base ** (-torch.arange(half, dtype=torch.float64) / half)
    angles = torch.arange(x.shape[-2], dtype=torch.float64)[:, None] * frequencies
    left, right = x[..., :half], x[..., half:]
    return torch.cat([left * angles.cos() - right * angles.sin(), right * angles.cos() + left * angles.sin()], -1)


def attention(
    time, width, heads, samples, key_heads=None, causal=0, window=0, base=0, bias=1, padding=None, queries=None
):
    """Four products around PyTorch's scaled dot products."""
    key_heads = key_heads or heads
    name = "attention" if queries is None else "cross_attention"
    further = {} if queries is None else {"queries": queries}
    case = CASES.case(
        name,
        shape=(time, width),
        samples=samples,
        heads=heads,
        key_heads=key_heads,
        causal=causal,
        window=window,
        base=base,
        bias=bias,
        padding=-1 if padding is None else padding,
        own=0,
        **further,
    )
    inputs = torch.tensor(case.fill("input", (samples, time, width), 4.0))
    steps = torch.arange(time)
    counts = torch.ones(samples, time, dtype=torch.bool)
    if padding is not None:
        # Of every sample one more step at the end is padding, of zeros, and the first step of every second one.
        lengths = time - padding - torch.arange(samples)
        counts = (steps[None] < lengths[:, None]) & ((steps[None] > 0) | (torch.arange(samples)[:, None] % 2 == 0))
        inputs[~counts] = 0.0
    inputs.requires_grad_()
    parameters = tensors(case, width, heads, key_heads, bias)
    p = {"query_bias": 0, "key_bias": 0, "value_bias": 0, "output_bias": 0} | parameters
    asking, seen = (inputs, inputs) if queries is None else (inputs[:, :queries], inputs[:, queries:])
    counts = counts if queries is None else counts[:, queries:]
    project = lambda x, name: torch.einsum("btw,whd->bhtd", x, p[name]) + (
        p[f"{name}_bias"][:, None] if torch.is_tensor(p[f"{name}_bias"]) else 0
    )
    q, k, v = project(asking, "query"), project(seen, "key"), project(seen, "value")
    if base:
        q, k = turned(q, base), turned(k, base)
    k, v = (x.repeat_interleave(heads // key_heads, 1) for x in (k, v))
    apart = torch.arange(q.shape[2])[:, None] - torch.arange(k.shape[2])[None]
    is_seen = torch.ones(apart.shape, dtype=torch.bool)
    if causal:
        is_seen &= apart >= 0
    if window:
        is_seen &= apart.abs() < window
    is_seen = is_seen[None, None] & counts[:, None, None]
    context = F.scaled_dot_product_attention(q, k, v, attn_mask=is_seen)
    # PyTorch gives NaN or a mean where nothing is seen.
    context = torch.where(is_seen.any(-1, keepdim=True), context, torch.zeros(()))
    output = torch.einsum("bhtd,hdw->btw", context, p["output"]) + p["output_bias"]
    finish(case, inputs, parameters, output)


def main():
    torch.set_default_dtype(torch.float64)
    for time, width, heads, samples in [(1, 4, 1, 1), (5, 4, 2, 2), (3, 6, 3, 2), (70, 8, 2, 1)]:
        plain(time, width, heads, samples)
        plain(time + 2, width, heads, samples, queries=2)
        attention(time, width, heads, samples, causal=1)
        attention(time, width, heads, samples, bias=0)
        attention(time, width, heads, samples, key_heads=1)
        attention(time, width, heads, samples, window=2)
        attention(time, width, heads, samples, causal=1, window=3, key_heads=1)
        if width // heads % 2 == 0:
            attention(time, width, heads, samples, base=10000)
            attention(time, width, heads, samples, base=100, causal=1, key_heads=1, bias=0)
        attention(time + 3, width, heads, samples, padding=1)
        attention(time + 3, width, heads, samples, padding=2, causal=1)
        attention(time + 5, width, heads, samples, padding=1, queries=2)
        attention(time + 3, width, heads, samples, queries=2, key_heads=1, bias=0)
    print(len(CASES.cases), "cases")
    CASES.write()


if __name__ == "__main__":
    main()
