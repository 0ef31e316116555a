"""What bench_image_folder does, in Keras 3 on TensorFlow with tf.data:  image_folder.py FOLDER [SIDE [EPOCHS [BATCH]]]

FOLDER is the one that bench_image_folder made. The augmentation is in the pipeline's map, in parallel, as Keras' guide advises for processors;
--in-model puts it into the model, as bench_image_folder has it, and --read-only leaves the model out. The first epoch is not counted.
"""
import json, os, resource, statistics, sys, time
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import tensorflow as tf
from keras import layers as L

flags = [a for a in sys.argv[1:] if a.startswith("--")]
given = [a for a in sys.argv[1:] if not a.startswith("--")]
folder, side, epochs, batch = given[0], *(int(v) for v in given[1:] + ["64", "4", "64"][len(given) - 1:])
keras.utils.set_random_seed(1)
images = keras.utils.image_dataset_from_directory(folder, batch_size=batch, image_size=(side, side), seed=1, verbose=False)
files = len(images.file_paths)
augment = keras.Sequential([L.RandomFlip("horizontal"), L.RandomTranslation(0.1, 0.1)])
in_model = [augment] if "--in-model" in flags else []
if not in_model: images = images.map(lambda x, y: (augment(x, training=True), y), num_parallel_calls=tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)
model = keras.Sequential([keras.Input((side, side, 3)), L.Rescaling(1 / 255), *in_model, L.Conv2D(16, 3, strides=2, activation="relu"),
                          L.MaxPooling2D(2), L.Conv2D(32, 3, activation="relu"), L.GlobalAveragePooling2D(), L.Dense(10, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy")


def used():
    u = resource.getrusage(resource.RUSAGE_SELF)
    return u.ru_utime + u.ru_stime


rates, shares = [], []
for epoch in range(epochs):
    start, before = time.perf_counter(), used()
    if "--read-only" in flags:
        for _ in images: pass
    else: model.fit(images, verbose=0)
    seconds = time.perf_counter() - start
    if epoch == 0: continue
    rates.append(files / seconds)
    shares.append((used() - before) / seconds / os.cpu_count())
print(json.dumps({"program": "keras", "files": files, "side": side, "threads": os.cpu_count(), "images_per_second": statistics.median(rates),
                  "utilisation": statistics.median(shares), "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
