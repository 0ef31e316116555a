#!/usr/bin/env bash
# Trains 784-128-10 on MNIST with six optimizers from seeds 0 to 4, with Cornu and with Keras 3, and prints means and deviations of the
# accuracies on the test images in per cent, as in docs/parity.md. Fails if two means differ by 0.2 or more.
#   bench/compare_accuracy.sh [BUILD_DIR]        by default build/release, built with CORNU_BUILD_BENCH=ON
# Environment: EPOCHS=4  SEEDS=5  OPTIMIZERS="rmsprop adam sgd adamw nadam lion"  DATA=…/mnist.npz
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
build=$(cd "${1:-$root/build/release}" && pwd)
shared=${CORNU_SHARED:-$root/../shared}
data=${DATA:-$shared/data/mnist.npz} epochs=${EPOCHS:-4} seeds=${SEEDS:-5} optimizers=${OPTIMIZERS:-rmsprop adam sgd adamw nadam lion}
[ -x "$build/bench/bench_accuracy" ] || { echo "there is no $build/bench/bench_accuracy; configure with -DCORNU_BUILD_BENCH=ON" >&2; exit 2; }
[ -f "$data" ] || { echo "there is no $data; DATA=path/to/mnist.npz" >&2; exit 2; }
python=$("$shared/checks/peers.sh" keras3)
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
for optimizer in $optimizers; do
  "$build/bench/bench_accuracy" --data "$data" --optimizer "$optimizer" --epochs "$epochs" --seeds "$seeds" >>"$work/cornu"
done
# shellcheck disable=SC2086
"$python" "$root/bench/peers/accuracy.py" "$data" "$epochs" "$seeds" $optimizers >"$work/keras"
python3 - "$work/cornu" "$work/keras" <<'PYTHON'
import json, statistics, sys

ours, keras = ({row["optimizer"]: row["accuracies"] for row in map(json.loads, open(path))} for path in sys.argv[1:])
print("| optimizer | Cornu | Keras 3 | difference of the means |\n|---|---|---|---|")
worst = 0
for optimizer in ours:
    cells, means = [], []
    for accuracies in (ours[optimizer], keras[optimizer]):
        means.append(100 * statistics.mean(accuracies))
        cells.append(f"{means[-1]:.2f} ± {100 * statistics.stdev(accuracies):.2f}")
    worst = max(worst, abs(means[0] - means[1]))
    print(f"| {optimizer} | {cells[0]} | {cells[1]} | {means[0] - means[1]:+.2f} |")
sys.exit(worst >= 0.2)
PYTHON
