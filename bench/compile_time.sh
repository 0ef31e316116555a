#!/usr/bin/env bash
# What it costs to include Cornu: the compiler's CPU time at -O0 for a program that includes cornu/cornu.h, and for one that includes
# the headers of the standard library which every program has. Both are measured in turn; the ratio is the median of the pairs'.
#   bench/compile_time.sh [INCLUDE_FOLDER] [ROUNDS]     by default build/release/include and 15
set -euo pipefail
cd "$(dirname "$0")/.."
include=${1:-build/release/include} rounds=${2:-15}
[ -f "$include/cornu/cornu.h" ] || { echo "no $include/cornu/cornu.h: configure the release preset first" >&2; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
. scripts/usual_headers.sh
usual_headers >"$folder/standard.cpp"
echo '#include "cornu/cornu.h"' >"$folder/cornu.cpp"

# user and system time of one compilation, in milliseconds
compile() {
  local TIMEFORMAT='%U %S'
  { time "${CXX:-c++}" -std=c++20 -O0 -I"$include" -c "$folder/$1.cpp" -o "$folder/$1.o"; } 2>&1 | awk '{ printf "%d\n", ($1 + $2) * 1000 }'
}
for ((round = 0; round < rounds; ++round)); do
  echo "$(compile standard) $(compile cornu)"
done | awk '{ print $2 / $1, $1, $2 }' | sort -n | awk '{ pairs[NR] = $0 }
  END { split(pairs[int((NR + 1) / 2)], m, " ")
        printf "standard headers %d ms, cornu/cornu.h %d ms: %.2f times (median of %d pairs)\n", m[2], m[3], m[1], NR }'
