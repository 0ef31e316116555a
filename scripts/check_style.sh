#!/usr/bin/env bash
# Fails if a line of the sources is longer than 120 columns. Lines of JSON and of printed graphs in tests may be: they are data.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C.UTF-8
long=$(grep -rnP --include='*.h' --include='*.cpp' '^.{121,}$' graph ops autodiff keras io tests examples bench |
  grep -vE 'R"|": |":"|":\{|: *%[0-9]+ = ' || true)
[ -z "$long" ] || { echo "lines of more than 120 columns:" >&2; echo "$long" >&2; exit 1; }
