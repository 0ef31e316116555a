#!/usr/bin/env python3
"""Loads every model that the examples saved in real Keras:  check_keras_examples.py CORNU FOLDER

With the python of peers.sh keras2 or keras3. For each .h5 in FOLDER, and in Keras 3 also what `cornu convert` makes of it as .keras: real Keras
loads it and predicts what `cornu predict` prints for the same made-up input. Models of classes that only the example has, and those that read texts
or that Keras 2's form cannot hold, are named. Prints a line for each that does not hold and a summary; exit status 0 when all hold.
"""
import os, pathlib, subprocess, sys, tempfile
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import keras

cornu, folder = sys.argv[1:]
keras2 = keras.__version__.startswith("2.")
rng = np.random.default_rng(1)
work = pathlib.Path(tempfile.mkdtemp())


def run(*arguments):
    done = subprocess.run([cornu, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr.strip()


def made_up(tensor, model):
    """Whole numbers where an Embedding reads the input, else numbers between 0 and 1."""
    shape = [d or n for d, n in zip(tensor.shape, [5, 12, 12, 3, 3])]
    sizes = [l.input_dim for l in model.layers if type(l).__name__ == "Embedding"]
    whole = sizes or "int" in str(getattr(tensor.dtype, "name", tensor.dtype))
    return rng.integers(0, min(sizes or [2]), shape).astype("float32") if whole else rng.uniform(0, 1, shape).astype("float32")


def is_text(tensor): return "string" in str(getattr(tensor.dtype, "name", tensor.dtype))


held, failed = [], 0
for path in sorted(pathlib.Path(folder).rglob("*.h5")):
    if path.name.startswith("checkpoint"): continue  # of BackupAndRestore, for Cornu alone
    name = str(path.relative_to(folder))
    files = [path]
    try:
        if not keras2:
            files.append(work / "converted.keras")
            run("convert", path, files[1], "--without-optimizer")
        for file in files:
            try: model = keras.models.load_model(file, compile=False)
            except Exception as e:
                text = str(e)
                if any(w in text for w in ("Unknown layer", "Could not locate class", "Unknown activation")):
                    print(f"{name}: has a class of the example's own, which Keras names: {text.splitlines()[0][:90]}")
                    break
                raise
            if any(is_text(t) for t in model.inputs):
                print(f"{name}: loaded; it reads texts")
                continue
            x = [made_up(t, model) for t in model.inputs]
            arguments = ["predict", file]
            for i, a in enumerate(x):
                np.save(work / f"x{i}.npy", a)
                arguments.append(work / f"x{i}.npy")
            run(*arguments, "-o", work / "y.npz")
            got = list(np.load(work / "y.npz").values())
            want = model.predict(x if len(x) > 1 else x[0], verbose=0)
            want = list(want) if isinstance(want, (list, tuple)) else list(want.values()) if isinstance(want, dict) else [want]
            error = max(np.abs(g - w).max() for g, w in zip(got, want))
            assert len(got) == len(want) and error <= 1e-4 * max(1, max(np.abs(w).max() for w in want)), f"{file.suffix}: differs by {error}"
        else:
            held.append(name)
    except Exception as e:
        failed += 1
        print(f"FAILED  {name}: {type(e).__name__}: {' '.join(str(e).split())[:300]}")
print(f"Keras {keras.__version__}: models of the examples that hold: {', '.join(held)}")
sys.exit(1 if failed or not held else 0)
