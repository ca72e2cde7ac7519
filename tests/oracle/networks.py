#!/usr/bin/env python3
"""Writes what JAX computes for the networks of `tests/gradients.rs`: losses, outputs, gradients, running statistics.

usage: python3 -m venv SOMEWHERE && SOMEWHERE/bin/pip install jax && SOMEWHERE/bin/python tests/oracle/networks.py

Everything runs in 64-bit floats on the CPU (last written with JAX 0.10.2). Nothing here shares code with netform: each
network is written down a second time, with channels last, and differentiated by JAX.

`records.py` says how the files are to be read.
"""

import jax
import jax.numpy as jnp
import numpy as np
from records import FOLDER, Record as Plain

jax.config.update("jax_enable_x64", True)


class Record(Plain):
    """The file of one network, and the tensors it is fed with."""

    def __init__(self, name):
        super().__init__(f"# {name}: written by networks.py", first_stream=1, sample_size=200)
        self.path = FOLDER / f"{name}.txt"

    def fill(self, name, shape, scale, offset=0.0):
        return jnp.asarray(super().fill(name, shape, scale, offset))

    def finish(self, loss, parameters, image):
        """Records `loss(parameters, image) -> (loss, output)` and all its derivatives."""
        (value, output), (gradients, d_input) = jax.value_and_grad(loss, argnums=(0, 1), has_aux=True)(parameters, image)
        self.expect("loss", value)
        self.expect("output", output)
        self.expect("d_input", d_input)
        for name, gradient in gradients.items():
            self.expect(f"d_{name}", gradient)

    def write(self):
        text = "\n".join(self.lines)
        self.path.write_text(text + "\n")


def conv(image, weight, bias=0.0, stride=(1, 1), padding="VALID"):
    layout = ("NHWC", "HWIO", "NHWC")
    return jax.lax.conv_general_dilated(image, weight, stride, padding, dimension_numbers=layout) + bias


def window(image, start, function, size, stride, padding):
    return jax.lax.reduce_window(image, start, function, (1, *size, 1), (1, *stride, 1), padding)


def max_pool(image, size, stride, padding="VALID"):
    return window(image, -jnp.inf, jax.lax.max, size, stride, padding)


def avg_pool(image, size, stride, padding="VALID"):
    total = window(image, 0.0, jax.lax.add, size, stride, padding)
    return total / window(jnp.ones_like(image), 0.0, jax.lax.add, size, stride, padding)


def flatten(values):
    return values.reshape(values.shape[0], -1)


def classes(samples, count):
    """The label of sample `i` is `(3 i + 1) mod count`."""
    return (3 * jnp.arange(samples) + 1) % count


def negative_log_likelihood(log_probabilities, labels):
    return -jnp.mean(jnp.take_along_axis(log_probabilities, labels[:, None], axis=1))


def cross_entropy(logits, labels):
    return negative_log_likelihood(jax.nn.log_softmax(logits), labels)


def cnn():
    record = Record("cnn")
    image = record.fill("input", (4, 32, 32, 3), 1.0)
    parameters = {
        "conv.weight": record.fill("conv.weight", (3, 3, 3, 32), 0.5),
        "conv.bias": record.fill("conv.bias", (32,), 0.2),
        "fc.weight": record.fill("fc.weight", (15 * 15 * 32, 128), 0.05),
        "fc.bias": record.fill("fc.bias", (128,), 0.2),
        "head.weight": record.fill("head.weight", (128, 10), 0.4),
        "head.bias": record.fill("head.bias", (10,), 0.2),
    }

    def loss(p, image):
        x = jax.nn.relu(conv(image, p["conv.weight"], p["conv.bias"]))
        x = flatten(max_pool(x, (2, 2), (2, 2)))
        x = jax.nn.relu(x @ p["fc.weight"] + p["fc.bias"])
        logits = x @ p["head.weight"] + p["head.bias"]
        return cross_entropy(logits, classes(4, 10)), logits

    record.finish(loss, parameters, image)
    record.write()


def mlp():
    record = Record("mlp")
    features = record.fill("input", (3, 7), 2.0)
    # Data sets keep their targets in 32 bits.
    target = record.fill("target", (3, 5), 1.0, offset=0.5).astype(jnp.float32).astype(jnp.float64)
    parameters = {
        "hidden.weight": record.fill("hidden.weight", (7, 16), 1.5),
        "hidden.bias": record.fill("hidden.bias", (16,), 0.5),
        "head.weight": record.fill("head.weight", (16, 5), 1.0),
        "head.bias": record.fill("head.bias", (5,), 0.5),
    }

    def loss(p, features):
        x = jnp.tanh(features @ p["hidden.weight"] + p["hidden.bias"])
        output = jax.nn.sigmoid(x @ p["head.weight"] + p["head.bias"])
        return jnp.mean((output - target) ** 2), output

    record.finish(loss, parameters, features)
    record.write()


