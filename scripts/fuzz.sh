#!/usr/bin/env bash
# Feeds the readers of files with damaged ones for a while:  scripts/fuzz.sh [SECONDS for each, 20]
# Each of the fuzzers in tests/fuzz begins with its corpus there; what one of them dies of is left in build/fuzz.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-20}
runtime=$(clang++ -print-file-name=libclang_rt.fuzzer-x86_64.a 2>/dev/null || true)
[ -e "$runtime" ] || runtime=$(find "$(clang++ -print-resource-dir 2>/dev/null || echo /nowhere)" -name 'libclang_rt.fuzzer*' 2>/dev/null | head -n 1)
if [ -z "$runtime" ]; then
  echo "skipped: fuzzing the readers, there is no clang++ with libFuzzer's runtime"
  exit 0
fi
cmake --preset fuzz >/dev/null
cmake --build build/fuzz -j "$(nproc)" >/dev/null
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
export OMP_NUM_THREADS=1
for fuzzer in model weights npz json onnx image; do
  mkdir -p "$work/$fuzzer"
  # Memory: what a reader holds is bounded by its file's size (live_memory.h); here the whole process. Time: HDF5 of forms that our check does not know is read by a
  # child process, in which the library may loop until 60 seconds of processor time have passed.
  if ! build/fuzz/tests/fuzz/${fuzzer}_fuzz "$work/$fuzzer" tests/fuzz/corpus/$fuzzer -max_total_time="$seconds" -max_len=65536 \
      -timeout=300 -rss_limit_mb=2048 -malloc_limit_mb=512 -print_final_stats=1 -artifact_prefix=build/fuzz/$fuzzer- >"$work/log" 2>&1; then
    tail -n 25 "$work/log" >&2
    echo "fuzz: $fuzzer FAILED, see build/fuzz/$fuzzer-*" >&2
    exit 1
  fi
  echo "fuzz: $fuzzer, $(sed -n 's/^stat::number_of_executed_units: *//p' "$work/log") inputs in $seconds s"
done
