"""The networks in Keras, for TensorFlow and TensorFlow Lite."""

import keras
from keras import layers

import peer


def network(name):
    shape, described = peer.NETWORKS[name]
    x = inputs = keras.Input(shape)
    for kind, *size in described:
        if kind == "conv":
            x = layers.Conv2D(size[0], 3)(x)
        elif kind == "pool":
            x = layers.MaxPooling2D(2)(x)
        elif kind == "flatten":
            x = layers.Flatten()(x)
        elif kind == "dense":
            x = layers.Dense(size[0])(x)
        elif kind == "residual":
            inner = layers.DepthwiseConv2D(3, padding="same", activation="relu")(x)
            x = layers.Add()([x, layers.Conv2D(shape[2], 1)(inner)])
        else:
            x = layers.Activation(kind)(x)
    return keras.Model(inputs, x)
