#!/usr/bin/env python3
"""Loads every graph of layers that save_graphs, or keras_tests of each layer, wrote in real Keras:  check_keras_graphs.py FOLDER

With the python of peers.sh keras2 or keras3. In Keras 2: model.h5, its predictions, the optimizer's step count and the losses of three
further steps. In Keras 3: the same of model.keras, predictions with the weights of model.weights.h5; predictions of model.h5 (it cannot read one with operations, not even its own, nor Keras 2's of a graph in a
graph or of states that one layer gives another, not even real Keras 2's: they are skipped with a line), and of model.json, which is Keras 3's form, with the weights put in.
Layers that this Keras does not have, and those that cannot be saved in Keras 2's form, are skipped and named. Prints a line for each that
does not hold and a summary; exit status 0 when all hold.
"""
import json, os, pathlib, sys, time, warnings
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import keras

keras2 = keras.__version__.startswith("2.")


def arrays(folder, name):
    found = sorted(folder.glob(name + "[0-9]*.npy"), key=lambda p: int(p.stem[len(name):]))
    return [np.load(p) for p in found]


def inputs(folder, what):
    """The data: texts are bytes with zeros behind them in Cornu, strings here."""
    x = arrays(folder, "x")
    if not what.get("texts"): return x
    import tensorflow as tf
    return [tf.constant(np.ascontiguousarray(a).view(f"S{a.shape[-1]}")[..., 0]) for a in x]


def one(values):
    return values[0] if len(values) == 1 else values


def listed(values):
    return list(values) if isinstance(values, (list, tuple)) else [values]


def compare(what, got, want, atol=1e-5):
    got = listed(got)
    assert len(got) == len(want), f"{what}: {len(got)} arrays, Cornu has {len(want)}"
    for g, w in zip(got, want):
        assert g.shape == w.shape, f"{what}: shape {g.shape}, Cornu has {w.shape}"
        error = np.abs(g - w).max()
        assert error <= atol, f"{what} differs by {error}"


def predict(model, x):
    return model.predict(one(x), verbose=0)


def reads_its_own(folder, x, want):
    """Whether this Keras builds the same layer, reads a .h5 that it wrote itself of it, and computes what it did before."""
    import tempfile
    try:
        if keras2:
            config = json.loads((folder / "layer_keras2.json").read_text())["config"]
            symbolic = [keras.Input(a.shape[1:], dtype=getattr(a.dtype, "name", str(a.dtype))) for a in x]
            layer = getattr(keras.layers, folder.name).from_config(config)
            model = keras.Model(symbolic, layer(symbolic if len(x) > 1 else symbolic[0]))
            want = predict(model, x)
        else:
            model = keras.models.model_from_json((folder / "model.json").read_text())
            model.set_weights(arrays(folder, "weight"))
        with tempfile.TemporaryDirectory() as place:
            model.save(place + "/own.h5")
            compare("prediction", predict(keras.models.load_model(place + "/own.h5"), x), want)
    except Exception: return False
    return True


# What real Keras does not take of a file of Keras 2's form, whoever wrote it.
REFUSED = {"must be fully-defined (no `None` dimensions)": "a length that this Keras does not work out"}


def check(folder, what):
    name = what.get("class_name", "")
    form = "model.h5" if keras2 else "model.keras"
    if name and (not hasattr(keras.layers, name) or not (folder / form).exists()): return "layer " + name
    if name == "Lambda": return "a function of C++"
    try: return check_files(folder, what)
    except Exception as e:
        for text, reason in REFUSED.items():
            if not keras2 and text in str(e): return reason
        if name and not reads_its_own(folder, inputs(folder, what), arrays(folder, "prediction")):
            return f"{name} of these arguments, not even one of its own"
        raise


# What Keras 3 does not read of Keras 2's form, not even of real Keras 2.
NOT_EVEN_KERAS2 = {"nested": "a graph in a graph", "named": "a state of one layer given to another"}


