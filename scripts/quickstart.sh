#!/usr/bin/env bash
# From a fresh Debian 12 or Ubuntu 24.04 machine to a trained network: installs what is missing (as root or with sudo), builds, trains
# on MNIST, evaluates, saves, loads and predicts. Without a network for MNIST it takes Fashion-MNIST from a Debian package, and says so.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh
cornu_install "${cornu_build_packages[@]}"
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1

cmake --preset release -DCORNU_BUILD_TESTS=OFF >/dev/null
cmake --build --preset release -j "$(nproc)" --target cornu mnist_mlp mnist_predict digits
work=build/quickstart; mkdir -p "$work"

# MNIST: a file of one's own, Keras' cache, or the download from Keras' address; else the clothes of Fashion-MNIST.
arguments=()
if [ -n "${CORNU_MNIST:-}" ]; then
  arguments=(--data "$CORNU_MNIST")
elif ! build/release/examples/mnist_mlp --only-load >"$work/download.log" 2>&1; then
  echo "MNIST could not be downloaded ($(tail -n 1 "$work/download.log"))."
  echo "Training on Fashion-MNIST instead, from Debian's package dataset-fashion-mnist: ten kinds of clothes, harder than digits."
  cornu_install dataset-fashion-mnist
  arguments=(--dataset fashion_mnist)
fi

build/release/examples/mnist_mlp "${arguments[@]}" --epochs 5 --batch-size 256 --save "$work/model_mnist.h5"
rm -rf "$work/pic"
build/release/examples/digits "${arguments[@]}" --count 3 "$work/pic"
build/release/examples/mnist_predict "$work/model_mnist.h5" "$work/pic"
echo "The model is in $work/model_mnist.h5, the pictures in $work/pic. Next: README.md"
