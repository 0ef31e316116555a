"""Recurrent and attention networks in PyTorch, Keras 3 or JAX, as bench_training has them; prints the best epoch's seconds.

usage: sequences.py torch|keras|jax lstm|gru|transformer|characters mnist.npz epochs
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


def jax():
    import jax
    import jax.numpy as np_
    from jax import lax, nn
    key = iter(jax.random.split(jax.random.key(1), 64))

    def matrix(*shape):
        bound = (6 / (shape[0] + shape[-1])) ** 0.5
        return jax.random.uniform(next(key), shape, minval=-bound, maxval=bound)

    def dense(inputs, outputs): return {"w": matrix(inputs, outputs), "b": np_.zeros(outputs)}
    def apply(p, a): return a @ p["w"] + p["b"]
    def recurrent(inputs, units, gates): return {"w": matrix(inputs, gates * units), "u": matrix(units, gates * units), "b": np_.zeros(gates * units)}

    def lstm(p, a):  # (batch, steps, features) -> (steps, batch, units)
        zeros = np_.zeros((a.shape[0], p["u"].shape[0]))

        def step(carry, z):
            h, c = carry
            i, f, g, o = np_.split(z + h @ p["u"], 4, -1)
            c = nn.sigmoid(f) * c + nn.sigmoid(i) * np_.tanh(g)
            h = nn.sigmoid(o) * np_.tanh(c)
            return (h, c), h
        return lax.scan(step, (zeros, zeros), (a @ p["w"] + p["b"]).swapaxes(0, 1))[1]

    def gru(p, a):
        def step(h, z):
            r = h @ p["u"]
            (za, ra, ca), (zb, rb, cb) = np_.split(z, 3, -1), np_.split(r, 3, -1)
            gate, reset = nn.sigmoid(za + zb), nn.sigmoid(ra + rb)
            h = gate * h + (1 - gate) * np_.tanh(ca + reset * cb)
            return h, h
        return lax.scan(step, np_.zeros((a.shape[0], p["u"].shape[0])), (a @ p["w"] + p["b"]).swapaxes(0, 1))[1]

    def norm(p, a):
        mean, var = a.mean(-1, keepdims=True), a.var(-1, keepdims=True)
        return (a - mean) * lax.rsqrt(var + 1e-3) * p["w"] + p["b"]

    def attention(p, a):
        q, k, v = (apply(p[n], a).reshape(*a.shape[:2], 4, 16) for n in "qkv")
        scores = nn.softmax(np_.einsum("bqhd,bkhd->bhqk", q, k) / 4)
        return apply(p["o"], np_.einsum("bhqk,bkhd->bqhd", scores, v).reshape(a.shape))

    if model == "characters":
        params = {"table": matrix(64, 64), "first": recurrent(64, 256, 4), "second": recurrent(256, 256, 4), "last": dense(256, 64)}
        def forward(p, a): return apply(p["last"], lstm(p["second"], lstm(p["first"], p["table"][a]).swapaxes(0, 1)).swapaxes(0, 1))
    elif model == "transformer":
        scale = lambda: {"w": np_.ones(64), "b": np_.zeros(64)}
        params = {"first": dense(28, 64), "last": dense(64, 10), "blocks": [
            {"attention": {n: dense(64, 64) for n in "qkvo"}, "up": dense(64, 128), "down": dense(128, 64), "one": scale(), "two": scale()}
            for _ in range(2)]}

        def forward(p, a):
            h = apply(p["first"], a)
            for block in p["blocks"]:
                h = norm(block["one"], h + attention(block["attention"], h))
                h = norm(block["two"], h + apply(block["down"], nn.relu(apply(block["up"], h))))
            return apply(p["last"], h.mean(1))
    else:
        layer, gates = (lstm, 4) if model == "lstm" else (gru, 3)
        params = {"first": recurrent(28, 128, gates), "last": dense(128, 10)}
        def forward(p, a): return apply(p["last"], layer(p["first"], a)[-1])

    def loss(p, a, b): return -np_.take_along_axis(nn.log_softmax(forward(p, a)), b[..., None], -1).mean()

    def step(p, m, v, t, a, b):
        gradients = jax.grad(loss)(p, a, b)
        m = jax.tree.map(lambda old, g: 0.9 * old + 0.1 * g, m, gradients)
        v = jax.tree.map(lambda old, g: 0.999 * old + 0.001 * g * g, v, gradients)
        rate = 0.001 * np_.sqrt(1 - 0.999 ** t) / (1 - 0.9 ** t)
        return jax.tree.map(lambda w, a, b: w - rate * a / (np_.sqrt(b) + 1e-7), p, m, v), m, v
    step = jax.jit(step, donate_argnums=(0, 1, 2))
    m, v, t = jax.tree.map(np_.zeros_like, params), jax.tree.map(np_.zeros_like, params), 0
    for _ in range(epochs):
        begin, order = time.perf_counter(), rng.permutation(len(x))
        for i in range(0, len(x), batch):
            t += 1
            params, m, v = step(params, m, v, float(t), x[order[i:i + batch]], y[order[i:i + batch]])
        jax.block_until_ready(params)
        seconds.append(time.perf_counter() - begin)


{"keras": keras, "torch": torch, "jax": jax}[who]()
print(f"{model} {who}: best epoch {min(seconds):.3f}s {[round(s, 3) for s in seconds]}")