def check_archive(folder, what, want):
    """model.keras and model.weights.h5, which are Keras 3's own forms: nothing is skipped."""
    x, y = inputs(folder, what), arrays(folder, "y")
    model = keras.models.load_model(folder / "model.keras")
    compare("prediction of .keras", predict(model, x), want)
    other = keras.models.model_from_json((folder / "model.json").read_text())
    other.load_weights(folder / "model.weights.h5")
    compare("prediction of .weights.h5", predict(other, x), want)
    further_steps(".keras: ", model, folder, what, x, y)


def further_steps(form, model, folder, what, x, y):
    steps = int(model.optimizer.iterations)
    assert steps == what["iterations"], f"{form}{steps} steps, Cornu has made {what['iterations']}"
    losses = []
    for _ in np.load(folder / "losses.npy"):  # none where random numbers are drawn
        model.reset_metrics()
        losses.append(float(np.ravel(listed(model.train_on_batch(one(x), one(y)))[0])[0]))
    assert np.allclose(losses, np.load(folder / "losses.npy"), rtol=1e-4, atol=1e-7), \
        f"{form}losses of further steps {losses}, Cornu has {np.load(folder / 'losses.npy').tolist()}"


def check_files(folder, what):
    x, y = inputs(folder, what), arrays(folder, "y")
    want = arrays(folder, "prediction")
    if not keras2:
        model = keras.models.model_from_json((folder / "model.json").read_text())
        model.set_weights(arrays(folder, "weight"))
        compare("prediction of model.json", predict(model, x), want)
        if (folder / "model.keras").exists(): check_archive(folder, what, want)
        if what["operations"]: return "operations"
        for kind, reason in NOT_EVEN_KERAS2.items():
            if what.get(kind):
                try: predict(keras.models.load_model(folder / "model.h5"), x)
                except Exception: return reason
    if not (folder / "model.h5").exists(): return None
    model = keras.models.load_model(folder / "model.h5")
    compare("prediction", predict(model, x), want)
    if not keras2: return None
    further_steps("", model, folder, what, x, y)
    return None


def own_operations_cannot_be_read():
    """Whether Keras 3 still refuses a .h5 of its own that holds an operation."""
    import tempfile
    x = keras.Input((2,))
    model = keras.Model(x, keras.layers.Dense(1)(x) * 0.5)
    with tempfile.TemporaryDirectory() as folder:
        model.save(folder + "/m.h5")
        try: keras.models.load_model(folder + "/m.h5")
        except Exception: return True
    return False


def main():
    warnings.filterwarnings("ignore")
    try: from absl import logging; logging.set_verbosity(logging.ERROR)
    except ImportError: pass
    cases = sorted(p.parent for p in pathlib.Path(sys.argv[1]).glob("*/check.json"))
    failed, skipped, begin = 0, [], time.time()
    for case in cases:
        try:
            reason = check(case, json.loads((case / "check.json").read_text()))
            if reason: skipped.append(reason)
        except Exception as e:
            failed += 1
            print(f"FAILED  {case.name}: {type(e).__name__}: {' '.join(str(e).split())[:400]}", flush=True)
        keras.backend.clear_session()
    names = [reason.removeprefix("layer ") for reason in skipped if reason.startswith("layer ")]
    if names: print(f"skipped: {len(names)} layers that Keras {keras.__version__} or Keras 2's form does not have: {', '.join(names)}")
    for reason in sorted(set(skipped) - {"layer " + name for name in names}):
        print(f"skipped: {skipped.count(reason)} .h5 with {reason}, which Keras {keras.__version__} cannot read")
    if "operations" in skipped:
        if not own_operations_cannot_be_read():
            failed += 1
            print("FAILED  this Keras reads its own .h5 with operations: nothing is to be skipped")
    print(f"Keras {keras.__version__}: {len(cases) - failed} of {len(cases)} graphs hold ({time.time() - begin:.0f} s)")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
