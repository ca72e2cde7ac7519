"""The sequence tasks in PyTorch."""

import torch
from torch import nn
from torch.nn import functional

import peer


class Lstm(nn.Module):
    def __init__(self, vocabulary, width, hidden, classes, **_):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.lstm = nn.LSTM(width, hidden, batch_first=True)
        self.head = nn.Linear(hidden, classes)

    def forward(self, words):
        states, _ = self.lstm(self.embedding(words))
        return self.head(states[:, -1])


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def attend(self, x):
        samples, steps, width = x.shape
        q, k, v = self.qkv(x).view(samples, steps, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        y = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.out(y.transpose(1, 2).reshape(samples, steps, width))

    def forward(self, x):
        x = x + self.attend(self.first(x))
        return x + self.down(functional.gelu(self.up(self.second(x))))


class Gpt(nn.Module):
    def __init__(self, layers, width, heads, context, vocabulary):
        super().__init__()
        self.letters, self.positions = nn.Embedding(vocabulary, width), nn.Embedding(context, width)
        self.blocks = nn.Sequential(*[Block(width, heads) for _ in range(layers)])
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, vocabulary)

    def forward(self, letters):
        x = self.letters(letters) + self.positions.weight[: letters.shape[1]]
        return self.head(self.norm(self.blocks(x)))


def train(name, samples, compiled):
    model = Lstm(**peer.LSTM) if name == "lstm" else Gpt(**peer.GPT)
    inputs, labels = map(torch.from_numpy, peer.sequences(name, samples))
    optimizer = torch.optim.Adam(
        model.parameters(), lr=peer.LEARNING_RATE, betas=peer.BETAS, eps=peer.EPSILON, fused=True
    )

    def loss_of(inputs, labels):
        return functional.cross_entropy(model(inputs).flatten(0, -2), labels.flatten())

    loss_of = torch.compile(loss_of) if compiled else loss_of

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss_of(inputs, labels).backward()
        optimizer.step()

    return step


def decode(letters, compiled):
    """Letter by letter, each the likeliest, with the keys and values of those before kept."""
    model, size = Gpt(**peer.GPT).eval(), peer.GPT
    heads, each = size["heads"], size["width"] // size["heads"]

    def step(place, letter, keys, values):
        x = model.letters.weight[letter] + model.positions.weight[place]
        for index, block in enumerate(model.blocks):
            q, k, v = block.qkv(block.first(x)).view(3, heads, each)
            keys[index, :, place], values[index, :, place] = k, v
            y = functional.scaled_dot_product_attention(
                q[:, None], keys[index, :, : place + 1], values[index, :, : place + 1]
            )
            x = x + block.out(y.reshape(-1))
            x = x + block.down(functional.gelu(block.up(block.second(x))))
        return model.head(model.norm(x)).argmax()

    def run():
        with torch.inference_mode():
            shape = (size["layers"], heads, size["context"], each)
            keys, values, letter = torch.zeros(shape), torch.zeros(shape), torch.tensor(1)
            for place in range(letters):
                letter = step(place, letter, keys, values)

    return None if compiled else run
