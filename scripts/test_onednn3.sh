#!/usr/bin/env bash
# Builds and runs the ops tests against oneDNN 3.2 from PyPI's packages onednn-devel-cpu-gomp and onednn-cpu-gomp.
set -euo pipefail
cd "$(dirname "$0")/.."
place=$PWD/build/onednn3
if [ ! -f "$place/ready" ]; then
  rm -rf "$place"; python3 -m venv "$place"
  "$place/bin/pip" -q install onednn-devel-cpu-gomp==2023.2.0 onednn-cpu-gomp==2023.2.0
  touch "$place/ready"
fi
cmake -S . -B build/onednn3-tests -G Ninja -DCMAKE_BUILD_TYPE=Release -Ddnnl_DIR="$place/lib/cmake/dnnl" >/dev/null
cmake --build build/onednn3-tests --target ops_tests -j "$(nproc)"
LD_LIBRARY_PATH=$place/lib build/onednn3-tests/tests/ops_tests --gtest_brief=1
