"""PyTorch: `eager`, or `compile` for torch.compile. Convolutions are channels-last, Adam is the fused one."""

import sys

import torch
from torch import nn
from torch.nn import functional

import peer
import torch_sequences

COMPILED = sys.argv[1] == "compile"
torch.set_num_threads(peer.THREADS)
torch.set_num_interop_threads(1)
if COMPILED:
    torch._inductor.config.freezing = True


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.depthwise = nn.Conv2d(channels, channels, 3, padding=1, groups=channels)
        self.pointwise = nn.Conv2d(channels, channels, 1)

    def forward(self, x):
        return x + self.pointwise(functional.relu(self.depthwise(x)))


def network(name):
    shape, layers = peer.NETWORKS[name]
    modules = []
    for kind, *size in layers:
        if kind == "conv":
            modules.append(nn.Conv2d(shape[2], size[0], 3))
            shape = (shape[0] - 2, shape[1] - 2, size[0])
        elif kind == "pool":
            modules.append(nn.MaxPool2d(2))
            shape = (shape[0] // 2, shape[1] // 2, shape[2])
        elif kind == "dense":
            modules.append(nn.Linear(shape[0], size[0]))
            shape = (size[0],)
        elif kind == "flatten":
            modules.append(nn.Flatten())
            shape = (shape[0] * shape[1] * shape[2],)
        elif kind == "residual":
            modules.append(Residual(shape[2]))
        else:
            modules.append({"relu": nn.ReLU, "tanh": nn.Tanh}[kind]())
    return nn.Sequential(*modules).to(memory_format=torch.channels_last)


def tensor(array):
    """Images stay channels-last in memory; to PyTorch their axes are (sample, channel, height, width)."""
    found = torch.from_numpy(array)
    return found.permute(0, 3, 1, 2) if found.ndim == 4 else found


def train(name, samples):
    model = network(name)
    inputs, labels = peer.batch(name, samples)
    inputs, labels = tensor(inputs), torch.from_numpy(labels)
    optimizer = torch.optim.Adam(
        model.parameters(), lr=peer.LEARNING_RATE, betas=peer.BETAS, eps=peer.EPSILON, fused=True
    )

    def loss_of(inputs, labels):
        return functional.cross_entropy(model(inputs), labels)

    loss_of = torch.compile(loss_of) if COMPILED else loss_of

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss_of(inputs, labels).backward()
        optimizer.step()

    before = [parameter.detach().clone() for parameter in model.parameters()]
    step()
    assert not any(torch.equal(old, new) for old, new in zip(before, model.parameters())), "a parameter has no gradient"
    return step


def forward(name, samples):
    model = network(name).eval()
    inputs = tensor(peer.values(samples, *peer.NETWORKS[name][0]))
    run = torch.compile(model) if COMPILED else model

    def predict():
        with torch.inference_mode():
            run(inputs)

    return predict


def product(m, k, n):
    a, b, c = (torch.from_numpy(peer.values(*shape)) for shape in [(m, k), (k, n), (m, n)])
    return lambda: torch.mm(a, b, out=c)


def convolution(which):
    image = (peer.CONV_SAMPLES, peer.CONV_SIZE, peer.CONV_SIZE, peer.CONV_CHANNELS)
    inputs, outputs = tensor(peer.values(*image)), tensor(peer.values(*image))
    shape = (peer.CONV_CHANNELS, peer.CONV_CHANNELS, 3, 3)
    weight = torch.from_numpy(peer.values(*shape)).to(memory_format=torch.channels_last)
    if which == "forward":
        bias = torch.from_numpy(peer.values(peer.CONV_CHANNELS))
        return lambda: functional.conv2d(inputs, weight, bias, padding=1)
    wanted = [which == "input", which == "weight", False]
    return lambda: torch.ops.aten.convolution_backward(
        outputs, inputs, weight, None, [1, 1], [1, 1], [1, 1], False, [0, 0], 1, wanted
    )


def build(task):
    match task:
        case ["lstm" | "gpt" as name, "train", samples]:
            return torch_sequences.train(name, int(samples), COMPILED)
        case ["gpt", "decode", letters]:
            return torch_sequences.decode(int(letters), COMPILED)
        case [name, "train", samples]:
            return train(name, int(samples))
        case [name, "forward", samples]:
            return forward(name, int(samples))
        case ["gemm", m, k, n] if not COMPILED:
            return product(int(m), int(k), int(n))
        case ["conv", which] if not COMPILED:
            work = convolution(which)

            def without_gradients():
                with torch.no_grad():
                    work()

            return without_gradients


if __name__ == "__main__":
    peer.serve(build)
