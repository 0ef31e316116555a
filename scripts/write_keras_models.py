#!/usr/bin/env python3
"""Writes small trained models with real Keras for load_keras_models, which loads them in Cornu:  write_keras_models.py FOLDER [LAYERS]

LAYERS is what keras_tests wrote of each layer, of which a model is made, too. With the python of peers.sh keras2 or keras3. Each model has a folder: model.h5, model.keras and model.weights.h5, x.npy, y.npy (what it predicts), ry.npy and losses.npy
(targets, and the losses of three further training steps); of several inputs or outputs x0.npy, x1.npy and so on.
"""
import inspect, json, os, pathlib, shutil, sys
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import keras

keras2 = keras.__version__.startswith("2.")
folder = pathlib.Path(sys.argv[1])
rng = np.random.default_rng(3)
x = rng.uniform(-1, 1, (24, 5)).astype("float32")
labels = rng.integers(0, 3, 24).astype("int32")
classes = np.eye(3, dtype="float32")[labels]
layers, optimizers, losses, metrics, regularizers = keras.layers, keras.optimizers, keras.losses, keras.metrics, keras.regularizers
schedules = optimizers.schedules
count = 0


def save(name, model, y=classes, steps=2, x=x, resumed=3):
    global count
    place = folder / name
    place.mkdir(parents=True, exist_ok=True)
    for _ in range(steps): model.train_on_batch(x, y)
    try:  # Keras 2 keeps no state of its older optimizers there
        if not name.startswith("legacy_"): model.save(place / "model.keras")  # before .h5, behind which Keras 3 has forgotten the optimizer
    except Exception: (place / "model.keras").unlink(missing_ok=True)
    else:
        if (place / "model.keras").exists(): model.save_weights(place / "model.weights.h5")
    model.save(place / "model.h5")
    for file, data in [("x", x), ("y", model.predict(x, verbose=0)), ("ry", y)]:
        if isinstance(data, (list, tuple)):
            for i, part in enumerate(data): np.save(place / f"{file}{i}.npy", part)
        else: np.save(place / f"{file}.npy", data)
    got = []
    for _ in range(resumed):
        model.reset_metrics()
        loss = model.train_on_batch(x, y)
        got.append(float(loss[0] if isinstance(loss, (list, tuple)) else loss))
    np.save(place / "losses.npy", np.array(got, "float32"))
    count += 1


def small(output="softmax", units=3, **dense):
    return keras.Sequential([keras.Input((5,)), layers.Dense(6, activation="tanh", **dense), layers.Dense(units, activation=output)])


def compiled(model=None, **arguments):
    model = model or small()
    model.compile(**{"optimizer": "sgd", "loss": "categorical_crossentropy", "metrics": ["accuracy"], **arguments})
    return model


by = {
    "rmsprop": lambda m: m.RMSprop(0.01), "rmsprop_all": lambda m: m.RMSprop(0.01, rho=0.8, momentum=0.5, epsilon=1e-4, centered=True),
    "sgd": lambda m: m.SGD(0.1), "sgd_nesterov": lambda m: m.SGD(0.1, momentum=0.9, nesterov=True),
    "adam": lambda m: m.Adam(0.02), "adam_amsgrad": lambda m: m.Adam(0.02, amsgrad=True, clipnorm=0.1),
    "adagrad": lambda m: m.Adagrad(0.1), "adadelta": lambda m: m.Adadelta(1.0), "adamax": lambda m: m.Adamax(0.02),
    "ftrl": lambda m: m.Ftrl(0.1, l1_regularization_strength=0.01, beta=0.1),
}
for name, make in by.items(): save("optimizer_" + name, compiled(optimizer=make(optimizers)))
rates = {
    "exponential": schedules.ExponentialDecay(0.1, 2, 0.5), "inverse": schedules.InverseTimeDecay(0.1, 2, 0.5, staircase=True),
    "polynomial": schedules.PolynomialDecay(0.1, 6, power=2.0), "piecewise": schedules.PiecewiseConstantDecay([1, 3], [0.1, 0.05, 0.01]),
    "cosine": schedules.CosineDecay(0.01, 5, warmup_target=0.1, warmup_steps=2), "restarts": schedules.CosineDecayRestarts(0.1, 3),
}
for name, rate in rates.items():
    save("schedule_" + name, compiled(optimizer=optimizers.Adam(rate)))