MOMENTUM, EPSILON = 0.9, 1e-3


def normalise(x, mean, variance, p, name):
    return (x - mean) / jnp.sqrt(variance + EPSILON) * p[f"{name}.scale"] + p[f"{name}.shift"]


def residual():
    record = Record("residual")
    image = record.fill("input", (6, 8, 8, 3), 2.0)
    parameters, state = {}, {}

    def norm(name):
        parameters[f"{name}.scale"] = record.fill(f"{name}.scale", (4,), 0.8, offset=1.0)
        parameters[f"{name}.shift"] = record.fill(f"{name}.shift", (4,), 0.6)
        state[f"{name}.running_mean"] = record.fill(f"{name}.running_mean", (4,), 0.4)
        state[f"{name}.running_variance"] = record.fill(f"{name}.running_variance", (4,), 0.5, offset=1.0)

    parameters["first.weight"] = record.fill("first.weight", (3, 3, 3, 4), 0.8)
    parameters["first.bias"] = record.fill("first.bias", (4,), 0.5)
    norm("first_norm")
    parameters["second.weight"] = record.fill("second.weight", (3, 3, 4, 4), 0.8)
    parameters["second.bias"] = record.fill("second.bias", (4,), 0.5)
    norm("second_norm")
    parameters["head.weight"] = record.fill("head.weight", (4, 3), 2.0)
    parameters["head.bias"] = record.fill("head.bias", (3,), 0.5)

    def network(p, image, moments):
        x = conv(image, p["first.weight"], p["first.bias"], padding="SAME")
        x = jax.nn.relu(normalise(x, *moments("first_norm", x), p, "first_norm"))
        y = conv(x, p["second.weight"], p["second.bias"], padding="SAME")
        y = normalise(y, *moments("second_norm", y), p, "second_norm")
        z = jax.nn.relu(y + x)
        return jnp.mean(z, axis=(1, 2)) @ p["head.weight"] + p["head.bias"]

    def of_batch(_name, x):
        return jnp.mean(x, axis=(0, 1, 2)), jnp.var(x, axis=(0, 1, 2))

    def loss(p, image):
        logits = network(p, image, of_batch)
        return cross_entropy(logits, classes(6, 3)), logits

    record.finish(loss, parameters, image)
    record.expect(
        "inference",
        network(parameters, image, lambda name, _x: (state[f"{name}.running_mean"], state[f"{name}.running_variance"])),
    )

    def moved(name, x):
        for kind, batch in zip(("running_mean", "running_variance"), of_batch(name, x)):
            key = f"{name}.{kind}"
            record.expect(f"new_{key}", MOMENTUM * state[key] + (1.0 - MOMENTUM) * batch)
        return of_batch(name, x)

    network(parameters, image, moved)
    record.write()


def mixed():
    """Every other layer: odd sizes, strides, paddings, branches, products."""
    record = Record("mixed")
    image = record.fill("input", (5, 9, 7, 2), 2.0)
    parameters = {
        "first.weight": record.fill("first.weight", (3, 2, 2, 4), 1.5),
        "first.bias": record.fill("first.bias", (4,), 0.5),
        "second.weight": record.fill("second.weight", (2, 2, 8, 3), 1.0),
        "rows.weight": record.fill("rows.weight", (3, 4), 2.0),
        "rows.bias": record.fill("rows.bias", (4,), 0.5),
        "gate.weight": record.fill("gate.weight", (4, 4), 2.0),
        "gate.bias": record.fill("gate.bias", (4,), 0.5),
        "head.weight": record.fill("head.weight", (120, 6), 1.0),
        "head.bias": record.fill("head.bias", (6,), 0.5),
    }

    def loss(p, image):
        a = conv(image, p["first.weight"], p["first.bias"], stride=(2, 2), padding="SAME")
        a = jax.nn.gelu(a, approximate=False)
        b = max_pool(a, (2, 2), (1, 1), "SAME")
        c = jax.nn.leaky_relu(avg_pool(a, (3, 3), (1, 1), "SAME"), 0.1)
        joined = jnp.concatenate([b, c], axis=-1)
        d = jax.nn.elu(conv(joined, p["second.weight"], padding=((1, 1), (1, 1))))
        e = jax.nn.silu(d.reshape(5, 30, 3) @ p["rows.weight"] + p["rows.bias"])
        f = jax.nn.sigmoid(e @ p["gate.weight"] + p["gate.bias"])
        output = jax.nn.log_softmax(flatten(e * f - e) @ p["head.weight"] + p["head.bias"])
        return negative_log_likelihood(output, classes(5, 6)), output

    record.finish(loss, parameters, image)
    record.write()


if __name__ == "__main__":
    cnn()
    mlp()
    residual()
    mixed()
