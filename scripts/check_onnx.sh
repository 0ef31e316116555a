#!/usr/bin/env bash
# Checks ONNX both ways:  scripts/check_onnx.sh BUILD_DIR SHARED
#   1. each layer by itself, of the examples in its own tests, and models like those of the examples: by ONNX' own checker, in
#      onnxruntime, and loaded here again
#   2. models that PyTorch exports, by both of its exporters: an MLP, a block of a ResNet, recurrent layers, a transformer's encoder
#   3. ONNX' own tests of operators
# SHARED holds checks/peers.sh. CORNU_ONNX_NODES names a folder of such tests to take instead of those of the installed package.
set -euo pipefail
build=$(realpath "$1") shared=$(realpath "$2")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
export CUDA_VISIBLE_DEVICES=
runtime=$("$shared/checks/peers.sh" onnxruntime) || { echo "check_onnx: onnxruntime could not be installed" >&2; exit 1; }
# PyTorch takes gigabytes: it is installed only if that is wished for.
torch=
if [ -n "${CORNU_TORCH:-}" ] || [ -f "${CORNU_PEERS:-$HOME/.cache/cornu-peers}/torch/ready" ]; then
  torch=$("$shared/checks/peers.sh" torch) || { echo "check_onnx: PyTorch could not be installed" >&2; exit 1; }
  "$torch" -c 'import onnx, onnxscript' 2>/dev/null || "$torch" -m pip -q install onnx onnxscript
fi
failed=0
quietly() { "$@" 2>"$work/stderr" || { tail -n 5 "$work/stderr" >&2; failed=1; }; }

CORNU_ONNX_FILES=$work/layers "$build/tests/keras_tests" --gtest_brief=1 --gtest_filter='OnnxExport.*' || failed=1
"$build/tests/save_onnx" "$work/models" || failed=1
for folder in layers models; do
  quietly "$runtime" "$here/check_onnx.py" check "$work/$folder"
  "$build/tests/load_onnx" "$work/$folder" | grep -E '^(FAILED|load_onnx)' || failed=1
done

if [ -n "$torch" ]; then
  quietly "$torch" "$here/check_onnx.py" torch "$work/torch" >/dev/null
  "$build/tests/load_onnx" "$work/torch" || failed=1
else
  echo "skipped: models of PyTorch, which is not installed; CORNU_TORCH=1 installs it"
fi

nodes=${CORNU_ONNX_NODES:-$work/nodes}
[ -d "$nodes" ] || quietly "$runtime" "$here/check_onnx.py" nodes "$nodes"
"$build/tests/onnx_runner" "$nodes" >"$work/log" || failed=1
grep -E '^FAILED|^[0-9]+ passed' "$work/log"
if [ $failed = 0 ]; then echo "check_onnx: all agree"; else echo "check_onnx: FAILED"; fi
exit $failed
