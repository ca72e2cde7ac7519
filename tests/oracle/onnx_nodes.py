#!/usr/bin/env python3
"""Cuts the node tests that the Python package `onnx` ships down to what the layers of `nn-core/src/layers` can be held to.

usage: python3 -m venv SOMEWHERE && SOMEWHERE/bin/pip install onnx==1.22.0 && SOMEWHERE/bin/python tests/oracle/onnx_nodes.py

Each test of ONNX is one operator with inputs and outputs. Here it becomes a case for a layer: channels go last, the axis that an
operator works along goes last, weights get the order that the layer keeps, as an importer would do it. What no layer can
do is listed in the file, with the reason. `nn-core/tests/oracle/onnx_nodes.rs` reads it.
"""

import os

import numpy as np
import onnx
from onnx import helper, numpy_helper

from records import Cases

CASES = Cases("onnx_nodes")
NODES = os.path.join(os.path.dirname(onnx.__file__), "backend", "test", "data", "node")
# So many elements of a function of single elements are kept, evenly spread; of pools, one channel.
MOST = 640


class Skip(Exception):
    """Why no layer can be held to a test."""


def emit(test, layer, shape, samples, output, tensors, **arguments):
    case = CASES.case(layer, **arguments, shape=shape, samples=samples, test=test)
    for name, values in tensors.items():
        case.given(name, values)
    case.expect("output", output, all_of_it=True)


def floats(*tensors):
    if any(tensor.dtype not in (np.float32, np.float64, np.uint8) for tensor in tensors):
        raise Skip("not a type of floating point numbers")
    if any(tensor.size == 0 for tensor in tensors):
        raise Skip("empty axes are refused when a network is compiled")
    return [tensor.astype(np.float64) for tensor in tensors]


def last(image):
    return np.moveaxis(image, 1, -1)


