#!/usr/bin/env bash
# check_command.sh CORNU: what the program `cornu` prints, writes and exits with, on models that lie in tests/golden/cases.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd); cornu=$1
cases=$root/tests/golden/cases/models
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
failed=0
fail() { echo "FAILED: $*" >&2; failed=1; }
# prints PATTERN ARGUMENTS...: ends well, and a line fits the pattern.
prints() { local pattern=$1 text; shift; text=$("$cornu" "$@" 2>&1) || fail "cornu $*: exit status $?: $text"; grep -qE -- "$pattern" <<<"$text" || fail "cornu $* does not print $pattern: $text"; }
# refuses STATUS PATTERN ARGUMENTS...: ends with that status, saying so on standard error.
refuses() { local want=$1 pattern=$2 status=0; shift 2; "$cornu" "$@" >out 2>err || status=$?; [ "$status" = "$want" ] || fail "cornu $*: exit status $status, expected $want"; grep -qE -- "$pattern" err || fail "cornu $* does not say $pattern: $(cat err)"; }

prints '^  summary ' --help
for command in bench completion convert diff doctor evaluate fit inspect plot predict summary; do prints "^usage: cornu $command" $command --help; done
prints '^cornu [0-9]+\.[0-9]+' --version
refuses 2 'usage' ; refuses 2 "no command 'sumary'" sumary; refuses 2 'no file was given' summary; refuses 2 'unrecognised option' summary --wide x
refuses 1 'cannot be opened' summary nothing.h5
head -c 300 "$cases/k2_configs.h5" >cut.h5; refuses 1 'cut.h5' summary cut.h5
echo text >text.h5; refuses 1 'text.h5' inspect text.h5

model=$cases/k2_configs.h5
prints 'Total params: 153' summary "$model"
prints 'dense/kernel +\(7, 9\) +float32' inspect "$model"
prints 'compiled: optimizer Adam, 3 steps' inspect "$model"
prints 'forward_lstm/lstm_cell/kernel' inspect "$cases/k3_masked_text.h5"

printf '%s\n' '0.1,0.2,0.3,0.4,0.5,0.6,0.7' '1,2,3,4,5,6,7' >x.csv
prints '^\[\[' predict "$model" x.csv
printf '1\t2\t3\t4\t5\t6\t7\n' >x.tsv; prints '^\[\[' predict "$model" x.tsv
"$cornu" predict "$model" x.csv -o y.npy; prints '\(2, 3\)' inspect y.npy
"$cornu" predict "$model" x.csv >all.txt; prints '^\[[0-2] [0-2]\]' predict "$model" x.csv --classes
"$cornu" predict "$model" y.npy 2>err && fail "three columns are taken for seven"; grep -q 'dense' err || fail "a wrong shape does not name the layer: $(cat err)"
refuses 1 'has 1 inputs' predict "$model" x.csv x.csv
"$cornu" predict "$model" x.csv | head -c 1 >/dev/null || true

# Training on: a file of features and a class.
{ echo 'a,b,c,d,e,f,g,kind'; for i in $(seq 60); do echo "$((i % 7)),$((i % 3)),1,$((i % 5)),0,2,1,$((i % 3))"; done; } >rows.csv
cp "$cases/k2_masked_text.h5" text.h5
prints '^loss: [0-9.]+$' evaluate text.h5 rows.csv; prints '^accuracy: ' evaluate text.h5 rows.csv --target kind
before=$("$cornu" evaluate text.h5 rows.csv | head -1)
prints 'Epoch 2/2' fit text.h5 rows.csv --epochs 2 --verbose 2 --seed 1 -o trained.h5 --tensorboard logs
[ "$("$cornu" evaluate text.h5 rows.csv | head -1)" = "$before" ] || fail "fit -o changes the model that it reads"
[ "$("$cornu" evaluate trained.h5 rows.csv | head -1)" != "$before" ] || fail "fit changes nothing"
prints 'epoch_loss +scalars +2 ' inspect logs/train/*.tfevents.*
"$cornu" fit text.h5 rows.csv --verbose 0; [ "$("$cornu" evaluate text.h5 rows.csv | head -1)" != "$before" ] || fail "fit does not save"
refuses 1 'kinds' evaluate text.h5 rows.csv --target kinds
refuses 1 'come from .npz, .csv' evaluate text.h5 text.h5

"$cornu" convert "$model" same.h5; prints '' diff "$model" same.h5
"$cornu" convert "$model" model.json; "$cornu" convert "$model" only.weights.h5
"$cornu" convert model.json again.h5 --weights only.weights.h5; prints '' diff "$model" again.h5
status=0; "$cornu" diff "$model" "$cases/k2_nested.h5" >differences || status=$?
[ "$status" = 1 ] || fail "diff of two models: exit status $status"; grep -q 'only in the second' differences || fail "diff does not tell weights apart"
refuses 2 'nothing.h5' diff "$model" nothing.h5
prints 'samples/s' bench "$model" --seconds 0.01 --batch-size 1 4
prints 'training +works' doctor
if command -v dot >/dev/null; then "$cornu" plot "$model" m.svg; grep -q '<svg' m.svg || fail "no picture"; else echo "skipped: plot, Graphviz is not installed"; fi
"$cornu" completion bash >completion.bash; bash -c 'source completion.bash; COMP_WORDS=(cornu pre); COMP_CWORD=1; _cornu; [ "${COMPREPLY[*]}" = predict ]' || fail "bash does not complete pre"
refuses 2 'expected bash or zsh' completion fish
"$cornu" completion zsh >_cornu; if command -v zsh >/dev/null; then zsh -n _cornu || fail "zsh does not understand its completions"; else echo "skipped: completions for zsh, which is not installed"; fi
"$cornu" doctor >/dev/full 2>err && fail "a full disk goes unnoticed"; grep -q 'cannot be written' err || fail "a full disk is not told: $(cat err)"
[ $failed = 0 ] && echo "cornu does what it says"
exit $failed