save("optimizer_adamw", compiled(optimizer=optimizers.AdamW(0.02, weight_decay=0.1)))
save("optimizer_lion", compiled(optimizer=optimizers.Lion(0.01)))
save("optimizer_weight_decay", compiled(optimizer=optimizers.SGD(0.1, momentum=0.9, weight_decay=0.05, global_clipnorm=0.3)))
save("optimizer_averages", compiled(optimizer=optimizers.Adam(0.05, use_ema=True, ema_momentum=0.6, ema_overwrite_frequency=4)))
if keras2:
    for name, make in by.items(): save("legacy_" + name, compiled(optimizer=make(optimizers.legacy)))
    # Not Nadam: with several variables Keras 2 multiplies its product several times a step, and no file holds it.
    save("legacy_nadam", compiled(optimizer=optimizers.legacy.Nadam(0.02)))
    save("optimizer_adafactor", compiled(optimizer=optimizers.Adafactor(0.1)))
    save("optimizer_dynamic_scale", compiled(optimizer=keras.mixed_precision.LossScaleOptimizer(optimizers.Adam(0.02))))
    save("legacy_decay", compiled(optimizer=optimizers.legacy.Adam(0.05, decay=0.3, clipvalue=0.05)))
else:
    save("optimizer_accumulation", compiled(optimizer=optimizers.Adam(0.02, gradient_accumulation_steps=2)), steps=3)
    # Not Adafactor: Keras 3 gives two of its variables one name, and cannot write them. Not ScheduleFreeAdamW: on TensorFlow its old momentum is
    # the variable itself, read after its change.
    for name, optimizer in {"nadam": optimizers.Nadam(0.02), "lamb": optimizers.Lamb(0.02, weight_decay=0.01), "muon": optimizers.Muon(0.02, exclude_layers=["dense_1"]),
                            "dynamic_scale": optimizers.LossScaleOptimizer(optimizers.Adam(0.02), dynamic_growth_steps=3)}.items():
        save("optimizer_" + name, compiled(optimizer=optimizer))
    save("optimizer_loss_scale", compiled(optimizer=optimizers.Adam(0.02, loss_scale_factor=8.0)))
    for name in ("crossentropy", "mse", "mae"): save("loss_" + name, compiled(loss=name, metrics=["mse", "mae", "acc"]))

save("loss_labels", compiled(loss="sparse_categorical_crossentropy", metrics=["acc"]), labels)
save("loss_binary", compiled(small("sigmoid", 1), loss="binary_crossentropy", metrics=["accuracy"], weighted_metrics=["acc"]), classes[:, :1])
save("loss_smooth", compiled(loss=losses.CategoricalCrossentropy(label_smoothing=0.2), metrics=[metrics.CategoricalAccuracy(name="hits"), "mse"]))
save("loss_logits", compiled(small(None), loss=losses.SparseCategoricalCrossentropy(from_logits=True),
                             metrics=[metrics.SparseCategoricalAccuracy()]), labels)
save("loss_long", compiled(loss="mean_squared_error", metrics=["mean_absolute_error", metrics.RootMeanSquaredError()], loss_weights=[0.5]))
save("loss_sum", compiled(loss=losses.MeanSquaredError(reduction="sum"), optimizer=optimizers.SGD(0.01)))
if keras2: save("loss_list", compiled(loss=["mse"], metrics=[["mae"]]))
save("not_trained", compiled(optimizer="adam"), steps=0)

for name in ["relu", "sigmoid", "tanh", "elu", "selu", "softplus", "softsign", "swish", "gelu", "exponential", "hard_sigmoid", "linear", "mish",
             "leaky_relu", "relu6", "log_softmax"]:
    try: model = keras.Sequential([keras.Input((5,)), layers.Dense(6), layers.Activation(name), layers.Dense(3)])
    except ValueError: continue  # not in this Keras
    save("activation_" + name, compiled(model, loss="mse"))
save("regularized", compiled(small(kernel_regularizer=regularizers.L1L2(0.01, 0.02), bias_regularizer="l2",
                                   activity_regularizer=regularizers.l1(0.01), kernel_constraint="max_norm")))
several = [keras.Input((5,)), layers.Dense(8), layers.Reshape((2, 4)), layers.Dense(4, use_bias=False), layers.Flatten(), layers.Dropout(0.0),
           layers.Dense(4, trainable=False), layers.Dense(3, activation="softmax")]
save("layers", compiled(keras.Sequential(several, name="several")))
inner = keras.Sequential([keras.Input((6,)), layers.Dense(4, activation="tanh"), layers.Dense(4, trainable=False), layers.Dense(4)], name="inner")
save("nested", compiled(keras.Sequential([keras.Input((5,)), layers.Dense(6), inner, layers.Dense(3, activation="softmax")]), optimizer="adam"))
deferred = compiled(keras.Sequential([layers.Dense(4, activation="relu"), layers.Dense(3, activation="softmax")]))
save("built_on_first_use", deferred)
words = rng.integers(0, 11, (24, 5))


