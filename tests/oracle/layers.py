#!/usr/bin/env python3
"""Writes what PyTorch computes for the layers of `nn-core/src/layers`: outputs, and gradients by inputs and parameters.

usage: python3 -m venv SOMEWHERE && SOMEWHERE/bin/pip install torch numpy && SOMEWHERE/bin/python tests/oracle/layers.py

Everything runs in 64-bit floats (last written with PyTorch 2.15), in inference: no mask is drawn. Gradients are those of
`sum(weights * output)`. Channels are last here and first in PyTorch. `records.py` says how the file is to be read;
`nn-core/tests/oracle/layers.rs` reads it.
"""

import torch
from torch.nn import functional as F
from records import Cases

CASES = Cases("layers")
SHAPES = [((1,), 1), ((7,), 3), ((3, 5), 2), ((2, 3, 17), 2)]
IMAGES = [((6, 5, 3), 2), ((9, 8, 3), 1)]


def layer(name, shape, samples, apply, parameters=None, scale=4.0, offset=0.0, numbers=None, state=(), **arguments):
    """One case: `apply(input, **parameters)`. A parameter is given by its shape, scale and offset; `numbers` makes the
    input whole numbers below it; `state` names parameters that are not trained."""
    case = CASES.case(name, **arguments, shape=shape, samples=samples)
    if numbers is None:
        x = torch.tensor(case.fill("input", (samples, *shape), scale, offset), requires_grad=True)
    else:
        x = torch.tensor(case.classes("input", (samples, *shape), numbers))
    tensors = {
        key: torch.tensor(case.fill(key, *fill), requires_grad=key not in state) for key, fill in (parameters or {}).items()
    }
    output = apply(x, **tensors)
    weights = torch.tensor(case.fill("weights", tuple(output.shape), 2.0))
    loss = (weights * output).sum()
    if loss.requires_grad:
        loss.backward()
    case.expect("output", output.detach())
    case.expect("d_input", torch.zeros(x.shape) if x.grad is None else x.grad)
    for key, tensor in tensors.items():
        if tensor.requires_grad:
            case.expect(f"d_{key}", torch.zeros_like(tensor) if tensor.grad is None else tensor.grad)


def pointwise(name, function, scale=8.0, offset=0.0, **arguments):
    for shape, samples in SHAPES:
        layer(name, shape, samples, function, scale=scale, offset=offset, **arguments)


def first(image):
    """Channels first, as PyTorch has them."""
    return image.movedim(-1, 1)


def last(image):
    return image.movedim(1, -1)


def activations():
    pointwise("relu", F.relu)
    pointwise("leaky_relu", lambda x: F.leaky_relu(x, 0.2), slope=0.2)
    pointwise("elu", lambda x: F.elu(x, 0.7), alpha=0.7)
    pointwise("sigmoid", torch.sigmoid)
    pointwise("tanh", torch.tanh)
    pointwise("gelu", F.gelu)
    pointwise("silu", F.silu)
    pointwise("softplus", F.softplus)
    pointwise("exp", torch.exp)
    pointwise("log", torch.log, scale=4.0, offset=3.0)
    pointwise("sqrt", torch.sqrt, scale=4.0, offset=3.0)
    pointwise("square", torch.square)
    pointwise("abs", torch.abs)
    pointwise("reciprocal", torch.reciprocal, scale=4.0, offset=3.0)
    pointwise("selu", F.selu)
    # PyTorch rounds this alpha to 32 bits on the way back: here it has no more digits.
    pointwise("celu", lambda x: F.celu(x, 0.625), alpha=0.625)
    pointwise("relu6", F.relu6, scale=16.0)
    pointwise("thresholded_relu", lambda x: F.threshold(x, 1.0, 0.0), threshold=1.0)
    pointwise("hard_tanh", lambda x: F.hardtanh(x, -1.5, 2.0), low=-1.5, high=2.0)
    # PyTorch's own has a gradient of 32 bits.
    pointwise("hard_sigmoid", lambda x: (x / 6 + 0.5).clamp(0, 1))
    pointwise("hard_swish", F.hardswish)
    pointwise("mish", F.mish)
    pointwise("gelu_tanh", lambda x: F.gelu(x, approximate="tanh"))
    pointwise("softsign", F.softsign)
    pointwise("log_sigmoid", F.logsigmoid)
    pointwise("shrink", lambda x: F.hardshrink(x, 1.0), threshold=1.0, offset_by=0.0)
    pointwise("shrink", lambda x: F.softshrink(x, 1.0), threshold=1.0, offset_by=1.0)
    pointwise("erf", torch.erf)
    pointwise("sign", torch.sign)
    pointwise("floor", torch.floor)
    pointwise("ceil", torch.ceil)
    pointwise("round", torch.round)
    for shape, samples in SHAPES:
        wide = (*shape[:-1], 2 * shape[-1])
        layer("glu", wide, samples, F.glu)
        halves = lambda x, gate: x[..., : shape[-1]] * gate(x[..., shape[-1] :])
        layer("swi_glu", wide, samples, lambda x: halves(x, F.silu))
        layer("ge_glu", wide, samples, lambda x: halves(x, F.gelu))
        if shape[-1] in (7, 5):
            slope = {"slope": ((shape[-1],), 1.0)}
            layer("prelu", shape, samples, lambda x, slope: torch.where(x > 0, x, slope * x), slope)
    pointwise("softmax", lambda x: x.softmax(-1))
    pointwise("log_softmax", lambda x: x.log_softmax(-1))
    pointwise("rescaling", lambda x: -0.5 * x + 2.0, factor=-0.5, shift=2.0)


