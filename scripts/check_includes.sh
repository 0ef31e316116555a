#!/usr/bin/env bash
# Fails if a folder includes what docs/architecture.md's table does not allow, or if a public header includes a third-party one.
set -euo pipefail
cd "$(dirname "$0")/.."
status=0

# The table: lines such as "    autodiff -> graph, ops" below the heading "Allowed includes".
allowed=$(sed -n '/^## Allowed includes/,/^## /p' docs/architecture.md | grep -E '^ +[a-z]+ +-> ' | sed -E 's/^ +//; s/ +-> +/ /; s/,//g')
[ -n "$allowed" ] || { echo "docs/architecture.md: no table of allowed includes" >&2; exit 1; }
while read -r folder targets; do
  [ -d "$folder" ] || { echo "docs/architecture.md names a folder that is not there: $folder" >&2; status=1; continue; }
  while IFS=: read -r file line include; do
    target=$(sed -E 's/.*"cornu\/([a-z]+)\/.*/\1/' <<<"$include")
    case " $folder $targets " in
      *" $target "*) ;;
      *) echo "$file:$line: $folder must not include $target" >&2; status=1 ;;
    esac
  done < <(grep -rnE --include='*.h' --include='*.cpp' '#include "cornu/[a-z]+/' "$folder" || true)
  # the tree's own headers are included with the prefix
  if grep -rnE --include='*.h' --include='*.cpp' '#include "' "$folder" | grep -v '#include "cornu/'; then
    echo "$folder: headers are included as \"cornu/…\"" >&2; status=1
  fi
done <<<"$allowed"

# host arrays know nothing of computations
if grep -rnE '#include "cornu/graph/' graph/array | grep -vE '#include "cornu/graph/(array/|check\.h|export\.h)'; then
  echo "graph/array must not include the rest of graph" >&2; status=1
fi

third_party='#include <(archive|csv\.h|sndfile|samplerate|oneapi|dnnl|xbyak|hdf5|H5|hdf5\.h|png|jpeg|jpeglib|curl|zlib|nlohmann|boost|google|openssl|omp|unicode)'
if grep -rnE --include='*.h' "$third_party" graph ops autodiff keras io | grep -vE '^[a-z0-9_/]+/internal/|^ops/onednn/|^keras/command_line/'; then
  echo "a public header includes a third-party one" >&2; status=1
fi
exit $status
