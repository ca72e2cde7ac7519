"""One training job of the seed's CNN in PyTorch or Keras, for `footprint`: `footprint.py torch|keras BATCH STEPS`."""

import sys

framework, samples, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])

if framework == "torch":
    sys.argv = [sys.argv[0], "eager"]
sys.path.insert(0, __file__.rsplit("/", 1)[0] + "/python")

if framework == "torch":
    from torch_peer import train
else:
    from keras_networks import network
    import keras
    import peer

    def train(name, samples):
        model = network(name)
        inputs, labels = peer.batch(name, samples)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(keras.optimizers.Adam(peer.LEARNING_RATE), loss)
        return lambda: model.train_on_batch(inputs, labels)


step = train("cnn", samples)
for _ in range(steps):
    step()