def embedding(first, **arguments):
    if keras2: arguments["input_length"] = 5  # else any length, which Dense behind Flatten does not take
    return keras.Sequential(first + [layers.Embedding(11, 4, **arguments), layers.Dense(3, activation="tanh"), layers.Flatten(),
                                     layers.Dense(3, activation="softmax")])


inputs = {"int32": [keras.Input((5,), dtype="int32")], "float32": [keras.Input((5,))], "none": []}
for name, first in inputs.items(): save("embedding_input_" + name, compiled(embedding(first)), x=words.astype("int32"))
save("embedding_int64", compiled(embedding([], embeddings_regularizer="l2", embeddings_constraint="unit_norm", embeddings_initializer="normal")), x=words)
save("embedding_rows", compiled(keras.Sequential([keras.Input(()), layers.Embedding(11, 3), layers.Activation("softmax")])), x=words[:, 0])
steps = rng.uniform(-1, 1, (24, 5, 2)).astype("float32")
masked = [layers.Embedding(11, 4, mask_zero=True), layers.Dense(3, activation="tanh"), layers.Dropout(0.0), layers.Dense(2)]
save("embedding_mask", compiled(keras.Sequential([keras.Input((5,))] + masked), loss="mse", metrics=["mae"]), y=steps, x=words)
if keras2:  # with repeated indices Keras 3 squares the gradients one by one
    save("embedding_adam", compiled(embedding([]), optimizer="adam"), x=words)
    save("embedding_rmsprop", compiled(embedding([]), optimizer=optimizers.RMSprop(0.01, momentum=0.5)), x=words)
else:
    save("embedding_negative", compiled(embedding([])), x=words - 11)
# Graphs of layers.
def data(*shape): return rng.uniform(-1, 1, shape).astype("float32")


def towers():
    left, right = keras.Input((5,), name="left"), keras.Input((5,), name="right")
    shared = layers.Dense(5, activation="tanh", name="shared")
    both = layers.Concatenate(name="join")([layers.Add(name="residual")([shared(left), left]), shared(right)])
    return keras.Model([left, right], [layers.Dense(3, activation="softmax", name="digit")(both),
                                       layers.Dense(1, activation="sigmoid", name="same")(both)], name="towers")


two, answers = [x, data(24, 5)], [labels, classes[:, :1]]
save("graph_by_name", compiled(towers(), optimizer=optimizers.Adam(0.02), loss={"digit": "sparse_categorical_crossentropy", "same": "binary_crossentropy"},
     loss_weights={"digit": 1.0, "same": 0.5}, metrics={"digit": ["accuracy"], "same": ["accuracy", "mae"]}), x=two, y=answers)
save("graph_in_order", compiled(towers(), optimizer=optimizers.SGD(0.05, momentum=0.9), loss=["sparse_categorical_crossentropy", losses.BinaryCrossentropy()],
     loss_weights=[0.3, 0.7], metrics=[["accuracy"], [metrics.MeanAbsoluteError(name="off")]]), x=two, y=answers)
save("graph_one_loss", compiled(towers(), loss="mse", metrics=None), x=two, y=[classes, classes[:, :1]])

a = keras.Input((5,), name="a")
innermost = keras.Model(a, layers.Dense(5, activation="tanh", name="deep")(a), name="innermost")
b = keras.Input((5,), name="b")
middle = keras.Model(b, layers.Add(name="skip")([innermost(b), b]), name="middle")
row = keras.Sequential([keras.Input((10,)), layers.Dense(4, activation="relu"), layers.Dense(3)], name="row")
c, d = keras.Input((5,), name="c"), keras.Input((5,), name="d")
outer = keras.Model([c, d], layers.Activation("softmax")(row(layers.Concatenate()([middle(c), middle(d)]))), name="outer")
save("graph_nested", compiled(outer, optimizer=optimizers.Adam(0.02)), x=two)
innermost.trainable = False
save("graph_nested_frozen", compiled(outer, optimizer=optimizers.SGD(0.05, momentum=0.9)), x=two)
save("graph_in_row", compiled(keras.Sequential([keras.Input((5,)), layers.Dense(5), middle, layers.Dense(3, activation="softmax")])))

p, q = keras.Input((4,), name="p"), keras.Input((4,), name="q")
r, s = layers.Dense(4)(p), layers.Dense(4)(q)
merged = layers.Concatenate()([layers.Add()([r, s, p]), layers.Subtract()([r, s]), layers.Multiply()([r, s]), layers.Average()([r, q]),
                               layers.Maximum()([r, s]), layers.Minimum()([r, s]), layers.Dot(axes=1, normalize=True)([r, s])])
