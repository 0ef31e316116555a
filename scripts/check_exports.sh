#!/usr/bin/env bash
# check_exports.sh LIBCORNU: fails if the library exports a symbol that is not Cornu's or that is internal, or not those that users derive
# from or catch.
set -euo pipefail
library=$1
source "$(dirname "$0")/../cmake/symbols.sh"
symbols=$(nm -D --defined-only --format=posix "$library" | cut -d' ' -f1)
complain() {
  [ -z "$2" ] || { echo "exported, but $1:" >&2; head -20 <<<"$2" | c++filt >&2; exit 1; }
}
complain "not Cornu's" "$(grep -vE "$cornu_symbol" <<<"$symbols" || true)"
complain "internal" "$(grep -E "$internal_symbol" <<<"$symbols" || true)"
names=$(c++filt <<<"$symbols")
for needed in 'typeinfo for cornu::graph::ShapeError' 'vtable for cornu::graph::Op' 'vtable for cornu::keras::layers::Layer' \
              'vtable for cornu::keras::models::Network' 'typeinfo for cornu::keras::callbacks::Callback' 'cornu::graph::op_registry()'; do
  grep -qF "$needed" <<<"$names" || { echo "not exported: $needed" >&2; exit 1; }
done
echo "$(wc -l <<<"$symbols") exported symbols, all Cornu's, none internal"
