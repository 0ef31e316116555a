#!/usr/bin/env python3
"""Compares data sets, folders and tables with real Keras and tf.data, of files that real NumPy and pickle write:  check_data.py LOAD_DATA

With the python of peers.sh keras3; LOAD_DATA is the program of tests/golden/load_data.cpp.
"""
import csv, io, os, pathlib, pickle, subprocess, sys, tarfile, tempfile, wave
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
from PIL import Image
import keras, tensorflow as tf
from keras.src.datasets import cifar, cifar10, cifar100, imdb, reuters, california_housing

rng = np.random.default_rng(3)
folder = pathlib.Path(tempfile.mkdtemp())
wrong = cases = 0


def compare(name, expected, bound=0.0):
    global wrong, cases
    cases += 1
    got, expected = np.load(folder / "out" / f"{name}.npy"), np.asarray(expected)
    if got.shape != expected.shape or np.abs(got.astype("f8") - expected.astype("f8")).max(initial=0) > bound:
        wrong += 1
        print(f"{name}: {got.dtype}{got.shape} instead of {expected.dtype}{expected.shape}",
              np.abs(got.astype("f8") - expected.astype("f8")).max() if got.shape == expected.shape else "")


def compare_splits(name, splits):
    for part, (x, y) in zip(("train", "test"), splits):
        if x.dtype == object: x = keras.utils.pad_sequences(list(x), padding="post")
        compare(f"{name}_x_{part}", x)
        compare(f"{name}_y_{part}", y)


def compare_folder(name, dataset, root, bound):
    global wrong, cases
    cases += 1
    names = (folder / "out" / f"{name}.txt").read_text().split("\n")[:-1]
    if names != [*map(str, getattr(dataset, "file_paths", names[:len(names) - len(dataset.class_names)])), *dataset.class_names]:
        wrong += 1
        print(f"{name}: other files or classes")
    return dataset


def ragged(n):
    lists = np.empty(n, dtype=object)
    for i in range(n): lists[i] = [int(w) for w in rng.integers(1, 900, rng.integers(1, 20))]
    return lists


# --- what is read
def write_cifar(path, names, keys, protocol):
    path.mkdir(parents=True)
    for name, n in names.items():
        batch = {b"data": rng.integers(0, 256, (n, 3072), dtype=np.uint8), b"filenames": [b"a.png"] * n}
        for key, classes in keys.items(): batch[key.encode()] = [int(v) for v in rng.integers(0, classes, n)]
        (path / name).write_bytes(pickle.dumps(batch, protocol=protocol))


write_cifar(folder / "cifar10", {**{f"data_batch_{i}": 4 for i in range(1, 6)}, "test_batch": 3}, {"labels": 10}, 4)
write_cifar(folder / "cifar100", {"train": 6, "test": 2}, {"fine_labels": 100, "coarse_labels": 20}, 3)
with tarfile.open(folder / "cifar-10-python.tar.gz", "w:gz") as archive: archive.add(folder / "cifar10", "cifar-10-batches-py")
np.savez(folder / "imdb.npz", x_train=ragged(40), y_train=rng.integers(0, 2, 40), x_test=ragged(30), y_test=rng.integers(0, 2, 30))
np.savez_compressed(folder / "reuters.npz", x=ragged(50), y=rng.integers(0, 46, 50))
np.savez(folder / "housing.npz", x=rng.random((60, 8)), y=rng.random(60))
for kind in ("rose", "daisy", "lily"):
    for i in range(5):
        path = folder / "images" / kind / ("deep" if i == 4 else "") / f"{i}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        size = (int(rng.integers(5, 20)), int(rng.integers(5, 20)))
        Image.fromarray(rng.integers(0, 256, (*size, 3), dtype=np.uint8)).save(path)
for kind in ("no", "yes"):
    (folder / "audio" / kind).mkdir(parents=True)
    for i in range(2):
        with wave.open(str(folder / "audio" / kind / f"{i}.wav"), "wb") as w:
            w.setnchannels(2), w.setsampwidth(2), w.setframerate(8000)
            w.writeframes(rng.integers(-32768, 32767, 2 * int(rng.integers(10, 30)), dtype=np.int16).tobytes())