save("graph_merging", compiled(keras.Model([p, q], layers.Dense(3)(merged)), loss="mse", metrics=["mae"]), x=[data(24, 4), data(24, 4)])
t = keras.Input((6, 3))
stepwise = layers.TimeDistributed(layers.Dense(2))(layers.TimeDistributed(layers.Dense(4, activation="tanh"))(layers.Masking(0.0)(t)))
series = data(24, 6, 3)
for i in range(24): series[i, 1 + i % 5:] = 0
save("graph_masked", compiled(keras.Model(t, stepwise), optimizer=optimizers.Adam(0.02), loss="mse", metrics=None), x=series, y=data(24, 6, 2))
u = keras.Input((4,))
turned = layers.Flatten()(layers.Permute((2, 1))(layers.RepeatVector(3)(u)))
save("graph_reshaping", compiled(keras.Model(u, layers.Dense(3)(turned)), loss="mse", metrics=None), x=data(24, 4))
v = keras.Input((5,))
f, g = layers.Dense(5)(v), layers.Dense(5)(v)
relu = __import__("tensorflow").nn.relu if keras2 else keras.ops.relu
h = (f * 0.5 + relu(g) - 1.0) / 2.0 - 0.25 * (1.0 - g)
save("graph_operations", compiled(keras.Model(v, layers.Dense(3)(h * f)), loss="mse", metrics=None))

# Cells one above the other, and states of one layer with which another begins.
w = keras.Input((5, 3))
stacked = layers.RNN([layers.LSTMCell(3), layers.GRUCell(2), layers.LSTMCell(4)], return_sequences=True)(w)
save("rnn_stacked", compiled(keras.Model(w, layers.Dense(3)(layers.Bidirectional(layers.RNN(layers.SimpleRNNCell(2)))(stacked))), loss="mse",
                             metrics=None, optimizer=optimizers.Adam(0.02)), x=data(24, 5, 3))
source, target = keras.Input((5, 3)), keras.Input((4, 2))
encoded, state, carry = layers.LSTM(3, return_sequences=True, return_state=True)(source)
decoded = layers.add([layers.LSTM(3)(target, initial_state=[state, carry]), layers.GRU(3)(encoded, initial_state=state)])
save("rnn_initial_state", compiled(keras.Model([source, target], layers.Dense(3)(decoded)), loss="mse", metrics=None,
                                   optimizer=optimizers.Adam(0.02)), x=[data(24, 5, 3), data(24, 4, 2)])

# Each layer by itself, between inputs and a Dense layer.
def around(layer, x):
    inputs = [keras.Input(a.shape[1:], dtype=str(a.dtype)) for a in x]
    several = len(x) > 1 and list(inspect.signature(layer.call).parameters)[:2] == ["query", "value"]  # rather than a list
    y = layer(*inputs) if several else layer(inputs if len(x) > 1 else inputs[0])
    if isinstance(y, (list, tuple)): y = y[0]
    if len(y.shape) > 2: y = layers.Flatten()(y)
    if len(y.shape) == 2: y = layers.Dense(2, name="head")(y)
    return keras.Model(inputs, y)


unknown, failing = [], []
for place in sorted(p.parent for p in pathlib.Path(sys.argv[2]).glob("*/check.json")) if len(sys.argv) > 2 else []:
    described = place / ("layer_keras2.json" if keras2 else "layer_keras3.json")
    given = [np.load(p) for p in sorted(place.glob("x[0-9]*.npy"))]
    if not described.exists() or not hasattr(layers, place.name):
        unknown.append(place.name)
        continue
    description = json.loads(described.read_text())
    what = json.loads((place / "check.json").read_text())
    if what.get("texts"):
        unknown.append(place.name + " of texts")
        continue
    random = what["random"]
    try:
        layer = getattr(layers, place.name).from_config(description["config"]) if keras2 else layers.deserialize(description)
        model = compiled(around(layer, given), loss="mse", metrics=None, optimizer=optimizers.SGD(0.0005, momentum=0.9))
        y = rng.uniform(-1, 1, [len(given[0])] + list(model.output_shape[1:])).astype("float32")
        save("layer_" + place.name, model, x=given if len(given) > 1 else given[0], y=y, resumed=0 if random else 3)
    except Exception as e:
        shutil.rmtree(folder / ("layer_" + place.name), ignore_errors=True)
        failing.append(f"{place.name} ({type(e).__name__})")
if unknown: print(f"not in this Keras: {', '.join(unknown)}")
if failing: print(f"what this Keras does not compute itself: {', '.join(failing)}")
# Cells, which are no layers of a model; Lambda of C++; fractions for Keras 2's Hashing; of Keras 3 also layers of pictures that its .h5
# cannot hold ("cannot pickle 'module' object") or that it does not compute within a graph, a spectrogram likewise, and adaptive poolings
# that its TensorFlow cannot compute.
assert len(failing) <= (7 if keras2 else 26), failing
print(f"Keras {keras.__version__}: {count} models written")
