#!/usr/bin/env python3
"""Writes what PyTorch computes for the small language model of `tests/gradients.rs`: loss, outputs, gradients.

usage: python3 -m venv SOMEWHERE && SOMEWHERE/bin/pip install torch numpy && SOMEWHERE/bin/python tests/oracle/gpt.py

Everything runs in 64-bit floats (last written with PyTorch 2.15). The attention is PyTorch's own layer. `records.py` says how
the file is to be read.
"""

import torch
from torch.nn import functional as F
from records import FOLDER, Record

SAMPLES, TIME, WIDTH, HEADS, VOCABULARY, BLOCKS = 4, 8, 12, 3, 11, 2
HEAD = WIDTH // HEADS


def parameters(record):
    shapes = {"embed.weight": (VOCABULARY, WIDTH), "place.weight": (TIME, WIDTH)}
    for block in range(BLOCKS):
        for name in ("query", "key", "value"):
            shapes[f"blocks.{block}.attention.{name}"] = (WIDTH, HEADS, HEAD)
        shapes[f"blocks.{block}.attention.output"] = (HEADS, HEAD, WIDTH)
        for name in ("query", "key", "value"):
            shapes[f"blocks.{block}.attention.{name}_bias"] = (HEADS, HEAD)
        shapes[f"blocks.{block}.attention.output_bias"] = (WIDTH,)
        for norm in ("first_norm", "second_norm"):
            shapes[f"blocks.{block}.{norm}.scale"] = (WIDTH,)
            shapes[f"blocks.{block}.{norm}.shift"] = (WIDTH,)
        shapes[f"blocks.{block}.up.weight"] = (WIDTH, 4 * WIDTH)
        shapes[f"blocks.{block}.up.bias"] = (4 * WIDTH,)
        shapes[f"blocks.{block}.down.weight"] = (4 * WIDTH, WIDTH)
        shapes[f"blocks.{block}.down.bias"] = (WIDTH,)
    shapes |= {"norm.scale": (WIDTH,), "norm.shift": (WIDTH,)}
    scale = lambda name: (1.0, 1.0) if name.endswith("scale") else (1.5, 0.0)
    return {
        name: torch.tensor(record.fill(name, shape, *scale(name)), requires_grad=True) for name, shape in shapes.items()
    }


def attention(x, p):
    """By `multi_head_attention_forward`, which is what `MultiheadAttention` calls; time comes first there."""
    rows = lambda name: p[name].reshape(WIDTH, WIDTH).T
    mask = torch.triu(torch.full((TIME, TIME), -torch.inf), 1)
    x = x.transpose(0, 1)
    output, _ = F.multi_head_attention_forward(
        x,
        x,
        x,
        WIDTH,
        HEADS,
        torch.cat([rows("query"), rows("key"), rows("value")]),
        torch.cat([p[name].reshape(-1) for name in ("query_bias", "key_bias", "value_bias")]),
        None,
        None,
        False,
        0.0,
        p["output"].reshape(WIDTH, WIDTH).T,
        p["output_bias"],
        need_weights=False,
        attn_mask=mask,
    )
    return output.transpose(0, 1)


def network(tokens, p):
    norm = lambda x, name: F.layer_norm(x, (WIDTH,), p[f"{name}.scale"], p[f"{name}.shift"], 1e-5)
    x = p["embed.weight"][tokens] + p["place.weight"]
    for block in range(BLOCKS):
        head = f"blocks.{block}"
        own = {name.removeprefix(f"{head}.attention."): p[name] for name in p if name.startswith(f"{head}.attention.")}
        x = x + attention(norm(x, f"{head}.first_norm"), own)
        y = F.gelu(norm(x, f"{head}.second_norm") @ p[f"{head}.up.weight"] + p[f"{head}.up.bias"])
        x = x + y @ p[f"{head}.down.weight"] + p[f"{head}.down.bias"]
    return norm(x, "norm") @ p["embed.weight"].T


def main():
    torch.set_default_dtype(torch.float64)
    record = Record("# gpt: written by gpt.py", first_stream=1, sample_size=60)
    tokens = torch.tensor(record.classes("input", (SAMPLES, TIME), VOCABULARY))
    p = parameters(record)
    output = network(tokens, p)
    labels = torch.tensor([[(3 * sample + step + 1) % VOCABULARY for step in range(TIME)] for sample in range(SAMPLES)])
    loss = F.cross_entropy(output.reshape(-1, VOCABULARY), labels.reshape(-1))
    loss.backward()
    record.expect("loss", loss.detach())
    record.expect("output", output.detach())
    record.expect("d_input", torch.zeros(tokens.shape))
    for name, tensor in p.items():
        record.expect(f"d_{name}", tensor.grad)
    (FOLDER / "gpt.txt").write_text("\n".join(record.lines) + "\n")


if __name__ == "__main__":
    main()
