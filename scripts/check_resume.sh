#!/usr/bin/env bash
# Kills a training at random moments, also while it writes a checkpoint, has it go on each time, and compares what comes of it with a run
# that nobody killed: the model with its optimizer, the figures of all epochs and the log must have the same bytes.
#   scripts/check_resume.sh BUILD_FOLDER [KILLS]       default 20
set -euo pipefail
program=$1/examples/31_resume
kills=${2:-20}
[ -x "$program" ] || { echo "there is no $program: build the examples" >&2; exit 1; }
folder=$(mktemp -d)
child=
trap '[ -z "$child" ] || kill -9 "$child" 2>/dev/null || true; rm -rf "$folder"' EXIT
epochs=60

begin=$(date +%s%N)
"$program" train "$folder/whole" $epochs
lasted=$((($(date +%s%N) - begin) / 1000000))

same() {
  local file
  for file in model.h5 history.txt log.csv; do
    cmp "$folder/whole/$file" "$1/$file" || { echo "$file differs after $done_kills kills" >&2; exit 1; }
  done
  [ ! -e "$1/backup" ] || { echo "checkpoints were left behind" >&2; exit 1; }
}

done_kills=0 writing=0 ends=0
while [ "$done_kills" -lt "$kills" ]; do
  run=$folder/killed-$ends
  "$program" train "$run" $epochs &
  child=$!
  # Between nothing and a quarter of what the whole run takes, so that it comes to its end now and then.
  sleep "$(awk -v most="$lasted" -v r="$RANDOM" 'BEGIN { printf "%.3f", 0.03 + most / 4000 * r / 32768 }')"
  if kill -9 "$child" 2>/dev/null; then done_kills=$((done_kills + 1)); fi
  status=0
  wait "$child" 2>/dev/null || status=$?
  child=
  if compgen -G "$run/backup/.cornu-*.tmp" >/dev/null; then writing=$((writing + 1)); fi
  if [ "$status" -eq 0 ]; then same "$run"; ends=$((ends + 1)); continue; fi
  [ "$status" -eq 137 ] || { echo "the training ended with $status" >&2; exit 1; }
done
run=$folder/killed-$ends
"$program" train "$run" $epochs
same "$run"
echo "killed $done_kills times, $writing of them while a checkpoint was written; $((ends + 1)) runs came to their end, with the bits of the one that nobody killed ($lasted ms)"
