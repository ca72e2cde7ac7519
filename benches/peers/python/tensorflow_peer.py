"""TensorFlow, its networks made with Keras: `graph` for tf.function, `xla` for tf.function(jit_compile=True)."""

import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import tensorflow as tf

import keras_sequences
import peer
from keras_networks import network

COMPILED = tf.function(jit_compile=sys.argv[1] == "xla")
tf.config.threading.set_intra_op_parallelism_threads(peer.THREADS)
tf.config.threading.set_inter_op_parallelism_threads(1)


def train(model, inputs, labels):
    inputs, labels = tf.constant(inputs), tf.constant(labels)
    optimizer = keras.optimizers.Adam(peer.LEARNING_RATE, *peer.BETAS, epsilon=peer.EPSILON)
    optimizer.build(model.trainable_variables)

    @COMPILED
    def step():
        with tf.GradientTape() as tape:
            scores = model(inputs, training=True)
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, scores))
        variables = model.trainable_variables
        optimizer.apply(tape.gradient(loss, variables), variables)
        return loss

    return lambda: step().numpy()


def forward(name, samples):
    model = network(name)
    inputs = tf.constant(peer.values(samples, *peer.NETWORKS[name][0]))
    run = COMPILED(lambda x: model(x, training=False)).get_concrete_function(inputs)
    return lambda: run(inputs)


def build(task):
    match task:
        case ["lstm" | "gpt" as name, "train", samples]:
            return train(keras_sequences.network(name), *peer.sequences(name, int(samples)))
        case [name, "train", samples]:
            return train(network(name), *peer.batch(name, int(samples)))
        case [name, "forward", samples]:
            return forward(name, int(samples))


peer.serve(build)
