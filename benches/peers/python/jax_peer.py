"""JAX: everything under jit, a training step donates its state."""

import os

# XLA takes the number of its threads from the processors that the process may use: compare.py pins it.
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp
from jax import lax

import jax_sequences
import peer

CONV = dict(window_strides=(1, 1), dimension_numbers=("NHWC", "HWIO", "NHWC"))


def parameters(name):
    """A list of (weight, bias), in the order in which `apply` takes them."""
    shape, layers = peer.NETWORKS[name]
    found = []
    for kind, *size in layers:
        if kind == "conv":
            found.append((peer.weights(3, 3, shape[2], size[0]), jnp.zeros(size[0])))
            shape = ((shape[0] - 2), (shape[1] - 2), size[0])
        elif kind == "pool":
            shape = (shape[0] // 2, shape[1] // 2, shape[2])
        elif kind == "flatten":
            shape = (shape[0] * shape[1] * shape[2],)
        elif kind == "dense":
            found.append((peer.weights(shape[0], size[0]), jnp.zeros(size[0])))
            shape = (size[0],)
        elif kind == "residual":
            channels = shape[2]
            found.append((peer.weights(3, 3, 1, channels), jnp.zeros(channels)))
            found.append((peer.weights(1, 1, channels, channels), jnp.zeros(channels)))
    return jax.tree.map(jnp.asarray, found)


def apply(name, state, x):
    state = iter(state)

    def conv(x, padding, **more):
        weight, bias = next(state)
        return lax.conv_general_dilated(x, weight, padding=padding, **CONV, **more) + bias

    for kind, *_ in peer.NETWORKS[name][1]:
        if kind == "conv":
            x = conv(x, "VALID")
        elif kind == "relu":
            x = jax.nn.relu(x)
        elif kind == "tanh":
            x = jnp.tanh(x)
        elif kind == "pool":
            x = lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
        elif kind == "flatten":
            x = x.reshape(x.shape[0], -1)
        elif kind == "dense":
            weight, bias = next(state)
            x = x @ weight + bias
        elif kind == "residual":
            inner = jax.nn.relu(conv(x, "SAME", feature_group_count=x.shape[-1]))
            x = x + conv(inner, "VALID")
    return x


def train(name, samples):
    inputs, labels = map(jnp.asarray, peer.batch(name, samples))

    def loss_of(state):
        scores = jax.nn.log_softmax(apply(name, state, inputs))
        return -jnp.take_along_axis(scores, labels[:, None], axis=1).mean()

    return adam(parameters(name), loss_of)


def adam(state, loss_of):
    """A step of the optimiser, under jit."""
    beta1, beta2 = peer.BETAS

    def step(state, means, squares, count):
        gradient = jax.grad(loss_of)(state)
        count = count + 1
        means = jax.tree.map(lambda m, g: beta1 * m + (1 - beta1) * g, means, gradient)
        squares = jax.tree.map(lambda v, g: beta2 * v + (1 - beta2) * g * g, squares, gradient)
        rate = peer.LEARNING_RATE * jnp.sqrt(1 - beta2**count) / (1 - beta1**count)
        state = jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v) + peer.EPSILON), state, means, squares)
        return state, means, squares, count

    step = jax.jit(step, donate_argnums=(0, 1, 2, 3))
    memory = [state, jax.tree.map(jnp.zeros_like, state), jax.tree.map(jnp.zeros_like, state), jnp.zeros(())]

    def run():
        memory[:] = jax.block_until_ready(step(*memory))

    return run


def forward(name, samples):
    state, inputs = parameters(name), jnp.asarray(peer.values(samples, *peer.NETWORKS[name][0]))
    run = jax.jit(lambda x: apply(name, state, x))
    return lambda: run(inputs).block_until_ready()


def product(m, k, n):
    a, b = jnp.asarray(peer.values(m, k)), jnp.asarray(peer.values(k, n))
    run = jax.jit(jnp.matmul)
    return lambda: run(a, b).block_until_ready()


def convolution(which):
    image = (peer.CONV_SAMPLES, peer.CONV_SIZE, peer.CONV_SIZE, peer.CONV_CHANNELS)
    inputs, outputs = jnp.asarray(peer.values(*image)), jnp.asarray(peer.values(*image))
    weight = jnp.asarray(peer.values(3, 3, peer.CONV_CHANNELS, peer.CONV_CHANNELS))
    conv = lambda x, w: lax.conv_general_dilated(x, w, padding="SAME", **CONV)
    passes = {
        "forward": (lambda x, w, d: conv(x, w)),
        "input": (lambda x, w, d: jax.vjp(lambda x: conv(x, w), x)[1](d)[0]),
        "weight": (lambda x, w, d: jax.vjp(lambda w: conv(x, w), w)[1](d)[0]),
    }
    run = jax.jit(passes[which])
    return lambda: run(inputs, weight, outputs).block_until_ready()


def build(task):
    match task:
        case ["lstm" | "gpt" as name, "train", samples]:
            return adam(*jax_sequences.train(name, int(samples)))
        case ["gpt", "decode", letters]:
            return jax_sequences.decode(int(letters))
        case [name, "train", samples]:
            return train(name, int(samples))
        case [name, "forward", samples]:
            return forward(name, int(samples))
        case ["gemm", m, k, n]:
            return product(int(m), int(k), int(n))
        case ["conv", which]:
            return convolution(which)


peer.serve(build)
