"""The networks as ONNX models, for ONNX Runtime and tract."""

import sys

import onnx
from onnx import TensorProto, helper, numpy_helper

import peer


def network(name, samples):
    """The model's bytes, and the shape of its input, channels first."""
    shape, layers = peer.NETWORKS[name]
    shape = (shape[2], shape[0], shape[1]) if len(shape) == 3 else shape
    input_shape, nodes, tensors = (samples, *shape), [], []
    value = "x"

    def node(kind, inputs, **attributes):
        nonlocal value
        value = f"v{len(nodes)}"
        nodes.append(helper.make_node(kind, inputs, [value], **attributes))

    def constant(array):
        tensors.append(numpy_helper.from_array(array, f"t{len(tensors)}"))
        return tensors[-1].name

    def conv(filters, channels, size, groups):
        weight = constant(peer.weights(filters, channels // groups, size, size))
        pads = [0 if name == "cnn" else size // 2] * 4
        node("Conv", [value, weight, constant(peer.values(filters))], group=groups, pads=pads)

    for kind, *size in layers:
        if kind == "conv":
            conv(size[0], shape[0], 3, 1)
            shape = (size[0], shape[1] - 2, shape[2] - 2)
        elif kind == "pool":
            node("MaxPool", [value], kernel_shape=[2, 2], strides=[2, 2])
            shape = (shape[0], shape[1] // 2, shape[2] // 2)
        elif kind == "flatten":
            node("Flatten", [value])
            shape = (shape[0] * shape[1] * shape[2],)
        elif kind == "dense":
            node("Gemm", [value, constant(peer.weights(shape[0], size[0])), constant(peer.values(size[0]))])
            shape = (size[0],)
        elif kind == "residual":
            block = value
            conv(shape[0], shape[0], 3, shape[0])
            node("Relu", [value])
            conv(shape[0], shape[0], 1, 1)
            node("Add", [value, block])
        else:
            node({"relu": "Relu", "tanh": "Tanh"}[kind], [value])
    nodes[-1].output[0] = "y"
    ends = [helper.make_tensor_value_info(end, TensorProto.FLOAT, of) for end, of in [("x", input_shape), ("y", (samples, *shape))]]
    graph = helper.make_graph(nodes, name, ends[:1], ends[1:], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    return model.SerializeToString(), input_shape


if __name__ == "__main__":  # network, samples, file
    with open(sys.argv[3], "wb") as file:
        file.write(network(sys.argv[1], int(sys.argv[2]))[0])
