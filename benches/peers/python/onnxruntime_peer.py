"""ONNX Runtime: forward passes, with inputs and outputs bound once."""

import numpy as np
import onnxruntime

import onnx_models
import peer


def forward(name, samples):
    model, shape = onnx_models.network(name, samples)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = peer.THREADS
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    inputs = onnxruntime.OrtValue.ortvalue_from_numpy(peer.values(*shape))
    output = onnxruntime.OrtValue.ortvalue_from_numpy(np.zeros(session.get_outputs()[0].shape, np.float32))
    binding = session.io_binding()
    binding.bind_ortvalue_input("x", inputs)
    binding.bind_ortvalue_output("y", output)
    return lambda: session.run_with_iobinding(binding)


def build(task):
    match task:
        case [name, "forward", samples]:
            return forward(name, int(samples))


peer.serve(build)
