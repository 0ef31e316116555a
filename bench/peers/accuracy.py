"""The network of bench_accuracy in Keras 3, from seeds 0, 1, …; prints the accuracies on the test images as one JSON line for each optimizer.

usage: accuracy.py mnist.npz epochs seeds optimizer…
"""
import json, os, sys
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np

path, epochs, seeds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
mnist = np.load(path)
x, x_test = (mnist[name].reshape(-1, 784).astype("float32") / 255 for name in ("x_train", "x_test"))
for optimizer in sys.argv[4:]:
    accuracies = []
    for seed in range(seeds):
        keras.utils.set_random_seed(seed)
        model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(128, activation="relu"), keras.layers.Dense(10, activation="softmax")])
        # Several steps a call: the same numbers in less time.
        model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"], steps_per_execution=50)
        model.fit(x, mnist["y_train"], batch_size=128, epochs=epochs, verbose=0)
        accuracies.append(float(model.evaluate(x_test, mnist["y_test"], batch_size=1000, verbose=0)[1]))
    print(json.dumps({"optimizer": optimizer, "accuracies": accuracies}), flush=True)