def instance_norm(x, scale, shift):
    """By its formula: PyTorch's own has wrong gradients of single samples where that of its output is strided."""
    positions = tuple(range(1, x.dim() - 1))
    variance, mean = torch.var_mean(x, positions, correction=0, keepdim=True)
    return (x - mean) / torch.sqrt(variance + 1e-5) * scale + shift


def norms():
    for width, shapes in {7: [((7,), 3), ((4, 7), 2)], 40: [((40,), 2), ((2, 3, 40), 1)]}.items():
        both = {"scale": ((width,), 2.0, 1.0), "shift": ((width,), 2.0)}
        one = {"scale": ((width,), 2.0, 1.0)}
        for shape, samples in shapes:
            layer("layer_norm", shape, samples, lambda x, **p: F.layer_norm(x, (width,), p["scale"], p["shift"], 1e-5), both)
            layer("rms_norm", shape, samples, lambda x, **p: F.rms_norm(x, (width,), p["scale"], 1e-6), one)
    both = {"scale": ((6,), 2.0, 1.0), "shift": ((6,), 2.0)}
    state = {**both, "running_mean": ((6,), 2.0), "running_variance": ((6,), 1.0, 1.0)}
    for shape, samples in [((6,), 3), ((5, 6), 2), ((4, 3, 6), 2), ((2, 2, 2, 6), 1)]:
        for groups in (1, 2, 6) if len(shape) > 1 else (1, 2):
            function = lambda x, **p: last(F.group_norm(first(x), groups, p["scale"], p["shift"], 1e-5))
            layer("group_norm", shape, samples, function, both, groups=groups)
        if len(shape) > 1:
            layer("instance_norm", shape, samples, instance_norm, both)
        function = lambda x, **p: last(
            F.batch_norm(first(x), p["running_mean"], p["running_variance"], p["scale"], p["shift"], eps=1e-3)
        )
        layer("batch_norm", shape, samples, function, state, state=("running_mean", "running_variance"))


