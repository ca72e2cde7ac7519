"""TensorFlow Lite with XNNPACK: forward passes of one sample and of many."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import tensorflow as tf

import peer
from keras_networks import network


def forward(name, samples):
    shape = peer.NETWORKS[name][0]
    model = network(name)
    function = tf.function(lambda x: model(x, training=False)).get_concrete_function(
        tf.TensorSpec((samples, *shape), tf.float32)
    )
    lite = tf.lite.TFLiteConverter.from_concrete_functions([function], model).convert()
    interpreter = tf.lite.Interpreter(model_content=lite, num_threads=peer.THREADS)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], peer.values(samples, *shape))
    return interpreter.invoke


def build(task):
    match task:
        case [name, "forward", samples]:
            return forward(name, int(samples))


peer.serve(build)
