#!/usr/bin/env bash
# Fails unless the example in CONTRIBUTING.md is the one that the tests compile.
set -euo pipefail
cd "$(dirname "$0")/.."
compiled=$(sed -n '/^\/\/ example$/,/^\/\/ example$/p' tests/keras/layers/contributing_example_test.cpp | sed '1d;$d')
shown=$(sed -n '/^```cpp$/,/^```$/p' CONTRIBUTING.md | sed '1d;$d')
[ -n "$compiled" ] && [ "$compiled" = "$shown" ] && exit 0
echo "the example in CONTRIBUTING.md differs from tests/keras/layers/contributing_example_test.cpp:" >&2
diff <(echo "$compiled") <(echo "$shown") >&2
exit 1
