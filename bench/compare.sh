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

# What a run prints goes to the results as it is, behind its name and what was run; figures are taken out at the end.
note() {
  printf '%s|%s|%s\n' "$1" "$2" "$(tr '\n' ' ' <<<"$3")" >>"$work/results"
  echo "  $1, $2" >&2
}
train() {
  local name=$1 batch=$2 dtype=${3:-float32} text
  case $name in
    cornu) text=$("$build/bench/bench_training" --data "$data" --batch-size "$batch" --epochs "$epochs" --dtype "$dtype") ;;
    limit) text=$("$work/limit" "$work/images" "$work/labels" "$batch" "$epochs") ;;
    jax) text=$("${python[jax]}" "$shared/peers/seed_jax.py" "$data" "$batch" "$epochs" 2>/dev/null) ;;
    torch) text=$("${python[torch]}" "$shared/peers/seed_torch.py" "$data" "$batch" "$epochs" 2>/dev/null) ;;
    keras*) text=$("${python[$name]}" "$shared/peers/seed_keras.py" "$data" "$batch" "$epochs" 2>/dev/null) ;;
  esac || { skip "$name, which failed"; return 0; }
  [ "$dtype" = float32 ] || name="$name $dtype"
  note "$name" "batch $batch" "$text"
}
# The programs of the peers time one row after their training.
tiny() {
  local name=$1 text
  case $name in
    limit) return 0 ;;
    cornu)
      text=$("$build/bench/bench_overhead" --repeats 1 && "$build/bench/bench_inference" --path function &&
             "$build/bench/bench_inference" --path predict | sed 's/median_us/predict_us/') ;;
    *) text=$("${python[$name]}" "$shared/peers/tiny_step.py" "${name%[23]}" 2>/dev/null) ;;
  esac || { skip "the tiny step of $name, which failed"; return 0; }
  note "$name" "tiny step" "$text"
}

for ((round = 1; round <= rounds; ++round)); do
  echo "round $round of $rounds" >&2
  for batch in $batches; do
    train cornu "$batch"
    for peer in "${ready[@]}"; do train "$peer" "$batch"; done
    train cornu "$batch" bfloat16
  done
  for name in cornu "${ready[@]}"; do tiny "$name"; done
done

python3 - "$work/results" $batches <<'PYTHON'
import re, statistics, sys

FIGURES = {  # what a column shows: where it is in what Cornu's or the peers' programs print, and its factor
    "seconds": [(r'"best_epoch_seconds":([\d.e+-]+)', 1), (r"best epoch ([\d.]+)s", 1)],
    "peak MB": [(r'"peak_rss_mb":([\d.e+-]+)', 1), (r"rss ([\d.]+)MB", 1)],
    "one row, compiled": [(r'"median_us":([\d.e+-]+)', 1), (r"call1 ([\d.]+)us", 1)],
    "predict of one row": [(r'"predict_us":([\d.e+-]+)', 1), (r"predict1 ([\d.]+)ms", 1000)],
    "tiny step": [(r'"step_us":([\d.e+-]+)', 1), (r"tiny step median ([\d.]+) us", 1)],
}
values, order = {}, []
for line in open(sys.argv[1]):
    name, what, text = line.rstrip("\n").split("|", 2)
    if name not in order: order.append(name)
    for figure, patterns in FIGURES.items():
        found = [float(m) * factor for pattern, factor in patterns for m in re.findall(pattern, text)]
        key = (figure, what) if figure == "seconds" else (figure, "")
        if found: values.setdefault((name, *key), []).append(found[-1])

columns = [("seconds", f"batch {batch}", ".3f", f"epoch, batch {batch}, s") for batch in sys.argv[2:]]
columns += [("one row, compiled", "", ".0f", "one row, compiled, µs"), ("predict of one row", "", ".0f", "predict of one row, µs"),
            ("tiny step", "", ".1f", "tiny step, µs"), ("peak MB", "", ".0f", "peak memory, MB")]
print("Medians over the rounds, and behind them the ratio to Cornu's float32.\n")
print("| |" + "".join(f" {title} |" for *_, title in columns))
print("|---|" + "---|" * len(columns))
for name in order:
    cells = ""
    for figure, what, form, _ in columns:
        ours, theirs = (values.get((who, figure, what)) for who in ("cornu", name))
        theirs = theirs and statistics.median(theirs)
        cells += " |" if theirs is None else f" {theirs:{form}} ({theirs / statistics.median(ours):.2f}) |" if ours else f" {theirs:{form}} |"
    print(f"| {name} |{cells}")
PYTHON
