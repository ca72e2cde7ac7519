"""The sequence tasks in JAX: everything under jit, recurrence and decoding as scans."""

import jax
import jax.numpy as jnp
from jax import lax

import peer


def matrices(*shapes):
    return [jnp.asarray(peer.weights(*shape)) for shape in shapes]


def lstm_parameters(vocabulary, width, hidden, classes, **_):
    embedding, w, u, head = matrices((vocabulary, width), (width, 4 * hidden), (hidden, 4 * hidden), (hidden, classes))
    return dict(embedding=embedding, w=w, u=u, b=jnp.zeros(4 * hidden), head=head, head_bias=jnp.zeros(classes))


def lstm(p, words):
    inputs = jnp.swapaxes(p["embedding"][words] @ p["w"] + p["b"], 0, 1)

    def step(state, x):
        h, c = state
        i, f, g, o = jnp.split(x + h @ p["u"], 4, axis=-1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        return (jax.nn.sigmoid(o) * jnp.tanh(c), c), None

    zeros = jnp.zeros((words.shape[0], p["u"].shape[0]))
    (h, _), _ = lax.scan(step, (zeros, zeros), inputs)
    return h @ p["head"] + p["head_bias"]


def gpt_parameters(layers, width, vocabulary, context, **_):
    letters, positions, head = matrices((vocabulary, width), (context, width), (width, vocabulary))
    shapes = dict(qkv=(width, 3 * width), out=(width, width), up=(width, 4 * width), down=(4 * width, width))

    def block():
        found = {}
        for name, shape in shapes.items():
            found[name], found[name + "_bias"] = matrices(shape)[0], jnp.zeros(shape[1])
        for norm in ("first", "second"):
            found[norm], found[norm + "_bias"] = jnp.ones(width), jnp.zeros(width)
        return found

    blocks = [block() for _ in range(layers)]
    return dict(
        letters=letters, positions=positions, blocks=blocks,
        norm=jnp.ones(width), norm_bias=jnp.zeros(width), head=head, head_bias=jnp.zeros(vocabulary),
    )


def normal(p, name, x):
    mean = x.mean(-1, keepdims=True)
    return (x - mean) * lax.rsqrt(((x - mean) ** 2).mean(-1, keepdims=True) + 1e-5) * p[name] + p[name + "_bias"]


def dense(p, name, x):
    return x @ p[name] + p[name + "_bias"]


def block(p, x, attend):
    x = x + dense(p, "out", attend(dense(p, "qkv", normal(p, "first", x))))
    return x + dense(p, "down", jax.nn.gelu(dense(p, "up", normal(p, "second", x)), approximate=False))


def gpt(p, letters):
    steps, heads = letters.shape[1], peer.GPT["heads"]
    mask = jnp.tril(jnp.ones((steps, steps), bool))

    def attend(qkv):
        q, k, v = jnp.split(qkv.reshape(*qkv.shape[:2], 3 * heads, -1), 3, axis=2)
        scores = jnp.einsum("bthd,bshd->bhts", q, k) / q.shape[-1] ** 0.5
        return jnp.einsum("bhts,bshd->bthd", jax.nn.softmax(jnp.where(mask, scores, -jnp.inf)), v).reshape(*qkv.shape[:2], -1)

    x = p["letters"][letters] + p["positions"][:steps]
    for parameters in p["blocks"]:
        x = block(parameters, x, attend)
    return dense(p, "head", normal(p, "norm", x))


def train(name, samples):
    if name == "lstm":
        apply, state = lstm, lstm_parameters(**peer.LSTM)
    else:
        apply, state = gpt, gpt_parameters(**peer.GPT)
    inputs, labels = map(jnp.asarray, peer.sequences(name, samples))

    def loss_of(state):
        scores = jax.nn.log_softmax(apply(state, inputs))
        return -jnp.take_along_axis(scores, labels[..., None], axis=-1).mean()

    return state, loss_of


def decode(letters):
    """Letter by letter, each the likeliest, in one program: a scan with the keys and values of those before kept."""
    size, p = peer.GPT, gpt_parameters(**peer.GPT)
    heads, each = size["heads"], size["width"] // size["heads"]

    def step(state, place):
        letter, keys, values = state
        x = p["letters"][letter] + p["positions"][place]
        for index, parameters in enumerate(p["blocks"]):

            def attend(qkv):
                nonlocal keys, values
                q, k, v = qkv.reshape(3, heads, each)
                keys, values = keys.at[index, :, place].set(k), values.at[index, :, place].set(v)
                scores = jnp.einsum("hd,hsd->hs", q, keys[index]) / each**0.5
                seen = jnp.arange(size["context"]) <= place
                return jnp.einsum("hs,hsd->hd", jax.nn.softmax(jnp.where(seen, scores, -jnp.inf)), values[index]).reshape(-1)

            x = block(parameters, x, attend)
        return (dense(p, "head", normal(p, "norm", x)).argmax(), keys, values), None

    @jax.jit
    def run(letter):
        zeros = jnp.zeros((size["layers"], heads, size["context"], each))
        (letter, *_), _ = lax.scan(step, (letter, zeros, zeros), jnp.arange(letters))
        return letter

    return lambda: run(jnp.asarray(1)).block_until_ready()
