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


def gpt(width, heads, context, vocabulary, **size):
    letters = keras.Input((context,), dtype="int32")
    x = Positions()(layers.Embedding(vocabulary, width)(letters))
    for _ in range(size["layers"]):
        normed = layers.LayerNormalization(epsilon=1e-5)(x)
        attended = layers.MultiHeadAttention(heads, width // heads)(normed, normed, use_causal_mask=True)
        x = layers.Add()([x, attended])
        inner = layers.Dense(4 * width, activation="gelu")(layers.LayerNormalization(epsilon=1e-5)(x))
        x = layers.Add()([x, layers.Dense(width)(inner)])
    return keras.Model(letters, layers.Dense(vocabulary)(layers.LayerNormalization(epsilon=1e-5)(x)))


def network(name):
    return lstm(**peer.LSTM) if name == "lstm" else gpt(**peer.GPT)
