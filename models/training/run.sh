#!/bin/sh
# Makes scope-bert from the texts: vocabulary, training, export, figures, card, manifest, fixture.
#
#     ./run.sh WORK [DATA]
#
# WORK: a scratch folder outside the repository. DATA: the folder with the text archives; without
# it, sentences from templates are used, and the results stay in WORK: they are not to be shipped.
# A run that was stopped goes on from its checkpoint when it is started again. PYTHON, MINUTES, NEXT (minutes of the last
# stage) and THREADS can be set in the environment; EARLIER names a folder with an earlier version of the model, whose
# vocabulary is kept and whose weights are trained on in the last stage. The card tells how the shipped model was made and
# is written then only.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$1
data=${2:-}
python=${PYTHON:-python3}
minutes=${MINUTES:-60}
next=${NEXT:-60}
threads=${THREADS:-2}
earlier=${EARLIER:-}
export PYTHONDONTWRITEBYTECODE=1

if [ -n "$data" ]; then
    model=$here/../scope-bert
    manifest=$here/../manifest.json
    golden=$here/../../test/fixtures/scopeBert/golden.json
    set -- --data "$data"
else
    model=$work/scope-bert
    manifest=$work/manifest.json
    golden=$work/golden.json
    set --
fi

cd "$here"
"$python" data.py --work "$work" "$@"
if [ -n "$earlier" ]; then
    mkdir -p "$model"
    for name in tokenizer.json tokenizer_config.json special_tokens_map.json vocab.txt; do
        [ "$earlier" -ef "$model" ] || cp "$earlier/$name" "$model/$name"
    done
    "$python" train.py --work "$work" --model "$model" --minutes "$next" --threads "$threads" --next --from "$earlier"
else
    "$python" tokenizer.py --work "$work" --model "$model"
    "$python" train.py --work "$work" --model "$model" --minutes "$minutes" --threads "$threads"
    "$python" train.py --work "$work" --model "$model" --minutes "$next" --threads "$threads" --next
fi
"$python" follow.py --work "$work" --model "$model"
"$python" export.py --work "$work" --model "$model"
"$python" overlap.py --work "$work"
"$python" evaluate.py --work "$work" --model "$model" "$@"
"$python" golden.py --work "$work" --model "$model" --out "$golden"
[ -z "$earlier" ] || "$python" card.py --work "$work" --model "$model"
"$python" manifest.py --work "$work" --model "$model" --manifest "$manifest"