with open(folder / "table.csv", "w", newline="") as f:
    out = csv.writer(f)
    out.writerow(["km", "day", "big", "word", "late"])
    for i in range(20): out.writerow([f"{rng.random() * 20:.3f}" if i % 5 else "", int(rng.integers(7)), 10 ** 12 + i, 'a "word", quoted' if i % 3 else "b", i % 2])

subprocess.run([sys.argv[1], folder], check=True)


# --- what Keras makes of it
def batches(path, names, key):
    parts = [cifar.load_batch(path / n, key) for n in names]
    return np.concatenate([p[0] for p in parts]).transpose(0, 2, 3, 1), np.concatenate([p[1] for p in parts]).reshape(-1, 1)


ten = [batches(folder / "cifar10", n, "labels") for n in ([f"data_batch_{i}" for i in range(1, 6)], ["test_batch"])]
compare_splits("cifar10", ten)
compare_splits("cifar10_archive", ten)
compare_splits("cifar100", [batches(folder / "cifar100", [n], "coarse_labels") for n in ("train", "test")])
for module, name in ((imdb, "imdb.npz"), (reuters, "reuters.npz"), (california_housing, "housing.npz")):
    module.get_file = lambda *a, name=name, **k: str(folder / name)
compare_splits("imdb", imdb.load_data(num_words=500, skip_top=3))
compare_splits("reuters", reuters.load_data(maxlen=15, seed=9))
compare_splits("housing", california_housing.load_data(seed=4))
for method in ("bilinear", "nearest", "bicubic", "area", "lanczos3", "mitchellcubic"):
    images = keras.utils.image_dataset_from_directory(folder / "images", batch_size=4, image_size=(9, 7), shuffle=False, interpolation=method, verbose=False)
    compare_folder(f"images_{method}", images, folder / "images", 0)
    for i, (x, y) in enumerate(images):  # TensorFlow's bicubic takes weights from a table
        compare(f"images_{method}_x{i}", x, 0.5 if method == "bicubic" else 1e-2)
        compare(f"images_{method}_y{i}", y)
images = keras.utils.image_dataset_from_directory(folder / "images", label_mode="categorical", batch_size=64, image_size=(8, 8), seed=77,
                                                  validation_split=0.4, subset="validation", crop_to_aspect_ratio=True, verbose=False)
compare_folder("images_split", images, folder / "images", 0)
# The order of a pass is another: both are sorted.
(x, y), = list(images)
got_x, got_y = (np.load(folder / "out" / f"images_split_{n}0.npy") for n in "xy")
order, own = np.argsort(x.numpy().sum((1, 2, 3))), np.argsort(got_x.sum((1, 2, 3)))
np.save(folder / "out" / "sorted_x.npy", got_x[own]), np.save(folder / "out" / "sorted_y.npy", got_y[own])
compare("sorted_x", x.numpy()[order], 1e-2)
compare("sorted_y", y.numpy()[order])
audio = keras.utils.audio_dataset_from_directory(folder / "audio", shuffle=False, verbose=False)
compare_folder("audio", audio, folder / "audio", 0)
for i, (x, y) in enumerate(audio): compare(f"audio_x{i}", x, 1e-6), compare(f"audio_y{i}", y)
table = tf.data.experimental.make_csv_dataset(str(folder / "table.csv"), 20, label_name="late", num_epochs=1, shuffle=False)
columns, late = next(iter(table))
compare("table_late", late)
for name in ("km", "day", "big"): compare(f"table_{name}", columns[name], 1e-6)
words = np.load(folder / "out" / "table_word.npy")
cases += 1
if [bytes(w).rstrip(b"\0") for w in words] != list(columns["word"].numpy()): wrong += 1; print("table_word: other texts")
print(f"check_data: {cases} cases, {wrong} wrong")
sys.exit(wrong != 0)