def pointwise(layer, **names):
    """A function of one element; `names` gives our argument for each of ONNX', with its default there."""

    def convert(test, attributes, inputs, outputs):
        x, y = (tensor.reshape(-1) for tensor in floats(inputs[0], outputs[0]))
        stride = -(-x.size // MOST)
        values = {ours: float(attributes.get(theirs, default)) for ours, (theirs, default) in names.items()}
        emit(test, layer, (x[::stride].size,), 1, y[::stride], {"input": x[::stride]}, **values)

    return convert


def selu(test, attributes, inputs, outputs):
    if attributes:
        raise Skip("`Selu` has the two constants of its paper")
    pointwise("selu")(test, attributes, inputs, outputs)


def gelu(test, attributes, inputs, outputs):
    is_tanh = attributes.get("approximate", b"none") == b"tanh"
    pointwise("gelu_tanh" if is_tanh else "gelu")(test, {}, inputs, outputs)


def shrink(test, attributes, inputs, outputs):
    if inputs[0].dtype != np.float32:
        raise Skip("not a type of floating point numbers")
    pointwise("shrink", threshold=("lambd", 0.5), offset_by=("bias", 0.0))(test, attributes, inputs, outputs)


def clip(test, attributes, inputs, outputs):
    if len(inputs) < 3 or any(bound.size == 0 for bound in inputs[1:]):
        raise Skip("`HardTanh` has both limits")
    if inputs[1] > inputs[2]:
        raise Skip("`HardTanh` has its lower limit below the upper one")
    bounds = {"low": float(inputs[1]), "high": float(inputs[2])}
    pointwise("hard_tanh", low=("low", 0), high=("high", 0))(test, bounds, inputs, outputs)


def swish(test, attributes, inputs, outputs):
    if attributes.get("alpha", 1.0) != 1.0:
        raise Skip("`Silu` has no factor inside")
    pointwise("silu")(test, {}, inputs, outputs)


def prelu(test, attributes, inputs, outputs):
    x, slope, y = floats(*inputs, *outputs)
    width = slope.size
    emit(test, "prelu", (x.size // width, width), 1, y, {"input": x, "slope": slope}, width=width)


def along(layer):
    def convert(test, attributes, inputs, outputs):
        axis = attributes.get("axis", -1)
        x, y = (np.moveaxis(tensor, axis, -1) for tensor in floats(inputs[0], outputs[0]))
        emit(test, layer, (x.size // x.shape[-1], x.shape[-1]), 1, y, {"input": x})

    return convert


def norm(layer):
    def convert(test, attributes, inputs, outputs):
        x, scale, *shift = floats(*inputs)
        (y,) = floats(outputs[0])
        tensors = {"input": x, "scale": scale} | {"shift": shift for shift in shift}
        epsilon = attributes.get("epsilon", 1e-5)
        emit(test, layer, (x.size // scale.size, scale.size), 1, y, tensors, width=scale.size, epsilon=epsilon)

    return convert


def image_norm(layer):
    def convert(test, attributes, inputs, outputs):
        if attributes.get("training_mode"):
            raise Skip("statistics of the batch belong to a training step")
        x, *parameters = floats(*inputs)
        y = last(floats(outputs[0])[0])
        names = ["scale", "shift", "running_mean", "running_variance"]
        tensors = {"input": last(x)} | dict(zip(names, parameters))
        arguments = {"epsilon": attributes.get("epsilon", 1e-5), "width": x.shape[1]}
        if "num_groups" in attributes:
            arguments["groups"] = attributes["num_groups"]
        emit(test, layer, y.shape[1:], y.shape[0], y, tensors, **arguments)

    return convert


def window(attributes, spatial):
    """Kernel, stride and padding of a window over two axes; one axis becomes an image with one row."""
    if attributes.get("ceil_mode"):
        raise Skip("a window lies inside the padded input: there is no ceil_mode")
    if any(step != 1 for step in attributes.get("dilations", [])):
        raise Skip("this layer's windows have no gaps")
    if spatial == 3:
        raise Skip("windows have two axes")
    rows = lambda sizes, one: (one, *sizes) if spatial == 1 else tuple(sizes)
    pads = attributes.get("pads", [0] * 2 * spatial)
    same = attributes.get("auto_pad", b"NOTSET")
    if len(set(pads)) > 1 or (spatial == 1 and any(pads)):
        raise Skip("padding is the same on all sides, or `same`")
    padding = "same" if same.startswith(b"SAME") else pads[0]
    kernel = rows(attributes["kernel_shape"], 1)
    stride = rows(attributes.get("strides", [1] * spatial), 1)
    return {"kernel": kernel, "stride": stride, "padding": padding}, same


def lower_is_upper(same, sizes, arguments):
    """Whether both ways to pad to the same size agree: an even number of zeros."""
    if same != b"SAME_LOWER":
        return True
    needed = [
        max(0, (-(-size // stride) - 1) * stride + kernel - size)
        for size, kernel, stride in zip(sizes, arguments["kernel"], arguments["stride"])
    ]
    return all(zeros % 2 == 0 for zeros in needed)


def pool(layer):
    def convert(test, attributes, inputs, outputs):
        # One channel is like the other.
        x, y = (tensor[:, :1] for tensor in floats(inputs[0], outputs[0]))
        arguments, same = window(attributes, x.ndim - 2)
        if attributes.get("count_include_pad"):
            raise Skip("positions in the border do not count")
        if x.ndim == 3:
            x, y = x[:, :, None], y[:, :, None]
        if not lower_is_upper(same, x.shape[2:], arguments):
            raise Skip("`same` pads below and to the right first")
        emit(test, layer, last(x).shape[1:], x.shape[0], last(y), {"input": last(x)}, **arguments)

    return convert


def convolution(test, attributes, inputs, outputs):
    x, weight, *bias = floats(*inputs)
    (y,) = floats(outputs[0])
    arguments, same = window(attributes, x.ndim - 2)
    if not lower_is_upper(same, x.shape[2:], arguments):
        raise Skip("`same` pads below and to the right first")
    tensors = {"input": last(x), "weight": weight.transpose(2, 3, 1, 0)}
    emit(test, "conv2d_without_bias", last(x).shape[1:], x.shape[0], last(y), tensors, **arguments)


def global_average(test, attributes, inputs, outputs):
    x, y = floats(inputs[0], outputs[0])
    emit(test, "global_avg_pool2d", last(x).shape[1:], x.shape[0], y, {"input": last(x)})


def gemm(test, attributes, inputs, outputs):
    a, b, *c = floats(*inputs)
    (y,) = floats(outputs[0])
    a = a.T if attributes.get("transA") else a
    b = (b.T if attributes.get("transB") else b) * attributes.get("alpha", 1.0)
    tensors = {"input": a, "weight": b}
    if c:
        if c[0].size not in (1, b.shape[1]):
            raise Skip("a bias is the same for all samples")
        tensors["bias"] = np.broadcast_to(c[0] * attributes.get("beta", 1.0), (1, b.shape[1]))
    layer = "dense" if c else "dense_without_bias"
    emit(test, layer, (a.shape[1],), a.shape[0], y, tensors, units=b.shape[1])


def matmul(test, attributes, inputs, outputs):
    ranks = [tensor.ndim for tensor in inputs]
    if ranks == [2, 2]:
        gemm(test, {}, inputs, outputs)
    elif ranks[0] != ranks[1] or ranks[0] < 2 or inputs[0].shape[:-2] != inputs[1].shape[:-2]:
        raise Skip("`MatMul` multiplies matrix by matrix of two stacks")
    else:
        left, right, y = floats(*inputs, *outputs)
        joined = np.concatenate([left, np.swapaxes(right, -1, -2)], axis=-2)
        emit(test, "mat_mul", joined.shape, 1, y, {"input": joined}, rows=left.shape[-2])


BORDERS = {b"constant": "pad", b"reflect": "reflection_pad", b"edge": "replication_pad", b"wrap": "circular_pad"}


def pad(test, attributes, inputs, outputs):
    if len(inputs) > 3:
        raise Skip("axes are named when a network is compiled")
    x, amounts = inputs[0].astype(np.float64), inputs[1].reshape(2, -1).T
    axes = [axis for axis, sides in enumerate(amounts) if any(sides)]
    sides = {tuple(amounts[axis]) for axis in axes}
    if len(sides) != 1 or min(min(sides)) < 0:
        raise Skip("`Pad` has one amount for all its axes")
    before, after = (int(amount) for amount in sides.pop())
    value = float(inputs[2]) if len(inputs) > 2 and inputs[2].size else 0.0
    (y,) = (tensor.astype(np.float64) for tensor in outputs)
    arguments = dict(before=before, after=after, axes=tuple(axes), value=value)
    emit(test, BORDERS[attributes.get("mode", b"constant")], x.shape, 1, y, {"input": x}, **arguments)


def transpose(test, attributes, inputs, outputs):
    (x, y), order = floats(inputs[0], outputs[0]), attributes.get("perm", range(inputs[0].ndim)[::-1])
    emit(test, "permute", x.shape, 1, y, {"input": x}, order=tuple(order))


def reduction(layer):
    def convert(test, attributes, inputs, outputs):
        x, y = floats(inputs[0], outputs[0])
        axes = [int(axis) % x.ndim for axis in (inputs[1] if len(inputs) > 1 else [])]
        if not axes and attributes.get("noop_with_empty_axes"):
            raise Skip("axes are named")
        keep = attributes.get("keepdims", 1)
        axes = axes or list(range(x.ndim))
        if len(axes) == x.ndim and not keep:
            raise Skip("a value has an axis at least")
        emit(test, layer, x.shape, 1, y, {"input": x}, axes=tuple(axes), keep=keep)

    return convert


def join(operator):
    def convert(test, attributes, inputs, outputs):
        left, right, y = floats(*inputs, *outputs)
        if left.shape != right.shape:
            raise Skip("a value is repeated by a layer of its own, `Broadcast`")
        emit(test, operator, left.shape, 1, y, {"input": left, "right": right})

    return convert


def recurrent(layer, gates, order):
    def convert(test, attributes, inputs, outputs):
        if len(inputs) > 4 and (len(inputs) > 5 or inputs[4].size):
            raise Skip("no peepholes, no initial states: sequences of all lengths are padded")
        if layer == "gru":
            raise Skip("`Gru` resets behind the product (`linear_before_reset`), none of these tests does")
        x, w, r, *bias = floats(*inputs[:4])
        x = x if attributes.get("layout") else x.swapaxes(0, 1)
        units, features = r.shape[2], x.shape[2]
        arrange = lambda m: m[0].reshape(gates, units, -1)[order].transpose(2, 0, 1)
        biases = bias[0][0].reshape(2, gates, units).sum(0)[order] if bias else np.zeros((gates, units))
        tensors = {"input": x, "weight": arrange(w), "recurrent": arrange(r), "bias": biases}
        state = floats(outputs[-1])[0]
        emit(test, layer, x.shape[1:], x.shape[0], state.reshape(-1), tensors, units=units, features=features)

    return convert


def no_layer(reason):
    def convert(*_):
        raise Skip(reason)

    return convert


OPERATORS = {
    "Relu": pointwise("relu"),
    "LeakyRelu": pointwise("leaky_relu", slope=("alpha", 0.01)),
    "Elu": pointwise("elu", alpha=("alpha", 1.0)),
    "Selu": selu,
    "Celu": pointwise("celu", alpha=("alpha", 1.0)),
    "Sigmoid": pointwise("sigmoid"),
    "Tanh": pointwise("tanh"),
    "Gelu": gelu,
    "Softplus": pointwise("softplus"),
    "Softsign": pointwise("softsign"),
    "HardSigmoid": pointwise("hard_sigmoid", slope=("alpha", 0.2), offset_by=("beta", 0.5)),
    "HardSwish": pointwise("hard_swish"),
    "Mish": pointwise("mish"),
    "Swish": swish,
    "PRelu": prelu,
    "ThresholdedRelu": pointwise("thresholded_relu", threshold=("alpha", 1.0)),
    "Shrink": shrink,
    "Exp": pointwise("exp"),
    "Log": pointwise("log"),
    "Sqrt": pointwise("sqrt"),
    "Abs": pointwise("abs"),
    "Reciprocal": pointwise("reciprocal"),
    "Erf": pointwise("erf"),
    "Sin": pointwise("sin"),
    "Cos": pointwise("cos"),
    "Sign": pointwise("sign"),
    "Floor": pointwise("floor"),
    "Ceil": pointwise("ceil"),
    "Round": pointwise("round"),
    "Clip": clip,
    "Softmax": along("softmax"),
    "LogSoftmax": along("log_softmax"),
    "LayerNormalization": norm("layer_norm"),
    "RMSNormalization": norm("rms_norm"),
    "GroupNormalization": image_norm("group_norm"),
    "InstanceNormalization": image_norm("instance_norm"),
    "BatchNormalization": image_norm("batch_norm"),
    "Conv": convolution,
    "MaxPool": pool("max_pool2d"),
    "AveragePool": pool("avg_pool2d"),
    "GlobalAveragePool": global_average,
    "Gemm": gemm,
    "MatMul": matmul,
    "Transpose": transpose,
    "ReduceMean": reduction("mean"),
    "ReduceSum": reduction("sum"),
    "ReduceMax": reduction("max"),
    "Add": join("add"),
    "Sub": join("subtract"),
    "Mul": join("multiply"),
    "RNN": recurrent("rnn", 1, [0]),
    # ONNX has the output gate second.
    "LSTM": recurrent("lstm", 4, [0, 2, 3, 1]),
    "GRU": recurrent("gru", 3, [1, 0, 2]),
    "Attention": no_layer("the layer has its four products inside; it is held to PyTorch"),
    "RotaryEmbedding": no_layer("a part of `Attention`, which is held to PyTorch"),
    "Flatten": no_layer("a view: nothing is computed"),
    "Reshape": no_layer("a view: nothing is computed"),
    "Pad": pad,
    "NegativeLogLikelihoodLoss": no_layer("a loss: all of them are held to PyTorch"),
    "SoftmaxCrossEntropyLoss": no_layer("a loss: all of them are held to PyTorch"),
}


def load(folder, kind):
    names = sorted((name for name in os.listdir(folder) if name.startswith(kind)), key=lambda name: int(name[len(kind) + 1 : -3]))
    found = []
    for name in names:
        tensor = onnx.TensorProto()
        with open(os.path.join(folder, name), "rb") as file:
            tensor.ParseFromString(file.read())
        found.append(numpy_helper.to_array(tensor))
    return found


def main():
    skipped = []
    for test in sorted(os.listdir(NODES)):
        model = onnx.load(os.path.join(NODES, test, "model.onnx"))
        node = model.graph.node[0]
        if len(model.graph.node) != 1 or node.op_type not in OPERATORS:
            continue
        attributes = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
        data = os.path.join(NODES, test, "test_data_set_0")
        try:
            OPERATORS[node.op_type](test[5:], attributes, load(data, "input"), load(data, "output"))
        except Skip as skip:
            skipped.append((node.op_type, test[5:], str(skip)))
    CASES.write(comments=[f"skipped: {operator} {test}: {reason}" for operator, test, reason in sorted(skipped)])
    print(len(CASES.cases), "cases,", len(skipped), "skipped")


if __name__ == "__main__":
    main()
