#!/bin/sh
# Makes scope-bert from the texts: vocabulary, training, export, figures, card, manifest, fixture.
#
#     ./run.sh WORK [DATA]
#
# WORK: a scratch folder outside the repository. DATA: the folder with the text archives; without
# it, sentences from templates are used, and the results stay in WORK: they are not to be shipped.
# A run that was stopped goes on from its checkpoint when it is started again (PYTHON and STEPS
# can be set in the environment).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$1
data=${2:-}
python=${PYTHON:-python3}
steps=${STEPS:-6500}
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
"$python" tokenizer.py --work "$work" --model "$model"
"$python" train.py --work "$work" --model "$model" --steps "$steps" --resume
"$python" export.py --work "$work" --model "$model"
"$python" evaluate.py --work "$work" --model "$model" "$@"
"$python" golden.py --work "$work" --model "$model" --out "$golden"
"$python" card.py --work "$work" --model "$model"
"$python" manifest.py --work "$work" --model "$model" --manifest "$manifest"
