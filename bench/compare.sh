#!/usr/bin/env bash
# Trains the MNIST network with Cornu and with its peers, alternately, and prints a table of ratios with medians.
#   bench/compare.sh [BUILD_DIR]        by default build/release, built with CORNU_BUILD_BENCH=ON
# The peers' programs lie in ../shared/peers (CORNU_SHARED names another folder); their Python environments are made by ../shared/checks/peers.sh once.
# What is not there is left out with a line. Environment:
#   ROUNDS=3  EPOCHS=3  BATCHES="256 32"  PEERS="limit jax torch keras3 keras2"  DATA=…/mnist.npz
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
build=$(cd "${1:-$root/build/release}" && pwd)
shared=${CORNU_SHARED:-$root/../shared}
rounds=${ROUNDS:-3} epochs=${EPOCHS:-3} batches=${BATCHES:-256 32} peers=${PEERS:-limit jax torch keras3 keras2} data=${DATA:-$shared/data/mnist.npz}
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
skip() { echo "left out: $*" >&2; }

[ -x "$build/bench/bench_training" ] || { echo "compare.sh: there is no $build/bench/bench_training; configure with -DCORNU_BUILD_BENCH=ON" >&2; exit 2; }
[ -f "$data" ] || { echo "compare.sh: there is no $data; DATA=path/to/mnist.npz" >&2; exit 2; }
command -v python3 >/dev/null || { echo "compare.sh: python3 is needed to read the results" >&2; exit 2; }

declare -A python
ready=()
for peer in $peers; do
  case $peer in
    limit)
      if [ ! -f "$shared/peers/limit_mlp.cpp" ]; then skip "the bare loop, there is no $shared/peers/limit_mlp.cpp"; continue; fi
      if ! g++ -O3 -march=native -fopenmp -std=c++17 "$shared/peers/limit_mlp.cpp" -o "$work/limit" -ldnnl 2>"$work/log"; then
        skip "the bare loop, which does not compile: $(tail -n 1 "$work/log")"; continue
      fi
      # The loop reads IDX files: two arrays of the archive with the header of that format.
      python3 - "$data" "$work" <<'PYTHON'
import ast, struct, sys, zipfile

def array(archive, name):
    with archive.open(name + ".npy") as f:
        assert f.read(6) == b"\x93NUMPY"
        major = f.read(2)[0]
        header = ast.literal_eval(f.read(struct.unpack("<H", f.read(2))[0] if major == 1 else struct.unpack("<I", f.read(4))[0]).decode("latin1"))
        assert header["descr"] == "|u1" and not header["fortran_order"], header
        return header["shape"], f.read()

with zipfile.ZipFile(sys.argv[1]) as archive:
    for name, to in (("x_train", "images"), ("y_train", "labels")):
        shape, values = array(archive, name)
        with open(f"{sys.argv[2]}/{to}", "wb") as out:
            out.write(struct.pack(f">HBB{len(shape)}I", 0, 8, len(shape), *shape) + values)
PYTHON
      ;;
    jax | torch | keras3 | keras2)
      if [ ! -x "$shared/checks/peers.sh" ] || [ ! -d "$shared/peers" ]; then skip "$peer, there is no $shared/checks/peers.sh"; continue; fi
      if ! python[$peer]=$("$shared/checks/peers.sh" "$peer" 2>"$work/log"); then skip "$peer, its environment cannot be made: $(tail -n 1 "$work/log")"; continue; fi
      ;;
    *) echo "compare.sh: unknown peer '$peer'; known: limit jax torch keras3 keras2" >&2; exit 2 ;;
  esac
  ready+=("$peer")
done

# Prints lines "label|batch|seconds of the best epoch".
run() {
  local name=$1 batch=$2 dtype=${3:-float32} seconds
  case $name in
    cornu) seconds=$("$build/bench/bench_training" --data "$data" --batch-size "$batch" --epochs "$epochs" --dtype "$dtype" |
             python3 -c 'import json, sys; print(json.load(sys.stdin)["best_epoch_seconds"])') ;;
    limit) seconds=$("$work/limit" "$work/images" "$work/labels" "$batch" "$epochs") ;;
    jax) seconds=$("${python[jax]}" "$shared/peers/seed_jax.py" "$data" "$batch" "$epochs" 2>/dev/null) ;;
    torch) seconds=$("${python[torch]}" "$shared/peers/seed_torch.py" "$data" "$batch" "$epochs" 2>/dev/null) ;;
    keras*) seconds=$("${python[$name]}" "$shared/peers/seed_keras.py" "$data" "$batch" "$epochs" 2>/dev/null) ;;
  esac || { skip "$name, which failed"; return 0; }
  [ "$name" = cornu ] || seconds=$(grep -o 'best epoch [0-9.]*' <<<"$seconds" | tail -n 1 | cut -d' ' -f3)
  [ "$dtype" = float32 ] || name="$name $dtype"
  echo "$name|$batch|$seconds" >>"$work/results"
  echo "  $name, batch $batch: $seconds s" >&2
}

for ((round = 1; round <= rounds; ++round)); do
  echo "round $round of $rounds" >&2
  for batch in $batches; do
    run cornu "$batch"
    for peer in "${ready[@]}"; do run "$peer" "$batch"; done
    run cornu "$batch" bfloat16
  done
done

python3 - "$work/results" <<'PYTHON'
import statistics, sys

runs, order = {}, []
for line in open(sys.argv[1]):
    name, batch, seconds = line.strip().split("|")
    if name not in order: order.append(name)
    runs.setdefault((name, int(batch)), []).append(float(seconds))
batches = sorted({batch for _, batch in runs}, reverse=True)
print("| seconds of the best epoch: median over rounds (and over Cornu's float32) |" + "".join(f" batch {batch} |" for batch in batches))
print("|---|" + "---|" * len(batches))
for name in order:
    cells = ""
    for batch in batches:
        ours, theirs = runs.get(("cornu", batch)), runs.get((name, batch))
        cells += f" {statistics.median(theirs):.3f} ({statistics.median(theirs) / statistics.median(ours):.2f}) |" if ours and theirs else " |"
    print(f"| {name} |{cells}")
PYTHON
