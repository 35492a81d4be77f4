#!/bin/sh
# Makes scope-clip: tokenizer, training, export, sample pictures, figures, fixture, card. No data is
# needed: the pictures are drawn and their captions written by these scripts.
#
#     ./run.sh WORK
#
# WORK: a scratch folder outside the repository. A run that was stopped goes on from its checkpoint
# when it is started again (PYTHON and STEPS can be set in the environment).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$1
python=${PYTHON:-python3}
steps=${STEPS:-2300}
model=$here/../../scope-clip
pictures=$here/../../../media/sample/images
export PYTHONDONTWRITEBYTECODE=1

cd "$here"
"$python" tokenizer.py --model "$model"
"$python" train.py --work "$work" --model "$model" --steps "$steps" --resume
"$python" export.py --work "$work" --model "$model"
"$python" evaluate.py --work "$work" --model "$model"
"$python" picture.py --out "$pictures"
"$python" golden.py --work "$work" --model "$model" --pictures "$pictures" \
    --out "$here/../../../test/fixtures/scopeClip/golden.json"
"$python" card.py --work "$work" --model "$model"
