#!/usr/bin/env bash
# check_install.sh BUILD_DIR: installs that build into a folder of its own, builds a user's project outside of the tree against it with g++ and,
# where it is there, clang++, and runs its programs. With the folder ../shared also the user's programs that lie there: branches,
# functional and sequences, of which the lines that their comments promise are looked for, and with CORNU_LONG_CHECKS=1 all that train.
set -euo pipefail
source_dir=$(cd "$(dirname "$0")/.." && pwd); build_dir=$(cd "$1" && pwd)
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cmake --install "$build_dir" --prefix "$work/prefix" >/dev/null
"$work/prefix/bin/cornu" --version
mkdir "$work/project"; cp "$source_dir"/tests/consumer/* "$work/project/"
programs="$work/project/extensions.cpp"
shared=${CORNU_SHARED:-$source_dir/../shared}
user_programs=()
if [ -d "$shared/programs" ]; then
  user_programs=(introduction predict callbacks custom_model speed tensorboard branches functional convnet sequences pipeline files)
  for program in "${user_programs[@]}"; do programs="$programs;$shared/programs/$program.cpp"; done
else
  echo "skipped: the user's programs, there is no $shared/programs"
fi
for compiler in g++ clang++; do
  command -v $compiler >/dev/null || { echo "skipped: $compiler is not installed"; continue; }
  CXXFLAGS="${CORNU_CONSUMER_FLAGS:-}" cmake -S "$work/project" -B "$work/$compiler" -G Ninja -DCMAKE_CXX_COMPILER=$compiler -DCMAKE_PREFIX_PATH="$work/prefix" \
    -DCMAKE_BUILD_TYPE=Release "-DPROGRAMS=$programs" >/dev/null
  cmake --build "$work/$compiler"
  (cd "$work" && "$work/$compiler/extensions")
  echo "$compiler: the user's project builds without a warning and runs"
done
[ ${#user_programs[@]} -eq 0 ] && exit 0
cd "$work"
run=$work/g++
"$run/custom_model"
[ -f "$shared/data/mnist.npz" ] || { echo "skipped: the programs that train, there is no $shared/data/mnist.npz"; exit 0; }
prints() {  # prints PROGRAM LINE...: these lines are among those that it prints
  local program=$1; shift
  "$run/$program" "$shared/data/mnist.npz" | tee "$program.txt"
  for line in "$@"; do
    grep -qxE "$line" "$program.txt" || { echo "$program does not print: $line" >&2; exit 1; }
  done
}
prints branches '\(5, 10\) \(5, 1\)' '\(5, 64\)' 'weights to train: 6' 'encoder as before: true' 'same after loading: (1|true)'
prints functional 'digit_accuracy: .*, same_auc there: 1' '\(5, 10\) \(5, 1\)' 'weights to train: 6' 'same: true'
prints sequences 'same: true' 'reader accuracy: (1|0\.9[0-9]*)' 'attentive accuracy: (1|0\.[89][0-9]*)'
prints files 'all\.keras (1|true) 2' 'all\.h5 (1|true) 2' 'twin (1|true)' 'onnx (1|true)'
if [ -n "${CORNU_LONG_CHECKS:-}" ]; then
  prints convnet 'test_acc: 0\.9[89].*' 'features: \(4, 5, 5, 64\)' 'same: true'
  "$run/introduction" "$shared/data/mnist.npz"
  "$build_dir/examples/digits" --data "$shared/data/mnist.npz" --count 3 "$work/pic"
  "$run/predict" model_mnist.h5 "$work/pic"
  "$run/callbacks" "$shared/data/mnist.npz"
  "$run/speed" "$shared/data/mnist.npz" 256 1
  "$run/tensorboard" "$shared/data/mnist.npz"
fi
