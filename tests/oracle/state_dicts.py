#!/usr/bin/env python3
"""Weights between PyTorch and netform, both ways.

usage: python3 -m venv SOMEWHERE && SOMEWHERE/bin/pip install torch numpy safetensors
       SOMEWHERE/bin/python tests/oracle/state_dicts.py          # writes state_dicts/NAME.safetensors, .input and .output
       NETFORM_STATE_DICTS=/tmp/made cargo test -p netform --test state_dicts
       SOMEWHERE/bin/python tests/oracle/state_dicts.py /tmp/made  # loads what netform saved, and compares outputs

For each model below: its `state_dict` in safetensors format, one batch of inputs, and what the model makes of it. The test
`tests/state_dicts.rs` loads the weights into the same network in netform, and wants the same outputs. The other way round the test
saves networks of its own, with other weights, in PyTorch's layout, with inputs and outputs beside them; this script loads
them with `load_state_dict(strict=True)`. Last written with PyTorch 2.15.

Inputs and outputs are flat little-endian 32-bit floats, with channels first, as PyTorch has them; a token is a whole number as a float.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn.utils.parametrizations import weight_norm

FOLDER = Path(__file__).resolve().parent / "state_dicts"
SAMPLES = 3


class Cnn(nn.Module):
    """Convolutions of every kind, batch normalisation, and a linear layer behind a flattened image."""

    shape = (2, 9, 7)

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 6, (3, 2), padding=1)
        self.norm = nn.BatchNorm2d(6)
        self.depth = nn.Conv2d(6, 12, 3, groups=6)
        self.grouped = nn.Conv2d(12, 8, 1, groups=2)
        self.slope = nn.PReLU(8)
        self.up = nn.ConvTranspose2d(8, 3, 2, stride=2, bias=False)
        self.head = nn.Sequential(nn.Linear(3 * 14 * 12, 5), nn.ReLU(), nn.Linear(5, 4))

    def forward(self, x):
        x = torch.relu(self.norm(self.conv(x)))
        x = self.slope(self.grouped(self.depth(x)))
        return self.head(torch.flatten(torch.relu(self.up(x)), 1))


class Sound(nn.Module):
    """One-dimensional convolutions, a normalisation of groups, and a linear layer behind a flattened sequence."""

    shape = (2, 11)

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(2, 4, 3)
        self.norm = nn.GroupNorm(2, 4)
        self.up = nn.ConvTranspose1d(4, 3, 2)
        self.head = nn.Linear(3 * 10, 2)

    def forward(self, x):
        return self.head(torch.flatten(torch.tanh(self.up(self.norm(self.conv(x)))), 1))


class Reader(nn.Module):
    """Recurrent layers on tokens."""

    shape = (6,)
    tokens = 7

    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(7, 5)
        self.lstm = nn.LSTM(5, 4, batch_first=True)
        self.gru = nn.GRU(4, 3, batch_first=True)
        self.rnn = nn.RNN(3, 4, batch_first=True)
        self.head = nn.Linear(4, 2)

    def forward(self, x):
        x = self.embed(x)
        for layer in (self.lstm, self.gru, self.rnn):
            x, _ = layer(x)
        return self.head(x[:, -1])


class Former(nn.Module):
    """A block of a transformer, under names that are not the network's."""

    shape = (5, 8)

    def __init__(self):
        super().__init__()
        self.ln_1 = nn.LayerNorm(8)
        self.self_attn = nn.MultiheadAttention(8, 2, batch_first=True)
        self.ln_2 = nn.RMSNorm(8, eps=1e-5)
        self.mlp = nn.Sequential(nn.Linear(8, 16), nn.GELU(), nn.Linear(16, 8))

    def forward(self, x):
        y = self.ln_1(x)
        x = x + self.self_attn(y, y, y, need_weights=False)[0]
        return x + self.mlp(self.ln_2(x))


