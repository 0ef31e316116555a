"""Recurrent and attention networks in PyTorch or Keras 3, as bench_training has them; prints the best epoch's seconds.

usage: sequences.py torch|keras lstm|gru|transformer|characters mnist.npz epochs
12,800 MNIST samples as 28 rows in batches of 128; characters: 960 generated lines of 100 letters in batches of 32. Adam.
"""
import os, sys, time
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np

who, model, path, epochs = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
rng = np.random.default_rng(1)
if model == "characters":
    batch, x, y = 32, rng.integers(0, 64, (960, 100)).astype("int32"), rng.integers(0, 64, (960, 100)).astype("int64")
else:
    mnist = np.load(path)
    batch, x, y = 128, mnist["x_train"][:12800].astype("float32") / 255, mnist["y_train"][:12800].astype("int64")
seconds = []


def keras():
    import keras
    from keras import layers as L
    inputs = keras.Input(x.shape[1:], dtype=str(x.dtype))
    h = inputs
    if model in ("lstm", "gru"):
        h = (L.LSTM if model == "lstm" else L.GRU)(128)(h)
    elif model == "characters":
        h = L.LSTM(256, return_sequences=True)(L.LSTM(256, return_sequences=True)(L.Embedding(64, 64)(h)))
    else:
        h = L.Dense(64)(h)
        for _ in range(2):
            h = L.LayerNormalization()(L.Add()([h, L.MultiHeadAttention(4, 16)(h, h)]))
            h = L.LayerNormalization()(L.Add()([h, L.Dense(64)(L.Dense(128, activation="relu")(h))]))
        h = L.GlobalAveragePooling1D()(h)
    net = keras.Model(inputs, L.Dense(64 if model == "characters" else 10, activation="softmax")(h))
    net.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])

    class Times(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None): self.begin = time.perf_counter()
        def on_epoch_end(self, epoch, logs=None): seconds.append(time.perf_counter() - self.begin)
    net.fit(x, y, batch_size=batch, epochs=epochs, verbose=0, callbacks=[Times()])


def torch():
    import torch
    from torch import nn

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            if model == "transformer":
                self.first = nn.Linear(28, 64)
                self.blocks = nn.ModuleList([nn.TransformerEncoderLayer(64, 4, 128, dropout=0.0, batch_first=True) for _ in range(2)])
            elif model == "characters":
                self.first, self.recurrent = nn.Embedding(64, 64), nn.LSTM(64, 256, num_layers=2, batch_first=True)
            else:
                self.recurrent = (nn.LSTM if model == "lstm" else nn.GRU)(28, 128, batch_first=True)
            self.last = nn.Linear({"transformer": 64, "characters": 256}.get(model, 128), 64 if model == "characters" else 10)

        def forward(self, a):
            if model == "transformer":
                h = self.first(a)
                for block in self.blocks: h = block(h)
                return self.last(h.mean(1))
            if model == "characters":
                return self.last(self.recurrent(self.first(a))[0]).flatten(0, 1)
            return self.last(self.recurrent(a)[0][:, -1])

    net, loss = Network(), nn.CrossEntropyLoss()
    adam = torch.optim.Adam(net.parameters())
    a, b = torch.tensor(x), torch.tensor(y)
    for _ in range(epochs):
        begin, order = time.perf_counter(), torch.randperm(len(a))
        for i in range(0, len(a), batch):
            j = order[i:i + batch]
            adam.zero_grad()
            loss(net(a[j]), b[j].flatten()).backward()
            adam.step()
        seconds.append(time.perf_counter() - begin)


{"keras": keras, "torch": torch}[who]()
print(f"{model} {who}: best epoch {min(seconds):.3f}s {[round(s, 3) for s in seconds]}")