def products():
    for shape, samples in [((7,), 1), ((7,), 4), ((3, 7), 2)]:
        weight = {"weight": ((7, 5), 1.0)}
        layer("dense", shape, samples, lambda x, weight, bias: x @ weight + bias, {**weight, "bias": ((5,), 1.0)})
        layer("dense_without_bias", shape, samples, lambda x, weight: x @ weight, weight)
    for shape, samples in IMAGES:
        for kernel, stride, padding in [((3, 3), (1, 1), 0), ((3, 3), (2, 1), 1), ((1, 1), (1, 1), 0), ((2, 3), (1, 2), 1)]:
            parameters = {"weight": ((*kernel, 3, 4), 1.0), "bias": ((4,), 1.0)}
            function = lambda x, weight, bias: last(
                F.conv2d(first(x), weight.permute(3, 2, 0, 1), bias, stride=stride, padding=padding)
            )
            layer("conv2d", shape, samples, function, parameters, kernel=kernel, stride=stride, padding=padding)
            parameters = {"weight": ((*kernel, 3, 2), 1.0), "bias": ((6,), 1.0)}
            function = lambda x, weight, bias: last(
                F.conv2d(
                    first(x),
                    weight.permute(2, 3, 0, 1).reshape(6, 1, *kernel),
                    bias,
                    stride=stride,
                    padding=padding,
                    groups=3,
                )
            )
            layer("depthwise_conv2d", shape, samples, function, parameters, kernel=kernel, stride=stride, padding=padding)
        for stride, padding, dilation in [((1, 1), 0, (2, 1)), ((2, 1), 2, (3, 2)), ((2, 3), 3, (2, 2))]:
            parameters = {"weight": ((2, 3, 3, 2), 1.0), "bias": ((6,), 1.0)}
            function = lambda x, weight, bias: last(
                F.conv2d(
                    first(x), weight.permute(2, 3, 0, 1).reshape(6, 1, 2, 3), bias, stride, padding, dilation, groups=3
                )
            )
            arguments = {"stride": stride, "padding": padding, "dilation": dilation}
            layer("dilated_depthwise_conv2d", shape, samples, function, parameters, **arguments)
        for dilation, groups in [((2, 1), 1), ((1, 1), 3), ((1, 2), 3)]:
            parameters = {"weight": ((2, 3, 3 // groups, 6), 1.0), "bias": ((6,), 1.0)}
            function = lambda x, weight, bias: last(
                F.conv2d(first(x), weight.permute(3, 2, 0, 1), bias, (2, 1), 1, dilation, groups)
            )
            arguments = {"stride": (2, 1), "padding": 1, "dilation": dilation, "groups": groups}
            layer("grouped_conv2d", shape, samples, function, parameters, **arguments)
        for stride, padding, more in [((1, 1), 0, (0, 0)), ((2, 3), 1, (1, 2)), ((2, 2), 0, (0, 1))]:
            parameters = {"weight": ((2, 3, 4, 3), 1.0), "bias": ((4,), 1.0)}
            function = lambda x, weight, bias: last(
                F.conv_transpose2d(first(x), weight.permute(3, 2, 0, 1), bias, stride, padding, more)
            )
            layer("conv_transpose2d", shape, samples, function, parameters, stride=stride, padding=padding, more=more)
    for shape, samples in [((7, 4), 2), ((12, 4), 1)]:
        for stride, padding, dilation, groups in [(1, 0, 1, 1), (2, 1, 1, 1), (1, 2, 2, 1), (1, 1, 1, 2), (2, 3, 3, 2)]:
            parameters = {"weight": ((3, 4 // groups, 6), 1.0), "bias": ((6,), 1.0)}
            arguments = {"stride": stride, "dilation": dilation, "groups": groups}
            function = lambda x, weight, bias: last(
                F.conv1d(first(x), weight.permute(2, 1, 0), bias, padding=padding, **arguments)
            )
            layer("conv1d", shape, samples, function, parameters, padding=padding, **arguments)
            function = lambda x, weight, bias: last(
                F.conv1d(F.pad(first(x), (2 * dilation, 0)), weight.permute(2, 1, 0), bias, **arguments)
            )
            layer("causal_conv1d", shape, samples, function, parameters, **arguments, padding=padding)
        for stride, padding, dilation in [(1, 0, 1), (2, 1, 1), (1, 0, 3), (3, 2, 2), (2, 4, 4)]:
            parameters = {"weight": ((3, 4, 2), 1.0), "bias": ((8,), 1.0)}
            function = lambda x, weight, bias: last(
                F.conv1d(first(x), weight.permute(1, 2, 0).reshape(8, 1, 3), bias, stride, padding, dilation, groups=4)
            )
            arguments = {"stride": stride, "padding": padding, "dilation": dilation}
            layer("depthwise_conv1d", shape, samples, function, parameters, **arguments)
        for stride, padding, more in [(1, 0, 0), (2, 1, 1), (3, 0, 2)]:
            parameters = {"weight": ((3, 5, 4), 1.0), "bias": ((5,), 1.0)}
            function = lambda x, weight, bias: last(
                F.conv_transpose1d(first(x), weight.permute(2, 1, 0), bias, stride, padding, more)
            )
            layer("conv_transpose1d", shape, samples, function, parameters, stride=stride, padding=padding, more=more)


def pools():
    for shape, samples in IMAGES:
        for kernel, stride, padding in [((2, 2), (2, 2), 0), ((3, 3), (1, 1), 1), ((3, 2), (2, 3), 0)]:
            arguments = {"kernel": kernel, "stride": stride, "padding": padding}
            layer("max_pool2d", shape, samples, lambda x: last(F.max_pool2d(first(x), kernel, stride, padding)), **arguments)
            average = lambda x: last(F.avg_pool2d(first(x), kernel, stride, padding, count_include_pad=False))
            layer("avg_pool2d", shape, samples, average, **arguments)
        layer("global_avg_pool2d", shape, samples, lambda x: x.mean((1, 2)))
        upsample = lambda x: last(F.interpolate(first(x), scale_factor=(2, 3)))
        layer("up_sample2d", shape, samples, upsample)


def sizes():
    """Pools over everything or into so many parts, and more or fewer pixels."""
    for shape, samples in IMAGES:
        layer("global_max_pool", shape, samples, lambda x: x.amax((1, 2)))
        layer("global_avg_pool", shape, samples, lambda x: x.mean((1, 2)))
        layer("crop", shape, samples, lambda x: x[:, 1:-2, 1:-2])
        bilinear = lambda x: last(F.interpolate(first(x), scale_factor=(2, 3), mode="bilinear", align_corners=False))
        layer("up_sample_bilinear2d", shape, samples, bilinear)
    for shape, size, samples in [((6, 4, 3), (2, 2), 2), ((9, 8, 3), (3, 4), 1), ((4, 4, 2), (1, 4), 3)]:
        layer("adaptive_max_pool2d", shape, samples, lambda x: last(F.adaptive_max_pool2d(first(x), size)), size=size)
        layer("adaptive_avg_pool2d", shape, samples, lambda x: last(F.adaptive_avg_pool2d(first(x), size)), size=size)
    for shape, factor, samples in [((3, 2, 12), 2, 2), ((1, 1, 9), 3, 1), ((2, 5, 4), 2, 3)]:
        layer("pixel_shuffle", shape, samples, lambda x: last(F.pixel_shuffle(first(x), factor)), factor=factor)
    for shape, samples in [((7, 3), 2), ((12, 5), 1)]:
        for kernel, stride, padding in [(2, 2, 0), (3, 1, 1), (3, 2, 0)]:
            arguments = {"kernel": kernel, "stride": stride, "padding": padding}
            layer("max_pool1d", shape, samples, lambda x: last(F.max_pool1d(first(x), kernel, stride, padding)), **arguments)
            average = lambda x: last(F.avg_pool1d(first(x), kernel, stride, padding, count_include_pad=False))
            layer("avg_pool1d", shape, samples, average, **arguments)
        layer("global_max_pool", shape, samples, lambda x: x.amax(1))
        layer("global_avg_pool", shape, samples, lambda x: x.mean(1))
        layer("up_sample1d", shape, samples, lambda x: x.repeat_interleave(3, 1))


def tables():
    for shape, samples in [((1,), 1), ((6,), 3), ((2, 5), 2)]:
        weight = {"weight": ((9, 4), 2.0)}
        layer("embedding", shape, samples, lambda x, weight: F.embedding(x, weight), weight, numbers=9)
        # PyTorch keeps the padding's row as it is, and it is zero at the start: here it is made so.
        masked = lambda x, weight: F.embedding(x, weight * (torch.arange(9) != 2)[:, None], padding_idx=2)
        layer("padded_embedding", shape, samples, masked, weight, numbers=9)
        for mode in ("mean", "sum"):
            bag = lambda x, weight: F.embedding_bag(
                x.reshape(-1, shape[-1]), weight, mode=mode, padding_idx=2
            ).reshape(samples, *shape[:-1], 4)
            layer("embedding_bag", shape, samples, bag, weight, numbers=9, mode=mode)
    weight = {"weight": ((6, 4), 2.0)}
    for time in (1, 6):
        layer("positional_embedding", (time, 4), 2, lambda x, weight: x + weight[:time], weight)
        angles = torch.arange(time, dtype=torch.float64)[:, None] * 1e4 ** (-torch.tensor([0.0, 0.5], dtype=torch.float64))
        waves = torch.stack([angles.sin(), angles.cos()], -1).reshape(time, 4)
        layer("sinusoidal_position", (time, 4), 2, lambda x: x + waves)


def reductions():
    for shape, samples in SHAPES:
        for name, function in (("mean", torch.mean), ("sum", torch.sum), ("max", torch.amax)):
            reduced = lambda x: function(x, -1) if len(shape) > 1 else function(x, -1, keepdim=True)
            layer(name, shape, samples, reduced)
        layer("pad", shape, samples, lambda x: F.pad(x, (2, 1), value=0.5))


VOLUMES = [((4, 5, 3, 2), 2), ((3, 6, 7, 4), 1)]


def volumes():
    for shape, samples in VOLUMES:
        channels = shape[-1]
        for kernel, stride, padding, dilation, groups in [
            ((2, 3, 3), (1, 1, 1), 0, (1, 1, 1), 1),
            ((2, 3, 3), (2, 1, 2), 1, (1, 1, 1), 1),
            ((3, 2, 1), (1, 2, 1), 1, (2, 1, 1), 2),
            ((1, 1, 1), (1, 1, 1), 0, (1, 1, 1), 1),
        ]:
            parameters = {"weight": ((*kernel, channels // groups, 4), 1.0), "bias": ((4,), 1.0)}
            arguments = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
            function = lambda x, weight, bias: last(F.conv3d(first(x), weight.permute(4, 3, 0, 1, 2), bias, **arguments))
            layer("conv3d", shape, samples, function, parameters, kernel=kernel, **arguments)
        for kernel, stride, padding in [((2, 2, 2), (2, 2, 2), 0), ((3, 3, 2), (1, 2, 1), 1), ((1, 3, 2), (2, 1, 3), 0)]:
            arguments = {"kernel": kernel, "stride": stride, "padding": padding}
            layer("max_pool3d", shape, samples, lambda x: last(F.max_pool3d(first(x), kernel, stride, padding)), **arguments)
            average = lambda x: last(F.avg_pool3d(first(x), kernel, stride, padding, count_include_pad=False))
            layer("avg_pool3d", shape, samples, average, **arguments)
        layer("global_max_pool", shape, samples, lambda x: x.amax((1, 2, 3)))
        layer("global_avg_pool", shape, samples, lambda x: x.mean((1, 2, 3)))
    for shape, size, samples in [((4, 6, 2, 3), (2, 3, 1), 2), ((3, 4, 4, 5), (3, 1, 2), 1)]:
        layer("adaptive_max_pool3d", shape, samples, lambda x: last(F.adaptive_max_pool3d(first(x), size)), size=size)
        layer("adaptive_avg_pool3d", shape, samples, lambda x: last(F.adaptive_avg_pool3d(first(x), size)), size=size)
    for shape, size, samples in [((6, 3), 2, 2), ((12, 5), 4, 1)]:
        layer("adaptive_max_pool1d", shape, samples, lambda x: last(F.adaptive_max_pool1d(first(x), size)), size=size)
        layer("adaptive_avg_pool1d", shape, samples, lambda x: last(F.adaptive_avg_pool1d(first(x), size)), size=size)


def composed():
    """Separable convolutions, bilinear forms, weights as directions and lengths."""
    for shape, samples in IMAGES:
        for stride, padding, dilation in [((1, 1), 0, (1, 1)), ((2, 1), 1, (1, 1)), ((1, 1), 0, (2, 3)), ((2, 3), 2, (2, 1))]:
            parameters = {"depthwise": ((3, 2, 3, 2), 1.0), "pointwise": ((3, 2, 5), 1.0), "bias": ((5,), 1.0)}
            kernel = lambda depthwise: depthwise.permute(2, 3, 0, 1).reshape(6, 1, 3, 2)
            function = lambda x, depthwise, pointwise, bias: (
                last(F.conv2d(first(x), kernel(depthwise), None, stride, padding, dilation, groups=3))
                @ pointwise.reshape(6, 5)
                + bias
            )
            arguments = {"stride": stride, "padding": padding, "dilation": dilation}
            layer("separable_conv2d", shape, samples, function, parameters, **arguments)
        for stride, padding, dilation, groups in [((1, 1), 0, (1, 1), 1), ((2, 1), 1, (1, 2), 3)]:
            parameters = {"direction": ((2, 3, 3 // groups, 6), 1.0), "magnitude": ((6,), 2.0, 1.0), "bias": ((6,), 1.0)}
            weight = lambda v, g: torch._weight_norm(v.permute(3, 2, 0, 1), g.reshape(-1, 1, 1, 1), 0)
            function = lambda x, direction, magnitude, bias: last(
                F.conv2d(first(x), weight(direction, magnitude), bias, stride, padding, dilation, groups)
            )
            arguments = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
            layer("weight_norm_conv2d", shape, samples, function, parameters, **arguments)
    for shape, samples in [((7, 4), 2), ((12, 4), 1)]:
        for stride, padding, dilation in [(1, 0, 1), (2, 1, 1), (1, 2, 3), (3, 0, 2)]:
            parameters = {"depthwise": ((3, 4, 2), 1.0), "pointwise": ((4, 2, 5), 1.0), "bias": ((5,), 1.0)}
            kernel = lambda depthwise: depthwise.permute(1, 2, 0).reshape(8, 1, 3)
            function = lambda x, depthwise, pointwise, bias: (
                last(F.conv1d(first(x), kernel(depthwise), None, stride, padding, dilation, groups=4))
                @ pointwise.reshape(8, 5)
                + bias
            )
            arguments = {"stride": stride, "padding": padding, "dilation": dilation}
            layer("separable_conv1d", shape, samples, function, parameters, **arguments)
    for shape, samples in [((7,), 1), ((7,), 4), ((3, 7), 2)]:
        parameters = {"weight": ((3, 4, 5), 1.0), "bias": ((5,), 1.0)}
        function = lambda x, weight, bias: F.bilinear(
            x[..., :3].contiguous(), x[..., 3:].contiguous(), weight.permute(2, 0, 1), bias
        )
        layer("bilinear", shape, samples, function, parameters)
        parameters = {"direction": ((7, 5), 1.0), "magnitude": ((5,), 2.0, 1.0), "bias": ((5,), 1.0)}
        weight = lambda v, g: torch._weight_norm(v.T, g.reshape(-1, 1), 0)
        function = lambda x, direction, magnitude, bias: F.linear(x, weight(direction, magnitude), bias)
        layer("weight_norm_dense", shape, samples, function, parameters)


RECURRENT = {
    "rnn": (torch.nn.RNN, 1, ["bias"]),
    "lstm": (torch.nn.LSTM, 4, ["bias"]),
    "gru": (torch.nn.GRU, 3, ["bias", "recurrent_bias"]),
}


def through_time(kind, gates, x, lengths=None, start=None, **parameters):
    """PyTorch's layer with these parameters: all states, and the last one."""
    features, units = parameters["weight"].shape[0], parameters["recurrent"].shape[0]
    as_rows = lambda tensor: tensor.permute(1, 2, 0).reshape(gates * units, -1)
    second = parameters.get("recurrent_bias", torch.zeros(gates, units)).reshape(-1)
    values = {
        "weight_ih_l0": as_rows(parameters["weight"]),
        "weight_hh_l0": as_rows(parameters["recurrent"]),
        "bias_ih_l0": parameters["bias"].reshape(-1),
        "bias_hh_l0": second,
    }
    module = kind(features, units, batch_first=True)
    if lengths is not None:
        x = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    states, last = torch.func.functional_call(module, values, (x,) if start is None else (x, start))
    return states, (last[0] if isinstance(last, tuple) else last)[0], torch.cat(last, -1)[0] if isinstance(last, tuple) else None


def from_states(kind, gates, time, x, **parameters):
    """Of vectors that hold a sequence of three features and behind it the state of four units, or both of them."""
    sequence, states = x[:, : 3 * time].reshape(-1, time, 3), [part[None].contiguous() for part in x[:, 3 * time :].split(4, 1)]
    return through_time(kind, gates, sequence, start=tuple(states) if len(states) > 1 else states[0], **parameters)[0]


def recurrent():
    for name, (kind, gates, biases) in RECURRENT.items():
        parameters = {"weight": ((3, gates, 4), 1.5), "recurrent": ((4, gates, 4), 1.5)}
        parameters |= {bias: ((gates, 4), 1.0) for bias in biases}
        states = lambda x, **p: through_time(kind, gates, x, **p)[0]
        for shape, samples in [((1, 3), 1), ((5, 3), 3)]:
            layer(name, shape, samples, states, parameters)
            layer(name + "_last", shape, samples, lambda x, **p: through_time(kind, gates, x, **p)[1], parameters)
            backwards = lambda x, **p: states(x.flip(1), **p).flip(1)
            layer(name + "_reverse", shape, samples, backwards, parameters)
        for time, samples in [(1, 1), (5, 3)]:
            shape = (3 * time + (8 if name == "lstm" else 4),)
            layer("from_" + name, shape, samples, lambda x, **p: from_states(kind, gates, time, x, **p), parameters)
        if name == "lstm":
            for shape, samples in [((1, 3), 1), ((5, 3), 3)]:
                layer("state_lstm", shape, samples, lambda x, **p: through_time(kind, gates, x, **p)[2], parameters)
        # Steps behind a sample's length are zeros: made so here and in the test.
        kept = torch.arange(6)[None, :, None] < torch.tensor([6, 2, 1, 4])[:, None, None]
        last_of_padded = lambda x, **p: through_time(kind, gates, x * kept, lengths=[6, 2, 1, 4], **p)[1]
        layer(name + "_masked", (6, 3), 4, last_of_padded, parameters, lengths=(6, 2, 1, 4))


def shared_slopes():
    for shape, samples in SHAPES:
        layer("prelu_shared", shape, samples, lambda x, slope: F.prelu(x, slope), {"slope": ((1,), 1.0)})


def factors():
    """Products of two matrices, the second one given by its columns."""
    for shape, rows, samples in [((5, 3), 2, 2), ((9, 17), 4, 1), ((2, 5, 4), 3, 2), ((2, 2, 3, 5), 1, 1)]:
        function = lambda x: torch.matmul(x[..., :rows, :], x[..., rows:, :].mT)
        layer("mat_mul", shape, samples, function, rows=rows)


def waves():
    pointwise("sin", torch.sin)
    pointwise("cos", torch.cos)


def of_any_shape():
    """Lengths and factors of rows; borders of the input's own elements; what does not come from the input."""
    # A single number becomes 1 or -1, and its gradient nothing but rounding.
    for shape, samples in [one for one in SHAPES if one[0][-1] > 1]:
        layer("unit_norm", shape, samples, lambda x: F.normalize(x, dim=-1))
    for width, shape, samples in [(7, (7,), 3), (5, (3, 5), 2), (3, (4, 2, 3), 2)]:
        layer("layer_scale", shape, samples, lambda x, scale: x * scale, {"scale": ((width,), 2.0)})
    borders = {"reflection_pad": "reflect", "replication_pad": "replicate", "circular_pad": "circular"}
    for name, mode in borders.items():
        for shape, samples in [((4, 3, 2), 2), ((5, 6, 1), 1), ((3, 3, 4), 3)]:
            function = lambda x: last(F.pad(first(x), (2, 1, 2, 1), mode=mode))
            layer(name, shape, samples, function, before=2, after=1, axes=(0, 1))
    for samples in (1, 4):
        function = lambda x, weight: weight.expand(samples, 4, 5) + 0.0 * x.sum()
        layer("learned", (3,), samples, function, {"weight": ((4, 5), 1.0)})


def main():
    torch.set_default_dtype(torch.float64)
    activations()
    norms()
    products()
    pools()
    sizes()
    volumes()
    composed()
    tables()
    reductions()
    recurrent()
    shared_slopes()
    factors()
    waves()
    of_any_shape()
    print(len(CASES.cases), "cases")
    CASES.write()


if __name__ == "__main__":
    main()
