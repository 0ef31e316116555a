#!/usr/bin/env python3
"""Loads every model that save_aliases wrote in real Keras, in one process.

    check_keras.py KERAS_CHECK.py FOLDER        with the python of peers.sh keras2 or keras3

For each folder in FOLDER (in Keras 3 those that mean the same there, and model.keras with its step count and the losses of further
steps) it does what `keras_check.py model.h5 --input x.npy --expect y.npy` does
and, in Keras 2, also --iterations, --slots (if check.json says so) and --resume. Prints a line for each file that does not
hold and a summary; exit status 0 when all hold.
"""
import contextlib, importlib.util, io, json, pathlib, sys, time, warnings


def goes_on(model, case, steps, trains):
    """Predicts the same, and trains on as the other side did."""
    import numpy as np
    x, y, ry, losses = (np.load(case / f"{name}.npy") for name in ("x", "y", "ry", "losses"))
    error = np.abs(model.predict(x, verbose=0) - y).max()
    assert error <= 1e-5, f".keras: prediction differs by {error}"
    if not trains: return
    assert int(model.optimizer.iterations) == steps, f".keras: {int(model.optimizer.iterations)} steps, {steps} expected"
    got = []
    for _ in losses:
        model.reset_metrics()
        figures = model.train_on_batch(x, ry)  # a metric may have a number for each class
        got.append(float(figures[0] if isinstance(figures, (list, tuple)) else figures))
    assert np.allclose(got, losses, rtol=1e-4, atol=1e-7), f".keras: losses of further steps {got}, expected {losses.tolist()}"


def main():
    check_path, folder = sys.argv[1:]
    spec = importlib.util.spec_from_file_location("keras_check", check_path)
    keras_check = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(keras_check)
    import tensorflow as tf
    warnings.filterwarnings("ignore")
    tf.get_logger().setLevel("ERROR")
    try: from absl import logging; logging.set_verbosity(logging.ERROR)
    except ImportError: pass
    version = tf.keras.__version__ if hasattr(tf.keras, "__version__") else __import__("keras").__version__
    keras2 = version.startswith("2.")
    cases = sorted(p.parent for p in pathlib.Path(folder).glob("*/check.json"))
    failed, archives, begin = 0, 0, time.time()
    for case in cases:
        what = json.loads((case / "check.json").read_text())
        arguments = ["keras_check.py", str(case / "model.h5"), "--input", str(case / "x.npy"), "--expect", str(case / "y.npy")]
        if keras2:
            arguments += ["--iterations", str(what["iterations"]), "--resume"] + [str(case / f) for f in ("x.npy", "ry.npy", "losses.npy")]
            if what["slots"]: arguments.append("--slots")
        sys.argv, said = arguments, io.StringIO()
        try:
            if what["keras3"] or keras2:
                with contextlib.redirect_stdout(said): keras_check.main()
            if (case / "model.keras").exists() and not keras2:
                goes_on(tf.keras.models.load_model(case / "model.keras"), case, what["iterations"], what["trains_in_keras3"])
                archives += 1
        except (Exception, SystemExit) as e:
            failed += 1
            print(f"FAILED  {case.name}: {type(e).__name__}: {' '.join(str(e).split())[:400]}", flush=True)
        tf.keras.backend.clear_session()
    print(f"Keras {version}: {len(cases) - failed} of {len(cases)} saved models hold, {archives} of them .keras as well ({time.time() - begin:.0f} s)")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
