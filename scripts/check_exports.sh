#!/usr/bin/env bash
# check_exports.sh LIBCORNU: fails if the library exports a symbol that is not Cornu's, or not those that users derive from or catch.
set -euo pipefail
library=$1
symbols=$(nm -D --defined-only --demangle "$library" | cut -d' ' -f3-)
foreign=$(grep -vE '^((typeinfo( name)?|vtable|VTT|construction vtable|guard variable|non-virtual thunk to|virtual thunk to|covariant return thunk to)( for)? )?cornu::' <<<"$symbols" |
  grep -vE '^(.* )?cornu::' || true)
if [ -n "$foreign" ]; then
  echo "exported, but not Cornu's:" >&2; head -20 <<<"$foreign" >&2; exit 1
fi
for needed in 'typeinfo for cornu::graph::ShapeError' 'vtable for cornu::graph::Op' 'vtable for cornu::keras::layers::Layer' \
              'typeinfo for cornu::keras::callbacks::Callback' 'cornu::graph::op_registry()'; do
  grep -qF "$needed" <<<"$symbols" || { echo "not exported: $needed" >&2; exit 1; }
done
echo "$(wc -l <<<"$symbols") exported symbols, all Cornu's"
