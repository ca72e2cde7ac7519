"""The sequence tasks in Keras."""

import keras
from keras import layers

import peer


def lstm(vocabulary, width, hidden, classes, steps):
    words = keras.Input((steps,), dtype="int32")
    states = layers.LSTM(hidden)(layers.Embedding(vocabulary, width)(words))
    return keras.Model(words, layers.Dense(classes)(states))


class Positions(layers.Layer):
    """Adds a learnt vector to each step."""

    def build(self, shape):
        self.vectors = self.add_weight(shape=shape[1:], name="vectors")

    def call(self, x):
        return x + self.vectors


def gpt(layers_, width, heads, context, vocabulary):
    letters = keras.Input((context,), dtype="int32")
    x = Positions()(layers.Embedding(vocabulary, width)(letters))
    for _ in range(layers_):
        normed = layers.LayerNormalization(epsilon=1e-5)(x)
        attended = layers.MultiHeadAttention(heads, width // heads)(normed, normed, use_causal_mask=True)
        x = layers.Add()([x, attended])
        inner = layers.Dense(4 * width, activation="gelu")(layers.LayerNormalization(epsilon=1e-5)(x))
        x = layers.Add()([x, layers.Dense(width)(inner)])
    return keras.Model(letters, layers.Dense(vocabulary)(layers.LayerNormalization(epsilon=1e-5)(x)))


def network_and_batch(name, samples):
    """A model, words, and the classes of each: the last state's, or each step's."""
    if name == "lstm":
        size = peer.LSTM
        return lstm(**size), peer.words(samples, size["steps"], size["vocabulary"]), peer.words(samples, 1, size["classes"])[:, 0]
    size = dict(peer.GPT)
    words = peer.words(samples, size["context"], size["vocabulary"])
    return gpt(size.pop("layers"), **size), words, (words + 1) % size["vocabulary"]
