#!/usr/bin/env bash
# Convolutional, recurrent and attention networks in Cornu and in its peers, by turns; prints a table of medians, and behind them the ratio to Cornu's.
#   bench/compare_models.sh [BUILD_DIR]        by default build/release, built with CORNU_BUILD_BENCH=ON
# The peers' environments are made by ../shared/checks/peers.sh once (CORNU_SHARED names another folder); what is not there is left out
# with a line. Environment: ROUNDS=3  EPOCHS=2  WHAT="cnn resnet20 inference lstm gru transformer characters"  DATA=…/mnist.npz
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
bench=$(cd "${1:-$root/build/release}/bench" && pwd)
shared=${CORNU_SHARED:-$root/../shared}
rounds=${ROUNDS:-3} epochs=${EPOCHS:-2} what=${WHAT:-cnn resnet20 inference lstm gru transformer characters} data=${DATA:-$shared/data/mnist.npz}
results=$(mktemp); trap 'rm -f "$results"' EXIT

python_of() { "$shared/checks/peers.sh" "$1" 2>/dev/null || echo "left out: $1, whose environment cannot be made" >&2; }
# run WHAT WHO COMMAND...: what the command prints is kept behind what it is of.
run() {
  local of=$1 who=$2 text; shift 2
  if text=$("$@" 2>/dev/null); then printf '%s|%s|%s\n' "$of" "$who" "$(tr '\n' ' ' <<<"$text")" >>"$results"
  else echo "left out: $of of $who, which failed" >&2; fi
}

torch= keras3= jax= onnxruntime=
case $what in *cnn* | *resnet20* | *lstm* | *gru* | *transformer* | *characters*) torch=$(python_of torch) ;; esac
case $what in *cnn* | *lstm* | *gru* | *transformer* | *characters*) keras3=$(python_of keras3) ;; esac
case $what in *lstm* | *gru* | *transformer* | *characters*) jax=$(python_of jax) ;; esac
case $what in *inference*) onnxruntime=$(python_of onnxruntime) ;; esac
for ((round = 1; round <= rounds; ++round)); do
  echo "round $round of $rounds" >&2
  for part in $what; do
    case $part in
      cnn)
        for dtype in float32 bfloat16; do
          run cnn "Cornu $dtype" "$bench/bench_training" --model cnn --data "$data" --samples 12800 --batch-size 128 --epochs "$epochs" --dtype $dtype
        done
        [ -z "$torch" ] || run cnn PyTorch "$torch" "$shared/peers/cnn_torch.py" "$data" 128 "$epochs" 12800
        [ -z "$keras3" ] || run cnn "Keras 3, TensorFlow" "$keras3" "$shared/peers/cnn_keras.py" "$data" 128 "$epochs" 12800 ;;
      resnet20)
        run resnet20 "Cornu float32" "$bench/bench_training" --model resnet20 --batch-size 64 --epochs "$epochs"
        [ -z "$torch" ] || run resnet20 PyTorch "$torch" "$root/bench/peers/resnet_torch.py" 2560 64 "$epochs" eager ;;
      lstm | gru | transformer | characters)
        run $part "Cornu float32" "$bench/bench_training" --model $part --data "$data" --samples "$([ $part = characters ] && echo 960 || echo 12800)" \
          --batch-size "$([ $part = characters ] && echo 32 || echo 128)" --epochs "$epochs"
        [ -z "$torch" ] || run $part PyTorch "$torch" "$root/bench/peers/sequences.py" torch $part "$data" "$epochs"
        [ -z "$keras3" ] || run $part "Keras 3, TensorFlow" "$keras3" "$root/bench/peers/sequences.py" keras $part "$data" "$epochs"
        [ -z "$jax" ] || run $part JAX "$jax" "$root/bench/peers/sequences.py" jax $part "$data" "$epochs" ;;
      inference)
        for model in resnet20 mobilenetv2; do
          for batch in 1 16; do run "$model of $batch" "Cornu float32" "$bench/bench_inference" --model $model --batch-size $batch --calls 60
            [ -z "$onnxruntime" ] || run "$model of $batch" onnxruntime "$onnxruntime" "$root/bench/peers/inference_onnxruntime.py" $model $batch
          done
        done
        run "cnn of 1" "Cornu float32" "$bench/bench_inference" --model cnn ;;
    esac
  done
done

python3 - "$results" <<'PYTHON'
import re, statistics, sys
FIGURES = [(r'"best_epoch_seconds": ?([\d.e+-]+)', 1, "s"), (r"best epoch ([\d.]+)s", 1, "s"), (r'"median_us": ?([\d.e+-]+)', 1e-3, "ms"),
           (r'"peak_above_data_mb": ?([\d.e+-]+)', 1, "MB")]
values, order = {}, []
for line in open(sys.argv[1]):
    of, who, text = line.rstrip("\n").split("|", 2)
    for pattern, factor, unit in FIGURES:
        found = [float(m) * factor for m in re.findall(pattern, text)]
        if found: values.setdefault((of, unit), {}).setdefault(who, []).append(min(found))
print("| what | who | median | ratio to Cornu float32 |\n|---|---|---|---|")
for (of, unit), by in values.items():
    ours = statistics.median(by.get("Cornu float32", [float("nan")]))
    for who, figures in by.items():
        m = statistics.median(figures)
        print(f"| {of}{', peak memory above the data' if unit == 'MB' else ''} | {who} | {m:.3g} {unit} | {m / ours:.2f} |")
PYTHON
