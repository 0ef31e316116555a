#!/usr/bin/env bash
# Installs what is missing, builds Cornu and runs all its tests. Root or sudo is needed only if something is missing.
#   ./scripts/test.sh            everything
#   CORNU_QUICK=1                without real Keras, TensorBoard and onnxruntime
#   CORNU_SCREENS=1              also takes pictures of TensorBoard's dashboards (needs chromium)
#   CORNU_SANITIZERS=1           also builds and runs the tests with the address and undefined behaviour sanitizers
#   CORNU_FUZZ=1                 also builds the fuzzers of the readers and runs each for a while
#   CORNU_ONEDNN3=1              also builds the ops tests against oneDNN 3.2 (from PyPI) and runs them
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh
cornu_install "${cornu_build_packages[@]}" "${cornu_test_packages[@]}"
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1 CTEST_OUTPUT_ON_FAILURE=1
shared=${CORNU_SHARED:-$PWD/../shared}
jobs=$(nproc)
# against_python WHAT FILE SCRIPT: runs scripts/SCRIPT, which needs a Python with venv and FILE of the folder with the checks.
against_python() {
  if [ -n "${CORNU_QUICK:-}" ]; then
    echo "skipped: $1, CORNU_QUICK is set"
  elif [ -f "$shared/checks/$2" ] && command -v python3 >/dev/null && python3 -c 'import venv, ensurepip' 2>/dev/null; then
    step "$1"
    "scripts/$3" build/release "$shared"
  else
    echo "skipped: $1, there is no $shared/checks or no Python with venv"
  fi
}
step() { printf '\n== %s (%ss)\n' "$*" "$SECONDS"; }

step "build"
cmake --preset release -DCORNU_BUILD_TESTS=ON -DCORNU_BUILD_EXAMPLES=ON -DCORNU_BUILD_BENCH=ON >/dev/null
cmake --build --preset release -j "$jobs"

step "tests"
ctest --preset release -j "$jobs" --no-tests=error

step "a run that is killed 20 times"
scripts/check_resume.sh build/release

# Every class that a case needs is there.
for cases in golden golden-keras-tests; do
  folder=$shared/$cases
  if [ -d "$folder" ]; then
    step "cases of real Keras: $cases"
    build/release/tests/golden_runner "$folder" --most-skipped 0
  else
    echo "skipped: cases of real Keras, there is no $folder"
  fi
done

if [ -d "$shared/golden/models" ]; then
  step "the command on models of real Keras"
  build/release/tests/command_models build/release/cornu "$shared/golden/models"
fi

against_python "logs in a real TensorBoard" tb_check.py check_tensorboard.sh
against_python "files against real Keras" keras_check.py check_keras.sh
against_python "ONNX in onnxruntime and PyTorch" peers.sh check_onnx.sh

if [ -n "${CORNU_FUZZ:-}" ]; then
  step "damaged files"
  scripts/fuzz.sh 20
else
  echo "skipped: fuzzing the readers of files, which compiles the library once more; CORNU_FUZZ=1 does it"
fi

if [ -n "${CORNU_SANITIZERS:-}" ]; then
  step "address and undefined behaviour sanitizers"
  cmake --preset asan -DCORNU_BUILD_EXAMPLES=OFF >/dev/null
  cmake --build --preset asan -j "$jobs"
  ctest --preset asan -j "$jobs" --no-tests=error -E '^(install|exports|include_rules)$'
fi

if [ -n "${CORNU_ONEDNN3:-}" ]; then
  step "ops against oneDNN 3"
  scripts/test_onednn3.sh
fi
step "all tests passed"
