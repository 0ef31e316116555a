#!/usr/bin/env bash
# check_header_lines.sh INCLUDE_FOLDER: fails if a program that includes cornu/cornu.h has more than 2.5 times the preprocessed lines of
# one that includes the usual headers of the standard library. Lines are counted, since times vary: bench/compile_time.sh takes them.
set -euo pipefail
include=$1
. "$(dirname "$0")/usual_headers.sh"
lines() { "${CXX:-c++}" -std=c++20 -E -x c++ -I"$include" - | wc -l; }
standard=$(usual_headers | lines)
cornu=$(echo '#include "cornu/cornu.h"' | lines)
echo "cornu/cornu.h: $cornu preprocessed lines, the usual standard headers: $standard"
if ((2 * cornu > 5 * standard)); then
  echo "cornu/cornu.h must not have more than 2.5 times their lines: which header has become heavy?" >&2
  exit 1
fi
