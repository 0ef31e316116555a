#!/usr/bin/env bash
# write_exports.sh MAP OBJECTS: writes the linker's version script for the objects that the file OBJECTS lists. Only Cornu's own names
# leave the library, so that no symbol of HDF5, oneDNN or protobuf and no template instance of the standard library can clash with a
# program's own. What lies in a namespace `internal`, `onednn` or `jit` stays inside, too. The names are written out one by one, since
# the patterns of a version script cannot say "all but these".
set -euo pipefail
source "$(dirname "$0")/symbols.sh"
symbols=$(grep -v '\.gch$' "$2" | xargs -d '\n' nm --defined-only --extern-only --format=posix | awk 'NF > 2 { print $1 }' | LC_ALL=C sort -u)
symbols=$(grep -E "$cornu_symbol" <<<"$symbols" | grep -vE "$internal_symbol")
printf '{\n  global:\n%s\n  local:\n    *;\n};\n' "$(sed 's/.*/    &;/' <<<"$symbols")" >"$1"
