#!/usr/bin/env python3
"""Fills the tables of tests/ops/special_values with what real Keras computes at 0, infinities, NaN and denormal numbers:

    write_special_values.py tests/ops/special_values/*.txt         with Keras 3.15 on TensorFlow 2.21

A table says what is computed; the rows below are written by this script. To add a function, add a line `== name inputs: expression` and
run it again. An input is `x` (one number a row), `x[3]` (three numbers), or either with its rows: `label=0,2`, `t[2]=1,0;0.5,0.5`. The
expression is Keras on a batch of rows, arrays of shape (rows, numbers), and gives (rows,) or (rows, numbers). A row holds

    inputs | outputs | gradients by the inputs for the first dy | for the second dy | ...

where the sum of dy * outputs is differentiated; there are no gradients of what is not floating. Numbers that TensorFlow computes
differently for a single row and for many (it has other code for whole vectors) are written as `one/other`. It takes denormal numbers for
0, in most places: where one is among the inputs, what Keras computes in double precision is written as well.
"""
import itertools, os, pathlib, re, sys
os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="", TF_ENABLE_ONEDNN_OPTS="0", KERAS_BACKEND="tensorflow")
import numpy as np
import tensorflow as tf
import keras
from keras import activations, losses, ops

inf, nan, tiny = float("inf"), float("nan"), 2.0**-133  # a denormal number also of bfloat16
ALONE = [-inf, -2, -1, -0.5, -tiny, -0.0, 0, tiny, 0.5, 1, 2, inf, nan]
SEVERAL = [-inf, -2, -0.0, 0, tiny, 0.5, 1, inf, nan]
ROWS = [[1, 2, 0.5], [0, 0, -0.0], [2, 2, 1], [tiny, 0, 0], [inf, 1, 2], [-inf, 1, 2], [inf, inf, 1], [inf, -inf, 0], [-inf, -inf, -inf],
        [nan, 1, 2], [1, nan, inf]]


def text(v):
    return f"{float(v):.7g}"


def compute(expression, names, rows, dy, dtype):
    """Outputs, and gradients side by side, of one batch of rows."""
    x = [tf.constant(np.array([row[i] for row in rows], dtype)) for i in range(len(names))]
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = eval(expression, globals(), dict(zip(names, x)))
    y2 = tf.reshape(y, (len(rows), -1))
    if not y.dtype.is_floating: return y2.numpy().astype("float64"), None
    d = np.resize(np.array(dy, dtype), (y2.shape[1],))
    grads = tape.gradient(y, x, output_gradients=tf.reshape(tf.constant(np.tile(d, (len(rows), 1))), y.shape))
    grads = [np.zeros(i.shape) if g is None else tf.convert_to_tensor(g).numpy() for g, i in zip(grads, x)]
    return y2.numpy(), np.concatenate(grads, axis=1)


def alternatives(many, one, wide):
    with np.errstate(over="ignore", under="ignore"): cells = [text(v) for v in (many, one, wide) if v is not None]
    kept = cells[:1]
    for c in cells[1:]:
        if not any(a == c or np.isclose(float(a), float(c), rtol=3e-6, atol=0) for a in kept): kept.append(c)
    return "/".join(kept)


def table(inputs, expression):
    names, columns = [], []
    for name, length, given in inputs:
        names.append(name)
        if given: columns.append([[float(v) for v in row.split(",")] for row in (given.split(";") if length else given.replace(",", ";").split(";"))])
        elif length: columns.append([(row * length)[:length] if length > 3 else row[:length] for row in ROWS])
        else: columns.append([[v] for v in (ALONE if len(inputs) == 1 else SEVERAL)])
    rows = list(itertools.product(*columns))
    many = compute(expression, names, [r for r in rows for _ in range(16)], [1], "float32")[0]
    single = many.shape[1] == 1
    dys = [[0], [-0.0], [1], [-3]] if single else [[0], [1, -3, 0], [0, 1, 2]]
    length = many.shape[1]
    lines = ["# dy " + " | ".join(" ".join(text(v) for v in np.resize(d, (length,))) for d in dys)]
    computed = [compute(expression, names, [r for r in rows for _ in range(16)], d, "float32") for d in dys]
    for i, row in enumerate(rows):
        flat = [v for part in row for v in part]
        denormal = any(abs(v) == tiny for v in flat)
        cells = [" ".join(text(v) for v in flat)]
        for k, dy in enumerate(dys):
            one = compute(expression, names, [row], dy, "float32")
            wide = compute(expression, names, [row], dy, "float64") if denormal else (None, None)
            for part in (0, 1) if k == 0 else (1,):
                if computed[k][part] is None: continue
                m, o, w = computed[k][part][16 * i], one[part][0], wide[part]
                with np.errstate(over="ignore", under="ignore"):
                    w = [None] * len(m) if w is None else w[0].astype("float32")
                cells.append(" ".join(alternatives(*v) for v in zip(m, o, w)))
        lines.append(" | ".join(cells))
    return lines


for path in map(pathlib.Path, sys.argv[1:]):
    kept = []
    for line in path.read_text().splitlines():
        if line.startswith("== "):
            head, expression = line[3:].split(": ", 1)
            inputs = [re.fullmatch(r"(\w+?)(?:\[(\d+)\])?(?:=(.+))?", part).groups() for part in head.split()[1:]]
            try:
                kept += ["", line] + table([(n, int(k) if k else 0, given) for n, k, given in inputs], expression)
            except Exception as e:
                sys.exit(f"{path}: {line}: {e}")
        elif line.startswith("//"):
            kept.append(line)
    path.write_text("\n".join(kept) + "\n")
