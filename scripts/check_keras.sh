#!/usr/bin/env bash
# Checks Cornu's model files in real Keras 2.15 and 3.15:  scripts/check_keras.sh BUILD_DIR SHARED
#   1. a saved model for every name of a loss, metric and optimizer and for the arguments that files carry: predictions, and in Keras 2 the
#      step count, the slots and three further training steps
#   2. graphs of layers: several inputs and outputs, shared and nested parts, operations; predictions and further training, and Keras 3's JSON
#   3. each layer by itself, of the examples in its own tests: the same
#   4. models that real Keras writes, of those layers as well, loaded, trained on and saved again here
#   5. pictures of every kind, read by load_img; data sets, folders and a table that NumPy and pickle wrote
#   6. the models that the examples save
#   7. the MNIST network of the examples, trained for one epoch
# SHARED holds checks/ (peers.sh, keras_check.py) and, for the last part, data/mnist.npz.
set -euo pipefail
build=$(realpath "$1") shared=$(realpath "$2")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
export TF_CPP_MIN_LOG_LEVEL=3 TF_ENABLE_ONEDNN_OPTS=0 CUDA_VISIBLE_DEVICES=
{ read -r keras2 && read -r keras3; } < <("$shared/checks/peers.sh" keras2 keras3) ||
  { echo "check_keras: real Keras could not be installed" >&2; exit 1; }
failed=0
quietly() { "$@" 2>"$work/stderr" || { tail -n 5 "$work/stderr" >&2; failed=1; }; }

"$build/tests/save_aliases" "$work/models"
"$build/tests/save_graphs" "$work/graphs"
CORNU_LAYER_FILES=$work/layers "$build/tests/keras_tests" --gtest_brief=1 --gtest_filter='LayerFiles.*'
for python in "$keras2" "$keras3"; do
  quietly "$python" "$here/check_keras.py" "$shared/checks/keras_check.py" "$work/models"
  quietly "$python" "$here/check_keras_graphs.py" "$work/graphs"
  quietly "$python" "$here/check_keras_graphs.py" "$work/layers"
  quietly "$python" "$here/write_keras_models.py" "$work/written" "$work/layers"
  "$build/tests/load_keras_models" "$work/written" || failed=1
  rm -rf "$work/written"
done

quietly "$keras3" "$here/check_images.py" "$build/tests/load_images"
quietly "$keras3" "$here/check_data.py" "$build/tests/load_data"

mkdir "$work/examples"
for source in $(grep -l '\.save("' "$here"/../examples/[0-9]*.cpp); do
  name=$(basename "$source" .cpp)
  arguments=()
  if grep -q mnist "$source"; then
    [ -f "$shared/data/mnist.npz" ] || continue
    arguments=(--data "$shared/data/mnist.npz" --samples 500 --epochs 1 --verbose 0)
  fi
  mkdir "$work/examples/$name"
  (cd "$work/examples/$name" && quietly "$build/examples/$name" "${arguments[@]}" >/dev/null)
done
for python in "$keras2" "$keras3"; do quietly "$python" "$here/check_keras_examples.py" "$build/cornu" "$work/examples"; done

if [ -f "$shared/data/mnist.npz" ]; then
  "$build/examples/mnist_mlp" --data "$shared/data/mnist.npz" --epochs 1 --batch-size 256 --verbose 2 --save "$work/m.h5"
  "$build/examples/digits" --data "$shared/data/mnist.npz" --count 20 "$work/png" >/dev/null
  "$build/examples/mnist_predict" "$work/m.h5" "$work/png" --data "$shared/data/mnist.npz" --dump-predictions "$work/dump" >/dev/null
  check=("$shared/checks/keras_check.py" "$work/m.h5" --input "$work/dump/x.npy" --expect "$work/dump/y.npy")
  quietly "$keras2" "${check[@]}" --iterations 235 --slots --resume "$work"/dump/{rx,ry,losses}.npy
  quietly "$keras3" "${check[@]}"
else
  echo "skipped: the MNIST network, there is no $shared/data/mnist.npz"
fi
if [ $failed = 0 ]; then echo "check_keras: all files hold, between Cornu, Keras 2 and Keras 3"; else echo "check_keras: FAILED"; fi
exit $failed