class Gallery(nn.Module):
    """Normalisations and slopes of features that were an image, in front of a linear layer."""

    shape = (2, 5, 4)

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 3, (2, 3))
        self.layer = nn.LayerNorm(24)
        self.batch = nn.BatchNorm1d(24)
        self.slope = nn.PReLU(24)
        self.head = nn.Linear(24, 24)

    def forward(self, x):
        x = torch.flatten(self.conv(x), 1)
        return self.head(torch.softmax(self.slope(self.batch(self.layer(x))), 1))


class Painter(nn.Module):
    """An image that is made of features."""

    shape = (6,)

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 24)
        self.up = nn.ConvTranspose2d(2, 3, 2)

    def forward(self, x):
        return torch.tanh(self.up(torch.relu(self.fc(x)).unflatten(1, (2, 4, 3)))).flatten(1)


class Bottleneck(nn.Module):
    """A linear layer between two images."""

    shape = (4, 3, 2)

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(24, 12)

    def forward(self, x):
        return self.fc(x.flatten(1))


class Normed(nn.Module):
    """Weights in two parts, with a slope for all channels, between two images."""

    shape = (2, 5, 4)

    def __init__(self):
        super().__init__()
        self.conv = weight_norm(nn.Conv2d(2, 3, (2, 3)))
        self.bend = nn.PReLU()
        self.fc = weight_norm(nn.Linear(24, 24))
        self.slope = nn.PReLU()

    def forward(self, x):
        return self.slope(self.fc(self.bend(self.conv(x)).flatten(1)))


class Echo(nn.Module):
    """Recurrent layers in both directions, one on top of the other."""

    shape = (5, 3)

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 4, num_layers=2, bidirectional=True, batch_first=True)
        self.gru = nn.GRU(8, 2, bidirectional=True, batch_first=True)

    def forward(self, x):
        return self.gru(self.lstm(x)[0])[0]


MODELS = [Cnn, Sound, Reader, Former, Gallery, Painter, Echo, Bottleneck, Normed]


def make():
    FOLDER.mkdir(exist_ok=True)
    for number, kind in enumerate(MODELS):
        torch.manual_seed(number)
        name, model = kind.__name__.lower(), kind()
        if hasattr(kind, "tokens"):
            x = torch.randint(0, kind.tokens, (SAMPLES, *kind.shape))
        else:
            x = torch.randn(SAMPLES, *kind.shape)
        model(x.repeat(3, *[1] * len(kind.shape)) if x.is_floating_point() else x)  # moves running statistics
        with torch.no_grad():
            for parameter in model.parameters():  # scales that are 1 and shifts that are 0 would show nothing
                parameter.add_(0.2 * torch.randn_like(parameter))
            y = model.eval()(x)
        save_file({key: value.contiguous() for key, value in model.state_dict().items()}, FOLDER / f"{name}.safetensors")
        x.numpy().astype("<f4").tofile(FOLDER / f"{name}.input")
        y.numpy().astype("<f4").tofile(FOLDER / f"{name}.output")
        print(name, tuple(y.shape), sum(value.numel() for value in model.state_dict().values()), "numbers")


def compare(folder):
    for kind in MODELS:
        name, model = kind.__name__.lower(), kind()
        state = load_file(folder / f"{name}.safetensors")
        model.load_state_dict(state, strict=True)
        x = torch.from_numpy(np.fromfile(folder / f"{name}.input", "<f4")).reshape(SAMPLES, *kind.shape)
        with torch.no_grad():
            y = model.eval()(x.long() if hasattr(kind, "tokens") else x).numpy()
        found = np.fromfile(folder / f"{name}.output", "<f4").reshape(y.shape)
        worst = np.abs(y - found).max() / max(1.0, np.abs(y).max())
        print(f"{name}: {len(state)} tensors, outputs differ by at most {worst:.1e} of the largest")
        assert worst < 1e-5, name


if __name__ == "__main__":
    compare(Path(sys.argv[1])) if len(sys.argv) > 1 else make()
